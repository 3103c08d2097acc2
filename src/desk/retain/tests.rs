//! What is let go, what never is, and that records, index and a rebuilt index still say the same.

use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

use super::*;
use crate::config::{Config, StoreConfig};
use crate::ledger::Act;
use crate::ledger::samples;
use crate::model::{Decision, hex};

const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

fn now() -> Timestamp {
    samples::minute(0) + SignedDuration::from_hours(2 * 365 * 24)
}

fn open(folder: &std::path::Path, retention: Option<Duration>) -> Desk {
    let embedded = Config::embedded();
    let config = Config { store: StoreConfig { retention, ..embedded.store.clone() }, ..embedded };
    Desk::open(config, folder, now()).unwrap().0
}

/// A story whose text does not compress, captured in the sample's year or yesterday.
fn story(n: u32, candidate: bool, head: Option<u32>, old: bool) -> Judged {
    let text: Vec<String> = (0..600).map(|word| hex(&near::text_hash(&words(&format!("{n} {word}"))))).collect();
    let head = head.map(|head| samples::judged(head, false, None).story.id);
    let mut judged = samples::judged(n, candidate, head.as_deref());
    judged.story.text = text.join(" ");
    if !old {
        judged.captured = now() - SignedDuration::from_hours(24);
    }
    judged
}

fn words(text: &str) -> crate::model::Story {
    crate::model::Story { text: text.to_owned(), ..samples::judged(0, false, None).story }
}

fn keep(desk: &Desk, judged: Judged) {
    let mut records = vec![Record::Story(Box::new(judged.clone()))];
    if let Some(head) = &judged.head {
        records.push(Record::Told { head: head.clone(), telling: crate::model::Telling::of(&judged.story) });
    }
    desk.record(&records).unwrap();
}

/// Old stories of every kind, and then so many that the first segments of the journal are finished.
fn filled(folder: &std::path::Path) -> Vec<(u32, bool)> {
    let desk = open(folder, None);
    keep(&desk, story(1, false, None, true));
    keep(&desk, story(2, true, None, true));
    keep(&desk, story(3, true, Some(2), true));
    keep(&desk, story(4, false, Some(2), true));
    keep(&desk, story(5, false, None, true));
    keep(&desk, story(6, false, Some(1), true));
    let mut short = story(7, false, None, true);
    short.story.text.truncate(100);
    keep(&desk, short);
    desk.record_acts(vec![Act::Review(samples::review(5, Some(Decision::Confirm), 1))], now()).unwrap();
    for n in 100..130 {
        keep(&desk, story(n, false, None, true));
    }
    for n in 200..230 {
        keep(&desk, story(n, false, None, false));
    }
    // Quiet and alone, or telling the same as one that is; the others are a candidate, its tellings, and one that
    // somebody decided on.
    vec![(1, true), (2, false), (3, false), (4, false), (5, false), (6, true), (7, false), (100, true), (220, false)]
}

fn is_let_go(desk: &Desk, n: u32) -> bool {
    let judged = desk.store.story(&samples::judged(n, false, None).story.id).unwrap().unwrap();
    assert_eq!(judged.let_go.is_some(), judged.story.text.is_empty());
    judged.let_go.is_some()
}

#[test]
fn only_the_old_and_quiet_go() {
    let folder = tempfile::tempdir().unwrap();
    let expected = filled(folder.path());
    let journal = folder.path().join("store/journal");
    let size = || -> u64 {
        let files = std::fs::read_dir(&journal).unwrap().map(|file| file.unwrap().metadata().unwrap());
        files.map(|file| file.blocks() * 512).sum()
    };
    let before = size();
    let desk = open(folder.path(), Some(YEAR));
    let whole = story(1, false, None, true);
    let gone = desk.let_old_stories_go(now()).unwrap();
    assert!((10..33).contains(&gone), "{gone}");
    for (n, expect) in &expected {
        assert_eq!(is_let_go(&desk, *n), *expect, "{n}");
    }
    assert_eq!(desk.let_old_stories_go(now()).unwrap(), 0);
    assert!(size() < before * 3 / 4, "{} of {before}", size());
    // It is still known for what it is.
    let left = desk.store.story(&whole.story.id).unwrap().unwrap();
    assert_eq!((left.story.url.as_deref(), left.story.title.as_str()), (whole.story.url.as_deref(), ""));
    assert_eq!(desk.store.story_by_text(&near::text_hash(&whole.story)).unwrap(), Some(whole.story.id.clone()));
    assert_eq!(desk.store.story_by_url(whole.story.url.as_deref().unwrap()).unwrap(), Some(whole.story.id));
    assert_eq!(desk.check().unwrap(), []);
    let counts = desk.store.counts().unwrap();
    drop(desk);
    assert_eq!(crate::ledger::verify(&folder.path().join("store")).unwrap().faults, []);
    Desk::rebuild(&Config::embedded(), folder.path()).unwrap();
    let desk = open(folder.path(), None);
    assert_eq!(desk.store.counts().unwrap(), counts);
    assert_eq!(desk.check().unwrap(), []);
    for (n, expect) in expected {
        assert_eq!(is_let_go(&desk, n), expect, "{n}, rebuilt");
    }
}

#[test]
fn a_segment_that_is_too_young_is_not_read_again_until_it_is_old() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let desk = open(folder.path(), Some(YEAR));
    desk.let_old_stories_go(now()).unwrap();
    let read: Progress =
        serde_json::from_slice(&std::fs::read(folder.path().join("store/retained.json")).unwrap()).unwrap();
    assert_eq!(read.youngest, Some(now() - SignedDuration::from_hours(24)));
    // Nothing is read from it: that its file is gone is not noticed.
    let segment = folder.path().join(format!("store/journal/{:06}.zst", read.segment));
    let aside = segment.with_extension("aside");
    std::fs::rename(&segment, &aside).unwrap();
    assert_eq!(desk.let_old_stories_go(now() + SignedDuration::from_hours(300 * 24)).unwrap(), 0);
    std::fs::rename(&aside, &segment).unwrap();
    let gone = desk.let_old_stories_go(now() + SignedDuration::from_hours(2 * 365 * 24)).unwrap();
    assert!(gone > 20, "{gone}");
    assert!(is_let_go(&desk, 205));
}

#[test]
fn nothing_goes_unasked() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let desk = open(folder.path(), None);
    assert_eq!(desk.let_old_stories_go(now()).unwrap(), 0);
    assert!(!is_let_go(&desk, 1));
}

#[test]
fn what_was_broken_off_is_done_again() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    // The stop came after the new records, before the old were written over.
    let desk = open(folder.path(), Some(YEAR));
    let whole = story(1, false, None, true);
    desk.record(&[Record::Story(Box::new(let_go(&whole, near::text_hash(&whole.story))))]).unwrap();
    drop(desk);
    let desk = open(folder.path(), Some(YEAR));
    desk.let_old_stories_go(now()).unwrap();
    let records = desk.records().journal.read_finished(1).unwrap().flat_map(Result::unwrap);
    let texts = records.filter_map(|record| match record {
        Record::Story(judged) if judged.story.id == whole.story.id => Some(judged.story.text),
        _ => None,
    });
    assert_eq!(texts.collect::<Vec<_>>(), [""]);
    assert_eq!(desk.check().unwrap(), []);
}
