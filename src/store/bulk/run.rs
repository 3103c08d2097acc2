//! A run: rows sorted by key in a file that is never changed (the sorted string table of O'Neil et al. 1996, "The
//! Log-Structured Merge-Tree").
//!
//! ```text
//! magic                   8 bytes, padded to a block
//! blocks                  4,096 bytes each: crc32 of the rest: u32 | bytes used: u16 | rows | zeros;
//!                         after each 64 of them, and after the last, what they do not hold: `filter`, padded to a
//!                         block
//! groups                  of each such filter its length: u32 | its crc32: u32
//! first keys              of each block its first 8 bytes: u64 BE
//! blocks: u32 | crc32 of groups and first keys: u32 | magic
//! ```
//!
//! A row is `shared: u8 | rest: u8 | 1 + length of the value, or 0 where the key was taken: u16 LE | rest of the key |
//! value`; `shared` bytes are those of the key before, in the same block. Keys are hashes: they do not compress, and
//! eight bytes tell two blocks apart but for rows of one prefix.
//!
//! First keys are kept in memory, and each filter from when it is first asked: together some 13 bits a row. A key
//! that stands in another run is then passed over without asking the system for anything.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::filter::{self, KNOWN, Mark};

const MAGIC: [u8; 8] = *b"sozrun 3";
const BLOCK: usize = 4_096;
/// Blocks of a group, which one filter speaks of.
const GROUP: usize = 64;
/// Bytes of a block before its rows.
const HEAD: usize = 6;
/// Bytes of a row before its key.
const ROW: usize = 4;
/// Bytes after the first keys.
const TAIL: usize = 16;
/// A value longer than this is kept apart from the rows, in bytes.
pub(super) const LONGEST: usize = 512;

/// What stands under a key: a value, or that it was taken away since.
pub(in crate::store) type Row = (Vec<u8>, Option<Vec<u8>>);

/// A run, open for reading by any thread.
#[derive(Debug)]
pub(super) struct Run {
    /// Its name: runs made later have higher numbers.
    pub number: u32,
    /// How often its rows were merged.
    pub level: u8,
    path: PathBuf,
    file: File,
    firsts: Vec<u64>,
    /// Of each group the first of its first keys: few enough to be searched in the processor's cache.
    begins: Vec<u64>,
    groups: Vec<Group>,
}

/// Blocks beside each other, and what they do not hold.
#[derive(Debug)]
struct Group {
    /// Where the first block begins.
    at: u64,
    /// Where the filter begins.
    filter_at: u64,
    /// Bytes of the filter.
    length: u32,
    /// Its crc32.
    sum: u32,
    filter: OnceLock<Box<[u8]>>,
}

/// A key that is looked for in many runs.
pub(super) struct Sought<'k> {
    key: &'k [u8],
    first: u64,
    mark: Mark,
}

impl<'k> Sought<'k> {
    pub(super) fn new(key: &'k [u8]) -> Self {
        Self { key, first: first_of(key), mark: Mark::of(key) }
    }
}

/// The first eight bytes of a key as a number: they sort as the keys do.
pub(super) fn first_of(key: &[u8]) -> u64 {
    let mut first = [0; 8];
    let length = key.len().min(8);
    first[..length].copy_from_slice(&key[..length]);
    u64::from_be_bytes(first)
}

fn damaged(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// The places in which rows with these first bytes can stand, where each place begins with these.
fn places_with(begins: &[u64], first: u64) -> Range<usize> {
    let from = begins.partition_point(|begin| *begin < first).saturating_sub(1);
    from..from + begins[from..].iter().take_while(|begin| **begin <= first).count()
}

/// A run being written; keys come in rising order.
pub(super) struct Writer {
    file: BufWriter<File>,
    path: PathBuf,
    block: Vec<u8>,
    key: Vec<u8>,
    firsts: Vec<u64>,
    /// The keys of the group that is being written.
    marks: Vec<Mark>,
    /// Length and crc32 of the filters before it.
    filters: Vec<[u32; 2]>,
}

impl Writer {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let mut file = BufWriter::with_capacity(64 << 10, File::create(path)?);
        let mut head = MAGIC.to_vec();
        head.resize(BLOCK, 0);
        file.write_all(&head)?;
        Ok(Self {
            file,
            path: path.to_path_buf(),
            block: Vec::with_capacity(BLOCK),
            key: Vec::new(),
            firsts: Vec::new(),
            marks: Vec::new(),
            filters: Vec::new(),
        })
    }

    pub(super) fn push(&mut self, key: &[u8], value: Option<&[u8]>) -> io::Result<()> {
        let length = value.map_or(0, <[u8]>::len);
        if length > LONGEST || key.len() > usize::from(u8::MAX) {
            return Err(damaged("a row is too long for a run"));
        }
        let shared = match self.block.is_empty() {
            true => 0,
            false => key.iter().zip(&self.key).take_while(|(a, b)| a == b).count(),
        };
        let shared = match self.block.len() + ROW + key.len() - shared + length > BLOCK {
            true => {
                self.end_block()?;
                0
            }
            false => shared,
        };
        let begins = self.block.is_empty();
        if begins {
            self.block.resize(HEAD, 0);
            self.firsts.push(first_of(key));
        }
        if begins || shared < KNOWN {
            self.marks.push(Mark::of(key));
        }
        self.block.extend([shared as u8, (key.len() - shared) as u8]);
        let counted = value.map_or(0, |value| value.len() as u16 + 1);
        self.block.extend(counted.to_le_bytes());
        self.block.extend(&key[shared..]);
        self.block.extend(value.unwrap_or_default());
        self.key.clear();
        self.key.extend(key);
        Ok(())
    }

    fn end_block(&mut self) -> io::Result<()> {
        let used = self.block.len() as u16;
        self.block.resize(BLOCK, 0);
        self.block[4..HEAD].copy_from_slice(&used.to_le_bytes());
        let sum = crc32fast::hash(&self.block[4..]);
        self.block[..4].copy_from_slice(&sum.to_le_bytes());
        self.file.write_all(&self.block)?;
        self.block.clear();
        match self.firsts.len().is_multiple_of(GROUP) {
            true => self.end_group(),
            false => Ok(()),
        }
    }

    fn end_group(&mut self) -> io::Result<()> {
        let mut filter = filter::of(&self.marks);
        self.marks.clear();
        self.filters.push([filter.len() as u32, crc32fast::hash(&filter)]);
        filter.resize(filter.len().next_multiple_of(BLOCK), 0);
        self.file.write_all(&filter)
    }

    /// Ends and syncs the file, and opens it for reading.
    pub(super) fn finish(mut self, number: u32, level: u8) -> io::Result<Run> {
        if !self.block.is_empty() {
            self.end_block()?;
        }
        if !self.marks.is_empty() {
            self.end_group()?;
        }
        let mut index: Vec<u8> = self.filters.iter().flatten().flat_map(|number| number.to_le_bytes()).collect();
        index.extend(self.firsts.iter().flat_map(|first| first.to_be_bytes()));
        self.file.write_all(&index)?;
        self.file.write_all(&(self.firsts.len() as u32).to_le_bytes())?;
        self.file.write_all(&crc32fast::hash(&index).to_le_bytes())?;
        self.file.write_all(&MAGIC)?;
        self.file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Run::open(&self.path, number, level)
    }
}

impl Run {
    pub(super) fn open(path: &Path, number: u32, level: u8) -> io::Result<Self> {
        let cut = || damaged("the run is cut, or is none");
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut tail = [0; TAIL];
        let end = length.checked_sub(TAIL as u64).ok_or_else(cut)?;
        file.read_exact_at(&mut tail, end)?;
        let [a, b, c, d, e, f, g, h, ..] = tail;
        let blocks = u32::from_le_bytes([a, b, c, d]) as usize;
        let size = 8 * (blocks.div_ceil(GROUP) + blocks);
        let at = end.checked_sub(size as u64).filter(|_| tail.ends_with(&MAGIC)).ok_or_else(cut)?;
        let mut index = vec![0; size];
        file.read_exact_at(&mut index, at)?;
        if crc32fast::hash(&index) != u32::from_le_bytes([e, f, g, h]) {
            return Err(damaged("the bytes of the run's first keys were changed"));
        }
        let (filters, firsts) = index.as_chunks::<8>().0.split_at(blocks.div_ceil(GROUP));
        let firsts: Vec<u64> = firsts.iter().map(|first| u64::from_be_bytes(*first)).collect();
        let (mut groups, mut begin) = (Vec::with_capacity(filters.len()), BLOCK as u64);
        for (blocks, [a, b, c, d, sum @ ..]) in firsts.chunks(GROUP).zip(filters) {
            let (length, sum) = (u32::from_le_bytes([*a, *b, *c, *d]), u32::from_le_bytes(*sum));
            let filter_at = begin + (blocks.len() * BLOCK) as u64;
            groups.push(Group { at: begin, filter_at, length, sum, filter: OnceLock::new() });
            begin = filter_at + u64::from(length).next_multiple_of(BLOCK as u64);
        }
        if begin != at {
            return Err(cut());
        }
        let begins = firsts.iter().step_by(GROUP).copied().collect();
        Ok(Self { number, level, path: path.to_path_buf(), file, firsts, begins, groups })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What the run says of a key: nothing, that it was taken away, or its value.
    pub(super) fn get(&self, sought: &Sought<'_>, buffer: &mut Vec<u8>) -> io::Result<Option<Option<Vec<u8>>>> {
        for group in self.groups_with(sought.first) {
            let line = filter::line_of(self.filter(group)?, sought.mark);
            if !line.is_some_and(|line| filter::may_hold(line, sought.mark)) {
                continue;
            }
            for block in self.blocks_with(group, sought.first) {
                self.read(block, buffer)?;
                let mut rows = Rows::default();
                while rows.next(buffer)? {
                    match rows.key.as_slice().cmp(sought.key) {
                        std::cmp::Ordering::Less => {}
                        std::cmp::Ordering::Equal => return Ok(Some(rows.value(buffer).map(<[u8]>::to_vec))),
                        std::cmp::Ordering::Greater => return Ok(None),
                    }
                }
            }
        }
        Ok(None)
    }

    /// The rows from a key on, in order.
    pub(super) fn from(self: &Arc<Self>, key: &[u8]) -> io::Result<Cursor> {
        let block = self.block_before(first_of(key));
        let mut cursor =
            Cursor { run: Arc::clone(self), block, buffer: Vec::new(), rows: Rows::default(), done: false };
        cursor.load()?;
        cursor.step()?;
        while !cursor.done && cursor.key() < key {
            cursor.step()?;
        }
        Ok(cursor)
    }

    /// Of each key: may it stand here, or one that begins with these bytes, where they are [`KNOWN`] or more?
    pub(super) fn may_hold(&self, sought: &[Sought<'_>]) -> io::Result<Vec<bool>> {
        let mut lines = Vec::with_capacity(2 * sought.len());
        for (place, sought) in sought.iter().enumerate() {
            for group in self.groups_with(sought.first) {
                lines.extend(filter::line_of(self.filter(group)?, sought.mark).map(|line| (place, line)));
            }
        }
        // Nothing is decided here, so the processor fetches many lines from memory at once.
        std::hint::black_box(lines.iter().fold(0, |all, (_, line)| all | line[0]));
        let mut may_hold = vec![false; sought.len()];
        for (place, line) in lines {
            may_hold[place] |= filter::may_hold(line, sought[place].mark);
        }
        Ok(may_hold)
    }

    /// The groups in which rows with these first bytes can stand.
    fn groups_with(&self, first: u64) -> Range<usize> {
        places_with(&self.begins, first)
    }

    /// The blocks of a group in which such rows can stand.
    fn blocks_with(&self, group: usize, first: u64) -> Range<usize> {
        let before = group * GROUP;
        let blocks = places_with(&self.firsts[before..self.firsts.len().min(before + GROUP)], first);
        before + blocks.start..before + blocks.end
    }

    /// The block in which the first row with these bytes, or a later one, stands or would stand.
    fn block_before(&self, first: u64) -> usize {
        self.firsts.partition_point(|begins| *begins < first).saturating_sub(1)
    }

    /// What a group does not hold.
    fn filter(&self, group: usize) -> io::Result<&[u8]> {
        let group = &self.groups[group];
        if let Some(filter) = group.filter.get() {
            return Ok(filter);
        }
        let mut filter = vec![0; group.length as usize];
        self.file.read_exact_at(&mut filter, group.filter_at)?;
        if crc32fast::hash(&filter) != group.sum {
            return Err(damaged(&format!("the bytes of a filter of run {} were changed", self.number)));
        }
        Ok(group.filter.get_or_init(|| filter.into_boxed_slice()))
    }

    fn read(&self, block: usize, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.resize(BLOCK, 0);
        self.file.read_exact_at(buffer, self.groups[block / GROUP].at + (block % GROUP * BLOCK) as u64)?;
        let used = usize::from(u16::from_le_bytes([buffer[4], buffer[5]]));
        let sum = crc32fast::hash(&buffer[4..]).to_le_bytes();
        if buffer[..4] != sum || !(HEAD..=BLOCK).contains(&used) {
            return Err(damaged(&format!("the bytes of block {block} of run {} were changed", self.number)));
        }
        buffer.truncate(used);
        Ok(())
    }
}

/// Where reading stands in a block.
#[derive(Debug, Default)]
struct Rows {
    at: usize,
    key: Vec<u8>,
    value: Option<(usize, usize)>,
}

impl Rows {
    /// Goes to the next row of the block, where there is one.
    fn next(&mut self, block: &[u8]) -> io::Result<bool> {
        let at = self.at.max(HEAD);
        let Some(&[shared, rest, low, high]) = block.get(at..at + ROW) else { return Ok(false) };
        let (key, counted) = (at + ROW, usize::from(u16::from_le_bytes([low, high])));
        let value = key + usize::from(rest);
        let end = value + counted.saturating_sub(1);
        let cut = || damaged("a row of the run is cut");
        let rest = block.get(key..value).filter(|_| end <= block.len()).ok_or_else(cut)?;
        self.key.truncate(usize::from(shared));
        self.key.extend(rest);
        self.value = (counted > 0).then_some((value, end));
        self.at = end;
        Ok(true)
    }

    fn value<'a>(&self, block: &'a [u8]) -> Option<&'a [u8]> {
        self.value.map(|(from, to)| &block[from..to])
    }
}

/// A place in a run; it walks on.
#[derive(Debug)]
pub(super) struct Cursor {
    run: Arc<Run>,
    block: usize,
    buffer: Vec<u8>,
    rows: Rows,
    done: bool,
}

impl Cursor {
    /// Is there no row any more?
    pub(super) fn done(&self) -> bool {
        self.done
    }

    /// The key of the row here.
    pub(super) fn key(&self) -> &[u8] {
        &self.rows.key
    }

    /// The value of the row here, or that it was taken away.
    pub(super) fn value(&self) -> Option<&[u8]> {
        self.rows.value(&self.buffer)
    }

    pub(super) fn step(&mut self) -> io::Result<()> {
        while !self.done && !self.rows.next(&self.buffer)? {
            self.block += 1;
            self.load()?;
        }
        Ok(())
    }

    fn load(&mut self) -> io::Result<()> {
        self.rows.at = 0;
        self.done = self.block >= self.run.firsts.len();
        match self.done {
            true => Ok(()),
            false => self.run.read(self.block, &mut self.buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys like those of the index, in order: 25 bytes of which no two share the first nine.
    fn keys() -> Vec<Vec<u8>> {
        let hash = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
        let mut keys: Vec<_> = (0..40_000).map(|n| [b"N".as_slice(), &hash(n), &[n as u8; 16]].concat()).collect();
        keys.sort();
        keys
    }

    #[test]
    fn filters_of_many_groups_lose_nothing_and_keep_readers_from_what_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let check = |blocks: usize| {
            let path = folder.path().join("run");
            let mut writer = Writer::create(&path).unwrap();
            let keys = keys();
            let (mut there, mut others) = (Vec::new(), Vec::new());
            for pair in keys.as_chunks::<2>().0 {
                if writer.firsts.len() < blocks {
                    writer.push(&pair[0], Some(&[])).unwrap();
                    there.push(&pair[0]);
                }
                others.push(&pair[1]);
            }
            let run = Arc::new(writer.finish(1, 0).unwrap());
            assert_eq!(run.firsts.len(), blocks);
            let mut buffer = Vec::new();
            for key in &there {
                assert_eq!(run.get(&Sought::new(key), &mut buffer).unwrap(), Some(Some(Vec::new())));
                assert_eq!(run.may_hold(&[Sought::new(&key[..KNOWN])]).unwrap(), [true]);
                assert_eq!(run.from(&key[..KNOWN]).unwrap().key(), key.as_slice());
            }
            assert!(others.iter().all(|key| run.get(&Sought::new(key), &mut buffer).unwrap().is_none()));
            let sought: Vec<Sought<'_>> = others.iter().map(|key| Sought::new(key)).collect();
            let passing = run.may_hold(&sought).unwrap().into_iter().filter(|passes| *passes).count();
            assert!(passing < others.len() / 20, "{passing} of {}", others.len());
        };
        // The last group is whole, has one block, or lacks one.
        [GROUP, GROUP + 1, 2 * GROUP - 1, 2 * GROUP].into_iter().for_each(check);
    }

    #[test]
    fn a_changed_bit_of_a_filter_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run");
        let mut writer = Writer::create(&path).unwrap();
        let keys = keys();
        keys[..1_000].iter().for_each(|key| writer.push(key, Some(&[])).unwrap());
        let run = writer.finish(1, 0).unwrap();
        let (at, length) = (run.groups[0].filter_at as usize, run.groups[0].length as usize);
        let whole = std::fs::read(&path).unwrap();
        for byte in [at, at + length / 2, at + length - 1] {
            let mut changed = whole.clone();
            changed[byte] ^= 4;
            std::fs::write(&path, changed).unwrap();
            let run = Run::open(&path, 1, 0).unwrap();
            let told = |told: io::Error| assert!(told.to_string().contains("a filter of run 1"), "{told}");
            told(run.get(&Sought::new(&keys[7]), &mut Vec::new()).unwrap_err());
            told(run.may_hold(&[Sought::new(&keys[7])]).unwrap_err());
        }
    }
}
