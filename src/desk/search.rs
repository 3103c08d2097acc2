//! A second look at the archive: every story kept, by words in any of the languages.

use std::cmp::Reverse;

use super::{Desk, DeskError};
use crate::cases::sought::Sought;
use crate::model::{Judged, Moment, Status};
use crate::review;

/// Stories found beyond those wanted before they are put in order.
const BATCH: usize = 4_096;

/// A story that holds the words.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Hit {
    /// Its id.
    pub id: String,
    /// `waiting`, `confirmed`, …; `reprint` under another story; `quiet` where the machine passed it over.
    pub standing: String,
    /// The machine's score, 0 to 1.
    pub score: f64,
    /// Its headline.
    pub title: String,
    /// Its source.
    pub source: Option<String>,
    /// When it was published.
    pub published: Option<Moment>,
    /// Its address.
    pub url: Option<String>,
    /// Of a quiet story: what spoke against it, or that nothing spoke for it.
    pub why_not: Option<String>,
}

/// Where a story stands among those found: by how often the words stand in it, then by when it was published.
type Rank = (Reverse<usize>, Reverse<Option<Moment>>);

impl Desk {
    /// The stories that hold all of the words, in whatever inflected form, alphabet or of the three languages'
    /// spelling of a name; those that hold them most often first.
    ///
    /// # Errors
    /// Where no word has two letters, or the store cannot be read.
    pub fn search(&self, words: &[String], most: usize) -> Result<Vec<Hit>, DeskError> {
        let sought = Sought::of(words.iter().map(String::as_str))
            .ok_or_else(|| DeskError::Asked("give a word of two letters or more".to_owned()))?;
        let mut found: Vec<(Rank, String)> = Vec::new();
        let rank = |judged: Judged| {
            let weight = sought.weight_in(&judged.story)?;
            Some(((Reverse(weight), Reverse(judged.story.published)), judged.story.id))
        };
        let keep_foremost = |found: &mut Vec<(Rank, String)>| {
            found.sort_by_key(|(rank, _)| *rank);
            found.truncate(most);
        };
        self.store.sifted(
            |sieve| sought.may_stand_in(sieve),
            rank,
            |story| {
                found.push(story);
                if found.len() >= most + BATCH {
                    keep_foremost(&mut found);
                }
            },
        )?;
        keep_foremost(&mut found);
        let stories = found.into_iter().map(|(_, id)| Ok(self.store.story(&id)?.map(|judged| self.hit(judged))));
        stories.filter_map(|hit: Result<_, DeskError>| hit.transpose()).map(Result::flatten).collect()
    }

    fn hit(&self, judged: Judged) -> Result<Hit, DeskError> {
        let story = judged.story;
        let standing = match self.store.candidate(&story.id)? {
            Some(candidate) => match review::status(&candidate) {
                Status::Waiting => "waiting",
                Status::Later => "later",
                Status::Confirmed => "confirmed",
                Status::Rejected => "rejected",
                Status::Duplicate(_) => "duplicate",
                Status::Background(_) => "background",
            },
            None if judged.head.is_some() => "reprint",
            None => "quiet",
        };
        let why_not = (standing == "quiet").then(|| match judged.verdict.against.first() {
            Some(against) => format!("{} spoke against it: {}", against.rule, against.text.trim()),
            None => "no rule spoke for it strongly enough".to_owned(),
        });
        Ok(Hit {
            id: story.id,
            standing: standing.to_owned(),
            score: judged.verdict.score,
            title: story.title,
            source: story.source,
            published: story.published,
            url: story.url,
            why_not,
        })
    }
}
