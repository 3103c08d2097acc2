//! Days blocked: rows 77 to 82, and what a date leaves open.

use super::{Archive, Month};
use crate::digest::figures::{Figures, Period, Sources};

fn at(day: &str) -> String {
    format!("{day} | blocking/site_blocked | incident | as=A / to=Tau.example (outlet)")
}

fn back(day: &str) -> String {
    format!("{day} | blocking/unblocked | incident | as=A / to=Tau.example (outlet) / direction=relief")
}

/// Days of each month that has any, the days of the year, and how many blocks have no known length.
fn check(rows: &[String], months: &[(i8, i64)], year: i64, unknown: i64) {
    let mut archive = Archive::default();
    // Decided one after the other: rows of one day follow each other.
    for (row, day) in rows.iter().zip(1..) {
        archive.enter(&format!("{row} / at=2040-01-{day:02}"));
    }
    let reports: Vec<Figures> = (1..=12).map(|month| archive.report(Month { year: 2031, month })).collect();
    let days = (1..=12).zip(&reports).map(|(month, figures)| (month, figures.value("days_blocked_month")));
    assert_eq!(days.filter(|(_, days)| *days != 0).collect::<Vec<_>>(), months, "{rows:?}");
    let of_year = reports[11].get("days_blocked_ytd").unwrap();
    assert_eq!((of_year.value, of_year.unknown), (year, unknown), "{rows:?}");
    assert_eq!(of_year.rows.is_empty(), year == 0 && unknown == 0, "{rows:?}: every day opens into an event");
}

#[test]
fn the_day_of_the_block_is_in_and_the_day_of_return_is_out() {
    // Row 77: 7 and 6 days to 30 November, 31 more in December.
    check(&[at("2031-11-03"), back("2031-11-10"), at("2031-11-25")], &[(11, 13), (12, 31)], 44, 0);
    check(&[at("2031-11-03"), back("2031-11-04")], &[(11, 1)], 1, 0);
    check(&[at("2031-11-03"), back("2031-11-03")], &[], 0, 0);
    check(&[at("2031-11-29"), back("2031-12-02")], &[(11, 2), (12, 1)], 3, 0);
}

#[test]
fn off_and_on_within_a_day_is_one_block() {
    // Row 78, and the same with the last word to the user.
    let waves = [at("2031-12-30"), back("2031-12-30"), at("2031-12-30"), back("2031-12-30"), at("2031-12-30")];
    check(&waves, &[(12, 2)], 2, 0);
    check(&waves[..4], &[], 0, 0);
}

#[test]
fn what_was_blocked_before_the_year_counts_from_its_first_day() {
    // Row 79.
    let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let months: Vec<(i8, i64)> = (1..=12).zip(days).collect();
    check(&[at("2030-12-03")], &months, 365, 0);
    check(&[at("2030-12"), back("2031-01-11")], &[(1, 10)], 10, 0);
    check(&[at("2030-12-03"), back("2030-12-20")], &[], 0, 0);
}

#[test]
fn an_order_counts_once_and_an_order_to_delete_not_at_all() {
    // Rows 80 and 81.
    let several =
        "2031-12-29 | blocking/site_blocked | incident | as=A / to=Tau.example (outlet); Kun.example (outlet)";
    let mirror = "2031-12-30 | blocking/site_blocked | incident | as=A / to=Mirror.example (outlet)";
    check(&[several.to_owned(), mirror.to_owned()], &[(12, 3)], 3, 0);
    check(&["2031-12-29 | blocking/takedown_order | incident | to=Tau.example (outlet)".to_owned()], &[], 0, 0);
    check(&["2031-12-29 | blocking/outlet_closed | incident | to=Күн (outlet)".to_owned()], &[], 0, 0);
    check(&["2031-12-29 | blocking/site_blocked | claim | to=Tau.example (outlet)".to_owned()], &[], 0, 0);
    // A court orders it; an appeal that leaves it in force begins no other.
    let order = |day: &str, stage: &str| {
        format!("{day} | blocking/site_blocked | {stage} | as=A / to=Tau.example (outlet) / outcome=against")
    };
    check(&[order("2031-12-28", "judgment"), order("2031-12-30", "appeal")], &[(12, 4)], 4, 0);
}

#[test]
fn what_no_date_says_is_unknown_and_never_guessed() {
    // Row 82: nobody writes that the network is back.
    let cut = "2031-11-03 | blocking/shutdown | incident | as=A / place=Жаңаөзен".to_owned();
    check(std::slice::from_ref(&cut), &[], 0, 1);
    check(&[cut, back("2031-11-05")], &[(11, 2)], 2, 0);
    // A month alone: the days around it are certain.
    check(&[at("2031-10"), back("2031-11-10")], &[(11, 9)], 9, 1);
    check(&[at("2031-10-30"), back("2031-11")], &[(10, 2)], 2, 1);
    check(&[at("2031"), back("2031-11-10")], &[], 0, 1);
    // The block itself was never recorded; then a second return tells nothing new.
    check(&[back("2031-11-10"), back("2031-11-20")], &[], 0, 1);
    // An act for the speaker that ends no block.
    check(
        &["2031-11-10 | attack/threat | closed | as=A / to=Садыр (journalist) / direction=relief".to_owned()],
        &[],
        0,
        0,
    );
}

#[test]
fn a_running_month_counts_to_the_day_of_the_report() {
    let archive = Archive::of(&[&at("2031-11-03")]);
    let month = Period::month(Month { year: 2031, month: 11 });
    let days = archive.with(|sources| {
        let sources = Sources { today: jiff::civil::date(2031, 11, 5), ..*sources };
        Figures::of(month, &sources, None).value("days_blocked_month")
    });
    assert_eq!(days, 3);
}

#[test]
fn a_return_learned_late_takes_the_days_back_and_tells_so() {
    let mut archive = Archive::of(&[&format!("{} / at=2031-10-26", at("2031-10-25"))]);
    archive.freeze("2031-10", "2031-11-05");
    archive.enter(&format!("{} / learned=2031-11-20 / at=2031-11-20", back("2031-10-28")));
    let october = archive.report(Month { year: 2031, month: 10 });
    assert_eq!(october.value("days_blocked_month"), 7);
    let november = archive.report(Month { year: 2031, month: 11 });
    let figure = november.get("days_blocked_ytd").unwrap();
    assert_eq!((figure.value, figure.late), (3, -4));
}
