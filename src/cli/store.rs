//! `store`: check, count, rebuild; backing up, restoring and forgetting are not built yet.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;
use jiff::Timestamp;

use super::{Arguments, Exit, Failure, Io, Listing, at_the_desk, read_config};
use crate::daemon::control;
use crate::desk::Desk;

#[derive(Debug, clap::Args)]
pub(super) struct Store {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Does the index agree with itself?
    Check,
    /// How much lies in it.
    Stats {
        #[command(flatten)]
        listing: Listing,
    },
    /// One file with everything, checked by hashes.
    Backup { file: PathBuf },
    /// From such a file.
    Restore { file: PathBuf },
    /// A new index from ledger and journal; nothing is judged anew.
    Rebuild,
    /// Erase a private person's text, capture, note and names.
    Forget {
        id: String,
        #[arg(long)]
        reason: String,
    },
}

impl Store {
    pub(super) fn run(&self, arguments: &Arguments, raw: &[OsString], io: &mut Io<'_>) -> Result<Exit> {
        match &self.act {
            Act::Check | Act::Stats { .. } => at_the_desk(arguments, raw, io),
            Act::Rebuild => rebuild(arguments, io),
            Act::Backup { .. } => {
                Err(Failure::usage("backing up is not built yet; stop the daemon and copy the store folder"))
            }
            Act::Restore { .. } => {
                Err(Failure::usage("restoring is not built yet; copy the store folder back and run `sozwatch verify`"))
            }
            Act::Forget { .. } => Err(Failure::usage("forgetting is not built yet; nothing was erased")),
        }
    }

    pub(super) fn act(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        match &self.act {
            Act::Check => {
                let faults = desk.check()?;
                io.tell(&faults)?;
                writeln!(
                    io.out,
                    "{}",
                    if faults.is_empty() {
                        "whole".to_owned()
                    } else {
                        format!("{} faults; `sozwatch store rebuild` makes a new index from the records", faults.len())
                    }
                )?;
                Ok(if faults.is_empty() { Exit::Done } else { Exit::Repair })
            }
            Act::Stats { listing } => {
                let standing = desk.standing(now)?;
                match listing.json() {
                    true => io.json(&standing)?,
                    false => writeln!(
                        io.out,
                        "stories {}, waiting {}, decided {}, events {}, set aside {}",
                        standing.stories, standing.waiting, standing.decided, standing.events, standing.quarantined
                    )?,
                }
                Ok(Exit::Done)
            }
            _ => Err(Failure::usage("only `store check` and `store stats` are asked of a running daemon")),
        }
    }
}

fn rebuild(arguments: &Arguments, io: &mut Io<'_>) -> Result<Exit> {
    let (config, root) = read_config(arguments, io)?;
    if control::owned(&root.join(&config.store.path)) {
        return Err(Failure::usage("a daemon owns the store; stop it, then rebuild"));
    }
    let (entries, notices) = Desk::rebuild(&config, &root)?;
    io.tell(&notices)?;
    writeln!(io.out, "rebuilt from {entries} entries of journal and ledger")?;
    Ok(Exit::Done)
}
