//! `verify`: the chain of the ledger, the records beside it and the archive, read again byte by byte.

use anyhow::Result;

use super::{Arguments, Exit, Io, Listing, read_config};
use crate::desk::{Desk, FileState};

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
            for fault in verified.faults() {
                writeln!(io.err, "{fault}")?;
            }
            for (file, finding) in verified.archive.files.iter().filter(|(_, finding)| **finding != FileState::Whole) {
                writeln!(
                    io.out,
                    "{}  archive/{file}",
                    if *finding == FileState::Missing { "missing" } else { "changed" }
                )?;
            }
            writeln!(
                io.out,
                "ledger   {} lines, {} sealed values, {} erased\njournal  {} batches\narchive  {} files, {} records, {} \
                 days time-stamped, {} stories vouched for, {} pages erased\n{}",
                verified.records.lines,
                verified.records.sealed,
                verified.records.erased,
                verified.records.frames,
                verified.archive.files.len(),
                verified.archive.records,
                verified.archive.stamped,
                verified.vouched,
                verified.archive.erased,
                match verified.faults().count() {
                    0 => "whole".to_owned(),
                    n => format!("{n} faults"),
                }
            )?;
        }
        Ok(Exit::faults_if(verified.faults().next().is_some()))
    }
}
