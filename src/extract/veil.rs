//! Keeps addresses of this machine and of private networks through the feed parser.
//!
//! `feedparser-rs` drops every link to such an address. What may be fetched is for the guard of `net`
//! to say, at the address actually connected to: an operator may have opened one, and an entry whose
//! link was taken away could not even be refused by name. So a host that the parser would drop is
//! [hidden](hide) under a name of no meaning before parsing, and [shown](show) again after it.

use std::borrow::Cow;
use std::net::Ipv4Addr;

/// What is put behind such a host; RFC 2606 keeps `.invalid` free of real names.
const VEIL: &str = ".veiled.invalid";

/// Hides the hosts that the parser would drop.
pub(super) fn hide(text: &str) -> Cow<'_, str> {
    let mut hidden = String::new();
    let mut copied = 0;
    for (at, mark) in text.match_indices("://") {
        let host_at = at + mark.len();
        let rest = &text[host_at..];
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(rest.len());
        if is_dropped(&rest[..length]) {
            hidden.push_str(&text[copied..host_at + length]);
            hidden.push_str(VEIL);
            copied = host_at + length;
        }
    }
    if copied == 0 {
        return text.into();
    }
    hidden.push_str(&text[copied..]);
    hidden.into()
}

/// Shows them again.
pub(super) fn show(text: &str) -> Cow<'_, str> {
    if text.contains(VEIL) { text.replace(VEIL, "").into() } else { text.into() }
}

fn is_dropped(host: &str) -> bool {
    let name = host.to_ascii_lowercase();
    name.parse::<Ipv4Addr>().is_ok()
        || name == "localhost"
        || [".localhost", ".local", ".internal"].iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_hosts_come_back_as_they_were() {
        let check = |text: &str, changes: bool| {
            let hidden = hide(text);
            assert_eq!(hidden != text, changes, "{hidden}");
            assert_eq!(show(&hidden), text);
        };
        check("<link>http://127.0.0.1:8080/a</link>", true);
        check("see http://localhost/ and https://10.0.0.1", true);
        check("<link>https://dala.example/127.0.0.1</link>", false);
        check("no address: 127.0.0.1", false);
        check("http://", false);
    }
}
