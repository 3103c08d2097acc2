//! What was seen of the web: entries, pages, where their bytes lie, and how feeds fare.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Ask, Moment};

/// What a feed announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Title of the feed.
    pub feed_title: Option<String>,
    /// The entry's own id (GUID), as announced.
    pub id: Option<String>,
    /// Absolute address of the article.
    pub url: Option<String>,
    /// Headline, as plain text.
    pub title: Option<String>,
    /// When it was published, where that could be read.
    pub published: Option<Moment>,
    /// Summary, as plain text.
    pub summary: Option<String>,
    /// What a channel's preview says of a post beside its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Post>,
}

/// An announced article whose page has not come yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// Name of its source.
    pub source: String,
    /// The address that was announced.
    pub url: String,
    /// What else was announced with it, but for the summary.
    pub entry: Entry,
    /// When it was announced.
    pub since: Timestamp,
    /// How often it has been asked for in vain.
    pub tries: u32,
    /// When to ask for it again.
    pub next: Timestamp,
}

/// What the preview of a public channel says of a post beside its words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Name of the channel or person that it was forwarded from.
    pub forwarded_from: Option<String>,
    /// It was changed after it was published.
    pub edited: bool,
    /// Absolute addresses that its text and its preview link to, each once, in order.
    pub links: Vec<String>,
}

/// A digest (or any bytes) in lower-case hexadecimal digits, as records and JSON spell it.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Fetched bytes with the address that answered.
#[derive(Debug, Clone)]
pub struct Page {
    /// The address after redirects.
    pub url: String,
    /// Where the address asked for has moved for good: as far as every redirect in a row was a
    /// permanent one (301, 308; RFC 9110, 15.4).
    pub moved: Option<String>,
    /// Header names (lower-case) and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body after decompression, capped.
    pub body: Vec<u8>,
    /// When it was captured.
    pub captured: Timestamp,
    /// How it came over HTTP; `None` where it was handed in.
    pub wire: Option<Wire>,
}

/// What is known of the exchange that brought a page, beside its body and headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    /// Status code of the answer.
    pub status: u16,
    /// Protocol spoken, by its ALPN name: `http/1.1`, `h2`.
    pub protocol: String,
    /// The address that answered; unknown behind a proxy.
    pub peer: Option<std::net::IpAddr>,
    /// Names (lower-case) and values of the request's headers, beside Host; empty where it is not known.
    pub asked: Vec<(String, String)>,
    /// Addresses that redirected here, the one asked first first.
    pub via: Vec<String>,
    /// The WARC and the record in it, where somebody else captured the page; what was asked is not
    /// known then.
    pub taken_from: Option<String>,
}

/// Where the bytes of a page lie in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// File of the archive, without folders.
    pub file: String,
    /// `WARC-Record-ID` of the record with the bytes, without angle brackets.
    pub record: String,
}

/// What vouches for a story: the page that it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// SHA-256 of the page's bytes, unpacked, in hexadecimal digits.
    pub sha256: String,
    /// Where they lie; `None` where they were not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// How to ask for it again; of a candidate's page only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<Ask>,
}

impl Page {
    /// The first header of a (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What is remembered of a feed between two polls.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Poll {
    /// ETag of the last answer, sent back as If-None-Match (RFC 9110).
    pub etag: Option<String>,
    /// Last-Modified of the last answer, sent back as If-Modified-Since.
    pub last_modified: Option<String>,
    /// SHA-256 of the last body: it decides, since servers lie about ETag.
    pub body_hash: Option<String>,
    /// When it is due again.
    pub next_due: Option<Timestamp>,
    /// Failures since the last success; counted in fractions.
    pub failures: f64,
    /// The last failure, in words.
    pub error: Option<String>,
    /// When it last answered well.
    pub last_success: Option<Timestamp>,
    /// When it last announced an entry we did not know.
    pub last_new_entry: Option<Timestamp>,
    /// Where it has moved for good and answered as a feed: asked there first from then on.
    pub moved: Option<String>,
    /// Usual time between two of its entries, in seconds, by their dates.
    pub gap: Option<u64>,
    /// Answers in a row that announced nothing new.
    pub quiet: u32,
    /// How long the site wants its last answer to be taken for fresh, in seconds (Cache-Control,
    /// `ttl`, the syndication module).
    pub hold: Option<u64>,
    /// Hours of the day, UTC, in which the feed asks to be left alone (`skipHours`), 0 to 23.
    pub skip_hours: Vec<u8>,
    /// Days of the week in which the feed asks to be left alone (`skipDays`), 1 (Monday) to 7.
    pub skip_days: Vec<u8>,
    /// Entries in a row whose page gave no article.
    pub unread: u32,
}

/// What one source did on one day: what a later report needs to say who was alive then.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Health {
    /// Polls that answered (a "not modified" is an answer).
    pub polls_ok: u32,
    /// Polls that failed.
    pub polls_failed: u32,
    /// Entries announced that were not known.
    pub entries: u32,
    /// Stories kept.
    pub stories: u32,
    /// Stories that became candidates.
    pub candidates: u32,
    /// Pages refused, quarantined or failed.
    pub set_aside: u32,
    /// Stories kept, by language of their text.
    pub languages: BTreeMap<String, u32>,
}

/// An input set aside with the reason, never dropped in silence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    /// Address or file of the input.
    pub origin: String,
    /// Source it belongs to.
    pub source: Option<String>,
    /// Why it was set aside.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}
