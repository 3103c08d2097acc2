//! A paper as Markdown (CommonMark with tables).

use super::{Listing, Node, Paper, Pieces, Run, Table};
use crate::digest::markdown::escaped;

/// Writes the whole text.
///
/// # Errors
/// Where `out` takes no more.
pub fn page_to(paper: &Paper, listing: Listing<'_>, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let mut pieces = Pieces::to(out);
    let out = &mut pieces.text;
    for mark in &paper.marks {
        out.push_str(&format!("> **{}**\n\n", escaped(mark)));
    }
    for line in &paper.head {
        out.push_str(&format!("{}  \n", escaped(line)));
    }
    out.push_str(&format!("\n# {}\n\n", escaped(&paper.title)));
    if let Some(subtitle) = &paper.subtitle {
        out.push_str(&format!("{}\n\n", escaped(subtitle)));
    }
    paper.each_part(listing, &mut |part| {
        push(part, &mut pieces.text);
        pieces.pass()
    })?;
    for line in &paper.foot {
        pieces.text.push_str(&format!("{}  \n", escaped(line)));
    }
    pieces.end()
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
            out.push_str(&format!(" {}\n\n", escaped(text)));
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
            Run::Plain(text) => out.push_str(&spaced(text)),
            Run::Strong(text) | Run::Figure { text, .. } => {
                // A space inside the signs would make them plain asterisks (CommonMark 0.31, 6.2).
                let space = if text.ends_with(char::is_whitespace) { " " } else { "" };
                out.push_str(&format!("**{}**{space}", escaped(text)));
            }
            Run::Link { text, url } => out.push_str(&format!("[{}]({url})", escaped(text))),
        }
    }
}

/// Text that keeps the space at its ends, where it touches the next run.
fn spaced(text: &str) -> String {
    let space = |there: bool| if there { " " } else { "" };
    let (before, after) = (text.starts_with(char::is_whitespace), text.ends_with(char::is_whitespace));
    format!("{}{}{}", space(before), escaped(text), space(after && !text.trim().is_empty()))
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
