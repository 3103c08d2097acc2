//! The report of a month, quarter, half-year or year: figures with their parts, comparisons, coverage,
//! the events behind them, and what every number means.
//!
//! | part | what it turns into what |
//! | --- | --- |
//! | [`Report::gather`] | decisions → figures of a period, compared and covered |
//! | [`render`] | a report → Markdown, HTML, DOCX, XLSX, CSV, JSON in three languages |
//! | [`changes`] | a frozen month and today → what changed, and why |
//!
//! It never asks the clock: what day it is, who signed and what was frozen come in as arguments.

mod body;
mod changes;
mod charts;
pub mod checked;
mod data;
mod files;
mod opened;
mod regions;
mod rows;
pub(in crate::digest) mod sheets;
#[cfg(test)]
mod tests;
pub(in crate::digest) mod wording;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::figures::{
    Block, Bridge, Figures, Grid, Ledgered, Line, Month, Period, Sources, Table, Views, coded, grids, tables,
};
use super::{Coverage, Edition, House, Wordings, edition, paper};
use crate::model::{Event, Lang, PartialDate, Quote};

pub use changes::{Change, Changes, changes};
pub use wording::told;

/// How far a report has come. Only a signed or frozen one is more than a draft.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum State {
    /// Nobody has answered for it yet.
    #[default]
    Draft,
    /// Somebody has gone through it.
    Checked {
        /// Who.
        by: String,
    },
    /// Somebody answers for it.
    Signed {
        /// Who.
        by: String,
    },
    /// It is published: nothing in it changes any more.
    Frozen {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
}

impl State {
    /// Does every page have to say that it is a draft?
    pub fn is_draft(&self) -> bool {
        matches!(self, Self::Draft | Self::Checked { .. })
    }

    /// As JSON and the ledger name it.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Checked { .. } => "checked",
            Self::Signed { .. } => "signed",
            Self::Frozen { .. } => "frozen",
        }
    }
}

/// The same period a year earlier.
#[derive(Debug, Clone, Default)]
pub struct LastYear {
    /// Values as known now, by id.
    pub values: BTreeMap<String, i64>,
    /// New matters alone, for figures that have carried-over ones.
    pub new: BTreeMap<String, i64>,
    /// As printed when that period was frozen, where it differs.
    pub published: BTreeMap<String, i64>,
    /// Ids of the figures behind which any event stands.
    pub counted: BTreeSet<String>,
}

/// What a month added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfMonth {
    /// The month.
    pub month: Month,
    /// Acts on each block.
    pub blocks: [i64; 3],
    /// Moral damage claimed and awarded, in hundredths of a tenge.
    pub money: [i64; 2],
}

/// A matter that still stands at the end of the period.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The event that began it.
    pub event: Arc<Event>,
    /// Since when.
    pub since: PartialDate,
    /// Days until the end of the period, the first one counted.
    pub days: Option<i64>,
}

/// A report, ready to render.
#[derive(Debug, Clone)]
pub struct Report {
    /// The period.
    pub period: Period,
    /// Is the period over?
    pub complete: bool,
    /// How far it has come.
    pub state: State,
    /// Every figure.
    pub figures: Figures,
    /// How each since-year line came about.
    pub bridge: Vec<Bridge>,
    /// Tables of the year so far.
    pub tables: Vec<Table>,
    /// Sanctions and custody of the year so far.
    pub grids: Vec<Grid>,
    /// The same period of last year; `None` where this one is not over, or nothing is known of that.
    pub last_year: Option<LastYear>,
    /// What others printed of the same period of last year, where nothing of it was counted here.
    pub quoted: Vec<Quote>,
    /// Month by month, from January.
    pub months: Vec<OfMonth>,
    /// Stages that the criminal and civil cases of the year have come to, by number of cases.
    pub stages: Vec<(crate::model::Stage, i64)>,
    /// What is blocked at the end of the period.
    pub still_blocked: Vec<Standing>,
    /// Outlets that are closed or suspended at the end of the period.
    pub still_closed: Vec<Standing>,
    /// Who is held at the end of the period.
    pub still_held: Vec<Standing>,
    /// The events of the period, in date order.
    pub events: Vec<Arc<Event>>,
    /// What the house says of the events.
    pub wordings: Wordings,
    /// Who was watched.
    pub coverage: Coverage,
    /// The clock of the house.
    pub zone: TimeZone,
    /// Letterhead and contacts.
    pub house: House,
}

impl Report {
    /// Gathers the report of a period.
    pub fn gather(
        period: Period,
        sources: &Sources<'_>,
        coverage: Coverage,
        state: State,
        zone: &TimeZone,
        house: House,
    ) -> Self {
        let year = period.year();
        let complete = period.over(sources.today);
        let frozen = matches!(state, State::Frozen { .. });
        // What was known then and what is known now are counted side by side.
        let (views, (now, last_year)) = rayon::join(
            || Views::of(period, sources),
            || {
                let now = (!frozen).then(|| Ledgered::now(year, sources));
                (now, complete.then(|| last_year(period, sources)).flatten())
            },
        );
        let figures = Figures::from_views(period, &views, now.as_ref());
        let bridge = super::figures::bridge::from_views(period, &views);
        // The other states of knowledge have said what they had to; a year of them is large.
        drop(now);
        let after = views.into_after();
        let after = &*after;
        let within = |month: Option<Month>| month.is_some_and(|month| period.holds(month));
        let in_order = || {
            let date = |event: &Event| event.card.event_date.or(event.card.registered_date);
            let told = |event: &&Arc<Event>| date(event).is_some_and(|date| within(Month::known(date)));
            let mut events: Vec<Arc<Event>> = after.events.iter().filter(told).cloned().collect();
            events.sort_by_cached_key(|event| {
                (date(event).map(PartialDate::first_day), event.published, event.id.clone())
            });
            events
        };
        let until = period.last.last_day().min(sources.today);
        let (tables, (grids, events)) = rayon::join(
            || {
                let coded = sources.codings.iter().map(|coding| coded(coding, period, after));
                tables(period, after, sources.places).into_iter().chain(coded).collect()
            },
            || (grids(after, until, sources), in_order()),
        );
        Self {
            period,
            complete,
            state,
            bridge,
            tables,
            grids,
            last_year,
            quoted: Vec::new(),
            months: months(period, after),
            stages: stages(period, after),
            still_blocked: still_blocked(after, until),
            still_closed: standing(after, until, Line::Closed),
            still_held: standing(after, until, Line::Detained),
            events,
            wordings: Wordings::of_places(Arc::clone(sources.places)),
            coverage,
            zone: zone.clone(),
            house,
            figures,
        }
    }
}

impl Report {
    /// Puts figures that others printed of the same period of last year beside it: only those behind which nothing
    /// stands that was counted here.
    pub fn quote(&mut self, quotes: Vec<Quote>) {
        let before = self.period.year_before().to_string();
        let counted = |id: &str| self.last_year.as_ref().is_some_and(|last| last.counted.contains(id));
        let wanted = |quote: &Quote| {
            quote.period == before && self.figures.get(&quote.figure).is_some() && !counted(&quote.figure)
        };
        self.quoted = quotes.into_iter().filter(|quote| self.complete && wanted(quote)).collect();
    }
}

fn last_year(period: Period, sources: &Sources<'_>) -> Option<LastYear> {
    let earlier = period.year_before();
    let now = Ledgered::now(earlier.year(), sources);
    if now.counted.entries.is_empty() {
        return None;
    }
    let figures = Figures::from_views(earlier, &Views::only(now), None);
    let mut last = LastYear::default();
    for figure in &figures.list {
        last.values.insert(figure.id.clone(), figure.value);
        if !figure.rows.is_empty() {
            last.counted.insert(figure.id.clone());
        }
        if let Some((_, new)) = figure.parts.iter().find(|(name, _)| *name == "new") {
            last.new.insert(figure.id.clone(), *new);
        }
    }
    if sources.history.is_frozen(earlier.last) {
        let printed = Figures::of(earlier, sources, None);
        for figure in printed.list.iter().filter(|figure| figures.value(&figure.id) != figure.value) {
            last.published.insert(figure.id.clone(), figure.value);
        }
    }
    Some(last)
}

fn months(period: Period, after: &Ledgered) -> Vec<OfMonth> {
    let first = Month { year: period.year(), month: 1 };
    let mut months: Vec<OfMonth> = Period { first, last: period.last }
        .months()
        .map(|month| OfMonth { month, blocks: [0; 3], money: [0; 2] })
        .collect();
    for entry in &after.counted.entries {
        let Some(of) = months.iter_mut().find(|of| Some(of.month) == entry.month) else { continue };
        match (entry.line.block(), entry.line) {
            (Some(block), _) => {
                let at = Block::ALL.iter().position(|known| *known == block).unwrap_or(0);
                of.blocks[at] += entry.value;
            }
            (_, Line::Claimed) => of.money[0] += entry.value,
            (_, Line::Awarded) => of.money[1] += entry.value,
            _ => {}
        }
    }
    months
}

/// How far the cases of the year's claims and charges have come: the last stage of each.
fn stages(period: Period, after: &Ledgered) -> Vec<(crate::model::Stage, i64)> {
    let counts =
        |line: Line| matches!(line, Line::Criminal | Line::CriminalCarried | Line::Claims | Line::ClaimsCarried);
    let cases: BTreeSet<&str> = after
        .counted
        .entries
        .iter()
        .filter(|entry| counts(entry.line) && entry.month.is_none_or(|month| month <= period.last))
        .filter_map(|entry| after.events.get(entry.event).map(|event| event.case.as_str()))
        .collect();
    let mut last: BTreeMap<&str, (Date, crate::model::Stage)> = BTreeMap::new();
    for event in &after.events {
        let (Some(stage), Some(date)) = (event.card.stage, event.card.event_date) else { continue };
        let day = date.first_day();
        if cases.contains(event.case.as_str()) && day <= period.last.last_day() {
            let known = last.entry(&event.case).or_insert((day, stage));
            *known = (*known).max((day, stage));
        }
    }
    let mut stages: BTreeMap<crate::model::Stage, i64> = BTreeMap::new();
    for (_, stage) in last.into_values() {
        *stages.entry(stage).or_default() += 1;
    }
    stages.into_iter().collect()
}

impl Standing {
    fn of(event: Arc<Event>, since: PartialDate, until: Date) -> Self {
        let days = since.exact().map(|day| i64::from((until - day).get_days()) + 1);
        Self { event, since, days }
    }

    /// The longest first.
    fn in_order(mut list: Vec<Self>) -> Vec<Self> {
        list.sort_by(|one, two| (one.since, &one.event.id).cmp(&(two.since, &two.event.id)));
        list
    }
}

/// What is blocked at the end of a day.
fn still_blocked(after: &Ledgered, until: Date) -> Vec<Standing> {
    let blocked = super::figures::still_blocked(after, until).into_iter();
    Standing::in_order(blocked.map(|(event, since)| Standing::of(event, since, until)).collect())
}

/// What was imposed and not lifted by a day. A release or an unblocking in the case lifts it.
fn standing(after: &Ledgered, until: Date, line: Line) -> Vec<Standing> {
    use crate::model::Category;
    let imposes = |event: &Event| {
        event.card.categories.iter().any(|label| match (line, label.id, label.subtype.as_deref()) {
            (Line::Closed, Category::Blocking, subtype) => {
                matches!(subtype, Some("outlet_closed" | "suspension"))
            }
            (Line::Detained, Category::Arrest, subtype) => {
                matches!(subtype, Some("remand" | "house_arrest" | "imprisonment"))
            }
            _ => false,
        })
    };
    let lifts = |event: &Event| {
        event.card.direction == Some(crate::model::Direction::Relief)
            || event.card.categories.iter().any(|label| {
                matches!(
                    (label.id, label.subtype.as_deref()),
                    (Category::Arrest, Some("release")) | (Category::Blocking, Some("unblocked"))
                )
            })
            || event.card.stage == Some(crate::model::Stage::Release)
    };
    let mut cases: BTreeMap<&str, Vec<&Arc<Event>>> = BTreeMap::new();
    for event in &after.events {
        if event.card.event_date.is_some_and(|date| date.first_day() <= until) && (imposes(event) || lifts(event)) {
            cases.entry(&event.case).or_default().push(event);
        }
    }
    let mut standing = Vec::new();
    for events in cases.into_values() {
        let mut events = events;
        events.sort_by_key(|event| (event.card.event_date.map(PartialDate::first_day), lifts(event)));
        let lifted = events.iter().rposition(|event| lifts(event)).map_or(0, |at| at + 1);
        let Some(first) = events[lifted..].iter().find(|event| imposes(event)) else { continue };
        let Some(since) = first.card.event_date else { continue };
        standing.push(Standing::of(Arc::clone(first), since, until));
    }
    Standing::in_order(standing)
}

/// Formats of a report.
pub const FORMATS: [&str; 6] = ["md", "html", "csv", "json", "xlsx", "docx"];

/// The name of a report's file: `report-2017-11.kk.docx`.
pub fn file_name(period: Period, lang: Lang, format: &str) -> String {
    format!("report-{period}.{lang}.{format}")
}

/// A report as a file; `None` for a format that there is not.
pub fn render(report: &Report, lang: Lang, format: &str, edition: Edition) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    // Into memory: there is nothing to fail but the format.
    write(report, edition, vec![Output { lang, format, out: &mut bytes }]).is_ok().then_some(bytes)
}

/// A file that a report is written to.
pub struct Output<'a> {
    /// Its language.
    pub lang: Lang,
    /// One of [`FORMATS`].
    pub format: &'a str,
    /// Where its bytes go.
    pub out: &'a mut (dyn io::Write + Send),
}

/// Writes the files of a report, all of them event by event: a year of it is more than memory should hold. Tells how
/// many events say nothing in one of the languages while they do in another, by language.
///
/// # Errors
/// Where a file takes no more, or there is no such format.
pub fn write(report: &Report, edition: Edition, files: Vec<Output<'_>>) -> io::Result<Vec<(Lang, usize)>> {
    files::write(report, edition, files)
}

/// The events of a report that an edition shows, in the order in which they are told.
fn told_events(report: &Report, edition: Edition) -> Vec<&Event> {
    let mut events = edition::in_order(&report.events, &report.wordings);
    events.retain(|event| edition::lets_out(event, edition));
    events
}

/// A report as one edition shows it in one language.
struct View<'a> {
    report: &'a Report,
    lang: Lang,
    edition: Edition,
    /// See [`told_events`].
    events: &'a [&'a Event],
}

impl View<'_> {
    /// An event as the edition shows it.
    fn show(&self, event: &Event) -> Option<edition::Shown> {
        edition::show(event, &self.report.wordings, self.edition, &self.report.zone)
    }
}

impl View<'_> {
    /// The value of a figure as it is read in a text, with the mark that finds it again.
    fn figure(&self, id: &str, part: Option<&str>, text: String) -> paper::Run {
        let part = part.map(|part| format!(".{part}")).unwrap_or_default();
        paper::Run::Figure { tag: format!("{}|{}|{id}{part}", self.report.period, self.lang), text }
    }
}

/// A report as a text without its events.
fn paper_of(report: &Report, lang: Lang, edition: Edition) -> paper::Paper {
    let events = told_events(report, edition);
    body::paper(&View { report, lang, edition, events: &events })
}

/// Every figure that a written report carries, by its tag, with the value as it stands in the text: what
/// an edited file is checked against.
pub fn printed(report: &Report, lang: Lang, edition: Edition) -> BTreeMap<String, String> {
    let mut printed = BTreeMap::new();
    paper_of(report, lang, edition).each_run(&mut |run| {
        if let paper::Run::Figure { tag, text } = run {
            printed.insert(tag.clone(), text.clone());
        }
    });
    printed
}
