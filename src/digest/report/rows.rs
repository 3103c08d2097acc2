//! A sheet of a workbook (Office Open XML, ECMA-376, part 1, 18.3) whose rows are written as they come, straight into
//! the compressed file: a year has more of them than memory should hold, or than should be written twice.
//!
//! What stands around the rows is the library's, which made a sheet with a row of headings and one sample row;
//! how cells look is read from that row. Rows are written as the library writes them.

use std::borrow::Cow;
use std::io;

use rust_xlsxwriter::ExcelDateTime;

use crate::model::{Amount, PartialDate};

/// Rows that a sheet may have, its headings among them (Excel's limit).
const MOST_ROWS: u32 = 1 << 20;
/// Bytes of XML that are handed on at once.
const PIECE: usize = 64 << 10;

/// What may stand in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    /// An empty one is no cell.
    Text(&'a str),
    /// A day, a month or a year: a date where it is a whole day, else a text.
    Date(Option<PartialDate>),
    /// A sum.
    Sum(Option<Amount>),
    /// A number of things.
    Count(u32),
}

/// A whole day as workbooks know it; `None` where only a month or a year is known, or no workbook knows the year.
pub(super) fn day(date: PartialDate) -> Option<ExcelDateTime> {
    let day = date.exact()?;
    let year = u16::try_from(day.year()).ok()?;
    ExcelDateTime::from_ymd(year, u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?).ok()
}

/// A sum in whole units of its currency.
pub(super) fn units(amount: Amount) -> f64 {
    amount.0 as f64 / 100.0
}

/// Which look is whose.
const TEXT: usize = 0;
const DATE: usize = 1;
const SUM: usize = 2;

/// The letter of a column; those of the long sheets are few.
fn letter(column: usize) -> char {
    u8::try_from(column).map_or('A', |column| char::from(b'A' + column))
}

/// A sheet on its way into a file.
pub(super) struct Rows {
    /// What stands before the rows that are still to come, and was not handed on yet.
    xml: String,
    /// What stands after them.
    tail: String,
    /// Looks of texts, dates and sums, each as the attribute that names it; empty where a cell has no look of its own.
    looks: [String; 3],
    /// The number of the next row, counted from 1.
    next: u32,
}

impl Rows {
    /// Takes a sheet with headings and a sample row of `sample` apart, and makes it one of `rows` rows beside its
    /// headings.
    ///
    /// # Errors
    /// Where it would have too many rows.
    pub(super) fn of(sheet: &str, sample: &[Cell<'_>], rows: usize) -> io::Result<Self> {
        let last = u32::try_from(rows).ok().and_then(|rows| rows.checked_add(1)).filter(|last| *last <= MOST_ROWS);
        let last = last.ok_or_else(|| io::Error::other(format!("a sheet takes no more than {MOST_ROWS} rows")))?;
        let (head, rest) = sheet.split_once("<row r=\"2\">").unwrap_or((sheet, ""));
        let (shown, tail) = rest.split_once("</row>").unwrap_or_default();
        let end = letter(sample.len().saturating_sub(1));
        let look = |of: fn(&Cell<'_>) -> bool| {
            let column = letter(sample.iter().position(of)?);
            let (_, cell) = shown.split_once(&format!("<c r=\"{column}2\""))?;
            let (attributes, _) = cell.split_once('>')?;
            attributes.split(' ').find(|attribute| attribute.starts_with("s=")).map(|look| format!(" {look}"))
        };
        let looks = [
            look(|cell| matches!(cell, Cell::Text(_))),
            look(|cell| matches!(cell, Cell::Date(_))),
            look(|cell| matches!(cell, Cell::Sum(_))),
        ];
        Ok(Self {
            xml: head.replacen(
                &format!("<dimension ref=\"A1:{end}2\"/>"),
                &format!("<dimension ref=\"A1:{end}{last}\"/>"),
                1,
            ),
            tail: tail.to_owned(),
            looks: looks.map(Option::unwrap_or_default),
            next: 2,
        })
    }

    /// Adds a row, its cells from the first column on.
    pub(super) fn add(&mut self, cells: &[Cell<'_>], out: &mut impl io::Write) -> io::Result<()> {
        let number = self.next.to_string();
        self.next += 1;
        self.put(&["<row r=\"", &number, "\">"]);
        for (at, cell) in cells.iter().enumerate() {
            match *cell {
                Cell::Text(said) => self.text(at, &number, said, Some(TEXT)),
                Cell::Date(None) | Cell::Sum(None) => {}
                Cell::Date(Some(date)) => match day(date) {
                    Some(day) => self.number(at, &number, day.to_excel(), Some(DATE)),
                    None => self.text(at, &number, &date.to_string(), None),
                },
                Cell::Sum(Some(amount)) => self.number(at, &number, units(amount), Some(SUM)),
                Cell::Count(count) => self.number(at, &number, f64::from(count), None),
            }
        }
        self.put(&["</row>"]);
        if self.xml.len() < PIECE { Ok(()) } else { self.pass(out) }
    }

    /// Adds what stands after the rows.
    pub(super) fn end(&mut self, out: &mut impl io::Write) -> io::Result<()> {
        let tail = std::mem::take(&mut self.tail);
        self.xml.push_str(&tail);
        self.pass(out)
    }

    fn pass(&mut self, out: &mut impl io::Write) -> io::Result<()> {
        out.write_all(self.xml.as_bytes())?;
        self.xml.clear();
        Ok(())
    }

    fn put(&mut self, pieces: &[&str]) {
        pieces.iter().for_each(|piece| self.xml.push_str(piece));
    }

    fn cell(&mut self, column: usize, row: &str, look: Option<usize>) {
        self.xml.push_str("<c r=\"");
        self.xml.push(letter(column));
        self.put(&[row, "\""]);
        if let Some(look) = look.and_then(|look| self.looks.get(look)) {
            self.xml.push_str(look);
        }
    }

    fn number(&mut self, column: usize, row: &str, number: f64, look: Option<usize>) {
        self.cell(column, row, look);
        self.put(&["><v>", &number.to_string(), "</v></c>"]);
    }

    fn text(&mut self, column: usize, row: &str, text: &str, look: Option<usize>) {
        if text.is_empty() {
            return;
        }
        self.cell(column, row, look);
        let edge = ['\t', '\n', ' '];
        let kept = text.starts_with(edge) || text.ends_with(edge);
        self.put(&[" t=\"inlineStr\"><is><t", if kept { " xml:space=\"preserve\">" } else { ">" }]);
        escape(text, &mut self.xml);
        self.put(&["</t></is></c>"]);
    }
}

/// Adds a text as a workbook spells it: `&lt;` and its like for markup, `_x001B_` for what XML cannot hold (ECMA-376,
/// part 1, 22.4.2.4), and so `_x005F_x001B_` for a text that says `_x001B_`.
fn escape(text: &str, out: &mut String) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        let (instead, taken): (Cow<'_, str>, usize) = match byte {
            b'&' => ("&amp;".into(), 1),
            b'<' => ("&lt;".into(), 1),
            b'>' => ("&gt;".into(), 1),
            b'\t' | b'\n' => continue,
            0..0x20 => (format!("_x{byte:04X}_").into(), 1),
            b'_' if spells_a_letter(&text.as_bytes()[at..]) => ("_x005F_".into(), 1),
            0xef if text[at..].starts_with('\u{fffe}') => ("_xFFFE_".into(), 3),
            0xef if text[at..].starts_with('\u{ffff}') => ("_xFFFF_".into(), 3),
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        out.push_str(&instead);
        copied = at + taken;
    }
    out.push_str(&text[copied..]);
}

/// Does a text begin with what a workbook would read as a letter: `_x`, four hexadecimal digits, `_`?
fn spells_a_letter(text: &[u8]) -> bool {
    matches!(text, [b'_', b'x', digits @ .., ] if digits.len() >= 5 && digits[4] == b'_' && digits[..4].iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{Format, Workbook};

    use super::*;

    const PART: &str = "xl/worksheets/sheet1.xml";

    /// The XML of a sheet as the library writes it row by row: headings and some rows.
    fn by_the_library(rows: &[Vec<Cell<'_>>]) -> String {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory().unwrap();
        let (dated, money) = (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("#,##0.##"));
        for column in 0..4 {
            sheet.write_string(0, column, "heading").unwrap();
        }
        sheet.set_column_format(0, &Format::new().set_text_wrap()).unwrap();
        for (row, cells) in (1..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                match *cell {
                    Cell::Text(text) => sheet.write_string(row, column, text).map(drop),
                    Cell::Date(None) | Cell::Sum(None) => Ok(()),
                    Cell::Date(Some(date)) => match day(date) {
                        Some(day) => sheet.write_datetime_with_format(row, column, &day, &dated).map(drop),
                        None => sheet.write_string(row, column, date.to_string()).map(drop),
                    },
                    Cell::Sum(Some(sum)) => sheet.write_number_with_format(row, column, units(sum), &money).map(drop),
                    Cell::Count(count) => sheet.write_number(row, column, count).map(drop),
                }
                .unwrap();
            }
        }
        let bytes = book.save_to_buffer().unwrap();
        let mut zip = zip::ZipArchive::new(io::Cursor::new(bytes)).unwrap();
        io::read_to_string(zip.by_name(PART).unwrap()).unwrap()
    }

    fn date(text: &str) -> Cell<'_> {
        Cell::Date(Some(text.parse().unwrap()))
    }

    const SAMPLE: fn() -> [Cell<'static>; 4] =
        || [Cell::Text("a"), date("2031-01-02"), Cell::Sum(Some(Amount(100))), Cell::Count(1)];

    fn written(rows: &[Vec<Cell<'_>>]) -> String {
        let mut sheet = Rows::of(&by_the_library(&[SAMPLE().to_vec()]), &SAMPLE(), rows.len()).unwrap();
        let mut xml = Vec::new();
        rows.iter().for_each(|row| sheet.add(row, &mut xml).unwrap());
        sheet.end(&mut xml).unwrap();
        String::from_utf8(xml).unwrap()
    }

    #[test]
    fn rows_are_written_as_the_library_writes_them() {
        let cells = |text: &'static str, day: &'static str, sum: i64, count: u32| {
            vec![Cell::Text(text), date(day), Cell::Sum(Some(Amount(sum))), Cell::Count(count)]
        };
        let rows = vec![
            cells("Суд отказал в иске", "2031-02-28", 150_000_000, 3),
            cells(" spaced", "1900-02-28", -1, 0),
            cells("line\nline\ttab", "2031-02", 1_005, u32::MAX),
            cells("ends with a tab\t", "9999-12-31", i64::from(i32::MAX), 7),
            cells("a & b < c > d \"e\" 'f'", "1900-03-01", 33, 1),
            cells("\u{1}\u{8}\r\u{1f}\u{7f}\u{85}\u{fffe}\u{ffff}\u{fffd}\u{feff}😀", "0031-01-01", 0, 1),
            cells("_x0041_ _x004g_ _X0041_ x_x005F_x0041_ _x0041", "2031", 5, 1),
            cells("_x00e9_x00E9_ _x00é1_ __x0041__ _x_", "2031-12-31", 99, 1),
            cells("=1+1", "2031-12-31", 12_345_678_901, 1),
            vec![Cell::Text(""), Cell::Date(None), Cell::Sum(None), Cell::Count(4)],
        ];
        assert_eq!(written(&rows), by_the_library(&rows));
        // Alone, so that no row hides what another lacks.
        for row in rows.chunks(1).map(<[_]>::to_vec) {
            let sample = [SAMPLE().to_vec(), row[0].clone()];
            assert_eq!(written(&sample), by_the_library(&sample));
        }
        assert_eq!(written(&[]).matches("<row ").count(), 1);
    }

    #[test]
    fn a_long_sheet_goes_out_in_pieces_and_none_is_lost() {
        let rows: Vec<Vec<Cell<'_>>> = vec![SAMPLE().to_vec(); 3_000];
        assert_eq!(written(&rows), by_the_library(&rows));
        assert!(Rows::of("", &SAMPLE(), MOST_ROWS as usize - 1).is_ok());
        assert!(Rows::of("", &SAMPLE(), MOST_ROWS as usize).is_err());
    }
}
