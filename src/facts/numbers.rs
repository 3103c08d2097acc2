//! Numbers as news write them: `2 млн. 405 тыс.`, `1,5 миллиона`, `500 000`, `5,000,000`, `бес миллион`,
//! `195 million 460 thousand`, `полтора миллиона`, `half a million`.
//!
//! A value is kept in hundredths and nothing overflows: what does not fit is no number.

use super::words::{Words, begins, cut_number};
use crate::model::Lang;

/// A number and the token after its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    /// In hundredths.
    pub hundredths: i64,
    /// One past its last token.
    pub end: usize,
    /// Is a multiplier (million) among its words?
    pub scaled: bool,
}

/// Reads the number that begins at a token.
pub(super) fn read(words: &Words<'_, '_>, start: usize) -> Option<Number> {
    let mut total: i128 = 0;
    let mut at = start;
    let mut scaled = false;
    let mut smallest = i128::MAX;
    while at < words.len() {
        let Some(group) = group(words, at, at > start) else { break };
        // "2 млн 405 тыс": each part is smaller than the last multiplier, else a new number begins.
        if at > start && (group.value >= smallest * 100 || group.multiplier >= smallest) {
            break;
        }
        total = total.checked_add(group.value)?;
        at = group.end;
        smallest = group.multiplier;
        scaled |= group.multiplier > 1;
        // Something goes on only after a multiplier ("5 млн 200 тысяч").
        if group.multiplier == 1 || !words.is_near(at - 1) {
            break;
        }
    }
    (at > start).then_some(())?;
    Some(Number { hundredths: i64::try_from(total).ok()?, end: at, scaled })
}

struct Group {
    /// In hundredths, multiplied.
    value: i128,
    multiplier: i128,
    end: usize,
}

/// A number with its multiplier, where it has one.
fn group(words: &Words<'_, '_>, start: usize, continued: bool) -> Option<Group> {
    let (mut value, mut end, attached) = match figures(words, start) {
        Some(found) => found,
        None => spelled(words, start, continued)?,
    };
    if attached.is_none() && end > start && words.is_near(end - 1) {
        let more = half_after(words, end);
        value += if more > 0 { 50 } else { 0 };
        end += more;
    }
    let mut multiplier = 1;
    if let Some(hanging) = attached {
        if let Some(times) = multiplier_of(hanging, false) {
            multiplier = times;
        }
    } else {
        // "5 тысяч миллиардов" is no news; one multiplier is read, two where they are "жүз мың"-like.
        while end < words.len() && multiplier < 1_000_000_000_000 && (end == start || words.is_near(end - 1)) {
            let kazakh = is_kazakh(words, end);
            let Some(times) = multiplier_of(words.key(end), kazakh || words.reading.original(end).contains('ң'))
            else {
                break;
            };
            if multiplier > 1 && times <= multiplier {
                break;
            }
            multiplier *= times;
            end += 1;
        }
    }
    value = value.checked_mul(multiplier)?;
    Some(Group { value, multiplier, end })
}

/// How many words say "and a half" from one on: `с половиной`, `жарым`, `and a half`.
fn half_after(words: &Words<'_, '_>, at: usize) -> usize {
    match words.key(at) {
        "жарим" => 1,
        "с" if words.key(at + 1) == "половинои" => 2,
        "and" if words.key(at + 1) == "a" && words.key(at + 2) == "half" => 3,
        _ => 0,
    }
}

fn is_kazakh(words: &Words<'_, '_>, at: usize) -> bool {
    words.reading.sentences.get(words.sentence_index(at)).is_some_and(|sentence| sentence.lang == Lang::KK)
}

/// What a word multiplies by; `мин` is thousand in Kazakh and shortened minutes in Russian.
fn multiplier_of(key: &str, kazakh: bool) -> Option<i128> {
    let times = match key {
        "k" | "тис" => 1_000,
        "млн" | "mln" | "mn" | "m" => 1_000_000,
        "млрд" | "bn" | "mlrd" => 1_000_000_000,
        "трлн" | "trn" => 1_000_000_000_000,
        _ if begins(key, &["тисиач"]) || key == "thousand" || key == "thousands" => 1_000,
        _ if kazakh && (key == "мин" || is_case_of(key, "мин")) => 1_000,
        _ if key.starts_with("миллион") && !begins(key, &["миллионер"])
            || key.starts_with("милион")
            || key == "million" =>
        {
            1_000_000
        }
        _ if key.starts_with("миллиард") && !begins(key, &["миллиардер"]) || key == "billion" => {
            1_000_000_000
        }
        _ if key.starts_with("триллион") || key == "trillion" => 1_000_000_000_000,
        _ if begins(key, &["млн-", "mln-"]) => 1_000_000,
        _ => return None,
    };
    Some(times)
}

/// Kazakh case endings on a short numeral: `мыңнан`, `мыңға`, `мыңын`.
fn is_case_of(key: &str, stem: &str) -> bool {
    key.strip_prefix(stem).is_some_and(|rest| {
        matches!(
            rest,
            "нан"
                | "га"
                | "ди"
                | "нин"
                | "да"
                | "дан"
                | "даи"
                | "дик"
                | "ин"
                | "инан"
                | "-ди"
                | "-га"
                | "нин-"
        )
    })
}

/// A number in figures: its hundredths, the token after it, and a multiplier hanging on it ("5млн").
fn figures<'w>(words: &'w Words<'_, '_>, start: usize) -> Option<(i128, usize, Option<&'w str>)> {
    let key = words.key(start);
    let (number, hanging) = cut_grouped(&key[letters_before(key)..]);
    if number.is_empty() || number.len() > 15 || hanging.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut whole: i128 = number.parse().ok()?;
    if !hanging.is_empty() {
        return Some((whole * 100, start + 1, Some(hanging)));
    }
    let mut at = start + 1;
    let mut groups = 0;
    // Thousands parted by a space, a comma, a point or nothing visible.
    let mut separator = None;
    while at < words.len() && number.len() <= 3 && groups < 4 {
        let gap = words.gap(at - 1);
        let parted = match gap {
            "," | "." => Some(gap),
            _ if words.is_spaced(at - 1) && gap.chars().count() == 1 => Some(" "),
            _ => None,
        };
        let Some(parted) = parted else { break };
        let (digits, rest) = cut_number(words.key(at));
        if digits.len() != 3 || digits.contains('-') || separator.is_some_and(|s| s != parted) || number == "0" {
            break;
        }
        // In "1,234 млн" a Russian comma parts the fraction.
        let fraction = groups == 0
            && matches!(parted, "," | ".")
            && multiplier_of(words.key(at + 1), false).is_some()
            && words.is_near(at)
            && words.gap(at) != parted;
        if fraction {
            break;
        }
        whole = whole * 1000 + digits.parse::<i128>().ok()?;
        separator = Some(parted);
        groups += 1;
        at += 1;
        if !rest.is_empty() {
            let key = words.key(at - 1);
            return Some((whole * 100, at, Some(&key[key.len() - rest.len()..])));
        }
    }
    // A fraction: "1,5", "2.40".
    let mut hundredths = whole * 100;
    if at < words.len() && matches!(words.gap(at - 1), "," | ".") && separator != Some(words.gap(at - 1)) {
        let (digits, rest) = cut_number(words.key(at));
        if (1..=3).contains(&digits.len()) && !digits.contains('-') {
            // A fraction needs more digits than hundredths hold only before a multiplier; keep three.
            let thousandths: i128 = format!("{digits:0<3}").parse().ok()?;
            let key = words.key(at);
            let attached = (!rest.is_empty()).then(|| &key[key.len() - rest.len()..]);
            let scaled = attached.map_or_else(
                || multiplier_of(words.key(at + 1), true).is_some() && words.is_near(at),
                |hanging| multiplier_of(hanging, true).is_some(),
            );
            if scaled || digits.len() <= 2 {
                if thousandths % 10 != 0 {
                    // "1,234 млн": fold the thousandth in by multiplying here, where the multiplier is sure.
                    let times = multiplier_of(attached.unwrap_or(words.key(at + 1)), true)?;
                    let value = (whole * 1000 + thousandths) * times / 10;
                    let end = if attached.is_some() { at + 1 } else { at + 2 };
                    return Some((value, end, Some("")));
                }
                hundredths += thousandths / 10;
                return Some((hundredths, at + 1, attached));
            }
        }
    }
    Some((hundredths, at, None))
}

/// Bytes of the letters of a currency that is written with its figures: `KZT500`.
pub(super) fn letters_before(key: &str) -> usize {
    let bytes = key.as_bytes();
    let letters = bytes.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    if letters == 3 && bytes.get(letters).is_some_and(u8::is_ascii_digit) { letters } else { 0 }
}

/// The digits that a word begins with, those of `5'000'000` together, and what hangs on them. A second
/// number after a hyphen (`5-7`) hangs too.
fn cut_grouped(key: &str) -> (String, &str) {
    let bytes = key.as_bytes();
    let mut digits = String::new();
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'0'..=b'9' => digits.push(char::from(*byte)),
            b'\'' if bytes.get(end + 1).is_some_and(u8::is_ascii_digit) => {}
            _ => break,
        }
        end += 1;
    }
    (digits, key[end..].trim_start_matches('-'))
}

/// A number in words.
fn spelled<'w>(words: &'w Words<'_, '_>, start: usize, continued: bool) -> Option<(i128, usize, Option<&'w str>)> {
    let mut total: i128 = 0;
    let mut at = start;
    let mut last = i128::MAX;
    while at < words.len() && at - start < 5 {
        let key = words.key(at);
        let value = match word_value(key) {
            Some(value) => value,
            None => break,
        };
        if value == 100 * 100 && total > 0 && total < 10 * 100 {
            // "екі жүз", "two hundred".
            total *= 100;
            last = 100 * 100;
        } else if value >= last || total > 0 && value > total {
            break;
        } else {
            total += value;
            // After hundreds a ten, after a ten a unit, after a unit nothing.
            last = match value / 100 {
                100.. => 100 * 100,
                10 | 20.. => 10 * 100,
                _ => 0,
            };
        }
        at += 1;
        if !words.is_near(at - 1) {
            break;
        }
        if words.key(at) == "and" && word_value(words.key(at + 1)).is_some() {
            at += 1;
        }
    }
    if at == start {
        return implied(words, start, continued);
    }
    // "half a million", "пол миллиона".
    Some((total, at, None))
}

/// One where a multiplier stands alone ("миллион тенге", "a million"), and halves.
fn implied<'w>(words: &'w Words<'_, '_>, start: usize, continued: bool) -> Option<(i128, usize, Option<&'w str>)> {
    let key = words.key(start);
    if key == "half" && matches!(words.key(start + 1), "a" | "million" | "billion") {
        let at = start + 1 + usize::from(words.key(start + 1) == "a");
        return multiplier_of(words.key(at), false).map(|_| (50, at, None));
    }
    if let Some(rest) = key.strip_prefix("пол")
        && let Some(times) = multiplier_of(rest, false).filter(|times| *times >= 1_000_000)
    {
        return Some((50 * times, start + 1, Some("")));
    }
    let alone = multiplier_of(key, is_kazakh(words, start)).is_some_and(|times| times >= 1_000);
    let whole_word = key.len() > 4 && !continued;
    // "5-7 млн": a number stands before that could not be read, and no million alone.
    let counted = start > 0 && words.number(start - 1).is_some() && words.is_near(start - 1);
    (alone && whole_word && !counted).then_some((100, start, None))
}

/// The value of a numeral in hundredths, up to a hundred and the Russian hundreds.
pub(super) fn word_value(key: &str) -> Option<i128> {
    let value = match key {
        "полтора" | "полутора" | "полтори" => return Some(150),
        "жарти" => return Some(50),
        "one" | "один" | "одна" | "одного" | "одну" | "бир" => 1,
        "two" | "два" | "две" | "двух" | "двум" | "двумиа" | "еки" => 2,
        "three" | "три" | "трех" | "трем" | "тремиа" | "уш" => 3,
        "four" | "четире" | "четирех" | "четирем" | "четирмиа" | "торт" => 4,
        "five" | "пиат" | "пиати" | "пиатиу" | "бес" => 5,
        "six" | "шест" | "шести" | "шестиу" | "алти" => 6,
        "seven" | "сем" | "семи" | "семиу" | "жети" => 7,
        "eight" | "восем" | "восми" | "восемиу" | "сегиз" => 8,
        "nine" | "девиат" | "девиати" | "девиатиу" | "тогиз" => 9,
        "ten" | "десиат" | "десиати" | "десиатиу" | "он" => 10,
        "eleven" | "одиннадсат" | "одиннадсати" => 11,
        "twelve" | "двенадсат" | "двенадсати" => 12,
        "thirteen" | "тринадсат" | "тринадсати" => 13,
        "fourteen" | "четирнадсат" | "четирнадсати" => 14,
        "fifteen" | "пиатнадсат" | "пиатнадсати" => 15,
        "sixteen" | "шестнадсат" | "шестнадсати" => 16,
        "seventeen" | "семнадсат" | "семнадсати" => 17,
        "eighteen" | "восемнадсат" | "восемнадсати" => 18,
        "nineteen" | "девиатнадсат" | "девиатнадсати" => 19,
        "twenty" | "двадсат" | "двадсати" | "жиирма" | "жирма" => 20,
        "thirty" | "тридсат" | "тридсати" | "отиз" => 30,
        "forty" | "сорок" | "сорока" | "кирик" => 40,
        "fifty" | "пиатдесиат" | "пиатидесиати" | "елу" => 50,
        "sixty" | "шестдесиат" | "шестидесиати" | "алпис" => 60,
        "seventy" | "семдесиат" | "семидесиати" | "жетпис" => 70,
        "eighty" | "восемдесиат" | "восмидесиати" | "сексен" => 80,
        "ninety" | "девианосто" | "токсан" => 90,
        "hundred" | "сто" | "ста" | "жуз" => 100,
        "двести" | "двухсот" => 200,
        "триста" | "трехсот" => 300,
        "четиреста" | "четирехсот" => 400,
        "пиатсот" | "пиатисот" => 500,
        "шестсот" | "шестисот" => 600,
        "семсот" | "семисот" => 700,
        "восемсот" | "восмисот" => 800,
        "девиатсот" | "девиатисот" => 900,
        _ => {
            // "thirty-five"
            let (ten, unit) = key.split_once('-')?;
            let (ten, unit) = (word_value(ten)?, word_value(unit)?);
            return ((2_000..10_000).contains(&ten) && (100..1_000).contains(&unit)).then_some(ten + unit);
        }
    };
    Some(value * 100)
}
