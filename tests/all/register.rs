//! The register of names and the cards of events entered by hand, as a user meets them.

use std::collections::BTreeMap;
use std::path::Path;

use crate::workspace::{rows, sozwatch, write_rows};

/// A card: an event that the house heard of itself, with some cells typed over.
fn card(changes: &[(&str, &str)]) -> BTreeMap<String, String> {
    let cells = [
        ("decision", "confirm"),
        ("reviewer", "А. Ким"),
        ("headline", "Блогеру предъявили обвинение"),
        ("source", "корреспондент"),
        ("event_date", "2017-11-15"),
        ("categories", "attack/threat"),
        ("stage", "incident"),
        ("targets", ""),
        ("secrecy", "public"),
        ("place", "Тараз"),
        ("country", "KZ"),
        ("source_kind", ""),
        ("verified_by", ""),
        ("attachments", ""),
    ];
    cells.iter().chain(changes).map(|(column, text)| ((*column).to_owned(), (*text).to_owned())).collect()
}

fn workspace(more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let config = format!("queue.path = \"queue.csv\"\ndigest.languages = [\"kk\", \"ru\", \"en\"]\n{more}");
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    folder
}

fn import(folder: &Path, cards: &[BTreeMap<String, String>]) -> (String, String) {
    write_rows(&folder.join("hand.csv"), cards);
    let ran = sozwatch(folder, &["queue", "import", "hand.csv"]);
    (ran.out, ran.err)
}

fn register(folder: &Path) -> Vec<BTreeMap<String, String>> {
    sozwatch(folder, &["register", "export"]).expect(0);
    rows(&folder.join("register.csv"))
}

/// Types over cells of the row of an id, as an editor saves it.
fn edit(folder: &Path, id: &str, changes: &[(&str, &str)]) {
    let file = folder.join("register.csv");
    let mut all = rows(&file);
    let row = all.iter_mut().find(|row| row["id"] == id).unwrap();
    for (column, text) in changes {
        row.insert((*column).to_owned(), (*text).to_owned());
    }
    write_rows(&file, &all);
}

fn page(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join("out").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn persons(folder: &Path) -> i64 {
    sozwatch(folder, &["report", "--month", "2017-11", "--format", "json", "--lang", "ru", "--out", "out"]).expect(0);
    let report: serde_json::Value = serde_json::from_str(&page(folder, "report-2017-11.ru.json")).unwrap();
    report["figures"]["persons_ytd"]["value"].as_i64().unwrap()
}

#[test]
fn decisions_fill_the_register_and_an_edit_reaches_every_digest() {
    let folder = workspace("");
    let folder = folder.path();
    let cards = [
        card(&[("targets", "Әйгерім Сапарова (blogger); Дала Сөзі (outlet)")]),
        card(&[("targets", "Тобылғы (blogger)"), ("event_date", "2017-11-16"), ("headline", "Угрожали снова")]),
    ];
    assert!(import(folder, &cards).0.contains("2 taken"));
    let filled = register(folder);
    assert_eq!(filled.len(), 3, "{filled:?}");
    let of = |id: &str| filled.iter().find(|row| row["id"] == id).unwrap();
    let (person, outlet) = (of("p1"), of("o1"));
    assert_eq!(
        (person["kk"].as_str(), person["ru"].as_str(), person["missing"].as_str()),
        ("Әйгерім Сапарова", "", "ru, en")
    );
    assert!(person["suggested"].contains("ru: Айгерим Сапарова"), "{person:?}");
    assert_eq!((outlet["kind"].as_str(), outlet["suggested"].as_str()), ("outlet", ""));
    assert_eq!(persons(folder), 2, "nobody has said that the pen name is hers");

    edit(
        folder,
        "p1",
        &[("ru", "Айгерим Сапарова"), ("en", "Aigerim Saparova"), ("others", "Тобылғы"), ("by", "Г. Ли")],
    );
    edit(folder, "p2", &[("kind", "-")]);
    let edited = register(folder);
    assert_eq!((edited.len(), edited[0]["ru"].as_str(), edited[0]["revision"].as_str()), (2, "Айгерим Сапарова", "2"));
    assert_eq!(persons(folder), 1, "one person under all her spellings");
    sozwatch(folder, &["digest", "--week", "2017-W46", "--out", "out", "--format", "md,json,csv"]).expect(0);
    assert!(page(folder, "digest-2017-W46.en.md").contains("15 November 2017, Aigerim Saparova"));
    assert!(page(folder, "digest-2017-W46.ru.md").contains("16 ноября 2017 г., Айгерим Сапарова"));
    assert!(page(folder, "digest-2017-W46.kk.md").contains("Әйгерім Сапарова"));
    let json: serde_json::Value = serde_json::from_str(&page(folder, "digest-2017-W46.en.json")).unwrap();
    assert_eq!(json["events"][1]["who"][0], "Aigerim Saparova");
    let lines = std::fs::read_dir(folder.join("store/ledger")).unwrap().flatten().map(|entry| entry.path());
    let ledger: String =
        lines.filter(|path| path.is_file()).filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    assert!(ledger.contains("\"register\"") && ledger.contains("Г. Ли") && !ledger.contains("Сапарова"), "{ledger}");
    sozwatch(folder, &["verify"]).expect(0);
    let listed = sozwatch(folder, &["register", "list", "--format", "json"]).expect(0).out;
    sozwatch(folder, &["store", "rebuild"]).expect(0);
    assert_eq!(sozwatch(folder, &["register", "list", "--format", "json"]).expect(0).out, listed);
    sozwatch(folder, &["store", "check"]).expect(0);
}

#[test]
fn two_people_of_one_name_are_counted_twice_once_the_register_says_so() {
    let folder = workspace("");
    let folder = folder.path();
    let cards = [
        card(&[("targets", "Айдар Ким (journalist)")]),
        card(&[("targets", "Айдар Ким (journalist)"), ("event_date", "2017-11-16"), ("place", "Орал")]),
    ];
    import(folder, &cards);
    assert_eq!((register(folder).len(), persons(folder)), (1, 1));
    let cases = sozwatch(folder, &["case", "list", "--format", "json"]).expect(0).out;
    let case: serde_json::Value = serde_json::from_str(cases.lines().next().unwrap()).unwrap();
    let mut all = rows(&folder.join("register.csv"));
    let mut namesake = all[0].clone();
    for (column, text) in [("id", ""), ("revision", ""), ("not_same_as", "p1"), ("cases", case["id"].as_str().unwrap())]
    {
        namesake.insert(column.to_owned(), text.to_owned());
    }
    all.push(namesake);
    write_rows(&folder.join("register.csv"), &all);
    assert_eq!((register(folder).len(), persons(folder)), (2, 2));
}

#[test]
fn a_bad_row_is_told_and_the_editors_file_stays() {
    let folder = workspace("");
    let folder = folder.path();
    import(folder, &[card(&[("targets", "Айдар Ким (journalist)")])]);
    register(folder);
    edit(folder, "p1", &[("kind", "chess"), ("note", "не потерять")]);
    let before = std::fs::read(folder.join("register.csv")).unwrap();
    let told = sozwatch(folder, &["register", "export"]).expect(1);
    assert!(told.err.contains("register.csv:2: column kind: `chess` is no kind"), "{}", told.err);
    assert_eq!(std::fs::read(folder.join("register.csv")).unwrap(), before, "nothing typed is lost");
    assert!(folder.join("register.new.csv").exists());
    edit(folder, "p1", &[("kind", "person")]);
    assert_eq!(register(folder)[0]["note"], "не потерять");
    let lock = folder.join(".~lock.register.csv#");
    std::fs::write(&lock, "").unwrap();
    let told = sozwatch(folder, &["register", "export"]).expect(0);
    assert!(told.err.contains("an editor has it open"), "{}", told.err);
}

#[test]
fn a_withheld_name_does_not_come_back_through_the_register() {
    let folder = workspace("");
    let folder = folder.path();
    import(
        folder,
        &[
            card(&[("targets", "Айдана Тестова (blogger)"), ("headline", "Айдана Тестова под стражей")]),
            card(&[
                ("targets", "Айдана Тестова (blogger)"),
                ("headline", "Тобылғы получила угрозы"),
                ("secrecy", "no_names"),
                ("event_date", "2017-11-16"),
            ]),
        ],
    );
    register(folder);
    edit(folder, "p1", &[("others", "Тобылғы"), ("en", "Aidana Testova")]);
    register(folder);
    sozwatch(folder, &["digest", "--week", "2017-W46", "--out", "out", "--public", "--format", "md,html,json,csv"])
        .expect(0);
    for name in ["ru.md", "en.md", "ru.html", "en.json", "en.csv"] {
        let page = page(folder, &format!("digest-2017-W46.{name}"));
        assert!(!page.contains("Тобылғы"), "{name}: {page}");
    }
}

#[test]
fn forgetting_a_person_reaches_the_register_and_the_attachments() {
    let folder = workspace("");
    let folder = folder.path();
    std::fs::write(folder.join("scan.png"), png("SECRET of Testova")).unwrap();
    std::fs::write(folder.join("both.png"), png("of both")).unwrap();
    let cards = [
        card(&[("targets", "Айдана Тестова (blogger)"), ("attachments", "scan.png; both.png")]),
        card(&[("targets", "Айдар Ким (journalist)"), ("event_date", "2017-11-16"), ("attachments", "both.png")]),
    ];
    assert!(import(folder, &cards).0.contains("2 taken"));
    register(folder);
    edit(folder, "p1", &[("others", "Тобылғы")]);
    register(folder);
    let attachments = folder.join("store/archive/attachments");
    let kept = || std::fs::read_dir(&attachments).unwrap().flatten().filter(|entry| entry.path().is_file()).count();
    assert_eq!(kept(), 2);
    let decided = sozwatch(folder, &["queue", "list", "--decided", "--format", "json"]).expect(0).out;
    let of_her = decided.lines().find(|line| line.contains("Тестова")).unwrap();
    let id = serde_json::from_str::<serde_json::Value>(of_her).unwrap()["id"].as_str().unwrap().to_owned();
    let told = sozwatch(folder, &["store", "forget", &id, "--reason", "asked by letter"]).expect(0);
    assert!(told.err.contains("scan.png") || told.out.contains("scan.png"), "{} {}", told.out, told.err);
    assert_eq!(kept(), 1, "what the other card has attached too stays");
    for words in ["Тестова", "Тобылғы"] {
        assert!(!std::fs::read_to_string(folder.join("register.csv")).unwrap().contains(words));
        let mut left = Vec::new();
        files_under(&folder.join("store/ledger"), &mut left);
        assert!(
            left.iter().all(|file| !String::from_utf8_lossy(&std::fs::read(file).unwrap()).contains(words)),
            "{words}"
        );
    }
    sozwatch(folder, &["verify"]).expect(0);
    sozwatch(folder, &["store", "check"]).expect(0);
    let listed = sozwatch(folder, &["register", "list"]).expect(0).out;
    assert!(listed.contains("Айдар Ким") && !listed.contains("Тестова"), "{listed}");
}

fn files_under(folder: &Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => files_under(&path, into),
            path => into.push(path),
        }
    }
}

/// A picture with a text chunk beside it.
fn png(text: &str) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], kind, data, b"sum!"].concat()
    };
    let head = b"\x89PNG\r\n\x1a\n".to_vec();
    let author = format!("Author\0{text}");
    [
        head,
        chunk(b"IHDR", b"13 bytes here"),
        chunk(b"tEXt", author.as_bytes()),
        chunk(b"IDAT", b"picture"),
        chunk(b"IEND", b""),
    ]
    .concat()
}

#[test]
fn a_card_is_kept_verified_and_published_without_its_metadata() {
    let folder = workspace("");
    let folder = folder.path();
    std::fs::create_dir(folder.join("scans")).unwrap();
    std::fs::write(folder.join("scans/screen of Testova.png"), png("SECRET author")).unwrap();
    std::fs::write(folder.join("ruling.pdf"), b"%PDF-1.7 /Author (SECRET)").unwrap();
    let one = card(&[
        ("targets", "Айдар Ким (journalist)"),
        ("source_kind", "phone"),
        ("verified_by", "one_source"),
        ("attachments", "scans\\screen of Testova.png; ruling.pdf"),
    ]);
    let (out, err) = import(folder, std::slice::from_ref(&one));
    assert!(out.contains("1 taken"), "{out} {err}");
    let digest = |more: &[&str]| {
        let all = [&["digest", "--week", "2017-W46", "--out", "out", "--format", "md,html,json"], more].concat();
        sozwatch(folder, &all).expect(0);
        page(folder, "digest-2017-W46.ru.md")
    };
    let internal = digest(&[]);
    assert!(
        internal.contains("по сообщению одного источника") && internal.contains("ruling.pdf (SHA-256"),
        "{internal}"
    );
    let public = digest(&["--public"]);
    assert!(
        public.contains("[приложение 1](<attachments/") && public.contains("Приложений не публикуется"),
        "{public}"
    );
    assert!(!public.contains("ruling") && !public.contains("Testova"), "{public}");
    let published: Vec<_> = std::fs::read_dir(folder.join("out/attachments")).unwrap().flatten().collect();
    assert_eq!(published.len(), 1);
    let copy = std::fs::read(published[0].path()).unwrap();
    assert!(copy.ends_with(b"IENDsum!") && !String::from_utf8_lossy(&copy).contains("SECRET"));
    sozwatch(folder, &["verify"]).expect(0);
    sozwatch(folder, &["export", "--all", "home"]);
    // The same file again changes nothing; another file under its name is told, and what was taken stays.
    std::fs::write(folder.join("ruling.pdf"), b"%PDF-1.7 another").unwrap();
    let (out, err) = import(folder, &[one]);
    assert!(out.contains("0 taken") && err.contains("`ruling.pdf` is another file"), "{out} {err}");
    sozwatch(folder, &["verify"]).expect(0);
    let kept = std::fs::read_dir(folder.join("store/archive/attachments")).unwrap().flatten();
    let pdf =
        kept.map(|entry| entry.path()).find(|path| path.extension().is_some_and(|ending| ending == "pdf")).unwrap();
    std::fs::write(&pdf, "another").unwrap();
    let told = sozwatch(folder, &["verify"]);
    assert!((told.out + &told.err).contains("the attachment `ruling.pdf` was changed"));
}

#[test]
fn what_may_not_be_attached_goes_back_with_the_reason() {
    let folder = workspace("queue.language = \"ru\"\n");
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.txt"), "secret").unwrap();
    let folder = folder.path();
    std::os::unix::fs::symlink(outside.path().join("secret.txt"), folder.join("link.jpg")).unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.join("dir")).unwrap();
    std::fs::write(folder.join("empty.jpg"), "").unwrap();
    let sparse = std::fs::File::create(folder.join("huge.jpg")).unwrap();
    sparse.set_len(1 << 30).unwrap();
    let absolute = outside.path().join("secret.txt").display().to_string();
    for (name, words) in [
        ("../secret.txt", "leads out of the folder"),
        ("a/../../secret.txt", "leads out of the folder"),
        (absolute.as_str(), "leads out of the folder"),
        ("C:\\secret.txt", "leads out of the folder"),
        ("link.jpg", "is a link"),
        ("dir/secret.txt", "is a link"),
        ("absent.jpg", "no file `absent.jpg`"),
        ("empty.jpg", "is empty"),
        ("store", "no plain file"),
        ("huge.jpg", "larger than 25 MiB"),
    ] {
        let (out, err) = import(folder, &[card(&[("attachments", name)])]);
        assert!(out.contains("0 taken") && err.contains(words), "{name}: {out} {err}");
    }
    let back = rows(&folder.join("queue.rejected.csv"));
    assert!(back[0]["reason"].contains("больше 25 МБ") && back[0]["attachments"] == "huge.jpg", "{back:?}");
    assert!(!folder.join("store/archive/attachments").exists(), "nothing of a refused row is kept");
}
