//! English: order, voice and prepositions.

use super::{Part, Phrase, ends};

/// Words that begin a clause of their own, or say that somebody only tells.
const CLAUSE: &[&str] = &[
    "who", "whose", "which", "that", "said", "says", "say", "told", "tells", "wrote", "writes", "reported", "reports",
    "when", "while", "after", "before", "because", "if", "watched", "saw", "filmed", "covering", "covered", "asked",
    "how", "where",
];

/// Words after which a participle stands by itself: "journalist detained over a post".
const AFTER_PARTICIPLE: &[&str] = &[
    "",
    "over",
    "for",
    "in",
    "on",
    "at",
    "by",
    "after",
    "following",
    "from",
    "with",
    "as",
    "and",
    "to",
    "while",
    "again",
    "without",
    "during",
    "outside",
    "near",
    "under",
    "amid",
    "pending",
    "ahead",
];

pub(super) fn part(phrase: &Phrase<'_, '_>) -> Option<Part> {
    let between = phrase.between();
    let has = |list: &[&str]| between.iter().any(|word| list.contains(&word.as_str()));
    if has(CLAUSE) {
        return None;
    }
    let act = phrase.words(phrase.act);
    let head = act.first()?;
    let is_verb = ends(head, &["ed", "en", "ought", "ung", "ut", "hot", "own"]) || ends(head, &["ing"]);
    let passive = is_verb && is_passive(phrase);
    if phrase.act_first() {
        if has(&["by"]) {
            return (between.len() <= 3 && (passive || !is_verb)).then_some(Part::Does);
        }
        if has(&["of", "against", "on", "from", "to", "for"]) {
            // "arrest of the reporter", "charges against the blogger", "took a phone from the editor".
            return (between.len() <= 4 && !passive).then_some(Part::Suffers);
        }
        if passive || has(&["with", "at", "in", "and"]) {
            return None;
        }
        return (is_verb && between.len() <= 4).then_some(Part::Suffers);
    }
    if ends(phrase.reading.original(phrase.party.1 as usize), &["'s", "’s", "s'", "s’"]) {
        return (!is_verb && between.len() <= 1).then_some(Part::Suffers);
    }
    if passive {
        return Some(Part::Suffers);
    }
    if has(&[
        "faces", "faced", "facing", "under", "behind", "gets", "got", "given", "receives", "received", "awaits",
        "sent", "denied",
    ]) {
        return Some(Part::Suffers);
    }
    let next = phrase.after(phrase.act.1);
    let participle = ends(head, &["ed", "en", "ought", "ung", "ut"]);
    if participle && AFTER_PARTICIPLE.contains(&next.as_str()) {
        // "The editor criticised in the report" and "editor detained in the city" look alike; the act tells.
        return (between.len() <= 3).then_some(Part::Suffers);
    }
    let is_object = !next.is_empty();
    (participle && is_object && between.len() <= 2).then_some(Part::Does)
}

/// A form of "be" or "get" up to three words before the act, with nothing but an adverb between.
fn is_passive(phrase: &Phrase<'_, '_>) -> bool {
    (1..=3).any(|back| {
        let word = phrase.before(phrase.act.0, back);
        matches!(
            word.as_str(),
            "was"
                | "were"
                | "been"
                | "being"
                | "is"
                | "are"
                | "be"
                | "got"
                | "get"
                | "gets"
                | "getting"
                | "remains"
                | "remained"
        )
    })
}
