//! Dates as people and spreadsheets leave them in a cell.
//!
//! A spreadsheet that takes `2017-11-16` for a date saves it as its locale writes it, or as the serial
//! number of the day. What can mean one day only is read; what can mean two is handed back.

use jiff::civil::{Date, date};

use super::fault::{Fault, Said};
use crate::model::PartialDate;

/// First letters of the months in Russian, Kazakh and English, as spreadsheets shorten them.
const MONTHS: [&[&str]; 12] = [
    &["янв", "қаң", "jan"],
    &["фев", "ақп", "feb"],
    &["мар", "нау", "mar"],
    &["апр", "сәу", "apr"],
    &["май", "мая", "мам", "may"],
    &["июн", "мау", "jun"],
    &["июл", "шіл", "jul"],
    &["авг", "там", "aug"],
    &["сен", "қыр", "sep"],
    &["окт", "қаз", "oct"],
    &["ноя", "қар", "nov"],
    &["дек", "жел", "dec"],
];

/// Reads a date column. `before` is what the column held when the row was printed: of several
/// readings it is the likeliest, since a spreadsheet rewrites dates that nobody touched.
///
/// # Errors
/// Where the text is no date, or could be two.
pub(super) fn read(text: &str, before: Option<PartialDate>) -> Result<PartialDate, Fault> {
    let readings = readings(text);
    match (before.filter(|before| readings.contains(before)), readings.as_slice()) {
        (Some(before), _) => Ok(before),
        (None, [one]) => Ok(*one),
        (None, []) => Err(Fault::of(Said::NotADate, [text.into()])),
        (None, [one, two, ..]) => {
            Err(Fault::of(Said::TwoDates, [text.into(), one.to_string().into(), two.to_string().into()]))
        }
    }
}

/// Every date that a cell may mean, without repeats.
pub(super) fn readings(text: &str) -> Vec<PartialDate> {
    let text = text.trim();
    if text.len() > 64 {
        return Vec::new();
    }
    if let Ok(plain) = text.parse() {
        return vec![plain];
    }
    let text = without_time(text);
    let text = ["г.", "г", "ж.", "ж"].iter().find_map(|year| text.strip_suffix(year)).unwrap_or(text).trim();
    if let Ok(plain) = text.parse() {
        return vec![plain];
    }
    if let Some(serial) = serial(text) {
        return vec![serial.into()];
    }
    let mut found = if text.chars().any(char::is_alphabetic) { named(text) } else { numeric(text) };
    found.sort();
    found.dedup();
    found
}

/// Cuts a time of day off: `16.11.2017 0:00`, `2017-11-16T00:00:00+05:00`.
fn without_time(text: &str) -> &str {
    match text.find(['T', ' ']) {
        Some(at) if text[at..].contains(':') => text[..at].trim_end(),
        _ => text,
    }
}

/// Days since 30 December 1899, as both Excel and LibreOffice count them; only of 1954 to 2119, so
/// that no sum or article is taken for a day.
fn serial(text: &str) -> Option<Date> {
    let digits = text.strip_suffix(".0").or_else(|| text.strip_suffix(",0")).unwrap_or(text);
    if digits.len() != 5 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let days: i64 = digits.parse().ok().filter(|days| (20_000..=80_000).contains(days))?;
    date(1899, 12, 30).checked_add(jiff::Span::new().days(days)).ok()
}

fn numeric(text: &str) -> Vec<PartialDate> {
    let Some(separator) = text.chars().find(|c| !c.is_ascii_digit()) else { return Vec::new() };
    if !['.', '/', '-'].contains(&separator) {
        return Vec::new();
    }
    let parts: Vec<&str> = text.split(separator).map(str::trim).collect();
    if !parts.iter().all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())) {
        return Vec::new();
    }
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => day_of(year, month, day).into_iter().collect(),
        // A dot parts day and month in every locale that uses it; a slash or a hyphen does not tell.
        [day, month, year] if separator == '.' => day_of(year, month, day).into_iter().collect(),
        [one, two, year] => [day_of(year, two, one), day_of(year, one, two)].into_iter().flatten().collect(),
        [month, year] if year.len() == 4 => month_of(year, month).into_iter().collect(),
        [year, month] if year.len() == 4 => month_of(year, month).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn named(text: &str) -> Vec<PartialDate> {
    let parts: Vec<String> =
        text.split([' ', '-', '.', '/', ',']).filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
    let is_month = |part: &String| MONTHS.iter().position(|names| names.iter().any(|name| part.starts_with(name)));
    let Some((at, month)) = parts.iter().enumerate().find_map(|(at, part)| Some((at, is_month(part)?))) else {
        return Vec::new();
    };
    let month = (month + 1).to_string();
    let others: Vec<&str> =
        parts.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, part)| part.as_str()).collect();
    match others.as_slice() {
        // `Nov-17` is how a spreadsheet shows 2017-11; `17-Nov` would be a day without a year.
        [year] if year.len() == 4 || at == 0 => month_of(year, &month).into_iter().collect(),
        [day, year] if at == 1 || year.len() == 4 => day_of(year, &month, day).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn year_of(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    match text.len() {
        4 => Some(year),
        2 => Some(2000 + year),
        _ => None,
    }
}

fn month_of(year: &str, month: &str) -> Option<PartialDate> {
    let month: i8 = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    Some(PartialDate { year: year_of(year)?, month: Some(month), day: None })
}

fn day_of(year: &str, month: &str, day: &str) -> Option<PartialDate> {
    let (month, day): (i8, i8) = (month.parse().ok()?, day.parse().ok()?);
    Date::new(year_of(year)?, month, day).ok().map(PartialDate::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_spreadsheets_leave_them() {
        let check = |text: &str, expect: &str| {
            assert_eq!(read(text, None).map(|date| date.to_string()), Ok(expect.to_owned()), "{text}");
        };
        check("2017-11-16", "2017-11-16");
        check(" 2017-11 ", "2017-11");
        check("2017", "2017");
        check("16.11.2017", "2017-11-16");
        check("03.04.2017", "2017-04-03");
        check("16.11.17", "2017-11-16");
        check("16.11.2017 0:00", "2017-11-16");
        check("16.11.2017 г.", "2017-11-16");
        check("2017-11-16T00:00:00+05:00", "2017-11-16");
        check("2017-11-16 00:00:00", "2017-11-16");
        check("2017/11/16", "2017-11-16");
        check("11/16/2017", "2017-11-16");
        check("16/11/2017", "2017-11-16");
        check("5/5/2017", "2017-05-05");
        check("43055", "2017-11-16");
        check("11.2017", "2017-11");
        check("Nov-17", "2017-11");
        check("ноя.17", "2017-11");
        check("қар.17", "2017-11");
        check("16 ноября 2017", "2017-11-16");
        check("16-Nov-17", "2017-11-16");
    }

    #[test]
    fn what_may_be_two_dates_or_none_is_handed_back() {
        let check = |text: &str, words: &str| {
            let error = read(text, None).unwrap_err().words(crate::model::Lang::EN);
            assert!(error.contains(words), "{text}: {error}");
        };
        check("03/04/2017", "may mean 2017-03-04 or 2017-04-03");
        check("31.02.2017", "is not a date");
        check("13/13/2017", "is not a date");
        check("17-Nov", "is not a date");
        check("yesterday", "is not a date");
        check("вчера", "is not a date");
        check("1500000", "is not a date");
        check("73-3", "is not a date");
        check("2017-11-16-1", "is not a date");
        check("########", "is not a date");
    }

    #[test]
    fn of_two_readings_the_untouched_one_is_taken() {
        let before = "2017-04-03".parse().ok();
        assert_eq!(read("03/04/2017", before), Ok("2017-04-03".parse().unwrap()));
        assert_eq!(read("04/03/2017", before), Ok("2017-04-03".parse().unwrap()));
        assert!(read("05/03/2017", before).is_err());
    }
}
