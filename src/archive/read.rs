//! WARC read record by record (ISO 28500, versions 1.0 and 1.1): plain, gzip by record, or gzip as a
//! whole. Input is hostile: headers and blocks have caps, and a damaged record is told and passed over.

use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::GzDecoder;
use jiff::Timestamp;

/// How a gzip member begins (RFC 1952; deflate is the only method there is).
pub(super) const GZIP: [u8; 3] = [0x1f, 0x8b, 0x08];
/// Longest head of a record, in bytes.
const LONGEST_HEAD: usize = 64 << 10;
/// A block that is longer than was asked for is passed over up to here; beyond, the record is a fault.
const LONGEST_PASSED: u64 = 256 << 20;
/// Damaged records after which a file is given up.
const MOST_FAULTS: u32 = 10_000;

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Byte of the file at which it begins. Several records of one gzip member share its first byte.
    pub at: u64,
    /// Bytes of the file that it takes; 0 where it shares its gzip member with a record after it.
    pub length: u64,
    /// Names (in lower case) and values of its head.
    pub headers: Vec<(String, String)>,
    /// Its block, up to the cap.
    pub block: Vec<u8>,
    /// The block was longer than the cap.
    pub cut: bool,
}

impl Record {
    /// The first header of a (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// `response`, `request`, `metadata`, …
    pub fn kind(&self) -> &str {
        self.header("warc-type").unwrap_or_default()
    }

    /// Its id, without angle brackets.
    pub fn id(&self) -> &str {
        bare(self.header("warc-record-id").unwrap_or_default())
    }

    /// The address that it is about. Some writers of version 1.0 put it in angle brackets.
    pub fn target(&self) -> Option<&str> {
        self.header("warc-target-uri").map(bare)
    }

    /// When it was captured.
    pub fn date(&self) -> Option<Timestamp> {
        self.header("warc-date")?.trim().parse().ok()
    }
}

pub(super) fn bare(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(text)
}

/// A record that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the record at byte {at} cannot be read: {why}")]
pub struct Fault {
    /// Byte of the file at which it begins.
    pub at: u64,
    /// What is wrong with it.
    pub why: String,
}

/// Reads a WARC from its begin, or from where a record begins.
#[derive(Debug)]
pub struct Reader<R: BufRead + Seek> {
    stream: Stream<R>,
    /// Most bytes of a block that are kept.
    largest: u64,
    faults: u32,
}

#[derive(Debug)]
enum Stream<R: BufRead + Seek> {
    /// Between two records, or in a plain file.
    Plain(Counted<R>),
    /// Inside of a gzip member that began at the byte.
    Packed(u64, Box<BufReader<GzDecoder<Counted<R>>>>),
    /// Nothing more can be read.
    Ended,
}

/// Knows how many bytes were taken.
#[derive(Debug)]
struct Counted<R> {
    inner: R,
    at: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(into)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.at += bytes as u64;
        self.inner.consume(bytes);
    }
}

impl<R: BufRead + Seek> Reader<R> {
    /// Reads from `from`, where a record begins; of a block at most `largest` bytes are kept.
    ///
    /// # Errors
    /// Where the begin cannot be sought.
    pub fn new(mut inner: R, from: u64, largest: u64) -> std::io::Result<Self> {
        inner.seek(SeekFrom::Start(from))?;
        Ok(Self { stream: Stream::Plain(Counted { inner, at: from }), largest, faults: 0 })
    }

    /// The same, keeping at most so many bytes of a block.
    #[must_use]
    pub fn largest(mut self, bytes: u64) -> Self {
        self.largest = bytes;
        self
    }

    /// Byte of the file up to which it was read.
    pub fn position(&self) -> u64 {
        match &self.stream {
            Stream::Plain(counted) => counted.at,
            Stream::Packed(_, member) => member.get_ref().get_ref().at,
            Stream::Ended => u64::MAX,
        }
    }

    /// The next record, or what is wrong with it; `None` at the end. It goes on after a fault.
    pub fn next_record(&mut self) -> Option<Result<Record, Fault>> {
        loop {
            match std::mem::replace(&mut self.stream, Stream::Ended) {
                Stream::Ended => return None,
                Stream::Plain(mut counted) => {
                    let first = skip_line_ends(&mut counted);
                    let at = counted.at;
                    match first {
                        Ok(None) => return None,
                        Ok(Some(first)) if first == GZIP[0] => {
                            self.stream = Stream::Packed(at, Box::new(BufReader::new(GzDecoder::new(counted))));
                        }
                        Ok(Some(_)) => {
                            let read = read_record(&mut counted, self.largest, at);
                            let read = read.and_then(|record| skip_line_ends(&mut counted).map(|_| record));
                            return Some(match read {
                                Ok(record) => {
                                    let length = counted.at - at;
                                    self.stream = Stream::Plain(counted);
                                    Ok(Record { length, ..record })
                                }
                                Err(error) => self.pass_over(counted, at, &error),
                            });
                        }
                        Err(error) => return Some(self.pass_over(counted, at, &error)),
                    }
                }
                Stream::Packed(at, mut member) => match skip_line_ends(&mut member) {
                    Ok(None) => self.stream = Stream::Plain(member.into_inner().into_inner()),
                    Ok(Some(_)) => {
                        // The sum of a member is checked at its end: a record counts once that was seen.
                        let read = read_record(&mut member, self.largest, at);
                        match read.and_then(|record| skip_line_ends(&mut member).map(|more| (record, more))) {
                            Ok((record, Some(_))) => {
                                self.stream = Stream::Packed(at, member);
                                return Some(Ok(record));
                            }
                            Ok((record, None)) => {
                                let counted = member.into_inner().into_inner();
                                let length = counted.at - at;
                                self.stream = Stream::Plain(counted);
                                return Some(Ok(Record { length, ..record }));
                            }
                            Err(error) => return Some(self.pass_over(member.into_inner().into_inner(), at, &error)),
                        }
                    }
                    Err(error) => return Some(self.pass_over(member.into_inner().into_inner(), at, &error)),
                },
            }
        }
    }

    /// Tells a fault and goes on at the next byte from which a record can be read.
    fn pass_over(&mut self, mut counted: Counted<R>, at: u64, error: &std::io::Error) -> Result<Record, Fault> {
        self.faults += 1;
        let mut why = match error.kind() {
            std::io::ErrorKind::UnexpectedEof => "it ends too early".to_owned(),
            _ => error.to_string(),
        };
        if self.faults >= MOST_FAULTS {
            why.push_str("; so much of the file is damaged that the rest was left");
        } else if seek(&mut counted, at + 1)
            .and_then(|()| find_start(&mut counted, &mut self.faults))
            .is_ok_and(|found| found)
        {
            self.stream = Stream::Plain(counted);
        }
        Err(Fault { at, why })
    }
}

fn seek<R: BufRead + Seek>(counted: &mut Counted<R>, to: u64) -> std::io::Result<()> {
    counted.inner.seek(SeekFrom::Start(to))?;
    counted.at = to;
    Ok(())
}

/// Goes to where a gzip member of WARC begins, or a line with its version; tells whether there is one.
/// What looks like a begin and is none counts as a fault, so that the search has an end.
fn find_start<R: BufRead + Seek>(counted: &mut Counted<R>, faults: &mut u32) -> std::io::Result<bool> {
    const VERSION: &[u8] = b"\nWARC/1.";
    // What was seen last of the piece before.
    let mut last: Vec<u8> = Vec::new();
    while *faults < MOST_FAULTS {
        let found = loop {
            let start = counted.at - last.len() as u64;
            let piece = counted.fill_buf()?;
            if piece.is_empty() {
                return Ok(false);
            }
            let mut seen = std::mem::take(&mut last);
            seen.extend_from_slice(piece);
            let length = piece.len();
            let at = (0..seen.len()).find(|at| seen[*at..].starts_with(&GZIP) || seen[*at..].starts_with(VERSION));
            counted.consume(length);
            if let Some(at) = at {
                break start + at as u64;
            }
            last = seen.split_off(seen.len().saturating_sub(VERSION.len() - 1));
        };
        seek(counted, found)?;
        if counted.fill_buf()?.first() == Some(&b'\n') {
            counted.consume(1);
            return Ok(true);
        }
        let mut begin = [0; 5];
        let is_record = GzDecoder::new(&mut *counted).read_exact(&mut begin).is_ok() && &begin == b"WARC/";
        seek(counted, if is_record { found } else { found + 1 })?;
        if is_record {
            return Ok(true);
        }
        last.clear();
        *faults += 1;
    }
    Ok(false)
}

/// Passes over ends of lines; gives the byte that follows, `None` at the end.
fn skip_line_ends(stream: &mut impl BufRead) -> std::io::Result<Option<u8>> {
    loop {
        let piece = stream.fill_buf()?;
        let ends = piece.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let next = piece.get(ends).copied();
        let empty = piece.is_empty();
        stream.consume(ends);
        if empty || next.is_some() {
            return Ok(next);
        }
    }
}

fn wrong(why: impl Into<String>) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, why.into())
}

fn read_record(stream: &mut impl BufRead, largest: u64, at: u64) -> std::io::Result<Record> {
    let mut room = LONGEST_HEAD;
    let version = line(stream, &mut room)?;
    if !version.starts_with(b"WARC/1.") && !version.starts_with(b"WARC/0.1") {
        return Err(wrong("no WARC record begins here"));
    }
    let mut headers: Vec<(String, String)> = Vec::new();
    loop {
        let line = line(stream, &mut room)?;
        let text = String::from_utf8_lossy(&line);
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            // A folded line goes on with the value before it.
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(text.trim());
            }
            continue;
        }
        if let Some((name, value)) = text.split_once(':') {
            headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    let mut record = Record { at, length: 0, headers, block: Vec::new(), cut: false };
    let length = record.header("content-length").and_then(|text| text.parse::<u64>().ok());
    let length = length.ok_or_else(|| wrong("it does not say how long it is"))?;
    let kept = length.min(largest);
    stream.take(kept).read_to_end(&mut record.block)?;
    if (record.block.len() as u64) < kept {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    if length > kept {
        record.cut = true;
        let rest = length - kept;
        if rest > LONGEST_PASSED {
            return Err(wrong(format!("its block of {length} bytes is longer than any page")));
        }
        if std::io::copy(&mut stream.take(rest), &mut std::io::sink())? < rest {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(record)
}

/// One line of a head without its end.
fn line(stream: &mut impl BufRead, room: &mut usize) -> std::io::Result<Vec<u8>> {
    let mut line = Vec::new();
    stream.take(*room as u64).read_until(b'\n', &mut line)?;
    *room -= line.len();
    if line.pop_if(|byte| *byte == b'\n').is_none() {
        return Err(match *room {
            0 => wrong("its head is too long"),
            _ => std::io::ErrorKind::UnexpectedEof.into(),
        });
    }
    line.pop_if(|byte| *byte == b'\r');
    Ok(line)
}
