//! What words mean: concepts with their forms, and the sets of concepts that rules ask for.

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::document::Document;
use crate::model::Lang;

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

/// One form as a file gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) text: String,
    pub(super) line: usize,
}

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
    pub(super) forms: BTreeMap<Lang, Vec<Form>>,
    pub(super) except: BTreeMap<Lang, Vec<Form>>,
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
pub(super) fn read(document: &mut Document<'_>, table: &DeTable<'_>) -> Vec<Concept> {
    document.keys(table, &["concept"], "a file of concepts");
    let mut concepts = Vec::new();
    for (table, at) in document.tables(table, "concept") {
        document.keys(table, &["id", "is", "attributed", "deniable", "ru", "kk", "en", "except"], "a concept");
        let Some(id) = document.required(table, "id", at, "this concept") else { continue };
        if !is_name(&id) {
            document.fault(at, format!("`{id}` is no name of a concept"), "write a-z, 0-9 and _ only, a letter first");
            continue;
        }
        if DERIVED.iter().any(|(name, _)| *name == id) {
            let help = "it is found from the reference tables; give your concept another name";
            document.fault(at, format!("`{id}` is a concept of the engine's own"), help);
            continue;
        }
        let is = document.required(table, "is", at, &format!("concept `{id}`")).unwrap_or_default();
        let attributed = document.flag(table, "attributed");
        let deniable = document.flag(table, "deniable");
        let forms = forms(document, table);
        let except = match document.table(table, "except") {
            Some(except) => {
                document.keys(except, &["ru", "kk", "en"], "a concept's exceptions");
                self::forms(document, except)
            }
            None => BTreeMap::new(),
        };
        if forms.values().all(Vec::is_empty) {
            document.fault(
                at,
                format!("concept `{id}` has no words"),
                "write ru = [\"…\"], kk = [\"…\"], en = [\"…\"]",
            );
            continue;
        }
        concepts.push(Concept {
            id,
            is,
            attributed,
            deniable,
            forms,
            except,
            path: document.path.to_owned(),
            line: document.line(at),
        });
    }
    concepts
}

fn forms(document: &mut Document<'_>, table: &DeTable<'_>) -> BTreeMap<Lang, Vec<Form>> {
    let mut all = BTreeMap::new();
    for lang in LANGUAGES {
        let texts = document.texts(table, lang.id());
        let mut line_of = LineWalk::default();
        let forms: Vec<Form> =
            texts.into_iter().map(|(text, at)| Form { line: line_of.line(document, at), text }).collect();
        if !forms.is_empty() {
            all.insert(lang, forms);
        }
    }
    all
}

/// Lines of offsets that only grow, without counting from the top each time: a list of a thousand
/// forms would else be read a thousand times.
#[derive(Default)]
struct LineWalk {
    at: usize,
    line: usize,
}

impl LineWalk {
    fn line(&mut self, document: &Document<'_>, at: usize) -> usize {
        if self.line == 0 || at < self.at {
            self.line = document.line(at);
        } else {
            self.line += document.lines_between(self.at, at);
        }
        self.at = at;
        self.line
    }
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
