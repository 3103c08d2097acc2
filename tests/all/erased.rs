//! A private person is erased: from records, index and queue files, with the chain whole and the
//! figures as they were.

use std::path::Path;

use crate::killed::{daemon, newsroom, terminate};
use crate::workspace::{REMANDED, rows, sozwatch, write_rows};

/// Every byte under a folder, and what its compressed files hold.
fn everything(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            everything(&path, into);
        } else if let Ok(bytes) = std::fs::read(&path) {
            let bytes = match path.extension().is_some_and(|ending| ending == "zst") {
                true => zstd::stream::decode_all(bytes.as_slice()).unwrap(),
                false => bytes,
            };
            into.push((path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
}

fn files_that_hold(folder: &Path, words: &str) -> Vec<String> {
    let mut files = Vec::new();
    everything(folder, &mut files);
    files.into_iter().filter(|(_, text)| text.contains(words)).map(|(name, _)| name).collect()
}

/// A reviewer confirms the arrest and types a name that no story has; gives the id of its row.
fn confirm(folder: &Path) -> String {
    let mut queue = rows(&folder.join("queue.csv"));
    let row = queue.iter_mut().find(|row| row["title"] == REMANDED.title).expect("the arrest waits");
    for (column, value) in [
        ("decision", "confirm"),
        ("reviewer", "А. Ким"),
        ("headline", "Блогера Выдуманова арестовали"),
        ("targets", "Нурлан Тестов (blogger)"),
        ("note", "говорила с его женой"),
    ] {
        row.insert(column.to_owned(), value.to_owned());
    }
    let id = row["id"].clone();
    write_rows(&folder.join("decided.csv"), std::slice::from_ref(row));
    assert!(sozwatch(folder, &["queue", "import", "decided.csv"]).expect(0).out.contains("1 taken"));
    std::fs::remove_file(folder.join("decided.csv")).unwrap();
    id
}

const GONE: [&str; 5] = ["Тестов", "Выдуманова", "его женой", "о качестве воды", "/news/remanded.html"];

#[test]
fn a_person_is_gone_and_the_chain_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let web = newsroom(folder);
    sozwatch(folder, &["run", "--once", "--all"]).expect(0);
    let id = confirm(folder);
    let store = folder.join("store");
    for words in GONE {
        assert!(!files_that_hold(&store, words).is_empty(), "{words} is kept before");
    }
    sozwatch(folder, &["store", "forget", &id, "--reason", " "]).expect(1);
    sozwatch(folder, &["store", "forget", "s0", "--reason", "asked by letter"]).expect(1);
    let told = sozwatch(folder, &["store", "forget", &id, "--reason", "asked by letter"]).expect(0);
    assert!(told.out.contains(&id) && told.err.contains("backups"), "{} {}", told.out, told.err);
    for words in GONE {
        assert_eq!(files_that_hold(&store, words), <[String; 0]>::default(), "{words} is gone");
        assert_eq!(files_that_hold(folder, words), <[String; 0]>::default(), "{words} is gone from the queue files");
    }
    sozwatch(folder, &["verify"]).expect(0);
    sozwatch(folder, &["store", "check"]).expect(0);
    // The tombstone stays, the event is counted as before, nothing comes back with the next poll.
    assert!(!files_that_hold(&store.join("ledger"), "asked by letter").is_empty());
    let status = sozwatch(folder, &["status", "--format", "json"]).expect(0).json();
    assert_eq!((&status[0]["stories"], &status[0]["events"], &status[0]["waiting"]), (&3.into(), &1.into(), &1.into()));
    let before = web.asked().iter().filter(|path| path.contains("remanded")).count();
    web.put_feed(
        "/rss.xml",
        &[(web.url("/news/remanded.html"), REMANDED.title), (web.url("/news/new.html"), "Another day")],
    );
    sozwatch(folder, &["run", "--once", "--all"]);
    assert_eq!(web.asked().iter().filter(|path| path.contains("remanded")).count(), before);
    assert_eq!(files_that_hold(&store, "Тестов"), <[String; 0]>::default());
    // A new index from the records is the same.
    let listing = || sozwatch(folder, &["queue", "list", "--decided", "--format", "json"]).expect(0).out;
    let standing = listing();
    sozwatch(folder, &["store", "rebuild"]).expect(0);
    assert_eq!(listing(), standing);
}

#[test]
fn a_running_daemon_forgets_too() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _web = newsroom(folder);
    let running = daemon(folder);
    let id = confirm(folder);
    let told = sozwatch(folder, &["store", "forget", &id, "--reason", "asked by letter"]).expect(0);
    assert!(told.err.contains("restart it soon"), "{}", told.err);
    for records in ["ledger", "journal"] {
        assert_eq!(files_that_hold(&folder.join("store").join(records), "Тестов"), <[String; 0]>::default());
    }
    assert!(!std::fs::read_to_string(folder.join("queue.csv")).unwrap().contains("Тестов"));
    let mut shown = sozwatch(folder, &["queue", "list", "--decided", "--format", "json"]).expect(0).out;
    assert!(!shown.contains("Тестов") && !shown.contains("Выдуманова"), "{shown}");
    assert!(terminate(running).success());
    shown = sozwatch(folder, &["queue", "list", "--decided", "--format", "json"]).expect(0).out;
    assert!(shown.contains(&id));
    assert_eq!(files_that_hold(&folder.join("store"), "Тестов"), <[String; 0]>::default());
}
