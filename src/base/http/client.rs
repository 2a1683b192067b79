//! The live client: one pool of connections, no redirects, and an end to every wait.

use std::sync::Once;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::timeout;

use super::{Method, Request, Response};

/// How long and how much may be waited for.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The longest silence, before the answer and within it.
    pub idle: Duration,
    /// The largest answer, in bytes, unpacked.
    pub bytes: usize,
}

/// Why there is no answer, or not the whole of one. The words hold no address, as addresses may hold keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The request was never sent: an address that is none, no certificates.
    Unusable(String),
    /// Nobody was reached.
    Unreached(String),
    /// Nothing came for this long.
    Silent(Duration),
    /// The connection broke before the answer, or within it.
    Broken(String),
    TooLarge(usize),
}

/// Sends requests and keeps the connections for the next ones.
#[derive(Debug, Clone)]
pub struct Client {
    inner: reqwest::Client,
}

impl Client {
    /// For addresses that begin with `https`, or for others: those need no certificates, which take long to read.
    pub fn new(connect: Duration, is_secure: bool) -> Result<Client, Failure> {
        install_ring();
        let builder = reqwest::Client::builder()
            .user_agent(concat!("palc/", env!("CARGO_PKG_VERSION")))
            // A redirect would take the key along to wherever it leads.
            .redirect(reqwest::redirect::Policy::none())
            // Every try is counted, so none is made behind our back.
            .retry(reqwest::retry::never())
            .connect_timeout(connect)
            .http2_keep_alive_interval(Duration::from_secs(30));
        let builder = if is_secure { builder } else { builder.tls_certs_only([]) };
        let inner = builder.build().map_err(|error| Failure::Unusable(words(error)))?;
        Ok(Client { inner })
    }

    /// Send a request with the header that proves who asks; the answer's body is still to come.
    pub async fn send(
        &self,
        request: &Request,
        proof: Option<(&str, &str)>,
        bounds: Bounds,
    ) -> Result<Arrival, Failure> {
        let headers = headers(request, proof)?;
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
        };
        let sent = self.inner.request(method, &request.url).headers(headers).body(request.body.clone()).send();
        match timeout(bounds.idle, sent).await {
            Ok(Ok(body)) => Ok(Arrival { body, taken: 0, bounds }),
            Ok(Err(error)) => Err(failure(error)),
            Err(_) => Err(Failure::Silent(bounds.idle)),
        }
    }
}

/// An answer whose head is there.
#[derive(Debug)]
pub struct Arrival {
    body: reqwest::Response,
    taken: usize,
    bounds: Bounds,
}

impl Arrival {
    /// Status and headers, with nothing in the body.
    pub fn head(&self) -> Response {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = self.body.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        Response { status: self.body.status().as_u16(), headers, body: Vec::new() }
    }

    /// The next bytes; none at the end.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let bytes = match timeout(self.bounds.idle, self.body.chunk()).await {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(error)) => return Err(failure(error)),
            Err(_) => return Err(Failure::Silent(self.bounds.idle)),
        };
        self.taken += bytes.as_ref().map_or(0, |bytes| bytes.len());
        if self.taken > self.bounds.bytes {
            return Err(Failure::TooLarge(self.bounds.bytes));
        }
        Ok(bytes.map(|bytes| bytes.to_vec()))
    }

    /// All of it.
    pub async fn whole(mut self) -> Result<Response, Failure> {
        let mut response = self.head();
        while let Some(bytes) = self.chunk().await? {
            response.body.extend(bytes);
        }
        Ok(response)
    }
}

fn headers(request: &Request, proof: Option<(&str, &str)>) -> Result<HeaderMap, Failure> {
    let unusable = |name: &str| Failure::Unusable(format!("the header `{name}` cannot be sent"));
    let mut headers = HeaderMap::new();
    let mut add = |name: &str, value: &str, is_secret: bool| {
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable(name))?;
        let mut value = HeaderValue::from_str(value).map_err(|_| unusable(name))?;
        value.set_sensitive(is_secret);
        headers.insert(header, value);
        Ok(())
    };
    for (name, value) in &request.headers {
        add(name, value, false)?;
    }
    if let Some((name, value)) = proof {
        add(name, value, true)?;
    }
    Ok(headers)
}

/// TLS by ring: the other choice needs a C compiler's whole library.
fn install_ring() {
    static ONCE: Once = Once::new();
    // If something installed one before us, that one is as good.
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

fn failure(error: reqwest::Error) -> Failure {
    if error.is_builder() {
        Failure::Unusable(words(error))
    } else if error.is_connect() {
        Failure::Unreached(words(error))
    } else {
        Failure::Broken(words(error))
    }
}

/// What went wrong at the bottom, without the layers above it.
fn words(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut deepest: &dyn std::error::Error = &error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}
