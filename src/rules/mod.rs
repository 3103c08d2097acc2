//! The rules: what words mean, which concepts must stand together, and what that adds to the score.
//!
//! Rules are files that a media lawyer can read and mend: `rules/concepts/` says what words mean,
//! `rules/CATEGORY/` and `rules/against/` hold one rule a file with its reason and examples,
//! `rules/score.toml` the constants of the sum. They are compiled in; an operator's folder is laid over
//! them by id. A file with a fault becomes a [`Diagnostic`] and never stops the rest.
//!
//! This module loads, lints, matches and explains. It never reads a disk, never sees a verdict, and
//! knows no word of any language itself.

mod asked;
mod concept;
mod lint;
mod matching;
mod parties;
mod prose;
mod rule;
mod score;

use std::collections::{BTreeMap, BTreeSet};

use include_dir::{Dir, include_dir};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

pub use concept::Concept;
pub use matching::{Fired, Firings};
pub use rule::{Rule, Window};
pub use score::{Score, Word};

pub(crate) use rule::Claim;

use crate::model::{Category, Diagnostic, Lang};
use crate::tables::{Faults, Item, Table, nearest};
use crate::text::stems::{Entry, Lexicon};
use asked::Asked;
use concept::{DERIVED, PARTS};
use parties::Parties;
use rule::Group;

/// The rules that ship.
static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// Folders whose files are tables that facts are read with, not rules.
const TABLES: &[&str] = &["law", "places", "outlets", "courts", "money", "codings"];
/// Folders of rules that are no category.
const OTHER_RULES: &[&str] = &["against", "any"];

/// A file: its name under `rules/`, and its text.
type File = (String, String);

/// Every rule, concept, constant and reference table, ready to match.
#[derive(Debug, Clone)]
pub struct RuleSet {
    /// In the order of their numbers in the lexicon; those found by other means come last.
    concepts: Vec<Concept>,
    lexicon: Lexicon,
    /// By id.
    rules: Vec<Rule>,
    asked: Asked,
    parties: Parties,
    /// What a concept adds by itself, by its number.
    words: Vec<f64>,
    score: Score,
    /// Reference tables, by name under `rules/`.
    tables: Vec<File>,
    version: String,
}

/// One line of the list of rules.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listed<'r> {
    /// Id of the rule.
    pub id: &'r str,
    /// Its largest weight, in log-odds; negative speaks against; 0 for a gate.
    pub weight: f64,
    /// The category that it speaks for.
    pub category: Option<Category>,
    /// Its reason.
    pub why: &'r str,
    /// The languages that it reads.
    pub langs: Vec<Lang>,
}

impl RuleSet {
    /// The rules that ship, with what is wrong in them.
    pub fn builtin() -> (Self, Vec<Diagnostic>) {
        Self::overlaid(Vec::new())
    }

    /// The rules that ship with an operator's files laid over them: a concept or rule takes the place of
    /// the one with its id, a table that of its path, `score.toml` is laid over key by key. A file is
    /// (name under the folder, text).
    pub fn overlaid(files: Vec<(String, String)>) -> (Self, Vec<Diagnostic>) {
        Loader::default().layer("rules/", built_in()).layer("", files).finish()
    }

    /// The [version](RuleSet::version) of the rules that ship, without reading what they say.
    pub fn builtin_version() -> String {
        let mut hash = Sha256::new();
        ordered(built_in()).iter().for_each(|file| hash_file(&mut hash, file));
        version_of(hash)
    }

    /// The [reference tables](RuleSet::tables) that ship, without reading a rule.
    pub fn builtin_tables() -> Vec<(String, String)> {
        ordered(built_in()).into_iter().filter(|(name, _)| is_table(name)).collect()
    }

    /// Files alone, without the rules that ship.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> (Self, Vec<Diagnostic>) {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        // Without fitted words: these belong to the concepts that ship.
        let constants = "share = 1.0\nmost = 99.0\nleast = -99.0\nstart = 0.0\nthreshold = 0.32\n";
        let constants = vec![("score.toml".to_owned(), constants.to_owned())];
        Loader { concepts_are_own: true, ..Loader::default() }.layer("", constants).layer("", files).finish()
    }

    /// The first twelve hexadecimal digits of the SHA-256 over everything loaded.
    pub fn version(&self) -> String {
        self.version.clone()
    }

    /// Every rule, by id.
    pub fn list(&self) -> impl Iterator<Item = Listed<'_>> {
        self.rules.iter().map(|rule| Listed {
            id: &rule.id,
            weight: rule.weight(),
            category: rule.category,
            why: &rule.why,
            langs: concept::LANGUAGES.into_iter().filter(|lang| rule.reads(*lang)).collect(),
        })
    }

    /// A rule as prose that a lawyer reads; `None` where there is none of that id.
    pub fn explain(&self, id: &str) -> Option<String> {
        self.rule(id).map(|rule| prose::rule(self, rule))
    }

    /// The rule of an id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.binary_search_by(|rule| rule.id.as_str().cmp(id)).ok().map(|index| &self.rules[index])
    }

    /// The reference tables: name under `rules/`, and text.
    pub fn tables(&self) -> &[(String, String)] {
        &self.tables
    }

    /// Every form of every concept.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The constants of the sum.
    pub fn score(&self) -> &Score {
        &self.score
    }

    /// Every concept, in the order of the lexicon's numbers.
    pub fn concepts(&self) -> &[Concept] {
        &self.concepts
    }

    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    fn concept(&self, name: &str) -> Option<&Concept> {
        self.lexicon.concept(name).map(|id| &self.concepts[usize::from(id.0)])
    }
}

/// The files that ship.
fn built_in() -> Vec<File> {
    let mut files = Vec::new();
    gather(&BUILT_IN, &mut files);
    files
}

/// The files of a layer that are read, by name.
fn ordered(mut files: Vec<File>) -> Vec<File> {
    files.retain(|(name, _)| name.ends_with(".toml"));
    files.sort();
    files
}

/// Is a file (its name under `rules/`) a table that facts are read with?
fn is_table(name: &str) -> bool {
    name.split_once('/').is_some_and(|(folder, _)| TABLES.contains(&folder))
}

fn hash_file(hash: &mut Sha256, (name, text): &File) {
    for part in [name, text] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
}

fn version_of(hash: Sha256) -> String {
    format!("{:x}", hash.finalize())[..12].to_owned()
}

fn gather(dir: &Dir<'_>, files: &mut Vec<File>) {
    for file in dir.files() {
        if let Some(text) = file.contents_utf8() {
            files.push((file.path().to_string_lossy().replace('\\', "/"), text.to_owned()));
        }
    }
    for dir in dir.dirs() {
        gather(dir, files);
    }
}

/// Takes layers of files and makes a rule set of them.
#[derive(Default)]
struct Loader {
    concepts: BTreeMap<String, Concept>,
    rules: BTreeMap<String, Rule>,
    tables: BTreeMap<String, String>,
    scores: Vec<(String, String)>,
    hash: Sha256,
    faults: Vec<Diagnostic>,
    /// The rules that ship are not among the layers: a test's few concepts are all there are.
    concepts_are_own: bool,
}

impl Loader {
    /// Lays files over what is there. Faults name a file by `shown` and its name.
    fn layer(mut self, shown: &str, files: Vec<File>) -> Self {
        let (mut concepts, mut rules) = (BTreeMap::new(), BTreeMap::new());
        for file in ordered(files) {
            hash_file(&mut self.hash, &file);
            let (name, text) = file;
            let path = format!("{shown}{name}");
            let folder = name.split_once('/').map_or("", |(folder, _)| folder);
            if is_table(&name) {
                self.tables.insert(name, text);
            } else if name == "score.toml" {
                self.scores.push((path, text));
            } else if folder == "concepts" {
                self.concepts_of(&path, &text, &mut concepts);
            } else if OTHER_RULES.contains(&folder) || folder.parse::<Category>().is_ok() {
                self.rule_of(&path, &name, &text, &mut rules);
            } else {
                let known = ["concepts"].iter().chain(TABLES).chain(OTHER_RULES).copied();
                let known: Vec<&str> = known.chain(Category::ALL.iter().map(|category| category.id())).collect();
                let help = match nearest(folder, known.iter().copied()) {
                    Some(near) if !folder.is_empty() => format!("did you mean `{near}/`?"),
                    _ => format!("put it into one of {}", known.join(", ")),
                };
                self.faults
                    .push(Diagnostic::new(path, "this is no folder of the rules; the file is left out").help(help));
            }
        }
        self.concepts.extend(concepts);
        self.rules.extend(rules);
        self
    }

    fn concepts_of(&mut self, path: &str, text: &str, concepts: &mut BTreeMap<String, Concept>) {
        let faults = Faults::of(path, text);
        let read = faults.parse().map(|parsed| concept::read(&Table::whole(&parsed, &faults)));
        for concept in read.unwrap_or_default() {
            if let Some(other) = concepts.get(&concept.id) {
                let message = format!("concept `{}` stands in {}:{} already", concept.id, other.path, other.line);
                faults.tell(concept.line, message, Some("put the words together, or rename one".to_owned()));
                continue;
            }
            concepts.insert(concept.id.clone(), concept);
        }
        self.faults.extend(faults.into_diagnostics());
    }

    fn rule_of(&mut self, path: &str, name: &str, text: &str, rules: &mut BTreeMap<String, Rule>) {
        let faults = Faults::of(path, text);
        let read = faults.parse().and_then(|parsed| rule::read(&Table::whole(&parsed, &faults), name));
        if let Some(rule) = read {
            match rules.get(&rule.id) {
                Some(other) => {
                    let message = format!("rule `{}` stands in {} already", rule.id, other.path);
                    faults.tell(rule.line, message, Some("give one of them another id".to_owned()));
                }
                None => {
                    rules.insert(rule.id.clone(), rule);
                }
            }
        }
        self.faults.extend(faults.into_diagnostics());
    }

    /// Joins names to concepts and builds the lexicon.
    fn finish(mut self) -> (RuleSet, Vec<Diagnostic>) {
        let (mut score, mut faults) = Score::built_in();
        for (path, text) in &self.scores {
            faults.extend(score.lay_over(path, text));
        }
        // The constants that ship are laid over themselves; their faults are told once.
        faults.dedup();
        self.faults.append(&mut faults);
        let mut concepts: Vec<Concept> = Vec::new();
        for concept in std::mem::take(&mut self.concepts).into_values() {
            if concepts.len() + DERIVED.len() == concept::MOST {
                let message = format!("there are more than {} concepts; `{}` is left out", concept::MOST, concept.id);
                self.faults
                    .push(Diagnostic::new(&concept.path, message).at(concept.line).help("put concepts together"));
                continue;
            }
            concepts.push(concept);
        }
        let mut lexicon = self.lexicon(&concepts);
        for (id, is) in DERIVED {
            lexicon.name_concept(id);
            concepts.push(Concept::derived(id, is));
        }
        let parties = self.parties(&mut concepts, &mut lexicon);
        let rules = std::mem::take(&mut self.rules).into_values();
        let rules: Vec<Rule> = rules.filter_map(|rule| self.joined(rule, &lexicon)).collect();
        let words = self.words(&score, &lexicon, concepts.len());
        let version = version_of(self.hash);
        let tables = self.tables.into_iter().collect();
        let asked = Asked::of(&rules, concepts.len());
        (RuleSet { concepts, lexicon, rules, asked, parties, words, score, tables, version }, self.faults)
    }

    /// What each concept adds by itself. One that there is not is told where the rules that ship are loaded,
    /// and passed over.
    fn words(&mut self, score: &Score, lexicon: &Lexicon, concepts: usize) -> Vec<f64> {
        let mut words = vec![0.0; concepts];
        for word in &score.words {
            match lexicon.concept(&word.concept) {
                Some(concept) => words[usize::from(concept.0)] = word.adds,
                None if self.concepts_are_own => {}
                None => {
                    let message = format!("the constants name the concept `{}`, which there is not", word.concept);
                    let help = "take the word out, or fit them anew";
                    self.faults.push(Diagnostic::new(&word.path, message).at(word.line).help(help));
                }
            }
        }
        words
    }

    /// Numbers the concepts `PARTY.suffers` and `PARTY.does` that rules name.
    fn parties(&self, concepts: &mut Vec<Concept>, lexicon: &mut Lexicon) -> Parties {
        let mut parties = Parties::default();
        let acts = concepts.iter().enumerate().filter(|(_, concept)| concept.act);
        acts.for_each(|(index, _)| parties.acts.insert(index as u16));
        let named: BTreeSet<&str> = self.rules.values().flat_map(Rule::names).collect();
        for name in named {
            let party = |(ending, part, is)| Some((name.strip_suffix(ending)?, part, is));
            let Some((party, part, is)) = PARTS.into_iter().find_map(party) else { continue };
            let Some(index) = concepts.iter().position(|concept| concept.id == party && concept.party) else {
                continue;
            };
            if concepts.len() == concept::MOST {
                continue;
            }
            let id = lexicon.name_concept(name);
            let is = format!("{}: {is}", concepts[index].is);
            concepts.push(Concept::derived(name, &is));
            parties.cast.push((index as u16, part, id));
        }
        parties
    }

    fn lexicon(&mut self, concepts: &[Concept]) -> Lexicon {
        let entries = concepts.iter().flat_map(|concept| {
            let of = move |forms: &'_ BTreeMap<Lang, Vec<Item>>, except| -> Vec<(Lang, String, bool)> {
                forms
                    .iter()
                    .flat_map(|(lang, forms)| forms.iter().map(move |form| (*lang, form.text.clone(), except)))
                    .collect()
            };
            of(&concept.forms, false).into_iter().chain(of(&concept.except, true)).map(move |form| (concept, form))
        });
        let entries: Vec<_> = entries.collect();
        let (lexicon, bad) = Lexicon::build(entries.iter().map(|(concept, (lang, form, except))| Entry {
            concept: &concept.id,
            lang: *lang,
            form,
            except: *except,
        }));
        for bad in bad {
            let Some(concept) = concepts.iter().find(|concept| concept.id == bad.concept) else { continue };
            let both = [&concept.forms, &concept.except];
            let mut forms = both.into_iter().filter_map(|forms| forms.get(&bad.lang)).flatten();
            let line = forms.find(|form| form.text == bad.form).map_or(concept.line, |form| form.line);
            let message =
                format!("`{}` of concept `{}` ({}) cannot be used: {}", bad.form, bad.concept, bad.lang, bad.why);
            let help = "forms are word, word*, =word, upper:word, lower:word, two words, two+words";
            self.faults.push(Diagnostic::new(&concept.path, message).at(line).help(help));
        }
        lexicon
    }

    /// Looks up the concepts that a rule names. A name that is none is told and passed over; a rule that
    /// is left with nothing to ask for is left out.
    fn joined(&mut self, mut rule: Rule, lexicon: &Lexicon) -> Option<Rule> {
        let (id, path, line) = (rule.id.clone(), rule.path.clone(), rule.line);
        let mut faults = Vec::new();
        let mut join = |group: &mut Group| {
            for Item { text: name, line } in &group.names {
                match lexicon.concept(name) {
                    Some(concept) => group.concepts.insert(concept.0),
                    None => {
                        let names = (0..lexicon.len()).map(|id| lexicon.name(crate::text::stems::ConceptId(id as u16)));
                        let part = PARTS.iter().find_map(|(ending, ..)| name.strip_suffix(ending));
                        let help = match nearest(name, names) {
                            _ if part.is_some_and(|party| lexicon.concept(party).is_some()) => {
                                "write party = true under the concept, so that its part in acts is told".to_owned()
                            }
                            Some(near) => format!("did you mean `{near}`?"),
                            None => "write it into a file under rules/concepts/".to_owned(),
                        };
                        let message = format!("rule `{id}` names the concept `{name}`, which there is not");
                        faults.push(Diagnostic::new(&path, message).at(*line).help(help));
                    }
                }
            }
        };
        rule.groups_mut().for_each(&mut join);
        if rule.all.iter().any(|group| group.concepts.is_empty()) {
            let message = format!("rule `{id}` is left out: a group of it is left with no concept");
            faults.push(Diagnostic::new(&path, message).at(line));
            self.faults.append(&mut faults);
            return None;
        }
        self.faults.append(&mut faults);
        Some(rule)
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
