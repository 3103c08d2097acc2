//! Stems as a trie in one array: a step costs one look at one place, and few bytes are kept for a stem, so
//! that ten thousand stems stay in a core's own cache.
//!
//! A double array: the child of a node by a code stands at the node's base plus the code, if that code is
//! written there. No two nodes have the same base, so that the code alone tells whose child it is.

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
    /// Of each place its base, a bit that tells whether values end here, and the code that leads here; 0
    /// where there is no node.
    places: Vec<u32>,
    /// Where the values of a place stand in `values`; only looked at where the place has some.
    runs: Vec<(u32, u32)>,
    values: Vec<u32>,
}

/// Where the base stands in a place.
const BASE: u32 = 9;
/// The bit that tells whether values end there.
const ENDS: u32 = 1 << 8;
/// Most nodes of a trie: bases have 23 bits, and a third of the places may stay free.
pub(super) const MOST_NODES: usize = 1 << 22;
/// How many of the last places are tried for a node's children.
const LOOKED_BACK: usize = 1 << 13;

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

    /// Every value.
    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut u32> {
        self.values.iter_mut().flatten()
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.children.len()
    }

    /// The trie, ready to be walked.
    pub(super) fn grown(self) -> Trie {
        let mut trie = Trie::default();
        if self.children.is_empty() {
            return trie;
        }
        trie.places.push(0);
        // Node and place, nearest the root first: those have the most children.
        let mut waiting = VecDeque::from([(0_u32, 0_u32)]);
        let mut plot = Plot::default();
        while let Some((node, place)) = waiting.pop_front() {
            let children = &self.children[node as usize];
            let base = plot.base_for(children);
            for (code, child) in children {
                let at = base + u32::from(*code);
                if trie.places.len() <= at as usize {
                    trie.places.resize(at as usize + 1, 0);
                }
                trie.places[at as usize] = u32::from(*code);
                waiting.push_back((*child, at));
            }
            let values = &self.values[node as usize];
            trie.places[place as usize] |= base << BASE | if values.is_empty() { 0 } else { ENDS };
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
        trie.places.resize(end, 0);
        trie
    }
}

/// Which places hold a node and which bases nodes have, a bit each, so that 64 bases are tried at once.
struct Plot {
    held: Vec<u64>,
    based: Vec<u64>,
    /// Places below it are not looked at any more.
    from: usize,
}

impl Default for Plot {
    fn default() -> Self {
        // No place is as low as a code, so that the base 0 of a leaf leads to no node.
        Self { held: vec![u64::MAX; 256 / 64], based: Vec::new(), from: 256 }
    }
}

impl Plot {
    /// Takes a base that no node has, from which the places of all these children hold no node; 0 where
    /// there are no children.
    fn base_for(&mut self, children: &BTreeMap<u8, u32>) -> u32 {
        let Some((&first, _)) = children.first_key_value() else { return 0 };
        while self.held.get(self.from / 64) == Some(&u64::MAX) {
            self.from += 64;
        }
        // Gaps far behind that nothing fits into would be tried again for every node.
        self.from = self.from.max((64 * self.held.len()).saturating_sub(LOOKED_BACK));
        let codes: Vec<u8> = children.keys().copied().collect();
        let mut base = self.from - usize::from(first);
        loop {
            let of_child = |barred, code: &u8| barred | bits_from(&self.held, base + usize::from(*code));
            let barred = codes.iter().fold(bits_from(&self.based, base), of_child);
            base += barred.trailing_ones() as usize;
            if barred != u64::MAX {
                break;
            }
        }
        set(&mut self.based, base);
        children.keys().for_each(|code| set(&mut self.held, base + usize::from(*code)));
        base as u32
    }
}

/// 64 bits from one on; those past the end are 0.
fn bits_from(bits: &[u64], at: usize) -> u64 {
    let word = |index: usize| bits.get(index).copied().unwrap_or(0);
    match at % 64 {
        0 => word(at / 64),
        shift => word(at / 64) >> shift | word(at / 64 + 1) << (64 - shift),
    }
}

fn set(bits: &mut Vec<u64>, at: usize) {
    if bits.len() <= at / 64 {
        bits.resize(at / 64 + 1, 0);
    }
    bits[at / 64] |= 1 << (at % 64);
}

impl Trie {
    /// Tells every word of the trie, with its values.
    pub(super) fn each(&self, mut tell: impl FnMut(&[u8], &[u32])) {
        // No two nodes have one base, so that a place, less the code that leads there, tells the node before it.
        let mut before = vec![0; self.places.len()];
        for (at, node) in self.places.iter().enumerate() {
            before[(node >> BASE) as usize] = at;
        }
        let mut word = Vec::new();
        for (end, node) in self.places.iter().enumerate() {
            if node & ENDS == 0 {
                continue;
            }
            let mut at = end;
            while at != 0 {
                let code = self.places[at] as u8;
                word.push(code);
                at = before[at - usize::from(code)];
            }
            word.reverse();
            let (start, end) = self.runs[end];
            tell(&word, &self.values[start as usize..end as usize]);
            word.clear();
        }
    }

    /// Tells the values of every word of the trie that begins a word, with how much of it that is.
    pub(super) fn walk(&self, word: &[u8], mut tell: impl FnMut(usize, u32)) {
        let Some(&(mut node)) = self.places.first() else { return };
        for (index, code) in word.iter().enumerate() {
            let at = (node >> BASE) + u32::from(*code);
            let Some(&child) = self.places.get(at as usize).filter(|child| **child & 0xff == u32::from(*code)) else {
                return;
            };
            node = child;
            if node & ENDS != 0 {
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
