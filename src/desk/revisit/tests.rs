//! Pages asked for again while a clock steps: when, how often, and what a reviewer is told.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize};

use super::*;
use crate::config::{Config, parse};
use crate::desk::{Cycle, Feeds, PAGES_OF_A_SOURCE};
use crate::net::Client;
use crate::selftest::hostile::{Reply, Site, bytes, redirect};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const FIRST: [&str; 2] = [
    "В Актау суд арестовал журналиста Тимура Сериккалиева на пятнадцать суток за публикацию о забастовке. Редакция \
     газеты «Теңіз желі» считает арест местью за статьи о нефтяной компании.",
    "По словам адвоката, судья отказался вызвать свидетелей и рассмотрел дело за двадцать минут. Сам журналист вину не \
     признал и объявил голодовку.",
];
const SOFT: &str = "Сам журналист вину признал.";

fn hours(hours: &[u64]) -> Vec<Duration> {
    hours.iter().map(|hours| Duration::from_secs(hours * 3_600)).collect()
}

#[test]
fn when_a_page_is_due_is_read_off_the_records() {
    let at = |hour: i64| Timestamp::from_second(1_510_800_000 + hour * HOUR).unwrap();
    let check = |visits: &[(i64, Found)], now: i64, expect: Option<i64>| {
        let visits: Vec<Visit> =
            visits.iter().map(|(hour, found)| Visit { at: at(*hour), found: found.clone() }).collect();
        assert_eq!(due(at(0), &visits, &hours(&[1, 24, 168]), at(now)), expect.map(at), "{visits:?} at {now}");
    };
    let passing = Found::Unseen { passing: true };
    check(&[], 0, Some(1));
    check(&[(1, Found::Same)], 2, Some(24));
    check(&[(1, Found::Same), (24, Found::Gone { status: Some(404) })], 25, Some(168));
    check(&[(1, Found::Same), (24, Found::Same), (168, Found::Same)], 169, None);
    // What was missed is made up by one visit.
    check(&[], 30, Some(1));
    check(&[(30, Found::Same)], 31, Some(168));
    check(&[(170, Found::Same)], 171, None);
    // An archive that is taken in is not gone through again.
    check(&[], 2 * 168 + 1, None);
    // Tried again after an hour, and given up after three times.
    check(&[(1, passing.clone())], 1, Some(2));
    check(&[(1, passing.clone()), (2, passing.clone())], 2, Some(3));
    check(&[(1, passing.clone()), (2, passing.clone()), (3, passing.clone())], 3, Some(24));
    check(&[(1, Found::Unseen { passing: false })], 1, Some(24));
    assert_eq!(due(at(0), &[], &[], at(0)), None);
}

#[test]
fn an_article_that_leads_to_the_front_page_is_gone() {
    let check =
        |asked: &str, answered: &str, expect: bool| assert_eq!(leads_home(asked, answered), expect, "{answered}");
    check("https://outlet.example/news/1", "https://outlet.example/", true);
    check("https://outlet.example/news/1", "https://outlet.example/?", true);
    check("https://outlet.example/news/1", "https://outlet.example/news/1-slug", false);
    check("https://outlet.example/?p=1", "https://outlet.example/?p=1", false);
    check("https://outlet.example/?p=1", "https://outlet.example/?p=2", false);
}

fn page(paragraphs: &[&str], etag: &str) -> Reply {
    let text: String = paragraphs.iter().map(|text| format!("<p>{text}</p>")).collect();
    let title = "Журналиста арестовали в Актау";
    let html = format!("<html lang=ru><title>{title}</title><article><h1>{title}</h1>{text}</article>");
    bytes("200 OK", &["content-type: text/html; charset=utf-8", &format!("etag: \"{etag}\"")], html.as_bytes())
}

/// A site with one article, which it serves in one way after another.
async fn site(way: &'static AtomicUsize) -> Site {
    let reply = move |path: &str, head: &str| {
        let host = head.split("host: ").nth(1)?.lines().next()?.trim();
        let asked_for = |etag: &str| head.contains(&format!("if-none-match: \"{etag}\""));
        match (path, way.load(Ordering::Relaxed)) {
            ("/rss", _) => {
                let item = format!("<item><title>Новость</title><link>http://{host}/news/1</link></item>");
                let rss = format!("<rss version='2.0'><channel><title>Лента</title>{item}</channel></rss>");
                Some(bytes("200 OK", &["content-type: application/rss+xml"], rss.as_bytes()))
            }
            ("/news/1", 0) if asked_for("1") => Some(bytes("304 Not Modified", &[], b"")),
            ("/news/1", 0) => Some(page(&FIRST, "1")),
            ("/news/1", 1) => {
                let second = FIRST[1].replace("Сам журналист вину не признал и объявил голодовку.", SOFT);
                Some(page(&[FIRST[0], &second, "Просмотров: 104"], "2"))
            }
            ("/news/1", 2) => Some(bytes("451 Unavailable For Legal Reasons", &[], b"blocked")),
            ("/news/1", 3) => Some(bytes("500 Internal Server Error", &[], b"oops")),
            ("/news/1", 4) => redirect("/"),
            ("/news/1", 5) => Some(page(&["Материал удалён."], "3")),
            ("/", _) => Some(page(&["Главная страница издания: новости города, области и страны каждый день."], "4")),
            _ => None,
        }
    };
    Site::new(reply).await.unwrap()
}

fn open(site: &Site, folder: &Path, now: Timestamp) -> Arc<Desk> {
    let text = format!(
        "[crawl]\nper_host_delay = \"0ms\"\nallow_private = [\"{at}\"]\n[queue]\npath = \"queue.csv\"\n\
         [[source]]\nname = \"Теңіз\"\ndomain = \"{at}\"\ncountry = \"KZ\"\n[[source.feed]]\nurl = \"http://{at}/rss\"\nevery = \"7d\"\n",
        at = site.at
    );
    let (desk, notices) = Desk::open(parse(&text, "config.toml").unwrap().0, folder, now).unwrap();
    assert_eq!(notices, []);
    Arc::new(desk)
}

async fn turn(desk: &Arc<Desk>, clock: fn() -> Timestamp) -> Cycle {
    let client = Client::new(&desk.config().crawl).unwrap();
    let stop = AtomicBool::new(false);
    let round = Round {
        client: &client,
        feeds: Feeds::Due,
        most_pages: PAGES_OF_A_SOURCE,
        clock,
        stop: &stop,
        progress: &|_| {},
    };
    desk.collect(&round).await.unwrap()
}

fn visits(site: &Site) -> usize {
    site.paths().iter().filter(|path| *path == "/news/1").count()
}

fn the_row(desk: &Desk) -> Candidate {
    let [row] = <[Candidate; 1]>::try_from(desk.waiting().unwrap()).unwrap();
    row
}

fn told(desk: &Desk) -> Vec<String> {
    desk.remarks(&the_row(desk), crate::model::Lang::RU).unwrap()
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "edge: the queue file")]
async fn an_article_that_is_softened_and_then_taken_away_is_told_on_its_row() {
    static NOW: AtomicI64 = AtomicI64::new(0);
    static WAY: AtomicUsize = AtomicUsize::new(0);
    let clock: fn() -> Timestamp = || Timestamp::from_second(NOW.load(Ordering::Relaxed)).unwrap();
    // A page is dated by the machine's own clock.
    let begun = Timestamp::now().as_second();
    NOW.store(begun, Ordering::Relaxed);
    let folder = tempfile::tempdir().unwrap();
    let site = site(&WAY).await;
    let desk = open(&site, folder.path(), clock());
    assert_eq!(turn(&desk, clock).await.pages.candidates, 1);
    let first = the_row(&desk);
    let step = |hours: i64| NOW.store(begun + hours * HOUR + 30, Ordering::Relaxed);

    step(0);
    assert_eq!((turn(&desk, clock).await.revisited, visits(&site)), (Revisited::default(), 1));
    step(1);
    assert_eq!(turn(&desk, clock).await.revisited, Revisited { same: 1, ..Revisited::default() });
    assert!(site.asked().last().unwrap().head.contains("if-none-match: \"1\""), "it is asked with a condition");
    // By a process that has just started: when it is due is in the records.
    drop(desk);
    let desk = open(&site, folder.path(), clock());
    assert_eq!((turn(&desk, clock).await.revisited.total(), visits(&site), told(&desk)), (0, 2, Vec::new()));

    step(24);
    WAY.store(1, Ordering::Relaxed);
    assert_eq!(turn(&desk, clock).await.revisited, Revisited { changed: 1, ..Revisited::default() });
    let lines = told(&desk);
    assert_eq!(
        lines[1..],
        ["Убрано: Сам журналист вину не признал и объявил голодовку.".to_owned(), format!("Добавлено: {SOFT}")]
    );
    // What was captured first stands, on the row and in the archive, and the later wording lies beside it.
    assert_eq!(the_row(&desk), first);
    let checkup = Desk::verify(&desk.folder()).unwrap();
    assert_eq!((checkup.faults().count(), checkup.vouched), (0, 2));
    // The queue file says it, and is taken back as it was printed.
    desk.exchange(clock()).unwrap();
    let file = desk.queue_file();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(&format!("▸ {}", lines[0])) && text.contains(&format!("▸ Добавлено: {SOFT}")), "{text}");
    let decided = text.replacen("\r\n,,,", "\r\nconfirm,Айгүл,,", 1);
    std::fs::write(&file, decided).unwrap();
    let imported = desk.exchange(clock()).unwrap().imported.unwrap();
    assert_eq!((imported.taken, imported.returned), (1, Vec::new()));

    step(7 * 24);
    WAY.store(2, Ordering::Relaxed);
    assert_eq!(turn(&desk, clock).await.revisited, Revisited { gone: 1, ..Revisited::default() });
    assert!(!site.asked().last().unwrap().head.contains("if-none-match"), "the last visit makes no condition");
    let confirmed = desk.decided().unwrap().remove(0);
    let gone = desk.remarks(&confirmed, crate::model::Lang::RU).unwrap().pop().unwrap();
    assert!(gone.starts_with("Страница исчезла: ") && gone.contains("ответ 451"), "{gone}");
    assert_eq!(confirmed.judged, first.judged);
    for days in 8..20 {
        step(days * 24);
        assert_eq!(turn(&desk, clock).await.revisited.total(), 0);
    }
    assert_eq!(visits(&site), 4);

    // An index made anew tells the same, and erasing takes the later wording along.
    let before = desk.store().all_visits().unwrap();
    assert_eq!((before.len(), desk.check().unwrap()), (3, Vec::new()));
    drop(desk);
    Desk::rebuild(&Config::embedded(), folder.path()).unwrap();
    let (desk, _) = Desk::open(Config::embedded(), folder.path(), clock()).unwrap();
    assert_eq!(desk.store().all_visits().unwrap(), before);
    desk.forget(&first.id, "asked for", clock()).unwrap();
    assert_eq!(desk.store().all_visits().unwrap(), []);
    let checkup = Desk::verify(&desk.folder()).unwrap();
    assert_eq!(checkup.faults().count(), 0);
    let journal = desk.records().journal.read(0).unwrap();
    let left: String = journal.map(|batch| format!("{:?}", batch.unwrap().0)).collect();
    assert!(!left.contains(SOFT) && !left.contains("/news/1"), "{left}");
}

#[tokio::test]
async fn a_page_that_cannot_be_seen_is_tried_again_and_one_that_leads_home_is_gone() {
    static NOW: AtomicI64 = AtomicI64::new(0);
    static WAY: AtomicUsize = AtomicUsize::new(0);
    let clock: fn() -> Timestamp = || Timestamp::from_second(NOW.load(Ordering::Relaxed)).unwrap();
    let begun = Timestamp::now().as_second();
    NOW.store(begun, Ordering::Relaxed);
    let folder = tempfile::tempdir().unwrap();
    let site = site(&WAY).await;
    let desk = open(&site, folder.path(), clock());
    turn(&desk, clock).await;
    WAY.store(3, Ordering::Relaxed);
    let mut unseen = 0;
    for half_hour in 1..46 {
        NOW.store(begun + half_hour * HOUR / 2 + 30, Ordering::Relaxed);
        unseen += turn(&desk, clock).await.revisited.unseen;
    }
    assert_eq!((unseen, told(&desk)), (TRIES, Vec::new()));
    let after = |days: i64, way| {
        NOW.store(begun + days * DAY + 60, Ordering::Relaxed);
        WAY.store(way, Ordering::Relaxed);
    };
    after(1, 4);
    assert_eq!(turn(&desk, clock).await.revisited.gone, 1);
    assert!(told(&desk)[0].contains("ведёт на главную"));
    after(7, 5);
    assert_eq!(turn(&desk, clock).await.revisited.gone, 1);
    assert_eq!(told(&desk).len(), 1);
}

#[tokio::test]
async fn what_was_rejected_is_left_in_peace() {
    static NOW: AtomicI64 = AtomicI64::new(0);
    static WAY: AtomicUsize = AtomicUsize::new(0);
    let clock: fn() -> Timestamp = || Timestamp::from_second(NOW.load(Ordering::Relaxed)).unwrap();
    let begun = Timestamp::now().as_second();
    NOW.store(begun, Ordering::Relaxed);
    let folder = tempfile::tempdir().unwrap();
    let site = site(&WAY).await;
    let desk = open(&site, folder.path(), clock());
    turn(&desk, clock).await;
    let file = folder.path().join("decided.jsonl");
    desk.export_rows(&desk.waiting().unwrap(), &file).unwrap();
    #[expect(clippy::disallowed_methods, reason = "edge: the queue file")]
    {
        let mut row: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        (row["decision"], row["reviewer"]) = ("reject".into(), "Айгүл".into());
        std::fs::write(&file, row.to_string()).unwrap();
    }
    assert_eq!(desk.import_queue(&file, clock()).unwrap().taken, 1);
    NOW.store(begun + 2 * DAY, Ordering::Relaxed);
    assert_eq!((turn(&desk, clock).await.revisited.total(), visits(&site)), (0, 1));
}
