//! What an editor should look at: namesakes that nothing tells apart, and rows that may be one.

use std::collections::BTreeMap;

use super::Register;
use crate::cases::names::{self, Word};
use crate::model::Registered;

/// Two rows, and what may be wrong between them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Remark {
    /// Ids of both.
    pub rows: [String; 2],
    /// What is odd, and what to do.
    pub message: String,
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
        let mut remarks: BTreeMap<(&str, &str), String> = BTreeMap::new();
        for rows in near.values() {
            for (at, one) in rows.iter().enumerate() {
                for other in &rows[at + 1..] {
                    if let Some(message) = remark(one, other) {
                        remarks.insert((&one.id, &other.id), message);
                    }
                }
            }
        }
        let remark = |((one, other), message): ((&str, &str), String)| Remark {
            rows: [one.to_owned(), other.to_owned()],
            message,
        };
        remarks.into_iter().map(remark).collect()
    }
}

/// What a name is looked up by: the beginnings of its words.
fn starts(name: &str) -> Vec<String> {
    words(name).iter().filter(|word| !word.is_initial()).map(|word| word.looked_up_by().to_owned()).collect()
}

fn words(name: &str) -> Vec<Word> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(Word::of).collect()
}

fn remark(one: &Registered, other: &Registered) -> Option<String> {
    let apart = one.not_same_as.contains(&other.id) || other.not_same_as.contains(&one.id);
    if one.kind != other.kind {
        return None;
    }
    let shared = one.spellings().find(|name| other.spellings().any(|twin| names::key(twin) == names::key(name)));
    if let Some(name) = shared {
        let told_apart = !(one.cases.is_empty() && other.cases.is_empty());
        let message = format!(
            "both bear `{name}`: write under `cases` of one of them where it alone is meant, or join the two rows"
        );
        return (!told_apart).then_some(message);
    }
    let (mine, theirs) = one
        .spellings()
        .flat_map(|mine| other.spellings().map(move |theirs| (mine, theirs)))
        .find(|(mine, theirs)| may_be_one(mine, theirs))?;
    let message =
        format!("`{mine}` and `{theirs}` may be one: join the rows, or write the other's id under `not_same_as`");
    (!apart).then_some(message)
}

/// Can two names of two words or more be one, in whatever order?
fn may_be_one(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    let (few, many) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    let whole = few.iter().filter(|word| !word.is_initial()).count();
    few.len() >= 2 && whole >= 1 && few.iter().all(|word| many.iter().any(|other| word.same(other)))
}
