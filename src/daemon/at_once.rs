//! Rows that ask for an early look: new candidates of chosen categories, told of once each and once an hour at
//! most. Pure: what was told is an argument and is handed back.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::{Candidate, Category, Judged};

/// Between two tellings.
const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What somebody was told of, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// The rows that wait and need not be told of; unknown before the first look.
    rows: Option<BTreeSet<String>>,
    /// When it was last told.
    last: Option<Timestamp>,
}

/// A row that asks for an early look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Urgent<'a> {
    /// Its id.
    pub id: &'a str,
    /// The chosen category that it has.
    pub category: Category,
    /// What it shows.
    pub judged: &'a Judged,
}

impl Told {
    /// What to tell of now. Nobody is told of what waited before the first look, nor of anything within an hour
    /// of the last time.
    pub fn news<'a>(&mut self, waiting: &'a [Candidate], chosen: &[Category], now: Timestamp) -> Vec<Urgent<'a>> {
        let urgent = |candidate: &'a Candidate| {
            let judged = candidate.judged.as_ref()?;
            let category = judged.verdict.categories.iter().map(|label| label.id).find(|id| chosen.contains(id))?;
            Some(Urgent { id: &candidate.id, category, judged })
        };
        let urgent: Vec<Urgent<'a>> = waiting.iter().filter_map(urgent).collect();
        let waits: BTreeSet<&str> = urgent.iter().map(|urgent| urgent.id).collect();
        let Some(told) = &mut self.rows else {
            self.rows = Some(waits.into_iter().map(str::to_owned).collect());
            return Vec::new();
        };
        told.retain(|id| waits.contains(id.as_str()));
        // A time in what is now the future was given by a clock that has been set back.
        if self.last.is_some_and(|last| last <= now && now.duration_since(last) < AN_HOUR) {
            return Vec::new();
        }
        urgent.into_iter().filter(|urgent| !told.contains(urgent.id)).collect()
    }

    /// These were told of.
    pub fn tell(&mut self, news: &[Urgent<'_>], now: Timestamp) {
        self.rows.get_or_insert_default().extend(news.iter().map(|urgent| urgent.id.to_owned()));
        self.last = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::samples::{judged, minute};

    fn row(n: u32) -> Candidate {
        let judged = judged(n, true, None);
        Candidate { id: judged.story.id.clone(), judged: Some(judged), also: Vec::new(), reviews: Vec::new() }
    }

    #[test]
    fn each_row_is_told_of_once_and_all_once_an_hour() {
        let chosen = [Category::AdministrativeProsecution];
        let mut told = Told::default();
        let mut waiting = vec![row(1)];
        let news = |told: &mut Told, waiting: &[Candidate], at: i64| {
            let news = told.news(waiting, &chosen, minute(at));
            if !news.is_empty() {
                told.tell(&news, minute(at));
            }
            news.len()
        };
        assert_eq!(news(&mut told, &waiting, 0), 0, "what waited before");
        waiting.push(row(2));
        assert_eq!(news(&mut told, &waiting, 1), 1);
        waiting.extend([row(3), row(4)]);
        assert_eq!(news(&mut told, &waiting, 60), 0, "not within the hour");
        assert_eq!(news(&mut told, &waiting, 61), 2);
        assert_eq!(news(&mut told, &waiting, 600), 0);
        // Decided rows are not remembered for ever.
        waiting.drain(..3);
        assert_eq!(news(&mut told, &waiting, 601), 0);
        assert_eq!(told.rows.as_ref().map(BTreeSet::len), Some(1));
        // A clock set back a day does not silence it for a day.
        waiting.push(row(9));
        assert_eq!(news(&mut told, &waiting, 601 - 24 * 60), 1);
    }

    #[test]
    fn other_categories_are_not_told_of() {
        let mut told = Told { rows: Some(BTreeSet::new()), last: None };
        let waiting = [row(1), Candidate { judged: None, ..row(2) }];
        assert_eq!(told.news(&waiting, &[Category::Arrest], minute(0)), []);
        assert_eq!(told.news(&waiting, &[], minute(0)), []);
    }
}
