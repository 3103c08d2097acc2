//! The report of November 2017 in every language and format: the same totals wherever they stand, and
//! nothing in a public file that must stay inside.

mod printed;

use std::io::Cursor;

use calamine::{Data, Reader as _};
use serde_json::Value;

use super::*;
use crate::digest::figures::tests::Archive;
use crate::digest::figures::tests::november::november_2017;
use crate::digest::tests::parts;

const LANGS: [Lang; 3] = [Lang::KK, Lang::RU, Lang::EN];

fn report(archive: &Archive, state: State) -> Report {
    let period = "2017-11".parse().unwrap();
    let coverage = Coverage { undecided: 4, ..Coverage::default() };
    archive.with(|sources| Report::gather(period, sources, coverage, state, &TimeZone::UTC, House::default()))
}

fn text(report: &Report, lang: Lang, format: &str, edition: Edition) -> String {
    String::from_utf8(render(report, lang, format, edition).unwrap()).unwrap()
}

#[test]
fn totals_are_the_same_wherever_they_stand() {
    let report = report(&november_2017(), State::Signed { by: "А. Редактор".to_owned() });
    for lang in LANGS {
        let json: Value = serde_json::from_str(&text(&report, lang, "json", Edition::Internal)).unwrap();
        let figure = |id: &str| &json["figures"][id];
        assert_eq!(figure("claims_ytd")["value"], 70);
        assert_eq!(figure("claims_ytd")["parts"]["carried_over"], 8);
        assert_eq!(figure("claimed_ytd")["value"], 195_460_000);
        assert_eq!(figure("awarded_ytd")["value"], 54_020_000);
        assert_eq!(figure("awarded_ytd")["unit"], "KZT");
        assert_eq!(
            (&json["complete"], &json["period"], &json["state"]),
            (&true.into(), &"2017-11".into(), &"signed".into())
        );

        let csv = text(&report, lang, "csv", Edition::Internal);
        let mut rows = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        for row in rows.records().map(Result::unwrap).filter(|row| row[5].is_empty()) {
            assert_eq!(row[4], figure(&row[1])["value"].to_string(), "{lang}: {}", &row[1]);
        }

        let bytes = render(&report, lang, "xlsx", Edition::Internal).unwrap();
        let mut book = calamine::Xlsx::new(Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let mut seen = 0;
        for row in sheet.rows().skip(1).filter(|row| row[4] == Data::Empty) {
            let id = row[0].to_string();
            let Data::Float(value) = row[3] else { panic!("{id} is no number: {:?}", row[3]) };
            assert_eq!(Some(value), figure(&id)["value"].as_f64(), "{lang}: {id}");
            seen += 1;
        }
        assert!(seen > 100, "{seen}");
        assert_eq!(book.sheet_names().len(), 5);

        // The same words in the page, the Markdown and the DOCX.
        let printed = printed(&report, lang, Edition::Internal);
        let page = text(&report, lang, "html", Edition::Internal);
        let docx = paper::docx::figures(&render(&report, lang, "docx", Edition::Internal).unwrap()).unwrap();
        assert!(docx.len() >= printed.len());
        for (tag, value) in docx {
            assert_eq!(printed.get(&tag), Some(&value), "{tag}");
            assert!(page.contains(&format!("data-figure=\"{tag}\">{value}<")), "{tag}: {value}");
        }
    }
}

#[test]
fn the_house_form_comes_out_in_three_languages() {
    let report = report(&november_2017(), State::Draft);
    let check = |lang: Lang, expect: &[&str]| {
        let page = text(&report, lang, "md", Edition::Internal);
        for words in expect {
            assert!(page.contains(words), "{lang}: {words}\n{page}");
        }
    };
    check(
        Lang::RU,
        &[
            "**ЧЕРНОВИК**",
            "# Нарушения свободы слова в Казахстане. Ноябрь 2017",
            "начато **2 уголовных дела**",
            "вынесено **5 судебных актов**, в том числе в апелляции — **3**",
            "**195 миллионов 460 тысяч тенге**",
            "**54 миллиона 20 тысяч тенге**",
            "уменьшили присуждённое ранее на 2 миллиона тенге",
            "Ещё проверяются за этот период: 4 сообщения",
            "Сумма требований неизвестна: 1 дело.",
        ],
    );
    check(
        Lang::KK,
        &[
            "**ЖОБА**",
            "# Қазақстандағы сөз бостандығының бұзылуы. 2017 жылғы қараша",
            "**2 қылмыстық іс** басталды",
            "**195 миллион 460 мың теңге**",
        ],
    );
    check(Lang::EN, &["**DRAFT**", "**5 judicial acts** were issued", "**70 letters before action and suits**"]);
    let signed = self::report(&november_2017(), State::Signed { by: "А. Редактор".to_owned() });
    assert!(!text(&signed, Lang::RU, "md", Edition::Internal).contains("ЧЕРНОВИК"));
}

#[test]
fn a_period_that_is_not_over_is_marked_and_never_compared() {
    let mut report = report(&november_2017(), State::Draft);
    report.complete = false;
    report.last_year = None;
    let page = text(&report, Lang::EN, "md", Edition::Internal);
    assert!(page.contains("incomplete") && !page.contains("same period of last year"), "{page}");
}

/// Canaries: what must not leave, planted in events of the period.
#[test]
fn nothing_that_must_stay_inside_leaves() {
    let mut archive = november_2017();
    for row in [
        "2017-11-12 | attack/threat | incident | to=Канарейкина Тайная (journalist) / secrecy=internal / headline=CANARYINTERNAL",
        "2017-11-12 | attack/threat | incident | to=Канарейкина Немая (journalist) / secrecy=counted_only / headline=CANARYCOUNTED / place=Канарейск",
        "2017-11-12 | attack/threat | incident | to=Канарейкина Поздняя (journalist) / secrecy=embargo 2050-01-01 / headline=CANARYEMBARGO",
        "2017-11-12 | attack/threat | incident | to=Канарейкина Безымянная (journalist) / secrecy=no_names / headline=Канарейкиной угрожают / note=CANARYNOTE",
        "2017-11-12 | criminal_prosecution/incitement | investigation | to=Блогер (blogger) / articles=CC 174 / headline=Дело / url=https://canary.example/174",
        "2017-11-12 | attack/threat | incident | to=Бекова (editor) / headline=ИИН 900101300123 опубликован",
    ] {
        archive.enter(row);
    }
    let report = report(&archive, State::Signed { by: "CANARYSIGNER".to_owned() });
    assert_eq!(
        report.figures.value("a_thr_month"),
        3,
        "what is only counted counts; what is internal or under embargo does not"
    );
    for lang in LANGS {
        for format in FORMATS {
            let bytes = render(&report, lang, format, Edition::Public).unwrap();
            for part in parts(&bytes) {
                for canary in ["CANARY", "Канарейк", "canary.example", "900101300123", "A. Reviewer"] {
                    assert!(!part.contains(canary), "{format}.{lang}: {canary}");
                }
            }
        }
    }
    let inside = text(&report, Lang::RU, "md", Edition::Internal);
    assert!(inside.contains("Внутреннее издание") && inside.contains("canary.example"));
}

#[test]
fn an_edited_report_is_checked_in_every_format() {
    use checked::{Differs, Stated, of_tags, of_text, of_values, stated};
    let report = report(&november_2017(), State::Draft);
    let printed = printed(&report, Lang::RU, Edition::Internal);
    let differs = |bytes: &[u8], format: &str| match stated(bytes, format).unwrap() {
        Stated::Tagged(found) => of_tags(&found, &printed),
        Stated::Values(found) => {
            let found: Vec<_> = found.into_iter().map(|(_, id, value)| (id, value)).collect();
            of_values(&found, &report)
        }
        Stated::Text(text) => of_text(&text, &report, Lang::RU, Edition::Internal),
    };
    for format in FORMATS.into_iter().filter(|format| *format != "json") {
        let bytes = render(&report, Lang::RU, format, Edition::Internal).unwrap();
        assert_eq!(differs(&bytes, format), [], "{format}");
    }
    let check = |format: &str, from: &str, to: &str, figure: &str, says: Option<&str>| {
        let page = text(&report, Lang::RU, format, Edition::Internal);
        assert!(page.contains(from), "{format}: {from}");
        let found = differs(page.replacen(from, to, 1).as_bytes(), format);
        let as_told: Vec<_> =
            found.iter().map(|Differs { figure, in_file, .. }| (&**figure, in_file.as_deref())).collect();
        let expect = if figure.is_empty() { Vec::new() } else { vec![(figure, says)] };
        assert_eq!(as_told, expect, "{format}");
    };
    check(
        "md",
        "начато **2 уголовных дела**",
        "начато **3 уголовных дела**",
        "2017-11|ru|criminal_charges_month",
        Some("3 уголовных дела"),
    );
    check(
        "md",
        "в связи с осуществлением права на свободу выражения, получение",
        "за выражение, получение",
        "2017-11|ru|criminal_charges_month",
        None,
    );
    check("md", "# Нарушения свободы слова", "# Свобода слова\n\nНовый абзац.\n\n## Нарушения", "", None);
    check("csv", "2017-11,claims_ytd,", "2017-11,claims_ytd,", "", None);
    check(
        "html",
        "|claims_ytd\">70 ",
        "|claims_ytd\">71 ",
        "2017-11|ru|claims_ytd",
        Some("71 досудебных претензий и исков"),
    );
}

#[test]
fn what_changed_since_is_told() {
    let mut archive = november_2017();
    archive.freeze("2017-11", "2040-02-01");
    let changes_of = |archive: &Archive| archive.with(|sources| changes("2017-11".parse().unwrap(), sources));
    let none = changes_of(&archive);
    assert!(none.events.is_empty() && none.figures.is_empty(), "{none:?}");
    assert!(none.paragraph(Lang::RU).contains("ничего не изменилось"));
    archive.enter(
        "2017-11-12 | attack/threat | incident | to=Бекова (editor) / headline=Редактору угрожают / at=2040-03-01",
    );
    archive.enter("2017-11-08 | criminal_prosecution/extremism_terrorism | investigation | id=N1 / decision=reject / at=2040-03-02");
    let told = changes_of(&archive);
    let kinds: Vec<&str> = told.events.iter().map(|change| change.kind).collect();
    assert!(kinds.contains(&"added") && kinds.contains(&"withdrawn") && kinds.len() == 2, "{told:?}");
    assert!(told.figures.contains(&("criminal_charges_month".to_owned(), 2, 1)), "{told:?}");
    assert!(told.figures.contains(&("a_thr_month".to_owned(), 0, 1)), "{told:?}");
    let paragraph = told.paragraph(Lang::RU);
    assert!(paragraph.contains("опубликовано 2, сейчас известно 1"), "{paragraph}");
    assert!(paragraph.contains("Редактору угрожают (узнано позднее)"), "{paragraph}");
    // And the month itself is as it was.
    assert_eq!(report(&archive, State::Draft).figures.value("criminal_charges_month"), 2);
}

/// A DOCX opens in LibreOffice, which makes a PDF of it with the same figures. `SOZWATCH_KEEP=DIR` keeps every
/// language and format in a folder, to be looked at.
#[test]
#[expect(clippy::disallowed_methods, reason = "edge: files for an office program, and that program")]
fn a_report_opens_in_an_office_program() {
    let report = report(&november_2017(), State::Draft);
    let folder = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("SOZWATCH_KEEP").map(std::path::PathBuf::from);
    let folder = kept.as_deref().unwrap_or(folder.path());
    for lang in LANGS {
        for format in FORMATS {
            let bytes = render(&report, lang, format, Edition::Internal).unwrap();
            std::fs::write(folder.join(file_name(report.period, lang, format)), bytes).unwrap();
        }
    }
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let names = LANGS.map(|lang| file_name(report.period, lang, "docx"));
    let office = std::process::Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "pdf", "--outdir", "."])
        .args(&names)
        .current_dir(folder)
        .output();
    let Ok(office) = office else {
        eprintln!("passed over: LibreOffice (soffice) is not installed");
        return;
    };
    for (lang, words) in [
        (Lang::KK, "195 миллион 460 мың теңге"),
        (Lang::RU, "195 миллионов 460 тысяч тенге"),
        (Lang::EN, "70 letters before action"),
    ] {
        let pdf = folder.join(file_name(report.period, lang, "pdf"));
        let bytes = std::fs::read(&pdf).unwrap_or_else(|error| panic!("{}: {error}: {office:?}", pdf.display()));
        assert!(bytes.starts_with(b"%PDF"), "{}", pdf.display());
        let text = std::process::Command::new("pdftotext").args(["-layout"]).arg(&pdf).arg("-").output();
        let Ok(text) = text else {
            eprintln!("passed over: pdftotext is not installed, the PDF was not read");
            continue;
        };
        let text = String::from_utf8_lossy(&text.stdout);
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain.contains(words), "{lang}: {plain}");
    }
}
