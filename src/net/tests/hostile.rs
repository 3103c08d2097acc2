//! Servers that mean harm, or do it.

use super::*;

#[tokio::test]
async fn bombs_end_at_the_cap() {
    let zeros = vec![0; 16 << 20];
    let (gzip, deflate, zstd) = (gzip(&zeros), deflate(&zeros), zstd::encode_all(zeros.as_slice(), 3).unwrap());
    // 64 MiB of zeros.
    let brotli = "cbffff3ff82700e2b14020f7fe8fffff7ff04f00c4611180eefd1fffffffe09f0088c30200ddfb3ffeffffc13f0110870500\
                  baf77ffcffff837f02200e0b0074effff8ffff07ff04401c1600e8defff1ffff0ffe0980382c00d0bdffe3ffff1ffc130071\
                  5800a07bff37";
    let site = site(move |path, _| match path {
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
    let site = site(|path, _| match path {
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
    let site = site(|path, _| match path {
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
    let site = site(|path, _| {
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
    let site = site(move |path, _| match path {
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
    let client = Client::with_lookup(&config(&[open.at]), &[], &lookup).unwrap();
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
    let client = Client::with_lookup(&config(&[open.at]), &[], &lookup).unwrap();
    let error = fault(&client, &format!("http://rebind.example:{}/", open.at.port())).await;
    assert!(error.refused(), "{error}");
    assert_eq!(open.paths(), ["/robots.txt"]);
    assert_eq!(site.paths(), [""; 0]);
}

#[tokio::test]
async fn an_endless_robots_txt_is_read_to_its_cap() {
    let rule = b"User-agent: *\nDisallow: /private/\n".to_vec();
    let site = site(move |path, _| match path {
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
    again
        .args(["--exact", "net::tests::hostile::no_proxy_is_taken_from_the_environment"])
        .env("SOZWATCH_TEST_PROXY", "1");
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
