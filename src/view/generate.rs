//! What generation made, or would do.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use super::{envelope, table};
use crate::app::generate::{Outcome, Text};
use crate::app::models::Progress;
use crate::base::Result;
use crate::format::session::{Choice, Member, Session, yaml_of};
use crate::model::call::Message;
use crate::model::engine::Ask;
use crate::model::generation::ANY_FAMILY;
use crate::model::{Map, Money, Value};

/// One line that changes while models are asked.
pub fn progress(now: &Progress) -> String {
    let failed = if now.failed > 0 { format!(", {} failed", now.failed) } else { String::new() };
    let ending = if now.ending { ", ending" } else { "" };
    let cost = if now.cost.0 > 0 { format!(", {}", now.cost) } else { String::new() };
    format!("{} of {} answered, {} on their way{failed}{cost}{ending}", now.answered, now.asked, now.on_their_way)
}

/// The results, each with its name and its text; for a dry run, the calls that would be made.
pub fn text(outcome: &Outcome, paint: Paint) -> String {
    if !outcome.planned.is_empty() {
        return planned(outcome, paint);
    }
    let results = outcome.texts.iter().filter(|text| text.member.result);
    results.map(|text| one(outcome, text, paint)).collect::<Vec<_>>().join("\n")
}

fn one(outcome: &Outcome, text: &Text, paint: Paint) -> String {
    let member = &text.member;
    let name = text.name.clone().unwrap_or_else(|| format!("{} {}", member.phase, member.variant));
    let best = outcome.session.choices.iter().any(|choice| choice.best.as_ref() == Some(&member.id));
    let chosen = if best { paint.green(" chosen") } else { String::new() };
    let about = paint.dim(&format!("# {}", about(member)));
    format!("{}{chosen} {about}\n{}\n", paint.bold(&printable(&name)), printable(&text.text))
}

fn about(member: &Member) -> String {
    let mut parts = vec![member.id.clone()];
    parts.extend(member.model.clone());
    parts.extend(member.tokens.as_ref().map(|tokens| {
        let count = |tokens: Option<u64>| tokens.map_or("?".to_owned(), |tokens| tokens.to_string());
        format!("{} + {} tokens", count(tokens.input), count(tokens.output))
    }));
    let cost = member.cost.as_deref().and_then(Money::parse);
    parts.push(cost.map_or("cost unknown".to_owned(), |cost| cost.to_string()));
    if member.cut {
        parts.push("stopped at its longest length".into());
    }
    if let Some(improvement) = &member.improvement {
        parts.push(if improvement.kept { "improved".into() } else { format!("not improved: {}", improvement.why) });
    }
    printable(&parts.join(", "))
}

fn planned(outcome: &Outcome, paint: Paint) -> String {
    let Session { request, settled, .. } = &outcome.session;
    let mut rows = vec![["phase", "model", "calls", "params"].map(|head| paint.dim(head)).to_vec()];
    for phase in &settled.phases {
        let params: Vec<String> = phase.params.iter().map(|(key, value)| format!("{key} {value}")).collect();
        rows.push(vec![phase.name.clone(), phase.model.clone(), request.count.to_string(), params.join(", ")]);
    }
    let mut out = table::columns(&rows, None);
    let mut row = |label: &str, value: String| {
        if !value.is_empty() {
            out.push_str(&format!("{} {}\n", paint.dim(&format!("{label:<9}")), printable(&value)));
        }
    };
    row("strategy", request.strategy.clone());
    let readers =
        if settled.family == ANY_FAMILY { "any model".to_owned() } else { format!("{} models", settled.family) };
    row("persona", format!("{}, for {readers}", request.persona));
    let use_case = settled.use_case.as_ref();
    row(
        "use",
        use_case.map(|it| format!("{}{}", it.name, if it.inferred { " (guessed)" } else { "" })).unwrap_or_default(),
    );
    row("judge", settled.judge.clone().unwrap_or_default());
    row("context", request.context.iter().map(|it| it.path.clone()).collect::<Vec<_>>().join(", "));
    let examples = settled.examples.iter().map(|shown| format!("{} ({:.2})", shown.name, shown.relevance));
    row("examples", examples.collect::<Vec<_>>().join(", "));
    out
}

/// What people want to know beside the texts.
pub fn status(outcome: &Outcome) -> Vec<String> {
    if !outcome.planned.is_empty() {
        return vec!["nothing was asked and nothing was written".into()];
    }
    let mut lines: Vec<String> = outcome.session.choices.iter().map(|choice| chosen(outcome, choice)).collect();
    match &outcome.written {
        Some(written) if written.done.is_empty() => lines.push("everything is there already, as it was".into()),
        Some(written) => {
            let prompts = written.done.iter().filter(|done| done.path.ends_with(".md")).count();
            let s = if prompts == 1 { "" } else { "s" };
            lines.push(format!("wrote {prompts} prompt{s} and the session {}", outcome.session.id));
        }
        None => {}
    }
    lines
}

fn chosen(outcome: &Outcome, choice: &Choice) -> String {
    let of = choice.phase.as_deref().map_or("of all".to_owned(), |phase| format!("of {phase}"));
    let name = |id: &String| {
        let found = outcome.session.members.iter().find(|member| member.id == *id);
        found.map_or_else(|| id.clone(), |member| format!("{} {}", member.phase, member.variant))
    };
    let sure = choice.confidence.map(|sure| format!(" ({:.0} % sure)", sure * 100.0)).unwrap_or_default();
    match &choice.best {
        Some(best) => format!("best {of}: {}{sure}: {}", name(best), choice.why),
        None => format!("best {of}: {}; all are kept", choice.why),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct GenerateV1<'a> {
    /// What was asked for, what that came to and every member, as the session's file has it.
    session: &'a Session,
    /// The texts, in the order of phases and variants.
    texts: Vec<TextV1<'a>>,
    /// Files that were written; none for a dry run or without saving.
    files: Vec<&'a str>,
    /// The calls that would be made first, for a dry run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    planned: Vec<CallV1>,
    /// Whether everything that was asked for is there.
    complete: bool,
    failures: Vec<String>,
    /// The run to take up, if it is not complete.
    run: Option<&'a str>,
    /// Calls that were sent and not heard of: they may have been paid for.
    doubtful: &'a [String],
}

#[derive(Debug, Serialize, JsonSchema)]
struct TextV1<'a> {
    id: &'a str,
    phase: &'a str,
    variant: usize,
    result: bool,
    name: Option<&'a str>,
    path: Option<&'a str>,
    text: &'a str,
}

/// A call as it would be made.
#[derive(Debug, Serialize, JsonSchema)]
struct CallV1 {
    ticket: String,
    model: String,
    params: Map,
    messages: Vec<MessageV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct MessageV1 {
    role: &'static str,
    content: String,
}

pub fn object(outcome: &Outcome) -> GenerateV1<'_> {
    GenerateV1 {
        session: &outcome.session,
        texts: outcome.texts.iter().map(TextV1::of).collect(),
        files: outcome.written.iter().flat_map(|written| &written.done).map(|done| done.path.as_str()).collect(),
        planned: outcome.planned.iter().map(CallV1::of).collect(),
        complete: outcome.failures.is_empty() && !outcome.interrupted && outcome.planned.is_empty(),
        failures: outcome.failures.iter().map(|error| error.message().to_owned()).collect(),
        run: outcome.run.as_deref(),
        doubtful: &outcome.doubtful,
    }
}

impl TextV1<'_> {
    fn of(text: &Text) -> TextV1<'_> {
        TextV1 {
            id: &text.member.id,
            phase: &text.member.phase,
            variant: text.member.variant,
            result: text.member.result,
            name: text.name.as_deref(),
            path: text.path.as_deref(),
            text: &text.text,
        }
    }
}

impl CallV1 {
    fn of(ask: &Ask) -> CallV1 {
        let message = |message: &Message| MessageV1 { role: message.role.word(), content: message.text() };
        CallV1 {
            ticket: ask.ticket.clone(),
            model: ask.call.model_name(),
            params: ask.call.params.clone(),
            messages: ask.call.messages.iter().map(message).collect(),
        }
    }
}

/// The same object as YAML.
pub fn yaml(command: &str, outcome: &Outcome) -> Result<String> {
    let json = envelope(command, object(outcome), &outcome.findings);
    let value: Value =
        serde_json::from_str(&json).map_err(|error| crate::base::Error::bug("an answer is no JSON").because(error))?;
    yaml_of(value.as_object().unwrap_or(&Map::new()))
}
