//! Asking a time-stamping authority (RFC 3161, 3.4). The address is the operator's own, so robots.txt and
//! pace are not asked; the address guard is.

use reqwest::header;

use super::{Cap, Client, Fault, FetchError, host_of};

/// Largest answer, in bytes: a token with its certificates takes some thousand.
const LARGEST: u64 = 256 << 10;

impl Client {
    /// Sends a `TimeStampReq` and gives the bytes of the answer.
    ///
    /// # Errors
    /// Where the address is refused, or nobody answers well. What the answer says is for the asker to read.
    pub async fn ask_for_stamp(&self, url: &str, request: Vec<u8>) -> Result<Vec<u8>, FetchError> {
        let asked = tokio::time::timeout(self.timeout, self.exchange_stamp(url, request)).await;
        asked
            .unwrap_or_else(|_| Err(Fault::Timeout { host: url.to_owned(), limit: self.timeout }))
            .map_err(|fault| FetchError { fault, redirected: None })
    }

    async fn exchange_stamp(&self, url: &str, request: Vec<u8>) -> Result<Vec<u8>, Fault> {
        let route = &self.usual;
        let url = route.guard.read(url)?;
        let host = host_of(&url);
        let http = url.port_or_known_default().and_then(|port| route.opened.get(&port)).unwrap_or(&route.http);
        let sent = http
            .post(url)
            .header(header::CONTENT_TYPE, "application/timestamp-query")
            .header(header::ACCEPT, "application/timestamp-reply")
            .body(request)
            .send()
            .await;
        let response = sent.map_err(|cause| Fault::of(cause, &host, self.timeout, false))?;
        if let Some(peer) =
            response.remote_addr().filter(|peer| !route.through_proxy && !route.guard.opens(peer.ip(), peer.port()))
        {
            return Err(Fault::Private { host, address: peer.ip() });
        }
        if !response.status().is_success() {
            return Err(Fault::Status { host, status: response.status().as_u16(), retry_after: None });
        }
        self.body(response, Cap { bytes: LARGEST, cut: false }, &host).await
    }
}
