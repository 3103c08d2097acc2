//! Stems as a trie in one array: a step costs one look at one place, and few bytes are kept for a stem, so
//! that ten thousand stems stay in a core's own cache.
//!
//! A double array: the child of a node by a code stands at the node's `base` plus the code, if the
//! `parent` written there is the node.

use std::collections::{BTreeMap, VecDeque};

/// A trie while stems are added.
#[derive(Debug, Clone, Default)]
pub(super) struct Sapling {
    children: Vec<BTreeMap<u8, u32>>,
    /// What ends at each node.
    values: Vec<Vec<u32>>,
}

/// A trie over codes of folded letters.
#[derive(Debug, Clone, Default)]
pub(super) struct Trie {
    places: Vec<Place>,
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
/// How many of the last places are tried for a node with several children before a new one is taken.
const TRIED: usize = 512;

impl Sapling {
    /// Adds a word with a value; several words may have one value, and a word several values.
    pub(super) fn insert(&mut self, word: &[u8], value: u32) {
        if self.children.is_empty() {
            self.children.push(BTreeMap::new());
            self.values.push(Vec::new());
        }
        let mut node = 0;
        for code in word {
            let next = self.children.len() as u32;
            let child = *self.children[node].entry(*code).or_insert(next);
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
        let mut trie = Trie::default();
        if self.children.is_empty() {
            return trie;
        }
        trie.places.push(Place { parent: NOBODY, base: 0 });
        // Node and place, nearest the root first: those have the most children.
        let mut waiting = VecDeque::from([(0_u32, 0_u32)]);
        // No code is larger, so that the search never begins below what a code reaches.
        let mut free = usize::from(u8::MAX) + 1;
        while let Some((node, place)) = waiting.pop_front() {
            let children = &self.children[node as usize];
            let base = trie.room(children, &mut free);
            for (code, child) in children {
                let at = base + u32::from(*code);
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
        // A step from any place stays inside.
        let end = trie.places.len() + usize::from(u8::MAX) + 1;
        trie.places.resize(end, Place { parent: NOBODY, base: 0 });
        trie
    }
}

impl Trie {
    /// A base from which the places of all these children hold no node. `free` is where to begin to look.
    fn room(&self, children: &BTreeMap<u8, u32>, free: &mut usize) -> u32 {
        let is_free = |at: usize| self.places.get(at).is_none_or(|place| place.parent == NOBODY);
        let Some((&first, _)) = children.first_key_value() else { return 0 };
        while !is_free(*free) {
            *free += 1;
        }
        let tried = if children.len() == 1 { 0 } else { self.places.len().saturating_sub(TRIED) };
        let mut at = tried.max(*free);
        loop {
            let base = at - usize::from(first);
            if children.keys().all(|code| is_free(base + usize::from(*code))) {
                return base as u32;
            }
            at += 1;
        }
    }

    /// Tells every word of the trie, with its values.
    pub(super) fn each(&self, mut tell: impl FnMut(&[u8], &[u32])) {
        // Place, how long the word up to it is, and its last code.
        let mut waiting = if self.places.is_empty() { Vec::new() } else { vec![(0_u32, 0_usize, 0_u8)] };
        let mut word = Vec::new();
        while let Some((at, length, code)) = waiting.pop() {
            word.truncate(length.saturating_sub(1));
            if length > 0 {
                word.push(code);
            }
            let node = self.places[at as usize];
            if node.base & 1 != 0 {
                let (start, end) = self.runs[at as usize];
                tell(&word, &self.values[start as usize..end as usize]);
            }
            for code in 0..=u8::MAX {
                let child = (node.base >> 1) + u32::from(code);
                if self.places.get(child as usize).is_some_and(|place| place.parent == at) {
                    waiting.push((child, length + 1, code));
                }
            }
        }
    }

    /// Tells the values of every word of the trie that begins a word, with how much of it that is.
    pub(super) fn walk(&self, word: &[u8], mut tell: impl FnMut(usize, u32)) {
        let Some(&(mut node)) = self.places.first() else { return };
        let mut at = 0;
        for (index, code) in word.iter().enumerate() {
            let next = (node.base >> 1) + u32::from(*code);
            let Some(&child) = self.places.get(next as usize).filter(|child| child.parent == at) else { return };
            (node, at) = (child, next);
            if node.base & 1 != 0 {
                let (start, end) = self.runs[at as usize];
                self.values[start as usize..end as usize].iter().for_each(|value| tell(index + 1, *value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(trie: &Trie, word: &str) -> Vec<(usize, u32)> {
        let mut told = Vec::new();
        trie.walk(word.as_bytes(), |length, value| told.push((length, value)));
        told
    }

    #[test]
    fn every_word_that_begins_a_word_is_told() {
        let mut sapling = Sapling::default();
        for (value, word) in ["court", "courier", "c", "arrest", "court", "\u{ff}"].iter().enumerate() {
            sapling.insert(word.as_bytes(), value as u32);
        }
        let trie = sapling.grown();
        let check = |word: &str, expect: &[(usize, u32)]| assert_eq!(told(&trie, word), expect, "{word}");
        check("courts", &[(1, 2), (5, 0), (5, 4)]);
        check("arre", &[]);
        check("arrest", &[(6, 3)]);
        check("\u{ff}x", &[(2, 5)]);
        check("", &[]);
        check("xyz", &[]);
        assert_eq!(told(&Sapling::default().grown(), "court"), []);
    }

    proptest! {
        #[test]
        fn a_trie_tells_what_a_list_tells(words in proptest::collection::vec("[абa-c-]{1,5}", 0..60), text in "[абa-c-]{0,8}") {
            let mut sapling = Sapling::default();
            words.iter().enumerate().for_each(|(value, word)| sapling.insert(word.as_bytes(), value as u32));
            let mut expect: Vec<(usize, u32)> = words
                .iter()
                .enumerate()
                .filter_map(|(value, word)| text.starts_with(word.as_str()).then_some((word.len(), value as u32)))
                .collect();
            let trie = sapling.grown();
            let mut given = told(&trie, &text);
            expect.sort();
            given.sort();
            prop_assert_eq!(given, expect);
            let mut again = Sapling::default();
            trie.each(|word, values| values.iter().for_each(|value| again.insert(word, *value)));
            prop_assert_eq!(told(&again.grown(), &text), told(&trie, &text));
        }
    }
}
