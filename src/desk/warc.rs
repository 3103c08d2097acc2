//! Taking in WARCs that others made, through the same path as the crawler: records one by one, pages of
//! them judged and kept like fetched ones. What was taken is remembered, so that an import that was
//! broken off goes on where it stopped.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Desk, DeskError, Kept, Tally, write_whole};
use crate::archive::{Reader, Record, http, known_by};
use crate::extract;
use crate::model::{Diagnostic, Page, Wire};

/// Records read before they are judged, side by side.
const BATCH: usize = 64;
/// Faults that are told one by one; the rest are counted.
const FAULTS_TOLD: usize = 50;

/// What taking a WARC in came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenIn {
    /// Records read.
    pub records: u64,
    /// Of them no pages: requests, metadata, redirects, errors, pictures.
    pub no_pages: u64,
    /// Pages of no configured source, where only those were wanted.
    pub of_no_source: u64,
    /// What became of the pages.
    pub pages: Tally,
    /// Records that could not be read.
    pub damaged: u64,
    /// The first of them, and why.
    pub faults: Vec<Diagnostic>,
}

/// How far an import has come.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Mark {
    /// The file, for people.
    file: String,
    /// Byte at which the next member (or plain record) begins.
    offset: u64,
    /// Records of it that were taken already, where one gzip member holds many.
    within: u64,
    /// What it came to so far.
    so_far: TakenIn,
}

/// What is wanted of a WARC.
#[derive(Clone, Copy)]
pub struct Wish<'a> {
    /// Pages of configured sources only.
    pub only_sources: bool,
    /// Told after each batch: byte reached.
    pub progress: &'a dyn Fn(u64),
}

impl Desk {
    /// Takes in every page of a WARC, plain or packed by gzip.
    ///
    /// # Errors
    /// Where the file cannot be opened, or the records or the store cannot be written; a record that is
    /// damaged is counted and told.
    pub fn take_warc(&self, path: &Path, wish: &Wish<'_>, now: Timestamp) -> Result<TakenIn, DeskError> {
        let fail = |cause| DeskError::file("read", path)(cause);
        let mark_file = self.folder().join("import").join(format!("{}.json", known_by(path).map_err(fail)?));
        let mut mark = std::fs::read(&mark_file)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Mark>(&bytes).ok())
            .unwrap_or_else(|| Mark { file: path.display().to_string(), ..Mark::default() });
        if mark.offset > 0 || mark.within > 0 {
            tracing::info!(file = mark.file, offset = mark.offset, "going on where the last import of it stopped");
        }
        let mut reader = Reader::open(path, mark.offset).map_err(fail)?.largest(self.largest_record());
        for _ in 0..mark.within {
            reader.next_record();
        }
        let mut ended = false;
        while !ended {
            let mut batch = Vec::with_capacity(BATCH);
            while batch.len() < BATCH {
                let Some(read) = reader.next_record() else {
                    ended = true;
                    break;
                };
                mark.so_far.records += 1;
                match read {
                    Ok(record) => {
                        match record.length {
                            0 => mark.within += 1,
                            length => (mark.offset, mark.within) = (record.at + length, 0),
                        }
                        batch.push(record);
                    }
                    Err(fault) => mark.so_far.fault(path, fault.to_string()),
                }
            }
            self.take_batch(path, &batch, wish.only_sources, now, &mut mark.so_far)?;
            (wish.progress)(reader.position());
            if !ended {
                let bytes = serde_json::to_vec(&mark).map_err(|error| fail(error.into()))?;
                write_whole(&mark_file, &bytes)?;
            }
        }
        // Next time it is read from its begin; what is known by then costs no more than reading it.
        let _ = std::fs::remove_file(&mark_file);
        Ok(mark.so_far)
    }

    /// A page as large as one may be fetched, with its head, packed or not.
    fn largest_record(&self) -> u64 {
        self.config.crawl.max_body.saturating_add(64 << 10)
    }

    fn take_batch(
        &self,
        path: &Path,
        batch: &[Record],
        only_sources: bool,
        now: Timestamp,
        so_far: &mut TakenIn,
    ) -> Result<(), DeskError> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let shares: Vec<Result<TakenIn, DeskError>> = std::thread::scope(|scope| {
            let share = |number: usize| {
                scope.spawn(move || {
                    let mut share = TakenIn::default();
                    for record in batch.iter().skip(number).step_by(threads) {
                        self.take_record(path, record, only_sources, now, &mut share)?;
                    }
                    Ok(share)
                })
            };
            let running: Vec<_> = (0..threads).map(share).collect();
            running
                .into_iter()
                .map(|share| share.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        for share in shares {
            so_far.add(share?);
        }
        Ok(())
    }

    fn take_record(
        &self,
        path: &Path,
        record: &Record,
        only_sources: bool,
        now: Timestamp,
        so_far: &mut TakenIn,
    ) -> Result<(), DeskError> {
        let cap = self.config.crawl.max_body;
        let page = match page_of(record, path, cap, now) {
            Ok(Some(page)) => page,
            Ok(None) => {
                so_far.no_pages += 1;
                return Ok(());
            }
            Err((url, why)) => {
                so_far.pages.count(&self.set_aside(&url, None, why, now)?);
                return Ok(());
            }
        };
        let source = self.config.source_at(&page.url);
        if only_sources && source.is_none() {
            so_far.of_no_source += 1;
            return Ok(());
        }
        let address = extract::canonical_url(&page.url).unwrap_or_else(|| page.url.clone());
        let kept = match self.store.seen(&address)? {
            true => Kept::Duplicate { of: address },
            false => self.take_page(&page, None, source, now)?,
        };
        so_far.pages.count(&kept);
        Ok(())
    }
}

impl TakenIn {
    fn add(&mut self, share: Self) {
        self.no_pages += share.no_pages;
        self.of_no_source += share.of_no_source;
        self.pages.add(share.pages);
    }

    fn fault(&mut self, path: &Path, why: String) {
        self.damaged += 1;
        if self.faults.len() < FAULTS_TOLD {
            self.faults.push(Diagnostic::new(path.display().to_string(), why));
        }
    }
}

/// The page that a record holds; `None` where it holds none, and an address with the reason where it
/// cannot be read.
fn page_of(record: &Record, path: &Path, cap: u64, now: Timestamp) -> Result<Option<Page>, (String, String)> {
    let Some(url) = record.target().filter(|url| url.starts_with("http://") || url.starts_with("https://")) else {
        return Ok(None);
    };
    let wrong = |why: String| (url.to_owned(), why);
    let (headers, body, status) = match record.kind() {
        "response" => {
            let Some(answer) = http::read_answer(&record.block) else { return Ok(None) };
            if !(200..300).contains(&answer.status) || !is_page(answer.header("content-type")) {
                return Ok(None);
            }
            if record.cut {
                return Err(wrong(format!("it is larger than {cap} bytes")));
            }
            let body = http::payload(&answer, &record.block, cap).map_err(wrong)?;
            (answer.headers, body, Some(answer.status))
        }
        "resource" if record.header("content-type").is_some_and(|kind| is_page(Some(kind))) => {
            if record.cut {
                return Err(wrong(format!("it is larger than {cap} bytes")));
            }
            let kind = record.header("content-type").unwrap_or_default();
            (vec![("content-type".to_owned(), kind.to_owned())], record.block.clone(), None)
        }
        _ => return Ok(None),
    };
    // A time of capture that lies ahead of us is a wrong clock's.
    let captured = record.date().unwrap_or(now).min(now);
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let wire = Wire {
        status: status.unwrap_or(200),
        protocol: record.header("warc-protocol").unwrap_or("http/1.1").to_owned(),
        peer: record.header("warc-ip-address").and_then(|address| address.trim().parse().ok()),
        asked: Vec::new(),
        via: Vec::new(),
        taken_from: Some(format!("{file} {}", record.id())),
    };
    Ok(Some(Page { url: url.to_owned(), moved: None, headers, body, captured, wire: Some(wire) }))
}

fn is_page(content_type: Option<&str>) -> bool {
    let kind = content_type.unwrap_or("text/html").split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(kind.as_str(), "text/html" | "application/xhtml+xml" | "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_from_other_records() {
        let check = |kind: &str, uri: &str, block: &str, expect: bool| {
            let headers = [("warc-type", kind), ("warc-target-uri", uri), ("content-type", "text/html")];
            let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
            let record = Record { at: 0, length: 1, headers, block: block.as_bytes().to_vec(), cut: false };
            let now = Timestamp::UNIX_EPOCH;
            let page = page_of(&record, Path::new("a.warc.gz"), 1000, now).unwrap();
            assert_eq!(page.is_some(), expect, "{kind} {uri} {block}");
        };
        let answer = |status: u16, kind: &str| format!("HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\n\r\n<p>");
        check("response", "http://a.example/", &answer(200, "text/html; charset=utf-8"), true);
        check("response", "http://a.example/", &answer(200, "application/xhtml+xml"), true);
        check("response", "http://a.example/", "HTTP/1.0 200\r\n\r\n<p>", true);
        check("resource", "http://a.example/", "<p>", true);
        check("response", "http://a.example/", &answer(404, "text/html"), false);
        check("response", "http://a.example/", &answer(302, "text/html"), false);
        check("response", "http://a.example/", &answer(200, "image/png"), false);
        check("response", "dns:a.example", &answer(200, "text/html"), false);
        check("response", "http://a.example/", "nothing", false);
        check("request", "http://a.example/", &answer(200, "text/html"), false);
        check("revisit", "http://a.example/", &answer(200, "text/html"), false);
    }
}
