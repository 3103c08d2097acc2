//! The demo: the whole loop against the invented newsroom.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::workspace::sozwatch;

fn truth() -> Vec<Value> {
    let text = std::fs::read_to_string("fixtures/newsroom/truth.jsonl").unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_demo_runs_the_whole_loop() {
    let folder = tempfile::tempdir().unwrap();
    let ran = sozwatch(folder.path(), &["demo"]).expect(0);
    let out = folder.path().join("sozwatch-demo");
    for file in ["config.toml", "queue.csv", "digests/digest-2026-W47.ru.html", "digests/digest-2026-W46.kk.md"] {
        assert!(out.join(file).exists(), "{file} is missing\n{}\n{}", ran.out, ran.err);
    }
    let digest: Value =
        serde_json::from_slice(&std::fs::read(out.join("digests/digest-2026-W47.en.json")).unwrap()).unwrap();
    assert!(digest["events"].as_array().unwrap().len() >= 5, "{digest}");
    // Again, over the first: a demo may be run twice.
    sozwatch(folder.path(), &["demo"]).expect(0);
}

#[test]
fn the_demo_spares_a_folder_that_is_not_its_own() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mine")).unwrap();
    std::fs::write(folder.path().join("mine/thesis.txt"), "years of work").unwrap();
    let ran = sozwatch(folder.path(), &["demo", "--out", "mine"]).expect(2);
    assert!(ran.err.contains("not a demo's"), "{}", ran.err);
    assert!(folder.path().join("mine/thesis.txt").exists());
}

#[test]
fn the_newsroom_covers_what_monitors_meet() {
    let mut categories: BTreeMap<String, usize> = BTreeMap::new();
    let (mut stories, mut candidates) = (0, 0);
    for row in truth() {
        stories += 1;
        candidates += usize::from(row["candidate"] == true);
        for category in row["categories"].as_array().into_iter().flatten() {
            *categories.entry(category.as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    assert!(stories >= 60 && candidates * 4 >= stories, "{candidates} of {stories}");
    assert_eq!(categories.len(), 11, "{categories:?}");
    assert!(categories.values().all(|count| *count >= 2), "{categories:?}");
}

#[test]
fn quiet_news_raise_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = String::new();
    let mut files: Vec<_> = std::fs::read_dir("fixtures/quiet").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 30);
    for file in files {
        let story = std::fs::read_to_string(&file).unwrap();
        let (title, text) = story.split_once('\n').unwrap();
        let id = file.file_stem().unwrap().to_string_lossy().into_owned();
        lines.push_str(&serde_json::json!({ "id": id, "title": title, "text": text.trim() }).to_string());
        lines.push('\n');
    }
    std::fs::write(folder.path().join("quiet.jsonl"), lines).unwrap();
    let raised: Vec<String> = sozwatch(folder.path(), &["classify", "quiet.jsonl"])
        .expect(0)
        .json()
        .iter()
        .filter(|verdict| verdict["candidate"] == true)
        .map(|verdict| format!("{} {} {}", verdict["id"], verdict["score"], verdict["evidence"][0]["rule"]))
        .collect();
    assert!(raised.is_empty(), "{}", raised.join("\n"));
}
