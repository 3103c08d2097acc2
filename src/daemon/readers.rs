//! A signed digest to those who read it: one mail a language, to all by BCC, so that nobody learns who else
//! reads. The lists lie in files outside the store, which no backup takes along. What is not signed is never
//! sent, and nothing is sent by itself: a person asks for it.
#![expect(clippy::disallowed_methods, reason = "edge: the files with the readers' addresses")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Message, Transport as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::mail::{self, MailError};
use crate::config::MailConfig;
use crate::desk::{Desk, DeskError, SignedPage};
use crate::digest::{self, IsoWeek};
use crate::disk::{self, DiskError};
use crate::model::{Diagnostic, Lang, hex};

/// Addresses in one mail; a server takes a hundred at least (RFC 5321, 4.5.3.1.8).
const AT_ONCE: usize = 50;
/// Longest list that is read, in bytes.
const LONGEST: usize = 4 << 20;

/// What kept a digest from being sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The configuration names no server or no list.
    #[error("{0}")]
    Configured(String),
    /// A list cannot be read, or a line of it is no address.
    #[error("{0}")]
    List(Diagnostic),
    /// Whom it has reached cannot be noted.
    #[error("it went on its way, and whom it has reached cannot be noted: {0}")]
    Noted(#[from] DiskError),
    /// What was signed cannot be sent.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// Some were sent, then the server took no more.
    #[error(
        "{sent} of {all} readers in {lang} were sent it, then: {cause}\n  help: the same command again sends it to the others"
    )]
    Stopped {
        /// The language.
        lang: Lang,
        /// Readers that it went to.
        sent: usize,
        /// Readers on the list.
        all: usize,
        /// What the mail server or the writing of the mail said.
        #[source]
        cause: MailError,
    },
}

/// Sends the signed digest of a week to its readers; tells how many, by language. Each language is noted in
/// the ledger when its last mail was taken; where sending stops before that, the next one leaves out whom it
/// has reached.
///
/// # Errors
/// Before anything is sent: where it is not signed, a file is not what was signed, or a list is not whole.
/// Then: where the server takes no more.
pub fn send(desk: &Desk, week: IsoWeek, dir: &Path, by: &str, now: Timestamp) -> Result<Vec<(Lang, usize)>, SendError> {
    let configured = |what: &str| SendError::Configured(format!("nobody is sent the digest: {what}"));
    let mail = desk.config().mail.as_ref().ok_or_else(|| configured("there is no [mail] in config.toml"))?;
    if mail.readers.is_empty() {
        return Err(configured("[mail] names no readers, such as readers = { ru = \"readers.ru.txt\" }"));
    }
    let mut lists = Vec::new();
    for (lang, file) in &mail.readers {
        let path = desk.root().join(file);
        let held = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if std::fs::canonicalize(desk.folder()).is_ok_and(|store| held.starts_with(store)) {
            let fault = Diagnostic::new(path.display().to_string(), "the list of readers lies in the store's folder");
            return Err(SendError::List(fault.help("move it elsewhere: backups take the store along")));
        }
        let bytes = std::fs::read(&path).map_err(|error| {
            SendError::List(Diagnostic::new(path.display().to_string(), format!("the list cannot be read: {error}")))
        })?;
        lists.push((*lang, addresses(&bytes, &path.display().to_string()).map_err(SendError::List)?));
    }
    let languages: Vec<Lang> = lists.iter().map(|(lang, _)| *lang).collect();
    let pages = desk.signed_digest(week, &languages, dir)?;
    let mut told = Vec::new();
    for page in &pages {
        let Some((lang, list)) = lists.iter().find(|(lang, _)| *lang == page.lang) else { continue };
        let mut reached = Reached::of(&desk.folder(), &page.sha256)?;
        let missing: Vec<Mailbox> = list.iter().filter(|reader| !reached.has(reader)).cloned().collect();
        let before = list.len() - missing.len();
        let mut sent = 0;
        for some in missing.chunks(AT_ONCE) {
            deliver(mail, desk.root(), week, page, some).map_err(|cause| SendError::Stopped {
                lang: *lang,
                sent: before + sent,
                all: list.len(),
                cause,
            })?;
            sent += some.len();
            reached.note(some)?;
        }
        if before + sent > 0 {
            desk.note_sent(week, page, by, now)?;
        }
        reached.forget()?;
        told.push((*lang, sent));
    }
    Ok(told)
}

/// Whom a page has reached, in the store's folder, until it has reached everybody: no addresses, but their hashes
/// under a salt of its own. Sending goes on from there where it stopped.
struct Reached {
    file: PathBuf,
    of: Hashes,
}

#[derive(Default, Serialize, Deserialize)]
struct Hashes {
    salt: String,
    readers: BTreeSet<String>,
}

impl Reached {
    fn of(folder: &Path, page: &str) -> Result<Self, SendError> {
        let file = folder.join(format!("sending-{page}.json"));
        let known = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let of = match known {
            Some(known) => known,
            None => {
                let mut salt = [0; 16];
                getrandom::fill(&mut salt)
                    .map_err(|error| SendError::Configured(format!("no random salt: {error}")))?;
                Hashes { salt: hex(&salt), readers: BTreeSet::new() }
            }
        };
        Ok(Self { file, of })
    }

    fn hash(&self, reader: &Mailbox) -> String {
        let address = reader.email.to_string().to_lowercase();
        hex(&Sha256::new().chain_update(&self.of.salt).chain_update(address).finalize())
    }

    fn has(&self, reader: &Mailbox) -> bool {
        self.of.readers.contains(&self.hash(reader))
    }

    fn note(&mut self, readers: &[Mailbox]) -> Result<(), SendError> {
        let hashes: Vec<String> = readers.iter().map(|reader| self.hash(reader)).collect();
        self.of.readers.extend(hashes);
        let bytes = serde_json::to_vec(&self.of).unwrap_or_default();
        Ok(disk::write_whole(&disk::Real, &self.file, &bytes)?)
    }

    fn forget(self) -> Result<(), SendError> {
        match std::fs::remove_file(&self.file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(SendError::Configured(format!(
                "it was sent, and {} cannot be removed: {error}",
                self.file.display()
            ))),
            _ => Ok(()),
        }
    }
}

/// The addresses of a list: one a line, `#` begins a remark, none twice.
fn addresses(bytes: &[u8], path: &str) -> Result<Vec<Mailbox>, Diagnostic> {
    if bytes.len() > LONGEST {
        return Err(Diagnostic::new(path, format!("a list is {} MiB long at most", LONGEST >> 20)));
    }
    let text = String::from_utf8_lossy(bytes);
    let (mut known, mut list) = (BTreeSet::new(), Vec::new());
    for (at, given) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let given = given.split('#').next().unwrap_or_default().trim();
        if given.is_empty() {
            continue;
        }
        let mailbox: Mailbox = given.parse().map_err(|_| {
            Diagnostic::new(path, format!("`{given}` is no mail address"))
                .at(at + 1)
                .help("write one address a line, such as reader@outlet.example; nothing was sent")
        })?;
        if known.insert(mailbox.email.to_string().to_lowercase()) {
            list.push(mailbox);
        }
    }
    Ok(list)
}

fn deliver(
    mail: &MailConfig,
    root: &Path,
    week: IsoWeek,
    page: &SignedPage,
    readers: &[Mailbox],
) -> Result<(), MailError> {
    let from: Mailbox = mail.from.parse().map_err(|_| MailError::Address(mail.from.clone()))?;
    // To the house itself: a mail must name somebody, and names nobody who reads.
    let mut message = Message::builder().from(from.clone()).to(from).subject(digest::called(week, page.lang));
    for reader in readers {
        message = message.bcc(reader.clone());
    }
    let html = SinglePart::html(page.html.clone());
    let message = match &page.text {
        Some(text) => {
            message.multipart(MultiPart::alternative().singlepart(SinglePart::plain(text.clone())).singlepart(html))
        }
        None => message.singlepart(html),
    }?;
    mail::transport(mail, root)?.send(&message)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::mail::tests::{mail, server};
    use super::*;

    fn page() -> SignedPage {
        SignedPage {
            lang: Lang::RU,
            html: "<p>Свобода слова</p>".to_owned(),
            text: Some("# Свобода слова".to_owned()),
            file: "digest-2017-W46.ru.html".to_owned(),
            sha256: "00".to_owned(),
        }
    }

    #[test]
    fn readers_get_it_and_do_not_see_each_other() {
        let (port, serving) = server();
        let list = addresses("dana@reader.example\nАсет <aset@reader.example>\n".as_bytes(), "list.txt").unwrap();
        deliver(&mail(port), Path::new("."), "2017-W46".parse().unwrap(), &page(), &list).unwrap();
        let told = serving.join().unwrap();
        let has = |start: &str| told.iter().any(|line| line.starts_with(start));
        assert!(has("RCPT TO:<dana@reader.example>") && has("RCPT TO:<aset@reader.example>"), "{told:?}");
        let data = told.iter().position(|line| line == "DATA").unwrap();
        let letter = told[data..].join("\n").to_lowercase();
        assert!(!letter.contains("reader.example") && !letter.contains("bcc:"), "{letter}");
        assert!(letter.contains("text/html") && letter.contains("text/plain"), "{letter}");
    }

    #[test]
    fn whom_a_page_has_reached_is_known_without_an_address() {
        let folder = tempfile::tempdir().unwrap();
        let reader = |address: &str| address.parse::<Mailbox>().unwrap();
        let mut reached = Reached::of(folder.path(), "00ff").unwrap();
        reached.note(&[reader("Dana <dana@reader.example>")]).unwrap();
        let again = Reached::of(folder.path(), "00ff").unwrap();
        assert!(again.has(&reader("DANA@reader.example")) && !again.has(&reader("aset@reader.example")));
        assert!(!Reached::of(folder.path(), "11ff").unwrap().has(&reader("dana@reader.example")), "of another page");
        let file = folder.path().join("sending-00ff.json");
        assert!(!std::fs::read_to_string(&file).unwrap().contains("dana"));
        again.forget().unwrap();
        assert!(!file.exists());
        Reached::of(folder.path(), "00ff").unwrap().forget().unwrap();
    }

    #[test]
    fn a_list_is_whole_or_nothing_is_sent() {
        let check = |text: &str, expect: Result<usize, Option<usize>>| {
            let read = addresses(text.as_bytes(), "list.txt");
            assert_eq!(read.map(|list| list.len()).map_err(|fault| fault.line), expect, "{text}");
        };
        check("", Ok(0));
        check("\u{feff}# readers\n\na@reader.example # left in May\r\nb@reader.example\nA@reader.example\n", Ok(2));
        check("a@reader.example\nnobody\n", Err(Some(2)));
        check("a@reader.example, b@reader.example\n", Err(Some(1)));
    }
}
