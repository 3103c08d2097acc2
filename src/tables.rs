//! TOML read key by key: what is wrong with a file is told with its line, and the rest is still read.
//!
//! Configuration, rules and reference tables are written by people. A key of the wrong kind, a key
//! that nobody knows and a file that does not parse each become a [`Diagnostic`]; none stops the others.

use std::cell::{Cell, RefCell};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::model::Diagnostic;

/// The faults of one file, and where its lines begin.
pub struct Faults<'t> {
    path: &'t str,
    text: &'t str,
    told: RefCell<Vec<Diagnostic>>,
}

impl<'t> Faults<'t> {
    /// No faults yet in a text; `path` names it for people.
    pub fn of(path: &'t str, text: &'t str) -> Self {
        Self { path, text, told: RefCell::default() }
    }

    /// Parses the text; what does not parse is told.
    pub fn parse(&self) -> Option<Spanned<DeTable<'t>>> {
        match DeTable::parse(self.text) {
            Ok(table) => Some(table),
            Err(error) => {
                let at = error.span().unwrap_or(0..0);
                self.tell(at, format!("this is not TOML: {}", error.message()), None);
                None
            }
        }
    }

    /// Tells a fault at a place of the text.
    pub fn tell(&self, at: Range<usize>, message: impl Into<String>, help: Option<String>) {
        let diagnostic = Diagnostic { help, ..Diagnostic::new(self.path, message).at(self.line(at.start)) };
        self.told.borrow_mut().push(diagnostic);
    }

    /// The line of a byte, counted from 1.
    fn line(&self, byte: usize) -> usize {
        let before = &self.text.as_bytes()[..byte.min(self.text.len())];
        1 + before.iter().filter(|b| **b == b'\n').count()
    }

    /// What was told, in order of the lines.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut told = self.told.into_inner();
        told.sort_by_key(|diagnostic| diagnostic.line);
        told
    }
}

/// One table of a file. Each key that is asked for counts as known; [`Table::done`] tells the others.
pub struct Table<'a, 't> {
    name: String,
    table: Option<&'a DeTable<'t>>,
    at: Range<usize>,
    faults: &'a Faults<'t>,
    known: RefCell<Vec<&'static str>>,
    told_unknown: Cell<bool>,
}

impl<'a, 't> Table<'a, 't> {
    /// The whole of a parsed file.
    pub fn whole(table: &'a Spanned<DeTable<'t>>, faults: &'a Faults<'t>) -> Self {
        Self::new(String::new(), Some(table.get_ref()), table.span(), faults)
    }

    fn new(name: String, table: Option<&'a DeTable<'t>>, at: Range<usize>, faults: &'a Faults<'t>) -> Self {
        Self { name, table, at, faults, known: RefCell::default(), told_unknown: Cell::new(false) }
    }

    /// Where the table stands in the text.
    pub fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    /// Was the table written at all?
    pub fn is_written(&self) -> bool {
        self.table.is_some()
    }

    /// Tells a fault of the value of a key (or of the whole table where the key is missing).
    pub fn fault(&self, key: &str, message: impl Into<String>, help: Option<String>) {
        let at = self.table.and_then(|table| table.get(key)).map_or(self.at.clone(), Spanned::span);
        self.faults.tell(at, message, help);
    }

    fn value(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'t>>> {
        if !self.known.borrow().contains(&key) {
            self.known.borrow_mut().push(key);
        }
        self.table?.get(key)
    }

    fn read<T>(&self, key: &'static str, wanted: &str, read: impl FnOnce(&'a DeValue<'t>) -> Option<T>) -> Option<T> {
        let value = self.value(key)?;
        let read = read(value.get_ref());
        if read.is_none() {
            let found = value.get_ref().type_str();
            self.faults.tell(value.span(), format!("`{}` wants {wanted}, not {found}", self.full(key)), None);
        }
        read
    }

    /// A key with the names of its tables.
    pub fn full(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    /// A text.
    pub fn text(&self, key: &'static str) -> Option<String> {
        self.read(key, "a text in quotes", |value| value.as_str().map(str::to_owned))
    }

    /// A text that must be there.
    pub fn required_text(&self, key: &'static str) -> Option<String> {
        if self.value(key).is_none() {
            self.faults.tell(self.at.clone(), format!("`{}` is missing", self.full(key)), None);
        }
        self.text(key)
    }

    /// `true` or `false`.
    pub fn flag(&self, key: &'static str) -> Option<bool> {
        self.read(key, "true or false", DeValue::as_bool)
    }

    /// A number, whole or not.
    pub fn number(&self, key: &'static str) -> Option<f64> {
        self.read(key, "a number", number)
    }

    /// A whole number that is not negative.
    pub fn count(&self, key: &'static str) -> Option<u64> {
        self.read(key, "a whole number", |value| value.as_integer()?.as_str().parse().ok())
    }

    /// A list of texts.
    pub fn texts(&self, key: &'static str) -> Option<Vec<String>> {
        self.read(key, "a list of texts", |value| {
            value.as_array()?.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
        })
    }

    /// A list of texts, each with its place, for faults of single items.
    pub fn placed_texts(&self, key: &'static str) -> Vec<(String, Range<usize>)> {
        let read = self.read(key, "a list of texts", |value| {
            value
                .as_array()?
                .iter()
                .map(|item| Some((item.get_ref().as_str()?.to_owned(), item.span())))
                .collect::<Option<Vec<_>>>()
        });
        read.unwrap_or_default()
    }

    /// A list of lists of texts.
    pub fn lists_of_texts(&self, key: &'static str) -> Option<Vec<Vec<String>>> {
        self.read(key, "a list of lists of texts", |value| {
            let lists = value.as_array()?.iter();
            lists
                .map(|list| {
                    let list = list.get_ref().as_array()?.iter();
                    list.map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
                })
                .collect()
        })
    }

    /// A text that `parse` turns into a value; what it says of a bad one is told.
    pub fn parsed<T, E: std::fmt::Display>(
        &self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.text(key)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(key, format!("`{}`: {error}", self.full(key)), None);
                None
            }
        }
    }

    /// A table under a key; an empty one where it is not written.
    pub fn table(&self, key: &'static str) -> Table<'a, 't> {
        let value = self.value(key);
        let table = self.read(key, "a table", DeValue::as_table);
        let at = value.map_or(self.at.clone(), Spanned::span);
        Table::new(self.full(key), table, at, self.faults)
    }

    /// The tables of `[[key]]`.
    pub fn tables(&self, key: &'static str) -> Vec<Table<'a, 't>> {
        let items = self.read(key, "tables written as [[…]]", |value| {
            value
                .as_array()?
                .iter()
                .map(|item| Some((item.get_ref().as_table()?, item.span())))
                .collect::<Option<Vec<_>>>()
        });
        let full = self.full(key);
        items
            .unwrap_or_default()
            .into_iter()
            .map(|(table, at)| Table::new(full.clone(), Some(table), at, self.faults))
            .collect()
    }

    /// Every key with its number, for tables whose keys are the writer's own.
    pub fn numbers(&self) -> Vec<(String, f64)> {
        let Some(table) = self.table else { return Vec::new() };
        let mut read = Vec::new();
        for (key, value) in table {
            match number(value.get_ref()) {
                Some(number) => read.push((key.get_ref().to_string(), number)),
                None => self.faults.tell(value.span(), format!("`{}` wants a number", self.full(key.get_ref())), None),
            }
        }
        self.told_unknown.set(true);
        read
    }

    /// Tells every key that nobody asked for, with the nearest known one.
    pub fn done(&self) {
        let Some(table) = self.table.filter(|_| !self.told_unknown.replace(true)) else { return };
        let known = self.known.borrow();
        for (key, _) in table {
            let key_text: &str = key.get_ref();
            if known.contains(&key_text) {
                continue;
            }
            let help = match nearest(key_text, &known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", known.join(", ")),
            };
            self.faults.tell(key.span(), format!("`{}` is no key that is known", self.full(key_text)), Some(help));
        }
    }
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(number) => number.as_str().parse().ok(),
        DeValue::Float(number) => number.as_str().parse().ok(),
        _ => None,
    }
}

/// The word of a list that a mistyped one most likely means.
pub fn nearest<'w>(given: &str, words: &[&'w str]) -> Option<&'w str> {
    let near = |word: &str| strsim::damerau_levenshtein(given, word);
    words.iter().copied().min_by_key(|word| near(word)).filter(|word| near(word) <= 1 + given.chars().count() / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, read: impl FnOnce(&Table<'_, '_>)) -> Vec<String> {
        let faults = Faults::of("a.toml", text);
        if let Some(parsed) = faults.parse() {
            let table = Table::whole(&parsed, &faults);
            read(&table);
            table.done();
        }
        faults.into_diagnostics().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn good_keys_are_read() {
        let faults =
            told("a = \"x\"\nn = 3\nl = [\"p\", \"q\"]\n[t]\nf = true\n[[s]]\nw = -0.5\n[[s]]\nw = 2", |table| {
                assert_eq!(table.text("a").as_deref(), Some("x"));
                assert_eq!(table.count("n"), Some(3));
                assert_eq!(table.texts("l"), Some(vec!["p".to_owned(), "q".to_owned()]));
                assert_eq!(table.table("t").flag("f"), Some(true));
                let numbers: Vec<_> = table.tables("s").iter().map(|s| s.number("w")).collect();
                assert_eq!(numbers, [Some(-0.5), Some(2.0)]);
                assert!(!table.table("nothing").is_written());
            });
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[test]
    fn faults_name_line_and_nearest_key() {
        let faults = told("\npaht = \"x\"\nn = \"three\"\n", |table| {
            table.text("path");
            table.count("n");
        });
        assert_eq!(
            faults,
            [
                "a.toml:2: `paht` is no key that is known\n  help: did you mean `path`?",
                "a.toml:3: `n` wants a whole number, not string",
            ]
        );
    }

    #[test]
    fn what_does_not_parse_is_told_with_its_line() {
        let faults = told("a = 1\nb = = 2\n", |_| {});
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("a.toml:2: this is not TOML: "), "{faults:?}");
    }
}
