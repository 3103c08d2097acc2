//! Where a candidate stands: the fold over its reviews. Reviews are never changed; replaying them
//! gives the same events with the same ids.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::card;
use crate::model::{ByHand, Candidate, Card, Decision, Event, Lang, Moment, Review, Status, Telling};

/// A candidate after some of its reviews.
pub(super) struct Fold {
    pub status: Status,
    /// The columns as the last review left them.
    pub card: Card,
    pub note: Option<String>,
    pub by_hand: Option<ByHand>,
    /// Reviews taken in.
    pub reviews: usize,
    /// The last decision, and who took it.
    decision: Option<(Decision, String)>,
    drafts: Vec<Draft>,
    /// The default id of the story's case.
    pub case: String,
}

/// An event that a story gave; one that was withdrawn keeps its id for the day it comes back.
struct Draft {
    id: String,
    card: Card,
    reviewer: String,
    confirmed: Timestamp,
    live: bool,
}

/// What one row shows of a fold: an event of it, or the candidate itself.
pub(super) struct View<'a> {
    pub card: &'a Card,
    pub decision: Option<Decision>,
    pub reviewer: &'a str,
    /// Id of the case, where an event stands in one.
    pub case: Option<&'a str>,
}

/// Folds the first `count` reviews of a candidate.
pub(super) fn fold(candidate: &Candidate, count: usize) -> Fold {
    fold_over(candidate, &candidate.reviews.iter().take(count).collect::<Vec<_>>())
}

/// Folds some reviews of a candidate.
pub(super) fn fold_over(candidate: &Candidate, reviews: &[&Review]) -> Fold {
    let mut fold = Fold {
        status: Status::Waiting,
        card: Card::default(),
        note: None,
        by_hand: None,
        reviews: 0,
        decision: None,
        drafts: Vec::new(),
        case: case_id(&candidate.id),
    };
    let taken_back = taken_back(reviews);
    let says = |at: usize| reviews[at].takes_back.is_none() && !taken_back.contains(&at);
    if !(0..reviews.len()).any(says) {
        // What the machine proposes stands until somebody says otherwise.
        fold.card = card::proposed(candidate);
    }
    for (at, review) in reviews.iter().enumerate() {
        match says(at) {
            false => fold.pass_over(review),
            true => fold.take(&candidate.id, review),
        }
    }
    fold
}

/// Positions of the reviews that a later one takes back: the last before it with the fingerprint that it
/// names. Where fingerprints were erased it is the last that still stood, since only that can be taken back.
fn taken_back<R: Borrow<Review>>(reviews: &[R]) -> BTreeSet<usize> {
    let mut gone = BTreeSet::new();
    for (at, review) in reviews.iter().enumerate() {
        let Some(named) = &review.borrow().takes_back else { continue };
        let standing = |earlier: &usize| reviews[*earlier].borrow().takes_back.is_none() && !gone.contains(earlier);
        let by_name = (0..at).rev().filter(standing).find(|earlier| reviews[*earlier].borrow().fingerprint == *named);
        if let Some(earlier) = by_name.or_else(|| (0..at).rev().find(standing)) {
            gone.insert(earlier);
        }
    }
    gone
}

/// Positions of the reviews of a candidate that say something: those that were not taken back, and take none back.
fn speaking(candidate: &Candidate) -> impl DoubleEndedIterator<Item = usize> {
    let (reviews, gone) = (&candidate.reviews, taken_back(&candidate.reviews));
    (0..reviews.len()).filter(move |at| reviews[*at].takes_back.is_none() && !gone.contains(at))
}

/// Position of the last review with this content, where it stands: what was taken back is not known any more, and may
/// be decided anew.
pub fn standing(candidate: &Candidate, fingerprint: &str) -> Option<usize> {
    speaking(candidate).rev().find(|at| candidate.reviews[*at].fingerprint == fingerprint)
}

/// Did somebody decide on a candidate after so many reviews, and does it stand?
pub fn decided_after(candidate: &Candidate, count: usize) -> bool {
    speaking(candidate).any(|at| at >= count)
}

/// Does a candidate stand as it did after so many reviews? So it does where there are no more, and where all that
/// came later was taken back, and nothing else was.
pub(super) fn stands_as_after(candidate: &Candidate, count: usize) -> bool {
    let reviews = &candidate.reviews;
    let gone_then = taken_back(&reviews[..count.min(reviews.len())]);
    !decided_after(candidate, count) && taken_back(reviews).range(..count).eq(&gone_then)
}

impl Fold {
    /// A review that was taken back, or that takes one back, counts and says nothing. An event that somebody
    /// entered by hand and took back does not wait for anybody.
    fn pass_over(&mut self, review: &Review) {
        self.reviews += 1;
        if review.by_hand.is_some() && self.by_hand.is_none() {
            self.by_hand = review.by_hand.clone();
            self.card = review.card.clone();
            self.status = Status::Rejected;
        }
    }

    fn take(&mut self, story: &str, review: &Review) {
        self.reviews += 1;
        self.card = review.card.clone();
        self.note = review.note.clone();
        if review.by_hand.is_some() {
            self.by_hand = review.by_hand.clone();
        }
        let Some(decision) = review.decision else {
            if let Some(at) = self.which(&review.card).or_else(|| self.live().last()) {
                self.drafts[at].card = review.card.clone();
            }
            return;
        };
        self.decision = Some((decision, review.reviewer.clone()));
        match decision {
            Decision::Confirm => {
                self.confirm(story, review);
                self.status = Status::Confirmed;
            }
            Decision::Reject => self.withdraw(&review.card, Status::Rejected),
            Decision::Later => self.withdraw(&review.card, Status::Later),
            Decision::Duplicate | Decision::Background => {
                self.drafts.iter_mut().for_each(|draft| draft.live = false);
                let of = review.card.case.clone().unwrap_or_default();
                self.status = match decision {
                    Decision::Duplicate => Status::Duplicate(of),
                    _ => Status::Background(of),
                };
            }
        }
    }

    fn confirm(&mut self, story: &str, review: &Review) {
        let Some(at) = self.which(&review.card) else {
            let id = match self.drafts.is_empty() {
                true => event_id(&[story]),
                false => {
                    event_id(&[story, &card::print(&review.card, "event_date"), &card::print(&review.card, "stage")])
                }
            };
            self.drafts.push(Draft {
                id,
                card: review.card.clone(),
                reviewer: review.reviewer.clone(),
                confirmed: review.at,
                live: true,
            });
            return;
        };
        let draft = &mut self.drafts[at];
        if !draft.live {
            draft.confirmed = review.at;
            draft.live = true;
        }
        draft.card = review.card.clone();
        draft.reviewer = review.reviewer.clone();
    }

    /// Takes back the event that the row shows; all of them where it shows none by date and stage.
    fn withdraw(&mut self, card: &Card, status: Status) {
        let shown = self.live().find(|at| same_development(&self.drafts[*at].card, card));
        match shown {
            Some(at) => self.drafts[at].live = false,
            None => self.drafts.iter_mut().for_each(|draft| draft.live = false),
        }
        self.status = if self.has_events() { Status::Confirmed } else { status };
    }

    fn live(&self) -> impl Iterator<Item = usize> {
        (0..self.drafts.len()).filter(|at| self.drafts[*at].live)
    }

    /// Ids of the events that were withdrawn.
    pub(super) fn withdrawn(&self) -> impl Iterator<Item = &str> {
        self.drafts.iter().filter(|draft| !draft.live).map(|draft| draft.id.as_str())
    }

    pub(super) fn has_events(&self) -> bool {
        self.live().next().is_some()
    }

    /// The event that a row speaks of. `None`: a further one, since both its date and its stage are
    /// new. A row that changes only one of them corrects the event that shares the other.
    pub(super) fn which(&self, card: &Card) -> Option<usize> {
        let find = |same: &dyn Fn(&Card) -> bool| self.live().find(|at| same(&self.drafts[*at].card));
        let same = find(&|known| same_development(known, card));
        if !self.has_events() {
            let withdrawn = self.drafts.iter().position(|draft| same_development(&draft.card, card));
            return withdrawn.or(if self.drafts.is_empty() { None } else { Some(0) });
        }
        if same.is_some() {
            return same;
        }
        if card.event_date.is_none() || card.stage.is_none() {
            return self.live().last();
        }
        find(&|known| known.stage == card.stage)
            .or_else(|| find(&|known| known.event_date == card.event_date))
            .or_else(|| find(&|known| known.stage.is_none() && known.event_date.is_none()))
    }
}

/// Do two cards tell of the same dated development?
pub(super) fn same_development(one: &Card, two: &Card) -> bool {
    one.event_date == two.event_date && one.stage == two.stage
}

/// What the rows of a fold show: each event, or the candidate where there is none. Never empty.
pub(super) fn views(fold: &Fold) -> Vec<View<'_>> {
    let mut views: Vec<View<'_>> = fold
        .live()
        .map(|at| {
            let draft = &fold.drafts[at];
            View {
                card: &draft.card,
                decision: Some(Decision::Confirm),
                reviewer: &draft.reviewer,
                case: Some(&fold.case),
            }
        })
        .collect();
    if views.is_empty() {
        // A row put off waits like any other: whoever decides it signs it.
        let last = fold.decision.as_ref().filter(|(decision, _)| *decision != Decision::Later);
        views.push(View {
            card: &fold.card,
            decision: last.map(|(decision, _)| *decision),
            reviewer: last.map_or("", |(_, reviewer)| reviewer),
            case: None,
        });
    }
    views
}

/// Where a candidate stands.
pub fn status(candidate: &Candidate) -> Status {
    fold(candidate, usize::MAX).status
}

/// How many human acts a candidate has seen. A reprint that arrives leaves it as it is.
pub fn revision(candidate: &Candidate) -> u32 {
    u32::try_from(candidate.reviews.len()).unwrap_or(u32::MAX)
}

/// An opaque id: a letter, then sixteen hexadecimal digits of a hash, so that no spreadsheet takes
/// it for a number.
pub(super) fn opaque(letter: char, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    format!("{letter}{}", crate::model::hex(&hash.finalize()[..8]))
}

fn event_id(parts: &[&str]) -> String {
    opaque('e', parts)
}

/// Id of the case that a row opens where it belongs to no other.
pub fn case_id(row: &str) -> String {
    let story = row;
    opaque('c', &["case", story])
}

/// Id of the case that a candidate stands in, or would stand in if it were confirmed as it is, as far as it alone
/// can tell.
pub fn case_of(candidate: &Candidate) -> String {
    let fold = fold(candidate, usize::MAX);
    let named = match &fold.status {
        Status::Duplicate(of) | Status::Background(of) => Some(of.clone()),
        _ => {
            fold.drafts.iter().find(|draft| draft.live).map_or(fold.card.case.clone(), |draft| draft.card.case.clone())
        }
    };
    match named {
        None => fold.case,
        Some(case) if is_case_id(&case) => case,
        Some(row) => case_id(&row),
    }
}

/// Was this id made by [`case_id`]?
pub(super) fn is_case_id(id: &str) -> bool {
    id.len() == 17 && id.strip_prefix('c').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The confirmed events of one candidate, as far as it alone can tell: a case named by the id of
/// another row is that row's own; [`gather_events`](super::gather_events) knows better.
pub fn events(candidate: &Candidate) -> Vec<Event> {
    events_of(candidate, &fold(candidate, usize::MAX))
}

/// The events that a fold of a candidate holds.
pub(super) fn events_of(candidate: &Candidate, fold: &Fold) -> Vec<Event> {
    if !fold.has_events() {
        return Vec::new();
    }
    let stories = tellings(candidate, fold);
    let evidence = candidate
        .judged
        .as_ref()
        .and_then(|judged| {
            judged.verdict.evidence.iter().map(|fired| card::one_line(&fired.text)).find(|text| !text.is_empty())
        })
        .unwrap_or_default();
    let case_of = |named: Option<&str>| match named {
        None => fold.case.clone(),
        Some(case) if is_case_id(case) => case.to_owned(),
        Some(row) => case_id(row),
    };
    let event = |draft: &Draft| Event {
        id: draft.id.clone(),
        case: case_of(draft.card.case.as_deref()),
        card: draft.card.clone(),
        title: stories[0].title.clone(),
        source: stories[0].source.clone().unwrap_or_default(),
        url: stories[0].url.clone(),
        published: earliest(&stories),
        evidence: evidence.clone(),
        stories: stories.clone(),
        reviewer: draft.reviewer.clone(),
        confirmed: draft.confirmed,
        by_hand: candidate.judged.is_none(),
        origin: fold.by_hand.clone().filter(|_| candidate.judged.is_none()),
        lang: candidate.judged.as_ref().map(|judged| judged.verdict.lang).filter(|lang| *lang != Lang::UND),
    };
    fold.drafts.iter().filter(|draft| draft.live).map(event).collect()
}

/// Everyone who told of a candidate, its own story first. Never empty.
pub(super) fn tellings(candidate: &Candidate, fold: &Fold) -> Vec<Telling> {
    let own = match (&candidate.judged, &fold.by_hand) {
        (Some(judged), _) => Telling::of(&judged.story),
        (None, by_hand) => Telling {
            id: candidate.id.clone(),
            source: by_hand.as_ref().map(|by_hand| by_hand.source.clone()),
            title: by_hand
                .as_ref()
                .and_then(|by_hand| by_hand.title.clone())
                .or_else(|| fold.card.headline.clone())
                .unwrap_or_default(),
            url: by_hand.as_ref().and_then(|by_hand| by_hand.url.clone()),
            published: by_hand.as_ref().and_then(|by_hand| by_hand.published),
        },
    };
    std::iter::once(own).chain(candidate.also.iter().cloned()).collect()
}

pub(super) fn earliest(stories: &[Telling]) -> Option<Moment> {
    stories.iter().filter_map(|telling| telling.published).min()
}
