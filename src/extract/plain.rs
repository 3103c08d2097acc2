//! Markup → plain text: the small words of feeds and pages (titles, summaries, bylines).
//!
//! It never gives markup back: what is shown later is escaped there, not here.

/// One line of plain text: character references read, tags and scripts taken out, white space folded.
///
/// Feeds escape titles once, twice or not at all; a tag is therefore looked for both before and
/// after references are read. A lone `<` is a sign, not a tag.
pub fn plain(markup: &str) -> String {
    let stripped = strip_tags(markup);
    let once = references(&stripped);
    let text = match has_tag(&once) {
        true => references(&strip_tags(&once)),
        false => once,
    };
    one_line(&text)
}

/// Like [`plain`], for what the feed says is text already: references were read by the parser.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '\u{feff}') {
        let word = word.trim_matches(['\u{200b}', '\u{200e}', '\u{200f}']);
        if word.is_empty() {
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// The text, cut at a character boundary to at most `most` bytes.
pub fn clip(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let mut end = most;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn has_tag(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| tag_name(&text[at..]).is_some())
}

/// The name of the tag that a `<` opens or closes.
fn tag_name(from: &str) -> Option<&str> {
    let name = from.strip_prefix('<')?;
    let name = name.strip_prefix('/').unwrap_or(name);
    if name.starts_with("!--") {
        return Some("!--");
    }
    let end = name.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(name.len());
    (end > 0 && name.as_bytes()[0].is_ascii_alphabetic() && end < name.len()).then(|| &name[..end])
}

/// Takes out tags, comments, and scripts and styles with what they hold.
pub fn strip_tags(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(name) = tag_name(rest) else {
            text.push('<');
            rest = &rest[1..];
            continue;
        };
        let opens = !rest.starts_with("</");
        let raw = ["script", "style"].into_iter().find(|raw| opens && name.eq_ignore_ascii_case(raw));
        let end = match (name, raw) {
            ("!--", _) => rest.find("-->").map(|end| end + 3),
            (_, Some(raw)) => end_of_raw(rest, raw),
            _ => rest.find('>').map(|end| end + 1),
        };
        // Inline markup joins what stands beside it; everything else parts it.
        let inline =
            ["a", "abbr", "b", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u", "wbr"];
        if !inline.iter().any(|inline| name.eq_ignore_ascii_case(inline)) {
            text.push(' ');
        }
        rest = end.map_or("", |end| &rest[end..]);
    }
    text.push_str(rest);
    text
}

fn end_of_raw(from: &str, name: &str) -> Option<usize> {
    let mut searched = 0;
    while let Some(at) = from[searched..].find("</") {
        let close = searched + at + 2;
        if from.as_bytes()[close..].get(..name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes())) {
            return from[close..].find('>').map(|end| close + end + 1);
        }
        searched = close;
    }
    None
}

/// Reads character references: numeric ones, and the named ones that occur in news.
pub fn references(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        read.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((letter, length)) => {
                read.push_str(letter.encode_utf8(&mut [0; 4]));
                rest = &rest[length..];
            }
            None => {
                read.push('&');
                rest = &rest[1..];
            }
        }
    }
    read.push_str(rest);
    read
}

/// The character of the reference that the text begins with, and the reference's length in bytes.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let letter = match name.strip_prefix('#') {
        Some(digits) => {
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            windows_1252(code).or_else(|| char::from_u32(code).filter(|letter| *letter != '\0'))?
        }
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((letter, end + 1))
}

/// Numeric references 128–159 mean windows-1252 (HTML standard, "numeric character reference end state").
fn windows_1252(code: u32) -> Option<char> {
    let byte = u8::try_from(code).ok().filter(|byte| (0x80..0xa0).contains(byte))?;
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next()
}

const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("hellip", '…'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("middot", '·'),
    ("bull", '•'),
    ("shy", '\u{ad}'),
    ("thinsp", '\u{2009}'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("sect", '§'),
    ("deg", '°'),
    ("plusmn", '±'),
    ("times", '×'),
    ("minus", '−'),
    ("frac12", '½'),
    ("euro", '€'),
    ("pound", '£'),
    ("yen", '¥'),
    ("cent", '¢'),
    ("iexcl", '¡'),
    ("iquest", '¿'),
    ("larr", '←'),
    ("rarr", '→'),
    ("agrave", 'à'),
    ("aacute", 'á'),
    ("acirc", 'â'),
    ("atilde", 'ã'),
    ("auml", 'ä'),
    ("aring", 'å'),
    ("aelig", 'æ'),
    ("ccedil", 'ç'),
    ("egrave", 'è'),
    ("eacute", 'é'),
    ("ecirc", 'ê'),
    ("euml", 'ë'),
    ("iacute", 'í'),
    ("icirc", 'î'),
    ("iuml", 'ï'),
    ("ntilde", 'ñ'),
    ("oacute", 'ó'),
    ("ocirc", 'ô'),
    ("otilde", 'õ'),
    ("ouml", 'ö'),
    ("oslash", 'ø'),
    ("szlig", 'ß'),
    ("uacute", 'ú'),
    ("ucirc", 'û'),
    ("uuml", 'ü'),
    ("Auml", 'Ä'),
    ("Ccedil", 'Ç'),
    ("Eacute", 'É'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_becomes_a_line_of_text() {
        let check = |markup: &str, expect: &str| assert_eq!(plain(markup), expect, "{markup}");
        check("  Суд\n\tвынес&nbsp;решение ", "Суд вынес решение");
        check("AT&amp;T и &laquo;Дана&raquo;", "AT&T и «Дана»");
        check("<b>Сот</b> шешімі<br/>шықты", "Сот шешімі шықты");
        check("&lt;p&gt;Editor &lt;b&gt;freed&lt;/b&gt;&lt;/p&gt;", "Editor freed");
        check("&#1057;&#x443;&#x434; &#150; &#39;да&#39;", "Суд – 'да'");
        check("a < b and 3<5, x <y", "a < b and 3<5, x <y");
        check("до<script>alert('&lt;')</script>после<!-- x -->.", "до после .");
        check("&unknown; & &; &#0; &#xfffffff;", "&unknown; & &; &#0; &#xfffffff;");
        check("<script>never closed", "");
        check("<", "<");
        check("", "");
    }

    #[test]
    fn clipping_keeps_letters_whole() {
        assert_eq!(clip("сот", 3), "с");
        assert_eq!(clip("сот", 6), "сот");
        assert_eq!(clip("", 0), "");
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in "([<>/&;#x!-]|script|style|amp|[а-я0-9 ]|\\PC){0,60}") {
            let line = plain(&text);
            prop_assert!(!line.contains('\n'));
            prop_assert_eq!(one_line(&line), line);
        }
    }
}
