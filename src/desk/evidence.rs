//! Evidence: keeping pages, finishing the file of a day, having it time-stamped, and checking all of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::PoisonError;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{Desk, DeskError};
pub use crate::archive::FileState;
use crate::archive::{self, ArchiveError, Checked, Remark, Summed, stamp};
use crate::config::KeepPages;
use crate::ledger::{self, Act, Record, Verified};
use crate::model::{Ask, Attachment, Capture, Diagnostic, Found, Page, Place, Verdict, Visit, hex};
use crate::net::Client;

/// Records, evidence, and how they fit together.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Checkup {
    /// Ledger and journal.
    #[serde(flatten)]
    pub records: Verified,
    /// The archive.
    pub archive: Checked,
    /// Stories whose page lies in the archive as it was when they were kept.
    pub vouched: u64,
    /// Attachments of events entered by hand, each as it was when it was taken.
    pub attachments: u64,
}

impl Checkup {
    /// Everything that was changed, cut or lost.
    pub fn faults(&self) -> impl Iterator<Item = &Diagnostic> {
        self.records.faults.iter().chain(&self.archive.faults)
    }
}

impl Desk {
    /// What vouches for a story: the digest of its page, and where the page lies if it is to be kept.
    /// `of_candidate`: the story or an earlier wording of it deserves a human.
    pub(super) fn capture(
        &self,
        page: &Page,
        verdict: &Verdict,
        of_candidate: bool,
        outcome: &str,
        now: Timestamp,
    ) -> Result<Capture, DeskError> {
        let wanted = match self.config.archive.keep {
            KeepPages::All => true,
            KeepPages::Candidates => of_candidate,
            KeepPages::None => false,
        };
        let place = match wanted {
            true => Some(self.keep_page(page, &remarks(verdict, self.bench().version(), outcome), now)?),
            false => None,
        };
        Ok(Capture { sha256: hex(&Sha256::digest(&page.body)), place, ask: of_candidate.then(|| Ask::of(page)) })
    }

    /// Keeps a page that gave no story, where every page is kept.
    pub(super) fn keep_without_story(&self, page: &Page, outcome: &str, now: Timestamp) -> Result<(), DeskError> {
        if self.config.archive.keep == KeepPages::All {
            self.keep_page(page, &[("outcome", outcome.to_owned())], now)?;
        }
        Ok(())
    }

    fn keep_page(&self, page: &Page, remarks: &[Remark], now: Timestamp) -> Result<Place, DeskError> {
        Ok(self.archive.lock().unwrap_or_else(PoisonError::into_inner).keep(page, remarks, now)?)
    }

    /// Finishes the files of days that are over: their digests go into the ledger. Tells which.
    ///
    /// # Errors
    /// Where a file cannot be read, or the ledger cannot be written.
    pub fn finish_days(&self, now: Timestamp) -> Result<Vec<String>, DeskError> {
        let mut archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
        let mut done = Vec::new();
        for file in archive.over(now)? {
            let Summed { file, sha256, bytes, records } = archive::sum_up(&self.folder(), &file)?;
            let act = Act::Evidence { file: file.clone(), sha256: sha256.clone(), bytes, records };
            self.record_acts(vec![act], now)?;
            archive.finish(&Summed { file: file.clone(), sha256, bytes, records })?;
            tracing::info!(file, records, "evidence of the day is finished");
            done.push(file);
        }
        Ok(done)
    }

    /// Erases the pages of some stories from the archive for good. The digests of finished files that held
    /// them go into the ledger anew. Erasing twice does no harm.
    ///
    /// # Errors
    /// Where a file cannot be written anew, or the ledger cannot be written.
    pub fn erase_pages(&self, ids: &[String], now: Timestamp) -> Result<(), DeskError> {
        let mut places = Vec::new();
        for id in ids {
            let capture = self.store.story(id)?.and_then(|judged| judged.capture);
            places.extend(capture.and_then(|capture| capture.place));
            for visit in self.store.visits(id)? {
                if let Found::Changed(now) = visit.found {
                    places.extend(now.capture.place);
                }
            }
        }
        let mut archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
        for summed in archive.erase(&places, now)? {
            if self.store.evidence()?.get(&summed.file) != Some(&summed.sha256) {
                let Summed { file, sha256, bytes, records } = summed.clone();
                self.record_acts(vec![Act::Evidence { file, sha256, bytes, records }], now)?;
            }
            archive.finish(&summed)?;
        }
        Ok(())
    }

    /// Has each finished file without a token time-stamped, where an authority is configured. What
    /// fails is told and tried again with the next call.
    ///
    /// # Errors
    /// Where the store cannot be read or a token cannot be written.
    pub async fn stamp_days(&self, client: &Client) -> Result<Vec<Diagnostic>, DeskError> {
        let Some(authority) = &self.config.archive.timestamp else { return Ok(Vec::new()) };
        let mut told = Vec::new();
        for (file, sha256) in self.store.evidence()? {
            let folder = self.folder();
            if stamp::path(&folder, &file).exists() || !folder.join(archive::FOLDER).join(&file).exists() {
                continue;
            }
            if let Err(why) = self.stamp(client, authority, &file, &sha256).await? {
                tracing::warn!(file, why, "no time-stamp");
                told.push(
                    Diagnostic::new(authority, format!("no time-stamp for {file}: {why}"))
                        .help("it is asked again with the next cycle; `[archive] timestamp` names the authority"),
                );
                // An authority that has trouble is not asked for the next file too.
                break;
            }
        }
        Ok(told)
    }

    async fn stamp(
        &self,
        client: &Client,
        authority: &str,
        file: &str,
        sha256: &str,
    ) -> Result<Result<(), String>, DeskError> {
        let Some(digest) = unhex(sha256) else { return Ok(Err("the ledger holds no SHA-256 of it".to_owned())) };
        let mut nonce = [0; 8];
        if let Err(error) = getrandom::fill(&mut nonce) {
            return Ok(Err(error.to_string()));
        }
        // The highest bit is set, so that every nonce takes the same bytes in DER.
        let nonce = u64::from_be_bytes(nonce) | 1 << 63;
        let answer = match client.ask_for_stamp(authority, stamp::request(&digest, nonce)).await {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error.to_string())),
        };
        match stamp::read(&answer) {
            Err(why) => Ok(Err(why)),
            Ok(token) if token.digest != sha256 => Ok(Err("the token speaks of another digest".to_owned())),
            Ok(token) if token.nonce.as_ref().is_some_and(|given| *given != stamp::nonce_bytes(nonce)) => {
                Ok(Err("the token answers another request".to_owned()))
            }
            Ok(_) => Ok(Ok(stamp::keep(&self.folder(), file, &answer)?)),
        }
    }

    /// Checks the chain of the ledger, the sealed values beside it, the batches of the journal, every
    /// record of the archive, the digests of finished days, and that each story's page is there.
    ///
    /// # Errors
    /// Where a file cannot be read at all.
    pub fn verify(folder: &Path) -> Result<Checkup, DeskError> {
        let mut finished = Vec::new();
        let mut captures = Vec::new();
        let mut attached: BTreeMap<String, Attachment> = BTreeMap::new();
        let records = ledger::verify_seeing(
            folder,
            &mut |act| match act {
                Act::Evidence { file, sha256, bytes, records } => {
                    finished.retain(|known: &Summed| known.file != file);
                    finished.push(Summed { file, sha256, bytes, records });
                }
                Act::Review(review) => {
                    let attachments = review.by_hand.into_iter().flat_map(|by_hand| by_hand.attachments);
                    attached.extend(attachments.map(|attachment| (attachment.sha256.clone(), attachment)));
                }
                _ => {}
            },
            &mut |record| {
                let (id, capture) = match record {
                    Record::Story(judged) => (judged.story.id, judged.capture),
                    Record::Visit { id, visit: Visit { found: Found::Changed(now), .. } } => (id, Some(now.capture)),
                    _ => return,
                };
                if let Some(Capture { sha256, place: Some(place), .. }) = capture {
                    captures.push((id, sha256, place));
                }
            },
        )?;
        let mut checkup = Checkup { records, archive: archive::verify(folder, &finished)?, vouched: 0, attachments: 0 };
        for attachment in attached.values() {
            let faults = archive::verify_attachment(folder, attachment);
            checkup.attachments += u64::from(faults.is_empty());
            checkup.archive.faults.extend(faults);
        }
        // A verdict that was given anew names the same page again.
        captures.sort_by(|a, b| (&a.2.file, &a.2.record, &a.0).cmp(&(&b.2.file, &b.2.record, &b.0)));
        captures.dedup();
        for (story, sha256, Place { file, record }) in captures {
            let path = folder.join(archive::FOLDER).join(&file).display().to_string();
            let place = (file, record.clone());
            match checkup.archive.pages.get(&place) {
                None if checkup.archive.gone.contains(&place) => {}
                Some(found) if *found == sha256 => checkup.vouched += 1,
                Some(_) => {
                    let message =
                        format!("the record {record} does not hold the page that story {story} was read from");
                    checkup.archive.faults.push(Diagnostic::new(path, message).help("put the file back from a copy"));
                }
                None => {
                    let message = format!("the page of story {story} (record {record}) is missing");
                    checkup.archive.faults.push(Diagnostic::new(path, message).help("put the file back from a copy"));
                }
            }
        }
        Ok(checkup)
    }
}

/// Opens the archive of a store folder with what the index knows of finished files.
pub(super) fn open_archive(
    folder: &Path,
    finished: impl IntoIterator<Item = String>,
) -> Result<(archive::Archive, Vec<Diagnostic>), ArchiveError> {
    archive::Archive::open(folder, finished.into_iter().collect())
}

/// Why a page was kept, line by line.
fn remarks(verdict: &Verdict, rule_set: &str, outcome: &str) -> Vec<Remark> {
    let mut remarks = vec![
        ("story", verdict.id.clone()),
        ("outcome", outcome.to_owned()),
        ("candidate", verdict.candidate.to_string()),
        ("score", format!("{:.4}", verdict.score)),
        ("rule-set", rule_set.to_owned()),
    ];
    remarks.extend(verdict.categories.iter().map(|label| {
        let subtype = label.subtype.as_ref().map(|subtype| format!("/{subtype}")).unwrap_or_default();
        ("category", format!("{}{subtype}", label.id))
    }));
    remarks.extend(verdict.evidence.iter().map(|evidence| ("rule", evidence.rule.clone())));
    remarks.extend(verdict.against.iter().map(|evidence| ("rule-against", evidence.rule.clone())));
    remarks
}

fn unhex(digits: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    (digits.len() == 64).then_some(bytes)
}
