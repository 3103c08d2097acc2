//! The text of `config.toml` → [`Config`], with every fault told at its line.

use std::str::FromStr;
use std::time::Duration;

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

use super::log::log;
use super::reviewers::reviewers;
use super::telling::{mail, notify};
use super::{
    ArchiveConfig, Config, CrawlConfig, DaemonConfig, DigestConfig, DigestTime, Feed, KeepPages, LogLevel, PageSelect,
    QueueConfig, RegisterConfig, ReviewConfig, RulesConfig, ScheduleConfig, Select, Source, StoreConfig,
};
use crate::model::{Diagnostic, FeedKind, Lang};
use crate::tables::{Faults, Table};

/// Reads a configuration. `path` names the file in what is told.
///
/// # Errors
/// All faults of the text, in order of their lines; a configuration with a fault is not used.
pub fn parse(text: &str, path: &str) -> Result<(Config, Vec<Diagnostic>), Vec<Diagnostic>> {
    let faults = Faults::of(path, text);
    let config = faults.parse().map(|parsed| {
        let table = Table::whole(&parsed, &faults);
        let config = config(&table);
        table.done();
        config
    });
    match (config, faults.into_diagnostics()) {
        (Some(config), told) if told.is_empty() => {
            let warnings = warnings(&config, path);
            Ok((config, warnings))
        }
        (_, told) => Err(told),
    }
}

fn config(table: &Table<'_, '_>) -> Config {
    let defaults = Config::embedded();
    let config = Config {
        store: store(&table.table("store"), defaults.store),
        queue: queue(&table.table("queue"), defaults.queue),
        register: register(&table.table("register"), defaults.register),
        digest: digest(&table.table("digest"), defaults.digest),
        crawl: crawl(&table.table("crawl"), defaults.crawl),
        schedule: schedule(&table.table("schedule"), defaults.schedule),
        review: review(&table.table("review")),
        rules: rules(&table.table("rules")),
        archive: archive(&table.table("archive"), defaults.archive),
        daemon: daemon(&table.table("daemon"), defaults.daemon),
        log: log(&table.table("log")),
        mail: mail(&table.table("mail")),
        notify: notify(&table.table("notify")),
        reviewers: reviewers(table),
        sources: Vec::new(),
    };
    let mut sources: Vec<Source> = Vec::new();
    for table in table.tables("source") {
        let Some(source) = source(&table) else { continue };
        match sources.iter().any(|known| known.name == source.name) {
            true => table.fault("name", format!("two sources are named `{}`", source.name), None),
            false => sources.push(source),
        }
    }
    Config { sources, ..config }
}

/// The shortest time after which texts may be let go.
const LEAST_RETENTION: Duration = Duration::from_secs(90 * 24 * 3600);

fn store(table: &Table<'_, '_>, defaults: StoreConfig) -> StoreConfig {
    let store = StoreConfig {
        path: table.text("path").unwrap_or(defaults.path),
        cache: table.parsed("cache", size).unwrap_or(defaults.cache),
        backup_keys: table.texts("backup_keys").unwrap_or(defaults.backup_keys),
        retention: table.parsed("retention", retention).or(defaults.retention),
    };
    if store.retention.is_some_and(|retention| retention < LEAST_RETENTION) {
        table.fault("retention", "`store.retention` is 90 days at least: what was let go does not come back", None);
    }
    table.done();
    store
}

fn daemon(table: &Table<'_, '_>, defaults: DaemonConfig) -> DaemonConfig {
    let daemon = DaemonConfig {
        listen: table.parsed("listen", loopback).filter(|listen| !listen.is_empty()),
        backlog: table.parsed("backlog", duration).unwrap_or(defaults.backlog),
        disk_free: table.number("disk_free").unwrap_or(defaults.disk_free),
    };
    if !(0.0..=100.0).contains(&daemon.disk_free) {
        table.fault("disk_free", "`daemon.disk_free` is a percentage, 0 to 100", None);
    }
    table.done();
    daemon
}

fn queue(table: &Table<'_, '_>, defaults: QueueConfig) -> QueueConfig {
    let queue = QueueConfig {
        path: table.parsed("path", queue_path).unwrap_or(defaults.path),
        countries: table.texts("countries").unwrap_or(defaults.countries),
        min_score: table.number("min_score").unwrap_or(defaults.min_score),
        per_source: table
            .count("per_source")
            .map_or(defaults.per_source, |most| usize::try_from(most).unwrap_or(usize::MAX)),
        language: table.parsed("language", language).unwrap_or(defaults.language),
        separator: table.parsed("separator", separator).unwrap_or(defaults.separator),
        outbox: table.parsed("outbox", folder).unwrap_or(defaults.outbox),
        inbox: table.parsed("inbox", folder).unwrap_or(defaults.inbox),
    };
    if queue.outbox == queue.inbox {
        table.fault("inbox", "`queue.inbox` and `queue.outbox` are one folder; they must be two", None);
    }
    if let Some(code) = queue.countries.iter().find(|code| !is_country(code)) {
        table.fault("countries", format!("`{code}` is no ISO 3166 code; write two capitals, such as KZ"), None);
    }
    if !(0.0..=1.0).contains(&queue.min_score) {
        table.fault("min_score", "`queue.min_score` lies between 0 and 1", None);
    }
    table.done();
    queue
}

fn register(table: &Table<'_, '_>, defaults: RegisterConfig) -> RegisterConfig {
    let ending = |path: &str| match path.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).as_deref() {
        Some("csv" | "xlsx") => Ok(path.to_owned()),
        _ => Err("the ending picks the format; use .csv or .xlsx".to_owned()),
    };
    let register = RegisterConfig { path: table.parsed("path", ending).unwrap_or(defaults.path) };
    table.done();
    register
}

fn folder(path: &str) -> Result<String, &'static str> {
    match path.trim().trim_end_matches('/') {
        "" | "." => Err("name a folder of its own"),
        path => Ok(path.to_owned()),
    }
}

pub(super) fn language(text: &str) -> Result<Lang, String> {
    match text {
        "kk" => Ok(Lang::KK),
        "ru" => Ok(Lang::RU),
        "en" => Ok(Lang::EN),
        _ => Err(format!("`{text}` is no language of the queue file; use kk, ru or en")),
    }
}

fn separator(text: &str) -> Result<char, String> {
    match text {
        "," => Ok(','),
        ";" => Ok(';'),
        "\t" | "tab" => Ok('\t'),
        _ => Err(format!("`{text}` parts no cells; use \",\", \";\" or \"tab\"")),
    }
}

fn queue_path(path: &str) -> Result<String, String> {
    match path.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).as_deref() {
        Some("csv" | "xlsx" | "jsonl") => Ok(path.to_owned()),
        _ => Err("the ending picks the format; use .csv, .xlsx or .jsonl".to_owned()),
    }
}

fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())
}

fn digest(table: &Table<'_, '_>, defaults: DigestConfig) -> DigestConfig {
    let digest = DigestConfig {
        dir: table.text("dir").unwrap_or(defaults.dir),
        languages: languages(table, &[Lang::KK, Lang::RU, Lang::EN]).unwrap_or(defaults.languages),
        formats: table.texts("formats").unwrap_or(defaults.formats),
        letterhead: table.texts("letterhead").unwrap_or(defaults.letterhead),
        contacts: table.texts("contacts").unwrap_or(defaults.contacts),
        form: table.text("form").filter(|file| !file.is_empty()),
        draft_report: table.flag("draft_report").unwrap_or(defaults.draft_report),
        report_form: table.text("report_form").filter(|file| !file.is_empty()),
    };
    const FORMATS: [&str; 6] = ["md", "html", "csv", "json", "xlsx", "docx"];
    if let Some(unknown) = digest.formats.iter().find(|format| !FORMATS.contains(&format.as_str())) {
        table.fault("formats", format!("`{unknown}` is no format; use {}", FORMATS.join(", ")), None);
    }
    table.done();
    digest
}

pub(super) fn languages(table: &Table<'_, '_>, allowed: &[Lang]) -> Option<Vec<Lang>> {
    let codes = table.texts("languages")?;
    let mut languages = Vec::new();
    for code in codes {
        match Lang::of(&code).filter(|lang| allowed.contains(lang)) {
            Some(lang) => languages.push(lang),
            None => {
                let allowed: Vec<&str> = allowed.iter().map(|lang| lang.id()).collect();
                table.fault("languages", format!("`{code}` is no language here; use {}", allowed.join(", ")), None);
            }
        }
    }
    Some(languages)
}

fn crawl(table: &Table<'_, '_>, defaults: CrawlConfig) -> CrawlConfig {
    let crawl = CrawlConfig {
        user_agent: table.parsed("user_agent", header_value).unwrap_or(defaults.user_agent),
        contact: table.parsed("contact", header_value).filter(|contact| !contact.is_empty()),
        per_host_delay: table.parsed("per_host_delay", duration).unwrap_or(defaults.per_host_delay),
        timeout: table.parsed("timeout", duration).unwrap_or(defaults.timeout),
        max_body: table.parsed("max_body", size).unwrap_or(defaults.max_body),
        max_concurrent: table
            .count("max_concurrent")
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(defaults.max_concurrent),
        proxy: table.parsed("proxy", proxy).filter(|proxy| !proxy.is_empty()),
        allow_private: table.texts("allow_private").unwrap_or(defaults.allow_private),
        revisit: revisit(table).unwrap_or(defaults.revisit),
    };
    if let Some(bad) = crawl.allow_private.iter().find(|range| !is_address_or_range(range)) {
        let help = "write one address with its port, \"127.0.0.1:8080\", or a range, \"127.0.0.0/8\"".to_owned();
        table.fault("allow_private", format!("`{bad}` is neither an address nor a range"), Some(help));
    }
    if crawl.timeout.is_zero() {
        table.fault("timeout", "`crawl.timeout` must be more than nothing", None);
    }
    if crawl.max_concurrent == 0 {
        table.fault("max_concurrent", "`crawl.max_concurrent` must be at least 1", None);
    }
    table.done();
    crawl
}

/// The times after which a page is asked for again, the shortest first.
fn revisit(table: &Table<'_, '_>) -> Option<Vec<Duration>> {
    let mut times = Vec::new();
    for text in table.texts("revisit")? {
        match duration(&text) {
            Ok(time) if !time.is_zero() => times.push(time),
            Ok(_) => table.fault("revisit", "`crawl.revisit` wants times after the first visit, not none", None),
            Err(why) => table.fault("revisit", why, None),
        }
    }
    times.sort_unstable();
    times.dedup();
    Some(times)
}

/// Text that may stand in a header of a request.
fn header_value(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        text if text.chars().any(char::is_control) || !text.is_ascii() => {
            Err("only plain ASCII letters, digits and signs may be sent to a server")
        }
        text => Ok(text.to_owned()),
    }
}

fn proxy(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let url = url::Url::parse(text).map_err(|error| format!("`{text}` is no address: {error}"))?;
    match url.scheme() {
        "http" | "https" | "socks5" | "socks5h" => Ok(text.to_owned()),
        scheme => Err(format!("a proxy is reached by http, https, socks5 or socks5h, not {scheme}")),
    }
}

fn is_address_or_range(text: &str) -> bool {
    use std::net::{IpAddr, SocketAddr};
    if text.parse::<SocketAddr>().is_ok() {
        return true;
    }
    let Some((address, bits)) = text.split_once('/') else { return false };
    let (Ok(address), Ok(bits)) = (address.parse::<IpAddr>(), bits.parse::<u8>()) else { return false };
    bits <= if address.is_ipv4() { 32 } else { 128 }
}

fn schedule(table: &Table<'_, '_>, defaults: ScheduleConfig) -> ScheduleConfig {
    let every = table.parsed("every", duration).unwrap_or(defaults.every);
    let (fastest, slowest) = (table.parsed("fastest", duration), table.parsed("slowest", duration));
    if let Some(fastest) = fastest.filter(|fastest| *fastest > every) {
        let message = format!("`schedule.fastest` is a floor and may not lie above `every`, {}", spelled(every));
        table.fault("fastest", message, Some(format!("{} or less", spelled(fastest.min(every)))));
    }
    if slowest.is_some_and(|slowest| slowest < every) {
        let message = format!("`schedule.slowest` is a ceiling and may not lie below `every`, {}", spelled(every));
        table.fault("slowest", message, Some(format!("{} or more", spelled(every))));
    }
    let schedule = ScheduleConfig {
        every,
        fastest: fastest.unwrap_or(defaults.fastest.min(every)),
        slowest: slowest.unwrap_or(defaults.slowest.max(every)),
        cron: table.parsed("cron", cron),
        digest: table.parsed("digest", digest_time).unwrap_or(defaults.digest),
        time_zone: table.parsed("time_zone", TimeZone::get).unwrap_or(defaults.time_zone),
    };
    if schedule.every < Duration::from_secs(1) {
        table.fault("every", "`schedule.every` must be at least a second", None);
    }
    table.done();
    schedule
}

fn cron(text: &str) -> Result<String, String> {
    croner::Cron::from_str(text)
        .map(|_| text.to_owned())
        .map_err(|error| format!("`{text}` is no cron expression (minute hour day month weekday): {error}"))
}

/// A weekday and a local time: `Mon 08:00`.
fn digest_time(text: &str) -> Result<DigestTime, String> {
    let wrong = || format!("`{text}` is no weekday with a time; write it as \"Mon 08:00\"");
    let (day, time) = text.trim().split_once(' ').ok_or_else(wrong)?;
    let weekday = match day.get(..3).unwrap_or_default().to_ascii_lowercase().as_str() {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return Err(wrong()),
    };
    let (hour, minute) = time.trim().split_once(':').ok_or_else(wrong)?;
    let number = |digits: &str| digits.parse::<i8>().map_err(|_| wrong());
    let time = Time::new(number(hour)?, number(minute)?, 0, 0).map_err(|_| wrong())?;
    Ok(DigestTime { weekday, time })
}

fn review(table: &Table<'_, '_>) -> ReviewConfig {
    let listen = table.parsed("listen", loopback);
    table.done();
    ReviewConfig { listen: listen.filter(|listen| !listen.is_empty()) }
}

/// An address of this machine with its port; empty: none.
fn loopback(text: &str) -> Result<String, &'static str> {
    match text.parse::<std::net::SocketAddr>().is_ok_and(|address| address.ip().is_loopback()) || text.is_empty() {
        true => Ok(text.to_owned()),
        false => Err("the page is served on loopback only: write \"127.0.0.1:8787\""),
    }
}

fn rules(table: &Table<'_, '_>) -> RulesConfig {
    let rules = RulesConfig { dir: table.text("dir") };
    table.done();
    rules
}

fn archive(table: &Table<'_, '_>, defaults: ArchiveConfig) -> ArchiveConfig {
    let timestamp = table.parsed("timestamp", |text| match url::Url::parse(text) {
        _ if text.is_empty() => Ok(String::new()),
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(text.to_owned()),
        _ => Err(format!("`{text}` is no http or https address")),
    });
    let archive = ArchiveConfig {
        keep: table.parsed("keep", KeepPages::from_str).unwrap_or(defaults.keep),
        timestamp: timestamp.filter(|address| !address.is_empty()),
    };
    table.done();
    archive
}

fn source(table: &Table<'_, '_>) -> Option<Source> {
    let name = table.required_text("name");
    let domain = table.required_text("domain");
    let languages = languages(table, Lang::KNOWN).unwrap_or_default();
    let country = table.text("country");
    if let Some(code) = country.as_deref().filter(|code| !is_country(code)) {
        table.fault("country", format!("`{code}` is no ISO 3166 code; write two capitals, such as KZ"), None);
    }
    let time_zone = table.parsed("time_zone", TimeZone::get);
    let time_zone = time_zone.or_else(|| country.as_deref().and_then(clock_of));
    let backfill = table.parsed("backfill", duration);
    if backfill.is_some_and(|backfill| backfill < Duration::from_secs(3_600)) {
        table.fault("backfill", "`source.backfill` wants days, such as \"30d\"", None);
    }
    let proxy = table.parsed("proxy", proxy);
    let log = table.parsed("log", LogLevel::from_str);
    let feeds = table.tables("feed").iter().filter_map(feed).collect();
    let page = table.table("page");
    let page_select = PageSelect {
        title: selector(&page, "title"),
        text: selector(&page, "text"),
        date: selector(&page, "date"),
        byline: selector(&page, "byline"),
        drop: page.texts("drop").unwrap_or_default(),
    };
    if let Some(bad) = page_select.drop.iter().find(|selector| scraper::Selector::parse(selector).is_err()) {
        page.fault("drop", format!("`{bad}` is no CSS selector"), None);
    }
    page.done();
    table.done();
    let domain = domain?.trim().to_lowercase();
    if domain.contains('/') || domain.is_empty() {
        table.fault("domain", format!("`{domain}` is no host; write it without http:// and without a path"), None);
        return None;
    }
    Some(Source { name: name?, domain, languages, country, time_zone, proxy, backfill, log, feeds, page: page_select })
}

fn feed(table: &Table<'_, '_>) -> Option<Feed> {
    let address = |key: &str, text: String| match url::Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Some(text),
        _ => {
            table.fault(key, format!("`{text}` is no http or https address"), None);
            None
        }
    };
    let url = table.required_text("url").and_then(|text| address("url", text));
    let fallbacks = table.texts("fallbacks").unwrap_or_default();
    let fallbacks = fallbacks.into_iter().filter_map(|text| address("fallbacks", text)).collect();
    let kind = table.parsed("kind", FeedKind::from_str).unwrap_or(FeedKind::Rss);
    let select = table.table("select");
    let listing = select.is_written().then(|| Select {
        link: selector(&select, "link").unwrap_or_default(),
        title: selector(&select, "title"),
        date: selector(&select, "date"),
        next: selector(&select, "next"),
    });
    select.done();
    let every = table.parsed("every", duration);
    if kind == FeedKind::Listing && listing.as_ref().is_none_or(|select| select.link.is_empty()) {
        let help = "add select = { link = \"article h2 a\" }".to_owned();
        table.fault("select", "a listing page needs a CSS selector of its links", Some(help));
    }
    table.done();
    Some(Feed { url: url?, fallbacks, kind, select: listing, every })
}

fn selector(table: &Table<'_, '_>, key: &'static str) -> Option<String> {
    table.parsed(key, |text| match scraper::Selector::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(format!("`{text}` is no CSS selector")),
    })
}

/// The clock that outlets of a country date by, where the country keeps one or its press one. Kazakhstan
/// has a rule of its own in the extractor: its clocks changed on 1 March 2024.
fn clock_of(country: &str) -> Option<TimeZone> {
    let name = match country {
        "AM" => "Asia/Yerevan",
        "AZ" => "Asia/Baku",
        "BY" => "Europe/Minsk",
        "CN" => "Asia/Shanghai",
        "CZ" => "Europe/Prague",
        "DE" => "Europe/Berlin",
        "GE" => "Asia/Tbilisi",
        "KG" => "Asia/Bishkek",
        "LT" => "Europe/Vilnius",
        "LV" => "Europe/Riga",
        "MN" => "Asia/Ulaanbaatar",
        "RU" => "Europe/Moscow",
        "TJ" => "Asia/Dushanbe",
        "TM" => "Asia/Ashgabat",
        "TR" => "Europe/Istanbul",
        "UA" => "Europe/Kyiv",
        "UZ" => "Asia/Tashkent",
        _ => return None,
    };
    TimeZone::get(name).ok()
}

/// A duration as the configuration writes it, in the largest unit that leaves no rest.
pub(super) fn spelled(duration: Duration) -> String {
    let milliseconds = duration.as_millis();
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    match units.iter().find(|(size, _)| milliseconds > 0 && milliseconds.is_multiple_of(*size)) {
        Some((size, unit)) => format!("{}{unit}", milliseconds / size),
        None => format!("{milliseconds}ms"),
    }
}

/// A number with a unit of time: `500ms`, `1s`, `30m`, `2h`, `7d`.
fn duration(text: &str) -> Result<Duration, String> {
    // Years away is a slip of the pen, and would overflow clocks.
    duration_up_to(text, 366)
}

/// How long records are kept: years are meant.
fn retention(text: &str) -> Result<Duration, String> {
    duration_up_to(text, 100 * 366)
}

fn duration_up_to(text: &str, days: u64) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no duration; write a number with ms, s, m, h or d, such as \"30m\"");
    let (number, unit) = with_unit(text).ok_or_else(wrong)?;
    let seconds = match unit {
        "ms" => 0.001,
        "s" | "sec" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3_600.0,
        "d" => 86_400.0,
        _ => return Err(wrong()),
    };
    Duration::try_from_secs_f64(number * seconds)
        .map_err(|_| wrong())
        .and_then(|duration| if duration > Duration::from_secs(days * 86_400) { Err(wrong()) } else { Ok(duration) })
}

/// A number with a unit of size: `64KiB`, `10MiB`, `1GiB`, `500KB`, `10MB`.
fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no size; write a number with KiB, MiB or GiB, such as \"10MiB\"");
    let (number, unit) = with_unit(text).ok_or_else(wrong)?;
    let bytes = match unit {
        "B" => 1.0,
        "KiB" => 1024.0,
        "MiB" => 1024.0 * 1024.0,
        "GiB" => 1024.0 * 1024.0 * 1024.0,
        "KB" | "kB" => 1e3,
        "MB" => 1e6,
        "GB" => 1e9,
        _ => return Err(wrong()),
    };
    let size = number * bytes;
    if (1.0..=1e12).contains(&size) { Ok(size as u64) } else { Err(wrong()) }
}

fn with_unit(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let split = text.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
    let (number, unit) = text.split_at(split);
    Some((number.parse().ok()?, unit.trim()))
}

/// What is allowed and most likely not meant.
fn warnings(config: &Config, path: &str) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for source in config.sources.iter().filter(|source| source.feeds.is_empty()) {
        let message = format!("the source `{}` has no [[source.feed]] and is never polled", source.name);
        warnings.push(Diagnostic::new(path, message));
    }
    let mut urls: Vec<&str> = config.sources.iter().flat_map(|s| &s.feeds).map(|feed| feed.url.as_str()).collect();
    urls.sort_unstable();
    for pair in urls.windows(2).filter(|pair| pair[0] == pair[1]) {
        warnings.push(Diagnostic::new(path, format!("the feed {} stands here twice", pair[0])));
    }
    warnings
}

#[cfg(test)]
mod tests;
