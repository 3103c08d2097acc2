//! Codings beside our own: the same acts under the types of another monitor, by tables under
//! `rules/codings/`. Another unit makes another total: these stand beside ours, and are never added.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Ledgered, Period, Table, TableRow};
use crate::model::{Diagnostic, Event};

/// A coding: which of its types each of our categories falls under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coding {
    /// The file's name without its ending: `jfj`.
    pub id: String,
    /// Whose it is.
    pub name: String,
    /// Category, or category/subtype → type.
    types: BTreeMap<String, String>,
    /// Actor → kind of source of the threat.
    sources: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    types: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    sources: BTreeMap<String, Vec<String>>,
}

/// Reads the codings among the tables of a rule set, by their names in the folder `codings`.
pub fn codings(files: &[(String, String)]) -> (Vec<Coding>, Vec<Diagnostic>) {
    let (mut codings, mut faults) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let Some(id) = name.rsplit_once("codings/").and_then(|(_, file)| file.strip_suffix(".toml")) else { continue };
        match toml::from_str::<File>(text) {
            Ok(file) => {
                let inverse = |lists: BTreeMap<String, Vec<String>>| {
                    lists
                        .into_iter()
                        .flat_map(|(to, from)| from.into_iter().map(move |from| (from, to.clone())))
                        .collect()
                };
                codings.push(Coding {
                    id: id.to_owned(),
                    name: file.name,
                    types: inverse(file.types),
                    sources: inverse(file.sources),
                });
            }
            Err(error) => faults.push(
                Diagnostic::new(name, error.message().to_owned())
                    .help("a coding has `name`, and under [types] a list of categories for each type"),
            ),
        }
    }
    (codings, faults)
}

impl Coding {
    /// The type of an event: that of the first of its categories that the table knows, a subtype before
    /// its category.
    pub fn type_of(&self, event: &Event) -> Option<&str> {
        event.card.categories.iter().find_map(|label| {
            let whole = label.subtype.as_ref().map(|subtype| format!("{}/{subtype}", label.id));
            let found = whole.and_then(|whole| self.types.get(&whole)).or_else(|| self.types.get(label.id.id()));
            found.map(String::as_str)
        })
    }

    /// Whom the threat of an event comes from; `None` where the coding tells no sources apart.
    pub fn source_of(&self, event: &Event) -> Option<&str> {
        let of = |actor: &str| self.sources.get(actor).map(String::as_str);
        match event.card.actors.first() {
            Some(actor) => of(actor.id()),
            None => of("unknown"),
        }
    }
}

/// The acts of the blocks since January under the types of a coding, with the source where it has one.
pub fn coded(coding: &Coding, period: Period, ledgered: &Ledgered) -> Table {
    let mut cells: BTreeMap<String, (i64, Vec<String>)> = BTreeMap::new();
    let entries = ledgered
        .counted
        .entries
        .iter()
        .filter(|entry| entry.line.block().is_some() && entry.month.is_none_or(|month| month <= period.last));
    for entry in entries {
        let Some(event) = ledgered.events.get(entry.event) else { continue };
        let kind = coding.type_of(event).unwrap_or("none");
        let key = match coding.source_of(event) {
            Some(source) => format!("{kind} ({source})"),
            None => kind.to_owned(),
        };
        let cell = cells.entry(key).or_default();
        cell.0 += entry.value;
        cell.1.push(event.id.clone());
    }
    let sum = cells.values().map(|(value, _)| value).sum();
    let row = |(key, (value, rows)): (String, (i64, Vec<String>))| TableRow { key, value, also: Vec::new(), rows };
    Table { id: coding.id.clone(), sums_to: Some(sum), rows: cells.into_iter().map(row).collect(), withheld: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::figures::tests::Archive;
    use crate::digest::figures::{Month, Period};
    use crate::model::Category;

    fn built_in() -> Vec<Coding> {
        let files = [
            ("rules/codings/jfj.toml".to_owned(), include_str!("../../../rules/codings/jfj.toml").to_owned()),
            ("rules/codings/mfrr.toml".to_owned(), include_str!("../../../rules/codings/mfrr.toml").to_owned()),
        ];
        let (codings, faults) = codings(&files);
        assert!(faults.is_empty(), "{faults:?}");
        codings
    }

    #[test]
    fn every_entry_of_a_coding_is_a_category_of_ours() {
        for coding in built_in() {
            for entry in coding.types.keys() {
                let (id, subtype) = entry.split_once('/').unwrap_or((entry, ""));
                let category: Category = id.parse().unwrap();
                assert!(subtype.is_empty() || category.subtypes().contains(&subtype), "{}: {entry}", coding.id);
            }
        }
    }

    #[test]
    fn a_coding_opens_the_same_acts() {
        let archive = Archive::of(&[
            "2031-02-06 | attack/physical_attack | incident | to=Садыр (journalist)",
            "2031-02-07 | attack/threat | incident | to=Садыр (journalist) / actors=private_person",
            "2031-02-08 | blocking/site_blocked | incident | to=Tau.example (outlet) / actors=ministry",
            "2031-02-09 | criminal_prosecution/incitement | investigation | to=Аман (blogger) / actors=police",
        ]);
        let period = Period::month(Month { year: 2031, month: 2 });
        let rows = |id: &str| -> Vec<(String, i64)> {
            let coding = built_in().into_iter().find(|coding| coding.id == id).unwrap();
            let table = coded(&coding, period, &archive.now(2031));
            assert_eq!(table.sums_to, Some(4));
            table.rows.into_iter().map(|row| (row.key, row.value)).collect()
        };
        let expect =
            |rows: &[(&str, i64)]| rows.iter().map(|(key, value)| ((*key).to_owned(), *value)).collect::<Vec<_>>();
        assert_eq!(
            rows("jfj"),
            expect(&[
                ("judicial_economic (authorities)", 1),
                ("non_physical_cyber (authorities)", 1),
                ("non_physical_cyber (non_state)", 1),
                ("physical (unknown)", 1),
            ])
        );
        assert_eq!(
            rows("mfrr"),
            expect(&[("censorship", 1), ("legal_incident", 1), ("physical_assault", 1), ("verbal_attack", 1)])
        );
    }

    #[test]
    fn a_coding_that_cannot_be_read_is_told() {
        let (codings, faults) = codings(&[("codings/x.toml".to_owned(), "types = 5".to_owned())]);
        assert!(codings.is_empty() && faults[0].path == "codings/x.toml");
    }
}
