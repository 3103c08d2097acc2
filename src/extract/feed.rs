//! RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed → entries.
//!
//! The parsing is `feedparser-rs`'s, behind a repair stage for the faults of real feeds; dates are
//! read from the letters of the feed, since its date parser knows English only.

use std::panic::{AssertUnwindSafe, catch_unwind};

use feedparser_rs::types::TextType;
use feedparser_rs::{ParseOptions, ParsedFeed};

use super::address::{host, resolve};
use super::charset::decode_feed;
use super::dates::{DateHint, date};
use super::gunzip::unpacked;
use super::plain::{clip, one_line, plain};
use super::repair::{find_ignoring_case, mend, root, tidy};
use super::{Feed, NotAFeed};
use crate::model::{Entry, Moment};

/// Longest title kept, in bytes.
const LONGEST_TITLE: usize = 2 * 1024;
/// Longest summary kept, in bytes.
const LONGEST_SUMMARY: usize = 16 * 1024;

/// Reads a feed; relative links count from `base`, the address that answered.
///
/// An empty feed is a feed. Times without a zone are Kazakhstan's where `base` is a host under
/// `.kz`, else UTC.
///
/// # Errors
/// [`NotAFeed`] where the bytes are no feed, saying what they look like instead.
pub fn feed(body: &[u8], content_type: Option<&str>, base: &str) -> Result<Feed, NotAFeed> {
    let text = tidy(&decode_feed(&unpacked(body), content_type));
    recognise(&text)?;
    let Some(parsed) = parse(&text) else {
        // An outlet that has nothing to say sends a feed without a channel.
        let is_empty = root(&text).is_some_and(is_feed) && !["<item", "<entry"].iter().any(|tag| text.contains(tag));
        return match is_empty {
            true => Ok(Feed { title: None, entries: Vec::new() }),
            false => Err(NotAFeed::because("the feed cannot be read: it is no RSS, Atom or JSON Feed, or its markup is broken")),
        };
    };
    let hint = DateHint { captured: None, kazakhstan: is_kazakhstani(base) };
    let title = parsed.feed.title.as_deref().map(plain).and_then(not_empty);
    let entries = parsed.entries.iter().map(|entry| self::entry(entry, title.as_deref(), base, hint)).collect();
    Ok(Feed { title, entries })
}

fn is_feed(root: &str) -> bool {
    let name = root.rsplit(':').next().unwrap_or(root);
    ["rss", "feed", "rdf"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Does a site under this address keep Kazakhstan's time?
pub fn is_kazakhstani(address: &str) -> bool {
    host(address).is_some_and(|host| host.ends_with(".kz") || host.ends_with(".xn--80ao21a"))
}

/// Says early what the bytes are where they are plainly no feed.
fn recognise(text: &str) -> Result<(), NotAFeed> {
    if text.trim_start().starts_with('{') {
        return match text.contains("jsonfeed.org/version") {
            true => Ok(()),
            false => Err(NotAFeed::because("this is JSON, but no JSON Feed: it has no `version` of jsonfeed.org")),
        };
    }
    let Some(root) = root(text) else {
        return Err(NotAFeed::because(match text.trim().is_empty() {
            true => "there is no feed here: nothing but empty space or plain text",
            false => "there is no feed here: no element begins it",
        }));
    };
    match root.rsplit(':').next().unwrap_or(root).to_ascii_lowercase().as_str() {
        "urlset" | "sitemapindex" => Err(NotAFeed::because("this is a sitemap; set `kind = \"sitemap\"` for this feed")),
        "opml" => Err(NotAFeed::because("this is a list of feeds (OPML), not a feed; name the feeds themselves")),
        "html" if find_ignoring_case(text, "<rss").or_else(|| find_ignoring_case(text, "<feed")).is_none() => Err(
            NotAFeed::because("an HTML page came instead of a feed; look for its `<link rel=\"alternate\">`, or set `kind = \"listing\"`"),
        ),
        _ => Ok(()),
    }
}

/// Parses as it stands; a feed that is not read whole is mended and parsed again, and the reading
/// that found more entries counts.
fn parse(text: &str) -> Option<ParsedFeed> {
    let first = parse_once(text);
    if first.as_ref().is_some_and(|feed| !feed.bozo && !feed.entries.is_empty()) {
        return first;
    }
    let json = text.starts_with('{');
    let second = if json { None } else { parse_once(&mend(text)) };
    match (first, second) {
        (Some(first), Some(second)) if second.entries.len() >= first.entries.len() => Some(second),
        (Some(first), _) => Some(first),
        (None, second) => second,
    }
    // What is no known feed comes back as an empty one with a fault.
    .filter(|feed| !feed.entries.is_empty() || !feed.bozo || feed.feed.title.is_some())
}

fn parse_once(text: &str) -> Option<ParsedFeed> {
    // Nothing of a feed is printed as HTML, so sanitising would only cost time and escape titles.
    let options = ParseOptions { sanitize_html: false, ..ParseOptions::default() };
    // The parser has never been seen to panic; hostile input would be the first to make it.
    catch_unwind(AssertUnwindSafe(|| feedparser_rs::parse_with_options(text.as_bytes(), &options))).ok()?.ok()
}

fn entry(entry: &feedparser_rs::Entry, feed_title: Option<&str>, base: &str, hint: DateHint) -> Entry {
    let id = entry.id.as_deref().map(one_line).and_then(not_empty);
    let permalink = || id.as_deref().filter(|id| entry.guidislink != Some(false) && id.starts_with("http"));
    let link = entry.link.as_deref().map(one_line).and_then(not_empty);
    let url = link.as_deref().and_then(|link| resolve(link, Some(base)));
    let url = url.or_else(|| permalink().and_then(|id| resolve(id, Some(base))));
    let is_text = |kind: Option<TextType>| kind == Some(TextType::Text);
    let said = |text: &str, kind: Option<TextType>, most: usize| {
        // RSS says of nothing that it is markup, and writes markup everywhere.
        let line = match is_text(kind) && !text.contains(['<', '&']) {
            true => one_line(clip(text, most * 2)),
            false => plain(clip(text, most * 2)),
        };
        not_empty(clip(&line, most).to_owned())
    };
    let title = entry.title.as_deref().or(entry.media_title.as_deref());
    let title = title.and_then(|title| said(title, entry.title_detail.as_ref().map(|detail| detail.content_type), LONGEST_TITLE));
    let summary = entry.summary.as_deref().or_else(|| entry.content.first().map(|content| content.value.as_str()));
    let summary = summary.and_then(|summary| said(summary, None, LONGEST_SUMMARY));
    Entry { feed_title: feed_title.map(str::to_owned), id, url, title, published: published(entry, hint), summary }
}

/// When it was published; else what the feed says of its update or making.
fn published(entry: &feedparser_rs::Entry, hint: DateHint) -> Option<Moment> {
    let written = [&entry.published_str, &entry.updated_str, &entry.created_str];
    let read = [entry.published.or(entry.dc_date), entry.updated, entry.created];
    written.iter().zip(read).find_map(|(written, read)| {
        written.as_deref().and_then(|text| date(text, Some(hint))).or_else(|| {
            jiff::Timestamp::from_second(read?.timestamp()).ok().map(Moment::utc)
        })
    })
}

fn not_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
