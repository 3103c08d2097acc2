//! A paper as Markdown (CommonMark with tables).

use std::io;

use super::{Node, Paper, Pieces, Run, Table, Writer};
use crate::digest::markdown::{escape, escaped};

/// A text on its way into a file.
pub(super) struct Page<'a> {
    paper: &'a Paper,
    pieces: Pieces<'a>,
}

impl<'a> Page<'a> {
    pub(super) fn begin(paper: &'a Paper, out: &'a mut dyn io::Write) -> Self {
        let mut pieces = Pieces::to(out);
        let text = &mut pieces.text;
        for mark in &paper.marks {
            text.push_str(&format!("> **{}**\n\n", escaped(mark)));
        }
        for line in &paper.head {
            text.push_str(&format!("{}  \n", escaped(line)));
        }
        text.push_str(&format!("\n# {}\n\n", escaped(&paper.title)));
        if let Some(subtitle) = &paper.subtitle {
            text.push_str(&format!("{}\n\n", escaped(subtitle)));
        }
        Self { paper, pieces }
    }
}

impl Writer for Page<'_> {
    fn part(&mut self, part: &Node) -> io::Result<()> {
        push(part, &mut self.pieces.text);
        self.pieces.pass()
    }

    fn end(mut self: Box<Self>) -> io::Result<()> {
        for line in &self.paper.foot {
            self.pieces.text.push_str(&format!("{}  \n", escaped(line)));
        }
        self.pieces.end()
    }
}

/// One part of a text.
pub fn node(node: &Node) -> String {
    let mut out = String::new();
    push(node, &mut out);
    out
}

fn push(node: &Node, out: &mut String) {
    match node {
        Node::Heading(level, text) => {
            out.push_str(&"######"[..usize::from(*level).clamp(2, 6)]);
            out.push(' ');
            escape(text, out);
            out.push_str("\n\n");
        }
        Node::Text(runs) => {
            line(runs, out);
            out.push_str("\n\n");
        }
        Node::Aside(runs) => {
            out.push('*');
            line(runs, out);
            out.push_str("*\n\n");
        }
        Node::List(items) => {
            for item in items {
                out.push_str("- ");
                line(item, out);
                out.push('\n');
            }
            out.push('\n');
        }
        Node::Table(table) => out.push_str(&self::table(table)),
        Node::Chart(chart) => out.push_str(&format!("*{}*\n\n", escaped(&chart.described()))),
        Node::Listing => {}
    }
}

fn line(runs: &[Run], out: &mut String) {
    for run in runs {
        match run {
            Run::Plain(text) => spaced(text, out),
            Run::Strong(text) | Run::Figure { text, .. } => {
                out.push_str("**");
                escape(text, out);
                // A space inside the signs would make them plain asterisks (CommonMark 0.31, 6.2).
                out.push_str(if text.ends_with(char::is_whitespace) { "** " } else { "**" });
            }
            Run::Link { text, url } => {
                out.push('[');
                escape(text, out);
                out.push_str("](");
                out.push_str(url);
                out.push(')');
            }
        }
    }
}

/// Text that keeps the space at its ends, where it touches the next run.
fn spaced(text: &str, out: &mut String) {
    if text.starts_with(char::is_whitespace) {
        out.push(' ');
    }
    escape(text, out);
    if text.ends_with(char::is_whitespace) && !text.trim().is_empty() {
        out.push(' ');
    }
}

fn table(table: &Table) -> String {
    let mut out = String::new();
    if !table.caption.is_empty() {
        out.push_str(&format!("**{}**\n\n", escaped(&table.caption)));
    }
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    out.push_str(&row(table.head.iter().map(|cell| escaped(cell)).collect()));
    let aligned = (0..table.head.len()).map(|at| if at < table.texts.max(1) { "---" } else { "---:" }.to_owned());
    out.push_str(&row(aligned.collect()));
    for cells in &table.rows {
        out.push_str(&row(cells.iter().map(|cell| escaped(cell.text())).collect()));
    }
    out.push('\n');
    out
}
