//! The repository as git sees it.

use super::Note;
use crate::git::Git;
use crate::repo::Workspace;

pub(super) fn notes(workspace: &Workspace) -> Vec<Note> {
    let root = workspace.root().display();
    let Some(git) = workspace.git() else {
        let hint = "run `palc init` to make one; without it there are no versions and nothing is cached";
        return vec![Note::odd(format!("{root} is not in a git repository"), hint)];
    };
    let kind = match (git.is_bare(), git.is_linked_worktree()) {
        (true, _) => "a bare repository",
        (_, true) => "a linked worktree",
        _ => "a repository",
    };
    let mut notes = vec![Note::fine(format!("{root} is {kind}")), head(git)];
    if let Some(what) = git.in_progress() {
        notes.push(Note::odd(format!("{what} is under way"), "palc works meanwhile; `git status` says how to end it"));
    }
    if git.is_shallow() {
        let hint = "run `git fetch --unshallow` to get the rest; until then the oldest versions are missing";
        notes.push(Note::odd("the history is cut short (a shallow clone)", hint));
    }
    if !git.knows_committer() {
        let hint = "run `git config --global user.name NAME` and `git config --global user.email ADDRESS`";
        notes.push(Note::odd("git does not know who you are, so nothing can be committed", hint));
    }
    notes
}

fn head(git: &Git) -> Note {
    match (git.branch(), git.has_head()) {
        (Some(branch), true) => Note::fine(format!("on branch {branch}")),
        (Some(branch), false) => Note::fine(format!("on branch {branch}, with no commit yet")),
        (None, _) => {
            Note::odd("HEAD is detached", "commits made now belong to no branch; `git switch BRANCH` ends that")
        }
    }
}
