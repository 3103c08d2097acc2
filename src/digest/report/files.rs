//! The files of a report in one language, written side by side: each event is made ready once for all of them.

use std::io;

use super::super::edition::Shown;
use super::super::office;
use super::super::paper::{self, Node, Paper, Writer};
use super::{View, body, data, sheets};

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

/// Writes a report in one language, a file for each format.
pub(super) fn write(view: &View<'_>, files: &mut [(&str, &mut dyn io::Write)]) -> io::Result<()> {
    let paper = files.iter().any(|(format, _)| paper::FORMATS.contains(format)).then(|| body::paper(view));
    let texts = paper.as_ref().is_some_and(|paper| paper.body.iter().any(|part| matches!(part, Node::Listing)));
    let mut begun: Vec<Box<dyn File + '_>> = Vec::with_capacity(files.len());
    for (format, out) in files {
        begun.push(begin(view, paper.as_ref(), format, *out)?);
    }
    let mut parts: Vec<Node> = Vec::new();
    for event in view.events.iter().filter_map(|event| view.show(event)) {
        let listed = event.card.secrecy.as_deref() != Some("counted_only");
        parts.clear();
        if texts && listed {
            office::told(&event, &[], view.lang, &mut parts);
        }
        let told = Told { event: &event, parts: &parts, listed };
        begun.iter_mut().try_for_each(|file| file.event(&told))?;
    }
    begun.into_iter().try_for_each(File::end)
}

fn begin<'a>(
    view: &'a View<'_>,
    paper: Option<&'a Paper>,
    format: &str,
    out: &'a mut dyn io::Write,
) -> io::Result<Box<dyn File + 'a>> {
    match (format, paper) {
        ("csv", _) => Ok(Box::new(Whole(data::csv(view), out))),
        ("json", _) => Ok(Box::new(data::Json::begin(view, out)?)),
        ("xlsx", _) => Ok(Box::new(sheets::Book::begin(view, out).map_err(io::Error::other)?)),
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
