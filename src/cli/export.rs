//! `export --all`: everything in open formats, into a new folder.

use std::path::PathBuf;

use anyhow::Result;
use jiff::Timestamp;

use super::{Exit, Failure, Io, Listing};
use crate::desk::Desk;

#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// Everything: stories, decisions, events, health, and the records as they lie.
    #[arg(long)]
    all: bool,
    /// The folder to make; by default sozwatch-export-DATE here.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Who takes it out; noted in the ledger.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    listing: Listing,
}

impl Export {
    pub(super) fn act(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        if !self.all {
            return Err(Failure::usage("say what: `sozwatch export --all`; rows alone are `sozwatch queue export`"));
        }
        let default = || PathBuf::from(format!("sozwatch-export-{}", now.strftime("%Y-%m-%d")));
        let dir = io.path(&self.out.clone().unwrap_or_else(default));
        let done = desk.export_all(&dir, self.by.clone(), now)?;
        match self.listing.json() {
            true => io.json(&done)?,
            false => writeln!(
                io.out,
                "exported {} stories, {} acts, {} events, {} files into {}",
                done.stories,
                done.acts,
                done.events,
                done.files,
                done.dir.display()
            )?,
        }
        Ok(Exit::Done)
    }
}
