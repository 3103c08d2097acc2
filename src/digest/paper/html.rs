//! A paper as one HTML page: no script, nothing fetched, readable on a screen by day and by night, and
//! on A4. Everything is escaped by maud.

use std::io;

use maud::{DOCTYPE, Markup, PreEscaped, Render as _, html};

use super::{Node, Paper, Pieces, Run, Table, Writer, svg};
use crate::model::Lang;

const STYLE: &str = concat!(include_str!("../page.css"), include_str!("report.css"));

/// A page on its way into a file.
pub(super) struct Page<'a> {
    foot: String,
    pieces: Pieces<'a>,
}

impl<'a> Page<'a> {
    pub(super) fn begin(paper: &Paper, out: &'a mut dyn io::Write) -> Self {
        /// Where the body stands while head and foot are made: no text holds it, since markup is escaped.
        const BODY: &str = "<body-stands-here>";
        let frame = html! {
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
                    main { (PreEscaped(BODY)) }
                    footer { @for line in &paper.foot { p.aside { (line) } } }
                }
            }
        }
        .into_string();
        let (head, foot) = frame.split_once(BODY).unwrap_or((&frame, ""));
        let mut pieces = Pieces::to(out);
        pieces.text.push_str(head);
        Self { foot: foot.to_owned(), pieces }
    }
}

impl Writer for Page<'_> {
    fn part(&mut self, part: &Node) -> io::Result<()> {
        self::part(part).render_to(&mut self.pieces.text);
        self.pieces.pass()
    }

    fn end(mut self: Box<Self>) -> io::Result<()> {
        self.pieces.text.push_str(&self.foot);
        self.pieces.end()
    }
}

/// One part of a text.
pub fn part(node: &Node) -> Markup {
    // Each has markup of its own: the room for all of them together is dear to find, and most of it left empty.
    match node {
        Node::Heading(2, text) => html! { h2 { (text) } },
        Node::Heading(3, text) => html! { h3 dir="auto" { (text) } },
        Node::Heading(_, text) => html! { h4 { (text) } },
        Node::Text(runs) => html! { p dir="auto" { (line(runs)) } },
        Node::Aside(runs) => html! { p.aside dir="auto" { (line(runs)) } },
        Node::List(items) => html! { ul { @for item in items { li dir="auto" { (line(item)) } } } },
        Node::Table(table) => self::table(table),
        Node::Chart(chart) => html! { figure.chart { figcaption { (chart.title) } (svg::svg(chart)) } },
        Node::Listing => PreEscaped(String::new()),
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
