//! What lies where: the tables, their keys, and how values are written.
//!
//! One sled tree holds all tables, each under a letter, so that one batch over several of them is
//! atomic; those that grow with every story kept go on in files beside it (`bulk`). Ids, addresses and names come
//! from strangers and may be of any length: a key holds the first 16 bytes of their SHA-256, the value the thing
//! itself.

use std::cell::RefCell;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use zstd::bulk::Compressor;
use zstd::zstd_safe::{DCtx, ResetDirective};

/// A table, by the letter that its keys begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Table {
    /// id → `Judged`
    Story = b'S',
    /// address → id of its story
    Url = b'U',
    /// hash of the text → id of the first story with it
    Text = b'T',
    /// band, id → nothing
    Near = b'N',
    /// id, time → (id, `Visit`)
    Visit = b'Z',
    /// address → id of the story found there, or none
    Seen = b'V',
    /// id of the head, id → `Telling`
    Told = b'A',
    /// id, number of the act → `Review`
    Review = b'R',
    /// id → where it is listed: a key of `Waiting` or `Decided`
    Listed = b'L',
    /// falling score, captured, id → id
    Waiting = b'W',
    /// number of the act that first decided it, id → `InBrief`
    Decided = b'D',
    /// fingerprint → id
    Fingerprint = b'F',
    /// source, address → `Awaited`
    Awaited = b'w',
    /// feed → (feed, `Poll`)
    Poll = b'P',
    /// date, source → (date, source, `Health`)
    Health = b'H',
    /// count → `Quarantine`
    Quarantine = b'Q',
    /// number of the act → ids being erased
    Forget = b'O',
    /// week → (week, ids of events)
    Digest = b'G',
    /// id of the row, id of the event → (event, `Wording`)
    Worded = b'J',
    /// id, number of the act → (id, when, `Registered` or none)
    Register = b'b',
    /// file → (file, SHA-256) of a finished file of the archive
    Evidence = b'Y',
    /// period, number of the act → `Signed`
    Report = b'E',
    /// period, figure → `Quote`
    Quote = b'a',
    /// id → when the story was published, and which words may stand in it, as the bytes are
    Sieve = b'i',
    /// id → what near-duplicates are compared by, as the bytes are
    Sketch = b's',
    /// key of what may tie a candidate to others, falling time of capture, id → what it is compared by, as the bytes are
    Tie = b'C',
    /// id of a story's own case → id of the story
    Case = b'K',
    /// number of the act → (number, `CaseAct`, who, when)
    CaseAct = b'B',
    /// hash of the file → what was taken from it
    Import = b'I',
    /// the single rows
    Meta = b'M',
    /// key of a long value, part → bytes
    Part = b'X',
    /// number of the batch, part → rows of the bulk tables that stand in no file yet
    Recent = b'z',
}

/// The tables whose rows come with every story.
const BULK: [Table; 10] = [
    Table::Story,
    Table::Url,
    Table::Text,
    Table::Near,
    Table::Seen,
    Table::Told,
    Table::Sieve,
    Table::Sketch,
    Table::Tie,
    Table::Case,
];

/// Is this a key, or the beginning of one, of a table that is kept in `bulk`?
pub(super) fn is_bulk(key: &[u8]) -> bool {
    BULK.iter().any(|table| key.first() == Some(&(*table as u8)))
}

/// A row that stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    Schema,
    AppliedSeq,
    AppliedPosition,
    RuleSet,
    Stories,
    Waiting,
    Decided,
    Quarantined,
    /// The files of the bulk tables that count.
    Files,
}

/// A key of a table.
pub(super) fn key(table: Table, rest: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + rest.len());
    key.push(table as u8);
    key.extend_from_slice(rest);
    key
}

/// A key of two parts; the first has a fixed length.
pub(super) fn pair(table: Table, first: &[u8], second: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + first.len() + second.len());
    key.push(table as u8);
    key.extend_from_slice(first);
    key.extend_from_slice(second);
    key
}

/// The first key that does not begin so, and stands behind all that do.
pub(super) fn after(prefix: &[u8]) -> Vec<u8> {
    let mut after = prefix.to_vec();
    while let Some(last) = after.pop() {
        if last < u8::MAX {
            after.push(last + 1);
            return after;
        }
    }
    vec![u8::MAX; 64]
}

/// The key of a single row.
pub(super) fn key_of(row: Row) -> Vec<u8> {
    key(
        Table::Meta,
        match row {
            Row::Schema => b"schema",
            Row::AppliedSeq => b"applied seq",
            Row::AppliedPosition => b"applied position",
            Row::RuleSet => b"rule set",
            Row::Stories => b"stories",
            Row::Waiting => b"waiting",
            Row::Decided => b"decided",
            Row::Quarantined => b"quarantined",
            Row::Files => b"files",
        },
    )
}

/// 16 bytes that stand for a string of any length.
pub(super) fn short(string: &str) -> [u8; 16] {
    hash(string.as_bytes())
}

/// Bytes again, from hexadecimal digits.
pub(super) fn bytes_of_hex<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let whole = digits.len() == 2 * N && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    for (byte, at) in bytes.iter_mut().zip((0..2 * N).step_by(2)) {
        *byte = u8::from_str_radix(digits.get(at..at + 2).filter(|_| whole)?, 16).ok()?;
    }
    Some(bytes)
}

/// 16 bytes that stand for bytes of any number.
pub(super) fn hash(bytes: &[u8]) -> [u8; 16] {
    let mut hash = [0; 16];
    hash.copy_from_slice(&Sha256::digest(bytes)[..16]);
    hash
}

/// First byte of a value: JSON as it is, or compressed by zstd.
const JSON: u8 = 1;
const ZSTD: u8 = 2;
/// JSON longer than this is compressed, in bytes.
const LONG: usize = 512;
const LEVEL: i32 = 3;
/// A buffer that a value made larger than this is not kept, in bytes.
const ROOMY: usize = 1 << 20;
/// Most bytes of a value after decompression.
const MOST: u64 = 1 << 30;

/// A value as it is kept.
pub(super) fn encode<T: Serialize + ?Sized>(value: &T) -> std::io::Result<Vec<u8>> {
    let json = serde_json::to_vec(value)?;
    let (form, mut bytes) = match json.len() > LONG {
        true => (ZSTD, PACKER.with_borrow_mut(|packer| pack(packer, &json))?),
        false => (JSON, json),
    };
    bytes.insert(0, form);
    Ok(bytes)
}

fn pack(packer: &mut Option<Compressor<'static>>, json: &[u8]) -> std::io::Result<Vec<u8>> {
    match packer {
        Some(packer) => packer.compress(json),
        none => none.insert(Compressor::new(LEVEL)?).compress(json),
    }
}

/// The value again, or why it cannot be read.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    UNPACKER.with_borrow_mut(|unpacker| unpacker.decode(bytes))
}

thread_local! {
    // A context takes longer to make than a value to pack.
    static PACKER: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Unpacker> = RefCell::default();
}

/// Reads many values with one set of buffers: making them anew costs more than a short value takes to read.
#[derive(Default)]
struct Unpacker {
    context: Option<DCtx<'static>>,
    json: Vec<u8>,
}

impl Unpacker {
    fn decode<T: DeserializeOwned>(&mut self, bytes: &[u8]) -> Result<T, String> {
        let compressed = match bytes.split_first() {
            Some((&JSON, json)) => return serde_json::from_slice(json).map_err(|error| error.to_string()),
            Some((&ZSTD, compressed)) => compressed,
            Some((version, _)) => return Err(format!("a value of the unknown form {version}")),
            None => return Err("an empty value".to_owned()),
        };
        self.json.clear();
        let context = self.context.get_or_insert_with(DCtx::create);
        // What a damaged value left in it does not reach the next.
        context.reset(ResetDirective::SessionOnly).map_err(|code| zstd::zstd_safe::get_error_name(code).to_owned())?;
        let reader = zstd::stream::Decoder::with_context(compressed, context);
        std::io::Read::read_to_end(&mut std::io::Read::take(reader, MOST), &mut self.json)
            .map_err(|error| error.to_string())?;
        let value = serde_json::from_slice(&self.json).map_err(|error| error.to_string());
        if self.json.capacity() > ROOMY {
            self.json = Vec::new();
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back() {
        for text in ["", "сөз", &"сөз бостандығы ".repeat(1000)] {
            let bytes = encode(text).unwrap();
            assert!(bytes.len() < 600);
            assert_eq!(decode::<String>(&bytes).as_deref(), Ok(text));
        }
    }

    #[test]
    fn scores_come_back_to_the_last_bit() {
        for score in [0.1 + 0.2, 0.987_654_321_098_765_4, f64::MIN_POSITIVE, 1.0 / 3.0] {
            assert_eq!(decode::<f64>(&encode(&score).unwrap()), Ok(score));
        }
    }

    #[test]
    fn what_is_no_value_is_told() {
        for bytes in [&[][..], &[9, 1], &[JSON], &[ZSTD, 1, 2], b"\x01{"] {
            assert!(decode::<String>(bytes).is_err(), "{bytes:?}");
        }
    }
}
