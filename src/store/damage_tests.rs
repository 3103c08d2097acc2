//! What the index survives: half-written snapshots, cut and changed files, another schema.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tempfile::TempDir;

use super::index::Changes;
use super::table::{Row, Table, key, key_of, short};
use super::tests::{dump, folds, id, open, store_of};
use super::*;
use crate::ledger::samples::{acts, notes, story};

/// An index with a little in it, closed.
fn closed() -> (TempDir, usize) {
    let (folder, store) = store_of(&[vec![story(1, true), story(2, false)], notes(3)], &acts());
    let rows = dump(&store).len();
    drop(store);
    (folder, rows)
}

fn snapshots_of(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder.join("index")).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("snap.")).collect()
}

/// Waits until nobody has the index. A process that another test starts inherits every open file, and with it the lock,
/// until it runs its own program: what was closed here may still be locked for a moment.
fn wait_until_free(folder: &Path) {
    let data = std::fs::File::open(folder.join("index/db")).unwrap();
    while data.try_lock().is_err() {
        std::thread::yield_now();
    }
    // Closing alone would leave the lock to whoever inherited the file meanwhile.
    data.unlock().unwrap();
}

#[test]
fn a_snapshot_that_was_being_written_is_removed() {
    let (folder, rows) = closed();
    let half = folder.path().join("index/snap.0000000000000001.generating");
    std::fs::write(&half, b"").unwrap();
    wait_until_free(folder.path());
    let raw = sled::Config::new().path(folder.path().join("index")).open();
    assert!(matches!(raw, Err(sled::Error::Corruption { .. })), "sled would open it by itself: the safeguard is idle");
    drop(raw);
    wait_until_free(folder.path());
    let opened = open(folder.path());
    assert!(!half.exists());
    assert_eq!((opened.rebuilt, opened.notices.len(), dump(&opened.store).len()), (false, 1, rows));
}

#[test]
fn a_snapshot_that_was_cut_is_moved_aside_and_the_log_is_read() {
    let (folder, rows) = closed();
    // Closed and opened again, sled leaves one.
    drop(open(folder.path()));
    let snapshots = snapshots_of(folder.path());
    assert!(!snapshots.is_empty());
    for snapshot in snapshots {
        let bytes = std::fs::read(&snapshot).unwrap();
        std::fs::write(&snapshot, &bytes[..bytes.len() / 2]).unwrap();
    }
    let opened = open(folder.path());
    assert_eq!((opened.rebuilt, opened.notices.len(), dump(&opened.store).len()), (false, 1, rows));
    assert!(folder.path().join("index.snapshots-1").exists());
    assert_eq!(opened.store.check().unwrap(), []);
}

#[test]
fn an_index_that_will_not_open_is_moved_aside() {
    let check = |damage: fn(&mut Vec<u8>)| {
        let (folder, _) = closed();
        let data = folder.path().join("index/db");
        let mut bytes = std::fs::read(&data).unwrap();
        damage(&mut bytes);
        std::fs::write(&data, bytes).unwrap();
        let opened = open(folder.path());
        assert!(opened.rebuilt, "{:?}", opened.notices);
        assert!(folder.path().join("index.broken-1/db").exists());
        assert_eq!(opened.store.counts().unwrap(), Counts::default());
        opened.store.apply_records(&[story(1, true)], 1).unwrap();
    };
    check(|bytes| bytes.clear());
    check(|bytes| bytes.truncate(100));
    check(|bytes| bytes.fill(0));
    check(|bytes| bytes.fill(0xAA));
}

#[test]
fn an_index_that_opens_but_cannot_be_read_is_rebuilt_the_next_time() {
    let (folder, store) = store_of(&[vec![story(1, true)]], &[]);
    let mut changes = Changes::over(&store.index);
    changes.put(&key(Table::Story, &short(&id(1))), "no story").unwrap();
    changes.commit().unwrap();
    assert!(store.story(&id(1)).unwrap_err().needs_repair());
    drop(store);
    let opened = open(folder.path());
    assert!(opened.rebuilt && folder.path().join("index.broken-1").exists());
    drop(opened);
    assert!(!open(folder.path()).rebuilt);
}

#[test]
fn a_newer_schema_is_refused_and_an_older_one_rebuilt() {
    let with_schema = |schema: u32| {
        let (folder, store) = store_of(&[vec![story(1, true)]], &[]);
        let mut changes = Changes::over(&store.index);
        changes.put(&key_of(Row::Schema), &schema).unwrap();
        changes.commit().unwrap();
        folder
    };
    let folder = with_schema(open::SCHEMA + 1);
    let error = Store::open(folder.path(), 1 << 20, folds()).map(|_| ()).unwrap_err();
    assert!(error.needs_repair(), "{error}");
    assert!(matches!(error, StoreError::Newer { found, known, .. } if found == known + 1));
    assert!(error.to_string().contains("use the newer"));
    let folder = with_schema(0);
    let opened = open(folder.path());
    assert!(opened.rebuilt && folder.path().join("index.old-1").exists());
    assert_eq!(opened.store.applied_position().unwrap(), 0);
}

/// An index that each case of the property below damages.
static MADE: std::sync::LazyLock<TempDir> = std::sync::LazyLock::new(|| closed().0);

proptest! {
    // Each case syncs some ten times.
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_index_is_an_error_or_a_new_index_never_a_panic(
        places in prop::collection::vec((any::<usize>(), any::<u8>()), 1..8),
        cut in prop::option::of(any::<usize>()),
    ) {
        let made = MADE.path().join("index");
        let mut bytes = std::fs::read(made.join("db")).unwrap();
        // Most of the file is empty: the damage is done where something stands.
        let used = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
        for (at, to) in places {
            bytes[at % used] = to;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut % used);
        }
        let damaged = || {
            let folder = tempfile::tempdir().unwrap();
            let copy = folder.path().join("index");
            std::fs::create_dir_all(copy.join("blobs")).unwrap();
            for file in std::fs::read_dir(&made).unwrap().map(|file| file.unwrap().path()).filter(|file| file.is_file()) {
                std::fs::copy(&file, copy.join(file.file_name().unwrap())).unwrap();
            }
            std::fs::write(copy.join("db"), &bytes).unwrap();
            folder
        };
        let folder = damaged();
        match Store::open(folder.path(), 1 << 20, folds()) {
            Ok(opened) => {
                let store = opened.store;
                let errors = [
                    store.waiting().err(), store.decided().err(), store.counts().err(), store.digests().err(),
                    store.apply_records(&[story(1, true)], 1 << 40).err(), store.check().err(),
                ];
                for error in errors.into_iter().flatten() {
                    prop_assert!(error.needs_repair() || matches!(error, StoreError::Missed(_)), "{error}");
                }
            }
            Err(error) => prop_assert!(error.needs_repair(), "{error}"),
        }
        // Whatever became of it, a new one can be made.
        prop_assert!(Store::start_anew(damaged().path(), 1 << 20, folds()).is_ok());
    }
}
