//! One paragraph → its tokens and sentences.

use super::language::Paragraph;
use super::{Reading, Sentence, Shape, Token, fold, is_combining, is_ignorable};
use crate::model::{Lang, Script};

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
    let whole = reading.part(paragraph.part).len();
    let text = match paragraph.part {
        crate::model::Part::Title => reading.title,
        crate::model::Part::Text => reading.text,
    };
    debug_assert!(paragraph.end <= whole);
    let mut at = paragraph.start;
    let mut sentence_start = None;
    let mut first = reading.tokens.len();
    while at < paragraph.end {
        let Some(found) = next_token(&text[at..paragraph.end], paragraph) else { break };
        let (start, end) = (at + found.start, at + found.end);
        if sentence_start.is_none() {
            sentence_start = Some(after_space(text, at, start));
        } else if let Some(stop) = sentence_end(reading, &text[at..start], found.shape, first) {
            let stop = at + stop;
            close(reading, paragraph, first, sentence_start.unwrap_or(start), stop);
            first = reading.tokens.len();
            sentence_start = Some(after_space(text, stop, start));
        }
        let folded_start = reading.folded.len();
        fold::word(&text[start..end], paragraph.lang, paragraph.script, &mut reading.folded);
        let folded = (folded_start as u32, reading.folded.len() as u32);
        let (start, end) = (start as u32, end as u32);
        reading.tokens.push(Token { part: paragraph.part, start, end, shape: found.shape, folded });
        at = end as usize;
    }
    if let Some(start) = sentence_start.filter(|_| first < reading.tokens.len()) {
        let trimmed = paragraph.start + text[paragraph.start..paragraph.end].trim_end().len();
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
}

/// The first token of a text.
fn next_token(text: &str, paragraph: &Paragraph) -> Option<Found> {
    let bytes_at = |index: usize| text[index..].chars().next();
    let mut start = None;
    for (index, c) in text.char_indices() {
        if c.is_alphanumeric() {
            start = Some(index);
            break;
        }
        if is_symbol(c) {
            let shape = Shape { symbol: true, ..Shape::default() };
            return Some(Found { start: index, end: index + c.len_utf8(), shape });
        }
    }
    let start = start?;
    let (mut end, mut last) = (start, '\0');
    let mut letters = Letters::default();
    let mut rest = text[start..].char_indices().peekable();
    while let Some((offset, c)) = rest.next() {
        let index = start + offset;
        if c.is_alphanumeric() || is_combining(c) {
            letters.see(c);
        } else if is_ignorable(c) {
            // Inside a word it is dropped; at its end the word ends before it.
            continue;
        } else if is_joiner(c) && rest.peek().is_some_and(|(_, next)| next.is_alphanumeric()) {
            letters.hyphen();
        } else if is_apostrophe(c) && is_accent_of_2017(last, paragraph, bytes_at(index + c.len_utf8())) {
            letters.see(c);
        } else {
            break;
        }
        end = index + c.len_utf8();
        last = c;
    }
    Some(Found { start, end, shape: letters.shape() })
}

/// The apostrophe alphabet of 2017 writes `s'` for ш at the end of a word too; elsewhere a closing
/// apostrophe is a quotation mark.
fn is_accent_of_2017(before: char, paragraph: &Paragraph, after: Option<char>) -> bool {
    paragraph.lang == Lang::KK
        && paragraph.script == Script::Latin
        && matches!(before.to_ascii_lowercase(), 'a' | 'c' | 'g' | 'i' | 'n' | 'o' | 's' | 'u' | 'y')
        && after.is_none_or(|c| !c.is_alphanumeric())
}

fn is_joiner(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '–') || is_apostrophe(c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | 'ʻ' | '‘' | '`')
}

fn is_symbol(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '₽' | '₸' | '¥' | '₴' | '%' | '‰' | '№' | '§')
}

/// What the letters of a token tell of its shape.
#[derive(Default)]
struct Letters {
    any: bool,
    capital: bool,
    digits: bool,
    before_hyphen: u32,
    capitals: u32,
    past_hyphen: bool,
}

impl Letters {
    fn see(&mut self, c: char) {
        let capital = c.is_uppercase();
        if !self.any {
            (self.any, self.capital, self.digits) = (true, capital, c.is_ascii_digit());
        }
        if !self.past_hyphen && c.is_alphabetic() {
            self.before_hyphen += 1;
            self.capitals += u32::from(capital);
        }
    }

    fn hyphen(&mut self) {
        self.past_hyphen = true;
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
