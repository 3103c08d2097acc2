//! Folded letters as bytes: one byte for nearly every letter that news are written in.
//!
//! ASCII stands for itself, Cyrillic from U+0400 to U+047F takes the upper half, and a few letters more
//! take the place of control characters. Whatever else a text holds is written as [`ESCAPE`] and the bytes
//! of its UTF-8, so that two words have the same codes only if they are the same.

use std::sync::LazyLock;

/// Announces a letter without a code of its own: the bytes of its UTF-8 follow.
pub(crate) const ESCAPE: u8 = 0x1f;

/// Letters whose codes are 1, 2, 3, …; at most thirty.
const MORE: &str = "әғқңөұүһҳӣӯҷáäçéğıñńöóşšūüúýǵï";

/// The first letter of the upper half.
const UPPER: u32 = 0x400;

/// Appends a letter.
pub(super) fn push(c: char, out: &mut Vec<u8>) {
    match code(c) {
        Some(code) => out.push(code),
        None => {
            out.push(ESCAPE);
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

/// The code of a letter that has one.
pub(super) fn code(c: char) -> Option<u8> {
    match c {
        ' '..='\u{7f}' => Some(c as u8),
        '\u{400}'..='\u{47f}' => u8::try_from(c as u32 - UPPER + 0x80).ok(),
        _ => MORE.chars().position(|more| more == c).and_then(|at| u8::try_from(at + 1).ok()),
    }
}

/// The codes of a folded word.
pub(super) fn of(word: &str) -> Vec<u8> {
    let mut codes = Vec::with_capacity(word.len());
    word.chars().for_each(|c| push(c, &mut codes));
    codes
}

/// The letter of each code; `\0` for [`ESCAPE`] and for codes of no letter.
static LETTERS: LazyLock<[char; 256]> = LazyLock::new(|| {
    std::array::from_fn(|code| match code {
        0x20..=0xff => {
            let upper = if code < 0x80 { 0 } else { UPPER - 0x80 };
            char::from_u32(code as u32 + upper).unwrap_or('\0')
        }
        _ => code.checked_sub(1).and_then(|at| MORE.chars().nth(at)).unwrap_or('\0'),
    })
});

/// The letter of every code; `\0` for [`ESCAPE`] and for codes of no letter.
pub(crate) fn letters() -> &'static [char; 256] {
    &LETTERS
}

/// Reads codes back, appending the letters.
pub(crate) fn decode(codes: &[u8], out: &mut String) {
    let letters = letters();
    let mut rest = codes;
    while let Some((&code, after)) = rest.split_first() {
        if code != ESCAPE {
            out.push(letters[usize::from(code)]);
            rest = after;
            continue;
        }
        let length = (1..=after.len().min(4)).find(|length| std::str::from_utf8(&after[..*length]).is_ok());
        let (letter, after) = after.split_at(length.unwrap_or(0));
        out.push_str(std::str::from_utf8(letter).unwrap_or_default());
        // Codes that nobody wrote: an escape with no letter behind it says nothing.
        rest = if letter.is_empty() { &[] } else { after };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nearly_every_letter_is_one_byte() {
        assert_eq!(of("суд-2, 73").len(), 9);
        assert_eq!(of("қазақстан"), [3, 0xb0, 0xb7, 0xb0, 3, 0xc1, 0xc2, 0xb0, 0xbd]);
        assert_eq!(of("漢"), [&[ESCAPE][..], "漢".as_bytes()].concat());
        assert!(MORE.chars().count() <= 30 && MORE.chars().all(|c| code(c).is_some_and(|code| code < ESCAPE)));
    }

    proptest! {
        #[test]
        fn codes_read_back(word in "[а-яa-z0-9әқ漢é\u{1}\u{1f}-]{0,12}|.{0,12}") {
            let mut back = String::new();
            decode(&of(&word), &mut back);
            prop_assert_eq!(back, word);
        }

        #[test]
        fn any_bytes_are_read(codes: Vec<u8>) {
            decode(&codes, &mut String::new());
        }
    }
}
