//! The files of tables as they are written, row by row.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::Forms;
use crate::model::{Code, Instance};

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct PlacesFile {
    pub(super) country: Option<CountryRows>,
    pub(super) country_words: Forms,
    pub(super) bodies: Forms,
    pub(super) money: Forms,
    pub(super) place: Vec<PlaceRow>,
}

/// `country = "KZ"` at the head of a file of one country, or `[[country]]` tables.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum CountryRows {
    One(String),
    Many(Vec<CountryRow>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CountryRow {
    pub(super) code: String,
    #[serde(default)]
    pub(super) ru: Vec<String>,
    #[serde(default)]
    pub(super) kk: Vec<String>,
    #[serde(default)]
    pub(super) en: Vec<String>,
    #[serde(default)]
    pub(super) bodies: Forms,
    #[serde(default)]
    pub(super) money: Forms,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) country: Option<String>,
    #[serde(default)]
    pub(super) ru: Vec<String>,
    #[serde(default)]
    pub(super) kk: Vec<String>,
    #[serde(default)]
    pub(super) en: Vec<String>,
    /// Names that are looked for in the column of a place alone: in a text they may be a person's.
    #[serde(default)]
    pub(super) written: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutletsFile {
    pub(super) outlet: Vec<OutletRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutletRow {
    pub(super) id: String,
    pub(super) country: String,
    #[serde(default)]
    pub(super) domains: Vec<String>,
    #[serde(default)]
    pub(super) names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CourtsFile {
    pub(super) court: Vec<CourtRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CourtRow {
    #[allow(dead_code, reason = "it names the entry for whoever edits the file")]
    pub(super) id: String,
    pub(super) instance: Instance,
    #[serde(default)]
    pub(super) ru: Vec<String>,
    #[serde(default)]
    pub(super) kk: Vec<String>,
    #[serde(default)]
    pub(super) en: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct LawFile {
    pub(super) country: Option<String>,
    pub(super) article: Vec<ArticleRow>,
    pub(super) code: Vec<CodeRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArticleRow {
    pub(super) country: Option<String>,
    pub(super) code: Code,
    pub(super) number: String,
    #[allow(dead_code, reason = "it tells whoever edits the file which code is meant; dates decide")]
    pub(super) edition: Option<i16>,
    #[allow(dead_code, reason = "it tells whoever edits the file what the article is about")]
    pub(super) title: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) concepts: Vec<String>,
    #[serde(default)]
    pub(super) guess: bool,
    pub(super) since: Option<Date>,
    pub(super) until: Option<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeRow {
    pub(super) code: String,
    #[serde(default)]
    pub(super) capitals: Vec<String>,
    #[serde(default)]
    pub(super) latin: Vec<String>,
    #[serde(default)]
    pub(super) ru: Vec<String>,
    #[serde(default)]
    pub(super) kk: Vec<String>,
    #[serde(default)]
    pub(super) en: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MoneyFile {
    #[serde(rename = "currency")]
    pub(super) currencies: Option<CurrencyRows>,
    pub(super) index: Vec<IndexRow>,
    #[serde(rename = "rate")]
    pub(super) rates: Vec<RateRow>,
    pub(super) claim: Vec<String>,
    pub(super) award: Vec<String>,
    pub(super) other: Vec<String>,
}

/// `currency = "KZT"` at the head of a file of indices, or `[[currency]]` tables.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum CurrencyRows {
    One(#[allow(dead_code, reason = "it tells whose index it is")] String),
    Many(Vec<CurrencyRow>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CurrencyRow {
    pub(super) code: String,
    #[serde(default)]
    pub(super) signs: Vec<String>,
    #[serde(default)]
    pub(super) words: Vec<String>,
    #[serde(default)]
    pub(super) phrases: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IndexRow {
    pub(super) from: Date,
    pub(super) tenge: i64,
}

/// What a unit of a currency cost on a day, by the National Bank.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RateRow {
    pub(super) code: String,
    pub(super) day: Date,
    pub(super) tenge: f64,
}
