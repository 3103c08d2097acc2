//! Confirmed public events as an Atom feed (RFC 4287): always the edition that may leave the house.

use maud::{PreEscaped, html};

use super::edition::{Issue, Shown};
use super::{data, words};
use crate::model::{Lang, Moment};

/// The feed of a digest. Events without a moment of publication stand at the week's last day.
pub(super) fn feed(issue: &Issue<'_>, lang: Lang) -> String {
    let end = format!("{}T00:00:00Z", issue.week.sunday());
    let at = |event: &Shown| event.published.map_or_else(|| end.clone(), |moment: Moment| moment.to_string());
    let events: Vec<&Shown> = issue.events.iter().chain(&issue.earlier).collect();
    let latest = |event: &&&Shown| event.published.map(|moment| moment.timestamp);
    let updated = events.iter().max_by_key(latest).map_or_else(|| end.clone(), |event| at(event));
    let feed = html! {
        feed xmlns="http://www.w3.org/2005/Atom" xml:lang=(lang) {
            id { "urn:sozwatch:digest:" (issue.week) ":" (lang) }
            title { (words::TITLE.of(lang)) ", " (words::span(issue.week.monday(), issue.week.sunday(), lang)) }
            updated { (updated) }
            author { name { "sozwatch" } }
            @for event in &events {
                entry {
                    id { "urn:sozwatch:event:" (event.id) }
                    title { (data::heading(event, lang)) }
                    updated { (at(event)) }
                    @for label in data::label_list(event, lang) { category term=(label) {} }
                    @if let Some(url) = &event.url {
                        (PreEscaped(format!("<link href=\"{}\"/>", escaped(url))))
                    }
                    summary { (data::summary(event, lang).unwrap_or_else(|| data::labels(event, lang))) }
                }
            }
        }
    };
    // HTML leaves a void element open; XML wants it closed.
    let text = feed.into_string().replace("></category>", "/>");
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
