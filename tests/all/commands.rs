//! The commands as a user sees them: what they print, where, and how they exit.

use serde_json::{Value, json};

use crate::workspace::{QUIET, REMANDED, SUED, Web, configure, rows, sozwatch, sozwatch_fed, write_rows};

fn story_line(id: &str, story: &crate::workspace::Written) -> String {
    let line = json!({ "id": id, "title": story.title, "text": story.text, "published": story.published, "label": 1 });
    format!("{line}\n")
}

#[test]
fn every_trial_of_the_selftest_comes_out_as_it_ought_to() {
    let folder = tempfile::tempdir().unwrap();
    let ran = sozwatch(folder.path(), &["selftest", "--format", "json"]);
    let trials = ran.json();
    let failed: Vec<_> = trials.iter().filter(|trial| trial["passed"] != true).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let outcomes = |outcome: &str| trials.iter().filter(|trial| trial["expected"] == outcome).count();
    assert!(outcomes("refused") >= 40 && outcomes("taken") >= 12, "{} trials", trials.len());
    assert_eq!((ran.code, std::fs::read_dir(folder.path()).unwrap().count()), (0, 0), "it leaves nothing behind");
}

#[test]
fn what_the_system_said_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    configure(folder, &Web::start(), "");
    for arguments in [["queue", "import", "missing.csv"].as_slice(), &["import", "missing.jsonl"]] {
        let err = sozwatch(folder, arguments).expect(1).err;
        assert!(err.contains(arguments[arguments.len() - 1]), "{err}");
        assert_eq!(err.matches("No such file").count(), 1, "{err}");
    }
}

#[test]
fn every_command_of_the_contract_parses() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        "run --once --all",
        "sources list",
        "sources check",
        "sources find http://a.example/",
        "queue export",
        "queue import queue.csv",
        "queue list",
        "queue show s1",
        "review serve",
        "case list",
        "case show c1",
        "case merge c1 c2",
        "case split c1 e1",
        "case undo c1",
        "search word",
        "rejudge --since 2026-01-01 --apply",
        "digest --week 2017-W46 --lang ru --format md,html,csv,json,xlsx,docx --out d",
        "report --month 2017-11 --lang ru --format json --freeze",
        "report --month 2017-11 --changes",
        "report --quarter 2017-Q4",
        "report --half 2017-H2",
        "report --year 2017",
        "import stories.jsonl",
        "store check",
        "store stats",
        "store backup f",
        "store restore f",
        "store rebuild",
        "store forget s1 --reason why",
        "export --all",
        "verify",
        "status",
    ] {
        // Without a configuration each of them ends early; none is a wrong use.
        let ran = sozwatch(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
        assert!(!ran.err.contains("Usage:") && !ran.err.contains("unexpected argument"), "{arguments}: {}", ran.err);
        assert_ne!(ran.code, 0, "{arguments} cannot succeed without a workspace");
    }
    for arguments in ["rules list", "rules list --format json", "completions bash", "man", "--help", "--version"] {
        let ran = sozwatch(folder.path(), &arguments.split(' ').collect::<Vec<_>>()).expect(0);
        assert!(!ran.out.is_empty(), "{arguments}");
    }
}

#[test]
fn wrong_use_is_exit_2_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    sozwatch(folder.path(), &["frobnicate"]).expect(2);
    let ran = sozwatch(folder.path(), &["status"]).expect(2);
    assert!(ran.err.contains("sozwatch init"), "{}", ran.err);
    std::fs::write(folder.path().join("config.toml"), "[crawl]\ntimeuot = \"3s\"\n").unwrap();
    let ran = sozwatch(folder.path(), &["status"]).expect(2);
    assert!(ran.err.contains("config.toml:2:") && ran.err.contains("did you mean `timeout`"), "{}", ran.err);
}

#[test]
fn init_writes_a_configuration_that_is_good() {
    let folder = tempfile::tempdir().unwrap();
    sozwatch(folder.path(), &["init"]).expect(0);
    sozwatch(folder.path(), &["status"]).expect(0);
    let again = sozwatch(folder.path(), &["init"]).expect(2);
    assert!(again.err.contains("stands already"), "{}", again.err);
}

/// Digests are written for readers, `status` for the house: its figures are in the language of the queue.
#[test]
fn status_tells_figures_in_the_language_of_the_house() {
    let folder = tempfile::tempdir().unwrap();
    sozwatch(folder.path(), &["init"]).expect(0);
    let told = |queue: &str, digests: &str| {
        std::fs::write(
            folder.path().join("config.toml"),
            format!("[queue]\n{queue}\n[digest]\nlanguages = [{digests}]\n"),
        )
        .unwrap();
        sozwatch(folder.path(), &["status"]).expect(0).out
    };
    let kazakh = told("language = \"kk\"", "\"en\", \"ru\"");
    assert!(kazakh.contains("Сотқа берілген талап-арыздар: 0  (suits_month)"), "{kazakh}");
    let russian = told("", "\"kk\"");
    assert!(russian.contains("Иски, поданные в суд: 0  (suits_month)"), "{russian}");
}

#[test]
fn classify_answers_line_by_line_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let input = [
        story_line("a", &REMANDED),
        "not json\n".to_owned(),
        "\n".to_owned(),
        "{\"id\": \"b\"}\n".to_owned(),
        story_line("c", &QUIET),
        "{\"id\": 7, \"text\": \"\"}".to_owned(),
    ]
    .concat();
    let ran = sozwatch_fed(folder.path(), &["classify", "-"], &input).expect(1);
    let lines = ran.json();
    assert_eq!(lines.len(), 5, "{}", ran.out);
    assert_eq!(lines[0]["id"], "a");
    assert_eq!(lines[0]["candidate"], true, "{}", lines[0]);
    assert_eq!(lines[0]["lang"], "ru");
    assert_eq!(lines[0]["script"], "Cyrl");
    assert!(lines[1]["error"].as_str().unwrap().contains("line 2"), "{}", lines[1]);
    assert_eq!(lines[2]["id"], "b");
    assert!(lines[2]["error"].as_str().unwrap().contains("`text` is missing"));
    assert_eq!(lines[3]["candidate"], false);
    assert_eq!(lines[3]["categories"], json!([]));
    assert_eq!(lines[4]["id"], "7");

    let on_two = sozwatch_fed(folder.path(), &["classify", "--threads", "2"], &input).expect(1);
    assert_eq!(on_two.out, ran.out);
}

#[test]
fn evidence_quotes_the_story_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    for story in [&REMANDED, &SUED] {
        let verdict = &sozwatch_fed(folder.path(), &["classify"], &story_line("a", story)).expect(0).json()[0];
        let quoted = |span: &Value| {
            let part = if span["in"] == "title" { story.title } else { story.text };
            let at = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
            part.get(at("start")..at("end")).unwrap_or_else(|| panic!("{span} is on no character border")).to_owned()
        };
        let evidence = verdict["evidence"].as_array().unwrap();
        assert!(!evidence.is_empty());
        for piece in evidence {
            assert_eq!(piece["text"].as_str().unwrap(), quoted(piece));
        }
        for spans in verdict["spans"].as_object().unwrap().values() {
            spans.as_array().unwrap().iter().for_each(|span| assert!(!quoted(span).is_empty()));
        }
    }
}

#[test]
fn linking_gives_reprints_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let input = [story_line("a", &REMANDED), story_line("b", &SUED), story_line("c", &REMANDED)].concat();
    let lines = sozwatch_fed(folder.path(), &["classify", "--link"], &input).expect(0).json();
    assert_eq!(lines[0]["dup"], lines[2]["dup"]);
    assert_ne!(lines[0]["dup"], lines[1]["dup"]);
    assert_eq!(lines[0]["case"], lines[2]["case"]);
    assert_ne!(lines[0]["case"], lines[1]["case"]);
}

#[test]
fn extract_and_feed_are_filters() {
    let folder = tempfile::tempdir().unwrap();
    let page = format!(
        "<html lang=ru><head><meta charset=utf-8><title>{t} | Сайт</title></head><body><article><h1>{t}</h1><p>{b}</p></article></body></html>",
        t = REMANDED.title,
        b = REMANDED.text.replace("\n\n", "</p><p>")
    );
    std::fs::write(folder.path().join("one.html"), page).unwrap();
    std::fs::write(folder.path().join("two.html"), "<html><body>nothing</body></html>").unwrap();
    let ran = sozwatch(folder.path(), &["extract", "--pages", "."]).expect(1);
    let lines = ran.json();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["id"], "one");
    assert_eq!(lines[0]["title"], REMANDED.title);
    assert!(lines[0]["text"].as_str().unwrap().contains("вину не признаёт"));
    for key in ["url", "published", "byline", "site", "lang"] {
        assert!(lines[0].get(key).is_some(), "{key} is missing: {}", lines[0]);
    }
    assert!(lines[1]["error"].is_string());

    std::fs::write(
        folder.path().join("rss.xml"),
        "<rss version='2.0'><channel><title>T</title><item><title>A &amp; B</title><link>http://a.example/1</link>\
         <pubDate>Tue, 17 Nov 2026 12:00:00 +0500</pubDate></item></channel></rss>",
    )
    .unwrap();
    std::fs::write(folder.path().join("bad.xml"), "no feed at all").unwrap();
    let ran = sozwatch(folder.path(), &["feed", "rss.xml", "bad.xml"]).expect(1);
    let lines = ran.json();
    assert_eq!(lines[0]["file"], "rss.xml");
    assert_eq!(lines[0]["feed_title"], "T");
    assert_eq!(lines[0]["title"], "A & B");
    assert_eq!(lines[0]["url"], "http://a.example/1");
    assert_eq!(lines[0]["published"], "2026-11-17T12:00:00+05:00");
    assert_eq!(lines[1]["file"], "bad.xml");
    assert!(lines[1]["error"].is_string());
}

#[test]
fn the_loop_from_feed_to_digest() {
    let (folder, web) = (tempfile::tempdir().unwrap(), Web::start());
    let folder = folder.path();
    let stories = [("remanded", &REMANDED), ("sued", &SUED), ("quiet", &QUIET)];
    let entries: Vec<_> = stories.map(|(slug, story)| (web.put_story(slug, story), story.title)).to_vec();
    web.put_feed("/rss.xml", &entries);
    configure(folder, &web, "");

    let first = sozwatch(folder, &["run", "--once", "--all"]).expect(0);
    assert!(first.out.contains("3 stored (2 candidates)"), "{}", first.out);
    let mut queue = rows(&folder.join("queue.csv"));
    assert_eq!(queue.len(), 2, "{queue:?}");
    assert!(std::fs::read(folder.join("queue.csv")).unwrap().starts_with(b"\xef\xbb\xbf"));

    let again = sozwatch(folder, &["run", "--once", "--all"]).expect(0);
    assert!(again.out.contains("0 stored"), "{}", again.out);
    assert_eq!(web.asked().iter().filter(|path| *path == "/news/sued.html").count(), 1, "fetched once, ever");

    for row in &mut queue {
        let suit = row["categories"].contains("defamation_suit");
        row.insert("decision".to_owned(), if suit { "подтвердить" } else { "confirm" }.to_owned());
        row.insert("reviewer".to_owned(), "А. Ким".to_owned());
        row.insert("headline".to_owned(), format!("Заголовок: {}", row["title"]));
        row.insert("event_date".to_owned(), "2026-11-17".to_owned());
        let categories = if suit { "defamation_suit/civil" } else { "arrest/remand; criminal_prosecution" };
        row.insert("categories".to_owned(), categories.to_owned());
    }
    let mut by_hand = queue[0].clone();
    by_hand.values_mut().for_each(String::clear);
    for (column, value) in [
        ("decision", "confirm"),
        ("reviewer", "А. Ким"),
        ("headline", "Редактора вызвали в полицию из-за статьи"),
        ("source", "корреспондент фонда"),
        ("event_date", "2026-11-18"),
        ("categories", "obstruction/summons"),
    ] {
        by_hand.insert(column.to_owned(), value.to_owned());
    }
    queue.push(by_hand);
    write_rows(&folder.join("decided.csv"), &queue);
    let imported = sozwatch(folder, &["queue", "import", "decided.csv"]).expect(0);
    assert!(imported.out.contains("3 taken"), "{}{}", imported.out, imported.err);
    let twice = sozwatch(folder, &["queue", "import", "decided.csv"]).expect(0);
    assert!(twice.out.contains("0 taken"), "{}", twice.out);

    let digest = sozwatch(folder, &["digest", "--week", "2026-W47", "--format", "md,html,csv,json", "--out", "d"]);
    assert!(digest.expect(0).out.contains("3 events"));
    let json: Value =
        serde_json::from_slice(&std::fs::read(folder.join("d/digest-2026-W47.ru.json")).unwrap()).unwrap();
    assert_eq!(json["week"], "2026-W47");
    let events = json["events"].as_array().unwrap();
    assert_eq!(events.len(), 3, "{json}");
    assert!(events.iter().all(|event| event["headline"].is_string() && event["case"].is_string()));
    for ending in ["md", "html", "csv"] {
        let text = std::fs::read_to_string(folder.join(format!("d/digest-2026-W47.ru.{ending}"))).unwrap();
        assert!(text.contains("Редактора вызвали в полицию из-за статьи"), "{ending}: {text}");
        assert!(!text.contains("поликлинику"), "only what was confirmed is in a digest");
    }

    sozwatch(folder, &["verify"]).expect(0);
    sozwatch(folder, &["store", "check"]).expect(0);
    let before = sozwatch(folder, &["queue", "list", "--decided", "--format", "json"]).expect(0).out;
    sozwatch(folder, &["store", "rebuild"]).expect(0);
    assert_eq!(sozwatch(folder, &["queue", "list", "--decided", "--format", "json"]).expect(0).out, before);
}

#[test]
fn bad_rows_come_back_with_a_reason_and_stale_ones_as_a_conflict() {
    let (folder, web) = (tempfile::tempdir().unwrap(), Web::start());
    let folder = folder.path();
    let entries: Vec<_> = [("remanded", &REMANDED), ("sued", &SUED)]
        .map(|(slug, story)| (web.put_story(slug, story), story.title))
        .to_vec();
    web.put_feed("/rss.xml", &entries);
    configure(folder, &web, "");
    sozwatch(folder, &["run", "--once", "--all"]).expect(0);
    let queue = rows(&folder.join("queue.csv"));
    let decide = |index: usize, reviewer: &str, decision: &str| {
        let mut row = queue[index].clone();
        row.insert("reviewer".to_owned(), reviewer.to_owned());
        row.insert("decision".to_owned(), decision.to_owned());
        row
    };
    write_rows(&folder.join("one.csv"), &[decide(0, "А. Ким", "reject"), decide(1, "", "reject")]);
    let ran = sozwatch(folder, &["queue", "import", "one.csv"]).expect(1);
    assert!(ran.out.contains("1 taken") && ran.out.contains("1 returned"), "{}", ran.out);
    let back = rows(&folder.join("queue.rejected.csv"));
    assert_eq!(back.len(), 1);
    assert_eq!(back[0]["id"], queue[1]["id"]);
    // The operator reads English; whoever filled the row in reads the language of the queue.
    assert!(ran.err.contains("reviewer: a decision needs the name"), "{}", ran.err);
    assert!(back[0]["reason"].starts_with("«Проверил» (reviewer): к решению нужно имя"), "{}", back[0]["reason"]);

    write_rows(&folder.join("two.csv"), &[decide(0, "Б. Ли", "later")]);
    let ran = sozwatch(folder, &["queue", "import", "two.csv"]).expect(1);
    assert!(ran.err.contains("conflict") && ran.err.contains("А. Ким"), "{}", ran.err);
    let shown = sozwatch(folder, &["queue", "show", &queue[0]["id"], "--format", "json"]).expect(0).json();
    assert_eq!(shown[0]["status"], "rejected");
}

#[test]
fn explain_shows_why() {
    let folder = tempfile::tempdir().unwrap();
    let ran = sozwatch(folder.path(), &["explain", REMANDED.text]).expect(0);
    assert!(ran.out.contains("arrest."), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}'), "what is no terminal gets no colours");
    for wanted in ["For:", "Sum:", "Read from it:", "articles"] {
        assert!(ran.out.contains(wanted), "{wanted}\n{}", ran.out);
    }
    let coloured = sozwatch(folder.path(), &["explain", "--color", "always", REMANDED.text]).expect(0);
    assert!(coloured.out.contains("\u{1b}[1;32m"), "{}", coloured.out);
    let ran = sozwatch(folder.path(), &["explain", QUIET.text, "--format", "json"]).expect(0);
    assert_eq!(ran.json()[0]["candidate"], false);
}

#[test]
fn explain_writes_one_page_that_needs_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{}\n\n<script>alert(1)</script>", REMANDED.text);
    let page = sozwatch(folder.path(), &["explain", "--html", &text]).expect(0).out;
    assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"));
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script"), "{page}");
    assert!(page.contains("<mark class=\"for\"") && page.contains("<strong>arrest."), "{page}");
    assert!(!page.contains("http-equiv=\"refresh\"") && !page.contains("src=") && !page.contains("href="), "{page}");
    sozwatch(folder.path(), &["explain", "--html", "--format", "json", &text]).expect(2);
}

#[test]
fn what_is_not_built_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let ran = sozwatch(folder.path(), &["review", "serve"]).expect(1);
    assert!(ran.err.contains("is not built yet"), "{}", ran.err);
}
