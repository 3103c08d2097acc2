//! Sums of money: read, turned into one currency's hundredths, and told apart into asked and awarded.
//!
//! A count of monthly calculation indices (МРП, АЕК, MCI) is turned into tenge by the value of the day
//! of publication. A fine, a duty, costs, a bribe or a loan is neither asked nor awarded.

use jiff::civil::Date;

use super::numbers::{self, Number};
use super::tables::Tables;
use super::words::Words;
use crate::model::Amount;

/// A sum and the tokens that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sum {
    pub amount: Amount,
    /// ISO 4217; empty where the text does not say.
    pub currency: String,
    pub first: usize,
    /// One past the last token.
    pub end: usize,
}

/// Every sum of a text. `published` gives the year of the monthly index; without it a count of indices is
/// passed over.
pub(super) fn all(words: &Words<'_, '_>, tables: &Tables, published: Option<Date>) -> Vec<Sum> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match sum(words, tables, published, at) {
            Some(sum) => {
                at = sum.end.max(at + 1);
                found.push(sum);
            }
            None => {
                at = numbers::read(words, at)
                    .filter(|number| number.scaled)
                    .map_or(at + 1, |number| number.end.max(at + 1))
            }
        }
    }
    found
}

fn sum(words: &Words<'_, '_>, tables: &Tables, published: Option<Date>, at: usize) -> Option<Sum> {
    // "$100,000", "KZT 5 million", "tenge 5,000,000": the currency first.
    if let Some(code) = currency(words, tables, at) {
        let follows = words.gap(at).is_empty() || words.is_near(at);
        if let Some(number) = numbers::read(words, at + 1).filter(|_| follows && code != "MCI") {
            // "500 тенге 20 человек": the number after belongs to what follows it.
            let sign = words.reading.tokens[at].shape.symbol || words.reading.tokens[at].shape.capitals;
            let own = currency(words, tables, number.end).is_some() && words.is_near(number.end - 1);
            if (sign || number.scaled || number.hundredths >= 100_000) && !own {
                return made(code, number, published, tables, at, number.end);
            }
        }
        return None;
    }
    let mut number = numbers::read(words, at)?;
    // "KZT500,000"
    let key = words.key(at);
    let letters = numbers::letters_before(key);
    if letters > 0 {
        let code = tables.currency_of(&key[..letters])?;
        return made(code, number, published, tables, at, number.end);
    }
    let in_words = again_in_words(words, number);
    number.end = in_words.unwrap_or(number.end);
    let mut next = number.end;
    // "5 млн. казахстанских тенге", "100 АҚШ доллары", "100 U.S. dollars".
    while next < number.end + 2 || next == number.end + 2 && words.key(next - 1) == "s" {
        let follows = words.is_near(next - 1) || words.gap(next - 1).is_empty() && next < words.len();
        if !(follows || Some(next) == in_words) {
            break;
        }
        if let Some(code) = currency(words, tables, next) {
            let end = next + currency_words(words, tables, next);
            return made(code, number, published, tables, at, end);
        }
        if words.key(next).is_empty() || words.number(next).is_some() {
            break;
        }
        next += 1;
    }
    let hanging = words.number(at).map_or("", |(_, hanging)| hanging);
    if let Some(code) = tables.currency_of(hanging).filter(|_| number.end == at + 1) {
        return made(code, number, published, tables, at, number.end);
    }
    // "присуждено 3 млн за статью": millions without a currency are the country's.
    let counted = super::words::begins(words.key(number.end), COUNTED);
    (number.scaled && number.hundredths >= 100_000_000 && !counted).then(|| Sum {
        amount: Amount(number.hundredths),
        currency: String::new(),
        first: at,
        end: number.end,
    })
}

/// Where the same number ends that stands in brackets after a number: `500 000 (пятьсот тысяч) тенге`.
fn again_in_words(words: &Words<'_, '_>, number: Number) -> Option<usize> {
    let again = numbers::read(words, number.end).filter(|_| words.gap(number.end - 1).trim() == "(")?;
    (again.hundredths == number.hundredths && words.gap(again.end - 1).trim() == ")").then_some(again.end)
}

fn made(code: &str, number: Number, published: Option<Date>, tables: &Tables, first: usize, end: usize) -> Option<Sum> {
    let (amount, currency) = if code == "MCI" {
        (number.hundredths.checked_mul(tables.index_on(published?)?)?, "KZT")
    } else {
        (number.hundredths, code)
    };
    Some(Sum { amount: Amount(amount), currency: currency.to_owned(), first, end })
}

/// The currency that a token, or a phrase that begins with it, names.
fn currency<'t>(words: &Words<'_, '_>, tables: &'t Tables, at: usize) -> Option<&'t str> {
    if at >= words.len() {
        return None;
    }
    if words.reading.tokens[at].shape.symbol {
        return tables.currency_of_sign(words.reading.original(at));
    }
    tables.currency_of(words.key(at)).or_else(|| tables.currency_of_phrase(words, at).map(|(code, _)| code))
}

fn currency_words(words: &Words<'_, '_>, tables: &Tables, at: usize) -> usize {
    tables.currency_of_phrase(words, at).map_or(1, |(_, length)| length)
}

/// What is counted in millions and is no money.
const COUNTED: &[&str] = &[
    "адам",
    "человек",
    "просмотр",
    "подписчик",
    "рет",
    "раз",
    "жител",
    "тургин",
    "запрос",
    "people",
    "views",
    "times",
    "subscriber",
    "request",
    "user",
    "follower",
    "экземпл",
    "дана",
    "тонн",
    "reader",
    "viewer",
    "hits",
    "queries",
    "visit",
    "карал",
    "жазил",
    "кврт",
];

/// What a sum is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Claim,
    Award,
    Other,
}

/// What the words around a sum say that it is for: the nearest cue of its sentence, those before it
/// counting as nearer, and no further than another sum.
pub(super) fn purpose(words: &Words<'_, '_>, tables: &Tables, sums: &[Sum], index: usize) -> Option<Purpose> {
    let sum = &sums[index];
    let sentence = words.sentence(sum.first);
    let earliest = index.checked_sub(1).map_or(sentence.start, |last| sums[last].end.max(sentence.start));
    let latest = sums.get(index + 1).map_or(sentence.end, |next| next.first.min(sentence.end));
    let mut best: Option<(usize, Purpose)> = None;
    let mut consider = |distance: usize, purpose: Purpose| {
        if best.is_none_or(|(nearest, _)| distance < nearest) {
            best = Some((distance, purpose));
        }
    };
    for at in earliest.max(sum.first.saturating_sub(REACH))..sum.first {
        if let Some(purpose) = tables.purpose_of(words, at) {
            consider(sum.first - at, purpose);
        }
    }
    for at in sum.end..latest.min(sum.end + REACH) {
        if let Some(purpose) = tables.purpose_of(words, at) {
            // Kazakh puts the verb last: what follows is as near as what stands before.
            let kazakh =
                words.reading.sentences.get(words.sentence_index(at)).is_some_and(|s| s.lang == crate::model::Lang::KK);
            consider((at - sum.end + 1) * if kazakh { 1 } else { 2 }, purpose);
        }
    }
    match best {
        Some((_, purpose)) => Some(purpose),
        // The cue may stand before an earlier sum of the sentence: "требуют опровержения, 5 млн … и 3 млн".
        None => (sentence.start.max(sum.first.saturating_sub(2 * REACH))..sum.first)
            .rev()
            .find_map(|at| tables.purpose_of(words, at)),
    }
}

/// How far from a sum its cue may stand, in words.
const REACH: usize = 16;
