//! What the house itself writes of an event, for the readers of each language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Lang;

/// The house's own words for an event, and how much it makes of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wording {
    /// Its headline, by language; a language without one is not translated yet.
    pub headline: BTreeMap<Lang, String>,
    /// What happened, in a paragraph, by language.
    pub summary: BTreeMap<Lang, String>,
    /// Does it stand among the main events?
    pub highlight: bool,
    /// Its place where the house chose one, the smallest first; the others follow in the order of their dates.
    pub order: Option<u32>,
}

impl Wording {
    /// Does the house say nothing of its own?
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Without what names somebody: what an erased wording leaves behind.
    pub fn erased(&self) -> Self {
        Self { headline: BTreeMap::new(), summary: BTreeMap::new(), ..self.clone() }
    }
}
