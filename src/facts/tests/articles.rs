//! Citations of law in three languages, old and new codes, and abroad.

use super::*;

fn found(text: &str, published: &str) -> String {
    let tables = tables();
    let reading = read("", text, detector());
    let words = Words::of(&reading);
    let marks = tables.marks(&reading, &tables.lexicon().hits(&reading));
    let home = places::named(&words, tables, &marks).or(places::of_language(&reading)).unwrap_or(HOME).to_owned();
    let found = super::super::articles::all(&words, tables, &marks, &home, Some(day(published)));
    let shown = found.iter().map(|citation| {
        let article = &citation.article;
        let part = article.part.as_ref().map_or(String::new(), |part| format!("/{part}"));
        format!("{} {}{part}", article.code, article.number.as_deref().unwrap_or("-"))
    });
    shown.collect::<Vec<_>>().join("; ")
}

fn each(published: &str, phrases: &[(&str, &str)]) {
    let wrong: Vec<String> = phrases
        .iter()
        .filter_map(|(text, expect)| {
            let given = found(text, published);
            (given != *expect).then(|| format!("{text:?}: wanted {expect:?}, given {given:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn russian_citations() {
    each(
        "2024-05-20",
        &[
            ("Дело возбуждено по ст. 174 ч. 1 УК РК.", "CC 174/1"),
            ("Дело возбуждено по ч.2 ст.274 УК.", "CC 274/2"),
            ("Дело возбуждено по ч. 2 ст. 274 УК РК.", "CC 274/2"),
            ("Дело возбуждено по 174-й статье.", "CC 174"),
            ("Дело возбуждено по статье 274 УК («ложная информация»).", "CC 274"),
            ("Обвинён по части 3 статьи 131 Уголовного кодекса.", "CC 131/3"),
            ("Обвинён по ст.ст. 174, 274 УК РК.", "CC 174; CC 274"),
            ("Обвинён по ст. ст. 174 и 405 УК.", "CC 174; CC 405"),
            ("Обвинён по п. 2 ч. 4 ст. 194 УК РК.", "CC 194/4"),
            ("Обвинён по пункту 2 части 4 статьи 274 Уголовного кодекса РК.", "CC 274/4"),
            ("Обвинён по статьям 174 и 405 Уголовного кодекса.", "CC 174; CC 405"),
            ("Обвинён по статьям 174 (разжигание розни) и 405 (запрещённая организация) УК.", "CC 174; CC 405"),
            ("Обвинён по статьям 257–259 УК РК.", "CC 257; CC 258; CC 259"),
            ("Обвинён по статье 174, части 1 УК РК.", "CC 174/1"),
            ("Обвинён по статье 174 часть первая УК РК.", "CC 174/1"),
            ("Обвинён по второй части статьи 256 УК.", "CC 256/2"),
            ("Обвинён по части второй статьи 256 УК.", "CC 256/2"),
            ("Наказан по статье 73-3 КоАП РК.", "CAO 73-3"),
            ("Наказан по ст. 73-3 КоАП.", "CAO 73-3"),
            ("Наказан по ч. 3 ст. 456-2 КоАП РК.", "CAO 456-2/3"),
            ("Наказан по статье 488 Кодекса об административных правонарушениях.", "CAO 488"),
            ("Наказан по статье 488 административного кодекса.", "CAO 488"),
            ("Наказан по статье 488.", "CAO 488"),
            ("Арестован по статье 434 КоАП.", "CAO 434"),
            ("Иск подан по статьям 143 и 952 Гражданского кодекса.", "CivC 143; CivC 952"),
            ("Иск основан на ст. 143 ГК РК.", "CivC 143"),
            ("Его обвиняют в клевете (статья 411 УК).", "CC 411"),
            ("В УК РК 174 статья осталась.", "CC 174"),
            ("Статья 158 УК защищает журналистов.", "CC 158"),
            ("Обвинён по ст. 130, ч. 2 ст. 174 УК.", "CC 130; CC 174/2"),
            ("Ему вменяют ст. 24 ч. 3 и ст. 194 УК РК.", "CC 24/3; CC 194"),
            ("Штраф 20 МРП по статье 456-2 КоАП за пост.", "CAO 456-2"),
            ("Оштрафован по статье 488 КоАП, а обвинён по статье 400 УК.", "CAO 488; CC 400"),
            // Abroad.
            ("Суд в Омске назначил штраф по статье 20.3.3 КоАП РФ.", "CAO 20.3.3"),
            ("Назначен штраф (20.3.3 КоАП РФ).", "CAO 20.3.3"),
            ("Обвинён по ст. 207.3 УК РФ в Москве.", "CC 207.3"),
            ("Обвинён по ч. 2 ст. 280.3 УК РФ.", "CC 280.3/2"),
            ("Обвинён в Ташкенте (часть 2 статьи 139 УК Узбекистана).", "CC 139/2"),
            ("Дело возбуждено в Бишкеке по статье 278 УК КР.", "CC 278"),
            ("В Минске вменяют «организацию действий» (ст. 342 УК).", "CC 342"),
            // Near misses.
            ("Его статья о 174 школах вышла в газете.", ""),
            ("Статья 12 сентября вышла в газете.", ""),
            ("Статья «Асфальт» (№ 7 от 15 февраля) удалена.", ""),
            ("Статья 20 Конституции запрещает цензуру.", ""),
            ("Статья 19 Пакта о гражданских правах.", ""),
            ("Опубликовал 174 статьи за год.", ""),
            ("Ему 174 сантиметра, он написал часть 2 романа.", ""),
            ("Улица Абая, 174, офис 1.", ""),
            ("В статье 5 фотографий.", ""),
            ("УК «Комфорт» оштрафована.", ""),
            ("По статье 174, 16 мая, его задержали.", "CC 174"),
        ],
    );
}

#[test]
fn kazakh_citations() {
    each(
        "2024-05-20",
        &[
            ("Оған 174-бап бойынша айып тағылды.", "CC 174"),
            ("Оған ҚК-нің 174-бабының 1-бөлігі бойынша айып тағылды.", "CC 174/1"),
            ("Оған ҚР ҚК-нің 174-бабы бойынша айып тағылды.", "CC 174"),
            ("Оған Қылмыстық кодекстің 274-бабының 2-бөлігі бойынша айып тағылды.", "CC 274/2"),
            ("Оған 274-баптың 2-бөлігі бойынша айып тағылды.", "CC 274/2"),
            ("Оған 274-баптың екінші бөлігі бойынша айып тағылды.", "CC 274/2"),
            ("Ол 73-3-бап бойынша жазаланды.", "CAO 73-3"),
            ("Ол ӘҚБтК-нің 73-3-бабымен жазаланды.", "CAO 73-3"),
            ("Ол 488-бабымен жазаланды.", "CAO 488"),
            ("Ол ҚР ӘҚБтК 488-бабының 1-бөлігімен жазаланды.", "CAO 488/1"),
            ("Ол Әкімшілік құқық бұзушылық туралы кодекстің 456-2-бабы бойынша жазаланды.", "CAO 456-2"),
            ("Ол 174 және 405-баптар бойынша айыпталды.", "CC 174; CC 405"),
            ("Ол 174, 274-баптар бойынша айыпталды.", "CC 174; CC 274"),
            ("Ол 174, 274 және 405-баптары бойынша айыпталды.", "CC 174; CC 274; CC 405"),
            ("Азаматтық кодекстің 143-бабы бойынша талап арыз берілді.", "CivC 143"),
            ("АК-нің 143-бабы бойынша талап арыз берілді.", "CivC 143"),
            ("Іс 158-бап бойынша қозғалды.", "CC 158"),
            ("Іс ҚК 158-бабы бойынша қозғалды.", "CC 158"),
            ("Іс 256-баптың 2-бөлігі бойынша қаралды.", "CC 256/2"),
            ("Іс 174 бап бойынша қозғалды.", "CC 174"),
            ("Қылмыстық кодекстің 130-бабы.", "CC 130"),
            ("Қырғызстан ҚК-нің 278-бабы бойынша Бішкекте іс қозғалды.", "CC 278"),
            // Scripts and spellings.
            ("Oğan QR QK-nıñ 174-baby boiynşa aiyp tağyldy dep habarlady sot", "CC 174"),
            ("Оган Кылмыстык кодекстин 174-бабы бойынша айып тагылды деп хабарлады", "CC 174"),
            // Near misses.
            ("Конституцияның 20-бабы цензураға тыйым салады.", ""),
            ("Бапкер 174 адамды жаттықтырды.", ""),
            ("Ол 174 мақала жазды.", ""),
            ("Бабасы 1937 жылы айдалған.", ""),
            ("Кодекстің жаңа нұсқасы шықты.", ""),
            ("Бөлігі 2-ден көп.", ""),
        ],
    );
}

#[test]
fn english_citations() {
    each(
        "2024-05-20",
        &[
            ("He is charged under Article 174 of the Criminal Code.", "CC 174"),
            ("He is charged under Art. 174(1) of the Criminal Code.", "CC 174/1"),
            ("He is charged under Article 174, part 1, of the Criminal Code.", "CC 174/1"),
            ("He is charged under part 2 of Article 274 of the Penal Code.", "CC 274/2"),
            ("He is charged under Articles 174 and 405 of the Criminal Code.", "CC 174; CC 405"),
            ("He is charged under Articles 257-259 of the Criminal Code.", "CC 257; CC 258; CC 259"),
            ("He is charged under Kazakhstan's Criminal Code, Article 174.", "CC 174"),
            ("He was fined under Article 73-3 of the CAO.", "CAO 73-3"),
            ("He was fined under Article 73-3 of the Administrative Code.", "CAO 73-3"),
            ("He was fined under Article 456-2 of the administrative code.", "CAO 456-2"),
            ("He was fined under article 488 of the Code of Administrative Offences.", "CAO 488"),
            ("He sued, citing Article 143 of the Civil Code.", "CivC 143"),
            ("The inquiry under Article 174 concerns a video.", "CC 174"),
            ("The inquiry under Article 174 (incitement) of the code.", "CC 174"),
            ("He was fined in Omsk under Article 20.3.3 of the Russian administrative code.", "CAO 20.3.3"),
            ("He was charged in Moscow under Article 280.3 of the Criminal Code.", "CC 280.3"),
            ("He was charged in Istanbul under Article 217-A of the Turkish Penal Code.", "CC 217-A"),
            ("A case under Article 158 protects reporters.", "CC 158"),
            // Near misses.
            ("Article 20 of the Constitution bans censorship.", ""),
            ("Article 19 of the Covenant protects speech.", ""),
            ("The article 5 days later was gone.", ""),
            ("His article had 174 readers.", ""),
            ("She wrote 174 articles.", ""),
            ("The art 174 people saw.", ""),
        ],
    );
}

#[test]
fn the_day_tells_the_code() {
    each(
        "2013-06-01",
        &[
            ("Обвинён по статье 164.", "CC 164"),
            ("Обвинён по статье 129 УК РК.", "CC 129"),
            ("Наказан по статье 373.", "CAO 373"),
            ("Ол 320-бап бойынша айыпталды.", "CC 320"),
            ("The weekly was punished under Article 350.", "CAO 350"),
        ],
    );
    each("2024-06-01", &[("Обвинён по статье 373.", "CC 373"), ("Наказан по статье 373 КоАП.", "CAO 373")]);
}

#[test]
fn articles_stand_for_concepts() {
    let tables = tables();
    let check = |text: &str, expect: &[&str]| {
        let reading = read("", text, detector());
        let given: Vec<String> =
            survey(&reading, tables).articles().into_iter().flat_map(|cited| cited.concepts).collect();
        assert_eq!(given, expect, "{text}");
        assert!(expect.iter().all(|concept| LAW_CONCEPTS.contains(concept)));
    };
    check("Обвинён по статье 174 УК РК.", &["law_speech"]);
    check("Обвинён по статье 273 УК РК.", &["law_negative"]);
    check("Дело по статье 158 УК РК.", &["law_obstruction"]);
    check("Дело по статье 155 УК РК.", &["law_obstruction"]);
    check("Штраф по статье 73-3 КоАП РК.", &["law_administrative", "law_defamation"]);
    check("Штраф по статье 456-1 КоАП РК.", &["law_information"]);
    check("Иск по статье 143 ГК РК.", &["law_defamation"]);
    check("Штраф по статье 590 КоАП РК.", &[]);
    check("Обвинён по статье 190 УК РК.", &[]);
    check("Назначен штраф (20.3.3 КоАП РФ).", &["law_administrative"]);
    check("Ол 488-бап бойынша жазаланды.", &["law_administrative", "law_assembly"]);
}
