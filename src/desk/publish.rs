//! Publishing: the digest of a week, rendered and written whole.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::outputs::sha256;
use super::{Desk, DeskError, Step};
use crate::digest::form::Kind;
use crate::digest::{self, Coverage, Digest, Edition, House, IsoWeek, State, table};
use crate::ledger::Act;
use crate::model::{Diagnostic, Lang};

/// Weeks back for which a missed digest is made up.
const MADE_UP: usize = 12;

/// What was published.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Published {
    /// The week.
    pub week: String,
    /// Events in it.
    pub events: usize,
    /// Of them under "Earlier".
    pub earlier: usize,
    /// `draft`, `checked` or `signed`.
    pub state: String,
    /// Events that say nothing in a language while they do in another, by language.
    pub untranslated: Vec<(Lang, usize)>,
    /// The files written.
    pub files: Vec<PathBuf>,
    /// What is wrong with the house's form, where the shipped one stands in for it.
    pub notices: Vec<Diagnostic>,
}

/// A page of a signed digest, as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPage {
    /// Its language.
    pub lang: Lang,
    /// The page.
    pub html: String,
    /// The same as Markdown, where that was signed too.
    pub text: Option<String>,
    /// Name of the page's file.
    pub file: String,
    /// SHA-256 of it, in hexadecimal digits.
    pub sha256: String,
}

/// What a digest is asked for.
pub struct Wanted<'a> {
    /// The week; the last full one where `None`.
    pub week: Option<IsoWeek>,
    /// Languages.
    pub languages: &'a [Lang],
    /// Formats: `md`, `html`, `csv`, `json`.
    pub formats: &'a [String],
    /// Internal or public.
    pub edition: Edition,
    /// Where to write.
    pub dir: &'a Path,
    /// The step that it is taken to, and by whom. A digest is never frozen: what it held stands in the
    /// ledger, and the next one tells what came late.
    pub step: Option<(Step, String)>,
}

impl Desk {
    /// The events of a week with its coverage, as every format prints them.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn gather_digest(&self, week: IsoWeek) -> Result<Digest, DeskError> {
        self.gathered_digest(week, self.house(Kind::Digest).0)
    }

    fn gathered_digest(&self, week: IsoWeek, house: House) -> Result<Digest, DeskError> {
        let zone = &self.config.schedule.time_zone;
        let published: BTreeMap<String, Vec<String>> = self.store.digests()?;
        let health = self.store.health(week.monday(), week.sunday())?;
        let undecided = self
            .waiting()?
            .iter()
            .filter_map(|candidate| candidate.judged.as_ref()?.story.published)
            .filter(|published| week.holds(published.date_in(zone)))
            .count();
        let names = self.config.sources.iter().map(|source| source.name.clone()).collect();
        let coverage = Coverage::of(names, &health, undecided);
        let mut digest = Digest::gather(&self.events()?, week, zone, &published, coverage);
        let all: Vec<_> = digest.events.iter().chain(&digest.earlier).chain(&digest.before).collect();
        digest.wordings = self.wordings(&all)?;
        digest.house = house;
        digest.state = Self::state_of(&self.store.reports()?, &week.to_string());
        Ok(digest)
    }

    /// Writes the digest of a week in each language and format, and notes in the ledger which events
    /// it held.
    ///
    /// # Errors
    /// Where the store cannot be read or a file not be written.
    pub fn digest(&self, wanted: &Wanted<'_>, now: Timestamp) -> Result<Published, DeskError> {
        let week = wanted.week.unwrap_or_else(|| IsoWeek::last_full(now, &self.config.schedule.time_zone));
        let (house, fault) = self.house(Kind::Digest);
        let notices = Self::form_stands(fault, wanted.step.is_some())?;
        let mut digest = self.gathered_digest(week, house)?;
        if let Some((step, by)) = &wanted.step {
            digest.state = step.state(by, now);
        }
        let both: Vec<_> = digest.events.iter().chain(&digest.earlier).cloned().collect();
        let untranslated = table::untranslated(&both, &digest.wordings, wanted.edition, &digest.zone, wanted.languages);
        let mut published = Published {
            week: week.to_string(),
            events: digest.events.len() + digest.earlier.len(),
            earlier: digest.earlier.len(),
            state: digest.state.id().to_owned(),
            untranslated,
            files: Vec::new(),
            notices,
        };
        let mut signed: Vec<(String, String)> = Vec::new();
        for format in wanted.formats {
            for lang in wanted.languages {
                let Some(bytes) = digest::render(&digest, *lang, format, wanted.edition) else {
                    return Err(DeskError::Asked(format!("`{format}` is no format of a digest")));
                };
                let file = wanted.dir.join(digest::file_name(week, *lang, format));
                signed.push((digest::file_name(week, *lang, format), sha256(&bytes)));
                published.files.push(self.write_output(&file, &bytes)?);
            }
        }
        if wanted.edition == Edition::Public {
            let told: Vec<_> = digest.events.iter().chain(&digest.earlier).collect();
            published.files.extend(self.publish_attachments(&told, &digest.wordings, wanted.dir)?);
        }
        let mut acts = Vec::new();
        let events: Vec<String> = both.into_iter().map(|event| event.id).collect();
        if self.store.digests()?.get(&published.week) != Some(&events) {
            acts.push(Act::Digest { week: published.week.clone(), events });
        }
        if let Some((step, by)) = &wanted.step {
            acts.push(Act::Report {
                period: published.week.clone(),
                state: step.id().to_owned(),
                by: by.clone(),
                at: now,
                files: signed,
            });
        }
        self.record_acts(acts, now)?;
        Ok(published)
    }

    /// The files of a signed digest in those languages in which it was not sent yet, as they were signed: bytes of
    /// the public edition, ready to be sent.
    ///
    /// # Errors
    /// Where nobody signed it, a file is not what was signed or is no public edition, it was sent before in all of
    /// them, or the store cannot be read.
    pub fn signed_digest(&self, week: IsoWeek, languages: &[Lang], dir: &Path) -> Result<Vec<SignedPage>, DeskError> {
        let name = week.to_string();
        let acts: Vec<_> = self.store.reports()?.into_iter().filter(|act| act.period == name).collect();
        let again = format!("sozwatch digest --week {name} --public --format html,md --state signed --by NAME");
        if !matches!(Self::state_of(&acts, &name), State::Signed { .. }) {
            return Err(DeskError::Asked(format!(
                "the digest of {name} is not signed, and only a signed one is sent\n  help: {again}"
            )));
        }
        let signed = acts.iter().rev().find(|act| act.state == "signed").map(|act| &act.files);
        let hash_of = |file: &str| signed.into_iter().flatten().find(|(name, _)| name == file).map(|(_, hash)| hash);
        let (mut pages, mut refused) = (Vec::new(), None);
        'languages: for lang in languages {
            let mut page =
                SignedPage { lang: *lang, html: String::new(), text: None, file: String::new(), sha256: String::new() };
            for format in ["html", "md"] {
                let file = digest::file_name(week, *lang, format);
                let Some(hash) = hash_of(&file) else {
                    if format == "md" {
                        continue;
                    }
                    return Err(DeskError::Asked(format!("{file} was not signed\n  help: {again}")));
                };
                let path = dir.join(&file);
                let bytes = std::fs::read(&path).map_err(DeskError::file("read", &path))?;
                if sha256(&bytes) != *hash {
                    return Err(DeskError::Asked(format!(
                        "{} is not what was signed\n  help: {again}",
                        path.display()
                    )));
                }
                let text = String::from_utf8_lossy(&bytes).into_owned();
                if digest::says_internal(&text) {
                    return Err(DeskError::Asked(format!("{file} is the internal edition\n  help: {again}")));
                }
                if format == "md" {
                    page.text = Some(text);
                    continue;
                }
                let sent =
                    acts.iter().find(|act| act.state == "sent" && act.files.iter().any(|(_, sent)| sent == hash));
                if let Some(sent) = sent {
                    refused = Some(DeskError::Asked(format!("{file} was sent by {} at {}", sent.by, sent.at)));
                    continue 'languages;
                }
                (page.html, page.file, page.sha256) = (text, file, hash.clone());
            }
            pages.push(page);
        }
        match refused {
            Some(refused) if pages.is_empty() => Err(refused),
            _ => Ok(pages),
        }
    }

    /// Notes in the ledger that a page of a signed digest was sent to its readers.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub fn note_sent(&self, week: IsoWeek, page: &SignedPage, by: &str, now: Timestamp) -> Result<(), DeskError> {
        let files = vec![(page.file.clone(), page.sha256.clone())];
        let act = Act::Report { period: week.to_string(), state: "sent".to_owned(), by: by.to_owned(), at: now, files };
        self.record_acts(vec![act], now)
    }

    /// The oldest week whose digest was due by now and never written, where there is one: the daemon makes
    /// up what it missed, and never writes one twice by itself.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn digest_due(&self, now: Timestamp) -> Result<Option<IsoWeek>, DeskError> {
        let schedule = &self.config.schedule;
        let due = digest::last_due(now, schedule.digest.weekday, schedule.digest.time, &schedule.time_zone);
        let mut week = IsoWeek::last_full(due, &schedule.time_zone);
        let Some(first) = self.store.first_watched()? else { return Ok(None) };
        let written = self.store.digests()?;
        let mut owed = None;
        for _ in 0..MADE_UP {
            // A workspace that did not exist when the digest was due owes none.
            if week.sunday() < first {
                break;
            }
            if !written.contains_key(&week.to_string()) {
                owed = Some(week);
            }
            let Ok(before) = week.monday().yesterday() else { break };
            week = IsoWeek::of(before);
        }
        Ok(owed)
    }
}
