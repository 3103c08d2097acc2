//! Pages as trees: parsed within bounds, and read as paragraphs.
//!
//! HTML parsers take quadratic time over elements nested without end and over tags with endless
//! attributes, and code that walks their trees may recurse; [`bounded`] takes both away before the
//! parser sees them.

use std::borrow::Cow;

use scraper::node::Node;
use scraper::{ElementRef, Html, Selector};

use super::plain::{one_line, references};

/// Deepest nesting parsed. Browsers stop at 512; articles stand within some 40.
const DEEPEST: usize = 200;
/// Most attributes of one tag, and most bytes of one tag name, that are parsed.
const MOST_ATTRIBUTES: usize = 64;
/// Most tags parsed; what follows is cut off. An honest page of 10 MB has some 100,000.
const MOST_TAGS: usize = 150_000;
/// Most formatting elements open at once. The parser opens each of them anew in every paragraph
/// that follows (HTML standard, "reconstruct the active formatting elements").
const MOST_FORMATTING: usize = 16;

/// Elements without a closing tag.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Elements that their next sibling closes, so that an unclosed one is no deeper nesting.
const CLOSED_BY_SIBLING: &[&str] = &[
    "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "tbody", "thead", "tfoot", "rp", "rt", "head",
    "body", "html",
];
/// Formatting elements (HTML standard, section 13.2.4.2).
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Elements whose content is no markup.
const RAW: &[&str] = &["script", "style", "textarea", "title", "noframes", "iframe", "xmp"];

/// Parses a page within bounds.
pub fn parse(text: &str) -> Html {
    Html::parse_document(&bounded(text))
}

/// The page without scripts, styles and comments, which are most of its bytes; without tags that
/// nest deeper than any article; without the attributes beyond the 64th of a tag; without what
/// follows its 150,000th tag. Linear.
pub fn bounded(text: &str) -> Cow<'_, str> {
    let mut bounded: Option<String> = None;
    let (mut depth, mut dropped, mut tags) = (0_usize, 0_usize, 0_usize);
    let (mut formatting, mut dropped_formatting) = (0_usize, 0_usize);
    let (mut kept_from, mut at) = (0, 0);
    while let Some(found) = text[at..].find('<') {
        let start = at + found;
        let rest = &text[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            at = comment.find("-->").map_or(text.len(), |end| start + end + 7);
            bounded.get_or_insert_default().push_str(&text[kept_from..start]);
            kept_from = at;
            continue;
        }
        let Some(tag) = Tag::read(rest) else {
            at = start + 1;
            continue;
        };
        tags += 1;
        if tags > MOST_TAGS {
            let out = bounded.get_or_insert_default();
            out.push_str(&text[kept_from..start]);
            kept_from = text.len();
            break;
        }
        let end = start + tag.length;
        at = end;
        let name = lowercase(tag.name);
        let name = name.as_ref();
        let counts = !VOID.contains(&name) && !CLOSED_BY_SIBLING.contains(&name) && !tag.closes_itself;
        if !tag.closing && is_code(name, &rest[..tag.length]) {
            at = end_of_raw(&text[end..], name).map_or(text.len(), |close| end + close);
            at += text[at..].find('>').map_or(text.len() - at, |close| close + 1);
            bounded.get_or_insert_default().push_str(&text[kept_from..start]);
            kept_from = at;
            continue;
        }
        let drop = if !counts {
            false
        } else if FORMATTING.contains(&name) {
            match (tag.closing, dropped_formatting > 0, formatting >= MOST_FORMATTING) {
                (true, true, _) => {
                    dropped_formatting -= 1;
                    true
                }
                (true, false, _) => {
                    formatting = formatting.saturating_sub(1);
                    false
                }
                (false, _, true) => {
                    dropped_formatting += 1;
                    true
                }
                (false, _, false) => {
                    formatting += 1;
                    false
                }
            }
        } else if tag.closing {
            if dropped > 0 {
                dropped -= 1;
                true
            } else {
                depth = depth.saturating_sub(1);
                false
            }
        } else if depth >= DEEPEST && !RAW.contains(&name) {
            dropped += 1;
            true
        } else {
            depth += 1;
            false
        };
        if drop || tag.attributes_end < tag.length {
            let out = bounded.get_or_insert_default();
            out.push_str(&text[kept_from..start]);
            if !drop {
                out.push_str(&rest[..tag.attributes_end]);
                out.push('>');
            }
            kept_from = end;
        }
        if !drop && !tag.closing && RAW.contains(&name) {
            at = end_of_raw(&text[end..], name).map_or(text.len(), |close| end + close);
        }
    }
    match bounded {
        None => Cow::Borrowed(text),
        Some(mut out) => {
            out.push_str(&text[kept_from..]);
            Cow::Owned(out)
        }
    }
}

/// Names are in small letters already on nearly every page.
pub fn lowercase(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}

/// Scripts and styles, of which only JSON-LD says anything about an article.
fn is_code(name: &str, tag: &str) -> bool {
    name == "style" || (name == "script" && !tag.contains("ld+json"))
}

/// A tag as the tokenizer sees it (HTML standard, section 13.2.5).
struct Tag<'a> {
    name: &'a str,
    closing: bool,
    closes_itself: bool,
    length: usize,
    /// Where its 64th attribute ends; `length` where it has no more than that.
    attributes_end: usize,
}

impl<'a> Tag<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let bytes = text.as_bytes();
        let closing = bytes.get(1) == Some(&b'/');
        let name_at = if closing { 2 } else { 1 };
        if !bytes.get(name_at)?.is_ascii_alphabetic() {
            return None;
        }
        let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/');
        let mut at = name_at + bytes[name_at..].iter().position(is_end)?;
        let name = &text[name_at..at];
        let (mut attributes, mut attributes_end) = (0, None);
        loop {
            at += bytes[at..].iter().position(|byte| !byte.is_ascii_whitespace() && *byte != b'/')?;
            if bytes[at] == b'>' {
                let closes_itself = bytes[at - 1] == b'/';
                let length = at + 1;
                return Some(Self {
                    name,
                    closing,
                    closes_itself,
                    length,
                    attributes_end: attributes_end.unwrap_or(length),
                });
            }
            if attributes == MOST_ATTRIBUTES {
                attributes_end = Some(at);
            }
            attributes += 1;
            at += 1;
            at += bytes[at..].iter().position(|byte| is_end(byte) || *byte == b'=')?;
            let value = bytes[at..].iter().position(|byte| !byte.is_ascii_whitespace())?;
            if bytes[at + value] != b'=' {
                continue;
            }
            at += value + 1;
            at += bytes[at..].iter().position(|byte| !byte.is_ascii_whitespace())?;
            at += match bytes[at] {
                quote @ (b'"' | b'\'') => bytes[at + 1..].iter().position(|byte| *byte == quote)? + 2,
                _ => bytes[at..].iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'>')?,
            };
        }
    }
}

fn end_of_raw(text: &str, name: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find("</") {
        let close = from + at;
        if text.as_bytes()[close + 2..].get(..name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes())) {
            return Some(close);
        }
        from = close + 2;
    }
    None
}

/// The sum of the depths of all nodes: what a walk that looks from each node up to the root costs.
pub fn tangle(html: &Html) -> usize {
    let (mut depth, mut sum) = (0_usize, 0_usize);
    for edge in html.tree.root().traverse() {
        match edge {
            ego_tree::iter::Edge::Open(_) => {
                depth += 1;
                sum += depth;
            }
            ego_tree::iter::Edge::Close(_) => depth -= 1,
        }
    }
    sum
}

/// A selector of our own, which is valid.
pub fn selector(css: &str) -> Option<Selector> {
    Selector::parse(css).ok()
}

/// The first element that a selector of our own finds.
pub fn first<'a>(html: &'a Html, css: &str) -> Option<ElementRef<'a>> {
    html.select(&selector(css)?).next()
}

/// An element's text as one line.
pub fn line_of(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for node in element.descendants() {
        match node.value() {
            Node::Text(piece) if !inside_hidden(node, element) => text.push_str(piece),
            Node::Element(child) if !is_inline(child.name()) => text.push(' '),
            _ => {}
        }
    }
    one_line(&text)
}

/// Does the text stand in a script or style under the element?
fn inside_hidden(node: ego_tree::NodeRef<'_, Node>, under: ElementRef<'_>) -> bool {
    node.parent().filter(|parent| parent.id() != under.id()).is_some_and(|parent| {
        parent
            .value()
            .as_element()
            .is_some_and(|parent| matches!(parent.name(), "script" | "style" | "noscript" | "template"))
    })
}

/// An element's text as paragraphs parted by a blank line.
pub fn paragraphs_of(element: ElementRef<'_>) -> String {
    let mut paragraphs = Paragraphs::default();
    for edge in element.traverse() {
        let (node, opens) = match edge {
            ego_tree::iter::Edge::Open(node) => (node, true),
            ego_tree::iter::Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Text(piece) if opens && !inside_hidden(node, element) => paragraphs.text(piece),
            Node::Element(child) => match child.name() {
                "br" if opens => paragraphs.line_break(),
                "br" => {}
                name if !is_inline(name) => paragraphs.end(),
                _ => {}
            },
            _ => {}
        }
    }
    paragraphs.finish()
}

/// Text gathered into paragraphs. Two line breaks in a row part paragraphs, one parts lines.
#[derive(Debug, Default)]
struct Paragraphs {
    done: Vec<String>,
    current: String,
    breaks: usize,
}

impl Paragraphs {
    fn text(&mut self, piece: &str) {
        if self.breaks > 0 && !piece.trim().is_empty() {
            match self.breaks {
                1 => self.current.push('\n'),
                _ => self.end(),
            }
            self.breaks = 0;
        }
        self.current.push_str(piece);
    }

    fn line_break(&mut self) {
        self.breaks += 1;
    }

    fn end(&mut self) {
        self.breaks = 0;
        let paragraph = std::mem::take(&mut self.current);
        let paragraph = one_line(&paragraph);
        if !paragraph.is_empty() {
            self.done.push(paragraph);
        }
    }

    fn finish(mut self) -> String {
        self.end();
        self.done.join("\n\n")
    }
}

fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "graphic"
            | "hi"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "q"
            | "ref"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "svg"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}

/// Paragraphs out of a fragment of HTML.
pub fn paragraphs_of_fragment(html: &str) -> String {
    paragraphs_of(Html::parse_fragment(html).root_element())
}

/// An attribute, trimmed, where it is not empty. References that were escaped twice are read.
pub fn attribute(element: ElementRef<'_>, name: &str) -> Option<String> {
    let value = element.value().attr(name)?.trim();
    let value = if value.contains('&') { references(value) } else { value.to_owned() };
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_pages_are_left_as_they_are() {
        for text in [
            "",
            "plain < text",
            "<!doctype html><html><body><p>a<p>b<br><img src='x>y'><script type='application/ld+json'>{'<div>'}</script></body>",
            "<a href=x/>y</a><br/><textarea><b></textarea>",
        ] {
            assert!(matches!(bounded(text), Cow::Borrowed(_)), "{text}");
        }
        let many = "<p>x".repeat(5_000);
        assert!(matches!(bounded(&many), Cow::Borrowed(_)));
    }

    #[test]
    fn depth_attributes_and_tags_are_bounded() {
        let deep = format!("{}text{}<p>after</p>", "<div>".repeat(50_000), "</div>".repeat(50_000));
        let shallow = bounded(&deep);
        assert_eq!(shallow.matches("<div>").count(), DEEPEST);
        assert!(shallow.contains("text") && shallow.ends_with("<p>after</p>"));
        let wide: String = (0..100_000).map(|number| format!(" a{number}='>'")).collect();
        let narrow = bounded(&format!("<p{wide}>text</p>")).into_owned();
        assert!(narrow.ends_with(" a63='>' >text</p>"), "{}", &narrow[narrow.len() - 60..]);
        let long = "<b>x</b>".repeat(MOST_TAGS);
        assert_eq!(bounded(&long).len(), long.len() / 2);
    }

    #[test]
    fn code_is_no_text() {
        let check = |text: &str, expect: &str| assert_eq!(bounded(text), expect);
        check("a<script>if (a<b) {'<div>'}</script >b<style>p>a{}</STYLE>c<!-- <div> -->d", "abcd");
        check("a<script src=x></script>b<script>never closed", "ab");
        check("a<!-- never closed", "a");
        check("a<!---->b", "ab");
    }

    #[test]
    fn a_deep_page_keeps_its_text() {
        let deep = format!("{}<p>text</p>", "<font><div>".repeat(50_000));
        let html = parse(&deep);
        assert_eq!(line_of(html.root_element()), "text");
    }

    #[test]
    fn blocks_are_paragraphs_and_breaks_are_not_always() {
        let check = |html: &str, expect: &str| assert_eq!(paragraphs_of_fragment(html), expect, "{html}");
        check("<p>a <b>b</b>\n c</p><p>d</p>", "a b c\n\nd");
        check("a<br>b<br><br>c", "a b\n\nc");
        check("<div>a<ul><li>b<li>c</ul>d</div>", "a\n\nb\n\nc\n\nd");
        check("<p>a<script>x()</script></p><style>p{}</style>", "a");
        check(" \n ", "");
    }

    proptest! {
        #[test]
        fn no_page_is_a_panic(text in "(<|>|/|=|\"|'|!--|-->|div|p |script|[ a]|\\PC){0,60}") {
            let html = parse(&text);
            paragraphs_of(html.root_element());
        }
    }
}
