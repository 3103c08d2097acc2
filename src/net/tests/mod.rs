//! The client against servers on loopback, opened address by address: honest ones in `polite`, proxies in `routes`,
//! others in `hostile`. Here stands the server that both use.

mod hostile;
mod polite;
mod routes;

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
