//! The files of a report, written side by side: each event is made ready once for all languages, and put into words
//! once for all texts of a language.

use std::collections::BTreeMap;
use std::io;
use std::panic::resume_unwind;
use std::sync::{Arc, mpsc};

use super::super::edition::{self, Shown};
use super::super::house::LANGUAGES;
use super::super::paper::{self, Node, Paper, Writer};
use super::super::{Edition, data as shared, office};
use super::sheets::{self, Matter};
use super::{Output, Report, View, body, data, told_events};
use crate::model::{Event, Lang};

/// A file under way. What stands before the events is written, what stands after them is not.
pub(super) trait File {
    /// Adds an event, in the order in which they are told.
    fn event(&mut self, event: &Told<'_>) -> io::Result<()>;

    /// Adds everything that stands after the events.
    fn end(self: Box<Self>) -> io::Result<()>;
}

/// An event made ready.
pub(super) struct Told<'a> {
    /// As the edition shows it.
    pub event: &'a Shown,
    /// As a text tells it; nothing where no text is written.
    pub parts: &'a [Node],
    /// May it stand in a list? One that is only counted stands in none.
    pub listed: bool,
}

/// Events that are made ready at once.
const AT_ONCE: usize = 128;
/// How many times as many may wait for a language that is slower than the others.
const WAITING: usize = 2;

/// Writes the files of a report, each language on a thread of its own. Tells how many events say nothing in a
/// language while they do in another, by language.
pub(super) fn write(report: &Report, edition: Edition, files: Vec<Output<'_>>) -> io::Result<Vec<(Lang, usize)>> {
    let events = told_events(report, edition);
    let matters = match files.iter().any(|file| file.format == "xlsx") {
        true => sheets::matters(report, edition),
        false => Vec::new(),
    };
    let mut languages: BTreeMap<Lang, Vec<Output<'_>>> = BTreeMap::new();
    files.into_iter().for_each(|file| languages.entry(file.lang).or_default().push(file));
    let mut untranslated: Vec<(Lang, usize)> =
        LANGUAGES.into_iter().filter(|lang| languages.contains_key(lang)).map(|lang| (lang, 0)).collect();
    std::thread::scope(|scope| {
        let mut feeds = Vec::with_capacity(languages.len());
        let mut threads = Vec::with_capacity(languages.len());
        for (lang, files) in languages {
            let (feed, shown) = mpsc::sync_channel::<Arc<[Shown]>>(WAITING);
            let view = View { report, lang, edition, events: &events };
            let matters = &matters;
            feeds.push(feed);
            threads.push(scope.spawn(move || write_in(&view, matters, files, shown)));
        }
        for events in events.chunks(AT_ONCE) {
            let show = |event: &&Event| edition::show(event, &report.wordings, edition, &report.zone);
            let shown: Arc<[Shown]> = events.iter().filter_map(show).collect();
            for (lang, missing) in &mut untranslated {
                *missing += shown.iter().filter(|event| shared::untranslated(event, *lang)).count();
            }
            // A language that takes no more has failed, and tells why when it is joined.
            feeds.retain(|feed| feed.send(Arc::clone(&shown)).is_ok());
        }
        drop(feeds);
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })?;
    untranslated.retain(|(_, missing)| *missing > 0);
    Ok(untranslated)
}

/// Writes the files in one language, from events as they come.
fn write_in(
    view: &View<'_>,
    matters: &[Matter<'_>],
    mut files: Vec<Output<'_>>,
    shown: mpsc::Receiver<Arc<[Shown]>>,
) -> io::Result<()> {
    let paper = files.iter().any(|file| paper::FORMATS.contains(&file.format)).then(|| body::paper(view));
    let texts = paper.as_ref().is_some_and(|paper| paper.body.iter().any(|part| matches!(part, Node::Listing)));
    let mut begun: Vec<Box<dyn File + '_>> = Vec::with_capacity(files.len());
    for Output { format, out, .. } in &mut files {
        begun.push(begin(view, matters, paper.as_ref(), format, &mut **out)?);
    }
    let mut parts: Vec<Node> = Vec::new();
    let mut add = |event: &Shown| {
        let listed = event.card.secrecy.as_deref() != Some("counted_only");
        parts.clear();
        if texts && listed {
            office::told(event, &[], view.lang, &mut parts);
        }
        let told = Told { event, parts: &parts, listed };
        begun.iter_mut().try_for_each(|file| file.event(&told))
    };
    shown.into_iter().try_for_each(|shown| shown.iter().try_for_each(&mut add))?;
    begun.into_iter().try_for_each(File::end)
}

fn begin<'a>(
    view: &'a View<'_>,
    matters: &'a [Matter<'_>],
    paper: Option<&'a Paper>,
    format: &str,
    out: &'a mut (dyn io::Write + Send),
) -> io::Result<Box<dyn File + 'a>> {
    match (format, paper) {
        ("csv", _) => Ok(Box::new(Whole(data::csv(view), out))),
        ("json", _) => Ok(Box::new(data::Json::begin(view, out)?)),
        ("xlsx", _) => Ok(Box::new(sheets::Book::begin(view, matters, out)?)),
        (format, Some(paper)) => Ok(Box::new(OnPaper::begin(paper, format, out)?)),
        _ => Err(no_such(format)),
    }
}

fn no_such(format: &str) -> io::Error {
    io::Error::other(format!("`{format}` is no format of a report"))
}

/// A file in which no event stands.
struct Whole<'a>(String, &'a mut dyn io::Write);

impl File for Whole<'_> {
    fn event(&mut self, _: &Told<'_>) -> io::Result<()> {
        Ok(())
    }

    fn end(self: Box<Self>) -> io::Result<()> {
        self.1.write_all(self.0.as_bytes())
    }
}

/// A text with its events at the place of the [`Node::Listing`].
struct OnPaper<'a> {
    writer: Box<dyn Writer + 'a>,
    /// The rest of the body, from the listing on.
    rest: &'a [Node],
}

impl<'a> OnPaper<'a> {
    fn begin(paper: &'a Paper, format: &str, out: &'a mut dyn io::Write) -> io::Result<Self> {
        let Some(mut writer) = paper::begin(format, paper, out)? else { return Err(no_such(format)) };
        let place = paper.body.iter().position(|part| matches!(part, Node::Listing)).unwrap_or(paper.body.len());
        let (before, rest) = paper.body.split_at(place);
        before.iter().try_for_each(|part| writer.part(part))?;
        Ok(Self { writer, rest })
    }
}

impl File for OnPaper<'_> {
    fn event(&mut self, event: &Told<'_>) -> io::Result<()> {
        event.parts.iter().try_for_each(|part| self.writer.part(part))
    }

    fn end(mut self: Box<Self>) -> io::Result<()> {
        self.rest.iter().try_for_each(|part| self.writer.part(part))?;
        self.writer.end()
    }
}
