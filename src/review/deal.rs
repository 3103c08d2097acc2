//! Which reviewer gets which row. Pure: who had which row before is an argument and is handed back.

use std::collections::BTreeMap;

use super::fold::fold;
use crate::model::{Candidate, Category, Lang, Reviewer};

/// Who has which row: name of the reviewer by id of the row.
pub type Hands = BTreeMap<String, String>;

/// Rows dealt. Rows are named by their position among those given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dealt {
    /// The rows of each reviewer, in the order of the configuration, each in the order given.
    pub boxes: Vec<Vec<usize>>,
    /// Rows in nobody's box.
    pub common: Vec<usize>,
    /// Of them those that no reviewer takes.
    pub unwanted: usize,
    /// Who has which row from now on.
    pub hands: Hands,
}

/// Deals waiting rows, in their order: a row stays with the reviewer who has it or who touched it last; any other
/// goes to the one with fewest rows of those who take it and have room for it.
pub fn deal(rows: &[Candidate], reviewers: &[Reviewer], before: &Hands) -> Dealt {
    let mut boxes: Vec<Vec<usize>> = vec![Vec::new(); reviewers.len()];
    let traits: Vec<Traits> = rows.iter().map(Traits::of).collect();
    let owner_of = |row: &Candidate, traits: &Traits| {
        let called = |name: &str| reviewers.iter().position(|reviewer| !reviewer.shared && reviewer.is_called(name));
        let has = before.get(&row.id).and_then(|name| called(name));
        has.or_else(|| called(traits.touched_by.as_deref()?))
    };
    let mut owners: Vec<Option<usize>> = rows.iter().zip(&traits).map(|(row, traits)| owner_of(row, traits)).collect();
    let mut loads = vec![0; reviewers.len()];
    owners.iter().flatten().for_each(|owner| loads[*owner] += 1);
    for (owner, traits) in owners.iter_mut().zip(&traits).filter(|(owner, _)| owner.is_none()) {
        let takes = |at: &usize| {
            let reviewer = &reviewers[*at];
            !reviewer.shared && traits.are_taken_by(reviewer) && reviewer.limit.is_none_or(|most| loads[*at] < most)
        };
        *owner = (0..reviewers.len()).filter(takes).min_by_key(|at| loads[*at]);
        owner.iter().for_each(|owner| loads[*owner] += 1);
    }
    let mut dealt = Dealt::default();
    for (at, (row, traits)) in rows.iter().zip(&traits).enumerate() {
        let mut in_a_box = false;
        for (reviewer, held) in reviewers.iter().zip(&mut boxes) {
            let shares =
                reviewer.shared && traits.are_taken_by(reviewer) && reviewer.limit.is_none_or(|most| held.len() < most);
            let owns = owners[at].is_some_and(|owner| std::ptr::eq(reviewer, &reviewers[owner]));
            if shares || owns {
                held.push(at);
                in_a_box = true;
            }
        }
        if let Some(owner) = owners[at] {
            dealt.hands.insert(row.id.clone(), reviewers[owner].name.clone());
        }
        if !in_a_box {
            dealt.common.push(at);
            dealt.unwanted += usize::from(!reviewers.iter().any(|reviewer| traits.are_taken_by(reviewer)));
        }
    }
    Dealt { boxes, ..dealt }
}

/// What decides who may get a row.
struct Traits {
    categories: Vec<Category>,
    language: Option<Lang>,
    touched_by: Option<String>,
}

impl Traits {
    fn of(row: &Candidate) -> Self {
        let fold = fold(row, usize::MAX);
        Self {
            categories: fold.card.categories.iter().map(|label| label.id).collect(),
            language: row.judged.as_ref().map(|judged| judged.verdict.lang),
            touched_by: row.reviews.last().map(|review| review.reviewer.clone()),
        }
    }

    fn are_taken_by(&self, reviewer: &Reviewer) -> bool {
        reviewer.takes(&self.categories, self.language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Label;
    use crate::model::{Card, Review};
    use crate::review::decide::tests::candidate;

    fn row(id: &str, category: &str, lang: Lang) -> Candidate {
        let mut row = candidate(id);
        let judged = row.judged.as_mut().unwrap();
        judged.verdict.lang = lang;
        judged.verdict.categories = vec![Label { id: category.parse().unwrap(), subtype: None, score: 0.9 }];
        row
    }

    fn reviewer(name: &str) -> Reviewer {
        Reviewer {
            name: name.to_owned(),
            language: Lang::RU,
            categories: Vec::new(),
            languages: Vec::new(),
            limit: None,
            shared: false,
            several: false,
        }
    }

    /// Ids in each box, then those in nobody's.
    fn ids(rows: &[Candidate], dealt: &Dealt) -> Vec<String> {
        let boxes = dealt.boxes.iter().chain([&dealt.common]);
        boxes.map(|held| held.iter().map(|at| rows[*at].id.as_str()).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn rows_go_to_whoever_has_fewest_and_stay_there() {
        let reviewers = [reviewer("A"), reviewer("B")];
        let mut rows: Vec<Candidate> = ["s1", "s2", "s3", "s4"].iter().map(|id| row(id, "arrest", Lang::RU)).collect();
        let dealt = deal(&rows, &reviewers, &Hands::new());
        assert_eq!(ids(&rows, &dealt), ["s1 s3", "s2 s4", ""]);
        // B has decided, A not yet: what is new is B's, and nothing wanders.
        rows.retain(|row| row.id != "s2" && row.id != "s4");
        rows.insert(0, row("s0", "arrest", Lang::RU));
        rows.push(row("s5", "arrest", Lang::RU));
        let dealt = deal(&rows, &reviewers, &dealt.hands);
        assert_eq!(ids(&rows, &dealt), ["s1 s3", "s0 s5", ""]);
        assert_eq!(dealt.hands.len(), 4, "what waits no longer is forgotten");
        // B is gone: the rows are dealt anew.
        let dealt = deal(&rows, &reviewers[..1], &dealt.hands);
        assert_eq!(ids(&rows, &dealt), ["s0 s1 s3 s5", ""]);
    }

    #[test]
    fn nobody_gets_what_they_do_not_take() {
        let lawyer = Reviewer { categories: vec![Category::Legislation], ..reviewer("lawyer") };
        let kazakh = Reviewer { languages: vec![Lang::KK], limit: Some(1), ..reviewer("kazakh") };
        let rows = [
            row("law", "legislation", Lang::RU),
            row("kk1", "arrest", Lang::KK),
            row("kk2", "arrest", Lang::KK),
            row("ru", "arrest", Lang::RU),
            row("both", "legislation", Lang::KK),
        ];
        let dealt = deal(&rows, &[lawyer, kazakh], &Hands::new());
        assert_eq!(ids(&rows, &dealt), ["law both", "kk1", "kk2 ru"]);
        assert_eq!(dealt.unwanted, 1, "kk2 is taken, and there is no room for it yet");
    }

    #[test]
    fn who_shares_sees_all_and_takes_nothing_away() {
        let editor = Reviewer { shared: true, limit: Some(2), ..reviewer("editor") };
        let kazakh = Reviewer { languages: vec![Lang::KK], ..reviewer("kazakh") };
        let rows = [row("a", "arrest", Lang::KK), row("b", "arrest", Lang::RU), row("c", "arrest", Lang::RU)];
        let dealt = deal(&rows, &[editor, kazakh], &Hands::new());
        assert_eq!(ids(&rows, &dealt), ["a b", "a", "c"]);
        assert_eq!((dealt.unwanted, dealt.hands.len()), (0, 1));
    }

    #[test]
    fn a_row_that_was_touched_goes_to_who_touched_it() {
        let mut touched = row("s1", "arrest", Lang::RU);
        touched.reviews.push(Review {
            id: "s1".to_owned(),
            reviewer: " b  ".to_owned(),
            at: "2017-11-20T05:00:00Z".parse().unwrap(),
            decision: Some(crate::model::Decision::Later),
            card: Card::default(),
            note: None,
            by_hand: None,
            fingerprint: "f".to_owned(),
            takes_back: None,
            saw: None,
        });
        let rows = [touched];
        let dealt = deal(&rows, &[reviewer("A"), reviewer("B")], &Hands::new());
        assert_eq!(ids(&rows, &dealt), ["", "s1", ""]);
    }
}
