//! What is known today of a month that was published: which events came, went or changed since, and
//! what that does to its figures.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::figures::{Figures, Ledgered, Period, Sources, Views};
use super::super::words;
use super::wording;
use crate::model::{Event, Lang};

/// One event that is not as it was printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its id.
    pub event: String,
    /// `added`, `withdrawn` or `corrected`.
    pub kind: &'static str,
    /// Its headline or title.
    pub title: String,
    /// Names of the columns that differ.
    pub columns: Vec<&'static str>,
    /// May it leave the house?
    pub public: bool,
}

/// Everything that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// The period.
    pub period: Period,
    /// Events, in order of their ids.
    pub events: Vec<Change>,
    /// Figures: id, as printed, as known today.
    pub figures: Vec<(String, i64, i64)>,
}

/// Compares a period as it was published with the same period as it is known now.
pub fn changes(period: Period, sources: &Sources<'_>) -> Changes {
    let views = Views::of(period, sources);
    let before = Figures::from_views(period, &views, None);
    let now = Views::only(Ledgered::now(period.year(), sources));
    let after = Figures::from_views(period, &now, None);
    let figures = before
        .list
        .iter()
        .filter(|figure| !matches!(figure.id.as_str(), "late_month" | "corrected_month"))
        .filter_map(|figure| {
            let today = after.value(&figure.id);
            (today != figure.value).then(|| (figure.id.clone(), figure.value, today))
        })
        .collect();
    let until = period.last.last_day();
    let of = |ledgered: &Ledgered| -> BTreeMap<String, Arc<Event>> {
        let dated = |event: &&Arc<Event>| {
            let date = event.card.event_date.or(event.card.registered_date);
            date.is_some_and(|date| date.year == period.year() && date.first_day() <= until)
        };
        ledgered.events.iter().filter(dated).map(|event| (event.id.clone(), Arc::clone(event))).collect()
    };
    let (was, is) = (of(&views.after), of(&now.after));
    let mut events = Vec::new();
    let change = |event: &Event, kind, columns| Change {
        event: event.id.clone(),
        kind,
        title: event.card.headline.clone().unwrap_or_else(|| event.title.clone()),
        columns,
        public: event.card.secrecy.as_deref().is_none_or(|secrecy| secrecy == "public"),
    };
    for (id, event) in &is {
        match was.get(id) {
            None => events.push(change(event, "added", Vec::new())),
            Some(old) => {
                let columns = different(old, event);
                if !columns.is_empty() {
                    events.push(change(event, "corrected", columns));
                }
            }
        }
    }
    for (id, event) in &was {
        if !is.contains_key(id) {
            events.push(change(event, "withdrawn", Vec::new()));
        }
    }
    Changes { period, events, figures }
}

/// Columns that figures count by, and in which two states of an event differ.
fn different(old: &Event, new: &Event) -> Vec<&'static str> {
    let (a, b) = (&old.card, &new.card);
    let labels = |event: &Event| -> Vec<(crate::model::Category, Option<String>)> {
        event.card.categories.iter().map(|label| (label.id, label.subtype.clone())).collect()
    };
    [
        ("case", old.case != new.case),
        ("categories", labels(old) != labels(new)),
        ("direction", a.direction != b.direction),
        ("event_date", a.event_date != b.event_date),
        ("registered_date", a.registered_date != b.registered_date),
        ("stage", a.stage != b.stage),
        ("instance", a.instance != b.instance),
        ("outcome", a.outcome != b.outcome),
        ("place", a.place != b.place),
        ("arrest_days", a.arrest_days != b.arrest_days),
        ("targets", a.targets != b.targets),
        ("claimants", a.claimants != b.claimants),
        ("articles", a.articles != b.articles),
        ("claim_amount", a.claim_amount != b.claim_amount),
        ("awarded_amount", a.awarded_amount != b.awarded_amount),
        ("currency", a.currency != b.currency),
        ("money_kind", a.money_kind != b.money_kind),
        ("country", a.country != b.country),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}

impl Changes {
    /// A paragraph that may be published: figures, and public events by their headlines.
    pub fn paragraph(&self, lang: Lang) -> String {
        const NOTHING: words::Words = words::words(
            "Жарияланғаннан бері ештеңе өзгерген жоқ.",
            "С момента публикации ничего не изменилось.",
            "Nothing has changed since publication.",
        );
        const CORRECTED: words::Words = words::words("Түзетулер", "Поправки", "Corrections");
        const PRINTED: words::Words = words::words("жарияланғаны", "опубликовано", "as published");
        const SINCE: words::Words = words::words(" (жыл басынан)", " (с начала года)", " (since January)");
        const TODAY: words::Words = words::words("бүгінгі дерек", "сейчас известно", "as now known");
        let name = wording::named(self.period, lang);
        if self.events.is_empty() && self.figures.is_empty() {
            return format!("{name}. {}", NOTHING.of(lang));
        }
        let money = |id: &str, value: i64| match id {
            id if id.starts_with("claimed")
                || id.starts_with("awarded")
                || id.contains("damage")
                || id.contains("losses")
                || id.contains("awards") =>
            {
                wording::tenge(value, lang)
            }
            _ => wording::number(value, lang),
        };
        let figures: Vec<String> = self
            .figures
            .iter()
            .filter(|(id, ..)| super::body::PRINTED.contains(&id.as_str()))
            .map(|(id, was, is)| {
                format!(
                    "{}{}: {} {}, {} {}",
                    wording::capital(super::super::figures::name(id, lang)),
                    if id.ends_with("_ytd") { SINCE.of(lang) } else { "" },
                    PRINTED.of(lang),
                    money(id, *was),
                    TODAY.of(lang),
                    money(id, *is)
                )
            })
            .collect();
        let kind = |kind: &str| {
            match kind {
                "added" => words::words("кейін анықталды", "узнано позднее", "learned later"),
                "withdrawn" => words::words("алынып тасталды", "снято", "withdrawn"),
                _ => words::words("түзетілді", "исправлено", "corrected"),
            }
            .of(lang)
        };
        let events: Vec<String> = self
            .events
            .iter()
            .filter(|change| change.public)
            .map(|change| format!("{} ({})", change.title, kind(change.kind)))
            .collect();
        let mut text = format!("{}. {name}.", CORRECTED.of(lang));
        for part in figures.into_iter().chain(events) {
            text.push(' ');
            text.push_str(part.trim_end_matches('.'));
            text.push('.');
        }
        text
    }
}
