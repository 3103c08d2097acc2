//! A rule as prose that a media lawyer reads.

use std::fmt::Write as _;

use super::RuleSet;
use super::concept::{Concept, LANGUAGES};
use super::rule::{Claim, Group, Rule};
use crate::model::Lang;

/// Words shown of a concept in each language.
const SAMPLES: usize = 8;

pub(super) fn rule(set: &RuleSet, rule: &Rule) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, set, rule);
    out.trim_end().to_owned()
}

fn write(out: &mut String, set: &RuleSet, rule: &Rule) -> std::fmt::Result {
    let speaks = match (rule.category, rule.gate, rule.against()) {
        (_, true, _) => "switches other rules off".to_owned(),
        (Some(category), false, false) => format!("speaks for {category}"),
        (None, false, false) => "speaks for a candidate of no category in particular".to_owned(),
        (Some(category), false, true) => format!("speaks against the category {category} alone"),
        (None, false, true) => "speaks against a candidate".to_owned(),
    };
    writeln!(out, "{} {speaks}.\n", rule.id)?;
    writeln!(out, "Why: {}\n", rule.why)?;
    writeln!(
        out,
        "{}",
        if rule.all.len() > 1 {
            "It fires where different words say each of these:"
        } else {
            "It fires where a word says this:"
        }
    )?;
    for (number, group) in rule.all.iter().enumerate() {
        writeln!(out, "  {}. {}", number + 1, any_of(set, group))?;
    }
    if rule.order && rule.all.len() > 1 {
        writeln!(out, "in this order.")?;
    }
    writeln!(out)?;
    if rule.gate {
        writeln!(
            out,
            "Where: in the title or the first sentence. Then other rules count only in sentences that hold none of these words"
        )?;
        if !rule.unless.names.is_empty() {
            writeln!(out, "and say one of these: {}", any_of(set, &rule.unless))?;
        }
    }
    for (window, weight) in &rule.weights {
        writeln!(out, "Where: {}: {weight:+.2}", window.prose())?;
    }
    if rule.leaves < 1.0 {
        let left = (rule.leaves * 100.0).round();
        writeln!(out, "In the title or the first two sentences it leaves {left} % of what speaks for the story.")?;
    }
    let score = set.score();
    if !rule.against() && !rule.gate {
        let share = |share: f64| (share * 100.0).round();
        writeln!(
            out,
            "A window counts {} % of that where it fires only below the first two sentences, and {} % more where it fires twice.",
            share(score.elsewhere),
            share(score.again)
        )?;
    }
    if !rule.none.names.is_empty() {
        writeln!(out, "Switched off in a sentence that says: {}", any_of(set, &rule.none))?;
    }
    if let Some(langs) = &rule.langs {
        let names: Vec<&str> = langs.iter().map(|lang| lang.id()).collect();
        write!(out, "It reads {} only", names.join(", "))?;
        writeln!(out, "{}", rule.left_out.as_ref().map_or(".".to_owned(), |why| format!(": {why}")))?;
    }
    for subtype in &rule.subtypes {
        writeln!(out, "Subtype {}: where the sentence also says: {}", subtype.id, any_of(set, &subtype.any))?;
    }
    if let Some(false_friends) = &rule.false_friends {
        writeln!(out, "\nFalse friends: {false_friends}")?;
    }
    writeln!(out, "\nThe words:")?;
    let mut names: Vec<&str> = rule.names().collect();
    names.sort_unstable();
    names.dedup();
    for concept in names.into_iter().filter_map(|name| set.concept(name)) {
        words(out, concept)?;
    }
    for (claim, heading) in [(Claim::Hit, "Must fire on:"), (Claim::Miss, "Must not fire on:")] {
        examples(out, rule, heading, |of| of == claim)?;
    }
    examples(out, rule, "Known to be wrong today:", |of| matches!(of, Claim::KnownWrong { .. }))
}

fn words(out: &mut String, concept: &Concept) -> std::fmt::Result {
    writeln!(out, "  {}: {}", concept.id, concept.is)?;
    for lang in LANGUAGES {
        let count = concept.forms.get(&lang).map_or(0, Vec::len);
        let samples: Vec<String> = concept.samples(lang, SAMPLES).into_iter().map(readable).collect();
        match count.saturating_sub(samples.len()) {
            _ if count == 0 => {}
            0 => writeln!(out, "    {lang}: {}", samples.join(", "))?,
            more => writeln!(out, "    {lang}: {} and {more} more", samples.join(", "))?,
        }
    }
    Ok(())
}

/// A form without its notation: `журналист*` reads журналист…
fn readable(form: &str) -> String {
    form.replace(['='], "").replace("upper:", "").replace("lower:", "").replace('*', "…").replace('+', " ")
}

fn examples(out: &mut String, rule: &Rule, heading: &str, fits: impl Fn(Claim) -> bool) -> std::fmt::Result {
    let mut examples = rule.examples.iter().filter(|example| fits(example.claim)).peekable();
    if examples.peek().is_some() {
        writeln!(out, "\n{heading}")?;
    }
    for example in examples {
        let lang: Lang = example.lang;
        let title = if example.title.is_empty() { String::new() } else { format!("{}. ", example.title) };
        writeln!(out, "  ({lang}) {title}{}", example.text)?;
    }
    Ok(())
}

/// "a court (`court`), or a fine (`fined`)".
fn any_of(set: &RuleSet, group: &Group) -> String {
    let names = group.names.iter().map(|named| match set.concept(&named.text) {
        Some(concept) if !concept.is.is_empty() => format!("{} (`{}`)", concept.is.trim_end_matches('.'), concept.id),
        _ => format!("`{}`", named.text),
    });
    names.collect::<Vec<_>>().join("; or ")
}
