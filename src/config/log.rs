//! `[log]`: what the logs tell, and in which form.

use std::str::FromStr;

use crate::tables::Table;

/// What the logs tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LogConfig {
    /// From which weight on; unset: `info` from the daemon, `warn` from a command that ends by itself.
    pub level: Option<LogLevel>,
    /// In which form; unset: text.
    pub format: Option<LogFormat>,
}

/// How much weight a line of the log has at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Nothing is told.
    Off,
    /// What failed and needs a person.
    Error,
    /// What failed and is tried again.
    Warn,
    /// What became of each page, and what the daemon did.
    Info,
    /// Each step of a story.
    Debug,
    /// All there is.
    Trace,
}

impl LogLevel {
    /// The levels by their names, the fewest lines first.
    const NAMED: [(&'static str, Self); 6] = [
        ("off", Self::Off),
        ("error", Self::Error),
        ("warn", Self::Warn),
        ("info", Self::Info),
        ("debug", Self::Debug),
        ("trace", Self::Trace),
    ];

    /// Its name, as the configuration spells it.
    pub fn name(self) -> &'static str {
        Self::NAMED.iter().find(|(_, level)| *level == self).map_or("info", |(name, _)| name)
    }
}

impl FromStr for LogLevel {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let named = Self::NAMED.iter().find(|(name, _)| *name == text);
        named.map(|(_, level)| *level).ok_or_else(|| {
            format!("`{text}` is no level of a log; use {}", Self::NAMED.map(|(name, _)| name).join(", "))
        })
    }
}

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// JSON Lines, for machines.
    Json,
}

impl FromStr for LogFormat {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(format!("`{text}` is no form of a log; use text or json")),
        }
    }
}

pub(super) fn log(table: &Table<'_, '_>) -> LogConfig {
    let log = LogConfig {
        level: table.parsed("level", LogLevel::from_str),
        format: table.parsed("format", LogFormat::from_str),
    };
    table.done();
    log
}
