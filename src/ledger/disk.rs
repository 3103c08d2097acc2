//! Files that only grow: what every record writes through.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::LedgerError;
use crate::model::Diagnostic;

/// A file that is only added to, and whose every addition is synced before it counts.
#[derive(Debug)]
pub(crate) struct Growing {
    file: File,
    path: PathBuf,
    /// Bytes that were synced.
    length: u64,
    /// A failed write could not be taken back.
    stopped: bool,
}

impl Growing {
    /// Opens the file, making it where it is missing; then its folder is synced too.
    pub(crate) fn open(path: &Path) -> Result<Self, LedgerError> {
        let fresh = !path.exists();
        let file = OpenOptions::new().append(true).create(true).open(path).map_err(LedgerError::file("open", path))?;
        if fresh {
            file.sync_all().map_err(LedgerError::file("sync", path))?;
            sync_folder(path.parent().unwrap_or(Path::new(".")))?;
        }
        let length = file.metadata().map_err(LedgerError::file("read", path))?.len();
        Ok(Self { file, path: path.to_path_buf(), length, stopped: false })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Adds bytes and syncs them. After an error the file is as it was, or takes no more.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), LedgerError> {
        if self.stopped {
            return Err(LedgerError::Stopped { path: self.path.clone() });
        }
        match self.file.write_all(bytes).and_then(|()| self.file.sync_data()) {
            Ok(()) => {
                self.length += bytes.len() as u64;
                Ok(())
            }
            Err(cause) => {
                // Half a record must not stand before the next one.
                self.take_back(self.length);
                Err(LedgerError::file("write", &self.path)(cause))
            }
        }
    }

    /// Cuts off what was added beyond `length`; where that fails, the file takes no more.
    pub(crate) fn take_back(&mut self, length: u64) {
        match self.file.set_len(length).and_then(|()| self.file.sync_all()) {
            Ok(()) => self.length = length,
            Err(_) => self.stopped = true,
        }
    }
}

/// Makes a folder that outlives a power loss.
pub(crate) fn make_folder(path: &Path) -> Result<(), LedgerError> {
    if path.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(path).map_err(LedgerError::file("make", path))?;
    sync_folder(path)?;
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(Ok(()), sync_folder)
}

/// Syncs the names in a folder: a new file is not there after a power loss until this was done.
pub(crate) fn sync_folder(path: &Path) -> Result<(), LedgerError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(LedgerError::file("sync", path))
}

/// Keeps every other process from writing the records of a folder, until the handle is dropped.
pub(crate) fn own(folder: &Path) -> Result<File, LedgerError> {
    let path = folder.join("lock");
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(LedgerError::file("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(LedgerError::Owned(folder.to_path_buf())),
        Err(std::fs::TryLockError::Error(cause)) => Err(LedgerError::file("lock", &path)(cause)),
    }
}

/// Cuts a file at `at`; the rest goes into a `.torn-N` file beside it first. Tells what was done.
pub(crate) fn set_torn_aside(path: &Path, at: u64) -> Result<Diagnostic, LedgerError> {
    let mut file = OpenOptions::new().read(true).write(true).open(path).map_err(LedgerError::file("open", path))?;
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(at))
        .and_then(|_| file.read_to_end(&mut tail))
        .map_err(LedgerError::file("read", path))?;
    let torn = free_name(path, "torn");
    let write = || -> std::io::Result<()> {
        let mut kept = OpenOptions::new().write(true).create_new(true).open(&torn)?;
        kept.write_all(&tail)?;
        kept.sync_all()
    };
    write().map_err(LedgerError::file("write", &torn))?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))?;
    file.set_len(at).and_then(|()| file.sync_all()).map_err(LedgerError::file("cut", path))?;
    Ok(Diagnostic::new(
        path.display().to_string(),
        format!(
            "its last {} bytes were cut in the middle by a crash, before anything in them was reported done",
            tail.len()
        ),
    )
    .help(format!("they were set aside in {}; nothing needs doing", torn.display())))
}

/// Replaces a file whole or not at all.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), LedgerError> {
    let temporary = free_name(path, "part");
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    };
    if let Err(cause) = write() {
        let _ = std::fs::remove_file(&temporary);
        return Err(LedgerError::file("write", path)(cause));
    }
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// `2017.jsonl` → `2017.jsonl.torn-1`, or the first number that is free.
fn free_name(path: &Path, word: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    (1_u32..).map(|n| path.with_file_name(format!("{name}.{word}-{n}"))).find(|path| !path.exists()).unwrap_or_default()
}

/// The files of a folder whose names are `digits` digits and `ending`, with the number, in order.
/// A folder that is not there has none.
pub(crate) fn numbered(folder: &Path, digits: usize, ending: &str) -> Result<Vec<(u32, PathBuf)>, LedgerError> {
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
    fn a_tail_is_kept_beside_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("2017.jsonl");
        for expect in ["2017.jsonl.torn-1", "2017.jsonl.torn-2"] {
            std::fs::write(&path, "whole\nha").unwrap();
            let told = set_torn_aside(&path, 6).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), "whole\n");
            assert_eq!(std::fs::read_to_string(folder.path().join(expect)).unwrap(), "ha");
            assert!(told.help.unwrap().contains(expect));
        }
    }

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
    fn one_process_writes() {
        let folder = tempfile::tempdir().unwrap();
        let first = own(folder.path()).unwrap();
        assert!(matches!(own(folder.path()), Err(LedgerError::Owned(_))));
        drop(first);
        own(folder.path()).unwrap();
    }
}
