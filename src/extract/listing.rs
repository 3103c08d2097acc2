//! Listing pages: a section's front page, read by the selectors that its source configures.

use std::collections::BTreeMap;

use scraper::{ElementRef, Html, Selector};

use super::address::resolve;
use super::charset::decode_page;
use super::dates::{DateHint, date};
use super::html::{attribute, first, line_of, parse};
use super::{Listing, NotAFeed, Origin};
use crate::config::Select;
use crate::model::Entry;

/// Most articles of one page of a listing.
const MOST: usize = 1_000;

/// Reads the links to articles in the order of the page, each once, and the address of the next page.
///
/// A link's block is the largest element around it that holds no link to another article; title
/// and date are looked for there.
///
/// # Errors
/// [`NotAFeed`] where a selector is no CSS, or where nothing on the page is matched by `link`: the
/// site has changed, and silence would hide it.
pub fn listing(body: &[u8], origin: &Origin<'_>, select: &Select) -> Result<Listing, NotAFeed> {
    let css = |key: &str, css: &str| {
        Selector::parse(css)
            .map_err(|error| NotAFeed::because(format!("`select.{key}` is no CSS selector: `{css}`: {error}")))
    };
    let optional = |key: &str, given: &Option<String>| given.as_deref().map(|given| css(key, given)).transpose();
    if select.link.trim().is_empty() {
        return Err(NotAFeed::because(
            "a listing needs `select = { link = \"…\" }`, the CSS selector of its links to articles",
        ));
    }
    let (link, title) = (css("link", &select.link)?, optional("title", &select.title)?);
    let (day, next) = (optional("date", &select.date)?, optional("next", &select.next)?);
    let html = parse(&decode_page(body, origin.content_type));
    let base = base_of(&html, origin.base());
    let kazakh = html.root_element().attr("lang").is_some_and(|lang| lang.starts_with("kk"));
    let said = origin.hint();
    let kazakhstan = said.kazakhstan || (origin.country.is_none() && kazakh);
    let hint = DateHint { captured: None, kazakhstan, ..said };
    let feed_title = first(&html, "head > title").map(line_of).filter(|title| !title.is_empty());
    let links = links(&html, &link, &base);
    if links.is_empty() {
        let reason =
            format!("no link on the page is matched by `{}`; the site may have changed its markup", select.link);
        return Err(NotAFeed::because(reason));
    }
    let blocks = blocks(&links);
    let mut entries: Vec<Entry> = Vec::new();
    let mut known = BTreeMap::new();
    for ((url, element), block) in links.iter().zip(blocks) {
        let found = |selector: &Option<Selector>| block.select(selector.as_ref()?).next();
        let headline = found(&title).map(line_of).filter(|line| !line.is_empty()).unwrap_or_else(|| line_of(*element));
        let headline = Some(headline).filter(|line| !line.is_empty()).or_else(|| attribute(*element, "title"));
        let published = found(&day).and_then(|element| date_of(element, hint));
        match known.get(url) {
            // A picture and a headline often link to the same article.
            Some(at) => {
                let entry: &mut Entry = &mut entries[*at];
                entry.title = entry.title.take().or(headline);
                entry.published = entry.published.or(published);
            }
            None if entries.len() >= MOST => break,
            None => {
                known.insert(url, entries.len());
                let (feed_title, url) = (feed_title.clone(), Some(url.clone()));
                entries.push(Entry {
                    feed_title,
                    id: None,
                    url,
                    title: headline,
                    published,
                    summary: None,
                    post: None,
                });
            }
        }
    }
    let next =
        next.and_then(|next| html.select(&next).next()?.attr("href").and_then(|href| resolve(href, Some(&base))));
    Ok(Listing { entries, next: next.filter(|next| *next != base) })
}

/// The address that relative links count from: the page's own, or its `<base href>`.
pub fn base_of(html: &Html, address: &str) -> String {
    let named = first(html, "base[href]").and_then(|base| resolve(base.attr("href")?, Some(address)));
    named.unwrap_or_else(|| address.to_owned())
}

/// A date in `datetime` or `content` of an element, or in its text.
pub fn date_of(element: ElementRef<'_>, hint: DateHint<'_>) -> Option<crate::model::Moment> {
    let written =
        ["datetime", "content", "data-datetime", "title"].into_iter().filter_map(|name| attribute(element, name));
    written.chain([line_of(element)]).find_map(|text| date(&text, Some(hint)))
}

/// Links matched, with their addresses. A selector may name a block: then its first link counts.
fn links<'a>(html: &'a Html, link: &Selector, base: &str) -> Vec<(String, ElementRef<'a>)> {
    let any = super::html::selector("a[href]");
    let found = html.select(link).filter_map(|element| {
        let anchor = match element.attr("href") {
            Some(_) => element,
            None => element.select(any.as_ref()?).next()?,
        };
        Some((resolve(anchor.attr("href")?, Some(base))?, anchor))
    });
    found.take(MOST * 4).collect()
}

/// For each link the largest element around it without a link to another article.
fn blocks<'a>(links: &[(String, ElementRef<'a>)]) -> Vec<ElementRef<'a>> {
    let mut owners: BTreeMap<_, Option<&str>> = BTreeMap::new();
    for (url, element) in links {
        for ancestor in element.ancestors() {
            let owner = owners.entry(ancestor.id()).or_insert(Some(url));
            if *owner != Some(url) {
                *owner = None;
            }
        }
    }
    let own = |url: &str, element: ElementRef<'a>| {
        element
            .ancestors()
            .take_while(|ancestor| owners.get(&ancestor.id()).copied().flatten() == Some(url))
            .filter_map(ElementRef::wrap)
            .last()
            .unwrap_or(element)
    };
    links.iter().map(|(url, element)| own(url, *element)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<html lang="kk"><head><title>Жаңалықтар</title></head><body>
        <div class="card"><a class="pic" href="/news/1"><img></a><h3><a href="/news/1">Бірінші хабар</a></h3><time>23.11.2026 09:05</time></div>
        <div class="card"><a href="news/2?utm_source=x" title="Екінші хабар"></a><time datetime="2026-11-22T10:00:00+05:00">кеше</time></div>
        <div class="card"><h3><a href="/news/3">Үшінші хабар</a></h3></div>
        <a href="mailto:a@b.example">хат</a> <a class="next" href="?page=2">келесі</a></body></html>"#;

    fn select(link: &str) -> Select {
        Select {
            link: link.to_owned(),
            title: Some("h3".to_owned()),
            date: Some("time".to_owned()),
            next: Some("a.next".to_owned()),
        }
    }

    #[test]
    fn a_listing_gives_each_article_once_with_its_own_date() {
        let read = listing(PAGE.as_bytes(), &Origin::at("https://outlet.example/list/"), &select(".card a")).unwrap();
        let told: Vec<(String, String, String)> = read
            .entries
            .iter()
            .map(|entry| {
                let published = entry.published.map(|moment| moment.to_string()).unwrap_or_default();
                (entry.url.clone().unwrap(), entry.title.clone().unwrap_or_default(), published)
            })
            .collect();
        let expect = [
            ("https://outlet.example/news/1", "Бірінші хабар", "2026-11-23T09:05:00+05:00"),
            ("https://outlet.example/list/news/2?utm_source=x", "Екінші хабар", "2026-11-22T10:00:00+05:00"),
            ("https://outlet.example/news/3", "Үшінші хабар", ""),
        ];
        let expect = expect.map(|(url, title, published)| (url.to_owned(), title.to_owned(), published.to_owned()));
        assert_eq!(told, expect);
        assert_eq!(read.next.as_deref(), Some("https://outlet.example/list/?page=2"));
        assert_eq!(read.entries[0].feed_title.as_deref(), Some("Жаңалықтар"));
    }

    #[test]
    fn a_selector_may_name_the_block() {
        let read = listing(PAGE.as_bytes(), &Origin::at("https://outlet.example/"), &select(".card")).unwrap();
        assert_eq!(read.entries.len(), 3);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let check = |link: &str, part: &str| {
            let reason = listing(PAGE.as_bytes(), &Origin::at("https://outlet.example/"), &select(link))
                .unwrap_err()
                .to_string();
            assert!(reason.contains(part), "{reason}");
        };
        check("", "needs `select");
        check("a[", "`select.link` is no CSS selector");
        check("article a", "may have changed");
        check("a[href^=mailto]", "may have changed");
    }
}
