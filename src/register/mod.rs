//! The register of persons and outlets: one spelling for each language, used by every output.
//!
//! | part | what it turns into what |
//! | --- | --- |
//! | [`Register`] | acts → rows, each with its history |
//! | [`Names`] | a name in an event → whom it means |
//! | [`Sighting`] | a name that somebody confirmed → the row that holds it from then on |
//! | [`print`], [`read`], [`Given::rule`] | rows → the file that an editor opens, and back |
//! | [`Register::remarks`] | rows → pairs that a person should look at |
//! | [`Gazetteer`] | a place as somebody wrote it → the place, with its name in each language |
//! | [`suggested`] | a spelling → how another language would probably write it |
//!
//! It never transliterates in silence: a suggestion stands apart until a person takes it over. It never
//! decides that two names are two people, nor that two people are one, beyond what a row says.

mod fault;
mod letters;
mod names;
mod places;
mod remarks;
mod seen;
mod sheet;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::{Lang, NameKind, Registered};

pub use fault::Wrong;
pub use letters::suggested;
pub use names::{Bearer, Names};
pub use places::Gazetteer;
pub use remarks::Remark;
pub use seen::{Sighting, language_of};
pub use sheet::{COLUMNS, Given, Ruling, print, read};

/// The languages that a name is spelled in.
pub const LANGUAGES: [Lang; 3] = [Lang::KK, Lang::RU, Lang::EN];

/// What a row said from some instant on; `None`: it was taken out.
type Version = (Timestamp, Option<Registered>);

/// The register as its acts made it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    rows: BTreeMap<String, Vec<Version>>,
}

impl Register {
    /// Folds the acts on it: the id of the row, when, and what it says from then on. Those of one row stand in
    /// their order. A row that says no name was erased, and counts as taken out.
    pub fn of(acts: impl IntoIterator<Item = (String, Timestamp, Option<Registered>)>) -> Self {
        let mut register = Self::default();
        for (id, at, entry) in acts {
            register.put(&id, at, entry);
        }
        register
    }

    /// One more act.
    pub fn put(&mut self, id: &str, at: Timestamp, entry: Option<Registered>) {
        let named = entry.filter(|entry| entry.spellings().next().is_some());
        self.rows.entry(id.to_owned()).or_default().push((at, named));
    }

    /// The rows as they stand.
    pub fn rows(&self) -> impl Iterator<Item = &Registered> {
        self.rows.values().filter_map(|versions| versions.last()?.1.as_ref())
    }

    /// A row as it stands.
    pub fn row(&self, id: &str) -> Option<&Registered> {
        self.rows.get(id)?.last()?.1.as_ref()
    }

    /// How many acts a row has seen.
    pub fn revision(&self, id: &str) -> usize {
        self.rows.get(id).map_or(0, Vec::len)
    }

    /// A row as it stood after so many acts.
    pub fn row_at(&self, id: &str, revision: usize) -> Option<&Registered> {
        self.rows.get(id)?.get(revision.checked_sub(1)?)?.1.as_ref()
    }

    /// An id that no row ever had.
    pub fn free_id(&self, kind: NameKind) -> String {
        let letter = match kind {
            NameKind::Person => 'p',
            NameKind::Outlet => 'o',
        };
        let number = |id: &String| id.strip_prefix(letter)?.parse::<u64>().ok();
        let last = self.rows.keys().filter_map(number).max().unwrap_or(0);
        format!("{letter}{}", last + 1)
    }

    /// Whom each name means.
    pub fn names(&self) -> Names {
        Names::of(self.rows().cloned())
    }

    /// Whom each name meant at an instant.
    pub fn names_at(&self, instant: Timestamp) -> Names {
        let then = |versions: &Vec<Version>| {
            let last = versions.iter().rev().find(|(at, _)| *at <= instant)?;
            last.1.clone()
        };
        Names::of(self.rows.values().filter_map(then))
    }
}
