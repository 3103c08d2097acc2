//! J. November 2017: an invented set that comes to the printed figures of the real report, and springs
//! its traps. How 55 and 70 part into new and carried over is not in the published page: 51 + 4 and
//! 62 + 8 are invented.

use super::Archive;
use crate::digest::figures::{Figures, Month, Period, bridge};

/// The rows of a queue file: enough of a year for the eleventh month.
pub(crate) fn november_2017() -> Archive {
    let mut rows: Vec<String> = Vec::new();
    // Four criminal cases of 2016 still run; one more had ended then.
    for number in 1..=4 {
        rows.push(format!(
            "2016-09-{:02} | criminal_prosecution/incitement | investigation | as=O{number} / to=Айыпкер{number} (social_network_user) / articles=CC 174",
            number + 1
        ));
    }
    rows.push(
        "2016-03-02 | criminal_prosecution/economic | charge | as=M / to=Сейдахмет Тоқты (journalist)".to_owned(),
    );
    rows.push("2016-10-03 | criminal_prosecution/economic; arrest/imprisonment | judgment | as=M / to=Сейдахмет Тоқты (journalist) / outcome=against".to_owned());
    rows.push("2017-11-16 | arrest/release; criminal_prosecution/economic | release | as=M / to=Сейдахмет Тоқты (journalist) / direction=relief".to_owned());
    // 47 of January to October as they happened, three learned late, two of November; one was entered
    // twice, and merged in November: 47 + 1 + 3 + 2 - 1 + 4 carried over − 1 = 55.
    for number in 0..46 {
        let (month, day) = (number % 10 + 1, number % 27 + 1);
        let charge = ["incitement", "false_information", "defamation", "insult"][number % 4];
        rows.push(format!(
            "2017-{month:02}-{day:02} | criminal_prosecution/{charge} | investigation | as=C{number} / to=Блогер{number} (blogger)"
        ));
    }
    for (number, day) in [(1, "2017-08-11"), (2, "2017-09-12"), (3, "2017-10-30")] {
        rows.push(format!(
            "{day} | criminal_prosecution/incitement | investigation | as=L{number} / to=Кеш{number} (blogger) / learned=2017-11-03"
        ));
    }
    rows.push(
        "2017-10-12 | criminal_prosecution/incitement | investigation | as=TWIN / to=Блогар0 (blogger)".to_owned(),
    );
    rows.push("2017-10-12 | criminal_prosecution/incitement | investigation | id=TWIN / decision=duplicate / of=C0 / learned=2017-11-20".to_owned());
    for number in 1..=2 {
        rows.push(format!(
            "2017-11-{:02} | criminal_prosecution/extremism_terrorism | investigation | as=N{number} / to=Қараша{number} (social_network_user) / articles=CC 256",
            number + 7
        ));
    }
    // Eight civil cases of 2016 still run.
    for number in 1..=8 {
        rows.push(format!(
            "2016-10-{:02} | defamation_suit/civil | claim | as=P{number} / to=Газет{number} (outlet) / asks=1m",
            number + 1
        ));
    }
    // 58 suits and letters of the year at 3m, and those that spring traps.
    for number in 0..55 {
        let (month, day) = (number % 10 + 1, number % 27 + 1);
        let kind = if number % 3 == 0 { "letter" } else { "civil" };
        rows.push(format!(
            "2017-{month:02}-{day:02} | defamation_suit/{kind} | claim | as=S{number} / to=Сайт{number} (outlet) / asks=3m"
        ));
    }
    rows.extend(
        [
            // A letter that became a suit.
            "2017-11-10 | defamation_suit/civil | claim | as=S0 / to=Сайт0 (outlet) / asks=3m",
            // In dollars, at 330 tenge: 3,300,000.
            "2017-04-04 | defamation_suit/civil | claim | as=D / to=Дала.example (outlet) / asks=10000 / currency=USD",
            // A firm's loss, a duty, an unknown sum.
            "2017-05-04 | defamation_suit/civil | claim | as=F / to=Тау.example (outlet) / by=АО «Жол» (legal_person) / asks=50m / kind=loss",
            "2017-06-04 | defamation_suit/civil | claim | as=U / to=Күн.example (outlet)",
            "2017-03-20 | defamation_suit/civil | claim | as=K / to=Рәтел.example (outlet); Форум.example (outlet) / by=АО «Жол» (legal_person) / asks=0",
            "2017-07-21 | defamation_suit/civil; blocking/takedown_order | judgment | as=K / outcome=mixed / gets=11345 / kind=costs",
            // The rest of the sum claimed: 195,460,000 − 55 × 3m − 3.3m = 27,160,000 in three matters.
            "2017-07-05 | defamation_suit/civil | claim | as=X / to=Апта (outlet) / asks=7m",
            "2017-08-05 | defamation_suit/civil | claim | as=Y / to=Айна (outlet) / asks=20m",
            "2017-09-05 | defamation_suit/letter | claim | as=Z / to=Арна (outlet) / asks=160k",
            // Awards: 60m cut to 44m; 10m in a case of 2016; 20,000 stands alone.
            "2017-02-15 | defamation_suit/civil | judgment | as=P1 / outcome=against / gets=10m",
            "2017-05-15 | defamation_suit/civil | judgment | as=S1 / outcome=mixed / gets=60m",
            "2017-08-15 | defamation_suit/civil | appeal | as=S1 / instance=appeal / outcome=mixed / gets=44m",
            "2017-10-15 | defamation_suit/civil | judgment | as=S2 / outcome=mixed / gets=20k",
            "2017-10-16 | defamation_suit/civil | judgment | as=S4 / outcome=against / gets=2m",
            "2017-10-17 | defamation_suit/civil | judgment | as=S5 / outcome=for",
            // The five acts of November: three in appeal, four in favour; one of them overturned for
            // retrial, the case goes on.
            "2017-11-06 | defamation_suit/civil | appeal | as=K / instance=appeal / outcome=for / note=sent to another panel",
            "2017-11-08 | defamation_suit/civil | appeal | as=S4 / instance=appeal / outcome=for",
            "2017-11-21 | defamation_suit/civil | appeal | as=S5 / instance=appeal / outcome=for",
            "2017-11-22 | defamation_suit/civil | judgment | as=S7 / outcome=for",
            "2017-11-23 | defamation_suit/civil | judgment | as=S8 / outcome=mixed / gets=0",
            // Criminal libel stays out of F4–F10.
            "2017-11-24 | criminal_prosecution/defamation; defamation_suit/criminal | judgment | as=C2 / to=Блогер2 (blogger) / outcome=for",
            "2017-11-25 | criminal_prosecution/defamation; defamation_suit/criminal | appeal | as=C6 / to=Блогер6 (blogger) / outcome=against / asks=5m",
            "2017-11-22 | legislation/draft | draft",
        ]
        .map(str::to_owned),
    );
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    Archive::of(&rows)
}

fn month(archive: &Archive, month: i8) -> Figures {
    archive.report(Month { year: 2017, month })
}

#[test]
fn the_printed_figures_come_out() {
    let archive = november_2017();
    let november = month(&archive, 11);
    let part = |id: &str, name: &str| november.get(id).unwrap().parts.iter().find(|(part, _)| *part == name).unwrap().1;
    assert_eq!(november.value("criminal_charges_month"), 2);
    assert_eq!(november.value("criminal_charges_ytd"), 55);
    assert_eq!((part("criminal_charges_ytd", "new"), part("criminal_charges_ytd", "carried_over")), (51, 4));
    assert_eq!(november.value("judicial_acts_month"), 5);
    assert_eq!(november.value("judicial_acts_appeal_month"), 3);
    assert_eq!(november.value("judicial_acts_cassation_month"), 0);
    assert_eq!(november.value("judicial_acts_for_speaker_month"), 4);
    assert_eq!(part("judicial_acts_month", "mixed"), 1);
    assert_eq!(november.value("claims_ytd"), 70);
    assert_eq!((part("claims_ytd", "new"), part("claims_ytd", "carried_over")), (62, 8));
    assert_eq!(november.value("claimed_ytd"), 195_460_000 * 100);
    assert_eq!(november.get("claimed_ytd").unwrap().unknown, 1);
    assert_eq!(november.value("awarded_ytd"), 54_020_000 * 100);
    assert_eq!(november.value("awarded_gross_ytd"), 72_020_000 * 100);
    assert_eq!(november.value("other_losses_claimed_ytd"), 50_000_000 * 100);
    assert_eq!(november.value("late_month"), 3);
    assert_eq!(november.value("corrected_month"), -1);
    assert_eq!(november.value("a_det_ytd"), 0, "a release on parole adds to nothing");
}

#[test]
fn months_do_not_add_up_to_the_year_and_the_bridge_does() {
    let archive = november_2017();
    let sum = |id: &str| (1..=11).map(|number| month(&archive, number).value(id)).sum::<i64>();
    assert_ne!(sum("criminal_charges_month"), 55);
    assert_ne!(sum("suits_month"), 70);
    for number in 1..=12 {
        let period = Period::month(Month { year: 2017, month: number });
        for line in archive.with(|sources| bridge(period, sources)) {
            assert!(line.holds(), "{number:02}: {line:?}");
        }
    }
}
