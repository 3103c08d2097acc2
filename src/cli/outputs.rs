//! What a digest or a report is written as, and where to: the arguments that both take.

use std::path::PathBuf;

use anyhow::Result;

use jiff::Timestamp;

use super::{Exit, Failure, Io};
use crate::desk::{Desk, Step};
use crate::digest::table::TableFormat;
use crate::digest::{Edition, Wordings};
use crate::model::{Event, Lang};

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
    /// Write the translator's table instead: headline and summary of each event, language by language; a workbook
    /// (.xlsx) or a document (.docx).
    #[arg(long, value_name = "FILE", conflicts_with = "take")]
    table: Option<PathBuf>,
    /// Take a translator's table back; --by says whose words they are.
    #[arg(long, value_name = "FILE")]
    take: Option<PathBuf>,
    /// Who answers for it.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
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

    /// Who answers for it; empty where nobody is named.
    pub(super) fn by(&self) -> &str {
        self.by.as_deref().unwrap_or_default().trim()
    }

    /// Is the translator's table asked for?
    pub(super) fn wants_table(&self) -> bool {
        self.table.is_some()
    }

    /// Writes the translator's table of some events, where it is asked for.
    pub(super) fn write_table(
        &self,
        desk: &Desk,
        events: &[impl std::borrow::Borrow<Event>],
        wordings: &Wordings,
        io: &mut Io<'_>,
    ) -> Result<Exit> {
        let Some(file) = &self.table else { return Ok(Exit::Done) };
        if TableFormat::of(file).is_none() {
            let file = file.display();
            return Err(Failure::usage(format!(
                "the table is a workbook or a document: {file} must end in .xlsx or .docx"
            )));
        }
        let lang = self.languages(desk)?.first().copied().unwrap_or(Lang::RU);
        let written = desk.write_table(events, wordings, self.edition(), lang, &io.path(file))?;
        writeln!(io.out, "table    {} events in {}", events.len(), written.display())?;
        Ok(Exit::Done)
    }

    /// Takes the translator's table back, where one is given.
    pub(super) fn take_table(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Option<Exit>> {
        let Some(file) = &self.take else { return Ok(None) };
        if self.by().is_empty() {
            return Err(Failure::usage("say whose words these are: --by NAME"));
        }
        let taken = desk.take_table(&io.path(file), self.by(), now)?;
        io.tell(&taken.notices)?;
        for row in &taken.returned {
            let kind = if row.conflict { "conflict" } else { "rejected" };
            writeln!(io.err, "row {} {}: {kind}: {}", row.line, row.id, row.reason)?;
        }
        let returned = taken.returned.len();
        writeln!(io.out, "table    {} events taken, {} unchanged, {returned} returned", taken.taken, taken.unchanged)?;
        Ok(Some(Exit::faults_if(returned > 0 || !taken.notices.is_empty())))
    }

    /// The step that an output is taken to.
    ///
    /// # Errors
    /// Where there is no such state, or nobody answers for it.
    pub(super) fn step(&self, state: Option<&str>, freeze: bool) -> Result<Option<(Step, String)>> {
        let step = match (freeze, state) {
            (true, _) => Step::Freeze,
            (_, Some("checked")) => Step::Check,
            (_, Some("signed")) => Step::Sign,
            (_, Some(other)) => {
                return Err(Failure::usage(format!("`{other}` is no state to note; use checked or signed")));
            }
            _ => return Ok(None),
        };
        if self.by().is_empty() {
            return Err(Failure::usage("name who answers for it: --by NAME"));
        }
        Ok(Some((step, self.by().to_owned())))
    }

    pub(super) fn edition(&self) -> Edition {
        if self.public { Edition::Public } else { Edition::Internal }
    }
}

/// Tells how much is not translated, and how to have it done.
pub(super) fn tell_untranslated(missing: &[(Lang, usize)], signed: bool, io: &mut Io<'_>) -> Result<()> {
    for (lang, count) in missing {
        let weight = if signed { "warning: " } else { "" };
        writeln!(
            io.err,
            "{weight}{count} events are not translated into {lang} and say so; --table FILE.xlsx writes them for the translator"
        )?;
    }
    Ok(())
}
