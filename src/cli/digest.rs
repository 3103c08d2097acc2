//! `digest`: a week of confirmed events.

use anyhow::Result;
use jiff::Timestamp;

use super::outputs::Outputs;
use super::{Exit, Failure, Io};
use crate::desk::{Desk, Published, Wanted};
use crate::digest::IsoWeek;

#[derive(Debug, clap::Args)]
pub(super) struct Digest {
    /// ISO week, such as 2017-W46; default the last full one.
    #[arg(long)]
    week: Option<String>,
    #[command(flatten)]
    outputs: Outputs,
}

impl Digest {
    pub(super) fn act(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        let week = match &self.week {
            Some(week) => Some(week.parse::<IsoWeek>().map_err(|error| Failure::usage(error.to_string()))?),
            None => None,
        };
        let (languages, dir) = (self.outputs.languages(desk)?, self.outputs.dir(desk, io));
        let wanted = Wanted {
            week,
            languages: &languages,
            formats: &self.outputs.formats(desk, "a digest", &FORMATS)?,
            edition: self.outputs.edition(),
            dir: &dir,
        };
        let published = desk.digest(&wanted, now)?;
        print_published(&published, io)?;
        Ok(Exit::Done)
    }
}

const FORMATS: [&str; 7] = ["md", "html", "csv", "json", "xlsx", "docx", "atom"];

pub(super) fn print_published(published: &Published, io: &mut Io<'_>) -> Result<()> {
    writeln!(
        io.out,
        "digest   {}: {} events, {} of them from earlier weeks",
        published.week, published.events, published.earlier
    )?;
    for file in &published.files {
        writeln!(io.out, "         {}", file.display())?;
    }
    Ok(())
}
