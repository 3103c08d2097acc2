//! The commands: one file each. A command reads its arguments, calls one function of the desk (or
//! of the pure part) and prints what came of it; it decides nothing itself.
//!
//! Commands that need the store go through [`at_the_desk`]: where a daemon owns the store they are
//! sent to it over the control socket and its answer is printed, else the store is opened here.
#![expect(clippy::disallowed_methods, reason = "edge: reads files, folders, the clock")]
#![expect(clippy::disallowed_types, reason = "edge: opens files")]

mod case;
mod classify;
mod completions;
mod demo;
mod digest;
mod eval;
mod explain;
mod export;
mod extract;
mod feed;
mod import;
mod init;
mod ledger;
mod log;
mod outputs;
mod queue;
mod register;
mod rejudge;
mod report;
mod review;
mod rules;
mod run;
mod search;
mod selftest;
mod sources;
mod status;
mod store;

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::config::{self, Config};
use crate::daemon::control;
use crate::desk::{self, Desk};
use crate::model::Diagnostic;
use log::Logs;

/// What a command came to; the one table of exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done. Waiting candidates, duplicates, refused or quarantined pages and alarms are no faults.
    Done = 0,
    /// A feed failed, a row was rejected or in conflict, an input gave an error, a check found a fault.
    Faults = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// The store or the ledger needs repair.
    Repair = 3,
}

impl Exit {
    /// [`Exit::Faults`] where there were any.
    fn faults_if(any: bool) -> Self {
        if any { Self::Faults } else { Self::Done }
    }
}

impl Exit {
    /// The exit of a code that another process gave.
    fn of(code: u8) -> Self {
        [Self::Done, Self::Faults, Self::Usage].into_iter().find(|exit| *exit as u8 == code).unwrap_or(Self::Repair)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// sozwatch watches open news sources for violations of freedom of speech. It proposes; people decide.
#[derive(Debug, Parser)]
#[command(name = "sozwatch", version, propagate_version = true, disable_help_subcommand = true)]
struct Arguments {
    /// The configuration; every path in it is relative to it.
    #[arg(long, global = true, default_value = "config.toml", value_name = "FILE")]
    config: PathBuf,
    /// How logs are written to stderr [default: as `[log] format` says, else text].
    #[arg(long, global = true, value_enum)]
    log_format: Option<LogFormat>,
    #[clap(skip)]
    logs: Logs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

impl From<LogFormat> for config::LogFormat {
    fn from(format: LogFormat) -> Self {
        match format {
            LogFormat::Text => Self::Text,
            LogFormat::Json => Self::Json,
        }
    }
}

/// How a listing is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListingFormat {
    Text,
    Json,
}

/// The `--format` of every listing.
#[derive(Debug, Clone, clap::Args)]
struct Listing {
    /// How to print it.
    #[arg(long, value_enum, default_value_t = ListingFormat::Text)]
    format: ListingFormat,
}

impl Listing {
    fn json(&self) -> bool {
        self.format == ListingFormat::Json
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the daemon, or one cycle over the feeds that are due.
    Run(run::Run),
    /// The whole loop, offline, against the invented newsroom.
    Demo(demo::Demo),
    /// Make a new workspace with a commented config.toml.
    Init(init::Init),
    /// Health of the sources; fetch each once; discover feeds.
    Sources(sources::Sources),
    /// The queue file: export, import, list, show.
    Queue(queue::Queue),
    /// The local page for reviewers.
    Review(review::Review),
    /// Persons and outlets, one spelling for each language: list, check, export, import.
    Register(register::Register),
    /// Cases: list, show, merge, split, undo.
    Case(case::Case),
    /// Search the stories kept.
    Search(search::Search),
    /// Judge the archive again with the present rules.
    Rejudge(rejudge::Rejudge),
    /// A week of confirmed events.
    Digest(digest::Digest),
    /// A month, quarter, half or year in figures.
    Report(report::Report),
    /// Stories as JSON Lines → verdicts as JSON Lines.
    Classify(classify::Classify),
    /// Pages → stories as JSON Lines.
    Extract(extract::Extract),
    /// Feeds → entries as JSON Lines.
    Feed(feed::Feed),
    /// Take in stories captured elsewhere, through the same path as the crawler.
    Import(import::Import),
    /// Check, test, list and explain the rules.
    Rules(rules::Rules),
    /// Why a text is (or is not) a candidate.
    Explain(explain::Explain),
    /// Precision, recall and F1 on a labelled set.
    Eval(eval::Eval),
    /// Check, count, back up, restore, rebuild the store.
    Store(store::Store),
    /// Everything in open formats.
    Export(export::Export),
    /// Check the chain of the ledger, the records and the evidence.
    Verify(ledger::Verify),
    /// What waits, what is alive, what failed.
    Status(status::Status),
    /// Hostile servers on loopback: what is refused and what is taken.
    Selftest(selftest::Selftest),
    /// Completions for a shell.
    Completions(completions::Completions),
    /// The manual page.
    Man(completions::Man),
}

impl Command {
    /// Does it go on until it is stopped?
    fn is_daemon(&self) -> bool {
        matches!(self, Self::Run(run) if run.is_daemon())
    }
}

/// Where a command prints, and from where its relative paths count.
///
/// A command run by the daemon for somebody else prints into the control socket.
pub struct Io<'a> {
    /// Results.
    pub out: &'a mut (dyn Write + Send),
    /// Notices and errors.
    pub err: &'a mut (dyn Write + Send),
    /// The folder that the user stands in.
    pub cwd: &'a Path,
}

impl Io<'_> {
    /// A path as the user meant it.
    fn path(&self, path: &Path) -> PathBuf {
        self.cwd.join(path)
    }

    /// Prints one line of JSON.
    fn json(&mut self, value: &impl serde::Serialize) -> Result<()> {
        serde_json::to_writer(&mut *self.out, value)?;
        writeln!(self.out)?;
        Ok(())
    }

    /// Prints diagnostics for people.
    fn tell<'n>(&mut self, notices: impl IntoIterator<Item = &'n Diagnostic>) -> Result<()> {
        for notice in notices {
            writeln!(self.err, "{notice}")?;
        }
        Ok(())
    }
}

/// Runs the program: parses `arguments`, does what they say, prints, and tells the exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let parsed = match Arguments::try_parse_from(&arguments) {
        Ok(parsed) => parsed,
        Err(wrong) => {
            let _ = wrong.print();
            return if wrong.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    let usual = if parsed.command.is_daemon() { config::LogLevel::Info } else { config::LogLevel::Warn };
    parsed.logs.begin(parsed.log_format.map(Into::into), usual);
    let cwd = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let mut io = Io { out: &mut out, err: &mut err, cwd: &cwd };
    let exit = dispatch(&parsed, &arguments, &mut io).unwrap_or_else(|error| report(&error, &mut io));
    let _ = io.out.flush();
    exit
}

/// Prints an error with its causes and tells which exit code it means.
fn report(error: &anyhow::Error, io: &mut Io<'_>) -> Exit {
    if error.chain().any(is_broken_pipe) {
        // Whoever read the output has seen enough.
        return Exit::Done;
    }
    let _ = writeln!(io.err, "sozwatch: {}", desk::words_of(error.as_ref()));
    match error.downcast_ref::<Failure>() {
        Some(failure) => failure.exit,
        None => Exit::Faults,
    }
}

fn is_broken_pipe(cause: &(dyn std::error::Error + 'static)) -> bool {
    let kind = cause
        .downcast_ref::<std::io::Error>()
        .map(std::io::Error::kind)
        .or_else(|| cause.downcast_ref::<serde_json::Error>()?.io_error_kind());
    kind == Some(std::io::ErrorKind::BrokenPipe)
}

/// An error that decides the exit code.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Failure {
    exit: Exit,
    message: String,
}

impl Failure {
    fn usage(message: impl Into<String>) -> anyhow::Error {
        Self { exit: Exit::Usage, message: message.into() }.into()
    }

    fn repair(message: impl Into<String>) -> anyhow::Error {
        Self { exit: Exit::Repair, message: message.into() }.into()
    }
}

fn dispatch(arguments: &Arguments, raw: &[OsString], io: &mut Io<'_>) -> Result<Exit> {
    match &arguments.command {
        Command::Run(run) => run.run(arguments, raw, io),
        Command::Demo(demo) => demo.run(io),
        Command::Init(init) => init.run(io),
        Command::Sources(sources) => sources.run(arguments, raw, io),
        Command::Classify(classify) => classify.run(io),
        Command::Extract(extract) => extract.run(io),
        Command::Feed(feed) => feed.run(io),
        Command::Rules(rules) => rules.run(arguments, io),
        Command::Explain(explain) => explain.run(arguments, raw, io),
        Command::Eval(eval) => eval.run(io),
        Command::Selftest(selftest) => selftest.run(io),
        Command::Verify(verify) => verify.run(arguments, io),
        Command::Store(store) => store.run(arguments, raw, io),
        Command::Review(review) => review.run(io),
        Command::Completions(completions) => completions.run(io),
        Command::Man(man) => man.run(io),
        Command::Export(_)
        | Command::Case(_)
        | Command::Search(_)
        | Command::Queue(_)
        | Command::Register(_)
        | Command::Rejudge(_)
        | Command::Digest(_)
        | Command::Report(_)
        | Command::Import(_)
        | Command::Status(_) => at_the_desk(arguments, raw, io),
    }
}

/// The commands that act on an open store: the same function for the daemon and for a lone command.
fn act(desk: &Desk, command: &Command, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
    match command {
        Command::Case(case) => case.act(desk, now, io),
        Command::Search(search) => search.act(desk, io),
        Command::Queue(queue) => queue.act(desk, now, io),
        Command::Register(register) => register.act(desk, now, io),
        Command::Rejudge(rejudge) => rejudge.act(desk, now, io),
        Command::Digest(digest) => digest.act(desk, now, io),
        Command::Report(report) => report.act(desk, now, io),
        Command::Import(import) => import.act(desk, now, io),
        Command::Export(export) => export.act(desk, now, io),
        Command::Status(status) => status.act(desk, now, io),
        Command::Sources(sources) => sources.act(desk, now, io),
        Command::Store(store) => store.act(desk, now, io),
        Command::Explain(explain) => explain.act(desk, io),
        _ => Err(Failure::usage("this command is not one that a running daemon takes")),
    }
}

/// Sends the command to the daemon that owns the store, or opens the store and acts here.
fn at_the_desk(arguments: &Arguments, raw: &[OsString], io: &mut Io<'_>) -> Result<Exit> {
    let (config, root) = read_config(arguments, io)?;
    let store = root.join(&config.store.path);
    if let Some(exit) = ask_the_owner(&store, raw, io)? {
        return Ok(exit);
    }
    let desk = open_desk(config, &root, io)?;
    act(&desk, &arguments.command, Timestamp::now(), io)
}

/// Has the process that owns the store do the command; `None` where nobody owns it.
fn ask_the_owner(store: &Path, raw: &[OsString], io: &mut Io<'_>) -> Result<Option<Exit>> {
    let arguments = raw.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let request = control::Request { arguments, cwd: io.cwd.to_path_buf() };
    let code =
        control::ask(store, &request, io.out, io.err).context("the daemon that owns the store did not answer")?;
    Ok(code.map(Exit::of))
}

/// Runs a command that came over the control socket, on the daemon's own desk.
fn act_for_another(daemon: &run::Owner, request: &control::Request, io: &mut Io<'_>) -> Exit {
    let outcome = match Arguments::try_parse_from(&request.arguments) {
        Ok(Arguments { command: Command::Run(run), .. }) => run.for_another(daemon, io),
        Ok(parsed) => act(&daemon.desk, &parsed.command, Timestamp::now(), io),
        Err(wrong) => Err(Failure::usage(wrong.to_string())),
    };
    outcome.unwrap_or_else(|error| report(&error, io))
}

/// Opens the desk and tells what its opening mended.
fn open_desk(config: Config, root: &Path, io: &mut Io<'_>) -> Result<Desk> {
    let (desk, notices) = Desk::open(config, root, Timestamp::now()).map_err(|error| {
        if error.needs_repair() { Failure::repair(error.in_words()) } else { anyhow::Error::new(error) }
    })?;
    io.tell(&notices)?;
    Ok(desk)
}

/// Reads the configuration; prints what is wrong with it, line by line.
fn read_config(arguments: &Arguments, io: &mut Io<'_>) -> Result<(Config, PathBuf)> {
    let path = io.path(&arguments.config);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            return Err(Failure::usage(format!(
                "cannot read {}: {error}. `sozwatch init` writes a commented one; `--config FILE` names another",
                path.display()
            )));
        }
    };
    let root = path.parent().map(Path::to_path_buf).unwrap_or_default();
    match config::parse(&text, &arguments.config.display().to_string()) {
        Ok((config, warnings)) => {
            io.tell(&warnings)?;
            arguments.logs.follow(&config);
            Ok((config, root))
        }
        Err(faults) => {
            io.tell(&faults)?;
            Err(Failure::usage(match faults.len() {
                1 => "the configuration has a fault; nothing was done".to_owned(),
                n => format!("the configuration has {n} faults; nothing was done"),
            }))
        }
    }
}

/// The configuration if there is one, else the embedded defaults: for commands that need none.
fn config_or_defaults(arguments: &Arguments, io: &mut Io<'_>) -> Result<(Config, PathBuf)> {
    if io.path(&arguments.config).exists() {
        return read_config(arguments, io);
    }
    Ok((Config::embedded(), io.cwd.to_path_buf()))
}
