//! The client against servers on loopback, opened address by address: honest ones in `polite`, proxies in
//! `routes`, others in `hostile`. The server that all use is the one of `selftest`.

mod hostile;
mod polite;
mod routes;

use std::net::SocketAddr;
use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::*;
use crate::selftest::hostile::{Reply, Site, bytes, deflate, gzip, ok, redirect};

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
        revisit: Vec::new(),
    }
}

fn client(open: &[SocketAddr]) -> Client {
    Client::new(&config(open)).unwrap()
}

async fn site(reply: impl Fn(&str, &str) -> Option<Reply> + Send + Sync + 'static) -> Site {
    Site::new(reply).await.unwrap()
}

/// A site whose every path but robots.txt answers the same.
async fn site_of(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Site {
    site(move |path, _| (path != "/robots.txt").then(&reply)).await
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

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
