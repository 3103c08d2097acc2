//! Real pages, feeds and texts, where `SOZWATCH_DATA` names the folder that holds them. They are never
//! part of the project; without them these tests are passed over, saying so.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use sozwatch::text::language::Detector;

use crate::workspace::sozwatch;

fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("SOZWATCH_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("SOZWATCH_DATA is unset: passed over");
    }
    folder
}

fn lines(path: PathBuf) -> Vec<Value> {
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

#[test]
fn languages_of_real_lines() {
    let Some(data) = data() else { return };
    let detector = Detector::new();
    let mut told: BTreeMap<(String, String), (usize, usize, usize)> = BTreeMap::new();
    for row in lines(data.join("data/langid/lines.jsonl")) {
        // The trigrams were counted on these.
        if row["source"] == "udhr" {
            continue;
        }
        let (lang, unit) = (row["lang"].as_str().unwrap(), row["unit"].as_str().unwrap());
        let found = detector.detect(row["text"].as_str().unwrap()).0.id();
        let count = told.entry((lang.to_owned(), unit.to_owned())).or_default();
        count.0 += usize::from(found == lang);
        count.1 += usize::from(matches!(found, "kk" | "ru"));
        count.2 += 1;
    }
    for (lang, unit, floor) in [
        ("kk", "sentence", 0.995),
        ("ru", "sentence", 0.995),
        ("en", "sentence", 0.995),
        ("kk", "title", 0.98),
        ("ru", "title", 0.98),
        ("en", "title", 0.98),
    ] {
        let (right, _, all) = told[&(lang.to_owned(), unit.to_owned())];
        assert!(right as f64 >= floor * all as f64, "{lang} {unit}: {right} of {all}");
    }
    // A neighbour's lines are hardly ever called Kazakh or Russian: its sentences, and its titles.
    for (lang, sentences, titles) in [
        ("ky", 0.01, 0.04),
        ("uk", 0.003, 0.02),
        ("be", 0.003, 0.02),
        ("mn", 0.003, 0.01),
        ("tt", 0.003, 0.01),
        ("uz", 0.003, 0.01),
        ("tr", 0.003, 0.015),
        ("az", 0.003, 0.01),
    ] {
        for (unit, ceiling) in [("sentence", sentences), ("title", titles)] {
            let (_, ours, all) = told[&(lang.to_owned(), unit.to_owned())];
            assert!(ours as f64 <= ceiling * all as f64, "{lang} {unit}: {ours} of {all} called kk or ru");
        }
    }
}

#[test]
fn captured_feeds_are_read_or_say_why_not() {
    let Some(data) = data() else { return };
    let captured = data.join("data/feeds/captured");
    let mut failed = Vec::new();
    let mut all = 0;
    for row in lines(captured.join("index.jsonl")) {
        if row["looks_captured"] != true || !matches!(row["kind"].as_str(), Some("rss" | "atom" | "rdf" | "jsonfeed")) {
            continue;
        }
        all += 1;
        let file = captured.join(row["file"].as_str().unwrap()).display().to_string();
        let ran = sozwatch(&data, &["feed", &file]);
        if ran.code != 0 {
            failed.push(format!("{file}: {}", ran.out));
        }
    }
    assert!(failed.len() * 100 <= all, "{} of {all}:\n{}", failed.len(), failed.join(""));
}

/// Floors that only rise.
#[test]
fn labelled_stories_are_found_in_each_language() {
    let Some(data) = data() else { return };
    let gold = data.join("gold/dev.jsonl").display().to_string();
    let ran = sozwatch(&data, &["eval", &gold, "--format", "json"]).expect(0);
    let scores = &ran.json()[0];
    for lang in ["kk", "ru", "en"] {
        let f1 = scores["candidate"][lang]["f1"].as_f64().unwrap();
        assert!(f1 >= 0.94, "{lang}: F1 {f1:.3}");
    }
}
