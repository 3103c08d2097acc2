//! `import`: stories captured elsewhere, through the same path as the crawler's.

use std::io::BufRead as _;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use super::classify::{open, story_of};
use super::extract::read_unpacked;
use super::{Exit, Io};
use crate::desk::{self, Desk, Tally, Wish};
use crate::model::Page;
use crate::net::{Client, Fetched};

#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// WARCs (.warc, .warc.gz), JSON Lines of stories (.jsonl, .json), saved pages (.html, .html.gz), or
    /// addresses of pages.
    #[arg(required = true, value_name = "FILE|URL")]
    inputs: Vec<String>,
    /// Of a WARC: only pages of the sources that the configuration names.
    #[arg(long)]
    only_sources: bool,
}

impl Import {
    pub(super) fn act(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        let (mut tally, mut faults) = (Tally::default(), false);
        for input in &self.inputs {
            let before = tally.total();
            let taken = if input.starts_with("http://") || input.starts_with("https://") {
                take_url(desk, input, now, &mut tally)
            } else {
                self.take_file(desk, &PathBuf::from(input), now, &mut tally, io)
            };
            match taken {
                Ok(all_good) => faults |= !all_good,
                Err(error) => {
                    faults = true;
                    writeln!(io.err, "sozwatch: {input}: {}", desk::words_of(error.as_ref()))?;
                }
            }
            tracing::debug!(input, taken = tally.total() - before, "imported");
        }
        writeln!(
            io.out,
            "import   {} stored ({} candidates), {} reprints, {} known already, {} set aside",
            tally.stored, tally.candidates, tally.reprints, tally.duplicates, tally.quarantined
        )?;
        Ok(Exit::faults_if(faults))
    }
}

impl Import {
    /// Takes one file; tells whether every line or record of it was good.
    fn take_file(
        &self,
        desk: &Desk,
        file: &PathBuf,
        now: Timestamp,
        tally: &mut Tally,
        io: &mut Io<'_>,
    ) -> Result<bool> {
        let name = file.to_string_lossy().to_lowercase();
        match name.ends_with(".warc") || name.ends_with(".warc.gz") {
            true => self.take_warc(desk, &io.path(file), now, tally, io),
            false => take_other(desk, file, &name, now, tally, io),
        }
    }

    fn take_warc(&self, desk: &Desk, path: &Path, now: Timestamp, tally: &mut Tally, io: &mut Io<'_>) -> Result<bool> {
        let size = std::fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?.len();
        let bar = bar(size);
        let wish = Wish { only_sources: self.only_sources, progress: &|at| bar.set_position(at.min(size)) };
        let taken = desk.take_warc(path, &wish, now);
        bar.finish_and_clear();
        let taken = taken?;
        io.tell(&taken.faults)?;
        writeln!(
            io.out,
            "warc     {} records: {} pages, {} no pages, {} of no source, {} damaged",
            taken.records,
            taken.pages.total(),
            taken.no_pages,
            taken.of_no_source,
            taken.damaged
        )?;
        tally.add(taken.pages);
        Ok(taken.damaged == 0)
    }
}

/// A progress bar over bytes, on a terminal only.
fn bar(size: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("import {bar:40} {bytes}/{total_bytes} {eta}");
    let bar = ProgressBar::new(size).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    bar
}

/// Takes a saved page or JSON Lines of stories; tells whether every line of it was good.
fn take_other(
    desk: &Desk,
    file: &PathBuf,
    name: &str,
    now: Timestamp,
    tally: &mut Tally,
    io: &mut Io<'_>,
) -> Result<bool> {
    if name.ends_with(".html") || name.ends_with(".htm") || name.ends_with(".html.gz") {
        let path = io.path(file);
        let body = read_unpacked(&path, desk.config().crawl.max_body)?;
        let page = Page {
            url: format!("file://{}", path.display()),
            moved: None,
            headers: Vec::new(),
            body,
            captured: now,
            wire: None,
        };
        tally.count(&desk.take_page(&page, None, None, now)?);
        return Ok(true);
    }
    let (mut lines, mut number, mut all_good) = (open(Some(file), io)?, 0, true);
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(all_good);
        }
        number += 1;
        if line.trim_ascii().is_empty() {
            continue;
        }
        match story_of(&line, number) {
            Ok(story) => tally.count(&desk.keep(story, now)?),
            Err(fault) => {
                all_good = false;
                writeln!(io.err, "{}: {}", file.display(), fault["error"].as_str().unwrap_or_default())?;
            }
        }
    }
}

/// Fetches one page as the crawler would, by the proxy of the source that it belongs to, and takes it.
fn take_url(desk: &Desk, url: &str, now: Timestamp, tally: &mut Tally) -> Result<bool> {
    let client = Client::for_sources(desk.config())?;
    let source = desk.config().source_at(url);
    let proxy = source.and_then(|source| source.proxy.as_deref());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the network could not be made ready")?;
    match runtime.block_on(client.get_by(proxy, url, None))? {
        Fetched::Page(page) => {
            tally.count(&desk.take_page(&page, None, source, now)?);
            Ok(true)
        }
        Fetched::NotModified => Ok(true),
    }
}
