//! Dates of publication, as feeds and pages write them in English, Russian and Kazakh.
//!
//! RFC 2822 and RFC 3339 with their usual faults, ISO 8601 without a zone, `23.11.2026 09:05`,
//! `23 ноября 2026, 09:05`, `2026 жылғы 23 қараша`, `Nov. 23, 2026 9:05 p.m.`, `вчера, 18:00`.
//! It reads what is written and never guesses a day: text without one gives nothing.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::plain::clip;
use crate::model::Moment;

/// A date line is short; what stands after this many bytes belongs to something else.
const LONGEST: usize = 160;
/// No page that we read is older.
const FIRST_YEAR: i16 = 1970;
const LAST_YEAR: i16 = 2100;

/// What is known about a date beside its letters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DateHint<'a> {
    /// When the page was captured. It gives `вчера` its day and `23 ноября` its year, and a date
    /// more than a day later is refused.
    pub captured: Option<Timestamp>,
    /// Is a time without a zone Kazakhstan's? Else it is taken for UTC.
    pub kazakhstan: bool,
    /// The clock of a time without a zone, where it is known: it goes before `kazakhstan`.
    pub zone: Option<&'a TimeZone>,
}

impl DateHint<'_> {
    /// The offset of a local time that names no zone.
    pub fn offset(&self, at: DateTime) -> Offset {
        match self.zone {
            // A time that a clock skipped or told twice is taken as clocks stood before the change.
            Some(zone) => match zone.to_ambiguous_timestamp(at).offset() {
                AmbiguousOffset::Unambiguous { offset } => offset,
                AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => before,
            },
            None if self.kazakhstan => kazakhstan_offset(at),
            None => Offset::UTC,
        }
    }
}

/// The first date in a short text, or `None` where it holds none that can be read, or one in the future.
///
/// A date without a time is midnight of that day.
///
/// ```
/// use sozwatch::extract::{DateHint, date};
/// let kazakhstan = Some(DateHint { kazakhstan: true, ..DateHint::default() });
/// assert_eq!(date("Mon, 23 Nov 2026 9:05 +0500", None).unwrap().to_string(), "2026-11-23T09:05:00+05:00");
/// assert_eq!(date("23 ноября 2023, 09:05", kazakhstan).unwrap().to_string(), "2023-11-23T09:05:00+06:00");
/// assert_eq!(date("2026 жылғы 23 қараша", kazakhstan).unwrap().to_string(), "2026-11-23T00:00:00+05:00");
/// ```
pub fn date(text: &str, hint: Option<DateHint<'_>>) -> Option<Moment> {
    let hint = hint.unwrap_or_default();
    let lower = clip(text.trim(), LONGEST).to_lowercase();
    let tokens = tokens(&lower);
    if let Some(moment) = epoch(&tokens) {
        return not_in_future(moment, hint);
    }
    let clock = clock(&tokens);
    let day = [numeric_day, counted_day, named_day, relative_day, month_of_a_year]
        .iter()
        .find_map(|read| read(&tokens, hint, &clock).filter(|day| (FIRST_YEAR..=LAST_YEAR).contains(&day.year())))?;
    let civil = day.to_datetime(clock.time);
    let offset = match clock.zone {
        Zone::Offset(offset) => offset,
        Zone::Kazakhstan => kazakhstan_offset(civil),
        Zone::Unsaid => hint.offset(civil),
    };
    let timestamp = offset.to_timestamp(civil).ok()?;
    not_in_future(Moment { timestamp, offset }, hint)
}

/// Kazakhstan's offset: +06:00 in the capital and Almaty before 1 March 2024, +05:00 in the whole
/// country since (government resolution of 19 January 2024). The western regions had +05:00 before;
/// outlets there date by the capital's clock or write a zone.
pub fn kazakhstan_offset(at: DateTime) -> Offset {
    match at < jiff::civil::datetime(2024, 3, 1, 0, 0, 0, 0) {
        true => Offset::constant(6),
        false => Offset::constant(5),
    }
}

/// The day that an address names in its path: `/2026/11/23/`, `/2026-11-23-`, `/20261123`.
pub fn day_of_address(address: &str) -> Option<Date> {
    let path = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = path.split(['?', '#']).next()?;
    let path = clip(&path[path.find('/')?..], 512);
    let bytes = path.as_bytes();
    for start in 0..bytes.len() {
        if start > 0 && bytes[start - 1].is_ascii_digit() {
            continue;
        }
        let digits = |from: usize, count: usize| -> Option<i16> {
            let part = bytes.get(from..from + count)?;
            part.iter().all(u8::is_ascii_digit).then(|| std::str::from_utf8(part).ok()?.parse().ok())?
        };
        let Some(year) = digits(start, 4).filter(|year| (1995..=LAST_YEAR).contains(year)) else { continue };
        let sign = bytes.get(start + 4).copied().filter(|sign| matches!(sign, b'/' | b'-' | b'_' | b'.'));
        let step = usize::from(sign.is_some());
        let month_at = start + 4 + step;
        if step == 1 && bytes.get(month_at + 2).copied() != sign {
            continue;
        }
        let day_at = month_at + 2 + step;
        // Eight digits in a row are a date only where nothing numeric goes on after them.
        let ends = bytes.get(day_at + 2).is_none_or(|next| !next.is_ascii_digit());
        if let (Some(month), Some(day), true) = (digits(month_at, 2), digits(day_at, 2), ends)
            && let Ok(date) = Date::new(year, month as i8, day as i8)
        {
            return Some(date);
        }
    }
    None
}

fn not_in_future(moment: Moment, hint: DateHint<'_>) -> Option<Moment> {
    let latest = hint.captured.and_then(|captured| captured.checked_add(SignedDuration::from_hours(24)).ok());
    latest.is_none_or(|latest| moment.timestamp <= latest).then_some(moment)
}

/// A piece of a date line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Number { value: u64, digits: usize },
    Word(&'a str),
    Sign(char),
}

/// Cuts a text in lower case into numbers, words and signs; white space is dropped.
fn tokens(lower: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = lower;
    while let Some(first) = rest.chars().next() {
        let same = |test: fn(char) -> bool| rest.find(|letter| !test(letter)).unwrap_or(rest.len());
        let end = if first.is_ascii_digit() {
            let end = same(|letter| letter.is_ascii_digit());
            tokens.push(Token::Number { value: rest[..end].parse().unwrap_or(u64::MAX), digits: end });
            end
        } else if first.is_alphabetic() {
            let end = same(char::is_alphabetic);
            tokens.push(Token::Word(&rest[..end]));
            end
        } else {
            if !first.is_whitespace() {
                tokens.push(Token::Sign(match first {
                    '−' | '–' | '—' => '-',
                    _ => first,
                }));
            }
            first.len_utf8()
        };
        rest = &rest[end..];
    }
    tokens
}

fn number(tokens: &[Token<'_>], at: usize, digits: std::ops::RangeInclusive<usize>) -> Option<i16> {
    match tokens.get(at)? {
        Token::Number { value, digits: count } if digits.contains(count) => i16::try_from(*value).ok(),
        _ => None,
    }
}

fn sign(tokens: &[Token<'_>], at: usize) -> Option<char> {
    match tokens.get(at)? {
        Token::Sign(sign) => Some(*sign),
        _ => None,
    }
}

fn word<'a>(tokens: &[Token<'a>], at: usize) -> Option<&'a str> {
    match tokens.get(at)? {
        Token::Word(word) => Some(word),
        _ => None,
    }
}

/// Seconds (or milliseconds) since 1970 and nothing else.
fn epoch(tokens: &[Token<'_>]) -> Option<Moment> {
    let [Token::Number { value, digits }] = tokens else { return None };
    let value = i64::try_from(*value).ok()?;
    let timestamp = match digits {
        9 | 10 => Timestamp::from_second(value).ok()?,
        13 => Timestamp::from_millisecond(value).ok()?,
        _ => return None,
    };
    Some(Moment::utc(timestamp))
}

#[derive(Debug, Clone, Copy)]
enum Zone {
    Unsaid,
    Offset(Offset),
    Kazakhstan,
}

/// The time of day in a date line.
struct Clock {
    time: Time,
    zone: Zone,
    /// `am` or `pm` was written: the American order of day and month is likelier.
    twelve_hours: bool,
}

fn clock(tokens: &[Token<'_>]) -> Clock {
    let mut clock = Clock { time: Time::midnight(), zone: Zone::Unsaid, twelve_hours: false };
    for at in 0..tokens.len() {
        // The offset `+05:00` is no time.
        if at > 1 && matches!(sign(tokens, at - 1), Some('+')) {
            continue;
        }
        let Some((mut hour, minute, second, mut next)) = digits_of_time(tokens, at) else { continue };
        let mut halves = word(tokens, next);
        if halves.is_some_and(|half| half == "a" || half == "p") && sign(tokens, next + 1) == Some('.') {
            // "a.m.", "p.m."
            halves = if halves == Some("a") { Some("am") } else { Some("pm") };
            next += 3;
        }
        if let Some(half @ ("am" | "pm")) = halves {
            clock.twelve_hours = true;
            next += 1;
            hour = match (half, hour) {
                ("am", 12) => 0,
                ("pm", 1..=11) => hour + 12,
                _ => hour,
            };
        }
        if let Ok(time) = Time::new(hour, minute, second, 0) {
            clock.time = time;
            clock.zone = zone(tokens, next);
            return clock;
        }
    }
    clock
}

/// `9:05`, `09:05:30.25`, and `T0905` or `T090530` of ISO 8601; with where it ends.
fn digits_of_time(tokens: &[Token<'_>], at: usize) -> Option<(i8, i8, i8, usize)> {
    if at > 0
        && word(tokens, at - 1) == Some("t")
        && let Token::Number { value, digits: digits @ (4 | 6) } = tokens[at]
    {
        let hms = if digits == 4 { value * 100 } else { value };
        return Some(((hms / 10_000) as i8, (hms / 100 % 100) as i8, (hms % 100) as i8, at + 1));
    }
    let hour = number(tokens, at, 1..=2)?;
    if sign(tokens, at + 1) != Some(':') {
        return None;
    }
    let minute = number(tokens, at + 2, 1..=2)?;
    let (mut second, mut next) = (0, at + 3);
    if sign(tokens, next) == Some(':')
        && let Some(written) = number(tokens, next + 1, 1..=2)
    {
        // A leap second is the last second of its minute here.
        (second, next) = (written.min(59), next + 2);
    }
    if matches!(sign(tokens, next), Some('.' | ','))
        && matches!(tokens.get(next + 1), Some(Token::Number { digits, .. }) if next > at + 3 && *digits <= 9)
    {
        next += 2;
    }
    Some((hour as i8, minute as i8, second as i8, next))
}

/// Offsets of zone names, in minutes. RFC 2822, section 4.3, and what outlets of the region write.
const ZONES: &[(&str, i32)] = &[
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("bst", 60),
    ("cet", 60),
    ("west", 60),
    ("cest", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("мск", 180),
    ("trt", 180),
    ("samt", 240),
    ("uzt", 300),
    ("yekt", 300),
    ("kgt", 360),
    ("omst", 360),
    ("jst", 540),
    ("kst", 540),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
];

fn zone(tokens: &[Token<'_>], at: usize) -> Zone {
    let mut at = at;
    // "09:05 (Астана)", "09:05, по времени Астаны"
    while matches!(sign(tokens, at), Some('(' | ',' | '['))
        || matches!(word(tokens, at), Some("по" | "времени" | "время"))
    {
        at += 1;
    }
    if let Some(name) = word(tokens, at) {
        if matches!(name, "almt" | "almst" | "qyzt" | "kzt") || name.starts_with("астан") || name.starts_with("алмат")
        {
            return Zone::Kazakhstan;
        }
        let Some((_, minutes)) = ZONES.iter().find(|(known, _)| *known == name) else { return Zone::Unsaid };
        if *minutes != 0 || !matches!(sign(tokens, at + 1), Some('+' | '-')) {
            return offset_of(*minutes);
        }
        // "GMT+0500"
        at += 1;
    }
    let direction = match sign(tokens, at) {
        Some('+') => 1,
        Some('-') => -1,
        _ => return Zone::Unsaid,
    };
    if let Some(hhmm) = number(tokens, at + 1, 3..=4) {
        return offset_of(direction * (i32::from(hhmm) / 100 * 60 + i32::from(hhmm) % 100));
    }
    let Some(hours) = number(tokens, at + 1, 1..=2) else { return Zone::Unsaid };
    let minutes = match sign(tokens, at + 2) {
        Some(':') => number(tokens, at + 3, 2..=2).unwrap_or(0),
        _ => 0,
    };
    offset_of(direction * (i32::from(hours) * 60 + i32::from(minutes)))
}

fn offset_of(minutes: i32) -> Zone {
    // Beyond these no place on Earth keeps its clocks.
    if !(-14 * 60..=14 * 60).contains(&minutes) {
        return Zone::Unsaid;
    }
    Offset::from_seconds(minutes * 60).map_or(Zone::Unsaid, Zone::Offset)
}

/// `2026-11-23`, `23.11.2026`, `11/23/2026`, `20261123`.
fn numeric_day(tokens: &[Token<'_>], hint: DateHint<'_>, clock: &Clock) -> Option<Date> {
    for at in 0..tokens.len() {
        if let Token::Number { value, digits: digits @ (8 | 12 | 14) } = tokens[at] {
            let day = match digits {
                8 => value,
                12 => value / 10_000,
                _ => value / 1_000_000,
            };
            let date = Date::new((day / 10_000) as i16, (day / 100 % 100) as i8, (day % 100) as i8);
            if let Ok(date) = date {
                return Some(date);
            }
        }
        let Some(mark) = sign(tokens, at + 1).filter(|mark| matches!(mark, '-' | '.' | '/')) else { continue };
        if sign(tokens, at + 3) != Some(mark) {
            continue;
        }
        let Some(middle) = number(tokens, at + 2, 1..=2) else { continue };
        if let (Some(year), Some(day)) = (number(tokens, at, 4..=4), number(tokens, at + 4, 1..=2)) {
            if let Ok(date) = Date::new(year, middle as i8, day as i8) {
                return Some(date);
            }
            continue;
        }
        let (Some(first), Some(year)) = (number(tokens, at, 1..=2), number(tokens, at + 4, 2..=4)) else { continue };
        let Some(year) = full_year(year) else { continue };
        let day_first = Date::new(year, middle as i8, first as i8).ok();
        let month_first = Date::new(year, first as i8, middle as i8).ok().filter(|_| mark != '.');
        let date = match (day_first, month_first) {
            (Some(day_first), Some(month_first)) => {
                let american = clock.twelve_hours && mark == '/';
                if american || (is_future(day_first, hint) && !is_future(month_first, hint)) {
                    month_first
                } else {
                    day_first
                }
            }
            (one, other) => match one.or(other) {
                Some(date) => date,
                None => continue,
            },
        };
        return Some(date);
    }
    None
}

fn is_future(date: Date, hint: DateHint<'_>) -> bool {
    let latest = hint.captured.and_then(|captured| captured.checked_add(SignedDuration::from_hours(24)).ok());
    latest.is_some_and(|latest| date > Offset::UTC.to_datetime(latest).date())
}

fn full_year(written: i16) -> Option<i16> {
    match written {
        0..=69 => Some(2000 + written),
        70..=99 => Some(1900 + written),
        FIRST_YEAR..=LAST_YEAR => Some(written),
        _ => None,
    }
}

/// `2026年11月23日`, `2026년 11월 23일`.
fn counted_day(tokens: &[Token<'_>], _: DateHint, _: &Clock) -> Option<Date> {
    (0..tokens.len()).find_map(|at| {
        let counted = matches!(word(tokens, at + 1)?, "年" | "년") && matches!(word(tokens, at + 3)?, "月" | "월");
        let (year, month, day) =
            (number(tokens, at, 4..=4)?, number(tokens, at + 2, 1..=2)?, number(tokens, at + 4, 1..=2)?);
        Date::new(year, month as i8, day as i8).ok().filter(|_| counted)
    })
}

/// `23 ноября 2026`, `Nov 23, 2026`, `2026 жылғы 23 қараша`, `23-Nov-26`; without a year, the year
/// that makes it the past of the capture.
fn named_day(tokens: &[Token<'_>], hint: DateHint<'_>, _: &Clock) -> Option<Date> {
    for at in 0..tokens.len() {
        let Some(month) = word(tokens, at).and_then(month) else { continue };
        if let Some(date) = day_beside(tokens, at, month, hint) {
            return Some(date);
        }
    }
    None
}

fn day_beside(tokens: &[Token<'_>], at: usize, month: i8, hint: DateHint<'_>) -> Option<Date> {
    let is_day = |number: &i16| (1..=31).contains(number);
    // A number with a colon on either side belongs to a time.
    let in_time = |at: usize| {
        let after_colon = at > 1 && sign(tokens, at - 1) == Some(':') && number(tokens, at - 2, 1..=2).is_some();
        sign(tokens, at + 1) == Some(':') || after_colon
    };
    let before = (1..=3).map_while(|step| at.checked_sub(step)).find_map(|place| match tokens[place] {
        Token::Number { .. } => Some(number(tokens, place, 1..=2).filter(|_| !in_time(place)).map(|day| (place, day))),
        Token::Sign('-' | '.' | ',' | '/') => None,
        Token::Word("th" | "st" | "nd" | "rd" | "of" | "го" | "е" | "шы" | "ші") => None,
        _ => Some(None),
    });
    let (day_at, day) = before.flatten().filter(|(_, day)| is_day(day)).or_else(|| {
        let place =
            (at + 1..at + 3).find(|place| !matches!(tokens.get(*place), Some(Token::Sign('-' | '.' | ',' | '/'))))?;
        number(tokens, place, 1..=2).filter(|day| is_day(day) && !in_time(place)).map(|day| (place, day))
    })?;
    let after = at.max(day_at) + 1;
    let four = |place: usize| number(tokens, place, 4..=4).and_then(full_year);
    let two = |place: usize| number(tokens, place, 2..=2).filter(|_| !in_time(place)).and_then(full_year);
    let first_number = (after..after + 3).find(|place| matches!(tokens.get(*place), Some(Token::Number { .. })));
    let year = first_number
        .and_then(four)
        // asctime puts the year last: "Nov 23 09:05:00 2026".
        .or_else(|| {
            (after..tokens.len())
                .take(12)
                .find_map(|place| four(place).filter(|_| !matches!(sign(tokens, place - 1), Some('+' | '-'))))
        })
        .or_else(|| (at.min(day_at).saturating_sub(4)..at.min(day_at)).rev().find_map(four))
        .or_else(|| first_number.and_then(two));
    match year {
        Some(year) => Date::new(year, month, day as i8).ok(),
        None => {
            let captured = Offset::UTC.to_datetime(hint.captured?).date();
            let this_year = Date::new(captured.year(), month, day as i8).ok();
            let last_year = Date::new(captured.year() - 1, month, day as i8).ok();
            this_year.filter(|date| !is_future(*date, hint)).or(last_year)
        }
    }
}

/// `сегодня`, `вчера`, `бүгін`, `кеше`, `today`, `yesterday`: only where the capture is known.
fn relative_day(tokens: &[Token<'_>], hint: DateHint<'_>, _: &Clock) -> Option<Date> {
    let captured = Offset::UTC.to_datetime(hint.captured?);
    let captured = match hint.kazakhstan || hint.zone.is_some() {
        true => hint.offset(captured).to_datetime(hint.captured?),
        false => captured,
    };
    tokens.iter().find_map(|token| match token {
        Token::Word("сегодня" | "бүгін" | "today") => Some(captured.date()),
        Token::Word("вчера" | "кеше" | "yesterday") => captured.date().yesterday().ok(),
        _ => None,
    })
}

/// `2026-11` of ISO 8601: the first day of the month.
fn month_of_a_year(tokens: &[Token<'_>], _: DateHint, _: &Clock) -> Option<Date> {
    let [_, Token::Sign('-'), _] = tokens else { return None };
    Date::new(number(tokens, 0, 4..=4)?, number(tokens, 2, 2..=2)? as i8, 1).ok()
}

/// Stems of months: any ending of up to five letters may follow.
const STEMS: &[(&str, i8)] = &[
    ("january", 1),
    ("february", 2),
    ("march", 3),
    ("april", 4),
    ("june", 6),
    ("july", 7),
    ("august", 8),
    ("september", 9),
    ("october", 10),
    ("november", 11),
    ("december", 12),
    ("январ", 1),
    ("феврал", 2),
    ("март", 3),
    ("апрел", 4),
    ("июн", 6),
    ("июл", 7),
    ("август", 8),
    ("сентябр", 9),
    ("октябр", 10),
    ("ноябр", 11),
    ("декабр", 12),
    ("қаңтар", 1),
    ("ақпан", 2),
    ("наурыз", 3),
    ("сәуір", 4),
    ("мамыр", 5),
    ("маусым", 6),
    ("шілде", 7),
    ("тамыз", 8),
    ("қыркүйек", 9),
    ("қазан", 10),
    ("қараша", 11),
    ("желтоқсан", 12),
    ("qañtar", 1),
    ("qantar", 1),
    ("aqpan", 2),
    ("nauryz", 3),
    ("säuır", 4),
    ("sáýir", 4),
    ("mamyr", 5),
    ("mausym", 6),
    ("maýsym", 6),
    ("şılde", 7),
    ("shilde", 7),
    ("tamyz", 8),
    ("qyrküiek", 9),
    ("qyrkúıek", 9),
    ("qazan", 10),
    ("qaraşa", 11),
    ("qarasha", 11),
    ("jeltoqsan", 12),
    ("січн", 1),
    ("лютого", 2),
    ("березн", 3),
    ("квітн", 4),
    ("травн", 5),
    ("червн", 6),
    ("липн", 7),
    ("серпн", 8),
    ("вересн", 9),
    ("жовтн", 10),
    ("листопад", 11),
    ("грудн", 12),
];

/// Short names of months, as they stand.
const SHORT: &[(&str, i8)] = &[
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("sept", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("янв", 1),
    ("фев", 2),
    ("мар", 3),
    ("апр", 4),
    ("май", 5),
    ("мая", 5),
    ("мае", 5),
    ("авг", 8),
    ("сен", 9),
    ("сент", 9),
    ("окт", 10),
    ("ноя", 11),
    ("нояб", 11),
    ("дек", 12),
    ("қаң", 1),
    ("ақп", 2),
    ("нау", 3),
    ("сәу", 4),
    ("мам", 5),
    ("мау", 6),
    ("шіл", 7),
    ("там", 8),
    ("қыр", 9),
    ("қаз", 10),
    ("қар", 11),
    ("жел", 12),
];

fn month(word: &str) -> Option<i8> {
    let long = |stem: &str| word.strip_prefix(stem).is_some_and(|ending| ending.chars().count() <= 5);
    SHORT
        .iter()
        .find(|(short, _)| *short == word)
        .or_else(|| STEMS.iter().find(|(stem, _)| long(stem)))
        .map(|(_, month)| *month)
}

#[cfg(test)]
mod tests;
