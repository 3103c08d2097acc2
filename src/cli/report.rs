//! `report`: the figures of a month, quarter, half-year or year; signing, freezing, what changed since.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use jiff::Timestamp;

use super::outputs::{Outputs, tell_untranslated};
use super::{Exit, Failure, Io};
use crate::desk::{Desk, WantedReport};
use crate::digest::figures::{Length, Period};
use crate::digest::report::FORMATS;
use crate::model::Lang;

#[derive(Debug, clap::Args)]
pub(super) struct Report {
    /// Such as 2017-11; the last full month where no period is named.
    #[arg(long, group = "period", num_args = 0..=1, default_missing_value = "", value_name = "YYYY-MM")]
    month: Option<String>,
    /// Such as 2017-Q4.
    #[arg(long, group = "period", num_args = 0..=1, default_missing_value = "", value_name = "YYYY-QN")]
    quarter: Option<String>,
    /// Such as 2017-H2.
    #[arg(long, group = "period", num_args = 0..=1, default_missing_value = "", value_name = "YYYY-HN")]
    half: Option<String>,
    /// Such as 2017.
    #[arg(long, group = "period", num_args = 0..=1, default_missing_value = "", value_name = "YYYY")]
    year: Option<String>,
    #[command(flatten)]
    outputs: Outputs,
    /// Note that somebody has checked it, or signs it: until it is signed, every page says DRAFT.
    #[arg(long, value_name = "checked|signed", conflicts_with = "freeze")]
    state: Option<String>,
    /// Publish it for good: nothing learned later changes it.
    #[arg(long)]
    freeze: bool,
    /// Freeze without asking about candidates that nobody has decided.
    #[arg(long)]
    yes: bool,
    /// What changed since the period was frozen.
    #[arg(long, num_args = 0..=1, default_missing_value = "", value_name = "PERIOD", conflicts_with_all = ["freeze", "state"])]
    changes: Option<String>,
    /// Take in published figures of the past as quotations (CSV: figure, period, value, source, page, note); --by
    /// says who does.
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["freeze", "state", "changes", "check"])]
    quotes: Option<PathBuf>,
    /// Which figures in an edited report (docx, html, xlsx, csv, md) differ from the data.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["freeze", "state", "changes"])]
    check: Option<PathBuf>,
}

impl Report {
    pub(super) fn act(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        if let Some(file) = &self.check {
            let named = [&self.month, &self.quarter, &self.half, &self.year].into_iter().any(Option::is_some);
            let period = if named { Some(self.period(desk, now)?) } else { None };
            return check(desk, &io.path(file), period, now, io);
        }
        if let Some(file) = &self.quotes {
            return quotes(desk, &io.path(file), self.outputs.by(), now, io);
        }
        if let Some(exit) = self.outputs.take_table(desk, now, io)? {
            return Ok(exit);
        }
        let period = self.period(desk, now)?;
        if self.outputs.wants_table() {
            let report = desk.gather_report(period, now)?;
            return self.outputs.write_table(desk, &report.events, &report.wordings, io);
        }
        let languages = self.outputs.languages(desk)?;
        if self.changes.is_some() {
            return changes(desk, period, &languages, now, io);
        }
        let formats = self.outputs.formats(desk, "a report", &FORMATS)?;
        let step = self.outputs.step(self.state.as_deref(), self.freeze)?;
        let dir = self.outputs.dir(desk, io);
        if self.freeze && !self.freezes_all_the_same(desk, period, now, io)? {
            return Ok(Exit::Faults);
        }
        let wanted = WantedReport {
            period,
            languages: &languages,
            formats: &formats,
            edition: self.outputs.edition(),
            dir: &dir,
            step,
        };
        let reported = desk.report(&wanted, now)?;
        writeln!(
            io.out,
            "report   {}: {}, {} events{}",
            reported.period,
            reported.state,
            reported.events,
            if reported.complete { "" } else { "; the period is not over" }
        )?;
        if reported.undecided > 0 {
            writeln!(io.err, "{} candidates of {} are still undecided", reported.undecided, reported.period)?;
        }
        io.tell(&reported.notices)?;
        tell_untranslated(&reported.untranslated, matches!(&*reported.state, "signed" | "frozen"), io)?;
        for file in &reported.files {
            writeln!(io.out, "         {}", file.display())?;
        }
        for file in &reported.left {
            writeln!(io.out, "         {} (frozen, left as it is)", file.display())?;
        }
        Ok(Exit::Done)
    }

    fn period(&self, desk: &Desk, now: Timestamp) -> Result<Period> {
        let zone = &desk.config().schedule.time_zone;
        let asked = [
            (&self.month, Length::Month),
            (&self.quarter, Length::Quarter),
            (&self.half, Length::Half),
            (&self.year, Length::Year),
        ];
        let named = asked.into_iter().find_map(|(text, length)| Some((text.as_ref()?, length)));
        match (named, self.changes.as_deref()) {
            (Some((text, length)), _) if text.is_empty() => Ok(Period::last_full(now, zone, length)),
            (Some((text, length)), _) => Period::parse(text, length).map_err(|error| Failure::usage(error.to_string())),
            (None, Some(text)) if !text.is_empty() => {
                text.parse().map_err(|error: crate::digest::figures::NotAPeriod| Failure::usage(error.to_string()))
            }
            (None, _) => Ok(Period::last_full(now, zone, Length::Month)),
        }
    }

    /// Candidates that nobody has decided are asked about first; where nobody can answer, they are told.
    fn freezes_all_the_same(&self, desk: &Desk, period: Period, now: Timestamp, io: &mut Io<'_>) -> Result<bool> {
        let undecided = desk.gather_report(period, now)?.coverage.undecided;
        if undecided == 0 || self.yes || !std::io::stdin().is_terminal() {
            return Ok(true);
        }
        write!(io.err, "{undecided} candidates of {period} are still undecided. Freeze all the same? [y/N] ")?;
        io.err.flush()?;
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "да" | "иә"))
    }
}

fn changes(desk: &Desk, period: Period, languages: &[Lang], now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
    let changes = desk.report_changes(period, now)?;
    for change in &changes.events {
        writeln!(io.out, "{:<10} {}  {}  {}", change.kind, change.event, change.title, change.columns.join(", "))?;
    }
    for (id, was, is) in &changes.figures {
        writeln!(io.out, "figure     {id}: {was} as published, {is} as now known")?;
    }
    for lang in languages {
        writeln!(io.out, "\n[{lang}] {}", changes.paragraph(*lang))?;
    }
    Ok(Exit::Done)
}

fn quotes(desk: &Desk, file: &std::path::Path, by: &str, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
    if by.is_empty() {
        return Err(Failure::usage("name who takes the quotations in: --by NAME"));
    }
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let taken = desk.take_quotes(&bytes, &name, by, now)?;
    writeln!(io.out, "quotations  {} taken, {} known", taken.taken, taken.known)?;
    io.tell(&taken.faults)?;
    Ok(if taken.faults.is_empty() { Exit::Done } else { Exit::Faults })
}

fn check(desk: &Desk, file: &std::path::Path, period: Option<Period>, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let differs = desk.report_check(&bytes, &name, period, now)?;
    for figure in &differs {
        let known = figure.in_data.as_deref().unwrap_or("no such figure");
        match &figure.in_file {
            Some(said) => writeln!(io.out, "{}: `{said}` in the file, `{known}` in the data", figure.figure)?,
            None => writeln!(io.out, "{}: its sentence is not in the file; `{known}` in the data", figure.figure)?,
        }
    }
    if differs.is_empty() {
        writeln!(io.out, "every figure in the file is as in the data")?;
        return Ok(Exit::Done);
    }
    Ok(Exit::Faults)
}
