//! The log as an operator or a machine reads it: each story followed by its id, each page with its outcome, and
//! never a word of what was written there.

use std::path::Path;

use serde_json::Value;

use crate::workspace::{QUIET, REMANDED, Ran, SUED, Web, configure, program};

/// What one cycle wrote to the log under a `SOZWATCH_LOG`, line by line, and whatever else it printed.
fn crawled(folder: &Path, level: &str) -> (Vec<Value>, Ran) {
    let mut command = program(folder);
    command.args(["run", "--once", "--all", "--log-format", "json"]).env("SOZWATCH_LOG", level);
    let ran: Ran = command.output().unwrap().into();
    let lines = ran.err.lines().filter(|line| line.starts_with('{'));
    (lines.map(|line| serde_json::from_str(line).unwrap()).collect(), ran)
}

fn field<'a>(line: &'a Value, name: &str) -> &'a str {
    line["fields"][name].as_str().unwrap_or_default()
}

/// A web of six pages, each with another end.
fn newsroom(folder: &Path, more: &str) -> Web {
    let web = Web::start();
    let mut entries =
        [("remanded", &REMANDED), ("quiet", &QUIET)].map(|(slug, story)| (web.put_story(slug, story), "t")).to_vec();
    for (path, head) in [("broken", "500 Internal Server Error"), ("kept-out", "200 OK"), ("gone", "404 Not Found")] {
        web.answer(&format!("/news/{path}.html"), &format!("{head}\r\nContent-Type: text/html"), "no");
        entries.push((web.url(&format!("/news/{path}.html")), "t"));
    }
    // A mirror of the same house: the same words at another address.
    entries.push((web.put_story("print/remanded", &REMANDED), "t"));
    web.put("/robots.txt", "text/plain", "User-agent: *\nDisallow: /news/kept-out\n");
    web.put_feed("/rss.xml", &entries);
    configure(folder, &web, more);
    web
}

#[test]
fn a_story_is_followed_by_its_id_and_every_page_has_its_outcome() {
    let folder = tempfile::tempdir().unwrap();
    let web = newsroom(folder.path(), "");
    let (lines, ran) = crawled(folder.path(), "sozwatch=debug");
    let pages: Vec<&Value> = lines.iter().filter(|line| !field(line, "outcome").is_empty()).collect();
    let mut outcomes: Vec<(&str, &str)> = pages
        .iter()
        .map(|line| (field(line, "url").strip_prefix(&web.url("/news/")).unwrap(), field(line, "outcome")))
        .collect();
    outcomes.sort_unstable();
    assert_eq!(
        outcomes,
        [
            ("broken.html", "failed"),
            ("gone.html", "quarantined"),
            ("kept-out.html", "refused"),
            ("print/remanded.html", "duplicate"),
            ("quiet.html", "stored"),
            ("remanded.html", "candidate"),
        ]
    );
    let remanded = pages.iter().find(|line| field(line, "outcome") == "candidate").unwrap();
    let id = field(remanded, "story");
    let stages: Vec<&str> =
        lines.iter().filter(|line| field(line, "story") == id).map(|line| field(line, "message")).collect();
    assert_eq!(stages, ["fetched", "extracted", "judged", "archived", "page", "queued"]);
    let judged = lines.iter().find(|line| field(line, "story") == id && field(line, "message") == "judged").unwrap();
    assert!(field(judged, "rules").contains("arrest."), "{judged}");
    assert!(judged["fields"]["score"].as_f64().is_some_and(|score| score > 0.5), "{judged}");
    let mirror = pages.iter().find(|line| field(line, "outcome") == "duplicate").unwrap();
    assert_eq!(field(mirror, "of"), id);
    // Ids, addresses and names of sources and rules: nothing that somebody wrote.
    for word in REMANDED.title.split(' ').chain(REMANDED.text.split(' ')).filter(|word| word.chars().count() > 4) {
        assert!(!ran.err.contains(word), "{word} stands in the log");
    }
}

#[test]
fn the_level_is_for_all_or_for_one_source() {
    let stages = |more: &str, level: &str| {
        let folder = tempfile::tempdir().unwrap();
        let _web = newsroom(folder.path(), more);
        let config = folder.path().join("config.toml");
        let text = std::fs::read_to_string(&config).unwrap();
        std::fs::write(&config, text.replace("country = \"KZ\"", &format!("country = \"KZ\"\n{level}"))).unwrap();
        let mut command = program(folder.path());
        command.args(["run", "--once", "--all"]).env_remove("SOZWATCH_LOG");
        let ran: Ran = command.output().unwrap().into();
        let lines: Vec<Value> = ran.err.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let mut stages: Vec<String> = lines.iter().map(|line| field(line, "message").to_owned()).collect();
        stages.sort_unstable();
        stages.dedup();
        stages
    };
    let json = "[log]\nformat = \"json\"";
    assert_eq!(stages(json, ""), ["page; it is tried again"]);
    assert_eq!(stages(json, "log = \"off\""), Vec::<String>::new());
    assert_eq!(stages(&format!("{json}\nlevel = \"info\""), ""), ["page", "page; it is tried again"]);
    let all = stages(json, "log = \"debug\"");
    for stage in ["archived", "extracted", "fetched", "judged", "page", "queued"] {
        assert!(all.iter().any(|told| told == stage), "{stage}: {all:?}");
    }
    assert_eq!(stages("", "log = \"debug\""), Vec::<String>::new(), "text is no JSON");
}

#[test]
fn one_story_has_one_id_from_its_first_line_on() {
    let folder = tempfile::tempdir().unwrap();
    let web = Web::start();
    let url = web.put_story("sued", &SUED);
    web.put_feed("/rss.xml", &[(format!("{url}?utm_source=rss"), "t")]);
    configure(folder.path(), &web, "");
    let (lines, _) = crawled(folder.path(), "sozwatch=debug");
    let ids: std::collections::BTreeSet<&str> =
        lines.iter().map(|line| field(line, "story")).filter(|id| !id.is_empty()).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
}
