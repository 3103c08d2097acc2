//! Decisions: the queue file printed and parsed, and the rules by which a row of it becomes a
//! [`Review`](crate::model::Review).
//!
//! | part | what it turns into what |
//! | --- | --- |
//! | [`row`], [`print`] | a candidate → a row → the bytes of a queue file |
//! | [`deal`] | rows and reviewers → who gets which |
//! | [`parse`] | bytes as a spreadsheet left them → [`Given`] rows |
//! | [`decide`] | a given row → a [`Ruling`] |
//! | [`since`](since()) | visits to a page → what became of it since it was captured |
//! | [`reply`] | what became of a file → what its sender reads |
//! | [`status`], [`events`], [`gather_events`] | reviews → where a candidate stands, and what counts |
//! | [`Folded`], [`link`] | the same in two steps, for whoever links the same rows more than once |
//!
//! It never writes, never asks the clock, and never changes what somebody typed without saying so: a
//! cell is understood, or the row goes back with the column and the reason.

mod card;
mod cases;
mod dates;
mod deal;
mod decide;
mod fault;
#[cfg(test)]
mod files_tests;
mod fold;
#[cfg(test)]
mod further_tests;
mod gather;
mod labels;
mod looks;
mod notice;
mod order;
mod reply;
mod row;
mod second_look;
mod sheet;
mod since;
mod unzip;
mod workbook;

pub use card::proposed;
pub use cases::Cases;
pub use deal::{Dealt, Hands, deal};
pub use decide::{Known, Ruling, Unattached, decide};
pub use fault::{Fault, Refusal};
pub use fold::{case_id, case_of, decided_after, events, revision, standing, status};
pub use gather::{Folded, gather_events, link};
pub use labels::{told, words_of};
pub use looks::{Looks, protect, undated};
pub use notice::Notice;
pub use order::{Urgency, arrange, fold_floods, urgency};
pub use reply::{Answered, Reply, reply};
pub use row::{
    COLUMNS, FURTHER, Row, csv_line, csv_line_by, neutral, print, print_given, print_rejected, print_shown, row, rows,
    unguarded, why,
};
pub use second_look::second_look;
pub use sheet::{Given, Legible, legible, parse};
pub use since::{Changed, Gone, Since, since};
pub use unzip::{lines as sheet_lines, unzipped_any};
pub use workbook::Shown;

/// How a queue file is written; the ending of its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, UTF-8 with a byte order mark.
    Csv,
    /// A workbook, for Excel and LibreOffice.
    Xlsx,
    /// One JSON object a line.
    Jsonl,
}

/// How a file looks, beside its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Language of headings and lists in a workbook.
    pub language: crate::model::Lang,
    /// What parts the cells of a CSV.
    pub separator: char,
}

impl Default for Style {
    fn default() -> Self {
        Self { language: crate::model::Lang::RU, separator: ',' }
    }
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
            "xlsx" => Ok(Self::Xlsx),
            "ods" | "xls" => Err(FormatError::NotBuilt { file: path.to_owned(), ending }),
            _ => Err(FormatError::Unknown { file: path.to_owned() }),
        }
    }

    /// The format of a file that came under any name: by its ending, else by its first bytes.
    ///
    /// # Errors
    /// Where the ending is that of a kind that is not read.
    pub fn found(name: &str, bytes: &[u8]) -> Result<Self, Notice> {
        match Self::of(name) {
            Ok(format) => Ok(format),
            Err(FormatError::NotBuilt { ending, .. }) => Err(notice::Odd::NotRead(ending).notice()),
            Err(_) if bytes.starts_with(b"PK\x03\x04") => Ok(Self::Xlsx),
            Err(_) => Ok(match bytes.iter().find(|byte| byte.is_ascii_graphic()) {
                Some(b'{' | b'[') => Self::Jsonl,
                _ => Self::Csv,
            }),
        }
    }

    /// The ending of a file of this format.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Jsonl => "jsonl",
        }
    }
}

/// Why a queue file cannot be written or read in the format that its name asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// A workbook of another kind.
    #[error("{file}: a queue file is not read from .{ending}; save it as .xlsx, or as .csv")]
    NotBuilt {
        /// The file as named.
        file: String,
        /// Its ending.
        ending: String,
    },
    /// The rows do not fit into a workbook.
    #[error("the workbook cannot be written: {0}; use .csv")]
    Workbook(String),
    /// An ending that says nothing.
    #[error("{file}: the ending picks the format of a queue file; use .xlsx, .csv or .jsonl")]
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
        for (path, words) in [("queue.ods", "save it as .xlsx"), ("queue", "use .xlsx, .csv"), ("a.csv/queue", "use")] {
            assert!(Format::of(path).unwrap_err().to_string().contains(words), "{path}");
        }
        for (name, bytes, expect) in [
            ("decided", &b"PK\x03\x04"[..], Format::Xlsx),
            ("decided.2026", b"\xef\xbb\xbf\n{\"id\":1}", Format::Jsonl),
            ("a.bak", b"decision,id", Format::Csv),
            ("a.csv", b"PK\x03\x04", Format::Csv),
        ] {
            assert_eq!(Format::found(name, bytes), Ok(expect), "{name}");
        }
        assert!(Format::found("a.ODS", b"PK\x03\x04").unwrap_err().words(crate::model::Lang::RU).contains(".ods"));
    }
}
