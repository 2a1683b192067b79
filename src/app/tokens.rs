//! How many tokens prompts have.

use crate::base::{Error, Result};
use crate::config::OnMissing;
use crate::render::Rendered;
use crate::render::tokens::{Count, Counter};

use super::given::Given;
use super::models::{self, plain, trouble};
use super::render::{self, Job, prepare};
use super::{App, calls};

#[derive(Debug)]
pub struct Request {
    pub what: Vec<String>,
    /// The model whose tokens are wanted; the prompt's own if absent.
    pub model: Option<String>,
    pub given: Given,
    /// Have the service count, too.
    pub exact: bool,
    /// Connect to nobody.
    pub offline: bool,
}

#[derive(Debug)]
pub struct Counted {
    pub name: String,
    pub path: String,
    pub model: String,
    /// Each message by its role.
    pub messages: Vec<(String, Count)>,
    /// With what the service adds around messages.
    pub total: Count,
    /// What the service itself counts, if it was asked.
    pub asked: Option<Asked>,
    /// Variables that had no value and count nothing.
    pub missing: Vec<String>,
}

/// A service's own count, of everything that a call holds: functions and the schema of the answer, too.
#[derive(Debug)]
pub struct Asked {
    pub service: String,
    pub tokens: u64,
}

/// Count each prompt with the variables that are given; those that are not count nothing.
pub fn tokens(app: &App, request: &Request) -> Result<Vec<Counted>> {
    if request.exact && (request.offline || app.settings()?.models.offline) {
        return Err(Error::usage("only the service counts exactly, and palc is offline")
            .hint("leave out --exact: palc counts by itself, and marks what is an estimate"));
    }
    let (named, context) = (request.given.named(app)?, request.given.from_files(app)?);
    let one = |what: &String| {
        let wanted =
            render::Request { what: what.clone(), on_missing: Some(OnMissing::Warn), ..render::Request::default() };
        let job = prepare(app, &wanted)?;
        let prompt = &job.loaded.prompt;
        let model = request.model.clone().or_else(|| prompt.model().map(str::to_owned));
        let model = model.unwrap_or_else(|| app.settings().map(|s| s.tokens_model.clone()).unwrap_or_default());
        if model.is_empty() {
            return Err(Error::usage(format!("`{what}` names no model")).hint("name one with --model"));
        }
        let rendered = job.run(named.clone(), context.clone())?;
        let counter = Counter::of(&model);
        let messages = rendered.messages.iter().map(|message| (message.role.clone(), counter.count(&message.text())));
        let asked = if request.exact { Some(ask(app, request, &job, &rendered, &model)?) } else { None };
        let missing = rendered.warnings.iter().filter(|warning| warning.rule == "missing-variable");
        Ok(Counted {
            name: job.loaded.file.name.to_string(),
            path: job.loaded.file.path.clone(),
            messages: messages.collect(),
            total: counter.conversation(&rendered.messages),
            model,
            asked,
            missing: missing.filter_map(|warning| warning.message.split('`').nth(1).map(str::to_owned)).collect(),
        })
    };
    request.what.iter().map(one).collect()
}

/// Have the model's service count what `palc run` would send.
fn ask(app: &App, request: &Request, job: &Job, rendered: &Rendered, model: &str) -> Result<Asked> {
    let prompt = &job.loaded.prompt;
    let provider = if request.model.is_some() { None } else { prompt.provider.as_deref() };
    let (service, model) = models::locate_at(app, provider, model)?;
    let call = calls::draft(prompt, &job.with_media(&rendered.messages)?, &service.name, &model).call;
    let none = || {
        Error::no(format!("{} has nothing that counts tokens", service.name))
            .hint("leave out --exact: palc counts by itself, and marks what is an estimate")
    };
    if models::is_built_in(&service.name) {
        return Err(none());
    }
    let counted = plain::counted(app, &service, &call);
    let tokens = counted.map_err(|why| trouble::error(&call, Some(&service), &why))?.ok_or_else(none)?;
    Ok(Asked { service: service.name.clone(), tokens })
}
