//! Who judges prompts, by what sheet and weights, and how a question is put before them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::base::{Error, Finding, Kind, Place, Result};
use crate::generate::judge::{Bench, Sheet};
use crate::generate::refine;
use crate::generate::weights::Weights;
use crate::model::engine::{Ask, Engine, Outcome};
use crate::model::{Call, Money, Trouble, Value};
use crate::provider::price;
use crate::render::form::Form;
use crate::render::tokens::Counter;
use crate::repo::Source;

use super::files::Files;
use super::models::{self, How, Journal, Models, Progress, trouble};
use super::{App, persona, services, weights};

/// In how many orders candidates are shown when nobody says otherwise.
pub const ORDERS: usize = 2;

/// What is asked for on the command line.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Wanted {
    /// The model that judges.
    pub judge: Option<String>,
    /// Names and numbers, or a file with such.
    pub weights: Option<String>,
    /// Whose prompts they are: its weights hold.
    pub persona: Option<String>,
    /// How often it is asked, each time with the candidates in another order.
    pub orders: usize,
}

/// A judge that is ready.
pub struct Judges {
    sheet: Sheet,
    pub weights: Weights,
    service: String,
    model: String,
    orders: usize,
}

impl Judges {
    /// Whoever the command line, the settings, the sheet or the defaults name, in this order.
    pub fn find(app: &App, wanted: &Wanted) -> Result<Judges> {
        let sheet = sheet(app)?;
        let mut weights = sheet.weights(wanted.persona.as_deref())?;
        if let Some(name) = &wanted.persona {
            weights = weights.with(&persona::find(app, name)?.0.weights)?;
        }
        if let Some(typed) = &wanted.weights {
            weights = weights.changed(weights::given(app, typed)?)?;
        }
        let settings = app.settings()?;
        let named = wanted.judge.as_deref().or(settings.generation.judge.as_deref()).or(sheet.model());
        let (service, model) = locate(app, named, "judge", "--judge MODEL, or the key `generation.judge`")?;
        Ok(Judges { sheet, weights, service, model, orders: wanted.orders.max(1) })
    }

    pub fn bench(&self) -> Bench<'_> {
        Bench {
            sheet: &self.sheet,
            weights: self.weights.clone(),
            service: self.service.clone(),
            model: self.model.clone(),
            orders: self.orders,
        }
    }

    /// As people write it.
    pub fn name(&self) -> String {
        name(&self.service, &self.model)
    }

    pub fn orders(&self) -> usize {
        self.orders
    }

    /// What is to be said about a judge that knows whose work it judges: models like their own words best.
    pub fn too_near(&self, writer: &str) -> Option<Finding> {
        if models::is_built_in(&self.service) {
            return None;
        }
        let service = writer.split_once('/').map(|(service, _)| service);
        let message = match () {
            () if writer == self.name() => format!("{writer} judges what it wrote itself"),
            () if service == Some(self.service.as_str()) => {
                format!("{} judges what another model of the same service wrote", self.name())
            }
            () => return None,
        };
        let finding = Finding::warning("judge", Place::file("--judge"), message);
        Some(finding.hint("name a model of another service with --judge, or with the key `generation.judge`"))
    }
}

/// A model as people write it.
pub fn name(service: &str, model: &str) -> String {
    Call { service: service.to_owned(), model: model.to_owned(), ..Call::default() }.model_name()
}

/// The service and model of a name; without one, those of the defaults.
pub fn locate(app: &App, named: Option<&str>, role: &str, how: &str) -> Result<(String, String)> {
    let default = app.settings()?.defaults.model.as_deref();
    let name = named.or(default).ok_or_else(|| {
        Error::usage(format!("no model is named to {role}")).hint(format!("name one: {how}, or the key `model`"))
    })?;
    let (service, model) = models::locate(app, name)?;
    Ok((service.name, model))
}

/// The sheet of the repository, or the one that comes with palc.
pub fn sheet(app: &App) -> Result<Sheet> {
    match own(app, "judge")? {
        Some((path, text, files)) => Sheet::read(&path, &text, files),
        None => Ok(Sheet::built_in()),
    }
}

/// What a writer is asked: the repository's form, or the one that comes with palc.
pub fn writers_form(app: &App) -> Result<Form> {
    match own(app, "refine")? {
        Some((path, text, files)) => refine::form(&path, &text, files),
        None => Ok(refine::built_in()),
    }
}

type Own = (String, String, Arc<dyn crate::render::Source>);

fn own(app: &App, name: &str) -> Result<Option<Own>> {
    let path = format!("{}/{name}.md", app.settings()?.files.forms);
    let source = Source::at(app.workspace()?, None)?;
    let Some(bytes) = source.read(&path)? else { return Ok(None) };
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::invalid(format!("{path} is not UTF-8")).hint("save the file as UTF-8"))?;
    Ok(Some((path, text, Arc::new(Files::of(&source)))))
}

/// How long an answer is taken to be where nothing limits it, in tokens.
pub const ANSWER: u64 = 1000;

/// Calls that would be made, without making any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// At most.
    pub calls: usize,
    /// Tokens of the first calls, about.
    pub tokens: usize,
    /// Who is asked.
    pub models: Vec<String>,
    /// What all calls cost, about, with answers of [`ANSWER`] tokens where the call sets no limit; None if a price is not
    /// known.
    pub cost: Option<Money>,
}

/// What the calls that an engine begins with would be, and later ones of which it is known how many there are at most:
/// a model, their number, and tokens of each, about.
pub fn plan(app: &App, asks: &[Ask], later: &[(String, usize, usize)]) -> Result<Plan> {
    let mut plan = Plan { calls: 0, tokens: 0, models: Vec::new(), cost: Some(Money::default()) };
    for ask in asks {
        let name = ask.call.model_name();
        let text: String = ask.call.messages.iter().map(|message| message.text()).collect();
        let tokens = Counter::of(&name).count(&text).tokens;
        let answer = ask.call.params.get("max_tokens").and_then(Value::as_u64).unwrap_or(ANSWER);
        plan.tokens += tokens;
        plan.add(&name, 1, estimate(app, &ask.call.service, &ask.call.model, tokens, answer)?);
    }
    for (name, calls, tokens) in later {
        let (service, model) = name.split_once('/').unwrap_or((name, ""));
        plan.add(name, *calls, estimate(app, service, model, *tokens, ANSWER)?);
    }
    plan.models.sort();
    plan.models.dedup();
    Ok(plan)
}

impl Plan {
    fn add(&mut self, model: &str, calls: usize, each: Option<Money>) {
        self.calls += calls;
        self.models.push(model.to_owned());
        self.cost = self.cost.zip(each).map(|(cost, each)| cost + each.times(calls as u64));
    }
}

fn estimate(app: &App, service: &str, model: &str, tokens: usize, answer: u64) -> Result<Option<Money>> {
    if models::is_built_in(service) {
        return Ok(Some(Money::default()));
    }
    let service = services::service(app, service)?;
    let price = price::price(&service, model, None, &app.settings()?.prices);
    Ok(price.and_then(|price| price.estimate(tokens as u64, answer)))
}

/// The journal of a run that begins: what was asked for is all it takes to go on with it.
pub fn begin(app: &App, kind: &str, request: &impl Serialize) -> Result<Journal> {
    let request = serde_json::to_value(request).map_err(|error| Error::bug("a request has no JSON").because(error))?;
    Journal::create(app, json!({"kind": kind, "request": request}))
}

/// The journal of a run that is to go on, and what was asked for.
pub fn take_up<T: DeserializeOwned>(app: &App, kind: &str, run: &str) -> Result<(Journal, T)> {
    let journal = Journal::resume(app, run)?;
    if journal.plan()["kind"] != kind {
        return Err(Error::usage(format!("the run {} is none of `palc {kind}`", journal.id())));
    }
    let request = serde_json::from_value(journal.plan()["request"].clone()).map_err(|error| {
        Error::storage(format!("the run {} cannot be taken up by this palc", journal.id())).because(error)
    })?;
    Ok((journal, request))
}

/// How an engine came to its end.
pub struct Driven {
    /// The first call that had no answer, for those who could not do without.
    pub failed: Option<Error>,
    /// Calls that were sent and never heard of, now or before.
    pub doubtful: Vec<String>,
}

/// Drive an engine to its end. What its journal has is not asked again.
pub fn drive<E: Engine>(
    app: &App,
    how: &How,
    engine: &mut E,
    journal: &mut Journal,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Driven> {
    let models = Models::open(app, how)?;
    let mut doubtful = journal.doubtful().to_vec();
    let mut watched = Watched { engine, calls: BTreeMap::new(), failed: None };
    let ended = models.drive(&mut watched, Some(journal), progress)?;
    doubtful.extend(ended.doubtful);
    let resume =
        format!("go on with `palc {} --resume {}`", journal.plan()["kind"].as_str().unwrap_or(""), journal.id());
    if ended.interrupted {
        let kept = ended.progress.answered;
        let lost = (!doubtful.is_empty()).then(|| format!("perhaps paid for: {}", doubtful.join(", ")));
        let error = Error::new(Kind::Interrupted, format!("stopped; {kept} answers are kept"));
        return Err(error.hint(resume).hint_if(lost));
    }
    let failed = watched.failed.take().map(|(call, why)| {
        let service = models::locate(app, &call.model_name()).ok().map(|(service, _)| service);
        trouble::error(&call, service.as_ref(), &why).hint(resume)
    });
    Ok(Driven { failed, doubtful })
}

/// An engine, and the first call that had no answer.
struct Watched<'e, E> {
    engine: &'e mut E,
    calls: BTreeMap<String, Call>,
    failed: Option<(Call, Trouble)>,
}

impl<E: Engine> Engine for Watched<'_, E> {
    fn asks(&mut self) -> Vec<Ask> {
        let asks = self.engine.asks();
        let plain =
            |ask: &Ask| Call { service: ask.call.service.clone(), model: ask.call.model.clone(), ..Call::default() };
        self.calls.extend(asks.iter().map(|ask| (ask.ticket.clone(), plain(ask))));
        asks
    }

    fn answer(&mut self, ticket: &str, outcome: Outcome) {
        let call = self.calls.remove(ticket);
        if let (Err(trouble), None, Some(call)) = (&outcome, &self.failed, call) {
            self.failed = Some((call, trouble.clone()));
        }
        self.engine.answer(ticket, outcome);
    }
}
