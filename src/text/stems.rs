//! Which concepts a story's words hit: one walk over its tokens, whatever the number of stems.
//!
//! A concept is a list of *forms* for each language. Forms are written as people write:
//!
//! | form | matches |
//! | --- | --- |
//! | `редактор` | the word with the endings of its language, checked: Russian cases, Kazakh suffix chains, English plural |
//! | `журналист*` | the word with whatever follows |
//! | `=иск` | this word alone (in Kazakh also with a suffix after a hyphen) |
//! | `снял* эфир*` | in this order, at most three words between |
//! | `съемочн*+групп*` | in this order, nothing between |
//! | `upper:бақ` | only where it is written in capitals |
//! | `lower:march` | only where it is not capitalised |
//!
//! All stems of a language stand in one trie over folded letters. A form of several words is looked for
//! only where its first word stands. Cost: linear in the text; nothing is remembered between stories.

use std::collections::BTreeMap;

use super::{Reading, fold};
use crate::model::{Lang, Script};

/// Words that may stand between two words of a form, plus one.
const REACH: usize = 4;
/// Languages that have stems.
const LANGS: [Lang; 3] = [Lang::KK, Lang::RU, Lang::EN];

/// A form of a concept, as a rule file gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Id of the concept.
    pub concept: &'a str,
    /// Language of the form.
    pub lang: Lang,
    /// The form, in the notation of this module.
    pub form: &'a str,
    /// A false friend: where it stands, the concept is not hit.
    pub except: bool,
}

/// A form that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadForm {
    /// Id of the concept.
    pub concept: String,
    /// Language of the form.
    pub lang: Lang,
    /// The form as given.
    pub form: String,
    /// What is wrong with it.
    pub why: &'static str,
}

/// A concept's number in its lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConceptId(pub u16);

/// A concept found in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The sentence, as an index into [`Reading::sentences`].
    pub sentence: u32,
    /// First token, as an index into [`Reading::tokens`].
    pub first: u32,
    /// Last token, inclusive.
    pub last: u32,
    /// The concept.
    pub concept: ConceptId,
}

/// Every hit of a story, by sentence and place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits(Vec<Hit>);

impl Hits {
    /// All of them, in order.
    pub fn all(&self) -> &[Hit] {
        &self.0
    }

    /// Those of one sentence.
    pub fn of_sentence(&self, sentence: usize) -> &[Hit] {
        let start = self.0.partition_point(|hit| (hit.sentence as usize) < sentence);
        let end = self.0.partition_point(|hit| (hit.sentence as usize) <= sentence);
        &self.0[start..end]
    }

    /// Adds hits found by other means (an article of law, a known outlet) and keeps the order.
    pub fn add(&mut self, more: impl IntoIterator<Item = Hit>) {
        let before = self.0.len();
        self.0.extend(more);
        if self.0.len() > before {
            self.0.sort_unstable();
            self.0.dedup();
        }
    }

    /// Takes out the hits for which `fits` is false.
    pub fn retain(&mut self, fits: impl FnMut(&Hit) -> bool) {
        self.0.retain(fits);
    }
}

/// All forms of all concepts, ready to be looked for.
#[derive(Debug, Clone)]
pub struct Lexicon {
    concepts: Vec<String>,
    ids: BTreeMap<String, ConceptId>,
    tries: [Trie; LANGS.len()],
    parts: Vec<Part>,
    forms: Vec<Form>,
}

/// One word of a form.
#[derive(Debug, Clone)]
struct Part {
    ending: Ending,
    written: Written,
    /// Forms that begin with it.
    begins: Vec<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ending {
    Inflected,
    Any,
    Exact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Written {
    Anyhow,
    Capitals,
    Small,
}

#[derive(Debug, Clone)]
struct Form {
    concept: ConceptId,
    except: bool,
    /// The words after the first: part, and how far from the word before it may stand.
    rest: Vec<(u32, usize)>,
}

/// What tells two parts apart.
type PartKey = (usize, String, Ending, Written);

impl Lexicon {
    /// Builds the lexicon. Concepts are numbered in the order of their first entry; a concept may also
    /// be [named](Lexicon::name_concept) without forms. Bad forms are told and left out.
    pub fn build<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> (Self, Vec<BadForm>) {
        let mut lexicon = Self {
            concepts: Vec::new(),
            ids: BTreeMap::new(),
            tries: std::array::from_fn(|_| Trie::default()),
            parts: Vec::new(),
            forms: Vec::new(),
        };
        let (mut known, mut bad) = (BTreeMap::new(), Vec::new());
        for entry in entries {
            let concept = lexicon.name_concept(entry.concept);
            if let Err(why) = lexicon.add(concept, &entry, &mut known) {
                let (concept, form) = (entry.concept.to_owned(), entry.form.to_owned());
                bad.push(BadForm { concept, lang: entry.lang, form, why });
            }
        }
        lexicon.tries.iter_mut().for_each(Trie::freeze);
        (lexicon, bad)
    }

    /// The number of a concept, given now if it had none: for concepts that are found by other means.
    pub fn name_concept(&mut self, name: &str) -> ConceptId {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = ConceptId(u16::try_from(self.concepts.len()).unwrap_or(u16::MAX));
        self.concepts.push(name.to_owned());
        self.ids.insert(name.to_owned(), id);
        id
    }

    /// The number of a concept.
    pub fn concept(&self, name: &str) -> Option<ConceptId> {
        self.ids.get(name).copied()
    }

    /// The id of a concept.
    pub fn name(&self, concept: ConceptId) -> &str {
        self.concepts.get(usize::from(concept.0)).map_or("", String::as_str)
    }

    /// How many concepts there are.
    pub fn len(&self) -> usize {
        self.concepts.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.concepts.is_empty()
    }

    fn add(
        &mut self,
        concept: ConceptId,
        entry: &Entry<'_>,
        known: &mut BTreeMap<PartKey, u32>,
    ) -> Result<(), &'static str> {
        let Some(lang) = LANGS.iter().position(|lang| *lang == entry.lang) else {
            return Err("the rules read kk, ru and en only");
        };
        let words = words_of(entry.form)?;
        // A Latin name in a Kazakh form is met in Cyrillic paragraphs as it is, and in Latin ones folded.
        let latin_too = entry.lang == Lang::KK && entry.form.bytes().any(|b| b.is_ascii_alphabetic());
        for script in [Script::Cyrillic, Script::Latin].into_iter().take(1 + usize::from(latin_too)) {
            let mut parts = Vec::with_capacity(words.len());
            for (word, reach) in &words {
                parts.push((self.part(lang, word, script, known)?, *reach));
            }
            let first = parts.remove(0).0;
            let form = u32::try_from(self.forms.len()).map_err(|_| "there are too many forms")?;
            self.forms.push(Form { concept, except: entry.except, rest: parts });
            self.parts[first as usize].begins.push(form);
        }
        Ok(())
    }

    fn part(
        &mut self,
        lang: usize,
        word: &Word<'_>,
        script: Script,
        known: &mut BTreeMap<PartKey, u32>,
    ) -> Result<u32, &'static str> {
        let mut folded = String::new();
        fold::word(word.stem, LANGS[lang], script, &mut folded);
        if !folded.contains(char::is_alphanumeric) {
            return Err("it holds no letter");
        }
        let next = self.parts.len() as u32;
        let key = (lang, folded, word.ending, word.written);
        if let Some(part) = known.get(&key) {
            return Ok(*part);
        }
        self.tries[lang].insert(&key.1, next);
        known.insert(key, next);
        self.parts.push(Part { ending: word.ending, written: word.written, begins: Vec::new() });
        Ok(next)
    }

    /// Every concept that the story's words hit.
    pub fn hits(&self, reading: &Reading<'_>) -> Hits {
        let mut hits = Vec::new();
        let mut found = Found::default();
        for (number, sentence) in reading.sentences.iter().enumerate() {
            let Some(lang) = LANGS.iter().position(|lang| *lang == sentence.lang) else { continue };
            found.clear();
            for token in sentence.tokens.clone() {
                self.parts_of(reading, token, lang, &mut found.parts);
                found.ends.push(found.parts.len());
            }
            self.forms_of(number as u32, sentence.tokens.start, &found, &mut hits);
        }
        Hits(hits)
    }

    /// Appends the parts that a token matches.
    fn parts_of(&self, reading: &Reading<'_>, token: usize, lang: usize, found: &mut Vec<u32>) {
        let (word, shape) = (reading.word(token), reading.tokens[token].shape);
        self.tries[lang].walk(word, |rest, part| {
            let Part { ending, written, .. } = &self.parts[part as usize];
            let ends_well = match ending {
                Ending::Any => true,
                Ending::Exact => rest.is_empty() || (LANGS[lang] == Lang::KK && rest.starts_with('-')),
                Ending::Inflected => is_ending(LANGS[lang], rest),
            };
            let written_well = match written {
                Written::Anyhow => true,
                Written::Capitals => shape.capitals,
                Written::Small => !shape.capital,
            };
            if ends_well && written_well {
                found.push(part);
            }
        });
    }

    /// Appends the hits of one sentence.
    fn forms_of(&self, sentence: u32, start: usize, found: &Found, hits: &mut Vec<Hit>) {
        let before = hits.len();
        let mut excepted: Vec<Hit> = Vec::new();
        for place in 0..found.ends.len() {
            for &part in found.at(place) {
                for &form in &self.parts[part as usize].begins {
                    let form = &self.forms[form as usize];
                    let Some(last) = follow(&form.rest, place, found) else { continue };
                    let (first, last) = ((start + place) as u32, (start + last) as u32);
                    let hit = Hit { sentence, first, last, concept: form.concept };
                    if form.except { excepted.push(hit) } else { hits.push(hit) }
                }
            }
        }
        hits[before..].sort_unstable();
        let mut kept = before;
        for index in before..hits.len() {
            let hit = hits[index];
            let cancelled =
                excepted.iter().any(|not| not.concept == hit.concept && not.first <= hit.last && hit.first <= not.last);
            if !cancelled && (kept == before || hits[kept - 1] != hit) {
                hits[kept] = hit;
                kept += 1;
            }
        }
        hits.truncate(kept);
    }
}

/// Where the words after the first end, if they follow.
fn follow(rest: &[(u32, usize)], place: usize, found: &Found) -> Option<usize> {
    rest.iter().try_fold(place, |at, (part, reach)| {
        (at + 1..(at + 1 + reach).min(found.ends.len())).find(|next| found.at(*next).contains(part))
    })
}

/// The parts that each token of a sentence matches.
#[derive(Default)]
struct Found {
    parts: Vec<u32>,
    ends: Vec<usize>,
}

impl Found {
    fn clear(&mut self) {
        self.parts.clear();
        self.ends.clear();
    }

    fn at(&self, place: usize) -> &[u32] {
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.parts[start..self.ends[place]]
    }
}

/// One word of a form, taken apart.
struct Word<'a> {
    stem: &'a str,
    ending: Ending,
    written: Written,
}

/// The words of a form, each with how far after the one before it may stand.
fn words_of(form: &str) -> Result<Vec<(Word<'_>, usize)>, &'static str> {
    let mut words = Vec::new();
    for spaced in form.split_whitespace() {
        for (index, word) in spaced.split('+').enumerate() {
            let reach = if index == 0 { REACH } else { 1 };
            words.push((word_of(word)?, reach));
        }
    }
    if words.is_empty() { Err("it is empty") } else { Ok(words) }
}

fn word_of(word: &str) -> Result<Word<'_>, &'static str> {
    let (written, word) = match word.split_once(':') {
        Some(("upper", word)) => (Written::Capitals, word),
        Some(("lower", word)) => (Written::Small, word),
        Some(_) => return Err("before a colon only `upper` and `lower` may stand"),
        None => (Written::Anyhow, word),
    };
    let (ending, stem) = match (word.strip_prefix('='), word.strip_suffix('*')) {
        (Some(_), Some(_)) => return Err("`=` and `*` contradict each other"),
        (Some(stem), None) => (Ending::Exact, stem),
        (None, Some(stem)) => (Ending::Any, stem),
        (None, None) => (Ending::Inflected, word),
    };
    if stem.contains(['=', '*']) {
        return Err("`=` stands before a word, `*` after it");
    }
    Ok(Word { stem, ending, written })
}

/// A trie over folded letters. While it is built a node lists its children; frozen, it has one row of
/// the alphabet's width for each node.
#[derive(Debug, Clone, Default)]
struct Trie {
    building: Vec<BTreeMap<char, u32>>,
    parts: Vec<Vec<u32>>,
    letters: BTreeMap<char, u32>,
    low_letters: Vec<u8>,
    rows: Vec<u32>,
    width: usize,
}

/// Characters whose place in the alphabet is looked up in a table: Latin and Cyrillic.
const LOW: usize = 0x530;

impl Trie {
    fn insert(&mut self, word: &str, part: u32) {
        if self.building.is_empty() {
            self.building.push(BTreeMap::new());
            self.parts.push(Vec::new());
        }
        let mut node = 0;
        for c in word.chars() {
            let next = self.building.len() as u32;
            let child = *self.building[node].entry(c).or_insert(next);
            if child == next {
                self.building.push(BTreeMap::new());
                self.parts.push(Vec::new());
            }
            let letters = self.letters.len() as u32 + 1;
            self.letters.entry(c).or_insert(letters);
            node = child as usize;
        }
        self.parts[node].push(part);
    }

    fn freeze(&mut self) {
        self.width = self.letters.len() + 1;
        self.rows = vec![0; self.building.len() * self.width];
        for (node, children) in self.building.iter().enumerate() {
            for (c, child) in children {
                self.rows[node * self.width + self.letters[c] as usize] = *child;
            }
        }
        self.low_letters = vec![0; LOW];
        for (c, letter) in &self.letters {
            if let (Some(slot), Ok(letter)) = (self.low_letters.get_mut(*c as usize), u8::try_from(*letter)) {
                *slot = letter;
            }
        }
        self.building = Vec::new();
    }

    /// The place of a character in the alphabet; 0 where it is not of it.
    fn letter(&self, c: char) -> usize {
        match self.low_letters.get(c as usize) {
            Some(letter) => usize::from(*letter),
            None => self.letters.get(&c).map_or(0, |letter| *letter as usize),
        }
    }

    /// Tells every part whose stem begins the word, with what is left of the word after it.
    fn walk<'w>(&self, word: &'w str, mut tell: impl FnMut(&'w str, u32)) {
        if self.rows.is_empty() {
            return;
        }
        let mut node = 0;
        for (index, c) in word.char_indices() {
            let letter = self.letter(c);
            let child = self.rows[node * self.width + letter];
            if letter == 0 || child == 0 {
                return;
            }
            node = child as usize;
            let parts = &self.parts[node];
            if !parts.is_empty() {
                let rest = &word[index + c.len_utf8()..];
                parts.iter().for_each(|part| tell(rest, *part));
            }
        }
    }
}

/// Is what follows the stem an ending of the language?
fn is_ending(lang: Lang, rest: &str) -> bool {
    if rest.is_empty() {
        return true;
    }
    match lang {
        Lang::RU => RUSSIAN_ENDINGS.contains(&rest),
        Lang::EN => matches!(rest, "s" | "es"),
        _ => is_suffix_chain(rest),
    }
}

/// Case and number endings of Russian nouns and adjectives, folded.
const RUSSIAN_ENDINGS: &[&str] = &[
    "а", "у", "ом", "ем", "е", "ы", "и", "ов", "ев", "ей", "ам", "ами", "ах", "я", "ю", "ям", "ями", "ях", "ой", "ою",
    "ий", "ый", "ая", "яя", "ое", "ее", "ые", "ие", "ого", "его", "ому", "ему", "ым", "им", "ых", "их", "ыми", "ими",
    "ую", "юю", "ь", "ью", "ия", "ии", "ию", "ией", "ием", "иям", "иями", "иях", "й",
];

/// Suffixes of Kazakh nouns (plural, possessive, case, -лық, -сыз, -лы, -шы) in the skeleton; a chain of
/// them, each with a hyphen before it or none, is an ending. Both vowel harmonies fold to these.
const KAZAKH_SUFFIXES: &[&str] = &[
    "лар",
    "лер",
    "дар",
    "дер",
    "тар",
    "тер",
    "им",
    "ин",
    "и",
    "си",
    "миз",
    "имиз",
    "инин",
    "нин",
    "дин",
    "тин",
    "инда",
    "инде",
    "нда",
    "нде",
    "ига",
    "иге",
    "га",
    "ге",
    "ка",
    "ке",
    "на",
    "не",
    "ина",
    "ине",
    "ни",
    "ди",
    "ти",
    "н",
    "да",
    "де",
    "та",
    "те",
    "дан",
    "ден",
    "тан",
    "тен",
    "нан",
    "нен",
    "инан",
    "инен",
    "мен",
    "бен",
    "пен",
    "имен",
    "ги",
    "ки",
    "даги",
    "деги",
    "таги",
    "теги",
    "ндаги",
    "ндеги",
    "лик",
    "дик",
    "тик",
    "сиз",
    "ли",
    "ши",
    "дай",
    "дей",
    "м",
    "мин",
];
/// Longest rest of a word, in bytes, that is tried as a chain of suffixes.
const LONGEST_CHAIN: usize = 63;

fn is_suffix_chain(rest: &str) -> bool {
    if rest.len() > LONGEST_CHAIN {
        return false;
    }
    // Bit n: the first n bytes are a chain.
    let mut reached = 1_u64;
    for at in 0..rest.len() {
        if reached & (1 << at) == 0 || !rest.is_char_boundary(at) {
            continue;
        }
        let left = &rest[at..];
        let bare = left.strip_prefix('-').unwrap_or(left);
        let skipped = at + left.len() - bare.len();
        for suffix in KAZAKH_SUFFIXES {
            if bare.starts_with(suffix) {
                reached |= 1 << (skipped + suffix.len());
            }
        }
    }
    reached & (1 << rest.len()) != 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::language::Detector;
    use crate::text::read;

    fn lexicon(entries: &[(&'static str, Lang, &'static str)]) -> Lexicon {
        let entries = entries.iter().map(|(concept, lang, form)| {
            let (except, form) = form.strip_prefix('!').map_or((false, *form), |form| (true, form));
            Entry { concept, lang: *lang, form, except }
        });
        let (lexicon, bad) = Lexicon::build(entries);
        assert_eq!(bad, []);
        lexicon
    }

    fn found(lexicon: &Lexicon, text: &str) -> Vec<String> {
        let reading = read("", text, &Detector::new());
        let hits = lexicon.hits(&reading);
        hits.all()
            .iter()
            .map(|hit| {
                let span = reading.span(hit.first as usize..hit.last as usize + 1);
                format!("{}: {}", lexicon.name(hit.concept), reading.quote(span))
            })
            .collect()
    }

    #[test]
    fn russian_forms_hit_their_endings_and_nothing_else() {
        let lexicon = lexicon(&[
            ("claim", Lang::RU, "иск"),
            ("held", Lang::RU, "арестова*"),
            ("court", Lang::RU, "суд"),
            ("media", Lang::RU, "=сми"),
        ]);
        let check = |text: &str, expect: &[&str]| assert_eq!(found(&lexicon, text), expect, "{text}");
        check("Он подал иск, суд отклонил иски и искать не стал", &["claim: иск", "court: суд", "claim: иски"]);
        check("Поиск судна и его судьба интересуют искусствоведа", &[]);
        check("Журналист арестован, СМИ молчат, а Смирнов нет", &["held: арестован", "media: СМИ"]);
    }

    #[test]
    fn kazakh_forms_hit_suffix_chains_in_every_script() {
        let lexicon = lexicon(&[
            ("verdict", Lang::KK, "үкім"),
            ("editor", Lang::KK, "редактор"),
            ("media", Lang::KK, "upper:бақ"),
            ("held", Lang::KK, "ұстал*"),
        ]);
        let check = |text: &str, expect: &[&str]| assert_eq!(found(&lexicon, text), expect, "{text}");
        check("Сот үкімінің күші жойылды, бірақ үкімет үндемеді", &["verdict: үкімінің"]);
        check("Редакторларымыздың бірі кеше ұсталды деді", &["editor: Редакторларымыздың", "held: ұсталды"]);
        check("БАҚ-тың өкілдері бақ туралы айтты және кетті", &["media: БАҚ-тың"]);
        check("Redaktordyñ özı keşe ūstaldy jäne bosatylğan joq", &["editor: Redaktordyñ", "held: ūstaldy"]);
        check("رەداكتوردىڭ ءوزى كەشە ۇستالدى", &["editor: رەداكتوردىڭ", "held: ۇستالدى"]);
    }

    #[test]
    fn english_forms_and_capitals() {
        let lexicon = lexicon(&[
            ("speaker", Lang::EN, "editor"),
            ("protest", Lang::EN, "lower:march"),
            ("crew", Lang::EN, "camera+crew"),
        ]);
        let check = |text: &str, expect: &[&str]| assert_eq!(found(&lexicon, text), expect, "{text}");
        check("The editor's lawyer and two editors left in March", &["speaker: editor's", "speaker: editors"]);
        check("The editorial was about the march of the miners", &["protest: march"]);
        check("A camera crew and the crew with a camera were there", &["crew: camera crew"]);
    }

    #[test]
    fn forms_of_several_words_keep_their_order_and_distance() {
        let lexicon = lexicon(&[("off_air", Lang::RU, "снял* =с эфир*"), ("post", Lang::RU, "=за пост")]);
        let check = |text: &str, expect: &[&str]| assert_eq!(found(&lexicon, text), expect, "{text}");
        check("Программу сняли вчера вечером с эфира телеканала", &["off_air: сняли вчера вечером с эфира"]);
        check("С эфира программу не сняли вовсе, и она идёт", &[]);
        check("Его судят за старый критический пост в сети", &["post: за старый критический пост"]);
        check("Его судят за то, что он некогда написал там пост", &[]);
    }

    #[test]
    fn false_friends_cancel_their_concept_only() {
        let lexicon =
            lexicon(&[("held", Lang::RU, "арест"), ("held", Lang::RU, "!арест счет"), ("order", Lang::RU, "арест")]);
        let check = |text: &str, expect: &[&str]| assert_eq!(found(&lexicon, text), expect, "{text}");
        check("Суд наложил арест на счета компании в банке", &["order: арест"]);
        check("Суд продлил арест журналиста до конца месяца", &["held: арест", "order: арест"]);
    }

    #[test]
    fn bad_forms_are_told() {
        let bad = |form: &'static str, lang: Lang| {
            let (_, bad) = Lexicon::build([Entry { concept: "c", lang, form, except: false }]);
            bad.first().map(|bad| bad.why)
        };
        assert_eq!(bad("слово", Lang::RU), None);
        assert!(bad("", Lang::RU).is_some());
        assert!(bad("=сло*", Lang::RU).is_some());
        assert!(bad("сл*во", Lang::RU).is_some());
        assert!(bad("big:слово", Lang::RU).is_some());
        assert!(bad("--", Lang::RU).is_some());
        assert!(bad("слово", Lang::UND).is_some());
    }
}
