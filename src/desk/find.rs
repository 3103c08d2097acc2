//! Finding the feeds of a site that is given only by its address: what its pages and its robots.txt
//! name, then the usual places, each looked at before it is proposed. It keeps nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::read::{Announced, freshest, read};
use crate::config::{Feed, PageSelect, Select, Source};
use crate::extract::{self, Discovered, Origin};
use crate::model::{Diagnostic, Entry, FeedKind, Lang, Moment, Page};
use crate::net::{self, Client, Fetched};
use crate::text::language::Detector;

/// Feeds looked at; a portal names hundreds.
const MOST_LOOKED_AT: usize = 16;
/// Feeds proposed for one source; the others are named beside it.
const MOST_PROPOSED: usize = 4;
/// Other languages of a site whose front pages are looked at.
const MOST_EDITIONS: usize = 3;
/// Entries by which the languages of a feed are told.
const TELLING: usize = 40;
/// A language with less than this share of a feed's entries is an exception in it.
const SHARE: f64 = 0.15;
/// Share of its entries that another feed must have for itself to be worth polling beside it.
const OWN: f64 = 0.5;

/// What was found at a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// The source to watch, with the feeds that are worth polling; without any where none was found.
    pub source: Source,
    /// Everything that was found and read, proposed or not, best first.
    pub findings: Vec<Finding>,
    /// A sitemap that reaches into the past, for `backfill`.
    pub sitemap: Option<String>,
    /// What was looked at in vain.
    pub faults: Vec<Diagnostic>,
}

/// One feed that was found, fetched and read.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Finding {
    /// Its address.
    pub url: String,
    /// How it is read.
    pub kind: FeedKind,
    /// Its own title.
    pub title: Option<String>,
    /// Entries that it announces now.
    pub entries: usize,
    /// Date of the newest.
    pub newest: Option<Moment>,
    /// Usual time between two entries, in seconds.
    pub usual_gap: Option<u64>,
    /// Languages of its entries, most first.
    pub languages: Vec<Lang>,
    /// Why it is not proposed; it is where this is `None`.
    pub passed_over: Option<String>,
}

/// A feed that was read, with what it announces.
struct Looked {
    feed: Feed,
    announced: Announced,
}

/// Finds the feeds of a site. `tell` hears what is looked at next.
///
/// A site that does not let its front page be fetched may still have feeds: the usual places are tried
/// all the same, and what failed is among [`Site::faults`].
pub async fn find(client: &Client, address: &str, clock: fn() -> Timestamp, tell: &dyn Fn(&str)) -> Site {
    let mut search =
        Search { client, tell, faults: Vec::new(), looked: Vec::new(), unreached: Vec::new(), tried: BTreeSet::new() };
    if let Some(preview) = extract::preview_of(address) {
        search.look_at(&preview, FeedKind::Telegram, None).await;
        let name = search.looked.first().and_then(|looked| looked.announced.title.clone());
        return search.site(preview.as_str(), &Discovered { name, ..Discovered::default() }, None, clock());
    }
    let (url, page) = search.first_page(address).await;
    let mut discovered = Discovered::default();
    if let Some(page) = &page {
        // The address may be a feed's own.
        for kind in [FeedKind::Rss, FeedKind::Sitemap] {
            if search.looked.is_empty() {
                search.take(page, feed_at(&page.url, kind, None));
            }
        }
        discovered = extract::discover(
            &page.body,
            &Origin { content_type: page.header("content-type"), ..Origin::at(&page.url) },
        );
    }
    let is_feed = !search.looked.is_empty();
    let root = root_of(&url);
    if !is_feed && let Some(root) = root.filter(|root| *root != url && discovered.feeds.is_empty()) {
        // A section's page may name nothing where the front page does.
        if let Some(front) = search.page(&root).await {
            let at_root = extract::discover(
                &front.body,
                &Origin { content_type: front.header("content-type"), ..Origin::at(&front.url) },
            );
            discovered =
                Discovered { name: at_root.name.clone().or(discovered.name.clone()), ..joined(discovered, at_root) };
        }
    }
    if !is_feed {
        // What is published in another language is often in a feed of its own.
        for edition in discovered.editions.clone().into_iter().take(MOST_EDITIONS) {
            if let Some(page) = search.page(&edition).await {
                let origin = Origin { content_type: page.header("content-type"), ..Origin::at(&page.url) };
                discovered = joined(discovered, extract::discover(&page.body, &origin));
            }
        }
    }
    let mut sitemap = None;
    if !is_feed {
        for (feed, kind) in discovered.feeds.iter().take(MOST_LOOKED_AT) {
            search.look_at(feed, *kind, None).await;
        }
        if !search.has(FeedKind::Rss) {
            for usual in extract::usual_feeds(&url) {
                if search.guess(&usual, FeedKind::Rss).await {
                    break;
                }
            }
        }
        sitemap = search.sitemaps(&url, &discovered.sitemaps).await;
        if !search.has_any()
            && let (Some(page), Some(select)) = (&page, &discovered.links)
        {
            search.take(page, feed_at(&page.url, FeedKind::Listing, Some(select.clone())));
        }
    }
    search.site(&url, &discovered, sitemap, clock())
}

/// What two pages of a site tell, the first one first.
fn joined(one: Discovered, other: Discovered) -> Discovered {
    let both = |one: Vec<String>, other: Vec<String>| one.into_iter().chain(other).collect();
    Discovered {
        name: one.name.or(other.name),
        lang: one.lang.or(other.lang),
        feeds: one.feeds.into_iter().chain(other.feeds).collect(),
        sitemaps: both(one.sitemaps, other.sitemaps),
        editions: both(one.editions, other.editions),
        links: one.links.or(other.links),
    }
}

/// A search under way.
struct Search<'a> {
    client: &'a Client,
    tell: &'a dyn Fn(&str),
    faults: Vec<Diagnostic>,
    looked: Vec<Looked>,
    /// Channels that could not be looked at: where Telegram is blocked they are there all the same.
    unreached: Vec<(String, String)>,
    tried: BTreeSet<String>,
}

fn feed_at(url: &str, kind: FeedKind, select: Option<Select>) -> Feed {
    Feed { url: url.to_owned(), fallbacks: Vec::new(), kind, select, every: None }
}

/// A source about which nothing is known but that it has this feed.
fn unnamed() -> Source {
    Source {
        name: String::new(),
        domain: String::new(),
        languages: Vec::new(),
        country: None,
        time_zone: None,
        proxy: None,
        backfill: None,
        log: None,
        feeds: Vec::new(),
        page: PageSelect::default(),
    }
}

impl Search<'_> {
    /// The page that was asked for: by https and then by http where no scheme was given. With the
    /// address to go on from, whether it answered or not.
    async fn first_page(&mut self, address: &str) -> (String, Option<Page>) {
        let address = address.trim();
        if address.contains("://") {
            let page = self.page(address).await;
            return (page.as_ref().map_or_else(|| address.to_owned(), |page| page.url.clone()), page);
        }
        let safe = format!("https://{address}");
        for url in [safe.clone(), format!("http://{address}")] {
            if let Some(page) = self.page(&url).await {
                self.faults.clear();
                return (page.url.clone(), Some(page));
            }
        }
        (safe, None)
    }

    async fn fetch(&mut self, url: &str) -> Result<Page, String> {
        (self.tell)(url);
        match self.client.get(url, None).await {
            Ok(Fetched::Page(page)) => Ok(page),
            Ok(Fetched::NotModified) => Err("it answered \"not modified\" to a first visit".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// A page; where it does not come, that is a fault.
    async fn page(&mut self, url: &str) -> Option<Page> {
        match self.fetch(url).await {
            Ok(page) => Some(page),
            Err(why) => {
                self.faults.push(Diagnostic::new(url, why));
                None
            }
        }
    }

    /// Reads a page as a feed and keeps it where it is one.
    fn take(&mut self, page: &Page, feed: Feed) -> bool {
        // An address that moved for good is written down as it is now.
        let feed = Feed { url: page.moved.clone().unwrap_or(feed.url), ..feed };
        match read(page, &feed, &unnamed()) {
            Ok(announced) if !announced.entries.is_empty() || !announced.children.is_empty() => {
                let known = self.looked.iter().any(|looked| looked.feed.url == feed.url);
                if !known {
                    self.looked.push(Looked { feed, announced });
                }
                true
            }
            _ => false,
        }
    }

    /// Looks at a feed that somebody named; one that cannot be read is a fault.
    async fn look_at(&mut self, url: &str, kind: FeedKind, select: Option<Select>) -> bool {
        if !self.tried.insert(url.to_owned()) {
            return false;
        }
        let Some(page) = self.page(url).await else {
            if let Some(fault) = self.faults.last().filter(|_| kind == FeedKind::Telegram) {
                self.unreached.push((url.to_owned(), fault.message.clone()));
            }
            return false;
        };
        let feed = feed_at(url, kind, select);
        let reason = read(&page, &feed, &unnamed()).err().map(|error| error.to_string());
        let taken = self.take(&page, feed);
        if !taken {
            let reason = reason.unwrap_or_else(|| "it is named as a feed, and is empty".to_owned());
            self.faults.push(Diagnostic::new(url, reason));
        }
        taken
    }

    /// Looks at a place where a feed may be; nothing there is no fault.
    async fn guess(&mut self, url: &str, kind: FeedKind) -> bool {
        if !self.tried.insert(url.to_owned()) {
            return false;
        }
        match self.fetch(url).await {
            Ok(page) => self.take(&page, feed_at(url, kind, None)),
            Err(_) => false,
        }
    }

    fn has(&self, kind: FeedKind) -> bool {
        self.looked.iter().any(|looked| looked.feed.kind == kind && !looked.announced.entries.is_empty())
    }

    fn has_any(&self) -> bool {
        self.looked.iter().any(|looked| !looked.announced.entries.is_empty())
    }

    /// Looks for sitemaps where robots.txt, the page or habit name them. A sitemap of news is a feed; of
    /// an index, its freshest sitemap is one. Gives the sitemap that reaches into the past.
    async fn sitemaps(&mut self, url: &str, named: &[String]) -> Option<String> {
        let robots = root_of(url).map(|root| format!("{root}robots.txt"));
        let mut sitemaps: Vec<String> = Vec::new();
        if let Some(robots) = robots
            && let Ok(page) = self.fetch(&robots).await
        {
            sitemaps = extract::sitemaps_of_robots(&page.body, &page.url);
        }
        sitemaps.extend(named.iter().cloned());
        // News first: they are the ones worth polling.
        sitemaps.sort_by_key(|url| !url.to_ascii_lowercase().contains("news"));
        for sitemap in sitemaps.iter().take(MOST_LOOKED_AT / 2) {
            self.look_at(sitemap, FeedKind::Sitemap, None).await;
        }
        let found = |search: &Self| search.looked.iter().any(|looked| looked.feed.kind == FeedKind::Sitemap);
        if !found(self) {
            for usual in extract::usual_sitemaps(url) {
                if self.guess(&usual, FeedKind::Sitemap).await {
                    break;
                }
            }
        }
        let past = |looked: &&Looked| looked.feed.kind == FeedKind::Sitemap && !is_of_news(&looked.announced);
        let past =
            self.looked.iter().find(past).map(|looked| (looked.feed.url.clone(), looked.announced.children.clone()));
        let (sitemap, children) = past?;
        if !self.has(FeedKind::Rss) {
            for child in freshest(children).iter().take(2) {
                self.guess(&child.url, FeedKind::Sitemap).await;
            }
        }
        Some(sitemap)
    }

    /// Weighs what was found.
    fn site(self, url: &str, discovered: &Discovered, sitemap: Option<String>, now: Timestamp) -> Site {
        let detector = Detector::new();
        let mut looked = self.looked;
        // Feeds before channels before sitemaps of news before other sitemaps before pages; as found within.
        let rank = |looked: &Looked| match looked.feed.kind {
            FeedKind::Rss => 0,
            FeedKind::Telegram => 1,
            FeedKind::Sitemap if is_of_news(&looked.announced) => 2,
            FeedKind::Sitemap => 3,
            FeedKind::Listing => 4,
        };
        looked.sort_by_key(rank);
        let mut findings: Vec<Finding> = Vec::new();
        let mut proposed: Vec<Feed> = Vec::new();
        let mut known: BTreeSet<String> = BTreeSet::new();
        let (mut languages, mut of_words): (Vec<Lang>, bool) = (Vec::new(), false);
        for Looked { feed, announced } in looked {
            let mut finding = weigh(&feed, &announced, &detector, now);
            let urls: BTreeSet<String> =
                announced.entries.iter().filter_map(|entry| extract::canonical_url(entry.url.as_deref()?)).collect();
            let own = urls.iter().filter(|url| !known.contains(*url)).count() as f64 / urls.len().max(1) as f64;
            finding.passed_over = if announced.entries.is_empty() {
                Some("it is an index; a sitemap under it or a feed is better polled".to_owned())
            } else if feed.kind == FeedKind::Sitemap && !is_of_news(&announced) && !proposed.is_empty() {
                Some("a sitemap without news beside better feeds: good for `backfill`".to_owned())
            } else if own < OWN {
                Some("most of what it announces stands in a feed above".to_owned())
            } else if proposed.len() >= MOST_PROPOSED {
                Some(format!("{MOST_PROPOSED} feeds are proposed already"))
            } else {
                None
            };
            if finding.passed_over.is_none() {
                known.extend(urls);
                of_words |= !finding.languages.is_empty();
                languages.extend(finding.languages.iter().copied());
                proposed.push(feed);
            }
            findings.push(finding);
        }
        findings.extend(self.unreached.into_iter().map(|(url, why)| Finding {
            url,
            kind: FeedKind::Telegram,
            title: None,
            entries: 0,
            newest: None,
            usual_gap: None,
            languages: Vec::new(),
            passed_over: Some(format!("it could not be looked at now: {why}")),
        }));
        let mut once = BTreeSet::new();
        languages.retain(|lang| *lang != Lang::UND && once.insert(*lang));
        if !of_words && let Some(lang) = discovered.lang.as_deref().and_then(Lang::of).filter(|lang| *lang != Lang::UND)
        {
            languages.push(lang);
        }
        let domain = domain_of(url);
        let feed_title = findings.iter().find_map(|finding| finding.title.clone());
        let named = [discovered.name.as_deref(), feed_title.as_deref()].into_iter().flatten();
        let mut named = named.map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "));
        let name = named.find(|name| !name.is_empty()).unwrap_or_else(|| domain.clone());
        let source = Source { name, country: country_of(&domain), domain, languages, feeds: proposed, ..unnamed() };
        Site { source, findings, sitemap, faults: self.faults }
    }
}

/// Entries of a sitemap of news carry headlines; those of others only addresses.
fn is_of_news(announced: &Announced) -> bool {
    announced.entries.iter().any(|entry| entry.title.is_some())
}

fn weigh(feed: &Feed, announced: &Announced, detector: &Detector, now: Timestamp) -> Finding {
    let dates = || announced.entries.iter().filter_map(|entry| entry.published);
    Finding {
        url: feed.url.clone(),
        kind: feed.kind,
        title: announced.title.clone(),
        entries: announced.entries.len(),
        newest: dates().max(),
        usual_gap: net::usual_gap(dates().map(|moment| moment.timestamp), now),
        languages: languages_of(&announced.entries, detector),
        passed_over: None,
    }
}

/// The languages of what entries say, most first.
fn languages_of(entries: &[Entry], detector: &Detector) -> Vec<Lang> {
    let mut counts: BTreeMap<Lang, usize> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.title.is_some()).take(TELLING) {
        let words = [entry.title.as_deref(), entry.summary.as_deref()].map(Option::unwrap_or_default).join("\n");
        let (lang, _) = detector.detect(&words);
        if lang != Lang::UND {
            *counts.entry(lang).or_default() += 1;
        }
    }
    let all: usize = counts.values().sum();
    let mut languages: Vec<(Lang, usize)> =
        counts.into_iter().filter(|(_, count)| *count as f64 >= all as f64 * SHARE).collect();
    languages.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    languages.into_iter().map(|(lang, _)| lang).collect()
}

/// The front page of an address's site.
fn root_of(url: &str) -> Option<String> {
    extract::usual_feeds(url).first()?.strip_suffix("rss").map(str::to_owned)
}

/// Host (with its port where it has one) of an address, without `www.`.
fn domain_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase();
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}

/// The country of a national ending of the region; a `.com` says nothing.
fn country_of(domain: &str) -> Option<String> {
    const REGION: [&str; 12] = ["kz", "kg", "uz", "tj", "tm", "ru", "by", "ua", "az", "am", "ge", "mn"];
    let ending = domain.rsplit('.').next().filter(|ending| REGION.contains(ending))?;
    Some(ending.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_named_by_its_address() {
        assert_eq!(domain_of("https://www.Outlet.example/ru/?x"), "outlet.example");
        assert_eq!(domain_of("http://127.0.0.1:8080"), "127.0.0.1:8080");
        assert_eq!(root_of("https://rss.example/rss/rss?x").as_deref(), Some("https://rss.example/"));
        assert_eq!(country_of("outlet.kz").as_deref(), Some("KZ"));
        assert_eq!(country_of("127.0.0.1:8080"), None);
        assert_eq!(country_of("outlet.example"), None);
    }

    #[test]
    fn the_languages_of_a_feed_are_those_of_its_entries() {
        let entry = |title: &str| Entry {
            feed_title: None,
            id: None,
            url: None,
            title: Some(title.to_owned()),
            published: None,
            summary: None,
            post: None,
        };
        let (kazakh, russian) = (
            entry("Сот журналисті ақтады, шешім күшіне енді"),
            entry("Суд оправдал журналиста после двух лет разбирательств"),
        );
        let detector = Detector::new();
        let entries = [vec![kazakh.clone(); 5], vec![russian.clone(); 3]].concat();
        assert_eq!(languages_of(&entries, &detector), [Lang::KK, Lang::RU]);
        let entries = [vec![russian; 20], vec![kazakh]].concat();
        assert_eq!(languages_of(&entries, &detector), [Lang::RU]);
        assert_eq!(languages_of(&[], &detector), []);
    }
}
