//! What a page, a robots.txt and habit tell of where a site's feeds are. It fetches nothing: whoever
//! asks goes and looks.

use std::collections::BTreeMap;

use scraper::ElementRef;

use super::Origin;
use super::address::{canonical_url, host, resolve, same_site};
use super::charset::decode_page;
use super::html::{attribute, first, line_of, parse, selector};
use super::listing::base_of;
use super::plain::clip;
use super::telegram::preview_of;
use crate::config::Select;
use crate::model::FeedKind;

/// Most feeds that one page is believed to have.
const MOST_FEEDS: usize = 24;
/// Most channels that one page is believed to have.
const MOST_CHANNELS: usize = 3;
/// Longest name of a site, in bytes.
const LONGEST_NAME: usize = 200;
/// A link to an article has a headline for its text: at least so many letters.
const SHORTEST_HEADLINE: usize = 25;
/// Links to articles that make a page a listing.
const FEWEST_LINKS: usize = 6;
/// Longest robots.txt read for its sitemaps, in bytes (RFC 9309, 2.5).
const LONGEST_ROBOTS: usize = 500 * 1024;

/// What a page tells of its site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovered {
    /// The site's name, by its own word.
    pub name: Option<String>,
    /// ISO 639 code that the page declares.
    pub lang: Option<String>,
    /// Feeds that the page names, best first, each once: absolute address and kind.
    pub feeds: Vec<(String, FeedKind)>,
    /// Sitemaps that the page names.
    pub sitemaps: Vec<String>,
    /// The same page in other languages, on the same site: each may have feeds of its own.
    pub editions: Vec<String>,
    /// The likeliest selector of the page's own links to articles.
    pub links: Option<Select>,
}

/// Reads off a page where its site's feeds are: `<link rel="alternate">` first, then links that look
/// like feeds, then channels on Telegram. Feeds of comments are left out.
pub fn discover(body: &[u8], origin: &Origin<'_>) -> Discovered {
    let html = parse(&decode_page(body, origin.content_type));
    let base = base_of(&html, origin.base());
    let elements = |css: &str| -> Vec<ElementRef<'_>> {
        selector(css).map(|selector| html.select(&selector).collect()).unwrap_or_default()
    };
    let address = |element: &ElementRef<'_>| resolve(element.attr("href")?, Some(&base));
    let mut feeds: Vec<(String, FeedKind)> = Vec::new();
    let mut add = |url: String, kind: FeedKind, most: usize| {
        let known = feeds.iter().any(|(other, _)| *other == url);
        if !known && feeds.iter().filter(|(_, other)| *other == kind).count() < most {
            feeds.push((url, kind));
        }
    };
    let alternates = elements("link[rel~=alternate][type][href]");
    for link in alternates.iter().filter(|link| is_feed_type(link) && !is_of_comments(link)) {
        if let Some(url) = address(link) {
            add(url, FeedKind::Rss, MOST_FEEDS);
        }
    }
    let anchors = elements("a[href]");
    for link in anchors.iter().filter(|link| !is_of_comments(link)) {
        if let Some(url) = address(link).filter(|url| looks_like_feed(url)) {
            add(url, FeedKind::Rss, MOST_FEEDS);
        }
    }
    for link in &anchors {
        if let Some(preview) = link.attr("href").and_then(preview_of) {
            add(preview, FeedKind::Telegram, MOST_CHANNELS);
        }
    }
    let meta = |css: &str| first(&html, css).and_then(|meta| attribute(meta, "content"));
    let title = || first(&html, "head > title").map(line_of);
    let name = meta("meta[property='og:site_name']").or_else(|| meta("meta[name='application-name']"));
    let name = name.or_else(|| title().map(|title| short_title(&title)));
    let name = name.map(|name| clip(name.trim(), LONGEST_NAME).to_owned()).filter(|name| !name.is_empty());
    let lang = html.root_element().attr("lang").and_then(|lang| lang.split(['-', '_']).next());
    Discovered {
        name,
        lang: lang.map(str::to_ascii_lowercase).filter(|lang| !lang.is_empty()),
        feeds,
        sitemaps: elements("link[rel~=sitemap][href]").iter().filter_map(address).collect(),
        editions: editions(&elements("link[rel~=alternate][hreflang][href], a[hreflang][href]"), &base),
        links: links_to_articles(&anchors, &base),
    }
}

/// The addresses of other languages that we read, each language and each address once.
fn editions(links: &[ElementRef<'_>], base: &str) -> Vec<String> {
    let Some(home) = host(base) else { return Vec::new() };
    let (mut languages, mut editions) = (Vec::new(), Vec::new());
    for link in links {
        let language = link.attr("hreflang").and_then(|lang| lang.split(['-', '_']).next()).unwrap_or_default();
        let language = language.to_ascii_lowercase();
        let Some(url) = link.attr("href").and_then(|href| resolve(href, Some(base))) else { continue };
        let is_here = canonical_url(&url) == canonical_url(base);
        let is_ours = matches!(language.as_str(), "kk" | "kz" | "ru" | "en");
        if is_ours && !languages.contains(&language) && host(&url).is_some_and(|host| same_site(&host, &home)) {
            languages.push(language);
            if !is_here && !editions.contains(&url) {
                editions.push(url);
            }
        }
    }
    editions
}

/// "Outlet — news of the day" is called Outlet.
fn short_title(title: &str) -> String {
    let parts = [" — ", " – ", " | ", " - ", " :: ", " • ", ": "];
    let cut = parts.iter().filter_map(|sign| title.find(sign)).filter(|at| *at > 0).min();
    cut.map_or(title, |at| &title[..at]).to_owned()
}

fn is_feed_type(link: &ElementRef<'_>) -> bool {
    let kind = link.attr("type").unwrap_or_default().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is_feed = matches!(
        kind,
        "application/rss+xml"
            | "application/atom+xml"
            | "application/feed+json"
            | "application/rdf+xml"
            | "text/xml"
            | "application/xml"
            | "application/rss"
            | "text/rss"
    );
    // WordPress names its whole interface `application/json`.
    is_feed || (kind == "application/json" && link.attr("href").is_some_and(looks_like_feed))
}

fn is_of_comments(link: &ElementRef<'_>) -> bool {
    let words = ["comment", "коммент", "пікір"];
    let of = |text: Option<&str>| text.is_some_and(|text| words.iter().any(|word| text.to_lowercase().contains(word)));
    of(link.attr("href")) || of(link.attr("title"))
}

/// Does the last part of the path name a feed?
fn looks_like_feed(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let query = address.split_once('?').map_or("", |(_, query)| query).to_ascii_lowercase();
    matches!(
        last,
        "rss" | "feed" | "atom" | "rss2" | "rss.php" | "rss.xml" | "feed.xml" | "atom.xml" | "feed.json" | "index.rdf"
    ) || last.ends_with(".rss")
        || last.ends_with(".atom")
        || (last.ends_with(".xml") && (last.contains("rss") || last.contains("feed")))
        || query.split('&').any(|pair| matches!(pair, "feed=rss2" | "feed=rss" | "format=feed" | "type=rss"))
}

/// The selector that most links with a headline for their text share: by the first part of their path,
/// or, where articles lie at the top, by their being headings.
fn links_to_articles(anchors: &[ElementRef<'_>], base: &str) -> Option<Select> {
    let home = host(base)?;
    let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut headings: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for link in anchors {
        let Some(url) = link.attr("href").and_then(|href| resolve(href, Some(base))) else { continue };
        if !host(&url).is_some_and(|host| same_site(&host, &home)) || line_of(*link).chars().count() < SHORTEST_HEADLINE
        {
            continue;
        }
        let canonical = canonical_url(&url).unwrap_or(url);
        let path = canonical.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
        let path = path.split(['?', '#']).next().unwrap_or_default();
        if let Some((part, rest)) = path.split_once('/')
            && !rest.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        {
            note(parts.entry(part.to_owned()).or_default(), &canonical);
        }
        let heading = link
            .ancestors()
            .filter_map(ElementRef::wrap)
            .take(3)
            .find_map(|around| ["h1", "h2", "h3", "h4"].into_iter().find(|name| around.value().name() == *name));
        if let Some(heading) = heading {
            note(headings.entry(heading).or_default(), &canonical);
        }
    }
    let best = |all: Vec<(String, usize)>| {
        all.into_iter().filter(|(_, count)| *count >= FEWEST_LINKS).max_by_key(|(_, count)| *count)
    };
    // A part of the path that is a year or a language says nothing of what lies under it.
    let says = |part: &String| part.len() > 2 && !part.bytes().all(|byte| byte.is_ascii_digit());
    let by_part = best(
        parts
            .into_iter()
            .filter(|(part, _)| says(part))
            .map(|(part, urls)| (format!("a[href*='/{part}/']"), urls.len()))
            .collect(),
    );
    let by_heading =
        || best(headings.into_iter().map(|(heading, urls)| (format!("{heading} a"), urls.len())).collect());
    let (link, _) = by_part.or_else(by_heading)?;
    Some(Select { link, ..Select::default() })
}

fn note(urls: &mut Vec<String>, url: &str) {
    if urls.len() < 200 && !urls.iter().any(|known| known == url) {
        urls.push(url.to_owned());
    }
}

/// The sitemaps that a robots.txt names (sitemaps.org, "Specifying the Sitemap location in your
/// robots.txt"), absolute, each once, in order.
pub fn sitemaps_of_robots(body: &[u8], url: &str) -> Vec<String> {
    let body = &body[..body.len().min(LONGEST_ROBOTS)];
    let text = String::from_utf8_lossy(body);
    let mut sitemaps: Vec<String> = Vec::new();
    for line in text.trim_start_matches('\u{feff}').split(['\n', '\r']) {
        let Some((key, value)) = line.split_once(':') else { continue };
        if !matches!(key.trim().to_ascii_lowercase().as_str(), "sitemap" | "site-map") {
            continue;
        }
        // A `#` may stand in an address; a comment has a space before it.
        let value = value.split(" #").next().unwrap_or_default();
        if let Some(address) = resolve(value.trim(), Some(url)).filter(|address| !sitemaps.contains(address))
            && sitemaps.len() < MOST_FEEDS
        {
            sitemaps.push(address);
        }
    }
    sitemaps
}

/// Where feeds usually are, for a page of a site; the likeliest first: at the root, then in the first
/// folder of the page's own path, where that may be an edition (`/ru/`).
pub fn usual_feeds(page: &str) -> Vec<String> {
    const PLACES: &[&str] = &[
        "/rss",
        "/feed/",
        "/rss.xml",
        "/rss/",
        "/feed",
        "/feed.xml",
        "/atom.xml",
        "/index.xml",
        "/news.rss",
        "/rss/news",
        "/rss/all.rss",
        "/feed.json",
        "/?feed=rss2",
        "/?format=feed&type=rss",
        "/feeds/posts/default",
    ];
    let path = page.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    let folder = path.split(['?', '#']).next().unwrap_or_default().split('/').next().unwrap_or_default();
    let is_edition = matches!(folder.len(), 2..=4) && folder.bytes().all(|byte| byte.is_ascii_alphabetic());
    let own = ["rss", "feed/", "rss.xml"].map(|place| format!("/{folder}/{place}"));
    let own: Vec<&str> =
        own.iter().filter(|_| is_edition && folder != "rss" && folder != "feed").map(String::as_str).collect();
    usual(page, &[PLACES, own.as_slice()].concat())
}

/// Where sitemaps usually are, for a page of a site; those of news first.
pub fn usual_sitemaps(page: &str) -> Vec<String> {
    const PLACES: &[&str] =
        &["/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml", "/sitemap_index.xml", "/sitemap.xml.gz"];
    usual(page, PLACES)
}

fn usual(page: &str, places: &[&str]) -> Vec<String> {
    places.iter().filter_map(|place| resolve(place, Some(page))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const URL: &str = "https://outlet.example/ru/";

    fn of(html: &str) -> Discovered {
        discover(html.as_bytes(), &Origin::at(URL))
    }

    fn check(html: &str, expect: &[&str]) {
        let told: Vec<String> = of(html).feeds.into_iter().map(|(url, kind)| format!("{kind} {url}")).collect();
        assert_eq!(told, expect, "{html}");
    }

    #[test]
    fn a_page_names_its_feeds() {
        check(
            r#"<head><link rel="alternate" type="application/rss+xml" href="/rss.xml" title="Новости">
            <link rel='ALTERNATE stylesheet' type="application/atom+xml; charset=utf-8" href="//feeds.outlet.example/atom">
            <link rel="alternate" type="application/rss+xml" href="/comments/feed/"><link rel="alternate" type="application/rss+xml" href="/f" title="Лента комментариев">
            <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2"><link rel="alternate" type="application/json+oembed" href="/oembed">
            <link rel="alternate" hreflang="kk" href="/kk/"></head><a href="/rss.xml">RSS</a><a href="all.rss">Все</a><a href="/news/rss-is-dead">x</a>"#,
            &[
                "rss https://outlet.example/rss.xml",
                "rss https://feeds.outlet.example/atom",
                "rss https://outlet.example/ru/all.rss",
            ],
        );
        check("<a href='/?feed=rss2'>x</a>", &["rss https://outlet.example/?feed=rss2"]);
        check("<a href='javascript:rss'>x</a><a href='/'>x</a>", &[]);
    }

    #[test]
    fn a_page_names_its_channels_but_not_its_buttons() {
        check(
            r#"<a href="https://t.me/oidan_arna">Telegram</a><a href="https://t.me/share/url?url=x">Бөлісу</a>
            <a href="https://t.me/oidan_arna/77">post</a><a href="tg://resolve?domain=oidan_kz">канал</a>"#,
            &["telegram https://t.me/s/oidan_arna", "telegram https://t.me/s/oidan_kz"],
        );
    }

    #[test]
    fn a_page_names_itself() {
        let name = |html: &str| of(html).name;
        assert_eq!(name("<head><title>Ойдан — жаңалықтар</title></head>").as_deref(), Some("Ойдан"));
        assert_eq!(
            name("<head><title>x</title><meta property='og:site_name' content=' Ойдан '></head>").as_deref(),
            Some("Ойдан")
        );
        assert_eq!(name("<p>x</p>"), None);
        assert_eq!(of("<html lang='ru-KZ'>").lang.as_deref(), Some("ru"));
        assert_eq!(of("<link rel=sitemap href='/s.xml'>").sitemaps, ["https://outlet.example/s.xml"]);
    }

    #[test]
    fn a_page_names_its_other_languages() {
        let page = "<link rel=alternate hreflang=ru href='/ru/'><link rel=alternate hreflang=kk-KZ href='/kk/'><link rel=alternate hreflang=x-default href='/'>\
                    <a hreflang=en href='https://en.outlet.example/'>EN</a><a hreflang=en href='/en/'>EN</a><a hreflang=de href='/de/'>DE</a><a hreflang=kk href='https://other.example/'>x</a>";
        assert_eq!(of(page).editions, ["https://outlet.example/kk/", "https://en.outlet.example/"]);
    }

    #[test]
    fn a_front_page_shows_how_to_find_its_articles() {
        let page =
            |link: &dyn Fn(usize) -> String| of(&(0..8).map(link).collect::<String>()).links.map(|select| select.link);
        let headline = "Заголовок, который достаточно длинен";
        assert_eq!(
            page(&|n| format!("<a href='/news/{n}'>{headline}</a><a href='/tag/{n}'>тег</a>")).as_deref(),
            Some("a[href*='/news/']")
        );
        assert_eq!(page(&|n| format!("<h3><a href='/2026/11/{n}'>{headline}</a></h3>")).as_deref(), Some("h3 a"));
        assert_eq!(page(&|n| format!("<h3><a href='/story-{n}'>{headline}</a></h3>")).as_deref(), Some("h3 a"));
        assert_eq!(page(&|n| format!("<a href='https://other.example/news/{n}'>{headline}</a>")), None);
        assert_eq!(page(&|_| format!("<a href='/news/1'>{headline}</a>")), None);
    }

    #[test]
    fn a_robots_txt_names_its_sitemaps() {
        let told = sitemaps_of_robots(
            b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /admin\r\nSitemap: https://outlet.example/a.xml # daily\nsitemap:/b.xml\n SITEMAP : /b.xml\nSitemap:\nSitemap: ftp://x/",
            "https://outlet.example/robots.txt",
        );
        assert_eq!(told, ["https://outlet.example/a.xml", "https://outlet.example/b.xml"]);
        assert!(sitemaps_of_robots(b"<html>", "https://outlet.example/robots.txt").is_empty());
    }

    #[test]
    fn usual_places_are_at_the_root() {
        assert_eq!(usual_feeds(URL)[0], "https://outlet.example/rss");
        assert!(usual_feeds(URL).contains(&"https://outlet.example/ru/rss".to_owned()));
        assert_eq!(usual_feeds("https://outlet.example/politics/1").len(), usual_feeds("https://outlet.example").len());
        assert!(usual_sitemaps("http://127.0.0.1:8080/x/y").contains(&"http://127.0.0.1:8080/sitemap.xml".to_owned()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_page_is_a_panic(html in "(<(a|link|h3|title|meta|html|base)( (href|rel|type|title|content|lang)='?[a-zа-я:/.?=@#+-]{0,14}'?){0,3}>|</(a|h3)>|[ a-я]{1,30}){0,30}") {
            let _ = of(&html);
            let _ = sitemaps_of_robots(html.as_bytes(), URL);
        }
    }
}
