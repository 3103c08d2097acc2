//! `register`: persons and outlets, one spelling for each language.

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;
use jiff::Timestamp;

use super::{Exit, Io, Listing};
use crate::desk::Desk;
use crate::register::LANGUAGES;

#[derive(Debug, clap::Args)]
pub(super) struct Register {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Who is in it, and how each language spells them.
    List {
        #[command(flatten)]
        listing: Listing,
    },
    /// Namesakes that nothing tells apart, rows that may be one, spellings that are missing.
    Check {
        #[command(flatten)]
        listing: Listing,
    },
    /// Put in the names of all that was confirmed before there was a register.
    Fill,
    /// Write it anew (taking first what was changed in its file).
    Export {
        /// Write there instead, and take nothing; the ending picks the format: .csv or .xlsx.
        file: Option<PathBuf>,
    },
    /// Take what was changed in a file of it; default the configured one.
    Import {
        file: Option<PathBuf>,
        /// Who answers for rows that nobody signed.
        #[arg(long, value_name = "NAME", default_value = "")]
        by: String,
        #[command(flatten)]
        listing: Listing,
    },
}

impl Register {
    pub(super) fn act(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        match &self.act {
            Act::List { listing } => list(desk, listing, io),
            Act::Check { listing } => check(desk, listing, io),
            Act::Fill => {
                writeln!(io.out, "{} row(s) added or changed", desk.fill_register(now)?)?;
                Ok(Exit::Done)
            }
            Act::Export { file: Some(file) } => {
                let file = io.path(file);
                desk.export_register(&file)?;
                writeln!(io.out, "wrote {}", file.display())?;
                Ok(Exit::Done)
            }
            Act::Export { file: None } => {
                let exchanged = desk.exchange_register(now)?;
                io.tell(&exchanged.faults)?;
                if let Some(why) = &exchanged.left_alone {
                    writeln!(io.err, "{} was left alone: {why}", desk.register_file().display())?;
                }
                tell_reply(exchanged.reply_file.as_deref(), io)?;
                match &exchanged.file {
                    Some(file) => writeln!(io.out, "wrote {}: {} row(s)", file.display(), exchanged.rows)?,
                    None => writeln!(io.out, "the register is empty; confirmed events fill it")?,
                }
                Ok(Exit::faults_if(!exchanged.faults.is_empty()))
            }
            Act::Import { file, by, listing } => {
                let file = file.as_ref().map_or_else(|| desk.register_file(), |file| io.path(file));
                let taken = desk.take_register(&file, by, now)?;
                if listing.json() {
                    io.json(&taken)?;
                } else {
                    io.tell(&taken.faults)?;
                    let faults = taken.faults.len();
                    tell_reply(taken.reply_file.as_deref(), io)?;
                    writeln!(io.out, "{} taken, {} unchanged, {faults} not taken", taken.taken, taken.unchanged)?;
                }
                Ok(Exit::faults_if(!taken.faults.is_empty()))
            }
        }
    }
}

fn list(desk: &Desk, listing: &Listing, io: &mut Io<'_>) -> Result<Exit> {
    for row in desk.register()?.rows() {
        if listing.json() {
            io.json(row)?;
            continue;
        }
        let spelled = LANGUAGES.map(|lang| row.names.get(&lang).map_or("—", String::as_str));
        let others = if row.others.is_empty() { String::new() } else { format!("  ({})", row.others.join("; ")) };
        writeln!(io.out, "{:<5} {:<6}  {}{others}", row.id, row.kind.id(), spelled.join("  |  "))?;
    }
    Ok(Exit::Done)
}

/// Where whoever edits the register reads what is wrong, in their language.
fn tell_reply(reply: Option<&std::path::Path>, io: &mut Io<'_>) -> Result<()> {
    match reply {
        Some(reply) => Ok(writeln!(io.err, "said for whoever edits it in {}", reply.display())?),
        None => Ok(()),
    }
}

fn check(desk: &Desk, listing: &Listing, io: &mut Io<'_>) -> Result<Exit> {
    let (register, language) = (desk.register()?, desk.config().queue.language);
    for remark in register.remarks() {
        match listing.json() {
            true => io.json(&remark)?,
            false => writeln!(io.out, "{}: {}", remark.rows.join(", "), remark.words(language))?,
        }
    }
    if !listing.json() {
        writeln!(io.out, "{}", register.summed_up(language))?;
    }
    Ok(Exit::Done)
}
