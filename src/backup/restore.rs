//! Restoring a backup: into a new folder, checked byte by byte.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::path::{Component, Path};

use sha2::{Digest as _, Sha256};

use super::{BackupError, Listed, MANIFEST, Manifest, SENT, STORE, VERSION};
use crate::model::hex;

/// Longest manifest that is read, in bytes: some million files.
const LONGEST_MANIFEST: u64 = 256 << 20;
/// Records are compressed or short: a backup that would grow to more times its size than this is a bomb.
const MOST_TIMES: u64 = 200;
/// A small backup may grow to this much in any case, in bytes.
const SMALL: u64 = 64 << 20;
/// How an encrypted file begins.
const AGE: &[u8] = b"age-encryption.org/v1";

/// Secret keys that may open a backup.
#[derive(Default)]
pub struct Identities(Vec<Box<dyn age::Identity>>);

impl Identities {
    /// Reads a file of secret keys, as `age-keygen` writes it.
    ///
    /// # Errors
    /// Where it cannot be read or holds none.
    pub fn read(path: &Path) -> Result<Self, BackupError> {
        let file = File::open(path).map_err(BackupError::file("read", path))?;
        let bad = |why: String| BackupError::Key(format!("{}: {why}; `age-keygen` writes such a file", path.display()));
        let keys = age::IdentityFile::from_buffer(BufReader::new(file))
            .map_err(|error| bad(error.to_string()))?
            .into_identities()
            .map_err(|error| bad(error.to_string()))?;
        match keys.is_empty() {
            true => Err(bad("it holds no secret key".to_owned())),
            false => Ok(Self(keys)),
        }
    }
}

impl std::fmt::Debug for Identities {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} secret keys", self.0.len())
    }
}

/// Unpacks a backup into a folder that is made for it, and gives what it holds. Every file has the
/// length and hash that the manifest promised, and all of it is synced.
///
/// # Errors
/// Where the folder stands already, a key is missing, or anything in the file is not as promised; the
/// folder may then hold a part, which is nobody's.
pub fn restore(file: &Path, identities: &Identities, into: &Path) -> Result<Manifest, BackupError> {
    let opened = File::open(file).map_err(BackupError::file("read", file))?;
    let size = opened.metadata().map_err(BackupError::file("read", file))?.len();
    let mut reader = BufReader::new(opened);
    let most = size.saturating_mul(MOST_TIMES).max(SMALL);
    std::fs::create_dir(into).map_err(BackupError::file("make", into))?;
    if !reader.fill_buf().map_err(BackupError::file("read", file))?.starts_with(AGE) {
        return unpack(reader, most, file, into);
    }
    if identities.0.is_empty() {
        return Err(BackupError::Key(format!(
            "{} is encrypted; name the file of the secret key with --identity",
            file.display()
        )));
    }
    let keys = identities.0.iter().map(|key| &**key as &dyn age::Identity);
    let decrypted = age::Decryptor::new_buffered(reader)
        .and_then(|decryptor| decryptor.decrypt(keys))
        .map_err(|why| BackupError::Key(format!("{} cannot be decrypted: {why}", file.display())))?;
    unpack(BufReader::new(decrypted), most, file, into)
}

fn unpack(reader: impl BufRead, most: u64, file: &Path, into: &Path) -> Result<Manifest, BackupError> {
    let refused = |why: String| BackupError::Refused { path: file.to_path_buf(), why };
    let unreadable = |error: std::io::Error| refused(format!("it is no backup, or was cut or changed: {error}"));
    let decoder = zstd::stream::Decoder::with_buffer(reader).map_err(unreadable)?;
    let mut tar = tar::Archive::new(decoder);
    // Raw: names from extension records are not read at all, so that none can be of any length.
    let mut entries = tar.entries().map_err(unreadable)?.raw(true);
    let first = entries.next().transpose().map_err(unreadable)?;
    let manifest = match first {
        Some(entry) if entry.path_bytes().as_ref() == MANIFEST.as_bytes() && entry.size() <= LONGEST_MANIFEST => {
            let mut json = Vec::new();
            entry.take(LONGEST_MANIFEST).read_to_end(&mut json).map_err(unreadable)?;
            serde_json::from_slice::<Manifest>(&json).map_err(|error| unreadable(error.into()))?
        }
        _ => return Err(refused("it does not begin with a manifest; it is no backup of sozwatch".to_owned())),
    };
    if !(1..=VERSION).contains(&manifest.version) {
        return Err(refused(format!("it has form {}; use a newer sozwatch", manifest.version)));
    }
    if manifest.bytes() > most {
        return Err(refused(format!("it would grow to {} bytes, which no backup does", manifest.bytes())));
    }
    for listed in &manifest.files {
        if !is_in_its_place(listed) {
            let called = listed.called.as_ref().unwrap_or(&listed.name);
            return Err(refused(format!("`{called}` is no path of a record")));
        }
        let name = Path::new(&listed.name);
        let Some(entry) = entries.next().transpose().map_err(unreadable)? else {
            return Err(refused(format!("`{}` is missing: the backup was cut", listed.name)));
        };
        if entry.header().entry_type() != tar::EntryType::Regular {
            return Err(refused(format!("a link or special file stands in the place of `{}`", listed.name)));
        }
        if entry.path_bytes().as_ref() != listed.name.as_bytes() || entry.size() != listed.length {
            return Err(refused(format!("`{}` is not what the manifest says", listed.name)));
        }
        if !take_out(entry, listed, &into.join(name)).map_err(unreadable)? {
            return Err(refused(format!("the bytes of `{}` were changed: their hash is another", listed.name)));
        }
    }
    if entries.next().is_some() {
        return Err(refused("it holds more than its manifest says".to_owned()));
    }
    Ok(manifest)
}

/// Does a file belong where it says, and is its own name, where it has one, a path that leads nowhere else?
fn is_in_its_place(listed: &Listed) -> bool {
    let inside = |path: &str| {
        let mut parts = Path::new(path).components();
        parts.clone().next().is_some()
            && parts.all(|part| matches!(part, Component::Normal(_)))
            && !path.contains(['\\', '\0'])
    };
    let folder = if listed.called.is_some() { SENT } else { STORE };
    Path::new(&listed.name).starts_with(folder) && inside(&listed.name) && listed.called.as_deref().is_none_or(inside)
}

/// Copies one entry; tells whether it had the hash that was promised.
fn take_out(mut entry: impl Read, listed: &Listed, to: &Path) -> std::io::Result<bool> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = File::create_new(to)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    let mut left = listed.length;
    while left > 0 {
        let read = entry.read(&mut buffer)?;
        if read == 0 {
            return Ok(false);
        }
        hasher.update(&buffer[..read]);
        file.write_all(&buffer[..read])?;
        left = left.saturating_sub(read as u64);
    }
    file.sync_all()?;
    File::open(to.parent().unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(hex(&hasher.finalize()) == listed.sha256)
}
