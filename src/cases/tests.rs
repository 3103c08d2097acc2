//! Invented pairs of stories: those of one case, and those that only look it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::tie::{JOIN, SUGGEST, Tie, Traits};
use super::*;
use crate::model::{Fields, Label, Lang, Script, Story, Verdict};

/// A candidate's verdict that read nothing from the text.
pub(super) fn verdict(id: &str, lang: Lang) -> Verdict {
    Verdict {
        id: id.to_owned(),
        lang,
        langs: vec![lang],
        script: Script::Cyrillic,
        candidate: true,
        score: 0.9,
        country: Some("KZ".to_owned()),
        categories: Vec::new(),
        fields: Fields::default(),
        spans: BTreeMap::new(),
        evidence: Vec::new(),
        against: Vec::new(),
        case: None,
        dup: None,
    }
}

struct Told {
    story: Story,
    verdict: Verdict,
}

/// A candidate: its day, language, title, text and categories.
fn told(day: &str, lang: Lang, title: &str, text: &str, categories: &[&str]) -> Told {
    let id = format!("{day}{title}");
    let mut verdict = verdict(&id, lang);
    let label = |id: &&str| Label { id: id.parse().unwrap(), subtype: None, score: 0.9 };
    verdict.categories = categories.iter().map(label).collect();
    let published = Some(format!("{day}T10:00:00+05:00").parse().unwrap());
    let (title, text) = (title.to_owned(), text.to_owned());
    Told { story: Story { id, url: None, title, text, published, byline: None, source: None }, verdict }
}

impl Told {
    fn article(mut self, code: &str, number: &str) -> Self {
        let (code, number) = (code.parse().unwrap(), Some(number.to_owned()));
        self.verdict.fields.articles.push(crate::model::Article { code, number, part: None, name: None });
        self
    }

    fn place(mut self, id: &str, printed: &str) -> Self {
        self.verdict.fields.place_id = Some(id.to_owned());
        self.verdict.fields.place = Some(printed.to_owned());
        self
    }

    fn target(mut self, name: &str, role: &str) -> Self {
        let (name, role) = (name.to_owned(), role.parse().unwrap());
        self.verdict.fields.targets.push(crate::model::Target { name, role });
        self
    }

    fn traits(&self) -> Traits {
        Traits::of(&self.story, &self.verdict, Timestamp::UNIX_EPOCH)
    }

    /// What ties it to an earlier one that an index gives back.
    fn tie(&self, earlier: &Told) -> Tie {
        let kept = Traits::unpack(&earlier.traits().pack()).unwrap();
        let tie = self.traits().tie(&kept);
        assert_eq!(tie, self.traits().tie(&earlier.traits()), "{}", earlier.story.title);
        tie
    }
}

const PROSECUTION: &[&str] = &["criminal_prosecution"];

fn charge_ru() -> Told {
    told(
        "2019-03-04",
        Lang::RU,
        "На блогера завели дело из-за поста о мусорной свалке",
        "В Аркалыке полиция предъявила обвинение блогеру Ерлану Сапарбеку. Поводом стал пост о свалке у больницы.\n\n\
         Сапарбек вину не признаёт. Его адвокат Диана Мерекенова назвала обвинение абсурдным.",
        PROSECUTION,
    )
    .article("CC", "274")
    .place("kz-arkalyk", "Аркалык")
}

#[test]
fn stories_of_one_case_join() {
    let check = |one: Told, two: Told, reason: &str| {
        let tie = two.tie(&one);
        assert!(tie.score >= JOIN, "{} / {}: {} {tie}", one.story.title, two.story.title, tie.score);
        assert!(tie.to_string().contains(reason), "{tie}");
        assert!(two.traits().asks().iter().any(|key| one.traits().keys().contains(key)), "{}", two.story.title);
    };
    check(
        charge_ru(),
        told(
            "2019-05-20",
            Lang::KK,
            "Арқалықта блогердің ісі сотқа жетті",
            "Арқалық қалалық соты блогер Ерлан Сапарбектің үстінен қозғалған істі қарай бастады. Блогер Сапарбек кінәсін \
             мойындамады.",
            PROSECUTION,
        )
        .article("CC", "274"),
        "same person (Ерлан Сапарбектің) + Art. 274 CC, 77 days apart",
    );
    check(
        charge_ru(),
        told(
            "2019-06-11",
            Lang::EN,
            "Kazakh Blogger Convicted Over Landfill Post",
            "A court in the north of Kazakhstan has convicted Yerlan Saparbek over a post about a landfill. Saparbek was \
             given a year of restricted freedom.",
            PROSECUTION,
        ),
        "same person (Yerlan Saparbek)",
    );
    check(
        told(
            "2021-02-01",
            Lang::RU,
            "Сайт «Степной вестник» недоступен",
            "Сайт «Степной вестник» третий день не открывается в Казахстане.",
            &["blocking"],
        ),
        told(
            "2021-02-19",
            Lang::EN,
            "Stepnoy Vestnik Back Online",
            "The news site “Stepnoy Vestnik” can be read in Kazakhstan again after three weeks.",
            &["blocking"],
        ),
        "same name (Stepnoy Vestnik)",
    );
    check(
        told(
            "2020-04-01",
            Lang::RU,
            "Сенат принял закон о мирных собраниях",
            "Депутаты приняли закон «О мирных собраниях» во втором чтении.",
            &["legislation"],
        ),
        told(
            "2020-05-25",
            Lang::KK,
            "Президент заңға қол қойды",
            "Мемлекет басшысы «Бейбіт жиналыстар туралы» заңға қол қойды.",
            &["legislation"],
        ),
        "same law (assembly)",
    );
    check(
        told(
            "2018-09-10",
            Lang::KK,
            "Кәсіпкер газетті сотқа берді",
            "Кәсіпкер Тимур Аханов «Сырдың сөзі» газетіне қарсы талап арыз түсірді.",
            &["defamation_suit"],
        )
        .place("kz-kyzylorda", "Қызылорда")
        .target("Сырдың сөзі", "outlet"),
        told(
            "2018-11-02",
            Lang::RU,
            "Суд отказал предпринимателю в иске к газете",
            "В Кызылорде суд отказал предпринимателю Тимуру Аханову в иске к газете «Сырдын созi».",
            &["defamation_suit"],
        )
        .place("kz-kyzylorda", "Кызылорда")
        .target("Сырдын созi", "outlet"),
        "same person (Тимуру Аханову)",
    );
}

#[test]
fn stories_that_only_look_alike_stay_apart() {
    let check = |one: Told, two: Told| {
        let tie = two.tie(&one);
        assert!(tie.score < SUGGEST, "{} / {}: {} {tie}", one.story.title, two.story.title, tie.score);
    };
    // One article, one town, one week, another person.
    check(
        charge_ru(),
        told(
            "2019-03-06",
            Lang::RU,
            "На активиста завели дело из-за репоста",
            "В Аркалыке полиция предъявила обвинение активисту Дамиру Ашимбаю. Поводом стал репост. Ашимбай вину не признаёт.",
            PROSECUTION,
        )
        .article("CC", "274")
        .place("kz-arkalyk", "Аркалык"),
    );
    // The same lawyer speaks for two people.
    check(
        charge_ru(),
        told(
            "2019-03-20",
            Lang::RU,
            "Журналистку вызвали на допрос",
            "Журналистку Алию Нурбекову вызвали на допрос. Её адвокат Диана Мерекенова сообщила об этом в пятницу. \
             Мерекенова считает вызов давлением. Нурбекова пойдёт на допрос с защитником.",
            &["obstruction"],
        )
        .target("Алия Нурбекова", "journalist"),
    );
    // Brothers.
    check(
        charge_ru(),
        told(
            "2019-03-20",
            Lang::RU,
            "Задержан активист",
            "В Аркалыке задержан активист Мурат Сапарбек. Сапарбек вышел на площадь с плакатом.",
            PROSECUTION,
        )
        .place("kz-arkalyk", "Аркалык"),
    );
    // Two laws.
    check(
        told("2020-04-01", Lang::RU, "Принят закон о мирных собраниях", "Закон принят.", &["legislation"]),
        told("2020-04-02", Lang::RU, "Принят закон о персональных данных", "Закон принят.", &["legislation"]),
    );
    // One minister who comments on everything.
    check(
        told(
            "2022-01-10",
            Lang::RU,
            "Министр ответил на вопрос о блокировках",
            "Министр Данияр Кенжебек сказал, что сайт «Бугинки» заблокирован по решению суда.",
            &["blocking"],
        ),
        told(
            "2022-01-12",
            Lang::RU,
            "Министр рассказал о законопроекте",
            "Министр Данияр Кенжебек представил закон о рекламе.",
            &["legislation"],
        ),
    );
    // Who told it is not who is in it.
    check(
        told(
            "2022-01-10",
            Lang::RU,
            "Активиста оштрафовали",
            "Активиста Серика Тлеукула оштрафовали, сообщает «Степной вестник».",
            &["administrative_prosecution"],
        ),
        told(
            "2022-01-11",
            Lang::RU,
            "Активистку оштрафовали",
            "Активистку Жанар Абдикул оштрафовали, сообщает «Степной вестник».",
            &["administrative_prosecution"],
        ),
    );
    // Somebody else's march: it bears the name of one who is not in the story.
    let march = told(
        "2019-03-30",
        Lang::RU,
        "Мурат Ибрай вышел на свободу",
        "Политик Мурат Ибрай вышел на свободу после ареста за участие в марше в поддержку блогера Ерлана Сапарбека. Ибрай \
         говорит, что выйдет снова.",
        PROSECUTION,
    );
    assert!(march.tie(&charge_ru()).score < JOIN);
    // One name, another country and another decade.
    check(
        charge_ru(),
        told(
            "2009-03-06",
            Lang::RU,
            "Певец отменил концерт",
            "Певец Ерлан Сапарбек отменил концерт после звонка из мэрии.",
            &["censorship"],
        ),
    );
}

#[test]
fn a_colleague_of_one_outlet_is_no_case_by_itself() {
    let one = told(
        "2021-05-01",
        Lang::RU,
        "Журналистку «Степного вестника» не пустили на заседание",
        "Журналистку «Степного вестника» Алию Нурбекову не пустили на заседание маслихата.",
        &["obstruction"],
    )
    .target("Алия Нурбекова", "journalist")
    .place("kz-arkalyk", "Аркалык");
    let two = told(
        "2021-05-20",
        Lang::RU,
        "Оператора «Степного вестника» вызвали в полицию",
        "Оператора «Степного вестника» Дамира Ашимбая вызвали в полицию.",
        &["obstruction"],
    )
    .target("Дамир Ашимбай", "journalist")
    .place("kz-arkalyk", "Аркалык");
    assert!(two.tie(&one).score < JOIN);
}

/// Traits lie in the index of old workspaces: this pins them.
#[test]
fn kept_traits_do_not_change() {
    let told = charge_ru().target("Ерлан Сапарбек", "blogger");
    let kept = told.traits().pack();
    assert_eq!(kept, PINNED, "an index made before needs another schema");
    for cut in 0..kept.len() {
        assert_eq!(Traits::unpack(&kept[..cut]), None, "{cut}");
    }
}
const PINNED: &[u8] = b"\x02\x02\x06erlanu`\tsaparbeku\x80\x06\x00\x01\x00\x02\x01\
    \x02\x05diana0\nmerekenova\x80\x0c\x00\x01\x01\x01\x00\
    \x00\x01\x02CC\x03274\x01\nkz-arkalyk\x00\x00\x01\x02KZ\x01\x14criminal_prosecution\x01\xce\x98\x02";

#[test]
fn a_story_without_a_date_is_filed_in_the_year_of_its_capture() {
    let undated = || {
        let mut told = charge_ru();
        told.story.published = None;
        told
    };
    let filed = |year: i64| Traits::of(&undated().story, &undated().verdict, at(year)).keys();
    let dated = charge_ru().traits();
    let found = |keys: Vec<[u8; 8]>| keys.iter().any(|key| dated.asks().contains(key));
    assert!(found(filed(2016)) && found(filed(2019)) && found(filed(2020)));
    assert!(!found(filed(2015)) && !found(filed(2021)));
    assert_eq!(filed(2019), dated.keys());
}

fn at(year: i64) -> Timestamp {
    Timestamp::from_second((year - 1970) * 31_557_600 + 9_000_000).unwrap()
}

#[test]
fn the_linker_gives_one_key_to_a_case_and_to_copies() {
    let mut linker = Linker::default();
    let mut link = |told: Told| {
        let mut verdict = told.verdict;
        linker.link(&told.story, &mut verdict);
        (verdict.case, verdict.dup)
    };
    let (first, copy_of) = link(charge_ru());
    let mut copy = charge_ru();
    copy.story.id.push('2');
    copy.story.title = "Ещё одно дело о посте".to_owned();
    assert_eq!(link(copy), (first.clone(), copy_of.clone()));
    // One without a date is of the time of the one before it.
    let mut undated = charge_ru();
    undated.story.text = "Блогеру Ерлану Сапарбеку грозит срок за пост о свалке.".to_owned();
    undated.story.published = None;
    assert_eq!(link(undated).0, first);
    let other = told("2019-03-05", Lang::RU, "Принят закон о рекламе", "Депутаты приняли его вчера.", &["legislation"]);
    let (case, dup) = link(other);
    assert!(case.is_some() && case != first && dup != copy_of);
    let mut quiet = charge_ru();
    quiet.verdict.candidate = false;
    quiet.story.text = "Погода на завтра: местами дождь.".to_owned();
    assert_eq!(link(quiet).0, None);
}
