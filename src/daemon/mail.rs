//! Mail to the operator: what is wrong, rolled up once a day; and of chosen categories, that a
//! candidate waits, once an hour at most. A mail names ids, sources and categories, never a text or a
//! person. What was sent when is kept in the store folder, so that a restart sends nothing twice.
#![expect(clippy::disallowed_methods, reason = "edge: the password's file, and what was sent when")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport as _};
use serde::{Deserialize, Serialize};

use super::at_once::{Told, Urgent};
use crate::config::{MailConfig, MailTls};
use crate::desk::{Alarm, Desk, DeskError};
use crate::disk;

/// Longest time for one mail.
const PATIENCE: Duration = Duration::from_secs(30);
/// Candidates named in one mail; the rest are counted.
const NAMED: usize = 20;

/// What was sent when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// The day of the last roll-up, in the house's time zone.
    rolled_up: Option<Date>,
    /// The rows that a mail told of at once.
    told: Told,
}

/// A mail to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
}

/// What kept a mail from being sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// An address is none.
    #[error("`{0}` is no mail address; write one like \"desk@outlet.example\"")]
    Address(String),
    /// The password cannot be read.
    #[error("cannot read {}: {cause}", path.display())]
    Password {
        /// Its file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// The letter could not be put together.
    #[error("the mail could not be written: {0}")]
    Written(#[from] lettre::error::Error),
    /// The server did not take it.
    #[error("the mail server did not take it: {0}")]
    Server(#[from] lettre::transport::smtp::Error),
}

/// Sends what is due; a mail that fails is tried again at the next turn. Tells how many went.
///
/// # Errors
/// Where the store cannot be read; a server that does not answer is told in the log.
pub fn send_what_is_due(desk: &Desk, mail: &MailConfig, now: Timestamp) -> Result<usize, DeskError> {
    let path = desk.folder().join("mail.json");
    let mut sent: Sent =
        std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    let before = sent.clone();
    let today = now.to_zoned_datetime(desk.config().schedule.time_zone.clone()).date();
    let mut letters = Vec::new();
    if sent.rolled_up.is_none_or(|last| last < today) {
        let alarms = desk.alarms(now)?;
        match alarms.is_empty() {
            true => sent.rolled_up = Some(today),
            false => letters.push((roll_up(&alarms, today), Sent { rolled_up: Some(today), ..sent.clone() })),
        }
    }
    if !mail.at_once.is_empty() {
        let waiting = desk.waiting()?;
        let news = sent.told.news(&waiting, &mail.at_once, now);
        if !news.is_empty() {
            let mut after = sent.clone();
            after.told.tell(&news, now);
            letters.push((at_once(&news), after));
        }
    }
    let (mut count, known) = (0, sent.told.clone());
    for (letter, after) in letters {
        match send(mail, desk.root(), &letter) {
            Ok(()) => {
                count += 1;
                sent.rolled_up = after.rolled_up.max(sent.rolled_up);
                if after.told != known {
                    sent.told = after.told;
                }
            }
            Err(error) => tracing::error!(%error, "a mail was not sent; it is tried again"),
        }
    }
    if sent != before {
        let bytes = serde_json::to_vec(&sent).unwrap_or_default();
        disk::write_whole(&disk::Real, &path, &bytes)?;
    }
    Ok(count)
}

/// Everything that stands, in one mail.
fn roll_up(alarms: &[Alarm], today: Date) -> Letter {
    let mut body = format!("What sozwatch warns of on {today}:\n");
    for alarm in alarms {
        body.push_str(&format!("\n- {}: {}\n", alarm.about, alarm.message));
    }
    body.push_str("\nThe next mail of this kind goes tomorrow at the earliest. `sozwatch status` has it all.\n");
    let subject = match alarms.len() {
        1 => "sozwatch: 1 alarm".to_owned(),
        n => format!("sozwatch: {n} alarms"),
    };
    Letter { subject, body }
}

/// Rows that ask for an early look, in one mail.
fn at_once(news: &[Urgent<'_>]) -> Letter {
    let line = |urgent: &Urgent<'_>| {
        let source = urgent.judged.story.source.as_deref().unwrap_or("unknown source");
        format!("- {}, {source}: {}", urgent.category, urgent.id)
    };
    let mut lines: Vec<String> = news.iter().map(line).collect();
    let count = lines.len();
    if count > NAMED {
        lines.truncate(NAMED);
        lines.push(format!("- and {} more", count - NAMED));
    }
    let body = format!(
        "Candidates that ask for an early look:\n\n{}\n\n`sozwatch queue show ID` shows one. The next mail of this \
         kind goes in an hour at the earliest.\n",
        lines.join("\n")
    );
    Letter { subject: format!("sozwatch: {count} candidates to look at"), body }
}

/// Sends one letter.
///
/// # Errors
/// Where an address is none, the password cannot be read, or the server does not take it.
pub fn send(mail: &MailConfig, root: &Path, letter: &Letter) -> Result<(), MailError> {
    let address = |text: &String| text.parse().map_err(|_| MailError::Address(text.clone()));
    let mut message = Message::builder().from(address(&mail.from)?).subject(&letter.subject);
    for to in &mail.to {
        message = message.to(address(to)?);
    }
    let message = message.header(ContentType::TEXT_PLAIN).body(letter.body.clone())?;
    transport(mail, root)?.send(&message)?;
    Ok(())
}

pub(super) fn transport(mail: &MailConfig, root: &Path) -> Result<SmtpTransport, MailError> {
    let (port, tls) = match mail.tls {
        MailTls::Tls => (465, Tls::Wrapper(TlsParameters::new(mail.server.clone())?)),
        MailTls::StartTls => (587, Tls::Required(TlsParameters::new(mail.server.clone())?)),
        MailTls::None => (25, Tls::None),
    };
    let mut transport =
        SmtpTransport::builder_dangerous(&mail.server).port(mail.port.unwrap_or(port)).tls(tls).timeout(Some(PATIENCE));
    if let Some(user) = &mail.user {
        let password = match &mail.password_file {
            Some(file) => {
                let path = root.join(file);
                std::fs::read_to_string(&path).map_err(|cause| MailError::Password { path, cause })?
            }
            None => String::new(),
        };
        transport = transport.credentials(Credentials::new(user.clone(), password.trim_end().to_owned()));
    }
    Ok(transport.build())
}

#[cfg(test)]
pub(super) mod tests {
    #![expect(clippy::disallowed_types, reason = "a mail server on loopback")]

    use std::collections::BTreeMap;
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;

    use super::*;
    use crate::desk::Ailment;

    /// A mail server that takes one mail; gives its port and, in the end, what it was told.
    pub(in crate::daemon) fn server() -> (u16, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut told = Vec::new();
            let reply = |line: &str| (&stream).write_all(format!("{line}\r\n").as_bytes()).unwrap();
            reply("220 mail.example ESMTP");
            let mut in_data = false;
            for line in BufReader::new(&stream).lines() {
                let line = line.unwrap();
                told.push(line.clone());
                match line.split(' ').next().unwrap_or_default() {
                    "." if in_data => {
                        in_data = false;
                        reply("250 taken");
                    }
                    _ if in_data => {}
                    "EHLO" => reply("250-mail.example\r\n250 AUTH PLAIN"),
                    "AUTH" => reply("235 welcome"),
                    "DATA" => {
                        in_data = true;
                        reply("354 go on");
                    }
                    "QUIT" => {
                        reply("221 bye");
                        break;
                    }
                    _ => reply("250 ok"),
                }
            }
            told
        });
        (port, serving)
    }

    pub(in crate::daemon) fn mail(port: u16) -> MailConfig {
        MailConfig {
            server: "127.0.0.1".to_owned(),
            port: Some(port),
            tls: MailTls::None,
            user: None,
            password_file: None,
            from: "sozwatch@outlet.example".to_owned(),
            to: vec!["Дана <dana@outlet.example>".to_owned(), "aset@outlet.example".to_owned()],
            at_once: Vec::new(),
            readers: BTreeMap::new(),
        }
    }

    fn alarms() -> Vec<Alarm> {
        let alarm = |about: &str, message: &str| Alarm {
            ailment: Ailment::Mute,
            about: about.to_owned(),
            message: message.to_owned(),
        };
        vec![alarm("Тау", "it has announced nothing new for 3 days"), alarm("Дала", "it has not answered")]
    }

    #[test]
    fn a_mail_server_takes_the_roll_up() {
        let (port, serving) = server();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("password"), "s3cret\n").unwrap();
        let mail =
            MailConfig { user: Some("sozwatch".to_owned()), password_file: Some("password".to_owned()), ..mail(port) };
        send(&mail, folder.path(), &roll_up(&alarms(), "2026-11-16".parse().unwrap())).unwrap();
        let told = serving.join().unwrap();
        let has = |start: &str| told.iter().any(|line| line.starts_with(start));
        assert!(has("MAIL FROM:<sozwatch@outlet.example>"), "{told:?}");
        assert!(has("RCPT TO:<dana@outlet.example>") && has("RCPT TO:<aset@outlet.example>"), "{told:?}");
        assert!(has("Subject: sozwatch: 2 alarms"), "{told:?}");
        assert!(has("AUTH PLAIN"), "{told:?}");
    }

    #[test]
    fn no_mail_goes_without_tls_that_was_asked_for() {
        let (port, serving) = server();
        let asked = MailConfig { tls: MailTls::StartTls, ..mail(port) };
        let error = send(&asked, Path::new("."), &roll_up(&alarms(), "2026-11-16".parse().unwrap())).unwrap_err();
        assert!(matches!(error, MailError::Server(_)), "{error}");
        assert!(!serving.join().unwrap().iter().any(|line| line.starts_with("MAIL")));
    }

    #[test]
    fn what_stands_is_told_in_one_mail_and_names_no_person() {
        let letter = roll_up(&alarms(), "2026-11-16".parse().unwrap());
        assert!(letter.body.contains("- Тау: it has announced nothing new for 3 days"));
        assert_eq!(letter.subject, "sozwatch: 2 alarms");
        let judged = crate::ledger::samples::judged(1, true, None);
        let urgent = Urgent { id: "s1", category: crate::model::Category::Arrest, judged: &judged };
        let letter = at_once(&[urgent; 30]);
        assert!(
            letter.body.contains("- arrest, Tau: s1\n") && letter.body.contains("- and 10 more"),
            "{}",
            letter.body
        );
        assert!(!letter.body.contains("Марат"), "{}", letter.body);
        let letter = roll_up(&alarms(), "2026-11-16".parse().unwrap());
        let error =
            send(&MailConfig { to: vec!["nobody".to_owned()], ..mail(1) }, Path::new("."), &letter).unwrap_err();
        assert!(error.to_string().contains("`nobody` is no mail address"));
    }
}
