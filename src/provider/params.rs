//! Which parameters of a call its model takes.

use crate::model::{Call, Map, Value};

use super::capability::{Capability, Sampling};

/// The parameters of a call in palc's words, without those that the model is known not to take; each of them is said.
pub fn taken(call: &Call, can: &Capability, notes: &mut Vec<String>) -> Map {
    let sampling = sampling_allowed(call, can);
    let mut params = Map::new();
    for (key, value) in &call.params {
        if value.is_null() || is_no_limit(key, value) {
            continue;
        }
        let refused = match key.as_str() {
            "temperature" | "top_p" => !sampling && value.as_f64() != Some(1.0),
            "logprobs" | "top_logprobs" => !sampling && value != &Value::Bool(false),
            "top_k" => !can.top_k,
            "frequency_penalty" | "presence_penalty" => !can.penalties && value.as_f64() != Some(0.0),
            "seed" => can.seed.is_none(),
            "stop" => !can.stop,
            "reasoning_effort" => !can.reasoning_effort,
            "parallel_tool_calls" if call.tools.is_empty() => {
                notes.push("`params.parallel_tool_calls` means nothing without tools and is left out".to_owned());
                continue;
            }
            _ => false,
        };
        if refused {
            notes.push(not_taken(call, key, value));
        } else {
            params.insert(key.clone(), value.clone());
        }
    }
    params
}

/// `max_tokens: -1` asks for no limit.
fn is_no_limit(key: &str, value: &Value) -> bool {
    key == "max_tokens" && value.as_i64().is_some_and(|limit| limit < 0)
}

fn sampling_allowed(call: &Call, can: &Capability) -> bool {
    match can.sampling {
        Sampling::Free | Sampling::One => true,
        Sampling::Refused => false,
        Sampling::WithoutEffort { default } => {
            call.params.get("reasoning_effort").and_then(Value::as_str).unwrap_or(default) == "none"
        }
    }
}

/// The sentence about a parameter that is left out.
pub fn not_taken(call: &Call, key: &str, value: &Value) -> String {
    format!("{} takes no `{key}`: `params.{key}` ({value}) is left out", call.model_name())
}

/// Texts for `stop`, which may be one text.
pub fn list(value: &Value) -> Value {
    if value.is_array() { value.clone() } else { Value::Array(vec![value.clone()]) }
}
