//! The stories that hold certain words, found by their sieves.

use super::index::Look as _;
use super::shares::in_shares;
use super::table::{Table, key};
use super::{Store, StoreError};
use crate::model::Judged;

/// Stories read between two looks at the sieves.
const BATCH: usize = 4_096;

impl Store {
    /// What `made` makes of the stories whose sieve is let through, in the order of their keys, told one by one: no
    /// more than a batch of them is held.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn sifted<T: Send>(
        &self,
        may_hold: impl Fn(&[u8]) -> bool,
        made: impl Fn(Judged) -> Option<T> + Sync,
        mut told: impl FnMut(T),
    ) -> Result<(), StoreError> {
        let mut sieves = self.index.scan(&key(Table::Sieve, &[]));
        let read = |keys: &[Vec<u8>]| {
            let stories = keys.iter().filter_map(|key| self.index.get(key).transpose());
            stories.filter_map(|judged| judged.map(&made).transpose()).collect()
        };
        loop {
            let mut keys = Vec::new();
            for row in sieves.by_ref() {
                let (row, sieve) = row?;
                if may_hold(&sieve) {
                    keys.push(key(Table::Story, &row[1..]));
                }
                if keys.len() == BATCH {
                    break;
                }
            }
            if keys.is_empty() {
                return Ok(());
            }
            in_shares(&keys, read)?.into_iter().for_each(&mut told);
        }
    }
}
