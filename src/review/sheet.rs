//! A queue file as it comes back: bytes → rows, whatever a spreadsheet did to them on the way.
//!
//! Separators, order of columns, line ends, encodings and local dates may change; the text of a cell
//! may not be guessed. What cannot be read is told, and its row goes back as it was given.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1251};
use serde_json::Value;

use super::fault::{Fault, Said};
use super::notice::{Notice, Odd};
use super::row::{COLUMNS, FURTHER, OF_ORIGIN, unguarded};
use super::{Format, labels, unzip};

/// One row as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Line of the file on which the row begins, counted from 1.
    pub line: usize,
    /// By column, in the order of [`COLUMNS`] and [`FURTHER`]; `None` where the file has no such column.
    cells: Vec<Option<String>>,
    /// Cells under other headers, or under none.
    extra: Vec<(String, String)>,
    /// Why the row cannot be read.
    fault: Option<Fault>,
    /// Saved in windows-1251, which has no Kazakh letters.
    narrow: bool,
    /// The sheet of a workbook that it stands on, where that is not the first.
    sheet: Option<String>,
}

impl Given {
    fn at(line: usize) -> Self {
        Self {
            line,
            cells: vec![None; COLUMNS.len() + FURTHER.len()],
            extra: Vec::new(),
            fault: None,
            narrow: false,
            sheet: None,
        }
    }

    /// A cell, without surrounding white space; `None` where the file has no such column.
    pub fn get(&self, column: &str) -> Option<&str> {
        let at = place_of(column)?;
        self.cells[at].as_deref().map(str::trim)
    }

    /// The id of the row; empty for an event entered by hand.
    pub fn id(&self) -> &str {
        self.get("id").unwrap_or_default()
    }

    /// Filled cells that stand under no column of the queue, with their headers.
    pub fn extra(&self) -> &[(String, String)] {
        &self.extra
    }

    /// The sheet of a workbook that it stands on, where that is not the first.
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// What stands under another header; empty where nothing does.
    pub(super) fn under(&self, header: &str) -> &str {
        self.extra.iter().find(|(name, _)| name == header).map_or("", |(_, text)| text)
    }

    /// Why the row cannot be read at all, where that is so.
    pub(super) fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// Is a given text the same as what was printed, but for what an encoding without Kazakh letters
    /// did to it? Each letter that it lacks then stands as one `?`.
    pub(super) fn same(&self, given: &str, printed: &str) -> bool {
        given == printed || (self.narrow && same_but_narrowed(given, printed))
    }

    fn set(&mut self, header: &str, text: String) {
        let column = labels::column(header);
        match column.and_then(|name| Some((place_of(name)?, name))) {
            Some((at, name)) if self.cells[at].is_none() => self.cells[at] = Some(as_printed(name, text)),
            _ if labels::is_reason(header) || text.trim().is_empty() => {}
            _ => self.extra.push((header.trim().to_owned(), text)),
        }
    }

    fn is_empty(&self) -> bool {
        self.fault.is_none() && self.extra.is_empty() && self.cells.iter().flatten().all(|cell| cell.trim().is_empty())
    }
}

/// Where the cell of a column is kept.
fn place_of(column: &str) -> Option<usize> {
    COLUMNS.iter().chain(FURTHER).position(|name| *name == column)
}

/// A cell without what a workbook adds for the eye: words of the reviewer's language, lines below the evidence.
fn as_printed(column: &str, text: String) -> String {
    match column {
        "evidence" => match text.find(labels::ADDED) {
            Some(at) => text[..at].trim_end().to_owned(),
            None => text,
        },
        _ => match labels::with_ids(column, &text) {
            changed if changed.trim() == text.trim() => text,
            changed => changed,
        },
    }
}

/// Encodings that lack a letter write `?` for it, Windows one for each UTF-16 unit.
fn same_but_narrowed(given: &str, printed: &str) -> bool {
    let mut given = given.chars();
    for letter in printed.chars() {
        let text = letter.to_string();
        let lacking = WINDOWS_1251.encode(&text).2;
        for _ in 0..if lacking { letter.len_utf16() } else { 1 } {
            match given.next() {
                Some(found) if found == letter || lacking => {}
                _ => return false,
            }
        }
    }
    given.next().is_none()
}

/// Reads a queue file. Where not one row can be read, the first notice says why.
pub fn parse(bytes: &[u8], format: Format) -> (Vec<Given>, Vec<Notice>) {
    let mut narrow = false;
    // What a file is, its first bytes tell better than its name: people save as what their program offers.
    let (mut rows, mut notices) = if bytes.starts_with(b"PK\x03\x04") {
        workbook_rows(bytes)
    } else {
        let decoded = match decoded(bytes) {
            Ok(decoded) => decoded,
            Err(odd) => return (Vec::new(), vec![odd.notice()]),
        };
        narrow = decoded.1;
        match format {
            Format::Csv | Format::Xlsx => csv_rows(&decoded.0),
            Format::Jsonl => json_rows(&decoded.0),
        }
    };
    rows.retain(|row| !row.is_empty());
    for row in &mut rows {
        row.narrow = narrow;
    }
    if narrow && !rows.is_empty() {
        notices.push(Odd::Narrow.notice());
    }
    if let Some(row) = rows.iter().find(|row| !row.extra.is_empty() && row.fault.is_none()) {
        let names = row.extra.iter().map(|(name, _)| name.clone()).collect();
        notices.push(Odd::Beside(names).notice().at(row.line));
    }
    (rows, notices)
}

/// How far a file can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Legible {
    /// To its end.
    Whole,
    /// It ends in the middle of a row, as a file does that is copied only in part.
    Cut,
    /// Not one row; why, and what to do.
    Not(Notice),
}

/// Tells how far a file can be read.
pub fn legible(bytes: &[u8], format: Format) -> Legible {
    let (rows, notices) = parse(bytes, format);
    match (rows.last(), notices.into_iter().next()) {
        (None, Some(notice)) => Legible::Not(notice),
        (Some(last), _) if last.fault.as_ref().is_some_and(Fault::is_of_the_end) => Legible::Cut,
        _ => Legible::Whole,
    }
}

/// The text of a file, and whether it came in an encoding that lacks letters.
fn decoded(bytes: &[u8]) -> Result<(String, bool), Odd> {
    let as_utf16 = |encoding: &'static Encoding| Ok((encoding.decode(bytes).0.into_owned(), false));
    match bytes {
        [] => Err(Odd::Empty),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(Odd::OldWorkbook),
        [0xff, 0xfe, ..] => as_utf16(UTF_16LE),
        [0xfe, 0xff, ..] => as_utf16(UTF_16BE),
        [_, 0, _, 0, ..] => as_utf16(UTF_16LE),
        [0, _, 0, _, ..] => as_utf16(UTF_16BE),
        _ => Ok(match std::str::from_utf8(bytes) {
            Ok(text) => (text.trim_start_matches('\u{feff}').to_owned(), false),
            Err(_) => (WINDOWS_1251.decode_without_bom_handling(bytes).0.into_owned(), true),
        }),
    }
}

/// One record of a separated file.
struct Separated {
    line: usize,
    cells: Vec<String>,
    /// Line on which a quoted cell begins that never ends.
    unclosed: Option<usize>,
}

/// Reads records by RFC 4180, forgiving what spreadsheets and hands do: any line end, text after a
/// closing quote, a quote inside an unquoted cell.
struct Reader<'a> {
    text: &'a str,
    separator: u8,
    at: usize,
    line: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, separator: u8) -> Self {
        Self { text, separator, at: 0, line: 1 }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The text from here to the first of the ends, which are ASCII.
    fn until(&mut self, ends: &[u8]) -> &'a str {
        let rest = &self.text[self.at..];
        let length = rest.bytes().position(|byte| ends.contains(&byte)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn cell(&mut self, unclosed: &mut Option<usize>) -> String {
        let mut cell = String::new();
        if self.byte() == Some(b'"') {
            let begins = self.line;
            loop {
                self.at += 1;
                let part = self.until(b"\"");
                self.line += part.matches('\n').count();
                cell.push_str(part);
                if self.byte().is_none() {
                    *unclosed = Some(begins);
                    return cell;
                }
                self.at += 1;
                if self.byte() != Some(b'"') {
                    break;
                }
                cell.push('"');
            }
        }
        cell.push_str(self.until(&[self.separator, b'\r', b'\n']));
        cell
    }
}

impl Iterator for Reader<'_> {
    type Item = Separated;

    fn next(&mut self) -> Option<Separated> {
        self.byte()?;
        let mut record = Separated { line: self.line, cells: Vec::new(), unclosed: None };
        loop {
            record.cells.push(self.cell(&mut record.unclosed));
            match self.byte() {
                Some(byte) if byte == self.separator => self.at += 1,
                Some(end) => {
                    self.at += 1;
                    if end == b'\r' && self.byte() == Some(b'\n') {
                        self.at += 1;
                    }
                    self.line += 1;
                    return Some(record);
                }
                None => return Some(record),
            }
        }
    }
}

/// Lines above the header that are passed over: a title that somebody typed, blank rows.
const ABOVE_THE_HEADER: usize = 5;

/// How many columns of the queue a record names, where it can be the header.
fn known_columns(cells: &[String]) -> Option<usize> {
    let names: Vec<&str> = cells.iter().filter_map(|cell| labels::column(cell)).collect();
    let decides = ["id", "decision", "reviewer"].iter().any(|name| names.contains(name));
    (names.len() >= 2 && decides).then_some(names.len())
}

/// Is a record a line of headings once more? A workbook has them twice: as ids, and in the reviewer's language.
fn is_heading(cells: &[String], headers: &[String]) -> bool {
    let nothing_else = |known| known == cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let the_same = || {
        headers.iter().enumerate().all(|(at, header)| {
            let column = labels::column(header);
            column.is_none() || column == cells.get(at).and_then(|cell| labels::column(cell))
        })
    };
    known_columns(cells).is_some_and(|known| nothing_else(known) || the_same())
}

fn workbook_rows(bytes: &[u8]) -> (Vec<Given>, Vec<Notice>) {
    let sheets =
        match unzip::sheets(bytes, |lines| lines.iter().take(ABOVE_THE_HEADER).any(|(_, cells)| is_of_cards(cells))) {
            Ok(sheets) => sheets,
            Err(why) => return (Vec::new(), vec![Odd::BrokenWorkbook(why).notice()]),
        };
    let mut rows = Vec::new();
    for (at, (name, lines)) in sheets.into_iter().enumerate() {
        match sheet_rows(lines) {
            Some(of_sheet) if at == 0 => rows.extend(of_sheet),
            Some(of_sheet) => rows.extend(of_sheet.into_iter().map(|row| Given { sheet: Some(name.clone()), ..row })),
            None if at == 0 => return (Vec::new(), vec![Odd::NoHeader.notice().at(1)]),
            None => {}
        }
    }
    (rows, Vec::new())
}

/// Is a line the header of the sheet for events that the house heard of itself?
fn is_of_cards(cells: &[String]) -> bool {
    known_columns(cells).is_some() && cells.iter().any(|cell| OF_ORIGIN.contains(&cell.trim()))
}

/// The rows of a sheet; `None` where no line of it names the columns.
fn sheet_rows(lines: unzip::Lines) -> Option<Vec<Given>> {
    let header = lines
        .iter()
        .take(ABOVE_THE_HEADER)
        .enumerate()
        .filter_map(|(at, (_, cells))| Some((known_columns(cells)?, at)))
        .max_by_key(|(known, at)| (*known, std::cmp::Reverse(*at)));
    let (_, above) = header?;
    let mut lines = lines.into_iter().skip(above);
    let headers = lines.next().map(|(_, cells)| cells).unwrap_or_default();
    let records = lines.map(|(line, cells)| Separated { line, cells, unclosed: None });
    let rows =
        records.filter(|record| !is_heading(&record.cells, &headers)).map(|record| given(record, &headers, b';'));
    Some(rows.map(without_errors).collect())
}

/// A formula that failed shows its error where text should stand.
fn without_errors(mut row: Given) -> Given {
    let broken = COLUMNS.iter().find(|column| {
        row.get(column).is_some_and(|cell| {
            matches!(cell, "#NAME?" | "#REF!" | "#VALUE!" | "#N/A" | "#DIV/0!" | "#NULL!" | "#NUM!")
        })
    });
    if let Some(column) = broken {
        row.fault = Some(Fault::of(Said::FailedFormula, []).at(column));
    }
    row
}

fn csv_rows(text: &str) -> (Vec<Given>, Vec<Notice>) {
    let best = [b',', b';', b'\t']
        .into_iter()
        .flat_map(|separator| {
            let above = Reader::new(text, separator).take(ABOVE_THE_HEADER).enumerate();
            above
                .filter_map(move |(at, record)| Some((known_columns(&record.cells)?, separator, at)))
                .collect::<Vec<_>>()
        })
        .max_by_key(|(known, _, at)| (*known, std::cmp::Reverse(*at)));
    let Some((_, separator, above)) = best else {
        return (Vec::new(), vec![Odd::NoHeader.notice().at(1)]);
    };
    let mut records = Reader::new(text, separator).skip(above);
    let headers = records.next().map(|record| record.cells).unwrap_or_default();
    let records = records.filter(|record| !is_heading(&record.cells, &headers));
    let rows = records.map(|record| given(record, &headers, separator)).collect();
    (rows, Vec::new())
}

fn given(record: Separated, headers: &[String], separator: u8) -> Given {
    let mut row = Given::at(record.line);
    let found = record.cells.len();
    let mut beyond = false;
    for (at, cell) in record.cells.into_iter().enumerate() {
        let text = unguarded(&cell).to_owned();
        match headers.get(at) {
            Some(header) if !header.trim().is_empty() => row.set(header, text),
            _ if text.trim().is_empty() => {}
            Some(_) => row.extra.push((format!("column {}", at + 1), text)),
            None => {
                beyond = true;
                row.extra.push((format!("column {}", at + 1), text));
            }
        }
    }
    if let Some(line) = record.unclosed {
        row.fault = Some(Fault::of(Said::QuoteNotClosed, [line.to_string().into()]));
    } else if beyond {
        let separator = char::from(separator).escape_default().to_string();
        row.fault = Some(Fault::of(
            Said::TooManyCells,
            [found.to_string().into(), headers.len().to_string().into(), separator.into()],
        ));
    }
    row
}

fn json_rows(text: &str) -> (Vec<Given>, Vec<Notice>) {
    if text.trim_start().starts_with('[')
        && let Ok(rows) = serde_json::from_str::<Vec<Value>>(text)
    {
        return (rows.iter().enumerate().map(|(at, value)| object(at + 1, value)).collect(), Vec::new());
    }
    let mut rows = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        rows.push(match serde_json::from_str::<Value>(line) {
            Ok(value) => object(at + 1, &value),
            Err(error) => unread(at + 1, line, Fault::of(Said::NotJson, [error.to_string().into()])),
        });
    }
    match rows.first().and_then(|first| first.fault.as_ref()) {
        Some(fault) if rows.iter().all(|row| row.fault.is_some()) => {
            let told = Odd::Rows(fault.clone()).notice().at(rows[0].line);
            (Vec::new(), vec![told])
        }
        _ => (rows, Vec::new()),
    }
}

fn unread(line: usize, text: &str, fault: Fault) -> Given {
    let mut row = Given::at(line);
    row.extra.push(("given".to_owned(), text.to_owned()));
    row.fault = Some(fault);
    row
}

fn object(line: usize, value: &Value) -> Given {
    let Value::Object(cells) = value else {
        return unread(line, &value.to_string(), Fault::of(Said::NotAnObject, []));
    };
    let mut row = Given::at(line);
    for (name, value) in cells {
        row.set(name, json_cell(value));
    }
    row
}

/// A JSON value as the text of a cell; a list is joined as the columns join theirs.
fn json_cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(json_cell).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    /// Each row as `line: column=cell …`, faults after `!`.
    fn read(bytes: &[u8], format: Format) -> Vec<String> {
        let (rows, _) = parse(bytes, format);
        let shown = |row: &Given| {
            let cells = COLUMNS.iter().filter_map(|column| Some(format!("{column}={}", row.get(column)?)));
            let extra = row.extra().iter().map(|(name, text)| format!("[{name}]={text}"));
            let fault = row.fault().map(|fault| format!("!{}", fault.words(Lang::EN)));
            format!("{}: {}", row.line, cells.chain(extra).chain(fault).collect::<Vec<_>>().join(" "))
        };
        rows.iter().map(shown).collect()
    }

    #[test]
    fn what_spreadsheets_do_to_a_file_is_understood() {
        let check = |text: &str, expect: &[&str]| assert_eq!(read(text.as_bytes(), Format::Csv), expect, "{text:?}");
        check("\u{feff}decision,id\r\nconfirm,s1\r\n", &["2: decision=confirm id=s1"]);
        check("decision;id\nconfirm;s1\n", &["2: decision=confirm id=s1"]);
        check("decision\tid\rconfirm\ts1", &["2: decision=confirm id=s1"]);
        check("ID, Decision \r\ns1,confirm\r\n", &["2: decision=confirm id=s1"]);
        check("decision,id\r\n\r\n,\r\nconfirm,s1\r\n,,,\r\n", &["4: decision=confirm id=s1"]);
        check("sep=;\r\ndecision;id\r\nconfirm;s1\r\n", &["3: decision=confirm id=s1"]);
        check("My queue\r\n\r\ndecision,id\r\nconfirm,s1\r\n", &["4: decision=confirm id=s1"]);
        check(
            "note,id\r\n\"two\nlines; \"\"quoted\"\"\",s1\r\n,s2\r\n",
            &["2: note=two\nlines; \"quoted\" id=s1", "4: note= id=s2"],
        );
        check("note,id\r\n'=1+1,s1\r\n'plain,s2\r\n", &["2: note==1+1 id=s1", "3: note='plain id=s2"]);
        check("note,id,mine\r\na,s1,b\r\n", &["2: note=a id=s1 [mine]=b"]);
        check("reason,note,id\r\nbecause,a,s1\r\n", &["2: note=a id=s1"]);
        check("Себебі,note,id\r\nbecause,a,s1\r\n", &["2: note=a id=s1"]);
        check(
            "reason,decision,id,mine\r\nПричина,Решение,Номер,mine\r\nbecause,confirm,s1,b\r\n",
            &["3: decision=confirm id=s1 [mine]=b"],
        );
        check("note,id,note\r\na,s1,b\r\n", &["2: note=a id=s1 [note]=b"]);
        check("note,id,decision\r\na,s1\r\n", &["2: note=a id=s1"]);
    }

    #[test]
    fn encodings_of_spreadsheets_are_understood() {
        let text = "decision\tid\tnote\r\nподтвердить\ts1\tСуд\r\n";
        let expect = ["2: decision=confirm note=Суд id=s1"];
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&[&[0xff, 0xfe], le.as_slice()].concat(), Format::Csv), expect);
        assert_eq!(read(&[&[0xfe, 0xff], be.as_slice()].concat(), Format::Csv), expect);
        assert_eq!(read(&le, Format::Csv), expect);
        assert_eq!(read(&WINDOWS_1251.encode(text).0, Format::Csv), expect);
        let (_, notices) = parse(&WINDOWS_1251.encode(text).0, Format::Csv);
        assert!(notices[0].words(Lang::EN).contains("no Kazakh letters"));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let check = |bytes: &[u8], format: Format, words: &str| {
            let (rows, notices) = parse(bytes, format);
            assert!(rows.is_empty() && notices[0].words(Lang::EN).contains(words), "{notices:?}");
        };
        check(b"", Format::Csv, "is empty");
        check(b"PK\x03\x04rest", Format::Csv, "workbook");
        check(b"a,b\r\n1,2\r\n", Format::Csv, "names the columns");
        check(b"\"decision,reviewer,id\"\r\n", Format::Csv, "names the columns");
        check(b"decision,id\r\n", Format::Jsonl, "not JSON");
        let (rows, notices) = parse(b"decision,id\r\n", Format::Csv);
        assert!(rows.is_empty() && notices.is_empty());
        let check = |bytes: &[u8], format, expect: Legible| assert_eq!(legible(bytes, format), expect);
        check(b"decision,id\r\n", Format::Csv, Legible::Whole);
        check(b"decision,id\r\n,s1\r\n", Format::Csv, Legible::Whole);
        check(b"decision,id\r\n,s1\r\n\"conf", Format::Csv, Legible::Cut);
        check(b"{\"id\":\"s1\"}\n{\"id\":", Format::Jsonl, Legible::Cut);
        check(b"{\"id\":\n{\"id\":\"s1\"}\n", Format::Jsonl, Legible::Whole);
        check(b"", Format::Csv, Legible::Not(Odd::Empty.notice()));
    }

    #[test]
    fn a_row_that_cannot_be_read_goes_back_as_it_was_given() {
        let faults = |bytes: &[u8], format| {
            let (rows, _) = parse(bytes, format);
            let words = |row: &Given| row.fault().map(|fault| fault.words(Lang::EN)).unwrap_or_default();
            rows.iter().map(words).collect::<Vec<_>>()
        };
        let unclosed = faults(b"note,id\r\na,s1\r\n\"b,s2\r\nc,s3\r\n", Format::Csv);
        assert_eq!(unclosed[0], "");
        assert!(unclosed[1].contains("begins on line 3"), "{unclosed:?}");
        let beyond = faults(b"note,id\r\na,b,s1\r\n", Format::Csv);
        assert!(beyond[0].contains("3 cells under 2 headers"), "{beyond:?}");
        let json = faults(b"{\"id\":\"s1\"}\n{\"id\":\n[1]\n", Format::Jsonl);
        assert!(json[0].is_empty() && json[1].contains("not JSON") && json[2].contains("no JSON object"), "{json:?}");
    }

    #[test]
    fn json_values_become_cells() {
        let line = br#"{"decision":"confirm","categories":["arrest","attack/threat"],"claim_amount":1500000,"note":null,"id":"s1"}"#;
        assert_eq!(
            read(line, Format::Jsonl),
            ["1: decision=confirm note= categories=arrest; attack/threat claim_amount=1500000 id=s1"]
        );
        assert_eq!(read(b"[{\"id\": \"s1\",\n \"decision\": \"later\"}]", Format::Jsonl), ["1: decision=later id=s1"]);
    }

    #[test]
    fn letters_that_an_encoding_lacks_stand_as_question_marks() {
        let check = |given: &str, printed: &str, expect: bool| {
            assert_eq!(same_but_narrowed(given, printed), expect, "{given} {printed}");
        };
        check("?аза?стан", "Қазақстан", true);
        check("Казахстан", "Казахстан", true);
        check("??", "🙂", true);
        check("?аза?стон", "Қазақстан", false);
        check("?аза?ста", "Қазақстан", false);
        check("?азахстан", "Казахстан", false);
    }

    proptest::proptest! {
        #[test]
        fn hostile_bytes_never_stop_the_reader(bytes: Vec<u8>, json: bool) {
            parse(&bytes, if json { Format::Jsonl } else { Format::Csv });
        }

        #[test]
        fn printed_lines_are_read_back(cells in proptest::collection::vec("[ -~\n\t\"',;=+@ӘқЯё-]{0,12}", 2..6)) {
            let mut text = String::new();
            crate::review::csv_line(&mut text, cells.iter().map(String::as_str));
            let read: Vec<Separated> = Reader::new(&text, b',').collect();
            proptest::prop_assert_eq!(read.len(), 1);
            let back: Vec<&str> = read[0].cells.iter().map(|cell| unguarded(cell)).collect();
            proptest::prop_assert_eq!(back, cells.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}
