//! What goes into a digest and what leaves the house, and the pages as readers see them.

use super::*;
use crate::model::{Article, Card, Category, Code, Direction, Label, Role, Stage, Target, Telling};

fn almaty() -> TimeZone {
    TimeZone::get("Asia/Almaty").unwrap()
}

fn week() -> IsoWeek {
    "2017-W46".parse().unwrap()
}

fn label(id: Category, subtype: &str) -> Label {
    Label { id, subtype: Some(subtype.to_owned()), score: 0.9 }
}

fn event(id: &str, published: &str, happened: &str) -> Event {
    let published: Option<Moment> = published.parse().ok();
    let telling = Telling {
        id: format!("s-{id}"),
        source: Some("Дала Сөзі".to_owned()),
        title: format!("Заголовок {id}"),
        url: Some(format!("https://dala.example/{id}")),
        published,
    };
    Event {
        id: id.to_owned(),
        case: format!("c-{id}"),
        card: Card {
            categories: vec![label(Category::Arrest, "remand")],
            event_date: happened.parse().ok(),
            ..Card::default()
        },
        title: telling.title.clone(),
        source: "Дала Сөзі".to_owned(),
        url: telling.url.clone(),
        published,
        evidence: format!("Предложение {id}."),
        stories: vec![telling],
        reviewer: "Проверяющая Айгерим".to_owned(),
        confirmed: "2017-11-17T05:00:00Z".parse().unwrap(),
        by_hand: false,
        origin: None,
        lang: None,
    }
}

fn gathered(events: &[Event], published: &[(&str, &[&str])]) -> (Vec<String>, Vec<String>) {
    let published = published
        .iter()
        .map(|(week, ids)| ((*week).to_owned(), ids.iter().map(|id| (*id).to_owned()).collect()))
        .collect();
    let digest = Digest::gather(events, week(), &almaty(), &published, Coverage::default());
    let ids = |events: &[Event]| events.iter().map(|event| event.id.clone()).collect();
    (ids(&digest.events), ids(&digest.earlier))
}

#[test]
fn a_week_holds_what_was_published_in_it() {
    let check = |published: &str, confirmed: &str, expect: (usize, usize)| {
        let mut given = event("e1", published, "2017-11-01");
        given.confirmed = confirmed.parse().unwrap();
        let (events, earlier) = gathered(&[given], &[]);
        assert_eq!((events.len(), earlier.len()), expect, "{published} {confirmed}");
    };
    // The week of 13 November began at 18:00 UTC of the 12th in Almaty.
    check("2017-11-12T18:00:00Z", "2017-12-24T05:00:00Z", (1, 0));
    check("2017-11-19T17:59:59Z", "2017-12-24T05:00:00Z", (1, 0));
    check("2017-11-19T18:00:00Z", "2017-11-19T17:00:00Z", (0, 0));
    check("2017-11-12T17:59:59Z", "2017-11-17T05:00:00Z", (0, 1));
    check("2017-11-12T17:59:59Z", "2017-11-20T05:00:00Z", (0, 0));
    check("2017-11-12T17:59:59Z", "2017-11-12T17:00:00Z", (0, 0));
}

#[test]
fn what_another_digest_held_is_not_told_again() {
    let late = event("e1", "2017-11-02T05:00:00Z", "2017-11-01");
    let check = |published: &[(&str, &[&str])], expect: usize| {
        assert_eq!(gathered(std::slice::from_ref(&late), published).1.len(), expect, "{published:?}");
    };
    check(&[], 1);
    check(&[("2017-W44", &["e2"])], 1);
    check(&[("2017-W44", &["e1"])], 0);
    check(&[("2017-W46", &["e1"])], 1);
}

#[test]
fn an_event_without_a_date_of_publication_stands_for_its_own_day() {
    let check = |happened: &str, confirmed: &str, expect: (usize, usize)| {
        let mut given = event("e1", "", happened);
        given.confirmed = confirmed.parse().unwrap();
        let (events, earlier) = gathered(&[given], &[]);
        assert_eq!((events.len(), earlier.len()), expect, "{happened} {confirmed}");
    };
    check("2017-11-16", "2017-12-24T05:00:00Z", (1, 0));
    check("2017-11-10", "2017-11-17T05:00:00Z", (0, 1));
    check("2017-11", "2017-11-17T05:00:00Z", (1, 0));
    check("", "2017-11-17T05:00:00Z", (1, 0));
    check("", "2017-12-24T05:00:00Z", (0, 0));
}

#[test]
fn events_stand_in_the_order_of_their_dates() {
    let given = [
        event("e1", "2017-11-14T05:00:00Z", "2017-11-14"),
        event("e2", "2017-11-15T05:00:00Z", ""),
        event("e3", "2017-11-18T05:00:00Z", "2017-11-13"),
        event("e4", "2017-11-18T05:00:00Z", "2017-10"),
        event("e0", "2017-11-14T05:00:00Z", "2017-11-14"),
    ];
    assert_eq!(gathered(&given, &[]).0, ["e4", "e3", "e0", "e1", "e2"]);
}

#[test]
fn coverage_tells_alive_from_silent_and_failing() {
    let day = |date: &str, name: &str, health: Health| (date.parse().unwrap(), name.to_owned(), health);
    let ok = Health { polls_ok: 3, ..Health::default() };
    let health = [
        day("2017-11-13", "A", ok.clone()),
        day("2017-11-14", "A", Health { polls_failed: 1, entries: 2, stories: 2, candidates: 1, ..ok.clone() }),
        day("2017-11-13", "B", ok),
        day("2017-11-13", "C", Health { polls_failed: 5, ..Health::default() }),
        day("2017-11-13", "Gone", Health { polls_ok: 1, stories: 1, ..Health::default() }),
    ];
    let names = ["A", "B", "C", "D"].map(str::to_owned).to_vec();
    let coverage = Coverage::of(names, &health, 4);
    assert_eq!(coverage.alive, ["A", "Gone"]);
    assert_eq!(
        (coverage.silent, coverage.failing, coverage.not_polled),
        (vec!["B".into()], vec!["C".into()], vec!["D".into()])
    );
    assert_eq!((coverage.sources, coverage.stories, coverage.candidates, coverage.undecided), (5, 3, 1, 4));
}

/// An event with the words that a reader would meet.
fn told(id: &str, published: &str, happened: &str, title: &str, evidence: &str) -> Event {
    let mut told = event(id, published, happened);
    title.clone_into(&mut told.title);
    title.clone_into(&mut told.stories[0].title);
    evidence.clone_into(&mut told.evidence);
    told
}

/// A week with one event of every kind that an edition treats in its own way.
fn newsroom() -> Digest {
    let mut held = told(
        "e0a1",
        "2017-11-16T15:30:00+06:00",
        "2017-11-16",
        "Суд: <b>редактор</b> [арестована](https://evil.example)",
        "Суд в Алматы арестовал редактора на два месяца.",
    );
    held.card.headline = Some("Редактор «Дала Сөзі» заключена под стражу".to_owned());
    held.card.place = Some("Алматы".to_owned());
    held.card.stage = Some(Stage::Detention);
    held.card.categories.push(label(Category::CriminalProsecution, "economic"));
    held.stories.push(Telling {
        id: "s-tau".to_owned(),
        source: Some("Tau Daily".to_owned()),
        title: "Editor held for two months".to_owned(),
        url: Some("https://tau.example/en/7".to_owned()),
        published: "2017-11-17T10:00:00+06:00".parse().ok(),
    });

    let mut unnamed = told(
        "e0b2",
        "2017-11-15T09:00:00+06:00",
        "2017-11-14",
        "Блогер Канарейкина вызвана в полицию",
        "Блогера Канарейкину вызвали на беседу из-за записи в сети.",
    );
    unnamed.card.secrecy = Some("no_names".to_owned());
    unnamed.card.place = Some("Шымкент".to_owned());
    unnamed.card.targets = vec![Target { name: "Жанна Канарейкина".to_owned(), role: Role::Blogger }];
    unnamed.card.headline = Some("Шымкент: Канарейкину вызвали на беседу".to_owned());
    unnamed.card.categories = vec![label(Category::Obstruction, "summons")];

    let mut charged = told(
        "e0c3",
        "2017-11-17T09:00:00+06:00",
        "2017-11-17",
        "За комментарий предъявлено обвинение",
        "Жителю Тараза предъявлено обвинение за комментарий под записью.",
    );
    charged.card.articles =
        vec![Article { code: Code::Criminal, number: Some("174".to_owned()), part: Some("1".to_owned()), name: None }];
    charged.card.categories = vec![label(Category::CriminalProsecution, "incitement")];
    charged.card.stage = Some(Stage::Charge);

    let mut refused = told(
        "e0d4",
        "2017-11-18T09:00:00+06:00",
        "2017-11-18",
        "«Күн» газетіне қойылған талап қанағаттандырылмады",
        "Сот талап-арызды қанағаттандырудан бас тартты.",
    );
    refused.card.direction = Some(Direction::Relief);
    refused.card.categories = vec![label(Category::DefamationSuit, "civil")];
    refused.card.stage = Some(Stage::Judgment);
    refused.card.outcome = Some(crate::model::Outcome::For);
    refused.card.claim_amount = crate::model::Amount::whole(1_500_000);
    refused.card.currency = Some("KZT".to_owned());

    let mut called = told("e0e5", "", "2017-11-15", "Оператору угрожали у акимата", "");
    called.by_hand = true;
    (called.url, called.stories[0].url) = (None, None);
    called.stories[0].source = Some("=корреспондент фонда".to_owned());
    called.source = "=корреспондент фонда".to_owned();
    called.card.categories = vec![Label { id: Category::Attack, subtype: None, score: 1.0 }];

    let secret = ["internal", "counted_only", "embargo 2017-11-14"].map(|secrecy| {
        let id = format!("e0-{}", &secrecy[..3]);
        let mut hidden =
            told(&id, "2017-11-16T09:00:00+06:00", "2017-11-16", "Тайное событие", "Об этом просили не сообщать.");
        hidden.card.secrecy = Some(secrecy.to_owned());
        hidden
    });

    let mut late = told(
        "e0f6",
        "2017-11-02T09:00:00+06:00",
        "2017-11-01",
        "Сайт «Тау» недоступен",
        "Доступ к сайту ограничен по предписанию.",
    );
    late.card.categories = vec![label(Category::Blocking, "site_blocked")];
    let events: Vec<Event> = [held, unnamed, charged, refused, called, late].into_iter().chain(secret).collect();
    let coverage = Coverage {
        sources: 4,
        alive: vec!["Tau Daily".to_owned(), "Дала Сөзі".to_owned()],
        silent: vec!["Kün".to_owned()],
        failing: vec!["Жел".to_owned()],
        stories: 31,
        candidates: 9,
        undecided: 2,
        ..Coverage::default()
    };
    Digest::gather(&events, week(), &almaty(), &BTreeMap::new(), coverage)
}

fn text(lang: Lang, format: &str, edition: Edition) -> String {
    String::from_utf8(render(&newsroom(), lang, format, edition).unwrap()).unwrap()
}

const LANGS: [Lang; 3] = [Lang::KK, Lang::RU, Lang::EN];
const FORMATS: [&str; 4] = ["md", "html", "csv", "json"];

/// A file's texts: itself, or each part of it where it is a zip, metadata and names of parts included.
pub(super) fn parts(bytes: &[u8]) -> Vec<String> {
    use std::io::Read as _;
    let Ok(mut zip) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else {
        return vec![String::from_utf8_lossy(bytes).into_owned()];
    };
    (0..zip.len())
        .map(|at| {
            let mut part = zip.by_index(at).unwrap();
            let mut text = part.name().unwrap_or_default().as_bytes().to_vec();
            part.read_to_end(&mut text).unwrap();
            // Pictures hold their words in UTF-16.
            let wide: Vec<u16> = text.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
            format!("{}{}", String::from_utf8_lossy(&text), String::from_utf16_lossy(&wide))
        })
        .collect()
}

#[test]
fn what_must_stay_inside_is_in_no_public_file() {
    let all = [&FORMATS[..], &["xlsx", "docx", "atom"]].concat();
    let mut digest = newsroom();
    let wordings = digest.events.iter().chain(&digest.earlier).map(|event| {
        let summary = LANGS.map(|lang| (lang, format!("Канарейкина Жанна, {}: ИИН 900101 300123", event.id)));
        let mut said = said(event, None, &|_| Lang::RU);
        said.summary = summary.into();
        (event.id.clone(), said)
    });
    digest.wordings = wordings.collect();
    digest.state = State::Signed { by: "Подписант".to_owned() };
    let mut before = digest.events[0].clone();
    (before.id, before.case) = ("e0aa".to_owned(), "c-e0b2".to_owned());
    before.card.secrecy = None;
    before.card.headline = Some("Прежде".to_owned());
    before.card.event_date = "2017-10-01".parse().ok();
    digest.before = vec![before];
    let text = |lang, format, edition| parts(&render(&digest, lang, format, edition).unwrap()).concat();
    for lang in LANGS {
        for format in &all {
            let (inside, outside) = (text(lang, format, Edition::Internal), text(lang, format, Edition::Public));
            let quoted = if *format == "xlsx" {
                None
            } else {
                Some(["на два месяца", "по предписанию"])
            };
            let canaries = [
                "Тайное событие",
                "dala.example/e0-int",
                "dala.example/e0-cou",
                "dala.example/e0-emb",
                "Канарейкину",
                "dala.example/e0b2",
                "dala.example/e0c3",
                "c-e0b2",
                "e0b2: ИИН",
                "900101 300123",
            ];
            for canary in canaries.into_iter().chain(quoted.into_iter().flatten()) {
                let listed = matches!(*format, "csv" | "json" | "xlsx") || canary != "c-e0b2";
                // A summary that is all the title there is, and a feed, are public only.
                if *format != "atom" && listed && !(*format == "xlsx" && canary.contains("example/e0c3")) {
                    assert!(inside.contains(canary), "{format}.{lang}: {canary} is missing inside");
                }
                assert!(!outside.contains(canary), "{format}.{lang}: {canary} left the house");
            }
            for stays in ["dala.example/e0a1", "dala.example/e0d4", "За комментарий предъявлено"]
            {
                assert!(outside.contains(stays), "{format}.{lang}: {stays} is missing outside");
            }
            for never in ["Айгерим", "javascript:", "Подписант"] {
                assert!(!inside.contains(never) && !outside.contains(never), "{format}.{lang}: {never}");
            }
            assert!(!outside.contains("Прежде"), "{format}.{lang}: an event without names is recalled with them");
        }
    }
}

#[test]
fn every_internal_page_says_so_and_no_public_one_does() {
    for lang in LANGS {
        for format in ["md", "html"] {
            let mark = words::INTERNAL.of(lang);
            assert!(
                text(lang, format, Edition::Internal).contains(mark)
                    && !text(lang, format, Edition::Public).contains(mark)
            );
        }
        for format in ["xlsx", "docx"] {
            let says =
                |edition, mark| parts(&render(&newsroom(), lang, format, edition).unwrap()).concat().contains(mark);
            let (internal, draft) = (words::INTERNAL.of(lang), words::DRAFT.of(lang));
            assert!(says(Edition::Internal, internal) && !says(Edition::Public, internal), "{format}.{lang}");
            assert!(says(Edition::Internal, draft) && says(Edition::Public, draft), "{format}.{lang}");
        }
        for format in ["csv", "json"] {
            assert!(text(lang, format, Edition::Internal).contains("internal"));
            assert!(!text(lang, format, Edition::Public).contains("internal"));
        }
    }
}

#[test]
fn hostile_titles_are_text_in_every_format() {
    let check = |format: &str, holds: &str, lacks: &str| {
        let page = text(Lang::RU, format, Edition::Internal);
        assert!(page.contains(holds) && !page.contains(lacks), "{format}: {page}");
    };
    check("md", r"\<b\>редактор\</b\> \[арестована\](https\://evil.example)", "<b>");
    check("html", "&lt;b&gt;редактор&lt;/b&gt;", "<b>");
    check("html", "[арестована](https://evil.example)", "href=\"https://evil.example");
    check("csv", ",'=корреспондент фонда,", ",=корреспондент");
}

#[test]
fn json_holds_what_the_contract_names() {
    let digest: serde_json::Value = serde_json::from_str(&text(Lang::RU, "json", Edition::Internal)).unwrap();
    assert_eq!((&digest["week"], &digest["lang"]), (&"2017-W46".into(), &"ru".into()));
    assert_eq!(digest["coverage"]["undecided"], 2);
    let ids = |list: &str| -> Vec<String> {
        digest[list].as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("earlier"), ["e0f6"]);
    assert_eq!(ids("events")[..2], ["e0b2", "e0e5"]);
    let held = digest["events"].as_array().unwrap().iter().find(|event| event["id"] == "e0a1").unwrap();
    let keys: Vec<&str> = held.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys[..11],
        [
            "id",
            "case",
            "categories",
            "event_date",
            "headline",
            "title",
            "source",
            "url",
            "published",
            "evidence",
            "stories"
        ]
    );
    assert_eq!((&held["headline_lang"], &held["highlight"]), (&"ru".into(), &false.into()));
    assert_eq!(held["categories"][1]["id"], "criminal_prosecution");
    assert_eq!(held["categories"][1]["subtype"], "economic");
    assert_eq!(held["published"], "2017-11-16T15:30:00+06:00");
    assert_eq!(held["stories"][1]["url"], "https://tau.example/en/7");
}

#[test]
fn an_empty_week_still_goes_out_with_its_coverage() {
    let empty = Digest::gather(&[], week(), &almaty(), &BTreeMap::new(), Coverage::of(vec!["Kün".into()], &[], 0));
    for lang in LANGS {
        for format in ["md", "html"] {
            let page = String::from_utf8(render(&empty, lang, format, Edition::Public).unwrap()).unwrap();
            assert!(page.contains(words::NO_EVENTS.of(lang)) && page.contains("1 (Kün)"), "{format}.{lang}");
        }
    }
}

#[test]
fn formats_that_nobody_knows_are_none() {
    assert_eq!(render(&newsroom(), Lang::RU, "pdf", Edition::Internal), None);
    assert_eq!(file_name(week(), Lang::RU, "md"), "digest-2017-W46.ru.md");
}

/// The pages as they stand in `fixtures/digest`; `UPDATE_GOLDEN=1` writes them anew.
#[test]
#[expect(clippy::disallowed_methods, reason = "edge: reads and, when asked, writes the expected pages")]
fn pages_read_as_expected() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/digest");
    for (name, edition) in [("internal", Edition::Internal), ("public", Edition::Public)] {
        for lang in LANGS {
            for format in FORMATS {
                let file = folder.join(name).join(file_name(week(), lang, format));
                let page = text(lang, format, edition);
                if std::env::var_os("UPDATE_GOLDEN").is_some() {
                    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                    std::fs::write(&file, &page).unwrap();
                }
                let expect = std::fs::read_to_string(&file).unwrap_or_default();
                assert_eq!(page, expect, "{}", file.display());
            }
        }
    }
}
