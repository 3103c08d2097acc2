//! What the index holds, what it survives, and that it is the same however it was made.

use std::ops::Range;
use std::path::Path;

use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::index::Changes;
use super::table::{Row, Table, key, key_of, pair, short};
use super::*;
use crate::ledger::samples::{acts, awaited, by_hand, judged, minute, notes, reprint, review, story, visit};
use crate::ledger::{Act, Journal, Ledger, LedgerError, Record};
use crate::model::{Amount, Decision, Found, Moment};

/// The last decision stands; `None` decides nothing.
fn status(candidate: &Candidate) -> Status {
    match candidate.reviews.iter().rev().find_map(|review| review.decision) {
        None => Status::Waiting,
        Some(Decision::Later) => Status::Later,
        Some(Decision::Confirm) => Status::Confirmed,
        Some(Decision::Reject) => Status::Rejected,
        Some(Decision::Duplicate) => Status::Duplicate("s1".to_owned()),
        Some(Decision::Background) => Status::Background("c1".to_owned()),
    }
}

fn near_keys(story: &Story) -> Vec<[u8; 8]> {
    vec![band(b"same"), band(story.title.as_bytes())]
}

fn band(bytes: &[u8]) -> [u8; 8] {
    *Sha256::digest(bytes).first_chunk().unwrap()
}

pub(super) fn folds() -> Folds {
    Folds {
        status,
        near: |judged| Filed { keys: near_keys(&judged.story), compared_by: judged.story.title.as_bytes().to_vec() },
        text_hash: |story| Sha256::digest(story.text.as_bytes()).into(),
        sieve: |story| story.title.as_bytes().to_vec(),
        tie: |judged| Filed {
            keys: vec![near_keys(&judged.story)[0]],
            compared_by: judged.story.title.as_bytes().to_vec(),
        },
        case_id: |id| format!("c{id}"),
    }
}

pub(super) fn open(folder: &Path) -> Opened {
    Store::open(folder, 1 << 20, folds()).unwrap()
}

pub(super) fn id(n: u32) -> String {
    format!("s{n:016x}")
}

/// A store of these records and acts, applied one by one as if they had been written first.
pub(super) fn store_of(records: &[Vec<Record>], acts: &[Act]) -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    for (position, records) in (1..).zip(records) {
        store.apply_records(records, position).unwrap();
    }
    for (seq, act) in (1..).zip(acts) {
        store.apply_acts(&[(seq, minute(seq as i64), act.clone())]).unwrap();
    }
    (folder, store)
}

/// Everything that lies in a store, table by table, wherever it lies.
pub(super) fn dump(store: &Store) -> Vec<(Vec<u8>, Vec<u8>)> {
    let tables = (b'A'..b'z').flat_map(|table| store.index.scan(&[table]));
    tables.map(Result::unwrap).filter(|(row, _)| *row != key_of(Row::Files)).collect()
}

fn near(store: &Store, bands: &[[u8; 8]]) -> Vec<String> {
    let near = store.near(bands).unwrap().into_iter().map(|(key, sketch)| {
        let story = store.story_of(key).unwrap().unwrap().story;
        assert_eq!(sketch, story.title.as_bytes());
        story.id
    });
    let mut ids: Vec<String> = near.collect();
    ids.sort();
    ids
}

fn ids(candidates: Vec<Candidate>) -> Vec<String> {
    candidates.into_iter().map(|candidate| candidate.id).collect()
}

/// What the desk does when it opens: applies what the records hold beyond the index.
pub(super) fn replay(store: &Store, ledger: &Ledger, journal: &Journal) -> Result<usize, LedgerError> {
    let mut replayed = 0;
    for batch in journal.read(store.applied_position().unwrap())? {
        let (records, position) = batch?;
        replayed += records.len();
        store.apply_records(&records, position).unwrap();
    }
    for act in ledger.read(store.applied_seq().unwrap())? {
        store.apply_acts(&[act?]).unwrap();
        replayed += 1;
    }
    Ok(replayed)
}

#[test]
fn a_story_is_found_by_id_address_text_and_likeness() {
    let (_folder, store) = store_of(&[vec![story(1, true), story(2, false)]], &[]);
    let judged = judged(1, true, None);
    assert_eq!(store.story(&id(1)).unwrap().as_ref(), Some(&judged));
    assert_eq!(store.story(&id(3)).unwrap(), None);
    assert_eq!(store.story_by_url("https://tau.example/1").unwrap(), Some(id(1)));
    assert_eq!(store.story_by_url("https://tau.example/3").unwrap(), None);
    assert_eq!(store.story_by_text(&(folds().text_hash)(&judged.story)).unwrap(), Some(id(1)));
    assert_eq!(near(&store, &near_keys(&judged.story)), [id(1), id(2)]);
    assert_eq!(near(&store, &[band(judged.story.title.as_bytes()), band(b"none")]), [id(1)]);
    assert_eq!(store.counts().unwrap(), Counts { stories: 2, waiting: 1, ..Counts::default() });
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn visits_stand_in_their_order_and_go_with_what_is_erased() {
    let gone = Found::Gone { status: Some(404) };
    let records = vec![
        story(1, true),
        story(2, true),
        visit(1, 90, gone.clone()),
        visit(1, 70, Found::Same),
        visit(2, 80, Found::Same),
    ];
    let (_folder, store) = store_of(&[records], &[]);
    let visits: Vec<Found> = store.visits(&id(1)).unwrap().into_iter().map(|visit| visit.found).collect();
    assert_eq!(visits, [Found::Same, gone]);
    assert_eq!((store.visits(&id(3)).unwrap(), store.all_visits().unwrap().len()), (Vec::new(), 3));
    store.apply_records(&[Record::Forgotten { ids: vec![id(1)], addresses: Vec::new() }], 2).unwrap();
    assert_eq!((store.visits(&id(1)).unwrap().len(), store.all_visits().unwrap().len()), (0, 1));
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn what_was_seen_needs_no_second_visit() {
    let (_folder, store) = store_of(&[[notes(1), notes(2), vec![story(3, false)]].concat()], &[]);
    for (url, expect) in [
        ("https://tau.example/note/1", true),
        ("https://tau.example/note/2", true),
        ("https://tau.example/3", true),
        ("https://tau.example/note/3", false),
        ("", false),
    ] {
        assert_eq!(store.seen(url).unwrap(), expect, "{url}");
    }
}

#[test]
fn awaited_pages_are_listed_by_source_until_they_come() {
    let page = |source, n| Record::Awaited(Box::new(awaited(source, n)));
    let later = Awaited { tries: 9, ..awaited("Тау", 1) };
    let came = |source: &str, n| Record::Came { source: source.to_owned(), urls: vec![awaited(source, n).url] };
    let noted = vec![page("Тау", 1), page("Тау", 2), page("Дала", 2), Record::Awaited(Box::new(later.clone()))];
    let (_folder, store) = store_of(&[noted, vec![came("Тау", 2), came("Тау", 3)]], &[]);
    assert_eq!(store.awaited("Тау").unwrap(), std::slice::from_ref(&later));
    assert_eq!(store.awaited_at("Тау", &later.url).unwrap(), Some(later.clone()));
    assert_eq!(store.awaited("Дала").unwrap(), [awaited("Дала", 2)], "another source's page of that address stays");
    assert_eq!(store.awaited_at("Дала", &later.url).unwrap(), None);
    assert_eq!(store.awaited("Өлке").unwrap(), []);
}

#[test]
fn feeds_sources_and_quarantine_are_remembered() {
    let (_folder, store) = store_of(&[notes(1), notes(4), notes(2), notes(22)], &[]);
    // Feed 1 was polled by note 1, 4 and 22: the last one stands.
    assert_eq!(store.poll("https://tau.example/feed/1").unwrap().unwrap().failures, 22.0 * 0.1);
    assert_eq!(store.poll("https://tau.example/feed/0").unwrap(), None);
    let day = |day| jiff::civil::date(2017, 11, day);
    let of = |from, to| -> Vec<(Date, String, u32)> {
        let rows = store.health(day(from), day(to)).unwrap();
        rows.into_iter().map(|(date, source, health)| (date, source, health.polls_ok)).collect()
    };
    assert_eq!(of(2, 2), [(day(2), "Дала".to_owned(), 1)]);
    assert_eq!(of(1, 3), [(day(2), "Дала".to_owned(), 1), (day(3), "Tau".to_owned(), 22)]);
    assert_eq!(of(4, 30), [(day(5), "Tau".to_owned(), 4)]);
    assert_eq!(of(6, 30), []);
    assert_eq!(of(3, 2), []);
    assert_eq!(store.first_watched().unwrap(), Some(day(2)));
    let reasons = store.quarantined(2).unwrap();
    assert_eq!(reasons.iter().map(|input| input.at).collect::<Vec<_>>(), [minute(22), minute(2)]);
    assert_eq!(store.counts().unwrap().quarantined, 4);
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn an_empty_store_answers() {
    let folder = tempfile::tempdir().unwrap();
    let opened = open(folder.path());
    assert_eq!((opened.rebuilt, opened.notices), (false, vec![]));
    let store = opened.store;
    assert_eq!(store.counts().unwrap(), Counts::default());
    assert_eq!((store.applied_seq().unwrap(), store.applied_position().unwrap()), (0, 0));
    assert_eq!((store.first_watched().unwrap(), store.last_rule_set().unwrap()), (None, None));
    assert!(store.waiting().unwrap().is_empty() && store.digests().unwrap().is_empty());
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn the_surest_candidate_waits_first() {
    // Scores by number: 0.1 + (n mod 8) / 9.
    let stories = [1, 9, 7, 4, 3].map(|n| story(n, n != 3));
    let (_folder, store) = store_of(&[stories.to_vec()], &[]);
    assert_eq!(ids(store.waiting().unwrap()), [7, 4, 1, 9].map(id));
}

#[test]
fn a_candidate_goes_where_its_reviews_put_it() {
    let steps: &[(Option<Decision>, usize, usize)] = &[
        (None, 2, 0),
        (Some(Decision::Later), 2, 0),
        (Some(Decision::Confirm), 1, 1),
        (Some(Decision::Reject), 1, 1),
        (Some(Decision::Later), 2, 0),
        (Some(Decision::Background), 1, 1),
    ];
    let (_folder, store) = store_of(&[vec![story(1, true), story(2, true)]], &[]);
    for (seq, (decision, waiting, decided)) in (1..).zip(steps) {
        let act = Act::Review(review(1, *decision, seq as u32));
        assert_eq!(store.known_by(&format!("row 1 {seq}")).unwrap(), None);
        store.apply_acts(&[(seq, minute(0), act)]).unwrap();
        assert_eq!(store.known_by(&format!("row 1 {seq}")).unwrap(), Some(id(1)));
        assert_eq!(
            (store.waiting().unwrap().len(), store.decided().unwrap().len()),
            (*waiting, *decided),
            "{decision:?}"
        );
        let counts = store.counts().unwrap();
        assert_eq!((counts.waiting, counts.decided), (*waiting, *decided));
        assert_eq!(store.candidate(&id(1)).unwrap().unwrap().reviews.len(), seq as usize);
        assert_eq!(store.check().unwrap(), []);
    }
}

#[test]
fn the_decided_stand_in_order_of_their_first_decision() {
    let decide = |n, decision, nth| Act::Review(review(n, Some(decision), nth));
    let acts = [
        decide(2, Decision::Later, 1),
        decide(1, Decision::Confirm, 2),
        Act::Review(by_hand(3)),
        decide(2, Decision::Confirm, 4),
        decide(1, Decision::Reject, 5),
    ];
    let (_folder, store) = store_of(&[vec![story(1, true), story(2, true)]], &acts);
    assert_eq!(ids(store.decided().unwrap()), [id(1), "h3".to_owned(), id(2)]);
    assert_eq!(ids(store.decided_in_brief(|candidate| candidate).unwrap()), [id(1), "h3".to_owned(), id(2)]);
}

#[test]
fn who_is_a_candidate() {
    let records = [vec![story(1, true), story(2, false)], reprint(3, 1, true), reprint(4, 2, false)];
    let acts = [Act::Review(review(2, Some(Decision::Confirm), 1)), Act::Review(by_hand(2))];
    let (_folder, store) = store_of(&records, &acts);
    // Waiting; decided though the machine saw nothing in it; a reprint; quiet and a reprint; by hand.
    for (id, expect) in
        [(id(1), true), (id(2), true), (id(3), false), (id(4), false), ("h2".into(), true), (id(9), false)]
    {
        assert_eq!(store.candidate(&id).unwrap().is_some(), expect, "{id}");
    }
    let head = store.candidate(&id(1)).unwrap().unwrap();
    assert_eq!(head.also.iter().map(|telling| telling.id.as_str()).collect::<Vec<_>>(), [id(3)]);
    let by_hand = store.candidate("h2").unwrap().unwrap();
    assert_eq!((by_hand.judged, by_hand.reviews.len()), (None, 1));
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn tellings_stand_by_date_of_publication() {
    let (_folder, store) = store_of(&[vec![story(1, true)], reprint(30, 1, true), reprint(4, 1, true)], &[]);
    let also = store.candidate(&id(1)).unwrap().unwrap().also;
    assert_eq!(also.into_iter().map(|telling| telling.id).collect::<Vec<_>>(), [id(4), id(30)]);
}

#[test]
fn states_of_reports_are_kept_in_order() {
    let report = |period: &str, state: &str| Act::Report {
        period: period.to_owned(),
        state: state.to_owned(),
        by: "A. Editor".to_owned(),
        at: "2017-12-10T05:00:00Z".parse().unwrap(),
        files: vec![(format!("report-{period}.ru.md"), "00ff".to_owned())],
    };
    let acts = [report("2017-11", "checked"), report("2017-Q4", "signed"), report("2017-11", "frozen")];
    let (_folder, store) = store_of(&[], &acts);
    let states = |period: &str| -> Vec<String> {
        let kept = store.reports().unwrap().into_iter();
        kept.filter(|signed| signed.period == period).map(|signed| signed.state).collect()
    };
    assert_eq!(states("2017-11"), ["checked", "frozen"]);
    assert_eq!(states("2017-Q4"), ["signed"]);
    let act = serde_json::to_string(&acts[0]).unwrap();
    assert_eq!(serde_json::from_str::<Act>(&act).unwrap(), acts[0]);
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn digests_and_rules_are_the_last_noted() {
    let digest = |week: &str, ids: &[&str]| Act::Digest {
        week: week.to_owned(),
        events: ids.iter().map(|id| (*id).to_owned()).collect(),
    };
    let rules = |version: &str| Act::RuleSet { version: version.to_owned() };
    let acts =
        [rules("1"), digest("2017-W46", &["a"]), rules("2"), digest("2017-W45", &[]), digest("2017-W46", &["a", "b"])];
    let (_folder, store) = store_of(&[], &acts);
    assert_eq!(store.last_rule_set().unwrap().as_deref(), Some("2"));
    let digests: Vec<_> = store.digests().unwrap().into_iter().collect();
    assert_eq!(digests, [("2017-W45".into(), vec![]), ("2017-W46".into(), vec!["a".into(), "b".into()])]);
}

#[test]
fn a_quotation_replaces_the_one_before_and_may_be_taken_back() {
    let quote = |figure: &str, value: Option<i64>| Quote {
        figure: figure.to_owned(),
        period: "2016-11".to_owned(),
        value: value.and_then(Amount::whole),
        source: "Обзор".to_owned(),
        page: None,
        note: None,
    };
    let act = |quotes: Vec<Quote>| Act::Quoted {
        file: "figures.csv".to_owned(),
        sha256: "00".to_owned(),
        by: "А. Ким".to_owned(),
        quotes,
    };
    let first = act(vec![quote("claims_ytd", Some(90)), quote("suits_ytd", Some(40))]);
    let written = serde_json::to_string(&first).unwrap();
    assert_eq!(serde_json::from_str::<Act>(&written).unwrap(), first);
    let (_folder, store) = store_of(&[], &[first, act(vec![quote("claims_ytd", Some(97)), quote("suits_ytd", None)])]);
    assert_eq!(store.quotes().unwrap(), [quote("claims_ytd", Some(97))]);
}

#[test]
fn a_verdict_given_anew_replaces_the_old_one() {
    let mut again = judged(1, true, None);
    again.verdict.candidate = false;
    again.story.url = Some("https://tau.example/moved".to_owned());
    let (_folder, store) = store_of(&[vec![story(1, true)], vec![Record::Story(Box::new(again.clone()))]], &[]);
    assert_eq!(store.story(&id(1)).unwrap(), Some(again));
    assert_eq!(store.story_by_url("https://tau.example/1").unwrap(), None);
    assert_eq!(store.tied(&[band(b"same")]).unwrap(), [Vec::new()]);
    assert_eq!(store.counts().unwrap(), Counts { stories: 1, ..Counts::default() });
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn a_long_story_is_kept_whole() {
    // Text that hardly compresses, so that it takes many parts.
    let text: String = (0..20_000_u32).map(|n| format!("{:x} ", u64::from_be_bytes(band(&n.to_le_bytes())))).collect();
    let mut long = judged(1, true, None);
    long.story.text = text.clone();
    let short_again = judged(1, true, None);
    let (folder, store) = store_of(&[vec![Record::Story(Box::new(long.clone()))]], &[]);
    assert_eq!(store.story(&id(1)).unwrap(), Some(long));
    let parts = store.index.scan(&key(Table::Recent, b"")).count();
    assert!(parts > 4, "{parts}");
    store.apply_records(&[Record::Story(Box::new(short_again.clone()))], 9).unwrap();
    assert_eq!(store.story(&id(1)).unwrap(), Some(short_again));
    let long_note = Review { note: Some(text), ..review(1, Some(Decision::Confirm), 1) };
    store.apply_acts(&[(1, minute(1), Act::Review(long_note.clone()))]).unwrap();
    assert_eq!(store.candidate(&id(1)).unwrap().unwrap().reviews, [long_note]);
    assert!(store.index.scan(&key(Table::Part, b"")).count() > 4);
    // Nothing of it goes into one of the files that sled never syncs.
    assert_eq!(std::fs::read_dir(folder.path().join("index/blobs")).unwrap().count(), 0);
}

#[test]
fn strangers_ids_are_kept_apart() {
    let mut records = Vec::new();
    for (n, id) in ["", "\0", "S", "é", &"long".repeat(10_000)].iter().enumerate() {
        let mut judged = judged(n as u32, true, None);
        (judged.story.id, judged.verdict.id) = ((*id).to_owned(), (*id).to_owned());
        records.push(Record::Story(Box::new(judged)));
    }
    let (_folder, store) = store_of(&[records], &[]);
    assert_eq!(store.waiting().unwrap().len(), 5);
    assert_eq!(store.story("\0").unwrap().unwrap().story.url.unwrap(), "https://tau.example/1");
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn entries_applied_before_are_passed_over() {
    let records = [vec![story(1, true)], [reprint(2, 1, true), notes(3)].concat()];
    let (_folder, store) = store_of(&records, &acts());
    let before = dump(&store);
    store.apply_records(&records[0], 1).unwrap();
    store.apply_records(&records[1], 2).unwrap();
    let numbered: Vec<_> = (1..).zip(acts()).map(|(seq, act)| (seq, minute(0), act)).collect();
    store.apply_acts(&numbered).unwrap();
    assert_eq!(dump(&store), before);
    assert_eq!((store.applied_position().unwrap(), store.applied_seq().unwrap()), (2, 5));
}

#[test]
fn a_gap_in_the_acts_stops_the_store_until_it_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let act = |seq| (seq, minute(0), Act::Review(review(1, Some(Decision::Confirm), 1)));
    store.apply_acts(&[act(1)]).unwrap();
    let error = store.apply_acts(&[act(3)]).unwrap_err();
    assert!(matches!(error, StoreError::Missed(_)) && !error.needs_repair());
    assert!(matches!(store.apply_acts(&[act(2)]), Err(StoreError::Missed(_))));
    assert!(matches!(store.apply_records(&[story(1, true)], 1), Err(StoreError::Missed(_))));
    assert_eq!(store.applied_seq().unwrap(), 1);
    drop(store);
    open(folder.path()).store.apply_acts(&[act(2), act(3)]).unwrap();
}

#[test]
fn one_process_owns_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let held = open(folder.path());
    for error in [
        Store::open(folder.path(), 1 << 20, folds()).map(|_| ()).unwrap_err(),
        Store::start_anew(folder.path(), 1 << 20, folds()).map(|_| ()).unwrap_err(),
    ] {
        assert!(matches!(error, StoreError::Owned(_)), "{error}");
        assert!(error.to_string().contains("another process owns the store"));
    }
    drop(held);
    open(folder.path());
}

/// A stop at any instant between the record and the index.
#[test]
fn what_the_index_missed_is_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ledger, _) = Ledger::open(folder.path()).unwrap();
    let (mut journal, _) = Journal::open(folder.path()).unwrap();
    let store = open(folder.path()).store;
    let position = journal.append(&[story(1, true)]).unwrap();
    store.apply_records(&[story(1, true)], position).unwrap();
    // Written and synced, never applied: the process dies here.
    journal.append(&reprint(2, 1, true)).unwrap();
    ledger.append(&[Act::Review(review(1, Some(Decision::Confirm), 1))], minute(1)).unwrap();
    drop((store, ledger, journal));
    let (ledger, _) = Ledger::open(folder.path()).unwrap();
    let (journal, _) = Journal::open(folder.path()).unwrap();
    let opened = open(folder.path());
    assert!(!opened.rebuilt);
    assert_eq!(opened.store.counts().unwrap(), Counts { stories: 1, waiting: 1, ..Counts::default() });
    assert_eq!(replay(&opened.store, &ledger, &journal).unwrap(), 3);
    assert_eq!(opened.store.counts().unwrap(), Counts { stories: 2, decided: 1, ..Counts::default() });
    assert_eq!(opened.store.candidate(&id(1)).unwrap().unwrap().also.len(), 1);
    assert_eq!(replay(&opened.store, &ledger, &journal).unwrap(), 0);
}

#[test]
fn a_lost_index_is_rebuilt_from_the_records() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ledger, _) = Ledger::open(folder.path()).unwrap();
    let (mut journal, _) = Journal::open(folder.path()).unwrap();
    let store = open(folder.path()).store;
    journal.append(&[story(1, true), story(2, true)]).unwrap();
    ledger.append(&acts(), minute(1)).unwrap();
    replay(&store, &ledger, &journal).unwrap();
    let before = dump(&store);
    drop(store);
    std::fs::remove_dir_all(folder.path().join("index")).unwrap();
    let opened = open(folder.path());
    assert!(opened.rebuilt);
    assert_eq!(opened.notices.len(), 1);
    replay(&opened.store, &ledger, &journal).unwrap();
    assert_eq!(dump(&opened.store), before);
    drop(opened);
    // And by hand, though nothing is wrong with it.
    let opened = Store::start_anew(folder.path(), 1 << 20, folds()).unwrap();
    assert!(opened.notices[0].message.contains("index.old-1"), "{:?}", opened.notices);
    replay(&opened.store, &ledger, &journal).unwrap();
    assert_eq!(dump(&opened.store), before);
}

#[test]
fn check_names_what_does_not_hold() {
    type Change = fn(&mut Changes<'_>) -> Result<(), StoreError>;
    let check = |change: Change, expect: &str| {
        let acts = [Act::Review(review(1, Some(Decision::Confirm), 1))];
        let (_folder, store) = store_of(&[vec![story(1, true), story(2, true)], reprint(3, 2, true)], &acts);
        assert_eq!(store.check().unwrap(), []);
        let mut changes = Changes::over(&store.index);
        change(&mut changes).unwrap();
        changes.commit().unwrap();
        let faults = store.check().unwrap();
        assert!(faults.iter().any(|fault| fault.message.contains(expect)), "{expect}: {faults:?}");
    };
    check(|c| c.take(&key(Table::Url, &short("https://tau.example/1"))), "not found by its address");
    check(|c| c.take(&key(Table::Story, &short(&id(1)))), "which is not there");
    check(|c| c.take(&pair(Table::Near, &band(b"same"), &short(&id(2)))), "missing among the near-duplicates");
    check(|c| c.take(&key(Table::Sketch, &short(&id(2)))), "missing among the near-duplicates");
    check(|c| c.take(&apply::tied(&band(b"same"), &judged(2, true, None))), "that others are tied to");
    check(|c| c.put(&apply::tied(&band(b"same"), &judged(2, true, None)), "Another"), "that others are tied to");
    check(|c| c.take(&key(Table::Sieve, &short(&id(2)))), "is not found by its words");
    let of_another_time = |c: &mut Changes<'_>| {
        let row = key(Table::Sieve, &short(&id(2)));
        let mut value = c.bytes(&row)?.unwrap();
        value[7] ^= 1;
        c.put_encoded(row, value);
        Ok(())
    };
    check(of_another_time, "is not found by its words");
    check(|c| c.take(&pair(Table::Told, &short(&id(2)), &short(&id(3)))), "which it repeats");
    check(|c| c.take(&key(Table::Listed, &short(&id(2)))), "listed");
    check(|c| c.take(&pair(Table::Review, &short(&id(1)), &1_u64.to_be_bytes())), "its reviews put it");
    check(|c| c.take(&key(Table::Fingerprint, &short("row 1 1"))), "not known by its content");
    check(|c| c.put(&key(Table::Waiting, b"somewhere"), &id(2)), "listed twice");
    check(
        |c| {
            let (place, mut brief) = c.scan::<serde_json::Value>(&key(Table::Decided, &[]))?.remove(0);
            brief["shown"]["telling"]["title"] = "Another".into();
            c.put(&place, &brief)
        },
        "not as they left it",
    );
    check(|c| c.put(&key(Table::Seen, b"somewhere"), &7), "a row of table V");
    check(|c| c.count(Row::Stories, 1), "the counts say");
}

/// One step of a life: what the machine saw, or what somebody decided.
#[derive(Debug, Clone)]
enum Step {
    Records(Vec<Record>),
    Acts(Vec<Act>),
}

fn step() -> impl Strategy<Value = Step> {
    let decision = prop::option::of(prop::sample::select(Decision::ALL.to_vec()));
    let act = prop_oneof![
        6 => (0_u32..6, decision, 0_u32..4).prop_map(|(n, decision, nth)| Act::Review(review(n, decision, nth))),
        1 => (0_u32..3).prop_map(|nth| Act::Review(by_hand(nth))),
        1 => (0_usize..5).prop_map(|n| acts().remove(n)),
    ];
    let record = prop_oneof![
        4 => (0_u32..6, any::<bool>()).prop_map(|(n, candidate)| vec![story(n, candidate)]),
        2 => (6_u32..9, 0_u32..6, any::<bool>()).prop_map(|(n, head, candidate)| reprint(n, head, candidate)),
        1 => (0_u32..6).prop_map(notes),
    ];
    prop_oneof![
        prop::collection::vec(record, 1..4).prop_map(|records| Step::Records(records.concat())),
        prop::collection::vec(act, 1..4).prop_map(Step::Acts),
    ]
}

proptest! {
    // Each case syncs some fifty times.
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]

    #[test]
    fn applied_as_it_happened_or_rebuilt_the_index_is_the_same(
        steps in prop::collection::vec(step(), 1..12),
        stop in 0_usize..12,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (mut ledger, _) = Ledger::open(folder.path()).unwrap();
        let (mut journal, _) = Journal::open(folder.path()).unwrap();
        let mut store = open(folder.path()).store;
        for (n, step) in steps.iter().enumerate() {
            // Once the process dies between the record and the index.
            let dies = n == stop;
            match step {
                Step::Records(records) => {
                    let position = journal.append(records).unwrap();
                    if !dies {
                        store.apply_records(records, position).unwrap();
                    }
                }
                Step::Acts(acts) => {
                    let numbers = ledger.append(acts, minute(n as i64)).unwrap();
                    let acts: Vec<_> = numbers.into_iter().zip(acts).map(|(seq, act)| (seq, minute(0), act.clone())).collect();
                    if !dies {
                        store.apply_acts(&acts).unwrap();
                    }
                }
            }
            if dies {
                drop(store);
                store = open(folder.path()).store;
                replay(&store, &ledger, &journal).unwrap();
            }
        }
        prop_assert_eq!(store.check().unwrap(), []);
        let lived = dump(&store);
        drop(store);
        let rebuilt = Store::start_anew(folder.path(), 1 << 20, folds()).unwrap().store;
        replay(&rebuilt, &ledger, &journal).unwrap();
        prop_assert_eq!(dump(&rebuilt), lived);
    }
}

#[test]
fn what_is_let_through_by_the_sieves_is_read_newest_first_and_nothing_else() {
    // Every fifth is of unknown publication, and goes by its capture.
    let published = |n: u32| (!n.is_multiple_of(5)).then(|| Moment::utc(minute(i64::from(n * 7 % 40))));
    let dated = |n: u32| match story(n, n.is_multiple_of(3)) {
        Record::Story(mut judged) => {
            (judged.story.published, judged.captured) = (published(n), minute(i64::from(n * 7 % 40)));
            Record::Story(judged)
        }
        other => other,
    };
    let records: Vec<Record> = (0..40).map(dated).collect();
    let (_folder, store) =
        store_of(&[records, vec![Record::Forgotten { ids: vec![id(7)], addresses: Vec::new() }]], &[]);
    let always = Timestamp::MIN..Timestamp::MAX;
    let sift = |may_hold: fn(&[u8]) -> bool, within: &Range<Timestamp>, most: usize| {
        let sifted = store.sifted(may_hold, within, most, |story| story.title.starts_with("Суд").then_some(story.id));
        sifted.unwrap()
    };
    let newest = |from: u32, to: u32| -> Vec<String> {
        // 23 times 7 is 1 more than 4 times 40.
        (from..to).rev().map(|minute| minute * 23 % 40).filter(|n| *n != 7).map(id).collect()
    };
    let all = sift(|_| true, &always, 100);
    assert_eq!(all, Sifted { made: newest(0, 40), unread: 0, back_to: Some(minute(0)) });
    assert_eq!(sift(|_| true, &always, 40), all, "as many as may be read");
    let fewer = sift(|_| true, &always, 15);
    assert_eq!(fewer, Sifted { made: newest(25, 40), unread: 25, back_to: Some(minute(25)) });
    assert_eq!(sift(|_| true, &always, 0), Sifted { made: vec![], unread: 40, back_to: None });
    assert_eq!(sift(|_| false, &always, 15), Sifted { made: vec![], unread: 0, back_to: None });

    let days = minute(10)..minute(20);
    let within = sift(|_| true, &days, 10);
    assert_eq!(within, Sifted { made: newest(10, 20), unread: 0, back_to: Some(minute(10)) });
    assert_eq!(sift(|_| true, &days, 9).unread, 1);
    assert_eq!(sift(|_| true, &(minute(40)..minute(90)), 9).made, [""; 0]);
    assert_eq!(sift(|title| title.ends_with(b"7"), &always, 9).made.len(), 3, "one was erased");
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn of_the_candidates_of_one_name_the_latest_are_told_first_and_not_all() {
    let records: Vec<Record> = (0..100).map(|n| story(n, true)).collect();
    let (_folder, store) = store_of(&[records], &[]);
    let filed = |n| (StoryKey::of(&id(n)), judged(n, true, None).story.title.into_bytes());
    let latest: Vec<(StoryKey, Vec<u8>)> = (0..100).rev().map(filed).take(TIES).collect();
    assert_eq!(store.tied(&[band(b"same"), band(b"none")]).unwrap(), [latest, Vec::new()]);
}

#[test]
fn an_index_whose_traits_cannot_be_read_is_made_anew() {
    let (folder, store) = store_of(&[vec![story(1, true)]], &[]);
    let told = store.unreadable("the traits of a candidate are cut").to_string();
    assert!(told.contains("the traits of a candidate are cut"), "{told}");
    drop(store);
    assert!(open(folder.path()).rebuilt);
    assert!(!open(folder.path()).rebuilt);
}

#[test]
fn room_of_texts_that_were_erased_is_told_until_the_index_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    // So little memory that texts go to a file.
    let store = Store::open(folder.path(), 64 << 10, folds()).unwrap().store;
    let long = |n| {
        let mut judged = judged(n, false, None);
        judged.story.text = (0..400).map(|word| format!("{} ", u64::from(n + 1) * 48_271 * word % 1_000_003)).collect();
        Record::Story(Box::new(judged))
    };
    let records: Vec<Vec<Record>> = (0..60).map(|n| vec![long(n)]).collect();
    for (position, records) in (1..).zip(&records) {
        store.apply_records(records, position).unwrap();
    }
    let before = store.room().unwrap();
    assert!(before.whole > 40_000 && before.dead == 0, "{before:?}");
    let erased = vec![Record::Forgotten { ids: (0..10).map(id).collect(), addresses: Vec::new() }];
    store.apply_records(&erased, 61).unwrap();
    let after = store.room().unwrap();
    assert!(after.whole >= before.whole && after.dead > 10_000 && after.dead < after.whole / 2, "{after:?}");
    assert_eq!(store.check().unwrap(), []);
    drop(store);
    let anew = Store::start_anew(folder.path(), 64 << 10, folds()).unwrap().store;
    for (position, records) in (1..).zip(records.iter().skip(10)) {
        anew.apply_records(records, position).unwrap();
    }
    assert_eq!(anew.room().unwrap().dead, 0);
}
