//! `search`: every story kept, by words; candidates, decided, and those the machine passed over.

use anyhow::Result;

use super::{Exit, Io, Listing};
use crate::desk::{Desk, DeskError};

#[derive(Debug, clap::Args)]
pub(super) struct Search {
    /// Words that must all stand in a story, in any inflected form; names in any spelling.
    #[arg(required = true)]
    words: Vec<String>,
    /// Stories printed.
    #[arg(long, value_name = "N", default_value_t = 50)]
    most: usize,
    #[command(flatten)]
    listing: Listing,
}

impl Search {
    pub(super) fn act(&self, desk: &Desk, io: &mut Io<'_>) -> Result<Exit> {
        let hits = match desk.search(&self.words, self.most) {
            Ok(hits) => hits,
            Err(DeskError::Asked(why)) => {
                writeln!(io.err, "sozwatch: {why}")?;
                return Ok(Exit::Faults);
            }
            Err(error) => return Err(error.into()),
        };
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
            writeln!(io.out, "no story kept holds these words")?;
        } else if hits.iter().any(|hit| hit.why_not.is_some()) && !self.listing.json() {
            writeln!(io.out, "`sozwatch queue add ID` brings a quiet story into the queue")?;
        }
        Ok(Exit::Done)
    }
}
