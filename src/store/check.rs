//! Checking that the tables agree with each other. It walks them with constant memory and names what
//! does not hold; a new index from the records mends all of it.

use jiff::Timestamp;

use super::brief::{InBrief, is_decided};
use super::index::{Look as _, Pair};
use super::table::{Row, Table, key, key_of, pair, short};
use super::{Room, Store, StoreError, apply, sifted};
use crate::model::{
    Awaited, Candidate, Diagnostic, Health, Judged, Poll, Quarantine, Registered, Review, Telling, Visit, Wording,
};

/// Faults named one by one; the rest are only counted.
const NAMED: usize = 100;

/// What was found, up to a measure.
struct Faults<'a> {
    store: &'a Store,
    named: Vec<Diagnostic>,
    more: usize,
}

impl Faults<'_> {
    fn tell(&mut self, message: impl Into<String>) {
        if self.named.len() < NAMED {
            self.named.push(Diagnostic::new(self.store.index.path().display().to_string(), message));
        } else {
            self.more += 1;
        }
    }

    /// The value, or a fault in its place. Only a row that cannot be read is a fault of its own; what
    /// cannot be read at all ends the check.
    fn readable<T>(&mut self, read: Result<T, StoreError>) -> Option<T> {
        read.map_err(|error| self.tell(error.to_string())).ok()
    }
}

impl Store {
    /// What does not hold between the tables, each named; nothing where all is well.
    ///
    /// # Errors
    /// Where the index cannot be read at all.
    pub fn check(&self) -> Result<Vec<Diagnostic>, StoreError> {
        let _writing = self.write();
        let mut faults = Faults { store: self, named: Vec::new(), more: 0 };
        let mut counted = super::Counts::default();
        self.check_stories(&mut faults, &mut counted)?;
        self.check_reviews(&mut faults)?;
        self.check_lists(&mut faults, &mut counted)?;
        self.check_pointers(&mut faults)?;
        counted.quarantined = self.check_values(&mut faults)?;
        let kept = self.counts()?;
        if kept != counted {
            faults.tell(format!("the counts say {kept:?}, the tables hold {counted:?}"));
        }
        let mut named = faults.named;
        if faults.more > 0 {
            named.push(Diagnostic::new(
                self.index.path().display().to_string(),
                format!("and {} more faults", faults.more),
            ));
        }
        Ok(named)
    }

    /// What the texts take on the disk, and how much of it nothing needs any more. Every key is walked.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn room(&self) -> Result<Room, StoreError> {
        self.index.room()
    }

    fn check_stories(&self, faults: &mut Faults<'_>, counted: &mut super::Counts) -> Result<(), StoreError> {
        for row in self.index.scan(&key(Table::Story, &[])) {
            let row = row?;
            counted.stories += 1;
            let Some(judged) = faults.readable(self.index.value::<Judged>(&row)) else { continue };
            let (story, id) = (&judged.story, &judged.story.id);
            if row.0 != key(Table::Story, &short(id)) {
                faults.tell(format!("story {id} lies under another's key"));
            }
            if let Some(url) = &story.url
                && !self.index.has(&key(Table::Url, &short(url)))?
            {
                faults.tell(format!("story {id} is not found by its address"));
            }
            if !self.index.has(&key(Table::Text, &self.folds.text_hash_of(&judged)))? {
                faults.tell(format!("story {id} is not found by its text"));
            }
            if self.index.bytes(&key(Table::Sieve, &short(id)))? != Some(sifted::row(&judged, &self.folds)) {
                faults.tell(format!("story {id} is not found by its words"));
            }
            self.check_filed(&judged, faults)?;
            if let Some(head) = &judged.head
                && !self.index.has(&pair(Table::Told, &short(head), &short(id)))?
            {
                faults.tell(format!("story {id} is not listed under {head}, which it repeats"));
            }
            self.check_place(id, faults)?;
        }
        Ok(())
    }

    /// Do others find a story where they look for near-duplicates and for their case?
    fn check_filed(&self, judged: &Judged, faults: &mut Faults<'_>) -> Result<(), StoreError> {
        let (id, short) = (&judged.story.id, short(&judged.story.id));
        let near = self.folds.near_of(judged);
        let sketch = (!near.keys.is_empty()).then_some(near.compared_by);
        let mut found = self.index.bytes(&key(Table::Sketch, &short))? == sketch;
        for band in &near.keys {
            found &= self.index.has(&pair(Table::Near, band, &short))?;
        }
        if !found {
            faults.tell(format!("story {id} is missing among the near-duplicates"));
        }
        let tie = self.folds.tie_of(judged);
        let mut found = true;
        for key in &tie.keys {
            found &= self.index.bytes(&apply::tied(key, judged))?.as_ref() == Some(&tie.compared_by);
        }
        if !found {
            faults.tell(format!("story {id} is missing among those that others are tied to"));
        }
        Ok(())
    }

    fn check_reviews(&self, faults: &mut Faults<'_>) -> Result<(), StoreError> {
        for row in self.index.scan(&key(Table::Review, &[])) {
            let row = row?;
            let Some(review) = faults.readable(self.index.value::<Review>(&row)) else { continue };
            if !review.fingerprint.is_empty() && self.known_by(&review.fingerprint)?.is_none() {
                faults.tell(format!("a review of {} is not known by its content", review.id));
            }
            self.check_place(&review.id, faults)?;
        }
        Ok(())
    }

    /// Is an id listed where its reviews put it?
    fn check_place(&self, id: &str, faults: &mut Faults<'_>) -> Result<(), StoreError> {
        let Some(Some(candidate)) = faults.readable(self.assemble(id)) else { return Ok(()) };
        let place = apply::place(&candidate, &self.numbered(&candidate)?, &self.folds);
        let listed: Option<Vec<u8>> = self.index.get(&key(Table::Listed, &short(id)))?;
        let stands = match &place {
            Some(place) if is_decided(place) => self.index.get(place)? == Some(InBrief::from(&candidate)),
            Some(place) => self.index.has(place)?,
            None => true,
        };
        if listed != place || !stands {
            faults.tell(format!("{id} is not listed where its reviews put it, or not as they left it"));
        }
        Ok(())
    }

    fn numbered(&self, candidate: &Candidate) -> Result<Vec<(u64, Review)>, StoreError> {
        let rows = self.index.scan(&key(Table::Review, &short(&candidate.id)));
        let rows = rows.map(|row| {
            let row = row?;
            let review = self.index.value(&row)?;
            Ok((row.0, review))
        });
        Ok(apply::numbered(rows.collect::<Result<_, StoreError>>()?))
    }

    fn check_lists(&self, faults: &mut Faults<'_>, counted: &mut super::Counts) -> Result<(), StoreError> {
        for (table, count) in [(Table::Waiting, &mut counted.waiting), (Table::Decided, &mut counted.decided)] {
            for row in self.index.scan(&key(table, &[])) {
                let row = row?;
                *count += 1;
                let Some(id) = faults.readable(self.listed_id(&row)) else { continue };
                if self.index.get::<Vec<u8>>(&key(Table::Listed, &short(&id)))?.as_ref() != Some(&row.0) {
                    faults.tell(format!("{id} is listed twice, or where it does not belong"));
                }
            }
        }
        for row in self.index.scan(&key(Table::Listed, &[])) {
            let row = row?;
            let Some(place) = faults.readable(self.index.value::<Vec<u8>>(&row)) else { continue };
            if !self.index.has(&place)? {
                faults.tell("somebody is said to be listed and is not");
            }
        }
        Ok(())
    }

    /// Does whatever points at a story find one?
    fn check_pointers(&self, faults: &mut Faults<'_>) -> Result<(), StoreError> {
        for (table, noun) in [(Table::Url, "address"), (Table::Text, "text")] {
            for row in self.index.scan(&key(table, &[])) {
                let Some(id) = faults.readable(self.index.value::<String>(&row?)) else { continue };
                if !self.index.has(&key(Table::Story, &short(&id)))? {
                    faults.tell(format!("{noun}: it points at the story {id}, which is not there"));
                }
            }
        }
        for row in self.index.scan(&key(Table::Near, &[])) {
            let (band, _) = row?;
            let story = band.last_chunk::<16>().map_or(&[][..], |short| short);
            if !self.index.has(&key(Table::Story, story))? {
                faults.tell("near-duplicate: it points at a story which is not there");
            }
        }
        Ok(())
    }

    /// Can every other value be read? Gives how many inputs are set aside.
    fn check_values(&self, faults: &mut Faults<'_>) -> Result<usize, StoreError> {
        let quarantined = self.check_table::<Quarantine>(Table::Quarantine, faults)?;
        self.check_table::<Telling>(Table::Told, faults)?;
        self.check_table::<(String, Visit)>(Table::Visit, faults)?;
        self.check_table::<Option<String>>(Table::Seen, faults)?;
        self.check_table::<String>(Table::Fingerprint, faults)?;
        self.check_table::<Awaited>(Table::Awaited, faults)?;
        self.check_table::<(String, Poll)>(Table::Poll, faults)?;
        self.check_table::<(jiff::civil::Date, String, Health)>(Table::Health, faults)?;
        self.check_table::<(String, Vec<String>)>(Table::Digest, faults)?;
        self.check_table::<(String, Wording)>(Table::Worded, faults)?;
        self.check_table::<(String, Timestamp, Option<Registered>)>(Table::Register, faults)?;
        self.check_table::<(String, String)>(Table::Evidence, faults)?;
        self.check_table::<super::Signed>(Table::Report, faults)?;
        self.check_table::<crate::model::Quote>(Table::Quote, faults)?;
        faults.readable(self.index.get::<String>(&key_of(Row::RuleSet)));
        Ok(quarantined)
    }

    fn check_table<T: serde::de::DeserializeOwned>(
        &self,
        table: Table,
        faults: &mut Faults<'_>,
    ) -> Result<usize, StoreError> {
        let mut rows = 0;
        for row in self.index.scan(&key(table, &[])) {
            let row: Pair = row?;
            rows += 1;
            faults.readable(self.index.value::<T>(&row));
        }
        Ok(rows)
    }
}
