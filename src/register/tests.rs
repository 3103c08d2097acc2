//! The register as a whole: filled, printed, edited, read back.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::*;
use crate::review::Format;

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_510_790_400 + 60 * minute).unwrap()
}

fn person(id: &str, names: &[(Lang, &str)]) -> Registered {
    let names = names.iter().map(|(lang, name)| (*lang, (*name).to_owned())).collect();
    Registered { id: id.to_owned(), names, ..Registered::default() }
}

fn register(rows: &[Registered]) -> Register {
    Register::of(rows.iter().map(|row| (row.id.clone(), at(0), Some(row.clone()))))
}

/// The file with some text in the place of other, ruled on row by row.
fn edited(register: &Register, changes: &[(&str, &str)]) -> Vec<Ruling> {
    let mut text = String::from_utf8(print(register, Format::Csv, ',', Lang::RU).unwrap()).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from} in {text}");
        text = text.replace(from, to);
    }
    ruled(register, &text)
}

fn ruled(register: &Register, text: &str) -> Vec<Ruling> {
    let names = register.names();
    read(text.as_bytes()).unwrap().iter().map(|row| row.rule(register, &names)).collect()
}

fn wrong(rulings: &[Ruling]) -> (&'static str, String) {
    match rulings {
        [Ruling::Wrong(wrong)] => (wrong.column.unwrap_or_default(), wrong.words(Lang::EN)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_person_is_known_by_every_spelling_and_a_namesake_is_not() {
    let mut pen = person("p1", &[(Lang::KK, "Әйгерім Құсайынова"), (Lang::RU, "Айгерим Кусаинова")]);
    pen.others = vec!["Блогер Тобылғы".to_owned()];
    let names = register(&[pen]).names();
    let check = |name: &str, kind: NameKind, expect: bool| {
        assert_eq!(names.bearer(name, kind, &[]).one().is_some(), expect, "{name}");
    };
    for name in ["Әйгерім Құсайынова", "Айгерим Кусаинова", "Кусаинова Айгерим", "БЛОГЕР ТОБЫЛҒЫ"]
    {
        check(name, NameKind::Person, true);
    }
    for name in ["Айгерим Кусаинов Сын", "Асель Кусаинова", "Кусаинова", ""] {
        check(name, NameKind::Person, false);
    }
    check("Айгерим Кусаинова", NameKind::Outlet, false);
}

#[test]
fn two_people_of_one_name_are_told_apart_by_their_cases() {
    let first = person("p1", &[(Lang::RU, "Айдар Ким")]);
    let second = Registered { cases: vec!["c9".to_owned()], ..person("p2", &[(Lang::RU, "Айдар Ким")]) };
    let names = register(&[first.clone(), second]).names();
    let id = |places: &[&str]| names.bearer("Айдар Ким", NameKind::Person, places).one().map(|row| row.id.clone());
    assert_eq!(id(&["c9", "s1"]).as_deref(), Some("p2"));
    assert_eq!(id(&["c1"]).as_deref(), Some("p1"));
    let undecided = register(&[first, person("p2", &[(Lang::RU, "Айдар Ким")])]);
    assert!(
        matches!(undecided.names().bearer("Айдар Ким", NameKind::Person, &["c9"]), Bearer::Several(of) if of.len() == 2)
    );
    assert!(undecided.remarks()[0].words(Lang::EN).contains("cases"), "and the editor is told");
}

#[test]
fn a_confirmed_name_is_noted_once_and_never_changes_a_spelling() {
    let mut register = Register::default();
    let mut note = |name: &str, lang: Lang| {
        let names = register.names();
        let sighting = Sighting { name, kind: NameKind::Person, lang, places: &["c1"] };
        let noted = sighting.noted(&register, &names);
        if let Some(row) = &noted {
            register.put(&row.id, at(1), Some(row.clone()));
        }
        noted
    };
    let first = note("Айгерим  Сапарова", Lang::RU).unwrap();
    assert_eq!((first.id.as_str(), first.names.len()), ("p1", 1));
    assert_eq!(first.names[&Lang::RU], "Айгерим Сапарова");
    assert_eq!(note("айгерим сапарова", Lang::RU), None);
    assert_eq!(note("Әйгерім Сапарова", Lang::KK).unwrap().names[&Lang::KK], "Әйгерім Сапарова");
    let third = note("Айгерим Сапаровой", Lang::RU).unwrap();
    assert_eq!(
        (third.names[&Lang::RU].as_str(), third.others.as_slice()),
        ("Айгерим Сапарова", &["Айгерим Сапаровой".to_owned()][..])
    );
    assert_eq!(note("Сапарова", Lang::RU).unwrap().id, "p2", "a surname alone may be anybody");
    assert_eq!(note("—", Lang::RU), None);
}

#[test]
fn a_name_is_of_the_language_that_its_letters_allow() {
    let check = |name: &str, text: Option<Lang>, expect: Lang| assert_eq!(language_of(name, text), expect, "{name}");
    check("Айгерим Сапарова", Some(Lang::RU), Lang::RU);
    check("Айгерим Сапарова", Some(Lang::KK), Lang::KK);
    check("Әйгерім Сапарова", Some(Lang::RU), Lang::KK);
    check("Aigerim Saparova", Some(Lang::RU), Lang::EN);
    check("Айгерим Сапарова", Some(Lang::EN), Lang::RU);
    check("Айгерим Сапарова", None, Lang::RU);
}

#[test]
fn what_was_only_opened_and_saved_changes_nothing() {
    let mut row = person("p1", &[(Lang::KK, "Әйгерім"), (Lang::RU, "=Айгерим; \"А\"")]);
    row.names.insert(Lang::RU, "-Айгерим, \"А\"".to_owned());
    row.others = vec!["@айгерим".to_owned(), "А.".to_owned()];
    row.note = Some("две\nстроки, и кавычка \"".to_owned());
    row.cases = vec!["c1".to_owned()];
    let register = register(&[row, Registered { kind: NameKind::Outlet, ..person("o1", &[(Lang::EN, "Dala")]) }]);
    for (format, separator) in [(Format::Csv, ','), (Format::Csv, ';'), (Format::Csv, '\t'), (Format::Xlsx, ',')] {
        for lang in LANGUAGES {
            let bytes = print(&register, format, separator, lang).unwrap();
            let names = register.names();
            let rows = read(&bytes).unwrap();
            assert_eq!(rows.len(), 2, "{format:?} {separator}");
            for row in rows {
                assert_eq!(row.rule(&register, &names), Ruling::Same, "{format:?} {separator} {row:?}");
            }
        }
    }
}

#[test]
fn an_edit_is_merged_with_what_came_meanwhile() {
    let mut register = register(&[person("p1", &[(Lang::RU, "Айгерим Сапарова")])]);
    let file = String::from_utf8(print(&register, Format::Csv, ',', Lang::RU).unwrap()).unwrap();
    let mut now = register.row("p1").unwrap().clone();
    now.names.insert(Lang::KK, "Әйгерім Сапарова".to_owned());
    now.others.push("Сапарова А.".to_owned());
    register.put("p1", at(2), Some(now.clone()));
    let saved = file.replace("Айгерим Сапарова,,,", "Айгерім Сапарова,Aigerim Saparova,Тобылғы,");
    let rulings = ruled(&register, &saved);
    let [Ruling::Says(says)] = rulings.as_slice() else { panic!("{rulings:?}") };
    assert_eq!(says.names.values().collect::<Vec<_>>(), ["Aigerim Saparova", "Әйгерім Сапарова", "Айгерім Сапарова"]);
    assert_eq!(says.others, ["Тобылғы", "Сапарова А."]);
    let both = file.replace("person,,Айгерим", "person,Айгерім С.,Айгерим");
    assert!(wrong(&ruled(&register, &both)).1.contains("it says `Әйгерім Сапарова` by now"));
    assert_eq!(ruled(&register, &file), [Ruling::Same], "nobody touched it");
}

#[test]
fn a_new_row_is_entered_once() {
    let register = register(&[person("p1", &[(Lang::RU, "Айгерим Сапарова")])]);
    let header = COLUMNS.join(",");
    let new = |cells: &str| ruled(&register, &format!("{header}\n{cells}\n"));
    let [Ruling::Says(outlet)] = &new(",издание,Дала Сөзі,,,,,,,,,А. Ким,")[..] else { panic!() };
    assert_eq!(
        (outlet.id.as_str(), outlet.kind, outlet.names[&Lang::KK].as_str()),
        ("o1", NameKind::Outlet, "Дала Сөзі")
    );
    let [Ruling::Says(twin)] = &new(",person,,Айгерим Сапарова,Aigerim Saparova,,,,,,,,")[..] else {
        panic!()
    };
    assert_eq!((twin.id.as_str(), twin.names.len()), ("p1", 2), "whoever is known gets the spelling");
    assert_eq!(new(",person,,Айгерим Сапарова,,,,,,,,,"), [Ruling::Same]);
    let namesake = new(",person,,Айгерим Сапарова,,,p1,c7,,,,,");
    let [Ruling::Says(other)] = namesake.as_slice() else { panic!() };
    assert_eq!((other.id.as_str(), other.not_same_as.as_slice()), ("p2", &["p1".to_owned()][..]));
    let mut entered = register.clone();
    entered.put("p2", at(3), Some(other.clone()));
    let again = ruled(&entered, &format!("{header}\n,person,,Айгерим Сапарова,,,p1,c7,,,,,\n"));
    assert_eq!(again, [Ruling::Same], "the same row again is no third person");
    assert_eq!(new(",,,,,,,,,,,,"), []);
}

#[test]
fn bad_rows_are_told_by_column() {
    let register = register(&[person("p1", &[(Lang::RU, "Айгерим Сапарова")])]);
    let check = |from: &str, to: &str, column: &str, words: &str| {
        let rulings = edited(&register, &[(from, to)]);
        let (at, why) = wrong(&rulings);
        assert!(at == column && why.contains(words), "{at}: {why}");
    };
    check("p1,person", "p9,person", "id", "no row has the id");
    check("p1,person", "p1,chess", "kind", "person or outlet");
    check("Айгерим Сапарова", "\"Айгерим; Сапарова\"", "ru", "put the rest under others");
    check("Айгерим Сапарова", "…", "ru", "is no name");
    check("Айгерим Сапарова", "", "ru", "write `-` under kind");
    check("Айгерим Сапарова", &"а".repeat(201), "ru", "is a quote not closed?");
    check("Айгерим Сапарова,,,,", "Айгерим Сапарова,,,p7,", "not_same_as", "`p7` is the id of no other row");
    check("Айгерим Сапарова,,,,", "Айгерим Сапарова,,,p1,", "not_same_as", "`p1`");
    check(",1\r\n", ",7\r\n", "revision", "another workspace");
    check(",1\r\n", ",x\r\n", "revision", "is no revision");
    check(",1\r\n", ",1,beyond\r\n", "revision", "right of the last column");
    let header = COLUMNS.join(",");
    assert_eq!(wrong(&ruled(&register, &format!("{header}\n,person,,,,,,,note,,,,\n"))).0, "ru");
    let other = format!("{header}\n,person,,Айгерим Сапарова,,,,,,,,,\n").replace("Сапарова,,", "Сапаровой,,");
    assert!(wrong(&ruled(&register, &other)).1.contains("not_same_as"));
}

#[test]
fn a_row_is_taken_out_by_a_hyphen_and_comes_back_under_another_id() {
    let mut register = register(&[person("p1", &[(Lang::RU, "Айгерим Сапарова")])]);
    assert_eq!(edited(&register, &[("p1,person", "p1,-")]), [Ruling::Gone("p1".to_owned())]);
    register.put("p1", at(4), None);
    assert_eq!(register.free_id(NameKind::Person), "p2");
    assert!(register.names().bearer("Айгерим Сапарова", NameKind::Person, &[]).one().is_none());
    assert!(register.names_at(at(3)).bearer("Айгерим Сапарова", NameKind::Person, &[]).one().is_some());
}

#[test]
fn an_erased_row_names_nobody() {
    let register = Register::of([("p1".to_owned(), at(0), Some(Registered::default()))]);
    assert_eq!(register.rows().count(), 0);
    assert_eq!(register.free_id(NameKind::Person), "p2");
}

#[test]
fn files_that_lost_letters_or_their_header_are_refused() {
    let check = |bytes: &[u8], words: &str| {
        assert!(read(bytes).unwrap_err().words(Lang::EN).contains(words));
    };
    check(b"id,kind\n,\xcf\xf0", "CSV UTF-8");
    check(b"name,who\nA,B\n", "no line names the columns");
    check(b"", "no line names the columns");
    check(b"PK\x03\x04", "workbook");
}

#[test]
fn rows_that_may_be_one_are_shown_to_the_editor() {
    let check = |one: &str, other: &str, expect: bool| {
        let register = register(&[person("p1", &[(Lang::RU, one)]), person("p2", &[(Lang::RU, other)])]);
        assert_eq!(!register.remarks().is_empty(), expect, "{one} / {other}");
    };
    check("А. Сапарова", "Айгерим Сапарова", true);
    check("Айгерим Сапарова", "Айгерим Маратовна Сапарова", true);
    check("Асель Сапарова", "Айгерим Сапарова", false);
    check("Сапарова", "Айгерим Сапарова", false);
    let brothers = [
        person("p1", &[(Lang::RU, "А. Сапаров")]),
        Registered { not_same_as: vec!["p1".to_owned()], ..person("p2", &[(Lang::RU, "Асет Сапаров")]) },
    ];
    assert!(register(&brothers).remarks().is_empty(), "a person has said that they are two");
}

#[test]
fn a_register_is_summed_up_in_each_language() {
    let check = |rows: &[Registered], expect: [&str; 3]| {
        let register = register(rows);
        assert_eq!([Lang::KK, Lang::RU, Lang::EN].map(|lang| register.summed_up(lang)), expect);
    };
    check(
        &[person("p1", &[(Lang::RU, "Айдар Ким")]), person("p2", &[(Lang::RU, "Асет Ли"), (Lang::EN, "Aset Li")])],
        [
            "жолдар: 2; жазылуы жоқ: kk 2, ru 0, en 1",
            "строк: 2; без написания: kk 2, ru 0, en 1",
            "2 row(s); without a spelling: kk 2, ru 0, en 1",
        ],
    );
    check(
        &[],
        [
            "жолдар: 0; жазылуы жоқ: kk 0, ru 0, en 0",
            "строк: 0; без написания: kk 0, ru 0, en 0",
            "0 row(s); without a spelling: kk 0, ru 0, en 0",
        ],
    );
}

#[test]
fn what_is_odd_between_two_rows_is_told_in_each_language() {
    let told = |one: &str, other: &str| {
        let register = register(&[person("p1", &[(Lang::RU, one)]), person("p2", &[(Lang::RU, other)])]);
        let remark = register.remarks().pop().unwrap();
        assert_eq!(remark.rows, ["p1", "p2"]);
        let words = [Lang::KK, Lang::RU, Lang::EN].map(|lang| remark.words(lang));
        let json = serde_json::to_value(&remark).unwrap();
        assert_eq!(json["message"], *words[2], "programs go on reading English");
        assert_eq!(json["told"], serde_json::json!({ "kk": words[0], "ru": words[1], "en": words[2] }));
        words
    };
    let [kk, ru, en] = told("Айдар Ким", "Айдар Ким");
    assert!(kk.starts_with("екеуінің де аты `Айдар Ким`") && kk.contains("cases бағанына"), "{kk}");
    assert!(ru.starts_with("обе носят имя `Айдар Ким`") && ru.contains("в столбец cases"), "{ru}");
    assert_eq!(
        en,
        "both bear `Айдар Ким`: write under `cases` of one of them where it alone is meant, or join the two rows"
    );
    let [kk, ru, en] = told("А. Сапарова", "Айгерим Сапарова");
    assert!(kk.starts_with("`А. Сапарова` мен `Айгерим Сапарова`") && kk.contains("not_same_as"), "{kk}");
    assert!(ru.starts_with("`А. Сапарова` и `Айгерим Сапарова` могут") && ru.contains("not_same_as"), "{ru}");
    assert!(en.starts_with("`А. Сапарова` and `Айгерим Сапарова` may be one") && en.contains("not_same_as"), "{en}");
}

#[test]
fn aliases_of_a_name_are_all_its_bearers_spellings() {
    let mut row = person("p1", &[(Lang::RU, "Айгерим Сапарова")]);
    row.others = vec!["Тобылғы".to_owned()];
    let names = register(&[row]).names();
    assert_eq!(names.aliases("Айгерім Сапарова"), ["Айгерим Сапарова", "Тобылғы"]);
    assert!(names.aliases("Асель").is_empty());
}

proptest::proptest! {
    #[test]
    fn hostile_bytes_never_stop_the_reader(bytes: Vec<u8>) {
        let register = Register::default();
        for row in read(&bytes).unwrap_or_default() {
            row.rule(&register, &register.names());
        }
    }

    #[test]
    fn every_row_comes_back_as_it_was(name in "[A-Za-zӘәҚқ =+@\"',-]{1,20}", others: Vec<String>, note in "\\PC{0,30}") {
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let row = Registered {
            id: "p1".to_owned(),
            names: BTreeMap::from([(Lang::KK, one_line(&format!("а{name}")))]),
            others: others.iter().map(|other| one_line(&other.replace(';', ",").replace(char::is_control, " "))).filter(|other| !other.is_empty()).collect(),
            note: Some(note.trim().to_owned()).filter(|note| !note.is_empty()),
            ..Registered::default()
        };
        let register = register(&[row]);
        for row in read(&print(&register, Format::Csv, ';', Lang::EN).unwrap()).unwrap() {
            let ruling = row.rule(&register, &register.names());
            proptest::prop_assert!(matches!(ruling, Ruling::Same | Ruling::Wrong(_) | Ruling::Says(_)), "{ruling:?}");
        }
    }
}
