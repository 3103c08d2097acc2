//! Tables beside the figures: by charge, region, role, who claims, who acts.
//!
//! A table that opens a figure sums to it. Where an event is counted without being named, it stands in
//! no cell of region or role that is smaller than three.

use std::collections::BTreeMap;

use super::count::Entry;
use super::matter::Fact;
use super::{Ledgered, Line, Month, Period};
use crate::model::{Article, Category, Code, Event};
use crate::register::Gazetteer;

/// Cells with fewer acts than this do not show an event that is counted only.
const SMALLEST_CELL: usize = 3;

/// A table: what it opens, and its rows, greatest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// `charge`, `region`, `role`, `labels`, `claimants`, `actors`, or the id of a coding.
    pub id: String,
    /// Ids of what the rows sum to; `None` where an act may stand in several rows.
    pub sums_to: Option<i64>,
    /// The rows.
    pub rows: Vec<TableRow>,
    /// Acts that stand in no row, so that nobody can be told by them.
    pub withheld: usize,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// A closed id (a subtype, role, actor, a place of the gazetteer), or a name as written (another place).
    pub key: String,
    /// How many.
    pub value: i64,
    /// Further keys that the row's matters carry, such as a second charge.
    pub also: Vec<String>,
    /// Ids of the events behind it.
    pub rows: Vec<String>,
}

/// The tables of a year so far, at the end of a period.
pub fn tables(period: Period, ledgered: &Ledgered, places: &Gazetteer) -> Vec<Table> {
    let so_far = |month: Option<Month>| month.is_none_or(|month| month <= period.last);
    let on = |line: fn(Line) -> bool| -> Vec<&Entry> {
        ledgered.counted.entries.iter().filter(|entry| line(entry.line) && so_far(entry.month)).collect()
    };
    let blocks = on(|line| line.block().is_some());
    vec![
        charges(&on(|line| line == Line::Criminal), ledgered, period),
        regions(&blocks, ledgered, places),
        of(
            "role",
            &blocks,
            ledgered,
            |event| {
                let mut roles: Vec<String> =
                    event.card.targets.iter().map(|target| target.role.id().to_owned()).collect();
                roles.sort();
                roles.dedup();
                roles
            },
            true,
        ),
        of(
            "labels",
            &on(|line| line == Line::Messages),
            ledgered,
            |event| {
                let label = |label: &crate::model::Label| match &label.subtype {
                    Some(subtype) => format!("{}/{subtype}", label.id),
                    None => label.id.to_string(),
                };
                let mut labels: Vec<String> = event.card.categories.iter().map(label).collect();
                labels.sort();
                labels.dedup();
                labels
            },
            false,
        ),
        claimants(&on(|line| line == Line::Claims), ledgered),
        of(
            "actors",
            &blocks,
            ledgered,
            |event| {
                let mut actors: Vec<String> = event.card.actors.iter().map(|actor| actor.id().to_owned()).collect();
                actors.sort();
                actors.dedup();
                if actors.is_empty() {
                    actors.push("unknown".to_owned());
                }
                actors
            },
            false,
        ),
    ]
}

/// Where it happened: a place that the gazetteer has by its id, another as it was first written.
fn regions(entries: &[&Entry], ledgered: &Ledgered, places: &Gazetteer) -> Table {
    let (mut keys, mut unknown): (BTreeMap<String, String>, BTreeMap<String, String>) = Default::default();
    let key = |event: &Event| {
        let Some(written) = event.card.place.as_deref() else { return vec!["—".to_owned()] };
        if let Some(key) = keys.get(written) {
            return vec![key.clone()];
        }
        let key = match places.find(written) {
            Some(place) => place.id.clone(),
            None => unknown.entry(places.key(written)).or_insert_with(|| written.trim().to_owned()).clone(),
        };
        keys.insert(written.to_owned(), key.clone());
        vec![key]
    };
    of("region", entries, ledgered, key, true)
}

fn of(
    id: &'static str,
    entries: &[&Entry],
    ledgered: &Ledgered,
    mut keys: impl FnMut(&Event) -> Vec<String>,
    guarded: bool,
) -> Table {
    let mut cells: BTreeMap<String, (i64, Vec<usize>)> = BTreeMap::new();
    for entry in entries {
        let Some(event) = ledgered.events.get(entry.event) else { continue };
        for key in keys(event) {
            let cell = cells.entry(key).or_default();
            cell.0 += entry.value;
            cell.1.push(entry.event);
        }
    }
    let counted_only = |event: &usize| {
        ledgered.events.get(*event).is_some_and(|event| event.card.secrecy.as_deref() == Some("counted_only"))
    };
    let mut withheld = 0;
    let mut rows: Vec<TableRow> = Vec::new();
    for (key, (mut value, mut events)) in cells {
        if guarded && events.len() < SMALLEST_CELL {
            let before = events.len();
            events.retain(|event| !counted_only(event));
            withheld += before - events.len();
            value -= i64::try_from(before - events.len()).unwrap_or(0);
        }
        if value != 0 {
            let rows_behind =
                events.iter().filter(|event| !counted_only(event)).map(|event| ledgered.id(*event).to_string());
            rows.push(TableRow { key, value, also: Vec::new(), rows: rows_behind.collect() });
        }
    }
    // What nobody knows comes last.
    let unknown = |row: &TableRow| matches!(row.key.as_str(), "—" | "unknown");
    rows.sort_by(|one, two| {
        unknown(one).cmp(&unknown(two)).then(two.value.cmp(&one.value)).then_with(|| one.key.cmp(&two.key))
    });
    Table { id: id.to_owned(), sums_to: None, rows, withheld }
}

/// Criminal matters by the charge that stands at the cut-off; of several, the gravest, with the others
/// named beside it.
fn charges(entries: &[&Entry], ledgered: &Ledgered, period: Period) -> Table {
    let mut latest: BTreeMap<&str, Vec<Fact<'_>>> = BTreeMap::new();
    for (index, event) in ledgered.events.iter().enumerate() {
        if let Some(fact) = Fact::of(event, index)
            && fact.is_criminal()
            && fact.date.first_day() <= period.last.last_day()
        {
            latest.entry(&event.case).or_default().push(fact);
        }
    }
    let mut cells: BTreeMap<String, (i64, Vec<String>, Vec<String>)> = BTreeMap::new();
    for entry in entries {
        let Some(event) = ledgered.events.get(entry.event) else { continue };
        let mut facts = latest.get(event.case.as_str()).cloned().unwrap_or_default();
        facts.sort_by(|one, two| one.order().cmp(&two.order()));
        let mut charges = facts.iter().rev().map(|fact| charged(fact.event)).find(|charges| !charges.is_empty());
        let mut charges = charges.take().unwrap_or_default();
        let gravest = if charges.is_empty() { "—".to_owned() } else { charges.remove(0) };
        let cell = cells.entry(gravest).or_default();
        cell.0 += entry.value;
        cell.1.extend(charges);
        cell.2.push(event.id.clone());
    }
    let sum = cells.values().map(|(value, ..)| value).sum();
    let mut rows: Vec<TableRow> = cells
        .into_iter()
        .map(|(key, (value, mut also, rows))| {
            also.sort();
            also.dedup();
            TableRow { key, value, also, rows }
        })
        .collect();
    rows.sort_by(|one, two| two.value.cmp(&one.value).then_with(|| one.key.cmp(&two.key)));
    Table { id: "charge".to_owned(), sums_to: Some(sum), rows, withheld: 0 }
}

/// Charges of an event, gravest first: articles of the criminal code, else the kind of charge.
fn charged(event: &Event) -> Vec<String> {
    let mut articles: Vec<&Article> = event
        .card
        .articles
        .iter()
        .filter(|article| article.code == Code::Criminal && article.number.is_some())
        .collect();
    articles.sort_by_key(|article| std::cmp::Reverse(gravity(article)));
    let mut charges: Vec<String> =
        articles.iter().filter_map(|article| article.number.as_deref()).map(|number| format!("CC {number}")).collect();
    charges.dedup();
    if charges.is_empty() {
        let of_case = |label: &&crate::model::Label| label.id == Category::CriminalProsecution;
        charges.extend(event.card.categories.iter().filter(of_case).filter_map(|label| label.subtype.clone()));
    }
    charges
}

/// The longest term of imprisonment that the first part of an article of the code of 2014 allows, in
/// years, as far as the monitor meets it; it only orders charges that stand together.
fn gravity(article: &Article) -> u8 {
    match article.number.as_deref().unwrap_or_default() {
        "257" | "258" => 12,
        "179" | "180" | "182" => 10,
        "256" => 9,
        "174" => 7,
        "190" | "194" | "189" | "185" => 5,
        "405" => 4,
        "130" | "147" | "274" | "373" | "375" => 3,
        "376" | "378" => 2,
        _ => 1,
    }
}

/// Who claims: plaintiffs, not suits. A statement signed by three stands as three.
fn claimants(entries: &[&Entry], ledgered: &Ledgered) -> Table {
    let mut cells: BTreeMap<String, (i64, Vec<String>)> = BTreeMap::new();
    for entry in entries {
        let Some(event) = ledgered.events.get(entry.event) else { continue };
        for claimant in &event.card.claimants {
            let key = claimant.kind.map_or("unknown", crate::model::ClaimantKind::id).to_owned();
            let cell = cells.entry(key).or_default();
            cell.0 += 1;
            cell.1.push(event.id.clone());
        }
    }
    let mut rows: Vec<TableRow> =
        cells.into_iter().map(|(key, (value, rows))| TableRow { key, value, also: Vec::new(), rows }).collect();
    rows.sort_by(|one, two| two.value.cmp(&one.value).then_with(|| one.key.cmp(&two.key)));
    Table { id: "claimants".to_owned(), sums_to: None, rows, withheld: 0 }
}
