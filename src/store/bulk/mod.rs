//! The tables that grow with every story kept, beside sled: 40 and more rows a story, nearly all of them hashes.
//!
//! sled 0.34 keeps some 12 kB a story for them, and in memory an entry for each of its pages, so that ten million
//! stories would need 120 GB and a memory that grows for ever (measured; see `docs/operations.md`). So sled holds
//! what people work with, and of these tables only the newest rows (it is their log); the others stand in sorted
//! files beside it, a log-structured merge tree.
//!
//! ```text
//! index/bulk/NNNNNN.run     rows, sorted, never changed: `run`
//! index/bulk/NNNNNN.texts   long values, in the order in which they came: `texts`
//! ```
//!
//! Which of these files count, and up to where, sled knows ([`Files`]); it learns it in the batch that forgets the
//! rows which they now hold. Others are what a stop left, and are removed.

mod filter;
mod merge;
mod recent;
mod run;
#[cfg(test)]
mod tests;
mod texts;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;

use serde::{Deserialize, Serialize};

use merge::Merged;
use recent::Recent;
pub(super) use recent::{pack, unpack};
pub(super) use run::Row;
use run::{Run, Sought, Writer};
use texts::{Adding, Ends, Place, Texts};

use super::table::after;

/// So many runs of one level are merged into one of the next.
const FAN: usize = 4;
/// Most runs that are merged at once.
const MOST_MERGED: usize = 2 * FAN;
/// Where so many runs wait to be merged, writing waits, too.
const WAITING: usize = 40;
/// Mergings beside each other: small ones go on while a large one takes its minutes.
const MERGERS: usize = 2;

/// The files that count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Files {
    /// Number and level of each run, oldest rows first.
    runs: Vec<(u32, u8)>,
    /// Where each file of long values ends, in bytes.
    texts: Ends,
}

/// What the files of long values take, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Room {
    /// All of it.
    pub whole: u64,
    /// Of values that were replaced or taken away since; only a new index gives it back.
    pub dead: u64,
}

/// What there is to read at one moment.
#[derive(Debug)]
pub(super) struct View {
    recent: Arc<Recent>,
    /// Oldest rows first.
    runs: Vec<Arc<Run>>,
    texts: Texts,
    ends: Ends,
}

impl View {
    /// The files that this needs.
    pub(super) fn files(&self) -> Files {
        Files { runs: self.runs.iter().map(|run| (run.number, run.level)).collect(), texts: self.ends.clone() }
    }

    fn get(&self, key: &[u8]) -> io::Result<Option<Vec<u8>>> {
        if let Some(row) = self.recent.get(key) {
            return Ok(row);
        }
        let (sought, mut buffer) = (Sought::new(key), Vec::new());
        for run in self.runs.iter().rev() {
            if let Some(row) = run.get(&sought, &mut buffer)? {
                return row.map(|value| self.whole(value)).transpose();
            }
        }
        Ok(None)
    }

    /// The runs that may hold each of these keys, oldest rows first.
    fn runs_with(&self, sought: &[Sought<'_>]) -> io::Result<Vec<Vec<Arc<Run>>>> {
        let mut with = vec![Vec::new(); sought.len()];
        for run in &self.runs {
            for (may_hold, runs) in run.may_hold(sought)?.into_iter().zip(&mut with) {
                runs.extend(may_hold.then(|| Arc::clone(run)));
            }
        }
        Ok(with)
    }

    /// A value, read from where it lies if it lies apart.
    fn whole(&self, value: Vec<u8>) -> io::Result<Vec<u8>> {
        match Place::of(&value) {
            Some(place) => self.texts.get(place),
            None => Ok(value),
        }
    }
}

/// Runs being made one, beside everything else.
#[derive(Debug)]
struct Merging {
    thread: JoinHandle<io::Result<Option<Run>>>,
    runs: Vec<Arc<Run>>,
    stop: Arc<AtomicBool>,
}

/// The tables. Any thread reads; one at a time writes.
#[derive(Debug)]
pub(super) struct Bulk {
    folder: PathBuf,
    view: RwLock<Arc<View>>,
    /// What recent rows may take in memory, in bytes.
    most: usize,
    /// The number of the next run.
    next: AtomicU32,
    merging: Mutex<Vec<Merging>>,
}

fn run_path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:06}.run"))
}

impl Bulk {
    /// Opens the files that count, and removes the others; rows that stand in none yet may take `most` bytes.
    pub(super) fn open(folder: &Path, files: &Files, recent: Vec<Row>, most: usize) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut runs = Vec::new();
        for (number, level) in &files.runs {
            runs.push(Arc::new(Run::open(&run_path(folder, *number), *number, *level)?));
        }
        let texts = Texts::open(folder, &files.texts)?;
        remove_others(folder, files)?;
        let rows = Arc::new(Recent::default());
        rows.lay(recent);
        let next = files.runs.iter().map(|(number, _)| number + 1).max().unwrap_or(1);
        let view = View { recent: rows, runs, texts, ends: files.texts.clone() };
        Ok(Self {
            folder: folder.to_path_buf(),
            view: RwLock::new(Arc::new(view)),
            most,
            next: AtomicU32::new(next),
            merging: Mutex::default(),
        })
    }

    fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn get(&self, key: &[u8]) -> io::Result<Option<Vec<u8>>> {
        self.view().get(key)
    }

    /// The rows from one key up to another, which is left out, in order, as they are now.
    pub(super) fn range(&self, from: &[u8], to: Vec<u8>) -> io::Result<Range> {
        let view = self.view();
        let runs = match shared_beginning(from, &to) {
            Some(beginning) => view.runs_with(&[Sought::new(beginning)])?.remove(0),
            None => view.runs.clone(),
        };
        Range::over(&view, from, to, Some(&view.recent), &runs)
    }

    /// The rows that begin with each of these bytes, which are [`filter::KNOWN`] or more, in order, as they are now.
    pub(super) fn each(&self, beginnings: &[Vec<u8>]) -> io::Result<Vec<Range>> {
        let view = self.view();
        let sought: Vec<Sought<'_>> = beginnings.iter().map(|beginning| Sought::new(beginning)).collect();
        let recent: Vec<bool> = {
            let rows = view.recent.read();
            beginnings.iter().map(|beginning| rows.has_any(beginning)).collect()
        };
        let ranges = beginnings.iter().zip(recent).zip(view.runs_with(&sought)?);
        let ranges = ranges.map(|((beginning, recent), runs)| {
            Range::over(&view, beginning, after(beginning), recent.then_some(&view.recent), &runs)
        });
        ranges.collect()
    }

    /// How much the long values take, and how much of it is dead. The cost is a walk over every key.
    pub(super) fn room(&self) -> io::Result<Room> {
        let view = self.view();
        let mut rows = Merged::from(&[], Some(&view.recent), &view.runs)?;
        let mut alive = 0;
        while rows.step()? {
            alive += rows.value().and_then(Place::of).map_or(0, Place::taken);
        }
        let whole = view.ends.values().sum();
        Ok(Room { whole, dead: u64::saturating_sub(whole, alive) })
    }

    /// Lays changes over what there is.
    pub(super) fn lay(&self, changes: Vec<Row>) {
        self.view().recent.lay(changes);
    }

    /// How often recent rows take what they may.
    pub(super) fn fullness(&self) -> usize {
        self.view().recent.read().size / self.most.max(1)
    }

    /// Writes the recent rows to a run; gives what there will be to read when they are forgotten elsewhere.
    pub(super) fn settle(&self) -> io::Result<View> {
        let view = self.view();
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let path = run_path(&self.folder, number);
        let settle = || {
            let mut texts = Adding::after(&self.folder, &view.ends)?;
            let mut run = Writer::create(&path)?;
            let oldest = view.runs.is_empty();
            for (key, value) in &view.recent.read().by_key {
                let key = key.bytes();
                match value {
                    Some(value) if value.len() > run::LONGEST => run.push(key, Some(&texts.push(value)?.to_bytes()))?,
                    None if oldest => {}
                    value => run.push(key, value.as_deref())?,
                }
            }
            let run = run.finish(number, 0)?;
            let (texts, ends) = texts.finish(&view.texts, &view.ends)?;
            super::open::sync_folder(&self.folder).map_err(io::Error::other)?;
            let runs = view.runs.iter().cloned().chain([Arc::new(run)]).collect();
            Ok(View { recent: Arc::default(), runs, texts, ends })
        };
        settle().inspect_err(|_| {
            // No half file stays where the disk is full.
            let _ = std::fs::remove_file(&path);
        })
    }

    /// From now on this is what there is to read.
    pub(super) fn show(&self, view: View) {
        let before = {
            let mut shown = self.view.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *shown, Arc::new(view))
        };
        let kept = self.view().files();
        for run in before.runs.iter().filter(|run| !kept.runs.contains(&(run.number, run.level))) {
            // Whoever still reads it has it open; what cannot be removed now is removed at the next opening.
            let _ = std::fs::remove_file(run.path());
        }
    }

    /// Begins to merge where enough runs wait and somebody is free to.
    pub(super) fn begin_merging(&self) {
        let mut mergings = self.mergings();
        let view = self.view();
        while mergings.len() < MERGERS {
            let merged =
                |run: &Run| mergings.iter().flat_map(|merging| &merging.runs).any(|at| at.number == run.number);
            let Some(chosen) = crowded(&view.runs, merged) else { return };
            let (oldest, runs) = (chosen.start == 0, view.runs[chosen].to_vec());
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let path = run_path(&self.folder, number);
            let stop = Arc::new(AtomicBool::new(false));
            let thread = std::thread::spawn({
                let (runs, stop) = (runs.clone(), Arc::clone(&stop));
                move || merge::merge(&runs, oldest, (&path, number), &stop)
            });
            mergings.push(Merging { thread, runs, stop });
        }
    }

    /// What there will be to read with runs that were merged meanwhile; `None` where none were.
    pub(super) fn merged(&self) -> io::Result<Option<View>> {
        let mut mergings = self.mergings();
        let view = self.view();
        let done = mergings.iter().position(|merging| merging.thread.is_finished());
        // The one begun last is the shortest.
        let awaited = mergings.len().checked_sub(1).filter(|_| view.runs.len() >= WAITING);
        let Some(place) = done.or(awaited) else { return Ok(None) };
        let Merging { thread, runs, .. } = mergings.remove(place);
        let joined = thread.join().unwrap_or_else(|_| Err(io::Error::other("merging runs panicked")));
        let Some(run) = joined? else { return Ok(None) };
        super::open::sync_folder(&self.folder).map_err(io::Error::other)?;
        let mut kept = view.runs.clone();
        let from = kept.iter().position(|kept| kept.number == runs[0].number).unwrap_or_default();
        kept.splice(from..from + runs.len(), [Arc::new(run)]);
        Ok(Some(View {
            recent: Arc::clone(&view.recent),
            runs: kept,
            texts: view.texts.clone(),
            ends: view.ends.clone(),
        }))
    }

    fn mergings(&self) -> MutexGuard<'_, Vec<Merging>> {
        self.merging.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Bulk {
    fn drop(&mut self) {
        for merging in std::mem::take(&mut *self.mergings()) {
            merging.stop.store(true, Ordering::Relaxed);
            // What it wrote counts for nothing.
            let _ = merging.thread.join();
        }
    }
}

/// The bytes that every key from one up to another begins with, where they are as many as a filter knows.
fn shared_beginning<'k>(from: &'k [u8], to: &[u8]) -> Option<&'k [u8]> {
    let beginning = from.get(..filter::KNOWN)?;
    (to <= after(beginning).as_slice()).then_some(beginning)
}

/// The runs to merge next: of one level, one after the other, the lowest level first; none that are `merged` already.
fn crowded(runs: &[Arc<Run>], merged: impl Fn(&Run) -> bool) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    let groups = runs.chunk_by(|one, next| one.level == next.level && merged(one) == merged(next)).map(|group| {
        at += group.len();
        (&group[0], at - group.len()..at)
    });
    let (_, mut places) =
        groups.filter(|(run, places)| places.len() >= FAN && !merged(run)).min_by_key(|(run, _)| run.level)?;
    places.end = places.end.min(places.start + MOST_MERGED);
    Some(places)
}

fn remove_others(folder: &Path, files: &Files) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let number = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse::<u32>().ok());
        let counts = match path.extension().and_then(|ending| ending.to_str()) {
            Some("run") => files.runs.iter().any(|(run, _)| Some(*run) == number),
            Some("texts") => number.is_some_and(|number| files.texts.contains_key(&number)),
            _ => true,
        };
        if !counts {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Rows in order.
pub(super) struct Range {
    view: Arc<View>,
    rows: Merged,
    to: Vec<u8>,
}

impl Range {
    fn over(
        view: &Arc<View>,
        from: &[u8],
        to: Vec<u8>,
        recent: Option<&Arc<Recent>>,
        runs: &[Arc<Run>],
    ) -> io::Result<Self> {
        Ok(Self { view: Arc::clone(view), rows: Merged::from(from, recent, runs)?, to })
    }
}

impl Iterator for Range {
    type Item = io::Result<(Vec<u8>, Vec<u8>)>;
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.rows.step() {
                Ok(true) if self.rows.key() < self.to.as_slice() => {}
                Ok(_) => return None,
                Err(error) => return Some(Err(error)),
            }
            if let Some(value) = self.rows.value() {
                let value = self.view.whole(value.to_vec());
                return Some(value.map(|value| (self.rows.key().to_vec(), value)));
            }
        }
    }
}
