//! Each rule with its near misses, and the round trip of the whole file.

use std::collections::BTreeMap;

use super::*;
use crate::model::{Amount, Evidence, Fields, Judged, Label, Lang, Part, Script, Stage, Story, Telling, Verdict};
use crate::review::{COLUMNS, Format, events, gather_events, parse, revision, row, rows, standing, status};

pub(in crate::review) const NOW: &str = "2017-11-20T05:00:00Z";

/// An archive in memory: what the desk lays under `decide`.
#[derive(Default, Clone)]
pub(in crate::review) struct Archive(pub(in crate::review) BTreeMap<String, Candidate>);

impl Known for Archive {
    fn candidate(&self, id: &str) -> Option<Candidate> {
        self.0.get(id).cloned()
    }

    fn exists(&self, id: &str) -> bool {
        let stands = |event: &crate::model::Event| event.case == id || event.id == id;
        self.0.contains_key(id) || self.0.values().flat_map(events).any(|event| stands(&event))
    }

    fn taken_before(&self, fingerprint: &str) -> bool {
        self.0.values().any(|candidate| standing(candidate, fingerprint).is_some())
    }
}

impl Archive {
    pub(in crate::review) fn of(ids: &[&str]) -> Self {
        Self(ids.iter().map(|id| ((*id).to_owned(), candidate(id))).collect())
    }

    /// Rules on every row of a file, taking each as it comes, as the desk does.
    pub(in crate::review) fn import(&mut self, bytes: &[u8]) -> Vec<Ruling> {
        let (rows, _) = parse(bytes, Format::Csv);
        rows.iter().map(|row| self.take(row)).collect()
    }

    pub(in crate::review) fn take(&mut self, row: &Given) -> Ruling {
        let ruling = decide(row, NOW.parse().unwrap(), self);
        if let Ruling::Take(review) = &ruling {
            let bare = Candidate { id: review.id.clone(), judged: None, also: Vec::new(), reviews: Vec::new() };
            self.0.entry(review.id.clone()).or_insert(bare).reviews.push((**review).clone());
        }
        ruling
    }

    pub(in crate::review) fn exported(&self, id: &str) -> BTreeMap<&'static str, String> {
        let row = row(&self.0[id], &almaty());
        COLUMNS.iter().copied().zip(row.cells().into_iter().map(str::to_owned)).collect()
    }

    /// Exports a row, changes some cells and imports it.
    pub(in crate::review) fn edit(&mut self, id: &str, changes: &[(&'static str, &str)]) -> Ruling {
        let mut cells = self.exported(id);
        cells.extend(changes.iter().map(|(column, text)| (*column, (*text).to_owned())));
        self.import(&file(&[cells])).pop().unwrap_or(Ruling::Blank)
    }

    pub(in crate::review) fn events(&self) -> Vec<crate::model::Event> {
        gather_events(&self.0.values().cloned().collect::<Vec<_>>())
    }
}

pub(in crate::review) fn almaty() -> TimeZone {
    TimeZone::get("Asia/Almaty").unwrap()
}

pub(in crate::review) fn file(rows: &[BTreeMap<&'static str, String>]) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    crate::review::csv_line(&mut text, COLUMNS.iter().copied());
    for row in rows {
        crate::review::csv_line(&mut text, COLUMNS.iter().map(|column| row.get(column).map_or("", String::as_str)));
    }
    text.into_bytes()
}

pub(in crate::review) fn candidate(id: &str) -> Candidate {
    let text = "Қаңтарда редакция тексерілді. Суд в Алматы арестовал редактора Асем Тлеу на два месяца.";
    let story = Story {
        id: id.to_owned(),
        url: Some(format!("https://dala.example/{id}")),
        title: "Редактор «Дала Сөзі» арестована".to_owned(),
        text: text.to_owned(),
        published: "2017-11-16T09:30:00+06:00".parse().ok(),
        byline: None,
        source: Some("Дала Сөзі".to_owned()),
    };
    let sentence = "Суд в Алматы арестовал редактора Асем Тлеу на два месяца.";
    let start = text.find(sentence).unwrap();
    let evidence = Evidence {
        rule: "arrest.remand".to_owned(),
        start,
        end: start + sentence.len(),
        text: sentence.to_owned(),
        part: Part::Text,
        weight: 2.0,
        words: Vec::new(),
    };
    let fields = Fields {
        event_date: "2017-11-15".parse().ok(),
        place: Some("Алматы".to_owned()),
        stage: Some(Stage::Detention),
        claim_amount: Some(Amount(150)),
        ..Fields::default()
    };
    let verdict = Verdict {
        id: id.to_owned(),
        lang: Lang::RU,
        langs: vec![Lang::RU, Lang::KK],
        script: Script::Cyrillic,
        candidate: true,
        score: 0.914,
        country: Some("KZ".to_owned()),
        categories: vec![Label { id: Category::Arrest, subtype: Some("remand".to_owned()), score: 0.9 }],
        fields,
        spans: BTreeMap::new(),
        evidence: vec![evidence],
        against: Vec::new(),
        case: None,
        dup: None,
    };
    let judged = Judged {
        story,
        verdict,
        rule_set: "r1".to_owned(),
        captured: "2017-11-16T04:00:00Z".parse().unwrap(),
        head: None,
        shows: None,
        second_look: None,
        let_go: None,
        capture: None,
        link: None,
    };
    Candidate { id: id.to_owned(), judged: Some(judged), also: Vec::new(), reviews: Vec::new() }
}

pub(in crate::review) fn taken(ruling: Ruling) -> Review {
    match ruling {
        Ruling::Take(review) => *review,
        other => panic!("not taken: {other:?}"),
    }
}

pub(in crate::review) fn rejected(ruling: Ruling) -> String {
    match ruling {
        Ruling::Reject(reason) => reason.to_string(),
        other => panic!("not rejected: {other:?}"),
    }
}

pub(in crate::review) fn conflicting(ruling: Ruling) -> String {
    match ruling {
        Ruling::Conflict(reason) => reason.to_string(),
        other => panic!("no conflict: {other:?}"),
    }
}

#[test]
fn a_row_shows_what_a_reviewer_must_see() {
    let cells = Archive::of(&["s1"]).exported("s1");
    let check = |column: &str, expect: &str| assert_eq!(cells[column], expect, "{column}");
    check("decision", "");
    check("categories", "arrest/remand");
    check("direction", "restriction");
    check("event_date", "2017-11-15");
    check("stage", "detention");
    check("place", "Алматы");
    check("claim_amount", "1.50");
    check("country", "KZ");
    check("case", "");
    check("evidence", "Суд в Алматы арестовал редактора Асем Тлеу на два месяца.");
    check("published", "2017-11-16T09:30:00+06:00");
    check("lang", "ru");
    check("score", "0.91");
    check("revision", "0");
}

#[test]
fn decisions_are_understood_in_three_languages() {
    let check = |word: &str, expect: Decision| {
        let mut archive = Archive::of(&["s1", "s2"]);
        let review = taken(archive.edit("s1", &[("decision", word), ("reviewer", "Айгерим"), ("case", "s2")]));
        assert_eq!(review.decision, Some(expect), "{word}");
    };
    for (decision, words) in DECISIONS {
        words.iter().for_each(|word| check(word, decision));
    }
    check(" Подтвердить ", Decision::Confirm);
    check("БҰРЫННАН  БЕЛГІЛІ", Decision::Background);
    let mut archive = Archive::of(&["s1"]);
    let reason = rejected(archive.edit("s1", &[("decision", "yes"), ("reviewer", "A")]));
    assert!(reason.contains("`yes` is no decision; use one of confirm, reject, later"), "{reason}");
}

#[test]
fn an_untouched_row_is_blank_and_a_named_reviewer_alone_decides_nothing() {
    let mut archive = Archive::of(&["s1"]);
    assert_eq!(archive.edit("s1", &[]), Ruling::Blank);
    assert_eq!(archive.edit("s1", &[("reviewer", "Айгерим")]), Ruling::Blank);
    assert_eq!(revision(&archive.0["s1"]), 0);
}

#[test]
fn a_decision_needs_its_reviewer() {
    let mut archive = Archive::of(&["s1"]);
    assert!(rejected(archive.edit("s1", &[("decision", "confirm")])).contains("reviewer:"));
    let review = taken(archive.edit("s1", &[("decision", "confirm"), ("reviewer", " Айгерим  С. ")]));
    assert_eq!((review.reviewer.as_str(), review.at.to_string().as_str()), ("Айгерим  С.", NOW));
    assert_eq!(status(&archive.0["s1"]), Status::Confirmed);
}

#[test]
fn corrections_are_read_and_empty_cells_clear() {
    let mut archive = Archive::of(&["s1"]);
    let review = taken(archive.edit(
        "s1",
        &[
            ("decision", "confirm"),
            ("reviewer", "A"),
            ("note", "звонила\nадвокату"),
            ("headline", "Редактор под стражей"),
            ("event_date", "14.11.2017"),
            ("place", ""),
            ("targets", "Асем Тлеу (editor)"),
            ("claim_amount", "2 000 000"),
        ],
    ));
    assert_eq!(review.card.headline.as_deref(), Some("Редактор под стражей"));
    assert_eq!(review.card.event_date, "2017-11-14".parse().ok());
    assert_eq!(review.card.place, None);
    assert_eq!(review.card.targets[0].name, "Асем Тлеу");
    assert_eq!(review.card.claim_amount, Amount::whole(2_000_000));
    assert_eq!(review.note.as_deref(), Some("звонила\nадвокату"));
    assert_eq!(review.card.categories[0].score, 0.9);
}

#[test]
fn every_fault_of_a_row_is_told_at_once() {
    let mut archive = Archive::of(&["s1"]);
    let reason = rejected(archive.edit(
        "s1",
        &[("decision", "confirm"), ("stage", "guilty"), ("claim_amount", "many"), ("title", "Другой заголовок")],
    ));
    for words in ["stage: `guilty` is no stage", "claim_amount: `many` is not a sum", "title: read-only", "reviewer:"] {
        assert!(reason.contains(words), "{words}: {reason}");
    }
    assert!(archive.0["s1"].reviews.is_empty());
}

#[test]
fn read_only_columns_are_checked() {
    let check = |column: &'static str, text: &str, old: &str| {
        for decision in ["confirm", ""] {
            let mut archive = Archive::of(&["s1"]);
            let reason = rejected(archive.edit("s1", &[("decision", decision), ("reviewer", "A"), (column, text)]));
            assert!(reason.contains(&format!("{column}: read-only")) && reason.contains(old), "{reason}");
        }
    };
    check("title", "Редактор «Дала Сөзі» арестован", "арестована");
    check("evidence", "", "два месяца");
    check("source", "Тау", "Дала Сөзі");
    check("published", "2017-11-20T09:30:00+06:00", "2017-11-16");
    check("lang", "kk", "`ru`");
    check("score", "0.5", "0.91");
    check("url", "https://evil.example/", "https://dala.example/s1");
}

#[test]
fn what_a_spreadsheet_does_to_read_only_columns_is_no_change() {
    let check = |column: &'static str, text: &str| {
        let mut archive = Archive::of(&["s1"]);
        let ruling = archive.edit("s1", &[("decision", "reject"), ("reviewer", "A"), (column, text)]);
        assert!(matches!(ruling, Ruling::Take(_)), "{column} {text}: {ruling:?}");
    };
    check("title", "  Редактор «Дала Сөзі»\nарестована ");
    check("score", "0,91");
    check("score", "0.914");
    check("published", "16.11.2017 9:30");
    check("published", "2017-11-16T03:30:00Z");
    check("event_date", "15.11.2017");
    check("event_date", "11/15/2017");
    check("event_date", "43054");
    check("claim_amount", "1,5");
    check("revision", "0.0");
}

#[test]
fn columns_that_a_file_lacks_keep_their_values() {
    let mut archive = Archive::of(&["s1"]);
    let ruling = archive.import(b"id;decision;reviewer\r\ns1;confirm;A\r\n").pop().unwrap();
    let review = taken(ruling);
    assert_eq!(review.card.place.as_deref(), Some("Алматы"));
    assert_eq!(archive.import(b"reviewer,id,decision\r\nA,s1,Confirm\r\n"), [Ruling::Already("s1".to_owned())]);
}

#[test]
fn a_row_typed_under_an_id_clears_nothing_that_it_leaves_empty() {
    let mut archive = Archive::of(&["s1"]);
    taken(archive.edit("s1", &[("decision", "confirm"), ("reviewer", "A")]));
    let typed = BTreeMap::from([
        ("id", "s1".to_owned()),
        ("decision", "confirm".to_owned()),
        ("reviewer", "A".to_owned()),
        ("event_date", "2017-11-20".to_owned()),
        ("stage", "trial".to_owned()),
    ]);
    let bytes = file(&[typed]);
    let review = taken(archive.import(&bytes).remove(0));
    assert_eq!(review.card.place.as_deref(), Some("Алматы"));
    assert_eq!((review.card.categories.len(), archive.events().len()), (1, 2));
    assert_eq!(archive.import(&bytes), [Ruling::Already("s1".to_owned())]);
}

#[test]
fn twice_is_once() {
    let mut archive = Archive::of(&["s1", "s2", "s3", "s4"]);
    let mut rows: Vec<_> = ["s1", "s2", "s3", "s4"].iter().map(|id| archive.exported(id)).collect();
    for (row, (decision, case)) in rows.iter_mut().zip([("confirm", ""), ("reject", ""), ("duplicate", "s1"), ("", "")])
    {
        row.insert("decision", decision.to_owned());
        row.insert("case", case.to_owned());
        row.insert("reviewer", "A".to_owned());
    }
    rows[3].insert("headline", "Исправлено без решения".to_owned());
    rows.push(BTreeMap::from([
        ("headline", "Звонок из Актау".to_owned()),
        ("source", "корреспондент".to_owned()),
        ("event_date", "2017-11-17".to_owned()),
        ("categories", "attack/threat".to_owned()),
        ("reviewer", "A".to_owned()),
    ]));
    let bytes = file(&rows);
    assert!(archive.import(&bytes).iter().all(|ruling| matches!(ruling, Ruling::Take(_))));
    let after = archive.0.clone();
    assert!(archive.import(&bytes).iter().all(|ruling| matches!(ruling, Ruling::Already(id) if !id.is_empty())));
    // The same rows in another dress: separator, line ends, order and encoding changed.
    let (given, _) = parse(&bytes, Format::Csv);
    let mut other = "ID;CASE;reviewer;headline;source;event_date;categories;revision;decision\n".to_owned();
    for row in &given {
        let cell = |column| row.get(column).unwrap_or_default();
        let cells =
            ["id", "case", "reviewer", "headline", "source", "event_date", "categories", "revision", "decision"];
        other.push_str(&cells.map(cell).join(";"));
        other.push('\n');
    }
    let again: Vec<Ruling> = archive.import(other.as_bytes());
    assert_eq!((again.len(), again.iter().all(|ruling| matches!(ruling, Ruling::Already(_)))), (5, true));
    assert_eq!(archive.0, after);
}

#[test]
fn decided_rows_come_back_for_correction() {
    let mut archive = Archive::of(&["s1"]);
    archive.edit("s1", &[("decision", "confirm"), ("reviewer", "A"), ("note", "проверено")]);
    assert_eq!(archive.edit("s1", &[]), Ruling::Already("s1".to_owned()));
    let review = taken(archive.edit("s1", &[("headline", "Исправлено")]));
    assert_eq!((review.decision, review.note.as_deref()), (Some(Decision::Confirm), Some("проверено")));
    let event = archive.events().pop().unwrap();
    assert_eq!(event.card.headline.as_deref(), Some("Исправлено"));
    // Cleared decision: a correction all the same.
    let review = taken(archive.edit("s1", &[("decision", ""), ("place", "Астана")]));
    assert_eq!(review.decision, None);
    let corrected = archive.events().pop().unwrap();
    assert_eq!((corrected.id == event.id, corrected.card.place.as_deref()), (true, Some("Астана")));
    // And back: the content of the first decision at another revision is news.
    taken(archive.edit("s1", &[("decision", "reject")]));
    assert_eq!((status(&archive.0["s1"]), archive.events().len()), (Status::Rejected, 0));
    taken(archive.edit("s1", &[("decision", "confirm")]));
    assert_eq!(archive.events()[0].id, event.id);
}

#[test]
fn a_stale_row_is_a_conflict_that_shows_both_decisions() {
    let mut archive = Archive::of(&["s1"]);
    let mut stale = archive.exported("s1");
    archive.edit("s1", &[("decision", "confirm"), ("reviewer", "Айгерим"), ("place", "Астана")]);
    assert_eq!(archive.import(&file(&[stale.clone()])), [Ruling::Blank]);
    stale.insert("decision", "отклонить".to_owned());
    stale.insert("reviewer", "Болат".to_owned());
    let reason = conflicting(archive.import(&file(&[stale.clone()])).remove(0));
    for words in ["Айгерим: confirm", "Болат: reject", "revision 1", "place `Астана` / `Алматы`"]
    {
        assert!(reason.contains(words), "{words}: {reason}");
    }
    stale.insert("decision", String::new());
    stale.insert("headline", "Только исправление".to_owned());
    assert!(conflicting(archive.import(&file(&[stale.clone()])).remove(0)).contains("corrections without a decision"));
    stale.insert("revision", String::new());
    conflicting(archive.import(&file(&[stale.clone()])).remove(0));
    stale.insert("revision", "7".to_owned());
    assert!(conflicting(archive.import(&file(&[stale.clone()])).remove(0)).contains("another workspace"));
    stale.insert("revision", "first".to_owned());
    assert!(rejected(archive.import(&file(&[stale])).remove(0)).contains("is no revision"));
    assert_eq!(revision(&archive.0["s1"]), 1);
}

#[test]
fn corrections_without_a_decision_are_kept_in_the_row() {
    let mut archive = Archive::of(&["s1"]);
    let review = taken(archive.edit("s1", &[("headline", "Черновик"), ("note", "спросить")]));
    assert_eq!((review.decision, status(&archive.0["s1"])), (None, Status::Waiting));
    let cells = archive.exported("s1");
    assert_eq!(
        [&cells["headline"], &cells["note"], &cells["revision"], &cells["decision"]],
        ["Черновик", "спросить", "1", ""]
    );
    assert_eq!(archive.edit("s1", &[]), Ruling::Blank);
    assert!(archive.events().is_empty());
}

#[test]
fn a_row_put_off_waits_for_whoever_decides_it() {
    let mut archive = Archive::of(&["s1"]);
    archive.edit("s1", &[("decision", "кейін"), ("reviewer", "A"), ("note", "ждём суда")]);
    assert_eq!(status(&archive.0["s1"]), Status::Later);
    let cells = archive.exported("s1");
    assert_eq!([&cells["decision"], &cells["reviewer"], &cells["note"]], ["", "", "ждём суда"]);
    taken(archive.edit("s1", &[("decision", "confirm"), ("reviewer", "B")]));
    assert_eq!(archive.events()[0].reviewer, "B");
}

#[test]
fn a_defamation_suit_is_confirmed_only_with_its_kind() {
    let check = |categories: &str, decision: &str, accepted: bool| {
        let mut archive = Archive::of(&["s1"]);
        let ruling = archive.edit("s1", &[("decision", decision), ("reviewer", "A"), ("categories", categories)]);
        match accepted {
            true => drop(taken(ruling)),
            false => assert!(rejected(ruling).contains("defamation_suit/letter, defamation_suit/civil")),
        }
    };
    check("defamation_suit", "confirm", false);
    check("defamation_suit", "растау", false);
    check("arrest; defamation_suit", "confirm", false);
    check("defamation_suit/civil", "confirm", true);
    check("defamation_suit; defamation_suit/criminal", "confirm", true);
    check("defamation_suit", "reject", true);
    check("defamation_suit", "later", true);
    check("criminal_prosecution", "confirm", true);
    let mut archive = Archive::of(&["s1"]);
    let bare = archive.edit("s1", &[("decision", "confirm"), ("reviewer", "A"), ("categories", "")]);
    assert!(rejected(bare).contains("at least one category"));
}

#[test]
fn duplicates_and_background_name_what_is_there() {
    let check = |decision: &str, case: &str, words: &str| {
        let mut archive = Archive::of(&["s1", "s2"]);
        let reason = rejected(archive.edit("s1", &[("decision", decision), ("reviewer", "A"), ("case", case)]));
        assert!(reason.contains(words), "{decision} {case}: {reason}");
    };
    check("duplicate", "", "`duplicate` needs the id");
    check("background", "", "`background` needs the id");
    check("duplicate", "s9", "no row and no case has the id `s9`");
    check("background", "s9", "no row and no case has the id `s9`");
    check("confirm", "s9", "no row and no case has the id `s9`");
    check("duplicate", "s1", "is this row itself");
    let mut archive = Archive::of(&["s1", "s2"]);
    taken(archive.edit("s2", &[("decision", "duplicate"), ("reviewer", "A"), ("case", "s1")]));
    let ring = archive.edit("s1", &[("decision", "duplicate"), ("reviewer", "A"), ("case", "s2")]);
    assert!(rejected(ring).contains("itself called a duplicate"));
}

#[test]
fn duplicates_add_their_tellings_to_the_event_they_name() {
    let mut archive = Archive::of(&["s1", "s2", "s3", "s4", "s5"]);
    archive.0.get_mut("s2").unwrap().judged.as_mut().unwrap().story.published =
        "2017-11-12T09:00:00+06:00".parse().ok();
    let also =
        Telling {
            id: "s6".to_owned(), source: None, title: "Перепечатка".to_owned(), url: None, published: None
        };
    archive.0.get_mut("s2").unwrap().also.push(also);
    taken(archive.edit("s1", &[("decision", "confirm"), ("reviewer", "A")]));
    let event = archive.events().pop().unwrap();
    taken(archive.edit("s2", &[("decision", "duplicate"), ("reviewer", "A"), ("case", "s1")]));
    taken(archive.edit("s3", &[("decision", "duplicate"), ("reviewer", "A"), ("case", &event.case)]));
    taken(archive.edit("s4", &[("decision", "duplicate"), ("reviewer", "A"), ("case", "s2")]));
    taken(archive.edit("s5", &[("decision", "background"), ("reviewer", "A"), ("case", &event.id)]));
    let after = archive.events();
    assert_eq!(after.len(), 1);
    let tellers: Vec<&str> = after[0].stories.iter().map(|telling| telling.id.as_str()).collect();
    assert_eq!(tellers, ["s1", "s2", "s6", "s3", "s4"]);
    assert_eq!(after[0].published, "2017-11-12T09:00:00+06:00".parse().ok());
    assert_eq!((&after[0].id, &after[0].case), (&event.id, &event.case));
    taken(archive.edit("s1", &[("decision", "reject")]));
    assert!(archive.events().is_empty());
}

#[test]
fn events_that_name_one_case_by_any_id_share_it() {
    let mut archive = Archive::of(&["s1", "s2", "s3", "s4"]);
    taken(archive.edit("s1", &[("decision", "confirm"), ("reviewer", "A")]));
    let first = archive.events().pop().unwrap();
    taken(archive.edit("s2", &[("decision", "confirm"), ("reviewer", "A"), ("case", "s1")]));
    taken(archive.edit("s3", &[("decision", "confirm"), ("reviewer", "A"), ("case", &first.case)]));
    taken(archive.edit("s4", &[("decision", "confirm"), ("reviewer", "A")]));
    let cases = |archive: &Archive| -> Vec<String> { archive.events().into_iter().map(|event| event.case).collect() };
    let mut by_case: Vec<_> = cases(&archive).into_iter().filter(|case| *case == first.case).collect();
    assert_eq!(by_case.len(), 3);
    // A case that moves takes with it those that named it.
    let last = events(&archive.0["s4"]).remove(0);
    taken(archive.edit("s1", &[("case", &last.id)]));
    by_case = cases(&archive);
    by_case.dedup();
    assert_eq!(by_case, [last.case]);
    // A ring is one case, and ends.
    taken(archive.edit("s4", &[("case", "s3")]));
    by_case = cases(&archive);
    by_case.dedup();
    assert_eq!((archive.events().len(), by_case.len()), (4, 1));
}

#[test]
fn a_new_date_and_stage_are_a_second_event() {
    let mut archive = Archive::of(&["s1"]);
    let mut first = archive.exported("s1");
    first.extend([("decision", "confirm".to_owned()), ("reviewer", "A".to_owned())]);
    let mut second = first.clone();
    second.extend([("event_date", "2017-11-16".to_owned()), ("stage", "charge".to_owned())]);
    let bytes = file(&[first.clone(), second.clone()]);
    assert!(archive.import(&bytes).iter().all(|ruling| matches!(ruling, Ruling::Take(_))));
    assert_eq!(archive.import(&bytes), vec![Ruling::Already("s1".to_owned()); 2]);
    let both = archive.events();
    assert_eq!(both.len(), 2);
    assert!(both[0].id != both[1].id && both[0].case == both[1].case);
    assert_eq!(rows(&archive.0["s1"], &almaty()).len(), 2);
    // Another reviewer with a stale row disagrees rather than adds.
    let mut third = second.clone();
    third.extend([
        ("event_date", "2017-12-01".to_owned()),
        ("stage", "trial".to_owned()),
        ("reviewer", "B".to_owned()),
    ]);
    conflicting(archive.import(&file(&[third.clone()])).remove(0));
    third.insert("revision", "2".to_owned());
    taken(archive.import(&file(&[third])).remove(0));
    assert_eq!(archive.events().len(), 3);
}

#[test]
fn a_new_date_or_a_new_stage_alone_corrects_the_event() {
    for change in [("event_date", "2017-11-14"), ("stage", "charge"), ("stage", ""), ("event_date", "")] {
        let mut archive = Archive::of(&["s1"]);
        taken(archive.edit("s1", &[("decision", "confirm"), ("reviewer", "A")]));
        let before = archive.events();
        taken(archive.edit("s1", &[change]));
        let after = archive.events();
        assert_eq!((after.len(), &after[0].id), (1, &before[0].id), "{change:?}");
    }
}

#[test]
fn one_of_two_events_is_corrected_or_taken_back_by_its_own_row() {
    let mut archive = Archive::of(&["s1"]);
    taken(archive.edit("s1", &[("decision", "confirm"), ("reviewer", "A")]));
    taken(archive.edit("s1", &[("event_date", "2017-11-16"), ("stage", "charge")]));
    let printed = rows(&archive.0["s1"], &almaty());
    let cells = |at: usize| -> BTreeMap<&'static str, String> {
        COLUMNS.iter().copied().zip(printed[at].cells().into_iter().map(str::to_owned)).collect()
    };
    let mut first = cells(0);
    first.insert("place", "Шымкент".to_owned());
    assert_eq!(archive.import(&file(&[cells(0), cells(1)])), vec![Ruling::Already("s1".to_owned()); 2]);
    taken(archive.import(&file(&[first.clone()])).remove(0));
    let places: Vec<_> = archive.events().into_iter().filter_map(|event| event.card.place).collect();
    assert_eq!(places, ["Шымкент", "Алматы"]);
    first.extend([("decision", "reject".to_owned()), ("revision", "3".to_owned())]);
    taken(archive.import(&file(&[first])).remove(0));
    let left = archive.events();
    assert_eq!((left.len(), left[0].card.stage, status(&archive.0["s1"])), (1, Some(Stage::Charge), Status::Confirmed));
}

#[test]
fn an_event_by_hand_needs_its_columns_and_gets_an_id() {
    let whole = [
        ("headline", "Угрозы редактору"),
        ("source", "корреспондент фонда"),
        ("event_date", "2017-11-17"),
        ("categories", "attack/threat"),
        ("reviewer", "Айгерим"),
    ];
    let row = |leave: &str, more: &[(&'static str, &str)]| -> Vec<u8> {
        let cells = whole.iter().filter(|(column, _)| *column != leave).chain(more);
        file(&[cells.map(|(column, text)| (*column, (*text).to_owned())).collect()])
    };
    for (column, _) in whole {
        let reason = rejected(Archive::default().import(&row(column, &[("note", "x")])).remove(0));
        assert!(reason.contains("by hand") && reason.contains(column), "{column}: {reason}");
    }
    let mut archive = Archive::default();
    let review =
        taken(archive.import(&row("headline", &[("title", "=Заголовок"), ("url", "https://tau.example/1")])).remove(0));
    assert!(review.id.starts_with('h') && review.decision == Some(Decision::Confirm));
    let event = archive.events().pop().unwrap();
    assert_eq!(
        (event.title.as_str(), event.source.as_str(), event.by_hand),
        ("=Заголовок", "корреспондент фонда", true)
    );
    assert_eq!(event.evidence, "");
    let cells = archive.exported(&review.id);
    assert_eq!([&cells["title"], &cells["score"], &cells["revision"]], ["=Заголовок", "", "1"]);
    // Its origin may be corrected, which no story's may.
    taken(archive.edit(&review.id, &[("title", "Заголовок"), ("published", "2017-11-17")]));
    let event = archive.events().pop().unwrap();
    assert_eq!(
        (event.title.as_str(), event.published.unwrap().to_string().as_str()),
        ("Заголовок", "2017-11-17T12:00:00Z")
    );

    let near = |more: &[(&'static str, &str)]| Archive::default().import(&row("", more)).remove(0);
    taken(near(&[("decision", "растау")]));
    assert_eq!(taken(near(&[("decision", "later")])).decision, Some(Decision::Later));
    assert!(rejected(near(&[("decision", "reject")])).contains("nothing to reject"));
    assert!(rejected(near(&[("categories", "defamation_suit")])).contains("only with its kind"));
    assert!(rejected(near(&[("case", "c1")])).contains("no case has the id"));
    assert!(rejected(near(&[("score", "0.91"), ("revision", "0")])).contains("its id is gone"));
    assert!(rejected(near(&[("published", "вчера")])).contains("published:"));
    assert_eq!(taken(near(&[("evidence", "со слов")])).note.as_deref(), Some("[evidence] со слов"));
    assert_eq!(Archive::default().import(&file(&[BTreeMap::from([("reviewer", "A".to_owned())])])), [Ruling::Blank]);
}

#[test]
fn an_unknown_id_goes_back() {
    let reason = rejected(Archive::default().import(b"id,decision,reviewer\r\ns9,confirm,A\r\n").remove(0));
    assert!(reason.contains("no row has the id `s9`"));
}

#[test]
fn replaying_the_reviews_gives_the_same_events() {
    let mut archive = Archive::of(&["s1", "s2"]);
    archive.edit("s1", &[("decision", "confirm"), ("reviewer", "A")]);
    archive.edit("s1", &[("event_date", "2017-11-16"), ("stage", "charge")]);
    archive.edit("s2", &[("decision", "confirm"), ("reviewer", "A"), ("case", "s1")]);
    let mut again = Archive::of(&["s1", "s2"]);
    for (id, candidate) in &archive.0 {
        let line = serde_json::to_string(&candidate.reviews).unwrap();
        again.0.get_mut(id).unwrap().reviews = serde_json::from_str(&line).unwrap();
    }
    assert_eq!(again.events(), archive.events());
    for event in archive.events() {
        assert!(event.id.starts_with('e') && event.case.starts_with('c'));
    }
}

#[test]
fn what_was_taken_back_says_nothing_and_still_counts() {
    let mut candidate = candidate("s1");
    let review = |decision, fingerprint: &str, takes_back: Option<&str>| Review {
        id: "s1".to_owned(),
        reviewer: "A".to_owned(),
        at: NOW.parse().unwrap(),
        decision,
        card: Card::default(),
        note: None,
        by_hand: None,
        fingerprint: fingerprint.to_owned(),
        takes_back: takes_back.map(str::to_owned),
        saw: None,
    };
    candidate.reviews.push(review(Some(Decision::Reject), "f1", None));
    assert_eq!(status(&candidate), Status::Rejected);
    candidate.reviews.push(review(None, "f2", Some("f1")));
    assert_eq!((status(&candidate), revision(&candidate)), (Status::Waiting, 2));
    assert_eq!(row(&candidate, &almaty()).categories, "arrest/remand");
    candidate.reviews.push(review(Some(Decision::Later), "f3", None));
    assert_eq!(status(&candidate), Status::Later);
    // After an erasure no fingerprint is left, and what was taken back still says nothing.
    for review in &mut candidate.reviews {
        review.fingerprint.clear();
        review.takes_back = review.takes_back.take().map(|_| String::new());
    }
    assert_eq!((status(&candidate), revision(&candidate)), (Status::Later, 3));
    candidate.reviews.pop();
    assert_eq!(status(&candidate), Status::Waiting);
}
