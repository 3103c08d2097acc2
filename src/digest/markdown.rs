//! A digest as Markdown (CommonMark, and GitHub's extensions of it): what strangers wrote can make no
//! link, no heading and no HTML.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::edition::{Issue, Shown};
use super::form::Part;
use super::paper;
use super::words;
use crate::model::Lang;

pub(super) fn page(issue: &Issue<'_>, lang: Lang) -> String {
    let mut out = String::new();
    let filled = super::data::form(issue, lang);
    for line in &filled.head {
        let _ = writeln!(out, "{}  ", escaped(line));
    }
    if !filled.head.is_empty() {
        out.push('\n');
    }
    let _ = writeln!(out, "# {}\n", escaped(&filled.title));
    if let Some(subtitle) = &filled.subtitle {
        let _ = writeln!(out, "{}\n", escaped(subtitle));
    }
    let marks = super::data::marks(issue, lang);
    if !marks.is_empty() {
        let _ = writeln!(out, "> **{}**\n", marks.join(" · "));
    }
    for part in &filled.parts {
        match part {
            Part::Node(node) => out.push_str(&paper::markdown_node(node)),
            Part::Section(name) => section(&mut out, issue, name, lang),
        }
    }
    if !filled.foot.is_empty() {
        out.push('\n');
    }
    for line in &filled.foot {
        let _ = writeln!(out, "{}  ", escaped(line));
    }
    out
}

fn section(out: &mut String, issue: &Issue<'_>, name: &str, lang: Lang) {
    match name {
        "events" => {
            let _ = writeln!(out, "## {}\n", words::EVENTS.of(lang));
            if issue.events.is_empty() {
                let _ = writeln!(out, "{}\n", words::NO_EVENTS.of(lang));
            }
            issue.events.iter().for_each(|event| write_event(out, event, &issue.before, lang));
        }
        "earlier" if !issue.earlier.is_empty() => {
            let _ = writeln!(out, "## {}\n\n{}\n", words::EARLIER.of(lang), words::EARLIER_MEANS.of(lang));
            issue.earlier.iter().for_each(|event| write_event(out, event, &issue.before, lang));
        }
        "coverage" => {
            let _ = writeln!(out, "## {}\n", words::COVERAGE.of(lang));
            for (label, value) in super::data::coverage_lines(issue.coverage, lang) {
                let _ = writeln!(out, "- {label}: {}", escaped(&value));
            }
        }
        _ => {}
    }
}

fn write_event(out: &mut String, event: &Shown, before: &[Shown], lang: Lang) {
    let _ = writeln!(out, "### {}\n", escaped(&super::data::heading(event, lang)));
    let _ = writeln!(out, "*{}*\n", escaped(&super::data::labels(event, lang)));
    let facts = super::data::facts(event, lang);
    if !facts.is_empty() {
        let facts: Vec<String> = facts.iter().map(|(label, value)| format!("{label}: {}", escaped(value))).collect();
        let _ = writeln!(out, "{}\n", facts.join(" · "));
    }
    if let Some(summary) = super::data::summary(event, lang) {
        let _ = writeln!(out, "{}\n", escaped(&summary));
    }
    if let Some(evidence) = &event.evidence {
        let _ = writeln!(out, "> {}: {}\n", words::EVIDENCE.of(lang), escaped(evidence));
    }
    if event.unnamed {
        let _ = writeln!(out, "{}\n", words::UNNAMED.of(lang));
        return;
    }
    let _ = writeln!(out, "{}:\n", words::SOURCES.of(lang));
    for line in super::data::sources(event, lang) {
        let name = escaped(&line.name);
        match &line.url {
            Some(url) => drop(write!(out, "- [{name}](<{url}>)")),
            None => drop(write!(out, "- {name}")),
        }
        if let Some(more) = &line.more {
            let _ = write!(out, ", {}", escaped(more));
        }
        if let Some(title) = &line.title {
            let _ = write!(out, ": {}", escaped(title));
        }
        out.push('\n');
    }
    out.push('\n');
    let attachments = super::data::attachments(event, lang);
    if !attachments.is_empty() {
        let _ = writeln!(out, "{}:\n", words::ATTACHMENTS.of(lang));
        for line in attachments {
            let name = escaped(&line.name);
            match &line.href {
                Some(href) => drop(writeln!(out, "- [{name}](<{href}>)")),
                None => drop(writeln!(out, "- {name} (SHA-256 {})", line.sha256)),
            }
        }
        out.push('\n');
    }
    if let Some(inside) = super::data::kept_inside(event, lang) {
        let _ = writeln!(out, "{}\n", escaped(&inside));
    }
    let recalled = super::data::recalled(event, before, lang);
    if !recalled.is_empty() {
        let _ = writeln!(out, "{}: {}.\n", words::RECALL.of(lang), escaped(&recalled.join("; ")));
    }
}

/// Text as text: on one line, nothing in it read as markup (CommonMark 0.31, 2.4), nothing turned
/// into a link by itself (GitHub Flavored Markdown, 6.9).
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    escape(text, &mut out);
    out
}

/// The same, added to what is there.
pub(super) fn escape(text: &str, out: &mut String) {
    let line = on_one_line(text);
    let (mut copied, mut numbered) = (0, true);
    for (at, letter) in line.char_indices() {
        let next = || line[at + letter.len_utf8()..].chars().next();
        let special = match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '@' => true,
            '+' | '-' | '=' => at == 0,
            '&' => next().is_some_and(|next| next.is_alphanumeric() || next == '#'),
            ':' => next() == Some('/'),
            '.' | ')' => {
                let before = &line.as_bytes()[..at];
                (numbered && at > 0) || before.last_chunk::<3>().is_some_and(|three| three.eq_ignore_ascii_case(b"www"))
            }
            _ => false,
        };
        // A list number has nine digits at most.
        numbered = numbered && at < 10 && letter.is_ascii_digit();
        if special {
            out.push_str(&line[copied..at]);
            out.push('\\');
            copied = at;
        }
    }
    out.push_str(&line[copied..]);
}

/// Words parted by single spaces.
fn on_one_line(text: &str) -> Cow<'_, str> {
    let parts = |letter: char| letter.is_whitespace() || letter.is_control();
    let mut after_space = true;
    let bare = text.chars().all(|letter| {
        let fits = if letter == ' ' { !after_space } else { !parts(letter) };
        after_space = letter == ' ';
        fits
    });
    if bare && (text.is_empty() || !after_space) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split(parts).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_wrote_makes_no_markup() {
        let check = |text: &str, expect: &str| assert_eq!(escaped(text), expect);
        check(
            "Суд: редактор «Дала» оштрафован на 5-10 МРП (ст. 130)",
            "Суд: редактор «Дала» оштрафован на 5-10 МРП (ст. 130)",
        );
        check("[click](https://evil.example)", r"\[click\](https\://evil.example)");
        check("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>");
        check("http://evil.example", r"http\://evil.example");
        check("www.evil.example", r"www\.evil.example");
        check("a@evil.example", r"a\@evil.example");
        check("# title", r"\# title");
        check("- item", r"\- item");
        check("1. item", r"1\. item");
        check("2017) item", r"2017\) item");
        check("No 1. item", "No 1. item");
        check("&lt;b&gt;", r"\&lt;b\&gt;");
        check("A & B", "A & B");
        check("two\n\n> lines", r"two \> lines");
        check("`code` *bold* ~~x~~ a|b \\", r"\`code\` \*bold\* \~\~x\~\~ a\|b \\");
    }
}
