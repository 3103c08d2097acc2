//! The proper names of a story, as far as they can tie it to another: people by two words, outlets and
//! works by their name in quotation marks or in foreign letters.
//!
//! It reads capitals, which all three languages use alike; what a name is (a person, a newspaper, a
//! video) matters less here than that two stories share it. Writing without capitals gives no names.
//! Nothing here decides that two stories belong together: see [`super::tie`].

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::common::{SAYS, is_common, is_office, is_patronymic};
use super::letters::{is_alphabetic, is_alphanumeric};
use super::names::{Word, skeleton};
use crate::model::{Lang, Role, Story, Verdict};

/// Names that are kept of a story; a list of a hundred signatories ties nothing.
const MOST: usize = 32;
/// Words of a story that are looked at.
const LONGEST: usize = 3_000;
/// Bytes of text that count as its beginning: two or three sentences.
const BEGINNING: usize = 520;
/// Words of a quoted name.
const QUOTED: usize = 5;

/// What kind of name it seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// Two capitalised words, or an initial and one.
    Person,
    /// In quotation marks, in foreign letters, or said to be an outlet.
    Named,
}

/// A name that a story holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// As it is printed where it comes first; no index keeps it.
    #[serde(skip)]
    pub printed: String,
    /// Its words.
    pub words: Vec<Word>,
    /// What kind.
    pub kind: Kind,
    /// Does it stand in the title or the first sentences, or is it what the verdict says the story is about?
    pub leads: bool,
    /// Is it somebody who speaks or decides by office: a minister, a judge, a lawyer?
    pub official: bool,
    /// How often it comes, by its last word.
    pub times: usize,
    /// Does the verdict name it as the one touched?
    pub target: bool,
}

impl Mention {
    /// Can both be the same name? Words may stand in either order.
    pub fn same(&self, other: &Self) -> bool {
        let (one, two) = (&self.words, &other.words);
        if one.len() != two.len() {
            return false;
        }
        let in_order = one.iter().zip(two).all(|(a, b)| a.same(b));
        in_order || (one.len() == 2 && one[0].same(&two[1]) && one[1].same(&two[0]) && !one[0].is_initial())
    }
}

/// A word of the text with what stands before it.
struct Token<'a> {
    word: &'a str,
    /// First byte in the whole, title and text.
    start: usize,
    gap: &'a str,
    capital: bool,
    shouted: bool,
    latin: bool,
    begins: bool,
    in_title: bool,
}

fn tokens<'a>(part: &'a str, in_title: bool, tokens: &mut Vec<Token<'a>>) {
    let mut end_of_last = 0;
    let mut chars = part.char_indices().peekable();
    let mut first = true;
    while let Some((start, c)) = chars.next() {
        if !is_alphanumeric(c) {
            continue;
        }
        let mut end = start + c.len_utf8();
        while let Some(&(at, next)) = chars.peek() {
            let joins = is_alphanumeric(next)
                || (matches!(next, '-' | '_' | '\'' | '’' | 'ʼ' | '\u{ad}')
                    && part[at + next.len_utf8()..].starts_with(is_alphanumeric));
            if !joins {
                break;
            }
            end = at + next.len_utf8();
            chars.next();
        }
        let word = &part[start..end];
        let gap = &part[end_of_last..start];
        let after_initial = tokens.last().is_some_and(|last| last.word.chars().count() == 1 && last.capital);
        let stop = gap.contains(['!', '?', '…', '\n', ':']) || (gap.contains('.') && !after_initial);
        let mut letters = word.chars().filter(|c| is_alphabetic(*c));
        let capital = letters.next().is_some_and(char::is_uppercase);
        let mut rest = letters.peekable();
        tokens.push(Token {
            word,
            start,
            gap,
            capital,
            shouted: capital && rest.peek().is_some() && rest.all(char::is_uppercase),
            latin: !word.chars().any(|c| !c.is_ascii() && is_alphabetic(c)),
            begins: first || stop,
            in_title,
        });
        if tokens.len() >= LONGEST {
            return;
        }
        first = false;
        end_of_last = end;
    }
}

/// The names of a story that may tie it to another, in order.
pub fn mentions(story: &Story, verdict: &Verdict) -> Vec<Mention> {
    let mut tokens_of: Vec<Token<'_>> = Vec::new();
    tokens(&story.title, true, &mut tokens_of);
    tokens(&story.text, false, &mut tokens_of);
    let reader = Reader::of(&tokens_of, verdict.lang);
    let mut found: Vec<Mention> = Vec::new();
    reader.quoted(&mut found);
    reader.foreign(&mut found);
    reader.people(&mut found);
    reader.targets(verdict, &mut found);
    found.truncate(MOST);
    found
}

struct Reader<'t, 'a> {
    tokens: &'t [Token<'a>],
    skeletons: Vec<String>,
    /// Words that also come small: no names.
    small: BTreeSet<&'t str>,
    lang: Lang,
}

impl<'t, 'a> Reader<'t, 'a> {
    fn of(tokens: &'t [Token<'a>], lang: Lang) -> Self {
        // A clean skeleton for every capitalised word; others only where they are asked.
        let skeletons = tokens.iter().map(|token| skeleton(token.word)).collect();
        Self { tokens, skeletons, small: BTreeSet::new(), lang }.with_small()
    }

    fn with_small(self) -> Self {
        let Self { tokens, skeletons, lang, .. } = self;
        let small: BTreeSet<&'t str> = tokens.iter().filter(|token| !token.capital).map(|token| token.word).collect();
        Self { tokens, skeletons, small, lang }
    }

    fn name_word(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        // English headlines capitalise every word.
        if !token.capital || (token.in_title && self.lang == Lang::EN) {
            return false;
        }
        if token.shouted && token.word.chars().count() < 5 {
            return false;
        }
        let skeleton = &self.skeletons[at];
        skeleton.len() >= 2 && !is_common(skeleton) && !(token.begins && self.comes_small(token.word))
    }

    fn comes_small(&self, word: &str) -> bool {
        let lower: String = word.chars().flat_map(char::to_lowercase).collect();
        self.small.contains(lower.as_str())
    }

    fn is_initial(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        token.capital
            && token.word.chars().count() == 1
            && self.tokens.get(at + 1).is_some_and(|next| next.gap.starts_with('.'))
    }

    /// Does this token stand right after the one before it, with nothing but a space between?
    fn joins(&self, at: usize) -> bool {
        let gap = self.tokens[at].gap;
        let initial = at > 0 && self.is_initial(at - 1) && gap.trim() == ".";
        at > 0
            && self.tokens[at].in_title == self.tokens[at - 1].in_title
            && (gap.trim().is_empty() || initial)
            && !gap.contains('\n')
    }

    /// People: each pair of neighbours in a run of capitalised words.
    fn people(&self, found: &mut Vec<Mention>) {
        let mut at = 0;
        while at < self.tokens.len() {
            let mut end = at;
            while end < self.tokens.len()
                && (self.name_word(end) || self.is_initial(end))
                && (end == at || (self.joins(end) && !self.tokens[end].begins))
            {
                end += 1;
            }
            if end - at >= 2 && end - at <= 5 {
                let plain: Vec<usize> = (at..end).filter(|at| !is_patronymic(&self.skeletons[*at])).collect();
                for pair in plain.windows(2) {
                    // An initial stands before a surname, or stands for one ("Тимур К.").
                    let one_script = self.tokens[pair[0]].latin == self.tokens[pair[1]].latin;
                    if one_script && !(self.is_initial(pair[0]) && self.is_initial(pair[1])) {
                        self.add(pair, Kind::Person, found);
                    }
                }
            }
            at = end.max(at + 1);
        }
    }

    /// Names in quotation marks that begin with a capital.
    fn quoted(&self, found: &mut Vec<Mention>) {
        for at in 0..self.tokens.len() {
            let gap = self.tokens[at].gap;
            if !gap.ends_with(['«', '“', '"', '„', '"']) || !self.tokens[at].capital {
                continue;
            }
            let closes =
                |end: usize| self.tokens.get(end).map_or("", |token| token.gap).starts_with(['»', '”', '"', '“']);
            let Some(end) = (at + 1..=at + QUOTED).find(|end| closes(*end) || *end >= self.tokens.len()) else {
                continue;
            };
            if !closes(end) {
                continue;
            }
            let words: Vec<usize> = (at..end).collect();
            // A quoted sentence is no name: it ends with its own stop, or has no other capital and many words.
            let inner = (at + 1..end).any(|at| self.tokens[at].gap.contains([',', '.', '!', '?']));
            if !inner {
                self.add(&words, Kind::Named, found);
            }
        }
    }

    /// Names in Latin letters inside Cyrillic text, and names with an underscore or digits inside anywhere.
    fn foreign(&self, found: &mut Vec<Mention>) {
        let cyrillic = self.tokens.iter().filter(|token| !token.latin).count() * 2 > self.tokens.len();
        let mut at = 0;
        while at < self.tokens.len() {
            let token = &self.tokens[at];
            let handle = token.word.contains('_') && token.word.len() > 4;
            let foreign = |at: usize| {
                let token = &self.tokens[at];
                token.latin && token.capital && !is_common(&self.skeletons[at]) && token.word.len() > 2
            };
            if handle {
                self.add(&[at], Kind::Named, found);
            } else if cyrillic && foreign(at) {
                let mut end = at + 1;
                while end < self.tokens.len() && end < at + 3 && self.joins(end) && foreign(end) {
                    end += 1;
                }
                let words: Vec<usize> = (at..end).collect();
                self.add(&words, Kind::Named, found);
                at = end;
                continue;
            }
            at += 1;
        }
    }

    fn add(&self, words: &[usize], kind: Kind, found: &mut Vec<Mention>) {
        let (first, last) = (words[0], words[words.len() - 1]);
        if self.is_cited(first) {
            return;
        }
        let compared: Vec<Word> = words.iter().map(|at| Word::of(self.tokens[*at].word)).collect();
        if compared.iter().any(|word| word.skeleton().is_empty())
            || compared.iter().map(|word| word.skeleton().len()).sum::<usize>() < 4
        {
            return;
        }
        let leads = self.tokens[first].in_title || self.tokens[first].start < BEGINNING;
        let official = kind == Kind::Person && self.is_official(first, last);
        let mention = Mention {
            printed: words.iter().map(|at| self.tokens[*at].word).collect::<Vec<_>>().join(" "),
            times: self.times(&compared),
            words: compared,
            kind,
            leads,
            official,
            target: false,
        };
        let full = found.len() >= 4 * MOST;
        match found.iter_mut().find(|known| known.same(&mention)) {
            Some(known) => {
                known.leads |= mention.leads;
                known.official |= mention.official;
                known.kind = known.kind.max(mention.kind);
            }
            None if full => {}
            None => found.push(mention),
        }
    }

    /// What the verdict says the story is about.
    fn targets(&self, verdict: &Verdict, found: &mut Vec<Mention>) {
        for target in &verdict.fields.targets {
            let words: Vec<Word> = target
                .name
                .split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '\'' | '’')))
                .filter(|word| !word.is_empty())
                .map(Word::of)
                .filter(|word| !word.skeleton().is_empty() && !is_patronymic(word.skeleton()))
                .collect();
            if words.is_empty() || words.iter().map(|word| word.skeleton().len()).sum::<usize>() < 4 {
                continue;
            }
            let kind = if target.role == Role::Outlet { Kind::Named } else { Kind::Person };
            if kind == Kind::Person && words.len() < 2 {
                continue;
            }
            let mention = Mention {
                printed: target.name.clone(),
                times: self.times(&words),
                words,
                kind,
                leads: true,
                official: false,
                target: true,
            };
            match found.iter_mut().find(|known| known.same(&mention)) {
                Some(known) => {
                    known.target = true;
                    known.official = false;
                    known.kind = known.kind.max(kind);
                    known.leads |= known.times > 1;
                }
                None => found.insert(0, mention),
            }
        }
    }

    /// How often the last word of a name comes.
    fn times(&self, words: &[Word]) -> usize {
        let Some(last) = words.iter().rev().find(|word| !word.is_initial()) else { return 0 };
        let key = last.looked_up_by();
        let told =
            self.tokens.iter().zip(&self.skeletons).filter(|(token, skeleton)| {
                token.capital && skeleton.starts_with(key) && Word::of(token.word).same(last)
            });
        told.count()
    }

    /// Does a word of office stand before the name, or behind it across a comma?
    fn is_official(&self, first: usize, last: usize) -> bool {
        let before = (first.saturating_sub(3)..first).rev();
        for at in before {
            let next_gap = self.tokens[at + 1].gap;
            if self.tokens[at + 1].begins || next_gap.contains([',', ';', '(', '«', '"']) {
                break;
            }
            if is_office(&self.skeletons[at]) {
                return true;
            }
        }
        let behind = last + 1;
        let comma = self.tokens.get(behind).is_some_and(|token| token.gap.trim() == "," || token.gap.contains('('));
        comma && (behind..(behind + 3).min(self.tokens.len())).any(|at| is_office(&self.skeletons[at]))
    }

    /// Is it only who told it: "сообщает Kaz-Pravo", "деп хабарлайды «…»"?
    fn is_cited(&self, first: usize) -> bool {
        (first.saturating_sub(2)..first)
            .any(|at| !self.tokens[at + 1].begins && SAYS.iter().any(|stem| self.skeletons[at].starts_with(stem)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(title: &str, text: &str, lang: Lang) -> Vec<(String, Kind, bool, bool)> {
        let story = Story {
            id: "s".to_owned(),
            url: None,
            title: title.to_owned(),
            text: text.to_owned(),
            published: None,
            byline: None,
            source: None,
        };
        let verdict = super::super::tests::verdict("s", lang);
        let told = mentions(&story, &verdict);
        told.into_iter().map(|mention| (mention.printed, mention.kind, mention.leads, mention.official)).collect()
    }

    #[test]
    fn names_are_cut_from_running_text() {
        let check = |text: &str, lang: Lang, expect: &[(&str, Kind)]| {
            let found = named("", text, lang);
            let found: Vec<(&str, Kind)> = found.iter().map(|(name, kind, ..)| (name.as_str(), *kind)).collect();
            assert_eq!(found, expect, "{text}");
        };
        check(
            "В Костанае задержан блогер Ерлан Сапарбек, пишет «Степь». ",
            Lang::RU,
            &[("Ерлан Сапарбек", Kind::Person)],
        );
        check(
            "Редакция «Ак жол хабары» подала в суд. Её главный редактор А. Б. Сапарбек не согласна.",
            Lang::RU,
            &[("Ак жол хабары", Kind::Named), ("Б Сапарбек", Kind::Person)],
        );
        check("Сайт Steppe Herald вновь открывается.", Lang::RU, &[("Steppe Herald", Kind::Named)]);
        check("Police detained Yerlan Saparbek on Monday.", Lang::EN, &[("Yerlan Saparbek", Kind::Person)]);
        check("Полиция Ерлан Сапарбекті ұстады.", Lang::KK, &[("Ерлан Сапарбекті", Kind::Person)]);
        check("The Supreme Court in New York met the Prime Minister.", Lang::EN, &[]);
        check("Жалоба поступила. Полиция Алматы молчит. Полиция ответила: «Нет, не было».", Lang::RU, &[]);
        check("", Lang::RU, &[]);
    }

    #[test]
    fn who_speaks_by_office_is_told_apart() {
        let official = |text: &str, lang| named("", text, lang)[0].3;
        for (text, lang) in [
            ("Об этом сказал министр Данияр Кенжебек.", Lang::RU),
            ("Адвокат блогера Данияр Кенжебек обжалует решение.", Lang::RU),
            ("Бұл туралы адвокат Данияр Кенжебек айтты.", Lang::KK),
            ("It was signed by Minister Daniyar Kenzhebek.", Lang::EN),
            ("So said Daniyar Kenzhebek, a lawyer for the paper.", Lang::EN),
        ] {
            assert!(official(text, lang), "{text}");
        }
        assert!(!official("Задержан блогер Данияр Кенжебек.", Lang::RU));
    }
}
