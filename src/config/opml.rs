//! Lists of sources as OPML 2.0, the form in which feed readers hand subscriptions to each other.
//!
//! An outline with an `xmlUrl` is a feed; feeds of one title belong to one source. What OPML has no
//! attribute for (how a page is read that is no feed) stands in attributes of our own namespace, as
//! the specification allows, and readers pass over it.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Feed, PageSelect, Select, Source};
use crate::model::{Diagnostic, FeedKind, Lang};

/// Namespace of our own attributes; a name, not an address to fetch.
const NAMESPACE: &str = "urn:sozwatch:source";
/// Most feeds taken from one list.
const MOST: usize = 20_000;
/// Longest title that becomes a source's name, in letters.
const LONGEST_NAME: usize = 200;

/// The sources as OPML.
pub fn to_opml(sources: &[Source]) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\" xmlns:sozwatch=\"{NAMESPACE}\">\n<head><title>sozwatch</title></head>\n<body>\n"
    );
    for source in sources {
        let languages = source.languages.iter().map(|lang| lang.id()).collect::<Vec<_>>().join(" ");
        for feed in &source.feeds {
            let mut attributes: Vec<(&str, &str)> = vec![("text", &source.name), ("title", &source.name)];
            attributes.push(("type", if feed.kind == FeedKind::Rss { "rss" } else { "link" }));
            attributes.push((if feed.kind == FeedKind::Rss { "xmlUrl" } else { "url" }, &feed.url));
            let home = format!("https://{}/", source.domain);
            attributes.push(("htmlUrl", &home));
            attributes.push(("sozwatch:domain", &source.domain));
            if !languages.is_empty() {
                attributes.push(("sozwatch:languages", &languages));
            }
            if let Some(country) = &source.country {
                attributes.push(("sozwatch:country", country));
            }
            if feed.kind != FeedKind::Rss {
                attributes.push(("sozwatch:kind", feed.kind.id()));
            }
            if let Some(select) = &feed.select {
                attributes.push(("sozwatch:link", &select.link));
                let more = [("title", &select.title), ("date", &select.date), ("next", &select.next)];
                let name = |key| match key {
                    "title" => "sozwatch:headline",
                    "date" => "sozwatch:date",
                    _ => "sozwatch:next",
                };
                attributes.extend(more.into_iter().filter_map(|(key, css)| Some((name(key), css.as_deref()?))));
            }
            let attributes: String =
                attributes.iter().map(|(name, value)| format!(" {name}=\"{}\"", escaped(value))).collect();
            text.push_str(&format!("<outline{attributes}/>\n"));
        }
    }
    text.push_str("</body>\n</opml>\n");
    text
}

/// What may stand in an attribute (XML 1.0, 2.2 and 2.3); a line break would be read back as a space.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' | '\r' => escaped.push_str(&format!("&#{};", u32::from(letter))),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// The sources that a list names. `path` names the list in what is told of outlines that cannot be used.
///
/// # Errors
/// Where the text is no OPML at all.
pub fn from_opml(text: &str, path: &str) -> Result<(Vec<Source>, Vec<Diagnostic>), Diagnostic> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let (mut sources, mut told, mut feeds, mut is_opml) = (Vec::<Source>::new(), Vec::new(), 0, false);
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) if is_opml => {
                let message = format!("the list breaks off: {error}; what stood before was taken");
                told.push(Diagnostic::new(path, message).at(line_at(text, reader.buffer_position())));
                break;
            }
            Err(error) => return Err(no_opml(path, &error.to_string())),
        };
        let (Event::Start(start) | Event::Empty(start)) = event else {
            if matches!(event, Event::Eof) {
                break;
            }
            continue;
        };
        let name = start.name().into_inner().to_ascii_lowercase();
        if !is_opml && name != "opml" {
            return Err(no_opml(path, &format!("it begins with <{}>", name.chars().take(40).collect::<String>())));
        }
        is_opml = true;
        if name != "outline" {
            continue;
        }
        let outline = Outline::read(&start);
        if outline.url.is_empty() {
            // A folder of other outlines.
            continue;
        }
        feeds += 1;
        if feeds > MOST {
            told.push(Diagnostic::new(path, format!("only the first {MOST} feeds were taken")));
            break;
        }
        match outline.source() {
            Ok(source) => add(&mut sources, source),
            Err(why) => told.push(Diagnostic::new(path, why).at(line_at(text, reader.buffer_position()))),
        }
    }
    if !is_opml {
        return Err(no_opml(path, "no element stands in it"));
    }
    Ok((sources, told))
}

fn no_opml(path: &str, why: &str) -> Diagnostic {
    Diagnostic::new(path, format!("this is no OPML: {why}"))
        .help("export your subscriptions as OPML and name that file")
}

fn line_at(text: &str, position: u64) -> usize {
    let before = usize::try_from(position).unwrap_or(usize::MAX).min(text.len());
    text.as_bytes()[..before].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Feeds of one name and host are one source; of one name and another host, a source of a longer name.
fn add(sources: &mut Vec<Source>, source: Source) {
    if let Some(known) = sources.iter_mut().find(|known| known.name == source.name && known.domain == source.domain) {
        let new = source.feeds.into_iter().filter(|feed| !known.feeds.iter().any(|other| other.url == feed.url));
        let new: Vec<Feed> = new.collect();
        known.feeds.extend(new);
        return;
    }
    let taken = |name: &str| sources.iter().any(|known| known.name == name);
    let mut name = source.name.clone();
    if taken(&name) {
        name = format!("{} ({})", source.name, source.domain);
    }
    let mut number = 2;
    while taken(&name) {
        name = format!("{} ({}, {number})", source.name, source.domain);
        number += 1;
    }
    sources.push(Source { name, ..source });
}

/// The attributes of one outline, as written.
#[derive(Debug, Default)]
struct Outline {
    title: String,
    url: String,
    home: String,
    domain: String,
    languages: String,
    country: String,
    kind: String,
    select: Select,
}

impl Outline {
    fn read(start: &BytesStart<'_>) -> Self {
        let mut outline = Self::default();
        for attribute in start.attributes().with_checks(false).flatten() {
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            let value = value.map(|value| value.into_owned()).unwrap_or_default();
            let optional = || Some(value.clone()).filter(|value| !value.is_empty());
            let key = attribute.key.into_inner().to_ascii_lowercase();
            match key.as_str() {
                "title" => outline.title = value,
                "text" if outline.title.is_empty() => outline.title = value,
                "xmlurl" => outline.url = value,
                "url" if outline.url.is_empty() => outline.url = value,
                "htmlurl" => outline.home = value,
                "sozwatch:domain" => outline.domain = value,
                "sozwatch:languages" => outline.languages = value,
                "language" if outline.languages.is_empty() => outline.languages = value,
                "sozwatch:country" => outline.country = value,
                "sozwatch:kind" => outline.kind = value,
                "sozwatch:link" => outline.select.link = value,
                "sozwatch:headline" => outline.select.title = optional(),
                "sozwatch:date" => outline.select.date = optional(),
                "sozwatch:next" => outline.select.next = optional(),
                _ => {}
            }
        }
        outline
    }

    /// The source of this one feed.
    fn source(self) -> Result<Source, String> {
        let shown = |text: &str| text.chars().take(120).collect::<String>();
        let address = |text: &str| {
            url::Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        };
        let url = address(&self.url)
            .ok_or_else(|| format!("`{}` is no http or https address; it was passed over", shown(&self.url)))?;
        let kind = match self.kind.as_str() {
            "" => FeedKind::Rss,
            kind => kind.parse().map_err(|error| format!("{}: {error}; it was passed over", shown(&self.url)))?,
        };
        let select = (!self.select.link.is_empty()).then_some(self.select);
        if kind == FeedKind::Listing && select.is_none() {
            return Err(format!(
                "the listing page {} has no selector of its links; it was passed over",
                shown(&self.url)
            ));
        }
        let home = address(&self.home).unwrap_or_else(|| url.clone());
        let host = home.host_str().unwrap_or_default().to_ascii_lowercase();
        let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
        let domain = match self.domain.trim() {
            "" => home.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}")),
            domain => domain.to_lowercase(),
        };
        let name: String = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        let name: String = name.chars().take(LONGEST_NAME).collect();
        let languages = self.languages.split([' ', ',']).map(|code| code.split('-').next().unwrap_or_default());
        let languages = languages.filter_map(|code| Lang::of(&code.to_ascii_lowercase())).collect();
        let country = match self.country.as_str() {
            "" => host.ends_with(".kz").then(|| "KZ".to_owned()),
            code => {
                Some(code.to_owned()).filter(|code| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()))
            }
        };
        Ok(Source {
            name: if name.is_empty() { domain.clone() } else { name },
            domain,
            languages,
            country,
            time_zone: None,
            proxy: None,
            backfill: None,
            log: None,
            feeds: vec![Feed { url: String::from(url), fallbacks: Vec::new(), kind, select, every: None }],
            page: PageSelect::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{block, parse};
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let (sources, told) = from_opml(text, "list.opml").unwrap();
        let line = |source: &Source| {
            let feeds: Vec<String> = source.feeds.iter().map(|feed| format!("{} {}", feed.kind, feed.url)).collect();
            format!("{} | {} | {}", source.name, source.domain, feeds.join(" + "))
        };
        sources.iter().map(line).chain(told.iter().map(ToString::to_string)).collect()
    }

    #[test]
    fn the_shipped_sources_come_back_as_they_went() {
        let (config, _) = parse(include_str!("../../config.toml"), "config.toml").unwrap();
        let (back, notices) = from_opml(&to_opml(&config.sources), "list.opml").unwrap();
        assert_eq!(notices, []);
        assert_eq!(back.len(), config.sources.len());
        for (back, source) in back.iter().zip(&config.sources) {
            assert_eq!((&back.name, &back.domain, &back.languages), (&source.name, &source.domain, &source.languages));
            assert_eq!(back.country, source.country);
            let feed = |feed: &Feed| (feed.url.clone(), feed.kind, feed.select.clone());
            assert_eq!(
                back.feeds.iter().map(feed).collect::<Vec<_>>(),
                source.feeds.iter().map(feed).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn lists_of_other_readers_are_read() {
        let list = "<?xml version='1.0'?><opml version='1.0'><head><title>x</title></head><body>
            <outline text='Folder'><outline type='rss' text='Ойдан &amp; Ко' xmlUrl='https://www.outlet.example/rss?a=1&amp;b=2' htmlUrl='https://www.outlet.example/'/>
            <outline type='rss' title='Ойдан &amp; Ко' text='t' xmlUrl='https://outlet.example/kk.xml' htmlUrl='https://outlet.example'></outline></outline>
            <outline type='rss' text='Ойдан &amp; Ко' xmlUrl='https://other.example:8443/feed'/>
            <outline text='no address' xmlUrl='ftp://x.example/'/>
            <outline text='' xmlUrl='https://bare.kz/feed'/></body></opml>";
        assert_eq!(
            told(list),
            [
                "Ойдан & Ко | outlet.example | rss https://www.outlet.example/rss?a=1&b=2 + rss https://outlet.example/kk.xml",
                "Ойдан & Ко (other.example:8443) | other.example:8443 | rss https://other.example:8443/feed",
                "bare.kz | bare.kz | rss https://bare.kz/feed",
                "list.opml:5: `ftp://x.example/` is no http or https address; it was passed over",
            ]
        );
        let (sources, _) = from_opml(list, "list.opml").unwrap();
        assert_eq!(sources[2].country.as_deref(), Some("KZ"));
        let blocks: String = sources.iter().map(block).collect();
        assert_eq!(parse(&blocks, "config.toml").unwrap().0.sources.len(), 3);
    }

    #[test]
    fn what_is_no_opml_is_named_and_what_breaks_off_is_kept() {
        let check = |text: &str, part: &str| {
            let told = from_opml(text, "list.opml").unwrap_err().to_string();
            assert!(told.contains(part), "{told}");
        };
        check("", "no element");
        check("<html><body/></html>", "begins with <html>");
        check("<rss version='2.0'/>", "begins with <rss>");
        let cut = "<opml><body><outline text='a' xmlUrl='https://a.example/rss'/>\n<outline text='b";
        let told = told(cut);
        assert_eq!(told[0], "a | a.example | rss https://a.example/rss");
        assert!(told[1].contains("list.opml:2: the list breaks off"), "{told:?}");
    }

    proptest! {
        #[test]
        fn no_list_is_a_panic(text in "(<opml>|<body>|</?outline|/?>| (text|xmlUrl|title)='?[a-z:/.&;#0-9]{0,12}'?|<!DOCTYPE[a-z \\[]{0,6}|&[a-z]{1,4};|[ a-я]){0,24}") {
            let _ = from_opml(&text, "list.opml");
            let _ = from_opml(&format!("<opml>{text}"), "list.opml");
        }
    }
}
