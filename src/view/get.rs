//! A prompt's bytes, and what they are.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::get::{Got, Outcome};
use crate::render::messages::Turn;

/// Either text or the messages; bytes that are no text are given in base64.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GetV1<'a> {
    name: &'a str,
    path: &'a str,
    /// Where it is from; absent for the work tree and for labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
    /// The content that a label means.
    #[serde(skip_serializing_if = "Option::is_none")]
    blob: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<Vec<TurnV1<'a>>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct TurnV1<'a> {
    role: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    /// As written, before anything is put in.
    content: &'a str,
}

pub fn object(outcome: &Outcome) -> GetV1<'_> {
    let (text, base64, messages) = match &outcome.got {
        Got::Messages(messages) => (None, None, Some(turns(messages))),
        Got::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => (Some(text), None, None),
            Err(_) => (None, Some(base64(bytes)), None),
        },
    };
    let (commit, blob) = (outcome.commit.as_deref(), outcome.blob.as_deref());
    GetV1 { name: outcome.file.name.as_str(), path: &outcome.file.path, commit, blob, text, base64, messages }
}

/// The messages alone, as JSON.
pub fn messages(messages: &[Turn]) -> String {
    let json = serde_json::to_string_pretty(&turns(messages)).expect("text is always JSON");
    json + "\n"
}

fn turns(messages: &[Turn]) -> Vec<TurnV1<'_>> {
    messages.iter().map(TurnV1::of).collect()
}

impl<'a> TurnV1<'a> {
    fn of(turn: &'a Turn) -> Self {
        TurnV1 { role: &turn.role, name: turn.name.as_deref(), content: &turn.content }
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, at| (bits << 8) | u32::from(group.get(at).copied().unwrap_or(0)));
        for digit in 0..4 {
            let value = (bits >> (18 - 6 * digit)) & 63;
            out.push(if digit <= group.len() { char::from(DIGITS[value as usize]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_padded() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64(&[0xff, 0xfe]), "//4=");
    }
}
