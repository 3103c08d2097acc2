//! Judging and keeping: the one path by which `run` and `import` make a stored story of a page.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::trail::{self, Trail};
use super::{Desk, DeskError};
use crate::cases::near;
use crate::config::Source;
use crate::extract;
use crate::ledger::Record;
use crate::model::{Entry, Judged, Link, Page, Quarantine, Story, Telling, Verdict, hex};
use crate::store::StoryKey;

/// What became of one input. Each ends in exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// A new story; `candidate` tells whether it went to the queue.
    Stored {
        /// Id given.
        id: String,
        /// Does it deserve a human?
        candidate: bool,
    },
    /// A near-duplicate or a later wording, kept under the story it repeats.
    Reprint {
        /// Id given.
        id: String,
        /// The story it repeats.
        of: String,
    },
    /// Known already, by address or by text.
    Duplicate {
        /// The story that we have.
        of: String,
    },
    /// Set aside with a reason.
    Quarantined(String),
}

/// Where a story belongs among those that are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The one that it repeats nearly word for word.
    pub head: Option<String>,
    /// Of a candidate that repeats none: the case that it seems to belong to.
    pub link: Option<Link>,
}

/// A page that a story was read from, and the addresses that it was seen at.
#[derive(Clone, Copy)]
struct Seen<'a> {
    page: &'a Page,
    addresses: &'a [&'a str],
    now: Timestamp,
}

/// How many inputs came to what. The outcomes add up to the inputs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tally {
    /// New stories.
    pub stored: u32,
    /// Of them candidates.
    pub candidates: u32,
    /// Near-duplicates kept under their head, and later wordings of a post under the first.
    pub reprints: u32,
    /// Known already.
    pub duplicates: u32,
    /// Set aside: no article, unreadable.
    pub quarantined: u32,
    /// Refused: robots.txt, the address guard.
    pub refused: u32,
    /// Failed to arrive; tried again with the next poll.
    pub failed: u32,
}

impl Tally {
    /// Counts one more outcome.
    pub fn count(&mut self, kept: &Kept) {
        match kept {
            Kept::Stored { candidate, .. } => {
                self.stored += 1;
                self.candidates += u32::from(*candidate);
            }
            Kept::Reprint { .. } => self.reprints += 1,
            Kept::Duplicate { .. } => self.duplicates += 1,
            Kept::Quarantined(_) => self.quarantined += 1,
        }
    }

    /// Adds another tally to this one.
    pub fn add(&mut self, other: Self) {
        self.stored += other.stored;
        self.candidates += other.candidates;
        self.reprints += other.reprints;
        self.duplicates += other.duplicates;
        self.quarantined += other.quarantined;
        self.refused += other.refused;
        self.failed += other.failed;
    }

    /// All inputs.
    pub fn total(&self) -> u32 {
        self.stored + self.reprints + self.duplicates + self.quarantined + self.refused + self.failed
    }
}

/// The id of a story with a canonical address: the same address gives the same id, ever.
///
/// It begins with a letter so that no spreadsheet takes it for a number.
pub(super) fn story_id(url: &str) -> String {
    let hash = Sha256::digest(url.as_bytes());
    format!("s{}", hex(&hash[..8]))
}

/// The records that put a telling under the first one.
pub(super) fn placed_under(head: &str, telling: Judged) -> [Record; 2] {
    let told = Record::Told { head: head.to_owned(), telling: Telling::of(&telling.story) };
    [Record::Story(Box::new(Judged { head: Some(head.to_owned()), shows: None, ..telling })), told]
}

impl Desk {
    /// Makes a story of a captured page and keeps it. What the page does not say of its title and
    /// date is taken from the entry that announced it.
    ///
    /// # Errors
    /// Where the records or the store cannot be written; never for what the page holds.
    pub fn take_page(
        &self,
        page: &Page,
        entry: Option<&Entry>,
        source: Option<&Source>,
        now: Timestamp,
    ) -> Result<Kept, DeskError> {
        let announced = entry.and_then(|entry| entry.url.as_deref());
        let mut origin = super::origin(page, source);
        if entry.is_some_and(|entry| entry.post.is_some()) {
            // The page is the preview of a whole channel: the post's address tells which is meant.
            origin.url = announced.or(origin.url);
        }
        let select = source.map(|source| source.page.clone()).unwrap_or_default();
        let source = source.map(|source| source.name.as_str());
        let article = match extract::page(&page.body, &origin, &select) {
            Ok(article) => article,
            Err(none) => {
                self.keep_without_story(page, &format!("set aside: {}", none.reason), now)?;
                let kept = self.set_aside(&page.url, source, none.reason, now)?;
                self.see(announced.into_iter().chain([page.url.as_str()]), None)?;
                return Ok(kept);
            }
        };
        let url = article.url.or_else(|| extract::canonical_url(&page.url)).unwrap_or_else(|| page.url.clone());
        let title = match article.title.is_empty() {
            true => entry.and_then(|entry| entry.title.clone()).unwrap_or_default(),
            false => article.title,
        };
        let story = Story {
            id: story_id(&url),
            title,
            text: article.text,
            published: article.published.or_else(|| entry.and_then(|entry| entry.published)),
            byline: article.byline,
            source: source.map(str::to_owned).or(article.site),
            url: Some(url),
        };
        Trail { source, url: announced.unwrap_or(&page.url) }.extracted(&story);
        let seen: Vec<&str> = announced.into_iter().chain([page.url.as_str()]).collect();
        self.keep_with(story, page.captured, Some(Seen { page, addresses: &seen, now }))
    }

    /// Where a story that is not kept yet belongs among those that are.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn placed(&self, story: &Story, verdict: &Verdict, captured: Timestamp) -> Result<Placed, DeskError> {
        let head = self.repeats(story, verdict.candidate, captured)?;
        let link = match head.is_none() && verdict.candidate {
            true => self.tied(story, verdict, captured, &BTreeSet::new())?,
            false => None,
        };
        Ok(Placed { head, link })
    }

    /// Judges a story and keeps it, once: a story known by address or by text is a duplicate, one
    /// that repeats a known story nearly word for word is kept under it.
    ///
    /// # Errors
    /// Where the records or the store cannot be written.
    pub fn keep(&self, story: Story, captured: Timestamp) -> Result<Kept, DeskError> {
        self.keep_with(story, captured, None)
    }

    /// The same, with the page that the story was read from: it is in the archive before the story is
    /// in the journal, so that no story stands without its evidence.
    fn keep_with(&self, story: Story, captured: Timestamp, seen: Option<Seen<'_>>) -> Result<Kept, DeskError> {
        let duplicate = |story: &Story, of: String| -> Result<Kept, DeskError> {
            trail::duplicate(story, &of);
            if let Some(Seen { page, addresses, now }) = seen {
                self.keep_without_story(page, &format!("duplicate of {of}"), now)?;
                self.see(addresses.iter().copied(), Some(&of))?;
            }
            Ok(Kept::Duplicate { of })
        };
        if let Some(of) = self.known(&story)? {
            return duplicate(&story, of);
        }
        let judge = self.judge();
        let verdict = judge.judge(&story, self.country_of(story.source.as_deref()));
        let candidate = verdict.candidate;
        // Two feeds may announce one story at once: from here on one keeps at a time.
        let _keeping = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of) = self.known(&story)? {
            return duplicate(&story, of);
        }
        let Placed { head, link } = self.placed(&story, &verdict, captured)?;
        let (id, source) = (story.id.clone(), story.source.clone());
        let outcome = head.as_ref().map_or_else(|| "stored".to_owned(), |head| format!("reprint of {head}"));
        let capture = seen.map(|seen| self.capture(seen.page, &verdict, candidate, &outcome, seen.now)).transpose()?;
        let rule_set = judge.rules().version();
        let head_id = head.clone();
        let judged = Judged {
            story,
            verdict,
            rule_set,
            captured,
            head: head_id,
            shows: None,
            capture,
            link,
            second_look: None,
            let_go: None,
        };
        trail::judged(&judged);
        trail::archived(&judged.story, judged.capture.as_ref());
        let mut entries = match &head {
            Some(head) => self.under(head, judged)?,
            None => vec![Record::Story(Box::new(judged))],
        };
        if let Some(seen) = seen {
            entries.extend(self.sightings(seen.addresses.iter().copied(), Some(&id))?);
        }
        self.record(&entries)?;
        if let (true, None, Some(seen), Some(source)) = (candidate, &head, seen, &source) {
            self.plan_visits(source, &id, captured, seen.now);
        }
        Ok(match head {
            Some(of) => Kept::Reprint { id, of },
            None => Kept::Stored { id, candidate },
        })
    }

    /// Keeps what a channel's post says since it was edited: another telling at the same address, with the page
    /// that shows it, under the post as it was first seen. `None` where the wording is known, or the post is not.
    ///
    /// # Errors
    /// Where the records or the store cannot be written.
    pub fn take_edit(&self, page: &Page, entry: &Entry, now: Timestamp) -> Result<Option<Kept>, DeskError> {
        let Some(url) = entry.url.as_deref().and_then(extract::canonical_url) else { return Ok(None) };
        let Some(text) = entry.summary.clone().filter(|text| !text.trim().is_empty()) else { return Ok(None) };
        let Some(first) = self.store.story_by_url(&url)?.map(|id| self.store.story(&id)).transpose()?.flatten() else {
            return Ok(None);
        };
        let title = entry.title.clone().unwrap_or_else(|| first.story.title.clone());
        let story = Story { title, text, ..first.story.clone() };
        let hash = near::text_hash(&story);
        let story = Story { id: story_id(&format!("{url}#{}", hex(&hash))), ..story };
        if hash == near::text_hash(&first.story) || self.store.story(&story.id)?.is_some() {
            return Ok(None);
        }
        let judge = self.judge();
        let verdict = judge.judge(&story, self.country_of(story.source.as_deref()));
        let _keeping = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        if self.store.story(&story.id)?.is_some() {
            return Ok(None);
        }
        let (id, head) = (story.id.clone(), first.head.unwrap_or(first.story.id));
        let enters = verdict.candidate && !first.verdict.candidate;
        let link = if enters { self.tied(&story, &verdict, page.captured, &BTreeSet::new())? } else { None };
        let of_candidate = verdict.candidate || first.verdict.candidate;
        let capture =
            Some(self.capture(page, &verdict, of_candidate, &format!("edited; first kept under {head}"), now)?);
        let rule_set = judge.rules().version();
        let edited = Judged {
            story,
            verdict,
            rule_set,
            captured: page.captured,
            head: None,
            shows: None,
            capture,
            link,
            second_look: None,
            let_go: None,
        };
        self.record(&self.under(&head, edited)?)?;
        Ok(Some(Kept::Reprint { id, of: head }))
    }

    /// The records that put a telling under the first one, and in its place on the row where it says more.
    ///
    /// The row keeps its id, so that what reviewers have open stays good; once somebody has decided, it shows
    /// what they saw, whatever comes later.
    pub(super) fn under(&self, head: &str, telling: Judged) -> Result<Vec<Record>, DeskError> {
        let first = self.store.story(head)?.filter(|first| first.story.id != telling.story.id);
        let raised = first.map(|first| self.raised(&first, &telling)).transpose()?.flatten();
        let decided = |row: crate::model::Candidate| !row.reviews.is_empty();
        let raised = match raised {
            Some(_) if self.store.candidate(head)?.is_some_and(decided) => None,
            raised => raised,
        };
        let mut records = Vec::from(placed_under(head, telling));
        records.extend(raised.map(|first| Record::Story(Box::new(first))));
        Ok(records)
    }

    /// The first telling, where its row is to show this other one from now on: since it says more, or is a later
    /// wording at the same address, or since the row would not be in the queue otherwise.
    pub(super) fn raised(&self, first: &Judged, telling: &Judged) -> Result<Option<Judged>, DeskError> {
        let other = match &first.shows {
            Some(id) => self.store.story(id)?.filter(|other| other.verdict.candidate),
            None => None,
        };
        let shown = other.as_ref().unwrap_or(first);
        let waits = |judged: &Judged| judged.verdict.candidate && self.is_ours(&judged.verdict);
        let reworded = telling.story.url.is_some() && telling.story.url == shown.story.url;
        let better = match (waits(telling), waits(shown)) {
            (true, true) => reworded || near::fuller(&telling.story, &shown.story),
            (stands, stood) => stands && !stood,
        };
        Ok(better.then(|| Judged { shows: Some(telling.story.id.clone()), ..first.clone() }))
    }

    /// Sets an input aside with the reason.
    pub(super) fn set_aside(
        &self,
        origin: &str,
        source: Option<&str>,
        reason: String,
        now: Timestamp,
    ) -> Result<Kept, DeskError> {
        tracing::debug!(source, origin, reason, "set aside");
        let quarantine = Quarantine {
            origin: origin.to_owned(),
            source: source.map(str::to_owned),
            reason: reason.clone(),
            at: now,
        };
        self.record(&[Record::Quarantine(quarantine)])?;
        Ok(Kept::Quarantined(reason))
    }

    /// Remembers that these addresses need no second visit.
    pub(super) fn see<'a>(&self, urls: impl Iterator<Item = &'a str>, story: Option<&str>) -> Result<(), DeskError> {
        self.record(&self.sightings(urls, story)?)
    }

    /// What remembers that these addresses need no second visit, where it is not remembered yet.
    fn sightings<'a>(
        &self,
        urls: impl Iterator<Item = &'a str>,
        story: Option<&str>,
    ) -> Result<Vec<Record>, DeskError> {
        let mut seen: Vec<Record> = Vec::new();
        for url in urls {
            let url = extract::canonical_url(url).unwrap_or_else(|| url.to_owned());
            if !self.store.seen(&url)? {
                seen.push(Record::Seen { url, story: story.map(str::to_owned) });
            }
        }
        seen.dedup();
        Ok(seen)
    }

    /// The story that we have already: by id, by address, or by the whole text from the same source
    /// (a mirror, a print view). The same text from another source is a reprint.
    fn known(&self, story: &Story) -> Result<Option<String>, DeskError> {
        if self.store.story(&story.id)?.is_some() {
            return Ok(Some(story.id.clone()));
        }
        if let Some(url) = &story.url
            && let Some(id) = self.store.story_by_url(url)?
        {
            return Ok(Some(id));
        }
        if story.text.trim().is_empty() {
            return Ok(None);
        }
        let copy = self.store.story_by_text(&near::text_hash(story))?;
        let of_one_source = |id: &String| -> Result<bool, DeskError> {
            Ok(self.store.story(id)?.is_some_and(|known| known.story.source == story.source))
        };
        match copy {
            Some(id) if of_one_source(&id)? => Ok(Some(id)),
            _ => Ok(None),
        }
    }

    /// The head of the other stories that this one repeats: word for word, however old they are, or nearly so within
    /// weeks.
    pub(super) fn repeats(
        &self,
        story: &Story,
        candidate: bool,
        captured: Timestamp,
    ) -> Result<Option<String>, DeskError> {
        if near::is_mute(story) {
            return Ok(None);
        }
        if let Some(id) = self.store.story_by_text(&near::text_hash(story))?.filter(|id| *id != story.id)
            && let Some(copy) = self.store.story(&id)?.filter(|copy| copy.verdict.candidate == candidate)
        {
            return Ok(Some(copy.head.unwrap_or(id)));
        }
        let signature = near::signature(story);
        let kept = self.store.near(&near::asks(&signature, story.time(captured)))?.into_iter();
        let mut kept: Vec<(f64, StoryKey)> =
            kept.map(|(key, sketch)| (near::at_most(&signature, &sketch), key)).collect();
        kept.retain(|(at_most, key)| *at_most >= near::SAME && *key != StoryKey::of(&story.id));
        kept.sort_by(|(one, _), (two, _)| two.total_cmp(one));
        let mut best: Option<(f64, String)> = None;
        for (at_most, key) in kept {
            if best.as_ref().is_some_and(|(most, _)| *most >= at_most) {
                break;
            }
            let Some(other) = self.store.story_of(key)?.filter(|other| other.verdict.candidate == candidate) else {
                continue;
            };
            let similarity = near::similarity(&signature, &near::signature(&other.story));
            if similarity >= near::SAME && best.as_ref().is_none_or(|(most, _)| similarity > *most) {
                best = Some((similarity, other.head.unwrap_or(other.story.id)));
            }
        }
        Ok(best.map(|(_, id)| id))
    }

    /// The country of a configured source: the judge's last resort.
    pub(super) fn country_of(&self, source: Option<&str>) -> Option<&str> {
        let source = source?;
        self.config.sources.iter().find(|known| known.name == source)?.country.as_deref()
    }
}

#[cfg(test)]
mod tests;
