//! Reviewers with boxes of their own, as an operator and two reviewers meet them.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::killed::{daemon, newsroom, terminate};
use crate::workspace::{Ran, rows, sozwatch, write_rows};

const REVIEWERS: &str = "[[reviewer]]\nname = \"Айгүл\"\nlanguage = \"kk\"\n[[reviewer]]\nname = \"Пётр\"\n";

/// A newsroom whose rows are dealt to two reviewers.
fn two_reviewers(folder: &Path) -> crate::workspace::Web {
    let web = newsroom(folder);
    let config = std::fs::read_to_string(folder.join("config.toml")).unwrap();
    std::fs::write(folder.join("config.toml"), format!("{config}{REVIEWERS}")).unwrap();
    web
}

fn decide(folder: &Path, name: &str, into: &str) -> String {
    let mut rows = rows(&folder.join(format!("outbox/{name}/queue-{name}.csv")));
    assert_eq!(rows[0]["reviewer"], name);
    rows[0].insert("decision".to_owned(), "отклонить".to_owned());
    write_rows(&folder.join(into), &rows[..1]);
    settle(&folder.join(into));
    rows[0]["id"].clone()
}

fn status(folder: &Path) -> Ran {
    sozwatch(folder, &["status"]).expect(0)
}

#[test]
fn rows_go_out_to_two_reviewers_and_decisions_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _web = two_reviewers(folder);
    let told = sozwatch(folder, &["run", "--once", "--all"]).expect(0);
    assert!(
        told.out.contains("box      1 rows of Айгүл in ") && told.out.contains("queue    0 rows in"),
        "{}",
        told.out
    );
    assert!(status(folder).out.contains("boxes       Айгүл 1, Пётр 1"));
    decide(folder, "Айгүл", "inbox/письмо от 17-го.csv");
    std::fs::write(folder.join("inbox/photo.jpg"), b"\xff\xd8").unwrap();
    let told = sozwatch(folder, &["queue", "export"]).expect(0);
    assert!(told.out.contains("письмо от 17-го.csv of Айгүл") && told.out.contains("1 taken"), "{}", told.out);
    assert!(folder.join("inbox/done/письмо от 17-го.csv").exists());
    assert!(status(folder).out.contains("boxes       Айгүл 0, Пётр 1"));
    let reply = std::fs::read_to_string(folder.join("outbox/Айгүл/reply-Айгүл.txt")).unwrap();
    assert!(reply.contains("1 қабылданды."), "{reply}");
    // Everything taken home holds what the reviewers sent.
    sozwatch(folder, &["export", "--all", "--out", "home"]).expect(0);
    assert!(folder.join("home/inbox/done/письмо от 17-го.csv").exists());
    // What a file brought is taken back, by the file that lies with those taken.
    let undone = sozwatch(folder, &["queue", "import", "--undo", "inbox/done/письмо от 17-го.csv"]).expect(0);
    assert!(undone.out.contains("1 decisions"), "{}", undone.out);
    sozwatch(folder, &["queue", "export"]).expect(0);
    assert!(status(folder).out.contains("boxes       Айгүл 1, Пётр 1"));
}

/// Dates a file back, so that it counts as whole.
fn settle(file: &Path) {
    let old = std::time::SystemTime::now() - Duration::from_secs(90);
    std::fs::File::options().write(true).open(file).unwrap().set_modified(old).unwrap();
}

#[test]
fn a_backup_brings_back_who_was_dealt_what_and_what_was_not_taken_yet() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (folder, other) = (folder.path(), other.path());
    let _web = two_reviewers(folder);
    sozwatch(folder, &["run", "--once", "--all"]).expect(0);
    let hands =
        |folder: &Path| ["Айгүл", "Пётр"].map(|name| rows(&folder.join(format!("outbox/{name}/queue-{name}.csv"))));
    let before = hands(folder);
    std::fs::create_dir_all(folder.join("inbox/пошта")).unwrap();
    decide(folder, "Айгүл", "inbox/пошта/хат.csv");
    std::fs::write(folder.join("inbox/.~lock.хат.csv#"), "").unwrap();
    sozwatch(folder, &["store", "backup", "copy"]).expect(0);

    for file in ["config.toml", "copy"] {
        std::fs::copy(folder.join(file), other.join(file)).unwrap();
    }
    let told = sozwatch(other, &["store", "restore", "copy"]).expect(0);
    assert!(told.err.contains("1 files that reviewers had sent"), "{}", told.err);
    assert_eq!(std::fs::read_dir(other.join("inbox")).unwrap().count(), 1, "no editor's lock");
    let sent = other.join("inbox/пошта/хат.csv");
    assert_eq!(std::fs::read(&sent).unwrap(), std::fs::read(folder.join("inbox/пошта/хат.csv")).unwrap());
    std::fs::rename(&sent, other.join("хат.csv")).unwrap();
    sozwatch(other, &["queue", "export"]).expect(0);
    assert_eq!(hands(other), before);
    std::fs::rename(other.join("хат.csv"), &sent).unwrap();
    settle(&sent);
    let taken = sozwatch(other, &["queue", "export"]).expect(0);
    assert!(taken.out.contains("хат.csv of Айгүл") && taken.out.contains("1 taken"), "{}", taken.out);

    // Beside what lies there, nothing is overwritten.
    std::fs::write(&sent, "another").unwrap();
    sozwatch(other, &["store", "restore", "copy", "--replace"]).expect(0);
    assert_eq!(std::fs::read(&sent).unwrap(), b"another");
    assert!(other.join("inbox/пошта/хат-2.csv").exists());
    sozwatch(folder, &["export", "--all", "--out", "home"]).expect(0);
    assert!(folder.join("home/records/boxes.json").exists() && folder.join("home/inbox/пошта/хат.csv").exists());
}

#[test]
fn a_daemon_takes_a_file_that_is_put_into_the_inbox() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _web = two_reviewers(folder);
    sozwatch(folder, &["run", "--once", "--all"]).expect(0);
    let running = daemon(folder);
    decide(folder, "Пётр", "inbox/any name");
    let begun = Instant::now();
    while !folder.join("inbox/done/any name").exists() {
        assert!(begun.elapsed() < Duration::from_secs(120), "{}", status(folder).out);
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(status(folder).out.contains("1 wait, 1 decided"));
    assert!(terminate(running).success());
}
