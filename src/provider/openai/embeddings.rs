//! Vectors of texts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::base::http::Request;
use crate::model::call::What;
use crate::model::{Trouble, Value};

use super::super::capability::is_openai;
use super::super::protocol::Embeddings;
use super::super::service::Service;

/// OpenAI itself is asked for base64, which is a quarter of the size; others may know numbers only.
pub fn request(model: &str, texts: &[String], dimensions: Option<usize>, service: &Service) -> Request {
    let format = if is_openai(service) { "base64" } else { "float" };
    let mut body = json!({"model": model, "input": texts, "encoding_format": format});
    if let Some(dimensions) = dimensions {
        body["dimensions"] = json!(dimensions);
    }
    service.post("embeddings", &body, false)
}

pub fn read(body: &Value) -> Result<Embeddings, Trouble> {
    let wrong = |message: &str| Trouble::new(What::Decode, message);
    let data = body.get("data").and_then(Value::as_array).ok_or_else(|| wrong("the answer has no `data`"))?;
    let mut vectors: Vec<Option<Vec<f32>>> = vec![None; data.len()];
    for (at, item) in data.iter().enumerate() {
        let index = item.get("index").and_then(Value::as_u64).map_or(at, |index| index as usize);
        let vector = item.get("embedding").and_then(vector).ok_or_else(|| wrong("a vector cannot be read"))?;
        *vectors.get_mut(index).ok_or_else(|| wrong("a vector has an index beyond the last"))? = Some(vector);
    }
    let vectors: Vec<Vec<f32>> =
        vectors.into_iter().collect::<Option<_>>().ok_or_else(|| wrong("two vectors have the same index"))?;
    if vectors.windows(2).any(|pair| pair[0].len() != pair[1].len()) {
        return Err(wrong("the vectors have different lengths"));
    }
    let tokens = body.get("usage").and_then(|usage| usage.get("prompt_tokens").or(usage.get("total_tokens")));
    Ok(Embeddings { vectors, tokens: tokens.and_then(Value::as_u64) })
}

fn vector(value: &Value) -> Option<Vec<f32>> {
    match value {
        Value::Array(numbers) => numbers.iter().map(|number| Some(number.as_f64()? as f32)).collect(),
        Value::String(text) => {
            let bytes = STANDARD.decode(text).ok()?;
            let (numbers, rest) = bytes.as_chunks::<4>();
            rest.is_empty().then(|| numbers.iter().map(|number| f32::from_le_bytes(*number)).collect())
        }
        _ => None,
    }
    .filter(|vector: &Vec<f32>| !vector.is_empty())
}
