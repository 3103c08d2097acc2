//! G. Late, wrong, hidden, abroad.

use super::{Archive, check, check_archive};
use crate::digest::figures::{Ledgered, Month, Period, tables};

#[test]
fn what_was_learned_late_goes_to_the_month_in_which_it_was_learned() {
    let suit = "2030-09-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=0";
    check(
        "87",
        &[suit, "2031-10-31 | defamation_suit/civil | judgment | as=A / outcome=for / learned=2031-11-02"],
        "01: F5c; 11: late 1",
    );
    let mut archive = Archive::of(&[&format!("{suit} / at=2030-09-04")]);
    archive.freeze("2031-10", "2031-11-01");
    archive.enter("2031-10-31 | defamation_suit/civil | judgment | as=A / outcome=for / at=2031-11-03");
    check_archive("87, by the freeze", &archive, "01: F5c; 11: late 1");
    let mut archive = Archive::of(&[&format!("{suit} / at=2030-09-04")]);
    archive.enter("2031-10-31 | defamation_suit/civil | judgment | as=A / outcome=for / at=2031-11-03");
    archive.freeze("2031-10", "2031-11-10");
    check_archive("87, not frozen on the first", &archive, "01: F5c; 10: F6 for");
    let mut archive = Archive::default();
    archive.freeze("2031-05", "2031-06-05");
    archive.enter("2031-05-06 | attack/physical_attack | incident | to=Садыр (journalist) / at=2031-06-20");
    check_archive("98", &archive, "06: late 1");
}

#[test]
fn corrections_never_change_what_was_published() {
    let mut archive =
        Archive::of(&["2031-05-06 | attack/physical_attack | incident | as=A / to=Садыр (journalist) / at=2031-05-07"]);
    for (month, day) in [("2031-05", "2031-06-05"), ("2031-06", "2031-07-05"), ("2031-07", "2031-08-05")] {
        archive.freeze(month, day);
    }
    archive.enter("2031-05-06 | attack/physical_attack | incident | id=A / decision=reject / at=2031-08-20");
    check_archive("88", &archive, "05: att; 08: corr -1");
    let august = archive.report(Month { year: 2031, month: 8 });
    assert_eq!((august.value("a_att_ytd"), august.get("a_att_month").unwrap().corrected), (0, -1));
    assert_eq!(archive.report(Month { year: 2031, month: 7 }).value("a_att_ytd"), 1);

    let charge = "criminal_prosecution/incitement | investigation";
    let archive = Archive::of(&[
        &format!("2031-02-06 | {charge} | as=A / to=Аман (blogger)"),
        &format!("2031-02-07 | {charge} | as=B / to=Оман (blogger)"),
        &format!("2031-02-07 | {charge} | id=B / decision=duplicate / of=A / learned=2031-06-10"),
    ]);
    check_archive("89", &archive, "02: F1 2; 06: F2n -1, corr -1");
    assert_eq!(archive.events().len(), 1);
    assert_eq!(archive.events()[0].stories.len(), 2, "both ids go on resolving");

    let archive = Archive::of(&[
        "2031-02-06 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=0",
        "2031-02-06 | defamation_suit/civil | claim | as=A / to=Дала (outlet) / asks=0",
    ]);
    check_archive("90, before it is split", &archive, "02: F4, F5n");
}

#[test]
fn what_is_hidden_is_not_counted_or_not_shown() {
    check(
        "91",
        &["2031-11-28 | attack/physical_attack | incident | to=Садыр (journalist) / secrecy=embargo 2031-12-20"],
        "12: late 1",
    );
    check(
        "internal",
        &["2031-11-28 | attack/physical_attack | incident | to=Садыр (journalist) / secrecy=internal"],
        "",
    );
    let archive = Archive::of(&[
        "2031-11-28 | attack/physical_attack | incident | to=Садыр (journalist) / secrecy=counted_only / place=Орал",
        "2031-11-28 | attack/physical_attack | incident | to=Бекова (editor) / place=Алматы",
    ]);
    check_archive("92", &archive, "11: att 2");
    let period = Period::month(Month { year: 2031, month: 11 });
    for table in tables(period, &archive.now(2031), &archive.places)
        .into_iter()
        .filter(|table| ["region", "role"].contains(&table.id.as_str()))
    {
        assert_eq!(table.withheld, 1, "{}", table.id);
        assert_eq!(table.rows.len(), 1, "{}: {:?}", table.id, table.rows);
    }
    check("93", &["2031-11-28 | obstruction/summons | incident | to=Садыр (journalist)"], "11: sum");
    check("94", &["2031-11-28 | arrest/detention | detention | to=Садыр (journalist) / country=KG / place=Бішкек"], "");
}

#[test]
fn a_house_that_names_no_country_counts_all() {
    let row = |country: &str| format!("2031-11-28 | obstruction/summons | incident | to=Садыр (journalist){country}");
    let archive = Archive::of(&[&row(""), &row(" / country=KZ"), &row(" / country=KG / place=Бішкек")]);
    let check = |countries: &[&str], expect: &[Option<&str>]| {
        let counted = archive.watching(countries, |sources| Ledgered::now(2031, sources).events);
        let found: Vec<Option<&str>> = counted.iter().map(|event| event.card.country.as_deref()).collect();
        assert_eq!(found, expect, "{countries:?}");
    };
    check(&[], &[None, Some("KZ"), Some("KG")]);
    check(&["KZ"], &[None, Some("KZ")]);
    check(&["KG"], &[None, Some("KG")]);
    check(&["KZ", "KG"], &[None, Some("KZ"), Some("KG")]);
    check(&["UZ"], &[None]);
}

#[test]
fn dates_count_as_precisely_as_they_are_known() {
    check("96", &["2031-11-30 | obstruction/summons | incident | to=Садыр (journalist) / place=Орал"], "11: sum");
    check("97", &["2031-11 | obstruction/summons | incident | to=Садыр (journalist)"], "11: sum");
    check(
        "a year alone counts in the year's lines only",
        &["2031 | criminal_prosecution/incitement | investigation | to=Аман (blogger)"],
        "01: F2n 1, late 1",
    );
    check(
        "a date that is not known: when it was registered",
        &["2031-11-28 | obstruction/summons | incident | as=A / to=Садыр (journalist)"],
        "11: sum",
    );
}

#[test]
fn one_story_may_tell_of_two_events() {
    check(
        "99a",
        &[
            "2030-09-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=5m",
            "2031-11-22 | defamation_suit/civil | appeal | as=A / outcome=for / learned=2031-11-24",
            "2031-07-21 | defamation_suit/civil | judgment | as=A / outcome=mixed / gets=1m / learned=2031-11-24",
        ],
        "01: F5c; 11: F6 for, F7a, late 1, F10g +1m",
    );
}

#[test]
fn readings_are_not_new_laws() {
    check(
        "100",
        &[
            "2031-02-28 | legislation/draft | draft | as=A",
            "2031-05-28 | legislation/draft | draft | as=A",
            "2031-11-28 | legislation/draft | draft | as=A",
            "2031-12-28 | legislation/adopted | adopted | as=A",
        ],
        "02: laws 1; 05: laws 1; 11: laws 1; 12: laws 1",
    );
}
