//! Public Telegram channels in their preview form (`t.me/s/NAME`), and single posts as pages.

use scraper::{ElementRef, Html};

use super::address::{canonical_url, resolve};
use super::charset::decode_page;
use super::dates::DateHint;
use super::html::{first, line_of, paragraphs_of, parse, selector};
use super::listing::date_of;
use super::plain::clip;
use super::{Article, NotAFeed, Origin};
use crate::model::{Entry, Moment};

/// Longest headline made of a post's first line, in bytes.
const LONGEST_HEADLINE: usize = 240;

/// Reads the posts of a channel's preview page, in the order of the page (oldest first).
///
/// A post's address is that of its embedded form, which holds the whole text; its summary is the
/// text itself, its title the first sentence or line. Posts without words are passed over.
///
/// # Errors
/// [`NotAFeed`] where the page is no channel's preview, or the channel shows none to the public.
pub fn telegram(body: &[u8], origin: &Origin<'_>) -> Result<Vec<Entry>, NotAFeed> {
    let html = parse(&decode_page(body, origin.content_type));
    let channel = channel(&html);
    let posts: Vec<Post> = posts(&html).filter_map(|element| Post::read(element, origin.base())).collect();
    if posts.is_empty() && first(&html, ".tgme_channel_history, .tgme_channel_info").is_none() {
        return Err(NotAFeed::because(
            "this is no preview of a Telegram channel; the address must have the form https://t.me/s/NAME, and the channel must be public",
        ));
    }
    let entries = posts.into_iter().filter(|post| !post.text.is_empty()).map(|post| Entry {
        feed_title: channel.clone(),
        id: Some(post.id),
        url: post.address.map(|address| format!("{address}?embed=1&mode=tme")),
        title: Some(headline(&post.text)),
        published: post.published,
        summary: Some(post.text),
    });
    Ok(entries.collect())
}

/// The post that a page shows, where it is a page of Telegram: the only one on it, or the one that
/// `url` names.
pub fn post(html: &Html, url: Option<&str>) -> Option<Article> {
    first(html, ".tgme_widget_message")?;
    let base = url.unwrap_or("https://t.me/");
    let named = url.and_then(canonical_url);
    let mut all: Vec<Post> = posts(html).filter_map(|element| Post::read(element, base)).collect();
    let at = all.iter().position(|post| named.is_some() && post.address.as_deref().and_then(canonical_url) == named);
    let at = at.or_else(|| (all.len() == 1).then_some(0))?;
    let post = all.swap_remove(at);
    let channel = channel(html).or_else(|| first(html, ".tgme_widget_message_owner_name").map(line_of));
    Some(Article {
        url: post.address.as_deref().and_then(canonical_url),
        title: headline(&post.text),
        text: post.text,
        published: post.published,
        byline: post.byline,
        site: channel.or_else(|| Some("Telegram".to_owned())),
        lang: None,
    })
}

fn channel(html: &Html) -> Option<String> {
    first(html, ".tgme_channel_info_header_title").map(line_of).filter(|title| !title.is_empty())
}

fn posts(html: &Html) -> impl Iterator<Item = ElementRef<'_>> {
    let found: Vec<ElementRef<'_>> = match selector(".tgme_widget_message[data-post]") {
        Some(selector) => html.select(&selector).collect(),
        None => Vec::new(),
    };
    found.into_iter()
}

struct Post {
    id: String,
    address: Option<String>,
    text: String,
    published: Option<Moment>,
    byline: Option<String>,
}

impl Post {
    fn read(element: ElementRef<'_>, base: &str) -> Option<Self> {
        let id = element.attr("data-post")?.trim().to_owned();
        let find = |css: &str| element.select(&selector(css)?).next();
        // A reply quotes another post above its own text: the last text is its own.
        let texts: Vec<ElementRef<'_>> =
            match selector(".tgme_widget_message_text.js-message_text, .tgme_widget_message_text") {
                Some(selector) => element.select(&selector).collect(),
                None => Vec::new(),
            };
        let is_reply = |text: &ElementRef<'_>| {
            text.ancestors()
                .filter_map(ElementRef::wrap)
                .any(|around| around.attr("class").is_some_and(|class| class.contains("tgme_widget_message_reply")))
        };
        let text = texts.into_iter().rfind(|text| !is_reply(text)).map(paragraphs_of).unwrap_or_default();
        let address = find("a.tgme_widget_message_date").and_then(|link| resolve(link.attr("href")?, Some(base)));
        let address = address.map(|address| address.split(['?', '#']).next().unwrap_or_default().to_owned());
        let published = find("a.tgme_widget_message_date time[datetime], time[datetime]")
            .and_then(|time| date_of(time, DateHint::default()));
        let byline = find(".tgme_widget_message_from_author").map(line_of).filter(|line| !line.is_empty());
        Some(Self { id, address, text, published, byline })
    }
}

/// The first line of a post, or its first sentence where that line runs long.
fn headline(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim();
    if line.len() <= LONGEST_HEADLINE {
        return line.to_owned();
    }
    let clipped = clip(line, LONGEST_HEADLINE);
    let sentence =
        [". ", "! ", "? ", "… "].iter().filter_map(|end| clipped.find(end).map(|at| at + end.trim_end().len())).min();
    match sentence {
        Some(end) => clipped[..end].to_owned(),
        None => format!("{}…", clipped.rsplit_once(' ').map_or(clipped, |(words, _)| words)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: &str, inner: &str) -> String {
        format!(
            r#"<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="{id}">{inner}
            <div class="tgme_widget_message_info"><a class="tgme_widget_message_date" href="https://t.me/{id}">
            <time datetime="2026-11-23T04:05:00+00:00" class="time">09:05</time></a></div></div></div>"#
        )
    }

    fn page() -> String {
        let reply =
            r#"<a class="tgme_widget_message_reply"><div class="tgme_widget_message_text">Ескі хабар</div></a>"#;
        let text = r#"<div class="tgme_widget_message_text js-message_text">Редакторды полиция шақырды<br><br>Толығырақ кейін.</div>"#;
        format!(
            r#"<div class="tgme_channel_info_header_title"><span>Ойдан арна</span></div><section class="tgme_channel_history">{}{}</section>"#,
            message("oidan/7", &format!("{reply}{text}")),
            message("oidan/8", r#"<a class="tgme_widget_message_photo_wrap"></a>"#),
        )
    }

    #[test]
    fn posts_become_entries() {
        let entries = telegram(page().as_bytes(), &Origin::at("https://t.me/s/oidan")).unwrap();
        assert_eq!(entries.len(), 1);
        let entry = &entries[0];
        assert_eq!(entry.feed_title.as_deref(), Some("Ойдан арна"));
        assert_eq!(entry.id.as_deref(), Some("oidan/7"));
        assert_eq!(entry.url.as_deref(), Some("https://t.me/oidan/7?embed=1&mode=tme"));
        assert_eq!(entry.title.as_deref(), Some("Редакторды полиция шақырды"));
        assert_eq!(entry.summary.as_deref(), Some("Редакторды полиция шақырды\n\nТолығырақ кейін."));
        assert_eq!(entry.published.unwrap().to_string(), "2026-11-23T04:05:00Z");
    }

    #[test]
    fn a_post_is_a_page_of_its_own() {
        let html = parse(&page());
        let article = post(&html, Some("https://t.me/oidan/7?embed=1&mode=tme")).unwrap();
        assert_eq!(article.url.as_deref(), Some("https://t.me/oidan/7"));
        assert_eq!(article.text, "Редакторды полиция шақырды\n\nТолығырақ кейін.");
        assert!(post(&html, Some("https://t.me/oidan/9")).is_none());
        assert!(post(&parse("<p>x</p>"), None).is_none());
    }

    #[test]
    fn other_pages_are_no_channel() {
        let reason =
            telegram(b"<html><body>Hello</body></html>", &Origin::at("https://t.me/s/x")).unwrap_err().to_string();
        assert!(reason.contains("https://t.me/s/NAME"), "{reason}");
        let empty = r#"<div class="tgme_channel_info"></div><section class="tgme_channel_history"></section>"#;
        assert_eq!(telegram(empty.as_bytes(), &Origin::at("https://t.me/s/x")).unwrap(), []);
    }

    #[test]
    fn long_posts_get_a_short_headline() {
        let words = "сөз ".repeat(100);
        assert!(headline(&words).len() <= LONGEST_HEADLINE + '…'.len_utf8());
        assert_eq!(headline(&format!("Қысқа сөйлем. {words}")), "Қысқа сөйлем.");
        assert_eq!(headline(""), "");
    }
}
