//! Branches, the worktrees they are checked out in, and other refs by their beginning.

use std::path::PathBuf;

use super::Git;
use super::session::unwritten;
use crate::base::process::Ended;
use crate::base::{Error, Result};

/// A ref that names a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ref {
    /// In full, `refs/heads/main`.
    pub name: String,
    pub commit: String,
}

impl Git {
    /// All refs below a prefix, in the order of their names.
    pub fn refs(&self, prefix: &str) -> Result<Vec<Ref>> {
        let repo = self.repo();
        let refs = repo.references().map_err(unwritten)?;
        let mut found = Vec::new();
        for one in refs.prefixed(prefix).map_err(unwritten)?.filter_map(std::result::Result::ok) {
            let name = one.name().as_bstr().to_string();
            if let Some(id) = one.try_id() {
                found.push(Ref { name, commit: id.to_string() });
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// The branch that others are merged into: what the remote says, else `main` or `master`, else the current one.
    pub fn main_branch(&self) -> Result<Option<String>> {
        let repo = self.repo();
        let remote = repo.try_find_reference("refs/remotes/origin/HEAD").map_err(unwritten)?;
        let remote = remote.and_then(|head| {
            let name = head.target().try_name()?.as_bstr().to_string();
            Some(name.strip_prefix("refs/remotes/origin/")?.to_owned())
        });
        let exists = |name: &String| {
            repo.try_find_reference(format!("refs/heads/{name}").as_str()).is_ok_and(|found| found.is_some())
        };
        let usual = ["main", "master"].map(str::to_owned);
        Ok(remote.into_iter().chain(usual).find(exists).or_else(|| self.branch()))
    }

    /// Where a branch is checked out, if anywhere: moving it would make that work tree look changed.
    pub fn checked_out(&self, branch: &str) -> Result<Option<PathBuf>> {
        let ended = self.program().args(["worktree", "list", "--porcelain", "-z"]).run()?;
        let listed = succeeded(&ended, "list its worktrees")?;
        let wanted = format!("branch {branch}");
        let mut folder = None;
        for line in listed.split('\0') {
            match line.strip_prefix("worktree ") {
                Some(path) => folder = Some(PathBuf::from(path)),
                None if line == wanted => return Ok(folder),
                None => {}
            }
        }
        Ok(None)
    }

    pub fn create_branch(&self, name: &str, start: &str) -> Result<()> {
        let ended = self.program().args(["branch", "--no-track", "--end-of-options", name, start]).run()?;
        if ended.is_success() { Ok(()) } else { Err(declined(&ended)) }
    }

    /// Delete a branch; the caller knows whether its work is elsewhere.
    pub fn delete_branch(&self, name: &str) -> Result<()> {
        let ended = self.program().args(["branch", "--quiet", "-D", "--end-of-options", name]).run()?;
        if ended.is_success() { Ok(()) } else { Err(declined(&ended)) }
    }

    /// Move the work tree to a branch. Git refuses where changes would be lost.
    pub fn switch(&self, name: &str, create: bool) -> Result<()> {
        let how: &[&str] = if create { &["--create"] } else { &["--no-guess"] };
        let ended = self.program().arg("switch").arg("--quiet").args(how).arg(name).run()?;
        if ended.is_success() { Ok(()) } else { Err(declined(&ended)) }
    }

    /// The tree that merging one commit into another would make; none where they are in conflict.
    pub fn merged_tree(&self, ours: &str, theirs: &str) -> Result<Option<String>> {
        let ended = self.program().args(["merge-tree", "--write-tree", "--no-messages", ours, theirs]).run()?;
        Ok(ended.is_success().then(|| ended.text()))
    }
}

fn succeeded(ended: &Ended, what: &str) -> Result<String> {
    match ended.is_success() {
        true => Ok(ended.text()),
        false => Err(Error::storage(format!("git cannot {what}")).because(ended.complaint())),
    }
}

/// Git words its own refusals well: the first line says what is wrong, files stand indented below.
fn declined(ended: &Ended) -> Error {
    let complaint = ended.complaint();
    let first = complaint.lines().next().unwrap_or("git refused");
    let first = first.trim_start_matches("fatal: ").trim_start_matches("error: ");
    let files: Vec<&str> = complaint.lines().filter_map(|line| line.strip_prefix('\t')).collect();
    match &files[..] {
        [] => Error::no(first),
        files => Error::no(format!("{} {}", first, files.join(", "))),
    }
}
