//! Generate prompts from an idea: settle what was asked, let the engine ask the models, write what came of it.

mod context;
mod earlier;
pub mod job;
pub mod past;
mod plan;
mod settle;
mod stream;
pub mod times;
pub mod write;

use serde_json::json;

use crate::base::clock::id_of;
use crate::base::{Error, Finding, Kind, Result};
use crate::format::session::{Member, Session, Settled};
use crate::generate::plan::Plan;
use crate::generate::run::{Place, Run, State};
use crate::model::Value;
use crate::model::engine::{Ask, Engine};

use super::App;
use super::models::{How, Journal, Models, is_built_in, locate, trouble};
use super::write::Written;

pub use context::Contents;
pub use earlier::content;
pub use plan::Ready;
pub use stream::{Tell, Told, is_one_chain};

/// What is asked for on the command line. What is not said comes from the settings.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// As it was given, to the last byte.
    pub idea: String,
    pub count: Option<usize>,
    pub strategy: Option<crate::config::Strategy>,
    pub phases: Vec<String>,
    pub persona: Option<String>,
    pub target: Option<String>,
    pub use_case: Option<String>,
    /// Files, as they were typed.
    pub context: Vec<String>,
    pub tags: Vec<String>,
    pub model: Option<String>,
    pub provider: Option<String>,
    pub judge: Option<String>,
    pub temperature: Option<f64>,
    pub max_tokens: Option<u64>,
    pub optimize: bool,
    pub select: bool,
    pub no_history: bool,
    pub into: Option<String>,
    pub keep: Option<crate::config::Keep>,
}

/// How it is to be done.
#[derive(Debug, Clone, Default)]
pub struct Manner {
    pub how: How,
    /// Leave repository, index and journal as they are.
    pub no_save: bool,
    /// Say what would be asked, and ask nothing.
    pub dry_run: bool,
    /// Tell the texts as they come, where they come one after the other.
    pub stream: bool,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    pub session: Session,
    /// The texts, in the order of phases and variants.
    pub texts: Vec<Text>,
    /// What was written, unless nothing was to be.
    pub written: Option<Written>,
    /// The calls that would be made first, for a dry run.
    pub planned: Vec<Ask>,
    /// Where it can be taken up, if it is not complete.
    pub run: Option<String>,
    /// Why it is not complete: each variant that ended early.
    pub failures: Vec<Error>,
    pub interrupted: bool,
    /// Calls that were sent and not heard of: they may have been paid for.
    pub doubtful: Vec<String>,
    pub findings: Vec<Finding>,
}

/// A member with its text.
#[derive(Debug, Clone)]
pub struct Text {
    pub member: Member,
    pub text: String,
    /// Its prompt, where it has a file.
    pub name: Option<String>,
    pub path: Option<String>,
}

/// Which session it is: what is made anew is a session of its own, and what is replayed is the same one every time.
#[derive(Debug, Clone, Default)]
struct Seed {
    id: String,
    repeats: Option<String>,
}

/// Generate from an idea.
pub fn generate(app: &App, request: &Request, manner: &Manner, tell: Tell<'_>) -> Result<Outcome> {
    let mut contents = Contents::new();
    let request = settle::settle(app, request, &mut contents)?;
    let ready = plan::ready(app, request, None, contents, &manner.how)?;
    let seed = Seed { id: session_id(app, &ready, manner, None)?, repeats: None };
    carry_out(app, ready, &seed, manner, tell)
}

/// Make the calls of a session again.
pub fn again(app: &App, session: &Session, manner: &Manner, tell: Tell<'_>) -> Result<Outcome> {
    let ready = plan::ready(app, session.request.clone(), Some(&session.settled), Contents::new(), &manner.how)?;
    let id = session_id(app, &ready, manner, Some(&session.id))?;
    let seed = Seed { id, repeats: Some(session.id.clone()) };
    carry_out(app, ready, &seed, manner, tell)
}

/// Take up a run that was broken off. What it has paid for is not asked again.
pub fn resume(app: &App, run: &str, manner: &Manner, tell: Tell<'_>) -> Result<Outcome> {
    let mut journal = Journal::resume(app, run)?;
    let plan = journal.plan().clone();
    if plan["kind"] != "generate" {
        return Err(Error::usage(format!("the run {} is not one of generation", journal.id())));
    }
    let wrong = |error: serde_json::Error| {
        Error::storage(format!("the run {} cannot be taken up by this palc", journal.id())).because(error)
    };
    let request = serde_json::from_value(plan["request"].clone()).map_err(wrong)?;
    let settled: Settled = serde_json::from_value(plan["settled"].clone()).map_err(wrong)?;
    let text = |name: &str| plan[name].as_str().map(str::to_owned);
    let seed = Seed { id: text("session").unwrap_or_default(), repeats: text("repeats") };
    let ready = plan::ready(app, request, Some(&settled), Contents::new(), &manner.how)?;
    driven(app, &ready, &seed, manner, Some(&mut journal), tell)
}

/// The id hangs on what was asked and what that came to. The same request a moment later makes a session of its own;
/// recorded answers, and models that only repeat what they are told, make the same session every time.
fn session_id(app: &App, ready: &Ready, manner: &Manner, repeats: Option<&str>) -> Result<String> {
    let random = || format!("{:016x} {}", app.clock.random(), repeats.unwrap_or_default());
    salted(ready, &if is_fixed(ready, &manner.how) { String::new() } else { random() })
}

fn is_fixed(ready: &Ready, how: &How) -> bool {
    let mut models = ready.plan.steps.iter().map(|step| step.service.as_str());
    let judge = ready.plan.judge.as_ref().map(|judge| judge.service.as_str());
    how.replay.is_some() || (models.all(is_built_in) && judge.is_none_or(is_built_in))
}

fn salted(ready: &Ready, salt: &str) -> Result<String> {
    Ok(id_of(&format!("session {salt} {} {}", to_value(&ready.request)?, to_value(&ready.settled)?)))
}

fn carry_out(app: &App, ready: Ready, seed: &Seed, manner: &Manner, tell: Tell<'_>) -> Result<Outcome> {
    if manner.dry_run {
        return planned(ready, seed);
    }
    if manner.no_save {
        return driven(app, &ready, seed, manner, None, tell);
    }
    // What cannot be written shall not be paid for.
    super::write::Work::begin(app)?;
    let plan = json!({
        "kind": "generate", "session": seed.id, "repeats": seed.repeats,
        "request": to_value(&ready.request)?, "settled": to_value(&ready.settled)?,
    });
    let mut journal = Journal::create(app, plan)?;
    driven(app, &ready, seed, manner, Some(&mut journal), tell)
}

fn to_value(value: &impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| Error::bug("a request has no JSON").because(error))
}

fn planned(ready: Ready, seed: &Seed) -> Result<Outcome> {
    let planned = Run::new(&ready.plan)?.asks();
    let Ready { request, settled, findings, .. } = ready;
    let session = Session {
        palc: 1,
        id: seed.id.clone(),
        repeats: seed.repeats.clone(),
        request,
        settled,
        members: Vec::new(),
        choices: Vec::new(),
    };
    Ok(Outcome {
        session,
        texts: Vec::new(),
        written: None,
        planned,
        run: None,
        failures: Vec::new(),
        interrupted: false,
        doubtful: Vec::new(),
        findings,
    })
}

fn driven(
    app: &App,
    ready: &Ready,
    seed: &Seed,
    manner: &Manner,
    mut journal: Option<&mut Journal>,
    tell: Tell<'_>,
) -> Result<Outcome> {
    let models = Models::open(app, &manner.how)?;
    let mut run = Run::new(&ready.plan)?;
    let stream = manner.stream && is_one_chain(&ready.request);
    let ended = models.drive_and_tell(&mut run, journal.as_deref_mut(), stream, &mut stream::teller(tell))?;
    let mut outcome = conclude(app, ready, seed, &run, !manner.no_save)?;
    let complete = outcome.failures.is_empty() && !ended.interrupted;
    outcome.run = journal.as_ref().map(|journal| journal.id().to_owned()).filter(|_| !complete);
    (outcome.interrupted, outcome.doubtful) = (ended.interrupted, ended.doubtful);
    if let Some(journal) = journal.filter(|_| complete) {
        journal.done()?;
    }
    Ok(outcome)
}

/// What came of a run, written if it is to be.
fn conclude(app: &App, ready: &Ready, seed: &Seed, run: &Run<'_>, save: bool) -> Result<Outcome> {
    let (session, texts) = write::session(ready, seed, run);
    let made = !texts.is_empty();
    let mut outcome = Outcome {
        session,
        texts,
        written: None,
        planned: Vec::new(),
        run: None,
        failures: failures(app, &ready.plan, run),
        interrupted: false,
        doubtful: Vec::new(),
        findings: ready.findings.clone(),
    };
    if save && made {
        times::keep(app, ready, &seed.id, run);
        outcome.written = Some(write::save(app, ready, &mut outcome.session, &mut outcome.texts)?);
    }
    Ok(outcome)
}

/// Each variant that ended early, in words for people.
fn failures(app: &App, plan: &Plan, run: &Run<'_>) -> Vec<Error> {
    let failed = |(place, trouble): (Place, &crate::model::Trouble)| {
        let step = &plan.steps[place.phase];
        let call = crate::model::Call {
            service: step.service.clone(),
            model: step.model.clone(),
            ..crate::model::Call::default()
        };
        let service = locate(app, &call.model_name()).ok().map(|(service, _)| service);
        let error = trouble::error(&call, service.as_ref(), trouble);
        let message = format!("{}: {}", run.ticket(place), error.message());
        error.hints().iter().fold(Error::new(Kind::Provider, message), |error, hint| error.hint(hint.clone()))
    };
    run.failures().map(failed).collect()
}

/// The id of a member hangs on its session and its place there.
pub(super) fn member_id(session: &str, phase: &str, variant: usize) -> String {
    id_of(&format!("member {session} {phase} {variant}"))
}

/// The word for why there is no text.
pub(super) fn failed_word(state: &State) -> Option<&str> {
    match state {
        State::Failed(trouble) => Some(trouble.what.word()),
        State::Asked => Some("interrupted"),
        State::Waiting | State::Skipped | State::Done(_) => None,
    }
}
