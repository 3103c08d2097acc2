//! Which law a story about legislation speaks of, told alike in Kazakh, Russian and English.
//!
//! A law has another name in each language, so stories about it share no spelling: the subject in its name
//! is looked for beside a word for a law. A subject is weaker than a number: two bills may have one.

use crate::model::Story;

/// Bytes of text that count as its beginning.
const BEGINNING: usize = 700;
/// Bytes between a subject and the word for a law.
const REACH: usize = 60;

/// Words for a law, small.
const LAWS: &[&str] = &[
    "закон",
    "кодекс",
    "поправк",
    "заң",
    "түзету",
    "law",
    "bill",
    "act ",
    "act,",
    "statute",
    "amendment",
    "decree",
    "zań",
    "zañ",
];

/// Subjects of laws on expression, and the words by which they are named, small, without endings.
const SUBJECTS: &[(&str, &[&str])] = &[
    ("mass_media", &["масс-медиа", "масс медиа", "mass media", "mass-media", "media law", "law on media"]),
    (
        "press",
        &[
            "о сми",
            "о средствах массовой информации",
            "бақ туралы",
            "бұқаралық ақпарат",
            "press law",
            "law on the press",
        ],
    ),
    ("broadcasting", &["телерадиовещани", "телерадио хабар", "broadcasting"]),
    (
        "assembly",
        &[
            "мирных собрани",
            "мирных митинг",
            "бейбіт жиналыс",
            "бейбіт жиын",
            "peaceful assembl",
            "public assembl",
            "rallies",
        ],
    ),
    (
        "information",
        &[
            "доступе к информации",
            "доступе к публичн",
            "ақпаратқа қол жеткізу",
            "access to information",
            "freedom of information",
        ],
    ),
    (
        "platforms",
        &["онлайн-платформ", "online platform", "социальных сет", "әлеуметтік желі", "social network", "social media"],
    ),
    ("advertising", &["рекламе", "онлайн-реклам", "жарнама туралы", "advertising"]),
    ("personal_data", &["персональных данных", "дербес деректер", "personal data"]),
    (
        "children",
        &[
            "защите детей",
            "защиты детей",
            "прав ребенка",
            "балаларды қорға",
            "бала құқықтар",
            "protection of children",
            "cyberbullying",
            "кибербуллинг",
        ],
    ),
    (
        "foreign_agents",
        &[
            "иноагент",
            "иностранных агент",
            "иностранных представител",
            "шетелдік агент",
            "шетел агент",
            "foreign agent",
            "foreign representative",
        ],
    ),
    ("propaganda", &["нетрадиционн", "лгбт", "дәстүрлі емес", "lgbt", "non-traditional", "nontraditional"]),
    (
        "false_information",
        &["ложной информаци", "недостоверной информаци", "фейк", "жалған ақпарат", "false information", "fake news"],
    ),
    ("libel", &["клевет", "жала жабу", "жала үшін", "libel", "defamation"]),
    ("insult", &["оскорблени", "қорлау", "insult"]),
    ("incitement", &["возбуждении", "розни", "араздық", "алауыздық", "incitement", "discord"]),
    ("extremism", &["экстремизм", "экстремист", "extremis"]),
    ("religion", &["религиозн", "діни қызмет", "religio"]),
    ("informatisation", &["информатизаци", "ақпараттандыру", "informati"]),
    ("communications", &["о связи", "байланыс туралы", "communications", "internet shutdown", "отключени"]),
    ("artificial_intelligence", &["искусственном интеллект", "жасанды интеллект", "artificial intelligence"]),
    ("state_secrets", &["государственных секрет", "мемлекеттік құпия", "state secret"]),
    ("emergency", &["чрезвычайном положени", "төтенше жағдай", "state of emergency"]),
    ("public_oversight", &["общественном контроле", "қоғамдық бақылау", "public oversight", "public control"]),
    ("non_profits", &["некоммерческ", "коммерциялық емес", "non-profit", "nonprofit", "ngo"]),
    ("encryption", &["шифрован", "криптограф", "шифрлау", "encryption"]),
    ("copyright", &["авторском прав", "авторлық құқық", "copyright"]),
    ("accreditation", &["аккредитаци", "аккредиттеу", "accreditation"]),
];

/// The subjects of the laws that a story names in its title or beginning.
pub fn subjects(story: &Story) -> Vec<&'static str> {
    let mut start: String = story.title.to_lowercase();
    start.push('\n');
    let beginning = story.text.char_indices().take_while(|(at, _)| *at < BEGINNING).map(|(_, c)| c);
    start.extend(beginning.flat_map(char::to_lowercase));
    let laws: Vec<usize> = LAWS.iter().flat_map(|law| start.match_indices(law)).map(|(at, _)| at).collect();
    let named = |words: &[&str]| {
        words.iter().flat_map(|word| start.match_indices(word)).any(|(at, word)| {
            laws.iter().any(|law| {
                let (from, to) = (at.min(*law), at.max(*law));
                to - from <= REACH + word.len() && !start[from..to].contains('\n')
            })
        })
    };
    SUBJECTS.iter().filter(|(_, words)| named(words)).map(|(subject, _)| *subject).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(title: &str) -> Story {
        let (id, title) = ("s1".to_owned(), title.to_owned());
        Story { id, url: None, title, text: String::new(), published: None, byline: None, source: None }
    }

    #[test]
    fn one_law_has_one_subject_in_three_languages() {
        let check = |titles: [&str; 3], expect: &str| {
            for title in titles {
                assert_eq!(subjects(&story(title)), [expect], "{title}");
            }
        };
        check(
            [
                "Сенат вернул закон «О мирных собраниях»",
                "Сенат «Бейбіт жиналыстар туралы» заңды қайтарды",
                "Senate returns the law on peaceful assemblies",
            ],
            "assembly",
        );
        check(
            [
                "Законопроект об иноагентах отозван",
                "Шетелдік агенттер туралы заң жобасы",
                "Foreign agents bill withdrawn",
            ],
            "foreign_agents",
        );
    }

    #[test]
    fn a_subject_without_a_law_is_none() {
        for title in ["Митинг в защиту доступа к информации", "Peaceful assembly in the square", "Жала жабу ісі"]
        {
            assert!(subjects(&story(title)).is_empty(), "{title}");
        }
    }
}
