//! Who is touched: a name beside a word for a role, an outlet in quotation marks beside a word for one.
//!
//! Names are given in the nominative where the endings tell it: Russian surnames on -ов, -ев, -ин, -ский
//! with the given name before them, Kazakh names without their case suffix.

use std::collections::BTreeMap;

use super::tables::{Mark, Marked};
use super::words::{Words, begins};
use crate::model::{Lang, Part, Role, Span, Target};
use crate::text::stems::{Hits, Lexicon};

/// The most targets that are given.
const MOST: usize = 4;
/// Words between a role and its name.
const REACH: usize = 7;

/// The people and outlets that a story touches, those of the lede first.
pub(super) fn targets(words: &Words<'_, '_>, lexicon: &Lexicon, hits: &Hits, marks: &[Marked]) -> Vec<(Target, Span)> {
    let roles: BTreeMap<u16, Role> = Role::ALL
        .iter()
        .filter_map(|role| lexicon.concept(&format!("role_{}", role.id())).map(|concept| (concept.0, *role)))
        .collect();
    let mut found: Vec<(Target, usize, usize)> = Vec::new();
    for hit in hits.all() {
        let Some(role) = roles.get(&hit.concept.0).copied() else { continue };
        if found.len() >= 3 * MOST || hit.last as usize >= words.len() {
            break;
        }
        let (first, last) = (hit.first as usize, hit.last as usize);
        // An English headline may capitalise every word.
        let english = words.reading.sentences[words.sentence_index(first)].lang == Lang::EN;
        if english && words.reading.tokens[first].part == Part::Title {
            continue;
        }
        let told = if role == Role::Outlet { outlet(words, first, last) } else { person(words, marks, first, last) };
        let Some((start, end)) = told else { continue };
        let name = if role == Role::Outlet {
            words.reading.quote(words.reading.span(start..end)).to_owned()
        } else {
            nominative(words, start, end, last)
        };
        if found.iter().any(|(target, other, _)| *other == start || same(&target.name, &name)) {
            continue;
        }
        found.push((Target { name, role }, start, end));
    }
    // A lawyer named after somebody else speaks for him; alone in the lede he is the one touched.
    let lede = words.first_of_text + 1;
    if found.iter().any(|(target, _, _)| !matches!(target.role, Role::Lawyer | Role::Outlet)) {
        found.retain(|(target, _, _)| target.role != Role::Lawyer);
    }
    found.retain(|(target, start, _)| target.role != Role::Lawyer || words.sentence_index(*start) <= lede);
    if !found.iter().any(|(target, _, _)| target.role != Role::Outlet) {
        found.extend(named_first(words, marks, hits, &roles));
    }
    found.sort_by_key(|(_, start, _)| words.sentence_index(*start));
    found.truncate(MOST);
    found.into_iter().map(|(target, start, end)| (target, words.reading.span(start..end))).collect()
}

/// The first full name of the lede where no role stands beside one, with the first role of the story.
fn named_first(
    words: &Words<'_, '_>,
    marks: &[Marked],
    hits: &Hits,
    roles: &BTreeMap<u16, Role>,
) -> Option<(Target, usize, usize)> {
    let text = words.first_of_text;
    let sentences = words.reading.sentences.get(text..)?.iter().take(3);
    let (start, end) = sentences
        .flat_map(|sentence| sentence.tokens.clone().map(|at| (at, sentence.tokens.end)))
        .filter(|(at, _)| !in_quotes(words, *at))
        .find_map(|(at, limit)| name_from(words, marks, at, limit).map(|end| (at, end)))
        // Two capitalised words may be any phrase; a person's surname comes again in the story by itself.
        .filter(|(start, end)| end - start >= 2 && comes_again(words, *start, end - 1))?;
    let lang = words.reading.sentences[words.sentence_index(start)].lang;
    if lang != Lang::EN && words.key(start).is_ascii() {
        return None;
    }
    let role =
        hits.all().iter().find_map(|hit| roles.get(&hit.concept.0)).copied().filter(|role| *role != Role::Outlet);
    let name = nominative(words, start, end, usize::MAX);
    Some((Target { name, role: role.unwrap_or(Role::Other) }, start, end))
}

/// Does a surname stand again further on, without the given name before it?
fn comes_again(words: &Words<'_, '_>, given: usize, surname: usize) -> bool {
    let stem = |token: usize| words.key(token).chars().take(5).collect::<String>();
    let (given, own) = (stem(given), stem(surname));
    (surname + 1..words.len()).any(|at| {
        words.reading.tokens[at].shape.capital
            && words.key(at).starts_with(&own)
            && !words.key(at - 1).starts_with(&given)
    })
}

/// Two spellings of one name: equal but for the last letters.
fn same(a: &str, b: &str) -> bool {
    let stem = |name: &str| {
        name.chars().take(name.chars().count().saturating_sub(2).max(4)).collect::<String>().to_lowercase()
    };
    stem(a) == stem(b) || a.ends_with(b) || b.ends_with(a)
}

/// Is a token a capitalised word that may be part of a name?
fn is_name(words: &Words<'_, '_>, marks: &[Marked], at: usize) -> bool {
    let shape = words.reading.tokens[at].shape;
    let original = words.reading.original(at);
    // No name of the tables is longer than six words.
    let from = marks.partition_point(|marked| marked.first + 6 < at);
    let known = marks[from..].iter().take_while(|marked| marked.first <= at).any(|marked| {
        at < marked.end && matches!(marked.mark, Mark::Place(_) | Mark::Country(_) | Mark::Body(_) | Mark::Outlet(_))
    });
    shape.capital
        && !shape.capitals
        && !shape.digits
        && original.chars().count() > 2
        && !known
        && !is_word_of_news(words.key(at))
}

/// Capitalised words that begin a sentence or a title and are no names.
fn is_word_of_news(key: &str) -> bool {
    matches!(
        key,
        "the"
            | "this"
            | "his"
            | "her"
            | "she"
            | "they"
            | "facebook"
            | "instagram"
            | "telegram"
            | "youtube"
            | "tiktok"
            | "whatsapp"
            | "суд"
            | "court"
            | "судиа"
            | "judge"
            | "president"
            | "article"
            | "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "who"
            | "whose"
            | "when"
            | "after"
    ) || begins(
        key,
        &[
            "министер",
            "департамент",
            "комитет",
            "прокурат",
            "правител",
            "парламент",
            "сенат",
            "маслихат",
            "улттик",
            "бас",
            "жогарги",
            "верховн",
            "ministr",
            "committee",
            "criminal",
            "minister",
            "foreign",
            "prime",
            "president",
            "secretar",
            "council",
            "police",
            "supreme",
            "agency",
            "united",
            "union",
            "media",
            "news",
            "administration",
            "посол",
            "президент",
            "премер",
            "депутат",
            "пресс-секретар",
            "глава",
            "директор",
            "участни",
            "забастовк",
            "code",
        ],
    )
}

/// A name of two or three words after the role, or before it across a comma.
fn person(words: &Words<'_, '_>, marks: &[Marked], first: usize, last: usize) -> Option<(usize, usize)> {
    let sentence = words.sentence(first);
    // Beside it: "блогер Ермек Сатпаков", and across the outlet's name.
    for start in last + 1..(last + 1 + REACH).min(sentence.end) {
        let gap = words.gap(start - 1);
        // The clause ends: what follows is another's name.
        if gap.contains(['.', ';', ':', '(', '!', '?']) || (gap.contains(',') && start > last + 1) {
            break;
        }
        if in_quotes(words, start) {
            continue;
        }
        if let Some(end) = name_from(words, marks, start, sentence.end) {
            // "the editor of Steppe Herald", "редактора Steppe Herald": a Latin name in Russian is an outlet's.
            let latin =
                words.key(start).is_ascii() && words.reading.sentences[words.sentence_index(start)].lang != Lang::EN;
            if !latin {
                return Some((start, end));
            }
        }
        if matches!(words.key(start), "of" | "at" | "with") {
            break;
        }
        // A verb or a new actor ends the reach: a capitalised single word that is no name does not.
        if start > last + 1 && is_end_of_phrase(words.key(start)) {
            break;
        }
    }
    // "Дана Сериккызы, корреспондентка"; "Marina Holt, editor of".
    let comma = first.checked_sub(1).filter(|before| sentence.contains(before))?;
    for end in [Some(comma + 1), comma.checked_sub(1).map(|at| at + 1)].into_iter().flatten() {
        let gap_has_comma =
            words.gap(end - 1).contains(',') || words.reading.sentences[words.sentence_index(first)].lang == Lang::KK;
        let start = end.checked_sub(2).filter(|start| sentence.contains(start))?;
        if gap_has_comma && name_from(words, marks, start, end) == Some(end) {
            return Some((start, end));
        }
    }
    None
}

fn is_end_of_phrase(key: &str) -> bool {
    matches!(
        key,
        "в" | "на"
            | "за"
            | "по"
            | "что"
            | "был"
            | "била"
            | "said"
            | "was"
            | "were"
            | "has"
            | "had"
            | "who"
            | "told"
            | "from"
            | "for"
            | "to"
            | "деп"
    )
}

/// Two or three name words that begin at a token, initials counted.
fn name_from(words: &Words<'_, '_>, marks: &[Marked], start: usize, limit: usize) -> Option<usize> {
    let arabic = words.reading.script == crate::model::Script::Arabic;
    if arabic || start >= limit {
        return None;
    }
    let initial = |at: usize| {
        at < limit && words.reading.tokens[at].shape.capital && words.reading.original(at).chars().count() == 1
    };
    // "А. Кенжин", "Н. Е. Вересова".
    if initial(start) {
        let mut at = start + 1;
        if initial(at) {
            at += 1;
        }
        return (at < limit && is_name(words, marks, at) && words.is_near(at - 1)).then_some(at + 1);
    }
    if !is_name(words, marks, start) {
        return None;
    }
    let second = start + 1;
    if second >= limit || !words.is_spaced(start) {
        return None;
    }
    // "Тимур К.", "Askar B."
    if initial(second) {
        return Some(second + 1);
    }
    if !is_name(words, marks, second) {
        return None;
    }
    let third = second + 1;
    let three = third < limit
        && words.is_spaced(second)
        && is_name(words, marks, third)
        && is_patronymic(words.key(second), words.key(third));
    Some(if three { third + 1 } else { third })
}

fn is_patronymic(second: &str, third: &str) -> bool {
    let patronymic = |key: &str| {
        key.ends_with("вич")
            || key.ends_with("вна")
            || key.ends_with("вича")
            || key.ends_with("вни")
            || key.ends_with("ули")
            || key.ends_with("кизи")
    };
    patronymic(second) || patronymic(third)
}

/// Does a token stand inside «…»? Looked for in its own sentence only.
fn in_quotes(words: &Words<'_, '_>, at: usize) -> bool {
    let sentence = words.sentence(at);
    let mut open = 0_i32;
    for before in sentence.start..at {
        for c in words.gap(before).chars() {
            match c {
                '«' | '“' => open += 1,
                '»' | '”' => open -= 1,
                _ => {}
            }
        }
    }
    open > 0
}

/// The words in quotation marks right after an outlet's word, or right before it (Kazakh).
fn outlet(words: &Words<'_, '_>, first: usize, last: usize) -> Option<(usize, usize)> {
    let sentence = words.sentence(first);
    if sentence.contains(&(last + 1)) && words.opens_quote(last + 1) {
        let start = last + 1;
        let end = (start..sentence.end.min(start + 6)).find(|at| words.closes_quote(*at))?;
        return Some((start, end + 1));
    }
    let before = first.checked_sub(1).filter(|at| sentence.contains(at))?;
    if words.closes_quote(before) {
        let start = (sentence.start..=before).rev().take(6).find(|at| words.opens_quote(*at))?;
        return Some((start, before + 1));
    }
    // "the weekly Steppe Herald", "Портал Steppe Herald": capitalised words of another look.
    let lang = words.reading.sentences[words.sentence_index(first)].lang;
    let latin = |at: usize| {
        sentence.contains(&at)
            && words.reading.tokens[at].shape.capital
            && words.key(at).is_ascii()
            && !is_word_of_news(words.key(at))
    };
    if latin(last + 1) && words.is_spaced(last) && (lang != Lang::EN || latin(last + 2)) {
        let mut end = last + 2;
        while end < last + 4 && latin(end) && words.is_spaced(end - 1) {
            end += 1;
        }
        return Some((last + 1, end));
    }
    None
}

/// A person's name without the endings of its case, as far as the forms tell it.
fn nominative(words: &Words<'_, '_>, start: usize, end: usize, role: usize) -> String {
    let written = words.reading.quote(words.reading.span(start..end));
    match words.reading.sentences[words.sentence_index(start)].lang {
        Lang::RU if end - start == 2 || words.reading.original(start).chars().count() == 1 => {
            let surname = words.reading.original(end - 1);
            let given = written.strip_suffix(surname).unwrap_or_default().trim_end();
            let told = |says: fn(&str) -> bool| role < start && says(words.key(role));
            russian(given, surname, told(is_feminine), told(is_oblique))
        }
        Lang::KK => kazakh(written),
        _ => written.strip_suffix("'s").or_else(|| written.strip_suffix("’s")).unwrap_or(written).to_owned(),
    }
}

fn is_feminine(role: &str) -> bool {
    begins(
        role,
        &[
            "журналистк",
            "активистк",
            "корреспондентк",
            "певис",
            "правозашитнис",
            "ведушаи",
            "ведушеи",
            "ведушуи",
            "блогерш",
        ],
    )
}

/// Is the role word in a case other than the nominative?
fn is_oblique(role: &str) -> bool {
    role.ends_with(['а', 'у', 'е']) && !is_feminine(role)
        || role.ends_with("ом")
        || role.ends_with("ем")
        || is_feminine(role) && role.ends_with(['у', 'и', 'е'])
}

/// "Ермека Сатпакова" → "Ермек Сатпаков", "Анну Вересову" → "Анна Вересова".
fn russian(given: &str, surname: &str, feminine: bool, oblique: bool) -> String {
    let cut = |word: &str, ending: &str| word.strip_suffix(ending).map(str::to_owned);
    // Endings that only a woman's name has in an oblique case.
    let woman = |given: &str| {
        let base = given.trim_end_matches(['ы', 'и', 'е', 'у', 'ю']);
        match given {
            _ if given.ends_with("ой") || given.ends_with("ей") => format!("{}а", &given[..given.len() - 4]),
            _ if base.len() < given.len() && !given.ends_with("лу") && base.chars().count() > 2 => {
                let last = if given.ends_with(['ю', 'и']) && !base.ends_with(['г', 'к', 'х', 'ж', 'ш', 'ч', 'щ'])
                {
                    'я'
                } else {
                    'а'
                };
                format!("{base}{last}")
            }
            _ => given.to_owned(),
        }
    };
    let man = |given: &str| {
        let base = ["ом", "ем", "ым", "а", "у", "е", "я", "ю"].iter().find_map(|ending| cut(given, ending));
        match base {
            Some(base) if given.ends_with(['я', 'ю']) && base.ends_with(['е', 'и', 'а']) => format!("{base}й"),
            Some(base) if given.ends_with("ем") && base.ends_with(['е', 'и', 'а']) => format!("{base}й"),
            // "Игоря", "Игорем"
            Some(base) if given.ends_with(['я', 'ю']) || given.ends_with("ем") => format!("{base}ь"),
            Some(base) if base.chars().count() > 2 => base,
            _ => given.to_owned(),
        }
    };
    for stem in ["ов", "ев", "ёв", "ин", "ын"] {
        let after = |ending: &str| cut(surname, ending).filter(|base| base.ends_with(stem));
        if let Some(base) = after("ой") {
            return format!("{} {base}а", woman(given));
        }
        if let Some(base) = after("ым") {
            return format!("{} {base}", man(given));
        }
        if let Some(base) = after("у") {
            let masculine = given.ends_with('у') && !given.ends_with("лу") && !feminine;
            return if masculine && !given.ends_with("ну") {
                format!("{} {base}", man(given))
            } else {
                format!("{} {base}а", woman(given))
            };
        }
        if let Some(base) = after("а") {
            // "редактора Виктора Лозовского" is a man, "корреспондент Анна Серова" a woman.
            let man_told = oblique && !feminine && given.ends_with(['а', 'я']);
            return if man_told { format!("{} {base}", man(given)) } else { format!("{given} {surname}") };
        }
    }
    for stem in ["ск", "цк"] {
        let after = |ending: &str| cut(surname, ending).filter(|base| base.ends_with(stem));
        if let Some(base) = ["ого", "ому", "им"].into_iter().find_map(after) {
            return format!("{} {base}ий", man(given));
        }
        if let Some(base) = ["ой", "ую"].into_iter().find_map(after) {
            return format!("{} {base}ая", woman(given));
        }
    }
    format!("{given} {surname}")
}

/// A Kazakh name without its case suffix.
fn kazakh(written: &str) -> String {
    const SUFFIXES: [&str; 26] = [
        "ның", "нің", "дың", "дің", "тың", "тің", "мен", "бен", "пен", "дан", "ден", "тан", "тен", "нан", "нен", "ға",
        "ге", "қа", "ке", "ды", "ді", "ты", "ті", "ны", "ні", "та",
    ];
    for suffix in SUFFIXES {
        if let Some(base) = written.strip_suffix(suffix) {
            let surname = base.rsplit(' ').next().unwrap_or(base);
            let known = ["ов", "ев", "ин", "ова", "ева", "ина", "ұлы", "қызы"]
                .iter()
                .any(|end| surname.to_lowercase().ends_with(end));
            if surname.chars().count() >= 4
                && (known || suffix.chars().count() == 3 && !matches!(suffix, "тан" | "дан" | "мен"))
            {
                return base.to_owned();
            }
        }
    }
    written.to_owned()
}
