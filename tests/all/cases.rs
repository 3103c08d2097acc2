//! Cases and the reviewers' workbook, as a user meets them: stories of one matter in three languages, the file
//! through LibreOffice and back, cases merged and split, a file taken back, a quiet story brought in.

use std::path::Path;
use std::process::Command;

use crate::workspace::{rows, sozwatch, write_rows};

const STORIES: &str = r#"
{"id":"a1","url":"https://tau.example/a1","source":"Tau","published":"2026-03-02T10:00:00+05:00","title":"Блогера арестовали на два месяца из-за поста","text":"В Кокшетау суд арестовал на два месяца блогера Ерлана Сапарбека. Его обвиняют в распространении ложной информации (статья 274 УК) из-за поста в Facebook о мусорной свалке.\n\nСапарбек вину не признаёт. Журналисты просят освободить блогера."}
{"id":"a2","url":"https://dala.example/a2","source":"Dala","published":"2026-04-20T10:00:00+05:00","title":"Көкшетауда блогер сотталды","text":"Көкшетау қалалық соты блогер Ерлан Сапарбекті жалған ақпарат таратқаны үшін (ҚК 274-бап) екі жылға бас бостандығынан айырды.\n\nБлогер Сапарбек Facebook-тегі жазбасы үшін айыпталған. Ол кінәсін мойындамады."}
{"id":"a3","url":"https://steppe.example/a3","source":"Steppe","published":"2026-06-11T10:00:00+05:00","title":"Kazakh Court Upholds Sentence of Blogger","text":"A regional court in northern Kazakhstan upheld the two-year prison sentence of blogger Yerlan Saparbek for spreading false information in a Facebook post under Article 274 of the Criminal Code.\n\nSaparbek said he would go to the Supreme Court."}
{"id":"a4","url":"https://tau.example/a4","source":"Tau","published":"2026-03-03T10:00:00+05:00","title":"Активиста оштрафовали за репост","text":"В Кокшетау суд оштрафовал активиста Дамира Ашимбая за репост в Facebook: его признали виновным в распространении ложной информации (статья 456-2 КоАП).\n\nАшимбай намерен обжаловать решение."}
{"id":"a5","url":"https://tau.example/a5","source":"Tau","published":"2026-03-03T10:00:00+05:00","title":"В Кокшетау открыли школу","text":"В Кокшетау открыли новую школу на шестьсот мест. На церемонии выступил её директор. Учеников ждут первого сентября, сообщили в акимате."}
"#;

/// A workspace with these stories kept; `more` goes into the configuration.
fn workspace(more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), more).unwrap();
    std::fs::write(folder.path().join("stories.jsonl"), STORIES.trim_start()).unwrap();
    sozwatch(folder.path(), &["import", "stories.jsonl"]).expect(0);
    folder
}

fn decide(folder: &Path, changes: &[(&str, &[(&str, &str)])]) -> String {
    sozwatch(folder, &["queue", "export", "--out", "all.csv"]).expect(0);
    let mut given = rows(&folder.join("all.csv"));
    given.retain(|row| changes.iter().any(|(url, _)| row["url"].ends_with(url)));
    for row in &mut given {
        let (_, cells) = changes.iter().find(|(url, _)| row["url"].ends_with(url)).unwrap();
        for (column, text) in *cells {
            row.insert((*column).to_owned(), (*text).to_owned());
        }
    }
    write_rows(&folder.join("given.csv"), &given);
    sozwatch(folder, &["queue", "import", "given.csv"]).expect(0).out
}

#[test]
fn one_matter_in_three_languages_is_one_case() {
    let folder = workspace("");
    let folder = folder.path();
    sozwatch(folder, &["queue", "export"]).expect(0);
    let queue = rows(&folder.join("queue.csv"));
    let case = |url: &str| queue.iter().find(|row| row["url"].ends_with(url)).unwrap()["case"].clone();
    assert!(case("/a1").is_empty() && case("/a4").is_empty(), "{queue:?}");
    assert!(!case("/a2").is_empty());
    assert_eq!(case("/a2"), case("/a3"));
    assert!(queue[0]["url"].ends_with("/a3") || queue[0]["url"].ends_with("/a1"), "who is held comes first");

    let confirm: &[(&str, &str)] = &[("decision", "confirm"), ("reviewer", "А. Ким")];
    decide(folder, &[("/a1", confirm), ("/a2", confirm), ("/a3", confirm), ("/a4", confirm)]);
    let list = sozwatch(folder, &["case", "list", "--format", "json"]).expect(0).json();
    assert_eq!(list.len(), 2, "{list:?}");
    let long = list.iter().find(|case| case["events"].as_array().unwrap().len() == 3).expect("three events");
    let (id, other) = (long["id"].as_str().unwrap(), list.iter().find(|case| case["id"] != long["id"]).unwrap());
    let other = other["id"].as_str().unwrap();
    assert_eq!(id, case("/a2"));

    // Two cases become one; the id that went still leads there, and the act can be taken back.
    sozwatch(folder, &["case", "merge", id, other, "--by", "А. Ким"]).expect(0);
    let shown = &sozwatch(folder, &["case", "show", other, "--format", "json"]).expect(0).json()[0];
    assert_eq!((shown["id"].as_str(), shown["events"].as_array().unwrap().len()), (Some(id), 4));
    assert_eq!(shown["merged"][0], *other);
    sozwatch(folder, &["store", "rebuild"]).expect(0);
    assert_eq!(sozwatch(folder, &["case", "list", "--format", "json"]).expect(0).json().len(), 1);
    sozwatch(folder, &["case", "undo", id]).expect(0);
    assert_eq!(sozwatch(folder, &["case", "list", "--format", "json"]).expect(0).json().len(), 2);

    // One event becomes a case of its own, with an id that was not there before.
    let event = long["events"][0]["id"].as_str().unwrap();
    let split = &sozwatch(folder, &["case", "split", id, event, "--format", "json"]).expect(0).json()[0];
    let new = split["other"].as_str().unwrap();
    assert!(new != id && new != other);
    let of = |case: &str| {
        sozwatch(folder, &["case", "show", case, "--format", "json"]).expect(0).json()[0]["events"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((of(id), of(new)), (2, 1));
    sozwatch(folder, &["case", "court", id, other]).expect(0);
    assert_eq!((of(id), of(other)), (2, 1), "what a court joins changes no count");

    for arguments in [["case", "merge", id, id], ["case", "merge", id, "c0"], ["case", "split", id, "e0"]] {
        sozwatch(folder, &arguments).expect(1);
    }
    sozwatch(folder, &["case", "show", "nobody"]).expect(1);
    sozwatch(folder, &["verify"]).expect(0);
}

#[test]
fn a_file_is_taken_back_and_a_quiet_story_brought_in() {
    let folder = workspace("");
    let folder = folder.path();
    let reject: &[(&str, &str)] = &[("decision", "отклонить"), ("reviewer", "А. Ким")];
    assert!(decide(folder, &[("/a1", reject), ("/a4", reject)]).contains("2 taken"));
    let waiting = || sozwatch(folder, &["queue", "list", "--format", "json"]).expect(0).json().len();
    assert_eq!(waiting(), 2);
    assert!(sozwatch(folder, &["queue", "import", "--undo", "given.csv"]).expect(0).out.contains("2 decisions"));
    assert_eq!(waiting(), 4);
    assert!(sozwatch(folder, &["queue", "import", "--undo", "given.csv"]).expect(0).out.contains("0 decisions"));
    sozwatch(folder, &["queue", "import", "--undo", "other.csv"]).expect(1);
    assert!(
        sozwatch(folder, &["queue", "import", "given.csv"]).expect(0).out.contains("2 taken"),
        "it is decided anew"
    );
    assert_eq!(waiting(), 2);
    assert!(sozwatch(folder, &["queue", "import", "--undo", "given.csv"]).expect(0).out.contains("2 decisions"));
    assert_eq!(waiting(), 4);

    let found = sozwatch(folder, &["search", "школы", "кокшетау", "--format", "json"]).expect(0).json();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["standing"], "quiet");
    let id = found[0]["id"].as_str().unwrap();
    sozwatch(folder, &["queue", "add", id, "--by", "А. Ким"]).expect(0);
    assert_eq!(waiting(), 5);
    assert!(sozwatch(folder, &["queue", "add", id]).expect(0).out.contains("already"));
    sozwatch(folder, &["queue", "add", "s0"]).expect(1);
    let spelled = sozwatch(folder, &["search", "Saparbek", "--format", "json"]).expect(0).json();
    assert_eq!(spelled.len(), 3, "a name in every spelling: {spelled:?}");
    let of_days = |days: &[&str]| {
        let arguments = [&["search", "Saparbek", "--format", "json"], days].concat();
        sozwatch(folder, &arguments).expect(0).json().len()
    };
    assert_eq!(of_days(&["--since", "2026-04-20", "--until", "2026-04-20"]), 1);
    assert_eq!((of_days(&["--since", "2026-06-12"]), of_days(&["--until", "2026-04-19"])), (0, 1));
    sozwatch(folder, &["search", "Saparbek", "--since", "2026-04-20", "--until", "2026-04-19"]).expect(1);
    sozwatch(folder, &["store", "rebuild"]).expect(0);
    assert_eq!(waiting(), 5);
    sozwatch(folder, &["verify"]).expect(0);
}

/// LibreOffice opens files and saves each as another under `saved`; false where none is installed.
fn saved_as(folder: &Path, files: &[String], to: &str, more: &[&str]) -> bool {
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let ran = Command::new("soffice")
        .args([&profile, "--headless", "--norestore"])
        .args(more)
        .args(["--convert-to", to, "--outdir", "saved"])
        .args(files)
        .current_dir(folder)
        .output();
    match ran {
        Ok(ran) => {
            assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
            true
        }
        Err(_) => {
            eprintln!("passed over: LibreOffice (soffice) is not installed");
            false
        }
    }
}

/// A queue that was saved as CSV with semicolons, one row of it decided.
fn decided_in_csv(saved: &str, decision: &str) -> Vec<u8> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').flexible(true).from_reader(saved.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    writer.write_record(&headers).unwrap();
    for record in reader.records() {
        let mut cells: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        if cells[column("url")].ends_with("/a4") {
            cells[column("decision")] = decision.to_owned();
            cells[column("reviewer")] = "Айгүл".to_owned();
            cells[column("articles")] = "CAO 73-3".to_owned();
        }
        writer.write_record(&cells).unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn the_workbook_goes_through_libreoffice_and_back() {
    let desks = [("kk", "растау"), ("ru", "подтвердить"), ("en", "confirm")].map(|(language, decision)| {
        let queue = format!("{language}.xlsx");
        (workspace(&format!("[queue]\npath = \"{queue}\"\nlanguage = \"{language}\"\n")), language, decision)
    });
    for (folder, ..) in &desks {
        sozwatch(folder.path(), &["queue", "export"]).expect(0);
    }
    // LibreOffice is started once for the files of all.
    let office = tempfile::tempdir().unwrap();
    let office = office.path();
    let queues = desks.each_ref().map(|(folder, language, _)| format!("{}/{language}.xlsx", folder.path().display()));
    // Opened and saved, nothing else: nothing is taken, nothing is at fault.
    if !saved_as(office, &queues, "xlsx", &[]) {
        return;
    }
    let saved = |name: &str| office.join("saved").join(name);
    let import = |folder: &Path, file: &Path, more: &[&str]| {
        sozwatch(folder, &[&["queue", "import", file.to_str().unwrap()], more].concat()).expect(0)
    };
    for (folder, language, _) in &desks {
        let same = import(folder.path(), &saved(&format!("{language}.xlsx")), &["--format", "json"]).json();
        assert_eq!((same[0]["taken"].as_u64(), same[0]["unchanged"].as_u64()), (Some(0), Some(4)), "{same:?}");
    }
    // Saved as CSV with semicolons, decided there in the reviewer's words …
    saved_as(office, &queues, "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true", &[]);
    for (_, language, decision) in &desks {
        let text = std::fs::read_to_string(saved(&format!("{language}.csv"))).unwrap();
        std::fs::write(office.join(format!("{language}.decided.csv")), decided_in_csv(&text, decision)).unwrap();
    }
    // … and from there into a workbook that LibreOffice made, every column read as text.
    let as_text = (1..=40).map(|at| format!("{at}/2")).collect::<Vec<_>>().join("/");
    let decided = desks.each_ref().map(|(_, language, _)| format!("{language}.decided.csv"));
    saved_as(office, &decided, "xlsx", &[&format!("--infilter=CSV:59,34,76,1,{as_text}")]);
    for (folder, language, _) in &desks {
        let folder = folder.path();
        let taken = import(folder, &saved(&format!("{language}.decided.xlsx")), &[]);
        assert!(taken.out.contains("1 taken"), "{} {}", taken.out, taken.err);
        let again = import(folder, &office.join(format!("{language}.decided.csv")), &[]);
        assert!(again.out.contains("0 taken"), "{}", again.out);
        let decided = sozwatch(folder, &["queue", "list", "--decided", "--format", "json"]).expect(0).json();
        assert_eq!((decided.len(), decided[0]["articles"].as_str()), (1, Some("CAO 73-3")), "{decided:?}");
        assert_eq!(decided[0]["reviewer"], "Айгүл");
    }
}
