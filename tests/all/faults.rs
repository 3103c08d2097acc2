//! What goes wrong around the program: a full disk, a file saved half-way, two reviewers at once, a
//! signal in the middle of a cycle.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::killed::{daemon, newsroom, newsroom_with, terminate};
use crate::workspace::{program, rows, sozwatch, write_rows};

/// A small disk of its own, where the system lets us have one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let options = format!("size={size}");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "sozwatch-test"])
            .arg(at)
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        mounted.then(|| Self(at.to_path_buf()))
    }

    /// Takes all room that is left.
    fn fill(&self) -> PathBuf {
        use std::io::Write as _;
        let path = self.0.join("filling");
        let mut file = std::fs::File::create(&path).unwrap();
        for size in [1 << 16, 1 << 12, 1 << 8, 1] {
            while file.write_all(&vec![b'.'; size]).is_ok() {}
        }
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Decides every waiting row and writes the file to be imported.
fn decide(folder: &Path, reviewer: &str, decision: &str, to: &str) -> usize {
    let mut queue = rows(&folder.join("queue.csv"));
    for row in &mut queue {
        for (column, value) in [("decision", decision), ("reviewer", reviewer), ("note", "звонила в редакцию")]
        {
            row.insert(column.to_owned(), value.to_owned());
        }
    }
    write_rows(&folder.join(to), &queue);
    queue.len()
}

#[test]
fn a_full_disk_is_told_and_work_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let disk_at = folder.path().join("disk");
    let Some(disk) = SmallDisk::mount(&disk_at, "24m") else {
        eprintln!("passed over: no tmpfs can be mounted here");
        return;
    };
    let place = disk.0.clone();
    let _web = newsroom(&place);
    sozwatch(&place, &["run", "--once", "--all"]).expect(0);
    assert_eq!(decide(&place, "А. Ким", "reject", "decided.csv"), 2);
    let ledger = || -> Vec<u8> {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(place.join("store/ledger")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
        std::fs::read(&files[0]).unwrap()
    };
    let before = ledger();
    let filling = disk.fill();
    let full: [&[&str]; 4] = [
        &["queue", "import", "decided.csv"],
        &["store", "backup", "copy"],
        &["export", "--all", "--out", "home"],
        &["queue", "export", "elsewhere.csv"],
    ];
    for arguments in full {
        let ran = sozwatch(&place, arguments);
        assert_ne!(ran.code, 0, "{arguments:?}: {}", ran.out);
        assert!(ran.err.contains("No space left"), "{arguments:?}: {}", ran.err);
        assert!(!ran.out.contains("taken"), "{arguments:?}: {}", ran.out);
    }
    for half in ["copy", "elsewhere.csv"] {
        assert!(!place.join(half).exists(), "half of {half} is left");
    }
    assert_eq!(ledger(), before, "nothing was half written");
    std::fs::remove_file(filling).unwrap();
    let _ = std::fs::remove_dir_all(place.join("home"));
    let told = sozwatch(&place, &["queue", "import", "decided.csv"]).expect(0);
    assert!(told.out.contains("2 taken"), "{}", told.out);
    sozwatch(&place, &["store", "backup", "copy"]).expect(0);
    sozwatch(&place, &["verify"]).expect(0);
    sozwatch(&place, &["store", "check"]).expect(0);
}

#[test]
fn a_file_saved_half_way_decides_nothing_that_nobody_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _web = newsroom(folder);
    sozwatch(folder, &["run", "--once", "--all"]).expect(0);
    decide(folder, "А. Ким", "reject", "whole.csv");
    let whole = std::fs::read(folder.join("whole.csv")).unwrap();
    let ids: Vec<String> = rows(&folder.join("whole.csv")).into_iter().map(|row| row["id"].clone()).collect();
    for part in 1..9 {
        std::fs::write(folder.join("half.csv"), &whole[..whole.len() * part / 9]).unwrap();
        let ran = sozwatch(folder, &["queue", "import", "half.csv"]);
        assert!([0, 1].contains(&ran.code), "{}", ran.err);
        for row in sozwatch(folder, &["queue", "list", "--decided", "--format", "json"]).expect(0).json() {
            assert!(ids.iter().any(|id| row["id"] == id.as_str()), "part {part}: {row}");
            assert_eq!(row["decision"], "reject");
        }
    }
    // A row that was cut inside its last cell was taken as it stood: the whole one is told apart from it.
    let ran = sozwatch(folder, &["queue", "import", "whole.csv"]);
    assert!(ran.code == 0 || ran.err.contains("conflict: decided in the meantime"), "{}", ran.err);
    assert_eq!(sozwatch(folder, &["queue", "list", "--decided", "--format", "json"]).expect(0).json().len(), 2);
    sozwatch(folder, &["verify"]).expect(0);
}

#[test]
fn of_two_reviewers_at_once_one_decides_and_the_other_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _web = newsroom(folder);
    let running = daemon(folder);
    let reviewers = [("А. Ким", "reject", "first.csv"), ("Б. Ли", "later", "second.csv")];
    for (reviewer, decision, file) in reviewers {
        decide(folder, reviewer, decision, file);
    }
    let both: Vec<_> = reviewers
        .map(|(_, _, file)| {
            program(folder)
                .args(["queue", "import", file])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .into_iter()
        .map(|child| child.wait_with_output().unwrap())
        .collect();
    let said = |n: usize| String::from_utf8_lossy(&both[n].stdout).into_owned();
    let taken = (0..2).filter(|n| said(*n).contains("2 taken")).count();
    let codes: Vec<i32> = both.iter().map(|output| output.status.code().unwrap()).collect();
    assert_eq!((taken, codes.iter().sum::<i32>()), (1, 1), "{} {}", said(0), said(1));
    assert!(terminate(running).success());
    sozwatch(folder, &["verify"]).expect(0);
}

#[test]
fn a_signal_in_the_middle_of_a_cycle_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let web = newsroom_with(folder, "[schedule]\nevery = \"1m\"\n");
    // The signal comes as soon as the first page is asked for.
    let mut child = program(folder).args(["run"]).stderr(Stdio::null()).spawn().unwrap();
    while !web.asked().iter().any(|path| path.starts_with("/news/")) {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
    sozwatch(folder, &["verify"]).expect(0);
    sozwatch(folder, &["run", "--once", "--all"]).expect(0);
    let status = sozwatch(folder, &["status", "--format", "json"]).expect(0).json();
    assert_eq!((&status[0]["stories"], &status[0]["waiting"]), (&3.into(), &2.into()));
    sozwatch(folder, &["store", "check"]).expect(0);
}
