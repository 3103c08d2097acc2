//! A copy of the records and its way back, whole, cut and forged.

use std::io::Write as _;

use tempfile::TempDir;

use super::*;

fn noon() -> Timestamp {
    "2017-11-16T12:00:00Z".parse().unwrap()
}

fn store() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("ledger/2017.jsonl", &b"{\"seq\":1}\n"[..]),
        ("ledger/sealed/2017.jsonl", b""),
        ("ledger/lock", b""),
        ("journal/000001.zst", &[7; 5_000]),
        ("journal/.000001.zst.part-1", b"half"),
        ("index/db", b"made again from the records"),
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

fn written(recipients: &Recipients) -> (TempDir, PathBuf) {
    let (store, out) = (store(), tempfile::tempdir().unwrap());
    let file = out.path().join("backup.tar.zst");
    write(&pieces(store.path()).unwrap(), &file, noon(), recipients).unwrap();
    (out, file)
}

fn restored(file: &Path, identities: &Identities) -> Result<(TempDir, Manifest), BackupError> {
    let folder = tempfile::tempdir().unwrap();
    let manifest = restore(file, identities, &folder.path().join("restored"))?;
    Ok((folder, manifest))
}

#[test]
fn records_come_back_and_nothing_else() {
    let (out, file) = written(&Recipients::default());
    let (folder, manifest) = restored(&file, &Identities::default()).unwrap();
    let names: Vec<_> = manifest.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["store/journal/000001.zst", "store/ledger/2017.jsonl", "store/ledger/sealed/2017.jsonl"]);
    let read = |name: &str| std::fs::read(folder.path().join("restored").join(name)).unwrap();
    assert_eq!(read("store/journal/000001.zst"), [7; 5_000]);
    assert_eq!(read("store/ledger/2017.jsonl"), b"{\"seq\":1}\n");
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 1, "no half file is left");
}

#[test]
fn what_grows_meanwhile_is_left_for_the_next_backup() {
    let (store, out) = (store(), tempfile::tempdir().unwrap());
    let pieces = pieces(store.path()).unwrap();
    let ledger = store.path().join("ledger/2017.jsonl");
    std::fs::OpenOptions::new().append(true).open(&ledger).unwrap().write_all(b"{\"seq\":2}\n").unwrap();
    let file = out.path().join("backup");
    write(&pieces, &file, noon(), &Recipients::default()).unwrap();
    let (folder, _) = restored(&file, &Identities::default()).unwrap();
    let read = std::fs::read(folder.path().join("restored/store/ledger/2017.jsonl")).unwrap();
    assert_eq!(read, b"{\"seq\":1}\n");
    std::fs::write(&ledger, b"").unwrap();
    let error = write(&pieces, &file, noon(), &Recipients::default()).unwrap_err();
    assert!(error.to_string().contains("shorter"), "{error}");
    assert!(restored(&file, &Identities::default()).is_ok(), "the backup before stands");
}

#[test]
fn what_was_sent_comes_back_under_its_name_though_it_is_gone_meanwhile() {
    let (folder, out) = (store(), tempfile::tempdir().unwrap());
    let path = folder.path().join("sent");
    let long = format!("от Айгүл/{}\\.csv", "ә".repeat(120));
    let back = |called: &str| -> Result<(TempDir, Manifest), BackupError> {
        std::fs::write(&path, b"decision,id\r\n").unwrap();
        let piece = Piece::sent(7, &path, called).unwrap();
        std::fs::remove_file(&path).unwrap();
        let mut pieces = pieces(folder.path()).unwrap();
        pieces.extend(piece);
        write(&pieces, &out.path().join("backup"), noon(), &Recipients::default()).unwrap();
        restored(&out.path().join("backup"), &Identities::default())
    };
    let (restored, manifest) = back(&long).unwrap();
    let listed = manifest.files.last().unwrap();
    assert_eq!((&*listed.name, listed.called.clone().unwrap()), ("inbox/000007", long.replace('\\', "_")));
    assert_eq!(std::fs::read(restored.path().join("restored/inbox/000007")).unwrap(), b"decision,id\r\n");
    assert!(Piece::sent(8, &path, "gone").unwrap().is_none());
    for climbing in ["../out", "/etc/out", "a/../../out", ""] {
        let error = back(climbing).unwrap_err().to_string();
        assert!(error.contains("no path of a record"), "{error}");
    }
}

#[test]
fn only_the_secret_key_opens_an_encrypted_backup() {
    use age::secrecy::ExposeSecret as _;
    let key = age::x25519::Identity::generate();
    let (out, file) = written(&Recipients::parse(&[key.to_public().to_string()]).unwrap());
    let bytes = std::fs::read(&file).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1"));
    let error = restored(&file, &Identities::default()).unwrap_err();
    assert!(error.to_string().contains("--identity"), "{error}");
    let identities = |key: &age::x25519::Identity| {
        let path = out.path().join("key.txt");
        std::fs::write(&path, key.to_string().expose_secret()).unwrap();
        Identities::read(&path).unwrap()
    };
    assert!(restored(&file, &identities(&age::x25519::Identity::generate())).is_err(), "another key");
    assert_eq!(restored(&file, &identities(&key)).unwrap().1.files.len(), 3);
    assert!(Recipients::parse(&["age1nothing".to_owned()]).is_err());
}

/// A backup with these entries behind a manifest that lists `promised`.
fn forged(promised: &[(&str, &[u8])], entries: &[(&str, &[u8], tar::EntryType)]) -> (TempDir, PathBuf) {
    let files = promised
        .iter()
        .map(|(name, bytes)| Listed {
            name: (*name).to_owned(),
            length: bytes.len() as u64,
            sha256: crate::model::hex(&<sha2::Sha256 as sha2::Digest>::digest(bytes)),
            called: None,
        })
        .collect();
    let manifest = Manifest { version: 1, sozwatch: "0".to_owned(), made: noon(), files };
    let json = serde_json::to_vec(&manifest).unwrap();
    let mut tar = tar::Builder::new(Vec::new());
    let first = [(MANIFEST, json.as_slice(), tar::EntryType::Regular)];
    for (name, bytes, kind) in first.iter().chain(entries) {
        let mut header = tar::Header::new_ustar();
        // Past the checks of the writer, as whoever means harm would.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_entry_type(*kind);
        header.set_cksum();
        tar.append(&header, *bytes).unwrap();
    }
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("forged");
    std::fs::write(&file, zstd::stream::encode_all(tar.into_inner().unwrap().as_slice(), 3).unwrap()).unwrap();
    (out, file)
}

#[test]
fn what_would_do_harm_is_refused() {
    use tar::EntryType::{Link, Regular, Symlink};
    let good = "store/ledger/2017.jsonl";
    let check = |promised: &[(&str, &[u8])], entries: &[(&str, &[u8], tar::EntryType)], expect: &str| {
        let (_out, file) = forged(promised, entries);
        let error = restored(&file, &Identities::default()).unwrap_err().to_string();
        assert!(error.contains(expect), "{error}");
    };
    let (_out, file) = forged(&[(good, b"a")], &[(good, b"a", Regular)]);
    restored(&file, &Identities::default()).unwrap();
    for climbing in ["../out", "/etc/out", "store/../../out", "elsewhere/out", "store/./../out", "inbox/000001", ""] {
        check(&[(climbing, b"a")], &[(climbing, b"a", Regular)], "no path of a record");
    }
    check(&[(good, b"")], &[(good, b"", Symlink)], "a link");
    check(&[(good, b"")], &[(good, b"", Link)], "a link");
    check(&[(good, b"a")], &[(good, b"b", Regular)], "their hash is another");
    check(&[(good, b"a")], &[(good, b"aa", Regular)], "not what the manifest says");
    check(&[(good, b"a")], &[("store/ledger/2018.jsonl", b"a", Regular)], "not what the manifest says");
    check(&[(good, b"a")], &[], "missing");
    check(&[], &[(good, b"a", Regular)], "more than its manifest says");
    check(&[(good, b"a"), (good, b"a")], &[(good, b"a", Regular), (good, b"a", Regular)], "was cut or changed");
    // A bomb: zeros compress to nothing.
    let zeros = vec![0; 65 << 20];
    check(&[(good, &zeros)], &[(good, &zeros, Regular)], "would grow to");
}

#[test]
fn what_is_no_backup_is_told() {
    let (out, file) = written(&Recipients::default());
    let whole = std::fs::read(&file).unwrap();
    let check = |bytes: &[u8]| {
        let path = out.path().join("damaged");
        std::fs::write(&path, bytes).unwrap();
        assert!(matches!(restored(&path, &Identities::default()), Err(BackupError::Refused { .. })));
    };
    check(b"");
    check(b"no backup");
    for cut in (1..whole.len()).step_by(7) {
        check(&whole[..cut]);
    }
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        let path = out.path().join("flipped");
        std::fs::write(&path, bytes).unwrap();
        // A flipped byte is refused, or is one that says nothing (padding, a time): never another content.
        if let Ok((folder, _)) = restored(&path, &Identities::default()) {
            let read = std::fs::read(folder.path().join("restored/store/journal/000001.zst")).unwrap();
            assert_eq!(read, [7; 5_000], "byte {at}");
        }
    }
}
