//! What a digest or a report is written as, and where to: the arguments that both take.

use std::path::PathBuf;

use anyhow::Result;

use super::{Failure, Io};
use crate::desk::Desk;
use crate::digest::Edition;
use crate::model::Lang;

#[derive(Debug, clap::Args)]
pub(super) struct Outputs {
    /// Languages: kk, ru, en; default those of the configuration.
    #[arg(long, value_delimiter = ',')]
    lang: Vec<String>,
    /// Formats, such as md, html, docx; default those of the configuration.
    #[arg(long, value_delimiter = ',')]
    format: Vec<String>,
    /// Folder to write to; default that of the configuration.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The edition that may leave the house.
    #[arg(long)]
    public: bool,
}

impl Outputs {
    /// # Errors
    /// Where a language is asked for that nothing is written in.
    pub(super) fn languages(&self, desk: &Desk) -> Result<Vec<Lang>> {
        let read = |code: &String| {
            [Lang::KK, Lang::RU, Lang::EN]
                .into_iter()
                .find(|lang| lang.id() == code)
                .ok_or_else(|| Failure::usage(format!("`{code}` is no language to write in; use kk, ru or en")))
        };
        if self.lang.is_empty() {
            return Ok(desk.config().digest.languages.clone());
        }
        self.lang.iter().map(read).collect()
    }

    /// Formats out of `known`, those of `a` (a digest, a report): the ones asked for, else the ones of the
    /// configuration that it has.
    ///
    /// # Errors
    /// Where another is asked for.
    pub(super) fn formats(&self, desk: &Desk, a: &str, known: &[&str]) -> Result<Vec<String>> {
        let (known_ones, others): (Vec<String>, Vec<String>) =
            if self.format.is_empty() { &desk.config().digest.formats } else { &self.format }
                .iter()
                .cloned()
                .partition(|format| known.contains(&format.as_str()));
        match others.first() {
            Some(unknown) if !self.format.is_empty() => {
                Err(Failure::usage(format!("`{unknown}` is no format of {a}; use one of {}", known.join(", "))))
            }
            _ => Ok(known_ones),
        }
    }

    pub(super) fn dir(&self, desk: &Desk, io: &Io<'_>) -> PathBuf {
        self.out.as_ref().map_or_else(|| desk.root().join(&desk.config().digest.dir), |dir| io.path(dir))
    }

    pub(super) fn edition(&self) -> Edition {
        if self.public { Edition::Public } else { Edition::Internal }
    }
}
