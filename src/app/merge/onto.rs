//! Merging into a branch without a work tree: in a bare repository, on a build server, or beside one's own work.

use super::super::App;
use super::super::commit::dates;
use super::{End, File, Outcome, Request, driven};
use crate::base::{Error, Result};
use crate::git::{Draft, Git, MergedTree, Move, Unmerged, Why};

/// Merge a revision into a branch. The branch moves to the merge if it still is where it was, and nothing else changes.
pub(super) fn merge(app: &App, git: &Git, revision: &str, branch: &str, request: &Request) -> Result<Outcome> {
    let name = format!("refs/heads/{branch}");
    let ours = git.reader().commit_id(&name).map_err(|_| Error::no(format!("there is no branch `{branch}`")))?;
    if !request.dry_run
        && let Some(folder) = git.checkout_of(branch)?
    {
        return Err(Error::no(format!("`{branch}` is checked out in {folder}, whose files would not follow"))
            .hint(format!("palc -C {folder} merge {revision}")));
    }
    let theirs = git.reader().commit_id(revision)?;
    let outcome = Outcome { into: branch.to_owned(), onto: true, ..plan(app, git, revision, &ours, request)? };
    if request.dry_run || !matches!(outcome.end, End::Merged | End::FastForward) {
        return Ok(outcome);
    }
    git.must_know_people()?;
    let session = git.session()?;
    let message = request.choices.message.clone().unwrap_or_else(|| format!("Merge '{revision}' into {branch}"));
    let message = crate::git::message::clean(&message, false);
    let (to, log) = match (outcome.end, &outcome.commit) {
        (End::Merged, Some(tree)) => {
            let parents = [ours.clone(), theirs];
            let draft = Draft { tree, parents: &parents, message: &message, dates: dates(app), author_of: None };
            (session.commit(&draft)?, format!("merge {revision}: palc merge --onto"))
        }
        _ => (theirs, format!("merge {revision}: Fast-forward")),
    };
    let step = Move { name: &name, from: Some(&ours), to: &to, log: &log, dates: dates(app) };
    if !session.move_ref(&step)? {
        return Err(Error::no(format!("`{branch}` has moved on meanwhile; nothing was changed"))
            .hint("run the same command again"));
    }
    Ok(Outcome { commit: Some(to), ..outcome })
}

/// What a merge would come to. For one that makes a commit, [`Outcome::commit`] is its tree.
pub(super) fn plan(app: &App, git: &Git, revision: &str, ours: &str, request: &Request) -> Result<Outcome> {
    let theirs = git.reader().commit_id(revision)?;
    let outcome = Outcome { dry_run: request.dry_run, from: revision.to_owned(), ..super::ended(git, End::UpToDate) };
    if git.is_ancestor(&theirs, ours)? {
        return Ok(outcome);
    }
    if git.is_ancestor(ours, &theirs)? && !request.choices.no_ff {
        return Ok(Outcome { end: End::FastForward, commit: Some(theirs), ..outcome });
    }
    if request.choices.ff_only {
        return Err(Error::no("both branches have commits of their own, so neither can just move on"));
    }
    let (MergedTree { tree, unmerged }, files) = driven(app, git, |driving| git.merge_tree(driving, ours, &theirs))?;
    let end = if unmerged.is_empty() { End::Merged } else { End::Conflicts };
    let unmerged = unmerged.into_iter().map(|path| waiting(git, path, ours, &theirs, &files)).collect::<Result<_>>()?;
    Ok(Outcome { end, commit: Some(tree).filter(|_| end == End::Merged), files, unmerged, ..outcome })
}

/// What both sides did to a path that git could not merge.
fn waiting(git: &Git, path: String, ours: &str, theirs: &str, files: &[File]) -> Result<Unmerged> {
    let there = |commit| Ok::<bool, Error>(git.entry(Some(commit), &path)?.is_some());
    let why = match (there(ours)?, there(theirs)?) {
        _ if files.iter().any(|file| file.path == path) => Why::BothChanged,
        (true, false) => Why::TheyDeleted,
        (false, true) => Why::WeDeleted,
        (false, false) => Why::BothDeleted,
        (true, true) => Why::BothChanged,
    };
    Ok(Unmerged { path, why })
}
