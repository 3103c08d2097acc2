//! Commands that parse from the first day and are not built yet: each says so and exits with 1.

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
pub(super) struct Case {
    #[command(subcommand)]
    act: CaseAct,
}

#[derive(Debug, Subcommand)]
enum CaseAct {
    /// Every case.
    List,
    /// One case with its events.
    Show { id: String },
    /// One matter that was taken for two.
    Merge { into: String, id: String },
    /// Two matters that were taken for one.
    Split { id: String, events: Vec<String> },
    /// Take back the last merge or split.
    Undo { id: String },
}

#[derive(Debug, Args)]
pub(super) struct Search {
    #[arg(required = true)]
    words: Vec<String>,
    #[command(flatten)]
    listing: super::Listing,
}

/// Says that the command is not built yet and what serves meanwhile.
pub(super) fn run(command: &Command, io: &mut Io<'_>) -> Result<Exit> {
    let (name, meanwhile) = match command {
        Command::Review(_) => {
            ("review serve", "decide in the queue file: `sozwatch queue export`, `sozwatch queue import`")
        }
        Command::Case(_) => ("case", "the `case` column of the queue file names the case of an event"),
        _ => ("search", "`sozwatch queue show ID` shows any story kept"),
    };
    writeln!(io.err, "sozwatch {name} is not built yet; meanwhile: {meanwhile}")?;
    Ok(Exit::Faults)
}
