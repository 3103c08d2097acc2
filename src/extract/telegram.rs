//! Public Telegram channels in their preview form (`t.me/s/NAME`), and single posts as pages.

use scraper::{ElementRef, Html};

use super::address::{canonical_url, host, resolve};
use super::charset::decode_page;
use super::dates::DateHint;
use super::html::{first, line_of, paragraphs_of, parse, selector};
use super::listing::date_of;
use super::plain::clip;
use super::{Article, Listing, NotAFeed, Origin};
use crate::model::{self, Entry, Moment};

/// Longest headline made of a post's first line, in bytes.
const LONGEST_HEADLINE: usize = 240;
/// Most links of one post that are kept.
const MOST_LINKS: usize = 50;

/// Reads the posts of a channel's preview page, in the order of the page (oldest first).
///
/// The preview holds each post whole: its summary is the text itself, its title the first sentence or
/// line, and [`page`](super::page) reads it off the same bytes by its address. Posts without words are passed over, and so
/// are what the channel says of itself ("pinned a photo"). The next page is that of older posts.
///
/// # Errors
/// [`NotAFeed`] where the page is no channel's preview, or the channel shows none to the public.
pub fn telegram(body: &[u8], origin: &Origin<'_>) -> Result<Listing, NotAFeed> {
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
        url: post.address,
        title: Some(headline(&post.text)),
        published: post.published,
        summary: Some(post.text),
        post: Some(post.more),
    });
    let older = first(&html, "a.tme_messages_more[href][data-before], link[rel=prev][href]");
    let next = older.and_then(|link| resolve(link.attr("href")?, Some(origin.base())));
    Ok(Listing { entries: entries.collect(), next: next.filter(|next| next != origin.base()) })
}

/// The address of a channel's preview page, out of any address that names the channel: its own, one
/// of its posts, the preview itself, `tg://resolve?domain=NAME`, `@NAME`. `None` for invitations and
/// for what leads elsewhere.
///
/// ```
/// use sozwatch::extract::preview_of;
/// assert_eq!(preview_of("https://t.me/oidan_arna/7?single").as_deref(), Some("https://t.me/s/oidan_arna"));
/// assert_eq!(preview_of("@oidan_arna").as_deref(), Some("https://t.me/s/oidan_arna"));
/// assert_eq!(preview_of("https://t.me/+AbCdEf"), None);
/// ```
pub fn preview_of(address: &str) -> Option<String> {
    let address = address.trim();
    let name = match address.strip_prefix('@').or_else(|| address.strip_prefix("tg://resolve?domain=")) {
        Some(name) => name.split('&').next().unwrap_or_default().to_owned(),
        None => {
            let address = resolve(address, None)?;
            let on_telegram = matches!(host(&address)?.as_str(), "t.me" | "telegram.me" | "telegram.dog");
            let path = address.split_once("://")?.1.split(['?', '#']).next()?;
            let mut parts = path.split('/').skip(1).filter(|part| !part.is_empty());
            let first = parts.next().filter(|_| on_telegram)?;
            if first == "s" { parts.next()?.to_owned() } else { first.to_owned() }
        }
    };
    // Addresses of the service itself, which are no names of channels.
    const SERVICE: &[&str] = &[
        "share",
        "joinchat",
        "addstickers",
        "addlist",
        "proxy",
        "socks",
        "iv",
        "login",
        "contact",
        "setlanguage",
        "c",
    ];
    let is_name = (4..=32).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.to_ascii_lowercase().ends_with("bot")
        && !SERVICE.contains(&name.to_ascii_lowercase().as_str());
    is_name.then(|| format!("https://t.me/s/{name}"))
}

/// What every preview of a post holds.
pub const MARK: &str = "tgme_widget_message";

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
        byline: post.byline.or(post.more.forwarded_from),
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
    more: model::Post,
}

impl Post {
    fn read(element: ElementRef<'_>, base: &str) -> Option<Self> {
        if element.attr("class").is_some_and(|class| class.split_whitespace().any(|name| name == "service_message")) {
            return None;
        }
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
        let own = texts.into_iter().rfind(|text| !is_reply(text));
        let mut text = own.map(paragraphs_of).unwrap_or_default();
        if let Some(question) = find(".tgme_widget_message_poll_question").map(line_of) {
            text = [text, question].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
        }
        let address = find("a.tgme_widget_message_date").and_then(|link| resolve(link.attr("href")?, Some(base)));
        let address = address.map(|address| address.split(['?', '#']).next().unwrap_or_default().to_owned());
        let is_id =
            id.split('/').count() == 2 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_".contains(&byte));
        let address = address.or_else(|| is_id.then(|| format!("https://t.me/{id}")));
        let published = find("a.tgme_widget_message_date time[datetime], time[datetime]")
            .and_then(|time| date_of(time, DateHint::default()));
        let line = |css: &str| find(css).map(line_of).filter(|line| !line.is_empty());
        let forwarded_from =
            line(".tgme_widget_message_forwarded_from_name").or_else(|| line(".tgme_widget_message_forwarded_from"));
        // "edited" stands before the time, in the language of whoever asks; the views have their own place.
        let meta = find(".tgme_widget_message_meta").map(|meta| {
            let time = meta.select(&selector("time")?).next().map(line_of).unwrap_or_default();
            Some(line_of(meta).replace(&time, "").trim().to_owned())
        });
        let edited = meta.flatten().is_some_and(|rest| rest.starts_with(|first: char| first.is_alphabetic()));
        let preview = find("a.tgme_widget_message_link_preview[href]");
        let in_text = own.into_iter().flat_map(|text| match selector("a[href]") {
            Some(selector) => text.select(&selector).collect::<Vec<_>>(),
            None => Vec::new(),
        });
        let mut links: Vec<String> = Vec::new();
        for link in in_text.chain(preview).filter_map(|link| resolve(link.attr("href")?, Some(base))) {
            // A hashtag leads into the channel itself.
            if !links.contains(&link) && links.len() < MOST_LINKS && !link.contains("?q=%23") {
                links.push(link);
            }
        }
        let byline = line(".tgme_widget_message_from_author");
        Some(Self { id, address, text, published, byline, more: model::Post { forwarded_from, edited, links } })
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
        let entries = telegram(page().as_bytes(), &Origin::at("https://t.me/s/oidan")).unwrap().entries;
        assert_eq!(entries.len(), 1);
        let entry = &entries[0];
        assert_eq!(entry.feed_title.as_deref(), Some("Ойдан арна"));
        assert_eq!(entry.id.as_deref(), Some("oidan/7"));
        assert_eq!(entry.url.as_deref(), Some("https://t.me/oidan/7"));
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
        assert_eq!(telegram(empty.as_bytes(), &Origin::at("https://t.me/s/x")).unwrap().entries, []);
    }

    /// Everything that a preview says of a post, as the preview writes it.
    #[test]
    fn a_post_is_read_whole() {
        let body = r##"<a class="tgme_widget_message_reply"><div class="tgme_widget_message_metatext">Ескі</div></a>
            <div class="tgme_widget_message_forwarded_from accent_color">Forwarded from <a class="tgme_widget_message_forwarded_from_name" href="https://t.me/basqa/3"><span dir="auto">Басқа арна</span></a></div>
            <div class="tgme_widget_message_text js-message_text">Сот шешімі <a href="https://outlet.example/news/1?a=1" target="_blank">мұнда</a>
            <a href="?q=%23сот">#сот</a> <a href="https://outlet.example/news/1?a=1">тағы</a></div>
            <a class="tgme_widget_message_link_preview" href="https://outlet.example/news/2"><div class="link_preview_title">Т</div></a>"##;
        let message = message("oidan/9", body).replace(
            r#"<a class="tgme_widget_message_date""#,
            r#"<span class="tgme_widget_message_views">1.2K</span><span class="tgme_widget_message_meta">edited &nbsp;<a class="tgme_widget_message_date""#,
        );
        let service = r#"<div class="tgme_widget_message service_message" data-post="oidan/8"><div class="tgme_widget_message_text">Oidan pinned a photo</div></div>"#;
        let poll = self::message(
            "oidan/10",
            r#"<div class="tgme_widget_message_poll"><div class="tgme_widget_message_poll_question">Кім кінәлі?</div></div>"#,
        );
        let more = r#"<a href="/s/oidan?before=7" class="tme_messages_more js-messages_more" data-before="7"></a>"#;
        let html = format!(r#"<section class="tgme_channel_history">{more}{service}{message}{poll}</section>"#);
        let page = telegram(html.as_bytes(), &Origin::at("https://t.me/s/oidan")).unwrap();
        assert_eq!(page.next.as_deref(), Some("https://t.me/s/oidan?before=7"));
        assert_eq!(
            page.entries.iter().map(|entry| entry.id.as_deref().unwrap()).collect::<Vec<_>>(),
            ["oidan/9", "oidan/10"]
        );
        assert_eq!(page.entries[1].title.as_deref(), Some("Кім кінәлі?"));
        assert_eq!(page.entries[1].post, Some(model::Post::default()));
        let post = page.entries[0].post.clone().unwrap();
        assert_eq!(post.forwarded_from.as_deref(), Some("Басқа арна"));
        assert!(post.edited);
        assert_eq!(post.links, ["https://outlet.example/news/1?a=1", "https://outlet.example/news/2"]);
        let article = super::post(&parse(&html), Some("https://t.me/oidan/9")).unwrap();
        assert_eq!(article.byline.as_deref(), Some("Басқа арна"));
    }

    #[test]
    fn channels_are_known_by_any_address() {
        let check = |address: &str, expect: Option<&str>| {
            let expect = expect.map(|name| format!("https://t.me/s/{name}"));
            assert_eq!(preview_of(address), expect, "{address}");
        };
        check("https://t.me/oidan_arna", Some("oidan_arna"));
        check("http://www.t.me/s/oidan_arna?before=7", Some("oidan_arna"));
        check("https://telegram.me/Oidan1/15", Some("Oidan1"));
        check("tg://resolve?domain=oidan_arna&post=3", Some("oidan_arna"));
        check(" @oidan_arna ", Some("oidan_arna"));
        check("https://t.me/+AbCdEf", None);
        check("https://t.me/joinchat/AAAA", None);
        check("https://t.me/share/url?url=https://outlet.example", None);
        check("https://t.me/c/123/4", None);
        check("https://t.me/oidan_bot", None);
        check("https://t.me/", None);
        check("https://not-t.me/oidan_arna", None);
        check("oidan_arna", None);
    }

    #[test]
    fn long_posts_get_a_short_headline() {
        let words = "сөз ".repeat(100);
        assert!(headline(&words).len() <= LONGEST_HEADLINE + '…'.len_utf8());
        assert_eq!(headline(&format!("Қысқа сөйлем. {words}")), "Қысқа сөйлем.");
        assert_eq!(headline(""), "");
    }
}
