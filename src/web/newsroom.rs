//! The invented newsroom: a site for each outlet, served on loopback out of memory, so that the
//! demo and the tests crawl what they carry with the code that crawls the live web.
//!
//! Files are named as on the site, below a folder for each outlet: `kurier.example/news/1.html`.
//! Where they link to an invented outlet (`http://kurier.example/…`), the loopback address of its
//! server is put in its place, byte by byte, so in windows-1251 as well as in UTF-8. A folder may
//! carry `headers.toml`, with a table for each path (`["news/1.html"]`) of the headers to send with it.
//!
//! It connects to nobody, reads no disk and listens on loopback only.
#![expect(clippy::disallowed_methods, reason = "edge: the clock, for Last-Modified")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;
use include_dir::Dir;
use jiff::Timestamp;
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tokio::sync::watch;
use url::Url;

/// File of an outlet's folder that is not served: headers by path.
const HEADERS: &str = "headers.toml";
/// What a path without a file of its own may stand for.
const STANDS_FOR: [&str; 5] = [".html", "/index.html", "/index.xml", "/index.rdf", "/index.json"];

/// The running newsroom. Its servers stop when it is dropped.
#[derive(Debug)]
pub struct Newsroom {
    outlets: BTreeMap<String, SocketAddr>,
    /// Dropping it tells the servers to finish.
    _stop: watch::Sender<()>,
}

/// One outlet's site.
#[derive(Debug)]
struct Site {
    /// By path as it stands in an address, without the leading slash.
    files: BTreeMap<String, File>,
    /// When the newsroom was opened, to the second: HTTP dates are no finer.
    modified: Timestamp,
}

#[derive(Debug)]
struct File {
    body: Vec<u8>,
    etag: String,
    headers: HeaderMap,
}

impl Newsroom {
    /// Serves each outlet on a loopback port of its own. `files` are named `OUTLET/PATH`; what lies
    /// in no folder belongs to nobody and is passed over. Needs a tokio runtime.
    ///
    /// # Errors
    /// Where a port cannot be had, or a `headers.toml` cannot be read.
    pub async fn serve(files: BTreeMap<String, Vec<u8>>) -> io::Result<Self> {
        let mut folders = BTreeMap::<String, BTreeMap<String, Vec<u8>>>::new();
        for (name, body) in files {
            if let Some((outlet, path)) = name.split_once('/') {
                folders.entry(outlet.to_owned()).or_default().insert(path.to_owned(), body);
            }
        }
        // Every address is known before the first file is rewritten: outlets link to each other.
        let (mut listeners, mut outlets) = (Vec::new(), BTreeMap::new());
        for (outlet, folder) in folders {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            outlets.insert(outlet.clone(), listener.local_addr()?);
            listeners.push((listener, outlet, folder));
        }
        let now = Timestamp::now();
        let modified = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let (stop, stopped) = watch::channel(());
        for (listener, outlet, folder) in listeners {
            let files = site_files(&outlet, folder, &outlets)?;
            let app = Router::new().fallback(answer).with_state(Arc::new(Site { files, modified }));
            let mut stopped = stopped.clone();
            let finish = async move {
                // Nothing is ever sent: this ends when the sender is dropped.
                let _ = stopped.changed().await;
            };
            tokio::spawn(async move {
                if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(finish).await {
                    tracing::warn!(outlet, %error, "the newsroom's server stopped");
                }
            });
        }
        Ok(Self { outlets, _stop: stop })
    }

    /// Where each outlet is served.
    pub fn outlets(&self) -> &BTreeMap<String, SocketAddr> {
        &self.outlets
    }

    /// The same text with the outlets' addresses led to loopback, as in the files that are served.
    pub fn rewrite(&self, text: &str) -> String {
        String::from_utf8_lossy(&rewrite(text.as_bytes(), &self.outlets)).into_owned()
    }
}

/// The files of a folder that was compiled in, named by their paths below it.
pub fn files_of(dir: &Dir<'_>) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open: Vec<_> = dir.entries().iter().collect();
    while let Some(entry) = open.pop() {
        match entry {
            include_dir::DirEntry::Dir(dir) => open.extend(dir.entries()),
            include_dir::DirEntry::File(file) => {
                let path = file.path().strip_prefix(dir.path()).unwrap_or(file.path());
                files.insert(path.to_string_lossy().replace('\\', "/"), file.contents().to_vec());
            }
        }
    }
    files
}

fn site_files(
    outlet: &str,
    mut folder: BTreeMap<String, Vec<u8>>,
    outlets: &BTreeMap<String, SocketAddr>,
) -> io::Result<BTreeMap<String, File>> {
    let wrong = |why: String| io::Error::new(io::ErrorKind::InvalidData, format!("{outlet}/{HEADERS}: {why}"));
    let mut sidecar: BTreeMap<String, BTreeMap<String, String>> = match folder.remove(HEADERS) {
        Some(text) => toml::from_slice(&text).map_err(|error| wrong(error.to_string()))?,
        None => BTreeMap::new(),
    };
    let mut files = BTreeMap::new();
    for (path, body) in folder {
        let kind = content_type(&path);
        let body = if kind.is_some() { rewrite(&body, outlets) } else { body };
        let kind = kind.unwrap_or("application/octet-stream");
        let mut headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(kind))]);
        for (name, value) in sidecar.remove(&path).unwrap_or_default() {
            match (HeaderName::try_from(&name), HeaderValue::try_from(&value)) {
                (Ok(name), Ok(value)) => headers.insert(name, value),
                _ => return Err(wrong(format!("`{name}: {value}` is no header"))),
            };
        }
        files.insert(key(&path), File { etag: etag(&body), body, headers });
    }
    match sidecar.into_keys().next() {
        Some(path) => Err(wrong(format!("there is no file `{path}`"))),
        None => Ok(files),
    }
}

/// The type of a file that holds text, by its ending. HTML comes without a charset: what a page is
/// written in, its meta tells, as on many real sites.
fn content_type(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "html" | "htm" => "text/html",
        "xml" => "application/xml",
        "rdf" => "application/rdf+xml",
        "atom" => "application/atom+xml",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        "css" => "text/css",
        "js" => "text/javascript",
        _ => return None,
    })
}

/// A path as it stands in an address: percent-encoded, no leading slash.
fn key(path: &str) -> String {
    let Ok(mut url) = Url::parse("http://newsroom.example/") else { return path.to_owned() };
    url.set_path(path);
    url.path().trim_start_matches('/').to_owned()
}

fn etag(body: &[u8]) -> String {
    let mut etag = String::from("\"");
    for byte in &Sha256::digest(body)[..8] {
        // Writing to a String cannot fail.
        let _ = write!(etag, "{byte:02x}");
    }
    etag + "\""
}

/// Puts loopback addresses in the place of `http://OUTLET` and `https://OUTLET`, also where JSON
/// writes the slashes as `\/`. A longer name that begins like an outlet's is left alone.
fn rewrite(body: &[u8], outlets: &BTreeMap<String, SocketAddr>) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut at = 0;
    while at < body.len() {
        match body[at] {
            b'h' => match link(&body[at..], outlets) {
                Some((length, slashes, address)) => {
                    out.extend_from_slice(format!("http:{slashes}{address}").as_bytes());
                    at += length;
                }
                None => {
                    out.push(b'h');
                    at += 1;
                }
            },
            byte => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// The link to an outlet that a text begins with: its length, how its slashes are written, where to.
fn link<'o>(text: &[u8], outlets: &'o BTreeMap<String, SocketAddr>) -> Option<(usize, &'static str, &'o SocketAddr)> {
    let rest = text.strip_prefix(b"http")?;
    let rest = rest.strip_prefix(b"s").unwrap_or(rest).strip_prefix(b":")?;
    let (rest, slashes) = match rest.strip_prefix(b"//") {
        Some(rest) => (rest, "//"),
        None => (rest.strip_prefix(br"\/\/")?, r"\/\/"),
    };
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let host = &rest[..rest.iter().position(|byte| !name(byte)).unwrap_or(rest.len())];
    // A full stop after a name may end a sentence.
    let host = host.strip_suffix(b".").unwrap_or(host);
    let address = outlets.get(std::str::from_utf8(host).ok()?)?;
    Some((text.len() - rest.len() + host.len(), slashes, address))
}

async fn answer(State(site): State<Arc<Site>>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return plain(StatusCode::METHOD_NOT_ALLOWED);
    }
    let Some(file) = site.find(uri.path()) else { return plain(StatusCode::NOT_FOUND) };
    let unchanged = is_unchanged(&headers, &file.etag, site.modified);
    let body = if unchanged { Body::empty() } else { Body::from(file.body.clone()) };
    let mut response = Response::new(body);
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    if let Ok(etag) = HeaderValue::from_str(&file.etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    let modified = DateTimePrinter::new().timestamp_to_rfc9110_string(&site.modified).ok();
    if let Some(modified) = modified.and_then(|date| HeaderValue::from_str(&date).ok()) {
        response.headers_mut().insert(header::LAST_MODIFIED, modified);
    }
    response.headers_mut().extend(file.headers.clone());
    response
}

impl Site {
    fn find(&self, path: &str) -> Option<&File> {
        let path = key(path);
        let folder = path.trim_end_matches('/');
        let stands_for = STANDS_FOR.iter().filter_map(|ending| match *ending {
            // A path that ends with a slash names a folder, and the root is one.
            ".html" if path.is_empty() || path.ends_with('/') => None,
            ending => self.files.get(format!("{folder}{ending}").trim_start_matches('/')),
        });
        self.files.get(&path).into_iter().chain(stands_for).next()
    }
}

/// Whether a conditional request (RFC 9110, 13) can be answered with 304; the ETag goes first.
fn is_unchanged(headers: &HeaderMap, etag: &str, modified: Timestamp) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(known) = text(header::IF_NONE_MATCH) {
        return known
            .split(',')
            .any(|known| matches!(known.trim(), "*") || known.trim().trim_start_matches("W/") == etag);
    }
    let since = text(header::IF_MODIFIED_SINCE).and_then(|date| DateTimeParser::new().parse_timestamp(date).ok());
    since.is_some_and(|since| modified <= since)
}

fn plain(status: StatusCode) -> Response {
    let mut response = Response::new(Body::from(status.canonical_reason().unwrap_or_default()));
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;

    fn files(files: &[(&str, &[u8])]) -> BTreeMap<String, Vec<u8>> {
        files.iter().map(|(name, body)| ((*name).to_owned(), body.to_vec())).collect()
    }

    /// Head and body of an answer.
    async fn ask(at: SocketAddr, method: &str, path: &str, headers: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(at).await.unwrap();
        let request = format!("{method} {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        (String::from_utf8(answer[..end].to_vec()).unwrap().to_lowercase(), answer[end + 4..].to_vec())
    }

    #[tokio::test]
    async fn paths_are_found_as_on_a_site() {
        let newsroom = Newsroom::serve(files(&[
            ("a.example/index.html", b"front"),
            ("a.example/news/index.html", b"listing"),
            ("a.example/news/1.html", b"article"),
            ("a.example/feed/index.xml", b"<rss/>"),
            ("a.example/robots.txt", b"User-agent: *\n"),
            ("a.example/жаңалық.html".to_owned().as_str(), b"kazakh"),
            ("b.example/index.html", b"other"),
            ("truth.jsonl", b"{}"),
        ]))
        .await
        .unwrap();
        assert_eq!(newsroom.outlets().keys().collect::<Vec<_>>(), ["a.example", "b.example"]);
        let at = newsroom.outlets()["a.example"];
        assert!(at.ip().is_loopback());
        let check = async |path: &str, status: &str, kind: &str, body: &str| {
            let (head, got) = ask(at, "GET", path, "").await;
            assert!(head.starts_with(&format!("http/1.1 {status}")), "{path}: {head}");
            assert!(kind.is_empty() || head.contains(&format!("content-type: {kind}\r\n")), "{path}: {head}");
            assert_eq!(String::from_utf8_lossy(&got), body, "{path}");
        };
        check("/", "200", "text/html", "front").await;
        check("/index.html", "200", "text/html", "front").await;
        check("/news", "200", "text/html", "listing").await;
        check("/news/", "200", "text/html", "listing").await;
        check("/news/1", "200", "text/html", "article").await;
        check("/news/1.html?utm_source=x", "200", "text/html", "article").await;
        check("/news/1/", "404", "", "Not Found").await;
        check("/feed/", "200", "application/xml", "<rss/>").await;
        check("/robots.txt", "200", "text/plain; charset=utf-8", "User-agent: *\n").await;
        check("/%D0%B6%D0%B0%D2%A3%D0%B0%D0%BB%D1%8B%D2%9B", "200", "text/html", "kazakh").await;
        check("/missing", "404", "", "Not Found").await;
        check("/../b.example/index.html", "404", "", "Not Found").await;
        assert!(ask(at, "POST", "/", "").await.0.starts_with("http/1.1 405"));
        let (head, body) = ask(at, "HEAD", "/", "").await;
        assert!(head.starts_with("http/1.1 200") && body.is_empty(), "{head}");
    }

    #[tokio::test]
    async fn what_did_not_change_is_not_sent_again() {
        let newsroom = Newsroom::serve(files(&[("a.example/rss.xml", b"<rss/>")])).await.unwrap();
        let at = newsroom.outlets()["a.example"];
        let (head, _) = ask(at, "GET", "/rss.xml", "").await;
        let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
        let (etag, modified) = (header("etag: "), header("last-modified: "));
        let check = async |headers: String, expect: &str| {
            let (head, body) = ask(at, "GET", "/rss.xml", &headers).await;
            assert!(head.starts_with(&format!("http/1.1 {expect}")), "{headers}: {head}");
            assert_eq!(body.is_empty(), expect == "304");
        };
        check(format!("If-None-Match: {etag}\r\n"), "304").await;
        check(format!("If-None-Match: \"x\", W/{etag}\r\n"), "304").await;
        check("If-None-Match: \"x\"\r\n".to_owned(), "200").await;
        check(format!("If-None-Match: \"x\"\r\nIf-Modified-Since: {modified}\r\n"), "200").await;
        check(format!("If-Modified-Since: {modified}\r\n"), "304").await;
        check("If-Modified-Since: Mon, 16 Nov 2015 08:00:00 GMT\r\n".to_owned(), "200").await;
        check("If-Modified-Since: yesterday\r\n".to_owned(), "200").await;
    }

    #[tokio::test]
    async fn links_lead_to_loopback_in_any_charset() {
        let newsroom = Newsroom::serve(files(&[
            ("a.example/1.html", b"\xd1\xeb\xee\xe2\xee <a href=\"http://b.example/2\">\xf1</a>"),
            ("b.example/2.html", b"http://b.example http://b.example. http://b.example.org http://bb.example"),
            ("b.example/feed.json", br#"{"u": "https:\/\/a.example\/1"}"#),
            ("b.example/photo.jpg", b"\xff\xd8http://a.example/"),
        ]))
        .await
        .unwrap();
        let [a, b] = ["a.example", "b.example"].map(|outlet| newsroom.outlets()[outlet]);
        let check =
            async |at: SocketAddr, path: &str, expect: &[u8]| assert_eq!(ask(at, "GET", path, "").await.1, expect);
        check(
            a,
            "/1",
            &[b"\xd1\xeb\xee\xe2\xee <a href=\"http://", b.to_string().as_bytes(), b"/2\">\xf1</a>"].concat(),
        )
        .await;
        check(b, "/2", format!("http://{b} http://{b}. http://b.example.org http://bb.example").as_bytes()).await;
        check(b, "/feed.json", format!(r#"{{"u": "http:\/\/{a}\/1"}}"#).as_bytes()).await;
        check(b, "/photo.jpg", b"\xff\xd8http://a.example/").await;
        assert_eq!(newsroom.rewrite("url = \"http://a.example/\""), format!("url = \"http://{a}/\""));
    }

    #[tokio::test]
    async fn a_sidecar_sets_headers() {
        let sidecar = b"[\"1.html\"]\ncontent-type = \"text/html; charset=koi8-r\"\nx-mood = \"grey\"\n";
        let newsroom = Newsroom::serve(files(&[("a.example/1.html", b"page"), ("a.example/headers.toml", sidecar)]))
            .await
            .unwrap();
        let at = newsroom.outlets()["a.example"];
        let (head, _) = ask(at, "GET", "/1.html", "").await;
        assert!(
            head.contains("content-type: text/html; charset=koi8-r\r\n") && head.contains("x-mood: grey"),
            "{head}"
        );
        assert!(ask(at, "GET", "/headers.toml", "").await.0.starts_with("http/1.1 404"));
        for wrong in ["[\"2.html\"]\nx = \"y\"", "[\"1.html\"]\n\"x y\" = \"z\"", "nonsense"] {
            let served =
                Newsroom::serve(files(&[("a.example/1.html", b""), ("a.example/headers.toml", wrong.as_bytes())]))
                    .await;
            assert!(served.unwrap_err().to_string().starts_with("a.example/headers.toml"), "{wrong}");
        }
    }

    #[tokio::test]
    async fn it_stops_when_it_is_dropped() {
        let newsroom = Newsroom::serve(files(&[("a.example/index.html", b"front")])).await.unwrap();
        let at = newsroom.outlets()["a.example"];
        ask(at, "GET", "/", "").await;
        drop(newsroom);
        // The servers end at their next turn; a port that is closed refuses.
        while TcpStream::connect(at).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }

    #[test]
    fn a_compiled_in_folder_is_listed_by_path() {
        static NEWS: [include_dir::DirEntry<'_>; 1] =
            [include_dir::DirEntry::File(include_dir::File::new("room/a.example/1.html", b"page"))];
        static OUTLETS: [include_dir::DirEntry<'_>; 1] =
            [include_dir::DirEntry::Dir(Dir::new("room/a.example", &NEWS))];
        let listed = files_of(&Dir::new("room", &OUTLETS));
        assert_eq!(listed, files(&[("a.example/1.html", b"page")]));
    }
}
