//! One line of the ledger: printed, parsed, and checked against its own sum.
//!
//! ```json
//! {"seq":3,"at":"2017-11-16T08:00:00Z","batch":2,"prev":"<SHA-256 of the line before>","act":{…},"sealed":{…},"sum":"<16 digits>"}
//! ```
//!
//! `prev` chains the lines; `sum` (over everything before it) finds a change in the last line too, and
//! tells a changed line from one that a crash cut. `batch` is the first `seq` of the lines that
//! were synced together.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::model::hex;

/// `prev` of the first line.
pub(super) const NONE_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

const SUM_KEY: &[u8] = b",\"sum\":\"";
const SUM_DIGITS: usize = 16;
const SUM_END: &[u8] = b"\"}";

/// A line, its sealed values still apart, with what is read of its act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Line<A = Value> {
    /// Counted from 1 without a gap.
    pub(super) seq: u64,
    /// When it was recorded.
    pub(super) at: Timestamp,
    /// `seq` of the first line that was synced together with this one.
    pub(super) batch: u64,
    /// SHA-256 of the line before, without its line feed.
    pub(super) prev: String,
    /// The act; sealed values are taken out.
    pub(super) act: A,
    /// Salted hashes of the values taken out, by their place in the act.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) sealed: BTreeMap<String, String>,
}

/// Why bytes are no line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// No JSON: cut short, or overwritten.
    Unreadable,
    /// JSON, but not what was written.
    Changed,
    /// As it was written, but nothing that this version knows.
    Unknown(String),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable => f.write_str("this is no line of the ledger: it was cut or overwritten"),
            Self::Changed => f.write_str("this line was changed after it was written: its sum is another"),
            Self::Unknown(why) => write!(f, "this line was written by another version of sozwatch ({why})"),
        }
    }
}

impl Line {
    /// The line without its line feed.
    pub(super) fn print(&self) -> serde_json::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.pop();
        let sum = sum(&bytes);
        bytes.extend_from_slice(SUM_KEY);
        bytes.extend_from_slice(sum.as_bytes());
        bytes.extend_from_slice(SUM_END);
        Ok(bytes)
    }

    /// Reads a line without its line feed.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        Self::reading(bytes)
    }
}

impl<A: DeserializeOwned> Line<A> {
    /// The same, with what `A` reads of its act.
    pub(super) fn reading(bytes: &[u8]) -> Result<Self, Fault> {
        if !sum_holds(bytes) {
            let json = serde_json::from_slice::<IgnoredAny>(bytes).is_ok();
            return Err(if json { Fault::Changed } else { Fault::Unreadable });
        }
        serde_json::from_slice(bytes).map_err(|error| Fault::Unknown(error.to_string()))
    }
}

/// SHA-256 of a line without its line feed: the `prev` of the next.
pub(super) fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn sum(body: &[u8]) -> String {
    let mut digits = hash(body);
    digits.truncate(SUM_DIGITS);
    digits
}

fn sum_holds(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_suffix(SUM_END) else { return false };
    let Some((rest, digits)) = rest.split_at_checked(rest.len().saturating_sub(SUM_DIGITS)) else { return false };
    rest.strip_suffix(SUM_KEY).is_some_and(|body| sum(body).as_bytes() == digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line() -> Line {
        Line {
            seq: 7,
            at: "2017-11-16T08:00:00Z".parse().unwrap(),
            batch: 6,
            prev: NONE_BEFORE.to_owned(),
            act: serde_json::json!({"rule_set": {"version": "1.0"}}),
            sealed: BTreeMap::new(),
        }
    }

    #[test]
    fn a_line_comes_back() {
        let bytes = line().print().unwrap();
        assert_eq!(Line::parse(&bytes), Ok(line()));
        // Whoever reads the file with another tool finds plain JSON.
        assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap()["seq"], 7);
    }

    #[test]
    fn cut_changed_and_unknown_are_told_apart() {
        let bytes = line().print().unwrap();
        let check = |bytes: &[u8], expect: Fault| assert_eq!(Line::parse(bytes), Err(expect));
        check(&bytes[..bytes.len() - 3], Fault::Unreadable);
        check(b"", Fault::Unreadable);
        check(&[0; 40], Fault::Unreadable);
        let changed = String::from_utf8(bytes).unwrap().replace("1.0", "1.1");
        check(changed.as_bytes(), Fault::Changed);
        check(b"{\"seq\":7}", Fault::Changed);
        let body = b"{\"seq\":\"seven\"";
        let unknown = [body.as_slice(), SUM_KEY, sum(body).as_bytes(), SUM_END].concat();
        assert!(matches!(Line::parse(&unknown), Err(Fault::Unknown(_))));
    }

    proptest! {
        #[test]
        fn every_changed_byte_is_found(at in 0_usize..300, to in any::<u8>()) {
            let mut bytes = line().print().unwrap();
            let at = at % bytes.len();
            prop_assume!(bytes[at] != to);
            bytes[at] = to;
            prop_assert!(Line::parse(&bytes).is_err());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = Line::parse(&bytes);
        }
    }
}
