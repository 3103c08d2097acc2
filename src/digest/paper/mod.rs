//! A text on paper, before any format is chosen: headings, paragraphs, tables, charts. Reports (and the
//! digest as DOCX) are written once in these terms and rendered to Markdown, HTML and DOCX, so that a
//! total has the same value wherever it is printed.
//!
//! It knows nothing of events and figures. Whatever stands in a [`Run`] is text: each renderer escapes
//! it for its own format.

pub mod chart;
pub mod docx;
mod emf;
mod html;
mod markdown;
mod svg;

pub use chart::Chart;
pub use html::part as html_node;
pub use markdown::node as markdown_node;

use std::io;

use crate::model::Lang;

/// A whole text.
#[derive(Debug, Clone, Default)]
pub struct Paper {
    /// Language of the text.
    pub lang: Option<Lang>,
    /// What stands above the title: a letterhead, line by line.
    pub head: Vec<String>,
    /// The title.
    pub title: String,
    /// Under the title.
    pub subtitle: Option<String>,
    /// What every page must say: DRAFT, internal edition.
    pub marks: Vec<String>,
    /// May search engines keep it?
    pub public: bool,
    /// The body.
    pub body: Vec<Node>,
    /// What stands at the end: method, contacts.
    pub foot: Vec<String>,
    /// What the table of contents is called, in DOCX.
    pub contents: String,
}

impl Paper {
    /// Calls something with every run of the body, in the order of the text.
    pub fn each_run(&mut self, act: &mut dyn FnMut(&mut Run)) {
        for node in &mut self.body {
            match node {
                Node::Text(runs) | Node::Aside(runs) => runs.iter_mut().for_each(&mut *act),
                Node::List(items) => items.iter_mut().flatten().for_each(&mut *act),
                Node::Table(table) => table.rows.iter_mut().flatten().for_each(&mut *act),
                Node::Heading(..) | Node::Chart(_) | Node::Listing => {}
            }
        }
    }
}

/// A part of a text.
#[derive(Debug, Clone)]
pub enum Node {
    /// A heading of level 2 to 4.
    Heading(u8, String),
    /// A paragraph.
    Text(Vec<Run>),
    /// A quieter paragraph: a note, a footnote.
    Aside(Vec<Run>),
    /// A list.
    List(Vec<Vec<Run>>),
    /// A table.
    Table(Table),
    /// A chart.
    Chart(Chart),
    /// The place of a list so long that its parts are made as the text is written.
    Listing,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// Plain text.
    Plain(String),
    /// Stressed text.
    Strong(String),
    /// The value of a figure, with its id: what `--check` finds again.
    Figure {
        /// `2017-11|ru|claims_ytd`
        tag: String,
        /// The value as it is written.
        text: String,
    },
    /// A link to a web address.
    Link {
        /// What is read.
        text: String,
        /// Where it leads: http or https.
        url: String,
    },
}

impl Run {
    /// Plain text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::Plain(text.into())
    }

    /// What is read.
    pub fn text(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Strong(text) | Self::Figure { text, .. } | Self::Link { text, .. } => text,
        }
    }
}

/// A table: the first column names, the others are numbers unless `texts` is set.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The names of the columns.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Run>>,
    /// Columns, from the left, that hold text.
    pub texts: usize,
}

/// A text on its way into a file: its head stands, its foot does not yet.
pub trait Writer {
    /// Adds a part; a [`Node::Listing`] adds nothing.
    ///
    /// # Errors
    /// Where the file takes no more; so of [`Writer::end`].
    fn part(&mut self, part: &Node) -> io::Result<()>;

    /// Adds what stands below the last part. Nothing comes after.
    ///
    /// # Errors
    /// As of [`Writer::part`].
    fn end(self: Box<Self>) -> io::Result<()>;
}

/// The formats of a text.
pub const FORMATS: [&str; 3] = ["md", "html", "docx"];

/// Begins a text in a format; `None` for one that there is not.
///
/// # Errors
/// Where `out` takes nothing.
pub fn begin<'a>(
    format: &str,
    paper: &'a Paper,
    out: &'a mut dyn io::Write,
) -> io::Result<Option<Box<dyn Writer + 'a>>> {
    Ok(Some(match format {
        "md" => Box::new(markdown::Page::begin(paper, out)),
        "html" => Box::new(html::Page::begin(paper, out)),
        "docx" => Box::new(docx::Document::begin(paper, out)?),
        _ => return Ok(None),
    }))
}

/// The bytes of a whole text in a format; none for a format that there is not.
pub fn whole(format: &str, paper: &Paper) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = begin(format, paper, &mut bytes).and_then(|writer| {
        let Some(mut writer) = writer else { return Ok(()) };
        paper.body.iter().try_for_each(|part| writer.part(part))?;
        writer.end()
    });
    // Memory takes whatever is written.
    written.map_or_else(|_| Vec::new(), |()| bytes)
}

/// Text on its way out: it is handed on by pieces, so that nobody holds the whole of a long one.
struct Pieces<'a> {
    text: String,
    out: &'a mut dyn io::Write,
}

impl<'a> Pieces<'a> {
    /// Bytes from which on a piece is handed on.
    const PIECE: usize = 64 << 10;

    fn to(out: &'a mut dyn io::Write) -> Self {
        Self { text: String::new(), out }
    }

    /// Hands on what there is, once it is a piece.
    fn pass(&mut self) -> io::Result<()> {
        if self.text.len() >= Self::PIECE { self.end() } else { Ok(()) }
    }

    /// Hands on what there is.
    fn end(&mut self) -> io::Result<()> {
        self.out.write_all(self.text.as_bytes())?;
        self.text.clear();
        Ok(())
    }
}

/// A text in which only plain words stand.
pub fn line(text: impl Into<String>) -> Vec<Run> {
    vec![Run::plain(text)]
}
