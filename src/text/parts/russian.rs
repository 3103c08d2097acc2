//! Russian: case endings, prepositions, voice and number of the verb.

use super::{Part, Phrase, ends};

/// The case that a word's ending tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Nominative,
    /// Nominative or accusative of what has no accusative of its own: "издание", "сайт".
    Thing,
    NominativePlural,
    /// Genitive, accusative of a living being, or dative: whoever stands so is acted upon.
    Oblique,
    Instrumental,
    Unknown,
}

/// What an act's word says of who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    Passive,
    /// Done by one: "оштрафовал", "взыскала", "блокирует"; with the ending of its gender.
    Singular(char),
    /// Done by several or by nobody named: "задержали", "не пускают".
    Plural,
    /// "задержать", of somebody.
    Infinitive,
    /// "арест", "задержание", "штраф".
    Noun,
    /// "задержанный", "осуждённого".
    Participle,
}

/// Words that hold a clause of their own: what stands behind them is another's act.
const CLAUSE: &[&str] = &[
    "что",
    "как",
    "который",
    "которая",
    "которое",
    "которые",
    "которого",
    "которую",
    "которых",
    "где",
    "когда",
    "если",
    "чтобы",
    "после",
    "пока",
    "хотя",
    "поскольку",
    "словам",
    "сообщил",
    "сообщила",
    "рассказал",
    "рассказала",
    "заявил",
    "заявила",
    "написал",
    "написала",
    "снимал",
    "снимала",
    "писал",
    "писала",
    "мнению",
    "данным",
];

pub(super) fn part(phrase: &Phrase<'_, '_>) -> Option<Part> {
    let between = phrase.between();
    if between.iter().any(|word| CLAUSE.contains(&word.as_str())) {
        return None;
    }
    let act: Vec<String> = phrase.words(phrase.act);
    let voice = act.iter().find_map(|word| verb(word)).unwrap_or(Voice::Noun);
    let party = phrase.words(phrase.party);
    let case = case(party.last()?);
    let preposition = phrase.before(phrase.party.0, 1);
    // "у журналиста изъяли", "с редакции взыскали", "против издания подали", "в отношении блогера".
    if matches!(case, Case::Oblique | Case::Unknown | Case::NominativePlural | Case::Instrumental)
        && matches!(
            preposition.as_str(),
            "у" | "с" | "со" | "против" | "к" | "ко" | "на" | "над" | "от" | "из" | "отношении" | "за"
        )
    {
        return (voice != Voice::Participle).then_some(Part::Suffers);
    }
    if matches!(preposition.as_str(), "о" | "об" | "про" | "для" | "без" | "при" | "до" | "среди" | "словам" | "слов")
    {
        return None;
    }
    let adjacent = between.len() <= 1;
    match (voice, case) {
        (Voice::Passive, Case::Instrumental) => Some(Part::Does),
        (Voice::Passive, Case::Nominative | Case::Thing | Case::NominativePlural | Case::Oblique) => {
            Some(Part::Suffers)
        }
        (Voice::Singular(_) | Voice::Plural | Voice::Infinitive, Case::Oblique) => Some(Part::Suffers),
        // "сайт заблокировали", "издание заблокировал суд", "газету": no subject of that number or gender.
        (Voice::Plural, Case::Nominative | Case::Thing) => Some(Part::Suffers),
        (Voice::Plural, Case::NominativePlural) => (!phrase.act_first()).then_some(Part::Does),
        (Voice::Singular(gender), Case::Thing) => {
            let neuter = party.last()?.ends_with(['о', 'е']);
            let agrees = matches!((gender, neuter), ('о', true) | ('л', false) | ('т', _));
            Some(if agrees && !phrase.act_first() { Part::Does } else { Part::Suffers })
        }
        (Voice::Singular(_), Case::Nominative) => (!phrase.act_first()).then_some(Part::Does),
        (Voice::Noun, Case::Oblique) if phrase.act_first() => (between.len() <= 2).then_some(Part::Suffers),
        (Voice::Noun, Case::Instrumental) if phrase.act_first() => adjacent.then_some(Part::Does),
        // "журналист под арестом", "редактор получил штраф".
        (Voice::Noun, Case::Nominative | Case::Thing) if !phrase.act_first() => {
            let led = between.iter().any(|word| {
                matches!(
                    word.as_str(),
                    "под"
                        | "получил"
                        | "получила"
                        | "получило"
                        | "ждет"
                        | "грозит"
                        | "заплатит"
                        | "отправили"
                        | "попал"
                        | "попала"
                ) || word.starts_with("приговорен")
            });
            led.then_some(Part::Suffers)
        }
        (
            Voice::Participle,
            Case::Nominative | Case::Thing | Case::Oblique | Case::NominativePlural | Case::Instrumental,
        ) => (phrase.act_first() && adjacent).then_some(Part::Suffers),
        _ => None,
    }
}

/// The voice of a word that is a form of a verb.
fn verb(word: &str) -> Option<Voice> {
    let letters = word.chars().count();
    if letters < 4 {
        return None;
    }
    if ends(word, &["ся", "сь"]) {
        return Some(Voice::Passive);
    }
    if ends(
        word,
        &["нный", "нная", "нного", "нному", "нным", "нной", "нную", "нные", "нных", "тый", "того", "тому", "тую"],
    ) {
        return Some(Voice::Participle);
    }
    let short = word.trim_end_matches(['а', 'о', 'ы']);
    let cut = matches!(
        short,
        "избит"
            | "убит"
            | "взят"
            | "закрыт"
            | "снят"
            | "открыт"
            | "изъят"
            | "сбит"
            | "отнят"
            | "разбит"
    );
    if cut || letters > 5 && ends(short, &["ан", "ен", "ян"]) {
        return Some(Voice::Passive);
    }
    if ends(word, &["ли", "ют", "ут", "ят", "ат"]) {
        return Some(Voice::Plural);
    }
    if ends(word, &["ть", "чь"]) {
        return Some(Voice::Infinitive);
    }
    let last = word.chars().next_back()?;
    match last {
        'л' => Some(Voice::Singular('л')),
        'а' if word.ends_with("ла") => Some(Voice::Singular('а')),
        'о' if word.ends_with("ло") => Some(Voice::Singular('о')),
        'т' if ends(word, &["ет", "ит"]) && !ends(word, &["итет", "авет"]) => Some(Voice::Singular('т')),
        _ => None,
    }
}

/// The case of a noun or of an adjective that stands for one.
fn case(word: &str) -> Case {
    let any = |endings: &[&str]| ends(word, endings);
    if any(&["ами", "ями", "ом", "ем", "ым", "им", "ией", "кой", "цей", "шей", "ью"]) {
        return Case::Instrumental;
    }
    if any(&["ов", "ев", "ам", "ям", "ого", "его", "ому", "ему", "ую", "юю", "ей", "ой", "ых", "их"])
    {
        return Case::Oblique;
    }
    if any(&["ах", "ях"]) {
        return Case::Unknown;
    }
    if any(&["ий", "ый", "ая", "яя", "ция", "ка", "ца", "ша"]) && !any(&["ика", "ника"]) {
        return Case::Nominative;
    }
    if any(&["ние", "ство", "ло", "во", "ие"]) {
        return Case::Thing;
    }
    if any(&["исты", "еры", "ёры", "оры", "енты", "ики", "логи", "аты", "ые"]) {
        return Case::NominativePlural;
    }
    if matches!(
        word,
        "газета"
            | "страница"
            | "радиостанция"
            | "передача"
            | "книга"
            | "группа"
            | "телекомпания"
            | "типография"
    ) {
        return Case::Nominative;
    }
    if any(&["у", "ю", "а", "я"]) {
        return Case::Oblique;
    }
    if any(&["ии", "ы", "и", "е"]) {
        return Case::Unknown;
    }
    if any(&["ал", "айт", "нал", "ник-сайт", "ресурс", "портал", "канал", "эфир", "пост", "паблик"])
    {
        return Case::Thing;
    }
    Case::Nominative
}
