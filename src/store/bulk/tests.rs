//! Rows laid over each other, settled, merged and read again: always as a plain map would have them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

type Map = BTreeMap<Vec<u8>, Vec<u8>>;

fn open(folder: &TempDir, files: &Files, recent: Vec<Row>) -> Bulk {
    Bulk::open(folder.path(), files, recent, 1 << 20).unwrap()
}

fn all(bulk: &Bulk) -> Vec<(Vec<u8>, Vec<u8>)> {
    bulk.range(&[], vec![0xFF; 64]).unwrap().map(Result::unwrap).collect()
}

/// Settles what is recent, and waits until no merging is left to do.
fn settle(bulk: &Bulk) {
    bulk.show(bulk.settle().unwrap());
    finish_merging(bulk);
}

fn finish_merging(bulk: &Bulk) {
    loop {
        bulk.begin_merging();
        let mergings = bulk.mergings();
        if mergings.is_empty() {
            return;
        }
        while !mergings.iter().any(|merging| merging.thread.is_finished()) {
            std::thread::yield_now();
        }
        drop(mergings);
        bulk.show(bulk.merged().unwrap().unwrap());
    }
}

#[derive(Debug, Clone)]
enum Step {
    Lay(Vec<(u16, Option<u16>)>),
    Settle,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => prop::collection::vec((0_u16..400, prop::option::of(0_u16..1_200)), 1..120).prop_map(Step::Lay),
        3 => Just(Step::Settle),
        1 => Just(Step::Reopen),
    ]
}

/// Keys of very unlike lengths, some of which share their first eight bytes.
fn key(n: u16) -> Vec<u8> {
    match n % 3 {
        0 => [b"Nsame eight bytes".as_slice(), &n.to_be_bytes()].concat(),
        1 => [b"S".as_slice(), &u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()].concat(),
        _ => [b"U".as_slice(), &n.to_be_bytes()].concat(),
    }
}

/// Values up to twice what stands in a row.
fn value(length: u16) -> Vec<u8> {
    (0..length).map(|n| (n % 7) as u8 + length as u8 % 5).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn it_reads_as_a_plain_map(steps in prop::collection::vec(step(), 1..30)) {
        let folder = tempfile::tempdir().unwrap();
        let mut bulk = open(&folder, &Files::default(), Vec::new());
        let (mut map, mut recent) = (Map::new(), Vec::new());
        for step in steps {
            match step {
                Step::Lay(changes) => {
                    let changes: Vec<Row> = changes.into_iter().map(|(k, v)| (key(k), v.map(value))).collect();
                    for (key, value) in &changes {
                        match value {
                            Some(value) => map.insert(key.clone(), value.clone()),
                            None => map.remove(key),
                        };
                    }
                    recent.extend(changes.clone());
                    bulk.lay(changes);
                }
                Step::Settle => {
                    settle(&bulk);
                    recent.clear();
                }
                Step::Reopen => {
                    let files = bulk.view().files();
                    drop(bulk);
                    bulk = open(&folder, &files, recent.clone());
                }
            }
        }
        prop_assert_eq!(all(&bulk), map.clone().into_iter().collect::<Vec<_>>());
        for n in 0..400 {
            prop_assert_eq!(bulk.get(&key(n)).unwrap(), map.get(&key(n)).cloned());
        }
        let within: Vec<_> = bulk.range(b"Nsame", b"S".to_vec()).unwrap().map(Result::unwrap).collect();
        let expected: Vec<_> = map.range(b"Nsame".to_vec()..b"S".to_vec()).map(|(k, v)| (k.clone(), v.clone())).collect();
        prop_assert_eq!(within, expected);
    }
}

#[test]
fn four_files_become_one_and_what_was_taken_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let bulk = open(&folder, &Files::default(), Vec::new());
    for round in 0..4_u16 {
        bulk.lay((0..500).map(|n| (key(n), (n % 4 != round).then(|| value(n)))).collect());
        settle(&bulk);
    }
    let view = bulk.view();
    assert_eq!(view.files().runs.iter().map(|(_, level)| *level).collect::<Vec<_>>(), [1]);
    let runs = std::fs::read_dir(folder.path())
        .unwrap()
        .filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "run"));
    assert_eq!(runs.count(), 1);
    assert_eq!(all(&bulk).len(), 375);
    let mut rows = Merged::from(&[], None, &view.runs).unwrap();
    while rows.step().unwrap() {
        assert!(rows.value().is_some(), "nothing older is left that it could hide");
    }
}

#[test]
fn files_are_merged_beside_each_other_and_their_order_stays() {
    let folder = tempfile::tempdir().unwrap();
    let bulk = open(&folder, &Files::default(), Vec::new());
    for round in 0..2 * FAN as u16 {
        bulk.lay((0..300).map(|n| (key(n), Some(value(n + round)))).collect());
        bulk.show(bulk.settle().unwrap());
        bulk.begin_merging();
    }
    finish_merging(&bulk);
    let newest = 2 * FAN as u16 - 1;
    assert_eq!(bulk.view().files().runs.iter().map(|(_, level)| *level).collect::<Vec<_>>(), [1, 1]);
    for n in 0..300 {
        assert_eq!(bulk.get(&key(n)).unwrap(), Some(value(n + newest)));
    }
}

#[test]
fn who_reads_goes_on_reading_what_there_was() {
    let folder = tempfile::tempdir().unwrap();
    let bulk = open(&folder, &Files::default(), Vec::new());
    bulk.lay((0..300).map(|n| (key(n), Some(value(600)))).collect());
    let mut reading = bulk.range(&[], vec![0xFF; 64]).unwrap();
    let first = reading.next().unwrap().unwrap();
    for _ in 0..4 {
        settle(&bulk);
        bulk.lay((0..300).map(|n| (key(n), None)).collect());
    }
    settle(&bulk);
    assert_eq!(std::iter::once(first).chain(reading.map(Result::unwrap)).count(), 300);
    assert_eq!(all(&bulk), []);
}

#[test]
fn what_a_stop_left_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let bulk = open(&folder, &Files::default(), Vec::new());
    bulk.lay(vec![(key(1), Some(value(900)))]);
    settle(&bulk);
    let files = bulk.view().files();
    bulk.lay(vec![(key(2), Some(value(900)))]);
    // Written, and sled never learned of it.
    bulk.settle().unwrap();
    drop(bulk);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    let bulk = open(&folder, &files, Vec::new());
    assert_eq!(all(&bulk), [(key(1), value(900))]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    let texts = std::fs::metadata(folder.path().join("000001.texts")).unwrap().len();
    assert_eq!(texts, 904);
}

#[test]
fn what_was_replaced_or_taken_away_is_dead_however_the_files_are_merged() {
    let folder = tempfile::tempdir().unwrap();
    let bulk = open(&folder, &Files::default(), Vec::new());
    let check = |whole: u64, dead: u64| assert_eq!(bulk.room().unwrap(), Room { whole, dead });
    check(0, 0);
    // One that stands in the row itself, and one that stands nowhere but in memory.
    bulk.lay(vec![(key(1), Some(value(512))), (key(2), Some(value(900)))]);
    check(0, 0);
    settle(&bulk);
    check(904, 0);
    bulk.lay(vec![(key(2), Some(value(700))), (key(3), Some(value(600)))]);
    check(904, 904);
    settle(&bulk);
    check(904 + 704 + 604, 904);
    bulk.lay(vec![(key(2), None), (key(3), Some(value(5)))]);
    settle(&bulk);
    let whole = 904 + 704 + 604;
    check(whole, whole);
    bulk.lay(vec![(key(4), Some(value(1_000)))]);
    settle(&bulk);
    assert_eq!(bulk.view().runs.len(), 1, "they were merged");
    check(whole + 1_004, whole);
}

#[test]
fn a_changed_or_missing_byte_is_told() {
    let check = |name: &str, damage: fn(&mut Vec<u8>)| {
        let folder = tempfile::tempdir().unwrap();
        let bulk = open(&folder, &Files::default(), Vec::new());
        bulk.lay((0..300).map(|n| (key(n), Some(value(400 + n)))).collect());
        settle(&bulk);
        let files = bulk.view().files();
        drop(bulk);
        let path = folder.path().join(name);
        let mut bytes = std::fs::read(&path).unwrap();
        damage(&mut bytes);
        std::fs::write(&path, bytes).unwrap();
        let told = Bulk::open(folder.path(), &files, Vec::new(), 1 << 20)
            .and_then(|bulk| bulk.range(&[], vec![0xFF; 64])?.collect::<io::Result<Vec<_>>>());
        assert_eq!(told.unwrap_err().kind(), io::ErrorKind::InvalidData, "{name}");
    };
    for name in ["000001.run", "000001.texts"] {
        check(name, |bytes| bytes[5_000] ^= 1);
        check(name, |bytes| bytes.truncate(bytes.len() - 1));
        check(name, |bytes| bytes.clear());
    }
    check("000001.run", |bytes| {
        let end = bytes.len();
        bytes[end - 17] ^= 1;
    });
}
