//! A place by what it is, and as each language spells it.

use std::collections::BTreeMap;

use super::Lang;

/// A place by its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceNames {
    /// Id: country and name, `kz-almaty`.
    pub id: String,
    /// A region, else a town or a district.
    pub is_region: bool,
    /// What it is called in each language.
    pub names: BTreeMap<Lang, String>,
    /// Whatever else people write for it, old names too. A word that ends in `*` stands for all that begin so.
    pub written: Vec<String>,
}
