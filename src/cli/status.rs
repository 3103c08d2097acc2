//! `status`: what waits, what is alive, what failed.

use anyhow::Result;
use jiff::Timestamp;

use super::{Exit, Io, Listing};
use crate::desk::{Desk, SourceHealth};

#[derive(Debug, clap::Args)]
pub(super) struct Status {
    #[command(flatten)]
    listing: Listing,
}

impl Status {
    pub(super) fn act(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        let standing = desk.standing(now)?;
        if self.listing.json() {
            io.json(&standing)?;
            return Ok(Exit::Done);
        }
        writeln!(io.out, "candidates  {} wait, {} decided", standing.waiting, standing.decided)?;
        writeln!(io.out, "events      {} confirmed", standing.events)?;
        writeln!(io.out, "stories     {} kept, {} inputs set aside", standing.stories, standing.quarantined)?;
        writeln!(io.out, "rules       {}", standing.rule_set)?;
        for source in &standing.sources {
            print_source(source, io)?;
        }
        Ok(Exit::Done)
    }
}

/// One line of the health table.
pub(super) fn print_source(source: &SourceHealth, io: &mut Io<'_>) -> Result<()> {
    let time = |at: Option<Timestamp>| at.map_or_else(|| "never".to_owned(), |at| format!("{at:.0}"));
    writeln!(
        io.out,
        "{:<24} {:<12} last answer {}, last new story {}, {} stories in a week, next {}{}",
        source.name,
        source.state,
        time(source.last_success),
        time(source.last_new_story),
        source.stories_in_a_week,
        time(source.next_due),
        source.why.as_ref().map(|why| format!("; {why}")).unwrap_or_default()
    )?;
    Ok(())
}
