//! The digest of a week: confirmed events, gathered by one rule and rendered for readers.
//!
//! | part | what it turns into what |
//! | --- | --- |
//! | [`Digest::gather`] | all confirmed events → those of a week, and the late ones |
//! | [`Coverage::of`] | what the sources did, day by day → who was alive in the week |
//! | [`render`] | a digest → Markdown, HTML, CSV, JSON, XLSX, DOCX, Atom in Kazakh, Russian or English |
//! | [`figures`] | decisions → figures of a month, quarter, half-year or year |
//! | [`report`] | figures and events → the report of a period |
//! | [`table`] | what the house says of events → the translator's table, and back |
//! | [`paper`] | a text without a format → Markdown, HTML, DOCX |
//!
//! It never reads a story's text, never decides what is confirmed, and prints nothing of an event
//! that its edition does not let out: what leaves is settled once, before any format is chosen.

mod atom;
mod data;
mod edition;
pub mod figures;
pub mod form;
mod house;
mod html;
mod laws;
pub(in crate::digest) mod markdown;
mod office;
pub mod paper;
pub mod report;
pub mod table;
mod week;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::model::{Event, Health, Lang, Moment};

pub use edition::{ATTACHMENTS, published_attachments};
pub use house::{House, LANGUAGES, Wordings, said};
pub use report::State;
pub use week::{IsoWeek, NotAWeek, last_due};

/// Who may read an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// For the house: everything, marked so.
    Internal,
    /// For everybody: without evidence, without internal, embargoed and counted-only events, without
    /// names under `no_names`, without links to texts that it may be an offence to spread.
    Public,
}

/// Who was watched in a week, and what is still open: without it a figure says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Sources that were configured or seen.
    pub sources: usize,
    /// Those that announced something new.
    pub alive: Vec<String>,
    /// Those that answered, but announced nothing new.
    pub silent: Vec<String>,
    /// Those that were asked and never answered.
    pub failing: Vec<String>,
    /// Those that were not asked at all.
    pub not_polled: Vec<String>,
    /// Stories kept.
    pub stories: u32,
    /// Of them candidates.
    pub candidates: u32,
    /// Candidates of the week that nobody has decided yet.
    pub undecided: usize,
}

impl Coverage {
    /// The coverage of a period: the configured sources, what each source did day by day, and how many
    /// candidates of the period wait.
    pub fn of(names: Vec<String>, health: &[(Date, String, Health)], undecided: usize) -> Self {
        let mut sums: BTreeMap<&str, Health> = BTreeMap::new();
        for (_, name, day) in health {
            let sum = sums.entry(name).or_default();
            sum.polls_ok += day.polls_ok;
            sum.polls_failed += day.polls_failed;
            sum.entries += day.entries;
            sum.stories += day.stories;
            sum.candidates += day.candidates;
        }
        // A source that has left the configuration since was watched all the same.
        let all: BTreeSet<&str> = names.iter().map(String::as_str).chain(sums.keys().copied()).collect();
        let mut coverage = Self { sources: all.len(), undecided, ..Self::default() };
        for name in all {
            let sum = sums.get(name).cloned().unwrap_or_default();
            coverage.stories += sum.stories;
            coverage.candidates += sum.candidates;
            let list = match &sum {
                Health { entries: 1.., .. } | Health { stories: 1.., .. } => &mut coverage.alive,
                Health { polls_ok: 1.., .. } => &mut coverage.silent,
                Health { polls_failed: 1.., .. } => &mut coverage.failing,
                _ => &mut coverage.not_polled,
            };
            list.push(name.to_owned());
        }
        coverage
    }
}

/// A week of confirmed events, ready to render.
#[derive(Debug, Clone)]
pub struct Digest {
    /// The week.
    pub week: IsoWeek,
    /// Events whose earliest story was published in the week, in date order.
    pub events: Vec<Event>,
    /// Events published before the week, confirmed in it, and in no other digest, in date order.
    pub earlier: Vec<Event>,
    /// What happened before in the cases of these events, where no part of the digest holds it.
    pub before: Vec<Event>,
    /// What the house says of the events.
    pub wordings: Wordings,
    /// How far the digest has come: until somebody signs it, it says that it is a draft.
    pub state: State,
    /// What the house prints around it.
    pub house: House,
    /// Who was watched.
    pub coverage: Coverage,
    /// Where the week begins and ends at midnight.
    pub zone: TimeZone,
}

impl Digest {
    /// Gathers the digest of a week from all confirmed events.
    ///
    /// `published` holds the ids of the events of each digest written so far, by week; the entry of
    /// this very week does not count, so that a digest written again holds what it held. An event
    /// whose publication is unknown (a phone call, a page without a date) stands for the day on which
    /// it happened; where that is not known to the day, for the day on which it was confirmed.
    pub fn gather(
        events: &[Event],
        week: IsoWeek,
        zone: &TimeZone,
        published: &BTreeMap<String, Vec<String>>,
        coverage: Coverage,
    ) -> Self {
        let own = week.to_string();
        let printed: BTreeSet<&str> = published
            .iter()
            .filter(|(other, _)| **other != own)
            .flat_map(|(_, ids)| ids.iter().map(String::as_str))
            .collect();
        let mut digest = Self {
            week,
            events: Vec::new(),
            earlier: Vec::new(),
            before: Vec::new(),
            wordings: Wordings::default(),
            state: State::Draft,
            house: House::default(),
            coverage,
            zone: zone.clone(),
        };
        for event in events {
            let day = day_of(event, zone);
            let confirmed = Moment::utc(event.confirmed).date_in(zone);
            if week.holds(day) {
                digest.events.push(event.clone());
            } else if day < week.monday() && week.holds(confirmed) && !printed.contains(event.id.as_str()) {
                digest.earlier.push(event.clone());
            }
        }
        let held = || digest.events.iter().chain(&digest.earlier);
        let cases: BTreeSet<&str> = held().map(|event| event.case.as_str()).collect();
        let ids: BTreeSet<&str> = held().map(|event| event.id.as_str()).collect();
        let of_them = |event: &&Event| cases.contains(event.case.as_str()) && !ids.contains(event.id.as_str());
        digest.before = events.iter().filter(of_them).cloned().collect();
        for list in [&mut digest.events, &mut digest.earlier, &mut digest.before] {
            list.sort_by_cached_key(|event| {
                let day = day_of(event, zone);
                let happened = event.card.event_date.map_or(day, |date| date.first_day());
                (happened, day, event.published, event.id.clone())
            });
        }
        digest
    }
}

/// The day that places an event in a week: see [`Digest::gather`].
fn day_of(event: &Event, zone: &TimeZone) -> Date {
    let confirmed = || Moment::utc(event.confirmed).date_in(zone);
    match event.published {
        Some(published) => published.date_in(zone),
        None => event.card.event_date.and_then(|date| date.exact()).unwrap_or_else(confirmed),
    }
}

/// What a digest of a week is called: its title and its days.
pub fn called(week: IsoWeek, lang: Lang) -> String {
    format!("{}, {}", words::TITLE.of(lang), words::span(week.monday(), week.sunday(), lang))
}

/// Does a page say that it is the internal edition?
pub fn says_internal(page: &str) -> bool {
    LANGUAGES.into_iter().any(|lang| page.contains(words::INTERNAL.of(lang)))
}

/// The name of a digest's file: `digest-2017-W46.ru.md`.
pub fn file_name(week: IsoWeek, lang: Lang, format: &str) -> String {
    format!("digest-{week}.{lang}.{format}")
}

/// A digest as a file: `md`, `html`, `csv`, `json`, `xlsx`, `docx` or `atom`. `None` for a format that
/// there is not. A feed is always of the public edition: whoever can read it can read it all.
pub fn render(digest: &Digest, lang: Lang, format: &str, edition: Edition) -> Option<Vec<u8>> {
    let edition = if format == "atom" { Edition::Public } else { edition };
    let issue = edition::issue(digest, edition);
    let text = match format {
        "md" => markdown::page(&issue, lang),
        "html" => html::page(&issue, lang),
        "csv" => data::csv(&issue, lang),
        "json" => data::json(&issue, lang),
        "atom" => atom::feed(&issue, lang),
        "docx" => return Some(office::docx(&issue, lang)),
        "xlsx" => return Some(office::xlsx(&issue, lang)),
        _ => return None,
    };
    Some(text.into_bytes())
}

#[cfg(test)]
mod tests;
