//! A server that speaks the languages of all services, and everything that can go wrong with one.
//!
//! [`ModelServer::start`] answers by a function from what was asked; [`says`] makes the answer that the asking service
//! would have got. Nothing here waits for a clock: an answer that never comes is held until the client goes.

#![allow(dead_code, unused_imports, reason = "tests of several commands use parts of it")]

pub mod http;
mod says;

pub use http::{Answer, Asked, End};
pub use says::{Said, error, fails_within, says};

use serde_json::Value;

use super::Repo;

pub struct ModelServer(http::Server);

impl ModelServer {
    pub fn start(reply: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> ModelServer {
        ModelServer(http::Server::start(0, true, reply))
    }

    /// Answers with what the user said last.
    pub fn echoing() -> ModelServer {
        ModelServer::start(|asked| says(asked, &Said::text(last_user_text(asked))))
    }

    pub fn url(&self) -> String {
        self.0.url()
    }

    /// Everything that was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.0.asked()
    }

    /// The bodies of what was asked, as JSON.
    pub fn bodies(&self) -> Vec<Value> {
        self.asked().iter().map(json).collect()
    }

    pub fn count(&self) -> usize {
        self.0.count()
    }

    pub fn connections(&self) -> usize {
        self.0.connections()
    }

    /// How many requests were being answered at the same time.
    pub fn most_at_once(&self) -> usize {
        self.0.most_at_once()
    }

    /// Clients that went before they had their whole answer.
    pub fn left(&self) -> usize {
        self.0.left()
    }

    /// Have a repository's user reach this server as the provider `local`, in this language. The settings are the
    /// user's own, so nothing needs to be trusted.
    pub fn serve(&self, repo: &Repo, protocol: &str) {
        self.serve_as(repo, "local", protocol, "");
    }

    /// The same by any name, with more settings of the provider.
    pub fn serve_as(&self, repo: &Repo, name: &str, protocol: &str, more: &str) {
        let base = match protocol {
            "anthropic" | "ollama" => self.url(),
            "google" => self.url(),
            _ => format!("{}/v1", self.url()),
        };
        let folder = repo.home().join(".config/palc");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("config.toml");
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        let table = format!("[providers.{name}]\nprotocol = \"{protocol}\"\nbase_url = \"{base}\"\n{more}\n");
        std::fs::write(path, before + &table).unwrap();
    }
}

/// The body of a request.
pub fn json(asked: &Asked) -> Value {
    serde_json::from_slice(&asked.body).unwrap_or(Value::Null)
}

/// What the user said last, in whatever language.
pub fn last_user_text(asked: &Asked) -> String {
    let body = json(asked);
    let turns = ["messages", "contents", "input"].into_iter().find_map(|name| body[name].as_array());
    let last = turns.into_iter().flatten().rev().find(|turn| turn["role"] == "user");
    last.map(|turn| text(turn.get("content").unwrap_or(&turn["parts"]))).unwrap_or_default()
}

fn text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect(),
        _ => String::new(),
    }
}
