//! The index over ledger and journal: what waits, what was decided, what was seen. It is sled, and
//! nothing else knows that.
//!
//! The store holds nothing that the records do not hold: it applies what they hold, in their order, and
//! remembers how far it has come in the same batch, so that a replay after a crash applies each
//! entry once. What it derives — who waits, near-duplicates, what a text hashes to — it derives by
//! the pure [`Folds`] that it is given. A given set of records gives one index, byte for byte, whether
//! it was applied as it happened or replayed into an empty one.
//!
//! ```text
//! index/               sled, and what it forgets to files beside it
//! index.broken-N/      one that would not open, moved aside
//! index.damaged        a mark: it opens, but cannot be read; the next opening moves it aside
//! index.wipe           a mark: something was erased; the next opening deletes every index and makes a new one
//! index.old-N/         one that was replaced by a newer schema or by `store rebuild`
//! ```
//!
//! Every write is one atomic batch. It is flushed and synced (sled's own flush is no fsync on Linux): human acts
//! before their writing returns, what was seen beside what follows and before the next batch is begun, so that a
//! power loss takes the last at most, which the journal still holds. The store never judges and never reads a record
//! by itself.
#![expect(clippy::disallowed_methods, reason = "edge: the index on disk")]
#![expect(clippy::disallowed_types, reason = "edge: the index on disk")]

mod apply;
mod brief;
mod bulk;
mod check;
#[cfg(test)]
mod damage_tests;
mod index;
mod open;
mod shares;
mod sifted;
#[cfg(test)]
mod stored_tests;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::{
    Awaited, Candidate, CaseAct, Diagnostic, Health, Judged, Poll, Quarantine, Quote, Registered, Review, Status,
    Story, Telling, Visit, Wording,
};
pub use bulk::Room;
pub use sifted::Sifted;

use index::{Index, Look, Pair};
use table::{Row, Table, key, key_of, pair, short};

/// Stories of one near-duplicate band that are looked at; a band that more stories share tells
/// nothing apart.
const BAND: usize = 256;
/// Near stories that are looked at. Unrelated ones of one time share a band by chance, one pair in 50,000 of real news;
/// a reprint of half the words shares five.
const NEAR: usize = 64;
/// Stories of one tie that are looked at, the latest: a name that more share in a year tells little apart.
const TIES: usize = 32;

/// Where others look a story up, and what they are compared with then instead of the story: it is far shorter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filed {
    /// What it is filed under.
    pub keys: Vec<[u8; 8]>,
    /// What it is compared by; nothing is kept of it where the story is filed under nothing.
    pub compared_by: Vec<u8>,
}

/// A story as the index knows it, whatever its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoryKey([u8; 16]);

impl StoryKey {
    /// Of the story with this id.
    pub fn of(id: &str) -> Self {
        Self(short(id))
    }
}

/// A kept story and what it is [compared by](Filed::compared_by).
pub type Kept = (StoryKey, Vec<u8>);

/// How the store derives its indexes. All are pure.
#[derive(Debug, Clone, Copy)]
pub struct Folds {
    /// Where a candidate stands, from its reviews.
    pub status: fn(&Candidate) -> Status,
    /// The bands that near-duplicates of a story share, and a sketch of its text.
    pub near: fn(&Judged) -> Filed,
    /// A hash of the whole text.
    pub text_hash: fn(&Story) -> [u8; 32],
    /// Which words may stand in a story, in 500 bytes at most.
    pub sieve: fn(&Story) -> Vec<u8>,
    /// What a candidate is filed under, so that others of its case find it, and its traits.
    pub tie: fn(&Judged) -> Filed,
    /// Id of the case that a story opens where it belongs to no other.
    pub case_id: fn(&str) -> String,
}

impl Folds {
    /// The hash of a story's text, also where the text was let go.
    fn text_hash_of(&self, judged: &Judged) -> [u8; 32] {
        let kept = judged.let_go.as_deref().and_then(table::bytes_of_hex);
        kept.unwrap_or_else(|| (self.text_hash)(&judged.story))
    }

    /// The bands of a story; none where its text was let go.
    fn near_of(&self, judged: &Judged) -> Filed {
        match judged.let_go {
            Some(_) => Filed::default(),
            None => (self.near)(judged),
        }
    }

    /// What a candidate is filed under; nothing of what is none.
    fn tie_of(&self, judged: &Judged) -> Filed {
        if judged.verdict.candidate { (self.tie)(judged) } else { Filed::default() }
    }
}

/// What kept the store from being opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system refused.
    #[error("cannot {act} {}: {cause}", path.display())]
    File {
        /// "open", "move", …
        act: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// Another process owns the store.
    #[error("another process owns the store in {}\n  help: ask it instead, or stop it first", .0.display())]
    Owned(PathBuf),
    /// A newer sozwatch wrote the index.
    #[error(
        "the index in {} has schema {found}, and this sozwatch knows schemas up to {known}\n  help: use the newer \
         sozwatch, or make a new index from the records with `sozwatch store rebuild`",
        path.display()
    )]
    Newer {
        /// The index.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest schema that is known here.
        known: u32,
    },
    /// The index cannot be read or written any more.
    #[error(
        "the index in {} cannot be {act}: {cause}\n  help: start again, or run `sozwatch store rebuild`: a new one is \
         made from ledger and journal, which hold everything",
        path.display()
    )]
    Damaged {
        /// The index.
        path: PathBuf,
        /// "opened", "read" or "written".
        act: &'static str,
        /// What the database said.
        cause: String,
    },
    /// An earlier entry was not applied, so later ones must not be.
    #[error(
        "the index in {} missed an entry that the records hold, and takes no more\n  help: start again: what is \
         missing is replayed from the records",
        .0.display()
    )]
    Missed(PathBuf),
}

impl StoreError {
    /// Does the index need to be rebuilt, rather than the act be tried again?
    pub fn needs_repair(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Newer { .. })
    }
}

/// A state that somebody brought a report or a digest to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The period, as the command names it.
    pub period: String,
    /// `checked`, `signed`, `frozen` or `sent`.
    pub state: String,
    /// Who answers for it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Names of the files written, each with its SHA-256.
    pub files: Vec<(String, String)>,
}

/// An opened store, and what opening it came to.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// What was mended on the way, and where what was moved aside lies.
    pub notices: Vec<Diagnostic>,
    /// The index begins empty although there was one, or records: they are to be replayed from the start.
    pub rebuilt: bool,
}

/// How much lies in the store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Stories kept, reprints among them.
    pub stories: usize,
    /// Candidates that nobody has decided, those put off among them.
    pub waiting: usize,
    /// Candidates decided.
    pub decided: usize,
    /// Inputs set aside.
    pub quarantined: usize,
}

/// The index. Any thread may read; writes come one after the other.
pub struct Store {
    index: Index,
    folds: Folds,
    writing: Mutex<()>,
    /// An entry could not be applied: the ones after it must wait for a replay.
    missed: AtomicBool,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("index", &self.index.path()).finish_non_exhaustive()
    }
}

impl Store {
    /// A story with its verdict.
    ///
    /// # Errors
    /// Where the index cannot be read; so of every question below.
    pub fn story(&self, id: &str) -> Result<Option<Judged>, StoreError> {
        self.index.get(&key(Table::Story, &short(id)))
    }

    /// The same, where only its key is known.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn story_of(&self, StoryKey(short): StoryKey) -> Result<Option<Judged>, StoreError> {
        self.index.get(&key(Table::Story, &short))
    }

    /// So many stories at most, in the order of their keys, from the one after a given id on: all of
    /// them are walked without holding more than these.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn stories_after(&self, id: Option<&str>, most: usize) -> Result<Vec<Judged>, StoreError> {
        let mut from = key(Table::Story, &id.map(short).map_or_else(Vec::new, |id| id.to_vec()));
        if id.is_some() {
            // Keys of stories have one length: this is the first that can follow.
            from.push(0);
        }
        let rows = self.index.range(from, vec![Table::Story as u8 + 1]);
        rows.take(most).map(|row| self.index.value(&row?)).collect()
    }

    /// Id of the story with this canonical address.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn story_by_url(&self, url: &str) -> Result<Option<String>, StoreError> {
        self.index.get(&key(Table::Url, &short(url)))
    }

    /// Id of the first story with exactly this text.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn story_by_text(&self, hash: &[u8; 32]) -> Result<Option<String>, StoreError> {
        self.index.get(&key(Table::Text, hash))
    }

    /// Does this address need no second visit? True of the address of every story, too.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn seen(&self, url: &str) -> Result<bool, StoreError> {
        let url = short(url);
        Ok(self.index.has(&key(Table::Seen, &url))? || self.index.has(&key(Table::Url, &url))?)
    }

    /// The stories that share a band, each once, and what they are compared by; those that share most bands first.
    /// The cost is bounded, however many are kept.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn near(&self, bands: &[[u8; 8]]) -> Result<Vec<Kept>, StoreError> {
        let mut shared: BTreeMap<[u8; 16], usize> = BTreeMap::new();
        for stories in self.index.scan_each(Table::Near, bands)? {
            for row in stories.take(BAND) {
                if let Some(short) = row?.0.last_chunk::<16>() {
                    *shared.entry(*short).or_default() += 1;
                }
            }
        }
        let mut nearest: Vec<([u8; 16], usize)> = shared.into_iter().collect();
        nearest.sort_by_key(|(_, bands)| std::cmp::Reverse(*bands));
        nearest.truncate(NEAR);
        let compared_by = |short: [u8; 16]| {
            let sketch = self.index.bytes(&key(Table::Sketch, &short));
            sketch.map(|sketch| sketch.map(|sketch| (StoryKey(short), sketch))).transpose()
        };
        nearest.into_iter().filter_map(|(short, _)| compared_by(short)).collect()
    }

    /// The candidates filed under each of these keys and what they are compared by, the latest first and no more than
    /// tell something. The cost is by the number of keys.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn tied(&self, keys: &[[u8; 8]]) -> Result<Vec<Vec<Kept>>, StoreError> {
        let story = |(key, traits): Pair| Some((StoryKey(*key.last_chunk()?), traits));
        let filed = self.index.scan_each(Table::Tie, keys)?.into_iter().map(|rows| {
            let rows = rows.take(TIES);
            rows.filter_map(|row| row.map(story).transpose()).collect()
        });
        filed.collect()
    }

    /// Tells that the index holds what cannot be read, so that it is made anew at the next opening.
    pub fn unreadable(&self, why: &str) -> StoreError {
        index::marked(self.index.path(), "read", why)
    }

    /// Id of the story or hand-made row that opens this case where it belongs to no other.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn row_of_case(&self, case: &str) -> Result<Option<String>, StoreError> {
        self.index.get(&key(Table::Case, &short(case)))
    }

    /// What people did to the cases: number of the act, the act, who and when. Oldest first.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn case_acts(&self) -> Result<Vec<(u64, CaseAct, String, Timestamp)>, StoreError> {
        self.index.scan(&key(Table::CaseAct, &[])).map(|row| self.index.value(&row?)).collect()
    }

    /// What was taken from a file, by the SHA-256 of its bytes: ids and fingerprints. `None` where no decision
    /// was.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn taken_from(&self, sha256: &str) -> Result<Option<Vec<(String, String)>>, StoreError> {
        self.index.get(&key(Table::Import, &short(sha256)))
    }

    /// What was taken from the last file of this name.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn taken_last_from(&self, name: &str) -> Result<Option<Vec<(String, String)>>, StoreError> {
        self.index.get(&key(Table::Import, &short(&format!("name {name}"))))
    }

    /// A candidate with its reviews and tellings: a story that deserves a human and repeats no other,
    /// or whatever somebody decided on.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn candidate(&self, id: &str) -> Result<Option<Candidate>, StoreError> {
        let candidate = self.assemble(id)?;
        Ok(candidate.filter(apply::is_candidate))
    }

    /// The same of a story that was read already.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn candidate_of(&self, story: Judged) -> Result<Option<Candidate>, StoreError> {
        let candidate = self.assemble_with(&story.story.id.clone(), Some(story))?;
        Ok(candidate.filter(apply::is_candidate))
    }

    /// The candidates that nobody has decided, highest score first, and of one score the one that was
    /// captured first. The cost is by their number.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn waiting(&self) -> Result<Vec<Candidate>, StoreError> {
        self.listed(Table::Waiting, |status| matches!(status, Status::Waiting | Status::Later))
    }

    /// The candidates that somebody has decided, in the order in which they first were.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn decided(&self) -> Result<Vec<Candidate>, StoreError> {
        self.listed(Table::Decided, |status| !matches!(status, Status::Waiting | Status::Later))
    }

    /// Id of the row that was taken with this content, whether that stands or was taken back since.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn known_by(&self, fingerprint: &str) -> Result<Option<String>, StoreError> {
        self.index.get(&key(Table::Fingerprint, &short(fingerprint)))
    }

    /// What is remembered of a feed, by its address.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn poll(&self, feed: &str) -> Result<Option<Poll>, StoreError> {
        Ok(self.index.get::<(String, Poll)>(&key(Table::Poll, &short(feed)))?.map(|(_, poll)| poll))
    }

    /// What the sources did from one day to another, both included, by day and source.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn health(&self, from: Date, to: Date) -> Result<Vec<(Date, String, Health)>, StoreError> {
        let (from, to) =
            (key(Table::Health, from.to_string().as_bytes()), key(Table::Health, to.to_string().as_bytes()));
        // A key goes on with 16 bytes for the source: everything of the last day stands before this.
        let to = [to.as_slice(), &[0xff; 17]].concat();
        let mut rows: Vec<(Date, String, Health)> = Vec::new();
        for row in self.index.range(from, to) {
            rows.push(self.index.value(&row?)?);
        }
        rows.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        Ok(rows)
    }

    /// The first day on which any source was watched.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn first_watched(&self) -> Result<Option<Date>, StoreError> {
        match self.index.scan(&key(Table::Health, &[])).next() {
            Some(row) => Ok(Some(self.index.value::<(Date, String, Health)>(&row?)?.0)),
            None => Ok(None),
        }
    }

    /// The inputs that were set aside, newest first, at most so many.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn quarantined(&self, most: usize) -> Result<Vec<Quarantine>, StoreError> {
        let rows = self.index.scan_back(Table::Quarantine).take(most);
        rows.map(|row| self.index.value(&row?)).collect()
    }

    /// Who told the same text as a story, in no order that means anything.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn tellings(&self, head: &str) -> Result<Vec<Telling>, StoreError> {
        self.index.scan(&key(Table::Told, &short(head))).map(|row| self.index.value(&row?)).collect()
    }

    /// The visits to a candidate's page after the first, in order.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn visits(&self, id: &str) -> Result<Vec<Visit>, StoreError> {
        let rows = self.index.scan(&key(Table::Visit, &short(id)));
        rows.map(|row| Ok(self.index.value::<(String, Visit)>(&row?)?.1)).collect()
    }

    /// Every such visit with the id of its story, those of one story in order.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn all_visits(&self) -> Result<Vec<(String, Visit)>, StoreError> {
        self.index.scan(&key(Table::Visit, &[])).map(|row| self.index.value(&row?)).collect()
    }

    /// The announced pages of a source that have not come yet.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn awaited(&self, source: &str) -> Result<Vec<Awaited>, StoreError> {
        let rows = self.index.scan(&key(Table::Awaited, &short(source)));
        rows.map(|row| self.index.value(&row?)).collect()
    }

    /// One of them, by the address that was announced.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn awaited_at(&self, source: &str, url: &str) -> Result<Option<Awaited>, StoreError> {
        self.index.get(&pair(Table::Awaited, &short(source), &short(url)))
    }

    /// Has the next opening make a whole new index and delete this one and those moved aside before:
    /// sled keeps what was taken out of it in its log until it writes there again.
    ///
    /// # Errors
    /// Where the mark cannot be written.
    pub fn wipe_at_next_opening(&self) -> Result<(), StoreError> {
        open::mark_for_wiping(self.index.path())
    }

    /// Erasings that were begun and not ended, by the number of their act.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn forgetting(&self) -> Result<Vec<(u64, Vec<String>)>, StoreError> {
        let rows = self.index.scan(&key(Table::Forget, &[])).map(|row| {
            let row = row?;
            let act = row.0.last_chunk::<8>().map_or(0, |act| u64::from_be_bytes(*act));
            Ok((act, self.index.value(&row)?))
        });
        rows.collect()
    }

    /// What stands for an address in the journal once the address itself was erased.
    pub fn address_mark(url: &str) -> String {
        crate::model::hex(&short(url))
    }

    /// Ids of the events in each digest written, by week.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn digests(&self) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
        self.index.scan(&key(Table::Digest, &[])).map(|row| self.index.value(&row?)).collect()
    }

    /// What the house says of events, by their ids.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn wordings(&self) -> Result<BTreeMap<String, Wording>, StoreError> {
        self.index.scan(&key(Table::Worded, &[])).map(|row| self.index.value(&row?)).collect()
    }

    /// Every act on the register: the id of its row, when, and what the row says from then on; in the
    /// order of the acts within each row.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn registered(&self) -> Result<Vec<(String, Timestamp, Option<Registered>)>, StoreError> {
        self.index.scan(&key(Table::Register, &[])).map(|row| self.index.value(&row?)).collect()
    }

    /// SHA-256 of each finished file of the archive, by its name.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn evidence(&self) -> Result<BTreeMap<String, String>, StoreError> {
        self.index.scan(&key(Table::Evidence, &[])).map(|row| self.index.value(&row?)).collect()
    }

    /// Every state that a report was brought to, by period, in the order of the acts.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn reports(&self) -> Result<Vec<Signed>, StoreError> {
        self.index.scan(&key(Table::Report, &[])).map(|row| self.index.value(&row?)).collect()
    }

    /// Published figures of the past, as they were last quoted; one that was taken back is not there.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn quotes(&self) -> Result<Vec<Quote>, StoreError> {
        let quotes = self.index.scan(&key(Table::Quote, &[])).map(|row| self.index.value::<Quote>(&row?));
        quotes.filter(|quote| quote.as_ref().map_or(true, |quote| quote.value.is_some())).collect()
    }

    /// Version of the rule set that the ledger noted last.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn last_rule_set(&self) -> Result<Option<String>, StoreError> {
        self.index.get(&key_of(Row::RuleSet))
    }

    /// How much lies here.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        let count = |row| Ok::<_, StoreError>(usize::try_from(self.index.number(row)?).unwrap_or(usize::MAX));
        Ok(Counts {
            stories: count(Row::Stories)?,
            waiting: count(Row::Waiting)?,
            decided: count(Row::Decided)?,
            quarantined: count(Row::Quarantined)?,
        })
    }

    /// Number of the last act applied; 0 where there is none.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn applied_seq(&self) -> Result<u64, StoreError> {
        self.index.number(Row::AppliedSeq)
    }

    /// Position in the journal after the last record applied; 0 where there is none.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn applied_position(&self) -> Result<u64, StoreError> {
        self.index.number(Row::AppliedPosition)
    }

    fn listed(&self, table: Table, wanted: fn(&Status) -> bool) -> Result<Vec<Candidate>, StoreError> {
        let mut candidates = Vec::new();
        for row in self.index.scan(&key(table, &[])) {
            let id = self.listed_id(&row?)?;
            // Somebody may be deciding it at this moment.
            let candidate = self.candidate(&id)?.filter(|candidate| wanted(&(self.folds.status)(candidate)));
            candidates.extend(candidate);
        }
        Ok(candidates)
    }

    /// All that is known under an id, where anything is.
    fn assemble(&self, id: &str) -> Result<Option<Candidate>, StoreError> {
        self.assemble_with(id, self.story(id)?)
    }

    /// The same, where what is kept of its own story was read already.
    fn assemble_with(&self, id: &str, own: Option<Judged>) -> Result<Option<Candidate>, StoreError> {
        let short = short(id);
        let mut also: Vec<Telling> = Vec::new();
        for row in self.index.scan(&key(Table::Told, &short)) {
            also.push(self.index.value(&row?)?);
        }
        let mut reviews: Vec<Review> = Vec::new();
        for row in self.index.scan(&key(Table::Review, &short)) {
            reviews.push(self.index.value(&row?)?);
        }
        let (judged, also) =
            apply::row(own, also, &reviews, |id| self.index.get(&key(Table::Story, &table::short(id))))?;
        let nothing = judged.is_none() && also.is_empty() && reviews.is_empty();
        Ok((!nothing).then(|| Candidate { id: id.to_owned(), judged, also, reviews }))
    }

    fn write(&self) -> std::sync::MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
