//! Cases: what a new candidate seems to belong to, and what people did to them.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Desk, DeskError};
use crate::cases::foremost;
use crate::cases::tie::{JOIN, SUGGEST, Tie, Traits};
use crate::digest::figures::Regroup;
use crate::ledger::Act;
use crate::model::{Candidate, CaseAct, Event, Link, PartialDate, Status, Story, Verdict};
use crate::review::{self, Cases};
use crate::store::StoryKey;

/// A case as it is shown.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct CaseShown {
    /// Its id.
    pub id: String,
    /// Ids that were merged into it and lead here.
    pub merged: Vec<String>,
    /// The headline (or title) of its first event, or of the row that waits.
    pub title: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Who is touched, as the events name them.
    pub targets: Vec<String>,
    /// Day of its last event, where one is known.
    pub last_date: Option<PartialDate>,
    /// Stage of that event.
    pub stage: Option<String>,
    /// Cases that a court joined with it, or severed from it (they stay their own).
    pub joined_by_court: Vec<String>,
    /// Severed from it.
    pub severed_by_court: Vec<String>,
    /// Its confirmed events, by date.
    pub events: Vec<Event>,
    /// Ids of rows that wait and are proposed for it, with what ties them.
    pub waiting: Vec<(String, String)>,
}

/// What an act on cases came to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CaseDone {
    /// Number of the act in the ledger.
    pub act: u64,
    /// The case that stands now.
    pub case: String,
    /// Another that the act speaks of.
    pub other: Option<String>,
}

/// An act on cases: its number, what it was, who did it and when.
type Acted = (u64, CaseAct, String, Timestamp);

/// The acts that stand, or stood at an instant.
fn standing(acts: &[Acted], until: Option<Timestamp>) -> Cases {
    let known = acts.iter().filter(|(.., at)| until.is_none_or(|until| *at <= until));
    Cases::of(known.map(|(seq, act, ..)| (*seq, act.clone())))
}

impl Desk {
    /// The acts on cases that stand.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn cases(&self) -> Result<Cases, DeskError> {
        Ok(standing(&self.store.case_acts()?, None))
    }

    /// What puts events into their cases as people had left them at an instant, where one is given.
    pub(super) fn regroup(&self) -> Result<Box<Regroup<'static>>, DeskError> {
        let acts = self.store.case_acts()?;
        Ok(Box::new(move |events, until| standing(&acts, until).regroup_shared(events)))
    }

    /// The case that a candidate seems to belong to: that of the earlier one which most ties to it. What
    /// `comes_later` was stored before it, and yet is not to be looked at.
    pub(super) fn tied(
        &self,
        story: &Story,
        verdict: &Verdict,
        captured: Timestamp,
        comes_later: &BTreeSet<StoryKey>,
    ) -> Result<Option<Link>, DeskError> {
        let (traits, own) = (Traits::of(story, verdict, captured), StoryKey::of(&story.id));
        let mut filed = self.store.tied(&traits.asks())?;
        filed.iter_mut().for_each(|found| found.retain(|(key, _)| *key != own && !comes_later.contains(key)));
        let mut ties: Vec<(Tie, StoryKey)> = Vec::new();
        for (key, earlier) in foremost(filed) {
            let unreadable = || self.store.unreadable("the traits of a candidate are cut");
            ties.push((traits.tie(&Traits::unpack(&earlier).ok_or_else(unreadable)?), key));
        }
        ties.retain(|(tie, _)| tie.score >= SUGGEST);
        ties.sort_by(|(one, _), (two, _)| two.score.total_cmp(&one.score));
        for (Tie { score, reasons }, key) in ties {
            let Some(row) = self.row_with(key)? else { continue };
            let rejected = review::status(&row) == Status::Rejected;
            let case = self.cases()?.resolve(&review::case_of(&row));
            return Ok(Some(Link { case, to: row.id, score, joins: score >= JOIN && !rejected, reasons }));
        }
        Ok(None)
    }

    /// The row that shows a story: its own, or that of the one it stands under.
    fn row_with(&self, key: StoryKey) -> Result<Option<Candidate>, DeskError> {
        let Some(story) = self.store.story_of(key)? else { return Ok(None) };
        let (id, head) = (story.story.id.clone(), story.head.clone());
        if let Some(candidate) = self.store.candidate_of(story)? {
            return Ok(Some(candidate));
        }
        let row = head.map(|head| self.store.candidate(&head)).transpose()?.flatten();
        Ok(row.filter(|row| row.judged.as_ref().is_some_and(|judged| judged.story.id == id)))
    }

    /// The case that an id of a case, an event, a story or a row leads to.
    fn case_named(&self, id: &str, events: &[Event]) -> Result<String, DeskError> {
        let cases = self.cases()?;
        let of_event =
            |event: &&Event| event.id == id || event.case == id || event.stories.iter().any(|told| told.id == id);
        if let Some(event) = events.iter().find(of_event) {
            return Ok(event.case.clone());
        }
        if cases.knows(id) {
            return Ok(cases.resolve(id));
        }
        let row = if self.store.candidate(id)?.is_some() { Some(id.to_owned()) } else { self.store.row_of_case(id)? };
        match row.map(|row| self.store.candidate(&row)).transpose()?.flatten() {
            Some(candidate) => Ok(cases.resolve(&review::case_of(&candidate))),
            None => Err(DeskError::Asked(format!(
                "no case, event or row has the id {id}; `sozwatch case list` prints those that are there"
            ))),
        }
    }

    /// Is there a case, an event or a row under this id?
    pub(super) fn has_case(&self, id: &str) -> Result<bool, DeskError> {
        match self.case_named(id, &self.events()?) {
            Ok(_) => Ok(true),
            Err(DeskError::Asked(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Every case with a confirmed event, the one with the latest event first; with `waiting` those too that have
    /// only rows that wait.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn case_list(&self, waiting: bool) -> Result<Vec<CaseShown>, DeskError> {
        let (events, cases) = (self.events()?, self.cases()?);
        let mut shown: std::collections::BTreeMap<String, CaseShown> = std::collections::BTreeMap::new();
        for event in events {
            let case = shown.entry(event.case.clone()).or_insert_with(|| CaseShown::empty(&event.case, &cases));
            case.events.push(event);
        }
        for candidate in self.waiting()? {
            let id = cases.resolve(&review::case_of(&candidate));
            let Some(judged) = &candidate.judged else { continue };
            if !shown.contains_key(&id) && !waiting {
                continue;
            }
            let case = shown.entry(id.clone()).or_insert_with(|| CaseShown::empty(&id, &cases));
            if case.title.is_empty() {
                case.title.clone_from(&judged.story.title);
                case.country.clone_from(&judged.verdict.country);
            }
            let why = judged.link.as_ref().filter(|link| link.joins);
            let why = why.map(|link| crate::cases::words::reasons(&link.reasons, crate::model::Lang::EN));
            case.waiting.push((candidate.id.clone(), why.unwrap_or_default()));
        }
        let mut list: Vec<CaseShown> = shown.into_values().map(CaseShown::told).collect();
        list.sort_by(|one, two| {
            let day = |case: &CaseShown| case.last_date.map(PartialDate::first_day);
            day(two).cmp(&day(one)).then_with(|| one.id.cmp(&two.id))
        });
        Ok(list)
    }

    /// One case, by its id, one that was merged into it, or the id of an event, a story or a row in it.
    ///
    /// # Errors
    /// Where nothing has the id, or the store cannot be read.
    pub fn case_show(&self, id: &str) -> Result<CaseShown, DeskError> {
        let case = self.case_named(id, &self.events()?)?;
        let found = self.case_list(true)?.into_iter().find(|shown| shown.id == case);
        Ok(match found {
            Some(shown) => shown,
            None => CaseShown::empty(&case, &self.cases()?),
        })
    }

    /// Two cases become one: what is under `from` is under `into` from now on.
    ///
    /// # Errors
    /// Where an id leads nowhere or both to one case, or the records cannot be written.
    pub fn case_merge(&self, into: &str, from: &str, by: &str, now: Timestamp) -> Result<CaseDone, DeskError> {
        let _deciding = self.deciding.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let events = self.events()?;
        let (into, from) = (self.case_named(into, &events)?, self.case_named(from, &events)?);
        if into == from {
            return Err(DeskError::Asked(format!("both ids lead to the case {into} already")));
        }
        let act = CaseAct::Merge { into: into.clone(), from: from.clone() };
        Ok(CaseDone { act: self.act_on_cases(act, by, now)?, case: into, other: Some(from) })
    }

    /// Events of a case become a case of their own.
    ///
    /// # Errors
    /// Where an id leads nowhere, no event or all events of the case are named, or the records cannot be written.
    pub fn case_split(&self, case: &str, chosen: &[String], by: &str, now: Timestamp) -> Result<CaseDone, DeskError> {
        let _deciding = self.deciding.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let events = self.events()?;
        let case = self.case_named(case, &events)?;
        let of_case: Vec<&Event> = events.iter().filter(|event| event.case == case).collect();
        let mut ids = Vec::new();
        for id in chosen {
            let named = |event: &&&Event| event.id == *id || event.stories.iter().any(|told| told.id == *id);
            let found: Vec<String> = of_case.iter().filter(named).map(|event| event.id.clone()).collect();
            if found.is_empty() {
                return Err(DeskError::Asked(format!(
                    "the case {case} has no event {id}; `sozwatch case show {case}`"
                )));
            }
            ids.extend(found);
        }
        ids.sort();
        ids.dedup();
        if ids.is_empty() || ids.len() == of_case.len() {
            return Err(DeskError::Asked(format!(
                "name some of the {} events of the case {case}, not {}: they become a case of their own",
                of_case.len(),
                if ids.is_empty() { "none" } else { "all" }
            )));
        }
        let to = Cases::id_of_split(&ids);
        let act = CaseAct::Split { case: case.clone(), events: ids, to: to.clone() };
        Ok(CaseDone { act: self.act_on_cases(act, by, now)?, case, other: Some(to) })
    }

    /// Notes that a court joined two cases, or severed one from the other. Both stay, and no count changes.
    ///
    /// # Errors
    /// As of [`Desk::case_merge`].
    pub fn case_court(
        &self,
        one: &str,
        two: &str,
        joined: bool,
        by: &str,
        now: Timestamp,
    ) -> Result<CaseDone, DeskError> {
        let events = self.events()?;
        let (case, other) = (self.case_named(one, &events)?, self.case_named(two, &events)?);
        if case == other {
            return Err(DeskError::Asked(format!("both ids lead to the case {case}")));
        }
        let act = CaseAct::Court { case: case.clone(), other: other.clone(), joined };
        Ok(CaseDone { act: self.act_on_cases(act, by, now)?, case, other: Some(other) })
    }

    /// Takes back the last act on a case that stands.
    ///
    /// # Errors
    /// Where no act on it stands, or the records cannot be written.
    pub fn case_undo(&self, id: &str, by: &str, now: Timestamp) -> Result<CaseDone, DeskError> {
        let _deciding = self.deciding.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let cases = self.cases()?;
        let last = match cases.last(id) {
            Some((act, _)) => Some(act),
            None => cases.last(&self.case_named(id, &self.events()?)?).map(|(act, _)| act),
        };
        let Some(act) = last else {
            return Err(DeskError::Asked(format!(
                "nobody merged or split the case {id}: there is nothing to take back"
            )));
        };
        let undone = self.act_on_cases(CaseAct::Undo { act }, by, now)?;
        Ok(CaseDone { act: undone, case: id.to_owned(), other: None })
    }

    fn act_on_cases(&self, act: CaseAct, by: &str, now: Timestamp) -> Result<u64, DeskError> {
        self.record_acts(vec![Act::Case { act, by: by.to_owned() }], now)?;
        Ok(self.store.applied_seq()?)
    }
}

impl CaseShown {
    fn empty(id: &str, cases: &Cases) -> Self {
        let of = |wanted: bool| {
            cases.courts(id).into_iter().filter(|(_, joined)| *joined == wanted).map(|(other, _)| other).collect()
        };
        Self {
            id: id.to_owned(),
            merged: cases.merged_into(id),
            title: String::new(),
            country: None,
            targets: Vec::new(),
            last_date: None,
            stage: None,
            joined_by_court: of(true),
            severed_by_court: of(false),
            events: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// What its events say of the whole.
    fn told(mut self) -> Self {
        let day = |event: &Event| event.card.event_date.or(event.card.registered_date);
        self.events.sort_by(|one, two| {
            let key = |event: &Event| (day(event).map(PartialDate::first_day), event.confirmed);
            key(one).cmp(&key(two)).then_with(|| one.id.cmp(&two.id))
        });
        if let Some(first) = self.events.first() {
            self.title = first.card.headline.clone().unwrap_or_else(|| first.title.clone());
            self.country.clone_from(&first.card.country);
        }
        if let Some(last) = self.events.last() {
            self.last_date = day(last);
            self.stage = last.card.stage.map(|stage| stage.to_string());
        }
        for target in self.events.iter().flat_map(|event| &event.card.targets) {
            if !self.targets.contains(&target.name) {
                self.targets.push(target.name.clone());
            }
        }
        self
    }
}
