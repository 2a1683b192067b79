//! Services that run models, as far as somebody set anything about them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};

use super::texts;
use crate::config::kind::{self, Fault};
use crate::config::layers::Values;

/// Providers by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Providers(BTreeMap<String, Provider>);

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Provider {
    /// One of `keys::PROTOCOLS`.
    pub protocol: Option<String>,
    pub base_url: Option<String>,
    pub key_env: Option<String>,
    /// By name in lower case.
    pub headers: BTreeMap<String, String>,
    pub options: Map<String, Value>,
    pub model: Option<String>,
    pub embedding_model: Option<String>,
    pub fallback: Option<Vec<String>>,
    pub timeout: Option<Duration>,
    pub connect_timeout: Option<Duration>,
    pub embedding_timeout: Option<Duration>,
    pub retries: Option<u64>,
    pub concurrency: Option<u64>,
    pub requests_per_minute: Option<u64>,
    pub tokens_per_minute: Option<u64>,
    pub answer_bytes: Option<u64>,
}

impl Providers {
    pub(super) fn read(values: Values<'_>) -> Self {
        let mut providers: BTreeMap<String, Provider> = BTreeMap::new();
        for (words, value) in values.below("providers") {
            if let [name, field @ ..] = words {
                providers.entry(name.clone()).or_default().set(field, value);
            }
        }
        Providers(providers)
    }

    pub fn get(&self, name: &str) -> Option<&Provider> {
        self.0.get(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Provider)> {
        self.0.iter().map(|(name, provider)| (name.as_str(), provider))
    }
}

impl Provider {
    fn set(&mut self, field: &[String], value: &Value) {
        let text = || value.as_str().map(str::to_owned);
        let field: Vec<&str> = field.iter().map(String::as_str).collect();
        match field[..] {
            ["protocol"] => self.protocol = text(),
            ["base_url"] => self.base_url = text(),
            ["key_env"] => self.key_env = text(),
            ["headers", name] => drop(text().map(|text| self.headers.insert(name.to_lowercase(), text))),
            ["options", name] => drop(self.options.insert(name.to_owned(), value.clone())),
            ["model"] => self.model = text(),
            ["embedding_model"] => self.embedding_model = text(),
            ["fallback"] => self.fallback = Some(texts(value)),
            ["timeout"] => self.timeout = kind::duration(value),
            ["connect_timeout"] => self.connect_timeout = kind::duration(value),
            ["embedding_timeout"] => self.embedding_timeout = kind::duration(value),
            ["retries"] => self.retries = value.as_u64(),
            ["concurrency"] => self.concurrency = value.as_u64(),
            ["requests_per_minute"] => self.requests_per_minute = value.as_u64(),
            ["tokens_per_minute"] => self.tokens_per_minute = value.as_u64(),
            ["answer_bytes"] => self.answer_bytes = kind::bytes(value),
            _ => {}
        }
    }
}

/// What is wrong with the address of a service.
pub(in crate::config) fn bad_url(url: &str) -> Option<Fault> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let (problem, hint) = match host {
        // What stands before the `@` may be a password, so the message does not repeat it.
        Some(host) if host.contains('@') => {
            ("the URL holds a user name or a password", Some("`palc auth set` keeps keys"))
        }
        _ if url.contains(|c: char| c.is_whitespace() || c.is_control()) => ("the URL holds blanks", None),
        None | Some("") => ("that is no URL of a service", Some("write it as `https://api.example.com/v1`")),
        Some(_) if url.contains(['?', '#']) => ("the URL holds more than an address", Some("write it up to the path")),
        Some(_) => return None,
    };
    let mut fault = Fault::new("config-url", problem.to_owned());
    fault.hint = hint.map(str::to_owned);
    Some(fault)
}

/// What is wrong with the name of an environment variable. Somebody may have written the key itself there, so it is not
/// repeated.
pub(in crate::config) fn bad_variable(name: &str) -> Option<Fault> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let good = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(fits);
    (!good).then(|| {
        let mut fault = Fault::new("config-variable", "that is no name of an environment variable".into());
        fault.hint = Some("a key itself does not belong into a file of settings: `palc auth set` keeps it".into());
        fault
    })
}

/// What is wrong with the name of a header: those that carry keys are palc's own business.
pub(in crate::config) fn bad_header_name(name: &str) -> Option<Fault> {
    const KEYS: &[&str] = &["authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie"];
    let fits = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let is_key = KEYS.contains(&name.to_lowercase().as_str());
    let problem = match () {
        () if is_key => "that header carries a key, which does not belong into a file of settings",
        () if name.is_empty() || !name.chars().all(fits) => "that is no name of a header",
        () => return None,
    };
    let mut fault = Fault::new("config-header", problem.into());
    fault.on_key = true;
    fault.hint = is_key.then(|| "`palc auth set` keeps keys, and palc sends them".into());
    Some(fault)
}

/// What is wrong with the value of a header.
pub(in crate::config) fn bad_header(text: &str) -> Option<Fault> {
    let good = text.chars().all(|c| !c.is_control()) && text.trim() == text && !text.is_empty();
    (!good).then(|| Fault::new("config-header", "a header is a text of one line, without blanks around it".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_addresses_and_no_more() {
        assert!(
            ["https://api.x.ai/v1", "http://localhost:11434", "https://[::1]:80/"]
                .iter()
                .all(|url| bad_url(url).is_none())
        );
        for url in ["api.x.ai", "https://", "ftp://x", "https://u:secret@x/v1", "https://x/?key=1", "https://x y"] {
            let fault = bad_url(url).expect(url);
            assert!(!fault.message.contains("secret"));
        }
    }

    #[test]
    fn a_key_in_place_of_its_variable_is_not_repeated() {
        assert_eq!(bad_variable("MY_KEY2"), None);
        assert!(!bad_variable("sk-secret").expect("no name").message.contains("secret"));
        assert!(bad_variable("").is_some() && bad_variable("2X").is_some());
    }
}
