//! `run`: the daemon, or one cycle.

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;

use super::{Arguments, Exit, Failure, Io, act_for_another, ask_the_owner, open_desk, read_config};
use crate::daemon::control::{Control, Request};
use crate::daemon::{Daemon, asked_to_stop};
use crate::desk::{Cycle, Desk, Feeds, Progress};
use crate::net::Client;

/// How long what is under way may take to end after a signal.
const GRACE: Duration = Duration::from_secs(4);

/// Pages that are read and judged at once, and names that are looked up: more would not be done sooner, and
/// each holds its page in memory meanwhile.
const AT_ONCE: usize = 64;

#[derive(Debug, clap::Args)]
pub(super) struct Run {
    /// One cycle over the feeds that are due, then exit.
    #[arg(long)]
    once: bool,
    /// With --once: over every feed, due or not.
    #[arg(long, requires = "once")]
    all: bool,
}

/// What answers a second command while this process owns the store.
pub(super) struct Owner {
    pub(super) desk: Arc<Desk>,
    daemon: Arc<Daemon>,
    runtime: tokio::runtime::Handle,
}

impl Run {
    pub(super) fn run(&self, arguments: &Arguments, raw: &[OsString], io: &mut Io<'_>) -> Result<Exit> {
        let (config, root) = read_config(arguments, io)?;
        if config.sources.is_empty() {
            return Err(Failure::usage("the configuration names no [[source]]; there is nothing to watch"));
        }
        if let Some(exit) = ask_the_owner(&root.join(&config.store.path), raw, io)? {
            return Ok(exit);
        }
        let client = Arc::new(Client::for_sources(&config)?);
        super::status::tell_proxies(&config, io)?;
        let desk = Arc::new(open_desk(config, &root, io)?);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .max_blocking_threads(AT_ONCE)
            .build()
            .context("the network could not be made ready")?;
        let (logs, path) = (arguments.logs.clone(), io.path(&arguments.config));
        let daemon =
            Daemon::new(Arc::clone(&desk), client, Timestamp::now).reading_again(move || logs.read_again(&path));
        let daemon = Arc::new(daemon);
        let outcome = runtime.block_on(async {
            let owner =
                Owner { desk: Arc::clone(&desk), daemon: Arc::clone(&daemon), runtime: runtime.handle().clone() };
            let _control =
                Control::listen(&desk.folder(), Arc::new(move |request, out, err| owner.answer(request, out, err)))
                    .context("the control socket could not be made")?;
            match self.once {
                true => self.once(&daemon, io).await,
                false => {
                    tracing::info!(sources = desk.config().sources.len(), "watching");
                    daemon.run().await?;
                    Ok(Exit::Done)
                }
            }
        });
        runtime.shutdown_timeout(GRACE);
        outcome
    }

    async fn once(&self, daemon: &Daemon, io: &mut Io<'_>) -> Result<Exit> {
        let stop = AtomicBool::new(false);
        let bars = Bars::new();
        let progress = |step| bars.step(step);
        let cycle = tokio::select! {
            cycle = daemon.cycle(self.feeds(), &stop, &progress) => cycle?,
            signal = asked_to_stop() => {
                stop.store(true, Ordering::Relaxed);
                writeln!(io.err, "stopped by {signal}; what was kept is kept, the rest comes with the next run")?;
                return Ok(Exit::Faults);
            }
        };
        bars.end();
        daemon.tell_alarms()?;
        let exchanged = daemon.desk.exchange(Timestamp::now())?;
        print_cycle(&cycle, io)?;
        super::queue::print_exchange(&exchanged, io)?;
        Ok(Exit::faults_if(cycle.feeds_failed > 0 || exchanged.has_faults()))
    }

    /// Does it watch until it is stopped?
    pub(super) fn is_daemon(&self) -> bool {
        !self.once
    }

    fn feeds(&self) -> Feeds {
        if self.all { Feeds::All } else { Feeds::Due }
    }

    /// `run` asked of a process that runs already: one cycle, or a refusal.
    pub(super) fn for_another(&self, owner: &Owner, io: &mut Io<'_>) -> Result<Exit> {
        if !self.once {
            return Err(Failure::usage("a daemon runs on this store already; `sozwatch status` asks it how it stands"));
        }
        let stop = AtomicBool::new(false);
        let cycle = owner.runtime.block_on(owner.daemon.cycle(self.feeds(), &stop, &|_| {}))?;
        let exchanged = owner.desk.exchange(Timestamp::now())?;
        print_cycle(&cycle, io)?;
        super::queue::print_exchange(&exchanged, io)?;
        Ok(Exit::faults_if(cycle.feeds_failed > 0))
    }
}

impl Owner {
    fn answer(
        &self,
        request: &Request,
        out: &mut (dyn std::io::Write + Send),
        err: &mut (dyn std::io::Write + Send),
    ) -> u8 {
        act_for_another(self, request, &mut Io { out, err, cwd: &request.cwd }) as u8
    }
}

/// Prints what a cycle did, faults first on stderr.
pub(super) fn print_cycle(cycle: &Cycle, io: &mut Io<'_>) -> Result<()> {
    io.tell(&cycle.notices)?;
    io.tell(&cycle.faults)?;
    let pages = &cycle.pages;
    writeln!(
        io.out,
        "feeds    {} polled, {} unchanged, {} failed; {} entries",
        cycle.feeds, cycle.unchanged, cycle.feeds_failed, cycle.entries
    )?;
    writeln!(
        io.out,
        "pages    {} stored ({} candidates), {} reprints, {} known already, {} set aside, {} refused, {} failed",
        pages.stored,
        pages.candidates,
        pages.reprints,
        pages.duplicates,
        pages.quarantined,
        pages.refused,
        pages.failed
    )?;
    let revisited = &cycle.revisited;
    if revisited.total() > 0 {
        writeln!(
            io.out,
            "again    {} the same, {} changed, {} gone, {} not seen",
            revisited.same, revisited.changed, revisited.gone, revisited.unseen
        )?;
    }
    Ok(())
}

/// Two progress bars on a terminal, none elsewhere.
pub(super) struct Bars {
    feeds: ProgressBar,
    pages: ProgressBar,
    _both: indicatif::MultiProgress,
}

impl Bars {
    pub(super) fn new() -> Self {
        let both = indicatif::MultiProgress::new();
        if !std::io::stderr().is_terminal() {
            both.set_draw_target(indicatif::ProgressDrawTarget::hidden());
        }
        let style = |name: &str| {
            ProgressStyle::with_template(&format!("{name:<6} {{bar:40}} {{pos}}/{{len}}"))
                .unwrap_or_else(|_| ProgressStyle::default_bar())
        };
        let feeds = both.add(ProgressBar::new(0).with_style(style("feeds")));
        let pages = both.add(ProgressBar::new(0).with_style(style("pages")));
        Self { feeds, pages, _both: both }
    }

    pub(super) fn step(&self, step: Progress) {
        match step {
            Progress::Feeds(more) => self.feeds.inc_length(more as u64),
            Progress::FeedDone => self.feeds.inc(1),
            Progress::Pages(more) => self.pages.inc_length(more as u64),
            Progress::PageDone => self.pages.inc(1),
        }
    }

    pub(super) fn end(&self) {
        self.feeds.finish_and_clear();
        self.pages.finish_and_clear();
    }
}
