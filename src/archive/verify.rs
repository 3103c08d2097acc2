//! Reading the archive again, byte by byte: every sum of every record, and the digest of every finished
//! day. It goes on after a fault and names each by file and record.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{ArchiveError, FOLDER, Reader, Record, Summed, digest_of, files, http, stamp};
use crate::model::{Diagnostic, hex};

/// How a file was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// As it was when it was finished; or unfinished yet, with every record whole.
    Whole,
    /// Its bytes are others, or a record's are.
    Changed,
    /// The ledger knows it and it is not there.
    Missing,
}

/// What reading the archive again came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Records whose sums hold.
    pub records: u64,
    /// Each file, oldest first.
    pub files: BTreeMap<String, FileState>,
    /// Finished files with a time-stamp token that speaks of the digest in the ledger.
    pub stamped: u64,
    /// What was changed or lost, and where.
    pub faults: Vec<Diagnostic>,
    /// Pages that were erased on purpose.
    pub erased: u64,
    /// SHA-256 of the page in each response and resource record, by file and record id.
    #[serde(skip)]
    pub pages: BTreeMap<(String, String), String>,
    /// The erased pages, by file and record id.
    #[serde(skip)]
    pub gone: BTreeSet<(String, String)>,
}

/// Checks every file of the archive under the store folder against itself and against what the ledger
/// says of finished files. It writes nothing.
///
/// # Errors
/// Where a file cannot be read at all.
pub fn verify(store: &Path, finished: &[Summed]) -> Result<Checked, ArchiveError> {
    let mut checked = Checked::default();
    let mut names = files(store)?;
    for summed in finished.iter().filter(|summed| !names.contains(&summed.file)) {
        checked.files.insert(summed.file.clone(), FileState::Missing);
        checked.fault(store, &summed.file, "the ledger knows this file and it is not there".to_owned());
    }
    let last = names.last().cloned();
    for name in names.drain(..) {
        let summed = finished.iter().find(|summed| summed.file == name);
        checked.file(store, &name, summed, last.as_ref() == Some(&name))?;
    }
    Ok(checked)
}

impl Checked {
    fn fault(&mut self, store: &Path, file: &str, message: String) {
        let path = store.join(FOLDER).join(file).display().to_string();
        self.faults.push(Diagnostic::new(path, message).help("put the file back from a copy"));
    }

    fn file(&mut self, store: &Path, name: &str, summed: Option<&Summed>, last: bool) -> Result<(), ArchiveError> {
        let path = store.join(FOLDER).join(name);
        let length = |path: &Path| std::fs::metadata(path).map(|data| data.len());
        let before = length(&path).map_err(ArchiveError::file("read", &path))?;
        let faults = self.faults.len();
        let mut reader = Reader::open(&path, 0).map_err(ArchiveError::file("read", &path))?;
        while let Some(record) = reader.next_record() {
            match record {
                Ok(record) => match check_record(&record) {
                    Ok(page) => {
                        self.records += 1;
                        if let Some(sum) = page {
                            self.pages.insert((name.to_owned(), record.id().to_owned()), sum);
                        }
                        for id in erased_by(&record) {
                            self.erased += 1;
                            self.gone.insert((name.to_owned(), id.to_owned()));
                        }
                    }
                    Err(why) => {
                        let message = format!("the record {} at byte {}: {why}", record.id(), record.at);
                        self.fault(store, name, message);
                    }
                },
                // What a running process is just adding counts as not there yet.
                Err(_) if last && summed.is_none() && length(&path).ok() != Some(before) => break,
                Err(fault) => self.fault(store, name, fault.to_string()),
            }
        }
        if let Some(summed) = summed {
            let (sha256, bytes) = digest_of(&path)?;
            if sha256 != summed.sha256 {
                let message = match bytes == summed.bytes {
                    true => "its bytes are not those whose digest the ledger holds".to_owned(),
                    false => format!("it has {bytes} bytes; it had {} when the ledger took its digest", summed.bytes),
                };
                self.fault(store, name, message);
            }
            self.token(store, summed)?;
        }
        let finding = if self.faults.len() > faults { FileState::Changed } else { FileState::Whole };
        self.files.insert(name.to_owned(), finding);
        Ok(())
    }

    /// Does the token beside a file, where there is one, speak of the digest that the ledger holds?
    fn token(&mut self, store: &Path, summed: &Summed) -> Result<(), ArchiveError> {
        let path = stamp::path(store, &summed.file);
        if !path.exists() {
            return Ok(());
        }
        let token = std::fs::read(&path).map_err(ArchiveError::file("read", &path))?;
        match stamp::read(&token) {
            Ok(token) if token.digest == summed.sha256 => self.stamped += 1,
            Ok(_) => {
                let message = "the time-stamp token beside it speaks of other bytes".to_owned();
                self.fault(store, &summed.file, message);
            }
            Err(why) => {
                let message = format!("the time-stamp token beside it cannot be read: {why}");
                self.fault(store, &summed.file, message);
            }
        }
        Ok(())
    }
}

/// The ids of pages in whose place a record stands.
fn erased_by(record: &Record) -> impl Iterator<Item = &str> {
    let block = if record.kind() == "metadata" { std::str::from_utf8(&record.block).unwrap_or_default() } else { "" };
    block.lines().take(1).filter_map(|line| line.strip_prefix("erased: ")).map(str::trim)
}

/// Checks the sums of a record; gives the SHA-256 of its page, where it holds one.
fn check_record(record: &Record) -> Result<Option<String>, String> {
    if record.cut {
        return Err("its block is too long to be checked".to_owned());
    }
    let sum = |bytes: &[u8]| hex(&Sha256::digest(bytes));
    let holds = |name: &str, bytes: &[u8]| match record.header(name).and_then(|value| value.strip_prefix("sha256:")) {
        Some(given) if given == sum(bytes) => Ok(()),
        Some(_) => Err("its bytes are not those that were written: the sum is another".to_owned()),
        None => Err("it carries no sum of its bytes".to_owned()),
    };
    holds("warc-block-digest", &record.block)?;
    let page = match record.kind() {
        "response" => {
            let answer = http::read_answer(&record.block).ok_or("it holds no HTTP answer")?;
            &record.block[answer.body_at..]
        }
        "resource" => &record.block[..],
        _ => return Ok(None),
    };
    holds("warc-payload-digest", page)?;
    Ok(Some(sum(page)))
}
