//! Collecting: one cycle over the configured feeds, from poll to kept stories.
//!
//! A source's feeds and pages are read one after the other, sources beside each other; the client
//! keeps the pace of each host. A feed that fails never stops the rest. A page that fails to arrive
//! for a passing reason is asked for again ([`awaited`]), whether its feed still shows it or not.
//!
//! A feed that has moved for good is asked at its new address from then on; the configured one stays
//! its name, and is asked again where the new one fails.

mod awaited;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::StreamExt as _;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::read::{freshest, read};
use super::revisit::Revisited;
use super::trail::{Ended, Trail};
use super::{Desk, DeskError, Kept, Tally};
use crate::config::{Feed, ScheduleConfig, Source};
use crate::extract;
use crate::ledger::Record;
use crate::model::{Diagnostic, Entry, FeedKind, Health, Page, Poll, hex};
use crate::net::{self, Client, FetchError, Fetched, Pace, Rhythm};

/// A clock is set by so much without anything having gone wrong.
const CLOCKS_DIFFER: jiff::SignedDuration = jiff::SignedDuration::from_mins(2);
/// Pages of a listing, or sitemaps of an index, followed in one poll.
const PAGES_OF_A_LISTING: usize = 5;
/// New pages of one source fetched in one cycle; the rest come with the next.
pub const PAGES_OF_A_SOURCE: usize = 2_000;

/// Which feeds a cycle polls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feeds {
    /// Those that are due.
    Due,
    /// Every one.
    All,
}

/// How far a cycle has come, for a progress bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many feeds will be polled.
    Feeds(usize),
    /// One of them is done.
    FeedDone,
    /// So many new pages will be fetched.
    Pages(usize),
    /// One of them is done.
    PageDone,
}

/// What one cycle did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Cycle {
    /// Feeds polled.
    pub feeds: u32,
    /// Of them unchanged since the last poll.
    pub unchanged: u32,
    /// Of them failed.
    pub feeds_failed: u32,
    /// Entries announced by the feeds that were read.
    pub entries: u32,
    /// What became of the entries that were new.
    pub pages: Tally,
    /// Candidates' pages that were asked for again.
    pub revisited: Revisited,
    /// What failed, and what was refused, with the reason.
    pub faults: Vec<Diagnostic>,
    /// What the operator should know and need not mend at once: a feed that moved.
    pub notices: Vec<Diagnostic>,
}

impl Cycle {
    fn add(&mut self, other: Self) {
        self.feeds += other.feeds;
        self.unchanged += other.unchanged;
        self.feeds_failed += other.feeds_failed;
        self.entries += other.entries;
        self.pages.add(other.pages);
        self.revisited.add(other.revisited);
        self.faults.extend(other.faults);
        self.notices.extend(other.notices);
    }
}

/// What a cycle needs beside the desk.
pub struct Round<'a> {
    /// The polite client.
    pub client: &'a Client,
    /// Which feeds.
    pub feeds: Feeds,
    /// Most new pages of one source that are fetched before the others have their turn again.
    pub most_pages: usize,
    /// The clock.
    pub clock: fn() -> Timestamp,
    /// Set when the process is asked to stop: no new request is begun.
    pub stop: &'a AtomicBool,
    /// Told how far it has come.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

/// How a poll of one feed ended.
enum Polled {
    Unchanged(Poll),
    Read {
        announced: Vec<Found>,
        poll: Poll,
        /// Everything that the feed announced was read: the same answer need not be read again.
        whole: bool,
    },
}

/// What was announced, with the page that holds it where that was fetched already.
pub(super) struct Found {
    pub(super) entry: Entry,
    /// The preview of a channel holds its posts whole.
    pub(super) page: Option<Arc<Page>>,
}

/// What became of the entries of one feed.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) tally: Tally,
    /// Stories kept, by language.
    pub(super) languages: BTreeMap<String, u32>,
    /// New entries whose page was asked for.
    pub(super) fetched: usize,
    /// New entries that wait for the next cycle.
    pub(super) left: usize,
}

impl Desk {
    /// Polls the feeds, fetches what is new, judges and keeps it.
    ///
    /// # Errors
    /// Where the records or the store cannot be written; a feed or page that fails is counted.
    pub async fn collect(self: &Arc<Self>, round: &Round<'_>) -> Result<Cycle, DeskError> {
        self.note_unasked((round.clock)())?;
        let mut due = Vec::new();
        for source in &self.config.sources {
            if let Some(feeds) = self.feeds_due(source, round)? {
                due.push((source, feeds));
            }
        }
        (round.progress)(Progress::Feeds(due.iter().map(|(_, feeds)| feeds.len()).sum()));
        let mut rounds = futures::stream::iter(due)
            .map(|(source, feeds)| self.collect_source(source, feeds, round))
            .buffer_unordered(self.config.crawl.max_concurrent.max(1));
        let mut cycle = Cycle::default();
        while let Some(done) = rounds.next().await {
            cycle.add(done?);
        }
        Ok(cycle)
    }

    /// The same for one source, by its position in the configuration.
    ///
    /// # Errors
    /// As of [`Desk::collect`].
    pub async fn collect_from(self: &Arc<Self>, at: usize, round: &Round<'_>) -> Result<Cycle, DeskError> {
        let Some(source) = self.config.sources.get(at) else { return Ok(Cycle::default()) };
        match self.feeds_due(source, round)? {
            Some(feeds) => self.collect_source(source, feeds, round).await,
            None => Ok(Cycle::default()),
        }
    }

    /// The feeds of a source that are to be polled; `None` where it has nothing to do.
    fn feeds_due<'s>(&self, source: &'s Source, round: &Round<'_>) -> Result<Option<Vec<(&'s Feed, Poll)>>, DeskError> {
        let now = (round.clock)();
        let mut feeds = Vec::new();
        for feed in &source.feeds {
            let poll = self.store.poll(&feed.url)?.unwrap_or_default();
            if round.feeds == Feeds::All || due_at(&poll, now) <= now {
                feeds.push((feed, poll));
            }
        }
        let more = [self.backfill_due(source)?, self.revisit_due(source, now)?, self.awaited_due(source)?];
        let due = !feeds.is_empty() || more.into_iter().flatten().any(|at| at <= now);
        Ok(due.then_some(feeds))
    }

    async fn collect_source(
        self: &Arc<Self>,
        source: &Source,
        feeds: Vec<(&Feed, Poll)>,
        round: &Round<'_>,
    ) -> Result<Cycle, DeskError> {
        let mut cycle = Cycle::default();
        let mut health = Health::default();
        let mut room = round.most_pages;
        let owed = self.store.awaited(&source.name)?;
        for (feed, old) in feeds {
            // A feed that finds no room stays due.
            if room == 0 || round.stop.load(Ordering::Relaxed) {
                break;
            }
            cycle.feeds += 1;
            match self.poll(source, feed, &old, round).await {
                Ok(Polled::Unchanged(poll)) => {
                    cycle.unchanged += 1;
                    health.polls_ok += 1;
                    tell_moved(feed, &old, &poll, &mut cycle.notices);
                    self.remember(feed, poll, &Taken::default(), (round.clock)())?;
                }
                Ok(Polled::Read { announced, poll, whole }) => {
                    health.polls_ok += 1;
                    cycle.entries += announced.len() as u32;
                    tell_moved(feed, &old, &poll, &mut cycle.notices);
                    let taken = self.take_entries(source, announced, room, round, &mut cycle.faults).await?;
                    room = room.saturating_sub(taken.fetched);
                    let poll = if whole { poll } else { unremembered(poll) };
                    self.remember(feed, poll, &taken, (round.clock)())?;
                    add_to(&mut health, &taken);
                    cycle.pages.add(taken.tally);
                }
                Err(fault) => {
                    cycle.feeds_failed += 1;
                    health.polls_failed += 1;
                    tracing::warn!(source = source.name, feed = feed.url, fault = fault.words, "feed failed");
                    cycle.faults.push(Diagnostic::new(&feed.url, &fault.words));
                    self.remember_failure(feed, old, fault, (round.clock)())?;
                }
            }
            (round.progress)(Progress::FeedDone);
        }
        if room > 0 {
            let taken = self.take_awaited(source, owed, room, round, &mut cycle.faults).await?;
            room = room.saturating_sub(taken.fetched);
            add_to(&mut health, &taken);
            cycle.pages.add(taken.tally);
        }
        if room > 0 {
            cycle.revisited = self.revisit(source, room, round).await?;
            room = room.saturating_sub(cycle.revisited.total() as usize);
        }
        if room > 0
            && let Some(taken) = self.backfill(source, room, round, &mut cycle.faults).await?
        {
            add_to(&mut health, &taken);
            cycle.pages.add(taken.tally);
        }
        self.note_health(&source.name, health, (round.clock)())?;
        Ok(cycle)
    }

    /// Asks a feed for its entries: where it moved to, else at its address, then at each fallback until
    /// one answers with a feed.
    async fn poll(&self, source: &Source, feed: &Feed, poll: &Poll, round: &Round<'_>) -> Result<Polled, PollFault> {
        let moved = poll.moved.as_deref().filter(|moved| *moved != feed.url);
        let first = moved.unwrap_or(&feed.url);
        let fault = match self.poll_at(first, source, feed, poll, round).await {
            Ok(polled) => return Ok(polled),
            Err(fault) => fault,
        };
        // What is remembered of the answer belongs to the first address: another is asked without it.
        let unknown = Poll { etag: None, last_modified: None, moved: None, ..poll.clone() };
        let own = moved.map(|_| feed.url.as_str());
        for other in own.into_iter().chain(feed.fallbacks.iter().map(String::as_str)) {
            if let Ok(polled) = self.poll_at(other, source, feed, &unknown, round).await {
                tracing::info!(feed = feed.url, address = other, fault = fault.words, "another address answered");
                return Ok(polled);
            }
        }
        Err(fault)
    }

    /// Asks one address of a feed, with all pages of a listing or children of a sitemap index.
    async fn poll_at(
        &self,
        url: &str,
        source: &Source,
        feed: &Feed,
        poll: &Poll,
        round: &Round<'_>,
    ) -> Result<Polled, PollFault> {
        let now = (round.clock)();
        let alive = Poll { error: None, failures: 0.0, last_success: Some(now), next_due: None, ..poll.clone() };
        let page = match round.client.get_by(source.proxy.as_deref(), url, Some(poll)).await? {
            Fetched::NotModified => return Ok(Polled::Unchanged(alive)),
            Fetched::Page(page) => page,
        };
        let is_fallback = feed.fallbacks.iter().any(|fallback| fallback == url);
        let body_hash = hex(&Sha256::digest(&page.body));
        let fresh_for = net::fresh_for(&page).map(|fresh| fresh.as_secs());
        let mut new = Poll {
            etag: page.header("etag").filter(|_| !is_fallback).map(str::to_owned),
            last_modified: page.header("last-modified").filter(|_| !is_fallback).map(str::to_owned),
            body_hash: Some(body_hash.clone()),
            ..alive
        };
        let moved =
            page.moved.clone().or_else(|| poll.moved.clone()).filter(|moved| !is_fallback && *moved != feed.url);
        if poll.body_hash.as_deref() == Some(body_hash.as_str()) {
            return Ok(Polled::Unchanged(Poll { moved, ..new }));
        }
        let page = Arc::new(page);
        let mut announced = read(&page, feed, source)?;
        // Only what reads as a feed is a feed that moved: a closed outlet's address leads to a front page.
        new.moved = moved;
        new.hold = announced.wishes.ttl.map(|ttl| ttl.as_secs()).max(fresh_for);
        new.skip_hours = std::mem::take(&mut announced.wishes.skip_hours);
        new.skip_days = std::mem::take(&mut announced.wishes.skip_days);
        let of = |entries: Vec<Entry>, page: &Arc<Page>| {
            let page = (feed.kind == FeedKind::Telegram).then(|| Arc::clone(page));
            entries.into_iter().map(move |entry| Found { entry, page: page.clone() })
        };
        let mut found: Vec<Found> = of(announced.entries, &page).collect();
        let mut whole = true;
        // An index that does not say when its sitemaps changed stays the same when they do.
        whole &= announced.children.iter().all(|child| child.changed.is_some());
        let mut fault = None;
        for child in freshest(announced.children).iter().take(PAGES_OF_A_LISTING) {
            match self.page_of(&child.url, source, feed, round).await {
                Ok(Some((page, more))) => found.extend(of(more.entries, &page)),
                Ok(None) => {}
                Err(broken) => {
                    whole = false;
                    fault = Some(broken);
                }
            }
        }
        if let Some(fault) = fault.filter(|_| found.is_empty()) {
            return Err(fault);
        }
        // The first visit to a channel does not go back into its past unless that was asked for.
        let goes_back = feed.kind == FeedKind::Listing || poll.last_success.is_some() || source.backfill.is_some();
        let mut next = announced.next.take().filter(|_| goes_back);
        for _ in 1..PAGES_OF_A_LISTING {
            // A listing goes on into the past: what is known already ends the walk.
            let all_new = found.iter().all(|found| !self.is_seen(&found.entry));
            let Some(address) = next.take().filter(|_| all_new) else { break };
            match self.page_of(&address, source, feed, round).await {
                Ok(Some((page, more))) => {
                    next = more.next;
                    found.extend(of(more.entries, &page));
                }
                Ok(None) => break,
                Err(broken) => {
                    tracing::info!(feed = feed.url, address, fault = broken.words, "an older page could not be read");
                    whole = false;
                    break;
                }
            }
        }
        let dates = found.iter().filter_map(|found| found.entry.published).map(|moment| moment.timestamp);
        new.gap = net::usual_gap(dates, now).or(poll.gap);
        Ok(Polled::Read { announced: found, poll: new, whole })
    }

    /// One more page of a feed.
    pub(super) async fn page_of(
        &self,
        url: &str,
        source: &Source,
        feed: &Feed,
        round: &Round<'_>,
    ) -> Result<Option<(Arc<Page>, super::read::Announced)>, PollFault> {
        match round.client.get_by(source.proxy.as_deref(), url, None).await? {
            Fetched::Page(page) => {
                let announced = read(&page, feed, source)?;
                Ok(Some((Arc::new(page), announced)))
            }
            Fetched::NotModified => Ok(None),
        }
    }

    pub(super) fn is_seen(&self, entry: &Entry) -> bool {
        let url = entry.url.as_deref().and_then(extract::canonical_url);
        url.is_some_and(|url| self.store.seen(&url).unwrap_or(false))
    }

    /// Fetches the pages of the entries that are new, and keeps what they hold: as many as there is
    /// room for, the newest first where there is too little.
    pub(super) async fn take_entries(
        self: &Arc<Self>,
        source: &Source,
        announced: Vec<Found>,
        most: usize,
        round: &Round<'_>,
        faults: &mut Vec<Diagnostic>,
    ) -> Result<Taken, DeskError> {
        let mut taken = Taken::default();
        // With whether it is noted as awaited.
        let mut new: Vec<(Found, String, bool)> = Vec::new();
        let mut came = Vec::new();
        for found in announced {
            let entry = &found.entry;
            match entry.url.clone() {
                Some(url) if self.is_seen(entry) => {
                    // It came, and the process was stopped before that was noted.
                    came.extend(self.store.awaited_at(&source.name, &url)?.map(|page| page.url));
                    match self.reworded(found, (round.clock)()).await? {
                        Some(kept) => taken.tally.count(&kept),
                        None => taken.tally.duplicates += 1,
                    }
                }
                Some(url) => match self.store.awaited_at(&source.name, &url)? {
                    Some(page) if !awaited::is_due(&page, round.feeds, (round.clock)()) => taken.tally.duplicates += 1,
                    noted => new.push((found, url, noted.is_some())),
                },
                None => {
                    let named = entry.title.as_deref().or(entry.id.as_deref()).unwrap_or("an entry");
                    let origin = format!("{}: {named}", source.name);
                    if self.store.seen(&origin)? {
                        taken.tally.duplicates += 1;
                    } else {
                        let reason = "the feed gives no address for it".to_owned();
                        taken.tally.count(&self.set_aside(&origin, Some(&source.name), reason, (round.clock)())?);
                        self.record(&[Record::Seen { url: origin, story: None }])?;
                    }
                }
            }
        }
        if new.len() > most {
            taken.left = new.len() - most;
            tracing::info!(source = source.name, now = most, left = taken.left, "the rest comes with the next cycle");
            // Undated ones keep their place behind the dated.
            new.sort_by_key(|(found, ..)| std::cmp::Reverse(found.entry.published));
            new.truncate(most);
        }
        taken.fetched = new.len();
        let untold = new.iter().filter(|(found, _, noted)| !noted && found.page.is_none());
        let untold = untold.map(|(found, url, _)| (&found.entry, url.as_str()));
        self.await_pages(source, untold, (round.clock)())?;
        (round.progress)(Progress::Pages(new.len()));
        for (found, url, _) in new {
            if round.stop.load(Ordering::Relaxed) {
                taken.left += 1;
                continue;
            }
            let trail = Trail { source: Some(&source.name), url: &url };
            let awaited = found.page.is_none();
            let fetched = match found.page {
                Some(page) => Ok(Some(page)),
                None => match round.client.get_by(source.proxy.as_deref(), &url, None).await {
                    Ok(Fetched::Page(page)) => Ok(Some(Arc::new(page))),
                    Ok(Fetched::NotModified) => Ok(None),
                    Err(error) => Err(error),
                },
            };
            match fetched {
                Ok(Some(page)) => {
                    trail.fetched(&page);
                    let (desk, entry, source) = (Arc::clone(self), found.entry, source.clone());
                    let now = (round.clock)();
                    let kept = blocking(move || desk.take_page(&page, Some(&entry), Some(&source), now)).await?;
                    match &kept {
                        Kept::Quarantined(reason) => {
                            faults.push(Diagnostic::new(&url, format!("set aside: {reason}")));
                        }
                        Kept::Stored { id, .. } | Kept::Reprint { id, .. } => {
                            if let Some(judged) = self.store.story(id)? {
                                *taken.languages.entry(judged.verdict.lang.id().to_owned()).or_default() += 1;
                            }
                        }
                        Kept::Duplicate { .. } => {}
                    }
                    trail.ended(&Ended::Kept(&kept));
                    taken.tally.count(&kept);
                    came.extend(awaited.then_some(url));
                }
                Ok(None) => {
                    trail.ended(&Ended::Unchanged);
                    taken.tally.duplicates += 1;
                    came.push(url);
                }
                Err(error) => {
                    let tally = &mut taken.tally;
                    if !self.count_failure(source, &url, &error, tally, faults, (round.clock)())? {
                        came.push(url);
                    }
                }
            }
            (round.progress)(Progress::PageDone);
        }
        self.came(source, came)?;
        Ok(taken)
    }

    /// What a post that is known says now, where it was edited since.
    async fn reworded(self: &Arc<Self>, found: Found, now: Timestamp) -> Result<Option<Kept>, DeskError> {
        let Found { entry, page: Some(page) } = found else { return Ok(None) };
        if !entry.post.as_ref().is_some_and(|post| post.edited) {
            return Ok(None);
        }
        let desk = Arc::clone(self);
        blocking(move || desk.take_edit(&page, &entry, now)).await
    }

    /// A refusal and a lasting failure are set aside for good, and so is what fails for too long; a passing failure
    /// is tried again. Gives whether it will be.
    fn count_failure(
        &self,
        source: &Source,
        url: &str,
        error: &FetchError,
        tally: &mut Tally,
        faults: &mut Vec<Diagnostic>,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let words = error.to_string();
        let trail = Trail { source: Some(&source.name), url };
        let retry_after = error.retry_after().and_then(|wait| wait.try_into().ok());
        let again = error.passing() && self.await_longer(source, url, retry_after, now)?;
        if again {
            trail.ended(&Ended::Failed(&words));
            tally.failed += 1;
        } else {
            self.set_aside(url, Some(&source.name), words.clone(), now)?;
            self.see([url].into_iter(), None)?;
            match error.refused() {
                true => {
                    trail.ended(&Ended::Refused(&words));
                    tally.refused += 1;
                }
                false => {
                    trail.ended(&Ended::SetAside(&words));
                    tally.quarantined += 1;
                }
            }
        }
        faults.push(Diagnostic::new(url, words));
        Ok(again)
    }

    /// When a source, by its position in the configuration, has something to do; one never polled has at once.
    /// `None` where it has no feed.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn source_due(&self, at: usize, now: Timestamp) -> Result<Option<Timestamp>, DeskError> {
        let Some(source) = self.config.sources.get(at) else { return Ok(None) };
        let others = [self.backfill_due(source)?, self.revisit_due(source, now)?, self.awaited_due(source)?];
        let mut soonest = others.into_iter().flatten().min();
        for feed in &source.feeds {
            let due = self.store.poll(&feed.url)?.map_or(Timestamp::MIN, |poll| due_at(&poll, now));
            soonest = Some(soonest.map_or(due, |soonest| soonest.min(due)));
        }
        Ok(soonest)
    }

    /// Remembers a poll that answered, and when the feed is due again.
    fn remember(&self, feed: &Feed, mut poll: Poll, taken: &Taken, now: Timestamp) -> Result<(), DeskError> {
        let pages = &taken.tally;
        if taken.left > 0 {
            // Its entries are looked at again with the next poll.
            poll = unremembered(poll);
        }
        if pages.stored + pages.reprints > 0 {
            poll.last_new_entry = Some(now);
            poll.unread = 0;
        } else {
            poll.unread = poll.unread.saturating_add(pages.quarantined + pages.refused);
        }
        poll.quiet = if pages.total() > pages.duplicates { 0 } else { poll.quiet.saturating_add(1) };
        poll.next_due = Some(match taken.left {
            0 => net::next_due(&feed.url, &poll, &rhythm(&self.config.schedule, feed), None, now),
            _ => now,
        });
        self.record(&[Record::Poll { feed: feed.url.clone(), poll }])
    }

    fn remember_failure(&self, feed: &Feed, poll: Poll, fault: PollFault, now: Timestamp) -> Result<(), DeskError> {
        let failed = Poll { failures: poll.failures + fault.weight, error: Some(fault.words), ..poll };
        let rhythm = rhythm(&self.config.schedule, feed);
        let next_due = net::next_due(&feed.url, &failed, &rhythm, fault.retry_after, now);
        self.record(&[Record::Poll { feed: feed.url.clone(), poll: Poll { next_due: Some(next_due), ..failed } }])
    }
}

/// How often a feed is polled: by its own interval, by the cron expression, or by its habit.
pub(super) fn rhythm(schedule: &ScheduleConfig, feed: &Feed) -> Rhythm {
    let pace = match (feed.every, &schedule.cron) {
        (Some(_), _) => Pace::Fixed,
        (None, Some(_)) => Pace::Outside,
        (None, None) => Pace::Habit { fastest: schedule.fastest },
    };
    Rhythm { every: feed.every.unwrap_or(schedule.every), pace, slowest: schedule.slowest }
}

/// The poll without what would keep the same answer from being read again.
fn unremembered(poll: Poll) -> Poll {
    Poll { etag: None, last_modified: None, body_hash: None, ..poll }
}

fn tell_moved(feed: &Feed, old: &Poll, new: &Poll, notices: &mut Vec<Diagnostic>) {
    if let Some(moved) = new.moved.as_deref().filter(|moved| old.moved.as_deref() != Some(*moved)) {
        tracing::info!(feed = feed.url, moved, "feed moved for good");
        let notice =
            Diagnostic::new(&feed.url, format!("it has moved for good to {moved} and is asked there from now on"));
        notices.push(notice.help("write the new address into the configuration when it suits you"));
    }
}

fn add_to(health: &mut Health, taken: &Taken) {
    let pages = &taken.tally;
    health.entries += pages.total() - pages.duplicates;
    health.stories += pages.stored + pages.reprints;
    health.candidates += pages.candidates;
    health.set_aside += pages.refused + pages.quarantined + pages.failed;
    for (language, count) in &taken.languages {
        *health.languages.entry(language.clone()).or_default() += count;
    }
}

/// When a feed is due by what is remembered of it. One that answered in what is now the future was
/// polled by a clock that has been set back since: what that clock gave is worth nothing.
fn due_at(poll: &Poll, now: Timestamp) -> Timestamp {
    let ahead = poll.last_success.is_some_and(|last| last.duration_since(now) > CLOCKS_DIFFER);
    poll.next_due.filter(|_| !ahead).unwrap_or(Timestamp::MIN)
}

/// Why a poll failed, in words, and how much it counts.
pub(super) struct PollFault {
    pub(super) words: String,
    pub(super) weight: f64,
    pub(super) retry_after: Option<std::time::Duration>,
}

impl From<FetchError> for PollFault {
    fn from(error: FetchError) -> Self {
        Self { words: error.to_string(), weight: error.soft_failure(), retry_after: error.retry_after() }
    }
}

impl From<extract::NotAFeed> for PollFault {
    fn from(error: extract::NotAFeed) -> Self {
        Self { words: error.to_string(), weight: 1.0, retry_after: None }
    }
}

impl From<DeskError> for PollFault {
    fn from(error: DeskError) -> Self {
        Self { words: error.in_words(), weight: 1.0, retry_after: None }
    }
}

/// Runs what computes or writes outside the threads that wait for the network.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
    }
}

#[cfg(test)]
mod faults_tests;
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_back_keeps_no_feed_waiting() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let polled = at("2026-11-16T08:00:00Z");
        let poll = Poll { last_success: Some(polled), next_due: Some(at("2026-11-16T08:30:00Z")), ..Poll::default() };
        let check = |now: &str, expect: bool| assert_eq!(due_at(&poll, at(now)) <= at(now), expect, "{now}");
        check("2026-11-16T08:29:00Z", false);
        check("2026-11-16T08:30:00Z", true);
        check("2026-11-17T08:00:00Z", true);
        // Seconds are no matter, a day is.
        check("2026-11-16T07:59:30Z", false);
        check("2026-11-15T08:00:00Z", true);
        assert_eq!(due_at(&Poll::default(), polled), Timestamp::MIN);
    }
}
