//! Health: what each source did, day by day, and how the whole stands now.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use jiff::Timestamp;
use jiff::civil::Date;

use super::alarms::{self, Alarm};
use super::backfill::Backfill;
use super::boxes::BoxesStanding;
use super::report::Totals;
use super::{Desk, DeskError};
use crate::ledger::Record;
use crate::model::{FeedKind, Health, Moment, Poll};

/// One source in the health table.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct SourceHealth {
    /// Its name.
    pub name: String,
    /// `alive`, `mute`, `failing`, `never polled`.
    pub state: &'static str,
    /// When a feed of it last answered.
    pub last_success: Option<Timestamp>,
    /// When a feed of it last announced something new.
    pub last_new_story: Option<Timestamp>,
    /// Stories kept in the last seven days.
    pub stories_in_a_week: u32,
    /// The same for a day, over those of the seven days on which it was polled.
    pub stories_a_day: f64,
    /// Failures since the last success, over its feeds.
    pub failures: f64,
    /// When its next feed is due.
    pub next_due: Option<Timestamp>,
    /// The last failure, in words.
    pub why: Option<String>,
    /// Where its backfill stands, where one is configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backfill: Option<Backfill>,
    /// Its feeds.
    pub feeds: Vec<FeedHealth>,
}

/// One feed of a source in the health table.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct FeedHealth {
    /// Its address as configured.
    pub url: String,
    /// Where it has moved for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<String>,
    /// How it is read.
    pub kind: FeedKind,
    /// When it last answered.
    pub last_success: Option<Timestamp>,
    /// When it is due again.
    pub next_due: Option<Timestamp>,
    /// Its usual time between two entries, in seconds.
    pub usual_gap: Option<u64>,
    /// Failures since the last success.
    pub failures: f64,
    /// The last failure, in words.
    pub why: Option<String>,
    /// Entries in a row without an article.
    pub unread: u32,
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
    /// The main figures of the running month so far, and of the last one that is over, as a report prints them.
    pub totals: Vec<Totals>,
    /// Stories kept.
    pub stories: usize,
    /// Inputs set aside.
    pub quarantined: usize,
    /// Version of the rule set in force.
    pub rule_set: String,
    /// The reviewers' boxes, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boxes: Option<BoxesStanding>,
    /// What the operator must hear of.
    pub alarms: Vec<Alarm>,
    /// Every configured source.
    pub sources: Vec<SourceHealth>,
}

/// What health is told from: the records of the last weeks, by source.
struct Past {
    today: Date,
    rows: Vec<(Date, String, Health)>,
}

impl Past {
    fn of<'p>(&'p self, source: &'p str) -> impl Iterator<Item = (Date, &'p Health)> {
        let own = self.rows.iter().filter(move |(_, name, _)| name == source);
        own.map(|(date, _, health)| (*date, health))
    }
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
            totals: self.totals(now)?,
            stories: counts.stories,
            quarantined: counts.quarantined,
            rule_set: self.bench().version().to_owned(),
            boxes: self.boxes_standing()?,
            alarms: self.alarms(now)?,
            sources: self.source_health(now)?,
        })
    }

    /// The health table of the configured sources.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn source_health(&self, now: Timestamp) -> Result<Vec<SourceHealth>, DeskError> {
        let past = self.past(now)?;
        let week_ago = past.today.checked_sub(jiff::Span::new().days(6)).unwrap_or(past.today);
        let mut table = Vec::new();
        for source in &self.config.sources {
            let polls = self.polls_of(source)?;
            let known: Vec<&Poll> = polls.iter().filter_map(|(_, poll)| poll.as_ref()).collect();
            let week: Vec<&Health> = past
                .of(&source.name)
                .filter(|(date, health)| *date >= week_ago && health.polls_ok + health.polls_failed > 0)
                .map(|(_, health)| health)
                .collect();
            let stories: u32 = week.iter().map(|health| health.stories).sum();
            let alarms = self.alarms_of(source, &past, now)?;
            let is_mute = alarms.iter().any(|alarm| alarm.ailment == alarms::Ailment::Mute);
            table.push(SourceHealth {
                name: source.name.clone(),
                state: match (known.is_empty(), known.iter().all(|poll| poll.error.is_some())) {
                    (true, _) => "never polled",
                    (false, true) => "failing",
                    (false, false) if is_mute => "mute",
                    (false, false) => "alive",
                },
                last_success: known.iter().filter_map(|poll| poll.last_success).max(),
                last_new_story: known.iter().filter_map(|poll| poll.last_new_entry).max(),
                stories_in_a_week: stories,
                stories_a_day: f64::from(stories) / week.len().max(1) as f64,
                failures: known.iter().map(|poll| poll.failures).sum(),
                next_due: known.iter().filter_map(|poll| poll.next_due).min(),
                why: known.iter().find_map(|poll| poll.error.clone()),
                backfill: self.backfill_of(source)?,
                feeds: source
                    .feeds
                    .iter()
                    .zip(&polls)
                    .map(|(feed, (_, poll))| {
                        let poll = poll.clone().unwrap_or_default();
                        FeedHealth {
                            url: feed.url.clone(),
                            moved: poll.moved,
                            kind: feed.kind,
                            last_success: poll.last_success,
                            next_due: poll.next_due,
                            usual_gap: poll.gap,
                            failures: poll.failures,
                            why: poll.error,
                            unread: poll.unread,
                        }
                    })
                    .collect(),
            });
        }
        Ok(table)
    }

    /// What the operator must hear of now, by source and then by language.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn alarms(&self, now: Timestamp) -> Result<Vec<Alarm>, DeskError> {
        let past = self.past(now)?;
        let mut alarms = Vec::new();
        for source in &self.config.sources {
            alarms.extend(self.alarms_of(source, &past, now)?);
        }
        alarms.extend(alarms::of_languages(&past.rows, past.today));
        alarms.extend(self.alarms_of_boxes(now));
        alarms.extend(self.alarms_of_house(now)?);
        Ok(alarms)
    }

    fn alarms_of_house(&self, now: Timestamp) -> Result<Vec<Alarm>, DeskError> {
        let captured = |candidate: crate::model::Candidate| Some(candidate.judged?.captured);
        let waiting: Vec<Timestamp> = self.waiting()?.into_iter().filter_map(captured).collect();
        let config = &self.config.daemon;
        let house = alarms::House {
            folder: &self.config.store.path,
            disk_free: self.disk_free(),
            disk_wanted: config.disk_free,
            damage: self.damage.load(std::sync::atomic::Ordering::Relaxed),
            waiting: &waiting,
            patience: config.backlog,
        };
        Ok(alarms::of_house(&house, now))
    }

    /// Share of the store's disk that is free, in percent; `None` where the system does not tell.
    pub fn disk_free(&self) -> Option<f64> {
        let disk = rustix::fs::statvfs(self.folder()).ok()?;
        (disk.f_blocks > 0).then(|| disk.f_bavail as f64 * 100.0 / disk.f_blocks as f64)
    }

    /// Reads every record again and tells how many faults there are; they are an alarm until the next
    /// look.
    ///
    /// # Errors
    /// Where a file cannot be read at all.
    pub fn look_for_damage(&self) -> Result<usize, DeskError> {
        let faults = Self::verify(&self.folder())?.faults().count();
        self.damage.store(faults, std::sync::atomic::Ordering::Relaxed);
        Ok(faults)
    }

    fn alarms_of(&self, source: &crate::config::Source, past: &Past, now: Timestamp) -> Result<Vec<Alarm>, DeskError> {
        let polls = self.polls_of(source)?;
        let known: Vec<(&str, Poll)> = polls.into_iter().filter_map(|(url, poll)| Some((url, poll?))).collect();
        let days: Vec<(Date, &Health)> = past.of(&source.name).collect();
        let mut alarms = alarms::of_source(&source.name, &known, &days, past.today, now);
        alarms.extend(self.backfill_in_vain(source)?);
        Ok(alarms)
    }

    fn polls_of<'s>(&self, source: &'s crate::config::Source) -> Result<Vec<(&'s str, Option<Poll>)>, DeskError> {
        let poll = |feed: &'s crate::config::Feed| Ok((feed.url.as_str(), self.store.poll(&feed.url)?));
        source.feeds.iter().map(poll).collect()
    }

    fn past(&self, now: Timestamp) -> Result<Past, DeskError> {
        let today = self.today(now);
        let from = today.checked_sub(jiff::Span::new().days(alarms::MEMORY)).unwrap_or(today);
        Ok(Past { today, rows: self.store.health(from, today)? })
    }

    /// Gives every configured source a record of today and of each day since its last one: what a day without
    /// polls comes to is that nobody was asked, and a later report can say so. Tells how many were missing.
    ///
    /// # Errors
    /// Where the store cannot be read or the records cannot be written.
    pub fn note_unasked(&self, now: Timestamp) -> Result<usize, DeskError> {
        let _noting = self.noting.lock().unwrap_or_else(PoisonError::into_inner);
        let past = self.past(now)?;
        let mut missing = Vec::new();
        for source in &self.config.sources {
            let last = past.of(&source.name).map(|(date, _)| date).max();
            let mut date = last.and_then(|last| last.tomorrow().ok()).unwrap_or(past.today);
            while date <= past.today {
                missing.push(Record::Health { date, source: source.name.clone(), health: Health::default() });
                let Ok(next) = date.tomorrow() else { break };
                date = next;
            }
        }
        self.record(&missing)?;
        Ok(missing.len())
    }

    /// Adds what a source did in this cycle to its record of today.
    pub(super) fn note_health(&self, source: &str, more: Health, now: Timestamp) -> Result<(), DeskError> {
        let _noting = self.noting.lock().unwrap_or_else(PoisonError::into_inner);
        let date = self.today(now);
        let sum = self
            .store
            .health(date, date)?
            .into_iter()
            .find(|(_, name, _)| name == source)
            .map(|(_, _, health)| health)
            .unwrap_or_default();
        let mut languages: BTreeMap<String, u32> = sum.languages;
        for (language, count) in more.languages {
            *languages.entry(language).or_default() += count;
        }
        let health = Health {
            polls_ok: sum.polls_ok + more.polls_ok,
            polls_failed: sum.polls_failed + more.polls_failed,
            entries: sum.entries + more.entries,
            stories: sum.stories + more.stories,
            candidates: sum.candidates + more.candidates,
            set_aside: sum.set_aside + more.set_aside,
            languages,
        };
        self.record(&[Record::Health { date, source: source.to_owned(), health }])
    }

    /// The date of the house's time zone.
    pub(super) fn today(&self, now: Timestamp) -> Date {
        Moment::utc(now).date_in(&self.config.schedule.time_zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn a_day_on_which_nobody_was_asked_is_on_record() {
        let at = |day: i64| Timestamp::from_second(1_510_800_000 + 86_400 * day).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let text = ["Tau", "Dala"].map(|name| {
            format!("[[source]]\nname = \"{name}\"\ndomain = \"{name}.example\"\n[[source.feed]]\nurl = \"https://{name}.example/rss\"\n")
        });
        let open = || {
            let (config, told) = crate::config::parse(&text.concat(), "config.toml").unwrap();
            assert_eq!(told, []);
            Desk::open(config, folder.path(), at(0)).unwrap().0
        };
        let desk = open();
        desk.note_health("Tau", Health { polls_ok: 2, ..Health::default() }, at(0)).unwrap();
        // Today's record of who was asked stays as it is; the other gets one.
        assert_eq!(desk.note_unasked(at(0)).unwrap(), 1);
        assert_eq!(desk.note_unasked(at(0)).unwrap(), 0);
        desk.note_health("Dala", Health { polls_ok: 1, ..Health::default() }, at(0)).unwrap();
        // Three days without a process.
        assert_eq!(desk.note_unasked(at(3)).unwrap(), 6);
        desk.note_health("Tau", Health { polls_failed: 4, ..Health::default() }, at(3)).unwrap();
        // A clock that was set back and forth adds nothing.
        assert_eq!((desk.note_unasked(at(1)).unwrap(), desk.note_unasked(at(3)).unwrap()), (0, 0));
        let days = |desk: &Desk| desk.store().health(desk.today(at(-9)), desk.today(at(9))).unwrap();
        let told: Vec<(u32, u32)> = days(&desk).iter().map(|(_, _, day)| (day.polls_ok, day.polls_failed)).collect();
        assert_eq!(told, [(1, 0), (2, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 4)]);
        let names = || vec!["Dala".to_owned(), "Tau".to_owned()];
        let since = days(&desk).into_iter().filter(|(date, ..)| *date > desk.today(at(0))).collect::<Vec<_>>();
        let coverage = crate::digest::Coverage::of(names(), &since, 0);
        assert_eq!((coverage.not_polled, coverage.failing), (vec!["Dala".to_owned()], vec!["Tau".to_owned()]));
        // What was not asked does not thin out what was.
        assert!((desk.source_health(at(3)).unwrap()[0].stories_a_day - 0.0).abs() < f64::EPSILON);
        let live = days(&desk);
        drop(desk);
        Desk::rebuild(&Config::embedded(), folder.path()).unwrap();
        assert_eq!(days(&open()), live);
    }
}
