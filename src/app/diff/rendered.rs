//! What differs in the messages that are sent.

use std::collections::BTreeMap;

use crate::base::{Error, Result};
use crate::config::OnMissing;
use crate::model::{Kind, Map, Value};
use crate::render::messages::{Message, Part};
use crate::repo::diff::{self, Piece, VariableEdit, pieces, words};
use crate::repo::{PromptFile, Source};

use super::super::App;
use super::super::check::links::Links;
use super::super::given::Given;
use super::super::load::load;
use super::super::render::{self, Job};
use super::super::vars;
use super::pairs::{Pair, Version};
use super::range::Range;
use super::{Changed, Names};

/// Both sides as messages, side by side.
#[derive(Debug)]
pub enum Rendering {
    /// The same messages are sent: a pure refactor.
    Same,
    Differs(Vec<Turn>),
    /// One side cannot be rendered, and why.
    Failed(Error),
}

/// A message of either side or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    pub role: String,
    /// Its words; nothing but the same ones where it did not change.
    pub pieces: Vec<Piece>,
}

/// What is rendered.
pub struct Request<'a> {
    pub range: &'a Range,
    /// Variables.
    pub given: &'a Given,
    /// The prompts that were asked for; all if there is none.
    pub names: &'a [String],
    /// The paths of all that changed, asked for or not.
    pub changed: &'a [String],
}

/// Render both sides of every prompt that changed, and of those that only include something that did. Prompts that are
/// sent as they were and did not change themselves are left out.
pub fn render(app: &App, request: &Request<'_>, prompts: &mut Vec<Changed>) -> Result<()> {
    let (old, new) = sources(app, request.range)?;
    let (named, context) = (request.given.named(app)?, request.given.from_files(app)?);
    let given: Map = context.into_iter().chain(named).collect();
    prompts.retain(is_sent);
    for changed in prompts.iter_mut() {
        let renames = changed.diff.variables.iter().filter_map(|change| match &change.edit {
            VariableEdit::Renamed { from } => Some((from.clone(), change.name.clone())),
            _ => None,
        });
        let both = Both { app, old: &old, new: &new, given: &given, renames: renames.collect() };
        changed.rendered = Some(both.compare(changed.pair.before.as_ref(), changed.pair.after.as_ref()));
    }
    let paths: Vec<&str> = request.changed.iter().map(String::as_str).collect();
    let through = Links::read(app, &new)?.dependants(&paths);
    let mut more = Vec::new();
    for file in through.into_iter().filter(|file| !paths.contains(&file.path.as_str())) {
        let both = Both { app, old: &old, new: &new, given: &given, renames: BTreeMap::new() };
        if let Some(changed) = both.unchanged(&file)?.filter(is_sent) {
            more.push(changed);
        }
    }
    if !request.names.is_empty() {
        let pairs: Vec<Pair> = more.iter().map(|changed| changed.pair.clone()).collect();
        let names = Names::new(app, request.range, request.names, &pairs)?;
        more.retain(|changed| names.wants(&changed.pair));
    }
    prompts.extend(more);
    prompts.sort_by(|a, b| a.pair.path().cmp(b.pair.path()));
    Ok(())
}

/// A partial is sent as part of others only, and a file beside a prompt not at all.
fn is_sent(changed: &Changed) -> bool {
    let Some(version) = changed.pair.after.as_ref().or(changed.pair.before.as_ref()) else { return false };
    let text = String::from_utf8_lossy(&version.bytes);
    let partial = || diff::read(&version.path, &text).prompt.kind == Kind::Partial;
    !version.is_beside() && !version.name.stem().starts_with('_') && !partial()
}

fn sources<'a>(app: &'a App, range: &Range) -> Result<(Source<'a>, Source<'a>)> {
    let workspace = app.workspace()?;
    let at = |revision: &Option<String>| match revision {
        Some(revision) => Source::at(workspace, Some(revision)),
        None => Err(Error::usage("there is nothing to render before the first commit")),
    };
    match range {
        Range::Worktree { since } => Ok((at(since)?, Source::at(workspace, None)?)),
        Range::Revisions { before, after } => Ok((at(before)?, Source::at(workspace, Some(after))?)),
        Range::Versions { before, after } => Ok((app.resolve(before)?.0, app.resolve(after)?.0)),
        Range::Staged { .. } => {
            Err(Error::usage("what is staged cannot be rendered, because includes are looked up in whole revisions")
                .hint("leave out --staged, or commit first"))
        }
    }
}

struct Both<'a> {
    app: &'a App,
    old: &'a Source<'a>,
    new: &'a Source<'a>,
    given: &'a Map,
    /// From old names of variables to new ones: both sides get the same value.
    renames: BTreeMap<String, String>,
}

impl Both<'_> {
    fn compare(&self, before: Option<&Version>, after: Option<&Version>) -> Rendering {
        let side = |source: &Source<'_>, version: Option<&Version>, old: bool| match version {
            Some(version) => self.messages(source, &version.path, &version.name, old),
            None => Ok(Vec::new()),
        };
        let both = side(self.old, before, true).and_then(|old| Ok((old, side(self.new, after, false)?)));
        match both {
            Ok((old, new)) if old == new => Rendering::Same,
            Ok((old, new)) => Rendering::Differs(turns(&old, &new)),
            Err(error) => Rendering::Failed(error),
        }
    }

    /// A prompt whose own file is the same on both sides, if what it sends is not.
    fn unchanged(&self, file: &PromptFile) -> Result<Option<Changed>> {
        let (before, after) = (self.old.read(&file.path)?, self.new.read(&file.path)?);
        let (Some(before), Some(after)) = (before, after) else { return Ok(None) };
        let version = |bytes: Vec<u8>| Version {
            name: file.name.clone(),
            path: file.path.clone(),
            blob: None,
            id: super::pairs::id_of(&file.path, &bytes),
            bytes,
        };
        let pair = Pair { before: Some(version(before)), after: Some(version(after)) };
        Ok(match self.compare(pair.before.as_ref(), pair.after.as_ref()) {
            Rendering::Same => None,
            rendering => Some(Changed {
                pair,
                diff: diff::Diff::default(),
                operations: Vec::new(),
                tokens: None,
                rendered: Some(rendering),
            }),
        })
    }

    fn messages(&self, source: &Source<'_>, path: &str, name: &crate::model::Name, old: bool) -> Result<Vec<Sent>> {
        let file = PromptFile { name: name.clone(), path: path.to_owned() };
        let loaded = load(self.app, source, file)?;
        let wanted = vars::of(self.app, source, loaded.clone())?.variables;
        let request = render::Request { on_missing: Some(OnMissing::Warn), ..render::Request::default() };
        let job = Job::of(self.app, source, loaded, &request)?;
        let examples = example(&job.loaded.prompt.input.examples);
        let mut values = Map::new();
        for variable in wanted {
            let name = self.renames.get(&variable.name).filter(|_| old).unwrap_or(&variable.name);
            let value = self.given.get(&variable.name).or_else(|| examples.and_then(|map| map.get(&variable.name)));
            match value.cloned() {
                Some(value) => drop(values.insert(variable.name, value)),
                None if variable.default.is_some() => {}
                None => drop(values.insert(variable.name.clone(), stand_in(name, variable.schema.as_ref()))),
            }
        }
        let rendered = job.run(values, Map::new())?;
        Ok(rendered.messages.into_iter().map(Sent::from).collect())
    }
}

/// The values of the first example that is a map, its `input` if it has one.
fn example(examples: &[Value]) -> Option<&Map> {
    let first = examples.iter().find_map(Value::as_object)?;
    first.get("input").and_then(Value::as_object).or(Some(first))
}

/// A value for a variable that has none, by which it is known again in the text.
fn stand_in(name: &str, schema: Option<&Value>) -> Value {
    let field = |key: &str| schema.and_then(|schema| schema.get(key));
    let first = |key: &str| field(key).and_then(Value::as_array).and_then(|values| values.first()).cloned();
    if let Some(value) = first("examples").or_else(|| first("enum")) {
        return value;
    }
    let word = Value::from(format!("«{name}»"));
    match field("type").and_then(Value::as_str) {
        Some("array") => Value::Array(vec![word]),
        Some("object") => Value::Object(Map::new()),
        Some("integer" | "number") => Value::from(1),
        Some("boolean") => Value::Bool(true),
        _ => word,
    }
}

/// A message as far as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sent {
    role: String,
    text: String,
}

impl From<Message> for Sent {
    fn from(message: Message) -> Sent {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Media { url, mime } => format!("[{} {url}]", mime.as_deref().unwrap_or("media")),
        };
        let attributes = message.attributes.iter().map(|(key, value)| format!("{key}={value}"));
        let named = message.name.iter().map(|name| format!("name={name}")).chain(attributes).collect::<Vec<_>>();
        let role = if named.is_empty() { message.role } else { format!("{}[{}]", message.role, named.join(",")) };
        Sent { role, text: message.parts.iter().map(part).collect() }
    }
}

/// Messages beside each other: those of one role in order, others as they came and went.
fn turns(old: &[Sent], new: &[Sent]) -> Vec<Turn> {
    let roles = |side: &[Sent]| side.iter().map(|sent| sent.role.clone()).collect::<Vec<_>>();
    let mut turns = Vec::new();
    let turn =
        |role: &str, before: &str, after: &str| Turn { role: role.into(), pieces: pieces(before, after, &words) };
    for op in similar::capture_diff_slices(similar::Algorithm::Myers, &roles(old), &roles(new)) {
        if let similar::DiffOp::Equal { .. } = op {
            let both = op.old_range().zip(op.new_range());
            turns.extend(both.map(|(i, j)| turn(&old[i].role, &old[i].text, &new[j].text)));
        } else {
            turns.extend(op.old_range().map(|i| turn(&old[i].role, &old[i].text, "")));
            turns.extend(op.new_range().map(|j| turn(&new[j].role, "", &new[j].text)));
        }
    }
    turns
}
