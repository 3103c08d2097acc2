//! Months, and the periods that a report is made for.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::{Moment, PartialDate};

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Year, four digits.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

impl Month {
    /// The month that a day lies in.
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// The month of a date; `None` where only the year is known.
    pub fn known(date: PartialDate) -> Option<Self> {
        date.month.map(|month| Self { year: date.year, month })
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        match self.month {
            12 => Self { year: self.year.saturating_add(1), month: 1 },
            month => Self { year: self.year, month: month + 1 },
        }
    }

    /// The month before it.
    #[must_use]
    pub fn before(self) -> Self {
        match self.month {
            1 => Self { year: self.year.saturating_sub(1), month: 12 },
            month => Self { year: self.year, month: month - 1 },
        }
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        Date::new(self.year, self.month, 1).unwrap_or(Date::MIN)
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = NotAPeriod;
    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let read = || {
            let (year, month) = text.trim().split_once('-')?;
            let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
            if year.len() != 4 || month.len() != 2 || !digits(year) || !digits(month) {
                return None;
            }
            let month = Self { year: year.parse().ok()?, month: month.parse().ok()? };
            ((1..=12).contains(&month.month) && month.year >= 1).then_some(month)
        };
        read().ok_or_else(|| NotAPeriod { given: text.trim().to_owned(), like: "2017-11" })
    }
}

/// Not a period: a month, quarter, half-year or year was wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no such period; write it like {like}")]
pub struct NotAPeriod {
    /// What was given.
    pub given: String,
    /// An example.
    pub like: &'static str,
}

/// A month, quarter, half-year or year: whole months of one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// Its first month.
    pub first: Month,
    /// Its last month.
    pub last: Month,
}

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// `2017-11`
    Month,
    /// `2017-Q4`
    Quarter,
    /// `2017-H2`
    Half,
    /// `2017`
    Year,
}

impl Length {
    /// In months.
    pub fn months(self) -> i8 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Half => 6,
            Self::Year => 12,
        }
    }
}

impl Period {
    /// One month.
    pub fn month(month: Month) -> Self {
        Self { first: month, last: month }
    }

    /// A period of a length by its text: `2017-11`, `2017-Q4`, `2017-H2`, `2017`.
    ///
    /// # Errors
    /// Where the text names no such period.
    pub fn parse(text: &str, length: Length) -> Result<Self, NotAPeriod> {
        let text = text.trim();
        let (letter, like) = match length {
            Length::Month => return text.parse().map(Self::month),
            Length::Quarter => (Some(['q', 'Q']), "2017-Q4"),
            Length::Half => (Some(['h', 'H']), "2017-H2"),
            Length::Year => (None, "2017"),
        };
        let read = || {
            let (year, part) = match letter {
                None => (text, 1),
                Some(letters) => {
                    let (year, part) = text.split_once('-')?;
                    (year, part.strip_prefix(letters)?.parse::<i8>().ok()?)
                }
            };
            if year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let months = length.months();
            if !(1..=12 / months).contains(&part) {
                return None;
            }
            let year: i16 = year.parse().ok().filter(|year| *year >= 1)?;
            let first = Month { year, month: (part - 1) * months + 1 };
            Some(Self { first, last: Month { year, month: first.month + months - 1 } })
        };
        read().ok_or_else(|| NotAPeriod { given: text.to_owned(), like })
    }

    /// The last period of a length that is over at an instant.
    pub fn last_full(now: Timestamp, zone: &TimeZone, length: Length) -> Self {
        let running = Month::of(Moment::utc(now).date_in(zone));
        let months = length.months();
        let first = Month { year: running.year, month: (running.month - 1) / months * months + 1 };
        let last = first.before();
        Self { first: Month { year: last.year, month: last.month - months + 1 }, last }
    }

    /// How long it is.
    pub fn length(self) -> Length {
        match self.last.month - self.first.month + 1 {
            1 => Length::Month,
            3 => Length::Quarter,
            6 => Length::Half,
            _ => Length::Year,
        }
    }

    /// The year that it lies in.
    pub fn year(self) -> i16 {
        self.first.year
    }

    /// The same period a year earlier.
    #[must_use]
    pub fn year_before(self) -> Self {
        let earlier = |month: Month| Month { year: month.year - 1, ..month };
        Self { first: earlier(self.first), last: earlier(self.last) }
    }

    /// Does a month lie in it?
    pub fn holds(self, month: Month) -> bool {
        (self.first..=self.last).contains(&month)
    }

    /// Its months, in order.
    pub fn months(self) -> impl Iterator<Item = Month> {
        std::iter::successors(Some(self.first), |month| Some(month.next())).take_while(move |month| *month <= self.last)
    }

    /// Is it over on a day?
    pub fn over(self, today: Date) -> bool {
        today > self.last.last_day()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length() {
            Length::Month => write!(f, "{}", self.first),
            Length::Quarter => write!(f, "{:04}-Q{}", self.year(), (self.first.month + 2) / 3),
            Length::Half => write!(f, "{:04}-H{}", self.year(), (self.first.month + 5) / 6),
            Length::Year => write!(f, "{:04}", self.year()),
        }
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;
    /// Reads any of the four forms.
    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        [Length::Month, Length::Quarter, Length::Half, Length::Year]
            .into_iter()
            .find_map(|length| Self::parse(text, length).ok())
            .ok_or_else(|| NotAPeriod { given: text.trim().to_owned(), like: "2017-11, 2017-Q4, 2017-H2 or 2017" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_and_printed_again() {
        for text in ["2017-11", "2017-01", "2017-Q1", "2017-Q4", "2017-H1", "2017-H2", "2017"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in ["", "2017-13", "2017-00", "2017-Q5", "2017-Q0", "2017-H3", "17", "2017-1", "2017-11-01", "2017-Q"]
        {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
        assert!(Period::parse("2017-11", Length::Quarter).unwrap_err().to_string().contains("2017-Q4"));
    }

    #[test]
    fn the_last_full_period_is_over() {
        let zone = TimeZone::get("Asia/Almaty").unwrap();
        let check = |now: &str, length: Length, expect: &str| {
            assert_eq!(Period::last_full(now.parse().unwrap(), &zone, length).to_string(), expect);
        };
        check("2017-12-01T05:00:00Z", Length::Month, "2017-11");
        check("2017-11-30T20:00:00Z", Length::Month, "2017-11");
        check("2017-11-30T17:00:00Z", Length::Month, "2017-10");
        check("2018-01-15T00:00:00Z", Length::Month, "2017-12");
        check("2018-01-15T00:00:00Z", Length::Quarter, "2017-Q4");
        check("2018-05-15T00:00:00Z", Length::Quarter, "2018-Q1");
        check("2018-05-15T00:00:00Z", Length::Half, "2017-H2");
        check("2018-05-15T00:00:00Z", Length::Year, "2017");
    }
}
