//! `selftest`: servers on loopback that mean harm, what was refused of them and what was taken. An edge:
//! it listens, and asks itself. It tries what an operator wants to be sure of on this very machine, with
//! this very binary; it touches no other address and leaves nothing behind.

#[doc(hidden)]
pub mod hostile;
mod papers;
mod wires;

use std::path::Path;

use serde::Serialize;

/// What is done with an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was not taken, with a reason.
    Refused,
    /// It was taken, and did no harm.
    Taken,
}

/// One trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trial {
    /// What was done to us.
    pub what: String,
    /// What ought to come of it.
    pub expected: Outcome,
    /// Whether that came of it.
    pub passed: bool,
    /// The reason of a refusal, what was taken, or what went wrong.
    pub words: String,
}

/// The trials so far.
#[derive(Debug, Default)]
struct Trials(Vec<Trial>);

impl Trials {
    fn refused(&mut self, what: &str, came: Result<String, String>) {
        self.note(what, Outcome::Refused, came);
    }

    fn taken(&mut self, what: &str, came: Result<String, String>) {
        self.note(what, Outcome::Taken, came);
    }

    /// `Ok` where it came as it ought to, with words either way.
    fn note(&mut self, what: &str, expected: Outcome, came: Result<String, String>) {
        let passed = came.is_ok();
        let (Ok(words) | Err(words)) = came;
        self.0.push(Trial { what: what.to_owned(), expected, passed, words });
    }
}

/// Runs every trial. `program` is this very program: it is started again with proxies in its
/// environment, which a running process cannot change safely.
///
/// # Errors
/// Where loopback cannot be bound.
pub async fn run(program: &Path) -> std::io::Result<Vec<Trial>> {
    let mut trials = Trials::default();
    wires::run(&mut trials, program).await?;
    papers::run(&mut trials).await?;
    Ok(trials.0)
}
