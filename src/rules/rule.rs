//! One rule: which concepts must stand together, in which windows, and what that adds to the sum.

use super::concept::{self, Concepts};
use crate::model::{Category, Lang};
use crate::tables::{Item, Table};

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
    /// All groups anywhere in the title and the first sixteen sentences, but for what is only recalled.
    Story,
    /// Speaking against: all groups in one sentence of the title.
    Title,
    /// Speaking against: all groups in one sentence of title or first two sentences.
    Top,
    /// Speaking against: all groups in one sentence elsewhere.
    Body,
}

impl Window {
    /// Every window.
    pub(super) const ALL: [Self; 8] =
        [Self::Near, Self::Sentence, Self::Next, Self::Lede, Self::Story, Self::Title, Self::Top, Self::Body];

    /// Its key under `[weight]`. `lede` means a narrower window where a rule speaks against.
    pub fn key(self) -> &'static str {
        match self {
            Self::Near => "near",
            Self::Sentence => "sentence",
            Self::Next => "next",
            Self::Lede | Self::Top => "lede",
            Self::Story => "story",
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
            Self::Story => "anywhere in the title and the first sixteen sentences, but for what is only recalled",
            Self::Title => "in the title",
            Self::Top => "in a sentence of the title or one of the first two",
            Self::Body => "in a sentence further down",
        }
    }
}

/// A group of concepts of which one must be hit.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// Names of concepts, as the rule writes them.
    pub(super) names: Vec<Item>,
    pub(super) concepts: Concepts,
}

impl Group {
    /// Names that are looked up later, once all files are read.
    fn of(names: Vec<Item>) -> Self {
        Self { names, concepts: Concepts::default() }
    }
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
    /// Speaking against in title or first two sentences: the share of what speaks for the story that is left,
    /// 0 to 1.
    pub leaves: f64,
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
            .flat_map(|group| group.names.iter().map(|named| named.text.as_str()))
    }
}

/// Reads the rule of a file; `None` where it cannot stand, with the reason among the faults. `name` is
/// that of the file under `rules/`.
pub(super) fn read(table: &Table<'_, '_>, name: &str) -> Option<Rule> {
    table.call("this rule");
    let id = table.required_text("id");
    let noun = id.as_ref().map_or("this rule".to_owned(), |id| format!("rule `{id}`"));
    table.call(&noun);
    let category = read_category(table);
    let why = table.required_text("why").unwrap_or_default();
    let false_friends = table.words("false_friends");
    let gate = table.flag("gate").unwrap_or(false);
    let all = read_groups(table, &noun);
    let [none, unless] = ["none", "unless"].map(|key| Group::of(table.list(key)));
    if !gate && !unless.names.is_empty() {
        table.advise("unless", format!("{noun} has `unless` but is no gate"), "write gate = true");
    }
    let order = table.flag("order").unwrap_or(false);
    let leaves = table.number("leaves");
    let weight = table.table("weight");
    let weights = read_weights(table, &weight, &noun, gate);
    // TOML gives what is written after `[weight]` to that table, where it is told; it is honoured all the
    // same, so that the rule does not read what it must not.
    let place = |key| if weight.has(key) && !table.has(key) { &weight } else { table };
    let langs = read_langs(place("langs"));
    let left_out = place("left_out").words("left_out");
    let subtypes = read_subtypes(table, category, &noun);
    let mut examples = Vec::new();
    for key in ["hit", "miss", "known_wrong"] {
        read_examples(table, key, &mut examples);
    }
    weight.done();
    table.call("a rule");
    table.done();
    let weights = weights?;
    let against = weights.iter().any(|(_, weight)| *weight < 0.0);
    if leaves.is_some_and(|leaves| !(0.0..=1.0).contains(&leaves) || !against) {
        let help = "only a rule against leaves a share, between 0 and 1";
        table.advise("leaves", format!("{noun} cannot leave so much"), help);
        return None;
    }
    let (id, category) = (id?, category?);
    if !(id.split('.').all(concept::is_name) && id.contains('.')) {
        table.advise("id", format!("`{id}` is no id of a rule"), "write FOLDER.NAME in a-z, 0-9 and _");
        return None;
    }
    let file = format!("{}.toml", id.replacen('.', "/", 1));
    if file != name {
        let help = format!("call the file {file}, or change the id");
        table.advise("id", format!("{noun} stands in another file than its id says"), help);
    }
    Some(Rule {
        id,
        category,
        why,
        false_friends,
        gate,
        leaves: leaves.unwrap_or(1.0),
        all: all?,
        none,
        unless,
        order,
        weights,
        langs,
        left_out,
        subtypes,
        examples,
        path: table.path().to_owned(),
        line: 1,
    })
}

/// The category that is written, if one is; `None` where it is none that there is.
fn read_category(table: &Table<'_, '_>) -> Option<Option<Category>> {
    match table.words("category").map(|name| name.parse::<Category>()).transpose() {
        Ok(category) => Some(category),
        Err(error) => {
            table.advise("category", error.to_string(), "leave the key out where none fits");
            None
        }
    }
}

fn read_groups(table: &Table<'_, '_>, noun: &str) -> Option<Vec<Group>> {
    let groups = table.groups("all");
    if groups.is_empty() || groups.iter().any(Vec::is_empty) {
        let help = "write all = [[\"…\", \"…\"], [\"…\"]] with names of concepts";
        table.advise("all", format!("{noun} asks for nothing"), help);
        return None;
    }
    if groups.len() > MOST_GROUPS {
        table.advise("all", format!("{noun} has more than {MOST_GROUPS} groups"), "split it into two rules");
        return None;
    }
    Some(groups.into_iter().map(Group::of).collect())
}

fn read_weights(table: &Table<'_, '_>, weight: &Table<'_, '_>, noun: &str, gate: bool) -> Option<Vec<(Window, f64)>> {
    weight.call("[weight]");
    let values: Vec<(&str, f64)> = ["near", "sentence", "next", "lede", "story", "title", "body"]
        .into_iter()
        .filter_map(|key| weight.number(key).filter(|weight| *weight != 0.0).map(|weight| (key, weight)))
        .collect();
    if !weight.is_written() {
        if !gate && !table.has("weight") {
            let help = "write [weight] and under it sentence = 1.0";
            table.advise("weight", format!("{noun} has no [weight]"), help);
        }
        return gate.then(Vec::new);
    }
    for key in ["langs", "left_out"].into_iter().filter(|key| weight.has(key)) {
        let help = "write it above [weight]: what stands below belongs to [weight]";
        weight.advise(key, format!("`{key}` of {noun} stands under [weight]"), help);
    }
    let fault = |message: &str, help: &str| weight.advise_at(weight.line(), format!("{noun} {message}"), help);
    if values.is_empty() && !gate {
        fault("adds nothing", "give one window a weight, such as sentence = 1.0");
        return None;
    }
    let against = values.iter().any(|(_, weight)| *weight < 0.0);
    if against && values.iter().any(|(_, weight)| *weight > 0.0) {
        fault("speaks for and against at once", "give all its weights one sign");
        return None;
    }
    let mut weights = Vec::new();
    for (key, value) in values {
        let narrow = against && key == "lede";
        let window =
            if narrow { Some(Window::Top) } else { Window::ALL.into_iter().find(|window| window.key() == key) };
        match window {
            Some(Window::Title | Window::Body) if !against => {
                let message = format!("{noun} weighs `{key}`, which only rules against do");
                weight.advise(key, message, "use near, sentence, next, lede, story");
            }
            Some(window) => weights.push((window, value)),
            None => {}
        }
    }
    weights.sort_by_key(|(window, _)| *window);
    Some(weights)
}

fn read_langs(table: &Table<'_, '_>) -> Option<Vec<Lang>> {
    let written = table.list("langs");
    table.has("langs").then(|| written.into_iter().filter_map(|item| read_lang(table, &item.text, item.line)).collect())
}

fn read_lang(table: &Table<'_, '_>, name: &str, line: usize) -> Option<Lang> {
    let lang = concept::LANGUAGES.into_iter().find(|lang| lang.id() == name);
    if lang.is_none() {
        table.advise_at(line, format!("`{name}` is no language of the rules"), "use kk, ru, en");
    }
    lang
}

fn read_subtypes(rule: &Table<'_, '_>, category: Option<Option<Category>>, noun: &str) -> Vec<Subtype> {
    let mut subtypes = Vec::new();
    for table in rule.tables("subtype") {
        table.call(format!("a subtype of {noun}"));
        let (id, any) = (table.required_text("id"), Group::of(table.list("any")));
        table.call("a subtype");
        table.done();
        // Where the category is none that there is, nothing can be said of its subtypes.
        let (Some(id), Some(category)) = (id, category) else { continue };
        let listed = category.map_or(&[][..], Category::subtypes);
        if listed.contains(&id.as_str()) {
            subtypes.push(Subtype { id, any });
            continue;
        }
        let help = match category {
            Some(category) => format!("{category} has {}", listed.join(", ")),
            None => "a rule without a category has no subtypes".to_owned(),
        };
        table.advise("id", format!("`{id}` is no subtype here"), help);
    }
    subtypes
}

fn read_examples(rule: &Table<'_, '_>, key: &'static str, examples: &mut Vec<Example>) {
    for table in rule.tables(key) {
        table.call("an example");
        let claim = match key {
            "hit" => Claim::Hit,
            "miss" => Claim::Miss,
            _ => Claim::KnownWrong { fires: table.flag("fires").unwrap_or(false) },
        };
        let lang = table.required_text("lang").and_then(|lang| read_lang(&table, &lang, table.line_of("lang")));
        let title = table.words("title").unwrap_or_default();
        let text = table.required_text("text");
        // A reason beside an example is for its readers.
        table.words("why");
        table.done();
        if let (Some(lang), Some(text)) = (lang, text) {
            examples.push(Example { claim, lang, title, text, line: table.line() });
        }
    }
}
