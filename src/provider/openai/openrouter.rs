//! OpenRouter: Chat Completions with fallback models, routing and data policy, and the cost in the answer.

use serde_json::json;

use crate::base::http::{Request, Response};
use crate::model::{Call, Map, Reply, Trouble, Value};

use super::super::protocol::{Built, Embeddings, Listed, Stream, Wire};
use super::super::service::Service;
use super::{AUTH, Chat, chat};

#[derive(Debug)]
pub struct OpenRouter;

impl Wire for OpenRouter {
    fn auth(&self) -> (&'static str, &'static str) {
        AUTH
    }

    fn build(&self, call: &Call, service: &Service, stream: bool) -> Built {
        let mut notes = Vec::new();
        let mut body = chat::body(call, service, stream, &mut notes);
        gather_reasoning(&mut body);
        hold_policy(&mut body, service, &mut notes);
        let mut request = service.post("chat/completions", &Value::Object(body), stream);
        name_the_program(&mut request);
        Built { request, notes }
    }

    fn parse(&self, response: &Response) -> Result<Reply, Trouble> {
        Chat.parse(response)
    }

    fn stream(&self) -> Box<dyn Stream> {
        Chat.stream()
    }

    fn embed(&self, model: &str, texts: &[String], dimensions: Option<usize>, service: &Service) -> Option<Request> {
        let mut request = Chat.embed(model, texts, dimensions, service)?;
        name_the_program(&mut request);
        Some(request)
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
        Chat.count(call, service)
    }

    fn parse_count(&self, response: &Response) -> Result<u64, Trouble> {
        Chat.parse_count(response)
    }
}

/// The effort stands in an object here, beside what the settings may say of it.
fn gather_reasoning(body: &mut Map) {
    let Some(effort) = body.shift_remove("reasoning_effort") else {
        return;
    };
    let reasoning = body.entry("reasoning").or_insert_with(|| json!({}));
    if let Value::Object(reasoning) = reasoning {
        reasoning.insert("effort".into(), effort);
    }
}

/// What the settings say of routing and data policy is the user's word, and holds against a prompt's own parameters.
fn hold_policy(body: &mut Map, service: &Service, notes: &mut Vec<String>) {
    let Some(Value::Object(set)) = service.options.get("provider") else { return };
    let said = body.get("provider").and_then(Value::as_object).cloned().unwrap_or_default();
    let held: Map = said.into_iter().chain(set.clone()).collect();
    let held = Value::Object(held);
    if body.insert("provider".into(), held.clone()).is_some_and(|before| before != held) {
        notes.push(
            "`params.provider` gives way to `providers.openrouter.options.provider`"
                .replace("openrouter", &service.name),
        );
    }
}

/// OpenRouter shows its users which program spent what. The settings may give another name.
fn name_the_program(request: &mut Request) {
    if !request.headers.iter().any(|(name, _)| name == "x-openrouter-title" || name == "x-title") {
        request.headers.push(("x-openrouter-title".to_owned(), "palc".to_owned()));
    }
}
