//! Who wrote each line and each key of a prompt, and in which version.

use crate::base::{Error, Result};
use crate::format::{Dialect, Document, prompt};
use crate::git::{Commit, Reader};
use crate::model::{Map, Query};
use crate::repo::blame::{Keys, Lines};
use crate::repo::history::{PromptHistory, Step, StepKind};
use crate::repo::{History, PromptFile, Source, selector};

use super::App;

#[derive(Debug)]
pub struct Request {
    pub what: String,
    /// Only these keys, with those below them.
    pub keys: Vec<String>,
    /// Only these lines of the file, from and to.
    pub lines: Option<(usize, usize)>,
}

#[derive(Debug)]
pub struct Outcome {
    pub file: PromptFile,
    pub keys: Vec<(String, Origin)>,
    /// The body's lines by their number in the file.
    pub lines: Vec<(usize, String, Origin)>,
    pub cut: bool,
}

/// Where something is from. What was never committed has no commit; what is older than a shallow clone has neither.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    pub version: Option<u32>,
    pub commit: Option<Commit>,
}

/// A state of the prompt: its text, what its front matter says, who made it.
struct State {
    text: String,
    body: std::ops::Range<usize>,
    front: Map,
    origin: Origin,
    /// Of a merge: what its branch went through, the state before it first.
    side: Vec<State>,
}

pub fn blame(app: &App, request: &Request) -> Result<Outcome> {
    let query = Query::parse(&request.what);
    let workspace = app.workspace()?;
    let selected = match &query.version {
        Some(spec) => Some(selector::select(workspace, app.env.folder(), &query.what, spec)?),
        None => None,
    };
    // It may have had another name then.
    let (tip, what) = match &selected {
        Some(selected) => (Some(selected.commit.as_str()), &selected.file.path),
        None => (None, &query.what),
    };
    let history = History::open(workspace, tip)?;
    let prompt = selector::prompt(&history, app.env.folder(), what)?;
    let git = workspace.git().ok_or_else(|| Error::bug("a history without git"))?;
    let mut states = states(&git.reader(), &prompt)?;
    let last = states.last().map(|state| state.text.as_str());
    if query.version.is_none()
        && let Some(text) = uncommitted(app, &prompt)?.filter(|text| Some(text.as_str()) != last)
    {
        states.push(State::of(&prompt.path, text, Origin::default()));
    }
    let origins: Vec<Origin> =
        states.iter().flat_map(|state| state.side.iter().skip(1).chain([state])).map(|it| it.origin.clone()).collect();
    let (lines, keys) = told(&states);
    let Some(last) = states.last() else { return Err(Error::bug("a prompt without a version")) };
    let origin = |from: &Option<usize>| from.and_then(|at| origins.get(at)).cloned().unwrap_or_default();
    let first = last.text[..last.body.start].matches('\n').count() + 1;
    let in_lines = |number: usize| request.lines.is_none_or(|(from, to)| (from..=to).contains(&number));
    let of_keys = |path: &str| {
        let below =
            |key: &String| path.strip_prefix(key.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        if request.keys.is_empty() { request.lines.is_none() } else { request.keys.iter().any(below) }
    };
    let lines = (first..).zip(lines.text.iter().zip(&lines.from));
    let lines = lines.filter(|(number, _)| in_lines(*number) && (request.keys.is_empty() || request.lines.is_some()));
    Ok(Outcome {
        keys: keys
            .leaves
            .iter()
            .filter(|(path, _, _)| of_keys(path))
            .map(|(path, _, from)| (path.clone(), origin(from)))
            .collect(),
        lines: lines.map(|(number, (text, from))| (number, (*text).to_owned(), origin(from))).collect(),
        file: PromptFile { name: prompt.name, path: prompt.path },
        cut: history.is_cut(),
    })
}

/// Everything the prompt was, oldest first.
fn states(git: &Reader, prompt: &PromptHistory) -> Result<Vec<State>> {
    let mut states = Vec::new();
    for step in prompt.steps.iter().filter(|step| step.is_version && step.kind != StepKind::Removed) {
        let text = text(git.blob(&step.blob)?, &step.path)?;
        let origin = Origin { version: Some(step.number), commit: Some(step.commit.clone()) };
        let side = side(git, step)?;
        states.push(State { side, ..State::of(&step.path, text, origin) });
    }
    Ok(states)
}

/// What a merged branch did to the prompt, beginning with what it was there before.
fn side(git: &Reader, step: &Step) -> Result<Vec<State>> {
    let paths: Vec<&str> = [Some(step.path.as_str()), step.from.as_deref()].into_iter().flatten().collect();
    let read = |commit: &str| -> Result<Option<(String, String)>> {
        for path in &paths {
            if let Some(bytes) = git.read(commit, path)? {
                return Ok(Some(((*path).to_owned(), text(bytes, path)?)));
            }
        }
        Ok(None)
    };
    let mut states = Vec::new();
    for commit in step.via.iter().rev() {
        if states.is_empty() {
            let before = commit.parents.first().map(|parent| read(parent)).transpose()?.flatten();
            let (path, text) = before.unwrap_or_default();
            states.push(State::of(&path, text, Origin::default()));
        }
        if let Some((path, text)) = read(&commit.id)? {
            let origin = Origin { version: Some(step.number), commit: Some(commit.clone()) };
            states.push(State::of(&path, text, origin));
        }
    }
    Ok(states)
}

/// States are numbered as they come, those of a branch before their merge.
fn told(states: &[State]) -> (Lines<'_>, Keys) {
    let (mut lines, mut keys) = (Lines::default(), Keys::default());
    let mut next = 0;
    for state in states {
        let mut beside = state.side.first().map(|base| (Lines::of(base.body(), None), Keys::of(&base.front, None)));
        for one in state.side.iter().skip(1) {
            beside = beside.map(|(lines, keys)| (lines.then(one.body(), next), keys.then(&one.front, next)));
            next += 1;
        }
        let (side_lines, side_keys) = beside.unwrap_or_default();
        lines = lines.merged(&side_lines, state.body(), next);
        keys = keys.merged(&side_keys, &state.front, next);
        next += 1;
    }
    (lines, keys)
}

impl State {
    fn of(path: &str, text: String, origin: Origin) -> State {
        let document = Document::split(path, text.as_bytes(), Dialect::of_path(path));
        let (body, front) = match &document {
            Ok(document) => (document.body.range(), prompt::outline(document).0.front),
            Err(_) => (0..text.len(), Map::new()),
        };
        State { text, body, front, origin, side: Vec::new() }
    }

    fn body(&self) -> &str {
        &self.text[self.body.clone()]
    }
}

/// The work tree's text as git would store it.
fn uncommitted(app: &App, prompt: &PromptHistory) -> Result<Option<String>> {
    let workspace = app.workspace()?;
    if !prompt.alive || !matches!(Source::at(workspace, None)?, Source::Worktree(_)) {
        return Ok(None);
    }
    let git = workspace.git().ok_or_else(|| Error::bug("a history without git"))?;
    let stored = git.as_stored([prompt.path.as_str()])?.remove(&prompt.path);
    stored.map(|bytes| text(bytes, &prompt.path)).transpose()
}

fn text(bytes: Vec<u8>, path: &str) -> Result<String> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            tracing::debug!(path, "not UTF-8");
            Ok(String::from_utf8_lossy(error.as_bytes()).into_owned())
        }
    }
}
