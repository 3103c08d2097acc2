//! Figures that can be defended: one definition each, versioned, every total open to the rows behind it.
//!
//! | part | what it turns into what |
//! | --- | --- |
//! | [`History`] | decisions → the events that a report of a month knew |
//! | [`count`] | events → dated entries on [`Line`]s |
//! | [`Figures::of`] | entries → values, parts, late, corrected, rows |
//! | [`bridge`] | this report and the last published one, line by line |
//!
//! It never reads a story, never guesses a sum, an outcome or a date: what a figure counts by is a
//! column that a reviewer saw. In doubt it counts once, low, and says so.

mod blocked;
pub(in crate::digest) mod bridge;
mod codings;
pub mod count;
mod definitions;
mod known;
mod line;
mod matter;
mod period;
mod quotes;
mod sanctions;
mod tables;
#[cfg(test)]
pub(crate) mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde::ser::SerializeMap;

pub(in crate::digest) use blocked::still as still_blocked;
pub use bridge::{Bridge, bridge};
pub use codings::{Coding, coded, codings};
pub use count::{Counted, Entry, Touch};
pub use definitions::{DEFINITIONS, definition, name};
pub use known::{Dossier, Frozen, History, Regroup};
pub use line::{Block, Line};
pub use matter::Tenge;
pub use period::{Length, Month, NotAPeriod, Period};
pub use quotes::quotes;
pub use sanctions::{Grid, GridRow, grids};
pub use tables::{Table, TableRow, tables};

use crate::model::{Amount, Event};
use crate::register::{Gazetteer, Names, Register};
use count::Means;

/// What the figures of a period are made from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// All decisions.
    pub history: &'a History<'a>,
    /// Countries whose events are counted, none named: all; an event without a country belongs to them.
    pub countries: &'a [String],
    /// The day on which the report is made, where it is read: an embargo of a later day holds.
    pub today: Date,
    /// Other currencies and the monthly index → tenge.
    pub tenge: &'a Tenge<'a>,
    /// Who is meant by which name. A month that was frozen sees it as it stood then.
    pub register: &'a Register,
    /// Which place is meant, however somebody wrote it.
    pub places: &'a Arc<Gazetteer>,
    /// Codings of other monitors, for tables beside our own.
    pub codings: &'a [Coding],
}

/// A unit of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Matters, acts, persons, …: whole numbers; the name says of what.
    Count(&'static str),
    /// Tenge, in hundredths.
    Tenge,
}

impl Unit {
    /// As JSON names it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Count(of) => of,
            Self::Tenge => "KZT",
        }
    }
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its name in JSON and in every table.
    pub id: String,
    /// What it counts.
    pub unit: Unit,
    /// A count, or hundredths of a tenge.
    pub value: i64,
    /// What it is the sum of, where it has parts.
    pub parts: Vec<(&'static str, i64)>,
    /// Learned in the period about earlier months of the year.
    pub late: i64,
    /// Withdrawn, merged or recoded in the period, of earlier months of the year.
    pub corrected: i64,
    /// Matters whose sum (or acts whose outcome) is not known; they add nothing to the value.
    pub unknown: i64,
    /// The value as known today, where it differs.
    pub now: Option<i64>,
    /// Ids of the events behind it, shared by all figures that an event stands behind.
    pub rows: Vec<Arc<str>>,
}

impl Figure {
    /// A value as it is written: counts whole, sums in tenge.
    pub fn written(&self, value: i64) -> Written {
        match self.unit {
            Unit::Count(_) => Written::Count(value),
            Unit::Tenge => Written::Sum(value),
        }
    }
}

/// A number for JSON: a sum is written in tenge, not in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// A count.
    Count(i64),
    /// Hundredths of a tenge.
    Sum(i64),
}

impl std::fmt::Display for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Count(value) => value.fmt(f),
            Self::Sum(value) => write!(f, "{} tenge", Amount(*value)),
        }
    }
}

impl Serialize for Written {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(value) => serializer.serialize_i64(*value),
            Self::Sum(value) => Amount(*value).serialize(serializer),
        }
    }
}

/// Ids for JSON.
struct Ids<'a>(&'a [Arc<str>]);

impl Serialize for Ids<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|id| &**id))
    }
}

impl Serialize for Figure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("value", &self.written(self.value))?;
        map.serialize_entry("unit", self.unit.id())?;
        if !self.parts.is_empty() {
            let parts: serde_json::Map<String, serde_json::Value> = self
                .parts
                .iter()
                .map(|(name, value)| {
                    let value = serde_json::to_value(self.written(*value)).unwrap_or_default();
                    ((*name).to_owned(), value)
                })
                .collect();
            map.serialize_entry("parts", &parts)?;
        }
        map.serialize_entry("late", &self.written(self.late))?;
        map.serialize_entry("corrected", &self.written(self.corrected))?;
        map.serialize_entry("unknown", &self.unknown)?;
        if let Some(now) = self.now {
            map.serialize_entry("as_now_known", &self.written(now))?;
        }
        map.serialize_entry("rows", &Ids(&self.rows))?;
        map.end()
    }
}

/// The figures of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The period.
    pub period: Period,
    /// Every figure, in the order of a report.
    pub list: Vec<Figure>,
    /// Ids of matters whose acts are counted, and whose beginning nobody recorded.
    pub begun_unknown: Vec<String>,
    /// Ids of confirmed events without a date: counted nowhere.
    pub undated: Vec<String>,
    /// Ids of acts that touched people nobody can count.
    pub touched_unknown: Vec<String>,
}

impl Figures {
    /// The figure of a name.
    pub fn get(&self, id: &str) -> Option<&Figure> {
        self.list.iter().find(|figure| figure.id == id)
    }

    /// The value of a figure; 0 for a name that there is not.
    pub fn value(&self, id: &str) -> i64 {
        self.get(id).map_or(0, |figure| figure.value)
    }
}

/// Events counted for a year: what figures, tables and charts are read from.
#[derive(Debug, Clone)]
pub struct Ledgered {
    /// The year.
    pub year: i16,
    /// The events, those of earlier years included.
    pub events: Vec<Arc<Event>>,
    /// What they add up from.
    pub counted: Counted,
    /// Their ids, once a figure lists any of them: not every state of knowledge is asked.
    ids: OnceLock<Vec<Arc<str>>>,
    /// How the register spelled names then.
    names: Names,
}

impl Ledgered {
    fn of(events: Vec<Arc<Event>>, year: i16, sources: &Sources<'_>, decided: Option<Timestamp>) -> Self {
        // When somebody became known in a criminal case, by case: the first confirmed row with a name.
        let known = match decided {
            _ if events.iter().all(|event| !event.card.targets.is_empty()) => Cow::default(),
            None => Cow::Borrowed(sources.history.now()),
            decided => Cow::Owned(sources.history.in_cases_of(decided)),
        };
        let mut faces: BTreeMap<&str, Timestamp> = BTreeMap::new();
        for event in known.iter().filter(|event| !event.card.targets.is_empty()) {
            if matter::Fact::of(event, 0).is_some_and(|fact| fact.is_criminal()) {
                let first = faces.entry(&event.case).or_insert(event.confirmed);
                *first = (*first).min(event.confirmed);
            }
        }
        let faceless = |event: &Event| {
            event.card.targets.is_empty()
                && faces.get(event.case.as_str()).is_some_and(|known| decided.is_none_or(|decided| *known <= decided))
        };
        let names = decided.map_or_else(|| sources.register.names(), |instant| sources.register.names_at(instant));
        let means = Means {
            year,
            today: sources.today,
            tenge: sources.tenge,
            faceless: &faceless,
            names: &names,
            places: sources.places,
        };
        let counted = count::count(&events, means);
        Self { year, events, counted, ids: OnceLock::new(), names }
    }

    /// A year as the report of a month knew it; without what was decided after an instant, where one
    /// is given.
    pub fn at(month: Month, year: i16, sources: &Sources<'_>, until: Option<Timestamp>) -> Self {
        let mut events = sources.history.at(month, until);
        events.retain(|event| shows(event, sources, Some(month)));
        Self::of(events, year, sources, sources.history.decided(month, until))
    }

    /// A year as it is known now.
    pub fn now(year: i16, sources: &Sources<'_>) -> Self {
        let shown = sources.history.now().iter().filter(|event| shows(event, sources, None));
        let events: Vec<Arc<Event>> = shown.cloned().collect();
        Self::of(events, year, sources, None)
    }

    /// The sum of a line over some months.
    pub fn sum(&self, line: Line, of: impl Fn(Option<Month>) -> bool) -> i64 {
        self.counted.entries.iter().filter(|entry| entry.line == line && of(entry.month)).map(|entry| entry.value).sum()
    }

    fn id(&self, event: usize) -> Arc<str> {
        let ids = || self.events.iter().map(|event| Arc::from(event.id.as_str())).collect();
        self.ids.get_or_init(ids).get(event).cloned().unwrap_or_default()
    }
}

/// Does an event stand in the figures: of a country that is counted, not internal, not embargoed?
/// `counted_only` stands in totals, and in no list.
fn shows(event: &Event, sources: &Sources<'_>, at: Option<Month>) -> bool {
    let counted = sources.countries;
    let here = counted.is_empty() || event.card.country.as_ref().is_none_or(|country| counted.contains(country));
    here && match event.card.secrecy.as_deref() {
        Some("internal") => false,
        Some(secrecy) => match secrecy.strip_prefix("embargo ").and_then(|until| until.trim().parse::<Date>().ok()) {
            Some(until) => until <= sources.today && at.is_none_or(|month| Month::of(until) <= month),
            None => !secrecy.starts_with("embargo"),
        },
        None => true,
    }
}

/// Three states of knowledge that a period's figures need.
pub(in crate::digest) struct Views {
    /// As the last published report knew it; nothing in January.
    before: Arc<Ledgered>,
    /// The same events as corrected since.
    corrected: Arc<Ledgered>,
    /// As the report of the period knows it.
    pub(in crate::digest) after: Arc<Ledgered>,
}

impl Views {
    /// One state of knowledge alone: nothing is late in it, nothing corrected.
    pub(in crate::digest) fn only(after: Ledgered) -> Self {
        let after = Arc::new(after);
        Self { before: Arc::clone(&after), corrected: Arc::clone(&after), after }
    }

    pub(in crate::digest) fn of(period: Period, sources: &Sources<'_>) -> Self {
        let year = period.year();
        let until = sources.history.decided(period.last, None);
        let after = Arc::new(Ledgered::at(period.last, year, sources, None));
        let last = period.first.before();
        if last.year < year {
            let nothing = Arc::new(Ledgered {
                year,
                events: Vec::new(),
                counted: Counted::default(),
                ids: OnceLock::new(),
                names: Names::default(),
            });
            return Self { before: Arc::clone(&nothing), corrected: nothing, after };
        }
        let before = Ledgered::at(last, year, sources, until);
        let ids: BTreeSet<&str> = before.events.iter().map(|event| event.id.as_str()).collect();
        let known = after.events.iter().filter(|event| ids.contains(event.id.as_str())).cloned().collect();
        let corrected = Ledgered::of(known, year, sources, until);
        Self { before: Arc::new(before), corrected: Arc::new(corrected), after }
    }

    pub(in crate::digest) fn into_after(self) -> Arc<Ledgered> {
        self.after
    }
}

/// Sums of every line, by state of knowledge and time.
struct Sums {
    period: BTreeMap<Line, i64>,
    year: BTreeMap<Line, i64>,
    late: BTreeMap<Line, i64>,
    corrected: BTreeMap<Line, i64>,
}

fn sums(views: &Views, period: Period) -> Sums {
    let by_line = |counted: &Counted, of: &dyn Fn(Option<Month>) -> bool| {
        let mut sums: BTreeMap<Line, i64> = BTreeMap::new();
        for entry in counted.entries.iter().filter(|entry| of(entry.month)) {
            *sums.entry(entry.line).or_default() += entry.value;
        }
        sums
    };
    let earlier = |month: Option<Month>| month.is_none_or(|month| month < period.first);
    let so_far = |month: Option<Month>| month.is_none_or(|month| month <= period.last);
    let inside = |month: Option<Month>| month.is_some_and(|month| period.holds(month));
    let minus = |one: &BTreeMap<Line, i64>, other: &BTreeMap<Line, i64>| {
        Line::ALL
            .into_iter()
            .map(|line| (line, one.get(&line).unwrap_or(&0) - other.get(&line).unwrap_or(&0)))
            .collect()
    };
    let (before, corrected, after) = (
        by_line(&views.before.counted, &earlier),
        by_line(&views.corrected.counted, &earlier),
        by_line(&views.after.counted, &earlier),
    );
    Sums {
        period: by_line(&views.after.counted, &inside),
        year: by_line(&views.after.counted, &so_far),
        late: minus(&after, &corrected),
        corrected: minus(&corrected, &before),
    }
}

/// How a figure is read from lines.
struct Recipe {
    id: String,
    unit: Unit,
    /// Of the year so far, else of the period.
    of_year: bool,
    lines: Vec<Line>,
    parts: Vec<(&'static str, Line)>,
    unknown: Option<Line>,
}

fn recipes() -> Vec<Recipe> {
    let mut recipes = Vec::new();
    let mut add = |id: &str, of, of_year: bool, lines: &[Line], parts: &[(&'static str, Line)], unknown| {
        let suffix = if of_year { "ytd" } else { "month" };
        recipes.push(Recipe {
            id: format!("{id}_{suffix}"),
            unit: of,
            of_year,
            lines: lines.to_vec(),
            parts: parts.to_vec(),
            unknown,
        });
    };
    const OUTCOMES: [(&str, Line); 3] =
        [("for", Line::ActsFor), ("mixed", Line::ActsMixed), ("against", Line::ActsAgainst)];
    let (matters, acts) = (Unit::Count("matters"), Unit::Count("acts"));
    let criminal = [("new", Line::Criminal), ("carried_over", Line::CriminalCarried)];
    let claims = [("new", Line::Claims), ("carried_over", Line::ClaimsCarried)];
    add("criminal_charges", matters, false, &[Line::Criminal], &[], None);
    add("criminal_charges", matters, true, &[Line::Criminal, Line::CriminalCarried], &criminal, None);
    add("suits", matters, false, &[Line::Suits], &[], None);
    add("suits", matters, true, &[Line::Suits], &[], None);
    add("claims", matters, false, &[Line::Claims], &[], None);
    add("claims", matters, true, &[Line::Claims, Line::ClaimsCarried], &claims, None);
    for of_year in [false, true] {
        add("judicial_acts", acts, of_year, &[Line::Acts], &OUTCOMES, Some(Line::ActsUnknown));
        add("judicial_acts_appeal", acts, of_year, &[Line::ActsAppeal], &[], None);
        add("judicial_acts_cassation", acts, of_year, &[Line::ActsCassation], &[], None);
        add("judicial_acts_for_speaker", acts, of_year, &[Line::ActsFor], &[], None);
    }
    for of_year in [false, true] {
        add("claimed", Unit::Tenge, of_year, &[Line::Claimed], &[], Some(Line::ClaimedUnknown));
        add("awarded", Unit::Tenge, of_year, &[Line::Awarded], &[], Some(Line::AwardedUnknown));
        add("awarded_gross", Unit::Tenge, of_year, &[Line::AwardedGross], &[], Some(Line::AwardedUnknown));
        for line in [Line::AwardedEarlier, Line::ClaimedOther, Line::CriminalClaimed, Line::CriminalAwarded] {
            add(line.id(), Unit::Tenge, of_year, &[line], &[], None);
        }
        add("sentences", acts, of_year, &[Line::Sentences], &[], None);
    }
    for block in Block::ALL {
        for of_year in [false, true] {
            let parts: Vec<(&'static str, Line)> =
                block.lines().iter().map(|line| (line.id().get(2..).unwrap_or_default(), *line)).collect();
            let unit = if block == Block::Claims { matters } else { acts };
            add(&format!("block_{}", block.id()), unit, of_year, block.lines(), &parts, None);
            for line in block.lines() {
                add(line.id(), unit, of_year, &[*line], &[], None);
            }
        }
    }
    let incidents: Vec<Line> =
        [Block::People, Block::Information].iter().flat_map(|block| block.lines()).copied().collect();
    for of_year in [false, true] {
        add("incidents", acts, of_year, &incidents, &[], None);
        add("relief", acts, of_year, &[Line::Relief], &[], None);
        add("censorship", acts, of_year, &[Line::Censored], &[], None);
        let days = Unit::Count("days");
        add("days_blocked", days, of_year, &[Line::DaysBlocked], &[], Some(Line::DaysBlockedUnknown));
        add("messages", Unit::Count("messages"), of_year, &[Line::Messages], &[], None);
        add("law_steps", Unit::Count("steps"), of_year, &[Line::LawSteps], &[], None);
    }
    recipes
}

impl Figures {
    /// The figures of a period, as its report knows them. `now` is the year as known today: where a
    /// value differs from it, the figure says so.
    pub fn of(period: Period, sources: &Sources<'_>, now: Option<&Ledgered>) -> Self {
        let views = Views::of(period, sources);
        Self::from_views(period, &views, now)
    }

    pub(in crate::digest) fn from_views(period: Period, views: &Views, now: Option<&Ledgered>) -> Self {
        let sums = sums(views, period);
        let after = &views.after;
        let within = |of_year: bool, month: Option<Month>| match of_year {
            true => month.is_none_or(|month| month <= period.last),
            false => month.is_some_and(|month| period.holds(month)),
        };
        let mut list: Vec<Figure> = Vec::new();
        let mut rows: BTreeMap<(Line, bool), Vec<usize>> = BTreeMap::new();
        for entry in &after.counted.entries {
            for of_year in [false, true] {
                if within(of_year, entry.month) {
                    rows.entry((entry.line, of_year)).or_default().push(entry.event);
                }
            }
        }
        let now_sums = now.map(|now| {
            let mut sums: BTreeMap<(Line, bool), i64> = BTreeMap::new();
            for entry in &now.counted.entries {
                for of_year in [false, true] {
                    if within(of_year, entry.month) {
                        *sums.entry((entry.line, of_year)).or_default() += entry.value;
                    }
                }
            }
            sums
        });
        let of = |sums: &BTreeMap<Line, i64>, lines: &[Line]| -> i64 {
            lines.iter().filter_map(|line| sums.get(line)).sum()
        };
        for recipe in recipes() {
            let values = if recipe.of_year { &sums.year } else { &sums.period };
            let mut behind: Vec<usize> = recipe
                .lines
                .iter()
                .chain(&recipe.unknown)
                .filter_map(|line| rows.get(&(*line, recipe.of_year)))
                .flatten()
                .copied()
                .collect();
            behind.sort_unstable();
            behind.dedup();
            let value = of(values, &recipe.lines);
            let today = now_sums
                .as_ref()
                .map(|now| -> i64 { recipe.lines.iter().filter_map(|line| now.get(&(*line, recipe.of_year))).sum() });
            list.push(Figure {
                id: recipe.id,
                unit: recipe.unit,
                value,
                parts: recipe.parts.iter().map(|(name, line)| (*name, of(values, &[*line]))).collect(),
                late: of(&sums.late, &recipe.lines),
                corrected: of(&sums.corrected, &recipe.lines),
                unknown: recipe.unknown.map_or(0, |line| of(values, &[line])),
                now: today.filter(|today| *today != value),
                rows: behind.into_iter().map(|event| after.id(event)).collect(),
            });
        }
        touched(&mut list, after, &within);
        revised(&mut list, views, period);
        let ids = |events: &[usize]| events.iter().map(|event| after.id(*event).to_string()).collect();
        Self {
            period,
            list,
            begun_unknown: ids(&after.counted.begun_unknown),
            undated: ids(&after.counted.undated),
            touched_unknown: ids(&after.counted.touched_unknown),
        }
    }
}

/// P and O: in a month a person counts with each incident, in a year once; an outlet once in either.
/// And how many cases the acts of the blocks belong to.
fn touched(list: &mut Vec<Figure>, after: &Ledgered, within: &dyn Fn(bool, Option<Month>) -> bool) {
    let mut add = |id: &str, of, value: usize, unknown: usize, mut events: Vec<usize>| {
        events.sort_unstable();
        events.dedup();
        list.push(Figure {
            id: id.to_owned(),
            unit: Unit::Count(of),
            value: i64::try_from(value).unwrap_or(i64::MAX),
            parts: Vec::new(),
            late: 0,
            corrected: 0,
            unknown: i64::try_from(unknown).unwrap_or(i64::MAX),
            now: None,
            rows: events.into_iter().map(|event| after.id(event)).collect(),
        });
    };
    for of_year in [false, true] {
        let suffix = if of_year { "ytd" } else { "month" };
        let touches: Vec<&Touch> = after.counted.touches.iter().filter(|touch| within(of_year, touch.month)).collect();
        let events = |outlet: Option<bool>, line: Option<Line>| -> Vec<usize> {
            let asked = |touch: &&&Touch| {
                outlet.is_none_or(|outlet| touch.outlet == outlet) && line.is_none_or(|line| touch.line == line)
            };
            touches.iter().filter(asked).map(|touch| touch.event).collect()
        };
        let count = |outlet: bool, once: bool, line: Option<Line>| {
            let asked =
                touches.iter().filter(|touch| touch.outlet == outlet && line.is_none_or(|line| touch.line == line));
            match once {
                true => asked.map(|touch| &touch.key).collect::<BTreeSet<_>>().len(),
                false => asked.count(),
            }
        };
        add(
            &format!("persons_{suffix}"),
            if of_year { "persons" } else { "persons × incidents" },
            count(false, of_year, None),
            0,
            events(Some(false), None),
        );
        let dated = |event: usize| after.events.get(event).and_then(|event| matter::Fact::of(event, 0));
        let nameless = after
            .counted
            .touched_unknown
            .iter()
            .filter(|event| dated(**event).is_some_and(|fact| within(of_year, fact.month())));
        add(
            &format!("outlets_{suffix}"),
            "outlets",
            count(true, true, None),
            nameless.count(),
            events(Some(true), None),
        );
        for line in Block::ALL.into_iter().flat_map(Block::lines).copied() {
            add(
                &format!("{}_persons_{suffix}", line.id()),
                if of_year { "persons" } else { "persons × incidents" },
                count(false, of_year, Some(line)),
                0,
                events(Some(false), Some(line)),
            );
        }
        let of_blocks =
            after.counted.entries.iter().filter(|entry| entry.line.block().is_some() && within(of_year, entry.month));
        let behind: Vec<usize> = of_blocks.map(|entry| entry.event).collect();
        let cases: BTreeSet<&str> =
            behind.iter().filter_map(|event| after.events.get(*event)).map(|event| event.case.as_str()).collect();
        let cases = cases.len();
        add(&format!("cases_{suffix}"), "cases", cases, 0, behind);
    }
}

/// How many items of earlier months were learned in the period, and how many fewer (or more) there are
/// by corrections.
fn revised(list: &mut Vec<Figure>, views: &Views, period: Period) {
    let items = |ledgered: &Ledgered| -> BTreeSet<Arc<str>> {
        let earlier = |entry: &&Entry| {
            !matches!(entry.line, Line::Messages | Line::LawSteps | Line::DaysBlocked | Line::DaysBlockedUnknown)
                && entry.month.is_none_or(|month| month < period.first)
        };
        ledgered.counted.entries.iter().filter(earlier).map(|entry| ledgered.id(entry.event)).collect()
    };
    let (before, corrected, after) = (items(&views.before), items(&views.corrected), items(&views.after));
    let known: BTreeSet<&str> = views.corrected.events.iter().map(|event| event.id.as_str()).collect();
    let late: Vec<Arc<str>> = after.iter().filter(|id| !known.contains(id.as_ref())).cloned().collect();
    let changed: Vec<Arc<str>> = before.symmetric_difference(&corrected).cloned().collect();
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    for (id, value, rows) in [
        ("late_month", number(late.len()), late),
        ("corrected_month", number(corrected.len()) - number(before.len()), changed),
    ] {
        list.push(Figure {
            id: id.to_owned(),
            unit: Unit::Count("items"),
            value,
            parts: Vec::new(),
            late: 0,
            corrected: 0,
            unknown: 0,
            now: None,
            rows,
        });
    }
}
