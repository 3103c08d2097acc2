//! Who is told, and by which way: `[mail]` and `[notify]`.

use super::{MailConfig, MailTls, NotifyConfig};
use crate::model::{Category, Lang};
use crate::tables::Table;

/// Reads `[mail]`.
pub(super) fn mail(table: &Table<'_, '_>) -> Option<MailConfig> {
    if !table.is_written() {
        return None;
    }
    let tls = |word: &str| match word {
        "tls" => Ok(MailTls::Tls),
        "starttls" => Ok(MailTls::StartTls),
        "none" => Ok(MailTls::None),
        _ => Err("use \"tls\", \"starttls\" or \"none\" (for a server on this machine only)".to_owned()),
    };
    let at_once = categories(table, "at_once");
    let lists = table.table("readers");
    let readers = [Lang::KK, Lang::RU, Lang::EN].into_iter().filter_map(|lang| Some((lang, lists.text(lang.id())?)));
    let readers = readers.collect();
    lists.done();
    let mail = MailConfig {
        readers,
        server: table.required_text("server").unwrap_or_default(),
        port: table.count("port").map(|port| u16::try_from(port).unwrap_or_default()),
        tls: table.parsed("tls", tls).unwrap_or(MailTls::Tls),
        user: table.text("user"),
        password_file: table.text("password_file"),
        from: table.required_text("from").unwrap_or_default(),
        to: table.texts("to").unwrap_or_default(),
        at_once,
    };
    if mail.to.is_empty() {
        table.fault("to", "`mail.to` names nobody; write at least one address", None);
    }
    if mail.port == Some(0) {
        table.fault("port", "`mail.port` lies between 1 and 65535", None);
    }
    if mail.tls == MailTls::None && !is_here(&mail.server) {
        table.fault(
            "tls",
            "without TLS anybody on the way reads the mail; `none` is for a server on this machine",
            None,
        );
    }
    table.done();
    Some(mail)
}

/// Reads `[notify]`.
pub(super) fn notify(table: &Table<'_, '_>) -> Option<NotifyConfig> {
    if !table.is_written() {
        return None;
    }
    let notify = NotifyConfig {
        webhook: table.required_text("webhook").unwrap_or_default(),
        at_once: categories(table, "at_once"),
        texts: table.flag("texts").unwrap_or_default(),
    };
    if !notify.webhook.is_empty() && !is_safe(&notify.webhook) {
        table.fault(
            "webhook",
            "`notify.webhook` is an https address (http for a server on this machine only): without TLS anybody on \
             the way reads along",
            None,
        );
    }
    if notify.at_once.is_empty() {
        table.fault("at_once", "`notify.at_once` names no category, so the webhook would hear of nothing", None);
    }
    table.done();
    Some(notify)
}

pub(super) fn categories(table: &Table<'_, '_>, key: &'static str) -> Vec<Category> {
    let mut categories = Vec::new();
    for id in table.texts(key).unwrap_or_default() {
        match id.parse::<Category>() {
            Ok(category) => categories.push(category),
            Err(error) => table.fault(key, error.to_string(), None),
        }
    }
    categories
}

/// Is it this machine?
fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn is_safe(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| match url.scheme() {
        "https" => url.has_host(),
        "http" => url.host_str().is_some_and(|host| is_here(host.trim_matches(['[', ']']))),
        _ => false,
    })
}
