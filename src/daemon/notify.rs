//! Telling systemd how the daemon is: ready, alive, stopping (sd_notify(3), `Type=notify`). Without
//! `NOTIFY_SOCKET` in the environment nobody is told anything.
#![expect(clippy::disallowed_methods, reason = "edge: systemd names its socket in the environment")]

use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

/// The service manager that started this process, where one did.
#[derive(Debug, Default)]
pub struct Manager {
    socket: Option<(UnixDatagram, SocketAddr)>,
    watchdog: Option<Duration>,
}

impl Manager {
    /// The manager that the environment names.
    pub fn of_environment() -> Self {
        let watchdog =
            std::env::var("WATCHDOG_USEC").ok().and_then(|usec| usec.parse().ok()).map(Duration::from_micros);
        match std::env::var_os("NOTIFY_SOCKET") {
            Some(name) => Self { socket: socket(name.as_bytes()), watchdog },
            None => Self::default(),
        }
    }

    /// How often it wants a sign of life, at the latest; `None`: never.
    pub fn watchdog(&self) -> Option<Duration> {
        self.socket.as_ref().and(self.watchdog)
    }

    /// Tells a state, such as `READY=1` or `WATCHDOG=1`. A manager that does not listen is no fault.
    pub fn tell(&self, state: &str) {
        if let Some((socket, address)) = &self.socket
            && let Err(error) = socket.send_to_addr(state.as_bytes(), address)
        {
            tracing::debug!(%error, "the service manager was not told");
        }
    }
}

/// A path, or a name in the abstract namespace where it begins with `@`.
fn socket(name: &[u8]) -> Option<(UnixDatagram, SocketAddr)> {
    let address = match name.strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(std::ffi::OsStr::from_bytes(name)),
    };
    Some((UnixDatagram::unbound().ok()?, address.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manager_hears_what_it_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let listening = UnixDatagram::bind(&path).unwrap();
        let abstract_name = format!("sozwatch-test-{}", std::process::id());
        let hidden =
            UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(abstract_name.as_bytes()).unwrap()).unwrap();
        for (name, listening) in
            [(path.as_os_str().as_bytes().to_vec(), &listening), (format!("@{abstract_name}").into_bytes(), &hidden)]
        {
            let manager = Manager { socket: socket(&name), watchdog: Some(Duration::from_secs(60)) };
            manager.tell("READY=1");
            let mut heard = [0; 64];
            let length = listening.recv(&mut heard).unwrap();
            assert_eq!(&heard[..length], b"READY=1");
            assert_eq!(manager.watchdog(), Some(Duration::from_secs(60)));
        }
        Manager::default().tell("READY=1");
        assert_eq!(Manager::default().watchdog(), None);
    }
}
