//! The daemon: polls each source by its own clock, exchanges the queue file, writes the digest when it is due, and
//! answers other commands over the control socket; on SIGHUP it reads the rules and `[log]` again. What it does, it
//! asks the desk to do. An edge: it waits, listens for signals and looks at the queue file's time of change.

pub mod at_once;
pub mod control;
pub mod health;
pub mod mail;
pub mod notify;
pub mod readers;
mod watch;
pub mod webhook;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::ScheduleConfig;
use crate::desk::{
    Ailment, Boxes, Cycle, Desk, DeskError, Feeds, PAGES_OF_A_SOURCE, Progress, Reloaded, Round, Wanted, WantedReport,
};
use crate::digest::Edition;
use crate::digest::figures::{Length, Period};
use crate::model::Diagnostic;
use crate::net::Client;
use health::Pulse;
use notify::Manager;
use watch::{BREATH, Watch};

/// How often the queue file is looked at between cycles.
const LOOK: Duration = Duration::from_secs(5);
/// Keeping house takes a tenth of the time at most.
const REST: u32 = 9;
/// How often every record is read again.
const A_DAY: Duration = Duration::from_secs(24 * 3_600);
/// Most new pages of one source in one turn: its feeds are asked again before the rest of a long past.
const PAGES_OF_A_TURN: usize = 100;

/// What the daemon needs.
pub struct Daemon {
    /// The workspace.
    pub desk: Arc<Desk>,
    /// The polite client.
    pub client: Arc<Client>,
    /// The clock.
    pub clock: fn() -> Timestamp,
    /// What it has done, and when it last did anything.
    pub pulse: Arc<Pulse>,
    /// The alarms that were told and still stand.
    standing: Mutex<BTreeSet<(Ailment, String)>>,
    /// What else is read again on SIGHUP, beside the rules.
    read_again: Box<dyn Fn() + Send + Sync>,
}

impl Daemon {
    /// A daemon that has not told any alarm yet.
    pub fn new(desk: Arc<Desk>, client: Arc<Client>, clock: fn() -> Timestamp) -> Self {
        Self { desk, client, clock, pulse: Arc::default(), standing: Mutex::default(), read_again: Box::new(|| {}) }
    }

    /// The same, reading more than the rules again on SIGHUP.
    #[must_use]
    pub fn reading_again(self, read: impl Fn() + Send + Sync + 'static) -> Self {
        Self { read_again: Box::new(read), ..self }
    }

    /// Writes alarms that are new to the log, and those that are over. Each is told once while it stands.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn tell_alarms(&self) -> Result<(), DeskError> {
        let alarms = self.desk.alarms((self.clock)())?;
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut now = BTreeSet::new();
        for alarm in alarms {
            let known = (alarm.ailment, alarm.about.clone());
            if !standing.contains(&known) {
                tracing::warn!(ailment = ?alarm.ailment, about = alarm.about, "alarm: {}", alarm.message);
            }
            now.insert(known);
        }
        for (ailment, about) in standing.difference(&now) {
            tracing::info!(?ailment, about, "alarm is over");
        }
        *standing = now;
        Ok(())
    }

    /// Runs until SIGTERM or SIGINT. What is under way then is broken off where nothing is lost by it:
    /// a page that did not arrive is fetched with the next poll.
    ///
    /// # Errors
    /// Where a signal cannot be listened for, or the records or the store cannot be written.
    pub async fn run(&self) -> Result<(), DeskError> {
        let stop = AtomicBool::new(false);
        let manager = Manager::of_environment();
        let news = AtomicBool::new(false);
        let work = async {
            let ended = tokio::select! {
                ended = self.watch(&stop, &news) => ended,
                ended = self.keep_house(&news) => ended,
            };
            ended.inspect_err(|error| self.pulse.failed(error.in_words()))
        };
        // Who is told that we are ready may send a signal at once.
        let (stopping, hangups) = (asked_to_stop(), signal(SignalKind::hangup()));
        manager.tell("READY=1\nSTATUS=watching");
        let reload = async {
            let Ok(mut hangup) = hangups else {
                tracing::warn!("SIGHUP cannot be listened for; rules are read when the process starts only");
                return std::future::pending().await;
            };
            while hangup.recv().await.is_some() {
                (self.read_again)();
                self.reload_rules().await;
            }
            std::future::pending().await
        };
        tokio::select! {
            ended = work => ended,
            never = reload => never,
            never = self.show_life(&manager) => never,
            never = self.serve_health() => never,
            never = self.look_for_damage() => never,
            name = stopping => {
                stop.store(true, Ordering::Relaxed);
                manager.tell("STOPPING=1");
                tracing::info!(signal = name, "stopping");
                Ok(())
            }
        }
    }

    /// Tells the service manager that there is life, as often as it wants; where there is none, it is not
    /// told, and restarts the process.
    async fn show_life<T>(&self, manager: &Manager) -> T {
        let Some(limit) = manager.watchdog() else { return std::future::pending().await };
        loop {
            match self.pulse.alive() {
                Ok(()) => manager.tell("WATCHDOG=1"),
                Err(why) => tracing::error!(why, "the watchdog is not fed"),
            }
            tokio::time::sleep(limit / 3).await;
        }
    }

    async fn serve_health<T>(&self) -> T {
        if let Some(address) = &self.desk.config().daemon.listen {
            let (desk, pulse) = (Arc::clone(&self.desk), Arc::clone(&self.pulse));
            if let Err(error) = health::serve(address, desk, pulse, self.clock).await {
                tracing::error!(%error, address, "/healthz and /metrics are not served; is the address taken?");
            }
        }
        std::future::pending().await
    }

    /// Reads every record again once a day; what is found is an alarm.
    async fn look_for_damage<T>(&self) -> T {
        loop {
            let desk = Arc::clone(&self.desk);
            match tokio::task::spawn_blocking(move || desk.look_for_damage()).await {
                Ok(Ok(0)) => tracing::info!("every record was read again and is whole"),
                Ok(Ok(faults)) => tracing::error!(faults, "records are damaged; `sozwatch verify` names each fault"),
                Ok(Err(error)) => tracing::error!(error = error.in_words(), "the records could not be read again"),
                Err(stopped) => tracing::error!(%stopped, "the records could not be read again"),
            }
            tokio::time::sleep(A_DAY).await;
        }
    }

    /// Sends the mails that are due, where a server is configured.
    async fn send_mails(&self) {
        let Some(config) = self.desk.config().mail.clone() else { return };
        let (desk, now) = (Arc::clone(&self.desk), (self.clock)());
        match tokio::task::spawn_blocking(move || mail::send_what_is_due(&desk, &config, now)).await {
            Ok(Ok(0)) => {}
            Ok(Ok(mails)) => tracing::info!(mails, "sent"),
            Ok(Err(error)) => tracing::error!(error = error.in_words(), "no mail was sent; it is tried again"),
            Err(stopped) => tracing::error!(%stopped, "no mail was sent; it is tried again"),
        }
    }

    /// Tells the webhook what asks for an early look, where one is configured.
    async fn tell_webhook(&self) {
        let Some(notify) = &self.desk.config().notify else { return };
        match webhook::tell_what_is_new(&self.desk, &self.client, notify, (self.clock)()).await {
            Ok(true) => tracing::info!("the webhook was told"),
            Ok(false) => {}
            Err(error) => tracing::error!(error = error.in_words(), "the webhook was not told; it is tried again"),
        }
    }

    /// Reads the rules again. Faults are told one by one, so that the operator can mend them all at once.
    async fn reload_rules(&self) {
        let (desk, now) = (Arc::clone(&self.desk), (self.clock)());
        match tokio::task::spawn_blocking(move || desk.reload_rules(now)).await {
            Ok(Ok(Reloaded::Taken { version })) => {
                tracing::info!(version, "new rules judge from now on; `sozwatch rejudge` shows what they change");
            }
            Ok(Ok(Reloaded::Same { version })) => tracing::info!(version, "the rules are what they were"),
            Ok(Ok(Reloaded::Refused { faults })) => {
                for fault in &faults {
                    tracing::error!(%fault, "a fault in the rules");
                }
                tracing::error!(faults = faults.len(), "the new rules are refused and the old ones go on");
            }
            Ok(Err(error)) => tracing::error!(error = error.in_words(), "the rules were not read; the old ones go on"),
            Err(stopped) => tracing::error!(%stopped, "the rules were not read; the old ones go on"),
        }
    }

    /// Asks each source when it is due; sets `news` when there is something to keep house for.
    async fn watch(&self, stop: &AtomicBool, news: &AtomicBool) -> Result<(), DeskError> {
        let schedule = &self.desk.config().schedule;
        let round = Round {
            client: &self.client,
            feeds: Feeds::Due,
            most_pages: PAGES_OF_A_TURN,
            clock: self.clock,
            stop,
            progress: &|_| self.pulse.beat(),
        };
        // By a cron expression every source has its turn at once, and one when the daemon starts.
        let asked: Mutex<BTreeSet<usize>> = Mutex::default();
        let due = |at: usize| -> Result<Timestamp, DeskError> {
            let now = (self.clock)();
            let own = self.desk.source_due(at, now)?.unwrap_or(Timestamp::MAX);
            let is_first = !asked.lock().unwrap_or_else(PoisonError::into_inner).contains(&at);
            Ok(match schedule.cron.as_ref().filter(|_| !is_first) {
                Some(cron) => own.max(next_by_cron(cron, schedule, now).unwrap_or(Timestamp::MAX)),
                None => own,
            })
        };
        let (round, asked) = (&round, &asked);
        let ask = |at: usize| async move {
            asked.lock().unwrap_or_else(PoisonError::into_inner).insert(at);
            let cycle = self.desk.collect_from(at, round).await?;
            self.pulse.turned(&cycle, (self.clock)());
            if cycle.feeds > 0 || cycle.pages.total() > 0 || cycle.revisited.total() > 0 {
                news.store(true, Ordering::Relaxed);
                self.tell_cycle(at, &cycle);
            }
            Ok(())
        };
        let sources = self.desk.config().sources.len();
        let most = self.desk.config().crawl.max_concurrent;
        let watch = Watch { sources, most, clock: &self.clock, due: &due, beat: &|| self.pulse.beat() };
        match watch.run(ask).await? {}
    }

    fn is_any_due(&self, now: Timestamp) -> Result<bool, DeskError> {
        for at in 0..self.desk.config().sources.len() {
            if self.desk.source_due(at, now)?.is_some_and(|due| due <= now) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn tell_cycle(&self, at: usize, cycle: &Cycle) {
        tracing::info!(
            source = self.desk.config().sources.get(at).map(|source| source.name.as_str()),
            feeds = cycle.feeds,
            failed = cycle.feeds_failed,
            stored = cycle.pages.stored,
            candidates = cycle.pages.candidates,
            reprints = cycle.pages.reprints,
            duplicates = cycle.pages.duplicates,
            quarantined = cycle.pages.quarantined,
            refused = cycle.pages.refused,
            pages_failed = cycle.pages.failed,
            revisited = cycle.revisited.total(),
            "cycle"
        );
    }

    /// Alarms, the queue file, the digest, the mails and the evidence: whenever a source brought something or a
    /// reviewer saved the queue file, and as often as feeds are polled at least.
    async fn keep_house(&self, news: &AtomicBool) -> Result<(), DeskError> {
        let mut rest = Duration::ZERO;
        let mut before = (changed(&self.desk.queue_file()), self.look_of_boxes().await);
        // Where no source is due when the daemon starts, there is no news to wait for.
        news.store(!self.is_any_due((self.clock)())?, Ordering::Relaxed);
        loop {
            self.rest(rest, news, &before).await;
            let begun = tokio::time::Instant::now();
            news.store(false, Ordering::Relaxed);
            // Looked at before they are exchanged: what is put there meanwhile is news, at the price of one turn more.
            before.1 = self.look_of_boxes().await;
            self.desk.note_unasked((self.clock)())?;
            self.tell_alarms()?;
            if self.exchange().await {
                news.store(true, Ordering::Relaxed);
            }
            self.publish_what_is_due().await;
            self.send_mails().await;
            self.tell_webhook().await;
            self.see_to_evidence().await;
            self.let_old_stories_go().await;
            before.0 = changed(&self.desk.queue_file());
            rest = BREATH.max(begun.elapsed() * REST);
        }
    }

    /// One cycle, as `run --once` does it.
    ///
    /// # Errors
    /// Where the records or the store cannot be written.
    pub async fn cycle(
        &self,
        feeds: Feeds,
        stop: &AtomicBool,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Cycle, DeskError> {
        let (client, clock) = (&*self.client, self.clock);
        let round = Round { client, feeds, most_pages: PAGES_OF_A_SOURCE, clock, stop, progress };
        let mut cycle = self.desk.collect(&round).await?;
        cycle.faults.extend(self.see_to_evidence().await);
        self.let_old_stories_go().await;
        Ok(cycle)
    }

    /// Lets old quiet stories go, where the configuration asks for it. What fails is told and tried again.
    async fn let_old_stories_go(&self) {
        let (desk, now) = (Arc::clone(&self.desk), (self.clock)());
        let gone = tokio::task::spawn_blocking(move || desk.let_old_stories_go(now)).await;
        let gone = gone.map_err(|stopped| stopped.to_string());
        match gone.and_then(|gone| gone.map_err(|error| error.in_words())) {
            Ok(0) => {}
            Ok(stories) => tracing::info!(stories, "old quiet stories were let go"),
            Err(why) => tracing::error!(why, "old quiet stories could not be let go"),
        }
    }

    /// Finishes the evidence of days that are over, and has it time-stamped. What fails is told and
    /// tried again with the next cycle.
    async fn see_to_evidence(&self) -> Vec<Diagnostic> {
        let (desk, now) = (Arc::clone(&self.desk), (self.clock)());
        let finished = tokio::task::spawn_blocking(move || desk.finish_days(now)).await;
        let finished = finished.map_err(|stopped| stopped.to_string());
        let finished = finished.and_then(|finished| finished.map_err(|error| error.in_words()));
        let stamped = match finished {
            Ok(_) => self.desk.stamp_days(&self.client).await.map_err(|error| error.in_words()),
            Err(why) => Err(why),
        };
        stamped.unwrap_or_else(|why| {
            tracing::error!(why, "the evidence of a day could not be finished");
            vec![Diagnostic::new("archive", format!("the evidence of a day could not be finished: {why}"))]
        })
    }

    /// Exchanges the queue file and the files of reviewers. A file that cannot be written is told and tried again:
    /// the decisions are safe in it meanwhile. Is a file on its way, so that it is worth looking again soon?
    async fn exchange(&self) -> bool {
        let (desk, now) = (Arc::clone(&self.desk), (self.clock)());
        match tokio::task::spawn_blocking(move || desk.exchange(now)).await {
            Ok(Ok(done)) => {
                if let Some(why) = &done.left_alone {
                    tracing::warn!(why, file = %done.file.display(), "the queue file was left alone; a new one lies beside it");
                }
                if let Some(imported) = done.imported {
                    tracing::info!(taken = imported.taken, returned = imported.returned.len(), "decisions read");
                }
                for fault in &done.register.faults {
                    tracing::warn!(%fault, "a row of the register was not taken");
                }
                tracing::info!(rows = done.rows, file = %done.file.display(), "queue file written");
                if let Some(boxes) = &done.boxes {
                    tell_boxes(boxes);
                }
                return done.boxes.is_some_and(|boxes| boxes.settling);
            }
            Ok(Err(error)) => tracing::error!(error = error.in_words(), "the queue file was not exchanged"),
            Err(stopped) => tracing::error!(%stopped, "the queue file was not exchanged"),
        }
        false
    }

    async fn publish_what_is_due(&self) {
        let (desk, now) = (Arc::clone(&self.desk), (self.clock)());
        let publish = move || -> Result<(), DeskError> {
            let config = &desk.config().digest;
            let dir = desk.root().join(&config.dir);
            let mut written = false;
            // Missed ones are made up, oldest first. Each is noted when it is written, so none comes twice.
            while let Some(week) = desk.digest_due(now)? {
                let wanted = Wanted {
                    week: Some(week),
                    languages: &config.languages,
                    formats: &config.formats,
                    edition: Edition::Internal,
                    dir: &dir,
                    step: None,
                };
                let published = desk.digest(&wanted, now)?;
                for fault in &published.notices {
                    tracing::error!(%fault, "the form of the digest is broken: the shipped one is used");
                }
                written = true;
                tracing::info!(week = published.week, events = published.events, dir = %dir.display(), "digest written");
            }
            if written && config.draft_report {
                draft_report(&desk, &dir, now)?;
            }
            Ok(())
        };
        match tokio::task::spawn_blocking(publish).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::error!(error = error.in_words(), "the digest was not written; it is tried again")
            }
            Err(stopped) => tracing::error!(%stopped, "the digest was not written; it is tried again"),
        }
    }

    /// Waits until there is something to keep house for. News wait for the end of the `rest`, a reviewer only for
    /// the next look at the queue file and the boxes.
    async fn rest(&self, rest: Duration, news: &AtomicBool, before: &(Option<SystemTime>, String)) {
        let begun = tokio::time::Instant::now();
        let mut looked = begun;
        let file = self.desk.queue_file();
        let every = self.desk.config().schedule.every;
        loop {
            let rested = begun.elapsed();
            let has_news = rested >= rest && news.load(Ordering::Relaxed);
            if has_news || rested >= every || changed(&file) != before.0 {
                return;
            }
            // The boxes may lie on a share: they are looked at less often.
            if looked.elapsed() >= LOOK {
                looked = tokio::time::Instant::now();
                if self.look_of_boxes().await != before.1 {
                    return;
                }
            }
            let look = if rested < rest { LOOK } else { LOOK / 10 };
            tokio::time::sleep(look.min(every.saturating_sub(rested)).max(Duration::from_millis(10))).await;
        }
    }

    async fn look_of_boxes(&self) -> String {
        let desk = Arc::clone(&self.desk);
        tokio::task::spawn_blocking(move || desk.look_of_boxes()).await.unwrap_or_default()
    }
}

fn tell_boxes(boxes: &Boxes) {
    for received in &boxes.received {
        let (taken, returned) = (received.imported.taken, received.imported.returned.len());
        tracing::info!(file = %received.file.display(), reviewer = received.reviewer, taken, returned, "decisions read");
    }
    for left in &boxes.left {
        tracing::info!(file = left.file, why = left.why, "left alone; it is tried again");
    }
    for held in &boxes.held {
        let why = held.left_alone.as_deref();
        tracing::info!(reviewer = held.reviewer, rows = held.rows, file = %held.file.display(), why, "box");
    }
}

/// When a cron expression falls due next, read on the wall clock of the schedule's time zone.
fn next_by_cron(expression: &str, schedule: &ScheduleConfig, now: Timestamp) -> Option<Timestamp> {
    use std::str::FromStr as _;
    let cron = croner::Cron::from_str(expression).ok()?;
    let wall = now.to_zoned_datetime(schedule.time_zone.clone()).datetime();
    // croner counts in chrono; the wall clock is handed over as if it were UTC and taken back.
    let as_utc = chrono_of(wall)?;
    let next = cron.find_next_occurrence(&as_utc, false).ok()?;
    let wall = jiff::tz::Offset::UTC.to_datetime(Timestamp::from_second(next.timestamp()).ok()?);
    schedule.time_zone.to_timestamp(wall).ok()
}

fn chrono_of(wall: jiff::civil::DateTime) -> Option<chrono::DateTime<chrono::Utc>> {
    chrono::DateTime::from_timestamp(jiff::tz::Offset::UTC.to_timestamp(wall).ok()?.as_second(), 0)
}

/// When the file was last changed.
fn changed(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).ok()?.modified().ok()
}

/// Resolves when SIGTERM or SIGINT arrives; both are listened for from the call on.
pub fn asked_to_stop() -> impl Future<Output = &'static str> {
    let listening = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async {
        let (Ok(mut terminate), Ok(mut interrupt)) = listening else {
            tracing::warn!("signals cannot be listened for; stop the process by force");
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        }
    }
}

/// Drafts the report of the last full month, unless somebody has signed it.
fn draft_report(desk: &Desk, dir: &Path, now: Timestamp) -> Result<(), DeskError> {
    let config = &desk.config().digest;
    let period = Period::last_full(now, &desk.config().schedule.time_zone, Length::Month);
    if !desk.gather_report(period, now)?.state.is_draft() {
        return Ok(());
    }
    let wanted = WantedReport {
        period,
        languages: &config.languages,
        formats: &config.formats,
        edition: Edition::Internal,
        dir,
        step: None,
    };
    let reported = desk.report(&wanted, now)?;
    tracing::info!(period = reported.period, events = reported.events, dir = %dir.display(), "report drafted");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    #[test]
    fn cron_is_read_on_the_wall_clock_of_its_zone() {
        let zone = TimeZone::get("Asia/Almaty").unwrap();
        let schedule = ScheduleConfig { time_zone: zone, ..crate::config::Config::embedded().schedule };
        let check = |cron: &str, now: &str, expect: &str| {
            let next = next_by_cron(cron, &schedule, now.parse().unwrap()).unwrap();
            assert_eq!(next, expect.parse::<Timestamp>().unwrap(), "{cron} after {now}");
        };
        check("0 8 * * *", "2026-11-16T00:00:00Z", "2026-11-16T03:00:00Z");
        check("0 8 * * *", "2026-11-16T03:00:00Z", "2026-11-17T03:00:00Z");
        check("*/20 * * * *", "2026-11-16T03:05:00Z", "2026-11-16T03:20:00Z");
        // Before 1 March 2024 Almaty was six hours ahead of UTC.
        check("0 8 * * *", "2024-02-10T00:00:00Z", "2024-02-10T02:00:00Z");
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "edge: the drafts")]
    fn a_report_is_drafted_until_somebody_signs_it() {
        let folder = tempfile::tempdir().unwrap();
        let config = crate::config::Config::embedded();
        let now: Timestamp = "2017-12-04T03:00:00Z".parse().unwrap();
        let (desk, _) = Desk::open(config, folder.path(), now).unwrap();
        let dir = folder.path().join("digests");
        let page = dir.join("report-2017-11.ru.md");
        draft_report(&desk, &dir, now).unwrap();
        assert!(std::fs::read_to_string(&page).unwrap().contains("ЧЕРНОВИК"));
        let wanted = WantedReport {
            period: "2017-11".parse().unwrap(),
            languages: &[crate::model::Lang::RU],
            formats: &["md".to_owned()],
            edition: Edition::Internal,
            dir: &dir,
            step: Some((crate::desk::Step::Sign, "A. Editor".to_owned())),
        };
        desk.report(&wanted, now).unwrap();
        std::fs::remove_file(&page).unwrap();
        draft_report(&desk, &dir, now).unwrap();
        assert!(!page.exists(), "what is signed is nobody's draft any more");
    }
}
