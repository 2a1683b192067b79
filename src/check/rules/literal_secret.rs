//! Secrets written into a prompt file.

use crate::base::{Severity, Span};
use crate::format::yaml::{Data, Node};

use crate::check::file::File;
use crate::check::hit::Hit;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "literal-secret",
    doc: "A key, token or password is written into the model's connection, `params` or `ext`.",
    why: "Whoever can read the repository, or any clone of it, has the secret, and git keeps it for ever. Take it back at \
          its provider, then write `${env:NAME}`. palc shows the first four characters and the length, never the rest.",
    severity: Severity::Error,
    fix: false,
    how: How::File(check),
};

/// Where settings of a connection stand.
const PLACES: [&str; 4] = ["model.connection", "model.options", "params", "ext"];

/// Words that, as a part of a key, say that the value is secret.
const KEYS: [&str; 11] = [
    "apikey",
    "accesskey",
    "secret",
    "token",
    "password",
    "passwd",
    "authorization",
    "credential",
    "credentials",
    "privatekey",
    "key",
];

/// How keys and tokens of well-known services begin.
const PREFIXES: [&str; 22] = [
    "sk-",
    "sk_live_",
    "pk_live_",
    "rk_live_",
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "AKIA",
    "ASIA",
    "AIza",
    "xoxb-",
    "xoxp-",
    "xapp-",
    "hf_",
    "gsk_",
    "r8_",
    "nvapi-",
    "pplx-",
    "Bearer ",
];

/// A value that is a secret, and the path to it.
#[derive(Debug)]
pub struct Secret<'a> {
    pub path: String,
    pub span: Span,
    text: &'a str,
}

fn check(file: &File<'_>, out: &mut Vec<Hit>) {
    for secret in secrets(file) {
        let start: String =
            if secret.text.chars().count() > 8 { secret.text.chars().take(4).collect() } else { String::new() };
        let message = format!(
            "`{}` holds a secret as it is: `{start}…`, {} characters",
            secret.path,
            secret.text.chars().count()
        );
        let hint = "write `${env:NAME}` and put the secret into the environment; take this one back, git remembers it";
        out.push(Hit::at(RULE.name, secret.span, message).hint(hint));
    }
}

pub fn secrets<'a>(file: &File<'a>) -> Vec<Secret<'a>> {
    let mut found = Vec::new();
    if let Some(root) = file.root() {
        for place in PLACES {
            if let Some(node) = root.at(place.split('.')) {
                search(node, place, false, &mut found);
            }
        }
    }
    found
}

fn search<'a>(node: &'a Node, path: &str, secret: bool, found: &mut Vec<Secret<'a>>) {
    match &node.data {
        Data::Map(entries) => {
            for entry in entries {
                search(&entry.value, &format!("{path}.{}", entry.key), secret || is_secret_key(&entry.key), found);
            }
        }
        Data::List(items) => {
            items.iter().enumerate().for_each(|(at, item)| search(item, &format!("{path}[{at}]"), secret, found));
        }
        Data::Scalar(scalar) => {
            let text = scalar.text.trim();
            if is_literal(text) && (has_known_prefix(text) || (secret && scalar.value().is_string() && text.len() >= 6))
            {
                found.push(Secret { path: path.to_owned(), span: node.span, text });
            }
        }
    }
}

/// Whether a text begins as the keys of a well-known service do, and is as long as they are.
pub fn has_known_prefix(text: &str) -> bool {
    PREFIXES.iter().any(|prefix| text.strip_prefix(prefix).is_some_and(|rest| rest.len() >= 12))
}

/// `api_key`, `apiKey`, `x-api-key`, `client_secret`; not `max_tokens` or `keyboard`.
pub fn is_secret_key(key: &str) -> bool {
    let mut words: Vec<String> = Vec::new();
    let mut upper = true;
    for c in key.chars() {
        let starts = c.is_uppercase() && !upper;
        upper = c.is_uppercase();
        if !c.is_alphanumeric() || words.is_empty() || starts {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    let pair = |pair: &[String]| KEYS.contains(&pair.concat().as_str());
    words.iter().any(|word| KEYS.contains(&word.as_str())) || words.windows(2).any(pair)
}

/// Whether a value is neither empty nor a reference to the environment or a placeholder.
pub fn is_literal(text: &str) -> bool {
    let text = text.trim_matches(['"', '\'']);
    let reference = text.starts_with("${") && text.ends_with('}');
    let template = text.starts_with("{{") && text.ends_with("}}");
    let placeholder =
        text.starts_with('<') && text.ends_with('>') || text.chars().all(|c| c == '*' || c == 'x' || c == '.');
    !(text.is_empty() || reference || template || placeholder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_judged_word_by_word() {
        for key in
            ["api_key", "apiKey", "x-api-key", "APIKEY", "client_secret", "accessToken", "password", "Authorization"]
        {
            assert!(is_secret_key(key), "{key}");
        }
        for key in ["max_tokens", "keyboard", "tokenizer", "monkey", "keys_count", "stop", "secretary"] {
            assert!(!is_secret_key(key), "{key}");
        }
    }

    #[test]
    fn references_are_no_secrets() {
        for text in ["${env:KEY}", "\"${env:KEY}\"", "", "{{ key }}", "<your key>", "***"] {
            assert!(!is_literal(text), "{text}");
        }
        assert!(is_literal("sk-abc"));
    }
}
