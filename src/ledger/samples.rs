//! Invented records for tests.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Act, Record};
use crate::model::{
    Actor, Awaited, ByHand, Card, Category, Claimant, ClaimantKind, Decision, Entry, Evidence, Fields, Found, Health,
    Judged, Label, Lang, Moment, Part, Poll, Quarantine, Review, Role, Script, Story, Target, Telling, Verdict, Visit,
};

/// So many minutes after the house began its watch.
pub(crate) fn minute(n: i64) -> Timestamp {
    Timestamp::from_second(1_510_790_400 + 60 * n).unwrap()
}

/// A story kept, with a verdict whose score has more digits than it needs.
pub(crate) fn judged(n: u32, candidate: bool, head: Option<&str>) -> Judged {
    let text = format!(
        "Редактор газеты «Тау» Марат Ерланов оштрафован.\n\nСот шешімі бойынша айыппұл — {n} теңге. The editor will appeal."
    );
    let score = if candidate { 0.1 + f64::from(n % 8) / 9.0 } else { 0.01 };
    Judged {
        story: Story {
            id: format!("s{n:016x}"),
            url: Some(format!("https://tau.example/{n}")),
            title: format!("Суд оштрафовал редактора, дело {n}"),
            text,
            published: Some(Moment::utc(minute(i64::from(n)))),
            byline: None,
            source: Some("Tau".to_owned()),
        },
        verdict: Verdict {
            id: format!("s{n:016x}"),
            lang: Lang::RU,
            langs: vec![Lang::RU, Lang::KK, Lang::EN],
            script: Script::Cyrillic,
            candidate,
            score,
            country: Some("KZ".to_owned()),
            categories: vec![Label {
                id: Category::AdministrativeProsecution,
                subtype: Some("fine".to_owned()),
                score: 1.0 / 3.0,
            }],
            fields: Fields { actors: vec![Actor::Court], ..Fields::default() },
            spans: BTreeMap::new(),
            evidence: vec![Evidence {
                rule: "fine-editor".to_owned(),
                start: 0,
                end: 16,
                text: "Редактор".to_owned(),
                part: Part::Text,
                weight: 2.3,
                words: Vec::new(),
            }],
            against: Vec::new(),
            case: None,
            dup: None,
        },
        rule_set: "1-0a1b".to_owned(),
        captured: minute(i64::from(n) + 5),
        head: head.map(str::to_owned),
        shows: None,
        second_look: None,
        let_go: None,
        capture: None,
        link: None,
    }
}

/// A record that keeps such a story.
pub(crate) fn story(n: u32, candidate: bool) -> Record {
    Record::Story(Box::new(judged(n, candidate, None)))
}

/// The records that keep story `n` as a reprint of story `head`.
pub(crate) fn reprint(n: u32, head: u32, candidate: bool) -> Vec<Record> {
    let head = format!("s{head:016x}");
    let judged = judged(n, candidate, Some(&head));
    let story = &judged.story;
    let telling = Telling {
        id: story.id.clone(),
        source: Some("Dala".to_owned()),
        title: story.title.clone(),
        url: story.url.clone(),
        published: story.published,
    };
    vec![Record::Story(Box::new(judged)), Record::Told { head, telling }]
}

/// A record of a visit to the page of story `n`, so many minutes later.
pub(crate) fn visit(n: u32, minutes: i64, found: Found) -> Record {
    Record::Visit { id: format!("s{n:016x}"), visit: Visit { at: minute(minutes), found } }
}

/// An announced page that has not come yet.
pub(crate) fn awaited(source: &str, n: u32) -> Awaited {
    let url = format!("https://tau.example/late/{n}");
    let title = Some("Редактор задержан".to_owned());
    let entry =
        Entry { feed_title: None, id: None, url: Some(url.clone()), title, published: None, summary: None, post: None };
    let since = minute(i64::from(n));
    Awaited { source: source.to_owned(), url, entry, since, tries: n, next: since }
}

/// What a cycle notes beside its stories.
pub(crate) fn notes(n: u32) -> Vec<Record> {
    let address = format!("https://tau.example/note/{n}");
    vec![
        Record::Seen { url: address.clone(), story: (n.is_multiple_of(2)).then(|| format!("s{n:016x}")) },
        Record::Quarantine(Quarantine {
            origin: address,
            source: Some("Tau".to_owned()),
            reason: "no article on this page".to_owned(),
            at: minute(i64::from(n)),
        }),
        Record::Poll {
            feed: format!("https://tau.example/feed/{}", n % 3),
            poll: Poll { failures: f64::from(n) * 0.1, error: Some("no answer".to_owned()), ..Poll::default() },
        },
        Record::Health {
            date: jiff::civil::date(2017, 11, 1 + (n % 20) as i8),
            source: if n.is_multiple_of(2) { "Tau" } else { "Дала" }.to_owned(),
            health: Health { polls_ok: n, stories: 1, ..Health::default() },
        },
    ]
}

/// A decision on story `n`, with everything filled in that a person types.
pub(crate) fn review(n: u32, decision: Option<Decision>, nth: u32) -> Review {
    Review {
        id: format!("s{n:016x}"),
        reviewer: "айгүл".to_owned(),
        at: minute(i64::from(nth)),
        decision,
        card: Card {
            headline: Some("Редактор оштрафован".to_owned()),
            targets: vec![Target { name: "Марат Ерланов".to_owned(), role: Role::Editor }],
            claimants: vec![Claimant { name: "Асан Тасов".to_owned(), kind: Some(ClaimantKind::Official) }],
            country: Some("KZ".to_owned()),
            ..Card::default()
        },
        note: Some("Звонила, подтвердил сам".to_owned()),
        by_hand: None,
        fingerprint: format!("row {n} {nth}"),
        takes_back: None,
        saw: None,
    }
}

/// An event entered by hand.
pub(crate) fn by_hand(nth: u32) -> Review {
    Review {
        id: format!("h{nth}"),
        note: None,
        by_hand: Some(ByHand {
            title: Some("Журналисту отказали в аккредитации".to_owned()),
            source: "звонок Данияра".to_owned(),
            ..ByHand::default()
        }),
        ..review(0, Some(Decision::Confirm), nth)
    }
}

/// One act of each kind.
pub(crate) fn acts() -> Vec<Act> {
    vec![
        Act::RuleSet { version: "1-0a1b".to_owned() },
        Act::Review(review(1, Some(Decision::Confirm), 1)),
        Act::Review(by_hand(2)),
        Act::Import {
            file: "queue.csv".to_owned(),
            sha256: "00ff".to_owned(),
            taken: 2,
            returned: 1,
            rows: Vec::new(),
        },
        Act::Digest { week: "2017-W46".to_owned(), events: vec!["e1".to_owned()] },
    ]
}
