//! What an older version wrote is opened as it lies: its records are read, and its index is made anew from them.

use std::path::{Path, PathBuf};

use super::tests::{dump, folds, replay, store_of};
use super::*;
use crate::ledger::samples::{acts, judged, minute, notes, reprint};
use crate::ledger::{Journal, Ledger, Record};

/// So little that the stories below fill several files of the bulk tables.
const CACHE: u64 = 64 << 10;
const STORIES: u32 = 90;

fn stored(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stored").join(version)
}

/// A text that stays long when it is compressed.
fn long_text(n: u32) -> String {
    (1..200).map(|word| format!("{} ", (n * 7_919 + word * 15_485_863) % 1_000_003)).collect()
}

fn records() -> Vec<Vec<Record>> {
    let story = |n: u32| {
        let mut judged = judged(n, n.is_multiple_of(5), None);
        judged.story.text = long_text(n);
        vec![Record::Story(Box::new(judged))]
    };
    let mut records: Vec<Vec<Record>> = (1..=STORIES).map(story).collect();
    records.extend([notes(STORIES + 1), reprint(STORIES + 2, 5, true)]);
    records
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (entry, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        match entry.is_dir() {
            true => copy(&entry, &to),
            false => std::fs::copy(entry, to).map(|_| ()).unwrap(),
        }
    }
}

/// Opens a copy of what a version wrote: as it lies where its index is of the present schema, else made anew from the
/// records; and in either case as one made today. `magic` begins each file of the bulk tables.
fn check(version: &str, schema: u32, magic: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    copy(&stored(version), folder.path());
    let runs = std::fs::read_dir(folder.path().join("index/bulk")).unwrap().flatten();
    let runs: Vec<PathBuf> =
        runs.map(|file| file.path()).filter(|path| path.extension().is_some_and(|e| e == "run")).collect();
    assert!(runs.iter().all(|run| std::fs::read(run).unwrap().starts_with(magic)) && !runs.is_empty());
    let Opened { store, notices, rebuilt } = Store::open(folder.path(), CACHE, folds()).unwrap();
    let (journal, torn) = Journal::open(folder.path()).unwrap();
    assert_eq!(torn, []);
    let (ledger, torn) = Ledger::open(folder.path()).unwrap();
    assert_eq!(torn, []);
    let replayed = replay(&store, &ledger, &journal).unwrap();
    match schema == open::SCHEMA {
        true => assert!(!rebuilt && notices.is_empty() && replayed == 0, "{notices:?}, {replayed} replayed"),
        false => {
            let told = format!("it had schema {schema}");
            assert!(rebuilt && notices.len() == 1 && notices[0].to_string().contains(&told), "{notices:?}");
        }
    }
    assert_eq!(store.check().unwrap(), []);
    let (_other, made_today) = store_of(&records(), &acts());
    let applied = |rows: Vec<(Vec<u8>, Vec<u8>)>| -> Vec<_> {
        // Positions of a real journal stand there.
        rows.into_iter().filter(|(row, _)| *row != key_of(Row::AppliedPosition)).collect()
    };
    assert_eq!(applied(dump(&store)), applied(dump(&made_today)));
    assert_eq!(store.story(&judged(7, false, None).story.id).unwrap().unwrap().story.text, long_text(7));
    assert_eq!(store.applied_position().unwrap(), journal.position());
    let replayed: Vec<Vec<Record>> = journal.read(0).unwrap().map(|batch| batch.unwrap().0).collect();
    assert_eq!(replayed, records());
    assert_eq!(store.applied_seq().unwrap(), ledger.last());
}

#[test]
fn what_every_version_wrote_opens() {
    check("2", 3, b"sozrun 1");
    check("3", 7, b"sozrun 2");
    check("4", 8, b"sozrun 2");
    check("5", 9, b"sozrun 3");
    check("6", 10, b"sozrun 3");
}

#[test]
#[ignore = "writes the fixture of this version into a folder that must be empty; run once for each new version"]
fn write_the_fixture_of_this_version() {
    let stored = stored("6");
    assert!(!stored.exists(), "{} is kept as it was written", stored.display());
    std::fs::create_dir_all(&stored).unwrap();
    let store = Store::open(&stored, CACHE, folds()).unwrap().store;
    let (mut journal, _) = Journal::open(&stored).unwrap();
    for batch in records() {
        let position = journal.append(&batch).unwrap();
        store.apply_records(&batch, position).unwrap();
    }
    let (mut ledger, _) = Ledger::open(&stored).unwrap();
    for (seq, act) in (1..).zip(acts()) {
        ledger.append(std::slice::from_ref(&act), minute(seq as i64)).unwrap();
        store.apply_acts(&[(seq, minute(seq as i64), act)]).unwrap();
    }
}
