//! The rows that stand in no run yet. They are in memory to be read, and in sled to outlive the process.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use super::run::{Row, first_of};

/// What a row takes in memory beside its bytes: nodes of the map, and the allocator's own.
const AROUND: usize = 96;

/// A key with its first eight bytes as a number, so that most are compared without following a pointer.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(u64, Vec<u8>);

impl Key {
    fn new(key: Vec<u8>) -> Self {
        Self(first_of(&key), key)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.1
    }
}

/// Rows by key, and what they take.
#[derive(Debug, Default)]
pub(super) struct Recent {
    rows: RwLock<Rows>,
}

#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) by_key: BTreeMap<Key, Option<Vec<u8>>>,
    /// In bytes, about.
    pub(super) size: usize,
}

impl Rows {
    /// Is there a key that begins so?
    pub(super) fn has_any(&self, beginning: &[u8]) -> bool {
        let mut from = self.by_key.range(Key::new(beginning.to_vec())..);
        from.next().is_some_and(|(key, _)| key.bytes().starts_with(beginning))
    }
}

impl Recent {
    pub(super) fn get(&self, key: &[u8]) -> Option<Option<Vec<u8>>> {
        self.read().by_key.get(&Key::new(key.to_vec())).cloned()
    }

    /// The first row from a bound on.
    pub(super) fn next(&self, from: Bound<&[u8]>) -> Option<Row> {
        let rows = self.read();
        let from = from.map(|key| Key::new(key.to_vec()));
        let (key, value) = rows.by_key.range((from, Bound::Unbounded)).next()?;
        Some((key.1.clone(), value.clone()))
    }

    pub(super) fn lay(&self, changes: Vec<Row>) {
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        for (key, value) in changes {
            rows.size += AROUND + key.len() + value.as_ref().map_or(0, Vec::len);
            rows.by_key.insert(Key::new(key), value);
        }
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, Rows> {
        self.rows.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Rows one after the other: `length of the key: u8 | 1 + length of the value, or 0: u32 LE | key | value`.
pub(in crate::store) fn pack(rows: &[Row]) -> Vec<u8> {
    let mut packed = Vec::new();
    for (key, value) in rows {
        packed.push(key.len() as u8);
        packed.extend(value.as_ref().map_or(0, |value| value.len() as u32 + 1).to_le_bytes());
        packed.extend(key);
        packed.extend(value.as_deref().unwrap_or_default());
    }
    packed
}

/// The rows again; `None` where these are no such bytes.
pub(in crate::store) fn unpack(mut packed: &[u8]) -> Option<Vec<Row>> {
    let mut rows = Vec::new();
    while let Some((&key, rest)) = packed.split_first() {
        let (counted, rest) = rest.split_first_chunk::<4>()?;
        let counted = u32::from_le_bytes(*counted) as usize;
        let (key, rest) = rest.split_at_checked(usize::from(key))?;
        let (value, rest) = rest.split_at_checked(counted.saturating_sub(1))?;
        rows.push((key.to_vec(), (counted > 0).then(|| value.to_vec())));
        packed = rest;
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_come_back(rows: Vec<(Vec<u8>, Option<Vec<u8>>)>) {
            let rows: Vec<Row> = rows.into_iter().filter(|(key, _)| key.len() < 256).collect();
            let packed = pack(&rows);
            prop_assert_eq!(unpack(&packed), Some(rows));
        }

        #[test]
        fn other_bytes_are_no_rows_and_no_panic(bytes: Vec<u8>) {
            let _ = unpack(&bytes);
        }
    }
}
