//! What was imposed, and how long people were held: rows 26, 64, 69, 71 and 74, and what they leave open.

use jiff::civil::Date;

use super::Archive;
use crate::digest::figures::sanctions::grids;
use crate::digest::figures::{Ledgered, Month};

/// `kind: column numbers` of each row of a grid at the end of a month, and the totals.
fn check(id: &str, month: i8, rows: &[&str], expect: &[&str]) {
    let archive = Archive::of(rows);
    let until: Date = Month { year: 2031, month }.last_day();
    let grids = archive.with(|sources| grids(&Ledgered::now(2031, sources), until, sources));
    let grid = grids.into_iter().find(|grid| grid.id == id).unwrap();
    let line = |key: &str, values: &[i64]| {
        let values: Vec<String> = values.iter().map(i64::to_string).collect();
        format!("{key}: {}", values.join(" "))
    };
    let mut told: Vec<String> = grid.rows.iter().map(|row| line(row.key, &row.values)).collect();
    for row in &grid.rows {
        assert!(!row.rows.is_empty(), "{}: every number opens into events", row.key);
    }
    if told.len() > 1 {
        told.push(line("all", &grid.totals()));
    }
    told.extend(grid.as_written.iter().map(|(currency, amount)| format!("{amount} {currency}")));
    assert_eq!(told, expect, "{rows:?}");
}

#[test]
fn sanctions_are_counted_by_act_and_kind() {
    // Row 26: a fine to the state is as written, and in tenge at the index of the day; the damage beside it is none.
    check(
        "sanctions",
        12,
        &[
            "2031-02-07 | criminal_prosecution/defamation; defamation_suit/criminal | judgment | as=A / to=Аман (blogger) / outcome=against / gets=200 / currency=MCI / kind=fine",
            "2031-02-07 | criminal_prosecution/defamation; defamation_suit/criminal | judgment | as=A / outcome=against / gets=300k / kind=moral",
        ],
        &["fine: 1 0 100000000 0 0", "200 MCI"],
    );
    // Row 74: protocol, fine, lifted.
    let lifted = [
        "2031-03-20 | administrative_prosecution/fine | charge | as=A / to=Садыр (journalist) / articles=CAO 456-2",
        "2031-04-02 | administrative_prosecution/fine | judgment | as=A / outcome=against / gets=50k / kind=fine",
        "2031-04-30 | administrative_prosecution/closed | appeal | as=A / outcome=for",
    ];
    check("sanctions", 3, &lifted[..1], &[]);
    check("sanctions", 3, &lifted, &[]);
    check("sanctions", 4, &lifted, &["fine: 1 1 0 0 0"]);
    check("sanctions", 4, &lifted[..2], &["fine: 1 0 5000000 0 0"]);
    // A sum that nobody wrote is unknown; a verdict that names no kind is told as such.
    check(
        "sanctions",
        12,
        &[
            "2031-04-02 | administrative_prosecution/fine | judgment | to=Садыр (journalist) / outcome=against",
            "2031-04-03 | administrative_prosecution/warning | judgment | to=Бекова (editor) / outcome=against",
            "2031-04-04 | criminal_prosecution/incitement | judgment | to=Аман (blogger) / outcome=against",
            "2031-04-05 | criminal_prosecution/incitement | judgment | to=Оспан (blogger) / outcome=for",
            "2031-04-06 | criminal_prosecution/incitement; arrest/imprisonment | judgment | to=Тау (blogger) / outcome=against",
            "2031-04-07 | defamation_suit/civil | judgment | to=Күн (outlet) / outcome=against / gets=1m",
            "2031-04-08 | criminal_prosecution/incitement; arrest/imprisonment | judgment | to=Арман (blogger) / outcome=pending",
        ],
        &[
            "imprisonment: 1 0 0 0 0",
            "fine: 1 0 0 1 0",
            "warning: 1 0 0 0 0",
            "not_stated: 1 0 0 0 0",
            "all: 4 0 0 1 0",
        ],
    );
}

#[test]
fn an_appeal_changes_what_stands_and_imposes_nothing_twice() {
    let verdict = "2031-02-07 | criminal_prosecution/insult; arrest/imprisonment | judgment | as=A / to=Аман (blogger) / outcome=against";
    let check_appeal = |appeal: &str, expect: &[&str]| check("sanctions", 12, &[verdict, appeal], expect);
    check_appeal(
        "2031-05-07 | criminal_prosecution/insult; arrest/imprisonment | appeal | as=A / outcome=against",
        &["imprisonment: 1 0 0 0 0"],
    );
    check_appeal(
        "2031-05-07 | criminal_prosecution/insult | appeal | as=A / outcome=against",
        &["imprisonment: 1 0 0 0 0"],
    );
    check_appeal(
        "2031-05-07 | criminal_prosecution/insult | appeal | as=A / outcome=mixed / gets=100k / kind=fine",
        &["imprisonment: 1 1 0 0 0", "fine: 1 0 10000000 0 0", "all: 2 1 10000000 0 0"],
    );
    check(
        "sanctions",
        12,
        &[
            "2030-12-07 | administrative_prosecution/fine | judgment | as=A / to=Аман (blogger) / outcome=against / gets=100k / kind=fine",
            "2031-01-07 | administrative_prosecution/closed | appeal | as=A / outcome=for",
        ],
        &[],
    );
}

#[test]
fn days_run_from_the_day_of_holding_to_the_day_of_release() {
    // Row 67: held at one rally, freed in three hours.
    check(
        "custody",
        12,
        &[
            "2031-12-16 | arrest/detention | detention | as=A / to=Садыр (journalist); Бекова (editor); Күн (outlet)",
            "2031-12-16 | arrest/release | release | as=A / direction=relief",
        ],
        &["detention: 2 0 0 0"],
    );
    // Row 69: nobody recorded when the fifteen days were over.
    check(
        "custody",
        12,
        &[
            "2031-12-16 | arrest/detention | detention | as=A / to=Садыр (journalist)",
            "2031-12-17 | arrest/administrative_arrest; administrative_prosecution/administrative_arrest | judgment | as=A / to=Садыр (journalist) / outcome=against",
        ],
        &["detention: 1 1 0 0", "administrative_arrest: 1 0 1 0", "all: 2 1 1 0"],
    );
    let long = [
        "2031-03-01 | arrest/detention | detention | as=A / to=Аман (blogger)",
        "2031-03-03 | arrest/remand; criminal_prosecution/incitement | investigation | as=A / to=Аман (blogger)",
        "2031-05-03 | arrest/remand; criminal_prosecution/incitement | investigation | as=A / to=Аман (blogger)",
        "2031-06-01 | arrest/imprisonment; criminal_prosecution/incitement | judgment | as=A / to=Аман (blogger) / outcome=against",
        "2031-06-11 | arrest/release | release | as=A / to=Аман (blogger) / direction=relief",
    ];
    check("custody", 3, &long, &["detention: 1 2 0 0", "remand: 1 29 0 1", "all: 2 31 0 1"]);
    check(
        "custody",
        12,
        &long,
        &["detention: 1 2 0 0", "remand: 1 90 0 0", "imprisonment: 1 10 0 0", "all: 3 102 0 0"],
    );
}

#[test]
fn who_was_held_before_the_year_counts_from_its_first_day() {
    let held = "2030-10-03 | arrest/imprisonment; criminal_prosecution/economic | judgment | as=M / to=Сейдахмет (journalist) / outcome=against";
    check("custody", 1, &[held], &["imprisonment: 1 31 0 1"]);
    // Row 64: a release on parole ends it.
    let release = "2031-01-11 | arrest/release; criminal_prosecution/economic | release | as=M / to=Сейдахмет (journalist) / direction=relief";
    check("custody", 12, &[held, release], &["imprisonment: 1 10 0 0"]);
    check(
        "custody",
        12,
        &[held, "2030-12-11 | arrest/release | release | as=M / to=Сейдахмет (journalist) / direction=relief"],
        &[],
    );
    check("custody", 12, &["2030-10-03 | arrest/detention | detention | to=Сейдахмет (journalist)"], &[]);
    // A month alone tells no days.
    check("custody", 12, &["2031-10 | arrest/remand | investigation | to=Аман (blogger)"], &["remand: 1 0 1 1"]);
}

#[test]
fn one_released_of_two_leaves_the_other_held() {
    check(
        "custody",
        12,
        &[
            "2031-12-01 | arrest/remand | investigation | as=A / to=Садыр (journalist); Бекова (editor)",
            "2031-12-11 | arrest/release | release | as=A / to=Садыр (journalist) / direction=relief",
        ],
        &["remand: 2 41 0 1"],
    );
    check(
        "custody",
        12,
        &[
            "2031-12-01 | arrest/detention | detention | as=A",
            "2031-12-02 | arrest/remand | investigation | as=A / to=Садыр (journalist)",
        ],
        &["detention: 1 1 0 0", "remand: 1 30 0 1", "all: 2 31 0 1"],
    );
}

/// Row 69 with the term that a reviewer confirmed.
#[test]
fn a_term_that_was_confirmed_is_counted_and_one_that_a_text_names_is_not() {
    let arrest = |extra: &str| {
        format!(
            "2031-12-10 | arrest/administrative_arrest; administrative_prosecution/administrative_arrest | judgment | as=A / to=Садыр (journalist) / outcome=against{extra}"
        )
    };
    let (bare, term) = (arrest(" / note=15 суток"), arrest(" / arrest_days=15"));
    check("custody", 12, &[&bare], &["administrative_arrest: 1 0 1 0"]);
    check("custody", 12, &[&term], &["administrative_arrest: 1 15 0 0"]);
    check("sanctions", 12, &[&bare], &["administrative_arrest: 1 0 0 0 0"]);
    check("sanctions", 12, &[&term], &["administrative_arrest: 1 0 0 0 15"]);
    // It runs on beyond the period, ends earlier, or is told again.
    let late = arrest(" / arrest_days=30");
    check("custody", 12, &[&late], &["administrative_arrest: 1 22 0 1"]);
    let release = "2031-12-14 | arrest/release | release | as=A / to=Садыр (journalist) / direction=relief";
    check("custody", 12, &[&term, release], &["administrative_arrest: 1 4 0 0"]);
    let much_later = "2031-12-29 | arrest/release | release | as=A / to=Садыр (journalist) / direction=relief";
    check("custody", 12, &[&term, much_later], &["administrative_arrest: 1 15 0 0"]);
    let again = bare.replace("2031-12-10", "2031-12-11");
    check("custody", 12, &[&term, &again], &["administrative_arrest: 1 15 0 0"]);
    // Of last year: the days of this one.
    let before = term.replace("2031-12-10", "2030-12-27");
    check("custody", 12, &[&before], &["administrative_arrest: 1 10 0 0"]);
    check("sanctions", 12, &[&before], &[]);
    // Lifted in appeal: no day of it stands.
    let lifted = "2031-12-12 | administrative_prosecution/closed | appeal | as=A / outcome=for";
    check("sanctions", 12, &[&term, lifted], &["administrative_arrest: 1 1 0 0 0"]);
    // A term is of what is short by law alone.
    check(
        "custody",
        12,
        &["2031-12-10 | arrest/remand | investigation | to=Аман (blogger) / arrest_days=15"],
        &["remand: 1 22 0 1"],
    );
}
