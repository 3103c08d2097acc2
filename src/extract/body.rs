//! The text of an article, out of the tree of its page.
//!
//! Most pages of news are plain: one element holds nearly all the prose, its paragraphs side by
//! side. [`plain_body`] reads those in one walk over the tree, and says nothing where the page is not so
//! plain; then [`general_body`] asks the general extractor (crate `trafilatura`), which is right
//! more often and takes five times as long.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use regex::Regex;
use scraper::Html;
use scraper::node::{Element, Node};
use trafilatura::{ExtractionFocus, HtmlDateMode, Options};

use super::html::{lowercase, paragraphs_of_fragment, selector};
use super::plain::one_line;

/// Fewest characters of a block that counts as prose.
const PROSE: usize = 60;
/// Fewest characters of a body that is read the short way.
const PLAIN_BODY: usize = 450;
/// Fewest characters of it where the page itself names the element that holds it.
const NAMED_BODY: usize = 200;
/// Prose around a body that is a line of the head and one of the foot, in characters.
const LINES_AROUND: usize = 220;

/// What makes a page plain enough for the short way.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// A child holds its parent's body where it has at least this share of the parent's prose, in percent.
    pub step: usize,
    /// The element that holds the body has at least this share of the page's prose, in percent.
    pub held: usize,
    /// At least this share of the body's prose stands at most two levels under it, in percent.
    pub near: usize,
    /// Text of structured data is at least this long beside the body read, and the reverse, in percent.
    pub told: usize,
}

/// Measured on real pages: beyond these the general extractor is right more often.
pub const BOUNDS: Bounds = Bounds { step: 90, held: 60, near: 85, told: 90 };

/// A head that answers all that the general extractor asks of one. What the page says of itself is read
/// by [`super::metadata`]; searching the body for what is missing from a head would take it a tenth of its time.
const COMPLETE_HEAD: &str = r#"<!doctype html><html><head><meta property="og:title" content="Title">
<meta property="og:author" content="First Last"><meta property="og:url" content="https://outlet.example/page">
<meta property="og:description" content="Description"><meta property="og:site_name" content="Site">
<meta property="og:image" content="https://outlet.example/image"><meta property="og:type" content="article">
<meta property="og:article:tag" content="tag"></head>"#;

/// The body by the general extractor; `drop` are CSS selectors of parts to take out before.
pub fn general_body(text: &str, drop: &[String]) -> Option<String> {
    let mut options = Options::default()
        .with_fallback(true)
        .with_focus(ExtractionFocus::FavorPrecision)
        .with_exclude_comments(true)
        .with_html_date_mode(HtmlDateMode::Disabled);
    if !drop.is_empty() {
        options = options.with_prune_selector(drop.join(", "));
    }
    let text = match body_element(text) {
        Some(body) => Cow::Owned(format!("{COMPLETE_HEAD}{body}")),
        None => Cow::Borrowed(text),
    };
    // Hostile markup may bring the extractor to panic; then the page has no article.
    let extracted = catch_unwind(AssertUnwindSafe(|| trafilatura::extract(&text, &options))).ok()?.ok()?;
    Some(paragraphs_of_fragment(&extracted.content_html))
}

/// A page from its `<body>` on, where it has one.
fn body_element(text: &str) -> Option<&str> {
    let name_of = |at: usize| text.as_bytes().get(at + 1..at + 5);
    let ends = |at: usize| matches!(text.as_bytes().get(at + 5), Some(b' ' | b'>' | b'\n' | b'\r' | b'\t'));
    let at = text
        .match_indices('<')
        .map(|(at, _)| at)
        .find(|&at| name_of(at).is_some_and(|name| name.eq_ignore_ascii_case(b"body")) && ends(at))?;
    Some(&text[at..])
}

/// The body of a page whose prose stands in one place, as paragraphs parted by a blank line; `None`
/// where it does not, or where `told`, the text that structured data gives, is of another length.
pub fn plain_body(html: &Html, told: Option<&str>, bounds: Bounds) -> Option<String> {
    let all = Prose::measure(html, None);
    let page = Prose::measure(html, Some(&all));
    let total = page.total;
    if let Some(named) = page.named(html) {
        let body = all.read(named);
        if body.prose >= NAMED_BODY && body.paragraphs.len() >= 2 {
            return Some(joined(&all, html, named, body));
        }
    }
    if total < PLAIN_BODY {
        return None;
    }
    let holder = page.holder(html, total, bounds.step, bounds.held)?;
    let body = all.read(holder);
    if body.prose < PLAIN_BODY
        || body.paragraphs.len() < 3
        || body.near * 100 < body.prose * bounds.near
        || page.of(holder.id()) * 100 < total * bounds.held
    {
        return None;
    }
    if let Some(told) = told {
        let (told, read) = (told.len(), body.paragraphs.iter().map(String::len).sum::<usize>());
        if told * 100 < read * bounds.told || read * 100 < told * bounds.told {
            return None;
        }
    }
    Some(joined(&all, html, holder, body))
}

fn joined(all: &Prose, html: &Html, holder: NodeRef<'_, Node>, body: Body) -> String {
    let mut paragraphs = all.lede(html, holder);
    paragraphs.extend(body.paragraphs);
    paragraphs.join("\n\n")
}

/// What pages call the element that holds an article's body: microdata, and names of common systems.
const NAMES: &str = "[itemprop~=articleBody], .article-body, .article__body, .article_body, .articleBody, .article-text, \
    .article__text, .story-body, .story__body, .entry-content, .post-content, .news-text, .news__text, .newstext, .news_text, .articletext, .news-detail-text, \
    .detail-text, .full-text, .td-post-content, .js-article-text";

/// How much prose stands under each element, in characters; links and boilerplate aside.
struct Prose {
    sums: BTreeMap<NodeId, usize>,
    total: usize,
}

/// A block of text while it is walked over.
#[derive(Default)]
struct Block {
    text: String,
    linked: usize,
}

impl Block {
    fn is_prose(&self) -> bool {
        self.text.len() >= PROSE && self.linked * 3 < self.text.len()
    }
}

/// What was read under the holder.
#[derive(Default)]
struct Body {
    paragraphs: Vec<String>,
    prose: usize,
    near: usize,
}

impl Prose {
    /// Measures all prose, or, where that was done before, the prose that does not stand beside.
    fn measure(html: &Html, all: Option<&Self>) -> Self {
        let mut sums = BTreeMap::new();
        let mut open: Vec<usize> = vec![0];
        let mut skip = |node: NodeRef<'_, Node>| all.is_some_and(|all| all.is_beside(node));
        walk(html.tree.root(), &mut skip, &mut |step| match step {
            Step::Open => open.push(0),
            Step::Block(block, _) => {
                if block.is_prose()
                    && let Some(sum) = open.last_mut()
                {
                    *sum += block.text.chars().count();
                }
            }
            Step::Close(node) => {
                let sum = open.pop().unwrap_or(0);
                if sum > 0 {
                    sums.insert(node.id(), sum);
                }
                if let Some(around) = open.last_mut() {
                    *around += sum;
                }
            }
        });
        let total = open.first().copied().unwrap_or(0);
        Self { sums, total }
    }

    fn of(&self, node: NodeId) -> usize {
        self.sums.get(&node).copied().unwrap_or(0)
    }

    /// Is a part called something that stands beside an article, and does it not hold much of the page?
    fn is_beside(&self, node: NodeRef<'_, Node>) -> bool {
        let share = |percent: usize| self.of(node.id()) * 100 < self.total * percent;
        node.value().as_element().is_some_and(|element| match beside(element) {
            Some(Beside::Surely) => share(30),
            Some(Beside::Perhaps) => share(4),
            None => false,
        })
    }

    /// The one element that the page itself calls the body of its article, where it holds most of the prose.
    fn named<'a>(&self, html: &'a Html) -> Option<NodeRef<'a, Node>> {
        let selector = selector(NAMES)?;
        let mut found = html.select(&selector).filter(|element| self.of(element.id()) * 100 >= self.total * 60);
        // The outermost comes first in the order of the page.
        let named = found.next()?;
        found.all(|other| other.ancestors().any(|around| around.id() == named.id())).then_some(*named)
    }

    /// Goes down from the root as long as one child holds nearly all.
    fn holder<'a>(&self, html: &'a Html, total: usize, step: usize, held: usize) -> Option<NodeRef<'a, Node>> {
        let nearly_all = |child: NodeRef<'_, Node>, parent: NodeRef<'_, Node>| {
            let (held, all) = (self.of(child.id()), self.of(parent.id()));
            held * 100 >= all * step || all - held <= LINES_AROUND
        };
        let mut holder = html.tree.root();
        loop {
            let heaviest =
                holder.children().filter(|child| child.value().is_element()).max_by_key(|child| self.of(child.id()));
            match heaviest {
                // A table may part pages with layout, too: rows and cells hold prose, paragraphs do not.
                Some(child)
                    if nearly_all(child, holder)
                        && self.of(child.id()) * 100 >= total * held
                        && !is_block_of_text(child) =>
                {
                    holder = child;
                }
                _ => break,
            }
        }
        holder.value().is_element().then_some(holder)
    }

    /// Prose between the headline and the holder: the lede, where a page sets it apart.
    fn lede(&self, html: &Html, holder: NodeRef<'_, Node>) -> Vec<String> {
        let (mut after_headline, mut done) = (false, false);
        let mut lede = Vec::new();
        let mut skip = |node: NodeRef<'_, Node>| {
            done |= node.id() == holder.id();
            done || self.is_beside(node)
        };
        walk(html.tree.root(), &mut skip, &mut |step| {
            if let Step::Block(block, around) = step {
                match around.last() {
                    Some(&"h1") => after_headline = true,
                    _ if after_headline && block.is_prose() && lede.len() < 3 => lede.push(one_line(&block.text)),
                    _ => {}
                }
            }
        });
        lede
    }

    /// Reads the paragraphs under the holder without boilerplate.
    fn read(&self, holder: NodeRef<'_, Node>) -> Body {
        let mut body = Body::default();
        let mut skip = |node: NodeRef<'_, Node>| self.is_beside(node);
        let mut depth = 0_usize;
        walk(holder, &mut skip, &mut |step| match step {
            Step::Open => depth += 1,
            Step::Close(_) => depth = depth.saturating_sub(1),
            Step::Block(block, around) => {
                let line = one_line(&block.text);
                let length = line.chars().count();
                if block.is_prose() {
                    body.prose += length;
                    // The holder itself is the first level.
                    if depth <= 3 {
                        body.near += length;
                    }
                }
                // A line that is mostly links leads elsewhere.
                let quoted = around.contains(&"blockquote");
                let leads_away = block.linked * 2 > block.text.len() && length < 200 && !quoted;
                let says = line.chars().any(char::is_alphanumeric);
                if says && !leads_away && around.last() != Some(&"h1") {
                    body.paragraphs.push(line);
                }
            }
        });
        body
    }
}

enum Step<'a, 'b> {
    /// A block-level element begins.
    Open,
    /// One has ended.
    Close(NodeRef<'a, Node>),
    /// A block of text has ended, inside elements of these names, the innermost last.
    Block(&'b Block, &'b [&'a str]),
}

/// Walks the blocks of text under an element, without what holds no text of an article.
fn walk<'a>(
    root: NodeRef<'a, Node>,
    skip: &mut dyn FnMut(NodeRef<'a, Node>) -> bool,
    each: &mut dyn FnMut(Step<'a, '_>),
) {
    let mut block = Block::default();
    let (mut links, mut breaks) = (0_usize, 0_usize);
    let mut skipped: Option<NodeId> = None;
    let mut names: Vec<&'a str> = Vec::new();
    for edge in root.traverse() {
        let (node, opens) = match edge {
            Edge::Open(node) => (node, true),
            Edge::Close(node) => (node, false),
        };
        if let Some(id) = skipped {
            if !opens && node.id() == id {
                skipped = None;
            }
            continue;
        }
        let mut flush = |block: &mut Block, names: &[&'a str]| {
            if !block.text.trim().is_empty() {
                each(Step::Block(block, names));
            }
            block.text.clear();
            block.linked = 0;
        };
        match node.value() {
            Node::Text(text) if opens => {
                if breaks > 1 && !text.trim().is_empty() {
                    flush(&mut block, &names);
                }
                if !text.trim().is_empty() {
                    breaks = 0;
                }
                block.text.push_str(text);
                block.linked += if links > 0 { text.trim().len() } else { 0 };
            }
            Node::Element(element) => match element.name() {
                "br" if opens => {
                    block.text.push(' ');
                    breaks += 1;
                }
                "br" => {}
                "a" if opens => links += 1,
                "a" => links = links.saturating_sub(1),
                name if is_inline(name) => {}
                _ if opens => {
                    flush(&mut block, &names);
                    breaks = 0;
                    if node.id() != root.id() && (holds_no_text(element) || skip(node)) {
                        skipped = Some(node.id());
                        continue;
                    }
                    names.push(element.name());
                    each(Step::Open);
                }
                _ => {
                    flush(&mut block, &names);
                    breaks = 0;
                    names.pop();
                    each(Step::Close(node));
                }
            },
            _ => {}
        }
    }
    if !block.text.trim().is_empty() {
        each(Step::Block(&block, &names));
    }
}

fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}

/// Elements that hold no text of an article whatever they are called.
fn holds_no_text(element: &Element) -> bool {
    matches!(
        element.name(),
        "script"
            | "style"
            | "noscript"
            | "template"
            | "iframe"
            | "svg"
            | "math"
            | "head"
            | "nav"
            | "aside"
            | "footer"
            | "form"
            | "figure"
            | "figcaption"
            | "button"
            | "select"
            | "textarea"
            | "input"
            | "object"
            | "audio"
            | "video"
            | "dialog"
            | "menu"
    ) || element.attr("hidden").is_some()
        || element.attr("aria-hidden") == Some("true")
        || element.attr("style").is_some_and(|style| {
            let style: String = style.chars().filter(|letter| !letter.is_whitespace()).collect();
            style.contains("display:none")
        })
}

/// A paragraph, heading or cell is no holder of paragraphs.
fn is_block_of_text(node: NodeRef<'_, Node>) -> bool {
    node.value().as_element().is_some_and(|element| {
        matches!(element.name(), "p" | "h1" | "h2" | "h3" | "h4" | "li" | "blockquote" | "pre" | "ul" | "ol" | "dl")
    })
}

/// How sure the name of an element is to mean that it stands beside an article.
enum Beside {
    Surely,
    Perhaps,
}

/// Parts of names of what stands beside an article, in whatever word they stand.
const PARTS: &[&str] = &[
    "comment",
    "disqus",
    "related",
    "recommend",
    "promo",
    "newsletter",
    "subscri",
    "sidebar",
    "breadcrumb",
    "footer",
    "popup",
    "modal",
    "cookie",
    "banner",
    "advert",
    "sponsor",
    "caption",
    "credit",
    "gallery",
    "carousel",
    "slider",
    "toolbar",
    "rating",
    "mostread",
    "most-read",
    "trending",
    "popular",
    "teaser",
    "disclaimer",
    "widget",
    "pullquote",
    "readmore",
    "read-more",
    "read-also",
    "readalso",
    "see-also",
    "seealso",
    "byline",
    "dateline",
    "timestamp",
    "signup",
    "sign-up",
    "donat",
    "copyright",
    "outbrain",
    "taboola",
    "navigation",
    "pagination",
    "social",
    "sharing",
    "share-",
    "-share",
    "author-",
    "-author",
    "autor",
    "tag-list",
    "taglist",
    "article-tags",
    "hidden",
    "screen-reader",
    "sr-only",
    "inline-article",
    "more-stories",
    "also-read",
    "read-next",
    "koment",
    "komment",
    "pikir",
    "reklam",
    "podpis",
    "uqsas",
    "pohozh",
    "bolisu",
    "jazyl",
    "zhazyl",
    "tooltip",
    "infobox",
];

/// One automaton over [`PARTS`], which are plain letters and hyphens.
static ANY_PART: LazyLock<Regex> = LazyLock::new(|| Regex::new(&PARTS.join("|")).expect("plain letters"));

/// Is the element called something that stands beside an article?
fn beside(element: &Element) -> Option<Beside> {
    const WORDS: &[&str] = &[
        "ad", "ads", "adv", "share", "shares", "tags", "tag", "meta", "date", "nav", "menu", "author", "authors",
        "print", "login", "links", "info", "image", "photo", "video", "media", "bio", "kicker",
    ];
    if matches!(element.name(), "article" | "main" | "body" | "html") {
        return None;
    }
    let called = [element.attr("class"), element.attr("id"), element.attr("role"), element.attr("data-component")];
    let mut perhaps = false;
    for called in called.into_iter().flatten() {
        let called = lowercase(super::plain::clip(called, 400));
        if ANY_PART.is_match(&called) {
            return Some(Beside::Surely);
        }
        perhaps |= called.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| WORDS.contains(&word));
    }
    perhaps.then_some(Beside::Perhaps)
}
