//! The daemon, and what is left of a workspace when a process is killed.

use std::io::BufRead as _;
use std::path::Path;
use std::process::{Child, Stdio};

use crate::workspace::{QUIET, REMANDED, SUED, Web, configure, program, rows, sozwatch, write_rows};

/// A daemon that is killed when the test ends.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the daemon and returns when its first cycle has ended.
pub fn daemon(folder: &Path) -> Running {
    let mut child = program(folder)
        .args(["run", "--log-format", "json"])
        .env("SOZWATCH_LOG", "info")
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let log = std::io::BufReader::new(child.stderr.take().expect("stderr is piped"));
    let running = Running(child);
    let mut lines = log.lines();
    let ready = lines.by_ref().map_while(Result::ok).any(|line| line.contains("\"queue file written\""));
    assert!(ready, "the daemon ended before its first cycle did");
    std::thread::spawn(move || lines.for_each(drop));
    running
}

/// Three stories on a web of their own, and a workspace that watches it.
pub fn newsroom(folder: &Path) -> Web {
    newsroom_with(folder, "")
}

/// The same, with more in its configuration.
pub fn newsroom_with(folder: &Path, more: &str) -> Web {
    let web = Web::start();
    let entries: Vec<_> = [("remanded", &REMANDED), ("sued", &SUED), ("quiet", &QUIET)]
        .map(|(slug, story)| (web.put_story(slug, story), story.title))
        .to_vec();
    web.put_feed("/rss.xml", &entries);
    configure(folder, &web, more);
    web
}

/// Ends it as an operator does, and waits.
pub fn terminate(mut running: Running) -> std::process::ExitStatus {
    let pid = running.0.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    running.0.wait().unwrap()
}

#[test]
fn a_second_command_reaches_the_daemon_and_a_signal_ends_it_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _web = newsroom(folder);
    let running = daemon(folder);
    let status = sozwatch(folder, &["status", "--format", "json"]).expect(0).json();
    assert_eq!(status[0]["waiting"], 2);
    let mut queue = rows(&folder.join("queue.csv"));
    queue[0].insert("decision".to_owned(), "reject".to_owned());
    queue[0].insert("reviewer".to_owned(), "А. Ким".to_owned());
    write_rows(&folder.join("decided.csv"), &queue[..1]);
    let imported = sozwatch(folder, &["queue", "import", "decided.csv"]).expect(0);
    assert!(imported.out.contains("1 taken"), "{}", imported.out);
    let second = sozwatch(folder, &["run"]).expect(2);
    assert!(second.err.contains("a daemon runs on this store already"), "{}", second.err);
    assert!(terminate(running).success());
    assert!(!folder.join("store/control.sock").exists());
    let status = sozwatch(folder, &["status", "--format", "json"]).expect(0).json();
    assert_eq!((&status[0]["waiting"], &status[0]["decided"]), (&1.into(), &1.into()));
}

#[test]
fn a_decision_that_was_told_as_taken_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _web = newsroom(folder);
    let running = daemon(folder);
    let mut queue = rows(&folder.join("queue.csv"));
    for row in &mut queue {
        row.insert("decision".to_owned(), "reject".to_owned());
        row.insert("reviewer".to_owned(), "А. Ким".to_owned());
    }
    write_rows(&folder.join("decided.csv"), &queue);
    assert!(sozwatch(folder, &["queue", "import", "decided.csv"]).expect(0).out.contains("2 taken"));
    drop(running); // SIGKILL
    let status = sozwatch(folder, &["status", "--format", "json"]).expect(0).json();
    assert_eq!((&status[0]["waiting"], &status[0]["decided"]), (&0.into(), &2.into()));
    sozwatch(folder, &["verify"]).expect(0);
    sozwatch(folder, &["store", "check"]).expect(0);
}

#[test]
fn an_index_that_will_not_open_is_rebuilt_from_the_records() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _web = newsroom(folder);
    sozwatch(folder, &["run", "--once", "--all"]).expect(0);
    let before = sozwatch(folder, &["queue", "list", "--format", "json"]).expect(0).out;
    let index = std::fs::read_dir(folder.join("store"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.join("db").exists())
        .expect("the index lies in the store folder");
    std::fs::write(index.join("db"), b"a disk that lied").unwrap();
    let ran = sozwatch(folder, &["queue", "list", "--format", "json"]).expect(0);
    assert_eq!(ran.out, before);
    assert!(ran.err.contains("rebuilt"), "the operator is told: {}", ran.err);
}

#[test]
fn a_changed_byte_of_the_ledger_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _web = newsroom(folder);
    sozwatch(folder, &["run", "--once", "--all"]).expect(0);
    let mut queue = rows(&folder.join("queue.csv"));
    queue[0].insert("decision".to_owned(), "reject".to_owned());
    queue[0].insert("reviewer".to_owned(), "А. Ким".to_owned());
    write_rows(&folder.join("decided.csv"), &queue[..1]);
    sozwatch(folder, &["queue", "import", "decided.csv"]).expect(0);
    sozwatch(folder, &["verify"]).expect(0);
    let ledger = std::fs::read_dir(folder.join("store/ledger"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .expect("the ledger is JSON Lines");
    let text = std::fs::read_to_string(&ledger).unwrap();
    assert!(text.contains("reject"));
    std::fs::write(&ledger, text.replacen("reject", "confir", 1)).unwrap();
    let ran = sozwatch(folder, &["verify"]).expect(1);
    assert!(ran.err.contains(".jsonl:"), "the line is named: {}", ran.err);
}
