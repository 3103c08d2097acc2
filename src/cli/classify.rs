//! `classify`: stories as JSON Lines → verdicts as JSON Lines, in order. A filter: it keeps nothing
//! between stories but, with `--link`, what links them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::{Mutex, mpsc};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Exit, Io};
use crate::cases::Linker;
use crate::classify::Judge;
use crate::config::Config;
use crate::desk::rules_laid_over;
use crate::extract;
use crate::model::{Story, Verdict};
use crate::rules::RuleSet;

/// Lines that are judged before the next are read; of several threads each takes so many at a time.
const LINES_AT_A_TIME: usize = 64;
/// Bytes after which no more lines are taken at a time: long stories should not wait for each other.
const BYTES_AT_A_TIME: usize = 256 * 1024;
/// Batches that are read ahead for each thread.
const READ_AHEAD: usize = 3;

#[derive(Debug, clap::Args)]
pub(super) struct Classify {
    /// Stories, one JSON object a line; `-` or nothing: standard input.
    file: Option<PathBuf>,
    /// Give stories of one case, and near-duplicates, a shared key.
    #[arg(long)]
    link: bool,
    /// Threads that judge.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    /// A folder of rule files, laid over the built-in ones by id.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

/// A line that is not blank, and its number.
type Line = (usize, Vec<u8>);

/// One answer: a verdict, or why the line was no story.
enum Answer {
    /// To be linked with those before it.
    Judged(Box<(Story, Verdict)>),
    /// As it is printed, with its line break.
    Printed(Vec<u8>),
    /// A fault, as it is printed.
    Fault(Vec<u8>),
}

/// What lines are judged by.
struct Bench<'j> {
    judge: &'j Judge,
    home: Option<String>,
    link: bool,
}

impl Bench<'_> {
    fn answer(&self, (number, line): &Line) -> Result<Answer> {
        let story = match story_of(line, *number) {
            Ok(story) => story,
            Err(fault) => return Ok(Answer::Fault(printed(&fault)?)),
        };
        let verdict = self.judge.judge(&story, self.home.as_deref());
        if self.link {
            return Ok(Answer::Judged(Box::new((story, verdict))));
        }
        Ok(Answer::Printed(printed(&verdict)?))
    }

    fn answers(&self, batch: &[Line]) -> Vec<Result<Answer>> {
        batch.iter().map(|line| self.answer(line)).collect()
    }
}

fn printed(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

/// Takes answers in the order of their lines.
struct Printer<'w> {
    out: BufWriter<&'w mut dyn Write>,
    linker: Linker,
    faults: bool,
}

impl Printer<'_> {
    fn print(&mut self, answers: Vec<Result<Answer>>) -> Result<()> {
        for answer in answers {
            let line = match answer? {
                Answer::Judged(judged) => {
                    let (story, mut verdict) = *judged;
                    self.linker.link(&story, &mut verdict);
                    printed(&verdict)?
                }
                Answer::Printed(line) => line,
                Answer::Fault(line) => {
                    self.faults = true;
                    line
                }
            };
            self.out.write_all(&line)?;
        }
        Ok(())
    }
}

impl Classify {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        let (rules, notices) = match &self.rules {
            Some(dir) => rules_laid_over(dir)?,
            None => RuleSet::builtin(),
        };
        io.tell(&notices)?;
        let judge = Judge::new(rules);
        let bench = Bench { judge: &judge, home: home_country(), link: self.link };
        let mut lines = Lines { from: open(self.file.as_ref(), io)?, number: 0 };
        let mut printer = Printer { out: BufWriter::new(&mut *io.out), linker: Linker::default(), faults: false };
        if self.threads == 1 {
            while let Some(batch) = lines.next_batch()? {
                printer.print(bench.answers(&batch))?;
            }
        } else {
            side_by_side(&bench, &mut lines, &mut printer, usize::from(self.threads))?;
        }
        printer.out.flush()?;
        Ok(Exit::faults_if(printer.faults))
    }
}

/// Judges batches on several threads; this one reads and prints.
fn side_by_side(bench: &Bench<'_>, lines: &mut Lines, printer: &mut Printer<'_>, threads: usize) -> Result<()> {
    let (to_judge, batches) = mpsc::channel::<(usize, Vec<Line>)>();
    let batches = Mutex::new(batches);
    let (to_print, judged) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (batches, to_print) = (&batches, to_print.clone());
            scope.spawn(move || {
                // Who waits for a batch holds the lock; who has one lets it go.
                let next = || batches.lock().ok().and_then(|batches| batches.recv().ok());
                while let Some((place, batch)) = next() {
                    // A thread that ended without a word would be waited for.
                    let answers = catch_unwind(AssertUnwindSafe(|| bench.answers(&batch)));
                    if to_print.send((place, answers)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(to_print);
        let (mut read, mut printed) = (0, 0);
        let mut waiting = BTreeMap::new();
        let mut more = true;
        while more || printed < read {
            if more && read - printed < threads * READ_AHEAD {
                match lines.next_batch()? {
                    Some(batch) => {
                        // Nobody listens only where every thread has failed, which is told below.
                        let _ = to_judge.send((read, batch));
                        read += 1;
                    }
                    None => more = false,
                }
            } else {
                let (place, answers) = judged.recv().context("the threads that judge have stopped")?;
                waiting.insert(place, answers);
            }
            waiting.extend(judged.try_iter());
            while let Some(answers) = waiting.remove(&printed) {
                printer.print(answers.unwrap_or_else(|panic| resume_unwind(panic)))?;
                printed += 1;
            }
        }
        // With it the threads' last wait ends.
        drop(to_judge);
        Ok(())
    })
}

/// Opens a file of lines, or standard input.
pub(super) fn open(file: Option<&PathBuf>, io: &Io<'_>) -> Result<Box<dyn BufRead>> {
    match file.filter(|file| file.as_os_str() != "-") {
        None => Ok(Box::new(BufReader::new(std::io::stdin()))),
        Some(file) => {
            let path = io.path(file);
            let opened = std::fs::File::open(&path).with_context(|| format!("cannot read {}", path.display()))?;
            Ok(Box::new(BufReader::with_capacity(1 << 20, opened)))
        }
    }
}

/// Lines as they are read.
struct Lines {
    from: Box<dyn BufRead>,
    number: usize,
}

impl Lines {
    /// The next lines that are not blank; `None` at the end.
    fn next_batch(&mut self) -> std::io::Result<Option<Vec<Line>>> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < LINES_AT_A_TIME && bytes < BYTES_AT_A_TIME {
            let mut line = Vec::new();
            if self.from.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            self.number += 1;
            if !line.trim_ascii().is_empty() {
                bytes += line.len();
                batch.push((self.number, line));
            }
        }
        Ok((!batch.is_empty()).then_some(batch))
    }
}

/// The country that a story is taken to be about where neither it nor a configured source tells: the
/// first that the queue takes by default.
pub(super) fn home_country() -> Option<String> {
    Config::embedded().queue.countries.into_iter().next()
}

/// The line read with `\u{fffd}` in place of each half of a surrogate pair that stands alone: other
/// writers of JSON let them pass (RFC 8259, section 8.2), Unicode text cannot hold them.
fn mended(line: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(line).ok()?;
    let half = |at: usize| -> Option<u16> {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut whole = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = text[at..].find('\\') {
        let escape = at + found;
        whole.push_str(&text[at..escape]);
        // An escape is two characters, or six with digits; a pair of surrogates is twelve.
        let length = match (half(escape), half(escape + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                whole.push_str("\\ufffd");
                at = escape + 6;
                continue;
            }
            _ => 1 + text[escape + 1..].chars().next().map_or(0, char::len_utf8),
        };
        whole.push_str(&text[escape..escape + length]);
        at = escape + length;
    }
    whole.push_str(&text[at..]);
    serde_json::from_str(&whole).ok()
}

/// The keys of a line that a story is made of; others are passed over unread.
#[derive(Deserialize)]
struct Row {
    id: Option<Value>,
    text: Option<Value>,
    title: Option<Value>,
    url: Option<Value>,
    published: Option<Value>,
    byline: Option<Value>,
    source: Option<Value>,
}

impl Row {
    /// Reads a line that is in order; what is not is left to [`Row::of_value`], which says why.
    fn read(line: &[u8]) -> Option<Self> {
        let line = simdutf8::basic::from_utf8(line.trim_ascii_start()).ok()?;
        // A list would be read as a row without keys.
        if line.starts_with('{') { serde_json::from_str(line).ok() } else { None }
    }

    fn of_value(value: Value) -> Option<Self> {
        let Value::Object(mut object) = value else { return None };
        let mut take = |key: &str| object.remove(key);
        Some(Self {
            id: take("id"),
            text: take("text"),
            title: take("title"),
            url: take("url"),
            published: take("published"),
            byline: take("byline"),
            source: take("source"),
        })
    }
}

/// Reads a line as a story; what is no story comes back as `{"id", "error"}`.
///
/// `id` and `text` are required; a date that cannot be read counts as unknown; other keys are ignored.
pub(super) fn story_of(line: &[u8], number: usize) -> Result<Story, Value> {
    let fault = |id: Option<&str>, error: String| Err(json!({ "id": id, "error": format!("line {number}: {error}") }));
    let row = match Row::read(line) {
        Some(row) => row,
        None => match serde_json::from_slice(line).or_else(|error| mended(line).ok_or(error)) {
            Ok(value) => match Row::of_value(value) {
                Some(row) => row,
                None => return fault(None, "not a JSON object".to_owned()),
            },
            Err(error) => return fault(None, format!("not JSON: {error}")),
        },
    };
    let text_of = |value: Option<Value>| match value {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let id = match row.id {
        Some(Value::String(id)) => id,
        Some(Value::Number(id)) => id.to_string(),
        _ => return fault(None, "`id` is missing; a story needs `id` and `text`".to_owned()),
    };
    let Some(text) = text_of(row.text) else {
        return fault(Some(&id), "`text` is missing; a story needs `id` and `text`".to_owned());
    };
    Ok(Story {
        url: text_of(row.url),
        title: text_of(row.title).unwrap_or_default(),
        published: text_of(row.published).and_then(|date| date.parse().ok().or_else(|| extract::date(&date, None))),
        byline: text_of(row.byline),
        source: text_of(row.source),
        id,
        text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_story_or_says_why_not() {
        let check = |line: &str, expect: Result<(&str, &str, &str), &str>| match (story_of(line.as_bytes(), 7), expect)
        {
            (Ok(story), Ok((id, title, text))) => {
                assert_eq!((story.id.as_str(), story.title.as_str(), story.text.as_str()), (id, title, text));
            }
            (Err(fault), Err(error)) => assert!(fault["error"].as_str().unwrap().contains(error), "{line}: {fault}"),
            (given, _) => panic!("{line}: {given:?}"),
        };
        check(r#"{"id": "a", "text": "x", "title": "t", "other": [1, {"id": 2}]}"#, Ok(("a", "t", "x")));
        check(r#" {"id": 12, "text": "", "title": null}"#, Ok(("12", "", "")));
        // The last of two keys counts.
        check(r#"{"id": "a", "id": "b", "text": "x"}"#, Ok(("b", "", "x")));
        check(r#"{"id": "a", "text": "x\ud800", "title": 3}"#, Ok(("a", "", "x\u{fffd}")));
        check(r#"["a", "x", null, null, null, null, null]"#, Err("line 7: not a JSON object"));
        check(r#"{"id": "a", "text": "x""#, Err("line 7: not JSON"));
        check(r#"{"text": "x"}"#, Err("`id` is missing"));
        check(r#"{"id": null, "text": "x"}"#, Err("`id` is missing"));
        check(r#"{"id": "a", "text": ["x"]}"#, Err("`text` is missing"));
        check("12", Err("not a JSON object"));
        assert!(story_of(b"{\"id\": \"a\", \"text\": \"\xff\"}", 1).is_err());
        assert!(story_of(b"{\"id\": \"a\", \"text\": \"x\", \"y\": \"\xff\"}", 1).is_err());
    }

    /// However many threads judge, the answers are those of one, in the order of the lines.
    #[test]
    fn threads_keep_the_order() {
        let text: String = (0..1_000)
            .map(|n| match n % 7 {
                0 => "\n".to_owned(),
                1 => format!("no story {n}\n"),
                _ => format!("{{\"id\": {n}, \"text\": \"Police detained a reporter. {}\"}}\n", "Rain. ".repeat(n % 9)),
            })
            .collect();
        let judge = Judge::new(RuleSet::builtin().0);
        let run = |threads: usize, link: bool| {
            let bench = Bench { judge: &judge, home: None, link };
            let mut out = Vec::new();
            let mut lines = Lines { from: Box::new(std::io::Cursor::new(text.clone())), number: 0 };
            let mut printer = Printer { out: BufWriter::new(&mut out), linker: Linker::default(), faults: false };
            side_by_side(&bench, &mut lines, &mut printer, threads).unwrap();
            assert!(printer.faults);
            drop(printer);
            String::from_utf8(out).unwrap()
        };
        let one = run(1, false);
        assert_eq!(one.lines().count(), 1_000 - 143);
        assert!(one.lines().nth(1).unwrap().starts_with("{\"id\":\"2\""));
        assert!(run(3, false) == one);
        assert!(run(3, true) == run(1, true));
    }

    #[test]
    fn lone_surrogates_are_replaced_and_the_rest_is_kept() {
        let check = |line: &str, text: Option<&str>| {
            let read = mended(line.as_bytes()).and_then(|value| value["text"].as_str().map(str::to_owned));
            assert_eq!(read.as_deref(), text, "{line}");
        };
        check(r#"{"text": "a\ud800b"}"#, Some("a\u{fffd}b"));
        check(r#"{"text": "\udc00\ud83d\ude00\ud83d"}"#, Some("\u{fffd}😀\u{fffd}"));
        check(r#"{"text": "\\ud800 \n \" \u0436"}"#, Some("\\ud800 \n \" ж"));
        check(r#"{"text": "\u12"#, None);
        check("no json \\", None);
    }
}
