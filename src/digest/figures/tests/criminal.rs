//! D. Criminal; E. administrative cases.

use super::{Archive, check};
use crate::digest::figures::{Month, Period, tables};

#[test]
fn a_matter_is_new_once() {
    let steps = |registered: &str| -> Vec<String> {
        let row = |date: &str, stage: &str, more: &str| {
            format!(
                "{date} | criminal_prosecution/false_information | {stage} | as=A / to=Аман (blogger) / articles=CC 274{more}"
            )
        };
        vec![
            row(registered, "investigation", ""),
            row("2031-02-20", "charge", ""),
            row("2031-04-03", "charge", ""),
            row("2031-06-01", "trial", " / outcome=pending"),
            row("2031-08-09", "judgment", " / outcome=against"),
            row("2031-10-10", "appeal", " / outcome=against"),
        ]
    };
    let rows = |registered: &str, run: &dyn Fn(&[&str])| {
        let steps = steps(registered);
        run(&steps.iter().map(String::as_str).collect::<Vec<_>>());
    };
    rows("2031-02-06", &|rows| check("50", rows, "02: F1, P 1; 08: sent 1"));
    rows("2030-10-06", &|rows| check("51", rows, "01: F2c; 08: sent 1"));
    check(
        "52",
        &[
            "2031-02-06 | criminal_prosecution/false_information | investigation | to=Аман (blogger) / learned=2031-04-20",
        ],
        "04: late 1, F2n 1",
    );
    check(
        "53",
        &[
            "2031-02-06 | criminal_prosecution/incitement | investigation | to=Бекова (editor); Садыр (journalist); Оспан (other)",
        ],
        "02: F1, P 3",
    );
    check(
        "54",
        &[
            "2031-02-06 | criminal_prosecution/incitement | investigation | as=A / to=Бекова (editor); Садыр (journalist)",
            "2031-05-06 | criminal_prosecution/incitement | investigation | as=A / to=Садыр (journalist) / note=severed",
        ],
        "02: F1, P 2",
    );
    check(
        "55",
        &[
            "2031-02-06 | criminal_prosecution/incitement | investigation | as=A / to=Аман (blogger)",
            "2031-05-06 | criminal_prosecution/incitement | investigation | as=B / to=Аман (blogger)",
        ],
        "02: F1; 05: F1, P 1, Pyear 1",
    );
}

#[test]
fn a_case_registered_on_the_fact_waits_for_a_speaker() {
    check(
        "57",
        &[
            "2031-03-06 | criminal_prosecution/false_information | investigation | as=A / articles=CC 274",
            "2031-05-06 | criminal_prosecution/false_information | charge | as=A / to=Садыр (journalist)",
        ],
        "05: F1, P 1",
    );
    check(
        "57, the text of a named outlet",
        &[
            "2031-03-06 | criminal_prosecution/false_information | investigation | as=A / to=Күн (outlet)",
            "2031-05-06 | criminal_prosecution/false_information | charge | as=A / to=Садыр (journalist)",
        ],
        "03: F1, P 0",
    );
    check(
        "57, a row that names nobody, and nobody since",
        &["2031-03-06 | criminal_prosecution/false_information | investigation | articles=CC 274"],
        "03: F1",
    );
    let mut archive =
        Archive::of(&["2031-03-06 | criminal_prosecution/false_information | investigation | as=A / at=2031-03-07"]);
    archive.freeze("2031-03", "2031-04-05");
    archive.freeze("2031-04", "2031-05-05");
    archive.enter(
        "2031-05-06 | criminal_prosecution/false_information | charge | as=A / to=Садыр (journalist) / at=2031-05-07",
    );
    super::check_archive("57, the month of registration was published", &archive, "03: F1; 05: F1, F2n -1, corr -1");
}

#[test]
fn a_charge_brought_stays_brought() {
    let requalified = Archive::of(&[
        "2031-02-06 | criminal_prosecution/incitement | investigation | as=A / to=Аман (blogger) / articles=CC 174/1",
        "2031-05-06 | criminal_prosecution/false_information | charge | as=A / to=Аман (blogger) / articles=CC 274",
    ]);
    super::check_archive("58", &requalified, "02: F1");
    let charges = |archive: &Archive, month: i8| -> Vec<(String, i64, Vec<String>)> {
        let period = Period::month(Month { year: 2031, month });
        let table =
            tables(period, &archive.now(2031), &archive.places).into_iter().find(|table| table.id == "charge").unwrap();
        assert_eq!(table.sums_to, Some(table.rows.iter().map(|row| row.value).sum()));
        table.rows.into_iter().map(|row| (row.key, row.value, row.also)).collect()
    };
    assert_eq!(charges(&requalified, 4), [("CC 174".to_owned(), 1, Vec::new())]);
    assert_eq!(charges(&requalified, 5), [("CC 274".to_owned(), 1, Vec::new())]);
    let both = Archive::of(&[
        "2031-02-06 | criminal_prosecution/extremism_terrorism | investigation | to=Аман (blogger) / articles=CC 256; CC 174",
    ]);
    super::check_archive("56", &both, "02: F1");
    assert_eq!(charges(&both, 2), [("CC 256".to_owned(), 1, vec!["CC 174".to_owned()])]);
    check(
        "59",
        &[
            "2031-02-06 | criminal_prosecution/defamation; defamation_suit/criminal | complaint | as=A / to=Аман (blogger) / articles=CC 130",
            "2031-08-06 | administrative_prosecution/fine; defamation_suit/administrative | judgment | as=A / to=Аман (blogger) / articles=CAO 73-3 / outcome=against / gets=180 / currency=MCI / kind=fine",
        ],
        "02: F1",
    );
    check(
        "60",
        &[
            "2031-03-06 | criminal_prosecution/defamation; defamation_suit/criminal | claim | as=A / to=Аман (blogger)",
            "2031-03-16 | criminal_prosecution/defamation; defamation_suit/criminal | trial | as=A / note=returned for defects",
            "2031-04-06 | criminal_prosecution/defamation; defamation_suit/criminal | claim | as=A / to=Аман (blogger)",
        ],
        "03: F1",
    );
    check(
        "61",
        &[
            "2031-03-06 | criminal_prosecution/defamation; defamation_suit/criminal | claim | as=A / to=Аман (blogger)",
            "2031-04-06 | criminal_prosecution/defamation; defamation_suit/criminal | closed | as=A / outcome=for",
            "2031-09-06 | criminal_prosecution/defamation; defamation_suit/criminal | claim | as=A / to=Аман (blogger)",
        ],
        "03: F1; 04: R",
    );
}

#[test]
fn verdicts_stand_in_their_own_table() {
    check(
        "62",
        &[
            "2031-05-06 | criminal_prosecution/incitement | judgment | as=A / to=Аман (blogger) / outcome=for",
            "2031-06-06 | criminal_prosecution/incitement | appeal | as=A / outcome=pending",
            "2031-08-06 | criminal_prosecution/incitement | appeal | as=A / outcome=against",
            "2031-12-06 | criminal_prosecution/incitement | judgment | as=A / outcome=against",
        ],
        "05: R; 12: sent 1",
    );
    check(
        "63",
        &[
            "2030-09-06 | criminal_prosecution/incitement | judgment | as=A / to=Аман (blogger) / outcome=against",
            "2031-03-06 | criminal_prosecution/incitement | cassation | as=A / outcome=for / direction=relief",
        ],
        "03: F2c, R",
    );
    check(
        "63, cassation leaves the verdict",
        &[
            "2030-09-06 | criminal_prosecution/incitement | judgment | as=A / to=Аман (blogger) / outcome=against",
            "2031-03-06 | criminal_prosecution/incitement | cassation | as=A / outcome=against",
        ],
        "",
    );
    check(
        "64",
        &[
            "2031-11-16 | arrest/release; criminal_prosecution/economic | release | to=Садыр (journalist) / direction=relief",
        ],
        "11: R",
    );
    check(
        "95",
        &[
            "2031-11-16 | criminal_prosecution/insult | judgment | to=Аман (blogger) / outcome=against / country=KZ / place=Алматы",
        ],
        "11: sent 1",
    );
}

#[test]
fn who_is_accused_matters() {
    check(
        "65",
        &["2031-11-16 | obstruction/access_denied | complaint | to=Садыр (journalist) / articles=CC 158"],
        "11: obs",
    );
    check(
        "65, labelled criminal",
        &[
            "2031-11-16 | criminal_prosecution/other; obstruction/access_denied | complaint | to=Садыр (journalist) / articles=CC 158",
        ],
        "11: obs",
    );
    check("66", &["2031-11-16 | criminal_prosecution/economic | charge | to=Бекова (editor)"], "11: F1");
}

#[test]
fn administrative_cases() {
    check(
        "69",
        &[
            "2031-12-16 | arrest/detention | detention | as=A / to=Садыр (journalist) / place=Алматы",
            "2031-12-17 | arrest/administrative_arrest; administrative_prosecution/administrative_arrest | judgment | as=A / to=Садыр (journalist) / articles=CAO 488 / outcome=against",
        ],
        "12: det, adm, P 2, Pyear 1",
    );
    check(
        "74",
        &[
            "2031-03-20 | administrative_prosecution/fine | charge | as=A / to=Садыр (journalist) / articles=CAO 456-2",
            "2031-04-02 | administrative_prosecution/fine | judgment | as=A / outcome=against",
            "2031-04-30 | administrative_prosecution/closed | appeal | as=A / outcome=for",
        ],
        "03: adm; 04: R",
    );
    check(
        "105",
        &[
            "2031-03-20 | arrest/administrative_arrest; administrative_prosecution/administrative_arrest | judgment | to=Садыр (journalist)",
        ],
        "03: adm",
    );
}
