//! One TOML file of the rules, read key by key so that every fault has its line and the rest of the
//! file still counts. Knows nothing of what the keys mean.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::model::Diagnostic;

/// A file being read: turns byte offsets into lines and gathers what is wrong.
pub(super) struct Document<'a> {
    /// The file as the user named it.
    pub(super) path: &'a str,
    text: &'a str,
    /// What was found wrong so far.
    pub(super) faults: Vec<Diagnostic>,
}

impl<'a> Document<'a> {
    /// Opens a file; `None` for the table where it is no TOML at all, with the faults told.
    pub(super) fn open(path: &'a str, text: &'a str) -> (Self, Option<DeTable<'a>>) {
        let mut document = Self { path, text, faults: Vec::new() };
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let at = error.span().map_or(0, |span| span.start);
            let help = "the whole file is left out until it is valid TOML; texts stand in \"double quotes\", lists in [brackets]";
            document.fault(at, format!("this is no valid TOML: {}", error.message()), help);
        }
        (document, errors.is_empty().then(|| table.into_inner()))
    }

    /// The line of a byte offset, counted from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.text.as_bytes()[..at.min(self.text.len())].iter().filter(|&&byte| byte == b'\n').count() + 1
    }

    /// How many lines end between two byte offsets.
    pub(super) fn lines_between(&self, from: usize, to: usize) -> usize {
        let bytes = self.text.as_bytes();
        bytes.get(from..to.min(bytes.len())).map_or(0, |part| part.iter().filter(|&&byte| byte == b'\n').count())
    }

    /// Notes what is wrong at a byte offset.
    pub(super) fn fault(&mut self, at: usize, message: impl Into<String>, help: impl Into<String>) {
        let line = self.line(at);
        self.faults.push(Diagnostic::new(self.path, message).at(line).help(help));
    }

    /// Tells of every key that is not on the list, with the nearest that is.
    pub(super) fn keys(&mut self, table: &DeTable<'_>, allowed: &[&str], noun: &str) {
        for key in table.keys() {
            let name = key.get_ref().as_ref();
            if allowed.contains(&name) {
                continue;
            }
            let help = match nearest(name, allowed.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("use one of {}", allowed.join(", ")),
            };
            self.fault(key.span().start, format!("`{name}` is no key of {noun}"), help);
        }
    }

    fn wrong(&mut self, value: &Spanned<DeValue<'_>>, key: &str, wanted: &str) {
        self.fault(value.span().start, format!("`{key}` is not {wanted}"), format!("write {key} = {}", sample(wanted)));
    }

    /// A text with its line.
    pub(super) fn text(&mut self, table: &DeTable<'_>, key: &str) -> Option<String> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => {
                self.wrong(value, key, "a text");
                None
            }
        }
    }

    /// A text that must be there; where it is not, the fault stands at `at`.
    pub(super) fn required(&mut self, table: &DeTable<'_>, key: &str, at: usize, noun: &str) -> Option<String> {
        if !table.contains_key(key) {
            self.fault(at, format!("{noun} has no `{key}`"), format!("write {key} = \"…\""));
        }
        self.text(table, key)
    }

    /// A number.
    pub(super) fn number(&mut self, table: &DeTable<'_>, key: &str) -> Option<f64> {
        let value = table.get(key)?;
        let number = match value.get_ref() {
            DeValue::Float(float) => float.as_str().parse::<f64>().ok(),
            DeValue::Integer(integer) => integer.as_str().parse::<f64>().ok(),
            _ => None,
        };
        if number.is_none_or(|number| !number.is_finite()) {
            self.wrong(value, key, "a number");
            return None;
        }
        number
    }

    /// `true` or `false`; `false` where it is left out.
    pub(super) fn flag(&mut self, table: &DeTable<'_>, key: &str) -> bool {
        match table.get(key).map(|value| (value, value.get_ref())) {
            None => false,
            Some((_, DeValue::Boolean(flag))) => *flag,
            Some((value, _)) => {
                self.wrong(value, key, "true or false");
                false
            }
        }
    }

    /// A list of texts, each with its byte offset.
    pub(super) fn texts(&mut self, table: &DeTable<'_>, key: &str) -> Vec<(String, usize)> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(value, key, "a list of texts");
            return Vec::new();
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(text) if !text.trim().is_empty() => {
                    texts.push((text.trim().to_owned(), item.span().start))
                }
                _ => self.wrong(item, key, "a list of texts"),
            }
        }
        texts
    }

    /// A list of lists of texts; a bare text counts as a list of one.
    pub(super) fn groups(&mut self, table: &DeTable<'_>, key: &str) -> Vec<Vec<(String, usize)>> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(value, key, "a list of groups");
            return Vec::new();
        };
        let mut groups = Vec::with_capacity(items.len());
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(text) => groups.push(vec![(text.trim().to_owned(), item.span().start)]),
                DeValue::Array(names) => {
                    let mut group = Vec::with_capacity(names.len());
                    for name in names.iter() {
                        match name.get_ref() {
                            DeValue::String(text) => group.push((text.trim().to_owned(), name.span().start)),
                            _ => self.wrong(name, key, "a list of groups"),
                        }
                    }
                    groups.push(group);
                }
                _ => self.wrong(item, key, "a list of groups"),
            }
        }
        groups
    }

    /// The tables of `[[key]]`, each with the byte offset where it stands.
    pub(super) fn tables<'t, 'v>(&mut self, table: &'t DeTable<'v>, key: &str) -> Vec<(&'t DeTable<'v>, usize)> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(value, key, "a list of tables");
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items.iter() {
            match item.get_ref() {
                DeValue::Table(table) => tables.push((table, first_offset(table).unwrap_or(item.span().start))),
                _ => self.wrong(item, key, "a list of tables"),
            }
        }
        tables
    }

    /// The table `[key]`.
    pub(super) fn table<'t, 'v>(&mut self, table: &'t DeTable<'v>, key: &str) -> Option<&'t DeTable<'v>> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => {
                self.wrong(value, key, "a table");
                None
            }
        }
    }
}

/// Where the first key of a table stands.
fn first_offset(table: &DeTable<'_>) -> Option<usize> {
    table.keys().map(|key| key.span().start).min()
}

/// What to write for a value of a kind.
fn sample(wanted: &str) -> &'static str {
    match wanted {
        "a text" => "\"…\"",
        "a number" => "1.0",
        "true or false" => "true",
        "a list of texts" => "[\"…\", \"…\"]",
        "a list of groups" => "[[\"…\", \"…\"], [\"…\"]]",
        _ => "… as a table of its own in [brackets]",
    }
}

/// The name on a list that is written most like this one, where one is like it at all.
pub(super) fn nearest<'n>(name: &str, list: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let name: String = name.chars().take(64).collect();
    list.map(|other| (strsim::damerau_levenshtein(&name, other), other))
        .min()
        .filter(|&(distance, other)| distance * 2 <= other.len().max(2))
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_name_the_line_and_the_nearest_key() {
        let (mut document, table) = Document::open("a.toml", "id = \"x\"\nwieght = 3\nzzzzzzzz = 1\n");
        document.keys(&table.unwrap(), &["id", "weight"], "a rule");
        let told: Vec<String> = document.faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "a.toml:2: `wieght` is no key of a rule\n  help: did you mean `weight`?",
                "a.toml:3: `zzzzzzzz` is no key of a rule\n  help: use one of id, weight",
            ]
        );
    }

    #[test]
    fn what_is_no_toml_is_left_out_with_its_line() {
        let (document, table) = Document::open("a.toml", "id = \"x\"\nall = [[\n");
        assert!(table.is_none());
        assert!(document.faults[0].line.is_some_and(|line| line >= 2), "{:?}", document.faults);
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_told_and_passed_over() {
        let (mut document, table) = Document::open("a.toml", "why = 3\nall = [[\"a\", 1], \"b\", 2]\nflag = 1\n");
        let table = table.unwrap();
        assert_eq!(document.text(&table, "why"), None);
        let groups = document.groups(&table, "all");
        assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
        assert!(!document.flag(&table, "flag"));
        assert_eq!(document.faults.len(), 4);
    }
}
