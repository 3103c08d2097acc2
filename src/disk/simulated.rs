//! A disk for tests that forgets, when its power fails, whatever no sync followed.
//!
//! It works on a real folder, which is what the running program sees (the page cache), and keeps
//! beside it what would be left on the platter: the bytes of each file as last synced, the names of each
//! folder as last synced. The power can fail before any step; from then on every step is an error.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use tempfile::TempDir;

use super::{Disk, Real, Tail};

/// What the platter holds of what was never synced. A real disk may keep any part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeps {
    /// Nothing at all.
    Nothing,
    /// All of it.
    Everything,
    /// The first half of the bytes added to each file.
    Half,
    /// Names, but of the bytes only that they were there: zeros in their place.
    Zeros,
}

impl Keeps {
    pub(crate) const ALL: [Self; 4] = [Self::Nothing, Self::Everything, Self::Half, Self::Zeros];
}

/// A safeguard taken out, to see that the test that should miss it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Without {
    /// Files are not synced.
    FileSync,
    /// Folders are not synced.
    FolderSync,
}

/// The disk.
#[derive(Debug, Clone)]
pub(crate) struct Simulated {
    folder: Arc<TempDir>,
    keeps: Keeps,
    without: Option<Without>,
    platter: Arc<Mutex<Platter>>,
}

#[derive(Debug, Default)]
struct Platter {
    steps_left: usize,
    failed: bool,
    next: usize,
    /// Bytes of each file as the program sees them.
    now: BTreeMap<usize, Vec<u8>>,
    /// Bytes of each file as last synced.
    synced: BTreeMap<usize, Vec<u8>>,
    /// The names as the program sees them; a folder has none of its own bytes.
    seen: BTreeMap<PathBuf, Thing>,
    /// The names as the folders were last synced.
    named: BTreeMap<PathBuf, Thing>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thing {
    File(usize),
    Folder,
}

impl Simulated {
    /// A new disk whose power fails before step `step`, counted from 0.
    pub(crate) fn failing_at(step: usize, keeps: Keeps) -> Self {
        let platter = Platter { steps_left: step, ..Platter::default() };
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Self { folder, keeps, without: None, platter: Arc::new(Mutex::new(platter)) }
    }

    /// A disk on which a copy of a folder lies, synced.
    pub(crate) fn holding(folder: &Path, step: usize, keeps: Keeps) -> Self {
        let disk = Self::failing_at(step, keeps);
        disk.take_in(folder, disk.folder());
        disk
    }

    fn take_in(&self, from: &Path, to: &Path) {
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let (path, copy) = (entry.path(), to.join(entry.file_name()));
            let thing = if path.is_dir() {
                std::fs::create_dir(&copy).unwrap();
                self.take_in(&path, &copy);
                Thing::Folder
            } else {
                std::fs::copy(&path, &copy).unwrap();
                let mut platter = self.platter();
                platter.next += 1;
                let (number, bytes) = (platter.next, std::fs::read(&copy).unwrap());
                platter.synced.insert(number, bytes);
                Thing::File(number)
            };
            let mut platter = self.platter();
            platter.seen.insert(copy.clone(), thing);
            platter.named.insert(copy, thing);
        }
    }

    /// The same, with a safeguard taken out.
    pub(crate) fn without(self, without: Without) -> Self {
        Self { without: Some(without), ..self }
    }

    /// Its folder, as the program sees it.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A folder with what is left once the power is gone.
    pub(crate) fn after_power_loss(&self) -> TempDir {
        let left = tempfile::tempdir().unwrap();
        let platter = self.platter();
        let names = if self.keeps == Keeps::Nothing { &platter.named } else { &platter.seen };
        for (path, thing) in names {
            let Ok(inside) = path.strip_prefix(self.folder.path()) else { continue };
            let to = left.path().join(inside);
            if !to.parent().is_some_and(Path::is_dir) {
                // The folder itself was lost, and with it all that it held.
                continue;
            }
            match thing {
                Thing::Folder => std::fs::create_dir(to).unwrap(),
                Thing::File(number) => std::fs::write(to, platter.bytes(*number, self.keeps)).unwrap(),
            }
        }
        left
    }

    fn platter(&self) -> MutexGuard<'_, Platter> {
        self.platter.lock().unwrap()
    }

    /// One step, unless the power fails before it.
    fn step(&self) -> io::Result<MutexGuard<'_, Platter>> {
        let mut platter = self.platter();
        if platter.steps_left == 0 {
            platter.failed = true;
        }
        if platter.failed {
            return Err(io::Error::other("the power failed"));
        }
        platter.steps_left -= 1;
        Ok(platter)
    }

    fn opened(&self, path: &Path, file: Box<dyn Tail>, fresh: bool) -> io::Result<Box<dyn Tail>> {
        let mut platter = self.platter();
        let number = match platter.seen.get(path) {
            Some(Thing::File(number)) if !fresh => *number,
            _ => {
                platter.next += 1;
                platter.next
            }
        };
        platter.seen.insert(path.to_path_buf(), Thing::File(number));
        platter.now.insert(number, std::fs::read(path)?);
        Ok(Box::new(SimulatedTail { disk: self.clone(), number, file }))
    }
}

impl Platter {
    /// What is left of a file.
    fn bytes(&self, number: usize, keeps: Keeps) -> Vec<u8> {
        let synced = self.synced.get(&number).cloned().unwrap_or_default();
        let now = self.now.get(&number).cloned().unwrap_or_else(|| synced.clone());
        if now.len() < synced.len() {
            // It was cut and not synced: the disk may or may not have done it.
            return if keeps == Keeps::Nothing { synced } else { now };
        }
        let added = now.len() - synced.len();
        match keeps {
            Keeps::Nothing => synced,
            Keeps::Everything => now,
            Keeps::Half => now[..synced.len() + added / 2].to_vec(),
            Keeps::Zeros => [synced, vec![0; added]].concat(),
        }
    }
}

impl Disk for Simulated {
    fn open(&self, path: &Path) -> io::Result<Box<dyn Tail>> {
        let fresh = !path.exists();
        drop(self.step()?);
        self.opened(path, Real.open(path)?, fresh)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn Tail>> {
        drop(self.step()?);
        self.opened(path, Real.create(path)?, true)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        let mut platter = self.step()?;
        Real.make_folder(path)?;
        platter.seen.insert(path.to_path_buf(), Thing::Folder);
        Ok(())
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let mut platter = self.step()?;
        if self.without == Some(Without::FolderSync) {
            return Ok(());
        }
        platter.named.retain(|name, _| name.parent() != Some(path));
        let inside: Vec<_> = platter
            .seen
            .iter()
            .filter(|(name, _)| name.parent() == Some(path))
            .map(|(name, thing)| (name.clone(), *thing))
            .collect();
        platter.named.extend(inside);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut platter = self.step()?;
        Real.rename(from, to)?;
        if let Some(thing) = platter.seen.remove(from) {
            platter.seen.insert(to.to_path_buf(), thing);
        }
        Ok(())
    }
}

#[derive(Debug)]
struct SimulatedTail {
    disk: Simulated,
    number: usize,
    file: Box<dyn Tail>,
}

impl Tail for SimulatedTail {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut platter = self.disk.step()?;
        self.file.write(bytes)?;
        platter.now.entry(self.number).or_default().extend_from_slice(bytes);
        Ok(())
    }

    fn write_zeros(&mut self, count: u64) -> io::Result<()> {
        self.write(&vec![0; count as usize])
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut platter = self.disk.step()?;
        if self.disk.without != Some(Without::FileSync) {
            let now = platter.now.get(&self.number).cloned().unwrap_or_default();
            platter.synced.insert(self.number, now);
        }
        Ok(())
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        let mut platter = self.disk.step()?;
        self.file.cut(length)?;
        platter.now.entry(self.number).or_default().truncate(length as usize);
        Ok(())
    }

    fn length(&self) -> io::Result<u64> {
        self.file.length()
    }
}
