//! What is compared with what.

use crate::base::{Error, Result};
use crate::git;
use crate::model::Query;
use crate::repo::{Source, Workspace};

use super::super::App;

/// Two states of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Range {
    /// A revision against the work tree.
    Worktree { since: Option<String> },
    /// A revision against what is staged.
    Staged { since: Option<String> },
    /// Two revisions; nothing stands for the empty repository.
    Revisions { before: Option<String>, after: String },
    /// One prompt in two versions.
    Versions { before: String, after: String },
}

/// A range and the names that were typed behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub range: Range,
    pub names: Vec<String>,
}

impl Range {
    /// How people call both sides.
    pub fn sides(&self) -> (String, String) {
        let since = |since: &Option<String>| since.clone().unwrap_or_else(|| "nothing".into());
        match self {
            Range::Worktree { since: revision } => (since(revision), "the work tree".into()),
            Range::Staged { since: revision } => (since(revision), "what is staged".into()),
            Range::Revisions { before, after } => (since(before), after.clone()),
            Range::Versions { before, after } => (before.clone(), after.clone()),
        }
    }
}

/// Tell revisions from names, as git does: what could be both must be said more clearly. `names` were typed after `--`.
pub fn asked(app: &App, words: &[String], names: &[String], staged: bool) -> Result<Asked> {
    let workspace = app.workspace()?;
    let git = repository(workspace)?;
    let reader = git.reader();
    let words = Words { app, reader: &reader, typed: words, closed: !names.is_empty() };
    let head = git.has_head().then(|| "HEAD".to_owned());
    let (mut range, taken) = words.range(staged, head)?;
    let mut all = words.typed[taken..].to_vec();
    all.extend_from_slice(names);
    if git.is_bare() && matches!(range, Range::Worktree { .. } | Range::Staged { .. }) {
        return Err(Error::usage("a bare repository has no work tree to compare with")
            .hint("name two revisions: palc diff main~1..main"));
    }
    if let Range::Staged { since } | Range::Worktree { since } = &mut range {
        *since = since.take().filter(|_| git.has_head());
    }
    Ok(Asked { range, names: all })
}

/// Exactly two revisions: `A..B`, `A...B`, or `A`, which goes on to HEAD.
pub fn revisions(app: &App, typed: &str) -> Result<Range> {
    let reader = repository(app.workspace()?)?.reader();
    match two(&reader, typed)? {
        Some(range) => Ok(range),
        None => Ok(Range::Revisions { before: Some(reader.commit_id(typed)?), after: "HEAD".into() }),
    }
}

pub fn repository(workspace: &Workspace) -> Result<&git::Git> {
    workspace.git().ok_or_else(|| {
        Error::no("there is no git repository here, so there is nothing to compare with").hint("run `palc init`")
    })
}

/// `A..B` compares both; `A...B` compares B with the place where both parted. An end that is left out is HEAD.
fn two(reader: &git::Reader, typed: &str) -> Result<Option<Range>> {
    let or_head = |text: &str| if text.is_empty() { "HEAD".to_owned() } else { text.to_owned() };
    if let Some((a, b)) = typed.split_once("...") {
        let (a, b) = (or_head(a), or_head(b));
        return Ok(Some(Range::Revisions { before: Some(reader.merge_base(&a, &b)?), after: b }));
    }
    let Some((a, b)) = typed.split_once("..") else { return Ok(None) };
    let (a, b) = (or_head(a), or_head(b));
    Ok(Some(Range::Revisions { before: Some(a), after: b }))
}

struct Words<'a> {
    app: &'a App,
    reader: &'a git::Reader,
    typed: &'a [String],
    /// Whether names follow behind `--`, so that nothing before it is one.
    closed: bool,
}

impl Words<'_> {
    /// The range, and how many words it took.
    fn range(&self, staged: bool, head: Option<String>) -> Result<(Range, usize)> {
        let default = |since| if staged { Range::Staged { since } } else { Range::Worktree { since } };
        let Some(first) = self.typed.first() else { return Ok((default(head), 0)) };
        if let Some(found) = self.versions(first)? {
            return Ok(found);
        }
        if first.contains("..") && !self.is_prompt(first) {
            let range = two(self.reader, first)?;
            return range.filter(|_| !staged).map(|range| (range, 1)).ok_or_else(|| {
                Error::usage("--staged compares one revision with what is staged, not two with each other")
            });
        }
        if !self.is_revision(first)? {
            return Ok((default(head), 0));
        }
        match self.typed.get(1) {
            Some(second) if !staged && self.is_revision(second)? => {
                Ok((Range::Revisions { before: Some(first.clone()), after: second.clone() }, 2))
            }
            _ => Ok((default(Some(first.clone())), 1)),
        }
    }

    /// `x@3 x@5`, or `x@3` against the prompt as it is now.
    fn versions(&self, first: &str) -> Result<Option<(Range, usize)>> {
        let query = Query::parse(first);
        // `HEAD@{1}` is a revision.
        if query.version.as_deref().is_none_or(|version| version.starts_with('{')) {
            return Ok(None);
        }
        let same = |second: &&String| **second == query.what || Query::parse(second).version.is_some();
        let second = self.typed.get(1).filter(same);
        if self.typed.len() > 1 + usize::from(second.is_some()) {
            return Err(Error::usage("two versions are compared, and nothing else beside them")
                .hint("palc diff support/triage@3 support/triage@5"));
        }
        let after = second.cloned().unwrap_or(query.what);
        Ok(Some((Range::Versions { before: first.to_owned(), after }, self.typed.len())))
    }

    fn is_revision(&self, word: &str) -> Result<bool> {
        let known = self.reader.knows(word);
        if known && !self.closed && self.is_prompt(word) {
            return Err(Error::usage(format!("`{word}` is a revision and a prompt"))
                .hint(format!("palc diff {word} --   compares with the revision"))
                .hint(format!("palc diff -- {word}   shows the prompt")));
        }
        Ok(known)
    }

    /// Whether a file or folder of prompts in the work tree has this name.
    fn is_prompt(&self, word: &str) -> bool {
        let Ok(workspace) = self.app.workspace() else { return false };
        let Ok(source) = Source::at(workspace, None) else { return false };
        let folder = workspace.layout().roots().iter().any(|root| workspace.path(root).join(word).is_dir());
        folder || workspace.layout().candidates(word).any(|path| source.exists(&path))
    }
}
