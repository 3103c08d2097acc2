//! The constants by which weights become a score: `rules/score.toml`, which gives the reasons.

use crate::model::Diagnostic;
use crate::tables::{Faults, Table};

/// The constants that ship; an operator's file is laid over them key by key.
const BUILT_IN: &str = include_str!("../../rules/score.toml");

/// How weights become a score, and a score a verdict. Weights are log-odds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Score {
    /// What a concept adds wherever it is met, whatever rule asks for it: fitted, see `score.toml`.
    pub words: Vec<Word>,
    /// Share of the sum of the rules that counts beside the words.
    pub share: f64,
    /// The sum of the rules is taken as no more than this.
    pub most: f64,
    /// The sum of the rules is taken as no less than this.
    pub least: f64,
    /// What the words start with.
    pub start: f64,
    /// Share of its weight that a word counts which is met first in the third or fourth sentence.
    pub word_early: f64,
    /// Share of its weight that a word counts which is met only below these.
    pub word_below: f64,
    /// What a story starts with.
    pub bias: f64,
    /// Score from which a story is a candidate, 0 to 1.
    pub threshold: f64,
    /// Share of its weight that a window counts which fired first in the third or fourth sentence.
    pub early: f64,
    /// Share of its weight that a window counts which fired below these only.
    pub elsewhere: f64,
    /// Share of that which is left where the sentence only recalls what was before.
    pub recalled: f64,
    /// Share of its weight that a second place adds.
    pub again: f64,
    /// A rule whose largest weight is below this is weak.
    pub weak: f64,
    /// Added where only weak rules fired.
    pub only_weak: f64,
    /// A story with fewer tokens is short.
    pub short_tokens: f64,
    /// Added for a short story.
    pub short: f64,
    /// Sum of weights at which a category reaches 1 - 1/e.
    pub category_scale: f64,
    /// Confidence from which a category is given, 0 to 1.
    pub category_cut: f64,
    /// Share of the strongest category's sum that a further one must reach, 0 to 1.
    pub category_share: f64,
    /// Sum from which the strongest counts no more in that comparison.
    pub category_full: f64,
    /// Most categories given.
    pub category_most: f64,
}

/// A concept and what it adds by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// Id of the concept.
    pub concept: String,
    /// In log-odds.
    pub adds: f64,
    /// The file that says so, and its line.
    pub path: String,
    /// Counted from 1.
    pub line: usize,
}

impl Score {
    fn keys(&mut self) -> [(&'static str, &mut f64); 21] {
        [
            ("share", &mut self.share),
            ("most", &mut self.most),
            ("least", &mut self.least),
            ("start", &mut self.start),
            ("word_early", &mut self.word_early),
            ("word_below", &mut self.word_below),
            ("bias", &mut self.bias),
            ("threshold", &mut self.threshold),
            ("early", &mut self.early),
            ("elsewhere", &mut self.elsewhere),
            ("recalled", &mut self.recalled),
            ("again", &mut self.again),
            ("weak", &mut self.weak),
            ("only_weak", &mut self.only_weak),
            ("short_tokens", &mut self.short_tokens),
            ("short", &mut self.short),
            ("category_scale", &mut self.category_scale),
            ("category_cut", &mut self.category_cut),
            ("category_share", &mut self.category_share),
            ("category_full", &mut self.category_full),
            ("category_most", &mut self.category_most),
        ]
    }

    /// The constants that ship.
    pub(super) fn built_in() -> (Self, Vec<Diagnostic>) {
        let mut score = Self::default();
        let faults = score.lay_over("rules/score.toml", BUILT_IN);
        (score, faults)
    }

    /// Lays the keys of a file over these.
    pub(super) fn lay_over(&mut self, path: &str, text: &str) -> Vec<Diagnostic> {
        let faults = Faults::of(path, text);
        if let Some(parsed) = faults.parse() {
            let table = Table::whole(&parsed, &faults);
            table.call("the constants");
            for (key, place) in self.keys() {
                if let Some(number) = table.number(key) {
                    *place = number;
                }
            }
            for word in table.tables("word") {
                word.call("a word of the constants");
                let (concept, adds) = (word.required_text("concept"), word.number("adds"));
                word.done();
                let (Some(concept), Some(adds)) = (concept, adds) else { continue };
                self.words.retain(|known| known.concept != concept);
                self.words.push(Word { concept, adds, path: path.to_owned(), line: word.line() });
            }
            table.done();
        }
        faults.into_diagnostics()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_constant_stands_in_the_file_that_ships() {
        let (_, faults) = Score::built_in();
        assert_eq!(faults, []);
        for (key, _) in Score::default().keys() {
            assert!(BUILT_IN.contains(&format!("\n{key} = ")), "{key} is missing");
        }
    }

    #[test]
    fn a_file_is_laid_over_key_by_key() {
        let (mut score, _) = Score::built_in();
        let before = score.clone();
        let faults = score.lay_over("score.toml", "threshold = 0.6\nbais = 1\n");
        assert_eq!(score, Score { threshold: 0.6, ..before });
        assert_eq!(faults[0].help.as_deref(), Some("did you mean `bias`?"));
    }
}
