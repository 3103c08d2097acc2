//! Dates as pages and feeds write them.

use proptest::prelude::*;

use super::*;

fn hint() -> DateHint<'static> {
    let captured = Some("2026-11-24T06:00:00Z".parse().unwrap());
    DateHint { captured, kazakhstan: true, zone: None }
}

fn check(text: &str, hint: Option<DateHint<'_>>, expect: Option<&str>) {
    assert_eq!(date(text, hint).map(|moment| moment.to_string()).as_deref(), expect, "{text}");
}

#[test]
fn machine_dates_with_their_faults() {
    for text in [
        "Mon, 23 Nov 2026 09:05:00 +0500",
        "Mon, 23 Nov 2026 9:05 +0500",
        "Tue, 23 November 2026 09:05:00 +05:00",
        "23 Nov 26 09:05 +0500",
        "Mon 23-Nov-2026 09:05:00 +0500",
        "Пн, 23 ноя 2026 09:05:00 +0500",
        "Mon Nov 23 2026 09:05:00 GMT+0500 (East Kazakhstan Time)",
        "2026-11-23T09:05:00+05:00",
        "2026-11-23T09:05:00.000+0500",
        "2026-11-23 09:05:00 +05",
        "20261123T090500+0500",
        "Mon, 23 Nov 2026 09:05:00 ALMT",
    ] {
        check(text, None, Some("2026-11-23T09:05:00+05:00"));
    }
    check("Mon, 23 Nov 2026 09:05:00 GMT", None, Some("2026-11-23T09:05:00Z"));
    check("Mon, 23 Nov 2026 09:05:00 EST", None, Some("2026-11-23T09:05:00-05:00"));
    check("2026-11-23T09:05:00Z", None, Some("2026-11-23T09:05:00Z"));
    check("Mon Nov 23 09:05:00 2026", None, Some("2026-11-23T09:05:00Z"));
    check("2026-11", None, Some("2026-11-01T00:00:00Z"));
    check("1795424700", None, Some("2026-11-23T09:05:00Z"));
    check("1795424700000", None, Some("2026-11-23T09:05:00Z"));
    check("Wed, 14 Feb 2024 10:00 ALMT", None, Some("2024-02-14T10:00:00+06:00"));
}

#[test]
fn dates_for_people_in_three_languages() {
    for text in [
        "23.11.2026 09:05",
        "23.11.2026, 09:05",
        "23/11/2026 09:05",
        "23-11-2026 09:05",
        "09:05, 23.11.2026",
        "09:05 23.11.26",
        "23 ноября 2026, 09:05",
        "23 Ноябрь 2026 09:05",
        "Опубликовано: 23 ноября 2026 г. в 09:05",
        "понедельник, 23 ноября 2026 года, 09:05 (Астана)",
        "23 қараша 2026, 09:05",
        "2026 жылғы 23 қараша, 09:05",
        "2026 ж. 23 қарашада сағат 09:05",
        "23 Қараша, 2026 09:05",
        "23 қар. 2026 09:05",
        "23 qaraşa 2026, 09:05",
        "November 23, 2026 9:05 a.m.",
        "Nov. 23rd, 2026, 9:05 AM",
        "23rd of November 2026 09:05",
        "Published 9:05 AM, Mon November 23, 2026",
        "11/23/2026 9:05 AM",
        "2026/11/23 09:05",
        "23 ноября, 09:05",
        "23 қараша 09:05",
        "вчера, 09:05",
        "Кеше, 09:05",
        "yesterday at 09:05",
    ] {
        check(text, Some(hint()), Some("2026-11-23T09:05:00+05:00"));
    }
    check("сегодня, 08:00", Some(hint()), Some("2026-11-24T08:00:00+05:00"));
    check("12:30 p.m. Nov 3, 2026", Some(hint()), Some("2026-11-03T12:30:00+05:00"));
    check("12:05 am, 3 November 2026", Some(hint()), Some("2026-11-03T00:05:00+05:00"));
    check("23 ноября 2026", Some(hint()), Some("2026-11-23T00:00:00+05:00"));
    check("18 декабря, 10:00", Some(hint()), Some("2025-12-18T10:00:00+05:00"));
    check("5 мая 2026", Some(hint()), Some("2026-05-05T00:00:00+05:00"));
    check("09:05 МСК, 23 ноября 2026", Some(hint()), Some("2026-11-23T09:05:00+03:00"));
}

#[test]
fn the_offset_of_kazakhstan_changed_once() {
    check("29.02.2024 23:59", Some(hint()), Some("2024-02-29T23:59:00+06:00"));
    check("01.03.2024 00:00", Some(hint()), Some("2024-03-01T00:00:00+05:00"));
    check("29.02.2024 23:59", None, Some("2024-02-29T23:59:00Z"));
}

#[test]
fn a_source_may_keep_another_clock() {
    let check = |zone: &str, text: &str, expect: &str| {
        let zone = TimeZone::get(zone).unwrap();
        let hint = DateHint { zone: Some(&zone), ..hint() };
        assert_eq!(date(text, Some(hint)).unwrap().to_string(), expect, "{zone:?}: {text}");
    };
    // The west of Kazakhstan had +05:00 all along.
    check("Asia/Aqtau", "29.02.2024 23:59", "2024-02-29T23:59:00+05:00");
    check("Asia/Aqtau", "01.03.2024 00:00", "2024-03-01T00:00:00+05:00");
    check("Asia/Almaty", "29.02.2024 23:59", "2024-02-29T23:59:00+06:00");
    check("Asia/Bishkek", "23.11.2026 09:05", "2026-11-23T09:05:00+06:00");
    // What names its zone means it; an hour told twice is the first of them.
    check("Asia/Bishkek", "23.11.2026 09:05 +0500", "2026-11-23T09:05:00+05:00");
    check("Europe/London", "25.10.2026 01:30", "2026-10-25T01:30:00+01:00");
}

#[test]
fn the_order_of_day_and_month_follows_the_signs() {
    check("03.04.2026", None, Some("2026-04-03T00:00:00Z"));
    check("03/04/2026", None, Some("2026-04-03T00:00:00Z"));
    check("03/04/2026 5:00 PM", None, Some("2026-03-04T17:00:00Z"));
    check("04/13/2026", None, Some("2026-04-13T00:00:00Z"));
    // The fourth of December has not come yet.
    check("04/12/2026", Some(DateHint { kazakhstan: false, ..hint() }), Some("2026-04-12T00:00:00Z"));
}

#[test]
fn no_day_no_date() {
    for text in [
        "",
        "09:05",
        "ноябрь 2026",
        "2026",
        "may be",
        "версия 1.2.3",
        "32.13.2026",
        "31 ноября 2026",
        "87 777 123 45 67",
        "23 ноября",
        "вчера",
        "0000-00-00T00:00:00Z",
        "192.168.10.2026",
        "Mon, 99 Xyz 2026",
    ] {
        check(text, None, None);
    }
}

#[test]
fn the_future_is_refused() {
    check("2026-11-25T05:59:00Z", Some(hint()), Some("2026-11-25T05:59:00Z"));
    check("2026-11-25T06:01:00Z", Some(hint()), None);
    check("2126-11-25T06:01:00Z", None, None);
}

#[test]
fn addresses_may_name_the_day() {
    let check = |address: &str, expect: Option<&str>| {
        assert_eq!(day_of_address(address).map(|day| day.to_string()).as_deref(), expect, "{address}");
    };
    check("https://outlet.example/2026/11/23/slug", Some("2026-11-23"));
    check("https://outlet.example/news/2026-11-23-slug.html", Some("2026-11-23"));
    check("https://outlet.example/20261123/slug", Some("2026-11-23"));
    check("https://outlet.example/2026/11/slug", None);
    check("https://outlet.example/2026/13/23/slug", None);
    check("https://outlet.example/a12026/11/23/slug", None);
    check("https://outlet.example/news/2026112345", None);
    check("https://2026-11-23.example/slug?d=2026-11-23", None);
    check("outlet", None);
}

proptest! {
    #[test]
    fn no_text_is_a_panic(text in "([0-9]{1,14}|[-:+.,/ ]|[tzамp.]|ноября|қараша|may|gmt|сегодня|\\PC){0,24}") {
        date(&text, None);
        date(&text, Some(hint()));
        day_of_address(&text);
    }

    #[test]
    fn rfc3339_is_read_as_written(seconds in 0_i64..4_000_000_000, minutes in -840_i32..=840) {
        let offset = Offset::from_seconds(minutes * 60).unwrap();
        let moment = Moment { timestamp: Timestamp::from_second(seconds).unwrap(), offset };
        prop_assert_eq!(date(&moment.to_string(), None), Some(moment));
    }
}
