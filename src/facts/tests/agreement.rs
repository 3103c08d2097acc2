//! How far the fields agree with labelled stories. Run with SOZWATCH_DATA set and `--nocapture` to see the
//! figures and, with SOZWATCH_SHOW=field, each disagreement.

use std::collections::BTreeMap;

use serde_json::Value;

use super::*;

#[derive(Default)]
struct Tally {
    right: usize,
    given: usize,
    wanted: usize,
}

#[test]
fn fields_agree_with_labelled_stories() {
    let Ok(data) = std::env::var("SOZWATCH_DATA") else {
        eprintln!("passed over: SOZWATCH_DATA is not set");
        return;
    };
    let file = std::env::var("SOZWATCH_GOLD").unwrap_or_else(|_| format!("{data}/gold/dev.jsonl"));
    let show = std::env::var("SOZWATCH_SHOW").unwrap_or_default();
    let text = std::fs::read_to_string(file).unwrap();
    let (tables, cues, detector) = (tables(), cues(), detector());
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let row: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        let reading = read(text("title"), text("text"), detector);
        let mut say = |field: &str, wanted: &str, given: &str| {
            for name in [field.to_owned(), format!("{field}.{}", text("lang"))] {
                let tally = tallies.entry(name).or_default();
                tally.wanted += usize::from(!wanted.is_empty());
                tally.given += usize::from(!given.is_empty());
                tally.right += usize::from(!wanted.is_empty() && wanted == given);
            }
            if show == field && wanted != given {
                eprintln!("{} {field}: wanted {wanted:?}, given {given:?}", text("id"));
            }
        };
        let country = survey(&reading, tables).country(None).unwrap_or_default();
        if !text("country").is_empty() {
            say("country.all", text("country"), &country);
        }
        if row["candidate"] != true {
            continue;
        }
        say("country", text("country"), &country);
        let labels: Vec<Label> = row["categories"]
            .as_array()
            .unwrap()
            .iter()
            .map(|id| Label { id: id.as_str().unwrap().parse().unwrap(), subtype: None, score: 1.0 })
            .collect();
        let hits = cues.hits(&reading);
        let published = text("published").parse().ok();
        let (given, _) = survey(&reading, tables).fields(cues, &hits, &labels, published);
        let given = serde_json::to_value(&given).unwrap();
        if show == "everything" {
            eprintln!("{} {given}", text("id"));
        }
        let wanted = &row["fields"];
        let plain = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        for field in
            ["event_date", "stage", "outcome", "instance", "claim_amount", "awarded_amount", "currency", "court"]
        {
            say(field, &plain(&wanted[field]), &plain(&given[field]));
        }
        let numbers = |fields: &Value| -> Vec<String> {
            let mut numbers: Vec<String> = fields["articles"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|article| !article["number"].is_null())
                .map(|article| format!("{} {}", plain(&article["code"]), plain(&article["number"])))
                .collect();
            numbers.sort();
            numbers
        };
        say("articles", &numbers(wanted).join(", "), &numbers(&given).join(", "));
        let place = tables.places.iter().find(|place| given["place_id"] == place.id.as_str());
        say("place", &plain(&wanted["place"]), place.map_or("", |place| &place.name));
        let list = |fields: &Value, key: &str, of: &dyn Fn(&Value) -> String| -> Vec<String> {
            let mut list: Vec<String> = fields[key].as_array().into_iter().flatten().map(of).collect();
            list.sort();
            list
        };
        let (actors_wanted, actors_given) = (list(wanted, "actors", &plain), list(&given, "actors", &plain));
        say("actors", &actors_wanted.join(","), &actors_given.join(","));
        let target = |value: &Value| format!("{} ({})", plain(&value["name"]), plain(&value["role"]));
        say("targets", &list(wanted, "targets", &target).join("; "), &list(&given, "targets", &target).join("; "));
        if show == "sanction" {
            eprintln!("{}: {} | {}", text("id"), plain(&wanted["sanction"]), plain(&given["sanction"]));
        }
        let tally = tallies.entry("each_actor".to_owned()).or_default();
        tally.wanted += actors_wanted.len();
        tally.given += actors_given.len();
        tally.right += actors_wanted.iter().filter(|value| actors_given.contains(value)).count();
    }
    eprintln!("{:<22} {:>6} {:>6} {:>6} {:>7} {:>7}", "field", "right", "given", "wanted", "prec", "recall");
    let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    for (field, tally) in &tallies {
        let Tally { right, given, wanted } = tally;
        eprintln!(
            "{field:<22} {right:>6} {given:>6} {wanted:>6} {:>7.3} {:>7.3}",
            share(*right, *given),
            share(*right, *wanted)
        );
    }
    if std::env::var("SOZWATCH_GOLD").is_ok() {
        return;
    }
    let recall = |field: &str| share(tallies[field].right, tallies[field].wanted);
    for (field, floor) in
        [("country", 0.85), ("articles", 0.85), ("event_date", 0.6), ("stage", 0.55), ("outcome", 0.6)]
    {
        assert!(recall(field) >= floor, "{field} fell to {:.3}", recall(field));
    }
}
