//! One version of a prompt onto another branch, without touching the work tree.

use crate::base::{Error, Result};
use crate::git::Git;
use crate::repo::{Source, resolve};

use super::App;
use super::commit::{self, Options};
use super::restore::{Back, steps_for};

#[derive(Debug)]
pub struct Request {
    /// Each `name` or `name@SPEC`.
    pub names: Vec<String>,
    /// The branch to commit on.
    pub to: String,
    pub message: Option<String>,
    pub options: Options,
    pub dry_run: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub back: Vec<Back>,
    pub commit: commit::Outcome,
}

pub fn port(app: &App, request: &Request) -> Result<Outcome> {
    let workspace = app.workspace()?;
    let git = workspace.git().ok_or_else(|| {
        Error::no("there is no git repository here, so there are no branches").hint("run `palc init`")
    })?;
    let name = target(git, &request.to)?;
    let there = Source::Revision(workspace, name.clone());
    let (mut steps, mut back) = (Vec::new(), Vec::new());
    for typed in &request.names {
        // The prompt may be called something else on that branch.
        let path_there = |back: &Back, id: Option<&str>| {
            let by_id = id.and_then(|id| resolve::resolve(&there, workspace.root(), id).ok());
            Ok(by_id.map_or_else(|| back.path.clone(), |file| file.path))
        };
        let (one, new) = steps_for(app, git, typed, path_there)?;
        back.push(one);
        steps.extend(new);
    }
    let message = request.message.clone().unwrap_or_else(|| message(git, &back));
    if request.dry_run {
        let commit = commit::preview(app, git, &name, &steps, &message, request.options)?;
        return Ok(Outcome { back, commit });
    }
    let commit = commit::on_branch(app, git, &name, &steps, &message, request.options)?;
    Ok(Outcome { back, commit })
}

/// The full name of a branch that nobody has checked out.
fn target(git: &Git, branch: &str) -> Result<String> {
    let name = format!("refs/heads/{}", branch.trim_start_matches("refs/heads/"));
    let branches = git.refs("refs/heads/")?;
    if !branches.iter().any(|branch| branch.name == name) {
        let short = branches.iter().map(|branch| branch.name.trim_start_matches("refs/heads/"));
        return Err(Error::no(format!("there is no branch `{branch}`"))
            .hint_if(crate::base::near::nearest(branch, short).map(|near| format!("did you mean `{near}`?")))
            .hint(format!("`palc branch {branch}` makes one")));
    }
    if git.is_bare() {
        return Ok(name);
    }
    match git.checked_out(&name)? {
        None => Ok(name),
        Some(folder) if Some(folder.as_path()) == git.worktree() => {
            Err(Error::no(format!("`{branch}` is the branch you are on"))
                .hint("`palc restore NAME@VERSION` is for that"))
        }
        Some(folder) => Err(Error::no(format!("`{branch}` is checked out in {}", folder.display()))
            .hint("run `palc restore` there, so that its files agree with its branch")),
    }
}

fn message(git: &Git, back: &[Back]) -> String {
    let from = git.branch().map(|branch| format!(" from {branch}")).unwrap_or_default();
    let one = |back: &Back| match back.version {
        Some(version) => format!("{} version {version}", back.name),
        None => format!("{} at {}", back.name, &back.commit[..back.commit.len().min(10)]),
    };
    match back {
        [only] => format!("Port {}{from}", one(only)),
        several => {
            let lines: String = several.iter().map(|back| format!("- {}\n", one(back))).collect();
            format!("Port {} prompts{from}\n\n{lines}", several.len())
        }
    }
}
