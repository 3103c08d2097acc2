//! Many sorted rows as one: of a key that stands in several places the newest counts.

use std::io;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::recent::Recent;
use super::run::{Cursor, Row, Run, Writer};

/// Rows between two looks at whether to stop.
const LOOK: u32 = 4_096;

/// Rows in order, from memory or from a run.
enum Source {
    Recent(Arc<Recent>, Option<Row>),
    Run(Cursor),
}

impl Source {
    fn key(&self) -> Option<&[u8]> {
        match self {
            Self::Recent(_, row) => row.as_ref().map(|(key, _)| key.as_slice()),
            Self::Run(cursor) => (!cursor.done()).then(|| cursor.key()),
        }
    }

    fn value(&self) -> Option<&[u8]> {
        match self {
            Self::Recent(_, row) => row.as_ref().and_then(|(_, value)| value.as_deref()),
            Self::Run(cursor) => cursor.value(),
        }
    }

    fn step(&mut self) -> io::Result<()> {
        match self {
            Self::Recent(recent, row) => {
                *row = row.take().and_then(|(key, _)| recent.next(Bound::Excluded(&key)));
                Ok(())
            }
            Self::Run(cursor) => cursor.step(),
        }
    }
}

/// A walk over sorted rows: the newest of each key, also where it was taken away.
pub(super) struct Merged {
    /// Newest first.
    sources: Vec<Source>,
    key: Vec<u8>,
    value: Vec<u8>,
    taken: bool,
}

impl Merged {
    /// From a key on; runs stand oldest first.
    pub(super) fn from(key: &[u8], recent: Option<&Arc<Recent>>, runs: &[Arc<Run>]) -> io::Result<Self> {
        let mut sources = Vec::with_capacity(runs.len() + 1);
        if let Some(recent) = recent {
            let row = recent.next(Bound::Included(key));
            sources.push(Source::Recent(Arc::clone(recent), row));
        }
        for run in runs.iter().rev() {
            sources.push(Source::Run(run.from(key)?));
        }
        Ok(Self { sources, key: Vec::new(), value: Vec::new(), taken: false })
    }

    /// Goes to the next row, where there is one.
    pub(super) fn step(&mut self) -> io::Result<bool> {
        let mut newest: Option<(usize, &[u8])> = None;
        for (place, source) in self.sources.iter().enumerate() {
            if let Some(key) = source.key()
                && newest.is_none_or(|(_, least)| key < least)
            {
                newest = Some((place, key));
            }
        }
        let Some((place, key)) = newest else { return Ok(false) };
        self.key.clear();
        self.key.extend(key);
        self.value.clear();
        let value = self.sources[place].value();
        self.taken = value.is_none();
        self.value.extend(value.unwrap_or_default());
        for source in &mut self.sources[place..] {
            if source.key() == Some(self.key.as_slice()) {
                source.step()?;
            }
        }
        Ok(true)
    }

    /// The key here.
    pub(super) fn key(&self) -> &[u8] {
        &self.key
    }

    /// The value here, or that it was taken away.
    pub(super) fn value(&self) -> Option<&[u8]> {
        (!self.taken).then_some(&self.value)
    }
}

/// Makes one run of several that stand one after the other, oldest first; `None` where it was told to stop. What
/// was taken away is left out where nothing older can hold it.
pub(super) fn merge(
    runs: &[Arc<Run>],
    oldest: bool,
    (path, number): (&Path, u32),
    stop: &AtomicBool,
) -> io::Result<Option<Run>> {
    let level = runs.iter().map(|run| run.level).max().unwrap_or_default() + 1;
    let mut rows = Merged::from(&[], None, runs)?;
    let mut writer = Writer::create(path)?;
    let mut walked = 0_u32;
    while rows.step()? {
        if rows.value().is_some() || !oldest {
            writer.push(rows.key(), rows.value())?;
        }
        walked = walked.wrapping_add(1);
        if walked.is_multiple_of(LOOK) && stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
    }
    writer.finish(number, level).map(Some)
}
