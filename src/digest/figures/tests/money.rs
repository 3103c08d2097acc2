//! B. Money.

use super::{Archive, check};
use crate::digest::figures::Month;

#[test]
fn sums_are_claimed_once_and_at_their_highest() {
    check(
        "18",
        &[
            "2031-02-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=2m",
            "2031-06-15 | defamation_suit/civil | claim | as=A / asks=10m",
        ],
        "02: F4, F5n, F9 +2m; 06: F9 +8m",
    );
    check(
        "18, as a hearing",
        &[
            "2031-02-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=2m",
            "2031-06-15 | defamation_suit/civil | trial | as=A / asks=10m / outcome=pending",
        ],
        "02: F4, F5n, F9 +2m; 06: F9 +8m",
    );
    check(
        "19",
        &[
            "2031-02-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=10m",
            "2031-07-15 | defamation_suit/civil | trial | as=A / asks=1m",
        ],
        "02: F4, F5n, F9 +10m",
    );
    check(
        "20",
        &[
            "2031-03-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=5m",
            "2031-06-15 | defamation_suit/civil | closed | as=A / outcome=for",
        ],
        "03: F4, F5n, F9 +5m; 06: F6 for",
    );
    check(
        "an increase in a matter carried over",
        &[
            "2030-12-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=5m",
            "2031-06-15 | defamation_suit/civil | trial | as=A / asks=7m",
        ],
        "01: F5c; 06: F9 +2m",
    );
    check(
        "27",
        &["2031-03-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=5m"],
        "03: F4, F5n, F9 +5m",
    );
}

#[test]
fn only_moral_damage_is_moral_damage() {
    check(
        "21",
        &[
            "2031-05-03 | defamation_suit/civil | claim | to=Күн (outlet) / by=АО «Тас» (legal_person) / asks=50m / kind=loss",
        ],
        "05: F4, F5n, losses +50m",
    );
    check(
        "21, the duty alone",
        &[
            "2031-05-03 | defamation_suit/civil | claim | to=Күн (outlet) / by=АО «Тас» (legal_person) / asks=11345 / kind=costs",
        ],
        "05: F4, F5n",
    );
    check(
        "22, the statement in hand says moral damage",
        &[
            "2031-05-03 | defamation_suit/civil | claim | to=Күн (outlet) / by=ТОО «Тас» (legal_person) / asks=20m / kind=moral",
        ],
        "05: F4, F5n, F9 +20m",
    );
    check(
        "22, from the press alone",
        &["2031-05-03 | defamation_suit/civil | claim | to=Күн (outlet) / by=ТОО «Тас» (legal_person) / asks=20m"],
        "05: F4, F5n, F9? 1",
    );
    check(
        "23",
        &["2031-05-06 | defamation_suit/civil | claim | to=Күн (outlet) / asks=10000 / currency=USD"],
        "05: F4, F5n, F9 +4500000",
    );
    check(
        "23, no rate",
        &["2031-05-07 | defamation_suit/civil | claim | to=Күн (outlet) / asks=10000 / currency=USD"],
        "05: F4, F5n, F9? 1",
    );
    check("24", &["2031-05-07 | defamation_suit/civil | claim | to=Күн (outlet) / asks=1"], "05: F4, F5n, F9 +1");
    check(
        "25",
        &[
            "2031-05-07 | criminal_prosecution/defamation; defamation_suit/criminal | claim | to=Аман (blogger) / asks=3m",
        ],
        "05: F1, cc +3m",
    );
    check(
        "26",
        &[
            "2030-05-07 | criminal_prosecution/defamation; defamation_suit/criminal | claim | as=A / to=Аман (blogger)",
            "2031-02-07 | criminal_prosecution/defamation; defamation_suit/criminal | judgment | as=A / outcome=against / gets=200 / currency=MCI / kind=fine",
            "2031-02-07 | criminal_prosecution/defamation; defamation_suit/criminal | judgment | as=A / outcome=against / gets=300k / kind=moral",
        ],
        "01: F2c; 02: ca +300k, sent 1",
    );
}

#[test]
fn an_unknown_sum_that_becomes_known_is_unknown_no_more() {
    let archive = Archive::of(&[
        "2031-02-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet)",
        "2031-06-15 | defamation_suit/civil | judgment | as=A / asks=5m / outcome=for",
    ]);
    let unknown = |month| archive.report(Month { year: 2031, month }).get("claimed_ytd").unwrap().unknown;
    assert_eq!((unknown(2), unknown(5), unknown(6)), (1, 1, 0));
}
