//! Decisions: the queue file printed and parsed, and the rules by which a row of it becomes a
//! [`Review`](crate::model::Review).
//!
//! | part | what it turns into what |
//! | --- | --- |
//! | [`row`], [`print`] | a candidate → a row → the bytes of a queue file |
//! | [`parse`] | bytes as a spreadsheet left them → [`Given`] rows |
//! | [`decide`] | a given row → a [`Ruling`] |
//! | [`status`], [`events`], [`gather_events`] | reviews → where a candidate stands, and what counts |
//!
//! It never writes, never asks the clock, and never changes what somebody typed without saying so: a
//! cell is understood, or the row goes back with the column and the reason.

mod card;
mod dates;
mod decide;
mod fold;
mod row;
mod sheet;

pub use decide::{Known, Ruling, decide};
pub use fold::{events, gather_events, revision, status};
pub use row::{COLUMNS, Row, csv_line, neutral, print, print_rejected, row, rows};
pub use sheet::{Given, parse};

/// How a queue file is written; the ending of its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, UTF-8 with a byte order mark.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

impl Format {
    /// The format that a file's name asks for.
    ///
    /// # Errors
    /// Where the ending is none that is built; the message names those that are.
    pub fn of(path: &str) -> Result<Self, FormatError> {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        match ending.as_str() {
            "csv" | "tsv" | "txt" => Ok(Self::Csv),
            "jsonl" | "ndjson" | "json" => Ok(Self::Jsonl),
            "xlsx" | "ods" | "xls" => Err(FormatError::NotBuilt { file: path.to_owned(), ending }),
            _ => Err(FormatError::Unknown { file: path.to_owned() }),
        }
    }

    /// The ending of a file of this format.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }
}

/// Why a queue file cannot be written or read in the format that its name asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// A workbook.
    #[error("{file}: a queue file as {ending} is not built yet; save it as .csv, which every spreadsheet opens")]
    NotBuilt {
        /// The file as named.
        file: String,
        /// Its ending.
        ending: String,
    },
    /// An ending that says nothing.
    #[error("{file}: the ending picks the format of a queue file; use .csv or .jsonl")]
    Unknown {
        /// The file as named.
        file: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_picks_the_format() {
        for (path, expect) in [
            ("queue.csv", Format::Csv),
            ("a.b/QUEUE.CSV", Format::Csv),
            ("queue.jsonl", Format::Jsonl),
            (r"C:\out\queue.rejected.csv", Format::Csv),
        ] {
            assert_eq!(Format::of(path), Ok(expect), "{path}");
        }
        for (path, words) in
            [("queue.xlsx", "save it as .csv"), ("queue", "use .csv or .jsonl"), ("a.csv/queue", "use")]
        {
            assert!(Format::of(path).unwrap_err().to_string().contains(words), "{path}");
        }
    }
}
