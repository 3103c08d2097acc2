//! The repair stage before the feed parser: what real feeds get wrong in their XML.
//!
//! [`tidy`] is done to every feed and changes nothing that a parser may read. [`mend`] is done to a
//! feed that a parser could not read whole: markup inside titles and descriptions, bare `&` and
//! `<`, tags in capitals, a missing end.

use std::collections::BTreeSet;

use super::plain::references;

/// Elements that hold prose, in which feeds leave markup unescaped.
const PROSE: &[&str] = &[
    "title",
    "description",
    "summary",
    "content",
    "content:encoded",
    "subtitle",
    "dc:description",
    "dc:title",
    "media:title",
];

/// The document without what stands before its first tag, without letters that XML 1.0 (section
/// 2.2) forbids, without a document type (so that no entity can be declared), declared as UTF-8.
pub fn tidy(text: &str) -> String {
    let start = text.find(['<', '{']).unwrap_or(text.len());
    let allowed = |letter: char| !matches!(letter, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    let mut tidy: String = text[start..].chars().filter(|letter| allowed(*letter)).collect();
    if tidy.starts_with('{') {
        // PHP escapes slashes, and the parser looks for the version's address as it stands.
        return if tidy.contains("jsonfeed.org\\/") { tidy.replace("\\/", "/") } else { tidy };
    }
    if let Some(rest) = tidy.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        // The bytes are UTF-8 by now, whatever the declaration said.
        tidy = rest.1.trim_start().to_owned();
    }
    with_known_version(without_doctype(&tidy))
}

/// RSS of an unknown version (0.93, 2.01, none) is read as 2.0, which every version grew into.
fn with_known_version(text: String) -> String {
    let Some(at) = root_at(&text).filter(|at| text[*at..].starts_with("<rss")) else { return text };
    let end = at + text[at..].find('>').unwrap_or(text.len() - at);
    let tag = &text[at..end];
    let known = ["2.0", "0.90", "0.91", "0.92"];
    let has = |version: &&str| {
        tag.contains(&format!("version=\"{version}\"")) || tag.contains(&format!("version='{version}'"))
    };
    if known.iter().any(has) {
        return text;
    }
    let attributes = tag["<rss".len()..].replace("version", "data-version");
    format!("{}<rss version=\"2.0\"{attributes}{}", &text[..at], &text[end..])
}

/// Prefixes that are bound to the namespace of RSS or Atom itself, taken off: parsers know the bare names.
fn without_prefixes(text: &str) -> String {
    const NAMESPACES: &[&str] = &[
        "http://www.w3.org/2005/Atom",
        "http://purl.org/atom/ns#",
        "http://backend.userland.com/rss2",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
    ];
    let mut bare = text.to_owned();
    for namespace in NAMESPACES {
        // Bound once or twice in an honest feed; every binding costs a pass over the text.
        for (at, _) in text.match_indices(&format!("=\"{namespace}\"")).take(3) {
            let Some(prefix) =
                text[..at].rsplit("xmlns:").next().filter(|prefix| !prefix.is_empty() && prefix.len() < 20)
            else {
                continue;
            };
            if !prefix.bytes().all(|byte| byte.is_ascii_alphanumeric()) || prefix == "atom" {
                continue;
            }
            bare = bare.replace(&format!("<{prefix}:"), "<").replace(&format!("</{prefix}:"), "</");
        }
    }
    bare
}

/// A feed that stands inside an HTML page, cut out of it.
fn out_of_page(text: &str) -> &str {
    if !root(text).is_some_and(|root| root.eq_ignore_ascii_case("html")) {
        return text;
    }
    let starts =
        ["<rss", "<feed", "<rdf:rdf"].into_iter().filter_map(|tag| find_ignoring_case(text, tag).map(|at| (at, tag)));
    let Some((at, tag)) = starts.min() else { return text };
    let cut = &text[at..];
    let close = format!("</{}>", &tag[1..]);
    match find_ignoring_case(cut, &close) {
        Some(end) => &cut[..end + close.len()],
        None => cut,
    }
}

fn without_doctype(text: &str) -> String {
    let head = root_at(text).unwrap_or(0);
    let Some(at) = find_ignoring_case(&text[..head], "<!doctype") else { return text.to_owned() };
    // Everything between the declaration and the root element is declarations and comments.
    format!("{}{}", &text[..at], &text[head..])
}

/// The qualified name of the root element.
pub fn root(text: &str) -> Option<&str> {
    let name = &text[root_at(text)? + 1..];
    let end = name.find(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/')).unwrap_or(name.len());
    Some(&name[..end])
}

fn root_at(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find('<')?;
        let rest = &text[at..];
        let skipped = if rest.starts_with("<!--") {
            rest.find("-->")? + 3
        } else if rest.starts_with("<?") {
            rest.find("?>")? + 2
        } else if rest.starts_with("<!") {
            end_of_declaration(rest)?
        } else if rest[1..].starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
            return Some(at);
        } else {
            1
        };
        from = at + skipped;
    }
}

/// The end of `<!DOCTYPE … [ … ]>`.
fn end_of_declaration(from: &str) -> Option<usize> {
    let end = from.find('>')?;
    match from[..end].find('[') {
        None => Some(end + 1),
        // Where it is never closed nothing behind it can be told apart: there is no root.
        Some(_) => from.find("]>").map(|close| close + 2).or_else(|| from.find(']').map(|close| close + 1)),
    }
}

/// The document with its faults mended as well as can be told without knowing what was meant.
pub fn mend(text: &str) -> String {
    let bare = without_prefixes(out_of_page(text));
    let text = bare.as_str();
    let mut mended = String::with_capacity(text.len() + text.len() / 8);
    let mut never_closed = BTreeSet::new();
    // Prose that was looked at and left alone is not looked at again from a tag inside it.
    let mut looked_at = usize::MAX;
    let mut rest = cut_after_last_item(text);
    while let Some(at) = rest.find('<') {
        push_escaped(&rest[..at], &mut mended);
        rest = &rest[at..];
        if let Some(end) = end_of_whole(rest) {
            mended.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let Some((name, end)) = tag(rest) else {
            mended.push_str("&lt;");
            rest = &rest[1..];
            continue;
        };
        let lower = name.to_ascii_lowercase();
        push_tag(&rest[..end], name, &mut mended);
        let whole = &rest[..end];
        rest = &rest[end..];
        let opens = !whole.starts_with("</") && !whole.ends_with("/>");
        let known = never_closed.contains(&lower) || rest.len() > looked_at;
        if !opens || known || !PROSE.contains(&lower.as_str()) || whole.contains("xhtml") {
            continue;
        }
        let Some(close) = find_ignoring_case(rest, &format!("</{lower}")) else {
            never_closed.insert(lower);
            continue;
        };
        let prose = &rest[..close];
        if prose.contains("<![CDATA[") || !prose.contains('<') {
            looked_at = rest.len() - close;
            continue;
        }
        mended.push_str("<![CDATA[");
        mended.push_str(&prose.replace("]]>", "]] >"));
        mended.push_str("]]>");
        rest = &rest[close..];
    }
    push_escaped(rest, &mut mended);
    close_root(text, &mut mended);
    with_channel(mended)
}

/// Items of RSS that stand outside a channel are put into one.
fn with_channel(text: String) -> String {
    let Some(at) = root_at(&text).filter(|at| text[*at..].starts_with("<rss")) else { return text };
    let Some(end) = text[at..].find('>').map(|end| at + end + 1) else { return text };
    let (Some(close), None) = (text.rfind("</rss>"), find_ignoring_case(&text[end..], "<channel")) else { return text };
    if close < end {
        return text;
    }
    format!("{}<channel>{}</channel>{}", &text[..end], &text[end..close], &text[close..])
}

/// A feed cut off in the middle ends after its last whole item.
fn cut_after_last_item(text: &str) -> &str {
    let closed = ["</rss>", "</rdf:rdf>", "</feed>", "</channel>"];
    let from = text.len().saturating_sub(512);
    let from = (from..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    if closed.iter().any(|close| find_ignoring_case(&text[from..], close).is_some()) {
        return text;
    }
    match ["</item>", "</entry>", "</ITEM>"]
        .iter()
        .filter_map(|close| text.rfind(close).map(|at| at + close.len()))
        .max()
    {
        Some(end) => &text[..end],
        None => text,
    }
}

fn close_root(text: &str, mended: &mut String) {
    let Some(root) = root(text) else { return };
    let lower = root.to_ascii_lowercase();
    let has = |close: &str| find_ignoring_case(text, close).is_some();
    let close = if lower == "rss" && !has("</rss") {
        if has("<channel") && !has("</channel") { "</channel></rss>" } else { "</rss>" }
    } else if lower == "feed" && !has("</feed") {
        "</feed>"
    } else if lower.ends_with(":rdf") && !has(&format!("</{lower}")) {
        mended.push_str(&format!("</{root}>"));
        return;
    } else {
        return;
    };
    mended.push_str(close);
}

/// The length of a comment, CDATA section or instruction at the start, which is left as it is.
fn end_of_whole(from: &str) -> Option<usize> {
    let (opening, closing) = [("<![CDATA[", "]]>"), ("<!--", "-->"), ("<?", "?>")]
        .into_iter()
        .find(|(opening, _)| from.starts_with(opening))?;
    let held = &from[opening.len()..];
    Some(held.find(closing).map_or(from.len(), |end| opening.len() + end + closing.len()))
}

/// The name and length of the tag at the start, where it looks like one of XML.
fn tag(from: &str) -> Option<(&str, usize)> {
    let name = from[1..].strip_prefix('/').unwrap_or(&from[1..]);
    let end = name.find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, ':' | '_' | '-' | '.')))?;
    if end == 0 || !name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
        return None;
    }
    let after = name[end..].chars().next()?;
    if !(after.is_whitespace() || matches!(after, '>' | '/')) {
        return None;
    }
    // A tag does not hold another: `x <y and <title>` has a sign first.
    let close = from[1..].find(['<', '>'])? + 1;
    from[close..].starts_with('>').then(|| (&name[..end], close + 1))
}

/// Elements of feeds as the specifications spell them.
const SPELLED: &[&str] = &[
    "rss",
    "channel",
    "item",
    "title",
    "link",
    "description",
    "pubDate",
    "lastBuildDate",
    "guid",
    "author",
    "category",
    "feed",
    "entry",
    "id",
    "summary",
    "content",
    "published",
    "updated",
    "enclosure",
    "language",
];

/// Pushes a tag with its bare `&` escaped, and its name as the specifications spell it.
fn push_tag(tag: &str, name: &str, mended: &mut String) {
    let start = if tag.starts_with("</") { 2 } else { 1 };
    mended.push_str(&tag[..start]);
    mended.push_str(SPELLED.iter().find(|known| known.eq_ignore_ascii_case(name)).unwrap_or(&name));
    push_escaped(&tag[start + name.len()..], mended);
}

/// Pushes character data; an `&` that begins no reference of XML is escaped, one that begins a
/// reference of HTML is read.
fn push_escaped(data: &str, mended: &mut String) {
    let mut rest = data;
    while let Some(at) = rest.find('&') {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|byte| byte == b';').map(|end| end + 1);
        let reference = end.map(|end| &rest[..end]);
        match reference {
            Some("&amp;" | "&lt;" | "&gt;" | "&quot;" | "&apos;") => mended.push_str(&rest[..1]),
            Some(reference) if references(reference) != reference && !reference[1..].contains('&') => {
                let letter = references(reference);
                match letter.as_str() {
                    "&" => mended.push_str("&amp;"),
                    "<" => mended.push_str("&lt;"),
                    _ => mended.push_str(&letter),
                }
                rest = &rest[reference.len()..];
                continue;
            }
            _ => mended.push_str("&amp;"),
        }
        rest = &rest[1..];
    }
    mended.push_str(rest);
}

/// Where an ASCII needle in small letters stands, capitals aside.
pub fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(at) = text[from..].iter().position(|byte| byte.to_ascii_lowercase() == first) {
        let at = from + at;
        if text.get(at..at + needle.len())?.eq_ignore_ascii_case(needle) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tidying_takes_off_what_no_parser_needs() {
        let check = |text: &str, expect: &str| assert_eq!(tidy(text), expect);
        check("\n junk <?xml version='1.0' encoding='koi8-r'?>\n<rss/>", "<rss version=\"2.0\"/>");
        check("<feed>\u{1}a\u{b}b</feed>", "<feed>ab</feed>");
        check("<!DOCTYPE feed [<!ENTITY a \"aaa\"><!ENTITY b \"&a;&a;\">]><feed>&b;</feed>", "<feed>&b;</feed>");
        check("<!DOCTYPE rss SYSTEM \"x.dtd\"><!-- c --><rss/>", "<rss version=\"2.0\"/>");
        check(" {\"version\": 1}", "{\"version\": 1}");
        check("nothing", "");
        check("<rss version='0.93' a='b'><x/>", "<rss version=\"2.0\" data-version='0.93' a='b'><x/>");
        check("<rss version='0.91'><x/>", "<rss version='0.91'><x/>");
        check(
            "{\"version\": \"https:\\/\\/jsonfeed.org\\/version\\/1\"}",
            "{\"version\": \"https://jsonfeed.org/version/1\"}",
        );
    }

    #[test]
    fn faults_of_real_feeds_are_mended() {
        let check = |text: &str, expect: &str| assert_eq!(mend(text), expect);
        check("<x><title>Рога & Копыта</title></x>", "<x><title>Рога &amp; Копыта</title></x>");
        check("<x><a>&nbsp;&amp;&#38;&bogus;</a></x>", "<x><a>\u{a0}&amp;&amp;&amp;bogus;</a></x>");
        check(
            "<x><description><p>a<br>b & c</description></x>",
            "<x><description><![CDATA[<p>a<br>b & c]]></description></x>",
        );
        check("<x><y>3 < 5</y></x>", "<x><y>3 &lt; 5</y></x>");
        check("<RSS><CHANNEL><ITEM>x</ITEM></CHANNEL></RSS>", "<rss><channel><item>x</item></channel></rss>");
        check("<rss><channel><item>a</item><item>b", "<rss><channel><item>a</item></channel></rss>");
        check("<rss><item>a</item></rss>", "<rss><channel><item>a</item></channel></rss>");
        check(
            "<RSS><Item><PUBDATE>x</PUBDATE></Item></RSS>",
            "<rss><channel><item><pubDate>x</pubDate></item></channel></rss>",
        );
        check(
            "<feed><p:entry xmlns:p=\"http://www.w3.org/2005/Atom\"><p:id>1</p:id></p:entry></feed>",
            "<feed><entry xmlns:p=\"http://www.w3.org/2005/Atom\"><id>1</id></entry></feed>",
        );
        check("<html><body><feed><entry>a</entry></feed></body></html>", "<feed><entry>a</entry></feed>");
        check("<feed><entry>a</entry><ent", "<feed><entry>a</entry></feed>");
        check("<x><link>http://a.example/?b=1&c=2</link></x>", "<x><link>http://a.example/?b=1&amp;c=2</link></x>");
        check("<x><title><![CDATA[a & <b>]]></title></x>", "<x><title><![CDATA[a & <b>]]></title></x>");
        check("<x><!--> & --><a>b</a></x>", "<x><!--> & --><a>b</a></x>");
        check("<!-->[", "<!-->[");
    }

    #[test]
    fn the_root_is_found_behind_its_prologue() {
        let check = |text: &str, expect: Option<&str>| assert_eq!(root(text), expect);
        check("<?xml version='1.0'?><!-- <rss> --><!DOCTYPE x><rdf:RDF xmlns='y'>", Some("rdf:RDF"));
        check("<feed/>", Some("feed"));
        check("no markup", None);
        check("<!-- never closed <rss>", None);
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in "(<|>|/|&|;|!--|-->|<!\\[CDATA\\[|\\]\\]>|title|<item>|</item>|<rss>|<!DOCTYPE |\\[|[ a-я]|\\PC){0,40}") {
            mend(&tidy(&text));
            mend(&text);
            root(&text);
        }
    }
}
