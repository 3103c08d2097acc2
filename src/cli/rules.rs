//! `rules`: check, test, list, explain.

use std::io::BufRead as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;

use super::classify::{open, story_of};
use super::{Arguments, Exit, Failure, Io, Listing, config_or_defaults};
use crate::classify::Judge;
use crate::desk;

#[derive(Debug, clap::Args)]
pub(super) struct Rules {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Lint the rule files: each fault with file, line and what to do.
    Check,
    /// Run the examples of every rule.
    Test,
    /// Every rule with its weight.
    List {
        #[command(flatten)]
        listing: Listing,
    },
    /// One rule as prose.
    Explain { id: String },
    /// What each story holds for the rules, as JSON Lines: concepts by part of the story, rules with what
    /// they add. For whoever fits weights to labelled stories.
    Weigh {
        /// Stories, one JSON object a line; `-` or nothing: standard input.
        file: Option<PathBuf>,
    },
    /// Rules that decisions speak for.
    Suggest,
}

impl Rules {
    pub(super) fn run(&self, arguments: &Arguments, io: &mut Io<'_>) -> Result<Exit> {
        let (config, root) = config_or_defaults(arguments, io)?;
        let (rules, faults) = desk::rule_set(&config, &root)?;
        io.tell(&faults)?;
        match &self.act {
            Act::Check => {
                let found = Judge::new(rules).check();
                io.tell(&found)?;
                writeln!(io.out, "{} faults", faults.len() + found.len())?;
                Ok(Exit::faults_if(!faults.is_empty() || !found.is_empty()))
            }
            Act::Test => {
                let report = Judge::new(rules).test();
                io.tell(&report.faults)?;
                writeln!(
                    io.out,
                    "{} rules, {} examples, {} wrong; {} known wrong",
                    report.rules,
                    report.examples,
                    report.faults.len(),
                    report.known_wrong
                )?;
                Ok(Exit::faults_if(!faults.is_empty() || !report.faults.is_empty()))
            }
            Act::List { listing } => {
                for rule in rules.list() {
                    match listing.json() {
                        true => io.json(&rule)?,
                        false => writeln!(io.out, "{:<40} {:>+5.2}  {}", rule.id, rule.weight, rule.why)?,
                    }
                }
                Ok(Exit::Done)
            }
            Act::Explain { id } => match rules.explain(id) {
                Some(prose) => {
                    writeln!(io.out, "{prose}")?;
                    Ok(Exit::Done)
                }
                None => Err(Failure::usage(format!("there is no rule `{id}`; `sozwatch rules list` names them all"))),
            },
            Act::Weigh { file } => {
                let judge = Judge::new(rules);
                let mut bad = false;
                for (number, line) in open(file.as_ref(), io)?.split(b'\n').enumerate() {
                    let line = line?;
                    if line.trim_ascii().is_empty() {
                        continue;
                    }
                    match story_of(&line, number + 1) {
                        Ok(story) => io.json(&judge.sighted(&story))?,
                        Err(fault) => {
                            bad = true;
                            io.json(&fault)?;
                        }
                    }
                }
                Ok(Exit::faults_if(bad))
            }
            Act::Suggest => {
                writeln!(
                    io.err,
                    "sozwatch rules suggest is not built yet; `sozwatch eval` shows what the rules get wrong"
                )?;
                Ok(Exit::Faults)
            }
        }
    }
}
