//! `search`: every story kept, by words; candidates, decided, and those the machine passed over.

use anyhow::Result;

use jiff::civil::Date;

use super::{Exit, Io, Listing};
use crate::desk::{self, Cut, Desk, DeskError};

#[derive(Debug, clap::Args)]
pub(super) struct Search {
    /// Words that must all stand in a story, in any inflected form; names in any spelling.
    #[arg(required = true)]
    words: Vec<String>,
    /// Only stories published on this date or later; captured, where that is not known.
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,
    /// Only stories published on this date or before.
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
    /// Stories printed.
    #[arg(long, value_name = "N", default_value_t = 50)]
    most: usize,
    #[command(flatten)]
    listing: Listing,
}

impl Search {
    pub(super) fn act(&self, desk: &Desk, io: &mut Io<'_>) -> Result<Exit> {
        let Self { since, until, most, .. } = *self;
        let found = match desk.search(&desk::Search { words: self.words.clone(), since, until, most }) {
            Ok(found) => found,
            Err(DeskError::Asked(why)) => {
                writeln!(io.err, "sozwatch: {why}")?;
                return Ok(Exit::Faults);
            }
            Err(error) => return Err(error.into()),
        };
        let hits = found.hits;
        if let Some(cut) = &found.cut {
            writeln!(io.err, "{}", told(cut))?;
        }
        for hit in &hits {
            if self.listing.json() {
                io.json(hit)?;
                continue;
            }
            let published = hit.published.map(|moment| moment.date().to_string()).unwrap_or_default();
            let source = hit.source.as_deref().unwrap_or_default();
            writeln!(
                io.out,
                "{}  {:<10} {:.2}  {published}  {source}  {}",
                hit.id, hit.standing, hit.score, hit.title
            )?;
            if let Some(why) = &hit.why_not {
                writeln!(io.out, "{:19}{why}", "")?;
            }
        }
        if hits.is_empty() && !self.listing.json() {
            let which = match (&found.cut, since.or(until)) {
                (Some(_), _) => "no story that was read",
                (None, Some(_)) => "no story of these days",
                (None, None) => "no story kept",
            };
            writeln!(io.out, "{which} holds these words")?;
        } else if hits.iter().any(|hit| hit.why_not.is_some()) && !self.listing.json() {
            writeln!(io.out, "`sozwatch queue add ID` brings a quiet story into the queue")?;
        }
        Ok(Exit::Done)
    }
}

/// That not everything was read, and what to do.
fn told(Cut { read, unread, back_to }: &Cut) -> String {
    let all = read + unread;
    let back_to = back_to.map(|day| format!(", back to {day}")).unwrap_or_default();
    format!(
        "sozwatch: {all} stories may hold these words; the {read} newest were read{back_to}\n  help: add a word, or say \
         which days by --since and --until"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_read_is_told_with_what_to_do() {
        let mut cut = Cut { read: 20_000, unread: 5_000, back_to: Some("2031-02-03".parse().unwrap()) };
        assert_eq!(
            told(&cut),
            "sozwatch: 25000 stories may hold these words; the 20000 newest were read, back to 2031-02-03\n  help: add a \
             word, or say which days by --since and --until"
        );
        cut.back_to = None;
        assert!(told(&cut).contains("newest were read\n"), "{}", told(&cut));
    }
}
