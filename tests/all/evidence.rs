//! The evidence as an operator meets it: kept while crawling, checked by `verify`, taken in again by
//! `import`.

use std::path::{Path, PathBuf};

use crate::workspace::{QUIET, REMANDED, SUED, Web, configure, sozwatch};

/// A workspace that has crawled two candidates and a quiet story.
fn crawled(more: &str) -> (tempfile::TempDir, Web) {
    let folder = tempfile::tempdir().unwrap();
    let web = Web::start();
    let entries = [("remanded", &REMANDED), ("sued", &SUED), ("quiet", &QUIET)]
        .map(|(slug, story)| (web.put_story(slug, story), story.title));
    web.put_feed("/rss.xml", &entries);
    configure(folder.path(), &web, more);
    sozwatch(folder.path(), &["run", "--once"]).expect(0);
    (folder, web)
}

/// The files of the archive.
fn warcs(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder.join("store/archive")) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".warc.gz"));
    files.sort();
    files
}

/// Everything that a WARC says, unpacked.
fn text_of(file: &Path) -> String {
    use std::io::Read as _;
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(file).unwrap()).read_to_end(&mut text).unwrap();
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn the_pages_of_candidates_are_kept_with_the_rules_that_fired() {
    let (folder, web) = crawled("");
    let files = warcs(folder.path());
    assert_eq!(files.len(), 1);
    let text = text_of(&files[0]);
    let count = |part: &str| text.matches(part).count();
    assert_eq!((count("WARC-Type: response"), count("WARC-Type: request"), count("WARC-Type: metadata")), (2, 2, 2));
    assert_eq!((count("WARC-Type: warcinfo"), count(QUIET.title)), (1, 0));
    assert!(count("\r\nrule: ") >= 2, "{text}");
    assert!(text.contains(&format!("WARC-Target-URI: {}", web.url("/news/remanded.html"))));
    assert!(text.contains("\r\nuser-agent: sozwatch/"));
    let verified = sozwatch(folder.path(), &["verify"]).expect(0);
    assert!(verified.out.contains("1 files, 7 records"), "{}", verified.out);
    assert!(verified.out.contains("2 stories vouched for"), "{}", verified.out);
}

#[test]
fn which_pages_are_kept_is_the_operators_choice() {
    let (folder, _) = crawled("[archive]\nkeep = \"all\"");
    assert_eq!(text_of(&warcs(folder.path())[0]).matches("WARC-Type: response").count(), 3);
    let (folder, _) = crawled("[archive]\nkeep = \"none\"");
    assert!(warcs(folder.path()).is_empty());
    sozwatch(folder.path(), &["verify"]).expect(0);
}

#[test]
fn a_changed_and_a_missing_file_are_named() {
    let (folder, _) = crawled("");
    let file = warcs(folder.path()).remove(0);
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let whole = std::fs::read(&file).unwrap();
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    std::fs::write(&file, &changed).unwrap();
    let verified = sozwatch(folder.path(), &["verify"]).expect(1);
    assert!(verified.out.contains(&format!("changed  archive/{name}")), "{}", verified.out);
    assert!(verified.err.contains(&name) && verified.err.contains("byte"), "{}", verified.err);
    std::fs::remove_file(&file).unwrap();
    let verified = sozwatch(folder.path(), &["verify"]).expect(1);
    assert!(verified.err.contains("the page of story s"), "{}", verified.err);
    std::fs::write(&file, &whole).unwrap();
    sozwatch(folder.path(), &["verify"]).expect(0);
}

#[test]
fn a_day_that_is_over_goes_into_the_ledger() {
    let (folder, _) = crawled("");
    // As if it had been written on an earlier day. The stories name the file of today, so it is put back.
    let file = warcs(folder.path()).remove(0);
    let past = file.with_file_name("2026-01-02.warc.gz");
    std::fs::copy(&file, &past).unwrap();
    sozwatch(folder.path(), &["status"]).expect(0);
    let ledger = ledger(folder.path());
    assert!(ledger.contains("\"evidence\":{\"file\":\"2026-01-02.warc.gz\""), "{ledger}");
    let sum = std::fs::read_to_string(past.with_file_name("2026-01-02.warc.gz.sha256")).unwrap();
    assert!(ledger.contains(sum.split(' ').next().unwrap()));
    sozwatch(folder.path(), &["verify"]).expect(0);
    // Taken once, however often the workspace is opened; and known after the index is made anew.
    sozwatch(folder.path(), &["store", "rebuild"]).expect(0);
    sozwatch(folder.path(), &["status"]).expect(0);
    assert_eq!(self::ledger(folder.path()), ledger);
    std::fs::remove_file(&past).unwrap();
    let verified = sozwatch(folder.path(), &["verify"]).expect(1);
    assert!(verified.out.contains("missing  archive/2026-01-02.warc.gz"), "{}", verified.out);
}

fn ledger(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder.join("store/ledger")).unwrap();
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

#[test]
fn a_warc_gives_the_same_stories_as_the_crawl_that_made_it() {
    let (crawled, web) = crawled("[archive]\nkeep = \"all\"");
    let folder = tempfile::tempdir().unwrap();
    configure(folder.path(), &web, "");
    let file = warcs(crawled.path()).remove(0);
    let argument = file.to_str().unwrap();
    let asked = web.asked().len();
    let taken = sozwatch(folder.path(), &["import", argument]).expect(0);
    assert!(taken.out.contains("10 records: 3 pages, 7 no pages"), "{}", taken.out);
    assert!(taken.out.contains("3 stored (2 candidates)"), "{}", taken.out);
    assert_eq!(web.asked().len(), asked, "an import fetches nothing");
    let queue = |folder: &Path| {
        let mut rows = sozwatch(folder, &["queue", "list", "--format", "json"]).expect(0).json();
        rows.iter_mut().for_each(|row| {
            row.as_object_mut().map(|row| row.remove("captured"));
        });
        rows
    };
    assert_eq!(queue(folder.path()), queue(crawled.path()));
    // The evidence says where it came from, and does not make up what was asked.
    let kept = text_of(&warcs(folder.path())[0]);
    assert_eq!((kept.matches("taken-from: ").count(), kept.matches("WARC-Type: request").count()), (2, 0));
    sozwatch(folder.path(), &["verify"]).expect(0);
    let again = sozwatch(folder.path(), &["import", argument]).expect(0);
    assert!(again.out.contains("0 stored (0 candidates), 0 reprints, 3 known already"), "{}", again.out);
}

#[test]
fn only_pages_of_configured_sources_are_taken_where_that_is_asked() {
    let (crawled, _) = crawled("[archive]\nkeep = \"all\"");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("config.toml"),
        "[[source]]\nname = \"Other\"\ndomain = \"other.example\"\n[[source.feed]]\nurl = \"http://other.example/rss\"\n",
    )
    .unwrap();
    let file = warcs(crawled.path()).remove(0);
    let taken = sozwatch(folder.path(), &["import", "--only-sources", file.to_str().unwrap()]).expect(0);
    assert!(taken.out.contains("0 pages, 7 no pages, 3 of no source"), "{}", taken.out);
}

#[test]
fn a_damaged_warc_gives_what_is_whole_and_tells_the_rest() {
    let (crawled, web) = crawled("[archive]\nkeep = \"all\"");
    let folder = tempfile::tempdir().unwrap();
    configure(folder.path(), &web, "");
    let mut bytes = std::fs::read(&warcs(crawled.path())[0]).unwrap();
    bytes.truncate(bytes.len() - 20);
    let file = folder.path().join("cut.warc.gz");
    std::fs::write(&file, &bytes).unwrap();
    let taken = sozwatch(folder.path(), &["import", "cut.warc.gz"]).expect(1);
    assert!(taken.out.contains("3 stored"), "{}", taken.out);
    assert!(taken.err.contains("ends too early"), "{}", taken.err);
    std::fs::write(&file, "no WARC at all\n").unwrap();
    let taken = sozwatch(folder.path(), &["import", "cut.warc.gz"]).expect(1);
    assert!(taken.err.contains("no WARC record begins here"), "{}", taken.err);
}

/// An authority that answers each request with OpenSSL's token, made to speak of the digest and the number
/// asked about; where `honest` is not set, with the token as it is.
fn authority(honest: bool) -> std::net::SocketAddr {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (asked, mut token) = (OPENSSL_ASKED, OPENSSL_TOKEN.to_vec());
            let mut seen = Vec::new();
            let mut piece = [0; 1024];
            let body = loop {
                let read = stream.read(&mut piece).unwrap();
                seen.extend_from_slice(&piece[..read]);
                if let Some(at) = seen.windows(4).position(|end| end == b"\r\n\r\n")
                    && seen.len() == at + 4 + asked.len()
                {
                    break seen.split_off(at + 4);
                }
            };
            let head = String::from_utf8(seen).unwrap().to_lowercase();
            assert!(head.starts_with("post /tsr ") && head.contains("content-type: application/timestamp-query"));
            // Digest and nonce stand at the same place in both requests, which are of the same form.
            for part in [DIGEST, NONCE] {
                let old = &asked[part.clone()];
                let at = token.windows(old.len()).position(|window| window == old).unwrap();
                if honest {
                    token.splice(at..at + old.len(), body[part].iter().copied());
                }
            }
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\n\r\n",
                token.len()
            );
            stream.write_all(&[head.as_bytes(), &token].concat()).unwrap();
        }
    });
    address
}

const OPENSSL_ASKED: &[u8] = include_bytes!("../../fixtures/archive/day.tsq");
const OPENSSL_TOKEN: &[u8] = include_bytes!("../../fixtures/archive/day.tsr");
/// Where the digest and the nonce stand in a request.
const DIGEST: std::ops::Range<usize> = 24..56;
const NONCE: std::ops::Range<usize> = 59..67;

#[test]
fn a_day_that_is_over_is_time_stamped() {
    for honest in [true, false] {
        let (folder, web) = crawled("");
        let authority = authority(honest);
        let file = warcs(folder.path()).remove(0);
        std::fs::copy(&file, file.with_file_name("2026-01-02.warc.gz")).unwrap();
        let config = std::fs::read_to_string(folder.path().join("config.toml")).unwrap();
        let config = config.replace("allow_private = [", &format!("allow_private = [\"{authority}\", "));
        let config = format!("[archive]\ntimestamp = \"http://{authority}/tsr\"\n{config}");
        std::fs::write(folder.path().join("config.toml"), config).unwrap();
        let ran = sozwatch(folder.path(), &["run", "--once", "--all"]);
        let verified = sozwatch(folder.path(), &["verify"]).expect(0);
        let stamped = format!("{} days time-stamped", u8::from(honest));
        assert!(verified.out.contains(&stamped), "{}\n{}", verified.out, ran.err);
        assert_eq!(ran.err.contains("the token speaks of another digest"), !honest, "{}", ran.err);
        drop(web);
    }
}

#[test]
fn a_story_that_is_forgotten_takes_its_page_along() {
    let (folder, _) = crawled("[archive]\nkeep = \"all\"");
    let rows = crate::workspace::rows(&folder.path().join("queue.csv"));
    let (id, title) = (rows[0]["id"].clone(), rows[0]["title"].clone());
    let file = warcs(folder.path()).remove(0);
    let before = text_of(&file);
    assert!(before.contains(&title) && before.contains(&format!("story: {id}")));
    sozwatch(folder.path(), &["store", "forget", &id, "--reason", "a private person asked"]).expect(0);
    let after = text_of(&file);
    assert!(!after.contains(&title) && !after.contains(&format!("story: {id}")), "{after}");
    assert_eq!(after.matches("WARC-Type: response").count(), before.matches("WARC-Type: response").count() - 1);
    let verified = sozwatch(folder.path(), &["verify"]).expect(0);
    assert!(verified.out.contains("1 pages erased"), "{}", verified.out);
}
