//! `config.toml` as typed values: what the operator wrote, with every default filled in.
//!
//! Parsing is pure: text in, `Config` and diagnostics out. Paths stay as written; the edge that
//! read the file resolves them against its folder.

mod block;
mod log;
mod opml;
mod read;
mod reviewers;
mod telling;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

use crate::model::{Category, FeedKind, Lang, Reviewer};

pub use block::block;
pub use log::{LogConfig, LogFormat, LogLevel};
pub use opml::{from_opml, to_opml};
pub use read::parse;

/// Everything the operator may set. Every key has a default but `[[source]]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// `[store]`
    pub store: StoreConfig,
    /// `[queue]`
    pub queue: QueueConfig,
    /// `[register]`
    pub register: RegisterConfig,
    /// `[digest]`
    pub digest: DigestConfig,
    /// `[crawl]`
    pub crawl: CrawlConfig,
    /// `[schedule]`
    pub schedule: ScheduleConfig,
    /// `[review]`
    pub review: ReviewConfig,
    /// `[rules]`
    pub rules: RulesConfig,
    /// `[archive]`
    pub archive: ArchiveConfig,
    /// `[daemon]`
    pub daemon: DaemonConfig,
    /// `[log]`
    pub log: LogConfig,
    /// `[mail]`, where it is written.
    pub mail: Option<MailConfig>,
    /// `[notify]`, where it is written.
    pub notify: Option<NotifyConfig>,
    /// `[[reviewer]]`, in the order of the file.
    pub reviewers: Vec<Reviewer>,
    /// `[[source]]`, in the order of the file.
    pub sources: Vec<Source>,
}

impl Config {
    /// The source that an address belongs to: at its domain, or at one under it.
    pub fn source_at(&self, url: &str) -> Option<&Source> {
        let url = url::Url::parse(url).ok()?;
        let host = url.host_str()?.trim_start_matches("www.").to_owned();
        let with_port = url.port().map(|port| format!("{host}:{port}"));
        self.sources.iter().find(|source| {
            let domain = source.domain.trim_start_matches("www.");
            let under = host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
            under && !domain.is_empty() || with_port.as_deref() == Some(domain)
        })
    }

    /// What holds where the operator wrote nothing: every default, and no source.
    pub fn embedded() -> Self {
        Self {
            store: StoreConfig { path: "store".to_owned(), cache: 16 << 20, backup_keys: Vec::new(), retention: None },
            queue: QueueConfig {
                path: "queue.csv".to_owned(),
                countries: vec!["KZ".to_owned()],
                min_score: 0.0,
                per_source: 100,
                language: Lang::RU,
                separator: ',',
                outbox: "outbox".to_owned(),
                inbox: "inbox".to_owned(),
            },
            register: RegisterConfig { path: "register.csv".to_owned() },
            digest: DigestConfig {
                dir: "digests".to_owned(),
                languages: vec![Lang::RU],
                formats: ["md", "html", "csv", "json"].map(str::to_owned).to_vec(),
                letterhead: Vec::new(),
                contacts: Vec::new(),
                form: None,
                report_form: None,
                draft_report: false,
            },
            crawl: CrawlConfig {
                user_agent: concat!("sozwatch/", env!("CARGO_PKG_VERSION")).to_owned(),
                contact: None,
                per_host_delay: Duration::from_secs(1),
                timeout: Duration::from_secs(30),
                max_body: 10 << 20,
                max_concurrent: 16,
                proxy: None,
                allow_private: Vec::new(),
                revisit: [1, 24, 7 * 24].map(|hours| Duration::from_secs(hours * 3_600)).to_vec(),
            },
            schedule: ScheduleConfig {
                every: Duration::from_secs(30 * 60),
                fastest: Duration::from_secs(5 * 60),
                slowest: Duration::from_secs(3 * 60 * 60),
                cron: None,
                digest: DigestTime { weekday: Weekday::Monday, time: Time::constant(8, 0, 0, 0) },
                // The zone data is compiled in, so the name is always known.
                time_zone: TimeZone::get("Asia/Almaty").unwrap_or(TimeZone::UTC),
            },
            review: ReviewConfig { listen: None },
            daemon: DaemonConfig { listen: None, backlog: Duration::from_secs(14 * 24 * 3_600), disk_free: 5.0 },
            log: LogConfig::default(),
            mail: None,
            notify: None,
            rules: RulesConfig { dir: None },
            archive: ArchiveConfig { keep: KeepPages::Candidates, timestamp: None },
            reviewers: Vec::new(),
            sources: Vec::new(),
        }
    }
}

/// `[store]`: where the truth and its index lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// Folder of ledger, journal, archive, index and control socket; default `store`.
    pub path: String,
    /// Memory that the index may use for caching, in bytes; default 16 MiB.
    pub cache: u64,
    /// Public keys of age (`age1…`) that every backup is encrypted to; default none.
    pub backup_keys: Vec<String>,
    /// The texts of quiet stories older than this are let go; `None`, the default: never.
    pub retention: Option<Duration>,
}

/// `[queue]`: the file that reviewers work in.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueConfig {
    /// The ending picks the format; default `queue.csv`.
    pub path: String,
    /// Countries whose candidates enter the queue, ISO 3166-1 alpha-2; default `["KZ"]`, none named: all.
    pub countries: Vec<String>,
    /// Lowest score that enters the queue, 0 to 1; default 0: whatever the classifier calls a candidate.
    pub min_score: f64,
    /// Most rows that one source brings into the file in one day; default 100. The rest are counted and wait.
    pub per_source: usize,
    /// Language of headers, lists and messages in a workbook: kk, ru or en; default ru.
    pub language: Lang,
    /// What parts the cells of a CSV: a comma, a semicolon or a tab; default a comma (RFC 4180).
    pub separator: char,
    /// Folder with a folder of each reviewer: their file, replies and returned rows; default `outbox`.
    pub outbox: String,
    /// Folder that files with decisions come back to, under any name; default `inbox`.
    pub inbox: String,
}

/// `[register]`: the file of persons and outlets, with one spelling for each language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterConfig {
    /// The ending picks the format, .csv or .xlsx; default `register.csv`.
    pub path: String,
}

/// `[digest]`: what is written each week, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestConfig {
    /// Folder; default `digests`.
    pub dir: String,
    /// Default `["ru"]`.
    pub languages: Vec<Lang>,
    /// Default `["md", "html", "csv", "json"]`.
    pub formats: Vec<String>,
    /// Lines above the title of a digest or a report.
    pub letterhead: Vec<String>,
    /// Lines at its end: who answers, and how to reach them.
    pub contacts: Vec<String>,
    /// File with the form of a digest; the shipped form where there is none.
    pub form: Option<String>,
    /// File with the form of a report; the shipped form where there is none.
    pub report_form: Option<String>,
    /// Does the daemon draft the report of the last full month with every digest, until somebody signs it?
    pub draft_report: bool,
}

/// `[crawl]`: politeness and caps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrawlConfig {
    /// Sent as User-Agent, followed by the contact; default `sozwatch/VERSION`.
    pub user_agent: String,
    /// Address or page where a site's owner can reach the operator; named in the User-Agent.
    pub contact: Option<String>,
    /// Least time between two requests to one host (an origin, RFC 9309); default 1 s.
    pub per_host_delay: Duration,
    /// Longest time for one request, from connecting to the last byte; default 30 s.
    pub timeout: Duration,
    /// Largest body after decompression, in bytes; default 10 MiB.
    pub max_body: u64,
    /// Most requests under way at once over all hosts; default 16.
    pub max_concurrent: usize,
    /// HTTP or SOCKS5 proxy, where configured; never taken from the environment.
    pub proxy: Option<String>,
    /// Private addresses that may be fetched from all the same: `127.0.0.1:8080` or `127.0.0.0/8`.
    pub allow_private: Vec<String>,
    /// How long after it was captured a candidate's page is asked for again, the shortest first; default an hour, a
    /// day and a week. Empty: never.
    pub revisit: Vec<Duration>,
}

/// `[schedule]`: when the daemon polls and when it writes the digest.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduleConfig {
    /// How often a feed is polled of which nothing is known yet; default 30 min. From there each feed's
    /// interval follows how often it really posts, between `fastest` and `slowest`.
    pub every: Duration,
    /// The floor: no feed is polled more often; default 5 min, or `every` where that is shorter.
    pub fastest: Duration,
    /// The ceiling for feeds that post seldom, and for what a site asks by Cache-Control or `ttl`;
    /// default 3 h, or `every` where that is longer.
    pub slowest: Duration,
    /// A cron expression in `time_zone`, instead of `every`.
    pub cron: Option<String>,
    /// Weekday and local time of the digest; default `Mon 08:00`.
    pub digest: DigestTime,
    /// IANA name; default `Asia/Almaty`.
    pub time_zone: TimeZone,
}

/// Weekday and local time at which the digest of the week before is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigestTime {
    /// Day of the week.
    pub weekday: Weekday,
    /// Local time of day.
    pub time: Time,
}

/// `[review]`: the local page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewConfig {
    /// Loopback address to serve on; unset: not served.
    pub listen: Option<String>,
}

/// `[daemon]`: how it tells that it is well, and when it warns.
#[derive(Debug, Clone, PartialEq)]
pub struct DaemonConfig {
    /// Loopback address of `/healthz` and `/metrics`; unset: not served.
    pub listen: Option<String>,
    /// A candidate that waits longer than this is an alarm; default 14 days.
    pub backlog: Duration,
    /// Less of the store's disk free than this is an alarm, in percent; default 5.
    pub disk_free: f64,
}

/// `[mail]`: where alarms go, once a day at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailConfig {
    /// Host of the SMTP server.
    pub server: String,
    /// Its port; default 465, with `starttls` 587, with `none` 25.
    pub port: Option<u16>,
    /// How the line is protected; default TLS from the first byte (RFC 8314).
    pub tls: MailTls,
    /// User name, where the server wants one.
    pub user: Option<String>,
    /// File that holds the password and nothing else, relative to the configuration.
    pub password_file: Option<String>,
    /// Who writes.
    pub from: String,
    /// Who reads.
    pub to: Vec<String>,
    /// Categories whose new candidates may ask for a mail at once, one an hour at most; default none.
    pub at_once: Vec<Category>,
    /// Files with the addresses of those who read the signed digest, by its language. Who reads stands in no
    /// configuration and in no backup.
    pub readers: BTreeMap<Lang, String>,
}

/// `[notify]`: a webhook that hears of rows that ask for an early look, once an hour at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifyConfig {
    /// Its address: https, or http on this machine. Whoever knows it may write there, so it is in no log.
    pub webhook: String,
    /// Categories whose new candidates it hears of.
    pub at_once: Vec<Category>,
    /// It hears titles, addresses and the sentence that fired, too; default not.
    pub texts: bool,
}

/// How a line to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// From the first byte.
    Tls,
    /// After STARTTLS, without which nothing is sent (RFC 3207).
    StartTls,
    /// Not at all: for a server on this machine only.
    None,
}

/// `[rules]`: the operator's own rule files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesConfig {
    /// A folder whose files are laid over the built-in ones by id.
    pub dir: Option<String>,
}

/// `[archive]`: which pages are kept as evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveConfig {
    /// Default: pages that became candidates.
    pub keep: KeepPages,
    /// Address of a time-stamping authority (RFC 3161) that vouches for each day's file.
    pub timestamp: Option<String>,
}

/// Which pages are kept as evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepPages {
    /// Those that became candidates, reprints of them included.
    Candidates,
    /// Every page that was judged or set aside.
    All,
    /// None.
    None,
}

impl std::str::FromStr for KeepPages {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "candidates" => Ok(Self::Candidates),
            "all" => Ok(Self::All),
            "none" => Ok(Self::None),
            other => Err(format!("`{other}` is none of candidates, all, none")),
        }
    }
}

/// An outlet as configured.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Unique name.
    pub name: String,
    /// Host, or host:port.
    pub domain: String,
    /// Languages that it publishes in; a hint, never a verdict.
    pub languages: Vec<Lang>,
    /// ISO 3166-1 alpha-2; the last resort for a story's country.
    pub country: Option<String>,
    /// The clock of dates without a zone: the key `time_zone`, else that of the country. `None` is
    /// Kazakhstan's for KZ (or a host under `.kz`), else UTC.
    pub time_zone: Option<TimeZone>,
    /// Its own proxy instead of `[crawl] proxy`; an empty text is none at all.
    pub proxy: Option<String>,
    /// How far back its sitemaps are read once, when it is new; unset: only what its feeds announce.
    pub backfill: Option<Duration>,
    /// What the logs tell of it instead of what `[log] level` says.
    pub log: Option<LogLevel>,
    /// What is polled.
    pub feeds: Vec<Feed>,
    /// `[source.page]`: where the site's article parts stand, if the general extractor needs help.
    pub page: PageSelect,
}

/// One address that is polled.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// Absolute http or https address.
    pub url: String,
    /// Other addresses of the same feed, tried in order where the first fails.
    pub fallbacks: Vec<String>,
    /// How it is read; default `rss` (RSS, RDF, Atom and JSON Feed).
    pub kind: FeedKind,
    /// CSS selectors, for a listing page.
    pub select: Option<Select>,
    /// Its own interval, kept whatever the feed does; default what `[schedule]` finds out.
    pub every: Option<Duration>,
}

/// CSS selectors of a listing page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Select {
    /// Links to articles.
    pub link: String,
    /// Headline inside (or at) the link's block; default the link's own text.
    pub title: Option<String>,
    /// Date inside the link's block.
    pub date: Option<String>,
    /// Link to the next page of the listing.
    pub next: Option<String>,
}

/// CSS selectors of an article page. Empty: the general extractor decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageSelect {
    /// Headline.
    pub title: Option<String>,
    /// Body.
    pub text: Option<String>,
    /// Date of publication.
    pub date: Option<String>,
    /// Author line.
    pub byline: Option<String>,
    /// Parts to take out before reading.
    pub drop: Vec<String>,
}
