//! What a crash, a hand or a later version may do to the records, and what is found of it.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use tempfile::TempDir;

use super::samples::{acts, by_hand, judged, minute, notes, reprint, review, story};
use super::*;
use crate::model::Decision;

fn open(folder: &Path) -> (Ledger, Vec<Diagnostic>) {
    Ledger::open(folder).unwrap()
}

fn read(folder: &Path, after: u64) -> Vec<(u64, Act)> {
    let (ledger, _) = open(folder);
    ledger.read(after).unwrap().map(|act| act.unwrap()).map(|(seq, _, act)| (seq, act)).collect()
}

/// A folder with a ledger of these batches.
fn ledger_of(batches: &[Vec<Act>]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (mut ledger, _) = open(folder.path());
    for (n, batch) in (0..).zip(batches) {
        ledger.append(batch, minute(n)).unwrap();
    }
    folder
}

/// The same records in another folder: many tests damage what was made once.
fn copy_of(made: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in [lines_of, seals_of, segment] {
        if file(made).exists() {
            std::fs::create_dir_all(file(folder.path()).parent().unwrap()).unwrap();
            std::fs::copy(file(made), file(folder.path())).unwrap();
        }
    }
    folder
}

fn lines_of(folder: &Path) -> PathBuf {
    folder.join("ledger/2017.jsonl")
}

fn seals_of(folder: &Path) -> PathBuf {
    folder.join("ledger/sealed/2017.jsonl")
}

fn edit(path: &Path, change: impl FnOnce(String) -> String) {
    std::fs::write(path, change(std::fs::read_to_string(path).unwrap())).unwrap();
}

fn journal_of(batches: &[Vec<Record>]) -> (TempDir, Vec<u64>) {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = Journal::open(folder.path()).unwrap();
    let positions = batches.iter().map(|batch| journal.append(batch).unwrap()).collect();
    (folder, positions)
}

fn batches(folder: &Path, after: u64) -> Result<Vec<(Vec<Record>, u64)>, LedgerError> {
    Journal::open(folder)?.0.read(after)?.collect()
}

fn segment(folder: &Path) -> PathBuf {
    folder.join("journal/000001.zst")
}

#[test]
fn names_of_the_register_and_of_attachments_lie_beside_the_chain_and_can_be_erased() {
    use crate::model::{Attachment, ByHand, Lang, Registered};
    let entered = by_hand(1);
    let names = std::collections::BTreeMap::from([(Lang::RU, "Тобылғы".to_owned())]);
    let entry = Some(Registered { id: "p1".to_owned(), names, ..Registered::default() });
    let attached = Attachment { name: "скан.jpg".to_owned(), sha256: "ab".repeat(32), bytes: 7, public: None };
    let by_hand = Some(ByHand { attachments: vec![attached], ..ByHand::default() });
    let acts = vec![
        Act::Register { id: "p1".to_owned(), entry, from: Some("h1".to_owned()), by: "айгүл".to_owned() },
        Act::Review(Review { by_hand, ..entered }),
        Act::Register { id: "p1".to_owned(), entry: None, from: None, by: "айгүл".to_owned() },
    ];
    let folder = ledger_of(std::slice::from_ref(&acts));
    let back = |folder: &TempDir| read(folder.path(), 0).into_iter().map(|(_, act)| act).collect::<Vec<_>>();
    assert_eq!(back(&folder), acts);
    let chain = std::fs::read_to_string(folder.path().join("ledger/2017.jsonl")).unwrap();
    assert!(!chain.contains("Тобылғы") && !chain.contains("скан.jpg"), "{chain}");
    Ledger::open(folder.path()).unwrap().0.erase(&[1, 2]).unwrap();
    let Act::Register { entry: Some(left), .. } = &back(&folder)[0] else { panic!() };
    assert!(left.spellings().next().is_none());
    let Act::Review(Review { by_hand: Some(left), .. }) = &back(&folder)[1] else { panic!() };
    assert!(left.attachments.is_empty());
    assert_eq!(verify(folder.path()).unwrap().faults, []);
}

#[test]
fn acts_come_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ledger, notices) = open(folder.path());
    assert_eq!(notices, []);
    assert_eq!(ledger.append(&acts()[..2], minute(1)).unwrap(), [1, 2]);
    assert_eq!(ledger.append(&acts()[2..], minute(2)).unwrap(), [3, 4, 5]);
    assert_eq!(ledger.append(&[], minute(3)).unwrap(), [0_u64; 0]);
    let all: Vec<_> = ledger.read(0).unwrap().map(|act| act.unwrap()).collect();
    let expect: Vec<_> = (1..).zip(acts()).map(|(seq, act)| (seq, minute(if seq < 3 { 1 } else { 2 }), act)).collect();
    assert_eq!(all, expect);
    drop(ledger);
    assert_eq!(read(folder.path(), 3), (4..).zip(acts().split_off(3)).collect::<Vec<_>>());
    assert_eq!(read(folder.path(), 5), []);
}

#[test]
fn one_process_has_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let held = open(folder.path());
    let error = Ledger::open(folder.path()).unwrap_err();
    assert!(matches!(error, LedgerError::Owned(_)) && !error.needs_repair());
    drop(held);
    open(folder.path());
}

#[test]
fn a_new_year_begins_a_new_file_and_the_chain_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ledger, _) = open(folder.path());
    for time in ["2017-12-31T23:59:59Z", "2018-01-01T00:00:00Z", "2017-06-01T00:00:00Z", "2019-01-01T00:00:00Z"] {
        ledger.append(&[Act::Review(by_hand(1))], time.parse().unwrap()).unwrap();
    }
    drop(ledger);
    let count = |name: &str| std::fs::read_to_string(folder.path().join("ledger").join(name)).unwrap().lines().count();
    // A clock that went back writes on in the file that stands last.
    assert_eq!([count("2017.jsonl"), count("2018.jsonl"), count("2019.jsonl")], [1, 2, 1]);
    assert_eq!(count("sealed/2018.jsonl"), count("sealed/2017.jsonl") * 2);
    let verified = verify(folder.path()).unwrap();
    assert_eq!((verified.lines, verified.faults), (4, vec![]));
    assert_eq!(read(folder.path(), 1).len(), 3);
    assert_eq!(read(folder.path(), 2)[0], (3, Act::Review(by_hand(1))));
}

#[test]
fn names_and_free_text_stay_out_of_the_chain() {
    let folder = ledger_of(&[vec![Act::Review(review(1, Some(Decision::Confirm), 1)), Act::Review(by_hand(2))]]);
    let lines = std::fs::read_to_string(lines_of(folder.path())).unwrap();
    for typed in ["Ерланов", "Тасов", "Звонила", "оштрафован", "Данияр", "аккредитации"]
    {
        assert!(!lines.contains(typed), "{typed}");
        assert!(std::fs::read_to_string(seals_of(folder.path())).unwrap().contains(typed), "{typed}");
    }
    // What a figure counts by stays in the chain.
    assert!(lines.contains("confirm") && lines.contains("\"KZ\""));
}

#[test]
fn the_same_name_twice_gives_two_hashes() {
    let act = || Act::Review(review(1, Some(Decision::Confirm), 1));
    let folder = ledger_of(&[vec![act(), act()]]);
    let seals = std::fs::read_to_string(seals_of(folder.path())).unwrap();
    let hashes: std::collections::BTreeSet<String> = seals
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["hash"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(hashes.len(), seals.lines().count());
}

#[test]
fn what_was_erased_reads_as_erased_and_the_chain_holds() {
    let folder = ledger_of(&[vec![Act::Review(review(1, Some(Decision::Confirm), 1)), Act::Review(by_hand(2))]]);
    let sealed = verify(folder.path()).unwrap().sealed;
    assert_eq!(sealed, 11);
    let (mut ledger, _) = open(folder.path());
    assert_eq!(ledger.erase(&[2]).unwrap(), 6);
    assert_eq!(ledger.erase(&[2]).unwrap(), 0);
    // The ledger goes on after it, into the file that was rewritten.
    ledger.append(&[Act::Review(review(3, None, 3))], minute(3)).unwrap();
    drop(ledger);
    let acts = read(folder.path(), 0);
    assert_eq!(acts[0].1, Act::Review(review(1, Some(Decision::Confirm), 1)));
    assert_eq!(acts[2].1, Act::Review(review(3, None, 3)));
    let Act::Review(erased) = &acts[1].1 else { panic!("{acts:?}") };
    let origin = erased.by_hand.as_ref().unwrap();
    assert_eq!((origin.title.as_deref(), origin.source.as_str()), (None, "erased"));
    assert_eq!((&erased.card.headline, erased.card.targets.len(), erased.card.claimants.len()), (&None, 0, 0));
    assert_eq!(erased.decision, Some(Decision::Confirm));
    assert!(!std::fs::read_to_string(seals_of(folder.path())).unwrap().contains("Данияр"));
    let verified = verify(folder.path()).unwrap();
    assert_eq!((verified.lines, verified.sealed, verified.erased, verified.faults), (3, 10, 6, vec![]));
}

#[test]
fn a_torn_last_line_is_set_aside_and_told() {
    let batches = [vec![acts().remove(0)], acts().split_off(1)];
    let made = ledger_of(&batches);
    let bytes = std::fs::read(lines_of(made.path())).unwrap();
    let first = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    // A crash may leave any beginning of the second batch.
    let cuts = (first..bytes.len()).step_by(211).chain([bytes.len() - 2]);
    // One without its line feed alone is whole.
    for cut in cuts.filter(|cut| bytes[*cut] != b'\n') {
        let folder = copy_of(made.path());
        let path = lines_of(folder.path());
        std::fs::write(&path, &bytes[..cut]).unwrap();
        let whole_lines = bytes[..cut].iter().filter(|byte| **byte == b'\n').count();
        let torn = !bytes[..cut].ends_with(b"\n");
        assert_eq!(verify(folder.path()).unwrap().faults.len(), usize::from(torn), "cut at {cut}");
        let (mut ledger, notices) = open(folder.path());
        assert_eq!(ledger.last(), whole_lines as u64);
        let told = notices.iter().filter(|notice| !notice.path.contains("sealed")).count();
        assert_eq!(told, usize::from(torn), "cut at {cut}: {notices:?}");
        if torn {
            let aside = folder.path().join("ledger/2017.jsonl.torn-1");
            assert_eq!(std::fs::read(aside).unwrap(), bytes[..cut].rsplit(|byte| *byte == b'\n').next().unwrap());
        }
        // The numbers go on where the whole lines end, and the chain holds.
        let next = ledger.append(&[Act::Review(by_hand(9))], minute(9)).unwrap();
        assert_eq!(next, [whole_lines as u64 + 1]);
        drop(ledger);
        assert_eq!(verify(folder.path()).unwrap().faults, [], "cut at {cut}");
        assert_eq!(read(folder.path(), 0).last().unwrap().1, Act::Review(by_hand(9)));
    }
}

#[test]
fn a_hole_in_the_last_batch_is_torn_too() {
    // The disk may keep the later pages of a batch that was never acknowledged, and not the earlier.
    let folder = ledger_of(&[vec![acts().remove(0)], acts().split_off(1)]);
    let path = lines_of(folder.path());
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 40;
    bytes[at..at + 20].fill(0);
    std::fs::write(&path, bytes).unwrap();
    let (ledger, notices) = open(folder.path());
    assert_eq!(ledger.last(), 1);
    assert!(notices.iter().any(|notice| notice.message.contains("cut in the middle")));
}

#[test]
fn a_line_that_only_lost_its_line_feed_is_kept() {
    let folder = ledger_of(&[acts()]);
    edit(&lines_of(folder.path()), |text| text.trim_end().to_owned());
    let (mut ledger, notices) = open(folder.path());
    assert_eq!((ledger.last(), notices), (5, vec![]));
    ledger.append(&acts(), minute(6)).unwrap();
    assert_eq!(verify(folder.path()).unwrap().faults, []);
}

#[test]
fn sealed_values_without_an_act_are_set_aside() {
    // Stopped between the sealed values and the line: the number is given to another act.
    let folder = ledger_of(&[vec![acts().remove(0)], vec![Act::Review(by_hand(2))]]);
    edit(&lines_of(folder.path()), |text| format!("{}\n", text.lines().next().unwrap()));
    let (mut ledger, notices) = open(folder.path());
    assert_eq!(notices.len(), 1);
    assert_eq!(ledger.append(&[Act::Review(review(1, None, 1))], minute(2)).unwrap(), [2]);
    drop(ledger);
    assert_eq!(read(folder.path(), 1), [(2, Act::Review(review(1, None, 1)))]);
    assert_eq!(verify(folder.path()).unwrap().faults, []);
}

#[test]
fn a_changed_line_is_found_and_stops_the_ledger() {
    let made = ledger_of(&[acts(), acts()]);
    let check = |change: fn(String) -> String, line: usize| {
        let folder = copy_of(made.path());
        edit(&lines_of(folder.path()), change);
        let faults = verify(folder.path()).unwrap().faults;
        assert_eq!(faults[0].line, Some(line), "{faults:?}");
        let error = Ledger::open(folder.path()).unwrap_err();
        assert!(error.needs_repair(), "{error}");
        assert!(error.to_string().contains(&format!("2017.jsonl:{line}:")), "{error}");
    };
    check(|text| text.replacen("confirm", "reject", 1), 2);
    check(|text| text.replacen("айгүл", "Айгүл", 1), 2);
    // A whole line taken out, two exchanged, one written twice.
    check(|text| text.lines().enumerate().filter(|(n, _)| *n != 3).map(|(_, line)| format!("{line}\n")).collect(), 4);
    check(
        |text| {
            let mut lines: Vec<&str> = text.lines().collect();
            lines.swap(1, 2);
            lines.iter().map(|line| format!("{line}\n")).collect()
        },
        2,
    );
    check(|text| format!("{text}{}\n", text.lines().last().unwrap()), 11);
    // A line cut in the middle of the file, with acknowledged lines behind it, is no torn tail.
    check(|text| text.replacen("\"act\":{\"import\"", "\"act\":{\"imp", 1), 4);
}

#[test]
fn the_last_line_is_guarded_by_its_own_sum() {
    let folder = ledger_of(&[acts()]);
    edit(&lines_of(folder.path()), |text| text.replace("2017-W46", "2017-W47"));
    assert_eq!(verify(folder.path()).unwrap().faults[0].line, Some(5));
    assert!(Ledger::open(folder.path()).unwrap_err().needs_repair());
}

#[test]
fn a_line_sealed_anew_breaks_the_line_after_it() {
    // Somebody who also mends the sum is found by the next line's hash.
    let folder = ledger_of(&[acts()]);
    edit(&lines_of(folder.path()), |text| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut line = line::Line::parse(lines[1].as_bytes()).unwrap();
        line.act["review"]["decision"] = "reject".into();
        lines[1] = String::from_utf8(line.print().unwrap()).unwrap();
        lines.iter().map(|line| format!("{line}\n")).collect()
    });
    let faults = verify(folder.path()).unwrap().faults;
    assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [Some(3)]);
}

#[test]
fn a_changed_or_lost_sealed_value_is_found_and_stops_nothing() {
    let made = ledger_of(&[acts()]);
    let check = |change: fn(String) -> String, faults: usize| {
        let folder = copy_of(made.path());
        edit(&seals_of(folder.path()), change);
        assert_eq!(verify(folder.path()).unwrap().faults.len(), faults);
        assert_eq!(read(folder.path(), 0).len(), 5);
    };
    check(|text| text, 0);
    check(|text| text.replacen("Ерланов", "Иванов", 1), 1);
    check(|text| text.lines().skip(1).map(|line| format!("{line}\n")).collect(), 1);
    check(|_| String::new(), 11);
    // Unreadable, and therefore missing.
    check(|text| text.replacen("{\"seq\"", "{\"seq", 1), 2);
}

#[test]
fn an_index_ahead_of_the_ledger_is_told() {
    let folder = ledger_of(&[acts()]);
    let (ledger, _) = open(folder.path());
    assert!(ledger.read(5).is_ok());
    let error = ledger.read(6).map(|_| ()).unwrap_err();
    assert!(matches!(error, LedgerError::Behind { .. }) && error.needs_repair());
}

#[test]
fn verify_of_nothing_finds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(verify(&folder.path().join("store")).unwrap(), Verified::default());
}

#[test]
fn records_come_back_with_their_positions() {
    let given = [vec![story(1, true)], [notes(2), reprint(3, 1, true)].concat(), vec![story(4, false)]];
    let (folder, positions) = journal_of(&given);
    let expect: Vec<_> = given.iter().cloned().zip(positions.iter().copied()).collect();
    assert_eq!(batches(folder.path(), 0).unwrap(), expect);
    assert_eq!(batches(folder.path(), positions[0]).unwrap(), expect[1..]);
    assert_eq!(batches(folder.path(), positions[2]).unwrap(), []);
    assert!(batches(folder.path(), positions[2] + 1).unwrap_err().needs_repair());
    assert!(batches(folder.path(), positions[1] + 1).unwrap_err().needs_repair());
    assert_eq!(verify(folder.path()).unwrap().frames, 3);
}

#[test]
fn the_journal_is_read_by_any_zstd() {
    let (folder, _) = journal_of(&[vec![story(1, true)], notes(2)]);
    let plain = zstd::stream::decode_all(std::fs::File::open(segment(folder.path())).unwrap()).unwrap();
    let lines: Vec<serde_json::Value> =
        std::str::from_utf8(&plain).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0]["story"]["story"]["url"], "https://tau.example/1");
}

#[test]
fn segments_are_rolled_and_their_positions_stay() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = Journal::open_with(crate::disk::real(), folder.path(), 1_000).unwrap();
    let positions: Vec<u64> = (0..6).map(|n| journal.append(&[story(n, true)]).unwrap()).collect();
    drop(journal);
    let segments: Vec<u64> = positions.iter().map(|position| position >> 32).collect();
    assert_eq!(segments, [1, 1, 2, 2, 3, 3]);
    for (n, position) in positions.iter().enumerate() {
        let rest: Vec<u64> = batches(folder.path(), *position).unwrap().into_iter().map(|(_, after)| after).collect();
        assert_eq!(rest, positions[n + 1..]);
    }
    assert_eq!(batches(folder.path(), 0).unwrap().len(), 6);
    assert_eq!(verify(folder.path()).unwrap().frames, 6);
    std::fs::remove_file(folder.path().join("journal/000002.zst")).unwrap();
    let error = Journal::open(folder.path()).unwrap_err();
    assert!(error.needs_repair() && error.to_string().contains("000002.zst"), "{error}");
    assert_eq!(verify(folder.path()).unwrap().faults.len(), 1);
}

#[test]
fn foreign_bytes_behind_the_last_batch_are_set_aside() {
    let (folder, positions) = journal_of(&[notes(1)]);
    let mut bytes = std::fs::read(segment(folder.path())).unwrap();
    bytes.extend_from_slice(b"not ours");
    std::fs::write(segment(folder.path()), bytes).unwrap();
    let (journal, notices) = Journal::open(folder.path()).unwrap();
    assert_eq!((journal.position(), notices.len()), (positions[0], 1));
}

#[test]
fn a_torn_batch_is_set_aside_and_told() {
    let given = [notes(1), vec![story(2, true)]];
    let (folder, positions) = journal_of(&given);
    let made = folder;
    let whole = std::fs::read(segment(made.path())).unwrap();
    for cut in (positions[0] as u32 as usize..whole.len()).step_by(101).chain([whole.len() - 1]) {
        let folder = copy_of(made.path());
        std::fs::write(segment(folder.path()), &whole[..cut]).unwrap();
        let torn = cut as u64 != positions[0] & u64::from(u32::MAX);
        assert_eq!(verify(folder.path()).unwrap().faults.len(), usize::from(torn), "cut at {cut}");
        let (mut journal, notices) = Journal::open(folder.path()).unwrap();
        assert_eq!(notices.len(), usize::from(torn), "cut at {cut}");
        assert_eq!(journal.position(), positions[0]);
        assert_eq!(journal.append(&given[1]).unwrap(), positions[1]);
        drop(journal);
        assert_eq!(batches(folder.path(), 0).unwrap().len(), 2);
        assert_eq!(verify(folder.path()).unwrap().faults, []);
    }
}

#[test]
fn a_changed_batch_is_found_and_stops_the_replay() {
    let given = [notes(1), vec![story(2, true)], notes(3)];
    let (folder, positions) = journal_of(&given);
    let path = segment(folder.path());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[positions[0] as u32 as usize + 60] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let verified = verify(folder.path()).unwrap();
    assert_eq!((verified.frames, verified.faults.len()), (2, 1));
    let error = Journal::open(folder.path()).unwrap_err();
    assert!(error.needs_repair() && error.to_string().contains("a whole batch follows"), "{error}");
}

#[test]
fn a_clock_that_jumps_back_and_forward_breaks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let day = 24 * 60;
    let (mut ledger, _) = open(folder.path());
    // Into the next year, back a day, forward again: a year is never begun twice.
    let turn = 46 * day;
    for (n, at) in [0, turn, turn - day, turn + day, turn - 2 * day].into_iter().enumerate() {
        ledger.append(&[acts()[n].clone()], minute(at)).unwrap();
    }
    drop(ledger);
    assert_eq!(read(folder.path(), 0), (1..).zip(acts()).collect::<Vec<_>>());
    assert_eq!(verify(folder.path()).unwrap().faults, []);
}

/// Records of the first version. They are never written anew: what an old sozwatch wrote is read by
/// every later one.
#[test]
fn what_the_first_version_wrote_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stored/1");
    for file in ["ledger/2017.jsonl", "ledger/sealed/2017.jsonl", "journal/000001.zst"] {
        std::fs::create_dir_all(folder.path().join(file).parent().unwrap()).unwrap();
        std::fs::copy(stored.join(file), folder.path().join(file)).unwrap();
    }
    let verified = verify(folder.path()).unwrap();
    assert_eq!((verified.lines, verified.sealed, verified.frames, verified.faults), (5, 9, 2, vec![]));
    assert_eq!(read(folder.path(), 0), (1..).zip(acts()).collect::<Vec<_>>());
    let read: Vec<Vec<Record>> = batches(folder.path(), 0).unwrap().into_iter().map(|(records, _)| records).collect();
    assert_eq!(read, first_records());
}

fn first_records() -> Vec<Vec<Record>> {
    vec![vec![Record::Story(Box::new(judged(1, true, None)))], [notes(2), reprint(3, 1, true)].concat()]
}

/// Records that the properties damage.
static MADE: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = ledger_of(&[acts(), acts()]);
    let (mut journal, _) = Journal::open(folder.path()).unwrap();
    for batch in [notes(1), vec![story(2, true)], notes(3)] {
        journal.append(&batch).unwrap();
    }
    folder
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_changed_byte_of_the_ledger_is_found(at in 0_usize..100_000, to in any::<u8>()) {
        let folder = copy_of(MADE.path());
        let path = lines_of(folder.path());
        let mut bytes = std::fs::read(&path).unwrap();
        let at = at % bytes.len();
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        std::fs::write(&path, &bytes).unwrap();
        prop_assert!(!verify(folder.path()).unwrap().faults.is_empty());
    }

    #[test]
    fn any_changed_byte_of_the_journal_is_found(at in 0_usize..100_000, to in any::<u8>()) {
        let folder = copy_of(MADE.path());
        let path = segment(folder.path());
        let mut bytes = std::fs::read(&path).unwrap();
        let at = at % bytes.len();
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        std::fs::write(&path, &bytes).unwrap();
        prop_assert_eq!(verify(folder.path()).unwrap().faults.len(), 1);
    }

    #[test]
    fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        verify(hostile(&bytes).path()).unwrap();
    }
}

proptest! {
    // Each case syncs some ten times.
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_opening_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let folder = hostile(&bytes);
        let (ledger, _) = Ledger::open(folder.path()).unwrap();
        prop_assert_eq!(ledger.last(), 0);
        prop_assert_eq!(Journal::open(folder.path()).unwrap().0.position() as u32, 0);
    }
}

/// Records of nothing but these bytes.
fn hostile(bytes: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in [lines_of(folder.path()), seals_of(folder.path()), segment(folder.path())] {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
    folder
}
