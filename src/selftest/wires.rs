//! What is done to us on the wire: addresses, redirects, names, packings, lengths.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::Trials;
use super::hostile::{Reply, Site, brotli, bytes, deflate, endless, gzip, ok, redirect};
use crate::config::{Config, CrawlConfig};
use crate::model::Page;
use crate::net::{Client, Fault, FetchError, Fetched, Lookup};

/// Caps low enough for a bomb to show quickly.
const MAX_BODY: u64 = 1 << 20;

/// The configuration that opens some loopback addresses and nothing else.
pub(super) fn config(open: &[SocketAddr]) -> CrawlConfig {
    CrawlConfig {
        per_host_delay: Duration::ZERO,
        timeout: Duration::from_secs(10),
        max_body: MAX_BODY,
        allow_private: open.iter().map(ToString::to_string).collect(),
        ..Config::embedded().crawl
    }
}

pub(super) async fn get(client: Result<Client, String>, url: &str) -> Result<Page, FetchedNothing> {
    let client = client.map_err(FetchedNothing::NoClient)?;
    match client.get(url, None).await {
        Ok(Fetched::Page(page)) => Ok(page),
        Ok(Fetched::NotModified) => Err(FetchedNothing::NoClient("it was called unchanged".to_owned())),
        Err(error) => Err(FetchedNothing::Error(Box::new(error))),
    }
}

/// Why no page came.
pub(super) enum FetchedNothing {
    NoClient(String),
    Error(Box<FetchError>),
}

impl FetchedNothing {
    pub(super) fn words(&self) -> String {
        match self {
            Self::NoClient(why) => why.clone(),
            Self::Error(error) => error.to_string(),
        }
    }
}

pub(super) fn client(config: &CrawlConfig) -> Result<Client, String> {
    Client::new(config).map_err(|error| error.to_string())
}

/// A refusal for the right reason.
fn refused(came: Result<Page, FetchedNothing>, right: impl Fn(&FetchError) -> bool) -> Result<String, String> {
    match came {
        Ok(page) => Err(format!("it was taken: {} bytes of {}", page.body.len(), page.url)),
        Err(FetchedNothing::Error(error)) if right(&error) => Ok(error.to_string()),
        Err(other) => Err(format!("it was refused for another reason: {}", other.words())),
    }
}

fn taken(came: Result<Page, FetchedNothing>, body: &[u8]) -> Result<String, String> {
    match came {
        Ok(page) if page.body == body => Ok(format!("{} bytes", page.body.len())),
        Ok(page) => {
            Err(format!("other bytes came: {:?}", String::from_utf8_lossy(&page.body[..page.body.len().min(40)])))
        }
        Err(nothing) => Err(nothing.words()),
    }
}

fn too_large(error: &FetchError) -> bool {
    matches!(error.fault, Fault::TooLarge { .. })
}

fn broken(error: &FetchError) -> bool {
    matches!(error.fault, Fault::CutOff { .. } | Fault::Malformed { .. } | Fault::TooLarge { head: true, .. })
}

fn guarded(error: &FetchError) -> bool {
    error.refused()
}

pub(super) async fn run(trials: &mut Trials, program: &Path) -> std::io::Result<()> {
    addresses(trials).await?;
    redirects(trials).await?;
    names(trials).await?;
    proxy(trials, program).await?;
    bombs(trials).await?;
    lengths(trials).await?;
    robots(trials).await
}

async fn addresses(trials: &mut Trials) -> std::io::Result<()> {
    let inside = Site::new(|_, _| ok(&[], b"secret")).await?;
    let port = inside.at.port();
    for (what, url) in [
        ("a private address", format!("http://127.0.0.1:{port}/")),
        ("a private address in one decimal number", format!("http://2130706433:{port}/")),
        ("a private address in octal digits", format!("http://0177.0.0.1:{port}/")),
        ("a private address in hexadecimal digits", format!("http://0x7f.1:{port}/")),
        ("IPv4 inside of IPv6", format!("http://[::ffff:127.0.0.1]:{port}/")),
        ("a backslash before the at sign", format!("http://127.0.0.1:{port}\\@outlet.example/")),
        ("link-local: the metadata of a cloud", "http://169.254.169.254/latest/meta-data/".to_owned()),
        ("carrier-grade NAT", "http://100.64.0.1/".to_owned()),
        ("multicast", "http://224.0.0.1/".to_owned()),
        ("a user name and a password", format!("http://user:secret@127.0.0.1:{port}/")),
        ("another scheme than http and https", "file:///etc/passwd".to_owned()),
    ] {
        trials.refused(what, refused(get(client(&config(&[])), &url).await, guarded));
    }
    let reached = inside.paths();
    trials.refused(
        "none of them reached the server",
        match reached.is_empty() {
            true => Ok("it was asked for nothing".to_owned()),
            false => Err(format!("it was asked for {reached:?}")),
        },
    );
    Ok(())
}

async fn redirects(trials: &mut Trials) -> std::io::Result<()> {
    let inside = Site::new(|_, _| ok(&[], b"secret")).await?;
    let hidden = inside.at;
    let site = Site::new(move |path, _| match path {
        "/inside" => redirect(&format!("http://{hidden}/admin")),
        "/mapped" => redirect(&format!("//[::ffff:127.0.0.1]:{}/admin", hidden.port())),
        "/file" => redirect("file:///etc/passwd"),
        "/circle" => redirect("/circle/2"),
        "/circle/2" => redirect("/circle"),
        "/robots.txt" => None,
        _ => path.strip_prefix("/count/").and_then(|n| n.parse::<u32>().ok()).and_then(|n| match n {
            0 => ok(&[], b"arrived"),
            n => redirect(&format!("/count/{}", n - 1)),
        }),
    })
    .await?;
    let config = config(&[site.at]);
    let go = async |path: &str| get(client(&config), &site.url(path)).await;
    trials.refused("a redirect to a private address", refused(go("/inside").await, guarded));
    trials.refused("a redirect to IPv4 inside of IPv6", refused(go("/mapped").await, guarded));
    trials.refused("a redirect to a file", refused(go("/file").await, guarded));
    let circle = |error: &FetchError| matches!(error.fault, Fault::Redirects { .. });
    trials.refused("a circle of redirects", refused(go("/circle").await, circle));
    trials.refused("eleven redirects", refused(go("/count/11").await, circle));
    trials.taken("ten redirects", taken(go("/count/10").await, b"arrived"));
    trials.refused(
        "no redirect led inside",
        match inside.paths().is_empty() {
            true => Ok("the private server was asked for nothing".to_owned()),
            false => Err("the private server was asked".to_owned()),
        },
    );
    Ok(())
}

/// A look-up whose answers are invented: a name's answers come one after the other, the last for good.
fn invented(answers: &[(&str, &[&[&str]])]) -> Lookup {
    let read = |addresses: &&[&str]| addresses.iter().filter_map(|address| address.parse().ok()).collect();
    let answers: BTreeMap<String, Vec<Vec<IpAddr>>> =
        answers.iter().map(|(name, turns)| ((*name).to_owned(), turns.iter().map(read).collect())).collect();
    let asked = Mutex::new(BTreeMap::<String, usize>::new());
    Arc::new(move |name: String| {
        let turn = {
            let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = asked.entry(name.clone()).or_default();
            *turn += 1;
            *turn - 1
        };
        let found = answers.get(&name).and_then(|turns| turns.get(turn.min(turns.len().saturating_sub(1)))).cloned();
        Box::pin(async move { found.ok_or_else(|| std::io::Error::other("no such name")) })
    })
}

async fn names(trials: &mut Trials) -> std::io::Result<()> {
    let open = Site::new(|_, _| ok(&["Connection: close"], b"open")).await?;
    let closed = Site::new(|_, _| ok(&[], b"secret")).await?;
    let ask = async |host: &str, port: u16| {
        let lookup = invented(&[
            ("inside.example", &[&["127.0.0.1"]]),
            ("both.example", &[&["1.1.1.1", "127.0.0.1"]]),
            ("rebind.example", &[&["127.0.0.1"], &["127.0.0.2"]]),
        ]);
        let client = Client::with_lookup(&config(&[open.at]), &[], &lookup).map_err(|error| error.to_string());
        get(client, &format!("http://{host}:{port}/")).await
    };
    let port = closed.at.port();
    trials.refused("a name with a private address", refused(ask("inside.example", port).await, guarded));
    trials.refused("a name with a public and a private address", refused(ask("both.example", port).await, guarded));
    trials.refused(
        "a name that answers anew between two requests",
        refused(ask("rebind.example", open.at.port()).await, guarded),
    );
    Ok(())
}

async fn proxy(trials: &mut Trials, program: &Path) -> std::io::Result<()> {
    let what = "proxies named in the environment";
    let proxy = Site::new(|_, _| ok(&[], b"from the proxy")).await?;
    let site = Site::new(|path, _| (path != "/robots.txt").then(|| bytes("200 OK", &[], b"from the site"))).await?;
    let mut again = std::process::Command::new(program);
    again.args(["selftest", "--fetch", &site.url("/")]);
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        again.env(name, format!("http://{}", proxy.at));
    }
    let output = tokio::task::spawn_blocking(move || again.output()).await.map_err(std::io::Error::other)??;
    let printed = String::from_utf8_lossy(&output.stdout);
    trials.taken(
        what,
        match printed.trim() == "from the site" && proxy.paths().is_empty() {
            true => Ok("the site itself was asked, and the proxy nothing".to_owned()),
            false => Err(format!("the page came {printed:?}; {}", String::from_utf8_lossy(&output.stderr))),
        },
    );
    Ok(())
}

async fn bombs(trials: &mut Trials) -> std::io::Result<()> {
    let zeros = vec![0; 64 << 20];
    let zstd = zstd::encode_all(zeros.as_slice(), 3)?;
    let packed = [("gzip", gzip(&zeros)), ("deflate", deflate(&zeros)), ("br", brotli(&zeros)), ("zstd", zstd)];
    drop(zeros);
    let sizes: Vec<(&str, usize)> = packed.iter().map(|(name, bytes)| (*name, bytes.len())).collect();
    let more = vec![b'x'; 1 << 16];
    let site = Site::new(move |path, _| match path {
        "/long" => endless("Content-Length: 1099511627776\r\n", &more),
        "/endless" => endless("", &more),
        "/chunks" => endless("Transfer-Encoding: chunked\r\n", &[b"10000\r\n", more.as_slice(), b"\r\n"].concat()),
        "/head" => Some(Reply::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-More: and more\r\n".repeat(100))),
        "/drip" => Some(Reply::Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".to_vec())),
        "/drip-head" => Some(Reply::Drip(b"HTTP/1.1 200 OK\r\nX-Slow: ".to_vec())),
        _ => {
            let (name, bytes) = packed.iter().find(|(name, _)| path.strip_prefix('/') == Some(*name))?;
            ok(&[&format!("Content-Encoding: {name}")], bytes)
        }
    })
    .await?;
    let usual = config(&[site.at]);
    for (name, size) in sizes {
        let what = format!("{size} bytes of {name} that unpack to 64 MiB");
        trials.refused(&what, refused(get(client(&usual), &site.url(&format!("/{name}"))).await, too_large));
    }
    for (what, path) in
        [("a body that is announced as 1 TiB", "/long"), ("an endless body", "/endless"), ("endless chunks", "/chunks")]
    {
        trials.refused(what, refused(get(client(&usual), &site.url(path)).await, too_large));
    }
    trials.refused("endless headers", refused(get(client(&usual), &site.url("/head")).await, broken));
    let hurried = CrawlConfig { timeout: Duration::from_millis(400), ..usual };
    let late = |error: &FetchError| matches!(error.fault, Fault::Timeout { .. });
    for (what, path) in [("a body that drips", "/drip"), ("a head that drips", "/drip-head")] {
        trials.refused(what, refused(get(client(&hurried), &site.url(path)).await, late));
    }
    Ok(())
}

async fn lengths(trials: &mut Trials) -> std::io::Result<()> {
    let site = Site::new(|path, _| {
        let reply: &[u8] = match path {
            "/short" => b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
            "/long" => b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef",
            "/two" => b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            "/words" => b"HTTP/1.1 200 OK\r\nContent-Length: three\r\n\r\nabc",
            "/chunk-cut" => b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
            "/chunk-size" => b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n",
            "/chunk-huge" => b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc",
            "/mail" => b"220 mail.example ESMTP\r\n",
            _ => return None,
        };
        Some(Reply::Bytes(reply.to_vec()))
    })
    .await?;
    let config = config(&[site.at]);
    for (what, path) in [
        ("fewer bytes than the length says", "/short"),
        ("two lengths that differ", "/two"),
        ("a length in words", "/words"),
        ("a chunk that is cut off", "/chunk-cut"),
        ("a chunk of no size", "/chunk-size"),
        ("a chunk of more bytes than there are", "/chunk-huge"),
        ("a mail server", "/mail"),
    ] {
        trials.refused(what, refused(get(client(&config), &site.url(path)).await, broken));
    }
    trials.taken("more bytes than the length says", taken(get(client(&config), &site.url("/long")).await, b"abc"));
    Ok(())
}

async fn robots(trials: &mut Trials) -> std::io::Result<()> {
    let site = Site::new(|path, _| match path {
        "/robots.txt" => Some(Reply::Endless(
            b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /private/\n".to_vec(),
            b"# and on\n".repeat(1000),
        )),
        _ => ok(&[], b"page"),
    })
    .await?;
    let client = client(&config(&[site.at]));
    trials.taken(
        "a page beside an endless robots.txt",
        match &client {
            Ok(client) => taken(fetched(client, &site.url("/news")).await, b"page"),
            Err(why) => Err(why.clone()),
        },
    );
    trials.refused(
        "what that robots.txt forbids",
        match &client {
            Ok(client) => refused(fetched(client, &site.url("/private/1")).await, guarded),
            Err(why) => Err(why.clone()),
        },
    );
    Ok(())
}

async fn fetched(client: &Client, url: &str) -> Result<Page, FetchedNothing> {
    match client.get(url, None).await {
        Ok(Fetched::Page(page)) => Ok(page),
        Ok(Fetched::NotModified) => Err(FetchedNothing::NoClient("it was called unchanged".to_owned())),
        Err(error) => Err(FetchedNothing::Error(Box::new(error))),
    }
}
