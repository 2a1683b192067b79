//! What a prompt ever was: the contents that bear its id, those that its history leads through, and what stood beside it.

use std::collections::{BTreeSet, HashMap};

use super::super::App;
use super::super::commit::select::id_in;
use super::note::Note;
use crate::base::{Error, Kind, Result, disk};
use crate::format::naming;
use crate::git::{Git, Occurrence};
use crate::repo::history::PromptHistory;
use crate::repo::{History, Workspace, selector};

/// A prompt as typed, with all that it ever was.
pub(super) fn find(app: &App, workspace: &Workspace, git: &Git, typed: &str) -> Result<Note> {
    let lines = lines(app, workspace, git, typed)?;
    let Some(first) = lines.found.first() else { return Err(lines.unknown) };
    let id = lines.found.iter().find_map(|prompt| prompt.id.clone());
    let ids = ids(git, &git.occurrences(&|path, _| naming::is_prompt_file(path))?)?;
    let mut gone: BTreeSet<Occurrence> = BTreeSet::new();
    if id.is_some() {
        gone.extend(ids.iter().filter(|(_, other)| **other == id).map(|(one, _)| one.clone()));
    }
    let mut told = BTreeSet::new();
    for step in lines.found.iter().flat_map(|prompt| &prompt.steps) {
        let one = Occurrence { path: step.path.clone(), blob: step.blob.clone() };
        // What a prompt was before it had an id is known by its history alone.
        if ids.get(&one).is_some_and(|other| other.is_none() || *other == id) {
            told.insert(one);
        }
    }
    gone.extend(told);
    let paths: BTreeSet<&str> = gone.iter().map(|one| one.path.as_str()).collect();
    let unsure: Vec<Occurrence> = ids
        .iter()
        .filter(|(one, id)| id.is_none() && paths.contains(one.path.as_str()) && !gone.contains(one))
        .map(|(one, _)| one.clone())
        .collect();
    let beside: BTreeSet<String> = paths.iter().filter_map(|path| naming::sidecar_of(path)).collect();
    let known = others(&lines.histories, &unsure, &gone)?;
    gone.extend(unsure.into_iter().filter(|one| !known.contains(one)));
    gone.extend(git.occurrences(&|path, _| beside.contains(path))?);
    Ok(Note { name: first.name.to_string(), id, gone })
}

/// The histories of all branches, and the prompt as it stands in each.
struct Lines<'w> {
    histories: Vec<History<'w>>,
    found: Vec<PromptHistory>,
    unknown: Error,
}

fn lines<'w>(app: &App, workspace: &'w Workspace, git: &Git, typed: &str) -> Result<Lines<'w>> {
    let mut tips: Vec<String> = git.head()?.commit.into_iter().collect();
    for prefix in ["refs/heads/", "refs/remotes/"] {
        tips.extend(git.refs(prefix)?.into_iter().map(|found| found.commit));
    }
    let mut known = BTreeSet::new();
    tips.retain(|tip| known.insert(tip.clone()));
    let mut lines =
        Lines { histories: Vec::new(), found: Vec::new(), unknown: Error::no("nothing was committed here yet") };
    for tip in &tips {
        let history = History::open(workspace, Some(tip))?;
        let found = match lines.found.first() {
            None => match selector::prompt(&history, app.env.folder(), typed) {
                Ok(found) => Some(found),
                Err(error) if matches!(error.kind(), Kind::No) => {
                    if lines.histories.is_empty() {
                        lines.unknown = error;
                    }
                    None
                }
                Err(error) => return Err(error),
            },
            Some(first) => {
                let what = first.id.as_deref().unwrap_or(&first.path);
                history.prompt(what)?.filter(|other| other.id == first.id || other.id.is_none())
            }
        };
        lines.found.extend(found);
        lines.histories.push(history);
    }
    Ok(lines)
}

/// The id that each of these contents bears.
fn ids(git: &Git, found: &BTreeSet<Occurrence>) -> Result<HashMap<Occurrence, Option<String>>> {
    let reader = git.reader_of_many();
    let mut ids = HashMap::new();
    for one in found {
        ids.insert(one.clone(), id_in(&one.path, &reader.blob(&one.blob)?));
    }
    Ok(ids)
}

/// Which of these contents, that bear no id and stand where the prompt once stood, are known to be another prompt's.
fn others(
    histories: &[History<'_>],
    unsure: &[Occurrence],
    gone: &BTreeSet<Occurrence>,
) -> Result<BTreeSet<Occurrence>> {
    let mut known = BTreeSet::new();
    if unsure.is_empty() {
        return Ok(known);
    }
    for history in histories {
        for prompt in history.prompts()? {
            let steps: Vec<Occurrence> = prompt
                .steps
                .iter()
                .map(|step| Occurrence { path: step.path.clone(), blob: step.blob.clone() })
                .collect();
            if !steps.iter().any(|one| gone.contains(one)) {
                known.extend(steps);
            }
        }
    }
    Ok(known)
}

/// The paths at which the last commit holds a part of it.
pub(super) fn in_worktree(workspace: &Workspace, git: &Git, note: &Note) -> Result<Vec<String>> {
    if git.is_bare() {
        return Ok(Vec::new());
    }
    let head = git.head()?.commit;
    let mut paths: Vec<String> = Vec::new();
    for Occurrence { path, blob } in &note.gone {
        let committed = git.entry(head.as_deref(), path)?.map(|entry| entry.id);
        // Once the refs have moved, only the file itself tells; it was clean when this began.
        let lies_there = || {
            let stored = git.as_stored([path.as_str()]).ok()?.remove(path)?;
            git.reader().blob_id(&stored).ok()
        };
        let is_there = committed.as_ref() == Some(blob) || committed.is_none() && lies_there().as_ref() == Some(blob);
        if is_there && workspace.path(path).is_file() || committed.as_ref() == Some(blob) {
            paths.push(path.clone());
        }
    }
    paths.dedup();
    Ok(paths)
}

/// Whether the labels as they are now speak of it.
pub(super) fn is_labelled(workspace: &Workspace, note: &Note) -> Result<bool> {
    let Some(id) = &note.id else { return Ok(false) };
    let source = crate::repo::Source::at(workspace, None)?;
    let bytes = source.read(workspace.layout().labels())?.unwrap_or_default();
    Ok(memchr::memmem::find(&bytes, id.as_bytes()).is_some())
}

/// What is not committed cannot be kept while the commits below it change, and must not be lost either.
pub(super) fn must_be_clean(workspace: &Workspace, git: &Git, note: &Note) -> Result<()> {
    if git.is_bare() {
        return Ok(());
    }
    let layout = workspace.layout();
    let paths: BTreeSet<&str> = note.gone.iter().map(|one| one.path.as_str()).collect();
    let bears_id = |path: &str| {
        let bytes = disk::read(&workspace.path(path)).map(|file| file.bytes).unwrap_or_default();
        layout.is_prompt(path) && note.id.is_some() && id_in(path, &bytes) == note.id
    };
    let labels = is_labelled(workspace, note)?;
    let changed: Vec<String> = git
        .standings(&[String::new()])?
        .into_keys()
        .filter(|path| paths.contains(path.as_str()) || path == layout.labels() && labels || bears_id(path))
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    Err(Error::no(format!("not everything is committed: {}", changed.join(", ")))
        .hint("commit it or give it up first: what is erased is what was committed"))
}
