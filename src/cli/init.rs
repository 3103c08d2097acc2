//! `init`: a new workspace with a commented configuration.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::{Exit, Failure, Io};

/// The shipped configuration, which is also the operator's manual.
const CONFIG: &str = include_str!("../../config.toml");

#[derive(Debug, clap::Args)]
pub(super) struct Init {
    /// The folder; made where it is missing.
    #[arg(default_value = ".")]
    dir: PathBuf,
}

impl Init {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        let dir = io.path(&self.dir);
        let file = dir.join("config.toml");
        if file.exists() {
            return Err(Failure::usage(format!("{} stands already; it was left as it is", file.display())));
        }
        std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        std::fs::write(&file, CONFIG).with_context(|| format!("cannot write {}", file.display()))?;
        writeln!(
            io.out,
            "wrote {}\nnext: put your contact under [crawl], look through the sources, then\n  sozwatch --config {} run --once",
            file.display(),
            file.display()
        )?;
        Ok(Exit::Done)
    }
}
