//! Writing a backup.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::str::FromStr as _;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{BackupError, Listed, MANIFEST, Manifest, Piece, VERSION};
use crate::model::hex;

const LEVEL: i32 = 3;

/// Public keys that can open a backup; none: it is not encrypted.
#[derive(Default, Clone)]
pub struct Recipients(Vec<age::x25519::Recipient>);

impl Recipients {
    /// Reads keys of the form `age1…`.
    ///
    /// # Errors
    /// Where one is no such key.
    pub fn parse(keys: &[String]) -> Result<Self, BackupError> {
        let key = |key: &String| {
            age::x25519::Recipient::from_str(key.trim()).map_err(|why| {
                BackupError::Key(format!("`{key}` is no public key of age: {why}; one begins with age1"))
            })
        };
        keys.iter().map(key).collect::<Result<_, _>>().map(Self)
    }
}

impl std::fmt::Debug for Recipients {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} keys", self.0.len())
    }
}

/// Writes the pieces into one file, for its owner only, whole or not at all; gives what it holds.
///
/// # Errors
/// Where a piece cannot be read as it was measured, or the file not be written.
pub fn write(pieces: &[Piece], to: &Path, made: Timestamp, recipients: &Recipients) -> Result<Manifest, BackupError> {
    let files = pieces.iter().map(listed).collect::<Result<_, _>>()?;
    let manifest = Manifest { version: VERSION, sozwatch: env!("CARGO_PKG_VERSION").to_owned(), made, files };
    let name = to.file_name().ok_or_else(|| BackupError::file("write", to)(std::io::ErrorKind::InvalidInput.into()))?;
    let temporary = to.with_file_name(format!(".{}.part", name.to_string_lossy()));
    let written = write_into(&temporary, pieces, &manifest, recipients)
        .and_then(|()| std::fs::rename(&temporary, to).map_err(BackupError::file("write", to)));
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    written?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(BackupError::file("sync", folder))?;
    Ok(manifest)
}

fn listed(piece: &Piece) -> Result<Listed, BackupError> {
    let mut reader = Hashing::over(piece)?;
    std::io::copy(&mut reader, &mut std::io::sink()).map_err(BackupError::file("read", &piece.path))?;
    let sha256 = reader.end(piece)?;
    Ok(Listed { name: piece.name.clone(), length: piece.length, sha256, called: piece.called.clone() })
}

/// Hands the bytes of a piece that count to `to`, part by part.
///
/// # Errors
/// Where it cannot be read as it was measured, or `to` fails.
pub fn copy(piece: &Piece, to: &mut dyn FnMut(&[u8]) -> std::io::Result<()>) -> Result<(), BackupError> {
    let mut reader = Hashing::over(piece)?;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = reader.read(&mut buffer).map_err(BackupError::file("read", &piece.path))?;
        if read == 0 {
            return reader.end(piece).map(|_| ());
        }
        to(&buffer[..read]).map_err(BackupError::file("copy", &piece.path))?;
    }
}

/// The bytes of a piece that count, hashed as they pass.
struct Hashing<'a> {
    reader: Box<dyn Read + 'a>,
    hasher: Sha256,
    read: u64,
}

impl<'a> Hashing<'a> {
    fn over(piece: &'a Piece) -> Result<Self, BackupError> {
        let reader: Box<dyn Read + 'a> = match &piece.held {
            Some(bytes) => Box::new(bytes.as_slice()),
            None => {
                let file = File::open(&piece.path).map_err(BackupError::file("read", &piece.path))?;
                Box::new(BufReader::new(file).take(piece.length))
            }
        };
        Ok(Self { reader, hasher: Sha256::new(), read: 0 })
    }

    fn end(self, piece: &Piece) -> Result<String, BackupError> {
        if self.read != piece.length {
            let cause = std::io::Error::other("it became shorter meanwhile; try again");
            return Err(BackupError::file("read", &piece.path)(cause));
        }
        Ok(hex(&self.hasher.finalize()))
    }
}

impl Read for Hashing<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.reader.read(into)?;
        self.hasher.update(&into[..read]);
        self.read += read as u64;
        Ok(read)
    }
}

fn write_into(path: &Path, pieces: &[Piece], manifest: &Manifest, recipients: &Recipients) -> Result<(), BackupError> {
    let failed = || BackupError::file("write", path);
    let mut options = std::fs::OpenOptions::new();
    let file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(BackupError::file("make", path))?;
    let keep = file.try_clone().map_err(failed())?;
    if recipients.0.is_empty() {
        write_tar(file, pieces, manifest, path)?.flush().map_err(failed())?;
    } else {
        let keys = recipients.0.iter().map(|key| key as &dyn age::Recipient);
        let encryptor =
            age::Encryptor::with_recipients(keys).map_err(|why| BackupError::Key(format!("cannot encrypt: {why}")))?;
        let sealed = encryptor.wrap_output(file).map_err(failed())?;
        write_tar(sealed, pieces, manifest, path)?.finish().map_err(failed())?;
    }
    keep.sync_all().map_err(failed())
}

fn write_tar<W: Write>(to: W, pieces: &[Piece], manifest: &Manifest, path: &Path) -> Result<W, BackupError> {
    let failed = || BackupError::file("write", path);
    let mut tar = tar::Builder::new(zstd::stream::Encoder::new(to, LEVEL).map_err(failed())?);
    let json = serde_json::to_vec(manifest).map_err(|error| failed()(error.into()))?;
    let header = |name: &str, length: u64| -> std::io::Result<tar::Header> {
        let mut header = tar::Header::new_ustar();
        header.set_path(name)?;
        header.set_size(length);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(manifest.made.as_second()).unwrap_or(0));
        header.set_cksum();
        Ok(header)
    };
    let head = header(MANIFEST, json.len() as u64).map_err(failed())?;
    tar.append(&head, json.as_slice()).map_err(failed())?;
    for (piece, listed) in pieces.iter().zip(&manifest.files) {
        let mut reader = Hashing::over(piece)?;
        let head = header(&piece.name, piece.length).map_err(failed())?;
        tar.append(&head, &mut reader).map_err(failed())?;
        if reader.end(piece)? != listed.sha256 {
            let cause = std::io::Error::other("it was changed meanwhile; try again");
            return Err(BackupError::file("read", &piece.path)(cause));
        }
    }
    tar.into_inner().and_then(zstd::stream::Encoder::finish).map_err(failed())
}
