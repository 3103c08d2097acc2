//! `digest`: a week of confirmed events.

use anyhow::Result;
use jiff::Timestamp;

use super::outputs::{Outputs, tell_untranslated};
use super::{Exit, Failure, Io};
use crate::daemon::readers;
use crate::desk::{Desk, Published, Wanted};
use crate::digest::IsoWeek;

#[derive(Debug, clap::Args)]
pub(super) struct Digest {
    /// ISO week, such as 2017-W46; default the last full one.
    #[arg(long)]
    week: Option<String>,
    #[command(flatten)]
    outputs: Outputs,
    /// Note that somebody has checked it, or signs it: until it is signed, every page says DRAFT.
    #[arg(long, value_name = "checked|signed")]
    state: Option<String>,
    /// Send what was signed to its readers ([mail] readers), by BCC; --by says who sends it.
    #[arg(long, conflicts_with_all = ["state", "table", "take"])]
    send: bool,
}

impl Digest {
    pub(super) fn act(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        let week = match &self.week {
            Some(week) => Some(week.parse::<IsoWeek>().map_err(|error| Failure::usage(error.to_string()))?),
            None => None,
        };
        if let Some(exit) = self.outputs.take_table(desk, now, io)? {
            return Ok(exit);
        }
        if self.send {
            let week = week.unwrap_or_else(|| IsoWeek::last_full(now, &desk.config().schedule.time_zone));
            return self.sent(desk, week, now, io);
        }
        if self.outputs.wants_table() {
            let week = week.unwrap_or_else(|| IsoWeek::last_full(now, &desk.config().schedule.time_zone));
            let digest = desk.gather_digest(week)?;
            let events: Vec<_> = digest.events.iter().chain(&digest.earlier).cloned().collect();
            return self.outputs.write_table(desk, &events, &digest.wordings, io);
        }
        let (languages, dir) = (self.outputs.languages(desk)?, self.outputs.dir(desk, io));
        let wanted = Wanted {
            week,
            languages: &languages,
            formats: &self.outputs.formats(desk, "a digest", &FORMATS)?,
            edition: self.outputs.edition(),
            dir: &dir,
            step: self.outputs.step(self.state.as_deref(), false)?,
        };
        let published = desk.digest(&wanted, now)?;
        print_published(&published, io)?;
        Ok(Exit::Done)
    }
}

impl Digest {
    fn sent(&self, desk: &Desk, week: IsoWeek, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        if self.outputs.by().is_empty() {
            return Err(Failure::usage("name who sends it: --by NAME"));
        }
        match readers::send(desk, week, &self.outputs.dir(desk, io), self.outputs.by(), now) {
            Ok(sent) => {
                for (lang, count) in sent {
                    writeln!(io.out, "sent     {week} in {lang} to {count} readers")?;
                }
                Ok(Exit::Done)
            }
            Err(error) => {
                writeln!(io.err, "sozwatch: {error}")?;
                Ok(Exit::Faults)
            }
        }
    }
}

const FORMATS: [&str; 7] = ["md", "html", "csv", "json", "xlsx", "docx", "atom"];

pub(super) fn print_published(published: &Published, io: &mut Io<'_>) -> Result<()> {
    writeln!(
        io.out,
        "digest   {}: {} events, {} of them from earlier weeks{}",
        published.week,
        published.events,
        published.earlier,
        if published.state == "draft" { String::new() } else { format!("; {}", published.state) }
    )?;
    io.tell(&published.notices)?;
    tell_untranslated(&published.untranslated, published.state == "signed", io)?;
    for file in &published.files {
        writeln!(io.out, "         {}", file.display())?;
    }
    Ok(())
}
