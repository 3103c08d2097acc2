//! Who does and who suffers: the part that somebody named in a sentence has in an act named beside them.
//!
//! Told by grammar alone, in the way of each language: Russian by case, preposition and voice
//! ("журналиста задержали", "издание заблокировано", "с редакции взыскали" against "редакция
//! взыскала"), Kazakh by case suffix and voice of the verb that follows ("тілшіні ұстады", "тілші
//! ұсталды", "тілшінің қамалуы"), English by order, voice and preposition ("police detained the
//! reporter", "the reporter was detained", "arrest of the reporter", "by the reporter"). Where the
//! grammar leaves it open nothing is said. Knows no concept and no rule; looks at a few words around
//! the two, so its cost does not grow with the sentence.

mod english;
mod kazakh;
mod russian;

use super::Reading;
use crate::model::Lang;

/// The part that somebody has in an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Does it.
    Does,
    /// It is done to them.
    Suffers,
}

/// Words, as first and last token.
pub type Words = (u32, u32);

/// Most tokens between somebody and the act; what stands further off has a part in something else.
pub const FURTHEST: u32 = 9;

/// The part of somebody in an act of the same sentence, where its grammar tells it.
pub fn part(reading: &Reading<'_>, lang: Lang, act: Words, party: Words) -> Option<Part> {
    let (left, right) = if act.0 < party.0 { (act, party) } else { (party, act) };
    if right.0 <= left.1 || right.0 - left.1 > FURTHEST + 1 || !in_one_clause(reading, left.1, right.0) {
        return None;
    }
    let phrase = Phrase { reading, act, party };
    match lang {
        Lang::RU => russian::part(&phrase),
        Lang::KK => kazakh::part(&phrase),
        Lang::EN => english::part(&phrase),
        _ => None,
    }
}

/// Nothing between two tokens ends a clause for certain.
fn in_one_clause(reading: &Reading<'_>, from: u32, to: u32) -> bool {
    (from..to).all(|token| !reading.gap(token as usize).contains([';', ':', '!', '?', '(', ')']))
}

/// An act and somebody, in their sentence.
struct Phrase<'r, 's> {
    reading: &'r Reading<'s>,
    act: Words,
    party: Words,
}

impl Phrase<'_, '_> {
    /// Does the act stand first?
    fn act_first(&self) -> bool {
        self.act.0 < self.party.0
    }

    /// A folded word; empty outside the story.
    fn word(&self, token: u32) -> String {
        if (token as usize) < self.reading.tokens.len() { self.reading.word(token as usize) } else { String::new() }
    }

    /// The words of a run of tokens.
    fn words(&self, words: Words) -> Vec<String> {
        (words.0..=words.1).map(|token| self.word(token)).collect()
    }

    /// The words between the two.
    fn between(&self) -> Vec<String> {
        let (from, to) = if self.act_first() { (self.act.1, self.party.0) } else { (self.party.1, self.act.0) };
        (from + 1..to).map(|token| self.word(token)).collect()
    }

    /// The word before a token of the same sentence, counted back from 1.
    fn before(&self, token: u32, back: u32) -> String {
        let sentence = &self.reading.sentences[self.reading.sentence_of(token as usize)];
        match (token as usize).checked_sub(back as usize) {
            Some(at) if sentence.tokens.contains(&at) => self.word(at as u32),
            _ => String::new(),
        }
    }

    /// The word after a token of the same sentence, where nothing but a space parts them.
    fn after(&self, token: u32) -> String {
        let at = token as usize + 1;
        let sentence = &self.reading.sentences[self.reading.sentence_of(token as usize)];
        let joined = self.reading.gap(token as usize).trim().is_empty();
        if sentence.tokens.contains(&at) && joined { self.word(at as u32) } else { String::new() }
    }
}

fn ends(word: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| word.ends_with(ending))
}

#[cfg(test)]
mod tests;
