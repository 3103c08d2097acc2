//! `rejudge`: the archive judged again by the present rules.

use anyhow::Result;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{Exit, Io, Listing};
use crate::classify::visible;
use crate::desk::{Change, Desk, Exchanged, Rejudged, Turn};
use crate::model::Status;

#[derive(Debug, clap::Args)]
pub(super) struct Rejudge {
    /// Only stories captured on this date or later.
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,
    /// Write the new verdicts; else only show what would change.
    #[arg(long)]
    apply: bool,
    #[command(flatten)]
    listing: Listing,
}

impl Rejudge {
    pub(super) fn act(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        let done = desk.rejudge(self.since, self.apply, now)?;
        match self.listing.json() {
            true => io.json(&done)?,
            false => print(&done, io)?,
        }
        Ok(Exit::faults_if(done.queue.as_ref().is_some_and(Exchanged::has_faults)))
    }
}

fn print(done: &Rejudged, io: &mut Io<'_>) -> Result<()> {
    for change in &done.changes {
        print_change(change, io)?;
    }
    if !done.by_rule.is_empty() {
        let width = done.by_rule.keys().map(String::len).max().unwrap_or_default().max(4);
        writeln!(io.out, "\n{:<width$}  enters  leaves  category", "rule")?;
        for (rule, moved) in &done.by_rule {
            writeln!(io.out, "{rule:<width$}  {:>6}  {:>6}  {:>8}", moved.enters, moved.leaves, moved.category)?;
        }
        writeln!(io.out)?;
    }
    let [enters, leaves, category] = [Turn::Enters, Turn::Leaves, Turn::Category].map(|turn| done.turned(turn));
    writeln!(
        io.out,
        "stories  {} judged by rules {}: {enters} enter, {leaves} leave, {category} change category, {} other score or \
         fields, {} the same",
        done.stories, done.rule_set, done.details, done.same
    )?;
    let before: Vec<String> =
        done.judged_by.iter().map(|(version, stories)| format!("{version} ({stories})")).collect();
    if !before.is_empty() {
        writeln!(io.out, "before   judged by {}", before.join(", "))?;
    }
    if done.set_free + done.joined > 0 {
        writeln!(
            io.out,
            "reprints {} stand by themselves now, {} were put under the story that they repeat",
            done.set_free, done.joined
        )?;
    }
    if done.tied > 0 {
        writeln!(io.out, "cases    {} of those that came into the queue are tied to a case", done.tied)?;
    }
    if let Some(exchanged) = &done.queue {
        super::queue::print_exchange(exchanged, io)?;
    }
    let differ = done.stories - done.same;
    match (done.applied, differ) {
        (true, _) => writeln!(io.out, "written  {differ} verdicts; what people decided stays")?,
        (false, 0) => writeln!(io.out, "nothing would change")?,
        (false, _) => {
            writeln!(io.out, "nothing was written; `sozwatch rejudge --apply` writes the {differ} new verdicts")?
        }
    }
    Ok(())
}

/// One story: which way it turns, its scores, its categories, and the rules that made the difference.
fn print_change(change: &Change, io: &mut Io<'_>) -> Result<()> {
    let (turn, categories) = match change.turn {
        Turn::Enters => ("enters", change.after.categories.join(", ")),
        Turn::Leaves => ("leaves", change.before.categories.join(", ")),
        Turn::Category => {
            ("category", format!("{} → {}", change.before.categories.join(", "), change.after.categories.join(", ")))
        }
    };
    let title = visible(&change.title).replace('\n', " ");
    let source = change.source.as_deref().map(visible).unwrap_or_default();
    writeln!(
        io.out,
        "{turn:<8} {}  {:.2} → {:.2}  {source}  {}  [{categories}]  {title}",
        change.id,
        change.before.score,
        change.after.score,
        change.after.country.as_deref().unwrap_or("??")
    )?;
    for (rule, (before, after)) in &change.rules {
        let weight = |weight: &Option<f64>| weight.map_or("silent".to_owned(), |weight| format!("{weight:+.2}"));
        writeln!(io.out, "           {rule}: {} → {}", weight(before), weight(after))?;
    }
    if let Some(status) = &change.decided {
        writeln!(io.out, "           {}", standing(status))?;
    }
    if let Some(head) = &change.head {
        writeln!(io.out, "           repeats {head}")?;
    }
    Ok(())
}

/// What people decided of a story, which no rule changes.
fn standing(status: &Status) -> &'static str {
    match status {
        Status::Waiting | Status::Later => "somebody has worked on it: it stays in the queue",
        Status::Confirmed => "confirmed by people, and stays so",
        Status::Rejected => "rejected by people, and stays so",
        Status::Duplicate(_) => "called a duplicate by people, and stays so",
        Status::Background(_) => "called background by people, and stays so",
    }
}
