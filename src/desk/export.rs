//! Everything taken home, in open formats: JSON Lines, CSV, and the records as they lie.
//!
//! ```text
//! README.txt            what each file is
//! stories.jsonl         every story kept, with its verdict
//! acts.jsonl            every human act, in order: decisions, imports, digests
//! events.jsonl          confirmed events
//! decided.csv           the rows behind them, as the queue file prints them
//! waiting.csv           the rows that nobody has decided
//! register.csv          persons and outlets, one spelling for each language
//! health.csv            what each source did, day by day
//! visits.jsonl          candidates' pages asked for again: same, changed or gone
//! set_aside.jsonl       inputs that were set aside, with the reason
//! inbox/                files that reviewers sent, as they came
//! records/              ledger, journal, archive (WARC) and who was dealt what, as they lie
//! MANIFEST.sha256       checks every file
//! ```

use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{Desk, DeskError, write_whole};
use crate::backup;
use crate::disk;
use crate::model::hex;

/// Stories held at once.
const BATCH: usize = 256;
/// Bytes held before they are written.
const HELD: usize = 256 << 10;

const README: &str = "\
Everything that sozwatch keeps, in open formats. Text is UTF-8, times are RFC 3339.\n\n\
stories.jsonl    one story a line, with its verdict and the rule set that gave it; spans are byte ranges\n\
acts.jsonl       one human act a line, in order: number, time, act; what was erased reads as erased\n\
events.jsonl     one confirmed event a line, with every outlet that told of it\n\
decided.csv      decided rows as the queue file prints them (RFC 4180)\n\
waiting.csv      rows that nobody has decided\n\
register.csv     persons and outlets, one spelling for each language\n\
health.csv       what each source did, day by day\n\
visits.jsonl     pages of candidates asked for again: the same, another wording, or gone\n\
set_aside.jsonl  inputs set aside, with the reason\n\
inbox/           files that reviewers sent, as they came; those under done/ were taken\n\
records/         ledger (JSON Lines), journal (zstd of JSON Lines), archive (WARC) as they lie;\n\
                 boxes.json tells which reviewer was dealt which row\n\
MANIFEST.sha256  `sha256sum -c MANIFEST.sha256` checks every file\n\n\
It holds names and texts: keep it as you keep the store.\n";

/// What was exported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// The folder.
    pub dir: PathBuf,
    /// Stories.
    pub stories: usize,
    /// Human acts.
    pub acts: usize,
    /// Confirmed events.
    pub events: usize,
    /// Files, the manifest left out.
    pub files: usize,
}

/// A file of the export, hashed as it is written.
struct Out {
    path: PathBuf,
    file: Box<dyn disk::Tail>,
    /// Not written yet.
    held: Vec<u8>,
    hasher: Sha256,
}

impl Out {
    fn create(dir: &Path, name: &str) -> Result<Self, DeskError> {
        let path = dir.join(name);
        let file = disk::Disk::create(&disk::Real, &path).map_err(DeskError::file("write", &path))?;
        Ok(Self { path, file, held: Vec::new(), hasher: Sha256::new() })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), DeskError> {
        self.hasher.update(bytes);
        self.held.extend_from_slice(bytes);
        if self.held.len() < HELD {
            return Ok(());
        }
        self.flush().map_err(DeskError::file("write", &self.path))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.write(&self.held)?;
        self.held.clear();
        Ok(())
    }

    fn json(&mut self, value: &impl Serialize) -> Result<(), DeskError> {
        let mut line = serde_json::to_vec(value)
            .map_err(|error| DeskError::file("write", &self.path)(std::io::Error::from(error)))?;
        line.push(b'\n');
        self.write(&line)
    }

    /// Ends the file; gives its line of the manifest.
    fn end(mut self, dir: &Path) -> Result<String, DeskError> {
        self.flush().and_then(|()| self.file.sync()).map_err(DeskError::file("write", &self.path))?;
        let name = self.path.strip_prefix(dir).unwrap_or(&self.path);
        Ok(format!("{}  {}\n", hex(&self.hasher.finalize()), name.display()))
    }
}

impl Desk {
    /// Writes everything into a new folder, and notes in the ledger that it was taken out, and by whom.
    ///
    /// # Errors
    /// Where the folder holds something already, or something cannot be read or written.
    pub fn export_all(&self, dir: &Path, by: Option<String>, now: Timestamp) -> Result<Exported, DeskError> {
        let taken = std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
        if taken {
            return Err(DeskError::Asked(format!("{} is not empty; name a new folder", dir.display())));
        }
        disk::make_folder(&disk::Real, dir)?;
        let mut exported = Exported { dir: dir.to_path_buf(), ..Exported::default() };
        let mut manifest = vec![
            self.export_stories(dir, &mut exported)?,
            self.export_acts(dir, &mut exported)?,
            self.export_events(dir, &mut exported)?,
            self.export_health(dir, now)?,
        ];
        let mut visits = Out::create(dir, "visits.jsonl")?;
        for (id, visit) in self.store.all_visits()? {
            visits.json(&serde_json::json!({ "id": id, "at": visit.at, "found": visit.found }))?;
        }
        manifest.push(visits.end(dir)?);
        let mut set_aside = Out::create(dir, "set_aside.jsonl")?;
        for quarantine in self.store.quarantined(usize::MAX)?.iter().rev() {
            set_aside.json(quarantine)?;
        }
        manifest.push(set_aside.end(dir)?);
        for (name, candidates) in [("decided.csv", self.decided()?), ("waiting.csv", self.store.waiting()?)] {
            let path = dir.join(name);
            self.export_rows(&candidates, &path)?;
            let bytes = std::fs::read(&path).map_err(DeskError::file("read", &path))?;
            manifest.push(format!("{}  {name}\n", hex(&Sha256::digest(bytes))));
        }
        let mut register = Out::create(dir, "register.csv")?;
        register.write(&self.print_register(&self.register()?, Path::new("register.csv"))?)?;
        manifest.push(register.end(dir)?);
        let mut readme = Out::create(dir, "README.txt")?;
        readme.write(README.as_bytes())?;
        manifest.push(readme.end(dir)?);
        self.export_inbox(dir, &mut manifest)?;
        self.export_records(dir, &mut manifest)?;
        exported.files = manifest.len();
        write_whole(&dir.join("MANIFEST.sha256"), manifest.concat().as_bytes())?;
        self.note_export("all", dir, by, now)?;
        Ok(exported)
    }

    fn export_stories(&self, dir: &Path, exported: &mut Exported) -> Result<String, DeskError> {
        let mut out = Out::create(dir, "stories.jsonl")?;
        let mut after: Option<String> = None;
        loop {
            let stories = self.store.stories_after(after.as_deref(), BATCH)?;
            let Some(last) = stories.last() else { return out.end(dir) };
            after = Some(last.story.id.clone());
            for judged in &stories {
                out.json(judged)?;
                exported.stories += 1;
            }
        }
    }

    fn export_acts(&self, dir: &Path, exported: &mut Exported) -> Result<String, DeskError> {
        let mut out = Out::create(dir, "acts.jsonl")?;
        let acts = self.records().ledger.read(0)?;
        for act in acts {
            let (number, at, act) = act?;
            out.json(&serde_json::json!({ "number": number, "at": at, "act": act }))?;
            exported.acts += 1;
        }
        out.end(dir)
    }

    fn export_events(&self, dir: &Path, exported: &mut Exported) -> Result<String, DeskError> {
        let mut out = Out::create(dir, "events.jsonl")?;
        for event in self.events()? {
            out.json(&event)?;
            exported.events += 1;
        }
        out.end(dir)
    }

    fn export_health(&self, dir: &Path, now: Timestamp) -> Result<String, DeskError> {
        let mut out = Out::create(dir, "health.csv")?;
        out.write("\u{feff}day,source,polls_ok,polls_failed,entries,stories,candidates,set_aside\r\n".as_bytes())?;
        let today = self.today(now);
        let rows = match self.store.first_watched()? {
            Some(first) => self.store.health(first, today)?,
            None => Vec::new(),
        };
        for (day, source, health) in rows {
            let source = crate::review::neutral(&source).replace('"', "\"\"");
            let counts = [
                health.polls_ok,
                health.polls_failed,
                health.entries,
                health.stories,
                health.candidates,
                health.set_aside,
            ];
            let counts = counts.map(|count| count.to_string()).join(",");
            out.write(format!("{day},\"{source}\",{counts}\r\n").as_bytes())?;
        }
        out.end(dir)
    }

    /// The files of the inbox: what was not taken yet is nowhere else.
    fn export_inbox(&self, dir: &Path, manifest: &mut Vec<String>) -> Result<(), DeskError> {
        for (file, name) in self.sent_files()? {
            let name = format!("inbox/{name}");
            disk::make_folder(&disk::Real, dir.join(&name).parent().unwrap_or(dir))?;
            let mut out = Out::create(dir, &name)?;
            out.write(&std::fs::read(&file).map_err(DeskError::file("read", &file))?)?;
            manifest.push(out.end(dir)?);
        }
        Ok(())
    }

    /// The records as they lie now; what is added meanwhile is left out.
    fn export_records(&self, dir: &Path, manifest: &mut Vec<String>) -> Result<(), DeskError> {
        let _copying = self.copying.lock().unwrap_or_else(PoisonError::into_inner);
        for piece in self.pieces_of_the_store()? {
            let name = piece.name.replacen("store/", "records/", 1);
            let folder = dir.join(&name);
            disk::make_folder(&disk::Real, folder.parent().unwrap_or(dir))?;
            let mut out = Out::create(dir, &name)?;
            backup::copy(&piece, &mut |bytes| out.write(bytes).map_err(std::io::Error::other))?;
            manifest.push(out.end(dir)?);
        }
        Ok(())
    }
}
