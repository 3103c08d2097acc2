//! How another language would probably spell a name. For a person to look at, never for print.
//!
//! Kazakh has letters that Russian lacks, so Kazakh gives Russian and both give English; no way leads back.

use std::collections::BTreeMap;

use super::LANGUAGES;
use crate::model::{Lang, NameKind, Registered};

/// A spelling for each language that a row lacks and that can be worked out from another. The name of an outlet
/// is translated, not spelled out: it gets none.
pub fn suggested(row: &Registered) -> BTreeMap<Lang, String> {
    let missing = |lang: &Lang| row.kind == NameKind::Person && !row.names.contains_key(lang);
    let from = |lang: Lang| row.names.get(&lang);
    let worked_out = |lang: Lang| match lang {
        Lang::RU => from(Lang::KK).filter(|name| is_cyrillic(name)).map(|name| in_russian(name)),
        Lang::EN => {
            from(Lang::KK).or_else(|| from(Lang::RU)).filter(|name| is_cyrillic(name)).map(|name| in_english(name))
        }
        _ => None,
    };
    LANGUAGES.into_iter().filter(missing).filter_map(|lang| Some((lang, worked_out(lang)?))).collect()
}

fn is_cyrillic(name: &str) -> bool {
    name.chars().filter(|letter| letter.is_alphabetic()).all(|letter| ('\u{400}'..='\u{52f}').contains(&letter))
}

fn in_russian(name: &str) -> String {
    spelled(name, |letter| match letter {
        'ә' => Some("а"),
        'ғ' => Some("г"),
        'қ' => Some("к"),
        'ң' => Some("н"),
        'ө' => Some("о"),
        'ұ' | 'ү' => Some("у"),
        'і' => Some("и"),
        'һ' => Some("х"),
        _ => None,
    })
}

fn in_english(name: &str) -> String {
    name.split(' ').map(english_word).collect::<Vec<_>>().join(" ")
}

fn english_word(word: &str) -> String {
    let mut before = None;
    let written = spelled(word, |letter| {
        let first = before.is_none();
        let soft = matches!(before, Some('ь' | 'ъ'));
        before = Some(letter);
        Some(match letter {
            'а' | 'ә' => "a",
            'б' => "b",
            'в' => "v",
            'г' => "g",
            'ғ' => "gh",
            'д' => "d",
            'е' if first || soft => "ye",
            'е' | 'э' => "e",
            'ё' => "yo",
            'ж' => "zh",
            'з' => "z",
            'и' | 'і' => "i",
            'й' | 'ы' => "y",
            'к' | 'қ' => "k",
            'л' => "l",
            'м' => "m",
            'н' => "n",
            'ң' => "ng",
            'о' | 'ө' => "o",
            'п' => "p",
            'р' => "r",
            'с' => "s",
            'т' => "t",
            'у' | 'ұ' | 'ү' => "u",
            'ф' => "f",
            'х' => "kh",
            'һ' => "h",
            'ц' => "ts",
            'ч' => "ch",
            'ш' => "sh",
            'щ' => "shch",
            'ъ' | 'ь' => "",
            'ю' => "yu",
            'я' => "ya",
            _ => return None,
        })
    });
    match written.strip_suffix("iy") {
        Some(stem) => format!("{stem}y"),
        None => written,
    }
}

/// A text with each letter put through `spelling`, which is asked for the small letter; a capital stays one.
fn spelled(text: &str, mut spelling: impl FnMut(char) -> Option<&'static str>) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let small = letter.to_lowercase().next().unwrap_or(letter);
        match spelling(small) {
            None => out.push(letter),
            Some(written) if letter.is_uppercase() => {
                let mut rest = written.chars();
                out.extend(rest.next().into_iter().flat_map(char::to_uppercase));
                out.push_str(rest.as_str());
            }
            Some(written) => out.push_str(written),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(lang: Lang, name: &str, kind: NameKind) -> Registered {
        Registered { kind, names: BTreeMap::from([(lang, name.to_owned())]), ..Registered::default() }
    }

    #[test]
    fn kazakh_gives_russian_and_both_give_english() {
        let check = |lang: Lang, name: &str, ru: Option<&str>, en: Option<&str>| {
            let given = suggested(&row(lang, name, NameKind::Person));
            assert_eq!((given.get(&Lang::RU).map(String::as_str), given.get(&Lang::EN).map(String::as_str)), (ru, en));
            assert!(!given.contains_key(&Lang::KK), "{name}");
        };
        check(Lang::KK, "Әйгерім Құсайынова", Some("Айгерим Кусайынова"), Some("Aygerim Kusayynova"));
        check(Lang::RU, "Ержан Щербаков", None, Some("Yerzhan Shcherbakov"));
        check(Lang::RU, "Юрий Цой", None, Some("Yury Tsoy"));
        check(Lang::RU, "Д'Артаньян", None, Some("D'Artanyan"));
        check(Lang::EN, "Aigerim Saparova", None, None);
        check(Lang::KK, "Äigerim", None, None);
    }

    #[test]
    fn an_outlet_is_not_spelled_out() {
        assert!(suggested(&row(Lang::KK, "Дала Сөзі", NameKind::Outlet)).is_empty());
    }
}
