//! Publishing: the digest of a week, rendered and written whole.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{Desk, DeskError};
use crate::digest::{self, Coverage, Digest, Edition, IsoWeek};
use crate::ledger::Act;
use crate::model::Lang;

/// Weeks back for which a missed digest is made up.
const MADE_UP: usize = 12;

/// What was published.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Published {
    /// The week.
    pub week: String,
    /// Events in it.
    pub events: usize,
    /// Of them under "Earlier".
    pub earlier: usize,
    /// The files written.
    pub files: Vec<PathBuf>,
}

/// What a digest is asked for.
pub struct Wanted<'a> {
    /// The week; the last full one where `None`.
    pub week: Option<IsoWeek>,
    /// Languages.
    pub languages: &'a [Lang],
    /// Formats: `md`, `html`, `csv`, `json`.
    pub formats: &'a [String],
    /// Internal or public.
    pub edition: Edition,
    /// Where to write.
    pub dir: &'a Path,
}

impl Desk {
    /// The events of a week with its coverage, as every format prints them.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn gather_digest(&self, week: IsoWeek) -> Result<Digest, DeskError> {
        let zone = &self.config.schedule.time_zone;
        let published: BTreeMap<String, Vec<String>> = self.store.digests()?;
        let health = self.store.health(week.monday(), week.sunday())?;
        let undecided = self
            .waiting()?
            .iter()
            .filter_map(|candidate| candidate.judged.as_ref()?.story.published)
            .filter(|published| week.holds(published.date_in(zone)))
            .count();
        let names = self.config.sources.iter().map(|source| source.name.clone()).collect();
        let coverage = Coverage::of(names, &health, undecided);
        Ok(Digest::gather(&self.events()?, week, zone, &published, coverage))
    }

    /// Writes the digest of a week in each language and format, and notes in the ledger which events
    /// it held.
    ///
    /// # Errors
    /// Where the store cannot be read or a file not be written.
    pub fn digest(&self, wanted: &Wanted<'_>, now: Timestamp) -> Result<Published, DeskError> {
        let week = wanted.week.unwrap_or_else(|| IsoWeek::last_full(now, &self.config.schedule.time_zone));
        let digest = self.gather_digest(week)?;
        let mut published = Published {
            week: week.to_string(),
            events: digest.events.len() + digest.earlier.len(),
            earlier: digest.earlier.len(),
            files: Vec::new(),
        };
        for format in wanted.formats {
            for lang in wanted.languages {
                let Some(bytes) = digest::render(&digest, *lang, format, wanted.edition) else {
                    return Err(DeskError::Asked(format!("`{format}` is no format of a digest")));
                };
                let file = wanted.dir.join(digest::file_name(week, *lang, format));
                published.files.push(self.write_output(&file, &bytes)?);
            }
        }
        let events: Vec<String> = digest.events.iter().chain(&digest.earlier).map(|event| event.id.clone()).collect();
        if self.store.digests()?.get(&published.week) != Some(&events) {
            self.record_acts(vec![Act::Digest { week: published.week.clone(), events }], now)?;
        }
        Ok(published)
    }

    /// The oldest week whose digest was due by now and never written, where there is one: the daemon makes
    /// up what it missed, and never writes one twice by itself.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn digest_due(&self, now: Timestamp) -> Result<Option<IsoWeek>, DeskError> {
        let schedule = &self.config.schedule;
        let due = digest::last_due(now, schedule.digest.weekday, schedule.digest.time, &schedule.time_zone);
        let mut week = IsoWeek::last_full(due, &schedule.time_zone);
        let Some(first) = self.store.first_watched()? else { return Ok(None) };
        let written = self.store.digests()?;
        let mut owed = None;
        for _ in 0..MADE_UP {
            // A workspace that did not exist when the digest was due owes none.
            if week.sunday() < first {
                break;
            }
            if !written.contains_key(&week.to_string()) {
                owed = Some(week);
            }
            let Ok(before) = week.monday().yesterday() else { break };
            week = IsoWeek::of(before);
        }
        Ok(owed)
    }
}
