//! ISO weeks (ISO 8601: Monday to Sunday, week 1 holds the first Thursday), and when a digest is due.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, ISOWeekDate, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::model::Moment;

/// A week of the ISO calendar, written `2017-W46`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IsoWeek {
    monday: Date,
}

/// Not a week of the form `2017-W46`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no ISO week; write it as 2017-W46")]
pub struct NotAWeek(pub String);

impl IsoWeek {
    /// The week that holds a date.
    pub fn of(date: Date) -> Self {
        let monday = ISOWeekDate::from(date);
        Self { monday: ISOWeekDate::new(monday.year(), monday.week(), Weekday::Monday).map_or(date, Date::from) }
    }

    /// Its first day.
    pub fn monday(self) -> Date {
        self.monday
    }

    /// Its last day.
    pub fn sunday(self) -> Date {
        self.monday.saturating_add(6.days())
    }

    /// Does the date fall in it?
    pub fn holds(self, date: Date) -> bool {
        (self.monday()..=self.sunday()).contains(&date)
    }

    /// The last week that was over at an instant.
    pub fn last_full(now: Timestamp, zone: &TimeZone) -> Self {
        Self::of(Moment::utc(now).date_in(zone).saturating_sub(7.days()))
    }
}

impl FromStr for IsoWeek {
    type Err = NotAWeek;

    fn from_str(text: &str) -> Result<Self, NotAWeek> {
        let read = || {
            let (year, week) = text.trim().split_once("-W").or_else(|| text.trim().split_once("-w"))?;
            let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
            if !digits(year, 4) || !digits(week, 2) {
                return None;
            }
            ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, Weekday::Monday).ok()
        };
        read().map(|monday| Self { monday: Date::from(monday) }).ok_or_else(|| NotAWeek(text.trim().to_owned()))
    }
}

impl fmt::Display for IsoWeek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = ISOWeekDate::from(self.monday);
        write!(f, "{:04}-W{:02}", week.year(), week.week())
    }
}

/// When a weekly digest was last due: the latest instant, not after now, that is that weekday and
/// time on the wall clock of the zone.
pub fn last_due(now: Timestamp, weekday: Weekday, time: Time, zone: &TimeZone) -> Timestamp {
    let today = Moment::utc(now).date_in(zone);
    let back = i64::from(today.weekday().since(weekday));
    let due = |days: i64| {
        let day = today.saturating_sub(days.days());
        zone.to_ambiguous_timestamp(day.to_datetime(time)).compatible().unwrap_or(now)
    };
    let this_week = due(back);
    if this_week <= now { this_week } else { due(back + 7) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn weeks_are_those_of_the_iso_calendar() {
        let check = |text: &str, monday: Date, sunday: Date| {
            let week: IsoWeek = text.parse().unwrap();
            assert_eq!((week.monday(), week.sunday(), week.to_string().as_str()), (monday, sunday, text));
            assert_eq!((IsoWeek::of(monday), IsoWeek::of(sunday)), (week, week));
            assert!(week.holds(monday) && week.holds(sunday));
            assert!(!week.holds(monday.yesterday().unwrap()) && !week.holds(sunday.tomorrow().unwrap()));
        };
        check("2017-W46", date(2017, 11, 13), date(2017, 11, 19));
        check("2018-W01", date(2018, 1, 1), date(2018, 1, 7));
        check("2020-W53", date(2020, 12, 28), date(2021, 1, 3));
        check("2016-W52", date(2016, 12, 26), date(2017, 1, 1));
    }

    #[test]
    fn what_is_no_week_is_refused() {
        for text in ["", "2017", "2017-46", "2017-W00", "2017-W53", "2017-W4", "17-W46", "2017-W46-1", "2017-W-1"] {
            let error = text.parse::<IsoWeek>().unwrap_err();
            assert!(error.to_string().contains("write it as 2017-W46"), "{text}");
        }
    }

    #[test]
    fn the_last_full_week_is_over_where_the_reader_lives() {
        let zone = TimeZone::get("Asia/Almaty").unwrap();
        let check = |now: &str, expect: &str| {
            assert_eq!(IsoWeek::last_full(now.parse().unwrap(), &zone).to_string(), expect, "{now}");
        };
        // Sunday 19 November 2017 ended at 18:00 UTC in Almaty, six hours ahead then.
        check("2017-11-19T17:59:59Z", "2017-W45");
        check("2017-11-19T18:00:00Z", "2017-W46");
        check("2017-11-26T12:00:00Z", "2017-W46");
        check("2018-01-03T00:00:00Z", "2017-W52");
    }

    #[test]
    fn a_digest_is_due_at_its_hour_on_the_wall_clock() {
        let zone = TimeZone::get("Asia/Almaty").unwrap();
        let check = |now: &str, weekday: Weekday, expect: &str| {
            let due = last_due(now.parse().unwrap(), weekday, jiff::civil::time(8, 0, 0, 0), &zone);
            assert_eq!(due, expect.parse::<Timestamp>().unwrap(), "{now}");
        };
        check("2017-11-20T02:00:00Z", Weekday::Monday, "2017-11-20T02:00:00Z");
        check("2017-11-20T01:59:59Z", Weekday::Monday, "2017-11-13T02:00:00Z");
        check("2017-11-26T17:00:00Z", Weekday::Monday, "2017-11-20T02:00:00Z");
        check("2017-11-20T02:00:00Z", Weekday::Sunday, "2017-11-19T02:00:00Z");
        // Almaty moved from six hours ahead to five on 1 March 2024.
        check("2024-03-04T04:00:00Z", Weekday::Monday, "2024-03-04T03:00:00Z");
        check("2024-03-04T02:30:00Z", Weekday::Monday, "2024-02-26T02:00:00Z");
    }
}
