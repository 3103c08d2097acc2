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

/// Every way to cite an article, and what only looks like one.
#[test]
fn more_russian_citations() {
    each(
        "2024-05-20",
        &[
            ("Дело возбуждено по ст. 130 УК РК.", "CC 130"),
            ("Дело возбуждено по ст.130 УК РК.", "CC 130"),
            ("Дело возбуждено по ст.130 ч.1 УК РК.", "CC 130/1"),
            ("Дело возбуждено по ст. 130, ч. 1 УК РК.", "CC 130/1"),
            ("Дело возбуждено по статье 131 УК РК.", "CC 131"),
            ("Дело возбуждено по статье 147 части 3 УК РК.", "CC 147/3"),
            ("Дело возбуждено по статье 148 УК.", "CC 148"),
            ("Дело возбуждено по статье 158 ч. 2 УК.", "CC 158/2"),
            ("Дело возбуждено по части 1 статьи 158 УК.", "CC 158/1"),
            ("Дело возбуждено по части первой статьи 158 УК.", "CC 158/1"),
            ("Дело возбуждено по первой части статьи 158 УК.", "CC 158/1"),
            ("Дело возбуждено по третьей части статьи 130 УК.", "CC 130/3"),
            ("Дело возбуждено по четвёртой части статьи 274 УК.", "CC 274/4"),
            ("Дело возбуждено по ч. 4 ст. 274 Уголовного кодекса РК.", "CC 274/4"),
            ("Дело возбуждено по ч.4 ст.274 уголовного кодекса.", "CC 274/4"),
            ("Дело возбуждено по 274-й статье Уголовного кодекса.", "CC 274"),
            ("Дело возбуждено по 274-ой статье УК.", "CC 274"),
            ("Дело возбуждено по 405-й статье УК РК.", "CC 405"),
            ("Дело возбуждено по ст. 405 ч. 2 УК РК.", "CC 405/2"),
            ("Дело возбуждено по статьям 179, 180 УК.", "CC 179; CC 180"),
            ("Дело возбуждено по ст.ст. 179 и 180 УК.", "CC 179; CC 180"),
            ("Дело возбуждено по статьям 174, 256 и 405 УК.", "CC 174; CC 256; CC 405"),
            ("Дело возбуждено по ч. 1 ст. 174 и ч. 2 ст. 405 УК.", "CC 174/1; CC 405/2"),
            ("Дело возбуждено по ч. 1 ст. 174, ч. 2 ст. 405 УК РК.", "CC 174/1; CC 405/2"),
            ("Дело возбуждено по ст. 174 ч. 1 и ст. 405 ч. 2 УК РК.", "CC 174/1; CC 405/2"),
            ("Дело возбуждено по статье 256, части второй, УК РК.", "CC 256/2"),
            ("Дело возбуждено по статье 174 (ч. 1) УК РК.", "CC 174/1"),
            ("Дело возбуждено по статье 174 (часть 1) УК РК.", "CC 174/1"),
            ("Дело возбуждено по пп. 1 п. 2 ч. 3 ст. 274 УК РК.", "CC 274/3"),
            ("Дело возбуждено по статье 378 УК («Оскорбление представителя власти»).", "CC 378"),
            ("Дело возбуждено по статье 375 УК РК.", "CC 375"),
            ("Дело возбуждено по статье 185 УК РК.", "CC 185"),
            ("Дело возбуждено по статьям 257-259 УК РК.", "CC 257; CC 258; CC 259"),
            ("Дело возбуждено по ст. 28 ч. 3 и ст. 174 УК РК.", "CC 28/3; CC 174"),
            ("Дело возбуждено по «народной» 174-й статье.", "CC 174"),
            ("Дело возбуждено по 174-й и 405-й статьям УК.", "CC 174; CC 405"),
            ("Дело прекращено по статье 35 УПК.", "other 35"),
            ("Обвинение по статье 174 Уголовного кодекса Республики Казахстан.", "CC 174"),
            ("СТАТЬЯ 174 УК РК ОСТАЁТСЯ В КОДЕКСЕ", "CC 174"),
            ("Наказан по ст.73-3 КоАП.", "CAO 73-3"),
            ("Наказан по части 1 статьи 73-3 КоАП РК.", "CAO 73-3/1"),
            ("Наказан по ч. 1 ст. 73-3 КоАП.", "CAO 73-3/1"),
            ("Наказан по статье 456-1 КоАП РК.", "CAO 456-1"),
            ("Наказан по ст. 456-2 ч. 1 КоАП РК.", "CAO 456-2/1"),
            ("Наказан по ст. 488 ч. 6 КоАП РК.", "CAO 488/6"),
            ("Наказан по ч. 6 ст. 488 КоАП.", "CAO 488/6"),
            ("Наказан по статьям 488 и 667 КоАП.", "CAO 488; CAO 667"),
            ("Наказан по ст. 434 Кодекса РК об административных правонарушениях.", "CAO 434"),
            ("Наказан по ст. 451 КоАП РК.", "CAO 451"),
            ("Наказан по части 2 статьи 451 Кодекса об административных правонарушениях РК.", "CAO 451/2"),
            ("Наказан по 488-й статье КоАП.", "CAO 488"),
            ("Наказан по статье 489 административного кодекса.", "CAO 489"),
            ("Иск основан на статье 143 Гражданского кодекса РК.", "CivC 143"),
            ("Иск основан на ст. 143 и 951 ГК РК.", "CivC 143; CivC 951"),
            ("Иск основан на п. 1 ст. 143 ГК РК.", "CivC 143"),
            ("Иск основан на статье 145 ГК.", "CivC 145"),
            ("Суд в Бишкеке: статья 278 УК КР.", "CC 278"),
            ("Суд в Москве назначил штраф по статье 280.3 УК РФ.", "CC 280.3"),
            ("Суд в Москве назначил штраф по ч. 1 ст. 20.3.3 КоАП РФ.", "CAO 20.3.3/1"),
            ("Суд в Минске: часть 1 статьи 342 УК РБ.", "CC 342/1"),
            ("Суд в Ташкенте: статья 139 УК РУз.", "CC 139"),
            ("Его статья «О воде» набрала 174 отклика.", ""),
            ("В статье 3 раздела и 2 рисунка.", ""),
            ("Написала 12 статей за 30 дней.", ""),
            ("Часть 2 романа вышла в 2016 году.", ""),
            ("Глава 174 книги посвящена степи.", ""),
            ("Дом 174 по улице Сейфуллина снесли.", ""),
            ("Кабинет 405 закрыт.", ""),
            ("УК «Тёплый дом» повысила тариф на 174 тенге.", ""),
            ("Поезд 274 опоздал на 2 часа.", ""),
            ("АПК области вырос на 5 процентов.", ""),
            ("Статьи 18 и 19 Всеобщей декларации прав человека.", ""),
            ("Пункт 5 повестки дня.", ""),
            ("Дело № 7514-25-00-2/1234 передано.", ""),
            ("Закон от 26 июня 2020 года № 349.", ""),
            ("На 174-м километре трассы авария.", ""),
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

/// Every way to cite an article, and what only looks like one.
#[test]
fn more_kazakh_citations() {
    each(
        "2024-05-20",
        &[
            ("Іс ҚК-нің 130-бабы бойынша қозғалды.", "CC 130"),
            ("Іс ҚР ҚК 130-бабы бойынша қозғалды.", "CC 130"),
            ("Іс ҚР ҚК-нің 130-бабының 1-бөлігі бойынша қозғалды.", "CC 130/1"),
            ("Іс ҚР ҚК 130-бабының 2-бөлігі бойынша қозғалды.", "CC 130/2"),
            ("Іс Қылмыстық кодекстің 131-бабы бойынша қозғалды.", "CC 131"),
            ("Іс Қылмыстық кодекстің 147-бабының 3-бөлігі бойынша қозғалды.", "CC 147/3"),
            ("Іс Қылмыстық кодекстің 158-бабының бірінші бөлігі бойынша қозғалды.", "CC 158/1"),
            ("Іс Қылмыстық кодекстің 158-бабының екінші бөлігі бойынша қозғалды.", "CC 158/2"),
            ("Іс Қылмыстық кодекстің 274-бабының үшінші бөлігі бойынша қозғалды.", "CC 274/3"),
            ("Іс Қылмыстық кодекстің 274-бабының төртінші бөлігі бойынша қозғалды.", "CC 274/4"),
            ("Іс Қылмыстық кодекстің 274-бабының 4-бөлігімен қозғалды.", "CC 274/4"),
            ("Іс ҚК-нің 274-бабымен қозғалды.", "CC 274"),
            ("Іс 274-баппен қозғалды.", "CC 274"),
            ("Іс 274-бапқа сәйкес қозғалды.", "CC 274"),
            ("Іс 274-бап бойынша қозғалды.", "CC 274"),
            ("Іс 274 бабы бойынша қозғалды.", "CC 274"),
            ("Іс 405-бап бойынша қозғалды.", "CC 405"),
            ("Іс 405-баптың 2-бөлігімен қозғалды.", "CC 405/2"),
            ("Іс ҚК 405-бабының 1-бөлігі бойынша қозғалды.", "CC 405/1"),
            ("Іс ҚК 174-бабының бірінші бөлігімен қозғалды.", "CC 174/1"),
            ("Іс ҚК 174, 179-баптары бойынша қозғалды.", "CC 174; CC 179"),
            ("Іс ҚК 174 және 179-баптары бойынша қозғалды.", "CC 174; CC 179"),
            ("Іс ҚК-нің 174, 256 және 405-баптары бойынша қозғалды.", "CC 174; CC 256; CC 405"),
            ("Іс ҚК-нің 180-бабы бойынша қозғалды.", "CC 180"),
            ("Іс ҚК-нің 185-бабы бойынша қозғалды.", "CC 185"),
            ("Іс ҚК-нің 256-бабының 2-бөлігі бойынша қозғалды.", "CC 256/2"),
            ("Іс ҚК-нің 375-бабы бойынша қозғалды.", "CC 375"),
            ("Іс ҚК-нің 378-бабы бойынша қозғалды.", "CC 378"),
            ("Іс ҚК-нің 378-бабының 1-бөлігі бойынша қозғалды.", "CC 378/1"),
            ("Іс ҚК-нің 174-бабы бойынша, тағы бір іс 405-бап бойынша қозғалды.", "CC 174; CC 405"),
            ("Қазақстан Республикасы Қылмыстық кодексінің 174-бабы.", "CC 174"),
            ("Қазақстан Республикасының Қылмыстық кодексінің 174-бабы.", "CC 174"),
            ("Ол ӘҚБтК-нің 488-бабы бойынша жазаланды.", "CAO 488"),
            ("Ол ӘҚБтК 488-бабы бойынша жазаланды.", "CAO 488"),
            ("Ол ӘҚБтК-нің 488-бабының 6-бөлігі бойынша жазаланды.", "CAO 488/6"),
            ("Ол ҚР ӘҚБтК-нің 73-3-бабы бойынша жазаланды.", "CAO 73-3"),
            ("Ол ҚР ӘҚБтК-нің 73-3-бабының 1-бөлігі бойынша жазаланды.", "CAO 73-3/1"),
            ("Ол 73-3-баптың 1-бөлігі бойынша жазаланды.", "CAO 73-3/1"),
            ("Ол 73-3-баппен жазаланды.", "CAO 73-3"),
            ("Ол 456-1-бап бойынша жазаланды.", "CAO 456-1"),
            ("Ол 456-2-бап бойынша жазаланды.", "CAO 456-2"),
            ("Ол 456-2-баптың 1-бөлігі бойынша жазаланды.", "CAO 456-2/1"),
            ("Ол ӘҚБтК-нің 451-бабы бойынша жазаланды.", "CAO 451"),
            ("Ол ӘҚБтК-нің 434-бабы бойынша жазаланды.", "CAO 434"),
            ("Ол 434-бап бойынша жазаланды.", "CAO 434"),
            ("Ол 488-баптың алтыншы бөлігі бойынша жазаланды.", "CAO 488"),
            ("Ол Әкімшілік құқық бұзушылық туралы кодекстің 488-бабы бойынша жазаланды.", "CAO 488"),
            ("Ол Әкімшілік құқық бұзушылық туралы кодекстің 73-3-бабының 1-бөлігі бойынша жазаланды.", "CAO 73-3/1"),
            ("Азаматтық кодекстің 143 және 951-баптары.", "CivC 143; CivC 951"),
            ("ҚР АК-нің 143-бабы бойынша талап қойылды.", "CivC 143"),
            ("Азаматтық кодекстің 145-бабы бойынша талап қойылды.", "CivC 145"),
            ("Is Qylmystyq kodekstıñ 174-baby boiynşa qozğaldy dep habarlady sot", "CC 174"),
            ("Is Qylmystyq kodekstıñ 274-babynyñ 2-bölıgı boiynşa qozğaldy dep habarlady", "CC 274/2"),
            ("Is 174-bap boiynsha qozǵaldy dep habarlady sot ókili búgin", "CC 174"),
            ("Ис Кылмыстык кодекстин 274-бабынын 2-болиги бойынша козгалды деп хабарлады", "CC 274/2"),
            ("ءىس 174-باپ بويىنشا قوزعالدى", "CC 174"),
            ("Конституцияның 20 және 32-баптары сөз еркіндігін қорғайды.", ""),
            ("Ол 174 бағдарлама жүргізді.", ""),
            ("Бапкердің 2 шәкірті жеңді.", ""),
            ("Поселкеде 405 үй бар.", ""),
            ("Кітаптың 2-бөлігі шықты.", ""),
            ("Бабалар 174 жыл бұрын көшкен.", ""),
            ("174-мектеп жабылды.", ""),
            ("№ 7514-25-00-2/1234 іс тапсырылды.", ""),
            ("Көшенің 73-3 үйінде тұрады.", ""),
            ("Бапталған 20 сәйгүлік шапты.", ""),
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

/// Every way to cite an article, and what only looks like one.
#[test]
fn more_english_citations() {
    each(
        "2024-05-20",
        &[
            ("He is charged under Article 130 of the Criminal Code.", "CC 130"),
            ("He is charged under Article 130, part 1 of the Criminal Code.", "CC 130/1"),
            ("He is charged under Article 130, Part 1 of Kazakhstan's Criminal Code.", "CC 130/1"),
            ("He is charged under Article 131 of the Penal Code.", "CC 131"),
            ("He is charged under Article 147 part 3 of the Criminal Code.", "CC 147/3"),
            ("He is charged under Article 147(3) of the Criminal Code.", "CC 147/3"),
            ("He is charged under Art. 147(3) of the Criminal Code.", "CC 147/3"),
            ("He is charged under art. 158 of the Criminal Code.", "CC 158"),
            ("He is charged under part 1 of Article 158 of the Criminal Code.", "CC 158/1"),
            ("He is charged under Part 1 of Article 158 of the Criminal Code.", "CC 158/1"),
            ("He is charged under part one of Article 158 of the Criminal Code.", "CC 158/1"),
            ("He is charged under the first part of Article 158 of the Criminal Code.", "CC 158/1"),
            ("He is charged under paragraph 2 of Article 274 of the Criminal Code.", "CC 274/2"),
            ("He is charged under Article 274, paragraph 2, of the Criminal Code.", "CC 274/2"),
            ("He is charged under Article 274 (4) of the Criminal Code.", "CC 274/4"),
            ("He is charged under Article 274 (part 4) of the Criminal Code.", "CC 274/4"),
            ("He is charged under Article 274 of Kazakhstan's Criminal Code.", "CC 274"),
            ("He is charged under Article 274 of the Kazakh Criminal Code.", "CC 274"),
            ("He is charged under Article 274 of the Criminal Code of Kazakhstan.", "CC 274"),
            ("He is charged under Article 274 of the Criminal Code of the Republic of Kazakhstan.", "CC 274"),
            ("He is charged under Criminal Code Article 274.", "CC 274"),
            ("He is charged under Criminal Code Article 274(2).", "CC 274/2"),
            ("He is charged under Articles 174, 256 and 405 of the Criminal Code.", "CC 174; CC 256; CC 405"),
            ("He is charged under Articles 174(1) and 405(2) of the Criminal Code.", "CC 174/1; CC 405/2"),
            ("He is charged under Articles 179 and 180 of the Criminal Code.", "CC 179; CC 180"),
            ("He is charged under Arts. 179 and 180 of the Criminal Code.", "CC 179; CC 180"),
            ("He is charged under Articles 257–259 of the Criminal Code.", "CC 257; CC 258; CC 259"),
            (
                "He is charged under Article 174, part 1, and Article 405, part 2, of the Criminal Code.",
                "CC 174/1; CC 405/2",
            ),
            ("He is charged under Article 174 and Article 405 of the Criminal Code.", "CC 174; CC 405"),
            ("He is charged under Article 180 of the CC.", "CC 180"),
            ("He is charged under Article 185 of the Criminal Code.", "CC 185"),
            ("He is charged under Article 256(2) of the Criminal Code.", "CC 256/2"),
            ("He is charged under Article 375 of the Criminal Code.", "CC 375"),
            ("He is charged under Article 378 of the Criminal Code.", "CC 378"),
            ("He is charged under Article 378, part 1, of the Criminal Code.", "CC 378/1"),
            ("He is charged under Article 405, part 2 (membership of a banned group).", "CC 405/2"),
            ("Article 174 remains in the Criminal Code.", "CC 174"),
            ("The Criminal Code's Article 174 remains.", "CC 174"),
            ("He was fined under Article 73-3 of the Code of Administrative Offences.", "CAO 73-3"),
            ("He was fined under Article 73-3 of the Code on Administrative Offences.", "CAO 73-3"),
            ("He was fined under Article 73-3, part 1, of the CAO.", "CAO 73-3/1"),
            ("He was fined under Article 73-3(1) of the CAO.", "CAO 73-3/1"),
            ("He was fined under Article 456-1 of the CAO.", "CAO 456-1"),
            ("He was fined under Article 456-2, part 1, of the Administrative Code.", "CAO 456-2/1"),
            ("He was fined under part 6 of Article 488 of the CAO.", "CAO 488/6"),
            ("He was fined under Article 488(6) of the Code of Administrative Offences.", "CAO 488/6"),
            ("He was fined under Article 434 of the Administrative Offences Code.", "CAO 434"),
            ("He was fined under Article 451 of the Administrative Code.", "CAO 451"),
            ("He was fined under Articles 488 and 667 of the Administrative Code.", "CAO 488; CAO 667"),
            ("He was fined under Article 488 of the administrative offences code.", "CAO 488"),
            ("He sued under Article 143 of Kazakhstan's Civil Code.", "CivC 143"),
            ("He sued under Articles 143 and 951 of the Civil Code.", "CivC 143; CivC 951"),
            ("He sued under Article 143(1) of the Civil Code.", "CivC 143/1"),
            ("He was charged in Bishkek under Article 278 of the Criminal Code of Kyrgyzstan.", "CC 278"),
            ("He was charged in Moscow under Article 207.3 of the Russian Criminal Code.", "CC 207.3"),
            ("He was charged in Minsk under Article 342 of the Criminal Code.", "CC 342"),
            ("He was charged in Tashkent under Article 139 of Uzbekistan's Criminal Code.", "CC 139"),
            ("The article, 174 words long, was deleted.", ""),
            ("The article 3 reporters wrote was deleted.", ""),
            ("He wrote 12 articles in 30 days.", ""),
            ("Part 2 of the series is out.", ""),
            ("Chapter 174 of the novel is about the steppe.", ""),
            ("Room 405 was sealed.", ""),
            ("Articles 18 and 19 of the Universal Declaration protect speech.", ""),
            ("Article 10 of the Convention protects speech.", ""),
            ("Flight 274 was 2 hours late.", ""),
            ("Case No 7514-25-00-2/1234 was sent back.", ""),
            ("Section 2 of the road is closed.", ""),
            ("Law No 349 of 26 June 2020 moved it.", ""),
            ("The 174 articles were read.", ""),
            ("The CC of the letter went to 3 people.", ""),
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
