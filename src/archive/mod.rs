//! The archive: what was seen, kept so that it stands up later. An edge: the files under `archive/`.
//!
//! ```text
//! archive/2026-11-24.warc.gz            WARC 1.1 (ISO 28500:2017), one gzip member a record
//! archive/2026-11-24.warc.gz.sha256     once the day is over; `sha256sum -c` reads it
//! archive/2026-11-24.warc.gz.tsr        a time-stamp token (RFC 3161), where an authority is configured
//! archive/attachments/<SHA-256>.jpg     what was attached to an event entered by hand
//! ```
//!
//! A page is kept as three records: what was asked (`request`), what answered (`response`; `resource`
//! where the page was handed in and not fetched), and why it was kept (`metadata`: story, outcome, the
//! rules of the verdict). [`Archive::keep`] returns when they are written and synced. A file takes
//! records for one day and is never opened for writing again; its digest is for the ledger, so that
//! neither file nor ledger can be changed unseen without the other.
//!
//! The body is kept as it was unpacked, and headers that spoke of packing are renamed `X-Orig-…`, so
//! that the record reads right without them.
//!
//! It judges nothing, deletes nothing, and knows nothing of the store.
#![expect(clippy::disallowed_methods, reason = "edge: the files of the archive")]
#![expect(clippy::disallowed_types, reason = "edge: the files of the archive")]

mod attachments;
mod bare;
pub mod http;
mod read;
pub mod stamp;
#[cfg(test)]
mod tests;
mod verify;
mod write;

use std::io::{BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use crate::disk::{self, Disk, DiskError, Growing};
use crate::model::{Diagnostic, Page, Place, hex};

pub use attachments::{
    LARGEST_ATTACHMENT, attachment, erase_attachment, keep_attachment, path as attachment_path, public_path,
    verify_attachment,
};
pub use read::{Fault, Reader, Record};
pub use verify::{Checked, FileState, verify};

/// The folder under the store folder.
pub const FOLDER: &str = "archive";
/// How the file of a day ends.
const ENDING: &str = ".warc.gz";
/// What is read of a file's end to see that its last record is whole, in bytes.
const TAIL: u64 = 1 << 20;
/// Bytes of a file's begin by which it is known again.
const BEGIN: u64 = 64 << 10;
/// Largest block of a record of ours that is read back, in bytes.
const LARGEST: u64 = 1 << 30;

/// What kept the archive from being read or written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It could not be written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The system refused.
    #[error("cannot {act} {}: {cause}", path.display())]
    File {
        /// "read", …
        act: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
}

impl ArchiveError {
    fn file(act: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |cause| Self::File { act, path, cause }
    }
}

/// The archive of a workspace, open for adding. One process has it: the one that owns the ledger.
#[derive(Debug)]
pub struct Archive {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    /// Files that take nothing more.
    finished: Vec<String>,
    open: Option<Growing>,
}

/// A finished file, summed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summed {
    /// Its name, without folders.
    pub file: String,
    /// SHA-256 of all its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Its bytes.
    pub bytes: u64,
    /// Its records.
    pub records: u64,
}

/// One line of a `metadata` record.
pub type Remark = (&'static str, String);

impl Archive {
    /// Opens the archive in the store folder. `finished` names the files whose digest is in the ledger.
    /// Where a crash cut the last record, what is left of it is set aside and told.
    ///
    /// # Errors
    /// Where a file cannot be read or cut.
    pub fn open(store: &Path, finished: Vec<String>) -> Result<(Self, Vec<Diagnostic>), ArchiveError> {
        Self::open_on(disk::real(), store, finished)
    }

    /// The same, on a disk of the caller's choice.
    pub(crate) fn open_on(
        disk: Arc<dyn Disk>,
        store: &Path,
        finished: Vec<String>,
    ) -> Result<(Self, Vec<Diagnostic>), ArchiveError> {
        let folder = store.join(FOLDER);
        let mut notices = Vec::new();
        for file in files(store)?.iter().rev().filter(|file| !finished.contains(file)) {
            let path = folder.join(file);
            if let Some(end) = torn_at(&path)? {
                notices.push(disk::set_torn_aside(&*disk, &path, end)?);
            }
        }
        Ok((Self { disk, folder, finished, open: None }, notices))
    }

    /// Keeps a page: written and synced when this returns. Tells where it lies.
    ///
    /// # Errors
    /// Where it could not be written; then nothing of it is in the file.
    pub fn keep(&mut self, page: &Page, remarks: &[Remark], now: Timestamp) -> Result<Place, ArchiveError> {
        let file = self.file_for(now)?;
        let path = self.folder.join(&file);
        let open = match &mut self.open {
            Some(open) if open.path() == path => open,
            _ => {
                disk::make_folder(&*self.disk, &self.folder)?;
                self.open.insert(Growing::open(&*self.disk, &path)?)
            }
        };
        let mut bytes = Vec::new();
        if open.length() == 0 {
            let info = write::info(&file, now).map_err(ArchiveError::file("print a record of", &path))?;
            bytes.extend(info);
        }
        let (records, id) = write::page(page, remarks).map_err(ArchiveError::file("print a record of", &path))?;
        bytes.extend(records);
        open.append(&bytes)?;
        Ok(Place { file, record: id })
    }

    /// The file that takes records now: that of the day (UTC), or the newest where the clock went back,
    /// or one more of that day where it is finished.
    fn file_for(&self, now: Timestamp) -> Result<String, ArchiveError> {
        if let Some(name) = self.open.as_ref().and_then(|open| name_of(open.path()))
            && day_of(&name) == Some(day(now))
            && !self.finished.contains(&name)
        {
            return Ok(name);
        }
        let newest = files_in(&self.folder)?.last().and_then(|name| day_of(name));
        let day = newest.map_or(day(now), |newest| newest.max(day(now)));
        let name = |n: u32| if n == 1 { format!("{day}{ENDING}") } else { format!("{day}-{n}{ENDING}") };
        Ok((1..).map(name).find(|name| !self.finished.contains(name)).unwrap_or_default())
    }

    /// Files of days that are over and whose digest is not in the ledger yet, oldest first.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn over(&self, now: Timestamp) -> Result<Vec<String>, ArchiveError> {
        let mut files = files_in(&self.folder)?;
        files.retain(|file| day_of(file).is_some_and(|of| of < day(now)) && !self.finished.contains(file));
        Ok(files)
    }

    /// Takes a file as finished: its digest is in the ledger. Writes the digest beside it as well.
    ///
    /// # Errors
    /// Where the digest cannot be written beside it.
    pub fn finish(&mut self, summed: &Summed) -> Result<(), ArchiveError> {
        if !self.finished.contains(&summed.file) {
            self.finished.push(summed.file.clone());
        }
        self.open.take_if(|open| name_of(open.path()).as_ref() == Some(&summed.file));
        let path = self.folder.join(format!("{}.sha256", summed.file));
        let line = format!("{}  {}\n", summed.sha256, summed.file);
        Ok(disk::write_whole(&*self.disk, &path, line.as_bytes())?)
    }

    /// Erases pages for good, with what was asked for them and why they were kept; a record that says so
    /// stands in the place of each. Gives the files that were finished before, summed up anew: their digests
    /// in the ledger no longer hold. Erasing twice does no harm.
    ///
    /// # Errors
    /// Where a file cannot be read or written anew; then it is as it was.
    pub fn erase(&mut self, places: &[Place], now: Timestamp) -> Result<Vec<Summed>, ArchiveError> {
        let mut files: Vec<&str> = places.iter().map(|place| place.file.as_str()).collect();
        files.sort_unstable();
        files.dedup();
        let mut anew = Vec::new();
        for file in files {
            let path = self.folder.join(file);
            if order_of(file).is_none() || !path.exists() {
                continue;
            }
            let ids: Vec<&str> =
                places.iter().filter(|place| place.file == file).map(|place| place.record.as_str()).collect();
            let bytes = std::fs::read(&path).map_err(ArchiveError::file("read", &path))?;
            let kept = without(&bytes, &ids, now).map_err(ArchiveError::file("read", &path))?;
            if kept != bytes {
                self.open.take_if(|open| open.path() == path);
                self.set_token_aside(file)?;
                disk::write_whole(&*self.disk, &path, &kept)?;
            }
            if self.finished.iter().any(|known| known == file) {
                anew.push(sum_up_at(&path, file)?);
            }
        }
        Ok(anew)
    }

    /// A token that speaks of a file as it was is kept under another name; it still says when that was there.
    fn set_token_aside(&self, file: &str) -> Result<(), ArchiveError> {
        let token = self.folder.join(format!("{file}.tsr"));
        if !token.exists() {
            return Ok(());
        }
        let name = |n: u32| self.folder.join(format!("{file}.before-{n}.tsr"));
        let free = (1..).map(name).find(|path| !path.exists()).unwrap_or_default();
        self.disk.rename(&token, &free).map_err(ArchiveError::file("rename", &token))?;
        Ok(disk::sync_folder(&*self.disk, &self.folder)?)
    }

    /// Names of the finished files, in the order in which they were finished.
    pub fn finished(&self) -> &[String] {
        &self.finished
    }
}

/// Sums a file up: digest, bytes, records.
///
/// # Errors
/// Where it cannot be read.
pub fn sum_up(store: &Path, file: &str) -> Result<Summed, ArchiveError> {
    sum_up_at(&store.join(FOLDER).join(file), file)
}

fn sum_up_at(path: &Path, file: &str) -> Result<Summed, ArchiveError> {
    let mut reader = Reader::open(path, 0).map_err(ArchiveError::file("read", path))?;
    let mut records = 0;
    while let Some(record) = reader.next_record() {
        records += u64::from(record.is_ok());
    }
    let (sha256, bytes) = digest_of(path)?;
    Ok(Summed { file: file.to_owned(), sha256, bytes, records })
}

/// The bytes of a file without some pages and the records that belong to them. What cannot be read stays
/// as it is.
fn without(bytes: &[u8], ids: &[&str], now: Timestamp) -> std::io::Result<Vec<u8>> {
    let mut reader = Reader::new(std::io::Cursor::new(bytes), 0, 0)?;
    let (mut kept, mut copied) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(record) = reader.next_record() {
        let Ok(record) = record else { continue };
        let belongs = ["warc-refers-to", "warc-concurrent-to"]
            .iter()
            .any(|name| record.header(name).is_some_and(|id| ids.contains(&read::bare(id))));
        if !belongs && !ids.contains(&record.id()) {
            continue;
        }
        let (from, to) = (record.at as usize, (record.at + record.length) as usize);
        kept.extend_from_slice(bytes.get(copied..from).unwrap_or_default());
        if !belongs {
            kept.extend(write::tombstone(&record, now)?);
        }
        copied = to;
    }
    kept.extend_from_slice(bytes.get(copied..).unwrap_or_default());
    Ok(kept)
}

/// SHA-256 of a file's bytes, and how many they are.
fn digest_of(path: &Path) -> Result<(String, u64), ArchiveError> {
    let mut file = std::fs::File::open(path).map_err(ArchiveError::file("read", path))?;
    let mut hash = Sha256::new();
    let bytes = std::io::copy(&mut file, &mut hash).map_err(ArchiveError::file("read", path))?;
    Ok((hex(&hash.finalize()), bytes))
}

/// What a file is known by again, without reading all of it: its place, its size and its begin.
///
/// # Errors
/// Where it cannot be read.
pub fn known_by(path: &Path) -> std::io::Result<String> {
    let file = std::fs::File::open(path)?;
    let size = file.metadata()?.len();
    let mut begin = Vec::new();
    file.take(BEGIN).read_to_end(&mut begin)?;
    let hash = Sha256::new()
        .chain_update(path.canonicalize()?.to_string_lossy().as_bytes())
        .chain_update(size.to_be_bytes())
        .chain_update(&begin)
        .finalize();
    Ok(hex(&hash[..8]))
}

/// Where the bytes of a file stop being whole records; `None` where they are whole to the end.
fn torn_at(path: &Path) -> Result<Option<u64>, ArchiveError> {
    let fail = ArchiveError::file("read", path);
    let tail = || -> std::io::Result<(u64, Vec<u8>)> {
        let mut file = std::fs::File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
        let mut tail = Vec::new();
        file.read_to_end(&mut tail)?;
        Ok((length, tail))
    };
    let (length, tail) = tail().map_err(fail)?;
    if length == 0 || ends_whole(&tail) {
        return Ok(None);
    }
    let mut reader = Reader::open(path, 0).map_err(ArchiveError::file("read", path))?;
    let mut end = 0;
    while let Some(record) = reader.next_record() {
        if let Ok(record) = record {
            end = record.at + record.length;
        }
    }
    Ok((end < length).then_some(end))
}

/// Does a gzip member end exactly where the bytes do?
fn ends_whole(tail: &[u8]) -> bool {
    let starts = (0..tail.len().saturating_sub(2)).rev().filter(|at| tail[*at..].starts_with(&read::GZIP));
    // The last record is small; what does not end with one of a few is looked at whole.
    starts.take(64).any(|at| {
        let mut rest = &tail[at..];
        let mut member = flate2::bufread::GzDecoder::new(&mut rest);
        std::io::copy(&mut member, &mut std::io::sink()).is_ok() && rest.is_empty()
    })
}

/// The archive's files under the store folder, oldest first.
///
/// # Errors
/// Where the folder cannot be read.
pub fn files(store: &Path) -> Result<Vec<String>, ArchiveError> {
    files_in(&store.join(FOLDER))
}

fn files_in(folder: &Path) -> Result<Vec<String>, ArchiveError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(ArchiveError::file("read", folder)(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let name = entry.map_err(ArchiveError::file("read", folder))?.file_name().to_string_lossy().into_owned();
        if let Some(order) = order_of(&name) {
            files.push((order, name));
        }
    }
    files.sort();
    Ok(files.into_iter().map(|(_, name)| name).collect())
}

/// Day and number of a file of the archive.
fn order_of(name: &str) -> Option<(Date, u32)> {
    let stem = name.strip_suffix(ENDING)?;
    let (day, rest) = stem.split_at_checked("2026-11-24".len())?;
    let number = match rest.strip_prefix('-') {
        Some(number) => number.parse().ok().filter(|number| *number > 1)?,
        None if rest.is_empty() => 1,
        None => return None,
    };
    Some((day.parse().ok()?, number))
}

fn day_of(name: &str) -> Option<Date> {
    order_of(name).map(|(day, _)| day)
}

fn day(now: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(now).date()
}

fn name_of(path: &Path) -> Option<String> {
    path.file_name().map(|name| name.to_string_lossy().into_owned())
}

/// The file at a path, read record by record.
type FileReader = Reader<BufReader<std::fs::File>>;

impl FileReader {
    /// Opens a WARC, plain or packed by gzip, from a byte at which a record begins.
    ///
    /// # Errors
    /// Where the system does not open it.
    pub fn open(path: &Path, from: u64) -> std::io::Result<Self> {
        Self::new(BufReader::with_capacity(1 << 17, std::fs::File::open(path)?), from, LARGEST)
    }
}
