//! The client against honest and hostile servers on loopback, opened address by address.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::*;

/// A tenth of the default cap keeps bombs quick.
const MAX_BODY: u64 = 1 << 20;

fn config(open: &[SocketAddr]) -> CrawlConfig {
    CrawlConfig {
        user_agent: "sozwatch/0.1".to_owned(),
        contact: Some("https://foundation.example/crawler".to_owned()),
        per_host_delay: Duration::ZERO,
        timeout: Duration::from_secs(20),
        max_body: MAX_BODY,
        max_concurrent: 4,
        proxy: None,
        allow_private: open.iter().map(ToString::to_string).collect(),
    }
}

fn client(open: &[SocketAddr]) -> Client {
    Client::new(&config(open)).unwrap()
}

/// How a server answers one request.
enum Reply {
    /// These bytes, then the connection is closed.
    Bytes(Vec<u8>),
    /// These bytes, then more of the same without end.
    Endless(Vec<u8>, Vec<u8>),
    /// These bytes, then a byte now and then.
    Drip(Vec<u8>),
}

/// A request as a server saw it.
#[derive(Clone)]
struct Asked {
    path: String,
    /// Head in lower case.
    head: String,
    at: Instant,
}

/// A server on loopback. It speaks HTTP by hand, so that it can speak it wrongly.
struct Site {
    at: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    most_at_once: Arc<Mutex<(usize, usize)>>,
    task: JoinHandle<()>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Site {
    /// Serves what `reply` says for a path and a head; robots.txt is missing unless it says otherwise.
    async fn new(reply: impl Fn(&str, &str) -> Option<Reply> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let most_at_once = Arc::new(Mutex::new((0, 0)));
        let (reply, log, count) = (Arc::new(reply), Arc::clone(&asked), Arc::clone(&most_at_once));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (reply, log, count) = (Arc::clone(&reply), Arc::clone(&log), Arc::clone(&count));
                tokio::spawn(async move {
                    let Some((path, head)) = read_head(&stream).await else { return };
                    let reply = reply(&path, &head).unwrap_or_else(|| bytes("404 Not Found", &[], b"no"));
                    log.lock().unwrap().push(Asked { path, head, at: Instant::now() });
                    {
                        let mut count = count.lock().unwrap();
                        count.0 += 1;
                        count.1 = count.1.max(count.0);
                    }
                    write(stream, reply, || count.lock().unwrap().0 -= 1).await;
                });
            }
        });
        Self { at, asked, most_at_once, task }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.at)
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }
}

async fn read_head(stream: &TcpStream) -> Option<(String, String)> {
    let mut head = Vec::new();
    let mut piece = [0; 4096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        stream.readable().await.ok()?;
        match stream.try_read(&mut piece) {
            Ok(0) => return None,
            Ok(read) => head.extend_from_slice(&piece[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return None,
        }
    }
    let head = String::from_utf8(head).ok()?;
    Some((head.split(' ').nth(1)?.to_owned(), head.to_lowercase()))
}

/// Writes a reply; `ends` is called before its last byte, so before a client can know that it ended.
async fn write(mut stream: TcpStream, reply: Reply, ends: impl FnOnce()) {
    match reply {
        Reply::Bytes(bytes) => {
            let (most, last) = bytes.split_at(bytes.len().saturating_sub(1));
            // A client that hung up is what some tests want.
            let _ = stream.write_all(most).await;
            tokio::time::sleep(Duration::from_millis(5)).await;
            ends();
            let _ = stream.write_all(last).await;
            let _ = stream.shutdown().await;
            let _ = stream.read(&mut [0; 16]).await;
        }
        Reply::Endless(head, more) => {
            let mut open = stream.write_all(&head).await.is_ok();
            while open {
                open = stream.write_all(&more).await.is_ok();
            }
        }
        Reply::Drip(head) => {
            let mut open = stream.write_all(&head).await.is_ok();
            while open {
                tokio::time::sleep(Duration::from_millis(20)).await;
                open = stream.write_all(b"x").await.is_ok();
            }
        }
    }
}

fn bytes(status: &str, headers: &[&str], body: &[u8]) -> Reply {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    Reply::Bytes([head.as_bytes(), body].concat())
}

fn ok(headers: &[&str], body: &[u8]) -> Option<Reply> {
    Some(bytes("200 OK", headers, body))
}

fn redirect(to: &str) -> Option<Reply> {
    Some(bytes("302 Found", &[&format!("Location: {to}")], b""))
}

/// A site whose every path but robots.txt answers the same.
async fn site_of(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Site {
    Site::new(move |path, _| (path != "/robots.txt").then(&reply)).await
}

async fn page(client: &Client, url: &str) -> Page {
    match client.get(url, None).await.unwrap() {
        Fetched::Page(page) => page,
        Fetched::NotModified => panic!("not modified"),
    }
}

async fn fault(client: &Client, url: &str) -> FetchError {
    client.get(url, None).await.unwrap_err()
}

#[tokio::test]
async fn a_page_comes_with_address_headers_body_and_time() {
    let site = Site::new(|path, _| match path {
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
    let site = Site::new(|path, head| match path {
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
    let site = Site::new(move |path, head| {
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

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(text).unwrap();
    packer.finish().unwrap()
}

fn deflate(text: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(text).unwrap();
    packer.finish().unwrap()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[tokio::test]
async fn bombs_end_at_the_cap() {
    let zeros = vec![0; 16 << 20];
    let (gzip, deflate, zstd) = (gzip(&zeros), deflate(&zeros), zstd::encode_all(zeros.as_slice(), 3).unwrap());
    // 64 MiB of zeros.
    let brotli = "cbffff3ff82700e2b14020f7fe8fffff7ff04f00c4611180eefd1fffffffe09f0088c30200ddfb3ffeffffc13f0110870500\
                  baf77ffcffff837f02200e0b0074effff8ffff07ff04401c1600e8defff1ffff0ffe0980382c00d0bdffe3ffff1ffc130071\
                  5800a07bff37";
    let site = Site::new(move |path, _| match path {
        "/gzip" => ok(&["Content-Encoding: gzip"], &gzip),
        "/deflate" => ok(&["Content-Encoding: deflate"], &deflate),
        "/zstd" => ok(&["Content-Encoding: zstd"], &zstd),
        "/br" => ok(&["Content-Encoding: br"], &unhex(brotli)),
        "/long" => Some(Reply::Endless(
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 1_u64 << 40).into_bytes(),
            vec![b'x'; 65536],
        )),
        "/endless" => Some(Reply::Endless(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; 65536])),
        "/chunks" => Some(Reply::Endless(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
            [b"10000\r\n", vec![b'x'; 65536].as_slice(), b"\r\n"].concat(),
        )),
        "/full" => ok(&[], &vec![b'x'; MAX_BODY as usize]),
        _ => None,
    })
    .await;
    let client = client(&[site.at]);
    for path in ["/gzip", "/deflate", "/zstd", "/br", "/long", "/endless", "/chunks"] {
        let error = fault(&client, &site.url(path)).await;
        assert!(matches!(error.fault, Fault::TooLarge { cap: MAX_BODY, head: false, .. }), "{path}: {error}");
        assert!(!error.passing() && !error.refused());
    }
    assert_eq!(page(&client, &site.url("/full")).await.body.len() as u64, MAX_BODY);
}

#[tokio::test]
async fn heads_have_a_cap_too() {
    let site = Site::new(|path, _| match path {
        "/long" => ok(&[&format!("X-Long: {}", "x".repeat(70_000))], b"body"),
        "/many" => ok(&vec!["X-Many: x"; 500], b"body"),
        "/endless" => Some(Reply::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-More: and more\r\n".repeat(100))),
        _ => None,
    })
    .await;
    let client = client(&[site.at]);
    for path in ["/long", "/many", "/endless"] {
        let error = fault(&client, &site.url(path)).await;
        assert!(matches!(error.fault, Fault::TooLarge { head: true, .. } | Fault::Malformed { .. }), "{path}: {error}");
    }
}

#[tokio::test]
async fn what_drips_is_cut_off() {
    let ok_head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
    let site = Site::new(|path, _| match path {
        "/body" => Some(Reply::Drip(ok_head.to_vec())),
        "/head" => Some(Reply::Drip(b"HTTP/1.1 200 OK\r\nX-Slow: ".to_vec())),
        _ => None,
    })
    .await;
    let client = Client::new(&CrawlConfig { timeout: Duration::from_millis(300), ..config(&[site.at]) }).unwrap();
    for path in ["/body", "/head"] {
        let error = fault(&client, &site.url(path)).await;
        assert!(matches!(error.fault, Fault::Timeout { .. }), "{path}: {error}");
        assert_eq!((error.passing(), error.soft_failure()), (true, 0.5));
        assert!(error.to_string().contains("300 ms"), "{error}");
    }
}

#[tokio::test]
async fn broken_http_is_told() {
    let site = Site::new(|path, _| {
        let reply: &[u8] = match path {
            "/short" => b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
            "/chunk-cut" => b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
            "/chunk-size" => b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n",
            "/chunk-huge" => b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc",
            "/two-lengths" => b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            "/no-length" => b"HTTP/1.1 200 OK\r\nContent-Length: three\r\n\r\nabc",
            "/no-http" => b"220 mail.example ESMTP\r\n",
            "/nothing" => b"",
            "/long" => b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef",
            _ => return None,
        };
        Some(Reply::Bytes(reply.to_vec()))
    })
    .await;
    let client = client(&[site.at]);
    let check = async |path: &str, passing: bool| {
        let error = fault(&client, &site.url(path)).await;
        assert_eq!(error.passing(), passing, "{path}: {error}");
        let told = matches!(error.fault, Fault::CutOff { .. } | Fault::Malformed { .. });
        assert!(told && error.to_string().starts_with(&site.at.to_string()), "{path}: {error}");
    };
    check("/short", true).await;
    check("/chunk-cut", true).await;
    check("/nothing", true).await;
    check("/chunk-size", false).await;
    check("/chunk-huge", false).await;
    check("/two-lengths", false).await;
    check("/no-length", false).await;
    check("/no-http", false).await;
    assert_eq!(page(&client, &site.url("/long")).await.body, b"abc");
}

#[tokio::test]
async fn redirects_are_judged_hop_by_hop() {
    let inside = site_of(|| bytes("200 OK", &[], b"secret")).await;
    let other = site_of(|| bytes("200 OK", &[], b"other")).await;
    let (inside_at, other_at) = (inside.at, other.at);
    let site = Site::new(move |path, _| match path {
        "/inside" => redirect(&format!("http://{inside_at}/admin")),
        "/decimal" => redirect(&format!("http://2130706433:{}/admin", inside_at.port())),
        "/mapped" => redirect(&format!("//[::ffff:127.0.0.1]:{}/admin", inside_at.port())),
        "/backslash" => redirect(&format!("http://{inside_at}\\@outlet.example/")),
        "/file" => redirect("file:///etc/passwd"),
        "/user" => redirect("http://user:secret@outlet.example/"),
        "/other" => redirect(&format!("http://{other_at}/page")),
        "/circle" => redirect("/circle/2"),
        "/circle/2" => redirect("/circle"),
        "/nowhere" => Some(bytes("302 Found", &[], b"")),
        "/garbage" => redirect("http://[/"),
        _ => path.strip_prefix("/count/").and_then(|n| n.parse::<u32>().ok()).and_then(|n| match n {
            0 => ok(&[], b"arrived"),
            n => redirect(&format!("/count/{}", n - 1)),
        }),
    })
    .await;
    let client = client(&[site.at, other.at]);
    for path in ["/inside", "/decimal", "/mapped", "/backslash", "/file", "/user"] {
        let error = fault(&client, &site.url(path)).await;
        assert!(error.refused() && !error.passing(), "{path}: {error}");
        assert!(error.redirected.is_some() && !error.to_string().contains("secret"), "{path}: {error}");
    }
    assert_eq!(inside.paths(), [""; 0]);
    assert_eq!(page(&client, &site.url("/other")).await.url, other.url("/page"));
    assert_eq!(other.paths(), ["/robots.txt", "/page"]);
    for path in ["/circle", "/nowhere", "/garbage", "/count/11"] {
        let error = fault(&client, &site.url(path)).await;
        assert!(matches!(error.fault, Fault::Redirects { .. }), "{path}: {error}");
    }
    assert_eq!(page(&client, &site.url("/count/10")).await.body, b"arrived");
}

/// A look-up whose answers are invented: each name's answers come one after the other, the last for good.
fn names(answers: &'static [(&'static str, &'static [&'static [&'static str]])]) -> Lookup {
    let asked = Mutex::new(BTreeMap::<String, usize>::new());
    Arc::new(move |name: String| {
        let turn = {
            let mut asked = asked.lock().unwrap();
            let turn = asked.entry(name.clone()).or_default();
            *turn += 1;
            *turn - 1
        };
        let found = answers.iter().find(|(known, _)| *known == name).map(|(_, turns)| turns[turn.min(turns.len() - 1)]);
        Box::pin(async move {
            match found {
                Some(found) => Ok(found.iter().map(|address| address.parse().unwrap()).collect()),
                None => Err(std::io::Error::other("no such name")),
            }
        })
    })
}

#[tokio::test]
async fn names_are_judged_by_what_is_connected_to() {
    let site = site_of(|| bytes("200 OK", &[], b"inside")).await;
    let open = site_of(|| bytes("200 OK", &[], b"open")).await;
    let lookup = names(&[
        ("inside.example", &[&["127.0.0.1"]]),
        ("both.example", &[&["1.1.1.1", "127.0.0.1"]]),
        ("metadata.example", &[&["169.254.169.254"]]),
        ("six.example", &[&["::1"]]),
        ("empty.example", &[&[]]),
    ]);
    let client = Client::with_lookup(&config(&[open.at]), &lookup).unwrap();
    let port = site.at.port();
    for host in ["inside.example", "both.example", "metadata.example", "six.example"] {
        let error = fault(&client, &format!("http://{host}:{port}/")).await;
        assert!(matches!(&error.fault, Fault::Private { host: named, .. } if named.starts_with(host)), "{error}");
        assert!(error.refused());
    }
    for host in ["empty.example", "nobody.example"] {
        let error = fault(&client, &format!("http://{host}:{port}/")).await;
        assert!(error.passing() && error.to_string().contains(host), "{error}");
        assert_eq!(error.soft_failure(), 0.25);
    }
    assert_eq!(site.paths(), [""; 0]);
    // The one address that is open is open under its name too, and only at its port.
    assert_eq!(page(&client, &format!("http://inside.example:{}/", open.at.port())).await.body, b"open");
}

#[tokio::test]
async fn a_name_that_changes_its_answer_gains_nothing() {
    let site = site_of(|| bytes("200 OK", &[], b"inside")).await;
    let open = site_of(|| bytes("200 OK", &["Connection: close"], b"open")).await;
    // Same name, same port: open at first, another private address from the second look-up on.
    let lookup = names(&[("rebind.example", &[&["127.0.0.1"], &["127.0.0.2"]])]);
    let client = Client::with_lookup(&config(&[open.at]), &lookup).unwrap();
    let error = fault(&client, &format!("http://rebind.example:{}/", open.at.port())).await;
    assert!(error.refused(), "{error}");
    assert_eq!(open.paths(), ["/robots.txt"]);
    assert_eq!(site.paths(), [""; 0]);
}

#[tokio::test]
async fn robots_txt_is_heeded_and_asked_for_once() {
    let site = Site::new(|path, _| match path {
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
        let site = Site::new(move |path, _| if path == "/page" { ok(&[], b"page") } else { reply(path) }).await;
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
async fn an_endless_robots_txt_is_read_to_its_cap() {
    let rule = b"User-agent: *\nDisallow: /private/\n".to_vec();
    let site = Site::new(move |path, _| match path {
        "/robots.txt" => {
            Some(Reply::Endless([b"HTTP/1.1 200 OK\r\n\r\n", rule.as_slice()].concat(), b"# and on\n".repeat(1000)))
        }
        _ => ok(&[], b"page"),
    })
    .await;
    let client = client(&[site.at]);
    page(&client, &site.url("/page")).await;
    assert!(fault(&client, &site.url("/private/1")).await.refused());
}

#[tokio::test]
async fn requests_keep_the_pace_and_come_one_at_a_time() {
    let site = Site::new(|path, _| match path {
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
    assert_eq!(site.most_at_once.lock().unwrap().1, 1);
}

#[tokio::test]
async fn the_pace_a_site_asks_for_is_kept() {
    let site = Site::new(|path, _| match path {
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
    let site = Site::new(|path, _| match path {
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
    let site = Site::new(move |path, _| match path {
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
async fn a_closed_port_is_tried_a_few_times_and_then_left_alone() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    drop(listener);
    let client = client(&[at]);
    let error = fault(&client, &format!("http://{at}/")).await;
    assert!(error.passing() && error.to_string().contains("no connection"), "{error}");
    assert_eq!(error.soft_failure(), 1.0);
}

/// The environment of a process cannot be changed safely while it runs, so another one is started.
#[tokio::test]
async fn no_proxy_is_taken_from_the_environment() {
    let proxy = site_of(|| bytes("200 OK", &[], b"from the proxy")).await;
    if std::env::var_os("SOZWATCH_TEST_PROXY").is_some() {
        let site = site_of(|| bytes("200 OK", &[], b"from the site")).await;
        assert_eq!(page(&client(&[site.at]), &site.url("/")).await.body, b"from the site");
        return;
    }
    let address = format!("http://{}", proxy.at);
    let mut again = std::process::Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "net::tests::no_proxy_is_taken_from_the_environment"]).env("SOZWATCH_TEST_PROXY", "1");
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        again.env(name, &address);
    }
    let output = tokio::task::spawn_blocking(move || again.output().unwrap()).await.unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
    assert_eq!(proxy.paths(), [""; 0]);
}

#[tokio::test]
async fn a_configured_proxy_is_used_and_the_guard_still_asks() {
    let proxy = site_of(|| bytes("200 OK", &[], b"from the proxy")).await;
    let config = CrawlConfig { proxy: Some(format!("http://{}", proxy.at)), ..config(&[]) };
    let client = Client::new(&config).unwrap();
    assert_eq!(page(&client, "http://outlet.example/news").await.body, b"from the proxy");
    assert!(proxy.paths().contains(&"http://outlet.example/news".to_owned()));
    for refused in
        ["http://127.0.0.1/", "http://10.0.0.1/", "http://localhost/", "http://printer/", "ftp://outlet.example/"]
    {
        assert!(fault(&client, refused).await.refused(), "{refused}");
    }
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
