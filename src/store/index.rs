//! The sled tree, seen as an ordered map of bytes. Everything that is sled's stands in this file and
//! in `open`.

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use super::table::{self, Row, Table, hash, key_of, pair};

/// A longer value is kept in parts, in bytes. A leaf of sled's tree holds 16 values, and some more
/// until it is split; one of more than 128 KiB is written to a file of its own that is never synced.
const PART: usize = 6 << 10;

/// Last bytes of a kept value: how many more parts it has.
const COUNT: usize = 2;

/// The open database.
pub(super) struct Index {
    pub(super) db: sled::Db,
    tree: sled::Tree,
    path: PathBuf,
    /// Kept open to sync by: `flush` is `sync_file_range` on Linux, which keeps through a kill, not
    /// through a power loss.
    file: File,
}

/// Reading, from the database alone or with changes laid over it.
pub(super) trait Look {
    /// The bytes under a key.
    fn bytes(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// The index, for what errors say.
    fn path(&self) -> &Path;

    /// The value under a key.
    fn get<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StoreError> {
        match self.whole(key)? {
            Some(bytes) => Ok(Some(self.decode(key, &bytes)?)),
            None => Ok(None),
        }
    }

    /// Is anything under a key?
    fn has(&self, key: &[u8]) -> Result<bool, StoreError> {
        Ok(self.bytes(key)?.is_some())
    }

    /// The number in a single row; 0 where there is none.
    fn number(&self, row: Row) -> Result<u64, StoreError> {
        Ok(self.get(&key_of(row))?.unwrap_or_default())
    }

    /// A value with all its parts.
    fn whole(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(first) = self.bytes(key)? else { return Ok(None) };
        self.join(key, first).map(Some)
    }

    /// The first part of a value and those that follow it.
    fn join(&self, key: &[u8], mut value: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        let parts = parts_of(&value);
        value.truncate(value.len().saturating_sub(COUNT));
        for part in 1..=parts {
            let more = self.bytes(&part_key(key, part))?;
            value.extend(more.ok_or_else(|| self.unreadable(key, "a part of it is missing"))?);
        }
        Ok(value)
    }

    /// A value read under a key.
    fn decode<T: DeserializeOwned>(&self, key: &[u8], bytes: &[u8]) -> Result<T, StoreError> {
        table::decode(bytes).map_err(|why| self.unreadable(key, &why))
    }

    fn unreadable(&self, key: &[u8], why: &str) -> StoreError {
        let table = key.first().map_or('?', |letter| char::from(*letter));
        marked(self.path(), "read", format!("a row of table {table}: {why}"))
    }
}

pub(super) fn damaged(path: &Path, act: &'static str, cause: impl ToString) -> StoreError {
    StoreError::Damaged { path: path.to_path_buf(), act, cause: cause.to_string() }
}

/// The file that tells the next opening to make a new index: what opens may still not be readable.
pub(super) fn mark_of(path: &Path) -> PathBuf {
    path.with_file_name("index.damaged")
}

/// The same error, with a mark for the next opening.
fn marked(path: &Path, act: &'static str, cause: impl ToString) -> StoreError {
    // Where the mark cannot be written, the error below still tells what to do.
    let _ = File::create(mark_of(path));
    damaged(path, act, cause)
}

/// Runs what calls sled. On a damaged file it panics in places; that, too, is only an index to rebuild.
pub(super) fn call<T>(path: &Path, act: &'static str, run: impl FnOnce() -> sled::Result<T>) -> Result<T, StoreError> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(result) => result.map_err(|error| failed(path, act, error)),
        Err(panic) => Err(marked(path, act, words_of(&*panic))),
    }
}

/// What sled's error means: a full disk is no damage, a file that ends too early is.
fn failed(path: &Path, act: &'static str, error: sled::Error) -> StoreError {
    match error {
        sled::Error::Io(cause) if cause.kind() != std::io::ErrorKind::UnexpectedEof => {
            let act = if act == "written" { "write" } else { "read" };
            StoreError::File { act, path: path.to_path_buf(), cause }
        }
        error => marked(path, act, error),
    }
}

/// What a panic said.
pub(super) fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    said.unwrap_or("it panicked").to_owned()
}

fn part_key(key: &[u8], part: u16) -> Vec<u8> {
    let stem = hash(key);
    pair(Table::Part, &stem, &part.to_be_bytes())
}

fn parts_of(first: &[u8]) -> u16 {
    match first.last_chunk::<COUNT>() {
        Some(count) => u16::from_le_bytes(*count),
        None => 0,
    }
}

impl Look for Index {
    fn bytes(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        call(&self.path, "read", || self.tree.get(key)).map(|value| value.map(|bytes| bytes.to_vec()))
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

/// A key with the bytes under it.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

impl Index {
    pub(super) fn of(db: sled::Db, path: &Path) -> Result<Self, StoreError> {
        let tree = call(path, "read", || db.open_tree("index"))?;
        let data = path.join("db");
        let file = File::open(&data).map_err(|cause| StoreError::File { act: "open", path: data, cause })?;
        Ok(Self { db, tree, path: path.to_path_buf(), file })
    }

    /// The rows whose keys begin so, in order.
    pub(super) fn scan(&self, prefix: &[u8]) -> impl DoubleEndedIterator<Item = Result<Pair, StoreError>> + '_ {
        self.rows(self.tree.scan_prefix(prefix))
    }

    /// The rows from one key up to another, which is left out.
    pub(super) fn range(
        &self,
        from: Vec<u8>,
        to: Vec<u8>,
    ) -> impl DoubleEndedIterator<Item = Result<Pair, StoreError>> + '_ {
        // sled panics on a range that ends before it begins.
        let to = Bound::Excluded(to.max(from.clone()));
        self.rows(self.tree.range::<Vec<u8>, _>((Bound::Included(from), to)))
    }

    fn rows(&self, rows: sled::Iter) -> Rows<'_> {
        Rows { rows, index: self }
    }

    /// The value of a row that a scan gave.
    pub(super) fn value<T: DeserializeOwned>(&self, (key, first): &Pair) -> Result<T, StoreError> {
        let bytes = self.join(key, first.clone())?;
        self.decode(key, &bytes)
    }

    /// Applies changes whole or not at all; they are on disk when this returns.
    pub(super) fn commit(&self, writes: BTreeMap<Vec<u8>, Option<Vec<u8>>>) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        for (key, value) in writes {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        call(&self.path, "written", || self.tree.apply_batch(batch))?;
        self.sync()
    }

    /// Everything written so far is on disk when this returns.
    pub(super) fn sync(&self) -> Result<(), StoreError> {
        call(&self.path, "written", || self.db.flush())?;
        self.file.sync_data().map_err(|cause| StoreError::File { act: "sync", path: self.path.clone(), cause })
    }
}

struct Rows<'a> {
    rows: sled::Iter,
    index: &'a Index,
}

impl Rows<'_> {
    fn row(
        &self,
        next: Result<Option<sled::Result<(sled::IVec, sled::IVec)>>, StoreError>,
    ) -> Option<Result<Pair, StoreError>> {
        match next {
            Ok(None) => None,
            Ok(Some(Ok((key, value)))) => Some(Ok((key.to_vec(), value.to_vec()))),
            Ok(Some(Err(error))) => Some(Err(failed(&self.index.path, "read", error))),
            Err(error) => Some(Err(error)),
        }
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Pair, StoreError>;
    fn next(&mut self) -> Option<Self::Item> {
        let next = call(&self.index.path, "read", || Ok(self.rows.next()));
        self.row(next)
    }
}

impl DoubleEndedIterator for Rows<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let next = call(&self.index.path, "read", || Ok(self.rows.next_back()));
        self.row(next)
    }
}

/// Changes not yet committed, laid over the database: what was put here is read here.
pub(super) struct Changes<'a> {
    index: &'a Index,
    writes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl Look for Changes<'_> {
    fn bytes(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.writes.get(key) {
            Some(written) => Ok(written.clone()),
            None => self.index.bytes(key),
        }
    }

    fn path(&self) -> &Path {
        &self.index.path
    }
}

impl<'a> Changes<'a> {
    pub(super) fn over(index: &'a Index) -> Self {
        Self { index, writes: BTreeMap::new() }
    }

    /// Puts a value under a key.
    pub(super) fn put<T: Serialize + ?Sized>(&mut self, key: &[u8], value: &T) -> Result<(), StoreError> {
        let bytes = table::encode(value).map_err(|error| damaged(self.path(), "written", error))?;
        self.take(key)?;
        let (first, rest) = bytes.split_at(bytes.len().min(PART));
        let mut parts: u16 = 0;
        for part in rest.chunks(PART) {
            parts = parts.checked_add(1).ok_or_else(|| damaged(self.path(), "written", "a value is too long"))?;
            self.writes.insert(part_key(key, parts), Some(part.to_vec()));
        }
        let first = [first, &parts.to_le_bytes()].concat();
        self.writes.insert(key.to_vec(), Some(first));
        Ok(())
    }

    /// Takes away what is under a key; nothing may be.
    pub(super) fn take(&mut self, key: &[u8]) -> Result<(), StoreError> {
        let Some(first) = self.bytes(key)? else { return Ok(()) };
        for part in 1..=parts_of(&first) {
            self.writes.insert(part_key(key, part), None);
        }
        self.writes.insert(key.to_vec(), None);
        Ok(())
    }

    /// Adds to the number in a single row. Nothing is no row: an index has one form, however it came
    /// about.
    pub(super) fn count(&mut self, row: Row, by: i64) -> Result<(), StoreError> {
        match self.number(row)?.saturating_add_signed(by) {
            0 => self.take(&key_of(row)),
            sum => self.put(&key_of(row), &sum),
        }
    }

    /// The values whose keys begin so, in order of their keys.
    pub(super) fn scan<T: DeserializeOwned>(&self, prefix: &[u8]) -> Result<Vec<(Vec<u8>, T)>, StoreError> {
        let mut firsts = BTreeMap::new();
        for row in self.index.scan(prefix) {
            let (key, first) = row?;
            firsts.insert(key, Some(first));
        }
        let laid_over = self.writes.range(prefix.to_vec()..).take_while(|(key, _)| key.starts_with(prefix));
        firsts.extend(laid_over.map(|(key, value)| (key.clone(), value.clone())));
        let mut values = Vec::new();
        for (key, first) in firsts {
            if let Some(first) = first {
                let bytes = self.join(&key, first)?;
                let value = self.decode(&key, &bytes)?;
                values.push((key, value));
            }
        }
        Ok(values)
    }

    /// Commits all of it at once.
    pub(super) fn commit(self) -> Result<(), StoreError> {
        self.index.commit(self.writes)
    }
}
