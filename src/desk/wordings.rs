//! What the house says of events: gathered for digests and reports, sent to the translator, taken back.

use std::borrow::Borrow;
use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::decide::Returned;
use super::{Desk, DeskError};
use crate::digest::table::{self, Ruling, TableFormat};
use crate::digest::{Edition, Wordings, said};
use crate::ledger::Act;
use crate::model::{Diagnostic, Event, Lang};

/// What taking a translator's table back came to.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct TableTaken {
    /// Events that say something new.
    pub taken: usize,
    /// Rows that nobody touched, or that say what is said already.
    pub unchanged: usize,
    /// Rows that were not taken, each with the reason.
    pub returned: Vec<Returned>,
    /// What was odd about the file itself.
    pub notices: Vec<Diagnostic>,
}

impl Desk {
    /// What the house says of some events: what was written for each language, the reviewers' headlines in the
    /// language that they are in, and the names as the register spells them.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(super) fn wordings(&self, events: &[impl Borrow<Event>]) -> Result<Wordings, DeskError> {
        let written = self.store.wordings()?;
        // Made for the first headline of the house's own.
        let judge = LazyCell::new(|| self.judge());
        let lang_of = |headline: &str| judge.language_of(headline);
        let mut wordings: Wordings = events
            .iter()
            .map(Borrow::borrow)
            .map(|event: &Event| (event.id.clone(), said(event, written.get(&event.id), &lang_of)))
            .filter(|(_, said)| !said.is_empty())
            .collect();
        wordings.names = self.register()?.names();
        wordings.places = Arc::clone(&self.bench().reference().places);
        Ok(wordings)
    }

    /// Writes the translator's table of some events; gives the file, which has `.new` in its name where
    /// somebody has changed the one that stands there.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write_table(
        &self,
        events: &[impl Borrow<Event>],
        wordings: &Wordings,
        edition: Edition,
        lang: Lang,
        file: &Path,
    ) -> Result<PathBuf, DeskError> {
        let Some(format) = TableFormat::of(file) else {
            return Err(DeskError::Asked(format!(
                "the table is a workbook or a document: {} must end in .xlsx or .docx",
                file.display()
            )));
        };
        let bytes = table::table(events, wordings, edition, &self.config.schedule.time_zone, lang, format);
        self.write_output(file, &bytes)
    }

    /// Takes a translator's table back: what was typed in it is what the house says from now on. It is
    /// written and synced before this returns; the same table again changes nothing.
    ///
    /// # Errors
    /// Where nobody answers for it, the file or the store cannot be read, or the ledger cannot be written.
    pub fn take_table(&self, file: &Path, by: &str, now: Timestamp) -> Result<TableTaken, DeskError> {
        if by.trim().is_empty() {
            return Err(DeskError::Asked("say whose words these are: --by NAME".to_owned()));
        }
        let bytes = std::fs::read(file).map_err(DeskError::file("read", file))?;
        let (rows, notices) = table::read(&bytes, &file.display().to_string());
        let _deciding = self.deciding.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let events = self.events()?;
        let known: BTreeMap<&str, &Event> = events.iter().map(|event| (event.id.as_str(), event)).collect();
        let mut wordings = self.wordings(&events)?;
        let judge = self.judge();
        let mut taken = TableTaken { notices, ..TableTaken::default() };
        let mut acts: BTreeMap<String, Act> = BTreeMap::new();
        for row in rows {
            let mut back = |conflict: bool, reason: String| {
                taken.returned.push(Returned { line: row.line, id: row.event.clone(), conflict, reason });
            };
            let Some(event) = known.get(row.event.as_str()) else {
                back(false, "no confirmed event has this id; leave the hidden columns as they are".to_owned());
                continue;
            };
            let now = wordings.get(&row.event).cloned().unwrap_or_default();
            match row.rule(&now) {
                Ruling::Same => taken.unchanged += 1,
                Ruling::Wrong(why) => back(false, why),
                Ruling::Conflict(why) => back(true, why),
                Ruling::Says(mut wording) => {
                    wordings.insert(row.event.clone(), wording.clone());
                    // The reviewer's headline stays the reviewer's: who corrects it there is heard.
                    let own = said(event, None, &|headline| judge.language_of(headline));
                    wording.headline.retain(|lang, text| own.headline.get(lang) != Some(text));
                    let id = event.stories.first().map_or_else(|| event.id.clone(), |told| told.id.clone());
                    let act = Act::Worded { id, event: row.event.clone(), wording, by: by.trim().to_owned() };
                    acts.insert(row.event, act);
                }
            }
        }
        taken.taken = acts.len();
        self.record_acts(acts.into_values().collect(), now)?;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::Tables;
    use crate::model::Lang;
    use crate::register::Gazetteer;
    use crate::rules::RuleSet;

    #[test]
    fn the_places_of_the_shipped_tables_are_told_apart() {
        let (tables, faults) = Tables::parse(RuleSet::builtin().0.tables());
        assert!(faults.is_empty(), "{faults:?}");
        let places = Gazetteer::of(tables.place_names());
        // Every place is found under each of its own names.
        for place in tables.place_names() {
            for name in place.names.values() {
                assert_eq!(places.key(name), place.id, "{name}");
            }
        }
        let check = |written: &str, id: &str, kazakh: &str, english: &str| {
            assert_eq!(places.key(written), id, "{written}");
            let names = places.names(written);
            assert_eq!((&*names[&Lang::KK], &*names[&Lang::EN]), (kazakh, english));
        };
        for written in ["Алматы", "Almaty", "Алматы қ.", "г. Алматы", "Алма-Ата", "алматы қаласы"]
        {
            check(written, "kz-almaty", "Алматы", "Almaty");
        }
        for written in ["Алматы облысы", "Алматинская область", "Almaty region", "Алматы обл."]
        {
            check(written, "kz-almaty-region", "Алматы облысы", "Almaty region");
        }
        // Old names, abbreviations, words turned round.
        check("Целиноград", "kz-astana", "Астана", "Astana");
        check("Нур-Султан", "kz-astana", "Астана", "Astana");
        check("Чимкент", "kz-shymkent", "Шымкент", "Shymkent");
        check("ЮКО", "kz-turkistan-region", "Түркістан облысы", "Turkistan region");
        check("Южно-Казахстанская область", "kz-turkistan-region", "Түркістан облысы", "Turkistan region");
        check("ШҚО", "kz-east", "Шығыс Қазақстан облысы", "East Kazakhstan region");
        check("область Абай", "kz-abai", "Абай облысы", "Abai region");
        check("Абайская обл.", "kz-abai", "Абай облысы", "Abai region");
        check("Усть-Каменогорск", "kz-oskemen", "Өскемен", "Oskemen");
        // Another place, whatever it sounds like.
        for written in ["Алматинский район", "Абай", "Алматы-1", "Новая Астана", "село Павлодарское"]
        {
            assert!(places.find(written).is_none(), "{written}");
            assert!(places.names(written).is_empty(), "{written}");
        }
    }
}
