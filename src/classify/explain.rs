//! Why a story is (or is not) a candidate, as text: the story with every hit marked, the rules for and
//! against, and the sum.

use std::fmt;
use std::fmt::Write as _;

use super::{Judge, Sum, labels, place};
use crate::model::{Label, Part, Story};
use crate::rules::{Fired, Firings};
use crate::text::Reading;
use crate::text::stems::{Hit, Hits};

/// Most bytes of a title or text that are shown.
const SHOWN: usize = 64 * 1024;

/// An explanation, ready to be printed.
#[derive(Debug, Clone)]
pub struct Explanation(String);

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub(super) fn explanation(judge: &Judge, story: &Story) -> Explanation {
    let judged = judge.read(&story.title, &story.text);
    let mut out = String::new();
    for part in [Part::Title, Part::Text] {
        marked(&mut out, judge, &judged.reading, &judged.hits, part);
    }
    let labels = if judged.sum.candidate { labels(&judged.firings, judge.rules.score()) } else { Vec::new() };
    // Writing to a String cannot fail.
    let _ = summary(&mut out, &judged.reading, &judged.firings, &judged.sum, &labels, judge.rules.score().threshold);
    Explanation(out)
}

/// A part of the story, each word that hit a concept as `[word: concept]`.
fn marked(out: &mut String, judge: &Judge, reading: &Reading<'_>, hits: &Hits, part: Part) {
    let text = reading.part(part);
    if text.is_empty() {
        return;
    }
    let end = text.floor_char_boundary(SHOWN);
    let mut hits: &[Hit] = hits.all();
    let mut at = 0;
    while let Some(hit) = hits.first() {
        // Hits that share tokens are one mark with several names.
        let (first, mut last, mut count) = (hit.first, hit.last, 0);
        while let Some(next) = hits.get(count).filter(|next| next.first <= last) {
            last = last.max(next.last);
            count += 1;
        }
        let (cluster, rest) = hits.split_at(count);
        hits = rest;
        let span = reading.span(first as usize..last as usize + 1);
        if span.part != part || span.end > end || span.start < at {
            continue;
        }
        let mut names: Vec<&str> = cluster.iter().map(|hit| judge.rules.lexicon().name(hit.concept)).collect();
        names.sort_unstable();
        names.dedup();
        plain(out, &text[at..span.start]);
        out.push('[');
        plain(out, &text[span.start..span.end]);
        out.push_str(": ");
        out.push_str(&names.join(", "));
        out.push(']');
        at = span.end;
    }
    plain(out, &text[at.min(end)..end]);
    if end < text.len() {
        out.push('…');
    }
    out.push_str("\n\n");
}

/// Text from strangers: control characters must not reach a terminal.
fn plain(out: &mut String, text: &str) {
    out.extend(text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }));
}

fn summary(
    out: &mut String,
    reading: &Reading<'_>,
    firings: &Firings<'_>,
    sum: &Sum,
    labels: &[Label],
    threshold: f64,
) -> fmt::Result {
    let verdict = if sum.candidate { "candidate" } else { "no candidate" };
    write!(
        out,
        "{verdict}, score {:.3} (a candidate from {threshold:.2}); {}, {}",
        sum.score, reading.lang, reading.script
    )?;
    for (index, label) in labels.iter().enumerate() {
        let subtype = label.subtype.as_ref().map(|subtype| format!("/{subtype}")).unwrap_or_default();
        write!(out, "{}{}{subtype} {:.2}", if index == 0 { "; " } else { ", " }, label.id, label.score)?;
    }
    out.push('\n');
    for gate in &firings.gates {
        writeln!(out, "\nShut by {}:", gate.rule.id)?;
        place_of(out, reading, gate)?;
    }
    let kinds = [("For", false, false), ("Against", true, false), ("Against a category alone", true, true)];
    for (heading, against, category) in kinds {
        let of_kind = |fired: &&Fired<'_>| {
            fired.rule.against() == against && fired.rule.against_category() == category
        };
        let mut rules: Vec<&Fired<'_>> = firings.fired.iter().filter(of_kind).collect();
        rules.sort_by(|a, b| b.weight().abs().total_cmp(&a.weight().abs()).then_with(|| a.rule.id.cmp(&b.rule.id)));
        if !rules.is_empty() {
            writeln!(out, "\n{heading}:")?;
        }
        for fired in rules {
            let windows: Vec<&str> = fired.windows.iter().map(|window| window.key()).collect();
            writeln!(out, "  {:+.2}  {}  ({})", fired.weight(), fired.rule.id, windows.join(", "))?;
            place_of(out, reading, fired)?;
        }
    }
    writeln!(out, "\nSum:")?;
    let parts = [
        ("where every story starts", sum.bias),
        ("for, in title and first sentences", sum.head_for),
        ("against, in title and first sentences", sum.head_against),
        ("the rest of the story, for less against", sum.tail()),
        ("only weak rules fired", sum.only_weak),
        ("a very short text", sum.short),
    ];
    for (label, value) in parts.into_iter().filter(|(_, value)| *value != 0.0) {
        writeln!(out, "  {value:+.2}  {label}")?;
    }
    writeln!(out, "  {:+.2}  in all: score {:.3}", sum.total(), sum.score)
}

fn place_of(out: &mut String, reading: &Reading<'_>, fired: &Fired<'_>) -> fmt::Result {
    let words: Vec<&str> = fired
        .words
        .iter()
        .map(|&(first, last)| reading.quote(reading.span(first as usize..last as usize + 1)))
        .collect();
    write!(out, "         ")?;
    plain(out, &words.join(" + ").replace('\n', " "));
    let quote = reading.quote(place(fired, reading)).replace('\n', " ");
    let cut = quote.floor_char_boundary(240);
    write!(out, "  “")?;
    plain(out, &quote[..cut]);
    writeln!(out, "{}”", if cut < quote.len() { "…" } else { "" })
}
