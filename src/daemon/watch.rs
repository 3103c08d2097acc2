//! Each source on its own clock, under one cap: a source that is slow delays itself and nobody else.
//! It knows neither network nor records; what asking a source means it is given.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};

/// A source is never asked again sooner than this after it was.
pub(super) const BREATH: Duration = Duration::from_secs(5);
/// The clock is looked at as often as this, since it may be set.
const LOOK: Duration = Duration::from_secs(5);
/// A clock is set back by so much without anything having gone wrong.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(2);

/// What watching is about.
pub(super) struct Watch<'a, E> {
    /// How many sources there are; they are named by their position.
    pub(super) sources: usize,
    /// Most sources asked at once.
    pub(super) most: usize,
    /// The time.
    pub(super) clock: &'a dyn Fn() -> Timestamp,
    /// When a source is to be asked next.
    pub(super) due: &'a dyn Fn(usize) -> Result<Timestamp, E>,
    /// Told whenever the clock was looked at.
    pub(super) beat: &'a dyn Fn(),
}

impl<E> Watch<'_, E> {
    /// Asks every source when it is due, the one that has been due the longest first, and never one twice at
    /// once. Ends only by an error.
    ///
    /// # Errors
    /// What asking a source or looking when it is due gave.
    pub(super) async fn run<F>(&self, ask: impl Fn(usize) -> F) -> Result<std::convert::Infallible, E>
    where
        F: Future<Output = Result<(), E>>,
    {
        let mut waiting = self.all_due(0..self.sources)?;
        let mut under_way = FuturesUnordered::new();
        let mut last = (self.clock)();
        loop {
            (self.beat)();
            let now = (self.clock)();
            if last.duration_since(now) > CLOCKS_DIFFER {
                // What the clock gave before it was set back is worth nothing.
                let idle: Vec<usize> = waiting.iter().map(|(_, source)| *source).collect();
                waiting = self.all_due(idle)?;
            }
            last = now;
            while under_way.len() < self.most.max(1)
                && let Some((_, source)) = waiting.first().copied().filter(|(due, _)| *due <= now)
            {
                waiting.pop_first();
                let asking = ask(source);
                under_way.push(async move { (source, asking.await) });
            }
            let room = under_way.len() < self.most.max(1);
            let next = waiting.first().filter(|_| room).map(|(due, _)| now.duration_until(*due));
            let wait = next.map_or(LOOK, |next| Duration::try_from(next).unwrap_or_default().min(LOOK));
            tokio::select! {
                Some((source, asked)) = under_way.next() => {
                    asked?;
                    let soonest = (self.clock)().checked_add(BREATH).unwrap_or(Timestamp::MAX);
                    waiting.insert(((self.due)(source)?.max(soonest), source));
                }
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    fn all_due(&self, sources: impl IntoIterator<Item = usize>) -> Result<BTreeSet<(Timestamp, usize)>, E> {
        sources.into_iter().map(|source| Ok(((self.due)(source)?, source))).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    const START: i64 = 1_510_790_400;

    /// Watches for so many seconds of a clock that steps with tokio's; `jump` is added to it from the given
    /// second on. A source takes `takes` seconds and is due `every` seconds after it was asked. Tells when each
    /// was asked, in seconds of the steady clock, and how many were asked at once at most.
    async fn watched(seconds: u64, most: usize, sources: &[(u64, i64)], jump: (u64, i64)) -> (Vec<Vec<u64>>, usize) {
        let begun = tokio::time::Instant::now();
        let steady = || begun.elapsed().as_secs();
        let clock = || {
            let jumped = if steady() >= jump.0 { jump.1 } else { 0 };
            Timestamp::from_second(START + steady() as i64 + jumped).unwrap()
        };
        let asked = RefCell::new(vec![Vec::new(); sources.len()]);
        let next: RefCell<Vec<Option<(Timestamp, Timestamp)>>> = RefCell::new(vec![None; sources.len()]);
        let (at_once, most_at_once) = (Cell::new(0), Cell::new(0));
        let due = |source: usize| -> Result<Timestamp, ()> {
            // As the desk reckons: one that answered in what is now the future is due.
            Ok(match next.borrow()[source] {
                Some((due, answered)) if answered <= clock() => due,
                _ => Timestamp::MIN,
            })
        };
        let watch = Watch { sources: sources.len(), most, clock: &clock, due: &due, beat: &|| {} };
        let (asked_by, next_by) = (&asked, &next);
        let (at_once, most_at_once) = (&at_once, &most_at_once);
        let ask = |source: usize| async move {
            let (takes, every) = sources[source];
            asked_by.borrow_mut()[source].push(steady());
            at_once.set(at_once.get() + 1);
            most_at_once.set(most_at_once.get().max(at_once.get()));
            tokio::time::sleep(Duration::from_secs(takes)).await;
            at_once.set(at_once.get() - 1);
            next_by.borrow_mut()[source] = Some((clock() + SignedDuration::from_secs(every), clock()));
            Ok(())
        };
        let ended = tokio::time::timeout(Duration::from_secs(seconds), watch.run(ask)).await;
        assert!(ended.is_err(), "it does not end by itself");
        (asked.take(), most_at_once.get())
    }

    fn run<T>(test: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(test)
    }

    #[test]
    fn a_slow_source_delays_itself_only() {
        let (asked, _) = run(watched(3_599, 8, &[(1_000, 60), (1, 59), (0, 119)], (0, 0)));
        assert_eq!(asked[0], [0, 1_060, 2_120, 3_180]);
        assert_eq!(asked[1], (0..60).map(|turn| turn * 60).collect::<Vec<_>>());
        assert_eq!(asked[2].len(), 31);
        assert!(asked[2].windows(2).all(|pair| pair[1] - pair[0] == 119), "{:?}", asked[2]);
    }

    #[test]
    fn no_more_are_asked_at_once_than_is_allowed_and_none_is_forgotten() {
        let sources: Vec<(u64, i64)> = (0..40).map(|_| (10, 300)).collect();
        let (asked, at_once) = run(watched(1_000, 4, &sources, (0, 0)));
        assert_eq!(at_once, 4);
        assert!(asked.iter().all(|times| times.len() >= 2), "{asked:?}");
        // Whoever has been due the longest comes first.
        assert!(asked.windows(2).all(|pair| pair[0][0] <= pair[1][0]), "{asked:?}");
    }

    #[test]
    fn a_source_that_is_always_due_has_its_breath() {
        let (asked, _) = run(watched(59, 2, &[(0, -1)], (0, 0)));
        assert_eq!(asked[0], (0..12).map(|turn| turn * 5).collect::<Vec<_>>());
    }

    #[test]
    fn a_clock_that_jumps_a_day_stops_nobody() {
        const DAY: i64 = 86_400;
        for jump in [DAY, -DAY] {
            let (asked, _) = run(watched(3_600, 2, &[(1, 299), (1, 599)], (1_000, jump)));
            for (source, times) in asked.iter().enumerate() {
                let longest = times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
                let every = [300, 600][source];
                assert!(longest <= every, "{jump}: source {source} waited {longest} s: {times:?}");
                // One more turn by the jump itself at most.
                assert!(times.len() as u64 <= 3_600 / every + 2, "{jump}: {times:?}");
            }
        }
    }

    #[test]
    fn an_error_ends_the_watch() {
        let clock = || Timestamp::from_second(START).unwrap();
        let watch = Watch { sources: 2, most: 2, clock: &clock, due: &|_| Ok(Timestamp::MIN), beat: &|| {} };
        let ended = run(watch.run(|source| async move { if source == 1 { Err("the disk is full") } else { Ok(()) } }));
        assert_eq!(ended.err(), Some("the disk is full"));
    }
}
