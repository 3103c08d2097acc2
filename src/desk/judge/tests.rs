//! The fullest telling on the row, and what people decided staying as they saw it.

use std::path::{Path, PathBuf};

use super::*;
use crate::config::Config;
use crate::model::{Candidate, Post};
use crate::review;

const SHORT: &str = "В Актау суд арестовал журналиста Тимура Сериккалиева на пятнадцать суток за публикацию о забастовке. \
    Редакция газеты «Теңіз желі» считает арест местью за статьи о нефтяной компании. Адвокат подаст апелляцию.";
const MORE: &str = "По словам адвоката, судья отказался вызвать свидетелей и рассмотрел дело за двадцать минут. Сам \
    журналист вину не признал и объявил голодовку. Коллеги собирают подписи под обращением к генеральному прокурору.";

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_510_790_400 + 60 * minute).unwrap()
}

fn story(id: &str, minute: i64, text: &str) -> Story {
    Story {
        id: id.to_owned(),
        url: Some(format!("https://{id}.example/news")),
        title: format!("Журналиста арестовали в Актау: {id}"),
        text: text.to_owned(),
        published: Some(crate::model::Moment::utc(at(minute))),
        byline: None,
        source: Some(format!("Outlet {id}")),
    }
}

fn open(folder: &Path) -> Desk {
    let (desk, notices) = Desk::open(Config::embedded(), folder, at(0)).unwrap();
    assert_eq!(notices, []);
    desk
}

fn keep(desk: &Desk, id: &str, minute: i64, text: &str) -> Kept {
    desk.keep(story(id, minute, text), at(minute)).unwrap()
}

/// The only row that waits, or that was decided.
fn only(candidates: Vec<Candidate>) -> Candidate {
    let [candidate] = <[Candidate; 1]>::try_from(candidates).unwrap();
    candidate
}

fn waiting(desk: &Desk) -> Candidate {
    only(desk.waiting().unwrap())
}

/// Ids: of the row, of what it shows, of those under it.
fn ids(candidate: &Candidate) -> (&str, &str, Vec<&str>) {
    let shown = candidate.judged.as_ref().map_or("", |judged| &judged.story.id);
    (&candidate.id, shown, candidate.also.iter().map(|told| told.id.as_str()).collect())
}

/// Writes the queue file and decides its only row in it.
fn decided_file(desk: &Desk, name: &str) -> PathBuf {
    let file = desk.root().join(name);
    desk.export_rows(&desk.waiting().unwrap(), &file).unwrap();
    let mut rows: Vec<serde_json::Value> =
        std::fs::read_to_string(&file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 1);
    rows[0]["decision"] = "confirm".into();
    rows[0]["reviewer"] = "Айгүл".into();
    std::fs::write(&file, format!("{}\n", rows[0])).unwrap();
    file
}

fn import(desk: &Desk, file: &Path) {
    let imported = desk.import_queue(file, at(600)).unwrap();
    assert_eq!((imported.taken, imported.returned), (1, Vec::new()));
}

/// An index made anew from the records tells the same of every id.
fn same_when_rebuilt(desk: Desk, folder: &Path) {
    let asked = ["a", "b", "c", "d"];
    let told = |desk: &Desk| {
        assert_eq!(desk.check().unwrap(), []);
        let candidates: Vec<_> = asked.iter().map(|id| desk.store().candidate(id).unwrap()).collect();
        (candidates, desk.waiting().unwrap(), desk.events().unwrap(), desk.store().counts().unwrap())
    };
    let live = told(&desk);
    drop(desk);
    Desk::rebuild(&Config::embedded(), folder).unwrap();
    assert_eq!(told(&open(folder)), live);
}

#[test]
fn the_row_shows_the_fullest_telling() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    assert!(matches!(keep(&desk, "a", 0, SHORT), Kept::Stored { candidate: true, .. }));
    // Hardly longer: a reprint with where to subscribe.
    keep(&desk, "b", 1, &format!("{SHORT} Читайте нас."));
    assert_eq!(ids(&waiting(&desk)), ("a", "a", vec!["b"]));
    keep(&desk, "c", 2, &format!("{SHORT}\n\n{MORE}"));
    keep(&desk, "d", 3, SHORT);
    let row = waiting(&desk);
    assert_eq!(ids(&row), ("a", "c", vec!["a", "b", "d"]));
    assert_eq!(review::revision(&row), 0);
    let printed = desk.row(&row);
    assert_eq!(printed.get("title"), "Журналиста арестовали в Актау: c");
    assert_eq!((printed.get("source"), printed.get("id")), ("Outlet c", "a"));
    same_when_rebuilt(desk, folder.path());
}

#[test]
fn an_exact_copy_is_found_at_any_age_and_an_edited_one_within_weeks() {
    const DAY: i64 = 24 * 60;
    let edited = format!("{SHORT} Читайте нас.");
    let check = |minute: i64, text: &str, copy: bool| {
        let folder = tempfile::tempdir().unwrap();
        let desk = open(folder.path());
        keep(&desk, "a", 400 * DAY, SHORT);
        let of = || "a".to_owned();
        let expect = if copy { (vec!["b"], None) } else { (vec![], Some("a")) };
        let kept = keep(&desk, "b", 400 * DAY + minute, text);
        assert_eq!(kept == Kept::Reprint { id: "b".to_owned(), of: of() }, copy, "{minute}: {kept:?}");
        let row = desk.store().candidate("a").unwrap().unwrap();
        assert_eq!(ids(&row).2, expect.0);
        // What is no copy any more is still the same matter.
        let link = desk.store().story("b").unwrap().unwrap().link;
        assert_eq!(link.map(|link| link.to).as_deref(), expect.1);
        same_when_rebuilt(desk, folder.path());
    };
    check(1, &edited, true);
    check(45 * DAY, &edited, true);
    check(-45 * DAY, &edited, true);
    check(300 * DAY, &edited, false);
    check(300 * DAY, SHORT, true);
    check(-300 * DAY, &SHORT.to_uppercase(), true);
}

#[test]
fn titles_alone_are_copies_where_they_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    let titled = |id: &str, title: &str| {
        let told = Story { title: title.to_owned(), text: String::new(), ..story(id, 0, "") };
        desk.keep(told, at(0)).unwrap()
    };
    assert!(matches!(
        titled("a", "Журналиста арестовали в Актау за пост о забастовке"),
        Kept::Stored { candidate: true, .. }
    ));
    assert!(matches!(titled("b", "Редактора газеты оштрафовали за клевету"), Kept::Stored { candidate: true, .. }));
    assert!(matches!(titled("d", "Журналиста арестовали в Атырау за пост о забастовке"), Kept::Stored { .. }));
    assert!(matches!(titled("e", ""), Kept::Stored { .. }) && matches!(titled("f", " … "), Kept::Stored { .. }));
    assert!(
        matches!(titled("c", "Журналиста арестовали в Актау за пост о забастовке"), Kept::Reprint { of, .. } if of == "a")
    );
}

#[test]
fn what_somebody_decided_stays_as_it_was_seen() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    keep(&desk, "a", 0, SHORT);
    import(&desk, &decided_file(&desk, "decided.jsonl"));
    let before = only(desk.decided().unwrap());
    keep(&desk, "c", 2, &format!("{SHORT}\n\n{MORE}"));
    let after = only(desk.decided().unwrap());
    assert_eq!(ids(&after), ("a", "a", vec!["c"]));
    assert_eq!((after.judged, review::revision(&before)), (before.judged, 1));
    let events = desk.events().unwrap();
    assert_eq!((events[0].source.as_str(), events[0].stories.len()), ("Outlet a", 2));
    assert_eq!(desk.waiting().unwrap(), []);
    same_when_rebuilt(desk, folder.path());
}

#[test]
fn a_file_printed_before_the_fuller_telling_came_is_good() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    keep(&desk, "a", 0, SHORT);
    let file = decided_file(&desk, "open.jsonl");
    keep(&desk, "c", 2, &format!("{SHORT}\n\n{MORE}"));
    assert_eq!(ids(&waiting(&desk)), ("a", "c", vec!["a"]));
    // A cell that nobody may change is still told from an older print.
    let bad = desk.root().join("bad.jsonl");
    std::fs::write(&bad, std::fs::read_to_string(&file).unwrap().replace("в Актау: a", "в Атырау: a")).unwrap();
    assert_eq!(desk.import_queue(&bad, at(500)).unwrap().returned.len(), 1);
    import(&desk, &file);
    let row = only(desk.decided().unwrap());
    assert_eq!(ids(&row), ("a", "a", vec!["c"]));
    assert_eq!(desk.events().unwrap()[0].title, "Журналиста арестовали в Актау: a");
    // The same file again says nothing new.
    assert_eq!(desk.import_queue(&file, at(700)).unwrap().taken, 0);
    same_when_rebuilt(desk, folder.path());
}

#[test]
fn the_fuller_telling_that_was_seen_is_what_was_decided_on() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    keep(&desk, "a", 0, SHORT);
    keep(&desk, "c", 2, &format!("{SHORT}\n\n{MORE}"));
    let file = decided_file(&desk, "open.jsonl");
    keep(&desk, "d", 3, &format!("{SHORT}\n\n{MORE} {}", MORE.to_uppercase()));
    assert_eq!(ids(&waiting(&desk)), ("a", "d", vec!["a", "c"]));
    import(&desk, &file);
    let row = only(desk.decided().unwrap());
    assert_eq!(ids(&row), ("a", "c", vec!["a", "d"]));
    let event = desk.events().unwrap().remove(0);
    assert_eq!((event.source.as_str(), event.case), ("Outlet c", review::case_id("a")));
    // The earliest telling dates it.
    assert_eq!(event.published, Some(crate::model::Moment::utc(at(0))));
    let other = desk.root().join("again.jsonl");
    desk.export_rows(&desk.decided().unwrap(), &other).unwrap();
    let exported = std::fs::read_to_string(&other).unwrap();
    std::fs::write(&other, exported.replace("\"confirm\"", "\"reject\"")).unwrap();
    import(&desk, &other);
    assert_eq!(desk.events().unwrap(), []);
    same_when_rebuilt(desk, folder.path());
}

#[test]
fn a_telling_that_the_queue_would_not_take_does_not_hide_the_row() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::embedded();
    config.queue.min_score = 1.5;
    let (desk, _) = Desk::open(config, folder.path(), at(0)).unwrap();
    keep(&desk, "a", 0, SHORT);
    keep(&desk, "c", 2, &format!("{SHORT}\n\n{MORE}"));
    let row = desk.store().candidate("a").unwrap().unwrap();
    assert_eq!(ids(&row), ("a", "a", vec!["c"]));
}

fn preview(body: &str) -> Page {
    Page {
        url: "https://t.me/s/aktau_arna".to_owned(),
        moved: None,
        headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
        body: body.as_bytes().to_vec(),
        captured: at(5),
        wire: None,
    }
}

fn post(text: &str) -> Entry {
    Entry {
        feed_title: None,
        id: Some("aktau_arna/7".to_owned()),
        url: Some("https://t.me/aktau_arna/7".to_owned()),
        title: Some("Журналиста арестовали".to_owned()),
        published: None,
        summary: Some(text.to_owned()),
        post: Some(Post { edited: true, ..Post::default() }),
    }
}

#[test]
fn a_post_that_was_edited_is_captured_again() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    let url = "https://t.me/aktau_arna/7";
    desk.keep(Story { url: Some(url.to_owned()), ..story("a", 0, &format!("{SHORT}\n\n{MORE}")) }, at(0)).unwrap();
    // The same words, and a post that nobody knows.
    let known = format!("{SHORT} {MORE}");
    assert_eq!(desk.take_edit(&preview("one"), &post(&known), at(5)).unwrap(), None);
    let unknown = Entry { url: Some("https://t.me/aktau_arna/8".to_owned()), ..post("Иначе.") };
    assert_eq!(desk.take_edit(&preview("one"), &unknown, at(5)).unwrap(), None);
    // A later wording is shown although it says less.
    let Some(Kept::Reprint { id, of }) = desk.take_edit(&preview("two"), &post(SHORT), at(6)).unwrap() else {
        panic!("the later wording was not kept")
    };
    assert_eq!(of, "a");
    let row = waiting(&desk);
    assert_eq!(ids(&row), ("a", id.as_str(), vec!["a"]));
    let place = row.judged.unwrap().capture.unwrap().place;
    assert!(place.is_some_and(|place| folder.path().join("store/archive").join(place.file).exists()));
    assert_eq!(desk.store().story("a").unwrap().unwrap().story.text, format!("{SHORT}\n\n{MORE}"));
    // Each wording once, whatever is asked how often.
    assert_eq!(desk.take_edit(&preview("three"), &post(SHORT), at(7)).unwrap(), None);
    assert_eq!(desk.take_edit(&preview("three"), &post(&known), at(7)).unwrap(), None);
    same_when_rebuilt(desk, folder.path());
}

#[test]
fn a_quiet_post_that_was_edited_into_news_is_a_row() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    let quiet = "Сегодня в городе открылась выставка акварели, вход свободный для всех желающих до самого вечера.";
    desk.keep(
        Story {
            url: Some("https://t.me/aktau_arna/7".to_owned()),
            title: "Выставка".to_owned(),
            ..story("a", 0, quiet)
        },
        at(0),
    )
    .unwrap();
    assert_eq!(desk.waiting().unwrap(), []);
    desk.take_edit(&preview("two"), &post(SHORT), at(6)).unwrap().unwrap();
    let file = decided_file(&desk, "open.jsonl");
    import(&desk, &file);
    assert_eq!(desk.events().unwrap()[0].url.as_deref(), Some("https://t.me/aktau_arna/7"));
    // Edited back: what was seen stays.
    assert_eq!(desk.take_edit(&preview("three"), &post(quiet), at(8)).unwrap(), None);
    assert_eq!(desk.events().unwrap().len(), 1);
    same_when_rebuilt(desk, folder.path());
}
