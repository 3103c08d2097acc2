//! An explanation as one HTML page: no script, nothing fetched. Everything is escaped by maud; texts of
//! strangers keep their own direction.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Explanation, Passage, Role, Speaker};

const STYLE: &str = include_str!("page.css");

pub(super) fn page(explanation: &Explanation) -> String {
    let verdict = &explanation.verdict;
    let name = explanation.name();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                title { "Why: " (name) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p.verdict.for[verdict.candidate] {
                        @if verdict.candidate { "Candidate" } @else { "No candidate" }
                        span.score { "score " (decimals(verdict.score, 3)) ", a candidate from " (decimals(explanation.threshold, 2)) }
                    }
                    ul.labels {
                        @for label in explanation.labels() { li { (label) } }
                        li.soft { (verdict.lang) ", " (verdict.script) }
                        @if let Some(country) = &verdict.country { li.soft { (country) } }
                    }
                }
                main {
                    article lang=(verdict.lang) {
                        @if !explanation.title.pieces.is_empty() { h1 { (passage(&explanation.title)) } }
                        div.text { (passage(&explanation.text)) }
                    }
                    p.legend {
                        mark.for { "spoke for" } " " mark.against { "spoke against" } " " mark.idle { "hit, and no rule fired on it" }
                    }
                    (speakers("Shut by", &explanation.gates, "against", true))
                    (speakers("For", &explanation.fors, "for", false))
                    (speakers("Against", &explanation.againsts, "against", false))
                    section {
                        h2 { "Sum" }
                        table {
                            @for (value, part) in &explanation.sum { tr { td.number { (signed(*value)) } td { (part) } } }
                            tr.total {
                                td.number { (signed(explanation.total)) }
                                td { "in all: score " (decimals(verdict.score, 3)) }
                            }
                        }
                    }
                    @if !explanation.fields.is_empty() {
                        section {
                            h2 { "Read from it" }
                            table {
                                @for field in &explanation.fields {
                                    tr {
                                        th scope="row" { (field.name) }
                                        td dir="auto" { (field.value) }
                                        td { @for quote in &field.quotes { p.quote dir="auto" { (quote) } } }
                                    }
                                }
                            }
                        }
                    }
                }
                footer { "Rules " (explanation.rule_set) ". The machine proposes; people decide." }
            }
        }
    }
    .into_string()
}

fn passage(passage: &Passage) -> Markup {
    html! {
        @for piece in &passage.pieces {
            @if piece.concepts.is_empty() {
                (piece.text)
            } @else {
                mark class=(class(piece.role)) title=(piece.concepts) {
                    (piece.text)
                    @if piece.role != Role::Idle { span.concepts dir="ltr" { (piece.concepts) } }
                }
            }
        }
        @if passage.cut { "…" }
    }
}

fn speakers(heading: &str, speakers: &[Speaker], class: &str, gates: bool) -> Markup {
    html! {
        @if !speakers.is_empty() {
            section class=(class) {
                h2 { (heading) }
                @for speaker in speakers {
                    div.rule {
                        p.head {
                            @if !gates { span.number { (signed(speaker.weight)) } }
                            strong { (speaker.rule) }
                            @if !speaker.windows.is_empty() { span.soft { (speaker.windows) } }
                        }
                        p.why { (speaker.why) }
                        p.words dir="auto" { (speaker.words) }
                        p.quote dir="auto" { (speaker.quote) }
                    }
                }
            }
        }
    }
}

fn class(role: Role) -> &'static str {
    match role {
        Role::For => "for",
        Role::Against => "against",
        Role::Idle => "idle",
    }
}

fn decimals(number: f64, decimals: usize) -> String {
    format!("{number:.decimals$}")
}

fn signed(number: f64) -> String {
    format!("{number:+.2}")
}
