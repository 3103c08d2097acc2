//! A report as a workbook: figures, events, cases (one row a person and matter), tables, sources. Numbers
//! are numbers and dates are dates; texts of strangers are texts, whatever they begin with.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write as _};

use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::super::Edition;
use super::super::data as shared;
use super::super::edition::{self, Shown};
use super::super::figures::{Unit, definition, name};
use super::super::house;
use super::super::words::words as all;
use super::files::{File, Told};
use super::{Report, View};
use crate::model::{Event, Lang, PartialDate, Target};
use crate::review::undated;

/// Places of the sheets after that of the figures.
const EVENTS: usize = 1;
const CASES: usize = 2;
const TABLES: usize = 3;
const SOURCES: usize = 4;

/// How hard a report is compressed (RFC 1951 leaves it open; 9 is hardest): rows give most of themselves at once.
const LEVEL: u8 = 2;
/// Bytes of a workbook that are handed on at once.
const PIECE: usize = 64 << 10;

/// The workbook of a report under way.
pub(super) struct Book<'a> {
    view: &'a View<'a>,
    matters: &'a [Matter<'a>],
    out: &'a mut (dyn io::Write + Send),
    workbook: Workbook,
    rows: EventRows,
    /// How many events each source told of.
    told: BTreeMap<String, u32>,
}

impl<'a> Book<'a> {
    pub(super) fn begin(
        view: &'a View<'_>,
        matters: &'a [Matter<'_>],
        out: &'a mut (dyn io::Write + Send),
    ) -> Result<Self, XlsxError> {
        let lang = view.lang;
        let mut workbook = undated()?;
        workbook.set_zip_compression_level(LEVEL);
        figures(view, workbook.add_worksheet().set_name(all("Сандар", "Цифры", "Figures").of(lang))?)?;
        // Their rows go to the disk as they are written: a year has more of them than memory should hold.
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        let rows = EventRows::begin(lang, sheet.set_name(all("Оқиғалар", "События", "Events").of(lang))?)?;
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(all("Істер", "Дела", "Cases").of(lang))?;
        workbook.add_worksheet().set_name(all("Кестелер", "Таблицы", "Tables").of(lang))?;
        workbook.add_worksheet().set_name(all("Дереккөздер", "Источники", "Sources").of(lang))?;
        Ok(Self { view, matters, out, workbook, rows, told: BTreeMap::new() })
    }

    fn finish(&mut self) -> Filled {
        cases(self.view, self.matters, self.workbook.worksheet_from_index(CASES)?)?;
        tables(self.view, self.workbook.worksheet_from_index(TABLES)?)?;
        sources(self.view, &self.told, self.workbook.worksheet_from_index(SOURCES)?)?;
        mark(&mut self.workbook, &super::body::marks(self.view));
        let mut out = io::BufWriter::with_capacity(PIECE, &mut *self.out);
        self.workbook.save_to_writer(&mut out)?;
        Ok(out.flush()?)
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
        let sheet = self.workbook.worksheet_from_index(EVENTS).map_err(io::Error::other)?;
        self.rows.add(told.event, sheet).map_err(io::Error::other)
    }

    fn end(mut self: Box<Self>) -> io::Result<()> {
        self.finish().map_err(io::Error::other)
    }
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

/// A date as a date where it is whole; a month or a year as text.
fn date(sheet: &mut Worksheet, row: u32, column: u16, date: Option<PartialDate>, format: &Format) -> Filled {
    let Some(date) = date else { return Ok(()) };
    let whole = date.exact().and_then(|day| {
        let (year, month, day) =
            (u16::try_from(day.year()).ok()?, u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
        ExcelDateTime::from_ymd(year, month, day).ok()
    });
    match whole {
        Some(whole) => sheet.write_datetime_with_format(row, column, &whole, format)?,
        None => sheet.write_string(row, column, date.to_string())?,
    };
    Ok(())
}

fn amount(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    amount: Option<crate::model::Amount>,
    format: &Format,
) -> Filled {
    if let Some(amount) = amount {
        sheet.write_number_with_format(row, column, amount.0 as f64 / 100.0, format)?;
    }
    Ok(())
}

/// A workbook with the events of a digest alone; empty where it could not be written, which memory alone can cause.
pub(in crate::digest) fn events_alone(events: &[&Shown], marks: &[String], lang: Lang) -> Vec<u8> {
    let written = || {
        let mut workbook = undated()?;
        let sheet = workbook.add_worksheet().set_name(all("Оқиғалар", "События", "Events").of(lang))?;
        let mut rows = EventRows::begin(lang, sheet)?;
        events.iter().try_for_each(|event| rows.add(event, sheet))?;
        mark(&mut workbook, marks);
        workbook.save_to_buffer()
    };
    written().unwrap_or_default()
}

/// Columns of the events that hold no text, and how many columns there are.
const EVENT_DATE: u16 = 2;
const CLAIMED: u16 = 10;
const AWARDED: u16 = 11;
const COLUMNS: u16 = 18;

/// Writes a row an event.
struct EventRows {
    lang: Lang,
    day: Format,
    money: Format,
    /// The next row.
    row: u32,
}

impl EventRows {
    fn begin(lang: Lang, sheet: &mut Worksheet) -> Result<Self, XlsxError> {
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
        // A text takes the format of its column: to look one up for each cell takes longer than to write the cell.
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        for column in (0..COLUMNS).filter(|column| !matches!(*column, EVENT_DATE | CLAIMED | AWARDED)) {
            sheet.set_column_format(column, &wrapped)?;
        }
        Ok(Self {
            lang,
            day: Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Top),
            money: Format::new().set_num_format("#,##0.##"),
            row: 1,
        })
    }

    fn add(&mut self, event: &Shown, sheet: &mut Worksheet) -> Filled {
        let Self { lang, day, money, row } = self;
        let (lang, row) = (*lang, *row);
        let card = &event.card;
        let own = house::in_lang(&event.wording.headline, lang);
        let summary = house::in_lang(&event.wording.summary, lang).filter(|said| said.instead.is_none());
        let articles: Vec<String> =
            card.articles.iter().map(|article| super::super::words::article(article, lang)).collect();
        let published = event.published.map(|moment| moment.to_string());
        let texts: [(u16, Option<Cow<'_, str>>); 15] = [
            (0, Some(event.id.as_str().into())),
            (1, Some(event.case.as_str().into())),
            (3, own.map(|said| said.text.into())),
            (4, event.title.as_deref().map(Cow::from)),
            (5, Some(shared::label_list(event, lang).join("; ").into())),
            (6, card.place.as_ref().map(|place| shared::spelled(place, lang).into())),
            (7, card.stage.map(|stage| stage.id().into())),
            (8, card.outcome.map(|outcome| outcome.id().into())),
            (9, Some(articles.join("; ").into())),
            (12, card.currency.as_deref().map(Cow::from)),
            (13, event.source.as_deref().map(Cow::from)),
            (14, event.url.as_deref().map(Cow::from)),
            (15, published.map(Cow::from)),
            (16, own.map(|said| said.instead.unwrap_or(lang).id().into())),
            (17, summary.map(|said| said.text.into())),
        ];
        for (column, text) in texts {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                sheet.write_string(row, column, cut(&text))?;
            }
        }
        date(sheet, row, EVENT_DATE, card.event_date, day)?;
        amount(sheet, row, CLAIMED, card.claimed, money)?;
        amount(sheet, row, AWARDED, card.awarded, money)?;
        self.row += 1;
        Ok(())
    }
}

/// No cell may hold more than 32,767 characters.
fn cut(text: &str) -> &str {
    text.char_indices().nth(32_000).map_or(text, |(end, _)| &text[..end])
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

/// One row a matter.
fn cases(view: &View<'_>, matters: &[Matter<'_>], sheet: &mut Worksheet) -> Filled {
    let lang = view.lang;
    let day = Format::new().set_num_format("yyyy-mm-dd");
    header(
        sheet,
        &["case", "person_or_outlet", "role", "first_event", "last_event", "last_stage", "outcome", "events"],
    )?;
    let names = &view.report.wordings.names;
    for (row, Matter { case, target, first, last, events }) in (1u32..).zip(matters) {
        sheet.write_string(row, 0, *case)?;
        if let Some(target) = target {
            sheet.write_string(row, 1, cut(&names.spelled(&target.name, target.role.into(), first, lang)))?;
            sheet.write_string(row, 2, view.key_name("role", target.role.id()))?;
        }
        date(sheet, row, 3, first.card.event_date, &day)?;
        date(sheet, row, 4, last.card.event_date, &day)?;
        sheet.write_string(row, 5, last.card.stage.map_or("", crate::model::Stage::id))?;
        sheet.write_string(row, 6, last.card.outcome.map_or("", crate::model::Outcome::id))?;
        sheet.write_number(row, 7, f64::from(*events))?;
    }
    for (column, width) in [(0, 20.0), (1, 40.0), (2, 24.0), (3, 12.0), (4, 12.0), (5, 16.0)] {
        sheet.set_column_width(column, width)?;
    }
    Ok(())
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
