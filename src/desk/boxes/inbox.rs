//! Files that reviewers sent, or edited where they lie: found, taken once they are whole, answered, moved away.
//!
//! The decisions are recorded first, then what came back and the reply are written, then the file is moved. After
//! a crash between two of these the file is taken once more: the ledger knows its rows, so nothing is recorded
//! twice, and it knows which rows came from these very bytes, so the reply says the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::super::decide::{RowResult, Taken, digest_of, editors_lock};
use super::super::outputs::sha256_of;
use super::super::{Desk, DeskError, write_whole};
use super::memory::{Look, Memory};
use super::{Boxes, Received, left_alone};
use crate::disk;
use crate::model::{Lang, Reviewer};
use crate::review::{self, Answered, Format, Given, Legible, Notice, Reply};

/// Most bytes of a file that is taken.
pub(super) const MOST_BYTES: u64 = 64 << 20;
/// Most bytes that a file of replies keeps; the oldest go.
const MOST_REPLIES: usize = 64 << 10;
/// After so long, whoever sent a file that cannot be read is told.
const A_WHILE: SignedDuration = SignedDuration::from_mins(10);
/// The folder in the inbox for files that were taken.
pub(super) const DONE: &str = "done";
/// How files of rows that came back begin.
const RETURNED: &str = "returned";
/// What programs call a file that they have not finished writing.
const UNFINISHED: [&str; 6] = [".tmp", ".part", ".partial", ".filepart", ".crdownload", ".download"];
/// Files that systems put into folders.
const OF_SYSTEMS: [&str; 2] = ["thumbs.db", "desktop.ini"];
/// Endings of the files in an outbox that somebody may have put decisions into.
const TABLES: [&str; 8] = [".xlsx", ".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".ods", ".xls"];

/// A file in one of the folders.
#[derive(Debug, PartialEq)]
struct Found {
    path: PathBuf,
    /// The same from the workspace.
    name: String,
    look: Look,
    /// Why it cannot be taken now.
    obstacle: Option<String>,
    in_outbox: bool,
}

/// A file that is being taken.
struct Sent<'a> {
    found: &'a Found,
    format: Format,
    /// Ids of the rows that were taken from these very bytes before.
    before: BTreeSet<String>,
}

impl Sent<'_> {
    /// Does a row hold nothing new only since it was taken from this file already, before a crash?
    fn was_taken_before(&self, row: &RowResult) -> bool {
        row.result == "unchanged" && self.before.contains(&row.id)
    }
}

/// What became of a file that was found.
enum Came {
    /// It is ours, and nobody has changed it.
    Ours,
    /// It is still being written.
    OnItsWay,
    Taken(Box<Received>),
    /// Left alone; with what to tell the sender, where it cannot be read.
    Left(String, Option<Notice>),
}

impl Desk {
    /// Takes the files that came back from reviewers and are whole. What cannot be taken is left where it is, and
    /// is tried again.
    ///
    /// # Errors
    /// Where a record or the store cannot be read or written; trouble with a single file is told in what is given.
    pub(in super::super) fn receive(&self, now: Timestamp) -> Result<Boxes, DeskError> {
        let mut memory = Memory::of(&self.folder());
        let mut boxes = Boxes { settling: self.take_back_what_grew(&mut memory, now), ..Boxes::default() };
        let found = self.files_sent();
        memory.keep_only(&found.iter().map(|found| found.name.as_str()).collect());
        for found in &found {
            match self.try_to_take(found, &mut memory, now)? {
                Came::Ours => {}
                Came::OnItsWay => boxes.settling = true,
                Came::Taken(received) => {
                    boxes.received.push(*received);
                    memory.save(&self.folder())?;
                }
                Came::Left(why, notice) => self.leave(found, why, notice, &mut memory, now),
            }
        }
        memory.save(&self.folder())?;
        boxes.left = left_alone(&memory);
        Ok(boxes)
    }

    /// How the folders look: another text as soon as somebody puts, changes or closes a file in them.
    pub fn look_of_boxes(&self) -> String {
        let line = |found: Found| format!("{} {:?} {:?}\n", found.name, found.look, found.obstacle);
        if self.has_boxes() { self.files_sent().into_iter().map(line).collect() } else { String::new() }
    }

    fn files_sent(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for (folder, in_outbox) in [(self.inbox(), false), (self.outbox(), true)] {
            let listed = disk::make_folder(&disk::Real, &folder)
                .map_err(|error| error.to_string())
                .and_then(|()| self.list(&folder, in_outbox, true, &mut found).map_err(|error| error.to_string()));
            if let Err(why) = listed {
                let (name, look) = (self.name_of(&folder), Look { bytes: 0, changed: None });
                found.push(Found { path: folder, name, look, obstacle: Some(why), in_outbox });
            }
        }
        found.sort_by(|a, b| (a.look.changed, &a.name).cmp(&(b.look.changed, &b.name)));
        found
    }

    /// Lists a folder, and those in it where `deeper` says so.
    fn list(&self, folder: &Path, in_outbox: bool, deeper: bool, found: &mut Vec<Found>) -> std::io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let (entry, path) = entry.map(|entry| (entry.file_type(), entry.path()))?;
            let file_name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            let obstacle = match entry {
                Ok(kind) if kind.is_dir() => {
                    if deeper && !file_name.starts_with('.') && file_name != DONE {
                        self.list(&path, in_outbox, false, found)?;
                    }
                    continue;
                }
                _ if file_name.contains(char::is_control) => {
                    Some("its name holds control characters: give it another".to_owned())
                }
                _ if is_unfinished(&file_name) => Some("it is still being copied".to_owned()),
                _ if file_name.starts_with(['.']) || file_name.starts_with("~$") => continue,
                _ if OF_SYSTEMS.contains(&file_name.as_str()) => continue,
                _ if in_outbox && !TABLES.iter().any(|ending| file_name.ends_with(ending)) => continue,
                Ok(kind) if !kind.is_file() => Some("it is no plain file".to_owned()),
                Ok(_) => editors_lock(&path).map(|lock| format!("an editor has it open ({})", self.name_of(&lock))),
                Err(error) => Some(error.to_string()),
            };
            let about = std::fs::symlink_metadata(&path);
            let changed = about.as_ref().ok().and_then(|about| Timestamp::try_from(about.modified().ok()?).ok());
            let look = Look { bytes: about.map_or(0, |about| about.len()), changed };
            // What a stranger called a file is printed on terminals.
            let name = self.name_of(&path).replace(char::is_control, "?");
            found.push(Found { name, path, look, obstacle, in_outbox });
        }
        Ok(())
    }

    fn try_to_take(&self, found: &Found, memory: &mut Memory, now: Timestamp) -> Result<Came, DeskError> {
        if found.in_outbox
            && found.look.bytes <= MOST_BYTES
            && sha256_of(&found.path).is_some_and(|sha256| memory.is_ours(&found.name, &sha256))
        {
            memory.unsee(&found.name);
            return Ok(Came::Ours);
        }
        let settled = memory.is_settled(&found.name, found.look, now);
        if let Some(why) = &found.obstacle {
            return Ok(Came::Left(why.clone(), None));
        }
        if !settled {
            return Ok(Came::OnItsWay);
        }
        if found.look.bytes > MOST_BYTES {
            return Ok(unreadable(Notice::too_large(MOST_BYTES)));
        }
        let bytes = match std::fs::read(&found.path) {
            Ok(bytes) => bytes,
            Err(error) => return Ok(Came::Left(DeskError::file("read", &found.path)(error).to_string(), None)),
        };
        let sha256 = digest_of(&bytes);
        if memory.seen(&found.name).is_some_and(|seen| seen.taken.as_deref() == Some(&*sha256)) {
            // The decisions are taken; only the file could not be moved.
            return Ok(match self.put_away(found, &sha256, memory, now) {
                Ok(_) => Came::Ours,
                Err(why) => Came::Left(why, None),
            });
        }
        let format = match Format::found(&found.name, &bytes) {
            Ok(format) => format,
            Err(notice) => return Ok(unreadable(notice)),
        };
        match review::legible(&bytes, format) {
            Legible::Whole => {}
            Legible::Not(notice) => return Ok(unreadable(notice)),
            // What has not grown for a while is no copy on its way: the rows that can be read are taken.
            Legible::Cut if memory.has_lain(&found.name, A_WHILE, now) => {}
            Legible::Cut => return Ok(Came::Left("it ends in the middle of a row".to_owned(), None)),
        }
        self.take_whole(found, &bytes, format, memory, now)
    }

    /// Takes a file that can be read: ledger, returned rows, reply, and then it is moved.
    fn take_whole(
        &self,
        found: &Found,
        bytes: &[u8],
        format: Format,
        memory: &mut Memory,
        now: Timestamp,
    ) -> Result<Came, DeskError> {
        let sha256 = digest_of(bytes);
        let before = self.store.taken_from(&sha256)?.unwrap_or_default();
        let sent = Sent { found, format, before: before.into_iter().map(|(id, _)| id).collect() };
        let hands = memory.hands.clone();
        let language = |given: &[Given]| self.sender(found, given, &hands).map_or(self.language(), |r| r.language);
        let mut taken = self.take(&found.path, bytes, format, &language, now)?;
        let reviewer = self.sender(found, &taken.given, &hands);
        match self.answer(&sent, &taken, reviewer, memory, now) {
            Ok(returned) => taken.imported.rejected_file = returned,
            Err(error) => {
                let why = format!("its decisions are taken, but the reply cannot be written: {}", error.in_words());
                return Ok(Came::Left(why, None));
            }
        }
        taken.imported.reply_file = Some(self.file_of("reply", reviewer, "txt"));
        let done = match self.put_away(found, &sha256, memory, now) {
            Ok(done) => Some(done),
            Err(why) => {
                if let Some(seen) = memory.seen(&found.name) {
                    (seen.why, seen.taken) = (Some(why), Some(sha256));
                }
                None
            }
        };
        Ok(Came::Taken(Box::new(Received {
            file: found.path.clone(),
            reviewer: reviewer.map(|reviewer| reviewer.name.clone()),
            imported: taken.imported,
            done,
        })))
    }

    fn language(&self) -> Lang {
        self.config.queue.language
    }

    /// Who sent a file: of one in an outbox, whose outbox it is; else what is in it tells, else its name.
    fn sender(&self, found: &Found, given: &[Given], hands: &review::Hands) -> Option<&Reviewer> {
        let by_path = || {
            let folder = found.path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
            let stem = found.path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
            let reviewers = self.config.reviewers.iter();
            let of_folder = reviewers.clone().find(|reviewer| reviewer.is_called(&folder));
            of_folder.or_else(|| {
                let named = reviewers.filter(|reviewer| stem.contains(&reviewer.name.to_lowercase()));
                named.max_by_key(|reviewer| reviewer.name.len())
            })
        };
        match found.in_outbox {
            true => by_path().or_else(|| self.reviewer_by(given, hands)),
            false => self.reviewer_by(given, hands).or_else(by_path),
        }
    }

    /// Writes what came back and the reply into the sender's box; gives the file of what came back.
    fn answer(
        &self,
        sent: &Sent<'_>,
        taken: &Taken,
        reviewer: Option<&Reviewer>,
        memory: &mut Memory,
        now: Timestamp,
    ) -> Result<Option<PathBuf>, DeskError> {
        let back: Vec<(&Given, String)> =
            taken.returned.iter().map(|(at, why)| (&taken.given[*at], why.clone())).collect();
        let mut returned_file = None;
        self.retire_returned(reviewer, &taken.given, memory);
        if !back.is_empty() {
            let bytes = review::print_rejected(&back, sent.format, self.style(taken.language));
            let bytes = bytes.map_err(|error| DeskError::Asked(error.to_string()))?;
            let file = self.file_of(RETURNED, reviewer, sent.format.ending());
            returned_file = Some(self.put_beside(&file, &bytes, memory)?);
        }
        let rows = &taken.imported.rows;
        let again = rows.iter().filter(|row| sent.was_taken_before(row)).count();
        let by_line: BTreeMap<usize, &Given> = taken.given.iter().map(|row| (row.line, row)).collect();
        let named = rows.iter().filter(|row| row.result == "taken" || sent.was_taken_before(row)).filter_map(|row| {
            let given = by_line.get(&row.line).filter(|given| given.id().is_empty())?;
            Some(Answered { line: row.line, id: &row.id, title: title_of(given), said: "" })
        });
        let returned = back.iter().map(|(given, why)| Answered {
            line: given.line,
            id: given.id(),
            title: title_of(given),
            said: why,
        });
        let returned_name = returned_file.as_deref().map(file_name);
        let reply = Reply {
            file: &file_name(&sent.found.path),
            at: &self.on_the_clock(now),
            taken: taken.imported.taken + again,
            unchanged: taken.imported.unchanged - again,
            returned: returned.collect(),
            returned_file: returned_name.as_deref(),
            named: named.collect(),
            notices: &taken.notices,
            left: false,
        };
        self.tell(reviewer, &review::reply(&reply, taken.language))?;
        Ok(returned_file)
    }

    fn on_the_clock(&self, now: Timestamp) -> String {
        self.config.schedule.time_zone.to_datetime(now).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// Writes a file of ours under a name that is free, or that holds the same already.
    fn put_beside(&self, file: &Path, bytes: &[u8], memory: &mut Memory) -> Result<PathBuf, DeskError> {
        let file = free_or_same(file, bytes);
        let name = self.name_of(&file);
        memory.write(&name, digest_of(bytes));
        memory.save(&self.folder())?;
        write_whole(&file, bytes)?;
        Ok(file)
    }

    /// Files of returned rows go from a box once each of their rows was sent again: what is still wrong comes back
    /// in a new one.
    fn retire_returned(&self, reviewer: Option<&Reviewer>, given: &[Given], memory: &mut Memory) {
        let decides = |row: &&Given| row.get("decision").is_some_and(|cell| !cell.is_empty());
        let sent: BTreeSet<&str> = given.iter().filter(decides).map(known_by).collect();
        let returned = std::fs::read_dir(self.box_of(reviewer)).into_iter().flatten().flatten();
        for file in returned.map(|file| file.path()).filter(|path| file_name(path).starts_with(RETURNED)) {
            let bytes = std::fs::read(&file).unwrap_or_default();
            let Ok(format) = Format::of(&file_name(&file)) else { continue };
            let (rows, _) = review::parse(&bytes, format);
            if !rows.is_empty() && rows.iter().all(|row| sent.contains(known_by(row))) {
                self.take_away(&file, memory);
            }
        }
    }

    /// Puts a reply in front of the earlier ones.
    fn tell(&self, reviewer: Option<&Reviewer>, reply: &str) -> Result<(), DeskError> {
        let file = self.file_of("reply", reviewer, "txt");
        let standing = match std::fs::read(&file) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(DeskError::file("read", &file)(error)),
        };
        // The same said before a crash is not said again: all but the time of day.
        let after_the_time = |text: &str| text.split_once(" – ").map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        if after_the_time(&standing).starts_with(&after_the_time(reply)) {
            return Ok(());
        }
        let mut text = format!("\u{feff}{reply}{standing}");
        if text.len() > MOST_REPLIES.max(reply.len() + 3) {
            let cut = (0..=MOST_REPLIES.max(reply.len() + 3)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let end = text[..cut].rfind("\r\n\r\n").map_or(cut, |at| at + 4);
            text.truncate(end);
        }
        write_whole(&file, text.as_bytes())
    }

    /// Moves a file that was taken to those that were; tells where it lies, or why it could not be moved.
    fn put_away(&self, found: &Found, sha256: &str, memory: &mut Memory, now: Timestamp) -> Result<PathBuf, String> {
        let folder = self.inbox().join(DONE);
        let failed = |why: String| {
            format!("its decisions are taken, but it cannot be moved to {}: {why}", self.name_of(&folder))
        };
        disk::make_folder(&disk::Real, &folder).map_err(|error| failed(error.to_string()))?;
        let done = free(&folder.join(file_name(&found.path)));
        move_file(&found.path, &done).map_err(|error| failed(error.to_string()))?;
        memory.unsee(&found.name);
        memory.moved(self.name_of(&done), sha256.to_owned(), now);
        match found.in_outbox {
            true => memory.unwrite(&found.name),
            false => self.take_away_what_was_mended(&found.path, memory),
        }
        Ok(done)
    }

    /// The returned rows that a file mends need not lie in the outbox any longer, where it kept the name.
    fn take_away_what_was_mended(&self, sent: &Path, memory: &mut Memory) {
        let name = file_name(sent);
        if !name.starts_with(RETURNED) {
            return;
        }
        let boxes = self.config.reviewers.iter().map(Some).chain([None]);
        boxes.for_each(|reviewer| self.take_away(&self.box_of(reviewer).join(&name), memory));
    }

    /// A file that went on growing after it was taken goes back to the inbox. Is there one?
    fn take_back_what_grew(&self, memory: &mut Memory, now: Timestamp) -> bool {
        let mut any = false;
        for (name, sha256) in memory.watched(now) {
            let path = self.root.join(&name);
            if sha256_of(&path).is_some_and(|standing| standing != sha256) {
                any |= move_file(&path, &free(&self.inbox().join(file_name(&path)))).is_ok();
                memory.unwatch(&name.display().to_string());
            }
        }
        any
    }

    /// Leaves a file where it is; who sent one that cannot be read is told once, after a while.
    fn leave(&self, found: &Found, why: String, notice: Option<Notice>, memory: &mut Memory, now: Timestamp) {
        let Some(seen) = memory.seen(&found.name) else { return };
        seen.why = Some(why);
        let told = seen.told;
        let Some(notice) = notice.filter(|_| !told && memory.has_lain(&found.name, A_WHILE, now)) else { return };
        let reviewer = self.sender(found, &[], &review::Hands::new());
        let (file, at, notices) = (file_name(&found.path), self.on_the_clock(now), [notice]);
        let reply = Reply { file: &file, at: &at, notices: &notices, left: true, ..Reply::default() };
        let language = reviewer.map_or(self.language(), |reviewer| reviewer.language);
        let told = self.tell(reviewer, &review::reply(&reply, language)).is_ok();
        if let Some(seen) = memory.seen(&found.name) {
            seen.told = told;
        }
    }
}

fn unreadable(notice: Notice) -> Came {
    Came::Left(notice.words(Lang::EN), Some(notice))
}

fn is_unfinished(file_name: &str) -> bool {
    let hidden = file_name.starts_with('.') && !file_name.starts_with(".syncthing.");
    file_name.starts_with("~syncthing~") || (!hidden && UNFINISHED.iter().any(|ending| file_name.ends_with(ending)))
}

/// What a reader knows a row by.
fn title_of(given: &Given) -> &str {
    let filled = |column| given.get(column).filter(|text| !text.is_empty());
    filled("title").or_else(|| filled("headline")).unwrap_or_default()
}

/// What tells a row that was sent again: its id, or the title of an event entered by hand.
fn known_by(given: &Given) -> &str {
    if given.id().is_empty() { title_of(given) } else { given.id() }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// `queue.xlsx`, `queue-2.xlsx`, `queue-3.xlsx`, …
fn names(path: &Path) -> impl Iterator<Item = PathBuf> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let ending = path.extension().map_or_else(String::new, |ending| format!(".{}", ending.to_string_lossy()));
    let path = path.to_path_buf();
    (1_u32..).map(move |n| match n {
        1 => path.clone(),
        n => path.with_file_name(format!("{stem}-{n}{ending}")),
    })
}

/// The first of these names that nothing has, or that has these bytes already.
fn free_or_same(path: &Path, bytes: &[u8]) -> PathBuf {
    let same = |path: &Path| std::fs::read(path).is_ok_and(|standing| standing == bytes);
    names(path).find(|path| !path.exists() || same(path)).unwrap_or_else(|| path.to_path_buf())
}

/// Writes a file under its name, or under the first beside it that is free or holds the same already.
pub(in super::super) fn put_under_a_free_name(path: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    write_whole(&free_or_same(path, bytes), bytes)
}

/// The first of these names that nothing has.
fn free(path: &Path) -> PathBuf {
    names(path).find(|path| std::fs::symlink_metadata(path).is_err()).unwrap_or_else(|| path.to_path_buf())
}

/// Moves a file, to another disk as well.
fn move_file(from: &Path, to: &Path) -> Result<(), DeskError> {
    match std::fs::rename(from, to) {
        Err(error) if error.kind() == std::io::ErrorKind::CrossesDevices => {
            let bytes = std::fs::read(from).map_err(DeskError::file("read", from))?;
            write_whole(to, &bytes)?;
            std::fs::remove_file(from).map_err(DeskError::file("remove", from))
        }
        moved => moved.map_err(DeskError::file("move", from)),
    }
}
