//! A report for machines: JSON as the contract has it, and CSV.

use std::collections::BTreeSet;
use std::io::{self, Write as _};

use serde::Serialize;
use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde_json::{Map, Value, json};

use super::super::data::{edition_name, json_event};
use super::super::edition;
use super::super::figures::{DEFINITIONS, definition, name};
use super::{State, View};
use crate::review::csv_line;

/// Writes a report as one JSON object; its shape is `docs/report.schema.json`. An event, and a figure, stands on
/// one line.
pub(super) fn json(view: &View<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let report = view.report;
    let bridge: Vec<Value> = report
        .bridge
        .iter()
        .map(|bridge| {
            let written = |value: i64| match bridge.line.is_money() {
                true => serde_json::to_value(crate::model::Amount(value)).unwrap_or(Value::Null),
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
        .collect();
    let tables: Map<String, Value> = report
        .tables
        .iter()
        .map(|table| {
            let rows: Vec<Value> = table
                .rows
                .iter()
                .map(|row| {
                    json!({
                        "key": row.key,
                        "name": super::opened::key_name(&table.id, &row.key, view.lang),
                        "value": row.value,
                        "also": row.also,
                    })
                })
                .collect();
            (table.id.clone(), json!({ "sum": table.sums_to, "rows": rows, "withheld": table.withheld }))
        })
        .collect();
    let last_year = report.last_year.as_ref().map(|last| {
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
    });
    let hidden = hidden(view);
    let standing = |list: &[super::Standing]| -> Vec<Value> {
        let visible = |standing: &&super::Standing| !hidden.contains(standing.event.as_str());
        list.iter()
            .filter(visible)
            .map(|standing| json!({ "event": standing.event, "since": standing.since, "days": standing.days }))
            .collect()
    };
    let definitions: Map<String, Value> = report
        .figures
        .list
        .iter()
        .filter_map(|figure| definition(&figure.id, view.lang).map(|text| (figure.id.clone(), json!(text))))
        .collect();
    #[derive(Serialize)]
    struct Out<'a> {
        period: String,
        lang: crate::model::Lang,
        complete: bool,
        state: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        signed_by: Option<&'a str>,
        edition: &'static str,
        definitions_version: &'static str,
        coverage: &'a super::Coverage,
        figures: JsonFigures<'a>,
        bridge: Vec<Value>,
        tables: Map<String, Value>,
        last_year: Option<Value>,
        still_blocked: Vec<Value>,
        still_held: Vec<Value>,
        events: JsonEvents<'a>,
        definitions: Map<String, Value>,
    }
    let whole = Out {
        period: report.period.to_string(),
        lang: view.lang,
        complete: report.complete,
        state: report.state.id(),
        signed_by: match (&report.state, view.edition) {
            (State::Signed { by } | State::Frozen { by, .. }, super::Edition::Internal) => Some(by),
            _ => None,
        },
        edition: edition_name(view.edition),
        definitions_version: DEFINITIONS,
        coverage: &report.coverage,
        figures: JsonFigures { view, hidden: &hidden },
        bridge,
        tables,
        last_year,
        still_blocked: standing(&report.still_blocked),
        still_held: standing(&report.still_held),
        events: JsonEvents(view),
        definitions,
    };
    let mut buffered = io::BufWriter::with_capacity(64 << 10, out);
    let mut serializer = serde_json::Serializer::with_formatter(&mut buffered, Lines::default());
    whole.serialize(&mut serializer).map_err(io::Error::other)?;
    buffered.write_all(b"\n")?;
    buffered.flush()
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

/// The events as the edition shows them, each made as it is written.
struct JsonEvents<'a>(&'a View<'a>);

impl Serialize for JsonEvents<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for event in self.0.events.iter().filter_map(|event| self.0.show(event)) {
            list.serialize_element(&json_event(&event, self.0.lang))?;
        }
        list.end()
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
