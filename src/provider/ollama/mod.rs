//! Ollama's own language: one JSON object a line, parameters among the options of the run.

mod build;
mod reply;
mod stream;
#[cfg(test)]
pub mod tests;
mod trouble;

use crate::base::http::{Request, Response};
use crate::model::call::What;
use crate::model::{Call, Reply, Trouble, Value};

use super::draft::text;
use super::failure;
use super::protocol::{Built, Embeddings, Listed, Stream, Wire};
use super::service::Service;

pub struct Ollama;

impl Wire for Ollama {
    /// A server on this machine asks for no key, one behind a proxy or Ollama's own cloud may.
    fn auth(&self) -> (&'static str, &'static str) {
        ("authorization", "Bearer ")
    }

    fn build(&self, call: &Call, service: &Service, stream: bool) -> Built {
        build::chat(call, service, stream)
    }

    fn parse(&self, response: &Response) -> Result<Reply, Trouble> {
        let answer = json(response)?;
        reply::read(&answer).ok_or_else(|| failure::undecodable(response, "the answer has no message"))
    }

    fn stream(&self) -> Box<dyn Stream> {
        Box::<stream::Chat>::default()
    }

    fn embed(&self, model: &str, texts: &[String], dimensions: Option<usize>, service: &Service) -> Option<Request> {
        Some(build::embed(model, texts, dimensions, service))
    }

    fn parse_embeddings(&self, response: &Response) -> Result<Embeddings, Trouble> {
        let vectors = embeddings(&json(response)?);
        vectors.ok_or_else(|| failure::undecodable(response, "the answer has no list of vectors"))
    }

    fn models(&self, service: &Service) -> Request {
        service.get(&build::path(service, "tags"))
    }

    fn parse_models(&self, response: &Response) -> Result<Vec<Listed>, Trouble> {
        let list = json(response)?;
        let models = list.get("models").and_then(Value::as_array);
        let models = models.ok_or_else(|| failure::undecodable(response, "the answer has no list of models"))?;
        Ok(models.iter().filter_map(listed).collect())
    }

    fn count(&self, _: &Call, _: &Service) -> Option<Built> {
        None
    }

    fn parse_count(&self, _: &Response) -> Result<u64, Trouble> {
        Err(Trouble::new(What::Refused, "Ollama counts no tokens beforehand"))
    }
}

fn json(response: &Response) -> Result<Value, Trouble> {
    if !response.is_success() {
        return Err(trouble::read(response));
    }
    let body = failure::json(response)?;
    if body.get("error").is_some_and(|error| !error.is_null()) { Err(trouble::read(response)) } else { Ok(body) }
}

fn embeddings(body: &Value) -> Option<Embeddings> {
    let vector = |one: &Value| one.as_array()?.iter().map(|x| Some(x.as_f64()? as f32)).collect::<Option<Vec<f32>>>();
    let vectors = body.get("embeddings")?.as_array()?.iter().map(vector).collect::<Option<_>>()?;
    Some(Embeddings { vectors, tokens: body.get("prompt_eval_count").and_then(Value::as_u64) })
}

fn listed(model: &Value) -> Option<Listed> {
    let size = model.pointer("/details/parameter_size").and_then(Value::as_str);
    Some(Listed {
        name: text(model, "model").or(text(model, "name"))?.to_owned(),
        title: size.filter(|size| !size.is_empty()).map(|size| format!("{size} parameters")),
        context: model.pointer("/details/context_length").and_then(Value::as_u64),
        raw: model.clone(),
    })
}
