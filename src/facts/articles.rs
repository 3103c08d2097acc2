//! Articles of law as texts cite them, with the code that each stands in.
//!
//! `ст. 174 ч. 1 УК РК`, `п. 3 ч. 2 ст. 190`, `по 174-й статье`, `ст.ст. 174, 274`, `статьи 257–259`;
//! `ҚК-нің 174-бабының 1-бөлігі`, `73-3-бап`; `Article 174(1) of the Criminal Code`, `Art. 73-3`;
//! `20.3.3 КоАП РФ`. `73-3` is a number, not a part. The code is told by the words near, else by the
//! number and the date, else by what the sentence speaks of; where nothing tells it, no article is
//! given. An article of a newspaper, a constitution or a treaty is none.

use jiff::civil::Date;

use super::tables::{CodeName, LawArticle, Mark, Marked, Tables};
use super::words::{Words, begins};
use crate::model::{Article, Code, Lang};
use crate::text::codes;

/// A citation resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Citation {
    pub article: Article,
    pub first: usize,
    /// One past the last token.
    pub end: usize,
    /// Concepts that the table gives for the article.
    pub concepts: Vec<String>,
    /// The state whose code it is, where the words near tell it.
    pub country: Option<String>,
}

/// Numbers cited at one place, before the code is known.
#[derive(Debug)]
struct Cited {
    /// Number, part.
    numbers: Vec<(String, Option<String>)>,
    first: usize,
    end: usize,
}

/// The most citations that a story is read for: a code of laws is no story.
const MOST_CITATIONS: usize = 200;
/// The most numbers that one citation names; a longer list is no citation.
const MOST: usize = 12;

/// Every article of law that a story cites. `home` is the country of the story, for codes without one.
pub(super) fn all(
    words: &Words<'_, '_>,
    tables: &Tables,
    marks: &[Marked],
    home: &str,
    published: Option<Date>,
) -> Vec<Citation> {
    let mut found: Vec<Citation> = Vec::new();
    // Citations that wait for the code of the next one of their sentence: "ст. 24 ч. 3 и ст. 194 УК".
    let mut waiting: Vec<Cited> = Vec::new();
    let mut at = 0;
    let mut last_end = 0;
    while at < words.len() && found.len() < MOST_CITATIONS {
        if !may_begin(words, at) {
            at += 1;
            continue;
        }
        let cited = after_marker(words, tables, at)
            .or_else(|| before_marker(words, at))
            .or_else(|| beside_code(words, tables, at));
        let Some(mut cited) = cited else {
            at += 1;
            continue;
        };
        if cited.numbers.len() == 1
            && cited.numbers[0].1.is_none()
            && let Some((part, first)) = part_before(words, cited.first.max(last_end))
        {
            cited.numbers[0].1 = Some(part);
            cited.first = first.max(last_end);
        }
        let story = Context { words, tables, marks, home, published };
        let named = story.resolve(&cited, last_end, None, &mut found);
        last_end = cited.end;
        at = cited.end.max(at + 1);
        let sentence = words.sentence(cited.first);
        waiting.retain(|before| sentence.contains(&before.first));
        match named {
            Some(name) => {
                for before in waiting.drain(..) {
                    story.resolve(&before, before.first, Some(name), &mut found);
                }
            }
            None => waiting.push(cited),
        }
    }
    found.sort_by_key(|citation| citation.first);
    found
}

/// May a citation begin at a word? Most words need not be spelled and looked at further.
fn may_begin(words: &Words<'_, '_>, at: usize) -> bool {
    let letters = codes::letters();
    let word = words.reading.codes(at);
    let letter = |at: usize| word.get(at).map_or('\0', |code| letters[usize::from(*code)]);
    match letter(0) {
        '0'..='9' if word.iter().all(u8::is_ascii_digit) => may_be_cited(words, at),
        '0'..='9' | 'a' | 's' | 'ъ' | 'ь' => true,
        'с' => letter(1) == 'т',
        _ => false,
    }
}

/// May a bare number be cited by what stands beside it: the name of a code, a marker, a list, a part after
/// a point?
fn may_be_cited(words: &Words<'_, '_>, at: usize) -> bool {
    let capital = |token: usize| words.reading.tokens.get(token).is_some_and(|token| token.shape.capital);
    // "бап", or "және", "мен", "пен", "немесе", "и".
    let goes_on = matches!(words.first_letter(at + 1), 'б' | 'ж' | 'м' | 'п' | 'н' | 'и' | 'й' | 'ы' | 'і');
    goes_on || capital(at + 1) || at > 0 && capital(at - 1) || matches!(words.gap(at).trim(), "," | ".")
}

/// Is the word one for an article of law, before its number: `ст`, `статьи`, `article`?
fn is_marker(key: &str) -> bool {
    matches!(
        key,
        "ст" | "стст"
            | "статиа"
            | "стати"
            | "статиу"
            | "стате"
            | "статеи"
            | "статиам"
            | "статиами"
            | "статиах"
            | "статиеи"
            | "article"
            | "articles"
            | "art"
            | "arts"
            | "section"
            | "sections"
    )
}

/// `ст. 174`, `статей 174 и 274`, `Article 73-3`, `статье УК 174`.
fn after_marker(words: &Words<'_, '_>, tables: &Tables, at: usize) -> Option<Cited> {
    // "Art. 174" is shortened, "the art" is not.
    let shortened = !matches!(words.key(at), "art" | "arts") || words.gap(at).starts_with('.');
    if !is_marker(words.key(at)) || !shortened {
        return None;
    }
    let mut next = at + 1;
    while is_marker(words.key(next)) && next < at + 3 {
        next += 1;
    }
    for _ in 0..2 {
        let original = if next < words.len() { words.reading.original(next) } else { "" };
        if original == "№" || original == "РК" || tables.code_of_capitals(original).is_some() {
            next += 1;
        }
    }
    if next >= words.len() || !words.is_near(next - 1) && words.gap(next - 1) != "." {
        return None;
    }
    let mut numbers = Vec::new();
    let mut end = next;
    loop {
        let (mut these, mut after) = numbers_at(words, end)?;
        let mut part = None;
        if let Some((found, past)) = part_after(words, after) {
            part = Some(found);
            after = past;
        }
        if let Some(last) = these.last_mut() {
            last.1 = part;
        }
        numbers.append(&mut these);
        end = after;
        let past_brackets = past_brackets(words, end);
        match list_goes_on(words, past_brackets) {
            Some(next) if numbers.len() < MOST => end = next,
            _ => break,
        }
    }
    (numbers.len() <= MOST).then_some(Cited { numbers, first: at, end })
}

/// The numbers that one token (or tokens joined by points) names: `174`, `20.3.3`, `257-259`.
#[allow(clippy::type_complexity, reason = "a list of numbers, each without its part yet, and the token after")]
fn numbers_at(words: &Words<'_, '_>, at: usize) -> Option<(Vec<(String, Option<String>)>, usize)> {
    let (number, hanging) = words.number(at)?;
    if number.len() > 8 || begins(hanging, &["лет", "год", "жил", "млн", "тис", "болиг", "болик"])
    {
        return None;
    }
    // A letter is part of the number abroad: 217-A, 124A.
    let hanging_is_letter = hanging.len() == 1 && hanging.is_ascii();
    let mut text = number.to_owned();
    let mut end = at + 1;
    while end < words.len() && end - at < 4 && hanging.is_empty() && words.gap(end - 1) == "." {
        let Some(digits) = words.digits(end).filter(|digits| *digits < 1000) else { break };
        text.push('.');
        text.push_str(&digits.to_string());
        end += 1;
    }
    if hanging_is_letter {
        text.push('-');
        text.push_str(&hanging.to_ascii_uppercase());
    }
    // "141-145" is a range, "456-1" a number: a range rises, and not by much.
    if let Some((low, high)) =
        text.split_once('-').and_then(|(low, high)| Some((low.parse::<u32>().ok()?, high.parse::<u32>().ok()?)))
        && high > low
        && high - low < MOST as u32
        && low > 9
    {
        return Some(((low..=high).map(|number| (number.to_string(), None)).collect(), end));
    }
    let whole: u32 = text.split(['-', '.']).next()?.parse().ok()?;
    ((1..=1500).contains(&whole)).then(|| (vec![(text, None)], end))
}

/// The token after what stands in brackets after a number: "174 (incitement) and 405".
fn past_brackets(words: &Words<'_, '_>, end: usize) -> usize {
    let opens = end
        .checked_sub(1)
        .is_some_and(|last| words.gap(last).trim_start() == "(" || words.gap(last).trim_start().starts_with("(«"));
    let closes = || (end..end + 8).find(|at| words.gap(*at).contains(')'));
    if opens { closes().map_or(end, |at| at + 1) } else { end }
}

/// Does a list of numbers go on after a token? Gives the token of the next number.
fn list_goes_on(words: &Words<'_, '_>, end: usize) -> Option<usize> {
    let gap = words.gap(end.checked_sub(1)?).trim_start_matches(['»', ')']);
    let next = match words.key(end) {
        "и" | "или" | "жане" | "немесе" | "and" | "or" => end + 1,
        _ if gap.trim() == "," || gap.trim() == "–" || gap.trim() == "—" => end,
        _ => return None,
    };
    let (number, hanging) = words.number(next)?;
    if number.len() < 2 || !hanging.is_empty() || number.len() == 4 && number.starts_with(['1', '2']) {
        return None;
    }
    // "по статье 174, 16 ноября", "статьи 174 и 20 МРП штрафа": the number belongs to what follows.
    let after = words.key(next + 1);
    let taken = words.is_near(next)
        && begins(
            after,
            &[
                "ианвар",
                "феврал",
                "март",
                "апрел",
                "маиа",
                "иун",
                "иул",
                "август",
                "сентиабр",
                "октиабр",
                "ноиабр",
                "декабр",
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
                "january",
                "february",
                "march",
                "april",
                "may",
                "june",
                "july",
                "august",
                "september",
                "october",
                "november",
                "december",
                "тенге",
                "тис",
                "млн",
                "мил",
                "год",
                "лет",
                "жил",
                "жас",
                "сут",
                "дне",
                "дни",
                "человек",
                "адам",
                "мрп",
                "аек",
                "mci",
                "час",
                "people",
                "days",
                "years",
                "месиа",
                "други",
                "tenge",
                "million",
                "thousand",
            ],
        );
    (!taken).then_some(next)
}

/// A part after the number: `ч. 1`, `(1)`, `часть 2`, `part 1`, `1-бөлігі`, `бірінші бөлігі`.
fn part_after(words: &Words<'_, '_>, at: usize) -> Option<(String, usize)> {
    if at == 0 || at >= words.len() {
        return None;
    }
    let gap = words.gap(at - 1);
    if gap.trim_start() == "("
        && let Some(digits) = words.digits(at).filter(|digits| *digits < 20 && words.closes_bracket(at))
    {
        return Some((digits.to_string(), at + 1));
    }
    if !gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '.' | '(')) {
        return None;
    }
    if is_part_word(words.key(at)) {
        let (number, past) = small_number(words, at + 1)?;
        // "ст. 130, ч. 2 ст. 174": that part belongs to the next article.
        let next = words.key(past);
        let of_next = next == "of" && is_marker(words.key(past + 1));
        return (!is_marker(next) && !of_next).then_some((number, past));
    }
    // Kazakh: the number comes first.
    let (number, hanging) = match words.number(at) {
        Some((number, hanging)) => (number.to_owned(), hanging),
        None => (ordinal(words.key(at))?.to_owned(), ""),
    };
    let hangs = begins(hanging, &["болик", "болиг"]);
    let follows = hanging.is_empty() && begins(words.key(at + 1), &["болик", "болиг"]);
    (number.len() <= 2 && (hangs || follows)).then(|| (number, at + 1 + usize::from(!hangs)))
}

/// A part before the article: `ч. 1 ст. 174`, `по второй части статьи`, `part 2 of Article`.
fn part_before(words: &Words<'_, '_>, first: usize) -> Option<(String, usize)> {
    let back = |steps: usize| first.checked_sub(steps);
    let key = |steps: usize| back(steps).map_or("", |at| words.key(at));
    let sentence = words.sentence(first);
    let (number_at, skip) = if key(1) == "of" { (2, 1) } else { (1, 0) };
    let at = back(number_at)?;
    if !sentence.contains(&at) || !words.is_near(at) && skip == 0 {
        return None;
    }
    if is_part_word(key(number_at)) {
        let number = ordinal(key(number_at + 1))?;
        return Some((number.to_owned(), back(number_at + 1)?));
    }
    let (number, first_token) = match small_number(words, at) {
        Some((number, _)) => (number, at),
        None => (ordinal(words.key(at))?.to_owned(), at),
    };
    is_part_word(key(number_at + 1)).then(|| (number, first_token - 1))
}

fn is_part_word(key: &str) -> bool {
    matches!(
        key,
        "ч" | "чч"
            | "част"
            | "части"
            | "частиу"
            | "частеи"
            | "part"
            | "parts"
            | "pt"
            | "paragraph"
            | "para"
            | "subsection"
    )
}

fn small_number(words: &Words<'_, '_>, at: usize) -> Option<(String, usize)> {
    if at == 0 || !words.is_near(at - 1) && words.gap(at - 1) != "." {
        return None;
    }
    match words.number(at) {
        Some((number, hanging)) if number.len() <= 2 && hanging.len() <= 6 => Some((number.to_owned(), at + 1)),
        Some(_) => None,
        None => ordinal(words.key(at)).map(|number| (number.to_owned(), at + 1)),
    }
}

/// A part told by an ordinal in words.
fn ordinal(key: &str) -> Option<&'static str> {
    const ORDINALS: [(&str, &str); 15] = [
        ("перв", "1"),
        ("втор", "2"),
        ("трет", "3"),
        ("четверт", "4"),
        ("пиат", "5"),
        ("биринши", "1"),
        ("екинши", "2"),
        ("ушинши", "3"),
        ("тортинши", "4"),
        ("бесинши", "5"),
        ("first", "1"),
        ("second", "2"),
        ("third", "3"),
        ("fourth", "4"),
        ("one", "1"),
    ];
    ORDINALS.iter().find(|(stem, _)| key.starts_with(stem) && key.len() <= stem.len() + 8).map(|(_, number)| *number)
}

/// `174-бабының 1-бөлігі`, `73-3-бап`, `174, 274-баптар`, `по 174-й статье`.
fn before_marker(words: &Words<'_, '_>, at: usize) -> Option<Cited> {
    let (number, hanging) = words.number(at)?;
    if number.len() > 8 {
        return None;
    }
    let mut numbers = Vec::new();
    // A list that ends in the marker: "174, 274 және 405-баптар".
    let mut last = at;
    let mut text = number.to_owned();
    let mut tail = hanging;
    while !is_kazakh_marker(tail) && numbers.len() < MOST {
        let next_key = words.key(last + 1);
        if tail.is_empty() && is_kazakh_marker(next_key) && words.is_near(last) {
            break;
        }
        if is_ordinal_ending(tail) && is_marker(next_key) && words.is_near(last) {
            break;
        }
        let gap = words.gap(last).trim();
        let next = match next_key {
            "жане" | "и" | "мен" | "пен" | "немесе" => last + 2,
            _ if gap == "," => last + 1,
            _ => return None,
        };
        let (following, its_tail) = words.number(next)?;
        if !(tail.is_empty() || is_ordinal_ending(tail)) || following.len() > 8 {
            return None;
        }
        numbers.push((std::mem::replace(&mut text, following.to_owned()), None));
        tail = its_tail;
        last = next;
    }
    let mut end = last + 1 + usize::from(!is_kazakh_marker(tail));
    let whole: u32 = text.split('-').next()?.parse().ok()?;
    if !(1..=1500).contains(&whole) {
        return None;
    }
    let mut part = None;
    if let Some((found, past)) = part_after(words, end) {
        part = Some(found);
        end = past;
    }
    numbers.push((text, part));
    Some(Cited { numbers, first: at, end })
}

/// What hangs on a number that is read as an ordinal: `174-й`, `174-ой`, `174-ю`.
fn is_ordinal_ending(tail: &str) -> bool {
    matches!(tail, "и" | "иа" | "еи" | "ои" | "иу" | "у" | "иа-")
}

fn is_kazakh_marker(key: &str) -> bool {
    begins(key, &["бап", "баб"]) && !begins(key, &["баба", "бапкер"])
}

/// `20.3.3 КоАП РФ`, `УК РК 174`: a number beside the short name of a code.
fn beside_code(words: &Words<'_, '_>, tables: &Tables, at: usize) -> Option<Cited> {
    let (numbers, end) =
        numbers_at(words, at).filter(|_| words.number(at).is_some_and(|(_, hanging)| hanging.is_empty()))?;
    let is_code = |token: usize| {
        token < words.len()
            && matches!(
                tables.code_of_capitals(words.reading.original(token)),
                Some(CodeName::Of(Code::Criminal | Code::Administrative))
            )
    };
    let after = is_code(end) && words.is_near(end - 1);
    let before = at.checked_sub(1).is_some_and(|last| {
        words.is_near(last)
            && (is_code(last) || words.reading.original(last) == "РК" && last.checked_sub(1).is_some_and(is_code))
    });
    // "в 2014 УК": a year beside a code is its edition.
    let is_year = numbers.iter().any(|(number, _)| number.len() == 4);
    let (end, part) = match part_after(words, end) {
        Some((part, past)) if before => (past, Some(part)),
        _ => (end, None),
    };
    let numbers = numbers.into_iter().map(|(number, _)| (number, part.clone())).collect();
    ((after || before) && !is_year).then_some(Cited { numbers, first: at, end })
}

/// What a bare number is read with: the story's whole context.
struct Context<'s, 'r, 'a> {
    words: &'s Words<'r, 'a>,
    tables: &'s Tables,
    marks: &'s [Marked],
    home: &'s str,
    published: Option<Date>,
}

impl Context<'_, '_, '_> {
    /// Tells the code and the country of what is cited and keeps it if it is law. Gives the code that the
    /// words near name, if they do; `handed` is the code of the citation after it.
    fn resolve(
        &self,
        cited: &Cited,
        earliest: usize,
        handed: Option<CodeName>,
        found: &mut Vec<Citation>,
    ) -> Option<CodeName> {
        let Self { words, tables, marks, .. } = self;
        let sentence = words.sentence(cited.first);
        let near = code_near(words, tables, marks, cited, earliest.max(sentence.start), sentence.end);
        let named = near.map(|(name, _)| name).or(handed);
        let told = match named {
            Some(CodeName::None) => return named,
            Some(CodeName::Of(code)) => Some(code),
            None => None,
        };
        let told_country = country_near(words, tables, marks, cited, near.map(|(_, at)| at), sentence.clone());
        let dotted = cited.numbers.iter().any(|(number, _)| number.contains('.'));
        let country = told_country.as_deref().unwrap_or(if dotted { "RU" } else { self.home });
        for (number, part) in &cited.numbers {
            let known = |citation: &&Citation| citation.article.number.as_ref() == Some(number);
            if found.iter().any(|citation| citation.first == cited.first && known(&citation)) {
                continue;
            }
            let code = told
                .or_else(|| found.iter().rev().find(known).map(|citation| citation.article.code))
                .or_else(|| guess(tables, country, number, self.published))
                .or_else(|| by_sentence(words, sentence.clone()));
            let Some(code) = code else { continue };
            let entry = tables
                .article(country, code, number, self.published)
                .or_else(|| tables.article(country, code, number, None));
            let concepts = entry.map_or_else(Vec::new, |article| article.concepts.clone());
            let article = Article { code, number: Some(number.clone()), part: part.clone(), name: None };
            found.push(Citation {
                article,
                first: cited.first,
                end: cited.end,
                concepts,
                country: told_country.clone(),
            });
        }
        named
    }
}

/// The code named nearest to a citation, and the token that names it.
fn code_near(
    words: &Words<'_, '_>,
    tables: &Tables,
    marks: &[Marked],
    cited: &Cited,
    earliest: usize,
    latest: usize,
) -> Option<(CodeName, usize)> {
    let name_at = |at: usize| tables.code_of_capitals(words.reading.original(at)).or_else(|| code_mark(marks, at));
    // Another citation between would own the code.
    let after = || {
        (cited.end..latest.min(cited.end + AFTER))
            .take_while(|at| {
                *at == cited.end
                    || !(is_marker(words.key(*at)) || words.number(*at).is_some_and(|(_, tail)| is_kazakh_marker(tail)))
            })
            .find_map(|at| name_at(at).map(|name| (name, at)))
    };
    let before = || {
        (earliest.max(cited.first.saturating_sub(BEFORE))..cited.first)
            .rev()
            .find_map(|at| name_at(at).map(|name| (name, at)))
    };
    // The code itself may stand inside: "статьи УК 174".
    let inside = || (cited.first..cited.end).find_map(|at| name_at(at).map(|name| (name, at)));
    let kazakh = words.reading.sentences.get(words.sentence_index(cited.first)).is_some_and(|s| s.lang == Lang::KK);
    if kazakh { before().or_else(after) } else { inside().or_else(after).or_else(before) }
}

/// The code that a phrase beginning at a token names; the longest phrase decides.
fn code_mark(marks: &[Marked], at: usize) -> Option<CodeName> {
    begun(marks, at..at + 1)
        .iter()
        .filter_map(|marked| match marked.mark {
            Mark::Code(name) => Some((marked.end - marked.first, name)),
            _ => None,
        })
        .max_by_key(|(length, _)| *length)
        .map(|(_, name)| name)
}

/// The marks that begin in a range of tokens; marks stand in order.
fn begun(marks: &[Marked], tokens: std::ops::Range<usize>) -> &[Marked] {
    let start = marks.partition_point(|marked| marked.first < tokens.start);
    let end = marks.partition_point(|marked| marked.first < tokens.end);
    &marks[start..end.max(start)]
}

/// How far after and before a citation its code is looked for, in words.
const AFTER: usize = 7;
const BEFORE: usize = 6;

/// The country that the words at a citation or its code name.
fn country_near(
    words: &Words<'_, '_>,
    tables: &Tables,
    marks: &[Marked],
    cited: &Cited,
    code: Option<usize>,
    sentence: std::ops::Range<usize>,
) -> Option<String> {
    let code = code?;
    let from = code.min(cited.first).saturating_sub(2).max(sentence.start);
    let to = (code.max(cited.end.saturating_sub(1)) + 4).min(sentence.end);
    let own = |marked: &&Marked| marked.first.abs_diff(code) <= 3;
    let country = begun(marks, from..to).iter().filter(own).filter_map(|marked| match marked.mark {
        Mark::Country(country) => Some((marked.first.abs_diff(code), country)),
        _ => None,
    });
    let nearest = country.min_by_key(|(distance, _)| *distance).map(|(_, country)| tables.countries[country].clone());
    // "КР" after "УК" in Russian is Kyrgyzstan, "ҚР" Kazakhstan: the lists of countries hold both.
    nearest.or_else(|| (words.reading.original(code).starts_with('Ә')).then(|| "KZ".to_owned()))
}

/// The code that a bare number speaks for in a country on a day: the one table entry that may be guessed.
fn guess(tables: &Tables, country: &str, number: &str, published: Option<Date>) -> Option<Code> {
    let candidates = || tables.articles.iter().filter(|article| article.country == country && article.number == number);
    let on_day = |article: &&LawArticle| published.is_none_or(|day| article.stands_on(day));
    let may = |article: &&LawArticle| article.guess || article.country != "KZ";
    candidates().filter(may).find(on_day).or_else(|| candidates().find(may)).map(|article| article.code)
}

/// What the sentence speaks of: crime or administrative offence.
fn by_sentence(words: &Words<'_, '_>, sentence: std::ops::Range<usize>) -> Option<Code> {
    let mut criminal = false;
    for at in sentence {
        let key = words.key(at);
        if begins(key, &["административ", "акимшилик", "administrative"]) {
            return Some(Code::Administrative);
        }
        criminal |= begins(
            key,
            &["уголовн", "килмис", "criminal", "penal", "обвин", "подозрев", "charged", "айипта", "аипта", "приговор"],
        );
    }
    criminal.then_some(Code::Criminal)
}
