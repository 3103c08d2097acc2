//! `digest`: a week of confirmed events.

use std::path::PathBuf;

use anyhow::Result;
use jiff::Timestamp;

use super::{Exit, Failure, Io};
use crate::desk::{Desk, Published, Wanted};
use crate::digest::{Edition, IsoWeek};
use crate::model::Lang;

#[derive(Debug, clap::Args)]
pub(super) struct Digest {
    /// ISO week, such as 2017-W46; default the last full one.
    #[arg(long)]
    week: Option<String>,
    /// Languages: kk, ru, en; default those of the configuration.
    #[arg(long, value_delimiter = ',')]
    lang: Vec<String>,
    /// Formats: md, html, csv, json, xlsx, docx, atom; default those of the configuration.
    #[arg(long, value_delimiter = ',')]
    format: Vec<String>,
    /// Folder to write to; default that of the configuration.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The edition that may leave the house.
    #[arg(long)]
    public: bool,
}

impl Digest {
    pub(super) fn act(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        let config = &desk.config().digest;
        let week = match &self.week {
            Some(week) => Some(week.parse::<IsoWeek>().map_err(|error| Failure::usage(error.to_string()))?),
            None => None,
        };
        let languages = self.languages()?;
        let dir = self.out.as_ref().map_or_else(|| desk.root().join(&config.dir), |dir| io.path(dir));
        let wanted = Wanted {
            week,
            languages: if languages.is_empty() { &config.languages } else { &languages },
            formats: if self.format.is_empty() { &config.formats } else { &self.format },
            edition: if self.public { Edition::Public } else { Edition::Internal },
            dir: &dir,
        };
        if let Some(unknown) = wanted.formats.iter().find(|format| !FORMATS.contains(&format.as_str())) {
            return Err(Failure::usage(format!(
                "`{unknown}` is no format of a digest; use one of {}",
                FORMATS.join(", ")
            )));
        }
        let published = desk.digest(&wanted, now)?;
        print_published(&published, io)?;
        Ok(Exit::Done)
    }

    fn languages(&self) -> Result<Vec<Lang>> {
        let read = |code: &String| {
            [Lang::KK, Lang::RU, Lang::EN]
                .into_iter()
                .find(|lang| lang.id() == code)
                .ok_or_else(|| Failure::usage(format!("`{code}` is no language of a digest; use kk, ru or en")))
        };
        self.lang.iter().map(read).collect()
    }
}

const FORMATS: [&str; 7] = ["md", "html", "csv", "json", "xlsx", "docx", "atom"];

pub(super) fn print_published(published: &Published, io: &mut Io<'_>) -> Result<()> {
    for format in &published.not_built {
        writeln!(io.err, "a digest as {format} is not built yet; the other formats were written")?;
    }
    writeln!(
        io.out,
        "digest   {}: {} events, {} of them from earlier weeks",
        published.week, published.events, published.earlier
    )?;
    for file in &published.files {
        writeln!(io.out, "         {}", file.display())?;
    }
    Ok(())
}
