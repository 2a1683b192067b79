//! What a log must not hold: texts of prompts and answers, keys, and things too long to be a log's business.

use serde_json::Value;

use crate::base::secret::redact;

/// Fields whose values are never told, whoever tells them.
const SECRET: &[&str] = &[
    "answer",
    "api_key",
    "authorization",
    "body",
    "completion",
    "content",
    "input",
    "key",
    "messages",
    "output",
    "password",
    "prompt",
    "secret",
    "text",
    "token",
    "value",
    "variables",
];
/// How keys of well-known services begin.
const KEYS: &[&str] =
    &["sk-", "pk-", "rk-", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xox", "AKIA", "AIza", "hf_", "eyJ"];
const LONGEST: usize = 300;

/// A field as it may be told.
pub(super) fn field(name: &str, value: Value) -> Value {
    match value {
        _ if SECRET.contains(&name) => "…".into(),
        Value::String(told) => text(&told).into(),
        value => value,
    }
}

/// A text without keys, cut to a length at which it is no document.
pub(super) fn text(told: &str) -> String {
    let told = redact(told);
    let words = told.split_inclusive(|c: char| c.is_whitespace() || "\"'`,;=()".contains(c));
    let mut shown = String::new();
    for word in words {
        match is_key(word) {
            true => {
                shown.push('…');
                shown.extend(word.chars().last().filter(|last| !last.is_alphanumeric()));
            }
            false => shown.push_str(word),
        }
    }
    match shown.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &shown[..at]),
        None => shown,
    }
}

fn is_key(word: &str) -> bool {
    word.len() >= 16 && KEYS.iter().any(|start| word.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_documents_are_not_told() {
        assert_eq!(text("key=sk-0123456789abcdef, next"), "key=…, next");
        assert_eq!(text("support/triage sk-1"), "support/triage sk-1");
        assert_eq!(text(&"ä".repeat(999)).chars().count(), LONGEST + 1);
        assert_eq!(field("body", "Hi".into()), "…");
        assert_eq!(field("count", 3.into()), 3);
    }
}
