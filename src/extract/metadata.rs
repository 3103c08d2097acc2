//! What a page says about itself: JSON-LD, Open Graph and other `<meta>`, microdata, and, where
//! none of these speaks, the lines around the headline.

use std::collections::BTreeMap;

use scraper::{ElementRef, Html, Selector};
use serde_json::{Map, Value};

use super::Origin;
use super::address::{canonical_url, host, resolve, same_site};
use super::dates::{DateHint, date, day_of_address};
use super::feed::is_kazakhstani;
use super::html::{attribute, first, line_of, selector};
use super::listing::date_of;
use super::plain::{clip, one_line, plain};
use crate::config::PageSelect;
use crate::model::Moment;

/// Longest title and byline kept, in bytes.
const LONGEST_TITLE: usize = 1024;
const LONGEST_BYLINE: usize = 200;
/// Most bytes of JSON-LD read from one page.
const MOST_JSON: usize = 2 << 20;

/// Types of schema.org that are an article, best first.
const ARTICLES: &[&str] = &[
    "NewsArticle",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "BackgroundNewsArticle",
    "ReviewNewsArticle",
    "LiveBlogPosting",
    "Article",
    "BlogPosting",
    "Report",
    "SocialMediaPosting",
    "TechArticle",
];

/// A page's own account of itself.
pub struct Metadata<'a> {
    html: &'a Html,
    url: Option<&'a str>,
    meta: BTreeMap<String, String>,
    article: Option<Map<String, Value>>,
    hint: DateHint<'a>,
}

impl<'a> Metadata<'a> {
    /// Gathers what the page says. Where the source's country is unknown, its language and locale tell
    /// whether dates without a zone are Kazakhstan's.
    pub fn read(html: &'a Html, origin: &Origin<'a>) -> Self {
        let url = origin.url;
        let meta = meta(html);
        let article = linked_data(html, meta.get("og:title").map(String::as_str));
        let mut page = Self { html, url, meta, article, hint: origin.hint() };
        let locale = page.locale().unwrap_or_default().to_ascii_lowercase();
        let address = page.address();
        if origin.country.is_none() {
            page.hint.kazakhstan |= address.as_deref().is_some_and(is_kazakhstani)
                || locale.starts_with("kk")
                || locale.ends_with("_kz")
                || locale.ends_with("-kz");
        }
        page
    }

    fn meta(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.meta.get(*key)).map(String::as_str)
    }

    fn linked(&self, key: &str) -> Option<&Value> {
        self.article.as_ref()?.get(key)
    }

    fn linked_text(&self, key: &str) -> Option<String> {
        text_of(self.linked(key)?)
    }

    /// The canonical address that the page names, where it is of the site that answered; else the
    /// address that answered.
    pub fn address(&self) -> Option<String> {
        let own = self.url.and_then(canonical_url);
        let own_host = own.as_deref().and_then(host);
        let named = first(self.html, "link[rel~=canonical][href]").and_then(|link| attribute(link, "href"));
        let linked = || self.linked_text("url").or_else(|| self.linked_text("mainEntityOfPage"));
        let named = [named, self.meta(&["og:url"]).map(str::to_owned), linked()];
        let named = named.into_iter().flatten().filter_map(|link| canonical_url(&resolve(&link, self.url)?));
        let fits = |address: &String| {
            let is_front = |address: &str| {
                address.split_once("://").is_none_or(|(_, rest)| rest.trim_end_matches('/').find(['/', '?']).is_none())
            };
            match &own_host {
                // A page may speak for its own site only: else any page could pass for another's article.
                Some(own_host) => {
                    host(address).is_some_and(|host| same_site(&host, own_host))
                        && (!is_front(address) || own.as_deref().is_some_and(is_front))
                }
                None => !is_front(address),
            }
        };
        named.into_iter().find(fits).or(own)
    }

    /// The headline, without the site's name; empty where there is none.
    pub fn title(&self, select: &PageSelect) -> String {
        if let Some(title) = chosen(self.html, select.title.as_deref()).map(line_of).filter(|title| !title.is_empty()) {
            return clip(&title, LONGEST_TITLE).to_owned();
        }
        let headings = headings(self.html);
        let told = [
            self.linked_text("headline"),
            self.meta(&["og:title"]).map(plain),
            self.meta(&["twitter:title", "dc.title", "dcterms.title", "sailthru.title", "parsely-title", "title"])
                .map(plain),
            first(self.html, "head > title, title").map(line_of),
        ];
        let told: Vec<String> = told.into_iter().flatten().filter(|title| !title.is_empty()).collect();
        let names = self.names();
        let machine = self.linked("headline").is_some() || self.meta(&["og:title"]).is_some();
        let is_site = |heading: &str| names.iter().any(|name| letters(name) == letters(heading));
        let stripped: Vec<String> = told.iter().map(|title| without_site(title, &names)).collect();
        // The heading on the page is what readers saw; the others are for machines, often cut or
        // lengthened. It counts where another source says the same.
        let agreed = headings.iter().find(|heading| {
            let key = letters(heading);
            key.chars().count() >= 8
                && !is_site(heading)
                && told.iter().chain(&stripped).any(|title| agree(&key, &letters(title)))
        });
        let title = match (agreed, stripped.first()) {
            // A heading that says more holds a kicker or a subtitle too.
            (Some(heading), Some(title)) if machine && letters(heading).len() > letters(title).len() => title.clone(),
            (Some(heading), _) => without_site(heading, &names),
            (None, Some(title)) => title.clone(),
            (None, None) => headings.first().cloned().unwrap_or_default(),
        };
        clip(&title, LONGEST_TITLE).trim().to_owned()
    }

    /// The names that the site goes by, to be taken off titles.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = [
            self.meta(&["og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher"]).map(plain),
            self.linked("publisher").and_then(name_of),
            self.meta(&["twitter:site"]).map(|site| site.trim_start_matches('@').to_owned()),
        ]
        .into_iter()
        .flatten()
        .collect();
        if let Some(host) = self.address().as_deref().and_then(host) {
            let parts: Vec<&str> = host.split('.').collect();
            if let [.., name, _] = parts.as_slice() {
                names.push((*name).to_owned());
            }
            names.push(host);
        }
        names.retain(|name| letters(name).chars().count() >= 2);
        names
    }

    /// When it was published: structured data, then the page's own marks, then its address, then a
    /// date line.
    pub fn published(&self, select: &PageSelect) -> Option<Moment> {
        let hint = self.hint;
        if let Some(moment) = chosen(self.html, select.date.as_deref()).and_then(|element| date_of(element, hint)) {
            return Some(moment);
        }
        let read = |text: &str| date(text, Some(hint));
        let from_linked = |key: &str| self.linked_text(key).and_then(|text| read(&text));
        let from_meta = |keys: &[&str]| keys.iter().filter_map(|key| self.meta.get(*key)).find_map(|text| read(text));
        from_linked("datePublished")
            .or_else(|| from_meta(PUBLISHED))
            .or_else(|| self.marked("[itemprop~=datePublished], [property~='schema:datePublished'], [property~='datePublished'], time[pubdate]"))
            .or_else(|| from_linked("dateCreated"))
            .or_else(|| self.marked("article time, main time, header time, .entry-date, .published, .post-date, .article-date"))
            .or_else(|| self.of_address().map(|day| self.with_time(day)))
            .or_else(|| self.marked("time[datetime], time"))
            .or_else(|| self.date_line())
            .or_else(|| self.near_heading())
            .or_else(|| from_meta(CHANGED))
            .or_else(|| from_linked("dateModified"))
            .or_else(|| self.marked("[itemprop~=dateModified]"))
    }

    /// The first readable date among marked elements outside of lists of other articles.
    fn marked(&self, css: &str) -> Option<Moment> {
        let selector = selector(css)?;
        self.html
            .select(&selector)
            .filter(|element| !is_beside(*element))
            .take(8)
            .find_map(|element| date_of(element, self.hint))
    }

    fn of_address(&self) -> Option<Moment> {
        let day = self.url.and_then(day_of_address).or_else(|| day_of_address(&self.address()?))?;
        let midnight = day.to_datetime(jiff::civil::Time::midnight());
        let offset = self.hint.offset(midnight);
        let moment = Moment { timestamp: offset.to_timestamp(midnight).ok()?, offset };
        date(&moment.to_string(), Some(self.hint))
    }

    /// The same day with its time, where a line on the page tells it.
    fn with_time(&self, day: Moment) -> Moment {
        self.date_line().or_else(|| self.near_heading()).filter(|line| line.date() == day.date()).unwrap_or(day)
    }

    /// A short line that is a date, in an element that is called so.
    fn date_line(&self) -> Option<Moment> {
        let called = selector(
            "[class*=date], [class*=Date], [class*=time], [class*=Time], [class*=publi], [class*=meta], [class*=info], [id*=date], [class*=byline], [class*=dat]",
        )?;
        let lines = self.html.select(&called).filter(|element| !is_beside(*element)).take(60).map(line_of);
        let short = |line: &String| !line.is_empty() && line.chars().count() <= 90;
        lines.filter(short).find_map(|line| date(&line, Some(self.hint)))
    }

    /// A short line that is a date, shortly before or after the headline.
    fn near_heading(&self) -> Option<Moment> {
        let heading = first(self.html, "h1")?;
        let line = |node: ego_tree::NodeRef<'a, scraper::Node>| {
            let text = node.value().as_text()?.trim();
            let beside = node.ancestors().find_map(ElementRef::wrap).is_none_or(is_beside);
            (!text.is_empty() && text.len() <= 120 && !beside).then_some(text)
        };
        let of = |nodes: &mut dyn Iterator<Item = ego_tree::NodeRef<'a, scraper::Node>>| {
            nodes.filter_map(line).take(30).find_map(|line| date(line, Some(self.hint)))
        };
        let mut after = heading.next_siblings().flat_map(|sibling| sibling.descendants()).take(3_000);
        let mut around = heading.ancestors().take(4).flat_map(|ancestor| ancestor.descendants()).take(3_000);
        of(&mut after).or_else(|| of(&mut around))
    }

    /// The authors' names.
    pub fn byline(&self, select: &PageSelect) -> Option<String> {
        if let Some(line) = chosen(self.html, select.byline.as_deref()).map(line_of) {
            return byline_of(&line, &[]);
        }
        let names = self.names();
        let linked =
            self.linked("author").or_else(|| self.linked("creator")).map(people).filter(|people| !people.is_empty());
        if let Some(byline) = linked.and_then(|people| byline_of(&people.join(", "), &names)) {
            return Some(byline);
        }
        let keys = [
            "author",
            "article:author",
            "og:article:author",
            "parsely-author",
            "dc.creator",
            "dcterms.creator",
            "sailthru.author",
            "byl",
            "cxenseparse:author",
            "article:author_name",
        ];
        let told = keys.iter().filter_map(|key| self.meta.get(*key)).find_map(|line| byline_of(&plain(line), &names));
        told.or_else(|| self.byline_on_page(&names))
    }

    fn byline_on_page(&self, names: &[String]) -> Option<String> {
        let marked = [
            "[itemprop~=author] [itemprop~=name], [itemprop~=author]",
            "a[rel~=author]",
            ".author-name, .byline__name, .article__author, .article-author, .post-author, .entry-author, .news-author, .c-byline__author",
            ".author, .byline, [class*=author], [class*=Author], [class*=byline]",
        ];
        marked.iter().find_map(|css| {
            let selector = selector(css)?;
            let mut found = self.html.select(&selector).filter(|element| !is_beside(*element)).take(4);
            found.find_map(|element| {
                let line = attribute(element, "content").unwrap_or_else(|| line_of(element));
                byline_of(&line, names).filter(|line| line.chars().count() <= 80)
            })
        })
    }

    /// The site's name, else its host.
    pub fn site(&self) -> Option<String> {
        let named = self.meta(&["og:site_name"]).map(plain).or_else(|| self.linked("publisher").and_then(name_of));
        let named = named.or_else(|| self.meta(&["application-name"]).map(plain)).filter(|name| !name.is_empty());
        named.or_else(|| self.address().as_deref().and_then(host))
    }

    fn locale(&self) -> Option<String> {
        let root = self.html.root_element();
        let named = root.attr("lang").or_else(|| root.attr("xml:lang")).map(str::to_owned);
        let named = named.filter(|lang| !lang.trim().is_empty());
        named
            .or_else(|| self.linked_text("inLanguage"))
            .or_else(|| self.meta(&["og:locale", "content-language", "language", "dc.language"]).map(str::to_owned))
            .map(|lang| lang.trim().to_owned())
    }

    /// The language that the page declares, as a code without its region.
    pub fn language(&self) -> Option<String> {
        let locale = self.locale()?.to_ascii_lowercase();
        let code: String = locale.chars().take_while(char::is_ascii_alphabetic).collect();
        let code = match code.as_str() {
            "kz" | "kaz" => "kk".to_owned(),
            "rus" => "ru".to_owned(),
            "eng" => "en".to_owned(),
            _ => code,
        };
        matches!(code.len(), 2 | 3).then_some(code)
    }

    /// The whole text that structured data gives, and whether it says that the text is for payers only.
    pub fn linked_body(&self) -> Option<String> {
        match self.linked("articleBody")? {
            Value::String(body) => Some(body.clone()).filter(|body| !body.trim().is_empty()),
            _ => None,
        }
    }

    /// Does the page say that only payers may read it?
    pub fn is_for_payers(&self) -> bool {
        let closed = match self.linked("isAccessibleForFree") {
            Some(Value::Bool(free)) => !free,
            Some(Value::String(free)) => free.eq_ignore_ascii_case("false"),
            _ => false,
        };
        closed || self.meta(&["article:content_tier"]).is_some_and(|tier| tier.eq_ignore_ascii_case("locked"))
    }
}

const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "article:published",
    "publishdate",
    "publish-date",
    "publish_date",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "dc.date.created",
    "date",
    "article:publicationdate",
    "article.published",
    "article:post_time",
    "mediator_published_time",
    "publication_date",
    "published_at",
    "published-date",
    "article_date_original",
    "originalpublicationdate",
    "release_date",
    "timestamp",
    "bt:pubdate",
    "displaydate",
    "pdate",
    "dcsext.articlefirstpublished",
    "article:create_time",
    "datecreated",
    "citation_publication_date",
    "created",
    "article:date",
];

const CHANGED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "lastmod",
    "dcterms.modified",
    "dc.date.modified",
];

/// The first non-empty `<meta>` of each name, property or itemprop, in small letters.
fn meta(html: &Html) -> BTreeMap<String, String> {
    let mut meta = BTreeMap::new();
    let Some(selector) = selector("meta[content]") else { return meta };
    for element in html.select(&selector).take(500) {
        let keys = ["property", "name", "itemprop", "http-equiv"];
        let Some(content) = attribute(element, "content") else { continue };
        for key in keys.into_iter().filter_map(|key| element.attr(key)) {
            meta.entry(key.trim().to_ascii_lowercase()).or_insert_with(|| content.clone());
        }
    }
    meta
}

/// The article among the page's JSON-LD: the one that has the page's title, else the first.
fn linked_data(html: &Html, title: Option<&str>) -> Option<Map<String, Value>> {
    let selector = selector("script[type*='ld+json']")?;
    let mut found = Vec::new();
    let mut read = 0;
    for script in html.select(&selector).take(50) {
        let text: String = script.text().collect();
        read += text.len();
        if read > MOST_JSON {
            break;
        }
        if let Some(value) = json(&text) {
            gather(value, 0, &mut found);
        }
    }
    let title = title.map(letters);
    let rank = |article: &Map<String, Value>| {
        let kind = types(article).filter_map(|kind| ARTICLES.iter().position(|known| *known == kind)).min();
        let headline = article.get("headline").and_then(text_of).map(|headline| letters(&headline));
        let named = matches!((&headline, &title), (Some(headline), Some(title)) if agree(headline, title));
        (kind.is_none(), !named, !article.contains_key("datePublished"), kind)
    };
    found.into_iter().min_by_key(rank)
}

/// Reads JSON as sites write it: with line breaks inside strings, in comments, with a semicolon.
fn json(text: &str) -> Option<Value> {
    let text = text.trim().trim_start_matches("<!--").trim_end_matches("-->").trim().trim_end_matches(';');
    let text = text
        .trim_start_matches("//<![CDATA[")
        .trim_start_matches("/*<![CDATA[*/")
        .trim_end_matches("//]]>")
        .trim_end_matches("/*]]>*/")
        .trim();
    serde_json::from_str(text).ok().or_else(|| {
        let one_line: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        let mended = one_line.replace(",}", "}").replace(",]", "]").replace("\\'", "'");
        serde_json::from_str(&mended).ok()
    })
}

/// Articles, and pages with a date of publication, out of lists and graphs.
fn gather(value: Value, depth: usize, found: &mut Vec<Map<String, Value>>) {
    if depth > 6 || found.len() > 100 {
        return;
    }
    match value {
        Value::Array(values) => values.into_iter().for_each(|value| gather(value, depth + 1, found)),
        Value::Object(mut object) => {
            let is_article = types(&object).any(|kind| ARTICLES.contains(&kind));
            let is_page = types(&object).any(|kind| matches!(kind, "WebPage" | "ItemPage"))
                && object.contains_key("datePublished");
            for key in ["@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"] {
                if let Some(inner) = object.get_mut(key).filter(|inner| inner.is_array() || inner.is_object()) {
                    if key == "mainEntityOfPage" && is_article {
                        continue;
                    }
                    gather(inner.take(), depth + 1, found);
                }
            }
            if is_article || is_page {
                found.push(object);
            }
        }
        _ => {}
    }
}

fn types(object: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let values: Vec<&str> = match object.get("@type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    values.into_iter().map(|kind| kind.rsplit(['/', ':']).next().unwrap_or(kind))
}

/// A value as one line of text: itself, its `@id` or `@value`, or the first of a list.
fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => plain(text),
        Value::Number(number) => number.to_string(),
        Value::Array(values) => return values.iter().find_map(text_of),
        Value::Object(object) => {
            return ["@id", "@value", "name", "url"].iter().find_map(|key| text_of(object.get(*key)?));
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn name_of(value: &Value) -> Option<String> {
    match value {
        Value::Object(object) => object.get("name").and_then(text_of),
        Value::Array(values) => values.iter().find_map(name_of),
        Value::String(name) => Some(plain(name)).filter(|name| !name.is_empty()),
        _ => None,
    }
}

/// Names of people, in order; organisations only where nobody else is named.
fn people(value: &Value) -> Vec<String> {
    let values = match value {
        Value::Array(values) => values.as_slice(),
        one => std::slice::from_ref(one),
    };
    let is_organisation = |value: &&Value| {
        value.as_object().is_some_and(|object| types(object).any(|kind| kind.ends_with("Organization")))
    };
    let (organisations, people): (Vec<_>, Vec<_>) = values.iter().take(20).partition(is_organisation);
    let names = |values: Vec<&Value>| -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in values.into_iter().filter_map(name_of) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    let people = names(people);
    if people.is_empty() { names(organisations) } else { people }
}

/// An author line without "by" and the like; `None` for addresses, the site itself and whole sentences.
fn byline_of(line: &str, site: &[String]) -> Option<String> {
    let mut line = one_line(line);
    loop {
        let lower = line.to_lowercase();
        let openings = [
            "written by",
            "reported by",
            "by",
            "автор:",
            "авторы:",
            "автор",
            "текст:",
            "мәтін:",
            "авторы",
            "авторлар:",
            "author:",
            "posted by",
            "фото:",
            "от",
        ];
        let Some(opening) = openings.iter().find(|opening| {
            lower.strip_prefix(**opening).is_some_and(|rest| {
                rest.starts_with(|letter: char| letter.is_whitespace() || letter == ':') || opening.ends_with(':')
            })
        }) else {
            break;
        };
        // Lower-casing may change lengths, so letters are counted, not bytes.
        line = line.chars().skip(opening.chars().count()).collect::<String>().trim_start_matches([' ', ':']).to_owned();
    }
    for end in [" | ", " • ", " — ", ", для "] {
        if let Some((name, _)) = line.split_once(end) {
            line = name.to_owned();
        }
    }
    let line = line.trim_matches(|letter: char| {
        letter.is_whitespace() || matches!(letter, ',' | ';' | '|' | '/' | '-' | '—' | '•' | '·' | ':')
    });
    let key = letters(line);
    let is_site = site.iter().any(|name| letters(name) == key);
    let is_word = matches!(
        key.as_str(),
        "admin"
            | "administrator"
            | "редакция"
            | "редактор"
            | "автор"
            | "авторы"
            | "author"
            | "authors"
            | "editor"
            | "staff"
            | "guest"
            | "null"
            | "none"
            | "undefined"
            | "сайтәкімшісі"
            | "редакциясы"
    );
    let fits = !key.is_empty()
        && !is_site
        && !is_word
        && line.len() <= LONGEST_BYLINE
        && !line.contains("://")
        && !line.contains("www.")
        && line.split_whitespace().count() <= 20
        && line.chars().any(char::is_alphabetic)
        && !line.starts_with(|letter: char| letter.is_ascii_digit());
    fits.then(|| line.to_owned())
}

/// The first element of a configured selector. A selector that is no CSS finds nothing.
pub fn chosen<'a>(html: &'a Html, css: Option<&str>) -> Option<ElementRef<'a>> {
    html.select(&Selector::parse(css?).ok()?).next()
}

/// Headings that may be the headline: those marked so, then those of the first rank.
fn headings(html: &Html) -> Vec<String> {
    let mut headings = Vec::new();
    for css in ["h1[itemprop~=headline], [itemprop~=headline]", "article h1, main h1", "h1", "article h2, main h2"] {
        let Some(selector) = selector(css) else { continue };
        for heading in html.select(&selector).take(5) {
            let line = line_of(heading);
            if !line.is_empty() && line.chars().count() <= 400 && !headings.contains(&line) {
                headings.push(line);
            }
        }
    }
    headings
}

/// Is the element in a part of the page that is about other things?
fn is_beside(element: ElementRef<'_>) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).chain([element]).any(|around| {
        let name = around.value().name();
        let marked = |text: &str| {
            [
                "sidebar",
                "related",
                "comment",
                "footer",
                "recommend",
                "popular",
                "most-read",
                "latest",
                "teaser",
                "widget",
            ]
            .iter()
            .any(|word| text.contains(word))
        };
        matches!(name, "aside" | "footer" | "nav")
            || (name != "body"
                && name != "html"
                && around.attr("class").is_some_and(|class| marked(&class.to_ascii_lowercase())))
    })
}

/// Letters and digits only, in small letters: what two spellings of a title share.
pub fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Do two titles say the same: one begins or ends with the other, and that is most of it?
fn agree(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    !short.is_empty() && short.len() * 2 >= long.len() && (long.starts_with(short) || long.ends_with(short))
}

/// A title without the site's name behind (or before) a separator.
pub fn without_site(title: &str, names: &[String]) -> String {
    const SEPARATORS: &[&str] =
        &[" | ", " — ", " – ", " - ", " :: ", " » ", " · ", " • ", " / ", " ― ", " > ", " « ", ": "];
    let mut title = one_line(title);
    let names: Vec<String> = names.iter().map(|name| letters(name)).collect();
    let is_name = |part: &str| {
        let key = letters(part);
        !key.is_empty()
            && names.iter().any(|name| {
                *name == key
                    || (name.chars().count() >= 4 && key.starts_with(name.as_str()) && key.len() <= name.len() * 3)
                    || (key.chars().count() >= 4 && name.starts_with(key.as_str()))
            })
    };
    for _ in 0..3 {
        let ends = SEPARATORS.iter().filter(|separator| **separator != ": ");
        let cut = ends.clone().filter_map(|separator| title.rfind(separator).map(|at| (at, separator.len()))).max();
        if let Some((at, length)) = cut
            && at > 0
            && is_name(&title[at + length..])
        {
            title.truncate(at);
            title.truncate(title.trim_end().len());
            continue;
        }
        let cut = SEPARATORS.iter().filter_map(|separator| title.find(separator).map(|at| (at, separator.len()))).min();
        match cut {
            Some((at, length)) if is_name(&title[..at]) && title.len() > at + length + 8 => {
                title = title[at + length..].trim().to_owned()
            }
            _ => break,
        }
    }
    let parts: Vec<&str> = title.split(" | ").collect();
    if let Some(site) = parts.iter().skip(1).position(|part| is_name(part)) {
        title = parts[..=site].join(" | ");
    }
    // Bars and chevrons part a title from a site's name and nothing else.
    for separator in [" | ", " :: ", " » "] {
        if let Some((head, tail)) = title.rsplit_once(separator)
            && head.split_whitespace().count() >= 3
            && tail.split_whitespace().count() <= 4
            && tail.chars().count() * 2 <= head.chars().count()
        {
            title = head.trim().to_owned();
        }
    }
    title
}
