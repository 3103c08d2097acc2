//! Long values, apart from the rows: files that only grow, each value with its sum, found by file, place and length.
//! So merging runs moves keys, never texts.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file that has grown to this is left for a new one, in bytes.
const MOST: u64 = 1 << 30;
/// Bytes before a value: its crc32.
const HEAD: u64 = 4;
/// The first byte of a value in a run that stands for one kept here. No value of `table` begins with it.
const MARK: u8 = 0xFF;

/// Where the files end, by number: what was written beyond, by a run that was never told of, is nothing.
pub(super) type Ends = BTreeMap<u32, u64>;

/// Where a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    file: u32,
    at: u64,
    length: u32,
}

impl Place {
    /// What the value takes of its file, in bytes.
    pub(super) fn taken(self) -> u64 {
        HEAD + u64::from(self.length)
    }

    pub(super) fn to_bytes(self) -> [u8; 17] {
        let mut bytes = [MARK; 17];
        bytes[1..5].copy_from_slice(&self.file.to_le_bytes());
        bytes[5..13].copy_from_slice(&self.at.to_le_bytes());
        bytes[13..].copy_from_slice(&self.length.to_le_bytes());
        bytes
    }

    /// The place that a value of a run names, if it names one.
    pub(super) fn of(value: &[u8]) -> Option<Self> {
        let [MARK, file @ .., a, b, c, d] = value else { return None };
        let (file, at) = file.split_first_chunk::<4>()?;
        Some(Self {
            file: u32::from_le_bytes(*file),
            at: u64::from_le_bytes(at.try_into().ok()?),
            length: u32::from_le_bytes([*a, *b, *c, *d]),
        })
    }
}

/// The files, open for reading by any thread.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    files: BTreeMap<u32, Arc<File>>,
}

fn path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:06}.texts"))
}

impl Texts {
    /// Opens the files, each up to where it ends.
    pub(super) fn open(folder: &Path, ends: &Ends) -> io::Result<Self> {
        let mut texts = Self::default();
        for (number, end) in ends {
            let file = OpenOptions::new().read(true).write(true).open(path(folder, *number))?;
            match file.metadata()?.len() {
                length if length < *end => {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "a file of texts is cut"));
                }
                length if length > *end => file.set_len(*end)?,
                _ => {}
            }
            texts.files.insert(*number, Arc::new(file));
        }
        Ok(texts)
    }

    pub(super) fn get(&self, place: Place) -> io::Result<Vec<u8>> {
        let damaged = |why: &str| io::Error::new(io::ErrorKind::InvalidData, format!("the text at {place:?} {why}"));
        let file = self.files.get(&place.file).ok_or_else(|| damaged("is in a file that is missing"))?;
        let mut sum = [0; HEAD as usize];
        let mut value = vec![0; place.length as usize];
        file.read_exact_at(&mut sum, place.at)?;
        file.read_exact_at(&mut value, place.at + HEAD)?;
        match crc32fast::hash(&value).to_le_bytes() == sum {
            true => Ok(value),
            false => Err(damaged("was changed")),
        }
    }
}

/// The last file, being added to.
pub(super) struct Adding {
    number: u32,
    file: BufWriter<File>,
    end: u64,
}

impl Adding {
    /// Goes on where the last file ends, or begins a new one.
    pub(super) fn after(folder: &Path, ends: &Ends) -> io::Result<Self> {
        let (number, end) = match ends.last_key_value() {
            Some((number, end)) if *end < MOST => (*number, *end),
            last => (last.map_or(1, |(number, _)| number + 1), 0),
        };
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path(folder, number))?;
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        Ok(Self { number, file: BufWriter::with_capacity(64 << 10, file), end })
    }

    pub(super) fn push(&mut self, value: &[u8]) -> io::Result<Place> {
        let length = u32::try_from(value.len()).map_err(|_| io::Error::other("a value is too long"))?;
        let place = Place { file: self.number, at: self.end, length };
        self.file.write_all(&crc32fast::hash(value).to_le_bytes())?;
        self.file.write_all(value)?;
        self.end += HEAD + value.len() as u64;
        Ok(place)
    }

    /// Syncs what was added; gives the files as they are now, and where they end.
    pub(super) fn finish(self, texts: &Texts, ends: &Ends) -> io::Result<(Texts, Ends)> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        let (mut texts, mut ends) = (texts.clone(), ends.clone());
        texts.files.insert(self.number, Arc::new(file));
        ends.insert(self.number, self.end);
        Ok((texts, ends))
    }
}
