//! Which rules fire on a story, where, and on which words.
//!
//! Works on hits alone and never on text. Cost grows linearly with the hits for a given rule set:
//! a rule stops looking once a window has fired in two places, and the search for different tokens
//! has a budget that grows with the sentence.

use super::RuleSet;
use super::concept::{ATTRIBUTION, BACKGROUND, Concepts, NEGATION_AFTER, NEGATION_BEFORE};
use super::rule::{Group, NEAR_TOKENS, Rule, Window};
use crate::model::{Lang, Part};
use crate::text::Reading;
use crate::text::stems::{ConceptId, Hit, Hits};

/// A rule that fired.
#[derive(Debug, Clone)]
pub struct Fired<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// What it adds by where it stands in title and first four sentences, in log-odds.
    pub head: f64,
    /// What it adds by where it stands elsewhere, in log-odds.
    pub tail: f64,
    /// The windows that fired.
    pub windows: Vec<Window>,
    /// First and last sentence of the place that is shown as evidence.
    pub sentences: (u32, u32),
    /// The words there that its concepts matched: first and last token of each.
    pub words: Vec<(u32, u32)>,
    /// It fired in title or first two sentences (or through the window `lede`).
    pub in_lede: bool,
    /// The subtype of its category that the place speaks for.
    pub subtype: Option<&'r str>,
}

impl Fired<'_> {
    /// All that it adds to the sum.
    pub fn weight(&self) -> f64 {
        self.head + self.tail
    }
}

/// What fired on a story.
#[derive(Debug, Clone, Default)]
pub struct Firings<'r> {
    /// Rules for and against, in the order of the rule set.
    pub fired: Vec<Fired<'r>>,
    /// Gates that are shut; they add nothing to the sum.
    pub gates: Vec<Fired<'r>>,
    /// What concepts add by themselves, met in title or first four sentences.
    pub words_head: f64,
    /// What those add that are met only below these.
    pub words_tail: f64,
}

/// The part of a story that a sentence stands in, as far as rules care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zone {
    Title,
    /// First two sentences of the text.
    Top,
    /// Third and fourth.
    Lede,
    Body,
    /// Wherever it stands, it only recalls what was before.
    Recalled,
}

impl Zone {
    /// As it is told to people.
    fn key(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Top => "top",
            Self::Lede => "lede",
            Self::Body => "body",
            Self::Recalled => "recalled",
        }
    }
}

/// Tokens at the head of a sentence among which a word that recalls must begin.
const RECALLS_WITHIN: usize = 3;

/// Most sentences of a title that count as one; what has more is no title.
const TITLE_SENTENCES: u32 = 4;

/// Sentences, the title's among them, that the window `story` looks through.
const STORY_SENTENCES: u32 = 16;

/// A sentence with hits.
struct Line {
    sentence: u32,
    marks: (usize, usize),
    concepts: Concepts,
    zone: Zone,
    lang: Lang,
    /// Not switched off by a gate.
    open: bool,
}

impl RuleSet {
    /// Takes out the hits that say nothing: of attributed concepts inside a phrase that only says who
    /// reported ("told reporters" is no news of reporters), and of deniable ones beside a word that says
    /// they did not happen ("was not detained").
    pub fn mask(&self, hits: &mut Hits) {
        self.mask_denied(hits);
        self.mask_attributed(hits);
    }

    fn mask_denied(&self, hits: &mut Hits) {
        let [before, after] = [NEGATION_BEFORE, NEGATION_AFTER].map(|name| self.lexicon.concept(name));
        let (mut ends, mut starts): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        for hit in hits.all() {
            if Some(hit.concept) == before {
                ends.push(hit.last);
            } else if Some(hit.concept) == after {
                starts.push(hit.first);
            }
        }
        if ends.is_empty() && starts.is_empty() {
            return;
        }
        ends.sort_unstable();
        starts.sort_unstable();
        hits.retain(|hit| {
            let denied = || {
                let before = hit.first.checked_sub(1).is_some_and(|token| ends.binary_search(&token).is_ok());
                before || starts.binary_search(&(hit.last + 1)).is_ok()
            };
            !(self.concepts[usize::from(hit.concept.0)].deniable && denied())
        });
    }

    fn mask_attributed(&self, hits: &mut Hits) {
        let Some(attribution) = self.lexicon.concept(ATTRIBUTION) else { return };
        let phrases: Vec<(u32, u32)> =
            hits.all().iter().filter(|hit| hit.concept == attribution).map(|hit| (hit.first, hit.last)).collect();
        if phrases.is_empty() {
            return;
        }
        let (mut next, mut until) = (0, None);
        hits.retain(|hit| {
            while phrases.get(next).is_some_and(|(first, _)| *first <= hit.first) {
                until = until.max(Some(phrases[next].1));
                next += 1;
            }
            let masked = until.is_some_and(|until| hit.first <= until);
            !(masked && self.concepts[usize::from(hit.concept.0)].attributed)
        });
    }

    /// The concepts of a story's hits, which [`RuleSet::mask`] has seen, each with the part of the story.
    pub fn sightings(&self, reading: &Reading<'_>, hits: &Hits, year: Option<u16>) -> Vec<(&'static str, ConceptId)> {
        let marks = hits.all();
        let lines = lines(reading, marks, self.lexicon.concept(BACKGROUND), year);
        let of_line = |line: &Line| {
            let part = line.zone.key();
            marks[line.marks.0..line.marks.1].iter().map(move |mark| (part, mark.concept)).collect::<Vec<_>>()
        };
        lines.iter().flat_map(of_line).collect()
    }

    /// The rules that fire on the hits of a story, which [`RuleSet::mask`] has seen. `year` is that of its
    /// publication: what stands below the first sentences and tells of a year well before it only recalls.
    pub fn fire(&self, reading: &Reading<'_>, hits: &Hits, year: Option<u16>) -> Firings<'_> {
        let marks = hits.all();
        let (mut story, mut met) = (Concepts::default(), self.asked.none(1));
        for mark in marks {
            if !story.has(mark.concept.0) {
                story.insert(mark.concept.0);
                self.asked.meet(mark.concept.0, &mut met, 0);
            }
        }
        let possible = |index: usize| self.asked.whole(index, &met, 0, 0);
        let rules = || self.rules.iter().enumerate().filter(|(index, _)| possible(*index));
        let mut states: Vec<State<'_>> =
            rules().filter(|(_, rule)| !rule.gate).map(|(index, rule)| State::new(index, rule)).collect();
        if states.is_empty() && !self.rules.iter().any(|rule| rule.gate) {
            return Firings::default();
        }
        let mut lines = lines(reading, marks, self.lexicon.concept(BACKGROUND), year);
        let gates: Vec<Fired<'_>> =
            rules().filter(|(_, rule)| rule.gate).filter_map(|(_, gate)| shut(gate, &lines, marks, reading)).collect();
        for line in &mut lines {
            line.open = gates.iter().all(|gate| {
                let rule = gate.rule;
                line.concepts.meets(&rule.unless.concepts)
                    && !rule.all.iter().any(|group| group.concepts.meets(&line.concepts))
            });
        }
        let mut met = self.asked.none(lines.len());
        for (index, line) in lines.iter().enumerate() {
            marks[line.marks.0..line.marks.1].iter().for_each(|m| self.asked.meet(m.concept.0, &mut met, index));
        }
        for (index, line) in lines.iter().enumerate() {
            let after = lines.get(index + 1).filter(|after| after.sentence == line.sentence + 1);
            let next = index + usize::from(after.is_some());
            // A rule that asks for more than both sentences hold finds nothing in them.
            for state in states.iter_mut().filter(|state| self.asked.whole(state.number, &met, index, next)) {
                state.look(index, line, after, marks);
            }
        }
        let fired = states.into_iter().filter_map(|state| state.done(&lines, marks, self)).collect();
        let (words_head, words_tail) = self.words_of(&lines, marks);
        Firings { fired, gates, words_head, words_tail }
    }
}

impl RuleSet {
    /// What concepts add by themselves: in the head of the story, and below it only.
    fn words_of(&self, lines: &[Line], marks: &[Hit]) -> (f64, f64) {
        let mut head = vec![0.0_f64; self.words.len()];
        let mut below = vec![false; self.words.len()];
        for line in lines {
            let share = match line.zone {
                Zone::Title | Zone::Top => 1.0,
                Zone::Lede => self.score.word_early,
                Zone::Body => 0.0,
                Zone::Recalled => continue,
            };
            for mark in &marks[line.marks.0..line.marks.1] {
                let concept = usize::from(mark.concept.0);
                head[concept] = head[concept].max(share);
                below[concept] |= line.zone == Zone::Body;
            }
        }
        let sum = |share: &dyn Fn(usize) -> f64| -> f64 {
            self.words.iter().enumerate().map(|(concept, adds)| adds * share(concept)).sum()
        };
        let tail = |concept: usize| if head[concept] == 0.0 && below[concept] { self.score.word_below } else { 0.0 };
        (sum(&|concept| head[concept]), sum(&tail))
    }
}

/// Cuts the marks by sentence. A title told again at the head of the text counts once.
/// A sentence that opens with a word of `background` only recalls, and so does the rest of its paragraph.
fn lines(reading: &Reading<'_>, marks: &[Hit], background: Option<ConceptId>, year: Option<u16>) -> Vec<Line> {
    let titles = reading.sentences.partition_point(|sentence| sentence.part == Part::Title);
    let told_again = told_again(reading, titles);
    let mut lines: Vec<Line> = Vec::new();
    let mut at = 0;
    let mut recalled: Option<usize> = None;
    for run in marks.chunk_by(|a, b| a.sentence == b.sentence) {
        let (start, sentence) = (at, run[0].sentence);
        at += run.len();
        let Some(place) = reading.sentences.get(sentence as usize) else { continue };
        let zone = match (sentence as usize).checked_sub(titles) {
            None if sentence < TITLE_SENTENCES => Zone::Title,
            None => Zone::Body,
            Some(index) => match index.checked_sub(told_again) {
                None => continue,
                Some(0 | 1) => Zone::Top,
                Some(2 | 3) => Zone::Lede,
                Some(_) => Zone::Body,
            },
        };
        let head = place.tokens.start + RECALLS_WITHIN;
        let recalls = |mark: &Hit| Some(mark.concept) == background && (mark.first as usize) < head;
        // What a text begins with is its news, whatever the word.
        let opens = sentence as usize == titles + told_again;
        let ago = if zone == Zone::Body { YEARS_AGO } else { HISTORY };
        let old = || year.is_some_and(|year| tells_of_before(reading, place.tokens.clone(), year.saturating_sub(ago)));
        if place.part == Part::Text && !opens && (run.iter().any(recalls) || old()) {
            recalled = Some(place.paragraph);
        }
        let zone = if place.part == Part::Text && recalled == Some(place.paragraph) { Zone::Recalled } else { zone };
        let mut concepts = Concepts::default();
        for mark in run {
            concepts.insert(mark.concept.0);
        }
        lines.push(Line { sentence, marks: (start, at), concepts, zone, lang: place.lang, open: true });
    }
    lines
}

/// Years between publication and a year that is background below the first sentences.
const YEARS_AGO: u16 = 3;
/// Years between publication and a year that is history wherever it stands after the first sentence.
const HISTORY: u16 = 25;

/// Is a year written, `latest` or one before it, so that the sentence only recalls?
fn tells_of_before(reading: &Reading<'_>, tokens: std::ops::Range<usize>, latest: u16) -> bool {
    tokens.filter(|token| reading.tokens[*token].shape.digits).any(|token| {
        let digits = reading.codes(token);
        let written = std::str::from_utf8(digits.get(..4).unwrap_or_default()).ok().and_then(|text| text.parse().ok());
        let whole = digits.len() == 4 || digits.get(4).is_some_and(|next| *next == b'-');
        whole && written.is_some_and(|written: u16| (1900..=latest).contains(&written))
    })
}

/// How many sentences at the head of the text only tell the title again.
fn told_again(reading: &Reading<'_>, titles: usize) -> usize {
    let words = reading.sentences.get(..titles).and_then(<[_]>::last).map_or(0, |last| last.tokens.end);
    if words == 0
        || reading.tokens.len() < 2 * words
        || (0..words).any(|i| reading.codes(i) != reading.codes(words + i))
    {
        return 0;
    }
    reading.sentences[titles..].iter().take_while(|sentence| sentence.tokens.end <= 2 * words).count()
}

/// Whether a gate is shut: its groups are hit in one sentence of the title, or in the first of the text.
fn shut<'r>(gate: &'r Rule, lines: &[Line], marks: &[Hit], reading: &Reading<'_>) -> Option<Fired<'r>> {
    let first = reading.sentences.partition_point(|sentence| sentence.part == Part::Title);
    let first = first + told_again(reading, first);
    lines
        .iter()
        .take_while(|line| line.sentence as usize <= first)
        .filter(|line| line.zone == Zone::Title || line.sentence as usize == first)
        .filter(|line| gate.reads(line.lang) && !line.concepts.meets(&gate.none.concepts))
        .find_map(|line| {
            let marks = &marks[line.marks.0..line.marks.1];
            let picked = choose(gate, marks, &line.concepts)?;
            Some(Fired {
                rule: gate,
                head: 0.0,
                tail: 0.0,
                windows: Vec::new(),
                sentences: (line.sentence, line.sentence),
                words: picked.words(marks),
                in_lede: true,
                subtype: None,
            })
        })
}

/// A place where a window fired: lines by index, and the marks chosen.
#[derive(Clone, Copy)]
struct Place {
    lines: (usize, usize),
    in_lede: bool,
    zone: Zone,
}

/// What one window of a rule has found so far.
#[derive(Clone, Copy, Default)]
struct Seen {
    first: Option<Place>,
    second: Option<Place>,
}

/// One rule at work on one story.
struct State<'r> {
    /// Its place in the rule set.
    number: usize,
    rule: &'r Rule,
    /// By window; most rules that a story might fire see nothing.
    seen: Option<Box<[Seen; Window::ALL.len()]>>,
}

impl<'r> State<'r> {
    fn new(number: usize, rule: &'r Rule) -> Self {
        Self { number, rule, seen: None }
    }

    /// Whether a window is weighed and has not fired in two places yet, one of them news.
    fn wants(&self, window: Window) -> bool {
        let seen = self.seen_in(window);
        let told = seen.second.is_some() && seen.first.is_some_and(|first| first.zone != Zone::Recalled);
        !told && self.rule.weight_of(window).is_some()
    }

    fn seen_in(&self, window: Window) -> Seen {
        self.seen.as_ref().map_or(Seen::default(), |seen| seen[window as usize])
    }

    fn found(&mut self, window: Window, place: Place) {
        let seen = &mut self.seen.get_or_insert_default()[window as usize];
        match seen.first {
            None => seen.first = Some(place),
            // What is told as news counts before what is recalled.
            Some(first) if first.zone == Zone::Recalled && place.zone != Zone::Recalled => {
                *seen = Seen { first: Some(place), second: Some(first) }
            }
            Some(_) => seen.second = Some(place),
        }
    }

    /// Looks at a sentence, and at it together with the one after it.
    fn look(&mut self, index: usize, line: &Line, after: Option<&Line>, marks: &[Hit]) {
        let rule = self.rule;
        if !rule.reads(line.lang) || line.concepts.meets(&rule.none.concepts) {
            return;
        }
        let own = &marks[line.marks.0..line.marks.1];
        let in_lede = matches!(line.zone, Zone::Title | Zone::Top);
        let place = Place { lines: (index, index), in_lede, zone: line.zone };
        if rule.against() {
            let (title, part) = (line.zone == Zone::Title, if in_lede { Window::Top } else { Window::Body });
            let wants_title = title && self.wants(Window::Title);
            let wants_part = self.wants(part);
            let wants_sentence = line.open && self.wants(Window::Sentence);
            if (wants_title || wants_part || wants_sentence) && choose(rule, own, &line.concepts).is_some() {
                for (window, wanted) in
                    [(Window::Title, wants_title), (part, wants_part), (Window::Sentence, wants_sentence)]
                {
                    if wanted {
                        self.found(window, place);
                    }
                }
            }
        }
        if !line.open {
            return;
        }
        let whole = rule.all.iter().all(|group| group.concepts.meets(&line.concepts));
        if whole {
            if !rule.against() && self.wants(Window::Sentence) && choose(rule, own, &line.concepts).is_some() {
                self.found(Window::Sentence, place);
            }
            if self.wants(Window::Near) && choose_near(rule, own).is_some() {
                self.found(Window::Near, place);
            }
            // A rule that looks at neighbours only means one sentence as well, or it would never fire
            // on a story of one sentence.
            let neighbours_only = rule.weight_of(Window::Sentence).is_none() && rule.weight_of(Window::Near).is_none();
            if neighbours_only && self.wants(Window::Next) && choose(rule, own, &line.concepts).is_some() {
                self.found(Window::Next, place);
            }
            return;
        }
        let Some(after) = after else { return };
        if !self.wants(Window::Next)
            || !after.open
            || !rule.reads(after.lang)
            || after.concepts.meets(&rule.none.concepts)
            || rule.all.iter().all(|group| group.concepts.meets(&after.concepts))
        {
            return;
        }
        let mut both = line.concepts;
        both.join(&after.concepts);
        let own = &marks[line.marks.0..after.marks.1];
        if choose(rule, own, &both).is_some() {
            let zone = if after.zone == Zone::Recalled { after.zone } else { line.zone };
            self.found(Window::Next, Place { lines: (index, index + 1), in_lede, zone });
        }
    }

    /// Sums up, once every sentence was looked at.
    fn done(self, lines: &[Line], marks: &[Hit], set: &RuleSet) -> Option<Fired<'r>> {
        let rule = self.rule;
        let score = &set.score;
        let (mut head, mut tail, mut windows, mut in_lede) = (0.0, 0.0, Vec::new(), false);
        let mut shown: Option<(Window, Place)> = None;
        for &(window, weight) in &rule.weights {
            let seen = self.seen_in(window);
            let Some(first) = seen.first else { continue };
            windows.push(window);
            match (window, first.in_lede) {
                (Window::Body, _) => tail += weight,
                (_, true) => head += weight,
                (_, false) if first.zone == Zone::Lede => head += weight * score.early,
                (_, false) if first.zone == Zone::Recalled => tail += weight * score.elsewhere * score.recalled,
                (_, false) => tail += weight * score.elsewhere,
            }
            match seen.second {
                Some(second) if second.in_lede => head += weight * score.again,
                Some(second) if second.zone == Zone::Recalled => {}
                Some(_) => tail += weight * score.again,
                None => {}
            }
            in_lede |= first.in_lede;
            // What stands highest in the story is shown; of windows there, the narrowest.
            let higher = shown.is_none_or(|(_, place)| first.in_lede && !place.in_lede);
            if higher {
                shown = Some((window, first));
            }
        }
        let mut lede = None;
        if let Some(weight) = rule.weight_of(Window::Lede) {
            lede = self.lede(lines, marks, |line| !matches!(line.zone, Zone::Body | Zone::Recalled));
            if lede.is_some() {
                head += weight;
                windows.push(Window::Lede);
                in_lede = true;
            }
        }
        if let Some(weight) = rule.weight_of(Window::Story) {
            let story = self.lede(lines, marks, |line| line.sentence < STORY_SENTENCES && line.zone != Zone::Recalled);
            if story.is_some() {
                head += weight;
                windows.push(Window::Story);
                lede = lede.or(story);
            }
        }
        let (range, words) = match (shown, lede) {
            (Some((window, place)), lede) if place.in_lede || lede.is_none() => {
                let own = &marks[lines[place.lines.0].marks.0..lines[place.lines.1].marks.1];
                let mut concepts = lines[place.lines.0].concepts;
                concepts.join(&lines[place.lines.1].concepts);
                let picked = match window {
                    Window::Near => choose_near(rule, own),
                    _ => choose(rule, own, &concepts),
                };
                (place.lines, picked.map(|picked| picked.words(own)).unwrap_or_default())
            }
            (_, Some(lede)) => lede,
            (_, None) => return None,
        };
        let mut concepts = lines[range.0].concepts;
        concepts.join(&lines[range.1].concepts);
        let subtype = rule
            .subtypes
            .iter()
            .find(|subtype| subtype.any.concepts.meets(&concepts))
            .map(|subtype| subtype.id.as_str());
        let sentences = (lines[range.0].sentence, lines[range.1].sentence);
        Some(Fired { rule, head, tail, windows, sentences, words, in_lede, subtype })
    }

    /// The windows `lede` and `story`: the sentence of it that holds most of the chosen words, and these.
    fn lede(&self, lines: &[Line], marks: &[Hit], holds: impl Fn(&Line) -> bool) -> Option<Shown> {
        let rule = self.rule;
        let mut gathered: Vec<Hit> = Vec::new();
        let mut concepts = Concepts::default();
        for line in lines.iter().take_while(|line| line.sentence < STORY_SENTENCES).filter(|line| holds(line)) {
            if line.open && rule.reads(line.lang) && !line.concepts.meets(&rule.none.concepts) {
                gathered.extend_from_slice(&marks[line.marks.0..line.marks.1]);
                concepts.join(&line.concepts);
            }
        }
        let picked = choose(rule, &gathered, &concepts)?;
        let chosen: Vec<Hit> = picked.marks(&gathered).collect();
        let count = |sentence: u32| chosen.iter().filter(|mark| mark.sentence == sentence).count();
        let best =
            chosen.iter().map(|mark| mark.sentence).max_by_key(|&sentence| (count(sentence), u32::MAX - sentence))?;
        let index = lines.iter().position(|line| line.sentence == best)?;
        let words = chosen.iter().filter(|mark| mark.sentence == best).map(|mark| (mark.first, mark.last)).collect();
        Some(((index, index), words))
    }
}

/// What is shown as evidence: first and last line, and the words there, first and last token of each.
type Shown = ((usize, usize), Vec<(u32, u32)>);

/// One mark for each group of a rule, by index.
struct Picked {
    indexes: Vec<usize>,
}

impl Picked {
    fn marks<'m>(&self, marks: &'m [Hit]) -> impl Iterator<Item = Hit> + use<'m> {
        let mut indexes = self.indexes.clone();
        indexes.sort_unstable();
        indexes.into_iter().map(|index| marks[index])
    }

    fn words(&self, marks: &[Hit]) -> Vec<(u32, u32)> {
        self.marks(marks).map(|mark| (mark.first, mark.last)).collect()
    }
}

/// Picks a mark for every group, no two on one token; in the order of the groups where the rule says so.
/// `concepts` are those of the marks.
fn choose(rule: &Rule, marks: &[Hit], concepts: &Concepts) -> Option<Picked> {
    if !rule.all.iter().all(|group| group.concepts.meets(concepts)) {
        return None;
    }
    if rule.order {
        return choose_in_order(&rule.all, marks, 0, None);
    }
    let mut indexes = Vec::with_capacity(rule.all.len());
    let mut budget = 64 + 8 * marks.len();
    assign(&rule.all, marks, &mut indexes, None, &mut budget).then_some(Picked { indexes })
}

/// Groups in their order, each taking what ends first: if any choice stands in order, this one does.
fn choose_in_order(groups: &[Group], marks: &[Hit], offset: usize, start: Option<usize>) -> Option<Picked> {
    let mut indexes: Vec<usize> = Vec::with_capacity(groups.len());
    let mut groups = groups;
    if let Some(start) = start {
        indexes.push(start);
        groups = &groups[1..];
    }
    for group in groups {
        let after = indexes.last().map(|&index| marks[index].last);
        let next = marks
            .iter()
            .enumerate()
            .skip(offset)
            .filter(|(_, mark)| group.concepts.has(mark.concept.0) && after.is_none_or(|after| mark.first > after))
            .min_by_key(|(_, mark)| mark.last)?;
        indexes.push(next.0);
    }
    Some(Picked { indexes })
}

/// All groups within [`NEAR_TOKENS`] of each other, by the leftmost mark that has the others at hand.
fn choose_near(rule: &Rule, marks: &[Hit]) -> Option<Picked> {
    for (start, left) in marks.iter().enumerate() {
        let serves = |group: &Group| group.concepts.has(left.concept.0);
        if !rule.all.iter().any(serves) {
            continue;
        }
        let reach = left.last.saturating_add(NEAR_TOKENS);
        let end = start + marks[start..].partition_point(|mark| mark.first <= reach);
        let close = &marks[start..end];
        if rule.order {
            if serves(&rule.all[0])
                && let Some(picked) = choose_in_order(&rule.all, close, 0, Some(0))
            {
                return Some(Picked { indexes: picked.indexes.into_iter().map(|index| start + index).collect() });
            }
            continue;
        }
        for fixed in (0..rule.all.len()).filter(|&group| serves(&rule.all[group])) {
            let (mut indexes, mut budget) = (Vec::with_capacity(rule.all.len()), 64 + 8 * close.len());
            if assign(&rule.all, close, &mut indexes, Some(fixed), &mut budget) {
                return Some(Picked { indexes: indexes.into_iter().map(|index| start + index).collect() });
            }
        }
    }
    None
}

/// Extends a choice group by group, going back where two groups want the same token. The group
/// `fixed` takes the first mark. Gives up when the budget of marks looked at is spent.
fn assign(groups: &[Group], marks: &[Hit], chosen: &mut Vec<usize>, fixed: Option<usize>, budget: &mut usize) -> bool {
    let Some(group) = groups.get(chosen.len()) else { return true };
    let range = if fixed == Some(chosen.len()) { 0..marks.len().min(1) } else { 0..marks.len() };
    for index in range {
        if *budget == 0 {
            return false;
        }
        *budget -= 1;
        let mark = &marks[index];
        let clashes = |&other: &usize| marks[other].first <= mark.last && mark.first <= marks[other].last;
        // The fixed mark belongs to its own group before that group's turn comes.
        let taken = fixed.is_some_and(|fixed| fixed > chosen.len()) && clashes(&0);
        if !group.concepts.has(mark.concept.0) || taken || chosen.iter().any(clashes) {
            continue;
        }
        chosen.push(index);
        if assign(groups, marks, chosen, fixed, budget) {
            return true;
        }
        chosen.pop();
    }
    false
}
