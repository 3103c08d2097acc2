//! The concepts `PARTY.suffers` and `PARTY.does`: hits of a party's words beside an act, where grammar
//! tells which part they have in it.

use super::RuleSet;
use super::concept::Concepts;
use crate::text::Reading;
use crate::text::parts::{self, Part};
use crate::text::stems::{ConceptId, Hit, Hits};

/// Most acts of a sentence that a party is held against; a sentence with more is a list.
const MOST_ACTS: usize = 12;
/// Most parties of a sentence.
const MOST_PARTIES: usize = 24;

/// Which concepts are acts, and which parties rules ask the part of.
#[derive(Debug, Clone, Default)]
pub(super) struct Parties {
    pub(super) acts: Concepts,
    /// The party's concept, the part, and the concept of both.
    pub(super) cast: Vec<(u16, Part, ConceptId)>,
}

impl RuleSet {
    /// Adds the hits of `PARTY.suffers` and `PARTY.does` to those of a story, which [`RuleSet::mask`] has
    /// seen.
    pub fn cast(&self, reading: &Reading<'_>, hits: &mut Hits) {
        let mut more: Vec<Hit> = Vec::new();
        for run in hits.all().chunk_by(|a, b| a.sentence == b.sentence) {
            let mut parties =
                run.iter().filter(|hit| self.parties.cast.iter().any(|(party, ..)| *party == hit.concept.0));
            if !run.iter().any(|hit| self.parties.acts.has(hit.concept.0)) {
                continue;
            }
            let mut acts: Vec<(u32, u32)> = Vec::new();
            for hit in run.iter().filter(|hit| self.parties.acts.has(hit.concept.0)) {
                if acts.last() != Some(&(hit.first, hit.last)) && acts.len() < MOST_ACTS {
                    acts.push((hit.first, hit.last));
                }
            }
            let Some(sentence) = reading.sentences.get(run[0].sentence as usize) else { continue };
            for party in parties.by_ref().take(MOST_PARTIES) {
                let told = |act: &(u32, u32)| parts::part(reading, sentence.lang, *act, (party.first, party.last));
                let parts: Vec<Part> = acts.iter().filter_map(told).collect();
                // Whoever suffers one act and does another is spoken of as the one who suffers.
                let part = if parts.contains(&Part::Suffers) { Some(Part::Suffers) } else { parts.first().copied() };
                let fits = self
                    .parties
                    .cast
                    .iter()
                    .filter(|(concept, of, _)| *concept == party.concept.0 && Some(*of) == part);
                more.extend(fits.map(|(.., concept)| Hit { concept: *concept, ..*party }));
            }
        }
        hits.add(more);
    }
}
