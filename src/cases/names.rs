//! One key for a name in whatever language, script and grammatical case it is written.
//!
//! `Айдана Оспанова`, `Айданы Оспановой`, `Aidana Ospanova` and `Айдана Оспановаға` meet. Keys are for
//! comparing only; what is shown is the name as printed.

use std::collections::BTreeSet;

/// Shortest key of a word that tells two persons apart.
const SHORTEST: usize = 4;

/// Keys of the telling words of a name: its words but initials, forms of address and very short ones.
pub fn keys(name: &str) -> BTreeSet<String> {
    name.split(|c: char| !(c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | 'ʼ')))
        .map(key)
        .filter(|key| key.chars().count() >= SHORTEST)
        .collect()
}

/// The key of one word: a skeleton of Latin letters without soft signs, doubled letters and endings.
fn key(word: &str) -> String {
    let mut skeleton = String::new();
    let lower: String = word.chars().flat_map(char::to_lowercase).collect();
    let mut rest = lower.as_str();
    while let Some(c) = rest.chars().next() {
        let (letters, taken) = PAIRS
            .iter()
            .find(|(pair, _)| rest.starts_with(pair))
            .map_or((letter(c), c.len_utf8()), |(pair, letters)| (*letters, pair.len()));
        for c in letters.chars() {
            if !skeleton.ends_with(c) {
                skeleton.push(c);
            }
        }
        rest = &rest[taken..];
    }
    without_ending(&skeleton).to_owned()
}

/// Latin spellings of one sound, longest first.
const PAIRS: &[(&str, &str)] = &[
    ("shch", "sh"),
    ("dzh", "j"),
    ("sh", "sh"),
    ("ch", "ch"),
    ("tch", "ch"),
    ("zh", "j"),
    ("gh", "g"),
    ("kh", "h"),
    ("yev", "ev"),
    ("ye", "e"),
    ("ya", "ia"),
    ("ja", "ia"),
    ("yu", "iu"),
    ("ts", "s"),
    ("дж", "j"),
];

fn letter(c: char) -> &'static str {
    match c {
        'а' | 'ә' | 'a' | 'ä' | 'á' => "a",
        'б' | 'b' => "b",
        'в' | 'v' | 'w' => "v",
        'г' | 'ғ' | 'g' | 'ğ' | 'ǵ' => "g",
        'д' | 'd' => "d",
        'е' | 'ё' | 'э' | 'e' => "e",
        'ж' | 'j' => "j",
        'з' | 'z' => "z",
        'и' | 'й' | 'і' | 'ы' | 'i' | 'ı' | 'y' => "i",
        'к' | 'қ' | 'k' | 'q' | 'c' => "k",
        'л' | 'l' => "l",
        'м' | 'm' => "m",
        'н' | 'ң' | 'n' | 'ñ' | 'ń' => "n",
        'о' | 'ө' | 'o' | 'ö' | 'ó' => "o",
        'п' | 'p' => "p",
        'р' | 'r' => "r",
        'с' | 's' | 'ц' => "s",
        'т' | 't' => "t",
        'у' | 'ұ' | 'ү' | 'u' | 'ū' | 'ü' | 'ú' | 'ý' => "u",
        'ф' | 'f' => "f",
        'х' | 'һ' | 'h' | 'x' => "h",
        'ч' | 'ç' => "ch",
        'ш' | 'щ' | 'ş' => "sh",
        'ю' => "iu",
        'я' => "ia",
        _ => "",
    }
}

/// Case endings of Russian and Kazakh, and the vowel of a woman's surname, in the skeleton; longest first.
const ENDINGS: &[&str] = &[
    "ninin", "dinin", "larin", "lerin", "nin", "din", "tin", "dan", "den", "tan", "ten", "nan", "nen", "men", "ben",
    "pen", "imi", "ogo", "ego", "omu", "emu", "oi", "ei", "om", "em", "im", "ga", "ge", "ka", "ke", "da", "de", "ta",
    "te", "ni", "di", "ti", "a", "u", "e", "i",
];

fn without_ending(skeleton: &str) -> &str {
    for ending in ENDINGS {
        if let Some(stem) = skeleton.strip_suffix(ending)
            && stem.len() >= SHORTEST
        {
            // A surname keeps its -ov, -ev, -in: only one ending goes, and a last vowel behind it.
            return stem.strip_suffix(['a', 'i', 'e', 'u']).filter(|stem| stem.len() >= SHORTEST).unwrap_or(stem);
        }
    }
    skeleton
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_meet() {
        let check = |one: &str, other: &str| assert_eq!(keys(one), keys(other), "{one} / {other}");
        check("Айдана Оспанова", "Aidana Ospanova");
        check("Айдана Оспанова", "Айдану Оспанову");
        check("Оспанова Айдана", "Айдана Оспановаға");
        check("Ержан Қасымов", "Yerzhan Kasymov");
        check("Ержан Касымов", "Ержана Касымова");
        check("Касымовты", "Касымова");
        check("А. Б. Серікбаев", "Серикбаева");
    }

    #[test]
    fn different_names_do_not() {
        let check = |one: &str, other: &str| assert!(keys(one).is_disjoint(&keys(other)), "{one} / {other}");
        check("Айдана Оспанова", "Айгуль Османова");
        check("Касымов", "Касенов");
        check("Ли", "Ли");
    }
}
