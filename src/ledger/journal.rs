//! The journal: batches of records in segment files, compressed, each with its own checksum.
//!
//! A batch is a zstd skippable frame (RFC 8878, 3.1.2) that holds our header, and a zstd frame of
//! JSON Lines. `zstdcat journal/*.zst` passes over the first kind, so the journal needs no tool of
//! ours to be read.
//!
//! ```text
//! 50 2A 4D 18 | 0D 00 00 00 | version: u8 | length: u32 LE | sum: first 8 bytes of SHA-256 | zstd frame
//! ```
//!
//! The sum is over version, length and zstd frame. A position is `segment << 32 | offset` of the end
//! of a batch; it stays true for ever, since nothing is rewritten.

use std::fs::File;
use std::io::{BufReader, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::{LedgerError, Record, files};
use crate::disk::{self, Disk, Growing};
use crate::model::Diagnostic;

/// Format of a batch.
const VERSION: u8 = 1;
const MAGIC: [u8; 8] = [0x50, 0x2A, 0x4D, 0x18, 13, 0, 0, 0];
/// Another skippable frame: room left by what was erased.
const FILLING: [u8; 4] = [0x51, 0x2A, 0x4D, 0x18];
/// Bytes before the zstd frame.
const HEAD: usize = MAGIC.len() + 13;
const ENDING: &str = ".zst";
/// What a segment grows to, in bytes; in tests little, so that there are many.
const SEGMENT: u64 = if cfg!(test) { 64 << 10 } else { 16 << 20 };
/// Most bytes of records in one batch, decompressed.
const BATCH: u64 = 1 << 30;
const LEVEL: i32 = 3;

/// What was seen, kept and remembered, open for writing. One process has it at a time.
#[derive(Debug)]
pub struct Journal {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    /// Where the last segment ends.
    segment: u32,
    tail: Option<Growing>,
    /// A segment that has grown to this is left for a new one, in bytes.
    most: u64,
    _owned: File,
}

/// The journal's segments under the store folder, oldest first.
pub(super) fn segments(store: &Path) -> Result<Vec<(u32, PathBuf)>, LedgerError> {
    segments_in(&store.join("journal"))
}

/// The same, in the journal's own folder.
pub(super) fn segments_in(journal: &Path) -> Result<Vec<(u32, PathBuf)>, LedgerError> {
    files::numbered(journal, 6, ENDING)
}

impl Journal {
    /// Opens the journal in the store folder, making it where there is none, and checks its last
    /// segment: a batch that a crash cut is set aside and told.
    ///
    /// # Errors
    /// Where a segment is missing or damaged before its end, another process has the journal, or a
    /// file cannot be read.
    pub fn open(folder: &Path) -> Result<(Self, Vec<Diagnostic>), LedgerError> {
        Self::open_with(disk::real(), folder, SEGMENT)
    }

    /// The same, on a disk of the caller's choice, with segments of another size.
    pub(super) fn open_with(
        disk: Arc<dyn Disk>,
        folder: &Path,
        most: u64,
    ) -> Result<(Self, Vec<Diagnostic>), LedgerError> {
        let folder = folder.join("journal");
        disk::make_folder(&*disk, &folder)?;
        let owned = files::own(&folder)?;
        let files = segments_in(&folder)?;
        check_numbers(&files)?;
        let mut notices = Vec::new();
        let mut journal = Self { disk, folder, segment: 0, tail: None, most, _owned: owned };
        if let Some((number, path)) = files.last() {
            let bytes = std::fs::read(path).map_err(LedgerError::file("read", path))?;
            let (batches, whole) = whole_batches(&bytes);
            if whole < bytes.len() {
                if let Some(later) = find_batch(&bytes, whole + 1) {
                    return Err(damaged(path, whole as u64, &format!("a whole batch follows at byte {later}")));
                }
                notices.push(disk::set_torn_aside(&*journal.disk, path, whole as u64)?);
            }
            tracing::debug!(segment = number, batches, "journal opened");
            journal.segment = *number;
            journal.tail = Some(Growing::open(&*journal.disk, path)?);
        }
        Ok((journal, notices))
    }

    /// Adds records in one synced batch; gives the position after it.
    ///
    /// # Errors
    /// Where they could not be written; then none of them is in the journal.
    pub fn append(&mut self, records: &[Record]) -> Result<u64, LedgerError> {
        if records.is_empty() {
            return Ok(self.position());
        }
        let batch = print_batch(records).map_err(LedgerError::file("print a batch of", &self.folder))?;
        let mut tail = match self.tail.take_if(|tail| tail.length() < self.most) {
            Some(tail) => tail,
            None => {
                let next = self.segment + 1;
                let tail = Growing::open(&*self.disk, &self.folder.join(format!("{next:06}{ENDING}")))?;
                self.segment = next;
                tail
            }
        };
        let written = tail.append(&batch);
        self.tail = Some(tail);
        written?;
        Ok(self.position())
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn disk(&self) -> &dyn Disk {
        &*self.disk
    }

    /// Opens the last segment again, after another file took its name.
    pub(super) fn reopen_tail(&mut self) -> Result<(), LedgerError> {
        if let Some(tail) = &mut self.tail {
            *tail = Growing::open(&*self.disk, tail.path())?;
        }
        Ok(())
    }

    /// The position after the last batch; 0 where there is none.
    pub fn position(&self) -> u64 {
        match &self.tail {
            Some(tail) => position(self.segment, tail.length()),
            None => 0,
        }
    }

    /// The number of the oldest segment, from a number on, that is not written to any more.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn finished_from(&self, number: u32) -> Result<Option<u32>, LedgerError> {
        let segments = segments_in(&self.folder)?;
        Ok(segments.into_iter().map(|(segment, _)| segment).find(|segment| (number..self.segment).contains(segment)))
    }

    /// The batches of a segment that is not written to any more.
    ///
    /// # Errors
    /// Where it cannot be opened; each batch may be an error by itself.
    pub fn read_finished(
        &self,
        segment: u32,
    ) -> Result<impl Iterator<Item = Result<Vec<Record>, LedgerError>> + use<>, LedgerError> {
        let mut reading = Segment::open(segment, self.finished_path(segment), 0)?;
        Ok(std::iter::from_fn(move || reading.next().transpose().map(|batch| batch.map(|(records, _)| records))))
    }

    pub(super) fn finished_path(&self, segment: u32) -> PathBuf {
        self.folder.join(format!("{segment:06}{ENDING}"))
    }

    /// The batches after a position, oldest first, each with the position after it.
    ///
    /// # Errors
    /// Where a file cannot be read, or `after` is no position that this journal gave. Each batch may
    /// be an error by itself; none follows it.
    pub fn read(
        &self,
        after: u64,
    ) -> Result<impl Iterator<Item = Result<(Vec<Record>, u64), LedgerError>> + use<>, LedgerError> {
        if after > self.position() {
            return Err(LedgerError::Behind { path: self.folder.clone() });
        }
        let (segment, offset) = ((after >> 32) as u32, after & u64::from(u32::MAX));
        let mut files = segments_in(&self.folder)?;
        files.retain(|(number, _)| *number >= segment);
        let mut files = files.into_iter();
        let mut open: Option<Segment> = None;
        let mut failed = false;
        let mut next = move || -> Result<Option<(Vec<Record>, u64)>, LedgerError> {
            loop {
                let Some(reading) = &mut open else {
                    let Some((number, path)) = files.next() else { return Ok(None) };
                    let from = if number == segment { offset } else { 0 };
                    open = Some(Segment::open(number, path, from)?);
                    continue;
                };
                match reading.next()? {
                    Some(read) => return Ok(Some(read)),
                    None => open = None,
                }
            }
        };
        Ok(std::iter::from_fn(move || {
            if failed {
                return None;
            }
            let read = next().transpose();
            failed = matches!(read, Some(Err(_)));
            read
        }))
    }
}

fn position(segment: u32, offset: u64) -> u64 {
    u64::from(segment) << 32 | offset
}

/// Segments are numbered from 1 without a gap.
pub(super) fn check_numbers(files: &[(u32, PathBuf)]) -> Result<(), LedgerError> {
    match files.iter().zip(1_u32..).find(|((number, _), expected)| number != expected) {
        Some(((_, path), expected)) => {
            let missing = path.with_file_name(format!("{expected:06}{ENDING}"));
            Err(LedgerError::broken(&missing, None, "this segment of the journal is missing"))
        }
        None => Ok(()),
    }
}

/// A segment being read.
struct Segment {
    number: u32,
    path: PathBuf,
    file: BufReader<File>,
    offset: u64,
    length: u64,
}

impl Segment {
    fn open(number: u32, path: PathBuf, offset: u64) -> Result<Self, LedgerError> {
        let open = || -> std::io::Result<_> {
            let mut file = File::open(&path)?;
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(offset))?;
            Ok((BufReader::new(file), length))
        };
        let (file, length) = open().map_err(LedgerError::file("read", &path))?;
        if offset > length {
            return Err(LedgerError::Behind { path });
        }
        Ok(Self { number, path, file, offset, length })
    }

    fn next(&mut self) -> Result<Option<(Vec<Record>, u64)>, LedgerError> {
        if self.offset >= self.length {
            return Ok(None);
        }
        let mut head = [0; HEAD];
        let left = self.length - self.offset;
        let here = self.offset;
        let cut = || damaged(&self.path, here, "it is cut, or no batch begins here");
        if left < HEAD as u64 {
            return Err(cut());
        }
        self.file.read_exact(&mut head).map_err(LedgerError::file("read", &self.path))?;
        let Some(length) = frame_length(&head).filter(|length| (HEAD + length) as u64 <= left) else {
            return Err(cut());
        };
        let mut frame = vec![0; length];
        self.file.read_exact(&mut frame).map_err(LedgerError::file("read", &self.path))?;
        if !sum_holds(&head, &frame) {
            return Err(damaged(&self.path, here, "its bytes were changed: the sum is another"));
        }
        let records = parse_frame(&frame).map_err(|why| damaged(&self.path, here, &why))?;
        self.offset += (HEAD + length) as u64;
        Ok(Some((records, position(self.number, self.offset))))
    }
}

fn damaged(path: &Path, at: u64, why: &str) -> LedgerError {
    LedgerError::broken(path, None, format!("the batch at byte {at} cannot be read: {why}"))
}

fn print_lines(records: &[Record]) -> std::io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for record in records {
        serde_json::to_writer(&mut lines, record)?;
        lines.push(b'\n');
    }
    if lines.len() as u64 > BATCH {
        return Err(too_big());
    }
    Ok(lines)
}

fn too_big() -> std::io::Error {
    std::io::Error::other("too many records in one batch")
}

fn print_batch(records: &[Record]) -> std::io::Result<Vec<u8>> {
    let frame = zstd::stream::encode_all(print_lines(records)?.as_slice(), LEVEL)?;
    seal_frame(&frame)
}

/// A batch of exactly this many bytes, head included. What is left over is filled by a skippable frame,
/// which every zstd passes over and which is 8 bytes at least; the few lengths that neither meets are
/// reached by empty lines and by the checksum that a frame may carry.
pub(super) fn print_batch_as_long(records: &[Record], length: usize) -> std::io::Result<Vec<u8>> {
    let lines = print_lines(records)?;
    let wanted = length.saturating_sub(HEAD);
    for level in [LEVEL, 9, 19] {
        for checksum in [false, true] {
            for empty in 0..48 {
                let mut encoder = zstd::stream::Encoder::new(Vec::new(), level)?;
                encoder.include_checksum(checksum)?;
                std::io::Write::write_all(&mut encoder, &lines)?;
                // Unlike each other, so that they do not compress to nothing.
                let filling: Vec<u8> = (0..empty).map(|n| if n % 3 == 0 { b'\n' } else { b' ' }).collect();
                std::io::Write::write_all(&mut encoder, &filling)?;
                let mut frame = encoder.finish()?;
                match wanted.checked_sub(frame.len()) {
                    Some(0) => return seal_frame(&frame),
                    Some(left @ 8..) => {
                        frame.extend_from_slice(&FILLING);
                        frame.extend_from_slice(&u32::try_from(left - 8).map_err(|_| too_big())?.to_le_bytes());
                        frame.resize(wanted, 0);
                        return seal_frame(&frame);
                    }
                    _ => {}
                }
            }
        }
    }
    Err(std::io::Error::other("what is left does not fit in its place"))
}

fn seal_frame(frame: &[u8]) -> std::io::Result<Vec<u8>> {
    let length = u32::try_from(frame.len()).map_err(|_| too_big())?;
    let mut batch = Vec::with_capacity(HEAD + frame.len());
    batch.extend_from_slice(&MAGIC);
    batch.push(VERSION);
    batch.extend_from_slice(&length.to_le_bytes());
    let sum = sum(&batch[MAGIC.len()..], frame);
    batch.extend_from_slice(&sum);
    batch.extend_from_slice(frame);
    Ok(batch)
}

/// The records of a zstd frame whose sum held, or why they cannot be read.
pub(super) fn parse_frame(frame: &[u8]) -> Result<Vec<Record>, String> {
    let mut lines = Vec::new();
    zstd::stream::Decoder::new(frame)
        .and_then(|decoder| decoder.take(BATCH).read_to_end(&mut lines))
        .map_err(|error| format!("it does not decompress: {error}"))?;
    lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.iter().all(|byte| *byte == b' '))
        .map(|line| {
            serde_json::from_slice(line).map_err(|error| format!("another version of sozwatch wrote it ({error})"))
        })
        .collect()
}

/// Length of the zstd frame behind a head of a version that we read.
fn frame_length(head: &[u8; HEAD]) -> Option<usize> {
    let (magic, rest) = head.split_at(MAGIC.len());
    let [version, a, b, c, d, ..] = *rest else { return None };
    (magic == MAGIC && version == VERSION).then(|| u32::from_le_bytes([a, b, c, d]) as usize)
}

fn sum(version_and_length: &[u8], frame: &[u8]) -> [u8; 8] {
    let digest = Sha256::new().chain_update(version_and_length).chain_update(frame).finalize();
    let mut sum = [0; 8];
    sum.copy_from_slice(&digest[..8]);
    sum
}

fn sum_holds(head: &[u8; HEAD], frame: &[u8]) -> bool {
    let (covered, given) = head[MAGIC.len()..].split_at(5);
    sum(covered, frame) == given
}

/// The zstd frame of a whole batch at an offset.
pub(super) fn batch_at(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let (head, rest) = bytes.get(at..)?.split_first_chunk::<HEAD>()?;
    let frame = rest.get(..frame_length(head)?)?;
    sum_holds(head, frame).then_some(frame)
}

/// How many whole batches a segment begins with, and where they end.
fn whole_batches(bytes: &[u8]) -> (usize, usize) {
    let (mut batches, mut end) = (0, 0);
    while let Some(frame) = batch_at(bytes, end) {
        batches += 1;
        end += HEAD + frame.len();
    }
    (batches, end)
}

/// Where the next whole batch begins, at or after an offset.
pub(super) fn find_batch(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let mut starts = rest.windows(MAGIC.len()).enumerate().filter(|(_, window)| *window == MAGIC);
    starts.find(|(at, _)| batch_at(bytes, from + at).is_some()).map(|(at, _)| from + at)
}

/// Bytes of a batch with its head.
pub(super) fn batch_length(frame: &[u8]) -> usize {
    HEAD + frame.len()
}
