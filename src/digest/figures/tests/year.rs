//! I. A small year that must come out to the digit.

use super::Archive;
use crate::digest::figures::{Figures, Month};

fn small_year() -> Archive {
    Archive::of(&[
        "2030-10-05 | defamation_suit/civil | claim | as=K1 / to=Күн (outlet) / asks=2m",
        "2030-11-05 | criminal_prosecution/incitement | investigation | as=K2 / to=Аман (blogger)",
        "2031-01-20 | defamation_suit/civil | judgment | as=K1 / outcome=mixed / gets=500k",
        "2031-02-03 | defamation_suit/letter | claim | as=K3 / to=Дала Сөзі (outlet) / asks=3m",
        "2031-02-10 | criminal_prosecution/false_information | investigation | as=K4 / to=Бекова (editor) / articles=CC 274",
        "2031-03-05 | defamation_suit/civil | claim | as=K3 / to=Дала Сөзі (outlet) / asks=5m",
        "2031-03-20 | defamation_suit/civil | appeal | as=K1 / instance=appeal / outcome=for",
        "2031-04-12 | defamation_suit/civil | claim | as=K5a / to=Блог (blogger) / by=Асан (individual) / asks=1m",
        "2031-04-12 | defamation_suit/civil | claim | as=K5b / to=Блог (blogger) / by=Үсен (individual) / asks=1m",
        "2031-02-25 | criminal_prosecution/false_information | investigation | as=K6 / to=Бекава (editor) / articles=CC 274 / learned=2031-04-20",
        "2031-05-15 | defamation_suit/civil | judgment | as=K3 / outcome=mixed / gets=1m",
        "2031-06-10 | criminal_prosecution/defamation | charge | as=K4 / to=Бекова (editor) / articles=CC 130",
        "2031-07-01 | defamation_suit/civil | appeal | as=K3 / instance=appeal / outcome=for",
        "2031-09-09 | defamation_suit/civil | judgment | as=K3 / outcome=mixed / gets=2m",
        "2031-10-02 | defamation_suit/civil | closed | as=K5a / outcome=for",
        "2031-02-25 | criminal_prosecution/false_information | investigation | id=K6 / decision=duplicate / of=K4 / learned=2031-10-10",
        "2031-12-14 | defamation_suit/civil | appeal | as=K3 / instance=appeal / outcome=mixed / gets=1500000",
    ])
}

/// A row of the table: F1, F4, F6 (for, mixed, against), F7a, late, corr, F2n, F2c, F5n, F5c, and F9,
/// F10, F10g in tenge.
type Row = [i64; 15];

fn row(figures: &Figures) -> Row {
    let part = |id: &str, name: &str| figures.get(id).unwrap().parts.iter().find(|(part, _)| *part == name).unwrap().1;
    [
        figures.value("criminal_charges_month"),
        figures.value("suits_month"),
        figures.value("judicial_acts_month"),
        part("judicial_acts_month", "for"),
        part("judicial_acts_month", "mixed"),
        part("judicial_acts_month", "against"),
        figures.value("judicial_acts_appeal_month"),
        figures.value("late_month"),
        figures.value("corrected_month"),
        part("criminal_charges_ytd", "new") * 10 + part("criminal_charges_ytd", "carried_over"),
        part("claims_ytd", "new") * 10 + part("claims_ytd", "carried_over"),
        figures.value("claimed_ytd") / 100,
        figures.value("awarded_ytd") / 100,
        figures.value("awarded_gross_ytd") / 100,
        figures.value("criminal_charges_ytd"),
    ]
}

#[rustfmt::skip]
const EXPECTED: [Row; 12] = [
    [0, 0, 1, 0, 1, 0, 0, 0,  0,  1,  1,         0,   500_000,   500_000, 1],
    [1, 0, 0, 0, 0, 0, 0, 0,  0, 11, 11, 3_000_000,   500_000,   500_000, 2],
    [0, 1, 1, 1, 0, 0, 1, 0,  0, 11, 11, 5_000_000,         0,   500_000, 2],
    [0, 2, 0, 0, 0, 0, 0, 1,  0, 21, 31, 7_000_000,         0,   500_000, 3],
    [0, 0, 1, 0, 1, 0, 0, 0,  0, 21, 31, 7_000_000, 1_000_000, 1_500_000, 3],
    [0, 0, 0, 0, 0, 0, 0, 0,  0, 21, 31, 7_000_000, 1_000_000, 1_500_000, 3],
    [0, 0, 1, 1, 0, 0, 1, 0,  0, 21, 31, 7_000_000,         0, 1_500_000, 3],
    [0, 0, 0, 0, 0, 0, 0, 0,  0, 21, 31, 7_000_000,         0, 1_500_000, 3],
    [0, 0, 1, 0, 1, 0, 0, 0,  0, 21, 31, 7_000_000, 2_000_000, 1_500_000, 3],
    [0, 0, 1, 1, 0, 0, 0, 0, -1, 11, 31, 7_000_000, 2_000_000, 1_500_000, 2],
    [0, 0, 0, 0, 0, 0, 0, 0,  0, 11, 31, 7_000_000, 2_000_000, 1_500_000, 2],
    [0, 0, 1, 0, 1, 0, 1, 0,  0, 11, 31, 7_000_000, 1_500_000, 1_500_000, 2],
];

#[test]
fn the_small_year_comes_out_to_the_digit() {
    let archive = small_year();
    for (month, expected) in (1..=12).zip(EXPECTED) {
        assert_eq!(row(&archive.report(Month { year: 2031, month })), expected, "report of {month:02}");
    }
    let december = archive.report(Month { year: 2031, month: 12 });
    let acts = december.get("judicial_acts_ytd").unwrap();
    assert_eq!((acts.value, acts.parts.clone()), (7, vec![("for", 3), ("mixed", 4), ("against", 0)]));
    assert_eq!(december.value("judicial_acts_appeal_ytd"), 3);
    assert_eq!((december.value("suits_ytd"), december.value("claims_ytd")), (3, 4));
}

/// The same year as it happens: each month entered, published and frozen before the next, every
/// decision taken on the day itself. No row says when it was learned.
#[test]
fn the_small_year_comes_out_the_same_month_by_month() {
    let mut archive = Archive::default();
    let rows = [
        (1, "2030-10-05 | defamation_suit/civil | claim | as=K1 / to=Күн (outlet) / asks=2m"),
        (1, "2030-11-05 | criminal_prosecution/incitement | investigation | as=K2 / to=Аман (blogger)"),
        (1, "2031-01-20 | defamation_suit/civil | judgment | as=K1 / outcome=mixed / gets=500k"),
        (2, "2031-02-03 | defamation_suit/letter | claim | as=K3 / to=Дала Сөзі (outlet) / asks=3m"),
        (2, "2031-02-10 | criminal_prosecution/false_information | investigation | as=K4 / to=Бекова (editor)"),
        (3, "2031-03-05 | defamation_suit/civil | claim | as=K3 / to=Дала Сөзі (outlet) / asks=5m"),
        (3, "2031-03-20 | defamation_suit/civil | appeal | as=K1 / outcome=for"),
        (4, "2031-04-12 | defamation_suit/civil | claim | as=K5a / to=Блог (blogger) / asks=1m"),
        (4, "2031-04-12 | defamation_suit/civil | claim | as=K5b / to=Блог (blogger) / asks=1m"),
        (4, "2031-02-25 | criminal_prosecution/false_information | investigation | as=K6 / to=Бекава (editor)"),
        (5, "2031-05-15 | defamation_suit/civil | judgment | as=K3 / outcome=mixed / gets=1m"),
        (6, "2031-06-10 | criminal_prosecution/defamation | charge | as=K4 / to=Бекова (editor)"),
        (7, "2031-07-01 | defamation_suit/civil | appeal | as=K3 / outcome=for"),
        (9, "2031-09-09 | defamation_suit/civil | judgment | as=K3 / outcome=mixed / gets=2m"),
        (10, "2031-10-02 | defamation_suit/civil | closed | as=K5a / outcome=for"),
        (
            10,
            "2031-02-25 | criminal_prosecution/false_information | investigation | id=K6 / decision=duplicate / of=K4",
        ),
        (12, "2031-12-14 | defamation_suit/civil | appeal | as=K3 / outcome=mixed / gets=1500000"),
    ];
    for (month, expected) in (1..=12).zip(EXPECTED) {
        for (_, row) in rows.iter().filter(|(entered, _)| *entered == month) {
            archive.enter(&format!("{row} / at=2031-{month:02}-28"));
        }
        assert_eq!(row(&archive.report(Month { year: 2031, month })), expected, "report of {month:02}");
        let next = Month { year: 2031, month }.next();
        archive.freeze(&Month { year: 2031, month }.to_string(), &format!("{next}-05"));
    }
    // And every month again, with all that came later known.
    for (month, expected) in (1..=12).zip(EXPECTED) {
        assert_eq!(row(&archive.report(Month { year: 2031, month })), expected, "report of {month:02} made again");
    }
}

#[test]
fn the_next_year_opens_with_what_is_still_running() {
    let archive = small_year();
    let january = archive.report(Month { year: 2032, month: 1 });
    let carried = |id: &str| {
        let figure = january.get(id).unwrap();
        assert_eq!(figure.parts[0], ("new", 0));
        figure.parts[1].1
    };
    // K2, and K4 which has not ended; K5b; K3 was decided in December in appeal.
    assert_eq!((carried("criminal_charges_ytd"), carried("claims_ytd")), (2, 1));
}
