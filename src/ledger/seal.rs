//! Sealed values: what a person typed that may name somebody lies beside the ledger.
//!
//! The line of the ledger keeps only a salted hash, so that a value can be erased and the chain still
//! holds: without its salt, a short value cannot be guessed from the hash. A value erased on
//! purpose leaves a tombstone; a value that is missing without one is a fault.

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{Act, LedgerError};
use crate::model::hex;

/// Where such values stand in an act, as JSON pointers (RFC 6901).
const PLACES: &[&str] = &[
    "/review/note",
    "/review/card/headline",
    "/review/card/targets",
    "/review/card/claimants",
    "/review/by_hand/title",
    "/review/by_hand/source",
    "/review/by_hand/url",
    "/review/by_hand/attachments",
    "/review/fingerprint",
    "/review/takes_back",
    "/worded/wording/headline",
    "/worded/wording/summary",
    "/register/entry",
];

/// A required value that was erased reads as this word.
const ERASED: &str = "erased";

/// A sealed value: one line of `ledger/sealed/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Sealed {
    /// The act it belongs to.
    pub(super) seq: u64,
    /// Its place in the act.
    pub(super) place: String,
    /// The salted hash, as the act's line carries it.
    pub(super) hash: String,
    /// Hexadecimal digits; gone when erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) salt: Option<String>,
    /// The value; gone when erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<Value>,
}

impl Sealed {
    /// Was it erased on purpose?
    pub(super) fn erased(&self) -> bool {
        self.salt.is_none() && self.value.is_none()
    }

    /// Does the value still give the hash?
    pub(super) fn holds(&self) -> bool {
        match (&self.salt, &self.value) {
            (Some(salt), Some(value)) => hash(salt, value) == self.hash,
            _ => false,
        }
    }

    /// What remains of it once it is erased.
    pub(super) fn tombstone(&self) -> Self {
        Self { salt: None, value: None, ..self.clone() }
    }
}

fn hash(salt: &str, value: &Value) -> String {
    let mut hasher = Sha256::new();
    hasher.update(salt.as_bytes());
    hasher.update(b"\n");
    hasher.update(value.to_string().as_bytes());
    hex(&hasher.finalize())
}

/// An act with its sealed values taken out: for the ledger, and for the file beside it.
pub(super) fn seal(
    act: &Act,
    seq: u64,
    salt: &mut dyn FnMut() -> std::io::Result<String>,
) -> std::io::Result<(Value, Vec<Sealed>)> {
    let mut open = serde_json::to_value(act)?;
    let mut sealed = Vec::new();
    for place in PLACES {
        let Some(value) = open.pointer_mut(place) else { continue };
        let empty = match value {
            Value::Array(_) => Value::Array(Vec::new()),
            Value::Object(_) => Value::Object(serde_json::Map::new()),
            _ if matches!(*place, "/review/fingerprint" | "/review/takes_back") => Value::String(String::new()),
            _ => Value::Null,
        };
        if *value == empty {
            continue;
        }
        let value = std::mem::replace(value, empty);
        let salt = salt()?;
        sealed.push(Sealed {
            seq,
            place: (*place).to_owned(),
            hash: hash(&salt, &value),
            salt: Some(salt),
            value: Some(value),
        });
    }
    Ok((open, sealed))
}

/// How a sealed value was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// As it was written.
    Whole,
    /// Erased on purpose.
    Erased,
    /// Neither there nor erased, or changed.
    Missing,
}

/// Looks for a value among what lies under its act.
pub(super) fn find<'a>(place: &str, hash: &str, lying: &'a [Sealed]) -> (Found, Option<&'a Value>) {
    let mut found = Found::Missing;
    for sealed in lying.iter().filter(|sealed| sealed.place == place && sealed.hash == hash) {
        if sealed.holds() {
            return (Found::Whole, sealed.value.as_ref());
        }
        if sealed.erased() {
            found = Found::Erased;
        }
    }
    (found, None)
}

/// Puts the sealed values back into their act. What is not there any more stays empty; where the
/// act must have a value, it reads as "erased". Tells the places where a value is missing.
pub(super) fn join(
    mut open: Value,
    hashes: &BTreeMap<String, String>,
    lying: &[Sealed],
) -> (serde_json::Result<Act>, Vec<String>) {
    let mut missing = Vec::new();
    for (place, hash) in hashes {
        let (found, value) = find(place, hash, lying);
        if found == Found::Missing {
            missing.push(place.clone());
        }
        if let Some(slot) = open.pointer_mut(place) {
            match value {
                Some(value) => *slot = value.clone(),
                None if place.ends_with("/source") => *slot = ERASED.into(),
                None => {}
            }
        }
    }
    (serde_json::from_value(open), missing)
}

/// Reads sealed values in the order of their acts, beside the ledger, keeping one act's in memory.
pub(super) struct Lying {
    files: std::vec::IntoIter<PathBuf>,
    open: Option<std::io::BufReader<std::fs::File>>,
    next: Option<Sealed>,
    /// Places (file, line) that hold no sealed value.
    pub(super) unreadable: Vec<(PathBuf, usize)>,
    file: PathBuf,
    line: usize,
}

impl Lying {
    pub(super) fn new(files: Vec<PathBuf>) -> Self {
        let (open, next, unreadable) = (None, None, Vec::new());
        Self { files: files.into_iter(), open, next, unreadable, file: PathBuf::new(), line: 0 }
    }

    /// What lies under an act; acts are asked for in rising order.
    pub(super) fn under(&mut self, seq: u64) -> Result<Vec<Sealed>, LedgerError> {
        let mut lying = Vec::new();
        loop {
            let Some(sealed) = self.next.take().map_or_else(|| self.read(), |sealed| Ok(Some(sealed)))? else {
                return Ok(lying);
            };
            match sealed.seq.cmp(&seq) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => lying.push(sealed),
                std::cmp::Ordering::Greater => {
                    self.next = Some(sealed);
                    return Ok(lying);
                }
            }
        }
    }

    fn read(&mut self) -> Result<Option<Sealed>, LedgerError> {
        let mut bytes = Vec::new();
        loop {
            let Some(open) = &mut self.open else {
                let Some(file) = self.files.next() else { return Ok(None) };
                let opened = std::fs::File::open(&file).map_err(LedgerError::file("read", &file))?;
                (self.open, self.file, self.line) = (Some(std::io::BufReader::new(opened)), file, 0);
                continue;
            };
            bytes.clear();
            if open.read_until(b'\n', &mut bytes).map_err(LedgerError::file("read", &self.file))? == 0 {
                self.open = None;
                continue;
            }
            self.line += 1;
            match serde_json::from_slice(&bytes) {
                Ok(sealed) => return Ok(Some(sealed)),
                Err(_) => self.unreadable.push((self.file.clone(), self.line)),
            }
        }
    }
}
