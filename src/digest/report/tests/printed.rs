//! What a report prints, by the house's worked examples: rows 77, 79, 90, 99 and 105–108, stages and outcomes.

use super::*;
use crate::digest::figures::{Dossier, History};
use crate::model::{CaseAct, PlaceNames, Stage};
use crate::register::Gazetteer;
use crate::review::Cases;

fn report_of(archive: &Archive, period: &str, today: Option<Date>) -> Report {
    let period = period.parse().unwrap();
    archive.with(|sources| {
        let sources = Sources { today: today.unwrap_or(sources.today), ..*sources };
        Report::gather(period, &sources, Coverage::default(), State::Draft, &TimeZone::UTC, House::default())
    })
}

fn printed_in(report: &Report, expect: [&str; 3]) {
    for (lang, words) in LANGS.into_iter().zip(expect) {
        let page = text(report, lang, "md", Edition::Internal);
        assert!(page.contains(words), "{lang}: {words}\n{page}");
    }
}

/// Rows 77 and 79.
#[test]
fn what_is_still_blocked_is_told_with_its_days() {
    let rows = [
        "2031-11-03 | blocking/site_blocked | incident | as=A / to=Tau.example (outlet)",
        "2031-11-10 | blocking/unblocked | incident | as=A / to=Tau.example (outlet) / direction=relief",
        "2031-11-25 | blocking/site_blocked | incident | as=A / to=Tau.example (outlet)",
    ];
    let still = |rows: &[&str]| {
        let report = report_of(&Archive::of(rows), "2031-11", None);
        report.still_blocked.iter().map(|standing| (standing.since.to_string(), standing.days)).collect::<Vec<_>>()
    };
    assert_eq!(still(&rows), [("2031-11-25".to_owned(), Some(6))]);
    assert_eq!(still(&rows[..2]), []);
    let before = "2030-12-03 | blocking/site_blocked | incident | to=Tau.example (outlet)";
    assert_eq!(still(&[before]), [("2030-12-03".to_owned(), Some(363))]);
    let report = report_of(&Archive::of(&[before]), "2031-11", None);
    assert_eq!((report.figures.value("b_blk_month"), report.figures.value("b_blk_ytd")), (0, 0));
    printed_in(
        &report,
        [
            "Әлі бұғатталған: 1 (ең ұзағы — 363 тәулік)",
            "Остаются заблокированными: 1 (дольше всего — 363 дня)",
            "Still blocked: 1 (the longest for 363 days)",
        ],
    );
    let report = report_of(&Archive::of(&rows), "2031-11", None);
    printed_in(
        &report,
        [
            "Бұғатта өткен тәулік: қарашада — **13**, жыл басынан — **13**",
            "Дней под блокировкой: в ноябре — **13**, с начала года — **13**",
            "Days blocked: in November **13**, since January **13**",
        ],
    );
    printed_in(
        &report,
        [
            "| Tau.example | 2031 жылғы 25 қараша | 6 |",
            "| Tau.example | 25 ноября 2031 г. | 6 |",
            "| Tau.example | 25 November 2031 | 6 |",
        ],
    );
    let cut = "2031-11-03 | blocking/shutdown | incident | place=Жаңаөзен";
    printed_in(
        &report_of(&Archive::of(&[cut]), "2031-11", None),
        [
            "басталған не аяқталған күні белгісіз бұғаттау: 1",
            "блокировок, у которых день начала или конца неизвестен: 1",
            "blocks of which the first or last day is not known: 1",
        ],
    );
    let closed = "2031-11-03 | blocking/outlet_closed | incident | to=Күн (outlet)";
    let report = report_of(&Archive::of(&[closed]), "2031-11", None);
    assert!(report.still_blocked.is_empty());
    printed_in(
        &report,
        [
            "Әлі жабық немесе тоқтатылған: 1",
            "Остаются закрытыми или приостановленными: 1",
            "Still closed or suspended: 1",
        ],
    );
}

/// Figures of some months as one reads them who did these acts on cases: value, late and corrected of each.
fn with_case_acts(archive: &Archive, acts: &[(&str, CaseAct)], wanted: &[(&str, &str, (i64, i64, i64))]) {
    let regroup = |events: &mut [Arc<Event>], decided: Option<Timestamp>| {
        let known = acts.iter().zip(1..).filter(|((at, _), _)| decided.is_none_or(|decided| instant(at) <= decided));
        Cases::of(known.map(|((_, act), seq)| (seq, act.clone()))).regroup_shared(events);
    };
    let dossiers = archive.candidates.iter().map(|candidate| Dossier::of(candidate.clone(), &TimeZone::UTC)).collect();
    let history = History::of(dossiers, &archive.frozen).regrouped(&regroup);
    for (period, id, expect) in wanted {
        let period = period.parse().unwrap();
        let figures = archive.with(|sources| Figures::of(period, &Sources { history: &history, ..*sources }, None));
        let figure = figures.get(id).unwrap();
        assert_eq!((figure.value, figure.late, figure.corrected), *expect, "{id} of {period}");
    }
}

fn instant(day: &str) -> Timestamp {
    format!("{day}T06:00:00Z").parse().unwrap()
}

/// Row 90: one row turns out to be two suits, after its month was published.
#[test]
fn a_case_that_is_split_is_a_correction() {
    let mut archive = Archive::of(&[
        "2031-02-06 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=1m / at=2031-02-07",
        "2031-02-06 | defamation_suit/civil | claim | as=A / to=Дала (outlet) / asks=1m / at=2031-02-08",
    ]);
    for month in 2..=5 {
        archive.freeze(&format!("2031-{month:02}"), &format!("2031-{:02}-05", month + 1));
    }
    let events = archive.events();
    let (case, second) = (events[0].case.clone(), vec![events[1].id.clone()]);
    let to = Cases::id_of_split(&second);
    let split = CaseAct::Split { case, events: second, to };
    with_case_acts(
        &archive,
        &[("2031-06-20", split)],
        &[
            ("2031-02", "suits_month", (1, 0, 0)),
            // Published, and so it stays.
            ("2031-05", "suits_ytd", (1, 0, 0)),
            ("2031-05", "claims_ytd", (1, 0, 0)),
            ("2031-06", "suits_ytd", (2, 0, 1)),
            ("2031-06", "claims_ytd", (2, 0, 1)),
            ("2031-06", "suits_month", (0, 0, 1)),
            ("2031-06", "late_month", (0, 0, 0)),
            ("2031-06", "corrected_month", (1, 0, 0)),
        ],
    );
}

/// Row 89: what was merged when a month was published stays merged in it, whatever is done later.
#[test]
fn a_frozen_month_keeps_the_cases_that_it_was_published_with() {
    let mut archive = Archive::of(&[
        "2031-02-06 | criminal_prosecution/insult | charge | as=A / to=Садыр (journalist) / at=2031-02-07",
        "2031-02-06 | criminal_prosecution/insult | charge | as=B / to=Sadyr (journalist) / at=2031-02-08",
        "2031-02-10 | criminal_prosecution/insult | charge | as=C / to=Бекова (blogger) / at=2031-02-11",
    ]);
    archive.freeze("2031-02", "2031-03-05");
    archive.freeze("2031-03", "2031-04-05");
    let cases: Vec<String> = archive.events().into_iter().map(|event| event.case.clone()).collect();
    let merge = |into: usize, from: usize| CaseAct::Merge { into: cases[into].clone(), from: cases[from].clone() };
    let (month, year) = ("criminal_charges_month", "criminal_charges_ytd");
    // Nobody merged anything, or only after all was published.
    with_case_acts(&archive, &[], &[("2031-02", month, (3, 0, 0)), ("2031-04", year, (3, 0, 0))]);
    let late = [("2031-04-20", merge(0, 1))];
    with_case_acts(&archive, &late, &[("2031-02", month, (3, 0, 0)), ("2031-04", year, (2, 0, -1))]);
    // Merged before, or between the two freezings.
    let before = [("2031-03-01", merge(0, 1))];
    let stays = ("2031-02", month, (2, 0, 0));
    with_case_acts(&archive, &before, &[stays, ("2031-03", year, (2, 0, 0)), ("2031-04", year, (2, 0, 0))]);
    let between = [("2031-03-20", merge(0, 1))];
    let corrected = ("2031-03", year, (2, 0, -1));
    with_case_acts(&archive, &between, &[("2031-02", month, (3, 0, 0)), corrected, ("2031-04", year, (2, 0, 0))]);
    // What is merged on, or taken back, after it was published does not reach it.
    let on = [("2031-03-01", merge(0, 1)), ("2031-04-20", merge(0, 2))];
    with_case_acts(&archive, &on, &[stays, ("2031-03", year, (2, 0, 0)), ("2031-04", year, (1, 0, -1))]);
    let back = [("2031-03-01", merge(0, 1)), ("2031-04-20", CaseAct::Undo { act: 1 })];
    with_case_acts(&archive, &back, &[stays, ("2031-03", year, (2, 0, 0)), ("2031-04", year, (3, 0, 1))]);
}

/// Row 99: what nobody has decided changes no figure, and is told.
#[test]
fn what_is_still_being_checked_is_told_beside_the_figures() {
    let archive = Archive::of(&["2031-11-28 | attack/threat | incident | to=Садыр (journalist)"]);
    let mut report = report_of(&archive, "2031-11", None);
    let figures = report.figures.clone();
    for (undecided, expect) in [
        (4, ["тексеріліп жатқаны: 4 хабарлама", "за этот период: 4 сообщения", "still being checked: 4 messages"]),
        (1, ["тексеріліп жатқаны: 1 хабарлама", "за этот период: 1 сообщение", "still being checked: 1 message"]),
        (0, ["тексеріліп жатқаны: 0 хабарлама", "за этот период: 0 сообщений", "still being checked: 0 messages"]),
    ] {
        report.coverage.undecided = undecided;
        printed_in(&report, expect);
        let json: Value = serde_json::from_str(&text(&report, Lang::EN, "json", Edition::Internal)).unwrap();
        assert_eq!(json["figures"]["undecided"]["value"], undecided);
        assert_eq!(json["figures"]["a_thr_month"]["value"], 1);
    }
    assert_eq!(report.figures, figures);
}

/// Row 105: one act with two labels.
#[test]
fn an_act_with_two_labels_stands_in_two_lines_that_nobody_adds() {
    let archive = Archive::of(&[
        "2031-11-20 | arrest/administrative_arrest; administrative_prosecution/administrative_arrest | judgment | to=Садыр (journalist) / outcome=against",
    ]);
    let report = report_of(&archive, "2031-11", None);
    assert_eq!(report.figures.value("block_c_month"), 1);
    let labels = report.tables.iter().find(|table| table.id == "labels").unwrap();
    let rows: Vec<(&str, i64)> = labels.rows.iter().map(|row| (row.key.as_str(), row.value)).collect();
    assert_eq!(rows, [("administrative_prosecution/administrative_arrest", 1), ("arrest/administrative_arrest", 1)]);
    assert_eq!(labels.sums_to, None);
    printed_in(&report, ["қосуға болмайды", "не складывать", "An act may stand in several lines; do not add."]);
}

/// Row 106: what is met in part is never told as against.
#[test]
fn outcomes_are_three_numbers_that_add_up() {
    let mut rows = vec!["2030-09-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=0".to_owned()];
    for (day, outcome) in [(3, "for"), (4, "for"), (5, "for"), (6, "for"), (7, "mixed")] {
        rows.push(format!(
            "2031-11-{day:02} | defamation_suit/civil | appeal | as=A / instance=appeal / outcome={outcome}"
        ));
    }
    let report = report_of(&Archive::of(&rows.iter().map(String::as_str).collect::<Vec<_>>()), "2031-11", None);
    let acts = report.figures.get("judicial_acts_month").unwrap();
    assert_eq!((acts.value, acts.parts.as_slice()), (5, &[("for", 4), ("mixed", 1), ("against", 0)][..]));
    printed_in(
        &report,
        [
            "пайдасына — **4**, ішінара — **1**, қарсы — **0**",
            "В пользу СМИ, журналистов и граждан — **4**, частично — **1**, против — **0**",
            "In favour of media, journalists and citizens: **4**; in part: **1**; against: **0**",
        ],
    );
}

/// Row 107: November so far, on the 23rd.
#[test]
fn a_running_month_is_marked_and_compared_with_nothing() {
    let archive = Archive::of(&[
        "2030-11-05 | criminal_prosecution/incitement | investigation | to=Аман (blogger)",
        "2031-11-05 | criminal_prosecution/incitement | investigation | to=Бекова (editor)",
    ]);
    let running = report_of(&archive, "2031-11", Some(jiff::civil::date(2031, 11, 23)));
    assert!(!running.complete && running.last_year.is_none());
    printed_in(&running, ["кезең аяқталған жоқ", "период не завершён", "incomplete: the period is not over"]);
    let over = report_of(&archive, "2031-11", Some(jiff::civil::date(2031, 12, 1)));
    assert!(over.complete && over.last_year.is_some());
    for lang in LANGS {
        let compares = |report: &Report| {
            let page = text(report, lang, "md", Edition::Internal);
            ["былтыр", "прошлого года", "last year"].iter().any(|words| page.contains(words))
        };
        assert!(!compares(&running) && compares(&over), "{lang}");
    }
}

/// Row 108: last year's month as published 55, as now known 57.
#[test]
fn like_is_compared_with_like() {
    let charge = |day: &str, number: usize, at: &str| {
        format!("{day} | criminal_prosecution/incitement | investigation | to=Блогер{number} (blogger) / at={at}")
    };
    let mut archive = Archive::default();
    for number in 0..55 {
        archive.enter(&charge(&format!("2030-{:02}-03", number % 11 + 1), number, "2030-12-01"));
    }
    archive.freeze("2030-11", "2030-12-10");
    archive.enter(&charge("2030-11-20", 90, "2031-02-01"));
    archive.enter(&charge("2030-11-21", 91, "2031-02-01"));
    for number in 100..187 {
        archive.enter(&charge("2031-11-03", number, "2031-12-01"));
    }
    printed_in(
        &report_of(&archive, "2031-11", None),
        [
            "87, былтыр 57, 1,5 есе көп (жарияланғанда 55)",
            "87 против 57, в 1,5 раза больше (при публикации 55)",
            "87 against 57, 1.5 times as many (55 when published)",
        ],
    );
}

/// How far cases have come is told by the last stage of each; a case counts once.
#[test]
fn cases_are_told_by_the_stage_that_they_have_come_to() {
    let archive = Archive::of(&[
        "2031-02-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=0",
        "2031-05-03 | defamation_suit/civil | judgment | as=A / outcome=mixed",
        "2031-11-03 | defamation_suit/civil | appeal | as=A / instance=appeal / outcome=for",
        "2031-12-03 | defamation_suit/civil | cassation | as=A / outcome=for",
        "2031-03-03 | criminal_prosecution/incitement | investigation | as=B / to=Аман (blogger)",
        "2031-03-03 | criminal_prosecution/incitement | investigation | to=Бекова (editor)",
        "2031-04-03 | attack/threat | incident | to=Бекова (editor)",
    ]);
    let stages = |period: &str| report_of(&archive, period, None).stages;
    assert_eq!(stages("2031-11"), [(Stage::Investigation, 2), (Stage::Appeal, 1)]);
    assert_eq!(stages("2031-04"), [(Stage::Claim, 1), (Stage::Investigation, 2)]);
    assert_eq!(stages("2031-12"), [(Stage::Investigation, 2), (Stage::Cassation, 1)]);
}

/// Figures that others printed stand in comparisons alone, where nothing was counted here.
#[test]
fn published_figures_of_the_past_are_quoted_and_never_counted() {
    let quote = |figure: &str, period: &str, value: i64| Quote {
        figure: figure.to_owned(),
        period: period.to_owned(),
        value: crate::model::Amount::whole(value),
        source: "Обзор за ноябрь 2030".to_owned(),
        page: Some("3".to_owned()),
        note: Some("с переходящими".to_owned()),
    };
    let archive = Archive::of(&[
        "2030-11-05 | criminal_prosecution/incitement | investigation | to=Аман (blogger)",
        "2031-11-05 | defamation_suit/civil | claim | to=Күн (outlet) / asks=3m",
    ]);
    let plain = report_of(&archive, "2031-11", None);
    let mut quoted = plain.clone();
    quoted.quote(vec![
        quote("claims_ytd", "2030-11", 90),
        quote("claimed_ytd", "2030-11", 299_300_000),
        quote("criminal_charges_ytd", "2030-11", 16),
        quote("suits_ytd", "2030-10", 80),
    ]);
    let told: Vec<&str> = quoted.quoted.iter().map(|quote| quote.figure.as_str()).collect();
    assert_eq!(told, ["claims_ytd", "claimed_ytd"], "what was counted here is not quoted; another month is another");
    assert_eq!(quoted.figures, plain.figures);
    printed_in(
        &quoted,
        [
            "Сотқа дейінгі талаптар мен талап-арыздар, жыл басынан: 1, бұрын жарияланғаны 90 (дереккөз: Обзор за ноябрь 2030, 3-бет; с переходящими)",
            "Досудебные претензии и иски, с начала года: 1 против 90 (цитируется по: Обзор за ноябрь 2030, с. 3; с переходящими)",
            "Letters before action and suits, since January: 1 against 90 (quoted from Обзор за ноябрь 2030, p. 3; с переходящими)",
        ],
    );
    printed_in(&quoted, ["299 300 000 теңге", "299 300 000 тенге", "299,300,000 tenge (quoted from"]);
    printed_in(&quoted, ["бұл бағдарлама оларды санаған жоқ", "их не считала", "this program has not counted them"]);
    let json: Value = serde_json::from_str(&text(&quoted, Lang::EN, "json", Edition::Public)).unwrap();
    assert_eq!(json["quoted"][0]["value"], 90);
    assert_eq!(json["last_year"]["figures"]["claims_ytd"]["as_now_known"], 0);
    let mut running = report_of(&archive, "2031-11", Some(jiff::civil::date(2031, 11, 23)));
    running.quote(vec![quote("claims_ytd", "2030-11", 90)]);
    assert!(running.quoted.is_empty(), "a running month is compared with nothing");
}

/// A gazetteer of one town, the region of its name, and another town.
fn places() -> Arc<Gazetteer> {
    let place = |id: &str, is_region: bool, names: [&str; 3]| PlaceNames {
        id: id.to_owned(),
        is_region,
        names: LANGS.into_iter().zip(names.map(str::to_owned)).collect(),
        written: Vec::new(),
    };
    Arc::new(Gazetteer::of([
        place("kz-almaty", false, ["Алматы", "Алматы", "Almaty"]),
        place("kz-almaty-region", true, ["Алматы облысы", "Алматинская область", "Almaty region"]),
        place("kz-oskemen", false, ["Өскемен", "Усть-Каменогорск", "Oskemen"]),
    ]))
}

#[test]
fn places_are_grouped_by_what_they_are_and_spelled_as_the_page_spells_them() {
    let held = |place: &str, day: i8| format!("2031-11-{day:02} | attack/physical_attack | incident | place={place}");
    let written = [
        ("Алматы", 1),
        ("Almaty", 2),
        ("Алматы қ.", 3),
        ("Алматы облысы", 4),
        ("Алматинская обл.", 5),
        ("Oskemen", 6),
        ("Тау ауылы", 7),
        ("тау  ауылы", 8),
    ];
    let rows: Vec<String> = written.iter().map(|(place, day)| held(place, *day)).collect();
    let mut archive = Archive::of(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    archive.places = places();
    let report = report_of(&archive, "2031-11", None);
    let table = report.tables.iter().find(|table| table.id == "region").unwrap();
    let rows: Vec<(&str, i64)> = table.rows.iter().map(|row| (row.key.as_str(), row.value)).collect();
    assert_eq!(rows[0], ("kz-almaty", 3));
    assert!(rows.contains(&("kz-almaty-region", 2)) && rows.contains(&("kz-oskemen", 1)), "{rows:?}");
    assert!(rows.contains(&("Тау ауылы", 2)) || rows.contains(&("тау  ауылы", 2)), "{rows:?}");
    assert_eq!(rows.iter().map(|(_, value)| value).sum::<i64>(), 8);
    printed_in(&report, ["| Алматы | 3 |", "| Алматы | 3 |", "| Almaty | 3 |"]);
    printed_in(&report, ["| Алматы облысы | 2 |", "| Алматинская область | 2 |", "| Almaty region | 2 |"]);
    // The list of events, and the sheet, in the language of the page.
    printed_in(
        &report,
        ["2031 жылғы 6 қараша, Өскемен", "6 ноября 2031 г., Усть-Каменогорск", "6 November 2031, Oskemen"],
    );
    let bytes = render(&report, Lang::EN, "xlsx", Edition::Internal).unwrap();
    let sheet = calamine::Xlsx::new(Cursor::new(bytes)).unwrap().worksheet_range_at(1).unwrap().unwrap();
    let places: Vec<String> = sheet.rows().skip(1).map(|row| row[6].to_string()).collect();
    assert_eq!(places[..6], ["Almaty", "Almaty", "Almaty", "Almaty region", "Almaty region", "Oskemen"]);
    assert_eq!(places[6], "Тау ауылы");
}

#[test]
fn a_bare_sum_is_printed_as_the_tenge_that_it_counted_for() {
    let claim = "2031-11-03 | defamation_suit/civil | claim | to=Күн (outlet) / asks=1500000";
    let printed = |row: &str, expect: [&str; 3]| printed_in(&report_of(&Archive::of(&[row]), "2031-11", None), expect);
    printed(
        claim,
        ["талап етілген сома: 1 500 000 теңге", "сумма требований: 1 500 000 тенге", "claimed: 1,500,000 tenge"],
    );
    printed(&format!("{claim} / currency=USD"), ["1 500 000 USD", "1 500 000 USD", "1,500,000 USD"]);
    let archive = Archive::of(&[claim]);
    let mut event = archive.events().remove(0);
    let shown = |event: &Event| {
        edition::show(event, &Wordings::default(), Edition::Internal, &TimeZone::UTC).unwrap().card.currency
    };
    assert_eq!(shown(&event).as_deref(), Some("KZT"));
    event.card.country = Some("KG".to_owned());
    assert_eq!(shown(&event), None);
    (event.card.country, event.card.claim_amount) = (None, None);
    assert_eq!(shown(&event), None);
}
