//! The rules in force, and the judge of them, made when the first story comes: most commands list, decide, count or
//! check and judge nothing, and making one takes longer than all that they do.

use std::sync::{Arc, LazyLock};

use crate::classify::Judge;
use crate::digest::figures::{Coding, codings};
use crate::facts::Tables;
use crate::register::Gazetteer;
use crate::rules::RuleSet;

/// How something is made once it is wanted.
type Making<T> = Box<dyn FnOnce() -> Arc<T> + Send>;

/// A set of rules, its judge, and what figures read of it.
pub(super) struct Bench {
    version: String,
    judge: LazyLock<Arc<Judge>, Making<Judge>>,
    reference: LazyLock<Arc<Reference>, Making<Reference>>,
}

/// The reference tables of a set of rules, as figures and digests read them.
pub(super) struct Reference {
    /// Law, places, courts, money.
    pub(super) tables: Tables,
    /// The places of the tables.
    pub(super) places: Arc<Gazetteer>,
    /// Codings of other monitors.
    pub(super) codings: Vec<Coding>,
}

impl Reference {
    /// What is wrong in the tables is told by `rules check`; figures go without it.
    fn of(files: &[(String, String)]) -> Self {
        let (tables, _) = Tables::parse(files);
        let (codings, _) = codings(files);
        Self { places: Arc::new(Gazetteer::of(tables.place_names())), tables, codings }
    }
}

impl Bench {
    /// The rules that ship. They are not even read before a judge is wanted.
    pub(super) fn of_built_in() -> Self {
        Self::of(RuleSet::builtin_version(), RuleSet::builtin_tables, || Judge::new(RuleSet::builtin().0))
    }

    /// Rules that were read.
    pub(super) fn of_rules(rules: RuleSet) -> Self {
        let files = rules.tables().to_vec();
        Self::of(rules.version(), || files, || Judge::new(rules))
    }

    /// A judge that is there.
    pub(super) fn of_judge(judge: Judge) -> Self {
        let files = judge.rules().tables().to_vec();
        Self::of(judge.rules().version(), || files, || judge)
    }

    fn of(
        version: String,
        files: impl FnOnce() -> Vec<(String, String)> + Send + 'static,
        make: impl FnOnce() -> Judge + Send + 'static,
    ) -> Self {
        Self {
            version,
            judge: LazyLock::new(Box::new(|| Arc::new(make()))),
            reference: LazyLock::new(Box::new(|| Arc::new(Reference::of(&files())))),
        }
    }

    /// The version of the rules; needs no judge.
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// The judge: whoever asks first waits for it.
    pub(super) fn judge(&self) -> Arc<Judge> {
        Arc::clone(&self.judge)
    }

    /// Has nobody asked for the judge?
    #[cfg(test)]
    pub(super) fn is_idle(&self) -> bool {
        LazyLock::get(&self.judge).is_none()
    }

    /// The reference tables; need no judge.
    pub(super) fn reference(&self) -> Arc<Reference> {
        Arc::clone(&self.reference)
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

    #[test]
    fn what_figures_read_needs_no_judge_and_is_what_the_judge_reads() {
        const PLACE: &str =
            "country = \"KZ\"\n[[place]]\nid = \"kz-t\"\nkind = \"city\"\nname = \"Tumanovka\"\nen = [\"Tumanovka\"]\n";
        let other = || RuleSet::overlaid(vec![("places/more.toml".to_owned(), PLACE.to_owned())]).0;
        let check = |bench: Bench, expect: bool| {
            let reference = bench.reference();
            assert!(bench.is_idle(), "no judge is made");
            let of_judge = Reference::of(bench.judge().rules().tables());
            let ids = |of: &Reference| of.tables.place_names().map(|place| place.id).collect::<Vec<_>>();
            assert_eq!(ids(&reference), ids(&of_judge));
            assert_eq!(reference.codings, of_judge.codings);
            assert_eq!(reference.places.find("Tumanovka").is_some(), expect);
            assert!(reference.places.find("Astana").is_some());
            assert!(!reference.codings.is_empty());
        };
        check(Bench::of_built_in(), false);
        check(Bench::of_rules(other()), true);
    }
}
