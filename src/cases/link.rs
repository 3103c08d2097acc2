//! Stories in the order they come → which tell the same again, and which belong to one case.
//!
//! Near-duplicates are of one case; other candidates where what [ties](super::tie) them reaches the bar. A
//! row that nothing ties to another is a case of its own. Keys are opaque.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::near;
use super::tie::{self, Traits};
use crate::model::{Story, Verdict};

/// Stories under one key that are looked at, the latest first: a name that more share tells little apart.
const MOST: usize = 32;
/// Candidates that one story is compared with: the cost of linking is bounded by it, however many are kept.
const COMPARED: usize = 32;

/// Those of the candidates filed under some keys, the latest of each first, that a story is compared with: the more
/// keys they share and the fewer others stand under them, the sooner.
pub fn foremost<T: Ord>(filed: impl IntoIterator<Item = Vec<T>>) -> Vec<T> {
    let mut found: BTreeMap<T, (f64, usize)> = BTreeMap::new();
    for list in filed {
        let tells = 1.0 / list.len() as f64;
        for (age, candidate) in list.into_iter().enumerate() {
            let (told, youngest) = found.entry(candidate).or_insert((0.0, age));
            *told += tells;
            *youngest = age.min(*youngest);
        }
    }
    let mut ranked: Vec<(T, (f64, usize))> = found.into_iter().collect();
    ranked.sort_by(|(_, (one, old)), (_, (two, older))| two.total_cmp(one).then(old.cmp(older)));
    ranked.truncate(COMPARED);
    ranked.into_iter().map(|(candidate, _)| candidate).collect()
}

/// What links stories: remembers the signature of each and the traits of each candidate.
#[derive(Debug, Default)]
pub struct Linker {
    stories: Vec<Linked>,
    by_band: BTreeMap<[u8; 8], Vec<usize>>,
    by_name: BTreeMap<[u8; 8], Vec<usize>>,
    /// When the last story was published that says so: those that do not are of its time.
    time: Timestamp,
}

#[derive(Debug)]
struct Linked {
    signature: near::Signature,
    /// The first of its near-duplicates.
    head: usize,
    case: Option<String>,
    traits: Option<Traits>,
}

impl Linker {
    /// Sets `dup` where the story repeats an earlier one, and `case` where it is a candidate.
    pub fn link(&mut self, story: &Story, verdict: &mut Verdict) {
        let index = self.stories.len();
        self.time = story.time(self.time);
        let signature = near::signature(story);
        let nearest = if near::is_mute(story) { None } else { self.nearest(&signature) };
        let head = nearest.map(|nearest| self.stories[nearest].head);
        // A key of two: the head learns it from the second, so every story carries its head's.
        verdict.dup = Some(format!("d{:06}", head.unwrap_or(index)));
        let mut linked = Linked { head: head.unwrap_or(index), case: None, traits: None, signature };
        if verdict.candidate {
            let traits = Traits::of(story, verdict, self.time);
            let of_head = head.and_then(|head| self.stories[head].case.clone());
            let case = of_head.or_else(|| self.case_of(&traits));
            linked.case = Some(case.unwrap_or_else(|| format!("c{index:06}")));
            verdict.case.clone_from(&linked.case);
            for key in traits.keys() {
                self.by_name.entry(key).or_default().push(index);
            }
            linked.traits = Some(traits);
        }
        for band in near::bands(&linked.signature) {
            self.by_band.entry(band).or_default().push(index);
        }
        self.stories.push(linked);
    }

    fn nearest(&self, signature: &near::Signature) -> Option<usize> {
        let near: BTreeSet<usize> =
            near::bands(signature).iter().filter_map(|band| self.by_band.get(band)).flatten().copied().collect();
        near.into_iter()
            .map(|other| (near::similarity(signature, &self.stories[other].signature), other))
            .filter(|(similarity, _)| *similarity >= near::SAME)
            .max_by(|one, other| one.0.total_cmp(&other.0))
            .map(|(_, other)| other)
    }

    /// The case of the story that most ties to, where that is enough.
    fn case_of(&self, traits: &Traits) -> Option<String> {
        let asks = traits.asks();
        let filed = asks.iter().filter_map(|key| self.by_name.get(key));
        let (score, best) = foremost(filed.map(|filed| filed.iter().rev().take(MOST).copied().collect()))
            .into_iter()
            .filter_map(|other| Some((traits.tie(self.stories[other].traits.as_ref()?).score, other)))
            .max_by(|(one, earlier), (two, later)| one.total_cmp(two).then(earlier.cmp(later)))?;
        if score >= tie::JOIN { self.stories[best].case.clone() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_shares_a_rare_name_is_looked_at_before_many_who_share_a_common_one() {
        let common: Vec<u32> = (0..64).collect();
        assert_eq!(foremost([common.clone(), vec![900]])[0], 900);
        assert_eq!(foremost([common.clone(), common.clone(), vec![40, 900]])[..2], [40, 900]);
        assert_eq!(foremost([common.clone()])[..3], [0, 1, 2], "the latest first");
        assert_eq!(foremost([vec![7, 5], vec![5, 3]]), [5, 7, 3]);
        assert_eq!(foremost([common, (100..200).collect()]).len(), COMPARED);
        assert!(foremost([Vec::<u32>::new(), Vec::new()]).is_empty());
    }
}
