//! Token counts.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::tokens::{Asked, Counted};

use super::paint::{Paint, printable};
use super::render::{CountV1, tokens};
use super::table::columns;

/// One line a message and one for all of them.
pub fn table(all: &[Counted], paint: Paint) -> String {
    let mut out = String::new();
    for counted in all {
        let mut rows: Vec<Vec<String>> =
            counted.messages.iter().map(|(role, count)| vec![format!("  {role}"), tokens(*count)]).collect();
        rows.push(vec!["  in all".into(), paint.bold(&tokens(counted.total))]);
        if let Some(asked) = &counted.asked {
            let row = [format!("  counted by {}", printable(&asked.service)), paint.bold(&asked.tokens.to_string())];
            rows.push([row.to_vec(), vec![paint.dim(&apart(counted, asked))]].concat());
        }
        let kind = if counted.total.exact { counted.total.encoding } else { "an estimate" };
        let head =
            format!("{}  {}", paint.bold(&printable(&counted.name)), paint.dim(&format!("{}, {kind}", counted.model)));
        out.push_str(&format!("{head}\n{}", columns(&rows, None)));
        if !counted.missing.is_empty() {
            out.push_str(&format!("  without {}\n", printable(&counted.missing.join(", "))));
        }
    }
    out
}

/// How far palc's own count was from the service's.
fn apart(counted: &Counted, asked: &Asked) -> String {
    let (own, theirs) = (counted.total.tokens as f64, asked.tokens as f64);
    match asked.tokens {
        0 => String::new(),
        _ if own == theirs => "palc counts the same".into(),
        _ => {
            let word = if own > theirs { "more" } else { "less" };
            format!("palc counts {:.1} % {word}", (own - theirs).abs() / theirs * 100.0)
        }
    }
}

pub fn objects(all: &[Counted]) -> Vec<TokensV1<'_>> {
    all.iter().map(TokensV1::of).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct TokensV1<'a> {
    name: &'a str,
    path: &'a str,
    model: &'a str,
    messages: Vec<MessageTokensV1<'a>>,
    /// With what the service adds around messages.
    total: CountV1,
    /// With --exact: what the model's service counts, of everything that it would read.
    exact: Option<AskedV1<'a>>,
    /// Variables that were not given and count nothing.
    missing: &'a [String],
}

#[derive(Debug, Serialize, JsonSchema)]
struct AskedV1<'a> {
    service: &'a str,
    tokens: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct MessageTokensV1<'a> {
    role: &'a str,
    #[serde(flatten)]
    count: CountV1,
}

impl<'a> TokensV1<'a> {
    fn of(counted: &'a Counted) -> Self {
        let message = |(role, count): &'a (String, _)| MessageTokensV1 { role, count: CountV1::of(*count) };
        TokensV1 {
            name: &counted.name,
            path: &counted.path,
            model: &counted.model,
            messages: counted.messages.iter().map(message).collect(),
            total: CountV1::of(counted.total),
            exact: counted.asked.as_ref().map(|asked| AskedV1 { service: &asked.service, tokens: asked.tokens }),
            missing: &counted.missing,
        }
    }
}
