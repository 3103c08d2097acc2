//! The file of the register: one row a person or an outlet, for a spreadsheet, and back.
//!
//! A row that comes back carries the revision that it was written at. What differs from that revision was
//! typed by a person and counts; what the register learned meanwhile stays.

mod workbook;

use std::collections::BTreeMap;

use super::fault::{Said, Wrong};
use super::{Bearer, LANGUAGES, Names, Register, suggested};
use crate::model::{Lang, NameKind, Registered};
use crate::review::{self, Format, FormatError};
pub(super) use workbook::heading;

/// The columns, in order.
pub const COLUMNS: [&str; 13] = [
    "id",
    "kind",
    "kk",
    "ru",
    "en",
    "others",
    "not_same_as",
    "cases",
    "note",
    "missing",
    "suggested",
    "by",
    "revision",
];

/// Most characters of a spelling.
const LONGEST_NAME: usize = 200;
/// Most characters of a note.
const LONGEST_NOTE: usize = 2_000;
/// Lines above the header that are passed over.
const ABOVE_THE_HEADER: usize = 5;
/// What a person writes under `kind` to take a row out.
const TAKEN_OUT: &str = "-";
/// Kazakh, Russian and English words for the kinds, as a person may write them.
const KINDS: [(NameKind, [&str; 4]); 2] = [
    (NameKind::Person, ["person", "адам", "человек", "персона"]),
    (NameKind::Outlet, ["outlet", "басылым", "издание", "сми"]),
];

/// The cells of a row, in the order of [`COLUMNS`].
fn cells(row: &Registered, revision: usize) -> [String; 13] {
    let name = |lang: Lang| row.names.get(&lang).cloned().unwrap_or_default();
    let missing = LANGUAGES.iter().filter(|lang| !row.names.contains_key(lang)).map(ToString::to_string);
    let suggested = suggested(row).into_iter().map(|(lang, spelling)| format!("{lang}: {spelling}"));
    [
        row.id.clone(),
        row.kind.to_string(),
        name(Lang::KK),
        name(Lang::RU),
        name(Lang::EN),
        row.others.join("; "),
        row.not_same_as.join("; "),
        row.cases.join("; "),
        row.note.clone().unwrap_or_default(),
        missing.collect::<Vec<_>>().join(", "),
        suggested.collect::<Vec<_>>().join("; "),
        String::new(),
        revision.to_string(),
    ]
}

/// The rows as they are printed: persons by name, then outlets.
fn in_order(register: &Register) -> Vec<&Registered> {
    let mut rows: Vec<&Registered> = register.rows().collect();
    rows.sort_by_cached_key(|row| (row.kind, row.spellings().next().map(str::to_lowercase), row.id.clone()));
    rows
}

/// The bytes of the file. `separator` parts the cells of a CSV; `lang` is that of a workbook's headings.
///
/// # Errors
/// Where the rows do not fit into a workbook.
pub fn print(register: &Register, format: Format, separator: char, lang: Lang) -> Result<Vec<u8>, FormatError> {
    let rows: Vec<[String; 13]> =
        in_order(register).into_iter().map(|row| cells(row, register.revision(&row.id))).collect();
    if format == Format::Xlsx {
        return workbook::print(&rows, lang).map_err(|error| FormatError::Workbook(error.to_string()));
    }
    let mut out = String::from("\u{feff}");
    review::csv_line_by(separator, &mut out, COLUMNS);
    for row in &rows {
        review::csv_line_by(separator, &mut out, row.iter().map(String::as_str));
    }
    Ok(out.into_bytes())
}

/// A row as it came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Line of the file, counted from 1.
    pub line: usize,
    cells: BTreeMap<&'static str, String>,
    /// Cells that stand under no column.
    beyond: bool,
}

/// What a row changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// Nothing.
    Same,
    /// This is what the register says from now on.
    Says(Registered),
    /// The row of this id is taken out.
    Gone(String),
    /// The row cannot be taken.
    Wrong(Wrong),
}

/// Reads a file that came back.
///
/// # Errors
/// Why it cannot be read at all.
pub fn read(bytes: &[u8]) -> Result<Vec<Given>, Wrong> {
    let lines = if bytes.starts_with(b"PK\x03\x04") {
        review::sheet_lines(bytes).map_err(|why| Wrong::of_file(Said::BrokenWorkbook, [&why]))?
    } else {
        let text = std::str::from_utf8(bytes).map_err(|_| Wrong::of_file(Said::NotUtf8, []))?;
        csv_lines(text.trim_start_matches('\u{feff}'))
    };
    let names = |cells: &[String]| ["id", "kind"].iter().all(|name| cells.iter().any(|cell| cell.trim() == *name));
    let mut lines = lines.into_iter();
    let Some((_, header)) = lines.by_ref().take(ABOVE_THE_HEADER).find(|(_, cells)| names(cells)) else {
        return Err(Wrong::of_file(Said::NoHeader, [&COLUMNS.join(", ")]));
    };
    let columns: Vec<Option<&'static str>> =
        header.iter().map(|name| COLUMNS.into_iter().find(|column| *column == name.trim())).collect();
    let rows = lines.map(|(line, cells)| given(line, cells, &columns));
    Ok(rows.filter(|row| !row.is_empty() && !workbook::is_heading(row.cell("kind"))).collect())
}

fn csv_lines(text: &str) -> Vec<(usize, Vec<String>)> {
    let first = text.lines().find(|line| line.contains("id")).unwrap_or_default();
    let count = |mark: char| first.matches(mark).count();
    let separator = [';', '\t'].into_iter().find(|mark| count(*mark) > count(',')).unwrap_or(',');
    let mut reader = csv::ReaderBuilder::new();
    reader.has_headers(false).flexible(true).delimiter(separator as u8);
    let mut reader = reader.from_reader(text.as_bytes());
    let line = |record: &csv::StringRecord| record.position().map_or(0, csv::Position::line) as usize;
    let cells = |record: &csv::StringRecord| record.iter().map(|cell| review::unguarded(cell).to_owned()).collect();
    reader.records().filter_map(Result::ok).map(|record| (line(&record), cells(&record))).collect()
}

fn given(line: usize, cells: Vec<String>, columns: &[Option<&'static str>]) -> Given {
    let beyond = cells.iter().skip(columns.len()).any(|cell| !cell.trim().is_empty());
    let named = columns.iter().zip(cells).filter_map(|(column, cell)| Some(((*column)?, cell)));
    Given { line, cells: named.collect(), beyond }
}

/// Text on one line.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The items of a list parted by semicolons or lines, each once.
fn items(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for item in text.split([';', '\n']).map(one_line).filter(|item| !item.is_empty()) {
        if !items.contains(&item) {
            items.push(item);
        }
    }
    items
}

/// A list as a person left it, with what came to it meanwhile.
fn merged(given: Vec<String>, base: &[String], now: &[String]) -> Vec<String> {
    let mut list = given;
    let came = now.iter().filter(|item| !base.contains(item));
    for item in came {
        if !list.contains(item) {
            list.push(item.clone());
        }
    }
    let went = |item: &String| base.contains(item) && !now.contains(item);
    list.retain(|item| !went(item));
    list
}

impl Given {
    fn cell(&self, column: &str) -> &str {
        self.cells.get(column).map(|cell| cell.trim()).unwrap_or_default()
    }

    /// Whoever signed the row.
    pub fn by(&self) -> &str {
        self.cell("by")
    }

    /// The id of the row; empty for a new one.
    pub fn id(&self) -> &str {
        self.cell("id")
    }

    fn is_empty(&self) -> bool {
        !self.beyond && self.cells.iter().all(|(column, cell)| *column == "revision" || cell.trim().is_empty())
    }

    /// What the row changes of the register as it stands; `names` are those of the register.
    pub fn rule(&self, register: &Register, names: &Names) -> Ruling {
        match self.ruled(register, names) {
            Ok(ruling) => ruling,
            Err(wrong) => Ruling::Wrong(wrong),
        }
    }

    fn ruled(&self, register: &Register, names: &Names) -> Result<Ruling, Wrong> {
        if self.beyond {
            return Err(Wrong::at("revision", Said::Beyond, []));
        }
        match self.id() {
            "" => self.new_row(register, names),
            id => self.known_row(id, register),
        }
    }

    fn known_row(&self, id: &str, register: &Register) -> Result<Ruling, Wrong> {
        let revisions = register.revision(id);
        if revisions == 0 {
            return Err(Wrong::at("id", Said::UnknownId, [id]));
        }
        let revision = match self.cell("revision") {
            "" => revisions,
            text => text.parse().map_err(|_| Wrong::at("revision", Said::NoRevision, [text]))?,
        };
        if revision > revisions {
            let counts = [revision, revisions].map(|count: usize| count.to_string());
            return Err(Wrong::at("revision", Said::OfAnotherWorkspace, counts.each_ref().map(String::as_str)));
        }
        let base = register.row_at(id, revision).cloned().unwrap_or_default();
        if self.cell("kind") == TAKEN_OUT {
            return Ok(register.row(id).map_or(Ruling::Same, |_| Ruling::Gone(id.to_owned())));
        }
        let typed = self.typed(&base, register)?;
        if typed == base {
            return Ok(Ruling::Same);
        }
        let Some(now) = register.row(id) else {
            return Err(Wrong::at("id", Said::TakenOut, [id]));
        };
        let says = joined(typed, &base, now)?;
        Ok(if says == *now { Ruling::Same } else { Ruling::Says(says) })
    }

    fn new_row(&self, register: &Register, names: &Names) -> Result<Ruling, Wrong> {
        let mut row = self.typed(&Registered::default(), register)?;
        let Some(first) = row.spellings().next() else {
            return Err(Wrong::at("ru", Said::NoSpelling, []));
        };
        let places: Vec<&str> = row.cases.iter().map(String::as_str).collect();
        let twin = match names.bearer(first, row.kind, &places) {
            Bearer::One(twin) => Some(twin),
            Bearer::Nobody | Bearer::Several(_) => None,
        };
        if let Some(twin) = twin.filter(|twin| !row.not_same_as.contains(&twin.id)) {
            return adds_to(row, &twin);
        }
        let alike =
            |known: &&Registered| Registered { id: String::new(), note: row.note.clone(), ..(*known).clone() } == row;
        if register.rows().any(|known| alike(&known)) {
            return Ok(Ruling::Same);
        }
        row.id = register.free_id(row.kind);
        Ok(Ruling::Says(row))
    }

    /// The row as typed; a column that the file has not got stays as it was.
    fn typed(&self, base: &Registered, register: &Register) -> Result<Registered, Wrong> {
        let mut row = base.clone();
        for (column, cell) in &self.cells {
            let cell = cell.trim();
            match *column {
                "kind" => row.kind = kind(cell, base)?,
                "kk" | "ru" | "en" => {
                    let Some(lang) = LANGUAGES.into_iter().find(|lang| lang.id() == *column) else { continue };
                    match spelling(column, cell)? {
                        Some(name) => drop(row.names.insert(lang, name)),
                        None => drop(row.names.remove(&lang)),
                    }
                }
                "others" => {
                    row.others = items(cell);
                    for other in &row.others {
                        spelling("others", other)?;
                    }
                }
                "not_same_as" => {
                    row.not_same_as = items(cell);
                    let stranger = |id: &&String| **id == self.id() || register.revision(id) == 0;
                    if let Some(id) = row.not_same_as.iter().find(stranger) {
                        return Err(Wrong::at("not_same_as", Said::NoOtherRow, [id]));
                    }
                }
                "cases" => row.cases = items(cell),
                "note" if cell.chars().count() > LONGEST_NOTE => {
                    return Err(Wrong::at("note", Said::LongNote, [&LONGEST_NOTE.to_string()]));
                }
                "note" => row.note = Some(cell.to_owned()).filter(|note| !note.is_empty()),
                _ => {}
            }
        }
        let printed: Vec<String> = row.names.values().cloned().collect();
        row.others.retain(|other| !printed.contains(other));
        if !self.id().is_empty() && row.spellings().next().is_none() {
            return Err(Wrong::at("ru", Said::NoSpellingLeft, [TAKEN_OUT]));
        }
        Ok(row)
    }
}

fn kind(cell: &str, base: &Registered) -> Result<NameKind, Wrong> {
    let plain = cell.to_lowercase();
    if plain.is_empty() && !base.id.is_empty() {
        return Ok(base.kind);
    }
    let found = KINDS.iter().find(|(_, words)| words.contains(&plain.as_str())).map(|(kind, _)| *kind);
    found.ok_or_else(|| Wrong::at("kind", Said::NoKind, [cell]))
}

fn spelling(column: &'static str, cell: &str) -> Result<Option<String>, Wrong> {
    let name = one_line(cell);
    if name.is_empty() {
        return Ok(None);
    }
    let wrong = |said, found: &str| Err(Wrong::at(column, said, [found]));
    if name.chars().count() > LONGEST_NAME {
        return wrong(Said::LongSpelling, &LONGEST_NAME.to_string());
    }
    if !name.chars().any(char::is_alphanumeric) {
        return wrong(Said::NoName, &name);
    }
    if name.contains(';') {
        return wrong(Said::SeveralSpellings, &name);
    }
    Ok(Some(name))
}

/// A row as typed over one revision, and what it says by now.
fn joined(typed: Registered, base: &Registered, now: &Registered) -> Result<Registered, Wrong> {
    let mut says = Registered {
        others: merged(typed.others, &base.others, &now.others),
        not_same_as: merged(typed.not_same_as, &base.not_same_as, &now.not_same_as),
        cases: merged(typed.cases, &base.cases, &now.cases),
        ..now.clone()
    };
    let met = |column, now: Option<&String>, typed: Option<&String>| {
        let said = [now, typed].map(|name| name.map_or("", String::as_str));
        Wrong::at(column, Said::ChangedMeanwhile, said)
    };
    if typed.kind != base.kind {
        says.kind = typed.kind;
    }
    for (lang, column) in [(Lang::KK, "kk"), (Lang::RU, "ru"), (Lang::EN, "en")] {
        let (given, before, by_now) = (typed.names.get(&lang), base.names.get(&lang), now.names.get(&lang));
        if given == before || given == by_now {
            continue;
        }
        if by_now != before {
            return Err(met(column, by_now, given));
        }
        match given {
            Some(name) => drop(says.names.insert(lang, name.clone())),
            None => drop(says.names.remove(&lang)),
        }
    }
    if typed.note != base.note && typed.note != now.note {
        if now.note != base.note {
            return Err(met("note", now.note.as_ref(), typed.note.as_ref()));
        }
        says.note = typed.note;
    }
    Ok(says)
}

/// A new row for somebody whom the register knows: what it adds.
fn adds_to(row: Registered, twin: &Registered) -> Result<Ruling, Wrong> {
    let mut says = twin.clone();
    for (lang, name) in row.names {
        let column = COLUMNS.into_iter().find(|column| *column == lang.id()).unwrap_or("ru");
        match twin.names.get(&lang) {
            Some(known) if *known != name => {
                return Err(Wrong::at(column, Said::SpelledOtherwise, [&twin.id, known, &twin.id]));
            }
            _ => drop(says.names.insert(lang, name)),
        }
    }
    says.others = merged(says.others, &[], &row.others);
    says.not_same_as = merged(says.not_same_as, &[], &row.not_same_as);
    says.note = says.note.or(row.note);
    Ok(if says == *twin { Ruling::Same } else { Ruling::Says(says) })
}
