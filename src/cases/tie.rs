//! How much speaks for two stories being about one matter, and why, in words.
//!
//! What ties is somebody or something named in both: a person, an outlet, a law. Articles, courts,
//! towns, sums and days only add to it or take from it, so that a shared article or a shared city alone
//! never joins two stories. From [`JOIN`] on two stories are one case; from [`SUGGEST`] on a person is
//! asked.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::mentions::{Kind, Mention, mentions};
use super::{laws, names};
use crate::model::{Amount, Category, Code, Lang, Reason, Story, Verdict};

/// Score from which two stories are one case.
pub const JOIN: f64 = 6.0;
/// Score from which it is suggested that they are.
pub const SUGGEST: f64 = 4.0;

/// Years before and after a story in which its names are looked up.
const YEARS: std::ops::RangeInclusive<i16> = -3..=1;
/// Keys under which a story is filed.
const MOST_KEYS: usize = 24;

/// What two stories have to do with each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tie {
    /// The sum of what speaks for it and against it; [`JOIN`] and [`SUGGEST`] are its bars.
    pub score: f64,
    /// What speaks for it, strongest first.
    pub reasons: Vec<Reason>,
}

impl fmt::Display for Tie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::words::reasons(&self.reasons, Lang::EN))
    }
}

/// What of a candidate can tie it to others. An index keeps it, so that a comparison reads no story: a change of its
/// form needs a new index.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Traits {
    mentions: Vec<Mention>,
    laws: Vec<String>,
    /// Codes, and in each a number; of a law cited by name the name.
    articles: BTreeSet<(Code, String)>,
    place: Option<Keyed>,
    court: Option<Keyed>,
    /// Hundredths and their currency.
    sums: Vec<(i64, String)>,
    country: Option<String>,
    categories: BTreeSet<Category>,
    /// When it was published, in days since 1970.
    day: Option<i64>,
    /// The year in which it is filed; no index keeps it.
    #[serde(skip)]
    year: i16,
}

/// Something with a key that all its spellings share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Keyed {
    key: String,
    /// As this story prints it; no index keeps it.
    #[serde(skip)]
    printed: String,
}

impl Traits {
    /// Reads a candidate; one that does not say when it was published is filed in the year in which it was captured.
    pub fn of(story: &Story, verdict: &Verdict, captured: Timestamp) -> Self {
        let fields = &verdict.fields;
        let categories: BTreeSet<Category> = verdict.categories.iter().map(|label| label.id).collect();
        let currency = fields.currency.clone().unwrap_or_default();
        let sums = [fields.claim_amount, fields.awarded_amount];
        Self {
            mentions: mentions(story, verdict),
            laws: match categories.contains(&Category::Legislation) {
                true => laws::subjects(story).into_iter().map(str::to_owned).collect(),
                false => Vec::new(),
            },
            articles: fields
                .articles
                .iter()
                .map(|article| (article.code, article.number.clone().or(article.name.clone()).unwrap_or_default()))
                .collect(),
            place: fields.place_id.clone().map(|key| Keyed { key, printed: fields.place.clone().unwrap_or_default() }),
            court: fields
                .court
                .clone()
                .map(|printed| Keyed { key: names::skeleton(&printed).chars().take(8).collect(), printed }),
            sums: sums.into_iter().flatten().map(|Amount(hundredths)| (hundredths, currency.clone())).collect(),
            country: verdict.country.clone(),
            categories,
            day: story.published.map(|moment| moment.timestamp.as_second().div_euclid(86_400)),
            year: jiff::tz::TimeZone::UTC.to_datetime(story.time(captured)).year(),
        }
    }

    /// As an index keeps it: without what is only printed.
    pub fn pack(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("its lists have lengths")
    }

    /// The traits again; `None` where these are no such bytes.
    pub fn unpack(packed: &[u8]) -> Option<Self> {
        postcard::from_bytes(packed).ok()
    }

    /// What it is filed under, so that a later story finds it: the names it shares with others of one case.
    pub fn keys(&self) -> Vec<[u8; 8]> {
        self.blocks().iter().map(|block| key(block, self.year)).collect()
    }

    /// What it looks others up by: its names in its own year and those around it.
    pub fn asks(&self) -> Vec<[u8; 8]> {
        let blocks = self.blocks();
        YEARS.flat_map(|offset| blocks.iter().map(move |block| key(block, self.year.saturating_add(offset)))).collect()
    }

    fn blocks(&self) -> Vec<String> {
        let names = self.mentions.iter().filter(|mention| !mention.official).map(|mention| {
            let mut words: Vec<&str> =
                mention.words.iter().filter(|word| !word.is_initial()).map(names::Word::looked_up_by).collect();
            words.sort_unstable();
            words.truncate(2);
            words.join(" ")
        });
        let laws =
            self.laws.iter().map(|subject| format!("law {subject} {}", self.country.as_deref().unwrap_or_default()));
        let mut blocks: Vec<String> = names.chain(laws).take(MOST_KEYS).collect();
        blocks.sort();
        blocks.dedup();
        blocks
    }

    /// What ties this story to an earlier one.
    pub fn tie(&self, earlier: &Self) -> Tie {
        let mut weighed = Weighed::default();
        let anchored = self.weigh_names(earlier, &mut weighed);
        let law = self.laws.iter().find(|subject| earlier.laws.contains(subject));
        if let Some(subject) = law {
            weighed.add(4.0, Reason::Law(subject.clone()));
        }
        if !anchored && law.is_none() {
            return Tie::default();
        }
        self.weigh_facts(earlier, law.is_some(), &mut weighed);
        weighed.reasons.sort_by(|(one, _), (two, _)| two.total_cmp(one));
        let mut reasons: Vec<Reason> = weighed.reasons.into_iter().map(|(_, reason)| reason).collect();
        if let Some(days) = self.days_from(earlier) {
            reasons.push(Reason::Days(u32::try_from(days).unwrap_or(u32::MAX)));
        }
        Tie { score: weighed.score, reasons }
    }

    fn days_from(&self, earlier: &Self) -> Option<i64> {
        Some((self.day? - earlier.day?).abs())
    }

    /// Weighs what is named in both; false where nothing of it can tie by itself.
    fn weigh_names(&self, earlier: &Self, weighed: &mut Weighed) -> bool {
        let mut people: Vec<(f64, &Mention)> = Vec::new();
        let mut names: Vec<(f64, &Mention)> = Vec::new();
        let mut officials = 0;
        for mention in &self.mentions {
            let Some(other) = earlier.mentions.iter().find(|other| mention.same(other)) else { continue };
            let leads = mention.leads() && other.leads();
            let one_leads = mention.leads() || other.leads();
            if mention.kind == Kind::Named || other.kind == Kind::Named {
                let telling = mention.words.len() > 1 || mention.words[0].skeleton().len() > 8;
                let weight = if leads {
                    3.0
                } else if one_leads {
                    1.5
                } else {
                    0.5
                };
                names.push((weight + if telling { 0.5 } else { 0.0 }, mention));
            } else if mention.official || other.official {
                officials += 1;
            } else {
                people.push((
                    if leads {
                        5.0
                    } else if one_leads {
                        3.0
                    } else {
                        1.5
                    },
                    mention,
                ));
            }
        }
        people.sort_by(|(one, _), (two, _)| two.total_cmp(one));
        names.sort_by(|(one, _), (two, _)| two.total_cmp(one));
        for (at, (weight, mention)) in people.iter().enumerate().take(3) {
            let weight = if at == 0 { *weight } else { weight.min(1.5) };
            weighed.add(weight, Reason::Person(mention.printed.clone()));
        }
        for (at, (weight, mention)) in names.iter().enumerate().take(2) {
            let weight = if at == 0 { *weight } else { weight.min(1.0) };
            weighed.add(weight, Reason::Name(mention.printed.clone()));
        }
        if officials > 0 {
            weighed.score += 0.5;
        }
        // Those whom the two stories are about are other people: colleagues, or the outlet's next trouble.
        if people.is_empty() && self.has_people() && earlier.has_people() {
            weighed.score -= 2.5;
        }
        // A story that is chiefly about somebody whom the other does not know only recalls the one they share.
        if !people.is_empty() {
            for (one, two) in [(self, earlier), (earlier, self)] {
                let chief = one.chief();
                if chief.is_some_and(|chief| !two.mentions.iter().any(|other| chief.same(other))) {
                    weighed.score -= 1.5;
                }
            }
        }
        people.first().is_some_and(|(weight, _)| *weight >= 3.0)
            || names.first().is_some_and(|(weight, _)| *weight >= 3.0)
    }

    /// The person whom the story names most often, where it names one more than once.
    fn chief(&self) -> Option<&Mention> {
        let people = self.mentions.iter().filter(|mention| mention.kind == Kind::Person && !mention.official);
        // Of several the first: `max_by_key` would give the last.
        people.rev().max_by_key(|mention| mention.times).filter(|mention| mention.times > 1)
    }

    /// Does the verdict say who is touched, by name?
    fn has_people(&self) -> bool {
        self.mentions.iter().any(|mention| mention.target && mention.kind == Kind::Person)
    }

    fn weigh_facts(&self, earlier: &Self, by_law: bool, weighed: &mut Weighed) {
        let shared: Vec<&Category> = self.categories.intersection(&earlier.categories).collect();
        weighed.score += if shared.is_empty() { -1.0 } else { 1.0 };
        // A block or an attack on a site is the outlet's own matter.
        let of_outlet = |category: &&&Category| matches!(category, Category::Blocking | Category::CyberAttack);
        if shared.iter().any(|category| of_outlet(&category))
            && weighed.reasons.iter().any(|(weight, reason)| *weight >= 3.0 && matches!(reason, Reason::Name(_)))
        {
            weighed.score += 1.5;
        }
        if let Some((code, number)) = self.articles.intersection(&earlier.articles).next() {
            weighed.add(1.5, Reason::Article(format!("{code} {number}")));
        } else if self.articles.iter().any(|(one, _)| earlier.articles.iter().any(|(two, _)| one == two)) {
            weighed.score -= 1.5;
        }
        match (&self.place, &earlier.place) {
            (Some(one), Some(two)) if one.key == two.key => weighed.add(1.0, Reason::Place(one.printed.clone())),
            (Some(_), Some(_)) => weighed.score -= 0.5,
            _ => {}
        }
        if let (Some(one), Some(two)) = (&self.court, &earlier.court)
            && one.key == two.key
        {
            weighed.add(0.5, Reason::Court(one.printed.clone()));
        }
        if let Some((hundredths, currency)) = self.sums.iter().find(|sum| earlier.sums.contains(sum)) {
            weighed.add(1.5, Reason::Sum(format!("{} {currency}", Amount(*hundredths)).trim().to_owned()));
        }
        if let (Some(one), Some(two)) = (&self.country, &earlier.country)
            && one != two
        {
            weighed.score -= 4.0;
        }
        if let Some(days) = self.days_from(earlier) {
            weighed.score += match days {
                0..=7 => 1.0,
                8..=400 if by_law => 1.0,
                8..=60 => 0.5,
                61..=400 => 0.0,
                401..=1_000 => -1.5,
                _ => -3.0,
            };
        }
    }
}

impl Mention {
    /// Is it what the story is about, rather than named on the way?
    fn leads(&self) -> bool {
        self.leads || self.target || self.times >= 3
    }
}

#[derive(Default)]
struct Weighed {
    score: f64,
    reasons: Vec<(f64, Reason)>,
}

impl Weighed {
    fn add(&mut self, weight: f64, reason: Reason) {
        self.score += weight;
        self.reasons.push((weight, reason));
    }
}

/// The year stands first: what is looked up lies beside each other, and old years are not touched.
fn key(block: &str, year: i16) -> [u8; 8] {
    let [a, b] = year.to_be_bytes();
    let hash = Sha256::digest(block);
    [a, b, hash[0], hash[1], hash[2], hash[3], hash[4], hash[5]]
}
