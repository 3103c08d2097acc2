//! A report for machines: JSON as the contract has it, and CSV.

use std::collections::BTreeSet;
use std::io::{self, Write as _};

use serde::Serialize;
use serde::Serializer as _;
use serde::ser::SerializeMap as _;
use serde_json::{Map, Value, json};

use super::super::data::{edition_name, json_event};
use super::super::figures::{DEFINITIONS, Grid, GridRow, definition, name};
use super::super::{Edition, edition};
use super::files::{File, Told};
use super::{State, View};
use crate::model::Amount;
use crate::review::csv_line;

/// A report as one JSON object under way; its shape is `docs/report.schema.json`. An event, and a figure, stands
/// on one line.
pub(super) struct Json<'a> {
    view: &'a View<'a>,
    out: io::BufWriter<&'a mut dyn io::Write>,
    /// Has an event been written?
    filled: bool,
}

impl<'a> Json<'a> {
    pub(super) fn begin(view: &'a View<'_>, out: &'a mut dyn io::Write) -> io::Result<Self> {
        let report = view.report;
        let hidden = hidden(view);
        let standing = |list: &[super::Standing]| -> Vec<Value> {
            let visible = |standing: &&super::Standing| edition::lets_out(&standing.event, view.edition);
            list.iter()
                .filter(visible)
                .map(|standing| json!({ "event": standing.event.id, "since": standing.since, "days": standing.days }))
                .collect()
        };
        let mut out = io::BufWriter::with_capacity(64 << 10, out);
        let mut serializer = serde_json::Serializer::with_formatter(&mut out, Lines::default());
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("period", &report.period.to_string())?;
        object.serialize_entry("lang", &view.lang)?;
        object.serialize_entry("complete", &report.complete)?;
        object.serialize_entry("state", report.state.id())?;
        if let (State::Signed { by } | State::Frozen { by, .. }, Edition::Internal) = (&report.state, view.edition) {
            object.serialize_entry("signed_by", by)?;
        }
        object.serialize_entry("edition", edition_name(view.edition))?;
        object.serialize_entry("definitions_version", DEFINITIONS)?;
        object.serialize_entry("coverage", &report.coverage)?;
        object.serialize_entry("figures", &JsonFigures { view, hidden: &hidden })?;
        object.serialize_entry("bridge", &bridge(view))?;
        object.serialize_entry("tables", &tables(view))?;
        for of in &report.grids {
            object.serialize_entry(of.id, &grid(of, &hidden, view))?;
        }
        object.serialize_entry("last_year", &last_year(view))?;
        if !report.quoted.is_empty() {
            object.serialize_entry("quoted", &report.quoted)?;
        }
        object.serialize_entry("still_blocked", &standing(&report.still_blocked))?;
        object.serialize_entry("still_closed", &standing(&report.still_closed))?;
        object.serialize_entry("still_held", &standing(&report.still_held))?;
        // The object is not ended: its events are written one by one as they come.
        out.write_all(b",\n  \"events\": [")?;
        Ok(Self { view, out, filled: false })
    }
}

impl File for Json<'_> {
    fn event(&mut self, told: &Told<'_>) -> io::Result<()> {
        self.out.write_all(if self.filled { b",\n    " } else { b"\n    " })?;
        self.filled = true;
        write_at(Lines::EVENTS, &json_event(told.event, self.view.lang), &mut self.out)
    }

    fn end(mut self: Box<Self>) -> io::Result<()> {
        let lang = self.view.lang;
        let figures = self.view.report.figures.list.iter();
        let definitions: Map<String, Value> =
            figures.filter_map(|figure| Some((figure.id.clone(), json!(definition(&figure.id, lang)?)))).collect();
        self.out.write_all(if self.filled { b"\n  ],\n  \"definitions\": " } else { b"],\n  \"definitions\": " })?;
        write_at(Lines::KEYS, &definitions, &mut self.out)?;
        self.out.write_all(b"\n}\n")?;
        self.out.flush()
    }
}

/// Writes a value that stands in the object at a depth.
fn write_at(depth: usize, value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let lines = Lines { depth, filled: false };
    Ok(value.serialize(&mut serde_json::Serializer::with_formatter(out, lines))?)
}

fn bridge(view: &View<'_>) -> Vec<Value> {
    let report = view.report;
    report
        .bridge
        .iter()
        .map(|bridge| {
            let written = |value: i64| match bridge.line.is_money() {
                true => serde_json::to_value(Amount(value)).unwrap_or(Value::Null),
                false => json!(value),
            };
            json!({
                "line": bridge.line.id(),
                "last": written(bridge.last),
                "period": written(bridge.period),
                "late": written(bridge.late),
                "corrected": written(bridge.corrected),
                "now": written(bridge.now),
            })
        })
        .collect()
}

fn tables(view: &View<'_>) -> Map<String, Value> {
    let report = view.report;
    report
        .tables
        .iter()
        .map(|table| {
            let rows: Vec<Value> = table
                .rows
                .iter()
                .map(|row| {
                    json!({
                        "key": row.key,
                        "name": view.key_name(&table.id, &row.key),
                        "value": row.value,
                        "also": row.also,
                    })
                })
                .collect();
            (table.id.clone(), json!({ "sum": table.sums_to, "rows": rows, "withheld": table.withheld }))
        })
        .collect()
}

fn grid(grid: &Grid, hidden: &BTreeSet<&str>, view: &View<'_>) -> Value {
    let numbers = |values: &[i64]| -> Map<String, Value> {
        let written = |column: &str, value: i64| match column {
            "sum" => serde_json::to_value(Amount(value)).unwrap_or(Value::Null),
            _ => json!(value),
        };
        grid.columns.iter().zip(values).map(|(column, value)| ((*column).to_owned(), written(column, *value))).collect()
    };
    let row = |row: &GridRow| {
        let mut of = numbers(&row.values);
        of.insert("key".to_owned(), json!(row.key));
        of.insert("name".to_owned(), json!(view.key_name(grid.id, row.key)));
        let shown: Vec<&str> = row.rows.iter().map(|id| &**id).filter(|id| !hidden.contains(id)).collect();
        of.insert("rows".to_owned(), json!(shown));
        Value::Object(of)
    };
    let rows: Vec<Value> = grid.rows.iter().map(row).collect();
    json!({ "total": numbers(&grid.totals()), "rows": rows, "as_written": grid.as_written })
}

fn last_year(view: &View<'_>) -> Option<Value> {
    let report = view.report;
    report.last_year.as_ref().map(|last| {
        let rows: Map<String, Value> = last
            .values
            .iter()
            .map(|(id, value)| {
                let written = |value: i64| match report.figures.get(id) {
                    Some(figure) => serde_json::to_value(figure.written(value)).unwrap_or(Value::Null),
                    None => json!(value),
                };
                let mut row = json!({ "as_now_known": written(*value) });
                if let Some(printed) = last.published.get(id) {
                    row["as_published"] = written(*printed);
                }
                (id.clone(), row)
            })
            .collect();
        json!({ "period": report.period.year_before().to_string(), "figures": rows })
    })
}

/// Ids of the events of the period that the edition does not show, and so does not name either.
fn hidden<'a>(view: &View<'a>) -> BTreeSet<&'a str> {
    let events = view.report.events.iter();
    events.filter(|event| !edition::lets_out(event, view.edition)).map(|event| event.id.as_str()).collect()
}

/// Every figure by its id, and how many messages are undecided.
struct JsonFigures<'a> {
    view: &'a View<'a>,
    hidden: &'a BTreeSet<&'a str>,
}

impl Serialize for JsonFigures<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.view.report;
        let mut map = serializer.serialize_map(None)?;
        for figure in &report.figures.list {
            if self.hidden.is_empty() {
                map.serialize_entry(&figure.id, figure)?;
            } else {
                let mut figure = figure.clone();
                figure.rows.retain(|id| !self.hidden.contains(&**id));
                map.serialize_entry(&figure.id, &figure)?;
            }
        }
        let undecided = json!({
            "value": report.coverage.undecided, "unit": "messages", "late": 0, "corrected": 0, "unknown": 0, "rows": [],
        });
        map.serialize_entry("undecided", &undecided)?;
        map.end()
    }
}

/// Lays JSON out so that what is two deep stands on one line: what is above it is indented.
#[derive(Default)]
struct Lines {
    depth: usize,
    filled: bool,
}

impl Lines {
    /// Depth of objects and lists whose items stand on lines of their own.
    const OPEN: usize = 2;
    /// Depth at which the keys of the whole stand.
    const KEYS: usize = 1;
    /// Depth at which its events stand.
    const EVENTS: usize = 2;

    fn begin<W: ?Sized + io::Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(bracket)
    }

    fn end<W: ?Sized + io::Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        if self.filled && self.depth <= Self::OPEN {
            out.write_all(b"\n")?;
            self.indent(out, self.depth - 1)?;
        }
        self.depth -= 1;
        out.write_all(bracket)
    }

    fn item<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        match self.depth <= Self::OPEN {
            true => {
                out.write_all(b"\n")?;
                self.indent(out, self.depth)
            }
            false if first => Ok(()),
            false => out.write_all(b" "),
        }
    }

    fn indent<W: ?Sized + io::Write>(&self, out: &mut W, depth: usize) -> io::Result<()> {
        (0..depth).try_for_each(|_| out.write_all(b"  "))
    }
}

impl serde_json::ser::Formatter for Lines {
    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}

const COLUMNS: [&str; 11] =
    ["period", "figure", "name", "unit", "value", "part", "part_value", "late", "corrected", "unknown", "rows"];

/// A report as CSV: a line a figure, and a line for each part of it.
pub(super) fn csv(view: &View<'_>) -> String {
    let report = view.report;
    let mut out = String::from("\u{feff}");
    csv_line(&mut out, COLUMNS);
    let period = report.period.to_string();
    for figure in &report.figures.list {
        let written = |value: i64| serde_json::to_string(&figure.written(value)).unwrap_or_default();
        let line = |part: &str, part_value: &str, rows: &str| {
            [
                period.clone(),
                figure.id.clone(),
                name(&figure.id, view.lang).to_owned(),
                figure.unit.id().to_owned(),
                written(figure.value),
                part.to_owned(),
                part_value.to_owned(),
                written(figure.late),
                written(figure.corrected),
                figure.unknown.to_string(),
                rows.to_owned(),
            ]
        };
        let rows = figure.rows.len().to_string();
        numbers_bare(&mut out, &line("", "", &rows));
        for (part, value) in &figure.parts {
            numbers_bare(&mut out, &line(part, &written(*value), ""));
        }
    }
    out
}

/// One line of CSV in which our own numbers stay numbers: the guard against formulas is for texts of
/// strangers, and would make text of every sum below zero.
fn numbers_bare(out: &mut String, cells: &[String]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        if cell.parse::<f64>().is_ok() {
            out.push_str(cell);
        } else {
            let mut guarded = String::new();
            csv_line(&mut guarded, [cell.as_str()]);
            // A line of one empty cell is written as a pair of quotes, so that it is no blank line.
            out.push_str(if cell.is_empty() { "" } else { guarded.trim_end_matches(['\r', '\n']) });
        }
    }
    out.push_str("\r\n");
}
