//! The address guard: which addresses the crawler may be sent to by what strangers wrote.
//!
//! Two questions are asked. [`Guard::admit`] looks at an address as written (scheme, credentials,
//! an IP literal) before every request, redirects included. [`GuardedNames`] answers the connector
//! itself, so the address that is checked is the address that is connected to, and a name that
//! changes its answer between two look-ups gains nothing. It never opens a connection.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::error::Fault;

/// Longest address followed, in bytes; what browsers and servers agree on is less.
const LONGEST_ADDRESS: usize = 4096;
/// Endings of names that only ever mean the local machine or the local network
/// (RFC 6761, RFC 6762, RFC 8375, and the names in use for the same).
const LOCAL_ENDINGS: [&str; 8] = ["localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp"];

/// What may be reached: every public address, and the private ones that the operator opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Guard {
    opened: Vec<Opened>,
    /// A proxy looks up the names; see [`Guard::admit`].
    pub(super) behind_proxy: bool,
}

/// One entry of `[crawl] allow_private`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opened {
    /// `127.0.0.1:8080`
    Address(SocketAddr),
    /// `127.0.0.0/8`, any port.
    Range(IpAddr, u8),
}

/// An entry of `[crawl] allow_private` that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("[crawl] allow_private: `{0}` is no address; write \"127.0.0.1:8080\" for one or \"127.0.0.0/8\" for a range")]
pub struct NotAnAddress(pub String);

impl Guard {
    /// Reads `[crawl] allow_private`.
    ///
    /// # Errors
    /// At the first entry that is neither `IP:PORT` nor `IP/BITS` nor an IP address.
    pub(super) fn new(entries: &[String]) -> Result<Self, NotAnAddress> {
        let opened = entries.iter().map(|entry| Opened::read(entry).ok_or_else(|| NotAnAddress(entry.clone())));
        Ok(Self { opened: opened.collect::<Result<_, _>>()?, behind_proxy: false })
    }

    /// Ports of the single addresses that are open, each once.
    pub(super) fn opened_ports(&self) -> Vec<u16> {
        let mut ports: Vec<u16> = self.opened.iter().filter_map(|opened| opened.port()).collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }

    /// Whether this address may be connected to.
    pub(super) fn opens(&self, address: IpAddr, port: u16) -> bool {
        is_public(address) || self.opened.iter().any(|opened| opened.holds(address, port))
    }

    /// Parses an address as a stranger wrote it and checks what can be checked without a look-up.
    ///
    /// # Errors
    /// Where it is not fetched: no http or https, credentials in it, too long, a private IP literal.
    pub(super) fn read(&self, address: &str) -> Result<Url, Fault> {
        if address.len() > LONGEST_ADDRESS {
            return Err(Fault::NoAddress { why: format!("it is longer than {LONGEST_ADDRESS} bytes") });
        }
        let mut url = Url::parse(address.trim()).map_err(|error| Fault::NoAddress { why: error.to_string() })?;
        url.set_fragment(None);
        self.admit(&url)?;
        Ok(url)
    }

    /// Checks what can be checked without a look-up. Behind a proxy, which looks the name up where
    /// we do not see it, names that only a local network knows are refused here.
    ///
    /// # Errors
    /// As [`Guard::read`].
    pub(super) fn admit(&self, url: &Url) -> Result<(), Fault> {
        if url.as_str().len() > LONGEST_ADDRESS {
            return Err(Fault::NoAddress { why: format!("it is longer than {LONGEST_ADDRESS} bytes") });
        }
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Fault::NoAddress { why: format!("`{}:` is neither http nor https", url.scheme()) });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Fault::NoAddress { why: "it carries a user name or password".to_owned() });
        }
        let port = url.port_or_known_default().unwrap_or(0);
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(name)) if self.behind_proxy && is_local_name(name) => {
                return Err(Fault::LocalName { host: name.to_owned() });
            }
            Some(Host::Domain(name)) if !name.is_empty() => return Ok(()),
            _ => return Err(Fault::NoAddress { why: "it names no host".to_owned() }),
        };
        match self.opens(literal, port) {
            true => Ok(()),
            false => Err(Fault::Private { host: super::host_of(url), address: literal }),
        }
    }

    /// Passes the addresses of a name, or refuses all of them where one may not be reached: a name
    /// that points inside as well as outside is an attack or a mistake.
    fn screen(&self, found: Vec<IpAddr>, port: u16) -> Result<Vec<SocketAddr>, Refusal> {
        match found.iter().find(|address| !self.opens(**address, port)) {
            Some(&address) => Err(Refusal { address }),
            None => Ok(found.into_iter().map(|address| SocketAddr::new(address, 0)).collect()),
        }
    }
}

impl Opened {
    fn read(entry: &str) -> Option<Self> {
        let entry = entry.trim();
        if let Ok(address) = entry.parse::<SocketAddr>() {
            return Some(Self::Address(address));
        }
        if let Ok(address) = entry.parse::<IpAddr>() {
            return Some(Self::Range(address, bits_of(address)));
        }
        let (address, bits) = entry.split_once('/')?;
        let (address, bits) = (address.parse::<IpAddr>().ok()?, bits.parse::<u8>().ok()?);
        (bits <= bits_of(address)).then_some(Self::Range(address, bits))
    }

    fn port(self) -> Option<u16> {
        match self {
            Self::Address(address) => Some(address.port()),
            Self::Range(..) => None,
        }
    }

    fn holds(self, address: IpAddr, port: u16) -> bool {
        let address = address.to_canonical();
        match self {
            Self::Address(opened) => opened.ip().to_canonical() == address && opened.port() == port,
            Self::Range(IpAddr::V4(net), bits) => match address {
                IpAddr::V4(address) => {
                    let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
                    net.to_bits() & mask == address.to_bits() & mask
                }
                IpAddr::V6(_) => false,
            },
            Self::Range(IpAddr::V6(net), bits) => match address {
                IpAddr::V6(address) => {
                    let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
                    net.to_bits() & mask == address.to_bits() & mask
                }
                IpAddr::V4(_) => false,
            },
        }
    }
}

fn bits_of(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// A name that no public resolver answers for: one word, or an ending of the local network.
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or(&name);
    !name.contains('.') || LOCAL_ENDINGS.contains(&last) || name.ends_with(".home.arpa")
}

/// Whether an address belongs to the public internet, by the IANA special-purpose registries
/// (RFC 6890 and what followed). An IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4) is
/// as public as that.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        (0 | 10 | 127, ..) => true,
        // Shared address space of carriers, RFC 6598.
        (100, 64..=127, _) => true,
        (169, 254, _) | (172, 16..=31, _) | (192, 168, _) => true,
        // IETF protocol assignments, documentation, the former 6to4 relays.
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 51, 100) | (203, 0, 113) => true,
        // Benchmarking, RFC 2544.
        (198, 18 | 19, _) => true,
        // Multicast, reserved, broadcast.
        (224.., ..) => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let v4 = |high: u16, low: u16| is_public_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match parts {
        // IPv4-mapped, RFC 4291.
        [0, 0, 0, 0, 0, 0xffff, high, low] => v4(high, low),
        // NAT64, RFC 6052; its local-use prefix 64:ff9b:1::/48 falls to the last arm.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        // 6to4, RFC 3056.
        [0x2002, high, low, ..] => v4(high, low),
        // Protocol assignments with Teredo and ORCHID; documentation, RFC 3849 and RFC 9637.
        [0x2001, 0..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => false,
        // All that is given out as global unicast so far is 2000::/3.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Looks names up; the system does it, except in tests.
pub(crate) type Lookup =
    Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> + Send + Sync>;

/// The system's own look-up (hosts file, DNS).
pub(super) fn system_lookup() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// Answers the connector of the requests to one port: a name's addresses after the guard saw them.
///
/// The connector does not tell which port it is about to use, so each port that `allow_private`
/// opens has a connector of its own.
pub(super) struct GuardedNames {
    pub(super) guard: Arc<Guard>,
    pub(super) lookup: Lookup,
    pub(super) port: u16,
    /// Host of the operator's own proxy, which may lie wherever the operator put it.
    pub(super) proxy_host: Option<String>,
}

impl Resolve for GuardedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        let (guard, port, own) = (Arc::clone(&self.guard), self.port, self.proxy_host.as_deref() == Some(&name));
        let found = (self.lookup)(name);
        Box::pin(async move {
            let found = found.await.map_err(NoSuchName)?;
            if found.is_empty() {
                return Err(NoSuchName(io::Error::other("the name has no address")).into());
            }
            let passed = match own {
                true => found.into_iter().map(|address| SocketAddr::new(address, 0)).collect(),
                false => guard.screen(found, port)?,
            };
            Ok(Box::new(passed.into_iter()) as Addrs)
        })
    }
}

/// The guard's no, on its way out through the connector's errors.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) address: IpAddr,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is no public address", self.address)
    }
}

impl Error for Refusal {}

/// A failed look-up, on its way out through the connector's errors.
#[derive(Debug)]
pub(super) struct NoSuchName(pub(super) io::Error);

impl fmt::Display for NoSuchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for NoSuchName {}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(entries: &[&str]) -> Guard {
        Guard::new(&entries.iter().map(|entry| (*entry).to_owned()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn only_the_public_internet_is_public() {
        let check = |address: &str, expect: bool| {
            assert_eq!(is_public(address.parse().unwrap()), expect, "{address}");
        };
        for public in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.1.1",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "192.0.3.1",
            "192.167.1.1",
            "192.169.1.1",
            "198.17.255.255",
            "198.20.0.0",
            "203.0.112.1",
            "223.255.255.255",
            "2a00:1450:4001::1",
            "2606:4700::1",
            "2001:4860:4860::8888",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2002:101:101::1",
        ] {
            check(public, true);
        }
        for private in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1.1.1.1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2001:10::1",
            "2002:7f00:1::1",
            "2002:a00:1::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            check(private, false);
        }
    }

    #[test]
    fn addresses_are_refused_as_written() {
        let guard = guard(&[]);
        let refused = |address: &str| assert!(guard.read(address).unwrap_err().refused(), "{address}");
        for address in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://017700000001/",
            "http://0/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://①②⑦.⓪.⓪.①/",
            "http://169.254.169.254/latest/meta-data/",
            // A backslash ends the host (WHATWG URL standard): the host is the inner one.
            "http://127.0.0.1\\@outlet.example/",
            "http://192.168.0.1\\.outlet.example/",
            "http://user@outlet.example/",
            "http://user:secret@outlet.example/",
            "http://:secret@outlet.example/",
            "ftp://outlet.example/",
            "file:///etc/passwd",
            "gopher://outlet.example/",
            "data:text/plain,hello",
            "javascript:alert(1)",
            "/news/1",
            "",
            "http://",
            "http:///",
        ] {
            refused(address);
        }
        refused(&format!("http://outlet.example/{}", "a".repeat(5000)));
        for address in [
            "http://outlet.example/",
            "https://outlet.example:8443/a?b=c#d",
            "http://1.1.1.1/",
            "https://қаз.example/жаңалық",
            "  http://outlet.example/ ",
            "http://outlet.example\\@127.0.0.1/",
        ] {
            assert!(guard.read(address).is_ok(), "{address}");
        }
        assert_eq!(guard.read("https://outlet.example/a#b").unwrap().as_str(), "https://outlet.example/a");
    }

    #[test]
    fn passwords_are_not_repeated() {
        let error = guard(&[]).read("http://user:secret@outlet.example/").unwrap_err();
        assert!(!error.to_string().contains("secret"));
    }

    #[test]
    fn an_entry_opens_exactly_what_it_names() {
        let check = |entry: &str, address: &str, expect: bool| {
            assert_eq!(guard(&[entry]).read(address).is_ok(), expect, "{entry} {address}");
        };
        check("127.0.0.1:8080", "http://127.0.0.1:8080/", true);
        check("127.0.0.1:8080", "http://[::ffff:127.0.0.1]:8080/", true);
        check("127.0.0.1:8080", "http://127.0.0.1:8081/", false);
        check("127.0.0.1:8080", "http://127.0.0.2:8080/", false);
        check("127.0.0.1:80", "http://127.0.0.1/", true);
        check("127.0.0.1:80", "https://127.0.0.1/", false);
        check("127.0.0.0/8", "http://127.9.9.9:1/", true);
        check("127.0.0.0/8", "http://10.0.0.1/", false);
        check("127.0.0.0/8", "http://[::1]/", false);
        check("192.168.4.0/22", "http://192.168.7.255/", true);
        check("192.168.4.0/22", "http://192.168.8.0/", false);
        check("10.0.0.7", "http://10.0.0.7:99/", true);
        check("10.0.0.7", "http://10.0.0.8:99/", false);
        check("0.0.0.0/0", "http://10.0.0.8/", true);
        check("[::1]:8080", "http://[::1]:8080/", true);
        check("[::1]:8080", "http://[::1]:80/", false);
        check("fd00::/8", "http://[fdab::1]/", true);
        check("fd00::/8", "http://[fe80::1]/", false);
    }

    #[test]
    fn entries_that_name_nothing_are_told() {
        for entry in ["", "localhost:8080", "127.0.0.0/33", "::1/129", "127.0.0/8", "127.0.0.1:99999", "a/8"] {
            assert_eq!(Guard::new(&[entry.to_owned()]), Err(NotAnAddress(entry.to_owned())));
        }
    }

    #[test]
    fn one_private_record_refuses_the_name() {
        let check = |found: &[&str], port: u16, expect: bool| {
            let found = found.iter().map(|address| address.parse().unwrap()).collect();
            assert_eq!(guard(&["127.0.0.1:8080"]).screen(found, port).is_ok(), expect);
        };
        check(&["1.1.1.1", "2606:4700::1"], 80, true);
        check(&["1.1.1.1", "10.0.0.1"], 80, false);
        check(&["1.1.1.1", "::1"], 80, false);
        check(&["127.0.0.1"], 8080, true);
        check(&["127.0.0.1"], 80, false);
        check(&["127.0.0.1", "127.0.0.2"], 8080, false);
    }

    #[test]
    fn behind_a_proxy_local_names_are_refused_unseen() {
        let guard = Guard { behind_proxy: true, ..guard(&[]) };
        for name in ["localhost", "printer", "db.internal", "nas.local.", "a.localhost", "x.home.arpa"] {
            assert!(guard.read(&format!("http://{name}/")).is_err(), "{name}");
        }
        for name in ["outlet.example", "local.outlet.example", "internal.example"] {
            assert!(guard.read(&format!("http://{name}/")).is_ok(), "{name}");
        }
    }
}
