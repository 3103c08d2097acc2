//! Figures of the past as somebody printed them.

use serde::{Deserialize, Serialize};

use super::Amount;

/// A figure as a document of the past printed it: a quotation, which nobody counted here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Id of the figure, as reports name it: `claims_ytd`.
    pub figure: String,
    /// The period: `2016-11`, `2016-Q4`, `2016-H2`, `2016`.
    pub period: String,
    /// A count, or tenge; `None` takes an earlier quotation back.
    pub value: Option<Amount>,
    /// The document.
    pub source: String,
    /// Where in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// What must be known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
