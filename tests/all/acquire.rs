//! Acquisition as an operator meets it: a site's feeds are found, a feed that moved is followed, a new
//! source is read back in time, proxies are used by those who ask for them, and alarms are told.

use std::io::Write as _;
use std::path::Path;

use serde_json::Value;

use super::workspace::{QUIET, REMANDED, SUED, Web, Written, configure, sozwatch, sozwatch_fed};

const HTML: &str = "text/html; charset=utf-8";

/// A configuration that opens a web and watches nothing.
fn open(folder: &Path, web: &Web) {
    let config = format!("[crawl]\nper_host_delay = \"0ms\"\nallow_private = [\"{}\"]\n", web.address);
    std::fs::write(folder.join("config.toml"), config).unwrap();
}

/// What `sources find` proposes, put into the configuration as a user would paste it.
fn paste(folder: &Path, block: &str) {
    let file = folder.join("config.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    std::fs::write(file, format!("{config}\n{block}")).unwrap();
}

fn status(folder: &Path) -> Value {
    sozwatch(folder, &["status", "--format", "json"]).expect(0).json().remove(0)
}

/// Addresses of the feeds that a block proposes.
fn proposed(block: &str) -> Vec<&str> {
    block.lines().filter_map(|line| line.strip_prefix("url = ")).map(|url| url.trim_matches('"')).collect()
}

#[test]
fn what_find_proposes_is_what_check_accepts() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    let url = web.put_story("blogger", &REMANDED);
    web.put_feed("/all.xml", &[(url.clone(), REMANDED.title)]);
    web.put_feed("/comments/feed", &[(web.url("/c/1"), "Ответ")]);
    web.put(
        "/",
        HTML,
        "<html lang=ru><head><title>Выдуманный «вестник» — \"новости\"</title>\
         <link rel=alternate type='application/rss+xml' href='/all.xml'>\
         <link rel=alternate type='application/rss+xml' href='/gone.xml'>\
         <link rel=alternate type='application/rss+xml' title='Comments' href='/comments/feed'></head></html>",
    );
    open(folder.path(), &web);
    let found = sozwatch(folder.path(), &["sources", "find", &web.url("/")]).expect(0);
    assert_eq!(proposed(&found.out), [web.url("/all.xml")]);
    assert!(
        found.out.contains("name = \"Выдуманный «вестник»\"") && found.out.contains("languages = [\"ru\"]"),
        "{}",
        found.out
    );
    assert!(found.err.contains("/gone.xml") && found.err.contains("404"), "{}", found.err);
    assert!(!web.asked().contains(&"/comments/feed".to_owned()));

    paste(folder.path(), &found.out);
    let checked = sozwatch(folder.path(), &["sources", "check", "--format", "json"]).expect(0).json();
    assert_eq!(checked[0]["entries"], 1);
    assert_eq!(checked[0]["title"], REMANDED.title);
    let ran = sozwatch(folder.path(), &["run", "--once"]).expect(0);
    assert!(ran.out.contains("1 stored (1 candidates)"), "{}", ran.out);
}

#[test]
fn feeds_are_found_in_their_usual_places() {
    let check = |put: &dyn Fn(&Web), address: &str, expect: &[&str]| {
        let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
        put(&web);
        open(folder.path(), &web);
        let found = sozwatch(folder.path(), &["sources", "find", &web.url(address)]);
        let expect: Vec<String> = expect.iter().map(|path| web.url(path)).collect();
        assert_eq!(proposed(&found.out), expect, "{}\n{}", found.out, found.err);
        assert_eq!(found.code, i32::from(expect.is_empty()));
        if !expect.is_empty() {
            paste(folder.path(), &found.out);
            sozwatch(folder.path(), &["sources", "check"]).expect(0);
        }
        found
    };
    let news = |web: &Web| {
        format!(
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>\
             <url><loc>{}</loc><news:news><news:title>Суд</news:title><news:publication_date>2026-11-17</news:publication_date></news:news></url></urlset>",
            web.url("/news/1")
        )
    };
    // No page names it; the first place is a page of the site, not a feed.
    check(
        &|web| {
            web.put("/rss", HTML, "<p>Подпишитесь");
            web.put_feed("/rss.xml", &[(web.url("/news/1"), "Суд")]);
        },
        "/ru/some/section",
        &["/rss.xml"],
    );
    // The address is a feed's own.
    check(&|web| web.put_feed("/odd-place", &[(web.url("/news/1"), "Суд")]), "/odd-place", &["/odd-place"]);
    // No feed at all, but a sitemap of news that robots.txt names.
    check(
        &|web| {
            web.put("/robots.txt", "text/plain", "User-agent: *\nDisallow: /admin\nSitemap: /maps/google-news.xml\n");
            web.put("/maps/google-news.xml", "application/xml", news(web));
        },
        "/",
        &["/maps/google-news.xml"],
    );
    // Only an index of sitemaps in the usual place: its freshest part is polled, itself reaches back.
    let found = check(
        &|web| {
            let index = format!(
                "<sitemapindex><sitemap><loc>{}</loc><lastmod>2020-01-01</lastmod></sitemap><sitemap><loc>{}</loc><lastmod>2026-11-17</lastmod></sitemap></sitemapindex>",
                web.url("/old.xml"),
                web.url("/new.xml")
            );
            web.put("/sitemap.xml", "application/xml", index);
            web.put(
                "/new.xml",
                "application/xml",
                format!("<urlset><url><loc>{}</loc></url></urlset>", web.url("/news/1")),
            );
        },
        "/",
        &["/new.xml"],
    );
    assert!(found.out.contains("#backfill = \"30d\""), "{}", found.out);
    // Nothing but a front page with headlines.
    let found = check(
        &|web| {
            let link =
                |n: u32| format!("<h2><a href='/news/{n}'>Суд отложил заседание по делу журналиста, раз {n}</a></h2>");
            web.put("/", HTML, (0..8).map(link).collect::<String>());
        },
        "/",
        &["/"],
    );
    assert!(found.out.contains("select = { link = \"a[href*='/news/']\" }"), "{}", found.out);
    let found = check(&|web| web.put("/", HTML, "<p>Скоро открытие"), "/", &[]);
    assert!(found.err.contains("no feed was found"), "{}", found.err);
}

#[test]
fn the_feeds_of_other_languages_are_found_too() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    let head = |feed: &str| {
        format!(
            "<link rel=alternate type='application/rss+xml' href='{feed}'>\
             <link rel=alternate hreflang=ru href='/'><link rel=alternate hreflang=kk href='/kk/'>"
        )
    };
    web.put("/", HTML, head("/rss"));
    web.put("/kk/", HTML, head("/kk/rss"));
    web.put_feed("/rss", &[(web.url("/1"), "Суд оправдал журналиста после двух лет разбирательств")]);
    web.put_feed("/kk/rss", &[(web.url("/kk/1"), "Сот журналисті ақтады, шешім күшіне енді")]);
    open(folder.path(), &web);
    let found = sozwatch(folder.path(), &["sources", "find", &web.address.to_string()]).expect(0);
    assert_eq!(proposed(&found.out), [web.url("/rss"), web.url("/kk/rss")]);
    assert!(found.out.contains("languages = [\"ru\", \"kk\"]"), "{}", found.out);
}

/// A web that is also a proxy stands in for hosts that are not there: nothing leaves the machine.
#[test]
fn a_channel_that_cannot_be_reached_does_not_hide_the_feed() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    let item = "<item><title>Суд</title><link>http://outlet.example/1</link></item>";
    web.put(
        "http://outlet.example/feed.xml",
        "application/rss+xml",
        format!("<rss version='2.0'><channel>{item}</channel></rss>"),
    );
    web.put(
        "http://outlet.example/",
        HTML,
        "<link rel=alternate type='application/rss+xml' href='feed.xml'><a href='https://t.me/oidan_arna'>Telegram</a>",
    );
    let config = format!("[crawl]\nper_host_delay = \"0ms\"\nproxy = \"http://{}\"\n", web.address);
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    let found = sozwatch(folder.path(), &["sources", "find", "http://outlet.example/"]).expect(0);
    assert_eq!(proposed(&found.out), ["http://outlet.example/feed.xml"]);
    assert!(found.err.contains("https://t.me/s/oidan_arna"), "{}", found.err);
    assert!(web.asked().contains(&"t.me:443".to_owned()));
    // It is named all the same, to be tried by whoever can reach it.
    assert!(found.out.contains("#url = \"https://t.me/s/oidan_arna\"\n#kind = \"telegram\""), "{}", found.out);
}

#[test]
fn a_source_has_its_own_way_to_the_web() {
    let (web, proxy, folder) = (Web::start(), Web::start(), tempfile::tempdir().unwrap());
    web.put_feed("/rss.xml", &[]);
    proxy.put(
        "http://blocked.example/rss",
        "application/rss+xml",
        "<rss version='2.0'><channel><title>x</title></channel></rss>",
    );
    let config = format!(
        "[crawl]\nper_host_delay = \"0ms\"\nallow_private = [\"{web}\"]\nproxy = \"http://127.0.0.1:9\"\n\
         [[source]]\nname = \"Blocked\"\ndomain = \"blocked.example\"\nproxy = \"http://user:secret@{proxy}\"\n[[source.feed]]\nurl = \"http://blocked.example/rss\"\n\
         [[source]]\nname = \"Near\"\ndomain = \"{web}\"\nproxy = \"\"\n[[source.feed]]\nurl = \"http://{web}/rss.xml\"\n",
        web = web.address,
        proxy = proxy.address
    );
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    let ran = sozwatch(folder.path(), &["run", "--once"]).expect(0);
    assert!(ran.err.contains("proxy of Blocked: http://127.0.0.1"), "{}", ran.err);
    assert!(ran.err.contains("what a name leads to is the proxy's promise"), "{}", ran.err);
    assert!(!ran.err.contains("secret"), "{}", ran.err);
    assert_eq!(proxy.asked(), ["http://blocked.example/robots.txt", "http://blocked.example/rss"]);
    assert_eq!(web.asked(), ["/robots.txt", "/rss.xml"]);
}

#[test]
fn one_page_goes_by_the_proxy_of_its_source() {
    let (proxy, folder) = (Web::start(), tempfile::tempdir().unwrap());
    let text: String = REMANDED.text.split("\n\n").map(|text| format!("<p>{text}</p>")).collect();
    let page = format!("<title>{0}</title><article><h1>{0}</h1>{text}</article>", REMANDED.title);
    proxy.put("http://www.blocked.example/news", HTML, page);
    let config = format!(
        "[crawl]\nper_host_delay = \"0ms\"\nproxy = \"http://127.0.0.1:9\"\n\
         [[source]]\nname = \"Blocked\"\ndomain = \"blocked.example\"\nproxy = \"http://{}\"\n\
         [[source.feed]]\nurl = \"http://blocked.example/rss\"\n",
        proxy.address
    );
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    let explained = sozwatch(folder.path(), &["explain", "http://www.blocked.example/news"]).expect(0);
    assert!(explained.out.contains("arrest"), "{}", explained.out);
    sozwatch(folder.path(), &["import", "http://www.blocked.example/news"]).expect(0);
    let row = &sozwatch(folder.path(), &["queue", "list", "--format", "json"]).expect(0).json()[0];
    assert_eq!(row["source"], "Blocked");
    // An address of nobody goes the usual way, which leads nowhere here.
    sozwatch(folder.path(), &["import", "http://other.example/news"]).expect(1);
    assert!(proxy.asked().iter().all(|asked| !asked.contains("other.example")), "{:?}", proxy.asked());
}

#[test]
fn a_feed_that_moved_is_asked_where_it_moved_to() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    configure(folder.path(), &web, "");
    let url = web.put_story("quiet", &QUIET);
    web.answer("/rss.xml", "301 Moved Permanently\r\nLocation: /new.xml", "");
    web.answer("/new.xml", "308 Permanent Redirect\r\nLocation: /newest.xml", "");
    web.put_feed("/newest.xml", &[(url, QUIET.title)]);
    let ran = sozwatch(folder.path(), &["run", "--once"]).expect(0);
    assert!(ran.err.contains("moved for good") && ran.err.contains("/newest.xml"), "{}", ran.err);
    assert_eq!(status(folder.path())["sources"][0]["feeds"][0]["moved"], web.url("/newest.xml"));

    let before = web.asked().len();
    let ran = sozwatch(folder.path(), &["run", "--once", "--all"]).expect(0);
    assert!(!ran.err.contains("moved for good"), "{}", ran.err);
    assert_eq!(web.asked()[before..], ["/robots.txt", "/newest.xml"]);

    // The move was a mistake: the address that is configured counts again.
    web.answer("/newest.xml", "410 Gone", "");
    web.put_feed("/rss.xml", &[(web.put_story("sued", &SUED), SUED.title)]);
    let ran = sozwatch(folder.path(), &["run", "--once", "--all"]).expect(0);
    assert!(ran.out.contains("1 stored"), "{}", ran.out);
    assert_eq!(status(folder.path())["sources"][0]["feeds"][0].get("moved"), None);
}

#[test]
fn a_redirect_for_a_while_is_followed_and_forgotten() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    configure(folder.path(), &web, "");
    web.answer("/rss.xml", "302 Found\r\nLocation: /there.xml", "");
    web.answer("/there.xml", "301 Moved Permanently\r\nLocation: /for-good.xml", "");
    web.put_feed("/for-good.xml", &[]);
    sozwatch(folder.path(), &["run", "--once"]).expect(0);
    assert_eq!(status(folder.path())["sources"][0]["feeds"][0].get("moved"), None);
}

#[test]
fn a_site_that_asks_for_time_gets_it() {
    let check = |head: &str, feed: &str, code: i32, seconds: std::ops::Range<i64>| {
        let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
        configure(folder.path(), &web, "[schedule]\nevery = \"1s\"\n");
        web.answer("/rss.xml", head, feed);
        sozwatch(folder.path(), &["run", "--once"]).expect(code);
        let due: jiff::Timestamp = status(folder.path())["sources"][0]["next_due"].as_str().unwrap().parse().unwrap();
        let wait = due.duration_since(jiff::Timestamp::now()).as_secs();
        assert!(seconds.contains(&wait), "{head}: {wait} s");
    };
    let feed = "<rss version='2.0'><channel><title>x</title></channel></rss>";
    check("200 OK", feed, 0, -60..2);
    check("200 OK\r\nCache-Control: max-age=3600", feed, 0, 3000..3601);
    check("200 OK", "<rss version='2.0'><channel><title>x</title><ttl>90</ttl></channel></rss>", 0, 5000..5401);
    check("503 Service Unavailable\r\nRetry-After: 7200", "", 1, 7000..7201);
    check("429 Too Many Requests\r\nRetry-After: 600", "", 1, 500..601);
}

#[test]
fn the_posts_of_a_channel_are_kept_without_asking_for_each() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    let post = |number: u32, story: &Written, edited: &str| {
        let text = format!("{}\n\n{}", story.title, story.text).replace('\n', "<br>");
        format!(
            "<div class='tgme_widget_message_wrap'><div class='tgme_widget_message' data-post='oidan_arna/{number}'>\
             <div class='tgme_widget_message_text js-message_text'>{text}</div>\
             <span class='tgme_widget_message_meta'>{edited}<a class='tgme_widget_message_date' href='https://t.me/oidan_arna/{number}'>\
             <time datetime='2026-11-17T07:00:00+00:00'>12:00</time></a></span></div></div>"
        )
    };
    let channel = |posts: [String; 2]| {
        let posts = posts.concat();
        format!(
            "<div class='tgme_channel_info_header_title'>Ойдан арна</div><section class='tgme_channel_history'>{posts}</section>"
        )
    };
    let page = channel([post(7, &REMANDED, ""), post(8, &QUIET, "")]);
    web.put("/s/oidan_arna", HTML, page.clone());
    open(folder.path(), &web);
    paste(
        folder.path(),
        &format!(
            "[[source]]\nname = \"Ойдан арна\"\ndomain = \"t.me\"\ncountry = \"KZ\"\n[[source.feed]]\nurl = \"{}\"\nkind = \"telegram\"\n",
            web.url("/s/oidan_arna")
        ),
    );
    let ran = sozwatch(folder.path(), &["run", "--once"]).expect(0);
    assert!(ran.out.contains("2 stored (1 candidates)"), "{}", ran.out);
    assert_eq!(web.asked(), ["/robots.txt", "/s/oidan_arna"]);
    std::fs::write(folder.path().join("saved.html"), &page).unwrap();
    let told = sozwatch(folder.path(), &["feed", "saved.html"]).expect(0).json();
    assert_eq!(told[0]["feed_title"], "Ойдан арна");
    assert_eq!(told[1]["post"], serde_json::json!({ "forwarded_from": null, "edited": false, "links": [] }));
    let row = &sozwatch(folder.path(), &["queue", "list", "--format", "json"]).expect(0).json()[0];
    assert_eq!(row["url"], "https://t.me/oidan_arna/7");
    assert_eq!(row["title"], REMANDED.title);
    let again = sozwatch(folder.path(), &["run", "--once", "--all"]).expect(0);
    assert!(again.out.contains("0 stored"), "{}", again.out);
    // Edited: captured again and shown, while the first wording stays; then it is known.
    let text = REMANDED.text.replace("на два месяца", "на один месяц");
    let edited = Written { text: text.leak(), ..REMANDED };
    web.put("/s/oidan_arna", HTML, channel([post(7, &edited, "edited "), post(8, &QUIET, "edited ")]));
    for (reprints, known) in [(1, 1), (0, 2)] {
        let ran = sozwatch(folder.path(), &["run", "--once", "--all"]).expect(0);
        let told = format!("{reprints} reprints");
        assert!(ran.out.contains(&told) && ran.out.contains(&format!("{known} known")), "{}", ran.out);
        web.put(
            "/s/oidan_arna",
            HTML,
            format!("{}<!-- -->", channel([post(7, &edited, "edited "), post(8, &QUIET, "")])),
        );
    }
    let rows = sozwatch(folder.path(), &["queue", "list", "--format", "json"]).expect(0).json();
    assert_eq!((rows.len(), &rows[0]["id"], &rows[0]["revision"]), (1, &row["id"], &serde_json::json!(0)));
    let shown = sozwatch(folder.path(), &["queue", "show", row["id"].as_str().unwrap()]).expect(0).out;
    assert!(shown.contains("на один месяц"), "{shown}");
    assert!(shown.contains("also     Ойдан арна  2026-11-17T07:00:00Z  https://t.me/oidan_arna/7"), "{shown}");
    sozwatch(folder.path(), &["verify"]).expect(0);
}

#[test]
fn a_new_source_is_read_back_in_time_once() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    let today = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    // A day in a sitemap is one of the site's own, which begins hours before that of UTC.
    let days_ago = |days: i64| (today - jiff::Span::new().days(days)).to_string();
    let [first, second, old] =
        [("a", &REMANDED), ("b", &SUED), ("old", &QUIET)].map(|(slug, story)| web.put_story(slug, story));
    let place = |url: &str, days: i64| format!("<url><loc>{url}</loc><lastmod>{}</lastmod></url>", days_ago(days));
    let index = format!(
        "<sitemapindex><sitemap><loc>{}</loc><lastmod>{}</lastmod></sitemap><sitemap><loc>{}</loc><lastmod>{}</lastmod></sitemap></sitemapindex>",
        web.url("/new.xml.gz"),
        days_ago(1),
        web.url("/never.xml"),
        days_ago(40)
    );
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let about = format!("<url><loc>{}</loc></url>", web.url("/about"));
    packed
        .write_all(
            format!("<urlset>{}{}{}{about}</urlset>", place(&first, 2), place(&second, 5), place(&old, 8)).as_bytes(),
        )
        .unwrap();
    web.put("/new.xml.gz", "application/gzip", packed.finish().unwrap());
    web.put("/index.xml", "application/xml", index);
    web.put("/robots.txt", "text/plain", "Sitemap: /index.xml\n");
    web.put_feed("/rss.xml", &[]);
    configure(folder.path(), &web, "");
    let config = std::fs::read_to_string(folder.path().join("config.toml")).unwrap();
    let config = config.replace("country = \"KZ\"", "country = \"KZ\"\nbackfill = \"7d\"");
    std::fs::write(folder.path().join("config.toml"), config).unwrap();

    let ran = sozwatch(folder.path(), &["run", "--once"]).expect(0);
    assert!(ran.out.contains("2 stored (2 candidates)"), "{}", ran.out);
    let asked = web.asked();
    for never in ["/never.xml", "/news/old.html", "/about"] {
        assert!(!asked.contains(&never.to_owned()), "{asked:?}");
    }
    assert_eq!(status(folder.path())["sources"][0]["backfill"], "done");
    sozwatch(folder.path(), &["run", "--once", "--all"]).expect(0);
    assert_eq!(web.asked().iter().filter(|path| *path == "/index.xml").count(), 1);
}

#[test]
fn a_past_that_no_sitemap_tells_of_is_an_alarm_until_one_does() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    web.put_feed("/rss.xml", &[]);
    configure(folder.path(), &web, "");
    let config = std::fs::read_to_string(folder.path().join("config.toml")).unwrap();
    let config = config.replace("country = \"KZ\"", "country = \"KZ\"\nbackfill = \"7d\"");
    std::fs::write(folder.path().join("config.toml"), &config).unwrap();
    sozwatch(folder.path(), &["run", "--once"]);
    let alarms = status(folder.path())["alarms"].clone();
    assert!(alarms.to_string().contains("its past cannot be read back"), "{alarms}");
    assert!(alarms.to_string().contains("kind = \\\"sitemap\\\""), "{alarms}");
    // Without the wish there is nothing to complain of.
    std::fs::write(folder.path().join("config.toml"), config.replace("backfill = \"7d\"\n", "")).unwrap();
    assert!(!status(folder.path())["alarms"].to_string().contains("past"));
}

#[test]
fn a_sitemap_index_is_polled_by_its_freshest_part() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    let url = web.put_story("quiet", &QUIET);
    let parts: String =
        (1..=9).map(|n| format!("<sitemap><loc>{}</loc></sitemap>", web.url(&format!("/part{n}.xml")))).collect();
    web.put("/sitemap.xml", "application/xml", format!("<sitemapindex>{parts}</sitemapindex>"));
    for n in 1..=9 {
        web.put(&format!("/part{n}.xml"), "application/xml", "<urlset></urlset>");
    }
    web.put("/part9.xml", "application/xml", format!("<urlset><url><loc>{url}</loc></url></urlset>"));
    open(folder.path(), &web);
    let feed = format!("url = \"{}\"\nkind = \"sitemap\"\n", web.url("/sitemap.xml"));
    paste(folder.path(), &format!("[[source]]\nname = \"A\"\ndomain = \"{}\"\n[[source.feed]]\n{feed}", web.address));
    let ran = sozwatch(folder.path(), &["run", "--once"]).expect(0);
    assert!(ran.out.contains("1 stored"), "{}", ran.out);
    // The index is the same and its last part is not.
    let more = web.put_story("sued", &SUED);
    web.put(
        "/part9.xml",
        "application/xml",
        format!("<urlset><url><loc>{url}</loc></url><url><loc>{more}</loc></url></urlset>"),
    );
    let ran = sozwatch(folder.path(), &["run", "--once", "--all"]).expect(0);
    assert!(ran.out.contains("1 stored"), "{}", ran.out);
}

#[test]
fn a_feed_whose_entries_give_nothing_is_an_alarm_and_no_fault() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    configure(folder.path(), &web, "");
    let entries: Vec<(String, &str)> = (0..6).map(|n| (web.url(&format!("/player/{n}")), "Видео")).collect();
    for n in 0..6 {
        web.put(&format!("/player/{n}"), HTML, "<html><body><div id=player></div></body></html>");
    }
    web.put_feed("/rss.xml", &entries);
    sozwatch(folder.path(), &["run", "--once"]).expect(0);
    let standing = status(folder.path());
    assert_eq!(standing["alarms"][0]["ailment"], "unread");
    assert_eq!(standing["alarms"][0]["about"], web.url("/rss.xml"));
    let told = sozwatch(folder.path(), &["status"]).expect(0).out;
    assert!(told.contains("alarm       ") && told.contains("the last 6 entries gave no article"), "{told}");
    // One that can be read ends it.
    web.put_feed("/rss.xml", &[(web.put_story("quiet", &QUIET), QUIET.title)]);
    sozwatch(folder.path(), &["run", "--once", "--all"]).expect(0);
    // The disk of whoever runs the tests may be full.
    let alarms = status(folder.path())["alarms"].as_array().cloned().unwrap();
    assert!(alarms.iter().all(|alarm| alarm["ailment"] == "disk_low"), "{alarms:?}");
}

#[test]
fn a_source_that_never_answered_is_an_alarm() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    configure(folder.path(), &web, "");
    web.answer("/rss.xml", "403 Forbidden\r\nServer: cloudflare", "<title>Just a moment...</title>");
    let ran = sozwatch(folder.path(), &["run", "--once"]).expect(1);
    assert!(ran.err.contains("Cloudflare challenge"), "{}", ran.err);
    // A challenge is half a failure, a plain "forbidden" a whole one.
    assert_eq!(status(folder.path())["sources"][0]["failures"], 0.5);
    web.answer("/rss.xml", "403 Forbidden", "no");
    sozwatch(folder.path(), &["run", "--once", "--all"]).expect(1);
    let standing = status(folder.path());
    assert_eq!(standing["sources"][0]["failures"], 1.5);
    assert_eq!(standing["sources"][0]["state"], "failing");
    assert_eq!(standing["alarms"][0]["ailment"], "silent");
}

#[test]
fn sources_travel_as_opml() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    configure(folder.path(), &web, "");
    let list = sozwatch(folder.path(), &["sources", "export"]).expect(0).out;
    let blocks = sozwatch_fed(folder.path(), &["sources", "import", "-"], &list).expect(0).out;
    assert!(
        blocks.contains("name = \"Invented\"") && blocks.contains(&format!("url = \"{}\"", web.url("/rss.xml"))),
        "{blocks}"
    );
    let refused = sozwatch_fed(folder.path(), &["sources", "import", "-"], "<html></html>").expect(1);
    assert!(refused.err.contains("this is no OPML"), "{}", refused.err);
}
