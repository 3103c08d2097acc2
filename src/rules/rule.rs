//! One rule: which concepts must stand together, in which windows, and what that adds to the sum.

use toml::de::DeTable;

use super::concept::{self, Concepts};
use super::document::Document;
use crate::model::{Category, Lang};

/// Most groups of a rule; matching tries combinations of them.
const MOST_GROUPS: usize = 6;

/// How near groups stand in the window `near`: tokens between two of them plus one.
pub(super) const NEAR_TOKENS: u32 = 7;

/// A window that a rule looks through, in the order in which evidence is taken from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Window {
    /// All groups within seven tokens of each other in one sentence.
    Near,
    /// All groups in one sentence.
    Sentence,
    /// All groups in a sentence and the one after it, not all in one.
    Next,
    /// All groups anywhere in title and first four sentences.
    Lede,
    /// Speaking against: all groups in one sentence of the title.
    Title,
    /// Speaking against: all groups in one sentence of title or first two sentences.
    Top,
    /// Speaking against: all groups in one sentence elsewhere.
    Body,
}

impl Window {
    /// Every window.
    pub(super) const ALL: [Self; 7] =
        [Self::Near, Self::Sentence, Self::Next, Self::Lede, Self::Title, Self::Top, Self::Body];

    /// Its key under `[weight]`. `lede` means a narrower window where a rule speaks against.
    pub fn key(self) -> &'static str {
        match self {
            Self::Near => "near",
            Self::Sentence => "sentence",
            Self::Next => "next",
            Self::Lede | Self::Top => "lede",
            Self::Title => "title",
            Self::Body => "body",
        }
    }

    /// Where that is, in words.
    pub(super) fn prose(self) -> &'static str {
        match self {
            Self::Near => "within seven words of each other",
            Self::Sentence => "in one sentence",
            Self::Next => "in a sentence and the one after it",
            Self::Lede => "anywhere in the title and the first four sentences",
            Self::Title => "in the title",
            Self::Top => "in a sentence of the title or one of the first two",
            Self::Body => "in a sentence further down",
        }
    }
}

/// The name of a concept, as a rule writes it.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) line: usize,
}

/// A group of concepts of which one must be hit.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    pub(super) names: Vec<Named>,
    pub(super) concepts: Concepts,
}

/// Which subtype of the category a hit speaks for.
#[derive(Debug, Clone)]
pub(super) struct Subtype {
    pub(super) id: String,
    pub(super) any: Group,
}

/// What an example says of its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It must fire.
    Hit,
    /// It must not fire.
    Miss,
    /// It is wrong today: it fires (or not) and should not (or should).
    KnownWrong { fires: bool },
}

/// An example of a rule: an invented sentence or two.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    pub(crate) claim: Claim,
    pub(crate) lang: Lang,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// A rule as its file gives it.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `CATEGORY.NAME`; stable, retired but never given to another rule.
    pub id: String,
    /// The category that it speaks for, where it speaks for one.
    pub category: Option<Category>,
    /// Its reason, for a media lawyer.
    pub why: String,
    /// What it takes for a hit and should not.
    pub false_friends: Option<String>,
    /// It switches other rules off instead of adding to the sum.
    pub gate: bool,
    pub(super) all: Vec<Group>,
    pub(super) none: Group,
    pub(super) unless: Group,
    pub(super) order: bool,
    pub(super) weights: Vec<(Window, f64)>,
    pub(super) langs: Option<Vec<Lang>>,
    pub(super) left_out: Option<String>,
    pub(super) subtypes: Vec<Subtype>,
    pub(crate) examples: Vec<Example>,
    pub(crate) path: String,
    pub(super) line: usize,
}

impl Rule {
    /// The weight furthest from nothing, in log-odds.
    pub fn weight(&self) -> f64 {
        self.weights.iter().map(|(_, weight)| *weight).max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(0.0)
    }

    /// Whether it speaks against a candidate (a gate does too).
    pub fn against(&self) -> bool {
        self.gate || self.weight() < 0.0
    }

    /// Whether it speaks against its category alone and says nothing of the candidate.
    pub fn against_category(&self) -> bool {
        self.category.is_some() && self.against()
    }

    pub(super) fn weight_of(&self, window: Window) -> Option<f64> {
        self.weights.iter().find(|(of, _)| *of == window).map(|(_, weight)| *weight)
    }

    /// Whether it looks at sentences of a language.
    pub(super) fn reads(&self, lang: Lang) -> bool {
        self.langs.as_ref().is_none_or(|langs| langs.contains(&lang))
    }

    /// Every group of concept names that it mentions.
    pub(super) fn groups_mut(&mut self) -> impl Iterator<Item = &mut Group> {
        self.all
            .iter_mut()
            .chain([&mut self.none, &mut self.unless])
            .chain(self.subtypes.iter_mut().map(|subtype| &mut subtype.any))
    }

    /// Every concept name that it mentions.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.all
            .iter()
            .chain([&self.none, &self.unless])
            .chain(self.subtypes.iter().map(|subtype| &subtype.any))
            .flat_map(|group| group.names.iter().map(|named| named.name.as_str()))
    }
}

const KEYS: &[&str] = &[
    "id",
    "category",
    "why",
    "false_friends",
    "all",
    "none",
    "order",
    "gate",
    "unless",
    "weight",
    "langs",
    "left_out",
    "subtype",
    "hit",
    "miss",
    "known_wrong",
];

/// Reads the rule of a file; `None` where it cannot stand, with the reason among the faults.
///
/// Names of concepts are looked up later, once all files are read.
pub(super) fn read(document: &mut Document<'_>, table: &DeTable<'_>, name: &str) -> Option<Rule> {
    document.keys(table, KEYS, "a rule");
    let id = document.required(table, "id", 0, "this rule")?;
    let noun = format!("rule `{id}`");
    let named = id.split('.').all(concept::is_name) && id.contains('.');
    if !named {
        document.fault(0, format!("`{id}` is no id of a rule"), "write FOLDER.NAME in a-z, 0-9 and _");
        return None;
    }
    let file = format!("{}.toml", id.replacen('.', "/", 1));
    if file != name {
        let help = format!("call the file {file}, or change the id");
        document.fault(0, format!("{noun} stands in another file than its id says"), help);
    }
    let category = match document.text(table, "category").map(|name| name.parse::<Category>()) {
        None => None,
        Some(Ok(category)) => Some(category),
        Some(Err(error)) => {
            document.fault(table["category"].span().start, error.to_string(), "leave the key out where none fits");
            return None;
        }
    };
    let why = document.required(table, "why", 0, &noun).unwrap_or_default();
    let false_friends = document.text(table, "false_friends");
    let gate = document.flag(table, "gate");
    let all = read_groups(document, table, &noun)?;
    let mut texts = |key| {
        let names = document.texts(table, key);
        group(document, names)
    };
    let (none, unless) = (texts("none"), texts("unless"));
    if !gate && !unless.names.is_empty() {
        document.fault(
            table["unless"].span().start,
            format!("{noun} has `unless` but is no gate"),
            "write gate = true",
        );
    }
    let weights = read_weights(document, table, &noun, gate)?;
    // A `langs` written after `[weight]` belongs to that table by the rules of TOML, where it is told
    // as unknown; it is honoured all the same, so that the rule does not read what it must not.
    let inner = document.table(table, "weight").filter(|_| !table.contains_key("langs"));
    let langs = read_langs(document, inner.filter(|weight| weight.contains_key("langs")).unwrap_or(table));
    let subtypes = read_subtypes(document, table, category, &noun);
    let mut examples = Vec::new();
    for key in ["hit", "miss", "known_wrong"] {
        read_examples(document, table, key, &mut examples);
    }
    Some(Rule {
        id,
        category,
        why,
        false_friends,
        gate,
        all,
        none,
        unless,
        order: document.flag(table, "order"),
        weights,
        langs,
        left_out: document.text(table, "left_out"),
        subtypes,
        examples,
        path: document.path.to_owned(),
        line: 1,
    })
}

fn group(document: &Document<'_>, names: Vec<(String, usize)>) -> Group {
    let names = names.into_iter().map(|(name, at)| Named { name, line: document.line(at) }).collect();
    Group { names, concepts: Concepts::default() }
}

fn read_groups(document: &mut Document<'_>, table: &DeTable<'_>, noun: &str) -> Option<Vec<Group>> {
    let groups = document.groups(table, "all");
    if groups.is_empty() || groups.iter().any(Vec::is_empty) {
        let at = table.get("all").map_or(0, |value| value.span().start);
        document.fault(
            at,
            format!("{noun} asks for nothing"),
            "write all = [[\"…\", \"…\"], [\"…\"]] with names of concepts",
        );
        return None;
    }
    if groups.len() > MOST_GROUPS {
        let at = table["all"].span().start;
        document.fault(at, format!("{noun} has more than {MOST_GROUPS} groups"), "split it into two rules");
        return None;
    }
    Some(groups.into_iter().map(|names| group(document, names)).collect())
}

fn read_weights(
    document: &mut Document<'_>,
    table: &DeTable<'_>,
    noun: &str,
    gate: bool,
) -> Option<Vec<(Window, f64)>> {
    let Some(weight) = document.table(table, "weight") else {
        if !gate {
            document.fault(0, format!("{noun} has no [weight]"), "write [weight] and under it sentence = 1.0");
        }
        return gate.then(Vec::new);
    };
    if let Some((key, _)) = weight.get_key_value("langs") {
        let help = "write it above [weight]: what stands below belongs to [weight]";
        document.fault(key.span().start, format!("`langs` of {noun} stands under [weight]"), help);
    }
    document.keys(weight, &["near", "sentence", "next", "lede", "title", "body", "langs", "left_out"], "[weight]");
    let given = |document: &mut Document<'_>, key| document.number(weight, key).filter(|weight| *weight != 0.0);
    let values: Vec<(&str, f64)> = ["near", "sentence", "next", "lede", "title", "body"]
        .into_iter()
        .filter_map(|key| given(document, key).map(|weight| (key, weight)))
        .collect();
    let at = weight.keys().map(|key| key.span().start).min().unwrap_or(0);
    if values.is_empty() && !gate {
        document.fault(at, format!("{noun} adds nothing"), "give one window a weight, such as sentence = 1.0");
        return None;
    }
    let against = values.iter().any(|(_, weight)| *weight < 0.0);
    if against && values.iter().any(|(_, weight)| *weight > 0.0) {
        document.fault(at, format!("{noun} speaks for and against at once"), "give all its weights one sign");
        return None;
    }
    let mut weights = Vec::new();
    for (key, weight) in values {
        let narrow = against && key == "lede";
        let window =
            if narrow { Some(Window::Top) } else { Window::ALL.into_iter().find(|window| window.key() == key) };
        match window {
            Some(Window::Title | Window::Body) if !against => {
                document.fault(
                    at,
                    format!("{noun} weighs `{key}`, which only rules against do"),
                    "use near, sentence, next, lede",
                );
            }
            Some(window) => weights.push((window, weight)),
            None => {}
        }
    }
    weights.sort_by_key(|(window, _)| *window);
    Some(weights)
}

fn read_langs(document: &mut Document<'_>, table: &DeTable<'_>) -> Option<Vec<Lang>> {
    if !table.contains_key("langs") {
        return None;
    }
    let mut langs = Vec::new();
    for (name, at) in document.texts(table, "langs") {
        match concept::LANGUAGES.into_iter().find(|lang| lang.id() == name) {
            Some(lang) => langs.push(lang),
            None => document.fault(at, format!("`{name}` is no language of the rules"), "use kk, ru, en"),
        }
    }
    Some(langs)
}

fn read_subtypes(
    document: &mut Document<'_>,
    table: &DeTable<'_>,
    category: Option<Category>,
    noun: &str,
) -> Vec<Subtype> {
    let mut subtypes = Vec::new();
    for (subtype, at) in document.tables(table, "subtype") {
        document.keys(subtype, &["id", "any"], "a subtype");
        let Some(id) = document.required(subtype, "id", at, &format!("a subtype of {noun}")) else { continue };
        let listed = category.map_or(&[][..], Category::subtypes);
        if !listed.contains(&id.as_str()) {
            let help = match category {
                Some(category) => format!("{category} has {}", listed.join(", ")),
                None => "a rule without a category has no subtypes".to_owned(),
            };
            document.fault(at, format!("`{id}` is no subtype here"), help);
            continue;
        }
        let any = document.texts(subtype, "any");
        let any = group(document, any);
        subtypes.push(Subtype { id, any });
    }
    subtypes
}

fn read_examples(document: &mut Document<'_>, table: &DeTable<'_>, key: &str, examples: &mut Vec<Example>) {
    for (example, at) in document.tables(table, key) {
        let claim = match key {
            "hit" => Claim::Hit,
            "miss" => Claim::Miss,
            _ => Claim::KnownWrong { fires: document.flag(example, "fires") },
        };
        let allowed: &[&str] = if key == "known_wrong" {
            &["lang", "title", "text", "fires", "why"]
        } else {
            &["lang", "title", "text", "why"]
        };
        document.keys(example, allowed, "an example");
        let lang = document.required(example, "lang", at, "an example").unwrap_or_default();
        let Some(lang) = concept::LANGUAGES.into_iter().find(|known| known.id() == lang) else {
            document.fault(at, format!("`{lang}` is no language of the rules"), "use kk, ru, en");
            continue;
        };
        let title = document.text(example, "title").unwrap_or_default();
        let Some(text) = document.required(example, "text", at, "an example") else { continue };
        examples.push(Example { claim, lang, title, text, line: document.line(at) });
    }
}
