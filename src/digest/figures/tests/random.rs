//! Random histories: the bridge holds for every line, one act stands in one line of one block, parts
//! sum to their totals, and a frozen month comes out the same ever after.

use proptest::prelude::*;

use super::Archive;
use crate::digest::figures::{Block, Figures, Length, Line, Month, Period, bridge};

/// A row of a random history: a date, a kind, a case, and when it was decided.
fn row() -> impl Strategy<Value = String> {
    let kinds = prop::sample::select(vec![
        "criminal_prosecution/incitement | investigation | to=Аман (blogger)",
        "criminal_prosecution/incitement | charge | to=Аман (blogger)",
        "criminal_prosecution/insult | judgment | to=Аман (blogger) / outcome=against",
        "criminal_prosecution/insult | cassation | outcome=for",
        "criminal_prosecution/defamation; defamation_suit/criminal | claim | to=Аман (blogger) / asks=3m",
        "arrest/detention; criminal_prosecution/incitement | detention | to=Аман (blogger); Бекова (editor)",
        "arrest/release | release | to=Аман (blogger)",
        "administrative_prosecution/fine | judgment | to=Аман (blogger)",
        "defamation_suit/letter | claim | to=Күн (outlet) / asks=1m",
        "defamation_suit/civil | claim | to=Күн (outlet) / asks=2m",
        "defamation_suit/civil | claim | to=Күн (outlet)",
        "defamation_suit/civil | trial | to=Күн (outlet) / asks=5m / outcome=pending",
        "defamation_suit/civil | judgment | outcome=mixed / gets=2m",
        "defamation_suit/civil | judgment | outcome=against",
        "defamation_suit/civil | appeal | outcome=for",
        "defamation_suit/civil | appeal | outcome=mixed / gets=500k",
        "defamation_suit/civil; blocking/takedown_order | cassation | outcome=against",
        "defamation_suit/civil | closed | outcome=for",
        "blocking/site_blocked | incident | to=Tau.example (outlet)",
        "blocking/unblocked | incident | to=Tau.example (outlet)",
        "cyber_attack/ddos | incident | to=Tau.example (outlet); Dala.example (outlet)",
        "attack/threat | incident | to=Бекова (editor)",
        "attack/physical_attack; obstruction/equipment_seized | incident | to=Бекова (editor)",
        "obstruction/summons | incident | to=Бекова (editor)",
        "access_to_information/refusal | incident | to=Бекова (editor)",
    ]);
    let dates = (2030i16..=2031, 1i8..=12, 1i8..=28, 0u8..10).prop_map(|(year, month, day, exact)| match exact {
        0 => format!("{year}"),
        1 => format!("{year}-{month:02}"),
        _ => format!("{year}-{month:02}-{day:02}"),
    });
    (dates, kinds, 0u8..6, prop::option::weighted(0.2, 1i8..=12), 1i8..=12).prop_map(
        |(date, kind, case, learned, at)| {
            let learned = learned.map(|month| format!(" / learned=2031-{month:02}-15")).unwrap_or_default();
            format!("{date} | {kind} / as=K{case}{learned} / at=2031-{at:02}-20")
        },
    )
}

fn months(archive: &Archive) -> Vec<Figures> {
    (1..=12).map(|month| archive.report(Month { year: 2031, month })).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn the_bridge_holds_for_every_line(
        rows in prop::collection::vec(row(), 0..25),
        frozen in prop::collection::btree_set(1i8..=12, 0..6),
        taken_back in prop::collection::vec((0u8..6, 1i8..=12), 0..3),
    ) {
        let mut archive = Archive::default();
        for month in &frozen {
            let month = Month { year: 2031, month: *month };
            archive.freeze(&month.to_string(), &format!("{}-05", month.next()));
        }
        for row in &rows {
            archive.enter(row);
        }
        let mut rejected = std::collections::BTreeSet::new();
        for (case, month) in taken_back {
            let name = format!("K{case}");
            if archive.founded.contains_key(&name) && rejected.insert(case) {
                archive.enter(&format!(" |  |  | id={name} / decision=reject / at=2031-{month:02}-25"));
            }
        }
        let published = months(&archive);
        let mut printed = std::collections::BTreeMap::new();
        for (figures, month) in published.iter().zip(1..) {
            let period = Period::month(Month { year: 2031, month });
            // Of a month that was frozen while the one before was open, that one's report has grown since.
            let as_printed = !frozen.contains(&month) || frozen.contains(&(month - 1));
            for line in archive.with(|sources| bridge(period, sources)) {
                prop_assert!(line.holds(), "{month}: {line:?}");
                let before = printed.insert(line.line, line.now).unwrap_or_default();
                prop_assert!(!as_printed || line.last == before, "{month}: {line:?}, printed was {before}");
            }
            for figure in &figures.list {
                if !figure.parts.is_empty() {
                    let sum: i64 = figure.parts.iter().map(|(_, value)| value).sum();
                    prop_assert_eq!(sum, figure.value, "{}", figure.id);
                }
            }
            prop_assert!(figures.value("awarded_ytd") >= 0);
            prop_assert!(figures.value("awarded_gross_ytd") >= 0);
        }
        // A quarter has the months that it holds.
        let quarter = Period::parse("2031-Q3", Length::Quarter).unwrap();
        for line in archive.with(|sources| bridge(quarter, sources)) {
            prop_assert!(line.holds(), "{line:?}");
        }
        // One act, one line of one block.
        let counted = archive.now(2031).counted;
        let mut lines: std::collections::BTreeMap<usize, Line> = std::collections::BTreeMap::new();
        for entry in counted.entries.iter().filter(|entry| entry.line.block().is_some()) {
            let before = lines.insert(entry.event, entry.line);
            prop_assert!(before.is_none(), "{entry:?} stands on {before:?} too");
        }
        prop_assert_eq!(Block::ALL.iter().map(|block| block.lines().len()).sum::<usize>(), 13);
    }

    #[test]
    fn what_is_decided_later_never_changes_a_frozen_month(
        rows in prop::collection::vec(row(), 1..15),
        later in prop::collection::vec(row(), 1..10),
        month in 1i8..=12,
    ) {
        let mut archive = Archive::default();
        for row in &rows {
            archive.enter(row);
        }
        let frozen = Month { year: 2031, month };
        archive.freeze(&frozen.to_string(), "2032-06-01");
        let before = archive.report(frozen);
        for row in &later {
            let row = row.split(" / at=").next().unwrap();
            archive.enter(&format!("{row} / at=2032-07-01"));
        }
        let after = archive.report(frozen);
        for (before, after) in before.list.iter().zip(&after.list) {
            prop_assert_eq!((&before.id, before.value), (&after.id, after.value));
        }
    }
}
