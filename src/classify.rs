//! A story → a verdict: candidate or not, with what score, of which categories, in which country, and
//! why.
//!
//! The [`Judge`] is built once and holds what judging needs: the language detector, the rules and the
//! reference tables. Judging is pure: the same story and rules give the same verdict on every machine.
//! It cannot fail, whatever the text, and its cost grows linearly with it. Nothing is remembered from
//! one story to the next.

mod explain;
mod sighted;
mod trial;

use std::collections::BTreeMap;

pub use explain::{Explanation, visible};
pub use sighted::Sighted;
pub use trial::TestReport;

use crate::facts::{Survey, Tables};
use crate::model::{Category, Diagnostic, Evidence, Fields, Label, Lang, Span, Story, Verdict};
use crate::rules::{Fired, Firings, RuleSet, Score};
use crate::text::language::Detector;
use crate::text::stems::{Hit, Hits, Lexicon};
use crate::text::{self, Reading};

/// Longest evidence in bytes; of a longer sentence the words and what stands around them are quoted.
const LONGEST_EVIDENCE: usize = 1000;
/// Tokens quoted on either side of the words of a long sentence.
const AROUND: usize = 12;

/// Judges stories by a rule set.
pub struct Judge {
    detector: Detector,
    rules: RuleSet,
    tables: Tables,
    table_faults: Vec<Diagnostic>,
    /// What words mean and the names of the tables, together.
    lexicon: Lexicon,
}

/// A story read, with what the rules say of it.
struct Judged<'j, 'r, 's> {
    reading: &'r Reading<'s>,
    survey: Survey<'r, 's>,
    hits: Hits,
    firings: Firings<'j>,
    sum: Sum,
}

/// How the score came about, in log-odds.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    bias: f64,
    /// Rules for, by title and first sentences.
    head_for: f64,
    /// Rules against, by title and first sentences.
    head_against: f64,
    /// Rules for, by the rest.
    tail_for: f64,
    /// Rules against, by the rest.
    tail_against: f64,
    only_weak: f64,
    short: f64,
    /// Share of what speaks for the story that is taken away by what it is about.
    taken: f64,
    /// The sum of the rules, as much of it as counts.
    counted: f64,
    /// What the words of the story start with, and what they add by themselves.
    start: f64,
    words_head: f64,
    words_tail: f64,
    score: f64,
    candidate: bool,
}

impl Sum {
    /// What the rest of the story adds. What stands there takes away what the rest gives, never what
    /// the head gives: a story does not stop to matter for what is told below it.
    fn tail(&self) -> f64 {
        (self.tail_for + self.tail_against).max(0.0)
    }

    /// What is taken away from all that speaks for, in log-odds.
    fn takes(&self) -> f64 {
        -self.taken * (self.head_for + self.tail())
    }

    /// What the rules come to.
    fn by_rules(&self) -> f64 {
        self.bias + self.head_for + self.head_against + self.tail() + self.takes() + self.only_weak + self.short
    }

    /// What words add that are met only below the head. They never take away what the head gives.
    fn words_below(&self) -> f64 {
        self.words_tail.max(0.0)
    }

    fn total(&self) -> f64 {
        self.counted + self.start + self.words_head + self.words_below()
    }

    fn of(firings: &Firings<'_>, tokens: usize, score: &Score) -> Self {
        let mut sum = Self { bias: score.bias, ..Self::default() };
        let (mut speaks, mut strong, mut left) = (false, false, 1.0);
        for fired in &firings.fired {
            if fired.rule.against_category() {
                continue;
            }
            if fired.rule.against() {
                sum.head_against += fired.head;
                sum.tail_against += fired.tail;
                if fired.in_lede {
                    left *= fired.rule.leaves;
                }
            } else {
                sum.head_for += fired.head;
                sum.tail_for += fired.tail;
                speaks = true;
                strong |= fired.rule.weight() >= score.weak;
            }
        }
        if speaks && !strong {
            sum.only_weak = score.only_weak;
        }
        if (tokens as f64) < score.short_tokens {
            sum.short = score.short;
        }
        sum.taken = 1.0 - left;
        sum.counted = score.share * sum.by_rules().clamp(score.least.min(score.most), score.most);
        (sum.start, sum.words_head, sum.words_tail) = (score.start, firings.words_head, firings.words_tail);
        sum.score = rounded(1.0 / (1.0 + (-sum.total()).exp()), 4);
        sum.candidate = speaks && sum.score >= score.threshold;
        sum
    }
}

/// The year that a story was published in, where that is known.
fn year_of(story: &Story) -> Option<u16> {
    story.published.and_then(|published| u16::try_from(published.date().year()).ok())
}

/// To so many decimals: a last bit that differs is no difference.
fn rounded(number: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    (number * scale).round() / scale
}

impl Judge {
    /// Builds the detector and reads the reference tables. What is wrong in these is among
    /// [`Judge::check`]'s faults.
    pub fn new(rules: RuleSet) -> Self {
        let (tables, table_faults) = Tables::parse(rules.tables());
        let lexicon = rules.lexicon().joined(tables.lexicon());
        Self { detector: Detector::new(), rules, tables, table_faults, lexicon }
    }

    /// The rules that it judges by.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// What a story is. `source_country` (ISO 3166-1 alpha-2) is the last resort for the country.
    pub fn judge(&self, story: &Story, source_country: Option<&str>) -> Verdict {
        let reading = self.reading(&story.title, &story.text);
        let Judged { survey, hits, firings, sum, .. } = self.weigh(&reading, year_of(story));
        let categories = if sum.candidate { labels(&firings, self.rules.score()) } else { Vec::new() };
        let (fields, spans) = if sum.candidate {
            survey.fields(self.rules.lexicon(), &hits, &categories, story.published)
        } else {
            (Fields::default(), BTreeMap::new())
        };
        let evidence = |against: bool| {
            let mut evidence: Vec<Evidence> = firings
                .fired
                .iter()
                .filter(|fired| fired.rule.against() == against && !fired.rule.against_category())
                .map(|fired| quoted(fired, &reading))
                .collect();
            evidence.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then_with(|| a.rule.cmp(&b.rule)));
            evidence
        };
        let mut against: Vec<Evidence> = firings.gates.iter().map(|gate| quoted(gate, &reading)).collect();
        against.extend(evidence(true));
        Verdict {
            id: story.id.clone(),
            lang: reading.lang,
            langs: reading.langs.clone(),
            script: reading.script,
            candidate: sum.candidate,
            score: sum.score,
            country: survey.country(source_country),
            categories,
            fields,
            spans,
            evidence: evidence(false),
            against,
            case: None,
            dup: None,
        }
    }

    /// The story with every hit marked, the rules for and against, and the sum; to be printed.
    pub fn explain(&self, story: &Story) -> Explanation {
        explain::explanation(self, story)
    }

    /// Everything that a person who writes rules should mend: see `rules check`.
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut faults = self.table_faults.clone();
        faults.extend(self.rules.lint());
        faults.extend(self.test().faults);
        faults
    }

    /// Runs the examples of every rule.
    pub fn test(&self) -> TestReport {
        trial::run(self)
    }

    /// The language of a line, looked at alone.
    pub fn language_of(&self, line: &str) -> Lang {
        self.detector.detect(line).0
    }

    fn reading<'s>(&self, title: &'s str, text: &'s str) -> Reading<'s> {
        text::read(title, text, &self.detector)
    }

    /// What the rules say of a story.
    fn weigh<'j, 'r, 's>(&'j self, reading: &'r Reading<'s>, year: Option<u16>) -> Judged<'j, 'r, 's>
    where
        'j: 'r,
    {
        let (mut hits, names) = self.lexicon.hits(reading).parted(self.rules.lexicon().len());
        let survey = Survey::of(reading, &self.tables, &names);
        self.add_derived(&survey, &mut hits);
        self.rules.mask(&mut hits);
        self.rules.cast(reading, &mut hits);
        let firings = self.rules.fire(reading, &hits, year);
        let sum = Sum::of(&firings, reading.tokens.len(), self.rules.score());
        Judged { reading, survey, hits, firings, sum }
    }

    /// Adds the hits of concepts that are found by reading articles of law and names of outlets.
    fn add_derived(&self, survey: &Survey<'_, '_>, hits: &mut Hits) {
        let lexicon = self.rules.lexicon();
        let mut more: Vec<Hit> = Vec::new();
        let mut add = |name: &str, tokens: std::ops::Range<usize>, sentence: usize| {
            if let (Some(concept), false) = (lexicon.concept(name), tokens.is_empty()) {
                let (first, last) = (tokens.start as u32, tokens.end as u32 - 1);
                more.push(Hit { sentence: sentence as u32, first, last, concept });
            }
        };
        for cited in survey.articles() {
            for name in &cited.concepts {
                add(name, cited.tokens.clone(), cited.sentence);
            }
        }
        for (tokens, sentence) in survey.outlets() {
            add("outlet_name", tokens, sentence);
        }
        hits.add(more);
    }
}

/// The categories of a candidate, most certain first, each with its subtype.
fn labels(firings: &Firings<'_>, score: &Score) -> Vec<Label> {
    let speaks = || firings.fired.iter().filter(|fired| !fired.rule.against());
    // What speaks against a category takes away from what speaks for it.
    let sums = |lede_only: bool| -> BTreeMap<Category, f64> {
        let mut sums: BTreeMap<Category, f64> = BTreeMap::new();
        for fired in &firings.fired {
            if let Some(category) = fired.rule.category {
                let whole = !lede_only || fired.rule.against();
                *sums.entry(category).or_default() += if whole { fired.weight() } else { fired.head };
            }
        }
        sums.retain(|_, sum| *sum > 0.0);
        sums
    };
    let certainty = |sum: f64| 1.0 - (-sum.max(0.0) / score.category_scale).exp();
    // What the rest of a story tells is mostly background and adds no category of its own, unless the
    // lede gives none.
    let mut lede_only = true;
    let mut found = sums(true);
    if !found.values().any(|sum| certainty(*sum) >= score.category_cut) {
        lede_only = false;
        found = sums(false);
    }
    let strongest = found.values().copied().fold(0.0, f64::max);
    let cut = score.category_cut.min(certainty(strongest));
    let share = score.category_share * strongest.min(score.category_full);
    let mut labels: Vec<Label> = found
        .into_iter()
        .filter(|(_, sum)| certainty(*sum) >= cut && *sum >= share)
        .map(|(id, sum)| {
            let of_category =
                speaks().filter(|fired| fired.rule.category == Some(id) && (fired.head > 0.0 || !lede_only));
            Label { id, subtype: subtype(id, of_category), score: rounded(certainty(sum), 3) }
        })
        .collect();
    labels.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
    labels.truncate((score.category_most.max(1.0)) as usize);
    imply(&mut labels);
    labels
}

/// The subtype that most weight speaks for; of equals the one that the coding rules name first.
fn subtype<'r>(category: Category, fired: impl Iterator<Item = &'r Fired<'r>>) -> Option<String> {
    let mut weights: BTreeMap<&str, f64> = BTreeMap::new();
    for fired in fired {
        if let Some(subtype) = fired.subtype {
            *weights.entry(subtype).or_default() += fired.weight();
        }
    }
    let place = |id: &str| category.subtypes().iter().position(|known| *known == id);
    weights
        .into_iter()
        .max_by(|(a, x), (b, y)| x.total_cmp(y).then_with(|| place(b).cmp(&place(a))))
        .map(|(subtype, _)| subtype.to_owned())
}

/// A category with a subtype of it.
type Kind = (Category, &'static str);

/// Pairs of which the coding rules say that the first always carries the second.
const IMPLIED: &[(Kind, Kind)] = &[
    ((Category::Arrest, "administrative_arrest"), (Category::AdministrativeProsecution, "administrative_arrest")),
    ((Category::AdministrativeProsecution, "administrative_arrest"), (Category::Arrest, "administrative_arrest")),
    ((Category::CriminalProsecution, "defamation"), (Category::DefamationSuit, "criminal")),
    ((Category::DefamationSuit, "criminal"), (Category::CriminalProsecution, "defamation")),
    ((Category::DefamationSuit, "administrative"), (Category::AdministrativeProsecution, "fine")),
];

fn imply(labels: &mut Vec<Label>) {
    for ((category, subtype), (implied, with)) in IMPLIED {
        let Some(label) =
            labels.iter().find(|label| label.id == *category && label.subtype.as_deref() == Some(*subtype))
        else {
            continue;
        };
        let score = label.score;
        match labels.iter_mut().find(|label| label.id == *implied) {
            Some(there) => {
                // A fine is only the commonest end of an administrative libel case.
                if *with != "fine" {
                    there.subtype.get_or_insert_with(|| (*with).to_owned());
                }
            }
            None => {
                let subtype = (*with != "fine").then(|| (*with).to_owned());
                labels.push(Label { id: *implied, subtype, score });
            }
        }
    }
    labels.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
}

/// A rule that fired as evidence: its sentence (or two), quoted exactly.
fn quoted(fired: &Fired<'_>, reading: &Reading<'_>) -> Evidence {
    let span = place(fired, reading);
    let words = fired
        .words
        .iter()
        .map(|&(first, last)| reading.span(first as usize..last as usize + 1))
        .filter(|word| word.part == span.part && span.start <= word.start && word.end <= span.end)
        .collect();
    Evidence {
        rule: fired.rule.id.clone(),
        start: span.start,
        end: span.end,
        text: reading.quote(span).to_owned(),
        part: span.part,
        weight: rounded(fired.weight(), 3),
        words,
    }
}

/// The span of a firing: its sentences where they stand in one part and are not too long.
fn place(fired: &Fired<'_>, reading: &Reading<'_>) -> Span {
    let (first, last) = (fired.sentences.0 as usize, fired.sentences.1 as usize);
    let (one, two) = (&reading.sentences[first], &reading.sentences[last]);
    // Title and first sentence are two texts; the one with more of the words is quoted.
    let (one, two) = if one.part == two.part {
        (one, two)
    } else {
        let in_title = fired.words.iter().filter(|(token, _)| one.tokens.contains(&(*token as usize))).count();
        if 2 * in_title >= fired.words.len() { (one, one) } else { (two, two) }
    };
    let whole = Span { start: one.start, end: two.end, part: one.part };
    if whole.end - whole.start <= LONGEST_EVIDENCE {
        return whole;
    }
    let tokens = one.tokens.start..two.tokens.end;
    let inside = || fired.words.iter().filter(|(token, _)| tokens.contains(&(*token as usize)));
    let from = inside().map(|(first, _)| *first as usize).min().unwrap_or(tokens.start);
    let to = inside().map(|(_, last)| *last as usize + 1).max().unwrap_or(tokens.start + 1);
    let from = from.saturating_sub(AROUND).max(tokens.start);
    let to = (to + AROUND).min(tokens.end).max(from + 1);
    let mut span = reading.span(from..to);
    let text = reading.part(span.part);
    if span.end - span.start > 2 * LONGEST_EVIDENCE {
        span.end = text.floor_char_boundary(span.start + 2 * LONGEST_EVIDENCE);
    }
    span
}

#[cfg(test)]
mod stress;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod worded;
