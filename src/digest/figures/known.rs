//! What was known when: the reviews of all candidates → the events as a report of a month knew them.
//!
//! A month's figures hold what was known when the month was published. A thing counts as known from
//! the month of its event, or from the month of its `registered_date` where that is later, or from the
//! month of the article where that appeared well after the event's month. A month that was frozen sees
//! only decisions taken before it was. So a frozen month can be made again, to the digit, and what came
//! later shows as late, or as a correction, in the first month still open.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::period::Month;
use crate::model::{Candidate, Decision, Event, PartialDate, Review};
use crate::review::{self, Folded};

/// Last day of the month after an event on which an article may still tell of it as news of its month:
/// reports of a month are made in the first half of the next.
const GRACE: i8 = 15;

/// Months that were published for good, and when.
pub type Frozen = BTreeMap<Month, Timestamp>;

/// All decisions, each with the month from which it is known.
pub struct History<'a> {
    dossiers: Vec<Dossier>,
    frozen: &'a Frozen,
    /// Puts events into the cases that people merged or split.
    regroup: Option<&'a Regroup<'a>>,
    /// Every confirmed event as it stands now, once somebody asked.
    now: OnceLock<Vec<Arc<Event>>>,
}

/// Puts events into their cases, as people had left them at an instant; where none is given, as they are now.
pub type Regroup<'a> = dyn Fn(&mut [Arc<Event>], Option<Timestamp>) + Sync + 'a;

/// A decided candidate: what it came to, and what it came to when less was known.
#[derive(Debug)]
pub struct Dossier {
    /// With all its reviews.
    whole: Folded,
    reviews: Reviews,
}

/// The reviews of a candidate, with the months from which they are known.
#[derive(Debug)]
enum Reviews {
    /// The only one: the candidate is seen whole or not at all.
    Once { known: Month, at: Timestamp },
    /// Several.
    Often { candidate: Box<Candidate>, known: Vec<Month> },
}

impl Dossier {
    /// Folds a candidate and dates its reviews; days of publication are those of a zone.
    pub fn of(mut candidate: Candidate, zone: &TimeZone) -> Self {
        let whole = Folded::of(&candidate);
        let reviews = match candidate.reviews.as_slice() {
            [review] => Reviews::Once { known: known(&candidate, review, zone), at: review.at },
            reviews => {
                let known = reviews.iter().map(|review| known(&candidate, review, zone)).collect();
                candidate.reviews.shrink_to_fit();
                Reviews::Often { candidate: Box::new(candidate), known }
            }
        };
        Self { whole, reviews }
    }
}

/// What a report may see: what is known by a month, and decided by an instant where one is set.
#[derive(Clone, Copy)]
struct Sight {
    month: Month,
    decided: Option<Timestamp>,
}

impl Sight {
    fn sees(self, at: Timestamp, known: Month) -> bool {
        known <= self.month && self.decided.is_none_or(|decided| at <= decided)
    }
}

impl<'a> History<'a> {
    /// The decisions on all candidates.
    pub fn of(dossiers: Vec<Dossier>, frozen: &'a Frozen) -> Self {
        Self { dossiers, frozen, regroup: None, now: OnceLock::new() }
    }

    /// The same, with the cases that people merged or split. A month that was frozen keeps the cases
    /// that it was published with: it sees the acts on them until then.
    #[must_use]
    pub fn regrouped(mut self, regroup: &'a Regroup<'a>) -> Self {
        self.regroup = Some(regroup);
        self
    }

    /// Was a month published for good?
    pub fn is_frozen(&self, month: Month) -> bool {
        self.frozen.contains_key(&month)
    }

    /// Until when decisions count for a month: until it was frozen, and until the instant given.
    pub(super) fn decided(&self, month: Month, until: Option<Timestamp>) -> Option<Timestamp> {
        match (self.frozen.get(&month).copied(), until) {
            (Some(frozen), Some(until)) => Some(frozen.min(until)),
            (one, other) => one.or(other),
        }
    }

    /// Every confirmed event as it stands now.
    pub fn now(&self) -> &[Arc<Event>] {
        self.now.get_or_init(|| self.in_cases_of(None))
    }

    /// Every confirmed event as it stands now, in the case in which it stood at an instant.
    pub(super) fn in_cases_of(&self, decided: Option<Timestamp>) -> Vec<Arc<Event>> {
        let mut events = review::link(self.dossiers.iter().map(|dossier| &dossier.whole));
        if let Some(regroup) = self.regroup {
            regroup(&mut events, decided);
        }
        events
    }

    /// The confirmed events as the report of a month knew them; `until` leaves out what was decided
    /// after an instant, as it must be for the months before a frozen one.
    pub fn at(&self, month: Month, until: Option<Timestamp>) -> Vec<Arc<Event>> {
        let sight = Sight { month, decided: self.decided(month, until) };
        let mut seen: Vec<Cow<'_, Folded>> = Vec::with_capacity(self.dossiers.len());
        let mut names: BTreeMap<&str, Vec<Named>> = BTreeMap::new();
        let mut everything = true;
        for dossier in &self.dossiers {
            match &dossier.reviews {
                Reviews::Once { known, at } if sight.sees(*at, *known) => seen.push(Cow::Borrowed(&dossier.whole)),
                // A row that nobody has decided on leads nowhere: nothing is lost without it.
                Reviews::Once { .. } => everything = false,
                Reviews::Often { candidate, known } => {
                    let seeing =
                        || candidate.reviews.iter().zip(known).filter(|(of, known)| sight.sees(of.at, **known));
                    if seeing().count() == known.len() {
                        seen.push(Cow::Borrowed(&dossier.whole));
                        continue;
                    }
                    everything = false;
                    names.insert(&candidate.id, named_then(candidate, known, sight));
                    let reviews: Vec<&Review> = seeing().map(|(review, _)| review).collect();
                    seen.push(Cow::Owned(Folded::seeing(candidate, &reviews)));
                }
            }
        }
        if everything && sight.decided.is_none() {
            return self.now().to_vec();
        }
        let mut events = review::link(seen.iter().map(|folded| &**folded));
        for event in &mut events {
            let names = event.stories.iter().find_map(|story| names.get(story.id.as_str()));
            let same = |named: &&Named| named.date == event.card.event_date && named.stage == event.card.stage;
            if let Some(named) = names.and_then(|names| names.iter().find(same))
                && named.id != event.id
            {
                Arc::make_mut(event).id.clone_from(&named.id);
            }
        }
        if let Some(regroup) = self.regroup {
            regroup(&mut events, sight.decided);
        }
        events
    }
}

/// An event of a candidate by the id that it has for good, with what tells it from the others.
struct Named {
    id: String,
    date: Option<PartialDate>,
    stage: Option<crate::model::Stage>,
}

/// The events that a candidate had at a month, by the ids that the whole row of reviews gives them: an
/// event decided first but learned last must not take the id of another.
fn named_then(candidate: &Candidate, known: &[Month], sight: Sight) -> Vec<Named> {
    let mut before: BTreeMap<String, Arc<Event>> = BTreeMap::new();
    let mut then: BTreeMap<String, Arc<Event>> = BTreeMap::new();
    let mut growing: Vec<&Review> = Vec::new();
    for (review, known) in candidate.reviews.iter().zip(known) {
        growing.push(review);
        let after: BTreeMap<String, Arc<Event>> = Folded::seeing(candidate, &growing)
            .events()
            .iter()
            .map(|event| (event.id.clone(), Arc::clone(event)))
            .collect();
        if sight.sees(review.at, *known) {
            let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for id in ids {
                match after.get(id) {
                    Some(event) if before.get(id) != Some(event) => _ = then.insert(id.clone(), Arc::clone(event)),
                    None => _ = then.remove(id),
                    Some(_) => {}
                }
            }
        }
        before = after;
    }
    let named =
        |event: Arc<Event>| Named { id: event.id.clone(), date: event.card.event_date, stage: event.card.stage };
    then.into_values().map(named).collect()
}

/// The month from which a review is known.
fn known(candidate: &Candidate, review: &Review, zone: &TimeZone) -> Month {
    const NEVER_COUNTED: Month = Month { year: 1, month: 1 };
    let month = |date: PartialDate| Month { year: date.year, month: date.month.unwrap_or(1) };
    let registered = review.card.registered_date.map(month);
    let Some(mut known) = review.card.event_date.map(month).or(registered) else { return NEVER_COUNTED };
    known = known.max(registered.unwrap_or(known));
    let published = candidate.judged.as_ref().and_then(|judged| judged.story.published);
    if review.decision == Some(Decision::Confirm)
        && let Some(published) = published.map(|published| published.date_in(zone))
        && (Month::of(published) > known.next() || (Month::of(published) == known.next() && published.day() > GRACE))
    {
        known = Month::of(published);
    }
    known
}
