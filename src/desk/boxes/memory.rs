//! What is remembered between two exchanges with the reviewers. It is no record: where it is lost, rows are dealt
//! anew, and a file of ours counts as one that somebody sent, in which there is nothing new.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::super::{DeskError, write_whole};
use crate::review::Hands;

/// The file, in the folder of the store.
const FILE: &str = "boxes.json";
/// A file that was not changed for so long is whole.
const OLD: SignedDuration = SignedDuration::from_secs(60);
/// One that stayed the same for so long since it was first seen is whole too.
const QUIET: SignedDuration = SignedDuration::from_secs(5);
/// How long a file that was taken is watched for a copy that goes on after all.
const WATCHED: SignedDuration = SignedDuration::from_hours(24);
/// Versions of a file of ours that are known again.
const VERSIONS: usize = 3;

/// Files are named by their path from the workspace.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    /// Who has which row.
    pub hands: Hands,
    /// SHA-256 of what was last written under a name, the latest last.
    written: BTreeMap<String, Vec<String>>,
    /// Files that were looked at and not taken yet.
    seen: BTreeMap<String, Seen>,
    /// Files taken a short while ago.
    moved: BTreeMap<String, Moved>,
}

/// A file as it was first seen with this size and time of change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Seen {
    look: Look,
    /// When that was.
    pub since: Timestamp,
    /// Why it was left alone.
    pub why: Option<String>,
    /// Was the sender told?
    #[serde(default)]
    pub told: bool,
    /// SHA-256 of the bytes, where they were taken and the file could not be moved.
    #[serde(default)]
    pub taken: Option<String>,
}

/// What a folder tells of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Look {
    /// Bytes.
    pub bytes: u64,
    /// When it was last changed, where the system tells.
    pub changed: Option<Timestamp>,
}

/// A file that was taken, where it lies now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Moved {
    /// SHA-256 of what was taken.
    pub sha256: String,
    pub at: Timestamp,
}

/// The file, in the folder of a store.
pub(super) fn file_in(store: &Path) -> PathBuf {
    store.join(FILE)
}

impl Memory {
    pub(super) fn of(store: &Path) -> Self {
        let bytes = std::fs::read(file_in(store)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    pub(super) fn save(&self, store: &Path) -> Result<(), DeskError> {
        write_whole(&file_in(store), &serde_json::to_vec_pretty(self).unwrap_or_default())
    }

    /// Are these bytes what was written under this name?
    pub(super) fn is_ours(&self, name: &str, sha256: &str) -> bool {
        self.written.get(name).is_some_and(|versions| versions.iter().any(|known| known == sha256))
    }

    /// These bytes are about to be written under this name.
    pub(super) fn write(&mut self, name: &str, sha256: String) {
        let versions = self.written.entry(name.to_owned()).or_default();
        versions.retain(|known| *known != sha256);
        versions.push(sha256);
        versions.drain(..versions.len().saturating_sub(VERSIONS));
    }

    /// The file is no longer there.
    pub(super) fn unwrite(&mut self, name: &str) {
        self.written.remove(name);
    }

    /// Looks at a file; is it whole, as far as looking tells?
    pub(super) fn is_settled(&mut self, name: &str, look: Look, now: Timestamp) -> bool {
        let known = self.seen.get(name).filter(|seen| seen.look == look && seen.since <= now);
        let since = known.map_or(now, |seen| seen.since);
        if known.is_none() {
            self.seen.insert(name.to_owned(), Seen { look, since, why: None, told: false, taken: None });
        }
        let old = look.changed.is_some_and(|changed| now.duration_since(changed) >= OLD);
        old || now.duration_since(since) >= QUIET
    }

    /// Has the file been there as it is for so long?
    pub(super) fn has_lain(&self, name: &str, long: SignedDuration, now: Timestamp) -> bool {
        self.seen.get(name).is_some_and(|seen| now.duration_since(seen.since) >= long)
    }

    pub(super) fn seen(&mut self, name: &str) -> Option<&mut Seen> {
        self.seen.get_mut(name)
    }

    /// The file was taken and is gone.
    pub(super) fn unsee(&mut self, name: &str) {
        self.seen.remove(name);
    }

    /// Forgets files that are no longer there.
    pub(super) fn keep_only(&mut self, names: &BTreeSet<&str>) {
        self.seen.retain(|name, _| names.contains(name.as_str()));
    }

    /// The files that were left alone, each with the reason and since when.
    pub(super) fn left(&self) -> impl Iterator<Item = (&String, &str, Timestamp)> {
        self.seen.iter().filter_map(|(name, seen)| Some((name, seen.why.as_deref()?, seen.since)))
    }

    pub(super) fn moved(&mut self, name: String, sha256: String, at: Timestamp) {
        self.moved.insert(name, Moved { sha256, at });
    }

    /// The files taken a short while ago.
    pub(super) fn watched(&mut self, now: Timestamp) -> Vec<(PathBuf, String)> {
        self.moved.retain(|_, moved| now.duration_since(moved.at) < WATCHED);
        self.moved.iter().map(|(name, moved)| (PathBuf::from(name), moved.sha256.clone())).collect()
    }

    /// Watches a file no longer; did it?
    pub(super) fn unwatch(&mut self, name: &str) -> bool {
        self.moved.remove(name).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_once_it_is_old_or_stayed_the_same() {
        let at = |seconds: i64| Timestamp::from_second(1_510_800_000 + seconds).unwrap();
        let look = |bytes, changed| Look { bytes, changed: Some(at(changed)) };
        let mut memory = Memory::default();
        assert!(!memory.is_settled("new", look(10, 0), at(0)));
        assert!(!memory.is_settled("new", look(10, 0), at(4)));
        assert!(!memory.is_settled("new", look(20, 6), at(6)), "it grew");
        assert!(!memory.is_settled("new", look(20, 6), at(10)));
        assert!(memory.is_settled("new", look(20, 6), at(11)));
        assert!(memory.is_settled("old", look(10, -60), at(0)));
        assert!(!memory.is_settled("nearly", look(10, -59), at(0)));
        // Another machine's clock runs ahead, and ours is set back.
        assert!(!memory.is_settled("ahead", look(10, 900), at(0)));
        assert!(memory.is_settled("ahead", look(10, 900), at(5)));
        assert!(!memory.is_settled("ahead", look(10, 900), at(-100)));
        assert!(memory.is_settled("ahead", look(10, 900), at(-95)));
        assert!(!memory.is_settled("mute", Look { bytes: 1, changed: None }, at(0)));
        assert!(memory.is_settled("mute", Look { bytes: 1, changed: None }, at(5)));
    }

    #[test]
    fn a_few_versions_of_ours_are_known_again() {
        let mut memory = Memory::default();
        for hash in ["a", "b", "a", "c", "d"] {
            memory.write("q", hash.to_owned());
        }
        let known: Vec<&str> = ["a", "b", "c", "d"].into_iter().filter(|hash| memory.is_ours("q", hash)).collect();
        assert_eq!(known, ["a", "c", "d"]);
        assert!(!memory.is_ours("other", "d"));
    }

    #[test]
    fn what_a_later_version_adds_and_what_is_lost_does_not_stop_it() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Memory::of(folder.path()).hands.is_empty());
        std::fs::write(folder.path().join(FILE), b"{\"hands\":{\"s1\":\"A\"},\"later\":1}").unwrap();
        assert_eq!(Memory::of(folder.path()).hands["s1"], "A");
        std::fs::write(folder.path().join(FILE), b"{\"hands\":").unwrap();
        assert!(Memory::of(folder.path()).hands.is_empty());
    }
}
