//! Commands that parse from the first day and are not built yet: each says so and exits with 1.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};

use super::{Command, Exit, Io};

#[derive(Debug, Args)]
pub(super) struct Review {
    #[command(subcommand)]
    act: ReviewAct,
}

#[derive(Debug, Subcommand)]
enum ReviewAct {
    /// Serve the page on loopback.
    Serve,
}

#[derive(Debug, Args)]
pub(super) struct Report {
    /// Such as 2017-11.
    #[arg(long, group = "period")]
    month: Option<String>,
    /// Such as 2017-Q4.
    #[arg(long, group = "period")]
    quarter: Option<String>,
    /// Such as 2017-H2.
    #[arg(long, group = "period")]
    half: Option<String>,
    /// Such as 2017.
    #[arg(long, group = "period")]
    year: Option<String>,
    #[arg(long, value_delimiter = ',')]
    lang: Vec<String>,
    #[arg(long, value_delimiter = ',')]
    format: Vec<String>,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The edition that may leave the house.
    #[arg(long)]
    public: bool,
    /// Write it for good.
    #[arg(long)]
    freeze: bool,
    /// Who signs.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// What changed since it was frozen.
    #[arg(long)]
    changes: bool,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// Everything.
    #[arg(long)]
    all: bool,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Selftest;

/// Says that the command is not built yet and what serves meanwhile.
pub(super) fn run(command: &Command, io: &mut Io<'_>) -> Result<Exit> {
    let (name, meanwhile) = match command {
        Command::Review(_) => {
            ("review serve", "decide in the queue file: `sozwatch queue export`, `sozwatch queue import`")
        }
        Command::Report(_) => ("report", "`sozwatch digest --week` has the confirmed events of a week"),
        Command::Export(_) => {
            ("export", "the ledger, the journal and `sozwatch queue export --decided` hold everything")
        }
        _ => ("selftest", "the tests of the crate run the same hostile servers"),
    };
    writeln!(io.err, "sozwatch {name} is not built yet; meanwhile: {meanwhile}")?;
    Ok(Exit::Faults)
}
