//! One paragraph → its tokens and sentences.

use super::fold::{self, Table};
use super::language::Paragraph;
use super::letters::{Kind, Kinds, character};
use super::{Reading, Sentence, Shape, Token, codes};
use crate::model::{Lang, Part, Script};

/// Most tokens of one sentence; a longer run (a list, a page without punctuation) is cut there.
pub(super) const LONGEST_SENTENCE: usize = 250;

/// Words whose full stop ends no sentence: shortened words of law, dates, places and sums.
const ABBREVIATIONS: &[&str] = &[
    "ст", "ч", "п", "пп", "г", "гг", "ул", "им", "д", "обл", "т", "е", "др", "пр", "см", "руб", "тг", "тыс", "млн",
    "млрд", "стр", "кв", "ж", "жж", "б", "б-б", "т.б", "mr", "mrs", "ms", "dr", "no", "art", "st", "vs", "jan", "feb",
    "aug", "sept", "oct", "nov", "dec", "p", "pp", "para", "янв", "фев", "февр", "апр", "авг", "сент", "окт", "нояб",
    "дек",
];

/// Bytes of the longest of them, with room for capitals that take more.
const LONGEST_ABBREVIATION: usize = 12;

/// Appends the tokens and sentences of one paragraph.
pub(super) fn paragraph(reading: &mut Reading<'_>, paragraph: &Paragraph) {
    let text = &match paragraph.part {
        Part::Title => reading.title,
        Part::Text => reading.text,
    }[..paragraph.end];
    let cutter = Cutter { text, paragraph, table: Table::for_language(paragraph.lang), kinds: Kinds::table() };
    let mut at = paragraph.start;
    let mut sentence_start = None;
    let mut first = reading.tokens.len();
    loop {
        let start_of_word = reading.folded.len() as u32;
        let Some(found) = cutter.next_token(at, &mut reading.folded) else { break };
        if sentence_start.is_none() {
            sentence_start = Some(after_space(text, at, found.start));
        } else if found.stopped || reading.tokens.len() - first >= LONGEST_SENTENCE {
            let stop = sentence_end(reading, &text[at..found.start], found.shape, first);
            if let Some(stop) = stop.map(|stop| at + stop) {
                close(reading, paragraph, first, sentence_start.unwrap_or(found.start), stop);
                first = reading.tokens.len();
                sentence_start = Some(after_space(text, stop, found.start));
            }
        }
        let folded = (start_of_word, reading.folded.len() as u32);
        let (start, end) = (found.start as u32, found.end as u32);
        reading.tokens.push(Token { part: paragraph.part, start, end, shape: found.shape, folded });
        at = found.end;
    }
    if let Some(start) = sentence_start.filter(|_| first < reading.tokens.len()) {
        let trimmed = paragraph.start + text[paragraph.start..].trim_end().len();
        close(reading, paragraph, first, start, trimmed.max(at));
    }
}

fn close(reading: &mut Reading<'_>, paragraph: &Paragraph, first: usize, start: usize, end: usize) {
    let tokens = first..reading.tokens.len();
    let (part, lang, paragraph) = (paragraph.part, paragraph.lang, paragraph.number);
    reading.sentences.push(Sentence { part, start, end, tokens, lang, paragraph });
}

/// The first place from `from` on that is no white space; at most `until`.
fn after_space(text: &str, from: usize, until: usize) -> usize {
    from + text[from..until].len() - text[from..until].trim_start().len()
}

struct Found {
    start: usize,
    end: usize,
    shape: Shape,
    /// Something that may end a sentence stands before it.
    stopped: bool,
}

/// Cuts one paragraph.
struct Cutter<'p> {
    /// The part up to the paragraph's end.
    text: &'p str,
    paragraph: &'p Paragraph,
    table: &'static Table,
    kinds: &'static Kinds,
}

impl Cutter<'_> {
    /// The first token from a place on; it is folded while it is cut.
    fn next_token(&self, from: usize, folded: &mut Vec<u8>) -> Option<Found> {
        let bytes = self.text.as_bytes();
        let (mut at, mut stopped) = (from, false);
        let (start, letter) = loop {
            let (c, length) = character(bytes, at)?;
            let letter = self.table.letter(c, self.kinds);
            at += length;
            if letter.kind.is(Kind::WORD) {
                break (at - length, letter);
            }
            if letter.kind.is(Kind::SYMBOL) {
                codes::push(char::from_u32(c)?, folded);
                let shape = Shape { symbol: true, ..Shape::default() };
                return Some(Found { start: at - length, end: at, shape, stopped });
            }
            stopped |= letter.kind.is(Kind::STOP);
        };
        let start_of_word = folded.len();
        letter.put(start_of_word, folded);
        let shape =
            Shape { capital: letter.kind.is(Kind::CAPITAL), digits: letter.kind.is(Kind::DIGIT), ..Shape::default() };
        let (mut end, mut kind) = (at, letter.kind);
        let mut alphabetic = u32::from(kind.is(Kind::ALPHABETIC));
        // What the letters before the first hyphen are together, and how many they are.
        let mut before_hyphen = None;
        while let Some((c, length)) = character(bytes, at) {
            let letter = self.table.letter(c, self.kinds);
            if !letter.kind.is(Kind::WORD.and(Kind::COMBINING)) {
                if letter.kind.is(Kind::IGNORABLE) {
                    // Inside a word it is dropped; at its end the word ends before it.
                    kind = kind.and(letter.kind);
                    at += length;
                    continue;
                }
                if !letter.kind.is(Kind::JOINER) {
                    break;
                }
                if self.is_of_a_word(at + length) {
                    before_hyphen.get_or_insert((kind, alphabetic));
                } else if !(letter.kind.is(Kind::APOSTROPHE) && self.is_accent_of_2017(end)) {
                    break;
                }
            }
            letter.put(start_of_word, folded);
            kind = kind.and(letter.kind);
            alphabetic += u32::from(letter.kind.is(Kind::ALPHABETIC));
            at += length;
            end = at;
        }
        let Paragraph { lang, script, .. } = *self.paragraph;
        if fold::by_neighbours(kind, lang, script) {
            folded.truncate(start_of_word);
            fold::codes_of(&self.text[start..end], lang, script, folded);
        }
        let (letters, count) = before_hyphen.unwrap_or((kind, alphabetic));
        let shape = Shape { capitals: count > 1 && !letters.is(Kind::SMALL), ..shape };
        Some(Found { start, end, shape, stopped })
    }

    fn is_of_a_word(&self, at: usize) -> bool {
        character(self.text.as_bytes(), at).is_some_and(|(c, _)| self.kinds.of(c).is(Kind::WORD))
    }

    /// The apostrophe alphabet of 2017 writes `s'` for ш at the end of a word too; elsewhere a closing
    /// apostrophe is a quotation mark. Asked only where no letter follows.
    fn is_accent_of_2017(&self, end: usize) -> bool {
        let before = self.text.as_bytes()[end - 1].to_ascii_lowercase();
        self.paragraph.lang == Lang::KK
            && self.paragraph.script == Script::Latin
            && matches!(before, b'a' | b'c' | b'g' | b'i' | b'n' | b'o' | b's' | b'u' | b'y')
    }
}

/// Where in the gap before the next token the sentence ends, if it does.
fn sentence_end(reading: &Reading<'_>, gap: &str, next: Shape, first: usize) -> Option<usize> {
    if reading.tokens.len() - first >= LONGEST_SENTENCE {
        return Some(gap.len() - gap.trim_start().len()).filter(|_| gap.starts_with(char::is_whitespace)).or(Some(0));
    }
    let stop = gap.find(['.', '!', '?', '…', '؟', '۔'])?;
    let after_stops = stop + run(&gap[stop..], |c| matches!(c, '.' | '!' | '?' | '…' | '؟' | '۔'));
    let end = after_stops + run(&gap[after_stops..], |c| matches!(c, '"' | '»' | '”' | '’' | '\'' | ')' | ']' | '“'));
    let rest = &gap[end..];
    if !rest.starts_with(char::is_whitespace) {
        return None;
    }
    // A small letter goes on with the sentence, but in a script without capitals.
    if !(next.capital || next.digits || next.symbol || reading.script == Script::Arabic) {
        return None;
    }
    let last = reading.tokens.len() - 1;
    let shortened = after_stops == stop + 1 && stop == 0 && is_abbreviation(reading.original(last), next);
    (!shortened).then_some(end)
}

/// Bytes of the longest prefix whose characters all fit.
fn run(text: &str, fits: impl Fn(char) -> bool) -> usize {
    text.char_indices().find(|(_, c)| !fits(*c)).map_or(text.len(), |(index, _)| index)
}

fn is_abbreviation(word: &str, next: Shape) -> bool {
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        // An initial: "А. Серов".
        (Some(c), None) if c.is_uppercase() && next.capital => return true,
        _ => {}
    }
    if word.len() > LONGEST_ABBREVIATION {
        return false;
    }
    let lower = word.to_lowercase();
    ABBREVIATIONS.contains(&lower.as_str())
}
