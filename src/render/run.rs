//! From a request to messages.

use std::borrow::Cow;
use std::sync::Arc;

use crate::base::{Error, Finding, Place, Result};
use crate::model::{Map, Value};

use super::analyse::{self, Closure, Cycle, Include, Part};
use super::event::{Event, Mark, Placed};
use super::examples::Case;
use super::handlebars::{self, Flavour};
use super::include::{Library, Refusal};
use super::marker::Heading;
use super::messages::{Message, assemble, place};
use super::request::{Body, Engine, Markers, Options, Rendered, Request};
use super::trace::{Settling, Step, spans};
use super::{brace, dollar, inputs, jinja, pieces};

/// Render a prompt. Every missing and mistyped variable is reported at once; a template error has its place in the
/// file it stands in.
pub fn render(request: &Request<'_>) -> Result<Rendered> {
    let engine = Engine::of(request.prompt)?;
    let library = Arc::new(Library::new(request.source.clone(), &request.options.roots, &request.prompt.partials));
    let closure = survey(request, &library)?;
    let settled = inputs::settle(request, &closure)?;
    let request = with_examples(request, &settled.variables);
    let request = request.as_ref();
    let expanded = expand_all(request, engine, &library, &settled.variables)
        .map_err(|error| inputs::with_the_rest(error, request, &closure, &settled.variables))?;
    let bytes = expanded.events.iter().map(|event| if let Event::Text(text) = event { text.len() } else { 0 }).sum();
    let messages = messages(request, expanded.events);
    let edges = library.edges();
    let done = Settling {
        request,
        library: &library,
        closure: &closure,
        variables: &settled.variables,
        expanded: Step::Expand { bytes, fuel: expanded.fuel },
        messages: &messages,
    };
    let spans = if request.explain { spans(&done) } else { Vec::new() };
    let mut warnings = settled.warnings;
    warnings.extend(messages.iter().filter(|message| message.parts.is_empty()).map(|message| {
        let text = format!("a message of the role `{}` is empty", message.role);
        Finding::warning("empty-message", Place::file(request.body.path), text)
    }));
    Ok(Rendered { messages, edges, warnings, spans, examples: request.examples.clone(), explained: expanded.traced })
}

/// The request with the examples that this case is shown: none that asks the same, whatever it was given beside.
fn with_examples<'r, 'a>(request: &'r Request<'a>, variables: &Map) -> Cow<'r, Request<'a>> {
    let Some(shots) = &request.shots else { return Cow::Borrowed(request) };
    let known: Map = request.context.iter().chain(&request.variables).map(owned).collect();
    // Defaults are the same for every case, so they tell nothing about this one unless there is nothing else.
    let given: Map = variables.iter().filter(|(name, _)| known.contains_key(*name)).map(owned).collect();
    let case = Case::of_values(&known, if given.is_empty() { variables } else { &given });
    Cow::Owned(Request { examples: shots.set.turns(shots.choice, &case), ..request.clone() })
}

fn owned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

/// What an engine made of a body.
struct Expanded {
    events: Vec<Event>,
    fuel: Option<u64>,
    traced: bool,
}

/// Everything the prompt uses, or an error when its includes form a circle, nest too deeply or may not be used.
fn survey(request: &Request<'_>, library: &Library) -> Result<Closure> {
    let closure = analyse::survey(request.prompt, request.body, library, request.options.include_depth);
    let deep = closure.too_deep.iter().map(|place| {
        Finding::error("template-limit", place.clone(), "includes nest too deeply here")
            .hint(format!("at most {} levels are allowed", request.options.include_depth))
    });
    let refused = closure.parts.iter().flat_map(|part| part.broken.iter().filter_map(|broken| refused(part, broken)));
    let wrong: Vec<Finding> = closure.cycles.iter().map(cycle_finding).chain(deep).chain(refused).collect();
    if wrong.is_empty() {
        return Ok(closure);
    }
    Err(Error::findings(format!("cannot render `{}`", request.body.path), wrong))
}

/// What is wrong with an include whatever the variables are. A missing file may never be asked for.
fn refused(part: &Part, (include, refusal): &(Include, Refusal)) -> Option<Finding> {
    let name = include.names.iter().flatten().next()?;
    let place = part.file.body().place(include.span);
    (!matches!(refusal, Refusal::Missing(_))).then(|| Finding::error("broken-include", place, refusal.message(name)))
}

/// Files that include each other, told by the whole chain.
pub fn cycle_finding(cycle: &Cycle) -> Finding {
    let message = format!("files include each other in a circle: {}", cycle.names.join(" → "));
    let place = cycle.places.last().cloned().unwrap_or_default();
    let mut finding = Finding::error("cyclic-include", place, message).hint("take one of these includes out");
    for (place, name) in cycle.places.iter().zip(cycle.names.iter().skip(1)).take(cycle.places.len() - 1) {
        finding = finding.related(place.clone(), format!("`{name}` is included here"));
    }
    finding
}

fn expand_all(request: &Request<'_>, engine: Engine, library: &Arc<Library>, variables: &Map) -> Result<Expanded> {
    if request.prompt.messages.is_empty() {
        return expand(request, engine, library, variables);
    }
    let mut all = Expanded { events: Vec::new(), fuel: None, traced: request.explain };
    for (at, message) in request.prompt.messages.iter().enumerate() {
        let path = request.body.listed(at);
        let options = Options { markers: Markers::Calls, ..request.options.clone() };
        let body = Body::of_message(&path, message);
        let part = expand(&Request { body, options, ..request.clone() }, engine, library, variables)?;
        let attributes = message.name.iter().map(|name| ("name".to_owned(), name.clone())).collect();
        all.events.push(Event::Mark(Mark::Start(Heading { role: message.role.clone(), attributes })));
        all.events.extend(part.events);
        all.fuel = part.fuel.map(|fuel| fuel + all.fuel.unwrap_or(0));
        all.traced &= part.traced;
    }
    Ok(all)
}

fn expand(request: &Request<'_>, engine: Engine, library: &Arc<Library>, variables: &Map) -> Result<Expanded> {
    let simple = |events| Expanded { events, fuel: None, traced: request.explain };
    match engine {
        Engine::Jinja => {
            let output = jinja::run(request, library, variables)?;
            Ok(Expanded { events: output.events, fuel: output.fuel, traced: output.traced })
        }
        Engine::Brace => brace::expand(request, variables).map(simple),
        Engine::Dollar => dollar::expand(request, variables).map(simple),
        Engine::Handlebars => handlebars::expand(request, Flavour::Handlebars, library, variables).map(simple),
        Engine::Mustache => handlebars::expand(request, Flavour::Mustache, library, variables).map(simple),
        Engine::None => Ok(simple(pieces::literal(request))),
    }
}

fn messages(request: &Request<'_>, events: Vec<Event>) -> Vec<Message> {
    let placed = |kind| events.iter().any(|event| matches!(event, Event::Mark(Mark::Turns(at, _)) if *at == kind));
    let (history, examples) = (placed(Placed::History), placed(Placed::Examples));
    let mut messages = assemble(events, &request.options.first_role);
    if !examples {
        place(&mut messages, Placed::Examples, request.examples.clone());
    }
    if !history {
        place(&mut messages, Placed::History, request.history.clone());
    }
    if !request.explain {
        messages.iter_mut().for_each(|message| message.segments.clear());
    }
    messages
}
