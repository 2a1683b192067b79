//! How many tokens prompts have.

use crate::base::{Error, Result};
use crate::config::OnMissing;
use crate::render::tokens::{Count, Counter};

use super::App;
use super::given::Given;
use super::render::{self, prepare};

#[derive(Debug)]
pub struct Request {
    pub what: Vec<String>,
    /// The model whose tokens are wanted; the prompt's own if absent.
    pub model: Option<String>,
    pub given: Given,
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
    /// Variables that had no value and count nothing.
    pub missing: Vec<String>,
}

/// Count each prompt with the variables that are given; those that are not count nothing.
pub fn tokens(app: &App, request: &Request) -> Result<Vec<Counted>> {
    let (named, context) = (request.given.named(app)?, request.given.from_files(app)?);
    let one = |what: &String| {
        let ask =
            render::Request { what: what.clone(), on_missing: Some(OnMissing::Warn), ..render::Request::default() };
        let job = prepare(app, &ask)?;
        let prompt = &job.loaded.prompt;
        let model = request.model.clone().or_else(|| prompt.model().map(str::to_owned));
        let model = model.unwrap_or_else(|| app.settings().map(|s| s.tokens_model.clone()).unwrap_or_default());
        if model.is_empty() {
            return Err(Error::usage(format!("`{what}` names no model")).hint("name one with --model"));
        }
        let rendered = job.run(named.clone(), context.clone())?;
        let counter = Counter::of(&model);
        let messages = rendered.messages.iter().map(|message| (message.role.clone(), counter.count(&message.text())));
        let missing = rendered.warnings.iter().filter(|warning| warning.rule == "missing-variable");
        Ok(Counted {
            name: job.loaded.file.name.to_string(),
            path: job.loaded.file.path.clone(),
            messages: messages.collect(),
            total: counter.conversation(&rendered.messages),
            model,
            missing: missing.filter_map(|warning| warning.message.split('`').nth(1).map(str::to_owned)).collect(),
        })
    };
    request.what.iter().map(one).collect()
}
