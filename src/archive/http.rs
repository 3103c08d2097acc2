//! An HTTP answer as a WARC holds it: head and body in one block, the body as it went over the wire
//! or already unpacked, as the writer of the WARC liked.

use std::io::Read as _;

/// Longest head of an answer, in bytes.
const LONGEST_HEAD: usize = 64 << 10;
/// Packings one over another that are taken off.
const LAYERS: usize = 3;

/// The head of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Names (in lower case) and values.
    pub headers: Vec<(String, String)>,
    /// Byte of the block at which the body begins.
    pub body_at: usize,
}

impl Answer {
    /// The first header of a (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads the head of an answer; `None` where the block does not begin with one.
pub fn read_answer(block: &[u8]) -> Option<Answer> {
    let head = &block[..block.len().min(LONGEST_HEAD)];
    let mut lines = Lines { bytes: head, at: 0 };
    let status_line = lines.next()?;
    let status_line = String::from_utf8_lossy(status_line);
    let mut words = status_line.split_ascii_whitespace();
    if !words.next()?.starts_with("HTTP/") {
        return None;
    }
    let status = words.next()?.parse().ok()?;
    let mut headers: Vec<(String, String)> = Vec::new();
    loop {
        let line = lines.next()?;
        if line.is_empty() {
            return Some(Answer { status, headers, body_at: lines.at });
        }
        let text = match std::str::from_utf8(line) {
            Ok(text) => text.to_owned(),
            Err(_) => line.iter().map(|byte| char::from(*byte)).collect(),
        };
        match (text.starts_with([' ', '\t']), headers.last_mut(), text.split_once(':')) {
            (true, Some((_, value)), _) => {
                value.push(' ');
                value.push_str(text.trim());
            }
            (false, _, Some((name, value))) => {
                headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
            _ => {}
        }
    }
}

struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.at..)?;
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        self.at += end + 1;
        let line = &rest[..end];
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}

/// The page's own bytes: chunks joined and packings taken off, where the body still has them.
///
/// # Errors
/// Where it does not unpack, or is larger than `cap` bytes.
pub fn payload(answer: &Answer, block: &[u8], cap: u64) -> Result<Vec<u8>, String> {
    let mut body = block.get(answer.body_at..).unwrap_or_default().to_vec();
    if answer.header("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"))
        && let Some(joined) = join_chunks(&body)
    {
        body = joined;
    }
    let packings = answer.headers.iter().filter(|(name, _)| name == "content-encoding");
    let packings: Vec<String> =
        packings.flat_map(|(_, value)| value.split(',')).map(|word| word.trim().to_ascii_lowercase()).collect();
    if packings.len() > LAYERS {
        return Err(format!("it is packed {} times over", packings.len()));
    }
    for packing in packings.iter().rev() {
        if let Some(unpacked) = unpack(packing, &body, cap)? {
            body = unpacked;
        }
    }
    match body.len() as u64 > cap {
        true => Err(too_large(cap)),
        false => Ok(body),
    }
}

fn too_large(cap: u64) -> String {
    format!("it is larger than {cap} bytes")
}

/// The body without chunks (RFC 9112, 7.1); `None` where it is not chunked: many writers join them.
fn join_chunks(body: &[u8]) -> Option<Vec<u8>> {
    let (mut joined, mut at) = (Vec::with_capacity(body.len()), 0);
    loop {
        let rest = body.get(at..)?;
        let end = rest.iter().take(1024).position(|byte| *byte == b'\n')?;
        let size = std::str::from_utf8(&rest[..end]).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(joined);
        }
        at += end + 1;
        joined.extend_from_slice(body.get(at..at.checked_add(size)?)?);
        at += size;
        at += match body.get(at..)? {
            rest if rest.starts_with(b"\r\n") => 2,
            rest if rest.starts_with(b"\n") => 1,
            _ => return None,
        };
    }
}

/// Takes one packing off; `None` where the body does not have it (any more).
fn unpack(packing: &str, body: &[u8], cap: u64) -> Result<Option<Vec<u8>>, String> {
    let capped = |reader: &mut dyn std::io::Read| -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let read = reader.take(cap + 1).read_to_end(&mut bytes);
        if bytes.len() as u64 > cap {
            return Err(too_large(cap));
        }
        read.map(|_| bytes).map_err(|error| format!("it does not unpack: {error}"))
    };
    match packing {
        "gzip" | "x-gzip" if body.starts_with(&[0x1f, 0x8b]) => {
            capped(&mut flate2::read::MultiGzDecoder::new(body)).map(Some)
        }
        "deflate" if body.first().is_some_and(|byte| byte & 0x0f == 8) && is_zlib(body) => {
            capped(&mut flate2::read::ZlibDecoder::new(body)).map(Some)
        }
        // Nothing tells packed from plain here but trying.
        "deflate" => if_it_unpacks(capped(&mut flate2::read::DeflateDecoder::new(body)), cap),
        "br" => if_it_unpacks(capped(&mut brotli::Decompressor::new(body, 4096)), cap),
        "zstd" if body.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) => {
            let mut decoder = zstd::stream::Decoder::new(body).map_err(|error| error.to_string())?;
            capped(&mut decoder).map(Some)
        }
        _ => Ok(None),
    }
}

fn if_it_unpacks(unpacked: Result<Vec<u8>, String>, cap: u64) -> Result<Option<Vec<u8>>, String> {
    match unpacked {
        Err(why) if why == too_large(cap) => Err(why),
        unpacked => Ok(unpacked.ok()),
    }
}

/// The two bytes that begin zlib data (RFC 1950) are a multiple of 31.
fn is_zlib(body: &[u8]) -> bool {
    matches!(body, [first, second, ..] if (u16::from(*first) << 8 | u16::from(*second)).is_multiple_of(31))
}
