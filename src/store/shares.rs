//! Reading many rows by several threads.

use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;

use super::StoreError;

/// What becomes of some things, in their order, each share of them in a thread of its own.
pub(super) fn in_shares<I: Sync, T: Send>(
    all: &[I],
    read: impl Fn(&[I]) -> Result<Vec<T>, StoreError> + Sync,
) -> Result<Vec<T>, StoreError> {
    let share = all.len().div_ceil(rayon::current_num_threads()).max(1);
    let shares: Vec<Vec<T>> = all.par_chunks(share).map(&read).collect::<Result<_, _>>()?;
    Ok(shares.into_iter().flatten().collect())
}
