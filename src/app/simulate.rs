//! One prompt in several contexts that know nothing of each other.

use std::fs::File;
use std::path::Path;

use super::App;
use super::given;
use super::load::{Loaded, load};
use super::render::{self, Job};
use crate::base::text::Lines;
use crate::base::{Error, Finding, Place, Result, disk};
use crate::format::scenario;
use crate::model::Map;
use crate::model::scenario::{Check, Context};
use crate::render::examples::Choice;
use crate::render::tokens::{Count, Counter};
use crate::render::{Message, Turn, expect};
use crate::repo::Source;

#[derive(Debug, Default)]
pub struct Request {
    /// The scenario's file, from where the command was started.
    pub scenario: String,
    /// Only contexts with these names.
    pub only: Vec<String>,
}

#[derive(Debug)]
pub struct Outcome {
    pub prompt: String,
    pub path: String,
    pub model: String,
    pub contexts: Vec<Simulated>,
}

impl Outcome {
    pub fn failed(&self) -> usize {
        self.contexts.iter().filter(|context| !context.passed()).count()
    }
}

/// What became of the prompt in one context.
#[derive(Debug)]
pub struct Simulated {
    pub name: String,
    /// The messages, unless it could not be rendered.
    pub messages: Option<Vec<Message>>,
    pub tokens: Option<Count>,
    pub expectations: usize,
    /// What is not as expected, where the scenario says so; and why it could not be rendered, if nobody expected that.
    pub findings: Vec<Finding>,
}

impl Simulated {
    pub fn passed(&self) -> bool {
        self.findings.is_empty()
    }
}

pub fn simulate(app: &App, request: &Request) -> Result<Outcome> {
    let text = given::read_text(app, Path::new(&request.scenario))?;
    let mut scenario = scenario::read(&request.scenario, &text)?;
    if let Some(name) = request.only.iter().find(|name| scenario.contexts.iter().all(|one| one.name != **name)) {
        let names: Vec<&str> = scenario.contexts.iter().map(|one| one.name.as_str()).collect();
        let error = Error::no(format!("the scenario has no context `{name}`"));
        return Err(error.hint(format!("its contexts are {}", names.join(", "))));
    }
    scenario.contexts.retain(|one| request.only.is_empty() || request.only.contains(&one.name));
    let (source, file) = app.resolve(&scenario.prompt)?;
    let loaded = load(app, &source, file)?;
    let model = match loaded.prompt.model() {
        Some(model) => model.to_owned(),
        None => app.settings()?.tokens_model.clone(),
    };
    let stage = Stage {
        app,
        source,
        loaded,
        shared: scenario.vars.clone(),
        counter: Counter::of(&model),
        path: &request.scenario,
        lines: Lines::new(&text),
    };
    let contexts = scenario.contexts.iter().map(|context| stage.play(context)).collect::<Result<_>>()?;
    Ok(Outcome { prompt: scenario.prompt, path: stage.loaded.file.path, model, contexts })
}

/// What all contexts share: nothing that one of them could change.
struct Stage<'a> {
    app: &'a App,
    source: Source<'a>,
    loaded: Loaded,
    /// Variables of the scenario: each context takes them before its own.
    shared: Map,
    counter: Counter,
    path: &'a str,
    lines: Lines<'a>,
}

impl Stage<'_> {
    fn play(&self, context: &Context) -> Result<Simulated> {
        let outcome = self.messages(context);
        let wrong = context.expect.iter().filter_map(|expectation| {
            let message = expect::judge(expectation, &outcome, self.counter)?;
            let place = Place::in_lines(self.path, &self.lines, expectation.span);
            Some(Finding::error("expectation", place, format!("{}: {message}", context.name)))
        });
        let mut findings: Vec<Finding> = wrong.collect();
        let is_expected = context.expect.iter().any(|one| matches!(one.check, Check::Missing(_)));
        if let Err(error) = &outcome
            && !is_expected
        {
            let message = format!("{}: {}", context.name, error.message());
            let why = error.places().iter().cloned();
            findings.push(Finding::error("expectation", Place::file(self.path), message));
            findings.extend(why);
        }
        let messages = outcome.ok();
        Ok(Simulated {
            name: context.name.clone(),
            tokens: messages.as_ref().map(|messages| self.counter.conversation(messages)),
            messages,
            expectations: context.expect.len(),
            findings,
        })
    }

    /// Every context has a job of its own, so that neither history nor examples of one are in another.
    fn messages(&self, context: &Context) -> Result<Vec<Message>> {
        let examples = context.examples.clone();
        let examples = examples.map(|(set, count)| (set, Choice { count, ..Choice::default() }));
        let request = render::Request { examples, ..render::Request::default() };
        let mut job = Job::of(self.app, &self.source, self.loaded.clone(), &request)?;
        let turn = |message: &crate::model::scenario::Message| Turn {
            role: message.role.clone(),
            content: message.content.clone(),
            name: message.name.clone(),
        };
        job.show(context.history.iter().map(turn).collect(), Vec::new());
        let known = self.shared.clone().into_iter().chain(self.row(context)?).collect();
        Ok(job.run(context.vars.clone(), known)?.messages)
    }

    fn row(&self, context: &Context) -> Result<Map> {
        let Some(path) = &context.data else { return Ok(Map::new()) };
        let format = given::format(Path::new(path))?;
        let file = disk::resolve_beneath(self.app.place()?.root(), Path::new(path))?;
        let file = File::open(file).map_err(|error| given::unreadable(Path::new(path), error))?;
        let at = usize::try_from(context.row.max(1) - 1).unwrap_or(usize::MAX);
        match format.rows(path, file)?.nth(at) {
            Some(row) => Ok(row?.values),
            None => Err(Error::invalid(format!("{path} has no row {}", context.row))),
        }
    }
}
