//! From a request to a plan: which files, which models, which examples.

use std::sync::Arc;

use crate::base::hash::BlobId;
use crate::base::{Error, Finding, Result};
use crate::config::Strategy;
use crate::format::generation as read;
use crate::format::session::{self, PhaseUsed, Reference, Settled, UseCase};
use crate::generate::plan::{Judging, Plan, Step};
use crate::model::generation::{ANY_FAMILY, Source as From};
use crate::model::{Map, Persona, Phase, Value};
use crate::render::Options;
use crate::repo::Source;

use super::context::{self, Contents};
use super::earlier::content;
use super::past;
use crate::app::App;
use crate::app::assets::strict;
use crate::app::files::Files;
use crate::app::models::{How, is_built_in, locate};
use crate::app::{judging, keys, persona, phase};

/// Everything that is needed to begin.
pub struct Ready {
    pub request: session::Request,
    pub settled: Settled,
    pub plan: Plan,
    /// Context files as they were read.
    pub contents: Contents,
    pub findings: Vec<Finding>,
}

/// Settle a request: as things are now, or as they were `then`.
pub fn ready(
    app: &App,
    mut request: session::Request,
    then: Option<&Settled>,
    contents: Contents,
    how: &How,
) -> Result<Ready> {
    let notes = then.map(|then| then.notes.clone()).unwrap_or_default();
    let mut maker = Maker { app, how, then, notes, findings: Vec::new() };
    let (persona, family, layout, personas) = maker.persona(&request)?;
    let phases: Vec<Phase> = request.phases.iter().map(|name| maker.phase(name)).collect::<Result<_>>()?;
    request.phases = phases.iter().map(|phase| phase.name.clone()).collect();
    if let Some(twice) = (1..phases.len()).find(|&at| request.phases[..at].contains(&request.phases[at])) {
        return Err(Error::usage(format!("the phase `{}` is named twice", request.phases[twice])));
    }
    let steps: Vec<Step> =
        phases.into_iter().map(|phase| maker.step(&request, &persona, phase)).collect::<Result<_>>()?;
    let model = steps.first().map(|step| step.model.clone()).unwrap_or_default();
    let context = context::passages(app, &request.context, &contents, &model)?;
    let examples = maker.examples(&request)?;
    let (shown, examples) = examples.into_iter().unzip();
    let use_case = use_case(&request, &persona);
    let strategy = Strategy::from_word(&request.strategy).unwrap_or(Strategy::All);
    let mut plan = Plan {
        idea: request.idea.clone(),
        use_case: use_case.as_ref().map(|use_case| use_case.name.clone()),
        persona,
        family: family.clone(),
        layout,
        context,
        examples,
        steps,
        count: request.count,
        strategy,
        optimize: request.optimize,
        select: request.select,
        judge: None,
        source: Arc::new(Files::of(&Source::at(app.workspace()?, None)?)),
        options: options(app)?,
    };
    let mut judge = None;
    if plan.needs_judge() {
        let (judging, name) = maker.judge(&request, &plan)?;
        plan.judge = Some(judging);
        judge = Some(name);
    }
    let used = |step: &Step| PhaseUsed {
        name: step.phase.name.clone(),
        path: step.phase.source.path.clone(),
        blob: BlobId::of(step.phase.source.text.as_bytes()).to_string(),
        model: shown_model(&step.service, &step.model),
        params: step.params.clone(),
    };
    let phases = plan.steps.iter().map(used).collect();
    let settled = Settled { family, use_case, personas, phases, judge, examples: shown, notes: maker.notes };
    Ok(Ready { request, settled, plan, contents, findings: maker.findings })
}

/// As people write it.
pub fn shown_model(service: &str, model: &str) -> String {
    match is_built_in(service) {
        true if service == model => model.to_owned(),
        true => format!("{service}:{model}"),
        false => format!("{service}/{model}"),
    }
}

fn use_case(request: &session::Request, persona: &Persona) -> Option<UseCase> {
    let given = request.use_case.clone().map(|name| UseCase { name, inferred: false });
    given.or_else(|| Some(UseCase { name: persona.use_case(&request.idea)?.to_owned(), inferred: true }))
}

fn options(app: &App) -> Result<Options> {
    let settings = app.settings()?;
    Ok(Options {
        // An idea may be long, and every character of it costs a step.
        fuel: settings.render.fuel.max(10_000_000),
        include_depth: settings.render.include_depth,
        roots: settings.prompts.roots.iter().map(|root| root.trim_matches(['.', '/']).to_owned()).collect(),
        ..Options::default()
    })
}

struct Maker<'a> {
    app: &'a App,
    how: &'a How,
    then: Option<&'a Settled>,
    notes: Vec<String>,
    findings: Vec<Finding>,
}

impl Maker<'_> {
    /// The persona with how it lays out prompts for the family, and the files that say so.
    fn persona(
        &mut self,
        request: &session::Request,
    ) -> Result<(Persona, String, crate::model::Layout, Vec<Reference>)> {
        let then = self.then.map(|then| then.personas.clone()).unwrap_or_default();
        let (mut own, findings) = persona::find(self.app, &request.persona)?;
        self.findings.extend(findings);
        if let Some(source) = self.as_then(then.first(), &own.source)? {
            own = strict(&source.path.clone(), read::persona(&own.name, &source))?.0;
        }
        let mut others = persona::others(self.app, &own)?;
        if let Some(now) = &others
            && let Some(source) = self.as_then(then.get(1), &now.source)?
        {
            others = Some(strict(&source.path.clone(), read::persona(&now.name, &source))?.0);
        }
        let target = request.target.as_deref().unwrap_or(ANY_FAMILY);
        let (family, layout) = persona::layout(&own, others.as_ref(), target)?;
        let used = std::iter::once(&own).chain(&others).map(|persona| reference(&persona.source)).collect();
        Ok((own, family, layout, used))
    }

    fn phase(&mut self, name: &str) -> Result<Phase> {
        let (phase, findings) = phase::find(self.app, name)?;
        self.findings.extend(findings);
        let then = self.then.and_then(|then| then.phases.iter().find(|used| used.name == phase.name));
        let then = then.map(|used| Reference { path: used.path.clone(), blob: used.blob.clone() });
        match self.as_then(then.as_ref(), &phase.source)? {
            Some(source) => Ok(strict(&source.path.clone(), read::phase(&phase.name, &source))?.0),
            None => Ok(phase),
        }
    }

    /// The file as it was, if it is another one now. What cannot be had any more is taken as it is, and said.
    fn as_then(&mut self, then: Option<&Reference>, now: &From) -> Result<Option<From>> {
        let Some(then) = then.filter(|then| then.blob != BlobId::of(now.text.as_bytes()).to_string()) else {
            return Ok(None);
        };
        let text = content(self.app, &then.path, &then.blob)?.and_then(|bytes| String::from_utf8(bytes).ok());
        if text.is_none() {
            self.notes.push(format!("{} is not what it was, and is taken as it is now", then.path));
        }
        Ok(text.map(|text| From { path: then.path.clone(), built_in: false, text }))
    }

    /// A phase with its model and parameters as they were then, or now: those of the command line, of the persona, of the phase, of the settings.
    fn step(&mut self, request: &session::Request, persona: &Persona, phase: Phase) -> Result<Step> {
        let settings = self.app.settings()?;
        if let Some(used) = self.then.and_then(|then| then.phases.iter().find(|used| used.name == phase.name)) {
            let (service, model) = self.locate(&used.model)?;
            return Ok(Step { phase, service, model, params: used.params.clone() });
        }
        let here = persona.phases.get(&phase.name).cloned().unwrap_or_default();
        let wanted = here.model.clone().or_else(|| phase.prompt.model().map(str::to_owned));
        let general = settings.generation.model.clone().or_else(|| settings.defaults.model.clone());
        let (service, model) = match (&request.model, wanted, general) {
            (Some(model), ..) => self.locate(model)?,
            (None, Some(wanted), general) => self.or_instead(&phase.name, &wanted, general.as_deref())?,
            (None, None, Some(general)) => self.locate(&general)?,
            (None, None, None) => return Err(no_model(&phase.name)),
        };
        let mut params: Map = settings.defaults.params.clone();
        params.extend(phase.prompt.params.clone());
        params.extend(here.params);
        if let Some(temperature) = request.temperature {
            params.insert("temperature".into(), temperature.into());
        }
        if let Some(tokens) = request.max_tokens {
            params.insert("max_tokens".into(), Value::from(tokens));
        }
        Ok(Step { phase, service, model, params })
    }

    fn locate(&self, model: &str) -> Result<(String, String)> {
        let (service, model) = locate(self.app, model)?;
        Ok((service.name, model))
    }

    /// The model that a phase wants, or another one where it cannot be had here.
    fn or_instead(&mut self, phase: &str, wanted: &str, general: Option<&str>) -> Result<(String, String)> {
        let why = match locate(self.app, wanted) {
            Err(error) if general.is_none() => return Err(error),
            Err(error) => error.message().to_owned(),
            Ok((service, model)) => {
                let asks = self.how.replay.is_none() && !is_built_in(&service.name) && service.key_variable.is_some();
                if !asks || general.is_none() || keys::key(self.app, &service)?.is_some() {
                    return Ok((service.name, model));
                }
                format!("{} has no key here", service.name)
            }
        };
        let instead = general.unwrap_or_default();
        self.notes.push(format!("{phase} is for {wanted}, but {why}; {instead} is asked instead"));
        self.locate(instead)
    }

    fn examples(
        &mut self,
        request: &session::Request,
    ) -> Result<Vec<(session::Shown, crate::generate::plan::Passage)>> {
        match self.then {
            Some(then) => past::same(self.app, &then.examples, &mut self.notes),
            None if request.history => past::find(self.app, &request.idea),
            None => Ok(Vec::new()),
        }
    }

    /// Who judges: another model than the one that writes, if one is named.
    fn judge(&mut self, request: &session::Request, plan: &Plan) -> Result<(Judging, String)> {
        let sheet = judging::sheet(self.app)?;
        let last = plan.steps.last().ok_or_else(|| Error::bug("a plan without phases"))?;
        let then = self.then.and_then(|then| then.judge.as_deref());
        let named = then.or(request.judge.as_deref()).or(sheet.model());
        let (service, model) = match named {
            Some(named) => self.locate(named)?,
            None => (last.service.clone(), last.model.clone()),
        };
        if plan.steps.iter().any(|step| step.service == service && step.model == model) && !is_built_in(&service) {
            let name = shown_model(&service, &model);
            let note = format!("{name} judges what it wrote itself; --judge names another model");
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        let weights = sheet.weights(Some(&plan.persona.name))?.with(&plan.persona.weights)?;
        let name = shown_model(&service, &model);
        Ok((Judging { sheet, service, model, weights }, name))
    }
}

fn reference(source: &From) -> Reference {
    Reference { path: source.path.clone(), blob: BlobId::of(source.text.as_bytes()).to_string() }
}

fn no_model(phase: &str) -> Error {
    Error::usage(format!("no model is named for the phase `{phase}`"))
        .hint("--model PROVIDER/MODEL names one; `palc config set generation.model …` keeps it")
        .hint("--model echo tries it without any: it repeats what it is told")
}
