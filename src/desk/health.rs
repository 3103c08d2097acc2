//! Health: what each source did, day by day, and how the whole stands now.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Desk, DeskError};
use crate::ledger::Record;
use crate::model::{Health, Moment, Poll};

/// One source in the health table.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct SourceHealth {
    /// Its name.
    pub name: String,
    /// `alive`, `failing`, `never polled`.
    pub state: &'static str,
    /// When a feed of it last answered.
    pub last_success: Option<Timestamp>,
    /// When a feed of it last announced something new.
    pub last_new_story: Option<Timestamp>,
    /// Stories kept in the last seven days.
    pub stories_in_a_week: u32,
    /// Failures since the last success, over its feeds.
    pub failures: f64,
    /// When its next feed is due.
    pub next_due: Option<Timestamp>,
    /// The last failure, in words.
    pub why: Option<String>,
}

/// How the workspace stands.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Standing {
    /// Candidates that nobody has decided.
    pub waiting: usize,
    /// Candidates decided.
    pub decided: usize,
    /// Confirmed events.
    pub events: usize,
    /// Stories kept.
    pub stories: usize,
    /// Inputs set aside.
    pub quarantined: usize,
    /// Version of the rule set in force.
    pub rule_set: String,
    /// Every configured source.
    pub sources: Vec<SourceHealth>,
}

impl Desk {
    /// How the workspace stands now.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn standing(&self, now: Timestamp) -> Result<Standing, DeskError> {
        let counts = self.store.counts()?;
        Ok(Standing {
            waiting: counts.waiting,
            decided: counts.decided,
            events: self.events()?.len(),
            stories: counts.stories,
            quarantined: counts.quarantined,
            rule_set: self.judge().rules().version(),
            sources: self.source_health(now)?,
        })
    }

    /// The health table of the configured sources.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn source_health(&self, now: Timestamp) -> Result<Vec<SourceHealth>, DeskError> {
        let today = self.today(now);
        let week_ago = today.checked_sub(jiff::Span::new().days(6)).unwrap_or(today);
        let mut stories: BTreeMap<String, u32> = BTreeMap::new();
        for (_, source, health) in self.store.health(week_ago, today)? {
            *stories.entry(source).or_default() += health.stories;
        }
        let mut table = Vec::new();
        for source in &self.config.sources {
            let polls: Vec<Poll> = source
                .feeds
                .iter()
                .filter_map(|feed| self.store.poll(&feed.url).transpose())
                .collect::<Result<_, _>>()?;
            let failures: f64 = polls.iter().map(|poll| poll.failures).sum();
            table.push(SourceHealth {
                name: source.name.clone(),
                state: match (polls.is_empty(), polls.iter().all(|poll| poll.error.is_some())) {
                    (true, _) => "never polled",
                    (false, true) => "failing",
                    (false, false) => "alive",
                },
                last_success: polls.iter().filter_map(|poll| poll.last_success).max(),
                last_new_story: polls.iter().filter_map(|poll| poll.last_new_entry).max(),
                stories_in_a_week: stories.get(&source.name).copied().unwrap_or_default(),
                failures,
                next_due: polls.iter().filter_map(|poll| poll.next_due).min(),
                why: polls.iter().find_map(|poll| poll.error.clone()),
            });
        }
        Ok(table)
    }

    /// Adds what a source did in this cycle to its record of today.
    pub(super) fn note_health(&self, source: &str, more: Health, now: Timestamp) -> Result<(), DeskError> {
        let date = self.today(now);
        let sum = self
            .store
            .health(date, date)?
            .into_iter()
            .find(|(_, name, _)| name == source)
            .map(|(_, _, health)| health)
            .unwrap_or_default();
        let health = Health {
            polls_ok: sum.polls_ok + more.polls_ok,
            polls_failed: sum.polls_failed + more.polls_failed,
            entries: sum.entries + more.entries,
            stories: sum.stories + more.stories,
            candidates: sum.candidates + more.candidates,
            set_aside: sum.set_aside + more.set_aside,
        };
        self.record(&[Record::Health { date, source: source.to_owned(), health }])
    }

    /// The date of the house's time zone.
    pub(super) fn today(&self, now: Timestamp) -> Date {
        Moment::utc(now).date_in(&self.config.schedule.time_zone)
    }
}
