//! The ledger: acts appended, checked when opened, read in order.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::files;
use super::line::{self, Fault, Line};
use super::seal::{self, Lying, Sealed};
use super::{Act, LedgerError};
use crate::disk::{self, Disk, Growing};
use crate::model::{Diagnostic, hex};

const ENDING: &str = ".jsonl";
const SALT_BYTES: usize = 16;

/// The chain of human acts, open for writing. One process has it at a time.
#[derive(Debug)]
pub struct Ledger {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    /// The files of the chain, oldest first.
    parts: Vec<Part>,
    open: Option<Open>,
    last_seq: u64,
    last_hash: String,
    _owned: File,
}

/// One file of the chain.
#[derive(Debug)]
struct Part {
    year: u32,
    path: PathBuf,
    /// Number of the last act before it.
    after: u64,
}

/// The files that are written to: a new pair each year.
#[derive(Debug)]
struct Open {
    year: u32,
    lines: Growing,
    seals: Growing,
}

/// A line as read from a file: where it begins, its number, its bytes without the line feed.
pub(super) struct Raw {
    pub(super) start: u64,
    pub(super) number: usize,
    pub(super) bytes: Vec<u8>,
    /// Did it end with a line feed?
    pub(super) ended: bool,
}

/// The lines of a file in order.
pub(super) fn raw_lines(path: &Path) -> Result<impl Iterator<Item = Result<Raw, LedgerError>> + use<>, LedgerError> {
    let mut reader = BufReader::new(File::open(path).map_err(LedgerError::file("read", path))?);
    let path = path.to_path_buf();
    let (mut start, mut number) = (0, 0);
    Ok(std::iter::from_fn(move || {
        let mut bytes = Vec::new();
        match reader.read_until(b'\n', &mut bytes) {
            Err(cause) => Some(Err(LedgerError::file("read", &path)(cause))),
            Ok(0) => None,
            Ok(read) => {
                let ended = bytes.pop_if(|byte| *byte == b'\n').is_some();
                number += 1;
                let raw = Raw { start, number, bytes, ended };
                start += read as u64;
                Some(Ok(raw))
            }
        }
    }))
}

/// The ledger's files under the store folder, oldest first.
pub(super) fn line_files(store: &Path) -> Result<Vec<(u32, PathBuf)>, LedgerError> {
    files::numbered(&store.join("ledger"), 4, ENDING)
}

/// The files of sealed values under the store folder, oldest first.
pub(super) fn sealed_files(store: &Path) -> Result<Vec<(u32, PathBuf)>, LedgerError> {
    files::numbered(&store.join("ledger").join("sealed"), 4, ENDING)
}

/// Follows the chain line by line.
pub(super) struct Chain {
    pub(super) seq: u64,
    pub(super) hash: String,
}

impl Chain {
    pub(super) fn start() -> Self {
        Self { seq: 0, hash: line::NONE_BEFORE.to_owned() }
    }

    /// The next line, with what `A` reads of its act, where it follows; else what is wrong with it.
    pub(super) fn follow<A: DeserializeOwned>(&mut self, bytes: &[u8]) -> Result<Line<A>, String> {
        let line = Line::<A>::reading(bytes).map_err(|fault| fault.to_string())?;
        if line.seq != self.seq + 1 {
            return Err(format!("act {} was expected here, act {} stands", self.seq + 1, line.seq));
        }
        if line.prev != self.hash {
            return Err("the line before this one is not the one that it was written after".to_owned());
        }
        self.take(bytes, &line);
        Ok(line)
    }

    /// Goes on from a line, right or wrong.
    pub(super) fn take<A>(&mut self, bytes: &[u8], line: &Line<A>) {
        (self.seq, self.hash) = (line.seq, line::hash(bytes));
    }

    /// Goes on from a line that cannot be read, as if it were the act that was expected.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        (self.seq, self.hash) = (self.seq + 1, line::hash(bytes));
    }
}

impl Ledger {
    /// Opens the ledger in the store folder, making it where there is none, and reads it through:
    /// what a crash cut is set aside and told.
    ///
    /// # Errors
    /// Where the chain does not hold, another process has the ledger, or a file cannot be read.
    pub fn open(folder: &Path) -> Result<(Self, Vec<Diagnostic>), LedgerError> {
        Self::open_on(disk::real(), folder)
    }

    /// The same, on a disk of the caller's choice.
    pub(super) fn open_on(disk: Arc<dyn Disk>, folder: &Path) -> Result<(Self, Vec<Diagnostic>), LedgerError> {
        let ledger = folder.join("ledger");
        disk::make_folder(&*disk, &ledger)?;
        disk::make_folder(&*disk, &ledger.join("sealed"))?;
        let owned = files::own(&ledger)?;
        let mut notices = Vec::new();
        let mut chain = Chain::start();
        let mut parts = Vec::new();
        let files = line_files(folder)?;
        for (n, (year, path)) in files.iter().enumerate() {
            parts.push(Part { year: *year, path: path.clone(), after: chain.seq });
            check_file(&*disk, path, n + 1 == files.len(), &mut chain, &mut notices)?;
        }
        if let Some((_, path)) = sealed_files(folder)?.last() {
            cut_orphans(&*disk, path, chain.seq, &mut notices)?;
        }
        let mut open = Self {
            disk,
            folder: folder.to_path_buf(),
            parts,
            open: None,
            last_seq: chain.seq,
            last_hash: chain.hash,
            _owned: owned,
        };
        if let Some((year, _)) = files.last() {
            open.open = Some(open.open_year(*year)?);
        }
        Ok((open, notices))
    }

    /// Adds acts in one synced batch; gives their numbers, counted from 1 without a gap. Sealed
    /// values are written and synced first.
    ///
    /// # Errors
    /// Where they could not be written; then none of them is in the ledger.
    pub fn append(&mut self, acts: &[Act], now: Timestamp) -> Result<Vec<u64>, LedgerError> {
        if acts.is_empty() {
            return Ok(Vec::new());
        }
        self.turn_year(now)?;
        let (mut lines, mut seals, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        let mut chain = Chain { seq: self.last_seq, hash: self.last_hash.clone() };
        let batch = chain.seq + 1;
        let path = self.folder.join("ledger");
        for act in acts {
            let seq = chain.seq + 1;
            let (act, sealed) =
                seal::seal(act, seq, &mut random_salt).map_err(LedgerError::file("seal a value of", &path))?;
            let line = Line {
                seq,
                at: now,
                batch,
                prev: chain.hash.clone(),
                act,
                sealed: sealed.iter().map(|sealed| (sealed.place.clone(), sealed.hash.clone())).collect(),
            };
            let bytes = line.print().map_err(|error| LedgerError::file("print a line of", &path)(error.into()))?;
            chain.take(&bytes, &line);
            lines.extend_from_slice(&bytes);
            lines.push(b'\n');
            print_seals(&sealed, &mut seals).map_err(LedgerError::file("print a sealed value of", &path))?;
            numbers.push(seq);
        }
        let Some(open) = &mut self.open else { return Err(LedgerError::Stopped { path }) };
        let sealed_before = open.seals.length();
        let written = match seals.is_empty() {
            true => Ok(()),
            false => open.seals.append(&seals),
        }
        .and_then(|()| open.lines.append(&lines));
        if written.is_err() {
            // The next batch takes the same numbers: nothing of this one may lie under them.
            open.seals.take_back(sealed_before);
        }
        written?;
        (self.last_seq, self.last_hash) = (chain.seq, chain.hash);
        Ok(numbers)
    }

    /// The acts after a number, oldest first, with their sealed values. A value that was erased reads
    /// as `None`, as an empty list, or as "erased".
    ///
    /// # Errors
    /// Where a file cannot be read, or `after` is a number that the ledger never gave. Each act may
    /// be an error by itself.
    pub fn read(
        &self,
        after: u64,
    ) -> Result<impl Iterator<Item = Result<(u64, Timestamp, Act), LedgerError>> + use<>, LedgerError> {
        if after > self.last_seq {
            return Err(LedgerError::Behind { path: self.folder.join("ledger") });
        }
        // The last file that begins at or before the act wanted, and all that follow it; none where there is no
        // such act.
        let from = match after == self.last_seq {
            true => self.parts.len(),
            false => self.parts.iter().rposition(|part| part.after <= after).unwrap_or(0),
        };
        let parts = self.parts.get(from..).unwrap_or_default();
        let mut files = Vec::new();
        for part in parts {
            files.push((part.path.clone(), raw_lines(&part.path)?));
        }
        let year = parts.first().map_or(0, |part| part.year);
        let sealed = sealed_files(&self.folder)?.into_iter().filter(|(sealed, _)| *sealed >= year);
        let mut lying = Lying::new(sealed.map(|(_, path)| path).collect());
        let lines = files.into_iter().flat_map(|(path, lines)| lines.map(move |raw| (path.clone(), raw)));
        Ok(lines.filter_map(move |(path, raw)| read_line(&path, raw, after, &mut lying).transpose()))
    }

    /// Number of the last act; 0 where there is none.
    pub fn last(&self) -> u64 {
        self.last_seq
    }

    /// Erases the sealed values of some acts for good and tells how many; the chain still holds.
    ///
    /// # Errors
    /// Where a file cannot be rewritten; then its values are all still there.
    pub fn erase(&mut self, acts: &[u64]) -> Result<u64, LedgerError> {
        let mut erased = 0;
        for (_, path) in sealed_files(&self.folder)? {
            let (mut kept, mut here) = (Vec::new(), 0);
            for raw in raw_lines(&path)? {
                let bytes = raw?.bytes;
                match serde_json::from_slice::<Sealed>(&bytes) {
                    Ok(sealed) if acts.contains(&sealed.seq) && !sealed.erased() => {
                        here += 1;
                        print_seals(&[sealed.tombstone()], &mut kept).map_err(LedgerError::file("print", &path))?;
                    }
                    _ => {
                        kept.extend_from_slice(&bytes);
                        kept.push(b'\n');
                    }
                }
            }
            if here > 0 {
                disk::write_whole(&*self.disk, &path, &kept)?;
                erased += here;
            }
        }
        if let Some(open) = &mut self.open {
            // The file that was written to has been replaced under its name.
            open.seals = Growing::open(&*self.disk, open.seals.path())?;
        }
        Ok(erased)
    }

    /// Begins a new file with a new year. A clock that went back never reopens an old one.
    fn turn_year(&mut self, now: Timestamp) -> Result<(), LedgerError> {
        let year = u32::try_from(Offset::UTC.to_datetime(now).year()).unwrap_or(0);
        if self.open.as_ref().is_none_or(|open| open.year < year) {
            let open = self.open_year(year)?;
            self.parts.push(Part { year, path: open.lines.path().to_path_buf(), after: self.last_seq });
            self.open = Some(open);
        }
        Ok(())
    }

    fn open_year(&self, year: u32) -> Result<Open, LedgerError> {
        let (ledger, name) = (self.folder.join("ledger"), format!("{year:04}{ENDING}"));
        let open = |path: &Path| Growing::open(&*self.disk, path);
        let (lines, seals) = (open(&ledger.join(&name))?, open(&ledger.join("sealed").join(&name))?);
        Ok(Open { year, lines, seals })
    }
}

/// One act read with its sealed values; `None` where it is not after `after`.
fn read_line(
    path: &Path,
    raw: Result<Raw, LedgerError>,
    after: u64,
    lying: &mut Lying,
) -> Result<Option<(u64, Timestamp, Act)>, LedgerError> {
    let raw = raw?;
    let broken = |fault: Fault| LedgerError::broken(path, Some(raw.number), fault.to_string());
    let line = Line::parse(&raw.bytes).map_err(broken)?;
    if line.seq <= after {
        return Ok(None);
    }
    let (act, missing) = seal::join(line.act, &line.sealed, &lying.under(line.seq)?);
    for place in missing {
        tracing::warn!(act = line.seq, place, "a sealed value is missing; it reads as erased");
    }
    let act = act.map_err(|error| broken(Fault::Unknown(error.to_string())))?;
    Ok(Some((line.seq, line.at, act)))
}

/// Follows the chain through a file. What a crash cut at the end of the last one is set aside.
fn check_file(
    disk: &dyn Disk,
    path: &Path,
    last: bool,
    chain: &mut Chain,
    notices: &mut Vec<Diagnostic>,
) -> Result<(), LedgerError> {
    let mut lines = raw_lines(path)?;
    while let Some(raw) = lines.next() {
        let raw = raw?;
        let why = match chain.follow::<IgnoredAny>(&raw.bytes) {
            Ok(_) if raw.ended => continue,
            Ok(_) => {
                // An editor took the last line feed, or a crash did: the act itself is whole.
                return Ok(Growing::open(disk, path)?.append(b"\n")?);
            }
            Err(why) => why,
        };
        if !last || Line::parse(&raw.bytes) != Err(Fault::Unreadable) || goes_on(lines, chain.seq + 1)? {
            return Err(LedgerError::broken(path, Some(raw.number), why));
        }
        notices.push(disk::set_torn_aside(disk, path, raw.start)?);
        return Ok(());
    }
    Ok(())
}

/// Does a batch follow that was begun after act `seq` was synced? Then `seq` was not cut by a crash.
fn goes_on(lines: impl Iterator<Item = Result<Raw, LedgerError>>, seq: u64) -> Result<bool, LedgerError> {
    for raw in lines {
        if Line::parse(&raw?.bytes).is_ok_and(|line| line.batch > seq) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Sets aside the sealed values of a batch whose lines never reached the ledger.
fn cut_orphans(disk: &dyn Disk, path: &Path, last_seq: u64, notices: &mut Vec<Diagnostic>) -> Result<(), LedgerError> {
    for raw in raw_lines(path)? {
        let raw = raw?;
        let orphan = match serde_json::from_slice::<Sealed>(&raw.bytes) {
            Ok(sealed) => sealed.seq > last_seq,
            // In the middle of the file it is a fault, which `verify` names.
            Err(_) => !raw.ended,
        };
        if orphan {
            notices.push(disk::set_torn_aside(disk, path, raw.start)?);
            return Ok(());
        }
    }
    Ok(())
}

fn print_seals(sealed: &[Sealed], into: &mut Vec<u8>) -> std::io::Result<()> {
    for sealed in sealed {
        serde_json::to_writer(&mut *into, sealed)?;
        into.push(b'\n');
    }
    Ok(())
}

fn random_salt() -> std::io::Result<String> {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(hex(&salt))
}
