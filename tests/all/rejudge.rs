//! The archive judged again after a rule was changed, as an operator sees it.

use std::path::Path;

use serde_json::json;

use crate::killed::{daemon, terminate};
use crate::workspace::{QUIET, REMANDED, SUED, Web, configure, rows, sozwatch, write_rows};

/// A rule of the operator's own: whatever tells of a clinic is a candidate of this category.
fn own_rule(folder: &Path, category: &str) {
    let dir = folder.join("my-rules");
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(dir.join("concepts")).unwrap();
    std::fs::create_dir_all(dir.join(category)).unwrap();
    let concept = "[[concept]]\nid = \"own_clinic\"\nis = \"a clinic\"\nru = [\"поликлиник*\"]\n";
    std::fs::write(dir.join("concepts/own.toml"), concept).unwrap();
    let rule = format!(
        "id = \"{category}.own_clinic\"\ncategory = \"{category}\"\nwhy = \"For the test.\"\n\
         all = [[\"own_clinic\"]]\n[weight]\nsentence = 8.0\n"
    );
    std::fs::write(dir.join(format!("{category}/own_clinic.toml")), rule).unwrap();
}

fn no_rules(folder: &Path) {
    let dir = folder.join("my-rules");
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
}

/// A workspace with rules of its own that has taken in three stories, of which two are candidates.
fn workspace(folder: &Path) -> Web {
    let web = Web::start();
    let entries: Vec<_> = [("remanded", &REMANDED), ("sued", &SUED), ("quiet", &QUIET)]
        .map(|(slug, story)| (web.put_story(slug, story), story.title))
        .to_vec();
    web.put_feed("/rss.xml", &entries);
    no_rules(folder);
    configure(folder, &web, "[rules]\ndir = \"my-rules\"");
    sozwatch(folder, &["run", "--once", "--all"]).expect(0);
    assert_eq!(rows(&folder.join("queue.csv")).len(), 2);
    web
}

fn everything(folder: &Path) -> String {
    let list = |more: &[&str]| sozwatch(folder, &[&["queue", "list", "--format", "json"], more].concat()).expect(0).out;
    [list(&[]), list(&["--decided"])].concat()
}

#[test]
fn rejudge_shows_what_a_rule_would_change_and_writes_it_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _web = workspace(folder);
    let same = sozwatch(folder, &["rejudge"]).expect(0);
    assert!(
        same.out.contains("0 enter, 0 leave, 0 change category") && same.out.contains("nothing would change"),
        "{}",
        same.out
    );

    own_rule(folder, "obstruction");
    let before = everything(folder);
    let shown = sozwatch(folder, &["rejudge"]).expect(0);
    for wanted in [
        "1 enter, 0 leave, 0 change category",
        "enters",
        QUIET.title,
        "[obstruction]",
        "obstruction.own_clinic: silent → +",
        "nothing was written; `sozwatch rejudge --apply`",
    ] {
        assert!(shown.out.contains(wanted), "{wanted}\n{}", shown.out);
    }
    assert_eq!(everything(folder), before, "it was only shown");
    let json = &sozwatch(folder, &["rejudge", "--format", "json"]).expect(0).json()[0];
    assert_eq!(json["by_rule"]["obstruction.own_clinic"], json!({ "enters": 1, "leaves": 0, "category": 0 }));
    assert_eq!(
        (&json["stories"], &json["applied"], &json["changes"][0]["turn"]),
        (&3.into(), &false.into(), &"enters".into())
    );
    let later = sozwatch(folder, &["rejudge", "--since", "2999-01-01", "--format", "json"]).expect(0).json();
    assert_eq!(later[0]["stories"], 0);
    sozwatch(folder, &["rejudge", "--since", "yesterday"]).expect(2);

    let done = sozwatch(folder, &["rejudge", "--apply"]).expect(0);
    assert!(done.out.contains("written  1 verdicts"), "{}", done.out);
    let queue = rows(&folder.join("queue.csv"));
    assert_eq!(queue.len(), 3, "the queue file was written anew");

    // A reviewer decides on it; then the rule goes, and the decision stays.
    let mut row = queue.into_iter().find(|row| row["title"] == QUIET.title).unwrap();
    row.insert("decision".to_owned(), "reject".to_owned());
    row.insert("reviewer".to_owned(), "А. Ким".to_owned());
    write_rows(&folder.join("decided.csv"), &[row.clone()]);
    sozwatch(folder, &["queue", "import", "decided.csv"]).expect(0);
    no_rules(folder);
    let done = sozwatch(folder, &["rejudge", "--apply"]).expect(0);
    assert!(
        done.out.contains("0 enter, 1 leave") && done.out.contains("rejected by people, and stays so"),
        "{}",
        done.out
    );
    let shown = sozwatch(folder, &["queue", "show", &row["id"], "--format", "json"]).expect(0).json();
    assert_eq!(shown[0]["status"], "rejected");
    assert_eq!(rows(&folder.join("queue.csv")).len(), 2);

    sozwatch(folder, &["verify"]).expect(0);
    sozwatch(folder, &["store", "check"]).expect(0);
    let before = everything(folder);
    sozwatch(folder, &["store", "rebuild"]).expect(0);
    assert_eq!(everything(folder), before, "the journal gives the same store");
}

#[test]
fn a_daemon_rejudges_when_it_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _web = workspace(folder);
    let running = daemon(folder);
    own_rule(folder, "obstruction");
    let shown = sozwatch(folder, &["rejudge"]).expect(0);
    assert!(shown.out.contains("1 enter, 0 leave"), "the files as they are now: {}", shown.out);
    // What it judges by is not what would be written.
    let refused = sozwatch(folder, &["rejudge", "--apply"]).expect(1);
    assert!(refused.err.contains("SIGHUP"), "{}", refused.err);
    assert!(terminate(running).success());

    let running = daemon(folder);
    let done = sozwatch(folder, &["rejudge", "--apply"]).expect(0);
    assert!(done.out.contains("written  1 verdicts"), "{}", done.out);
    assert_eq!(rows(&folder.join("queue.csv")).len(), 3);
    let id = &sozwatch(folder, &["queue", "list", "--format", "json"]).expect(0).json()[0]["id"];
    let explained = sozwatch(folder, &["explain", id.as_str().unwrap()]).expect(0);
    assert!(explained.out.contains("\nSum:\n") && !explained.out.contains('\u{1b}'), "{}", explained.out);
    let page = sozwatch(folder, &["explain", id.as_str().unwrap(), "--html"]).expect(0);
    assert!(page.out.starts_with("<!DOCTYPE html>"), "{}", page.out);
    assert!(terminate(running).success());
}
