//! A story's words as the rules see them: cut into sentences and tokens, folded to one spelling, each
//! with its place in the original bytes.
//!
//! Folding never changes the story: a [`Token`] knows the bytes it was read from, so that evidence can
//! quote what was published, in whatever script it was. Reading cannot fail, and its cost grows
//! linearly with the text.

pub(crate) mod codes;
mod cut;
pub mod fold;
pub mod language;
mod letters;
pub mod parts;
pub mod stems;

use std::ops::Range;

use crate::model::{Lang, Part, Script, Span};
use language::Detector;

/// A story cut into tokens and sentences. The title's come first, then the text's.
#[derive(Debug, Clone)]
pub struct Reading<'a> {
    /// The title as published.
    pub title: &'a str,
    /// The text as published.
    pub text: &'a str,
    /// Language of most of the story.
    pub lang: Lang,
    /// Every language that a paragraph is in, most first.
    pub langs: Vec<Lang>,
    /// Script of most of the story.
    pub script: Script,
    /// Words, numbers and signs of money, in order.
    pub tokens: Vec<Token>,
    /// Sentences that hold at least one token, in order.
    pub sentences: Vec<Sentence>,
    /// Folded words, one byte a letter: see [`codes`].
    folded: Vec<u8>,
}

/// A maximal run of letters and digits, joined by inner hyphens and apostrophes (`73-3`, `174-баптың`),
/// or one sign of money, per cent, number or section. Other punctuation is no token: see [`Reading::gap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The part that it stands in.
    pub part: Part,
    /// First byte in that part.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// How it was written.
    pub shape: Shape,
    folded: (u32, u32),
}

/// How a token was written, which folding takes away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shape {
    /// Begins with a capital letter.
    pub capital: bool,
    /// Has more than one letter before any hyphen, all of them capitals: `БАҚ-тың`.
    pub capitals: bool,
    /// Begins with a digit.
    pub digits: bool,
    /// One of `$ € £ ₽ ₸ ¥ ₴ % ‰ № §`.
    pub symbol: bool,
}

/// A sentence, with the language of its paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The part that it stands in.
    pub part: Part,
    /// First byte in that part.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Its tokens, as indexes into [`Reading::tokens`].
    pub tokens: Range<usize>,
    /// Language of its paragraph.
    pub lang: Lang,
    /// Paragraph of the part, counted from 0.
    pub paragraph: usize,
}

impl Reading<'_> {
    /// A token folded for matching, as codes of letters: ASCII stands for itself. Two tokens have the same
    /// codes only if they are folded to the same word.
    pub fn codes(&self, token: usize) -> &[u8] {
        let (start, end) = self.tokens[token].folded;
        &self.folded[start as usize..end as usize]
    }

    /// A token folded for matching, to be read by people.
    pub fn word(&self, token: usize) -> String {
        let mut word = String::new();
        codes::decode(self.codes(token), &mut word);
        word
    }

    /// A token as published.
    pub fn original(&self, token: usize) -> &str {
        let token = &self.tokens[token];
        &self.part(token.part)[token.start as usize..token.end as usize]
    }

    /// The published text between a token and the next one of the same part; empty after the last.
    pub fn gap(&self, token: usize) -> &str {
        match (&self.tokens[token], self.tokens.get(token + 1)) {
            (this, Some(next)) if next.part == this.part => {
                &self.part(this.part)[this.end as usize..next.start as usize]
            }
            _ => "",
        }
    }

    /// Where a run of tokens of one part stands.
    ///
    /// # Panics
    /// Where the range is empty.
    pub fn span(&self, tokens: Range<usize>) -> Span {
        let (first, last) = (&self.tokens[tokens.start], &self.tokens[tokens.end - 1]);
        Span { start: first.start as usize, end: last.end as usize, part: first.part }
    }

    /// What a span quotes.
    pub fn quote(&self, span: Span) -> &str {
        &self.part(span.part)[span.start..span.end]
    }

    /// A part as published.
    pub fn part(&self, part: Part) -> &str {
        match part {
            Part::Title => self.title,
            Part::Text => self.text,
        }
    }

    /// The sentence that a token stands in.
    pub fn sentence_of(&self, token: usize) -> usize {
        self.sentences.partition_point(|sentence| sentence.tokens.end <= token)
    }
}

/// Cuts and folds a story.
pub fn read<'a>(title: &'a str, text: &'a str, detector: &Detector) -> Reading<'a> {
    let told = language::tell(title, text, detector);
    let mut reading = Reading {
        title,
        text,
        lang: told.lang,
        langs: told.langs,
        script: told.script,
        tokens: Vec::with_capacity((title.len() + text.len()) / 8),
        sentences: Vec::new(),
        folded: Vec::with_capacity((title.len() + text.len()) / 2),
    };
    for paragraph in &told.paragraphs {
        cut::paragraph(&mut reading, paragraph);
    }
    reading
}

/// Invisible characters that writers and page builders leave inside words: soft hyphen, zero-width and
/// direction marks, variation selectors, the byte order mark.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{640}')
}

/// Accents that follow their letter in NFD.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(title: &str, text: &str) -> Vec<String> {
        let reading = read(title, text, &Detector::new());
        (0..reading.tokens.len()).map(|token| reading.word(token)).collect()
    }

    fn sentences(text: &str) -> Vec<String> {
        let reading = read("", text, &Detector::new());
        reading.sentences.iter().map(|s| text[s.start..s.end].to_owned()).collect()
    }

    #[test]
    fn tokens_keep_what_belongs_together() {
        let check = |text: &str, expect: &[&str]| assert_eq!(words("", text), expect, "{text}");
        check("The editor's 73-3 case cost $10,000.", &["the", "editor", "73-3", "case", "cost", "$", "10", "000"]);
        check(
            "Суд оштрафовал её на 20 МРП (ст. 456-2).",
            &["суд", "оштрафовал", "ее", "на", "20", "мрп", "ст", "456-2"],
        );
        check(
            "жур\u{ad}на\u{200b}лист за\u{301}держан полицией в городе",
            &["журналист", "задержан", "полицией", "в", "городе"],
        );
        // Latin look-alikes typed inside a Russian word.
        check("Журнaлиcт был зaдержан полицией", &["журналист", "был", "задержан", "полицией"]);
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        let check = |text: &str, expect: &[&str]| assert_eq!(sentences(text), expect);
        check(
            "Его обвинили по ст. 174 УК. Суд идёт с 12 мая. А. Б. Серов молчит!",
            &["Его обвинили по ст. 174 УК.", "Суд идёт с 12 мая.", "А. Б. Серов молчит!"],
        );
        check(
            "He said: “Stop.” Then he left.\nA new line begins",
            &["He said: “Stop.”", "Then he left.", "A new line begins"],
        );
        check("Сумма — 2 млн. 405 тыс. тенге", &["Сумма — 2 млн. 405 тыс. тенге"]);
        check(" \n\n — …\n", &[]);
    }

    #[test]
    fn a_very_long_sentence_is_cut_so_that_windows_stay_small() {
        let text = "слово ".repeat(5_000);
        let reading = read("", &text, &Detector::new());
        assert!(reading.sentences.iter().all(|sentence| sentence.tokens.len() <= cut::LONGEST_SENTENCE));
        assert_eq!(reading.tokens.len(), 5_000);
    }

    #[test]
    fn sentences_know_the_tokens_they_hold() {
        let reading = read("Заголовок новости", "Первое. Второе предложение здесь.", &Detector::new());
        let held: Vec<_> = reading.sentences.iter().map(|s| s.tokens.clone()).collect();
        assert_eq!(held, [0..2, 2..3, 3..6]);
        assert_eq!((0..6).map(|token| reading.sentence_of(token)).collect::<Vec<_>>(), [0, 0, 1, 2, 2, 2]);
        assert_eq!(reading.gap(1), "");
        assert_eq!(reading.gap(2), ". ");
        assert_eq!(reading.quote(reading.span(3..5)), "Второе предложение");
    }

    proptest! {
        #[test]
        fn tokens_quote_the_original_on_character_borders(title in ".{0,40}", text in "(.|\n|[қҒа-я]|ё){0,200}") {
            let reading = read(&title, &text, &Detector::new());
            let mut last = (Part::Title, 0);
            for (index, token) in reading.tokens.iter().enumerate() {
                prop_assert!(!reading.original(index).is_empty());
                prop_assert!((token.part, token.start as usize) >= last);
                last = (token.part, token.end as usize);
                let _ = reading.gap(index);
            }
            let mut next = 0;
            for sentence in &reading.sentences {
                prop_assert_eq!(sentence.tokens.start, next);
                prop_assert!(!sentence.tokens.is_empty());
                next = sentence.tokens.end;
                let part = reading.part(sentence.part);
                prop_assert!(part.get(sentence.start..sentence.end).is_some());
                let span = reading.span(sentence.tokens.clone());
                prop_assert!(sentence.start <= span.start && span.end <= sentence.end);
            }
            prop_assert_eq!(next, reading.tokens.len());
        }
    }
}
