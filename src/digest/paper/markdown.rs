//! A paper as Markdown (CommonMark with tables).

use super::{Node, Paper, Run, Table};
use crate::digest::markdown::escaped;

/// The whole text.
pub fn page(paper: &Paper) -> String {
    let mut out = String::new();
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
    paper.body.iter().for_each(|node| out.push_str(&self::node(node)));
    for line in &paper.foot {
        out.push_str(&format!("{}  \n", escaped(line)));
    }
    out
}

/// One part of a text.
pub fn node(node: &Node) -> String {
    let mut out = String::new();
    match node {
        Node::Heading(level, text) => {
            out.push_str(&format!("{} {}\n\n", "#".repeat(usize::from(*level).clamp(2, 6)), escaped(text)));
        }
        Node::Text(runs) => out.push_str(&format!("{}\n\n", line(runs))),
        Node::Aside(runs) => out.push_str(&format!("*{}*\n\n", line(runs))),
        Node::List(items) => {
            for item in items {
                out.push_str(&format!("- {}\n", line(item)));
            }
            out.push('\n');
        }
        Node::Table(table) => out.push_str(&self::table(table)),
        Node::Chart(chart) => out.push_str(&format!("*{}*\n\n", escaped(&chart.described()))),
    }
    out
}

fn line(runs: &[Run]) -> String {
    runs.iter()
        .map(|run| match run {
            Run::Plain(text) => spaced(text),
            Run::Strong(text) | Run::Figure { text, .. } => {
                // A space inside the signs would make them plain asterisks (CommonMark 0.31, 6.2).
                let space = if text.ends_with(char::is_whitespace) { " " } else { "" };
                format!("**{}**{space}", escaped(text))
            }
            Run::Link { text, url } => format!("[{}]({url})", escaped(text)),
        })
        .collect()
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
