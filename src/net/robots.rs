//! robots.txt: what a site asks of crawlers (RFC 9309). Text in, answers out; it fetches nothing.
//!
//! The matching is the one of the reference parser: the longest pattern wins, and of two equally
//! long ones the one that allows. Patterns are kept as octets and matched in linear time.

use std::time::Duration;

use tokio::time::Instant;

/// What is read of a robots.txt, in bytes (RFC 9309, 2.5: at least 500 KiB).
pub(super) const LONGEST: u64 = 500 * 1024;
/// Longest pause between two requests that a Crawl-delay is granted.
const LONGEST_DELAY: Duration = Duration::from_secs(30);

/// What is known of an origin's robots.txt.
pub(super) struct Known {
    /// Its rules, or why nobody can say.
    pub(super) rules: Result<Rules, Unreadable>,
    /// When it is asked for again.
    pub(super) until: Instant,
}

/// Why nobody can say; the site is left alone meanwhile.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unreadable {
    pub(super) why: String,
    pub(super) weight: f64,
    pub(super) retry_after: Option<Duration>,
}

/// The rules that concern one crawler.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rules {
    rules: Vec<Rule>,
    /// The pause that the site asks for, capped.
    pub(super) delay: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    allow: bool,
    /// Percent-encoding normalised; `*` matches anything, a final `$` the end.
    pattern: String,
}

/// One line that means something.
enum Line<'a> {
    UserAgent(&'a str),
    Allow(&'a str),
    Disallow(&'a str),
    CrawlDelay(&'a str),
}

impl Rules {
    /// Reads the rules for a crawler whose product token is `agent`: of the groups that name it,
    /// or, where none does, of the groups for `*`.
    pub(super) fn read(body: &[u8], agent: &str) -> Self {
        let text = decode(body);
        let (mut own, mut others) = (Self::default(), Self::default());
        let mut own_named = false;
        // Whom the present group is for, and whether its rules have begun: a User-agent line after
        // rules opens a new group, one after another joins the present one.
        let (mut for_own, mut for_others, mut begun) = (false, false, true);
        for line in text.split(['\n', '\r']).filter_map(read_line) {
            if let Line::UserAgent(name) = line {
                if begun {
                    (for_own, for_others, begun) = (false, false, false);
                }
                match name.strip_prefix('*') {
                    Some(rest) if rest.is_empty() || rest.starts_with(char::is_whitespace) => for_others = true,
                    _ => for_own |= product_token(name).eq_ignore_ascii_case(agent) && !agent.is_empty(),
                }
                own_named |= for_own;
                continue;
            }
            for (_, rules) in
                [(for_own, &mut own), (for_others, &mut others)].into_iter().filter(|(concerned, _)| *concerned)
            {
                match line {
                    Line::Allow(pattern) => rules.add(true, pattern),
                    Line::Disallow(pattern) => rules.add(false, pattern),
                    Line::CrawlDelay(delay) => rules.set_delay(delay),
                    Line::UserAgent(_) => {}
                }
            }
            // Crawl-delay is no rule of the RFC, so it ends no list of names either.
            begun |= !matches!(line, Line::CrawlDelay(_));
        }
        if own_named { own } else { others }
    }

    fn add(&mut self, allow: bool, pattern: &str) {
        if !pattern.is_empty() {
            let (open, end) = match pattern.strip_suffix('$') {
                Some(open) => (open, "$"),
                None => (pattern, ""),
            };
            // Only the last `$` is a sign.
            let pattern = fold(&encode(open)).replace('$', "%24") + end;
            self.rules.push(Rule { allow, pattern });
        }
    }

    fn set_delay(&mut self, delay: &str) {
        let seconds = delay.parse::<f64>().ok().filter(|seconds| *seconds > 0.0);
        if let Some(seconds) = seconds {
            self.delay = Some(Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_DELAY).min(LONGEST_DELAY));
        }
    }

    /// Whether a path with its query may be fetched, as it stands in a parsed (so percent-encoded)
    /// address.
    pub(super) fn allow(&self, path: &str) -> bool {
        let path = if path.is_empty() { "/" } else { path };
        if path == "/robots.txt" {
            return true;
        }
        // What is a sign in a pattern stands for itself in a path, and is matched by its encoding.
        let path = fold(path).replace('*', "%2A").replace('$', "%24");
        let longest = |allow: bool| {
            let matching = self.rules.iter().filter(|rule| rule.allow == allow && matches(&rule.pattern, &path));
            matching.map(|rule| rule.pattern.len()).max()
        };
        // `None` is less than any length, and an equal length allows.
        longest(true) >= longest(false)
    }
}

/// RFC 9309 asks for UTF-8; byte-order marks of others are believed, the rest is read leniently.
fn decode(body: &[u8]) -> std::borrow::Cow<'_, str> {
    // A line that was cut at the cap would say something else than the site meant.
    let body = match body.get(..LONGEST as usize) {
        Some(cut) => &cut[..cut.iter().rposition(|byte| *byte == b'\n').unwrap_or(0)],
        None => body,
    };
    let (encoding, _) = encoding_rs::Encoding::for_bom(body).unwrap_or((encoding_rs::UTF_8, 0));
    encoding.decode(body).0
}

/// Reads one line; misspellings that the reference parser knows are known here.
fn read_line(line: &str) -> Option<Line<'_>> {
    let line = line.split('#').next().unwrap_or("").trim_matches(|c: char| c.is_whitespace() || c == '\0');
    // A missing colon is forgiven where exactly two words stand there.
    let (key, value) = match line.split_once(':') {
        Some(pair) => pair,
        None => {
            line.split_once(char::is_whitespace).filter(|(_, value)| !value.trim().contains(char::is_whitespace))?
        }
    };
    let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
    match key.as_str() {
        "user-agent" | "useragent" | "user agent" => Some(Line::UserAgent(value)),
        "allow" => Some(Line::Allow(value)),
        "disallow" | "dissallow" | "dissalow" | "disalow" | "diasllow" | "disallaw" => Some(Line::Disallow(value)),
        "crawl-delay" | "crawldelay" => Some(Line::CrawlDelay(value)),
        _ => None,
    }
}

/// The product token that a name begins with (RFC 9309, 2.2.1): `sozwatch` of `sozwatch/0.1`.
pub(super) fn product_token(name: &str) -> &str {
    let end = name.find(|c: char| !c.is_ascii_alphabetic() && c != '_' && c != '-').unwrap_or(name.len());
    &name[..end]
}

/// What a pattern has bare and an address only percent-encoded: all but visible ASCII.
fn encode(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    for octet in pattern.bytes() {
        match octet {
            0x21..=0x7e => out.push(char::from(octet)),
            _ => out.push_str(&format!("%{octet:02X}")),
        }
    }
    out
}

/// One spelling for octets that may be percent-encoded or not (RFC 9309, 2.2.2): unreserved ones
/// bare, hex digits upper-case, and a `%` that encodes nothing encoded itself.
fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let octet = rest.get(at + 1..at + 3).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match octet.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(octet) => {
                match octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) {
                    true => out.push(char::from(octet)),
                    false => out.push_str(&format!("%{octet:02X}")),
                }
                rest = &rest[at + 3..];
            }
            None => {
                out.push_str("%25");
                rest = &rest[at + 1..];
            }
        }
    }
    out + rest
}

/// Whether a pattern matches from the beginning of a path. Each part between stars is sought once,
/// at the first place where it fits: later places leave less to the parts that follow.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, to_the_end) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or("")) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return !to_the_end || rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if to_the_end && parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(robots: &str, agent: &str, path: &str, expect: bool) {
        assert_eq!(Rules::read(robots.as_bytes(), agent).allow(path), expect, "{path} for {agent} under {robots:?}");
    }

    #[test]
    fn the_longest_pattern_wins_and_a_tie_allows() {
        check("User-agent: *\nDisallow: /a\nAllow: /a/b\n", "x", "/a/b/c", true);
        check("User-agent: *\nDisallow: /a\nAllow: /a/b\n", "x", "/a/c", false);
        check("User-agent: *\nAllow: /a\nDisallow: /a\n", "x", "/a", true);
        check("User-agent: *\nDisallow:\n", "x", "/a", true);
        check("User-agent: *\nDisallow: /\n", "x", "/robots.txt", true);
        check("User-agent: *\nDisallow: /\n", "x", "", false);
        check("", "x", "/a", true);
    }

    #[test]
    fn the_own_group_replaces_that_for_all() {
        let robots = "User-agent: *\nDisallow: /\n\nUser-agent: sozwatch\nDisallow: /private/\n";
        check(robots, "sozwatch", "/news/1", true);
        check(robots, "sozwatch", "/private/1", false);
        check(robots, "otherbot", "/news/1", false);
        check("User-agent: SozWatch/2.0 beta\nDisallow: /\n", "sozwatch", "/a", false);
        check("User-agent: sozwatchers\nDisallow: /\n", "sozwatch", "/a", true);
        check("User-agent: sozwatch\n\nUser-agent: *\nDisallow: /\n", "sozwatch", "/a", false);
        check("User-agent: *\nDisallow: /\nUser-agent: sozwatch\n", "sozwatch", "/a", true);
        check(
            "User-agent: sozwatch\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: sozwatch\nDisallow: /b",
            "sozwatch",
            "/b",
            false,
        );
        check(
            "User-agent: sozwatch\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: sozwatch\nDisallow: /b",
            "sozwatch",
            "/c",
            true,
        );
        check("Disallow: /\n", "sozwatch", "/a", true);
    }

    #[test]
    fn stars_and_ends() {
        let robots = |pattern: &str| format!("User-agent: *\nDisallow: {pattern}\n");
        check(&robots("/*.php$"), "x", "/a/b.php", false);
        check(&robots("/*.php$"), "x", "/a/b.php?c", true);
        check(&robots("/*.php"), "x", "/a/b.php?c", false);
        check(&robots("*/print"), "x", "/a/print/1", false);
        check(&robots("/a$"), "x", "/a", false);
        check(&robots("/a$"), "x", "/ab", true);
        check(&robots("/a*b*c"), "x", "/a1b2c3", false);
        check(&robots("/a*b*c"), "x", "/a1c2b3", true);
        check(&robots("/ab*b$"), "x", "/ab", true);
        check(&robots("/ab*b$"), "x", "/abb", false);
        check(&robots("/*$"), "x", "/anything", false);
        check(&robots("/***a"), "x", "/za", false);
        check(&robots("a"), "x", "/a", true);
    }

    #[test]
    fn encoded_and_bare_octets_are_the_same() {
        check("User-agent: *\nDisallow: /жаңалық\n", "x", "/%D0%B6%D0%B0%D2%A3%D0%B0%D0%BB%D1%8B%D2%9B/1", false);
        check("User-agent: *\nDisallow: /%d0%b6\n", "x", "/%D0%B6", false);
        check("User-agent: *\nDisallow: /foo/bar/%62%61%7A\n", "x", "/foo/bar/baz", false);
        check("User-agent: *\nDisallow: /foo/bar/baz\n", "x", "/foo/bar/%62%61%7A", false);
        check("User-agent: *\nDisallow: /a%2Fb\n", "x", "/a/b", true);
        check("User-agent: *\nDisallow: /100%\n", "x", "/100%", false);
        check("User-agent: *\nDisallow: /a-%2A.html\n", "x", "/a-*.html", false);
        check("User-agent: *\nDisallow: /a-%2A.html\n", "x", "/a-b.html", true);
        check("User-agent: *\nDisallow: /a$b\n", "x", "/a$b", false);
    }

    #[test]
    fn real_life_spelling() {
        check("\u{feff}User-Agent: *\r\nDISALLOW : /a # not this\r\n", "x", "/a", false);
        check("user agent: *\rdissallow: /a\r", "x", "/a", false);
        check("User-agent *\nDisallow /a\n", "x", "/a", false);
        check("<html><head><title>404: not here</title></head></html>", "x", "/a", true);
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("User-agent: *\nDisallow: /a".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert!(!Rules::read(&utf16, "x").allow("/a"));
        check("User-agent: *\0\nDisallow: /a\0\n", "x", "/a", false);
    }

    #[test]
    fn delays_are_capped_and_belong_to_their_group() {
        let delay = |robots: &str| Rules::read(robots.as_bytes(), "x").delay;
        assert_eq!(delay("User-agent: *\nCrawl-delay: 2.5\n"), Some(Duration::from_millis(2500)));
        assert_eq!(delay("User-agent: *\nCrawl-delay: 86400\n"), Some(LONGEST_DELAY));
        assert_eq!(delay("User-agent: *\nCrawl-delay: inf\n"), Some(LONGEST_DELAY));
        assert_eq!(delay("User-agent: *\nCrawl-delay: -1\n"), None);
        assert_eq!(delay("User-agent: *\nCrawl-delay: soon\n"), None);
        assert_eq!(delay("User-agent: y\nCrawl-delay: 9\n"), None);
        check("User-agent: x\nCrawl-delay: 1\nUser-agent: y\nDisallow: /\n", "x", "/a", false);
    }

    #[test]
    fn a_hostile_file_costs_little() {
        let mut robots = String::from("User-agent: *\n");
        while robots.len() < LONGEST as usize {
            robots.push_str("Disallow: /*a*a*a*a*a*a*a*a*a*b$\n");
        }
        check(&robots, "x", &format!("/{}", "a".repeat(2000)), true);
    }

    /// The reference answers of the RFC's own test suite.
    #[test]
    fn reference_cases() {
        #[derive(serde::Deserialize)]
        struct Case {
            test: String,
            robots: String,
            agent: String,
            url: String,
            allowed: bool,
        }
        let Ok(data) = std::env::var("SOZWATCH_DATA") else {
            eprintln!("SOZWATCH_DATA is not set: the reference cases of robots.txt are passed over");
            return;
        };
        let file = std::path::Path::new(&data).join("data/robots/robots_cases.json");
        let cases: Vec<Case> = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        assert!(!cases.is_empty());
        for case in cases {
            let path = case.url.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap_or_default();
            let allowed = Rules::read(case.robots.as_bytes(), &case.agent).allow(&path);
            assert_eq!(allowed, case.allowed, "{} {} for {} under {:?}", case.test, case.url, case.agent, case.robots);
        }
    }

    proptest! {
        #[test]
        fn anything_can_be_read(body in proptest::collection::vec(any::<u8>(), 0..400), path in "/.{0,40}") {
            Rules::read(&body, "x").allow(&path);
        }

        #[test]
        fn a_pattern_without_signs_is_a_prefix(pattern in "/[a-z/]{0,6}", path in "/[a-z/]{0,8}") {
            prop_assert_eq!(matches(&pattern, &path), path.starts_with(&pattern));
        }

        #[test]
        fn stars_agree_with_a_regular_expression(pattern in "/[ab*]{0,8}\\$?", path in "/[ab]{0,10}") {
            let (open, end) = match pattern.strip_suffix('$') { Some(open) => (open, "$"), None => (pattern.as_str(), "") };
            let regex = regex::Regex::new(&format!("^{}{end}", open.replace('*', ".*"))).unwrap();
            prop_assert_eq!(matches(&pattern, &path), regex.is_match(&path));
        }

        #[test]
        fn folding_twice_changes_nothing(text in "[%a-f0-9/ж]{0,20}") {
            let once = fold(&encode(&text));
            prop_assert_eq!(fold(&once), once);
        }
    }
}
