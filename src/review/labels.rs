//! What the columns and their closed lists are called in the reviewer's language, and back: Kazakh, Russian,
//! English. A file may come back with these words, with the ids, or with both.

mod values;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::model::{Lang, by_ids, cited};
use values::{LABELS, TOLD};

/// Kazakh, Russian, English.
pub(super) type Words = [&'static str; 3];

/// The one of them in a language.
pub(super) fn of(words: &Words, lang: Lang) -> &'static str {
    lang.pick(*words)
}

/// The columns of a workbook in the order in which a reviewer reads: what happened, then what the figures need,
/// then what nobody types. Each with its heading and what it is for.
#[rustfmt::skip]
const HEADINGS: &[(&str, Words, Words)] = &[
    ("decision",
        ["Шешім", "Решение", "Decision"],
        [
            "Растау – оқиға есепке кіреді; қабылдамау – бұзушылық емес; кейін – қайта қараймыз; қайталама – сол оқиға (іс бағанында нөмірі); бұрыннан белгілі – іске қатысты, жаңалығы жоқ",
            "Подтвердить – событие входит в счёт; отклонить – не нарушение; позже – вернёмся; дубликат – то же событие (его номер в столбце «Дело»); фон – относится к делу, нового нет",
            "Confirm: it counts; reject: no violation; later: come back to it; duplicate: the same event (its id under Case); background: belongs to the case, nothing new",
        ]),
    ("title",
        ["Тақырып", "Заголовок", "Title"],
        [
            "Басылымдағы тақырып. Өзгертілмейді",
            "Заголовок в издании. Не меняется",
            "The headline as published. Read-only",
        ]),
    ("evidence",
        ["Дәлел", "Основание", "Evidence"],
        [
            "Белгі берген сөйлем; сөздері қою. Астында – неге және қай іс. Өзгертілмейді",
            "Предложение, на котором сработало правило, слова выделены. Ниже – почему и какое дело. Не меняется",
            "The sentence that fired, its words in bold; below: why, and which case. Read-only",
        ]),
    ("source",
        ["Дереккөз", "Источник", "Source"],
        [
            "Басылым. Қолмен енгізгенде міндетті",
            "Издание. Для внесённого вручную обязательно",
            "The outlet. Required for an event entered by hand",
        ]),
    ("published",
        ["Жарияланды", "Опубликовано", "Published"],
        [
            "Жарияланған уақыты. Өзгертілмейді",
            "Время публикации. Не меняется",
            "When it was published. Read-only",
        ]),
    ("case",
        ["Іс", "Дело", "Case"],
        [
            "Істің нөмірі. Бос болса – жаңа іс. Қайталама мен бұрыннан белгілі үшін міндетті",
            "Номер дела. Пусто – новое дело. Для дубликата и фона обязательно",
            "Id of the case; empty: a new one. Required for duplicate and background",
        ]),
    ("reviewer",
        ["Қараған", "Проверил", "Reviewer"],
        [
            "Атыңыз: шешіммен бірге міндетті",
            "Ваше имя: обязательно при решении",
            "Your name: required with a decision",
        ]),
    ("note",
        ["Ескертпе", "Примечание", "Note"],
        [
            "Еркін мәтін; сыртқа шықпайды",
            "Свободный текст; наружу не выходит",
            "Free text; never leaves the house",
        ]),
    ("headline",
        ["Біздің тақырып", "Наш заголовок", "Our headline"],
        [
            "Шолуда тұратын тақырып",
            "Заголовок для обзора",
            "The headline that the digest prints",
        ]),
    ("categories",
        ["Санаттар", "Категории", "Categories"],
        [
            "Бірнешеуі «;» арқылы. Ар-намыс ісінің түрі міндетті",
            "Несколько – через «;». У иска о чести вид обязателен",
            "Several are parted by “;”. A defamation suit needs its kind",
        ]),
    ("direction",
        ["Бағыты", "Направление", "Direction"],
        [
            "Шектеу ме, жеңілдік пе",
            "Ограничение или улучшение",
            "Restriction or relief",
        ]),
    ("event_date",
        ["Оқиға күні", "Дата события", "Date of the event"],
        [
            "ЖЖЖЖ-АА-КК, ЖЖЖЖ-АА немесе ЖЖЖЖ",
            "ГГГГ-ММ-ДД, ГГГГ-ММ или ГГГГ",
            "YYYY-MM-DD, YYYY-MM or YYYY",
        ]),
    ("registered_date",
        ["Тіркелген күні", "Дата регистрации", "Date registered"],
        [
            "Оқиға күні белгісіз болса",
            "Если дата события неизвестна",
            "Where the day of the event is unknown",
        ]),
    ("stage",
        ["Кезеңі", "Стадия", "Stage"],
        [
            "Іс қай кезеңде",
            "На какой стадии дело",
            "How far the matter has come",
        ]),
    ("instance",
        ["Саты", "Инстанция", "Instance"],
        [
            "Сот сатысы",
            "Инстанция суда",
            "Instance of the court",
        ]),
    ("outcome",
        ["Нәтижесі", "Исход", "Outcome"],
        [
            "Сөз айтқан тарап үшін",
            "Для автора высказывания",
            "For the speaker",
        ]),
    ("place",
        ["Орны", "Место", "Place"],
        [
            "Қала, аудан, облыс",
            "Город, район, область",
            "Town, district, region",
        ]),
    ("targets",
        ["Кімге қатысты", "Кого касается", "Who is affected"],
        [
            "аты (рөлі); аты (рөлі)",
            "имя (роль); имя (роль)",
            "name (role); name (role)",
        ]),
    ("claimants",
        ["Талапкерлер", "Истцы", "Claimants"],
        [
            "аты (түрі)",
            "имя (вид)",
            "name (kind)",
        ]),
    ("actors",
        ["Кім жасады", "Кто действует", "Who acts"],
        [
            "Бірнешеуі «;» арқылы",
            "Несколько – через «;»",
            "Several are parted by “;”",
        ]),
    ("articles",
        ["Баптар", "Статьи закона", "Articles of law"],
        [
            "ҚК 174-бап 1-бөлік; ӘҚБтК 73-3-бап; заң АТАУЫ. Нөмірмен де болады: CC 174/1; CAO 73-3",
            "ст. 174 ч. 1 УК; ст. 73-3 КоАП; закон НАЗВАНИЕ. Можно и так: CC 174/1; CAO 73-3",
            "Art. 174(1) CC (criminal code); Art. 73-3 CAO (administrative code); law NAME. Or CC 174/1; CAO 73-3",
        ]),
    ("claim_amount",
        ["Талап сомасы", "Сумма иска", "Claimed"],
        [
            "Тек цифрлар",
            "Только цифры",
            "Digits only",
        ]),
    ("awarded_amount",
        ["Өндірілген сома", "Взыскано", "Awarded"],
        [
            "Тек цифрлар",
            "Только цифры",
            "Digits only",
        ]),
    ("currency",
        ["Валюта", "Валюта", "Currency"],
        [
            "KZT, USD, …",
            "KZT, USD, …",
            "KZT, USD, …",
        ]),
    ("money_kind",
        ["Ақша түрі", "Вид суммы", "Kind of money"],
        [
            "Моральдық зиян, шығын, баж, айыппұл",
            "Моральный вред, убытки, пошлина, штраф",
            "Moral damage, loss, costs, fine",
        ]),
    ("secrecy",
        ["Құпиялығы", "Закрытость", "Secrecy"],
        [
            "embargo 2026-12-31 – сол күнге дейін",
            "embargo 2026-12-31 – до этого дня",
            "embargo 2026-12-31: until that day",
        ]),
    ("country",
        ["Ел", "Страна", "Country"],
        [
            "Екі әріп: KZ",
            "Две буквы: KZ",
            "Two letters: KZ",
        ]),
    ("url",
        ["Сілтеме", "Ссылка", "Link"],
        [
            "Мақаланың мекенжайы. Өзгертілмейді",
            "Адрес материала. Не меняется",
            "Address of the story. Read-only",
        ]),
    ("lang",
        ["Тілі", "Язык", "Language"],
        [
            "Өзгертілмейді",
            "Не меняется",
            "Read-only",
        ]),
    ("score",
        ["Ықтималдық", "Вероятность", "Score"],
        [
            "0-ден 1-ге дейін. Өзгертілмейді",
            "От 0 до 1. Не меняется",
            "0 to 1. Read-only",
        ]),
    ("id",
        ["Нөмірі", "Номер", "Id"],
        [
            "Өзгертпеңіз; қолмен енгізгенде бос",
            "Не меняйте; у внесённого вручную пусто",
            "Leave as it is; empty for an event entered by hand",
        ]),
    ("revision",
        ["Нұсқасы", "Редакция", "Revision"],
        [
            "Өзгертпеңіз",
            "Не меняйте",
            "Leave as it is",
        ]),
];

/// Further columns of an event entered by hand.
#[rustfmt::skip]
const FURTHER: &[(&str, Words, Words)] = &[
    ("source_kind",
        ["Дереккөз түрі", "Вид источника", "Kind of source"],
        [
            "Бұл туралы қайдан білдік: тілші, телефон, құжат, желідегі жазба, баспасөз",
            "Откуда узнали: корреспондент, телефон, документ, пост в соцсети, пресса",
            "How we heard of it: correspondent, phone, document, social post, press",
        ]),
    ("verified_by",
        ["Немен расталды", "Чем подтверждено", "Verified by"],
        [
            "Бір дереккөз; екі тәуелсіз дереккөз (екеуін де «Дереккөз» бағанында «;» арқылы атаңыз; көшіріп басу екінші дереккөз емес); құжат",
            "Один источник; два независимых (назовите оба в столбце «Источник» через «;»; перепечатка – не второй источник); документ",
            "One source; two independent ones (name both under Source, parted by “;”; a reprint is no second source); a document",
        ]),
    ("attachments",
        ["Тіркемелер", "Приложения", "Attachments"],
        [
            "Скан, скриншот: осы файлдың қасында тұрған файлдардың аттары, «;» арқылы; әрқайсысы 25 МБ-тан аспайды",
            "Скан, снимок экрана: имена файлов, лежащих рядом с этим файлом, через «;»; каждый не больше 25 МБ",
            "A scan, a screenshot: names of files that lie beside this file, parted by “;”; none larger than 25 MB",
        ]),
    ("arrest_days",
        ["Қамақ, тәулік", "Арест, суток", "Days of arrest"],
        [
            "Ұстау не әкімшілік қамақ мерзімі, тәулікпен: 15. Есепке тек осы бағандағы сан кіреді",
            "Срок задержания или административного ареста в сутках: 15. В подсчёт идёт только этот столбец",
            "How long a detention or an administrative arrest is to last, in days: 15. Figures count by this column alone",
        ]),
];

/// What the column of reasons is called in a file of returned rows.
pub(super) const REASON: Words = ["Себебі", "Причина", "Reason"];

/// Is a column of reasons headed so? It is for the reader only.
pub(super) fn is_reason(header: &str) -> bool {
    let header = header.trim().to_lowercase();
    REASON.iter().any(|word| word.to_lowercase() == header)
}

/// The columns in the order of a workbook.
pub(super) fn columns() -> impl Iterator<Item = &'static str> {
    HEADINGS.iter().map(|(column, ..)| *column)
}

fn headed(column: &str) -> Option<&'static (&'static str, Words, Words)> {
    HEADINGS.iter().chain(FURTHER).find(|(name, ..)| *name == column)
}

/// The heading of a column.
pub(super) fn heading(column: &str, lang: Lang) -> &'static str {
    headed(column).map_or("", |(_, words, _)| of(words, lang))
}

/// What a column is for, in a line.
pub(super) fn explained(column: &str, lang: Lang) -> &'static str {
    headed(column).map_or("", |(_, _, words)| of(words, lang))
}

/// The column that a header names: by its id, or by its heading in any of the languages.
pub(super) fn column(header: &str) -> Option<&'static str> {
    let header = header.trim().to_lowercase();
    let named = |(column, words, _): &&(&str, Words, Words)| {
        *column == header || words.iter().any(|word| word.to_lowercase() == header)
    };
    HEADINGS.iter().chain(FURTHER).find(named).map(|(column, ..)| *column)
}

/// The closed list of a column in a language, in the order of the coding rules.
pub(super) fn list(column: &str, lang: Lang) -> Vec<String> {
    LABELS.iter().filter(|(of_column, ..)| *of_column == column).map(|(_, id, words)| full(id, words, lang)).collect()
}

/// The words of a category with its subtype name both.
fn full(id: &str, words: &Words, lang: Lang) -> String {
    match id.split_once('/') {
        Some((category, _)) => format!("{} / {}", label("categories", category, lang), of(words, lang)),
        None => of(words, lang).to_owned(),
    }
}

/// What a value of a closed list is called in Kazakh, Russian and English: of a category, or of a subtype within it.
pub fn words_of(column: &str, id: &str, within: Option<&str>) -> Option<[&'static str; 3]> {
    labelled(column, id, within).map(|(_, words)| words)
}

/// What running text calls a value of a closed list, where a sentence or a count asks for another form than a cell.
pub fn told(column: &str, id: &str) -> Option<[&'static str; 3]> {
    let told = TOLD.iter().find(|(of_column, value, _)| *of_column == column && *value == id);
    told.map(|(.., words)| *words).or_else(|| words_of(column, id, None))
}

/// A value of a closed list: the list's column, the category or the value, and the subtype within that category.
type Value<'a> = (&'a str, &'a str, Option<&'a str>);

/// The row of a closed list, as [`LABELS`] has it: a report asks for hundreds of thousands.
fn labelled(column: &str, id: &str, within: Option<&str>) -> Option<(&'static str, Words)> {
    type Rows = BTreeMap<Value<'static>, (&'static str, Words)>;
    static ROWS: LazyLock<Rows> = LazyLock::new(|| {
        let parted = |id: &'static str| id.split_once('/').map_or((id, None), |(id, within)| (id, Some(within)));
        let row = |(column, id, words): &(&'static str, &'static str, Words)| {
            let (value, within) = parted(id);
            ((*column, value, within), (*id, *words))
        };
        LABELS.iter().map(row).collect()
    });
    ROWS.get(&(column, id, within)).copied()
}

/// What a value of a closed list is called; what stands on none stays.
pub(super) fn label(column: &str, id: &str, lang: Lang) -> String {
    let (value, within) = id.split_once('/').map_or((id, None), |(value, within)| (value, Some(within)));
    labelled(column, value, within).map_or_else(|| id.to_owned(), |(id, words)| full(id, &words, lang))
}

/// A cell as ids → as the reviewer's language says it. What stands on no closed list stays.
pub(super) fn shown(column: &str, cell: &str, lang: Lang) -> String {
    if column == "articles" {
        return items(cell).map(|article| cited(article, lang)).collect::<Vec<_>>().join("; ");
    }
    each(column, cell, |item| label(column, item, lang), |kind| label(column, kind, lang))
}

/// A cell as it came back → with ids where words of the lists stand, in whatever language.
pub(super) fn with_ids(column: &str, cell: &str) -> String {
    if column == "articles" {
        return items(cell)
            .map(|article| by_ids(article).unwrap_or_else(|| article.to_owned()))
            .collect::<Vec<_>>()
            .join("; ");
    }
    let known = |text: &str| {
        let plain = text.trim().to_lowercase();
        let named = |(of_column, id, words): &&(&'static str, &'static str, Words)| {
            *of_column == column
                && [Lang::KK, Lang::RU, Lang::EN].iter().any(|lang| {
                    let whole = full(id, words, *lang).to_lowercase();
                    whole == plain || whole.replace(" / ", "/") == plain
                })
        };
        LABELS.iter().find(named).map(|(_, id, _)| *id)
    };
    let id = |text: &str| -> String {
        // A category is understood where its kind is not, so that the kinds it has can be told.
        let of_category = || text.split_once('/').and_then(|(category, kind)| Some((known(category)?, kind.trim())));
        match (known(text), of_category()) {
            (Some(id), _) => id.to_owned(),
            (None, Some((category, kind))) => format!("{category}/{kind}"),
            (None, None) => text.trim().to_owned(),
        }
    };
    each(column, cell, id, id)
}

/// Changes the items of a cell, or what stands in brackets behind its names.
fn each(column: &str, cell: &str, item: impl Fn(&str) -> String, kind: impl Fn(&str) -> String) -> String {
    match column {
        "decision" | "direction" | "stage" | "instance" | "outcome" | "money_kind" | "secrecy" | "source_kind"
        | "verified_by"
            if !cell.trim().is_empty() =>
        {
            item(cell.trim())
        }
        "categories" | "actors" => items(cell).map(item).collect::<Vec<_>>().join("; "),
        "targets" | "claimants" => {
            let named = |text: &str| match text.strip_suffix(')').and_then(|open| open.rsplit_once('(')) {
                Some((name, of)) => format!("{} ({})", name.trim(), kind(of.trim())),
                None => text.to_owned(),
            };
            items(cell).map(named).collect::<Vec<_>>().join("; ")
        }
        _ => cell.to_owned(),
    }
}

/// The items of a list parted by semicolons or lines.
fn items(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', '\n']).map(str::trim).filter(|text| !text.is_empty())
}

/// Lines that stand below the evidence and are none of it begin so; they are taken off on the way back.
pub(super) const ADDED: &str = "▸";

/// Words for what became of a page since it was captured.
pub(super) struct SinceWords {
    pub changed: &'static str,
    pub went: &'static str,
    pub came: &'static str,
    pub gone: &'static str,
    pub answer: &'static str,
    pub home: &'static str,
    pub no_article: &'static str,
    pub stands: &'static str,
}

/// They, in a language.
pub(super) fn since(lang: Lang) -> SinceWords {
    match lang {
        Lang::KK => SinceWords {
            changed: "Алғаш көрілгеннен кейін өзгерген",
            went: "Алынғаны",
            came: "Қосылғаны",
            gone: "Бет жоғалған",
            answer: "жауабы",
            home: "мекенжай басты бетке апарады",
            no_article: "бетте мақала жоқ",
            stands: "Сақталған көшірме дәлел болып қала береді",
        },
        Lang::RU => SinceWords {
            changed: "Изменено с первого просмотра",
            went: "Убрано",
            came: "Добавлено",
            gone: "Страница исчезла",
            answer: "ответ",
            home: "адрес ведёт на главную",
            no_article: "статьи на странице нет",
            stands: "Сохранённая копия остаётся доказательством",
        },
        _ => SinceWords {
            changed: "Changed since first seen",
            went: "Went",
            came: "Came",
            gone: "The page is gone",
            answer: "answer",
            home: "the address leads to the front page",
            no_article: "there is no article on it",
            stands: "The copy that was kept stays the evidence",
        },
    }
}

/// Words of a workbook.
pub(super) struct Sheet {
    pub queue: &'static str,
    pub help: &'static str,
    pub why: &'static str,
    pub case: &'static str,
    pub maybe: &'static str,
    pub new_matter: &'static str,
    pub last: &'static str,
    pub told_by: &'static str,
    pub register: &'static str,
    pub pick: &'static str,
    pub pick_or_type: &'static str,
    pub not_listed: &'static str,
    pub by_hand: &'static str,
    pub cards: &'static str,
}

/// They, in a language.
pub(super) fn sheet(lang: Lang) -> Sheet {
    match lang {
        Lang::KK => Sheet {
            queue: "Кезек",
            help: "Бағандар",
            why: "Неге",
            case: "Іс",
            maybe: "Мүмкін, мына іс",
            new_matter: "жаңа іс",
            last: "Соңғы оқиға",
            told_by: "Тағы жазған",
            register: "Тізілімде",
            pick: "Тізімнен таңдаңыз",
            pick_or_type: "Тізімнен таңдаңыз немесе бірнешеуін «;» арқылы жазыңыз",
            not_listed: "Мұндай мән жоқ",
            by_hand: "Төмендегі бос жолдарға оқиғаны қолмен енгізуге болады: тақырып, дереккөз, күні, санаты, атыңыз. Дереккөз түрі, немен расталғаны және тіркемелер «Өз оқиғаларымыз» парағында.",
            cards: "Өз оқиғаларымыз",
        },
        Lang::RU => Sheet {
            queue: "Очередь",
            help: "Столбцы",
            why: "Почему",
            case: "Дело",
            maybe: "Возможно, дело",
            new_matter: "новое дело",
            last: "Последнее событие",
            told_by: "Об этом же",
            register: "В реестре",
            pick: "Выберите из списка",
            pick_or_type: "Выберите из списка или впишите несколько через «;»",
            not_listed: "Такого значения нет",
            by_hand: "В пустые строки внизу можно внести событие вручную: заголовок, источник, дата, категория, ваше имя. Вид источника, чем подтверждено и приложения – на листе «Свои события».",
            cards: "Свои события",
        },
        _ => Sheet {
            queue: "Queue",
            help: "Columns",
            why: "Why",
            case: "Case",
            maybe: "Perhaps the case",
            new_matter: "new matter",
            last: "Last event",
            told_by: "Also told by",
            register: "In the register",
            pick: "Pick from the list",
            pick_or_type: "Pick from the list, or type several parted by “;”",
            not_listed: "There is no such value",
            by_hand: "In the empty rows below an event can be entered by hand: title, source, date, category, your name. Kind of source, what verifies it and attachments stand on the sheet “Own events”.",
            cards: "Own events",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::COLUMNS;

    #[test]
    fn every_column_has_its_heading() {
        let mut headed: Vec<&str> = columns().collect();
        let mut all = COLUMNS.to_vec();
        headed.sort_unstable();
        all.sort_unstable();
        assert_eq!(headed, all);
        for name in COLUMNS {
            for lang in [Lang::KK, Lang::RU, Lang::EN] {
                assert_eq!(column(heading(name, lang)), Some(*name), "{name}");
                assert!(!explained(name, lang).is_empty());
            }
        }
    }

    #[test]
    fn what_is_shown_comes_back() {
        for (column, cell) in [
            ("decision", "duplicate"),
            ("categories", "arrest/house_arrest; criminal_prosecution/extremism_terrorism; legislation"),
            ("stage", "in_force"),
            ("outcome", "for"),
            ("targets", "А. Б. (journalist); Газета \"Сөз\" (outlet)"),
            ("claimants", "Аким (official); Кто-то"),
            ("actors", "police; knb"),
            ("money_kind", "moral"),
            ("money_kind", "moral joint"),
            ("secrecy", "embargo 2026-12-31"),
            ("headline", "stage; for"),
            ("articles", "CC 174/1; CAO 488; law О масс-медиа; other устав"),
        ] {
            for lang in [Lang::KK, Lang::RU, Lang::EN] {
                let text = shown(column, cell, lang);
                assert_eq!(with_ids(column, &text), cell, "{text}");
            }
            assert_eq!(with_ids(column, cell), cell);
        }
        assert_eq!(shown("categories", "arrest/house_arrest", Lang::RU), "Задержание, арест / домашний арест");
        assert_eq!(with_ids("categories", "Задержание, арест; chess"), "arrest; chess");
        assert_eq!(shown("articles", "CC 174/1; CAO 488", Lang::RU), "ст. 174 ч. 1 УК; ст. 488 КоАП");
        assert_eq!(with_ids("articles", "ст. 488 КоАП\nст. сто УК"), "CAO 488; ст. сто УК");
    }

    #[test]
    fn running_text_has_a_form_of_its_own_where_it_needs_one() {
        let check = |column: &str, id: &str, expect: Option<&str>| {
            assert_eq!(told(column, id).map(|words| Lang::EN.pick(words)), expect, "{column}: {id}");
        };
        check("targets", "journalist", Some("journalists"));
        check("outcome", "mixed", Some("partly in favour"));
        check("actors", "police", Some("police"));
        check("stage", "in_force", Some("in force"));
        check("targets", "police", None);
        check("outcome", "", None);
        for (column, id, _) in TOLD {
            assert!(words_of(column, id, None).is_some(), "{column}: {id} is a value of the list");
        }
    }

    #[test]
    fn no_two_values_of_a_list_share_their_words() {
        for lang in [Lang::KK, Lang::RU, Lang::EN] {
            for column in ["decision", "categories", "stage", "instance", "outcome", "actors", "money_kind", "secrecy"]
            {
                let mut words = list(column, lang);
                let count = words.len();
                words.sort();
                words.dedup();
                assert_eq!(words.len(), count, "{column}");
            }
        }
    }
}
