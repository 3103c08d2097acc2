//! What courts imposed on people since January, by kind, and how long people were held, as far as columns that a
//! reviewer saw tell it: a term that only a text names, and nobody confirmed, is counted nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::matter::{Cases, Fact, Tenge};
use super::{Ledgered, Sources};
use crate::model::{Amount, Category, Event, Instance, Outcome, PartialDate};
use crate::register::Names;

/// A table with several numbers in a row; every column sums to its total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// `sanctions` or `custody`.
    pub id: &'static str,
    /// Ids of the columns: counts, but for `sum`, which is hundredths of a tenge.
    pub columns: &'static [&'static str],
    /// A row for each kind that occurred, in the order of the closed list.
    pub rows: Vec<GridRow>,
    /// Sums that were written in another currency, or in monthly indices, and stand in `sum` as tenge.
    pub as_written: BTreeMap<String, Amount>,
}

/// A row of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridRow {
    /// The kind.
    pub key: &'static str,
    /// A number for each column.
    pub values: Vec<i64>,
    /// Ids of the events behind it.
    pub rows: Vec<Arc<str>>,
}

impl Grid {
    /// The sum of each column.
    pub fn totals(&self) -> Vec<i64> {
        let sum = |column: usize| self.rows.iter().filter_map(|row| row.values.get(column)).sum();
        (0..self.columns.len()).map(sum).collect()
    }
}

/// The grids of a year as it was known, up to a day.
pub fn grids(ledgered: &Ledgered, until: Date, sources: &Sources<'_>) -> Vec<Grid> {
    let (mut imposed, mut held) = (Imposed::default(), Held::default());
    for facts in Cases::until(&ledgered.events, until).iter() {
        imposed.case(facts, ledgered.year, sources.tenge);
        held.case(facts, &ledgered.names, ledgered.year, until);
    }
    vec![imposed.grid(ledgered), held.grid(ledgered)]
}

/// Ids of events; of what is only counted, none.
fn ids(events: &BTreeSet<usize>, ledgered: &Ledgered) -> Vec<Arc<str>> {
    let named = |event: &Event| event.card.secrecy.as_deref() != Some("counted_only");
    let events = events.iter().filter(|at| ledgered.events.get(**at).is_some_and(|event| named(event)));
    events.map(|at| ledgered.id(*at)).collect()
}

const SANCTIONS: [&str; 5] = ["imprisonment", "administrative_arrest", "fine", "warning", "not_stated"];

/// What courts imposed, by kind.
#[derive(Default)]
struct Imposed {
    kinds: BTreeMap<&'static str, Kind>,
    as_written: BTreeMap<String, Amount>,
}

#[derive(Default)]
struct Kind {
    imposed: i64,
    lifted: i64,
    sum: i64,
    unknown: i64,
    days: i64,
    events: BTreeSet<usize>,
}

/// A sanction of a case that stands after some of its acts.
struct Sanction<'a> {
    /// Was it imposed in the year that is counted?
    counts: bool,
    /// The act that last set it.
    by: Fact<'a>,
    /// The fine that it set.
    fine: Option<(Amount, Option<i64>)>,
    /// The days of arrest that it set.
    days: Option<u16>,
}

impl Imposed {
    fn case(&mut self, facts: &[Fact<'_>], year: i16, tenge: &Tenge<'_>) {
        let mut standing: BTreeMap<&'static str, Sanction<'_>> = BTreeMap::new();
        let proceedings = facts.iter().filter(|fact| fact.is_criminal() || fact.is_administrative());
        let mut acts: BTreeMap<(Date, Instance), Vec<&Fact<'_>>> = BTreeMap::new();
        for fact in proceedings {
            if let Some(instance) = fact.act().filter(|_| fact.card().outcome != Some(Outcome::Pending)) {
                acts.entry((fact.date.first_day(), instance)).or_default().push(fact);
            }
        }
        // Rows of one day and instance tell of one act.
        for ((_, instance), rows) in acts {
            let kinds: BTreeSet<&'static str> = rows.iter().flat_map(|fact| kinds(fact)).collect();
            if rows.iter().any(|fact| fact.outcome() == Some(Outcome::For)) {
                self.lift(std::mem::take(&mut standing), &rows);
                continue;
            }
            let decided = rows.iter().any(|fact| fact.outcome().is_some());
            let replaced = |kind: &str| {
                instance != Instance::First
                    && !kinds.is_empty()
                    && !kinds.contains(kind)
                    && rows.iter().any(|fact| fact.outcome() == Some(Outcome::Mixed))
            };
            let (gone, stays) = standing.into_iter().partition(|(kind, _)| replaced(kind));
            standing = stays;
            self.lift(gone, &rows);
            let bare = kinds.is_empty() && decided && standing.is_empty();
            for kind in kinds.into_iter().chain(bare.then_some("not_stated")) {
                let by = *rows.iter().find(|fact| self::kinds(fact).any(|of| of == kind)).unwrap_or(&rows[0]);
                let fine = fine(&rows, tenge).filter(|_| kind == "fine");
                let days = rows.iter().find_map(|fact| fact.card().arrest_days);
                let days = days.filter(|_| kind == "administrative_arrest");
                let counts = by.year() == year;
                if let Some(known) = standing.get_mut(kind) {
                    (known.by, known.fine, known.days) = (*by, fine.or(known.fine), days.or(known.days));
                    continue;
                }
                if counts {
                    let of = self.kinds.entry(kind).or_default();
                    of.imposed += 1;
                    of.events.insert(by.index);
                }
                standing.insert(kind, Sanction { counts, by: *by, fine, days });
            }
        }
        for (kind, sanction) in standing.into_iter().filter(|(_, sanction)| sanction.counts) {
            let of = self.kinds.entry(kind).or_default();
            of.events.insert(sanction.by.index);
            of.days += sanction.days.map_or(0, i64::from);
            match (kind, sanction.fine) {
                ("fine", Some((written, Some(sum)))) => {
                    of.sum += sum;
                    if let Some(currency) = sanction.by.card().currency.as_deref().filter(|of| *of != "KZT") {
                        self.as_written.entry(currency.to_owned()).or_insert(Amount(0)).0 += written.0;
                    }
                }
                ("fine", _) => of.unknown += 1,
                _ => {}
            }
        }
    }

    fn lift(&mut self, gone: BTreeMap<&'static str, Sanction<'_>>, rows: &[&Fact<'_>]) {
        for (kind, _) in gone.into_iter().filter(|(_, sanction)| sanction.counts) {
            let of = self.kinds.entry(kind).or_default();
            of.lifted += 1;
            of.events.extend(rows.iter().map(|fact| fact.index));
        }
    }

    fn grid(self, ledgered: &Ledgered) -> Grid {
        let row = |key: &'static str| {
            let of = self.kinds.get(key)?;
            let values = vec![of.imposed, of.lifted, of.sum, of.unknown, of.days];
            Some(GridRow { key, values, rows: ids(&of.events, ledgered) })
        };
        let rows = SANCTIONS.into_iter().filter_map(row).collect();
        Grid {
            id: "sanctions",
            columns: &["imposed", "lifted", "sum", "sum_unknown", "days_imposed"],
            rows,
            as_written: self.as_written,
        }
    }
}

/// The kinds of sanction that a row names.
fn kinds<'a>(fact: &'a Fact<'_>) -> impl Iterator<Item = &'static str> + 'a {
    let labelled = fact.card().categories.iter().filter_map(|label| match (label.id, label.subtype.as_deref()) {
        (Category::Arrest, Some("imprisonment")) => Some("imprisonment"),
        (Category::Arrest | Category::AdministrativeProsecution, Some("administrative_arrest")) => {
            Some("administrative_arrest")
        }
        (Category::AdministrativeProsecution, Some("fine")) => Some("fine"),
        (Category::AdministrativeProsecution, Some("warning")) => Some("warning"),
        _ => None,
    });
    labelled.chain(is_fine(fact).then_some("fine"))
}

fn is_fine(fact: &Fact<'_>) -> bool {
    fact.card().money_kind.as_deref().is_some_and(|kind| kind.starts_with("fine"))
}

/// The fine that an act set, as written and in hundredths of a tenge, where that can be told.
fn fine(rows: &[&Fact<'_>], tenge: &Tenge<'_>) -> Option<(Amount, Option<i64>)> {
    let fact = rows.iter().find(|fact| is_fine(fact) && fact.card().awarded_amount.is_some())?;
    let amount = fact.card().awarded_amount?;
    Some((amount, fact.tenge(amount, tenge)))
}

const CUSTODY: [&str; 5] = ["detention", "remand", "house_arrest", "administrative_arrest", "imprisonment"];

/// How long people were held, by kind: a person counts with each.
#[derive(Default)]
struct Held {
    kinds: BTreeMap<&'static str, Custody>,
}

#[derive(Default)]
struct Custody {
    times: i64,
    days: i64,
    unknown: i64,
    still: i64,
    events: BTreeSet<usize>,
}

/// A person who is held, after some of the events of a case.
struct Holding {
    kind: &'static str,
    since: Option<PartialDate>,
    /// Days that it was to last.
    term: Option<u16>,
    event: usize,
}

impl Holding {
    /// The first day after the term, where a reviewer wrote how long it was to last.
    fn term_over(&self) -> Option<Date> {
        let since = self.since.and_then(PartialDate::exact).filter(|_| self.is_short())?;
        since.checked_add(i64::from(self.term?).days()).ok()
    }

    /// Is it short by law?
    fn is_short(&self) -> bool {
        matches!(self.kind, "detention" | "administrative_arrest")
    }
}

/// How a holding ended, as far as is known.
enum End {
    On(Option<PartialDate>, usize),
    /// It goes on at the end of the period.
    Never(Date),
}

impl Held {
    fn case(&mut self, facts: &[Fact<'_>], names: &Names, year: i16, until: Date) {
        let mut held: BTreeMap<String, Holding> = BTreeMap::new();
        for fact in facts {
            let on = fact.card().event_date;
            if fact.is_relief() {
                for person in told_of(fact, names, &held) {
                    if let Some(holding) = held.remove(&person) {
                        self.ended(&holding, End::On(on, fact.index), year);
                    }
                }
                continue;
            }
            let Some(kind) = custody(fact) else { continue };
            for person in told_of(fact, names, &held) {
                // Somebody unnamed gets a name.
                match held.remove(&person).or_else(|| held.remove("")) {
                    // Extended, or told again.
                    Some(same) if same.kind == kind => {
                        let term = same.term.or(fact.card().arrest_days);
                        held.insert(person, Holding { term, ..same });
                    }
                    other => {
                        if let Some(before) = other {
                            self.ended(&before, End::On(on, fact.index), year);
                        }
                        let term = fact.card().arrest_days;
                        held.insert(person, Holding { kind, since: on, term, event: fact.index });
                    }
                }
            }
        }
        for holding in held.into_values() {
            self.ended(&holding, End::Never(until), year);
        }
    }

    fn ended(&mut self, holding: &Holding, end: End, year: i16) {
        let begun = holding.since.and_then(PartialDate::exact);
        let this_year = |date: Option<PartialDate>| date.is_some_and(|date| date.year == year);
        let term_over = holding.term_over();
        let ends_in = |over: Option<Date>| over.is_some_and(|over| over.year() == year && over > date(year, 1, 1));
        let (over, falls_in) = match &end {
            End::On(date, _) => {
                let over = date.and_then(PartialDate::exact).map(|over| over.min(term_over.unwrap_or(over)));
                (over, this_year(*date) || this_year(holding.since))
            }
            // What is short by law, and whose end nobody recorded, lasted its term, or nobody knows how long.
            End::Never(until) if holding.is_short() => {
                let over = term_over.map(|over| over.min(until.tomorrow().unwrap_or(over)));
                (over, this_year(holding.since) || ends_in(over))
            }
            End::Never(until) => (until.tomorrow().ok(), true),
        };
        if !falls_in {
            return;
        }
        let of = self.kinds.entry(holding.kind).or_default();
        of.times += 1;
        of.events.insert(holding.event);
        match end {
            End::On(_, event) => _ = of.events.insert(event),
            End::Never(until) => {
                of.still += i64::from(
                    !holding.is_short() || term_over.is_some_and(|over| over > until.tomorrow().unwrap_or(over)),
                );
            }
        }
        match (begun, over) {
            (Some(begun), Some(over)) => of.days += i64::from((over - begun.max(date(year, 1, 1))).get_days().max(0)),
            _ => of.unknown += 1,
        }
    }

    fn grid(self, ledgered: &Ledgered) -> Grid {
        let row = |key: &'static str| {
            let of = self.kinds.get(key)?;
            let values = vec![of.times, of.days, of.unknown, of.still];
            Some(GridRow { key, values, rows: ids(&of.events, ledgered) })
        };
        let rows = CUSTODY.into_iter().filter_map(row).collect();
        Grid { id: "custody", columns: &["times", "days", "unknown", "still_held"], rows, as_written: BTreeMap::new() }
    }
}

/// The kind of custody that an event puts somebody in.
fn custody(fact: &Fact<'_>) -> Option<&'static str> {
    let arrest = |label: &crate::model::Label| {
        let of = label.subtype.as_deref().unwrap_or_default();
        let of = CUSTODY.into_iter().find(|kind| *kind == of);
        of.filter(|kind| label.id == Category::Arrest || *kind == "administrative_arrest")
    };
    // A case that is only being heard, or an appeal only filed, holds nobody anew.
    let pending = fact.card().outcome == Some(Outcome::Pending);
    fact.card().categories.iter().find_map(arrest).filter(|_| !pending)
}

/// The persons that an event tells of: those it names, else everyone held in the case, else somebody unnamed.
fn told_of(fact: &Fact<'_>, names: &Names, held: &BTreeMap<String, Holding>) -> Vec<String> {
    let named: Vec<String> = fact.touched(names).filter(|(_, outlet)| !outlet).map(|(key, _)| key).collect();
    let known = named.iter().any(|person| held.contains_key(person));
    match (named.is_empty() || (fact.is_relief() && !known), held.is_empty()) {
        (false, _) => named,
        (true, false) => held.keys().cloned().collect(),
        (true, true) => vec![String::new()],
    }
}
