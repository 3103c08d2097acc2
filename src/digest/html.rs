//! A digest as one HTML page: no script, nothing fetched, readable on a screen by day and by night
//! and on paper. Everything is escaped by maud; texts of strangers keep their own direction.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::edition::{Issue, Shown};
use super::form::Part;
use super::{Edition, data, paper, words};
use crate::model::Lang;

const STYLE: &str = include_str!("page.css");

pub(super) fn page(issue: &Issue<'_>, lang: Lang) -> String {
    let filled = data::form(issue, lang);
    let ends = |part: &Part| matches!(part, Part::Section(name) if name == "coverage");
    let (before, after) = filled.parts.split_at(filled.parts.iter().position(ends).unwrap_or(filled.parts.len()));
    let marks = data::marks(issue, lang);
    let internal = issue.edition == Edition::Internal;
    html! {
        (DOCTYPE)
        html lang=(lang) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                @if internal { meta name="robots" content="noindex"; }
                title { (words::TITLE.of(lang)) ", " (words::span(issue.week.monday(), issue.week.sunday(), lang)) }
                style { (PreEscaped(STYLE)) }
            }
            body.internal[!marks.is_empty()] {
                @if !marks.is_empty() { p.edition role="note" { (marks.join(" · ")) } }
                header {
                    @for line in &filled.head { p.letterhead { (line) } }
                    h1 { (filled.title) }
                    @if let Some(subtitle) = &filled.subtitle { p.days { (subtitle) } }
                }
                main { @for part in before { (self::part(issue, part, lang)) } }
                footer {
                    @for part in after { (self::part(issue, part, lang)) }
                    @for line in &filled.foot { p.aside { (line) } }
                }
            }
        }
    }
    .into_string()
}

fn part(issue: &Issue<'_>, part: &Part, lang: Lang) -> Markup {
    let name = match part {
        Part::Node(node) => return paper::html_node(node),
        Part::Section(name) => name.as_str(),
    };
    html! {
        @match name {
            "events" => section {
                h2 { (words::EVENTS.of(lang)) }
                @if issue.events.is_empty() { p { (words::NO_EVENTS.of(lang)) } }
                @for event in &issue.events { (article(event, &issue.before, lang)) }
            },
            "earlier" if !issue.earlier.is_empty() => section {
                h2 { (words::EARLIER.of(lang)) }
                p.aside { (words::EARLIER_MEANS.of(lang)) }
                @for event in &issue.earlier { (article(event, &issue.before, lang)) }
            },
            "coverage" => section {
                h2 { (words::COVERAGE.of(lang)) }
                dl {
                    @for (label, value) in data::coverage_lines(issue.coverage, lang) {
                        dt { (label) }
                        dd dir="auto" { (value) }
                    }
                }
            },
            _ => {},
        }
    }
}

fn article(event: &Shown, before: &[Shown], lang: Lang) -> Markup {
    let recalled = data::recalled(event, before, lang);
    let facts = data::facts(event, lang);
    html! {
        article id=(event.id) {
            @if let Some(dateline) = data::dateline(event, lang) { p.dateline dir="auto" { (dateline) } }
            h3 dir="auto" { (data::headline(event, lang)) }
            ul.labels {
                @for label in data::label_list(event, lang) { li { (label) } }
                @if event.card.relief { li.relief { (words::RELIEF.of(lang)) } }
            }
            @if !facts.is_empty() {
                p.facts {
                    @for (at, (label, value)) in facts.iter().enumerate() {
                        @if at > 0 { " · " }
                        (label) ": " bdi { (value) }
                    }
                }
            }
            @if let Some(summary) = data::summary(event, lang) { p.summary dir="auto" { (summary) } }
            @if let Some(evidence) = &event.evidence {
                figure {
                    blockquote dir="auto" { (evidence) }
                    figcaption { (words::EVIDENCE.of(lang)) }
                }
            }
            @if event.unnamed {
                p.aside { (words::UNNAMED.of(lang)) }
            } @else {
                p.sources { (words::SOURCES.of(lang)) }
                ul.sources {
                    @for line in data::sources(event, lang) {
                        li dir="auto" {
                            @match &line.url {
                                Some(url) => a href=(url) rel="noopener noreferrer nofollow" { (line.name) },
                                None => (line.name),
                            }
                            @if let Some(more) = &line.more { ", " (more) }
                            @if let Some(title) = &line.title { ": " bdi { (title) } }
                        }
                    }
                }
            }
            @let attachments = data::attachments(event, lang);
            @if !attachments.is_empty() {
                p.sources { (words::ATTACHMENTS.of(lang)) }
                ul.sources {
                    @for line in attachments {
                        li dir="auto" {
                            @match &line.href {
                                Some(href) => a href=(href) { (line.name) },
                                None => { (line.name) " (SHA-256 " (line.sha256) ")" },
                            }
                        }
                    }
                }
            }
            @if let Some(inside) = data::kept_inside(event, lang) { p.aside { (inside) } }
            @if !recalled.is_empty() { p.recall dir="auto" { (words::RECALL.of(lang)) ": " (recalled.join("; ")) "." } }
        }
    }
}
