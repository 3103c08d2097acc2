//! A candidate's page asked for again, to see whether it was changed or taken away.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Capture, Page};

/// How to ask for a page again, and to be told only where it changed (RFC 9110, 13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The address that answered.
    pub url: String,
    /// ETag of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// Last-Modified of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

impl Ask {
    /// For the page that answered.
    pub fn of(page: &Page) -> Self {
        Self {
            url: page.url.clone(),
            etag: page.header("etag").map(str::to_owned),
            last_modified: page.header("last-modified").map(str::to_owned),
        }
    }
}

/// One visit to a candidate's page after the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// When.
    pub at: Timestamp,
    /// What was found.
    pub found: Found,
}

/// What a visit found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// What the visit before found.
    Same,
    /// Another wording.
    Changed(Box<Rewording>),
    /// The article is not there any more.
    Gone {
        /// Status of the answer: 404, 410 or 451; another where a page answers without the article. `None` where
        /// the address leads to the front page.
        status: Option<u16>,
    },
    /// Nothing that tells either.
    Unseen {
        /// For a reason that may be over soon.
        passing: bool,
    },
}

/// What an article says at a later visit, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rewording {
    /// Headline.
    pub title: String,
    /// Paragraphs parted by a blank line.
    pub text: String,
    /// The page that it was read from.
    pub capture: Capture,
}
