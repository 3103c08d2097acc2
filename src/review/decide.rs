//! The rules by which a given row becomes a review, or goes back with the reason.
//!
//! A row is compared with what was printed at the revision that it names. What a reviewer left alone
//! keeps its value; what a reviewer changed is read by the rules of its column; what nobody may
//! change is checked. So a row that was only opened and saved holds nothing, whatever became of it
//! since.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use sha2::{Digest as _, Sha256};

use super::card::{self, CORRECTABLE, one_line};
use super::dates;
use super::fault::{Arg, Fault, Refusal, Said};
use super::fold::{self, Fold, View, fold, opaque, stands_as_after, views};
use super::row::{FURTHER, OF_ORIGIN, Row, row_of, unguarded};
use super::sheet::Given;
use crate::model::{
    Attachment, ByHand, Candidate, Card, Category, Decision, Judged, Moment, NotListed, Review, SourceKind, Status,
    VerifiedBy,
};

/// What a ruling may ask: everything recorded so far, the rows above in the same file included.
pub trait Known {
    /// The candidate (or hand-made event) with this id.
    fn candidate(&self, id: &str) -> Option<Candidate>;
    /// Is there a row, an event or a case with this id?
    fn exists(&self, id_or_case: &str) -> bool;
    /// A story by its id, whether its row shows it or it stands under another.
    fn telling(&self, _id: &str) -> Option<Judged> {
        None
    }
    /// A file that a row attaches, by its name as typed: read, kept, and known by its SHA-256.
    ///
    /// # Errors
    /// Why it cannot be attached.
    fn attachment(&self, _name: &str) -> Result<Attachment, Unattached> {
        Err(Unattached::Missing)
    }
    /// Was a row with this content taken before, and not taken back?
    fn taken_before(&self, fingerprint: &str) -> bool;
}

/// Why a file cannot be attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unattached {
    /// Its path leads out of the folder of the queue file.
    Outside,
    /// It is a link, or lies behind one.
    Link,
    /// It is not there.
    Missing,
    /// It is a folder, a device, or empty.
    NotAFile,
    /// It is larger than this many MiB.
    TooLarge(u64),
    /// The system refused; what it said.
    Unreadable(String),
}

impl Unattached {
    fn fault(self, name: &str) -> Fault {
        let said = match &self {
            Self::Outside => Said::AttachedOutside,
            Self::Link => Said::AttachedLink,
            Self::Missing => Said::AttachedMissing,
            Self::NotAFile => Said::AttachedNoFile,
            Self::TooLarge(_) => Said::AttachedTooLarge,
            Self::Unreadable(_) => Said::AttachedUnreadable,
        };
        let more = match self {
            Self::TooLarge(most) => most.to_string(),
            Self::Unreadable(why) => why,
            _ => String::new(),
        };
        Fault::of(said, [name.into(), more.into()])
    }
}

/// What a row comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Ruling {
    /// Nothing was typed in it.
    Blank,
    /// It says what was taken before, under this id.
    Already(String),
    /// It is taken.
    Take(Box<Review>),
    /// Somebody else decided the row in the meantime; both decisions are named.
    Conflict(Refusal),
    /// It cannot be taken as it stands; why, and what to do.
    Reject(Refusal),
}

/// The words of a decision, as a reviewer may write them: English, Russian, Kazakh.
const DECISIONS: [(Decision, [&str; 3]); 5] = [
    (Decision::Confirm, ["confirm", "подтвердить", "растау"]),
    (Decision::Reject, ["reject", "отклонить", "қабылдамау"]),
    (Decision::Later, ["later", "позже", "кейін"]),
    (Decision::Duplicate, ["duplicate", "дубликат", "қайталама"]),
    (Decision::Background, ["background", "фон", "бұрыннан белгілі"]),
];

/// Most characters of one cell: a workbook can hold no longer one.
const LONGEST_CELL: usize = 32_767;

/// Tellings of one address that are compared with a row.
const MOST_TELLINGS: usize = 32;

/// Columns of a story that nobody may change; `published`, `score` are compared by value.
const READ_ONLY: [&str; 7] = ["title", "evidence", "source", "published", "lang", "score", "url"];

/// Rules on one row. `now` becomes the time of the review.
pub fn decide(row: &Given, now: Timestamp, known: &dyn Known) -> Ruling {
    if let Some(fault) = row.fault() {
        return Ruling::Reject(fault.clone().into());
    }
    if let Some(column) = too_long(row) {
        let most = LONGEST_CELL.to_string();
        return Ruling::Reject(Fault::of(Said::TooLong, [column.into(), most.into()]).into());
    }
    match row.id() {
        "" => by_hand(row, now, known),
        id => match known.candidate(id) {
            Some(candidate) => on_candidate(row, &candidate, now, known),
            None => Ruling::Reject(Fault::of(Said::UnknownId, [id.into()]).into()),
        },
    }
}

fn too_long(row: &Given) -> Option<&str> {
    let known = super::COLUMNS.iter().chain(FURTHER).map(|column| (*column, row.get(column).unwrap_or_default()));
    let extra = row.extra().iter().map(|(name, text)| (name.as_str(), text.as_str()));
    known
        .chain(extra)
        .find(|(_, text)| text.len() > LONGEST_CELL && text.chars().count() > LONGEST_CELL)
        .map(|(name, _)| name)
}

/// A row of the queue file as it is read: what it decides and what it changes.
struct Reading {
    decision: Option<Decision>,
    reviewer: String,
    note: Option<String>,
    card: Card,
    /// Columns that differ from what was printed.
    changed: Vec<&'static str>,
    by_hand: Option<ByHand>,
    faults: Vec<Fault>,
}

impl Reading {
    /// Columns that a reviewer may correct, the reviewer, the note and the decision.
    fn of(row: &Given, printed: &Row, before: &Card, note: Option<&str>) -> Self {
        let mut reading = Self {
            decision: None,
            reviewer: text_of(row.get("reviewer").unwrap_or_default()),
            note: note.map(str::to_owned),
            card: before.clone(),
            changed: Vec::new(),
            by_hand: None,
            faults: Vec::new(),
        };
        let sparse = is_sparse(row);
        match decision(row) {
            Ok(decision) => reading.decision = decision,
            Err(fault) => reading.faults.push(fault),
        }
        for column in CORRECTABLE {
            let Some(given) = row.get(column) else { continue };
            if row.same(&plain(given), &plain(printed.get(column))) || (sparse && given.is_empty()) {
                continue;
            }
            let before = card::print(&reading.card, column);
            match card::correct(&mut reading.card, column, given) {
                Ok(()) if card::print(&reading.card, column) == before => {}
                Ok(()) => reading.changed.push(column),
                Err(fault) => reading.faults.push(fault.at(column)),
            }
        }
        if let Some(given) = row.get("note")
            && !(sparse && given.is_empty())
            && !row.same(&plain(given), &plain(printed.get("note")))
        {
            reading.changed.push("note");
            reading.note = Some(text_of(given)).filter(|note| !note.is_empty());
        }
        if reading.decision.is_some() {
            for (name, text) in row.extra() {
                reading.keep_in_note(name, text);
            }
        }
        reading
    }

    /// What was typed under no column of the queue is kept at the end of the note.
    fn keep_in_note(&mut self, name: &str, text: &str) {
        let line = format!("[{name}] {}", text_of(text));
        let note = self.note.get_or_insert_default();
        if !note.contains(&line) {
            if !note.is_empty() {
                note.push('\n');
            }
            note.push_str(&line);
        }
    }

    /// What was typed in a column that says nothing of such a row is kept there too.
    fn keep_typed(&mut self, row: &Given, column: &str) {
        if let Some(text) = row.get(column).filter(|text| !text.is_empty()) {
            self.keep_in_note(column, text);
        }
    }

    /// SHA-256 of what the row says, in hexadecimal digits. Spacing, separators, forms of a date and
    /// the order of columns leave it as it is.
    fn fingerprint(&self, id: &str, revision: &str) -> String {
        let mut hash = Sha256::new();
        let mut say = |name: &str, text: &str| {
            if !text.is_empty() {
                hash.update(name.as_bytes());
                hash.update([0]);
                hash.update(text.as_bytes());
                hash.update([0]);
            }
        };
        say("id", id);
        say("revision", revision);
        say("decision", self.decision.map_or("", Decision::id));
        say("reviewer", &self.reviewer);
        say("note", self.note.as_deref().unwrap_or_default());
        for column in CORRECTABLE {
            say(column, &card::print(&self.card, column));
        }
        if let Some(by_hand) = &self.by_hand {
            say("title", by_hand.title.as_deref().unwrap_or_default());
            say("source", &by_hand.source);
            say("url", by_hand.url.as_deref().unwrap_or_default());
            say("published", &by_hand.published.map(|moment| moment.to_string()).unwrap_or_default());
            say("source_kind", by_hand.source_kind.map_or("", SourceKind::id));
            say("verified_by", by_hand.verified_by.map_or("", VerifiedBy::id));
            say("attachments", &super::row::attached(&by_hand.attachments));
        }
        crate::model::hex(&hash.finalize())
    }

    fn review(self, id: String, now: Timestamp, fingerprint: String) -> Ruling {
        Ruling::Take(Box::new(Review {
            id,
            reviewer: self.reviewer,
            at: now,
            decision: self.decision,
            card: self.card,
            note: self.note,
            by_hand: self.by_hand,
            fingerprint,
            takes_back: None,
            saw: None,
        }))
    }

    /// What a confirmed event must say.
    fn check_confirmed(&mut self) {
        if self.card.categories.is_empty() {
            self.faults.push(Fault::of(Said::NoCategory, []).at("categories"));
        }
        let unkind = |label: &&crate::model::Label| label.id == Category::DefamationSuit && label.subtype.is_none();
        if self.card.categories.iter().any(|label| unkind(&label)) {
            let kinds = Category::DefamationSuit.subtypes().iter().map(|kind| format!("defamation_suit/{kind}"));
            let kinds = Arg::Values("categories", kinds.collect());
            self.faults.push(Fault::of(Said::SuitWithoutKind, [kinds]).at("categories"));
        }
    }

    /// The case that the row names must be there, and not be the row itself.
    fn check_case(&mut self, id: &str, known: &dyn Known) {
        let needs = matches!(self.decision, Some(Decision::Duplicate | Decision::Background));
        match self.card.case.as_deref() {
            None if needs => {
                let decision = Arg::Says(self.decision, String::new());
                self.faults.push(Fault::of(Said::NeedsCase, [decision]).at("case"));
            }
            Some(case) if case == id && needs => {
                self.faults.push(Fault::of(Said::CaseIsItself, [case.into()]).at("case"));
            }
            Some(case) if (needs || self.changed.contains(&"case")) && !known.exists(case) => {
                self.faults.push(Fault::of(Said::UnknownCase, [case.into()]).at("case"));
            }
            Some(case) if self.decision == Some(Decision::Duplicate) && leads_to(case, id, known) => {
                self.faults.push(Fault::of(Said::CaseLeadsBack, [case.into()]).at("case"));
            }
            _ => {}
        }
    }
}

/// Does a chain of duplicates that begins at a row end at another?
fn leads_to(from: &str, to: &str, known: &dyn Known) -> bool {
    let mut name = from.to_owned();
    for _ in 0..16 {
        match known.candidate(&name).map(|candidate| fold::status(&candidate)) {
            Some(Status::Duplicate(next)) if next == to => return true,
            Some(Status::Duplicate(next)) => name = next,
            _ => return false,
        }
    }
    false
}

/// Was a row typed by hand under the id of a story, with nothing in the columns that nobody may
/// change? Whoever typed it did not see the other columns, so what they left empty is not cleared.
fn is_sparse(row: &Given) -> bool {
    !row.id().is_empty() && READ_ONLY.iter().all(|column| row.get(column).is_none_or(str::is_empty))
}

/// Text to compare by: one line, without the guard against formulas.
fn plain(text: &str) -> String {
    one_line(unguarded(text.trim()))
}

/// Free text as it is kept: line ends unified, control characters gone.
fn text_of(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    unified.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect::<String>().trim().to_owned()
}

fn decision(row: &Given) -> Result<Option<Decision>, Fault> {
    let given = one_line(row.get("decision").unwrap_or_default());
    if given.is_empty() {
        return Ok(None);
    }
    let word = given.to_lowercase();
    let found = DECISIONS.iter().find(|(_, words)| words.iter().any(|known| row.same(&word, known)));
    found.map(|(decision, _)| Some(*decision)).ok_or_else(|| {
        let allowed = DECISIONS.iter().map(|(decision, _)| decision.id()).collect::<Vec<_>>().join(", ");
        Fault::not_listed(NotListed { given, noun: "decision", allowed }, "decision").at("decision")
    })
}

/// Rules on a row of a story, or of an event entered by hand before.
fn on_candidate(row: &Given, candidate: &Candidate, now: Timestamp, known: &dyn Known) -> Ruling {
    let printed = as_printed(row, candidate, known);
    let candidate = printed.as_ref().unwrap_or(candidate);
    let current = candidate.reviews.len();
    let typed = row.get("revision").unwrap_or_default();
    let Some(revision) = revision_of(typed) else {
        return Ruling::Reject(Fault::of(Said::NotARevision, [typed.into()]).at("revision").into());
    };
    // A row without a revision speaks of the row as it was first shown.
    let shown = revision.unwrap_or(0);
    let before = fold(candidate, shown);
    let (view, printed) = shown_to_the_reviewer(row, candidate, &before);
    let mut reading = Reading::of(row, &printed, view.card, before.note.as_deref());
    // A proposal in a column that the file does not have was seen by nobody, and so is not confirmed.
    let confirmed = candidate.reviews.iter().take(shown).any(|review| review.card.arrest_days.is_some());
    if !confirmed && row.get("arrest_days").is_none() && !is_sparse(row) {
        reading.card.arrest_days = None;
    }
    if candidate.judged.is_none() {
        reading.correct_by_hand(row, &printed, before.by_hand.as_ref());
        reading.check_unchanged(row, &printed, &["evidence", "lang", "score"], None);
    } else {
        let published = candidate.judged.as_ref().and_then(|judged| judged.story.published);
        reading.check_unchanged(row, &printed, &READ_ONLY, published);
        if reading.decision.is_some() {
            for column in OF_ORIGIN {
                reading.keep_typed(row, column);
            }
        }
    }
    if reading.decision.is_none() && reading.changed.is_empty() && reading.faults.is_empty() {
        return Ruling::Blank;
    }
    let fingerprint = reading.fingerprint(&candidate.id, typed);
    if reading.faults.is_empty() {
        let says_nothing_new = reading.changed.is_empty()
            && reading.decision == view.decision
            && reading.reviewer == one_line(view.reviewer)
            && reading.note == before.note;
        if says_nothing_new || known.taken_before(&fingerprint) {
            return Ruling::Already(candidate.id.clone());
        }
    }
    reading.attach(known);
    let latest = fold(candidate, usize::MAX);
    if reading.decision.is_some() && reading.reviewer.is_empty() {
        reading.faults.push(Fault::of(Said::NoReviewer, []).at("reviewer"));
    }
    if reading.decision == Some(Decision::Confirm) || (reading.decision.is_none() && before.has_events()) {
        reading.check_confirmed();
    }
    reading.check_case(&candidate.id, known);
    if !reading.faults.is_empty() {
        return Ruling::Reject(Refusal(reading.faults));
    }
    if shown > current {
        let numbers = [shown.to_string().into(), current.to_string().into()];
        return Ruling::Conflict(Fault::of(Said::OtherWorkspace, numbers).into());
    }
    let further =
        reading.decision == Some(Decision::Confirm) && latest.has_events() && latest.which(&reading.card).is_none();
    let own = candidate.reviews.last().is_some_and(|last| same_person(&last.reviewer, &reading.reviewer));
    if !(stands_as_after(candidate, shown) || further && own) {
        return Ruling::Conflict(conflict(candidate, shown, &reading).into());
    }
    let saw = candidate.judged.as_ref().map(|judged| &judged.story.id).filter(|saw| **saw != candidate.id).cloned();
    match reading.review(candidate.id.clone(), now, fingerprint) {
        Ruling::Take(review) => Ruling::Take(Box::new(Review { saw, ..*review })),
        other => other,
    }
}

/// The candidate with the telling that the row was printed from, where its row shows another one by now: what a
/// reviewer saw is what is decided on.
fn as_printed(row: &Given, candidate: &Candidate, known: &dyn Known) -> Option<Candidate> {
    let judged = candidate.judged.as_ref().filter(|_| !is_sparse(row))?;
    let printed_from = |judged: &Judged| {
        let printed = row_of_story(candidate, judged);
        changed(row, &printed, &READ_ONLY, judged.story.published).is_empty()
    };
    if candidate.also.is_empty() || printed_from(judged) {
        return None;
    }
    let at_its_address = |url: &Option<String>| {
        let (given, url) = (row.get("url").unwrap_or_default(), url.as_deref().unwrap_or_default());
        given.is_empty() || row.same(&plain(given), &plain(url))
    };
    let told = candidate.also.iter().filter(|told| at_its_address(&told.url)).take(MOST_TELLINGS);
    let of_the_row =
        |judged: &Judged| judged.story.id == candidate.id || judged.head.as_deref() == Some(&*candidate.id);
    let judged = told.filter_map(|told| known.telling(&told.id)).find(|told| of_the_row(told) && printed_from(told))?;
    let link = candidate.judged.as_ref().and_then(|shown| shown.link.clone());
    Some(Candidate { judged: Some(Judged { link, ..judged }), ..candidate.clone() })
}

/// The columns of a row that shows this telling; only those that nobody may change are of use.
fn row_of_story(candidate: &Candidate, judged: &Judged) -> Row {
    let bare =
        Candidate { id: candidate.id.clone(), judged: Some(judged.clone()), also: Vec::new(), reviews: Vec::new() };
    let before = fold(&bare, 0);
    row_of(&bare, &before, &views(&before)[0], &TimeZone::UTC)
}

/// The revision that a row names: `Some(None)` where the cell is empty, `None` where it is no number.
fn revision_of(typed: &str) -> Option<Option<usize>> {
    let whole = typed.strip_suffix(".0").or_else(|| typed.strip_suffix(",0")).unwrap_or(typed);
    match whole {
        "" => Some(None),
        _ => whole.parse().ok().map(Some),
    }
}

fn same_person(one: &str, two: &str) -> bool {
    one_line(one).to_lowercase() == one_line(two).to_lowercase()
}

/// What the reviewer saw: of several events of a story, the one whose date and stage the row kept.
fn shown_to_the_reviewer<'a>(row: &Given, candidate: &Candidate, before: &'a Fold) -> (View<'a>, Row) {
    let mut shown: Vec<(View<'a>, Row)> = views(before)
        .into_iter()
        .map(|view| {
            let printed = row_of(candidate, before, &view, &TimeZone::UTC);
            (view, printed)
        })
        .collect();
    let kept = |printed: &Row| {
        [("event_date", &printed.event_date), ("stage", &printed.stage)]
            .into_iter()
            .all(|(column, text)| row.get(column).is_none_or(|given| plain(given) == *text))
    };
    let at = shown.iter().position(|(_, printed)| kept(printed)).unwrap_or(shown.len() - 1);
    shown.swap_remove(at)
}

impl Reading {
    /// Columns that nobody may change must say what was printed.
    fn check_unchanged(&mut self, row: &Given, printed: &Row, columns: &[&'static str], published: Option<Moment>) {
        if is_sparse(row) {
            return;
        }
        for column in changed(row, printed, columns, published) {
            let shown: String = plain(printed.get(column)).chars().take(160).collect();
            self.faults.push(Fault::of(Said::ReadOnly, [shown.into()]).at(column));
        }
    }

    /// Reads the files that the row attaches anew. Those attached before stay as they were taken.
    fn attach(&mut self, known: &dyn Known) {
        let Some(by_hand) = &mut self.by_hand else { return };
        for attachment in by_hand.attachments.iter_mut().filter(|attachment| attachment.sha256.is_empty()) {
            match known.attachment(&attachment.name) {
                Ok(taken) => *attachment = taken,
                Err(why) => self.faults.push(why.fault(&attachment.name).at("attachments")),
            }
        }
    }

    /// An event entered by hand has no story: who entered it may correct where it came from.
    fn correct_by_hand(&mut self, row: &Given, printed: &Row, before: Option<&ByHand>) {
        let sparse = is_sparse(row);
        let mut origin = before.cloned().unwrap_or_default();
        for column in ["title", "source", "url", "published"].into_iter().chain(OF_ORIGIN) {
            let Some(given) = row.get(column) else { continue };
            if row.same(&plain(given), &plain(printed.get(column))) || (sparse && given.is_empty()) {
                continue;
            }
            let text = Some(one_line(given)).filter(|text| !text.is_empty());
            match column {
                "title" => origin.title = text,
                "source" => match text {
                    Some(source) => origin.source = source,
                    None => self.faults.push(Fault::of(Said::NoSource, []).at("source")),
                },
                "url" => origin.url = text,
                "source_kind" | "verified_by" | "attachments" => {
                    if let Err(fault) = card::correct_origin(&mut origin, column, given) {
                        self.faults.push(fault.at(column));
                    }
                }
                _ if origin.published.is_some_and(|moment| same_time(given, moment)) => continue,
                _ => match moment_of(given) {
                    Ok(published) => origin.published = published,
                    Err(fault) => self.faults.push(fault.at("published")),
                },
            }
            self.changed.push(column);
        }
        if let Err(fault) = card::check_sources(&origin) {
            self.faults.push(fault.at("source"));
        }
        self.by_hand = Some(origin);
    }
}

/// Those of the columns that do not say what was printed.
fn changed(row: &Given, printed: &Row, columns: &[&'static str], published: Option<Moment>) -> Vec<&'static str> {
    let differs = |column: &&&'static str| {
        let (Some(given), before) = (row.get(column), printed.get(column)) else { return false };
        let same = row.same(&plain(given), &plain(before))
            || match **column {
                "published" => published.is_some_and(|moment| same_time(given, moment)),
                "score" => same_number(given, before),
                _ => false,
            };
        !same
    };
    columns.iter().filter(differs).copied().collect()
}

/// Is a cell the same time as was printed, in whatever zone or form of date?
fn same_time(given: &str, moment: Moment) -> bool {
    match given.parse::<Moment>() {
        Ok(given) => given.timestamp.as_second() == moment.timestamp.as_second(),
        // The zone of the printed date is not known here, so the day before and after will do.
        Err(_) => dates::readings(given)
            .iter()
            .filter_map(|date| date.exact())
            .any(|date| days_apart(date, moment.date()) <= 1),
    }
}

fn days_apart(one: civil::Date, two: civil::Date) -> i32 {
    one.since(two).map_or(i32::MAX, |span| span.get_days().abs())
}

fn same_number(given: &str, printed: &str) -> bool {
    let number = |text: &str| text.replace(',', ".").parse::<f64>().ok();
    match (number(given), number(printed)) {
        (Some(given), Some(printed)) => (given - printed).abs() < 0.0051,
        _ => false,
    }
}

/// RFC 3339, or a date alone, kept as midday UTC: the same day from twelve hours west to eleven east.
fn moment_of(given: &str) -> Result<Option<Moment>, Fault> {
    if given.trim().is_empty() {
        return Ok(None);
    }
    if let Ok(moment) = given.parse::<Moment>() {
        return Ok(Some(moment));
    }
    let day = dates::read(given, None)?.exact().ok_or_else(|| Fault::of(Said::NeedsADay, [given.into()]))?;
    let midday = jiff::tz::Offset::UTC.to_timestamp(day.at(12, 0, 0, 0));
    let midday = midday.map_err(|_| Fault::of(Said::NotADate, [given.into()]))?;
    Ok(Some(Moment::utc(midday)))
}

/// Both decisions, for the reviewer whose row comes back.
fn conflict(candidate: &Candidate, shown: usize, reading: &Reading) -> Fault {
    let says = |decision: Option<Decision>, card: &Card| {
        let names_one = matches!(decision, Some(Decision::Duplicate | Decision::Background));
        Arg::Says(decision, card.case.clone().filter(|_| names_one).unwrap_or_default())
    };
    let current = candidate.reviews.len();
    let Some(last) = candidate.reviews.last() else {
        return Fault::of(Said::NothingRecorded, [shown.to_string().into()]);
    };
    let differ = CORRECTABLE
        .iter()
        .filter_map(|column| {
            let (theirs, yours) = (card::print(&last.card, column), card::print(&reading.card, column));
            let short = |text: &str| text.chars().take(60).collect::<String>();
            (theirs != yours).then(|| (*column, short(&theirs), short(&yours)))
        })
        .collect();
    Fault::of(
        Said::Decided,
        [
            current.to_string().into(),
            shown.to_string().into(),
            last.at.strftime("%Y-%m-%d %H:%M UTC").to_string().into(),
            Arg::Who(last.reviewer.clone()),
            says(last.decision, &last.card),
            Arg::Who(reading.reviewer.clone()),
            says(reading.decision, &reading.card),
            Arg::Differ(differ),
        ],
    )
}

/// Rules on a row with an empty id: an event entered by hand.
fn by_hand(row: &Given, now: Timestamp, known: &dyn Known) -> Ruling {
    let filled = |column: &str| row.get(column).is_some_and(|text| !text.is_empty());
    let typed =
        super::COLUMNS.iter().chain(FURTHER).any(|column| !["reviewer", "revision"].contains(column) && filled(column));
    if !typed {
        return Ruling::Blank;
    }
    if filled("score") && filled("revision") {
        return Ruling::Reject(Fault::of(Said::LostId, []).at("id").into());
    }
    let (none, nothing) = (Row::default(), Card::default());
    let mut reading = Reading::of(row, &none, &nothing, None);
    let wrote_a_decision = reading.decision.is_some();
    // To enter an event is to confirm it.
    reading.decision = reading.decision.or(Some(Decision::Confirm));
    reading.correct_by_hand(row, &none, None);
    if !wrote_a_decision {
        for (name, text) in row.extra() {
            reading.keep_in_note(name, text);
        }
    }
    reading.keep_typed(row, "evidence");
    if reading.faults.is_empty() {
        let fingerprint = reading.fingerprint("", "");
        if known.taken_before(&fingerprint) {
            return Ruling::Already(id_by_hand(&fingerprint, known));
        }
    }
    reading.attach(known);
    let missing: Vec<&'static str> = [
        ("headline", filled("headline") || filled("title")),
        ("source", filled("source")),
        ("event_date", filled("event_date")),
        ("categories", filled("categories")),
        ("reviewer", filled("reviewer")),
    ]
    .into_iter()
    .filter_map(|(column, there)| (!there).then_some(column))
    .collect();
    if !missing.is_empty() {
        reading.faults.insert(0, Fault::of(Said::ByHandLacks, [Arg::Columns(missing)]));
    }
    match reading.decision {
        Some(Decision::Reject) => {
            reading.faults.push(Fault::of(Said::NothingToReject, []).at("decision"));
        }
        Some(Decision::Confirm) if filled("categories") => reading.check_confirmed(),
        _ => {}
    }
    reading.check_case("", known);
    if !reading.faults.is_empty() {
        return Ruling::Reject(Refusal(reading.faults));
    }
    let fingerprint = reading.fingerprint("", "");
    let id = id_by_hand(&fingerprint, known);
    reading.review(id, now, fingerprint)
}

/// The id of an event entered by hand: a hash of what was typed. Sixteen digits do not rule out that another event has
/// the same, so the next is taken that is free. An event whose words were erased is known by its id alone.
fn id_by_hand(fingerprint: &str, known: &dyn Known) -> String {
    let is_its_own = |id: &String| {
        let Some(candidate) = known.candidate(id) else { return true };
        let reviews = &candidate.reviews;
        let erased = reviews.iter().all(|review| review.fingerprint.is_empty());
        erased || reviews.iter().any(|review| review.fingerprint == fingerprint)
    };
    let others = (2_u64..).map(|nth| opaque('h', &[fingerprint, &nth.to_string()]));
    let first = opaque('h', &[fingerprint]);
    std::iter::once(first.clone()).chain(others).find(is_its_own).unwrap_or(first)
}

#[cfg(test)]
#[path = "decide_tests.rs"]
pub(super) mod tests;
