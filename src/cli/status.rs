//! `status`: what waits, what is alive, what failed, and what the operator must hear of.

use anyhow::Result;
use jiff::{SignedDuration, Timestamp};

use super::{Exit, Io, Listing};
use crate::config::Config;
use crate::desk::{Alarm, Backfill, BoxesStanding, Desk, SourceHealth};
use crate::digest::report;
use crate::net;

/// Widest name of a source in the table, in letters.
const WIDEST_NAME: usize = 28;

#[derive(Debug, clap::Args)]
pub(super) struct Status {
    #[command(flatten)]
    listing: Listing,
}

impl Status {
    pub(super) fn act(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        let standing = desk.standing(now)?;
        if self.listing.json() {
            io.json(&standing)?;
            return Ok(Exit::Done);
        }
        writeln!(io.out, "candidates  {} wait, {} decided", standing.waiting, standing.decided)?;
        writeln!(io.out, "events      {} confirmed", standing.events)?;
        // The language that the house works in; digests may be in others.
        let language = desk.config().queue.language;
        for totals in &standing.totals {
            let so_far = if totals.complete { "" } else { " so far" };
            writeln!(io.out, "figures     {}{so_far}", totals.period)?;
            for (id, value) in &totals.figures {
                writeln!(io.out, "            {}  ({id})", report::told(id, *value, language))?;
            }
        }
        writeln!(io.out, "stories     {} kept, {} inputs set aside", standing.stories, standing.quarantined)?;
        writeln!(io.out, "rules       {}", standing.rule_set)?;
        for line in proxies(desk.config()) {
            writeln!(io.out, "proxy       {line}")?;
        }
        if let Some(boxes) = &standing.boxes {
            print_boxes(boxes, now, io)?;
        }
        match standing.alarms.len() {
            0 => writeln!(io.out, "alarms      none")?,
            _ => print_alarms(&standing.alarms, io)?,
        }
        writeln!(io.out)?;
        print_sources(&standing.sources, now, io)?;
        Ok(Exit::Done)
    }
}

fn print_boxes(boxes: &BoxesStanding, now: Timestamp, io: &mut Io<'_>) -> Result<()> {
    let held: Vec<String> = boxes.reviewers.iter().map(|(name, rows)| format!("{name} {rows}")).collect();
    writeln!(io.out, "boxes       {}", held.join(", "))?;
    super::queue::in_no_box(boxes.unwanted, boxes.no_room, io)?;
    for left in &boxes.left {
        let age = in_words(now.duration_since(left.since));
        writeln!(io.out, "left alone  {} for {age}: {}", left.file, left.why)?;
    }
    Ok(())
}

fn print_alarms(alarms: &[Alarm], io: &mut Io<'_>) -> Result<()> {
    for alarm in alarms {
        writeln!(io.out, "alarm       {}: {}", alarm.about, alarm.message)?;
    }
    Ok(())
}

/// The health table.
pub(super) fn print_sources(sources: &[SourceHealth], now: Timestamp, io: &mut Io<'_>) -> Result<()> {
    let ago = |at: Option<Timestamp>| at.map_or_else(|| "never".to_owned(), |at| in_words(now.duration_since(at)));
    let width = sources.iter().map(|source| source.name.chars().count()).max().unwrap_or(0).clamp(6, WIDEST_NAME);
    writeln!(
        io.out,
        "{:<width$}  {:<12}  {:>9}  {:>9}  {:>7}  {:>8}  {:>9}  why",
        "source", "state", "answered", "new story", "a day", "failures", "due in"
    )?;
    for source in sources {
        let due = source.next_due.map_or_else(
            || "now".to_owned(),
            |due| match due.duration_since(now) {
                wait if wait.is_positive() => in_words(wait),
                _ => "now".to_owned(),
            },
        );
        let name: String = source.name.chars().take(width).collect();
        let mut why = source.why.clone().unwrap_or_default();
        for feed in &source.feeds {
            if let Some(moved) = &feed.moved {
                why.push_str(&format!(" [{} has moved to {moved}]", feed.url));
            }
        }
        if source.backfill == Some(Backfill::UnderWay) {
            why.push_str(" [backfill under way]");
        }
        let line = format!(
            "{name:<width$}  {:<12}  {:>9}  {:>9}  {:>7.1}  {:>8}  {due:>9}  {}",
            source.state,
            ago(source.last_success),
            ago(source.last_new_story),
            source.stories_a_day,
            source.failures,
            why.trim()
        );
        writeln!(io.out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn in_words(time: SignedDuration) -> String {
    match time.as_secs().max(0) {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds @ 7_200..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

/// Each proxy of a configuration, without its password, with what the address guard can still promise.
fn proxies(config: &Config) -> Vec<String> {
    let own = config.sources.iter().filter_map(|source| Some((source.name.as_str(), source.proxy.as_deref()?)));
    let all = config.crawl.proxy.as_deref().map(|proxy| ("every source", proxy)).into_iter().chain(own);
    let line = |(of, proxy): (&str, &str)| match proxy {
        "" => format!("{of}: none"),
        proxy => format!("{of}: {}; {}", without_password(proxy), net::promise(proxy)),
    };
    all.map(line).collect()
}

fn without_password(proxy: &str) -> String {
    match (proxy.split_once("://"), proxy.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
        _ => proxy.to_owned(),
    }
}

/// Says on stderr what a proxy changes.
pub(super) fn tell_proxies(config: &Config, io: &mut Io<'_>) -> Result<()> {
    for line in proxies(config) {
        writeln!(io.err, "proxy of {line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_told_without_its_password_and_with_what_the_guard_promises() {
        let text = "[crawl]\nproxy = \"http://user:secret@127.0.0.1:3128\"\n[[source]]\nname = \"A\"\ndomain = \"a.example\"\nproxy = \"\"\n\
                    [[source]]\nname = \"B\"\ndomain = \"b.example\"\nproxy = \"socks5://127.0.0.1:1080\"\n";
        let (config, _) = crate::config::parse(text, "config.toml").unwrap();
        let told = proxies(&config);
        assert!(told[0].starts_with("every source: http://127.0.0.1:3128; the proxy looks names up"), "{told:?}");
        assert_eq!(told[1], "A: none");
        assert!(told[2].contains("names are looked up here"), "{told:?}");
        assert!(!told.join(" ").contains("secret"));
    }
}
