//! Two wordings of one article → what went out of it and what came in, in sentences.
//!
//! Paragraphs are compared by their words alone; of those that changed, the sentences are told that the other
//! wording does not have. Order, spacing, punctuation and case change nothing; a number does. Short lines without an
//! end (a counter, a caption, a credit) are no part of what an article says.

use std::collections::BTreeMap;

use super::near;
use crate::model::Story;

/// A line without a full stop that has fewer words is a label.
const LABEL: usize = 6;
/// What ends a sentence.
const ENDS: [char; 4] = ['.', '!', '?', '…'];
/// What may follow the end and still belongs to it.
const CLOSING: [char; 5] = ['»', '”', '"', '’', ')'];

/// What differs between two wordings. Empty where they say the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edits {
    /// Sentences of the first that the second does not have, in order; its headline first, where that changed.
    pub went: Vec<String>,
    /// Sentences of the second that the first does not have.
    pub came: Vec<String>,
}

impl Edits {
    /// Do both say the same?
    pub fn is_empty(&self) -> bool {
        self.went.is_empty() && self.came.is_empty()
    }
}

/// What went and what came between two wordings of an article.
pub fn edits(before: &Story, now: &Story) -> Edits {
    let mut edits = Edits::default();
    if fold(&before.title) != fold(&now.title) {
        edits.went.extend(said(&before.title));
        edits.came.extend(said(&now.title));
    }
    let (old, new) = (paragraphs(&before.text), paragraphs(&now.text));
    let (old, new) = (without(&old, &new), without(&new, &old));
    let (old, new) = (sentences(&old), sentences(&new));
    edits.went.extend(without(&old, &new).into_iter().map(str::to_owned));
    edits.came.extend(without(&new, &old).into_iter().map(str::to_owned));
    edits
}

fn said(title: &str) -> Option<String> {
    Some(title.trim().to_owned()).filter(|title| !title.is_empty())
}

fn fold(text: &str) -> String {
    near::words(text).collect::<Vec<_>>().join(" ")
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").map(str::trim).filter(|paragraph| !is_label(paragraph)).collect()
}

fn is_label(paragraph: &str) -> bool {
    let ended = paragraph.trim_end_matches(CLOSING).ends_with(ENDS);
    let words = near::words(paragraph).take(LABEL).count();
    words == 0 || !ended && words < LABEL
}

fn sentences<'t>(paragraphs: &[&'t str]) -> Vec<&'t str> {
    paragraphs.iter().flat_map(|paragraph| cut(paragraph)).collect()
}

/// A paragraph's sentences: one ends where a capital follows its stop, unless the stop belongs to an initial.
fn cut(paragraph: &str) -> Vec<&str> {
    let (mut sentences, mut from) = (Vec::new(), 0);
    for (at, gap) in paragraph.match_indices(char::is_whitespace) {
        let (before, after) = (&paragraph[from..at], &paragraph[at + gap.len()..]);
        let said = before.trim_end_matches(CLOSING);
        let word = said.trim_end_matches(ENDS).rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let opens = after.trim_start_matches(['«', '“', '"', '—', '–', '-', ' ']).starts_with(char::is_uppercase);
        if said.ends_with(ENDS) && opens && word.chars().nth(1).is_some() {
            sentences.push(before.trim());
            from = at + gap.len();
        }
    }
    sentences.push(paragraph[from..].trim());
    sentences.retain(|sentence| !fold(sentence).is_empty());
    sentences
}

/// Those of some pieces that the others do not have, each as often as it is missing there.
fn without<'t>(pieces: &[&'t str], others: &[&str]) -> Vec<&'t str> {
    let mut there: BTreeMap<String, usize> = BTreeMap::new();
    for other in others {
        *there.entry(fold(other)).or_default() += 1;
    }
    let missing = |piece: &&&str| match there.get_mut(&fold(piece)) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    };
    pieces.iter().filter(missing).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(title: &str, text: &str) -> Story {
        Story {
            id: "s1".to_owned(),
            url: None,
            title: title.to_owned(),
            text: text.to_owned(),
            published: None,
            byline: None,
            source: None,
        }
    }

    const TITLE: &str = "Суд арестовал редактора";
    const FIRST: &str = "Суд Аркалыка арестовал редактора А. Б. Тестова. Ему грозит до 5 лет по ст. 274 УК.\n\n\
        Полиция изъяла технику. «Это давление», — сказал адвокат. Жалоба подана!";

    #[track_caller]
    fn check(title: &str, text: &str, went: &[&str], came: &[&str]) {
        let edits = edits(&story(TITLE, FIRST), &story(title, text));
        assert_eq!(
            (edits.went, edits.came),
            (went.iter().map(|s| (*s).to_owned()).collect(), came.iter().map(|s| (*s).to_owned()).collect())
        );
    }

    #[test]
    fn what_went_and_what_came_is_told_in_sentences() {
        check(
            TITLE,
            &FIRST.replace("«Это давление», — сказал адвокат.", "Адвокат от слов отказался."),
            &["«Это давление», — сказал адвокат."],
            &["Адвокат от слов отказался."],
        );
        check(
            TITLE,
            &FIRST.replace("до 5 лет", "до 3 лет"),
            &["Ему грозит до 5 лет по ст. 274 УК."],
            &["Ему грозит до 3 лет по ст. 274 УК."],
        );
        check("Суд отпустил редактора", FIRST, &[TITLE], &["Суд отпустил редактора"]);
        check(TITLE, &format!("{FIRST}\n\nРедакция приносит извинения."), &[], &["Редакция приносит извинения."]);
        check(
            TITLE,
            "Материал удалён по решению суда.",
            &[
                "Суд Аркалыка арестовал редактора А. Б. Тестова.",
                "Ему грозит до 5 лет по ст. 274 УК.",
                "Полиция изъяла технику.",
                "«Это давление», — сказал адвокат.",
                "Жалоба подана!",
            ],
            &["Материал удалён по решению суда."],
        );
        // Said twice and now once.
        let twice = format!("{FIRST}\n\nЖалоба подана!");
        assert_eq!(edits(&story("", &twice), &story("", FIRST)).went, ["Жалоба подана!"]);
    }

    #[test]
    fn what_a_site_turns_around_is_no_edit() {
        check("СУД арестовал  редактора", FIRST, &[], &[]);
        check(TITLE, &format!("Просмотров: 1 204\n\n{FIRST}\n\nФото: Ж. Автор"), &[], &[]);
        check(TITLE, &FIRST.replace("\n\n", " "), &[], &[]);
        check(TITLE, &FIRST.replace(" — ", " - ").replace('«', "“").replace('»', "”"), &[], &[]);
        let (one, other) = FIRST.split_once("\n\n").unwrap();
        check(TITLE, &format!("{other}\n\n{one}"), &[], &[]);
        assert!(edits(&story("", ""), &story("", "")).is_empty());
    }
}
