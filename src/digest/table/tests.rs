//! The table goes out, comes back filled in, and changes nothing else.

use calamine::Reader as _;

use super::*;
use crate::model::{Card, Telling};

fn event(id: &str, headline: Option<&str>) -> Event {
    let title = format!("Заголовок {id}");
    let telling =
        Telling {
            id: format!("s-{id}"), source: Some("Тау".into()), title: title.clone(), url: None, published: None
        };
    Event {
        id: id.to_owned(),
        case: format!("c-{id}"),
        card: Card { headline: headline.map(str::to_owned), event_date: "2017-11-16".parse().ok(), ..Card::default() },
        title,
        source: "Тау".to_owned(),
        url: None,
        published: None,
        evidence: "CANARYEVIDENCE".to_owned(),
        stories: vec![telling],
        reviewer: "CANARYREVIEWER".to_owned(),
        confirmed: jiff::Timestamp::UNIX_EPOCH,
        by_hand: false,
        origin: None,
        lang: Some(Lang::RU),
    }
}

fn says(kk: &str, ru: &str) -> Wording {
    let texts = [(Lang::KK, kk), (Lang::RU, ru)].into_iter().filter(|(_, text)| !text.is_empty());
    Wording { headline: texts.map(|(lang, text)| (lang, text.to_owned())).collect(), ..Wording::default() }
}

/// The table of one event, with some cells typed over, as it comes back: the same from a workbook and from a
/// document.
fn back(wording: &Wording, typed: &[(&str, &str)]) -> Row {
    let wordings = Wordings::from_iter([("e1".to_owned(), wording.clone())]);
    let [mut row, other] = [TableFormat::Xlsx, TableFormat::Docx].map(|format| {
        let bytes = table(&[event("e1", None)], &wordings, Edition::Internal, &TimeZone::UTC, Lang::RU, format);
        let (mut rows, faults) = read(&bytes, "table");
        assert!(faults.is_empty() && rows.len() == 1, "{faults:?} {rows:?}");
        rows.remove(0)
    });
    assert_eq!(row, other);
    for (column, text) in typed {
        row.cells.insert((*column).to_owned(), (*text).to_owned());
    }
    row
}

#[test]
fn what_was_typed_is_taken_and_nothing_else_changes() {
    let was = says("", "Суд");
    let check = |typed: &[(&str, &str)], expect: Ruling| assert_eq!(back(&was, typed).rule(&was), expect, "{typed:?}");
    check(&[], Ruling::Same);
    check(&[("headline_kk", "  Сот \n болды ")], Ruling::Says(says("Сот болды", "Суд")));
    check(&[("headline_ru", "Суд идёт")], Ruling::Says(says("", "Суд идёт")));
    check(&[("headline_ru", "")], Ruling::Same);
    check(&[("headline_ru", "-")], Ruling::Says(says("", "")));
    check(&[("headline_kk", "-")], Ruling::Same);
    check(
        &[("highlight", "Да"), ("order", "2")],
        Ruling::Says(Wording { highlight: true, order: Some(2), ..was.clone() }),
    );
    check(
        &[("summary_en", "=1+1")],
        Ruling::Says(Wording { summary: [(Lang::EN, "=1+1".to_owned())].into(), ..was.clone() }),
    );
    assert!(matches!(back(&was, &[("order", "second")]).rule(&was), Ruling::Wrong(_)));
    assert!(matches!(back(&was, &[("headline_kk", &"а".repeat(301))]).rule(&was), Ruling::Wrong(_)));
}

#[test]
fn a_cell_that_two_people_changed_is_a_conflict() {
    let (was, now) = (says("", "Суд"), says("", "Суд отложен"));
    assert_eq!(back(&was, &[]).rule(&now), Ruling::Same, "who touched nothing takes nothing back");
    assert_eq!(back(&was, &[("headline_kk", "Сот")]).rule(&now), Ruling::Says(says("Сот", "Суд отложен")));
    assert!(matches!(back(&was, &[("headline_ru", "Суд идёт")]).rule(&now), Ruling::Conflict(_)));
    assert_eq!(back(&was, &[("headline_ru", "Суд отложен")]).rule(&now), Ruling::Same);
    let mut bare = back(&was, &[("headline_ru", "Суд идёт"), ("headline_kk", "Сот")]);
    bare.seen.clear();
    assert!(matches!(bare.rule(&was), Ruling::Conflict(_)), "without its marks nothing that stands is replaced");
    bare.cells.remove("headline_ru");
    assert_eq!(bare.rule(&was), Ruling::Says(says("Сот", "Суд")));
}

#[test]
fn a_table_holds_what_its_edition_shows() {
    let mut hidden = event("e2", Some("CANARYINTERNAL"));
    hidden.card.secrecy = Some("internal".to_owned());
    let mut counted = event("e3", Some("CANARYCOUNTED"));
    counted.card.secrecy = Some("counted_only".to_owned());
    let mut unnamed = event("e4", Some("Канарейкину вызвали"));
    unnamed.card.secrecy = Some("no_names".to_owned());
    unnamed.card.targets = vec![crate::model::Target {
        name: "Жанна Канарейкина".to_owned(),
        role: crate::model::Role::Blogger,
    }];
    unnamed.title = "Канарейкину вызвали в полицию".to_owned();
    let events = [event("e1", Some("ИИН 900101300123")), hidden, counted, unnamed];
    let text = |edition| {
        let bytes = table(&events, &Wordings::default(), edition, &TimeZone::UTC, Lang::RU, TableFormat::Xlsx);
        let mut book = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let names = book.sheet_names();
        let all = names.iter().map(|name| format!("{:?}", book.worksheet_range(name).unwrap()));
        let document = table(&events, &Wordings::default(), edition, &TimeZone::UTC, Lang::RU, TableFormat::Docx);
        let document = crate::digest::tests::parts(&document).concat();
        all.chain([document]).collect::<String>()
    };
    let (inside, outside) = (text(Edition::Internal), text(Edition::Public));
    for canary in ["CANARYINTERNAL", "Канарейкин", "900101300123", "Внутреннее издание"] {
        assert!(inside.contains(canary) && !outside.contains(canary), "{canary}");
    }
    for never in ["CANARYEVIDENCE", "CANARYREVIEWER", "CANARYCOUNTED"] {
        assert!(!inside.contains(never) && !outside.contains(never), "{never}");
    }
}

#[test]
fn what_is_no_table_is_told() {
    let told = |bytes: &[u8]| read(bytes, "t.xlsx").1[0].message.clone();
    assert!(told(b"no zip").contains("no workbook"));
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write_string(0, 0, "note").unwrap();
    assert!(told(&book.save_to_buffer().unwrap()).contains("called id"));
}

#[test]
fn what_is_missing_is_counted_by_language() {
    let wordings = Wordings::from_iter([("e1".to_owned(), says("Сот", "Суд"))]);
    let count = |lang| {
        let events = [event("e1", None), event("e2", None)];
        untranslated(&events, &wordings, Edition::Public, &TimeZone::UTC, &[lang])
    };
    assert_eq!(count(Lang::RU), []);
    assert_eq!(count(Lang::KK), [(Lang::KK, 1)]);
    assert_eq!(count(Lang::EN), [(Lang::EN, 2)]);
}

/// Through Word's cousin and back, as a translator sends it.
#[test]
#[expect(clippy::disallowed_methods, reason = "edge: files for an office program, and that program")]
fn a_document_comes_back_from_an_office_program() {
    use std::process::Command;
    let dir = tempfile::tempdir().unwrap();
    let was =
        Wording { summary: [(Lang::RU, "Суд & «Ә» <1>.".to_owned())].into(), ..says("", "Суд идёт") };
    let wordings = Wordings::from_iter([("e1".to_owned(), was.clone())]);
    let events = [event("e1", None), event("e2", None)];
    let bytes = table(&events, &wordings, Edition::Internal, &TimeZone::UTC, Lang::KK, TableFormat::Docx);
    let (given, saved) = (dir.path().join("table.docx"), dir.path().join("saved"));
    std::fs::write(&given, &bytes).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", dir.path().join("profile").display());
    let office = Command::new("soffice")
        .args([profile.as_str(), "--headless", "--convert-to", "docx:Office Open XML Text", "--outdir"])
        .args([&saved, &given])
        .output();
    let Ok(saved) = std::fs::read(saved.join("table.docx")) else {
        eprintln!("passed over, there is no LibreOffice here: {office:?}");
        return;
    };
    assert_ne!(saved, bytes);
    assert_eq!(read(&saved, "table.docx"), read(&bytes, "table.docx"));
    let mut rows = read(&saved, "table.docx").0;
    assert_eq!((rows[1].line, rows[1].event.as_str()), (4, "e2"));
    let mut row = rows.remove(0);
    assert_eq!(row.rule(&was), Ruling::Same);
    row.cells.insert("headline_kk".to_owned(), "Сот жүріп жатыр".to_owned());
    assert!(matches!(row.rule(&was), Ruling::Says(_)));
}
