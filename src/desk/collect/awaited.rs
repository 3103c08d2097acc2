//! Announced pages that have not come yet.
//!
//! A feed shows an article for a while. A page that could not be had in that time, or that was on its way when the
//! process was killed, must not be lost with it: what is about to be asked for is noted first, and asked for again at
//! growing intervals, whether its feed still shows it or not. What does not come in a week is set aside.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Feeds, Found, Round, Taken};
use crate::config::Source;
use crate::desk::{Desk, DeskError};
use crate::ledger::Record;
use crate::model::{Awaited, Diagnostic, Entry};

/// A page that fails for so long is given up.
const PATIENCE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Between two tries at most.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);

impl Desk {
    /// When the first page that a source still owes is to be asked for again.
    pub(super) fn awaited_due(&self, source: &Source) -> Result<Option<Timestamp>, DeskError> {
        Ok(self.store.awaited(&source.name)?.into_iter().map(|page| page.next).min())
    }

    /// Asks again for the pages that a source owed before its feeds were polled, as far as they are due and the feeds
    /// did not bring them up: the longest awaited first.
    pub(super) async fn take_awaited(
        self: &Arc<Self>,
        source: &Source,
        owed: Vec<Awaited>,
        room: usize,
        round: &Round<'_>,
        faults: &mut Vec<Diagnostic>,
    ) -> Result<Taken, DeskError> {
        let now = (round.clock)();
        let mut due = Vec::new();
        for page in owed.into_iter().filter(|page| is_due(page, round.feeds, now)) {
            if self.store.awaited_at(&source.name, &page.url)?.as_ref() == Some(&page) {
                due.push(page);
            }
        }
        due.sort_by_key(|page| page.since);
        due.truncate(room);
        let found = due.into_iter().map(|page| Found { entry: page.entry, page: None }).collect();
        self.take_entries(source, found, room, round, faults).await
    }

    /// Notes which pages are about to be asked for: those that come are told by [`Desk::came`].
    pub(super) fn await_pages<'a>(
        &self,
        source: &Source,
        entries: impl Iterator<Item = (&'a Entry, &'a str)>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let noted = entries.map(|(entry, url)| {
            let entry = Entry { feed_title: None, summary: None, ..entry.clone() };
            let (source, url) = (source.name.clone(), url.to_owned());
            Record::Awaited(Box::new(Awaited { source, url, entry, since: now, tries: 0, next: now }))
        });
        let noted: Vec<Record> = noted.collect();
        if noted.is_empty() { Ok(()) } else { self.record(&noted) }
    }

    /// Pages that were awaited have come, or will be asked for no more.
    pub(super) fn came(&self, source: &Source, urls: Vec<String>) -> Result<(), DeskError> {
        match urls.is_empty() {
            true => Ok(()),
            false => self.record(&[Record::Came { source: source.name.clone(), urls }]),
        }
    }

    /// Notes that a page was asked for in vain; gives whether it will be asked for again.
    pub(super) fn await_longer(
        &self,
        source: &Source,
        url: &str,
        retry_after: Option<SignedDuration>,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let Some(mut page) = self.store.awaited_at(&source.name, url)? else { return Ok(true) };
        if now.duration_since(page.since) > PATIENCE {
            return Ok(false);
        }
        let every = SignedDuration::try_from(self.config.schedule.every).unwrap_or(LONGEST_WAIT);
        page.tries += 1;
        let tries = i32::try_from(page.tries).unwrap_or(i32::MAX);
        let wait = every.checked_mul(tries).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
        page.next = now.checked_add(wait.max(retry_after.unwrap_or_default())).unwrap_or(Timestamp::MAX);
        self.record(&[Record::Awaited(Box::new(page))])?;
        Ok(true)
    }
}

/// Is it time to ask for it, in a cycle over these feeds? A clock that was set back keeps none waiting.
pub(super) fn is_due(page: &Awaited, feeds: Feeds, now: Timestamp) -> bool {
    feeds == Feeds::All || page.next <= now || page.since > now
}
