//! Endings of words, in the spelling that words are folded to, over codes of letters.

use std::sync::LazyLock;

use super::trie::{Sapling, Trie};
use crate::model::Lang;
use crate::text::codes;

/// Is what follows the stem an ending of the language?
pub(super) fn is_ending(lang: Lang, rest: &[u8]) -> bool {
    if rest.is_empty() {
        return true;
    }
    match lang {
        Lang::RU => is_case(rest),
        Lang::EN => matches!(rest, b"s" | b"es"),
        _ => is_suffix_chain(rest),
    }
}

/// Case and number endings of Russian nouns and adjectives, folded.
const RUSSIAN_ENDINGS: &[&str] = &[
    "а", "у", "ом", "ем", "е", "ы", "и", "ов", "ев", "ей", "ам", "ами", "ах", "я", "ю", "ям", "ями", "ях", "ой", "ою",
    "ий", "ый", "ая", "яя", "ое", "ее", "ые", "ие", "ого", "его", "ому", "ему", "ым", "им", "ых", "их", "ыми", "ими",
    "ую", "юю", "ь", "ью", "ия", "ии", "ию", "ией", "ием", "иям", "иями", "иях", "й",
];
/// Letters of the longest of them.
const LONGEST_CASE: usize = 3;

/// The endings, each as its codes one after the other in one number, in order.
static CASES: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut cases: Vec<u32> = RUSSIAN_ENDINGS.iter().map(|ending| as_number(&codes::of(ending))).collect();
    cases.sort_unstable();
    cases
});

fn as_number(codes: &[u8]) -> u32 {
    codes.iter().fold(0, |number, code| number << 8 | u32::from(*code))
}

fn is_case(rest: &[u8]) -> bool {
    rest.len() <= LONGEST_CASE && CASES.binary_search(&as_number(rest)).is_ok()
}

/// Suffixes of Kazakh nouns (plural, possessive, case, -лық, -сыз, -лы, -шы) in the skeleton; a chain of
/// them, each with a hyphen before it or none, is an ending. Both vowel harmonies fold to these.
const KAZAKH_SUFFIXES: &[&str] = &[
    "лар",
    "лер",
    "дар",
    "дер",
    "тар",
    "тер",
    "им",
    "ин",
    "и",
    "си",
    "миз",
    "имиз",
    "инин",
    "нин",
    "дин",
    "тин",
    "инда",
    "инде",
    "нда",
    "нде",
    "ига",
    "иге",
    "га",
    "ге",
    "ка",
    "ке",
    "на",
    "не",
    "ина",
    "ине",
    "ни",
    "ди",
    "ти",
    "н",
    "да",
    "де",
    "та",
    "те",
    "дан",
    "ден",
    "тан",
    "тен",
    "нан",
    "нен",
    "инан",
    "инен",
    "мен",
    "бен",
    "пен",
    "имен",
    "ги",
    "ки",
    "даги",
    "деги",
    "таги",
    "теги",
    "ндаги",
    "ндеги",
    "лик",
    "дик",
    "тик",
    "сиз",
    "ли",
    "ши",
    "дай",
    "дей",
    "м",
    "мин",
];
/// Longest rest of a word, in letters, that is tried as a chain of suffixes.
const LONGEST_CHAIN: usize = 31;

static CHAIN: LazyLock<Trie> = LazyLock::new(|| {
    let mut suffixes = Sapling::default();
    KAZAKH_SUFFIXES.iter().for_each(|suffix| suffixes.insert(&codes::of(suffix), 0));
    suffixes.grown()
});

fn is_suffix_chain(rest: &[u8]) -> bool {
    if rest.len() > LONGEST_CHAIN {
        return false;
    }
    let suffixes: &Trie = &CHAIN;
    // Bit n: the first n letters are a chain.
    let mut reached = 1_u32;
    for at in 0..rest.len() {
        if reached & (1 << at) == 0 {
            continue;
        }
        let from = at + usize::from(rest[at] == b'-');
        suffixes.walk(&rest[from..], |length, _| reached |= 1 << (from + length));
        if reached & (1 << rest.len()) != 0 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kazakh_suffixes_make_chains() {
        let check = |rest: &str, expect: bool| assert_eq!(is_suffix_chain(&codes::of(rest)), expect, "{rest}");
        check("лардин", true);
        check("-ди", true);
        check("лар-дан", true);
        check("имиздин", true);
        check("лардинк", false);
        check("-", false);
        check("лар-", false);
        check("за", false);
        check(&"лар".repeat(10), true);
        check(&"лар".repeat(11), false);
    }

    #[test]
    fn russian_and_english_endings_are_closed_lists() {
        let check =
            |lang: Lang, rest: &str, expect: bool| assert_eq!(is_ending(lang, &codes::of(rest)), expect, "{rest}");
        check(Lang::RU, "", true);
        check(Lang::RU, "ами", true);
        check(Lang::RU, "ать", false);
        check(Lang::EN, "es", true);
        check(Lang::EN, "ed", false);
    }
}
