//! A paper as one HTML page: no script, nothing fetched, readable on a screen by day and by night, and
//! on A4. Everything is escaped by maud.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Node, Paper, Run, Table, svg};
use crate::model::Lang;

const STYLE: &str = concat!(include_str!("../page.css"), include_str!("report.css"));

/// The whole page.
pub fn page(paper: &Paper) -> String {
    html! {
        (DOCTYPE)
        html lang=(paper.lang.unwrap_or(Lang::EN)) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                @if !paper.public { meta name="robots" content="noindex"; }
                title { (paper.title) }
                style { (PreEscaped(STYLE)) }
            }
            body.report.internal[!paper.marks.is_empty()] {
                @if !paper.marks.is_empty() { p.edition role="note" { (paper.marks.join(" · ")) } }
                header {
                    @for line in &paper.head { p.letterhead { (line) } }
                    h1 { (paper.title) }
                    @if let Some(subtitle) = &paper.subtitle { p.days { (subtitle) } }
                }
                main { @for node in &paper.body { (part(node)) } }
                footer { @for line in &paper.foot { p.aside { (line) } } }
            }
        }
    }
    .into_string()
}

/// One part of a text.
pub fn part(node: &Node) -> Markup {
    html! {
        @match node {
            Node::Heading(2, text) => h2 { (text) },
            Node::Heading(3, text) => h3 dir="auto" { (text) },
            Node::Heading(_, text) => h4 { (text) },
            Node::Text(runs) => p dir="auto" { (line(runs)) },
            Node::Aside(runs) => p.aside dir="auto" { (line(runs)) },
            Node::List(items) => ul { @for item in items { li dir="auto" { (line(item)) } } },
            Node::Table(table) => (self::table(table)),
            Node::Chart(chart) => figure.chart { figcaption { (chart.title) } (svg::svg(chart)) },
        }
    }
}

fn line(runs: &[Run]) -> Markup {
    html! {
        @for run in runs {
            @match run {
                Run::Plain(text) => (text),
                Run::Strong(text) => strong { (text) },
                Run::Figure { tag, text } => strong.figure data-figure=(tag) { (text) },
                Run::Link { text, url } => a href=(url) rel="noopener noreferrer nofollow" { (text) },
            }
        }
    }
}

fn table(table: &Table) -> Markup {
    let text = |at: usize| at < table.texts.max(1);
    html! {
        div.wide { table {
            @if !table.caption.is_empty() { caption { (table.caption) } }
            thead { tr { @for (at, name) in table.head.iter().enumerate() {
                th scope="col" class=[(!text(at)).then_some("number")] { (name) }
            } } }
            tbody { @for row in &table.rows { tr {
                @for (at, cell) in row.iter().enumerate() {
                    @if at == 0 { th scope="row" dir="auto" { (line(std::slice::from_ref(cell))) } }
                    @else { td class=[(!text(at)).then_some("number")] { (line(std::slice::from_ref(cell))) } }
                }
            } } }
        } }
    }
}
