//! Letting old quiet stories go, where `[store] retention` asks for it: address, hash of the text and verdict stay.
//!
//! It goes through the journal segment by segment, oldest first, and remembers how far it has come. What it lets go
//! the journal tells by a new record of the story before the old one is written over; broken off at any place it
//! does the segment again, and doing a step twice does no harm. The index gives the room back when it is rebuilt.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Desk, DeskError, write_whole};
use crate::cases::near;
use crate::ledger::{Change, Record, let_go};
use crate::model::Judged;

/// Stories let go in one batch of the journal.
const BATCH: usize = 256;
/// A text of fewer bytes stays: what stands in its place is no shorter.
const SHORT: usize = 256;

/// How far it has come, as it stands in `retained.json`.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Progress {
    /// The segment to look at next.
    segment: u32,
    /// When the youngest story in it was captured, where that was looked at: until it is old the segment is not
    /// read again.
    #[serde(default)]
    youngest: Option<Timestamp>,
}

impl Desk {
    /// Lets the texts of quiet stories go that were captured longer ago than `[store] retention`; tells how many.
    ///
    /// # Errors
    /// Where the records cannot be read or written; it goes on where it was the next time.
    pub fn let_old_stories_go(&self, now: Timestamp) -> Result<usize, DeskError> {
        let Some(retention) = self.config.store.retention else { return Ok(0) };
        let retention = SignedDuration::try_from(retention).unwrap_or(SignedDuration::MAX);
        let before = now.checked_sub(retention).unwrap_or(Timestamp::MIN);
        let file = self.folder().join("retained.json");
        // Where it cannot be read, everything is looked at again.
        let read = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let mut progress: Progress = read.unwrap_or_default();
        let is_old = |progress: &Progress| progress.youngest.is_none_or(|youngest| youngest < before);
        let mut gone = 0;
        while is_old(&progress) {
            let Some(segment) = self.records().journal.finished_from(progress.segment)? else { break };
            let stories = self.stories_of(segment)?;
            progress = Progress { segment, youngest: stories.iter().map(|(_, captured)| *captured).max() };
            if is_old(&progress) {
                gone += self.let_go(segment, stories.into_iter().map(|(id, _)| id).collect())?;
                progress = Progress { segment: segment + 1, youngest: None };
            }
            let bytes = serde_json::to_vec(&progress).map_err(|error| DeskError::file("write", &file)(error.into()))?;
            write_whole(&file, &bytes)?;
        }
        Ok(gone)
    }

    /// Ids of the stories in a segment of the journal, and when each was captured.
    fn stories_of(&self, segment: u32) -> Result<Vec<(String, Timestamp)>, DeskError> {
        let batches = self.records().journal.read_finished(segment)?;
        let mut stories = Vec::new();
        for batch in batches {
            stories.extend(batch?.into_iter().filter_map(|record| match record {
                Record::Story(judged) => Some((judged.story.id, judged.captured)),
                _ => None,
            }));
        }
        Ok(stories)
    }

    /// Lets the quiet ones of a segment's stories go; tells how many had a text until now.
    fn let_go(&self, segment: u32, ids: BTreeSet<String>) -> Result<usize, DeskError> {
        // From reading a story to writing it nobody else may change it, and no copy may be made.
        let _copying = self.copying.lock().unwrap_or_else(PoisonError::into_inner);
        let _keeping = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left: BTreeMap<String, Judged> = BTreeMap::new();
        let mut anew = Vec::new();
        for id in ids {
            let Some(now) = self.store.story(&id)? else { continue };
            if now.let_go.is_some() {
                left.insert(id, now);
            } else if self.is_quiet(&now)? {
                let gone = let_go(&now, near::text_hash(&now.story));
                anew.push(Record::Story(Box::new(gone.clone())));
                left.insert(id, gone);
            }
        }
        for batch in anew.chunks(BATCH) {
            self.record(batch)?;
        }
        self.records().journal.rewrite_finished(segment, &|record| match record {
            Record::Story(judged) => match left.get(&judged.story.id) {
                Some(gone) => Change::Put(Box::new(Record::Story(Box::new(gone.clone())))),
                None => Change::Keep,
            },
            _ => Change::Keep,
        })?;
        Ok(anew.len())
    }

    /// Was a story never shown to anybody, nor any that tells the same?
    fn is_quiet(&self, judged: &Judged) -> Result<bool, DeskError> {
        if judged.verdict.candidate || judged.shows.is_some() || judged.story.text.len() < SHORT {
            return Ok(false);
        }
        let head = judged.head.as_deref().unwrap_or(&judged.story.id);
        Ok(self.store.candidate(head)?.is_none() && self.store.candidate(&judged.story.id)?.is_none())
    }
}

#[cfg(test)]
mod tests;
