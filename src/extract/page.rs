//! One article out of a page's boilerplate.
//!
//! The order: configured selectors; what the page says of itself in structured data; the general
//! extractor (crate `trafilatura`) for the text. A page without an article is told apart from one
//! with: a notice of payment or consent is never stored as a story.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;
use scraper::{Html, Selector};
use trafilatura::{ExtractionFocus, Options};

use super::charset::decode_page;
use super::gunzip::unpacked;
use super::html::{bounded, paragraphs_of, paragraphs_of_fragment};
use super::metadata::Metadata;
use super::nags::{is_stub, without_nags};
use super::plain::one_line;
use super::{Article, NoArticle, telegram};
use crate::config::PageSelect;

/// Fewest words of an article. The shortest news in brief have some thirty.
const FEWEST_WORDS: usize = 15;
/// Most bytes of text kept.
const LONGEST_TEXT: usize = 1 << 20;

/// Reads the article of a page.
///
/// `content_type` is the header as it came; `url` the address that answered; `captured` when, so
/// that no date of publication lies more than a day after it.
///
/// # Errors
/// [`NoArticle`] where the bytes are no page, hold too little text, or ask for payment or consent.
pub fn page(
    body: &[u8],
    content_type: Option<&str>,
    url: Option<&str>,
    select: &PageSelect,
    captured: Option<Timestamp>,
) -> Result<Article, NoArticle> {
    let bytes = unpacked(body);
    if let Some(kind) = not_html(&bytes, content_type) {
        return Err(NoArticle::because(format!("this is no web page but {kind}")));
    }
    let text = decode_page(&bytes, content_type);
    if text.trim().is_empty() {
        return Err(NoArticle::because("the page is empty"));
    }
    if !text.contains('<') {
        return Err(NoArticle::because("this is plain text, not a web page"));
    }
    let text = bounded(&text);
    let mut html = Html::parse_document(&text);
    drop_chosen(&mut html, &select.drop);
    if let Some(article) = telegram::post(&html, url) {
        return match article.text.is_empty() {
            true => Err(NoArticle::because("the post has no words, only pictures")),
            false => Ok(article),
        };
    }
    let about = Metadata::read(&html, url, captured);
    let title = about.title(select);
    let paragraphs = match of_selector(&html, select.text.as_deref()) {
        Some(paragraphs) => paragraphs,
        None => general(&text, &about, &select.drop),
    };
    let paragraphs = without_nags(&paragraphs, &title);
    let words = paragraphs.split_whitespace().count();
    if let Some(reason) = is_stub(&title, &paragraphs, about.is_for_payers()) {
        return Err(NoArticle::because(reason));
    }
    if words < FEWEST_WORDS && !is_unspaced(&paragraphs) {
        return Err(NoArticle::because(format!("too little text for an article: {words} words")));
    }
    let lang = language(about.language(), &paragraphs);
    Ok(Article {
        url: about.address(),
        title,
        published: about.published(select),
        byline: about.byline(select),
        site: about.site(),
        lang,
        text: super::plain::clip(&paragraphs, LONGEST_TEXT).to_owned(),
    })
}

/// What the bytes are where header or first bytes say plainly that they are no page.
fn not_html(bytes: &[u8], content_type: Option<&str>) -> Option<Cow<'static, str>> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF document"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"PK\x03\x04", "an archive or office document"),
        (b"\xd0\xcf\x11\xe0", "an office document"),
        (b"Rar!", "an archive"),
        (b"RIFF", "a picture, sound or film"),
        (b"ID3", "sound"),
        (b"OggS", "sound"),
    ];
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(Cow::Borrowed(kind));
    }
    let kind = content_type?.split(';').next()?.trim().to_ascii_lowercase();
    let is_page = kind.is_empty()
        || kind.contains("html")
        || kind.contains("xml")
        || matches!(kind.as_str(), "text/plain" | "application/octet-stream" | "content/unknown");
    // Servers that call a page by a wrong name still send its markup.
    let begins_as_page = || {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).to_ascii_lowercase();
        head.contains("<!doctype html") || head.contains("<html")
    };
    (!is_page && !begins_as_page()).then(|| Cow::Owned(kind))
}

/// Takes the configured parts out of the tree.
fn drop_chosen(html: &mut Html, drop: &[String]) {
    for css in drop {
        let Ok(selector) = Selector::parse(css) else { continue };
        let dropped: Vec<_> = html.select(&selector).map(|element| element.id()).collect();
        for id in dropped {
            if let Some(mut node) = html.tree.get_mut(id) {
                node.detach();
            }
        }
    }
}

fn of_selector(html: &Html, css: Option<&str>) -> Option<String> {
    let selector = Selector::parse(css?).ok()?;
    let parts: Vec<_> = html.select(&selector).collect();
    // An element inside another that matches too would be read twice.
    let outermost = parts.iter().filter(|part| {
        !part.ancestors().any(|ancestor| parts.iter().any(|other| other.id() == ancestor.id()))
    });
    let text: Vec<String> = outermost.map(|part| paragraphs_of(*part)).filter(|text| !text.is_empty()).collect();
    (!text.is_empty()).then(|| text.join("\n\n"))
}

/// The general extractor, and where it finds too little, the text that structured data holds.
fn general(text: &str, about: &Metadata<'_>, drop: &[String]) -> String {
    let found = main_text(text, drop).unwrap_or_default();
    match about.linked_body() {
        Some(body) if body.len() > found.len() * 2 => {
            let told = paragraphs_of_fragment(&body.replace("\r\n", "\n").replace('\n', "<p>"));
            if one_line(&told).len() > found.len() * 2 { told } else { found }
        }
        _ => found,
    }
}

fn main_text(text: &str, drop: &[String]) -> Option<String> {
    let mut options = Options::default()
        .with_fallback(true)
        .with_focus(ExtractionFocus::FavorPrecision)
        .with_exclude_comments(true)
        .with_html_date_mode(trafilatura::HtmlDateMode::Disabled);
    if !drop.is_empty() {
        options = options.with_prune_selector(drop.join(", "));
    }
    // Hostile markup may bring the extractor to panic; then the page has no article.
    let extracted = catch_unwind(AssertUnwindSafe(|| trafilatura::extract(text, &options))).ok()?.ok()?;
    Some(paragraphs_of_fragment(&extracted.content_html))
}

/// Chinese, Japanese and Thai write without spaces.
fn is_unspaced(text: &str) -> bool {
    text.chars().filter(|letter| matches!(letter, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')).count() > 60
}

/// The declared language, where the letters of the text allow it; else what the letters say.
fn language(declared: Option<String>, text: &str) -> Option<String> {
    let (mut cyrillic, mut latin, mut kazakh, mut ukrainian) = (0_u32, 0_u32, 0_u32, 0_u32);
    for letter in text.chars().take(20_000) {
        match letter {
            'қ' | 'ғ' | 'ұ' | 'Қ' | 'Ғ' | 'Ұ' => {
                cyrillic += 1;
                kazakh += 1;
            }
            'ї' | 'є' | 'ґ' | 'Ї' | 'Є' | 'Ґ' => {
                cyrillic += 1;
                ukrainian += 1;
            }
            '\u{400}'..='\u{52f}' => cyrillic += 1,
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => latin += 1,
            _ => {}
        }
    }
    let in_cyrillic = ["ru", "kk", "uk", "be", "bg", "ky", "tg", "mn", "tt", "sr", "mk", "ba", "uz"];
    let declares_cyrillic = declared.as_deref().is_some_and(|lang| in_cyrillic.contains(&lang));
    if cyrillic > latin {
        return match () {
            () if kazakh * 100 > cyrillic => Some("kk".to_owned()),
            () if declares_cyrillic && declared.as_deref() != Some("kk") => declared,
            () if ukrainian * 200 > cyrillic => Some("uk".to_owned()),
            () => Some("ru".to_owned()),
        };
    }
    match latin > 0 && declares_cyrillic && !matches!(declared.as_deref(), Some("kk" | "uz" | "sr")) {
        true => None,
        false => declared,
    }
}
