//! The control socket: how a second command reaches the process that owns the store.
//!
//! `control.sock` lies in the store folder, for its owner only. A command sends its arguments and the
//! folder it stands in as one line of JSON; the owner does the act on its own desk and answers with
//! lines of JSON: what to print, and in the end the exit code. A socket that nobody answers is stale.
#![expect(clippy::disallowed_methods, reason = "edge: the socket's file")]
#![expect(clippy::disallowed_types, reason = "edge: the socket's folder is opened")]

use std::io::{BufRead as _, BufReader, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// File name of the socket, in the store folder.
const SOCKET: &str = "control.sock";
/// Longest path that fits a Unix socket address on every system that we know.
const LONGEST_PATH: usize = 100;
/// Longest request that is read.
const LONGEST_REQUEST: u64 = 1 << 20;

/// What a command asks of the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The command line, program name first.
    pub arguments: Vec<String>,
    /// The folder that the user stands in.
    pub cwd: PathBuf,
}

/// One line of the answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Out(String),
    Err(String),
    Exit(u8),
}

/// Does the act of a request, prints into the two writers and gives the exit code.
pub type Handler = dyn Fn(&Request, &mut (dyn Write + Send), &mut (dyn Write + Send)) -> u8 + Send + Sync;

/// Asks the owner of the store to do what `arguments` say; prints its answer as it comes. `None`
/// where nobody owns the store.
///
/// # Errors
/// Where the owner broke off in the middle.
pub fn ask(store: &Path, request: &Request, out: &mut dyn Write, err: &mut dyn Write) -> std::io::Result<Option<u8>> {
    let Some(mut stream) = connect(store) else { return Ok(None) };
    serde_json::to_writer(&stream, request)?;
    stream.write_all(b"\n")?;
    for line in BufReader::new(stream).lines() {
        match serde_json::from_str(&line?)? {
            Answer::Out(text) => out.write_all(text.as_bytes())?,
            Answer::Err(text) => err.write_all(text.as_bytes())?,
            Answer::Exit(code) => return Ok(Some(code)),
        }
    }
    Err(std::io::Error::other("it broke off before the end; look at its log, then try again"))
}

/// Does somebody own the store now?
pub fn owned(store: &Path) -> bool {
    connect(store).is_some()
}

fn connect(store: &Path) -> Option<UnixStream> {
    if !store.join(SOCKET).exists() {
        return None;
    }
    let (address, _folder) = address(store).ok()?;
    UnixStream::connect(address).ok()
}

/// The socket's address, by way of the folder's descriptor where the path is too long for one; the
/// descriptor must live as long as the address is used.
fn address(store: &Path) -> std::io::Result<(PathBuf, Option<std::fs::File>)> {
    use std::os::fd::AsRawFd as _;
    let plain = store.join(SOCKET);
    if plain.as_os_str().len() <= LONGEST_PATH {
        return Ok((plain, None));
    }
    let folder = std::fs::File::open(store)?;
    Ok((PathBuf::from(format!("/proc/self/fd/{}/{SOCKET}", folder.as_raw_fd())), Some(folder)))
}

/// The owner's end of the socket. Dropping it takes the file away.
pub struct Control {
    path: PathBuf,
    accepting: tokio::task::JoinHandle<()>,
}

impl Control {
    /// Listens in the store folder; a stale socket there is replaced. Requests are handled one by one
    /// on a thread that may block. The caller owns the store, so no living owner is shut out.
    ///
    /// # Errors
    /// Where the socket cannot be made.
    pub fn listen(store: &Path, handler: Arc<Handler>) -> std::io::Result<Self> {
        let path = store.join(SOCKET);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let (address, _folder) = address(store)?;
        let listener = tokio::net::UnixListener::bind(address)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        let accepting = tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => {
                        let handler = Arc::clone(&handler);
                        tokio::task::spawn_blocking(move || {
                            if let Err(error) = answer(stream, &*handler) {
                                tracing::debug!(%error, "a command went away before its answer");
                            }
                        });
                    }
                    Err(error) => {
                        tracing::warn!(%error, "the control socket could not be read");
                        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                    }
                }
            }
        });
        Ok(Self { path, accepting })
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        self.accepting.abort();
        let _ = std::fs::remove_file(&self.path);
    }
}

fn answer(stream: tokio::net::UnixStream, handler: &Handler) -> std::io::Result<()> {
    let stream = stream.into_std()?;
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(std::time::Duration::from_secs(10)))?;
    let mut line = String::new();
    BufReader::new(std::io::Read::take(&stream, LONGEST_REQUEST)).read_line(&mut line)?;
    let line_out = Arc::new(Mutex::new(stream.try_clone()?));
    let mut out = Sender { line: Arc::clone(&line_out), wrap: Answer::Out };
    let mut err = Sender { line: Arc::clone(&line_out), wrap: Answer::Err };
    let code = match serde_json::from_str::<Request>(&line) {
        Ok(request) => handler(&request, &mut out, &mut err),
        Err(error) => {
            writeln!(err, "sozwatch: the request could not be read: {error}")?;
            2
        }
    };
    send(&line_out, &Answer::Exit(code))
}

fn send(line: &Mutex<UnixStream>, answer: &Answer) -> std::io::Result<()> {
    let mut bytes = serde_json::to_vec(answer)?;
    bytes.push(b'\n');
    line.lock().unwrap_or_else(PoisonError::into_inner).write_all(&bytes)
}

/// A writer whose text goes over the socket as one kind of answer.
struct Sender {
    line: Arc<Mutex<UnixStream>>,
    wrap: fn(String) -> Answer,
}

impl Write for Sender {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        send(&self.line, &(self.wrap)(String::from_utf8_lossy(bytes).into_owned()))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(store: &Path, arguments: &[&str]) -> (Option<u8>, String, String) {
        let request = Request { arguments: arguments.iter().map(|&word| word.to_owned()).collect(), cwd: "/".into() };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = ask(store, &request, &mut out, &mut err).unwrap();
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    fn echo() -> Arc<Handler> {
        Arc::new(|request, out, err| {
            let _ = write!(out, "{}", request.arguments.join(" "));
            let _ = write!(err, "сөз");
            7
        })
    }

    #[test]
    fn the_owner_answers_a_second_command() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let _inside = runtime.enter();
        for depth in [0, 30] {
            // A path too long for a socket address works all the same.
            let top = tempfile::tempdir().unwrap();
            let store = (0..depth).fold(top.path().to_path_buf(), |path, _| path.join("folder"));
            std::fs::create_dir_all(&store).unwrap();
            assert_eq!(asked(&store, &["status"]).0, None, "nobody owns it yet");
            let control = Control::listen(&store, echo()).unwrap();
            let mode = std::fs::metadata(store.join(SOCKET)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            assert_eq!(asked(&store, &["queue", "list"]), (Some(7), "queue list".to_owned(), "сөз".to_owned()));
            drop(control);
            assert!(!store.join(SOCKET).exists());
        }
    }

    #[test]
    fn a_stale_socket_is_no_owner_and_is_replaced() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let _inside = runtime.enter();
        let store = tempfile::tempdir().unwrap();
        drop(std::os::unix::net::UnixListener::bind(store.path().join(SOCKET)).unwrap());
        assert_eq!(asked(store.path(), &["status"]).0, None);
        let _control = Control::listen(store.path(), echo()).unwrap();
        assert_eq!(asked(store.path(), &["status"]).0, Some(7));
    }
}
