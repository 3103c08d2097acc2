//! Events that the house heard of itself: the further columns, out and back in every format.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::*;
use crate::model::{Attachment, Candidate, Lang, SourceKind, VerifiedBy};

/// What was decided, and the files that lie beside the queue file.
#[derive(Default)]
struct House {
    rows: BTreeMap<String, Candidate>,
    files: BTreeMap<&'static str, &'static str>,
}

impl Known for House {
    fn candidate(&self, id: &str) -> Option<Candidate> {
        self.rows.get(id).cloned()
    }

    fn exists(&self, id: &str) -> bool {
        self.rows.contains_key(id)
    }

    fn attachment(&self, name: &str) -> Result<Attachment, Unattached> {
        let bytes = self.files.get(name).ok_or(Unattached::Missing)?;
        Ok(Attachment { name: name.to_owned(), sha256: format!("hash of {bytes}"), bytes: 1, public: None })
    }

    fn taken_before(&self, fingerprint: &str) -> bool {
        self.rows.values().any(|row| standing(row, fingerprint).is_some())
    }
}

impl House {
    fn with(files: &[(&'static str, &'static str)]) -> Self {
        Self { files: files.iter().copied().collect(), ..Self::default() }
    }

    fn import(&mut self, bytes: &[u8], format: Format) -> Vec<Ruling> {
        let (given, notices) = parse(bytes, format);
        assert!(notices.is_empty(), "{notices:?}");
        given.iter().map(|row| self.take(row)).collect()
    }

    fn take(&mut self, row: &Given) -> Ruling {
        let ruling = decide(row, "2017-11-20T05:00:00Z".parse().unwrap(), self);
        if let Ruling::Take(review) = &ruling {
            let new = || Candidate { id: review.id.clone(), judged: None, also: Vec::new(), reviews: Vec::new() };
            self.rows.entry(review.id.clone()).or_insert_with(new).reviews.push((**review).clone());
        }
        ruling
    }

    fn only(&self) -> &Candidate {
        assert_eq!(self.rows.len(), 1);
        self.rows.values().next().unwrap()
    }
}

const CARD: [(&str, &str); 9] = [
    ("reviewer", "А. Ким"),
    ("headline", "Журналиста не пустили на заседание"),
    ("source", "корреспондент в Таразе; очевидец"),
    ("event_date", "2017-11-15"),
    ("categories", "obstruction/access_denied"),
    ("country", "KZ"),
    ("source_kind", "phone"),
    ("verified_by", "two_independent"),
    ("attachments", "scan.jpg; папка/снимок.png"),
];

/// The card with some cells typed over.
fn card(changes: &[(&str, &str)]) -> Row {
    let mut row = Row::default();
    for (column, text) in CARD.iter().chain(changes) {
        row.set(column, text);
    }
    row
}

fn files() -> House {
    House::with(&[("scan.jpg", "one"), ("папка/снимок.png", "two")])
}

fn refused(row: &Row) -> String {
    let ruling = files().import(&print(std::slice::from_ref(row), Format::Jsonl).unwrap(), Format::Jsonl).remove(0);
    let Ruling::Reject(refusal) = ruling else { panic!("{ruling:?}") };
    for lang in [Lang::KK, Lang::RU] {
        assert!(!refusal.words(lang).contains('{'), "{}", refusal.words(lang));
    }
    refusal.to_string()
}

#[test]
fn a_card_goes_out_and_comes_back_in_every_format() {
    for format in [Format::Csv, Format::Xlsx, Format::Jsonl] {
        let mut house = files();
        let rulings = house.import(&print(&[card(&[])], format).unwrap(), format);
        assert!(matches!(rulings.as_slice(), [Ruling::Take(_)]), "{format:?} {rulings:?}");
        let origin = house.only().reviews[0].by_hand.clone().unwrap();
        assert_eq!(
            (origin.source_kind, origin.verified_by),
            (Some(SourceKind::Phone), Some(VerifiedBy::TwoIndependent))
        );
        let attached: Vec<_> = origin.attachments.iter().map(|of| (of.name.as_str(), of.sha256.as_str())).collect();
        assert_eq!(attached, [("scan.jpg", "hash of one"), ("папка/снимок.png", "hash of two")]);
        assert_eq!(events(house.only())[0].origin, Some(origin));
        // Exported as it was decided, and saved without a change.
        let printed = print(&rows(house.only(), &TimeZone::UTC), format).unwrap();
        house.files.clear();
        assert!(matches!(house.import(&printed, format).as_slice(), [Ruling::Already(_)]), "{format:?}");
        let shown = Shown { row: row(house.only(), &TimeZone::UTC), ..Shown::default() };
        for language in [Lang::KK, Lang::RU, Lang::EN] {
            let book = print_shown(std::slice::from_ref(&shown), Format::Xlsx, Style { language, ..Style::default() });
            assert!(
                matches!(house.import(&book.unwrap(), Format::Xlsx).as_slice(), [Ruling::Already(_)]),
                "{language}"
            );
        }
    }
}

#[test]
fn the_same_card_again_needs_no_file_and_gives_no_second_event() {
    let mut house = files();
    let file = print(&[card(&[])], Format::Csv).unwrap();
    house.import(&file, Format::Csv);
    house.files.clear();
    assert!(matches!(house.import(&file, Format::Csv).as_slice(), [Ruling::Already(_)]));
    assert_eq!(house.rows.len(), 1);
}

#[test]
fn a_file_is_added_later_and_what_was_taken_stays_as_it_was() {
    let mut house = files();
    house.import(&print(&[card(&[])], Format::Csv).unwrap(), Format::Csv);
    house.files = BTreeMap::from([("scan.jpg", "changed since"), ("new.pdf", "three")]);
    let mut row = row(house.only(), &TimeZone::UTC);
    row.attachments = "scan.jpg; new.pdf".to_owned();
    assert!(matches!(house.import(&print(&[row], Format::Csv).unwrap(), Format::Csv).as_slice(), [Ruling::Take(_)]));
    let origin = events(house.only())[0].origin.clone().unwrap();
    let attached: Vec<_> = origin.attachments.iter().map(|of| of.sha256.as_str()).collect();
    assert_eq!(attached, ["hash of one", "hash of three"]);
}

#[test]
fn two_sources_are_named_and_a_bad_card_goes_back() {
    let check = |changes: &[(&str, &str)], words: &str| {
        let told = refused(&card(changes));
        assert!(told.contains(words), "{told}");
    };
    check(&[("source", "корреспондент")], "reprints is no second source");
    check(&[("source", "Корреспондент; корреспондент")], "name both independent sources");
    check(&[("source_kind", "rumour")], "use one of correspondent, phone, document, social_post, press");
    check(&[("verified_by", "three")], "use one of one_source, two_independent, document");
    check(&[("attachments", "absent.jpg")], "attachments: there is no file `absent.jpg`");
    let many: Vec<String> = (0..21).map(|n| format!("{n}.jpg")).collect();
    check(&[("attachments", &many.join(";"))], "a row takes no more than 20");
    let mut house = files();
    let one = card(&[("source", "корреспондент"), ("verified_by", "один источник"), ("attachments", "")]);
    assert!(matches!(house.import(&print(&[one], Format::Csv).unwrap(), Format::Csv).as_slice(), [Ruling::Take(_)]));
}

#[test]
fn a_file_without_cards_has_the_columns_of_the_contract_and_no_more() {
    let plain = card(&[("source_kind", ""), ("verified_by", ""), ("attachments", "")]);
    let csv = String::from_utf8(print(std::slice::from_ref(&plain), Format::Csv).unwrap()).unwrap();
    assert_eq!(csv.lines().next().unwrap().trim_start_matches('\u{feff}'), COLUMNS.join(","));
    let json = String::from_utf8(print(&[plain], Format::Jsonl).unwrap()).unwrap();
    assert!(!json.contains("source_kind") && !json.contains("attachments"));
}

#[test]
fn a_refused_card_comes_back_with_its_further_columns() {
    let file = print(&[card(&[("attachments", "absent.jpg")])], Format::Csv).unwrap();
    let (given, _) = parse(&file, Format::Csv);
    for format in [Format::Csv, Format::Jsonl, Format::Xlsx] {
        let back = print_rejected(&[(&given[0], "why".to_owned())], format, Style::default());
        let (again, _) = parse(&back.unwrap(), format);
        for column in FURTHER {
            assert_eq!(again[0].get(column), given[0].get(column), "{format:?} {column}");
        }
    }
}

#[test]
fn what_is_typed_there_for_a_story_is_kept_in_the_note() {
    let candidate = decide::tests::candidate("s1");
    let mut house = House { rows: BTreeMap::from([("s1".to_owned(), candidate.clone())]), ..House::default() };
    let mut row = row(&candidate, &TimeZone::UTC);
    for (column, text) in [("decision", "confirm"), ("reviewer", "А. Ким"), ("verified_by", "document")] {
        row.set(column, text);
    }
    let ruling = house.import(&print(&[row], Format::Csv).unwrap(), Format::Csv).remove(0);
    let Ruling::Take(review) = ruling else { panic!("{ruling:?}") };
    assert_eq!((review.note.as_deref(), &review.by_hand), (Some("[verified_by] document"), &None));
}

#[test]
fn a_second_sheet_that_is_none_of_ours_is_passed_over() {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (at, columns) in [COLUMNS, COLUMNS].iter().enumerate() {
        let sheet = book.add_worksheet();
        for (column, name) in (0_u16..).zip(columns.iter()) {
            sheet.write_string(0, column, *name).unwrap();
            sheet.write_string(1, column, if *name == "note" { format!("sheet {at}") } else { String::new() }).unwrap();
        }
    }
    let (given, _) = parse(&book.save_to_buffer().unwrap(), Format::Xlsx);
    assert_eq!(given.iter().map(|row| row.get("note").unwrap()).collect::<Vec<_>>(), ["sheet 0"]);
}

/// A candidate of an administrative arrest whose text names a term of days.
fn arrested(days: Option<u16>) -> House {
    let mut candidate = decide::tests::candidate("s1");
    let verdict = &mut candidate.judged.as_mut().unwrap().verdict;
    verdict.categories[0].subtype = Some("administrative_arrest".to_owned());
    verdict.fields.sanction_days = days;
    House { rows: BTreeMap::from([("s1".to_owned(), candidate)]), ..House::default() }
}

/// The days that stand after the row of the only candidate came back, some of its cells changed.
fn days_after(house: &mut House, changes: &[(&str, &str)], format: Format) -> Option<u16> {
    let mut row = row(house.only(), &TimeZone::UTC);
    for (column, text) in [("decision", "confirm"), ("reviewer", "А. Ким")].iter().chain(changes) {
        row.set(column, text);
    }
    let ruling = house.import(&print(&[row], format).unwrap(), format).remove(0);
    let Ruling::Take(review) = ruling else { panic!("{ruling:?}") };
    review.card.arrest_days
}

#[test]
fn days_of_arrest_are_proposed_and_count_once_a_reviewer_saw_them() {
    for format in [Format::Csv, Format::Jsonl, Format::Xlsx] {
        let mut house = arrested(Some(15));
        assert_eq!(row(house.only(), &TimeZone::UTC).arrest_days, "15");
        assert_eq!(days_after(&mut house, &[], format), Some(15), "{format:?}");
        assert_eq!(days_after(&mut arrested(Some(15)), &[("arrest_days", "10 суток")], format), Some(10));
        assert_eq!(days_after(&mut arrested(Some(15)), &[("arrest_days", " ")], format), None);
    }
    // Read from a text on something that is no arrest of days.
    let mut remand = arrested(Some(15));
    let judged = remand.rows.get_mut("s1").unwrap().judged.as_mut().unwrap();
    judged.verdict.categories[0].subtype = Some("remand".to_owned());
    assert_eq!(row(remand.only(), &TimeZone::UTC).arrest_days, "");
}

#[test]
fn days_that_a_file_does_not_show_are_not_confirmed() {
    let mut house = arrested(Some(15));
    let mut row = row(house.only(), &TimeZone::UTC);
    (row.decision, row.reviewer) = ("confirm".to_owned(), "А. Ким".to_owned());
    row.arrest_days.clear();
    // As a file was printed before there was the column.
    let old = print(&[row], Format::Csv).unwrap();
    assert!(!String::from_utf8_lossy(&old).contains("arrest_days"));
    let Ruling::Take(review) = house.import(&old, Format::Csv).remove(0) else { panic!("it is taken") };
    assert_eq!(review.card.arrest_days, None);
    // What was confirmed once stays, whatever a later file lacks.
    let mut house = arrested(None);
    assert_eq!(days_after(&mut house, &[("arrest_days", "7")], Format::Csv), Some(7));
    let mut row = super::row(house.only(), &TimeZone::UTC);
    assert_eq!(row.arrest_days, "7");
    row.arrest_days.clear();
    row.place = "Астана".to_owned();
    let Ruling::Take(review) = house.import(&print(&[row], Format::Csv).unwrap(), Format::Csv).remove(0) else {
        panic!("it is taken")
    };
    assert_eq!((review.card.arrest_days, review.card.place.as_deref()), (Some(7), Some("Астана")));
}

#[test]
fn what_is_no_number_of_days_comes_back() {
    for text in ["fifteen", "0", "-3", "400", "2 года"] {
        let mut house = arrested(None);
        let mut row = row(house.only(), &TimeZone::UTC);
        (row.decision, row.reviewer) = ("confirm".to_owned(), "А. Ким".to_owned());
        row.arrest_days = text.to_owned();
        let ruling = house.import(&print(&[row], Format::Csv).unwrap(), Format::Csv).remove(0);
        assert!(matches!(ruling, Ruling::Reject(_)), "{text}: {ruling:?}");
    }
}
