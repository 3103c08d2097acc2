//! The rules in force, and the judge of them, made when the first story comes: most commands list, decide or check and
//! judge nothing, and making one takes longer than all that they do.

use std::sync::{Arc, LazyLock};

use crate::classify::Judge;
use crate::rules::RuleSet;

/// How a judge is made once it is wanted.
type Making = Box<dyn FnOnce() -> Arc<Judge> + Send>;

/// A set of rules and its judge.
pub(super) struct Bench {
    version: String,
    judge: LazyLock<Arc<Judge>, Making>,
}

impl Bench {
    /// The rules that ship. They are not even read before a judge is wanted.
    pub(super) fn of_built_in() -> Self {
        Self::of(RuleSet::builtin_version(), || Judge::new(RuleSet::builtin().0))
    }

    /// Rules that were read.
    pub(super) fn of_rules(rules: RuleSet) -> Self {
        Self::of(rules.version(), || Judge::new(rules))
    }

    /// A judge that is there.
    pub(super) fn of_judge(judge: Judge) -> Self {
        Self::of(judge.rules().version(), || judge)
    }

    fn of(version: String, make: impl FnOnce() -> Judge + Send + 'static) -> Self {
        Self { version, judge: LazyLock::new(Box::new(|| Arc::new(make()))) }
    }

    /// The version of the rules; needs no judge.
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// The judge: whoever asks first waits for it.
    pub(super) fn judge(&self) -> Arc<Judge> {
        Arc::clone(&self.judge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_told_without_a_judge_and_is_the_judges_own() {
        let other = || RuleSet::overlaid(vec![("score.toml".to_owned(), "threshold = 0.5\n".to_owned())]).0;
        let check = |bench: Bench| {
            let version = bench.version().to_owned();
            assert_eq!(bench.judge().rules().version(), version);
            assert!(Arc::ptr_eq(&bench.judge(), &bench.judge()), "one is made");
            version
        };
        let built_in = check(Bench::of_built_in());
        let changed = check(Bench::of_rules(other()));
        assert_eq!(check(Bench::of_judge(Judge::new(other()))), changed);
        assert_ne!(built_in, changed);
    }
}
