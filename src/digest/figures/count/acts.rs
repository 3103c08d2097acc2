//! Acts of courts: civil honour cases with what was awarded in them, and verdicts.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fact, Line, Sheet};
use crate::cases::names;
use crate::digest::figures::matter::Moral;
use crate::model::{Instance, Outcome, Stage};

/// F6–F8, F10: the acts of one case.
pub(super) fn civil(facts: &[Fact<'_>], sheet: &mut Sheet<'_>) {
    let own: Vec<&Fact<'_>> = facts.iter().filter(|fact| fact.is_suit() && fact.is_about_honour()).collect();
    let Some(first) = own.first() else { return };
    let against: Vec<String> = first.card().targets.iter().map(|target| names::key(&target.name)).collect();
    // Rows of one day and instance tell of one act; where they differ, of one met in part.
    let mut told: BTreeMap<(String, Instance), Vec<&Fact<'_>>> = BTreeMap::new();
    for fact in own.iter().copied() {
        let Some(instance) = fact.act() else { continue };
        if fact.outcome().is_none() {
            if fact.card().outcome.is_none() {
                sheet.add(Line::ActsUnknown, fact, 1);
            }
            continue;
        }
        sheet.taken[fact.index] = true;
        told.entry((fact.date.to_string(), instance)).or_default().push(fact);
    }
    for ((_, instance), rows) in &told {
        let Some(fact) = rows.first().copied() else { continue };
        sheet.add(Line::Acts, fact, 1);
        match instance {
            Instance::First => {}
            Instance::Appeal => sheet.add(Line::ActsAppeal, fact, 1),
            Instance::Cassation => sheet.add(Line::ActsCassation, fact, 1),
        }
        let outcome = fact.outcome();
        let line = match outcome {
            _ if rows.iter().any(|row| row.outcome() != outcome) => Line::ActsMixed,
            Some(Outcome::For) => Line::ActsFor,
            Some(Outcome::Against) => Line::ActsAgainst,
            _ => Line::ActsMixed,
        };
        sheet.add(line, fact, 1);
    }
    awarded(&own, &against, sheet);
}

/// F10: what stands at the end of each event, parted into awards of this year and of earlier ones.
fn awarded(own: &[&Fact<'_>], against: &[String], sheet: &mut Sheet<'_>) {
    let (tenge, year) = (sheet.means.tenge, sheet.means.year);
    let (mut standing, mut earlier, mut ours, mut first_given) = (0_i64, 0_i64, 0_i64, false);
    let mut asked: Option<i64> = None;
    let mut unknown = false;
    for fact in own.iter().filter(|fact| !fact.counters(against)) {
        if let Moral::Known(sum) = fact.moral(fact.card().claim_amount, tenge) {
            asked = asked.max(Some(sum));
        }
        let decided = fact.act().and(fact.outcome());
        match (fact.card().awarded_amount, fact.moral(fact.card().awarded_amount, tenge)) {
            (Some(_), Moral::Known(sum)) => {
                standing = sum;
                if unknown {
                    sheet.add(Line::AwardedUnknown, fact, -1);
                    unknown = false;
                }
            }
            (Some(_), Moral::Other) => {}
            // What fell, fell whole; where the row says nothing else.
            _ if decided == Some(Outcome::For) => {
                standing = 0;
                if unknown {
                    sheet.add(Line::AwardedUnknown, fact, -1);
                    unknown = false;
                }
            }
            _ if decided.is_some()
                && fact.stage() == Some(Stage::Judgment)
                && asked != Some(0)
                && !unknown
                && fact.year() == year =>
            {
                sheet.add(Line::AwardedUnknown, fact, 1);
                unknown = true;
            }
            _ => {}
        }
        if fact.year() < year {
            earlier = standing;
            continue;
        }
        let left = earlier.min(standing);
        sheet.add(Line::AwardedEarlier, fact, left - earlier);
        sheet.add(Line::Awarded, fact, standing - left - ours);
        (earlier, ours) = (left, standing - left);
        if ours > 0 && !first_given {
            sheet.add(Line::AwardedGross, fact, ours);
            first_given = true;
        }
    }
}

/// Verdicts, and moral damage inside criminal cases, which never stands in F9 or F10.
pub(super) fn criminal(facts: &[Fact<'_>], sheet: &mut Sheet<'_>) {
    let tenge = sheet.means.tenge;
    let (mut asked, mut given) = (0, 0);
    let mut verdicts: BTreeSet<String> = BTreeSet::new();
    for fact in facts.iter().filter(|fact| fact.is_criminal()) {
        if fact.act() == Some(Instance::First)
            && fact.stage() == Some(Stage::Judgment)
            && matches!(fact.outcome(), Some(Outcome::Against | Outcome::Mixed))
            && verdicts.insert(fact.date.to_string())
        {
            sheet.add(Line::Sentences, fact, 1);
        }
        if let (Some(amount), false) = (fact.card().claim_amount, fact.is_suit())
            && let Moral::Known(sum) = fact.moral(Some(amount), tenge)
            && sum > asked
        {
            sheet.add(Line::CriminalClaimed, fact, sum - asked);
            asked = sum;
        }
        if let (Some(amount), false) = (fact.card().awarded_amount, fact.is_suit())
            && let Moral::Known(sum) = fact.moral(Some(amount), tenge)
            && sum != given
        {
            sheet.add(Line::CriminalAwarded, fact, sum - given);
            given = sum;
        }
    }
}
