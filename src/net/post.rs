//! Sending to an address of the operator's own: a time-stamping authority (RFC 3161, 3.4) and the webhook. It
//! is not the crawl's, so robots.txt and pace are not asked; the address guard is, and no redirect is followed.

use reqwest::header;

use super::{Cap, Client, Fault, FetchError, host_of};

/// Largest answer, in bytes: a token with its certificates takes some thousand.
const LARGEST: u64 = 256 << 10;

/// Says that the answer is of no matter.
const ANYTHING: &str = "*/*";

/// What is sent.
struct Letter {
    content_type: &'static str,
    accept: &'static str,
    body: Vec<u8>,
}

impl Client {
    /// Sends a `TimeStampReq` and gives the bytes of the answer.
    ///
    /// # Errors
    /// Where the address is refused, or nobody answers well. What the answer says is for the asker to read.
    pub async fn ask_for_stamp(&self, url: &str, request: Vec<u8>) -> Result<Vec<u8>, FetchError> {
        let (content_type, accept) = ("application/timestamp-query", "application/timestamp-reply");
        self.post(url, Letter { content_type, accept, body: request }).await
    }

    /// Sends JSON to a webhook; what it answers beside the status is of no matter.
    ///
    /// # Errors
    /// Where the address is refused, or the answer is no success (2xx).
    pub async fn tell(&self, url: &str, json: Vec<u8>) -> Result<(), FetchError> {
        let letter = Letter { content_type: "application/json", accept: ANYTHING, body: json };
        self.post(url, letter).await.map(|_| ())
    }

    async fn post(&self, url: &str, letter: Letter) -> Result<Vec<u8>, FetchError> {
        let host = self.usual.guard.read(url).map(|url| host_of(&url)).unwrap_or_default();
        let asked = tokio::time::timeout(self.timeout, self.send(url, letter)).await;
        asked
            .unwrap_or_else(|_| Err(Fault::Timeout { host, limit: self.timeout }))
            .map_err(|fault| FetchError { fault, redirected: None })
    }

    async fn send(&self, url: &str, letter: Letter) -> Result<Vec<u8>, Fault> {
        let route = &self.usual;
        let url = route.guard.read(url)?;
        let host = host_of(&url);
        let http = url.port_or_known_default().and_then(|port| route.opened.get(&port)).unwrap_or(&route.http);
        let sent = http
            .post(url)
            .header(header::CONTENT_TYPE, letter.content_type)
            .header(header::ACCEPT, letter.accept)
            .body(letter.body)
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
        // What a webhook says is cut, what an authority says must be whole.
        self.body(response, Cap { bytes: LARGEST, cut: letter.accept == ANYTHING }, &host).await
    }
}
