//! Decided candidates in brief: what events, figures and reports read of them, and not the texts, of which a year
//! holds more than memory should. Each stands whole in its row of the list, so that a year is one walk along it.

use serde::{Deserialize, Serialize};

use super::index::Pair;
use super::shares::in_shares;
use super::table::{Table, key};
use super::{Store, StoreError};
use crate::model::{Candidate, Evidence, Fields, Judged, Lang, Part, Review, Script, Story, Telling, Verdict};

/// Rows read between two turns of the threads that make something of them.
const BATCH: usize = 4_096;

/// The value of a row of [`Table::Decided`].
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct InBrief {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shown: Option<Shown>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    also: Vec<Telling>,
    reviews: Vec<Review>,
}

/// What is kept of the story that the row shows, and of its verdict.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Shown {
    telling: Telling,
    lang: Lang,
    captured: jiff::Timestamp,
    /// The first sentence that fired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    evidence: Option<String>,
}

impl From<&Candidate> for InBrief {
    fn from(candidate: &Candidate) -> Self {
        let shown = candidate.judged.as_ref().map(|judged| {
            let mut quoted = judged.verdict.evidence.iter().map(|fired| &fired.text);
            Shown {
                telling: Telling::of(&judged.story),
                lang: judged.verdict.lang,
                captured: judged.captured,
                evidence: quoted.find(|text| !text.trim().is_empty()).cloned(),
            }
        });
        Self { id: candidate.id.clone(), shown, also: candidate.also.clone(), reviews: candidate.reviews.clone() }
    }
}

impl From<InBrief> for Candidate {
    fn from(brief: InBrief) -> Self {
        let InBrief { id, shown, also, reviews } = brief;
        Self { id, judged: shown.map(Judged::from), also, reviews }
    }
}

impl From<Shown> for Judged {
    fn from(shown: Shown) -> Self {
        let evidence = shown.evidence.into_iter().map(|text| Evidence {
            rule: String::new(),
            start: 0,
            end: 0,
            text,
            part: Part::Text,
            weight: 0.0,
            words: Vec::new(),
        });
        let verdict = Verdict {
            id: String::new(),
            lang: shown.lang,
            langs: Vec::new(),
            script: Script::Other,
            candidate: true,
            score: 0.0,
            country: None,
            categories: Vec::new(),
            fields: Fields::default(),
            spans: std::collections::BTreeMap::new(),
            evidence: evidence.collect(),
            against: Vec::new(),
            case: None,
            dup: None,
        };
        let Telling { id, source, title, url, published } = shown.telling;
        Self {
            story: Story { id, url, title, text: String::new(), published, byline: None, source },
            verdict,
            rule_set: String::new(),
            captured: shown.captured,
            head: None,
            shows: None,
            capture: None,
            link: None,
            second_look: None,
            let_go: None,
        }
    }
}

impl Store {
    /// The candidates that somebody has decided, in the order in which they first were, each as `made` makes it of
    /// the candidate in brief: of its story only address, title, source, time of publication and of capture, of its
    /// verdict only the language and the first sentence that fired. Everything that people entered is whole.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn decided_in_brief<T: Send>(&self, made: impl Fn(Candidate) -> T + Sync) -> Result<Vec<T>, StoreError> {
        let make = |rows: &[Pair]| rows.iter().map(|row| Ok(made(self.index.value::<InBrief>(row)?.into()))).collect();
        let mut rows = self.index.scan(&key(Table::Decided, &[]));
        let mut all = Vec::new();
        loop {
            let batch: Vec<Pair> = rows.by_ref().take(BATCH).collect::<Result<_, _>>()?;
            if batch.is_empty() {
                return Ok(all);
            }
            all.extend(in_shares(&batch, make)?);
        }
    }

    /// Whose row of a list this is.
    pub(super) fn listed_id(&self, row: &Pair) -> Result<String, StoreError> {
        match is_decided(&row.0) {
            true => Ok(self.index.value::<InBrief>(row)?.id),
            false => self.index.value(row),
        }
    }
}

/// Is this the place of a decided candidate?
pub(super) fn is_decided(place: &[u8]) -> bool {
    place.first() == Some(&(Table::Decided as u8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::samples::{by_hand, judged, reprint, review, story};
    use crate::ledger::{Act, Record};
    use crate::model::Decision;
    use crate::store::tests::{id, store_of};

    #[test]
    fn in_brief_the_decided_give_the_same_events() {
        let stories = vec![story(1, true), story(2, true), story(4, true), story(5, true)];
        let records = [stories, reprint(3, 1, true), reprint(6, 5, true)];
        let confirm = |n, nth| Act::Review(review(n, Some(Decision::Confirm), nth));
        // The row of this one showed a fuller telling when it was decided.
        let fuller = Act::Review(Review { saw: Some(id(6)), ..review(5, Some(Decision::Confirm), 6) });
        let reject = Act::Review(review(2, Some(Decision::Reject), 4));
        let acts = [confirm(1, 1), Act::Review(by_hand(3)), reject, confirm(4, 5), fuller];
        let (_folder, store) = store_of(&records, &acts);
        let whole = crate::review::gather_events(&store.decided().unwrap());
        assert_eq!(whole.len(), 4);
        let told: Vec<&str> = whole.iter().flat_map(|event| &event.stories).map(|told| told.id.as_str()).collect();
        assert!(told.contains(&id(5).as_str()) && told.contains(&id(6).as_str()), "{told:?}");
        assert_eq!(crate::review::gather_events(&store.decided_in_brief(|candidate| candidate).unwrap()), whole);
    }

    #[test]
    fn what_is_told_of_a_decided_candidate_later_stands_in_its_row() {
        let acts = [Act::Review(review(1, Some(Decision::Confirm), 1))];
        let (_folder, store) = store_of(&[vec![story(1, true)]], &acts);
        let in_brief = || store.decided_in_brief(|candidate| candidate).unwrap().remove(0);
        assert_eq!(in_brief().also, []);
        let position = store.applied_position().unwrap();
        store.apply_records(&reprint(3, 1, true), position + 1).unwrap();
        assert_eq!(in_brief().also.len(), 1);
        // The story itself is erased, and with it what its row held of it.
        let forgotten = Record::Forgotten { ids: vec![id(1), id(3)], addresses: Vec::new() };
        store.apply_records(&[forgotten], position + 2).unwrap();
        assert_eq!(store.check().unwrap(), []);
        let erased = in_brief();
        let whole = store.candidate(&id(1)).unwrap().unwrap();
        assert_eq!((erased.also.as_slice(), &erased.reviews), (whole.also.as_slice(), &whole.reviews));
        let said =
            |candidate: Candidate| candidate.judged.map(|judged| (judged.story.title, judged.verdict.evidence.len()));
        assert_eq!(said(erased), said(whole));
        assert_ne!(store.decided().unwrap()[0].judged.as_ref().unwrap().story.title, judged(1, true, None).story.title);
    }
}
