//! `feed`: feeds → entries as JSON Lines.

use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;

use super::extract::read_unpacked;
use super::{Exit, Io};
use crate::extract::{self, Origin};

/// Largest feed read, after decompression.
const LARGEST_FEED: u64 = 64 << 20;

#[derive(Debug, clap::Args)]
pub(super) struct Feed {
    /// RSS, RDF, Atom, JSON Feed, sitemap or saved Telegram preview files, plain or gzipped.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl Feed {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        let mut faults = false;
        for file in &self.files {
            let name = file.display().to_string();
            let read = read_unpacked(&io.path(file), LARGEST_FEED)
                .map_err(|error| format!("{error:#}"))
                .and_then(|bytes| entries(&bytes));
            match read {
                Ok(entries) => {
                    for entry in entries {
                        let mut line = json!({
                            "file": name,
                            "feed_title": entry.feed_title,
                            "id": entry.id,
                            "url": entry.url,
                            "title": entry.title,
                            "published": entry.published,
                            "summary": entry.summary,
                        });
                        if let Some(post) = entry.post {
                            line["post"] = json!(post);
                        }
                        io.json(&line)?;
                    }
                }
                Err(error) => {
                    faults = true;
                    io.json(&json!({ "file": name, "error": error }))?;
                }
            }
        }
        io.out.flush()?;
        Ok(Exit::faults_if(faults))
    }
}

/// A feed's entries; a sitemap or a channel's preview is read as one where the bytes are no feed.
fn entries(bytes: &[u8]) -> Result<Vec<crate::model::Entry>, String> {
    let origin = Origin::default();
    extract::feed(bytes, &origin)
        .map(|feed| feed.entries)
        .or_else(|no_feed| extract::sitemap(bytes, &origin).map(|sitemap| sitemap.entries).map_err(|_| no_feed))
        .or_else(|no_feed| extract::telegram(bytes, &origin).map(|channel| channel.entries).map_err(|_| no_feed))
        .map_err(|no_feed| no_feed.to_string())
}
