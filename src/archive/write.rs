//! Records as bytes: WARC 1.1, each a gzip member of its own.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{Record, Remark};
use crate::model::{Page, Wire, hex};

/// Headers that spoke of how the body was packed on the wire; it is not any more.
const OF_PACKING: [&str; 2] = ["content-encoding", "transfer-encoding"];

/// The record that a file begins with: who wrote it.
pub(super) fn info(file: &str, now: Timestamp) -> std::io::Result<Vec<u8>> {
    let block = fields(&[
        ("software", concat!("sozwatch/", env!("CARGO_PKG_VERSION")).to_owned()),
        ("format", "WARC File Format 1.1".to_owned()),
        ("conformsTo", "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/".to_owned()),
        ("robots", "obey".to_owned()),
    ]);
    let head = Head::new("warcinfo", now, "application/warc-fields")?.with("WARC-Filename", file);
    head.packed(&block, None)
}

/// The records of one page, and the id of the one that holds its bytes.
pub(super) fn page(page: &Page, remarks: &[Remark]) -> std::io::Result<(Vec<u8>, String)> {
    let mut records = Vec::new();
    let uri = one_line(&page.url);
    let kept = match &page.wire {
        Some(wire) => {
            let answer =
                Head::new("response", page.captured, "application/http; msgtype=response")?.about(&uri).over(wire);
            let asked = Head::new("request", page.captured, "application/http; msgtype=request")?
                .about(&uri)
                .over(wire)
                .with("WARC-Concurrent-To", &format!("<{}>", answer.id));
            // What somebody else asked is not made up.
            if wire.taken_from.is_none() {
                records.extend(asked.packed(&request(page, wire), None)?);
            }
            let (block, body_at) = response(page, wire);
            records.extend(answer.packed(&block, Some(&block[body_at..]))?);
            answer
        }
        None => {
            let kind = page.header("content-type").unwrap_or("text/html");
            let resource = Head::new("resource", page.captured, &one_line(kind))?.about(&uri);
            records.extend(resource.packed(&page.body, Some(&page.body))?);
            resource
        }
    };
    let mut lines: Vec<Remark> = remarks.to_vec();
    lines.extend(page.wire.iter().flat_map(|wire| wire.via.iter().map(|via| ("via", via.clone()))));
    lines.extend(page.wire.iter().filter_map(|wire| Some(("taken-from", wire.taken_from.clone()?))));
    let why = Head::new("metadata", page.captured, "application/warc-fields")?
        .about(&uri)
        .with("WARC-Refers-To", &format!("<{}>", kept.id))
        .with("WARC-Concurrent-To", &format!("<{}>", kept.id));
    records.extend(why.packed(&fields(&lines), None)?);
    Ok((records, kept.id))
}

/// What stands in the place of a page that was erased: its id, and the digest of what was there.
pub(super) fn tombstone(erased: &Record, now: Timestamp) -> std::io::Result<Vec<u8>> {
    let mut lines = vec![("erased", erased.id().to_owned())];
    lines.extend(erased.header("warc-payload-digest").map(|sum| ("payload-digest", sum.to_owned())));
    Head::new("metadata", now, "application/warc-fields")?.packed(&fields(&lines), None)
}

/// What was asked, as HTTP/1.1 spells it.
fn request(page: &Page, wire: &Wire) -> Vec<u8> {
    let url = url::Url::parse(&page.url).ok();
    let (target, host) = match &url {
        Some(url) => {
            let host = url.host_str().unwrap_or_default();
            let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
            (url[url::Position::BeforePath..url::Position::AfterQuery].to_owned(), host)
        }
        None => (page.url.clone(), String::new()),
    };
    let mut block = format!("GET {} HTTP/1.1\r\n", one_line(&target)).into_bytes();
    for (name, value) in &wire.asked {
        header(&mut block, name, value);
    }
    header(&mut block, "host", &host);
    block.extend_from_slice(b"\r\n");
    block
}

/// What answered, as HTTP/1.1 spells it, and where its body begins.
fn response(page: &Page, wire: &Wire) -> (Vec<u8>, usize) {
    let reason = hyper::StatusCode::from_u16(wire.status).ok().and_then(|status| status.canonical_reason());
    let mut block = format!("HTTP/1.1 {} {}\r\n", wire.status, reason.unwrap_or_default()).into_bytes();
    for (name, value) in &page.headers {
        let another_length = name == "content-length" && value.trim() != page.body.len().to_string();
        match OF_PACKING.contains(&name.as_str()) || another_length {
            true => header(&mut block, &format!("x-orig-{name}"), value),
            false => header(&mut block, name, value),
        }
    }
    block.extend_from_slice(b"\r\n");
    let body_at = block.len();
    block.extend_from_slice(&page.body);
    (block, body_at)
}

fn header(block: &mut Vec<u8>, name: &str, value: &str) {
    block.extend_from_slice(format!("{}: {}\r\n", one_line(name), one_line(value)).as_bytes());
}

/// `application/warc-fields`: a name and a value a line.
fn fields(remarks: &[Remark]) -> Vec<u8> {
    let line = |(name, value): &Remark| format!("{name}: {}\r\n", one_line(value));
    remarks.iter().map(line).collect::<String>().into_bytes()
}

/// Without what would end a line of a head.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The head of a record, without the length and the sums that the block gives.
struct Head {
    id: String,
    lines: Vec<(&'static str, String)>,
}

impl Head {
    fn new(kind: &str, date: Timestamp, content_type: &str) -> std::io::Result<Self> {
        let id = fresh_id()?;
        let lines = vec![
            ("WARC-Type", kind.to_owned()),
            ("WARC-Record-ID", format!("<{id}>")),
            ("WARC-Date", format!("{date:.6}")),
            ("Content-Type", content_type.to_owned()),
        ];
        Ok(Self { id, lines })
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.lines.push((name, value.to_owned()));
        self
    }

    fn about(self, uri: &str) -> Self {
        self.with("WARC-Target-URI", uri)
    }

    /// Who answered, and in which protocol.
    fn over(self, wire: &Wire) -> Self {
        let head = match wire.peer {
            Some(peer) => self.with("WARC-IP-Address", &peer.to_string()),
            None => self,
        };
        head.with("WARC-Protocol", &one_line(&wire.protocol))
    }

    /// The whole record as a gzip member.
    fn packed(&self, block: &[u8], payload: Option<&[u8]>) -> std::io::Result<Vec<u8>> {
        let mut head = "WARC/1.1\r\n".to_owned();
        for (name, value) in &self.lines {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let sum = |bytes: &[u8]| format!("sha256:{}", hex(&Sha256::digest(bytes)));
        head.push_str(&format!("WARC-Block-Digest: {}\r\n", sum(block)));
        if let Some(payload) = payload {
            head.push_str(&format!("WARC-Payload-Digest: {}\r\n", sum(payload)));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", block.len()));
        let mut member = GzEncoder::new(Vec::new(), Compression::default());
        member.write_all(head.as_bytes())?;
        member.write_all(block)?;
        member.write_all(b"\r\n\r\n")?;
        member.finish()
    }
}

/// A random UUID (RFC 9562, version 4) as a URN.
fn fresh_id() -> std::io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hex(&bytes);
    Ok(format!(
        "urn:uuid:{}-{}-{}-{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..]
    ))
}
