//! `explain`: why a text, a page or a stored story is (or is not) a candidate.

use std::ffi::OsString;
use std::io::IsTerminal as _;

use anyhow::{Context as _, Result};
use clap::ValueEnum;

use super::{Arguments, Exit, Failure, Io, Listing, ask_the_owner, config_or_defaults, open_desk, read_config};
use crate::classify::Judge;
use crate::config::PageSelect;
use crate::desk::{self, Desk};
use crate::extract::{self, Origin};
use crate::model::Story;
use crate::net::{Client, Fetched};

#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// A text, the address of a page, or the id of a story kept.
    #[arg(value_name = "TEXT|URL|ID")]
    what: String,
    /// One HTML page on standard output.
    #[arg(long, conflicts_with = "format")]
    html: bool,
    /// Colours; auto: on a terminal, unless NO_COLOR is set.
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
    #[command(flatten)]
    listing: Listing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl Explain {
    pub(super) fn run(&self, arguments: &Arguments, raw: &[OsString], io: &mut Io<'_>) -> Result<Exit> {
        let colour = self.wants_colour();
        if self.is_id() && io.path(&arguments.config).exists() {
            return self.of_the_store(arguments, raw, colour, io);
        }
        let (config, root) = config_or_defaults(arguments, io)?;
        let (rules, notices) = desk::rule_set(&config, &root)?;
        io.tell(&notices)?;
        let story = if self.what.starts_with("http://") || self.what.starts_with("https://") {
            let client = Client::for_sources(&config)?;
            let source = config.source_at(&self.what);
            let proxy = source.and_then(|source| source.proxy.as_deref());
            let runtime = tokio::runtime::Runtime::new().context("the network could not be made ready")?;
            let Fetched::Page(page) = runtime.block_on(client.get_by(proxy, &self.what, None))? else {
                anyhow::bail!("{} answered \"not modified\" to a first visit", self.what);
            };
            let article = extract::page(
                &page.body,
                &Origin { content_type: page.header("content-type"), ..Origin::at(&page.url) },
                &source.map_or_else(PageSelect::default, |source| source.page.clone()),
            )
            .map_err(|none| anyhow::anyhow!("{}: {}", self.what, none.reason))?;
            Story {
                id: self.what.clone(),
                url: article.url,
                title: article.title,
                text: article.text,
                published: article.published,
                byline: article.byline,
                source: source.map(|source| source.name.clone()).or(article.site),
            }
        } else {
            let (id, text) = ("text".to_owned(), self.what.clone());
            Story { id, url: None, title: String::new(), text, published: None, byline: None, source: None }
        };
        self.print(&Judge::new(rules), &story, colour, io)
    }

    /// One word of ASCII with a digit in it is an id; a text has spaces.
    fn is_id(&self) -> bool {
        let what = &self.what;
        !what.contains("://")
            && what.is_ascii()
            && !what.contains(char::is_whitespace)
            && what.contains(|c: char| c.is_ascii_digit())
    }

    /// A story kept. The process that owns the store does not see where we print, so that it is told
    /// whether in colours.
    fn of_the_store(&self, arguments: &Arguments, raw: &[OsString], colour: bool, io: &mut Io<'_>) -> Result<Exit> {
        let (config, root) = read_config(arguments, io)?;
        let coloured: Vec<OsString> =
            ["sozwatch", "explain", "--color=always", "--", &self.what].map(Into::into).into();
        let asked = if colour && !self.html && !self.listing.json() { &coloured } else { raw };
        if let Some(exit) = ask_the_owner(&root.join(&config.store.path), asked, io)? {
            return Ok(exit);
        }
        let desk = open_desk(config, &root, io)?;
        self.of_desk(&desk, colour, io)
    }

    pub(super) fn act(&self, desk: &Desk, io: &mut Io<'_>) -> Result<Exit> {
        self.of_desk(desk, self.color == Color::Always, io)
    }

    fn of_desk(&self, desk: &Desk, colour: bool, io: &mut Io<'_>) -> Result<Exit> {
        match desk.store().story(&self.what)? {
            Some(judged) => self.print(&desk.judge(), &judged.story, colour, io),
            None => Err(Failure::usage(format!("no story kept has the id {}", self.what))),
        }
    }

    /// Whether to print in colours (https://no-color.org: any NO_COLOR that is not empty forbids them).
    fn wants_colour(&self) -> bool {
        let set_to = |name: &str, wanted: fn(&str) -> bool| std::env::var(name).is_ok_and(|value| wanted(&value));
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::io::stdout().is_terminal()
                    && !set_to("NO_COLOR", |value| !value.is_empty())
                    && !set_to("TERM", |value| value == "dumb")
            }
        }
    }

    fn print(&self, judge: &Judge, story: &Story, colour: bool, io: &mut Io<'_>) -> Result<Exit> {
        if self.listing.json() {
            io.json(&judge.judge(story, None))?;
            return Ok(Exit::Done);
        }
        let explanation = judge.explain(story);
        match (self.html, colour) {
            (true, _) => writeln!(io.out, "{}", explanation.page())?,
            (false, true) => write!(io.out, "{}", explanation.in_colour())?,
            (false, false) => write!(io.out, "{explanation}")?,
        }
        Ok(Exit::Done)
    }
}
