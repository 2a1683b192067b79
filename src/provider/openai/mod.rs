//! OpenAI's two languages, and OpenRouter's, which is the first of them with more in it.

mod chat;
mod chat_reply;
mod chat_stream;
mod embeddings;
mod listing;
mod openrouter;
mod responses;
mod responses_reply;
mod responses_stream;
mod strict;
mod trouble;
mod usage;

pub use openrouter::OpenRouter;

use crate::base::http::{Request, Response};
use crate::model::{Call, Map, Reply, Trouble, Value};

use super::capability::{Capability, is_openai};
use super::failure;
use super::protocol::{Built, Embeddings, Listed, Stream, Wire};
use super::service::Service;

const AUTH: (&str, &str) = ("authorization", "Bearer ");

/// Chat Completions.
#[derive(Debug)]
pub struct Chat;

impl Wire for Chat {
    fn auth(&self) -> (&'static str, &'static str) {
        AUTH
    }

    fn build(&self, call: &Call, service: &Service, stream: bool) -> Built {
        let mut notes = Vec::new();
        let body = chat::body(call, service, stream, &mut notes);
        Built { request: service.post("chat/completions", &Value::Object(body), stream), notes }
    }

    fn parse(&self, response: &Response) -> Result<Reply, Trouble> {
        let body = answer(response)?;
        chat_reply::read(&body).map_err(|trouble| placed(trouble, response))
    }

    fn stream(&self) -> Box<dyn Stream> {
        Box::new(chat_stream::ChatStream::default())
    }

    fn embed(&self, model: &str, texts: &[String], dimensions: Option<usize>, service: &Service) -> Option<Request> {
        let can = Capability::of(service, model);
        can.embeddings.then(|| embeddings::request(model, texts, dimensions, service))
    }

    fn parse_embeddings(&self, response: &Response) -> Result<Embeddings, Trouble> {
        let body = answer(response)?;
        embeddings::read(&body).map_err(|trouble| placed(trouble, response))
    }

    fn models(&self, service: &Service) -> Request {
        service.get("models")
    }

    fn parse_models(&self, response: &Response) -> Result<Vec<Listed>, Trouble> {
        let body = answer(response)?;
        listing::read(&body).map_err(|trouble| placed(trouble, response))
    }

    /// Only OpenAI itself counts, and in its other language.
    fn count(&self, call: &Call, service: &Service) -> Option<Built> {
        if is_openai(service) { Responses.count(call, service) } else { None }
    }

    fn parse_count(&self, response: &Response) -> Result<u64, Trouble> {
        Responses.parse_count(response)
    }
}

/// The newer language, in which a conversation is a list of items.
#[derive(Debug)]
pub struct Responses;

impl Wire for Responses {
    fn auth(&self) -> (&'static str, &'static str) {
        AUTH
    }

    fn build(&self, call: &Call, service: &Service, stream: bool) -> Built {
        let mut notes = Vec::new();
        let body = responses::body(call, service, stream, &mut notes);
        Built { request: service.post("responses", &Value::Object(body), stream), notes }
    }

    fn parse(&self, response: &Response) -> Result<Reply, Trouble> {
        let body = answer(response)?;
        responses_reply::read(&body).map_err(|trouble| placed(trouble, response))
    }

    fn stream(&self) -> Box<dyn Stream> {
        Box::new(responses_stream::ResponsesStream::default())
    }

    fn embed(&self, model: &str, texts: &[String], dimensions: Option<usize>, service: &Service) -> Option<Request> {
        Chat.embed(model, texts, dimensions, service)
    }

    fn parse_embeddings(&self, response: &Response) -> Result<Embeddings, Trouble> {
        Chat.parse_embeddings(response)
    }

    fn models(&self, service: &Service) -> Request {
        Chat.models(service)
    }

    fn parse_models(&self, response: &Response) -> Result<Vec<Listed>, Trouble> {
        Chat.parse_models(response)
    }

    fn count(&self, call: &Call, service: &Service) -> Option<Built> {
        let mut notes = Vec::new();
        let mut body = responses::asked(call, service, &mut notes);
        body.retain(|key, _| COUNTED.contains(&key.as_str()));
        Some(Built { request: service.post("responses/input_tokens", &Value::Object(body), false), notes })
    }

    fn parse_count(&self, response: &Response) -> Result<u64, Trouble> {
        let body = answer(response)?;
        let count = body.get("input_tokens").and_then(Value::as_u64);
        count.ok_or_else(|| failure::undecodable(response, "the answer counts no tokens"))
    }
}

/// What of a request counts, and all that the counting takes.
const COUNTED: &[&str] = &["model", "instructions", "input", "tools", "tool_choice", "text", "reasoning", "truncation"];

/// The JSON of a good answer, or the trouble that a bad one tells.
fn answer(response: &Response) -> Result<Value, Trouble> {
    if !response.is_success() {
        return Err(trouble::of_response(response));
    }
    let body = failure::json(response)?;
    match trouble::in_body(&body) {
        Some(trouble) => Err(placed(trouble, response)),
        None => Ok(body),
    }
}

/// A trouble found in an answer, with where it was found.
fn placed(trouble: Trouble, response: &Response) -> Trouble {
    let request_id = trouble.request_id.clone().or_else(|| failure::request_id(response));
    Trouble { status: trouble.status.or(Some(response.status)), request_id, ..trouble }
}

/// What the settings want sent with every call, where the call does not say it itself.
fn add_options(body: &mut Map, service: &Service) {
    for (key, value) in &service.options {
        if !body.contains_key(key) {
            body.insert(key.clone(), value.clone());
        }
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests;
