//! A digest for office programs: DOCX from the same words as its other formats, XLSX with its events.

use super::edition::{Issue, Shown};
use super::form::Part;
use super::paper::{self, Node, Paper, Run, line};
use super::report::sheets;
use super::{Edition, data, words};
use crate::model::Lang;

/// A digest as DOCX.
pub(super) fn docx(issue: &Issue<'_>, lang: Lang) -> Vec<u8> {
    let filled = data::form(issue, lang);
    let mut body = Vec::new();
    for part in filled.parts {
        match part {
            Part::Node(node) => body.push(node),
            Part::Section(name) => section(issue, &name, lang, &mut body),
        }
    }
    let paper = Paper {
        lang: Some(lang),
        head: filled.head,
        title: filled.title,
        subtitle: filled.subtitle,
        marks: data::marks(issue, lang),
        public: issue.edition == Edition::Public,
        body,
        foot: filled.foot,
        ..Paper::default()
    };
    paper::whole("docx", &paper)
}

fn section(issue: &Issue<'_>, name: &str, lang: Lang, body: &mut Vec<Node>) {
    match name {
        "events" => {
            body.push(Node::Heading(2, words::EVENTS.of(lang).to_owned()));
            if issue.events.is_empty() {
                body.push(Node::Text(line(words::NO_EVENTS.of(lang))));
            }
            issue.events.iter().for_each(|event| told(event, &issue.before, lang, body));
        }
        "earlier" if !issue.earlier.is_empty() => {
            body.push(Node::Heading(2, words::EARLIER.of(lang).to_owned()));
            body.push(Node::Aside(line(words::EARLIER_MEANS.of(lang))));
            issue.earlier.iter().for_each(|event| told(event, &issue.before, lang, body));
        }
        "coverage" => {
            body.push(Node::Heading(2, words::COVERAGE.of(lang).to_owned()));
            let coverage = data::coverage_lines(issue.coverage, lang);
            let items = coverage.into_iter().map(|(label, value)| line(format!("{label}: {value}")));
            body.push(Node::List(items.collect()));
        }
        _ => {}
    }
}

/// One event, as monitors write it: date, outlet or person (place), headline, labels, facts, paragraph, quotation,
/// sources, and what came `before` in its case.
pub(super) fn told(event: &Shown, before: &[Shown], lang: Lang, body: &mut Vec<Node>) {
    body.push(Node::Heading(3, data::heading(event, lang)));
    body.push(Node::Aside(line(data::labels(event, lang))));
    let facts: Vec<String> =
        data::facts(event, lang).into_iter().map(|(label, value)| format!("{label}: {value}")).collect();
    if !facts.is_empty() {
        body.push(Node::Text(line(facts.join(" · "))));
    }
    if let Some(summary) = data::summary(event, lang) {
        body.push(Node::Text(line(summary)));
    }
    if let Some(evidence) = &event.evidence {
        body.push(Node::Text(line(words::quoted(evidence, lang))));
    }
    if event.unnamed {
        body.push(Node::Aside(line(words::UNNAMED.of(lang))));
        return;
    }
    let sources: Vec<Vec<Run>> = data::sources(event, lang)
        .into_iter()
        .map(|source| {
            let mut runs = vec![match source.url {
                Some(url) => Run::Link { text: source.name, url },
                None => Run::plain(source.name),
            }];
            runs.extend(source.more.map(|more| Run::plain(format!(", {more}"))));
            runs.extend(source.title.map(|title| Run::plain(format!(": {title}"))));
            runs
        })
        .collect();
    if !sources.is_empty() {
        body.push(Node::List(sources));
    }
    let attachments = data::attachments(event, lang);
    if !attachments.is_empty() {
        let named = attachments.into_iter().map(|line| format!("{} (SHA-256 {})", line.name, line.sha256));
        let named = named.collect::<Vec<_>>().join("; ");
        body.push(Node::Aside(line(format!("{}: {named}", words::ATTACHMENTS.of(lang)))));
    }
    if let Some(inside) = data::kept_inside(event, lang) {
        body.push(Node::Aside(line(inside)));
    }
    let recalled = data::recalled(event, before, lang);
    if !recalled.is_empty() {
        body.push(Node::Aside(line(format!("{}: {}.", words::RECALL.of(lang), recalled.join("; ")))));
    }
}

/// A digest as XLSX: its events, dates as dates.
pub(super) fn xlsx(issue: &Issue<'_>, lang: Lang) -> Vec<u8> {
    let events: Vec<&Shown> = issue.events.iter().chain(&issue.earlier).collect();
    sheets::events_alone(&events, &data::marks(issue, lang), lang)
}
