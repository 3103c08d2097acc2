//! What the house writes, as a user meets it: the translator's table out and back, a digest signed and sent, a
//! person erased from the house's own words too.

use std::path::{Path, PathBuf};

use calamine::Reader as _;

use crate::workspace::{sozwatch, write_rows};

/// A workspace with two events of one case entered by hand, told in two weeks.
fn workspace(more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let config = format!("queue.path = \"queue.csv\"\ndigest.languages = [\"kk\", \"ru\", \"en\"]\n{more}");
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    let row = |date: &str, headline: &str, stage: &str, target: &str| {
        let cells = [
            ("decision", "confirm"),
            ("reviewer", "А. Ким"),
            ("headline", headline),
            ("source", "корреспондент"),
            ("event_date", date),
            ("categories", "criminal_prosecution/defamation"),
            ("stage", stage),
            ("targets", target),
            ("place", "Тараз"),
            ("country", "KZ"),
        ];
        cells.into_iter().map(|(column, text)| (column.to_owned(), text.to_owned())).collect()
    };
    write_rows(
        &folder.path().join("hand.csv"),
        &[
            row("2017-11-07", "Редактору предъявили обвинение", "charge", "Марат Выдуманов (editor)"),
            row("2017-11-15", "Дело редактора передали в суд", "trial", "Марат Выдуманов (editor)"),
        ],
    );
    assert!(sozwatch(folder.path(), &["queue", "import", "hand.csv"]).expect(0).out.contains("2 taken"));
    folder
}

fn page(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join("out").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The table with one cell typed over, as a translator saves it.
fn typed(file: &Path, changes: &[(usize, &str, &str)]) -> PathBuf {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(file).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let mut out = rust_xlsxwriter::Workbook::new();
    let into = out.add_worksheet();
    let ids: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    for (row, cells) in (0_u32..).zip(sheet.rows()) {
        for (column, cell) in (0_u16..).zip(cells) {
            let own = changes.iter().find(|(at, id, _)| *at == row as usize && *id == ids[column as usize]);
            into.write_string(row, column, own.map_or_else(|| cell.to_string(), |(_, _, text)| (*text).to_owned()))
                .unwrap();
        }
    }
    let saved = file.with_file_name("back.xlsx");
    out.save(&saved).unwrap();
    saved
}

#[test]
fn the_translators_table_goes_out_and_comes_back() {
    let folder = workspace("");
    let folder = folder.path();
    let digest = |more: &[&str]| {
        let all = [&["digest", "--week", "2017-W46", "--out", "out", "--format", "md,json"], more].concat();
        sozwatch(folder, &all).expect(0)
    };
    let told = digest(&[]);
    assert!(told.err.contains("1 events are not translated into kk"), "{}", told.err);
    let kazakh = page(folder, "digest-2017-W46.kk.md");
    assert!(kazakh.contains("аударылмаған: орыс тілінде") && kazakh.contains("Дело редактора"), "{kazakh}");
    let russian = page(folder, "digest-2017-W46.ru.md");
    assert!(russian.contains("### 15 ноября 2017 г., Марат Выдуманов (Тараз). Дело редактора"), "{russian}");

    let out =
        sozwatch(folder, &["digest", "--week", "2017-W46", "--table", "table.xlsx", "--lang", "kk"]).expect(0).out;
    assert!(out.contains("1 events"), "{out}");
    let back = typed(
        &folder.join("table.xlsx"),
        &[(2, "headline_kk", "Редактордың ісі сотқа берілді"), (2, "summary_kk", "Іс Тараз сотында қаралады.")],
    );
    let back = back.to_str().unwrap();
    sozwatch(folder, &["digest", "--take", back]).expect(2);
    let taken = sozwatch(folder, &["digest", "--take", back, "--by", "Ж. Аудармашы"]).expect(0).out;
    assert!(taken.contains("1 events taken"), "{taken}");
    let again = sozwatch(folder, &["digest", "--take", back, "--by", "Ж. Аудармашы"]).expect(0).out;
    assert!(again.contains("0 events taken, 1 unchanged"), "{again}");

    digest(&[]);
    let kazakh = page(folder, "digest-2017-W46.kk.md");
    assert!(kazakh.contains("Редактордың ісі сотқа берілді") && kazakh.contains("Іс Тараз сотында"), "{kazakh}");
    assert!(!kazakh.contains("аударылмаған"), "{kazakh}");
    assert!(page(folder, "digest-2017-W46.ru.md").contains("Дело редактора"));
    // The act stands in the ledger, its words beside it; the index can be made anew.
    let ledger = std::fs::read_dir(folder.join("store/ledger")).unwrap().flatten().filter(|file| file.path().is_file());
    let acts: String = ledger.map(|file| std::fs::read_to_string(file.path()).unwrap()).collect();
    assert!(acts.contains("\"worded\"") && acts.contains("Ж. Аудармашы"), "{acts}");
    assert!(!acts.contains("сотқа берілді"), "what was written lies sealed: {acts}");
    sozwatch(folder, &["store", "rebuild"]).expect(0);
    sozwatch(folder, &["verify"]).expect(0);
    digest(&[]);
    assert_eq!(page(folder, "digest-2017-W46.kk.md"), kazakh);
}

#[test]
fn what_came_before_in_the_case_is_recalled() {
    let folder = workspace("");
    let folder = folder.path();
    let list = sozwatch(folder, &["case", "list", "--format", "json"]).expect(0).json();
    let id = |at: usize| list[at]["id"].as_str().unwrap().to_owned();
    sozwatch(folder, &["case", "merge", &id(1), &id(0), "--by", "А. Ким"]).expect(0);
    sozwatch(folder, &["digest", "--week", "2017-W46", "--out", "out", "--format", "md,html"]).expect(0);
    let recalled = "Напомним: 7 ноября 2017 г. — Редактору предъявили обвинение.";
    assert!(page(folder, "digest-2017-W46.ru.md").contains(recalled), "{}", page(folder, "digest-2017-W46.ru.md"));
    assert!(page(folder, "digest-2017-W46.ru.html").contains(recalled));
    sozwatch(folder, &["digest", "--week", "2017-W45", "--out", "out", "--format", "md"]).expect(0);
    assert!(!page(folder, "digest-2017-W45.ru.md").contains("Напомним"));
}

#[test]
fn the_houses_words_on_an_erased_person_are_gone() {
    let folder = workspace("");
    let folder = folder.path();
    sozwatch(folder, &["digest", "--week", "2017-W46", "--table", "table.xlsx"]).expect(0);
    let back = typed(&folder.join("table.xlsx"), &[(2, "headline_en", "Editor Vydumanov stands trial")]);
    sozwatch(folder, &["digest", "--take", back.to_str().unwrap(), "--by", "A. Translator"]).expect(0);
    let acts = || {
        let sealed = std::fs::read_dir(folder.join("store/ledger/sealed")).unwrap().flatten();
        sealed.map(|file| std::fs::read_to_string(file.path()).unwrap()).collect::<String>()
    };
    assert!(acts().contains("Vydumanov"));
    let rows = sozwatch(folder, &["queue", "list", "--decided", "--format", "json"]).expect(0).json();
    let row = rows.iter().find(|row| row["headline"].as_str().unwrap().contains("передали")).unwrap();
    sozwatch(folder, &["store", "forget", row["id"].as_str().unwrap(), "--reason", "asked by letter"]).expect(0);
    assert!(!acts().contains("Vydumanov"));
    sozwatch(folder, &["verify"]).expect(0);
    sozwatch(folder, &["digest", "--week", "2017-W46", "--out", "out", "--format", "json"]).expect(0);
    assert!(!page(folder, "digest-2017-W46.en.json").contains("Vydumanov"));
}

#[test]
fn a_digest_is_a_draft_until_somebody_signs_it() {
    let folder = workspace("");
    let folder = folder.path();
    let write = |more: &[&str]| {
        let all = [&["digest", "--week", "2017-W46", "--out", "out", "--format", "md,html,json"], more].concat();
        sozwatch(folder, &all)
    };
    let mark = |draft: bool| {
        for (lang, word) in [("kk", "ЖОБА"), ("ru", "ЧЕРНОВИК"), ("en", "DRAFT")] {
            for format in ["md", "html"] {
                let page = page(folder, &format!("digest-2017-W46.{lang}.{format}"));
                assert_eq!(page.contains(word), draft, "{lang}.{format}");
            }
        }
    };
    write(&[]).expect(0);
    mark(true);
    write(&["--state", "signed"]).expect(2);
    write(&["--state", "checked", "--by", "А. Ким"]).expect(0);
    mark(true);
    let told = write(&["--public", "--state", "signed", "--by", "А. Ким"]).expect(0);
    assert!(told.err.contains("warning: 1 events are not translated into kk"), "{}", told.err);
    mark(false);
    write(&["--public"]).expect(0);
    mark(false);
    assert!(page(folder, "digest-2017-W46.en.json").contains("\"state\": \"signed\""));
}
