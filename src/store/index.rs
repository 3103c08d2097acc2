//! The sled tree and the bulk tables beside it, seen as one ordered map of bytes. Everything that is sled's stands
//! in this file and in `open`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use super::bulk::{self, Bulk, Files, View};
use super::table::{self, Row, Table, after, hash, is_bulk, key, key_of, pair};

/// A longer value is kept in parts, in bytes. A leaf of sled's tree holds 16 values, and some more
/// until it is split; one of more than 128 KiB is written to a file of its own that is never synced.
const PART: usize = 6 << 10;

/// Last bytes of a kept value: how many more parts it has.
const COUNT: usize = 2;

/// Recent rows may take so many times their share of memory while the disk refuses a file for them.
const OVERFULL: usize = 8;

/// The open database.
pub(super) struct Index {
    pub(super) db: sled::Db,
    tree: sled::Tree,
    path: PathBuf,
    /// Kept open to sync by: `flush` is `sync_file_range` on Linux, which keeps through a kill, not
    /// through a power loss.
    file: Arc<File>,
    /// Brings what was written last to the disk.
    syncing: Mutex<Option<JoinHandle<Result<(), StoreError>>>>,
    bulk: Bulk,
    /// Keys of the rows of [`Table::Recent`].
    noted: Mutex<Vec<Vec<u8>>>,
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
        if is_bulk(key) {
            return Ok(value);
        }
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
pub(super) fn marked(path: &Path, act: &'static str, cause: impl ToString) -> StoreError {
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
        sled::Error::Io(cause) if cause.kind() != io::ErrorKind::UnexpectedEof => {
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

/// What the system said of a file of the bulk tables: a full disk is no damage, wrong bytes are.
fn refused(path: &Path, act: &'static str, cause: io::Error) -> StoreError {
    use io::ErrorKind::{InvalidData, NotFound, UnexpectedEof};
    if matches!(cause.kind(), InvalidData | NotFound | UnexpectedEof) {
        return marked(path, "read", cause);
    }
    StoreError::File { act, path: path.join("bulk"), cause }
}

impl Look for Index {
    fn bytes(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        if is_bulk(key) {
            return self.bulk.get(key).map_err(|cause| refused(&self.path, "read", cause));
        }
        call(&self.path, "read", || self.tree.get(key)).map(|value| value.map(|bytes| bytes.to_vec()))
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

fn tree_of(db: &sled::Db, path: &Path) -> Result<sled::Tree, StoreError> {
    call(path, "read", || db.open_tree("index"))
}

/// A key with the bytes under it.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

impl Index {
    /// The schema that stands in a database, if one does.
    pub(super) fn schema(db: &sled::Db, path: &Path) -> Result<Option<u32>, StoreError> {
        let tree = tree_of(db, path)?;
        let Some(schema) = call(path, "read", || tree.get(key_of(Row::Schema)))? else { return Ok(None) };
        let schema = schema.len().checked_sub(COUNT).map(|length| &schema[..length]).unwrap_or_default();
        table::decode(schema).map(Some).map_err(|why| marked(path, "read", format!("its schema: {why}")))
    }

    /// Over a database; `cache` bytes of memory are for recent rows.
    pub(super) fn of(db: sled::Db, path: &Path, cache: u64) -> Result<Self, StoreError> {
        let tree = tree_of(&db, path)?;
        let data = path.join("db");
        let file = File::open(&data).map_err(|cause| StoreError::File { act: "open", path: data, cause })?;
        let (noted, recent) = noted_rows(&tree, path)?;
        let files = call(path, "read", || tree.get(key_of(Row::Files)))?;
        let files: Files = match files {
            Some(bytes) => table::decode(&bytes).map_err(|why| marked(path, "read", why))?,
            None => Files::default(),
        };
        let most = usize::try_from(cache).unwrap_or(usize::MAX);
        let bulk =
            Bulk::open(&path.join("bulk"), &files, recent, most).map_err(|cause| refused(path, "open", cause))?;
        Ok(Self {
            db,
            tree,
            path: path.to_path_buf(),
            file: Arc::new(file),
            syncing: Mutex::default(),
            bulk,
            noted: Mutex::new(noted),
        })
    }

    /// The rows whose keys begin so, in order. Only [`Index::scan_back`] gives them from the end.
    pub(super) fn scan(&self, prefix: &[u8]) -> impl Iterator<Item = Result<Pair, StoreError>> + use<'_> {
        self.range(prefix.to_vec(), after(prefix))
    }

    /// The rows of a bulk table that go on with each of these hashes, in order: many are found for less than one by
    /// one.
    pub(super) fn scan_each(
        &self,
        table: Table,
        hashes: &[[u8; 8]],
    ) -> Result<Vec<impl Iterator<Item = Result<Pair, StoreError>> + use<'_>>, StoreError> {
        let beginnings: Vec<Vec<u8>> = hashes.iter().map(|hash| key(table, hash)).collect();
        let ranges = self.bulk.each(&beginnings).map_err(|cause| refused(&self.path, "read", cause))?;
        Ok(ranges.into_iter().map(|rows| self.told(rows)).collect())
    }

    /// Rows of the bulk tables, with what may be wrong with them as the store tells it.
    fn told(&self, rows: bulk::Range) -> impl Iterator<Item = Result<Pair, StoreError>> + use<'_> {
        rows.map(|row| row.map_err(|cause| refused(&self.path, "read", cause)))
    }

    /// The rows of a table that is sled's alone, from the last to the first.
    pub(super) fn scan_back(&self, table: Table) -> impl Iterator<Item = Result<Pair, StoreError>> + use<'_> {
        self.rows(self.tree.scan_prefix(key(table, &[]))).rev()
    }

    /// The rows of one table from one key up to another, which is left out.
    pub(super) fn range(&self, from: Vec<u8>, to: Vec<u8>) -> Box<dyn Iterator<Item = Result<Pair, StoreError>> + '_> {
        if is_bulk(&from) {
            return match self.bulk.range(&from, to) {
                Ok(rows) => Box::new(self.told(rows)),
                Err(cause) => Box::new(std::iter::once(Err(refused(&self.path, "read", cause)))),
            };
        }
        // sled panics on a range that ends before it begins.
        let to = Bound::Excluded(to.max(from.clone()));
        Box::new(self.rows(self.tree.range::<Vec<u8>, _>((Bound::Included(from), to))))
    }

    /// What the long values of the bulk tables take.
    pub(super) fn room(&self) -> Result<bulk::Room, StoreError> {
        self.bulk.room().map_err(|cause| refused(&self.path, "read", cause))
    }

    fn rows(&self, rows: sled::Iter) -> Rows<'_> {
        Rows { rows, index: self }
    }

    /// The value of a row that a scan gave.
    pub(super) fn value<T: DeserializeOwned>(&self, (key, first): &Pair) -> Result<T, StoreError> {
        let bytes = self.join(key, first.clone())?;
        self.decode(key, &bytes)
    }

    /// Applies changes whole or not at all. They go to the disk beside what follows, and are there before anything
    /// else is written, or when [`Index::synced`] returns. One caller at a time.
    pub(super) fn commit(
        &self,
        writes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
        mut bulk: Vec<bulk::Row>,
    ) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        for (key, value) in writes {
            match value {
                value if is_bulk(&key) => bulk.push((key, value)),
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        let noted = self.note(&bulk, &mut batch)?;
        self.apply(batch)?;
        self.noted().extend(noted);
        self.bulk.lay(bulk);
        self.tend()
    }

    fn apply(&self, batch: sled::Batch) -> Result<(), StoreError> {
        self.synced()?;
        call(&self.path, "written", || self.tree.apply_batch(batch))?;
        let (db, file, path) = (self.db.clone(), Arc::clone(&self.file), self.path.clone());
        let thread = std::thread::Builder::new().spawn(move || sync(&db, &file, &path));
        let thread = thread.map_err(|cause| StoreError::File { act: "sync", path: self.path.clone(), cause })?;
        *self.syncing() = Some(thread);
        Ok(())
    }

    fn syncing(&self) -> MutexGuard<'_, Option<JoinHandle<Result<(), StoreError>>>> {
        self.syncing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything written so far is on disk when this returns.
    pub(super) fn synced(&self) -> Result<(), StoreError> {
        let Some(thread) = self.syncing().take() else { return Ok(()) };
        thread.join().unwrap_or_else(|panic| Err(marked(&self.path, "written", words_of(&*panic))))
    }

    /// Has a batch note rows of the bulk tables; gives the keys under which they will stand.
    fn note(&self, rows: &[bulk::Row], batch: &mut sled::Batch) -> Result<Vec<Vec<u8>>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let packed =
            zstd::bulk::compress(&bulk::pack(rows), 1).map_err(|error| damaged(&self.path, "written", error))?;
        let number = self.noted().last().map_or(0, |last| number_of(last) + 1);
        let keys = packed.chunks(PART).zip(0_u32..).map(|(part, count)| {
            let key = pair(Table::Recent, &number.to_be_bytes(), &count.to_be_bytes());
            batch.insert(key.as_slice(), part);
            key
        });
        Ok(keys.collect())
    }

    fn noted(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts recent rows into a file where they are many, and few files in the place of many. The rows are safe
    /// already: where the disk refuses a file, it is tried again with the next change.
    fn tend(&self) -> Result<(), StoreError> {
        match self.bulk.merged() {
            Ok(Some(view)) => self.show(view, Vec::new())?,
            Ok(None) => {}
            Err(cause) => tracing::warn!(%cause, "files of the index could not be merged; they are left as they are"),
        }
        match self.bulk.fullness() {
            0 => return Ok(()),
            fullness => match self.bulk.settle() {
                Ok(view) => self.show(view, std::mem::take(&mut *self.noted()))?,
                Err(cause) if fullness < OVERFULL => {
                    tracing::warn!(%cause, "the index could not write a file for its recent rows, and keeps them in memory");
                    return Ok(());
                }
                Err(cause) => return Err(StoreError::File { act: "write", path: self.path.join("bulk"), cause }),
            },
        }
        self.bulk.begin_merging();
        Ok(())
    }

    /// From now on other files count; the noted rows, which they hold, are forgotten.
    fn show(&self, view: View, noted: Vec<Vec<u8>>) -> Result<(), StoreError> {
        let files = table::encode(&view.files()).map_err(|error| damaged(&self.path, "written", error))?;
        let mut batch = sled::Batch::default();
        batch.insert(key_of(Row::Files), files);
        for key in noted {
            batch.remove(key);
        }
        self.apply(batch)?;
        // The files that counted so far are removed then.
        self.synced()?;
        self.bulk.show(view);
        Ok(())
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        // What did not reach the disk is replayed from the records; the thread holds the lock on sled's file.
        if let Err(error) = self.synced() {
            tracing::warn!(%error, "the last change of the index did not reach the disk");
        }
    }
}

fn sync(db: &sled::Db, file: &File, path: &Path) -> Result<(), StoreError> {
    call(path, "written", || db.flush())?;
    file.sync_data().map_err(|cause| StoreError::File { act: "sync", path: path.to_path_buf(), cause })
}

/// The batch to which a row of [`Table::Recent`] belongs.
fn number_of(key: &[u8]) -> u64 {
    key.get(1..).and_then(|rest| rest.first_chunk::<8>()).map_or(0, |number| u64::from_be_bytes(*number))
}

/// The rows of the bulk tables that stand in no file yet, oldest first, and the keys under which sled has them.
fn noted_rows(tree: &sled::Tree, path: &Path) -> Result<(Vec<Vec<u8>>, Vec<bulk::Row>), StoreError> {
    let parts = call(path, "read", || tree.scan_prefix([Table::Recent as u8]).collect::<sled::Result<Vec<_>>>())?;
    let mut rows = Vec::new();
    for batch in parts.chunk_by(|(one, _), (next, _)| number_of(one) == number_of(next)) {
        let packed: Vec<u8> = batch.iter().flat_map(|(_, part)| part.iter().copied()).collect();
        let packed = zstd::stream::decode_all(packed.as_slice()).ok();
        let unpacked = packed.and_then(|packed| bulk::unpack(&packed));
        rows.extend(unpacked.ok_or_else(|| marked(path, "read", "its recent rows cannot be read"))?);
    }
    Ok((parts.into_iter().map(|(key, _)| key.to_vec()).collect(), rows))
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
    /// Rows that nothing in the same changes reads, as they came: dozens a story.
    marks: Vec<bulk::Row>,
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
        Self { index, writes: BTreeMap::new(), marks: Vec::new() }
    }

    /// Puts a value under a key.
    pub(super) fn put<T: Serialize + ?Sized>(&mut self, key: &[u8], value: &T) -> Result<(), StoreError> {
        let bytes = table::encode(value).map_err(|error| damaged(self.path(), "written", error))?;
        if is_bulk(key) {
            self.writes.insert(key.to_vec(), Some(bytes));
            return Ok(());
        }
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

    /// Puts a value, encoded already, under a key of a bulk table.
    pub(super) fn put_encoded(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.writes.insert(key, Some(value));
    }

    /// Puts a key of a bulk table under which nothing more is to say; these changes do not read it.
    pub(super) fn mark(&mut self, key: Vec<u8>) {
        self.mark_with(key, Vec::new());
    }

    /// The same with bytes under it.
    pub(super) fn mark_with(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.marks.push((key, Some(value)));
    }

    /// Takes such a key away.
    pub(super) fn unmark(&mut self, key: Vec<u8>) {
        self.marks.push((key, None));
    }

    /// Takes away what is under a key; nothing may be.
    pub(super) fn take(&mut self, key: &[u8]) -> Result<(), StoreError> {
        if is_bulk(key) {
            self.writes.insert(key.to_vec(), None);
            return Ok(());
        }
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
        self.index.commit(self.writes, self.marks)
    }
}
