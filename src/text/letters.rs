//! What single characters are, looked up instead of asked of Unicode's tables for each one.

use std::sync::LazyLock;

use super::{is_combining, is_ignorable};

/// Characters below this are looked up: Latin, Cyrillic, Arabic, and general punctuation with the signs
/// of money. Others are rare in news and are asked of Unicode.
const TABLED: usize = 0x2120;

/// What a character is: a set of the constants below.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Kind(u16);

impl Kind {
    /// A letter or digit, of any script.
    pub(super) const WORD: Self = Self(1);
    pub(super) const ALPHABETIC: Self = Self(1 << 1);
    pub(super) const CAPITAL: Self = Self(1 << 2);
    /// `0`–`9`.
    pub(super) const DIGIT: Self = Self(1 << 3);
    pub(super) const COMBINING: Self = Self(1 << 4);
    /// Invisible inside a word.
    pub(super) const IGNORABLE: Self = Self(1 << 5);
    /// Joins two halves of a word: a hyphen or an apostrophe.
    pub(super) const JOINER: Self = Self(1 << 6);
    pub(super) const APOSTROPHE: Self = Self(1 << 7);
    /// A token of its own: a sign of money, per cent, number or section.
    pub(super) const SYMBOL: Self = Self(1 << 8);
    /// May end a sentence.
    pub(super) const STOP: Self = Self(1 << 9);
    pub(super) const CYRILLIC: Self = Self(1 << 10);
    /// A letter that may stand for a Cyrillic one: `a`–`z`, `A`–`Z`, `ə`.
    pub(super) const LOOK_ALIKE: Self = Self(1 << 11);
    /// In a language's table: its folded form has no codes of its own there.
    pub(super) const ODD: Self = Self(1 << 12);
    /// In the table of Kazakh: its folded form begins with и, which is never doubled.
    pub(super) const FIRST_I: Self = Self(1 << 13);
    /// Alphabetic and no capital.
    pub(super) const SMALL: Self = Self(1 << 14);
    /// In a language's table: it is folded to one code, whatever stands before it.
    pub(super) const SIMPLE: Self = Self(1 << 15);

    /// Asks Unicode.
    fn of(c: char) -> Self {
        let mut kind = Self::default();
        let mut tell = |is: bool, of: Self| kind = if is { kind.and(of) } else { kind };
        tell(c.is_alphanumeric(), Self::WORD);
        tell(c.is_alphabetic(), Self::ALPHABETIC);
        tell(c.is_uppercase(), Self::CAPITAL);
        tell(c.is_alphabetic() && !c.is_uppercase(), Self::SMALL);
        tell(c.is_ascii_digit(), Self::DIGIT);
        tell(is_combining(c), Self::COMBINING);
        tell(is_ignorable(c), Self::IGNORABLE);
        let apostrophe = is_apostrophe(c);
        tell(apostrophe || matches!(c, '-' | '‐' | '‑' | '–'), Self::JOINER);
        tell(apostrophe, Self::APOSTROPHE);
        tell(matches!(c, '$' | '€' | '£' | '₽' | '₸' | '¥' | '₴' | '%' | '‰' | '№' | '§'), Self::SYMBOL);
        tell(matches!(c, '.' | '!' | '?' | '…' | '؟' | '۔'), Self::STOP);
        tell(matches!(c, '\u{400}'..='\u{52f}'), Self::CYRILLIC);
        tell(c.is_ascii_alphabetic() || c == 'ə', Self::LOOK_ALIKE);
        kind
    }

    /// Both together.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Is it one of these?
    pub(super) const fn is(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }
}

pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | 'ʻ' | '‘' | '`')
}

/// What every character is.
pub(super) struct Kinds([Kind; TABLED]);

static KINDS: LazyLock<Kinds> =
    LazyLock::new(|| Kinds(std::array::from_fn(|code| char::from_u32(code as u32).map_or(Kind::default(), Kind::of))));

impl Kinds {
    pub(super) fn table() -> &'static Self {
        &KINDS
    }

    /// What a character is, by its number.
    pub(super) fn of(&self, c: u32) -> Kind {
        match self.0.get(c as usize) {
            Some(kind) => *kind,
            None => char::from_u32(c).map_or(Kind::default(), Kind::of),
        }
    }
}

/// The number of the character that begins at a byte of UTF-8, and its length in bytes.
///
/// `str::chars` does the same; this one is read in place by loops that go back and look ahead.
#[inline]
pub(super) fn character(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    let byte = |offset: usize| bytes.get(at + offset).map_or(0, |byte| u32::from(byte & 0x3f));
    let first = u32::from(*bytes.get(at)?);
    Some(match first {
        ..0x80 => (first, 1),
        0x80..0xe0 => ((first & 0x1f) << 6 | byte(1), 2),
        0xe0..0xf0 => ((first & 0x0f) << 12 | byte(1) << 6 | byte(2), 3),
        _ => ((first & 0x07) << 18 | byte(1) << 12 | byte(2) << 6 | byte(3), 4),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn characters_are_those_of_the_text(text in ".{0,20}") {
            let (mut at, mut told) = (0, String::new());
            while let Some((c, length)) = character(text.as_bytes(), at) {
                told.extend(char::from_u32(c));
                at += length;
            }
            prop_assert_eq!(told, text);
        }
    }
}
