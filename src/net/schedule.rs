//! When a feed is due again. Pure: the time is an argument, and the jitter comes out of the feed's
//! name and state, so that the same poll always gives the same answer.
//!
//! The wait after an answer follows how often the feed really posts: half its usual gap, between a
//! floor and a ceiling. A feed is never let go beyond `every` on the word of its dates alone: the
//! wait grows by half of `every` with each answer that announced nothing new. What the site itself
//! asks for is added to that, and failures stretch it line by line; nothing gives a feed up.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::model::{Page, Poll};

/// Longest wait that failures or a site's wish lead to; a feed is never given up.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// Most that jitter takes off a wait: this share of it, and no more than [`MOST_JITTER`].
const JITTER: f64 = 0.1;
/// See [`JITTER`].
const MOST_JITTER: Duration = Duration::from_secs(5 * 60);
/// Newest entries by which the usual gap is told.
const RECENT: usize = 40;
/// Fewest dated entries that show a habit.
const FEWEST: usize = 4;
/// No habit is quicker, in seconds.
const QUICKEST: u64 = 60;

/// How the wait between two polls of a feed is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    /// Where it begins, and what each failure adds.
    pub every: Duration,
    /// What the feed's habit may make of it.
    pub pace: Pace,
    /// The ceiling of what a site may ask for by Cache-Control or `ttl`.
    pub slowest: Duration,
}

/// What decides the wait after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// The feed's habit, down to this floor and up to [`Rhythm::slowest`].
    Habit {
        /// The floor.
        fastest: Duration,
    },
    /// The operator: always [`Rhythm::every`].
    Fixed,
    /// Somebody else, such as a cron expression: the feed is due at once unless it or its site asks
    /// to be left alone.
    Outside,
}

impl Rhythm {
    /// The wait after an answer, before anybody's wish.
    fn wait(&self, poll: &Poll) -> Duration {
        let Pace::Habit { fastest } = self.pace else {
            return if self.pace == Pace::Fixed { self.every } else { Duration::ZERO };
        };
        let habit = poll.gap.map_or(self.slowest, |gap| Duration::from_secs(gap / 2));
        let habit = habit.max(fastest).min(self.slowest.max(fastest));
        let watched = self.every.saturating_mul(2 + poll.quiet.min(10_000)) / 2;
        habit.min(watched)
    }
}

/// When a feed polled at `now` is due again. `seed` names the feed.
///
/// Each failure since the last success adds another `every` (linear back-off), up to a day, or to
/// `every` where that is longer. Up to a tenth is taken off, so that feeds polled together drift apart
/// and a `run --once` every `every` finds each feed due. What the site asked for by Cache-Control or
/// `ttl` is not undercut up to the ceiling, what it asked for by Retry-After not up to a day, and the
/// hours and days that the feed wants to sleep are slept, a day at most.
pub fn next_due(seed: &str, poll: &Poll, rhythm: &Rhythm, retry_after: Option<Duration>, now: Timestamp) -> Timestamp {
    let failures = if poll.failures.is_finite() { poll.failures.max(0.0) } else { 0.0 };
    let cap = LONGEST.max(rhythm.every);
    let base = if failures > 0.0 { self_or_every(rhythm) } else { rhythm.wait(poll) };
    let stretched = base.as_secs_f64() + rhythm.every.as_secs_f64() * failures;
    let wait = Duration::try_from_secs_f64(stretched).unwrap_or(cap).min(cap);
    let jitter = wait.mul_f64(JITTER * share(seed, poll)).min(MOST_JITTER);
    let hold = match failures > 0.0 {
        true => Duration::ZERO,
        false => Duration::from_secs(poll.hold.unwrap_or_default()).min(rhythm.slowest.max(rhythm.every)),
    };
    let wait = (wait - jitter).max(hold).max(retry_after.unwrap_or_default().min(LONGEST));
    let due = now.checked_add(wait).unwrap_or(Timestamp::MAX);
    awake(poll, due)
}

/// A failure is no sign of the feed's habit.
fn self_or_every(rhythm: &Rhythm) -> Duration {
    if rhythm.pace == Pace::Outside { Duration::ZERO } else { rhythm.every }
}

/// The first time from `due` on at which the feed does not sleep; `due` where it would sleep for more
/// than a day.
fn awake(poll: &Poll, due: Timestamp) -> Timestamp {
    if poll.skip_hours.is_empty() && poll.skip_days.is_empty() {
        return due;
    }
    let sleeps = |at: DateTime| {
        poll.skip_hours.contains(&(at.hour() as u8))
            || poll.skip_days.contains(&(at.weekday().to_monday_one_offset() as u8))
    };
    let mut at = Offset::UTC.to_datetime(due);
    for _ in 0..=24 {
        if !sleeps(at) {
            return Offset::UTC.to_timestamp(at).unwrap_or(due).max(due);
        }
        let Ok(whole) = at.with().minute(0).second(0).subsec_nanosecond(0).build() else { return due };
        let Ok(next) = whole.checked_add(SignedDuration::from_hours(1)) else { return due };
        at = next;
    }
    due
}

/// The usual time between two entries with these dates, in seconds: the mean of the gaps between the
/// newest of them, the longest tenth left out. Where the newest lies three such gaps back, the feed has
/// slowed down, and a third of that silence counts. `None` where too few are dated.
pub fn usual_gap(dates: impl IntoIterator<Item = Timestamp>, now: Timestamp) -> Option<u64> {
    let mut dates: Vec<i64> = dates.into_iter().filter(|date| *date <= now).map(Timestamp::as_second).collect();
    dates.sort_unstable_by(|one, other| other.cmp(one));
    dates.truncate(RECENT);
    if dates.len() < FEWEST {
        return None;
    }
    let mut gaps: Vec<u64> = dates.windows(2).map(|pair| pair[0].abs_diff(pair[1])).collect();
    gaps.sort_unstable();
    gaps.truncate(gaps.len() - gaps.len().div_ceil(10));
    let mean = gaps.iter().sum::<u64>() / gaps.len().max(1) as u64;
    let silence = now.as_second().abs_diff(dates[0]);
    Some(mean.max(silence / 3).max(QUICKEST))
}

/// For how long an answer may be taken for fresh (RFC 9111, 4.2.1): `max-age` less the age that it
/// already had, else Expires. `None` where the answer does not say, or says that it is stale at once.
pub fn fresh_for(page: &Page) -> Option<Duration> {
    let control = page.header("cache-control").unwrap_or_default().to_ascii_lowercase();
    let directives: Vec<&str> = control.split(',').map(str::trim).collect();
    if directives.iter().any(|directive| matches!(*directive, "no-cache" | "no-store")) {
        return None;
    }
    let seconds = |text: &str| text.trim().trim_matches('"').parse::<u64>().ok();
    let max_age = directives.iter().find_map(|directive| seconds(directive.strip_prefix("max-age=")?));
    let fresh = match max_age {
        Some(max_age) => max_age.saturating_sub(page.header("age").and_then(seconds).unwrap_or_default()),
        None => {
            let time = |name: &str| {
                let text = page.header(name)?;
                jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()
            };
            let from = time("date").unwrap_or(page.captured);
            u64::try_from(time("expires")?.as_second() - from.as_second()).ok()?
        }
    };
    Some(Duration::from_secs(fresh)).filter(|fresh| !fresh.is_zero())
}

/// A number from 0 to 1 out of the feed's name and what is remembered of it (FNV-1a).
fn share(seed: &str, poll: &Poll) -> f64 {
    let state =
        format!("{seed}{:?}{:?}{:?}{:?}{}", poll.etag, poll.body_hash, poll.next_due, poll.last_success, poll.failures);
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

    fn fixed(every: Duration) -> Rhythm {
        Rhythm { every, pace: Pace::Fixed, slowest: 6 * HOUR }
    }

    fn habit() -> Rhythm {
        Rhythm { every: 30 * MINUTE, pace: Pace::Habit { fastest: 5 * MINUTE }, slowest: 6 * HOUR }
    }

    fn wait_of(poll: &Poll, rhythm: &Rhythm, retry_after: Option<Duration>) -> Duration {
        Duration::try_from(next_due("feed", poll, rhythm, retry_after, now()).duration_since(now())).unwrap()
    }

    fn wait(failures: f64, base: Duration, retry_after: Option<Duration>) -> Duration {
        wait_of(&Poll { failures, ..Poll::default() }, &fixed(base), retry_after)
    }

    #[track_caller]
    fn about(wait: Duration, expect: Duration) {
        let least = expect.mul_f64(0.9).max(expect.saturating_sub(MOST_JITTER));
        assert!(wait <= expect && wait >= least, "{wait:?}, not about {expect:?}");
    }

    #[test]
    fn failures_stretch_the_wait_line_by_line() {
        let check = |failures: f64, expect: Duration| {
            about(wait(failures, 30 * MINUTE, None), expect);
            about(
                wait_of(&Poll { failures, gap: Some(120), ..Poll::default() }, &habit(), None),
                match failures > 0.0 {
                    true => expect,
                    // Without a failure it is the feed's habit that counts.
                    false => 5 * MINUTE,
                },
            );
        };
        check(0.0, 30 * MINUTE);
        check(0.5, 45 * MINUTE);
        check(1.0, HOUR);
        check(3.0, 2 * HOUR);
        check(1000.0, 24 * HOUR);
        about(wait(0.25, 30 * MINUTE, None), MINUTE.mul_f64(37.5));
        about(wait(f64::INFINITY, 30 * MINUTE, None), 30 * MINUTE);
        about(wait(f64::NAN, 30 * MINUTE, None), 30 * MINUTE);
        about(wait(-5.0, 30 * MINUTE, None), 30 * MINUTE);
    }

    #[test]
    fn the_wait_follows_the_habit_of_the_feed() {
        let check = |gap: Option<Duration>, quiet: u32, expect: Duration| {
            let poll = Poll { gap: gap.map(|gap| gap.as_secs()), quiet, ..Poll::default() };
            about(wait_of(&poll, &habit(), None), expect);
        };
        // Busy: half the gap, down to the floor.
        check(Some(40 * MINUTE), 0, 20 * MINUTE);
        check(Some(MINUTE), 0, 5 * MINUTE);
        check(Some(MINUTE), 50, 5 * MINUTE);
        // Seldom: not on the word of the dates alone, then more and more seldom, up to the ceiling.
        check(Some(48 * HOUR), 0, 30 * MINUTE);
        check(Some(48 * HOUR), 1, 45 * MINUTE);
        check(Some(48 * HOUR), 4, 90 * MINUTE);
        check(Some(48 * HOUR), 500, 6 * HOUR);
        check(Some(4 * HOUR), 500, 2 * HOUR);
        // Without dates only what was seen counts.
        check(None, 0, 30 * MINUTE);
        check(None, 2, HOUR);
        check(None, u32::MAX, 6 * HOUR);
        // The operator's own interval is kept.
        let poll = Poll { gap: Some(60), quiet: 9, ..Poll::default() };
        about(wait_of(&poll, &fixed(15 * MINUTE), None), 15 * MINUTE);
        assert_eq!(wait_of(&poll, &Rhythm { pace: Pace::Outside, ..habit() }, None), Duration::ZERO);
    }

    #[test]
    fn a_site_that_asks_for_time_gets_it() {
        assert_eq!(wait(0.5, 30 * MINUTE, Some(3 * HOUR)), 3 * HOUR);
        assert!(wait(0.5, 30 * MINUTE, Some(MINUTE)) > 30 * MINUTE);
        assert_eq!(wait(0.0, MINUTE, Some(1000 * HOUR)), 24 * HOUR);
        let hold = |hold: Duration, failures: f64, rhythm: Rhythm| {
            wait_of(&Poll { hold: Some(hold.as_secs()), failures, ..Poll::default() }, &rhythm, None)
        };
        assert_eq!(hold(HOUR, 0.0, fixed(MINUTE)), HOUR);
        assert_eq!(hold(HOUR, 0.0, Rhythm { pace: Pace::Outside, ..habit() }), HOUR);
        // A year is what caches are told, not what a newsroom means.
        assert_eq!(hold(8760 * HOUR, 0.0, fixed(MINUTE)), 6 * HOUR);
        about(hold(HOUR, 0.5, fixed(MINUTE)), MINUTE.mul_f64(1.5));
        about(hold(MINUTE, 0.0, fixed(HOUR)), HOUR);
    }

    #[test]
    fn a_feed_that_sleeps_is_not_woken() {
        let check = |hours: &[u8], days: &[u8], expect: &str| {
            let poll = Poll { skip_hours: hours.to_vec(), skip_days: days.to_vec(), ..Poll::default() };
            let due = awake(&poll, "2026-11-16T08:20:00Z".parse().unwrap());
            assert_eq!(due.to_string(), expect, "{hours:?} {days:?}");
        };
        check(&[], &[], "2026-11-16T08:20:00Z");
        check(&[9, 23], &[7], "2026-11-16T08:20:00Z");
        check(&[8, 9], &[], "2026-11-16T10:00:00Z");
        check(&[8, 10], &[], "2026-11-16T09:00:00Z");
        // The sixteenth is a Monday.
        check(&[], &[1], "2026-11-17T00:00:00Z");
        check(&[0, 8], &[1], "2026-11-17T01:00:00Z");
        // Whoever would sleep for ever is asked all the same.
        check(&(0..24).collect::<Vec<_>>(), &[], "2026-11-16T08:20:00Z");
        check(&[], &[1, 2, 3, 4, 5, 6, 7], "2026-11-16T08:20:00Z");
    }

    #[test]
    fn habits_are_told_by_dates() {
        let at = |hours: &[i64]| {
            let dates = hours.iter().map(|hours| now() - SignedDuration::from_hours(*hours)).collect::<Vec<_>>();
            usual_gap(dates, now()).map(|seconds| seconds / 3600)
        };
        assert_eq!(at(&[1, 3, 5, 7, 9]), Some(2));
        // A pinned post of last year is no habit, and neither is a date in the future.
        assert_eq!(at(&[1, 3, 5, 7, 9, 9000]), Some(2));
        assert_eq!(at(&[-30, 1, 3, 5, 7, 9]), Some(2));
        // It posted every two hours and has not for a week.
        assert_eq!(at(&[168, 170, 172, 174, 176]), Some(56));
        assert_eq!(at(&[1, 3, 5]), None);
        assert_eq!(usual_gap([now(); 9], now()), Some(QUICKEST));
    }

    #[test]
    fn freshness_is_read_as_caches_read_it() {
        let check = |headers: &[(&str, &str)], expect: Option<u64>| {
            let page = Page {
                url: "https://outlet.example/rss".to_owned(),
                moved: None,
                headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
                body: Vec::new(),
                captured: now(),
                wire: None,
            };
            assert_eq!(fresh_for(&page), expect.map(Duration::from_secs), "{headers:?}");
        };
        check(&[], None);
        check(&[("cache-control", "max-age=600")], Some(600));
        check(&[("cache-control", "public, Max-Age=\"600\", s-maxage=9"), ("age", "200")], Some(400));
        check(&[("cache-control", "max-age=600"), ("age", "700")], None);
        check(&[("cache-control", "max-age=0, must-revalidate")], None);
        check(&[("cache-control", "no-cache, max-age=600")], None);
        check(&[("cache-control", "private"), ("expires", "Mon, 16 Nov 2026 08:10:00 GMT")], Some(600));
        let date = ("date", "Mon, 16 Nov 2026 08:05:00 GMT");
        check(&[("expires", "Mon, 16 Nov 2026 08:10:00 GMT"), date], Some(300));
        check(&[("expires", "Thu, 01 Dec 1994 16:00:00 GMT")], None);
        check(&[("expires", "0")], None);
    }

    /// Four weeks of a feed that posts at these minutes of the week, with its last ten entries; polled by a
    /// rhythm. Gives polls a day and the mean delay in minutes from post to poll.
    fn watched(posts: &[u64], rhythm: &Rhythm) -> (f64, f64) {
        const WEEK: u64 = 7 * 24 * 60;
        let start = now().as_second();
        let all: Vec<i64> =
            (0..5).flat_map(|week| posts.iter().map(move |minute| (week * WEEK + minute) as i64 * 60)).collect();
        let (mut poll, mut at, mut seen) = (Poll::default(), WEEK as i64 * 60, WEEK as i64 * 60);
        let (mut polls, mut delays) = (0, Vec::new());
        while at < 5 * WEEK as i64 * 60 {
            polls += 1;
            let new: Vec<i64> = all.iter().copied().filter(|post| *post > seen && *post <= at).collect();
            delays.extend(new.iter().map(|post| (at - post) as f64 / 60.0));
            let shown = all.iter().rev().filter(|post| **post <= at).take(10);
            let clock = |second: i64| Timestamp::from_second(start + second).unwrap();
            poll.gap = usual_gap(shown.map(|post| clock(*post)), clock(at));
            poll.quiet = if new.is_empty() { poll.quiet + 1 } else { 0 };
            poll.last_success = Some(clock(at));
            seen = at;
            at = next_due("feed", &poll, rhythm, None, clock(at)).as_second() - start;
        }
        (f64::from(polls) / 28.0, delays.iter().sum::<f64>() / delays.len().max(1) as f64)
    }

    #[test]
    fn busy_feeds_are_seen_sooner_and_quiet_ones_are_left_in_peace() {
        let day = |day: u64, minutes: &[u64]| minutes.iter().map(|minute| day * 24 * 60 + minute).collect::<Vec<u64>>();
        let hours = |from: u64, to: u64, step: usize| (from * 60..to * 60).step_by(step).collect::<Vec<u64>>();
        let busy: Vec<u64> = (0..7).flat_map(|number| day(number, &hours(7, 23, 12))).collect();
        let daily: Vec<u64> = (0..5).flat_map(|number| day(number, &[10 * 60, 15 * 60])).collect();
        let weekly = day(2, &[11 * 60]);
        let usual = Rhythm { slowest: 3 * HOUR, ..habit() };
        for (name, posts) in [("80 a day", &busy), ("2 on a workday", &daily), ("1 a week", &weekly)] {
            let (fixed, habit) = (watched(posts, &fixed(30 * MINUTE)), watched(posts, &usual));
            eprintln!(
                "{name}: every 30 min {:.0} polls a day, {:.0} min late; by habit {:.0}, {:.0} min",
                fixed.0, fixed.1, habit.0, habit.1
            );
        }
        let (polls, late) = watched(&busy, &usual);
        assert!(late < watched(&busy, &fixed(30 * MINUTE)).1 / 2.0 && polls < 288.0, "{polls} {late}");
        let (polls, late) = watched(&weekly, &usual);
        assert!(polls < 10.0 && late < 3.0 * 60.0, "{polls} {late}");
    }

    #[test]
    fn a_base_beyond_a_day_stands() {
        assert!(wait(9.0, 72 * HOUR, None) > 71 * HOUR);
        assert_eq!(next_due("feed", &Poll::default(), &fixed(Duration::MAX), None, now()), Timestamp::MAX);
        assert_eq!(wait(0.0, Duration::ZERO, None), Duration::ZERO);
    }

    #[test]
    fn feeds_polled_together_drift_apart() {
        let due = |seed: &str| next_due(seed, &Poll::default(), &habit(), None, now());
        assert_ne!(due("https://a.example/rss"), due("https://b.example/rss"));
    }

    proptest! {
        #[test]
        fn the_same_poll_is_due_at_the_same_time(etag in proptest::option::of(".{0,8}"), failures in 0.0..50.0, gap in proptest::option::of(any::<u64>()), quiet in any::<u32>(), hold in proptest::option::of(any::<u64>())) {
            let poll = Poll { etag, failures, gap, quiet, hold, ..Poll::default() };
            let due = next_due("feed", &poll, &habit(), None, now());
            prop_assert_eq!(due, next_due("feed", &poll.clone(), &habit(), None, now()));
            prop_assert!(due > now());
        }
    }
}
