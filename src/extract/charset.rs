//! Bytes → text: which encoding a page or feed is really in.
//!
//! Headers and `<meta>` lie more often than bytes do, so the order is: byte order mark; text that
//! is valid UTF-8; then what was declared, unless the bytes speak plainly against it; then the
//! guess of `chardetng`. It never fails: bytes that fit nowhere become U+FFFD.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252, X_USER_DEFINED};

/// How far into a document a declaration is looked for, in bytes. The HTML standard says 1024; real
/// pages put scripts before it.
const DECLARED_WITHIN: usize = 8 * 1024;
/// Bytes that the guess is made from.
const GUESSED_FROM: usize = 64 * 1024;

/// Decodes a page: HTML, or whatever a server calls so.
///
/// `content_type` is the header as it came.
pub fn decode_page(bytes: &[u8], content_type: Option<&str>) -> String {
    decode(bytes, content_type.and_then(charset_of_header), meta_charset(bytes))
}

/// Decodes a feed or sitemap: XML with or without its declaration, JSON, plain text.
pub fn decode_feed(bytes: &[u8], content_type: Option<&str>) -> String {
    decode(bytes, content_type.and_then(charset_of_header), xml_charset(bytes))
}

fn decode(bytes: &[u8], header: Option<&str>, inside: Option<String>) -> String {
    if let Some(text) = utf32_with_mark(bytes) {
        return text;
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    let labels = [header, inside.as_deref()];
    let mut declared = labels.iter().flatten().filter_map(|label| encoding_of(label));
    // ISO-2022-JP is all ASCII bytes, so it would pass for UTF-8.
    if bytes.contains(&0x1b) && declared.clone().any(|encoding| encoding == ISO_2022_JP) {
        return ISO_2022_JP.decode_without_bom_handling(bytes).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    if labels.iter().flatten().any(|label| is_kz1048(label)) {
        return decode_kz1048(bytes);
    }
    let guessed = guess(bytes);
    let chosen = match (declared.next(), declared.next()) {
        (Some(first), Some(second)) if first != second && second == guessed => second,
        (Some(first), _) => trust(first, guessed, bytes),
        _ if mostly_utf8(bytes) => UTF_8,
        _ => guessed,
    };
    chosen.decode_without_bom_handling(bytes).0.into_owned()
}

/// The declared encoding, or the guessed one where the bytes speak plainly against the declared.
fn trust(declared: &'static Encoding, guessed: &'static Encoding, bytes: &[u8]) -> &'static Encoding {
    if declared == UTF_8 {
        // A single stray byte does not make a page windows-1251.
        return if mostly_utf8(bytes) { UTF_8 } else { guessed };
    }
    if declared == guessed {
        return declared;
    }
    if mostly_utf8(bytes) {
        return UTF_8;
    }
    let sample = &bytes[..bytes.len().min(GUESSED_FROM)];
    let (as_declared, _, faults) = declared.decode(sample);
    let (as_guessed, _, guess_faults) = guessed.decode(sample);
    if faults && !guess_faults {
        return guessed;
    }
    // windows-1252 is what servers say when nobody told them anything.
    let western = declared == WINDOWS_1252 || declared == X_USER_DEFINED;
    let (declared_case, guessed_case) = (cyrillic_case(&as_declared), cyrillic_case(&as_guessed));
    match (declared_case, guessed_case) {
        (None, Some(share)) if western && share < 0.4 => guessed,
        // koi8-r read as windows-1251 turns small letters into capitals, and the reverse.
        (Some(capitals), Some(share)) if capitals > 0.6 && share < 0.4 => guessed,
        _ => declared,
    }
}

/// Share of capitals among Cyrillic letters, where there are at least twenty of them.
fn cyrillic_case(text: &str) -> Option<f64> {
    let (mut capitals, mut letters) = (0_u32, 0_u32);
    for letter in text.chars().filter(|letter| ('\u{400}'..='\u{4ff}').contains(letter)) {
        letters += 1;
        capitals += u32::from(letter.is_uppercase());
    }
    (letters >= 20).then(|| f64::from(capitals) / f64::from(letters))
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(GUESSED_FROM)], true);
    detector.guess(None, Utf8Detection::Allow)
}

/// UTF-8 with a few bad bytes: cut in the middle of a letter, or one foreign letter among thousands.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 0 && bad * 20 < good
}

/// UTF-32, which the Encoding Standard leaves out and XML allows.
fn utf32_with_mark(bytes: &[u8]) -> Option<String> {
    let (big_endian, rest) = match bytes {
        [0, 0, 0xfe, 0xff, rest @ ..] => (true, rest),
        [0xff, 0xfe, 0, 0, rest @ ..] => (false, rest),
        _ => return None,
    };
    let number = |unit: [u8; 4]| if big_endian { u32::from_be_bytes(unit) } else { u32::from_le_bytes(unit) };
    let letter = |unit: &[u8; 4]| char::from_u32(number(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some(rest.as_chunks::<4>().0.iter().map(letter).collect())
}

/// UTF-16 without a mark: markup is ASCII, so every second byte of it is zero.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(512) & !1];
    if sample.len() < 8 {
        return None;
    }
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, units) = (zeros(0), zeros(1), sample.len() / 2);
    match (even * 10 > units * 4, odd * 10 > units * 4) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

fn encoding_of(label: &str) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label_no_replacement(label.trim().as_bytes())?;
    // Bytes without a mark that were no UTF-16 above are none, whatever the declaration says.
    (encoding != UTF_16LE && encoding != UTF_16BE).then_some(encoding)
}

/// `charset` of a Content-Type header.
fn charset_of_header(header: &str) -> Option<&str> {
    let lower = header.to_ascii_lowercase();
    let at = lower.find("charset")? + "charset".len();
    let rest = header.get(at..)?.trim_start().strip_prefix('=')?.trim_start();
    let rest = rest.trim_start_matches(['"', '\'']);
    let end = rest.find(['"', '\'', ';', ',', ' ']).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|label| !label.is_empty())
}

/// The charset that a page's `<meta>` (or, in XHTML, its XML declaration) names.
fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = ascii(&bytes[..bytes.len().min(DECLARED_WITHIN)]);
    let mut from = 0;
    while let Some(at) = head[from..].find("<meta") {
        let tag = &head[from + at..];
        let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
        if let Some(label) = charset_of_header(tag) {
            return Some(label.trim_end_matches('/').to_owned());
        }
        from += at + "<meta".len();
    }
    xml_charset(bytes)
}

/// The `encoding` of an XML declaration.
fn xml_charset(bytes: &[u8]) -> Option<String> {
    let head = ascii(&bytes[..bytes.len().min(512)]);
    let declaration = &head[head.find("<?xml")?..];
    let declaration = &declaration[..declaration.find("?>")?];
    let value = &declaration[declaration.find("encoding")? + "encoding".len()..];
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_owned)
}

/// ASCII in lower case; every other byte a space.
fn ascii(bytes: &[u8]) -> Cow<'static, str> {
    let lower = bytes.iter().map(|byte| if byte.is_ascii() { char::from(byte.to_ascii_lowercase()) } else { ' ' });
    Cow::Owned(lower.collect())
}

/// Labels of KZ-1048, the Kazakhstani standard STRK1048-2002 registered with IANA, which the WHATWG
/// Encoding Standard leaves out.
fn is_kz1048(label: &str) -> bool {
    matches!(label.trim().to_ascii_lowercase().as_str(), "kz-1048" | "kz1048" | "strk1048-2002" | "rk1048")
}

/// KZ-1048 is windows-1251 with Kazakh letters in place of Serbian, Macedonian and Ukrainian ones.
fn decode_kz1048(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    let mut plain = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let Some(letter) = kz1048_letter(*byte) else { continue };
        text.push_str(&WINDOWS_1251.decode_without_bom_handling(&bytes[plain..at]).0);
        text.push(letter);
        plain = at + 1;
    }
    text.push_str(&WINDOWS_1251.decode_without_bom_handling(&bytes[plain..]).0);
    text
}

fn kz1048_letter(byte: u8) -> Option<char> {
    Some(match byte {
        0x8d => 'Қ',
        0x8e => 'Һ',
        0x9d => 'қ',
        0x9e => 'һ',
        0xa1 => 'Ұ',
        0xa2 => 'ұ',
        0xa3 => 'Ә',
        0xa5 => 'Ө',
        0xaa => 'Ғ',
        0xaf => 'Ү',
        0xb2 => 'І',
        0xb3 => 'і',
        0xb4 => 'ө',
        0xba => 'ғ',
        0xbc => 'ә',
        0xbd => 'Ң',
        0xbe => 'ң',
        0xbf => 'ү',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use encoding_rs::{KOI8_R, SHIFT_JIS};
    use proptest::prelude::*;

    use super::*;

    const RUSSIAN: &str =
        "<p>Районный суд отказал в удовлетворении иска к газете, сообщил её редактор в понедельник.</p>";
    const KAZAKH: &str = "<p>Қалалық сот журналистің шағымын қанағаттандырды, деп хабарлады қорғаушы ұйым өкілі.</p>";

    fn page(meta: &str, body: &str) -> String {
        format!("<html><head><title>x</title>{meta}</head><body>{body}</body></html>")
    }

    fn check(bytes: &[u8], content_type: Option<&str>, expect: &str) {
        let text = decode_page(bytes, content_type);
        assert!(text.contains(expect), "{content_type:?}: {text}");
    }

    #[test]
    fn what_is_declared_truly_is_believed() {
        for encoding in [WINDOWS_1251, KOI8_R] {
            let meta = format!("<meta charset={}>", encoding.name());
            check(&encoding.encode(&page(&meta, RUSSIAN)).0, None, RUSSIAN);
            let header = format!("text/html; charset=\"{}\"", encoding.name());
            check(&encoding.encode(&page("", RUSSIAN)).0, Some(&header), RUSSIAN);
            check(&encoding.encode(&page("", RUSSIAN)).0, None, RUSSIAN);
        }
        let japanese = "<p>裁判所は月曜日に訴えを退けた。</p>";
        check(&SHIFT_JIS.encode(&page("<meta charset=shift_jis>", japanese)).0, None, japanese);
    }

    #[test]
    fn valid_utf8_wins_over_every_declaration() {
        for (header, meta) in [
            (Some("text/html; charset=windows-1251"), ""),
            (None, "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=windows-1251\">"),
            (Some("text/html; charset=iso-8859-1"), "<meta charset=\"koi8-r\">"),
            (Some("text/html; charset=utf-16"), ""),
        ] {
            check(page(meta, KAZAKH).as_bytes(), header, KAZAKH);
        }
    }

    #[test]
    fn a_lying_declaration_loses_against_the_letters() {
        let legacy = WINDOWS_1251.encode(RUSSIAN).0;
        check(&legacy, Some("text/html; charset=utf-8"), RUSSIAN);
        check(&legacy, Some("text/html; charset=iso-8859-1"), RUSSIAN);
        check(&legacy, Some("text/html; charset=koi8-r"), RUSSIAN);
        check(&KOI8_R.encode(RUSSIAN).0, Some("text/html; charset=windows-1251"), RUSSIAN);
        let both = page("<meta charset=windows-1251>", RUSSIAN);
        check(&WINDOWS_1251.encode(&both).0, Some("text/html; charset=koi8-r"), RUSSIAN);
    }

    #[test]
    fn utf16_is_seen_with_and_without_its_mark() {
        let body = page("<meta charset=windows-1251>", KAZAKH);
        let little: Vec<u8> = body.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = body.encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&little, None, KAZAKH);
        check(&big, Some("text/html"), KAZAKH);
        check(&[&[0xff, 0xfe], &little[..]].concat(), None, KAZAKH);
        check(&[&[0xfe, 0xff], &big[..]].concat(), None, KAZAKH);
        check(&[&[0xef, 0xbb, 0xbf], body.as_bytes()].concat(), Some("text/html; charset=koi8-r"), KAZAKH);
    }

    #[test]
    fn a_stray_byte_does_not_turn_utf8_into_something_else() {
        let mut bytes = page("", &KAZAKH.repeat(3)).into_bytes();
        bytes.push(0xf1);
        check(&bytes, None, KAZAKH);
        check(&bytes, Some("text/html; charset=windows-1251"), KAZAKH);
    }

    #[test]
    fn the_kazakhstani_standard_is_read() {
        let legacy =
            b"<meta charset=kz-1048><p>\x8d\xe0\xe7\xe0\x9d\xf1\xf2\xe0\xed, \xbc\xe4\xb3\xeb \xf1\xb4\xe7</p>";
        check(legacy, None, "Қазақстан, әділ сөз");
    }

    #[test]
    fn an_xml_declaration_counts_for_feeds() {
        let feed = format!("<?xml version='1.0' encoding='windows-1251'?><rss>{RUSSIAN}</rss>");
        assert!(decode_feed(&WINDOWS_1251.encode(&feed).0, Some("text/xml")).contains(RUSSIAN));
        assert!(decode_feed(feed.as_bytes(), None).contains(RUSSIAN));
    }

    proptest! {
        #[test]
        fn decoding_never_fails(bytes in proptest::collection::vec(any::<u8>(), 0..400), label in "[a-z0-9-]{0,12}") {
            let header = format!("text/html; charset={label}");
            decode_page(&bytes, Some(&header));
            decode_feed(&bytes, None);
        }

        #[test]
        fn utf8_comes_back_as_it_was(text in "[ -~а-яәіңғүұқө]{0,80}") {
            prop_assert_eq!(decode_page(text.as_bytes(), Some("text/html; charset=windows-1251")), text);
        }
    }
}
