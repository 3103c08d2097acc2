//! Collecting: one cycle over the configured feeds, from poll to kept stories.
//!
//! A source's feeds and pages are read one after the other, sources beside each other; the client
//! keeps the pace of each host. A feed that fails never stops the rest. A page that fails to arrive
//! for a passing reason leaves its feed unremembered, so that the next poll looks at it again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::StreamExt as _;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{Desk, DeskError, Kept, Tally, origin};
use crate::config::{Feed, Source};
use crate::extract;
use crate::ledger::Record;
use crate::model::{Diagnostic, Entry, FeedKind, Health, Page, Poll, hex};
use crate::net::{self, Client, FetchError, Fetched};

/// Pages of a listing, or sitemaps of an index, followed in one poll.
const PAGES_OF_A_LISTING: usize = 5;
/// Entries of one feed taken in one poll; the rest come with the next.
const ENTRIES_OF_A_POLL: usize = 2_000;

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
    /// What failed, and what was refused, with the reason.
    pub faults: Vec<Diagnostic>,
}

impl Cycle {
    fn add(&mut self, other: Self) {
        self.feeds += other.feeds;
        self.unchanged += other.unchanged;
        self.feeds_failed += other.feeds_failed;
        self.entries += other.entries;
        self.pages.add(other.pages);
        self.faults.extend(other.faults);
    }
}

/// What a cycle needs beside the desk.
pub struct Round<'a> {
    /// The polite client.
    pub client: &'a Client,
    /// Which feeds.
    pub feeds: Feeds,
    /// The clock.
    pub clock: fn() -> Timestamp,
    /// Set when the process is asked to stop: no new request is begun.
    pub stop: &'a AtomicBool,
    /// Told how far it has come.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

/// How a poll of one feed ended.
enum Polled {
    Unchanged,
    Read { entries: Vec<Entry>, poll: Poll },
}

impl Desk {
    /// Polls the feeds, fetches what is new, judges and keeps it.
    ///
    /// # Errors
    /// Where the records or the store cannot be written; a feed or page that fails is counted.
    pub async fn collect(self: &Arc<Self>, round: &Round<'_>) -> Result<Cycle, DeskError> {
        let now = (round.clock)();
        let mut due = Vec::new();
        for source in &self.config.sources {
            let mut feeds = Vec::new();
            for feed in &source.feeds {
                let poll = self.store.poll(&feed.url)?.unwrap_or_default();
                if round.feeds == Feeds::All || poll.next_due.is_none_or(|at| at <= now) {
                    feeds.push((feed, poll));
                }
            }
            if !feeds.is_empty() {
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

    async fn collect_source(
        self: &Arc<Self>,
        source: &Source,
        feeds: Vec<(&Feed, Poll)>,
        round: &Round<'_>,
    ) -> Result<Cycle, DeskError> {
        let mut cycle = Cycle::default();
        let mut health = Health::default();
        for (feed, poll) in feeds {
            if round.stop.load(Ordering::Relaxed) {
                break;
            }
            cycle.feeds += 1;
            match self.poll(source, feed, &poll, round).await {
                Ok(Polled::Unchanged) => {
                    cycle.unchanged += 1;
                    health.polls_ok += 1;
                }
                Ok(Polled::Read { entries, poll: new }) => {
                    health.polls_ok += 1;
                    cycle.entries += entries.len() as u32;
                    let pages = self.take_entries(source, &entries, round, &mut cycle.faults).await?;
                    self.remember(feed, new, &pages, (round.clock)())?;
                    health.entries += pages.total() - pages.duplicates;
                    health.stories += pages.stored + pages.reprints;
                    health.candidates += pages.candidates;
                    health.set_aside += pages.refused + pages.quarantined + pages.failed;
                    cycle.pages.add(pages);
                }
                Err(fault) => {
                    cycle.feeds_failed += 1;
                    health.polls_failed += 1;
                    tracing::warn!(source = source.name, feed = feed.url, fault = fault.words, "feed failed");
                    cycle.faults.push(Diagnostic::new(&feed.url, &fault.words));
                    self.remember_failure(feed, poll, fault, (round.clock)())?;
                }
            }
            (round.progress)(Progress::FeedDone);
        }
        self.note_health(&source.name, health, (round.clock)())?;
        Ok(cycle)
    }

    /// Asks a feed for its entries at its address, then at each fallback until one answers with a feed.
    async fn poll(&self, source: &Source, feed: &Feed, poll: &Poll, round: &Round<'_>) -> Result<Polled, PollFault> {
        let first = match self.poll_at(&feed.url, source, feed, poll, round).await {
            Ok(polled) => return Ok(polled),
            Err(fault) => fault,
        };
        // What is remembered of the answer belongs to the first address: a fallback is asked without it.
        let unremembered = Poll { etag: None, last_modified: None, ..poll.clone() };
        for fallback in &feed.fallbacks {
            if let Ok(polled) = self.poll_at(fallback, source, feed, &unremembered, round).await {
                tracing::info!(feed = feed.url, fallback, fault = first.words, "a fallback answered");
                return Ok(polled);
            }
        }
        Err(first)
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
        let page = match round.client.get(url, Some(poll)).await? {
            Fetched::NotModified => {
                let alive = Poll { error: None, failures: 0.0, last_success: Some(now), ..poll.clone() };
                self.remember(feed, alive, &Tally::default(), now)?;
                return Ok(Polled::Unchanged);
            }
            Fetched::Page(page) => page,
        };
        let at_home = url == feed.url;
        let body_hash = hex(&Sha256::digest(&page.body));
        let new = Poll {
            etag: page.header("etag").filter(|_| at_home).map(str::to_owned),
            last_modified: page.header("last-modified").filter(|_| at_home).map(str::to_owned),
            body_hash: Some(body_hash.clone()),
            next_due: None,
            failures: 0.0,
            error: None,
            last_success: Some(now),
            last_new_entry: poll.last_new_entry,
        };
        if poll.body_hash.as_deref() == Some(body_hash.as_str()) {
            self.remember(feed, new, &Tally::default(), now)?;
            return Ok(Polled::Unchanged);
        }
        let mut entries = self.entries(feed, source, page, round).await?;
        if entries.len() > ENTRIES_OF_A_POLL {
            tracing::warn!(
                feed = feed.url,
                entries = entries.len(),
                "only the first {ENTRIES_OF_A_POLL} entries are taken"
            );
            entries.truncate(ENTRIES_OF_A_POLL);
        }
        Ok(Polled::Read { entries, poll: new })
    }

    async fn entries(
        &self,
        feed: &Feed,
        source: &Source,
        page: Page,
        round: &Round<'_>,
    ) -> Result<Vec<Entry>, PollFault> {
        match feed.kind {
            FeedKind::Rss => Ok(extract::feed(&page.body, &origin(&page, Some(source)))?.entries),
            FeedKind::Telegram => Ok(extract::telegram(&page.body, &origin(&page, Some(source)))?),
            FeedKind::Sitemap => {
                let sitemap = extract::sitemap(&page.body, &origin(&page, Some(source)))?;
                let mut entries = sitemap.entries;
                for child in sitemap.children.iter().take(PAGES_OF_A_LISTING) {
                    if let Fetched::Page(page) = round.client.get(child, None).await? {
                        entries.extend(extract::sitemap(&page.body, &origin(&page, Some(source)))?.entries);
                    }
                }
                Ok(entries)
            }
            FeedKind::Listing => {
                let select = feed.select.clone().unwrap_or_default();
                let mut listing = extract::listing(&page.body, &origin(&page, Some(source)), &select)?;
                let mut entries = std::mem::take(&mut listing.entries);
                for _ in 1..PAGES_OF_A_LISTING {
                    // A listing goes on into the past: what is known already ends the walk.
                    let all_new = entries.iter().all(|entry| !self.is_seen(entry));
                    let Some(next) = listing.next.take().filter(|_| all_new) else { break };
                    let Fetched::Page(page) = round.client.get(&next, None).await? else { break };
                    listing = extract::listing(&page.body, &origin(&page, Some(source)), &select)?;
                    entries.append(&mut listing.entries);
                }
                Ok(entries)
            }
        }
    }

    fn is_seen(&self, entry: &Entry) -> bool {
        let url = entry.url.as_deref().and_then(extract::canonical_url);
        url.is_some_and(|url| self.store.seen(&url).unwrap_or(false))
    }

    /// Fetches the pages of the entries that are new, and keeps what they hold.
    async fn take_entries(
        self: &Arc<Self>,
        source: &Source,
        entries: &[Entry],
        round: &Round<'_>,
        faults: &mut Vec<Diagnostic>,
    ) -> Result<Tally, DeskError> {
        let mut tally = Tally::default();
        let mut new: Vec<(&Entry, &str)> = Vec::new();
        for entry in entries {
            match entry.url.as_deref() {
                Some(_) if self.is_seen(entry) => tally.duplicates += 1,
                Some(url) => new.push((entry, url)),
                None => {
                    let named = entry.title.as_deref().or(entry.id.as_deref()).unwrap_or("an entry");
                    let origin = format!("{}: {named}", source.name);
                    let known = self.store.seen(&origin)?;
                    if known {
                        tally.duplicates += 1;
                    } else {
                        let reason = "the feed gives no address for it".to_owned();
                        tally.count(&self.set_aside(&origin, Some(&source.name), reason, (round.clock)())?);
                        self.record(&[Record::Seen { url: origin, story: None }])?;
                    }
                }
            }
        }
        (round.progress)(Progress::Pages(new.len()));
        for (entry, url) in new {
            if round.stop.load(Ordering::Relaxed) {
                tally.failed += 1;
                continue;
            }
            match round.client.get(url, None).await {
                Ok(Fetched::Page(page)) => {
                    let (desk, entry, source) = (Arc::clone(self), entry.clone(), source.clone());
                    let now = (round.clock)();
                    let kept = blocking(move || desk.take_page(&page, Some(&entry), Some(&source), now)).await?;
                    if let Kept::Quarantined(reason) = &kept {
                        faults.push(Diagnostic::new(url, format!("set aside: {reason}")));
                    }
                    tally.count(&kept);
                }
                Ok(Fetched::NotModified) => tally.duplicates += 1,
                Err(error) => self.count_failure(source, url, &error, &mut tally, faults, (round.clock)())?,
            }
            (round.progress)(Progress::PageDone);
        }
        Ok(tally)
    }

    /// A refusal and a lasting failure are set aside for good; a passing failure is tried again.
    fn count_failure(
        &self,
        source: &Source,
        url: &str,
        error: &FetchError,
        tally: &mut Tally,
        faults: &mut Vec<Diagnostic>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let words = error.to_string();
        if error.passing() {
            tracing::warn!(source = source.name, url, fault = words, "page failed; it is tried again");
            tally.failed += 1;
        } else {
            self.set_aside(url, Some(&source.name), words.clone(), now)?;
            self.see([url].into_iter(), None)?;
            match error.refused() {
                true => tally.refused += 1,
                false => tally.quarantined += 1,
            }
        }
        faults.push(Diagnostic::new(url, words));
        Ok(())
    }

    /// When the next feed is due; a feed never polled is due at once.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn next_feed_due(&self) -> Result<Option<Timestamp>, DeskError> {
        let mut soonest = None;
        for feed in self.config.sources.iter().flat_map(|source| &source.feeds) {
            let due = self.store.poll(&feed.url)?.and_then(|poll| poll.next_due).unwrap_or(Timestamp::MIN);
            soonest = Some(soonest.map_or(due, |soonest: Timestamp| soonest.min(due)));
        }
        Ok(soonest)
    }

    /// Remembers a poll that answered, and when the feed is due again.
    fn remember(&self, feed: &Feed, mut poll: Poll, pages: &Tally, now: Timestamp) -> Result<(), DeskError> {
        if pages.failed > 0 {
            // Its entries are looked at again with the next poll.
            poll = Poll { etag: None, last_modified: None, body_hash: None, ..poll };
        }
        if pages.stored + pages.reprints > 0 {
            poll.last_new_entry = Some(now);
        }
        poll.next_due = Some(self.next_due(feed, &poll, None, now));
        self.record(&[Record::Poll { feed: feed.url.clone(), poll }])
    }

    fn remember_failure(&self, feed: &Feed, poll: Poll, fault: PollFault, now: Timestamp) -> Result<(), DeskError> {
        let failed = Poll { failures: poll.failures + fault.weight, error: Some(fault.words), ..poll };
        let next_due = self.next_due(feed, &failed, fault.retry_after, now);
        self.record(&[Record::Poll { feed: feed.url.clone(), poll: Poll { next_due: Some(next_due), ..failed } }])
    }

    fn next_due(
        &self,
        feed: &Feed,
        poll: &Poll,
        retry_after: Option<std::time::Duration>,
        now: Timestamp,
    ) -> Timestamp {
        let base = feed.every.unwrap_or(self.config.schedule.every);
        net::next_due(poll, base, retry_after, now)
    }
}

/// Why a poll failed, in words, and how much it counts.
struct PollFault {
    words: String,
    weight: f64,
    retry_after: Option<std::time::Duration>,
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
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
    }
}
