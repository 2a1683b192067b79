//! What a model answered, for people and for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::models::Progress;
use crate::app::run::{About, Outcome, Ran, Would};
use crate::base::http;
use crate::model::call::{Reply, ToolCall, Usage};
use crate::model::{Money, Value};
use crate::provider::stack::Attempt;

use super::json::{ErrorV1, FindingV1};
use super::paint::{Paint, printable};

/// One answer, or why there is none.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RunV1<'a> {
    #[serde(flatten)]
    about: AboutV1<'a>,
    /// The run that this belongs to: its records are below palc's own folder.
    run: &'a str,
    answer: Option<AnswerV1<'a>>,
    error: Option<ErrorV1>,
    /// Every try, in order; none if the answer was there already.
    attempts: Vec<AttemptV1<'a>>,
    /// Sentences on what of the prompt was not sent.
    notes: &'a [String],
}

/// What an answer is to.
#[derive(Debug, Serialize, JsonSchema)]
struct AboutV1<'a> {
    name: &'a str,
    path: &'a str,
    id: Option<&'a str>,
    /// The id that git gives to the prompt's content.
    blob: String,
    /// The same for all prompts that can only be answered alike.
    fingerprint: &'a str,
    /// Stands for the values of the variables.
    inputs: &'a str,
    /// The number of the row in the data.
    row: Option<u64>,
    /// The model that was asked, as `provider/model`.
    model: &'a str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct AnswerV1<'a> {
    text: &'a str,
    thoughts: Option<&'a str>,
    /// The words in which the model refused.
    refusal: Option<&'a str>,
    tool_calls: Vec<ToolCallV1<'a>>,
    /// complete, length, tool_calls, refused, context_full or the provider's own word.
    stop: &'a str,
    /// The model that answered, as `provider/model`.
    model: &'a str,
    /// None if the provider did not count.
    usage: Option<UsageV1<'a>>,
    /// US dollars; none if nobody knows the price.
    cost: Option<String>,
    elapsed_ms: u64,
    /// Whether the answer was there already, so that nothing was paid now.
    kept: bool,
    /// Whether it is what the prompt says of its answers; none if the prompt says nothing.
    valid: Option<bool>,
    /// What is wrong with it.
    findings: Vec<FindingV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ToolCallV1<'a> {
    id: &'a str,
    name: &'a str,
    /// As the model wrote them; they need not be JSON.
    arguments: &'a str,
}

/// Tokens as they are paid for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UsageV1<'a> {
    /// Without those read from a cache or written to one.
    input: Option<u64>,
    /// With those of thoughts.
    output: Option<u64>,
    cache_read: u64,
    cache_write: u64,
    cache_write_hour: u64,
    /// The part of `output` that was thought and not said.
    reasoning: Option<u64>,
    /// As the provider counts.
    raw: &'a Value,
}

#[derive(Debug, Serialize, JsonSchema)]
struct AttemptV1<'a> {
    model: &'a str,
    /// What was wrong, in one word; none if it was answered.
    trouble: Option<&'static str>,
    message: Option<&'a str>,
    status: Option<u16>,
    request_id: Option<&'a str>,
}

/// A request that would be sent.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WouldV1<'a> {
    #[serde(flatten)]
    about: AboutV1<'a>,
    request: RequestV1<'a>,
    notes: Vec<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RequestV1<'a> {
    method: &'static str,
    url: &'a str,
    /// Without the one that proves who asks.
    headers: Vec<(&'a str, &'a str)>,
    body: Value,
}

pub fn object(ran: &Ran) -> RunV1<'_> {
    RunV1 {
        about: about(&ran.about),
        run: &ran.run,
        answer: answer(ran),
        error: ran.error.as_ref().map(ErrorV1::of),
        attempts: ran.done.attempts.iter().map(attempt).collect(),
        notes: &ran.done.notes,
    }
}

fn about(about: &About) -> AboutV1<'_> {
    AboutV1 {
        name: &about.name,
        path: &about.path,
        id: about.id.as_deref(),
        blob: about.blob.to_string(),
        fingerprint: &about.fingerprint,
        inputs: &about.inputs,
        row: about.row.map(|(row, _)| row),
        model: &about.model,
    }
}

fn answer(ran: &Ran) -> Option<AnswerV1<'_>> {
    let answered = ran.done.outcome.as_ref().ok()?;
    let reply = &answered.reply;
    let findings = ran.checked.as_ref().map(|checked| &checked.findings);
    Some(AnswerV1 {
        text: &reply.text,
        thoughts: Some(reply.thoughts.as_str()).filter(|thoughts| !thoughts.is_empty()),
        refusal: reply.refusal.as_deref(),
        tool_calls: reply.tool_calls.iter().map(tool_call).collect(),
        stop: reply.stop.word(),
        model: &answered.model,
        usage: reply.usage.as_ref().map(usage),
        cost: answered.cost.map(Money::exact),
        elapsed_ms: answered.elapsed.as_millis() as u64,
        kept: answered.kept,
        valid: findings.map(|findings| findings.is_empty()),
        findings: findings.into_iter().flatten().map(FindingV1::of).collect(),
    })
}

fn tool_call(call: &ToolCall) -> ToolCallV1<'_> {
    ToolCallV1 { id: &call.id, name: &call.name, arguments: &call.arguments }
}

pub fn usage(usage: &Usage) -> UsageV1<'_> {
    UsageV1 {
        input: usage.input,
        output: usage.output,
        cache_read: usage.cache_read,
        cache_write: usage.cache_write,
        cache_write_hour: usage.cache_write_hour,
        reasoning: usage.reasoning,
        raw: &usage.raw,
    }
}

fn attempt(attempt: &Attempt) -> AttemptV1<'_> {
    let trouble = attempt.trouble.as_ref();
    AttemptV1 {
        model: &attempt.model,
        trouble: trouble.map(|trouble| trouble.what.word()),
        message: trouble.map(|trouble| trouble.message.as_str()),
        status: trouble.and_then(|trouble| trouble.status),
        request_id: trouble.and_then(|trouble| trouble.request_id.as_deref()),
    }
}

pub fn would(would: &Would) -> WouldV1<'_> {
    let http::Request { method, url, headers, body } = &would.request;
    let text = || String::from_utf8_lossy(body).into_owned().into();
    WouldV1 {
        about: about(&would.about),
        request: RequestV1 {
            method: method.word(),
            url,
            headers: headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            body: serde_json::from_slice(body).unwrap_or_else(|_| text()),
        },
        notes: would.about.notes.iter().chain(&would.notes).map(String::as_str).collect(),
    }
}

/// The request as it would go over the wire, without the header that proves who asks.
pub fn would_text(would: &Would, paint: Paint) -> String {
    let http::Request { method, url, headers, body } = &would.request;
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let body = match serde_json::from_slice::<Value>(body) {
        Ok(value) => format!("{value:#}"),
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    format!("{}\n{}\n{}\n", paint.bold(&format!("{} {url}", method.word())), printable(&headers), printable(&body))
}

/// The answer as the model gave it: its text, or the functions that it asks for.
pub fn text(reply: &Reply) -> String {
    let mut text = reply.text.clone();
    if text.is_empty() {
        text.push_str(reply.refusal.as_deref().unwrap_or_default());
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text + &calls(reply)
}

/// The functions that a model asks for, one a line.
pub fn calls(reply: &Reply) -> String {
    reply.tool_calls.iter().map(|call| format!("{}({})\n", call.name, call.arguments)).collect()
}

/// What it took, in one line.
pub fn summary(ran: &Ran) -> Option<String> {
    let answered = ran.done.outcome.as_ref().ok()?;
    let count = |tokens: Option<u64>| tokens.map_or_else(|| "?".to_owned(), |tokens| tokens.to_string());
    let usage = answered.reply.usage.as_ref();
    let tokens = usage.map(|usage| format!("{} + {} tokens", count(usage.input_total()), count(usage.output)));
    let cost = match answered.cost {
        Some(cost) => cost.to_string(),
        None => "price unknown".to_owned(),
    };
    let tries = (answered.attempts > 1).then(|| format!("{} tries", answered.attempts));
    let kept = answered.kept.then(|| "kept from before".to_owned());
    let stop = (reply_ended_early(&answered.reply)).then(|| format!("ended by {}", answered.reply.stop.word()));
    let time = format!("{:.1} s", answered.elapsed.as_secs_f64());
    let parts = [tokens, Some(cost), Some(time), tries, kept, stop, Some(format!("run {}", ran.run))];
    Some(format!("{}: {}", answered.model, parts.into_iter().flatten().collect::<Vec<_>>().join(", ")))
}

fn reply_ended_early(reply: &Reply) -> bool {
    !matches!(reply.stop.word(), "complete" | "tool_calls")
}

/// How far a run is, in one line.
pub fn progress(now: &Progress) -> String {
    let failed = if now.failed > 0 { format!(", {} failed", now.failed) } else { String::new() };
    let unpriced = if now.unpriced > 0 { " and more" } else { "" };
    let ending = if now.ending { "ending: " } else { "" };
    format!("{ending}{} answered{failed}, {} on their way, {}{unpriced}", now.answered, now.on_their_way, now.cost)
}

/// What a run of many rows came to, in one line.
pub fn ended(outcome: &Outcome) -> String {
    let now = &outcome.ended.progress;
    let kept = if now.kept > 0 { format!(" ({} were there already)", now.kept) } else { String::new() };
    let unpriced = if now.unpriced > 0 { format!(", {} of unknown price", now.unpriced) } else { String::new() };
    format!("{} answers{kept}, {}{unpriced}, run {}", now.answered, now.cost, outcome.id)
}
