//! A story, and what judging it gave.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Actor, Amount, Category, ClaimantKind, Code, Instance, Lang, Moment, Outcome, Part, PartialDate, Role, Script,
    Stage,
};

/// The extracted article, or one that somebody handed in.
///
/// Offsets of evidence and spans count UTF-8 bytes of `title` or `text` as they stand here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// Opaque and stable.
    pub id: String,
    /// Canonical address.
    #[serde(default)]
    pub url: Option<String>,
    /// Headline.
    #[serde(default)]
    pub title: String,
    /// Paragraphs parted by a blank line.
    pub text: String,
    /// When it was published, where known.
    #[serde(default)]
    pub published: Option<Moment>,
    /// Author line.
    #[serde(default)]
    pub byline: Option<String>,
    /// Name of the source it came from.
    #[serde(default)]
    pub source: Option<String>,
}

impl Story {
    /// When it was published; where it does not say, when it was captured.
    pub fn time(&self, captured: Timestamp) -> Timestamp {
        self.published.map_or(captured, |moment| moment.timestamp)
    }

    /// The part that a span points into.
    pub fn part(&self, part: Part) -> &str {
        match part {
            Part::Title => &self.title,
            Part::Text => &self.text,
        }
    }
}

/// A byte range of a story's title or text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Which part it counts in.
    #[serde(rename = "in")]
    pub part: Part,
}

/// A rule that fired, and the words it fired on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Id of the rule.
    pub rule: String,
    /// First byte of the sentence or phrase.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// The words, exactly as they stand there.
    pub text: String,
    /// Which part the offsets count in.
    #[serde(rename = "in")]
    pub part: Part,
    /// What the rule added to the sum (log-odds); negative speaks against.
    #[serde(default)]
    pub weight: f64,
    /// The words inside it that the rule's concepts matched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<Span>,
}

/// One category that a verdict or a reviewer gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// The category.
    pub id: Category,
    /// One of [`Category::subtypes`].
    #[serde(default)]
    pub subtype: Option<String>,
    /// Confidence, 0 to 1.
    #[serde(default)]
    pub score: f64,
}

/// A person or outlet that an event touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// As the text prints it.
    pub name: String,
    /// Who that is.
    pub role: Role,
}

/// Who brings a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimant {
    /// As the text prints it.
    pub name: String,
    /// What kind of claimant, where known.
    pub kind: Option<ClaimantKind>,
}

/// An article of law: `CC 174/1`, `CAO 73-3`, `law О масс-медиа`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Article {
    /// Kind of code.
    pub code: Code,
    /// Number as written (`73-3` is a number, not a part); `None` for a named law.
    pub number: Option<String>,
    /// Part of the article.
    pub part: Option<String>,
    /// Name of a law cited by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What was read from a candidate's text. Absent means that the text does not say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// Day (month, year) of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_date: Option<PartialDate>,
    /// Place as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Id of the place in the table of places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_id: Option<String>,
    /// Who is touched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// Who acts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actors: Vec<Actor>,
    /// Court as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub court: Option<String>,
    /// Its instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<Instance>,
    /// Articles of law.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub articles: Vec<Article>,
    /// How far the matter has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Sentence or sanction as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sanction: Option<String>,
    /// Its days, where it is a term of days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sanction_days: Option<u16>,
    /// Sum asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim_amount: Option<Amount>,
    /// Sum awarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awarded_amount: Option<Amount>,
    /// ISO 4217, of both sums.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// How it ended for the speaker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// What judging a story gave. Judging cannot fail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Id of the story.
    pub id: String,
    /// Language of most of the text.
    pub lang: Lang,
    /// Every language found, most first.
    pub langs: Vec<Lang>,
    /// Script of most of the text.
    pub script: Script,
    /// Does it deserve a human?
    pub candidate: bool,
    /// 0 to 1.
    pub score: f64,
    /// Where the event happened: ISO 3166-1 alpha-2, where it can be told.
    pub country: Option<String>,
    /// Categories, most certain first; empty when not a candidate.
    pub categories: Vec<Label>,
    /// What the text says.
    pub fields: Fields,
    /// Where each field was read from, by the field's name.
    pub spans: BTreeMap<String, Vec<Span>>,
    /// Rules that fired for it, strongest first.
    pub evidence: Vec<Evidence>,
    /// Rules and gates that spoke against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<Evidence>,
    /// Shared by the stories of one case (linking only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Shared by near-duplicates (linking only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dup: Option<String>,
}
