//! Attachments: read beside the queue file, kept in the archive, published without their metadata, erased.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

use super::outputs::sha256;
use super::{Desk, DeskError};
use crate::archive::{self, LARGEST_ATTACHMENT};
use crate::digest::{Wordings, published_attachments};
use crate::disk;
use crate::ledger::Act;
use crate::model::{Attachment, Diagnostic, Event, Review};
use crate::review::{Given, Unattached};

/// Reads a file that a row names, beside the queue file: nothing above or outside that folder, no link, nothing
/// large.
pub(super) fn read_beside(folder: &Path, name: &str) -> Result<Vec<u8>, Unattached> {
    let path = beside(folder, name)?;
    let unreadable = |error: std::io::Error| Unattached::Unreadable(error.to_string());
    let about = std::fs::symlink_metadata(&path).map_err(unreadable)?;
    let most = Unattached::TooLarge(LARGEST_ATTACHMENT >> 20);
    match about.len() {
        _ if !about.is_file() => return Err(Unattached::NotAFile),
        0 => return Err(Unattached::NotAFile),
        length if length > LARGEST_ATTACHMENT => return Err(most),
        _ => {}
    }
    let file = open(&path).map_err(unreadable)?;
    let opened = file.metadata().map_err(unreadable)?;
    if (opened.dev(), opened.ino()) != (about.dev(), about.ino()) {
        return Err(Unattached::Link);
    }
    let mut bytes = Vec::new();
    file.take(LARGEST_ATTACHMENT + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST_ATTACHMENT { Err(most) } else { Ok(bytes) }
}

#[expect(clippy::disallowed_types, reason = "edge: what was opened must be what was looked at")]
fn open(path: &Path) -> std::io::Result<std::fs::File> {
    std::fs::File::open(path)
}

/// The path of a name under a folder, no part of it a link.
fn beside(folder: &Path, name: &str) -> Result<PathBuf, Unattached> {
    let name = name.replace('\\', "/");
    let plain = |part: &Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    // A colon names a drive, or a stream of a file, where there are such.
    if name.contains([':', '\0']) || !Path::new(&name).components().all(|part| plain(&part)) {
        return Err(Unattached::Outside);
    }
    let mut path = folder.to_path_buf();
    for part in Path::new(&name).components() {
        path.push(part);
        match std::fs::symlink_metadata(&path) {
            Ok(about) if about.is_symlink() => return Err(Unattached::Link),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
                return Err(Unattached::Missing);
            }
            Err(error) => return Err(Unattached::Unreadable(error.to_string())),
        }
    }
    Ok(path)
}

impl Desk {
    /// Keeps the files that rows attach, before the rows are recorded; of their attachments those with one of these
    /// SHA-256.
    ///
    /// # Errors
    /// Where a file became another since it was looked at, or cannot be written.
    pub(super) fn keep_attachments(
        &self,
        folder: &Path,
        reviews: &[Review],
        new: &BTreeSet<String>,
    ) -> Result<(), DeskError> {
        for attachment in reviews.iter().filter_map(|review| review.by_hand.as_ref()).flat_map(|by| &by.attachments) {
            if !new.contains(&attachment.sha256) {
                continue;
            }
            let bytes = read_beside(folder, &attachment.name).ok().filter(|bytes| sha256(bytes) == attachment.sha256);
            let Some(bytes) = bytes else {
                let why = format!(
                    "`{}` was changed while it was being taken; nothing was recorded, import again",
                    attachment.name
                );
                return Err(DeskError::Asked(why));
            };
            archive::keep_attachment(&disk::Real, &self.folder(), attachment, &bytes)?;
        }
        Ok(())
    }

    /// Files beside the queue file that are no longer what a row that was taken before had attached.
    pub(super) fn attached_anew(&self, row: &Given, id: &str, file: &Path) -> Result<Vec<Diagnostic>, DeskError> {
        if row.get("attachments").is_none_or(str::is_empty) {
            return Ok(Vec::new());
        }
        let candidate = self.store.candidate(id)?;
        let by_hand = candidate.and_then(|candidate| candidate.reviews.iter().rev().find_map(|of| of.by_hand.clone()));
        let changed = |attachment: &Attachment| {
            let bytes = read_beside(folder_of(file), &attachment.name).ok()?;
            (sha256(&bytes) != attachment.sha256).then(|| {
                let message = format!("`{}` is another file than the one that was attached", attachment.name);
                Diagnostic::new(file.display().to_string(), message)
                    .at(row.line)
                    .help("what was attached stays; to add the new file, give it another name")
            })
        };
        Ok(by_hand.iter().flat_map(|by_hand| &by_hand.attachments).filter_map(changed).collect())
    }

    /// Puts the copies without metadata that the public edition of some events links to beside it; gives the files.
    pub(super) fn publish_attachments<E: Borrow<Event>>(
        &self,
        events: &[E],
        wordings: &Wordings,
        dir: &Path,
    ) -> Result<Vec<PathBuf>, DeskError> {
        let mut files = Vec::new();
        for (attachment, name) in published_attachments(events, wordings, &self.config.schedule.time_zone) {
            let Some(copy) = archive::public_path(&self.folder(), attachment) else { continue };
            let bytes = std::fs::read(&copy).map_err(DeskError::file("read", &copy))?;
            files.push(self.write_output(&dir.join(name), &bytes)?);
        }
        files.sort();
        files.dedup();
        Ok(files)
    }

    /// Deletes what some rows attached, but for what another row attached too. Gives copies that lie outside the
    /// archive: they are for a person to delete.
    pub(super) fn erase_attachments(&self, ids: &[String]) -> Result<Vec<PathBuf>, DeskError> {
        let (mut theirs, mut others) = (BTreeMap::new(), BTreeSet::new());
        for line in self.records().ledger.read(0)? {
            let (_, _, Act::Review(review)) = line? else { continue };
            let attachments = review.by_hand.into_iter().flat_map(|by_hand| by_hand.attachments);
            match ids.contains(&review.id) {
                true => theirs.extend(attachments.map(|attachment| (attachment.sha256.clone(), attachment))),
                false => others.extend(
                    attachments.flat_map(|attachment| [Some(attachment.file()), attachment.public_file()]).flatten(),
                ),
            }
        }
        let queue = self.queue_file();
        let mut left = Vec::new();
        for attachment in theirs.into_values() {
            archive::erase_attachment(&disk::Real, &self.folder(), &attachment, &others)?;
            let published = attachment
                .public_file()
                .filter(|name| !others.contains(name))
                .map(|name| self.root.join(&self.config.digest.dir).join(crate::digest::ATTACHMENTS).join(name));
            let given =
                beside(folder_of(&queue), &attachment.name).ok().filter(|_| !others.contains(&attachment.file()));
            left.extend(given.into_iter().chain(published).filter(|path| path.exists()));
        }
        Ok(left)
    }
}

/// The folder that a queue file lies in.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
