//! Vectors of texts, all in one request.

use serde_json::json;

use crate::base::http::Request;
use crate::model::Value;

use super::super::protocol::Embeddings;
use super::super::service::Service;
use super::build::{name, path};

pub fn request(model: &str, texts: &[String], dimensions: Option<usize>, service: &Service) -> Request {
    let name = name(model);
    let one = |text: &String| {
        let mut one = json!({"model": name, "content": {"parts": [{"text": text}]}});
        if let Some(dimensions) = dimensions {
            one["outputDimensionality"] = json!(dimensions);
        }
        one
    };
    let requests: Vec<Value> = texts.iter().map(one).collect();
    service.post(&path(service, &format!("{name}:batchEmbedContents")), &json!({"requests": requests}), false)
}

pub fn read(body: &Value) -> Option<Embeddings> {
    let vectors = body.get("embeddings")?.as_array()?;
    let vector = |one: &Value| one.get("values")?.as_array()?.iter().map(Value::as_f64).collect::<Option<Vec<f64>>>();
    let vectors = vectors.iter().map(|one| vector(one).map(unit)).collect::<Option<_>>()?;
    let tokens = body.pointer("/usageMetadata/promptTokenCount").and_then(Value::as_u64);
    Some(Embeddings { vectors, tokens })
}

/// A vector that was shortened is shorter than one in both senses; likeness is measured between vectors of length one.
fn unit(vector: Vec<f64>) -> Vec<f32> {
    const NEAR: f64 = 1e-4;
    let length = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
    let scale = if length == 0.0 || (length - 1.0).abs() < NEAR { 1.0 } else { length };
    vector.into_iter().map(|x| (x / scale) as f32).collect()
}
