//! What the formats share, and the two that machines read: CSV and JSON.

use serde::Serialize;

use super::edition::{Issue, Shown, ShownStory};
use super::{Coverage, Edition, words};
use crate::model::{Amount, Label, Lang, Moment, PartialDate};
use crate::review::csv_line;

/// `16 ноября 2017 г., Алматы`, as far as both are known; a headline that opens with the place says it
/// once.
pub(super) fn dateline(event: &Shown, lang: Lang) -> Option<String> {
    let opening = headline(event, lang).to_lowercase();
    let place = event.card.place.clone().filter(|place| !opening.starts_with(&place.to_lowercase()));
    let parts: Vec<String> =
        event.card.event_date.map(|date| words::date(date, lang)).into_iter().chain(place).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The house's headline, else the story's own, else what kind of event it is.
pub(super) fn headline(event: &Shown, lang: Lang) -> String {
    let own = event.headline.as_deref().or(event.title.as_deref()).map(str::trim).filter(|text| !text.is_empty());
    own.map_or_else(|| label_list(event, lang).join("; "), str::to_owned)
}

/// Dateline and headline on one line.
pub(super) fn heading(event: &Shown, lang: Lang) -> String {
    match dateline(event, lang) {
        Some(dateline) => format!("{}. {}", dateline.trim_end_matches('.'), headline(event, lang)),
        None => headline(event, lang),
    }
}

/// Each category with its subtype, by name.
pub(super) fn label_list(event: &Shown, lang: Lang) -> Vec<String> {
    event.card.categories.iter().map(|label| label_name(label, lang)).collect()
}

/// The categories on one line, with a mark where things got better.
pub(super) fn labels(event: &Shown, lang: Lang) -> String {
    let relief = event.card.relief.then(|| words::RELIEF.of(lang).to_owned());
    label_list(event, lang).into_iter().chain(relief).collect::<Vec<_>>().join("; ")
}

fn label_name(label: &Label, lang: Lang) -> String {
    let name = words::category(label.id).of(lang);
    match label.subtype.as_deref().and_then(|subtype| words::subtype(label.id, subtype)) {
        Some(subtype) => format!("{name}: {}", subtype.of(lang)),
        None => name.to_owned(),
    }
}

/// Stage, outcome, articles, sums and secrecy, where they are known.
pub(super) fn facts(event: &Shown, lang: Lang) -> Vec<(&'static str, String)> {
    let card = &event.card;
    let articles: Vec<String> = card.articles.iter().map(|article| words::article(article, lang)).collect();
    let sum = |amount: Option<Amount>| amount.map(|amount| words::sum(amount, card.currency.as_deref(), lang));
    [
        (&words::STAGE, card.stage.map(|stage| words::stage(stage).of(lang).to_owned())),
        (&words::OUTCOME, card.outcome.map(|outcome| words::outcome(outcome).of(lang).to_owned())),
        (&words::ARTICLES, (!articles.is_empty()).then(|| articles.join("; "))),
        (&words::CLAIMED, sum(card.claimed)),
        (&words::AWARDED, sum(card.awarded)),
        (&words::SECRECY, card.secrecy.as_deref().map(|secrecy| words::secrecy(secrecy, lang))),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label.of(lang), value?)))
    .collect()
}

/// One line of the list of sources.
pub(super) struct SourceLine {
    pub name: String,
    pub url: Option<String>,
    /// The date, and what there is to say of the source.
    pub more: Option<String>,
    pub title: Option<String>,
}

/// Who told of an event, the confirmed story first.
pub(super) fn sources(event: &Shown, lang: Lang) -> Vec<SourceLine> {
    let shown = headline(event, lang);
    let line = |story: &ShownStory| {
        let site = || story.url.as_deref().and_then(|url| Some(url::Url::parse(url).ok()?.host_str()?.to_owned()));
        let more: Vec<String> = story
            .day
            .map(|day| words::date(PartialDate::from(day), lang))
            .into_iter()
            .chain(event.by_hand.then(|| words::BY_HAND.of(lang).to_owned()))
            .chain(event.unlinked.then(|| words::NO_LINK.of(lang).to_owned()))
            .collect();
        SourceLine {
            name: story.source.clone().or_else(site).unwrap_or_else(|| "—".to_owned()),
            url: story.url.clone(),
            more: (!more.is_empty()).then(|| more.join(", ")),
            title: Some(story.title.trim().to_owned()).filter(|title| !title.is_empty() && *title != shown),
        }
    };
    event.stories.iter().map(line).collect()
}

/// The coverage in words: each line a label and what it counts.
pub(super) fn coverage_lines(coverage: &Coverage, lang: Lang) -> Vec<(&'static str, String)> {
    let named = |names: &[String]| match names {
        [] => "0".to_owned(),
        names => format!("{} ({})", names.len(), names.join(", ")),
    };
    vec![
        (words::ALIVE.of(lang), named(&coverage.alive)),
        (words::SILENT.of(lang), named(&coverage.silent)),
        (words::FAILING.of(lang), named(&coverage.failing)),
        (words::NOT_POLLED.of(lang), named(&coverage.not_polled)),
        (words::STORIES.of(lang), coverage.stories.to_string()),
        (words::UNDECIDED.of(lang), coverage.undecided.to_string()),
    ]
}

const COLUMNS: [&str; 15] = [
    "week",
    "section",
    "edition",
    "id",
    "case",
    "categories",
    "category_names",
    "event_date",
    "headline",
    "title",
    "source",
    "url",
    "published",
    "evidence",
    "stories",
];

pub(super) fn edition_name(edition: Edition) -> &'static str {
    match edition {
        Edition::Internal => "internal",
        Edition::Public => "public",
    }
}

/// A digest as CSV: RFC 4180, UTF-8 with a byte order mark, cells guarded against formulas.
pub(super) fn csv(issue: &Issue<'_>, lang: Lang) -> String {
    let mut out = String::from("\u{feff}");
    csv_line(&mut out, COLUMNS);
    let week = issue.week.to_string();
    for (section, events) in [("week", &issue.events), ("earlier", &issue.earlier)] {
        for event in events {
            let ids: Vec<String> = event
                .card
                .categories
                .iter()
                .map(|label| match &label.subtype {
                    Some(subtype) => format!("{}/{subtype}", label.id),
                    None => label.id.to_string(),
                })
                .collect();
            let told = |story: &ShownStory| {
                [story.source.as_deref(), story.url.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
            };
            let cells: [String; 15] = [
                week.clone(),
                section.to_owned(),
                edition_name(issue.edition).to_owned(),
                event.id.clone(),
                event.case.clone(),
                ids.join("; "),
                label_list(event, lang).join("; "),
                event.card.event_date.map(|date| date.to_string()).unwrap_or_default(),
                event.headline.clone().unwrap_or_default(),
                event.title.clone().unwrap_or_default(),
                event.source.clone().unwrap_or_default(),
                event.url.clone().unwrap_or_default(),
                event.published.map(|moment| moment.to_string()).unwrap_or_default(),
                event.evidence.clone().unwrap_or_default(),
                event.stories.iter().map(told).collect::<Vec<_>>().join("; "),
            ];
            csv_line(&mut out, cells.iter().map(String::as_str));
        }
    }
    out
}

#[derive(Serialize)]
struct JsonDigest<'a> {
    week: String,
    lang: Lang,
    edition: &'static str,
    coverage: &'a Coverage,
    events: Vec<JsonEvent<'a>>,
    earlier: Vec<JsonEvent<'a>>,
}

#[derive(Serialize)]
struct JsonEvent<'a> {
    id: &'a str,
    case: &'a str,
    categories: Vec<JsonLabel<'a>>,
    event_date: Option<PartialDate>,
    headline: Option<&'a str>,
    title: Option<&'a str>,
    source: Option<&'a str>,
    url: Option<&'a str>,
    published: Option<Moment>,
    evidence: &'a str,
    stories: Vec<JsonStory<'a>>,
}

#[derive(Serialize)]
struct JsonLabel<'a> {
    id: &'static str,
    subtype: Option<&'a str>,
    name: String,
}

#[derive(Serialize)]
struct JsonStory<'a> {
    id: &'a str,
    source: Option<&'a str>,
    title: &'a str,
    url: Option<&'a str>,
    published: Option<Moment>,
}

/// A digest as one JSON object; `evidence` is empty where there is none or it stays inside.
pub(super) fn json(issue: &Issue<'_>, lang: Lang) -> String {
    let digest = JsonDigest {
        week: issue.week.to_string(),
        lang,
        edition: edition_name(issue.edition),
        coverage: issue.coverage,
        events: issue.events.iter().map(|event| json_event(event, lang)).collect(),
        earlier: issue.earlier.iter().map(|event| json_event(event, lang)).collect(),
    };
    let mut text = serde_json::to_string_pretty(&digest).expect("names and texts are JSON");
    text.push('\n');
    text
}

/// Events as a digest and a report name them in JSON.
pub(super) fn json_events(events: &[Shown], lang: Lang) -> serde_json::Value {
    let events: Vec<JsonEvent<'_>> = events.iter().map(|event| json_event(event, lang)).collect();
    serde_json::to_value(events).unwrap_or_default()
}

fn json_event(event: &Shown, lang: Lang) -> JsonEvent<'_> {
    JsonEvent {
        id: &event.id,
        case: &event.case,
        categories: event
            .card
            .categories
            .iter()
            .map(|label| JsonLabel {
                id: label.id.id(),
                subtype: label.subtype.as_deref(),
                name: label_name(label, lang),
            })
            .collect(),
        event_date: event.card.event_date,
        headline: event.headline.as_deref(),
        title: event.title.as_deref(),
        source: event.source.as_deref(),
        url: event.url.as_deref(),
        published: event.published,
        evidence: event.evidence.as_deref().unwrap_or_default(),
        stories: event
            .stories
            .iter()
            .map(|story| JsonStory {
                id: &story.id,
                source: story.source.as_deref(),
                title: &story.title,
                url: story.url.as_deref(),
                published: story.published,
            })
            .collect(),
    }
}
