//! `sozwatch review serve`: it parses, says that the page is not built yet and what serves meanwhile.

use anyhow::Result;
use clap::{Args, Subcommand};

use super::{Exit, Io};

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

impl Review {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        let ReviewAct::Serve = self.act;
        let meanwhile = "decide in the queue file: `sozwatch queue export`, `sozwatch queue import`";
        writeln!(io.err, "sozwatch review serve is not built yet; meanwhile: {meanwhile}")?;
        Ok(Exit::Faults)
    }
}
