//! Backfill: the past of a new source, read once off its sitemaps, so many pages a cycle.
//!
//! What is known already is never fetched again, so a backfill that was broken off goes on where it
//! stood. It is done when nothing new is left; what could not be read is tried again, ever more
//! seldom, and never given up.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::collect::{Found, PollFault, Round, Taken};
use super::{Ailment, Alarm, Desk, DeskError};
use crate::config::{Feed, Source};
use crate::extract;
use crate::ledger::Record;
use crate::model::{Diagnostic, Entry, FeedKind, Moment, Poll};
use crate::net::{self, Fetched, Pace, Rhythm};

/// Most pages of the past fetched in one cycle, so that the news goes first.
const PAGES_OF_A_CYCLE: usize = 200;
/// Most sitemaps read for one step.
const SITEMAPS: usize = 60;
/// Indexes name indexes at most so deep.
const DEPTH: u32 = 3;

/// Where the backfill of a source stands, for people and JSON.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Backfill {
    /// Nothing of it was read yet, or there is more.
    UnderWay,
    /// It is done.
    Done,
}

impl Desk {
    /// When the next step of a source's backfill is due; `None` where it has none, or all is done.
    pub(super) fn backfill_due(&self, source: &Source) -> Result<Option<Timestamp>, DeskError> {
        let Some(key) = key(source) else { return Ok(None) };
        let state = self.store.poll(&key)?.unwrap_or_default();
        Ok(state.last_success.is_none().then(|| state.next_due.unwrap_or(Timestamp::MIN)))
    }

    /// Where the backfill of a source stands.
    pub(super) fn backfill_of(&self, source: &Source) -> Result<Option<Backfill>, DeskError> {
        let Some(key) = key(source) else { return Ok(None) };
        let done = self.store.poll(&key)?.is_some_and(|state| state.last_success.is_some());
        Ok(Some(if done { Backfill::Done } else { Backfill::UnderWay }))
    }

    /// What keeps a source's past from being read, where its backfill has come to nothing so far.
    pub(super) fn backfill_in_vain(&self, source: &Source) -> Result<Option<Alarm>, DeskError> {
        let Some(key) = key(source) else { return Ok(None) };
        let state = self.store.poll(&key)?.filter(|state| state.last_success.is_none() && state.failures >= 1.0);
        Ok(state.and_then(|state| state.error).map(|why| Alarm {
            ailment: Ailment::PastUnread,
            about: source.name.clone(),
            message: format!(
                "its past cannot be read back: {why}; name a sitemap of it as a feed with `kind = \"sitemap\"`, or take \
                 `backfill` off"
            ),
        }))
    }

    /// One step of a source's backfill, where one is due: at most `room` pages.
    pub(super) async fn backfill(
        self: &Arc<Self>,
        source: &Source,
        room: usize,
        round: &Round<'_>,
        faults: &mut Vec<Diagnostic>,
    ) -> Result<Option<Taken>, DeskError> {
        let now = (round.clock)();
        let (Some(key), Some(span)) = (key(source), source.backfill) else { return Ok(None) };
        if self.backfill_due(source)?.is_none_or(|due| due > now) {
            return Ok(None);
        }
        let state = self.store.poll(&key)?.unwrap_or_default();
        let from = now.checked_sub(span).unwrap_or(Timestamp::MIN);
        let (entries, fault) = self.past_of(source, from, round).await;
        let taken = self.take_entries(source, entries, PAGES_OF_A_CYCLE.min(room), round, faults).await?;
        let failed = fault.is_some() || taken.tally.failed > 0;
        let state = match (failed, taken.left) {
            (false, 0) => Poll { last_success: Some(now), next_due: None, failures: 0.0, error: None, ..state },
            (false, _) => Poll { next_due: Some(now), failures: 0.0, error: None, ..state },
            (true, left) => {
                let weight = fault.as_ref().map_or(0.5, |fault| fault.weight);
                let error = fault.as_ref().map(|fault| fault.words.clone());
                let failed = Poll { failures: state.failures + weight, error, ..state };
                let every = self.config.schedule.every;
                let rhythm = Rhythm { every, pace: Pace::Fixed, slowest: self.config.schedule.slowest };
                let retry_after = fault.as_ref().and_then(|fault| fault.retry_after);
                let due = net::next_due(&key, &failed, &rhythm, retry_after, now);
                // Where pages came, the rest of them need not wait for those that did not.
                let due = if left > 0 && taken.tally.stored > 0 { now } else { due };
                Poll { next_due: Some(due), ..failed }
            }
        };
        if let Some(fault) = fault {
            faults.push(Diagnostic::new(&key, fault.words));
        }
        tracing::info!(
            source = source.name,
            stored = taken.tally.stored,
            left = taken.left,
            done = state.last_success.is_some(),
            "backfill"
        );
        self.record(&[Record::Poll { feed: key, poll: state }])?;
        Ok(Some(taken))
    }

    /// What the sitemaps of a source announce from a time on, newest first; and the last fault where
    /// one of them could not be read.
    async fn past_of(&self, source: &Source, from: Timestamp, round: &Round<'_>) -> (Vec<Found>, Option<PollFault>) {
        let (mut open, mut fault) = self.sitemaps_of(source, round).await;
        let mut known: Vec<String> = open.iter().map(|(url, _)| url.clone()).collect();
        let (mut found, mut read, mut answered) = (Vec::new(), 0, false);
        while let Some((url, depth)) = open.pop() {
            if read == SITEMAPS {
                tracing::warn!(source = source.name, "only the first {SITEMAPS} sitemaps were read for the backfill");
                break;
            }
            read += 1;
            let feed = sitemap(&url);
            match self.page_of(&url, source, &feed, round).await {
                Ok(Some((_, announced))) => {
                    answered = true;
                    let entries = announced.entries.into_iter().filter(|entry| is_since(entry, from));
                    found.extend(entries.map(|entry| Found { entry, page: None }));
                    let since = |changed: Option<Moment>| changed.is_none_or(|moment| moment.timestamp >= from);
                    let children = announced.children.into_iter().filter(|child| since(child.changed));
                    for child in children.filter(|_| depth < DEPTH) {
                        if !known.contains(&child.url) && known.len() < SITEMAPS * 4 {
                            known.push(child.url.clone());
                            open.push((child.url, depth + 1));
                        }
                    }
                }
                Ok(None) => {}
                Err(broken) => fault = Some(broken),
            }
        }
        found.sort_by_key(|found| std::cmp::Reverse(found.entry.published));
        // A guess that is not there is no fault where another sitemap is.
        (found, fault.filter(|_| !answered))
    }

    /// Where the sitemaps of a source are: its feeds of that kind, what its robots.txt names, and the
    /// usual place.
    async fn sitemaps_of(&self, source: &Source, round: &Round<'_>) -> (Vec<(String, u32)>, Option<PollFault>) {
        let mut sitemaps: Vec<String> = Vec::new();
        let own = source.feeds.iter().filter(|feed| feed.kind == FeedKind::Sitemap).map(|feed| feed.url.clone());
        sitemaps.extend(own);
        let root = root_of(source);
        let mut fault = None;
        let robots = format!("{root}/robots.txt");
        match round.client.get_by(source.proxy.as_deref(), &robots, None).await {
            Ok(Fetched::Page(page)) => sitemaps.extend(extract::sitemaps_of_robots(&page.body, &page.url)),
            Ok(Fetched::NotModified) => {}
            Err(error) => fault = Some(PollFault::from(error)),
        }
        if sitemaps.is_empty() {
            sitemaps.push(format!("{root}/sitemap.xml"));
        }
        sitemaps.dedup();
        sitemaps.reverse();
        (sitemaps.into_iter().map(|url| (url, 0)).collect(), fault)
    }
}

/// What the state of a backfill is remembered under: another span is another backfill.
fn key(source: &Source) -> Option<String> {
    let hours = source.backfill?.as_secs() / 3600;
    Some(format!("backfill of {} ({}), {hours} h", source.name, source.domain))
}

fn sitemap(url: &str) -> Feed {
    Feed { url: url.to_owned(), fallbacks: Vec::new(), kind: FeedKind::Sitemap, select: None, every: None }
}

/// Scheme and host of a source: as its first feed at that host is written, else https.
fn root_of(source: &Source) -> String {
    let at_home = source.feeds.iter().find_map(|feed| {
        let (scheme, rest) = feed.url.split_once("://")?;
        let host = rest.split(['/', '?', '#']).next()?;
        let bare = host.strip_prefix("www.").unwrap_or(host);
        let own = source.domain.strip_prefix("www.").unwrap_or(&source.domain);
        bare.eq_ignore_ascii_case(own).then(|| format!("{scheme}://{host}"))
    });
    at_home.unwrap_or_else(|| format!("https://{}", source.domain))
}

/// Was it published from a time on? By its date, else by the day in its address; what tells neither is
/// left out, since a sitemap may hold everything that a site ever had.
fn is_since(entry: &Entry, from: Timestamp) -> bool {
    match entry.published {
        Some(moment) => moment.timestamp >= from,
        None => {
            let day = entry.url.as_deref().and_then(extract::day_of_address);
            let end = day.and_then(|day| {
                let midnight =
                    jiff::tz::Offset::UTC.to_timestamp(day.to_datetime(jiff::civil::Time::midnight())).ok()?;
                midnight.checked_add(SignedDuration::from_hours(24)).ok()
            });
            end.is_some_and(|end| end >= from)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_to_be_recent_is_taken() {
        let check = |published: Option<&str>, url: &str, expect: bool| {
            let entry = Entry {
                feed_title: None,
                id: None,
                url: Some(url.to_owned()),
                title: None,
                published: published.map(|text| text.parse().unwrap()),
                summary: None,
                post: None,
            };
            let from = "2026-11-01T06:00:00Z".parse().unwrap();
            assert_eq!(is_since(&entry, from), expect, "{published:?} {url}");
        };
        check(Some("2026-11-01T06:00:00Z"), "https://outlet.example/a", true);
        check(Some("2026-11-01T05:59:59Z"), "https://outlet.example/2026/11/20/a", false);
        check(None, "https://outlet.example/2026/11/01/a", true);
        check(None, "https://outlet.example/2026/10/31/a", false);
        check(None, "https://outlet.example/about", false);
    }

    #[test]
    fn the_site_is_found_where_its_feeds_are() {
        let root = |domain: &str, feeds: &[&str]| {
            let feeds = feeds.iter().map(|url| format!("[[source.feed]]\nurl = \"{url}\"\n")).collect::<String>();
            let text = format!("[[source]]\nname = \"a\"\ndomain = \"{domain}\"\n{feeds}");
            root_of(&crate::config::parse(&text, "config.toml").unwrap().0.sources[0])
        };
        assert_eq!(
            root("outlet.example", &["https://feeds.example/x", "http://www.outlet.example/rss"]),
            "http://www.outlet.example"
        );
        assert_eq!(root("127.0.0.1:8080", &["http://127.0.0.1:8080/rss"]), "http://127.0.0.1:8080");
        assert_eq!(root("outlet.example", &["https://feeds.example/x"]), "https://outlet.example");
    }
}
