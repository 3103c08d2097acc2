//! A server on loopback that speaks HTTP by hand, so that it can speak it wrongly.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// How a server answers one request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// These bytes, then the connection is closed.
    Bytes(Vec<u8>),
    /// These bytes, then more of the same without end.
    Endless(Vec<u8>, Vec<u8>),
    /// These bytes, then a byte now and then.
    Drip(Vec<u8>),
}

/// A request as a server saw it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Path and query, or the whole address where a proxy is asked.
    pub path: String,
    /// Head in lower case.
    pub head: String,
    /// When.
    pub at: Instant,
}

/// A server on loopback; it stops when it is dropped.
#[derive(Debug)]
pub struct Site {
    /// Where it listens.
    pub at: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    at_once: Arc<Mutex<(usize, usize)>>,
    task: JoinHandle<()>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Site {
    /// Serves what `reply` says for a path and a head; what it says nothing for is missing (404).
    ///
    /// # Errors
    /// Where loopback cannot be bound.
    pub async fn new(reply: impl Fn(&str, &str) -> Option<Reply> + Send + Sync + 'static) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let at = listener.local_addr()?;
        let (asked, at_once) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new((0, 0))));
        let (reply, log, count) = (Arc::new(reply), Arc::clone(&asked), Arc::clone(&at_once));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (reply, log, count) = (Arc::clone(&reply), Arc::clone(&log), Arc::clone(&count));
                tokio::spawn(async move {
                    let Some((path, head)) = read_head(&stream).await else { return };
                    let reply = reply(&path, &head).unwrap_or_else(|| bytes("404 Not Found", &[], b"no"));
                    held(&log).push(Asked { path, head, at: Instant::now() });
                    {
                        let mut count = held(&count);
                        count.0 += 1;
                        count.1 = count.1.max(count.0);
                    }
                    write(stream, reply, || held(&count).0 -= 1).await;
                });
            }
        });
        Ok(Self { at, asked, at_once, task })
    }

    /// The absolute address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.at)
    }

    /// Requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        held(&self.asked).clone()
    }

    /// Their paths.
    pub fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }

    /// Most requests that were under way at once.
    pub fn most_at_once(&self) -> usize {
        held(&self.at_once).1
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
            // A client that hung up is what some want.
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

/// A well-formed answer.
pub fn bytes(status: &str, headers: &[&str], body: &[u8]) -> Reply {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    Reply::Bytes([head.as_bytes(), body].concat())
}

/// 200 with a body.
pub fn ok(headers: &[&str], body: &[u8]) -> Option<Reply> {
    Some(bytes("200 OK", headers, body))
}

/// 302 to an address.
pub fn redirect(to: &str) -> Option<Reply> {
    Some(bytes("302 Found", &[&format!("Location: {to}")], b""))
}

/// 200 whose body never ends.
pub fn endless(headers: &str, more: &[u8]) -> Option<Reply> {
    Some(Reply::Endless(format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes(), more.to_vec()))
}

/// Bytes packed as `Content-Encoding: gzip` says. Writing to memory does not fail.
pub fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let _ = packer.write_all(text);
    packer.finish().unwrap_or_default()
}

/// Bytes packed as `Content-Encoding: deflate` says.
pub fn deflate(text: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    let _ = packer.write_all(text);
    packer.finish().unwrap_or_default()
}

/// Bytes packed as `Content-Encoding: br` says.
pub fn brotli(text: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let _ = brotli::CompressorWriter::new(&mut packed, 1 << 16, 3, 22).write_all(text);
    packed
}
