//! The register: who is meant by which spelling.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Lang, NameKind};

/// A person or an outlet, with one spelling for each language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Registered {
    /// `p7`, `o3`: short, since people type it.
    pub id: String,
    /// A person or an outlet.
    pub kind: NameKind,
    /// The spelling that outputs print, by language; a language without one has not been filled in.
    pub names: BTreeMap<Lang, String>,
    /// Other spellings seen, pen names among them.
    pub others: Vec<String>,
    /// Ids of those who bear the same or nearly the same name and are somebody else.
    pub not_same_as: Vec<String>,
    /// The cases, rows or events in which alone this one is meant; empty: everywhere.
    pub cases: Vec<String>,
    /// Free text; it never leaves the house.
    pub note: Option<String>,
}

impl Registered {
    /// Every spelling of it, those that are printed first.
    pub fn spellings(&self) -> impl Iterator<Item = &str> {
        self.names.values().chain(&self.others).map(String::as_str)
    }
}
