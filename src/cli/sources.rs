//! `sources`: their health; each fetched once to see what it would give.

use std::ffi::OsString;

use anyhow::{Context as _, Result};
use clap::Subcommand;
use jiff::Timestamp;

use super::{Arguments, Exit, Failure, Io, Listing, at_the_desk, read_config};
use crate::desk::Desk;
use crate::extract::{self, Origin};
use crate::model::FeedKind;
use crate::net::{Client, Fetched};

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
    /// Discover the feeds of a site.
    Find { url: String },
}

impl Sources {
    pub(super) fn run(&self, arguments: &Arguments, raw: &[OsString], io: &mut Io<'_>) -> Result<Exit> {
        match &self.act {
            Act::List { .. } => at_the_desk(arguments, raw, io),
            Act::Check { listing } => check(arguments, listing, io),
            Act::Find { url } => Err(Failure::usage(format!(
                "discovering the feeds of {url} is not built yet; name them under [[source.feed]]"
            ))),
        }
    }

    pub(super) fn act(&self, desk: &Desk, now: Timestamp, io: &mut Io<'_>) -> Result<Exit> {
        let Act::List { listing } = &self.act else {
            return Err(Failure::usage("only `sources list` is asked of a running daemon"));
        };
        for source in desk.source_health(now)? {
            if listing.json() {
                io.json(&source)?;
                continue;
            }
            super::status::print_source(&source, io)?;
        }
        Ok(Exit::Done)
    }
}

#[derive(serde::Serialize)]
struct Checked<'a> {
    source: &'a str,
    feed: &'a str,
    entries: Option<usize>,
    newest: Option<String>,
    error: Option<String>,
}

fn check(arguments: &Arguments, listing: &Listing, io: &mut Io<'_>) -> Result<Exit> {
    let (config, _) = read_config(arguments, io)?;
    let client = Client::new(&config.crawl)?;
    let runtime = tokio::runtime::Runtime::new().context("the network could not be made ready")?;
    let mut faults = false;
    for source in &config.sources {
        for feed in &source.feeds {
            let read = runtime.block_on(async {
                let Fetched::Page(page) = client.get(&feed.url, None).await.map_err(|error| error.to_string())? else {
                    return Err("it answered \"not modified\" to a first visit".to_owned());
                };
                let origin = Origin {
                    content_type: page.header("content-type"),
                    country: source.country.as_deref(),
                    ..Origin::at(&page.url)
                };
                let entries = match feed.kind {
                    FeedKind::Rss => extract::feed(&page.body, &origin).map(|feed| feed.entries),
                    FeedKind::Telegram => extract::telegram(&page.body, &origin),
                    FeedKind::Sitemap => extract::sitemap(&page.body, &origin).map(|sitemap| sitemap.entries),
                    FeedKind::Listing => {
                        let select = feed.select.clone().unwrap_or_default();
                        extract::listing(&page.body, &origin, &select).map(|listing| listing.entries)
                    }
                };
                entries.map_err(|error| error.to_string())
            });
            let newest =
                read.as_ref().ok().and_then(|entries| entries.iter().filter_map(|entry| entry.published).max());
            let checked = Checked {
                source: &source.name,
                feed: &feed.url,
                entries: read.as_ref().ok().map(Vec::len),
                newest: newest.map(|moment| moment.to_string()),
                error: read.err(),
            };
            faults |= checked.error.is_some();
            if listing.json() {
                io.json(&checked)?;
            } else {
                let found = match (&checked.error, checked.entries) {
                    (Some(error), _) => error.clone(),
                    (None, entries) => format!(
                        "{} entries, newest {}",
                        entries.unwrap_or_default(),
                        checked.newest.as_deref().unwrap_or("undated")
                    ),
                };
                writeln!(io.out, "{:<24} {}  {found}", checked.source, checked.feed)?;
            }
        }
    }
    Ok(Exit::faults_if(faults))
}
