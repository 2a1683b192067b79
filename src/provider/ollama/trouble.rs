//! What the server says when it gives no answer: one sentence, and a status.

use crate::base::http::Response;
use crate::model::call::What;
use crate::model::{Trouble, Value};

use super::super::draft::text;
use super::super::failure;

/// What sentences tell more exactly than the status. The first that fits counts.
const SENTENCES: &[(&str, What)] = &[
    ("exceeds the context length", What::ContextLength),
    ("exceeds maximum context length", What::ContextLength),
    ("exceeds the available context size", What::ContextLength),
    ("usage limit", What::Quota),
    ("unauthorized", What::Auth),
    ("not found", What::NotFound),
    ("does not support", What::BadRequest),
    ("server busy", What::Overloaded),
];

pub fn read(response: &Response) -> Trouble {
    let general = failure::of(response);
    match serde_json::from_slice(&response.body) {
        Ok(body) => worded(general, &body),
        Err(_) => general,
    }
}

/// A line in the middle of a stream.
pub fn in_stream(line: &Value) -> Trouble {
    worded(Trouble::new(What::Server, "the server broke off and did not say why"), line)
}

fn worded(mut trouble: Trouble, body: &Value) -> Trouble {
    let error = body.get("error").unwrap_or(&Value::Null);
    let Some(message) = error.as_str().or(text(error, "message")) else { return trouble };
    message.clone_into(&mut trouble.message);
    let lower = message.to_ascii_lowercase();
    if let Some((_, what)) = SENTENCES.iter().find(|(words, _)| lower.contains(words)) {
        trouble.what = *what;
    } else if trouble.status.is_none_or(|status| status < 400) {
        trouble.what = What::Server;
    }
    trouble
}
