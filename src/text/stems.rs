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

mod endings;
mod trie;

use std::collections::BTreeMap;

use super::{Reading, Shape, codes, fold};
use crate::model::{Lang, Script};
use endings::is_ending;
use trie::{MOST_NODES, Sapling, Trie};

/// Words that may stand between two words of a form, plus one.
const REACH: u32 = 4;
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

    /// Parts the hits of a [joined](Lexicon::joined) lexicon into those of its two: `first` is how many
    /// concepts the first has.
    pub fn parted(self, first: usize) -> (Self, Self) {
        let is_of_first = |hit: &Hit| usize::from(hit.concept.0) < first;
        let of_second = self.0.iter().filter(|hit| !is_of_first(hit)).map(|hit| {
            let concept = ConceptId(u16::try_from(usize::from(hit.concept.0) - first).unwrap_or(u16::MAX));
            Hit { concept, ..*hit }
        });
        let second = Self(of_second.collect());
        let mut of_first = self.0;
        of_first.retain(is_of_first);
        (Self(of_first), second)
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
    /// By number.
    parts: Vec<Part>,
    /// Forms of one word, by their part.
    alone: Vec<Told>,
    /// Forms of several words, by their first part, then by their second.
    openings: Vec<Opening>,
    /// The words after the second, of all forms.
    rest: Vec<Next>,
    /// First and second parts that open no form are told apart here, without a search.
    pairs: Pairs,
}

/// A word of some forms: the forms that it begins.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    alone: (u32, u32),
    openings: (u32, u32),
}

/// What a form stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    concept: ConceptId,
    except: bool,
}

/// The second word of a form, what stands behind it, and what the form stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Opening {
    second: Next,
    rest: (u32, u32),
    told: Told,
}

/// A word of a form after the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Next {
    part: u32,
    /// How far after the word before it may stand.
    reach: u32,
}

/// A form while the lexicon is built.
struct Form {
    first: u32,
    after: Vec<Next>,
    told: Told,
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

/// A part as the tries keep it: its number, what forms do with it (which is told once all are known), and
/// how its word must end and be written.
fn packed(part: u32, ending: Ending, written: Written) -> u32 {
    part << NUMBER | (ending as u32) << 2 | written as u32
}

const ANY: u32 = Ending::Any as u32;
const EXACT: u32 = Ending::Exact as u32;

/// It is a form by itself.
const ALONE: u32 = 1 << 4;
/// It begins a form of several words.
const OPENS: u32 = 1 << 5;
/// It stands in a form after the first word.
const FOLLOWS: u32 = 1 << 6;
/// Where the number of a part stands.
const NUMBER: u32 = 7;

/// Most parts of a lexicon.
const MOST_PARTS: u32 = 1 << (32 - NUMBER);

/// What tells two parts apart.
type PartKey = (usize, String, Ending, Written);

/// What is kept while a lexicon is built.
#[derive(Default)]
struct Sown {
    known: BTreeMap<PartKey, u32>,
    forms: Vec<Form>,
    saplings: [Sapling; LANGS.len()],
}

impl Lexicon {
    /// Builds the lexicon. Concepts are numbered in the order of their first entry; a concept may also
    /// be [named](Lexicon::name_concept) without forms. Bad forms are told and left out.
    pub fn build<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> (Self, Vec<BadForm>) {
        let mut lexicon = Self {
            concepts: Vec::new(),
            ids: BTreeMap::new(),
            tries: std::array::from_fn(|_| Trie::default()),
            parts: Vec::new(),
            alone: Vec::new(),
            openings: Vec::new(),
            rest: Vec::new(),
            pairs: Pairs::default(),
        };
        let (mut sown, mut bad) = (Sown::default(), Vec::new());
        for entry in entries {
            let concept = lexicon.name_concept(entry.concept);
            if let Err(why) = lexicon.add(concept, &entry, &mut sown) {
                let (concept, form) = (entry.concept.to_owned(), entry.form.to_owned());
                bad.push(BadForm { concept, lang: entry.lang, form, why });
            }
        }
        let mut uses = vec![0; sown.known.len()];
        for form in &sown.forms {
            uses[form.first as usize] |= if form.after.is_empty() { ALONE } else { OPENS };
            form.after.iter().for_each(|next| uses[next.part as usize] |= FOLLOWS);
        }
        for sapling in &mut sown.saplings {
            sapling.values_mut().for_each(|value| *value |= uses[(*value >> NUMBER) as usize]);
        }
        lexicon.tries = sown.saplings.map(Sapling::grown);
        lexicon.parts = vec![Part::default(); sown.known.len()];
        lexicon.pairs = Pairs::of(sown.forms.iter().filter_map(|form| Some((form.first, form.after.first()?.part))));
        sown.forms.sort_by(|a, b| (a.first, &a.after, a.told).cmp(&(b.first, &b.after, b.told)));
        for form in sown.forms {
            lexicon.place(form);
        }
        (lexicon, bad)
    }

    /// One lexicon that hits what this one and another hit, in one walk. The other's concepts are
    /// numbered behind this one's, and are not found by their names; [`Hits::parted`] parts the hits again.
    /// Where there are more concepts than numbers, the last ones share one.
    pub fn joined(&self, other: &Self) -> Self {
        let concepts = u16::try_from(self.len()).unwrap_or(u16::MAX);
        let (parts, alone) = (self.parts.len() as u32, self.alone.len() as u32);
        let (openings, rest) = (self.openings.len() as u32, self.rest.len() as u32);
        let shifted = |(start, end): (u32, u32), by: u32| if start == end { (0, 0) } else { (start + by, end + by) };
        let told = |told: Told| Told { concept: ConceptId(told.concept.0.saturating_add(concepts)), ..told };
        let next = |next: Next| Next { part: next.part + parts, ..next };
        let mut joined = self.clone();
        joined.concepts.extend(other.concepts.iter().cloned());
        joined.alone.extend(other.alone.iter().map(|alone| told(*alone)));
        joined.rest.extend(other.rest.iter().map(|rest| next(*rest)));
        joined.openings.extend(other.openings.iter().map(|opening| Opening {
            second: next(opening.second),
            rest: shifted(opening.rest, rest),
            told: told(opening.told),
        }));
        joined.parts.extend(
            other
                .parts
                .iter()
                .map(|part| Part { alone: shifted(part.alone, alone), openings: shifted(part.openings, openings) }),
        );
        joined.pairs = Pairs::of(joined.parts.iter().enumerate().flat_map(|(first, part)| {
            let openings = &joined.openings[part.openings.0 as usize..part.openings.1 as usize];
            openings.iter().map(move |opening| (first as u32, opening.second.part))
        }));
        for (trie, other) in joined.tries.iter_mut().zip(&other.tries) {
            let mut sapling = Sapling::default();
            trie.each(|word, values| values.iter().for_each(|value| sapling.insert(word, *value)));
            // The part's number stands above what must follow it.
            let shifted = |value: u32| value + packed(parts, Ending::Inflected, Written::Anyhow);
            other.each(|word, values| values.iter().for_each(|value| sapling.insert(word, shifted(*value))));
            *trie = sapling.grown();
        }
        joined
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

    fn add(&mut self, concept: ConceptId, entry: &Entry<'_>, sown: &mut Sown) -> Result<(), &'static str> {
        let Some(lang) = LANGS.iter().position(|lang| *lang == entry.lang) else {
            return Err("the rules read kk, ru and en only");
        };
        let words = words_of(entry.form)?;
        // A Latin name in a Kazakh form is met in Cyrillic paragraphs as it is, and in Latin ones folded.
        let latin_too = entry.lang == Lang::KK && entry.form.bytes().any(|b| b.is_ascii_alphabetic());
        for script in [Script::Cyrillic, Script::Latin].into_iter().take(1 + usize::from(latin_too)) {
            let mut parts = Vec::with_capacity(words.len());
            for (word, reach) in &words {
                parts.push(Next { part: part(lang, word, script, sown)?, reach: *reach });
            }
            let first = parts.remove(0).part;
            let told = Told { concept, except: entry.except };
            sown.forms.push(Form { first, after: parts, told });
        }
        Ok(())
    }

    /// Puts a form behind those of the same first word; forms come in order.
    fn place(&mut self, form: Form) {
        let part = &mut self.parts[form.first as usize];
        let Some((second, after)) = form.after.split_first() else {
            let end = self.alone.len() as u32;
            let start = if part.alone.1 == 0 { end } else { part.alone.0 };
            self.alone.push(form.told);
            part.alone = (start, end + 1);
            return;
        };
        let rest = (self.rest.len() as u32, (self.rest.len() + after.len()) as u32);
        self.rest.extend(after);
        let end = self.openings.len() as u32;
        let start = if part.openings.1 == 0 { end } else { part.openings.0 };
        self.openings.push(Opening { second: *second, rest, told: form.told });
        part.openings = (start, end + 1);
    }

    /// Every concept that the story's words hit.
    pub fn hits(&self, reading: &Reading<'_>) -> Hits {
        let mut hits = Vec::new();
        let (mut found, mut excepted) = (AllFound::default(), Vec::new());
        for (number, sentence) in reading.sentences.iter().enumerate() {
            let Some(lang) = LANGS.iter().position(|lang| *lang == sentence.lang) else { continue };
            found.clear();
            for (place, token) in sentence.tokens.clone().enumerate() {
                let (word, shape) = (reading.codes(token), reading.tokens[token].shape);
                self.parts_of(word, shape, lang, place as u32, &mut found);
            }
            if !found.alone.is_empty() || !found.opening.is_empty() && !found.following.is_empty() {
                self.forms_of(number as u32, sentence.tokens.start as u32, &found, &mut excepted, &mut hits);
            }
        }
        Hits(hits)
    }

    /// Appends the parts that a word at a place of its sentence matches.
    fn parts_of(&self, word: &[u8], shape: Shape, lang: usize, place: u32, found: &mut AllFound) {
        let lang_of = LANGS[lang];
        self.tries[lang].walk(word, |length, packed| {
            const ANYHOW: u32 = Written::Anyhow as u32;
            const CAPITALS: u32 = Written::Capitals as u32;
            let rest = &word[length..];
            let ends_well = match packed >> 2 & 3 {
                ANY => true,
                EXACT => rest.is_empty() || (lang_of == Lang::KK && rest[0] == b'-'),
                _ => is_ending(lang_of, rest),
            };
            let written_well = match packed & 3 {
                ANYHOW => true,
                CAPITALS => shape.capitals,
                _ => !shape.capital,
            };
            if ends_well && written_well {
                let part = Found { place, part: packed >> NUMBER };
                if packed & ALONE != 0 {
                    found.alone.push(part);
                }
                if packed & OPENS != 0 {
                    found.opening.push(part);
                }
                if packed & FOLLOWS != 0 {
                    found.following.push(part);
                }
            }
        });
    }

    /// Appends the hits of one sentence, whose first token is `start`.
    fn forms_of(
        &self,
        sentence: u32,
        start: u32,
        found: &AllFound,
        excepted: &mut Vec<(ConceptId, u32, u32)>,
        hits: &mut Vec<Hit>,
    ) {
        let before = hits.len();
        excepted.clear();
        let mut tell = |told: Told, first: u32, last: u32| {
            let (first, last) = (start + first, start + last);
            if told.except {
                excepted.push((told.concept, first, last));
            } else {
                hits.push(Hit { sentence, first, last, concept: told.concept });
            }
        };
        for found in &found.alone {
            let (from, to) = self.parts[found.part as usize].alone;
            for told in &self.alone[from as usize..to as usize] {
                tell(*told, found.place, found.place);
            }
        }
        let mut after = found.following.as_slice();
        for first in &found.opening {
            let passed = after.iter().take_while(|next| next.place <= first.place).count();
            after = &after[passed..];
            for (index, second) in after.iter().enumerate() {
                if second.place > first.place + REACH {
                    break;
                }
                if !self.pairs.may_hold(first.part, second.part) {
                    continue;
                }
                // The nearest word that fits is taken, and no other is tried.
                if after[..index].iter().any(|nearer| nearer.part == second.part) {
                    continue;
                }
                let openings = self.parts[first.part as usize].openings;
                let openings = &self.openings[openings.0 as usize..openings.1 as usize];
                let from = openings.partition_point(|opening| opening.second.part < second.part);
                let to = openings.partition_point(|opening| opening.second.part <= second.part);
                for opening in &openings[from..to] {
                    if second.place - first.place > opening.second.reach {
                        continue;
                    }
                    let rest = &self.rest[opening.rest.0 as usize..opening.rest.1 as usize];
                    if let Some(last) = follow(rest, second.place, &after[index..]) {
                        tell(opening.told, first.place, last);
                    }
                }
            }
        }
        if hits.len() == before {
            return;
        }
        hits[before..].sort_unstable();
        close_up(excepted);
        let mut kept = before;
        for index in before..hits.len() {
            let hit = hits[index];
            if !covers(excepted, &hit) && (kept == before || hits[kept - 1] != hit) {
                hits[kept] = hit;
                kept += 1;
            }
        }
        hits.truncate(kept);
    }
}

/// Pairs of parts, each as one bit at its hash: a bit that is not set is of no pair.
#[derive(Debug, Clone, Default)]
struct Pairs {
    bits: Vec<u64>,
    /// How far a hash is shifted to be a bit's number.
    shift: u32,
}

/// Bits kept for each pair; one pair in so many that is none is searched for in vain.
const BITS_A_PAIR: usize = 16;

impl Pairs {
    fn of(pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let bits = (pairs.clone().count() * BITS_A_PAIR).next_power_of_two().max(64);
        let mut all = Self { bits: vec![0; bits / 64], shift: 64 - bits.trailing_zeros() };
        for (first, second) in pairs {
            let bit = all.bit(first, second);
            all.bits[bit / 64] |= 1 << (bit % 64);
        }
        all
    }

    fn bit(&self, first: u32, second: u32) -> usize {
        let hash = (u64::from(first) << 32 | u64::from(second)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((hash ^ hash << 29) >> self.shift) as usize
    }

    fn may_hold(&self, first: u32, second: u32) -> bool {
        let bit = self.bit(first, second);
        self.bits[bit / 64] & (1 << (bit % 64)) != 0
    }
}

/// Puts the false friends of a sentence (concept, first and last token) in order, each with the furthest
/// last token of its concept so far.
fn close_up(excepted: &mut [(ConceptId, u32, u32)]) {
    excepted.sort_unstable();
    for index in 1..excepted.len() {
        let (before, _, reached) = excepted[index - 1];
        let (concept, _, last) = &mut excepted[index];
        if *concept == before {
            *last = reached.max(*last);
        }
    }
}

/// Does a false friend of the hit's concept share a token with it?
fn covers(excepted: &[(ConceptId, u32, u32)], hit: &Hit) -> bool {
    let begun = excepted.partition_point(|(concept, first, _)| (*concept, *first) <= (hit.concept, hit.last));
    begun.checked_sub(1).is_some_and(|at| {
        let (concept, _, reached) = excepted[at];
        concept == hit.concept && hit.first <= reached
    })
}

/// Where the words after the one at a place end, if they follow; `found` begins at that place.
fn follow(rest: &[Next], place: u32, found: &[Found]) -> Option<u32> {
    rest.iter().try_fold(place, |at, next| {
        let near = found.iter().take_while(|found| found.place <= at + next.reach);
        let mut fitting = near.filter(|found| found.place > at && found.part == next.part);
        fitting.next().map(|found| found.place)
    })
}

/// A part that the word at a place of a sentence matches.
#[derive(Debug, Clone, Copy)]
struct Found {
    place: u32,
    part: u32,
}

/// The parts that the words of a sentence match, in order, by what forms do with them.
#[derive(Debug, Default)]
struct AllFound {
    alone: Vec<Found>,
    opening: Vec<Found>,
    following: Vec<Found>,
}

impl AllFound {
    fn clear(&mut self) {
        self.alone.clear();
        self.opening.clear();
        self.following.clear();
    }
}

/// The number of a part, given now if it had none.
fn part(lang: usize, word: &Word<'_>, script: Script, sown: &mut Sown) -> Result<u32, &'static str> {
    let mut folded = String::new();
    fold::word(word.stem, LANGS[lang], script, &mut folded);
    if !folded.contains(char::is_alphanumeric) {
        return Err("it holds no letter");
    }
    let next = sown.known.len() as u32;
    if next >= MOST_PARTS || sown.saplings[lang].len() + folded.len() > MOST_NODES {
        return Err("there are too many words");
    }
    let key = (lang, folded, word.ending, word.written);
    if let Some(part) = sown.known.get(&key) {
        return Ok(*part);
    }
    sown.saplings[lang].insert(&codes::of(&key.1), packed(next, word.ending, word.written));
    sown.known.insert(key, next);
    Ok(next)
}

/// One word of a form, taken apart.
struct Word<'a> {
    stem: &'a str,
    ending: Ending,
    written: Written,
}

/// The words of a form, each with how far after the one before it may stand.
fn words_of(form: &str) -> Result<Vec<(Word<'_>, u32)>, &'static str> {
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

#[cfg(test)]
mod tests;
