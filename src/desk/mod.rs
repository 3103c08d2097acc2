//! The acts, one function each: [collect](Desk::collect), [judge and keep](Desk::keep),
//! [decide](Desk::import_queue), [exchange](Desk::exchange) the queue file, [publish](Desk::digest), [translate](Desk::take_table),
//! [rejudge](Desk::rejudge), [rebuild](Desk::rebuild),
//! [back up](Desk::backup), [restore](Desk::restore), [forget](Desk::forget). The only place that joins the pure part with the edges.
//!
//! Whoever wants something done — daemon, command line, queue file — calls the same function here.
//! Every act that adds writes the append-only record first, synced, and the store after it; what the
//! store missed because the process died between the two is replayed when the desk opens.
#![expect(clippy::disallowed_methods, reason = "edge: folders and files of the workspace")]

mod alarms;
mod attach;
mod backfill;
mod backup;
mod bench;
mod boxes;
mod cases;
mod collect;
mod decide;
mod evidence;
mod export;
mod find;
mod forget;
mod health;
mod judge;
mod outputs;
mod publish;
mod quotes;
mod read;
mod rebuild;
mod register;
mod rejudge;
mod report;
mod retain;
mod revisit;
mod search;
mod takeback;
mod trail;
mod warc;
mod wordings;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use jiff::Timestamp;

use crate::archive::{Archive, ArchiveError};
use crate::backup::BackupError;
use crate::cases::tie::Traits;
use crate::cases::{near, sought};
use crate::classify::Judge;
use crate::config::{Config, Source};
use crate::disk::{self, DiskError};
use crate::extract::Origin;
use crate::ledger::{Act, Journal, Ledger, LedgerError, Record};
use crate::model::{Diagnostic, Event, Page};
use crate::review;
use crate::rules::RuleSet;
use crate::store::{Filed, Folds, Store, StoreError};

use bench::Bench;

pub use alarms::{Ailment, Alarm};
pub use backfill::Backfill;
pub use boxes::{Boxes, BoxesStanding, Held, LeftAlone, Received};
pub use cases::{CaseDone, CaseShown};
pub use collect::{Cycle, Feeds, PAGES_OF_A_SOURCE, Progress, Round};
pub use decide::{Exchanged, Imported, Returned, RowResult};
pub use evidence::{Checkup, FileState};
pub use export::Exported;
pub use find::{Finding, Site, find};
pub use forget::Forgotten;
pub use health::{FeedHealth, SourceHealth, Standing};
pub use judge::{Kept, Placed, Tally};
pub use publish::{Published, SignedPage, Wanted};
pub use quotes::TakenQuotes;
pub use read::{Announced, freshest, read};
pub use register::{RegisterExchanged, RegisterTaken};
pub use rejudge::{Change, Judgement, Moved, Rejudged, Turn};
pub use report::{Differs, Reported, Step, Totals, WantedReport};
pub use revisit::Revisited;
pub use search::{Cut, Found, Hit, Search};
pub use takeback::TakenBack;
pub use warc::{TakenIn, Wish};
pub use wordings::TableTaken;

pub use crate::store::Room;

/// An open workspace: configuration, records, store, and the judge.
pub struct Desk {
    config: Config,
    root: PathBuf,
    store: Store,
    records: Mutex<Records>,
    archive: Mutex<Archive>,
    /// Held from "do we know it?" to "it is written".
    keeping: Mutex<()>,
    /// Held while the records are copied, and while something is erased from them.
    copying: Mutex<()>,
    /// Faults found when the records were last read again.
    damage: std::sync::atomic::AtomicUsize,
    /// Held while the day's record of a source is read and written.
    noting: Mutex<()>,
    /// Held while the rows of one queue file are ruled on and recorded.
    deciding: Mutex<()>,
    /// Which pages are to be visited again, and when.
    agenda: Mutex<revisit::Agenda>,
    /// Ids of the rows that were told to the log as queued.
    queued: Mutex<BTreeSet<String>>,
    /// Held while files are exchanged with reviewers.
    exchanging: Mutex<()>,
    /// Another takes its place when the rules are [read again](Desk::reload_rules).
    bench: RwLock<Arc<Bench>>,
}

/// What reading the rules again came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Reloaded {
    /// They judge from now on.
    Taken {
        /// Their version.
        version: String,
    },
    /// They are what judges already.
    Same {
        /// Their version.
        version: String,
    },
    /// They are refused, and the old ones go on.
    Refused {
        /// What is wrong with them.
        faults: Vec<Diagnostic>,
    },
}

/// The two append-only records that the desk writes. One lock over both: acts are short.
struct Records {
    ledger: Ledger,
    journal: Journal,
}

/// What stopped an act.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The ledger or the journal could not be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The evidence could not be read or written.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The store could not be opened, read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A backup could not be written or restored.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// A file of the workspace could not be read or written.
    #[error("cannot {act} {}: {cause}", path.display())]
    File {
        /// "read", "write", …
        act: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// What was asked for cannot be done as asked.
    #[error("{0}")]
    Asked(String),
}

impl From<DiskError> for DeskError {
    fn from(error: DiskError) -> Self {
        match error {
            DiskError::File { act, path, cause } => Self::File { act, path, cause },
            DiskError::Stopped(_) => Self::Asked(error.to_string()),
        }
    }
}

impl DeskError {
    /// Does the store or the ledger need repair?
    pub fn needs_repair(&self) -> bool {
        match self {
            Self::Ledger(error) => error.needs_repair(),
            Self::Store(error) => error.needs_repair(),
            Self::Archive(_) | Self::Backup(_) | Self::File { .. } | Self::Asked(_) => false,
        }
    }

    /// The error with its causes, in one line.
    pub fn in_words(&self) -> String {
        words_of(self)
    }

    fn file(act: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |cause| Self::File { act, path, cause }
    }
}

/// An error with those of its causes that it does not tell itself, in one line.
pub fn words_of(error: &(dyn std::error::Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !words.contains(&said) {
            words.push_str(": ");
            words.push_str(&said);
        }
        cause = error.source();
    }
    words
}

/// How the store derives its indexes: the folds are pure and live with their nouns.
pub fn folds() -> Folds {
    Folds {
        status: review::status,
        near: |judged| {
            let signature = near::signature(&judged.story);
            let keys = near::keys(&signature, judged.story.time(judged.captured));
            Filed { keys, compared_by: near::sketch(&signature) }
        },
        text_hash: near::text_hash,
        sieve: sought::sieve,
        tie: |judged| {
            let traits = Traits::of(&judged.story, &judged.verdict, judged.captured);
            Filed { keys: traits.keys(), compared_by: traits.pack() }
        },
        case_id: review::case_id,
    }
}

impl Desk {
    /// Opens the workspace under `root`: repairs torn records, replays into the store what it
    /// missed, and tells both. An index that will not open is moved aside and rebuilt.
    ///
    /// # Errors
    /// Where another process owns the store, or a record cannot be read.
    pub fn open(config: Config, root: &Path, now: Timestamp) -> Result<(Self, Vec<Diagnostic>), DeskError> {
        let (bench, mut notices) = match &config.rules.dir {
            // What ships is without fault: a test of this program tells.
            None => (Bench::of_built_in(), Vec::new()),
            Some(dir) => {
                let (rules, faults) = rules_laid_over(&root.join(dir))?;
                (Bench::of_rules(rules), faults)
            }
        };
        let folder = root.join(&config.store.path);
        std::fs::create_dir_all(&folder).map_err(DeskError::file("make", &folder))?;
        let opened = Store::open(&folder, config.store.cache, folds())?;
        notices.extend(opened.notices);
        let (ledger, torn) = Ledger::open(&folder)?;
        notices.extend(torn);
        let (journal, torn) = Journal::open(&folder)?;
        notices.extend(torn);
        let replayed = rebuild::replay(&opened.store, &ledger, &journal)?;
        let (archive, torn) = evidence::open_archive(&folder, opened.store.evidence()?.into_keys())?;
        notices.extend(torn);
        let desk = Self {
            archive: Mutex::new(archive),
            bench: RwLock::new(Arc::new(bench)),
            config,
            root: root.to_path_buf(),
            store: opened.store,
            records: Mutex::new(Records { ledger, journal }),
            keeping: Mutex::new(()),
            copying: Mutex::new(()),
            damage: std::sync::atomic::AtomicUsize::new(0),
            noting: Mutex::new(()),
            deciding: Mutex::new(()),
            agenda: Mutex::default(),
            queued: Mutex::default(),
            exchanging: Mutex::new(()),
        };
        if opened.rebuilt {
            notices.push(Diagnostic::new(
                folder.display().to_string(),
                format!("the index was rebuilt from the records ({replayed} entries)"),
            ));
        }
        desk.go_on_forgetting(now)?;
        desk.note_rule_set(desk.bench().version(), now)?;
        desk.finish_days(now)?;
        Ok((desk, notices))
    }

    /// The configuration in force.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The folder that paths of the configuration count from.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of records, index and control socket.
    pub fn folder(&self) -> PathBuf {
        self.root.join(&self.config.store.path)
    }

    /// The one judge: rules, language detector and tables. The first to ask waits until it is made.
    pub fn judge(&self) -> Arc<Judge> {
        self.bench().judge()
    }

    fn bench(&self) -> Arc<Bench> {
        Arc::clone(&self.bench.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the files of the rules again and judges by them from now on, if `rules check` has nothing to
    /// say against them that it does not say against the present ones. What is being judged is judged to the end by the rules that it began with.
    ///
    /// # Errors
    /// Where a file cannot be read or the ledger cannot be written; the rules stay as they were.
    pub fn reload_rules(&self, now: Timestamp) -> Result<Reloaded, DeskError> {
        let (rules, mut faults) = rule_set(&self.config, &self.root)?;
        let version = rules.version();
        if faults.is_empty() && version == self.bench().version() {
            return Ok(Reloaded::Same { version });
        }
        let judge = Judge::new(rules);
        let found = judge.check();
        if !found.is_empty() {
            // A fault that the present rules have as well would keep every mend out.
            let known = self.judge().check();
            faults.extend(found.into_iter().filter(|fault| !known.contains(fault)));
        }
        if !faults.is_empty() {
            return Ok(Reloaded::Refused { faults });
        }
        self.note_rule_set(&version, now)?;
        *self.bench.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Bench::of_judge(judge));
        Ok(Reloaded::Taken { version })
    }

    /// The index, for listings.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Every confirmed event, each with all who told of it, in order of confirmation.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn events(&self) -> Result<Vec<Event>, DeskError> {
        let decided = self.store.decided_in_brief(|candidate| review::Folded::of(&candidate))?;
        let events = review::link(decided.iter());
        drop(decided);
        let mut events: Vec<Event> = events.into_iter().map(Arc::unwrap_or_clone).collect();
        self.cases()?.regroup(&mut events);
        Ok(events)
    }

    fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes human acts: ledger first, synced, then the store.
    fn record_acts(&self, acts: Vec<Act>, now: Timestamp) -> Result<(), DeskError> {
        if acts.is_empty() {
            return Ok(());
        }
        let mut records = self.records();
        let numbers = records.ledger.append(&acts, now)?;
        let numbered: Vec<_> = numbers.into_iter().zip(acts).map(|(seq, act)| (seq, now, act)).collect();
        self.store.apply_acts(&numbered)?;
        Ok(())
    }

    /// Writes what was seen: journal first, synced, then the store.
    fn record(&self, entries: &[Record]) -> Result<(), DeskError> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut records = self.records();
        self.store.record(entries, || Ok(records.journal.append(entries)?))
    }

    /// Notes in the ledger which rules judge from now on, where they changed.
    fn note_rule_set(&self, version: &str, now: Timestamp) -> Result<(), DeskError> {
        if self.store.last_rule_set()?.as_deref() == Some(version) {
            return Ok(());
        }
        self.record_acts(vec![Act::RuleSet { version: version.to_owned() }], now)
    }
}

/// The built-in rules with the operator's folder laid over them.
///
/// # Errors
/// Where the folder named in `[rules] dir` cannot be read.
pub fn rule_set(config: &Config, root: &Path) -> Result<(RuleSet, Vec<Diagnostic>), DeskError> {
    let Some(dir) = &config.rules.dir else { return Ok(RuleSet::builtin()) };
    rules_laid_over(&root.join(dir))
}

/// The built-in rules with the rule files of a folder laid over them, and what is wrong with those.
///
/// # Errors
/// Where the folder or a file in it cannot be read.
pub fn rules_laid_over(dir: &Path) -> Result<(RuleSet, Vec<Diagnostic>), DeskError> {
    let mut files = Vec::new();
    read_rule_files(dir, "", &mut files)?;
    Ok(RuleSet::overlaid(files))
}

fn read_rule_files(dir: &Path, under: &str, files: &mut Vec<(String, String)>) -> Result<(), DeskError> {
    let mut entries: Vec<_> = std::fs::read_dir(dir)
        .and_then(|entries| entries.collect::<Result<Vec<_>, _>>())
        .map_err(DeskError::file("read", dir))?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = format!("{under}{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            read_rule_files(&path, &format!("{name}/"), files)?;
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            files.push((name, std::fs::read_to_string(&path).map_err(DeskError::file("read", &path))?));
        }
    }
    Ok(())
}

/// What is known of the bytes of a page (or feed): where they came from, when, and whose they are.
fn origin<'a>(page: &'a Page, source: Option<&'a Source>) -> Origin<'a> {
    Origin {
        content_type: page.header("content-type"),
        url: Some(&page.url),
        country: source.and_then(|source| source.country.as_deref()),
        zone: source.and_then(|source| source.time_zone.as_ref()),
        captured: Some(page.captured),
    }
}

/// Writes a file whole or not at all, making its folder where it is missing.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    disk::make_folder(&disk::Real, folder)?;
    Ok(disk::write_whole(&disk::Real, path, bytes)?)
}
