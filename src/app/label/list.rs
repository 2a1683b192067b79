//! The labels that there are.

use std::collections::HashMap;

use crate::base::{Finding, Place, Result, Severity};
use crate::format::labels;
use crate::model::{Name, Pin};
use crate::repo::{History, Source};

use super::super::App;
use super::super::filter::Globs;
use super::names;

/// A label of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Nothing if no prompt has the id.
    pub prompt: Option<String>,
    pub id: String,
    /// Nothing for a version that is switched off.
    pub label: Option<String>,
    pub pin: Pin,
    /// The number of the prompt's newest version, where history tells.
    pub newest: Option<u32>,
    pub state: State,
}

/// How a pin stands to the history of its prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The version has the content.
    Sure,
    /// History was rewritten: the content is that of another version now.
    Renumbered(u32),
    /// No version of this branch has the content.
    Lost,
    /// Nobody can tell: no prompt, no git, or a shallow clone.
    Unknown,
}

#[derive(Debug, Default)]
pub struct Outcome {
    pub listed: Vec<Listed>,
    pub findings: Vec<Finding>,
}

/// All labels and inactive versions, or those of some prompts.
pub fn list(app: &App, prompts: &[String], label: Option<&str>) -> Result<Outcome> {
    let source = Source::at(app.workspace()?, None)?;
    let text = crate::repo::labels::text(&source)?;
    let file = labels::read(source.workspace().layout().labels(), &text);
    let names = names(&source)?;
    let globs = Globs::new(prompts)?;
    let history = app.workspace()?.git().filter(|git| git.has_head());
    let history =
        history.map(|_| History::open(app.workspace()?, None)).transpose()?.filter(|history| !history.is_cut());
    let mut known: HashMap<String, Vec<String>> = HashMap::new();
    let mut listed = Vec::new();
    for entry in &file.entries {
        let prompt = names.get(&entry.id).cloned();
        let asked =
            prompts.contains(&entry.id) || prompt.as_ref().is_some_and(|name| globs.matches(&Name::of_path(name)));
        let right = label.is_none_or(|label| entry.label.as_deref() == Some(label));
        if !right || !(asked || prompts.is_empty()) {
            continue;
        }
        if let Some(history) = history.as_ref().filter(|_| !known.contains_key(&entry.id)) {
            let versions = history.prompt(&entry.id)?.map(|prompt| prompt.versions).unwrap_or_default();
            known.insert(entry.id.clone(), versions.into_iter().map(|version| version.blob).collect());
        }
        let blobs: Vec<&str> = known.get(&entry.id).into_iter().flatten().map(String::as_str).collect();
        listed.push(Listed {
            prompt,
            id: entry.id.clone(),
            label: entry.label.clone(),
            pin: entry.pin.clone(),
            newest: u32::try_from(blobs.len()).ok().filter(|&count| count > 0),
            state: state(&entry.pin, &blobs),
        });
    }
    listed.sort_by(|a, b| {
        (&a.prompt, &a.id, a.label.is_none(), &a.label, &a.pin).cmp(&(
            &b.prompt,
            &b.id,
            b.label.is_none(),
            &b.label,
            &b.pin,
        ))
    });
    let mut findings = file.findings;
    findings.extend(label.filter(|_| listed.is_empty()).map(|label| Finding {
        severity: Severity::Note,
        ..Finding::warning("no-label", Place::file(file.path), format!("no prompt has the label `{label}`"))
    }));
    Ok(Outcome { listed, findings })
}

pub fn state(pin: &Pin, blobs: &[&str]) -> State {
    match pin.place(blobs) {
        _ if blobs.is_empty() => State::Unknown,
        Some(number) if number == pin.version => State::Sure,
        Some(number) => State::Renumbered(number),
        None => State::Lost,
    }
}
