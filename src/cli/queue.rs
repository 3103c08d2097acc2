//! `queue`: the queue file exported, imported, listed; one row shown.

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;
use jiff::Timestamp;

use super::{Exit, Io, Listing};
use crate::desk::{Boxes, Desk, DeskError, Exchanged, Imported};
use crate::model::Candidate;
use crate::review;

#[derive(Debug, clap::Args)]
pub(super) struct Queue {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Write the queue file (taking first what was decided in it).
    Export {
        /// Bring back the decided rows, for correction.
        #[arg(long)]
        decided: bool,
        /// Write there instead, and import nothing; the ending picks the format.
        #[arg(conflicts_with = "out")]
        file: Option<PathBuf>,
        /// The same.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Take the decisions of a queue file; default the configured one.
    Import {
        file: Option<PathBuf>,
        /// Take back what this file brought in, by new entries of the ledger.
        #[arg(long, requires = "file")]
        undo: bool,
        /// Who takes it back.
        #[arg(long, value_name = "NAME", default_value = "", requires = "undo")]
        by: String,
        #[command(flatten)]
        listing: Listing,
    },
    /// Bring a story that the machine passed over into the queue.
    Add {
        id: String,
        /// Who does it, for the ledger.
        #[arg(long, value_name = "NAME", default_value = "")]
        by: String,
    },
    /// The candidates that wait.
    List {
        /// Those decided instead.
        #[arg(long)]
        decided: bool,
        #[command(flatten)]
        listing: Listing,
    },
    /// One candidate with its story, its evidence and what was decided.
    Show {
        id: String,
        #[command(flatten)]
        listing: Listing,
    },
}

impl Queue {
    pub(super) fn act(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        match &self.act {
            Act::Export { decided, file, out } => export(desk, *decided, file.as_ref().or(out.as_ref()), now, io),
            Act::Import { file: Some(file), undo: true, by, listing } => {
                take_back(desk, &io.path(file), by, listing, now, io)
            }
            Act::Add { id, by } => add(desk, id, by, now, io),
            Act::Import { file, listing, .. } => {
                let file = file.as_ref().map_or_else(|| desk.queue_file(), |file| io.path(file));
                let imported = desk.import_queue(&file, now)?;
                match listing.json() {
                    true => io.json(&imported)?,
                    false => print_import(&imported, io)?,
                }
                Ok(Exit::faults_if(imported.has_faults()))
            }
            Act::List { decided, listing } => {
                let candidates = if *decided { desk.decided()? } else { desk.waiting()? };
                list(desk, &candidates, listing, io)?;
                Ok(Exit::Done)
            }
            Act::Show { id, listing } => show(desk, id, listing, io),
        }
    }
}

fn take_back(
    desk: &Desk,
    file: &std::path::Path,
    by: &str,
    listing: &Listing,
    now: Timestamp,
    io: &mut Io<'_>,
) -> Result<Exit> {
    let done = match desk.take_back(file, by, now) {
        Ok(done) => done,
        Err(DeskError::Asked(why)) => {
            writeln!(io.err, "sozwatch: {why}")?;
            return Ok(Exit::Faults);
        }
        Err(error) => return Err(error.into()),
    };
    if listing.json() {
        io.json(&done)?;
        return Ok(Exit::Done);
    }
    if done.by_name {
        writeln!(io.err, "the file was written anew since: the last import under its name is taken back")?;
    }
    for id in &done.decided_since {
        writeln!(io.err, "row {id} was decided again since: what was decided last stands")?;
    }
    writeln!(io.out, "undone   {} decisions; `sozwatch queue export` brings their rows back", done.decisions)?;
    Ok(Exit::Done)
}

fn add(desk: &Desk, id: &str, by: &str, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
    match desk.bring_in(id, by, now) {
        Ok(true) => writeln!(io.out, "added    {id}")?,
        Ok(false) => writeln!(io.out, "{id} is a candidate already; `sozwatch queue show {id}`")?,
        Err(DeskError::Asked(why)) => {
            writeln!(io.err, "sozwatch: {why}")?;
            return Ok(Exit::Faults);
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Exit::Done)
}

fn export(desk: &Desk, decided: bool, out: Option<&PathBuf>, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
    let file = out.map(|file| io.path(file));
    let (candidates, file) = match (decided, file) {
        (false, None) => {
            let exchanged = desk.exchange(now)?;
            print_exchange(&exchanged, io)?;
            return Ok(Exit::faults_if(exchanged.has_faults()));
        }
        (false, Some(file)) => (desk.waiting()?, file),
        (true, file) => {
            let beside_the_queue = || {
                let queue = desk.queue_file();
                let ending = queue.extension().unwrap_or_default().to_string_lossy().into_owned();
                queue.with_extension(format!("decided.{ending}"))
            };
            (desk.decided()?, file.unwrap_or_else(beside_the_queue))
        }
    };
    desk.export_rows(&candidates, &file)?;
    writeln!(io.out, "queue    {} rows in {}", candidates.len(), file.display())?;
    Ok(Exit::Done)
}

/// Prints what exchanging the queue file came to.
pub(super) fn print_exchange(exchanged: &Exchanged, io: &mut Io<'_>) -> Result<()> {
    if let Some(imported) = &exchanged.imported {
        print_import(imported, io)?;
    }
    if let Some(why) = &exchanged.left_alone {
        writeln!(io.err, "the queue file was left alone: {why}; the new one lies beside it")?;
    }
    io.tell(&exchanged.register.faults)?;
    if let Some(why) = &exchanged.register.left_alone {
        writeln!(io.err, "the register's file was left alone: {why}; the new one lies beside it")?;
    }
    if let Some(boxes) = &exchanged.boxes {
        print_boxes(boxes, io)?;
    }
    writeln!(io.out, "queue    {} rows in {}", exchanged.rows, exchanged.file.display())?;
    for (source, rows) in &exchanged.left_out {
        writeln!(io.out, "         {rows} more of {source} wait: it brought too many in one day ([queue] per_source)")?;
    }
    Ok(())
}

fn print_boxes(boxes: &Boxes, io: &mut Io<'_>) -> Result<()> {
    for received in &boxes.received {
        let of = received.reviewer.as_deref().unwrap_or("nobody in particular");
        writeln!(io.out, "inbox    {} of {of}", received.file.display())?;
        print_import(&received.imported, io)?;
        if let Some(done) = &received.done {
            writeln!(io.out, "         it lies in {} now", done.display())?;
        }
    }
    for left in &boxes.left {
        writeln!(io.err, "{} was left alone: {}; it is tried again", left.file, left.why)?;
    }
    for held in &boxes.held {
        writeln!(io.out, "box      {} rows of {} in {}", held.rows, held.reviewer, held.file.display())?;
        if let Some(why) = &held.left_alone {
            writeln!(io.err, "the file of {} was left alone: {why}", held.reviewer)?;
        }
    }
    in_no_box(boxes.unwanted, boxes.no_room, io)
}

/// Says which rows are in nobody's box.
pub(super) fn in_no_box(unwanted: usize, no_room: usize, io: &mut Io<'_>) -> Result<()> {
    if unwanted + no_room > 0 {
        writeln!(
            io.out,
            "no box   {unwanted} rows that no [[reviewer]] takes, {no_room} beyond their limits; they stand in the common queue file"
        )?;
    }
    Ok(())
}

/// Prints what an import came to: what was taken, what came back and why.
pub(super) fn print_import(imported: &Imported, io: &mut Io<'_>) -> Result<()> {
    io.tell(&imported.notices)?;
    for row in &imported.returned {
        let kind = if row.conflict { "conflict" } else { "rejected" };
        let id = if row.id.is_empty() { "(by hand)" } else { &row.id };
        writeln!(io.err, "row {} {id}: {kind}: {}", row.line, row.reason)?;
    }
    writeln!(
        io.out,
        "import   {} taken, {} without news, {} returned",
        imported.taken,
        imported.unchanged,
        imported.returned.len()
    )?;
    if let Some(file) = &imported.rejected_file {
        writeln!(io.out, "         returned rows with the reasons: {}", file.display())?;
    }
    if let Some(file) = &imported.reply_file {
        writeln!(io.out, "         reply with the ids given: {}", file.display())?;
    }
    Ok(())
}

fn list(desk: &Desk, candidates: &[Candidate], listing: &Listing, io: &mut Io<'_>) -> Result<()> {
    for candidate in candidates {
        let row = desk.row(candidate);
        if listing.json() {
            io.json(&row)?;
        } else {
            let categories = row.categories();
            writeln!(
                io.out,
                "{}  {:>4}  {}  {}  [{categories}]  {}",
                row.id, row.score, row.lang, row.source, row.title
            )?;
        }
    }
    if !listing.json() && candidates.is_empty() {
        writeln!(io.out, "nothing waits")?;
    }
    Ok(())
}

fn show(desk: &Desk, id: &str, listing: &Listing, io: &mut Io<'_>) -> Result<Exit> {
    let Some(candidate) = desk.store().candidate(id)? else {
        writeln!(io.err, "sozwatch: no story or event has the id {id}; `sozwatch queue list` prints those that wait")?;
        return Ok(Exit::Faults);
    };
    if listing.json() {
        #[derive(serde::Serialize)]
        struct Shown<'a> {
            status: crate::model::Status,
            revision: u32,
            #[serde(flatten)]
            candidate: &'a Candidate,
            events: Vec<crate::model::Event>,
            since: Option<review::Since>,
        }
        let (status, revision) = (review::status(&candidate), review::revision(&candidate));
        let (events, since) = (review::events(&candidate), desk.since(&candidate)?);
        io.json(&Shown { status, revision, candidate: &candidate, events, since })?;
        return Ok(Exit::Done);
    }
    if let Some(judged) = &candidate.judged {
        let story = &judged.story;
        let published = story.published.map(|moment| moment.to_string()).unwrap_or_default();
        writeln!(
            io.out,
            "{}\n{}  {published}\n{}\n",
            story.title,
            story.source.as_deref().unwrap_or_default(),
            story.url.as_deref().unwrap_or_default()
        )?;
        for evidence in &judged.verdict.evidence {
            writeln!(io.out, "  {:<32} {:>+5.1}  {}", evidence.rule, evidence.weight, evidence.text.trim())?;
        }
        writeln!(io.out, "\n{}\n", story.text)?;
    }
    for telling in &candidate.also {
        writeln!(
            io.out,
            "also     {}  {}  {}",
            telling.source.as_deref().unwrap_or_default(),
            telling.published.map(|moment| moment.to_string()).unwrap_or_default(),
            telling.url.as_deref().unwrap_or_default()
        )?;
    }
    for line in desk.remarks(&candidate, desk.config().queue.language)? {
        writeln!(io.out, "remark   {line}")?;
    }
    writeln!(io.out, "status   {:?}, revision {}", review::status(&candidate), review::revision(&candidate))?;
    for event in review::events(&candidate) {
        writeln!(io.out, "event    {} of case {}", event.id, event.case)?;
    }
    Ok(Exit::Done)
}
