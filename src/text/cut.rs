//! One paragraph → its tokens and sentences.

use super::language::Paragraph;
use super::letters::{Kind, Kinds};
use super::{Reading, Sentence, Shape, Token, fold};
use crate::model::{Lang, Part, Script};

/// Most tokens of one sentence; a longer run (a list, a page without punctuation) is cut there.
pub(super) const LONGEST_SENTENCE: usize = 250;

/// Words whose full stop ends no sentence: shortened words of law, dates, places and sums.
const ABBREVIATIONS: &[&str] = &[
    "ст", "ч", "п", "пп", "г", "гг", "ул", "им", "д", "обл", "т", "е", "др", "пр", "см", "руб", "тг", "тыс", "млн",
    "млрд", "стр", "кв", "ж", "жж", "б", "б-б", "т.б", "mr", "mrs", "ms", "dr", "no", "art", "st", "vs", "jan", "feb",
    "aug", "sept", "oct", "nov", "dec", "p", "pp", "para",
];

/// Appends the tokens and sentences of one paragraph.
pub(super) fn paragraph(reading: &mut Reading<'_>, paragraph: &Paragraph) {
    let kinds = Kinds::table();
    let text = &match paragraph.part {
        Part::Title => reading.title,
        Part::Text => reading.text,
    }[..paragraph.end];
    let mut at = paragraph.start;
    let mut sentence_start = None;
    let mut first = reading.tokens.len();
    while let Some(found) = next_token(text, at, paragraph, kinds) {
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
        let word = &text[found.start..found.end];
        let folded_start = reading.folded.len() as u32;
        fold::word(word, paragraph.lang, paragraph.script, &mut reading.folded);
        let folded = (folded_start, reading.folded.len() as u32);
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

/// The first token from a place on.
fn next_token(text: &str, from: usize, paragraph: &Paragraph, kinds: &Kinds) -> Option<Found> {
    let mut chars = text[from..].char_indices();
    let mut stopped = false;
    let (start, c, kind) = loop {
        let (offset, c) = chars.next()?;
        let kind = kinds.of(c);
        if kind.is(Kind::WORD) {
            break (from + offset, c, kind);
        }
        if kind.is(Kind::SYMBOL) {
            let (start, shape) = (from + offset, Shape { symbol: true, ..Shape::default() });
            return Some(Found { start, end: start + c.len_utf8(), shape, stopped });
        }
        stopped |= kind.is(Kind::STOP);
    };
    let (mut end, mut last) = (start + c.len_utf8(), c);
    let mut letters = Letters { capital: kind.is(Kind::CAPITAL), digits: kind.is(Kind::DIGIT), ..Letters::default() };
    letters.see(kind);
    while let Some((offset, c)) = chars.next() {
        let kind = kinds.of(c);
        if kind.is(Kind::WORD.and(Kind::COMBINING)) {
            letters.see(kind);
        } else if kind.is(Kind::IGNORABLE) {
            // Inside a word it is dropped; at its end the word ends before it.
            continue;
        } else if kind.is(Kind::JOINER) && next_is_of_a_word(&chars, kinds) {
            letters.past_hyphen = true;
        } else if !(kind.is(Kind::APOSTROPHE) && is_accent_of_2017(last, paragraph, !next_is_of_a_word(&chars, kinds)))
        {
            break;
        }
        end = from + offset + c.len_utf8();
        last = c;
    }
    Some(Found { start, end, shape: letters.shape(), stopped })
}

fn next_is_of_a_word(chars: &std::str::CharIndices<'_>, kinds: &Kinds) -> bool {
    chars.clone().next().is_some_and(|(_, next)| kinds.of(next).is(Kind::WORD))
}

/// The apostrophe alphabet of 2017 writes `s'` for ш at the end of a word too; elsewhere a closing
/// apostrophe is a quotation mark.
fn is_accent_of_2017(before: char, paragraph: &Paragraph, at_the_end: bool) -> bool {
    paragraph.lang == Lang::KK
        && paragraph.script == Script::Latin
        && matches!(before.to_ascii_lowercase(), 'a' | 'c' | 'g' | 'i' | 'n' | 'o' | 's' | 'u' | 'y')
        && at_the_end
}

/// What the letters of a token tell of its shape.
#[derive(Default)]
struct Letters {
    capital: bool,
    digits: bool,
    before_hyphen: u32,
    capitals: u32,
    past_hyphen: bool,
}

impl Letters {
    fn see(&mut self, kind: Kind) {
        if !self.past_hyphen && kind.is(Kind::ALPHABETIC) {
            self.before_hyphen += 1;
            self.capitals += u32::from(kind.is(Kind::CAPITAL));
        }
    }

    fn shape(&self) -> Shape {
        let capitals = self.before_hyphen > 1 && self.capitals == self.before_hyphen;
        Shape { capital: self.capital, capitals, digits: self.digits, symbol: false }
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
    let lower = word.to_lowercase();
    ABBREVIATIONS.contains(&lower.as_str())
}
