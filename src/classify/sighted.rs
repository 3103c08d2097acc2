//! What a story holds for the rules, as numbers: for whoever fits weights to labelled stories.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Judge, year_of};
use crate::model::Story;

/// Everything that the sum is made of, and the concepts that rules may ask for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sighted {
    /// Of the story.
    pub id: String,
    /// As [`Judge::judge`] gives it.
    pub score: f64,
    /// What the rules come to, in log-odds, before the words are added.
    pub total: f64,
    /// Share of what speaks for the story that is left by what it is about.
    pub left: f64,
    /// What each rule that fired adds by the head of the story, and by the rest.
    pub rules: BTreeMap<String, (f64, f64)>,
    /// The gates that are shut.
    pub gates: Vec<String>,
    /// For each part of the story (`title`, `top`, `lede`, `body`, `recalled`) the concepts met there.
    pub concepts: BTreeMap<&'static str, Vec<String>>,
}

impl Judge {
    /// What a story holds for the rules.
    pub fn sighted(&self, story: &Story) -> Sighted {
        let reading = self.reading(&story.title, &story.text);
        let judged = self.weigh(&reading, year_of(story));
        let rules = judged.firings.fired.iter();
        let mut concepts: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        for (part, concept) in self.rules.sightings(&reading, &judged.hits, year_of(story)) {
            concepts.entry(part).or_default().push(self.rules.lexicon().name(concept).to_owned());
        }
        for names in concepts.values_mut() {
            names.sort_unstable();
            names.dedup();
        }
        Sighted {
            id: story.id.clone(),
            score: judged.sum.score,
            total: judged.sum.by_rules(),
            left: 1.0 - judged.sum.taken,
            rules: rules.map(|fired| (fired.rule.id.clone(), (fired.head, fired.tail))).collect(),
            gates: judged.firings.gates.iter().map(|gate| gate.rule.id.clone()).collect(),
            concepts,
        }
    }
}
