//! Google's Gemini: the model in the address, content in parts, everything else in a configuration of the generation.

mod build;
mod contents;
mod embeddings;
pub mod models;
mod reply;
mod stream;
#[cfg(test)]
pub mod tests;
mod trouble;

use crate::base::http::{Request, Response};
use crate::model::{Call, Reply, Trouble, Value};

use super::draft::text;
use super::failure;
use super::protocol::{Built, Embeddings, Listed, Stream, Wire};
use super::service::Service;

pub struct Google;

impl Wire for Google {
    fn auth(&self) -> (&'static str, &'static str) {
        ("x-goog-api-key", "")
    }

    fn build(&self, call: &Call, service: &Service, stream: bool) -> Built {
        build::content(call, service, stream)
    }

    fn parse(&self, response: &Response) -> Result<Reply, Trouble> {
        let mut whole = reply::Whole::default();
        match json(response)? {
            // A stream that was not asked for as events is one list.
            Value::Array(chunks) => chunks.iter().for_each(|chunk| whole.add(chunk, &mut Vec::new())),
            one => whole.add(&one, &mut Vec::new()),
        }
        whole.read().ok_or_else(|| failure::undecodable(response, "the answer has no candidate"))
    }

    fn stream(&self) -> Box<dyn Stream> {
        Box::<stream::Contents>::default()
    }

    fn embed(&self, model: &str, texts: &[String], dimensions: Option<usize>, service: &Service) -> Option<Request> {
        Some(embeddings::request(model, texts, dimensions, service))
    }

    fn parse_embeddings(&self, response: &Response) -> Result<Embeddings, Trouble> {
        let vectors = embeddings::read(&json(response)?);
        vectors.ok_or_else(|| failure::undecodable(response, "the answer has no list of vectors"))
    }

    fn models(&self, service: &Service) -> Request {
        service.get(&build::path(service, "models?pageSize=1000"))
    }

    fn parse_models(&self, response: &Response) -> Result<Vec<Listed>, Trouble> {
        let list = json(response)?;
        let models = list.get("models").and_then(Value::as_array);
        let models = models.ok_or_else(|| failure::undecodable(response, "the answer has no list of models"))?;
        Ok(models.iter().filter_map(listed).collect())
    }

    fn count(&self, call: &Call, service: &Service) -> Option<Built> {
        Some(build::count(call, service))
    }

    fn parse_count(&self, response: &Response) -> Result<u64, Trouble> {
        let count = json(response)?.get("totalTokens").and_then(Value::as_u64);
        count.ok_or_else(|| failure::undecodable(response, "the answer has no `totalTokens`"))
    }
}

fn json(response: &Response) -> Result<Value, Trouble> {
    if !response.is_success() {
        return Err(trouble::read(response));
    }
    let body = failure::json(response)?;
    if trouble::in_body(&body).is_some() { Err(trouble::read(response)) } else { Ok(body) }
}

fn listed(model: &Value) -> Option<Listed> {
    let name = text(model, "name")?;
    Some(Listed {
        name: name.strip_prefix("models/").unwrap_or(name).to_owned(),
        title: text(model, "displayName").map(str::to_owned),
        context: model.get("inputTokenLimit").and_then(Value::as_u64),
        raw: model.clone(),
    })
}
