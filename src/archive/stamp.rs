//! Time-stamp tokens (RFC 3161): an authority outside of the house says that the digest of a day's file
//! was there by then. The request is made and the answer is read here; that the authority's signature
//! holds is for whoever doubts the archive to check, with a tool that is not ours:
//! `openssl ts -verify -in FILE.tsr -data FILE -CAfile CA.pem`.

use std::path::{Path, PathBuf};

use super::ArchiveError;
use crate::disk;
use crate::model::hex;

/// Object identifiers as DER spells them.
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OID: u8 = 0x06;
const TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const EXPLICIT_0: u8 = 0xa0;

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The SHA-256 that it vouches for, in hexadecimal digits.
    pub digest: String,
    /// The number that the request carried, without leading zeros, where the token repeats one.
    pub nonce: Option<Vec<u8>>,
    /// When the authority saw it: `YYYYMMDDhhmmss[.f]Z`, as it wrote it.
    pub time: String,
}

/// Where the token of a file lies.
pub fn path(store: &Path, file: &str) -> PathBuf {
    store.join(super::FOLDER).join(format!("{file}.tsr"))
}

/// Writes the authority's answer beside the file, whole or not at all.
///
/// # Errors
/// Where it cannot be written.
pub fn keep(store: &Path, file: &str, answer: &[u8]) -> Result<(), ArchiveError> {
    Ok(disk::write_whole(&*disk::real(), &path(store, file), answer)?)
}

/// The request for a token (`TimeStampReq`) that carries the authority's certificates.
pub fn request(sha256: &[u8; 32], nonce: u64) -> Vec<u8> {
    let algorithm = element(SEQUENCE, &[element(OID, SHA256), element(0x05, &[])].concat());
    let imprint = element(SEQUENCE, &[algorithm, element(OCTETS, sha256)].concat());
    let version = element(INTEGER, &[1]);
    let nonce = element(INTEGER, &positive(nonce));
    let certificates = element(0x01, &[0xff]);
    element(SEQUENCE, &[version, imprint, nonce, certificates].concat())
}

/// Reads an authority's answer (`TimeStampResp`).
///
/// # Errors
/// Where it is none, or the authority refused.
pub fn read(answer: &[u8]) -> Result<Token, String> {
    let wrong = || "it is no RFC 3161 answer".to_owned();
    let (answer, _) = expect(SEQUENCE, answer).ok_or_else(wrong)?;
    let (status, token) = expect(SEQUENCE, answer).ok_or_else(wrong)?;
    let (code, words) = expect(INTEGER, status).ok_or_else(wrong)?;
    // 0 is granted, 1 granted with changes.
    if !matches!(code, [0 | 1]) {
        let words: String = String::from_utf8_lossy(words).chars().filter(|c| !c.is_control()).take(200).collect();
        return Err(format!("the authority refused (status {}) {words}", hex(code)));
    }
    read_token(token).ok_or_else(wrong)
}

fn read_token(token: &[u8]) -> Option<Token> {
    let (content, _) = expect(SEQUENCE, token)?;
    let (kind, content) = expect(OID, content)?;
    let (content, _) = expect(EXPLICIT_0, content)?;
    let (signed, _) = expect(SEQUENCE, content)?;
    let (_, signed) = expect(INTEGER, signed)?;
    let (_, signed) = expect(SET, signed)?;
    let (inside, _) = expect(SEQUENCE, signed)?;
    let (kind_inside, inside) = expect(OID, inside)?;
    if kind != SIGNED_DATA || kind_inside != TST_INFO {
        return None;
    }
    let (inside, _) = expect(EXPLICIT_0, inside)?;
    let (inside, _) = expect(OCTETS, inside)?;
    let (info, _) = expect(SEQUENCE, inside)?;
    let (_, info) = expect(INTEGER, info)?;
    let (_, info) = expect(OID, info)?;
    let (imprint, info) = expect(SEQUENCE, info)?;
    let (algorithm, digest) = expect(SEQUENCE, imprint)?;
    if expect(OID, algorithm)?.0 != SHA256 {
        return None;
    }
    let (digest, _) = expect(OCTETS, digest)?;
    let (_, info) = expect(INTEGER, info)?;
    let (time, mut rest) = expect(TIME, info)?;
    let mut nonce = None;
    // Accuracy and ordering may stand before the nonce, the authority's name and extensions after it.
    while let Some((tag, content, more)) = split(rest) {
        if tag == INTEGER {
            nonce = Some(without_zeros(content).to_vec());
        }
        rest = more;
    }
    Some(Token { digest: hex(digest), nonce, time: std::str::from_utf8(time).ok()?.to_owned() })
}

/// A nonce as a token repeats it.
pub fn nonce_bytes(nonce: u64) -> Vec<u8> {
    without_zeros(&nonce.to_be_bytes()).to_vec()
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..]
}

/// The shortest two's complement of a number that is not negative.
fn positive(number: u64) -> Vec<u8> {
    let bytes = nonce_bytes(number);
    match bytes.first() {
        Some(first) if first & 0x80 == 0 => bytes,
        _ => [&[0], bytes.as_slice()].concat(),
    }
}

/// A DER element (X.690, 8.1) with a content of less than 64 KiB.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = (content.len() as u16).to_be_bytes();
    let mut bytes = match (high, low) {
        (0, 0..=0x7f) => vec![tag, low],
        (0, _) => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    bytes.extend_from_slice(content);
    bytes
}

/// The content of the first element, where it has the tag, and what follows it.
fn expect(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    split(bytes).filter(|(found, ..)| *found == tag).map(|(_, content, rest)| (content, rest))
}

/// The first element: tag, content, and what follows it.
fn split(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}
