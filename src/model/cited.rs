//! An article of law as people cite it in their language, and back: `CC 174/1` and `ст. 174 ч. 1 УК`.
//!
//! Ids are what files and records keep; this is what a reviewer sees and may type. Nothing is guessed: what does
//! not read as one article of a named code stays as it is.

use super::{Code, Lang};

/// Codes as Kazakh, Russian and English texts abbreviate them.
const CODES: [(Code, [&str; 3]); 3] = [
    (Code::Criminal, ["ҚК", "УК", "CC"]),
    (Code::Administrative, ["ӘҚБтК", "КоАП", "CAO"]),
    (Code::Civil, ["АК", "ГК", "CivC"]),
];
/// A law cited by its name, in Kazakh, Russian and English.
const LAW: [&str; 3] = ["заң", "закон", "law"];
/// Words before a number or, in Kazakh, behind it.
const ARTICLE: [&str; 10] = ["ст", "статья", "статьи", "art", "article", "бап", "бабы", "бабының", "бабымен", "баптың"];
const PART: [&str; 9] = ["ч", "часть", "части", "part", "pt", "бөлік", "бөлігі", "бөлігінің", "бөлігімен"];
/// Most letters of a text that is read as an article.
const LONGEST: usize = 120;

/// An article by its ids, such as `CAO 73-3` → as the language cites it: `ст. 73-3 КоАП`, `ӘҚБтК 73-3-бап`,
/// `Art. 73-3 CAO`, `закон О масс-медиа`. What is neither a numbered article of a code nor a named law stays as it is.
pub fn cited(ids: &str, lang: Lang) -> String {
    let whole = || {
        let (code, rest) = ids.trim().split_once(' ')?;
        let (_, names) = CODES.iter().find(|(known, _)| known.id() == code)?;
        let (number, part) = rest.split_once('/').map_or((rest, None), |(number, part)| (number, Some(part)));
        let is_number = number.starts_with(|c: char| c.is_ascii_digit()) && !number.contains(char::is_whitespace);
        is_number.then_some((names, number, part))
    };
    if let Some(name) = ids.trim().strip_prefix("law ") {
        return format!("{} {name}", lang.pick(LAW));
    }
    let Some(([kk, ru, en], number, part)) = whole() else { return ids.to_owned() };
    match (lang, part) {
        (Lang::KK, None) => format!("{kk} {number}-бап"),
        (Lang::KK, Some(part)) => format!("{kk} {number}-бап {part}-бөлік"),
        (Lang::RU, None) => format!("ст. {number} {ru}"),
        (Lang::RU, Some(part)) => format!("ст. {number} ч. {part} {ru}"),
        (_, None) => format!("Art. {number} {en}"),
        (_, Some(part)) => format!("Art. {number}({part}) {en}"),
    }
}

/// An article as people cite it → its ids; `None` where it is neither one numbered article of one code nor a law
/// by its name.
pub fn by_ids(cited: &str) -> Option<String> {
    if let Some((_, name)) = cited.trim().split_once(' ').filter(|(law, _)| LAW.contains(&&*law.to_lowercase())) {
        let named = !name.trim_start().starts_with(|c: char| c.is_ascii_digit());
        return named.then(|| format!("{} {}", Code::Law, name.trim()));
    }
    if cited.chars().count() > LONGEST {
        return None;
    }
    let (mut code, mut number, mut part) = (None, None, None);
    let mut part_is_next = false;
    let spaced = spaced(cited);
    let given_by_sign = cited.contains(['(', '/']);
    for word in spaced.split_whitespace() {
        let word = word.to_lowercase();
        let (digits, behind) = word.split_at(digits_of(&word));
        let behind = behind.trim_start_matches('-');
        if digits.is_empty() {
            if let Some((named, _)) =
                CODES.iter().find(|(_, names)| names.iter().any(|name| name.to_lowercase() == word))
            {
                code = match code {
                    None => Some(*named),
                    Some(_) => return None,
                };
            } else if PART.contains(&&*word) && (part.is_none() || number.is_some()) {
                part_is_next = part.is_none();
            } else if !ARTICLE.contains(&&*word) {
                return None;
            }
            continue;
        }
        let is_part =
            part_is_next || PART.contains(&behind) || (number.is_some() && given_by_sign && behind.is_empty());
        let place = if is_part { &mut part } else { &mut number };
        let fits = behind.is_empty() || PART.contains(&behind) && is_part || ARTICLE.contains(&behind) && !is_part;
        if !fits || place.replace(digits.to_owned()).is_some() {
            return None;
        }
        part_is_next = false;
    }
    let (code, number) = (code?, number?);
    Some(match part {
        Some(part) => format!("{code} {number}/{part}"),
        None => format!("{code} {number}"),
    })
}

/// The same with spaces between its parts: `ст.174`, `174(1)` and `174-бап` are written with and without them. A point
/// between digits belongs to the number, as in Russian codes: `20.3.3`.
fn spaced(cited: &str) -> String {
    let mut before = ' ';
    let mut letters = cited.chars().peekable();
    let mut spaced = String::with_capacity(cited.len());
    while let Some(letter) = letters.next() {
        let in_number = before.is_ascii_digit() && letters.peek().is_some_and(char::is_ascii_digit);
        spaced.push(match letter {
            '.' if in_number => '.',
            '.' | ',' | '(' | ')' | '/' => ' ',
            other => other,
        });
        before = letter;
    }
    spaced
}

/// Length of the number that a word begins with: `73-3` of `73-3-бап`, `20.3.3` of `20.3.3`.
fn digits_of(word: &str) -> usize {
    let mut end = 0;
    for (at, piece) in word.split(['-', '.']).enumerate() {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            break;
        }
        end += digits + usize::from(at > 0);
        if digits < piece.len() {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_is_cited_as_each_language_cites_it_and_read_back() {
        for (ids, expect) in [
            ("CAO 488", ["ӘҚБтК 488-бап", "ст. 488 КоАП", "Art. 488 CAO"]),
            ("CC 174/1", ["ҚК 174-бап 1-бөлік", "ст. 174 ч. 1 УК", "Art. 174(1) CC"]),
            ("CAO 73-3", ["ӘҚБтК 73-3-бап", "ст. 73-3 КоАП", "Art. 73-3 CAO"]),
            ("law О масс-медиа", ["заң О масс-медиа", "закон О масс-медиа", "law О масс-медиа"]),
            ("CAO 20.3.3", ["ӘҚБтК 20.3.3-бап", "ст. 20.3.3 КоАП", "Art. 20.3.3 CAO"]),
            ("CAO 19.11/2", ["ӘҚБтК 19.11-бап 2-бөлік", "ст. 19.11 ч. 2 КоАП", "Art. 19.11(2) CAO"]),
            ("CC 205.1-1", ["ҚК 205.1-1-бап", "ст. 205.1-1 УК", "Art. 205.1-1 CC"]),
            ("CivC 143/2", ["АК 143-бап 2-бөлік", "ст. 143 ч. 2 ГК", "Art. 143(2) CivC"]),
        ] {
            for (lang, expect) in [Lang::KK, Lang::RU, Lang::EN].into_iter().zip(expect) {
                assert_eq!(cited(ids, lang), expect);
                assert_eq!(by_ids(expect).as_deref(), Some(ids), "{expect}");
            }
            assert_eq!(by_ids(ids).as_deref(), Some(ids));
        }
        for plain in ["other 5", "CC", "CC сто", ""] {
            assert_eq!(cited(plain, Lang::RU), plain);
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_printed_is_read_back(
            code in "CC|CAO|CivC",
            number in "[1-9][0-9]{0,2}(\\.[1-9][0-9]?){0,2}(-[1-9])?",
            part in proptest::option::of("[1-9][0-9]?"),
        ) {
            let ids = part.map_or_else(|| format!("{code} {number}"), |part| format!("{code} {number}/{part}"));
            for lang in [Lang::KK, Lang::RU, Lang::EN] {
                proptest::prop_assert_eq!(by_ids(&cited(&ids, lang)), Some(ids.clone()));
            }
        }
    }

    #[test]
    fn what_people_type_is_understood_and_nothing_is_guessed() {
        let check = |typed: &str, expect: Option<&str>| assert_eq!(by_ids(typed).as_deref(), expect, "{typed}");
        check("ст.174 УК", Some("CC 174"));
        check("УК ст. 174, ч.2", Some("CC 174/2"));
        check("ч. 2 ст. 174 УК", Some("CC 174/2"));
        check("статья 274 УК", Some("CC 274"));
        check("УК 274/4", Some("CC 274/4"));
        check("ҚК 174-бабының 1-бөлігі", Some("CC 174/1"));
        check("ҚК-нің 174-бабы", None);
        check("әқбтк 73-3 бап", Some("CAO 73-3"));
        check("art. 174 part 1 cc", Some("CC 174/1"));
        check("ст.20.3.3 КоАП.", Some("CAO 20.3.3"));
        check("ч.2 ст.19.11 КоАП", Some("CAO 19.11/2"));
        check("ст. 174", None);
        check("УК", None);
        check("ст. 174 УК КоАП", None);
        check("ст. 174 175 УК", None);
        check("ст. 174 ч. 1 ч. 2 УК", None);
        check("закон 174 УК", None);
        check("ст. сто УК", None);
        check("174а УК", None);
        check("Закон О связи", Some("law О связи"));
        check("закон", None);
        check(&"ст. 1 УК ".repeat(60), None);
    }
}
