//! Bodies that are gzip files themselves, as sitemaps often are.

use std::borrow::Cow;
use std::io::Read as _;

/// Most bytes that a gzip file may unpack to; the rest is cut off.
const MOST: u64 = 64 << 20;

/// The bytes, unpacked where they are a gzip file; what was unpacked before a fault where it is broken.
pub fn unpacked(body: &[u8]) -> Cow<'_, [u8]> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Cow::Borrowed(body);
    }
    let mut bytes = Vec::new();
    let reader = flate2::read::MultiGzDecoder::new(body).take(MOST);
    let mut reader = std::io::BufReader::new(reader);
    // A fault leaves what came before it; whoever reads on says what is missing.
    let _ = reader.read_to_end(&mut bytes);
    Cow::Owned(bytes)
}
