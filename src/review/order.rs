//! In which order rows wait: by how soon somebody must look, then by how certain the machine is.

use std::collections::BTreeMap;

use crate::model::{Candidate, Category, Direction, Judged, Status};

use super::fold::{fold, status};

/// How soon a row is to be looked at; the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Somebody is held or hurt now.
    Person,
    /// A matter that is not known yet.
    NewMatter,
    /// A step in a case that runs.
    Step,
    /// Something is blocked or under attack.
    Block,
    /// A rule of law.
    Law,
    /// Anything else.
    Rest,
}

/// How soon a candidate is to be looked at, by what the row shows.
pub fn urgency(candidate: &Candidate) -> Urgency {
    let card = fold(candidate, usize::MAX).card;
    let has = |category: Category| card.categories.iter().any(|label| label.id == category);
    let relief = card.direction == Some(Direction::Relief);
    let hurt = card.categories.iter().any(|label| {
        label.id == Category::Attack
            && label.subtype.as_deref().is_none_or(|kind| kind == "killing" || kind == "physical_attack")
    });
    if !relief && (has(Category::Arrest) || hurt) {
        Urgency::Person
    } else if has(Category::Legislation) && card.categories.len() == 1 {
        Urgency::Law
    } else if has(Category::Blocking) || has(Category::CyberAttack) {
        Urgency::Block
    } else if card
        .categories
        .iter()
        .all(|label| matches!(label.id, Category::AccessToInformation | Category::Censorship | Category::Legislation))
    {
        Urgency::Rest
    } else if card.case.is_some() {
        Urgency::Step
    } else {
        Urgency::NewMatter
    }
}

/// Puts rows in the order in which they are to be looked at: those put off last; of the others the most urgent
/// first, and of one urgency the most certain.
pub fn arrange(candidates: &mut [Candidate]) {
    candidates.sort_by_cached_key(|candidate| {
        let score = candidate.judged.as_ref().map_or(1.0, |judged| judged.verdict.score);
        // Scores lie between 0 and 1; what cannot be told from another by a ten-thousandth keeps its place.
        let falling = 10_000 - (score.clamp(0.0, 1.0) * 10_000.0).round() as u16;
        (status(candidate) == Status::Later, urgency(candidate), falling)
    });
}

/// Leaves at most so many rows that one source brought in one day, the first of them, and tells how many of whom
/// it left out. Rows that somebody has touched, and rows entered by hand, stay. `day` tells the day of a row.
pub fn fold_floods(
    candidates: Vec<Candidate>,
    most: usize,
    day: impl Fn(&Judged) -> String,
) -> (Vec<Candidate>, BTreeMap<String, usize>) {
    let mut brought: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut left_out = BTreeMap::new();
    let stays = |candidate: &Candidate| {
        let Some(judged) = candidate.judged.as_ref().filter(|_| candidate.reviews.is_empty()) else { return true };
        let source = judged.story.source.clone().unwrap_or_default();
        let count = brought.entry((source.clone(), day(judged))).or_default();
        *count += 1;
        if *count > most {
            *left_out.entry(source).or_default() += 1;
        }
        *count <= most
    };
    let kept = candidates.into_iter().filter(stays).collect();
    (kept, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Label;
    use crate::review::decide::tests::candidate;

    fn with(id: &str, score: f64, categories: &[&str]) -> Candidate {
        let mut candidate = candidate(id);
        let judged = candidate.judged.as_mut().unwrap();
        judged.verdict.score = score;
        judged.verdict.fields.outcome = None;
        judged.verdict.fields.stage = None;
        judged.verdict.categories = categories
            .iter()
            .map(|category| {
                let (id, subtype) = category.split_once('/').map_or((*category, None), |(id, of)| (id, Some(of)));
                Label { id: id.parse().unwrap(), subtype: subtype.map(str::to_owned), score: 0.9 }
            })
            .collect();
        candidate
    }

    fn linked(mut candidate: Candidate) -> Candidate {
        let link = crate::model::Link {
            case: crate::review::case_id("s0"),
            to: "s0".to_owned(),
            score: 9.0,
            joins: true,
            reasons: Vec::new(),
        };
        candidate.judged.as_mut().unwrap().link = Some(link);
        candidate
    }

    #[test]
    fn people_come_first_and_the_rest_last() {
        let mut rows = vec![
            with("law", 0.99, &["legislation"]),
            with("rest", 0.99, &["access_to_information"]),
            with("block", 0.5, &["blocking"]),
            linked(with("step", 0.9, &["criminal_prosecution"])),
            with("new", 0.4, &["criminal_prosecution"]),
            with("newer", 0.6, &["defamation_suit/civil"]),
            with("threat", 0.3, &["attack/threat"]),
            with("free", 0.9, &["arrest/release"]),
            with("held", 0.2, &["arrest/remand"]),
            linked(with("hurt", 0.3, &["attack/physical_attack"])),
        ];
        arrange(&mut rows);
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids, ["hurt", "held", "free", "newer", "new", "threat", "step", "block", "law", "rest"]);
    }

    #[test]
    fn nobody_buries_a_case_under_bait() {
        let rows: Vec<Candidate> =
            ["a", "b", "c", "d"].iter().map(|id| with(id, 0.9, &["criminal_prosecution"])).collect();
        let (kept, left_out) = fold_floods(rows.clone(), 3, |_| "2017-11-16".to_owned());
        assert_eq!((kept.len(), left_out.values().sum::<usize>()), (3, 1));
        let (kept, left_out) = fold_floods(rows, 3, |judged| judged.story.id.clone());
        assert_eq!((kept.len(), left_out.len()), (4, 0));
    }
}
