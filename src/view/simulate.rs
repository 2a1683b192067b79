//! A prompt in several contexts.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::FindingV1;
use super::paint::{Paint, printable};
use super::render::{CountV1, MessageV1, tokens};
use super::table;
use crate::app::simulate::{Outcome, Simulated};
use crate::render::plain;

/// One line a context.
pub fn text(outcome: &Outcome, paint: Paint) -> String {
    let row = |context: &Simulated| {
        let mark = if context.passed() { paint.green("ok") } else { paint.red("no") };
        let size = match (&context.messages, context.tokens) {
            (Some(messages), Some(count)) => format!("{} messages, {}", messages.len(), tokens(count)),
            _ => "not rendered".to_owned(),
        };
        let asked = format!(
            "{} {}",
            context.expectations,
            if context.expectations == 1 { "expectation" } else { "expectations" }
        );
        vec![mark, printable(&context.name), size, paint.dim(&asked)]
    };
    table::columns(&outcome.contexts.iter().map(row).collect::<Vec<_>>(), None)
}

/// The messages of every context.
pub fn messages(outcome: &Outcome, paint: Paint) -> String {
    let one = |context: &Simulated| {
        let messages = context.messages.as_deref().map(plain).unwrap_or_default();
        format!("{}\n{}", paint.bold(&format!("=== {}", printable(&context.name))), printable(&messages))
    };
    outcome.contexts.iter().map(one).collect()
}

/// How it ended.
pub fn sentence(outcome: &Outcome) -> String {
    let all = outcome.contexts.len();
    let contexts = if all == 1 { "context" } else { "contexts" };
    match outcome.failed() {
        0 => format!("{} is as expected in {all} {contexts}", printable(&outcome.prompt)),
        failed => format!("{} is not as expected in {failed} of {all} {contexts}", printable(&outcome.prompt)),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct SimulateV1<'a> {
    prompt: &'a str,
    path: &'a str,
    /// The model whose tokens are counted.
    model: &'a str,
    passed: bool,
    contexts: Vec<ContextV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ContextV1<'a> {
    name: &'a str,
    passed: bool,
    expectations: usize,
    /// Nothing where it could not be rendered.
    messages: Option<Vec<MessageV1<'a>>>,
    tokens: Option<CountV1>,
    /// What is not as expected.
    findings: Vec<FindingV1>,
}

impl<'a> ContextV1<'a> {
    fn of(context: &'a Simulated) -> Self {
        let messages = context.messages.as_ref();
        ContextV1 {
            name: &context.name,
            passed: context.passed(),
            expectations: context.expectations,
            messages: messages.map(|all| all.iter().map(|message| MessageV1::of(message, false, None)).collect()),
            tokens: context.tokens.map(CountV1::of),
            findings: context.findings.iter().map(FindingV1::of).collect(),
        }
    }
}

pub fn object(outcome: &Outcome) -> SimulateV1<'_> {
    SimulateV1 {
        prompt: &outcome.prompt,
        path: &outcome.path,
        model: &outcome.model,
        passed: outcome.failed() == 0,
        contexts: outcome.contexts.iter().map(ContextV1::of).collect(),
    }
}
