//! What an editor should look at: namesakes that nothing tells apart, and rows that may be one.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use super::fault::{Said, Wrong};
use super::{LANGUAGES, Register};
use crate::cases::names::{self, Word};
use crate::model::{Lang, Registered};

/// Two rows, and what may be wrong between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Ids of both.
    pub rows: [String; 2],
    wrong: Wrong,
}

impl Remark {
    /// What is odd, and what to do, in Kazakh, Russian, else in English.
    pub fn words(&self, lang: Lang) -> String {
        self.wrong.words(lang)
    }
}

impl Serialize for Remark {
    /// As `{rows, message, told: {kk, ru, en}}`; the message is in English.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let told: BTreeMap<Lang, String> = LANGUAGES.into_iter().map(|lang| (lang, self.words(lang))).collect();
        let mut remark = serializer.serialize_struct("Remark", 3)?;
        remark.serialize_field("rows", &self.rows)?;
        remark.serialize_field("message", &self.words(Lang::EN))?;
        remark.serialize_field("told", &told)?;
        remark.end()
    }
}

impl Register {
    /// Pairs of rows that share a name, or whose names may be one in other spellings; those that a person
    /// declared to be two are passed over.
    pub fn remarks(&self) -> Vec<Remark> {
        let mut near: BTreeMap<String, Vec<&Registered>> = BTreeMap::new();
        for row in self.rows() {
            let mut starts: Vec<String> = row.spellings().flat_map(starts).collect();
            starts.sort();
            starts.dedup();
            for start in starts {
                near.entry(start).or_default().push(row);
            }
        }
        let mut remarks: BTreeMap<(&str, &str), Wrong> = BTreeMap::new();
        for rows in near.values() {
            for (at, one) in rows.iter().enumerate() {
                for other in &rows[at + 1..] {
                    if let Some(wrong) = remark(one, other) {
                        remarks.insert((&one.id, &other.id), wrong);
                    }
                }
            }
        }
        let remark =
            |((one, other), wrong): ((&str, &str), Wrong)| Remark { rows: [one.to_owned(), other.to_owned()], wrong };
        remarks.into_iter().map(remark).collect()
    }

    /// How many rows there are, and how many of them lack a spelling in each language: in Kazakh, Russian, else in
    /// English.
    pub fn summed_up(&self, lang: Lang) -> String {
        let rows = self.rows().count();
        let without = |of| self.rows().filter(|row| !row.names.contains_key(&of)).count();
        let without = LANGUAGES.map(|of| format!("{of} {}", without(of))).join(", ");
        match lang {
            Lang::KK => format!("жолдар: {rows}; жазылуы жоқ: {without}"),
            Lang::RU => format!("строк: {rows}; без написания: {without}"),
            _ => format!("{rows} row(s); without a spelling: {without}"),
        }
    }
}

/// What a name is looked up by: the beginnings of its words.
fn starts(name: &str) -> Vec<String> {
    words(name).iter().filter(|word| !word.is_initial()).map(|word| word.looked_up_by().to_owned()).collect()
}

fn words(name: &str) -> Vec<Word> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(Word::of).collect()
}

fn remark(one: &Registered, other: &Registered) -> Option<Wrong> {
    let apart = one.not_same_as.contains(&other.id) || other.not_same_as.contains(&one.id);
    if one.kind != other.kind {
        return None;
    }
    let shared = one.spellings().find(|name| other.spellings().any(|twin| names::key(twin) == names::key(name)));
    if let Some(name) = shared {
        let told_apart = !(one.cases.is_empty() && other.cases.is_empty());
        return (!told_apart).then(|| Wrong::of_file(Said::Namesakes, [name]));
    }
    let (mine, theirs) = one
        .spellings()
        .flat_map(|mine| other.spellings().map(move |theirs| (mine, theirs)))
        .find(|(mine, theirs)| may_be_one(mine, theirs))?;
    (!apart).then(|| Wrong::of_file(Said::MayBeOne, [mine, theirs]))
}

/// Can two names of two words or more be one, in whatever order?
fn may_be_one(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    let (few, many) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    let whole = few.iter().filter(|word| !word.is_initial()).count();
    few.len() >= 2 && whole >= 1 && few.iter().all(|word| many.iter().any(|other| word.same(other)))
}
