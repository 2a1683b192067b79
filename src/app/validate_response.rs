//! Validate a model's answer against what its prompt says of it.

use crate::base::{Error, Finding, Place, Result, Span};
use crate::model::Value;
use crate::render::actions;

use super::App;
use super::render::{self, Job};

#[derive(Debug)]
pub struct Request {
    /// The prompt, with a version if need be.
    pub what: String,
    /// What the answer is called in findings.
    pub name: String,
    pub answer: Vec<u8>,
}

#[derive(Debug)]
pub struct Outcome {
    /// The actions that the answer asks for, allowed or not.
    pub actions: Vec<String>,
    pub findings: Vec<Finding>,
}

pub fn validate(app: &App, request: &Request) -> Result<Outcome> {
    let job = render::prepare(app, &render::Request { what: request.what.clone(), ..render::Request::default() })?;
    answer(app, &job, request)
}

/// The same for a prompt that is at hand.
pub fn answer(app: &App, job: &Job, request: &Request) -> Result<Outcome> {
    let schema = schema(app, job)?;
    let text = String::from_utf8_lossy(&request.answer);
    let answer: Value = match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(answer) => answer,
        Err(error) => return Ok(Outcome { actions: Vec::new(), findings: vec![not_json(request, &text, &error)] }),
    };
    let vocabulary = &app.settings()?.vocabulary.actions;
    let allowed = actions::allowed(&job.loaded.prompt, vocabulary);
    let faults = actions::faults(&answer, &schema, allowed.as_ref(), vocabulary).map_err(Error::invalid)?;
    let finding = |fault: actions::Fault| {
        let rule = if fault.forbidden { "forbidden-action" } else { "response-schema" };
        let at = if fault.at.is_empty() { String::new() } else { format!("{}: ", fault.at) };
        Finding::error(rule, Place::file(&request.name), format!("{at}{}", fault.message))
    };
    let actions = actions::asked(&answer).into_iter().map(|(_, name)| name).collect();
    Ok(Outcome { actions, findings: faults.into_iter().map(finding).collect() })
}

/// The schema of a prompt's answers.
pub fn schema(app: &App, job: &Job) -> Result<Value> {
    let prompt = &job.loaded.prompt;
    let allowed = actions::allowed(prompt, &app.settings()?.vocabulary.actions);
    actions::schema(prompt, allowed.as_ref()).ok_or_else(|| {
        Error::no(format!("{} says nothing of its answers", job.loaded.file.name))
            .hint("give it `output.schema`, or `allowed_actions`")
    })
}

fn not_json(request: &Request, text: &str, error: &serde_json::Error) -> Finding {
    let line = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let at = (line + error.column().saturating_sub(1)).min(text.len());
    let finding =
        Finding::error("response-json", Place::in_text(&request.name, text, Span::at(at)), "this is not JSON");
    finding.hint_if(text.trim_start().starts_with("```").then_some("take off the fence around it"))
}
