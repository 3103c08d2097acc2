//! Measures on real pages and feeds, which lie outside the repository: `SOZWATCH_DATA` names the
//! folder that holds `data/`. Without it nothing is measured, and each test says so.
#![expect(clippy::disallowed_methods, reason = "edge: tests read files and the environment")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::metadata::letters;
use super::{Article, NoArticle, Origin};
use crate::config::PageSelect;

/// `data/PART` under the folder of real data.
fn data(part: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SOZWATCH_DATA").map(|root| Path::new(&root).join("data").join(part));
    match folder {
        Some(folder) if folder.is_dir() => Some(folder),
        _ => {
            eprintln!("passed over: SOZWATCH_DATA does not name a folder with data/{part}");
            None
        }
    }
}

fn read(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    super::gunzip::unpacked(&bytes).into_owned()
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json_lines(path: &Path) -> Vec<Value> {
    let text = String::from_utf8(read(path)).expect("UTF-8");
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn extract(path: &Path, url: Option<&str>) -> Result<Article, NoArticle> {
    super::page(&read(path), &Origin { url, ..Origin::default() }, &PageSelect::default())
}

/// Shingles of four words with their counts.
fn shingles(text: &str) -> BTreeMap<Vec<&str>, i64> {
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty()).collect();
    let mut counts = BTreeMap::new();
    match words.len() {
        0 => {}
        1..=3 => *counts.entry(words).or_insert(0) += 1,
        _ => words.windows(4).for_each(|four| *counts.entry(four.to_vec()).or_insert(0) += 1),
    }
    counts
}

/// Precision and recall of an answer's shingles, where there is anything to divide by.
fn overlap(truth: &str, answer: &str) -> (Option<f64>, Option<f64>) {
    let (want, have) = (shingles(truth), shingles(answer));
    let both: i64 = want.iter().map(|(four, count)| *have.get(four).unwrap_or(&0).min(count)).sum();
    let share = |all: &BTreeMap<Vec<&str>, i64>| {
        let total: i64 = all.values().sum();
        (total > 0).then(|| both as f64 / total as f64)
    };
    (share(&have), share(&want))
}

fn mean(values: impl Iterator<Item = Option<f64>>) -> f64 {
    let values: Vec<f64> = values.flatten().collect();
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

#[test]
fn bodies_agree_with_the_benchmark() {
    let Some(folder) = data("extraction/article-extraction-benchmark") else { return };
    let truth = json(&folder.join("ground-truth.json"));
    let mut pages = Vec::new();
    for (id, truth) in truth.as_object().expect("an object") {
        let answer = extract(&folder.join("html").join(format!("{id}.html.gz")), truth["url"].as_str());
        let text = answer.as_ref().map(|article| article.text.as_str()).unwrap_or_default();
        let (precision, recall) = overlap(truth["articleBody"].as_str().unwrap_or_default(), text);
        pages.push((precision, recall, id.clone(), answer.err().map(|none| none.reason)));
    }
    let (precision, recall) = (mean(pages.iter().map(|page| page.0)), mean(pages.iter().map(|page| page.1)));
    let f1 = 2.0 * precision * recall / (precision + recall);
    pages.sort_by(|one, other| {
        let sum =
            |page: &(Option<f64>, Option<f64>, String, Option<String>)| page.0.unwrap_or(0.0) + page.1.unwrap_or(0.0);
        sum(one).total_cmp(&sum(other))
    });
    for (precision, recall, id, reason) in pages.iter().take(12) {
        eprintln!("  {id} precision {precision:.3?} recall {recall:.3?} {}", reason.as_deref().unwrap_or_default());
    }
    eprintln!("bodies: {} pages, precision {precision:.4}, recall {recall:.4}, F1 {f1:.4}", pages.len());
    assert!(f1 >= 0.96, "F1 {f1:.4}");
}

#[test]
fn the_short_way_is_as_good_as_the_long_one() {
    let Some(folder) = data("extraction/article-extraction-benchmark") else { return };
    let truth = json(&folder.join("ground-truth.json"));
    let (mut short, mut long, mut all, mut tangle) = (Vec::new(), Vec::new(), 0, 0);
    for (id, truth) in truth.as_object().expect("an object") {
        all += 1;
        let text = super::charset::decode_page(&read(&folder.join("html").join(format!("{id}.html.gz"))), None);
        let text = super::html::bounded(&text).into_owned();
        let html = scraper::Html::parse_document(&text);
        tangle = tangle.max(super::html::tangle(&html));
        let told = super::metadata::Metadata::read(&html, &Origin::default()).linked_body();
        let Some(plain) = super::body::plain_body(&html, told.as_deref(), super::body::BOUNDS) else { continue };
        let general = super::body::general_body(&text, &[]).unwrap_or_default();
        let want = truth["articleBody"].as_str().unwrap_or_default();
        let title = truth["title"].as_str().unwrap_or_default();
        let (one, other) = (
            overlap(want, &super::nags::without_nags(&plain, title)),
            overlap(want, &super::nags::without_nags(&general, title)),
        );
        let sum = |page: &(Option<f64>, Option<f64>)| page.0.unwrap_or(0.0) + page.1.unwrap_or(0.0);
        if sum(&one) < sum(&other) - 0.01 {
            eprintln!("  {id}: short {one:.3?} long {other:.3?}");
            if std::env::var_os("SOZWATCH_SHOW").is_some() {
                for paragraph in plain.split("\n\n").filter(|paragraph| !general.contains(paragraph)) {
                    eprintln!("    + {}", super::plain::clip(paragraph, 150));
                }
                for paragraph in general.split("\n\n").filter(|paragraph| !plain.contains(paragraph)) {
                    eprintln!("    - {}", super::plain::clip(paragraph, 150));
                }
            }
        }
        short.push(one);
        long.push(other);
    }
    let f1 = |pages: &[(Option<f64>, Option<f64>)]| {
        let (precision, recall) = (mean(pages.iter().map(|page| page.0)), mean(pages.iter().map(|page| page.1)));
        2.0 * precision * recall / (precision + recall)
    };
    eprintln!("the short way: {} of {all} pages, F1 {:.4} against {:.4}", short.len(), f1(&short), f1(&long));
    eprintln!("the most tangled tree: {tangle}");
    assert!(f1(&short) >= f1(&long) - 0.005);
    assert!(tangle * 2 < super::page::MOST_TANGLED);
}

#[test]
fn dates_agree_with_the_archive() {
    let Some(folder) = data("extraction/htmldate") else { return };
    let (mut right, mut none, mut all) = (0, 0, 0);
    for line in json_lines(&folder.join("pages.jsonl")) {
        let [file, url, want] = ["file", "url", "date"].map(|key| line[key].as_str());
        let (Some(file), Some(url), Some(want)) = (file, url, want) else { continue };
        let text = super::charset::decode_page(&read(&folder.join("html").join(file)), None);
        let html = super::html::parse(&text);
        let about = super::metadata::Metadata::read(&html, &Origin::at(url));
        let got = about.published(&PageSelect::default()).map(|moment| moment.date().to_string());
        all += 1;
        right += i32::from(got.as_deref() == Some(want));
        none += i32::from(got.is_none());
        if got.as_deref() != Some(want) {
            eprintln!("  {file} {url}: want {want}, got {got:?}");
        }
    }
    eprintln!("dates: {right} of {all} right, {none} not found");
    assert!(right * 100 >= all * 80);
}

#[test]
fn titles_and_bylines_agree_with_saved_outlets() {
    let Some(folder) = data("extraction/fundus") else { return };
    let (mut titles, mut bylines, mut dates, mut all, mut with_author, mut with_date) = (0, 0, 0, 0, 0, 0);
    let mut bodies = Vec::new();
    for line in json_lines(&folder.join("pages.jsonl")) {
        let file = line["file"].as_str().unwrap();
        let expected = &line["expected"];
        all += 1;
        let article = match extract(&folder.join("html").join(file), None) {
            Ok(article) => article,
            Err(none) => {
                eprintln!("  {file}: {}", none.reason);
                continue;
            }
        };
        let mut paragraphs = Vec::new();
        strings(&expected["body"], &mut paragraphs);
        let (precision, recall) = overlap(&paragraphs.join("\n"), &article.text);
        // Some outlets were saved twice, with one expectation for both.
        if !paragraphs.is_empty() && recall.unwrap_or(0.0) < 0.05 {
            all -= 1;
            continue;
        }
        let want = expected["title"].as_str().unwrap_or_default();
        match letters(want) == letters(&article.title) {
            true => titles += 1,
            false => eprintln!("  {file}: title want {want:?}, got {:?}", article.title),
        }
        let authors: Vec<String> = expected["authors"]
            .as_array()
            .map(|all| all.iter().filter_map(Value::as_str).map(letters).collect())
            .unwrap_or_default();
        if !authors.is_empty() {
            with_author += 1;
            let got = article.byline.as_deref().map(letters).unwrap_or_default();
            match authors.iter().any(|author| got.contains(author)) {
                true => bylines += 1,
                false => eprintln!("  {file}: authors want {authors:?}, got {:?}", article.byline),
            }
        }
        if let Some(want) = expected["publishing_date"].as_str() {
            with_date += 1;
            let want = super::date(want, None).map(|moment| moment.timestamp);
            match article.published.map(|moment| moment.timestamp) == want {
                true => dates += 1,
                false => eprintln!(
                    "  {file}: date want {want:?}, got {:?}",
                    article.published.map(|moment| moment.to_string())
                ),
            }
        }
        if !paragraphs.is_empty() {
            if precision.unwrap_or(0.0) + recall.unwrap_or(0.0) < 1.6 {
                eprintln!("  {file}: body precision {precision:.3?} recall {recall:.3?}");
            }
            bodies.push((precision, recall));
        }
    }
    let (precision, recall) = (mean(bodies.iter().map(|page| page.0)), mean(bodies.iter().map(|page| page.1)));
    eprintln!(
        "outlets: {all} pages, titles {titles}, bylines {bylines} of {with_author}, dates {dates} of {with_date}, bodies precision {precision:.3}, recall {recall:.3}"
    );
    assert!(titles * 100 >= all * 75 && bylines * 100 >= with_author * 70);
}

fn strings(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| strings(value, into)),
        Value::Object(object) => object.values().for_each(|value| strings(value, into)),
        _ => {}
    }
}

#[test]
fn wanted_fragments_are_kept_and_unwanted_dropped() {
    let Some(folder) = data("extraction/trafilatura") else { return };
    let truth = json(&folder.join("evaldata.json"));
    let (mut wanted, mut kept, mut unwanted, mut left) = (0, 0, 0, 0);
    let (mut titles, mut titled, mut dates, mut dated, mut refused) = (0, 0, 0, 0, 0);
    for (url, page) in truth.as_object().expect("an object") {
        let file = page["file"].as_str().unwrap();
        let path =
            ["", ".gz"].iter().map(|end| folder.join("html").join(format!("{file}{end}"))).find(|path| path.exists());
        let Some(path) = path else { continue };
        let article = extract(&path, Some(url));
        if let Err(none) = &article {
            refused += 1;
            eprintln!("  {file} {url}: {}", none.reason);
        }
        let text = article.as_ref().map(|article| letters(&article.text)).unwrap_or_default();
        for fragment in page["with"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            wanted += 1;
            kept += i32::from(text.contains(&letters(fragment)));
        }
        for fragment in page["without"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            unwanted += 1;
            left += i32::from(text.contains(&letters(fragment)));
        }
        if let Ok(article) = &article {
            if let Some(title) = page["title"].as_str().filter(|title| !title.is_empty()) {
                titled += 1;
                match letters(title) == letters(&article.title) {
                    true => titles += 1,
                    false => eprintln!("  {file}: title want {title:?}, got {:?}", article.title),
                }
            }
            if let Some(date) = page["date"].as_str().filter(|date| date.len() == 10) {
                dated += 1;
                let got = article.published.map(|moment| moment.date().to_string());
                match got.as_deref() == Some(date) {
                    true => dates += 1,
                    false => eprintln!("  {file} {url}: date want {date}, got {got:?}"),
                }
            }
        }
    }
    eprintln!(
        "fragments: {kept} of {wanted} kept, {left} of {unwanted} unwanted left, {refused} pages refused; titles {titles} of {titled}, dates {dates} of {dated}"
    );
    assert!(kept * 100 >= wanted * 80 && left * 100 <= unwanted * 20);
}

/// Every feed under a folder, with its path below it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn captured_feeds_are_read_whole() {
    let Some(folder) = data("feeds/captured") else { return };
    let (mut all, mut parsed, mut counted, mut titled) = (0, 0, 0, 0);
    for line in json_lines(&folder.join("index.jsonl")) {
        let file = line["file"].as_str().unwrap();
        if line["kind"].as_str().is_none_or(|kind| !matches!(kind, "rss" | "atom" | "rdf" | "jsonfeed")) {
            continue;
        }
        all += 1;
        match super::feed(&read(&folder.join(file)), &Origin::default()) {
            Ok(feed) => {
                parsed += 1;
                let items = line["items"].as_u64().unwrap_or(0) as usize;
                match feed.entries.len() >= items {
                    true => counted += 1,
                    false => eprintln!("  {file}: want {items} entries, got {}", feed.entries.len()),
                }
                let want = line["title"].as_str().map(letters).unwrap_or_default();
                match want == feed.title.as_deref().map(letters).unwrap_or_default() {
                    true => titled += 1,
                    false => eprintln!("  {file}: want title {:?}, got {:?}", line["title"], feed.title),
                }
            }
            Err(none) => eprintln!("  {file}: {none}"),
        }
    }
    eprintln!("captured feeds: {parsed} of {all} parsed, {counted} with all entries, {titled} with the title");
    assert!(parsed * 100 >= all * 95 && counted * 100 >= all * 95);
}

#[test]
fn feeds_of_the_reference_parser_are_read() {
    let Some(folder) = data("feeds/feedparser") else { return };
    let (mut all, mut parsed, mut agreed, mut compared) = (0, 0, 0, 0);
    for line in json_lines(&folder.join("expectations.jsonl")) {
        let file = line["file"].as_str().unwrap();
        let path = folder.join(file);
        if !path.exists() {
            continue;
        }
        all += 1;
        let feed = super::feed(&read(&path), &Origin::default());
        match &feed {
            Ok(_) => parsed += 1,
            Err(none) => eprintln!("  {file}: {none}"),
        }
        let expect = line["expect"].as_str().unwrap_or_default();
        let Some((key, want)) = simple_expectation(expect) else { continue };
        compared += 1;
        let got = feed.ok().and_then(|feed| {
            let entry = feed.entries.into_iter().next();
            match key {
                "feed.title" => feed.title,
                "title" => entry?.title,
                "link" => entry?.url,
                _ => entry?.id,
            }
        });
        let same = |got: &str| {
            letters(got) == letters(&super::plain::plain(want))
                || got.trim_end_matches('/') == want.trim_end_matches('/')
        };
        match got.as_deref().is_some_and(same) || (super::plain::plain(want).is_empty() && got.is_none()) {
            true => agreed += 1,
            false => eprintln!("  {file}: {expect}: got {got:?}"),
        }
    }
    eprintln!("reference feeds: {parsed} of {all} parsed, {agreed} of {compared} simple expectations met");
    assert!(parsed * 100 >= all * 90 && agreed * 100 >= compared * 85);
}

/// `… entries[0]['title'] == 'x'` and its like, without escapes.
fn simple_expectation(expect: &str) -> Option<(&'static str, &str)> {
    let keys = [
        ("feed.title", "feed['title'] == "),
        ("title", "entries[0]['title'] == "),
        ("link", "entries[0]['link'] == "),
        ("id", "entries[0]['id'] == "),
    ];
    let (key, at) = keys.iter().find_map(|(key, text)| expect.find(text).map(|at| (*key, at + text.len())))?;
    let value = expect[at..].strip_prefix('u').unwrap_or(&expect[at..]);
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let value = value[1..].split(quote).next()?;
    (!value.contains('\\')).then_some((key, value))
}

#[test]
fn sitemaps_are_read() {
    let Some(folder) = data("sitemaps") else { return };
    for path in files(&folder).iter().filter(|path| path.extension().is_none_or(|end| end != "jsonl")) {
        let name = path.file_name().unwrap().to_string_lossy();
        let text = String::from_utf8_lossy(&read(path)).into_owned();
        match super::sitemap(&std::fs::read(path).expect("a file"), &Origin::default()) {
            Ok(sitemap) => {
                let places = ["<loc>", ":loc>http"].iter().map(|tag| text.matches(tag).count()).max().unwrap_or(0);
                eprintln!(
                    "  {name}: {} entries, {} children, {places} places named",
                    sitemap.entries.len(),
                    sitemap.children.len()
                );
                assert!(!sitemap.entries.is_empty() || !sitemap.children.is_empty(), "{name}");
            }
            Err(none) => {
                eprintln!("  {name}: {none}");
                assert!(name.contains("not-a-sitemap"), "{name}: {none}");
            }
        }
    }
}

#[test]
fn addresses_agree_with_the_standard() {
    let Some(folder) = data("urls") else { return };
    let (mut all, mut wrong) = (0, 0);
    for case in json(&folder.join("urltestdata.json")).as_array().expect("a list") {
        let (Some(input), Some(href)) = (case["input"].as_str(), case["href"].as_str()) else { continue };
        let base = case["base"].as_str();
        // An empty link names no article.
        if !href.starts_with("http") || input.trim().is_empty() {
            continue;
        }
        all += 1;
        let got = super::address::resolve(input, base);
        if got.as_deref() != Some(href) {
            wrong += 1;
            eprintln!("  {input:?} at {base:?}: want {href:?}, got {got:?}");
        }
        if let Some(canonical) = super::canonical_url(href) {
            assert_eq!(super::canonical_url(&canonical).as_deref(), Some(canonical.as_str()));
        }
    }
    eprintln!("addresses: {} of {all} as in the standard", all - wrong);
    assert!(wrong * 100 <= all * 5);
}
