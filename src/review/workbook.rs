//! The queue as a workbook: what a reviewer sees in Excel or LibreOffice.
//!
//! The first line holds the ids of the columns and is hidden, for programs; the second their headings in the
//! reviewer's language. Every cell is text, so that no spreadsheet makes a date of `73-3` or runs a formula.
//! What nobody may change is locked, without a password: the lock is against slips, the check is on import.

use std::borrow::Cow;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder, Formula, Worksheet, XlsxError,
};

use super::labels;
use super::looks::{Looks, protect, undated};
use super::row::{FURTHER, Row};
use super::sheet::Given;
use crate::model::{Lang, Moment};

/// A row with what a workbook says beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The row as every format prints it.
    pub row: Row,
    /// Words of the evidence that the rules fired on.
    pub fired: Vec<String>,
    /// Why it is here, in words.
    pub why: String,
    /// The case that it belongs to or may belong to, with what ties it; empty for a new matter.
    pub case: String,
    /// The last event of that case.
    pub last: String,
    /// Is that case only a question?
    pub maybe: bool,
    /// Other outlets that told it.
    pub told_by: String,
    /// Names that the house's register spells in another way.
    pub register: String,
    /// What else is to be known of it, line by line: that it was found on a second look, what became of its page.
    pub remarks: Vec<String>,
}

impl Shown {
    /// The row, with the remarks below the evidence.
    pub(super) fn told(&self) -> Cow<'_, Row> {
        if self.remarks.is_empty() {
            return Cow::Borrowed(&self.row);
        }
        let evidence = format!("{}{}", self.row.evidence, self.remarks_below());
        Cow::Owned(Row { evidence, ..self.row.clone() })
    }

    fn remarks_below(&self) -> String {
        self.remarks.iter().map(|line| format!("\n{} {line}", labels::ADDED)).collect()
    }
}

/// Row of the headings, counted from 0; above it stand the ids.
const HEADINGS: u32 = 1;
/// Empty rows at the end, for events entered by hand.
const BY_HAND: u32 = 30;
/// The longest address that Excel takes as a link.
const LONGEST_URL: usize = 2_000;
/// Columns that the reviewer of a story may not change.
const LOCKED: [&str; 9] = ["title", "evidence", "source", "published", "lang", "score", "url", "id", "revision"];
/// Of them those that stay locked in a row entered by hand.
const LOCKED_BY_HAND: [&str; 5] = ["evidence", "lang", "score", "id", "revision"];
/// Columns that are hidden, last.
const HIDDEN: [&str; 4] = ["lang", "score", "id", "revision"];
/// Columns with a list, and whether several of its values may stand together.
const LISTS: [(&str, bool); 11] = [
    ("decision", false),
    ("categories", true),
    ("direction", false),
    ("stage", false),
    ("instance", false),
    ("outcome", false),
    ("actors", true),
    ("money_kind", true),
    ("secrecy", true),
    ("source_kind", false),
    ("verified_by", false),
];
/// Points of a row at most, below the 409 that Excel takes.
const HIGHEST: f64 = 400.0;
/// Columns that say nothing of an event entered by hand.
const OF_A_STORY: [&str; 3] = ["evidence", "lang", "score"];

fn width(column: &str) -> f64 {
    match column {
        "evidence" => 70.0,
        "reason" => 50.0,
        "title" | "headline" => 38.0,
        "note" | "categories" | "targets" | "attachments" => 28.0,
        "decision" | "source" | "place" | "claimants" | "articles" | "url" | "actors" => 18.0,
        "published" => 15.0,
        "case" => 20.0,
        _ => 13.0,
    }
}

/// The bytes of a workbook.
///
/// # Errors
/// Where the rows do not fit into one, such as more than a million.
pub(super) fn print(rows: &[Shown], lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let (own, queued): (Vec<&Shown>, Vec<&Shown>) = rows.iter().partition(|shown| shown.row.has_origin());
    let mut columns: Vec<&str> = labels::columns().collect();
    if queued.iter().any(|shown| !shown.row.arrest_days.is_empty()) {
        let after = columns.iter().position(|column| *column == "money_kind").map_or(0, |at| at + 1);
        columns.insert(after, "arrest_days");
    }
    let mut cards = Worksheet::new();
    cards.set_name(labels::sheet(lang).cards)?;
    fill(&mut cards, &own, &card_columns(), lang)?;
    book(lang, Some(cards), |queue| fill(queue, &queued, &columns, lang))
}

/// The bytes of a workbook of rows as they were given: with the reasons in front where `reasons` says so, and
/// columns of the reviewer's own behind. Nothing is locked, since anything may be what needs mending.
///
/// # Errors
/// As of [`print`].
pub(super) fn print_given<'a>(
    rows: &[(&Given, Option<&str>)],
    reasons: bool,
    others: &[&'a str],
    lang: Lang,
) -> Result<Vec<u8>, XlsxError> {
    book(lang, None, |sheet| {
        let ids = reasons.then_some("reason").into_iter().chain(labels::columns()).map(|id| -> &'a str { id });
        let columns: Vec<&str> = ids.chain(others.iter().copied()).collect();
        let looks = Palette::new();
        let first = HEADINGS + 1;
        let last_row = first + u32::try_from(rows.len()).unwrap_or(u32::MAX - 1_000);
        head(sheet, &columns, last_row, lang)?;
        for (line, (given, reason)) in (first..).zip(rows) {
            for (at, column) in (0_u16..).zip(columns.iter().copied()) {
                let cell = match (column, given.get(column)) {
                    ("reason", _) => reason.unwrap_or_default().to_owned(),
                    (column, Some(cell)) => labels::shown(column, cell, lang),
                    (column, None) => given.under(column).to_owned(),
                };
                let look = if column == "reason" { &looks.cell.locked } else { &looks.cell.open };
                sheet.write_string_with_format(line, at, &cell, look)?;
            }
        }
        foot(sheet, &columns, last_row, 2 + u16::from(reasons))
    })
}

/// A workbook with a sheet of rows, perhaps one of cards, one that explains the columns, and the lists.
fn book(
    lang: Lang,
    cards: Option<Worksheet>,
    fill: impl Fn(&mut Worksheet) -> Result<(), XlsxError>,
) -> Result<Vec<u8>, XlsxError> {
    let words = labels::sheet(lang);
    let mut book = undated()?;
    let mut queue = Worksheet::new();
    queue.set_name(words.queue)?;
    fill(&mut queue)?;
    let mut help = Worksheet::new();
    help.set_name(words.help)?;
    explain(&mut help, lang)?;
    let mut lists = Worksheet::new();
    lists.set_name("lists")?.set_hidden(true);
    for (at, (column, _)) in (0_u16..).zip(LISTS) {
        for (line, value) in (0_u32..).zip(labels::list(column, lang)) {
            lists.write_string(line, at, value)?;
        }
    }
    book.push_worksheet(queue);
    if let Some(cards) = cards {
        book.push_worksheet(cards);
    }
    book.push_worksheet(help);
    book.push_worksheet(lists);
    book.save_to_buffer()
}

/// The looks of cells, and of what stands within one.
struct Palette {
    cell: Looks,
    link: Format,
    bold: Format,
    small: Format,
    plain: Format,
}

impl Palette {
    fn new() -> Self {
        let cell = Looks::default();
        Self {
            link: cell.locked.clone().set_font_color(Color::RGB(0x0006_45AD)),
            cell,
            bold: Format::new().set_bold(),
            small: Format::new().set_font_color(Color::RGB(0x0060_6060)).set_font_size(9),
            plain: Format::new(),
        }
    }
}

/// The columns of the sheet for events that the house heard of itself: who told, what it rests on, what is
/// attached; then the others.
fn card_columns() -> Vec<&'static str> {
    let others = labels::columns().filter(|column| !OF_A_STORY.contains(column));
    let (first, rest): (Vec<&str>, Vec<&str>) =
        others.partition(|column| matches!(*column, "decision" | "title" | "source"));
    first.into_iter().chain(FURTHER.iter().copied()).chain(rest).collect()
}

/// The two lines of headings, the widths and the lists to pick from.
fn head(sheet: &mut Worksheet, columns: &[&str], last_row: u32, lang: Lang) -> Result<(), XlsxError> {
    let look = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0x00DD_E6F0))
        .set_border(FormatBorder::Thin);
    for (at, column) in (0_u16..).zip(columns.iter().copied()) {
        let heading = match column {
            "reason" => labels::of(&labels::REASON, lang),
            column => Some(labels::heading(column, lang)).filter(|heading| !heading.is_empty()).unwrap_or(column),
        };
        sheet.write_string(0, at, column)?;
        sheet.write_string_with_format(HEADINGS, at, heading, &look)?;
        sheet.set_column_width(at, width(column))?;
        if HIDDEN.contains(&column) {
            sheet.set_column_hidden(at)?;
        }
        if let Some(list) = LISTS.iter().position(|(name, _)| *name == column) {
            let several = LISTS[list].1;
            sheet.add_data_validation(HEADINGS + 1, at, last_row, at, &validation(list, column, several, lang)?)?;
        }
    }
    sheet.set_row_hidden(0)?;
    sheet.set_row_height(HEADINGS, 32)?;
    Ok(())
}

/// What stays in sight, what is filtered, how it is printed.
fn foot(sheet: &mut Worksheet, columns: &[&str], last_row: u32, in_sight: u16) -> Result<(), XlsxError> {
    let last_column = u16::try_from(columns.len()).unwrap_or(1) - 1;
    sheet.set_freeze_panes(HEADINGS + 1, in_sight)?;
    sheet.autofilter(HEADINGS, 0, last_row, last_column)?;
    sheet.set_repeat_rows(HEADINGS, HEADINGS)?;
    // On paper what is read; the columns behind would make it too small for that.
    let read = (0_u16..).zip(columns).find(|(_, column)| **column == "case");
    sheet.set_print_area(HEADINGS, 0, last_row, read.map_or(last_column, |(at, _)| at))?;
    on_paper(sheet);
    Ok(())
}

/// A4 across, as wide as the page, its pages numbered.
fn on_paper(sheet: &mut Worksheet) {
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3).set_footer("&C&P / &N");
}

fn fill(sheet: &mut Worksheet, rows: &[&Shown], columns: &[&str], lang: Lang) -> Result<(), XlsxError> {
    let looks = Palette::new();
    let first = HEADINGS + 1;
    let last_row = first + u32::try_from(rows.len()).unwrap_or(u32::MAX - 1_000) + BY_HAND - 1;
    head(sheet, columns, last_row, lang)?;
    for (line, shown) in (first..).zip(rows) {
        sheet.set_row_height(line, height(shown, lang))?;
        for (at, column) in (0_u16..).zip(columns.iter().copied()) {
            let cell = labels::shown(column, shown.row.get(column), lang);
            let by_hand = shown.row.score.is_empty();
            let locked = if by_hand { LOCKED_BY_HAND.as_slice() } else { &LOCKED };
            let look = if locked.contains(&column) { &looks.cell.locked } else { &looks.cell.open };
            match column {
                "evidence" => evidence(sheet, line, at, shown, lang, &looks)?,
                "published" if !by_hand => {
                    sheet.write_string_with_format(line, at, to_the_minute(&cell, lang), look)?;
                }
                "url" if is_link(&cell) => {
                    sheet.write_url_with_format(line, at, cell.as_str(), &looks.link)?;
                }
                _ => {
                    sheet.write_string_with_format(line, at, &cell, look)?;
                }
            }
        }
    }
    for line in last_row + 1 - BY_HAND..=last_row {
        for (at, column) in (0_u16..).zip(columns.iter().copied()) {
            let look = if LOCKED_BY_HAND.contains(&column) { &looks.cell.locked } else { &looks.cell.open };
            sheet.write_blank(line, at, look)?;
        }
    }
    foot(sheet, columns, last_row, 2)?;
    protect(sheet);
    Ok(())
}

/// Points that a row needs to show its evidence whole; Excel and LibreOffice size no row of rich text themselves.
fn height(shown: &Shown, lang: Lang) -> f64 {
    // A column as wide as 70 digits holds some 72 letters of running text, 88 of the smaller; a title column some 34.
    let evidence = points(lines(&shown.row.evidence, 72)) + lines(&below(shown, lang), 88) as f64 * 12.0;
    evidence.max(points(lines(&shown.row.title, 34))).clamp(30.0, HIGHEST)
}

/// Lines of a text where a line holds so many letters.
fn lines(text: &str, letters: usize) -> usize {
    text.lines().map(|line| line.chars().count().div_ceil(letters).max(1)).sum()
}

fn points(lines: usize) -> f64 {
    lines.max(1) as f64 * 15.0
}

/// A time as people write it, in the zone in which it was printed; whatever else as it is.
fn to_the_minute(cell: &str, lang: Lang) -> String {
    let Ok(moment) = cell.parse::<Moment>() else { return cell.to_owned() };
    let minute = cell.get(11..16).unwrap_or_default();
    let date = moment.date();
    match lang {
        Lang::EN => format!("{date} {minute}"),
        _ => format!("{:02}.{:02}.{} {minute}", date.day(), date.month(), date.year()),
    }
}

fn is_link(cell: &str) -> bool {
    (cell.starts_with("https://") || cell.starts_with("http://"))
        && cell.len() <= LONGEST_URL
        && !cell.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn validation(list: usize, column: &str, several: bool, lang: Lang) -> Result<DataValidation, XlsxError> {
    let words = labels::sheet(lang);
    let letter = char::from(b'A' + u8::try_from(list).unwrap_or_default());
    let length = labels::list(column, lang).len();
    let style = if several { DataValidationErrorStyle::Information } else { DataValidationErrorStyle::Stop };
    let hint = if several { words.pick_or_type } else { words.pick };
    DataValidation::new()
        .allow_list_formula(Formula::new(format!("=lists!${letter}$1:${letter}${length}")))
        .set_error_style(style)
        .set_error_title(words.not_listed)?
        .set_error_message(hint)?
        .set_input_title(labels::heading(column, lang))?
        .set_input_message(hint)
}

/// The sentence with the words that fired in bold; below it, smaller, why and which case.
fn evidence(
    sheet: &mut Worksheet,
    line: u32,
    at: u16,
    shown: &Shown,
    lang: Lang,
    looks: &Palette,
) -> Result<(), XlsxError> {
    let text = &shown.row.evidence;
    let below = below(shown, lang);
    let mut parts: Vec<(&Format, &str)> = Vec::new();
    let mut from = 0;
    for range in fired(text, &shown.fired) {
        parts.push((&looks.plain, &text[from..range.start]));
        parts.push((&looks.bold, &text[range.clone()]));
        from = range.end;
    }
    parts.push((&looks.plain, &text[from..]));
    parts.push((&looks.small, &below));
    parts.retain(|(_, part)| !part.is_empty());
    // A rich string needs two parts.
    match parts.as_slice() {
        [] => sheet.write_blank(line, at, &looks.cell.locked)?,
        [(_, one)] => sheet.write_string_with_format(line, at, *one, &looks.cell.locked)?,
        parts => sheet.write_rich_string_with_format(line, at, parts, &looks.cell.locked)?,
    };
    Ok(())
}

/// The lines below the evidence.
fn below(shown: &Shown, lang: Lang) -> String {
    let words = labels::sheet(lang);
    if shown.row.score.is_empty() {
        return String::new();
    }
    let mut below = shown.remarks_below();
    let mut add = |word: &str, text: &str| {
        below.push_str(&format!("\n{} {word}: {text}", labels::ADDED));
    };
    if !shown.why.is_empty() {
        add(words.why, &shown.why);
    }
    match (shown.case.as_str(), shown.maybe) {
        ("", _) => add(words.case, words.new_matter),
        (case, true) => add(words.maybe, case),
        (case, false) => add(words.case, case),
    }
    if !shown.last.is_empty() {
        add(words.last, &shown.last);
    }
    if !shown.told_by.is_empty() {
        add(words.told_by, &shown.told_by);
    }
    if !shown.register.is_empty() {
        add(words.register, &shown.register);
    }
    below
}

/// Where words stand in a text, in order, none over another.
fn fired(text: &str, words: &[String]) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = words
        .iter()
        .filter(|word| !word.trim().is_empty())
        .filter_map(|word| text.find(word.as_str()).map(|start| start..start + word.len()))
        .collect();
    found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    found.retain(|range| {
        let apart = range.start >= end;
        if apart {
            end = range.end;
        }
        apart
    });
    found
}

fn explain(sheet: &mut Worksheet, lang: Lang) -> Result<(), XlsxError> {
    let words = labels::sheet(lang);
    let (bold, wrapped) = (
        Format::new().set_bold().set_align(FormatAlign::Top),
        Format::new().set_text_wrap().set_align(FormatAlign::Top),
    );
    sheet.set_column_width(0, 24)?.set_column_width(1, 70)?.set_column_width(2, 60)?;
    let mut line = 0;
    for column in labels::columns().chain(FURTHER.iter().copied()) {
        let (explained, list) = (labels::explained(column, lang), labels::list(column, lang).join("; "));
        sheet.set_row_height(line, points(lines(explained, 62).max(lines(&list, 54))))?;
        sheet.write_string_with_format(line, 0, labels::heading(column, lang), &bold)?;
        sheet.write_string_with_format(line, 1, explained, &wrapped)?;
        sheet.write_string_with_format(line, 2, list, &wrapped)?;
        line += 1;
    }
    sheet.set_row_height(line + 1, points(lines(words.by_hand, 62)))?;
    sheet.write_string_with_format(line + 1, 1, words.by_hand, &wrapped)?;
    on_paper(sheet);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fired_words_are_found_once_each() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(fired("Суд арестовал редактора", &words(&["редактора", "Суд", "Суд арестовал"])), [0..25, 26..44]);
        assert!(fired("Суд", &words(&["", "нет"])).is_empty());
    }

    #[test]
    fn times_are_shown_to_the_minute() {
        let check = |cell: &str, lang: Lang, expect: &str| assert_eq!(to_the_minute(cell, lang), expect, "{cell}");
        check("2017-11-16T09:30:05+06:00", Lang::RU, "16.11.2017 09:30");
        check("2017-11-16T00:30:05+06:00", Lang::KK, "16.11.2017 00:30");
        check("2017-11-16T09:30:05+06:00", Lang::EN, "2017-11-16 09:30");
        check("вчера", Lang::RU, "вчера");
        check("", Lang::RU, "");
    }

    #[test]
    fn the_lines_below_say_why_and_which_case() {
        let mut shown = Shown { why: "задержан + пост".to_owned(), ..Shown::default() };
        assert_eq!(below(&shown, Lang::RU), "");
        shown.row.score = "0.91".to_owned();
        assert_eq!(below(&shown, Lang::RU), "\n▸ Почему: задержан + пост\n▸ Дело: новое дело");
        shown.case = "c1".to_owned();
        shown.maybe = true;
        assert!(below(&shown, Lang::EN).ends_with("Perhaps the case: c1"));
        shown.remarks = vec!["Changed".to_owned()];
        assert!(below(&shown, Lang::EN).starts_with("\n▸ Changed\n▸ Why"));
    }
}
