//! `classify`: stories as JSON Lines → verdicts as JSON Lines, in order. A filter: it keeps nothing
//! between stories but, with `--link`, what links them.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::{Exit, Io};
use crate::cases::Linker;
use crate::classify::Judge;
use crate::config::Config;
use crate::extract;
use crate::model::{Story, Verdict};
use crate::rules::RuleSet;

/// Lines judged side by side before they are printed, for each thread.
const LINES_A_THREAD: usize = 64;

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
}

/// One answer: a verdict, or why the line was no story.
type Answer = Result<(Story, Verdict), Value>;

impl Classify {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        let (rules, notices) = RuleSet::builtin();
        io.tell(&notices)?;
        let judge = Judge::new(rules);
        let mut lines = open(self.file.as_ref(), io)?;
        let mut linker = self.link.then(Linker::default);
        let mut out = BufWriter::new(&mut *io.out);
        let mut faults = false;
        let (mut batch, mut number) = (Vec::new(), 0);
        loop {
            let more = read_lines(&mut *lines, usize::from(self.threads) * LINES_A_THREAD, &mut number, &mut batch)?;
            for answer in judge_all(&judge, &batch, usize::from(self.threads)) {
                match answer {
                    Ok((story, mut verdict)) => {
                        if let Some(linker) = &mut linker {
                            linker.link(&story, &mut verdict);
                        }
                        serde_json::to_writer(&mut out, &verdict)?;
                    }
                    Err(fault) => {
                        faults = true;
                        serde_json::to_writer(&mut out, &fault)?;
                    }
                }
                out.write_all(b"\n")?;
            }
            if !more {
                break;
            }
        }
        out.flush()?;
        Ok(Exit::faults_if(faults))
    }
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

/// Reads up to `most` lines that are not blank, each with its number; tells whether there may be more.
fn read_lines(
    lines: &mut dyn BufRead,
    most: usize,
    number: &mut usize,
    batch: &mut Vec<(usize, Vec<u8>)>,
) -> std::io::Result<bool> {
    batch.clear();
    while batch.len() < most {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(false);
        }
        *number += 1;
        if !line.trim_ascii().is_empty() {
            batch.push((*number, line));
        }
    }
    Ok(true)
}

/// The country that a story is taken to be about where neither it nor a configured source tells: the
/// first that the queue takes by default.
pub(super) fn home_country() -> Option<String> {
    Config::embedded().queue.countries.into_iter().next()
}

fn judge_all(judge: &Judge, batch: &[(usize, Vec<u8>)], threads: usize) -> Vec<Answer> {
    let home = home_country();
    let judge_line = |(number, line): &(usize, Vec<u8>)| {
        story_of(line, *number).map(|story| {
            let verdict = judge.judge(&story, home.as_deref());
            (story, verdict)
        })
    };
    if threads == 1 || batch.len() < 2 {
        return batch.iter().map(judge_line).collect();
    }
    // Threads take the next line when they are done with one: long stories do not hold up the rest.
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut answers: Vec<(usize, Answer)> = std::thread::scope(|scope| {
        let work = || {
            let mut mine = Vec::new();
            loop {
                let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let Some(line) = batch.get(index) else { return mine };
                mine.push((index, judge_line(line)));
            }
        };
        let workers: Vec<_> = (0..threads.min(batch.len())).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, answer)| answer).collect()
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

/// Reads a line as a story; what is no story comes back as `{"id", "error"}`.
///
/// `id` and `text` are required; a date that cannot be read counts as unknown; other keys are ignored.
pub(super) fn story_of(line: &[u8], number: usize) -> Result<Story, Value> {
    let fault = |id: Option<&str>, error: String| Err(json!({ "id": id, "error": format!("line {number}: {error}") }));
    let value: Value = match serde_json::from_slice(line).or_else(|error| mended(line).ok_or(error)) {
        Ok(value) => value,
        Err(error) => return fault(None, format!("not JSON: {error}")),
    };
    let Value::Object(object) = value else { return fault(None, "not a JSON object".to_owned()) };
    let text_of = |key: &str| object.get(key).and_then(Value::as_str).map(str::to_owned);
    let id = match object.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => return fault(None, "`id` is missing; a story needs `id` and `text`".to_owned()),
    };
    let Some(text) = text_of("text") else {
        return fault(Some(&id), "`text` is missing; a story needs `id` and `text`".to_owned());
    };
    Ok(Story {
        url: text_of("url"),
        title: text_of("title").unwrap_or_default(),
        published: text_of("published").and_then(|date| date.parse().ok().or_else(|| extract::date(&date, None))),
        byline: text_of("byline"),
        source: text_of("source"),
        id,
        text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
