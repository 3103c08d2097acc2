//! What is done to us on paper: pages and feeds that mean harm to whoever reads them, by machine or in a
//! spreadsheet.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Trials;
use super::hostile::{Site, gzip, ok};
use super::wires::{client, config, get};
use crate::classify::Judge;
use crate::config::{Config, CrawlConfig, PageSelect};
use crate::digest::{self, Coverage, Digest, Edition, IsoWeek};
use crate::extract::{self, Origin};
use crate::model::{Candidate, Card, Decision, Judged, Lang, Review, Story};
use crate::review::{self, Format};
use crate::rules::RuleSet;

/// A paragraph that an extractor takes for an article's.
const PARAGRAPH: &str = "The newsroom says that the printing house returned the whole issue on Thursday morning, and that \
    nobody has explained to the editors so far why the plates were taken out of the press, or on whose order.";
/// Entries of the honest feed; each takes two kilobytes, so that all take 18 MB.
const ENTRIES: usize = 9_000;

pub(super) async fn run(trials: &mut Trials) -> std::io::Result<()> {
    nesting(trials);
    markup(trials);
    entities(trials);
    charset(trials);
    headline(trials);
    honest_feed(trials).await
}

fn origin() -> Origin<'static> {
    Origin { content_type: None, url: Some("https://outlet.example/news/1"), country: None, captured: None, zone: None }
}

fn article(title: &str, before: &str) -> String {
    let body = format!("<p>{PARAGRAPH}</p>").repeat(4);
    format!("<html><head><title>{title}</title></head><body>{before}<article><h1>{title}</h1>{body}</article>")
}

fn nesting(trials: &mut Trials) {
    for (what, before) in [
        ("HTML nested 100,000 elements deep", "<div><b>".repeat(50_000)),
        ("100,000 tables that never close", "<table>".repeat(100_000)),
        ("half a million angle brackets", "<".repeat(500_000)),
    ] {
        // Whatever is read of it: it ends, and the stack holds.
        trials.taken(
            what,
            Ok(match extract::page(article("Title", &before).as_bytes(), &origin(), &PageSelect::default()) {
                Ok(article) => format!("read, {} characters of text", article.text.chars().count()),
                Err(none) => format!("set aside: {}", none.reason),
            }),
        );
    }
}

fn markup(trials: &mut Trials) {
    let what = "a script in a headline";
    let page = article("Editor held &lt;script&gt;alert(1)&lt;/script&gt; in Taraz", "");
    trials.taken(
        what,
        extract::page(page.as_bytes(), &origin(), &PageSelect::default()).map_err(|none| none.reason).and_then(
            |article| {
                let title = article.title;
                let html = printed(&title).ok_or("no digest was printed")?;
                match title.contains("<script>") && !html.contains("<script") && html.contains("&lt;script&gt;") {
                    true => Ok("printed as text in the digest's page".to_owned()),
                    false => Err(format!("the title was read as {title:?}")),
                }
            },
        ),
    );
}

/// The HTML digest with one event of this title.
fn printed(title: &str) -> Option<String> {
    let (candidate, now) = candidate(title)?;
    let events = review::gather_events(&[candidate]);
    let week = IsoWeek::of(TimeZone::UTC.to_datetime(now).date());
    let digest = Digest::gather(&events, week, &TimeZone::UTC, &std::collections::BTreeMap::new(), Coverage::default());
    String::from_utf8(digest::render(&digest, Lang::EN, "html", Edition::Internal)?).ok()
}

/// A confirmed candidate of this title.
fn candidate(title: &str) -> Option<(Candidate, Timestamp)> {
    let now = Timestamp::from_second(1_511_000_000).ok()?;
    let (rules, _) = RuleSet::builtin();
    let judge = Judge::new(rules);
    let story = Story {
        id: "s1".to_owned(),
        url: Some("https://outlet.example/news/1".to_owned()),
        title: title.to_owned(),
        text: PARAGRAPH.to_owned(),
        published: Some(crate::model::Moment::utc(now)),
        byline: None,
        source: Some("Outlet".to_owned()),
    };
    let verdict = judge.judge(&story, Some("KZ"));
    let rule_set = judge.rules().version();
    let judged = Judged {
        story,
        verdict,
        rule_set,
        captured: now,
        head: None,
        shows: None,
        capture: None,
        link: None,
        second_look: None,
        let_go: None,
    };
    let review = Review {
        id: "s1".to_owned(),
        reviewer: "A. Reviewer".to_owned(),
        at: now,
        decision: Some(Decision::Confirm),
        card: Card::default(),
        note: None,
        by_hand: None,
        fingerprint: String::new(),
        takes_back: None,
        saw: None,
    };
    Some((Candidate { id: "s1".to_owned(), judged: Some(judged), also: Vec::new(), reviews: vec![review] }, now))
}

fn headline(trials: &mut Trials) {
    let title = "=cmd|' /C calc'!A0 editor held";
    let came = candidate(title).ok_or_else(|| "no row was made".to_owned()).and_then(|(candidate, _)| {
        let rows = review::rows(&candidate, &TimeZone::UTC);
        let csv = review::print(&rows, Format::Csv).map_err(|error| error.to_string())?;
        let csv = String::from_utf8_lossy(&csv).into_owned();
        match csv.contains(&format!("'{title}")) && !csv.contains(&format!(",{title}")) {
            true => Ok("a quotation mark keeps the spreadsheet from running it".to_owned()),
            false => Err(format!("the queue file says {csv:?}")),
        }
    });
    trials.taken("a headline that a spreadsheet would run", came);
}

fn feed_of(title: &str, declared: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>{declared}<rss version=\"2.0\"><channel><title>Outlet</title><item><title>{title}</title>\
         <link>https://outlet.example/news/1</link></item></channel></rss>"
    )
}

fn entities(trials: &mut Trials) {
    let mut bomb = "<!DOCTYPE rss [<!ENTITY a0 \"aaaaaaaaaa\">".to_owned();
    for level in 1..12 {
        let below = format!("&a{};", level - 1).repeat(10);
        bomb.push_str(&format!("<!ENTITY a{level} \"{below}\">"));
    }
    bomb.push_str("]>");
    let came = |declared: &str, title: &str| match extract::feed(feed_of(title, declared).as_bytes(), &origin()) {
        Ok(feed) => {
            let title = feed.entries.first().and_then(|entry| entry.title.clone()).unwrap_or_default();
            match title.len() < 1000 && !title.contains("root:") {
                true => Ok(format!("not expanded: the entry's title is {title:?}")),
                false => Err(format!("it was expanded to {} bytes", title.len())),
            }
        }
        Err(none) => Ok(none.to_string()),
    };
    trials.taken("an XML bomb of eleven levels", came(&bomb, "News &a11;"));
    let outside = "<!DOCTYPE rss [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>";
    trials.taken("an external entity that names a file", came(outside, "News &f;"));
}

fn charset(trials: &mut Trials) {
    let page = article("Сот шешімі бойынша журналист босатылды", "<meta charset=\"x-klingon\">");
    let came = extract::page(page.as_bytes(), &origin(), &PageSelect::default()).map_err(|none| none.reason);
    trials.taken(
        "a charset that nobody knows",
        came.and_then(|article| match article.title.starts_with("Сот шешімі") {
            true => Ok("read by its bytes".to_owned()),
            false => Err(format!("the title was read as {:?}", article.title)),
        }),
    );
}

async fn honest_feed(trials: &mut Trials) -> std::io::Result<()> {
    let summary = PARAGRAPH.repeat(10);
    let summary = summary.get(..1_840).unwrap_or(&summary);
    let mut feed = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Outlet</title>".to_owned();
    for number in 0..ENTRIES {
        feed.push_str(&format!(
            "<item><title>News of the day, number {number}</title><link>https://outlet.example/news/{number}</link>\
             <guid>https://outlet.example/news/{number}</guid><description>{summary}</description></item>\n"
        ));
    }
    feed.push_str("</channel></rss>");
    let size = feed.len();
    let packed = gzip(feed.as_bytes());
    drop(feed);
    let site = Site::new(move |path, _| match path {
        "/rss" => ok(&["Content-Type: application/rss+xml", "Content-Encoding: gzip"], &packed),
        _ => None,
    })
    .await?;
    let usual = CrawlConfig { max_body: Config::embedded().crawl.max_body, ..config(&[site.at]) };
    let what = format!("an honest feed of {} MB, with `max_body` as it is shipped", size / 1_000_000);
    trials.refused(
        &what,
        match get(client(&usual), &site.url("/rss")).await {
            Err(nothing) if nothing.words().contains("max_body") => Ok(nothing.words()),
            Err(nothing) => Err(nothing.words()),
            Ok(page) => Err(format!("{} bytes were taken", page.body.len())),
        },
    );
    let wide = CrawlConfig { max_body: 32 << 20, ..usual };
    let came = get(client(&wide), &site.url("/rss")).await.map_err(|nothing| nothing.words()).and_then(|page| {
        let feed = extract::feed(&page.body, &origin()).map_err(|none| none.to_string())?;
        match feed.entries.len() == ENTRIES {
            true => Ok(format!("{ENTRIES} entries")),
            false => Err(format!("{} entries of {ENTRIES}", feed.entries.len())),
        }
    });
    trials.taken("the same feed, with `max_body = \"32MiB\"`", came);
    Ok(())
}
