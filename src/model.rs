//! The nouns that cross modules, and nothing else: no behaviour beyond parsing and printing
//! themselves. Closed lists are enums whose `id` is the spelling of files and JSON.

mod cited;
mod decided;
mod lists;
mod place;
mod quoted;
mod registered;
mod reviewer;
mod seen;
mod story;
mod values;
mod visit;
mod wording;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use cited::*;
pub use decided::*;
pub use lists::*;
pub use place::*;
pub use quoted::*;
pub use registered::*;
pub use reviewer::*;
pub use seen::*;
pub use story::*;
pub use values::*;
pub use visit::*;
pub use wording::*;

/// What went wrong in somebody's input: where, what, and what to do next.
///
/// Used for rules, configuration and queue file alike; printed as
/// `path:line: message` with the help on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// File (or address) as the user named it.
    pub path: String,
    /// Line, counted from 1, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic without a line and without help.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), line: None, message: message.into(), help: None }
    }

    /// The same, at a line counted from 1.
    #[must_use]
    pub fn at(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    /// The same, with what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.message)?,
            None => write!(f, "{}: {}", self.path, self.message)?,
        }
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_keep_the_offset_they_were_written_with() {
        for text in ["2024-05-16T16:00:00+05:00", "2025-10-09T18:25:00Z", "2022-02-04T09:33:00-03:30"] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        }
        assert!("2024-05-16".parse::<Moment>().is_err());
    }

    #[test]
    fn dates_are_as_precise_as_written() {
        for text in ["2017", "2017-11", "2017-11-16"] {
            assert_eq!(text.parse::<PartialDate>().unwrap().to_string(), text);
        }
        for text in ["", "17", "2017-1", "2017-13", "2017-02-30", "2017-11-16-1", "16.11.2017"] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn sums_are_plain_digits_with_a_point() {
        for (text, hundredths) in [("0", 0), ("11345", 1_134_500), ("11345.50", 1_134_550), ("0.5", 50)] {
            assert_eq!(text.parse(), Ok(Amount(hundredths)));
        }
        assert_eq!(Amount(1_134_550).to_string(), "11345.50");
        for text in ["", ".5", "1,5", "1 000", "-3", "5m", "99999999999999999999"] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }

    #[test]
    fn closed_lists_name_what_they_allow() {
        assert_eq!("in_force".parse(), Ok(Stage::InForce));
        let error = "guilty".parse::<Outcome>().unwrap_err();
        assert_eq!(error.to_string(), "`guilty` is no outcome; use one of for, against, mixed, pending");
    }
}
