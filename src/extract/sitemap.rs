//! Sitemaps (sitemaps.org 0.9) with Google's news extension, their indexes, gzip files, and lists
//! of addresses as plain text.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::address::resolve;
use super::charset::decode_feed;
use super::dates::{DateHint, date};
use super::feed::feed;
use super::gunzip::unpacked;
use super::plain::{one_line, plain, references};
use super::repair::{mend, root, tidy};
use super::{Child, NotAFeed, Origin, Sitemap};
use crate::model::Entry;

/// Most addresses of one sitemap; the protocol's own bound.
const MOST: usize = 50_000;

/// Reads a sitemap or an index of sitemaps; relative addresses count from the address that answered.
///
/// An entry's date is the news extension's, else `lastmod`. RSS and Atom are sitemaps too, by the
/// protocol.
///
/// # Errors
/// [`NotAFeed`] where the bytes are none of these.
pub fn sitemap(body: &[u8], origin: &Origin<'_>) -> Result<Sitemap, NotAFeed> {
    let text = decode_feed(&unpacked(body), None);
    if let Some(sitemap) = of_lines(&text, origin.base()) {
        return Ok(sitemap);
    }
    let text = tidy(&text);
    let name = root(&text).map(|root| root.rsplit(':').next().unwrap_or(root).to_ascii_lowercase());
    match name.as_deref() {
        Some("urlset" | "sitemapindex") => {
            let (sitemap, whole) = of_xml(&text, origin);
            match whole {
                true => Ok(sitemap),
                // Bare `&` in an address is what sitemaps get wrong.
                false => {
                    let (mended, _) = of_xml(&mend(&text), origin);
                    let found = |sitemap: &Sitemap| sitemap.entries.len() + sitemap.children.len();
                    Ok(if found(&mended) >= found(&sitemap) { mended } else { sitemap })
                }
            }
        }
        Some("rss" | "feed" | "rdf") => {
            let feed = feed(body, origin)?;
            Ok(Sitemap { entries: feed.entries, children: Vec::new() })
        }
        Some(other) => {
            Err(NotAFeed::because(format!("this is no sitemap: it begins with <{}>", super::plain::clip(other, 40))))
        }
        None => Err(NotAFeed::because("this is no sitemap: neither XML nor a list of addresses")),
    }
}

/// One address a line, and nothing else.
fn of_lines(text: &str, base: &str) -> Option<Sitemap> {
    let lines = || text.lines().map(|line| line.trim_matches(['\u{feff}', ' ', '\t'])).filter(|line| !line.is_empty());
    let is_address = |line: &str| line.starts_with("http://") || line.starts_with("https://");
    if lines().next().is_none() || !lines().all(is_address) {
        return None;
    }
    let entry = |line: &str| Some(Entry { url: Some(resolve(line, Some(base))?), ..nothing() });
    Some(Sitemap { entries: lines().filter_map(entry).take(MOST).collect(), children: Vec::new() })
}

fn nothing() -> Entry {
    Entry { feed_title: None, id: None, url: None, title: None, published: None, summary: None, post: None }
}

/// What stands between the tags of one `<url>` or `<sitemap>`.
#[derive(Debug, Default)]
struct Place {
    address: String,
    bare: String,
    changed: String,
    published: String,
    title: String,
    publication: String,
}

/// Reads the XML; tells also whether it was whole.
fn of_xml(text: &str, origin: &Origin<'_>) -> (Sitemap, bool) {
    let (base, hint) = (origin.base(), DateHint { captured: None, ..origin.hint() });
    let mut sitemap = Sitemap { entries: Vec::new(), children: Vec::new() };
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut place: Option<Place> = None;
    let mut field: Option<String> = None;
    let whole = loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(_) => break false,
        };
        match event {
            Event::Eof => break true,
            Event::Start(start) => {
                let name = start.name().into_inner().to_ascii_lowercase();
                match name.rsplit(':').next() {
                    Some("url" | "sitemap") => {
                        place = Some(Place::default());
                        field = Some(name);
                    }
                    _ => field = Some(name),
                }
            }
            Event::End(end) => {
                let name = end.name().into_inner().to_ascii_lowercase();
                field = None;
                let kind = name.rsplit(':').next().unwrap_or_default();
                if !matches!(kind, "url" | "sitemap") {
                    continue;
                }
                let Some(place) = place.take() else { continue };
                let written = if place.address.is_empty() { &place.bare } else { &place.address };
                let Some(address) = resolve(&one_line(written), Some(base)) else { continue };
                if kind == "sitemap" {
                    sitemap.children.push(Child { url: address, changed: date(&place.changed, Some(hint)) });
                } else {
                    sitemap.entries.push(place.entry(address, hint));
                }
                if sitemap.entries.len() + sitemap.children.len() >= MOST {
                    break true;
                }
            }
            Event::Text(text) => write(&mut place, field.as_deref(), &text.xml10_content()),
            Event::CData(text) => write(&mut place, field.as_deref(), &text.xml10_content()),
            Event::GeneralRef(name) => {
                let reference = format!("&{};", name.xml10_content());
                write(&mut place, field.as_deref(), &references(&reference));
            }
            _ => {}
        }
    };
    (sitemap, whole)
}

fn write(place: &mut Option<Place>, field: Option<&str>, text: &str) {
    let (Some(place), Some(field)) = (place, field) else { return };
    // Images and videos have addresses and titles of their own.
    let (prefix, name) = field.rsplit_once(':').unwrap_or(("", field));
    let is_news = prefix.contains("news") || prefix == "n";
    match name {
        // Some generators leave `<loc>` out.
        "url" | "sitemap" => place.bare.push_str(text),
        "loc" if !matches!(prefix, "image" | "video") => place.address.push_str(text),
        "lastmod" => place.changed.push_str(text),
        "publication_date" if prefix != "video" => place.published.push_str(text),
        "title" if is_news => place.title.push_str(text),
        "name" if is_news => place.publication.push_str(text),
        _ => {}
    }
}

impl Place {
    fn entry(&self, address: String, hint: DateHint<'_>) -> Entry {
        let said = |text: &str| Some(plain(text)).filter(|text| !text.is_empty());
        let published = date(&self.published, Some(hint)).or_else(|| date(&self.changed, Some(hint)));
        Entry {
            feed_title: said(&self.publication),
            url: Some(address),
            title: said(&self.title),
            published,
            ..nothing()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const BASE: &str = "https://outlet.kz/sitemap.xml";

    fn told(body: &[u8]) -> Vec<String> {
        let sitemap = sitemap(body, &Origin::at(BASE)).unwrap();
        let line = |entry: Entry| {
            let published = entry.published.map(|moment| moment.to_string());
            [entry.url, entry.title, published, entry.feed_title].map(Option::unwrap_or_default).join(" | ")
        };
        sitemap
            .entries
            .into_iter()
            .map(line)
            .chain(sitemap.children.into_iter().map(|child| match child.changed {
                Some(changed) => format!("-> {} {changed}", child.url),
                None => format!("-> {}", child.url),
            }))
            .collect()
    }

    fn check(body: &str, expect: &[&str]) {
        assert_eq!(told(body.as_bytes()), expect, "{body}");
    }

    const NEWS: &str = r#"<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="x" xmlns:image="y">
        <url><loc> https://outlet.kz/1?a=1&amp;b=2 </loc><lastmod>2026-11-24</lastmod><image:image><image:loc>https://outlet.kz/p.jpg</image:loc>
        <image:title>Сурет</image:title></image:image><news:news><news:publication><news:name>Ойдан</news:name></news:publication>
        <news:publication_date>2026-11-23T09:05:00+05:00</news:publication_date><news:title>Сот &amp; шешім</news:title></news:news></url>
        <url><loc>/2</loc><lastmod>2026-11-22</lastmod></url><url><lastmod>2026-11-22</lastmod></url></urlset>"#;

    const READ: &[&str] = &[
        "https://outlet.kz/1?a=1&b=2 | Сот & шешім | 2026-11-23T09:05:00+05:00 | Ойдан",
        "https://outlet.kz/2 |  | 2026-11-22T00:00:00+05:00 | ",
    ];

    #[test]
    fn news_sitemaps_give_entries() {
        check(NEWS, READ);
        check(&NEWS.replace("&amp;", "&"), READ);
        check(
            &NEWS
                .replace("<url>", "<sm:url>")
                .replace("</url>", "</sm:url>")
                .replace("loc>", "sm:loc>")
                .replace("image:sm:", "image:"),
            READ,
        );
    }

    #[test]
    fn a_packed_sitemap_is_unpacked() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(NEWS.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        assert_eq!(told(&packed), READ);
        assert!(sitemap(&packed[..packed.len() / 2], &Origin::at(BASE)).is_ok_and(|cut| cut.entries.len() <= 2));
    }

    #[test]
    fn indexes_name_their_children() {
        check(
            "<sitemapindex><sitemap><loc>https://outlet.kz/a.xml.gz</loc><lastmod>2026-11-24</lastmod></sitemap><sitemap>https://outlet.kz/b.xml</sitemap></sitemapindex>",
            &["-> https://outlet.kz/a.xml.gz 2026-11-24T00:00:00+05:00", "-> https://outlet.kz/b.xml"],
        );
    }

    #[test]
    fn lists_and_feeds_are_sitemaps_too() {
        check(
            "\u{feff}https://outlet.kz/1\r\n\r\nhttps://outlet.kz/2\n",
            &["https://outlet.kz/1 |  |  | ", "https://outlet.kz/2 |  |  | "],
        );
        check(
            "<rss version='2.0'><channel><item><link>https://outlet.kz/1</link></item></channel></rss>",
            &["https://outlet.kz/1 |  |  | "],
        );
    }

    #[test]
    fn what_is_no_sitemap_is_named() {
        let check = |body: &str, part: &str| {
            let reason = sitemap(body.as_bytes(), &Origin::at(BASE)).unwrap_err().reason;
            assert!(reason.contains(part), "{body}: {reason}");
        };
        check("", "neither XML");
        check("https://outlet.kz/1\nand words", "neither XML");
        check("<html><body>x</body></html>", "<html>");
    }
}
