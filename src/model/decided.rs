//! What people decided, the candidates that they decided on, cases and events.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Actor, Amount, Article, Capture, Claimant, Decision, Direction, Instance, Label, Lang, Moment, Outcome,
    PartialDate, SourceKind, Stage, Story, Target, Verdict, VerifiedBy,
};

/// The columns of a queue row that a reviewer may correct: what a figure counts by.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// The house's own headline.
    pub headline: Option<String>,
    /// Categories with subtypes.
    pub categories: Vec<Label>,
    /// Restriction or relief.
    pub direction: Option<Direction>,
    /// When it happened.
    pub event_date: Option<PartialDate>,
    /// When it was registered.
    pub registered_date: Option<PartialDate>,
    /// How far the matter has come.
    pub stage: Option<Stage>,
    /// Instance of the court.
    pub instance: Option<Instance>,
    /// How the act ended for the speaker.
    pub outcome: Option<Outcome>,
    /// Place as written.
    pub place: Option<String>,
    /// Who is touched.
    pub targets: Vec<Target>,
    /// Who sues.
    pub claimants: Vec<Claimant>,
    /// Who acts.
    pub actors: Vec<Actor>,
    /// Articles of law.
    pub articles: Vec<Article>,
    /// Sum asked.
    pub claim_amount: Option<Amount>,
    /// Sum awarded.
    pub awarded_amount: Option<Amount>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// `moral`, `loss`, `costs`, `fine`, with `joint` or `each`.
    pub money_kind: Option<String>,
    /// `public`, `no_names`, `counted_only`, `embargo YYYY-MM-DD`, `internal`.
    pub secrecy: Option<String>,
    /// Days of a detention or of an administrative arrest, as imposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrest_days: Option<u16>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Id of the case (or of the row) it belongs to.
    pub case: Option<String>,
}

/// One human decision on one row. Append-only: a candidate's status is a fold over its reviews.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// Id of the story decided on, or the id given to an event entered by hand.
    pub id: String,
    /// Who decided; as typed in the queue file.
    pub reviewer: String,
    /// When it was taken in.
    pub at: Timestamp,
    /// What was decided; `None` where only columns were corrected, without a decision yet.
    pub decision: Option<Decision>,
    /// The row's columns as the reviewer left them.
    pub card: Card,
    /// Free text of the reviewer.
    #[serde(default)]
    pub note: Option<String>,
    /// What an event entered by hand says of its origin; such a review has no story.
    #[serde(default)]
    pub by_hand: Option<ByHand>,
    /// SHA-256 of the row as given, so that the same row imported again is known by its content.
    pub fingerprint: String,
    /// Fingerprint of an earlier review of the same id that this one takes back; it says nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes_back: Option<String>,
    /// The telling that the row showed to whoever decided, where it was not the row's own story.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saw: Option<String>,
}

/// Origin of an event entered by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    /// Title column, where filled.
    pub title: Option<String>,
    /// Source column: an outlet, "foundation's correspondent", a phone call.
    pub source: String,
    /// Address column, where filled.
    pub url: Option<String>,
    /// Published column, where filled.
    pub published: Option<Moment>,
    /// How the house heard of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_kind: Option<SourceKind>,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<VerifiedBy>,
    /// Scans and screenshots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// A file that came with an event entered by hand, kept in the archive under its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// As it was named in the row, counted from the folder of the queue file.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Its bytes.
    pub bytes: u64,
    /// SHA-256 of the copy without metadata, in hexadecimal digits; `None` where none can be made safely, and the
    /// file stays inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<String>,
}

impl Attachment {
    /// The ending that its name has, where it is a plain one: small letters and digits.
    fn ending(&self) -> String {
        let ending = self.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        let plain = (1..=5).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if plain { ending } else { "bin".to_owned() }
    }

    /// The name of the file that holds it.
    pub fn file(&self) -> String {
        format!("{}.{}", self.sha256, self.ending())
    }

    /// The name of the copy without metadata, where there is one.
    pub fn public_file(&self) -> Option<String> {
        self.public.as_ref().map(|sha256| format!("{sha256}.{}", self.ending()))
    }
}

/// Another telling of a story that waits or was decided under its head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    /// Id of that story.
    pub id: String,
    /// Its source.
    pub source: Option<String>,
    /// Its headline.
    pub title: String,
    /// Its address.
    pub url: Option<String>,
    /// When it was published.
    pub published: Option<Moment>,
}

impl Telling {
    /// Who told a story, and where.
    pub fn of(story: &Story) -> Self {
        Self {
            id: story.id.clone(),
            source: story.source.clone(),
            title: story.title.clone(),
            url: story.url.clone(),
            published: story.published,
        }
    }
}

/// A story whose verdict deserves a human, waiting or decided, with all that is known of it.
///
/// An event entered by hand is one too: `story` and `verdict` are then `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Id of the story, or of the hand-made row.
    pub id: String,
    /// The story that the row shows and what judging it gave: what was last decided on; before that, the
    /// fullest telling. Its id is the row's where it is the first one.
    pub judged: Option<Judged>,
    /// The other tellings.
    pub also: Vec<Telling>,
    /// Human acts, oldest first.
    pub reviews: Vec<Review>,
}

/// A story kept, with its verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The story as extracted.
    pub story: Story,
    /// What judging it gave.
    pub verdict: Verdict,
    /// Version of the rule set that judged it.
    pub rule_set: String,
    /// When the page was captured.
    pub captured: Timestamp,
    /// The story that this one is a near-duplicate of.
    #[serde(default)]
    pub head: Option<String>,
    /// Of a head: the telling under it that its row shows while nobody has decided, since it says more or is
    /// a later wording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows: Option<String>,
    /// The page that it was read from; `None` where the story was handed in as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<Capture>,
    /// The case that it seemed to belong to when it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// Version of the rules by which it became a candidate when it was judged anew; `None` where it was one when it
    /// was kept, or is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_look: Option<String>,
    /// Of a story that was old and quiet, so that its text was let go: the hash of the text, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub let_go: Option<String>,
}

/// What ties a candidate to a case that was known before it: a proposal, with its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Id of the case.
    pub case: String,
    /// Id of the story of it that most speaks for the tie.
    pub to: String,
    /// What speaks for it less what speaks against it.
    pub score: f64,
    /// Is that enough to propose the case, rather than only to ask?
    pub joins: bool,
    /// What speaks for it, strongest first, days last.
    pub reasons: Vec<Reason>,
}

/// Something that two stories share, or that parts them by little.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A person, as the later story prints the name.
    Person(String),
    /// An outlet, a page or a work, as the later story prints the name.
    Name(String),
    /// A law, by its subject.
    Law(String),
    /// An article of law, as the queue file prints it.
    Article(String),
    /// A place, as printed.
    Place(String),
    /// A court, as printed.
    Court(String),
    /// A sum.
    Sum(String),
    /// Days between the two.
    Days(u32),
}

/// What a person did to the cases themselves, rather than to a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseAct {
    /// One matter had been taken for two: what was `from` is `into` from now on, and its id still leads there.
    Merge {
        /// The case that stays.
        into: String,
        /// The case that goes.
        from: String,
    },
    /// Two matters had been taken for one: these events are a case of their own.
    Split {
        /// The case that they stood in.
        case: String,
        /// Ids of the events.
        events: Vec<String>,
        /// Id of the new case.
        to: String,
    },
    /// A court joined two cases, or severed one from another. They stay two, and no count changes.
    Court {
        /// One case.
        case: String,
        /// The other.
        other: String,
        /// Joined (else severed)?
        joined: bool,
    },
    /// An earlier act is taken back.
    Undo {
        /// Its number in the ledger.
        act: u64,
    },
}

/// Where a candidate stands: the fold over its reviews.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has decided yet.
    Waiting,
    /// Put off by a reviewer; still in the queue.
    Later,
    /// Gave one event or more.
    Confirmed,
    /// Not a violation.
    Rejected,
    /// The same event as another row (its id, or the id of its case).
    Duplicate(String),
    /// Belongs to a case, nothing new.
    Background(String),
}

/// One dated, confirmed development: what digests and figures are made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Opaque and stable.
    pub id: String,
    /// Id of its case.
    pub case: String,
    /// The columns as confirmed.
    pub card: Card,
    /// Title of the story (or of the hand-made row).
    pub title: String,
    /// Source of the story.
    pub source: String,
    /// Address of the story.
    pub url: Option<String>,
    /// When the earliest telling was published.
    pub published: Option<Moment>,
    /// The sentence that fired; empty for an event entered by hand.
    pub evidence: String,
    /// Everyone who told of it, the confirmed story first.
    pub stories: Vec<Telling>,
    /// Who confirmed it.
    pub reviewer: String,
    /// When it was first confirmed.
    pub confirmed: Timestamp,
    /// Entered by hand, without a captured story.
    pub by_hand: bool,
    /// What such a row says of its origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<ByHand>,
    /// Language of the story, where one was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
}
