//! What people bring in by hand from the archive, and what they take back: a file imported by mistake.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{Desk, DeskError};
use crate::ledger::Act;
use crate::model::{Candidate, Card, Review, hex};
use crate::review;

/// What taking a file back came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct TakenBack {
    /// Decisions taken back.
    pub decisions: usize,
    /// Of them those on rows that somebody decided again since; what was decided last stands.
    pub decided_since: Vec<String>,
    /// Was the file known only by its name, its bytes being others now?
    pub by_name: bool,
}

impl Desk {
    /// Takes back every decision that a file brought, by new entries of the ledger. The file is known by its bytes;
    /// one that was written anew since, by its name: then the last import under that name is taken back. What was
    /// taken back is not known any more: the same file, given again, is decided anew.
    ///
    /// # Errors
    /// Where no decision was taken from the file, or a record cannot be read or written.
    pub fn take_back(&self, file: &Path, by: &str, now: Timestamp) -> Result<TakenBack, DeskError> {
        let _exchanging = self.exchanging.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let _deciding = self.deciding.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(DeskError::file("read", file)(error)),
        };
        let by_bytes = self.store.taken_from(&hex(&Sha256::digest(&bytes)))?;
        let mut done = TakenBack { by_name: by_bytes.is_none(), ..TakenBack::default() };
        let rows = match by_bytes {
            Some(rows) => Some(rows),
            None => self.store.taken_last_from(&name)?,
        };
        let Some(rows) = rows else {
            return Err(DeskError::Asked(format!(
                "no decision was ever taken from {name}: there is nothing to take back"
            )));
        };
        // Where it is the queue file as it lies there, the next exchange would take it again.
        if !done.by_name && self.changed_since_written(&self.queue_file())?.is_some_and(|lying| lying == bytes) {
            self.mark_written(&bytes)?;
        }
        let mut acts = Vec::new();
        // A file that was given again after it was taken back has brought the same row twice.
        for (id, fingerprint) in rows.into_iter().collect::<BTreeSet<_>>() {
            let Some(candidate) = self.store.candidate(&id)? else { continue };
            let Some(at) = review::standing(&candidate, &fingerprint) else { continue };
            if review::decided_after(&candidate, at + 1) {
                done.decided_since.push(id.clone());
            }
            let reviewer = if by.is_empty() { candidate.reviews[at].reviewer.clone() } else { by.to_owned() };
            acts.push(Act::Review(Review {
                id,
                reviewer,
                at: now,
                decision: None,
                card: Card::default(),
                note: None,
                by_hand: None,
                fingerprint: hex(&Sha256::digest(format!("take back {fingerprint}"))),
                takes_back: Some(fingerprint),
                saw: None,
            }));
        }
        done.decisions = acts.len();
        self.record_acts(acts, now)?;
        Ok(done)
    }

    /// Brings a story that the machine passed over into the queue. False where it is there already.
    ///
    /// # Errors
    /// Where no story has the id, or the records cannot be written.
    pub fn bring_in(&self, id: &str, by: &str, now: Timestamp) -> Result<bool, DeskError> {
        let _deciding = self.deciding.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if self.store.candidate(id)?.is_some() {
            return Ok(false);
        }
        let Some(judged) = self.store.story(id)? else {
            return Err(DeskError::Asked(format!(
                "no story has the id {id}; `sozwatch search WORDS` finds those kept"
            )));
        };
        let candidate = Candidate { id: id.to_owned(), judged: Some(judged), also: Vec::new(), reviews: Vec::new() };
        let review = Review {
            id: id.to_owned(),
            reviewer: by.to_owned(),
            at: now,
            decision: None,
            card: review::proposed(&candidate),
            note: None,
            by_hand: None,
            fingerprint: hex(&Sha256::digest(format!("bring in {id}"))),
            takes_back: None,
            saw: None,
        };
        self.record_acts(vec![Act::Review(review)], now)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Imported;
    use crate::ledger::samples;
    use crate::model::Status;
    use crate::review::{Format, Row};

    struct House {
        folder: tempfile::TempDir,
        desk: Desk,
    }

    fn id(n: u32) -> String {
        format!("s{n:016x}")
    }

    impl House {
        /// Two rows that wait.
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let (config, told) = crate::config::parse("[queue]\npath = \"queue.csv\"\n", "config.toml").unwrap();
            assert_eq!(told, []);
            let desk = Desk::open(config, folder.path(), samples::minute(0)).unwrap().0;
            desk.record(&[samples::story(1, true), samples::story(2, true)]).unwrap();
            Self { folder, desk }
        }

        /// The same with an index made anew from its records.
        fn rebuilt(self) -> Self {
            let Self { folder, desk } = self;
            let config = desk.config().clone();
            drop(desk);
            assert_eq!(Desk::rebuild(&config, folder.path()).unwrap().1.len(), 1, "the old one was moved aside");
            Self { desk: Desk::open(config, folder.path(), samples::minute(90)).unwrap().0, folder }
        }

        /// Writes a file in which somebody decided on a row, as it stands now.
        fn file(&self, name: &str, by: &str, n: u32, decision: &str) {
            let candidate = self.desk.store().candidate(&id(n)).unwrap().unwrap();
            let mut row = self.desk.row(&candidate);
            row.set("decision", decision);
            row.set("reviewer", by);
            self.write(name, &[row]);
        }

        fn write(&self, name: &str, rows: &[Row]) {
            std::fs::write(self.folder.path().join(name), review::print(rows, Format::Csv).unwrap()).unwrap();
        }

        /// Rows taken, without news, and returned.
        fn import(&self, name: &str, minute: i64) -> [usize; 3] {
            let Imported { taken, unchanged, returned, .. } =
                self.desk.import_queue(&self.folder.path().join(name), samples::minute(minute)).unwrap();
            [taken, unchanged, returned.len()]
        }

        fn undo(&self, name: &str, minute: i64) -> TakenBack {
            self.desk.take_back(&self.folder.path().join(name), "", samples::minute(minute)).unwrap()
        }

        fn status(&self, n: u32) -> Status {
            review::status(&self.desk.store().candidate(&id(n)).unwrap().unwrap())
        }

        fn acts(&self) -> usize {
            self.desk.records().ledger.read(0).unwrap().count()
        }
    }

    #[test]
    fn a_file_that_was_taken_back_is_taken_again_and_taken_back_again() {
        let house = House::new();
        house.file("a.csv", "А. Ким", 1, "reject");
        assert_eq!(house.import("a.csv", 1), [1, 0, 0]);
        assert_eq!(house.import("a.csv", 2), [0, 1, 0], "twice without taking it back changes nothing");
        for round in [10, 20, 30] {
            let acts = house.acts();
            assert_eq!(house.undo("a.csv", round), TakenBack { decisions: 1, ..TakenBack::default() });
            assert_eq!((house.status(1), house.acts()), (Status::Waiting, acts + 1), "by a new entry");
            assert_eq!(house.undo("a.csv", round + 1).decisions, 0);
            assert_eq!(house.import("a.csv", round + 2), [1, 0, 0]);
            assert_eq!(house.status(1), Status::Rejected);
            assert_eq!(house.import("a.csv", round + 3), [0, 1, 0]);
        }
        assert_eq!(house.desk.store().check().unwrap(), []);
        let house = house.rebuilt();
        assert_eq!((house.import("a.csv", 40), house.status(1)), ([0, 1, 0], Status::Rejected));
    }

    #[test]
    fn a_corrected_file_is_taken_though_its_revision_is_that_of_before() {
        let house = House::new();
        house.file("a.csv", "А. Ким", 1, "reject");
        house.file("b.csv", "А. Ким", 1, "later");
        assert_eq!(house.import("a.csv", 1), [1, 0, 0]);
        assert_eq!(house.import("b.csv", 2), [0, 0, 1], "what was decided meanwhile is in conflict with it");
        house.undo("a.csv", 3);
        assert_eq!(house.import("b.csv", 4), [1, 0, 0]);
        assert_eq!(house.status(1), Status::Later);
        assert_eq!(house.import("a.csv", 5), [0, 0, 1], "the correction stands");
        house.undo("b.csv", 6);
        assert_eq!(house.import("a.csv", 7), [1, 0, 0]);
        assert_eq!(house.status(1), Status::Rejected);
    }

    #[test]
    fn what_somebody_decided_since_is_never_overwritten() {
        let house = House::new();
        house.file("a.csv", "А. Ким", 1, "reject");
        house.import("a.csv", 1);
        house.file("b.csv", "Б. Ли", 1, "later");
        assert_eq!(house.import("b.csv", 2), [1, 0, 0]);
        assert_eq!(house.undo("a.csv", 3).decided_since, [id(1)]);
        assert_eq!(house.import("a.csv", 4), [0, 0, 1], "the other's decision stands");
        // What the row was printed after is gone: it does not stand as it did then.
        assert_eq!(house.undo("b.csv", 5), TakenBack { decisions: 1, ..TakenBack::default() });
        assert_eq!(house.import("b.csv", 6), [0, 0, 1]);
        assert_eq!(house.import("a.csv", 7), [1, 0, 0]);
        assert_eq!(house.status(1), Status::Rejected);
    }

    #[test]
    fn what_was_decided_and_taken_back_since_is_not_told_as_decided() {
        let house = House::new();
        house.file("a.csv", "А. Ким", 1, "later");
        house.import("a.csv", 1);
        house.file("b.csv", "Б. Ли", 1, "reject");
        house.import("b.csv", 2);
        house.undo("b.csv", 3);
        assert_eq!(house.status(1), Status::Later);
        assert_eq!(house.undo("a.csv", 4), TakenBack { decisions: 1, ..TakenBack::default() });
    }

    #[test]
    fn an_event_entered_by_hand_comes_back_under_its_id() {
        let house = House::new();
        let mut row = Row::default();
        for (column, text) in [
            ("headline", "Редактора допросили"),
            ("source", "звонок"),
            ("event_date", "2017-11-16"),
            ("categories", "arrest"),
            ("reviewer", "А. Ким"),
        ] {
            row.set(column, text);
        }
        house.write("a.csv", std::slice::from_ref(&row));
        row.set("headline", "Редактора отпустили");
        house.write("b.csv", &[row]);
        let event = || {
            let decided = house.desk.decided().unwrap();
            let events = decided.iter().flat_map(review::events).map(|event| (event.id, event.case));
            events.collect::<Vec<_>>()
        };
        assert_eq!(house.import("a.csv", 1), [1, 0, 0]);
        let first = event();
        assert_eq!(first.len(), 1);
        house.undo("a.csv", 2);
        assert_eq!(event(), []);
        let file = house.folder.path().join("a.csv");
        let typed = review::parse(&std::fs::read(&file).unwrap(), Format::Csv).0.pop().unwrap();
        let known = house.desk.taken_as(&typed, &file, samples::minute(2)).unwrap();
        assert_eq!(known, Some(house.desk.decided().unwrap()[0].id.clone()), "who forgets it finds it in the file");
        assert_eq!(house.import("a.csv", 3), [1, 0, 0]);
        assert_eq!(event(), first);
        assert_eq!(house.import("a.csv", 4), [0, 1, 0]);
        assert_eq!(house.import("b.csv", 5), [1, 0, 0], "another event is another");
        assert_eq!(event().len(), 2);
    }

    #[test]
    fn the_queue_file_that_was_taken_back_is_not_taken_again_by_itself() {
        let house = House::new();
        let exchange = |minute| house.desk.exchange(samples::minute(minute)).unwrap();
        exchange(0);
        house.file("queue.csv", "А. Ким", 1, "reject");
        assert_eq!(house.import("queue.csv", 1), [1, 0, 0]);
        house.undo("queue.csv", 2);
        let exchanged = exchange(3);
        assert_eq!((exchanged.imported, exchanged.rows), (None, 2));
        assert_eq!(house.status(1), Status::Waiting);
        // Decided in it anew, it is.
        house.file("queue.csv", "А. Ким", 1, "reject");
        assert_eq!(exchange(4).imported.map(|imported| imported.taken), Some(1));
        // And so is one that was corrected after it was taken back.
        house.file("queue.csv", "А. Ким", 2, "reject");
        house.import("queue.csv", 5);
        house.undo("queue.csv", 6);
        house.file("queue.csv", "А. Ким", 2, "later");
        assert_eq!(exchange(7).imported.map(|imported| imported.taken), Some(1));
        assert_eq!(house.status(2), Status::Later);
    }
}
