//! A report for machines: JSON as the contract has it, and CSV.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::super::data::{edition_name, json_events};
use super::super::figures::{DEFINITIONS, definition, name};
use super::{State, View};
use crate::review::csv_line;

/// A report as one JSON object; its shape is `docs/report.schema.json`.
pub(super) fn json(view: &View<'_>) -> String {
    let report = view.report;
    let mut figures = Map::new();
    let shown: std::collections::BTreeSet<&str> = view.events.iter().map(|event| event.id.as_str()).collect();
    let in_period: std::collections::BTreeSet<&str> = report.events.iter().map(|event| event.id.as_str()).collect();
    for figure in &report.figures.list {
        let mut value = serde_json::to_value(figure).unwrap_or(Value::Null);
        if view.edition == super::Edition::Public
            && let Some(rows) = value.get_mut("rows").and_then(Value::as_array_mut)
        {
            // What the edition does not show, it does not name by its id either.
            rows.retain(|id| id.as_str().is_some_and(|id| shown.contains(id) || !in_period.contains(id)));
        }
        figures.insert(figure.id.clone(), value);
    }
    let undecided = json!({
        "value": report.coverage.undecided, "unit": "messages", "late": 0, "corrected": 0, "unknown": 0, "rows": [],
    });
    figures.insert("undecided".to_owned(), undecided);
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
    let standing = |list: &[super::Standing]| -> Vec<Value> {
        let visible =
            |standing: &&super::Standing| view.edition == super::Edition::Internal || !hidden(view, &standing.event);
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
        figures: Map<String, Value>,
        bridge: Vec<Value>,
        tables: Map<String, Value>,
        last_year: Option<Value>,
        still_blocked: Vec<Value>,
        still_held: Vec<Value>,
        events: Value,
        definitions: Map<String, Value>,
    }
    let out = Out {
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
        figures,
        bridge,
        tables,
        last_year,
        still_blocked: standing(&report.still_blocked),
        still_held: standing(&report.still_held),
        events: json_events(view.events, view.lang),
        definitions,
    };
    let mut text = serde_json::to_string_pretty(&out).unwrap_or_default();
    text.push('\n');
    text
}

/// Is an event of the period kept out of this edition?
fn hidden(view: &View<'_>, id: &str) -> bool {
    view.report.events.iter().any(|event| event.id == id) && !view.events.iter().any(|event| event.id == id)
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
