//! Taking a private person out of the journal: batches written anew in their places, each as long as
//! it was, so that every position stays true.

use std::path::Path;

use super::journal::{self, Journal};
use super::{Act, LedgerError, Record, seal};
use crate::disk;
use crate::model::{Fields, Judged, Review, Telling, Verdict};

/// What reads in the place of a title that was erased.
pub const ERASED: &str = "erased";

/// What is to become of one record.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// It stays as it is.
    Keep,
    /// It goes.
    Drop,
    /// This stands in its place.
    Put(Box<Record>),
}

/// What remains of a story once it is erased: that it was there, when, whose it was, and what it was
/// counted under. Text, title, address, author, names and quotations are gone, and it waits for nobody.
pub fn erased_story(judged: &Judged) -> Judged {
    let mut left = judged.clone();
    left.story.title = ERASED.to_owned();
    left.story.text = String::new();
    left.story.url = None;
    left.story.byline = None;
    if let Some(capture) = &mut left.capture {
        capture.ask = None;
    }
    let fields = Fields {
        event_date: judged.verdict.fields.event_date,
        place_id: judged.verdict.fields.place_id.clone(),
        articles: judged.verdict.fields.articles.clone(),
        claim_amount: judged.verdict.fields.claim_amount,
        awarded_amount: judged.verdict.fields.awarded_amount,
        currency: judged.verdict.fields.currency.clone(),
        actors: judged.verdict.fields.actors.clone(),
        instance: judged.verdict.fields.instance,
        stage: judged.verdict.fields.stage,
        outcome: judged.verdict.fields.outcome,
        ..Fields::default()
    };
    left.verdict = Verdict {
        fields,
        candidate: false,
        spans: Default::default(),
        evidence: Vec::new(),
        against: Vec::new(),
        ..left.verdict
    };
    // What ties it to a case names people.
    if let Some(link) = &mut left.link {
        link.reasons.clear();
    }
    left
}

/// What remains of an old story that nobody ever looked at: its address, the hash of its text, its verdict. Title,
/// text, author, names and quotations are let go.
pub fn let_go(judged: &Judged, text_hash: [u8; 32]) -> Judged {
    let mut left = erased_story(judged);
    left.story.title = String::new();
    left.story.url = judged.story.url.clone();
    left.let_go = Some(crate::model::hex(&text_hash));
    left
}

/// The same of a telling.
pub fn erased_telling(telling: &Telling) -> Telling {
    Telling { title: ERASED.to_owned(), url: None, ..telling.clone() }
}

/// A decision without what its reviewer typed that may name somebody, as the ledger reads once it is erased.
///
/// # Errors
/// Never for a decision that a ledger gave.
pub fn erased_review(review: &Review) -> std::io::Result<Review> {
    let (open, sealed) = seal::seal(&Act::Review(review.clone()), 0, &mut || Ok(String::new()))?;
    let hashes = sealed.into_iter().map(|sealed| (sealed.place, sealed.hash)).collect();
    match seal::join(open, &hashes, &[]).0? {
        Act::Review(review) => Ok(review),
        _ => Err(std::io::Error::other("a decision became another act")),
    }
}

impl Journal {
    /// Writes every batch anew from which `change` takes something, in its place and as long as it
    /// was; tells how many. A segment is replaced whole or not at all, and doing it again does no harm.
    ///
    /// # Errors
    /// Where a segment cannot be read or replaced.
    pub fn rewrite(&mut self, change: &dyn Fn(&Record) -> Change) -> Result<u64, LedgerError> {
        let mut rewritten = 0;
        for (_, path) in journal::segments_in(self.folder())? {
            rewritten += self.rewrite_file(&path, change)?;
        }
        if rewritten > 0 {
            // The segment that was written to may have been replaced under its name.
            self.reopen_tail()?;
        }
        Ok(rewritten)
    }

    /// The same in one segment that is not written to any more.
    ///
    /// # Errors
    /// As of [`Journal::rewrite`].
    pub fn rewrite_finished(&mut self, segment: u32, change: &dyn Fn(&Record) -> Change) -> Result<u64, LedgerError> {
        self.rewrite_file(&self.finished_path(segment), change)
    }

    fn rewrite_file(&self, path: &Path, change: &dyn Fn(&Record) -> Change) -> Result<u64, LedgerError> {
        let bytes = std::fs::read(path).map_err(LedgerError::file("read", path))?;
        let (anew, rewritten) = rewrite_segment(path, bytes, change)?;
        if rewritten > 0 {
            disk::write_whole_sparse(self.disk(), path, &anew)?;
        }
        Ok(rewritten)
    }
}

fn rewrite_segment(
    path: &Path,
    mut bytes: Vec<u8>,
    change: &dyn Fn(&Record) -> Change,
) -> Result<(Vec<u8>, u64), LedgerError> {
    let (mut at, mut rewritten) = (0, 0);
    while at < bytes.len() {
        let broken =
            |why: &str| LedgerError::broken(path, None, format!("the batch at byte {at} cannot be read: {why}"));
        let frame = journal::batch_at(&bytes, at).ok_or_else(|| broken("its bytes were changed"))?;
        let records = journal::parse_frame(frame).map_err(|why| broken(&why))?;
        let length = journal::batch_length(frame);
        let mut left = Vec::with_capacity(records.len());
        let mut changed = false;
        for record in records {
            match change(&record) {
                Change::Keep => left.push(record),
                Change::Drop => changed = true,
                Change::Put(other) => {
                    changed |= *other != record;
                    left.push(*other);
                }
            }
        }
        if changed {
            let batch = journal::print_batch_as_long(&left, length).map_err(LedgerError::file("rewrite", path))?;
            bytes[at..at + length].copy_from_slice(&batch);
            rewritten += 1;
        }
        at += length;
    }
    Ok((bytes, rewritten))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{judged, notes, reprint, review, story};
    use super::super::verify;
    use super::*;

    fn read(folder: &Path, after: u64) -> Vec<(Vec<Record>, u64)> {
        Journal::open(folder).unwrap().0.read(after).unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn what_is_taken_out_leaves_every_position_true() {
        let folder = tempfile::tempdir().unwrap();
        let (mut journal, _) = Journal::open_with(disk::real(), folder.path(), 900).unwrap();
        let given = [vec![story(1, true)], [notes(2), reprint(3, 1, true)].concat(), vec![story(4, false)], notes(5)];
        let positions: Vec<u64> = given.iter().map(|batch| journal.append(batch).unwrap()).collect();
        let id = judged(1, true, None).story.id;
        let change = |record: &Record| match record {
            Record::Story(judged) if judged.story.id == id => {
                Change::Put(Box::new(Record::Story(Box::new(erased_story(judged)))))
            }
            Record::Told { head, telling } if *head == id => {
                Change::Put(Box::new(Record::Told { head: head.clone(), telling: erased_telling(telling) }))
            }
            Record::Seen { .. } => Change::Drop,
            _ => Change::Keep,
        };
        assert!(journal.rewrite(&change).unwrap() >= 2);
        assert_eq!(journal.rewrite(&change).unwrap(), 0, "a second time changes nothing");
        let last = journal.append(&[story(6, true)]).unwrap();
        drop(journal);
        let left = read(folder.path(), 0);
        assert_eq!(left.iter().map(|(_, at)| *at).collect::<Vec<_>>(), [&positions[..], &[last]].concat());
        let Some(Record::Story(first)) = left[0].0.first() else { panic!("{left:?}") };
        assert_eq!((first.story.title.as_str(), first.story.text.as_str(), &first.story.url), (ERASED, "", &None));
        assert_eq!(left[2].0, given[2]);
        assert_eq!(verify(folder.path()).unwrap().faults, []);
        let bytes: Vec<u8> = journal::segments(folder.path())
            .unwrap()
            .iter()
            .flat_map(|(_, path)| zstd::stream::decode_all(std::fs::File::open(path).unwrap()).unwrap())
            .collect();
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("https://tau.example/1\""), "any zstd reads the rest, and the address is gone");
        assert!(text.contains("https://tau.example/4"));
    }

    #[test]
    fn a_decision_keeps_what_names_nobody() {
        let whole = review(1, Some(crate::model::Decision::Confirm), 1);
        let left = erased_review(&whole).unwrap();
        assert_eq!((left.card.headline, left.card.targets.len(), left.note), (None, 0, None));
        assert_eq!((left.id, left.decision, left.card.country), (whole.id, whole.decision, whole.card.country));
        assert_eq!(left.fingerprint, "");
    }
}
