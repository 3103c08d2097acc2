//! `case`: the cases listed, shown, merged, split, and the last of it taken back.

use anyhow::Result;
use clap::Subcommand;
use jiff::Timestamp;

use super::{Exit, Io, Listing};
use crate::desk::{CaseDone, CaseShown, Desk, DeskError};

#[derive(Debug, clap::Args)]
pub(super) struct Case {
    #[command(subcommand)]
    act: Act,
}

/// Who does it, for the ledger.
#[derive(Debug, Clone, clap::Args)]
struct By {
    /// Who does it, for the ledger.
    #[arg(long, value_name = "NAME", default_value = "")]
    by: String,
    #[command(flatten)]
    listing: Listing,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Every case with a confirmed event, the latest first.
    List {
        /// Those too of which only rows wait.
        #[arg(long)]
        waiting: bool,
        #[command(flatten)]
        listing: Listing,
    },
    /// One case with its events; the id of an event, a story or a merged case will do.
    Show {
        id: String,
        #[command(flatten)]
        listing: Listing,
    },
    /// One matter that was taken for two: what is under ID goes under INTO, and ID leads there.
    Merge {
        into: String,
        id: String,
        #[command(flatten)]
        by: By,
    },
    /// Two matters that were taken for one: these events become a case of their own.
    Split {
        id: String,
        #[arg(required = true)]
        events: Vec<String>,
        #[command(flatten)]
        by: By,
    },
    /// A court joined two cases, or severed one from the other: noted; both stay and no count changes.
    Court {
        id: String,
        other: String,
        /// Severed rather than joined.
        #[arg(long)]
        severed: bool,
        #[command(flatten)]
        by: By,
    },
    /// Take back the last of these acts on a case.
    Undo {
        id: String,
        #[command(flatten)]
        by: By,
    },
}

impl Case {
    pub(super) fn act(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        let done = match &self.act {
            Act::List { waiting, listing } => {
                let cases = desk.case_list(*waiting)?;
                for case in &cases {
                    match listing.json() {
                        true => io.json(case)?,
                        false => print_line(case, io)?,
                    }
                }
                if cases.is_empty() && !listing.json() {
                    writeln!(io.out, "no case has a confirmed event yet")?;
                }
                return Ok(Exit::Done);
            }
            Act::Show { id, listing } => {
                let Some(shown) = found(desk.case_show(id), io)? else { return Ok(Exit::Faults) };
                match listing.json() {
                    true => io.json(&shown)?,
                    false => print_whole(&shown, io)?,
                }
                return Ok(Exit::Done);
            }
            Act::Merge { into, id, by } => (desk.case_merge(into, id, &by.by, now), "merged", by),
            Act::Split { id, events, by } => (desk.case_split(id, events, &by.by, now), "split", by),
            Act::Court { id, other, severed, by } => {
                (desk.case_court(id, other, !severed, &by.by, now), if *severed { "severed" } else { "joined" }, by)
            }
            Act::Undo { id, by } => (desk.case_undo(id, &by.by, now), "undone", by),
        };
        let (done, word, by) = done;
        let Some(done) = found(done, io)? else { return Ok(Exit::Faults) };
        print_done(&done, word, &by.listing, io)?;
        Ok(Exit::Done)
    }
}

/// What was asked for and cannot be done is told, and is a fault; anything else stops the command.
fn found<T>(outcome: Result<T, DeskError>, io: &mut Io<'_>) -> Result<Option<T>> {
    match outcome {
        Ok(done) => Ok(Some(done)),
        Err(DeskError::Asked(why)) => {
            writeln!(io.err, "sozwatch: {why}")?;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn print_done(done: &CaseDone, word: &str, listing: &Listing, io: &mut Io<'_>) -> Result<()> {
    if listing.json() {
        return io.json(done);
    }
    let other = done.other.as_deref().unwrap_or_default();
    let line = format!("{word:<8} {} {other}", done.case);
    writeln!(io.out, "{}  (act {} of the ledger)", line.trim_end(), done.act)?;
    Ok(())
}

fn print_line(case: &CaseShown, io: &mut Io<'_>) -> Result<()> {
    let date = case.last_date.map(|date| date.to_string()).unwrap_or_default();
    let waiting = if case.waiting.is_empty() { String::new() } else { format!(", {} waiting", case.waiting.len()) };
    writeln!(
        io.out,
        "{}  {date:<10}  {:<12}  {} event(s){waiting}  {}",
        case.id,
        case.stage.as_deref().unwrap_or_default(),
        case.events.len(),
        case.title
    )?;
    Ok(())
}

fn print_whole(case: &CaseShown, io: &mut Io<'_>) -> Result<()> {
    writeln!(io.out, "{}  {}", case.id, case.title)?;
    if !case.targets.is_empty() {
        writeln!(io.out, "about    {}", case.targets.join("; "))?;
    }
    for id in &case.merged {
        writeln!(io.out, "merged   {id}")?;
    }
    for id in &case.joined_by_court {
        writeln!(io.out, "joined   {id} (by a court; it stays a case of its own)")?;
    }
    for id in &case.severed_by_court {
        writeln!(io.out, "severed  {id} (by a court)")?;
    }
    for event in &case.events {
        let date = event.card.event_date.or(event.card.registered_date);
        writeln!(
            io.out,
            "event    {}  {:<10}  {:<12}  {}",
            event.id,
            date.map(|date| date.to_string()).unwrap_or_default(),
            event.card.stage.map(|stage| stage.to_string()).unwrap_or_default(),
            event.card.headline.as_deref().unwrap_or(&event.title)
        )?;
        for told in &event.stories {
            let (source, url) = (told.source.as_deref().unwrap_or_default(), told.url.as_deref().unwrap_or_default());
            writeln!(io.out, "           {}  {source}  {url}", told.id)?;
        }
    }
    for (id, why) in &case.waiting {
        writeln!(io.out, "waiting  {id}  {why}")?;
    }
    Ok(())
}
