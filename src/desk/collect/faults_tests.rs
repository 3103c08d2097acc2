//! A network that fails by the hour: nothing is given up, nothing is kept twice, and the counters say what
//! happened. The clock steps; no time passes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use super::*;
use crate::config::{Config, parse};
use crate::desk::PAGES_OF_A_SOURCE;
use crate::net::Lookup;
use crate::selftest::hostile::{Reply, Site, bytes};

const START: i64 = 1_510_800_000;
const MINUTE: i64 = 60;
const ENTRIES: usize = 6;

const SUBJECTS: [&str; ENTRIES] = [
    "мост через реку сдали раньше срока и открыли движение грузовиков",
    "школьники посадили яблони во дворе старой библиотеки на холме",
    "рыбаки просят вернуть причал, который размыло весенним паводком",
    "театр кукол едет на гастроли с новой сказкой про верблюжонка",
    "астрономы обсерватории ждут звездопада и зовут гостей с палатками",
    "пекарня у вокзала ввела ночную смену ради поездов дальнего следования",
];

fn feed(host: &str, entries: usize) -> Reply {
    let items: String = (0..entries)
        .map(|n| format!("<item><title>Новость {n}</title><link>http://{host}/news/{n}</link><guid>{n}</guid></item>"))
        .collect();
    let rss = format!("<rss version='2.0'><channel><title>Лента</title>{items}</channel></rss>");
    bytes("200 OK", &["content-type: application/rss+xml; charset=utf-8"], rss.as_bytes())
}

fn news(path: &str) -> Option<Reply> {
    let n: usize = path.strip_prefix("/news/")?.parse().ok()?;
    let subject = SUBJECTS.get(n)?;
    let text = format!("В городе {subject}. ").repeat(2)
        + &format!("Жители рады: {subject}, говорят они, и ждут добрых вестей.");
    let html = format!("<html lang=ru><title>Новость {n}</title><article><h1>Новость {n}</h1><p>{text}</p></article>");
    Some(bytes("200 OK", &["content-type: text/html; charset=utf-8"], html.as_bytes()))
}

/// A desk that watches one feed at a name, and its folder.
fn desk(site: &Site, host: &str) -> (Arc<Desk>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let port = site.at.port();
    let text = format!(
        "[crawl]\nper_host_delay = \"0ms\"\ntimeout = \"5s\"\nallow_private = [\"{}\"]\n[schedule]\nevery = \"5m\"\n\
         [[source]]\nname = \"Тау\"\ndomain = \"{host}:{port}\"\n[[source.feed]]\nurl = \"http://{host}:{port}/rss\"\nevery = \"5m\"\n",
        site.at
    );
    let (config, _) = parse(&text, "config.toml").unwrap();
    let (desk, _) = Desk::open(config, folder.path(), Timestamp::from_second(START).unwrap()).unwrap();
    (Arc::new(desk), folder)
}

/// A look-up that knows every name, or none.
fn lookup(alive: bool) -> Lookup {
    Arc::new(move |_| {
        Box::pin(async move {
            match alive {
                true => Ok(vec![std::net::IpAddr::from([127, 0, 0, 1])]),
                false => Err(std::io::Error::other("no such name")),
            }
        })
    })
}

/// One turn at a time of the given clock, by a process that has just started.
async fn turn(desk: &Arc<Desk>, alive: bool, clock: fn() -> Timestamp) -> Cycle {
    let client = Client::with_lookup(&desk.config().crawl, &[], &lookup(alive)).unwrap();
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

fn poll(desk: &Desk) -> Poll {
    desk.store().poll(&desk.config().sources[0].feeds[0].url).unwrap().unwrap_or_default()
}

fn stories(desk: &Desk) -> usize {
    desk.store().counts().unwrap().stories
}

#[tokio::test]
async fn names_that_nobody_resolves_for_an_hour_cost_an_hour() {
    static NOW: AtomicI64 = AtomicI64::new(START);
    static SHOWN: AtomicI64 = AtomicI64::new(1);
    let clock: fn() -> Timestamp = || Timestamp::from_second(NOW.load(Ordering::Relaxed)).unwrap();
    let host = "tau.example";
    let site = Site::new(move |path, head| {
        let at = head.split("host: ").nth(1)?.lines().next()?.trim().to_owned();
        if path == "/rss" { Some(feed(&at, SHOWN.load(Ordering::Relaxed) as usize)) } else { news(path) }
    })
    .await
    .unwrap();
    let (desk, _folder) = desk(&site, host);
    assert_eq!(turn(&desk, true, clock).await.pages.stored, 1);
    let asked = site.asked().len();
    SHOWN.store(ENTRIES as i64, Ordering::Relaxed);
    let (mut failed, mut last) = (0, START);
    while NOW.load(Ordering::Relaxed) < START + 60 * MINUTE {
        let cycle = turn(&desk, false, clock).await;
        if cycle.feeds == 1 {
            failed += 1;
            last = NOW.load(Ordering::Relaxed);
            let poll = poll(&desk);
            assert_eq!((cycle.feeds_failed, poll.failures), (1, 0.25 * f64::from(failed)));
            assert!(poll.error.is_some_and(|why| why.contains(host)), "the host is named");
        }
        NOW.fetch_add(MINUTE, Ordering::Relaxed);
    }
    // A quarter of the interval more each time: after 5, 6¼, 7½ … minutes.
    assert!((6..=8).contains(&failed), "{failed} polls in the hour");
    assert_eq!((stories(&desk), site.asked().len()), (1, asked));
    // An hour is no alarm.
    assert_eq!(desk.alarms(clock()).unwrap().iter().filter(|alarm| alarm.about == "Тау").count(), 0);
    let mut stored = 0;
    while stored == 0 {
        let cycle = turn(&desk, true, clock).await;
        stored += cycle.pages.stored;
        NOW.fetch_add(MINUTE, Ordering::Relaxed);
        assert!(NOW.load(Ordering::Relaxed) < last + 20 * MINUTE, "it is asked again before long");
    }
    let back = poll(&desk);
    assert_eq!((stored as usize, back.failures, back.error), (ENTRIES - 1, 0.0, None));
    // Back to the usual pace.
    let wait = back.next_due.unwrap().as_second() - back.last_success.unwrap().as_second();
    assert!((4 * MINUTE..=5 * MINUTE).contains(&wait), "{wait} s");
    let health = desk.store().health(desk.today(clock()), desk.today(clock())).unwrap().remove(0).2;
    assert_eq!((health.polls_failed, health.polls_ok, health.stories), (failed, 2, ENTRIES as u32));
}

#[tokio::test]
async fn a_server_that_flaps_loses_nothing_and_is_kept_once() {
    static NOW: AtomicI64 = AtomicI64::new(START);
    static ASKED: AtomicI64 = AtomicI64::new(0);
    let clock: fn() -> Timestamp = || Timestamp::from_second(NOW.load(Ordering::Relaxed)).unwrap();
    let site = Site::new(move |path, head| {
        if path == "/robots.txt" {
            return None;
        }
        let at = head.split("host: ").nth(1)?.lines().next()?.trim().to_owned();
        let whole = if path == "/rss" { feed(&at, ENTRIES) } else { news(path)? };
        // Good, broken, cut in the middle, busy, without an order (SplitMix64).
        let asked = (ASKED.fetch_add(1, Ordering::Relaxed) as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Some(match (asked ^ (asked >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 62 {
            0 => whole,
            1 => bytes("500 Internal Server Error", &[], b"oops"),
            2 => {
                let Reply::Bytes(mut cut) = whole else { return None };
                cut.truncate(cut.len() / 2);
                Reply::Bytes(cut)
            }
            _ => bytes("503 Service Unavailable", &["retry-after: 60"], b"busy"),
        })
    })
    .await
    .unwrap();
    let (desk, folder) = desk(&site, "127.0.0.1");
    let (mut ended, mut polls) = (Tally::default(), 0);
    for _ in 0..24 * 60 {
        let cycle = turn(&desk, true, clock).await;
        ended.add(cycle.pages);
        polls += cycle.feeds;
        let poll = poll(&desk);
        assert!(poll.failures < 6.0, "successes in between start anew: {}", poll.failures);
        NOW.fetch_add(MINUTE, Ordering::Relaxed);
    }
    assert_eq!((stories(&desk), ended.stored as usize, ended.reprints), (ENTRIES, ENTRIES, 0));
    // Every page asked for ends in one outcome; a host that asked to be left alone is one without a request.
    let asked = site.paths().iter().filter(|path| path.starts_with("/news/")).count();
    let outcomes = (ended.total() - ended.duplicates) as usize;
    assert!((asked..=3 * asked).contains(&outcomes), "{outcomes} outcomes of {asked} requests");
    assert_eq!((ended.quarantined, ended.refused), (0, 0), "a passing fault is no verdict on a page");
    assert!(polls <= 24 * 60 / 4, "{polls} polls a day of a feed that is due every five minutes");
    assert!(poll(&desk).last_success.is_some_and(|last| clock().duration_since(last).as_hours() < 2));
    assert_eq!(desk.check().unwrap(), []);
    let live: Vec<_> = desk.store().stories_after(None, 100).unwrap();
    drop(desk);
    Desk::rebuild(&Config::embedded(), folder.path()).unwrap();
    let (again, _) = Desk::open(Config::embedded(), folder.path(), clock()).unwrap();
    assert_eq!(again.store().stories_after(None, 100).unwrap(), live);
}

#[tokio::test]
async fn a_clock_that_jumps_a_day_forward_and_back_polls_on() {
    static NOW: AtomicI64 = AtomicI64::new(START);
    let clock: fn() -> Timestamp = || Timestamp::from_second(NOW.load(Ordering::Relaxed)).unwrap();
    let site = Site::new(move |path, head| {
        let at = head.split("host: ").nth(1)?.lines().next()?.trim().to_owned();
        if path == "/rss" { Some(feed(&at, ENTRIES)) } else { news(path) }
    })
    .await
    .unwrap();
    let (desk, _folder) = desk(&site, "127.0.0.1");
    let mut polled = Vec::new();
    let day = 24 * 60 * MINUTE;
    for minute in 0..180 {
        let jump = if (60..120).contains(&minute) { day } else { 0 };
        NOW.store(START + minute * MINUTE + jump, Ordering::Relaxed);
        if turn(&desk, true, clock).await.feeds > 0 {
            polled.push(minute);
        }
    }
    let longest = polled.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
    assert!(longest <= 6, "a feed waited {longest} minutes: {polled:?}");
    assert!(polled.len() <= 180 / 4 + 2, "{polled:?}");
    assert_eq!(stories(&desk), ENTRIES);
    // Two days are on record, and the future one is not asked for again.
    let (from, to) = (desk.today(clock()), desk.today(Timestamp::from_second(START + 2 * day).unwrap()));
    assert_eq!(desk.store().health(from, to).unwrap().len(), 2);
}

/// A site whose feed shows one article until `moves_on`, and whose page of it answers from `answers` on.
async fn late(answers: &'static AtomicI64, moves_on: &'static AtomicI64, now: &'static AtomicI64) -> Site {
    Site::new(move |path, head| {
        let at = head.split("host: ").nth(1)?.lines().next()?.trim().to_owned();
        let now = now.load(Ordering::Relaxed);
        match path {
            "/rss" => Some(feed(&at, usize::from(now < moves_on.load(Ordering::Relaxed)))),
            "/news/0" if now < answers.load(Ordering::Relaxed) => Some(bytes("503 Service Unavailable", &[], b"busy")),
            path => news(path),
        }
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn a_page_is_had_though_its_feed_has_moved_on() {
    static NOW: AtomicI64 = AtomicI64::new(START);
    static ANSWERS: AtomicI64 = AtomicI64::new(START + 120 * MINUTE);
    static MOVES_ON: AtomicI64 = AtomicI64::new(START + 10 * MINUTE);
    let clock: fn() -> Timestamp = || Timestamp::from_second(NOW.load(Ordering::Relaxed)).unwrap();
    let site = late(&ANSWERS, &MOVES_ON, &NOW).await;
    let (desk, _folder) = desk(&site, "127.0.0.1");
    let mut stored = Vec::new();
    for minute in 0..240 {
        NOW.store(START + minute * MINUTE, Ordering::Relaxed);
        if turn(&desk, true, clock).await.pages.stored > 0 {
            stored.push(minute);
        }
    }
    // Asked again after 5, 10, 15 minutes and so on.
    assert!(matches!(stored[..], [minute] if (120..240).contains(&minute)), "{stored:?}");
    let asked = site.paths().iter().filter(|path| *path == "/news/0").count();
    assert!((7..=9).contains(&asked), "{asked} requests");
    assert_eq!(desk.store().awaited("Тау").unwrap(), []);
    let story = desk.store().stories_after(None, 1).unwrap().remove(0);
    assert_eq!(story.story.title, "Новость 0");
}

#[tokio::test]
async fn a_page_that_does_not_come_in_a_week_is_set_aside_once() {
    static NOW: AtomicI64 = AtomicI64::new(START);
    static NEVER: AtomicI64 = AtomicI64::new(i64::MAX);
    let clock: fn() -> Timestamp = || Timestamp::from_second(NOW.load(Ordering::Relaxed)).unwrap();
    let site = late(&NEVER, &NEVER, &NOW).await;
    let (desk, _folder) = desk(&site, "127.0.0.1");
    let mut ended = Tally::default();
    for half_hour in 0..10 * 48 {
        NOW.store(START + half_hour * 30 * MINUTE, Ordering::Relaxed);
        ended.add(turn(&desk, true, clock).await.pages);
    }
    assert_eq!((ended.stored, ended.quarantined), (0, 1));
    let asked = site.paths().iter().filter(|path| *path == "/news/0").count();
    assert_eq!(ended.failed as usize + 1, asked);
    assert!(asked <= 70, "{asked} requests in a week");
    let aside = desk.store().quarantined(10).unwrap();
    assert!(aside[0].origin.ends_with("/news/0") && aside[0].reason.contains("503"), "{aside:?}");
    assert_eq!(desk.store().awaited("Тау").unwrap(), []);
}

#[tokio::test]
async fn a_page_on_its_way_at_a_kill_is_asked_for_again() {
    static NOW: AtomicI64 = AtomicI64::new(START);
    static AT_ONCE: AtomicI64 = AtomicI64::new(START);
    static MOVES_ON: AtomicI64 = AtomicI64::new(START);
    let clock: fn() -> Timestamp = || Timestamp::from_second(NOW.load(Ordering::Relaxed)).unwrap();
    let site = late(&AT_ONCE, &MOVES_ON, &NOW).await;
    let (desk, folder) = desk(&site, "127.0.0.1");
    let url = format!("http://{}/news/0", site.at);
    let entry = Entry {
        feed_title: Some("Лента".to_owned()),
        id: None,
        url: Some(url.clone()),
        title: Some("Новость 0".to_owned()),
        published: None,
        summary: Some("Мост сдали".to_owned()),
        post: None,
    };
    // What `take_entries` has done when the process dies behind the request.
    desk.await_pages(&desk.config().sources[0], std::iter::once((&entry, url.as_str())), clock()).unwrap();
    let config = desk.config().clone();
    drop(desk);
    Desk::rebuild(&config, folder.path()).unwrap();
    let desk = Arc::new(Desk::open(config, folder.path(), clock()).unwrap().0);
    assert_eq!(desk.source_due(0, clock()).unwrap(), Some(Timestamp::MIN));
    let cycle = turn(&desk, true, clock).await;
    assert_eq!((cycle.entries, cycle.pages.stored), (0, 1), "the feed shows it no more");
    assert_eq!(desk.store().awaited("Тау").unwrap(), []);
    assert_eq!(turn(&desk, true, clock).await.pages.total(), 0);
}
