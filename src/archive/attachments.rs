//! Attachments of events that were entered by hand, each under its SHA-256:
//!
//! ```text
//! archive/attachments/<SHA-256>.jpg            as it was given
//! archive/attachments/public/<SHA-256>.jpg     the copy without metadata, where one can be made
//! ```

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::bare::bare;
use super::{ArchiveError, FOLDER};
use crate::disk::{self, Disk};
use crate::model::{Attachment, Diagnostic, hex};

/// Largest attachment, in bytes.
pub const LARGEST_ATTACHMENT: u64 = 25 << 20;

/// What bytes given under a name are as an attachment.
pub fn attachment(name: &str, bytes: &[u8]) -> Attachment {
    let public = bare(bytes).map(|copy| hex(&Sha256::digest(copy)));
    Attachment { name: name.to_owned(), sha256: hex(&Sha256::digest(bytes)), bytes: bytes.len() as u64, public }
}

/// Keeps an attachment and its public copy; both are synced when this returns. The same again changes nothing.
///
/// # Errors
/// Where they cannot be written.
pub fn keep_attachment(
    disk: &dyn Disk,
    store: &Path,
    attachment: &Attachment,
    bytes: &[u8],
) -> Result<(), ArchiveError> {
    keep(disk, &path(store, attachment), bytes)?;
    match (public_path(store, attachment), bare(bytes)) {
        (Some(path), Some(copy)) => keep(disk, &path, &copy),
        _ => Ok(()),
    }
}

fn keep(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), ArchiveError> {
    if std::fs::read(path).is_ok_and(|standing| standing == bytes) {
        return Ok(());
    }
    disk::make_folder(disk, path.parent().unwrap_or(Path::new(".")))?;
    Ok(disk::write_whole(disk, path, bytes)?)
}

/// Where an attachment lies.
pub fn path(store: &Path, attachment: &Attachment) -> PathBuf {
    store.join(FOLDER).join("attachments").join(attachment.file())
}

/// Where its public copy lies, where it has one.
pub fn public_path(store: &Path, attachment: &Attachment) -> Option<PathBuf> {
    Some(store.join(FOLDER).join("attachments/public").join(attachment.public_file()?))
}

/// Deletes an attachment and its public copy, but for files of these names, which hold others' too: pictures that
/// differ in their metadata alone share a copy. Doing it again does no harm.
///
/// # Errors
/// Where the system refuses.
pub fn erase_attachment(
    disk: &dyn Disk,
    store: &Path,
    attachment: &Attachment,
    others: &BTreeSet<String>,
) -> Result<(), ArchiveError> {
    let own = Some(path(store, attachment)).filter(|_| !others.contains(&attachment.file()));
    let copy = attachment.public_file().filter(|name| !others.contains(name)).and(public_path(store, attachment));
    for path in own.into_iter().chain(copy) {
        match std::fs::remove_file(&path) {
            Ok(()) => disk::sync_folder(disk, path.parent().unwrap_or(Path::new(".")))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(ArchiveError::file("delete", &path)(error)),
        }
    }
    Ok(())
}

/// What is wrong with an attachment that the ledger names, and with its public copy.
pub fn verify_attachment(store: &Path, attachment: &Attachment) -> Vec<Diagnostic> {
    let public = public_path(store, attachment).zip(attachment.public.clone());
    let mut faults = Vec::new();
    for (path, sha256) in [Some((path(store, attachment), attachment.sha256.clone())), public].into_iter().flatten() {
        let found = std::fs::read(&path).map(|bytes| hex(&Sha256::digest(bytes)));
        let message = match found {
            Ok(found) if found == sha256 => continue,
            Ok(_) => format!("the attachment `{}` was changed after it was taken", attachment.name),
            Err(error) => format!("the attachment `{}` cannot be read: {error}", attachment.name),
        };
        faults.push(Diagnostic::new(path.display().to_string(), message).help("put the file back from a copy"));
    }
    faults
}
