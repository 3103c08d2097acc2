//! How the daemon tells that it is well: `GET /healthz` for a machine that restarts it, `GET /metrics`
//! for Prometheus (text format 0.0.4), both on loopback. It changes nothing, and names no story.
#![expect(clippy::disallowed_methods, reason = "edge: a monotonic clock tells how long ago life was seen")]

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::desk::{Cycle, Desk, DeskError, Revisited};

/// Without a sign of life for so long, the daemon is stuck.
const STUCK: Duration = Duration::from_secs(15 * 60);
/// Longest request that is read.
const LONGEST_REQUEST: usize = 8 << 10;
/// Longest time for one request.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the daemon has done since it started.
#[derive(Debug)]
pub struct Pulse {
    seen: Mutex<Seen>,
}

#[derive(Debug, Clone)]
struct Seen {
    /// When it last did anything.
    beat: Instant,
    /// When the last turn ended.
    turned: Option<Timestamp>,
    /// Why the last turn failed, where it did.
    failed: Option<String>,
    counters: Counters,
}

/// Sums over all cycles. Each input ends in exactly one outcome, so `inputs` is the sum of the rest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Cycles ended.
    pub cycles: u64,
    /// Polls of feeds that gave entries.
    pub feeds_read: u64,
    /// Polls that gave nothing new.
    pub feeds_unchanged: u64,
    /// Polls that failed.
    pub feeds_failed: u64,
    /// Entries looked at.
    pub inputs: u64,
    /// New stories.
    pub stored: u64,
    /// Near-duplicates kept under another story.
    pub reprints: u64,
    /// Known already.
    pub duplicates: u64,
    /// Set aside with a reason.
    pub quarantined: u64,
    /// Refused by robots.txt or the address guard.
    pub refused: u64,
    /// Failed to arrive.
    pub failed: u64,
    /// Of the stored ones, candidates.
    pub candidates: u64,
    /// Candidates' pages that were asked for again.
    pub revisited: Revisited,
}

impl Counters {
    /// Adds what a cycle did.
    pub fn add(&mut self, cycle: &Cycle) {
        let pages = &cycle.pages;
        self.cycles += 1;
        self.feeds_read += u64::from(cycle.feeds.saturating_sub(cycle.unchanged + cycle.feeds_failed));
        self.feeds_unchanged += u64::from(cycle.unchanged);
        self.feeds_failed += u64::from(cycle.feeds_failed);
        self.inputs += u64::from(pages.total());
        self.stored += u64::from(pages.stored);
        self.reprints += u64::from(pages.reprints);
        self.duplicates += u64::from(pages.duplicates);
        self.quarantined += u64::from(pages.quarantined);
        self.refused += u64::from(pages.refused);
        self.failed += u64::from(pages.failed);
        self.candidates += u64::from(pages.candidates);
        self.revisited.add(cycle.revisited);
    }

    /// The outcomes of inputs with their names.
    pub fn outcomes(&self) -> [(&'static str, u64); 6] {
        [
            ("stored", self.stored),
            ("reprint", self.reprints),
            ("duplicate", self.duplicates),
            ("quarantined", self.quarantined),
            ("refused", self.refused),
            ("failed", self.failed),
        ]
    }
}

impl Default for Pulse {
    fn default() -> Self {
        let seen = Seen { beat: Instant::now(), turned: None, failed: None, counters: Counters::default() };
        Self { seen: Mutex::new(seen) }
    }
}

impl Pulse {
    /// A sign of life.
    pub fn beat(&self) {
        self.seen().beat = Instant::now();
    }

    /// A turn has ended well.
    pub fn turned(&self, cycle: &Cycle, now: Timestamp) {
        let mut seen = self.seen();
        (seen.beat, seen.turned, seen.failed) = (Instant::now(), Some(now), None);
        seen.counters.add(cycle);
    }

    /// A turn has failed.
    pub fn failed(&self, why: String) {
        self.seen().failed = Some(why);
    }

    /// Is there life? Tells why not.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn alive(&self) -> Result<(), String> {
        let seen = self.seen();
        let silent = seen.beat.elapsed();
        match &seen.failed {
            Some(why) => Err(why.clone()),
            None if silent > STUCK => Err(format!("nothing has happened for {} minutes", silent.as_secs() / 60)),
            None => Ok(()),
        }
    }

    /// The sums so far, and when the last turn ended.
    pub fn counters(&self) -> (Counters, Option<Timestamp>) {
        let seen = self.seen();
        (seen.counters, seen.turned)
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves both pages until the future is dropped.
///
/// # Errors
/// Where the address cannot be listened on.
pub async fn serve(address: &str, desk: Arc<Desk>, pulse: Arc<Pulse>, clock: fn() -> Timestamp) -> std::io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    tracing::info!(address = %listener.local_addr()?, "serving /healthz and /metrics");
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let (desk, pulse) = (Arc::clone(&desk), Arc::clone(&pulse));
                tokio::spawn(async move {
                    let _ = tokio::time::timeout(PATIENCE, answer(stream, desk, pulse, clock())).await;
                });
            }
            Err(error) => {
                tracing::warn!(%error, "the health page could not be served");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn answer(mut stream: TcpStream, desk: Arc<Desk>, pulse: Arc<Pulse>, now: Timestamp) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.windows(4).any(|end| end == b"\r\n\r\n") && request.len() < LONGEST_REQUEST {
        if stream.read_buf(&mut request).await? == 0 {
            break;
        }
    }
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let words: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    let (status, body) = match words.as_slice() {
        [b"GET", b"/healthz", _] => healthz(&pulse),
        [b"GET", b"/metrics", _] => {
            let metrics = tokio::task::spawn_blocking(move || metrics(&desk, &pulse, now)).await;
            match metrics {
                Ok(Ok(text)) => ("200 OK", text),
                Ok(Err(error)) => ("500 Internal Server Error", format!("{}\n", error.in_words())),
                Err(error) => ("500 Internal Server Error", format!("{error}\n")),
            }
        }
        [b"GET", ..] => ("404 Not Found", "/healthz and /metrics\n".to_owned()),
        _ => ("405 Method Not Allowed", "GET only\n".to_owned()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {}\r\n\
         X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await
}

fn healthz(pulse: &Pulse) -> (&'static str, String) {
    match pulse.alive() {
        Ok(()) => ("200 OK", "ok\n".to_owned()),
        Err(why) => ("503 Service Unavailable", format!("{why}\n")),
    }
}

/// Everything that Prometheus is told.
fn metrics(desk: &Desk, pulse: &Pulse, now: Timestamp) -> Result<String, DeskError> {
    let (counters, turned) = pulse.counters();
    let mut text = print_counters(&counters);
    let counts = desk.store().counts()?;
    let mut gauge = |name: &str, help: &str, rows: &[(String, f64)]| {
        let _ = writeln!(text, "# HELP sozwatch_{name} {help}\n# TYPE sozwatch_{name} gauge");
        for (labels, value) in rows {
            let _ = writeln!(text, "sozwatch_{name}{labels} {value}");
        }
    };
    let one = |value: f64| vec![(String::new(), value)];
    gauge("stories", "Stories kept.", &one(counts.stories as f64));
    gauge("waiting", "Candidates that nobody has decided.", &one(counts.waiting as f64));
    gauge("decided", "Candidates decided.", &one(counts.decided as f64));
    gauge("set_aside", "Inputs set aside.", &one(counts.quarantined as f64));
    gauge("up", "1 where the daemon is well.", &one(f64::from(u8::from(pulse.alive().is_ok()))));
    if let Some(turned) = turned {
        gauge("last_turn_seconds", "When the last turn ended, in Unix time.", &one(turned.as_second() as f64));
    }
    if let Some(free) = desk.disk_free() {
        gauge("disk_free_ratio", "Share of the store's disk that is free.", &one(free / 100.0));
    }
    let mut alarms = std::collections::BTreeMap::new();
    for alarm in desk.alarms(now)? {
        *alarms.entry(format!("{:?}", alarm.ailment)).or_insert(0.0) += 1.0;
    }
    let alarms: Vec<_> = alarms.into_iter().map(|(ailment, n)| (label("ailment", &ailment), n)).collect();
    gauge("alarms", "Alarms that stand.", &alarms);
    let alive: Vec<_> = desk
        .source_health(now)?
        .into_iter()
        .map(|source| (label("source", &source.name), f64::from(u8::from(source.state == "alive"))))
        .collect();
    gauge("source_up", "1 where a source answers and is not mute.", &alive);
    Ok(text)
}

fn print_counters(counters: &Counters) -> String {
    let mut text = String::new();
    let mut counter = |name: &str, help: &str, rows: &[(String, u64)]| {
        let _ = writeln!(text, "# HELP sozwatch_{name} {help}\n# TYPE sozwatch_{name} counter");
        for (labels, value) in rows {
            let _ = writeln!(text, "sozwatch_{name}{labels} {value}");
        }
    };
    let one = |value: u64| vec![(String::new(), value)];
    counter("cycles_total", "Cycles ended.", &one(counters.cycles));
    let polls =
        [("read", counters.feeds_read), ("unchanged", counters.feeds_unchanged), ("failed", counters.feeds_failed)];
    let polls: Vec<_> = polls.map(|(outcome, n)| (label("outcome", outcome), n)).to_vec();
    counter("feed_polls_total", "Polls of feeds, by outcome.", &polls);
    counter("inputs_total", "Entries looked at.", &one(counters.inputs));
    let outcomes: Vec<_> = counters.outcomes().map(|(outcome, n)| (label("outcome", outcome), n)).to_vec();
    counter("outcomes_total", "What became of them; the outcomes add up to inputs_total.", &outcomes);
    let Revisited { same, changed, gone, unseen } = counters.revisited;
    let visits = [("same", same), ("changed", changed), ("gone", gone), ("unseen", unseen)];
    let visits: Vec<_> = visits.map(|(found, n)| (label("found", found), u64::from(n))).to_vec();
    counter("revisits_total", "Candidates' pages asked for again, by what was found.", &visits);
    counter("candidates_total", "Stories stored that deserve a human.", &one(counters.candidates));
    text
}

/// A label; what a stranger named is escaped as the format wants it.
fn label(name: &str, value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("{{{name}=\"{value}\"}}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Tally;

    fn cycle(n: u32) -> Cycle {
        let pages =
            Tally { stored: n, candidates: 1, reprints: 2, duplicates: 3, quarantined: 4, refused: 5, failed: 6 };
        Cycle { feeds: 9, unchanged: 4, feeds_failed: 2, entries: pages.total(), pages, ..Cycle::default() }
    }

    #[test]
    fn every_outcome_is_counted_once_and_they_add_up() {
        let mut counters = Counters::default();
        for n in [7, 0, 100] {
            counters.add(&cycle(n));
        }
        let sum: u64 = counters.outcomes().iter().map(|(_, n)| n).sum();
        assert_eq!((counters.inputs, sum), (107 + 3 * 20, 167));
        assert_eq!((counters.feeds_read, counters.feeds_unchanged, counters.feeds_failed), (9, 12, 6));
        let text = print_counters(&counters);
        assert!(text.contains("sozwatch_outcomes_total{outcome=\"stored\"} 107\n"), "{text}");
        assert!(text.contains("sozwatch_inputs_total 167\n"), "{text}");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            assert!(line.rsplit_once(' ').unwrap().1.parse::<u64>().is_ok(), "{line}");
        }
    }

    #[test]
    fn a_failed_turn_is_told_until_one_ends_well() {
        let pulse = Pulse::default();
        assert_eq!(healthz(&pulse).0, "200 OK");
        pulse.failed("the index cannot be read".to_owned());
        assert_eq!(healthz(&pulse), ("503 Service Unavailable", "the index cannot be read\n".to_owned()));
        pulse.turned(&cycle(1), Timestamp::UNIX_EPOCH);
        assert_eq!(healthz(&pulse).0, "200 OK");
    }

    #[test]
    fn a_name_cannot_break_out_of_its_label() {
        assert_eq!(label("source", "a\"} 1\nb\\"), "{source=\"a\\\"} 1\\nb\\\\\"}");
    }
}
