//! A. Civil claims: how many.

use super::check;

#[test]
fn claims_are_counted_by_matter() {
    check(
        "1",
        &[
            "2031-03-04 | defamation_suit/civil | claim | to=Дала Сөзі (outlet); Күн (outlet); Бекова (journalist) / by=Оспан (individual) / asks=3m / kind=joint",
        ],
        "03: F4, F5n, F9 +3m, O 2, P 1",
    );
    check(
        "2",
        &[
            "2031-03-04 | defamation_suit/civil | claim | to=Дала Сөзі (outlet); Күн (outlet); Бекова (journalist) / by=Оспан (individual) / asks=3m / kind=moral each",
        ],
        "03: F4, F5n, F9 +9m, O 2, P 1",
    );
    check(
        "2, the text does not say",
        &[
            "2031-03-04 | defamation_suit/civil | claim | to=Дала Сөзі (outlet); Күн (outlet); Бекова (journalist) / asks=3m",
        ],
        "03: F4, F5n, F9 +3m",
    );
    check(
        "3",
        &[
            "2031-03-04 | defamation_suit/civil | claim | to=Tau.example (outlet) / by=Айдар (official); Берік (official); Гүлім (official) / asks=1m / kind=moral each",
        ],
        "03: F4, F5n, F9 +3m, O 1",
    );
    check(
        "4",
        &[
            "2031-03-04 | defamation_suit/civil | claim | as=A / to=Tau.example (outlet) / by=Айдар (official) / asks=1m",
            "2031-03-04 | defamation_suit/civil | claim | as=B / to=Tau.example (outlet) / by=Берік (official) / asks=1m",
            "2031-03-04 | defamation_suit/civil | claim | as=C / to=Tau.example (outlet) / by=Гүлім (official) / asks=1m",
            "2031-03-20 | defamation_suit/civil | trial | as=A / note=joined with two others",
        ],
        "03: F4 3, F5n 3, F9 +3m",
    );
    check(
        "5",
        &[
            "2031-03-10 | defamation_suit/letter | claim | as=A / to=Күн (outlet) / asks=3m",
            "2031-05-05 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=5m",
        ],
        "03: F5n, F9 +3m; 05: F4, F9 +2m",
    );
    check(
        "6",
        &[
            "2030-12-10 | defamation_suit/letter | claim | as=A / to=Күн (outlet) / asks=3m",
            "2031-02-05 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=3m",
        ],
        "02: F4, F5n, civ -1, F9 +3m",
    );
    check(
        "7",
        &["2031-03-10 | defamation_suit/letter | claim | to=Сайт 1 (outlet) / by=ТОО «Тас» (individual) / asks=1m"; 5],
        "03: F5n 5, F9 +5m",
    );
    check(
        "8",
        &[
            "2031-03-10 | defamation_suit/letter | claim | to=Сайт 1 (outlet); Сайт 2 (outlet); Сайт 3 (outlet); Сайт 4 (outlet); Сайт 5 (outlet) / asks=1m / kind=moral joint",
        ],
        "03: F5n, F9 +1m, O 5",
    );
}

#[test]
fn a_matter_that_comes_back_is_the_same_matter() {
    check(
        "9",
        &[
            "2031-04-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=0",
            "2031-04-10 | defamation_suit/civil | trial | as=A / outcome=pending / note=returned, wrong court",
            "2031-04-20 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=0",
        ],
        "04: F4, F5n",
    );
    check(
        "10",
        &[
            "2031-06-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=0",
            "2031-08-10 | defamation_suit/civil | closed | as=A / outcome=for",
            "2031-10-20 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=0",
        ],
        "06: F4, F5n; 08: F6 for",
    );
    check(
        "10, refiled in a later year",
        &[
            "2030-06-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=1m",
            "2030-08-10 | defamation_suit/civil | closed | as=A / outcome=for",
            "2031-10-20 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=1m",
        ],
        "10: F4, F5n, civ -1, F9 +1m",
    );
    check(
        "11",
        &[
            "2031-05-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / asks=0",
            "2031-05-03 | defamation_suit/civil | claim | as=B / to=Күн (outlet) / asks=0",
        ],
        "05: F4 2, F5n 2",
    );
    check(
        "12",
        &[
            "2030-11-03 | defamation_suit/civil | claim | as=A / to=Күн (outlet) / by=Айдар (official) / asks=1m",
            "2031-05-03 | defamation_suit/civil | claim | as=A / to=Айдар (other) / by=Күн (legal_person) / asks=9m / kind=moral",
        ],
        "01: F5c",
    );
}

#[test]
fn what_is_no_honour_claim_is_none() {
    check(
        "13",
        &["2031-05-03 | defamation_suit/civil | claim | to=Аман (blogger) / by=Садыр (journalist) / asks=500k"],
        "05: F4, F5n, F9 +500k, P 1",
    );
    check(
        "14",
        &[
            "2031-02-03 | access_to_information/refusal | incident | as=A / to=Садыр (journalist) / actors=ministry",
            "2031-05-03 | access_to_information/refusal | claim | as=A / to=Садыр (journalist) / asks=500k",
        ],
        "02: info",
    );
    check(
        "14, the suit entered by itself",
        &["2031-05-03 | access_to_information/refusal | claim | to=Садыр (journalist) / asks=500k"],
        "",
    );
    check(
        "15",
        &["2031-05-03 | defamation_suit/civil | claim | to=Күн (outlet) / articles=CivC 145 / asks=200k"],
        "05: civ",
    );
    check(
        "15, with honour beside the image",
        &["2031-05-03 | defamation_suit/civil | claim | to=Күн (outlet) / articles=CivC 143; CivC 145 / asks=200k"],
        "05: F4, F5n, F9 +200k",
    );
    check("16", &["2031-05-03 | defamation_suit/civil | claim | to=Күн (outlet) / asks=0"], "05: F4, F5n");
    check("17", &["2031-05-03 | defamation_suit/civil | claim | to=Күн (outlet)"], "05: F4, F5n, F9? 1");
}
