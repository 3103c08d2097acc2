//! The house form: what stands around the sections of a digest or a report, and in which order they come.
//! A template ([minijinja](https://docs.rs/minijinja)) that people may edit; the shipped form is one too.
//!
//! A form is filled once for all formats: it names no format, its lines become headings, paragraphs and lists,
//! and each writer escapes them for its own. It sees no event and no figure but through [sections](KINDS), so
//! that it cannot let out what an edition keeps inside; and it cannot take away the marks of a draft and of the
//! internal edition, which stand outside it.

use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, ErrorKind, Output, State as Filling, UndefinedBehavior};
use serde::Serialize;

use super::paper::{Node, Run, line};
use crate::model::{Diagnostic, Lang};

/// Steps that filling a form may take: a loop without end is stopped.
const FUEL: u64 = 200_000;
/// Longest form, in bytes.
const LONGEST: usize = 256 << 10;
/// What stands around the name of a section until the sections are put in.
const SECTION: [char; 2] = ['\u{e000}', '\u{e001}'];

/// What a form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A weekly digest.
    Digest,
    /// A report of a period.
    Report,
}

/// The sections of each kind, in the order of the shipped form.
const KINDS: [(Kind, &[&str], &str); 2] = [
    (Kind::Digest, &["events", "earlier", "coverage"], include_str!("forms/digest.txt")),
    (
        Kind::Report,
        &["main_events", "figures", "blocks", "charts", "tables", "bridge", "coverage", "meaning", "events"],
        include_str!("forms/report.txt"),
    ),
];

impl Kind {
    fn sections(self) -> &'static [&'static str] {
        KINDS.iter().find(|(kind, ..)| *kind == self).map_or(&[], |(_, sections, _)| sections)
    }

    /// The shipped form.
    pub fn shipped(self) -> &'static str {
        KINDS.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, _, form)| form)
    }
}

/// What a form may print.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Values {
    /// `kk`, `ru` or `en`.
    pub lang: String,
    /// The title, with the period in it where a report has one.
    pub title: String,
    /// First and last day.
    pub days: String,
    /// The week or the period, by name.
    pub period: String,
    /// Lines above the title.
    pub letterhead: Vec<String>,
    /// Lines at the end.
    pub contacts: Vec<String>,
    /// `draft`, `checked`, `signed` or `frozen`.
    pub state: String,
    /// Is this the edition that may leave the house?
    pub public: bool,
    /// What stands before the name of who signed.
    pub signed: String,
    /// Who signed; never in the public edition.
    pub signed_by: Option<String>,
    /// How the monitoring was done.
    pub method: String,
}

/// A part of a filled form.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// What the form itself says.
    Node(Node),
    /// A section, by its name.
    Section(String),
}

/// A filled form.
#[derive(Debug, Clone, Default)]
pub(super) struct Filled {
    /// Lines above the title.
    pub head: Vec<String>,
    /// The title.
    pub title: String,
    /// The line under it.
    pub subtitle: Option<String>,
    /// Everything else, in order.
    pub parts: Vec<Part>,
    /// Notes after the last section.
    pub foot: Vec<String>,
}

/// Looks a form through: can it be filled with the house's own lines, and does it hold what no output may
/// lack? `path` is what the fault names.
///
/// # Errors
/// The first fault, with its line where it has one.
pub fn check(kind: Kind, form: &str, path: &str, letterhead: &[String], contacts: &[String]) -> Result<(), Diagnostic> {
    let help = "mend it, or take its key out of [digest] to use the shipped form";
    let fault = |message: String| Diagnostic::new(path, message).help(help);
    if form.len() > LONGEST {
        return Err(fault(format!("a form is {} KiB long at most", LONGEST >> 10)));
    }
    // Filled as it will be, in every state and edition.
    let trials = ["draft", "checked", "signed", "frozen"].into_iter().flat_map(|state| [(state, true), (state, false)]);
    for (state, public) in trials {
        let signed_by = (!public && matches!(state, "signed" | "frozen")).then(|| "A. Editor".to_owned());
        let values = Values {
            lang: Lang::EN.to_string(),
            letterhead: letterhead.to_vec(),
            contacts: contacts.to_vec(),
            state: state.to_owned(),
            public,
            signed_by,
            ..Values::default()
        };
        let text = rendered(kind, form, &values).map_err(|error| {
            let mut why = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
            if error.kind() == ErrorKind::OutOfFuel {
                "it does not come to an end".clone_into(&mut why);
            }
            let fault = fault(why);
            match error.line() {
                Some(line) => fault.at(line),
                None => fault,
            }
        })?;
        let filled = parsed(&text);
        // A figure without its coverage says nothing.
        if !filled.parts.iter().any(|part| matches!(part, Part::Section(name) if name == "coverage")) {
            return Err(fault(
                "it has no {{ section(\"coverage\") }}: no figure goes out without its coverage".to_owned(),
            ));
        }
    }
    Ok(())
}

/// Fills a form; the shipped one where there is none, or where it cannot be filled (which [`check`] tells).
pub(super) fn filled(kind: Kind, form: Option<&str>, values: &Values) -> Filled {
    let own = form.and_then(|form| rendered(kind, form, values).ok());
    let text = own.or_else(|| rendered(kind, kind.shipped(), values).ok()).unwrap_or_default();
    let mut filled = parsed(&text);
    if filled.title.is_empty() {
        filled.title.clone_from(&values.title);
    }
    filled
}

fn rendered(kind: Kind, form: &str, values: &Values) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_formatter(plain);
    environment.add_function("section", move |name: String| -> Result<Value, Error> {
        let known = kind.sections();
        match known.contains(&name.as_str()) {
            true => Ok(Value::from_safe_string(format!("{}{name}{}", SECTION[0], SECTION[1]))),
            false => {
                let why = format!("there is no section `{name}`; use {}", known.join(", "));
                Err(Error::new(ErrorKind::InvalidOperation, why))
            }
        }
    });
    environment.template_from_named_str("form", form)?.render(Value::from(Serde(values)))
}

/// A value as text in a form: on one line, and nothing in it read as a sign of the form.
fn plain(out: &mut Output, _: &mut Filling, value: &Value) -> Result<(), Error> {
    let mut write = |text: &str| out.write_str(text).map_err(|_| Error::from(ErrorKind::WriteFailure));
    if value.is_none() {
        return Ok(());
    }
    if value.is_safe() {
        return write(&value.to_string());
    }
    let mut text = String::new();
    for letter in value.to_string().chars() {
        match letter {
            '\\' | '*' | '#' | '>' | '-' => text.extend(['\\', letter]),
            _ if SECTION.contains(&letter) => {}
            _ if letter.is_whitespace() || letter.is_control() => {
                text.push(if letter == '\u{a0}' { letter } else { ' ' })
            }
            _ => text.push(letter),
        }
    }
    write(&text)
}

/// Reads the lines of a filled form: `#` title, `##` and `###` headings, `-` lists, `>` notes, the rest
/// paragraphs, parted by empty lines. What stands before the title is the letterhead, line by line; the first
/// line after it the subtitle.
fn parsed(text: &str) -> Filled {
    let mut filled = Filled::default();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut titled = false;
    let end = |paragraph: &mut Vec<&str>, filled: &mut Filled| {
        if paragraph.is_empty() {
            return;
        }
        let words = paragraph.join(" ");
        paragraph.clear();
        if filled.subtitle.is_none() && filled.parts.is_empty() && !filled.title.is_empty() {
            filled.subtitle = Some(bare(&words));
        } else {
            filled.parts.push(Part::Node(Node::Text(runs(&words))));
        }
    };
    for given in text.lines() {
        let given = given.trim();
        let after = |sign: &str| given.strip_prefix(sign).map(str::trim);
        if let Some(name) = given.strip_prefix(SECTION[0]).and_then(|rest| rest.strip_suffix(SECTION[1])) {
            end(&mut paragraph, &mut filled);
            filled.parts.push(Part::Section(name.to_owned()));
        } else if given.is_empty() || given == ">" {
            end(&mut paragraph, &mut filled);
        } else if let Some(words) = after("### ") {
            end(&mut paragraph, &mut filled);
            filled.parts.push(Part::Node(Node::Heading(3, bare(words))));
        } else if let Some(words) = after("## ") {
            end(&mut paragraph, &mut filled);
            filled.parts.push(Part::Node(Node::Heading(2, bare(words))));
        } else if let Some(words) = after("# ").filter(|_| !titled) {
            end(&mut paragraph, &mut filled);
            (filled.title, titled) = (bare(words), true);
        } else if !titled {
            filled.head.push(bare(given));
        } else if let Some(words) = after("> ") {
            end(&mut paragraph, &mut filled);
            filled.parts.push(Part::Node(Node::Aside(runs(words))));
        } else if let Some(words) = after("- ") {
            end(&mut paragraph, &mut filled);
            match filled.parts.last_mut() {
                Some(Part::Node(Node::List(items))) => items.push(runs(words)),
                _ => filled.parts.push(Part::Node(Node::List(vec![runs(words)]))),
            }
        } else {
            paragraph.push(given);
        }
    }
    end(&mut paragraph, &mut filled);
    while let Some(Part::Node(Node::Aside(runs))) = filled.parts.last() {
        filled.foot.insert(0, runs.iter().map(Run::text).collect());
        filled.parts.pop();
    }
    filled
}

/// A line without its signs.
fn bare(words: &str) -> String {
    runs(words).iter().map(Run::text).collect()
}

/// A line with what stands between two pairs of `*` stressed; a sign after a `\` is itself.
fn runs(words: &str) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    let (mut text, mut strong) = (String::new(), false);
    let mut letters = words.chars().peekable();
    let put = |text: &mut String, strong: bool, found: &mut Vec<Run>| {
        if !text.is_empty() {
            let text = std::mem::take(text);
            found.push(if strong { Run::Strong(text) } else { Run::Plain(text) });
        }
    };
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.extend(letters.next()),
            '*' if letters.next_if_eq(&'*').is_some() => {
                put(&mut text, strong, &mut found);
                strong = !strong;
            }
            letter if SECTION.contains(&letter) => {}
            letter => text.push(letter),
        }
    }
    put(&mut text, strong, &mut found);
    if found.is_empty() { line("") } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        Values {
            lang: "ru".to_owned(),
            title: "Обзор *недели*".to_owned(),
            days: "13–19 ноября 2017 г.".to_owned(),
            period: "неделя 2017-W46".to_owned(),
            letterhead: vec!["Фонд «Дала»".to_owned(), "# Алматы".to_owned()],
            contacts: vec!["- desk@dala.example".to_owned()],
            ..Values::default()
        }
    }

    #[test]
    fn the_shipped_forms_are_whole() {
        for (kind, sections, form) in KINDS {
            check(kind, form, "shipped", &values().letterhead, &[]).unwrap();
            let filled = filled(kind, None, &values());
            let named: Vec<&str> = filled
                .parts
                .iter()
                .map(|part| match part {
                    Part::Section(name) => name.as_str(),
                    Part::Node(node) => panic!("{node:?}"),
                })
                .collect();
            assert_eq!(named, sections);
            assert_eq!(filled.head, ["Фонд «Дала»", "# Алматы"], "what is inserted makes no heading");
            assert_eq!(filled.title, "Обзор *недели*");
            assert!(filled.subtitle.unwrap().starts_with("13–19 ноября"));
            assert_eq!(filled.foot.last().unwrap(), "- desk@dala.example");
        }
    }

    #[test]
    fn a_form_of_the_house_says_what_it_says() {
        let form = "{{ letterhead[0] }}\n# Вестник: {{ period }}\n\n{{ days }}\n\nДорогие **читатели**!\nВот неделя.\n\n\
                    {{ section('coverage') }}\n## События\n- один\n- два\n{% if public %}> для всех{% endif %}\n{{ section('events') }}\n> конец";
        check(Kind::Digest, form, "form.txt", &values().letterhead, &[]).unwrap();
        let filled = filled(Kind::Digest, Some(form), &values());
        assert_eq!(
            (filled.title.as_str(), filled.foot.as_slice()),
            ("Вестник: неделя 2017-W46", &["конец".to_owned()][..])
        );
        let told = format!("{:?}", filled.parts);
        for words in ["Strong(\"читатели\")", "Section(\"coverage\")", "Heading(2, \"События\")", "Plain(\"два\")"]
        {
            assert!(told.contains(words), "{words}: {told}");
        }
        assert!(!told.contains("для всех"), "{told}");
    }

    #[test]
    fn a_broken_form_is_a_fault_with_its_line() {
        let faulty = |form: &str, line: Option<usize>, words: &str| {
            let fault = check(Kind::Digest, form, "form.txt", &[], &[]).unwrap_err();
            assert!(fault.line == line && fault.message.contains(words), "{form}: {fault}");
            // And the shipped form goes out in its place.
            if line.is_some() {
                assert_eq!(filled(Kind::Digest, Some(form), &values()).parts.len(), 3, "{form}");
            }
        };
        faulty("# {{ title }}\n{% if x %}\n", Some(2), "");
        faulty("# {{ title }}\n\n{{ headline }}", Some(3), "");
        faulty("{{ section(\"figures\") }}", Some(1), "there is no section `figures`; use events, earlier, coverage");
        faulty("# {{ title }}\n{{ section(\"events\") }}", None, "no figure goes out without its coverage");
        faulty("{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}", Some(1), "");
        faulty(&"x".repeat(300_000), None, "256 KiB");
    }
}
