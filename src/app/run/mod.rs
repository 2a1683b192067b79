//! Ask a model what a prompt says: once, or for each row of a data file; with a record of everything that was sent, came
//! back and was paid.

mod engine;
mod plan;
mod record;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;

use crate::base::hash::BlobId;
use crate::base::{Error, Finding, Kind, Result};
use crate::config::OnMissing;
use crate::model::call::Piece;
use crate::model::{Call, Map, Value};
use crate::provider::Service;
use crate::render::Rendered;

use super::given::{self, Given};
use super::models::{self, Done, Ended, Event, How, Journal, Models, Progress, trouble};
use super::render::{self, Job, One};
use super::validate_response;
use super::{App, calls, fingerprint};
use engine::{Rows, Shared};

#[derive(Debug, Clone, Default)]
pub struct Request {
    pub names: Vec<String>,
    pub given: Given,
    pub data: Option<PathBuf>,
    /// Only this row of the data.
    pub row: Option<u64>,
    pub on_missing: Option<OnMissing>,
    pub history: Option<PathBuf>,
    /// In place of the prompt's own.
    pub model: Option<String>,
    /// In place of the prompt's own, or beside them.
    pub params: Map,
    /// A file that lists functions which the model may ask for, beside those of the prompt.
    pub tools: Option<PathBuf>,
    /// Whether the answer is wanted as it comes. Only one can be.
    pub stream: bool,
    pub how: How,
}

impl Request {
    /// Whether it asks for more than one answer.
    pub fn is_many(&self) -> bool {
        self.names.len() > 1 || (self.data.is_some() && self.row.is_none())
    }

    fn of(&self, name: &str) -> render::Request {
        render::Request {
            what: name.to_owned(),
            given: self.given.clone(),
            data: self.data.clone(),
            row: self.row,
            on_missing: self.on_missing,
            history: self.history.clone(),
            ..render::Request::default()
        }
    }
}

/// What one answer is to.
#[derive(Debug, Clone)]
pub struct About {
    /// The prompt's name, with the number of the row.
    pub ticket: String,
    pub name: String,
    pub path: String,
    pub id: Option<String>,
    pub blob: BlobId,
    pub fingerprint: String,
    /// Stands for the values it was rendered with.
    pub inputs: String,
    pub row: Option<(u64, u64)>,
    /// As asked for: `service/model`.
    pub model: String,
    /// What of the prompt is not in the call.
    pub notes: Vec<String>,
    pub warnings: Vec<Finding>,
}

/// One answer, or why there is none.
#[derive(Debug)]
pub struct Ran {
    /// The run's id.
    pub run: String,
    pub about: About,
    pub done: Done,
    /// Whether the answer is what its prompt says of it, if it says anything.
    pub checked: Option<validate_response::Outcome>,
    /// The trouble, as people are told of it.
    pub error: Option<Error>,
}

/// What happens on the way.
pub enum Told<'a> {
    /// Calls of an earlier part of the run that may have been paid for without an answer. Told first.
    InDoubt(&'a [String]),
    /// The answer goes on; only if there is one, and it was wanted so.
    Piece(&'a Piece),
    /// In the order of the rows, whatever the order in which they were answered.
    Ran(Box<Ran>),
    /// A row that could not even be asked about.
    Failed(Error),
    Progress(&'a Progress),
}

#[derive(Debug)]
pub struct Outcome {
    pub id: String,
    pub folder: PathBuf,
    pub ended: Ended,
    /// Rows without an answer; of these, those that could not even be asked about.
    pub failed: usize,
    pub broken: usize,
    /// Answers that are not what their prompt says.
    pub invalid: usize,
}

/// A prompt, ready to be asked about.
struct Asked {
    job: Job,
    request: render::Request,
    service: Service,
    model: String,
    fingerprints: RefCell<HashMap<Vec<String>, String>>,
}

/// Run prompts. With the name of a run that was broken off, go on with it: its answers are told again and not paid again.
pub fn run(
    app: &App,
    request: &Request,
    resume: Option<&str>,
    tell: &mut dyn FnMut(Told<'_>) -> Result<()>,
) -> Result<Outcome> {
    let mut journal = resume.map(|id| Journal::resume(app, id)).transpose()?;
    let request = match &journal {
        Some(journal) => plan::read(journal.plan(), &request.how)
            .ok_or_else(|| Error::invalid(format!("{} is no run of prompts", journal.id())))?,
        None => Request { given: plan::settled(app, &request.given)?, ..request.clone() },
    };
    let asked = prepare(app, &request)?;
    let models = Models::open(app, &request.how)?;
    let shared = RefCell::new(Shared::default());
    let mut rows = Rows::new(app, &asked, &shared)?;
    if !request.is_many() {
        rows.only()?;
    }
    let mut journal = match journal.take() {
        Some(journal) => journal,
        None => Journal::create(app, plan::write(&request))?,
    };
    let (id, folder) = (journal.id().to_owned(), journal.folder().to_owned());
    if !journal.doubtful().is_empty() {
        tell(Told::InDoubt(journal.doubtful()))?;
    }
    let mut record = record::Record::new(&folder);
    let (mut failed, mut invalid) = (0, 0);
    let mut settle = |tell: &mut dyn FnMut(Told<'_>) -> Result<()>, all: bool| -> Result<()> {
        while let Some(next) = shared.borrow_mut().next(all) {
            match next {
                Ok(ran) => {
                    failed += usize::from(ran.error.is_some());
                    invalid += usize::from(ran.checked.as_ref().is_some_and(|checked| !checked.findings.is_empty()));
                    record.add(&ran);
                    tell(Told::Ran(ran))?;
                }
                Err(error) => {
                    failed += 1;
                    tell(Told::Failed(error))?;
                }
            }
        }
        record.flush()
    };
    let stream = request.stream && !request.is_many();
    let ended = models.drive_and_tell(&mut rows, Some(&mut journal), stream, &mut |event, progress| {
        match event {
            Event::Piece(_, piece) => tell(Told::Piece(piece))?,
            Event::Ended(ticket, done) => {
                let ran = ran(app, &asked, &shared, &id, ticket, done);
                shared.borrow_mut().ready(ticket, ran);
                settle(tell, false)?;
            }
            Event::Begun(_) | Event::Ending => {}
        }
        tell(Told::Progress(progress))
    })?;
    settle(tell, true)?;
    if !ended.interrupted {
        journal.done()?;
    }
    let broken = shared.borrow().broken;
    Ok(Outcome { id, folder, ended, broken, failed, invalid })
}

/// What would be sent, without sending it.
#[derive(Debug)]
pub struct Would {
    pub about: About,
    pub request: crate::base::http::Request,
    pub notes: Vec<String>,
}

/// The requests that a run would send.
pub fn rehearse(app: &App, request: &Request, each: &mut dyn FnMut(Result<Would>) -> Result<()>) -> Result<()> {
    let asked = prepare(app, request)?;
    for asked in &asked {
        for one in render::rows(app, &asked.request, &asked.job)? {
            each(one.and_then(|one| asked.would(&one)))?;
        }
    }
    Ok(())
}

fn prepare(app: &App, request: &Request) -> Result<Vec<Asked>> {
    let tools = request.tools.as_ref().map(|path| tools(app, path)).transpose()?.unwrap_or_default();
    let one = |name: &String| {
        let ask = request.of(name);
        let mut job = render::prepare(app, &ask)?;
        let prompt = &mut job.loaded.prompt;
        prompt.params.extend(request.params.clone());
        prompt.tools.extend(tools.clone());
        let model = request.model.clone().or_else(|| prompt.model().map(str::to_owned));
        let model = model.ok_or_else(|| {
            Error::invalid(format!("{} names no model", job.loaded.file.name))
                .hint("name one with --model, in the prompt, or as the key `model`; `echo` needs no provider")
        })?;
        let provider = if request.model.is_some() { None } else { prompt.provider.as_deref() };
        let (service, model) = models::locate_at(app, provider, &model)?;
        Ok(Asked { job, request: ask, service, model, fingerprints: RefCell::default() })
    };
    request.names.iter().map(one).collect()
}

/// A file that lists functions.
fn tools(app: &App, path: &std::path::Path) -> Result<Vec<Value>> {
    match given::value(app, path)? {
        Value::Array(tools) => Ok(tools),
        _ => Err(Error::invalid(format!("{} must list functions", path.display()))
            .hint("each has `name`, `description` and `parameters`, a JSON Schema")),
    }
}

impl Asked {
    fn call(&self, one: &One) -> Result<(About, Call)> {
        let Loaded { name, path, id, blob } = self.loaded();
        let messages = self.job.with_media(&one.rendered.messages)?;
        let drafted = calls::draft(&self.job.loaded.prompt, &messages, &self.service.name, &self.model);
        let about = About {
            ticket: one.row.map_or_else(|| name.clone(), |(row, _)| format!("{name}/{row}")),
            name,
            path,
            id,
            blob,
            fingerprint: self.fingerprint(&one.rendered)?,
            inputs: one.inputs.clone(),
            row: one.row,
            model: drafted.call.model_name(),
            notes: drafted.notes,
            warnings: one.rendered.warnings.clone(),
        };
        Ok((about, drafted.call))
    }

    fn loaded(&self) -> Loaded {
        let loaded = &self.job.loaded;
        Loaded {
            name: loaded.file.name.to_string(),
            path: loaded.file.path.clone(),
            id: loaded.prompt.id.clone(),
            blob: BlobId::of(loaded.text.as_bytes()),
        }
    }

    /// The same for all rows that take in the same files.
    fn fingerprint(&self, rendered: &Rendered) -> Result<String> {
        let files: Vec<String> = rendered.edges.iter().map(|edge| edge.to.clone()).collect();
        if let Some(known) = self.fingerprints.borrow().get(&files) {
            return Ok(known.clone());
        }
        let model = format!("{}/{}", self.service.name, self.model);
        let fingerprint = fingerprint::of(&self.job, rendered, &model)?;
        self.fingerprints.borrow_mut().insert(files, fingerprint.clone());
        Ok(fingerprint)
    }

    fn would(&self, one: &One) -> Result<Would> {
        let (about, call) = self.call(one)?;
        if models::is_built_in(&self.service.name) {
            return Err(Error::invalid(format!("{} is inside palc: nothing would be sent", about.model)));
        }
        let built = self.service.protocol.wire().build(&call, &self.service, false);
        Ok(Would { about, request: built.request, notes: built.notes })
    }
}

struct Loaded {
    name: String,
    path: String,
    id: Option<String>,
    blob: BlobId,
}

/// Put together what came of a ticket.
fn ran(app: &App, asked: &[Asked], shared: &RefCell<Shared>, run: &str, ticket: &str, done: &Done) -> Result<Ran> {
    let (at, about) = shared.borrow_mut().about(ticket);
    let asked = &asked[at];
    let mut done = done.clone();
    let mut notes = about.notes.clone();
    notes.append(&mut done.notes);
    done.notes = notes;
    let call = Call { service: asked.service.name.clone(), model: asked.model.clone(), ..Call::default() };
    let error = done.outcome.as_ref().err().map(|trouble| trouble::error(&call, Some(&asked.service), trouble));
    let checked = check(app, asked, &about, &done)?;
    Ok(Ran { run: run.to_owned(), about, done, checked, error })
}

/// Hold an answer against what its prompt says of it. One that asks for a function, or refuses, is no answer in this sense.
fn check(app: &App, asked: &Asked, about: &About, done: &Done) -> Result<Option<validate_response::Outcome>> {
    let Ok(answered) = &done.outcome else { return Ok(None) };
    let reply = &answered.reply;
    if asked.job.loaded.prompt.output.schema.is_none() || !reply.tool_calls.is_empty() || reply.refusal.is_some() {
        return Ok(None);
    }
    let request = validate_response::Request {
        what: about.name.clone(),
        name: format!("the answer to {}", about.ticket),
        answer: reply.text.clone().into_bytes(),
    };
    validate_response::answer(app, &asked.job, &request).map(Some)
}

/// The error with which a run of many rows ends, if it does.
pub fn verdict(outcome: &Outcome) -> Result<()> {
    if outcome.ended.interrupted {
        let kept = outcome.ended.progress.answered;
        let error = Error::new(Kind::Interrupted, format!("stopped; {kept} answers are kept"));
        let doubtful = &outcome.ended.doubtful;
        let lost = (!doubtful.is_empty()).then(|| {
            format!("{} calls were on their way and may have been paid for: {}", doubtful.len(), few(doubtful))
        });
        return Err(error.hint(format!("go on with `palc run --resume {}`", outcome.id)).hint_if(lost));
    }
    match outcome.failed {
        0 => Ok(()),
        failed => {
            let all = outcome.ended.progress.asked + outcome.broken;
            let kind = if outcome.broken == failed { Kind::Invalid } else { Kind::Provider };
            let resume = format!("`palc run --resume {}` asks for these again and for no others", outcome.id);
            Err(Error::new(kind, format!("{failed} of {all} have no answer")).hint(resume))
        }
    }
}

fn few(names: &[String]) -> String {
    const MOST: usize = 5;
    let shown = names.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > MOST { format!("{shown}, …") } else { shown }
}
