//! A report as a workbook: figures, events, cases (one row a person and matter), tables, sources. Numbers
//! are numbers and dates are dates; texts of strangers are texts, whatever they begin with.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write};

use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::super::Edition;
use super::super::data as shared;
use super::super::edition::{self, Shown};
use super::super::figures::{Unit, definition, name};
use super::super::house;
use super::super::words::{self, words as all};
use super::files::{File, Told};
use super::rows::{self, Cell, Rows};
use super::{Report, View};
use crate::model::{Amount, Event, Lang, Outcome, PartialDate, Stage, Target};
use crate::review::undated;

/// Parts of the file that hold the sheets whose rows are written as they come.
const EVENTS: &str = "xl/worksheets/sheet2.xml";
const CASES: &str = "xl/worksheets/sheet3.xml";

/// How hard a report is compressed (RFC 1951 leaves it open; 9 is hardest): rows give most of themselves at once.
const LEVEL: i64 = 2;
/// Bytes of a workbook that are handed on at once.
const PIECE: usize = 64 << 10;

/// A file under way, compressed as it is written.
type Zip<'a> = zip::ZipWriter<zip::write::StreamWriter<io::BufWriter<&'a mut (dyn Write + Send)>>>;

/// The workbook of a report under way. The sheet of events goes into the file event by event.
pub(super) struct Book<'a> {
    view: &'a View<'a>,
    matters: &'a [Matter<'a>],
    zip: Zip<'a>,
    rows: Rows,
    /// How many events each source told of.
    told: BTreeMap<String, u32>,
}

impl<'a> Book<'a> {
    pub(super) fn begin(
        view: &'a View<'_>,
        matters: &'a [Matter<'_>],
        out: &'a mut (dyn Write + Send),
    ) -> io::Result<Self> {
        let mut zip = zip::ZipWriter::new_stream(io::BufWriter::with_capacity(PIECE, out));
        let parts = frame(view, &BTreeMap::new())?;
        let listed = view.events.iter().filter(|event| event.card.secrecy.as_deref() != Some("counted_only")).count();
        let place = parts.iter().position(|(name, _)| name == EVENTS).unwrap_or(parts.len());
        for (name, text) in &parts[..place] {
            start(&mut zip, name)?;
            zip.write_all(text.as_bytes())?;
        }
        start(&mut zip, EVENTS)?;
        let sheet = parts.get(place).map_or("", |(_, text)| text);
        Ok(Self { view, matters, zip, rows: Rows::of(sheet, &EVENT_SAMPLE, listed)?, told: BTreeMap::new() })
    }
}

impl File for Book<'_> {
    fn event(&mut self, told: &Told<'_>) -> io::Result<()> {
        if !told.listed {
            return Ok(());
        }
        for source in told.event.stories.iter().filter_map(|story| story.source.as_deref()) {
            match self.told.get_mut(source) {
                Some(events) => *events += 1,
                None => _ = self.told.insert(source.to_owned(), 1),
            }
        }
        event_cells(told.event, self.view.lang, |cells| self.rows.add(cells, &mut self.zip))
    }

    fn end(self: Box<Self>) -> io::Result<()> {
        let Self { view, matters, mut zip, mut rows, told } = *self;
        rows.end(&mut zip)?;
        for (name, text) in frame(view, &told)?.into_iter().skip_while(|(name, _)| name != EVENTS).skip(1) {
            start(&mut zip, &name)?;
            if name != CASES {
                zip.write_all(text.as_bytes())?;
                continue;
            }
            let mut rows = Rows::of(&text, &CASE_SAMPLE, matters.len())?;
            matters.iter().try_for_each(|matter| matter_cells(view, matter, |cells| rows.add(cells, &mut zip)))?;
            rows.end(&mut zip)?;
        }
        zip.finish().map_err(io::Error::other)?.into_inner().flush()
    }
}

/// Begins a part of the file. Each carries the same old date, so that the same report gives the same bytes.
fn start(zip: &mut Zip<'_>, name: &str) -> io::Result<()> {
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .compression_level(Some(LEVEL))
        .unix_permissions(0o600)
        .last_modified_time(zip::DateTime::default());
    zip.start_file(name, options).map_err(io::Error::other)
}

/// The parts of a workbook by their names, in their order: everything but the rows of events and cases, in place of
/// which stands one row that shows how they look.
fn frame(view: &View<'_>, told: &BTreeMap<String, u32>) -> io::Result<Vec<(String, String)>> {
    let bytes = framed(view, told).map_err(io::Error::other)?;
    let mut zip = zip::ZipArchive::new(io::Cursor::new(bytes)).map_err(io::Error::other)?;
    let mut parts = Vec::with_capacity(zip.len());
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).map_err(io::Error::other)?;
        let (name, mut text) = (part.name().map_err(io::Error::other)?.into_owned(), String::new());
        part.read_to_string(&mut text)?;
        parts.push((name, text));
    }
    Ok(parts)
}

fn framed(view: &View<'_>, told: &BTreeMap<String, u32>) -> Result<Vec<u8>, XlsxError> {
    let lang = view.lang;
    let mut workbook = undated()?;
    workbook.set_zip_compression_level(1);
    figures(view, workbook.add_worksheet().set_name(all("Сандар", "Цифры", "Figures").of(lang))?)?;
    // The texts of a long sheet stand in its cells, not in a list that all sheets share.
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    let looks = Looks::of_events(sheet.set_name(all("Оқиғалар", "События", "Events").of(lang))?)?;
    looks.write(&EVENT_SAMPLE, 1, sheet)?;
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    let looks = Looks::of_cases(sheet.set_name(all("Істер", "Дела", "Cases").of(lang))?)?;
    looks.write(&CASE_SAMPLE, 1, sheet)?;
    tables(view, workbook.add_worksheet().set_name(all("Кестелер", "Таблицы", "Tables").of(lang))?)?;
    sources(view, told, workbook.add_worksheet().set_name(all("Дереккөздер", "Источники", "Sources").of(lang))?)?;
    mark(&mut workbook, &super::body::marks(view));
    workbook.save_to_buffer()
}

type Filled = Result<(), XlsxError>;

fn header(sheet: &mut Worksheet, names: &[&str]) -> Filled {
    let bold = Format::new().set_bold().set_border_bottom(rust_xlsxwriter::FormatBorder::Thin).set_text_wrap();
    for (column, name) in (0u16..).zip(names) {
        sheet.write_string_with_format(0, column, *name, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    // On paper a sheet is as wide as the page, its head on every one.
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}

/// Paper size A4 (ECMA-376, 18.3.1.63).
const A4: u8 = 9;

/// What every printed page of every sheet says.
fn mark(workbook: &mut Workbook, marks: &[String]) {
    for sheet in workbook.worksheets_mut() {
        sheet.set_header(format!("&C{}", marks.join(" · ").replace('&', "&&")));
    }
}

fn figures(view: &View<'_>, sheet: &mut Worksheet) -> Filled {
    let lang = view.lang;
    header(
        sheet,
        &[
            "figure",
            all("атауы", "название", "name").of(lang),
            all("бірлік", "единица", "unit").of(lang),
            all("мәні", "значение", "value").of(lang),
            all("бөлігі", "часть", "part").of(lang),
            all("кеш анықталған", "узнано позднее", "late").of(lang),
            all("түзетулер", "исправления", "corrected").of(lang),
            all("белгісіз", "неизвестно", "unknown").of(lang),
            all("анықтама", "определение", "definition").of(lang),
        ],
    )?;
    let (whole, money) = (Format::new().set_num_format("#,##0"), Format::new().set_num_format("#,##0.##"));
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let mut row = 1;
    for figure in &view.report.figures.list {
        let (format, scale) = match figure.unit {
            Unit::Tenge => (&money, 100.0),
            Unit::Count(_) => (&whole, 1.0),
        };
        let number = |value: i64| value as f64 / scale;
        sheet.write_string(row, 0, &figure.id)?;
        sheet.write_string(row, 1, name(&figure.id, lang))?;
        sheet.write_string(row, 2, figure.unit.id())?;
        sheet.write_number_with_format(row, 3, number(figure.value), format)?;
        sheet.write_number_with_format(row, 5, number(figure.late), format)?;
        sheet.write_number_with_format(row, 6, number(figure.corrected), format)?;
        sheet.write_number_with_format(row, 7, figure.unknown as f64, &whole)?;
        sheet.write_string_with_format(row, 8, definition(&figure.id, lang).unwrap_or_default(), &wrapped)?;
        row += 1;
        for (part, value) in &figure.parts {
            sheet.write_string(row, 0, &figure.id)?;
            sheet.write_string(row, 4, *part)?;
            sheet.write_number_with_format(row, 3, number(*value), format)?;
            row += 1;
        }
    }
    for (column, width) in [(0, 34.0), (1, 44.0), (2, 14.0), (3, 18.0), (8, 80.0)] {
        sheet.set_column_width(column, width)?;
    }
    Ok(())
}

/// A workbook with the events of a digest alone; empty where it could not be written, which memory alone can cause.
pub(in crate::digest) fn events_alone(events: &[&Shown], marks: &[String], lang: Lang) -> Vec<u8> {
    let written = || {
        let mut workbook = undated()?;
        let sheet = workbook.add_worksheet().set_name(all("Оқиғалар", "События", "Events").of(lang))?;
        let looks = Looks::of_events(sheet)?;
        (1..)
            .zip(events)
            .try_for_each(|(row, event)| event_cells(event, lang, |cells| looks.write(cells, row, sheet)))?;
        mark(&mut workbook, marks);
        workbook.save_to_buffer()
    };
    written().unwrap_or_default()
}

/// A row of events as it may be filled: which columns hold what.
const EVENT_SAMPLE: [Cell<'static>; 18] = {
    let mut cells = [Cell::Text("text"); 18];
    cells[2] = SAMPLE_DATE;
    cells[10] = SAMPLE_SUM;
    cells[11] = SAMPLE_SUM;
    cells
};
/// The same of cases.
const CASE_SAMPLE: [Cell<'static>; 8] = {
    let mut cells = [Cell::Text("text"); 8];
    cells[3] = SAMPLE_DATE;
    cells[4] = SAMPLE_DATE;
    cells[7] = Cell::Count(1);
    cells
};
const SAMPLE_DATE: Cell<'static> = Cell::Date(Some(PartialDate { year: 2000, month: Some(1), day: Some(1) }));
const SAMPLE_SUM: Cell<'static> = Cell::Sum(Some(Amount(100)));

/// How the cells of a long sheet look. A text takes the format of its column: to look one up for each cell takes
/// longer than to write the cell.
struct Looks {
    day: Format,
    money: Format,
}

impl Looks {
    fn of_events(sheet: &mut Worksheet) -> Result<Self, XlsxError> {
        header(
            sheet,
            &[
                "id",
                "case",
                "event_date",
                "headline",
                "title",
                "categories",
                "place",
                "stage",
                "outcome",
                "articles",
                "claim_amount",
                "awarded_amount",
                "currency",
                "source",
                "url",
                "published",
                "headline_lang",
                "summary",
            ],
        )?;
        for (column, width) in
            [(0, 20.0), (1, 20.0), (2, 12.0), (3, 50.0), (4, 50.0), (5, 36.0), (13, 22.0), (14, 40.0), (17, 60.0)]
        {
            sheet.set_column_width(column, width)?;
        }
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        for (column, _) in (0..).zip(EVENT_SAMPLE).filter(|(_, cell)| matches!(cell, Cell::Text(_))) {
            sheet.set_column_format(column, &wrapped)?;
        }
        Ok(Self { day: day_format().set_align(FormatAlign::Top), money: money_format() })
    }

    fn of_cases(sheet: &mut Worksheet) -> Result<Self, XlsxError> {
        header(
            sheet,
            &["case", "person_or_outlet", "role", "first_event", "last_event", "last_stage", "outcome", "events"],
        )?;
        for (column, width) in [(0, 20.0), (1, 40.0), (2, 24.0), (3, 12.0), (4, 12.0), (5, 16.0)] {
            sheet.set_column_width(column, width)?;
        }
        Ok(Self { day: day_format(), money: money_format() })
    }

    /// Writes a row, its cells from the first column on.
    fn write(&self, cells: &[Cell<'_>], row: u32, sheet: &mut Worksheet) -> Filled {
        for (column, cell) in (0u16..).zip(cells) {
            match *cell {
                Cell::Text("") | Cell::Date(None) | Cell::Sum(None) => {}
                Cell::Text(text) => _ = sheet.write_string(row, column, text)?,
                Cell::Date(Some(date)) => match rows::day(date) {
                    Some(day) => _ = sheet.write_datetime_with_format(row, column, &day, &self.day)?,
                    None => _ = sheet.write_string(row, column, date.to_string())?,
                },
                Cell::Sum(Some(sum)) => {
                    sheet.write_number_with_format(row, column, rows::units(sum), &self.money)?;
                }
                Cell::Count(count) => _ = sheet.write_number(row, column, count)?,
            }
        }
        Ok(())
    }
}

fn day_format() -> Format {
    Format::new().set_num_format("yyyy-mm-dd")
}

fn money_format() -> Format {
    Format::new().set_num_format("#,##0.##")
}

fn text(text: Option<&str>) -> Cell<'_> {
    Cell::Text(cut(text.unwrap_or_default()))
}

/// Hands the cells of an event on.
fn event_cells<T>(event: &Shown, lang: Lang, take: impl FnOnce(&[Cell<'_>]) -> T) -> T {
    let card = &event.card;
    let own = house::in_lang(&event.wording.headline, lang);
    let summary = house::in_lang(&event.wording.summary, lang).filter(|said| said.instead.is_none());
    let articles: Vec<String> = card.articles.iter().map(|article| words::article(article, lang)).collect();
    let (labels, articles) = (shared::label_list(event, lang).join("; "), articles.join("; "));
    let published = event.published.map(|moment| moment.to_string());
    take(&[
        text(Some(&event.id)),
        text(Some(&event.case)),
        Cell::Date(card.event_date),
        text(own.map(|said| said.text)),
        text(event.title.as_deref()),
        text(Some(&labels)),
        text(card.place.as_ref().map(|place| shared::spelled(place, lang))),
        text(card.stage.map(|stage| stage.id())),
        text(card.outcome.map(|outcome| outcome.id())),
        text(Some(&articles)),
        Cell::Sum(card.claimed),
        Cell::Sum(card.awarded),
        text(card.currency.as_deref()),
        text(event.source.as_deref()),
        text(event.url.as_deref()),
        text(published.as_deref()),
        text(own.map(|said| said.instead.unwrap_or(lang).id())),
        text(summary.map(|said| said.text)),
    ])
}

/// No cell may hold more than 32,767 characters.
fn cut(text: &str) -> &str {
    const MOST: usize = 32_000;
    // No text has more characters than bytes.
    if text.len() <= MOST { text } else { text.char_indices().nth(MOST).map_or(text, |(end, _)| &text[..end]) }
}

/// A person (or outlet) and a matter: what a case has come to in the period.
pub(super) struct Matter<'a> {
    case: &'a str,
    /// Whom it is about, as its first event names them; `None` where that names nobody.
    target: Option<&'a Target>,
    first: &'a Event,
    last: &'a Event,
    events: u32,
}

/// The matters of the events of a report, by case, who they are about and their role.
pub(super) fn matters(report: &Report, edition: Edition) -> Vec<Matter<'_>> {
    let mut matters: BTreeMap<(&str, String, &str), Matter<'_>> = BTreeMap::new();
    let names = &report.wordings.names;
    for event in &report.events {
        let secrecy = event.card.secrecy.as_deref();
        if secrecy == Some("counted_only") || !edition::lets_out(event, edition) {
            continue;
        }
        let unnamed = edition == Edition::Public && secrecy == Some("no_names");
        // Where names are withheld, the case is too: another event of it may name whom this one must not.
        let case = if unnamed { &event.id } else { &event.case };
        let targets = if unnamed { &[] } else { event.card.targets.as_slice() };
        let identity = |target: &Target| names.identity(&target.name, target.role.into(), event);
        let named = targets.iter().map(|target| (identity(target), target.role.id(), Some(target)));
        for (identity, role, target) in named.chain(targets.is_empty().then(Default::default)) {
            let matter = Matter { case, target, first: event, last: event, events: 0 };
            let matter = matters.entry((case, identity, role)).or_insert(matter);
            matter.last = event;
            matter.events += 1;
        }
    }
    matters.into_values().collect()
}

/// Hands the cells of a matter on.
fn matter_cells<T>(view: &View<'_>, matter: &Matter<'_>, take: impl FnOnce(&[Cell<'_>]) -> T) -> T {
    let Matter { case, target, first, last, events } = matter;
    let names = &view.report.wordings.names;
    let spelled = target.map(|target| names.spelled(&target.name, target.role.into(), first, view.lang));
    let role = target.map(|target| view.key_name("role", target.role.id()));
    take(&[
        Cell::Text(case),
        Cell::Text(spelled.as_deref().map_or("", cut)),
        Cell::Text(role.as_deref().unwrap_or_default()),
        Cell::Date(first.card.event_date),
        Cell::Date(last.card.event_date),
        Cell::Text(last.card.stage.map_or("", Stage::id)),
        Cell::Text(last.card.outcome.map_or("", Outcome::id)),
        Cell::Count(*events),
    ])
}

fn tables(view: &View<'_>, sheet: &mut Worksheet) -> Filled {
    header(sheet, &["table", "key", "name", "value", "also"])?;
    let mut row = 1;
    for table in &view.report.tables {
        for of in &table.rows {
            sheet.write_string(row, 0, &table.id)?;
            sheet.write_string(row, 1, cut(&of.key))?;
            sheet.write_string(row, 2, cut(&view.key_name(&table.id, &of.key)))?;
            sheet.write_number(row, 3, of.value as f64)?;
            sheet.write_string(row, 4, of.also.join("; "))?;
            row += 1;
        }
    }
    let money = Format::new().set_num_format("#,##0.##");
    for grid in &view.report.grids {
        for of in &grid.rows {
            let named = view.key_name(grid.id, of.key);
            for (column, value) in grid.columns.iter().zip(&of.values) {
                sheet.write_string(row, 0, grid.id)?;
                sheet.write_string(row, 1, format!("{}.{column}", of.key))?;
                sheet.write_string(row, 2, format!("{named}: {}", super::opened::column_name(column).of(view.lang)))?;
                match *column {
                    "sum" => sheet.write_number_with_format(row, 3, *value as f64 / 100.0, &money)?,
                    _ => sheet.write_number(row, 3, *value as f64)?,
                };
                row += 1;
            }
        }
    }
    sheet.set_column_width(2, 40.0)?;
    Ok(())
}

/// Who was watched, and who told of what.
fn sources(view: &View<'_>, told: &BTreeMap<String, u32>, sheet: &mut Worksheet) -> Filled {
    header(sheet, &["source", "state", "events"])?;
    let coverage = &view.report.coverage;
    let mut states: BTreeMap<&str, &str> = BTreeMap::new();
    for (state, names) in [
        ("alive", &coverage.alive),
        ("silent", &coverage.silent),
        ("failing", &coverage.failing),
        ("not_polled", &coverage.not_polled),
    ] {
        states.extend(names.iter().map(|name| (name.as_str(), state)));
    }
    for source in told.keys() {
        states.entry(source).or_insert("");
    }
    for (row, (source, state)) in (1u32..).zip(states) {
        sheet.write_string(row, 0, cut(source))?;
        sheet.write_string(row, 1, state)?;
        sheet.write_number(row, 2, f64::from(told.get(source).copied().unwrap_or(0)))?;
    }
    sheet.set_column_width(0, 40.0)?;
    Ok(())
}
