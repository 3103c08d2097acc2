//! What the letters of a text cost in each language, three by three: asked where alphabets and common
//! words leave a doubt.
//!
//! The table holds statistics only: `scripts/langid/table.py` makes it from the Universal Declaration of
//! Human Rights, the invented sentences beside it and the examples of the rule files.

use std::collections::BTreeMap;

use super::profiles::PROFILES;
use crate::model::Script;
use crate::text::letters::is_apostrophe;
use crate::text::{is_combining, is_ignorable};

const TABLES: &str = include_str!("trigrams.txt");
/// Bytes of a sample that are read here.
const READ: usize = 480;
/// Most columns of a table.
const COLUMNS: usize = 18;
/// Steps of the table's costs to a nat.
const STEPS: u32 = 4;

/// Trigrams of one script.
struct Table {
    /// The profiles that each column speaks of; Kazakh has a column for each way of writing it.
    columns: Vec<Vec<usize>>,
    /// Sorted trigrams, a word's border as a space, three characters in one number.
    grams: Vec<u64>,
    /// One plus an index into `grams`, by hash; 0 where there is none. Clashes stand in the next place.
    places: Vec<u16>,
    /// Costs of each trigram by column, above that of the cheapest.
    costs: Vec<[u8; COLUMNS]>,
}

/// The tables of both scripts.
pub(super) struct Trigrams {
    tables: BTreeMap<Script, Table>,
    /// [`small_of`] of the characters of Latin and Cyrillic.
    small: Vec<Option<char>>,
}

/// Characters whose small form is looked up.
const TABLED: u32 = 0x530;

fn small_of(c: char) -> Option<char> {
    match c.to_lowercase().next().unwrap_or(c) {
        c if is_ignorable(c) || is_combining(c) => None,
        c if is_apostrophe(c) => Some('\''),
        c if c.is_alphabetic() => Some(c),
        _ => Some(' '),
    }
}

/// What a text costs in each language, in thousandths of a nat, by place in [`PROFILES`]; `None` for a
/// language without a column.
pub(super) type Costs = [Option<i64>; PROFILES.len()];

impl Trigrams {
    /// Reads the compiled tables.
    pub(super) fn new() -> Self {
        let mut tables = BTreeMap::new();
        for (script, name) in [(Script::Cyrillic, "cyrillic"), (Script::Latin, "latin")] {
            let section = TABLES.split("\n\n").find(|section| section.starts_with(name)).unwrap_or_default();
            tables.insert(script, Table::read(script, section));
        }
        let small = (0..TABLED).map(|c| small_of(char::from_u32(c).unwrap_or(' '))).collect();
        Self { tables, small }
    }

    /// A character as trigrams know it: a small letter, an apostrophe, or a space for all else; `None`
    /// where it is to be passed over.
    fn small(&self, c: char) -> Option<char> {
        match self.small.get(c as usize) {
            Some(small) => *small,
            None => small_of(c),
        }
    }

    /// What the start of a text costs; `None` for a script without a table.
    pub(super) fn costs(&self, script: Script, text: &str) -> Option<Costs> {
        let table = self.tables.get(&script)?;
        let mut sums = [0_u32; COLUMNS];
        let mut gram = border();
        for c in super::start_of(text, READ).chars().chain([' ']) {
            let Some(small) = self.small(c) else { continue };
            if small == ' ' && gram == border() {
                continue;
            }
            gram = pushed(gram, small);
            if let Some(place) = table.place(gram) {
                sums.iter_mut().zip(table.costs[place]).for_each(|(sum, cost)| *sum += u32::from(cost));
            }
            if small == ' ' {
                gram = border();
            }
        }
        let mut by_profile: Costs = [None; PROFILES.len()];
        for (profiles, sum) in table.columns.iter().zip(sums) {
            let cost = i64::from(sum) * 1_000 / i64::from(STEPS);
            for &profile in profiles {
                by_profile[profile] = Some(by_profile[profile].map_or(cost, |least| least.min(cost)));
            }
        }
        Some(by_profile)
    }
}

impl Table {
    fn read(script: Script, section: &str) -> Self {
        let mut lines = section.lines();
        let columns = lines.next().unwrap_or_default().split_whitespace().skip(1);
        let of_lang = |id: &str| {
            let profiles = PROFILES.iter().enumerate();
            profiles
                .filter(|(_, profile)| profile.script == script && profile.lang.id() == id)
                .map(|(at, _)| at)
                .collect()
        };
        let columns = columns.map(of_lang).collect();
        let mut rows: Vec<(u64, [u8; COLUMNS])> = Vec::new();
        for line in lines {
            let mut chars = line.chars();
            let gram = chars.by_ref().take(3).fold(0, pushed);
            let mut costs = [0; COLUMNS];
            costs.iter_mut().zip(chars).for_each(|(cost, c)| *cost = c.to_digit(36).unwrap_or(0) as u8);
            rows.push((gram, costs));
        }
        rows.sort_unstable();
        let (grams, costs): (Vec<u64>, _) = rows.into_iter().unzip();
        let mut places = vec![0; (4 * grams.len()).next_power_of_two()];
        for (index, gram) in grams.iter().enumerate() {
            let mut place = first_place(*gram, places.len());
            while places[place] != 0 {
                place = (place + 1) % places.len();
            }
            places[place] = u16::try_from(index + 1).unwrap_or(0);
        }
        Self { columns, grams, places, costs }
    }

    /// Where a trigram stands, if it is known.
    fn place(&self, gram: u64) -> Option<usize> {
        let mut place = first_place(gram, self.places.len());
        loop {
            let index = usize::from(self.places[place]).checked_sub(1)?;
            if self.grams[index] == gram {
                return Some(index);
            }
            place = (place + 1) % self.places.len();
        }
    }
}

/// Where a trigram is first looked for, of a power of two of places.
fn first_place(gram: u64, places: usize) -> usize {
    (gram.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize % places
}

/// A trigram with one more character, and without its first.
fn pushed(gram: u64, c: char) -> u64 {
    const THREE: u64 = (1 << 63) - 1;
    (gram << 21 | u64::from(c as u32)) & THREE
}

/// The trigram before a word: borders.
fn border() -> u64 {
    [' ', ' ', ' '].into_iter().fold(0, pushed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_a_language_and_every_row_is_full() {
        let trigrams = Trigrams::new();
        assert_eq!(trigrams.tables.len(), 2);
        for (section, table) in TABLES.split("\n\n").zip(trigrams.tables.values()) {
            assert!(table.columns.len() <= COLUMNS);
            assert!(table.columns.iter().all(|profiles| profiles.len() == 1), "{:?}", table.columns);
            assert!((0..table.grams.len()).all(|at| table.place(table.grams[at]) == Some(at)));
            assert!(table.grams.len() > 1_000 && table.grams.is_sorted_by(|one, next| one < next));
            for row in section.trim_end().lines().skip(1) {
                assert_eq!(row.chars().count(), 3 + table.columns.len(), "{row}");
                assert!(row.chars().skip(3).all(|c| c.is_digit(36)), "{row}");
            }
        }
    }

    #[test]
    fn the_cheapest_language_is_the_one_that_it_is_written_in() {
        let trigrams = Trigrams::new();
        let check = |script, text: &str, expect: &str| {
            let costs = trigrams.costs(script, text).unwrap();
            let cheapest = (0..PROFILES.len()).filter(|at| costs[*at].is_some()).min_by_key(|at| costs[*at]).unwrap();
            assert_eq!(PROFILES[cheapest].lang.id(), expect, "{text}");
        };
        check(Script::Cyrillic, "балдар көчөдө ойноп жүрүшөт", "ky");
        check(Script::Cyrillic, "оқушылар кітабын үстелге қойды", "kk");
        check(Script::Cyrillic, "дети играли на улице", "ru");
        check(Script::Cyrillic, "дзеці гулялі на вуліцы", "be");
        check(Script::Latin, "bolalar koʻchada oʻynashmoqda", "uz");
        check(Script::Latin, "children were playing outside", "en");
        assert_eq!(trigrams.costs(Script::Arabic, "بالا"), None);
        let nothing = trigrams.costs(Script::Latin, "12 — 30").unwrap();
        assert!(nothing.iter().flatten().all(|cost| *cost == 0));
    }
}
