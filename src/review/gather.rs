//! The events of all candidates, linked: rows that repeat an event tell of it, events of one matter share a case.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fold::{case_id, earliest, events_of, fold, fold_over, is_case_id, same_development, tellings};
use crate::model::{Candidate, Card, Event, Review, Status, Telling};

/// Longest chain of "the same as" and "belongs to" that is followed.
const LONGEST_CHAIN: usize = 64;

/// What a candidate came to, before it is linked with others.
#[derive(Debug, Clone)]
pub struct Folded {
    /// Its id.
    row: String,
    /// What it names: the case of its first event, or the row it repeats.
    names: Option<String>,
    /// Ids of events that were withdrawn: they still lead to the row.
    withdrawn: Vec<String>,
    /// The event that it repeats, where it repeats one.
    repeats: Option<Box<Repeats>>,
    /// Its events, each in the case that it alone can tell.
    events: Vec<Arc<Event>>,
}

/// A row that was called a duplicate.
#[derive(Debug, Clone)]
struct Repeats {
    of: String,
    card: Card,
    tellings: Vec<Telling>,
}

impl Folded {
    /// A candidate with all its reviews.
    pub fn of(candidate: &Candidate) -> Self {
        Self::from_fold(candidate, &fold(candidate, usize::MAX))
    }

    /// A candidate with some of its reviews, in their order.
    pub fn seeing(candidate: &Candidate, reviews: &[&Review]) -> Self {
        Self::from_fold(candidate, &fold_over(candidate, reviews))
    }

    fn from_fold(candidate: &Candidate, fold: &super::fold::Fold) -> Self {
        let events = events_of(candidate, fold);
        let names = match (&fold.status, events.first()) {
            (_, Some(first)) => first.card.case.clone(),
            (Status::Duplicate(of) | Status::Background(of), None) => Some(of.clone()),
            _ => None,
        };
        let repeats = match &fold.status {
            Status::Duplicate(of) => {
                Some(Box::new(Repeats { of: of.clone(), card: fold.card.clone(), tellings: tellings(candidate, fold) }))
            }
            _ => None,
        };
        // Collected, they would keep the room that they were moved out of.
        let mut shared = Vec::with_capacity(events.len());
        shared.extend(events.into_iter().map(Arc::new));
        Self {
            row: candidate.id.clone(),
            names: names.filter(|name| *name != candidate.id && *name != fold.case),
            withdrawn: fold.withdrawn().map(str::to_owned).collect(),
            repeats,
            events: shared,
        }
    }

    /// Its events, each in the case that it alone can tell.
    pub fn events(&self) -> &[Arc<Event>] {
        &self.events
    }

    /// Names of cases, rows and events that it leads to, or looks for.
    fn named(&self) -> impl Iterator<Item = &str> {
        let own = self.events.iter().filter_map(|event| event.card.case.as_deref());
        let repeats = self.repeats.iter().map(|repeats| repeats.of.as_str());
        own.chain(self.names.as_deref()).chain(repeats)
    }
}

/// What the rows say of each other: who names which case, and which row an id stands for.
struct Links<'a> {
    /// Row → what it names.
    names: BTreeMap<&'a str, Option<&'a str>>,
    /// Id of an event, or default id of a case → its row; of those ids that somebody names.
    rows: BTreeMap<String, &'a str>,
}

impl<'a> Links<'a> {
    fn of(folded: &[&'a Folded]) -> Self {
        let names: BTreeMap<&str, Option<&str>> =
            folded.iter().map(|folded| (folded.row.as_str(), folded.names.as_deref())).collect();
        let wanted: BTreeSet<&str> =
            folded.iter().flat_map(|folded| folded.named()).filter(|name| !names.contains_key(name)).collect();
        let mut rows = BTreeMap::new();
        if !wanted.is_empty() {
            for folded in folded {
                let case = case_id(&folded.row);
                let events = folded.events.iter().map(|event| event.id.as_str());
                let ids = events.chain(folded.withdrawn.iter().map(String::as_str)).chain([case.as_str()]);
                for id in ids.filter(|id| wanted.contains(id)) {
                    rows.insert(id.to_owned(), folded.row.as_str());
                }
            }
        }
        Self { names, rows }
    }

    /// The row that an id stands for, where we know one.
    fn row<'b>(&'b self, id: &'b str) -> Option<&'b str> {
        if self.names.contains_key(id) { Some(id) } else { self.rows.get(id).copied() }
    }

    /// The id of the case that a name comes down to. Rows that name each other in a ring share the
    /// least of their ids.
    fn case(&self, name: &str) -> String {
        let (mut name, mut seen) = (name, BTreeSet::new());
        while let Some(row) = self.row(name) {
            if !seen.insert(row) {
                return seen.into_iter().map(case_id).min().unwrap_or_else(|| case_id(row));
            }
            match self.names.get(row).copied().flatten() {
                Some(next) if seen.len() < LONGEST_CHAIN => name = next,
                _ => return case_id(row),
            }
        }
        if is_case_id(name) { name.to_owned() } else { case_id(name) }
    }

    /// The case of an event, where that is another than its row alone can tell.
    fn moved(&self, folded: &Folded, event: &Event) -> Option<String> {
        // A further event of a story stands in the story's case unless it names another.
        let case = match (event.card.case.as_deref(), &folded.names) {
            (None, None) => return None,
            (named, _) => self.case(named.unwrap_or(&folded.row)),
        };
        (case != event.case).then_some(case)
    }
}

/// The confirmed events of all candidates, in order of confirmation.
///
/// A row that was called a duplicate adds its tellings to the event it names; events that name one
/// case, by whatever id, share it.
pub fn gather_events<C: Borrow<Candidate>>(candidates: &[C]) -> Vec<Event> {
    let folded: Vec<Folded> = candidates.iter().map(|candidate| Folded::of(candidate.borrow())).collect();
    let linked = link(folded.iter());
    drop(folded);
    linked.into_iter().map(Arc::unwrap_or_clone).collect()
}

/// Links what candidates came to. An event that is as its row alone can tell it is shared with that row.
pub fn link<'a>(folded: impl Iterator<Item = &'a Folded>) -> Vec<Arc<Event>> {
    let folded: Vec<&Folded> = folded.collect();
    let links = Links::of(&folded);
    let mut events: Vec<Arc<Event>> = Vec::with_capacity(folded.len());
    for folded in &folded {
        for event in &folded.events {
            let mut event = Arc::clone(event);
            if let Some(case) = links.moved(folded, &event) {
                Arc::make_mut(&mut event).case = case;
            }
            events.push(event);
        }
    }
    if folded.iter().any(|folded| folded.repeats.is_some()) {
        tell_again(&folded, &links, &mut events);
    }
    events.sort_by(|one, two| (one.confirmed, &one.stories[0].id).cmp(&(two.confirmed, &two.stories[0].id)));
    events
}

/// Adds the tellings of duplicates to the events that they repeat.
fn tell_again(folded: &[&Folded], links: &Links<'_>, events: &mut [Arc<Event>]) {
    let mut found = Found { by_id: BTreeMap::new(), of_row: BTreeMap::new(), of_case: BTreeMap::new() };
    let mut at = 0;
    for folded in folded {
        let end = at + folded.events.len();
        found.of_row.insert(folded.row.as_str(), (at..end).collect());
        at = end;
    }
    let before: Vec<Arc<Event>> = events.to_vec();
    for (at, event) in before.iter().enumerate() {
        found.of_case.entry(&event.case).or_default().push(at);
        found.by_id.insert(&event.id, at);
    }
    let mut told: Vec<(usize, &[Telling])> = Vec::new();
    for repeats in folded.iter().filter_map(|folded| folded.repeats.as_deref()) {
        if let Some(at) = repeated(repeats, &before, links, &found) {
            told.push((at, &repeats.tellings));
        }
    }
    drop(found);
    drop(before);
    for (at, tellings) in told {
        let event = Arc::make_mut(&mut events[at]);
        for telling in tellings {
            if !event.stories.iter().any(|known| known.id == telling.id) {
                event.stories.push(telling.clone());
            }
        }
        event.published = earliest(&event.stories);
    }
}

/// Where to look for the event that a duplicate repeats.
struct Found<'a> {
    by_id: BTreeMap<&'a str, usize>,
    of_row: BTreeMap<&'a str, Vec<usize>>,
    of_case: BTreeMap<&'a str, Vec<usize>>,
}

/// The event that a duplicate repeats: the one it names; of a row's or case's several, the one with
/// its date and stage, else the last.
fn repeated(repeats: &Repeats, events: &[Arc<Event>], links: &Links<'_>, found: &Found<'_>) -> Option<usize> {
    let (mut name, mut steps) = (repeats.of.as_str(), 0);
    let among = loop {
        if let Some(at) = found.by_id.get(name) {
            return Some(*at);
        }
        if let Some(own) = found.of_row.get(name).filter(|own| !own.is_empty()) {
            break own;
        }
        match links.names.get(name).copied().flatten() {
            Some(next) if steps < LONGEST_CHAIN => name = next,
            _ => break found.of_case.get(links.case(name).as_str())?,
        }
        steps += 1;
    };
    let card = &repeats.card;
    let same = |at: &&usize| same_development(&events[**at].card, card);
    let same_day = |at: &&usize| card.event_date.is_some() && events[**at].card.event_date == card.event_date;
    among.iter().find(same).or_else(|| among.iter().find(same_day)).or(among.last()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::samples::{judged, review};
    use crate::model::Decision;

    #[test]
    fn a_row_holds_no_more_room_than_its_events_need() {
        let judged = judged(1, true, None);
        let reviews = vec![review(1, Some(Decision::Confirm), 1)];
        let candidate = Candidate { id: judged.story.id.clone(), judged: Some(judged), also: Vec::new(), reviews };
        let folded = Folded::of(&candidate);
        assert_eq!((folded.events.len(), folded.events.capacity()), (1, 1), "a year holds 50,000 rows");
        assert_eq!(Folded::of(&Candidate { reviews: Vec::new(), ..candidate }).events.capacity(), 0);
    }
}
