//! New matters and those carried over: criminal, civil, administrative.

use jiff::civil::Date;

use super::{Fact, Line, Sheet};
use crate::cases::names;
use crate::digest::figures::matter::Moral;
use crate::digest::figures::period::Month;
use crate::model::{Outcome, Stage};

/// Days in which a verdict may be appealed (Criminal Procedure Code of Kazakhstan, article 418): until
/// they are over the case is running.
const TO_APPEAL_A_VERDICT: i64 = 15;

/// Days in which a civil judgment may be appealed: a month from its final form (Civil Procedure Code,
/// article 403), which is written within ten working days.
const TO_APPEAL_A_JUDGMENT: i64 = 45;

/// A stage with which a case begins. A case first heard of at its trial or judgment began on a day that
/// nobody recorded.
fn begins(fact: &Fact<'_>) -> bool {
    use Stage as S;
    let stage = matches!(
        fact.stage(),
        None | Some(S::Complaint | S::Claim | S::Investigation | S::Detention | S::Charge | S::Incident)
    );
    stage && !fact.is_relief()
}

/// How far a case has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    /// Decided on a day, and open to appeal for some time.
    Decided(Date),
    Ended,
}

impl State {
    fn running_on(self, day: Date, to_appeal: i64) -> bool {
        match self {
            Self::Running => true,
            Self::Ended => false,
            Self::Decided(decided) => {
                jiff::Span::new().try_days(to_appeal).ok().and_then(|span| decided.checked_add(span).ok()) >= Some(day)
            }
        }
    }

    fn after(self, fact: &Fact<'_>) -> Self {
        match fact.stage() {
            Some(Stage::Closed) => Self::Ended,
            Some(Stage::Release) => self,
            Some(Stage::Judgment) if fact.card().outcome != Some(Outcome::Pending) => {
                Self::Decided(fact.date.first_day())
            }
            Some(Stage::Appeal | Stage::Cassation) if fact.outcome().is_some() => Self::Ended,
            _ => Self::Running,
        }
    }
}

/// The first of a list of events of one day that is no incident of its own: where a detention and a
/// registration stand in two rows of one day, the registration is the case's first act.
fn first_act<'f, 'a>(facts: &[&'f Fact<'a>]) -> Option<&'f Fact<'a>> {
    let first = *facts.first()?;
    let same_day = facts.iter().copied().take_while(|fact| fact.date.first_day() == first.date.first_day());
    same_day.min_by_key(|fact| super::incidents::line(fact).is_some()).or(Some(first))
}

pub(super) fn criminal(facts: &[Fact<'_>], sheet: &mut Sheet<'_>) {
    let year = sheet.means.year;
    let mut all: Vec<&Fact<'_>> = facts.iter().filter(|fact| fact.is_criminal()).collect();
    // A case registered while no speaker was known counts from the first row that names one.
    match all.iter().position(|fact| !fact.card().targets.is_empty()) {
        Some(named) => _ = all.drain(..named),
        None => all.retain(|fact| !(sheet.means.faceless)(fact.event)),
    }
    let Some(first_known) = all.first().copied() else { return };
    let begin = match (first_known.year() < year, begins(first_known)) {
        (true, _) => first_known,
        (false, true) => {
            let starts: Vec<&Fact<'_>> = all.iter().copied().filter(|fact| begins(fact)).collect();
            first_act(&starts).unwrap_or(first_known)
        }
        (false, false) => {
            sheet.counted.begun_unknown.push(first_known.index);
            return;
        }
    };
    if begin.year() == year {
        sheet.add(Line::Criminal, begin, 1);
        sheet.act(Line::NewCriminal, begin, 1);
        return;
    }
    let new_year = Month { year, month: 1 };
    let mut state = State::Running;
    let mut standing = None;
    for fact in facts.iter().filter(|fact| fact.year() < year) {
        if fact.is_criminal() {
            state = state.after(fact);
            standing = fact.act().and_then(|_| fact.outcome()).or(standing);
        } else if fact.is_administrative() && fact.date.first_day() > begin.date.first_day() {
            state = State::Ended;
        }
    }
    if state.running_on(new_year.first_day(), TO_APPEAL_A_VERDICT) {
        sheet.add_at(Line::CriminalCarried, Some(new_year), begin.index, 1);
    } else if let Some(fact) = all.iter().find(|fact| fact.year() == year && resumes(fact, standing)) {
        sheet.add(Line::CriminalCarried, fact, 1);
    }
}

/// Does an event set an ended case going again? An act of cassation that leaves everything as it was
/// does not.
fn resumes(fact: &Fact<'_>, standing: Option<Outcome>) -> bool {
    match fact.stage() {
        Some(Stage::Closed | Stage::Release) => false,
        Some(Stage::Cassation) => match (fact.outcome(), standing) {
            (Some(outcome), Some(standing)) => outcome != standing,
            (outcome, _) => outcome.is_some(),
        },
        Some(Stage::Judgment | Stage::Appeal) => fact.outcome().is_some(),
        _ => !fact.is_relief(),
    }
}

pub(super) fn civil(facts: &[Fact<'_>], sheet: &mut Sheet<'_>) {
    let year = sheet.means.year;
    let new_year = Month { year, month: 1 };
    let files = |fact: &&Fact<'_>| {
        (fact.is_suit() && matches!(fact.stage(), None | Some(Stage::Claim | Stage::Complaint)))
            || (fact.is_letter() && fact.stage() != Some(Stage::Closed))
    };
    let Some(first) = facts.iter().find(files) else {
        return known_by_its_acts_alone(facts, sheet);
    };
    let against: Vec<String> = first.card().targets.iter().map(|target| names::key(&target.name)).collect();
    let own: Vec<&Fact<'_>> =
        facts.iter().filter(|fact| (fact.is_suit() || fact.is_letter()) && !fact.counters(&against)).collect();
    let honour = own.iter().any(|fact| fact.is_about_honour() && files(fact));
    let before: Vec<&Fact<'_>> = own.iter().copied().filter(|fact| fact.year() < year).collect();
    let this_year: Vec<&Fact<'_>> = own.iter().copied().filter(|fact| fact.year() == year).collect();
    if before.is_empty()
        && let Some(filed) = this_year.iter().copied().find(files)
    {
        sheet.act(Line::NewCivil, filed, 1);
    }
    if !honour {
        return;
    }
    let mut state = State::Ended;
    for fact in before.iter().filter(|fact| fact.is_suit()) {
        state = state.after(fact);
    }
    let carried = state.running_on(new_year.first_day(), TO_APPEAL_A_JUDGMENT);
    let filed = this_year.iter().copied().find(files);
    if carried {
        let begin = before.iter().find(|fact| fact.is_suit()).map_or(first.index, |fact| fact.index);
        sheet.add_at(Line::ClaimsCarried, Some(new_year), begin, 1);
        claimed(&before, &this_year, false, sheet);
    } else if let Some(filed) = filed {
        sheet.add(Line::Claims, filed, 1);
        if let Some(suit) = this_year.iter().copied().find(|fact| files(fact) && fact.is_suit()) {
            sheet.add(Line::Suits, suit, 1);
        }
        claimed(&[], &this_year, true, sheet);
    } else if let Some(fact) =
        this_year.iter().copied().find(|fact| fact.is_suit() && fact.act().is_some() && resumes(fact, None))
    {
        sheet.add(Line::ClaimsCarried, fact, 1);
        claimed(&before, &this_year, false, sheet);
    }
}

/// A suit that nobody recorded, but whose judgment is there. It is carried over where an event of an
/// earlier year is known; else its beginning is unknown, and it stands in no count of matters.
fn known_by_its_acts_alone(facts: &[Fact<'_>], sheet: &mut Sheet<'_>) {
    let year = sheet.means.year;
    let new_year = Month { year, month: 1 };
    let own: Vec<&Fact<'_>> = facts.iter().filter(|fact| fact.is_suit() && fact.is_about_honour()).collect();
    let Some(this_year) = own.iter().find(|fact| fact.year() == year && fact.act().is_some()) else {
        return carried_without_acts(&own, sheet);
    };
    let before: Vec<&&Fact<'_>> = own.iter().filter(|fact| fact.year() < year).collect();
    match before.first() {
        None => sheet.counted.begun_unknown.push(this_year.index),
        Some(first) => {
            let state = before.iter().fold(State::Ended, |state, fact| state.after(fact));
            match state.running_on(new_year.first_day(), TO_APPEAL_A_JUDGMENT) {
                true => sheet.add_at(Line::ClaimsCarried, Some(new_year), first.index, 1),
                false => sheet.add(Line::ClaimsCarried, this_year, 1),
            }
        }
    }
}

fn carried_without_acts(own: &[&Fact<'_>], sheet: &mut Sheet<'_>) {
    let new_year = Month { year: sheet.means.year, month: 1 };
    let before: Vec<&&Fact<'_>> = own.iter().filter(|fact| fact.year() < sheet.means.year).collect();
    let state = before.iter().fold(State::Ended, |state, fact| state.after(fact));
    if let Some(first) = before.first()
        && state.running_on(new_year.first_day(), TO_APPEAL_A_JUDGMENT)
    {
        sheet.add_at(Line::ClaimsCarried, Some(new_year), first.index, 1);
    }
}

/// F9: the highest sum formally asked. What was asked in earlier years of a matter carried over is not
/// asked again.
fn claimed(before: &[&Fact<'_>], this_year: &[&Fact<'_>], new: bool, sheet: &mut Sheet<'_>) {
    let tenge = sheet.means.tenge;
    let mut highest: Option<i64> = None;
    for fact in before {
        if let Moral::Known(sum) = fact.moral(fact.card().claim_amount, tenge) {
            highest = highest.max(Some(sum));
        }
    }
    let mut other = 0;
    let mut unknown = false;
    for (at, fact) in this_year.iter().enumerate() {
        let decides = fact.act().is_some();
        let asked = fact.moral(fact.card().claim_amount, tenge);
        match asked {
            // A judgment that repeats another sum than was asked corrects nothing.
            Moral::Known(sum) if !decides || highest.is_none() => {
                if Some(sum) > highest {
                    sheet.add(Line::Claimed, fact, sum - highest.unwrap_or(0));
                    highest = Some(sum);
                }
                if unknown {
                    sheet.add(Line::ClaimedUnknown, fact, -1);
                    unknown = false;
                }
            }
            Moral::Unknown if new && at == 0 => {
                sheet.add(Line::ClaimedUnknown, fact, 1);
                unknown = true;
            }
            Moral::Other if fact.card().money_kind.as_deref().is_some_and(|kind| kind.starts_with("loss")) => {
                let sum = fact.card().claim_amount.and_then(|amount| fact.tenge(amount, tenge)).unwrap_or(0);
                if sum > other && !decides {
                    sheet.add(Line::ClaimedOther, fact, sum - other);
                    other = sum;
                }
            }
            _ => {}
        }
    }
}

pub(super) fn administrative(facts: &[Fact<'_>], sheet: &mut Sheet<'_>) {
    let Some(first) = facts.iter().find(|fact| fact.is_administrative()) else { return };
    // A criminal case that ends as an administrative one is no new matter.
    let was_criminal = facts.iter().any(|fact| fact.is_criminal() && fact.order() < first.order());
    let heard_of_late =
        matches!(first.stage(), Some(Stage::Appeal | Stage::Cassation | Stage::Closed | Stage::Release));
    if was_criminal || heard_of_late || first.is_relief() || sheet.taken[first.index] {
        return;
    }
    if first.year() == sheet.means.year {
        sheet.act(Line::NewAdministrative, first, 1);
    }
}
