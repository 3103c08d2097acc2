//! `verify`: the chain of the ledger and the records beside it, read again byte by byte.

use anyhow::Result;

use super::{Arguments, Exit, Io, Listing, read_config};
use crate::desk::Desk;

#[derive(Debug, clap::Args)]
pub(super) struct Verify {
    #[command(flatten)]
    listing: Listing,
}

impl Verify {
    /// Reads the records as they lie on disk: it needs no store, and no word from who owns it.
    pub(super) fn run(&self, arguments: &Arguments, io: &mut Io<'_>) -> Result<Exit> {
        let (config, root) = read_config(arguments, io)?;
        let verified = Desk::verify(&root.join(&config.store.path))?;
        if self.listing.json() {
            io.json(&verified)?;
        } else {
            io.tell(&verified.faults)?;
            writeln!(
                io.out,
                "ledger   {} lines, {} sealed values, {} erased\njournal  {} batches\n{}",
                verified.lines,
                verified.sealed,
                verified.erased,
                verified.frames,
                match verified.faults.len() {
                    0 => "whole".to_owned(),
                    n => format!("{n} faults"),
                }
            )?;
        }
        Ok(Exit::faults_if(!verified.faults.is_empty()))
    }
}
