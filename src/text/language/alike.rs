//! Is a paragraph plainly in a language that its story was found to be in?
//!
//! Most stories are in one language from end to end. Once one paragraph was told by all its signs, the
//! next is compared with it by bytes alone, a few passes that the processor takes many bytes at a time:
//! every letter is of that alphabet, and something stands there that no neighbour of the language writes.
//! What is not plain is told by all its signs too.

use crate::model::{Lang, Script};

/// Letters that a paragraph needs to be compared.
const FEWEST_LETTERS: usize = 60;

/// Is the sample plainly in the language, in this script? False means only that it is not plain.
pub(super) fn is_plainly(sample: &str, lang: Lang, script: Script) -> bool {
    match (lang, script) {
        (Lang::RU, Script::Cyrillic) => is_russian(sample),
        (Lang::KK, Script::Cyrillic) => is_kazakh(sample),
        (Lang::EN, Script::Latin) => is_english(sample),
        _ => false,
    }
}

/// How many bytes fit.
fn count(bytes: &[u8], fits: impl Fn(u8) -> bool) -> usize {
    // Counted by pieces so that a count fits into a byte, which is what is counted fastest.
    bytes.chunks(255).map(|piece| usize::from(piece.iter().map(|byte| u8::from(fits(*byte))).sum::<u8>())).sum()
}

/// Does no byte with the one after it fit?
fn none(bytes: &[u8], fits: impl Fn(u8, u8) -> bool) -> bool {
    let next = bytes.get(1..).unwrap_or_default();
    !bytes.iter().zip(next).fold(false, |any, (byte, next)| any | fits(*byte, *next))
}

/// First bytes of letters between U+0400 and U+047F: `а`–`я` and what surrounds them.
fn is_cyrillic(byte: u8) -> bool {
    matches!(byte, 0xd0 | 0xd1)
}

/// First bytes of characters that are neither ASCII, nor Cyrillic, nor punctuation.
fn is_foreign(byte: u8) -> bool {
    byte >= 0xc3 && byte != 0xe2 && !matches!(byte, 0xd0..=0xd3)
}

/// Cyrillic letters outside `а`–`я`: U+0400–U+040F, and U+0450–U+047F.
fn is_of_the_edge(byte: u8, next: u8) -> bool {
    byte == 0xd0 && next < 0x90 || byte == 0xd1 && next >= 0x90
}

/// Enough Cyrillic letters, and few Latin ones beside them.
fn is_cyrillic_text(bytes: &[u8]) -> Option<usize> {
    let letters = count(bytes, is_cyrillic);
    let latin = count(bytes, |byte| byte.is_ascii_alphabetic());
    (letters >= FEWEST_LETTERS && latin <= letters / 4).then_some(letters)
}

fn is_russian(sample: &str) -> bool {
    let bytes = sample.as_bytes();
    // ы, э and ё are of no Bulgarian or Ukrainian; and where a Kazakh without its own letters would write
    // them, it has none of these words.
    let other = |byte, next| {
        let is_yo = byte == 0xd0 && next == 0x81 || byte == 0xd1 && next == 0x91;
        is_of_the_edge(byte, next) && !is_yo || matches!(byte, 0xd2 | 0xd3) || is_foreign(byte)
    };
    is_cyrillic_text(bytes).is_some()
        && none(bytes, other)
        && ["ы", "э", "ё"].iter().any(|letter| sample.contains(letter))
        && [" в ", " и ", " на ", " не ", " что ", " с ", " по "].iter().any(|word| sample.contains(word))
}

fn is_kazakh(sample: &str) -> bool {
    let bytes = sample.as_bytes();
    let other = |byte, next| {
        let is_of_edge = byte == 0xd0 && matches!(next, 0x81 | 0x86) || byte == 0xd1 && matches!(next, 0x91 | 0x96);
        // ғ қ ң ү ұ һ, and ә ө, small and capital.
        let is_own = byte == 0xd2
            && matches!(next, 0x92 | 0x93 | 0x9a | 0x9b | 0xa2 | 0xa3 | 0xae..=0xb1 | 0xba | 0xbb)
            || byte == 0xd3 && matches!(next, 0x98 | 0x99 | 0xa8 | 0xa9);
        is_of_the_edge(byte, next) && !is_of_edge || matches!(byte, 0xd2 | 0xd3) && !is_own || is_foreign(byte)
    };
    let own = count(bytes, |byte| matches!(byte, 0xd2 | 0xd3));
    // і with қ, ғ or ұ is of Kazakh alone; a twelfth of letters of its own is of no other text with a
    // Kazakh name in it.
    is_cyrillic_text(bytes).is_some_and(|letters| own * 12 >= letters)
        && none(bytes, other)
        && sample.contains('і')
        && ['қ', 'ғ', 'ұ'].iter().any(|letter| sample.contains(*letter))
}

fn is_english(sample: &str) -> bool {
    let bytes = sample.as_bytes();
    count(bytes, |byte| byte.is_ascii_alphabetic()) >= FEWEST_LETTERS
        && none(bytes, |byte, _| is_foreign(byte) || matches!(byte, 0xd0..=0xd3))
        && sample.contains(" the ")
        && [" of ", " to ", " in ", " and "].iter().any(|word| sample.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_plain_is_taken() {
        let check = |lang: Lang, script: Script, text: &str, expect: bool| {
            assert_eq!(is_plainly(text, lang, script), expect, "{text}");
        };
        let russian = "Суд в Алматы вынес решение по иску завода к редакции, и редактор был вызван повторно";
        let kazakh = "Кеше қала соты редакцияның арызын қарады, бірақ шешім шығармай, отырысты кейінге қалдырды";
        let english = "The court heard the editor and the owner of the plant, and put the case off to Monday";
        let (c, l) = (Script::Cyrillic, Script::Latin);
        for (lang, script, text) in [(Lang::RU, c, russian), (Lang::KK, c, kazakh), (Lang::EN, l, english)] {
            check(lang, script, text, true);
            for (other, script) in [(Lang::RU, c), (Lang::KK, c), (Lang::EN, l)] {
                check(other, script, text, other == lang);
            }
            // A letter of a neighbour, too few letters.
            check(lang, script, &format!("{text} ӯ"), false);
            check(lang, script, text.split(',').next().unwrap(), false);
        }
        // Chat Kazakh, Bulgarian, Ukrainian, and Russian about Kazakh names.
        check(
            Lang::RU,
            c,
            "кеше кала соты редакциянын арызын карап шыкты, биракта шешим айтылган жок, отырыс калды",
            false,
        );
        check(
            Lang::RU,
            c,
            "Съдът в града разгледа иска на завода срещу редакцията и отложи делото за понеделник",
            false,
        );
        check(
            Lang::RU,
            c,
            "Суд у місті розглянув позов заводу до редакції та переніс засідання на понеділок зранку",
            false,
        );
        check(
            Lang::KK,
            c,
            "Суд по иску фонда «Әділ іс» к редакции газеты «Жаңа қала» был отложен, и стороны ушли ни с чем",
            false,
        );
        check(
            Lang::EN,
            l,
            "Sud zavodning tahririyatga qarshi da'vosini ko'rib chiqdi va ishni dushanbaga qoldirdi",
            false,
        );
    }
}
