//! A source printed as the `[[source]]` block that [`parse`](super::parse) reads back.
//!
//! What was left to its default is left out. Every text is a TOML basic string, so that a title found
//! on somebody's site can be pasted into a configuration and stays a title.

use super::read::spelled;
use super::{Feed, Source};
use crate::model::FeedKind;

/// The block of a source, with a line break at its end. The clock of its country is not written: the
/// key `country` means it.
pub fn block(source: &Source) -> String {
    let mut text = String::from("[[source]]\n");
    let mut line = |key: &str, value: String| text.push_str(&format!("{key} = {value}\n"));
    line("name", quoted(&source.name));
    line("domain", quoted(&source.domain));
    if !source.languages.is_empty() {
        line("languages", list(source.languages.iter().map(|lang| lang.id())));
    }
    if let Some(country) = &source.country {
        line("country", quoted(country));
    }
    if let Some(proxy) = &source.proxy {
        line("proxy", quoted(proxy));
    }
    if let Some(backfill) = source.backfill {
        line("backfill", quoted(&spelled(backfill)));
    }
    if let Some(log) = source.log {
        line("log", quoted(log.name()));
    }
    for feed in &source.feeds {
        text.push_str(&self::feed(feed));
    }
    text
}

fn feed(feed: &Feed) -> String {
    let mut text = String::from("[[source.feed]]\n");
    let mut line = |key: &str, value: String| text.push_str(&format!("{key} = {value}\n"));
    line("url", quoted(&feed.url));
    if !feed.fallbacks.is_empty() {
        line("fallbacks", list(feed.fallbacks.iter().map(String::as_str)));
    }
    if feed.kind != FeedKind::Rss {
        line("kind", quoted(feed.kind.id()));
    }
    if let Some(every) = feed.every {
        line("every", quoted(&spelled(every)));
    }
    if let Some(select) = &feed.select {
        let keys = [("link", Some(&select.link)), ("title", select.title.as_ref())];
        let keys = keys.into_iter().chain([("date", select.date.as_ref()), ("next", select.next.as_ref())]);
        let pairs: Vec<String> = keys.filter_map(|(key, css)| Some(format!("{key} = {}", quoted(css?)))).collect();
        line("select", format!("{{ {} }}", pairs.join(", ")));
    }
    text
}

fn list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", texts.map(quoted).collect::<Vec<_>>().join(", "))
}

/// A TOML basic string (TOML 1.0, "String").
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            letter if letter.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(letter))),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::super::{LogLevel, PageSelect, Select, parse};
    use super::*;
    use crate::model::Lang;

    fn read_back(source: &Source) -> Source {
        let (mut config, _) = parse(&block(source), "config.toml").unwrap();
        config.sources.remove(0)
    }

    fn source(name: &str, url: &str) -> Source {
        Source {
            name: name.to_owned(),
            domain: "outlet.example".to_owned(),
            languages: vec![Lang::KK, Lang::RU],
            country: Some("KZ".to_owned()),
            time_zone: None,
            proxy: Some("socks5h://127.0.0.1:9050".to_owned()),
            backfill: Some(Duration::from_secs(30 * 86_400)),
            log: Some(LogLevel::Debug),
            feeds: vec![Feed {
                url: url.to_owned(),
                fallbacks: vec!["https://outlet.example/feed/".to_owned()],
                kind: FeedKind::Listing,
                select: Some(Select {
                    link: "h2 a[href*='/news/']".to_owned(),
                    next: Some("a[rel=\"next\"]".to_owned()),
                    ..Select::default()
                }),
                every: Some(Duration::from_millis(1500)),
            }],
            page: PageSelect::default(),
        }
    }

    #[test]
    fn a_block_is_read_back_as_it_was() {
        let source = source("Ойдан «шығарылған» \"басылым\"\n\\", "https://outlet.example/news?a=1&b=\"2\"");
        assert_eq!(read_back(&source), source);
        let plain = Source {
            languages: Vec::new(),
            country: None,
            proxy: None,
            backfill: None,
            log: None,
            feeds: vec![Feed {
                url: "https://outlet.example/rss".to_owned(),
                fallbacks: Vec::new(),
                kind: FeedKind::Rss,
                select: None,
                every: None,
            }],
            ..source
        };
        assert_eq!(read_back(&plain), plain);
        assert_eq!(block(&plain).lines().last(), Some("url = \"https://outlet.example/rss\""));
    }

    proptest! {
        #[test]
        fn no_name_breaks_out_of_its_line(name in "[a-я\\PC]{0,12}[\\x00-\\x1f\\x7f\\x22\\x5c\\u{85}\\]\\[=#\\n]{0,6}\\PC{0,4}") {
            // A name of nothing but space is refused when it is read.
            let name = format!("n{name}.");
            let source = source(&name, "https://outlet.example/");
            prop_assert_eq!(read_back(&source).name, name);
        }
    }
}
