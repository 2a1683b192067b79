//! What was asked, checked and completed by the settings.

use crate::base::{Error, Finding, Place, Result};
use crate::format::session;
use crate::model::Name;

use super::context::Contents;
use super::{Request, context};
use crate::app::App;
use crate::app::models::{is_built_in, locate_at};

/// More phases than this are a mistake.
const MAX_PHASES: usize = 20;
const MAX_TAGS: usize = 50;
const MAX_TAG: usize = 64;
const MAX_LINE: usize = 255;
const MAX_TOKENS: u64 = 1_000_000;

/// The request as the session keeps it. Everything that is out of bounds is told at once.
pub fn settle(app: &App, request: &Request, contents: &mut Contents) -> Result<session::Request> {
    let settings = &app.settings()?.generation;
    let mut faults = Faults::default();
    faults.idea(&request.idea, settings.idea_characters as usize);
    let count = request.count.unwrap_or(settings.count as usize);
    faults.check("--count", (1..=100).contains(&count), || format!("{count} variants: 1 to 100 can be made"));
    let phases = if request.phases.is_empty() { settings.phases.clone() } else { request.phases.clone() };
    faults.phases(&phases);
    if let Some(temperature) = request.temperature {
        let good = (0.0..=2.0).contains(&temperature);
        faults.check("--temperature", good, || format!("a temperature is from 0 to 2, and this is {temperature}"));
    }
    if let Some(tokens) = request.max_tokens {
        let good = (1..=MAX_TOKENS).contains(&tokens);
        faults.check("--max-tokens", good, || format!("an answer has 1 to {MAX_TOKENS} tokens, and this is {tokens}"));
    }
    faults.check("--tag", request.tags.len() <= MAX_TAGS, || format!("there are more than {MAX_TAGS} tags"));
    request.tags.iter().for_each(|tag| faults.line("--tag", tag, MAX_TAG));
    request.use_case.iter().for_each(|use_case| faults.line("--use-case", use_case, MAX_LINE));
    let into = request.into.clone().unwrap_or_else(|| settings.into.clone());
    let into = into.trim_matches('/').to_owned();
    if let Err(reason) = Name::new(&into) {
        faults.add("--into", format!("`{into}` cannot be a folder of prompts: {reason}"));
    }
    faults.done()?;
    Ok(session::Request {
        idea: request.idea.clone(),
        count,
        strategy: request.strategy.unwrap_or(settings.strategy).word().to_owned(),
        phases,
        persona: request.persona.clone().unwrap_or_else(|| settings.persona.clone()),
        target: request.target.clone().or_else(|| settings.target.clone()),
        use_case: request.use_case.clone(),
        context: context::references(app, &request.context, contents)?,
        tags: request.tags.clone(),
        model: model(app, request)?,
        judge: request.judge.clone().or_else(|| settings.judge.clone()),
        temperature: request.temperature,
        max_tokens: request.max_tokens,
        optimize: request.optimize,
        select: request.select,
        history: settings.history && !request.no_history,
        into,
        keep: request.keep.unwrap_or(settings.keep).word().to_owned(),
    })
}

/// The model of all phases, with its service.
fn model(app: &App, request: &Request) -> Result<Option<String>> {
    let (model, provider) = (request.model.as_deref(), request.provider.as_deref());
    let Some(asked) = model.or(provider) else { return Ok(None) };
    let (service, name) = locate_at(app, provider.filter(|_| model.is_some()), asked)?;
    Ok(Some(if is_built_in(&service.name) { asked.to_owned() } else { format!("{}/{name}", service.name) }))
}

/// Everything that is wrong with a request.
#[derive(Default)]
struct Faults(Vec<Finding>);

impl Faults {
    fn add(&mut self, what: &str, message: String) {
        self.0.push(Finding::error("request", Place::file(what), message));
    }

    fn check(&mut self, what: &str, good: bool, message: impl FnOnce() -> String) {
        if !good {
            self.add(what, message());
        }
    }

    fn idea(&mut self, idea: &str, most: usize) {
        self.check("idea", !idea.trim().is_empty(), || "the idea is empty".into());
        let length = idea.chars().count();
        self.check("idea", length <= most, || {
            format!("the idea has {length} characters, and `generation.idea_characters` allows {most}")
        });
        let control = |c: &char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
        if let Some((at, c)) = idea.chars().enumerate().find(|(_, c)| control(c)) {
            self.add("idea", format!("character {} is the control character {}", at + 1, c.escape_unicode()));
        }
    }

    fn phases(&mut self, phases: &[String]) {
        self.check("--phases", !phases.is_empty(), || "there is no phase".into());
        self.check("--phases", phases.len() <= MAX_PHASES, || format!("there are more than {MAX_PHASES} phases"));
        for (at, phase) in phases.iter().enumerate() {
            self.check("--phases", !phases[..at].contains(phase), || format!("`{phase}` stands here twice"));
        }
    }

    fn line(&mut self, what: &str, text: &str, most: usize) {
        let length = text.chars().count();
        self.check(what, !text.trim().is_empty(), || "it is empty".into());
        self.check(what, length <= most, || format!("it has {length} characters, and {most} are allowed"));
        self.check(what, !text.chars().any(char::is_control), || {
            format!("`{}` has a control character", text.escape_debug())
        });
    }

    fn done(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::findings("this cannot be asked for", self.0)) }
    }
}
