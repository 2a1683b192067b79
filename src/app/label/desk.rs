//! `labels.yaml` opened for a change, with the history that says which version is which.

use std::cell::{LazyCell, RefCell};
use std::collections::HashMap;

use crate::base::disk::{self, Snapshot};
use crate::base::{Error, Result};
use crate::format::labels;
use crate::model::{Labels, Pin, Query};
use crate::repo::history::PromptHistory;
use crate::repo::{History, Source, resolve, selector};

use super::super::App;
use super::super::list::cards;
use super::super::write::{Work, Written};

pub struct Desk<'a> {
    app: &'a App,
    work: Work<'a>,
    /// As it was read; nothing where there is none.
    snapshot: Option<Snapshot>,
    text: String,
    history: History<'a>,
    /// What the prompts are called, by their ids, that were asked for: to learn all names takes a look at all prompts.
    met: RefCell<HashMap<String, String>>,
    pub labels: Labels,
}

/// A version of a prompt that labels can speak of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub name: String,
    pub id: String,
    pub pin: Pin,
}

impl<'a> Desk<'a> {
    pub fn open(app: &'a App) -> Result<Desk<'a>> {
        let work = Work::begin(app)?;
        let workspace = work.workspace();
        let path = workspace.path(workspace.layout().labels());
        let snapshot = if path.is_file() { Some(disk::read(&path)?) } else { None };
        let source = Source::Worktree(workspace);
        let text = crate::repo::labels::text(&source)?;
        let labels = labels::read(workspace.layout().labels(), &text).strict()?;
        let history = History::open(workspace, None)?;
        Ok(Desk { app, history, work, snapshot, text, met: RefCell::default(), labels })
    }

    /// A prompt as typed, and its id.
    pub fn prompt(&self, what: &str) -> Result<(PromptHistory, String)> {
        let history = selector::prompt(&self.history, self.app.env.folder(), what)?;
        match self.id(&history)? {
            Some(id) => Ok((history, id)),
            None => Err(Error::no(format!("{} has no id, and labels belong to ids", history.name))
                .hint(format!("`palc commit {}` gives it one", history.name))),
        }
    }

    /// The id in the file as it is now, or else in the last version.
    fn id(&self, history: &PromptHistory) -> Result<Option<String>> {
        let source = Source::Worktree(self.work.workspace());
        let now = resolve::id_at(&source, &history.path)?;
        if let Some(id) = &now {
            self.met.borrow_mut().insert(id.clone(), history.name.to_string());
        }
        Ok(now.or_else(|| history.id.clone()))
    }

    /// The version that was typed: `name@7`, `name@label`, `name@revision`, or the newest for a name alone.
    pub fn target(&self, typed: &str) -> Result<Target> {
        let Query { what, version } = Query::parse(typed);
        let (history, id) = self.prompt(&what)?;
        let number = match version.as_deref() {
            None => self.newest(&history)?,
            Some(spec) if spec.bytes().all(|byte| byte.is_ascii_digit()) => spec.parse().unwrap_or(u32::MAX),
            Some(spec) => match self.labels.pin(&id, spec) {
                Some(pin) => self.number_of(&history, pin)?,
                None => self.number_at(&history, &what, spec)?,
            },
        };
        let version = selector::version(&self.history, &history, number)?;
        let pin = Pin { version: version.number, blob: version.blob.clone() };
        Ok(Target { name: history.name.to_string(), id, pin })
    }

    /// Nobody labels what is not committed.
    fn newest(&self, history: &PromptHistory) -> Result<u32> {
        let newest = history.versions.last().map_or(0, |version| version.number);
        let source = Source::Worktree(self.work.workspace());
        let changed = match (source.read(&history.path)?, history.versions.last()) {
            (Some(bytes), Some(version)) => self.blob(&version.blob)? != bytes,
            _ => false,
        };
        if !changed {
            return Ok(newest);
        }
        let name = &history.name;
        Err(Error::no(format!("{name} has changes that are not committed, so its file is no version"))
            .hint(format!("commit them: palc commit {name}"))
            .hint(format!("or name the version: {name}@{newest}")))
    }

    fn number_of(&self, history: &PromptHistory, pin: &Pin) -> Result<u32> {
        let blobs: Vec<&str> = history.versions.iter().map(|version| version.blob.as_str()).collect();
        pin.place(&blobs).ok_or_else(|| not_here(history, &format!("the content {}", pin.short())))
    }

    fn number_at(&self, history: &PromptHistory, what: &str, spec: &str) -> Result<u32> {
        let selected = selector::select(self.work.workspace(), self.app.env.folder(), what, spec)?;
        if let Some(number) = selected.version {
            return Ok(number);
        }
        let there = Source::Revision(self.work.workspace(), selected.commit);
        let bytes = self.app.read(&there, &selected.file.path)?;
        for version in history.versions.iter().rev() {
            if self.blob(&version.blob)? == bytes {
                return Ok(version.number);
            }
        }
        Err(not_here(history, &format!("what it is at `{spec}`")))
    }

    fn blob(&self, id: &str) -> Result<Vec<u8>> {
        let git = self.work.workspace().git().ok_or_else(|| Error::bug("a history without a repository"))?;
        git.reader().blob(id)
    }

    /// The versions that are switched off, by their numbers in this history.
    pub fn off(&self, id: &str, history: &PromptHistory) -> Vec<u32> {
        let blobs: Vec<&str> = history.versions.iter().map(|version| version.blob.as_str()).collect();
        self.labels.off(id).iter().filter_map(|pin| pin.place(&blobs)).collect()
    }

    /// Refuse a version that is switched off: no label may stand on it.
    pub fn must_be_on(&self, target: &Target) -> Result<()> {
        if !self.labels.off(&target.id).contains(&target.pin) {
            return Ok(());
        }
        let version = format!("{}@{}", target.name, target.pin.version);
        Err(Error::no(format!("{version} is switched off")).hint(format!("switch it on: palc activate {version}")))
    }

    pub fn app(&self) -> &'a App {
        self.app
    }

    /// Whether git knows a revision of this name, which the label will then hide.
    pub fn hides(&self, label: &str) -> bool {
        let git = self.work.workspace().git();
        git.is_some_and(|git| git.reader().commit_id(label).is_ok())
    }

    /// What prompts are called, by their ids.
    pub fn names(&self) -> Result<HashMap<String, String>> {
        names(&Source::Worktree(self.work.workspace()))
    }

    pub fn finish(mut self, dry_run: bool) -> Result<Written> {
        let path = self.work.workspace().layout().labels();
        let after = {
            let names = LazyCell::new(|| self.names().unwrap_or_default());
            let name = |id: &str| self.met.borrow().get(id).or_else(|| names.get(id)).cloned();
            labels::write(&labels::read(path, &self.text), &self.labels, &name)?
        };
        self.work.put(path, self.snapshot.as_ref(), &after);
        self.work.finish(dry_run)
    }
}

/// What prompts are called, by their ids.
pub fn names(source: &Source<'_>) -> Result<HashMap<String, String>> {
    let named = cards(source, |listed| Some((listed.card.id?, listed.file.name.to_string())))?;
    Ok(named.facts.into_iter().collect())
}

fn not_here(history: &PromptHistory, what: &str) -> Error {
    Error::no(format!("{what} is no version of {} on this branch", history.name))
        .hint(format!("`palc log {}` shows its versions", history.name))
}
