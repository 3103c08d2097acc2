//! Erasing a private person: what was kept of a story, what reviewers typed about it, and the rows of the
//! register that name nobody else.
//!
//! The act is noted in the ledger before anything is erased, and its end after; an erasing that a crash
//! broke off goes on when the desk is next opened, and doing a step twice does no harm. What stays: the
//! ids, when it was, what it counts as, the hash of its text, and that it was erased, why and when.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use jiff::Timestamp;

use super::{Desk, DeskError, write_whole};
use crate::cases::near;
use crate::extract;
use crate::ledger::{Act, Change, Record, erased_story, erased_telling};
use crate::model::hex;
use crate::review::{self, Format, Given, Style};
use crate::store::Store;

/// What is left of a file, by its path and bytes; `None` where all of it is.
type Leaving<'a> = dyn Fn(&Path, &[u8]) -> Result<Option<Vec<u8>>, DeskError> + 'a;

/// What erasing came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Forgotten {
    /// The ids erased: the one asked for, and those that tell the same text.
    pub ids: Vec<String>,
    /// Values erased beside the ledger.
    pub values: u64,
    /// Batches of the journal written anew.
    pub batches: u64,
    /// Queue files that rows were taken out of.
    pub files: Vec<PathBuf>,
    /// Files that still hold it: captures in the archive, digests. They are for a person to delete.
    pub left: Vec<PathBuf>,
}

impl Desk {
    /// Erases all that is known under an id, and under the ids that tell the same text. `verify` and
    /// `store check` hold afterwards, and figures count as before.
    ///
    /// # Errors
    /// Where nothing is known under the id, or something could not be erased; it goes on when asked
    /// again, and by itself when the desk is next opened.
    pub fn forget(&self, id: &str, reason: &str, now: Timestamp) -> Result<Forgotten, DeskError> {
        if reason.trim().is_empty() {
            return Err(DeskError::Asked("say why with --reason; it is kept in the ledger, so name nobody".to_owned()));
        }
        let (ids, sha256) = self.same_text(id)?;
        self.record_acts(vec![Act::Forget { ids: ids.clone(), reason: reason.to_owned(), sha256 }], now)?;
        let begun = self.store.forgetting()?.into_iter().rfind(|(_, begun)| *begun == ids);
        let (act, ids) = begun.ok_or_else(|| DeskError::Asked("the erasing was not begun; try again".to_owned()))?;
        self.erase(act, ids, now)
    }

    /// Goes on with what a crash broke off.
    pub(super) fn go_on_forgetting(&self, now: Timestamp) -> Result<usize, DeskError> {
        let begun = self.store.forgetting()?;
        for (act, ids) in &begun {
            self.erase(*act, ids.clone(), now)?;
        }
        Ok(begun.len())
    }

    /// The id, the story it repeats, all that repeat that one, and the hash of the text.
    fn same_text(&self, id: &str) -> Result<(Vec<String>, Option<String>), DeskError> {
        let judged = self.store.story(id)?;
        let head = judged.as_ref().and_then(|judged| judged.head.clone()).unwrap_or_else(|| id.to_owned());
        let mut ids = BTreeSet::from([id.to_owned(), head.clone()]);
        let known = self.store.candidate(id)?.is_some() || judged.is_some();
        if !known {
            return Err(DeskError::Asked(format!("nothing is known under `{id}`; nothing was erased")));
        }
        ids.extend(self.store.tellings(&head)?.into_iter().map(|telling| telling.id));
        Ok((ids.into_iter().collect(), judged.map(|judged| hex(&near::text_hash(&judged.story)))))
    }

    fn erase(&self, act: u64, ids: Vec<String>, now: Timestamp) -> Result<Forgotten, DeskError> {
        let _copying = self.copying.lock().unwrap_or_else(PoisonError::into_inner);
        // What is found by what it says goes first, while that is known.
        let mut files = self.take_typed_rows_out(&ids, now)?;
        let traces = self.traces(&ids)?;
        // The pages: the stories tell where they lie.
        self.erase_pages(&ids, now)?;
        let attached = self.erase_attachments(&ids)?;
        let addresses = self.addresses(&ids)?;
        let named = self.only_named_in(&ids)?;
        self.record(&[Record::Forgotten { ids: ids.clone(), addresses: addresses.clone() }])?;
        // It says whose it was, so that an erasing that was broken off finds it again.
        let gone = |id: &String| Act::Register {
            id: id.clone(),
            entry: None,
            from: ids.first().cloned(),
            by: "store forget".to_owned(),
        };
        let register = self.register()?;
        self.record_acts(named.iter().filter(|id| register.row(id).is_some()).map(gone).collect(), now)?;
        let (values, batches) = {
            let mut records = self.records();
            let mut acts = Vec::new();
            for line in records.ledger.read(0)? {
                let (seq, _, act) = line?;
                let theirs = match &act {
                    Act::Review(review) => ids.contains(&review.id),
                    Act::Worded { id, .. } => ids.contains(id),
                    Act::Register { id, .. } => named.contains(id),
                    _ => false,
                };
                if theirs {
                    acts.push(seq);
                }
            }
            let values = records.ledger.erase(&acts)?;
            (values, records.journal.rewrite(&|record| erased(record, &ids, &addresses))?)
        };
        self.store.wipe_at_next_opening()?;
        self.record_acts(vec![Act::Forgotten { act, ids: ids.clone() }], now)?;
        files.extend(self.take_rows_out(&ids)?);
        files.extend(self.take_register_rows_out(&named)?);
        files.sort();
        files.dedup();
        let mut left = self.captures(&ids)?;
        left.extend(attached);
        files_that_name(&self.root.join(&self.config.digest.dir), &traces, 4, &mut left);
        Ok(Forgotten { ids, values, batches, files, left })
    }

    /// The files of the archive that hold the captured pages: evidence is for a person to take away.
    fn captures(&self, ids: &[String]) -> Result<Vec<PathBuf>, DeskError> {
        let mut files = BTreeSet::new();
        for id in ids {
            let place = self.store.story(id)?.and_then(|judged| judged.capture?.place);
            files.extend(place.map(|place| self.folder().join("archive").join(place.file)));
        }
        Ok(files.into_iter().collect())
    }

    /// What stands for each address that led to these stories.
    fn addresses(&self, ids: &[String]) -> Result<Vec<String>, DeskError> {
        let mut marks = BTreeSet::new();
        let read = self.records().journal.read(0)?;
        for batch in read {
            for record in batch?.0 {
                match record {
                    Record::Story(judged) if ids.contains(&judged.story.id) => {
                        marks.extend(judged.story.url.as_deref().map(Store::address_mark));
                    }
                    Record::Told { telling, .. } if ids.contains(&telling.id) => {
                        marks.extend(telling.url.as_deref().map(Store::address_mark));
                    }
                    Record::Seen { url, story: Some(story) } if ids.contains(&story) => {
                        marks.insert(Store::address_mark(&url));
                    }
                    Record::Forgotten { ids: before, addresses } if before == ids => marks.extend(addresses),
                    _ => {}
                }
            }
        }
        Ok(marks.into_iter().collect())
    }

    /// What an output that tells of them holds: their ids, and their addresses as they are and as XML spells them.
    fn traces(&self, ids: &[String]) -> Result<Vec<String>, DeskError> {
        let mut traces = ids.to_vec();
        for id in ids {
            let Some(candidate) = self.store.candidate(id)? else { continue };
            let own = candidate.judged.and_then(|judged| judged.story.url);
            let by_hand = candidate.reviews.into_iter().filter_map(|review| review.by_hand?.url);
            traces.extend(own.into_iter().chain(by_hand).filter(|url| !url.is_empty()));
        }
        let escaped: Vec<String> = traces.iter().map(|trace| trace.replace('&', "&amp;")).collect();
        traces.extend(escaped);
        Ok(traces)
    }

    /// Takes events entered by hand out of the files that were sent: such a row has no id, and is known by what it
    /// says.
    fn take_typed_rows_out(&self, ids: &[String], now: Timestamp) -> Result<Vec<PathBuf>, DeskError> {
        let by_hand =
            ids.iter().map(|id| Ok(self.store.story(id)?.is_none())).collect::<Result<Vec<_>, DeskError>>()?;
        if !by_hand.contains(&true) {
            return Ok(Vec::new());
        }
        self.rewrite_queue_files(&|path, bytes| {
            let Ok(format) = Format::found(&path.to_string_lossy(), bytes) else { return Ok(None) };
            let (rows, _) = review::parse(bytes, format);
            let mut kept = Vec::new();
            for row in &rows {
                if !self.taken_as(row, path, now)?.is_some_and(|id| ids.contains(&id)) {
                    kept.push((row, None));
                }
            }
            let style = self.style(self.config.queue.language);
            Ok((kept.len() < rows.len()).then(|| review::print_given(&kept, format, style).ok()).flatten())
        })
    }

    /// Takes rows out of the queue files: the file itself, the new, rejected and reply files beside it, and what
    /// lies in the boxes of reviewers. A file that a person has changed since keeps all else that they typed.
    fn take_rows_out(&self, ids: &[String]) -> Result<Vec<PathBuf>, DeskError> {
        let style = self.style(self.config.queue.language);
        self.rewrite_queue_files(&|path, bytes| Ok(without(path, bytes, ids, style)))
    }

    /// Writes those of these files anew of which something is to be left out, and tells which.
    fn rewrite_queue_files(&self, left: &Leaving<'_>) -> Result<Vec<PathBuf>, DeskError> {
        let _exchanging = self.exchanging.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = self.queue_file();
        let stem = format!("{}.", queue.file_stem().unwrap_or_default().to_string_lossy());
        let folder = queue.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut files = Vec::new();
        files_under(folder, 0, &mut files)?;
        files.retain(|path| path.file_name().unwrap_or_default().to_string_lossy().starts_with(&stem));
        for folder in self.box_folders() {
            files_under(&folder, 2, &mut files)?;
        }
        let mut changed = Vec::new();
        for path in files {
            let bytes = std::fs::read(&path).map_err(DeskError::file("read", &path))?;
            let Some(kept) = left(&path, &bytes)? else { continue };
            let untouched = path == queue && self.changed_since_written(&path)?.is_none();
            write_whole(&path, &kept)?;
            if untouched {
                self.mark_written(&kept)?;
            }
            self.remember_rewritten(&path, &bytes, &kept)?;
            changed.push(path);
        }
        changed.sort();
        Ok(changed)
    }
}

/// The files of a folder, to a depth; none where there is no folder.
pub(super) fn files_under(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), DeskError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(DeskError::file("read", folder)(error)),
    };
    for entry in entries {
        let entry = entry.map_err(DeskError::file("read", folder))?;
        match entry.file_type().map_err(DeskError::file("read", folder))? {
            kind if kind.is_dir() && depth > 0 => files_under(&entry.path(), depth - 1, files)?,
            kind if kind.is_file() => files.push(entry.path()),
            _ => {}
        }
    }
    Ok(())
}

/// A file without the rows of some ids; `None` where it has none of them, or is none of ours.
fn without(path: &Path, bytes: &[u8], ids: &[String], style: Style) -> Option<Vec<u8>> {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match ending.as_str() {
        _ if bytes.starts_with(b"PK\x03\x04") => book_without(bytes, ids, style),
        "csv" | "tsv" => csv_without(bytes, ids),
        "jsonl" | "ndjson" => lines_without(bytes, ids),
        "txt" => text_without(bytes, ids),
        _ => None,
    }
}

/// A workbook is printed anew without them: what a reviewer typed stays, what was shown beside it goes.
fn book_without(bytes: &[u8], ids: &[String], style: Style) -> Option<Vec<u8>> {
    let (rows, _) = review::parse(bytes, Format::Xlsx);
    let kept: Vec<(&Given, Option<&str>)> =
        rows.iter().filter(|row| !ids.iter().any(|id| id == row.id())).map(|row| (row, None)).collect();
    (kept.len() < rows.len()).then(|| review::print_given(&kept, Format::Xlsx, style).ok()).flatten()
}

/// A reply without the lines that name them, or a table that somebody called a text.
fn text_without(bytes: &[u8], ids: &[String]) -> Option<Vec<u8>> {
    let table = csv_without(bytes, ids);
    if table.is_some() {
        return table;
    }
    let names_one = |line: &&[u8]| {
        let line = String::from_utf8_lossy(line);
        ids.iter().any(|id| line.contains(&format!("[{id}]")))
    };
    let (taken, kept): (Vec<&[u8]>, Vec<&[u8]>) = bytes.split_inclusive(|byte| *byte == b'\n').partition(names_one);
    (!taken.is_empty()).then(|| kept.concat())
}

/// What is to become of a record of the journal.
fn erased(record: &Record, ids: &[String], addresses: &[String]) -> Change {
    let leads_there = |url: &String| {
        let canonical = extract::canonical_url(url);
        [Some(url), canonical.as_ref()].into_iter().flatten().any(|url| addresses.contains(&Store::address_mark(url)))
    };
    match record {
        Record::Story(judged) if ids.contains(&judged.story.id) => {
            Change::Put(Box::new(Record::Story(Box::new(erased_story(judged)))))
        }
        Record::Told { head, telling } if ids.contains(&telling.id) => {
            Change::Put(Box::new(Record::Told { head: head.clone(), telling: erased_telling(telling) }))
        }
        Record::Seen { story: Some(id), .. } | Record::Visit { id, .. } if ids.contains(id) => Change::Drop,
        Record::Awaited(page) if leads_there(&page.url) => Change::Drop,
        Record::Came { urls, .. } if urls.iter().any(leads_there) => Change::Drop,
        _ => Change::Keep,
    }
}

/// A file of rows without those of some ids; `None` where it has none of them. The id is a column of
/// its own; where no column is named so, the file is none of ours.
pub(super) fn csv_without(bytes: &[u8], ids: &[String]) -> Option<Vec<u8>> {
    let (mark, body) = match bytes.strip_prefix("\u{feff}".as_bytes()) {
        Some(body) => ("\u{feff}".as_bytes(), body),
        None => (&[][..], bytes),
    };
    let first = body.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = [b';', b'\t'].into_iter().find(|&mark| count(first, mark) > count(first, b',')).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(body);
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .delimiter(delimiter)
        .terminator(csv::Terminator::CRLF)
        .from_writer(mark.to_vec());
    let (mut column, mut taken) = (None, false);
    for record in reader.byte_records() {
        let record = record.ok()?;
        match column {
            None => column = Some(record.iter().position(|cell| cell == b"id")?),
            Some(column) => {
                let id = String::from_utf8_lossy(record.get(column).unwrap_or_default());
                if ids.iter().any(|known| known == id.trim().trim_start_matches('\'')) {
                    taken = true;
                    continue;
                }
            }
        }
        writer.write_byte_record(&record).ok()?;
    }
    taken.then(|| writer.into_inner().ok()).flatten()
}

fn count(bytes: &[u8], byte: u8) -> usize {
    bytes.iter().filter(|&&other| other == byte).count()
}

fn lines_without(bytes: &[u8], ids: &[String]) -> Option<Vec<u8>> {
    let of_them = |line: &&[u8]| {
        let row: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
        row.get("id").and_then(serde_json::Value::as_str).is_some_and(|id| ids.iter().any(|known| known == id))
    };
    let (taken, kept): (Vec<&[u8]>, Vec<&[u8]>) = bytes.split_inclusive(|byte| *byte == b'\n').partition(of_them);
    (!taken.is_empty()).then(|| kept.concat())
}

/// Files under a folder that hold one of the traces, to a depth; workbooks and documents are unpacked.
fn files_that_name(folder: &Path, traces: &[String], depth: usize, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && depth > 0 {
            files_that_name(&path, traces, depth - 1, found);
        } else if let Ok(bytes) = std::fs::read(&path) {
            let names_one = |bytes: &[u8]| {
                let text = String::from_utf8_lossy(bytes);
                traces.iter().any(|trace| text.contains(trace.as_str()))
            };
            if review::unzipped_any(&bytes, names_one).unwrap_or_else(|_| names_one(&bytes)) {
                found.push(path);
            }
        }
    }
    found.sort();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_by_their_id_and_nothing_else_is_touched() {
        let ids = ["s1".to_owned()];
        let check = |given: &str, expect: Option<&str>| {
            let left = csv_without(given.as_bytes(), &ids).map(|bytes| String::from_utf8(bytes).unwrap());
            assert_eq!(left.as_deref(), expect, "{given}");
        };
        check("\u{feff}note,id\r\n\"a\nb\",s1\r\n\"c, d\",s2\r\n", Some("\u{feff}note,id\r\n\"c, d\",s2\r\n"));
        check("id;note\r\ns1;a\r\ns11;b\r\n", Some("id;note\r\ns11;b\r\n"));
        check("note,id\r\ns1,s2\r\n", None);
        check("note,address\r\ns1,s1\r\n", None);
        check("", None);
        assert_eq!(
            lines_without(b"{\"id\":\"s1\"}\n{\"id\":\"s2\",\"note\":\"s1\"}\n", &ids).unwrap(),
            b"{\"id\":\"s2\",\"note\":\"s1\"}\n"
        );
        assert_eq!(lines_without(b"not json\n", &ids), None);
        let reply = "2017 – a.csv\r\nTaken 2.\r\n  row 2 [s1] «A»: why\r\n  row 3 [s11] «s1»: why\r\n";
        assert_eq!(
            String::from_utf8(text_without(reply.as_bytes(), &ids).unwrap()).unwrap(),
            "2017 – a.csv\r\nTaken 2.\r\n  row 3 [s11] «s1»: why\r\n"
        );
        assert_eq!(text_without(b"nothing of it\n", &ids), None);
        let (rows, _) = review::parse(b"note,id\r\na,s1\r\nb,s2\r\n", Format::Csv);
        let rows: Vec<(&Given, Option<&str>)> = rows.iter().map(|row| (row, None)).collect();
        let book = review::print_given(&rows, Format::Xlsx, Style::default()).unwrap();
        let kept = without(Path::new("queue.xlsx"), &book, &ids, Style::default()).unwrap();
        let (left, notices) = review::parse(&kept, Format::Xlsx);
        assert_eq!((left.len(), left[0].id(), left[0].get("note"), notices), (1, "s2", Some("b"), Vec::new()));
        assert_eq!(without(Path::new("queue.xlsx"), &kept, &ids, Style::default()), None);
    }
}
