//! A name that somebody confirmed: what the register holds from then on.

use std::collections::BTreeMap;

use super::names::same_letters;
use super::{Bearer, LANGUAGES, Names, Register};
use crate::model::{Lang, NameKind, Registered};

/// Most other spellings that a row gathers by itself.
const MOST_OTHERS: usize = 50;
/// Letters that the Kazakh alphabets have and Russian and English have not.
const KAZAKH: &str = "әғқңөұүһіäğñöūüşıáǵńóúý";

/// A name in a confirmed event.
#[derive(Debug, Clone, Copy)]
pub struct Sighting<'a> {
    /// As the reviewer typed it or the source printed it.
    pub name: &'a str,
    /// A person or an outlet.
    pub kind: NameKind,
    /// The language of its spelling.
    pub lang: Lang,
    /// Ids under which it stands: of the case, the row, the events.
    pub places: &'a [&'a str],
}

impl Sighting<'_> {
    /// The row that holds the name from now on; `None` where the register knows it already, or cannot tell
    /// whose it is. A spelling is added to whoever bears the name in another one; no spelling is ever changed.
    pub fn noted(&self, register: &Register, names: &Names) -> Option<Registered> {
        let name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
        if !name.chars().any(char::is_alphabetic) {
            return None;
        }
        match names.bearer(&name, self.kind, self.places) {
            Bearer::Several(_) => None,
            Bearer::One(row) if row.spellings().any(|known| same_letters(known, &name)) => None,
            Bearer::One(row) => {
                let mut row = Registered::clone(&row);
                if LANGUAGES.contains(&self.lang) && !row.names.contains_key(&self.lang) {
                    row.names.insert(self.lang, name);
                } else if row.others.len() < MOST_OTHERS {
                    row.others.push(name);
                } else {
                    return None;
                }
                Some(row)
            }
            Bearer::Nobody => {
                let lang = if LANGUAGES.contains(&self.lang) { self.lang } else { Lang::RU };
                Some(Registered {
                    id: register.free_id(self.kind),
                    kind: self.kind,
                    names: BTreeMap::from([(lang, name)]),
                    ..Registered::default()
                })
            }
        }
    }
}

/// The language in which a name is spelled: that of the text it was read in, where its letters can be of that
/// language; else what its letters say.
pub fn language_of(name: &str, text: Option<Lang>) -> Lang {
    let letters = || name.chars().flat_map(char::to_lowercase).filter(|letter| letter.is_alphabetic());
    let kazakh = letters().any(|letter| KAZAKH.contains(letter));
    let latin = letters().all(|letter| !('\u{400}'..='\u{52f}').contains(&letter));
    match text {
        Some(Lang::KK) => Lang::KK,
        _ if kazakh => Lang::KK,
        _ if latin => Lang::EN,
        _ => Lang::RU,
    }
}
