//! Why a story is (or is not) a candidate: the story with every hit marked, the rules for and against
//! that fired, the sum, and what was read from the text.
//!
//! The explanation is put together here and knows no way of showing it; it prints as plain text
//! ([`Display`](fmt::Display)), in colours for a terminal ([`Explanation::in_colour`]) and as one HTML
//! page ([`Explanation::page`]).

mod page;
mod terminal;

use std::collections::BTreeMap;
use std::fmt;

use super::{Judge, Sum, place, year_of};
use crate::model::{Part, Span, Story, Verdict};
use crate::rules::Fired;
use crate::text::Reading;
use crate::text::stems::{Hit, Hits};

/// Most bytes of a title or text that are shown.
const SHOWN: usize = 64 * 1024;
/// Most bytes of the place of a rule that are quoted.
const QUOTED: usize = 240;
/// Most places quoted of one field.
const PLACES: usize = 3;

/// An explanation, ready to be shown. Everything in it is safe to print: see [`visible`].
#[derive(Debug, Clone)]
pub struct Explanation {
    title: Passage,
    text: Passage,
    verdict: Verdict,
    threshold: f64,
    rule_set: String,
    gates: Vec<Speaker>,
    fors: Vec<Speaker>,
    againsts: Vec<Speaker>,
    sum: Vec<(f64, &'static str)>,
    total: f64,
    fields: Vec<Field>,
}

/// A title or text, in pieces.
#[derive(Debug, Clone, Default)]
struct Passage {
    pieces: Vec<Piece>,
    /// There is more than is shown.
    cut: bool,
}

/// Some text, with what it hit where it hit something.
#[derive(Debug, Clone)]
struct Piece {
    text: String,
    /// Names of concepts, joined by commas; empty where it hit nothing.
    concepts: String,
    role: Role,
}

/// What a word did in the judging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// It is what no rule that fired asked for.
    Idle,
    /// A rule against, or a gate, fired on it.
    Against,
    /// A rule for fired on it.
    For,
}

/// A rule that fired.
#[derive(Debug, Clone)]
struct Speaker {
    rule: String,
    why: String,
    /// What it adds to the sum, in log-odds.
    weight: f64,
    /// Windows that it fired in, joined by commas.
    windows: String,
    /// The words that it fired on.
    words: String,
    /// Where they stand.
    quote: String,
}

/// Something read from the text.
#[derive(Debug, Clone)]
struct Field {
    name: String,
    value: String,
    quotes: Vec<String>,
}

pub(super) fn explanation(judge: &Judge, story: &Story) -> Explanation {
    let reading = judge.reading(&story.title, &story.text);
    let judged = judge.weigh(&reading, year_of(story));
    let (reading, firings, sum) = (judged.reading, &judged.firings, &judged.sum);
    let verdict = judge.judge(story, None);
    let mut roles: BTreeMap<u32, Role> = BTreeMap::new();
    for fired in firings.fired.iter().chain(&firings.gates) {
        let role = if fired.rule.against() { Role::Against } else { Role::For };
        for token in fired.words.iter().flat_map(|(first, last)| *first..=*last) {
            let known = roles.entry(token).or_insert(role);
            *known = role.max(*known);
        }
    }
    let speakers = |against: bool| {
        let mut rules: Vec<&Fired<'_>> = firings.fired.iter().filter(|fired| fired.rule.against() == against).collect();
        rules.sort_by(|a, b| b.weight().abs().total_cmp(&a.weight().abs()).then_with(|| a.rule.id.cmp(&b.rule.id)));
        rules.into_iter().map(|fired| speaker(fired, reading)).collect()
    };
    let passage = |part| passage(judge, reading, &judged.hits, &roles, part);
    Explanation {
        title: passage(Part::Title),
        text: passage(Part::Text),
        threshold: judge.rules.score().threshold,
        rule_set: judge.rules.version(),
        gates: firings.gates.iter().map(|gate| speaker(gate, reading)).collect(),
        fors: speakers(false),
        againsts: speakers(true),
        sum: parts(sum),
        total: sum.total(),
        fields: fields(&verdict, story),
        verdict,
    }
}

/// A part of the story, cut where hits begin and end.
fn passage(judge: &Judge, reading: &Reading<'_>, hits: &Hits, roles: &BTreeMap<u32, Role>, part: Part) -> Passage {
    let text = reading.part(part);
    let end = text.floor_char_boundary(SHOWN);
    let mut passage = Passage { pieces: Vec::new(), cut: end < text.len() };
    let mut push = |text: &str, concepts: String, role: Role| {
        if !text.is_empty() {
            passage.pieces.push(Piece { text: visible(text), concepts, role });
        }
    };
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
        let role = roles.range(first..=last).map(|(_, role)| *role).max().unwrap_or(Role::Idle);
        push(&text[at..span.start], String::new(), Role::Idle);
        push(&text[span.start..span.end], names.join(", "), role);
        at = span.end;
    }
    push(&text[at.min(end)..end], String::new(), Role::Idle);
    passage
}

fn speaker(fired: &Fired<'_>, reading: &Reading<'_>) -> Speaker {
    let words: Vec<&str> = fired
        .words
        .iter()
        .map(|&(first, last)| reading.quote(reading.span(first as usize..last as usize + 1)))
        .collect();
    let mut windows: Vec<&str> = fired.windows.iter().map(|window| window.key()).collect();
    if fired.rule.against_category() {
        windows.push("of its category alone, not of the sum");
    }
    Speaker {
        rule: visible(&fired.rule.id),
        why: visible(&fired.rule.why),
        weight: fired.weight(),
        windows: windows.join(", "),
        words: in_one_line(&words.join(" + ")),
        quote: quote(reading.quote(place(fired, reading))),
    }
}

fn parts(sum: &Sum) -> Vec<(f64, &'static str)> {
    [
        (sum.bias, "where every story starts"),
        (sum.head_for, "for, in title and first sentences"),
        (sum.head_against, "against, in title and first sentences"),
        (sum.tail(), "the rest of the story, for less against"),
        (sum.takes(), "taken away by what the story is about"),
        (sum.only_weak, "only weak rules fired"),
        (sum.short, "a very short text"),
        (sum.counted - sum.by_rules(), "less for what counts of that beside the words"),
        (sum.start, "where the words start"),
        (sum.words_head, "words by themselves, in title and first sentences"),
        (sum.words_below(), "words by themselves, below these only"),
    ]
    .into_iter()
    .filter(|(value, _)| *value != 0.0)
    .collect()
}

/// What the verdict read from the text, by the names of the contract.
fn fields(verdict: &Verdict, story: &Story) -> Vec<Field> {
    // Fields always are a map; they are shown as they are given out.
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(&verdict.fields) else { return Vec::new() };
    let quotes = |spans: &Vec<Span>| -> Vec<String> {
        spans.iter().take(PLACES).map(|span| quote(&story.part(span.part)[span.start..span.end])).collect()
    };
    let field = |(name, value): (String, serde_json::Value)| Field {
        value: in_one_line(&in_words(&value)),
        quotes: verdict.spans.get(&name).map(quotes).unwrap_or_default(),
        name,
    };
    fields.into_iter().filter(|(_, value)| !value.is_null()).map(field).collect()
}

fn in_words(value: &serde_json::Value) -> String {
    use serde_json::Value;
    let list = |values: Vec<String>, between: &str| {
        values.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(between)
    };
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => list(values.iter().map(in_words).collect(), "; "),
        Value::Object(values) => list(values.values().map(in_words).collect(), " "),
        other => other.to_string(),
    }
}

fn quote(text: &str) -> String {
    let cut = text.floor_char_boundary(QUOTED);
    in_one_line(&text[..cut]) + if cut < text.len() { "…" } else { "" }
}

fn in_one_line(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of strangers made safe to print: it cannot steer a terminal, nor turn the order of what is
/// printed around it (the explicit directions of UAX #9). What could is shown as U+FFFD; marks without
/// ink (carriage returns, LRM, RLM, ALM) are left out. Lines and letters stay.
pub fn visible(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' => Some('\n'),
        '\t' => Some(' '),
        '\u{2028}' | '\u{2029}' => Some('\n'),
        '\r' | '\u{200e}' | '\u{200f}' | '\u{61c}' => None,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some('\u{fffd}'),
        c if c.is_control() => Some('\u{fffd}'),
        c => Some(c),
    };
    text.chars().filter_map(shown).collect()
}

/// Does it hold letters that are written from right to left?
fn runs_right_to_left(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'))
}

impl Explanation {
    /// The same text as it prints, with colours for a terminal (ECMA-48 SGR): what spoke for in green,
    /// what spoke against in red, other hits underlined.
    pub fn in_colour(&self) -> String {
        terminal::printed(self, true)
    }

    /// One HTML page that needs nothing beside it: no script, nothing fetched, everything escaped.
    pub fn page(&self) -> String {
        page::page(self)
    }

    /// The title, or the beginning of the text where there is none, in one line.
    fn name(&self) -> String {
        let of = |passage: &Passage| passage.pieces.iter().map(|piece| piece.text.as_str()).collect::<String>();
        let title = of(&self.title);
        let name = if title.trim().is_empty() { of(&self.text) } else { title };
        quote(&name.chars().take(100).collect::<String>())
    }

    /// The categories with their subtypes and how certain each is.
    fn labels(&self) -> Vec<String> {
        let label = |label: &crate::model::Label| {
            let subtype = label.subtype.as_ref().map(|subtype| format!("/{subtype}")).unwrap_or_default();
            format!("{}{subtype} {:.2}", label.id, label.score)
        };
        self.verdict.categories.iter().map(label).collect()
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&terminal::printed(self, false))
    }
}

#[cfg(test)]
mod tests;
