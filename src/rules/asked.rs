//! Which groups of which rules a set of concepts meets, for all rules at once: most rules ask for a concept
//! that a story does not hold, and need not be looked at.

use super::rule::Rule;

/// For each concept, the groups that ask for it; each group of each rule is one bit.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// Words of 64 groups.
    words: usize,
    /// By concept, `words` at a time.
    by_concept: Vec<u64>,
    /// By rule: the word that holds its groups, and which they are. All of a rule stand in one word.
    rules: Vec<(usize, u64)>,
}

impl Asked {
    /// What rules ask for, of so many concepts.
    pub(super) fn of(rules: &[Rule], concepts: usize) -> Self {
        let mut next = 0;
        let place_of = |rule: &Rule| {
            if next / 64 != (next + rule.all.len().max(1) - 1) / 64 {
                next += 64 - next % 64;
            }
            let place = next;
            next += rule.all.len();
            place
        };
        let places: Vec<usize> = rules.iter().map(place_of).collect();
        let words = next / 64 + 1;
        let mut asked = Self { words, by_concept: vec![0; words * concepts], rules: Vec::new() };
        for (rule, place) in rules.iter().zip(places) {
            for (group, bit) in rule.all.iter().zip(place % 64..) {
                for concept in (0..concepts).filter(|concept| group.concepts.has(*concept as u16)) {
                    asked.by_concept[concept * words + place / 64] |= 1 << bit;
                }
            }
            let mask = if rule.all.len() < 64 { (1 << rule.all.len()) - 1 } else { u64::MAX };
            asked.rules.push((place / 64, mask << (place % 64)));
        }
        asked
    }

    /// Room for the groups that so many sets of concepts meet: none yet.
    pub(super) fn none(&self, sets: usize) -> Vec<u64> {
        vec![0; self.words * sets]
    }

    /// Adds the groups that a concept meets to those of a set, given by its place.
    pub(super) fn meet(&self, concept: u16, met: &mut [u64], set: usize) {
        let of = |place: usize| place * self.words..(place + 1) * self.words;
        let groups = self.by_concept.get(of(usize::from(concept))).unwrap_or_default();
        met[of(set)].iter_mut().zip(groups).for_each(|(met, groups)| *met |= groups);
    }

    /// Are all groups of a rule, given by its place, met by one set or the other?
    pub(super) fn whole(&self, rule: usize, met: &[u64], one: usize, other: usize) -> bool {
        let (word, mask) = self.rules[rule];
        (met[one * self.words + word] | met[other * self.words + word]) & mask == mask
    }
}
