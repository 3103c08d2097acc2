//! Decisions: the queue file written for reviewers, and read back.
//!
//! Every decision, from whatever file, comes in through [`Desk::import_queue`]. Good rows are taken
//! in one synced batch of the ledger; bad ones go back with a reason; nothing typed is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::attach::{folder_of, read_beside};
use super::boxes::Boxes;
use super::register::spelled_otherwise;
use super::{Desk, DeskError, RegisterExchanged, trail, write_whole};
use crate::archive;
use crate::ledger::Act;
use crate::model::{Attachment, Candidate, Diagnostic, Lang, Review, Verdict};
use crate::register::Names;
use crate::review::{self, Format, Given, Known, Notice, Refusal, Ruling, Shown, Since};

/// What importing one queue file came to.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Imported {
    /// Decisions taken.
    pub taken: usize,
    /// Rows that held nothing new: no decision, or imported before.
    pub unchanged: usize,
    /// Rows returned, with the reason.
    pub returned: Vec<Returned>,
    /// What each row with something in it came to, with the ids given.
    pub rows: Vec<RowResult>,
    /// Where the returned rows were written.
    pub rejected_file: Option<PathBuf>,
    /// Where the reply was written.
    pub reply_file: Option<PathBuf>,
    /// What was odd about the file itself.
    pub notices: Vec<Diagnostic>,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Returned {
    /// Line in the file, counted from 1.
    pub line: usize,
    /// Id of the row.
    pub id: String,
    /// Was it decided by somebody else in the meantime?
    pub conflict: bool,
    /// Why, and what to do.
    pub reason: String,
}

/// What one row came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct RowResult {
    /// Line in the file, counted from 1.
    pub line: usize,
    /// `taken`, `unchanged`, `conflict`, `rejected`.
    pub result: &'static str,
    /// Id of the row, given now for an event entered by hand.
    pub id: String,
    /// Ids of the events that the row stands for now.
    pub events: Vec<String>,
    /// Id of its case.
    pub case: Option<String>,
    /// Reason, where it was not taken.
    pub message: String,
    /// The same in the language of whoever filled the row in.
    #[serde(skip)]
    pub told: String,
}

/// What exchanging the queue file with the reviewers came to.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Exchanged {
    /// What was imported, where the file had changed.
    pub imported: Option<Imported>,
    /// The file written.
    pub file: PathBuf,
    /// Rows in it.
    pub rows: usize,
    /// Rows that wait but are not in the file, by the source that brought too many in one day.
    pub left_out: BTreeMap<String, usize>,
    /// Why the file was left alone and a `.new` one written instead.
    pub left_alone: Option<String>,
    /// What exchanging the file of the register came to.
    pub register: RegisterExchanged,
    /// The files of the reviewers, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boxes: Option<Boxes>,
}

impl Exchanged {
    /// Rows came back, or a file is at fault.
    pub fn has_faults(&self) -> bool {
        let received = self.boxes.iter().flat_map(|boxes| &boxes.received).map(|received| &received.imported);
        self.imported.iter().chain(received).any(Imported::has_faults)
    }

    /// The same, with what an exchange just before it took.
    pub(super) fn after(mut self, before: Option<Self>) -> Self {
        let Some(before) = before else { return self };
        self.imported = self.imported.or(before.imported);
        if let (Some(boxes), Some(earlier)) = (&mut self.boxes, before.boxes) {
            boxes.received.splice(0..0, earlier.received);
        }
        self
    }
}

/// What a row says of others than its own story.
pub(super) struct Around {
    /// The last event of each case, in a line.
    last: BTreeMap<String, String>,
    names: Names,
}

/// The decisions of a file, taken, and what goes back to whoever sent it.
pub(super) struct Taken {
    pub imported: Imported,
    /// The rows as they came.
    pub given: Vec<Given>,
    /// Positions of the rows that go back, with the reason in the language of whoever sent them.
    pub returned: Vec<(usize, String)>,
    /// What was odd about the file itself.
    pub notices: Vec<Notice>,
    /// Of whoever sent it.
    pub language: Lang,
}

/// What `review` may ask about while it rules on the rows of one file: the store, with the reviews
/// of the rows above laid over it.
struct Overlay<'a> {
    desk: &'a Desk,
    /// Of whoever filled the rows in.
    language: Lang,
    touched: BTreeMap<String, Candidate>,
    /// Where the file lies, and what its rows attach.
    folder: &'a Path,
    /// SHA-256 of the files that were read there.
    attached: std::cell::RefCell<BTreeSet<String>>,
    fault: std::cell::RefCell<Option<DeskError>>,
}

impl<'a> Overlay<'a> {
    fn of(desk: &'a Desk, file: &'a Path, language: Lang) -> Self {
        let (touched, attached) = (BTreeMap::new(), Default::default());
        Self { desk, language, touched, folder: folder_of(file), attached, fault: None.into() }
    }

    /// A question to the store that failed is remembered and stops the import.
    fn asked<T>(&self, answer: Result<T, impl Into<DeskError>>) -> Option<T> {
        answer.map_err(|error| self.fault.replace(Some(error.into()))).ok()
    }
}

impl Known for Overlay<'_> {
    fn candidate(&self, id: &str) -> Option<Candidate> {
        match self.touched.get(id) {
            Some(candidate) => Some(candidate.clone()),
            None => self.asked(self.desk.store.candidate(id)).flatten(),
        }
    }

    fn exists(&self, id_or_case: &str) -> bool {
        self.candidate(id_or_case).is_some()
            || self
                .touched
                .values()
                .flat_map(review::events)
                .any(|event| event.case == id_or_case || event.id == id_or_case)
            || self.asked(self.desk.has_case(id_or_case)).unwrap_or(false)
    }

    fn telling(&self, id: &str) -> Option<crate::model::Judged> {
        self.asked(self.desk.store.story(id)).flatten()
    }

    fn attachment(&self, name: &str) -> Result<Attachment, review::Unattached> {
        let attachment = archive::attachment(name, &read_beside(self.folder, name)?);
        self.attached.borrow_mut().insert(attachment.sha256.clone());
        Ok(attachment)
    }

    fn taken_before(&self, fingerprint: &str) -> bool {
        let stands = |candidate: &Candidate| review::standing(candidate, fingerprint).is_some();
        let known_before = || {
            let id = self.asked(self.desk.store.known_by(fingerprint)).flatten()?;
            self.candidate(&id)
        };
        self.touched.values().any(stands) || known_before().as_ref().is_some_and(stands)
    }
}

impl Desk {
    /// The queue file of the configuration.
    pub fn queue_file(&self) -> PathBuf {
        self.root.join(&self.config.queue.path)
    }

    /// The candidates for the configured countries that nobody has decided, those put off last.
    /// A candidate whose country could not be told is shown too.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn waiting(&self) -> Result<Vec<Candidate>, DeskError> {
        // What a person brought in stays, whatever the machine thinks of it.
        let ours = |candidate: &Candidate| {
            !candidate.reviews.is_empty()
                || candidate.judged.as_ref().is_none_or(|judged| self.is_ours(&judged.verdict))
        };
        let mut waiting: Vec<Candidate> = self.store.waiting()?.into_iter().filter(ours).collect();
        review::arrange(&mut waiting);
        Ok(waiting)
    }

    /// Is this for the queue: a score that it takes, and no country that is not watched?
    pub(super) fn is_ours(&self, verdict: &Verdict) -> bool {
        let (country, watched) = (verdict.country.as_ref(), &self.config.queue.countries);
        verdict.score >= self.config.queue.min_score
            && (watched.is_empty() || country.is_none_or(|country| watched.contains(country)))
    }

    /// Exchanges the queue file, and the files of reviewers where there are any: takes the decisions that were
    /// saved since they were written, then writes them anew. While an editor has a file open, or it does not
    /// parse, a `.new` file is written.
    ///
    /// # Errors
    /// Where a file, a record or the store cannot be read or written.
    pub fn exchange(&self, now: Timestamp) -> Result<Exchanged, DeskError> {
        let _exchanging = self.exchanging.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let file = self.queue_file();
        let mut exchanged = Exchanged { file: file.clone(), ..Exchanged::default() };
        let mut boxes = self.has_boxes().then(|| self.receive(now)).transpose()?;
        if let Some(lock) = editors_lock(&file) {
            exchanged.left_alone = Some(format!("an editor has it open ({})", lock.display()));
        } else if let Some(bytes) = self.changed_since_written(&file)? {
            let imported = self.import_bytes(&file, &bytes, now)?;
            match imported.unreadable() {
                Some(why) => exchanged.left_alone = Some(why),
                None => exchanged.imported = Some(imported),
            }
        }
        let (mut rows, left_out) = self.rows_to_show()?;
        exchanged.left_out = left_out;
        self.tell_queued(&rows);
        let around = self.around()?;
        if let Some(boxes) = &mut boxes {
            rows = self.fill_boxes(boxes, rows, &around)?;
        }
        exchanged.boxes = boxes;
        exchanged.rows = rows.len();
        let language = self.config.queue.language;
        let shown = rows.iter().map(|row| self.shown(row, &around, language)).collect::<Result<Vec<Shown>, _>>()?;
        let bytes = self.printed(&shown, &file, language)?;
        if exchanged.left_alone.is_some() {
            exchanged.file = beside(&file, "new");
            write_whole(&exchanged.file, &bytes)?;
        } else {
            write_whole(&file, &bytes)?;
            self.mark_written(&bytes)?;
        }
        exchanged.register = self.exchange_register(now)?;
        Ok(exchanged)
    }

    /// Tells the log of each row once that it goes to the reviewers.
    fn tell_queued(&self, rows: &[Candidate]) {
        let mut told = self.queued.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now: BTreeSet<String> = rows.iter().map(|row| row.id.clone()).collect();
        for row in rows.iter().filter(|row| !told.contains(&row.id)) {
            trail::queued(row.judged.as_ref().and_then(|judged| judged.story.source.as_deref()), &row.id);
        }
        *told = now;
    }

    /// The waiting rows of which no source brings too many in one day, and how many each brought beyond that.
    pub(super) fn rows_to_show(&self) -> Result<(Vec<Candidate>, BTreeMap<String, usize>), DeskError> {
        let zone = &self.config.schedule.time_zone;
        let day = |judged: &crate::model::Judged| zone.to_datetime(judged.captured).date().to_string();
        Ok(review::fold_floods(self.waiting()?, self.config.queue.per_source, day))
    }

    /// Prints rows into a file of the caller's choice; imports nothing.
    ///
    /// # Errors
    /// Where the store cannot be read or the file not be written.
    pub fn export_rows(&self, candidates: &[Candidate], file: &Path) -> Result<(), DeskError> {
        let zone = &self.config.schedule.time_zone;
        let around = Around { last: BTreeMap::new(), names: self.register()?.names() };
        let rows = candidates.iter().flat_map(|candidate| {
            review::rows(candidate, zone)
                .into_iter()
                .map(|row| Ok(Shown { row, ..self.shown(candidate, &around, self.config.queue.language)? }))
        });
        let rows: Vec<Shown> = rows.collect::<Result<_, DeskError>>()?;
        write_whole(file, &self.printed(&rows, file, self.config.queue.language)?)
    }

    /// What is said beside rows: the last event of each case, in a line, and the names of the register.
    pub(super) fn around(&self) -> Result<Around, DeskError> {
        let line = |case: crate::desk::CaseShown| {
            let day = case.last_date.map(|date| date.to_string()).unwrap_or_default();
            let words = [day, case.stage.unwrap_or_default(), case.title];
            (case.id, words.iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>().join(", "))
        };
        let last = self.case_list(false)?.into_iter().map(line).collect();
        Ok(Around { last, names: self.register()?.names() })
    }

    /// The bytes of a queue file; the name of the file picks the format.
    pub(super) fn printed(&self, rows: &[Shown], file: &Path, language: Lang) -> Result<Vec<u8>, DeskError> {
        review::print_shown(rows, format_of(file)?, self.style(language)).map_err(asked)
    }

    pub(super) fn style(&self, language: Lang) -> review::Style {
        review::Style { language, separator: self.config.queue.separator }
    }

    /// A row with what is said beside it.
    pub(super) fn shown(&self, candidate: &Candidate, around: &Around, language: Lang) -> Result<Shown, DeskError> {
        let mut shown = Shown { row: self.row(candidate), ..Shown::default() };
        let Some(judged) = &candidate.judged else { return Ok(shown) };
        shown.remarks = self.remarks(candidate, language)?;
        (shown.fired, shown.why) = review::why(judged, language);
        shown.register = spelled_otherwise(&around.names, candidate, language);
        let zone = &self.config.schedule.time_zone;
        let told = candidate.also.iter().map(|told| {
            let source = told.source.as_deref().unwrap_or_default();
            let when =
                told.published.map(|moment| zone.to_datetime(moment.timestamp).strftime("%Y-%m-%d %H:%M").to_string());
            [source, &when.unwrap_or_default()].join(" ").trim().to_owned()
        });
        shown.told_by = told.filter(|told| !told.is_empty()).collect::<Vec<_>>().join(", ");
        if let Some(link) = &judged.link {
            let why = crate::cases::words::reasons(&link.reasons, language);
            shown.last = around.last.get(&link.case).cloned().unwrap_or_default();
            shown.case = format!("{} ({why})", link.case);
            shown.maybe = !link.joins;
        }
        Ok(shown)
    }

    /// What became of a candidate's page since it was captured, where it is another than it was.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn since(&self, candidate: &Candidate) -> Result<Option<Since>, DeskError> {
        let visits = self.store.visits(&candidate.id)?;
        if visits.is_empty() {
            return Ok(None);
        }
        let first = self.store.story(&candidate.id)?;
        Ok(first.and_then(|first| review::since(&first.story, &visits)))
    }

    /// What a reviewer is to know beside the evidence, line by line: that the candidate was found on a second look,
    /// and what became of its page.
    ///
    /// # Errors
    /// As of [`Desk::since`].
    pub fn remarks(&self, candidate: &Candidate, language: Lang) -> Result<Vec<String>, DeskError> {
        let zone = &self.config.schedule.time_zone;
        let rules = candidate.judged.as_ref().and_then(|judged| judged.second_look.as_deref());
        let found = rules.map(|rules| review::second_look(rules, language));
        let since = self.since(candidate)?.map(|since| since.lines(language, zone)).unwrap_or_default();
        Ok(found.into_iter().chain(since).collect())
    }

    /// The candidates that somebody has decided.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn decided(&self) -> Result<Vec<Candidate>, DeskError> {
        Ok(self.store.decided()?)
    }

    /// A candidate as a queue row.
    pub fn row(&self, candidate: &Candidate) -> review::Row {
        review::row(candidate, &self.config.schedule.time_zone)
    }

    /// Takes the decisions of a queue file. The same file again changes nothing; a bad row comes back
    /// with a reason and never stops the rest.
    ///
    /// # Errors
    /// Where the file cannot be read, or a record or the store not be written.
    pub fn import_queue(&self, file: &Path, now: Timestamp) -> Result<Imported, DeskError> {
        let bytes = std::fs::read(file).map_err(DeskError::file("read", file))?;
        self.import_bytes(file, &bytes, now)
    }

    fn import_bytes(&self, file: &Path, bytes: &[u8], now: Timestamp) -> Result<Imported, DeskError> {
        let format = format_of(file)?;
        let ours = self.config.queue.language;
        let language = |given: &[Given]| self.reviewer_of(given).map_or(ours, |reviewer| reviewer.language);
        let Taken { mut imported, given, returned, .. } = self.take(file, bytes, format, &language, now)?;
        let returned: Vec<(&Given, String)> = returned.into_iter().map(|(at, why)| (&given[at], why)).collect();
        self.reply(&mut imported, &returned, format, now)?;
        Ok(imported)
    }

    /// The event that a row without an id was taken as, where it was; it may have been taken back since.
    pub(super) fn taken_as(&self, row: &Given, file: &Path, now: Timestamp) -> Result<Option<String>, DeskError> {
        if !row.id().is_empty() {
            return Ok(None);
        }
        let overlay = Overlay::of(self, file, self.config.queue.language);
        let ruling = review::decide(row, now, &overlay);
        match (overlay.fault.into_inner(), ruling) {
            (Some(fault), _) => Err(fault),
            (None, Ruling::Already(id)) => Ok(Some(id)),
            (None, Ruling::Take(review)) => Ok(self.store.candidate(&review.id)?.map(|candidate| candidate.id)),
            _ => Ok(None),
        }
    }

    /// Takes the decisions of a file: they are recorded and synced when this returns. What goes back to whoever
    /// sent it is worded in their language, and nothing of it is written yet.
    pub(super) fn take(
        &self,
        file: &Path,
        bytes: &[u8],
        format: Format,
        language_of: &dyn Fn(&[Given]) -> Lang,
        now: Timestamp,
    ) -> Result<Taken, DeskError> {
        // One import at a time: the second of two reviewers sees what the first decided.
        let _deciding = self.deciding.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (given, notices) = review::parse(bytes, format);
        let told = notices.iter().map(|notice| notice.of_file(&file.display().to_string())).collect();
        let mut imported = Imported { notices: told, ..Imported::default() };
        let language = language_of(&given);
        let mut overlay = Overlay::of(self, file, language);
        let (mut reviews, mut returned) = (Vec::new(), Vec::new());
        for (at, row) in given.iter().enumerate() {
            let ruling = review::decide(row, now, &overlay);
            if let Some(fault) = overlay.fault.take() {
                return Err(fault);
            }
            if let Ruling::Already(id) = &ruling {
                imported.notices.extend(self.attached_anew(row, id, file)?);
            }
            let back = imported.rule(row, ruling, &mut overlay, &mut reviews);
            returned.extend(back.map(|why| (at, why)));
        }
        imported.taken = reviews.len();
        let rows = reviews.iter().map(|review: &Review| (review.id.clone(), review.fingerprint.clone())).collect();
        self.keep_attachments(folder_of(file), &reviews, &overlay.attached.take())?;
        let names = self.names_confirmed(&reviews, now, |id| overlay.candidate(id))?;
        let mut acts: Vec<Act> = reviews.into_iter().map(Act::Review).collect();
        if !acts.is_empty() {
            acts.push(Act::Import {
                file: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                sha256: digest_of(bytes),
                taken: imported.taken as u64,
                returned: imported.returned.len() as u64,
                rows,
            });
        }
        acts.extend(names);
        self.record_acts(acts, now)?;
        Ok(Taken { imported, given, returned, notices, language })
    }

    /// Writes the returned rows and the reply beside the queue file. An earlier file of returned rows
    /// that says something else is kept under its date: somebody may still be mending it.
    fn reply(
        &self,
        imported: &mut Imported,
        returned: &[(&Given, String)],
        format: Format,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let queue = self.queue_file();
        if !returned.is_empty() {
            // Returned rows are mended one by one: plain text serves, whatever the queue is.
            let format = if format == Format::Xlsx { Format::Csv } else { format };
            let rejected = beside(&queue, "rejected").with_extension(format.ending());
            let bytes =
                review::print_rejected(returned, format, self.style(self.config.queue.language)).map_err(asked)?;
            match std::fs::read(&rejected) {
                Ok(before) if before != bytes => {
                    let kept = beside(&rejected, &now.strftime("%Y%m%dT%H%M%SZ").to_string());
                    std::fs::rename(&rejected, &kept).map_err(DeskError::file("keep", &rejected))?;
                }
                _ => {}
            }
            write_whole(&rejected, &bytes)?;
            imported.rejected_file = Some(rejected);
        }
        if imported.rows.iter().any(|row| row.result != "unchanged") {
            let reply = beside(&queue, "reply").with_extension("csv");
            write_whole(&reply, &reply_csv(&imported.rows))?;
            imported.reply_file = Some(reply);
        }
        Ok(())
    }

    /// The bytes of the queue file, where they are not those that we last wrote.
    pub(super) fn changed_since_written(&self, file: &Path) -> Result<Option<Vec<u8>>, DeskError> {
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(DeskError::file("read", file)(error)),
        };
        let written = std::fs::read_to_string(self.written_mark()).unwrap_or_default();
        Ok((written.trim() != digest_of(&bytes)).then_some(bytes))
    }

    /// Remembers the bytes of the queue file as our own.
    pub(super) fn mark_written(&self, bytes: &[u8]) -> Result<(), DeskError> {
        write_whole(&self.written_mark(), digest_of(bytes).as_bytes())
    }

    fn written_mark(&self) -> PathBuf {
        self.folder().join("queue.sha256")
    }
}

impl Imported {
    /// Rows came back or the file itself is at fault.
    pub fn has_faults(&self) -> bool {
        !self.returned.is_empty() || self.unreadable().is_some()
    }

    /// Why no row of the file could be read, where that is so.
    pub(super) fn unreadable(&self) -> Option<String> {
        let first = self.notices.first()?;
        (self.rows.is_empty() && self.unchanged == 0).then(|| first.message.clone())
    }

    /// Notes what a row came to; gives the reason in the reviewer's language where it goes back.
    fn rule(
        &mut self,
        row: &Given,
        ruling: Ruling,
        overlay: &mut Overlay<'_>,
        reviews: &mut Vec<Review>,
    ) -> Option<String> {
        let line = row.line;
        match ruling {
            Ruling::Blank => self.unchanged += 1,
            Ruling::Already(id) => {
                self.unchanged += 1;
                self.rows.push(RowResult { line, result: "unchanged", id, ..RowResult::default() });
            }
            Ruling::Take(review) => {
                let id = review.id.clone();
                let mut candidate = overlay.candidate(&id).unwrap_or_else(|| Candidate {
                    id: id.clone(),
                    judged: None,
                    also: Vec::new(),
                    reviews: Vec::new(),
                });
                candidate.reviews.push((*review).clone());
                let events = review::events(&candidate);
                overlay.touched.insert(id.clone(), candidate);
                self.rows.push(RowResult {
                    line,
                    result: "taken",
                    id,
                    case: events.first().map(|event| event.case.clone()),
                    events: events.into_iter().map(|event| event.id).collect(),
                    ..RowResult::default()
                });
                reviews.push(*review);
            }
            Ruling::Conflict(refusal) => return Some(self.hand_back(row, true, &refusal, overlay.language)),
            Ruling::Reject(refusal) => return Some(self.hand_back(row, false, &refusal, overlay.language)),
        }
        None
    }

    /// The operator's terminal speaks English; the row goes back in the reviewer's language.
    fn hand_back(&mut self, row: &Given, conflict: bool, refusal: &Refusal, language: Lang) -> String {
        let (line, id) = (row.line, row.id().to_owned());
        let on_sheet = |words: String| match row.sheet() {
            Some(sheet) => format!("«{sheet}»: {words}"),
            None => words,
        };
        let (reason, told) = (on_sheet(refusal.to_string()), on_sheet(refusal.words(language)));
        self.rows.push(RowResult {
            line,
            result: if conflict { "conflict" } else { "rejected" },
            id: id.clone(),
            message: reason.clone(),
            told: told.clone(),
            ..RowResult::default()
        });
        self.returned.push(Returned { line, id, conflict, reason });
        told
    }
}

/// `queue.csv` → `queue.WORD.csv`, in the same folder.
pub(super) fn beside(file: &Path, word: &str) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    match file.extension() {
        Some(ending) => file.with_file_name(format!("{stem}.{word}.{}", ending.to_string_lossy())),
        None => file.with_file_name(format!("{stem}.{word}")),
    }
}

/// The lock file that LibreOffice (`.~lock.NAME#`) or Excel (`~$NAME`) keeps while a file is open.
pub(super) fn editors_lock(file: &Path) -> Option<PathBuf> {
    let name = file.file_name()?.to_string_lossy();
    // Excel cuts the first two letters of a long name, so both forms are looked for.
    let cut: String = name.chars().skip(2).collect();
    [format!(".~lock.{name}#"), format!("~${name}"), format!("~${cut}")]
        .into_iter()
        .map(|lock| file.with_file_name(lock))
        .find(|lock| lock.exists())
}

pub(super) fn format_of(file: &Path) -> Result<Format, DeskError> {
    Format::of(&file.to_string_lossy()).map_err(asked)
}

fn asked(error: review::FormatError) -> DeskError {
    DeskError::Asked(error.to_string())
}

pub(super) fn digest_of(bytes: &[u8]) -> String {
    crate::model::hex(&Sha256::digest(bytes))
}

/// The reply to the person who sent the file: what each row came to, and the ids given.
fn reply_csv(rows: &[RowResult]) -> Vec<u8> {
    let mut csv =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    let mut write = |fields: [&str; 6]| {
        csv.write_record(fields.map(|cell| review::neutral(cell).into_owned())).expect("a vector takes every record");
    };
    write(["line", "result", "id", "events", "case", "message"]);
    for row in rows {
        let (line, events) = (row.line.to_string(), row.events.join("; "));
        write([&line, row.result, &row.id, &events, row.case.as_deref().unwrap_or_default(), &row.told]);
    }
    csv.into_inner().expect("a vector takes every record")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Record, samples};

    #[test]
    fn a_queue_that_names_no_country_takes_all() {
        let check = |settings: &str, expect: &[Option<&str>]| {
            let folder = tempfile::tempdir().unwrap();
            let (config, told) = crate::config::parse(&format!("[queue]\n{settings}\n"), "config.toml").unwrap();
            assert_eq!(told, []);
            let desk = Desk::open(config, folder.path(), samples::minute(0)).unwrap().0;
            for (n, country) in (0..).zip([Some("KZ"), Some("KG"), None]) {
                let mut judged = samples::judged(n, true, None);
                judged.verdict.country = country.map(str::to_owned);
                judged.verdict.score = 0.5;
                desk.record(&[Record::Story(Box::new(judged))]).unwrap();
            }
            let waiting = desk.waiting().unwrap();
            let country = |candidate: &Candidate| candidate.judged.as_ref().unwrap().verdict.country.clone();
            let mut found: Vec<Option<String>> = waiting.iter().map(country).collect();
            found.sort();
            assert_eq!(found.iter().map(Option::as_deref).collect::<Vec<_>>(), expect, "{settings}");
        };
        check("countries = []", &[None, Some("KG"), Some("KZ")]);
        check("countries = [\"KZ\"]", &[None, Some("KZ")]);
        check("", &[None, Some("KZ")]);
        check("countries = [\"UZ\"]", &[None]);
        check("countries = []\nmin_score = 0.6", &[]);
    }
}
