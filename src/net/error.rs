//! Why a fetch failed, in words for the person who reads the log or the queue's notices, and in the
//! three questions the desk asks: is it worth trying again, was it a refusal, how much does it count.

use std::error::Error;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use super::guard::{NoSuchName, Refusal};

/// A fetch that gave no page.
#[derive(Debug)]
pub struct FetchError {
    /// What went wrong.
    pub fault: Fault,
    /// The address that failed, where a redirect led to it.
    pub redirected: Option<String>,
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.redirected {
            Some(url) => write!(f, "{} (it was sent on to {url})", self.fault),
            None => self.fault.fmt(f),
        }
    }
}

impl Error for FetchError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.fault.source()
    }
}

/// What went wrong with one request.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It cannot or must not be fetched as written.
    #[error("this is no address to fetch: {why}; correct the link or the configuration")]
    NoAddress {
        /// What is wrong with it.
        why: String,
    },
    /// The guard's no.
    #[error(
        "{host} leads to {address}, which is not on the public internet: nothing is fetched from there ([crawl] allow_private would open it)"
    )]
    Private {
        /// Host, with its port where it is not the usual one.
        host: String,
        /// The first address that was refused.
        address: IpAddr,
    },
    /// The guard's no where a proxy looks the names up.
    #[error("{host} is a name of a local network: nothing is fetched from there")]
    LocalName {
        /// The host.
        host: String,
    },
    /// The client was not made for the proxy that a source asks for.
    #[error("the proxy of this source was not made ready, and nothing is fetched around it; start again")]
    NoRoute,
    /// The site asks crawlers to stay away from this address.
    #[error("robots.txt of {host} keeps crawlers away from this address; ask the site's owner if it is needed")]
    Disallowed {
        /// The host.
        host: String,
    },
    /// The site's wishes could not be read, so nothing is fetched (RFC 9309, 2.3.1.4).
    #[error("robots.txt of {host} could not be read, so nothing is fetched from there for now: {why}")]
    RobotsUnknown {
        /// The host.
        host: String,
        /// What reading it came to.
        why: String,
        /// How much that counts.
        weight: f64,
        /// When the site asked to be asked again.
        retry_after: Option<Duration>,
    },
    /// An answer without a page.
    #[error("{host} answered {status}{}: {}", reason(*.status), advice(*.status))]
    Status {
        /// The host.
        host: String,
        /// Status code, RFC 9110.
        status: u16,
        /// When the site asked to be asked again.
        retry_after: Option<Duration>,
    },
    /// A page that wants to see a browser (Cloudflare), which is not the site's own "forbidden".
    #[error(
        "{host} shows a Cloudflare challenge ({status}) instead of the page; it is tried again, or ask the site's owner to let this crawler's User-Agent in"
    )]
    Challenge {
        /// The host.
        host: String,
        /// Status code.
        status: u16,
    },
    /// The site is being left in peace, as it asked or because nobody answers.
    #[error("{host} is left in peace for another {}: it asked for that or did not answer several times", seconds(*.wait))]
    Resting {
        /// The host.
        host: String,
        /// How long it still rests.
        wait: Duration,
    },
    /// No complete answer in time.
    #[error("{host} did not finish its answer within {}; it is tried again ([crawl] timeout)", seconds(*.limit))]
    Timeout {
        /// The host.
        host: String,
        /// The limit.
        limit: Duration,
    },
    /// The name has no address.
    #[error("no address is known for {host} ({}); look at its spelling and at this machine's DNS", root(.cause))]
    NoSuchName {
        /// The host.
        host: String,
        /// What the look-up said.
        #[source]
        cause: reqwest::Error,
    },
    /// No connection, or none that can be trusted.
    #[error("no connection to {host} ({}); it is tried again", root(.cause))]
    NoConnection {
        /// The host.
        host: String,
        /// What failed.
        #[source]
        cause: reqwest::Error,
    },
    /// The answer broke off.
    #[error("{host} broke off its answer ({}); it is tried again", root(.cause))]
    CutOff {
        /// The host.
        host: String,
        /// What failed.
        #[source]
        cause: reqwest::Error,
    },
    /// The answer is no HTTP.
    #[error("{host} answered with broken HTTP ({}); tell the site's owner", root(.cause))]
    Malformed {
        /// The host.
        host: String,
        /// What failed.
        #[source]
        cause: reqwest::Error,
    },
    /// The body is not packed as the header says.
    #[error("{host} sent a body that does not unpack as its Content-Encoding says ({why}); tell the site's owner")]
    Encoding {
        /// The host.
        host: String,
        /// What failed.
        why: String,
    },
    /// More than a page may have.
    #[error("{host} sent more than {cap} bytes{}; [crawl] max_body is the cap for bodies", of_what(*.head))]
    TooLarge {
        /// The host.
        host: String,
        /// The cap, in bytes after decompression.
        cap: u64,
        /// The headers were too large, not the body.
        head: bool,
    },
    /// A redirect that leads nowhere.
    #[error("{host} redirects {why}; look the address up in a browser and correct it")]
    Redirects {
        /// The host.
        host: String,
        /// "in a circle", "more than 10 times", "without saying where".
        why: String,
    },
}

impl FetchError {
    /// Whether the same request may go well later: timeouts, 429, 5xx, DNS, broken connections.
    pub fn passing(&self) -> bool {
        self.fault.passing()
    }

    /// Whether we refused to ask, by robots.txt or by the address guard.
    pub fn refused(&self) -> bool {
        self.fault.refused()
    }

    /// The status of an answer that says that the page is not there, or may not be shown (RFC 9110, 15.5; RFC 7725).
    pub fn gone(&self) -> Option<u16> {
        match self.fault {
            Fault::Status { status: status @ (404 | 410 | 451), .. } => Some(status),
            _ => None,
        }
    }

    /// How much it counts against a feed: 0.5 for 429, 5xx and timeouts, 0.25 for DNS, else 1.
    pub fn soft_failure(&self) -> f64 {
        self.fault.weight()
    }

    /// When the site asked to be asked again, counted from the answer; at most a day.
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.fault {
            Fault::Status { retry_after, .. } | Fault::RobotsUnknown { retry_after, .. } => *retry_after,
            Fault::Resting { wait, .. } => Some(*wait),
            _ => None,
        }
    }
}

impl Fault {
    pub(super) fn passing(&self) -> bool {
        match self {
            Self::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..=599),
            Self::RobotsUnknown { .. }
            | Self::Challenge { .. }
            | Self::Resting { .. }
            | Self::Timeout { .. }
            | Self::NoSuchName { .. }
            | Self::NoConnection { .. }
            | Self::CutOff { .. } => true,
            _ => false,
        }
    }

    pub(super) fn refused(&self) -> bool {
        matches!(self, Self::NoAddress { .. } | Self::Private { .. } | Self::LocalName { .. } | Self::Disallowed { .. })
    }

    pub(super) fn weight(&self) -> f64 {
        match self {
            Self::RobotsUnknown { weight, .. } => *weight,
            Self::Challenge { .. } | Self::Timeout { .. } | Self::Resting { .. } => 0.5,
            Self::Status { .. } if self.passing() => 0.5,
            Self::NoSuchName { .. } => 0.25,
            _ => 1.0,
        }
    }

    /// What an error of the HTTP library means. `body` tells whether the answer's head had arrived.
    pub(super) fn of(cause: reqwest::Error, host: &str, limit: Duration, body: bool) -> Self {
        let host = host.to_owned();
        if let Some(refusal) = find::<Refusal>(&cause) {
            return Self::Private { host, address: refusal.address };
        }
        if find::<NoSuchName>(&cause).is_some() {
            return Self::NoSuchName { host, cause };
        }
        if cause.is_timeout() {
            return Self::Timeout { host, limit };
        }
        if cause.is_connect() {
            return Self::NoConnection { host, cause };
        }
        match find::<hyper::Error>(&cause) {
            Some(error) if error.is_parse_too_large() => {
                Self::TooLarge { host, cap: super::LONGEST_HEAD as u64, head: true }
            }
            Some(error) if error.is_parse() => Self::Malformed { host, cause },
            Some(error) => match find_in::<std::io::Error>(error).map(std::io::Error::kind) {
                Some(std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData) => {
                    Self::Malformed { host, cause }
                }
                _ => Self::CutOff { host, cause },
            },
            // What fails in the body and not in HTTP is the unpacking.
            None if body => Self::Encoding { host, why: root(&cause) },
            None => Self::NoConnection { host, cause },
        }
    }
}

/// The first error of a type among the causes.
fn find<E: Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    find_in(error)
}

fn find_in<'e, E: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        // An io::Error hides the error it wraps from `source`.
        if let Some(found) = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref)
            && let Some(found) = find_in::<E>(found)
        {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The words of the innermost cause, cut and without control characters: some of them are quoted
/// from what a stranger sent.
fn root(error: &reqwest::Error) -> String {
    let mut inner: &dyn Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}

fn reason(status: u16) -> String {
    let reason = reqwest::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    reason.map(|reason| format!(" {reason}")).unwrap_or_default()
}

fn advice(status: u16) -> &'static str {
    match status {
        401 | 402 | 407 => "the page is behind a login or a payment",
        403 => "the site does not let this crawler in; ask its owner, naming the User-Agent",
        404 | 410 => "there is no such page; if it is a feed, look its address up anew",
        429 => "too many requests; it is tried again, and a longer [crawl] per_host_delay may help",
        451 => "the page is withheld for legal reasons",
        408 | 425 | 500..=599 => "the site has trouble; it is tried again",
        _ => "no page can be read from that; look the address up in a browser",
    }
}

fn of_what(head: bool) -> &'static str {
    if head { " of headers" } else { "" }
}

fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0 => format!("{} ms", time.as_millis()),
        seconds => format!("{seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16) -> FetchError {
        let fault = Fault::Status { host: "outlet.example".to_owned(), status, retry_after: None };
        FetchError { fault, redirected: None }
    }

    #[test]
    fn answers_are_told_apart() {
        let check = |code: u16, passing: bool, weight: f64| {
            let error = status(code);
            assert_eq!((error.passing(), error.soft_failure(), error.refused()), (passing, weight, false), "{code}");
        };
        check(404, false, 1.0);
        check(403, false, 1.0);
        check(410, false, 1.0);
        check(451, false, 1.0);
        check(304, false, 1.0);
        check(408, true, 0.5);
        check(429, true, 0.5);
        check(500, true, 0.5);
        check(503, true, 0.5);
        check(522, true, 0.5);
    }

    #[test]
    fn words_say_who_what_and_what_next() {
        assert_eq!(
            status(404).to_string(),
            "outlet.example answered 404 Not Found: there is no such page; if it is a feed, look its address up anew"
        );
        assert_eq!(status(522).to_string(), "outlet.example answered 522: the site has trouble; it is tried again");
        let away = FetchError { redirected: Some("http://b.example/".to_owned()), ..status(404) };
        assert!(away.to_string().ends_with("(it was sent on to http://b.example/)"));
    }
}
