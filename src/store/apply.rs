//! Applying what the records hold: one atomic batch, with how far it has come.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::Ordering;

use jiff::Timestamp;

use super::brief::{InBrief, is_decided};
use super::index::{Changes, Look, damaged};
use super::table::{self, Row, Table, key, key_of, pair, short};
use super::{Filed, Folds, Signed, Store, StoreError, sifted};
use crate::ledger::{self, Act, Record};
use crate::model::{
    Candidate, Decision, Health, Judged, Poll, Quarantine, Quote, Review, Status, Telling, Visit, Wording,
};

/// Does this belong to the people: waiting for them, or decided by them?
pub(super) fn is_candidate(candidate: &Candidate) -> bool {
    let own = |judged: &Judged| judged.head.as_deref().is_none_or(|head| head == candidate.id);
    let waits = |judged: &Judged| judged.verdict.candidate && own(judged);
    !candidate.reviews.is_empty() || candidate.judged.as_ref().is_some_and(waits)
}

/// What the row of a story shows: the telling that was last decided on; while nobody has decided, the one that
/// took the story's place, if it still deserves a human. `story` reads a story by its id.
pub(super) fn shown(
    own: Judged,
    reviews: &[Review],
    story: impl FnOnce(&str) -> Result<Option<Judged>, StoreError>,
) -> Result<Judged, StoreError> {
    let decided = reviews.iter().rev().find(|review| review.takes_back.is_none());
    let wanted = match decided {
        Some(review) => &review.saw,
        None => &own.shows,
    };
    let Some(id) = wanted else { return Ok(own) };
    let other = story(id)?;
    let fits =
        |other: &Judged| other.head.as_ref() == Some(&own.story.id) && (decided.is_some() || other.verdict.candidate);
    Ok(match other.filter(fits) {
        // The case is the row's, and so is how it came here.
        Some(other) => Judged { link: own.link.or(other.link), second_look: own.second_look, ..other },
        None => own,
    })
}

/// What a row shows, and the other tellings in the order in which they were published.
pub(super) fn row(
    own: Option<Judged>,
    mut also: Vec<Telling>,
    reviews: &[Review],
    story: impl FnOnce(&str) -> Result<Option<Judged>, StoreError>,
) -> Result<(Option<Judged>, Vec<Telling>), StoreError> {
    let first = own.as_ref().map(|own| Telling::of(&own.story));
    let judged = own.map(|own| shown(own, reviews, story)).transpose()?;
    if let (Some(first), Some(judged)) = (first, &judged)
        && judged.story.id != first.id
    {
        also.retain(|telling| telling.id != judged.story.id);
        also.push(first);
    }
    also.sort_by(|a, b| (a.published.is_none(), a.published, &a.id).cmp(&(b.published.is_none(), b.published, &b.id)));
    Ok((judged, also))
}

/// Where a candidate is listed: a key of the waiting or of the decided, or nowhere.
pub(super) fn place(candidate: &Candidate, numbered: &[(u64, Review)], folds: &Folds) -> Option<Vec<u8>> {
    if !is_candidate(candidate) {
        return None;
    }
    let short = short(&candidate.id);
    if matches!((folds.status)(candidate), Status::Waiting | Status::Later) {
        let judged = candidate.judged.as_ref();
        let score = judged.map_or(1.0, |judged| judged.verdict.score.clamp(0.0, 1.0));
        let falling = 10_000 - (score * 10_000.0).round() as u16;
        let since = judged.map(|judged| judged.captured).or(candidate.reviews.first().map(|review| review.at));
        // The sign bit turned, so that the bytes sort as the numbers do.
        let since = since.unwrap_or_default().as_second() ^ i64::MIN;
        let order = [falling.to_be_bytes().as_slice(), &since.to_be_bytes()].concat();
        return Some(pair(Table::Waiting, &order, &short));
    }
    let decides = |review: &Review| review.decision.is_some_and(|decision| decision != Decision::Later);
    let first = numbered.iter().find(|(_, review)| decides(review)).or(numbered.first());
    let first = first.map_or(0, |(seq, _)| *seq);
    Some(pair(Table::Decided, &first.to_be_bytes(), &short))
}

/// The reviews of an id with the numbers of their acts, oldest first.
pub(super) fn numbered(rows: Vec<(Vec<u8>, Review)>) -> Vec<(u64, Review)> {
    let seq = |key: &[u8]| key.last_chunk::<8>().map_or(0, |seq| u64::from_be_bytes(*seq));
    rows.into_iter().map(|(key, review)| (seq(&key), review)).collect()
}

impl Store {
    /// Applies records, all or none, once `write` has put them into the journal and told the position after them.
    /// What can be derived of them is derived meanwhile. Records that were applied before are passed over.
    ///
    /// # Errors
    /// Of `write`, then nothing is applied; and where the index cannot be written: then it takes no more until it is
    /// opened again, so that nothing is passed over.
    pub fn record<E: From<StoreError>>(
        &self,
        records: &[Record],
        write: impl FnOnce() -> Result<u64, E>,
    ) -> Result<(), E> {
        let derivers = derivers(records);
        if derivers == 0 {
            let position = write()?;
            return Ok(self.apply_derived(records, derive(records, &self.folds).into_iter(), position)?);
        }
        let mut derived = Vec::new();
        derived.resize_with(derivers, Vec::new);
        let deriving = AssertUnwindSafe(|| {
            rayon::in_place_scope(|scope| {
                for (share, derived) in records.chunks(records.len().div_ceil(derivers)).zip(&mut derived) {
                    scope.spawn(|_| *derived = derive(share, &self.folds));
                }
                write()
            })
        });
        let position = catch_unwind(deriving).unwrap_or_else(|panic| {
            self.missed.store(true, Ordering::Release);
            resume_unwind(panic)
        })?;
        Ok(self.apply_derived(records, derived.into_iter().flatten(), position)?)
    }

    /// The same, of records that stand in the journal up to `position`.
    ///
    /// # Errors
    /// As of [`Store::record`].
    pub fn apply_records(&self, records: &[Record], position: u64) -> Result<(), StoreError> {
        self.record(records, || Ok(position))
    }

    fn apply_derived(
        &self,
        records: &[Record],
        derived: impl Iterator<Item = std::io::Result<Option<Derived>>>,
        position: u64,
    ) -> Result<(), StoreError> {
        self.apply(|changes, folds| {
            if position <= changes.number(Row::AppliedPosition)? {
                return Ok(());
            }
            for (record, derived) in records.iter().zip(derived) {
                let derived = derived.map_err(|error| damaged(changes.path(), "written", error))?;
                changes.record(record, derived, folds)?;
            }
            changes.put(&key_of(Row::AppliedPosition), &position)
        })
    }

    /// Applies acts of the ledger, in order and without a gap, all or none; they are on disk when this returns.
    /// Acts that were applied before are passed over.
    ///
    /// # Errors
    /// As of [`Store::apply_records`]; and where an act in between is missing.
    pub fn apply_acts(&self, acts: &[(u64, Timestamp, Act)]) -> Result<(), StoreError> {
        if acts.is_empty() {
            return Ok(());
        }
        let applied = self.apply(|changes, folds| {
            let mut applied = changes.number(Row::AppliedSeq)?;
            for (seq, at, act) in acts.iter().filter(|(seq, ..)| *seq > applied).collect::<Vec<_>>() {
                if *seq != applied + 1 {
                    return Err(StoreError::Missed(changes.path().to_path_buf()));
                }
                changes.act(*seq, *at, act, folds)?;
                applied = *seq;
            }
            changes.put(&key_of(Row::AppliedSeq), &applied)
        });
        applied.and_then(|()| self.index.synced()).inspect_err(|_| self.missed.store(true, Ordering::Release))
    }

    fn apply(&self, run: impl FnOnce(&mut Changes<'_>, &Folds) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let _writing = self.write();
        if self.missed.load(Ordering::Acquire) {
            return Err(StoreError::Missed(self.index.path().to_path_buf()));
        }
        let mut changes = Changes::over(&self.index);
        let applied = run(&mut changes, &self.folds).and_then(|()| changes.commit());
        if applied.is_err() {
            // The next entry would carry the position past this one.
            self.missed.store(true, Ordering::Release);
        }
        applied
    }
}

/// What is derived of a story alone. It takes longer than all the rest.
struct Derived {
    /// The value of its row.
    row: Vec<u8>,
    text_hash: [u8; 32],
    near: Filed,
    tie: Filed,
    /// The row of its sieve.
    sieve: Vec<u8>,
}

impl Derived {
    fn of(judged: &Judged, folds: &Folds) -> std::io::Result<Self> {
        Ok(Self {
            row: table::encode(judged)?,
            text_hash: folds.text_hash_of(judged),
            near: folds.near_of(judged),
            tie: folds.tie_of(judged),
            sieve: sifted::row(judged, folds),
        })
    }
}

/// Stories that are worth a thread.
const SHARE: usize = 16;

/// How many threads derive what a batch needs; none where no story is in it.
fn derivers(records: &[Record]) -> usize {
    let stories = records.iter().filter(|record| matches!(record, Record::Story(_))).count();
    let most = std::thread::available_parallelism().map_or(1, usize::from);
    stories.div_ceil(SHARE).min(most)
}

/// What is derived of each record; nothing of those that are no stories.
fn derive(records: &[Record], folds: &Folds) -> Vec<std::io::Result<Option<Derived>>> {
    let derive = |record: &Record| match record {
        Record::Story(judged) => Derived::of(judged, folds).map(Some),
        _ => Ok(None),
    };
    records.iter().map(derive).collect()
}

impl Changes<'_> {
    fn record(&mut self, record: &Record, derived: Option<Derived>, folds: &Folds) -> Result<(), StoreError> {
        match record {
            Record::Story(judged) => match derived {
                Some(derived) => self.story(judged, derived, folds),
                None => self.story_anew(judged, folds),
            },
            Record::Told { head, telling } => self.told(head, telling, folds),
            Record::Seen { url, story } => self.put(&key(Table::Seen, &short(url)), story),
            Record::Forgotten { ids, addresses } => self.forget_stories(ids, addresses, folds),
            Record::Quarantine(quarantine) => self.quarantine(quarantine),
            Record::Visit { id, visit } => {
                let at = (visit.at.as_millisecond() ^ i64::MIN).to_be_bytes();
                self.put(&pair(Table::Visit, &short(id), &at), &(id, visit))
            }
            Record::Awaited(page) => self.put(&pair(Table::Awaited, &short(&page.source), &short(&page.url)), page),
            Record::Came { source, urls } => {
                urls.iter().try_for_each(|url| self.take(&pair(Table::Awaited, &short(source), &short(url))))
            }
            Record::Poll { feed, poll } => self.poll(feed, poll),
            Record::Health { date, source, health } => self.health(*date, source, health),
        }
    }

    fn act(&mut self, seq: u64, at: Timestamp, act: &Act, folds: &Folds) -> Result<(), StoreError> {
        match act {
            Act::Review(review) => self.review(seq, review, folds),
            Act::Export { .. } => Ok(()),
            Act::Forget { ids, .. } => self.put(&key(Table::Forget, &seq.to_be_bytes()), ids),
            Act::Forgotten { act, ids } => self.forget_reviews(*act, ids, folds),
            Act::Import { file, sha256, rows, .. } => {
                // A file that was overwritten since is still known by its name: the last of them.
                self.put(&key(Table::Import, &short(&format!("name {file}"))), rows)?;
                let row = key(Table::Import, &short(sha256));
                let mut taken: Vec<(String, String)> = self.get(&row)?.unwrap_or_default();
                taken.extend(rows.iter().cloned());
                self.put(&row, &taken)
            }
            Act::Case { act, by } => self.put(&key(Table::CaseAct, &seq.to_be_bytes()), &(seq, act, by, at)),
            Act::Worded { id, event, wording, .. } => {
                self.put(&pair(Table::Worded, &short(id), &short(event)), &(event, wording))
            }
            Act::Register { id, entry, .. } => {
                self.put(&pair(Table::Register, &short(id), &seq.to_be_bytes()), &(id, at, entry))
            }
            Act::Digest { week, events } => self.put(&key(Table::Digest, &short(week)), &(week, events)),
            Act::Evidence { file, sha256, .. } => self.put(&key(Table::Evidence, &short(file)), &(file, sha256)),
            Act::Report { period, state, by, at, files } => {
                let signed = Signed {
                    period: period.clone(),
                    state: state.clone(),
                    by: by.clone(),
                    at: *at,
                    files: files.clone(),
                };
                self.put(&pair(Table::Report, &short(period), &seq.to_be_bytes()), &signed)
            }
            Act::Quoted { quotes, .. } => {
                let at = |quote: &Quote| pair(Table::Quote, &short(&quote.period), &short(&quote.figure));
                quotes.iter().try_for_each(|quote| self.put(&at(quote), quote))
            }
            Act::RuleSet { version } => self.put(&key_of(Row::RuleSet), version),
        }
    }

    fn story_anew(&mut self, judged: &Judged, folds: &Folds) -> Result<(), StoreError> {
        let derived = Derived::of(judged, folds).map_err(|error| damaged(self.path(), "written", error))?;
        self.story(judged, derived, folds)
    }

    fn story(&mut self, judged: &Judged, derived: Derived, folds: &Folds) -> Result<(), StoreError> {
        let (story, short_id) = (&judged.story, short(&judged.story.id));
        let row = key(Table::Story, &short_id);
        let mut candidate = judged.verdict.candidate;
        match self.get::<Judged>(&row)? {
            Some(old) => {
                candidate |= old.verdict.candidate;
                self.unlink(&old, &short_id, folds)?;
            }
            None => self.count(Row::Stories, 1)?,
        }
        self.put_encoded(row, derived.row);
        if let Some(url) = &story.url {
            self.put_first(&key(Table::Url, &short(url)), &story.id)?;
        }
        self.put_first(&key(Table::Text, &derived.text_hash), &story.id)?;
        for band in &derived.near.keys {
            self.mark(pair(Table::Near, band, &short_id));
        }
        for tie in &derived.tie.keys {
            self.mark_with(tied(tie, judged), derived.tie.compared_by.clone());
        }
        if !derived.near.keys.is_empty() {
            self.mark_with(key(Table::Sketch, &short_id), derived.near.compared_by);
        }
        self.put_encoded(key(Table::Sieve, &short_id), derived.sieve);
        if judged.verdict.candidate || judged.shows.is_some() {
            self.put(&key(Table::Case, &short(&(folds.case_id)(&story.id))), &story.id)?;
        }
        self.list_as(&story.id, Some(judged.clone()), folds)?;
        match &judged.head {
            // The head's row may show this telling.
            Some(head) if candidate => self.list(head, folds),
            Some(head) => self.list_decided(head, folds),
            None => Ok(()),
        }
    }

    /// Takes a story out of the tables that are found by what it says.
    fn unlink(&mut self, old: &Judged, short_id: &[u8], folds: &Folds) -> Result<(), StoreError> {
        let story = &old.story;
        let mut keys = vec![key(Table::Text, &folds.text_hash_of(old))];
        keys.extend(story.url.as_ref().map(|url| key(Table::Url, &short(url))));
        for row in keys {
            if self.get::<String>(&row)?.as_ref() == Some(&story.id) {
                self.take(&row)?;
            }
        }
        for band in &folds.near_of(old).keys {
            self.unmark(pair(Table::Near, band, short_id));
        }
        for tie in &folds.tie_of(old).keys {
            self.unmark(tied(tie, old));
        }
        self.unmark(key(Table::Sketch, short_id));
        Ok(())
    }

    /// Whoever had an address or a text first keeps it.
    fn put_first(&mut self, row: &[u8], id: &str) -> Result<(), StoreError> {
        match self.has(row)? {
            true => Ok(()),
            false => self.put(row, id),
        }
    }

    fn told(&mut self, head: &str, telling: &Telling, folds: &Folds) -> Result<(), StoreError> {
        self.put(&pair(Table::Told, &short(head), &short(&telling.id)), telling)?;
        self.list_decided(head, folds)
    }

    fn quarantine(&mut self, quarantine: &Quarantine) -> Result<(), StoreError> {
        let number = self.number(Row::Quarantined)?;
        self.put(&key(Table::Quarantine, &number.to_be_bytes()), quarantine)?;
        self.count(Row::Quarantined, 1)
    }

    fn poll(&mut self, feed: &str, poll: &Poll) -> Result<(), StoreError> {
        self.put(&key(Table::Poll, &short(feed)), &(feed, poll))
    }

    fn health(&mut self, date: jiff::civil::Date, source: &str, health: &Health) -> Result<(), StoreError> {
        let row = pair(Table::Health, date.to_string().as_bytes(), &short(source));
        self.put(&row, &(date, source, health))
    }

    fn review(&mut self, seq: u64, review: &Review, folds: &Folds) -> Result<(), StoreError> {
        self.put(&pair(Table::Review, &short(&review.id), &seq.to_be_bytes()), review)?;
        self.put(&key(Table::Case, &short(&(folds.case_id)(&review.id))), &review.id)?;
        if !review.fingerprint.is_empty() {
            self.put(&key(Table::Fingerprint, &short(&review.fingerprint)), &review.id)?;
        }
        self.list(&review.id, folds)
    }

    /// Erases what the stories said; a story erased already stays so.
    fn forget_stories(&mut self, ids: &[String], addresses: &[String], folds: &Folds) -> Result<(), StoreError> {
        for id in ids {
            if let Some(judged) = self.get::<Judged>(&key(Table::Story, &short(id)))? {
                self.story_anew(&ledger::erased_story(&judged), folds)?;
            }
            for (row, _) in self.scan::<(String, Visit)>(&key(Table::Visit, &short(id)))? {
                self.take(&row)?;
            }
            for (row, telling) in self.scan::<Telling>(&key(Table::Told, &short(id)))? {
                if ids.contains(&telling.id) {
                    self.put(&row, &ledger::erased_telling(&telling))?;
                }
            }
        }
        for address in addresses {
            if let Some(address) = table::bytes_of_hex::<16>(address) {
                self.put(&key(Table::Seen, &address), &ids.first())?;
            }
        }
        // A row holds something of the tellings under it, and any of them may stand first.
        ids.iter().try_for_each(|id| self.list_decided(id, folds))
    }

    /// Erases what people typed about these ids.
    fn forget_reviews(&mut self, act: u64, ids: &[String], folds: &Folds) -> Result<(), StoreError> {
        for id in ids {
            for (row, review) in self.scan::<Review>(&key(Table::Review, &short(id)))? {
                if !review.fingerprint.is_empty() {
                    self.take(&key(Table::Fingerprint, &short(&review.fingerprint)))?;
                }
                let left = ledger::erased_review(&review).map_err(|error| damaged(self.path(), "written", error))?;
                self.put(&row, &left)?;
            }
            for (row, (event, wording)) in self.scan::<(String, Wording)>(&key(Table::Worded, &short(id)))? {
                self.put(&row, &(event, wording.erased()))?;
            }
            self.list(id, folds)?;
        }
        self.take(&key(Table::Forget, &act.to_be_bytes()))
    }

    /// Lists an id where it belongs now: among the waiting, among the decided, or nowhere.
    fn list(&mut self, id: &str, folds: &Folds) -> Result<(), StoreError> {
        let own = self.get(&key(Table::Story, &short(id)))?;
        self.list_as(id, own, folds)
    }

    /// The same, of an id whose own story is at hand.
    fn list_as(&mut self, id: &str, own: Option<Judged>, folds: &Folds) -> Result<(), StoreError> {
        let short_id = short(id);
        let numbered = numbered(self.scan(&key(Table::Review, &short_id))?);
        let reviews: Vec<Review> = numbered.iter().map(|(_, review)| review.clone()).collect();
        // Only the row of a decided one holds the other tellings.
        let also = match reviews.as_slice() {
            [] => Vec::new(),
            _ => self.scan(&key(Table::Told, &short_id))?.into_iter().map(|(_, telling)| telling).collect(),
        };
        let (judged, also) = row(own, also, &reviews, |id| self.get(&key(Table::Story, &short(id))))?;
        let candidate = Candidate { id: id.to_owned(), judged, also, reviews };
        let place = place(&candidate, &numbered, folds);
        let listed = key(Table::Listed, &short_id);
        let before: Option<Vec<u8>> = self.get(&listed)?;
        if let Some(place) = place.as_deref().filter(|place| is_decided(place)) {
            self.put(place, &InBrief::from(&candidate))?;
        }
        if before == place {
            return Ok(());
        }
        if let Some(before) = before {
            self.take(&before)?;
            self.count(counter(&before), -1)?;
            self.take(&listed)?;
        }
        if let Some(place) = place {
            if !is_decided(&place) {
                self.put(&place, id)?;
            }
            self.count(counter(&place), 1)?;
            self.put(&listed, &place)?;
        }
        Ok(())
    }

    /// Lists an id anew where its row holds what may have changed under it.
    fn list_decided(&mut self, id: &str, folds: &Folds) -> Result<(), StoreError> {
        let place: Option<Vec<u8>> = self.get(&key(Table::Listed, &short(id)))?;
        if place.is_some_and(|place| is_decided(&place)) { self.list(id, folds) } else { Ok(()) }
    }
}

/// The key that files a candidate under a tie: those captured last stand first.
pub(super) fn tied(tie: &[u8; 8], judged: &Judged) -> Vec<u8> {
    let falling = !(judged.captured.as_second() ^ i64::MIN);
    pair(Table::Tie, tie, &[falling.to_be_bytes().as_slice(), &short(&judged.story.id)].concat())
}

/// The row that counts a list, from a key in it.
fn counter(place: &[u8]) -> Row {
    if is_decided(place) { Row::Decided } else { Row::Waiting }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::samples::judged;

    #[test]
    fn no_thread_is_begun_for_a_batch_without_stories() {
        let seen = || Record::Seen { url: "https://a.example/1".to_owned(), story: None };
        let story = |n: usize| Record::Story(Box::new(judged(n as u32, false, None)));
        let check = |records: &[Record], expect: usize| {
            let most = std::thread::available_parallelism().map_or(1, usize::from);
            assert_eq!(derivers(records), expect.min(most), "{} records", records.len());
        };
        check(&[], 0);
        check(&[seen()], 0);
        check(&std::iter::repeat_with(seen).take(10 * SHARE).collect::<Vec<_>>(), 0);
        check(&[seen(), story(1), seen()], 1);
        check(&(0..SHARE).map(story).collect::<Vec<_>>(), 1);
        check(&(0..=SHARE).map(story).collect::<Vec<_>>(), 2);
    }
}
