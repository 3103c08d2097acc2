//! Every row of the house's worked examples: facts in through rows of the queue file, changes out.
//!
//! A row of a test is `date | categories | stage | column=value; …`. `as=K1` names the row's case (the
//! first row of a name founds it, later ones join it), `id=K1` decides again on the row that founded it.
//! What a month's report is expected to show is `03: F4 +1, F5n +1, F9 +3m; 05: F6 mixed, F10 +2m`;
//! **a figure that is not named must not change**.

mod blocked;
mod civil;
mod courts;
mod criminal;
mod incidents;
mod late;
mod money;
pub(crate) mod november;
mod random;
mod sanctions;
mod year;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Dossier, Figures, Frozen, History, Ledgered, Month, Period, Sources};
use crate::model::{Amount, Candidate, Event};
use crate::register::{Gazetteer, Register};
use crate::review::{self, Format, Known, Ruling};

/// The year of the examples; December of the year before is written `-12`.
const YEAR: i16 = 2031;

/// An archive in memory, with the queue's own rules in front of it.
#[derive(Default)]
pub(crate) struct Archive {
    pub candidates: Vec<Candidate>,
    by_id: BTreeMap<String, usize>,
    founded: BTreeMap<String, String>,
    pub frozen: Frozen,
    pub register: Register,
    pub places: Arc<Gazetteer>,
}

impl Known for Archive {
    fn candidate(&self, id: &str) -> Option<Candidate> {
        self.by_id.get(id).map(|at| self.candidates[*at].clone())
    }

    fn exists(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
            || self.candidates.iter().flat_map(review::events).any(|event| event.case == id || event.id == id)
    }

    fn taken_before(&self, _fingerprint: &str) -> bool {
        false
    }
}

impl Archive {
    pub fn of(rows: &[&str]) -> Self {
        let mut archive = Self::default();
        for row in rows {
            archive.enter(row);
        }
        archive
    }

    /// Enters a row as a reviewer would, on a day long after unless `at=` names one.
    pub fn enter(&mut self, row: &str) {
        let mut cells: BTreeMap<&str, String> = BTreeMap::new();
        let mut parts = row.splitn(4, '|').map(str::trim);
        for column in ["event_date", "categories", "stage"] {
            cells.insert(column, parts.next().unwrap_or_default().to_owned());
        }
        let (mut founds, mut at, mut again) = (None, "2040-01-01T00:00:00Z".to_owned(), false);
        for pair in parts.next().unwrap_or_default().split('¦').flat_map(|text| split_pairs(text)) {
            let (name, value) = pair.split_once('=').unwrap_or_else(|| panic!("no `=` in `{pair}`"));
            let (name, value) = (name.trim(), value.trim().to_owned());
            match name {
                "as" => match self.founded.get(&value) {
                    Some(id) => _ = cells.insert("case", id.clone()),
                    None => founds = Some(value),
                },
                "id" => {
                    again = true;
                    let id = self.founded[&value].clone();
                    let revision = self.candidate(&id).map_or(0, |candidate| review::revision(&candidate));
                    cells.insert("id", id);
                    cells.insert("revision", revision.to_string());
                }
                "of" => _ = cells.insert("case", self.founded[&value].clone()),
                "at" => at = format!("{value}T12:00:00Z"),
                "to" => _ = cells.insert("targets", value),
                "by" => _ = cells.insert("claimants", value),
                "asks" => _ = cells.insert("claim_amount", tenge(&value)),
                "gets" => _ = cells.insert("awarded_amount", tenge(&value)),
                "kind" => _ = cells.insert("money_kind", value),
                "learned" => _ = cells.insert("registered_date", value),
                name => _ = cells.insert(name_of(name), value),
            }
        }
        cells.insert("reviewer", "A. Reviewer".to_owned());
        if !again {
            cells.insert("source", "foundation's correspondent".to_owned());
            cells.entry("headline").or_insert_with(|| format!("{row} {}", self.candidates.len()));
        }
        let mut text = String::from("\u{feff}");
        let columns = || review::COLUMNS.iter().chain(review::FURTHER);
        review::csv_line(&mut text, columns().copied());
        review::csv_line(&mut text, columns().map(|column| cells.get(column).map_or("", String::as_str)));
        let (rows, faults) = review::parse(text.as_bytes(), Format::Csv);
        assert!(faults.is_empty(), "{row}: {faults:?}");
        let at: Timestamp = at.parse().unwrap();
        let Ruling::Take(taken) = review::decide(&rows[0], at, self) else {
            panic!("{row}: {:?}", review::decide(&rows[0], at, self));
        };
        if let Some(name) = founds {
            self.founded.insert(name, taken.id.clone());
        }
        self.keep(*taken);
    }

    fn keep(&mut self, review: crate::model::Review) {
        let id = review.id.clone();
        let at = *self.by_id.entry(id.clone()).or_insert_with(|| {
            self.candidates.push(Candidate { id, judged: None, also: Vec::new(), reviews: Vec::new() });
            self.candidates.len() - 1
        });
        self.candidates[at].reviews.push(review);
    }

    pub fn freeze(&mut self, month: &str, day: &str) {
        self.frozen.insert(month.parse().unwrap(), format!("{day}T12:00:00Z").parse().unwrap());
    }

    pub fn report(&self, month: Month) -> Figures {
        self.with(|sources| Figures::of(Period::month(month), sources, None))
    }

    pub fn with<T>(&self, run: impl FnOnce(&Sources<'_>) -> T) -> T {
        self.watching(&["KZ"], run)
    }

    /// The same in a house that watches these countries.
    pub fn watching<T>(&self, countries: &[&str], run: impl FnOnce(&Sources<'_>) -> T) -> T {
        let dossiers = self.candidates.iter().map(|candidate| Dossier::of(candidate.clone(), &TimeZone::UTC)).collect();
        let history = History::of(dossiers, &self.frozen);
        let countries: Vec<String> = countries.iter().map(|country| (*country).to_owned()).collect();
        run(&Sources {
            history: &history,
            countries: &countries,
            today: Date::new(2041, 1, 1).unwrap(),
            tenge: &rate,
            register: &self.register,
            places: &self.places,
            codings: &[],
        })
    }

    pub fn now(&self, year: i16) -> Ledgered {
        self.with(|sources| Ledgered::now(year, sources))
    }

    pub fn events(&self) -> Vec<Event> {
        review::gather_events(&self.candidates)
    }
}

/// A dollar was 450 tenge on 6 May 2031, and nobody knows it on other days; an index was 5,000 tenge.
fn rate(amount: Amount, currency: &str, day: Date) -> Option<Amount> {
    match currency {
        "USD" if day == jiff::civil::date(2031, 5, 6) => Some(Amount(amount.0 * 450)),
        "USD" if day.year() == 2017 => Some(Amount(amount.0 * 330)),
        "MCI" => Some(Amount(amount.0 * 5_000)),
        _ => None,
    }
}

fn split_pairs(text: &str) -> Vec<&str> {
    text.split(" / ").map(str::trim).filter(|pair| !pair.is_empty()).collect()
}

fn name_of(name: &str) -> &'static str {
    review::COLUMNS
        .iter()
        .chain(review::FURTHER)
        .find(|column| **column == name)
        .copied()
        .unwrap_or_else(|| panic!("no column `{name}`"))
}

/// `3m`, `500k`, `11345` → plain digits.
fn tenge(text: &str) -> String {
    if let Some(millions) = text.strip_suffix('m') {
        return ((millions.parse::<f64>().unwrap() * 1e6).round() as i64).to_string();
    }
    match text.strip_suffix('k') {
        Some(thousands) => (thousands.parse::<i64>().unwrap() * 1000).to_string(),
        None => text.to_owned(),
    }
}

/// The marks of the examples, and the figures that they stand for. The first list is of a month, the
/// second of what a month adds to the year so far.
const OF_MONTH: [(&str, &str); 25] = [
    ("F1", "criminal_charges_month"),
    ("F4", "suits_month"),
    ("F6", "judicial_acts_month"),
    ("F7a", "judicial_acts_appeal_month"),
    ("F7k", "judicial_acts_cassation_month"),
    ("F8", "judicial_acts_for_speaker_month"),
    ("det", "a_det_month"),
    ("att", "a_att_month"),
    ("thr", "a_thr_month"),
    ("obs", "a_obs_month"),
    ("sum", "a_sum_month"),
    ("blk", "b_blk_month"),
    ("clo", "b_clo_month"),
    ("info", "b_info_month"),
    ("acc", "b_acc_month"),
    ("cyb", "b_cyb_month"),
    ("crim", "c_crim_month"),
    ("civ", "c_civ_month"),
    ("adm", "c_adm_month"),
    ("R", "relief_month"),
    ("late", "late_month"),
    ("corr", "corrected_month"),
    ("cen", "censorship_month"),
    ("sent", "sentences_month"),
    ("laws", "law_steps_month"),
];
const OF_YEAR: [(&str, &str, &str); 12] = [
    ("F2n", "criminal_charges_ytd", "new"),
    ("F2c", "criminal_charges_ytd", "carried_over"),
    ("F5n", "claims_ytd", "new"),
    ("F5c", "claims_ytd", "carried_over"),
    ("F9", "claimed_ytd", ""),
    ("F10", "awarded_ytd", ""),
    ("F10g", "awarded_gross_ytd", ""),
    ("earlier", "awards_of_earlier_years_ytd", ""),
    ("losses", "other_losses_claimed_ytd", ""),
    ("cc", "criminal_damage_claimed_ytd", ""),
    ("ca", "criminal_damage_awarded_ytd", ""),
    ("F9?", "claimed_ytd", "unknown"),
];
/// Looked at only where they are named.
const ASKED: [(&str, &str); 5] = [
    ("P", "persons_month"),
    ("O", "outlets_month"),
    ("Pyear", "persons_ytd"),
    ("I", "incidents_month"),
    ("cases", "cases_month"),
];

fn of_year(figures: &Figures, id: &str, part: &str) -> i64 {
    let figure = figures.get(id).unwrap();
    match part {
        "" => figure.value / 100,
        "unknown" => figure.unknown,
        part => figure.parts.iter().find(|(name, _)| *name == part).unwrap().1,
    }
}

/// Checks what the report of each month shows against the one before.
pub(super) fn check(number: &str, rows: &[&str], expect: &str) {
    check_archive(number, &Archive::of(rows), expect);
}

pub(super) fn check_archive(number: &str, archive: &Archive, expect: &str) {
    let mut expected: BTreeMap<i8, BTreeMap<String, i64>> = BTreeMap::new();
    for month in expect.split(';').map(str::trim).filter(|text| !text.is_empty()) {
        let (month, changes) = month.split_once(':').unwrap();
        let of = expected.entry(month.trim().parse().unwrap()).or_default();
        for change in changes.split(',').map(str::trim) {
            let (mark, value) = change.split_once(' ').unwrap_or((change, "1"));
            let mut add = |mark: &str, value: i64| *of.entry(mark.to_owned()).or_default() += value;
            let outcome = |text: &str| matches!(text, "for" | "mixed" | "against");
            if outcome(value) {
                add(mark, 1);
                add(value, 1);
                if value == "for" {
                    add("F8", 1);
                    add("R", 1);
                }
                continue;
            }
            let value: i64 = tenge(value.trim_start_matches('+')).parse().unwrap();
            add(mark, value);
            match mark {
                // The shorthand of the examples.
                "F1" => {
                    add("F2n", value);
                    add("crim", value);
                }
                "F5n" => add("civ", value),
                _ => {}
            }
        }
    }
    let mut before: BTreeMap<&str, i64> = BTreeMap::new();
    for month in 1..=12 {
        let figures = archive.report(Month { year: YEAR, month });
        let wanted = expected.remove(&month).unwrap_or_default();
        let want = |mark: &str| wanted.get(mark).copied().unwrap_or(0);
        let told = format!("example {number}, report of {month:02}");
        for (mark, id) in OF_MONTH {
            assert_eq!(figures.value(id), want(mark), "{told}: {mark}");
        }
        let acts = figures.get("judicial_acts_month").unwrap();
        for (mark, value) in &acts.parts {
            assert_eq!(*value, want(mark), "{told}: {mark}");
        }
        for (mark, id, part) in OF_YEAR {
            let now = of_year(&figures, id, part);
            assert_eq!(now - before.insert(mark, now).unwrap_or(0), want(mark), "{told}: {mark}");
        }
        for (mark, id) in ASKED {
            if let Some(value) = wanted.get(mark) {
                assert_eq!(figures.value(id), *value, "{told}: {mark}");
            }
        }
        let known = |mark: &str| {
            ["for", "mixed", "against"].contains(&mark)
                || OF_MONTH.iter().any(|(known, _)| *known == mark)
                || OF_YEAR.iter().any(|(known, ..)| *known == mark)
                || ASKED.iter().any(|(known, _)| *known == mark)
        };
        for mark in wanted.keys() {
            assert!(known(mark), "{told}: nobody knows the mark `{mark}`");
        }
        for bridge in archive.with(|sources| super::bridge(Period::month(Month { year: YEAR, month }), sources)) {
            assert!(bridge.holds(), "{told}: {bridge:?}");
        }
    }
    assert!(expected.is_empty(), "example {number}: {expected:?} is no month");
}
