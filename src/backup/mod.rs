//! A backup: one file with everything that cannot be made again, and back.
//!
//! ```text
//! zstd( tar( manifest.json, store/ledger/2017.jsonl, store/journal/000001.zst, …, inbox/000001, … ) )
//! ```
//!
//! `zstd -d` and `tar` read it without us. Where recipients are given, all of it lies in an `age` file
//! (age-encryption.org/v1), so that the machine that writes it cannot read it. The manifest comes
//! first and names every file with its length and SHA-256; it is the only list that
//! [`restore`](restore()) trusts: whatever else stands in the tar — a path that climbs, a link, more bytes than
//! were promised — is refused before anything lands in its place.
//!
//! Files that people sent have names of their own, which a tar may be unable to hold: they are numbered, and the
//! manifest tells what each was called.
//!
//! It knows files and hashes, never what is in them; the index is not among them, since it is made
//! again from the records.
#![expect(clippy::disallowed_methods, reason = "edge: files and folders")]
#![expect(clippy::disallowed_types, reason = "edge: files and folders")]

mod restore;
#[cfg(test)]
mod tests;
mod write;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use restore::{Identities, restore};
pub use write::{Recipients, copy, write};

/// Name of the manifest, the first entry.
const MANIFEST: &str = "manifest.json";
/// The form that is written: 1 knew no [`Listed::called`], and is read as well.
const VERSION: u32 = 2;
/// Where the records lie in a backup, and what people sent.
const STORE: &str = "store";
const SENT: &str = "inbox";

/// A file to be copied, as far as it is written now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its path in the backup, with `/` between its parts.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Bytes of it that count; what is added later belongs to the next backup.
    pub length: u64,
    /// Its bytes, where the file may be gone or another when it is copied.
    held: Option<Vec<u8>>,
    /// Of what somebody sent: its path in the folder that it was put into.
    called: Option<String>,
}

impl Piece {
    /// A file of the store folder that is written anew now and then; `None` where it is not there.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn rewritten(path: &Path) -> Result<Option<Self>, BackupError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self::held(format!("{STORE}/{name}"), path, None)
    }

    /// A file that somebody sent, by its number and its path in the folder that it was put into; `None` where it
    /// was taken away meanwhile.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn sent(number: usize, path: &Path, called: &str) -> Result<Option<Self>, BackupError> {
        // Of the paths that restoring takes none holds these.
        Self::held(format!("{SENT}/{number:06}"), path, Some(called.replace(['\\', '\0'], "_")))
    }

    fn held(name: String, path: &Path, called: Option<String>) -> Result<Option<Self>, BackupError> {
        match std::fs::read(path) {
            Ok(bytes) => {
                let (path, length) = (path.to_path_buf(), bytes.len() as u64);
                Ok(Some(Self { name, path, length, held: Some(bytes), called }))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(BackupError::file("read", path)(error)),
        }
    }
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Form of the backup.
    pub version: u32,
    /// Who wrote it.
    pub sozwatch: String,
    /// When.
    pub made: Timestamp,
    /// Every file, in the order in which they follow.
    pub files: Vec<Listed>,
}

impl Manifest {
    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().fold(0, |sum, file| sum.saturating_add(file.length))
    }
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its path, with `/` between its parts.
    pub name: String,
    /// Bytes.
    pub length: u64,
    /// SHA-256 of them, in hexadecimal digits.
    pub sha256: String,
    /// Of what somebody sent: its path in the folder that it was put into, with `/` between its parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called: Option<String>,
}

/// What kept a backup from being written or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
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
    /// The file is no backup, or was changed, or would do harm.
    #[error("{}: {why}\n  help: nothing was restored; use another copy", path.display())]
    Refused {
        /// The backup.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A key cannot be used.
    #[error("{0}")]
    Key(String),
}

impl BackupError {
    fn file(act: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |cause| Self::File { act, path, cause }
    }
}

/// The records under a store folder, as far as they are written now. Called while nobody writes; what
/// is added afterwards is left out when the pieces are copied.
///
/// # Errors
/// Where a folder cannot be read.
pub fn pieces(store: &Path) -> Result<Vec<Piece>, BackupError> {
    let mut pieces = Vec::new();
    for folder in ["ledger", "journal", "archive"] {
        gather(&store.join(folder), &format!("{STORE}/{folder}"), &mut pieces)?;
    }
    pieces.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(pieces)
}

fn gather(folder: &Path, name: &str, pieces: &mut Vec<Piece>) -> Result<(), BackupError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(BackupError::file("read", folder)(error)),
    };
    for entry in entries {
        let entry = entry.map_err(BackupError::file("read", folder))?;
        let path = entry.path();
        let file = entry.file_name().to_string_lossy().into_owned();
        let about = std::fs::symlink_metadata(&path).map_err(BackupError::file("read", &path))?;
        // What was half written, and the lock, are nobody's records.
        if file == "lock" || file.starts_with('.') {
            continue;
        }
        let name = format!("{name}/{file}");
        if about.is_dir() {
            gather(&path, &name, pieces)?;
        } else if about.is_file() {
            pieces.push(Piece { name, path, length: about.len(), held: None, called: None });
        }
    }
    Ok(())
}
