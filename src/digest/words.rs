//! What the house itself says in a digest, in Kazakh, Russian and English: one table, so that a
//! missing wording cannot compile.

use jiff::civil::Date;

use super::laws;
use crate::model::{
    Actor, Amount, Article, Category, ClaimantKind, Code, Lang, Outcome, PartialDate, Role, SourceKind, Stage,
    VerifiedBy,
};
use crate::review;

/// The same words in the three languages.
pub(in crate::digest) struct Words([&'static str; 3]);

pub(in crate::digest) const fn words(kk: &'static str, ru: &'static str, en: &'static str) -> Words {
    Words([kk, ru, en])
}

impl Words {
    /// In a language; English where it is none of the three.
    pub(in crate::digest) fn of(&self, lang: Lang) -> &'static str {
        lang.pick(self.0)
    }
}

pub(super) const TITLE: Words =
    words("Сөз бостандығы: апталық шолу", "Свобода слова: обзор недели", "Freedom of speech: weekly digest");
pub(super) const INTERNAL: Words = words(
    "Ішкі басылым: таратуға арналмаған",
    "Внутреннее издание: не для распространения",
    "Internal edition: not for distribution",
);
pub(super) const EVENTS: Words = words("Апта оқиғалары", "События недели", "Events of the week");
pub(super) const EARLIER: Words = words("Бұрынырақ", "Ранее", "Earlier");
pub(super) const EARLIER_MEANS: Words = words(
    "Бұрын жарияланып, осы аптада расталған, алдыңғы шолуларға енбеген оқиғалар.",
    "Опубликованное раньше, подтверждённое на этой неделе и не вошедшее в прежние обзоры.",
    "Published before, confirmed this week, and in no digest yet.",
);
pub(super) const NO_EVENTS: Words = words(
    "Бұл аптада расталған оқиға жоқ.",
    "Подтверждённых событий за неделю нет.",
    "No events were confirmed for this week.",
);
pub(super) const SOURCES: Words = words("Дереккөздер", "Источники", "Sources");
pub(super) const EVIDENCE: Words = words("Дереккөзден үзінді", "Цитата из источника", "Quoted from the source");
pub(super) const RECALL: Words = words("Еске салсақ", "Напомним", "Earlier in this case");
pub(super) const AND_OTHERS: Words = words(" және басқалар", " и другие", " and others");
pub(super) const DRAFT: Words = words("ЖОБА", "ЧЕРНОВИК", "DRAFT");
pub(super) const HEARD: Words = words("дереккөз", "источник", "source");
pub(super) const VERIFIED: Words = words("расталуы", "подтверждение", "verification");
pub(super) const ATTACHMENTS: Words = words("Тіркемелер", "Приложения", "Attachments");
pub(super) const ATTACHMENT: Words = words("тіркеме", "приложение", "attachment");
pub(super) const KEPT_INSIDE: Words = words(
    "Жарияланбайтын тіркемелер (қорғалатын адамдар не мәліметтер болуы мүмкін)",
    "Приложений не публикуется (в них могут быть защищаемые лица или сведения)",
    "Attachments that are not published (they may hold people or data to be protected)",
);
pub(super) const BY_HAND: Words = words("қолмен енгізілген", "внесено вручную", "entered by hand");
pub(super) const RELIEF: Words = words("жағдай жақсарды", "улучшение положения", "relief");
pub(super) const UNNAMED: Words = words(
    "Есімдер мен дереккөздер көрсетілмейді.",
    "Имена и источники не называются.",
    "Names and sources are withheld.",
);
pub(super) const NO_LINK: Words =
    words("мәтінге сілтеме берілмейді", "ссылка на текст не приводится", "the link to the text is withheld");
pub(super) const COVERAGE: Words = words("Қамту", "Охват", "Coverage");
pub(super) const ALIVE: Words = words("жаңалық берген дереккөздер", "источники с новостями", "sources with news");
pub(super) const SILENT: Words =
    words("жауап берген, бірақ жаңалығы жоқ", "отвечали, но без новостей", "answered, without news");
pub(super) const FAILING: Words = words("жауап бермеген", "не отвечали", "did not answer");
pub(super) const NOT_POLLED: Words = words("сұралмаған", "не опрашивались", "not polled");
pub(super) const STORIES: Words = words("сақталған мақалалар", "сохранено материалов", "stories kept");
pub(super) const UNDECIDED: Words =
    words("осы апта бойынша шешім күтіп тұр", "ждут решения за эту неделю", "of this week still undecided");
pub(super) const STAGE: Words = words("кезең", "стадия", "stage");
pub(super) const OUTCOME: Words =
    words("сөз айтқан тарап үшін нәтиже", "исход для автора высказывания", "outcome for the speaker");
pub(super) const ARTICLES: Words = words("баптар", "статьи", "articles");
pub(super) const CLAIMED: Words = words("талап етілген сома", "сумма требований", "claimed");
pub(super) const ARREST_DAYS: Words = words("қамақ мерзімі, тәулік", "срок ареста, суток", "days of arrest");
pub(super) const AWARDED: Words = words("өндірілген сома", "взыскано", "awarded");

/// A category as a digest names it.
pub(super) fn category(category: Category) -> Words {
    listed("categories", category.id())
}

/// A subtype of a category as a digest names it; `None` for one that there is not.
pub(super) fn subtype(category: Category, subtype: &str) -> Option<Words> {
    review::words_of("categories", category.id(), Some(subtype)).map(Words)
}

/// How the house heard of an event.
pub(super) fn source_kind(kind: SourceKind) -> Words {
    told("source_kind", kind.id())
}

/// What an event entered by hand rests on.
pub(super) fn verified_by(by: VerifiedBy) -> Words {
    told("verified_by", by.id())
}

/// Affected people of a role, counted.
pub(super) fn role(role: Role) -> Words {
    told("targets", role.id())
}

/// Claimants of a kind, counted.
pub(super) fn claimant(kind: ClaimantKind) -> Words {
    told("claimants", kind.id())
}

/// Who acted, counted.
pub(super) fn actor(actor: Actor) -> Words {
    told("actors", actor.id())
}

/// A stage as a digest names it.
pub(super) fn stage(stage: Stage) -> Words {
    listed("stage", stage.id())
}

/// A value of a closed list, in the words of the queue file: each has one name in each language.
fn listed(column: &str, id: &'static str) -> Words {
    review::words_of(column, id, None).map_or(words(id, id, id), Words)
}

/// A value of a closed list, in the form that running text needs.
fn told(column: &str, id: &'static str) -> Words {
    review::told(column, id).map_or(words(id, id, id), Words)
}

/// An outcome for the speaker, as a digest names it.
pub(super) fn outcome(outcome: Outcome) -> Words {
    told("outcome", outcome.id())
}

pub(super) const SECRECY: Words = words("құпиялық", "режим", "secrecy");

/// The secrecy of an event, as the internal edition tells it.
pub(super) fn secrecy(secrecy: &str, lang: Lang) -> String {
    match secrecy {
        "internal" | "counted_only" | "no_names" => {
            review::told("secrecy", secrecy).map_or(secrecy, |words| lang.pick(words)).to_owned()
        }
        other => match other.strip_prefix("embargo ").and_then(|until| until.parse().ok()) {
            Some(until) => {
                let until = date(until, lang);
                match lang {
                    Lang::KK => format!("эмбарго: {until}"),
                    Lang::RU => format!("эмбарго до {until}"),
                    _ => format!("under embargo until {until}"),
                }
            }
            None => other.to_owned(),
        },
    }
}

/// Words of somebody else, in the quotation marks of a language.
pub(super) fn quoted(text: &str, lang: Lang) -> String {
    match lang {
        Lang::KK | Lang::RU => format!("«{text}»"),
        _ => format!("“{text}”"),
    }
}

/// The name of a language in which the house writes.
pub(super) fn language(of: Lang, lang: Lang) -> &'static str {
    const KAZAKH: Words = words("қазақша", "по-казахски", "Kazakh");
    const RUSSIAN: Words = words("орысша", "по-русски", "Russian");
    const ENGLISH: Words = words("ағылшынша", "по-английски", "English");
    match of {
        Lang::KK => KAZAKH.of(lang),
        Lang::RU => RUSSIAN.of(lang),
        _ => ENGLISH.of(lang),
    }
}

/// The name of a week: `неделя 2017-W46`.
pub(super) fn week(week: super::IsoWeek, lang: Lang) -> String {
    match lang {
        Lang::KK => format!("{week} аптасы"),
        Lang::RU => format!("неделя {week}"),
        _ => format!("week {week}"),
    }
}

/// An article of law as lawyers of the language cite it: `ст. 174 ч. 1 УК`; a law by its name.
pub(super) fn article(article: &Article, lang: Lang) -> String {
    if let Article { code: Code::Law, number: None, name: Some(name), .. } = article
        && !name.trim().is_empty()
    {
        return laws::cited(name, lang);
    }
    let code = match article.code {
        Code::Criminal => words("ҚК", "УК", "Criminal Code"),
        Code::Administrative => words("ӘҚБтК", "КоАП", "Code of Administrative Offences"),
        Code::Civil => words("АК", "ГК", "Civil Code"),
        Code::Law | Code::Other => words("", "", ""),
    }
    .of(lang);
    let Some(number) = article.number.as_deref() else {
        return article.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(code).to_owned();
    };
    let text = match (lang, article.part.as_deref()) {
        (Lang::KK, Some(part)) => format!("{code} {number}-бабының {part}-бөлігі"),
        (Lang::KK, None) => format!("{code} {number}-бабы"),
        (Lang::RU, Some(part)) => format!("ст. {number} ч. {part} {code}"),
        (Lang::RU, None) => format!("ст. {number} {code}"),
        (_, Some(part)) => format!("{code}, art. {number} part {part}"),
        (_, None) => format!("{code}, art. {number}"),
    };
    text.trim_start_matches(',').trim().to_owned()
}

/// A sum with its thousands parted: `1 500 000 тенге`, `1,500,000 tenge`.
pub(super) fn sum(amount: Amount, currency: Option<&str>, lang: Lang) -> String {
    let english = !matches!(lang, Lang::KK | Lang::RU);
    let plain = amount.to_string();
    let (units, cents) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut grouped = String::new();
    for (at, digit) in units.chars().enumerate() {
        if at > 0 && (units.len() - at) % 3 == 0 {
            grouped.push(if english { ',' } else { '\u{a0}' });
        }
        grouped.push(digit);
    }
    if !cents.is_empty() {
        grouped.push(if english { '.' } else { ',' });
        grouped.push_str(cents);
    }
    const TENGE: Words = words("теңге", "тенге", "tenge");
    const INDICES: Words = words("АЕК", "МРП", "MCI");
    match currency {
        None => grouped,
        Some("KZT") => format!("{grouped} {}", TENGE.of(lang)),
        Some("MCI") => format!("{grouped} {}", INDICES.of(lang)),
        Some(other) => format!("{grouped} {other}"),
    }
}

/// Months: Kazakh; Russian in the nominative and the genitive; English.
const MONTHS: [[&str; 4]; 12] = [
    ["қаңтар", "январь", "января", "January"],
    ["ақпан", "февраль", "февраля", "February"],
    ["наурыз", "март", "марта", "March"],
    ["сәуір", "апрель", "апреля", "April"],
    ["мамыр", "май", "мая", "May"],
    ["маусым", "июнь", "июня", "June"],
    ["шілде", "июль", "июля", "July"],
    ["тамыз", "август", "августа", "August"],
    ["қыркүйек", "сентябрь", "сентября", "September"],
    ["қазан", "октябрь", "октября", "October"],
    ["қараша", "ноябрь", "ноября", "November"],
    ["желтоқсан", "декабрь", "декабря", "December"],
];

pub(super) fn month(month: i8, column: usize) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).map_or("", |names| names[column])
}

/// A date as precise as known: `16 ноября 2017 г.`, `2017 жылғы 16 қараша`, `16 November 2017`.
pub(super) fn date(date: PartialDate, lang: Lang) -> String {
    let year = date.year;
    match (lang, date.month, date.day) {
        (Lang::KK, Some(m), Some(day)) => format!("{year} жылғы {day} {}", month(m, 0)),
        (Lang::KK, Some(m), None) => format!("{year} жылғы {}", month(m, 0)),
        (Lang::KK, None, _) => format!("{year} жыл"),
        (Lang::RU, Some(m), Some(day)) => format!("{day} {} {year} г.", month(m, 2)),
        (Lang::RU, Some(m), None) => format!("{} {year} г.", month(m, 1)),
        (Lang::RU, None, _) => format!("{year} г."),
        (_, Some(m), Some(day)) => format!("{day} {} {year}", month(m, 3)),
        (_, Some(m), None) => format!("{} {year}", month(m, 3)),
        (_, None, _) => year.to_string(),
    }
}

/// A span of days: `13–19 ноября 2017 г.`, `27 ноября – 3 декабря 2017 г.`.
pub(super) fn span(first: Date, last: Date, lang: Lang) -> String {
    let whole = |day: Date| date(day.into(), lang);
    if first.year() != last.year() {
        return format!("{} – {}", whole(first), whole(last));
    }
    let one_month = first.month() == last.month();
    match (lang, one_month) {
        (Lang::KK, true) => format!("{} жылғы {}–{} {}", first.year(), first.day(), last.day(), month(last.month(), 0)),
        (Lang::KK, false) => format!(
            "{} жылғы {} {} – {} {}",
            first.year(),
            first.day(),
            month(first.month(), 0),
            last.day(),
            month(last.month(), 0)
        ),
        (_, true) => format!("{}–{}", first.day(), whole(last)),
        (Lang::RU, false) => format!("{} {} – {}", first.day(), month(first.month(), 2), whole(last)),
        (_, false) => format!("{} {} – {}", first.day(), month(first.month(), 3), whole(last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    const LANGS: [Lang; 3] = [Lang::KK, Lang::RU, Lang::EN];

    #[test]
    fn every_subtype_has_its_name() {
        for known in Category::ALL {
            for id in known.subtypes() {
                assert!(subtype(*known, id).is_some(), "{known}/{id}");
            }
        }
        assert!(subtype(Category::Arrest, "fine").is_none());
        assert_eq!(category(Category::Censorship).of(Lang::EN), "Censorship");
        assert_eq!(category(Category::DefamationSuit).of(Lang::RU), "Защита чести, достоинства и деловой репутации");
        assert_eq!(stage(Stage::Repealed).of(Lang::EN), "repealed");
        assert_eq!(stage(Stage::Judgment).of(Lang::RU), "решение первой инстанции");
    }

    #[test]
    fn every_value_has_its_words() {
        let check = |id: &str, words: Words| assert_ne!(words.of(Lang::RU), id);
        Outcome::ALL.iter().for_each(|it| check(it.id(), outcome(*it)));
        Stage::ALL.iter().for_each(|it| check(it.id(), stage(*it)));
        SourceKind::ALL.iter().for_each(|it| check(it.id(), source_kind(*it)));
        VerifiedBy::ALL.iter().for_each(|it| check(it.id(), verified_by(*it)));
        Role::ALL.iter().for_each(|it| check(it.id(), role(*it)));
        ClaimantKind::ALL.iter().for_each(|it| check(it.id(), claimant(*it)));
        Actor::ALL.iter().for_each(|it| check(it.id(), actor(*it)));
    }

    #[test]
    fn articles_are_cited_as_lawyers_cite_them() {
        let check = |code: Code, number: Option<&str>, part: Option<&str>, name: Option<&str>, expect: [&str; 3]| {
            let own = |text: Option<&str>| text.map(str::to_owned);
            let cited = Article { code, number: own(number), part: own(part), name: own(name) };
            assert_eq!(LANGS.map(|lang| article(&cited, lang)), expect);
        };
        check(
            Code::Criminal,
            Some("174"),
            Some("1"),
            None,
            ["ҚК 174-бабының 1-бөлігі", "ст. 174 ч. 1 УК", "Criminal Code, art. 174 part 1"],
        );
        check(
            Code::Administrative,
            Some("73-3"),
            None,
            None,
            ["ӘҚБтК 73-3-бабы", "ст. 73-3 КоАП", "Code of Administrative Offences, art. 73-3"],
        );
        check(
            Code::Law,
            None,
            None,
            Some("О масс-медиа"),
            ["«Масс-медиа туралы» Заң", "Закон «О масс-медиа»", "Law on Mass Media"],
        );
        check(Code::Law, None, None, Some(" "), [" "; 3]);
        check(Code::Other, None, None, Some("устав"), ["устав"; 3]);
        check(Code::Other, Some("5"), None, None, ["5-бабы", "ст. 5", "art. 5"]);
    }

    #[test]
    fn sums_part_their_thousands() {
        let check = |hundredths: i64, currency: Option<&str>, expect: [&str; 3]| {
            assert_eq!(LANGS.map(|lang| sum(Amount(hundredths), currency, lang)), expect);
        };
        let millions = ["1\u{a0}500\u{a0}000 теңге", "1\u{a0}500\u{a0}000 тенге", "1,500,000 tenge"];
        check(150_000_000, Some("KZT"), millions);
        check(1_134_550, Some("USD"), ["11\u{a0}345,50 USD", "11\u{a0}345,50 USD", "11,345.50 USD"]);
        check(20_000, Some("MCI"), ["200 АЕК", "200 МРП", "200 MCI"]);
        check(50_000, None, ["500"; 3]);
    }

    #[test]
    fn dates_are_written_as_each_language_writes_them() {
        let check = |text: &str, expect: [&str; 3]| {
            assert_eq!(LANGS.map(|lang| date(text.parse().unwrap(), lang)), expect);
        };
        check("2017-11-16", ["2017 жылғы 16 қараша", "16 ноября 2017 г.", "16 November 2017"]);
        check("2018-05", ["2018 жылғы мамыр", "май 2018 г.", "May 2018"]);
        check("2017", ["2017 жыл", "2017 г.", "2017"]);
    }

    #[test]
    fn weeks_are_written_without_saying_a_month_twice() {
        let check = |first: Date, last: Date, expect: [&str; 3]| {
            assert_eq!(LANGS.map(|lang| span(first, last, lang)), expect);
        };
        check(
            day(2017, 11, 13),
            day(2017, 11, 19),
            ["2017 жылғы 13–19 қараша", "13–19 ноября 2017 г.", "13–19 November 2017"],
        );
        check(
            day(2017, 11, 27),
            day(2017, 12, 3),
            ["2017 жылғы 27 қараша – 3 желтоқсан", "27 ноября – 3 декабря 2017 г.", "27 November – 3 December 2017"],
        );
        check(
            day(2018, 12, 31),
            day(2019, 1, 6),
            [
                "2018 жылғы 31 желтоқсан – 2019 жылғы 6 қаңтар",
                "31 декабря 2018 г. – 6 января 2019 г.",
                "31 December 2018 – 6 January 2019",
            ],
        );
    }
}
