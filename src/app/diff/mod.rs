//! Compare prompts between two states of the repository.

mod names;
pub mod pairs;
pub mod range;
mod renames;
pub mod rendered;

use rayon::prelude::*;

use crate::base::Result;
use crate::format::Parsed;
use crate::model::Prompt;
use crate::render::Engine;
use crate::render::analyse::analyse;
use crate::render::request::Body;
use crate::render::tokens::{Count, Counter};
use crate::repo::diff::{self, Class, Diff, Operation, State, Used, words};

use super::App;
use super::given::Given;
use names::Names;
use pairs::{Pair, Version, pairs};
use range::{Asked, Range, asked};
use rendered::Rendering;

#[derive(Debug, Default)]
pub struct Request {
    /// Revisions, ranges, versions and names as they were typed.
    pub words: Vec<String>,
    /// What was typed after `--`.
    pub names: Vec<String>,
    pub staged: bool,
    pub unit: Unit,
    pub count: Counting,
    /// Whether programs want to do what was done.
    pub exact: bool,
    /// Compare the messages that are sent, with these variables.
    pub rendered: Option<Given>,
}

/// Whether tokens are counted. That takes longer than all the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Counting {
    Always,
    /// If no more than a few prompts differ.
    #[default]
    IfFew,
    Never,
}

/// So many are few.
const FEW: usize = 50;

/// What a body is cut into inside of its blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    #[default]
    Words,
    /// Those of the prompt's model.
    Tokens,
}

#[derive(Debug)]
pub struct Outcome {
    pub range: Range,
    /// In the order of their paths.
    pub prompts: Vec<Changed>,
}

/// A prompt that differs, and how.
#[derive(Debug)]
pub struct Changed {
    pub pair: Pair,
    pub diff: Diff,
    /// From the first file to the second, if that was asked for.
    pub operations: Vec<Operation>,
    pub tokens: Option<Tokens>,
    pub rendered: Option<Rendering>,
}

/// The tokens of both bodies, counted in one vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tokens {
    pub before: Option<Count>,
    pub after: Option<Count>,
}

impl Changed {
    /// Whether other messages are sent, as far as that was asked.
    pub fn sends_other(&self) -> bool {
        !matches!(self.rendered, Some(Rendering::Same))
    }

    /// The gravest class of all that changed. A new prompt changes how a repository behaves, a removed one breaks those
    /// who ask for it, and so does another name.
    pub fn class(&self) -> Option<Class> {
        match (&self.pair.before, &self.pair.after) {
            (None, Some(_)) => Some(Class::Behaviour),
            (Some(_), None) => Some(Class::Breaking),
            (Some(before), Some(after)) if before.name != after.name => Some(Class::Breaking),
            _ => self.diff.class(),
        }
    }

    /// One line that says what changed.
    pub fn summary(&self) -> String {
        match (&self.pair.before, &self.pair.after) {
            (None, _) => "new prompt".into(),
            (_, None) => "removed".into(),
            (Some(before), Some(after)) if before.name != after.name => {
                let rest = self.diff.class().map(|_| format!(", {}", self.diff.summary()));
                format!("renamed from {}{}", before.name, rest.unwrap_or_default())
            }
            _ => self.diff.summary(),
        }
    }
}

pub fn diff(app: &App, request: &Request) -> Result<Outcome> {
    let Asked { range, names } = asked(app, &request.words, &request.names, request.staged)?;
    let all = found(app, &range)?;
    let paths: Vec<String> = all.iter().map(|pair| pair.path().to_owned()).collect();
    let pairs = named(app, &range, &names, all)?;
    let mut prompts = compare_all(app, pairs, &How { unit: request.unit, count: request.count, exact: request.exact })?;
    if let Some(given) = &request.rendered {
        let rendering = rendered::Request { range: &range, given, names: &names, changed: &paths };
        rendered::render(app, &rendering, &mut prompts)?;
    }
    Ok(Outcome { range, prompts })
}

/// The pairs of a range.
fn found(app: &App, range: &Range) -> Result<Vec<Pair>> {
    let workspace = app.workspace()?;
    if let Range::Versions { before, after } = range {
        let pair = Pair { before: Some(version(app, before)?), after: Some(version(app, after)?) };
        let same =
            pair.before.as_ref().map(|v| (&v.bytes, &v.path)) == pair.after.as_ref().map(|v| (&v.bytes, &v.path));
        return Ok(if same { Vec::new() } else { vec![pair] });
    }
    pairs(workspace, range::repository(workspace)?, range)
}

/// Those that were asked for.
fn named(app: &App, range: &Range, typed: &[String], mut pairs: Vec<Pair>) -> Result<Vec<Pair>> {
    if !typed.is_empty() {
        let names = Names::new(app, range, typed, &pairs)?;
        pairs.retain(|pair| names.wants(pair));
    }
    Ok(pairs)
}

/// One version of a prompt as it was typed: `support/triage@3`.
fn version(app: &App, typed: &str) -> Result<Version> {
    let (source, file) = app.resolve(typed)?;
    let bytes = app.read(&source, &file.path)?;
    let id = pairs::id_of(&file.path, &bytes);
    Ok(Version { name: file.name, path: file.path, blob: None, bytes, id })
}

/// Compare every pair.
pub fn compare_all(app: &App, pairs: Vec<Pair>, how: &How) -> Result<Vec<Changed>> {
    let settings = app.settings()?;
    let count = how.count == Counting::Always || (how.count == Counting::IfFew && pairs.len() <= FEW);
    let means = Means { engine: settings.render.engine.word(), model: settings.tokens_model.clone(), count, how };
    Ok(pairs.into_par_iter().map(|pair| means.compare(pair)).collect())
}

/// How pairs are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct How {
    pub unit: Unit,
    pub count: Counting,
    /// With the operations that lead from one side to the other.
    pub exact: bool,
}

/// What comparing needs.
struct Means<'h> {
    /// The template language of files that name none.
    engine: &'static str,
    /// The model whose tokens are counted where a prompt names none.
    model: String,
    count: bool,
    how: &'h How,
}

impl Means<'_> {
    fn compare(&self, pair: Pair) -> Changed {
        let text = |version: &Option<Version>| {
            version.as_ref().map(|version| String::from_utf8_lossy(&version.bytes).into_owned()).unwrap_or_default()
        };
        let path = |version: &Option<Version>| version.as_ref().map_or(pair.path(), |version| &version.path).to_owned();
        let (before, after) = (text(&pair.before), text(&pair.after));
        let (old_path, new_path) = (path(&pair.before), path(&pair.after));
        let (old, new) = (diff::read(&old_path, &before), diff::read(&new_path, &after));
        let (old_used, new_used) = match uses_the_same(&old, &new) {
            true => (Vec::new(), Vec::new()),
            false => (self.used(&old), self.used(&new)),
        };
        let counter = self.counter(&new.prompt, &old.prompt);
        let tokens: &diff::Cut<'_> = &|text| counter.pieces(text).unwrap_or_else(|| words(text));
        let cut: &diff::Cut<'_> = if self.how.unit == Unit::Tokens { tokens } else { &words };
        let states = (State { parsed: &old, used: &old_used }, State { parsed: &new, used: &new_used });
        let diff = diff::compare(states.0, states.1, cut);
        let count = |there: bool, parsed: &Parsed<'_>| there.then(|| counter.count(&parsed.prompt.body));
        let (there, here) = (pair.before.is_some(), pair.after.is_some());
        let tokens = self.count.then(|| Tokens { before: count(there, &old), after: count(here, &new) });
        let operations = if self.how.exact { diff::operations(&old, &new, cut) } else { Vec::new() };
        Changed { diff, operations, tokens, rendered: None, pair }
    }

    fn counter(&self, new: &Prompt, old: &Prompt) -> Counter {
        Counter::of(new.model().or(old.model()).unwrap_or(&self.model))
    }

    /// The variables that a template uses; none if its language is unknown or it has errors.
    fn used(&self, parsed: &Parsed<'_>) -> Vec<Used> {
        let engine = parsed.prompt.template.engine.as_deref().unwrap_or(self.engine);
        let Ok(engine) = Engine::named(Some(engine)) else { return Vec::new() };
        let document = &parsed.document;
        let body = Body { path: document.path, file: document.text, span: document.body };
        let uses = analyse(body, engine, &parsed.prompt.template);
        let mut used: Vec<Used> = Vec::new();
        for variable in uses.variables {
            match used.iter_mut().find(|used| used.name == variable.name) {
                Some(known) => known.optional &= variable.guarded,
                None => used.push(Used { name: variable.name, optional: variable.guarded }),
            }
        }
        used
    }
}

/// Whether both templates have the same tags and declare the same: then no variable differs, and nothing need be found
/// out about them.
fn uses_the_same(old: &Parsed<'_>, new: &Parsed<'_>) -> bool {
    let (before, after) = (&old.prompt, &new.prompt);
    before.input == after.input
        && before.template == after.template
        && tag_lines(&before.body).eq(tag_lines(&after.body))
}

/// The lines in which a tag of any template language may stand.
fn tag_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut open = false;
    text.lines().filter(move |line| {
        let within = open || line.contains(['{', '}', '$']);
        open = match (line.rfind('{'), line.rfind('}')) {
            (None, None) => open,
            (begins, ends) => begins > ends,
        };
        within
    })
}
