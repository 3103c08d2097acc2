//! Kazakh: case suffixes and the voice of the verb, in the skeleton that words are folded to.

use super::{Part, Phrase, ends};

/// The case that a word's last suffix tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Nominative,
    Genitive,
    /// Accusative, dative or ablative: whoever stands so is acted upon.
    Oblique,
    Other,
}

/// What the act's word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    /// "ұсталды", "қамалған".
    Passive,
    /// "ұстады", "салды".
    Active,
    /// "қамау", "ұсталуы", "айыппұл".
    Noun,
}

/// Words behind which another's act begins.
const CLAUSE: &[&str] =
    &["айтуинша", "айтуина", "деп", "деди", "деиди", "хабарлади", "жазди", "билдирди", "соилеп", "маламдади"];

/// Words that end as a case suffix does and have none.
const BARE: &[&str] = &[
    "белсенди",
    "арна",
    "акин",
    "жазба",
    "газета",
    "басилим",
    "телеарна",
    "паракша",
    "эфир",
    "сазгер",
    "жазуши",
    "оиин",
];

pub(super) fn part(phrase: &Phrase<'_, '_>) -> Option<Part> {
    let between = phrase.between();
    if between.iter().any(|word| CLAUSE.contains(&word.as_str())) {
        return None;
    }
    let act = phrase.words(phrase.act);
    let voice = act.iter().rev().find_map(|word| verb(word)).unwrap_or(Voice::Noun);
    let party = phrase.words(phrase.party);
    let case = case(party.last()?);
    if phrase.act_first() {
        // "ұсталған журналист": a participle before its noun; "қамаған", of him who jails, is no sign.
        let participle = act.last().is_some_and(|word| ends(word, &["ган", "ген", "кан", "кен"]));
        return (participle && voice == Voice::Passive && between.len() <= 1).then_some(Part::Suffers);
    }
    match (case, voice) {
        (Case::Oblique, _) => Some(Part::Suffers),
        // "тілшінің ұсталуы", "редактордың үйін тінтті".
        (Case::Genitive, Voice::Noun | Voice::Passive) => (between.len() <= 2).then_some(Part::Suffers),
        (Case::Genitive, Voice::Active) => (between.len() <= 3).then_some(Part::Suffers),
        (Case::Nominative, Voice::Passive) => Some(Part::Suffers),
        (Case::Nominative, Voice::Active) => Some(Part::Does),
        _ => None,
    }
}

/// The voice of a word that is a form of a verb, told by what stands before the ending of its tense.
fn verb(word: &str) -> Option<Voice> {
    const TENSES: &[&str] = &[
        "ганин",
        "генин",
        "канин",
        "кенин",
        "гандар",
        "гендер",
        "ганда",
        "генде",
        "ипти",
        "ади",
        "еди",
        "ган",
        "ген",
        "кан",
        "кен",
        "пти",
        "мак",
        "мек",
        "ди",
        "ти",
        "ип",
        "п",
    ];
    let stem = TENSES.iter().find_map(|tense| word.strip_suffix(tense))?;
    let stem = ["маи", "меи", "ма", "ме", "ба", "бе", "па", "пе"]
        .iter()
        .find_map(|denied| stem.strip_suffix(denied))
        .filter(|stem| stem.chars().count() >= 2)
        .unwrap_or(stem);
    let letters = stem.chars().count();
    if letters < 2 {
        return None;
    }
    // "сал-", "ал-", "кел-", "бол-" end in -л by themselves.
    let passive = letters >= 4 && (stem.ends_with('л') || ends(stem, &["ин"]));
    Some(if passive { Voice::Passive } else { Voice::Active })
}

fn case(word: &str) -> Case {
    if BARE.contains(&word) {
        return Case::Nominative;
    }
    if ends(word, &["нин", "дин", "тин"]) {
        return Case::Genitive;
    }
    let oblique = [
        "ни",
        "ди",
        "ти",
        "га",
        "ге",
        "ка",
        "ке",
        "на",
        "не",
        "дан",
        "ден",
        "тан",
        "тен",
        "нан",
        "нен",
        "рин",
        "син",
        "лерин",
        "ларин",
    ];
    if ends(word, &oblique) {
        return Case::Oblique;
    }
    if ends(word, &["мен", "бен", "пен", "да", "де", "та", "те"]) {
        return Case::Other;
    }
    Case::Nominative
}
