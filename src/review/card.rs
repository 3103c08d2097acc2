//! The columns that a reviewer may correct, as text and back.

use std::str::FromStr;

use super::dates;
use super::fault::{Arg, Fault, Said};
use crate::model::{
    Amount, Article, Attachment, ByHand, Candidate, Card, Category, Claimant, Code, Direction, Judged, Label, NotASum,
    NotListed, Outcome, PartialDate, Stage, Target, VerifiedBy,
};

/// Names of the columns, in the order of the file.
pub(super) const CORRECTABLE: [&str; 21] = [
    "headline",
    "categories",
    "direction",
    "event_date",
    "registered_date",
    "stage",
    "instance",
    "outcome",
    "place",
    "targets",
    "claimants",
    "actors",
    "articles",
    "claim_amount",
    "awarded_amount",
    "currency",
    "money_kind",
    "secrecy",
    "country",
    "case",
    "arrest_days",
];

/// What the machine proposes for a candidate: the columns before anybody touched them.
pub fn proposed(candidate: &Candidate) -> Card {
    candidate.judged.as_ref().map(from_verdict).unwrap_or_default()
}

fn from_verdict(judged: &Judged) -> Card {
    let (verdict, fields) = (&judged.verdict, &judged.verdict.fields);
    Card {
        headline: None,
        categories: verdict.categories.clone(),
        direction: (!verdict.categories.is_empty())
            .then(|| direction(verdict.categories.as_slice(), fields.stage, fields.outcome)),
        event_date: fields.event_date,
        registered_date: None,
        stage: fields.stage,
        instance: fields.instance,
        outcome: fields.outcome,
        place: fields.place.clone(),
        targets: fields.targets.clone(),
        claimants: Vec::new(),
        actors: fields.actors.clone(),
        articles: fields.articles.clone(),
        claim_amount: fields.claim_amount,
        awarded_amount: fields.awarded_amount,
        currency: fields.currency.clone(),
        money_kind: None,
        secrecy: None,
        arrest_days: fields.sanction_days.filter(|_| verdict.categories.iter().any(is_short_arrest)),
        country: verdict.country.clone(),
        case: judged.link.as_ref().filter(|link| link.joins).map(|link| link.case.clone()),
    }
}

/// Is it a holding that the law measures in days?
fn is_short_arrest(label: &Label) -> bool {
    let subtype = label.subtype.as_deref();
    matches!(
        (label.id, subtype),
        (Category::Arrest, Some("detention" | "administrative_arrest"))
            | (Category::AdministrativeProsecution, Some("administrative_arrest"))
    )
}

/// A first guess for the reviewer to see: relief where the news is a release, an unblocking, a
/// dropped case or an act for the speaker.
fn direction(categories: &[Label], stage: Option<Stage>, outcome: Option<Outcome>) -> Direction {
    let relieving = |label: &Label| {
        matches!(
            (label.id, label.subtype.as_deref()),
            (Category::Arrest, Some("release"))
                | (Category::Blocking, Some("unblocked"))
                | (Category::AccessToInformation, Some("granted"))
                | (Category::AdministrativeProsecution, Some("closed"))
        )
    };
    let relief = categories.first().is_some_and(relieving)
        || matches!(stage, Some(Stage::Release | Stage::Closed))
        || outcome == Some(Outcome::For);
    if relief { Direction::Relief } else { Direction::Restriction }
}

/// A column of a card as the queue file prints it; empty where unknown.
pub(super) fn print(card: &Card, column: &str) -> String {
    fn one(value: Option<impl ToString>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    fn many<T>(values: &[T], text: impl Fn(&T) -> String) -> String {
        values.iter().map(text).collect::<Vec<_>>().join("; ")
    }
    match column {
        "headline" => one(card.headline.as_deref()),
        "categories" => many(&card.categories, label_text),
        "direction" => one(card.direction),
        "event_date" => one(card.event_date),
        "registered_date" => one(card.registered_date),
        "stage" => one(card.stage),
        "instance" => one(card.instance),
        "outcome" => one(card.outcome),
        "place" => one(card.place.as_deref()),
        "targets" => many(&card.targets, |target| format!("{} ({})", in_list(&target.name), target.role)),
        "claimants" => many(&card.claimants, |claimant| match claimant.kind {
            Some(kind) => format!("{} ({kind})", in_list(&claimant.name)),
            None => in_list(&claimant.name),
        }),
        "actors" => many(&card.actors, |actor| actor.to_string()),
        "articles" => many(&card.articles, article_text),
        "claim_amount" => one(card.claim_amount),
        "awarded_amount" => one(card.awarded_amount),
        "currency" => one(card.currency.as_deref()),
        "money_kind" => one(card.money_kind.as_deref()),
        "secrecy" => one(card.secrecy.as_deref()),
        "country" => one(card.country.as_deref()),
        "case" => one(card.case.as_deref()),
        "arrest_days" => one(card.arrest_days),
        _ => String::new(),
    }
}

/// A name that stands in a list parted by semicolons.
fn in_list(name: &str) -> String {
    one_line(&name.replace(';', ","))
}

fn label_text(label: &Label) -> String {
    match &label.subtype {
        Some(subtype) => format!("{}/{subtype}", label.id),
        None => label.id.to_string(),
    }
}

/// An article as the queue file and the digests name it: `CC 174/1`.
pub(super) fn article_text(article: &Article) -> String {
    let mut text = article.code.to_string();
    if let Some(number) = &article.number {
        text.push(' ');
        text.push_str(&in_list(number));
        if let Some(part) = &article.part {
            text.push('/');
            text.push_str(&in_list(part));
        }
    }
    if let Some(name) = &article.name {
        text.push(' ');
        text.push_str(&in_list(name));
    }
    text
}

/// Puts a corrected cell into a card; an empty one clears the column.
///
/// # Errors
/// What is wrong with the cell, with what the column allows.
pub(super) fn correct(card: &mut Card, column: &'static str, text: &str) -> Result<(), Fault> {
    let text = text.trim();
    match column {
        "headline" => card.headline = words(text),
        "categories" => card.categories = categories(text, &card.categories)?,
        "direction" => card.direction = listed(text, column)?,
        "event_date" => card.event_date = day(text, card.event_date)?,
        "registered_date" => card.registered_date = day(text, card.registered_date)?,
        "stage" => card.stage = listed(text, column)?,
        "instance" => card.instance = listed(text, column)?,
        "outcome" => card.outcome = listed(text, column)?,
        "place" => card.place = words(text),
        "targets" => card.targets = items(text).map(target).collect::<Result<_, _>>()?,
        "claimants" => card.claimants = items(text).map(claimant).collect::<Result<_, _>>()?,
        "actors" => {
            card.actors = text
                .split([';', ',', '\n'])
                .filter_map(filled)
                .map(|item| closed(item, column))
                .collect::<Result<_, _>>()?
        }
        "articles" => card.articles = items(text).map(article).collect::<Result<_, _>>()?,
        "claim_amount" => card.claim_amount = amount(text)?,
        "awarded_amount" => card.awarded_amount = amount(text)?,
        "currency" => card.currency = letters(text, 3, "a currency", "KZT")?,
        "money_kind" => card.money_kind = money_kind(text)?,
        "secrecy" => card.secrecy = secrecy(text)?,
        "country" => card.country = letters(text, 2, "a country", "KZ")?,
        "case" => card.case = words(text),
        "arrest_days" => card.arrest_days = days(text)?,
        _ => return Err(Fault::of(Said::NoColumn, [])),
    }
    Ok(())
}

/// Most files that a row attaches.
const MOST_ATTACHED: usize = 20;

/// Puts a cell under one of the further columns into the origin of an event entered by hand. A file that was not
/// attached before is named, and not read yet.
///
/// # Errors
/// What is wrong with the cell.
pub(super) fn correct_origin(origin: &mut ByHand, column: &'static str, text: &str) -> Result<(), Fault> {
    match column {
        "source_kind" => origin.source_kind = listed(text.trim(), column)?,
        "verified_by" => origin.verified_by = listed(text.trim(), column)?,
        _ => {
            let mut names: Vec<String> = Vec::new();
            for name in items(text).map(one_line) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            if names.len() > MOST_ATTACHED {
                return Err(Fault::of(
                    Said::TooManyAttached,
                    [names.len().to_string().into(), MOST_ATTACHED.to_string().into()],
                ));
            }
            let before = std::mem::take(&mut origin.attachments);
            let known = |name: &String| before.iter().find(|attachment| attachment.name == *name).cloned();
            let named =
                |name: &String| Attachment { name: name.clone(), sha256: String::new(), bytes: 0, public: None };
            origin.attachments = names.iter().map(|name| known(name).unwrap_or_else(|| named(name))).collect();
        }
    }
    Ok(())
}

/// Whoever says that two independent sources told it names both.
///
/// # Errors
/// Where they are not two.
pub(super) fn check_sources(origin: &ByHand) -> Result<(), Fault> {
    let mut sources: Vec<String> = items(&origin.source).map(crate::cases::names::key).collect();
    sources.sort();
    sources.dedup();
    match origin.verified_by {
        Some(VerifiedBy::TwoIndependent) if sources.len() < 2 => Err(Fault::of(Said::NeedsTwoSources, [])),
        _ => Ok(()),
    }
}

/// Text on one line: white space runs become one space, control characters go.
pub(super) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn words(text: &str) -> Option<String> {
    Some(one_line(text)).filter(|text| !text.is_empty())
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// The items of a list parted by semicolons or lines.
fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '\n']).filter_map(filled)
}

/// A value of a closed list, however its letters are cased.
fn closed<T: FromStr<Err = NotListed>>(text: &str, column: &'static str) -> Result<T, Fault> {
    let plain = text.to_lowercase().replace([' ', '-'], "_");
    plain.parse().or_else(|_| text.parse()).map_err(|error| Fault::not_listed(error, column))
}

fn listed<T: FromStr<Err = NotListed>>(text: &str, column: &'static str) -> Result<Option<T>, Fault> {
    if text.is_empty() { Ok(None) } else { closed(text, column).map(Some) }
}

fn day(text: &str, before: Option<PartialDate>) -> Result<Option<PartialDate>, Fault> {
    if text.is_empty() { Ok(None) } else { dates::read(text, before).map(Some) }
}

/// Most days of a column of days: a year of them is no arrest.
const MOST_DAYS: u16 = 365;

/// `15`, `15 days`, `15 суток`, `15 тәулік`
fn days(text: &str) -> Result<Option<u16>, Fault> {
    let (number, unit) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let of_days =
        unit.is_empty() || ["сут", "дн", "день", "тәулік", "күн", "day"].iter().any(|day| unit.starts_with(day));
    match number.parse::<u16>() {
        Ok(days) if of_days && (1..=MOST_DAYS).contains(&days) => Ok(Some(days)),
        _ if text.is_empty() => Ok(None),
        _ => Err(Fault::of(Said::NotDays, [text.into(), MOST_DAYS.to_string().into()])),
    }
}

/// Categories keep the confidence of the machine where it gave the same one.
fn categories(text: &str, before: &[Label]) -> Result<Vec<Label>, Fault> {
    let mut labels: Vec<Label> = Vec::new();
    for item in text.split([';', ',', '\n']).filter_map(filled) {
        let (id, subtype) = match item.split_once('/') {
            Some((id, subtype)) => (id, filled(subtype)),
            None => (item, None),
        };
        let id: Category = closed(id.trim(), "categories")?;
        let subtype = subtype.map(|given| subtype_of(id, given)).transpose()?;
        let score = before.iter().find(|label| label.id == id).map_or(1.0, |label| label.score);
        let alike = |label: &Label| label.id == id && (label.subtype == subtype || label.subtype.is_none());
        if let Some(at) = labels.iter().position(alike) {
            labels[at].subtype = subtype;
        } else if subtype.is_some() || !labels.iter().any(|label| label.id == id) {
            labels.push(Label { id, subtype, score });
        }
    }
    Ok(labels)
}

fn subtype_of(id: Category, given: &str) -> Result<String, Fault> {
    let plain = given.to_lowercase().replace([' ', '-'], "_");
    match id.subtypes().iter().find(|subtype| **subtype == plain) {
        Some(subtype) => Ok((*subtype).to_owned()),
        None => {
            let kinds = id.subtypes().iter().map(|kind| format!("{}/{kind}", id.id())).collect();
            let of = Arg::Values("categories", vec![id.id().to_owned()]);
            Err(Fault::of(Said::NotASubtype, [given.into(), of, Arg::Values("categories", kinds)]))
        }
    }
}

/// `name (kind)` → both; the last pair of brackets counts.
fn name_and_kind(item: &str) -> (&str, Option<&str>) {
    let split = || {
        let open = item.strip_suffix(')')?.rfind('(')?;
        Some((item[..open].trim(), item[open + 1..item.len() - 1].trim()))
    };
    match split() {
        Some((name, kind)) => (name, Some(kind)),
        None => (item, None),
    }
}

fn target(item: &str) -> Result<Target, Fault> {
    match name_and_kind(item) {
        ("", _) => Err(Fault::of(Said::TargetWithoutName, [item.into()])),
        (_, None) => {
            let roles = crate::model::Role::ALL.iter().map(|role| role.id().to_owned()).collect();
            Err(Fault::of(Said::TargetWithoutRole, [item.into(), Arg::Values("targets", roles)]))
        }
        (name, Some(role)) => Ok(Target { name: one_line(name), role: closed(role, "targets")? }),
    }
}

fn claimant(item: &str) -> Result<Claimant, Fault> {
    match name_and_kind(item) {
        ("", _) => Err(Fault::of(Said::ClaimantWithoutName, [item.into()])),
        (name, None) => Ok(Claimant { name: one_line(name), kind: None }),
        (name, Some(kind)) => Ok(Claimant { name: one_line(name), kind: Some(closed(kind, "claimants")?) }),
    }
}

/// The codes by their ids, and as Russian and Kazakh texts abbreviate them.
fn code(text: &str) -> Result<Code, Fault> {
    let by_id = Code::ALL.iter().copied().find(|code| code.id().eq_ignore_ascii_case(text));
    let by_name = || match text.to_lowercase().as_str() {
        "ук" | "қк" => Some(Code::Criminal),
        "коап" | "әқбтк" => Some(Code::Administrative),
        "гк" => Some(Code::Civil),
        "закон" | "заң" => Some(Code::Law),
        _ => None,
    };
    by_id.or_else(by_name).map_or_else(|| closed(text, "articles"), Ok)
}

fn article(item: &str) -> Result<Article, Fault> {
    let (given_code, rest) = item.split_once(char::is_whitespace).unwrap_or((item, ""));
    let (code, rest) = (code(given_code)?, one_line(rest));
    let wrong = || Err(Fault::of(Said::NotAnArticle, [item.into()]));
    if rest.is_empty() {
        return wrong();
    }
    let numbered = rest.starts_with(|c: char| c.is_ascii_digit());
    match code {
        Code::Law => Ok(Article { code, number: None, part: None, name: Some(rest) }),
        Code::Other if !numbered => Ok(Article { code, number: None, part: None, name: Some(rest) }),
        _ => {
            let (number, part) = match rest.split_once('/') {
                Some((number, part)) => (number.trim(), Some(part.trim())),
                None => (rest.as_str(), None),
            };
            let plain = |text: &str| {
                text.starts_with(|c: char| c.is_ascii_digit())
                    && text.len() <= 16
                    && text.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.')
                    && text.chars().filter(|c| c.is_alphabetic()).count() <= 1
            };
            if !plain(number) || !part.is_none_or(plain) {
                return wrong();
            }
            Ok(Article { code, number: Some(number.to_owned()), part: part.map(str::to_owned), name: None })
        }
    }
}

/// A sum: plain digits with a point; groups of thousands and a decimal comma are understood where
/// they can mean one sum only.
fn amount(text: &str) -> Result<Option<Amount>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let spaced: Vec<&str> =
        text.split([' ', '\u{a0}', '\u{202f}', '\u{2009}']).filter(|part| !part.is_empty()).collect();
    let grouped = spaced.len() == 1
        || spaced.iter().enumerate().all(|(at, part)| {
            let whole = part.split(['.', ',']).next().unwrap_or_default();
            if at == 0 { (1..=3).contains(&part.len()) } else { whole.len() == 3 }
        });
    let plain = if grouped { spaced.concat() } else { text.to_owned() };
    let read = match plain.split(',').collect::<Vec<_>>().as_slice() {
        [units, cents] if !units.contains('.') && matches!(cents.len(), 1 | 2) => format!("{units}.{cents}").parse(),
        [first, groups @ .., last]
            if !groups.is_empty()
                && (1..=3).contains(&first.len())
                && groups.iter().all(|group| group.len() == 3)
                && last.split('.').next().is_some_and(|whole| whole.len() == 3) =>
        {
            plain.replace(',', "").parse()
        }
        _ => plain.parse(),
    };
    read.map(Some).map_err(|_: NotASum| NotASum(text.to_owned()).into())
}

fn letters(text: &str, count: usize, noun: &str, example: &str) -> Result<Option<String>, Fault> {
    match text {
        "" => Ok(None),
        _ if text.len() == count && text.bytes().all(|b| b.is_ascii_alphabetic()) => {
            Ok(Some(text.to_ascii_uppercase()))
        }
        _ => Err(Fault::of(Said::NotLetters, [text.into(), noun.into(), count.to_string().into(), example.into()])),
    }
}

/// `moral`, `loss`, `costs` or `fine`, with `joint` or `each` where several are sued.
fn money_kind(text: &str) -> Result<Option<String>, Fault> {
    let (mut kind, mut share) = (None, None);
    for word in text.split([' ', ';', ',', '/', '\n']).filter_map(filled) {
        let word = word.to_lowercase();
        let place = match word.as_str() {
            "moral" | "loss" | "costs" | "fine" => &mut kind,
            "joint" | "each" => &mut share,
            _ => return Err(Fault::of(Said::NotMoney, [word.into()])),
        };
        if place.as_ref().is_some_and(|known| *known != word) {
            return Err(Fault::of(Said::TwoKindsOfMoney, [text.into()]));
        }
        *place = Some(word);
    }
    Ok(match (kind, share) {
        (Some(kind), Some(share)) => Some(format!("{kind} {share}")),
        (kind, share) => kind.or(share),
    })
}

/// `public`, `no_names`, `counted_only`, `embargo YYYY-MM-DD`, `internal`.
fn secrecy(text: &str) -> Result<Option<String>, Fault> {
    let plain = one_line(text).to_lowercase();
    match plain.as_str() {
        "" => Ok(None),
        "public" | "no_names" | "counted_only" | "internal" => Ok(Some(plain)),
        _ => match plain.strip_prefix("embargo") {
            Some(until) => {
                let day = dates::read(until.trim(), None)?;
                match day.exact() {
                    Some(day) => Ok(Some(format!("embargo {day}"))),
                    None => Err(Fault::of(Said::EmbargoNeedsADay, [text.into()])),
                }
            }
            None => Err(Fault::of(Said::NotSecrecy, [text.into()])),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a column holds after a correction, printed again; or why it was refused.
    fn corrected(column: &'static str, text: &str) -> Result<String, String> {
        let mut card = Card::default();
        let corrected = correct(&mut card, column, text).map(|()| print(&card, column));
        corrected.map_err(|fault| fault.words(crate::model::Lang::EN))
    }

    #[test]
    fn cells_are_read_and_printed_again() {
        let check = |column: &'static str, text: &str, expect: &str| {
            assert_eq!(corrected(column, text), Ok(expect.to_owned()), "{column}: {text}");
        };
        check("headline", "  Суд\r\nрешил  ", "Суд решил");
        check("categories", "arrest/remand; attack", "arrest/remand; attack");
        check("categories", "Arrest / Remand ,ATTACK", "arrest/remand; attack");
        check("categories", "arrest; arrest/remand; arrest", "arrest/remand");
        check("categories", "arrest/remand; arrest/release", "arrest/remand; arrest/release");
        check("categories", "", "");
        check("direction", "Relief", "relief");
        check("event_date", "16.11.2017", "2017-11-16");
        check("stage", "in force", "in_force");
        check("outcome", "mixed", "mixed");
        check("targets", "Асем Тлеу (journalist); «Dala» (outlet)", "Асем Тлеу (journalist); «Dala» (outlet)");
        check("targets", "Сайт (Алматы) (outlet)", "Сайт (Алматы) (outlet)");
        check("targets", "A (social network user)", "A (social_network_user)");
        check("claimants", "ТОО «Тас» (legal_person); Аким", "ТОО «Тас» (legal_person); Аким");
        check("actors", "police; KNB, court", "police; knb; court");
        check("articles", "CC 174/1; cao 73-3; law О масс-медиа", "CC 174/1; CAO 73-3; law О масс-медиа");
        check("articles", "УК 274/2; other устав", "CC 274/2; other устав");
        check("claim_amount", "1500000", "1500000");
        check("claim_amount", "1 500 000", "1500000");
        check("claim_amount", "1\u{a0}500\u{a0}000,50", "1500000.50");
        check("claim_amount", "1,500,000", "1500000");
        check("claim_amount", "11345,5", "11345.50");
        check("currency", "kzt", "KZT");
        check("money_kind", "Each moral", "moral each");
        check("money_kind", "joint", "joint");
        check("secrecy", "embargo 2017-12-01", "embargo 2017-12-01");
        check("secrecy", "no_names", "no_names");
        check("country", "kg", "KG");
    }

    #[test]
    fn cells_that_are_refused_say_what_the_column_allows() {
        let check = |column: &'static str, text: &str, words: &str| {
            let error = corrected(column, text).unwrap_err();
            assert!(error.contains(words), "{column}: {text}: {error}");
        };
        check("categories", "arest", "`arest` is no category; use one of arrest,");
        check("categories", "arrest/fine", "`fine` is no subtype of arrest; use one of arrest/detention,");
        check("direction", "up", "use one of restriction, relief");
        check("event_date", "вчера", "write YYYY-MM-DD");
        check("stage", "guilty", "is no stage");
        check("instance", "third", "use one of first, appeal, cassation");
        check("outcome", "won", "use one of for, against");
        check("targets", "Асем Тлеу", "has no role");
        check("targets", "Асем Тлеу (reporter)", "use one of journalist,");
        check("targets", "(journalist)", "names nobody");
        check("claimants", "ТОО (Алматы)", "use one of official,");
        check("actors", "cops", "is no actor");
        check("articles", "174", "is no code");
        check("articles", "CC", "is no article");
        check("articles", "CC сто", "is no article");
        check("articles", "CAO 20.3.3-бап", "is no article");
        check("claim_amount", "1,500", "plain digits with a point");
        check("claim_amount", "12 34", "plain digits with a point");
        check("claim_amount", "1.5E+06", "plain digits with a point");
        check("claim_amount", "-5", "plain digits with a point");
        check("currency", "tenge", "3 letters");
        check("money_kind", "moral fine", "two kinds at once");
        check("money_kind", "bribe", "is no kind of money");
        check("secrecy", "secret", "is no secrecy");
        check("secrecy", "embargo 2017-12", "whole day");
        check("country", "Kazakhstan", "2 letters");
    }

    #[test]
    fn a_kept_category_keeps_its_confidence() {
        let categories = vec![Label { id: Category::Arrest, subtype: None, score: 0.7 }];
        let mut card = Card { categories, ..Card::default() };
        correct(&mut card, "categories", "arrest/remand; attack").unwrap();
        let scores: Vec<f64> = card.categories.iter().map(|label| label.score).collect();
        assert_eq!(scores, [0.7, 1.0]);
    }
}
