//! `eval`: precision, recall and F1 on a labelled set, by language and by category, and the errors.

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::path::PathBuf;

use anyhow::Result;
use serde_json::{Value, json};

use super::classify::{home_country, open, story_of};
use super::{Exit, Failure, Io, Listing};
use crate::classify::Judge;
use crate::model::{Category, Verdict};
use crate::rules::RuleSet;

#[derive(Debug, clap::Args)]
pub(super) struct Eval {
    /// Labelled stories as JSON Lines: a story with `candidate`, `lang`, `categories`, `country`.
    gold: PathBuf,
    /// Errors shown.
    #[arg(long, default_value_t = 20)]
    errors: usize,
    #[command(flatten)]
    listing: Listing,
}

/// Hits, answers and wants: what precision and recall are made of.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    hits: usize,
    answered: usize,
    wanted: usize,
}

impl Count {
    fn add(&mut self, answered: bool, wanted: bool) {
        self.hits += usize::from(answered && wanted);
        self.answered += usize::from(answered);
        self.wanted += usize::from(wanted);
    }

    fn precision(self) -> f64 {
        share(self.hits, self.answered)
    }

    fn recall(self) -> f64 {
        share(self.hits, self.wanted)
    }

    /// The harmonic mean of precision and recall.
    fn f1(self) -> f64 {
        share(2 * self.hits, self.answered + self.wanted)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The labels of one story.
struct Gold {
    lang: String,
    candidate: bool,
    categories: Vec<String>,
    also_ok: Vec<String>,
    country: Option<String>,
    title: String,
}

impl Gold {
    fn of(value: &Value) -> Option<Self> {
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        let list = |key: &str| -> Vec<String> {
            let items = value[key].as_array().into_iter().flatten();
            items.filter_map(|item| item.as_str().or(item["id"].as_str()).map(str::to_owned)).collect()
        };
        Some(Self {
            lang: text("lang").unwrap_or_else(|| "und".to_owned()),
            candidate: value["candidate"].as_bool()?,
            categories: list("categories"),
            also_ok: list("also_ok"),
            country: text("country"),
            title: text("title").unwrap_or_default(),
        })
    }
}

impl Eval {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        let (rules, notices) = RuleSet::builtin();
        io.tell(&notices)?;
        let judge = Judge::new(rules);
        let (home, mut scores) = (home_country(), Scores::default());
        let (mut errors, mut skipped) = (Vec::new(), 0);
        for (index, line) in open(Some(&self.gold), io)?.split(b'\n').enumerate() {
            let line = line?;
            if line.trim_ascii().is_empty() {
                continue;
            }
            let labels = serde_json::from_slice(&line).ok().and_then(|value| Gold::of(&value));
            let (Ok(story), Some(gold)) = (story_of(&line, index + 1), labels) else {
                skipped += 1;
                continue;
            };
            let verdict = judge.judge(&story, home.as_deref());
            scores.add(&gold, &verdict);
            if gold.candidate != verdict.candidate {
                errors.push((gold, verdict));
            }
        }
        if scores.candidate.is_empty() {
            return Err(Failure::usage(format!("{} holds no labelled story", self.gold.display())));
        }
        if skipped > 0 {
            writeln!(io.err, "{skipped} lines are no labelled stories and were passed over")?;
        }
        if self.listing.json() {
            io.json(&scores.as_json())?;
        } else {
            scores.print(io)?;
            print_errors(&errors[..errors.len().min(self.errors)], io)?;
        }
        Ok(Exit::Done)
    }
}

#[derive(Default)]
struct Scores {
    /// By language, and `all`.
    candidate: BTreeMap<String, Count>,
    category: BTreeMap<&'static str, Count>,
    lang: (usize, usize),
    country: (usize, usize),
}

impl Scores {
    fn add(&mut self, gold: &Gold, verdict: &Verdict) {
        for key in ["all", &gold.lang] {
            self.candidate.entry(key.to_owned()).or_default().add(verdict.candidate, gold.candidate);
        }
        let right = |tally: &mut (usize, usize), right: bool| *tally = (tally.0 + usize::from(right), tally.1 + 1);
        right(&mut self.lang, verdict.lang.id() == gold.lang);
        if gold.candidate {
            right(&mut self.country, verdict.country == gold.country);
        }
        for category in Category::ALL {
            let listed = |list: &[String]| list.iter().any(|id| id == category.id());
            if !listed(&gold.also_ok) {
                let given = verdict.categories.iter().any(|label| label.id == *category);
                self.category.entry(category.id()).or_default().add(given, listed(&gold.categories));
            }
        }
    }

    /// All categories together, and the mean of their F1.
    fn micro_macro(&self) -> (Count, f64) {
        let sum = self.category.values().fold(Count::default(), |sum, count| Count {
            hits: sum.hits + count.hits,
            answered: sum.answered + count.answered,
            wanted: sum.wanted + count.wanted,
        });
        let mean = self.category.values().map(|count| count.f1()).sum::<f64>() / self.category.len().max(1) as f64;
        (sum, mean)
    }

    fn print(&self, io: &mut Io<'_>) -> Result<()> {
        let (micro, macro_f1) = self.micro_macro();
        writeln!(io.out, "{:<28} {:>9} {:>7} {:>7} {:>6}", "candidate", "precision", "recall", "F1", "wanted")?;
        let row = |io: &mut Io<'_>, name: &str, count: Count| {
            let (precision, recall, f1) = (count.precision(), count.recall(), count.f1());
            writeln!(io.out, "{name:<28} {precision:>9.3} {recall:>7.3} {f1:>7.3} {:>6}", count.wanted)
        };
        for (lang, count) in &self.candidate {
            row(io, lang, *count)?;
        }
        writeln!(io.out, "\ncategory")?;
        for (category, count) in &self.category {
            row(io, category, *count)?;
        }
        row(io, "micro", micro)?;
        writeln!(io.out, "{:<28} {macro_f1:>25.3}", "macro F1")?;
        writeln!(io.out, "\nlanguage right {:.3}", share(self.lang.0, self.lang.1))?;
        writeln!(io.out, "country right  {:.3} (of the labelled candidates)", share(self.country.0, self.country.1))?;
        Ok(())
    }

    fn as_json(&self) -> Value {
        let row = |count: &Count| json!({ "precision": count.precision(), "recall": count.recall(), "f1": count.f1(), "wanted": count.wanted });
        let (micro, macro_f1) = self.micro_macro();
        json!({
            "candidate": self.candidate.iter().map(|(lang, count)| (lang.clone(), row(count))).collect::<BTreeMap<_, _>>(),
            "category": self.category.iter().map(|(id, count)| (*id, row(count))).collect::<BTreeMap<_, _>>(),
            "category_micro": row(&micro),
            "category_macro_f1": macro_f1,
            "lang": share(self.lang.0, self.lang.1),
            "country": share(self.country.0, self.country.1),
        })
    }
}

fn print_errors(errors: &[(Gold, Verdict)], io: &mut Io<'_>) -> Result<()> {
    if !errors.is_empty() {
        writeln!(io.out, "\nerrors")?;
    }
    for (gold, verdict) in errors {
        let kind = if gold.candidate { "missed" } else { "alarm " };
        let rules: Vec<&str> = verdict.evidence.iter().take(4).map(|evidence| evidence.rule.as_str()).collect();
        writeln!(io.out, "{kind} {} {:.2}  {}  [{}]", verdict.id, verdict.score, gold.title, rules.join(", "))?;
    }
    Ok(())
}
