//! When a feed is due again. Pure: the time is an argument, and the jitter comes out of the feed's
//! own state, so that the same poll always gives the same answer.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::Poll;

/// Longest wait that failures or a site's wish lead to; a feed is never given up.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// Most that jitter takes off a wait: this share of it, and no more than [`MOST_JITTER`].
const JITTER: f64 = 0.1;
/// See [`JITTER`].
const MOST_JITTER: Duration = Duration::from_secs(5 * 60);

/// When a feed polled at `now` is due again.
///
/// After a success that is `base`; each failure since the last success adds another `base`
/// (linear back-off), up to a day, or to `base` where that is longer. Up to a tenth is taken off, so
/// that feeds polled together drift apart and a `run --once` every `base` finds each feed due. What
/// the site asked for by Retry-After is never undercut, up to a day.
pub fn next_due(poll: &Poll, base: Duration, retry_after: Option<Duration>, now: Timestamp) -> Timestamp {
    let failures = if poll.failures.is_finite() { poll.failures.max(0.0) } else { 0.0 };
    let cap = LONGEST.max(base);
    let wait = Duration::try_from_secs_f64(base.as_secs_f64() * (1.0 + failures)).unwrap_or(cap).min(cap);
    let jitter = wait.mul_f64(JITTER * share(poll)).min(MOST_JITTER);
    let wait = (wait - jitter).max(retry_after.unwrap_or_default().min(LONGEST));
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// A number from 0 to 1 out of what is remembered of a feed (FNV-1a).
fn share(poll: &Poll) -> f64 {
    let state =
        format!("{:?}{:?}{:?}{:?}{}", poll.etag, poll.body_hash, poll.next_due, poll.last_success, poll.failures);
    let hash = state
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    (hash >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const HOUR: Duration = Duration::from_secs(3600);

    fn now() -> Timestamp {
        "2026-11-16T08:00:00Z".parse().unwrap()
    }

    fn wait(failures: f64, base: Duration, retry_after: Option<Duration>) -> Duration {
        let poll = Poll { failures, ..Poll::default() };
        Duration::try_from(next_due(&poll, base, retry_after, now()).duration_since(now())).unwrap()
    }

    #[test]
    fn failures_stretch_the_wait_line_by_line() {
        let check = |failures: f64, expect: Duration| {
            let wait = wait(failures, 30 * MINUTE, None);
            assert!(wait <= expect && wait >= expect.mul_f64(0.9).min(expect - MOST_JITTER), "{failures}: {wait:?}");
        };
        check(0.0, 30 * MINUTE);
        check(0.25, 38 * MINUTE);
        check(1.0, HOUR);
        check(3.0, 2 * HOUR);
        check(1000.0, 24 * HOUR);
        check(f64::INFINITY, 30 * MINUTE);
        check(f64::NAN, 30 * MINUTE);
        check(-5.0, 30 * MINUTE);
    }

    #[test]
    fn a_site_that_asks_for_time_gets_it() {
        assert_eq!(wait(0.5, 30 * MINUTE, Some(3 * HOUR)), 3 * HOUR);
        assert!(wait(0.5, 30 * MINUTE, Some(MINUTE)) > 30 * MINUTE);
        assert_eq!(wait(0.0, MINUTE, Some(1000 * HOUR)), 24 * HOUR);
    }

    #[test]
    fn a_base_beyond_a_day_stands() {
        assert!(wait(9.0, 72 * HOUR, None) > 71 * HOUR);
        assert_eq!(next_due(&Poll::default(), Duration::MAX, None, now()), Timestamp::MAX);
        assert_eq!(wait(0.0, Duration::ZERO, None), Duration::ZERO);
    }

    proptest! {
        #[test]
        fn the_same_poll_is_due_at_the_same_time(etag in proptest::option::of(".{0,8}"), failures in 0.0..50.0) {
            let poll = Poll { etag, failures, ..Poll::default() };
            let due = next_due(&poll, HOUR, None, now());
            prop_assert_eq!(due, next_due(&poll.clone(), HOUR, None, now()));
            prop_assert!(due > now());
        }
    }
}
