//! Compile a body with everything it includes, and run it within its limits.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Serde, Value};
use minijinja::{Environment, ErrorKind};

use crate::base::{Error, Place, Result};
use crate::model::Map;

use super::super::event::{self, Event, Marks, Placed};
use super::super::include::{Library, Loaded, Refusal};
use super::super::messages::Turn;
use super::super::patch::Patched;
use super::super::request::Request;
use super::env::{Turns, environment};
use super::{fail, prepare};

/// What a run produced.
#[derive(Debug)]
pub struct Output {
    pub events: Vec<Event>,
    pub fuel: Option<u64>,
    /// Whether the events tell where each text came from.
    pub traced: bool,
}

/// Expand the request's body. `library` starts with it and ends with everything it loaded.
pub fn run(request: &Request<'_>, library: &Arc<Library>, variables: &Map) -> Result<Output> {
    let plain = Run::new(request, library, variables, false).output(variables)?;
    if !request.explain {
        return Ok(plain);
    }
    // Marks inside the text can change what filters see. Only a trace that leaves the output alone is the truth.
    let traced = Run::new(request, library, variables, true).output(variables);
    Ok(traced.ok().filter(|traced| event::plain(&traced.events) == event::plain(&plain.events)).unwrap_or(plain))
}

struct Run<'r> {
    request: &'r Request<'r>,
    env: Environment<'static>,
    marks: Arc<Marks>,
    shelf: Arc<Shelf>,
    traced: bool,
}

/// Prepared templates, shared with the environment's loader.
pub struct Shelf {
    pub library: Arc<Library>,
    prepared: Mutex<BTreeMap<String, Arc<Patched>>>,
    /// Whether the output has reached its limit.
    full: Arc<AtomicBool>,
}

impl<'r> Run<'r> {
    fn new(request: &'r Request<'r>, library: &Arc<Library>, variables: &Map, traced: bool) -> Self {
        let said = |turns: &[Turn]| turns.iter().map(|turn| turn.content.clone()).collect::<String>();
        let parts = [
            request.body.text(),
            &Value::from(Serde(variables)).to_string(),
            &said(&request.history),
            &said(&request.examples),
        ];
        let marks = Arc::new(Marks::new(request.salt, &parts));
        let full = Arc::new(AtomicBool::new(false));
        let env = environment(&request.prompt.template, &request.options, &marks, &full);
        let shelf = Arc::new(Shelf { library: library.clone(), prepared: Mutex::default(), full });
        Run { request, env, marks, shelf, traced }
    }

    fn output(mut self, variables: &Map) -> Result<Output> {
        self.connect();
        let fuel = self.request.options.fuel.saturating_add(10 * elements(variables));
        self.env.set_fuel(Some(fuel));
        let failed = |error: &minijinja::Error| fail::explain(error, &self.shelf, &self.request.options);
        let template = self.env.get_template(self.request.body.path).map_err(|error| failed(&error))?;
        let mut writer = Limited { text: Vec::new(), limit: self.request.options.output_bytes, full: &self.shelf.full };
        let spent = {
            let captured =
                template.render_captured_to(self.context(variables), &mut writer).map_err(|error| failed(&error))?;
            captured.state().fuel_levels().map(|(spent, _)| spent)
        };
        if self.shelf.is_full() {
            let finding = fail::too_large(Some(Place::file(self.request.body.path)), &self.request.options);
            return Err(Error::findings(format!("cannot render `{}`", self.request.body.path), vec![finding]));
        }
        let text = String::from_utf8(writer.text).map_err(|_| Error::bug("the template engine wrote broken text"))?;
        Ok(Output { events: self.marks.split(&text)?, fuel: spent, traced: self.traced })
    }

    /// Let the environment load what templates include.
    fn connect(&mut self) {
        let shelf = self.shelf.clone();
        self.env.set_path_join_callback(move |name, parent| match shelf.library.find(name, parent) {
            Ok(loaded) => Cow::Owned(loaded.name.clone()),
            Err(refusal) => {
                shelf.library.refuse(name, refusal);
                Cow::Borrowed(name)
            }
        });
        let (shelf, marks) = (self.shelf.clone(), self.marks.clone());
        let (template, markers) = (self.request.prompt.template.clone(), self.request.options.markers);
        let traced = self.traced;
        self.env.set_loader(move |name| -> Result<Option<String>, minijinja::Error> {
            let Some(loaded) = shelf.library.get(name) else {
                return match shelf.library.refusal(name) {
                    None | Some(Refusal::Missing(_)) => Ok(None),
                    Some(refusal) => Err(minijinja::Error::new(ErrorKind::InvalidOperation, refusal.message(name))),
                };
            };
            let mut patched = text(&loaded)?;
            let syntax = prepare::syntax(&template);
            patched = prepare::mark(patched, &syntax, markers, &marks);
            if traced {
                patched = prepare::trace(patched, loaded.body(), &syntax, &marks);
            }
            patched = prepare::extend(patched, loaded.base.as_deref());
            let source = patched.text.clone();
            shelf.keep(name, patched);
            Ok(Some(source))
        });
    }

    fn context(&self, variables: &Map) -> Value {
        let mut context: BTreeMap<String, Value> =
            variables.iter().map(|(name, value)| (name.clone(), Value::from(Serde(value)))).collect();
        let given = variables.get("history").and_then(Turn::list);
        let history = if self.request.history.is_empty() { given } else { Some(self.request.history.clone()) };
        let turns = |placed, turns: &[Turn]| {
            Value::from_object(Turns { placed, turns: turns.to_vec(), marks: self.marks.clone() })
        };
        if history.is_some() || !context.contains_key("history") {
            context.insert("history".into(), turns(Placed::History, &history.unwrap_or_default()));
        }
        if !self.request.examples.is_empty() || !context.contains_key("examples") {
            context.insert("examples".into(), turns(Placed::Examples, &self.request.examples));
        }
        Value::from(context)
    }
}

impl Shelf {
    pub fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    fn keep(&self, name: &str, patched: Patched) {
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner).insert(name.into(), Arc::new(patched));
    }

    pub fn prepared(&self, name: &str) -> Option<Arc<Patched>> {
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}

/// The body of a file as a Jinja template.
fn text(loaded: &Loaded) -> Result<Patched, minijinja::Error> {
    let patched = Patched::new(loaded.body().text(), loaded.body.start);
    match loaded.engine.as_deref() {
        None | Some("jinja" | "jinja2" | "nunjucks") => Ok(patched),
        Some("none") => Ok(prepare::literal(patched)),
        Some(other) => Err(minijinja::Error::new(
            ErrorKind::InvalidOperation,
            format!("`{}` is written for the engine `{other}` and cannot be part of a Jinja template", loaded.path),
        )),
    }
}

/// How many values there are in all, for the fuel.
fn elements(variables: &Map) -> u64 {
    fn count(value: &crate::model::Value) -> u64 {
        match value {
            crate::model::Value::Array(items) => items.iter().map(count).sum::<u64>() + 1,
            crate::model::Value::Object(map) => map.values().map(count).sum::<u64>() + 1,
            _ => 1,
        }
    }
    variables.values().map(count).sum()
}

/// A writer that keeps nothing past its limit. It does not fail there, because the engine would forget where it was:
/// the next value to be output fails in its place.
struct Limited<'a> {
    text: Vec<u8>,
    limit: usize,
    full: &'a AtomicBool,
}

impl io::Write for Limited<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.text.len() + bytes.len() > self.limit {
            self.full.store(true, Ordering::Relaxed);
        } else {
            self.text.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
