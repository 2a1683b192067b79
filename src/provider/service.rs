//! A service as palc knows it: where it is, what it speaks, and how it wants to be treated.

use std::time::Duration;

use crate::base::http::{Method, Request};
use crate::model::{Map, Value};

use super::protocol::Protocol;

#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// As in `anthropic/claude-…`.
    pub name: String,
    pub protocol: Protocol,
    /// Without a slash at its end.
    pub base_url: String,
    /// The environment variable of the key; services on this machine need none.
    pub key_variable: Option<String>,
    /// Headers sent with every request, in lower case. Never a key.
    pub headers: Vec<(String, String)>,
    /// What the service alone knows, sent with every call: routing and data policy, safety settings, an API version.
    pub options: Map,
    pub limits: Limits,
}

impl Service {
    /// A request with a JSON body to a path below the base.
    pub fn post(&self, path: &str, body: &Value, stream: bool) -> Request {
        let accept = if stream { "text/event-stream" } else { "application/json" };
        let headers = self.headers(&[("accept", accept), ("content-type", "application/json")]);
        Request { method: Method::Post, url: self.url(path), headers, body: body.to_string().into_bytes() }
    }

    pub fn get(&self, path: &str) -> Request {
        let headers = self.headers(&[("accept", "application/json")]);
        Request { method: Method::Get, url: self.url(path), headers, body: Vec::new() }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base_url.trim_end_matches('/'))
    }

    /// The service's own headers after palc's, in place of those of the same name.
    fn headers(&self, ours: &[(&str, &str)]) -> Vec<(String, String)> {
        let set = |name: &str| self.headers.iter().any(|(known, _)| known == name);
        let ours = ours.iter().filter(|(name, _)| !set(name)).map(|&(name, value)| (name.into(), value.into()));
        ours.chain(self.headers.iter().cloned()).collect()
    }
}

/// How hard and how long it may be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    pub connect: Duration,
    /// The longest silence within an answer.
    pub idle: Duration,
    /// The whole of an embedding call.
    pub embedding: Duration,
    /// Tries after the first.
    pub retries: u32,
    pub concurrency: usize,
    pub requests_per_minute: Option<u64>,
    pub tokens_per_minute: Option<u64>,
    /// The largest answer, in bytes.
    pub answer_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(120),
            embedding: Duration::from_secs(60),
            retries: 2,
            concurrency: 8,
            requests_per_minute: None,
            tokens_per_minute: None,
            answer_bytes: 16 << 20,
        }
    }
}
