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
    /// The model that is meant where only the service is named.
    pub model: Option<String>,
    pub embedding_model: Option<String>,
    /// Who is asked next if this one cannot answer: `service` or `service/model`.
    pub fallback: Vec<String>,
    pub limits: Limits,
}

impl Service {
    /// A service of which nothing is known but where it is and how it speaks.
    pub fn new(name: impl Into<String>, protocol: Protocol, base_url: impl Into<String>) -> Service {
        Service {
            name: name.into(),
            protocol,
            base_url: base_url.into(),
            key_variable: None,
            headers: Vec::new(),
            options: Map::new(),
            model: None,
            embedding_model: None,
            fallback: Vec::new(),
            limits: Limits::default(),
        }
    }

    /// Whether it runs on this machine, so that using it costs nothing.
    pub fn is_local(&self) -> bool {
        let host = self.base_url.split_once("://").map_or("", |(_, rest)| rest);
        let host = host.split(['/', '?']).next().unwrap_or_default();
        let host = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        let is_loopback = host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        is_loopback || host.eq_ignore_ascii_case("localhost")
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_several_names() {
        let is_local = |url: &str| Service::new("x", Protocol::OpenAi, url).is_local();
        for url in ["http://localhost:11434", "http://127.0.0.1:8080/v1", "http://[::1]/v1", "http://LOCALHOST"] {
            assert!(is_local(url), "{url}");
        }
        for url in ["https://localhost.example.com", "https://api.openai.com/v1", "http://10.0.0.1", "http://[::2]", ""]
        {
            assert!(!is_local(url), "{url}");
        }
    }
}
