//! Endings of words, in the spelling that words are folded to.

use std::sync::LazyLock;

use super::trie::{Sapling, Trie};
use crate::model::Lang;

/// Is what follows the stem an ending of the language?
pub(super) fn is_ending(lang: Lang, rest: &str) -> bool {
    if rest.is_empty() {
        return true;
    }
    match lang {
        Lang::RU => is_case(rest),
        Lang::EN => matches!(rest, "s" | "es"),
        _ => is_suffix_chain(rest),
    }
}

/// Case and number endings of Russian nouns and adjectives, folded.
fn is_case(rest: &str) -> bool {
    matches!(
        rest,
        "а" | "у"
            | "ом"
            | "ем"
            | "е"
            | "ы"
            | "и"
            | "ов"
            | "ев"
            | "ей"
            | "ам"
            | "ами"
            | "ах"
            | "я"
            | "ю"
            | "ям"
            | "ями"
            | "ях"
            | "ой"
            | "ою"
            | "ий"
            | "ый"
            | "ая"
            | "яя"
            | "ое"
            | "ее"
            | "ые"
            | "ие"
            | "ого"
            | "его"
            | "ому"
            | "ему"
            | "ым"
            | "им"
            | "ых"
            | "их"
            | "ыми"
            | "ими"
            | "ую"
            | "юю"
            | "ь"
            | "ью"
            | "ия"
            | "ии"
            | "ию"
            | "ией"
            | "ием"
            | "иям"
            | "иями"
            | "иях"
            | "й"
    )
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
/// Longest rest of a word, in bytes, that is tried as a chain of suffixes.
const LONGEST_CHAIN: usize = 63;

static CHAIN: LazyLock<Trie> = LazyLock::new(|| {
    let mut suffixes = Sapling::default();
    KAZAKH_SUFFIXES.iter().for_each(|suffix| suffixes.insert(suffix, 0));
    suffixes.grown()
});

fn is_suffix_chain(rest: &str) -> bool {
    if rest.len() > LONGEST_CHAIN {
        return false;
    }
    let suffixes: &Trie = &CHAIN;
    // Bit n: the first n bytes are a chain.
    let mut reached = 1_u64;
    for at in 0..rest.len() {
        if reached & (1 << at) == 0 {
            continue;
        }
        let bare = rest[at..].strip_prefix('-').unwrap_or(&rest[at..]);
        suffixes.walk(bare, |after, _| reached |= 1 << (rest.len() - after.len()));
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
        let check = |rest: &str, expect: bool| assert_eq!(is_suffix_chain(rest), expect, "{rest}");
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
        let check = |lang: Lang, rest: &str, expect: bool| assert_eq!(is_ending(lang, rest), expect, "{rest}");
        check(Lang::RU, "", true);
        check(Lang::RU, "ами", true);
        check(Lang::RU, "ать", false);
        check(Lang::EN, "es", true);
        check(Lang::EN, "ed", false);
    }
}
