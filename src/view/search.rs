//! What was found, and why.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::search::{Hit, Outcome};
use crate::search::snippet::Snippet;

use super::paint::{Paint, printable};

/// One paragraph a hit: its name, what it is for, the line that shows why.
pub fn text(outcome: &Outcome, explain: bool, paint: Paint) -> String {
    let mut out = String::new();
    for (at, hit) in outcome.hits.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let about = if hit.description.is_empty() { &hit.title } else { &hit.description };
        let about = printable(about).split_whitespace().collect::<Vec<_>>().join(" ");
        let gap = if about.is_empty() { "" } else { "  " };
        let at = hit.commit.as_ref().map(|commit| format!("@{}", &commit[..commit.len().min(10)])).unwrap_or_default();
        let name = format!("{}{}", paint.bold(&printable(hit.name.as_str())), paint.dim(&at));
        out.push_str(&format!("{name}{gap}{about}\n"));
        let line = hit.snippet.as_ref().map(|snippet| (snippet.line, marked(snippet, paint)));
        match line {
            Some((line, text)) => {
                let place = paint.dim(&format!("{}:{line}:", printable(&hit.path)));
                out.push_str(&format!("  {place} {text}\n"));
            }
            None => out.push_str(&format!("  {}\n", paint.dim(&printable(&hit.path)))),
        }
        if explain {
            out.push_str(&format!("  {}\n", paint.dim(&reasons(hit))));
        }
    }
    out
}

/// The line with what was asked for made to stand out.
fn marked(snippet: &Snippet, paint: Paint) -> String {
    let mut out = String::new();
    let mut done = 0;
    for mark in snippet.marks.iter().filter(|mark| mark.start < mark.end) {
        // A word of code and its parts overlap.
        if mark.start < done {
            continue;
        }
        out.push_str(&printable(&snippet.text[done..mark.start]));
        out.push_str(&paint.yellow(&printable(&snippet.text[mark.clone()])));
        done = mark.end;
    }
    out.push_str(&printable(&snippet.text[done..]));
    out
}

fn reasons(hit: &Hit) -> String {
    let reasons = &hit.reasons;
    let mut parts = Vec::new();
    if reasons.named {
        parts.push("its name says just this".to_owned());
    }
    let lists = [
        ("words", reasons.words),
        ("letters", reasons.grams),
        ("meaning", reasons.meaning),
        ("close together", reasons.near),
    ];
    parts.extend(lists.into_iter().filter(|(_, score)| *score > 0.0).map(|(list, score)| format!("{list} {score:.3}")));
    if let Some(cosine) = reasons.cosine {
        parts.push(format!("cosine {cosine:.3}"));
    }
    let held = if hit.matched.is_empty() { String::new() } else { format!("; holds {}", hit.matched.join(", ")) };
    format!("score {:.3}: {}{held}", hit.score, parts.join(", "))
}

pub fn object(outcome: &Outcome) -> SearchV1<'_> {
    SearchV1 { hits: outcome.hits.iter().map(HitV1::of).collect(), more: outcome.more, notes: &outcome.notes }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct SearchV1<'a> {
    /// Best first.
    hits: Vec<HitV1<'a>>,
    /// Whether there are further ones; `--offset` shows them.
    more: bool,
    /// What people should know about the answer.
    notes: &'a [String],
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct HitV1<'a> {
    name: &'a str,
    path: &'a str,
    /// The commit that brought this content, where all of history was searched.
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    /// Comparable within one answer only.
    score: f32,
    why: WhyV1,
    /// The words of the query that the prompt holds, without their endings.
    matched: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<SnippetV1<'a>>,
}

/// What each comparison adds to the score.
#[derive(Debug, Serialize, JsonSchema)]
struct WhyV1 {
    /// Whole words.
    words: f32,
    /// Pieces of words.
    letters: f32,
    /// How near the meanings are.
    meaning: f32,
    /// How close together the words stand.
    near: f32,
    /// The name is just what was asked for.
    named: bool,
    /// The nearness of meanings itself, if meanings were compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    cosine: Option<f32>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SnippetV1<'a> {
    line: u32,
    text: &'a str,
    /// Where the words of the query stand in the text: first byte and the byte after the last.
    marks: Vec<[usize; 2]>,
}

impl<'a> HitV1<'a> {
    fn of(hit: &'a Hit) -> Self {
        let snippet = hit.snippet.as_ref().map(|snippet| SnippetV1 {
            line: snippet.line,
            text: &snippet.text,
            marks: snippet.marks.iter().map(|mark| [mark.start, mark.end]).collect(),
        });
        let reasons = &hit.reasons;
        HitV1 {
            name: hit.name.as_str(),
            path: &hit.path,
            commit: hit.commit.as_deref(),
            title: &hit.title,
            description: &hit.description,
            score: hit.score,
            why: WhyV1 {
                words: reasons.words,
                letters: reasons.grams,
                meaning: reasons.meaning,
                near: reasons.near,
                named: reasons.named,
                cosine: reasons.cosine,
            },
            matched: &hit.matched,
            snippet,
        }
    }
}
