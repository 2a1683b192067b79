//! Changes to prompt files: gathered, checked, and written all at once or not at all.

use crate::base::disk::{self, Snapshot, Stamp};
use crate::base::{Error, Finding, Place, Result, Severity};
use crate::config::settings::Vocabularies;
use crate::format::change::Files;
use crate::format::fields::FIELDS;
use crate::format::shape::{Shape, walk_fields};
use crate::format::yaml::Node;
use crate::format::{Dialect, Document, naming, parse_with};
use crate::repo::{Change, PromptFile, Source, Workspace};

use super::App;
use super::filter::{Condition, Globs};
use super::list;

/// Which prompts a command is about.
#[derive(Debug, Default)]
pub struct Selection {
    /// Names, ids, paths, folders or globs.
    pub names: Vec<String>,
    pub conditions: Vec<Condition>,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub path: String,
    pub what: What,
    pub before: String,
    pub after: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Created,
    Changed,
    Moved { from: String },
    Removed,
}

/// What a command did, or would do.
#[derive(Debug, Default)]
pub struct Written {
    pub done: Vec<Done>,
    /// What is odd about the files as they are now.
    pub findings: Vec<Finding>,
    pub dry_run: bool,
}

/// A prompt file as it was read for a change.
#[derive(Debug)]
pub struct Opened {
    pub file: PromptFile,
    pub files: Files,
    stamp: Stamp,
    beside: Option<Stamp>,
}

/// A change in the making.
#[derive(Debug)]
pub struct Work<'a> {
    app: &'a App,
    workspace: &'a Workspace,
    change: Change,
    done: Vec<Done>,
    findings: Vec<Finding>,
    /// What would be wrong afterwards and is not wrong now.
    wrong: Vec<Finding>,
}

impl<'a> Work<'a> {
    pub fn begin(app: &'a App) -> Result<Work<'a>> {
        let workspace = app.workspace()?;
        if workspace.git().is_some_and(|git| git.is_bare()) {
            return Err(Error::invalid("a bare repository has no files to change").hint("work in a clone of it"));
        }
        let change = Change::new();
        Ok(Work { app, workspace, change, done: Vec::new(), findings: Vec::new(), wrong: Vec::new() })
    }

    pub fn workspace(&self) -> &'a Workspace {
        self.workspace
    }

    /// The prompts that are meant, in the order of their paths. Nothing given means nothing, never everything.
    pub fn select(&self, selection: &Selection) -> Result<Vec<PromptFile>> {
        let Selection { names, conditions } = selection;
        if names.is_empty() && conditions.is_empty() {
            return Err(Error::usage("which prompts?").hint("give names, or a condition such as --where tag=support"));
        }
        let mut files = if conditions.is_empty() {
            names.iter().map(|name| self.named(name)).collect::<Result<Vec<_>>>()?.concat()
        } else {
            self.listed(names, conditions)?
        };
        files.sort();
        files.dedup();
        Ok(files)
    }

    /// One prompt by name, id or path, or all in a folder or behind a glob.
    fn named(&self, typed: &str) -> Result<Vec<PromptFile>> {
        if typed.contains(['*', '?', '[', '{']) {
            return self.listed(&[typed.to_owned()], &[]);
        }
        let found = self.one(typed);
        match found {
            Ok(file) => Ok(vec![file]),
            Err(error) => {
                let globs = Globs::new(&[typed.to_owned()])?;
                let all = crate::repo::listing::files(&Source::Worktree(self.workspace))?;
                let inside: Vec<PromptFile> = all.into_iter().filter(|file| globs.matches(&file.name)).collect();
                if inside.is_empty() { Err(error) } else { Ok(inside) }
            }
        }
    }

    /// Exactly one prompt.
    pub fn one(&self, typed: &str) -> Result<PromptFile> {
        let (source, file) = self.app.resolve(typed)?;
        match source {
            Source::Worktree(_) => Ok(file),
            Source::Revision(..) => {
                Err(Error::usage(format!("`{typed}` is an older version, and those cannot be changed")))
            }
        }
    }

    fn listed(&self, names: &[String], conditions: &[Condition]) -> Result<Vec<PromptFile>> {
        let request = list::Request { names: names.to_vec(), conditions: conditions.to_vec(), revision: None };
        Ok(list::list(self.app, &request)?.prompts.into_iter().map(|listed| listed.file).collect())
    }

    /// Read a prompt with the file beside it.
    pub fn open(&self, file: &PromptFile) -> Result<Opened> {
        let snapshot = disk::read(&self.workspace.path(&file.path))?;
        let dialect = Dialect::of_path(&file.path);
        let document = Document::split(&file.path, &snapshot.bytes, dialect)
            .map_err(|finding| Error::findings(format!("{} cannot be read", file.path), vec![*finding]))?;
        let (dialect, text) = (document.dialect, document.text.to_owned());
        let beside = self.beside(&file.path)?;
        let stamp = beside.as_ref().map(|snapshot| snapshot.stamp);
        let beside = beside.map(|snapshot| String::from_utf8_lossy(&snapshot.bytes).into_owned());
        let files = Files { path: file.path.clone(), dialect, text, beside };
        Ok(Opened { file: file.clone(), files, stamp: snapshot.stamp, beside: stamp })
    }

    fn beside(&self, path: &str) -> Result<Option<Snapshot>> {
        let Some(path) = naming::sidecar_of(path).map(|path| self.workspace.path(&path)) else { return Ok(None) };
        if path.is_file() { disk::read(&path).map(Some) } else { Ok(None) }
    }

    /// Put down what a prompt's files are to be. Texts that stay the same are not written.
    pub fn save(&mut self, opened: &Opened, files: &Files) {
        if *files == opened.files {
            return;
        }
        self.judge(Some(&opened.files), files);
        if files.text != opened.files.text {
            self.replace(&files.path, &opened.files.text, &files.text, opened.stamp);
        }
        let path = files.path_beside();
        match (&opened.files.beside, &files.beside, &opened.beside) {
            (before, after, _) if before == after => {}
            (Some(before), Some(after), Some(stamp)) if after.is_empty() => self.remove(&path, before, *stamp),
            (Some(before), Some(after), Some(stamp)) => self.replace(&path, before, after, *stamp),
            (_, Some(after), _) => self.create(&path, after),
            (_, None, _) => {}
        }
    }

    /// Put down a new prompt.
    pub fn add(&mut self, files: &Files) {
        self.judge(None, files);
        self.create(&files.path, &files.text);
        if let Some(beside) = &files.beside {
            self.create(&files.path_beside(), beside);
        }
    }

    /// Take a prompt away with the file beside it.
    pub fn take_away(&mut self, opened: &Opened) {
        self.remove(&opened.files.path, &opened.files.text, opened.stamp);
        if let (Some(beside), Some(stamp)) = (&opened.files.beside, &opened.beside) {
            self.remove(&opened.files.path_beside(), beside, *stamp);
        }
    }

    /// Move a prompt with the file beside it; its text may change on the way.
    pub fn relocate(&mut self, opened: &Opened, to: &str, text: &str) {
        let Files { path, text: before, .. } = &opened.files;
        if text == before {
            self.change.rename(path.clone(), to, opened.stamp);
        } else {
            self.change.remove(path.clone(), opened.stamp);
            self.change.create(to, text.as_bytes());
        }
        let what = What::Moved { from: path.clone() };
        self.done.push(Done { path: to.into(), what, before: before.clone(), after: text.into() });
        if let Some(stamp) = &opened.beside {
            let (from, to) = (opened.files.path_beside(), format!("{to}.palc.yaml"));
            self.change.rename(from.clone(), to.clone(), *stamp);
            let text = opened.files.beside.clone().unwrap_or_default();
            self.done.push(Done { path: to, what: What::Moved { from }, before: text.clone(), after: text });
        }
    }

    /// Move a file that is no prompt.
    pub fn carry(&mut self, from: &str, to: &str) -> Result<()> {
        let snapshot = disk::read(&self.workspace.path(from))?;
        self.change.rename(from, to, snapshot.stamp);
        let what = What::Moved { from: from.into() };
        self.done.push(Done { path: to.into(), what, before: String::new(), after: String::new() });
        Ok(())
    }

    /// Put down what a file that is no prompt is to be, in place of what was read; nothing if it was not there.
    pub fn put(&mut self, path: &str, before: Option<&Snapshot>, after: &str) {
        match before {
            None if after.is_empty() => {}
            None => self.create(path, after),
            Some(before) if before.bytes == after.as_bytes() => {}
            Some(before) => self.replace(path, &String::from_utf8_lossy(&before.bytes), after, before.stamp),
        }
    }

    /// Write everything, unless something would be wrong afterwards that was not before.
    pub fn finish(self, dry_run: bool) -> Result<Written> {
        if !self.wrong.is_empty() {
            return Err(Error::findings("nothing was changed, because this would be wrong afterwards", self.wrong));
        }
        if !dry_run && !self.change.is_empty() {
            let journal = self.app.journal_folder(self.workspace)?;
            self.change.apply(self.workspace, &journal)?;
        }
        Ok(Written { done: self.done, findings: self.findings, dry_run })
    }

    fn create(&mut self, path: &str, text: &str) {
        self.change.create(path, text.as_bytes());
        self.done.push(Done { path: path.into(), what: What::Created, before: String::new(), after: text.into() });
    }

    fn replace(&mut self, path: &str, before: &str, after: &str, stamp: Stamp) {
        self.change.replace(path, after.as_bytes(), stamp);
        self.done.push(Done { path: path.into(), what: What::Changed, before: before.into(), after: after.into() });
    }

    fn remove(&mut self, path: &str, before: &str, stamp: Stamp) {
        self.change.remove(path, stamp);
        self.done.push(Done { path: path.into(), what: What::Removed, before: before.into(), after: String::new() });
    }

    /// Compare what is wrong before and after: new errors stop the change, new warnings are told.
    fn judge(&mut self, before: Option<&Files>, after: &Files) {
        let vocabularies = self.app.settings().map(|settings| &settings.vocabulary).ok();
        let old = before.map(|files| wrong_with(files, vocabularies)).unwrap_or_default();
        let known = |finding: &Finding| old.iter().any(|o| o.rule == finding.rule && o.message == finding.message);
        for finding in wrong_with(after, vocabularies).into_iter().filter(|finding| !known(finding)) {
            let list = if finding.severity == Severity::Error { &mut self.wrong } else { &mut self.findings };
            list.push(finding);
        }
    }
}

impl Written {
    pub fn changed(&self) -> bool {
        !self.done.is_empty()
    }

    /// Every path that is different now, old names of moved files included.
    pub fn paths(&self) -> Vec<String> {
        let from = |done: &Done| match &done.what {
            What::Moved { from } => Some(from.clone()),
            _ => None,
        };
        self.done.iter().flat_map(|done| [Some(done.path.clone()), from(done)]).flatten().collect()
    }
}

fn wrong_with(files: &Files, vocabularies: Option<&Vocabularies>) -> Vec<Finding> {
    let document = match Document::split(&files.path, files.text.as_bytes(), files.dialect) {
        Ok(document) => document,
        Err(finding) => return vec![*finding],
    };
    let path = files.path_beside();
    let beside = files.beside.as_deref().unwrap_or_default();
    let beside = Document::split(&path, beside.as_bytes(), Dialect::Sidecar).ok();
    let parsed = parse_with(document, beside.as_ref().filter(|document| !document.text.is_empty()));
    let mut findings = parsed.findings.clone();
    if let (Some(fields), Some(vocabularies)) = (parsed.fields(), vocabularies) {
        findings.extend(unknown_words(fields, vocabularies, &parsed.document));
    }
    findings
}

/// Words that are not in their vocabulary. Writing one is no error: it may be about to be declared.
fn unknown_words(fields: &Node, vocabularies: &Vocabularies, document: &Document<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    walk_fields(fields, FIELDS, "", &mut |_, node, shape| {
        let Shape::Vocabulary(name, _) = shape else { return };
        let (Some(vocabulary), Some(word)) = (vocabularies.get(name), node.text()) else { return };
        if !vocabulary.contains(word) {
            let place = Place::in_text(document.path, document.text, node.span);
            let message = format!("`{word}` is not in the vocabulary `{name}`");
            let near = vocabulary.nearest(word).map(|near| format!("did you mean `{near}`?"));
            findings.push(Finding::warning("unknown-word", place, message).hint_if(near));
        }
    });
    findings
}
