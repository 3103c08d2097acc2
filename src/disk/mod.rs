//! The seam to the disk: everything that must outlive a power loss is written through a [`Disk`].
//!
//! A write is on the disk only after the file was synced, and a new name only after its folder was
//! (fsync(2)): a kill loses neither, since the page cache stays, but a power loss loses both. The real
//! disk is [`Real`]; tests put a simulated one in its place that drops whatever no sync followed, at
//! each step in turn.
//!
//! It never reads what others wrote, and knows nothing of what the bytes mean.
#![expect(clippy::disallowed_methods, reason = "edge: files and folders")]
#![expect(clippy::disallowed_types, reason = "edge: files and folders")]

#[cfg(test)]
pub(crate) mod simulated;

use std::fmt::Debug;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::model::Diagnostic;

/// What writes durably. Each method is one step, after which the power may fail.
pub trait Disk: Debug + Send + Sync {
    /// A file that is written to at its end; made where it is missing.
    ///
    /// # Errors
    /// What the system said; so of every method.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Tail>>;

    /// A new file; an error where the name is taken.
    ///
    /// # Errors
    /// What the system said.
    fn create(&self, path: &Path) -> io::Result<Box<dyn Tail>>;

    /// Makes a folder whose parent stands.
    ///
    /// # Errors
    /// What the system said.
    fn make_folder(&self, path: &Path) -> io::Result<()>;

    /// Makes the names in a folder outlive a power loss.
    ///
    /// # Errors
    /// What the system said.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;

    /// Gives a file another name, taking the place of what had it.
    ///
    /// # Errors
    /// What the system said.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
}

/// The end of an open file.
pub trait Tail: Debug + Send + Sync {
    /// Adds bytes; they are in the page cache, no more.
    ///
    /// # Errors
    /// What the system said; so of every method.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Adds so many zeros, which may take no room on the disk.
    ///
    /// # Errors
    /// What the system said.
    fn write_zeros(&mut self, count: u64) -> io::Result<()>;

    /// Makes the file's bytes outlive a power loss.
    ///
    /// # Errors
    /// What the system said.
    fn sync(&mut self) -> io::Result<()>;

    /// Cuts the file.
    ///
    /// # Errors
    /// What the system said.
    fn cut(&mut self, length: u64) -> io::Result<()>;

    /// Bytes in the file.
    ///
    /// # Errors
    /// What the system said.
    fn length(&self) -> io::Result<u64>;
}

/// The file system that the process runs on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Real;

/// The real disk, to be handed to what writes.
pub fn real() -> Arc<dyn Disk> {
    Arc::new(Real)
}

impl Disk for Real {
    fn open(&self, path: &Path) -> io::Result<Box<dyn Tail>> {
        Ok(Box::new(OpenOptions::new().append(true).create(true).open(path)?))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn Tail>> {
        Ok(Box::new(OpenOptions::new().append(true).create_new(true).open(path)?))
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        std::fs::create_dir(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }
}

impl Tail for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn write_zeros(&mut self, count: u64) -> io::Result<()> {
        self.set_len(Tail::length(self)? + count)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

/// What kept something from being written.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// The system refused.
    #[error("cannot {act} {}: {cause}", path.display())]
    File {
        /// "write", "sync", …
        act: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// A write failed before and could not be taken back.
    #[error(
        "{}: an earlier write failed and could not be taken back; nothing more is written\n  help: \
             mend the cause (a full or failing disk?) and start again",
        .0.display()
    )]
    Stopped(PathBuf),
}

impl DiskError {
    fn file(act: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |cause| Self::File { act, path, cause }
    }
}

/// A file that is only added to, and whose every addition is synced before it counts.
#[derive(Debug)]
pub struct Growing {
    file: Box<dyn Tail>,
    path: PathBuf,
    /// Bytes that were synced.
    length: u64,
    /// A failed write could not be taken back.
    stopped: bool,
}

impl Growing {
    /// Opens the file, making it where it is missing; then its folder is synced too.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn open(disk: &dyn Disk, path: &Path) -> Result<Self, DiskError> {
        let fresh = !path.exists();
        let mut file = disk.open(path).map_err(DiskError::file("open", path))?;
        if fresh {
            file.sync().map_err(DiskError::file("sync", path))?;
            sync_folder(disk, folder_of(path))?;
        }
        let length = file.length().map_err(DiskError::file("read", path))?;
        Ok(Self { file, path: path.to_path_buf(), length, stopped: false })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes that were synced.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Adds bytes and syncs them.
    ///
    /// # Errors
    /// Where they could not be written: then the file is as it was, or takes no more.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), DiskError> {
        if self.stopped {
            return Err(DiskError::Stopped(self.path.clone()));
        }
        match self.file.write(bytes).and_then(|()| self.file.sync()) {
            Ok(()) => {
                self.length += bytes.len() as u64;
                Ok(())
            }
            Err(cause) => {
                // Half a record must not stand before the next one.
                self.take_back(self.length);
                Err(DiskError::file("write", &self.path)(cause))
            }
        }
    }

    /// Cuts off what was added beyond `length`; where that fails, the file takes no more.
    pub fn take_back(&mut self, length: u64) {
        match self.file.cut(length).and_then(|()| self.file.sync()) {
            Ok(()) => self.length = length,
            Err(_) => self.stopped = true,
        }
    }
}

/// How long a lock may outlive its owner: threads of a sled that was closed let its file go a moment later, and so
/// does a process between fork and exec.
const LINGERS: Duration = Duration::from_secs(1);
const STEP: Duration = Duration::from_millis(5);

/// Takes the lock on a file; where somebody has it, after waiting a second for a lock that lingers.
///
/// # Errors
/// Where somebody has it still, or the system refuses.
pub fn lock(file: &File) -> Result<(), TryLockError> {
    let mut waited = Duration::ZERO;
    loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if waited < LINGERS => {
                std::thread::sleep(STEP);
                waited += STEP;
            }
            locked => return locked,
        }
    }
}

/// Makes a folder, and those above it, that outlive a power loss.
///
/// # Errors
/// Where the system refuses.
pub fn make_folder(disk: &dyn Disk, path: &Path) -> Result<(), DiskError> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    let parent = folder_of(path);
    make_folder(disk, parent)?;
    match disk.make_folder(path) {
        // Somebody else made it at the same moment.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => made.map_err(DiskError::file("make", path))?,
    }
    sync_folder(disk, parent)
}

/// Syncs the names in a folder: a new file is not there after a power loss until this was done.
///
/// # Errors
/// Where the system refuses.
pub fn sync_folder(disk: &dyn Disk, path: &Path) -> Result<(), DiskError> {
    disk.sync_folder(path).map_err(DiskError::file("sync", path))
}

/// Writes a file whole or not at all: a temporary beside it, synced, renamed over it, and the folder
/// synced. What stood there before stays whole until the new bytes are safe.
///
/// # Errors
/// Where the system refuses; then the file is as it was.
pub fn write_whole(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let mut draft = Draft::beside(disk, path)?;
    draft.write_all(bytes).map_err(DiskError::file("write", path))?;
    draft.sync()?;
    draft.place(disk, path)
}

/// Bytes of zeros that are worth leaving out: a page of most file systems.
const HOLE: usize = 4_096;

/// The same; long runs of zeros take no room on the disk.
///
/// # Errors
/// Where the system refuses; then the file is as it was.
pub fn write_whole_sparse(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let mut draft = Draft::beside(disk, path)?;
    for run in bytes.chunks(HOLE).collect::<Vec<_>>().chunk_by(|one, next| is_hole(one) == is_hole(next)) {
        let written = match is_hole(run[0]) {
            true => draft.file.write_zeros(run.iter().map(|zeros| zeros.len() as u64).sum()),
            false => run.iter().try_for_each(|bytes| draft.file.write(bytes)),
        };
        written.map_err(DiskError::file("write", path))?;
    }
    draft.sync()?;
    draft.place(disk, path)
}

fn is_hole(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}

/// A file that is written piece by piece beside the one that it will be, and takes its name once it is whole
/// and synced. One that is dropped before that leaves nothing.
#[derive(Debug)]
pub struct Draft {
    file: Box<dyn Tail>,
    temporary: PathBuf,
    /// The file that it is for.
    path: PathBuf,
    placed: bool,
}

impl Draft {
    /// An empty one beside a file, whose folder stands.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn beside(disk: &dyn Disk, path: &Path) -> Result<Self, DiskError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let temporary = free_name(&path.with_file_name(format!(".{name}")), "part");
        let file = disk.create(&temporary).map_err(DiskError::file("write", path))?;
        Ok(Self { file, temporary, path: path.to_path_buf(), placed: false })
    }

    /// What was written outlives a power loss from here on.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn sync(&mut self) -> Result<(), DiskError> {
        self.file.sync().map_err(DiskError::file("write", &self.path))
    }

    /// Gives it the name of a file in the same folder, in the place of what had it. It must be synced.
    ///
    /// # Errors
    /// Where the system refuses; then the file is as it was.
    pub fn place(mut self, disk: &dyn Disk, path: &Path) -> Result<(), DiskError> {
        disk.rename(&self.temporary, path).map_err(DiskError::file("write", path))?;
        self.placed = true;
        sync_folder(disk, folder_of(path))
    }
}

impl io::Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.placed {
            let _ = std::fs::remove_file(&self.temporary);
        }
    }
}

/// Cuts a file at `at`; the rest goes into a `.torn-N` file beside it first. Tells what was done.
///
/// # Errors
/// Where the system refuses.
pub fn set_torn_aside(disk: &dyn Disk, path: &Path, at: u64) -> Result<Diagnostic, DiskError> {
    let mut tail = Vec::new();
    let mut read = || -> io::Result<()> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(at))?;
        file.read_to_end(&mut tail)?;
        Ok(())
    };
    read().map_err(DiskError::file("read", path))?;
    let torn = free_name(path, "torn");
    let write = || -> io::Result<()> {
        let mut kept = disk.create(&torn)?;
        kept.write(&tail)?;
        kept.sync()
    };
    write().map_err(DiskError::file("write", &torn))?;
    sync_folder(disk, folder_of(path))?;
    disk.open(path)
        .and_then(|mut file| file.cut(at).and_then(|()| file.sync()))
        .map_err(DiskError::file("cut", path))?;
    Ok(Diagnostic::new(
        path.display().to_string(),
        format!(
            "its last {} bytes were cut in the middle by a crash, before anything in them was reported done",
            tail.len()
        ),
    )
    .help(format!("they were set aside in {}; nothing needs doing", torn.display())))
}

/// The folder that a file lies in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// `2017.jsonl` → `2017.jsonl.torn-1`, or the first number that is free.
fn free_name(path: &Path, word: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    (1_u32..).map(|n| path.with_file_name(format!("{name}.{word}-{n}"))).find(|path| !path.exists()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::simulated::{Keeps, Simulated};
    use super::*;

    #[test]
    fn a_tail_is_kept_beside_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("2017.jsonl");
        for expect in ["2017.jsonl.torn-1", "2017.jsonl.torn-2"] {
            std::fs::write(&path, "whole\nha").unwrap();
            let told = set_torn_aside(&Real, &path, 6).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), "whole\n");
            assert_eq!(std::fs::read_to_string(folder.path().join(expect)).unwrap(), "ha");
            assert!(told.help.unwrap().contains(expect));
        }
    }

    /// A file written whole reads as before or as after, wherever the power fails.
    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let run = |disk: &Simulated| {
            let path = disk.folder().join("queue.csv");
            write_whole(disk, &path, b"before").and_then(|()| write_whole(disk, &path, b"after"))
        };
        for keeps in Keeps::ALL {
            for step in 0.. {
                let disk = Simulated::failing_at(step, keeps);
                let done = run(&disk).is_ok();
                let left = disk.after_power_loss();
                let read = std::fs::read_to_string(left.path().join("queue.csv")).ok();
                let expect: &[Option<&str>] =
                    if done { &[Some("after")] } else { &[None, Some("before"), Some("after")] };
                assert!(expect.contains(&read.as_deref()), "{keeps:?}, step {step}: {read:?}");
                if done {
                    break;
                }
            }
        }
    }

    /// The simulation is worth something only where it notices what is missing.
    #[test]
    fn without_a_sync_the_simulation_loses_what_was_written() {
        let folder_not_synced = |disk: &Simulated| {
            let mut file = disk.create(&disk.folder().join("new")).unwrap();
            file.write(b"bytes").unwrap();
            file.sync().unwrap();
        };
        let file_not_synced = |disk: &Simulated| {
            let mut file = disk.create(&disk.folder().join("new")).unwrap();
            file.write(b"bytes").unwrap();
            disk.sync_folder(disk.folder()).unwrap();
        };
        let check = |run: &dyn Fn(&Simulated), expect: Option<&str>| {
            let disk = Simulated::failing_at(usize::MAX, Keeps::Nothing);
            run(&disk);
            let left = disk.after_power_loss();
            assert_eq!(std::fs::read_to_string(left.path().join("new")).ok().as_deref(), expect);
        };
        check(&folder_not_synced, None);
        check(&file_not_synced, Some(""));
        check(
            &|disk| {
                folder_not_synced(disk);
                disk.sync_folder(disk.folder()).unwrap();
            },
            Some("bytes"),
        );
    }
}
