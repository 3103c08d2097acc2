//! Reading what one visit to a feed brought, whatever kind of feed it is: the same for a poll, for
//! `sources check` and for `sources find`. It fetches nothing.

use super::origin;
use crate::config::{Feed, Source};
use crate::extract::{self, Child, NotAFeed, Wishes};
use crate::model::{Entry, FeedKind, Page};

/// What one page of a feed announced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Announced {
    /// Its own title.
    pub title: Option<String>,
    /// What it announces, in its order.
    pub entries: Vec<Entry>,
    /// When it wants to be asked.
    pub wishes: Wishes,
    /// Sitemaps that a sitemap index names.
    pub children: Vec<Child>,
    /// The page of a listing or channel that goes on into the past.
    pub next: Option<String>,
}

/// Reads one page of a feed.
///
/// # Errors
/// Where the page is no feed of the kind that is configured.
pub fn read(page: &Page, feed: &Feed, source: &Source) -> Result<Announced, NotAFeed> {
    let origin = origin(page, Some(source));
    let of_listing = |listing: extract::Listing| Announced {
        title: listing.entries.iter().find_map(|entry| entry.feed_title.clone()),
        entries: listing.entries,
        next: listing.next,
        ..Announced::default()
    };
    Ok(match feed.kind {
        FeedKind::Rss => {
            let feed = extract::feed(&page.body, &origin)?;
            Announced { title: feed.title, entries: feed.entries, wishes: feed.wishes, ..Announced::default() }
        }
        FeedKind::Sitemap => {
            let sitemap = extract::sitemap(&page.body, &origin)?;
            Announced { entries: sitemap.entries, children: sitemap.children, ..Announced::default() }
        }
        FeedKind::Telegram => of_listing(extract::telegram(&page.body, &origin)?),
        FeedKind::Listing => {
            of_listing(extract::listing(&page.body, &origin, &feed.select.clone().unwrap_or_default())?)
        }
    })
}

/// The sitemaps of an index in the order in which they are worth reading: those that the index says
/// changed last first, and where it does not say, news first and then the last named, since archives
/// are cut by number or by month and grow at the end.
pub fn freshest(mut children: Vec<Child>) -> Vec<Child> {
    let is_news = |child: &Child| {
        let name = child.url.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        name.contains("news") || name.contains("latest") || name.contains("recent")
    };
    children.reverse();
    children.sort_by_key(|child| (std::cmp::Reverse(child.changed), !is_news(child)));
    children
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_freshest_sitemaps_are_read_first() {
        let child = |name: &str, changed: Option<&str>| Child {
            url: format!("https://outlet.example/{name}"),
            changed: changed.map(|text| text.parse().unwrap()),
        };
        let order = |children: &[Child]| {
            let names =
                freshest(children.to_vec()).into_iter().map(|child| child.url.replace("https://outlet.example/", ""));
            names.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(order(&[child("1.xml", None), child("2.xml", None), child("3.xml", None)]), "3.xml 2.xml 1.xml");
        assert_eq!(
            order(&[child("news.xml", None), child("a1.xml", None), child("a2.xml", None)]),
            "news.xml a2.xml a1.xml"
        );
        assert_eq!(
            order(&[
                child("old.xml", Some("2024-01-01T00:00:00Z")),
                child("new.xml", Some("2026-11-16T00:00:00Z")),
                child("undated.xml", None),
            ]),
            "new.xml old.xml undated.xml"
        );
    }
}
