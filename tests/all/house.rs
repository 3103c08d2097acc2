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

const FORM: &str = "{{ letterhead[0] }}\n# Вестник: {{ period }}\n\n{{ days }}\n\nВот **неделя**.\n\n{{ section(\"coverage\") }}\n\
                    {{ section(\"events\") }}\n{% for line in contacts %}> {{ line }}\n{% endfor %}";

#[test]
fn the_house_form_is_a_template_and_a_broken_one_signs_nothing() {
    let folder = workspace(
        "digest.form = \"form.txt\"\ndigest.letterhead = [\"Фонд «Выдумка» & Ко\"]\ndigest.contacts = [\"desk@fund.example\"]\n",
    );
    let folder = folder.path();
    std::fs::write(folder.join("form.txt"), FORM).unwrap();
    let write = |more: &[&str]| {
        let all = [&["digest", "--week", "2017-W46", "--lang", "ru", "--out", "out", "--format", "md,html,docx"], more];
        sozwatch(folder, &all.concat())
    };
    write(&[]).expect(0);
    let (text, html) = (page(folder, "digest-2017-W46.ru.md"), page(folder, "digest-2017-W46.ru.html"));
    for words in ["Вестник: неделя 2017-W46", "Вот **неделя**", "## Охват", "## События недели"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.find("## Охват") < text.find("## События недели"), "{text}");
    assert!(html.contains("Фонд «Выдумка» &amp; Ко") && html.contains("Вот <strong>неделя</strong>"), "{html}");
    assert!(text.contains(r"desk\@fund.example") && html.contains("desk@fund.example"));
    assert!(text.contains("ЧЕРНОВИК") && html.contains("ЧЕРНОВИК"), "no form takes the mark away");

    std::fs::write(folder.join("form.txt"), "# {{ title }}\n\n{{ headlines }}\n").unwrap();
    let told = write(&[]).expect(0);
    assert!(told.err.contains("form.txt:3: ") && told.err.contains("shipped form"), "{}", told.err);
    assert!(page(folder, "digest-2017-W46.ru.md").contains("# Свобода слова: обзор недели"));
    let refused = write(&["--state", "signed", "--by", "А. Ким"]).expect(1);
    assert!(refused.err.contains("nothing was signed"), "{}", refused.err);
}

#[test]
fn a_file_that_somebody_edited_is_never_overwritten() {
    let folder = workspace("");
    let folder = folder.path();
    const FORMATS: [&str; 6] = ["md", "html", "csv", "json", "xlsx", "docx"];
    let write = || {
        let formats = FORMATS.join(",");
        sozwatch(folder, &["digest", "--week", "2017-W46", "--lang", "ru", "--out", "out", "--format", &formats])
            .expect(0);
        sozwatch(folder, &["report", "--month", "2017-11", "--lang", "ru", "--out", "out", "--format", &formats])
            .expect(0);
    };
    write();
    let names = |kind: &str, new: &str| FORMATS.map(|format| format!("out/{kind}.ru{new}.{format}"));
    for file in [names("digest-2017-W46", ""), names("report-2017-11", "")].concat() {
        std::fs::write(folder.join(file), "edited").unwrap();
    }
    write();
    for kind in ["digest-2017-W46", "report-2017-11"] {
        for (file, new) in names(kind, "").into_iter().zip(names(kind, ".new")) {
            assert_eq!(std::fs::read_to_string(folder.join(&file)).unwrap(), "edited", "{file}");
            assert!(std::fs::read(folder.join(&new)).unwrap().len() > 20, "{new}");
        }
    }
}

/// A mail server on loopback that takes one mail; gives its port and, in the end, what it was told.
fn mail_server() -> (u16, std::thread::JoinHandle<Vec<String>>) {
    mail_server_at("127.0.0.1:0")
}

fn mail_server_at(address: &str) -> (u16, std::thread::JoinHandle<Vec<String>>) {
    use std::io::{BufRead as _, BufReader, Write as _};
    let listener = std::net::TcpListener::bind(address).unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let reply = |line: &str| (&stream).write_all(format!("{line}\r\n").as_bytes()).unwrap();
        reply("220 mail.example ESMTP");
        let (mut told, mut in_data) = (Vec::new(), false);
        for line in BufReader::new(&stream).lines() {
            let line = line.unwrap();
            told.push(line.clone());
            match line.split(' ').next().unwrap_or_default() {
                "." => (in_data, _) = (false, reply("250 taken")),
                _ if in_data => {}
                "DATA" => (in_data, _) = (true, reply("354 go on")),
                "QUIT" => return told,
                _ => reply("250 ok"),
            }
        }
        told
    });
    (port, serving)
}

#[test]
fn only_a_signed_public_digest_is_sent_and_once() {
    let (port, serving) = mail_server();
    let folder = workspace(&format!(
        "[mail]\nserver = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nfrom = \"desk@fund.example\"\nto = [\"desk@fund.example\"]\n\
         readers = {{ ru = \"readers.txt\" }}\n"
    ));
    let folder = folder.path();
    let write = |more: &[&str]| {
        let all = [&["digest", "--week", "2017-W46", "--lang", "ru", "--out", "out", "--format", "html,md"], more];
        sozwatch(folder, &all.concat())
    };
    let refused = |words: &str| {
        let told = write(&["--send", "--by", "А. Ким"]).expect(1).err;
        assert!(told.contains(words), "{words}: {told}");
    };
    std::fs::write(folder.join("readers.txt"), "dana@reader.example\naset@\n").unwrap();
    refused("readers.txt:2: ");
    std::fs::write(folder.join("readers.txt"), "dana@reader.example\naset@reader.example\n").unwrap();
    refused("is not signed");
    write(&["--state", "signed", "--by", "А. Ким"]).expect(0);
    refused("is the internal edition");
    write(&["--public", "--state", "signed", "--by", "А. Ким"]).expect(0);
    let whole = page(folder, "digest-2017-W46.ru.html");
    std::fs::write(folder.join("out/digest-2017-W46.ru.html"), whole.replace("Дело", "Тело")).unwrap();
    refused("is not what was signed");
    std::fs::write(folder.join("out/digest-2017-W46.ru.html"), &whole).unwrap();
    write(&["--send"]).expect(2);
    let sent = write(&["--send", "--by", "А. Ким"]).expect(0).out;
    assert!(sent.contains("2017-W46 in ru to 2 readers"), "{sent}");
    let told = serving.join().unwrap();
    assert!(told.iter().any(|line| line.starts_with("RCPT TO:<aset@reader.example>")), "{told:?}");
    let data = told.iter().position(|line| line == "DATA").unwrap();
    assert!(!told[data..].iter().any(|line| line.contains("reader.example")), "{told:?}");
    refused("was sent by А. Ким");
    sozwatch(folder, &["verify"]).expect(0);
}

#[test]
fn a_sending_that_stopped_goes_on_to_those_who_have_nothing() {
    let (port, serving) = mail_server();
    let folder = workspace(&format!(
        "[mail]\nserver = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nfrom = \"desk@fund.example\"\nto = [\"desk@fund.example\"]\n\
         readers = {{ kk = \"kk.txt\", ru = \"ru.txt\" }}\n"
    ));
    let folder = folder.path();
    let readers: Vec<String> = (0..60).map(|number| format!("reader{number}@reader.example")).collect();
    std::fs::write(folder.join("kk.txt"), readers.join("\n")).unwrap();
    std::fs::write(folder.join("ru.txt"), "dana@reader.example\n").unwrap();
    let write = |more: &[&str]| {
        let all = [&["digest", "--week", "2017-W46", "--lang", "kk,ru", "--out", "out", "--format", "html"], more];
        sozwatch(folder, &all.concat())
    };
    write(&["--public", "--state", "signed", "--by", "А. Ким"]).expect(0);
    // The server takes the first fifty, and is gone.
    let told = write(&["--send", "--by", "А. Ким"]).expect(1).err;
    assert!(told.contains("50 of 60 readers in kk were sent it"), "{told}");
    assert_eq!(serving.join().unwrap().iter().filter(|line| line.starts_with("RCPT TO")).count(), 51);
    let listed = std::fs::read_dir(folder.join("store")).unwrap().map(|file| file.unwrap().path());
    let noted = listed.into_iter().find(|path| path.to_string_lossy().contains("sending-")).unwrap();
    assert!(!std::fs::read_to_string(&noted).unwrap().contains("reader0"), "no address is kept");
    // It is back for the ten that are missing, and gone again before the other language.
    let (_, serving) = mail_server_at(&format!("127.0.0.1:{port}"));
    write(&["--send", "--by", "А. Ким"]).expect(1);
    let told = serving.join().unwrap();
    let to = |address: &str| told.iter().any(|line| *line == format!("RCPT TO:<{address}>"));
    assert!(
        !to("reader49@reader.example") && to("reader50@reader.example") && to("reader59@reader.example"),
        "{told:?}"
    );
    assert!(!noted.exists());
    let (_, serving) = mail_server_at(&format!("127.0.0.1:{port}"));
    let sent = write(&["--send", "--by", "А. Ким"]).expect(0).out;
    assert_eq!(sent.trim(), "sent     2017-W46 in ru to 1 readers");
    assert!(serving.join().unwrap().iter().any(|line| line == "RCPT TO:<dana@reader.example>"));
    let told = write(&["--send", "--by", "А. Ким"]).expect(1).err;
    assert!(told.contains("was sent by А. Ким"), "{told}");
}
