//! Ways to the web: what SOCKS proxies are asked, what the guard still refuses, and which address a
//! feed has moved to.

use super::*;

/// What a SOCKS5 proxy was asked to connect to: `ip` or `name`, with the address.
type Connected = Arc<Mutex<Vec<String>>>;

/// A SOCKS5 proxy (RFC 1928) on loopback that answers every request itself, with one page.
async fn socks() -> (SocketAddr, Connected, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let connected = Connected::default();
    let log = Arc::clone(&connected);
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let log = Arc::clone(&log);
            tokio::spawn(async move { socks_answer(stream, &log).await });
        }
    });
    (at, connected, task)
}

async fn socks_answer(mut stream: TcpStream, log: &Mutex<Vec<String>>) -> Option<()> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).await.ok()?;
    let mut methods = vec![0; usize::from(head[1])];
    stream.read_exact(&mut methods).await.ok()?;
    stream.write_all(&[5, 0]).await.ok()?;
    let mut request = [0; 4];
    stream.read_exact(&mut request).await.ok()?;
    let asked = match request[3] {
        1 => {
            let mut address = [0; 4];
            stream.read_exact(&mut address).await.ok()?;
            format!("ip {}", std::net::Ipv4Addr::from(address))
        }
        _ => {
            let mut length = [0; 1];
            stream.read_exact(&mut length).await.ok()?;
            let mut name = vec![0; usize::from(length[0])];
            stream.read_exact(&mut name).await.ok()?;
            format!("name {}", String::from_utf8_lossy(&name))
        }
    };
    log.lock().unwrap().push(asked);
    stream.read_exact(&mut [0; 2]).await.ok()?;
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.ok()?;
    let mut piece = [0; 4096];
    let read = stream.read(&mut piece).await.ok()?;
    let path = String::from_utf8_lossy(&piece[..read]).split(' ').nth(1)?.to_owned();
    let (status, body) = if path == "/robots.txt" { ("404 Not Found", "no") } else { ("200 OK", "through") };
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    stream.write_all(answer.as_bytes()).await.ok()
}

fn lookup() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move {
            match name.as_str() {
                "outlet.example" => Ok(vec!["1.1.1.1".parse().unwrap()]),
                "inside.example" => Ok(vec!["10.0.0.1".parse().unwrap()]),
                _ => Err(std::io::Error::other("no such name")),
            }
        })
    })
}

#[tokio::test]
async fn names_are_looked_up_by_whom_the_proxy_says() {
    let (at, connected, task) = socks().await;
    let config = CrawlConfig { proxy: Some(format!("socks5://{at}")), ..config(&[]) };
    let through_tor = format!("socks5h://{at}");
    let client = Client::with_lookup(&config, &[&through_tor], &lookup()).unwrap();
    assert_eq!(page(&client, "http://outlet.example/").await.body, b"through");
    assert_eq!(*connected.lock().unwrap(), ["ip 1.1.1.1", "ip 1.1.1.1"]);
    // Looked up here, so refused here.
    let error = fault(&client, "http://inside.example/").await;
    assert!(matches!(error.fault, Fault::Private { .. }), "{error}");
    connected.lock().unwrap().clear();

    let fetched = client.get_by(Some(&through_tor), "http://news.onion/", None).await.unwrap();
    assert!(matches!(fetched, Fetched::Page(page) if page.body == b"through"));
    assert_eq!(*connected.lock().unwrap(), ["name news.onion", "name news.onion"]);
    // What can be refused without a look-up is refused all the same.
    for refused in ["http://10.0.0.1/", "http://localhost/", "http://printer.local/"] {
        assert!(client.get_by(Some(&through_tor), refused, None).await.unwrap_err().refused(), "{refused}");
    }
    task.abort();
}

/// What is blocked here is read through the proxy, whatever is known of it by the direct way.
#[tokio::test]
async fn a_site_blocked_here_is_reached_by_the_other_way() {
    let (at, _, task) = socks().await;
    let by = format!("socks5h://{at}");
    let client = Client::with_lookup(&config(&[]), &[&by], &lookup()).unwrap();
    let error = fault(&client, "http://blocked.example/").await;
    assert!(matches!(error.fault, Fault::RobotsUnknown { .. }), "{error}");
    let fetched = client.get_by(Some(&by), "http://blocked.example/", None).await.unwrap();
    assert!(matches!(fetched, Fetched::Page(page) if page.body == b"through"));
    task.abort();
}

#[tokio::test]
async fn a_proxy_that_was_not_made_ready_is_not_passed_over() {
    let site = site_of(|| bytes("200 OK", &[], b"direct")).await;
    let client = client(&[site.at]);
    let error = client.get_by(Some("socks5h://127.0.0.1:9050"), &site.url("/"), None).await.unwrap_err();
    assert!(matches!(error.fault, Fault::NoRoute), "{error}");
    assert_eq!(site.paths(), [""; 0]);
}

#[tokio::test]
async fn only_what_moved_for_good_is_told_as_moved() {
    let moves = |status: &'static str, to: &'static str| Some(bytes(status, &[&format!("Location: {to}")], b""));
    let site = site(move |path, _| match path {
        "/a" => moves("301 Moved Permanently", "/b"),
        "/b" => moves("308 Permanent Redirect", "/c"),
        "/for-a-while" => moves("302 Found", "/a"),
        "/then-for-a-while" => moves("301 Moved Permanently", "/d"),
        "/d" => moves("307 Temporary Redirect", "/c"),
        "/c" => ok(&[], b"page"),
        _ => None,
    })
    .await;
    let client = client(&[site.at]);
    let check = async |path: &str, expect: Option<&str>| {
        let page = page(&client, &site.url(path)).await;
        assert_eq!(page.moved, expect.map(|path| site.url(path)), "{path}");
        assert_eq!(page.url, site.url("/c"));
    };
    check("/c", None).await;
    check("/b", Some("/c")).await;
    check("/a", Some("/c")).await;
    check("/for-a-while", None).await;
    check("/then-for-a-while", Some("/d")).await;
}
