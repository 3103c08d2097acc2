//! What the log tells of a page on its way: one line a stage, all with the id of its story. Ids, addresses and names of
//! sources and rules; never a word of what somebody wrote.
//!
//! A page is fetched before anybody knows which story is in it: up to there the id is that of its address, which most
//! stories keep. One that says itself where it belongs is told with both ids when it is extracted.

use super::Kept;
use super::judge::story_id;
use crate::extract;
use crate::model::{Capture, Found, Judged, Page, Place, Story};

/// Whose page it is, and where it was announced.
#[derive(Clone, Copy)]
pub(super) struct Trail<'a> {
    pub(super) source: Option<&'a str>,
    pub(super) url: &'a str,
}

/// How fetching a page ended, where it did not end in a story.
pub(super) enum Ended<'a> {
    Kept(&'a Kept),
    Unchanged,
    Failed(&'a str),
    Refused(&'a str),
    SetAside(&'a str),
}

impl Trail<'_> {
    /// The id that the story at this address has unless it says otherwise.
    fn story(&self) -> String {
        story_id(&extract::canonical_url(self.url).unwrap_or_else(|| self.url.to_owned()))
    }

    /// A page has arrived.
    pub(super) fn fetched(&self, page: &Page) {
        let status = page.wire.as_ref().map(|wire| wire.status);
        let (bytes, answered) = (page.body.len(), (page.url != self.url).then_some(page.url.as_str()));
        tracing::debug!(source = self.source, story = self.story(), url = self.url, answered, status, bytes, "fetched");
    }

    /// An article was found on it.
    pub(super) fn extracted(&self, story: &Story) {
        let own = self.story();
        let fetched_as = (own != story.id).then_some(own);
        let letters = story.text.chars().count();
        tracing::debug!(source = self.source, story = story.id, fetched_as, url = self.url, letters, "extracted");
    }

    /// What fetching it came to: the last line of every page that was asked for, and the only one of it that is not
    /// about details.
    pub(super) fn ended(&self, how: &Ended<'_>) {
        let (source, url) = (self.source, self.url);
        let (outcome, story, of, why) = match how {
            Ended::Kept(Kept::Stored { id, candidate: true }) => ("candidate", Some(id), None, None),
            Ended::Kept(Kept::Stored { id, candidate: false }) => ("stored", Some(id), None, None),
            Ended::Kept(Kept::Reprint { id, of }) => ("reprint", Some(id), Some(of), None),
            Ended::Kept(Kept::Duplicate { of }) => ("duplicate", None, Some(of), None),
            Ended::Kept(Kept::Quarantined(reason)) => ("quarantined", None, None, Some(reason.as_str())),
            Ended::SetAside(reason) => ("quarantined", None, None, Some(*reason)),
            Ended::Unchanged => ("duplicate", None, None, None),
            Ended::Refused(why) => ("refused", None, None, Some(*why)),
            Ended::Failed(why) => {
                let story = self.story();
                tracing::warn!(source, story, url, outcome = "failed", why, "page; it is tried again");
                return;
            }
        };
        let story = story.cloned().unwrap_or_else(|| self.story());
        tracing::info!(source, story, url, outcome, of, why, "page");
    }
}

/// A visit to the page of a candidate that is known.
pub(super) struct Revisit<'a> {
    pub(super) source: &'a str,
    pub(super) story: &'a str,
    pub(super) url: &'a str,
}

impl Revisit<'_> {
    /// What it found, and why nothing was seen.
    pub(super) fn found(&self, found: &Found, why: Option<&str>) {
        let Self { source, story, url } = self;
        let (word, status) = match found {
            Found::Same => ("same", None),
            Found::Changed(_) => ("changed", None),
            Found::Gone { status } => ("gone", *status),
            Found::Unseen { .. } => ("unseen", None),
        };
        tracing::info!(source, story, url, found = word, status, why, "revisited");
    }
}

/// A story is known already.
pub(super) fn duplicate(story: &Story, of: &str) {
    tracing::debug!(source = story.source, story = story.id, of, "duplicate");
}

/// A story was judged.
pub(super) fn judged(judged: &Judged) {
    let Judged { story, verdict, rule_set, .. } = judged;
    let names = |evidence: &[crate::model::Evidence]| {
        let mut names: Vec<&str> = evidence.iter().map(|fired| fired.rule.as_str()).collect();
        names.dedup();
        names.join(" ")
    };
    tracing::debug!(
        source = story.source,
        story = story.id,
        candidate = verdict.candidate,
        score = verdict.score,
        rules = names(&verdict.evidence),
        against = names(&verdict.against),
        rule_set,
        head = judged.head,
        "judged"
    );
}

/// Its page lies in the archive, synced.
pub(super) fn archived(story: &Story, capture: Option<&Capture>) {
    if let Some(Place { file, record }) = capture.and_then(|capture| capture.place.as_ref()) {
        tracing::debug!(source = story.source, story = story.id, file, record, "archived");
    }
}

/// Its row stands in the queue file.
pub(super) fn queued(source: Option<&str>, story: &str) {
    tracing::debug!(source, story, "queued");
}
