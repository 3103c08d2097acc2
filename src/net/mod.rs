/*!
Polite and safe HTTP. Edge: the network, and the clock for the time of capture.

One function, [`Client::get`], stands between the desk and the web. Before each request, redirects
included, it asks in this order: may this address be reached at all (`guard`), does the site want
it fetched (`robots`), is it our turn (`pace`). What comes back is unpacked, capped, and given out
as a [`Page`] or as a [`FetchError`] that says what to do next.

What is promised:

- only http and https, without credentials; the address connected to is public, or opened by
  `[crawl] allow_private`; a name with any private record is refused. No proxy is taken from the
  environment;
- one request at a time to an origin, `per_host_delay` (or the site's Crawl-delay, up to 30 s)
  between the end of one and the begin of the next, robots.txt and redirects included;
  `max_concurrent` requests over all;
- robots.txt is read once a day for each origin; where it cannot be read, nothing is fetched;
- a request ends within `timeout`, however slowly its bytes drip; a body ends at `max_body` after
  unpacking, the headers at 64 KiB, a chain of redirects after ten.

With `[crawl] proxy` the connection is made by the proxy. The guard then still checks scheme,
credentials, length and IP literals of every hop, and refuses names of local networks; with
`socks5://` and `socks4://` names are looked up here and checked as ever, with `http://`,
`socks5h://` and `socks4a://` the proxy looks them up, and that their addresses are public is then
the proxy's promise, not ours.

A redirect from https to http is followed: the site itself asks for it over a channel that nobody
on the way can write to, robots.txt and guard judge the new address too, and refusing would lose
outlets that still do so. It is logged, and the page's address says that it came in the clear.

It keeps nothing on disk, and knows no rules, no feeds and no store.
*/
#![expect(clippy::disallowed_methods, reason = "edge: the clock, for the time of capture and Retry-After")]

mod error;
mod guard;
mod pace;
mod post;
mod robots;
mod schedule;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Response, StatusCode};
use tokio::time::Instant;
use url::Url;

use crate::config::{Config, CrawlConfig};
use crate::model::{Page, Poll, Wire};

pub use error::{Fault, FetchError};
pub use guard::NotAnAddress;
pub use schedule::{Pace, Rhythm, fresh_for, next_due, usual_gap};

pub(crate) use guard::Lookup;

use guard::{Guard, GuardedNames};
use pace::{Lane, Lanes, Turn};
use robots::{Known, Rules, Unreadable};

/// Redirects followed for a page.
const REDIRECTS: usize = 10;
/// Redirects followed for robots.txt (RFC 9309, 2.3.1.2).
const REDIRECTS_OF_ROBOTS: usize = 5;
/// How long a robots.txt is believed (RFC 9309, 2.4).
const ROBOTS_HOLD: Duration = Duration::from_secs(24 * 60 * 60);
/// When a robots.txt that could not be read is asked for again.
const ROBOTS_RETRY: Duration = Duration::from_secs(5 * 60);
/// Rest of a site that said "too many requests" without saying for how long.
const REST_AFTER_429: Duration = Duration::from_secs(60);
/// Headers of one answer, in bytes.
const LONGEST_HEAD: usize = 64 * 1024;
/// Header lines of one answer.
const HEADER_LINES: usize = 200;
/// What is read of an error page to know a challenge by.
const CHALLENGE_PAGE: u64 = 64 * 1024;
/// Longest ETag or Last-Modified that is sent back.
const LONGEST_VALIDATOR: usize = 1024;
/// What the crawler can read, feeds first.
const ACCEPT: &str = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, \
                      text/html, application/xhtml+xml, */*;q=0.8";

/// The packings that the HTTP library asks for and takes off.
const ACCEPT_ENCODING: &str = "gzip, br, zstd, deflate";

/// The polite client. Cheap to share by `Arc`; the pace it keeps is its own, so a process has one.
pub struct Client {
    /// As `[crawl]` says.
    usual: Route,
    /// By each proxy that a source has of its own; an empty one is none.
    others: BTreeMap<String, Route>,
    lanes: Lanes,
    /// Product token that robots.txt knows us by.
    agent: String,
    timeout: Duration,
    max_body: u64,
    /// Sent as User-Agent.
    user_agent: String,
}

/// One way to the web: directly, or through one proxy.
struct Route {
    /// The proxy as configured; empty where there is none.
    by: String,
    /// For all ports that no single opened address names.
    http: reqwest::Client,
    /// For each port that one does.
    opened: BTreeMap<u16, reqwest::Client>,
    guard: Arc<Guard>,
    through_proxy: bool,
}

/// What a fetch gave.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one a request, and nearly every one is a page")]
pub enum Fetched {
    /// A page, or a feed.
    Page(Page),
    /// 304: what the poll remembers is still so.
    NotModified,
}

/// A `[crawl]` setting with which no client can be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// `allow_private`
    #[error(transparent)]
    AllowPrivate(#[from] NotAnAddress),
    /// `user_agent` or `contact`
    #[error(
        "[crawl] user_agent and contact cannot be sent as a header: `{0}`; use printable ASCII, beginning with a product name of letters"
    )]
    UserAgent(String),
    /// `proxy`
    #[error("[crawl] proxy cannot be used ({0}); write http://HOST:PORT, socks5://HOST:PORT or socks5h://HOST:PORT")]
    Proxy(String),
    /// TLS or the HTTP library.
    #[error("the HTTP client cannot be made: {0}")]
    Http(String),
}

/// What one request came to.
enum Answer {
    Page(Page),
    NotModified,
    Moved {
        to: Url,
        /// 301 or 308: for good.
        for_good: bool,
    },
}

/// How the body of an answer is read.
#[derive(Clone, Copy)]
struct Cap {
    bytes: u64,
    /// Beyond the cap it is cut, else refused.
    cut: bool,
}

impl Client {
    /// Makes the client that the configuration asks for; connects to nothing.
    ///
    /// # Errors
    /// Where a `[crawl]` setting cannot be used.
    pub fn new(config: &CrawlConfig) -> Result<Self, ClientError> {
        Self::with_lookup(config, &[], &guard::system_lookup())
    }

    /// The same, with a way through each proxy that a source has of its own.
    ///
    /// # Errors
    /// Where a `[crawl]` setting or a source's proxy cannot be used.
    pub fn for_sources(config: &Config) -> Result<Self, ClientError> {
        let mut own: Vec<&str> = config.sources.iter().filter_map(|source| source.proxy.as_deref()).collect();
        own.sort_unstable();
        own.dedup();
        Self::with_lookup(&config.crawl, &own, &guard::system_lookup())
    }

    /// The same with another way to look names up.
    pub(crate) fn with_lookup(config: &CrawlConfig, own: &[&str], lookup: &Lookup) -> Result<Self, ClientError> {
        let route = |proxy: Option<&str>| Route::new(config, proxy.filter(|proxy| !proxy.is_empty()), lookup);
        let others = own.iter().map(|proxy| Ok(((*proxy).to_owned(), route(Some(proxy))?)));
        Ok(Self {
            usual: route(config.proxy.as_deref())?,
            others: others.collect::<Result<_, ClientError>>()?,
            lanes: Lanes::new(config.per_host_delay, config.max_concurrent),
            agent: robots::product_token(&config.user_agent).to_ascii_lowercase(),
            timeout: config.timeout,
            max_body: config.max_body,
            user_agent: text_of(&user_agent(config)?),
        })
    }

    /// Fetches an address, with the validators of `poll` as a conditional request (RFC 9110, 13).
    ///
    /// Waits for the pace of the origin. Safe to drop at any time; the pace is kept all the same.
    ///
    /// # Errors
    /// Where there is no page; see [`FetchError`].
    pub async fn get(&self, url: &str, poll: Option<&Poll>) -> Result<Fetched, FetchError> {
        self.get_by(None, url, poll).await
    }

    /// The same by a source's own proxy, where it has one; an empty one is none at all.
    ///
    /// # Errors
    /// As [`Client::get`]. A proxy that this client was not made for is never passed over in silence:
    /// then nothing is fetched.
    pub async fn get_by(&self, proxy: Option<&str>, url: &str, poll: Option<&Poll>) -> Result<Fetched, FetchError> {
        let failed = |fault: Fault| FetchError { fault, redirected: None };
        let route = match proxy {
            None => &self.usual,
            Some(proxy) => self.others.get(proxy).ok_or_else(|| failed(Fault::NoRoute))?,
        };
        let first = route.guard.read(url).map_err(failed)?;
        let validators = poll.map(validators).unwrap_or_default();
        let mut seen = vec![first];
        // How far into `seen` every redirect was a permanent one.
        let mut moved = 0;
        loop {
            let at = &seen[seen.len() - 1];
            let answer = match self.ask(route, at, &validators).await {
                Ok(Answer::Moved { to, .. }) if seen.contains(&to) => {
                    Err(Fault::Redirects { host: host_of(at), why: "in a circle".to_owned() })
                }
                Ok(Answer::Moved { .. }) if seen.len() > REDIRECTS => {
                    Err(Fault::Redirects { host: host_of(at), why: format!("more than {REDIRECTS} times") })
                }
                answer => answer,
            };
            match answer {
                Ok(Answer::Page(mut page)) => {
                    page.moved = (moved > 0).then(|| seen[moved].to_string());
                    if let Some(wire) = &mut page.wire {
                        wire.via = seen[..seen.len() - 1].iter().map(Url::to_string).collect();
                    }
                    return Ok(Fetched::Page(page));
                }
                Ok(Answer::NotModified) => return Ok(Fetched::NotModified),
                Ok(Answer::Moved { to: next, for_good }) => {
                    let in_the_clear = at.scheme() == "https" && next.scheme() == "http";
                    if in_the_clear {
                        tracing::info!(from = %at, to = %next, "redirected from https to http");
                    }
                    // An address in the clear is followed, but not remembered instead of a safe one.
                    if for_good && !in_the_clear && moved == seen.len() - 1 {
                        moved += 1;
                    }
                    seen.push(next);
                }
                Err(fault) => {
                    let redirected = (seen.len() > 1).then(|| without_credentials(at));
                    return Err(FetchError { fault, redirected });
                }
            }
        }
    }

    /// One hop: guard, robots.txt, pace, request.
    async fn ask(&self, route: &Route, url: &Url, validators: &HeaderMap) -> Result<Answer, Fault> {
        route.guard.admit(url)?;
        let lane = self.lanes.lane(url);
        self.heed_robots(route, &lane, url).await?;
        self.request(route, &lane, url, validators, Cap { bytes: self.max_body, cut: false }).await
    }

    /// Reads the origin's robots.txt where it is not known yet, and asks it.
    async fn heed_robots(&self, route: &Route, lane: &Lane, url: &Url) -> Result<(), Fault> {
        let mut robots = lane.robots.lock().await;
        if robots.get(&route.by).is_none_or(|known| known.until <= Instant::now()) {
            let read = self.read_robots(route, url).await?;
            if let Some(delay) = read.rules.as_ref().ok().and_then(|rules| rules.delay) {
                lane.slow_down(delay).await;
            }
            let known = match (robots.remove(&route.by), read) {
                // Rules that were known once are kept while the site has trouble (RFC 9309, 2.3.1.4).
                (Some(Known { rules: Ok(old), .. }), Known { rules: Err(_), until }) => Known { rules: Ok(old), until },
                (_, read) => read,
            };
            robots.insert(route.by.clone(), known);
        }
        match robots.get(&route.by).map(|known| &known.rules) {
            Some(Ok(rules)) if rules.allow(&url[url::Position::BeforePath..url::Position::AfterQuery]) => Ok(()),
            Some(Ok(_)) => Err(Fault::Disallowed { host: host_of(url) }),
            Some(Err(Unreadable { why, weight, retry_after })) => Err(Fault::RobotsUnknown {
                host: host_of(url),
                why: why.clone(),
                weight: *weight,
                retry_after: *retry_after,
            }),
            None => Ok(()),
        }
    }

    /// Fetches robots.txt at the origin of an address.
    ///
    /// # Errors
    /// Where the guard refuses the origin itself: that is no matter of robots.txt.
    async fn read_robots(&self, route: &Route, url: &Url) -> Result<Known, Fault> {
        let mut at = url.clone();
        at.set_path("/robots.txt");
        at.set_query(None);
        let now = Instant::now();
        let allow_all = || Known { rules: Ok(Rules::default()), until: now + ROBOTS_HOLD };
        for hop in 0..=REDIRECTS_OF_ROBOTS {
            let lane = self.lanes.lane(&at);
            let cap = Cap { bytes: robots::LONGEST, cut: true };
            let answer = match route.guard.admit(&at) {
                Ok(()) => self.request(route, &lane, &at, &HeaderMap::new(), cap).await,
                Err(fault) => Err(fault),
            };
            let fault = match answer {
                Ok(Answer::Page(page)) => {
                    return Ok(Known { rules: Ok(Rules::read(&page.body, &self.agent)), until: now + ROBOTS_HOLD });
                }
                Ok(Answer::Moved { to, .. }) => {
                    at = to;
                    continue;
                }
                Ok(Answer::NotModified) => return Ok(allow_all()),
                Err(fault) => fault,
            };
            if fault.refused() && hop == 0 {
                return Err(fault);
            }
            let unavailable = match fault {
                // "Unavailable": no wishes were left (RFC 9309, 2.3.1.3). 429 is no such answer.
                Fault::Status { status, .. } => matches!(status, 300..=499) && !fault.passing(),
                Fault::Redirects { .. } => true,
                _ => false,
            };
            if unavailable {
                return Ok(allow_all());
            }
            let weight = fault.weight();
            let why = fault.to_string();
            let retry_after = FetchError { fault, redirected: None }.retry_after();
            let until = now + retry_after.unwrap_or(ROBOTS_RETRY).max(ROBOTS_RETRY);
            return Ok(Known { rules: Err(Unreadable { why, weight, retry_after }), until });
        }
        // After five redirects it counts as unavailable (RFC 9309, 2.3.1.2).
        Ok(allow_all())
    }

    /// Waits for the turn and sends one request.
    async fn request(
        &self,
        route: &Route,
        lane: &Lane,
        url: &Url,
        headers: &HeaderMap,
        cap: Cap,
    ) -> Result<Answer, Fault> {
        let turn = self.lanes.turn(lane).await;
        let mut turn = turn.map_err(|wait| Fault::Resting { host: host_of(url), wait })?;
        let answer = tokio::time::timeout(self.timeout, self.exchange(route, url, headers, cap)).await;
        let answer = answer.unwrap_or_else(|_| Err(Fault::Timeout { host: host_of(url), limit: self.timeout }));
        settle(&mut turn, &answer);
        answer
    }

    /// Sends one request and reads its answer.
    async fn exchange(&self, route: &Route, url: &Url, headers: &HeaderMap, cap: Cap) -> Result<Answer, Fault> {
        let host = host_of(url);
        let http = url.port_or_known_default().and_then(|port| route.opened.get(&port)).unwrap_or(&route.http);
        let sent = http.get(url.clone()).headers(headers.clone()).send().await;
        let response = sent.map_err(|cause| Fault::of(cause, &host, self.timeout, false))?;
        // The connector's names were guarded; this holds even if it found another way.
        if let Some(peer) =
            response.remote_addr().filter(|peer| !route.through_proxy && !route.guard.opens(peer.ip(), peer.port()))
        {
            return Err(Fault::Private { host, address: peer.ip() });
        }
        let size = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len() + 4;
        if response.headers().iter().map(size).sum::<usize>() > LONGEST_HEAD {
            return Err(Fault::TooLarge { host, cap: LONGEST_HEAD as u64, head: true });
        }
        let status = response.status();
        match status {
            _ if status.is_success() => self.page(route, url, headers, response, cap).await.map(Answer::Page),
            StatusCode::NOT_MODIFIED if !headers.is_empty() => Ok(Answer::NotModified),
            StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT => {
                let for_good = matches!(status, StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT);
                moved(url, response.headers()).map(|to| Answer::Moved { to, for_good })
            }
            _ => {
                let retry_after = retry_after(response.headers(), Timestamp::now());
                match self.is_challenge(response).await {
                    true => Err(Fault::Challenge { host, status: status.as_u16() }),
                    false => Err(Fault::Status { host, status: status.as_u16(), retry_after }),
                }
            }
        }
    }

    async fn page(
        &self,
        route: &Route,
        url: &Url,
        asked: &HeaderMap,
        response: Response,
        cap: Cap,
    ) -> Result<Page, Fault> {
        let host = host_of(url);
        let wire = self.wire(route, asked, &response);
        let packed: Vec<String> = response
            .headers()
            .get_all(header::CONTENT_ENCODING)
            .iter()
            .flat_map(|value| {
                text_of(value).split(',').map(|word| word.trim().to_ascii_lowercase()).collect::<Vec<_>>()
            })
            .filter(|word| !is_no_packing(word))
            .collect();
        // What the HTTP library unpacked it has taken off the headers.
        if !packed.is_empty() {
            return Err(Fault::Encoding { host, why: format!("`{}` is not known", packed.join(", ").escape_debug()) });
        }
        let headers =
            response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text_of(value))).collect();
        let body = self.body(response, cap, &host).await?;
        Ok(Page { url: url.to_string(), moved: None, headers, body, captured: Timestamp::now(), wire: Some(wire) })
    }

    /// What is known of the exchange, for the evidence.
    fn wire(&self, route: &Route, asked: &HeaderMap, response: &Response) -> Wire {
        let mut sent = vec![
            ("user-agent".to_owned(), self.user_agent.clone()),
            ("accept".to_owned(), ACCEPT.to_owned()),
            ("accept-encoding".to_owned(), ACCEPT_ENCODING.to_owned()),
        ];
        sent.extend(asked.iter().map(|(name, value)| (name.as_str().to_owned(), text_of(value))));
        let protocol = match response.version() {
            reqwest::Version::HTTP_2 => "h2",
            reqwest::Version::HTTP_10 => "http/1.0",
            _ => "http/1.1",
        };
        let peer = response.remote_addr().filter(|_| !route.through_proxy).map(|peer| peer.ip());
        Wire {
            status: response.status().as_u16(),
            protocol: protocol.to_owned(),
            peer,
            asked: sent,
            via: Vec::new(),
            taken_from: None,
        }
    }

    /// Reads a body up to its cap, counted after unpacking.
    async fn body(&self, mut response: Response, cap: Cap, host: &str) -> Result<Vec<u8>, Fault> {
        let too_large = || Fault::TooLarge { host: host.to_owned(), cap: cap.bytes, head: false };
        let announced = response.content_length().unwrap_or(0);
        if announced > cap.bytes && !cap.cut {
            return Err(too_large());
        }
        let mut body = Vec::with_capacity(announced.min(cap.bytes).min(1 << 20) as usize);
        while let Some(piece) = response.chunk().await.map_err(|cause| Fault::of(cause, host, self.timeout, true))? {
            let room = cap.bytes - body.len() as u64;
            if piece.len() as u64 > room {
                if !cap.cut {
                    return Err(too_large());
                }
                body.extend_from_slice(&piece[..room as usize]);
                break;
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }

    /// Cloudflare says in a header, or in the page, that it wants to see a browser.
    async fn is_challenge(&self, response: Response) -> bool {
        let header = |name: &str| response.headers().get(name).map(text_of).unwrap_or_default().to_ascii_lowercase();
        if header("cf-mitigated") == "challenge" {
            return true;
        }
        if header("server") != "cloudflare" || !matches!(response.status().as_u16(), 403 | 429 | 503) {
            return false;
        }
        let body = self.body(response, Cap { bytes: CHALLENGE_PAGE, cut: true }, "").await.unwrap_or_default();
        let body = String::from_utf8_lossy(&body);
        ["/cdn-cgi/challenge-platform/", "_cf_chl_opt", "cf-browser-verification", "<title>Just a moment...</title>"]
            .iter()
            .any(|sign| body.contains(sign))
    }
}

/// What an answer means for the pace.
fn settle(turn: &mut Turn<'_>, answer: &Result<Answer, Fault>) {
    match answer {
        Err(Fault::NoConnection { .. } | Fault::NoSuchName { .. }) => turn.no_connection(),
        Err(Fault::Timeout { .. }) => {}
        Err(Fault::Status { status: 429, retry_after, .. }) => turn.rest(retry_after.unwrap_or(REST_AFTER_429)),
        Err(Fault::Status { status: 503, retry_after: Some(rest), .. }) => turn.rest(*rest),
        _ => turn.answered(),
    }
}

impl Route {
    fn new(config: &CrawlConfig, by: Option<&str>, lookup: &Lookup) -> Result<Self, ClientError> {
        let mut guard = Guard::new(&config.allow_private)?;
        guard.behind_proxy = by.is_some();
        let guard = Arc::new(guard);
        let make = Maker {
            user_agent: user_agent(config)?,
            tls: tls()?,
            proxy: by.map(proxy).transpose()?,
            guard: &guard,
            lookup,
            timeout: config.timeout,
        };
        let opened = guard.opened_ports().into_iter().map(|port| Ok((port, make.client(port)?)));
        let opened = opened.collect::<Result<_, ClientError>>()?;
        let by_name = by.unwrap_or_default().to_owned();
        Ok(Self { by: by_name, http: make.client(0)?, opened, through_proxy: by.is_some(), guard })
    }
}

/// What the address guard can still promise where requests go through this proxy, in words for the
/// operator.
pub fn promise(proxy: &str) -> &'static str {
    match proxy.split("://").next() {
        Some("socks5" | "socks4") => {
            "names are looked up here and private addresses refused as ever; the lookups are seen by this machine's DNS"
        }
        _ => {
            "the proxy looks names up: literal private addresses and local names are refused here, what a name leads to is the proxy's promise"
        }
    }
}

/// Makes one HTTP client after another with the same settings.
struct Maker<'a> {
    user_agent: HeaderValue,
    tls: rustls::ClientConfig,
    proxy: Option<(reqwest::Proxy, Option<String>)>,
    guard: &'a Arc<Guard>,
    lookup: &'a Lookup,
    timeout: Duration,
}

impl Maker<'_> {
    /// The client for requests to one port; 0 stands for every port that has no client of its own.
    fn client(&self, port: u16) -> Result<reqwest::Client, ClientError> {
        let names = GuardedNames {
            guard: Arc::clone(self.guard),
            lookup: Arc::clone(self.lookup),
            port,
            proxy_host: self.proxy.as_ref().and_then(|(_, host)| host.clone()),
        };
        let accept = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(ACCEPT))]);
        let mut builder = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .tls_backend_preconfigured(self.tls.clone())
            .dns_resolver(Arc::new(names))
            .user_agent(self.user_agent.clone())
            .default_headers(accept)
            .connect_timeout(self.timeout)
            .pool_max_idle_per_host(1)
            .http1_max_headers(HEADER_LINES)
            .http2_max_header_list_size(LONGEST_HEAD as u32);
        if let Some((proxy, _)) = &self.proxy {
            builder = builder.proxy(proxy.clone());
        }
        builder.build().map_err(|error| ClientError::Http(error.to_string()))
    }
}

/// `sozwatch/0.1 (+contact)`
fn user_agent(config: &CrawlConfig) -> Result<HeaderValue, ClientError> {
    let agent = match &config.contact {
        Some(contact) => format!("{} (+{contact})", config.user_agent),
        None => config.user_agent.clone(),
    };
    let printable = agent.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    match HeaderValue::from_str(&agent) {
        Ok(value) if printable && !robots::product_token(&agent).is_empty() => Ok(value),
        _ => Err(ClientError::UserAgent(agent)),
    }
}

/// TLS 1.2 and 1.3 by ring, trusting Mozilla's roots as compiled in.
fn tls() -> Result<rustls::ClientConfig, ClientError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let mut tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| ClientError::Http(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}

/// The proxy, and its host where that is a name. Its password is in no error.
fn proxy(address: &str) -> Result<(reqwest::Proxy, Option<String>), ClientError> {
    let wrong = |why: &str| ClientError::Proxy(why.to_owned());
    let url = Url::parse(address.trim()).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h") {
        return Err(wrong("its scheme is neither http nor socks"));
    }
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| wrong("it names no host"))?;
    let name = host.parse::<std::net::IpAddr>().is_err().then(|| host.to_owned());
    let proxy = reqwest::Proxy::all(url.as_str()).map_err(|_| wrong("it cannot be read"))?;
    Ok((proxy, name))
}

/// The headers that ask "only if it changed".
fn validators(poll: &Poll) -> HeaderMap {
    let pairs = [(header::IF_NONE_MATCH, &poll.etag), (header::IF_MODIFIED_SINCE, &poll.last_modified)];
    let header = |(name, value): (HeaderName, &Option<String>)| {
        let value = value.as_deref().filter(|value| !value.is_empty() && value.len() <= LONGEST_VALIDATOR)?;
        Some((name, HeaderValue::from_str(value).ok()?))
    };
    pairs.into_iter().filter_map(header).collect()
}

/// Where a redirect leads. The guard judges it with the next hop.
fn moved(url: &Url, headers: &HeaderMap) -> Result<Url, Fault> {
    let without = |why: &str| Fault::Redirects { host: host_of(url), why: why.to_owned() };
    let location = headers.get(header::LOCATION).ok_or_else(|| without("without saying where"))?;
    let location = String::from_utf8_lossy(location.as_bytes());
    let mut next = url.join(location.trim()).map_err(|_| without("to what is no address"))?;
    next.set_fragment(None);
    Ok(next)
}

/// Retry-After (RFC 9110, 10.2.3), in seconds or as a date; at most a day.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = text_of(headers.get(header::RETRY_AFTER)?);
    let value = value.trim();
    let longest = Duration::from_secs(24 * 60 * 60);
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(value.parse().map_or(longest, Duration::from_secs).min(longest));
    }
    let then = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    Some(Duration::try_from(then.duration_since(now)).unwrap_or_default().min(longest))
}

/// Words that real servers put into Content-Encoding without packing anything.
fn is_no_packing(word: &str) -> bool {
    matches!(word, "" | "identity" | "none" | "binary" | "7bit" | "8bit")
        || encoding_rs::Encoding::for_label(word.as_bytes()).is_some()
}

/// A header's value; bytes that are not UTF-8 are read as Latin-1.
fn text_of(value: &HeaderValue) -> String {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => value.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The host of an address, with its port where it is not the usual one.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or("(no host)");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// An address fit to be printed.
fn without_credentials(url: &Url) -> String {
    let mut url = url.clone();
    // Both fail only where an address cannot have credentials.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}

#[cfg(test)]
mod tests;
