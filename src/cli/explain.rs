//! `explain`: why a text, a page or a stored story is (or is not) a candidate.

use std::ffi::OsString;

use anyhow::{Context as _, Result};

use super::{Arguments, Exit, Failure, Io, Listing, at_the_desk, config_or_defaults};
use crate::classify::Judge;
use crate::config::PageSelect;
use crate::desk::{self, Desk};
use crate::extract;
use crate::model::Story;
use crate::net::{Client, Fetched};

#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// A text, the address of a page, or the id of a story kept.
    #[arg(value_name = "TEXT|URL|ID")]
    what: String,
    #[command(flatten)]
    listing: Listing,
}

impl Explain {
    pub(super) fn run(&self, arguments: &Arguments, raw: &[OsString], io: &mut Io<'_>) -> Result<Exit> {
        if self.is_id() && io.path(&arguments.config).exists() {
            return at_the_desk(arguments, raw, io);
        }
        let (config, root) = config_or_defaults(arguments, io)?;
        let (rules, notices) = desk::rule_set(&config, &root)?;
        io.tell(&notices)?;
        let story = if self.what.starts_with("http://") || self.what.starts_with("https://") {
            let client = Client::new(&config.crawl)?;
            let runtime = tokio::runtime::Runtime::new().context("the network could not be made ready")?;
            let Fetched::Page(page) = runtime.block_on(client.get(&self.what, None))? else {
                anyhow::bail!("{} answered \"not modified\" to a first visit", self.what);
            };
            let article =
                extract::page(&page.body, page.header("content-type"), Some(&page.url), &PageSelect::default(), None)
                    .map_err(|none| anyhow::anyhow!("{}: {}", self.what, none.reason))?;
            Story {
                id: self.what.clone(),
                url: article.url,
                title: article.title,
                text: article.text,
                published: article.published,
                byline: article.byline,
                source: article.site,
            }
        } else {
            let (id, text) = ("text".to_owned(), self.what.clone());
            Story { id, url: None, title: String::new(), text, published: None, byline: None, source: None }
        };
        print(&Judge::new(rules), &story, &self.listing, io)
    }

    /// One word of ASCII with a digit in it is an id; a text has spaces.
    fn is_id(&self) -> bool {
        let what = &self.what;
        !what.contains("://")
            && what.is_ascii()
            && !what.contains(char::is_whitespace)
            && what.contains(|c: char| c.is_ascii_digit())
    }

    pub(super) fn act(&self, desk: &Desk, io: &mut Io<'_>) -> Result<Exit> {
        match desk.store().story(&self.what)? {
            Some(judged) => print(desk.judge(), &judged.story, &self.listing, io),
            None => Err(Failure::usage(format!("no story kept has the id {}", self.what))),
        }
    }
}

fn print(judge: &Judge, story: &Story, listing: &Listing, io: &mut Io<'_>) -> Result<Exit> {
    match listing.json() {
        true => io.json(&judge.judge(story, None))?,
        false => write!(io.out, "{}", judge.explain(story))?,
    }
    Ok(Exit::Done)
}
