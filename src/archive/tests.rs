//! Pages kept and read back, by our own reader; damage found; WARCs that others wrote.

use std::io::{Cursor, Write as _};

use proptest::prelude::*;

use super::*;
use crate::disk::simulated::{Keeps, Simulated};
use crate::model::Wire;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn page(n: u32) -> Page {
    Page {
        url: format!("https://dala.example/news/{n}?a=1&b=қала"),
        moved: None,
        headers: [
            ("content-type", "text/html; charset=utf-8"),
            ("transfer-encoding", "chunked"),
            ("content-length", "7"),
            ("x-title", "Дала\r\nWARC/1.1"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec(),
        body: format!("<p>Мәтін {n}. WARC/1.1\r\n\r\n</p>").into_bytes(),
        captured: at("2026-11-24T10:00:00.123456Z"),
        wire: Some(Wire {
            status: 200,
            protocol: "h2".to_owned(),
            peer: Some("203.0.113.7".parse().unwrap()),
            asked: vec![("user-agent".to_owned(), "sozwatch/0.1".to_owned())],
            via: vec![format!("http://dala.example/{n}")],
            taken_from: None,
        }),
    }
}

const NOON: &str = "2026-11-24T12:00:00Z";

fn remarks() -> Vec<Remark> {
    vec![("story", "s1".to_owned()), ("rule", "arrest.speaker_held".to_owned())]
}

/// A store folder with an archive of so many pages, and where they lie.
fn kept(pages: u32) -> (tempfile::TempDir, Vec<Place>) {
    let folder = tempfile::tempdir().unwrap();
    let (mut archive, notices) = Archive::open(folder.path(), Vec::new()).unwrap();
    assert_eq!(notices, []);
    let places = (0..pages).map(|n| archive.keep(&page(n), &remarks(), at(NOON)).unwrap()).collect();
    (folder, places)
}

fn day_file(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("archive/2026-11-24.warc.gz")
}

fn records(path: &Path) -> Vec<Record> {
    let mut reader = Reader::open(path, 0).unwrap();
    std::iter::from_fn(|| reader.next_record()).map(Result::unwrap).collect()
}

#[test]
fn a_page_is_kept_with_what_was_asked_and_why() {
    let (folder, places) = kept(2);
    let records = records(&day_file(&folder));
    let kinds: Vec<&str> = records.iter().map(Record::kind).collect();
    assert_eq!(kinds, ["warcinfo", "request", "response", "metadata", "request", "response", "metadata"]);
    let (asked, answer, why) = (&records[1], &records[2], &records[3]);
    assert_eq!((places[0].file.as_str(), places[0].record.as_str()), ("2026-11-24.warc.gz", answer.id()));
    assert_eq!(answer.target(), Some(page(0).url.as_str()));
    assert_eq!(answer.date(), Some(page(0).captured));
    assert_eq!(answer.header("warc-ip-address"), Some("203.0.113.7"));
    assert_eq!(asked.header("warc-concurrent-to").map(|id| id.trim_matches(['<', '>'])), Some(answer.id()));
    assert!(asked.block.starts_with(b"GET /news/0?a=1&b=%D2%9B%D0%B0%D0%BB%D0%B0 HTTP/1.1\r\n"));
    assert!(String::from_utf8_lossy(&asked.block).ends_with("\r\nhost: dala.example\r\n\r\n"));
    let read = http::read_answer(&answer.block).unwrap();
    assert_eq!(read.status, 200);
    assert_eq!(&answer.block[read.body_at..], page(0).body);
    assert_eq!(http::payload(&read, &answer.block, 1000).unwrap(), page(0).body);
    // What would mislead a reader of the unpacked body has another name; nothing ends a line early.
    assert_eq!((read.header("transfer-encoding"), read.header("content-length")), (None, None));
    assert_eq!(read.header("x-orig-transfer-encoding"), Some("chunked"));
    assert_eq!(read.header("x-title"), Some("Дала  WARC/1.1"));
    let why = String::from_utf8(why.block.clone()).unwrap();
    assert_eq!(why, "story: s1\r\nrule: arrest.speaker_held\r\nvia: http://dala.example/0\r\n");
    assert!(verify(folder.path(), &[]).unwrap().faults.is_empty());
}

#[test]
fn a_page_that_was_handed_in_is_a_resource() {
    let folder = tempfile::tempdir().unwrap();
    let (mut archive, _) = Archive::open(folder.path(), Vec::new()).unwrap();
    archive.keep(&Page { wire: None, headers: Vec::new(), ..page(1) }, &[], at(NOON)).unwrap();
    let records = records(&day_file(&folder));
    assert_eq!(records.iter().map(Record::kind).collect::<Vec<_>>(), ["warcinfo", "resource", "metadata"]);
    assert_eq!(records[1].block, page(1).body);
    assert_eq!(verify(folder.path(), &[]).unwrap().pages.len(), 1);
}

#[test]
fn a_record_that_a_crash_cut_is_set_aside_and_told() {
    let (folder, _) = kept(1);
    let path = day_file(&folder);
    let whole = std::fs::read(&path).unwrap();
    let (mut archive, _) = Archive::open(folder.path(), Vec::new()).unwrap();
    archive.keep(&page(1), &remarks(), at(NOON)).unwrap();
    let more = std::fs::read(&path).unwrap();
    let ends: Vec<usize> = records(&path).iter().map(|record| (record.at + record.length) as usize).collect();
    for cut in (whole.len()..more.len()).step_by(29).chain([more.len() - 1, more.len()]) {
        std::fs::write(&path, &more[..cut]).unwrap();
        let (mut archive, notices) = Archive::open(folder.path(), Vec::new()).unwrap();
        let left = std::fs::read(&path).unwrap().len();
        assert_eq!(Some(&left), ends.iter().rfind(|end| **end <= cut), "cut at {cut}");
        assert_eq!(notices.len(), usize::from(left != cut), "cut at {cut}");
        archive.keep(&page(2), &remarks(), at(NOON)).unwrap();
        assert!(verify(folder.path(), &[]).unwrap().faults.is_empty(), "cut at {cut}");
    }
}

/// What `keep` told as kept is there after a power loss, at whichever step it came.
#[test]
fn no_power_loss_takes_a_page_that_was_told_as_kept() {
    for keeps in Keeps::ALL {
        for step in 0.. {
            let disk = Simulated::failing_at(step, keeps);
            let mut told = Vec::new();
            let mut run = || -> Result<(), ArchiveError> {
                let (mut archive, _) = Archive::open_on(Arc::new(disk.clone()), disk.folder(), Vec::new())?;
                for now in [NOON, NOON, "2026-11-25T00:00:01Z"] {
                    told.push(archive.keep(&page(told.len() as u32), &remarks(), at(now))?);
                }
                Ok(())
            };
            let done = run().is_ok();
            let left = disk.after_power_loss();
            Archive::open(left.path(), Vec::new()).unwrap();
            let checked = verify(left.path(), &[]).unwrap();
            assert!(checked.faults.is_empty(), "{keeps:?}, step {step}: {:?}", checked.faults);
            for place in &told {
                let known = (place.file.clone(), place.record.clone());
                assert!(checked.pages.contains_key(&known), "{keeps:?}, step {step}: {place:?} is lost");
            }
            if done {
                break;
            }
        }
    }
}

#[test]
fn zeros_after_a_power_loss_are_no_record() {
    let (folder, _) = kept(1);
    let path = day_file(&folder);
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, [whole.as_slice(), &[0; 5000]].concat()).unwrap();
    assert_eq!(Archive::open(folder.path(), Vec::new()).unwrap().1.len(), 1);
    assert_eq!(std::fs::read(&path).unwrap(), whole);
}

#[test]
fn damage_in_the_middle_cuts_nothing_off() {
    let (folder, _) = kept(3);
    let path = day_file(&folder);
    let mut bytes = std::fs::read(&path).unwrap();
    let at = records(&path)[2].at as usize + 200;
    bytes[at] ^= 0x55;
    std::fs::write(&path, &bytes).unwrap();
    let (_, notices) = Archive::open(folder.path(), Vec::new()).unwrap();
    assert_eq!((notices.len(), std::fs::read(&path).unwrap().len()), (0, bytes.len()));
    let checked = verify(folder.path(), &[]).unwrap();
    assert_eq!((checked.records, checked.faults.len()), (9, 1), "{:?}", checked.faults);
    assert_eq!(checked.files["2026-11-24.warc.gz"], FileState::Changed);
}

#[test]
fn every_changed_byte_of_a_finished_day_is_found() {
    let (folder, _) = kept(1);
    let path = day_file(&folder);
    let finished = [sum_up(folder.path(), "2026-11-24.warc.gz").unwrap()];
    assert_eq!(finished[0].records, 4);
    assert!(verify(folder.path(), &finished).unwrap().faults.is_empty());
    let bytes = std::fs::read(&path).unwrap();
    for at in (0..bytes.len()).step_by(5) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        let checked = verify(folder.path(), &finished).unwrap();
        assert_eq!(checked.files["2026-11-24.warc.gz"], FileState::Changed, "byte {at}");
    }
    std::fs::remove_file(&path).unwrap();
    assert_eq!(verify(folder.path(), &finished).unwrap().files["2026-11-24.warc.gz"], FileState::Missing);
}

/// Somebody who packs a record anew, with sums that hold, is given away by the digest of the day.
#[test]
fn a_record_that_was_written_anew_is_found() {
    let (folder, _) = kept(1);
    let finished = [sum_up(folder.path(), "2026-11-24.warc.gz").unwrap()];
    std::fs::remove_file(day_file(&folder)).unwrap();
    let (mut archive, _) = Archive::open(folder.path(), Vec::new()).unwrap();
    archive.keep(&page(7), &remarks(), at(NOON)).unwrap();
    assert!(verify(folder.path(), &[]).unwrap().faults.is_empty());
    let checked = verify(folder.path(), &finished).unwrap();
    assert_eq!(checked.files["2026-11-24.warc.gz"], FileState::Changed);
}

#[test]
fn a_finished_day_takes_nothing_more() {
    let (folder, _) = kept(1);
    let (mut archive, _) = Archive::open(folder.path(), Vec::new()).unwrap();
    assert_eq!(archive.over(at(NOON)).unwrap(), [""; 0]);
    let next = "2026-11-25T00:00:01Z";
    assert_eq!(archive.over(at(next)).unwrap(), ["2026-11-24.warc.gz"]);
    let summed = sum_up(folder.path(), "2026-11-24.warc.gz").unwrap();
    archive.finish(&summed).unwrap();
    assert_eq!(archive.over(at(next)).unwrap(), [""; 0]);
    let line = std::fs::read_to_string(folder.path().join("archive/2026-11-24.warc.gz.sha256")).unwrap();
    assert_eq!(line, format!("{}  2026-11-24.warc.gz\n", summed.sha256));
    // The clock goes back into a finished day, then forward, then back into one that is not finished.
    let mut keep = |now: &str| archive.keep(&page(2), &[], at(now)).unwrap().file;
    assert_eq!(keep(NOON), "2026-11-24-2.warc.gz");
    assert_eq!(keep(next), "2026-11-25.warc.gz");
    assert_eq!(keep(NOON), "2026-11-25.warc.gz");
    assert_eq!(files(folder.path()).unwrap(), ["2026-11-24.warc.gz", "2026-11-24-2.warc.gz", "2026-11-25.warc.gz"]);
    assert!(verify(folder.path(), &[summed]).unwrap().faults.is_empty());
}

#[test]
fn an_erased_page_is_gone_and_the_rest_is_whole() {
    let (folder, places) = kept(3);
    let (mut archive, _) = Archive::open(folder.path(), Vec::new()).unwrap();
    let before = sum_up(folder.path(), "2026-11-24.warc.gz").unwrap();
    archive.finish(&before).unwrap();
    stamp::keep(folder.path(), &before.file, b"a token").unwrap();
    let anew = archive.erase(&places[1..2], at(NOON)).unwrap();
    assert_eq!(anew.len(), 1);
    assert_ne!(anew[0].sha256, before.sha256);
    // Three records went, one stands in their place.
    assert_eq!((before.records, anew[0].records), (10, 8));
    archive.finish(&anew[0]).unwrap();
    let checked = verify(folder.path(), &anew).unwrap();
    assert!(checked.faults.is_empty(), "{:?}", checked.faults);
    assert_eq!((checked.pages.len(), checked.erased), (2, 1));
    assert!(checked.gone.contains(&(places[1].file.clone(), places[1].record.clone())));
    let text: Vec<u8> = records(&day_file(&folder)).into_iter().flat_map(|record| record.block).collect();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(text.contains("Мәтін 0") && text.contains("Мәтін 2") && !text.contains("Мәтін 1"));
    assert!(!text.contains("/news/1"));
    assert!(folder.path().join("archive/2026-11-24.warc.gz.before-1.tsr").exists());
    // Twice does no harm; a page that nobody kept, neither.
    assert_eq!(archive.erase(&places[1..2], at(NOON)).unwrap(), anew);
    let nowhere = Place { file: "../ledger/2026.jsonl".to_owned(), record: "urn:uuid:0".to_owned() };
    assert_eq!(archive.erase(&[nowhere], at(NOON)).unwrap(), []);
}

#[test]
fn a_page_erased_today_does_not_stop_the_day() {
    let (folder, places) = kept(1);
    let (mut archive, _) = Archive::open(folder.path(), Vec::new()).unwrap();
    archive.keep(&page(5), &remarks(), at(NOON)).unwrap();
    assert_eq!(archive.erase(&places, at(NOON)).unwrap(), []);
    archive.keep(&page(6), &remarks(), at(NOON)).unwrap();
    let checked = verify(folder.path(), &[]).unwrap();
    assert_eq!((checked.faults.len(), checked.pages.len(), checked.erased), (0, 2, 1));
}

const STRANGE: &str = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <http://dala.example/1>\r\n\
    WARC-Date: 2019-03-04T05:06:07Z\r\nWARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http;\r\n  \
    msgtype=response\r\nContent-Length: 29\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\nText\r\n\r\n";

fn read_all(bytes: &[u8], largest: u64) -> Vec<Result<Record, Fault>> {
    let mut reader = Reader::new(Cursor::new(bytes), 0, largest).unwrap();
    std::iter::from_fn(|| reader.next_record()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    member.write_all(bytes).unwrap();
    member.finish().unwrap()
}

#[test]
fn warcs_of_others_are_read_however_they_are_packed() {
    let two = STRANGE.repeat(2).into_bytes();
    let member = gzip(STRANGE.as_bytes());
    for bytes in [
        two.clone(),
        gzip(&two),
        [member.clone(), member.clone()].concat(),
        [member, two[..two.len() / 2].to_vec()].concat(),
    ] {
        let records: Vec<Record> = read_all(&bytes, 1000).into_iter().map(Result::unwrap).collect();
        assert_eq!(records.len(), 2);
        for record in &records {
            assert_eq!((record.target(), record.id()), (Some("http://dala.example/1"), "urn:uuid:1"));
            assert_eq!(record.header("content-type"), Some("application/http; msgtype=response"));
            assert_eq!(record.date(), Some(at("2019-03-04T05:06:07Z")));
            let answer = http::read_answer(&record.block).unwrap();
            assert_eq!(&record.block[answer.body_at..], b"Text");
        }
        let last = records.last().unwrap();
        assert_eq!(last.at + last.length, bytes.len() as u64);
    }
}

#[test]
fn a_reader_goes_on_from_where_a_record_begins() {
    let member = gzip(STRANGE.as_bytes());
    let bytes = member.repeat(3);
    let mut reader = Reader::new(Cursor::new(&bytes), member.len() as u64, 1000).unwrap();
    assert_eq!(std::iter::from_fn(|| reader.next_record()).filter(Result::is_ok).count(), 2);
}

#[test]
fn what_is_no_record_is_told_and_passed_over() {
    let check = |bytes: &[u8], good: usize, faults: &[&str]| {
        let read = read_all(bytes, 1000);
        assert_eq!(read.iter().filter(|record| record.is_ok()).count(), good, "{read:?}");
        let told: Vec<String> = read.into_iter().filter_map(Result::err).map(|fault| fault.to_string()).collect();
        assert_eq!(told.len(), faults.len(), "{told:?}");
        for (told, expect) in told.iter().zip(faults) {
            assert!(told.contains(expect), "{told}");
        }
    };
    let member = gzip(STRANGE.as_bytes());
    check(b"", 0, &[]);
    check(b"<html>\n", 0, &["byte 0 cannot be read: no WARC record"]);
    check(&gzip(b"<html>\n"), 0, &["no WARC record"]);
    check(&member[..member.len() - 5], 0, &["ends too early"]);
    check(&[&member[..100], &member].concat(), 1, &["byte 0"]);
    check(&[b"garbage \x1f\x8b\x08 garbage", member.as_slice()].concat(), 1, &["no WARC record"]);
    check(&[STRANGE.as_bytes(), b"garbage\n", STRANGE.as_bytes()].concat(), 2, &["no WARC record"]);
    check(STRANGE.replace("Content-Length: 29", "Content-Length: 99").as_bytes(), 0, &["ends too early"]);
    check(STRANGE.replace("Content-Length: 29", "X: 29").as_bytes(), 0, &["how long"]);
    check(format!("WARC/1.1\r\n{}", "x".repeat(100_000)).as_bytes(), 0, &["head is too long"]);
    check(&gzip(b"WARC/1.1\r\nContent-Length: 9999999999\r\n\r\n"), 0, &["ends too early"]);
    check(&[0; 100], 0, &["ends too early"]);
}

#[test]
fn a_long_block_is_cut_and_a_bomb_is_left() {
    let long = |claimed: usize| {
        let head = format!("WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: {claimed}\r\n\r\n");
        gzip(&[head.as_bytes(), &[0; 5000], b"\r\n\r\n"].concat())
    };
    let read = read_all(&[long(5000), gzip(STRANGE.as_bytes())].concat(), 1000);
    let first = read[0].as_ref().unwrap();
    assert_eq!((first.cut, first.block.len(), read.len()), (true, 1000, 2));
    let read = read_all(&[long(300 << 20), gzip(STRANGE.as_bytes())].concat(), 1000);
    assert!(read[0].as_ref().unwrap_err().why.contains("longer than any page"));
    assert!(read[1].is_ok());
}

#[test]
fn bodies_are_unpacked_where_they_are_packed() {
    let text = "сөз бостандығы ".repeat(50).into_bytes();
    let zlib = {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&text).unwrap();
        packer.finish().unwrap()
    };
    let raw = {
        let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&text).unwrap();
        packer.finish().unwrap()
    };
    let mut br = Vec::new();
    brotli::CompressorWriter::new(&mut br, 4096, 5, 20).write_all(&text).unwrap();
    let zstd = zstd::encode_all(text.as_slice(), 3).unwrap();
    let chunked = |body: &[u8]| {
        let chunks =
            body.chunks(100).map(|chunk| [format!("{:x};e=1\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
        [chunks.collect::<Vec<_>>().concat().as_slice(), b"0\r\n\r\n"].concat()
    };
    let check = |headers: &str, body: &[u8]| {
        let block = [format!("HTTP/1.1 200 OK\r\n{headers}\r\n").as_bytes(), body].concat();
        let answer = http::read_answer(&block).unwrap();
        assert_eq!(http::payload(&answer, &block, 10_000).as_deref(), Ok(text.as_slice()), "{headers}");
        assert!(http::payload(&answer, &block, 500).unwrap_err().contains("larger"), "{headers}");
    };
    check("", &text);
    check("Transfer-Encoding: chunked\r\n", &chunked(&text));
    check("Content-Encoding: gzip\r\n", &gzip(&text));
    check("Content-Encoding: deflate\r\n", &zlib);
    check("Content-Encoding: deflate\r\n", &raw);
    check("Content-Encoding: br\r\n", &br);
    check("Content-Encoding: zstd\r\n", &zstd);
    check("Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", &chunked(&gzip(&text)));
    check("Content-Encoding: gzip, br\r\n", &{
        let mut twice = Vec::new();
        brotli::CompressorWriter::new(&mut twice, 4096, 5, 20).write_all(&gzip(&text)).unwrap();
        twice
    });
    // Whoever wrote the WARC unpacked it and left the headers.
    check("Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", &text);
    check("Content-Encoding: br\r\n", &text);
    check("Content-Encoding: utf-8\r\n", &text);
}

#[test]
fn tokens_are_asked_for_and_read() {
    let digest: [u8; 32] = Sha256::digest(b"the file of a day").into();
    let token = stamp::read(include_bytes!("../../fixtures/archive/day.tsr")).unwrap();
    assert_eq!(token.digest, hex(&digest));
    assert_eq!(token.time.len(), "20261124120000Z".len());
    // What OpenSSL asked with the same number.
    let asked = include_bytes!("../../fixtures/archive/day.tsq");
    let nonce = token.nonce.unwrap().iter().fold(0, |nonce, byte| nonce << 8 | u64::from(*byte));
    assert_eq!(stamp::request(&digest, nonce), asked);
    let refused = stamp::read(include_bytes!("../../fixtures/archive/refused.tsr")).unwrap_err();
    assert!(refused.contains("refused"), "{refused}");
}

#[test]
fn a_token_for_other_bytes_is_told() {
    let (folder, _) = kept(1);
    let finished = [sum_up(folder.path(), "2026-11-24.warc.gz").unwrap()];
    for (token, told) in
        [(&include_bytes!("../../fixtures/archive/day.tsr")[..], "other bytes"), (b"0", "cannot be read")]
    {
        stamp::keep(folder.path(), "2026-11-24.warc.gz", token).unwrap();
        let checked = verify(folder.path(), &finished).unwrap();
        assert!(checked.faults[0].message.contains(told), "{:?}", checked.faults);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        read_all(&bytes, 50);
        read_all(&[STRANGE.as_bytes(), &bytes].concat(), 50);
        let _ = stamp::read(&bytes);
        if let Some(answer) = http::read_answer(&[b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", bytes.as_slice()].concat()) {
            let _ = http::payload(&answer, &bytes, 50);
        }
    }

    #[test]
    fn a_changed_token_does_not_panic(at in 0_usize..2000, to in any::<u8>()) {
        let mut token = include_bytes!("../../fixtures/archive/day.tsr").to_vec();
        let at = at % token.len();
        token[at] = to;
        let _ = stamp::read(&token);
    }
}
