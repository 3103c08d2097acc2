//! What people bring in by hand from the archive, and what they take back: a file imported by mistake.

use std::path::Path;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{Desk, DeskError};
use crate::ledger::Act;
use crate::model::{Candidate, Card, Review, hex};
use crate::review;

/// What taking a file back came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct TakenBack {
    /// Decisions taken back.
    pub decisions: usize,
    /// Of them those on rows that somebody decided again since; what was decided last stands.
    pub decided_since: Vec<String>,
    /// Was the file known only by its name, its bytes being others now?
    pub by_name: bool,
}

impl Desk {
    /// Takes back every decision that a file brought, by new entries of the ledger. The file is known by its bytes;
    /// one that was written anew since, by its name: then the last import under that name is taken back.
    ///
    /// # Errors
    /// Where no decision was taken from the file, or a record cannot be read or written.
    pub fn take_back(&self, file: &Path, by: &str, now: Timestamp) -> Result<TakenBack, DeskError> {
        let _deciding = self.deciding.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(DeskError::file("read", file)(error)),
        };
        let by_bytes = self.store.taken_from(&hex(&Sha256::digest(&bytes)))?;
        let mut done = TakenBack { by_name: by_bytes.is_none(), ..TakenBack::default() };
        let rows = match by_bytes {
            Some(rows) => Some(rows),
            None => self.store.taken_last_from(&name)?,
        };
        let Some(rows) = rows else {
            return Err(DeskError::Asked(format!(
                "no decision was ever taken from {name}: there is nothing to take back"
            )));
        };
        let mut acts = Vec::new();
        for (id, fingerprint) in rows {
            let Some(candidate) = self.store.candidate(&id)? else { continue };
            let gone = candidate.reviews.iter().any(|review| review.takes_back.as_deref() == Some(&*fingerprint));
            let Some(at) = candidate.reviews.iter().position(|review| review.fingerprint == fingerprint) else {
                continue;
            };
            if gone {
                continue;
            }
            if candidate.reviews[at + 1..].iter().any(|review| review.takes_back.is_none()) {
                done.decided_since.push(id.clone());
            }
            let reviewer = if by.is_empty() { candidate.reviews[at].reviewer.clone() } else { by.to_owned() };
            acts.push(Act::Review(Review {
                id,
                reviewer,
                at: now,
                decision: None,
                card: Card::default(),
                note: None,
                by_hand: None,
                fingerprint: hex(&Sha256::digest(format!("take back {fingerprint}"))),
                takes_back: Some(fingerprint),
                saw: None,
            }));
        }
        done.decisions = acts.len();
        self.record_acts(acts, now)?;
        Ok(done)
    }

    /// Brings a story that the machine passed over into the queue. False where it is there already.
    ///
    /// # Errors
    /// Where no story has the id, or the records cannot be written.
    pub fn bring_in(&self, id: &str, by: &str, now: Timestamp) -> Result<bool, DeskError> {
        let _deciding = self.deciding.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if self.store.candidate(id)?.is_some() {
            return Ok(false);
        }
        let Some(judged) = self.store.story(id)? else {
            return Err(DeskError::Asked(format!(
                "no story has the id {id}; `sozwatch search WORDS` finds those kept"
            )));
        };
        let candidate = Candidate { id: id.to_owned(), judged: Some(judged), also: Vec::new(), reviews: Vec::new() };
        let review = Review {
            id: id.to_owned(),
            reviewer: by.to_owned(),
            at: now,
            decision: None,
            card: review::proposed(&candidate),
            note: None,
            by_hand: None,
            fingerprint: hex(&Sha256::digest(format!("bring in {id}"))),
            takes_back: None,
            saw: None,
        };
        self.record_acts(vec![Act::Review(review)], now)?;
        Ok(true)
    }
}
