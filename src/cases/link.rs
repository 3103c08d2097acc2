//! Stories in the order they come → which tell the same again, and which belong to one case.
//!
//! Two candidates are proposed as one case when they are near-duplicates, or when they name the same
//! target in the same country within a year, and their categories have something in common. A row that
//! nothing ties to another is a case of its own. Keys are opaque.

use std::collections::{BTreeMap, BTreeSet};

use super::{names, near};
use crate::model::{Category, Story, Verdict};

/// Most days between two stories of one case that are tied by a name alone.
const LONGEST_PAUSE: i64 = 400;

/// What links stories: remembers the signature of each and the names of each candidate.
#[derive(Debug, Default)]
pub struct Linker {
    stories: Vec<Linked>,
    by_band: BTreeMap<[u8; 8], Vec<usize>>,
    by_name: BTreeMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Linked {
    signature: near::Signature,
    /// The first of its near-duplicates.
    head: usize,
    case: Option<String>,
    country: Option<String>,
    day: Option<i64>,
    categories: BTreeSet<Category>,
}

impl Linker {
    /// Sets `dup` where the story repeats an earlier one, and `case` where it is a candidate.
    pub fn link(&mut self, story: &Story, verdict: &mut Verdict) {
        let index = self.stories.len();
        let signature = near::signature(story);
        let head = self.nearest(&signature).map(|nearest| self.stories[nearest].head);
        // A key of two: the head learns it from the second, so every story carries its head's.
        verdict.dup = Some(format!("d{:06}", head.unwrap_or(index)));
        let names: BTreeSet<String> =
            verdict.fields.targets.iter().flat_map(|target| names::keys(&target.name)).collect();
        let mut linked = Linked {
            head: head.unwrap_or(index),
            case: None,
            country: verdict.country.clone(),
            day: story.published.map(|moment| moment.timestamp.as_second() / 86_400),
            categories: verdict.categories.iter().map(|label| label.id).collect(),
            signature,
        };
        if verdict.candidate {
            let of_head = head.and_then(|head| self.stories[head].case.clone());
            let case = of_head.or_else(|| self.case_by_name(&linked, &names));
            linked.case = Some(case.unwrap_or_else(|| format!("c{index:06}")));
            verdict.case.clone_from(&linked.case);
            for name in names {
                self.by_name.entry(name).or_default().push(index);
            }
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

    /// The case of the latest story that shares most names with this one.
    fn case_by_name(&self, linked: &Linked, names: &BTreeSet<String>) -> Option<String> {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for other in names.iter().filter_map(|name| self.by_name.get(name)).flatten() {
            *shared.entry(*other).or_default() += 1;
        }
        let of_one_case = |other: &Linked| {
            other.country == linked.country
                && !other.categories.is_disjoint(&linked.categories)
                && match (other.day, linked.day) {
                    (Some(one), Some(other)) => (one - other).abs() <= LONGEST_PAUSE,
                    _ => true,
                }
        };
        let (best, _) = shared
            .into_iter()
            .filter(|(other, _)| of_one_case(&self.stories[*other]))
            .max_by_key(|(other, names)| (*names, *other))?;
        self.stories[best].case.clone()
    }
}
