//! Whole invented stories: country, place, court, people, stage and outcome.

use super::*;

fn read_fields(text: &str, categories: &[Category]) -> Fields {
    let (tables, cues) = (tables(), cues());
    let reading = read("", text, detector());
    let hits = cues.hits(&reading);
    let labels: Vec<Label> = categories.iter().map(|id| Label { id: *id, subtype: None, score: 0.9 }).collect();
    let published = Some("2024-05-20T12:00:00+05:00".parse().unwrap());
    survey(&reading, tables).fields(cues, &hits, &labels, published).0
}

#[test]
fn the_country_is_the_one_whose_authority_acts() {
    let tables = tables();
    let check = |title: &str, text: &str, expect: Option<&str>| {
        let reading = read(title, text, detector());
        assert_eq!(survey(&reading, tables).country(Some("KZ")).as_deref(), expect, "{title} {text}");
    };
    check("Суд в Караганде оштрафовал блогера", "Решение вынесли во вторник.", Some("KZ"));
    check("Бишкектеги сот", "В Бишкеке суд арестовал редактора. ГКНБ молчит.", Some("KG"));
    check("Суд в Омске оштрафовал учительницу", "Она родом из Казахстана, дело вёл судья.", Some("RU"));
    check("Қырғызстанда журналист ұсталды", "Бішкек соты оны екі айға қамады.", Some("KG"));
    check("Ташкентте блогер сотталды", "Оған үш жыл берілді.", Some("UZ"));
    check("Turkish court jails editor", "A court in Istanbul remanded him.", Some("TR"));
    check("Georgia's parliament passes bill", "Lawmakers in Tbilisi voted on Tuesday.", Some("GE"));
    check("Almaty police detain blogger", "He had written about China.", Some("KZ"));
    check("Блогера наказали", "Штраф 20 МРП по УК РК.", Some("KZ"));
    check("Блогера наказали", "Он заплатил штраф.", Some("KZ"));
    check("Түрме", "Қытай билігі Үрімжіде жазушыны қамады.", Some("CN"));
    check("Журналист ұсталды", "ҚР Ішкі істер министрлігі хабарлады.", Some("KZ"));
    check("Журналиста задержали", "Его судят по УК КР.", Some("KG"));
}

#[test]
fn places_are_told_with_their_id() {
    let check = |text: &str, expect: Option<(&str, &str)>| {
        let fields = read_fields(text, &[Category::Arrest]);
        let given = fields.place.as_deref().zip(fields.place_id.as_deref());
        assert_eq!(given, expect, "{text}");
    };
    check("В Караганде задержан блогер, сообщили в полиции.", Some(("Караганда", "kz-karaganda")));
    check("Карагандинский блогер задержан, сообщили в полиции.", Some(("Караганда", "kz-karaganda")));
    check("Қостанайда блогер ұсталды деп хабарлады полиция.", Some(("Қостанай", "kz-kostanay")));
    check("Oral qalasynda bloger ūstaldy dep habarlady polisia", Some(("Орал", "kz-uralsk")));
    check("Police in Taraz detained a blogger.", Some(("Taraz", "kz-taraz")));
    check("В Нур-Султане задержан активист, сообщили в полиции.", Some(("Астана", "kz-astana")));
    check("Задержан блогер, сообщили в полиции.", None);
}

#[test]
fn courts_are_quoted_with_their_instance() {
    let check = |text: &str, court: Option<&str>, instance: Option<Instance>| {
        let fields = read_fields(text, &[Category::DefamationSuit]);
        assert_eq!((fields.court.as_deref(), fields.instance), (court, instance), "{text}");
    };
    use Instance::{Appeal, Cassation, First};
    check("Меркенский районный суд вынес приговор блогеру.", Some("Меркенский районный суд"), Some(First));
    check("Суд города Алматы изменил приговор.", Some("Суд города Алматы"), Some(Appeal));
    check(
        "Карагандинский областной суд оставил решение без изменения.",
        Some("Карагандинский областной суд"),
        Some(Appeal),
    );
    check("Верховный суд отменил приговор в кассации.", Some("Верховный суд"), Some(Cassation));
    check("Алмалы аудандық соты блогерге үкім шығарды.", Some("Алмалы аудандық соты"), Some(First));
    check(
        "Батыс Қазақстан облыстық соты шешімді өзгеріссіз қалдырды.",
        Some("Батыс Қазақстан облыстық соты"),
        Some(Appeal),
    );
    check("The Medeu district court convicted the editor.", Some("Medeu district court"), Some(First));
    // Without the endings of their case.
    check("По решению Меркенского районного суда он арестован.", Some("Меркенский районный суд"), Some(First));
    check("Жалоба подана в Алматинский областной суд.", Some("Алматинский областной суд"), Some(Appeal));
    check("Жалоба лежит в Алматинском областном суде.", Some("Алматинский областной суд"), Some(Appeal));
    check("Он ждёт решения городского суда Тараза.", Some("городской суд Тараза"), Some(First));
    check("Он ждёт решения Верховного суда.", Some("Верховный суд"), Some(Cassation));
    check("Кеше Алмалы аудандық сотында блогер айыпталды.", Some("Алмалы аудандық соты"), Some(First));
    check("Кеше Алмалы аудандық сотына іс жолданды.", Some("Алмалы аудандық соты"), Some(First));
    check("Бүгін Меркен аудандық сотының шешімі шықты.", Some("Меркен аудандық соты"), Some(First));
    check("The Medeu district court's ruling stands.", Some("Medeu district court"), Some(First));
    check("Редакция получила письмо с угрозами.", None, None);
}

#[test]
fn people_are_named_in_the_nominative() {
    let check = |text: &str, expect: &[&str]| {
        let fields = read_fields(text, &[Category::CriminalProsecution]);
        let given: Vec<String> =
            fields.targets.iter().map(|target| format!("{} ({})", target.name, target.role)).collect();
        assert_eq!(given, expect, "{text}");
    };
    check("Суд оштрафовал блогера Ермека Сатпакова.", &["Ермек Сатпаков (blogger)"]);
    check("Полиция допросила журналистку Анну Вересову.", &["Анна Вересова (journalist)"]);
    check("Задержан журналист Олжас Кенжин.", &["Олжас Кенжин (journalist)"]);
    check("Иск подан к редактору Виктору Лозовскому.", &["Виктор Лозовский (editor)"]);
    check("Иск подан к редактору Виктору Залуцкому.", &["Виктор Залуцкий (editor)"]);
    check("Суд беседовал с журналистом Игорем Вереским.", &["Игорь Вереский (journalist)"]);
    check("Суд оштрафовал блогера Игоря Сатпакова.", &["Игорь Сатпаков (blogger)"]);
    check("Полиция допросила журналистку Н. Е. Вересову.", &["Н. Е. Вересова (journalist)"]);
    check("Дана Сериккызы, корреспондентка портала, осуждена.", &["Дана Сериккызы (journalist)"]);
    check("Полиция блогер Ерлан Мұратовты ұстады деп хабарлады.", &["Ерлан Мұратов (blogger)"]);
    check("Police detained blogger Askar Tolegen in the street.", &["Askar Tolegen (blogger)"]);
    check("Marina Holt, editor of the weekly, was jailed.", &["Marina Holt (editor)"]);
    check("Суд оштрафовал газету «Степной вестник».", &["Степной вестник (outlet)"]);
    check("Полиция закрыла дело в отношении Гаухар Сеитовой. Сеитова рада.", &["Гаухар Сеитова (other)"]);
    check("Блогер оштрафован, журналисты возмущены.", &[]);
    check("Посол Евросоюза осудил приговор.", &[]);
    check("Independent Media said the ruling was wrong.", &[]);
}

#[test]
fn stage_and_outcome() {
    let check = |text: &str, categories: &[Category], stage: Stage, outcome: Outcome| {
        let fields = read_fields(text, categories);
        assert_eq!((fields.stage, fields.outcome), (Some(stage), Some(outcome)), "{text}");
    };
    use Category::{AdministrativeProsecution, Arrest, Blocking, CriminalProsecution, DefamationSuit, Legislation};
    check("Суд приговорил блогера к трём годам колонии.", &[CriminalProsecution], Stage::Judgment, Outcome::Against);
    check("Суд оправдал журналиста.", &[CriminalProsecution], Stage::Judgment, Outcome::For);
    check("Дело журналиста прекращено за отсутствием состава.", &[CriminalProsecution], Stage::Closed, Outcome::For);
    check(
        "Полиция задержала блогера по подозрению в клевете.",
        &[Arrest, CriminalProsecution],
        Stage::Detention,
        Outcome::Pending,
    );
    check("Блогера оштрафовали за пост.", &[AdministrativeProsecution], Stage::Judgment, Outcome::Against);
    check("Депутат подал иск к газете о защите чести.", &[DefamationSuit], Stage::Claim, Outcome::Pending);
    check("Суд отказал в удовлетворении иска депутата к газете.", &[DefamationSuit], Stage::Judgment, Outcome::For);
    check(
        "Апелляция оставила без изменения приговор блогеру.",
        &[CriminalProsecution],
        Stage::Appeal,
        Outcome::Against,
    );
    check(
        "Депутаты поддержали законопроект о митингах, это первое чтение.",
        &[Legislation],
        Stage::Draft,
        Outcome::Pending,
    );
    check("Сайт редакции заблокирован по всей стране.", &[Blocking], Stage::Incident, Outcome::Against);
    check("Сот блогерді кінәлі деп тауып, үкім шығарды.", &[CriminalProsecution], Stage::Judgment, Outcome::Against);
    check("The court acquitted the editor.", &[CriminalProsecution], Stage::Judgment, Outcome::For);
    check(
        "Police detained a blogger on suspicion of incitement.",
        &[Arrest, CriminalProsecution],
        Stage::Detention,
        Outcome::Pending,
    );
}

#[test]
fn sanctions_are_quoted() {
    let check = |text: &str, expect: Option<&str>| {
        assert_eq!(read_fields(text, &[Category::CriminalProsecution]).sanction.as_deref(), expect, "{text}");
    };
    check("Суд приговорил блогера к трём годам лишения свободы.", Some("трём годам лишения свободы"));
    check("Суд арестовал активистку на 15 суток.", Some("15 суток"));
    check("Блогера оштрафовали на 20 МРП за пост.", Some("20 МРП"));
    check("Сот оны 2 жылға бас бостандығынан айырды.", Some("2 жылға бас бостандығынан айырды"));
    check("Сот оны 15 тәулікке қамады.", Some("15 тәулікке қамады"));
    check("The court sent him to prison: five years in prison.", Some("five years in prison"));
    check("В январе 2013 года суд арестовал счета.", None);
    check("Журналисту 30 лет, он живёт в Таразе.", None);
    check("Ему исполнилось 15 жас.", None);
}

#[test]
fn terms_of_days_are_read_as_days() {
    let check = |text: &str, expect: Option<u16>| {
        assert_eq!(read_fields(text, &[Category::Arrest]).sanction_days, expect, "{text}");
    };
    check("Суд арестовал активистку на 15 суток.", Some(15));
    check("Сот оны 15 тәулікке қамады.", Some(15));
    check("Сот белсендіні он тәулікке қамаққа алды.", Some(10));
    check("The court sentenced him to 10 days of administrative arrest.", Some(10));
    // Months and years are no days, nor is a fine.
    check("Суд арестовал редактора на два месяца.", None);
    check("Суд приговорил блогера к трём годам лишения свободы.", None);
    check("Блогера оштрафовали на 20 МРП за пост.", None);
    // What is only recalled.
    check("Блогера отпустили. Напомним, ранее его арестовали на 15 суток.", None);
}

#[test]
fn sums_of_a_suit() {
    let fields = read_fields(
        "Суд отказал в удовлетворении иска: чиновник требовал с газеты 5 млн тенге.",
        &[Category::DefamationSuit],
    );
    assert_eq!(fields.claim_amount, Amount::whole(5_000_000));
    assert_eq!(fields.awarded_amount, Some(Amount(0)), "a refused claim awards nothing");
    assert_eq!(fields.currency.as_deref(), Some("KZT"));
    let fields = read_fields("Блогера оштрафовали на 20 МРП.", &[Category::AdministrativeProsecution]);
    assert_eq!((fields.claim_amount, fields.awarded_amount, fields.currency), (None, None, None));
}

#[test]
fn known_outlets_are_found_by_name_and_address() {
    let tables = tables();
    let check = |text: &str, expect: &[&str]| {
        let reading = read("", text, detector());
        let found = survey(&reading, tables).outlets();
        let given: Vec<&str> =
            found.iter().filter_map(|(_, index)| tables.outlet(*index)).map(|outlet| outlet.id.as_str()).collect();
        assert_eq!(given, expect, "{text}");
    };
    check("Сайт vlast.kz недоступен, пишет Азаттык.", &["vlast", "azattyq"]);
    check("Азаттық радиосының тілшісі ұсталды деп хабарлады.", &["azattyq"]);
    check("Orda.kz редакциясына шабуыл жасалды деп хабарлады.", &["orda"]);
    check("Reporters of Tengrinews were barred.", &["tengrinews"]);
    check("В своей власти он уверен.", &[]);
}
