//! Stems as a trie in one array: a step costs one look at one place, and few bytes are kept for a stem, so
//! that ten thousand stems stay in a core's own cache.
//!
//! A double array: the child of a node by a letter stands at the node's `base` plus the letter's number,
//! if the `parent` written there is the node.

use std::collections::BTreeMap;

/// A trie while stems are added.
#[derive(Debug, Clone, Default)]
pub(super) struct Sapling {
    children: Vec<BTreeMap<char, u32>>,
    /// What ends at each node.
    values: Vec<Vec<u32>>,
}

/// A trie over folded letters.
#[derive(Debug, Clone, Default)]
pub(super) struct Trie {
    places: Vec<Place>,
    /// Numbers of the letters of Latin and Cyrillic, from 1; 0 for those that no stem has.
    low: Vec<u8>,
    /// Numbers of all other letters.
    high: BTreeMap<char, u32>,
    /// Where the values of a place stand in `values`; only looked at where the place has some.
    runs: Vec<(u32, u32)>,
    values: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    parent: u32,
    /// Shifted by one: the lowest bit tells whether values end here.
    base: u32,
}

/// Parent of a place that holds no node.
const NOBODY: u32 = u32::MAX;
/// Characters whose number is looked up in a table: Latin and Cyrillic.
const LOW: usize = 0x530;
/// How many of the last places are tried for a node with several children before a new one is taken.
const TRIED: usize = 512;

impl Sapling {
    /// Adds a word with a value; several words may have one value, and a word several values.
    pub(super) fn insert(&mut self, word: &str, value: u32) {
        if self.children.is_empty() {
            self.children.push(BTreeMap::new());
            self.values.push(Vec::new());
        }
        let mut node = 0;
        for c in word.chars() {
            let next = self.children.len() as u32;
            let child = *self.children[node].entry(c).or_insert(next);
            if child == next {
                self.children.push(BTreeMap::new());
                self.values.push(Vec::new());
            }
            node = child as usize;
        }
        self.values[node].push(value);
    }

    /// The trie, ready to be walked.
    pub(super) fn grown(self) -> Trie {
        let mut trie = Trie { low: vec![0; LOW], ..Trie::default() };
        if self.children.is_empty() {
            return trie;
        }
        for c in self.children.iter().flat_map(BTreeMap::keys) {
            trie.name(*c);
        }
        trie.places.push(Place { parent: NOBODY, base: 0 });
        // Node and place, nearest the root first: those have the most children.
        let mut waiting = std::collections::VecDeque::from([(0_u32, 0_u32)]);
        let mut free = 1;
        while let Some((node, place)) = waiting.pop_front() {
            let children = &self.children[node as usize];
            let letters: Vec<u32> = children.keys().map(|c| trie.letter(*c)).collect();
            let base = trie.room(&letters, &mut free);
            for (letter, child) in letters.iter().zip(children.values()) {
                let at = base + letter;
                if trie.places.len() <= at as usize {
                    trie.places.resize(at as usize + 1, Place { parent: NOBODY, base: 0 });
                }
                trie.places[at as usize].parent = place;
                waiting.push_back((*child, at));
            }
            let values = &self.values[node as usize];
            trie.places[place as usize].base = base << 1 | u32::from(!values.is_empty());
            if !values.is_empty() {
                if trie.runs.len() <= place as usize {
                    trie.runs.resize(place as usize + 1, (0, 0));
                }
                let start = trie.values.len() as u32;
                trie.values.extend(values);
                trie.runs[place as usize] = (start, trie.values.len() as u32);
            }
        }
        trie
    }
}

impl Trie {
    /// Gives a letter its number, if it has none.
    fn name(&mut self, c: char) {
        if self.letter(c) != 0 {
            return;
        }
        let named = self.low.iter().filter(|letter| **letter != 0).count() + self.high.len();
        match (self.low.get_mut(c as usize), u8::try_from(named + 1)) {
            (Some(slot), Ok(letter)) => *slot = letter,
            _ => {
                self.high.insert(c, named as u32 + 1);
            }
        }
    }

    /// A base from which the places of all these letters hold no node. `free` is where to begin to look.
    fn room(&self, letters: &[u32], free: &mut usize) -> u32 {
        let is_free = |at: usize| self.places.get(at).is_none_or(|place| place.parent == NOBODY);
        let Some(&first) = letters.iter().min() else { return 0 };
        while !is_free(*free) {
            *free += 1;
        }
        let from = (*free).max(self.places.len().saturating_sub(TRIED)).min(self.places.len());
        let from = if letters.len() == 1 { *free } else { from };
        let mut at = from.max(first as usize).max(1);
        loop {
            let base = at - first as usize;
            if letters.iter().all(|letter| is_free(base + *letter as usize)) {
                return base as u32;
            }
            at += 1;
        }
    }

    /// The number of a letter; 0 where no stem has it.
    fn letter(&self, c: char) -> u32 {
        match self.low.get(c as usize) {
            Some(0) if !self.high.is_empty() => self.high.get(&c).copied().unwrap_or(0),
            Some(letter) => u32::from(*letter),
            None => self.high.get(&c).copied().unwrap_or(0),
        }
    }

    /// Tells the values of every word of the trie that begins a word, with what is left of it after that.
    pub(super) fn walk<'w>(&self, word: &'w str, mut tell: impl FnMut(&'w str, u32)) {
        let Some(&(mut node)) = self.places.first() else { return };
        let mut at = 0;
        let mut letters = word.chars();
        while let Some(c) = letters.next() {
            let letter = self.letter(c);
            if letter == 0 {
                return;
            }
            let next = ((node.base >> 1) + letter) as usize;
            let Some(&child) = self.places.get(next).filter(|child| child.parent as usize == at) else { return };
            (node, at) = (child, next);
            if node.base & 1 != 0 {
                let (start, end) = self.runs[at];
                let rest = letters.as_str();
                self.values[start as usize..end as usize].iter().for_each(|value| tell(rest, *value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(trie: &Trie, word: &str) -> Vec<(String, u32)> {
        let mut told = Vec::new();
        trie.walk(word, |rest, value| told.push((rest.to_owned(), value)));
        told
    }

    #[test]
    fn every_word_that_begins_a_word_is_told() {
        let mut sapling = Sapling::default();
        for (value, word) in ["суд", "судеб", "с", "арест", "суд", "漢字"].iter().enumerate() {
            sapling.insert(word, value as u32);
        }
        let trie = sapling.grown();
        let check = |word: &str, expect: &[(&str, u32)]| {
            let expect: Vec<_> = expect.iter().map(|(rest, value)| ((*rest).to_owned(), *value)).collect();
            assert_eq!(told(&trie, word), expect, "{word}");
        };
        check("судебный", &[("удебный", 2), ("ебный", 0), ("ебный", 4), ("ный", 1)]);
        check("аре", &[]);
        check("арест", &[("", 3)]);
        check("漢字x", &[("x", 5)]);
        check("", &[]);
        check("xyz", &[]);
        assert_eq!(told(&Sapling::default().grown(), "суд"), []);
    }

    proptest! {
        #[test]
        fn a_trie_tells_what_a_list_tells(words in proptest::collection::vec("[абвa-c-]{1,5}", 0..60), text in "[абвa-c-]{0,8}") {
            let mut sapling = Sapling::default();
            words.iter().enumerate().for_each(|(value, word)| sapling.insert(word, value as u32));
            let mut expect: Vec<(String, u32)> = words
                .iter()
                .enumerate()
                .filter_map(|(value, word)| Some((text.strip_prefix(word.as_str())?.to_owned(), value as u32)))
                .collect();
            let mut given = told(&sapling.grown(), &text);
            expect.sort();
            given.sort();
            prop_assert_eq!(given, expect);
        }
    }
}
