//! What a prompt has to do with others.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::link::{Edge, How, Outcome};

use super::paint::{Paint, printable};
use super::similar::percent;
use super::table::columns;

pub fn text(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    let mut text = String::new();
    let mut section = |title: &str, rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            let gap = if text.is_empty() { "" } else { "\n" };
            text.push_str(&format!("{gap}{}\n{}", paint.bold(title), columns(&rows, width)));
        }
    };
    let name = printable(outcome.file.name.as_str());
    section(&name, outcome.out.iter().map(|edge| row(edge, paint)).collect());
    section(&format!("to {name}"), outcome.into.iter().map(|edge| row(edge, paint)).collect());
    let alike = outcome.similar.iter().map(|(file, score)| vec![percent(*score), printable(file.name.as_str())]);
    section(&format!("like {name}"), alike.collect());
    text
}

fn row(edge: &Edge, paint: Paint) -> Vec<String> {
    let other = match &edge.other {
        Some(file) => printable(file.name.as_str()),
        None => paint.red(&format!("{} (missing)", printable(&edge.written))),
    };
    match &edge.how {
        How::Used(word) => vec![format!("  {word}"), other, String::new(), String::new()],
        How::Stated(related) => {
            let strength = related.strength.map(|strength| format!("{strength}")).unwrap_or_default();
            let context = related.context.as_deref().map(printable).unwrap_or_default();
            let type_ = related.type_.as_deref().map_or("is related to".into(), printable);
            vec![format!("  {type_}"), other, strength, paint.dim(&context)]
        }
    }
}

pub fn object(outcome: &Outcome) -> LinksV1<'_> {
    let similar = outcome.similar.iter().map(|(file, score)| AlikeV1 {
        name: file.name.as_str(),
        path: &file.path,
        score: *score,
    });
    LinksV1 {
        name: outcome.file.name.as_str(),
        path: &outcome.file.path,
        out: outcome.out.iter().map(EdgeV1::of).collect(),
        into: outcome.into.iter().map(EdgeV1::of).collect(),
        similar: similar.collect(),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct LinksV1<'a> {
    name: &'a str,
    path: &'a str,
    /// Relations that begin at the prompt.
    out: Vec<EdgeV1<'a>>,
    /// Relations that lead to it.
    into: Vec<EdgeV1<'a>>,
    /// Prompts that are alike, which nobody stated; the most alike first.
    similar: Vec<AlikeV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct EdgeV1<'a> {
    /// Whether somebody stated it, and it does not merely follow from what a file uses.
    stated: bool,
    /// In which way: a word of the project's, or `includes`, `extends`, `uses`, `speaks as`, `was made from`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    type_: Option<&'a str>,
    /// The other prompt; absent where it is not there any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    /// The other prompt as it is written.
    written: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    strength: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct AlikeV1<'a> {
    name: &'a str,
    path: &'a str,
    score: f32,
}

impl<'a> EdgeV1<'a> {
    fn of(edge: &'a Edge) -> Self {
        let related = match &edge.how {
            How::Stated(related) => Some(related),
            How::Used(_) => None,
        };
        let used = match &edge.how {
            How::Used(word) => Some(word.as_str()),
            How::Stated(_) => None,
        };
        EdgeV1 {
            stated: related.is_some(),
            type_: used.or(related.and_then(|related| related.type_.as_deref())),
            name: edge.other.as_ref().map(|file| file.name.as_str()),
            path: edge.other.as_ref().map(|file| file.path.as_str()),
            written: &edge.written,
            strength: related.and_then(|related| related.strength),
            context: related.and_then(|related| related.context.as_deref()),
        }
    }
}
