//! Opening: what sled 0.34 leaves behind after a hard stop is mended, and an index that cannot be
//! mended is moved aside, since the records hold everything.
//!
//! Known of 0.34.7 (issues 1527 and 1533 of its repository): a snapshot half written, or cut short,
//! makes `open` fail with "corruption" although the log beside it is whole. Without any snapshot it
//! reads the log through and recovers.

use std::fs::{File, TryLockError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::index::{Changes, Index, Look as _, damaged, mark_of, words_of};
use super::table::{Row, key_of};
use super::{Folds, Opened, Store, StoreError};
use crate::disk;
use crate::model::Diagnostic;

/// How this version lays the index out. A change in `table` or `apply` counts it up.
pub(super) const SCHEMA: u32 = 10;

impl Store {
    /// Opens the index under the store folder, making it where there is none. One that is of an older
    /// schema, or cannot be opened, is moved aside and begun anew: `rebuilt` tells.
    ///
    /// # Errors
    /// Where another process owns it, a newer version wrote it, or the system refuses.
    pub fn open(folder: &Path, cache: u64, folds: Folds) -> Result<Opened, StoreError> {
        let path = folder.join("index");
        make_folder(folder)?;
        check_owner(&path)?;
        let wiped = wipe(&path)?;
        let existed = path.join("db").exists();
        let mut notices = remove_half_snapshots(&path)?;
        if !existed {
            remove_mark(&path)?;
            let store = fresh(&path, cache, folds)?;
            let rebuilt = holds_records(folder);
            if rebuilt {
                let why =
                    if wiped { "something was erased, so the index is made anew" } else { "the index was missing" };
                notices.push(Diagnostic::new(path.display().to_string(), why));
            }
            return Ok(Opened { store, notices, rebuilt });
        }
        let tried = match mark_of(&path).exists() {
            true => Err(damaged(&path, "read", "it could not be read when it was last used")),
            false => open_mending(&path, cache, &mut notices)?,
        };
        let (word, why) = match tried {
            Ok(Found::Present(index)) => {
                let store = Self::over(*index, folds);
                return Ok(Opened { store, notices, rebuilt: false });
            }
            Ok(Found::Other(found)) if found > SCHEMA => return Err(StoreError::Newer { path, found, known: SCHEMA }),
            Ok(Found::Other(found)) => ("old", format!("it had schema {found}, this version writes schema {SCHEMA}")),
            Ok(Found::Nothing) => ("broken", "it opened, but what was in it is gone".to_owned()),
            Err(StoreError::Damaged { act, cause, .. }) => ("broken", format!("it could not be {act}: {cause}")),
            Err(error) => return Err(error),
        };
        let aside = move_aside(&path, word)?;
        remove_mark(&path)?;
        notices.push(
            Diagnostic::new(path.display().to_string(), why)
                .help(format!("it was moved to {}, which may be deleted once all is well", aside.display())),
        );
        Ok(Opened { store: fresh(&path, cache, folds)?, notices, rebuilt: true })
    }

    /// Begins an empty index; the one that stands is moved aside, readable or not.
    ///
    /// # Errors
    /// Where another process owns it, or the system refuses.
    pub fn start_anew(folder: &Path, cache: u64, folds: Folds) -> Result<Opened, StoreError> {
        let path = folder.join("index");
        make_folder(folder)?;
        check_owner(&path)?;
        let mut notices = Vec::new();
        if path.exists() {
            let aside = move_aside(&path, "old")?;
            notices.push(
                Diagnostic::new(
                    path.display().to_string(),
                    format!("the index before was moved to {}", aside.display()),
                )
                .help("it may be deleted once all is well"),
            );
        }
        remove_mark(&path)?;
        Ok(Opened { store: fresh(&path, cache, folds)?, notices, rebuilt: true })
    }

    fn over(index: Index, folds: Folds) -> Self {
        Self { index, folds, writing: std::sync::Mutex::new(()), missed: std::sync::atomic::AtomicBool::new(false) }
    }
}

/// An empty index with its schema written.
fn fresh(path: &Path, cache: u64, folds: Folds) -> Result<Store, StoreError> {
    let index = Index::of(database(path, cache)?, path, cache / 2)?;
    let mut changes = Changes::over(&index);
    changes.put(&key_of(Row::Schema), &SCHEMA)?;
    changes.commit()?;
    index.synced()?;
    sync_folder(path)?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))?;
    Ok(Store::over(index, folds))
}

/// What was found in place of an index.
enum Found {
    /// One of the present schema.
    Present(Box<Index>),
    /// One of another schema. Nothing else was read of it.
    Other(u32),
    /// None: no schema stands in it.
    Nothing,
}

/// What opening came to: an index, or what is wrong with it.
type Tried = Result<Found, StoreError>;

/// Opens the index; where its snapshot is at fault, without it.
fn open_mending(path: &Path, cache: u64, notices: &mut Vec<Diagnostic>) -> Result<Tried, StoreError> {
    let tried = try_open(path, cache);
    if !matches!(tried, Err(StoreError::Damaged { .. })) {
        return Ok(tried);
    }
    // The mark that the attempt may have left is about the snapshot, too.
    remove_mark(path)?;
    let Some(notice) = set_snapshots_aside(path)? else { return Ok(tried) };
    notices.push(notice);
    Ok(match try_open(path, cache) {
        // Nobody else has it: the attempt that failed has kept the file open, and its lock.
        Err(StoreError::Owned(_)) => tried,
        again => again,
    })
}

fn try_open(path: &Path, cache: u64) -> Tried {
    let db = database(path, cache)?;
    match Index::schema(&db, path)? {
        Some(SCHEMA) => {}
        Some(found) => return Ok(Found::Other(found)),
        None => return Ok(Found::Nothing),
    }
    let index = Index::of(db, path, cache / 2)?;
    // What every act needs first must be readable.
    index.number(Row::AppliedSeq)?;
    index.number(Row::AppliedPosition)?;
    Ok(Found::Present(Box::new(index)))
}

/// What sled opens, or why it does not. Half of the memory is left for recent rows of the bulk tables.
fn database(path: &Path, cache: u64) -> Result<sled::Db, StoreError> {
    // sled's own timer would only flush what `commit` has flushed already.
    let config = sled::Config::new().path(path).cache_capacity(cache / 2).flush_every_ms(None);
    match catch_unwind(AssertUnwindSafe(|| config.open())) {
        Ok(Ok(db)) => Ok(db),
        Ok(Err(sled::Error::Io(cause))) if cause.to_string().contains("acquire lock") => {
            Err(StoreError::Owned(path.to_path_buf()))
        }
        // What a cut file gives; the others are the disk's own.
        Ok(Err(sled::Error::Io(cause))) if cause.kind() != std::io::ErrorKind::UnexpectedEof => {
            Err(StoreError::File { act: "open", path: path.to_path_buf(), cause })
        }
        Ok(Err(error)) => Err(damaged(path, "opened", error)),
        Err(panic) => Err(damaged(path, "opened", words_of(&*panic))),
    }
}

/// sled locks its file by `flock`; asking for the lock before touching anything tells whether
/// somebody has it.
fn check_owner(path: &Path) -> Result<(), StoreError> {
    let data = path.join("db");
    let file = match File::open(&data) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(StoreError::File { act: "open", path: data, cause }),
    };
    match disk::lock(&file) {
        // Closing alone would leave the lock to a process that was started meanwhile.
        Ok(()) => file.unlock().map_err(refused("unlock", &data)),
        Err(TryLockError::WouldBlock) => Err(StoreError::Owned(path.to_path_buf())),
        Err(TryLockError::Error(cause)) => Err(StoreError::File { act: "lock", path: data, cause }),
    }
}

/// The mark that something was erased from the records and still stands in the index's files.
fn wiping_mark(path: &Path) -> PathBuf {
    path.with_file_name("index.wipe")
}

/// Sets that mark.
pub(super) fn mark_for_wiping(path: &Path) -> Result<(), StoreError> {
    let mark = wiping_mark(path);
    File::create(&mark).and_then(|file| file.sync_all()).map_err(refused("write", &mark))?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Deletes the index, and those moved aside, where something was erased from the records; tells whether.
fn wipe(path: &Path) -> Result<bool, StoreError> {
    let mark = wiping_mark(path);
    if !mark.exists() {
        return Ok(false);
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    for entry in std::fs::read_dir(folder).map_err(refused("read", folder))? {
        let entry = entry.map_err(refused("read", folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let aside = ["index.old-", "index.broken-", "index.snapshots-"].iter().any(|word| name.starts_with(word));
        if name == "index" || aside {
            std::fs::remove_dir_all(entry.path()).map_err(refused("remove", &entry.path()))?;
        }
    }
    std::fs::remove_file(&mark).map_err(refused("remove", &mark))?;
    sync_folder(folder)?;
    Ok(true)
}

/// Removes what a stop left of a snapshot that was being written. The log holds all of it.
fn remove_half_snapshots(path: &Path) -> Result<Vec<Diagnostic>, StoreError> {
    let mut notices = Vec::new();
    for file in snapshots(path)? {
        if file.extension().is_some_and(|ending| ending == "generating") {
            std::fs::remove_file(&file).map_err(refused("remove", &file))?;
            notices.push(Diagnostic::new(
                file.display().to_string(),
                "the process was stopped while this snapshot of the index was written; it was removed, nothing is lost",
            ));
        }
    }
    Ok(notices)
}

/// Moves every snapshot aside; sled then reads the log through. `None` where there is none.
fn set_snapshots_aside(path: &Path) -> Result<Option<Diagnostic>, StoreError> {
    let snapshots = snapshots(path)?;
    if snapshots.is_empty() {
        return Ok(None);
    }
    let aside = free_name(path, "snapshots");
    std::fs::create_dir_all(&aside).map_err(refused("make", &aside))?;
    for file in snapshots {
        let to = aside.join(file.file_name().unwrap_or_default());
        std::fs::rename(&file, &to).map_err(refused("move", &file))?;
    }
    let notice = Diagnostic::new(
        path.display().to_string(),
        "its snapshot could not be read; the log beside it is read through",
    )
    .help(format!("the snapshot was moved to {}, which may be deleted", aside.display()));
    Ok(Some(notice))
}

fn snapshots(path: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(refused("read", path)(cause)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(refused("read", path))?;
        if entry.file_name().to_string_lossy().starts_with("snap.") {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

fn remove_mark(path: &Path) -> Result<(), StoreError> {
    let mark = mark_of(path);
    match std::fs::remove_file(&mark) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(refused("remove", &mark)(error)),
        _ => Ok(()),
    }
}

fn move_aside(path: &Path, word: &str) -> Result<PathBuf, StoreError> {
    let aside = free_name(path, word);
    std::fs::rename(path, &aside).map_err(refused("move", path))?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))?;
    Ok(aside)
}

/// `index` → `index.WORD-1`, or the first number that is free.
fn free_name(path: &Path, word: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let names = (1_u32..).map(|n| path.with_file_name(format!("{name}.{word}-{n}")));
    names.into_iter().find(|path| !path.exists()).unwrap_or_default()
}

/// Do the records hold anything that an index could have been made of?
fn holds_records(folder: &Path) -> bool {
    ["ledger", "journal"].iter().any(|record| {
        let files = std::fs::read_dir(folder.join(record)).into_iter().flatten().flatten();
        files.into_iter().any(|file| {
            let name = file.file_name();
            let name = name.to_string_lossy();
            (name.ends_with(".jsonl") || name.ends_with(".zst")) && file.metadata().is_ok_and(|file| file.len() > 0)
        })
    })
}

fn make_folder(path: &Path) -> Result<(), StoreError> {
    std::fs::create_dir_all(path).map_err(refused("make", path))
}

pub(super) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(refused("sync", path))
}

fn refused(act: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let path = path.to_path_buf();
    move |cause| StoreError::File { act, path, cause }
}
