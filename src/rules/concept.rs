//! What words mean: concepts with their forms, and the sets of concepts that rules ask for.

use std::collections::BTreeMap;

use crate::model::Lang;
use crate::tables::{Item, Table};
use crate::text::parts::Part;

/// The languages that forms are written in.
pub(super) const LANGUAGES: [Lang; 3] = [Lang::KK, Lang::RU, Lang::EN];

/// Concepts that no list of words gives: they are found by reading articles of law and names of
/// outlets, and rules use them like any other.
pub(super) const DERIVED: &[(&str, &str)] = &[
    ("law_speech", "an article of law that punishes expression"),
    ("law_administrative", "an article of the code of administrative offences on media, assembly or information"),
    ("law_defamation", "an article on libel or insult"),
    ("law_assembly", "an article on assemblies"),
    ("law_obstruction", "the article on obstructing a journalist's lawful work"),
    ("law_information", "the article on refusing information"),
    ("law_negative", "an article on a matter that is no matter of speech, such as a hoax call"),
    ("outlet_name", "the name of a known outlet"),
];

/// The concept whose phrases only say who reported: `attributed` concepts do not count inside them.
pub(super) const ATTRIBUTION: &str = "attribution";
/// The concept whose words, at the head of a sentence, say that the rest of the paragraph only recalls
/// what was before.
pub(super) const BACKGROUND: &str = "background";
/// The concept whose words, right before a `deniable` one, say that it did not happen.
pub(super) const NEGATION_BEFORE: &str = "negation_before";
/// The concept whose words do so right after it, as in Kazakh.
pub(super) const NEGATION_AFTER: &str = "negation_after";

/// What stands behind the name of a party, in a rule, where it must suffer an act, or do one.
pub(super) const PARTS: [(&str, Part, &str); 2] = [
    (".suffers", Part::Suffers, "an act is done to them, as case, voice and order tell"),
    (".does", Part::Does, "they do an act themselves, as case, voice and order tell"),
];

/// What a group of words means, with how it is said in each language.
#[derive(Debug, Clone)]
pub struct Concept {
    /// Its name in rules: a-z, 0-9, `_`.
    pub id: String,
    /// What it means, as prose for people.
    pub is: String,
    /// Its hits inside a phrase of `attribution` do not count.
    pub attributed: bool,
    /// Its hits do not count beside a word that says they did not happen.
    pub deniable: bool,
    /// Its words are acts that somebody does to somebody; their grammar tells who.
    pub act: bool,
    /// Its words name somebody or something that an act is done to, or who does it.
    pub party: bool,
    pub(super) forms: BTreeMap<Lang, Vec<Item>>,
    pub(super) except: BTreeMap<Lang, Vec<Item>>,
    pub(super) path: String,
    pub(super) line: usize,
}

impl Concept {
    /// The first few of its words in a language, as its file writes them.
    pub fn samples(&self, lang: Lang, most: usize) -> Vec<&str> {
        let mut forms: Vec<&str> = self.forms.get(&lang).into_iter().flatten().map(|form| form.text.as_str()).collect();
        forms.truncate(most);
        forms
    }

    /// Whether it has words in a language.
    pub fn speaks(&self, lang: Lang) -> bool {
        self.forms.get(&lang).is_some_and(|forms| !forms.is_empty())
    }

    pub(super) fn derived(id: &str, is: &str) -> Self {
        Self {
            id: id.to_owned(),
            is: is.to_owned(),
            attributed: false,
            deniable: false,
            act: false,
            party: false,
            forms: BTreeMap::new(),
            except: BTreeMap::new(),
            path: String::new(),
            line: 0,
        }
    }

    pub(super) fn is_derived(&self) -> bool {
        self.path.is_empty()
    }
}

/// Reads the concepts of a file.
pub(super) fn read(file: &Table<'_, '_>) -> Vec<Concept> {
    file.call("a file of concepts");
    let concepts = file.tables("concept").iter().filter_map(concept).collect();
    file.done();
    concepts
}

fn concept(table: &Table<'_, '_>) -> Option<Concept> {
    table.call("this concept");
    let id = table.required_text("id");
    if let Some(id) = &id {
        table.call(format!("concept `{id}`"));
    }
    let is = table.required_text("is").unwrap_or_default();
    let attributed = table.flag("attributed").unwrap_or(false);
    let deniable = table.flag("deniable").unwrap_or(false);
    let act = table.flag("act").unwrap_or(false);
    let party = table.flag("party").unwrap_or(false);
    let forms = forms(table);
    let exceptions = table.table("except");
    exceptions.call("a concept's exceptions");
    let except = self::forms(&exceptions);
    exceptions.done();
    table.call("a concept");
    table.done();
    let id = id?;
    if !is_name(&id) {
        table.advise("id", format!("`{id}` is no name of a concept"), "write a-z, 0-9 and _ only, a letter first");
        return None;
    }
    if DERIVED.iter().any(|(name, _)| *name == id) {
        let help = "it is found from the reference tables; give your concept another name";
        table.advise("id", format!("`{id}` is a concept of the engine's own"), help);
        return None;
    }
    if forms.values().all(Vec::is_empty) {
        let help = "write ru = [\"…\"], kk = [\"…\"], en = [\"…\"]";
        table.advise("id", format!("concept `{id}` has no words"), help);
        return None;
    }
    let (path, line) = (table.path().to_owned(), table.line());
    Some(Concept { id, is, attributed, deniable, act, party, forms, except, path, line })
}

fn forms(table: &Table<'_, '_>) -> BTreeMap<Lang, Vec<Item>> {
    let of = |lang: Lang| (lang, table.list(lang.id()));
    LANGUAGES.into_iter().map(of).filter(|(_, forms)| !forms.is_empty()).collect()
}

/// Whether a name is one of concepts: a-z first, then a-z, 0-9, `_`.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Words of 64 concepts each in a [`Concepts`].
const WORDS: usize = 8;
/// Most concepts that a rule set holds.
pub(super) const MOST: usize = WORDS * 64;

/// A set of concepts, by their index in the rule set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Concepts([u64; WORDS]);

impl Concepts {
    pub(super) fn insert(&mut self, concept: u16) {
        self.0[usize::from(concept) / 64] |= 1 << (concept % 64);
    }

    pub(super) fn has(&self, concept: u16) -> bool {
        self.0[usize::from(concept) / 64] & (1 << (concept % 64)) != 0
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0 == [0; WORDS]
    }
}
