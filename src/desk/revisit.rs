//! Revisiting: the page of a candidate is asked for again some time after it was captured (`[crawl] revisit`), to see
//! whether it was changed or taken away. What was captured first stays the evidence, and stays on the row.
//!
//! When a page is due is read off the records alone: when it was captured, and when it was visited since. What is
//! held in memory is only an agenda made of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::collect::{Round, blocking};
use super::trail;
use super::{Desk, DeskError};
use crate::cases::edits::edits;
use crate::config::Source;
use crate::extract;
use crate::ledger::Record;
use crate::model::{Ask, Candidate, FeedKind, Found, Judged, Page, Poll, Rewording, Status, Story, Visit};
use crate::net::{FetchError, Fetched};
use crate::review;

/// When a page that could not be seen is asked for again.
const RETRY: SignedDuration = SignedDuration::from_hours(1);
/// Failures in a row after which a visit is given up, and the next one waited for.
const TRIES: u32 = 3;
/// When the agenda is made anew: what became a candidate in another way than by being captured is found then.
const ANEW: SignedDuration = SignedDuration::from_hours(24);

/// What the visits of a cycle found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Revisited {
    /// Pages that say what they said before.
    pub same: u32,
    /// Pages that say something else.
    pub changed: u32,
    /// Pages whose article is not there any more.
    pub gone: u32,
    /// Pages that could not be seen.
    pub unseen: u32,
}

impl Revisited {
    fn count(&mut self, found: &Found) {
        match found {
            Found::Same => self.same += 1,
            Found::Changed(_) => self.changed += 1,
            Found::Gone { .. } => self.gone += 1,
            Found::Unseen { .. } => self.unseen += 1,
        }
    }

    /// Adds what another cycle found.
    pub fn add(&mut self, other: Self) {
        self.same += other.same;
        self.changed += other.changed;
        self.gone += other.gone;
        self.unseen += other.unseen;
    }

    /// Pages asked for.
    pub fn total(&self) -> u32 {
        self.same + self.changed + self.gone + self.unseen
    }
}

/// Which pages are due when, by the name of their source.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    made: Option<Timestamp>,
    due: BTreeMap<String, BTreeSet<(Timestamp, String)>>,
}

impl Agenda {
    fn put(&mut self, source: &str, due: Timestamp, id: &str) {
        self.due.entry(source.to_owned()).or_default().insert((due, id.to_owned()));
    }

    /// Takes out what is due by now, at most so many.
    fn take(&mut self, source: &str, now: Timestamp, most: usize) -> Vec<String> {
        let Some(due) = self.due.get_mut(source) else { return Vec::new() };
        let mut taken = Vec::new();
        while taken.len() < most
            && let Some(first) = due.pop_first()
        {
            if first.0 > now {
                due.insert(first);
                break;
            }
            taken.push(first.1);
        }
        taken
    }
}

/// When a page captured at a time is to be visited next; `None` where it is not any more. A visit that was missed is
/// made up once, and not at all where the page is older than twice the longest time.
fn due(captured: Timestamp, visits: &[Visit], times: &[Duration], now: Timestamp) -> Option<Timestamp> {
    let after = |time: Duration| captured.checked_add(SignedDuration::try_from(time).ok()?).ok();
    if now > after(*times.last()? * 2)? {
        return None;
    }
    let (mut counted, mut tries, mut tried) = (None, 0, None);
    for visit in visits {
        match visit.found {
            Found::Unseen { passing: true } if tries + 1 < TRIES => (tries, tried) = (tries + 1, Some(visit.at)),
            _ => (counted, tries, tried) = (Some(visit.at), 0, None),
        }
    }
    let next = times.iter().filter_map(|time| after(*time)).find(|due| counted.is_none_or(|last| last < *due))?;
    let again = tried.and_then(|at: Timestamp| at.checked_add(RETRY).ok());
    Some(again.map_or(next, |again| next.max(again)))
}

/// What a visit compares with, and how it asks.
struct Known {
    first: Judged,
    /// The wording that was seen last.
    last: Story,
    visits: Vec<Visit>,
    ask: Ask,
}

impl Known {
    /// `None` where nobody knows where the page is.
    fn of(first: Judged, visits: Vec<Visit>) -> Option<Self> {
        let reworded = visits.iter().rev().find_map(|visit| match &visit.found {
            Found::Changed(now) => Some(now),
            _ => None,
        });
        let last = match reworded {
            Some(now) => Story { title: now.title.clone(), text: now.text.clone(), ..first.story.clone() },
            None => first.story.clone(),
        };
        let capture = reworded.map(|now| &now.capture).or(first.capture.as_ref());
        let ask = match capture.and_then(|capture| capture.ask.clone()) {
            Some(ask) => ask,
            None => Ask { url: first.story.url.clone()?, etag: None, last_modified: None },
        };
        Some(Self { first, last, visits, ask })
    }

    fn id(&self) -> &str {
        &self.first.story.id
    }

    /// The conditions of the request. The last visit makes none, since servers are wrong about their own.
    fn conditions(&self, times: &[Duration], now: Timestamp) -> Option<Poll> {
        let mut visits = self.visits.clone();
        visits.push(Visit { at: now, found: Found::Same });
        due(self.first.captured, &visits, times, now)?;
        let Ask { etag, last_modified, .. } = self.ask.clone();
        Some(Poll { etag, last_modified, ..Poll::default() })
    }
}

impl Desk {
    /// When the next page of a source is to be visited again.
    pub(super) fn revisit_due(&self, source: &Source, now: Timestamp) -> Result<Option<Timestamp>, DeskError> {
        let agenda = self.agenda(now)?;
        Ok(agenda.due.get(&source.name).and_then(|due| due.first()).map(|(due, _)| *due))
    }

    /// Visits the pages of a source that are due, at most so many.
    pub(super) async fn revisit(
        self: &Arc<Self>,
        source: &Source,
        room: usize,
        round: &Round<'_>,
    ) -> Result<Revisited, DeskError> {
        let mut done = Revisited::default();
        let now = (round.clock)();
        let due = self.agenda(now)?.take(&source.name, now, room);
        for id in due {
            if round.stop.load(Ordering::Relaxed) {
                self.agenda(now)?.put(&source.name, now, &id);
            } else if let Some(found) = self.visit(source, &id, round).await? {
                done.count(&found);
            }
        }
        Ok(done)
    }

    /// Visits one page, if it is still to be visited.
    async fn visit(self: &Arc<Self>, source: &Source, id: &str, round: &Round<'_>) -> Result<Option<Found>, DeskError> {
        let Some(known) = self.to_visit(source, id)? else { return Ok(None) };
        let times = &self.config.crawl.revisit;
        let conditions = known.conditions(times, (round.clock)());
        let fetched = round.client.get_by(source.proxy.as_deref(), &known.ask.url, conditions.as_ref()).await;
        let now = (round.clock)();
        let (desk, source, times) = (Arc::clone(self), source.clone(), times.clone());
        let found = blocking(move || -> Result<Found, DeskError> {
            let found = desk.found(&known, &source, fetched, now)?;
            let visit = Visit { at: now, found: found.clone() };
            desk.record(&[Record::Visit { id: known.id().to_owned(), visit: visit.clone() }])?;
            let visits = [known.visits.as_slice(), &[visit]].concat();
            if let Some(next) = due(known.first.captured, &visits, &times, now) {
                desk.agenda(now)?.put(&source.name, next, known.id());
            }
            Ok(found)
        });
        found.await.map(Some)
    }

    /// What an answer says of a page that is known.
    fn found(
        &self,
        known: &Known,
        source: &Source,
        fetched: Result<Fetched, FetchError>,
        now: Timestamp,
    ) -> Result<Found, DeskError> {
        let told = trail::Revisit { source: &source.name, story: known.id(), url: &known.ask.url };
        let page = match fetched {
            Ok(Fetched::Page(page)) => page,
            Ok(Fetched::NotModified) => {
                told.found(&Found::Same, None);
                return Ok(Found::Same);
            }
            Err(error) => {
                let found = match error.gone() {
                    Some(status) => Found::Gone { status: Some(status) },
                    None => Found::Unseen { passing: error.passing() },
                };
                told.found(&found, Some(&error.to_string()));
                return Ok(found);
            }
        };
        let found = self.compare(known, source, &page, now)?;
        told.found(&found, None);
        Ok(found)
    }

    /// Compares a page with what it said when it was seen last; another wording is kept as evidence of its own.
    fn compare(&self, known: &Known, source: &Source, page: &Page, now: Timestamp) -> Result<Found, DeskError> {
        if leads_home(&known.ask.url, &page.url) {
            return Ok(Found::Gone { status: None });
        }
        let Ok(article) = extract::page(&page.body, &super::origin(page, Some(source)), &source.page) else {
            return Ok(Found::Gone { status: page.wire.as_ref().map(|wire| wire.status) });
        };
        let title = if article.title.is_empty() { known.last.title.clone() } else { article.title };
        let story = Story { title, text: article.text, ..known.last.clone() };
        if edits(&known.last, &story).is_empty() {
            return Ok(Found::Same);
        }
        let verdict = self.judge().judge(&story, self.country_of(Some(&source.name)));
        let capture = self.capture(page, &verdict, true, &format!("changed; first kept as {}", known.id()), now)?;
        let Story { title, text, .. } = story;
        Ok(Found::Changed(Box::new(Rewording { title, text, capture })))
    }

    /// What is known of a page, where it is still to be visited: its row waits for the house's own people, or was
    /// confirmed by them.
    fn to_visit(&self, source: &Source, id: &str) -> Result<Option<Known>, DeskError> {
        let Some(candidate) = self.store.candidate(id)?.filter(|candidate| self.is_worth_a_visit(candidate)) else {
            return Ok(None);
        };
        let Some(first) = self.store.story(&candidate.id)? else { return Ok(None) };
        // A channel tells itself which of its posts were edited.
        if is_post(source, &first.story) {
            return Ok(None);
        }
        Ok(Known::of(first, self.store.visits(id)?))
    }

    fn is_worth_a_visit(&self, candidate: &Candidate) -> bool {
        let ours = || candidate.judged.as_ref().is_some_and(|judged| self.is_ours(&judged.verdict));
        match review::status(candidate) {
            Status::Confirmed | Status::Later => true,
            Status::Waiting => ours(),
            Status::Rejected | Status::Duplicate(_) | Status::Background(_) => false,
        }
    }

    /// Puts a candidate that was just kept on the agenda.
    pub(super) fn plan_visits(&self, source: &str, id: &str, captured: Timestamp, now: Timestamp) {
        let mut agenda = self.agenda_as_it_is();
        if agenda.made.is_some()
            && let Some(due) = due(captured, &[], &self.config.crawl.revisit, now)
        {
            agenda.put(source, due, id);
        }
    }

    fn agenda_as_it_is(&self) -> MutexGuard<'_, Agenda> {
        self.agenda.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The agenda, made of the records where it is not yet, or not lately.
    fn agenda(&self, now: Timestamp) -> Result<MutexGuard<'_, Agenda>, DeskError> {
        let mut agenda = self.agenda_as_it_is();
        let is_fresh = |made: Timestamp| now.duration_since(made).abs() < ANEW;
        if !agenda.made.is_some_and(is_fresh) {
            *agenda = self.made_agenda(now)?;
        }
        Ok(agenda)
    }

    fn made_agenda(&self, now: Timestamp) -> Result<Agenda, DeskError> {
        let mut agenda = Agenda { made: Some(now), due: BTreeMap::new() };
        let times = &self.config.crawl.revisit;
        if times.is_empty() {
            return Ok(agenda);
        }
        let since = |candidate: &Candidate| candidate.judged.as_ref().map(|judged| judged.captured);
        // A row shows the first telling or a later one: what is too old by the one shown is too old.
        let recent = |candidate: &Candidate| since(candidate).is_some_and(|at| due(at, &[], times, now).is_some());
        let decided = self.store.decided_in_brief(|candidate| {
            (recent(&candidate) && review::status(&candidate) == Status::Confirmed).then_some(candidate.id)
        })?;
        let waiting = self.waiting()?.into_iter().filter(|candidate| recent(candidate)).map(|candidate| candidate.id);
        for id in decided.into_iter().flatten().chain(waiting) {
            let Some(Judged { story: Story { source: Some(source), .. }, captured, .. }) = self.store.story(&id)?
            else {
                continue;
            };
            if let Some(due) = due(captured, &self.store.visits(&id)?, times, now) {
                agenda.put(&source, due, &id);
            }
        }
        Ok(agenda)
    }
}

/// Was an article's address answered by the site's front page?
fn leads_home(asked: &str, answered: &str) -> bool {
    let is_front = |address: &str| {
        url::Url::parse(address).is_ok_and(|url| url.path().len() <= 1 && url.query().is_none_or(str::is_empty))
    };
    is_front(answered) && !is_front(asked)
}

fn is_post(source: &Source, story: &Story) -> bool {
    let host = |address: &str| url::Url::parse(address).ok()?.host_str().map(str::to_owned);
    let home = story.url.as_deref().and_then(host);
    let channels = source.feeds.iter().filter(|feed| feed.kind == FeedKind::Telegram);
    home.is_some() && channels.into_iter().any(|feed| host(&feed.url) == home)
}

#[cfg(test)]
mod tests;
