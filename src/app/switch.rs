//! Go to another branch, as `git switch` does and by it: nobody keeps a work tree as safe.

use crate::base::near::nearest;
use crate::base::{Error, Kind, Result};
use crate::git::Git;

use super::App;

#[derive(Debug)]
pub struct Request {
    pub branch: String,
    pub create: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub branch: String,
    pub before: Option<String>,
    /// None on a branch without a commit.
    pub commit: Option<String>,
}

pub fn switch(app: &App, request: &Request) -> Result<Outcome> {
    let git: &Git = app.workspace()?.git().ok_or_else(|| {
        Error::no("there is no git repository here, so there are no branches").hint("run `palc init`")
    })?;
    if git.is_bare() {
        return Err(Error::invalid("a bare repository has no files to switch").hint("work in a clone of it"));
    }
    let before = git.branch();
    let branches = git.refs("refs/heads/")?;
    let names = || branches.iter().map(|branch| branch.name.trim_start_matches("refs/heads/"));
    if !request.create && !names().any(|name| name == request.branch) {
        let near = nearest(&request.branch, names());
        return Err(Error::no(format!("there is no branch `{}`", request.branch))
            .hint_if(near.map(|near| format!("did you mean `{near}`?")))
            .hint(format!("palc switch --create {} makes it", request.branch)));
    }
    git.switch(&request.branch, request.create).map_err(|error| match error.kind() {
        Kind::No => error.hint("`palc commit` or `palc checkpoint` keeps what you have"),
        _ => error,
    })?;
    Ok(Outcome { branch: request.branch.clone(), before, commit: git.head()?.commit })
}
