//! How the store scales: synthetic stories put through journal and index as the desk does it.
//!
//! `cargo bench --bench store -- --stories 1000000` (10,000 by default; the largest sizes are for
//! `scripts/acceptance`), with `--folder DIR` on a disk of the caller's choice: what is written there is removed in
//! the end. After a tenth, three tenths and all of the stories it prints inserts a second, the time of a lookup by
//! address (p50, p99) with files merged beside it, of the same when all is at rest and the system holds nothing of
//! the files in memory, though the store, as in a process that runs for months, what it reads once for all; of listing
//! the queue (p99 of 20), resident memory and bytes a story; in the end how long opening takes after a clean stop and
//! after one without any goodbye.
//!
//! Texts are invented words, about 2 KB each, unlike each other; one story in a thousand waits for a
//! person. Inventing a story is timed with the rest.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads files, arguments and the clock")]
#![expect(clippy::disallowed_types, reason = "a benchmark reads files, arguments and the clock")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::Timestamp;
use sozwatch::desk;
use sozwatch::ledger::{Journal, Record};
use sozwatch::model::{Fields, Judged, Lang, Script, Story, Verdict};
use sozwatch::store::{Store, StoreError};

/// Stories in one synced batch of the journal, as many as a replay applies at once.
const BATCH: u64 = 1_024;
/// Lookups measured at each stop.
const LOOKUPS: u64 = 2_000;
const CACHE: u64 = 64 << 20;
const SYLLABLES: [&str; 24] = [
    "ба", "ру", "та", "ке", "сы", "но", "ла", "ми", "да", "же", "қа", "ал", "ер", "ты", "ша", "го", "ве", "пи", "зы",
    "ұл", "өң", "ін", "су", "ка",
];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let stories: u64 = value("--stories").and_then(|number| number.parse().ok()).unwrap_or(10_000);
    if let Some(folder) = value("--then-vanish") {
        let (store, mut journal) = open(Path::new(&folder));
        insert(&store, &mut journal, stories..stories + 500);
        // No goodbye: neither the index nor the journal is closed.
        std::process::exit(0);
    }
    let under = value("--folder").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(under).expect("a folder for the store");
    let (mut store, mut journal) = open(folder.path());
    println!(
        "{:>10} {:>10} {:>9} {:>9} {:>11} {:>11} {:>10} {:>8} {:>9}",
        "stories", "inserts/s", "p50 us", "p99 us", "cold p50 us", "cold p99 us", "queue ms", "RSS MB", "B a story"
    );
    let mut from = 0;
    for stop in [stories / 10, stories * 3 / 10, stories] {
        let begun = Instant::now();
        insert(&store, &mut journal, from..stop);
        let a_second = (stop - from) as f64 / begun.elapsed().as_secs_f64();
        let mut lookups = look_up(&store, 0..LOOKUPS, stop);
        let mut listings: Vec<f64> = (0..20)
            .map(|_| {
                let begun = Instant::now();
                let waiting = store.waiting().expect("the store is read").len() as u64;
                assert_eq!(waiting, stop.div_ceil(1_000));
                begun.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        let (busy, resident) = ([0.5, 0.99].map(|share| rank(&mut lookups, share)), resident() >> 20);
        drop((store, journal));
        (store, journal) = open(folder.path());
        let before = LOOKUPS + stop / 250;
        look_up(&store, LOOKUPS..before, stop);
        forget_cached(folder.path());
        let mut lookups = look_up(&store, before..before + LOOKUPS, stop);
        let cold = [0.5, 0.99].map(|share| rank(&mut lookups, share));
        println!(
            "{stop:>10} {a_second:>10.0} {:>9.0} {:>9.0} {:>11.0} {:>11.0} {:>10.1} {resident:>8} {:>9}",
            busy[0],
            busy[1],
            cold[0],
            cold[1],
            rank(&mut listings, 0.99),
            size(folder.path()) / stop.max(1)
        );
        from = stop;
    }
    drop((store, journal));
    let begun = Instant::now();
    drop(open(folder.path()));
    println!("opened after a clean stop in {:.0} ms", begun.elapsed().as_secs_f64() * 1e3);
    let program = std::env::current_exe().expect("this program has a path");
    let vanished = std::process::Command::new(program)
        .args(["--stories", &stories.to_string(), "--then-vanish"])
        .arg(folder.path())
        .status();
    assert!(vanished.is_ok_and(|status| status.success()));
    let begun = Instant::now();
    let (store, journal) = open(folder.path());
    println!("opened after a stop without goodbye in {:.0} ms", begun.elapsed().as_secs_f64() * 1e3);
    assert_eq!(store.applied_position().expect("the store is read"), journal.position(), "nothing was lost");
    assert_eq!(store.counts().expect("the store is read").stories as u64, stories + 500);
}

fn open(folder: &Path) -> (Store, Journal) {
    let opened = Store::open(folder, CACHE, desk::folds()).expect("the store opens");
    (opened.store, Journal::open(folder).expect("the journal opens").0)
}

/// How long it takes to find stories by their addresses and to read them, each in microseconds.
fn look_up(store: &Store, numbers: std::ops::Range<u64>, stories: u64) -> Vec<f64> {
    let times = numbers.map(|number| {
        let wanted = mixed(number) % stories;
        let begun = Instant::now();
        let id = store.story_by_url(&url(wanted)).expect("the store is read").expect("it was kept");
        assert!(store.story(&id).expect("the store is read").is_some());
        begun.elapsed().as_secs_f64() * 1e6
    });
    times.collect()
}

/// Has the system let go what it holds in memory of the files in a folder.
fn forget_cached(folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("the folder is read").flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => forget_cached(&path),
            false => {
                let file = std::fs::File::open(&path).expect("the file opens");
                file.sync_all().expect("the file is synced");
                rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed).expect("the system is told");
            }
        }
    }
}

fn insert(store: &Store, journal: &mut Journal, numbers: std::ops::Range<u64>) {
    let mut from = numbers.start;
    while from < numbers.end {
        let to = (from + BATCH).min(numbers.end);
        let records: Vec<Record> = (from..to).map(|number| Record::Story(Box::new(story(number)))).collect();
        let write = || Ok::<_, StoreError>(journal.append(&records).expect("the journal is written"));
        store.record(&records, write).expect("the store is written");
        from = to;
    }
}

fn url(number: u64) -> String {
    format!("https://outlet{}.example/news/{number}", number % 300)
}

/// The same number gives the same other number, without a pattern (splitmix64).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn text(number: u64) -> String {
    let mut text = String::with_capacity(2_100);
    let mut state = mixed(number);
    while text.len() < 2_000 {
        for _ in 0..2 + state % 3 {
            state = mixed(state);
            text.push_str(SYLLABLES[(state % 24) as usize]);
        }
        text.push(' ');
    }
    text
}

fn story(number: u64) -> Judged {
    let id = format!("s{:016x}", mixed(number));
    let story = Story {
        id: id.clone(),
        url: Some(url(number)),
        title: format!("Новость {number}"),
        text: text(number),
        published: None,
        byline: None,
        source: Some(format!("Outlet {}", number % 300)),
    };
    let verdict = Verdict {
        id,
        lang: Lang::RU,
        langs: vec![Lang::RU],
        script: Script::Cyrillic,
        candidate: number.is_multiple_of(1_000),
        score: 0.5,
        country: Some("KZ".to_owned()),
        categories: Vec::new(),
        fields: Fields::default(),
        spans: Default::default(),
        evidence: Vec::new(),
        against: Vec::new(),
        case: None,
        dup: None,
    };
    let captured = Timestamp::from_second(1_500_000_000 + number as i64).unwrap_or_default();
    Judged {
        story,
        verdict,
        rule_set: "bench".to_owned(),
        captured,
        head: None,
        shows: None,
        second_look: None,
        let_go: None,
        capture: None,
        link: None,
    }
}

fn rank(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times[((times.len() - 1) as f64 * share) as usize]
}

/// Resident memory of this process, in bytes (proc(5), pages of 4 KiB).
fn resident() -> u64 {
    let about = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    about.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or_default() * 4_096
}

fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.path().is_dir() {
            true => size(&entry.path()),
            false => entry.metadata().map(|about| about.len()).unwrap_or_default(),
        })
        .sum()
}
