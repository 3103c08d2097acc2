//! A copy of everything, and everything from a copy.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use jiff::Timestamp;

use super::boxes::put_under_a_free_name;
use super::{Desk, DeskError};
use crate::backup::{self, Identities, Manifest, Piece, Recipients};
use crate::config::Config;
use crate::disk;
use crate::ledger::Act;
use crate::model::Diagnostic;

impl Desk {
    /// Writes every record into one file, while work goes on: what is written after this began belongs
    /// to the next backup. Encrypted to `keys` and to those of the configuration, where there are any.
    /// That a copy was made, and by whom, is noted in the ledger.
    ///
    /// # Errors
    /// Where a key is none, a record cannot be read or the file not be written.
    pub fn backup(
        &self,
        to: &Path,
        keys: &[String],
        by: Option<String>,
        now: Timestamp,
    ) -> Result<Manifest, DeskError> {
        let keys: Vec<String> = keys.iter().chain(&self.config.store.backup_keys).cloned().collect();
        let recipients = Recipients::parse(&keys)?;
        // Nobody erases meanwhile: that alone rewrites what is written.
        let _copying = self.copying.lock().unwrap_or_else(PoisonError::into_inner);
        // What was sent before the records: taken in between, it is in both, and lost from neither.
        let mut sent = self.pieces_sent()?;
        let mut pieces = self.pieces_of_the_store()?;
        pieces.append(&mut sent);
        let manifest = backup::write(&pieces, to, now, &recipients)?;
        self.note_export("backup", to, by, now)?;
        Ok(manifest)
    }

    /// The records as they lie now, and who was dealt which row; what is added meanwhile is left out.
    pub(super) fn pieces_of_the_store(&self) -> Result<Vec<Piece>, DeskError> {
        let mut pieces = {
            let _nobody_writes = self.records();
            backup::pieces(&self.folder())?
        };
        pieces.extend(Piece::rewritten(&self.memory_of_boxes())?);
        Ok(pieces)
    }

    /// Files that reviewers sent and that were not taken yet: what is in them is nowhere else.
    fn pieces_sent(&self) -> Result<Vec<Piece>, DeskError> {
        let mut pieces = Vec::new();
        for (number, (file, name)) in (1..).zip(self.untaken_files()?) {
            pieces.extend(Piece::sent(number, &file, &name)?);
        }
        Ok(pieces)
    }

    /// Notes in the ledger that data left the house.
    pub(super) fn note_export(
        &self,
        what: &str,
        to: &Path,
        by: Option<String>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let file = to.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.record_acts(vec![Act::Export { what: what.to_owned(), file, by }], now)
    }

    /// Puts the records of a backup in place and makes the index from them. The store must have no
    /// owner; one that holds records is moved aside where `replace` says so, never deleted.
    ///
    /// # Errors
    /// Where the backup is not whole, records stand in the way, or the system refuses; then what stood
    /// there stands.
    pub fn restore(
        config: &Config,
        root: &Path,
        file: &Path,
        identities: &Identities,
        replace: bool,
    ) -> Result<(Manifest, Vec<Diagnostic>), DeskError> {
        let folder = root.join(&config.store.path);
        if holds_records(&folder) && !replace {
            return Err(DeskError::Asked(format!(
                "{} holds records; nothing was restored\n  help: --replace moves it aside first and keeps it",
                folder.display()
            )));
        }
        let parent = folder.parent().map(Path::to_path_buf).unwrap_or_default();
        disk::make_folder(&disk::Real, &parent)?;
        let unpacked = free_name(&folder, "restoring");
        let manifest = match backup::restore(file, identities, &unpacked) {
            Ok(manifest) => manifest,
            Err(error) => {
                let _ = std::fs::remove_dir_all(&unpacked);
                return Err(error.into());
            }
        };
        let mut notices = Vec::new();
        if folder.exists() {
            let aside = free_name(&folder, "before");
            std::fs::rename(&folder, &aside).map_err(DeskError::file("move", &folder))?;
            notices.push(
                Diagnostic::new(
                    folder.display().to_string(),
                    format!("what stood here was moved to {}", aside.display()),
                )
                .help("it may be deleted once all is well"),
            );
        }
        let records = unpacked.join("store");
        disk::make_folder(&disk::Real, &records)?;
        std::fs::rename(&records, &folder).map_err(DeskError::file("move", &records))?;
        notices.extend(put_back_what_was_sent(&manifest, &unpacked, &root.join(&config.queue.inbox))?);
        let _ = std::fs::remove_dir_all(&unpacked);
        disk::sync_folder(&disk::Real, if parent.as_os_str().is_empty() { Path::new(".") } else { &parent })?;
        let (_, told) = Self::rebuild(config, root)?;
        notices.extend(told);
        Ok((manifest, notices))
    }
}

/// Puts the files that reviewers had sent into the inbox, each under its own name or beside what has it.
fn put_back_what_was_sent(manifest: &Manifest, unpacked: &Path, inbox: &Path) -> Result<Option<Diagnostic>, DeskError> {
    let mut put_back = 0;
    for listed in &manifest.files {
        let Some(called) = &listed.called else { continue };
        let from = unpacked.join(&listed.name);
        let bytes = std::fs::read(&from).map_err(DeskError::file("read", &from))?;
        put_under_a_free_name(&inbox.join(called), &bytes)?;
        put_back += 1;
    }
    let told = || {
        Diagnostic::new(inbox.display().to_string(), format!("{put_back} files that reviewers had sent lie here again"))
            .help("they are taken at the next exchange; rows of them that were taken already change nothing")
    };
    Ok((put_back > 0).then(told))
}

/// Does anything lie here that a person would miss?
fn holds_records(folder: &Path) -> bool {
    backup::pieces(folder).map_or(true, |pieces| pieces.iter().any(|piece| piece.length > 0))
}

/// `store` → `store.WORD-1`, or the first number that is free.
fn free_name(path: &Path, word: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    (1_u32..).map(|n| path.with_file_name(format!("{name}.{word}-{n}"))).find(|path| !path.exists()).unwrap_or_default()
}
