//! `selftest`: hostile servers on loopback, and a table of what was refused and what was taken.

use anyhow::{Context as _, Result};

use super::{Exit, Io, Listing};
use crate::config::{Config, CrawlConfig};
use crate::net::{Client, Fetched};
use crate::selftest::{self, Outcome};

#[derive(Debug, clap::Args)]
pub(super) struct Selftest {
    #[command(flatten)]
    listing: Listing,
    /// Fetch one address of loopback and print what came: how the trial of proxies starts this program.
    #[arg(long, hide = true, value_name = "URL")]
    fetch: Option<String>,
}

impl Selftest {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        let runtime = tokio::runtime::Runtime::new().context("the network could not be made ready")?;
        if let Some(url) = &self.fetch {
            return runtime.block_on(fetch(url, io));
        }
        let program = std::env::current_exe().context("this program cannot find itself")?;
        let trials = runtime.block_on(selftest::run(&program)).context("loopback cannot be served on")?;
        let failed = trials.iter().filter(|trial| !trial.passed).count();
        if self.listing.json() {
            for trial in &trials {
                io.json(trial)?;
            }
            return Ok(Exit::faults_if(failed > 0));
        }
        for trial in &trials {
            let outcome = match (trial.passed, trial.expected) {
                (true, Outcome::Refused) => "refused",
                (true, Outcome::Taken) => "taken",
                (false, _) => "FAILED",
            };
            writeln!(io.out, "{outcome:<8} {:<62} {}", trial.what, trial.words)?;
        }
        match failed {
            0 => writeln!(io.out, "all {} trials came out as they ought to", trials.len())?,
            n => writeln!(io.out, "{n} of {} trials did not come out as they ought to", trials.len())?,
        }
        Ok(Exit::faults_if(failed > 0))
    }
}

/// Fetches an address with all of loopback open.
async fn fetch(url: &str, io: &mut Io<'_>) -> Result<Exit> {
    let config = CrawlConfig { allow_private: vec!["127.0.0.0/8".to_owned()], ..Config::embedded().crawl };
    match Client::new(&config)?.get(url, None).await? {
        Fetched::Page(page) => io.out.write_all(&page.body)?,
        Fetched::NotModified => {}
    }
    Ok(Exit::Done)
}
