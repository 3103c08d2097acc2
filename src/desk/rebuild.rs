//! Replaying the records into the store, rebuilding it whole, and checking all three.

use std::path::Path;

use super::{Desk, DeskError, folds};
use crate::config::Config;
use crate::ledger::{Journal, Ledger};
use crate::model::Diagnostic;
use crate::store::{Room, Store};

/// Entries applied to the store at once.
const BATCH: usize = 1_024;

impl Desk {
    /// Makes a whole new index from ledger and journal; the old one is kept aside until it stands.
    /// Verdicts are replayed, never judged anew. The store must have no owner.
    ///
    /// # Errors
    /// Where a record cannot be read or the index cannot be written.
    pub fn rebuild(config: &Config, root: &Path) -> Result<(usize, Vec<Diagnostic>), DeskError> {
        let folder = root.join(&config.store.path);
        let (ledger, mut notices) = Ledger::open(&folder)?;
        let (journal, torn) = Journal::open(&folder)?;
        notices.extend(torn);
        let opened = Store::start_anew(&folder, config.store.cache, folds())?;
        notices.extend(opened.notices);
        let replayed = replay(&opened.store, &ledger, &journal)?;
        Ok((replayed, notices))
    }

    /// Checks that the index agrees with itself and with the records.
    ///
    /// # Errors
    /// Where the store cannot be read at all.
    pub fn check(&self) -> Result<Vec<Diagnostic>, DeskError> {
        Ok(self.store.check()?)
    }

    /// What the texts take in the index, and how much of it only a rebuilding gives back.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn room(&self) -> Result<Room, DeskError> {
        Ok(self.store.room()?)
    }
}

/// Applies what the records hold beyond what the store has seen; tells how many entries.
pub(super) fn replay(store: &Store, ledger: &Ledger, journal: &Journal) -> Result<usize, DeskError> {
    let mut replayed = 0;
    let mut batch = Vec::with_capacity(BATCH);
    let mut after = store.applied_position()?;
    for frame in journal.read(after)? {
        let (records, position) = frame?;
        replayed += records.len();
        batch.extend(records);
        after = position;
        if batch.len() >= BATCH {
            store.apply_records(&batch, after)?;
            batch.clear();
        }
    }
    if !batch.is_empty() {
        store.apply_records(&batch, after)?;
    }
    let mut acts = Vec::with_capacity(BATCH);
    for act in ledger.read(store.applied_seq()?)? {
        acts.push(act?);
        replayed += 1;
        if acts.len() >= BATCH {
            store.apply_acts(&acts)?;
            acts.clear();
        }
    }
    store.apply_acts(&acts)?;
    Ok(replayed)
}
