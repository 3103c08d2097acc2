//! Sums in three languages. The day of publication is 20 November 2017, when the monthly index was 2 269.

use super::*;

fn found(text: &str) -> String {
    let tables = tables();
    let reading = read("", text, detector());
    let words = Words::of(&reading);
    let sums = super::super::money::all(&words, tables, Some(day("2017-11-20")));
    sums.iter().map(|sum| format!("{} {}", sum.amount, sum.currency).trim().to_owned()).collect::<Vec<_>>().join("; ")
}

fn each(phrases: &[(&str, &str)]) {
    let wrong: Vec<String> = phrases
        .iter()
        .filter_map(|(text, expect)| {
            let given = found(text);
            (given != *expect).then(|| format!("{text:?}: wanted {expect:?}, given {given:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn russian_sums() {
    each(&[
        ("взыскать 5 млн тенге", "5000000 KZT"),
        ("взыскать 5 миллионов тенге", "5000000 KZT"),
        ("взыскать 1,5 млн тенге", "1500000 KZT"),
        ("взыскать 1.5 млн тенге", "1500000 KZT"),
        ("взыскать 1,25 миллиона тенге", "1250000 KZT"),
        ("взыскать 1,234 млн тенге", "1234000 KZT"),
        ("взыскать 2 млн. 405 тыс. тенге", "2405000 KZT"),
        ("взыскать 2 млн 405 тысяч 300 тенге", "2405300 KZT"),
        ("взыскать 500 000 тг", "500000 KZT"),
        ("взыскать 500 тыс. тг", "500000 KZT"),
        ("взыскать 500 000 ₸ и опровергнуть", "500000 KZT"),
        ("взыскать 500000₸ и опровергнуть", "500000 KZT"),
        ("взыскать ₸500 000 и опровергнуть", "500000 KZT"),
        ("взыскать KZT 700 000 и опровергнуть", "700000 KZT"),
        ("взыскать 73 840 тенге", "73840 KZT"),
        ("взыскать 195\u{a0}460\u{a0}000 тенге", "195460000 KZT"),
        ("взыскать 195.460.000 тенге", "195460000 KZT"),
        ("взыскать 5'000'000 тенге", "5000000 KZT"),
        ("взыскать 1 тенге", "1 KZT"),
        ("взыскать один тенге", "1 KZT"),
        ("взыскать сто тысяч тенге", "100000 KZT"),
        ("взыскать пять миллионов тенге", "5000000 KZT"),
        ("взыскать двадцать пять миллионов тенге", "25000000 KZT"),
        ("взыскать двести тысяч тенге", "200000 KZT"),
        ("взыскать полтора миллиона тенге", "1500000 KZT"),
        ("взыскать полмиллиона тенге", "500000 KZT"),
        ("взыскать миллион тенге", "1000000 KZT"),
        ("взыскать миллиард тенге", "1000000000 KZT"),
        ("взыскать 2 миллиарда 500 миллионов тенге", "2500000000 KZT"),
        ("взыскать 10 тысяч долларов", "10000 USD"),
        ("взыскать 10 тысяч долларов США", "10000 USD"),
        ("взыскать $10 000 за статью", "10000 USD"),
        ("взыскать 35 тысяч рублей", "35000 RUB"),
        ("взыскать 35 тыс. руб. штрафа", "35000 RUB"),
        ("взыскать 100 000 сомов", "100000 KGS"),
        ("взыскать 20 МРП штрафа", "45380 KZT"),
        ("взыскать 20 МРП (45 380 тенге)", "45380 KZT; 45380 KZT"),
        ("взыскать 200 месячных расчётных показателей", "453800 KZT"),
        ("взыскать 5 000 евро", "5000 EUR"),
        ("взыскать 100,50 тенге", "100.50 KZT"),
        ("взыскать 3 млн тенге с газеты и 500 тысяч тенге с автора", "3000000 KZT; 500000 KZT"),
        ("просят 40 миллионов с издания", "40000000"),
        ("присуждено 3 млн за статью", "3000000"),
        ("взыскать 5-7 млн тенге", ""),
        // Near misses.
        ("оштрафован по статье 174", ""),
        ("миллионер подал иск", ""),
        ("прошло 300 мин эфира", ""),
        ("его смотрят 2 тысячи человек", ""),
        ("в 2017 году принят закон", ""),
        ("суд дал 5 лет", ""),
        ("тенге подешевел на 3 процента", ""),
        ("тысячи людей вышли на площадь", ""),
        ("на 15 суток", ""),
        ("99999999999999999999 тенге", ""),
        ("999999999999 миллиардов тенге", ""),
    ]);
}

/// Every way to write a sum, and what only looks like one.
#[test]
fn more_russian_sums() {
    each(&[
        ("взыскать 7 тенге", "7 KZT"),
        ("взыскать 999 тенге", "999 KZT"),
        ("взыскать 1 000 тенге", "1000 KZT"),
        ("взыскать 10 000 000 тенге", "10000000 KZT"),
        ("взыскать 10.000.000 тенге", "10000000 KZT"),
        ("взыскать 10,000,000 тенге", "10000000 KZT"),
        ("взыскать 3 000 000,00 тенге", "3000000 KZT"),
        ("взыскать 2,5 млн тенге", "2500000 KZT"),
        ("взыскать 0,5 млн тенге", "500000 KZT"),
        ("взыскать 3.75 млн тенге", "3750000 KZT"),
        ("взыскать 1 млн 200 тыс тенге", "1200000 KZT"),
        ("взыскать 1 млн 200 тыс. 500 тенге", "1200500 KZT"),
        ("взыскать 1 миллион 50 тысяч тенге", "1050000 KZT"),
        ("взыскать 5 миллионов 405 тысяч 20 тенге", "5405020 KZT"),
        ("взыскать сорок тысяч тенге", "40000 KZT"),
        ("взыскать девяносто тысяч тенге", "90000 KZT"),
        ("взыскать триста тысяч тенге", "300000 KZT"),
        ("взыскать семьсот пятьдесят тысяч тенге", "750000 KZT"),
        ("взыскать сто двадцать пять тысяч тенге", "125000 KZT"),
        ("взыскать два миллиона тенге", "2000000 KZT"),
        ("взыскать три миллиона пятьсот тысяч тенге", "3500000 KZT"),
        ("взыскать десять миллионов тенге", "10000000 KZT"),
        ("взыскать сто миллионов тенге", "100000000 KZT"),
        ("взыскать сто пятьдесят миллионов тенге", "150000000 KZT"),
        ("взыскать полтора миллиарда тенге", "1500000000 KZT"),
        ("взыскать полмиллиарда тенге", "500000000 KZT"),
        ("взыскать тысячу тенге", "1000 KZT"),
        ("взыскать 1 млрд тенге", "1000000000 KZT"),
        ("взыскать 1,2 млрд тенге", "1200000000 KZT"),
        ("взыскать 1 млрд 300 млн тенге", "1300000000 KZT"),
        ("взыскать 1 трлн тенге", "1000000000000 KZT"),
        ("речь идёт о двух миллионах тенге", "2000000 KZT"),
        ("речь идёт о трёх миллионах тенге", "3000000 KZT"),
        ("пост обошёлся ей тремя миллионами тенге", "3000000 KZT"),
        ("пост обошёлся ей миллионом тенге", "1000000 KZT"),
        ("взыскать около пяти миллионов тенге", "5000000 KZT"),
        ("взыскать не менее двухсот тысяч тенге", "200000 KZT"),
        ("взыскать не более пятидесяти тысяч тенге", "50000 KZT"),
        ("взыскать почти 2 млн тенге", "2000000 KZT"),
        ("взыскать свыше 100 тыс тенге", "100000 KZT"),
        ("взыскать по 50 тысяч тенге с каждого", "50000 KZT"),
        ("взыскать 1 млн тг.", "1000000 KZT"),
        ("взыскать 1млн тг", "1000000 KZT"),
        ("взыскать 500тыс. тенге", "500000 KZT"),
        ("взыскать 500 000 (пятьсот тысяч) тенге", "500000 KZT"),
        ("взыскать 5 000 000 (пять миллионов) тенге", "5000000 KZT"),
        ("взыскать 500 тысяч казахстанских тенге", "500000 KZT"),
        ("взыскать 5 миллионов казахстанских тенге", "5000000 KZT"),
        ("взыскать два с половиной миллиона тенге", "2500000 KZT"),
        ("взыскать 5 с половиной миллионов тенге", "5500000 KZT"),
        ("взыскать 50 МРП штрафа", "113450 KZT"),
        ("взыскать 160 МРП штрафа", "363040 KZT"),
        ("взыскать 1 000 МРП штрафа", "2269000 KZT"),
        ("взыскать 500 МРП (1 134 500 тенге)", "1134500 KZT; 1134500 KZT"),
        ("взыскать 45 380 тенге (20 МРП)", "45380 KZT; 45380 KZT"),
        ("штраф в двадцать МРП", "45380 KZT"),
        ("штраф в размере 20 месячных расчетных показателей", "45380 KZT"),
        ("штраф составил 160 месячных расчётных показателей", "363040 KZT"),
        ("взыскать 300 евро", "300 EUR"),
        ("взыскать EUR 300 за статью", "300 EUR"),
        ("взыскать €1,5 млн за статью", "1500000 EUR"),
        ("взыскать 1 500 долларов США", "1500 USD"),
        ("взыскать 1 500 долл. США", "1500 USD"),
        ("взыскать 5 000 USD", "5000 USD"),
        ("взыскать USD 5 000 за статью", "5000 USD"),
        ("взыскать $2,5 млн за статью", "2500000 USD"),
        ("взыскать £300 за статью", "300 GBP"),
        ("взыскать 300 фунтов стерлингов", "300 GBP"),
        ("взыскать 5 000 ₽ штрафа", "5000 RUB"),
        ("взыскать 5 тыс. ₽ штрафа", "5000 RUB"),
        ("взыскать 100 тысяч российских рублей", "100000 RUB"),
        ("взыскать 1 млн руб.", "1000000 RUB"),
        ("взыскать 2 млн сумов", "2000000 UZS"),
        ("взыскать 2 млн узбекских сумов", "2000000 UZS"),
        ("взыскать 5 тысяч кыргызских сомов", "5000 KGS"),
        ("взыскать 300 сомони", "300 TJS"),
        ("взыскать 10 тысяч гривен", "10000 UAH"),
        ("взыскать 5 000 юаней", "5000 CNY"),
        ("взыскать 1 000 лир", "1000 TRY"),
        ("взыскать 900 белорусских рублей", "900 BYN"),
        ("иск на 10 миллионов", "10000000"),
        ("иск на 1,5 миллиона к газете", "1500000"),
        ("иск на сумму 195 460 000 тенге", "195460000 KZT"),
        ("из заявленных 10 млн тенге суд оставил 1 млн тенге", "10000000 KZT; 1000000 KZT"),
        ("вместо 5 млн тенге взыскали 300 тысяч тенге, ещё 3 000 тенге пошлины", "5000000 KZT; 300000 KZT; 3000 KZT"),
        ("его посмотрели 2 млн человек", ""),
        ("у канала 1,5 миллиона подписчиков", ""),
        ("тираж 300 тысяч экземпляров", ""),
        ("видео набрало 3 млн просмотров", ""),
        ("в области 100 тысяч жителей", ""),
        ("доллар вырос на 2 процента", ""),
        ("рубль укрепился за 3 дня", ""),
        ("миллиардер подал в суд на 2 газеты", ""),
        ("живёт в доме 5, квартира 20", ""),
        ("подписали 10 тысяч тонн зерна", ""),
        ("в марте прошло 20 заседаний", ""),
        ("ответ занял 30 минут", ""),
    ]);
}

#[test]
fn kazakh_sums() {
    each(&[
        ("моральдық зиян үшін 5 млн теңге өндіру", "5000000 KZT"),
        ("моральдық зиян үшін 5 миллион теңге өндіру", "5000000 KZT"),
        ("моральдық зиян үшін бес миллион теңге өндіру", "5000000 KZT"),
        ("моральдық зиян үшін жиырма бес миллион теңге өндіру", "25000000 KZT"),
        ("моральдық зиян үшін 300 мың теңге өндіру", "300000 KZT"),
        ("моральдық зиян үшін үш жүз мың теңге өндіру", "300000 KZT"),
        ("моральдық зиян үшін жүз мың теңге өндіру", "100000 KZT"),
        ("моральдық зиян үшін 2 миллион 400 мың теңгені өндіру", "2400000 KZT"),
        ("моральдық зиян үшін 1,5 миллион теңге өндіру", "1500000 KZT"),
        ("моральдық зиян үшін 500 000 теңге өндіру", "500000 KZT"),
        ("моральдық зиян үшін 500 мың теңгеден өндіру", "500000 KZT"),
        ("моральдық зиян үшін 73 840 теңге өндіру", "73840 KZT"),
        ("моральдық зиян үшін 50 мың тг өндіру", "50000 KZT"),
        ("моральдық зиян үшін бір миллиард теңге өндіру", "1000000000 KZT"),
        ("моральдық зиян үшін миллион теңге өндіру", "1000000 KZT"),
        ("моральдық зиян үшін он бес мың теңге өндіру", "15000 KZT"),
        ("моральдық зиян үшін елу мың теңге өндіру", "50000 KZT"),
        ("моральдық зиян үшін тоқсан мың теңге өндіру", "90000 KZT"),
        ("сот оған 20 АЕК айыппұл салды", "45380 KZT"),
        ("сот оған 20 АЕК-ке тең айыппұл салды", "45380 KZT"),
        ("сот оған 100 айлық есептік көрсеткіш айыппұл салды", "226900 KZT"),
        ("сот оған 10 мың доллар төлеуге міндеттеді", "10000 USD"),
        ("сот оған 10 мың АҚШ долларын төлеуге міндеттеді", "10000 USD"),
        ("сот оған 35 мың рубль айыппұл салды", "35000 RUB"),
        ("сот оған 100 мың сом айыппұл салды", "100000 KGS"),
        ("газеттен 25 млн теңге, автордан 500 мың теңге өндіру", "25000000 KZT; 500000 KZT"),
        // Scripts and spellings.
        ("moraldyq zian üşın 5 million teñge öndıru kerek dep sanaidy", "5000000 KZT"),
        ("moraldyq zian üşın 300 myñ teñge öndıru kerek dep sanaidy", "300000 KZT"),
        ("моральдык зиян ушин 300 мын тенге ондиру керек деп санайды олар", "300000 KZT"),
        // Near misses.
        ("мыңдаған адам алаңға шықты", ""),
        ("эфирде 300 мың адам көрді", ""),
        ("теңге бағамы төмендеді", ""),
        ("174-бап бойынша айыпталды", ""),
        ("15 тәулікке қамады", ""),
        ("2017 жылы заң қабылданды", ""),
        ("миллионер талап арыз берді", ""),
    ]);
}

/// Every way to write a sum, and what only looks like one.
#[test]
fn more_kazakh_sums() {
    each(&[
        ("моральдық зиян үшін 7 теңге өндіру", "7 KZT"),
        ("моральдық зиян үшін 1 000 теңге өндіру", "1000 KZT"),
        ("моральдық зиян үшін 10 000 000 теңге өндіру", "10000000 KZT"),
        ("моральдық зиян үшін 2,5 млн теңге өндіру", "2500000 KZT"),
        ("моральдық зиян үшін 0,5 миллион теңге өндіру", "500000 KZT"),
        ("моральдық зиян үшін 1 миллион 200 мың теңге өндіру", "1200000 KZT"),
        ("моральдық зиян үшін 3 миллион 500 мың 40 теңге өндіру", "3500040 KZT"),
        ("моральдық зиян үшін екі миллион теңге өндіру", "2000000 KZT"),
        ("моральдық зиян үшін үш миллион теңге өндіру", "3000000 KZT"),
        ("моральдық зиян үшін төрт миллион теңге өндіру", "4000000 KZT"),
        ("моральдық зиян үшін алты миллион теңге өндіру", "6000000 KZT"),
        ("моральдық зиян үшін жеті миллион теңге өндіру", "7000000 KZT"),
        ("моральдық зиян үшін сегіз миллион теңге өндіру", "8000000 KZT"),
        ("моральдық зиян үшін тоғыз миллион теңге өндіру", "9000000 KZT"),
        ("моральдық зиян үшін он миллион теңге өндіру", "10000000 KZT"),
        ("моральдық зиян үшін отыз мың теңге өндіру", "30000 KZT"),
        ("моральдық зиян үшін қырық мың теңге өндіру", "40000 KZT"),
        ("моральдық зиян үшін алпыс мың теңге өндіру", "60000 KZT"),
        ("моральдық зиян үшін жетпіс бес мың теңге өндіру", "75000 KZT"),
        ("моральдық зиян үшін сексен мың теңге өндіру", "80000 KZT"),
        ("моральдық зиян үшін жүз миллион теңге өндіру", "100000000 KZT"),
        ("моральдық зиян үшін екі жүз елу мың теңге өндіру", "250000 KZT"),
        ("моральдық зиян үшін бес жүз мың теңге өндіру", "500000 KZT"),
        ("моральдық зиян үшін тоғыз жүз мың теңге өндіру", "900000 KZT"),
        ("моральдық зиян үшін жарты миллион теңге өндіру", "500000 KZT"),
        ("моральдық зиян үшін бір жарым миллион теңге өндіру", "1500000 KZT"),
        ("моральдық зиян үшін екі жарым миллион теңге өндіру", "2500000 KZT"),
        ("моральдық зиян үшін мың теңге өндіру", "1000 KZT"),
        ("моральдық зиян үшін бір теңге өндіру", "1 KZT"),
        ("моральдық зиян үшін 1 млрд теңге өндіру", "1000000000 KZT"),
        ("моральдық зиян үшін 1,2 миллиард теңге өндіру", "1200000000 KZT"),
        ("моральдық зиян үшін 500 000 (бес жүз мың) теңге өндіру", "500000 KZT"),
        ("моральдық зиян үшін 5 000 000 (бес миллион) теңге өндіру", "5000000 KZT"),
        ("моральдық зиян үшін 500 000 ₸ өндіру", "500000 KZT"),
        ("моральдық зиян үшін 500 мың тг. өндіру", "500000 KZT"),
        ("моральдық зиян үшін 1 млн тг өндіру", "1000000 KZT"),
        ("газет оған 5 миллион теңгенің шығынын өтейді", "5000000 KZT"),
        ("газет оған 300 мың теңгеге борышты болды", "300000 KZT"),
        ("газет оған 300 мың теңгемен есептесті", "300000 KZT"),
        ("газет оған 2 миллион теңгелік талап арыз алды", "2000000 KZT"),
        ("сот 10 миллионнан астам теңге өндірді", "10000000 KZT"),
        ("сот 5 миллион теңгеден 1 миллион теңгеге дейін азайтты", "5000000 KZT; 1000000 KZT"),
        ("сот талапты 40 миллионнан түсірді", "40000000"),
        ("сот оған 1 АЕК айыппұл салды", "2269 KZT"),
        ("сот оған 50 АЕК мөлшерінде айыппұл салды", "113450 KZT"),
        ("сот оған 160 АЕК көлемінде айыппұл салды", "363040 KZT"),
        ("сот оған жиырма АЕК айыппұл салды", "45380 KZT"),
        ("сот оған 20 АЕК-тің айыппұлын салды", "45380 KZT"),
        ("сот оған 20 АЕК (45 380 теңге) айыппұл салды", "45380 KZT; 45380 KZT"),
        ("сот оған 45 380 теңге (20 АЕК) айыппұл салды", "45380 KZT; 45380 KZT"),
        ("сот оған 20 айлық есептік көрсеткіш мөлшерінде айыппұл салды", "45380 KZT"),
        ("сот оған 5 000 еуро төлеуге міндеттеді", "5000 EUR"),
        ("сот оған $10 000 төлеуге міндеттеді", "10000 USD"),
        ("сот оған 2 мың АҚШ доллары көлемінде өтемақы тағайындады", "2000 USD"),
        ("сот оған 50 мың ресей рублін төлеуге міндеттеді", "50000 RUB"),
        ("сот оған 3 млн өзбек сумын төлеуге міндеттеді", "3000000 UZS"),
        ("сот оған 5 мың қырғыз сомын төлеуге міндеттеді", "5000 KGS"),
        ("moraldyq zian üşın 2,5 million teñge öndıru kerek dep sanaidy", "2500000 KZT"),
        ("moraldyq zian üşın bes million teñge öndıru kerek dep sanaidy", "5000000 KZT"),
        ("moraldyq zıan úshin 5 mıllıon teńge óndirý kerek dep sanaıdy", "5000000 KZT"),
        ("moraldyq zıan úshin 300 myń teńge óndirý kerek dep sanaıdy", "300000 KZT"),
        ("моральдык зиян ушин бес миллион тенге ондиру керек деп санайды олар", "5000000 KZT"),
        ("مورالدىق زيان ءۇشىن 5 ميلليون تەڭگە ءوندىرۋ كەرەك دەپ سانايدى", "5000000 KZT"),
        ("арнаға 300 мың адам жазылған", ""),
        ("бейнежазба 2 млн рет қаралды", ""),
        ("ауданда 50 мың тұрғын бар", ""),
        ("доллар бағамы қымбаттады", ""),
        ("оған 45 жаста еді", ""),
        ("ол 10 жыл бас бостандығынан айырылды", ""),
        ("мың алғыс айтты", ""),
        ("газет таралымы 10 мың дана", ""),
        ("миллиардер екі газетті сотқа берді", ""),
    ]);
}

#[test]
fn english_sums() {
    each(&[
        ("The bank wants KZT 5 million from the paper", "5000000 KZT"),
        ("The bank wants 5 mln tenge from the paper", "5000000 KZT"),
        ("The bank wants 195 million 460 thousand tenge", "195460000 KZT"),
        ("The bank wants tenge 5,000,000 from the paper", "5000000 KZT"),
        ("The bank wants 5,000,000 tenge from the paper", "5000000 KZT"),
        ("The bank wants 1.5 million tenge from the paper", "1500000 KZT"),
        ("The bank wants 50,500 tenge from the paper", "50500 KZT"),
        ("The bank wants $100,000 from the paper", "100000 USD"),
        ("The bank wants $1.5 million from the paper", "1500000 USD"),
        ("The bank wants 100,000 dollars from the paper", "100000 USD"),
        ("The bank wants US$100,000 from the paper", "100000 USD"),
        ("The bank wants €5,000 from the paper", "5000 EUR"),
        ("The bank wants £5m from the paper", "5000000 GBP"),
        ("The bank wants 300,000 pounds from the paper", "300000 GBP"),
        ("The bank wants half a million tenge from the paper", "500000 KZT"),
        ("The bank wants a million tenge from the paper", "1000000 KZT"),
        ("The bank wants one million tenge from the paper", "1000000 KZT"),
        ("The bank wants five million tenge from the paper", "5000000 KZT"),
        ("The bank wants twenty five million tenge from the paper", "25000000 KZT"),
        ("The bank wants two hundred thousand tenge from the paper", "200000 KZT"),
        ("The court fined her 20 MCI over a post", "45380 KZT"),
        ("The court fined her 20 monthly calculation indices, or 45,380 tenge", "45380 KZT; 45380 KZT"),
        ("The court fined her 22,690 tenge (10 monthly indices)", "22690 KZT; 22690 KZT"),
        ("The court fined her 5 million roubles", "5000000 RUB"),
        ("The court fined her 100,000 soms", "100000 KGS"),
        ("The bank wants 1 billion tenge from the paper", "1000000000 KZT"),
        ("The bank wants 100.50 tenge from the paper", "100.50 KZT"),
        // Near misses.
        ("Millions of people watched", ""),
        ("It was seen 90,000 times", ""),
        ("He was jailed for 5 years", ""),
        ("under Article 174 of the code", ""),
        ("a 40-second video", ""),
        ("The tenge fell by 3 percent", ""),
        ("In 2017 the law changed", ""),
    ]);
}

/// Every way to write a sum, and what only looks like one.
#[test]
fn more_english_sums() {
    each(&[
        ("The bank wants 7 tenge from the paper", "7 KZT"),
        ("The bank wants 999 tenge from the paper", "999 KZT"),
        ("The bank wants 1,000 tenge from the paper", "1000 KZT"),
        ("The bank wants 10,000,000 tenge from the paper", "10000000 KZT"),
        ("The bank wants KZT 10,000,000 from the paper", "10000000 KZT"),
        ("The bank wants KZT10 million from the paper", "10000000 KZT"),
        ("The bank wants KZT500,000 from the paper", "500000 KZT"),
        ("The bank wants two and a half million tenge from the paper", "2500000 KZT"),
        ("The bank wants KZT 1.5 billion from the paper", "1500000000 KZT"),
        ("The bank wants 2.5 million tenge from the paper", "2500000 KZT"),
        ("The bank wants 0.5 million tenge from the paper", "500000 KZT"),
        ("The bank wants 5m tenge from the paper", "5000000 KZT"),
        ("The bank wants 5 mn tenge from the paper", "5000000 KZT"),
        ("The bank wants 1.2bn tenge from the paper", "1200000000 KZT"),
        ("The bank wants 500k tenge from the paper", "500000 KZT"),
        ("The bank wants 500 thousand tenge from the paper", "500000 KZT"),
        ("The bank wants two million tenge from the paper", "2000000 KZT"),
        ("The bank wants three million tenge from the paper", "3000000 KZT"),
        ("The bank wants four million tenge from the paper", "4000000 KZT"),
        ("The bank wants six million tenge from the paper", "6000000 KZT"),
        ("The bank wants ten million tenge from the paper", "10000000 KZT"),
        ("The bank wants fifteen million tenge from the paper", "15000000 KZT"),
        ("The bank wants twenty million tenge from the paper", "20000000 KZT"),
        ("The bank wants thirty-five million tenge from the paper", "35000000 KZT"),
        ("The bank wants fifty thousand tenge from the paper", "50000 KZT"),
        ("The bank wants one hundred million tenge from the paper", "100000000 KZT"),
        ("The bank wants a hundred million tenge from the paper", "100000000 KZT"),
        ("The bank wants a hundred thousand tenge from the paper", "100000 KZT"),
        ("The bank wants three hundred and fifty thousand tenge from the paper", "350000 KZT"),
        ("The bank wants one billion tenge from the paper", "1000000000 KZT"),
        ("The bank wants one and a half million tenge from the paper", "1500000 KZT"),
        ("The bank wants half a billion tenge from the paper", "500000000 KZT"),
        ("The bank wants a thousand tenge from the paper", "1000 KZT"),
        ("The bank wants one tenge from the paper", "1 KZT"),
        ("The bank wants ₸5,000,000 from the paper", "5000000 KZT"),
        ("The bank wants ₸5 million from the paper", "5000000 KZT"),
        ("The bank wants 500,000₸ from the paper", "500000 KZT"),
        ("The bank wants 5 million Kazakh tenge from the paper", "5000000 KZT"),
        ("The bank wants 5 million Kazakhstani tenge from the paper", "5000000 KZT"),
        ("The bank wants 5,000,000 (five million) tenge from the paper", "5000000 KZT"),
        ("The bank wants 5 million tenge ($15,000) from the paper", "5000000 KZT; 15000 USD"),
        ("The bank wants $15,000 (5 million tenge) from the paper", "15000 USD; 5000000 KZT"),
        ("The bank wants USD 15,000 from the paper", "15000 USD"),
        ("The bank wants 15,000 US dollars from the paper", "15000 USD"),
        ("The bank wants 15,000 U.S. dollars from the paper", "15000 USD"),
        ("The bank wants $15k from the paper", "15000 USD"),
        ("The bank wants $2m from the paper", "2000000 USD"),
        ("The bank wants $2.5bn from the paper", "2500000000 USD"),
        ("The bank wants EUR 5,000 from the paper", "5000 EUR"),
        ("The bank wants 5,000 euros from the paper", "5000 EUR"),
        ("The bank wants GBP 5,000 from the paper", "5000 GBP"),
        ("The bank wants RUB 50,000 from the paper", "50000 RUB"),
        ("The bank wants 50,000 Russian rubles from the paper", "50000 RUB"),
        ("The bank wants 20 million Uzbek soums from the paper", "20000000 UZS"),
        ("The bank wants 5,000 Kyrgyz soms from the paper", "5000 KGS"),
        ("The bank wants 40 million from the paper", "40000000"),
        ("The bank asked for 10 million tenge and got 1 million tenge", "10000000 KZT; 1000000 KZT"),
        ("The award fell from 5,000,000 to 300,000 tenge", "300000 KZT"),
        ("The court fined her 1 MCI over a post", "2269 KZT"),
        ("The court fined her 50 MCI over a post", "113450 KZT"),
        ("The court fined her 160 MCIs over a post", "363040 KZT"),
        ("The court fined her twenty MCI over a post", "45380 KZT"),
        ("The court fined her 20 monthly calculation indexes over a post", "45380 KZT"),
        ("The court fined her 100 monthly calculation indices over a post", "226900 KZT"),
        ("The court fined her 45,380 tenge (20 MCI) over a post", "45380 KZT; 45380 KZT"),
        ("The court fined her about 45,000 tenge over a post", "45000 KZT"),
        ("Two million people saw it", ""),
        ("It drew 3 million views", ""),
        ("The channel has 1.5 million subscribers", ""),
        ("She was held for 15 days", ""),
        ("The dollar rose by 2 percent", ""),
        ("A billionaire sued 2 papers", ""),
        ("The hall seats 300 guests", ""),
        ("He lives at 20 Abay Street", ""),
        ("It takes 30 minutes", ""),
        ("The 100-page ruling", ""),
    ]);
}

#[test]
fn a_number_of_indices_needs_a_day() {
    let tables = tables();
    let check = |text: &str, published: Option<&str>, expect: &str| {
        let reading = read("", text, detector());
        let words = Words::of(&reading);
        let sums = super::super::money::all(&words, tables, published.map(day));
        let given: Vec<String> = sums.iter().map(|sum| sum.amount.to_string()).collect();
        assert_eq!(given.join(" "), expect, "{text} {published:?}");
    };
    check("штраф 5 МРП", Some("2017-06-01"), "11345");
    check("штраф 100 МРП", Some("2018-06-01"), "240500");
    check("штраф 20 МРП", Some("2025-03-01"), "78640");
    check("штраф 100 МРП", Some("2026-02-01"), "432500");
    check("штраф 1 МРП", Some("2020-03-31"), "2651");
    check("штраф 1 МРП", Some("2020-04-01"), "2778");
    check("штраф 20 МРП", Some("1999-01-01"), "");
    check("штраф 20 МРП", None, "");
}

#[test]
fn what_a_sum_is_for() {
    let tables = tables();
    let detector = detector();
    let check = |text: &str, expect: &[Option<Purpose>]| {
        let reading = read("", text, detector);
        let words = Words::of(&reading);
        let sums = super::super::money::all(&words, tables, Some(day("2017-11-20")));
        let given: Vec<_> =
            (0..sums.len()).map(|index| super::super::money::purpose(&words, tables, &sums, index)).collect();
        assert_eq!(given, expect, "{text}");
    };
    let (claim, award, other) = (Some(Purpose::Claim), Some(Purpose::Award), Some(Purpose::Other));
    check("Истец требует взыскать с газеты 5 млн тенге.", &[claim]);
    check("Истец оценил моральный вред в 5 млн тенге.", &[claim]);
    check("Суд взыскал с газеты 5 млн тенге.", &[award]);
    check("Суд обязал редакцию выплатить 200 тысяч тенге.", &[award]);
    check("С автора взыскана госпошлина 11 345 тенге.", &[other]);
    check("Блогера оштрафовали на 20 МРП.", &[other]);
    check("Он просил 10 млн тенге, а суд взыскал 1 млн тенге.", &[claim, award]);
    check("Редактора подозревают в вымогательстве 2 млн тенге.", &[other]);
    check("Талапкер газеттен 5 млн теңге өндіруді талап етеді.", &[claim]);
    check("Сот газеттен 500 мың теңге өндірді.", &[award]);
    check("Сот блогерге 45 380 теңге айыппұл салды.", &[other]);
    check("The bank demanded 100 million tenge from the weekly.", &[claim]);
    check("The court ordered the weekly to pay 500,000 tenge.", &[award]);
    check("The court fined the blogger 45,380 tenge.", &[other]);
    check("В доме 5 млн тенге.", &[None]);
}
