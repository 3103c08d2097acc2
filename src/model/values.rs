//! Instants, dates as precise as they are known, and sums of money, as files and JSON spell them.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ZonedDateTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant with the offset it was published under; RFC 3339 in files and JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The instant.
    pub timestamp: Timestamp,
    /// The offset it was written with.
    pub offset: Offset,
}

impl Moment {
    /// The instant, written in UTC.
    pub fn utc(timestamp: Timestamp) -> Self {
        Self { timestamp, offset: Offset::UTC }
    }

    /// The instant, written as local time of a zone.
    pub fn local(timestamp: Timestamp, zone: &TimeZone) -> Self {
        Self { timestamp, offset: zone.to_offset(timestamp) }
    }

    /// The date where it was written.
    pub fn date(self) -> civil::Date {
        self.offset.to_datetime(self.timestamp).date()
    }

    /// The date in another zone.
    pub fn date_in(self, zone: &TimeZone) -> civil::Date {
        ZonedDateTime::new(self.timestamp, zone.clone()).date()
    }
}

impl FromStr for Moment {
    type Err = jiff::Error;
    /// Reads RFC 3339; an offset is required.
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        let pieces = jiff::fmt::temporal::DateTimeParser::new();
        let timestamp = pieces.parse_timestamp(text.trim())?;
        let offset = jiff::fmt::temporal::Pieces::parse(text.trim())?.to_numeric_offset().unwrap_or(Offset::UTC);
        Ok(Self { timestamp, offset })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.offset == Offset::UTC {
            return write!(f, "{:.0}", self.timestamp);
        }
        write!(f, "{:.0}", self.timestamp.display_with_offset(self.offset))
    }
}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.timestamp, self.offset).cmp(&(other.timestamp, other.offset))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A date as precisely as it is known: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    /// Year, four digits.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: Option<i8>,
    /// Day of the month; only with a month.
    pub day: Option<i8>,
}

impl PartialDate {
    /// The first day that the date may mean.
    pub fn first_day(self) -> civil::Date {
        civil::date(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// The day, where the date is known to the day.
    pub fn exact(self) -> Option<civil::Date> {
        civil::Date::new(self.year, self.month?, self.day?).ok()
    }
}

impl From<civil::Date> for PartialDate {
    fn from(date: civil::Date) -> Self {
        Self { year: date.year(), month: Some(date.month()), day: Some(date.day()) }
    }
}

/// Not a date of the form `YYYY[-MM[-DD]]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date; write YYYY-MM-DD, YYYY-MM or YYYY")]
pub struct NotADate(pub String);

impl FromStr for PartialDate {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let wrong = || NotADate(text.trim().to_owned());
        let mut parts = text.trim().split('-');
        let mut number = |digits: usize| -> Result<Option<i16>, NotADate> {
            match parts.next() {
                None => Ok(None),
                Some(part) if part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()) => {
                    part.parse().map(Some).map_err(|_| wrong())
                }
                Some(_) => Err(wrong()),
            }
        };
        let (year, month, day) = (number(4)?.ok_or_else(wrong)?, number(2)?, number(2)?);
        if parts.next().is_some() {
            return Err(wrong());
        }
        let date = Self { year, month: month.map(|m| m as i8), day: day.map(|d| d as i8) };
        civil::Date::new(year, date.month.unwrap_or(1), date.day.unwrap_or(1)).map_err(|_| wrong())?;
        Ok(date)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
            if let Some(day) = self.day {
                write!(f, "-{day:02}")?;
            }
        }
        Ok(())
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A sum of money in hundredths of its currency; printed as plain digits with a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Amount(pub i64);

impl Amount {
    /// A whole number of units, `None` where it would not fit.
    pub fn whole(units: i64) -> Option<Self> {
        units.checked_mul(100).map(Self)
    }
}

/// Not a sum: plain digits with a point were wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a sum; write plain digits with a point, such as 1500000 or 11345.50")]
pub struct NotASum(pub String);

impl FromStr for Amount {
    type Err = NotASum;
    fn from_str(text: &str) -> Result<Self, NotASum> {
        let wrong = || NotASum(text.trim().to_owned());
        let (units, cents) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        if units.is_empty() || cents.len() > 2 || !units.bytes().chain(cents.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let units: i64 = units.parse().map_err(|_| wrong())?;
        let cents: i64 = format!("{cents:0<2}").parse().map_err(|_| wrong())?;
        units.checked_mul(100).and_then(|sum| sum.checked_add(cents)).map(Self).ok_or_else(wrong)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % 100 {
            0 => write!(f, "{}", self.0 / 100),
            cents => write!(f, "{}.{cents:02}", self.0 / 100),
        }
    }
}

impl Serialize for Amount {
    /// A JSON number: a whole one where the sum is whole.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 {
            serializer.serialize_i64(self.0 / 100)
        } else {
            serializer.serialize_f64(self.0 as f64 / 100.0)
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        Ok(Self((number * 100.0).round() as i64))
    }
}
