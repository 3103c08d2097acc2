//! Alarms: what the operator must hear of without asking. Computed from the daily health records and
//! from what is remembered of each feed; the time is an argument. It writes and sends nothing.
//!
//! - *silent*: no feed of a source has answered for a day;
//! - *mute*: a source answers and has announced nothing new for thrice its usual gap;
//! - *unread*: the last entries of a feed all gave no article;
//! - *past unread*: a backfill is wanted, and no sitemap of the source can be read;
//! - *dried up*: a language has lost four fifths of its usual stories of a day;
//! - *left alone*: a file that a reviewer sent cannot be taken ([`super::boxes`]);
//! - *disk low*, *damaged*, *backlog*: of the house itself ([`of_house`]).

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp};

use crate::model::{Health, Poll};

/// Days of the past by which habits are told.
pub(super) const MEMORY: i64 = 28;
/// The gap of a busy source: no night is an alarm.
const NIGHT: SignedDuration = SignedDuration::from_hours(8);
/// Entries on an active day from which on a source is a busy one.
const BUSY: u32 = 8;
/// A source that has answered within this time is alive.
const ALIVE: SignedDuration = SignedDuration::from_hours(24);
/// How many usual gaps of silence are one too many.
const GAPS: i32 = 3;
/// Entries in a row without an article from which on it is no accident.
const UNREAD: u32 = 5;
/// A language with fewer stories on a usual day has no habit to break.
const FEWEST_A_DAY: f64 = 5.0;
/// Days of the same kind that must be known before a language can dry up.
const FEWEST_DAYS: usize = 3;
/// What is left of a language that dried up.
const LEFT: f64 = 0.2;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ailment {
    /// No feed of a source answers.
    Silent,
    /// A source answers and announces nothing new.
    Mute,
    /// The entries of a feed give no article.
    Unread,
    /// No sitemap of a source can be read, so its past is not.
    PastUnread,
    /// A language has lost most of its stories.
    DriedUp,
    /// A file that a reviewer sent cannot be taken.
    LeftAlone,
    /// The store's disk is nearly full.
    DiskLow,
    /// A record was changed, cut or lost.
    Damaged,
    /// Candidates have waited too long.
    Backlog,
}

/// One thing that the operator must hear of. Two alarms about the same thing differ only in words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Alarm {
    /// What is wrong.
    pub ailment: Ailment,
    /// Name of the source or of the file, address of the feed, or code of the language.
    pub about: String,
    /// What happened, and what to do next.
    pub message: String,
}

/// What is wrong with one source. `polls` are its feeds with what is remembered of them, `days` its
/// health records of the last [`MEMORY`] days in order, today's included.
pub(super) fn of_source(
    name: &str,
    polls: &[(&str, Poll)],
    days: &[(Date, &Health)],
    today: Date,
    now: Timestamp,
) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    if let Some(message) = silent(polls, now) {
        alarms.push(Alarm { ailment: Ailment::Silent, about: name.to_owned(), message });
    } else if let Some(message) = mute(polls, days, today, now) {
        alarms.push(Alarm { ailment: Ailment::Mute, about: name.to_owned(), message });
    }
    let unread = polls.iter().filter(|(_, poll)| poll.unread >= UNREAD);
    alarms.extend(unread.map(|(feed, poll)| Alarm {
        ailment: Ailment::Unread,
        about: (*feed).to_owned(),
        message: format!(
            "the last {} entries gave no article; look at one with `sozwatch explain ADDRESS`, and give selectors under `page`, or lift what keeps the pages away",
            poll.unread
        ),
    }));
    alarms
}

fn silent(polls: &[(&str, Poll)], now: Timestamp) -> Option<String> {
    let all_fail = !polls.is_empty() && polls.iter().all(|(_, poll)| poll.error.is_some());
    let failures: f64 = polls.iter().map(|(_, poll)| poll.failures).sum();
    let why = polls.iter().find_map(|(_, poll)| poll.error.as_deref()).filter(|_| all_fail)?;
    match polls.iter().filter_map(|(_, poll)| poll.last_success).max() {
        Some(last) if now.duration_since(last) < ALIVE => None,
        Some(last) => Some(format!("it has not answered since {last:.0}: {why}")),
        None if failures >= 1.0 => Some(format!("it has never answered: {why}")),
        None => None,
    }
}

fn mute(polls: &[(&str, Poll)], days: &[(Date, &Health)], today: Date, now: Timestamp) -> Option<String> {
    let is_alive =
        |poll: &Poll| poll.error.is_none() && poll.last_success.is_some_and(|last| now.duration_since(last) < ALIVE);
    if !polls.iter().any(|(_, poll)| is_alive(poll)) {
        return None;
    }
    let last = polls.iter().filter_map(|(_, poll)| poll.last_new_entry).max()?;
    let gap = usual_gap(polls, days, today)?;
    let silence = now.duration_since(last);
    (silence > gap * GAPS).then(|| {
        format!(
            "it answers and has announced nothing new for {}, where {} is usual; look whether its feed has moved",
            in_words(silence),
            in_words(gap)
        )
    })
}

/// The usual time between two days (of a busy source: hours) with news, by its records before today;
/// else by the dates of its entries.
fn usual_gap(polls: &[(&str, Poll)], days: &[(Date, &Health)], today: Date) -> Option<SignedDuration> {
    let active: Vec<(Date, u32)> = days
        .iter()
        .filter(|(date, health)| *date < today && health.entries > 0)
        .map(|(date, health)| (*date, health.entries))
        .collect();
    if let ([(first, _), .., (last, _)], Ok(steps @ 2..)) =
        (active.as_slice(), i32::try_from(active.len()).map(|n| n - 1))
    {
        let hours = last.duration_since(*first).as_hours() as f64 / f64::from(steps);
        let a_day = active.iter().map(|(_, entries)| entries).sum::<u32>() / active.len() as u32;
        let is_busy = hours < 30.0 && a_day >= BUSY;
        return Some(if is_busy { NIGHT } else { SignedDuration::from_mins((hours * 60.0) as i64).max(NIGHT) });
    }
    let gap = polls.iter().filter_map(|(_, poll)| poll.gap).min()?;
    Some(SignedDuration::from_secs(i64::try_from(gap).unwrap_or(i64::MAX / 8).min(366 * 86_400)).max(NIGHT))
}

/// The languages that dried up yesterday, by the records of all sources: against the mean of days of
/// the same kind (workdays, weekends).
pub(super) fn of_languages(rows: &[(Date, String, Health)], today: Date) -> Vec<Alarm> {
    let Ok(yesterday) = today.yesterday() else { return Vec::new() };
    let mut days: BTreeMap<Date, (u32, BTreeMap<&str, u32>)> = BTreeMap::new();
    for (date, _, health) in rows {
        let (polls, languages) = days.entry(*date).or_default();
        *polls += health.polls_ok;
        for (language, count) in &health.languages {
            *languages.entry(language).or_default() += count;
        }
    }
    // A day on which nothing was asked tells nothing of anybody.
    days.retain(|_, (polls, _)| *polls > 0);
    let Some((_, seen)) = days.get(&yesterday) else { return Vec::new() };
    let is_weekend = |date: Date| matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    let before: Vec<&BTreeMap<&str, u32>> = days
        .range(..yesterday)
        .filter(|(date, _)| is_weekend(**date) == is_weekend(yesterday))
        .map(|(_, (_, languages))| languages)
        .collect();
    if before.len() < FEWEST_DAYS {
        return Vec::new();
    }
    let mut sums: BTreeMap<&str, u32> = BTreeMap::new();
    for (language, count) in before.iter().flat_map(|languages| languages.iter()) {
        *sums.entry(language).or_default() += count;
    }
    let dried_up = sums.into_iter().filter_map(|(language, sum)| {
        let usual = f64::from(sum) / before.len() as f64;
        let count = seen.get(language).copied().unwrap_or_default();
        (usual >= FEWEST_A_DAY && f64::from(count) <= usual * LEFT).then(|| Alarm {
            ailment: Ailment::DriedUp,
            about: language.to_owned(),
            message: format!(
                "{count} stories in this language on {yesterday}, where {usual:.0} are usual on such a day; look at the sources that publish in it"
            ),
        })
    });
    dried_up.collect()
}

/// How the house itself stands.
pub(super) struct House<'a> {
    /// Folder of the records.
    pub(super) folder: &'a str,
    /// Share of its disk that is free, in percent.
    pub(super) disk_free: Option<f64>,
    /// Less than this is too little, in percent.
    pub(super) disk_wanted: f64,
    /// Faults found when the records were last read again.
    pub(super) damage: usize,
    /// When each waiting candidate was captured.
    pub(super) waiting: &'a [Timestamp],
    /// Longest that one should wait.
    pub(super) patience: std::time::Duration,
}

/// What is wrong with the house itself.
pub(super) fn of_house(house: &House<'_>, now: Timestamp) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    let mut tell = |ailment, message| alarms.push(Alarm { ailment, about: house.folder.to_owned(), message });
    if let Some(free) = house.disk_free.filter(|free| *free < house.disk_wanted) {
        tell(
            Ailment::DiskLow,
            format!("only {free:.1} % of its disk is free; nothing can be kept once it is full: make room"),
        );
    }
    if house.damage > 0 {
        tell(
            Ailment::Damaged,
            format!(
                "{} faults in the records; `sozwatch verify` names each: put the files back from a backup",
                house.damage
            ),
        );
    }
    let patience = SignedDuration::try_from(house.patience).unwrap_or(SignedDuration::MAX);
    let late = house.waiting.iter().filter(|captured| now.duration_since(**captured) > patience).count();
    if late > 0 {
        tell(
            Ailment::Backlog,
            format!("{late} candidates have waited longer than {}; decide them or put them off", in_words(patience)),
        );
    }
    alarms
}

fn in_words(time: SignedDuration) -> String {
    match time.as_hours() {
        0 => format!("{} minutes", time.as_mins()),
        hours @ 1..48 => format!("{hours} hours"),
        hours => format!("{} days", hours / 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-16T08:00:00Z".parse().unwrap()
    }

    fn today() -> Date {
        "2026-11-16".parse().unwrap()
    }

    fn hours_ago(hours: i64) -> Option<Timestamp> {
        Some(now() - SignedDuration::from_hours(hours))
    }

    fn alive(last_new: i64) -> Poll {
        Poll { last_success: hours_ago(1), last_new_entry: hours_ago(last_new), ..Poll::default() }
    }

    /// Entries on each day before today, the latest last.
    fn days(entries: &[u32]) -> Vec<(Date, Health)> {
        let first = today() - jiff::Span::new().days(entries.len() as i64);
        let dates = first.series(jiff::Span::new().days(1));
        let health = |entries: &u32| Health { polls_ok: 1, entries: *entries, ..Health::default() };
        dates.zip(entries.iter().map(health)).collect()
    }

    fn ailments(poll: &Poll, entries: &[u32]) -> Vec<Ailment> {
        let days = days(entries);
        let days: Vec<(Date, &Health)> = days.iter().map(|(date, health)| (*date, health)).collect();
        let polls = [("https://outlet.example/rss", poll.clone())];
        of_source("Outlet", &polls, &days, today(), now()).into_iter().map(|alarm| alarm.ailment).collect()
    }

    #[test]
    fn a_source_is_mute_after_thrice_its_usual_gap() {
        let check = |last_new: i64, entries: &[u32], expect: &[Ailment]| {
            assert_eq!(ailments(&alive(last_new), entries), expect, "{last_new} h, {entries:?}");
        };
        // Busy: no night is an alarm, a day without anything is.
        check(20, &[40; 14], &[]);
        check(25, &[40; 14], &[Ailment::Mute]);
        // A story a day.
        check(70, &[1; 14], &[]);
        check(73, &[1; 14], &[Ailment::Mute]);
        // Only on workdays: a weekend is part of the habit.
        let workdays = [2, 0, 0, 2, 2, 2, 2, 2, 0, 0, 2, 2, 2, 2, 2, 0, 0];
        check(72, &workdays, &[]);
        check(130, &workdays, &[Ailment::Mute]);
        // Once a week.
        let weekly = [1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        check(15 * 24, &weekly, &[]);
        check(22 * 24, &weekly, &[Ailment::Mute]);
        // Nothing is known of its habit.
        check(500, &[1, 1], &[]);
        check(500, &[], &[]);
    }

    #[test]
    fn before_there_are_records_the_dates_of_the_entries_count() {
        let poll = |gap: u64, last_new: i64| Poll { gap: Some(gap), ..alive(last_new) };
        assert_eq!(ailments(&poll(600, 23), &[]), []);
        assert_eq!(ailments(&poll(600, 25), &[]), [Ailment::Mute]);
        assert_eq!(ailments(&poll(86_400, 71), &[]), []);
        assert_eq!(ailments(&poll(86_400, 73), &[]), [Ailment::Mute]);
        assert_eq!(ailments(&poll(u64::MAX, 73), &[]), []);
    }

    #[test]
    fn a_source_that_fails_is_silent_and_not_mute() {
        let failing = |last_success: Option<Timestamp>, failures: f64| Poll {
            error: Some("503".to_owned()),
            failures,
            last_success,
            last_new_entry: hours_ago(500),
            gap: Some(600),
            ..Poll::default()
        };
        assert_eq!(ailments(&failing(hours_ago(30), 3.0), &[40; 14]), [Ailment::Silent]);
        assert_eq!(ailments(&failing(hours_ago(3), 3.0), &[40; 14]), []);
        assert_eq!(ailments(&failing(None, 0.5), &[]), []);
        assert_eq!(ailments(&failing(None, 1.0), &[]), [Ailment::Silent]);
        // One feed of two still answers.
        let polls = [("a", failing(None, 9.0)), ("b", alive(1))];
        assert_eq!(of_source("Outlet", &polls, &[], today(), now()), []);
        // Nobody asked: the daemon was off.
        let asleep =
            Poll { last_success: hours_ago(200), last_new_entry: hours_ago(200), gap: Some(600), ..Poll::default() };
        assert_eq!(ailments(&asleep, &[40; 14]), []);
    }

    #[test]
    fn entries_that_all_fail_are_told_by_feed() {
        assert_eq!(ailments(&Poll { unread: 4, ..alive(1) }, &[]), []);
        let polls = [("https://outlet.example/rss", Poll { unread: 7, ..alive(1) })];
        let alarms = of_source("Outlet", &polls, &[], today(), now());
        assert_eq!(alarms[0].about, "https://outlet.example/rss");
        assert!(alarms[0].message.contains("the last 7 entries"), "{}", alarms[0].message);
    }

    #[test]
    fn the_house_warns_of_itself() {
        let check = |disk_free: Option<f64>, damage: usize, waiting_days: &[i64], expect: &[Ailment]| {
            let waiting: Vec<Timestamp> =
                waiting_days.iter().map(|days| now() - SignedDuration::from_hours(24 * days)).collect();
            let patience = std::time::Duration::from_secs(14 * 86_400);
            let house = House { folder: "store", disk_free, disk_wanted: 5.0, damage, waiting: &waiting, patience };
            let ailments: Vec<Ailment> = of_house(&house, now()).into_iter().map(|alarm| alarm.ailment).collect();
            assert_eq!(ailments, expect);
        };
        check(Some(5.0), 0, &[0, 14], &[]);
        check(None, 0, &[], &[]);
        check(Some(4.9), 0, &[], &[Ailment::DiskLow]);
        check(Some(50.0), 2, &[15, 3], &[Ailment::Damaged, Ailment::Backlog]);
    }

    #[test]
    fn a_language_dries_up_against_days_of_its_kind() {
        // The fifteenth, yesterday, is a Sunday.
        let check = |today: &str, workday: u32, weekend: u32, yesterday: u32, known: i64, expect: bool| {
            let today: Date = today.parse().unwrap();
            let rows: Vec<(Date, String, Health)> = (1..=known)
                .map(|ago| {
                    let date = today - jiff::Span::new().days(ago);
                    let weekend_day = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
                    let count = if ago == 1 {
                        yesterday
                    } else if weekend_day {
                        weekend
                    } else {
                        workday
                    };
                    let languages = BTreeMap::from([("kk".to_owned(), count), ("ru".to_owned(), 100)]);
                    (date, "Outlet".to_owned(), Health { polls_ok: 4, languages, ..Health::default() })
                })
                .collect();
            let about: Vec<String> = of_languages(&rows, today).into_iter().map(|alarm| alarm.about).collect();
            assert_eq!(
                about,
                if expect { vec!["kk"] } else { vec![] },
                "{today} {workday} {weekend} {yesterday} {known}"
            );
        };
        check("2026-11-18", 50, 10, 10, 28, true);
        check("2026-11-18", 50, 10, 11, 28, false);
        check("2026-11-18", 50, 10, 0, 28, true);
        check("2026-11-16", 50, 10, 10, 28, false);
        check("2026-11-16", 50, 10, 1, 28, true);
        // Too little is known, or there is too little to lose.
        check("2026-11-18", 50, 10, 0, 2, false);
        check("2026-11-18", 4, 4, 0, 28, false);
        // Nothing was asked yesterday.
        let rows = vec![(today(), "Outlet".to_owned(), Health { polls_ok: 1, ..Health::default() })];
        assert_eq!(of_languages(&rows, today()), []);
    }
}
