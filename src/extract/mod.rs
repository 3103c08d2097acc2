//! Acquisition: bytes of feeds and pages → entries and articles.
//!
//! - [`feed`], [`sitemap`], [`listing`], [`telegram`]: what a source announces, as [`Entry`] values.
//! - [`page`]: one article out of a page's boilerplate, as an [`Article`].
//! - [`canonical_url`], [`date`]: the two things that all of them read.
//!
//! It never fetches, stores or judges. Everything here was written by strangers: no input is a
//! panic, no input takes more than linear time, and what cannot be read is said with a reason.

mod address;
mod charset;
mod dates;
mod plain;

pub use address::canonical_url;
pub use dates::{DateHint, date};
