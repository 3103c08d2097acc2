//! What the letters and common words of a sample say for and against each language.
//!
//! A sample is read once: letters are counted by what they tell, words are looked up by a hash that grows
//! with them. Points are whole numbers, so that a sum does not depend on the order of its parts.

use super::profiles::{KAZAKH_CYRILLIC, PROFILES, RUSSIAN};
use crate::model::Script;
use crate::text::letters::{character, is_apostrophe};
use crate::text::{is_combining, is_ignorable};

/// One point, as a whole number that every share of it divides: the points of a word that up to sixteen
/// languages share, of a letter that up to sixteen share, and fifths.
pub(super) const POINT: i64 = 2 * 720_720;

/// Points for each language, by its place in [`PROFILES`].
pub(super) type Points = [i64; PROFILES.len()];

/// Characters whose reading is looked up: all of Latin and Cyrillic.
const TABLED: usize = 0x530;
/// Longest common word, in letters.
const LONGEST_WORD: usize = 32;
/// Places in the table of words; a power of two, some times the number of words.
const PLACES: usize = 4096;

/// How a character is read.
#[derive(Clone, Copy)]
struct Read {
    /// Its small form, where that is one character below U+10000.
    small: u16,
    /// What it tells, as an index into [`Signs::tellings`]; the first few tell a script only.
    tells: u8,
    part: Part,
}

/// What a character is in a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Letter,
    /// Of no word.
    Outside,
    /// Invisible inside a word.
    Unseen,
    /// A letter whose small form is several characters, or beyond what is kept: none of the words known
    /// here holds it.
    Strange,
}

/// Indexes of tellings that are no letter's own.
const NOTHING: u8 = 0;
const CYRILLIC: u8 = 1;
const LATIN: u8 = 2;
const ARABIC: u8 = 3;
const OTHER: u8 = 4;
/// Most tellings: the above, and letters that tell more.
const MOST_TELLINGS: usize = 128;

/// Letters that tell a Kazakh text that is written in full.
const KAZAKH_ONLY: &str = "қғұҚҒҰ";
const KAZAKH_AND_OTHERS: &str = "әөүңһӘӨ";
const DOTTED_I: &str = "іІ";

/// What some letters tell alike.
#[derive(Clone, PartialEq, Eq)]
struct Telling {
    /// Whether it is one of [`KAZAKH_ONLY`], [`KAZAKH_AND_OTHERS`], [`DOTTED_I`].
    kazakh: [bool; 3],
    script: u8,
    says: Option<(Points, Points)>,
}

/// A common word and the languages that have it.
struct Word {
    letters: &'static str,
    of: Vec<usize>,
}

/// The tables: built once.
pub(super) struct Signs {
    reads: Vec<Read>,
    tellings: Vec<Telling>,
    words: Vec<Word>,
    /// One plus an index into `words`, by hash; 0 where there is none. Clashes stand in the next place.
    places: Vec<u16>,
    /// Languages that write long vowels twice.
    long_vowels: Vec<usize>,
}

/// What was seen in a sample.
pub(super) struct Seen {
    /// Letters, by what they tell.
    counts: [u32; MOST_TELLINGS],
    scores: Points,
    own: Points,
    words: usize,
    letters: usize,
    /// Vowels written twice.
    doubled: usize,
}

impl Signs {
    pub(super) fn new() -> Self {
        let mut words: Vec<Word> = Vec::new();
        for (index, profile) in PROFILES.iter().enumerate() {
            for letters in profile.words.split_whitespace() {
                match words.iter_mut().find(|word| word.letters == letters) {
                    Some(word) if word.of.contains(&index) => {}
                    Some(word) => word.of.push(index),
                    None => words.push(Word { letters, of: vec![index] }),
                }
            }
        }
        let mut places = vec![0; PLACES];
        for (index, word) in words.iter().enumerate() {
            let mut place = place_of(word.letters.chars().fold(SEED, |hash, c| hashed(hash, c as u16)));
            while places[place] != 0 {
                place = (place + 1) % PLACES;
            }
            places[place] = index as u16 + 1;
        }
        let only_script = |script| Telling { kazakh: [false; 3], script, says: None };
        let mut tellings: Vec<Telling> = (NOTHING..=OTHER).map(only_script).collect();
        let reads = (0..TABLED as u32).map(|code| read(char::from_u32(code).unwrap_or('\0'), &mut tellings)).collect();
        let doubles = |index: &usize| matches!(PROFILES[*index].lang.id(), "ky" | "mn");
        let long_vowels = (0..PROFILES.len()).filter(doubles).collect();
        Self { reads, tellings, words, places, long_vowels }
    }

    /// Reads a sample.
    pub(super) fn see(&self, sample: &str) -> Seen {
        let mut seen = Seen {
            counts: [0; MOST_TELLINGS],
            scores: [0; PROFILES.len()],
            own: [0; PROFILES.len()],
            words: 0,
            letters: 0,
            doubled: 0,
        };
        let (bytes, mut at) = (sample.as_bytes(), 0);
        let mut word = [0; LONGEST_WORD];
        let (mut length, mut in_word, mut hash, mut before) = (0_usize, false, SEED, 0);
        while let Some((c, bytes_of_it)) = character(bytes, at) {
            at += bytes_of_it;
            let read = match self.reads.get(c as usize) {
                Some(read) => *read,
                None => read_of(char::from_u32(c).unwrap_or('\0')),
            };
            seen.counts[usize::from(read.tells)] += 1;
            match read.part {
                Part::Letter => {
                    in_word = true;
                    word[length % LONGEST_WORD] = read.small;
                    length += 1;
                    hash = hashed(hash, read.small);
                    seen.letters += 1;
                    if read.small == before && is_long_vowel(before) {
                        seen.doubled += 1;
                    }
                    before = read.small;
                }
                Part::Outside => {
                    if in_word {
                        self.word(&word, length, hash, &mut seen);
                    }
                    (length, in_word, hash, before) = (0, false, SEED, 0);
                }
                Part::Unseen => in_word = true,
                Part::Strange => {
                    in_word = true;
                    seen.letters += char::from_u32(c).map_or(0, |c| c.to_lowercase().count());
                    (length, before) = (length + LONGEST_WORD + 1, 0);
                }
            }
        }
        if in_word {
            self.word(&word, length, hash, &mut seen);
        }
        seen
    }

    /// Counts a word, and what it tells where it is a common one.
    fn word(&self, word: &[u16; LONGEST_WORD], length: usize, hash: u32, seen: &mut Seen) {
        seen.words += 1;
        let Some(word) = word.get(..length) else { return };
        let mut place = place_of(hash);
        while self.places[place] != 0 {
            let known = &self.words[usize::from(self.places[place]) - 1];
            if known.letters.chars().map(|c| c as u32).eq(word.iter().map(|c| u32::from(*c))) {
                let share = 3 * POINT / 2 / known.of.len() as i64;
                for &index in &known.of {
                    seen.scores[index] += share + POINT / 2;
                    seen.own[index] += share;
                }
                return;
            }
            place = (place + 1) % PLACES;
        }
    }
}

const SEED: u32 = 0x811c_9dc5;

/// FNV-1a over characters: the words are few and known, so that nobody can make them clash.
fn hashed(hash: u32, c: u16) -> u32 {
    (hash ^ u32::from(c)).wrapping_mul(0x0100_0193)
}

fn place_of(hash: u32) -> usize {
    (hash ^ (hash >> 15)) as usize % PLACES
}

/// How a character of the table is read; what it tells is added to the tellings.
fn read(c: char, tellings: &mut Vec<Telling>) -> Read {
    let mut read = read_of(c);
    let letter = read.part == Part::Letter;
    let says = char::from_u32(u32::from(read.small)).filter(|_| letter).and_then(letter_says);
    let kazakh = [KAZAKH_ONLY, KAZAKH_AND_OTHERS, DOTTED_I].map(|letters| letters.contains(c));
    if letter && (says.is_some() || kazakh.contains(&true)) {
        let telling = Telling { kazakh, script: read.tells, says };
        let known = tellings.iter().position(|known| *known == telling);
        read.tells = known.unwrap_or(tellings.len()) as u8;
        if known.is_none() {
            tellings.push(telling);
        }
    }
    read
}

/// How any character is read, by its script alone.
fn read_of(c: char) -> Read {
    let of_a_word = c.is_alphanumeric() || is_unseen(c) || is_apostrophe(c);
    let tells = match c {
        _ if !c.is_alphabetic() => NOTHING,
        '\u{400}'..='\u{52f}' => CYRILLIC,
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => LATIN,
        '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' => ARABIC,
        _ => OTHER,
    };
    let mut lower = c.to_lowercase();
    let (small, part) = match (lower.next().map(|c| u16::try_from(c as u32)), lower.next()) {
        _ if !of_a_word => (0, Part::Outside),
        _ if is_unseen(c) => (0, Part::Unseen),
        _ if is_apostrophe(c) => (u16::from(b'\''), Part::Letter),
        (Some(Ok(small)), None) => (small, Part::Letter),
        _ => (0, Part::Strange),
    };
    Read { small, tells, part }
}

/// A vowel, by its number, that Kyrgyz and Mongolian write twice where it is long.
fn is_long_vowel(c: u16) -> bool {
    char::from_u32(u32::from(c)).is_some_and(|c| matches!(c, 'а' | 'о' | 'у' | 'э' | 'ө' | 'ү'))
}

/// Characters that are inside a word and not of it.
fn is_unseen(c: char) -> bool {
    is_ignorable(c) || is_combining(c)
}

/// A letter that an alphabet lacks speaks against its language; one that only few have, for them.
/// Letters that all share tell nothing.
fn letter_says(c: char) -> Option<(Points, Points)> {
    let script = if matches!(c, '\u{400}'..='\u{52f}') { Script::Cyrillic } else { Script::Latin };
    let (base, telling) = match script {
        Script::Cyrillic => (RUSSIAN.contains(c), matches!(c, 'ё' | 'ъ' | 'ы' | 'э' | 'щ' | 'и' | 'ц' | 'ь')),
        _ => (c.is_ascii_lowercase(), matches!(c, 'q' | 'w' | 'x' | 'c' | 'v')),
    };
    if c as usize >= TABLED || !c.is_alphabetic() || c.is_uppercase() || (base && !telling) {
        return None;
    }
    let has = |extra: &str, lacks: &str| extra.contains(c) || (base && !lacks.contains(c));
    let of_script = || PROFILES.iter().enumerate().filter(|(_, profile)| profile.script == script);
    let sharers = of_script().filter(|(_, profile)| has(profile.extra, profile.lacks)).count().max(1) as i64;
    let (mut scores, mut own) = ([0; PROFILES.len()], [0; PROFILES.len()]);
    for (index, profile) in of_script() {
        if !has(profile.extra, profile.lacks) {
            scores[index] = -POINT;
        } else if !base {
            scores[index] = POINT / sharers;
            own[index] = POINT / sharers;
        }
    }
    Some((scores, own))
}

impl Seen {
    /// Letters of each script: Cyrillic, Latin, Arabic, other.
    fn by_script(&self, signs: &Signs) -> [u32; 4] {
        let mut counts = [0; 5];
        for (telling, count) in signs.tellings.iter().zip(&self.counts) {
            counts[usize::from(telling.script)] += count;
        }
        let [_, cyrillic, latin, arabic, other] = counts;
        [cyrillic, latin, arabic, other]
    }

    /// All letters.
    pub(super) fn total(&self, signs: &Signs) -> usize {
        self.by_script(signs).iter().sum::<u32>() as usize
    }

    /// The script of most letters; Cyrillic wins against the Latin names and addresses inside it.
    pub(super) fn script(&self, signs: &Signs) -> Option<Script> {
        let [cyrillic, latin, arabic, other] = self.by_script(signs);
        let most = cyrillic.max(latin).max(arabic).max(other);
        if most == 0 {
            return None;
        }
        Some(match () {
            () if arabic == most => Script::Arabic,
            () if cyrillic * 5 >= latin * 3 && cyrillic >= other => Script::Cyrillic,
            () if latin == most => Script::Latin,
            () => Script::Other,
        })
    }

    /// The points of each language, and those by signs that few share; `None` without a word.
    pub(super) fn scores(&self, signs: &Signs, script: Script) -> Option<(Points, Points)> {
        if self.words == 0 {
            return None;
        }
        let (mut scores, mut own, mut kazakh) = (self.scores, self.own, [false; 3]);
        for (telling, count) in signs.tellings.iter().zip(&self.counts).filter(|(_, count)| **count > 0) {
            kazakh.iter_mut().zip(telling.kazakh).for_each(|(has, is)| *has |= is);
            if let Some((says, by_own)) = &telling.says {
                let count = i64::from(*count);
                scores.iter_mut().zip(says).for_each(|(score, says)| *score += count * says);
                own.iter_mut().zip(by_own).for_each(|(own, says)| *own += count * says);
            }
        }
        if script == Script::Cyrillic {
            // Long vowels are written twice in Kyrgyz and Mongolian, hardly ever in Russian or Kazakh.
            for &index in &signs.long_vowels {
                scores[index] += self.doubled as i64 * POINT * 4 / 5;
                own[index] += self.doubled as i64 * POINT * 2 / 5;
            }
            // A Kazakh text of some length without one of its own letters is chat, and shows it by its words;
            // with і alone it is more often Ukrainian or Belarusian.
            let [only, others, i] = kazakh;
            if self.letters >= 20 && !only && !others && i {
                scores[KAZAKH_CYRILLIC] -= 2 * POINT;
            } else if self.letters >= 25 && !only && !i {
                scores[KAZAKH_CYRILLIC] -= POINT;
            }
        }
        Some((scores, own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_share_of_a_point_is_whole() {
        let signs = Signs::new();
        for word in &signs.words {
            assert_eq!(3 * POINT / 2 % word.of.len() as i64, 0, "{}", word.letters);
            assert!(word.letters.chars().count() <= LONGEST_WORD, "{}", word.letters);
        }
        for sharers in 1..=PROFILES.len().min(16) as i64 {
            assert_eq!(POINT % sharers, 0);
        }
        assert!(2 * signs.words.len() < PLACES);
        assert!(signs.tellings.len() < MOST_TELLINGS);
    }

    #[test]
    fn a_sample_is_counted_by_letters_and_words() {
        let signs = Signs::new();
        let seen = signs.see("Ол қала, и it’s");
        assert_eq!((seen.words, seen.letters), (4, 2 + 4 + 1 + 4));
        assert_eq!(seen.by_script(&signs), [7, 3, 0, 0]);
        let (scores, own) = seen.scores(&signs, Script::Cyrillic).unwrap();
        assert!(own[KAZAKH_CYRILLIC] > 0 && scores[KAZAKH_CYRILLIC] > scores[0]);
        assert!(signs.see(" — \u{301}").scores(&signs, Script::Cyrillic).is_some());
        assert!(signs.see(" — ").scores(&signs, Script::Cyrillic).is_none());
    }
}
