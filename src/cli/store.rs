//! `store`: check, count, back up, restore, rebuild, forget.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Subcommand;
use jiff::Timestamp;

use super::{Arguments, Exit, Failure, Io, Listing, at_the_desk, config_or_defaults, open_desk, read_config};
use crate::backup::Identities;
use crate::daemon::control;
use crate::desk::{Desk, Room};

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
    /// One file with everything, checked by hashes; of a running daemon too.
    Backup {
        file: PathBuf,
        /// Encrypt to this public key of age, beside those of the configuration.
        #[arg(long, value_name = "AGE_KEY")]
        to: Vec<String>,
        /// Who takes the copy; noted in the ledger.
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// From such a file; the index is made anew.
    Restore {
        file: PathBuf,
        /// File with the secret key of an encrypted backup.
        #[arg(long, value_name = "FILE")]
        identity: Option<PathBuf>,
        /// Move the records that stand there aside first.
        #[arg(long)]
        replace: bool,
    },
    /// A new index from ledger and journal; nothing is judged anew.
    Rebuild,
    /// Erase a private person's text, note, headline and names; hash and tombstone stay.
    Forget {
        id: String,
        /// Kept in the ledger: name nobody in it.
        #[arg(long)]
        reason: String,
    },
}

impl Store {
    pub(super) fn run(&self, arguments: &Arguments, raw: &[OsString], io: &mut Io<'_>) -> Result<Exit> {
        match &self.act {
            Act::Check | Act::Stats { .. } | Act::Backup { .. } => at_the_desk(arguments, raw, io),
            Act::Rebuild => rebuild(arguments, io),
            Act::Restore { file, identity, replace } => restore(arguments, file, identity.as_deref(), *replace, io),
            Act::Forget { .. } => {
                let exit = at_the_desk(arguments, raw, io)?;
                let (config, root) = read_config(arguments, io)?;
                if control::owned(&root.join(&config.store.path)) {
                    writeln!(
                        io.err,
                        "the daemon's index file holds remains until the daemon is next started; restart it soon"
                    )?;
                } else {
                    // The index that was opened above is deleted and made anew by this.
                    open_desk(config, &root, io)?;
                }
                Ok(exit)
            }
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
                if let Some(dead) = dead(desk.room()?) {
                    writeln!(io.out, "{dead}")?;
                }
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
            Act::Backup { file, to, by } => {
                let file = io.path(file);
                let manifest = desk.backup(&file, to, by.clone(), now)?;
                writeln!(
                    io.out,
                    "backup   {} files, {} bytes, in {}",
                    manifest.files.len(),
                    manifest.bytes(),
                    file.display()
                )?;
                Ok(Exit::Done)
            }
            Act::Forget { id, reason } => {
                let done = desk.forget(id, reason, now)?;
                writeln!(
                    io.out,
                    "erased   {}: {} sealed values, {} batches of the journal, rows of {} files",
                    done.ids.join(", "),
                    done.values,
                    done.batches,
                    done.files.len()
                )?;
                for file in &done.left {
                    writeln!(io.err, "{} holds it still; delete it or write it anew", file.display())?;
                }
                writeln!(
                    io.err,
                    "backups and exports made before still hold it, and a disk may keep erased blocks; see docs/security.md"
                )?;
                Ok(Exit::Done)
            }
            _ => Err(Failure::usage("the daemon owns the store; stop it first")),
        }
    }
}

/// What is said of room that nothing needs any more; nothing where there is none.
fn dead(Room { whole, dead }: Room) -> Option<String> {
    let help = "`sozwatch store rebuild` gives them back";
    (dead > 0).then(|| format!("{dead} of {whole} bytes of texts are of values replaced or let go since; {help}"))
}

fn restore(
    arguments: &Arguments,
    file: &Path,
    identity: Option<&Path>,
    replace: bool,
    io: &mut Io<'_>,
) -> Result<Exit> {
    let (config, root) = config_or_defaults(arguments, io)?;
    if control::owned(&root.join(&config.store.path)) {
        return Err(Failure::usage("a daemon owns the store; stop it, then restore"));
    }
    let identities = match identity {
        Some(path) => Identities::read(&io.path(path))?,
        None => Identities::default(),
    };
    let (manifest, notices) = Desk::restore(&config, &root, &io.path(file), &identities, replace)?;
    io.tell(&notices)?;
    writeln!(io.out, "restored {} files of {}", manifest.files.len(), manifest.made)?;
    let verified = Desk::verify(&root.join(&config.store.path))?;
    io.tell(verified.faults())?;
    Ok(Exit::faults_if(verified.faults().next().is_some()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_room_is_told_with_what_gives_it_back_and_none_is_not_spoken_of() {
        let told = dead(Room { whole: 5_000, dead: 1_200 }).unwrap();
        assert!(told.starts_with("1200 of 5000 bytes") && told.contains("store rebuild"), "{told}");
        assert_eq!(dead(Room { whole: 5_000, dead: 0 }), None);
        assert_eq!(dead(Room::default()), None);
    }
}
