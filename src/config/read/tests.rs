//! What the configuration reads, refuses and says of it.

use super::super::{LogConfig, LogFormat};
use super::*;

fn faults(text: &str) -> Vec<String> {
    match parse(text, "config.toml") {
        Ok((_, warnings)) => warnings.iter().map(ToString::to_string).collect(),
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn an_empty_file_is_the_embedded_defaults() {
    let (config, warnings) = parse("", "config.toml").unwrap();
    assert_eq!(config, Config::embedded());
    assert_eq!(warnings, []);
}

#[test]
fn the_shipped_configuration_is_good() {
    let (config, warnings) = parse(include_str!("../../../config.toml"), "config.toml").unwrap();
    assert_eq!(warnings, []);
    assert!(config.sources.len() > 15);
    assert!(config.crawl.allow_private.is_empty());
    // What is commented out is good too, once somebody takes the signs off.
    let enabled: String = include_str!("../../../config.toml")
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.is_empty() && !rest.starts_with(' ') && !rest.contains("proxy") => {
                format!("{rest}\n")
            }
            _ => format!("{line}\n"),
        })
        .collect();
    let (all, _) = parse(&enabled, "config.toml").unwrap();
    assert!(all.sources.len() > config.sources.len() + 15);
}

#[test]
fn every_key_is_read() {
    let text = r##"
            store = { path = "s", cache = "32MiB" }
            register = { path = "house/names.xlsx" }
            queue = { path = "q.jsonl", countries = ["KZ", "KG"], min_score = 0.3 }
            digest = { dir = "d", languages = ["kk", "en"], formats = ["md"] }
            crawl = { user_agent = "bot/1", contact = "a@b.example", per_host_delay = "500ms", timeout = "1m", max_body = "1MiB", max_concurrent = 3, proxy = "socks5://127.0.0.1:9050", allow_private = ["127.0.0.1:8080", "10.0.0.0/8"], revisit = ["7d", "2h", "2h"] }
            log = { level = "debug", format = "json" }
            schedule = { every = "2h", cron = "*/20 * * * *", digest = "Fri 17:30", time_zone = "Asia/Bishkek" }
            review = { listen = "127.0.0.1:8787" }
            rules = { dir = "r" }
            archive = { keep = "all", timestamp = "https://stamp.example/tsr" }
            [[source]]
            name = "Dala"
            domain = "dala.example"
            languages = ["kk", "ru"]
            country = "KZ"
            log = "off"
            page = { title = "h1", text = ".body", drop = [".ads"] }
            [[source.feed]]
            url = "https://dala.example/rss"
            fallbacks = ["https://dala.example/feed/"]
            [[source.feed]]
            url = "https://dala.example/news"
            kind = "listing"
            every = "1d"
            select = { link = "h2 a", title = "h2", date = "time", next = "a.next" }
        "##;
    let (config, warnings) = parse(text, "config.toml").unwrap();
    assert_eq!(warnings, []);
    assert_eq!((config.store.path.as_str(), config.store.cache), ("s", 32 << 20));
    assert_eq!(config.queue.countries, ["KZ", "KG"]);
    assert_eq!(config.register.path, "house/names.xlsx");
    assert_eq!(config.digest.languages, [Lang::KK, Lang::EN]);
    assert_eq!(config.crawl.per_host_delay, Duration::from_millis(500));
    assert_eq!(config.crawl.max_body, 1 << 20);
    assert_eq!(config.crawl.revisit, [7_200, 7 * 86_400].map(Duration::from_secs));
    assert_eq!(config.log, LogConfig { level: Some(LogLevel::Debug), format: Some(LogFormat::Json) });
    assert_eq!(config.schedule.cron.as_deref(), Some("*/20 * * * *"));
    assert_eq!(config.schedule.digest, DigestTime { weekday: Weekday::Friday, time: Time::constant(17, 30, 0, 0) });
    assert_eq!(config.review.listen.as_deref(), Some("127.0.0.1:8787"));
    assert_eq!(config.archive.keep, KeepPages::All);
    assert_eq!(config.archive.timestamp.as_deref(), Some("https://stamp.example/tsr"));
    let source = &config.sources[0];
    assert_eq!(source.page.drop, [".ads"]);
    assert_eq!(source.log, Some(LogLevel::Off));
    assert_eq!(source.feeds[0].fallbacks, ["https://dala.example/feed/"]);
    assert_eq!(source.feeds[1].kind, FeedKind::Listing);
    assert_eq!(source.feeds[1].select.as_ref().unwrap().next.as_deref(), Some("a.next"));
    assert_eq!(source.feeds[1].every, Some(Duration::from_secs(86_400)));
}

#[test]
fn a_source_keeps_the_clock_of_its_country_or_its_own() {
    let zone = |more: &str| {
        let text = format!(
            "[[source]]\nname = \"a\"\ndomain = \"a.example\"\n{more}\n[[source.feed]]\nurl = \"http://a.example/\"\n"
        );
        let source = parse(&text, "config.toml").unwrap().0.sources.remove(0);
        source.time_zone.map(|zone| zone.iana_name().unwrap_or_default().to_owned())
    };
    assert_eq!(zone(""), None);
    assert_eq!(zone("country = \"KZ\""), None);
    assert_eq!(zone("country = \"KG\"").as_deref(), Some("Asia/Bishkek"));
    assert_eq!(zone("country = \"KZ\"\ntime_zone = \"Asia/Aqtau\"").as_deref(), Some("Asia/Aqtau"));
}

#[test]
fn the_floor_and_the_ceiling_follow_an_interval_beyond_them() {
    let rhythm = |text: &str| {
        let schedule = parse(text, "config.toml").unwrap().0.schedule;
        [schedule.fastest, schedule.every, schedule.slowest].map(spelled).join(" ")
    };
    assert_eq!(rhythm(""), "5m 30m 3h");
    assert_eq!(rhythm("[schedule]\nevery = \"1s\""), "1s 1s 3h");
    assert_eq!(rhythm("[schedule]\nevery = \"2d\""), "5m 2d 2d");
    assert_eq!(
        rhythm(
            "[schedule]\nfastest = \"90s\"\nslowest = \"1500ms\"\nevery = \"1500ms\"\n"
                .replace("90s", "500ms")
                .as_str()
        ),
        "500ms 1500ms 1500ms"
    );
}

#[test]
fn faults_say_where_what_and_what_next() {
    let check = |text: &str, expect: &[&str]| {
        let told = faults(text);
        assert_eq!(told.len(), expect.len(), "{text}: {told:?}");
        for (told, expect) in told.iter().zip(expect) {
            assert!(told.contains(expect), "{told}");
        }
    };
    check("[crawl]\nper_host_dealy = \"1s\"", &["config.toml:2: `crawl.per_host_dealy` is no key"]);
    check("[crawl]\ntimeout = \"30\"", &["`30` is no duration"]);
    check("[crawl]\ntimeout = 30", &["`crawl.timeout` wants a text in quotes, not a whole number"]);
    check("[crawl]\nmax_body = \"10 parsecs\"\nallow_private = [\"loopback\"]", &["no size", "neither an address"]);
    check("[schedule]\ntime_zone = \"Asia/Almata\"\ndigest = \"8 o'clock\"", &["time_zone", "no weekday with a time"]);
    check("[schedule]\nfastest = \"1h\"", &["`schedule.fastest` is a floor and may not lie above `every`, 30m"]);
    check("[schedule]\nevery = \"1d\"\nslowest = \"2h\"", &["may not lie below `every`, 1d"]);
    let source = "[[source]]\nname = \"a\"\ndomain = \"a.example\"\n";
    check(
        &format!("{source}time_zone = \"Asia/Nowhere\"\nbackfill = \"5s\"\nproxy = \"ftp://a/\""),
        &["time_zone", "wants days", "a proxy is reached by"],
    );
    check("[schedule]\ncron = \"every day\"", &["no cron expression"]);
    check("[review]\nlisten = \"0.0.0.0:80\"", &["served on loopback only"]);
    check("[archive]\nkeep = \"some\"\ntimestamp = \"stamp.example\"", &["none of candidates", "no http"]);
    check("[crawl]\nrevisit = [\"1h\", \"soon\", \"0s\"]", &["`soon` is no duration", "after the first visit"]);
    check("[log]\nlevel = \"loud\"\nformat = \"xml\"", &["no level of a log; use off, error", "use text or json"]);
    check("[queue]\npath = \"queue.txt\"", &["use .csv, .xlsx or .jsonl"]);
    check("[register]\npath = \"register.jsonl\"", &["use .csv or .xlsx"]);
    check("[register]\nfile = \"register.csv\"", &["file"]);
    check("[digest]\nlanguages = [\"de\"]", &["`de` is no language here; use kk, ru, en"]);
    check("[[source]]\nname = \"a\"\ndomain = \"https://a.example/\"", &["`https://a.example/` is no host"]);
    check("[[source]]\nname = \"a\"", &["`source.domain` is missing"]);
    check(
        "[[source]]\nname = \"a\"\ndomain = \"a.example\"\n[[source.feed]]\nurl = \"ftp://a.example/\"\nkind = \"atom\"",
        &["is no http or https address", "`atom` is no kind of feed; use one of rss"],
    );
    check(
        "[[source]]\nname = \"a\"\ndomain = \"a.example\"\n[[source.feed]]\nurl = \"http://a.example/\"\nkind = \"listing\"",
        &["needs a CSS selector of its links"],
    );
    check("[[source]]\nname = \"a\"\ndomain = \"a.example\"", &["has no [[source.feed]] and is never polled"]);
    check("x = = 1", &["this is not TOML"]);
}
