//! The records' folders: who owns one, and which files it has.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use super::LedgerError;
use crate::disk;

/// Keeps every other process from writing the records of a folder, until the handle is dropped.
pub(super) fn own(folder: &Path) -> Result<File, LedgerError> {
    let path = folder.join("lock");
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(LedgerError::file("open", &path))?;
    match disk::lock(&file) {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(LedgerError::Owned(folder.to_path_buf())),
        Err(std::fs::TryLockError::Error(cause)) => Err(LedgerError::file("lock", &path)(cause)),
    }
}

/// The files of a folder whose names are `digits` digits and `ending`, with the number, in order.
/// A folder that is not there has none.
pub(super) fn numbered(folder: &Path, digits: usize, ending: &str) -> Result<Vec<(u32, PathBuf)>, LedgerError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(LedgerError::file("read", folder)(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(LedgerError::file("read", folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix(ending)
            && stem.len() == digits
            && let Ok(number) = stem.parse()
        {
            files.push((number, entry.path()));
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbered_files_are_read() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["2018.jsonl", "2017.jsonl", "2017.jsonl.torn-1", "17.jsonl", "notes.jsonl", "2017.json"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let names: Vec<_> = numbered(folder.path(), 4, ".jsonl").unwrap().into_iter().map(|(n, _)| n).collect();
        assert_eq!(names, [2017, 2018]);
        assert_eq!(numbered(&folder.path().join("none"), 4, ".jsonl").unwrap(), []);
    }

    #[test]
    fn a_lock_that_its_owner_lets_go_in_a_moment_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let first = own(folder.path()).unwrap();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| own(folder.path()));
            std::thread::yield_now();
            drop(first);
            assert!(second.join().unwrap().is_ok());
        });
    }

    #[test]
    fn one_process_writes() {
        let folder = tempfile::tempdir().unwrap();
        let first = own(folder.path()).unwrap();
        assert!(matches!(own(folder.path()), Err(LedgerError::Owned(_))));
        drop(first);
        own(folder.path()).unwrap();
    }
}
