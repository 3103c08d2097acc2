//! A copy of everything while the daemon runs, everything back from it, everything taken home in open
//! formats, and the daemon's own health page.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::path::Path;

use serde_json::Value;

use crate::killed::{daemon, newsroom, newsroom_with, terminate};
use crate::workspace::{Ran, program, rows, sozwatch, write_rows};

/// Confirms one waiting row and rejects another, as a reviewer does.
fn decide(folder: &Path) {
    let mut queue = rows(&folder.join("queue.csv"));
    for (row, decision) in queue.iter_mut().zip(["confirm", "reject"]) {
        let reviewed =
            [("decision", decision), ("reviewer", "А. Ким"), ("headline", "Блогер под арестом"), ("note", "звонила")];
        for (column, value) in reviewed {
            row.insert(column.to_owned(), value.to_owned());
        }
    }
    let confirmed = queue.iter_mut().find(|row| row["categories"].starts_with("defamation_suit"));
    confirmed.map(|row| row.insert("categories".to_owned(), "defamation_suit/civil".to_owned()));
    write_rows(&folder.join("decided.csv"), &queue);
    sozwatch(folder, &["queue", "import", "decided.csv"]).expect(0);
}

/// What a person can see of a workspace.
fn seen(folder: &Path) -> Vec<String> {
    let listings: [&[&str]; 5] = [
        &["queue", "list", "--format", "json"],
        &["queue", "list", "--decided", "--format", "json"],
        &["store", "stats", "--format", "json"],
        &["sources", "list", "--format", "json"],
        &["digest", "--week", "2026-W47", "--lang", "ru", "--format", "json", "--out", "seen"],
    ];
    let mut seen: Vec<String> = listings.map(|listing| sozwatch(folder, listing).expect(0).out).to_vec();
    // What it says names the folder; what it wrote does not.
    seen.pop();
    seen.push(std::fs::read_to_string(folder.join("seen/digest-2026-W47.ru.json")).unwrap());
    seen
}

#[test]
fn everything_comes_back_from_a_backup_of_a_live_system() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _web = newsroom(folder);
    let running = daemon(folder);
    decide(folder);
    let told = sozwatch(folder, &["store", "backup", "copy.tar.zst", "--by", "А. Ким"]).expect(0);
    assert!(told.out.contains("files"), "{}", told.out);
    let before = seen(folder);
    assert!(terminate(running).success());

    // Another machine: the configuration and the copy, nothing else.
    let other = tempfile::tempdir().unwrap();
    let other = other.path();
    for file in ["config.toml", "copy.tar.zst"] {
        std::fs::copy(folder.join(file), other.join(file)).unwrap();
    }
    sozwatch(other, &["store", "restore", "copy.tar.zst"]).expect(0);
    let after = seen(other);
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
    sozwatch(other, &["store", "check"]).expect(0);
    sozwatch(other, &["verify"]).expect(0);

    // What stands there is never overwritten, and moved aside when asked.
    let refused = sozwatch(other, &["store", "restore", "copy.tar.zst"]).expect(1);
    assert!(refused.err.contains("--replace"), "{}", refused.err);
    sozwatch(other, &["store", "restore", "copy.tar.zst", "--replace"]).expect(0);
    assert!(other.join("store.before-1/ledger").is_dir());
    assert_eq!(seen(other)[1], before[1]);

    let mut bytes = std::fs::read(other.join("copy.tar.zst")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(other.join("changed"), bytes).unwrap();
    std::fs::remove_dir_all(other.join("store")).unwrap();
    let refused = sozwatch(other, &["store", "restore", "changed"]).expect(1);
    assert!(refused.err.contains("nothing was restored"), "{}", refused.err);
    assert!(!other.join("store/ledger").exists());
}

#[test]
fn everything_can_be_taken_home_in_open_formats() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _web = newsroom(folder);
    sozwatch(folder, &["run", "--once", "--all"]).expect(0);
    decide(folder);
    sozwatch(folder, &["export"]).expect(2);
    let told = sozwatch(folder, &["export", "--all", "--out", "home", "--by", "А. Ким", "--format", "json"]).expect(0);
    assert_eq!(told.json()[0]["stories"], 3);
    let home = folder.join("home");
    let lines = |name: &str| -> Vec<Value> {
        let text = std::fs::read_to_string(home.join(name)).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    assert_eq!(lines("stories.jsonl").len(), 3);
    assert_eq!(lines("events.jsonl").len(), 1);
    assert!(lines("acts.jsonl").iter().any(|act| act["act"]["review"]["decision"] == "reject"));
    assert_eq!(rows(&home.join("decided.csv")).len(), 2);
    assert!(home.join("records/journal/000001.zst").exists());
    let manifest = std::fs::read_to_string(home.join("MANIFEST.sha256")).unwrap();
    for line in manifest.lines() {
        let (hash, name) = line.split_once("  ").unwrap();
        let bytes = std::fs::read(home.join(name)).unwrap();
        let digest = <sha2::Sha256 as sha2::Digest>::digest(bytes);
        assert_eq!(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), hash, "{name}");
    }
    // It is not written over, and the ledger tells who took it.
    sozwatch(folder, &["export", "--all", "--out", "home"]).expect(1);
    sozwatch(folder, &["export", "--all", "--out", "again"]).expect(0);
    let acts = std::fs::read_to_string(folder.join("again/acts.jsonl")).unwrap();
    assert!(acts.contains("\"export\":{\"what\":\"all\",\"file\":\"home\",\"by\":\"А. Ким\"}"), "{acts}");
}

fn get(address: &str, path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

#[test]
fn the_daemon_tells_how_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let _web = newsroom_with(folder, &format!("[daemon]\nlisten = \"{free}\"\n"));
    let running = daemon(folder);
    assert_eq!(get(&free, "/healthz"), ("HTTP/1.1 200 OK".to_owned(), "ok\n".to_owned()));
    let (status, metrics) = get(&free, "/metrics");
    assert_eq!(status, "HTTP/1.1 200 OK");
    let value = |name: &str| -> f64 {
        let line = metrics.lines().find(|line| line.starts_with(&format!("{name} "))).expect(name);
        line.rsplit_once(' ').unwrap().1.parse().unwrap()
    };
    assert_eq!((value("sozwatch_inputs_total"), value("sozwatch_stories"), value("sozwatch_waiting")), (3.0, 3.0, 2.0));
    let outcomes: f64 = metrics
        .lines()
        .filter(|line| line.starts_with("sozwatch_outcomes_total{"))
        .map(|line| line.rsplit_once(' ').unwrap().1.parse::<f64>().unwrap())
        .sum();
    assert_eq!(outcomes, value("sozwatch_inputs_total"));
    assert!(metrics.contains("sozwatch_source_up{source=\"Invented\"} 1"), "{metrics}");
    assert!(get(&free, "/elsewhere").0.contains("404"));
    assert!(terminate(running).success());
}

#[test]
fn the_service_manager_hears_when_the_daemon_is_ready() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _web = newsroom(folder);
    let socket = folder.join("notify");
    let manager = UnixDatagram::bind(&socket).unwrap();
    // A daemon that died says nothing: the test fails then, and does not wait for ever.
    manager.set_read_timeout(Some(std::time::Duration::from_secs(120))).unwrap();
    let mut child = program(folder)
        .arg("run")
        .env("NOTIFY_SOCKET", &socket)
        .env("WATCHDOG_USEC", "3000000")
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut heard = [0; 256];
    let mut next = || -> String {
        let length = manager.recv(&mut heard).unwrap();
        String::from_utf8_lossy(&heard[..length]).into_owned()
    };
    let told = [next(), next()];
    assert!(told.iter().any(|state| state.starts_with("READY=1")), "{told:?}");
    assert!(told.iter().any(|state| state == "WATCHDOG=1"), "{told:?}");
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert!(std::iter::repeat_with(next).take(20).any(|state| state == "STOPPING=1"));
    assert!(child.wait().unwrap().success());
}

#[test]
fn an_encrypted_backup_opens_with_its_key_alone() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _web = newsroom(folder);
    sozwatch(folder, &["run", "--once", "--all"]).expect(0);
    let key = age::x25519::Identity::generate();
    let public = key.to_public().to_string();
    std::fs::write(folder.join("key.txt"), age::secrecy::ExposeSecret::expose_secret(&key.to_string())).unwrap();
    sozwatch(folder, &["store", "backup", "copy", "--to", &public]).expect(0);
    assert!(std::fs::read(folder.join("copy")).unwrap().starts_with(b"age-encryption.org/v1"));
    std::fs::remove_dir_all(folder.join("store")).unwrap();
    let refused: Ran = sozwatch(folder, &["store", "restore", "copy"]).expect(1);
    assert!(refused.err.contains("--identity"), "{}", refused.err);
    sozwatch(folder, &["store", "restore", "copy", "--identity", "key.txt"]).expect(0);
    assert_eq!(sozwatch(folder, &["queue", "list", "--format", "json"]).expect(0).json().len(), 2);
    let wrong: Ran = sozwatch(folder, &["store", "backup", "copy", "--to", "age1wrong"]).expect(1);
    assert!(wrong.err.contains("public key of age"), "{}", wrong.err);
}
