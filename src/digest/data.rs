//! What the formats share, and the two that machines read: CSV and JSON.

use std::cell::LazyCell;

use serde::Serialize;

use super::edition::{Folded, Issue, Named, Shown, ShownAttachment, ShownStory};
use super::form::{self, Filled, Kind, Values};
use super::house::{self, Said};
use super::{Coverage, Edition, words};
use crate::model::{Amount, Label, Lang, Moment, PartialDate, SourceKind, Stage, VerifiedBy};
use crate::review::csv_line;

/// Most outlets and persons that a dateline names.
const NAMED: usize = 3;

/// `16 ноября 2017 г., «Дала Сөзі» (Алматы)`, as far as known: the date, outlet or person, the place. What the
/// headline says anyway is not said twice, and a name in letters that readers of the language do not read
/// is left to the headline.
pub(super) fn dateline(event: &Shown, lang: Lang) -> Option<String> {
    let said = bare_headline(event, lang).unwrap_or_default().text.to_lowercase();
    let folded = LazyCell::new(|| Folded::of(&said));
    let is_said = |named: &Named| named.spelled.values().chain([&named.written]).any(|name| folded.names(name));
    let who: Vec<&str> =
        event.who.iter().filter(|named| !is_said(named)).filter_map(|named| readable(named, lang)).collect();
    let more = if who.len() > NAMED { words::AND_OTHERS.of(lang) } else { "" };
    let who = who.into_iter().take(NAMED).collect::<Vec<_>>().join(", ") + more;
    let place = event.card.place.as_ref().map(|place| spelled(place, lang).to_owned());
    let place = place.filter(|place| !said.starts_with(&place.to_lowercase()));
    let about = match (who.is_empty(), place) {
        (true, place) => place,
        (false, None) => Some(who),
        (false, Some(place)) => Some(format!("{who} ({place})")),
    };
    let parts: Vec<String> =
        event.card.event_date.map(|date| words::date(date, lang)).into_iter().chain(about).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A name as readers of a language know it; `None` where it is known only in letters that they do not read.
pub(super) fn readable(named: &Named, lang: Lang) -> Option<&str> {
    let read = |name: &&str| (lang == Lang::EN) == name.chars().any(|letter| letter.is_ascii_alphabetic());
    let spelled = named.spelled.get(&lang).map(String::as_str);
    spelled.or_else(|| Some(named.written.as_str()).filter(read)).filter(|name| !name.is_empty())
}

/// Every person and outlet, in the spelling of a language where the register has one, else as written.
pub(super) fn who(event: &Shown, lang: Lang) -> Vec<&str> {
    event.who.iter().map(|named| spelled(named, lang)).collect()
}

/// A name in the spelling of a language, where there is one.
pub(super) fn spelled(named: &Named, lang: Lang) -> &str {
    named.spelled.get(&lang).unwrap_or(&named.written)
}

/// The house's headline, else the story's own title, else what kind of event it is; beside words of another
/// language than the page's stands which one.
pub(super) fn headline(event: &Shown, lang: Lang) -> String {
    match bare_headline(event, lang) {
        Some(said) => marked(said, event, lang),
        None => label_list(event, lang).join("; "),
    }
}

fn bare_headline(event: &Shown, lang: Lang) -> Option<Said<'_>> {
    let title = || {
        let text = event.title.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
        Some(Said { text, instead: event.title_lang.filter(|of| *of != lang && house::LANGUAGES.contains(of)) })
    };
    house::in_lang(&event.wording.headline, lang).or_else(title)
}

/// The house's paragraph on an event, marked like its headline.
pub(super) fn summary(event: &Shown, lang: Lang) -> Option<String> {
    house::in_lang(&event.wording.summary, lang).map(|said| marked(said, event, lang))
}

fn marked(said: Said<'_>, event: &Shown, lang: Lang) -> String {
    match said.instead {
        None => said.text.to_owned(),
        Some(instead) if event.internal => format!("{} {}", house::mark(instead, true, lang), said.text),
        Some(instead) => format!("{} {}", said.text, house::mark(instead, false, lang)),
    }
}

/// Is the headline, or the paragraph, missing in a language while another has it?
pub(super) fn untranslated(event: &Shown, lang: Lang) -> bool {
    let missing = |texts| house::in_lang(texts, lang).is_some_and(|said| said.instead.is_some());
    let by_title = || {
        event.wording.headline.is_empty()
            && event.title_lang.is_some_and(|of| of != lang && house::LANGUAGES.contains(&of))
    };
    missing(&event.wording.headline) || missing(&event.wording.summary) || by_title()
}

/// Most earlier events that one recalls.
const RECALLED: usize = 3;

/// What came before an event in its case, the earliest first: date and headline. Where names are withheld
/// nothing is recalled, since the other event may name them.
pub(super) fn recalled(event: &Shown, before: &[Shown], lang: Lang) -> Vec<String> {
    if event.unnamed {
        return Vec::new();
    }
    let day = |event: &Shown| event.card.event_date.map(PartialDate::first_day);
    let mut earlier: Vec<&Shown> = before
        .iter()
        .filter(|other| other.case == event.case && other.id != event.id && !other.unnamed)
        .filter(|other| day(event).is_none_or(|this| day(other).is_some_and(|that| that < this)))
        .collect();
    earlier.sort_by_key(|other| (day(other), other.id.clone()));
    let told = |other: &&Shown| match other.card.event_date {
        Some(date) => format!("{} — {}", words::date(date, lang), headline(other, lang)),
        None => headline(other, lang),
    };
    earlier.iter().rev().take(RECALLED).rev().map(told).collect()
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

pub(super) fn label_name(label: &Label, lang: Lang) -> String {
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
        // That something happened says nothing of how far a proceeding has come.
        (
            &words::STAGE,
            card.stage.filter(|stage| *stage != Stage::Incident).map(|stage| words::stage(stage).of(lang).to_owned()),
        ),
        (&words::OUTCOME, card.outcome.map(|outcome| words::outcome(outcome).of(lang).to_owned())),
        (&words::ARTICLES, (!articles.is_empty()).then(|| articles.join("; "))),
        (&words::CLAIMED, sum(card.claimed)),
        (&words::AWARDED, sum(card.awarded)),
        (&words::ARREST_DAYS, card.arrest_days.map(|days| days.to_string())),
        (&words::HEARD, event.source_kind.map(|kind| words::source_kind(kind).of(lang).to_owned())),
        (&words::VERIFIED, event.verified_by.map(|by| words::verified_by(by).of(lang).to_owned())),
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
    let shown = bare_headline(event, lang).map(|said| said.text);
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
            title: Some(story.title.trim().to_owned())
                .filter(|title| !title.is_empty() && Some(title.as_str()) != shown),
        }
    };
    event.stories.iter().map(line).collect()
}

/// An attachment: what it is called, where it lies beside the page, and its SHA-256.
pub(super) struct AttachmentLine {
    pub name: String,
    pub href: Option<String>,
    pub sha256: String,
}

/// The attachments of an event.
pub(super) fn attachments(event: &Shown, lang: Lang) -> Vec<AttachmentLine> {
    let line = |(at, attachment): (usize, &ShownAttachment)| AttachmentLine {
        name: attachment.name.clone().unwrap_or_else(|| format!("{} {}", words::ATTACHMENT.of(lang), at + 1)),
        href: attachment.href.clone(),
        sha256: attachment.sha256.clone(),
    };
    event.attachments.iter().enumerate().map(line).collect()
}

/// How many attachments stay inside, in words; `None` where none does.
pub(super) fn kept_inside(event: &Shown, lang: Lang) -> Option<String> {
    (event.kept_inside > 0).then(|| format!("{}: {}.", words::KEPT_INSIDE.of(lang), event.kept_inside))
}

/// What every page must say.
pub(super) fn marks(issue: &Issue<'_>, lang: Lang) -> Vec<String> {
    let draft = issue.state.is_draft().then_some(words::DRAFT);
    let internal = (issue.edition == Edition::Internal).then_some(words::INTERNAL);
    draft.into_iter().chain(internal).map(|words| words.of(lang).to_owned()).collect()
}

/// The form of a digest, filled.
pub(super) fn form(issue: &Issue<'_>, lang: Lang) -> Filled {
    let values = Values {
        lang: lang.to_string(),
        title: words::TITLE.of(lang).to_owned(),
        days: words::span(issue.week.monday(), issue.week.sunday(), lang),
        period: words::week(issue.week, lang),
        letterhead: issue.house.head.clone(),
        contacts: issue.house.foot.clone(),
        state: issue.state.id().to_owned(),
        public: issue.edition == Edition::Public,
        ..Values::default()
    };
    form::filled(Kind::Digest, issue.house.form.as_deref(), &values)
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

const COLUMNS: [&str; 19] = [
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
    "headline_lang",
    "summary",
    "highlight",
    "who",
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
            let own = house::in_lang(&event.wording.headline, lang);
            let cells: [String; 19] = [
                week.clone(),
                section.to_owned(),
                edition_name(issue.edition).to_owned(),
                event.id.clone(),
                event.case.clone(),
                ids.join("; "),
                label_list(event, lang).join("; "),
                event.card.event_date.map(|date| date.to_string()).unwrap_or_default(),
                own.map(|said| said.text.to_owned()).unwrap_or_default(),
                event.title.clone().unwrap_or_default(),
                event.source.clone().unwrap_or_default(),
                event.url.clone().unwrap_or_default(),
                event.published.map(|moment| moment.to_string()).unwrap_or_default(),
                event.evidence.clone().unwrap_or_default(),
                event.stories.iter().map(told).collect::<Vec<_>>().join("; "),
                own.map(|said| said.instead.unwrap_or(lang).to_string()).unwrap_or_default(),
                house::in_lang(&event.wording.summary, lang)
                    .filter(|said| said.instead.is_none())
                    .map(|said| said.text.to_owned())
                    .unwrap_or_default(),
                if event.wording.highlight { "yes" } else { "" }.to_owned(),
                who(event, lang).join("; "),
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
    state: &'static str,
    coverage: &'a Coverage,
    events: Vec<JsonEvent<'a>>,
    earlier: Vec<JsonEvent<'a>>,
}

#[derive(Serialize)]
pub(super) struct JsonEvent<'a> {
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
    /// Language of the headline: another than the digest's where it is not translated.
    headline_lang: Option<Lang>,
    summary: Option<&'a str>,
    highlight: bool,
    /// Persons and outlets, as the register spells them in the language; else as the event has them.
    who: Vec<&'a str>,
    /// `one_source`, `two_independent`, `document`; of an event entered by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    verified_by: Option<VerifiedBy>,
    /// How the house heard of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    source_kind: Option<SourceKind>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<JsonAttachment<'a>>,
}

#[derive(Serialize)]
struct JsonAttachment<'a> {
    name: Option<&'a str>,
    sha256: &'a str,
    href: Option<&'a str>,
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
        state: issue.state.id(),
        coverage: issue.coverage,
        events: issue.events.iter().map(|event| json_event(event, lang)).collect(),
        earlier: issue.earlier.iter().map(|event| json_event(event, lang)).collect(),
    };
    let mut text = serde_json::to_string_pretty(&digest).expect("names and texts are JSON");
    text.push('\n');
    text
}

/// An event as a digest and a report name it in JSON.
pub(super) fn json_event(event: &Shown, lang: Lang) -> JsonEvent<'_> {
    let own = house::in_lang(&event.wording.headline, lang);
    let summary = house::in_lang(&event.wording.summary, lang).filter(|said| said.instead.is_none());
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
        headline: own.map(|said| said.text),
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
        headline_lang: own.map(|said| said.instead.unwrap_or(lang)),
        summary: summary.map(|said| said.text),
        highlight: event.wording.highlight,
        who: who(event, lang),
        verified_by: event.verified_by,
        source_kind: event.source_kind,
        attachments: event
            .attachments
            .iter()
            .map(|attachment| JsonAttachment {
                name: attachment.name.as_deref(),
                sha256: &attachment.sha256,
                href: attachment.href.as_deref(),
            })
            .collect(),
    }
}
