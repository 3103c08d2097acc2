//! Addresses: relative to absolute, and many spellings of one article to one.
//!
//! Parsing is the WHATWG URL Standard's (crate `url`). What is folded beyond it is what never
//! chooses another article: tracking parameters, fragments, AMP and mobile forms.

use url::{Host, Url};

/// Longest address taken, in bytes. Longer ones are made up by nobody who means well.
const LONGEST: usize = 8 * 1024;

/// Query parameters that only tell where a reader came from.
const TRACKING: &[&str] = &[
    "_branch_match_id",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "_openstat",
    "at_campaign",
    "at_medium",
    "cmpid",
    "dclid",
    "etext",
    "fb_action_ids",
    "fb_action_types",
    "fb_ref",
    "fb_source",
    "fbclid",
    "frommail",
    "gbraid",
    "gclid",
    "gclsrc",
    "hss_channel",
    "icid",
    "igsh",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ocid",
    "oly_anon_id",
    "oly_enc_id",
    "ref_src",
    "ref_url",
    "roistat",
    "srsltid",
    "twclid",
    "vero_id",
    "wbraid",
    "wt_mc",
    "wt_zmc",
    "xtor",
    "yadclid",
    "yclid",
    "ymclid",
    "yrclid",
    "ysclid",
];

/// The one spelling of an article's address, or `None` where it is no `http(s)` address with a host.
///
/// Off go: credentials, default ports, the fragment, the final dot of a host, tracking parameters,
/// AMP and mobile forms (`m.`, `amp.`, `/amp`, AMP caches). Kept: the scheme, `www.`, the order of
/// the other parameters, the final slash. Doing it twice changes nothing.
///
/// ```
/// use sozwatch::extract::canonical_url;
/// assert_eq!(
///     canonical_url("HTTPS://m.Outlet.Example:443/news/1/amp/?utm_source=tg&id=7#comments").as_deref(),
///     Some("https://outlet.example/news/1/?id=7"),
/// );
/// assert_eq!(canonical_url("mailto:editor@outlet.example"), None);
/// ```
pub fn canonical_url(address: &str) -> Option<String> {
    let mut url = web_address(address)?;
    if let Some(original) = out_of_amp_cache(&url) {
        url = original;
    }
    // Without credentials: they are no part of an article's name, and a disguise in hostile links.
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_fragment(None);
    fold_host(&mut url)?;
    fold_query(&mut url);
    fold_path(&mut url);
    let upper = upper_percent(url.as_str());
    web_address(&upper).map(String::from)
}

/// An absolute address out of a link found at `base`; `None` for what is no `http(s)` address.
pub fn resolve(link: &str, base: Option<&str>) -> Option<String> {
    let link = link.trim();
    if link.is_empty() || link.len() > LONGEST {
        return None;
    }
    let url = match base.and_then(|base| Url::parse(base).ok()) {
        // Three slashes or more are two (URL Standard, "special authority ignore slashes state").
        Some(base) if base.has_host() && link.starts_with("///") => {
            base.join(&format!("//{}", link.trim_start_matches(['/', '\\']))).ok()?
        }
        Some(base) => base.join(link).ok()?,
        None => Url::parse(link).ok()?,
    };
    is_web(&url).then(|| String::from(url))
}

/// The host of an address, in lower case, without `www.`.
pub fn host(address: &str) -> Option<String> {
    let url = web_address(address)?;
    let host = url.host_str()?.trim_end_matches('.');
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

/// Do two hosts belong to one site: equal, or one under the other, `www.`, `m.` and `amp.` aside?
pub fn same_site(one: &str, other: &str) -> bool {
    let (one, other) = (bare_host(one), bare_host(other));
    let under = |long: &str, short: &str| long.strip_suffix(short).is_some_and(|rest| rest.ends_with('.'));
    one == other || (one.contains('.') && other.contains('.') && (under(one, other) || under(other, one)))
}

fn bare_host(host: &str) -> &str {
    ["www.", "m.", "mobile.", "amp."].iter().find_map(|prefix| host.strip_prefix(prefix)).unwrap_or(host)
}

fn web_address(address: &str) -> Option<Url> {
    if address.len() > LONGEST {
        return None;
    }
    Url::parse(address.trim()).ok().filter(is_web)
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty())
}

/// The address behind `…cdn.ampproject.org/c/s/HOST/PATH` and `www.google.*/amp/s/HOST/PATH`.
fn out_of_amp_cache(url: &Url) -> Option<Url> {
    let host = url.host_str()?;
    let path = if host.ends_with(".cdn.ampproject.org") || host == "cdn.ampproject.org" {
        url.path().strip_prefix("/c/").or_else(|| url.path().strip_prefix("/v/"))?
    } else if host.starts_with("www.google.") || host.starts_with("google.") {
        url.path().strip_prefix("/amp/")?
    } else {
        return None;
    };
    let (scheme, rest) = match path.strip_prefix("s/") {
        Some(rest) => ("https", rest),
        None => ("http", path),
    };
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let original = web_address(&format!("{scheme}://{rest}{query}"))?;
    original.host_str()?.contains('.').then_some(original)
}

fn fold_host(url: &mut Url) -> Option<()> {
    let Some(Host::Domain(domain)) = url.host() else { return Some(()) };
    let mut name = domain.trim_end_matches('.');
    // The prefix is dropped only where what is left is a host of its own.
    while let Some(rest) = ["m.", "amp.", "mobile."].iter().find_map(|prefix| name.strip_prefix(prefix)) {
        if !rest.contains('.') {
            break;
        }
        name = rest;
    }
    if name.is_empty() {
        return None;
    }
    let name = name.to_owned();
    url.set_host(Some(&name)).ok()
}

fn fold_query(url: &mut Url) {
    let Some(query) = url.query() else { return };
    // How a Telegram post is shown, not which.
    let is_view = |pair: &str| matches!(pair, "embed=1" | "mode=tme" | "single") && url.host_str() == Some("t.me");
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !pair.is_empty() && !is_tracking(pair) && !is_view(pair)).collect();
    let kept = kept.join("&");
    url.set_query(Some(kept.as_str()).filter(|query| !query.is_empty()));
}

fn is_tracking(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let name = name.to_ascii_lowercase();
    name.starts_with("utm_")
        || TRACKING.binary_search(&name.as_str()).is_ok()
        || (name == "amp" && matches!(value, "" | "1" | "true"))
        || (matches!(name.as_str(), "outputtype" | "output") && value.eq_ignore_ascii_case("amp"))
}

fn fold_path(url: &mut Url) {
    let path = url.path();
    let folded = if let Some(rest) = path.strip_suffix("/amp/") {
        format!("{rest}/")
    } else if let Some(rest) = path.strip_suffix("/amp") {
        rest.to_owned()
    } else if let Some(rest) = path.strip_suffix(".amp.html") {
        format!("{rest}.html")
    } else if let Some(rest) = path.strip_suffix(".amp") {
        rest.to_owned()
    } else {
        return;
    };
    // `/amp` alone is a section of its own.
    if folded.trim_matches('/').is_empty() {
        return;
    }
    url.set_path(&folded);
    fold_path(url);
}

/// `%d0` → `%D0`: RFC 3986, section 6.2.2.1.
fn upper_percent(address: &str) -> String {
    let mut upper = String::with_capacity(address.len());
    let mut digits = 0;
    for letter in address.chars() {
        if letter == '%' {
            digits = 2;
        } else if digits > 0 {
            digits -= 1;
            upper.push(letter.to_ascii_uppercase());
            continue;
        }
        upper.push(letter);
    }
    upper
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tracking_parameters_are_in_order() {
        assert!(TRACKING.is_sorted());
    }

    #[test]
    fn spellings_of_one_article_become_one() {
        let check = |address: &str, expect: Option<&str>| {
            assert_eq!(canonical_url(address).as_deref(), expect, "{address}");
        };
        let story = Some("https://outlet.example/news/1");
        for address in [
            "https://outlet.example/news/1",
            " HTTPS://OUTLET.example:443/news/1#top ",
            "https://outlet.example./news/1?utm_source=tg&UTM_Medium=x",
            "https://m.outlet.example/news/1?fbclid=abc",
            "https://amp.outlet.example/news/1/amp",
            "https://user:secret@outlet.example/news/../news/./1?",
            "https://outlet.example/news/1?amp=1",
            "https://outlet-example.cdn.ampproject.org/c/s/outlet.example/news/1",
            "https://www.google.com/amp/s/outlet.example/news/1",
        ] {
            check(address, story);
        }
        check("https://outlet.example/story.amp.html", Some("https://outlet.example/story.html"));
        check("http://жаңалық.example/сот", Some("http://xn--80aaqw4fuxvb.example/%D1%81%D0%BE%D1%82"));
        check("http://a.example/%d1%81", Some("http://a.example/%D1%81"));
        check("http://a.example:8080/", Some("http://a.example:8080/"));
        check("http://127.0.0.1:4000/x?id=2&gclid=1", Some("http://127.0.0.1:4000/x?id=2"));
    }

    #[test]
    fn what_may_choose_another_article_stays() {
        for address in [
            "https://www.outlet.example/",
            "https://outlet.example/news/1/",
            "https://outlet.example/?p=12&id=3",
            "https://outlet.example/?id=3&p=12",
            "https://outlet.example/amp/",
            "https://outlet.example/camp",
            "https://m.example/",
            "https://mobile.example/amplifier?amp=volts",
            "https://outlet.example/news?output=rss",
            "http://[2001:db8::1]/x",
            "https://outlet.example/a?b=%20c",
        ] {
            assert_eq!(canonical_url(address).as_deref(), Some(address));
        }
    }

    #[test]
    fn only_web_addresses_count() {
        for address in
            ["", "news/1", "//outlet.example/", "ftp://outlet.example/", "javascript:alert(1)", "http://", "http://./"]
        {
            assert_eq!(canonical_url(address), None, "{address}");
        }
        assert_eq!(canonical_url(&format!("http://a.example/{}", "x".repeat(LONGEST))), None);
    }

    #[test]
    fn links_count_from_where_they_stand() {
        let check = |link: &str, expect: Option<&str>| {
            assert_eq!(resolve(link, Some("https://outlet.example/news/index.html")).as_deref(), expect, "{link}");
        };
        check("1.html", Some("https://outlet.example/news/1.html"));
        check(" /2?x=1#y ", Some("https://outlet.example/2?x=1#y"));
        check("//cdn.example/3", Some("https://cdn.example/3"));
        check("////cdn.example/3", Some("https://cdn.example/3"));
        check("http://b.example", Some("http://b.example/"));
        check("mailto:a@b.example", None);
        check("", None);
        assert_eq!(resolve("1.html", None), None);
    }

    #[test]
    fn a_site_is_its_host_and_what_lies_under_it() {
        for (one, other) in
            [("a.example", "www.a.example"), ("m.a.example", "a.example"), ("kz.a.example", "a.example")]
        {
            assert!(same_site(one, other), "{one} {other}");
        }
        for (one, other) in [("a.example", "ba.example"), ("a.example", "b.example"), ("a.example", "example")] {
            assert!(!same_site(one, other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn canonical_twice_is_canonical_once(
            host in "(m\\.|amp\\.|www\\.|mobile\\.){0,3}[a-zа-я0-9.-]{1,12}",
            path in "[a-zA-Zа-я0-9/%.~_ -]{0,20}(/amp|/amp/|\\.amp|\\.amp\\.html){0,3}",
            query in "([a-z_%]{1,6}=[a-zA-Z0-9%+а-я]{0,5}&?|utm_x=1&|amp&|&){0,4}",
        ) {
            if let Some(once) = canonical_url(&format!("http://{host}/{path}?{query}#f")) {
                prop_assert_eq!(canonical_url(&once), Some(once.clone()));
            }
        }

        #[test]
        fn no_address_is_a_panic(address in "\\PC{0,60}", base in "\\PC{0,30}") {
            canonical_url(&address);
            canonical_url(&format!("http://{address}"));
            resolve(&address, Some(&base));
            host(&address);
        }
    }
}
