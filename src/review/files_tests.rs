//! Rows through files and back: what spreadsheets, old encodings and hands do to them.

use std::collections::BTreeMap;

use super::card::{self, one_line};
use super::decide::tests::{Archive, NOW, almaty, candidate, file, rejected, taken};
use super::{COLUMNS, Format, Row, Ruling, Shown, Style, decide, parse, print, print_rejected, print_shown, row};
use crate::model::{Decision, Lang, Stage};

#[test]
fn what_was_typed_beside_the_columns_is_kept_in_the_note() {
    let mut archive = Archive::of(&["s1", "s2"]);
    let rulings = archive.import("id,decision,reviewer,note,моё\r\ns1,confirm,A,раз,два\r\ns2,,,,три\r\n".as_bytes());
    assert_eq!(taken(rulings[0].clone()).note.as_deref(), Some("раз\n[моё] два"));
    assert_eq!(rulings[1], Ruling::Blank);
}

#[test]
fn long_cells_are_taken_or_refused_with_the_column() {
    let mut archive = Archive::of(&["s1"]);
    let reason =
        rejected(archive.edit("s1", &[("decision", "reject"), ("reviewer", "A"), ("note", &"ұ".repeat(100_000))]));
    assert!(reason.contains("`note` is longer than 32767"), "{reason}");
    let review = taken(archive.edit("s1", &[("decision", "reject"), ("reviewer", "A"), ("note", &"ұ".repeat(32_767))]));
    assert_eq!(review.note.unwrap().chars().count(), 32_767);
}

#[test]
fn a_file_saved_without_kazakh_letters_is_understood() {
    let mut archive = Archive::of(&["s1"]);
    let mut cells = archive.exported("s1");
    cells.extend([("decision", "қабылдамау".to_owned()), ("reviewer", "A".to_owned())]);
    let text: String = String::from_utf8(file(&[cells])).unwrap();
    let narrowed = |letter: char| {
        let letter = letter.to_string();
        let (bytes, _, lacking) = encoding_rs::WINDOWS_1251.encode(&letter);
        if lacking { vec![b'?'] } else { bytes.into_owned() }
    };
    let bytes: Vec<u8> = text.trim_start_matches('\u{feff}').chars().flat_map(narrowed).collect();
    let review = taken(archive.import(&bytes).remove(0));
    assert_eq!(review.decision, Some(Decision::Reject));
}

#[test]
fn returned_rows_hold_what_was_given_and_can_be_mended() {
    let mut archive = Archive::of(&["s1"]);
    let mut cells = archive.exported("s1");
    cells.extend([
        ("decision", "confirm".to_owned()),
        ("reviewer", "A".to_owned()),
        ("stage", "guilty".to_owned()),
        ("note", "=опасно; \"да\"\nвторая".to_owned()),
    ]);
    for format in [Format::Csv, Format::Jsonl, Format::Xlsx] {
        let (given, _) = parse(&file(std::slice::from_ref(&cells)), Format::Csv);
        let bytes = print_rejected(&[(&given[0], "stage: no".to_owned())], format, Style::default()).unwrap();
        let (back, notices) = parse(&bytes, format);
        assert!(notices.is_empty());
        for column in COLUMNS {
            assert_eq!(back[0].get(column), given[0].get(column), "{column}");
        }
        assert!(format == Format::Xlsx || String::from_utf8(bytes).unwrap().contains("stage: no"));
    }
    let (mut given, _) = parse(&file(&[cells]), Format::Csv);
    rejected(archive.take(&given[0]));
    let style = Style { separator: ';', ..Style::default() };
    let mended =
        String::from_utf8(print_rejected(&[(&given.remove(0), String::new())], Format::Csv, style).unwrap()).unwrap();
    taken(archive.import(mended.replace("guilty", "trial").as_bytes()).remove(0));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 96, ..Default::default() })]

    /// Whatever strangers put into titles, addresses and sentences: a printed row that is read back
    /// holds nothing, and a decision in it is taken with every column as it was.
    #[test]
    fn printed_rows_come_back_unchanged(
        title in "\\PC{0,40}|[\\r\\n\\t;,\"'=+@-]{0,8}.{0,20}",
        source: String,
        url: String,
        sentence in "(?s).{0,60}",
        name: String,
        headline in "(?s).{1,40}",
        format in proptest::sample::select(vec![Format::Csv, Format::Jsonl]),
    ) {
        let mut shown = candidate("s1");
        let judged = shown.judged.as_mut().unwrap();
        judged.story.title = title;
        judged.story.source = Some(source);
        judged.story.url = Some(url);
        judged.verdict.evidence[0].text = sentence;
        judged.verdict.fields.targets = vec![crate::model::Target { name, role: crate::model::Role::Other }];
        let archive = Archive(BTreeMap::from([("s1".to_owned(), shown.clone())]));
        let mut printed = row(&shown, &almaty());
        let ruled = |printed: &Row| {
            let bytes = print(std::slice::from_ref(printed), format).unwrap();
            let (given, notices) = parse(&bytes, format);
            assert!(notices.is_empty() && given.len() == 1);
            decide(&given[0], NOW.parse().unwrap(), &archive)
        };
        proptest::prop_assert_eq!(ruled(&printed), Ruling::Blank);
        printed.decision = "reject".to_owned();
        printed.reviewer = "A".to_owned();
        let review = taken(ruled(&printed));
        proptest::prop_assert_eq!(&review.card, &card::proposed(&shown));
        printed.headline = headline;
        let review = taken(ruled(&printed));
        proptest::prop_assert_eq!(review.card.headline.unwrap_or_default(), one_line(&printed.headline));
    }
}

/// A workbook in each language: every cell that anybody may have touched comes back as it was.
#[test]
fn a_workbook_comes_back_unchanged_in_every_language() {
    let archive = Archive::of(&["s1", "s2"]);
    let zone = almaty();
    for language in [Lang::KK, Lang::RU, Lang::EN] {
        let shown = |row| Shown {
            row,
            fired: vec!["арестовал".to_owned(), "редактора".to_owned()],
            why: "арестовал + редактора".to_owned(),
            ..Shown::default()
        };
        let mut rows: Vec<Shown> = archive.0.values().map(|candidate| shown(row(candidate, &zone))).collect();
        let style = Style { language, ..Style::default() };
        let bytes = print_shown(&rows, Format::Xlsx, style).unwrap();
        assert_eq!(bytes, print_shown(&rows, Format::Xlsx, style).unwrap(), "the same rows give the same bytes");
        let (given, notices) = parse(&bytes, Format::Xlsx);
        assert_eq!((given.len(), notices), (2, Vec::new()));
        for given in &given {
            assert_eq!(decide(given, NOW.parse().unwrap(), &archive), Ruling::Blank, "{given:?}");
        }
        // As a reviewer would leave it, under a name that promises something else.
        rows[0].row.decision = "confirm".to_owned();
        rows[0].row.reviewer = "=Айгүл".to_owned();
        rows[0].row.articles = "CAO 73-3".to_owned();
        let bytes = print_shown(&rows, Format::Xlsx, style).unwrap();
        let (given, _) = parse(&bytes, Format::Csv);
        let review = taken(decide(&given[0], NOW.parse().unwrap(), &archive));
        assert_eq!((review.decision, review.reviewer.as_str()), (Some(Decision::Confirm), "=Айгүл"));
        assert_eq!(review.card.articles.len(), 1);
        assert_eq!(review.card.stage, Some(Stage::Detention));
    }
}

#[test]
fn a_workbook_that_is_none_is_told() {
    let (rows, notices) = parse(b"PK\x03\x04 broken", Format::Xlsx);
    assert!(rows.is_empty() && notices[0].words(Lang::EN).contains("save it anew"), "{notices:?}");
}

#[test]
fn words_of_the_reviewers_language_are_understood_in_a_csv() {
    let archive = Archive::of(&["s1"]);
    let text = "Решение;Проверил;Стадия;Категории;Номер;Редакция\r\n\
                подтвердить;Б.;обвинение;Задержание, арест / домашний арест;s1;0\r\n";
    let (given, _) = parse(text.as_bytes(), Format::Csv);
    let review = taken(decide(&given[0], NOW.parse().unwrap(), &archive));
    assert_eq!(review.card.stage, Some(Stage::Charge));
    assert_eq!(review.card.categories[0].subtype.as_deref(), Some("house_arrest"));
}

#[test]
fn two_events_by_hand_never_share_an_id() {
    let heard = |headline: &str| {
        let cells = [
            ("headline", headline),
            ("source", "по телефону"),
            ("event_date", "2017-11-17"),
            ("categories", "obstruction/summons"),
            ("reviewer", "Айгерим"),
        ];
        file(&[cells.into_iter().map(|(column, text)| (column, text.to_owned())).collect()])
    };
    let (one, two) = (heard("Редактора вызвали"), heard("Блогера вызвали"));
    let usual = taken(Archive::default().import(&one).remove(0)).id;
    // As if both gave the same sixteen digits.
    let mut archive = Archive::default();
    let other = taken(archive.import(&two).remove(0)).id;
    let mut there = archive.0.remove(&other).unwrap();
    there.id.clone_from(&usual);
    there.reviews[0].id.clone_from(&usual);
    archive.0.insert(usual.clone(), there);
    let next = taken(archive.import(&one).remove(0)).id;
    assert!(next.starts_with('h') && next.len() == usual.len() && next != usual, "{next}");
    // The same row again is known by its content, under the id that it was given.
    assert_eq!(archive.import(&one), [Ruling::Already(next.clone())]);
    let headlines: Vec<_> = archive.events().into_iter().filter_map(|event| event.card.headline).collect();
    assert_eq!(headlines.len(), 2, "{headlines:?}");
    // Words that were erased are not compared: what is entered again is what it was.
    let mut erased = Archive(BTreeMap::from([(usual.clone(), archive.0[&usual].clone())]));
    erased.0.get_mut(&usual).unwrap().reviews[0].fingerprint.clear();
    assert_eq!(taken(erased.import(&one).remove(0)).id, usual);
}
