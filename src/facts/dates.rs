//! Dates as news write them, absolute and told from the day of publication, and which of them is the
//! event's.
//!
//! `16.11.2017`, `16 ноября 2017 года`, `16-17 ноября`, `2017 жылғы 16 қараша`, `қарашаның 16-сы күні`,
//! `November 16, 2017`, `16th of November`, `в ночь на пятницу`, `кеше`, `on Thursday`. A month or a
//! year alone is read too, but is never taken for the event's day. A weekday is the last one up to the
//! day of publication: news look back.

use jiff::civil::{Date, Weekday};
use jiff::{Span as Time, ToSpan};

use super::words::{Words, begins};
use crate::model::{Category, PartialDate};

/// A date and the tokens that it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dated {
    pub date: PartialDate,
    pub first: usize,
    /// One past the last token.
    pub end: usize,
    /// Told from the day of publication: a weekday, "yesterday".
    pub relative: bool,
    /// The text itself gives the year.
    pub with_year: bool,
}

/// Every date of a text. Relative ones are read only where `published` is known.
pub(super) fn all(words: &Words<'_, '_>, published: Option<Date>) -> Vec<Dated> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match absolute(words, at, published).or_else(|| relative(words, at, published?)) {
            Some(dated) => {
                at = dated.end.max(at + 1);
                found.push(dated);
            }
            None => at += 1,
        }
    }
    found
}

fn absolute(words: &Words<'_, '_>, at: usize, published: Option<Date>) -> Option<Dated> {
    if words.number(at).is_some() {
        return figures(words, at).or_else(|| day_month(words, at, published));
    }
    let Some(month) = month(words, at) else {
        let (day, next) = day_in_words(words, at)?;
        return of_month(words, at, day, next, published);
    };
    kazakh_month_day(words, at, month, published)
        .or_else(|| month_day(words, at, month, published))
        .or_else(|| month_year(words, at, month, published))
}

/// `16.11.2017`, `16/11/2017`, `2017-11-16`.
fn figures(words: &Words<'_, '_>, at: usize) -> Option<Dated> {
    let (number, _) = words.number(at)?;
    if number.len() == 10 && number.is_ascii() {
        let mut parts = number.split('-').map(str::parse::<i16>);
        let (Some(Ok(a)), Some(Ok(b)), Some(Ok(c)), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let (year, month, day) = if a > 31 { (a, b, c) } else { (c, b, a) };
        return whole(year, month, day).map(|date| dated(date, at, at + 1, true));
    }
    let separator = words.gap(at);
    if !matches!(separator, "." | "/") || words.gap(at + 1) != separator {
        return None;
    }
    let (day, month) = (words.digits(at)?, words.digits(at + 1)?);
    let (year, _) = words.number(at + 2)?;
    // A fourth part makes it an address or a version.
    if words.gap(at + 2) == separator && words.digits(at + 3).is_some() {
        return None;
    }
    let year = match year.len() {
        4 => year.parse().ok()?,
        2 => 2000 + year.parse::<i16>().ok()?,
        _ => return None,
    };
    whole(year, month as i16, day as i16).map(|date| dated(date, at, at + 3, true))
}

fn whole(year: i16, month: i16, day: i16) -> Option<PartialDate> {
    (1900..=2100).contains(&year).then_some(())?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok().map(PartialDate::from)
}

fn dated(date: PartialDate, first: usize, end: usize, with_year: bool) -> Dated {
    Dated { date, first, end, relative: false, with_year }
}

/// A day of the month: `16`, `16-го`, `16th`, and the first of `16-17`.
fn day(words: &Words<'_, '_>, at: usize) -> Option<i8> {
    let (number, hanging) = words.number(at)?;
    if begins(hanging, &["баб", "бап", "бол", "млн", "тис", "год", "жил", "лет", "жас"]) {
        return None;
    }
    let first = number.split('-').next()?;
    let last = number.rsplit('-').next()?;
    let day: i8 = first.parse().ok()?;
    ((1..=31).contains(&day) && first.len() <= 2 && last.len() <= 2).then_some(day)
}

/// `16 ноября 2017 года`, `16 November`, `16th of November`, `2017 жылғы 16 қараша`.
fn day_month(words: &Words<'_, '_>, at: usize, published: Option<Date>) -> Option<Dated> {
    let day_of_month = day(words, at)?;
    let mut next = at + 1;
    if words.key(next) == "of" || matches!(words.gap(at).trim(), "—" | "–") && day(words, next).is_some() {
        next += 1;
    }
    of_month(words, at, day_of_month, next, published)
}

/// A day whose month stands at `next`.
fn of_month(words: &Words<'_, '_>, at: usize, day: i8, next: usize, published: Option<Date>) -> Option<Dated> {
    if !words.is_near(next - 1) {
        return None;
    }
    let month = month(words, next)?;
    let (year, end) = year_after(words, next + 1, published);
    let (year, first) = match year {
        Some(year) => (Some(year), at),
        None => year_before(words, at),
    };
    finish(year, month, day, first, end, published)
}

/// `қарашаның 16-сы күні`, `2017 жылдың қараша айының 16-сында`.
fn kazakh_month_day(words: &Words<'_, '_>, at: usize, month: i8, published: Option<Date>) -> Option<Dated> {
    let key = words.key(at);
    let genitive = key.ends_with("нин") || key.ends_with("дин") || key.ends_with("тин");
    let month_word = words.key(at + 1);
    let with_word = month_word.starts_with("аинин") || month_word == "аидин";
    if key.is_ascii() || !(genitive || with_word) {
        return None;
    }
    let number = at + 1 + usize::from(with_word);
    let day = day(words, number)?;
    if !words.is_near(number - 1) {
        return None;
    }
    let (year, first) = year_before(words, at);
    let end = number + 1 + usize::from(words.key(number + 1).starts_with("кун"));
    finish(year, month, day, first, end, published)
}

/// `November 16`, `Nov. 16, 2017`.
fn month_day(words: &Words<'_, '_>, at: usize, month: i8, published: Option<Date>) -> Option<Dated> {
    if !words.key(at).is_ascii() {
        return None;
    }
    let day = day(words, at + 1).filter(|_| words.is_near(at))?;
    let (year, end) = year_after(words, at + 2, published);
    finish(year, month, day, at, end, published)
}

/// `в ноябре 2017 года`, `2017 жылғы қараша`, `November 2017`.
fn month_year(words: &Words<'_, '_>, at: usize, month: i8, published: Option<Date>) -> Option<Dated> {
    let (year, end) = year_after(words, at + 1 + usize::from(words.key(at + 1) == "of"), published);
    let (year, first) = match year {
        Some(year) => (Some(year), at),
        None => year_before(words, at),
    };
    Some(dated(PartialDate { year: year?, month: Some(month), day: None }, first, end, true))
}

/// A Russian day of the month in words, and the token after it: `шестнадцатого`, `двадцать первого`.
fn day_in_words(words: &Words<'_, '_>, at: usize) -> Option<(i8, usize)> {
    const ORDINALS: [(&str, i8); 21] = [
        ("перв", 1),
        ("втор", 2),
        ("трет", 3),
        ("четверт", 4),
        ("пиат", 5),
        ("шест", 6),
        ("седм", 7),
        ("восм", 8),
        ("девиат", 9),
        ("десиат", 10),
        ("одиннадсат", 11),
        ("двенадсат", 12),
        ("тринадсат", 13),
        ("четирнадсат", 14),
        ("пиатнадсат", 15),
        ("шестнадсат", 16),
        ("семнадсат", 17),
        ("восемнадсат", 18),
        ("девиатнадсат", 19),
        ("двадсат", 20),
        ("тридсат", 30),
    ];
    let ordinal = |key: &str| {
        let stem = key.strip_suffix("ого").or_else(|| key.strip_suffix("его")).or_else(|| key.strip_suffix("ое"))?;
        ORDINALS.iter().find(|(known, _)| *known == stem).map(|(_, day)| *day)
    };
    let tens = match words.key(at) {
        "двадсат" => 20,
        "тридсат" => 30,
        key => return Some((ordinal(key)?, at + 1)),
    };
    let unit = ordinal(words.key(at + 1)).filter(|unit| *unit < 10 && words.is_near(at))?;
    Some((tens + unit, at + 2))
}

/// A year after a month, and the token after it and its word.
fn year_after(words: &Words<'_, '_>, at: usize, published: Option<Date>) -> (Option<i16>, usize) {
    let back = match (words.key(at), words.key(at + 1)) {
        ("прошлого" | "минувшего", "года") | ("last", "year") => Some(1),
        ("етого" | "текушего" | "нинешнего", "года") | ("this", "year") => Some(0),
        _ => None,
    };
    if let (Some(back), Some(published)) = (back, published) {
        return (Some(published.year() - back), at + 2);
    }
    let gap = words.gap(at.saturating_sub(1));
    let year = (gap.len() <= 4 && gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '.')))
        .then(|| year(words, at))
        .flatten();
    match year {
        Some(year) => (
            Some(year),
            at + 1 + usize::from(begins(words.key(at + 1), &["год", "жил"]) || matches!(words.key(at + 1), "г" | "ж")),
        ),
        None => (None, at),
    }
}

/// A year before a Kazakh date: `2017 жылғы`, `2017 жылдың`, `2017 ж.`.
fn year_before(words: &Words<'_, '_>, at: usize) -> (Option<i16>, usize) {
    if at >= 2
        && (words.key(at - 1).starts_with("жил") || words.key(at - 1) == "ж")
        && let Some(year) = year(words, at - 2)
    {
        return (Some(year), at - 2);
    }
    (None, at)
}

fn year(words: &Words<'_, '_>, at: usize) -> Option<i16> {
    let (number, _) = words.number(at)?;
    (number.len() == 4).then(|| number.parse().ok())?.filter(|year| (1900..=2100).contains(year))
}

/// A date without a year is the nearest one to the day of publication that news may mean: up to two
/// months ahead, else behind.
fn finish(year: Option<i16>, month: i8, day: i8, first: usize, end: usize, published: Option<Date>) -> Option<Dated> {
    let date = match (year, published) {
        (Some(year), _) => Date::new(year, month, day).ok()?,
        (None, Some(published)) => {
            let this = Date::new(published.year(), month, day).ok();
            let ahead = published.checked_add(60.days()).ok()?;
            match this {
                Some(date) if date > ahead => Date::new(published.year() - 1, month, day).ok()?,
                Some(date) if published.since(date).ok()?.get_days() > 305 => {
                    Date::new(published.year() + 1, month, day).ok()?
                }
                Some(date) => date,
                // 29 February of another year.
                None => Date::new(published.year() - 1, month, day).ok()?,
            }
        }
        (None, None) => return None,
    };
    Some(dated(date.into(), first, end, year.is_some()))
}

/// The month that a word names, in any case of its language.
fn month(words: &Words<'_, '_>, at: usize) -> Option<i8> {
    if at >= words.len() {
        return None;
    }
    let key = words.key(at);
    if key.is_ascii() {
        let month = match key {
            "january" | "jan" => 1,
            "february" | "feb" => 2,
            "march" | "mar" => 3,
            "april" | "apr" => 4,
            "may" => 5,
            "june" | "jun" => 6,
            "july" | "jul" => 7,
            "august" | "aug" => 8,
            "september" | "sept" | "sep" => 9,
            "october" | "oct" => 10,
            "november" | "nov" => 11,
            "december" | "dec" => 12,
            _ => return None,
        };
        return words.reading.tokens[at].shape.capital.then_some(month);
    }
    // Most words are told from all months by their first two letters.
    if !matches!(
        key.get(..4),
        Some(
            "иа" | "фе"
                | "ма"
                | "ап"
                | "иу"
                | "ав"
                | "се"
                | "ок"
                | "но"
                | "де"
                | "ка"
                | "ак"
                | "на"
                | "са"
                | "ши"
                | "та"
                | "ки"
                | "же"
        )
    ) {
        return None;
    }
    const RUSSIAN: [&str; 12] =
        ["ианвар", "феврал", "март", "апрел", "ма", "иун", "иул", "август", "сентиабр", "октиабр", "ноиабр", "декабр"];
    const KAZAKH: [&str; 12] = [
        "кантар",
        "акпан",
        "науриз",
        "сауир",
        "мамир",
        "маусим",
        "шилде",
        "тамиз",
        "киркуиек",
        "казан",
        "караша",
        "желтоксан",
    ];
    // Shortened, as beside a day.
    const SHORT: [&str; 12] = ["ианв", "февр", "мар", "апр", "", "", "", "авг", "сент", "окт", "ноиаб", "дек"];
    if let Some(index) = SHORT.iter().position(|short| *short == key).filter(|_| at > 0 && day(words, at - 1).is_some())
    {
        return Some(index as i8 + 1);
    }
    let russian = RUSSIAN.iter().position(|stem| {
        key.strip_prefix(stem).is_some_and(|rest| match *stem {
            "ма" => matches!(rest, "и" | "иа" | "е" | "иу"),
            _ => matches!(rest, "" | "иа" | "е" | "и" | "ем" | "иу" | "а" | "у" | "ом"),
        })
    });
    let kazakh = || KAZAKH.iter().position(|stem| key.strip_prefix(stem).is_some_and(is_kazakh_case));
    russian.or_else(kazakh).map(|index| index as i8 + 1)
}

/// Endings of Kazakh months and weekdays, in the skeleton.
fn is_kazakh_case(rest: &str) -> bool {
    matches!(
        rest.trim_start_matches('-'),
        "" | "нин"
            | "дин"
            | "тин"
            | "да"
            | "де"
            | "та"
            | "те"
            | "дан"
            | "ден"
            | "тан"
            | "тен"
            | "га"
            | "ге"
            | "ка"
            | "ке"
            | "даги"
            | "деги"
            | "таги"
            | "теги"
            | "синда"
            | "синде"
            | "синин"
            | "инда"
            | "инде"
            | "инин"
            | "си"
            | "и"
            | "ди"
            | "ни"
            | "мен"
            | "бен"
            | "пен"
    )
}

fn relative(words: &Words<'_, '_>, at: usize, published: Date) -> Option<Dated> {
    let (days_back, first, end) = day_word(words, at).or_else(|| weekday(words, at, published))?;
    let date = published.checked_sub(Time::new().days(days_back)).ok()?;
    Some(Dated { date: date.into(), first, end, relative: true, with_year: true })
}

/// `вчера`, `кеше`, `this morning`: days before publication.
fn day_word(words: &Words<'_, '_>, at: usize) -> Option<(i64, usize, usize)> {
    let key = words.key(at);
    // A name that ends so: «Степь сегодня».
    if words.closes_quote(at) && !words.opens_quote(at) {
        return None;
    }
    let days = match key {
        "сегодниа" | "бугин" | "бугинги" | "today" | "tonight" => 0,
        "вчера" | "кеше" | "кешеги" | "yesterday" => 1,
        _ if begins(key, &["сегодниашн"]) => 0,
        _ if begins(key, &["вчерашн"]) => 1,
        "позавчера" => 2,
        "this" if matches!(words.key(at + 1), "morning" | "afternoon" | "evening") => return Some((0, at, at + 2)),
        "last" if words.key(at + 1) == "night" => return Some((1, at, at + 2)),
        _ => return None,
    };
    Some((days, at, at + 1))
}

fn weekday(words: &Words<'_, '_>, at: usize, published: Date) -> Option<(i64, usize, usize)> {
    let key = words.key(at);
    let before = |back: usize| at.checked_sub(back).map_or("", |index| words.key(index));
    let (weekday, end, mut past) = if key.is_ascii() {
        let weekday = match key {
            "monday" => Weekday::Monday,
            "tuesday" => Weekday::Tuesday,
            "wednesday" => Weekday::Wednesday,
            "thursday" => Weekday::Thursday,
            "friday" => Weekday::Friday,
            "saturday" => Weekday::Saturday,
            "sunday" => Weekday::Sunday,
            _ => return None,
        };
        if matches!(
            before(1),
            "by" | "until"
                | "till"
                | "next"
                | "every"
                | "each"
                | "before"
                | "black"
                | "bloody"
                | "for"
                | "to"
                | "coming"
        ) {
            return None;
        }
        // "Sunday schools", "the Thursday Club" are names.
        let named = before(1) == "the" && words.reading.tokens.get(at + 1).is_some_and(|next| next.shape.capital);
        if named && words.is_spaced(at) || matches!(words.key(at + 1), "school" | "schools" | "club" | "market") {
            return None;
        }
        (weekday, at + 1, before(1) == "last")
    } else if let Some(weekday) = russian_weekday(key) {
        let told = matches!(before(1), "в" | "во" | "с")
            || matches!(before(2), "в" | "во") && !begins(before(1), &["следуиу", "будуш", "ближаиш", "кажд"]);
        let night = before(1) == "на" && before(2) == "ноч";
        let part_of_day = begins(before(1), &["вечер", "утр", "днем", "ноч"]);
        if !(told || night || part_of_day) {
            return None;
        }
        (weekday, at + 1, begins(before(1), &["прошл"]))
    } else {
        let (weekday, rest) = kazakh_weekday(key)?;
        let day_word = words.key(at + 1).starts_with("кун");
        if !(day_word || matches!(rest, "да" | "де" | "даги" | "деги")) || begins(before(1), &["келеси", "ар"])
        {
            return None;
        }
        (weekday, at + 1 + usize::from(day_word), before(1) == "откен")
    };
    let back = i64::from(published.weekday().since(weekday));
    past &= back == 0;
    Some((if past { 7 } else { back }, at, end))
}

fn russian_weekday(key: &str) -> Option<Weekday> {
    let weekday = match key {
        "понеделник" | "понеделника" => Weekday::Monday,
        "вторник" | "вторника" => Weekday::Tuesday,
        "среду" | "среди" => Weekday::Wednesday,
        "четверг" | "четверга" => Weekday::Thursday,
        "пиатнису" | "пиатниси" => Weekday::Friday,
        "субботу" | "субботи" => Weekday::Saturday,
        "воскресене" | "воскресениа" => Weekday::Sunday,
        _ => return None,
    };
    Some(weekday)
}

fn kazakh_weekday(key: &str) -> Option<(Weekday, &str)> {
    const DAYS: [(&str, Weekday); 7] = [
        ("дуисенби", Weekday::Monday),
        ("сеисенби", Weekday::Tuesday),
        ("сарсенби", Weekday::Wednesday),
        ("беисенби", Weekday::Thursday),
        ("жума", Weekday::Friday),
        ("сенби", Weekday::Saturday),
        ("жексенби", Weekday::Sunday),
    ];
    if !matches!(key.get(..4), Some("ду" | "се" | "са" | "бе" | "жу" | "же")) {
        return None;
    }
    DAYS.iter().find_map(|(stem, weekday)| {
        key.strip_prefix(stem).filter(|rest| is_kazakh_case(rest)).map(|rest| (*weekday, rest))
    })
}

/// The date that the text gives for the event, if one can be told apart from the rest.
pub(super) fn event(
    words: &Words<'_, '_>,
    dates: &[Dated],
    published: Option<Date>,
    categories: &[Category],
) -> Option<Dated> {
    let mut best: Option<(f64, Dated)> = None;
    for dated in dates {
        let Some(day) = dated.date.exact() else { continue };
        let score = standing(words, dated) + age(day, published, categories);
        if score >= 1.0 && best.is_none_or(|(highest, _)| score > highest) {
            best = Some((score, *dated));
        }
    }
    best.map(|(_, dated)| dated)
}

/// How much the place and the neighbours of a date speak for its being the event's.
fn standing(words: &Words<'_, '_>, dated: &Dated) -> f64 {
    let sentence = words.sentence(dated.first);
    let in_title = words.reading.tokens[dated.first].part == crate::model::Part::Title;
    let number = words.sentence_index(dated.first).saturating_sub(words.first_of_text);
    let mut score = match (in_title, number) {
        (true, _) => 2.5,
        (_, 0) => 3.0,
        (_, 1) => 2.0,
        (_, 2) => 1.5,
        (_, 3 | 4) => 1.1,
        _ => 0.5,
    };
    let before =
        |back: usize| dated.first.checked_sub(back).filter(|at| sentence.contains(at)).map_or("", |at| words.key(at));
    // Documents and deadlines: "от 15 февраля", "до 13 мая", "dated 5 May", "13 мамырға дейін".
    if matches!(before(1), "от" | "до" | "по" | "к" | "dated" | "until" | "till" | "by" | "before")
        || words.key(dated.end) == "деиин"
        || before(1) == "на" && before(2) != "ноч" && !begins(words.key(dated.first), &["сегодниашн", "вчерашн"])
    {
        score -= 2.5;
    }
    // "his lawyer said on Saturday": the day of the telling.
    let verb = if before(1) == "on" { before(2) } else { before(1) };
    if matches!(verb, "said" | "told" | "says" | "wrote") {
        score -= 1.2;
    }
    // "АЛМАТЫ. 17 желтоқсан. …": a sentence of the date alone tells when the story was written.
    if sentence.len() <= dated.end - dated.first + 1 {
        score -= 1.5;
    }
    if matches!(before(1), "after" | "после") {
        score -= 0.4;
    }
    let start = dated.first.saturating_sub(7).max(sentence.start);
    let near = start..dated.first;
    for at in near {
        let key = words.key(at);
        if begins(
            key,
            &[
                "назначен",
                "перенес",
                "намечен",
                "запланир",
                "опубликованн",
                "размешенн",
                "котор",
                "датир",
                "scheduled",
                "posted",
                "published",
                "born",
                "родил",
                "тагаииндал",
                "жариалаган",
                "жариаланган",
            ],
        ) || key == "who"
        {
            // A document's own date tells of an act; a publication's date is before the act.
            // "…, которую задержали во вторник, …": the clause tells what was before.
            let in_clause = !(at..dated.first).any(|between| words.gap(between).contains(','));
            score -= match () {
                () if key.starts_with("датир") => -0.5,
                () if (key.starts_with("котор") || key == "who") && in_clause => 2.2,
                () if begins(key, &["опубликован", "размешен", "posted", "published", "born", "родил", "жариала"]) => {
                    2.2
                }
                () => 1.2,
            };
            break;
        }
    }
    // "Накануне, 16 ноября" is news, "Напомним, 16 ноября" is not.
    if sentence
        .clone()
        .take(3)
        .any(|at| begins(words.key(at), &["напомн", "ранее", "recall", "earlier", "previously", "еске", "буган"]))
    {
        score -= 2.5;
    }
    score
}

/// Old dates are background, later ones plans; only a rule of law comes into force ahead.
fn age(day: Date, published: Option<Date>, categories: &[Category]) -> f64 {
    let Some(published) = published else { return -0.5 };
    let days = published.since(day).map_or(0, |span| span.get_days());
    match days {
        ..0 if categories.first() == Some(&Category::Legislation) => -0.8,
        ..0 => -3.0,
        0..=14 => 0.0,
        15..=45 => -0.6,
        46..=150 => -1.6,
        _ => -3.0,
    }
}
