//! The append-only records that hold the truth: the [`Ledger`] of human acts and the [`Journal`]
//! of what was seen. The store beside them is an index that can be rebuilt from these two.
//!
//! ```text
//! ledger/2017.jsonl          one act a line, chained: each line carries the SHA-256 of the line before
//! ledger/sealed/2017.jsonl   what a person typed that may name somebody, under a salted hash
//! journal/000001.zst         batches of records; `zstdcat` prints them as JSON Lines
//! ```
//!
//! Whatever an `append` returned for survives a kill and a power loss: it is written and synced, and
//! so is the folder that a new file appeared in. What a crash cut in the middle was never
//! acknowledged; opening sets it aside in a `.torn-N` file and tells. A changed byte is found, with
//! its place, by [`verify()`].
//!
//! It never judges, deletes nothing but what a person has erased, and knows nothing of the store.
#![expect(clippy::disallowed_methods, reason = "edge: the files of ledger and journal")]
#![expect(clippy::disallowed_types, reason = "edge: the files of ledger and journal")]

mod chain;
mod erase;
mod files;
mod journal;
mod line;
#[cfg(test)]
mod power_tests;
#[cfg(test)]
pub(crate) mod samples;
mod seal;
#[cfg(test)]
mod tests;
mod verify;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::disk::DiskError;
use crate::model::{
    Awaited, CaseAct, Diagnostic, Health, Judged, Poll, Quarantine, Quote, Registered, Review, Telling, Visit, Wording,
};

pub use chain::Ledger;
pub use erase::{Change, ERASED, erased_review, erased_story, erased_telling, let_go};
pub use journal::Journal;
pub use verify::{Verified, verify, verify_seeing};

/// A human act, or what the house did on behalf of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "nearly every act is a review")]
pub enum Act {
    /// A decision on one row.
    Review(Review),
    /// A queue file was taken in.
    Import {
        /// Its name, without folders.
        file: String,
        /// SHA-256 of its bytes, in hexadecimal digits.
        sha256: String,
        /// Decisions taken from it.
        taken: u64,
        /// Rows handed back.
        returned: u64,
        /// Of each decision the id it is on and its fingerprint: what taking the file back takes back.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rows: Vec<(String, String)>,
    },
    /// A person did something to the cases themselves.
    Case {
        /// What.
        act: CaseAct,
        /// Who.
        by: String,
    },
    /// Somebody wrote what the house says of an event, or what it says in another language.
    Worded {
        /// Id of the row that the event came from: the story, or what was entered by hand.
        id: String,
        /// Id of the event.
        event: String,
        /// All of it; what was said before is replaced.
        wording: Wording,
        /// Who.
        by: String,
    },
    /// A row of the register was added, changed or taken out.
    Register {
        /// Its id.
        id: String,
        /// All of it; what stood there before is replaced. `None`: it was taken out.
        entry: Option<Registered>,
        /// Id of the row whose confirmation filled it in; `None` where somebody wrote it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// Who.
        by: String,
    },
    /// A digest was written.
    Digest {
        /// ISO week, `2017-W46`.
        week: String,
        /// Ids of the events that it held.
        events: Vec<String>,
    },
    /// Data left the house, or a copy of all of it was made.
    Export {
        /// `backup` or `all`.
        what: String,
        /// Name of the file or folder, without those above it.
        file: String,
        /// Who asked for it, where that was said.
        by: Option<String>,
    },
    /// A private person is to be erased: whatever is known under these ids. Begun, not yet done.
    Forget {
        /// The story or the event entered by hand, and those that repeat it.
        ids: Vec<String>,
        /// Why, as the operator gave it.
        reason: String,
        /// SHA-256 of the text that was there, in hexadecimal digits, where there was one.
        sha256: Option<String>,
    },
    /// The erasing that act `act` began is done.
    Forgotten {
        /// Number of that act.
        act: u64,
        /// The ids that it named.
        ids: Vec<String>,
    },
    /// A report or a digest was checked, signed, published for good, or sent to its readers.
    Report {
        /// The period: `2017-11`, `2017-Q4`, `2017-H2`, `2017`; of a digest the week, `2017-W46`.
        period: String,
        /// `checked`, `signed`, `frozen` or `sent`.
        state: String,
        /// Who answers for it.
        by: String,
        /// When.
        at: Timestamp,
        /// Names of the files written, each with its SHA-256 in hexadecimal digits.
        files: Vec<(String, String)>,
    },
    /// Published figures of the past were taken in as quotations.
    Quoted {
        /// Name of the file, without folders.
        file: String,
        /// SHA-256 of its bytes, in hexadecimal digits.
        sha256: String,
        /// Who took it in.
        by: String,
        /// What was new in it; each replaces an earlier one of the same figure and period.
        quotes: Vec<Quote>,
    },
    /// From here on these rules judge.
    RuleSet {
        /// Version of the rule set.
        version: String,
    },
    /// A file of the archive was finished: nothing is added to it any more.
    Evidence {
        /// Its name, without folders.
        file: String,
        /// SHA-256 of all its bytes, in hexadecimal digits.
        sha256: String,
        /// Its bytes.
        bytes: u64,
        /// Its records.
        records: u64,
    },
}

/// Something seen, kept or remembered by the machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A story was kept with its verdict. The same id again replaces the verdict.
    Story(Box<Judged>),
    /// A near-duplicate was kept under the story that it repeats.
    Told {
        /// Id of the story that it repeats.
        head: String,
        /// Who told it.
        telling: Telling,
    },
    /// An address needs no second visit.
    Seen {
        /// The address, or the name of an entry without one.
        url: String,
        /// The story found there, where there was one.
        story: Option<String>,
    },
    /// These addresses led to what was erased, and need no second visit.
    Forgotten {
        /// What was erased.
        ids: Vec<String>,
        /// The first 16 bytes of the SHA-256 of each address, in hexadecimal digits.
        addresses: Vec<String>,
    },
    /// An input was set aside.
    Quarantine(Quarantine),
    /// A candidate's page was asked for again. What was kept first stays as it is.
    Visit {
        /// Id of its story.
        id: String,
        /// What that found.
        visit: Visit,
    },
    /// The page of an announced article has not come yet. The same address again replaces what was noted.
    Awaited(Box<Awaited>),
    /// Pages that were awaited need no further visit.
    Came {
        /// Name of their source.
        source: String,
        /// Their addresses, as they were announced.
        urls: Vec<String>,
    },
    /// What is remembered of a feed from now on.
    Poll {
        /// Address of the feed.
        feed: String,
        /// All of it; the earlier one is replaced.
        poll: Poll,
    },
    /// What a source did on a day, up to now.
    Health {
        /// The day, in the house's time zone.
        date: Date,
        /// Name of the source.
        source: String,
        /// All of it; the earlier one is replaced.
        health: Health,
    },
}

/// What kept a record from being read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The system refused.
    #[error("cannot {act} {}: {cause}", path.display())]
    File {
        /// "read", "write", …
        act: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// Another process writes these records.
    #[error(
        "another process owns the records in {}\n  help: ask it instead, or stop it first",
        .0.display()
    )]
    Owned(PathBuf),
    /// A record is not as it was written.
    #[error("{0}")]
    Broken(Diagnostic),
    /// The index has seen more than the record holds: the record was cut or replaced.
    #[error("{}: the index has seen more than this record holds\n  help: put the whole record back from a copy, \
             or run `sozwatch store rebuild` to go on with what is left", path.display())]
    Behind {
        /// The record.
        path: PathBuf,
    },
    /// A write failed before and could not be taken back.
    #[error("{}: an earlier write failed and could not be taken back; nothing more is written\n  help: \
             mend the cause (a full or failing disk?) and start again", path.display())]
    Stopped {
        /// The record.
        path: PathBuf,
    },
}

impl From<DiskError> for LedgerError {
    fn from(error: DiskError) -> Self {
        match error {
            DiskError::File { act, path, cause } => Self::File { act, path, cause },
            DiskError::Stopped(path) => Self::Stopped { path },
        }
    }
}

impl LedgerError {
    /// Does a record need to be put back or the index be rebuilt, rather than the act be tried again?
    pub fn needs_repair(&self) -> bool {
        match self {
            Self::Broken(_) | Self::Behind { .. } => true,
            Self::File { .. } | Self::Owned(_) | Self::Stopped { .. } => false,
        }
    }

    fn file(act: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |cause| Self::File { act, path, cause }
    }

    fn broken(path: &Path, line: Option<usize>, message: impl Into<String>) -> Self {
        Self::Broken(Diagnostic {
            path: path.display().to_string(),
            line,
            message: message.into(),
            help: Some("put the file back from a copy; `sozwatch verify` lists every fault".to_owned()),
        })
    }
}
