//! Reading many rows by several threads.

use super::StoreError;

/// Most threads that read at once.
const READERS: usize = 4;

/// What becomes of some things, in their order, each share of them in a thread of its own.
pub(super) fn in_shares<I: Sync, T: Send>(
    all: &[I],
    read: impl Fn(&[I]) -> Result<Vec<T>, StoreError> + Sync,
) -> Result<Vec<T>, StoreError> {
    let readers = std::thread::available_parallelism().map_or(1, usize::from).min(READERS);
    let share = all.len().div_ceil(readers).max(1);
    let mut done = Vec::with_capacity(all.len());
    std::thread::scope(|scope| {
        let threads: Vec<_> = all.chunks(share).map(|share| scope.spawn(|| read(share))).collect();
        for thread in threads {
            match thread.join() {
                Ok(share) => done.extend(share?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(done)
    })
}
