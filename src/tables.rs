//! TOML read key by key: what is wrong with a file is told with its line, and the rest is still read.
//!
//! Configuration and rules are written by people. A key of the wrong kind, a key that nobody knows and
//! a line that does not parse each become a [`Diagnostic`]; none stops the others. It knows nothing of
//! what the keys mean.

use std::cell::{Cell, RefCell};

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use crate::model::Diagnostic;

/// Letters of a mistyped word that are compared; what strangers write may be of any length.
const COMPARED: usize = 64;

/// The faults of one file, and where its lines begin.
pub struct Faults<'t> {
    path: &'t str,
    text: &'t str,
    /// Byte offsets of the line ends, so that the line of a place is found without counting from the top.
    ends: Vec<usize>,
    told: RefCell<Vec<Diagnostic>>,
}

impl<'t> Faults<'t> {
    /// No faults yet in a text; `path` names it for people.
    pub fn of(path: &'t str, text: &'t str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
        Self { path, text, ends, told: RefCell::default() }
    }

    /// The file, as it is named for people.
    pub fn path(&self) -> &'t str {
        self.path
    }

    /// Parses the text; every line that does not parse is told, and then nothing of the file counts.
    pub fn parse(&self) -> Option<Spanned<DeTable<'t>>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        let mut last = None;
        for error in &errors {
            let line = self.line(error.span().unwrap_or(0..0).start);
            // What follows on the same line is mostly the first fault again.
            if last.replace(line) == Some(line) {
                continue;
            }
            let help =
                "texts stand in \"double quotes\", lists in [brackets]; the file is left out until every line is TOML";
            self.tell(line, format!("this is not TOML: {}", error.message()), Some(help.to_owned()));
        }
        errors.is_empty().then_some(table)
    }

    /// Tells a fault of a line, counted from 1.
    pub fn tell(&self, line: usize, message: impl Into<String>, help: Option<String>) {
        let diagnostic = Diagnostic { help, ..Diagnostic::new(self.path, message).at(line) };
        self.told.borrow_mut().push(diagnostic);
    }

    /// The line of a byte, counted from 1.
    fn line(&self, byte: usize) -> usize {
        1 + self.ends.partition_point(|end| *end < byte)
    }

    /// What was told, in order of the lines.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut told = self.told.into_inner();
        told.sort_by_key(|diagnostic| diagnostic.line);
        told
    }
}

/// An item of a list, with its line counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The text, without white space around it.
    pub text: String,
    /// Where it stands.
    pub line: usize,
}

/// One table of a file. Each key that is asked for counts as known; [`Table::done`] tells the others.
///
/// A key that is not written gives nothing. A value of the wrong kind is told and gives nothing; of a
/// list, the items of the right kind are still given.
pub struct Table<'a, 't> {
    /// The keys that lead here.
    name: String,
    /// What people call it, where it has a name of its own.
    called: RefCell<Option<String>>,
    table: Option<&'a DeTable<'t>>,
    at: usize,
    faults: &'a Faults<'t>,
    known: RefCell<Vec<&'static str>>,
    told_unknown: Cell<bool>,
}

impl<'a, 't> Table<'a, 't> {
    /// The whole of a parsed file.
    pub fn whole(table: &'a Spanned<DeTable<'t>>, faults: &'a Faults<'t>) -> Self {
        Self::new(String::new(), Some(table.get_ref()), 0, faults)
    }

    fn new(name: String, table: Option<&'a DeTable<'t>>, at: usize, faults: &'a Faults<'t>) -> Self {
        let (called, known) = Default::default();
        Self { name, called, table, at, faults, known, told_unknown: Cell::new(false) }
    }

    /// Gives it a name of its own, such as "rule `arrest.held`", by which faults speak of it.
    pub fn call(&self, name: impl Into<String>) {
        self.called.replace(Some(name.into()));
    }

    /// The file, as it is named for people.
    pub fn path(&self) -> &'t str {
        self.faults.path()
    }

    /// The line where it begins, counted from 1.
    pub fn line(&self) -> usize {
        self.faults.line(self.at)
    }

    /// The line of the value of a key, or of the table where the key is not written.
    pub fn line_of(&self, key: &str) -> usize {
        self.faults.line(self.table.and_then(|table| table.get(key)).map_or(self.at, |value| value.span().start))
    }

    /// Was the table written at all?
    pub fn is_written(&self) -> bool {
        self.table.is_some()
    }

    /// Is this key written in it? It counts as known from here on.
    pub fn has(&self, key: &'static str) -> bool {
        self.value(key).is_some()
    }

    /// Tells a fault of the value of a key (or of the whole table where the key is not written).
    pub fn fault(&self, key: &str, message: impl Into<String>, help: Option<String>) {
        self.faults.tell(self.line_of(key), message, help);
    }

    /// Tells a fault of the value of a key, and what to do next.
    pub fn advise(&self, key: &str, message: impl Into<String>, help: impl Into<String>) {
        self.fault(key, message, Some(help.into()));
    }

    /// Tells a fault of an item of a list, and what to do next.
    pub fn advise_at(&self, line: usize, message: impl Into<String>, help: impl Into<String>) {
        self.faults.tell(line, message, Some(help.into()));
    }

    fn value(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'t>>> {
        if !self.known.borrow().contains(&key) {
            self.known.borrow_mut().push(key);
        }
        self.table?.get(key)
    }

    fn read<T>(&self, key: &'static str, kind: Kind, read: impl FnOnce(&'a DeValue<'t>) -> Option<T>) -> Option<T> {
        let value = self.value(key)?;
        let read = read(value.get_ref());
        if read.is_none() {
            self.wrong(key, kind, value);
        }
        read
    }

    fn wrong(&self, key: &str, kind: Kind, value: &Spanned<DeValue<'t>>) {
        let message = format!("`{}` wants {}, not {}", self.full(key), kind.wanted(), found(value.get_ref()));
        let help = kind.sample().map(|sample| format!("write {key} = {sample}"));
        self.faults.tell(self.faults.line(value.span().start), message, help);
    }

    /// The items of a list that `read` can read; the others are told.
    fn items<T>(
        &self,
        key: &'static str,
        kind: Kind,
        read: impl Fn(&'a Spanned<DeValue<'t>>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let list = self.read(key, kind, DeValue::as_array)?;
        let mut items = Vec::with_capacity(list.len());
        for item in list.iter() {
            match read(item) {
                Some(item) => items.push(item),
                None => self.wrong(key, kind, item),
            }
        }
        Some(items)
    }

    fn item(&self, value: &Spanned<DeValue<'t>>) -> Option<Item> {
        let text = value.get_ref().as_str()?.trim();
        (!text.is_empty()).then(|| Item { text: text.to_owned(), line: self.faults.line(value.span().start) })
    }

    /// A key with the names of its tables.
    pub fn full(&self, key: &str) -> String {
        if self.name.is_empty() || self.called.borrow().is_some() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.name)
        }
    }

    /// A text, as it is written.
    pub fn text(&self, key: &'static str) -> Option<String> {
        self.read(key, Kind::Text, |value| value.as_str().map(str::to_owned))
    }

    /// A text that says something, without white space around it.
    pub fn words(&self, key: &'static str) -> Option<String> {
        let words = self.text(key)?.trim().to_owned();
        if words.is_empty() {
            self.advise(key, format!("`{}` is empty", self.full(key)), format!("write {key} = \"…\""));
        }
        (!words.is_empty()).then_some(words)
    }

    /// A text that must be there and say something.
    pub fn required_text(&self, key: &'static str) -> Option<String> {
        if self.value(key).is_none() {
            let message = match &*self.called.borrow() {
                Some(name) => format!("{name} has no `{key}`"),
                None => format!("`{}` is missing", self.full(key)),
            };
            self.advise(key, message, format!("write {key} = \"…\""));
        }
        self.words(key)
    }

    /// `true` or `false`.
    pub fn flag(&self, key: &'static str) -> Option<bool> {
        self.read(key, Kind::Flag, DeValue::as_bool)
    }

    /// A number, whole or not, never infinite.
    pub fn number(&self, key: &'static str) -> Option<f64> {
        self.read(key, Kind::Number, number)
    }

    /// A whole number that is not negative.
    pub fn count(&self, key: &'static str) -> Option<u64> {
        self.read(key, Kind::Count, |value| u64::try_from(whole(value.as_integer()?)?).ok())
    }

    /// A list of texts, as they are written.
    pub fn texts(&self, key: &'static str) -> Option<Vec<String>> {
        self.items(key, Kind::Texts, |item| item.get_ref().as_str().map(str::to_owned))
    }

    /// A list of texts that say something, each with its line.
    pub fn list(&self, key: &'static str) -> Vec<Item> {
        self.items(key, Kind::Texts, |item| self.item(item)).unwrap_or_default()
    }

    /// A list of lists of texts, each with its line; a bare text counts as a list of one.
    pub fn groups(&self, key: &'static str) -> Vec<Vec<Item>> {
        let group = |value: &'a Spanned<DeValue<'t>>| match value.get_ref() {
            DeValue::Array(list) => {
                let mut group = Vec::with_capacity(list.len());
                for item in list.iter() {
                    match self.item(item) {
                        Some(item) => group.push(item),
                        None => self.wrong(key, Kind::Groups, item),
                    }
                }
                Some(group)
            }
            _ => self.item(value).map(|item| vec![item]),
        };
        self.items(key, Kind::Groups, group).unwrap_or_default()
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
        let at = self.value(key).map_or(self.at, |value| value.span().start);
        let table = self.read(key, Kind::Table, DeValue::as_table);
        Table::new(self.full(key), table, table.and_then(first_key).unwrap_or(at), self.faults)
    }

    /// The tables of `[[key]]`.
    pub fn tables(&self, key: &'static str) -> Vec<Table<'a, 't>> {
        let full = self.full(key);
        let table = |item: &'a Spanned<DeValue<'t>>| {
            let table = item.get_ref().as_table()?;
            let at = first_key(table).unwrap_or(item.span().start);
            Some(Table::new(full.clone(), Some(table), at, self.faults))
        };
        self.items(key, Kind::Tables, table).unwrap_or_default()
    }

    /// Tells every key that nobody asked for, with the nearest known one.
    pub fn done(&self) {
        let Some(table) = self.table.filter(|_| !self.told_unknown.replace(true)) else { return };
        let known = self.known.borrow();
        for (key, _) in table {
            let written: &str = key.get_ref();
            if known.contains(&written) {
                continue;
            }
            let help = match nearest(written, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("use one of {}", known.join(", ")),
            };
            let of = match &*self.called.borrow() {
                Some(name) => format!("no key of {name}"),
                None => "no key that is known".to_owned(),
            };
            let message = format!("`{}` is {of}", self.full(written));
            self.faults.tell(self.faults.line(key.span().start), message, Some(help));
        }
    }
}

/// What a value should be.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Flag,
    Number,
    Count,
    Texts,
    Groups,
    Table,
    Tables,
}

impl Kind {
    fn wanted(self) -> &'static str {
        match self {
            Self::Text => "a text in quotes",
            Self::Flag => "true or false",
            Self::Number => "a number",
            Self::Count => "a whole number from 0 up",
            Self::Texts => "a list of texts",
            Self::Groups => "a list of lists of texts",
            Self::Table => "a table",
            Self::Tables => "tables written as [[…]]",
        }
    }

    /// What to write after `key = `, where a line says it.
    fn sample(self) -> Option<&'static str> {
        match self {
            Self::Text => Some("\"…\""),
            Self::Flag => Some("true"),
            Self::Number => Some("1.0"),
            Self::Count => Some("1"),
            Self::Texts => Some("[\"…\", \"…\"]"),
            Self::Groups => Some("[[\"…\", \"…\"], [\"…\"]]"),
            Self::Table | Self::Tables => None,
        }
    }
}

/// What a value is, in the words in which a wanted one is told.
fn found(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(text) if text.trim().is_empty() => "an empty text",
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(number) if number.as_str().parse().is_ok_and(f64::is_finite) => "a number",
        DeValue::Float(_) => "a number without end",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Where the first key of a table stands.
fn first_key(table: &DeTable<'_>) -> Option<usize> {
    table.keys().map(|key| key.span().start).min()
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    let number = match value {
        DeValue::Integer(number) => whole(number)? as f64,
        DeValue::Float(number) => number.as_str().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

fn whole(number: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// The word of a list that a mistyped one most likely means.
pub fn nearest<'w>(given: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let given: String = given.chars().take(COMPARED).collect();
    let most = 1 + given.chars().count() / 4;
    let far = |word: &str| strsim::damerau_levenshtein(&given, word);
    words.into_iter().map(|word| (far(word), word)).filter(|(far, _)| *far <= most).min().map(|(_, word)| word)
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
        let text = "a = \"x\"\nn = 3\nh = 0x1f\nl = [\"p\", \" q \"]\n[t]\nf = true\n[[s]]\nw = -0.5\n[[s]]\nw = 2";
        let faults = told(text, |table| {
            assert_eq!(table.text("a").as_deref(), Some("x"));
            assert_eq!((table.count("n"), table.count("h"), table.number("h")), (Some(3), Some(31), Some(31.0)));
            assert_eq!(table.texts("l"), Some(vec!["p".to_owned(), " q ".to_owned()]));
            let item = |text: &str| Item { text: text.to_owned(), line: 4 };
            assert_eq!(table.list("l"), [item("p"), item("q")]);
            assert_eq!(table.table("t").flag("f"), Some(true));
            let numbers: Vec<_> = table.tables("s").iter().map(|s| (s.line(), s.number("w"))).collect();
            assert_eq!(numbers, [(8, Some(-0.5)), (10, Some(2.0))]);
            assert!(!table.table("nothing").is_written());
            assert_eq!(table.list("nothing"), []);
        });
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[test]
    fn groups_are_lists_of_lists_or_bare_texts() {
        let faults = told("all = [\n  [\"a\", \"b\"],\n  \"c\",\n  [],\n]", |table| {
            let item = |text: &str, line| Item { text: text.to_owned(), line };
            assert_eq!(table.groups("all"), [vec![item("a", 2), item("b", 2)], vec![item("c", 3)], vec![]]);
        });
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[test]
    fn faults_name_line_and_nearest_key() {
        let faults = told("\npaht = \"x\"\nn = \"three\"\nzzzzzzzz = 1\n", |table| {
            table.text("path");
            table.count("n");
        });
        assert_eq!(
            faults,
            [
                "a.toml:2: `paht` is no key that is known\n  help: did you mean `path`?",
                "a.toml:3: `n` wants a whole number from 0 up, not a text\n  help: write n = 1",
                "a.toml:4: `zzzzzzzz` is no key that is known\n  help: use one of path, n",
            ]
        );
    }

    #[test]
    fn a_table_is_told_by_its_name_where_it_has_one() {
        let faults = told("[[rule]]\nid = \"x\"\nwieght = 3\n[[rule.case]]\nid = 1", |table| {
            for rule in table.tables("rule") {
                rule.call("rule `x`");
                rule.required_text("why");
                (_, _) = (rule.text("id"), rule.text("weight"));
                for case in rule.tables("case") {
                    case.required_text("id");
                    case.required_text("text");
                    case.done();
                }
                rule.done();
            }
        });
        assert_eq!(
            faults,
            [
                "a.toml:2: rule `x` has no `why`\n  help: write why = \"…\"",
                "a.toml:3: `wieght` is no key of rule `x`\n  help: did you mean `weight`?",
                "a.toml:5: `case.id` wants a text in quotes, not a whole number\n  help: write id = \"…\"",
                "a.toml:5: `case.text` is missing\n  help: write text = \"…\"",
            ]
        );
    }

    #[test]
    fn of_a_list_the_good_items_are_kept_and_the_others_told() {
        let faults =
            told("why = 3\nall = [[\"a\", 1], \"b\",\n2]\nl = [\"x\", \" \", false]\nflag = 1\nw = inf", |table| {
                assert_eq!(table.text("why"), None);
                assert_eq!(table.groups("all").iter().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
                assert_eq!(table.list("l").len(), 1);
                assert_eq!(table.flag("flag"), None);
                assert_eq!(table.number("w"), None);
            });
        assert_eq!(
            faults,
            [
                "a.toml:1: `why` wants a text in quotes, not a whole number\n  help: write why = \"…\"",
                "a.toml:2: `all` wants a list of lists of texts, not a whole number\n  help: write all = [[\"…\", \"…\"], [\"…\"]]",
                "a.toml:3: `all` wants a list of lists of texts, not a whole number\n  help: write all = [[\"…\", \"…\"], [\"…\"]]",
                "a.toml:4: `l` wants a list of texts, not an empty text\n  help: write l = [\"…\", \"…\"]",
                "a.toml:4: `l` wants a list of texts, not true or false\n  help: write l = [\"…\", \"…\"]",
                "a.toml:5: `flag` wants true or false, not a whole number\n  help: write flag = true",
                "a.toml:6: `w` wants a number, not a number without end\n  help: write w = 1.0",
            ]
        );
    }

    #[test]
    fn a_text_that_must_say_something_is_not_empty() {
        let faults = told("why = \"  \"\nid = \" x \"", |table| {
            assert_eq!(table.required_text("why"), None);
            assert_eq!(table.required_text("id").as_deref(), Some("x"));
        });
        assert_eq!(faults, ["a.toml:1: `why` is empty\n  help: write why = \"…\""]);
    }

    #[test]
    fn every_line_that_does_not_parse_is_told() {
        let faults = told("a = 1\nb = = 2\nc = 3\nd = [[\n", |_| {});
        assert!(faults.len() >= 2, "{faults:?}");
        assert!(faults[0].starts_with("a.toml:2: this is not TOML: "), "{faults:?}");
        assert!(faults[1].starts_with("a.toml:4: ") || faults[1].starts_with("a.toml:5: "), "{faults:?}");
        assert!(faults[0].contains("help: texts stand in"), "{faults:?}");
    }

    #[test]
    fn a_mistyped_word_is_near_and_another_is_not() {
        let check = |given: &str, expect: Option<&str>| {
            assert_eq!(nearest(given, ["held", "weight", "arrest", "threshold"]), expect, "{given}");
        };
        check("hold", Some("held"));
        check("arest", Some("arrest"));
        check("wieght", Some("weight"));
        check("treshhold", Some("threshold"));
        check("id", None);
        check("today", None);
        check("", None);
        check(&"w".repeat(100_000), None);
    }
}
