//! Decided candidates in brief: what events, figures and reports read of them, and not the texts, of which a year
//! holds more than memory should.

use serde::Deserialize;

use super::index::{Index, Look as _};
use super::shares::in_shares;
use super::table::{Table, Unpacker, key, short};
use super::{Store, StoreError, apply};
use crate::model::{
    Candidate, Evidence, Fields, Judged, Lang, Moment, Part, Review, Script, Status, Story, Telling, Verdict,
};

/// What is read of a [`Judged`].
#[derive(Deserialize)]
struct Brief {
    story: BriefStory,
    verdict: BriefVerdict,
    captured: jiff::Timestamp,
    #[serde(default)]
    head: Option<String>,
    #[serde(default)]
    shows: Option<String>,
}

#[derive(Deserialize)]
struct BriefStory {
    id: String,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    published: Option<Moment>,
    #[serde(default)]
    source: Option<String>,
}

#[derive(Deserialize)]
struct BriefVerdict {
    lang: Lang,
    candidate: bool,
    evidence: Vec<BriefEvidence>,
}

#[derive(Deserialize)]
struct BriefEvidence {
    text: String,
}

impl From<Brief> for Judged {
    fn from(brief: Brief) -> Self {
        let quoted = brief.verdict.evidence.into_iter().map(|fired| fired.text).find(|text| !text.trim().is_empty());
        let evidence = quoted.into_iter().map(|text| Evidence {
            rule: String::new(),
            start: 0,
            end: 0,
            text,
            part: Part::Text,
            weight: 0.0,
            words: Vec::new(),
        });
        let verdict = Verdict {
            id: String::new(),
            lang: brief.verdict.lang,
            langs: Vec::new(),
            script: Script::Other,
            candidate: brief.verdict.candidate,
            score: 0.0,
            country: None,
            categories: Vec::new(),
            fields: Fields::default(),
            spans: std::collections::BTreeMap::new(),
            evidence: evidence.collect(),
            against: Vec::new(),
            case: None,
            dup: None,
        };
        let BriefStory { id, url, title, published, source } = brief.story;
        let story = Story { id, url, title, text: String::new(), published, byline: None, source };
        Self {
            story,
            verdict,
            rule_set: String::new(),
            captured: brief.captured,
            head: brief.head,
            shows: brief.shows,
            capture: None,
            link: None,
            second_look: None,
            let_go: None,
        }
    }
}

impl Store {
    /// The candidates that somebody has decided, in the order in which they first were, each as `made` makes it of
    /// the candidate in brief: of its story only address, title, source and time of publication, of its verdict
    /// only the language and the first sentence that fired. Everything that people entered is whole.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn decided_in_brief<T: Send>(&self, made: impl Fn(Candidate) -> T + Sync) -> Result<Vec<T>, StoreError> {
        let ids = self.index.scan(&key(Table::Decided, &[])).map(|row| self.index.value::<String>(&row?));
        let ids: Vec<String> = ids.collect::<Result<_, _>>()?;
        in_shares(&ids, |ids| {
            let mut unpacker = Unpacker::default();
            let mut share = Vec::with_capacity(ids.len());
            for id in ids {
                share.extend(self.brief(id, &mut unpacker)?.map(&made));
            }
            Ok(share)
        })
    }

    fn judged_in_brief(&self, id: &str, unpacker: &mut Unpacker) -> Result<Option<Judged>, StoreError> {
        let row = key(Table::Story, &short(id));
        let Some(bytes) = self.index.whole(&row)? else { return Ok(None) };
        Ok(Some(unpacked::<Brief>(&self.index, &row, &bytes, unpacker)?.into()))
    }

    fn brief(&self, id: &str, unpacker: &mut Unpacker) -> Result<Option<Candidate>, StoreError> {
        let short = short(id);
        let own = self.judged_in_brief(id, unpacker)?;
        let mut also: Vec<Telling> = Vec::new();
        for row in self.index.scan(&key(Table::Told, &short)) {
            let (key, first) = row?;
            also.push(unpacked(&self.index, &key, &self.index.join(&key, first)?, unpacker)?);
        }
        let mut reviews: Vec<Review> = Vec::new();
        for row in self.index.scan(&key(Table::Review, &short)) {
            let (key, first) = row?;
            reviews.push(unpacked(&self.index, &key, &self.index.join(&key, first)?, unpacker)?);
        }
        let (judged, also) = apply::row(own, also, &reviews, |id| self.judged_in_brief(id, unpacker))?;
        let candidate = Candidate { id: id.to_owned(), judged, also, reviews };
        // Somebody may be deciding it at this moment.
        let decided = !matches!((self.folds.status)(&candidate), Status::Waiting | Status::Later);
        Ok(decided.then_some(candidate))
    }
}

pub(super) fn unpacked<T: serde::de::DeserializeOwned>(
    index: &Index,
    key: &[u8],
    bytes: &[u8],
    unpacker: &mut Unpacker,
) -> Result<T, StoreError> {
    unpacker.decode(bytes).map_err(|why| index.unreadable(key, &why))
}
