//! C. Courts.

use super::check;

/// A suit of February, 5m, counted then.
const SUIT: &str = "2031-02-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=5m";
const COUNTED: &str = "02: F4, F5n, F9 +5m; ";

fn check_suit(number: &str, rows: &[&str], expect: &str) {
    let rows: Vec<&str> = std::iter::once(SUIT).chain(rows.iter().copied()).collect();
    check(number, &rows, &format!("{COUNTED}{expect}"));
}

#[test]
fn acts_have_their_own_sign() {
    check_suit(
        "28",
        &["2031-05-10 | defamation_suit/civil | judgment | as=A / outcome=mixed / gets=2m"],
        "05: F6 mixed, F10 +2m, F10g +2m",
    );
    let judged = "2031-05-10 | defamation_suit/civil | judgment | as=A / outcome=mixed / gets=2m";
    check_suit(
        "29",
        &[judged, "2031-09-10 | defamation_suit/civil | appeal | as=A / instance=appeal / outcome=mixed / gets=500k"],
        "05: F6 mixed, F10 +2m, F10g +2m; 09: F6 mixed, F7a, F10 -1500000",
    );
    check_suit(
        "30",
        &[judged, "2031-09-10 | defamation_suit/civil | appeal | as=A / instance=appeal / outcome=against"],
        "05: F6 mixed, F10 +2m, F10g +2m; 09: F6 against, F7a",
    );
    check_suit(
        "30, the sum said again",
        &[judged, "2031-09-10 | defamation_suit/civil | appeal | as=A / outcome=against / gets=2m"],
        "05: F6 mixed, F10 +2m, F10g +2m; 09: F6 against, F7a",
    );
    check_suit(
        "31",
        &[
            "2031-04-10 | defamation_suit/civil | judgment | as=A / outcome=for",
            "2031-07-10 | defamation_suit/civil | appeal | as=A / outcome=for",
        ],
        "04: F6 for; 07: F6 for, F7a",
    );
}

#[test]
fn a_retrial_is_an_act_and_no_new_claim() {
    let judged = "2031-07-10 | defamation_suit/civil | judgment | as=A / outcome=mixed / gets=1m";
    let fell = "2031-11-10 | defamation_suit/civil | appeal | as=A / outcome=for";
    check_suit("32", &[judged, fell], "07: F6 mixed, F10 +1m, F10g +1m; 11: F6 for, F7a, F10 -1000000");
    check_suit(
        "33",
        &[judged, fell, "2031-12-10 | defamation_suit/civil | judgment | as=A / outcome=mixed / gets=3m"],
        "07: F6 mixed, F10 +1m, F10g +1m; 11: F6 for, F7a, F10 -1000000; 12: F6 mixed, F10 +3m",
    );
    check_suit(
        "34",
        &[
            "2031-03-10 | defamation_suit/civil | judgment | as=A / outcome=for",
            "2031-06-10 | defamation_suit/civil | appeal | as=A / outcome=against",
        ],
        "03: F6 for; 06: F6 against, F7a",
    );
}

#[test]
fn awards_of_earlier_years_have_their_own_line() {
    let old = "2030-11-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=9m";
    check("35", &[old, "2031-02-10 | defamation_suit/civil | judgment | as=A / outcome=for"], "01: F5c; 02: F6 for");
    let older = "2030-05-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=9m";
    let given = "2030-12-10 | defamation_suit/civil | judgment | as=A / outcome=mixed / gets=5m";
    check(
        "36",
        &[older, given, "2031-02-10 | defamation_suit/civil | appeal | as=A / outcome=mixed / gets=2m"],
        "01: F5c; 02: F6 mixed, F7a, earlier -3000000",
    );
    check(
        "37",
        &[
            older,
            given,
            "2031-02-10 | defamation_suit/civil | appeal | as=A / outcome=for",
            "2031-09-10 | defamation_suit/civil | judgment | as=A / outcome=mixed / gets=1m",
        ],
        "01: F5c; 02: F6 for, F7a, earlier -5000000; 09: F6 mixed, F10 +1m, F10g +1m",
    );
}

#[test]
fn one_act_is_counted_once() {
    check_suit(
        "38",
        &["2031-05-10 | defamation_suit/civil | judgment | as=A / outcome=mixed / gets=0"],
        "05: F6 mixed",
    );
    check_suit(
        "38, a row for each defendant",
        &[
            "2031-05-10 | defamation_suit/civil | judgment | as=A / to=Күн (outlet) / outcome=against / gets=0",
            "2031-05-10 | defamation_suit/civil | judgment | as=A / to=Бекова (journalist) / outcome=for",
        ],
        "05: F6 mixed, R 1",
    );
    let suits = ["A", "B", "C"]
        .map(|name| format!("2031-03-04 | defamation_suit/civil | claim | as={name} / to=Күн (outlet) / asks=0"));
    let filed: Vec<&str> = suits.iter().map(String::as_str).collect();
    let joined: Vec<&str> =
        filed.iter().copied().chain(["2031-06-04 | defamation_suit/civil | judgment | as=A / outcome=mixed"]).collect();
    check("39", &joined, "03: F4 3, F5n 3; 06: F6 mixed");
    let judged = ["A", "B", "C"]
        .map(|name| format!("2031-06-04 | defamation_suit/civil | judgment | as={name} / outcome=against / gets=0"));
    let unjoined: Vec<&str> = filed.iter().copied().chain(judged.iter().map(String::as_str)).collect();
    check("40", &unjoined, "03: F4 3, F5n 3; 06: F6 3, against 3");
}

#[test]
fn what_ends_or_does_not_end_a_case() {
    check_suit(
        "41",
        &["2031-05-10 | defamation_suit/civil | closed | as=A / outcome=mixed / note=settled, article removed"],
        "05: F6 mixed",
    );
    check_suit(
        "42",
        &["2031-05-10 | defamation_suit/civil | closed | as=A / outcome=for / direction=relief"],
        "05: F6 for",
    );
    check_suit(
        "43",
        &[
            "2031-03-10 | defamation_suit/civil | trial | as=A / outcome=pending",
            "2031-04-10 | defamation_suit/civil | trial | as=A",
            "2031-05-10 | defamation_suit/civil | appeal | as=A / instance=appeal / outcome=pending",
        ],
        "",
    );
    check(
        "43a",
        &[
            "2031-05-10 | criminal_prosecution/defamation; defamation_suit/criminal | judgment | to=Аман (blogger) / outcome=for",
            "2031-05-12 | administrative_prosecution/fine; defamation_suit/administrative | appeal | to=Аман (blogger) / outcome=for",
        ],
        "05: R 2",
    );
    check_suit(
        "44",
        &[
            "2031-03-10 | defamation_suit/civil; blocking/takedown_order | trial | as=A / to=Күн (outlet) / direction=restriction",
        ],
        "03: blk 1",
    );
    check_suit(
        "45",
        &["2031-03-10 | defamation_suit/civil; blocking/takedown_order | judgment | as=A / outcome=mixed / gets=0"],
        "03: F6 mixed",
    );
    check_suit(
        "46",
        &[
            "2031-03-10 | defamation_suit/civil | judgment | as=A / outcome=against / gets=1m",
            "2031-04-10 | defamation_suit/civil | trial | as=A / outcome=pending / gets=0",
            "2031-06-10 | defamation_suit/civil | judgment | as=A / outcome=for",
        ],
        "03: F6 against, F10 +1m, F10g +1m; 04: F10 -1000000; 06: F6 for",
    );
    check_suit(
        "47",
        &["2031-11-29 | defamation_suit/civil | judgment | as=A / outcome=for / note=full text of 6 December"],
        "11: F6 for",
    );
    check_suit(
        "48",
        &[
            "2031-03-10 | defamation_suit/civil | judgment | as=A / outcome=for",
            "2031-09-10 | defamation_suit/civil | closed | as=A / instance=cassation / direction=restriction",
        ],
        "03: F6 for",
    );
    check_suit(
        "49",
        &[
            "2031-03-10 | defamation_suit/civil | judgment | as=A / outcome=mixed / gets=1m",
            "2031-09-10 | defamation_suit/civil | trial | as=A / gets=1m / note=paid by bailiffs",
        ],
        "03: F6 mixed, F10 +1m, F10g +1m",
    );
}
