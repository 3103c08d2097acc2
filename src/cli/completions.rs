//! `completions` and `man`: written from the commands themselves.

use anyhow::Result;
use clap::CommandFactory as _;

use super::{Arguments, Exit, Io};

#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    shell: clap_complete::Shell,
}

impl Completions {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "sozwatch", &mut text);
        io.out.write_all(&text)?;
        Ok(Exit::Done)
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct Man;

impl Man {
    #[expect(clippy::unused_self, reason = "every command is run the same way")]
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        let mut text = Vec::new();
        clap_mangen::Man::new(Arguments::command()).render(&mut text)?;
        io.out.write_all(&text)?;
        Ok(Exit::Done)
    }
}
