//! The court that acts, as the text names it, and its instance.

use super::tables::{Mark, Marked};
use super::words::{Words, begins};
use crate::model::{Instance, Lang};

/// A court and where it stands.
pub(super) struct Told {
    pub name: Option<String>,
    pub instance: Option<Instance>,
    pub first: usize,
    /// One past the last token.
    pub end: usize,
}

/// The first court that a story names with its kind; the title's only where the text names none.
pub(super) fn court(words: &Words<'_, '_>, marks: &[Marked]) -> Option<Told> {
    let text = words.first_of_text;
    let start = words.reading.sentences.get(text).map_or(0, |sentence| sentence.tokens.start);
    let courts = || {
        marks.iter().filter_map(|marked| match marked.mark {
            Mark::Court(instance) => Some((*marked, instance)),
            _ => None,
        })
    };
    let numbered = numbered(words, start);
    let named = courts().find(|(marked, _)| marked.first >= start).or_else(|| courts().next());
    let (marked, _) = match (named, numbered) {
        (Some((marked, _)), Some(first)) if marked.first < first => (marked, Instance::First),
        (_, Some(first)) => {
            let (first, end) = around(words, first, first + 1);
            let name = nominative(words, first, end);
            return Some(Told { name: Some(name), instance: Some(Instance::First), first, end });
        }
        (named, None) => named?,
    };
    let (first, end) = around(words, marked.first, marked.end);
    // Of all kinds that the same words fit, the highest decides: "городской суд" of Almaty is an appeal.
    let instance = courts()
        .filter(|(other, _)| other.first >= first && other.end <= end)
        .map(|(_, instance)| instance)
        .max_by_key(|instance| match instance {
            Instance::Cassation => 2,
            Instance::Appeal => 1,
            Instance::First => 0,
        })?;
    let name = nominative(words, first, end);
    let has_head = (first..end).any(|at| is_court(words.key(at)));
    Some(Told { name: has_head.then_some(name), instance: Some(instance), first, end })
}

/// "Суд № 2 города", "қаласының №2 соты": a court told by its number alone is a first instance.
fn numbered(words: &Words<'_, '_>, start: usize) -> Option<usize> {
    (start..words.len()).find(|at| {
        let key = words.key(*at);
        let digit = |at: usize| words.digits(at).is_some();
        let after = key == "суд" && words.key(at + 1) == "№" && digit(at + 2);
        let before = key.starts_with("соти") && *at >= 2 && digit(at - 1) && words.key(at - 2) == "№";
        after || before
    })
}

/// A court's name as published, its words brought to the nominative where their endings tell the case:
/// `Медеуского районного суда` → `Медеуский районный суд`, `аудандық сотында` → `аудандық соты`.
fn nominative(words: &Words<'_, '_>, first: usize, end: usize) -> String {
    let written = words.reading.quote(words.reading.span(first..end));
    let lang = words.reading.sentences.get(words.sentence_index(first)).map(|sentence| sentence.lang);
    let replaced = |ends: &dyn Fn(&str) -> Option<String>| -> String {
        let mut name = String::with_capacity(written.len());
        for at in first..end {
            let word = words.reading.original(at);
            name.push_str(&ends(word).unwrap_or_else(|| word.to_owned()));
            if at + 1 < end {
                name.push_str(words.gap(at));
            }
        }
        name
    };
    match lang {
        Some(Lang::KK) => replaced(&kazakh),
        Some(Lang::RU) => {
            // What stands behind the court's word is its town, in the genitive for good.
            let head = (first..end).find(|at| matches!(words.key(*at), "суда" | "суду" | "судом" | "суде"));
            let of_a_panel = (first..end).any(|at| words.key(at).starts_with("коллеги"));
            let Some(head) = head.filter(|_| !of_a_panel) else { return written.to_owned() };
            let start = words.reading.tokens[first].start as usize;
            let after = words.reading.tokens[head].end as usize - start;
            let mut name = String::with_capacity(written.len());
            for at in first..head {
                name.push_str(&adjective(words.reading.original(at)));
                name.push_str(words.gap(at));
            }
            name.push_str(if words.reading.tokens[head].shape.capital { "Суд" } else { "суд" });
            name.push_str(&written[after..]);
            name
        }
        _ => written.strip_suffix("'s").or_else(|| written.strip_suffix("’s")).unwrap_or(written).to_owned(),
    }
}

/// A Russian masculine adjective in the nominative.
fn adjective(word: &str) -> String {
    let oblique = ["ого", "ому", "ым", "ом"].iter().find_map(|ending| word.strip_suffix(ending));
    let Some(stem) = oblique.filter(|stem| stem.ends_with(['н', 'к', 'в'])) else {
        return word.to_owned();
    };
    let lower = stem.to_lowercase();
    let ending = match () {
        () if lower.ends_with("городск") || lower.ends_with("областн") => "ой",
        () if lower.ends_with('к') => "ий",
        () => "ый",
    };
    format!("{stem}{ending}")
}

/// The word of a court without its case: the possessive stays (`соты`), what hangs on it falls.
fn kazakh(word: &str) -> Option<String> {
    let (_, rest) = word.rsplit_once("сот").or_else(|| word.rsplit_once("Сот"))?;
    let head = &word[..word.len() - rest.len()];
    let kept = match rest {
        "ында" | "ының" | "ына" | "ынан" | "ын" | "ымен" | "ындағы" => "ы",
        "та" | "тың" | "қа" | "тан" | "ты" | "пен" | "тағы" => "",
        _ => return None,
    };
    Some(format!("{head}{kept}"))
}

/// Words that begin a sentence before a court's name and are no part of it.
fn is_opening(key: &str) -> bool {
    matches!(
        key,
        "в" | "the"
            | "an"
            | "a"
            | "но"
            | "однако"
            | "как"
            | "бугин"
            | "кеше"
            | "судиа"
            | "judge"
            | "пленум"
            | "сегодниа"
            | "вчера"
            | "at"
            | "in"
            | "when"
            | "после"
    )
}

fn is_court(key: &str) -> bool {
    // A judge is no court.
    !begins(key, &["суди"])
        && begins(key, &["суд", "сот", "court", "горсуд", "облсуд", "раисуд", "коллеги", "алка", "смас", "смес"])
}

/// The whole name around a court's words: its kinds and place before, its town and number after.
fn around(words: &Words<'_, '_>, mut first: usize, mut end: usize) -> (usize, usize) {
    let sentence = words.sentence(first);
    let limit = first.saturating_sub(5).max(sentence.start);
    while first > limit && (words.is_spaced(first - 1) || words.key(first - 1) == "№") {
        let before = first - 1;
        let key = words.key(before);
        let token = words.reading.tokens[before];
        let kind = begins(
            key,
            &[
                "специализ",
                "межраион",
                "административ",
                "економич",
                "следствен",
                "раион",
                "городск",
                "областн",
                "маманд",
                "ауданарал",
                "каласин",
                "калалик",
                "облис",
                "аудан",
                "акимшилик",
                "тергеу",
                "килмис",
                "specialized",
                "specialised",
                "district",
                "city",
                "regional",
                "administrative",
                "interdistrict",
                "inter-district",
                "№",
            ],
        ) || token.shape.digits && before > sentence.start && words.key(before - 1) == "№";
        let name = token.shape.capital && !token.shape.digits && !is_opening(key);
        if !(kind || name) {
            break;
        }
        first = before;
    }
    let until = (end + 6).min(sentence.end);
    let kazakh = words.reading.sentences.get(words.sentence_index(first)).is_some_and(|s| s.lang == Lang::KK);
    while end < until && (words.is_spaced(end - 1) || words.key(end - 1) == "№") {
        let key = words.key(end);
        let shape = words.reading.tokens[end].shape;
        let before = words.key(end - 1);
        let goes_on = matches!(
            key,
            "города"
                | "г"
                | "по"
                | "делам"
                | "№"
                | "област"
                | "области"
                | "раиона"
                | "of"
                | "in"
        ) || begins(key, &["административн", "уголовн", "правонаруш", "гражданск", "соти", "сот"])
            || shape.capital
                && !kazakh
                && (matches!(before, "города" | "г" | "of" | "in" | "правонарушениам") || is_court(before))
                && !shape.capitals
            || shape.digits && (before == "№" || is_court(before));
        if !goes_on {
            break;
        }
        end += 1;
    }
    // A preposition left at the end belongs to what follows.
    while end > first + 1 && matches!(words.key(end - 1), "по" | "of" | "in" | "г" | "города") {
        end -= 1;
    }
    (first, end)
}
