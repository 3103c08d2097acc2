//! A box for each reviewer: rows dealt into `outbox/`, decisions taken from `inbox/`.
//!
//! ```text
//! outbox/NAME/queue-NAME.xlsx      their rows
//! outbox/NAME/reply-NAME.txt       what became of each file that they sent, the latest first
//! outbox/NAME/returned-NAME.xlsx   rows that came back, to be corrected
//! inbox/…                          files with decisions, under any name
//! inbox/done/…                     those that were taken, as they came
//! ```
//!
//! What carries the folders — a share, SFTP, Syncthing, mail — is none of our business: a file is taken once it
//! is whole, and only what we wrote ourselves is ever overwritten.

mod inbox;
mod memory;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::alarms::{Ailment, Alarm};
use super::decide::{Around, Imported, beside, digest_of, editors_lock};
use super::{Desk, DeskError, write_whole};
use crate::model::{Candidate, Reviewer};
use crate::review::{self, Format, Given, Shown};
pub(super) use inbox::put_under_a_free_name;
use memory::Memory;

/// A file that was left alone for so long is an alarm.
const LONG: SignedDuration = SignedDuration::from_hours(1);

/// What exchanging files with the reviewers came to.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Boxes {
    /// Files that were taken.
    pub received: Vec<Received>,
    /// Files that were left alone, to be tried again.
    pub left: Vec<LeftAlone>,
    /// The reviewers' files.
    pub held: Vec<Held>,
    /// Waiting rows that no reviewer takes; they stand in the common queue file.
    pub unwanted: usize,
    /// Waiting rows that no reviewer has room for; they stand there too.
    pub no_room: usize,
    /// Is a file still on its way, so that it is worth looking again soon?
    #[serde(skip)]
    pub settling: bool,
}

/// A file that was taken.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Received {
    /// Where it lay.
    pub file: PathBuf,
    /// Whose it is, where it tells.
    pub reviewer: Option<String>,
    /// What it came to.
    #[serde(flatten)]
    pub imported: Imported,
    /// Where it lies now; `None` where it could not be moved.
    pub done: Option<PathBuf>,
}

/// A file that was left alone.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LeftAlone {
    /// The file, from the workspace.
    pub file: String,
    /// Since when it lies there as it is.
    pub since: Timestamp,
    /// Why.
    pub why: String,
}

/// A reviewer's file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Held {
    /// Whose.
    pub reviewer: String,
    /// The file.
    pub file: PathBuf,
    /// Rows in it.
    pub rows: usize,
    /// Why it was not written, or written beside it.
    pub left_alone: Option<String>,
}

/// How the boxes stand.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BoxesStanding {
    /// Rows of each reviewer, in the order of the configuration.
    pub reviewers: Vec<(String, usize)>,
    /// Waiting rows that no reviewer takes.
    pub unwanted: usize,
    /// Waiting rows that no reviewer has room for.
    pub no_room: usize,
    /// Files that were left alone.
    pub left: Vec<LeftAlone>,
}

impl Desk {
    /// Do reviewers have files of their own?
    pub(super) fn has_boxes(&self) -> bool {
        !self.config.reviewers.is_empty()
    }

    fn outbox(&self) -> PathBuf {
        self.root.join(&self.config.queue.outbox)
    }

    fn inbox(&self) -> PathBuf {
        self.root.join(&self.config.queue.inbox)
    }

    /// The folders that reviewers' files lie in.
    pub(super) fn box_folders(&self) -> [PathBuf; 2] {
        [self.outbox(), self.inbox()]
    }

    /// Every file of the inbox, with its path in it.
    pub(super) fn sent_files(&self) -> Result<Vec<(PathBuf, String)>, DeskError> {
        let (inbox, mut files) = (self.inbox(), Vec::new());
        if self.has_boxes() {
            super::forget::files_under(&inbox, 2, &mut files)?;
        }
        files.sort();
        let named = |file: PathBuf| {
            let name = file.strip_prefix(&inbox).unwrap_or(&file).display().to_string();
            (file, name)
        };
        Ok(files.into_iter().map(named).collect())
    }

    /// Those that were not taken yet and may be: none that systems and editors put there, none that is too large.
    pub(super) fn untaken_files(&self) -> Result<Vec<(PathBuf, String)>, DeskError> {
        let mut files = self.sent_files()?;
        files.retain(|(file, name)| {
            let is_taken = Path::new(name).starts_with(inbox::DONE);
            let file_name = file.file_name().unwrap_or_default().to_string_lossy();
            let is_hidden = file_name.starts_with('.') || file_name.starts_with("~$");
            !is_taken && !is_hidden && file.metadata().is_ok_and(|about| about.len() <= inbox::MOST_BYTES)
        });
        Ok(files)
    }

    /// The file that remembers who was dealt which row.
    pub(super) fn memory_of_boxes(&self) -> PathBuf {
        memory::file_in(&self.folder())
    }

    /// The box of a reviewer; of nobody in particular, the outbox itself.
    fn box_of(&self, reviewer: Option<&Reviewer>) -> PathBuf {
        reviewer.map_or_else(|| self.outbox(), |reviewer| self.outbox().join(&reviewer.name))
    }

    /// `queue-NAME.xlsx` in the box of a reviewer.
    fn file_of(&self, word: &str, reviewer: Option<&Reviewer>, ending: &str) -> PathBuf {
        let name = reviewer.map_or_else(String::new, |reviewer| format!("-{}", reviewer.name));
        self.box_of(reviewer).join(format!("{word}{name}.{ending}"))
    }

    /// A path as memory and people name it: from the workspace, where it lies in it.
    fn name_of(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }

    /// Whose rows are these? By the names in them that decide something, else by who was dealt them.
    pub(super) fn reviewer_of(&self, given: &[Given]) -> Option<&Reviewer> {
        let hands = self.has_boxes().then(|| Memory::of(&self.folder()).hands)?;
        self.reviewer_by(given, &hands)
    }

    fn reviewer_by(&self, given: &[Given], hands: &review::Hands) -> Option<&Reviewer> {
        let called = |name: &str| self.config.reviewers.iter().position(|reviewer| reviewer.is_called(name));
        let signed = |row: &Given| called(row.get("reviewer").unwrap_or_default());
        let decides = |row: &&Given| row.id().is_empty() || row.get("decision").is_some_and(|cell| !cell.is_empty());
        let at = most(given.iter().filter(decides).filter_map(signed))
            .or_else(|| most(given.iter().filter_map(|row| called(hands.get(row.id())?))))
            .or_else(|| most(given.iter().filter_map(signed)));
        self.config.reviewers.get(at?)
    }

    /// Deals rows to the reviewers and writes their files; gives the rows that are in nobody's.
    ///
    /// # Errors
    /// Where what is remembered cannot be written. A box that cannot be written is told in `boxes`.
    pub(super) fn fill_boxes(
        &self,
        boxes: &mut Boxes,
        rows: Vec<Candidate>,
        around: &Around,
    ) -> Result<Vec<Candidate>, DeskError> {
        let mut memory = Memory::of(&self.folder());
        let dealt = review::deal(&rows, &self.config.reviewers, &memory.hands);
        memory.hands = dealt.hands;
        memory.save(&self.folder())?;
        for (reviewer, held) in self.config.reviewers.iter().zip(&dealt.boxes) {
            let held: Vec<&Candidate> = held.iter().map(|at| &rows[*at]).collect();
            boxes.held.push(self.fill_box(reviewer, &held, around, &mut memory)?);
        }
        boxes.unwanted = dealt.unwanted;
        boxes.no_room = dealt.common.len() - dealt.unwanted;
        let common: BTreeSet<usize> = dealt.common.into_iter().collect();
        Ok(rows.into_iter().enumerate().filter(|(at, _)| common.contains(at)).map(|(_, row)| row).collect())
    }

    fn fill_box(
        &self,
        reviewer: &Reviewer,
        rows: &[&Candidate],
        around: &Around,
        memory: &mut Memory,
    ) -> Result<Held, DeskError> {
        let format = Format::of(&self.config.queue.path).unwrap_or(Format::Csv);
        let file = self.file_of("queue", Some(reviewer), format.ending());
        let shown = rows.iter().map(|row| self.shown_to(reviewer, row, around)).collect::<Result<Vec<Shown>, _>>()?;
        let bytes = self.printed(&shown, &file, reviewer.language)?;
        let mut held = Held { reviewer: reviewer.name.clone(), file: file.clone(), rows: rows.len(), left_alone: None };
        held.left_alone = match editors_lock(&file) {
            Some(lock) => Some(format!("an editor has it open ({})", lock.display())),
            None => self.put(&file, &bytes, memory)?,
        };
        let new = beside(&file, "new");
        match held.left_alone {
            None => self.take_away(&new, memory),
            Some(_) if self.put(&new, &bytes, memory)?.is_none() => held.file = new,
            Some(_) => {}
        }
        Ok(held)
    }

    fn shown_to(&self, reviewer: &Reviewer, row: &Candidate, around: &Around) -> Result<Shown, DeskError> {
        let mut shown = self.shown(row, around, reviewer.language)?;
        if shown.row.reviewer.is_empty() && !reviewer.several {
            shown.row.set("reviewer", &reviewer.name);
        }
        Ok(shown)
    }

    /// Writes a file of ours, where nothing stands that is not; else tells why it did not.
    fn put(&self, file: &Path, bytes: &[u8], memory: &mut Memory) -> Result<Option<String>, DeskError> {
        let name = self.name_of(file);
        match std::fs::read(file) {
            Ok(standing) if standing == bytes => {}
            Ok(standing) if !memory.is_ours(&name, &digest_of(&standing)) => {
                return Ok(Some("it was edited where it lies, and is taken once it is whole".to_owned()));
            }
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Ok(Some(DeskError::file("read", file)(error).to_string()));
            }
            _ => {
                // Remembered first: a crash between the two leaves a file that is known as ours.
                memory.write(&name, digest_of(bytes));
                memory.save(&self.folder())?;
                return Ok(write_whole(file, bytes).err().map(|error| error.to_string()));
            }
        }
        Ok(None)
    }

    /// A file was written anew without some of its rows: what was ours stays ours, what was taken stays taken.
    pub(super) fn remember_rewritten(&self, file: &Path, before: &[u8], kept: &[u8]) -> Result<(), DeskError> {
        let (name, mut memory) = (self.name_of(file), Memory::of(&self.folder()));
        let ours = memory.is_ours(&name, &digest_of(before));
        if ours {
            memory.unwrite(&name);
            memory.write(&name, digest_of(kept));
        }
        match memory.unwatch(&name) || ours {
            true => memory.save(&self.folder()),
            false => Ok(()),
        }
    }

    /// Removes a file of ours that nobody has changed.
    fn take_away(&self, file: &Path, memory: &mut Memory) {
        let name = self.name_of(file);
        let ours = std::fs::read(file).is_ok_and(|standing| memory.is_ours(&name, &digest_of(&standing)));
        if ours && std::fs::remove_file(file).is_ok() {
            memory.unwrite(&name);
        }
    }

    /// How the boxes stand; `None` where there are no reviewers.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn boxes_standing(&self) -> Result<Option<BoxesStanding>, DeskError> {
        if !self.has_boxes() {
            return Ok(None);
        }
        let memory = Memory::of(&self.folder());
        let dealt = review::deal(&self.rows_to_show()?.0, &self.config.reviewers, &memory.hands);
        let names = self.config.reviewers.iter().map(|reviewer| reviewer.name.clone());
        Ok(Some(BoxesStanding {
            reviewers: names.zip(dealt.boxes.iter().map(Vec::len)).collect(),
            unwanted: dealt.unwanted,
            no_room: dealt.common.len() - dealt.unwanted,
            left: left_alone(&memory),
        }))
    }

    /// Files that have been left alone for long.
    pub(super) fn alarms_of_boxes(&self, now: Timestamp) -> Vec<Alarm> {
        if !self.has_boxes() {
            return Vec::new();
        }
        let long = |left: &LeftAlone| now.duration_since(left.since) >= LONG;
        let alarm = |left: LeftAlone| Alarm {
            ailment: Ailment::LeftAlone,
            message: format!(
                "it has lain there untaken since {:.0}: {}; whoever sent it should look, or take it away",
                left.since, left.why
            ),
            about: left.file,
        };
        left_alone(&Memory::of(&self.folder())).into_iter().filter(long).map(alarm).collect()
    }
}

fn left_alone(memory: &Memory) -> Vec<LeftAlone> {
    let left =
        |(file, why, since): (&String, &str, Timestamp)| LeftAlone { file: file.clone(), since, why: why.to_owned() };
    memory.left().map(left).collect()
}

/// The value that comes most often; of two that come as often, the first.
fn most(values: impl Iterator<Item = usize>) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    counts.into_iter().max_by_key(|(value, count)| (*count, std::cmp::Reverse(*value))).map(|(value, _)| value)
}

#[cfg(test)]
mod tests;
