//! `demo`: the whole loop, offline, against the invented newsroom served on loopback.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context as _, Result};
use include_dir::{Dir, include_dir};
use jiff::Timestamp;
use serde::Deserialize;

use super::{Exit, Failure, Io, digest, open_desk, queue, run};
use crate::config;
use crate::desk::{Desk, Feeds, Wanted};
use crate::digest::{Edition, IsoWeek};
use crate::model::Lang;
use crate::net::Client;
use crate::review::{self, Format};
use crate::web::newsroom::{Newsroom, files_of};

/// The invented outlets as they lie in the repository.
static NEWSROOM: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/newsroom");
/// The weeks in which the newsroom's stories were published.
const WEEKS: [&str; 2] = ["2026-W46", "2026-W47"];
/// A file by which a demo's folder is known, so that no other folder is ever cleared.
const MARK: &str = ".sozwatch-demo";

#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// Folder to write to; an earlier demo there is replaced.
    #[arg(long, value_name = "DIR", default_value = "sozwatch-demo")]
    out: PathBuf,
}

/// One decision of the invented reviewers: a story's address, and queue columns by name.
#[derive(Deserialize)]
struct Decided {
    url: Option<String>,
    /// Address of the story that it repeats or belongs to: `duplicate`, `background`.
    duplicate_of: Option<String>,
    /// Address of a story of the same case.
    same_case_as: Option<String>,
    #[serde(flatten)]
    columns: BTreeMap<String, String>,
}

impl Demo {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        let dir = io.path(&self.out);
        make_folder(&dir)?;
        let runtime = tokio::runtime::Runtime::new().context("the network could not be made ready")?;
        let newsroom =
            runtime.block_on(Newsroom::serve(files_of(&NEWSROOM))).context("loopback could not be served on")?;
        let config_text = configuration(&newsroom);
        let config_file = dir.join("config.toml");
        std::fs::write(&config_file, &config_text)
            .with_context(|| format!("cannot write {}", config_file.display()))?;
        let (config, _) = config::parse(&config_text, "config.toml")
            .map_err(|faults| anyhow::anyhow!("the demo's configuration: {}", faults[0]))?;
        let client = Client::new(&config.crawl)?;
        let desk = Arc::new(open_desk(config, &dir, io)?);

        writeln!(io.out, "newsroom {} invented outlets on loopback", newsroom.outlets().len())?;
        let bars = run::Bars::new();
        let stop = AtomicBool::new(false);
        let progress = |step| bars.step(step);
        let round = crate::desk::Round {
            client: &client,
            feeds: Feeds::All,
            most_pages: crate::desk::PAGES_OF_A_SOURCE,
            clock: Timestamp::now,
            stop: &stop,
            progress: &progress,
        };
        let mut cycle = runtime.block_on(desk.collect(&round))?;
        bars.end();
        // Its broken pages and links are there to be refused: they are told in their own words.
        for fault in std::mem::take(&mut cycle.faults) {
            writeln!(io.out, "set aside {}: {}", fault.path, fault.message)?;
        }
        run::print_cycle(&cycle, io)?;
        queue::print_exchange(&desk.exchange(Timestamp::now())?, io)?;

        let decisions = dir.join("decisions.csv");
        write_decisions(&desk, &newsroom, &decisions)?;
        let imported = desk.import_queue(&decisions, Timestamp::now())?;
        writeln!(io.out, "decided  by two invented reviewers in {}", decisions.display())?;
        queue::print_import(&imported, io)?;
        queue::print_exchange(&desk.exchange(Timestamp::now())?, io)?;
        publish(&desk, io)?;
        writeln!(
            io.out,
            "\nnext     open {} in a spreadsheet, and a digest in a browser",
            desk.queue_file().display()
        )?;
        Ok(Exit::faults_if(imported.has_faults()))
    }
}

/// Makes the folder, clearing what an earlier demo left in it.
fn make_folder(dir: &Path) -> Result<()> {
    let writing = || format!("cannot write to {}", dir.display());
    if dir.join(MARK).exists() {
        std::fs::remove_dir_all(dir).with_context(writing)?;
    } else if dir.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::usage(format!(
            "{} holds files that are not a demo's; it was left as it is. `--out DIR` names another folder",
            dir.display()
        )));
    }
    std::fs::create_dir_all(dir).with_context(writing)?;
    std::fs::write(dir.join(MARK), "A demo of sozwatch: the next one replaces this folder.\n").with_context(writing)
}

/// The configuration of the demo: the newsroom's sources at their loopback addresses.
fn configuration(newsroom: &Newsroom) -> String {
    let sources = NEWSROOM.get_file("sources.toml").and_then(|file| file.contents_utf8()).unwrap_or_default();
    let mut sources = newsroom.rewrite(sources);
    for (outlet, address) in newsroom.outlets() {
        sources = sources.replace(&format!("domain = \"{outlet}\""), &format!("domain = \"{address}\""));
    }
    let open: Vec<String> = newsroom.outlets().values().map(|address| format!("\"{address}\"")).collect();
    format!(
        "# The demo's workspace. Its newsroom was served on loopback for as long as the demo ran.\n\n\
         [crawl]\ncontact = \"demo@sozwatch.example\"\nper_host_delay = \"0ms\"\nallow_private = [{}]\n\n\
         [digest]\nlanguages = [\"kk\", \"ru\", \"en\"]\n\n{sources}",
        open.join(", ")
    )
}

/// Fills the queue's rows in as the reviewers did, and adds the events that they heard of themselves.
fn write_decisions(desk: &Desk, newsroom: &Newsroom, file: &Path) -> Result<()> {
    let text = NEWSROOM.get_file("decisions.jsonl").and_then(|file| file.contents_utf8()).unwrap_or_default();
    let waiting: BTreeMap<String, review::Row> =
        desk.waiting()?.iter().map(|candidate| desk.row(candidate)).map(|row| (row.url.clone(), row)).collect();
    let row_of = |url: &Option<String>| url.as_ref().and_then(|url| waiting.get(&newsroom.rewrite(url)));
    let mut rows = Vec::new();
    for line in text.lines() {
        let decided: Decided = serde_json::from_str(line).context("the demo's decisions")?;
        let mut row = match (row_of(&decided.url), &decided.url) {
            (Some(row), _) => row.clone(),
            (None, None) => review::Row::default(),
            // The classifier did not propose it: there is nothing to decide.
            (None, Some(_)) => continue,
        };
        for (column, value) in &decided.columns {
            row.set(column, value);
        }
        match row_of(&decided.duplicate_of).or_else(|| row_of(&decided.same_case_as)) {
            Some(other) => row.set("case", &other.id),
            // The story that it repeats was not proposed: it waits.
            None if decided.duplicate_of.is_some() => continue,
            None => {}
        }
        rows.push(row);
    }
    std::fs::write(file, review::print(&rows, Format::Csv)?).with_context(|| format!("cannot write {}", file.display()))
}

fn publish(desk: &Desk, io: &mut Io<'_>) -> Result<()> {
    let config = &desk.config().digest;
    let dir = desk.root().join(&config.dir);
    for week in WEEKS {
        let wanted = Wanted {
            week: Some(week.parse::<IsoWeek>()?),
            languages: &[Lang::KK, Lang::RU, Lang::EN],
            formats: &config.formats,
            edition: Edition::Internal,
            dir: &dir,
            step: None,
        };
        digest::print_published(&desk.digest(&wanted, Timestamp::now())?, io)?;
    }
    Ok(())
}
