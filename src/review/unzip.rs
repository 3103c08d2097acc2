//! A workbook as it comes back: its sheets as lines of text cells.
//!
//! A workbook is a zip from a stranger: what it unpacks to is measured first, and one that grows too much is
//! refused unread.

use std::io::{Cursor, Read as _};

use calamine::{Data, Reader as _, Xlsx};

/// Most bytes that a workbook may unpack to.
const MOST: u64 = 256 << 20;
/// Most sheets that are looked at.
const MOST_SHEETS: usize = 16;
/// Most cells of a sheet.
const MOST_CELLS: usize = 5_000_000;

/// The lines of a sheet from its first, each with its number.
pub type Lines = Vec<(usize, Vec<String>)>;

/// The lines of the first sheet.
///
/// # Errors
/// Why the workbook cannot be read, in words.
pub fn lines(bytes: &[u8]) -> Result<Lines, String> {
    sheets(bytes, |_| false).map(|mut sheets| sheets.swap_remove(0).1)
}

/// The first sheet, and those others whose lines `wanted` asks for; each with its name.
///
/// # Errors
/// Why the workbook cannot be read, in words.
pub(super) fn sheets(bytes: &[u8], wanted: impl Fn(&Lines) -> bool) -> Result<Vec<(String, Lines)>, String> {
    measured(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let mut sheets = Vec::new();
    for name in book.sheet_names().into_iter().take(MOST_SHEETS) {
        let lines = match lines_of(&mut book, &name) {
            Ok(lines) => lines,
            Err(_) if !sheets.is_empty() => continue,
            Err(why) => return Err(why),
        };
        if sheets.is_empty() || wanted(&lines) {
            sheets.push((name, lines));
        }
    }
    if sheets.is_empty() { Err("it has no sheet".to_owned()) } else { Ok(sheets) }
}

fn lines_of(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Lines, String> {
    let range = book.worksheet_range(name).map_err(|error| error.to_string())?;
    if range.height().saturating_mul(range.width()) > MOST_CELLS {
        return Err(format!("a sheet has more than {MOST_CELLS} cells"));
    }
    let (top, left) = range.start().map_or((0, 0), |(row, column)| (row as usize, column as usize));
    let line = |cells: &[Data]| {
        let mut line = vec![String::new(); left];
        line.extend(cells.iter().map(text));
        while line.last().is_some_and(|cell| cell.trim().is_empty()) {
            line.pop();
        }
        line
    };
    Ok(range.rows().enumerate().map(|(at, cells)| (top + at + 1, line(cells))).collect())
}

/// Is a workbook small enough once unpacked?
fn measured(bytes: &[u8]) -> Result<(), String> {
    entries(bytes, &mut std::io::sink(), |_| false)
}

/// Is one of the files in a workbook or document what is wanted?
///
/// # Errors
/// Why it cannot be unpacked, in words.
pub fn unzipped_any(bytes: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Result<bool, String> {
    let (mut held, mut found) = (Vec::new(), false);
    entries(bytes, &mut held, |held: &mut Vec<u8>| {
        found = wanted(held);
        held.clear();
        found
    })?;
    Ok(found)
}

/// Unpacks what a zip holds into `to`, which `ended` sees after each file; true ends it.
fn entries<W: std::io::Write>(bytes: &[u8], to: &mut W, mut ended: impl FnMut(&mut W) -> bool) -> Result<(), String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let mut left = MOST;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|error| error.to_string())?;
        let read = std::io::copy(&mut entry.take(left + 1), to).map_err(|error| error.to_string())?;
        left = left.checked_sub(read).ok_or_else(|| format!("it unpacks to more than {} MiB", MOST >> 20))?;
        if ended(to) {
            return Ok(());
        }
    }
    Ok(())
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Float(number) => plain(*number),
        // A day that somebody typed into a cell without our format: Excel keeps the number of days.
        Data::DateTime(moment) => match moment.to_ymd_hms_milli() {
            (year, month, day, 0, 0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
            (year, month, day, hour, minute, second, _) => {
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
            }
        },
        Data::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        other => other.to_string(),
    }
}

/// A number as somebody would type it: no exponent, no needless point.
fn plain(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
        format!("{number:.0}")
    } else {
        number.to_string()
    }
}
