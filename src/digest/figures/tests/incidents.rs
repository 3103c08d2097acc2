//! E. Detentions, attacks; F. blocking, cyber, information.

use std::sync::Arc;

use super::{Archive, check, check_archive};
use crate::model::{Lang, PlaceNames};
use crate::register::Gazetteer;

const TEN: &str = "Алимов (journalist); Бекова (journalist); Валиев (journalist); Ганиев (journalist); Досов (journalist); Ержанов (journalist); Жумин (journalist); Закиров (journalist); Исаев (journalist); Кенжин (journalist)";

#[test]
fn people_held_together_are_one_incident() {
    let held = format!("2031-12-16 | arrest/detention | detention | as=A / to={TEN} / place=Алматы");
    let freed = "2031-12-16 | arrest/release | release | as=A / place=Алматы";
    check("67", &[&held, freed], "12: det, P 10, I 1, R");
    let five = "2031-12-16 | arrest/detention | detention | as=B / to=Ли (journalist); Маев (journalist); Нуров (journalist); Оспан (journalist); Пак (journalist) / place=Астана";
    check("68", &[&held, five], "12: det 2, P 15, I 2");
    let same_case = five.replace("as=B", "as=A");
    check("68, in one case", &[&held, &same_case], "12: det 2, P 15, I 2");
    let mut spelled = Archive::of(&[&held, &held.replace("Алматы", "Almaty")]);
    spelled.places = Arc::new(Gazetteer::of([PlaceNames {
        id: "kz-almaty".to_owned(),
        is_region: false,
        names: [(Lang::RU, "Алматы".to_owned()), (Lang::EN, "Almaty".to_owned())].into(),
        written: Vec::new(),
    }]));
    check_archive("67, the town spelled twice", &spelled, "12: det, P 10, I 1");
    let each: Vec<String> = TEN
        .split("; ")
        .map(|name| format!("2031-12-16 | arrest/detention | detention | as=A / to={name} / place=Алматы"))
        .collect();
    check("67, a row for each", &each.iter().map(String::as_str).collect::<Vec<_>>(), "12: det, P 10, I 1");
    check(
        "71",
        &[
            "2031-12-06 | arrest/detention | detention | to=Садыр (journalist) / place=Алматы",
            "2031-12-16 | arrest/detention | detention | to=Садыр (journalist) / place=Алматы",
        ],
        "12: det 2, P 2, Pyear 1",
    );
}

#[test]
fn two_acts_of_one_case() {
    check(
        "70",
        &[
            "2031-12-06 | arrest/detention | detention | as=A / to=Садыр (journalist)",
            "2031-12-06 | criminal_prosecution/false_information | investigation | as=A / to=Садыр (journalist) / articles=CC 274",
        ],
        "12: det, F1, cases 1",
    );
    check(
        "70, the detention labelled with the case",
        &[
            "2031-12-06 | arrest/detention; criminal_prosecution/false_information | detention | as=A / to=Садыр (journalist)",
            "2031-12-06 | criminal_prosecution/false_information | investigation | as=A / to=Садыр (journalist) / articles=CC 274",
        ],
        "12: det, F1, cases 1",
    );
    check(
        "70, told in one row: one act",
        &["2031-12-06 | arrest/detention; criminal_prosecution/false_information | detention | to=Садыр (journalist)"],
        "12: F1",
    );
    check(
        "75",
        &[
            "2031-12-06 | criminal_prosecution/incitement | investigation | as=A / to=Күн (outlet)",
            "2031-12-06 | obstruction/search; criminal_prosecution/incitement | incident | as=A / to=Күн (outlet)",
        ],
        "12: obs, F1",
    );
    check(
        "75, a private flat",
        &[
            "2031-12-06 | criminal_prosecution/incitement | investigation | as=A / to=Аман (blogger)",
            "2031-12-06 | criminal_prosecution/incitement | incident | as=A / to=Аман (blogger)",
        ],
        "12: F1",
    );
}

#[test]
fn what_is_one_act_and_what_are_two() {
    check(
        "72",
        &[
            "2031-12-06 | attack/physical_attack; attack/property | incident | to=Садыр (journalist); Бекова (journalist); Тау ТВ (outlet)",
        ],
        "12: att, P 2, O 1",
    );
    check(
        "72, what follows",
        &[
            "2031-10-06 | attack/physical_attack | incident | as=A / to=Садыр (journalist)",
            "2031-10-16 | attack/physical_attack | investigation | as=A / to=Садыр (journalist)",
            "2031-12-06 | attack/physical_attack | trial | as=A / to=Садыр (journalist)",
        ],
        "10: att",
    );
    let threat = |date: &str| format!("{date} | attack/threat | incident | as=A / to=Садыр (journalist)");
    let campaign: Vec<String> = ["2031-05-01", "2031-05-04", "2031-05-07"].map(threat).to_vec();
    check("73", &campaign.iter().map(String::as_str).collect::<Vec<_>>(), "05: thr");
    let again: Vec<String> = ["2031-05-01", "2031-05-07", "2031-06-07"].map(threat).to_vec();
    check("73, after quiet days", &again.iter().map(String::as_str).collect::<Vec<_>>(), "05: thr; 06: thr");
    check(
        "76",
        &[
            "2031-12-06 | obstruction/summons | incident | as=A / to=Аман (blogger)",
            "2031-12-09 | obstruction/summons | incident | as=A / to=Аман (blogger)",
        ],
        "12: sum",
    );
    check(
        "76, another post",
        &[
            "2031-12-06 | obstruction/summons | incident | as=A / to=Аман (blogger)",
            "2031-12-09 | obstruction/summons | incident | as=B / to=Аман (blogger)",
        ],
        "12: sum 2",
    );
}

#[test]
fn blocking_is_counted_by_imposition() {
    let blocked = |day: &str| format!("{day} | blocking/site_blocked | incident | as=A / to=Tau.example (outlet)");
    let back = |day: &str| {
        format!("{day} | blocking/unblocked | incident | as=A / to=Tau.example (outlet) / direction=relief")
    };
    let rows = |rows: &[String], number: &str, expect: &str| {
        check(number, &rows.iter().map(String::as_str).collect::<Vec<_>>(), expect);
    };
    rows(&[blocked("2031-11-03"), back("2031-11-10"), blocked("2031-11-25")], "77", "11: blk 2, R, O 1");
    rows(
        &[blocked("2031-11-03"), back("2031-11-03"), blocked("2031-11-03"), back("2031-11-03"), blocked("2031-11-03")],
        "78",
        "11: blk, R 2",
    );
    rows(&[blocked("2030-12-03")], "79", "");
    check(
        "80",
        &[
            "2031-11-03 | blocking/site_blocked | incident | to=Tau.example (outlet); Dala.example (outlet); Kun.example (outlet) / note=55 pages",
        ],
        "11: blk, O 3",
    );
    rows(
        &[
            blocked("2031-11-03"),
            "2031-11-20 | blocking/site_blocked | incident | as=A / to=Mirror.example (outlet)".to_owned(),
        ],
        "81",
        "11: blk",
    );
    check("82", &["2031-11-03 | blocking/shutdown | incident | place=Жаңаөзен"], "11: blk, O 0");
}

#[test]
fn users_that_nobody_can_count_are_unknown_not_none() {
    let archive = Archive::of(&["2031-11-03 | blocking/shutdown | incident | place=Жаңаөзен"]);
    let figures = archive.report(super::Month { year: 2031, month: 11 });
    assert_eq!(figures.get("outlets_month").unwrap().unknown, 1);
    assert_eq!(figures.touched_unknown.len(), 1);
}

#[test]
fn attacks_on_sites_by_outlet_and_quiet() {
    check(
        "83",
        &[
            "2031-11-03 | cyber_attack/ddos | incident | as=A / to=Tau.example (outlet); Dala.example (outlet); Kun.example (outlet)",
            "2031-11-04 | cyber_attack/ddos | incident | as=A / to=Tau.example (outlet); Dala.example (outlet)",
            "2031-11-05 | cyber_attack/ddos | incident | as=B / to=Tau.example (outlet); Kun.example (outlet)",
        ],
        "11: cyb 3, O 3",
    );
    check(
        "83, after quiet",
        &[
            "2031-11-03 | cyber_attack/ddos | incident | as=A / to=Tau.example (outlet)",
            "2031-11-13 | cyber_attack/ddos | incident | as=A / to=Tau.example (outlet)",
        ],
        "11: cyb 2, O 1",
    );
}

#[test]
fn information_is_refused_by_each_body() {
    let refused: Vec<String> = (1..=9)
        .map(|akimat| {
            format!("2031-11-03 | access_to_information/refusal | incident | as=A / to=Садыр (journalist) / actors=akimat / place=Аудан {akimat}")
        })
        .collect();
    check("84", &refused.iter().map(String::as_str).collect::<Vec<_>>(), "11: info 9, Pyear 1");
    let staff: Vec<String> = (1..=36).map(|number| format!("Тілші{number} (journalist)")).collect();
    let row = format!(
        "2031-11-03 | obstruction/accreditation | incident | to={}; Тау ТВ (outlet) / actors=ministry",
        staff.join("; ")
    );
    check("85", &[&row], "11: acc, P 36, O 1");
    check(
        "86",
        &["2031-11-03 | access_to_information/granted | judgment | to=Садыр (journalist) / outcome=for"],
        "11: R",
    );
    check(
        "a trial declared closed",
        &["2031-11-03 | access_to_information/closed_trial | trial | to=Садыр (journalist)"],
        "11: info",
    );
}
