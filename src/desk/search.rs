//! A second look at the archive: every story kept, by words in any of the languages.

use super::{Desk, DeskError};
use crate::cases::names;
use crate::model::{Judged, Moment, Status};
use crate::review;

/// Stories held at once.
const BATCH: usize = 256;
/// Letters that an ending may have: Kazakh puts several endings on one stem.
const LONGEST_ENDING: usize = 7;
/// Fewest letters of a stem.
const SHORTEST_STEM: usize = 4;

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
    /// How often the words stand in it, in the title more.
    #[serde(skip)]
    weight: usize,
}

impl Desk {
    /// The stories that hold all of the words, in whatever inflected form, alphabet or of the three languages'
    /// spelling of a name; those that hold them most often first.
    ///
    /// # Errors
    /// Where no word has two letters, or the store cannot be read.
    pub fn search(&self, words: &[String], most: usize) -> Result<Vec<Hit>, DeskError> {
        let stems: Vec<String> =
            words.iter().flat_map(|words| words.split_whitespace()).map(stem).filter(|stem| stem.len() > 1).collect();
        if stems.is_empty() {
            return Err(DeskError::Asked("give a word of two letters or more".to_owned()));
        }
        let mut hits: Vec<Hit> = Vec::new();
        let mut last: Option<String> = None;
        loop {
            let stories = self.store.stories_after(last.as_deref(), BATCH)?;
            let Some(end) = stories.last() else { break };
            last = Some(end.story.id.clone());
            for judged in stories {
                if let Some(weight) = weight(&judged, &stems) {
                    hits.push(self.hit(judged, weight)?);
                }
            }
            hits.sort_by(|one, two| two.weight.cmp(&one.weight).then_with(|| two.published.cmp(&one.published)));
            hits.truncate(most);
        }
        Ok(hits)
    }

    fn hit(&self, judged: Judged, weight: usize) -> Result<Hit, DeskError> {
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
            weight,
        })
    }
}

/// What a word is looked for by: its skeleton without an ending, where enough is left.
fn stem(word: &str) -> String {
    let skeleton = names::skeleton(word);
    names::keys(word).into_iter().next().filter(|stem| stem.len() >= SHORTEST_STEM).unwrap_or(skeleton)
}

/// How much of the words a story holds; `None` where it lacks one.
fn weight(judged: &Judged, stems: &[String]) -> Option<usize> {
    let mut found = vec![0_usize; stems.len()];
    for (text, worth) in [(&judged.story.title, 5), (&judged.story.text, 1)] {
        let words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '\'' | '’')));
        for word in words.filter(|word| !word.is_empty()) {
            let skeleton = names::skeleton(word);
            for (at, stem) in stems.iter().enumerate() {
                let rest = skeleton.strip_prefix(stem.as_str());
                let fits =
                    rest.is_some_and(|rest| rest.len() <= if stem.len() < SHORTEST_STEM { 3 } else { LONGEST_ENDING });
                found[at] += usize::from(fits) * worth;
            }
        }
    }
    found.iter().all(|count| *count > 0).then(|| found.iter().sum())
}
