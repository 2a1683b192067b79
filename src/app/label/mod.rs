//! Labels: which version of a prompt is meant by `production`, `staging` and the like.

mod desk;
mod history;
mod list;

use crate::base::near::did_you_mean;
use crate::base::{Error, Finding, Place, Result};
use crate::model::Pin;
use crate::model::labels::label_fault;

use super::App;
use super::write::Written;

pub use desk::{Desk, Target, names};
pub(in crate::app) use history::differences;
pub use history::{Event, history};
pub use list::{Listed, State, list};

#[derive(Debug)]
pub struct Request {
    pub label: String,
    /// Prompts, for `set` and `move` with a version: `support/triage@7`.
    pub prompts: Vec<String>,
    pub dry_run: bool,
}

/// What became of a label of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// What the prompt is called; nothing if none has the id.
    pub prompt: Option<String>,
    pub id: String,
    /// Nothing for a version that was switched off (`to`) or on again (`from`).
    pub label: Option<String>,
    pub from: Option<Pin>,
    pub to: Option<Pin>,
}

#[derive(Debug)]
pub struct Outcome {
    pub moved: Vec<Moved>,
    pub written: Written,
}

/// What a commit of these moves is called.
pub fn message(moved: &[Moved]) -> String {
    let name = |moved: &Moved| moved.prompt.clone().unwrap_or_else(|| moved.id.clone());
    match moved {
        [] => "Change labels".into(),
        [Moved { label: Some(label), to: Some(pin), .. }] => {
            format!("Label {}@{} {label}", name(&moved[0]), pin.version)
        }
        [Moved { label: Some(label), to: None, .. }] => format!("Take {label} from {}", name(&moved[0])),
        [Moved { label: None, to: Some(pin), .. }] => format!("Deactivate {}@{}", name(&moved[0]), pin.version),
        [Moved { from: Some(pin), .. }] => format!("Activate {}@{}", name(&moved[0]), pin.version),
        several => {
            let label = several[0].label.as_ref().map(|label| format!(" {label}")).unwrap_or_default();
            format!("Change{label} of {} prompts", several.len())
        }
    }
}

/// Put a label on versions, wherever it was before.
pub fn set(app: &App, request: &Request) -> Result<Outcome> {
    put(app, request, false)
}

/// Put a label that prompts have on other versions of them: a slip in its name makes no new label.
pub fn move_(app: &App, request: &Request) -> Result<Outcome> {
    put(app, request, true)
}

fn put(app: &App, request: &Request, only_known: bool) -> Result<Outcome> {
    let label = request.label.as_str();
    if let Some(fault) = label_fault(label) {
        return Err(
            Error::usage(format!("`{label}` cannot be a label: {fault}")).hint("use a word, such as production")
        );
    }
    let mut desk = Desk::open(app)?;
    let targets = request.prompts.iter().map(|typed| desk.target(typed)).collect::<Result<Vec<_>>>()?;
    let mut moved = Vec::new();
    for Target { name, id, pin } in targets {
        desk.must_be_on(&Target { name: name.clone(), id: id.clone(), pin: pin.clone() })?;
        if only_known && desk.labels.pin(&id, label).is_none() {
            return Err(missing(&desk, &name, &id, label)
                .hint(format!("a new label: palc label set {label} {name}@{}", pin.version)));
        }
        let from = desk.labels.set(&id, label, pin.clone());
        if from.as_ref() != Some(&pin) {
            moved.push(Moved { prompt: Some(name), id, label: Some(label.to_owned()), from, to: Some(pin) });
        }
    }
    let hides = desk.hides(label).then(|| hidden(app, label)).transpose()?;
    let mut written = desk.finish(request.dry_run)?;
    written.findings.extend(hides);
    Ok(Outcome { moved, written })
}

/// Take a label away from prompts.
pub fn remove(app: &App, request: &Request) -> Result<Outcome> {
    let mut desk = Desk::open(app)?;
    let mut moved = Vec::new();
    for typed in &request.prompts {
        let (prompt, id) = known(&desk, typed)?;
        let name = prompt.clone().unwrap_or_else(|| id.clone());
        let Some(from) = desk.labels.remove(&id, &request.label) else {
            return Err(missing(&desk, &name, &id, &request.label));
        };
        moved.push(Moved { prompt, id, label: Some(request.label.clone()), from: Some(from), to: None });
    }
    Ok(Outcome { moved, written: desk.finish(request.dry_run)? })
}

/// A prompt that may be gone: then only its id is known.
fn known(desk: &Desk<'_>, typed: &str) -> Result<(Option<String>, String)> {
    match desk.prompt(typed) {
        Ok((history, id)) => Ok((Some(history.name.to_string()), id)),
        Err(_) if desk.labels.pins.contains_key(typed) => Ok((None, typed.to_owned())),
        Err(error) => Err(error),
    }
}

fn missing(desk: &Desk<'_>, name: &str, id: &str, label: &str) -> Error {
    let known: Vec<&str> = desk.labels.of(id).map(|(label, _)| label).collect();
    let near = did_you_mean(label, known.iter().copied());
    let has = (!known.is_empty()).then(|| format!("it has {}", known.join(", ")));
    Error::no(format!("{name} has no label `{label}`")).hint_if(near.or(has))
}

fn hidden(app: &App, label: &str) -> Result<Finding> {
    let path = app.workspace()?.layout().labels();
    let message = format!("git knows a revision `{label}`, too; from now on `x@{label}` means the label");
    let hint = format!("the branch is `x@refs/heads/{label}`");
    Ok(Finding::warning("hidden-revision", Place::file(path), message).hint(hint))
}
