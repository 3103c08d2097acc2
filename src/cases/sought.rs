//! Words that somebody looks for → which stories hold them, and how much.
//!
//! A word stands in a story in whatever inflected form, alphabet or spelling of a name: compared are
//! [skeletons](names::skeleton), and a word of the story is the one that is looked for where it is its stem with an
//! ending. So that not every text must be read, each story has a [`sieve`]: it holds back most stories without the
//! words, and none with them.

use std::collections::BTreeSet;

use super::letters::is_alphanumeric;
use super::{names, near};
use crate::model::Story;

/// Letters that an ending may have: Kazakh puts several endings on one stem.
const LONGEST_ENDING: usize = 7;
/// Fewest letters of a stem that such an ending may follow.
const SHORTEST_STEM: usize = 4;
/// Letters that may follow a shorter one.
const LONGEST_ENDING_OF_SHORT: usize = 3;
/// How much a word in the title counts; one in the text counts 1.
const IN_TITLE: usize = 5;

/// Letters of the beginnings of words that are in the sieve.
const BEGINNINGS: [usize; 2] = [3, 5];
/// Bits that each of them sets. There are eight for each, so that one that is not there is let through once in 46
/// times (Bloom 1970).
const BITS: u64 = 5;
/// Most bytes of a sieve; of a longer text it lets more through.
const LONGEST: usize = 500;

/// Words that are looked for together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    stems: Vec<String>,
    /// What must be in the sieve of a story that holds them all.
    beginnings: Vec<u64>,
}

impl Sought {
    /// Words as somebody typed them; `None` where none has two letters.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let words = words.into_iter().flat_map(str::split_whitespace);
        let stems: Vec<String> = words.map(stem).filter(|stem| stem.len() > 1).collect();
        let beginnings = stems.iter().flat_map(|stem| beginnings(stem)).map(near::hash).collect();
        (!stems.is_empty()).then_some(Self { stems, beginnings })
    }

    /// Can a story with this [`sieve`] hold the words?
    pub fn may_stand_in(&self, sieve: &[u8]) -> bool {
        let is_set = |bit: usize| sieve.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1);
        self.beginnings.iter().all(|beginning| bits(*beginning, sieve.len()).all(is_set))
    }

    /// How often the words stand in a story, in the title more; `None` where it lacks one.
    pub fn weight_in(&self, story: &Story) -> Option<usize> {
        let mut found = vec![0; self.stems.len()];
        for (text, worth) in [(&story.title, IN_TITLE), (&story.text, 1)] {
            for word in words(text) {
                for (stem, found) in self.stems.iter().zip(&mut found) {
                    *found += usize::from(fits(stem, names::letters(word))) * worth;
                }
            }
        }
        found.iter().all(|count| *count > 0).then(|| found.iter().sum())
    }
}

/// What a word is looked for by: its skeleton without an ending, where enough is left.
fn stem(word: &str) -> String {
    let stem = names::keys(word).into_iter().next().filter(|stem| stem.len() >= SHORTEST_STEM);
    stem.unwrap_or_else(|| names::skeleton(word))
}

/// Is a word, given by the letters of its skeleton, the stem with an ending? Most differ in the first letters, and no
/// more of them are asked for.
fn fits(stem: &str, mut letters: impl Iterator<Item = char>) -> bool {
    let longest = if stem.len() < SHORTEST_STEM { LONGEST_ENDING_OF_SHORT } else { LONGEST_ENDING };
    stem.chars().all(|letter| letters.next() == Some(letter)) && letters.nth(longest).is_none()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !(is_alphanumeric(c) || matches!(c, '-' | '\'' | '’')));
    words.filter(|word| !word.is_empty())
}

fn beginnings(skeleton: &str) -> impl Iterator<Item = &str> {
    BEGINNINGS.iter().filter_map(|letters| skeleton.get(..*letters))
}

/// Which words may stand in a story: a Bloom filter of their beginnings, as long as the story has different ones.
/// It is part of the index's format: a change needs a rebuild.
pub fn sieve(story: &Story) -> Vec<u8> {
    let mut all = BTreeSet::new();
    for skeleton in words(&story.title).chain(words(&story.text)).map(names::skeleton) {
        all.extend(beginnings(&skeleton).map(near::hash));
    }
    let mut sieve = vec![0; all.len().min(LONGEST)];
    for beginning in all {
        for bit in bits(beginning, sieve.len()) {
            sieve[bit / 8] |= 1 << (bit % 8);
        }
    }
    sieve
}

/// The bits of a beginning in a sieve of so many bytes, by two hashes (Kirsch and Mitzenmacher 2006).
fn bits(beginning: u64, bytes: usize) -> impl Iterator<Item = usize> {
    let (first, step) = (near::mix(beginning), near::mix(!beginning) | 1);
    let size = bytes as u64 * 8;
    (0..BITS).map(move |n| (first.wrapping_add(step.wrapping_mul(n)) % size.max(1)) as usize)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn story(title: &str, text: &str) -> Story {
        let (title, text) = (title.to_owned(), text.to_owned());
        Story { id: String::new(), url: None, title, text, published: None, byline: None, source: None }
    }

    const TITLE: &str = "Аким Тасбулака подал в суд на газету";
    const TEXT: &str = "Газетте жарияланған мақалаға байланысты. Editor Yerzhan Kasymov’s lawyer is Айдана Оспанова.";

    #[track_caller]
    fn weight(words: &str) -> Option<usize> {
        let (sought, story) = (Sought::of([words]).expect("a word"), story(TITLE, TEXT));
        let weight = sought.weight_in(&story);
        assert!(weight.is_none() || sought.may_stand_in(&sieve(&story)), "{words}: held back");
        weight
    }

    #[test]
    fn inflected_forms_and_spellings_of_names_are_found() {
        assert_eq!(weight("тасбулак"), Some(5));
        assert_eq!(weight("Tasbulak"), Some(5));
        assert_eq!(weight("газета"), Some(6));
        assert_eq!(weight("Ержан Қасымов"), Some(2));
        assert_eq!(weight("Оспановой"), Some(1));
        assert_eq!(weight("мақала"), Some(1));
        assert_eq!(weight("суд на"), Some(10));
    }

    #[test]
    fn other_words_are_not() {
        for words in ["Османова", "Касенов", "газета телеграм", "судьба", "мақтау", "ab"]
        {
            assert_eq!(weight(words), None, "{words}");
        }
        assert_eq!(Sought::of(["а", "!"]), None);
        assert_eq!(Sought::of([]), None);
    }

    #[test]
    fn an_empty_sieve_lets_only_what_it_cannot_tell_through() {
        assert!(sieve(&story("", "!")).is_empty());
        assert!(!Sought::of(["газета"]).unwrap().may_stand_in(&[]));
        assert!(Sought::of(["до"]).unwrap().may_stand_in(&[]));
    }

    #[test]
    fn a_sieve_holds_most_other_words_back() {
        let words = |from: u64| -> Vec<String> { (from..from + 300).map(|n| format!("{:x}", near::mix(n))).collect() };
        let sieve = sieve(&story("", &words(0).join(" ")));
        assert!(sieve.len() <= LONGEST, "{}", sieve.len());
        let others = words(1_000_000);
        let is_let_through = |word: &&String| Sought::of([word.as_str()]).is_some_and(|word| word.may_stand_in(&sieve));
        assert!(others.iter().filter(is_let_through).count() < 30);
    }

    proptest! {
        #[test]
        fn no_story_with_the_words_is_held_back(
            title in "[абкўқaz ’-]{0,20}",
            text in "(?s)[\\PC\n]{0,200}|[абвгд ]{0,3000}",
            sought in proptest::collection::vec("[абкўқaz]{1,9}|\\PC{1,6}", 1..3),
            at in 0_usize..200,
        ) {
            let story = story(&title, &text);
            let sieve = sieve(&story);
            // Words as typed, and one that is there.
            let own = text.split_whitespace().nth(at % text.split_whitespace().count().max(1)).unwrap_or("на");
            for words in [sought.iter().map(String::as_str).collect::<Vec<_>>(), vec![own]] {
                if let Some(sought) = Sought::of(words) {
                    prop_assert!(sought.weight_in(&story).is_none() || sought.may_stand_in(&sieve));
                }
            }
        }
    }
}
