//! The daemon reads its rules again on SIGHUP.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::workspace::{SUED, Web, configure, program, sozwatch};

/// Longest wait for a line of the log, so that a test fails rather than hangs.
const PATIENCE: Duration = Duration::from_secs(600);

/// A daemon with its log; killed when the test ends.
struct Daemon {
    child: Child,
    log: Receiver<Value>,
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Daemon {
    fn start(folder: &Path) -> Self {
        let mut command = program(folder);
        command.args(["run", "--log-format", "json"]).env("SOZWATCH_LOG", "info").stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let lines = BufReader::new(child.stderr.take().expect("stderr is piped")).lines();
        let (told, log) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok).filter_map(|line| serde_json::from_str(&line).ok()) {
                if told.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, log }
    }

    /// The log up to the first line that says so.
    #[track_caller]
    fn until(&self, message: &str) -> String {
        let mut lines = String::new();
        loop {
            let line = self.log.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no {message:?} in:\n{lines}"));
            lines.push_str(&line.to_string());
            lines.push('\n');
            if line.to_string().contains(message) {
                return lines;
            }
        }
    }

    fn hang_up(&self) {
        let pid = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-HUP", &pid]).status().unwrap().success());
    }
}

fn version(folder: &Path) -> Value {
    sozwatch(folder, &["status", "--format", "json"]).expect(0).json()[0]["rule_set"].clone()
}

#[test]
fn bad_rules_are_refused_and_good_ones_taken() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let web = Web::start();
    web.put_feed("/rss.xml", &[(web.put_story("sued", &SUED), SUED.title)]);
    configure(folder, &web, "[rules]\ndir = \"rules\"\n");
    let concepts = folder.join("rules/concepts");
    std::fs::create_dir_all(&concepts).unwrap();
    let daemon = Daemon::start(folder);
    daemon.until("queue file written");
    let first = version(folder);
    assert!(first.is_string());

    daemon.hang_up();
    daemon.until("the rules are what they were");

    std::fs::write(concepts.join("own.toml"), "[[concept]]\nid = \"own\"\nis = \"an own word\"\nrru = [\"слово\"]\n")
        .unwrap();
    daemon.hang_up();
    let log = daemon.until("the old ones go on");
    assert!(log.contains("concepts/own.toml:4") && log.contains("rru"), "the fault is named: {log}");
    assert_eq!(version(folder), first);

    std::fs::remove_file(concepts.join("own.toml")).unwrap();
    std::fs::write(folder.join("rules/score.toml"), "# nothing changed but this line\n").unwrap();
    daemon.hang_up();
    daemon.until("new rules judge from now on");
    assert_ne!(version(folder), first);
}

#[test]
fn the_level_of_the_log_is_read_again_too() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let web = Web::start();
    web.put_feed("/rss.xml", &[(web.put_story("sued", &SUED), SUED.title)]);
    configure(folder, &web, "");
    let daemon = Daemon::start(folder);
    daemon.until("queue file written");
    let config = folder.join("config.toml");
    let good = std::fs::read_to_string(&config).unwrap();

    std::fs::write(&config, format!("{good}\n[log]\nlevel = \"loud\"\n")).unwrap();
    daemon.hang_up();
    let log = daemon.until("the log goes on as it was");
    assert!(log.contains("no level of a log"), "the fault is named: {log}");
    daemon.until("the rules are what they were");

    std::fs::write(&config, good.replace("country = \"KZ\"", "country = \"KZ\"\nlog = \"debug\"")).unwrap();
    daemon.hang_up();
    daemon.until("the rules are what they were");
    web.put_feed("/rss.xml", &[(web.put_story("quiet", &crate::workspace::QUIET), "t")]);
    sozwatch(folder, &["run", "--once", "--all"]).expect(0);
    daemon.until("\"extracted\"");
}
