//! The stories that hold certain words, found by their sieves.

use std::cmp::Reverse;
use std::ops::Range;

use jiff::Timestamp;
use serde::Deserialize;

use super::index::Look as _;
use super::shares::in_shares;
use super::table::{Table, key};
use super::{Folds, Store, StoreError};
use crate::model::{Judged, Moment, Story};

/// Keys held beyond those wanted before the newest are picked out.
const BATCH: usize = 4_096;

/// What became of the stories whose sieve was let through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sifted<T> {
    /// What was made of those read, the newest first.
    pub made: Vec<T>,
    /// How many were not read, being older than as many as may be.
    pub unread: usize,
    /// The time of the oldest read, to the second.
    pub back_to: Option<Timestamp>,
}

/// What is read of a [`Judged`].
#[derive(Deserialize)]
struct Brief {
    story: BriefStory,
}

#[derive(Deserialize)]
struct BriefStory {
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    published: Option<Moment>,
}

impl From<BriefStory> for Story {
    fn from(BriefStory { id, title, text, published }: BriefStory) -> Self {
        Self { id, title, text, published, url: None, byline: None, source: None }
    }
}

/// The row of a story's sieve. The story's time stands in front of it, in seconds: when it was published, else
/// captured.
pub(super) fn row(judged: &Judged, folds: &Folds) -> Vec<u8> {
    let time = judged.story.time(judged.captured);
    [&time.as_second().to_be_bytes()[..], &(folds.sieve)(&judged.story)].concat()
}

impl Store {
    /// What `made` makes of the stories published (where that is not known, captured) within a time whose sieve is
    /// let through; of more than `most` only the newest are read. Of a story it is given id, title, text and time of
    /// publication.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn sifted<T: Send>(
        &self,
        may_hold: impl Fn(&[u8]) -> bool,
        within: &Range<Timestamp>,
        most: usize,
        made: impl Fn(Story) -> Option<T> + Sync,
    ) -> Result<Sifted<T>, StoreError> {
        let within = within.start.as_second()..within.end.as_second();
        let mut let_through = 0;
        let mut newest: Vec<Reverse<(i64, Vec<u8>)>> = Vec::new();
        for row in self.index.scan(&key(Table::Sieve, &[])) {
            let (row, value) = row?;
            let Some((time, sieve)) = value.split_first_chunk() else {
                return Err(self.index.unreadable(&row, "it has no time"));
            };
            let time = i64::from_be_bytes(*time);
            if !within.contains(&time) || !may_hold(sieve) {
                continue;
            }
            let_through += 1;
            newest.push(Reverse((time, key(Table::Story, &row[1..]))));
            if newest.len() >= 2 * most + BATCH {
                newest.select_nth_unstable(most);
                newest.truncate(most);
            }
        }
        newest.sort_unstable();
        newest.truncate(most);
        let made = in_shares(&newest, |share| {
            let stories = share.iter().filter_map(|Reverse((_, key))| self.index.get::<Brief>(key).transpose());
            stories.filter_map(|brief| brief.map(|brief| made(brief.story.into())).transpose()).collect()
        })?;
        let back_to = newest.last().and_then(|Reverse((time, _))| Timestamp::from_second(*time).ok());
        Ok(Sifted { made, unread: let_through - newest.len(), back_to })
    }
}
