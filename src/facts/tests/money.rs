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
