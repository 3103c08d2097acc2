//! The sentences of a report, in Kazakh, Russian and English: numbers with their plural forms (CLDR),
//! periods with their cases, sums in words as the house form has them.

use super::super::words::{self, Words, words as all};
use crate::digest::figures::{Length, Period, Written, name};
use crate::model::{Amount, Lang};

/// A number of something, in the three languages: Russian has three plural forms, English two, Kazakh
/// one after a number.
pub(super) struct Noun {
    pub kk: &'static str,
    pub ru: [&'static str; 3],
    pub en: [&'static str; 2],
}

impl Noun {
    /// The form that goes with a number.
    pub fn form(&self, count: i64, lang: Lang) -> &'static str {
        match lang {
            Lang::KK => self.kk,
            Lang::RU => self.ru[russian(count)],
            _ => self.en[usize::from(count.abs() != 1)],
        }
    }

    /// `2 уголовных дела`
    pub fn counted(&self, count: i64, lang: Lang) -> String {
        format!("{} {}", number(count, lang), self.form(count, lang))
    }
}

/// CLDR's plural category of a whole number in Russian: one, few, many.
fn russian(count: i64) -> usize {
    let (tens, ones) = (count.abs() % 100, count.abs() % 10);
    match ones {
        1 if tens != 11 => 0,
        2..=4 if !(12..=14).contains(&tens) => 1,
        _ => 2,
    }
}

pub(super) const CRIMINAL: Noun = Noun {
    kk: "қылмыстық іс",
    ru: ["уголовное дело", "уголовных дела", "уголовных дел"],
    en: ["criminal case", "criminal cases"],
};
pub(super) const ACTS: Noun = Noun {
    kk: "сот актісі",
    ru: ["судебный акт", "судебных акта", "судебных актов"],
    en: ["judicial act", "judicial acts"],
};
pub(super) const CLAIMS: Noun = Noun {
    kk: "сотқа дейінгі талап пен талап-арыз",
    ru: ["досудебная претензия или иск", "досудебные претензии и иска", "досудебных претензий и исков"],
    en: ["letter before action or suit", "letters before action and suits"],
};
pub(super) const SUITS: Noun =
    Noun { kk: "талап-арыз", ru: ["иск", "иска", "исков"], en: ["suit", "suits"] };
pub(super) const MATTERS: Noun = Noun { kk: "іс", ru: ["дело", "дела", "дел"], en: ["matter", "matters"] };
pub(super) const PERSONS: Noun =
    Noun { kk: "адам", ru: ["человек", "человека", "человек"], en: ["person", "persons"] };
pub(super) const MESSAGES: Noun =
    Noun {
        kk: "хабарлама", ru: ["сообщение", "сообщения", "сообщений"], en: ["message", "messages"]
    };
pub(super) const INCIDENTS: Noun =
    Noun { kk: "оқиға", ru: ["случай", "случая", "случаев"], en: ["incident", "incidents"] };
pub(super) const DAYS: Noun = Noun { kk: "тәулік", ru: ["день", "дня", "дней"], en: ["day", "days"] };
const MILLIONS: Noun = Noun {
    kk: "миллион", ru: ["миллион", "миллиона", "миллионов"], en: ["million", "million"]
};
const BILLIONS: Noun = Noun {
    kk: "миллиард", ru: ["миллиард", "миллиарда", "миллиардов"], en: ["billion", "billion"]
};
const THOUSANDS: Noun =
    Noun { kk: "мың", ru: ["тысяча", "тысячи", "тысяч"], en: ["thousand", "thousand"] };

/// A whole number with its thousands parted.
pub(super) fn number(count: i64, lang: Lang) -> String {
    let sign = if count < 0 { "−" } else { "" };
    format!("{sign}{}", words::sum(Amount(count.abs().saturating_mul(100)), None, lang))
}

/// A sum in hundredths of a tenge, in digits.
pub(super) fn tenge(hundredths: i64, lang: Lang) -> String {
    sum(hundredths, Some("KZT"), lang)
}

/// The same under a heading that names the unit.
pub(super) fn bare_tenge(hundredths: i64, lang: Lang) -> String {
    sum(hundredths, None, lang)
}

fn sum(hundredths: i64, currency: Option<&str>, lang: Lang) -> String {
    let sign = if hundredths < 0 { "−" } else { "" };
    format!("{sign}{}", words::sum(Amount(hundredths.abs()), currency, lang))
}

/// A sum as the house form writes it: `195 миллионов 460 тысяч тенге`. One that has no whole thousands
/// is written in digits.
pub(super) fn tenge_in_words(hundredths: i64, lang: Lang) -> String {
    if hundredths % 100_000 != 0 || hundredths == 0 {
        return tenge(hundredths, lang);
    }
    let thousands = hundredths.abs() / 100_000;
    let parts =
        [(thousands / 1_000_000, &BILLIONS), (thousands / 1_000 % 1_000, &MILLIONS), (thousands % 1_000, &THOUSANDS)];
    let said: Vec<String> =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, noun)| noun.counted(count, lang)).collect();
    const TENGE: Words = all("теңге", "тенге", "tenge");
    let sign = if hundredths < 0 { "−" } else { "" };
    format!("{sign}{} {}", said.join(" "), TENGE.of(lang))
}

/// Months in the case that "in" asks for: Kazakh with its ending, Russian prepositional.
const IN_MONTH: [[&str; 2]; 12] = [
    ["қаңтарда", "январе"],
    ["ақпанда", "феврале"],
    ["наурызда", "марте"],
    ["сәуірде", "апреле"],
    ["мамырда", "мае"],
    ["маусымда", "июне"],
    ["шілдеде", "июле"],
    ["тамызда", "августе"],
    ["қыркүйекте", "сентябре"],
    ["қазанда", "октябре"],
    ["қарашада", "ноябре"],
    ["желтоқсанда", "декабре"],
];

/// `в ноябре`, `қарашада`, `in November`; `в IV квартале`.
pub(super) fn within(period: Period, lang: Lang) -> String {
    let at = usize::try_from(period.first.month - 1).unwrap_or(0);
    let months = period.length().months();
    let part = usize::try_from((period.first.month - 1) / months).unwrap_or(0);
    const ROMAN: [&str; 4] = ["I", "II", "III", "IV"];
    const ENGLISH: [&str; 4] = ["first", "second", "third", "fourth"];
    match (period.length(), lang) {
        (Length::Month, Lang::KK) => IN_MONTH[at][0].to_owned(),
        (Length::Month, Lang::RU) => format!("в {}", IN_MONTH[at][1]),
        (Length::Month, _) => format!("in {}", words::month(period.first.month, 3)),
        (Length::Quarter, Lang::KK) => format!("{} тоқсанда", ROMAN[part]),
        (Length::Quarter, Lang::RU) => format!("{} {} квартале", if part == 1 { "во" } else { "в" }, ROMAN[part]),
        (Length::Quarter, _) => format!("in the {} quarter", ENGLISH[part]),
        (Length::Half, Lang::KK) => format!("{} жартыжылдықта", ROMAN[part]),
        (Length::Half, Lang::RU) => format!("{} {} полугодии", if part == 1 { "во" } else { "в" }, ROMAN[part]),
        (Length::Half, _) => format!("in the {} half of the year", ENGLISH[part]),
        (Length::Year, Lang::KK) => format!("{} жылы", period.year()),
        (Length::Year, Lang::RU) => format!("в {} году", period.year()),
        (Length::Year, _) => format!("in {}", period.year()),
    }
}

/// `ноябрь 2017`, `2017 жылғы қараша`, `November 2017`; the name of a period in a title.
pub(super) fn named(period: Period, lang: Lang) -> String {
    let year = period.year();
    let months = period.length().months();
    let part = usize::try_from((period.first.month - 1) / months).unwrap_or(0);
    const ROMAN: [&str; 4] = ["I", "II", "III", "IV"];
    const ENGLISH: [&str; 4] = ["First", "Second", "Third", "Fourth"];
    match (period.length(), lang) {
        (Length::Month, Lang::KK) => format!("{year} жылғы {}", words::month(period.first.month, 0)),
        (Length::Month, Lang::RU) => format!("{} {year}", capital(words::month(period.first.month, 1))),
        (Length::Month, _) => format!("{} {year}", words::month(period.first.month, 3)),
        (Length::Quarter, Lang::KK) => format!("{year} жылғы {} тоқсан", ROMAN[part]),
        (Length::Quarter, Lang::RU) => format!("{} квартал {year}", ROMAN[part]),
        (Length::Quarter, _) => format!("{} quarter of {year}", ENGLISH[part]),
        (Length::Half, Lang::KK) => format!("{year} жылғы {} жартыжылдық", ROMAN[part]),
        (Length::Half, Lang::RU) => format!("{} полугодие {year}", ROMAN[part]),
        (Length::Half, _) => format!("{} half of {year}", ENGLISH[part]),
        (Length::Year, Lang::KK) => format!("{year} жыл"),
        (Length::Year, Lang::RU) => format!("{year} год"),
        (Length::Year, _) => year.to_string(),
    }
}

/// With a capital letter.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A figure by its name: `Судебные акты, с начала года`.
pub(super) fn named_figure(id: &str, lang: Lang) -> String {
    const SINCE: Words = all(", жыл басынан", ", с начала года", ", since January");
    let since = if id.ends_with("_ytd") { SINCE.of(lang) } else { "" };
    format!("{}{since}", capital(name(id, lang)))
}

/// A figure in words: `Судебные акты, с начала года: 12`.
pub fn told(id: &str, value: Written, lang: Lang) -> String {
    let value = match value {
        Written::Count(value) => number(value, lang),
        Written::Sum(value) => tenge(value, lang),
    };
    format!("{}: {value}", named_figure(id, lang))
}

/// This year against the same period of last year: a ratio only where both are ten or more, so that no
/// small number makes a great one; `в 1,6 раза больше` is never `на 1,6 раза`.
pub(super) fn versus(now: i64, before: i64, lang: Lang) -> String {
    let (this, that) = (number(now, lang), number(before, lang));
    if before == 0 && now > 0 {
        return match lang {
            Lang::KK => format!("{this}, былтыр болмаған"),
            Lang::RU => format!("{this} против ни одного"),
            _ => format!("{this} against none"),
        };
    }
    let plain = match lang {
        Lang::KK => format!("{this}, былтыр {that}"),
        Lang::RU => format!("{this} против {that}"),
        _ => format!("{this} against {that}"),
    };
    if now.min(before) < 10 {
        return plain;
    }
    // Tenths, rounded half up.
    let (great, small) = (now.max(before), now.min(before));
    let tenths = (great * 20 + small) / (2 * small);
    if tenths <= 10 {
        return plain;
    }
    let point = if matches!(lang, Lang::KK | Lang::RU) { ',' } else { '.' };
    let ratio = match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}{point}{rest}", tenths / 10),
    };
    let more = now > before;
    match lang {
        Lang::KK => format!("{plain}, {ratio} есе {}", if more { "көп" } else { "аз" }),
        Lang::RU => {
            // After a fraction the genitive singular, after a whole number the form of that number.
            let times = match tenths % 10 {
                0 if russian(tenths / 10) == 2 => "раз",
                _ => "раза",
            };
            format!("{plain}, в {ratio} {times} {}", if more { "больше" } else { "меньше" })
        }
        _ if more => format!("{plain}, {ratio} times as many"),
        _ => format!("{plain}, fewer by a factor of {ratio}"),
    }
}

/// `29 %`; English sets no space before the sign.
pub(super) fn share(percent: i64, lang: Lang) -> String {
    if matches!(lang, Lang::KK | Lang::RU) { format!("{percent}\u{a0}%") } else { format!("{percent}%") }
}

/// Shares in whole per cent that add up to a hundred, by largest remainder.
pub(crate) fn shares(values: &[i64]) -> Vec<i64> {
    let sum: i64 = values.iter().sum();
    if sum <= 0 {
        return vec![0; values.len()];
    }
    let mut shares: Vec<i64> = values.iter().map(|value| value * 100 / sum).collect();
    let mut left: Vec<usize> = (0..values.len()).collect();
    left.sort_by_key(|at| std::cmp::Reverse((values[*at] * 100 % sum, std::cmp::Reverse(*at))));
    let missing = usize::try_from(100 - shares.iter().sum::<i64>()).unwrap_or(0);
    for at in left.into_iter().take(missing) {
        shares[at] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGS: [Lang; 3] = [Lang::KK, Lang::RU, Lang::EN];

    #[test]
    fn numbers_stand_with_their_plural_forms() {
        let check = |count: i64, ru: &str, en: &str| {
            assert_eq!(CRIMINAL.counted(count, Lang::RU), ru);
            assert_eq!(CRIMINAL.counted(count, Lang::EN), en);
        };
        check(1, "1 уголовное дело", "1 criminal case");
        check(2, "2 уголовных дела", "2 criminal cases");
        check(5, "5 уголовных дел", "5 criminal cases");
        check(11, "11 уголовных дел", "11 criminal cases");
        check(14, "14 уголовных дел", "14 criminal cases");
        check(21, "21 уголовное дело", "21 criminal cases");
        check(0, "0 уголовных дел", "0 criminal cases");
        assert_eq!(ACTS.counted(5, Lang::KK), "5 сот актісі");
    }

    #[test]
    fn sums_are_written_as_the_house_writes_them() {
        let check = |hundredths: i64, expect: [&str; 3]| {
            assert_eq!(LANGS.map(|lang| tenge_in_words(hundredths, lang)), expect);
        };
        check(
            195_460_000 * 100,
            ["195 миллион 460 мың теңге", "195 миллионов 460 тысяч тенге", "195 million 460 thousand tenge"],
        );
        check(
            54_020_000 * 100,
            ["54 миллион 20 мың теңге", "54 миллиона 20 тысяч тенге", "54 million 20 thousand tenge"],
        );
        check(
            1_500_000 * 100,
            ["1 миллион 500 мың теңге", "1 миллион 500 тысяч тенге", "1 million 500 thousand tenge"],
        );
        check(1_134_500, ["11\u{a0}345 теңге", "11\u{a0}345 тенге", "11,345 tenge"]);
        check(0, ["0 теңге", "0 тенге", "0 tenge"]);
        // Row 109: in digits.
        assert_eq!(
            LANGS.map(|lang| tenge(1_500_000 * 100, lang)),
            ["1\u{a0}500\u{a0}000 теңге", "1\u{a0}500\u{a0}000 тенге", "1,500,000 tenge"]
        );
    }

    #[test]
    fn a_figure_is_told_in_words() {
        let check = |id: &str, value: Written, expect: [&str; 3]| {
            assert_eq!(LANGS.map(|lang| told(id, value, lang)), expect);
        };
        check(
            "suits_month",
            Written::Count(3),
            ["Сотқа берілген талап-арыздар: 3", "Иски, поданные в суд: 3", "Suits filed: 3"],
        );
        check(
            "claimed_ytd",
            Written::Sum(150_000_000),
            [
                "Талап етілген моральдық зиян, жыл басынан: 1\u{a0}500\u{a0}000 теңге",
                "Заявлено морального вреда, с начала года: 1\u{a0}500\u{a0}000 тенге",
                "Moral damage claimed, since January: 1,500,000 tenge",
            ],
        );
    }

    #[test]
    fn years_are_compared_without_great_ratios_of_small_numbers() {
        let check = |now: i64, before: i64, expect: [&str; 3]| {
            assert_eq!(LANGS.map(|lang| versus(now, before, lang)), expect);
        };
        check(
            87,
            55,
            ["87, былтыр 55, 1,6 есе көп", "87 против 55, в 1,6 раза больше", "87 against 55, 1.6 times as many"],
        );
        check(9, 7, ["9, былтыр 7", "9 против 7", "9 against 7"]);
        check(6, 0, ["6, былтыр болмаған", "6 против ни одного", "6 against none"]);
        check(30, 9, ["30, былтыр 9", "30 против 9", "30 against 9"]);
        check(
            100,
            20,
            ["100, былтыр 20, 5 есе көп", "100 против 20, в 5 раз больше", "100 against 20, 5 times as many"],
        );
        check(
            20,
            40,
            ["20, былтыр 40, 2 есе аз", "20 против 40, в 2 раза меньше", "20 against 40, fewer by a factor of 2"],
        );
        check(20, 20, ["20, былтыр 20", "20 против 20", "20 against 20"]);
        check(0, 0, ["0, былтыр 0", "0 против 0", "0 against 0"]);
    }

    #[test]
    fn shares_add_up_to_a_hundred() {
        assert_eq!(shares(&[8, 1, 14]), [35, 4, 61]);
        assert_eq!(shares(&[1, 1, 1]), [34, 33, 33]);
        assert_eq!(shares(&[0, 0]), [0, 0]);
        assert_eq!(shares(&[]), [0; 0]);
        for values in [vec![7, 13, 29, 1], vec![1; 7], vec![99, 1, 1]] {
            assert_eq!(shares(&values).iter().sum::<i64>(), 100, "{values:?}");
        }
    }

    #[test]
    fn periods_are_named_as_each_language_names_them() {
        let check = |text: &str, inside: [&str; 3], title: [&str; 3]| {
            let period: Period = text.parse().unwrap();
            assert_eq!(LANGS.map(|lang| within(period, lang)), inside);
            assert_eq!(LANGS.map(|lang| named(period, lang)), title);
        };
        check(
            "2017-11",
            ["қарашада", "в ноябре", "in November"],
            ["2017 жылғы қараша", "Ноябрь 2017", "November 2017"],
        );
        check(
            "2017-Q2",
            ["II тоқсанда", "во II квартале", "in the second quarter"],
            ["2017 жылғы II тоқсан", "II квартал 2017", "Second quarter of 2017"],
        );
        check(
            "2017-H1",
            ["I жартыжылдықта", "в I полугодии", "in the first half of the year"],
            ["2017 жылғы I жартыжылдық", "I полугодие 2017", "First half of 2017"],
        );
        check("2017", ["2017 жылы", "в 2017 году", "in 2017"], ["2017 жыл", "2017 год", "2017"]);
    }
}
