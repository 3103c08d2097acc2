//! `sources`: their health; each fetched once to see what it would give; the feeds of a site; lists of
//! sources for and from other readers.

use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Subcommand;
use futures::StreamExt as _;
use jiff::Timestamp;
use serde_json::json;

use super::{Arguments, Exit, Failure, Io, Listing, at_the_desk, config_or_defaults, read_config};
use crate::config::{self, Feed, Source};
use crate::desk::{self, Announced, Desk, Finding, Site};
use crate::net::{Client, Fetched};

/// Largest list of sources that is read.
const LARGEST_LIST: u64 = 32 << 20;

#[derive(Debug, clap::Args)]
pub(super) struct Sources {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// The health table.
    List {
        #[command(flatten)]
        listing: Listing,
    },
    /// Fetch each feed once and tell what it would give; stores nothing.
    Check {
        #[command(flatten)]
        listing: Listing,
    },
    /// Discover the feeds of a site; prints the block to paste into config.toml.
    Find {
        /// A site, a page, a feed, or a public Telegram channel (@NAME).
        url: String,
        #[command(flatten)]
        listing: Listing,
    },
    /// The sources as OPML, the form that feed readers exchange.
    Export {
        /// Where to write it; default standard output.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Sources out of an OPML list, as blocks to paste into config.toml.
    Import {
        /// An OPML file; `-` is standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

impl Sources {
    pub(super) fn run(&self, arguments: &Arguments, raw: &[OsString], io: &mut Io<'_>) -> Result<Exit> {
        match &self.act {
            Act::List { .. } => at_the_desk(arguments, raw, io),
            Act::Check { listing } => check(arguments, listing, io),
            Act::Find { url, listing } => find(arguments, url, listing, io),
            Act::Export { out } => export(arguments, out.as_deref(), io),
            Act::Import { file } => import(file, io),
        }
    }

    pub(super) fn act(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        let Act::List { listing } = &self.act else {
            return Err(Failure::usage("only `sources list` is asked of a running daemon"));
        };
        let sources = desk.source_health(now)?;
        if listing.json() {
            for source in sources {
                io.json(&source)?;
            }
            return Ok(Exit::Done);
        }
        super::status::print_sources(&sources, now, io)?;
        Ok(Exit::Done)
    }
}

/// What one feed would give.
#[derive(serde::Serialize)]
struct Checked<'a> {
    source: &'a str,
    feed: &'a str,
    /// Where it was asked, where that is not `feed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    entries: Option<usize>,
    newest: Option<String>,
    title: Option<String>,
    error: Option<String>,
}

fn check(arguments: &Arguments, listing: &Listing, io: &mut Io<'_>) -> Result<Exit> {
    let (config, _) = read_config(arguments, io)?;
    let client = Client::for_sources(&config)?;
    super::status::tell_proxies(&config, io)?;
    let runtime = tokio::runtime::Runtime::new().context("the network could not be made ready")?;
    let mut faults = false;
    let feeds = config.sources.iter().flat_map(|source| source.feeds.iter().map(move |feed| (source, feed)));
    let looks = futures::stream::iter(feeds).map(|(source, feed)| look(&client, source, feed));
    // Beside each other, told in the order of the configuration.
    let mut looks = std::pin::pin!(looks.buffered(config.crawl.max_concurrent.max(1)));
    while let Some(checked) = runtime.block_on(looks.next()) {
        faults |= checked.error.is_some();
        if listing.json() {
            io.json(&checked)?;
            continue;
        }
        let found = match &checked.error {
            Some(error) => error.clone(),
            None => format!(
                "{} entries, newest {}{}{}",
                checked.entries.unwrap_or_default(),
                checked.newest.as_deref().unwrap_or("undated"),
                checked.title.as_ref().map(|title| format!(": {title}")).unwrap_or_default(),
                checked.at.as_ref().map(|at| format!(" (at {at}; write that address down)")).unwrap_or_default(),
            ),
        };
        writeln!(io.out, "{:<24} {}  {found}", checked.source, checked.feed)?;
    }
    Ok(Exit::faults_if(faults))
}

/// Asks a feed, then its fallbacks, for what it would give.
async fn look<'a>(client: &Client, source: &'a Source, feed: &'a Feed) -> Checked<'a> {
    let mut checked = Checked {
        source: &source.name,
        feed: &feed.url,
        at: None,
        entries: None,
        newest: None,
        title: None,
        error: None,
    };
    for url in std::iter::once(&feed.url).chain(&feed.fallbacks) {
        match entries_at(client, url, source, feed).await {
            Ok((announced, moved)) => {
                let newest = announced.entries.iter().max_by_key(|entry| entry.published);
                checked.entries = Some(announced.entries.len());
                checked.newest = newest.and_then(|entry| entry.published).map(|moment| moment.to_string());
                checked.title = newest.and_then(|entry| entry.title.clone());
                checked.at = moved.or_else(|| Some(url.clone())).filter(|at| *at != feed.url);
                checked.error = None;
                return checked;
            }
            // The address that is configured first is the one to mend.
            Err(error) => checked.error = checked.error.or(Some(error)),
        }
    }
    checked
}

/// What one address of a feed announces, the freshest sitemap of an index included.
async fn entries_at(
    client: &Client,
    url: &str,
    source: &Source,
    feed: &Feed,
) -> Result<(Announced, Option<String>), String> {
    let fetch = async |url: &str| match client.get_by(source.proxy.as_deref(), url, None).await {
        Ok(Fetched::Page(page)) => Ok(page),
        Ok(Fetched::NotModified) => Err("it answered \"not modified\" to a first visit".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    let page = fetch(url).await?;
    let mut announced = desk::read(&page, feed, source).map_err(|error| error.to_string())?;
    let children = desk::freshest(std::mem::take(&mut announced.children));
    if let Some(child) = children.first().filter(|_| announced.entries.is_empty()) {
        let page = fetch(&child.url).await?;
        announced.entries = desk::read(&page, feed, source).map_err(|error| error.to_string())?.entries;
    }
    Ok((announced, page.moved))
}

fn find(arguments: &Arguments, url: &str, listing: &Listing, io: &mut Io<'_>) -> Result<Exit> {
    let (config, _) = config_or_defaults(arguments, io)?;
    let client = Client::new(&config.crawl)?;
    let runtime = tokio::runtime::Runtime::new().context("the network could not be made ready")?;
    let on_terminal = std::io::stderr().is_terminal();
    let tell = |url: &str| {
        if on_terminal {
            // What is looked at is a courtesy; a closed stderr is no reason to stop.
            let _ = writeln!(std::io::stderr(), "looking at {url}");
        }
    };
    let site = runtime.block_on(desk::find(&client, url, Timestamp::now, &tell));
    let found = !site.source.feeds.is_empty();
    if listing.json() {
        let block = found.then(|| config::block(&site.source));
        io.json(&json!({
            "url": url,
            "block": block,
            "feeds": site.findings,
            "sitemap": site.sitemap,
            "faults": site.faults,
        }))?;
        return Ok(Exit::faults_if(!found));
    }
    io.tell(&site.faults)?;
    if found {
        let named = config.sources.iter().find(|source| source.domain == site.source.domain);
        if let Some(known) = named {
            writeln!(io.err, "{} is watched already, as `{}`", known.domain, known.name)?;
        }
        print_site(&site, io)?;
    } else {
        writeln!(
            io.err,
            "no feed was found at {url}; where its pages list articles, name one with kind = \"listing\" and a selector of their links"
        )?;
    }
    Ok(Exit::faults_if(!found))
}

/// The block to paste, with what is known of each feed in comments: the whole of it is TOML.
fn print_site(site: &Site, io: &mut Io<'_>) -> Result<()> {
    for finding in site.findings.iter().filter(|finding| finding.passed_over.is_none()) {
        writeln!(io.out, "# {} {}: {}", finding.kind, one_line(&finding.url), about(finding))?;
    }
    let block = config::block(&site.source);
    let (head, feeds) = block.split_once("[[source.feed]]").unwrap_or((&block, ""));
    write!(io.out, "{head}")?;
    if let Some(sitemap) = &site.sitemap {
        writeln!(io.out, "#backfill = \"30d\"   # once, from {}", one_line(sitemap))?;
    }
    write!(io.out, "[[source.feed]]{feeds}")?;
    for finding in &site.findings {
        if let Some(why) = &finding.passed_over {
            writeln!(io.out, "#[[source.feed]]   # {}; {}", about(finding), one_line(why))?;
            let feed =
                Feed { url: finding.url.clone(), fallbacks: Vec::new(), kind: finding.kind, select: None, every: None };
            let source = Source { feeds: vec![feed], ..site.source.clone() };
            let block = config::block(&source);
            let lines = block.split_once("[[source.feed]]\n").map_or("", |(_, feed)| feed);
            for line in lines.lines() {
                writeln!(io.out, "#{line}")?;
            }
        }
    }
    Ok(())
}

fn about(finding: &Finding) -> String {
    let newest = finding.newest.map_or_else(|| "undated".to_owned(), |newest| format!("newest {newest}"));
    let often = match finding.usual_gap {
        Some(gap) if gap < 5_400 => format!(", about every {} min", gap.div_ceil(60)),
        Some(gap) if gap < 172_800 => format!(", about every {} h", gap.div_ceil(3_600)),
        Some(gap) => format!(", about every {} days", gap / 86_400),
        None => String::new(),
    };
    let title = finding.title.as_deref().map(|title| format!("\"{}\", ", one_line(title))).unwrap_or_default();
    format!("{title}{} entries, {newest}{often}", finding.entries)
}

/// A stranger's text in a comment stays in its line.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(300).collect()
}

fn export(arguments: &Arguments, out: Option<&std::path::Path>, io: &mut Io<'_>) -> Result<Exit> {
    let (config, _) = read_config(arguments, io)?;
    let list = config::to_opml(&config.sources);
    match out {
        Some(file) => {
            let path = io.path(file);
            std::fs::write(&path, list).with_context(|| format!("cannot write {}", path.display()))?;
        }
        None => write!(io.out, "{list}")?,
    }
    Ok(Exit::Done)
}

fn import(file: &std::path::Path, io: &mut Io<'_>) -> Result<Exit> {
    let bytes = match file.as_os_str() == "-" {
        true => {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut std::io::Read::take(std::io::stdin(), LARGEST_LIST), &mut bytes)?;
            bytes
        }
        false => super::extract::read_unpacked(&io.path(file), LARGEST_LIST)?,
    };
    let name = file.display().to_string();
    let (sources, told) = match config::from_opml(&String::from_utf8_lossy(&bytes), &name) {
        Ok(read) => read,
        Err(fault) => {
            io.tell(&[fault])?;
            return Ok(Exit::Faults);
        }
    };
    io.tell(&told)?;
    for (number, source) in sources.iter().enumerate() {
        let parting = if number == 0 { "" } else { "\n" };
        write!(io.out, "{parting}{}", config::block(source))?;
    }
    Ok(Exit::faults_if(!told.is_empty()))
}
