//! A reading's words in one spelling for all its languages, for the grammars of this folder.
//!
//! A date, a sum or an article of law is read by the same grammar whatever the language of the
//! paragraph: Russian numbers stand in Kazakh paragraphs, and a short title may be taken for the
//! other language. So every folded word is brought to the Kazakh skeleton once more ([`fold`]), and
//! the lists of the grammars are written in it.

use std::cell::{Cell, OnceCell};
use std::ops::Range;
use std::sync::LazyLock;

use crate::model::{Lang, Part, Script};
use crate::text::{Reading, codes, fold};

/// The words of a reading with their keys.
pub(super) struct Words<'r, 'a> {
    pub(super) reading: &'r Reading<'a>,
    /// By some words at a time; made when one of them is first asked for, since most words stand beside
    /// no fact.
    keys: Vec<OnceCell<Keys>>,
    /// Of all words at once, for a story that is read whole, and where each ends.
    all: OnceCell<(String, Vec<u32>)>,
    /// The sentence that was asked for last: the next question is mostly about the same.
    last: Cell<usize>,
    /// The first sentence of the text; the title's stand before it.
    pub(super) first_of_text: usize,
}

/// How many words are spelled at a time.
const AT_A_TIME: usize = 8;

/// The keys of some words that follow each other.
struct Keys {
    text: String,
    ends: [u32; AT_A_TIME],
}

impl Keys {
    fn of(reading: &Reading<'_>, tokens: Range<usize>) -> Self {
        let (mut ends, mut next) = ([0; AT_A_TIME], 0);
        let text = spelled(reading, tokens, |end| {
            ends[next] = end;
            next += 1;
        });
        Self { text, ends }
    }
}

/// The key of one of some words, given by its place among them.
fn key<'k>(text: &'k str, ends: &[u32], word: usize) -> &'k str {
    let start = word.checked_sub(1).map_or(0, |before| ends[before]);
    &text[start as usize..ends[word] as usize]
}

/// The keys of some words, one behind the other; tells where each ends.
fn spelled(reading: &Reading<'_>, tokens: Range<usize>, mut tell: impl FnMut(u32)) -> String {
    let letters: usize = tokens.clone().map(|token| reading.codes(token).len()).sum();
    // Two bytes a letter, and some more for letters that become two.
    let mut text = Vec::with_capacity(2 * letters + 16);
    for token in tokens {
        spell(reading, token, &mut text);
        tell(text.len() as u32);
    }
    // Letters were put there whole.
    String::from_utf8(text).unwrap_or_default()
}

/// Appends the key of a word.
fn spell(reading: &Reading<'_>, token: usize, out: &mut Vec<u8>) {
    let start = out.len();
    if !SKELETON.spell(reading.codes(token), out) {
        out.truncate(start);
        let mut key = String::new();
        fold::word(&reading.word(token), Lang::KK, Script::Cyrillic, &mut key);
        out.extend_from_slice(key.as_bytes());
    }
}

/// What each code is in the Kazakh skeleton, which `и` is never doubled in.
struct Skeleton([Spelled; 256]);

/// One letter in the skeleton.
#[derive(Clone, Copy)]
enum Spelled {
    Nothing,
    Ascii(u8),
    /// A letter of two bytes.
    Two([u8; 2]),
    /// `я` and `ю`: two letters.
    Four([u8; 4]),
    /// It must be looked at in full.
    Odd,
}

static SKELETON: LazyLock<Skeleton> = LazyLock::new(|| {
    Skeleton(codes::letters().map(|letter| {
        let mut folded = String::new();
        fold::word(letter.encode_utf8(&mut [0; 4]), Lang::KK, Script::Cyrillic, &mut folded);
        match *folded.as_bytes() {
            _ if letter == '\0' => Spelled::Odd,
            [] => Spelled::Nothing,
            [one] => Spelled::Ascii(one),
            [one, two] => Spelled::Two([one, two]),
            [one, two, three, four] => Spelled::Four([one, two, three, four]),
            _ => Spelled::Odd,
        }
    }))
});

/// The UTF-8 of `и`.
const I: [u8; 2] = [0xd0, 0xb8];

impl Skeleton {
    /// Appends a word letter by letter; false where a letter's neighbours matter.
    fn spell(&self, word: &[u8], out: &mut Vec<u8>) -> bool {
        let (mut latin, mut others, mut after_i) = (false, false, false);
        for code in word {
            match self.0[usize::from(*code)] {
                Spelled::Two(letter) => {
                    others = true;
                    if !(after_i && letter == I) {
                        out.extend_from_slice(&letter);
                    }
                    after_i = letter == I;
                }
                Spelled::Ascii(letter) => {
                    latin |= letter.is_ascii_alphabetic();
                    out.push(letter);
                    after_i = false;
                }
                Spelled::Nothing => others = true,
                Spelled::Four(letters) => {
                    others = true;
                    out.extend_from_slice(if after_i { &letters[2..] } else { &letters });
                    after_i = false;
                }
                Spelled::Odd => return false,
            }
        }
        !(latin && others)
    }
}

impl<'r, 'a> Words<'r, 'a> {
    pub(super) fn of(reading: &'r Reading<'a>) -> Self {
        let keys = std::iter::repeat_with(OnceCell::new).take(reading.tokens.len().div_ceil(AT_A_TIME)).collect();
        let first_of_text = reading.sentences.iter().position(|sentence| sentence.part == Part::Text).unwrap_or(0);
        Self { reading, keys, all: OnceCell::new(), last: Cell::new(0), first_of_text }
    }

    pub(super) fn len(&self) -> usize {
        self.reading.tokens.len()
    }

    /// Makes every key now: the whole story will be read.
    pub(super) fn spell_all(&self) {
        self.all.get_or_init(|| {
            let mut ends = Vec::with_capacity(self.len());
            (spelled(self.reading, 0..self.len(), |end| ends.push(end)), ends)
        });
    }

    /// The key of a word; empty past the end.
    pub(super) fn key(&self, token: usize) -> &str {
        if token >= self.len() {
            return "";
        }
        if let Some((text, ends)) = self.all.get() {
            return key(text, ends, token);
        }
        let (index, first) = (token / AT_A_TIME, token - token % AT_A_TIME);
        let keys = self.keys[index]
            .get_or_init(|| Keys::of(self.reading, first..(first + AT_A_TIME).min(self.reading.tokens.len())));
        key(&keys.text, &keys.ends, token - first)
    }

    /// The first letter of a word, folded for its own language; `\0` past the end. Asking for it is much
    /// cheaper than for a key that nothing else asks for.
    pub(super) fn first_letter(&self, token: usize) -> char {
        let code = if token < self.len() { self.reading.codes(token).first() } else { None };
        code.map_or('\0', |code| codes::letters()[usize::from(*code)])
    }

    /// What stands between a word and the next one.
    pub(super) fn gap(&self, token: usize) -> &str {
        if token < self.len() { self.reading.gap(token) } else { "" }
    }

    /// Does a closing quotation mark follow a word?
    pub(super) fn closes_quote(&self, token: usize) -> bool {
        let Some(word) = self.reading.tokens.get(token) else { return false };
        self.reading.part(word.part)[word.end as usize..].starts_with(['»', '”', '"', '“'])
    }

    /// Does a closing bracket follow a word?
    pub(super) fn closes_bracket(&self, token: usize) -> bool {
        let Some(word) = self.reading.tokens.get(token) else { return false };
        self.reading.part(word.part)[word.end as usize..].starts_with(')')
    }

    /// Does an opening quotation mark stand before a word?
    pub(super) fn opens_quote(&self, token: usize) -> bool {
        let Some(word) = self.reading.tokens.get(token) else { return false };
        self.reading.part(word.part)[..word.start as usize].ends_with(['«', '“', '"', '„'])
    }

    /// Do two neighbours stand in one part with only space between them?
    pub(super) fn is_spaced(&self, token: usize) -> bool {
        let gap = self.gap(token);
        !gap.is_empty() && gap.len() <= 4 && gap.trim().is_empty() && !gap.contains('\n')
    }

    /// Do two neighbours stand side by side, with space, a hyphen or the full stop of a shortened word?
    pub(super) fn is_near(&self, token: usize) -> bool {
        let gap = self.gap(token);
        !gap.is_empty()
            && gap.len() <= 8
            && gap.chars().all(|c| c.is_whitespace() && c != '\n' || matches!(c, '.' | '-' | '–'))
    }

    /// A word that begins with digits, cut into its number (`73-3`, `174`) and what hangs on it
    /// (`баптин`, `млн`); `None` for other words.
    pub(super) fn number(&self, token: usize) -> Option<(&str, &str)> {
        let key = self.key(token);
        key.starts_with(|c: char| c.is_ascii_digit()).then(|| cut_number(key))
    }

    /// A word of digits only, as a small number.
    pub(super) fn digits(&self, token: usize) -> Option<u32> {
        let key = self.key(token);
        (!key.is_empty() && key.len() <= 6 && key.bytes().all(|b| b.is_ascii_digit())).then(|| key.parse().ok())?
    }

    /// Tokens of the sentence of a token.
    pub(super) fn sentence(&self, token: usize) -> Range<usize> {
        let index = self.sentence_index(token);
        self.reading.sentences.get(index).map_or(token..self.len(), |sentence| sentence.tokens.clone())
    }

    /// The sentence of a token.
    pub(super) fn sentence_index(&self, token: usize) -> usize {
        let holds =
            |index: usize| self.reading.sentences.get(index).is_some_and(|sentence| sentence.tokens.contains(&token));
        let last = self.last.get();
        let index = match () {
            () if holds(last) => return last,
            () if holds(last + 1) => last + 1,
            () => self.reading.sentence_of(token),
        };
        self.last.set(index);
        index
    }
}

/// Cuts `174-баптин` into `174` and `баптин`, `73-3-бап` into `73-3` and `бап`, `5млн` into `5` and `млн`.
pub(super) fn cut_number(key: &str) -> (&str, &str) {
    let bytes = key.as_bytes();
    let mut end = 0;
    while end < bytes.len() {
        let next_digit = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        match bytes[end] {
            b if b.is_ascii_digit() => end += 1,
            b'-' if next_digit => end += 1,
            _ => break,
        }
    }
    (&key[..end], key[end..].trim_start_matches('-'))
}

/// Does a key begin with one of some stems?
pub(super) fn begins(key: &str, stems: &[&str]) -> bool {
    stems.iter().any(|stem| key.starts_with(stem))
}

/// Words written as people write them, brought to keys: one list for tables that come from files.
pub(super) fn key_of(word: &str, out: &mut String) {
    fold::word(word, Lang::KK, Script::Cyrillic, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_part_from_what_hangs_on_them() {
        let check = |key: &str, expect: (&str, &str)| assert_eq!(cut_number(key), expect, "{key}");
        check("174", ("174", ""));
        check("174-баптин", ("174", "баптин"));
        check("73-3", ("73-3", ""));
        check("73-3-бап", ("73-3", "бап"));
        check("5млн", ("5", "млн"));
        check("16-си", ("16", "си"));
        check("456-1-баби", ("456-1", "баби"));
        check("2017-11-16", ("2017-11-16", ""));
        check("174-", ("174", ""));
    }
}
