//! How far a matter has come, how it ended for the speaker, who acted, and the sanction: read from the
//! cue concepts `stage_*`, `outcome_*`, `actor_*` weighed by where they stand, and from the categories.

use super::words::{Words, begins};
use crate::model::{Actor, Category, Outcome, Part, Span, Stage};
use crate::text::stems::{Hits, Lexicon};

/// What one value of a closed list gathered.
#[derive(Debug, Clone, Copy)]
struct Weighed<T> {
    value: T,
    weight: f64,
    first: usize,
    end: usize,
}

/// Weighs every value of a list by the cues that speak for it.
fn weigh<T: Copy>(
    words: &Words<'_, '_>,
    lexicon: &Lexicon,
    hits: &Hits,
    prefix: &str,
    values: &[(T, &str)],
) -> Vec<Weighed<T>> {
    let mut weighed = Vec::new();
    for (value, id) in values {
        let Some(concept) = lexicon.concept(&format!("{prefix}{id}")) else { continue };
        let mut total = 0.0;
        let mut best: Option<(f64, usize, usize)> = None;
        let mut last_sentence = u32::MAX;
        for hit in hits.all().iter().filter(|hit| hit.concept == concept) {
            let (first, end) = (hit.first as usize, hit.last as usize + 1);
            if end > words.len() {
                continue;
            }
            // A sentence that says it twice says it once and a bit.
            let again = hit.sentence == last_sentence;
            last_sentence = hit.sentence;
            let weight = place(words, first) * length(end - first) * if again { 0.3 } else { 1.0 };
            total += weight;
            if best.is_none_or(|(highest, _, _)| weight > highest) {
                best = Some((weight, first, end));
            }
        }
        if let Some((_, first, end)) = best {
            weighed.push(Weighed { value: *value, weight: total, first, end });
        }
    }
    weighed
}

/// What a cue counts for by where it stands: the news is told first, and what is recalled is not news.
fn place(words: &Words<'_, '_>, token: usize) -> f64 {
    let sentence = words.sentence_index(token);
    let zone = if words.reading.tokens[token].part == Part::Title {
        2.0
    } else {
        match sentence - words.first_of_text.min(sentence) {
            0 => 2.2,
            1 => 1.4,
            2 => 1.0,
            3..=5 => 0.6,
            _ => 0.3,
        }
    };
    let recalled = words
        .sentence(token)
        .take(3)
        .any(|at| begins(words.key(at), &["напомн", "ранее", "recall", "earlier", "previously", "еске", "буган"]));
    if recalled { zone * 0.25 } else { zone }
}

/// Several words together say more than one.
fn length(words: usize) -> f64 {
    if words > 1 { 1.4 } else { 1.0 }
}

/// The stage, with the words that told it where words did.
pub(super) fn stage(
    words: &Words<'_, '_>,
    lexicon: &Lexicon,
    hits: &Hits,
    categories: &[Category],
) -> Option<(Stage, Option<Span>)> {
    let values: Vec<(Stage, &str)> = Stage::ALL.iter().map(|stage| (*stage, stage.id())).collect();
    let weighed = weigh(words, lexicon, hits, "stage_", &values);
    let allowed = allowed(categories);
    let mut best: Option<Weighed<Stage>> = None;
    for mut candidate in weighed {
        let Some((_, prior)) = allowed.iter().find(|(stage, _)| *stage == candidate.value) else { continue };
        candidate.weight *= prior;
        if best.is_none_or(|best| candidate.weight > best.weight) {
            best = Some(candidate);
        }
    }
    match best {
        Some(best) if best.weight >= 0.5 => Some((best.value, Some(words.reading.span(best.first..best.end)))),
        _ => default_stage(categories).map(|stage| (stage, None)),
    }
}

/// The stages that a story of some categories may be at, each with how readily it is believed.
fn allowed(categories: &[Category]) -> Vec<(Stage, f64)> {
    use Stage::*;
    let has = |category| categories.contains(&category);
    if has(Category::Legislation) {
        return vec![(Draft, 1.0), (Adopted, 1.2), (InForce, 1.3), (Repealed, 1.0)];
    }
    let court = [(Judgment, 1.0), (Appeal, 1.1), (Cassation, 1.6), (Closed, 1.7), (Trial, 0.7)];
    let mut stages = Vec::new();
    if has(Category::CriminalProsecution) || has(Category::AdministrativeProsecution) {
        stages.extend(court);
        stages.extend([(Investigation, 0.6), (Charge, 0.9), (Release, 1.2), (Complaint, 0.9), (Claim, 0.5)]);
        if has(Category::Arrest) {
            stages.push((Detention, 0.9));
        }
    } else if has(Category::DefamationSuit) {
        stages.extend(court);
        stages.extend([(Claim, 0.9), (Complaint, 0.6)]);
    } else if has(Category::Arrest) {
        stages.extend(court);
        // Held while reporting, without a case: a deed.
        let (held, deed) = if has(Category::Obstruction) { (0.5, 1.2) } else { (1.0, 0.7) };
        stages.extend([(Detention, held), (Release, 1.2), (Incident, deed)]);
    } else {
        // Deeds outside any proceeding: only words of the lede make them a case. An attack is soon looked
        // into, and a hearing behind closed doors is a trial.
        let attacked = has(Category::Attack) || has(Category::CyberAttack);
        let (incident, looked_into, asked) = if attacked { (0.45, 1.0, 1.1) } else { (1.3, 0.7, 0.9) };
        let (trial, judgment) = if has(Category::AccessToInformation) { (1.6, 1.0) } else { (0.7, 0.6) };
        stages.extend([(Incident, incident), (Complaint, asked), (Investigation, looked_into)]);
        stages.extend([(Judgment, judgment), (Appeal, 0.7), (Trial, trial), (Closed, 0.7)]);
        if has(Category::Obstruction) {
            stages.push((InForce, 0.7));
        }
    }
    stages
}

/// The stage of a story whose words tell none.
fn default_stage(categories: &[Category]) -> Option<Stage> {
    let has = |category| categories.contains(&category);
    categories.first()?;
    Some(if has(Category::Legislation) {
        Stage::Draft
    } else if has(Category::CriminalProsecution) {
        if has(Category::Arrest) { Stage::Detention } else { Stage::Investigation }
    } else if has(Category::AdministrativeProsecution) {
        Stage::Judgment
    } else if has(Category::DefamationSuit) {
        Stage::Claim
    } else if has(Category::Arrest) {
        Stage::Detention
    } else {
        Stage::Incident
    })
}

/// How it ended for the speaker.
pub(super) fn outcome(
    words: &Words<'_, '_>,
    lexicon: &Lexicon,
    hits: &Hits,
    categories: &[Category],
    stage: Option<Stage>,
) -> Option<(Outcome, Option<Span>)> {
    let stage = stage?;
    let values: Vec<(Outcome, &str)> = Outcome::ALL.iter().map(|outcome| (*outcome, outcome.id())).collect();
    let weighed = weigh(words, lexicon, hits, "outcome_", &values);
    // Some convicted, some acquitted: both in the lede of one judgment.
    let said = |outcome: Outcome| {
        weighed.iter().find(|weighed| weighed.value == outcome).filter(|weighed| weighed.weight >= 1.4)
    };
    if stage == Stage::Judgment
        && categories.contains(&Category::CriminalProsecution)
        && let (Some(_), Some(acquitted)) = (said(Outcome::Against), said(Outcome::For))
    {
        return Some((Outcome::Mixed, Some(words.reading.span(acquitted.first..acquitted.end))));
    }
    let mut best: Option<Weighed<Outcome>> = None;
    for mut candidate in weighed {
        candidate.weight = candidate.weight * 0.6 + prior(stage, candidate.value, categories);
        if best.is_none_or(|best| candidate.weight > best.weight) {
            best = Some(candidate);
        }
    }
    let default = Outcome::ALL.iter().copied().map(|outcome| (outcome, prior(stage, outcome, categories)));
    let (expected, weight) =
        default.fold((Outcome::Pending, f64::MIN), |best, next| if next.1 > best.1 { next } else { best });
    match best {
        Some(best) if best.weight >= weight => Some((best.value, Some(words.reading.span(best.first..best.end)))),
        _ => Some((expected, None)),
    }
}

/// How likely an outcome is at a stage, before any word is read.
fn prior(stage: Stage, outcome: Outcome, categories: &[Category]) -> f64 {
    use Outcome::*;
    let deed = categories.iter().all(|category| matches!(category, Category::Attack | Category::CyberAttack));
    // The accused is the one who attacked, obstructed or withheld: a judgment is in the speaker's favour.
    let defended = !categories.is_empty()
        && categories
            .iter()
            .all(|c| matches!(c, Category::Attack | Category::Obstruction | Category::AccessToInformation));
    let likely = match stage {
        Stage::Judgment if defended => For,
        Stage::Complaint | Stage::Claim | Stage::Draft => Pending,
        Stage::Investigation | Stage::Detention | Stage::Charge => Pending,
        Stage::Trial if categories.contains(&Category::AccessToInformation) => Against,
        Stage::Trial => Pending,
        Stage::Closed => For,
        Stage::Release => Mixed,
        Stage::Incident if deed => Pending,
        Stage::Incident | Stage::Judgment | Stage::Adopted | Stage::InForce => Against,
        Stage::Appeal | Stage::Cassation => Against,
        Stage::Repealed => For,
    };
    let sure = match stage {
        Stage::Closed | Stage::Complaint | Stage::Claim | Stage::Draft => 3.0,
        Stage::Investigation | Stage::Detention | Stage::Trial | Stage::Release => 2.0,
        Stage::Incident | Stage::Adopted | Stage::InForce => 2.0,
        Stage::Judgment if defended => 3.0,
        _ => 1.0,
    };
    if outcome == likely { sure } else { 0.0 }
}

/// Who acts: at most three, those of the lede first.
pub(super) fn actors(
    words: &Words<'_, '_>,
    lexicon: &Lexicon,
    hits: &Hits,
    categories: &[Category],
) -> Vec<(Actor, Span)> {
    let values: Vec<(Actor, &str)> = Actor::ALL.iter().map(|actor| (*actor, actor.id())).collect();
    let mut weighed = weigh(words, lexicon, hits, "actor_", &values);
    let law = categories.first() == Some(&Category::Legislation);
    for actor in &mut weighed {
        actor.weight *= match actor.value {
            Actor::Parliament if law => 1.5,
            Actor::Parliament => 0.5,
            Actor::Akimat => 0.6,
            Actor::Police | Actor::Prosecutor => 1.3,
            Actor::Ministry => 0.8,
            Actor::Unknown
                if categories
                    .iter()
                    .any(|c| matches!(c, Category::Attack | Category::CyberAttack | Category::Blocking)) =>
            {
                1.2
            }
            Actor::Unknown => 0.3,
            Actor::Company | Actor::PrivatePerson if categories.contains(&Category::DefamationSuit) => 1.2,
            Actor::Company | Actor::PrivatePerson => 0.6,
            _ => 1.0,
        };
    }
    weighed.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.first.cmp(&b.first)));
    let strongest = weighed.first().map_or(0.0, |actor| actor.weight);
    let kept = weighed.iter().filter(|actor| actor.weight >= 0.8 && actor.weight >= strongest * 0.3).take(3);
    kept.map(|actor| (actor.value, words.reading.span(actor.first..actor.end))).collect()
}

/// Is nobody named who did it? An attack, on a person or a site, is by somebody unknown where the story
/// names no company, person or authority that did it.
pub(super) fn is_by_unknown(actors: &[Actor], categories: &[Category]) -> bool {
    let attack = matches!(categories.first(), Some(Category::Attack | Category::CyberAttack));
    attack && actors.iter().all(|actor| matches!(actor, Actor::Police | Actor::Prosecutor | Actor::Ministry))
}

/// The sentence or sanction as written: the words of a term, a fine, a restriction in the first sentence
/// that names one; beside it its days, where it is a term of whole days.
pub(super) fn sanction(words: &Words<'_, '_>, fines: &[(usize, usize)]) -> Option<(Span, Option<u16>)> {
    for (index, sentence) in words.reading.sentences.iter().enumerate() {
        let recalled =
            sentence.tokens.clone().take(3).any(|at| {
                begins(words.key(at), &["напомн", "ранее", "recall", "earlier", "previously", "еске", "буган"])
            });
        if recalled || index > 12 {
            continue;
        }
        if let Some((first, end)) = sentence.tokens.clone().find_map(|at| term(words, at, sentence.tokens.end)) {
            return Some((words.reading.span(first..end), days(words, first)));
        }
        if let Some((first, end)) = fines.iter().find(|(first, _)| sentence.tokens.contains(first)) {
            return Some((words.reading.span(*first..*end), None));
        }
    }
    None
}

/// The days of a term that begins at a token; `None` where it is told in months or years, or not in whole days.
fn days(words: &Words<'_, '_>, at: usize) -> Option<u16> {
    let number = super::numbers::read(words, at)?;
    let of_days = begins(words.key(number.end), &["суток", "сутки", "таулик", "day"]);
    let whole = of_days && number.hundredths % 100 == 0;
    whole.then(|| u16::try_from(number.hundredths / 100).ok()).flatten().filter(|days| *days > 0)
}

/// A term with what it is of: `15 суток`, `трём годам лишения свободы`, `2 жылға бас бостандығынан`,
/// `five years in prison`. A bare term of years is none: it may be an age or a date.
fn term(words: &Words<'_, '_>, at: usize, sentence_end: usize) -> Option<(usize, usize)> {
    let number = super::numbers::read(words, at)?;
    // No term has a hundred years: "2013 года" is a date.
    if number.scaled || number.hundredths > 100 * 100 || number.end >= sentence_end {
        return None;
    }
    let unit = words.key(number.end);
    let days = begins(unit, &["суток", "сутки", "таулик"]);
    let years = begins(unit, &["год", "лет", "жил", "year", "month", "месиа", "аига", "аи", "day"]);
    if !(days || years) {
        return None;
    }
    let mut end = number.end + 1;
    let until = (end + 6).min(sentence_end);
    let of = (end..until).find(|token| {
        begins(
            words.key(*token),
            &[
                "лишени",
                "колони",
                "ограничени",
                "арест",
                "тиурм",
                "заклиучени",
                "услов",
                "бостандиг",
                "камак",
                "кама",
                "шектеу",
                "тулик",
                "prison",
                "imprison",
                "jail",
                "probation",
                "restriction",
                "arrest",
                "bars",
                "custody",
                "sentence",
                "айир",
                "айр",
            ],
        )
    });
    match of {
        Some(token) => end = token + 1,
        None if days => {}
        None => return None,
    }
    // "лишения свободы", "бас бостандығынан айыруға": the word that completes it.
    if end < sentence_end && begins(words.key(end), &["свобод", "аир", "шекте", "режим"]) && words.is_spaced(end - 1)
    {
        end += 1;
    }
    Some((at, end))
}
