//! Who moved which label when, told by the commits of `labels.yaml`.

use std::collections::{BTreeSet, HashMap};

use crate::base::{Error, Result};
use crate::format::labels;
use crate::git::{Commit, Reader};
use crate::model::{Labels, Name, Pin};
use crate::repo::Source;

use super::super::App;
use super::super::filter::Globs;
use super::{Moved, names};

/// What one commit did to one label, or to one inactive version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub commit: Commit,
    pub moved: Moved,
}

/// All moves that led to HEAD, newest first; or those of a label, of some prompts.
pub fn history(app: &App, prompts: &[String], label: Option<&str>) -> Result<Vec<Event>> {
    let workspace = app.workspace()?;
    let git = workspace.git().ok_or_else(|| Error::no("there is no git repository here, so there is no history"))?;
    if !git.has_head() {
        return Ok(Vec::new());
    }
    let reader = git.reader();
    let path = workspace.layout().labels();
    let names = names(&Source::at(workspace, None)?)?;
    let globs = Globs::new(prompts)?;
    let wanted = |moved: &Moved| {
        let asked = prompts.contains(&moved.id)
            || moved.prompt.as_ref().is_some_and(|name| globs.matches(&Name::of_path(name)));
        label.is_none_or(|label| moved.label.as_deref() == Some(label)) && (prompts.is_empty() || asked)
    };
    let mut read = Known { reader: &reader, path, known: HashMap::new() };
    let mut events = Vec::new();
    for change in reader.trail("HEAD", path)? {
        let after = read.labels(change.after.as_deref())?;
        let before = change.before.iter().map(|blob| read.labels(blob.as_deref())).collect::<Result<Vec<_>>>()?;
        let moved = differences(&before, &after);
        let named = moved.into_iter().map(|moved| Moved { prompt: names.get(&moved.id).cloned(), ..moved });
        events.extend(named.filter(wanted).map(|moved| Event { commit: change.commit.clone(), moved }));
    }
    Ok(events)
}

/// Contents of the file, each read once.
struct Known<'a> {
    reader: &'a Reader,
    path: &'a str,
    known: HashMap<String, Labels>,
}

impl Known<'_> {
    /// A file that was not in order says what could be understood of it: history cannot be mended.
    fn labels(&mut self, blob: Option<&str>) -> Result<Labels> {
        let Some(blob) = blob else { return Ok(Labels::default()) };
        if let Some(labels) = self.known.get(blob) {
            return Ok(labels.clone());
        }
        let bytes = self.reader.blob(blob)?;
        let labels = labels::read(self.path, &String::from_utf8_lossy(&bytes)).labels();
        self.known.insert(blob.to_owned(), labels.clone());
        Ok(labels)
    }
}

/// What differs from every parent: what a merge took over from one of them was done by others.
pub(in crate::app) fn differences(before: &[Labels], after: &Labels) -> Vec<Moved> {
    let none = [Labels::default()];
    let before = if before.is_empty() { &none[..] } else { before };
    let all = || before.iter().chain([after]);
    let mut moved = Vec::new();
    let keys: BTreeSet<(&str, &str)> = all()
        .flat_map(|labels| labels.pins.keys().flat_map(|id| labels.of(id).map(move |(label, _)| (id.as_str(), label))))
        .collect();
    for (id, label) in keys {
        let to = after.pin(id, label);
        if before.iter().all(|labels| labels.pin(id, label) != to) {
            moved.push(event(id, Some(label), before[0].pin(id, label), to));
        }
    }
    let off: BTreeSet<(&str, &Pin)> = all()
        .flat_map(|labels| labels.inactive.iter().flat_map(|(id, pins)| pins.iter().map(move |pin| (id.as_str(), pin))))
        .collect();
    for (id, pin) in off {
        let is_off = after.off(id).contains(pin);
        if before.iter().all(|labels| labels.off(id).contains(pin) != is_off) {
            moved.push(event(id, None, Some(pin).filter(|_| !is_off), Some(pin).filter(|_| is_off)));
        }
    }
    moved
}

fn event(id: &str, label: Option<&str>, from: Option<&Pin>, to: Option<&Pin>) -> Moved {
    let label = label.map(str::to_owned);
    Moved { prompt: None, id: id.to_owned(), label, from: from.cloned(), to: to.cloned() }
}
