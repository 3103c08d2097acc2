//! RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed → entries.
//!
//! The parsing is `feedparser-rs`'s, behind a repair stage for the faults of real feeds; dates are
//! read from the letters of the feed, since its date parser knows English only.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use feedparser_rs::types::TextType;
use feedparser_rs::{ParseOptions, ParsedFeed, UpdatePeriod};

use super::address::{host, resolve};
use super::charset::decode_feed;
use super::dates::{DateHint, date};
use super::gunzip::unpacked;
use super::plain::{clip, one_line, plain};
use super::repair::{find_ignoring_case, mend, root, tidy};
use super::{Feed, NotAFeed, Origin, Wishes, veil};
use crate::model::{Entry, Moment};

/// Longest title kept, in bytes.
const LONGEST_TITLE: usize = 2 * 1024;
/// Longest summary kept, in bytes.
const LONGEST_SUMMARY: usize = 16 * 1024;

/// Reads a feed; relative links count from the address that answered.
///
/// An empty feed is a feed. Times without a zone are Kazakhstan's where the source is of that
/// country or its host under `.kz`, else UTC.
///
/// # Errors
/// [`NotAFeed`] where the bytes are no feed, saying what they look like instead.
pub fn feed(body: &[u8], origin: &Origin<'_>) -> Result<Feed, NotAFeed> {
    let text = tidy(&decode_feed(&unpacked(body), origin.content_type));
    recognise(&text)?;
    let Some(parsed) = parse(&veil::hide(&text)) else {
        // An outlet that has nothing to say sends a feed without a channel.
        let is_empty = root(&text).is_some_and(is_feed) && !["<item", "<entry"].iter().any(|tag| text.contains(tag));
        return match is_empty {
            true => Ok(Feed { title: None, entries: Vec::new(), wishes: Wishes::default() }),
            false => Err(NotAFeed::because(
                "the feed cannot be read: it is no RSS, Atom or JSON Feed, or its markup is broken",
            )),
        };
    };
    let (base, hint) = (origin.base(), DateHint { captured: None, ..origin.hint() });
    let title = parsed.feed.title.as_deref().map(|title| plain(&veil::show(title))).and_then(not_empty);
    let entries = parsed.entries.iter().map(|entry| self::entry(entry, title.as_deref(), base, hint)).collect();
    Ok(Feed { title, entries, wishes: wishes(&parsed.feed) })
}

/// What the feed says of when it wants to be asked: RSS 2.0 `ttl`, `skipHours` and `skipDays`, and the
/// syndication module of RSS 1.0.
fn wishes(feed: &feedparser_rs::FeedMeta) -> Wishes {
    let minutes = feed.ttl.as_deref().and_then(|minutes| minutes.trim().parse::<u32>().ok());
    let rhythm = feed.syndication.as_deref().and_then(|rhythm| {
        let times = rhythm.update_frequency.as_deref().and_then(|times| times.trim().parse::<u64>().ok());
        const HOUR: u64 = 60 * 60;
        let period = match rhythm.update_period? {
            UpdatePeriod::Hourly => HOUR,
            UpdatePeriod::Daily => 24 * HOUR,
            UpdatePeriod::Weekly => 7 * 24 * HOUR,
            // Nobody who writes news means these.
            UpdatePeriod::Monthly | UpdatePeriod::Yearly => return None,
        };
        Some(Duration::from_secs(period / times.filter(|times| *times > 0).unwrap_or(1)))
    });
    let ttl = minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
    let mut skip_hours: Vec<u8> = feed.skiphours.iter().filter_map(|hour| u8::try_from(*hour).ok()).collect();
    skip_hours.retain(|hour| *hour < 24);
    skip_hours.sort_unstable();
    let day = |name: &String| {
        const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let name = name.to_ascii_lowercase();
        DAYS.iter().position(|day| name.starts_with(day)).map(|at| at as u8 + 1)
    };
    let mut skip_days: Vec<u8> = feed.skipdays.iter().filter_map(day).collect();
    skip_days.sort_unstable();
    skip_days.dedup();
    // WordPress writes "hourly" into every feed without meaning it: the module counts where no `ttl` stands.
    Wishes { ttl: ttl.or(rhythm).filter(|wish| !wish.is_zero()), skip_hours, skip_days }
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
        "urlset" | "sitemapindex" => {
            Err(NotAFeed::because("this is a sitemap; set `kind = \"sitemap\"` for this feed"))
        }
        "opml" => Err(NotAFeed::because("this is a list of feeds (OPML), not a feed; name the feeds themselves")),
        "html" if find_ignoring_case(text, "<rss").or_else(|| find_ignoring_case(text, "<feed")).is_none() => {
            Err(NotAFeed::because(
                "an HTML page came instead of a feed; look for its `<link rel=\"alternate\">`, or set `kind = \"listing\"`",
            ))
        }
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
    // An entry cut off before its address is none that anybody can follow.
    let found =
        |feed: &ParsedFeed| feed.entries.iter().filter(|entry| entry.link.is_some() || entry.id.is_some()).count();
    let json = text.starts_with('{');
    let second = if json { None } else { parse_once(&mend(text)) };
    match (first, second) {
        (Some(first), Some(second)) if found(&second) >= found(&first) => Some(second),
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

fn entry(entry: &feedparser_rs::Entry, feed_title: Option<&str>, base: &str, hint: DateHint<'_>) -> Entry {
    let id = entry.id.as_deref().map(|id| one_line(&veil::show(id))).and_then(not_empty);
    let permalink = || id.as_deref().filter(|id| entry.guidislink != Some(false) && id.starts_with("http"));
    // The parser leaves references in attributes unread, and feeds escape addresses twice.
    let address = |link: &str| resolve(&one_line(&veil::show(link).replace("&amp;", "&")), Some(base));
    let is_article = |rel: Option<&str>| matches!(rel, None | Some("alternate" | "self"));
    let url = entry.link.as_deref().and_then(address);
    let url = url.or_else(|| {
        let links = entry.links.iter().filter(|link| is_article(link.rel.as_deref()));
        links.map(|link| link.href.as_str()).find_map(address)
    });
    let url = url.or_else(|| permalink().and_then(|id| resolve(id, Some(base))));
    let is_text = |kind: Option<TextType>| kind == Some(TextType::Text);
    let said = |text: &str, kind: Option<TextType>, most: usize| {
        // RSS says of nothing that it is markup, and writes markup everywhere.
        let text = veil::show(text);
        let line = match is_text(kind) && !text.contains(['<', '&']) {
            true => one_line(clip(&text, most * 2)),
            false => plain(clip(&text, most * 2)),
        };
        not_empty(clip(&line, most).to_owned())
    };
    let title = entry.title.as_deref().or(entry.media_title.as_deref());
    let title = title
        .and_then(|title| said(title, entry.title_detail.as_ref().map(|detail| detail.content_type), LONGEST_TITLE));
    let summary = entry.summary.as_deref().or_else(|| entry.content.first().map(|content| content.value.as_str()));
    let summary = summary.and_then(|summary| said(summary, None, LONGEST_SUMMARY));
    let (feed_title, published) = (feed_title.map(str::to_owned), published(entry, hint));
    Entry { feed_title, id, url, title, published, summary, post: None }
}

/// When it was published; else what the feed says of its update or making.
fn published(entry: &feedparser_rs::Entry, hint: DateHint<'_>) -> Option<Moment> {
    let written = [&entry.published_str, &entry.updated_str, &entry.created_str];
    let read = [entry.published.or(entry.dc_date), entry.updated, entry.created];
    written.iter().zip(read).find_map(|(written, read)| {
        written
            .as_deref()
            .and_then(|text| date(text, Some(hint)))
            .or_else(|| jiff::Timestamp::from_second(read?.timestamp()).ok().map(Moment::utc))
    })
}

fn not_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BASE: &str = "https://outlet.example/rss/";

    /// One line an entry: address, title, date, summary.
    fn told(body: &[u8], content_type: Option<&str>) -> Vec<String> {
        let feed = feed(body, &Origin { content_type, ..Origin::at(BASE) }).unwrap();
        let line = |entry: Entry| {
            let published = entry.published.map(|moment| moment.to_string());
            [entry.url, entry.title, published, entry.summary].map(Option::unwrap_or_default).join(" | ")
        };
        feed.entries.into_iter().map(line).collect()
    }

    fn check(body: &str, expect: &[&str]) {
        assert_eq!(told(body.as_bytes(), None), expect, "{body}");
    }

    #[test]
    fn every_format_gives_the_same_entry() {
        let expect = &["https://outlet.example/news/1 | Сот шешімі | 2026-11-23T09:05:00+05:00 | Қысқаша"];
        check(
            r#"<?xml version="1.0"?><rss version="2.0"><channel><title>Т</title><item><title>Сот шешімі</title><link>https://outlet.example/news/1</link>
            <pubDate>Mon, 23 Nov 2026 09:05:00 +0500</pubDate><description>&lt;p&gt;Қысқаша&lt;/p&gt;</description></item></channel></rss>"#,
            expect,
        );
        check(
            r#"<rss version="0.91"><channel><item><title>Сот шешімі</title><link>/news/1</link><pubDate>23 қараша 2026, 09:05 +05:00</pubDate>
            <description>Қысқаша</description></item></channel></rss>"#,
            expect,
        );
        check(
            r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
            <channel rdf:about="x"><title>Т</title></channel><item rdf:about="https://outlet.example/news/1"><title>Сот шешімі</title>
            <link>https://outlet.example/news/1</link><dc:date>2026-11-23T09:05:00+05:00</dc:date><description>Қысқаша</description></item></rdf:RDF>"#,
            expect,
        );
        check(
            r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Т</title><entry><title type="html">Сот &lt;b&gt;шешімі&lt;/b&gt;</title><id>urn:1</id>
            <link rel="self" href="https://outlet.example/api/1"/><link href="https://outlet.example/news/1"/><published>2026-11-23T09:05:00+05:00</published>
            <updated>2026-11-24T00:00:00Z</updated><summary>Қысқаша</summary></entry></feed>"#,
            expect,
        );
        check(
            r#"{"version":"https://jsonfeed.org/version/1.1","title":"Т","items":[{"id":"1","url":"https://outlet.example/news/1","title":"Сот шешімі",
            "date_published":"2026-11-23T09:05:00+05:00","summary":"Қысқаша"}]}"#,
            expect,
        );
    }

    #[test]
    fn faults_of_real_feeds_lose_no_entry() {
        let item =
            |inside: &str| format!("<rss version='2.0'><channel><title>Т</title><item>{inside}</item></channel></rss>");
        let link = "<link>https://outlet.example/1</link>";
        check(
            &item(&format!("<title>Рога & Копыта</title>{link}")),
            &["https://outlet.example/1 | Рога & Копыта |  | "],
        );
        check(
            &item(&format!("<title>AT&amp;T &amp;mdash; иск</title>{link}")),
            &["https://outlet.example/1 | AT&T — иск |  | "],
        );
        check(
            &item(&format!("<description><p>Абзац<br>ещё & ещё</description><title>Т</title>{link}")),
            &["https://outlet.example/1 | Т |  | Абзац ещё & ещё"],
        );
        check(&format!("\n\n junk{}", item(link)), &["https://outlet.example/1 |  |  | "]);
        check(&item(&format!("<title>a\u{1}b</title>{link}")), &["https://outlet.example/1 | ab |  | "]);
        check(
            &item(&format!("<TITLE>Т</TITLE>{link}"))
                .to_uppercase()
                .replace("HTTPS://OUTLET.EXAMPLE", "https://outlet.example"),
            &["https://outlet.example/1 | Т |  | "],
        );
        check(
            &item(&format!("<title>Т</title>{link}</item><item><title>cut")).replace("</item></channel></rss>", ""),
            &["https://outlet.example/1 | Т |  | "],
        );
        check(
            r#"<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>a</title><link href="/x?a=1&amp;b=2"/></entry></feed>"#,
            &["https://outlet.example/x?a=1&b=2 | a |  | "],
        );
        check(&item("<guid>https://outlet.example/7</guid><title>x</title>"), &["https://outlet.example/7 | x |  | "]);
        check(&item("<guid isPermaLink='false'>https://outlet.example/7</guid><title>x</title>"), &[" | x |  | "]);
    }

    #[test]
    fn the_letters_of_a_feed_are_read_by_what_they_are() {
        let text = "<?xml version='1.0' encoding='ENCODING'?><rss version='2.0'><channel><item><title>Журналиста оштрафовали за репортаж с митинга</title></item></channel></rss>";
        let expect = [" | Журналиста оштрафовали за репортаж с митинга |  | "];
        let cyrillic = encoding_rs::WINDOWS_1251;
        assert_eq!(told(&cyrillic.encode(&text.replace("ENCODING", "windows-1251")).0, None), expect);
        assert_eq!(told(&cyrillic.encode(&text.replace("ENCODING", "utf-8")).0, None), expect);
        assert_eq!(told(text.replace("ENCODING", "windows-1251").as_bytes(), Some("text/xml; charset=koi8-r")), expect);
    }

    #[test]
    fn times_without_a_zone_are_local_under_kz() {
        let body = b"<rss version='2.0'><channel><item><title>x</title><pubDate>23.11.2026 09:05</pubDate></item></channel></rss>";
        let at = |base: &str| feed(body, &Origin::at(base)).unwrap().entries[0].published.unwrap().to_string();
        assert_eq!(at("https://outlet.kz/rss"), "2026-11-23T09:05:00+05:00");
        assert_eq!(at("https://outlet.example/rss"), "2026-11-23T09:05:00Z");
    }

    #[test]
    fn a_feed_may_say_when_it_wants_to_be_asked() {
        let check = |inside: &str, minutes: Option<u64>, hours: &[u8], days: &[u8]| {
            let xml = format!(
                "<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><title>Т</title>{inside}<item><title>x</title></item></channel></rss>"
            );
            let wishes = feed(xml.as_bytes(), &Origin::at(BASE)).unwrap().wishes;
            assert_eq!(wishes.ttl, minutes.map(|minutes| Duration::from_secs(minutes * 60)), "{inside}");
            assert_eq!((wishes.skip_hours.as_slice(), wishes.skip_days.as_slice()), (hours, days), "{inside}");
        };
        check("", None, &[], &[]);
        check("<ttl>60</ttl>", Some(60), &[], &[]);
        check("<ttl> 0 </ttl>", None, &[], &[]);
        check("<ttl>soon</ttl>", None, &[], &[]);
        check("<skipHours><hour>3</hour><hour>0</hour><hour>24</hour></skipHours>", None, &[0, 3], &[]);
        check("<skipDays><day>Sunday</day><day>Saturday</day><day>Funday</day></skipDays>", None, &[], &[6, 7]);
        check(
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            Some(360),
            &[],
            &[],
        );
        check("<ttl>10</ttl><sy:updatePeriod>weekly</sy:updatePeriod>", Some(10), &[], &[]);
        check("<sy:updatePeriod>yearly</sy:updatePeriod>", None, &[], &[]);
    }

    #[test]
    fn what_is_no_feed_is_named() {
        let check = |body: &str, part: &str| {
            let reason = feed(body.as_bytes(), &Origin::at(BASE)).unwrap_err().reason;
            assert!(reason.contains(part), "{body}: {reason}");
        };
        check("", "no feed here");
        check("hello", "no feed here");
        check("<!doctype html><html><body>Hi</body></html>", "HTML page");
        check("<urlset><url><loc>http://a.example/</loc></url></urlset>", "sitemap");
        check("<opml><body/></opml>", "OPML");
        check("{\"items\": []}", "no JSON Feed");
        check("<note>x</note>", "cannot be read");
        assert_eq!(feed(b"<rss version='2.0'></rss>", &Origin::at(BASE)).unwrap().entries, []);
    }

    #[test]
    fn entities_are_never_expanded() {
        let bomb = "<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>
            <rss version='2.0'><channel><item><title>x &b; &f;</title><link>https://outlet.example/1</link></item></channel></rss>";
        let told = told(bomb.as_bytes(), None);
        assert_eq!(told.len(), 1);
        assert!(!told[0].contains("aaaa") && !told[0].contains("root"), "{told:?}");
    }

    proptest! {
        #[test]
        fn no_bytes_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = feed(&bytes, &Origin::at(BASE));
            let _ = super::super::sitemap(&bytes, &Origin::at(BASE));
        }

        #[test]
        fn no_markup_is_a_panic(text in "(<rss version='2.0'>|<channel>|</?item>|</?title>|<link>|<feed>|</?entry>|<!\\[CDATA\\[|\\]\\]>|<urlset>|</?url>|</?loc>|http://a/|&|<|>|[ a-я]){0,30}") {
            let _ = feed(text.as_bytes(), &Origin { content_type: Some("text/xml"), ..Origin::at(BASE) });
            let _ = super::super::sitemap(text.as_bytes(), &Origin::at(BASE));
        }
    }
}
