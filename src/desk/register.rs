//! The register: filled from decisions, exchanged with the file that people edit, erased with what it came from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::decide::{beside, editors_lock, format_of};
use super::forget::csv_without;
use super::outputs::sha256;
use super::{Desk, DeskError, write_whole};
use crate::ledger::Act;
use crate::model::{Candidate, Claimant, ClaimantKind, Decision, Diagnostic, Lang, NameKind, Review};
use crate::register::{self, Given, Names, Register, Ruling, Sighting, Wrong};
use crate::review;

/// What exchanging the file of the register came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct RegisterExchanged {
    /// The file written; `None` while the register is empty and nobody made one.
    pub file: Option<PathBuf>,
    /// Rows in the register.
    pub rows: usize,
    /// Rows that somebody added, changed or took out.
    pub taken: usize,
    /// Rows that were not taken, and what is wrong with the file itself: with line and column.
    pub faults: Vec<Diagnostic>,
    /// The same in the language of the queue, for whoever edits the file.
    pub reply_file: Option<PathBuf>,
    /// Why the file was left alone and a `.new` one written instead.
    pub left_alone: Option<String>,
}

/// What taking a file of the register came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct RegisterTaken {
    /// Rows that were added, changed or taken out.
    pub taken: usize,
    /// Rows that say what is said already.
    pub unchanged: usize,
    /// Rows that were not taken, with line and column.
    pub faults: Vec<Diagnostic>,
    /// The same in the language of the queue, for whoever edits the file.
    pub reply_file: Option<PathBuf>,
}

impl Desk {
    /// The file of the register, by the configuration.
    pub fn register_file(&self) -> PathBuf {
        self.root.join(&self.config.register.path)
    }

    /// The register as it stands, each row with its history.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn register(&self) -> Result<Register, DeskError> {
        Ok(Register::of(self.store.registered()?))
    }

    /// The acts that put the names of confirmed rows into the register. `row` finds a row by its id.
    pub(super) fn names_confirmed(
        &self,
        reviews: &[Review],
        now: Timestamp,
        row: impl Fn(&str) -> Option<Candidate>,
    ) -> Result<Vec<Act>, DeskError> {
        let mut register = self.register()?;
        let mut names = register.names();
        let mut acts = Vec::new();
        for review in reviews {
            let Some(candidate) = row(&review.id) else { continue };
            let events = review::events(&candidate);
            if review.decision.is_some_and(|decision| decision != Decision::Confirm) || events.is_empty() {
                continue;
            }
            let case = review::case_of(&candidate);
            let ids = events.iter().map(|event| event.id.as_str());
            let places: Vec<&str> = [case.as_str(), candidate.id.as_str()].into_iter().chain(ids).collect();
            let text = candidate.judged.as_ref().map(|judged| judged.verdict.lang);
            for (name, kind) in named(review) {
                let lang = register::language_of(name, text);
                let sighting = Sighting { name, kind, lang, places: &places };
                let Some(entry) = sighting.noted(&register, &names) else { continue };
                register.put(&entry.id, now, Some(entry.clone()));
                names.put(entry.clone());
                acts.push(Act::Register {
                    id: entry.id.clone(),
                    entry: Some(entry),
                    from: Some(review.id.clone()),
                    by: review.reviewer.clone(),
                });
            }
        }
        Ok(acts)
    }

    /// Puts the names of all that was confirmed before into the register; tells how many rows changed.
    ///
    /// # Errors
    /// Where the store cannot be read, or the ledger cannot be written.
    pub fn fill_register(&self, now: Timestamp) -> Result<usize, DeskError> {
        let _deciding = self.deciding.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let decided: BTreeMap<String, Candidate> =
            self.decided()?.into_iter().map(|candidate| (candidate.id.clone(), candidate)).collect();
        let reviews: Vec<Review> = decided.values().filter_map(|candidate| candidate.reviews.last().cloned()).collect();
        let acts = self.names_confirmed(&reviews, now, |id| decided.get(id).cloned())?;
        let filled = acts.len();
        self.record_acts(acts, now)?;
        Ok(filled)
    }

    /// Takes what somebody changed in a file of the register. A row that cannot be taken is told with line and
    /// column and never stops the rest; the same file again changes nothing.
    ///
    /// # Errors
    /// Where the file or the store cannot be read, or the ledger cannot be written.
    pub fn take_register(&self, file: &Path, by: &str, now: Timestamp) -> Result<RegisterTaken, DeskError> {
        let bytes = std::fs::read(file).map_err(DeskError::file("read", file))?;
        self.take_register_bytes(file, &bytes, by, now)
    }

    fn take_register_bytes(
        &self,
        file: &Path,
        bytes: &[u8],
        by: &str,
        now: Timestamp,
    ) -> Result<RegisterTaken, DeskError> {
        let _deciding = self.deciding.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (rows, mut faults) = match register::read(bytes) {
            Ok(rows) => (rows, Vec::new()),
            Err(wrong) => (Vec::new(), vec![(None, wrong)]),
        };
        let mut register = self.register()?;
        let mut names = register.names();
        let mut taken = RegisterTaken::default();
        let mut acts = Vec::new();
        for row in rows {
            let (id, entry) = match row.rule(&register, &names) {
                Ruling::Same => {
                    taken.unchanged += 1;
                    continue;
                }
                Ruling::Wrong(wrong) => {
                    faults.push((Some(row.line), wrong));
                    continue;
                }
                Ruling::Says(entry) => (entry.id.clone(), Some(entry)),
                Ruling::Gone(id) => (id, None),
            };
            register.put(&id, now, entry.clone());
            match entry.clone() {
                Some(entry) => names.put(entry),
                None => names.take_out(&id),
            }
            acts.push(Act::Register { id, entry, from: None, by: signed(&row, by, file) });
        }
        taken.taken = acts.len();
        self.record_acts(acts, now)?;
        taken.reply_file = self.reply_to_register(&faults)?;
        let path = file.display().to_string();
        let told = |(line, wrong): (Option<usize>, Wrong)| {
            let told = Diagnostic::new(&path, wrong.words(Lang::EN));
            line.map_or(told.clone(), |line| told.at(line))
        };
        taken.faults = faults.into_iter().map(told).collect();
        Ok(taken)
    }

    /// Writes what is wrong with a file of the register beside the register, line by line; where nothing is, what
    /// was said of an earlier one goes.
    fn reply_to_register(&self, faults: &[(Option<usize>, Wrong)]) -> Result<Option<PathBuf>, DeskError> {
        let reply = beside(&self.register_file(), "reply").with_extension("csv");
        if faults.is_empty() {
            return match std::fs::remove_file(&reply) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    Err(DeskError::file("remove", &reply)(error))
                }
                _ => Ok(None),
            };
        }
        let queue = &self.config.queue;
        let mut text = String::from("\u{feff}");
        review::csv_line_by(queue.separator, &mut text, ["line", "column", "message"]);
        for (line, wrong) in faults {
            let line = line.map(|line| line.to_string()).unwrap_or_default();
            let cells = [&line, wrong.column.unwrap_or_default(), &wrong.words(queue.language)];
            review::csv_line_by(queue.separator, &mut text, cells);
        }
        write_whole(&reply, text.as_bytes())?;
        Ok(Some(reply))
    }

    /// Exchanges the file of the register: takes what was changed in it since it was written, then writes it
    /// anew. While an editor has it open, or a row in it cannot be taken, the file stays and a `.new` one is
    /// written beside it.
    ///
    /// # Errors
    /// Where a file, a record or the store cannot be read or written.
    pub fn exchange_register(&self, now: Timestamp) -> Result<RegisterExchanged, DeskError> {
        let file = self.register_file();
        let mut exchanged = RegisterExchanged::default();
        let standing = match std::fs::read(&file) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(DeskError::file("read", &file)(error)),
        };
        if let Some(lock) = editors_lock(&file) {
            exchanged.left_alone = Some(format!("an editor has it open ({})", lock.display()));
        } else if let Some(bytes) = standing.as_ref().filter(|bytes| !self.wrote_register(bytes)) {
            let taken = self.take_register_bytes(&file, bytes, "", now)?;
            exchanged.taken = taken.taken;
            if !taken.faults.is_empty() {
                exchanged.left_alone = Some(format!("{} row(s) of it cannot be taken", taken.faults.len()));
            }
            (exchanged.faults, exchanged.reply_file) = (taken.faults, taken.reply_file);
        }
        let register = self.register()?;
        exchanged.rows = register.rows().count();
        if exchanged.rows == 0 && standing.is_none() {
            return Ok(exchanged);
        }
        let bytes = self.print_register(&register, &file)?;
        let target = if exchanged.left_alone.is_some() { beside(&file, "new") } else { file };
        if std::fs::read(&target).ok().as_ref() != Some(&bytes) {
            write_whole(&target, &bytes)?;
        }
        if exchanged.left_alone.is_none() {
            write_whole(&self.register_mark(), sha256(&bytes).as_bytes())?;
        }
        exchanged.file = Some(target);
        Ok(exchanged)
    }

    /// The bytes of a file of the register.
    ///
    /// # Errors
    /// Where its ending names no format, or the rows do not fit.
    pub fn print_register(&self, register: &Register, file: &Path) -> Result<Vec<u8>, DeskError> {
        let queue = &self.config.queue;
        register::print(register, format_of(file)?, queue.separator, queue.language)
            .map_err(|error| DeskError::Asked(error.to_string()))
    }

    /// Writes the register into a file of the caller's choice; takes nothing.
    ///
    /// # Errors
    /// Where the store cannot be read or the file not be written.
    pub fn export_register(&self, file: &Path) -> Result<(), DeskError> {
        write_whole(file, &self.print_register(&self.register()?, file)?)
    }

    fn register_mark(&self) -> PathBuf {
        self.folder().join("register.sha256")
    }

    /// Are these the bytes that we last wrote?
    fn wrote_register(&self, bytes: &[u8]) -> bool {
        std::fs::read_to_string(self.register_mark()).is_ok_and(|mark| mark.trim() == sha256(bytes))
    }

    /// Takes erased rows out of the files of the register; gives those that were written anew. A workbook that
    /// somebody has changed since is for a person to mend.
    pub(super) fn take_register_rows_out(&self, ids: &[String]) -> Result<Vec<PathBuf>, DeskError> {
        let file = self.register_file();
        let mut changed = Vec::new();
        for path in [file.clone(), beside(&file, "new")] {
            let Ok(bytes) = std::fs::read(&path) else { continue };
            let ours = path != file || self.wrote_register(&bytes);
            let kept =
                if ours { Some(self.print_register(&self.register()?, &path)?) } else { csv_without(&bytes, ids) };
            let Some(kept) = kept.filter(|kept| *kept != bytes) else { continue };
            write_whole(&path, &kept)?;
            if ours && path == file {
                write_whole(&self.register_mark(), sha256(&kept).as_bytes())?;
            }
            changed.push(path);
        }
        Ok(changed)
    }

    /// The rows of the register that hold nobody but who is named in some rows that are to be erased: those that
    /// were filled from them and whoever else is named there, where no other event names them.
    pub(super) fn only_named_in(&self, ids: &[String]) -> Result<Vec<String>, DeskError> {
        let names = self.register()?.names();
        let (mut of_them, mut of_others) = (BTreeSet::new(), BTreeSet::new());
        for event in self.events()? {
            let theirs = event.stories.iter().any(|told| ids.contains(&told.id)) || ids.contains(&event.id);
            let found = if theirs { &mut of_them } else { &mut of_others };
            let targets = event.card.targets.iter().map(|target| (target.name.as_str(), target.role.into()));
            let claimants = event.card.claimants.iter().filter_map(person);
            for (name, kind) in targets.chain(claimants) {
                found.extend(names.in_event(name, kind, &event).one().map(|row| row.id.clone()));
            }
        }
        for line in self.records().ledger.read(0)? {
            if let (_, _, Act::Register { id, from: Some(from), .. }) = line?
                && ids.contains(&from)
            {
                of_them.insert(id);
            }
        }
        Ok(of_them.difference(&of_others).cloned().collect())
    }
}

/// The persons and outlets that a review names: who is touched, and who sues, firms and bodies left aside.
fn named(review: &Review) -> impl Iterator<Item = (&str, NameKind)> {
    let targets = review.card.targets.iter().map(|target| (target.name.as_str(), target.role.into()));
    targets.chain(review.card.claimants.iter().filter_map(person))
}

fn person(claimant: &Claimant) -> Option<(&str, NameKind)> {
    let person =
        matches!(claimant.kind, Some(ClaimantKind::Official | ClaimantKind::Individual | ClaimantKind::Journalist));
    person.then_some((claimant.name.as_str(), NameKind::Person))
}

/// Who answers for a row: whoever signed it, else whoever gave the file, else the file.
fn signed(row: &Given, by: &str, file: &Path) -> String {
    [row.by(), by.trim()]
        .into_iter()
        .find(|name| !name.is_empty())
        .map_or_else(|| file.file_name().unwrap_or_default().to_string_lossy().into_owned(), str::to_owned)
}

/// The names of a queue row that the register spells in another way: `written → spelled`.
pub(super) fn spelled_otherwise(names: &Names, candidate: &Candidate, lang: Lang) -> String {
    let case = review::case_of(candidate);
    let card = review::proposed(candidate);
    let otherwise = card.targets.iter().filter_map(|target| {
        let row = names.bearer(&target.name, target.role.into(), &[&case, &candidate.id]).one()?;
        let spelling = row.names.get(&lang).filter(|spelling| **spelling != target.name)?;
        Some(format!("{} → {spelling} ({})", target.name, row.id))
    });
    otherwise.collect::<Vec<_>>().join("; ")
}
