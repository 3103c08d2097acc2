//! The examples of the rules, run: each must fire its rule, or must not.

use super::Judge;
use crate::model::Diagnostic;
use crate::rules::Claim;

/// What running the examples gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestReport {
    /// Rules run.
    pub rules: usize,
    /// Examples run.
    pub examples: usize,
    /// Of these, examples that are asserted to be wrong today.
    pub known_wrong: usize,
    /// Examples that do not do what they say.
    pub faults: Vec<Diagnostic>,
}

pub(super) fn run(judge: &Judge) -> TestReport {
    let mut report = TestReport::default();
    for rule in judge.rules.rules() {
        report.rules += 1;
        for example in &rule.examples {
            report.examples += 1;
            let reading = judge.reading(&example.title, &example.text);
            let judged = judge.weigh(&reading, None);
            let all = judged.firings.fired.iter().chain(&judged.firings.gates);
            let fires = all.map(|fired| &fired.rule.id).any(|id| *id == rule.id);
            let expected = match example.claim {
                Claim::Hit => true,
                Claim::Miss => false,
                Claim::KnownWrong { fires } => {
                    report.known_wrong += 1;
                    fires
                }
            };
            if fires == expected {
                continue;
            }
            let (message, help) = match (example.claim, fires) {
                (Claim::KnownWrong { .. }, _) => (
                    format!("`{}` is right now about an example that was known wrong", rule.id),
                    "make it a [[hit]] or a [[miss]]".to_owned(),
                ),
                (_, true) => {
                    let word =
                        judged.firings.fired.iter().chain(&judged.firings.gates).find(|fired| fired.rule.id == rule.id);
                    let words: Vec<String> = word
                        .into_iter()
                        .flat_map(|fired| &fired.words)
                        .map(|&(first, last)| {
                            let span = judged.reading.span(first as usize..last as usize + 1);
                            judged.reading.quote(span).to_owned()
                        })
                        .collect();
                    (
                        format!("`{}` fires on a [[miss]] in {}", rule.id, example.lang),
                        format!("it fired on {}", words.join(", ")),
                    )
                }
                (_, false) => {
                    let mut names: Vec<&str> =
                        judged.hits.all().iter().map(|hit| judge.rules.lexicon().name(hit.concept)).collect();
                    names.sort_unstable();
                    names.dedup();
                    let found = if names.is_empty() { "no concept".to_owned() } else { names.join(", ") };
                    let read = if judged.reading.lang == example.lang {
                        String::new()
                    } else {
                        format!(" and was read as {}", judged.reading.lang)
                    };
                    (
                        format!("`{}` does not fire on its own [[hit]] in {}", rule.id, example.lang),
                        format!("the text hits {found}{read}"),
                    )
                }
            };
            report.faults.push(Diagnostic::new(&rule.path, message).at(example.line).help(help));
        }
    }
    report
}
