//! A candidate as a row of the queue file, and the bytes of the file.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};

use super::card;
use super::fold::{Fold, View, fold, views};
use super::sheet::Given;
use super::workbook::{self, Shown};
use super::{Format, FormatError, Style};
use crate::model::{Attachment, Candidate, Evidence, Judged, Lang, Moment, Part, cited};

/// Declares the row: its columns in the order of the file, each a piece of text.
macro_rules! columns {
    ($($(#[$meta:meta])* $name:ident),+ ; $($further:ident),+ $(,)?) => {
        /// One row of the queue file. Every column is text as the file prints it, without the guard
        /// against formulas; as JSON, `score` and `revision` are numbers.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
        #[allow(missing_docs, reason = "each column is named as the contract of the queue file names it")]
        pub struct Row {
            $($(#[$meta])* pub $name: String,)+
            $(#[serde(skip_serializing_if = "String::is_empty")] pub $further: String),+
        }

        /// The columns of the queue file, in order.
        pub const COLUMNS: &[&str] = &[$(stringify!($name)),+];

        /// Further columns, most of them of an event entered by hand. They follow the others where a row fills one,
        /// and are read wherever they stand.
        pub const FURTHER: &[&str] = &[$(stringify!($further)),+];

        impl Row {
            /// The cells, in the order of [`COLUMNS`].
            pub fn cells(&self) -> Vec<&str> {
                vec![$(self.$name.as_str()),+]
            }

            /// The cells under [`FURTHER`].
            pub fn further(&self) -> Vec<&str> {
                vec![$(self.$further.as_str()),+]
            }

            fn cell_mut(&mut self, column: &str) -> Option<&mut String> {
                match column {
                    $(stringify!($name) => Some(&mut self.$name),)+
                    $(stringify!($further) => Some(&mut self.$further),)+
                    _ => None,
                }
            }
        }
    };
}

columns! {
    decision, reviewer, note, headline, categories, direction, event_date, registered_date, stage, instance, outcome,
    place, targets, claimants, actors, articles, claim_amount, awarded_amount, currency, money_kind, secrecy, country,
    case, title, evidence, source, published, lang,
    #[serde(serialize_with = "number")]
    score,
    url, id,
    #[serde(serialize_with = "number")]
    revision;
    source_kind, verified_by, attachments, arrest_days,
}

/// Those of [`FURTHER`] that say where an event entered by hand came from; the rest any row may fill.
pub(super) const OF_ORIGIN: [&str; 3] = ["source_kind", "verified_by", "attachments"];

/// Writes a number where the text is one, null where it is empty.
fn number<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match (text.parse::<u64>(), text.parse::<f64>()) {
        (Ok(whole), _) => serializer.serialize_u64(whole),
        (_, Ok(number)) if number.is_finite() => serializer.serialize_f64(number),
        _ if text.is_empty() => serializer.serialize_none(),
        _ => serializer.serialize_str(text),
    }
}

impl Row {
    /// The categories, as the column prints them.
    pub fn categories(&self) -> &str {
        &self.categories
    }

    /// The text of a column; empty for a name that is no column.
    pub fn get(&self, column: &str) -> &str {
        let found = |columns: &[&str]| columns.iter().position(|name| *name == column);
        let further = || found(FURTHER).map(|at| self.further()[at]);
        found(COLUMNS).map(|at| self.cells()[at]).or_else(further).unwrap_or_default()
    }

    /// Does it say where an event entered by hand came from?
    pub(super) fn has_origin(&self) -> bool {
        OF_ORIGIN.iter().any(|column| !self.get(column).is_empty())
    }

    /// Writes a text into a column, as a reviewer does; a name that is no column changes nothing.
    pub fn set(&mut self, column: &str, text: &str) {
        if let Some(cell) = self.cell_mut(column) {
            text.clone_into(cell);
        }
    }
}

/// Most characters of one printed cell: Excel cuts a cell at 32,767.
const LONGEST: usize = 32_000;
/// Most characters of a printed title: a headline is one line.
const LONGEST_TITLE: usize = 1_000;
/// Most characters of the printed evidence.
const LONGEST_EVIDENCE: usize = 2_000;
/// Sentences shown as evidence.
const SENTENCES: usize = 3;

/// A candidate as a row. A story that gave several events shows the one added last; [`rows`] gives
/// them all.
pub fn row(candidate: &Candidate, zone: &TimeZone) -> Row {
    let fold = fold(candidate, usize::MAX);
    let view = views(&fold).pop().expect("a fold has a view");
    row_of(candidate, &fold, &view, zone)
}

/// A candidate as rows: one for each event that it gave, one where it gave none.
pub fn rows(candidate: &Candidate, zone: &TimeZone) -> Vec<Row> {
    let fold = fold(candidate, usize::MAX);
    views(&fold).iter().map(|view| row_of(candidate, &fold, view, zone)).collect()
}

/// The row of one view, as it was printed after as many reviews as the fold has taken in.
pub(super) fn row_of(candidate: &Candidate, fold: &Fold, view: &View<'_>, zone: &TimeZone) -> Row {
    let mut row = Row {
        decision: view.decision.map(|decision| decision.to_string()).unwrap_or_default(),
        reviewer: cell(view.reviewer, LONGEST),
        note: cell(fold.note.as_deref().unwrap_or_default(), LONGEST),
        id: candidate.id.clone(),
        revision: fold.reviews.to_string(),
        ..Row::default()
    };
    for column in card::CORRECTABLE {
        if let Some(cell_of) = row.cell_mut(column) {
            *cell_of = cell(&card::print(view.card, column), LONGEST);
        }
    }
    if let (true, Some(case)) = (row.case.is_empty(), view.case) {
        row.case = case.to_owned();
    }
    let local = |moment: Moment| Moment::local(moment.timestamp, zone).to_string();
    if let Some(judged) = &candidate.judged {
        let story = &judged.story;
        row.title = cell(&story.title, LONGEST_TITLE);
        row.evidence = cell(&sentences(&judged.verdict.evidence), LONGEST_EVIDENCE);
        row.source = cell(story.source.as_deref().unwrap_or_default(), LONGEST_TITLE);
        row.published = story.published.map(local).unwrap_or_default();
        row.lang = judged.verdict.lang.to_string();
        row.score = format!("{:.2}", judged.verdict.score);
        row.url = cell(story.url.as_deref().unwrap_or_default(), LONGEST);
    } else if let Some(by_hand) = &fold.by_hand {
        row.title = cell(by_hand.title.as_deref().unwrap_or_default(), LONGEST_TITLE);
        row.source = cell(&by_hand.source, LONGEST_TITLE);
        row.published = by_hand.published.map(local).unwrap_or_default();
        row.url = cell(by_hand.url.as_deref().unwrap_or_default(), LONGEST);
        row.source_kind = by_hand.source_kind.map(|kind| kind.to_string()).unwrap_or_default();
        row.verified_by = by_hand.verified_by.map(|by| by.to_string()).unwrap_or_default();
        row.attachments = attached(&by_hand.attachments);
    }
    row
}

/// The names of attachments, as the column prints them.
pub(super) fn attached(attachments: &[Attachment]) -> String {
    let names: Vec<&str> = attachments.iter().map(|attachment| attachment.name.as_str()).collect();
    cell(&names.join("; "), LONGEST)
}

/// Words of a line that says why.
const WORDS_OF_WHY: usize = 6;

/// The words that the rules fired on, as they stand in the story, and why the story is a candidate in a line:
/// `задержан + пост + ст. 274 УК`.
pub fn why(judged: &Judged, lang: Lang) -> (Vec<String>, String) {
    let mut fired: Vec<String> = Vec::new();
    for span in judged.verdict.evidence.iter().flat_map(|evidence| &evidence.words) {
        let text = match span.part {
            Part::Title => &judged.story.title,
            Part::Text => &judged.story.text,
        };
        let Some(word) = text.get(span.start..span.end).map(card::one_line) else { continue };
        if !word.is_empty() && !fired.contains(&word) {
            fired.push(word);
        }
    }
    let mut why: Vec<String> = fired.iter().take(WORDS_OF_WHY).map(|word| word.to_lowercase()).collect();
    why.dedup();
    why.extend(judged.verdict.fields.articles.first().map(|article| cited(&card::article_text(article), lang)));
    (fired, why.join(" + "))
}

/// The strongest sentences that fired, none inside another, parted by an ellipsis.
fn sentences(evidence: &[Evidence]) -> String {
    let mut shown: Vec<String> = Vec::new();
    for fired in evidence {
        let text = card::one_line(&fired.text);
        if text.is_empty() || shown.iter().any(|known| known.contains(&text)) {
            continue;
        }
        shown.retain(|known| !text.contains(known.as_str()));
        shown.push(text);
        if shown.len() == SENTENCES {
            break;
        }
    }
    shown.join(" … ")
}

/// Text fit for a cell: no control characters but tab and line ends, and no longer than a
/// spreadsheet can hold.
fn cell(text: &str, longest: usize) -> String {
    let kept = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    let mut cell: String = text.chars().filter(kept).take(longest).collect();
    if text.chars().filter(kept).nth(longest).is_some() {
        cell.push('…');
    }
    cell
}

/// Keeps a spreadsheet from running a cell as a formula: one that begins with `= + - @`, tab or
/// carriage return gets a leading `'` (OWASP, "CSV Injection"). A cell that begins with apostrophes
/// before such a character gets one more, so that taking one off gives back what was there.
pub fn neutral(cell: &str) -> Cow<'_, str> {
    if runs(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// Takes the guard of [`neutral`] off.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| runs(rest)).unwrap_or(cell)
}

fn runs(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Appends one line of RFC 4180: cells guarded against formulas and quoted where any spreadsheet,
/// whatever its separator, would cut them.
pub fn csv_line<'a>(out: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    csv_line_by(',', out, cells);
}

/// The same with another separator.
pub fn csv_line_by<'a>(separator: char, out: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(separator);
        }
        let cell = neutral(cell);
        if cell.contains(['"', ',', ';', '\t', '\r', '\n']) || cell.trim() != cell {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

/// The bytes of a queue file.
///
/// # Errors
/// Where rows do not fit into a workbook; CSV and JSON Lines take every row.
pub fn print(rows: &[Row], format: Format) -> Result<Vec<u8>, FormatError> {
    let shown: Vec<Shown> = rows.iter().map(|row| Shown { row: row.clone(), ..Shown::default() }).collect();
    print_shown(&shown, format, Style::default())
}

/// The bytes of a queue file, with what is said beside the rows: in a workbook all of it, elsewhere the remarks.
///
/// # Errors
/// As of [`print`].
pub fn print_shown(rows: &[Shown], format: Format, style: Style) -> Result<Vec<u8>, FormatError> {
    let mut out = String::new();
    let told = rows.iter().map(Shown::told);
    match format {
        Format::Xlsx => {
            return workbook::print(rows, style.language).map_err(|error| FormatError::Workbook(error.to_string()));
        }
        Format::Csv => {
            out.push('\u{feff}');
            let filled = |column: &&&str| rows.iter().any(|shown| !shown.row.get(column).is_empty());
            let origin = rows.iter().any(|shown| shown.row.has_origin());
            let wanted = |column: &&&str| if OF_ORIGIN.contains(*column) { origin } else { filled(column) };
            let further: Vec<&str> = FURTHER.iter().filter(wanted).copied().collect();
            csv_line_by(style.separator, &mut out, COLUMNS.iter().chain(&further).copied());
            for row in told {
                let further = further.iter().map(|column| row.get(column));
                csv_line_by(style.separator, &mut out, row.cells().into_iter().chain(further));
            }
        }
        Format::Jsonl => {
            for row in told {
                out.push_str(&serde_json::to_string(&*row).expect("a row of text is JSON"));
                out.push('\n');
            }
        }
    }
    Ok(out.into_bytes())
}

/// Rows that were not taken, as they were given, each with the reason in front. The file can be
/// mended and imported as it is: the column `reason` is passed over.
///
/// # Errors
/// As of [`print`].
pub fn print_rejected(returned: &[(&Given, String)], format: Format, style: Style) -> Result<Vec<u8>, FormatError> {
    let rows: Vec<(&Given, Option<&str>)> = returned.iter().map(|(given, why)| (*given, Some(why.as_str()))).collect();
    print_given(&rows, format, style)
}

/// Rows as they were given, with the reason in front where there are any reasons.
///
/// # Errors
/// As of [`print`].
pub fn print_given(rows: &[(&Given, Option<&str>)], format: Format, style: Style) -> Result<Vec<u8>, FormatError> {
    let reasons = rows.iter().any(|(_, reason)| reason.is_some());
    let filled = |column: &&&str| rows.iter().any(|(given, _)| given.get(column).is_some_and(|cell| !cell.is_empty()));
    let further: Vec<&str> = FURTHER.iter().filter(filled).copied().collect();
    let mut others: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flat_map(|(given, _)| given.extra()) {
        if !others.contains(&name.as_str()) {
            others.push(name);
        }
    }
    let mut out = String::new();
    match format {
        Format::Xlsx => {
            let columns = [further.as_slice(), others.as_slice()].concat();
            let book = workbook::print_given(rows, reasons, &columns, style.language);
            return book.map_err(|error| FormatError::Workbook(error.to_string()));
        }
        Format::Csv => {
            let front = |text| reasons.then_some(text);
            out.push('\u{feff}');
            let columns = || COLUMNS.iter().chain(&further).copied();
            let headers = front("reason").into_iter().chain(columns()).chain(others.iter().copied());
            csv_line_by(style.separator, &mut out, headers);
            for (given, reason) in rows {
                let known = columns().map(|column| given.get(column).unwrap_or_default());
                let extra = others.iter().map(|name| given.under(name));
                let cells = front(reason.unwrap_or_default()).into_iter().chain(known).chain(extra);
                csv_line_by(style.separator, &mut out, cells);
            }
        }
        Format::Jsonl => {
            for (given, reason) in rows {
                let mut object = serde_json::Map::new();
                object.extend(reason.map(|reason| ("reason".to_owned(), reason.into())));
                let known = COLUMNS.iter().chain(FURTHER).filter_map(|column| Some((*column, given.get(column)?)));
                for (name, text) in known.chain(given.extra().iter().map(|(name, text)| (name.as_str(), text.as_str())))
                {
                    object.insert(name.to_owned(), text.into());
                }
                out.push_str(&serde_json::Value::Object(object).to_string());
                out.push('\n');
            }
        }
    }
    Ok(out.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_stand_in_the_order_of_the_contract() {
        assert_eq!(
            COLUMNS.join(", "),
            "decision, reviewer, note, headline, categories, direction, event_date, registered_date, stage, instance, \
             outcome, place, targets, claimants, actors, articles, claim_amount, awarded_amount, currency, money_kind, \
             secrecy, country, case, title, evidence, source, published, lang, score, url, id, revision"
        );
    }

    #[test]
    fn formulas_are_guarded_and_the_guard_comes_off() {
        let check = |cell: &str, expect: &str| {
            assert_eq!(neutral(cell), expect);
            assert_eq!(unguarded(&neutral(cell)), cell);
        };
        check("=1+1", "'=1+1");
        check("+7 701", "'+7 701");
        check("-", "'-");
        check("@sum", "'@sum");
        check("\tx", "'\tx");
        check("\rx", "'\rx");
        check("'=x", "''=x");
        check("plain", "plain");
        check("'quoted'", "'quoted'");
        check("a=b", "a=b");
        check("", "");
    }

    #[test]
    fn a_line_is_quoted_where_any_spreadsheet_would_cut_it() {
        let check = |cells: &[&str], expect: &str| {
            let mut line = String::new();
            csv_line(&mut line, cells.iter().copied());
            assert_eq!(line, expect);
        };
        check(&["a", "b c", ""], "a,b c,\r\n");
        check(&["a,b", "a;b", "say \"no\"", "two\nlines"], "\"a,b\",\"a;b\",\"say \"\"no\"\"\",\"two\nlines\"\r\n");
        check(&["=a,b", " padded "], "\"'=a,b\",\" padded \"\r\n");
    }

    #[test]
    fn sentences_are_shown_once_and_strongest_first() {
        let fired = |text: &str| Evidence {
            rule: "r".to_owned(),
            start: 0,
            end: text.len(),
            text: text.to_owned(),
            part: Part::Text,
            weight: 1.0,
            words: Vec::new(),
        };
        assert_eq!(
            sentences(&[fired("He was\n held."), fired("was held"), fired("B."), fired("He was held.")]),
            "He was held. … B."
        );
        assert_eq!(sentences(&[fired("held"), fired("He was held.")]), "He was held.");
    }

    #[test]
    fn long_cells_are_cut_with_a_mark() {
        assert_eq!(cell("абвг", 3), "абв…");
        assert_eq!(cell("a\0б\u{7}\n", 9), "aб\n");
    }
}
