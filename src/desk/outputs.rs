//! Files that people may edit after they were written: a digest, a report. What was last written is
//! remembered by its hash, and a file that is no longer that is never overwritten.

use std::collections::BTreeMap;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{Desk, DeskError, write_whole};
use crate::digest::House;
use crate::digest::form::{self, Kind};
use crate::disk::{self, Draft};
use crate::model::{Diagnostic, hex};

/// Where the hashes of outputs are kept, in the folder of the store. It is no record: where it is lost,
/// every file that differs counts as edited.
const REMEMBERED: &str = "outputs.json";

/// Bytes of a long output that are synced while it is being written: at its end little is left to wait for.
const SYNCED_AT_ONCE: usize = 8 << 20;

pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

impl Desk {
    /// What the house prints around a digest or a report. A form that is not there or is broken comes back as a
    /// fault, and the shipped form stands in for it.
    pub(super) fn house(&self, kind: Kind) -> (House, Option<Diagnostic>) {
        let config = &self.config.digest;
        let named = match kind {
            Kind::Digest => &config.form,
            Kind::Report => &config.report_form,
        };
        let read = |name: &String| {
            let path = self.root.join(name);
            let text = std::fs::read_to_string(&path).map_err(|error| {
                Diagnostic::new(path.display().to_string(), format!("the form cannot be read: {error}"))
                    .help("mend its key under [digest], or take it out to use the shipped form")
            })?;
            form::check(kind, &text, &path.display().to_string(), &config.letterhead, &config.contacts).map(|()| text)
        };
        let (form, fault) = match named.as_ref().map(read) {
            None => (None, None),
            Some(Ok(form)) => (Some(form), None),
            Some(Err(fault)) => (None, Some(fault)),
        };
        (House { head: config.letterhead.clone(), foot: config.contacts.clone(), form }, fault)
    }

    /// Nothing that somebody answers for goes out in another form than the house's.
    pub(super) fn form_stands(fault: Option<Diagnostic>, step: bool) -> Result<Vec<Diagnostic>, DeskError> {
        match fault {
            Some(fault) if step => Err(DeskError::Asked(format!("{fault}\nnothing was signed"))),
            fault => Ok(fault.into_iter().collect()),
        }
    }

    /// Writes an output. Where the file that stands there is neither what was last written nor the same
    /// as what is to be written, it was edited: the output goes to a file beside it, with `.new` before
    /// its ending. Gives the file that was written.
    pub(super) fn write_output(&self, file: &Path, bytes: &[u8]) -> Result<PathBuf, DeskError> {
        let mut drafting = Drafting::beside(file)?;
        drafting.write_all(bytes).map_err(DeskError::file("write", file))?;
        self.place_output(file, drafting.end()?, sha256_of(file))
    }

    /// Puts a drafted output where it belongs, as [`Desk::write_output`] does; `standing` is the hash of what stands
    /// there.
    pub(super) fn place_output(
        &self,
        file: &Path,
        drafted: Drafted,
        standing: Option<String>,
    ) -> Result<PathBuf, DeskError> {
        let list = self.folder().join(REMEMBERED);
        let mut remembered: BTreeMap<String, String> =
            std::fs::read(&list).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let key = std::path::absolute(file).unwrap_or_else(|_| file.to_path_buf()).display().to_string();
        let Drafted { draft, hash } = drafted;
        if standing.is_some_and(|standing| standing != hash && remembered.get(&key) != Some(&standing)) {
            let beside = beside(file);
            draft.place(&disk::Real, &beside)?;
            return Ok(beside);
        }
        draft.place(&disk::Real, file)?;
        if remembered.insert(key, hash.clone()).as_ref() != Some(&hash) {
            let text = serde_json::to_vec_pretty(&remembered).unwrap_or_default();
            write_whole(&list, &text)?;
        }
        Ok(file.to_path_buf())
    }
}

/// An output that is whole and synced, and has not its name yet.
pub(super) struct Drafted {
    draft: Draft,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub hash: String,
}

/// An output that is being written beside the file that it will be, and hashed on its way.
pub(super) struct Drafting {
    draft: Draft,
    hash: Sha256,
    /// Bytes that were written and not synced yet.
    unsynced: usize,
}

impl Drafting {
    /// An empty one; its folder is made where it is missing.
    pub(super) fn beside(file: &Path) -> Result<Self, DeskError> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        disk::make_folder(&disk::Real, folder)?;
        Ok(Self { draft: Draft::beside(&disk::Real, file)?, hash: Sha256::new(), unsynced: 0 })
    }

    /// Nothing more is written.
    pub(super) fn end(mut self) -> Result<Drafted, DeskError> {
        self.draft.sync()?;
        Ok(Drafted { draft: self.draft, hash: hex(&self.hash.finalize()) })
    }
}

impl Write for Drafting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.draft.write_all(bytes)?;
        self.hash.update(bytes);
        self.unsynced += bytes.len();
        if self.unsynced >= SYNCED_AT_ONCE {
            self.draft.sync().map_err(std::io::Error::other)?;
            self.unsynced = 0;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// SHA-256 of a file, read piece by piece; `None` where there is none that can be read.
#[expect(clippy::disallowed_types, reason = "edge: an output is longer than memory should hold")]
pub(super) fn sha256_of(file: &Path) -> Option<String> {
    let mut file = std::fs::File::open(file).ok()?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 64 << 10];
    loop {
        match file.read(&mut piece).ok()? {
            0 => return Some(hex(&hash.finalize())),
            read => hash.update(piece.get(..read)?),
        }
    }
}

/// `report-2017-11.ru.docx` → `report-2017-11.ru.new.docx`
fn beside(file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let new = match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.new.{ending}"),
        None => format!("{name}.new"),
    };
    file.with_file_name(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_stays_the_ending() {
        assert_eq!(beside(Path::new("out/report-2017-11.ru.docx")), Path::new("out/report-2017-11.ru.new.docx"));
        assert_eq!(beside(Path::new("report")), Path::new("report.new"));
    }
}
