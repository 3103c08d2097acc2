//! Acquisition: bytes of feeds and pages → entries and articles.
//!
//! - [`feed`], [`sitemap`], [`listing`], [`telegram`]: what a source announces, as [`Entry`] values.
//! - [`page`]: one article out of a page's boilerplate, as an [`Article`].
//! - [`canonical_url`], [`date`]: the two things that all of them read.
//!
//! It never fetches, stores or judges. Everything here was written by strangers: no input is a
//! panic, no input takes more than linear time, and what cannot be read is said with a reason.

mod address;
mod body;
mod charset;
mod dates;
mod discover;
mod feed;
mod gunzip;
mod html;
mod listing;
mod metadata;
mod nags;
mod page;
mod plain;
#[cfg(test)]
mod real;
mod repair;
mod sitemap;
mod telegram;
mod veil;

pub use address::canonical_url;
pub use dates::{DateHint, date, day_of_address};
pub use discover::{Discovered, discover, sitemaps_of_robots, usual_feeds, usual_sitemaps};
pub use feed::feed;
pub use listing::listing;
pub use page::page;
pub use sitemap::sitemap;
pub use telegram::{preview_of, telegram};

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::{Entry, Moment};

/// Where bytes came from, as far as it is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin<'a> {
    /// The Content-Type header.
    pub content_type: Option<&'a str>,
    /// The address that answered; relative links count from it.
    pub url: Option<&'a str>,
    /// ISO 3166-1 code of the source's country: dates without a zone are read on its clock.
    pub country: Option<&'a str>,
    /// The source's own clock, where it is known better than by its country.
    pub zone: Option<&'a TimeZone>,
    /// When they were captured: nothing was published after that.
    pub captured: Option<Timestamp>,
}

impl<'a> Origin<'a> {
    /// Bytes that came from an address, and nothing else is known.
    pub fn at(url: &'a str) -> Self {
        Self { url: Some(url), ..Self::default() }
    }

    /// What relative links count from; a name that leads nowhere where there is no address.
    fn base(&self) -> &'a str {
        self.url.unwrap_or("http://nowhere.invalid/")
    }

    /// How dates without a zone are read.
    fn hint(&self) -> DateHint<'a> {
        let kazakhstan = match self.country {
            Some(country) => country == "KZ",
            None => self.url.is_some_and(feed::is_kazakhstani),
        };
        DateHint { captured: self.captured, kazakhstan, zone: self.zone }
    }
}

/// A feed that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its own title, as plain text.
    pub title: Option<String>,
    /// What it announces, in its order.
    pub entries: Vec<Entry>,
    /// When it wants to be asked.
    pub wishes: Wishes,
}

/// What a feed says of when it wants to be asked again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Least time between two visits: RSS 2.0 `ttl`, else the syndication module of RSS 1.0.
    pub ttl: Option<Duration>,
    /// Hours of the day, UTC, in which nobody need ask: 0 to 23, in order.
    pub skip_hours: Vec<u8>,
    /// Days of the week in which nobody need ask: 1 (Monday) to 7, in order.
    pub skip_days: Vec<u8>,
}

/// A sitemap, or an index of sitemaps, that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitemap {
    /// What it announces, in its order.
    pub entries: Vec<Entry>,
    /// The sitemaps that an index names, in its order.
    pub children: Vec<Child>,
}

/// A sitemap that an index names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Absolute address.
    pub url: String,
    /// When it last changed, by the index.
    pub changed: Option<Moment>,
}

/// One page of a listing that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Links to articles, each once, in the order of the page.
    pub entries: Vec<Entry>,
    /// Absolute address of the next page, where the page names one.
    pub next: Option<String>,
}

/// Bytes that are no feed of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct NotAFeed {
    /// What they are instead, and what to do.
    pub reason: String,
}

impl NotAFeed {
    fn because(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

/// What was read off a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Canonical address: the page's own word for it where it is of the same site, else the address given.
    pub url: Option<String>,
    /// Headline without the site's name; empty where the page has none.
    pub title: String,
    /// Paragraphs parted by a blank line.
    pub text: String,
    /// When it was published.
    pub published: Option<Moment>,
    /// Author line.
    pub byline: Option<String>,
    /// Name of the site, else its host.
    pub site: Option<String>,
    /// ISO 639 code of the language that the page declares, corrected by the letters of its text.
    pub lang: Option<String>,
}

/// A page without an article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct NoArticle {
    /// Why there is none, in words for people.
    pub reason: String,
}

impl NoArticle {
    fn because(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}
