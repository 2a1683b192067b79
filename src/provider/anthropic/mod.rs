//! Anthropic's Messages: the system text apart, roles taking turns, content in blocks.

mod build;
pub mod models;
mod reply;
mod schema;
mod stream;
#[cfg(test)]
pub mod tests;
mod trouble;
mod turns;

use crate::base::http::{Request, Response};
use crate::model::call::What;
use crate::model::{Call, Reply, Trouble, Value};

use super::draft::{path, text};
use super::failure;
use super::protocol::{Built, Embeddings, Listed, Stream, Wire};
use super::service::Service;

pub struct Anthropic;

impl Wire for Anthropic {
    fn auth(&self) -> (&'static str, &'static str) {
        ("x-api-key", "")
    }

    fn build(&self, call: &Call, service: &Service, stream: bool) -> Built {
        build::messages(call, service, stream)
    }

    fn parse(&self, response: &Response) -> Result<Reply, Trouble> {
        let message = json(response)?;
        reply::read(&message).ok_or_else(|| failure::undecodable(response, "the answer has no content"))
    }

    fn stream(&self) -> Box<dyn Stream> {
        Box::<stream::Messages>::default()
    }

    fn embed(&self, _: &str, _: &[String], _: Option<usize>, _: &Service) -> Option<Request> {
        None
    }

    fn parse_embeddings(&self, _: &Response) -> Result<Embeddings, Trouble> {
        Err(Trouble::new(What::Refused, "Anthropic makes no embeddings"))
    }

    fn models(&self, service: &Service) -> Request {
        build::versioned(service.get(&path(service, "v1", "models?limit=1000")), service)
    }

    fn parse_models(&self, response: &Response) -> Result<Vec<Listed>, Trouble> {
        let list = json(response)?;
        let models = list.get("data").and_then(Value::as_array);
        let models = models.ok_or_else(|| failure::undecodable(response, "the answer has no list of models"))?;
        Ok(models.iter().filter_map(listed).collect())
    }

    fn count(&self, call: &Call, service: &Service) -> Option<Built> {
        Some(build::count(call, service))
    }

    fn parse_count(&self, response: &Response) -> Result<u64, Trouble> {
        let count = json(response)?.get("input_tokens").and_then(Value::as_u64);
        count.ok_or_else(|| failure::undecodable(response, "the answer has no `input_tokens`"))
    }
}

fn json(response: &Response) -> Result<Value, Trouble> {
    if !response.is_success() {
        return Err(trouble::read(response));
    }
    let body = failure::json(response)?;
    if body.get("error").is_some_and(|error| !error.is_null()) { Err(trouble::read(response)) } else { Ok(body) }
}

fn listed(model: &Value) -> Option<Listed> {
    Some(Listed {
        name: text(model, "id")?.to_owned(),
        title: text(model, "display_name").map(str::to_owned),
        context: model.get("max_input_tokens").and_then(Value::as_u64),
        raw: model.clone(),
    })
}
