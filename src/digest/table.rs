//! The translator's table: one row an event, its headline and summary in each language, written as a
//! workbook or as a document with one table, and taken back from either.
//!
//! The first line holds the ids of the columns and is hidden, the second their headings. A hidden column
//! carries a mark of every cell as it was written, so that what nobody touched is told from what somebody
//! changed, whatever became of the event meanwhile. An empty cell takes nothing away; a lone `-` does.

mod docx;
mod workbook;

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::Edition;
use super::data;
use super::edition::{self, Shown};
use super::house::{LANGUAGES, Wordings};
use super::words::{self, Words, words as all};
use crate::model::{Diagnostic, Event, Lang, Wording, hex};
use crate::review;

use jiff::tz::TimeZone;

/// Longest headline that is taken, in characters.
const LONGEST_HEADLINE: usize = 300;
/// Longest summary that is taken, in characters.
const LONGEST_SUMMARY: usize = 5_000;
/// What a person writes to take a text away.
const TAKEN_AWAY: &str = "-";

/// How the table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// A workbook, for Excel and LibreOffice Calc.
    Xlsx,
    /// A document with one table, for Word and LibreOffice Writer.
    Docx,
}

impl TableFormat {
    /// By the ending of a file's name.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "xlsx" => Some(Self::Xlsx),
            "docx" => Some(Self::Docx),
            _ => None,
        }
    }
}

/// A cell that a person may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Highlight,
    Order,
    Headline(Lang),
    Summary(Lang),
}

const CELLS: [Cell; 8] = [
    Cell::Highlight,
    Cell::Order,
    Cell::Headline(Lang::KK),
    Cell::Headline(Lang::RU),
    Cell::Headline(Lang::EN),
    Cell::Summary(Lang::KK),
    Cell::Summary(Lang::RU),
    Cell::Summary(Lang::EN),
];

impl Cell {
    fn id(self) -> String {
        match self {
            Self::Highlight => "highlight".to_owned(),
            Self::Order => "order".to_owned(),
            Self::Headline(lang) => format!("headline_{lang}"),
            Self::Summary(lang) => format!("summary_{lang}"),
        }
    }

    fn of(self, wording: &Wording) -> String {
        match self {
            Self::Highlight => if wording.highlight { "yes" } else { "" }.to_owned(),
            Self::Order => wording.order.map(|order| order.to_string()).unwrap_or_default(),
            Self::Headline(lang) => wording.headline.get(&lang).cloned().unwrap_or_default(),
            Self::Summary(lang) => wording.summary.get(&lang).cloned().unwrap_or_default(),
        }
    }

    /// A cell as a person left it, in the one spelling that is kept.
    fn read(self, text: &str) -> Result<String, String> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() || text == TAKEN_AWAY {
            return Ok(text);
        }
        let most = match self {
            Self::Highlight => {
                return match text.to_lowercase().as_str() {
                    "yes" | "да" | "иә" | "+" | "1" | "x" | "х" => Ok("yes".to_owned()),
                    "no" | "нет" | "жоқ" | "0" => Ok(TAKEN_AWAY.to_owned()),
                    _ => Err(format!("`{text}` under highlight is neither yes nor no")),
                };
            }
            Self::Order => {
                return match text.parse::<u32>() {
                    Ok(order) => Ok(order.to_string()),
                    Err(_) => Err(format!("`{text}` under order is no whole number")),
                };
            }
            Self::Headline(_) => LONGEST_HEADLINE,
            Self::Summary(_) => LONGEST_SUMMARY,
        };
        match text.chars().count() > most {
            true => Err(format!("the text under {} is longer than {most} characters", self.id())),
            false => Ok(text),
        }
    }

    fn set(self, wording: &mut Wording, text: &str) {
        let given = (text != TAKEN_AWAY).then(|| text.to_owned());
        let put = |texts: &mut BTreeMap<Lang, String>, lang| match given.clone() {
            Some(text) => drop(texts.insert(lang, text)),
            None => drop(texts.remove(&lang)),
        };
        match self {
            Self::Highlight => wording.highlight = given.is_some(),
            Self::Order => wording.order = given.and_then(|text| text.parse().ok()),
            Self::Headline(lang) => put(&mut wording.headline, lang),
            Self::Summary(lang) => put(&mut wording.summary, lang),
        }
    }
}

/// The mark of a cell: enough to tell whether it was touched.
fn mark(text: &str) -> String {
    let mut digits = hex(&Sha256::digest(text.split_whitespace().collect::<Vec<_>>().join(" ").as_bytes()));
    digits.truncate(8);
    digits
}

/// The table of some events as one edition shows them, headings in a language. Empty where it could not be
/// written, which memory alone can cause.
pub fn table(
    events: &[impl Borrow<Event>],
    wordings: &Wordings,
    edition: Edition,
    zone: &TimeZone,
    lang: Lang,
    format: TableFormat,
) -> Vec<u8> {
    let counted_only = |event: &Shown| event.card.secrecy.as_deref() == Some("counted_only");
    let mut shown = edition::shown(events, wordings, edition, zone);
    shown.retain(|event| !counted_only(event));
    match format {
        TableFormat::Xlsx => workbook::print(&shown, edition, lang).unwrap_or_default(),
        TableFormat::Docx => docx::print(&shown, edition, lang).unwrap_or_default(),
    }
}

fn heading(column: &str, lang: Lang) -> String {
    const NAMES: [(&str, Words); 9] = [
        ("event_date", all("күні", "дата", "date")),
        ("what", all("не болды", "что произошло", "what happened")),
        ("title", all("дереккөздің тақырыбы", "заголовок источника", "title of the source")),
        ("source", all("дереккөз", "источник", "source")),
        ("url", all("сілтеме", "ссылка", "link")),
        ("highlight", all("бастысы (иә)", "в главное (да)", "main event (yes)")),
        ("order", all("реті", "порядок", "order")),
        ("headline", all("тақырып", "заголовок", "headline")),
        ("summary", all("қысқаша", "кратко", "summary")),
    ];
    let (base, of) = column.rsplit_once('_').filter(|(base, _)| *base != "event").unwrap_or((column, ""));
    let name = NAMES.iter().find(|(id, _)| *id == base).map_or(column, |(_, words)| words.of(lang));
    match Lang::of(of) {
        Some(of) => format!("{name}, {}", words::language(of, lang)),
        None => name.to_owned(),
    }
}

/// How a cell is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// To be left as it is.
    Told,
    /// To be changed.
    Open,
    /// To be filled in.
    Wanted,
    /// For the program alone.
    Hidden,
}

/// The columns, each with its width in a workbook.
fn columns() -> Vec<(String, f64)> {
    let width = |column: &str| match column {
        "what" | "title" => 34.0,
        column if column.starts_with("headline") => 38.0,
        column if column.starts_with("summary") => 56.0,
        "source" | "url" => 20.0,
        _ => 12.0,
    };
    let own = CELLS.iter().map(|cell| cell.id());
    let before = ["event_date", "what", "title"].map(str::to_owned).into_iter();
    let after = ["source", "url", "id", "seen"].map(str::to_owned);
    before.chain(own).chain(after).map(|column| (column.clone(), width(&column))).collect()
}

/// The cells of an event, in the order of the columns.
fn row_of(event: &Shown, lang: Lang) -> Vec<(Look, String)> {
    let dateline = data::dateline(event, lang).map(|dateline| dateline.trim_end_matches('.').to_owned());
    let what = dateline.into_iter().chain([data::labels(event, lang)]).filter(|text| !text.is_empty());
    let told = [
        event.card.event_date.map(|date| date.to_string()).unwrap_or_default(),
        what.collect::<Vec<_>>().join(". "),
        event.title.clone().unwrap_or_default(),
    ];
    let own = CELLS.into_iter().map(|cell| {
        let text = cell.of(&event.wording);
        let missing = match cell {
            Cell::Headline(_) => text.is_empty(),
            Cell::Summary(_) => text.is_empty() && !event.wording.summary.is_empty(),
            Cell::Highlight | Cell::Order => false,
        };
        (if missing { Look::Wanted } else { Look::Open }, text)
    });
    let seen: Vec<String> = CELLS.iter().map(|cell| mark(&cell.of(&event.wording))).collect();
    let rest = [
        (Look::Told, event.source.clone().unwrap_or_default()),
        (Look::Told, event.url.clone().unwrap_or_default()),
        (Look::Hidden, event.id.clone()),
        (Look::Hidden, seen.join(" ")),
    ];
    told.into_iter().map(|text| (Look::Told, text)).chain(own).chain(rest).collect()
}

/// What the person who fills the table in must know.
fn explanation(edition: Edition, lang: Lang) -> Vec<&'static str> {
    const LINES: [Words; 4] = [
        all(
            "Сары ұяшықтарды толтырыңыз: бұл мәтіннің осы тілдегі аудармасы әлі жоқ.",
            "Заполните жёлтые ячейки: перевода на этот язык пока нет.",
            "Fill in the yellow cells: the text is not in that language yet.",
        ),
        all(
            "Бос ұяшық ештеңені өшірмейді. Мәтінді алып тастау үшін бір сызықша «-» қойыңыз.",
            "Пустая ячейка ничего не удаляет. Чтобы убрать текст, поставьте одну чёрточку: -",
            "An empty cell takes nothing away. To take a text away, write a lone hyphen: -",
        ),
        all(
            "«Бастысы» оқиғаны есептің басына шығарады; «реті» күнге қарамай орнын белгілейді.",
            "«В главное» выносит событие в начало отчёта; «порядок» ставит его на место независимо от даты.",
            "Main events stand at the head of a report; an order puts an event in its place whatever its date.",
        ),
        all(
            "Сұр ұяшықтар мен жасырын бағандарды өзгертпеңіз.",
            "Серые ячейки и скрытые столбцы не меняйте.",
            "Leave the grey cells and the hidden columns as they are.",
        ),
    ];
    let internal = (edition == Edition::Internal).then_some(words::INTERNAL);
    LINES.into_iter().chain(internal).map(|words| words.of(lang)).collect()
}

/// One row of a table that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Line of the sheet, or row of the document's table, counted from 1.
    pub line: usize,
    /// Id of the event.
    pub event: String,
    /// The cells that there are, by id.
    cells: BTreeMap<String, String>,
    /// The marks of the cells as they were written; empty where that column is gone.
    seen: Vec<String>,
}

/// What a row changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// Nothing.
    Same,
    /// This is what the house says from now on.
    Says(Wording),
    /// Somebody else changed the same cell since the table was written.
    Conflict(String),
    /// The row cannot be taken, and why.
    Wrong(String),
}

/// Reads a table that came back.
pub fn read(bytes: &[u8], path: &str) -> (Vec<Row>, Vec<Diagnostic>) {
    let (lines, kind) = match docx::lines(bytes) {
        Some(lines) => (lines, "document with a table"),
        None => (review::sheet_lines(bytes), "workbook"),
    };
    let lines = match lines {
        Ok(lines) => lines,
        Err(why) => {
            let help = "save the table as an Excel workbook (.xlsx) or a Word document (.docx) and give that";
            return (Vec::new(), vec![Diagnostic::new(path, format!("this is no {kind}: {why}")).help(help)]);
        }
    };
    let mut lines = lines.into_iter();
    let ids = lines.find(|(_, cells)| cells.iter().any(|cell| cell.trim() == "id"));
    let Some((_, ids)) = ids else {
        let help =
            "the first line of the table, which is hidden, names the columns: put it back, or write the table anew";
        return (Vec::new(), vec![Diagnostic::new(path, "no column of this table is called id").help(help)]);
    };
    let mut rows = Vec::new();
    for (line, cells) in lines {
        let mut row: BTreeMap<String, String> = ids
            .iter()
            .zip(cells)
            .map(|(id, cell)| (id.trim().to_owned(), cell))
            .filter(|(id, _)| !id.is_empty())
            .collect();
        let event = row.remove("id").unwrap_or_default().trim().to_owned();
        let seen = row.remove("seen").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        // The headings stand where the ids do not.
        if !event.is_empty() && event != heading("id", Lang::EN) {
            rows.push(Row { line, event, cells: row, seen });
        }
    }
    (rows, Vec::new())
}

impl Row {
    /// What the row changes of what the house says now.
    pub fn rule(&self, now: &Wording) -> Ruling {
        let mut says = now.clone();
        for (at, cell) in CELLS.into_iter().enumerate() {
            let Some(given) = self.cells.get(&cell.id()) else { continue };
            let given = match cell.read(given) {
                Ok(given) if given.is_empty() => continue,
                Ok(given) => given,
                Err(why) => return Ruling::Wrong(why),
            };
            let current = cell.of(now);
            let written = self.seen.get(at);
            if given == current || written == Some(&mark(&given)) || (given == TAKEN_AWAY && current.is_empty()) {
                continue;
            }
            if !current.is_empty() && written != Some(&mark(&current)) {
                return Ruling::Conflict(format!(
                    "{} says `{current}` by now, the table `{given}`: write the table anew and fill it in again",
                    cell.id()
                ));
            }
            cell.set(&mut says, &given);
        }
        if says == *now { Ruling::Same } else { Ruling::Says(says) }
    }
}

/// How many of some events say something that is missing in a language, by language.
pub fn untranslated(
    events: &[impl Borrow<Event>],
    wordings: &Wordings,
    edition: Edition,
    zone: &TimeZone,
    languages: &[Lang],
) -> Vec<(Lang, usize)> {
    let mut missing: Vec<(Lang, usize)> =
        LANGUAGES.into_iter().filter(|lang| languages.contains(lang)).map(|lang| (lang, 0)).collect();
    // One after the other: a year of events, shown all at once, is more than memory should hold.
    for event in events {
        let Some(shown) = edition::show(event.borrow(), wordings, edition, zone) else { continue };
        for (lang, count) in &mut missing {
            *count += usize::from(data::untranslated(&shown, *lang));
        }
    }
    missing.retain(|(_, count)| *count > 0);
    missing
}

#[cfg(test)]
mod tests;
