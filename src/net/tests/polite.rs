//! What is asked, when, and what an honest answer comes to.

use super::*;

#[tokio::test]
async fn a_page_comes_with_address_headers_body_and_time() {
    let site = site(|path, _| match path {
        "/a" => redirect("/b?c=%D2%9B#part"),
        "/b?c=%D2%9B" => {
            ok(&["Content-Type: text/html; charset=windows-1251", "X-Name: s\u{f6}z"], b"<p>\xf1\xbb\xe7</p>")
        }
        _ => None,
    })
    .await;
    let before = Timestamp::now();
    let page = page(&client(&[site.at]), &site.url("/a#top")).await;
    assert_eq!(page.url, site.url("/b?c=%D2%9B"));
    assert_eq!(page.body, b"<p>\xf1\xbb\xe7</p>");
    assert_eq!(page.header("content-type"), Some("text/html; charset=windows-1251"));
    assert_eq!(page.header("x-name"), Some("söz"));
    assert!(page.captured >= before && page.captured <= Timestamp::now());
    assert_eq!(site.paths(), ["/robots.txt", "/a", "/b?c=%D2%9B"]);
    for asked in site.asked() {
        assert!(asked.head.contains("user-agent: sozwatch/0.1 (+https://foundation.example/crawler)\r\n"));
        assert!(!asked.head.contains("referer"));
    }
}

#[tokio::test]
async fn nothing_changed_is_told_by_the_validators() {
    let site = site(|path, head| match path {
        "/feed" if head.contains("if-none-match: \"v1\"\r\n") => Some(bytes("304 Not Modified", &[], b"")),
        "/dated" if head.contains("if-modified-since: mon, 16 nov 2026 08:00:00 gmt\r\n") => {
            Some(bytes("304 Not Modified", &[], b""))
        }
        "/liar" => Some(bytes("304 Not Modified", &[], b"")),
        _ => ok(&["ETag: \"v2\""], b"new"),
    })
    .await;
    let client = client(&[site.at]);
    let check = async |path: &str, etag: Option<&str>, modified: Option<&str>, expect: bool| {
        let poll =
            Poll { etag: etag.map(str::to_owned), last_modified: modified.map(str::to_owned), ..Poll::default() };
        let fetched = client.get(&site.url(path), Some(&poll)).await.unwrap();
        assert_eq!(matches!(fetched, Fetched::NotModified), expect, "{path} {etag:?} {modified:?}");
    };
    check("/feed", Some("\"v1\""), None, true).await;
    check("/feed", Some("\"v0\""), None, false).await;
    check("/feed", None, None, false).await;
    check("/dated", None, Some("Mon, 16 Nov 2026 08:00:00 GMT"), true).await;
    check("/dated", Some("\r\nX-Injected: 1"), None, false).await;
    check("/dated", Some(&"e".repeat(5000)), None, false).await;
    let error = fault(&client, &site.url("/liar")).await;
    assert!(!error.passing() && error.to_string().contains("304"), "{error}");
    assert!(site.asked().iter().all(|asked| !asked.head.contains("x-injected")));
}

#[tokio::test]
async fn packed_bodies_are_unpacked() {
    let text = "сөз ".repeat(500).into_bytes();
    let (gzip, deflate) = (gzip(&text), deflate(&text));
    let zstd = zstd::encode_all(text.as_slice(), 3).unwrap();
    let expect = text.clone();
    let site = site(move |path, head| {
        assert!(path == "/robots.txt" || head.contains("accept-encoding: "));
        match path {
            "/gzip" => ok(&["Content-Encoding: gzip"], &gzip),
            "/deflate" => ok(&["Content-Encoding: deflate"], &deflate),
            "/zstd" => ok(&["Content-Encoding: zstd"], &zstd),
            "/br" => ok(&["Content-Encoding: br"], &unhex("0b06803c703ed181d3a9d0b73c2f703e03")),
            "/none" => ok(&["Content-Encoding: UTF-8"], &text),
            "/empty" => ok(&["Content-Encoding: gzip"], b""),
            "/lie" => ok(&["Content-Encoding: gzip"], &text),
            "/short" => ok(&["Content-Encoding: gzip"], &gzip[..gzip.len() / 2]),
            "/twice" => ok(&["Content-Encoding: gzip, gzip"], &gzip),
            "/odd" => ok(&["Content-Encoding: compress"], &text),
            _ => None,
        }
    })
    .await;
    let client = client(&[site.at]);
    for path in ["/gzip", "/deflate", "/zstd", "/none"] {
        assert_eq!(page(&client, &site.url(path)).await.body, expect, "{path}");
    }
    assert_eq!(page(&client, &site.url("/br")).await.body, "<p>сөз</p>".as_bytes());
    assert_eq!(page(&client, &site.url("/empty")).await.body, b"");
    for path in ["/lie", "/short", "/twice", "/odd"] {
        let error = fault(&client, &site.url(path)).await;
        assert!(error.to_string().contains("Content-Encoding") && !error.passing(), "{path}: {error}");
    }
}

#[tokio::test]
async fn robots_txt_is_heeded_and_asked_for_once() {
    let site = site(|path, _| match path {
        "/robots.txt" => {
            ok(&[], b"User-agent: *\nDisallow: /\n\nUser-agent: Sozwatch\nDisallow: /private/\nDisallow: /*?print\n")
        }
        "/out" => redirect("/private/1"),
        _ => ok(&[], b"page"),
    })
    .await;
    let client = client(&[site.at]);
    page(&client, &site.url("/news/1")).await;
    page(&client, &site.url("/news/2")).await;
    for path in ["/private/1", "/news/1?print", "/out"] {
        let error = fault(&client, &site.url(path)).await;
        assert!(matches!(error.fault, Fault::Disallowed { .. }), "{path}: {error}");
        assert!(error.refused() && !error.passing());
    }
    assert_eq!(site.paths(), ["/robots.txt", "/news/1", "/news/2", "/out"]);
}

#[tokio::test]
async fn what_robots_txt_answers_decides() {
    let check = async |reply: fn(&str) -> Option<Reply>, open: bool| {
        let site = site(move |path, _| if path == "/page" { ok(&[], b"page") } else { reply(path) }).await;
        let fetched = client(&[site.at]).get(&site.url("/page"), None).await;
        assert_eq!(fetched.is_ok(), open, "{:?}: {:?}", site.paths(), fetched.err());
        fetched.err()
    };
    check(|_| None, true).await;
    check(|_| Some(bytes("403 Forbidden", &[], b"")), true).await;
    check(|_| Some(bytes("410 Gone", &[], b"")), true).await;
    check(|_| ok(&["Content-Type: text/html"], b"<html>Not found</html>"), true).await;
    check(|path| redirect(&format!("{path}x")), true).await;
    check(|path| if path == "/robots.txt" { redirect("/r") } else { ok(&[], b"User-agent: *\nDisallow: /") }, false)
        .await;
    let error = check(|_| Some(bytes("503 Service Unavailable", &["Retry-After: 7200"], b"")), false).await.unwrap();
    assert!(error.passing() && !error.refused() && error.to_string().contains("robots.txt"), "{error}");
    assert_eq!((error.soft_failure(), error.retry_after()), (0.5, Some(Duration::from_secs(7200))));
    let error = check(|_| Some(bytes("429 Too Many Requests", &[], b"")), false).await.unwrap();
    assert!(error.passing(), "{error}");
    // A redirect of robots.txt into the local network says nothing about the page.
    let error = check(|_| redirect("http://10.0.0.1/robots.txt"), false).await.unwrap();
    assert!(error.passing() && !error.refused(), "{error}");
}

#[tokio::test]
async fn requests_keep_the_pace_and_come_one_at_a_time() {
    let site = site(|path, _| match path {
        "/1" => redirect("/2"),
        _ => ok(&[], b"page"),
    })
    .await;
    let delay = Duration::from_millis(80);
    let client = Arc::new(Client::new(&CrawlConfig { per_host_delay: delay, ..config(&[site.at]) }).unwrap());
    let asks = ["/1", "/3", "/4"].map(|path| {
        let (client, url) = (Arc::clone(&client), site.url(path));
        tokio::spawn(async move { client.get(&url, None).await.map(drop) })
    });
    for ask in asks {
        ask.await.unwrap().unwrap();
    }
    let asked = site.asked();
    assert_eq!(asked.len(), 5, "robots.txt, /1, /2, /3, /4");
    for pair in asked.windows(2) {
        assert!(pair[1].at - pair[0].at >= delay, "{} then {}", pair[0].path, pair[1].path);
    }
    assert_eq!(site.most_at_once(), 1);
}

#[tokio::test]
async fn the_pace_a_site_asks_for_is_kept() {
    let site = site(|path, _| match path {
        "/robots.txt" => ok(&[], b"User-agent: *\nCrawl-delay: 0.15\n"),
        _ => ok(&[], b"page"),
    })
    .await;
    let client = client(&[site.at]);
    page(&client, &site.url("/1")).await;
    page(&client, &site.url("/2")).await;
    let asked = site.asked();
    assert!(asked[2].at - asked[1].at >= Duration::from_millis(150));
}

#[tokio::test]
async fn a_dropped_request_keeps_the_pace_too() {
    let site = site(|path, _| match path {
        "/slow" => Some(Reply::Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n".to_vec())),
        _ => ok(&[], b"page"),
    })
    .await;
    let delay = Duration::from_millis(150);
    let client = Client::new(&CrawlConfig { per_host_delay: delay, ..config(&[site.at]) }).unwrap();
    page(&client, &site.url("/1")).await;
    let begun = Instant::now();
    let slow = tokio::time::timeout(Duration::from_millis(400), client.get(&site.url("/slow"), None)).await;
    assert!(slow.is_err());
    page(&client, &site.url("/2")).await;
    assert!(begun.elapsed() >= Duration::from_millis(400) + delay);
}

#[tokio::test]
async fn a_site_that_asks_for_peace_gets_it() {
    let site = site_of(|| bytes("429 Too Many Requests", &["Retry-After: 3600"], b"")).await;
    let client = client(&[site.at]);
    let error = fault(&client, &site.url("/1")).await;
    assert!(matches!(error.fault, Fault::Status { status: 429, .. }), "{error}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    let error = fault(&client, &site.url("/2")).await;
    assert!(matches!(error.fault, Fault::Resting { .. }), "{error}");
    assert!(error.passing() && error.soft_failure() == 0.5 && error.retry_after() > Some(Duration::from_secs(3500)));
    assert_eq!(site.paths(), ["/robots.txt", "/1"]);
}

#[tokio::test]
async fn a_challenge_is_no_plain_refusal() {
    let page = "<html><head><title>Just a moment...</title></head></html>".as_bytes();
    let site = site(move |path, _| match path {
        "/header" => Some(bytes("403 Forbidden", &["cf-mitigated: challenge"], b"")),
        "/page" => Some(bytes("503 Service Unavailable", &["Server: cloudflare"], page)),
        "/plain" => Some(bytes("403 Forbidden", &["Server: cloudflare"], b"Forbidden")),
        "/other" => Some(bytes("403 Forbidden", &["Server: nginx"], page)),
        _ => None,
    })
    .await;
    let client = client(&[site.at]);
    let check = async |path: &str, expect: bool| {
        let error = fault(&client, &site.url(path)).await;
        assert_eq!(matches!(error.fault, Fault::Challenge { .. }), expect, "{path}: {error}");
        assert_eq!(error.passing(), expect, "{path}: {error}");
    };
    check("/header", true).await;
    check("/page", true).await;
    check("/plain", false).await;
    check("/other", false).await;
}

#[tokio::test]
async fn a_site_that_is_down_may_be_up_again_later() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    drop(listener);
    let client = client(&[at]);
    let error = fault(&client, &format!("http://{at}/")).await;
    assert!(error.passing() && error.to_string().contains("no connection"), "{error}");
    assert_eq!(error.soft_failure(), 1.0);
}

#[test]
fn settings_that_cannot_be_used_are_told() {
    let check = |config: CrawlConfig, word: &str| {
        let error = Client::new(&config).err().unwrap().to_string();
        assert!(error.starts_with("[crawl]") && error.contains(word) && !error.contains("secret"), "{error}");
    };
    check(CrawlConfig { allow_private: vec!["localhost".to_owned()], ..config(&[]) }, "localhost");
    check(CrawlConfig { user_agent: "sozwatch\r\nX: y".to_owned(), ..config(&[]) }, "user_agent");
    check(CrawlConfig { user_agent: "1.0".to_owned(), ..config(&[]) }, "user_agent");
    check(CrawlConfig { contact: Some("сөз".to_owned()), ..config(&[]) }, "contact");
    check(CrawlConfig { proxy: Some("ftp://user:secret@proxy.example".to_owned()), ..config(&[]) }, "proxy");
    check(CrawlConfig { proxy: Some("user:secret@proxy.example".to_owned()), ..config(&[]) }, "proxy");
    for proxy in ["http://127.0.0.1:3128", "socks5://user:secret@proxy.example:1080", "socks5h://127.0.0.1:9050"] {
        assert!(Client::new(&CrawlConfig { proxy: Some(proxy.to_owned()), ..config(&[]) }).is_ok(), "{proxy}");
    }
}

#[test]
fn retry_after_is_read_in_both_forms() {
    let now: Timestamp = "2026-11-16T08:00:00Z".parse().unwrap();
    let check = |value: &str, expect: Option<u64>| {
        let headers = HeaderMap::from_iter([(header::RETRY_AFTER, HeaderValue::from_str(value).unwrap())]);
        assert_eq!(retry_after(&headers, now), expect.map(Duration::from_secs), "{value}");
    };
    check("120", Some(120));
    check(" 120 ", Some(120));
    check("0", Some(0));
    check("99999999", Some(86_400));
    check("99999999999999999999999", Some(86_400));
    check("Mon, 16 Nov 2026 08:10:00 GMT", Some(600));
    check("Mon, 16 Nov 2026 07:00:00 GMT", Some(0));
    check("soon", None);
    check("-5", None);
    check("", None);
}
