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

/// Says that the command is not built yet and what serves meanwhile.
pub(super) fn run(command: &Command, io: &mut Io<'_>) -> Result<Exit> {
    let name = "review serve";
    let meanwhile = "decide in the queue file: `sozwatch queue export`, `sozwatch queue import`";
    writeln!(io.err, "sozwatch {name} is not built yet; meanwhile: {meanwhile}")?;
    Ok(Exit::Faults)
}
