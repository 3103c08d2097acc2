//! `extract`: pages → stories as JSON Lines.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::json;

use super::{Exit, Failure, Io};
use crate::config::PageSelect;
use crate::extract::{self, Article, Origin};

/// Largest page read, after decompression.
const LARGEST_PAGE: u64 = 32 << 20;

#[derive(Debug, clap::Args)]
pub(super) struct Extract {
    /// Pages, plain or gzipped.
    #[arg(required_unless_present = "pages")]
    files: Vec<PathBuf>,
    /// Every .html and .html.gz of a folder, in order of their names.
    #[arg(long, value_name = "DIR")]
    pages: Option<PathBuf>,
    /// The address that the page came from.
    #[arg(long)]
    url: Option<String>,
}

impl Extract {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        let mut files: Vec<PathBuf> = self.files.iter().map(|file| io.path(file)).collect();
        if let Some(dir) = &self.pages {
            files.extend(pages_of(&io.path(dir))?);
        }
        let mut faults = false;
        for file in files {
            let id = page_id(&file);
            match self.extract(&file) {
                Ok(article) => io.json(&json!({
                    "id": id,
                    "url": article.url,
                    "title": article.title,
                    "text": article.text,
                    "published": article.published,
                    "byline": article.byline,
                    "site": article.site,
                    "lang": article.lang,
                }))?,
                Err(error) => {
                    faults = true;
                    io.json(&json!({ "id": id, "error": format!("{error:#}") }))?;
                }
            }
        }
        io.out.flush()?;
        Ok(Exit::faults_if(faults))
    }

    fn extract(&self, file: &Path) -> Result<Article> {
        let bytes = read_unpacked(file, LARGEST_PAGE)?;
        extract::page(&bytes, &Origin { url: self.url.as_deref(), ..Origin::default() }, &PageSelect::default())
            .map_err(|none| anyhow::anyhow!("{}", none.reason))
    }
}

/// Reads a file, unpacked where it is gzipped, up to `most` bytes.
pub(super) fn read_unpacked(file: &Path, most: u64) -> Result<Vec<u8>> {
    let reading = || format!("cannot read {}", file.display());
    let bytes = std::fs::read(file).with_context(reading)?;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice()).take(most).read_to_end(&mut unpacked).with_context(reading)?;
    Ok(unpacked)
}

/// The file name without `.html` or `.html.gz`.
fn page_id(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.strip_suffix(".html").or_else(|| name.strip_suffix(".htm")).unwrap_or(name).to_owned()
}

fn pages_of(dir: &Path) -> Result<Vec<PathBuf>> {
    let listed =
        std::fs::read_dir(dir).map_err(|error| Failure::usage(format!("cannot list {}: {error}", dir.display())))?;
    let mut pages: Vec<PathBuf> = listed
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            name.ends_with(".html") || name.ends_with(".html.gz")
        })
        .collect();
    pages.sort();
    Ok(pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_by_its_file_name() {
        for (file, id) in
            [("a/b.html", "b"), ("b.html.gz", "b"), ("site.kz.item.html.gz", "site.kz.item"), ("raw", "raw")]
        {
            assert_eq!(page_id(Path::new(file)), id);
        }
    }
}
