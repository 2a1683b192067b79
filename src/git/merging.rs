//! Merging, done by the git program: finding renames, keeping the work tree, the index and an unfinished merge in order
//! are what people trust git with, and every file that is no prompt is to be merged exactly as git does. palc only says
//! how prompts are merged, as a driver that git calls.

use std::path::Path;

use super::Git;
use crate::base::env::MERGE_KEEP;
use crate::base::process::{Ended, Program};
use crate::base::{Error, Result};

/// How git is to merge prompts in one run, whatever the repository's own settings and attributes are.
#[derive(Debug)]
pub struct Driving<'a> {
    /// The command line of the driver.
    pub driver: &'a str,
    /// A file of attributes that names the driver. Those of the repository win over it.
    pub attributes: &'a Path,
    /// Where the driver keeps what it was given.
    pub keep: &'a Path,
}

/// How a merge ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    UpToDate,
    FastForward,
    Merged,
    /// Some files wait for a decision.
    Conflicts,
}

/// A path that waits for a decision, and what both sides did to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unmerged {
    pub path: String,
    pub why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    BothChanged,
    BothAdded,
    BothDeleted,
    WeDeleted,
    TheyDeleted,
    /// Only one side has it here, after a rename of the other.
    WeAdded,
    TheyAdded,
}

/// A merge that only exists as a tree.
#[derive(Debug)]
pub struct MergedTree {
    pub tree: String,
    /// The paths whose conflicts stand in the tree.
    pub unmerged: Vec<String>,
}

/// Choices of `git merge`.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    pub message: Option<String>,
    /// Make a commit even where the branch could just move on.
    pub no_ff: bool,
    pub ff_only: bool,
    pub no_verify: bool,
}

impl Git {
    /// Merge a revision into the branch that is checked out. Gives what git and its hooks said besides.
    pub fn merge(&self, driving: &Driving<'_>, revision: &str, choices: &Choices) -> Result<(Ending, String)> {
        let before = self.head()?.commit;
        let mut program = self.driven(driving).args(["merge", "--no-edit", "--no-stat"]);
        for (wanted, flag) in
            [(choices.no_ff, "--no-ff"), (choices.ff_only, "--ff-only"), (choices.no_verify, "--no-verify")]
        {
            program = if wanted { program.arg(flag) } else { program };
        }
        if let Some(message) = &choices.message {
            program = program.arg("-m").arg(message);
        }
        let ended = program.arg("--").arg(revision).run()?;
        let said = ended.complaint();
        if !ended.is_success() {
            let waits = self.in_progress() == Some("a merge");
            return if waits { Ok((Ending::Conflicts, said)) } else { Err(refused("git did not merge", &ended)) };
        }
        let after = self.head()?.commit;
        let parents = match &after {
            Some(id) if after != before => self.reader().commit(id)?.parents.len(),
            _ => return Ok((Ending::UpToDate, said)),
        };
        // A merge commit that is fast-forwarded to has two parents as well, but ours is not the first of them.
        let is_ours = parents > 1 && after.as_deref().is_some_and(|id| self.first_parent(id) == before);
        Ok((if is_ours { Ending::Merged } else { Ending::FastForward }, said))
    }

    /// Merge two commits into a tree, without any work tree.
    pub fn merge_tree(&self, driving: &Driving<'_>, ours: &str, theirs: &str) -> Result<MergedTree> {
        let program = self.driven(driving).args(["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages"]);
        let ended = program.args([ours, theirs]).run()?;
        if !matches!(ended.code, Some(0 | 1)) {
            return Err(refused("git did not merge", &ended).hint("this needs git 2.38 or later"));
        }
        let text = ended.text();
        let mut parts = text.split('\0').filter(|part| !part.is_empty());
        let tree = parts.next().unwrap_or_default().to_owned();
        let mut unmerged: Vec<String> = parts.map(str::to_owned).collect();
        unmerged.dedup();
        Ok(MergedTree { tree, unmerged })
    }

    /// The paths that wait for a decision.
    pub fn unmerged(&self) -> Result<Vec<Unmerged>> {
        let ended =
            self.program().args(["status", "--porcelain", "-z", "--untracked-files=no", "--no-renames"]).run()?;
        if !ended.is_success() {
            return Err(refused("git does not say what waits", &ended));
        }
        let text = ended.text();
        let mut found: Vec<Unmerged> = text.split('\0').filter_map(unmerged).collect();
        found.sort();
        Ok(found)
    }

    /// Tell git that a path is settled as it is in the work tree.
    pub fn settle_path(&self, path: &str) -> Result<()> {
        let ended = self.program().args(["--literal-pathspecs", "add", "--", path]).run()?;
        if ended.is_success() { Ok(()) } else { Err(refused(&format!("git did not take {path}"), &ended)) }
    }

    /// Commit an unfinished merge. Gives what git and its hooks said.
    pub fn conclude_merge(&self) -> Result<String> {
        // The message is there already; git would open an editor to show it.
        let ended = self.program().set("GIT_EDITOR", ":").args(["merge", "--continue"]).run()?;
        if ended.is_success() { Ok(ended.complaint()) } else { Err(refused("git did not commit the merge", &ended)) }
    }

    pub fn abort_merge(&self) -> Result<()> {
        let ended = self.program().args(["merge", "--abort"]).run()?;
        if ended.is_success() { Ok(()) } else { Err(refused("git did not take the merge back", &ended)) }
    }

    pub fn is_ancestor(&self, one: &str, other: &str) -> Result<bool> {
        let ended = self.program().args(["merge-base", "--is-ancestor", one, other]).run()?;
        match ended.code {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => Err(refused("git cannot compare the two", &ended)),
        }
    }

    /// The folder in which a branch is checked out, if it is.
    pub fn checkout_of(&self, branch: &str) -> Result<Option<String>> {
        let ended = self.program().args(["worktree", "list", "--porcelain"]).run()?;
        let text = ended.text();
        let mut folder = None;
        for line in text.lines() {
            if let Some(path) = line.strip_prefix("worktree ") {
                folder = Some(path.to_owned());
            } else if line.strip_prefix("branch refs/heads/") == Some(branch) {
                return Ok(folder);
            }
        }
        Ok(None)
    }

    fn first_parent(&self, commit: &str) -> Option<String> {
        self.reader().commit(commit).ok()?.parents.into_iter().next()
    }

    fn driven(&self, driving: &Driving<'_>) -> Program {
        let setting = |key: &str, value: &str| format!("{key}={value}");
        self.program()
            .args(["-c", "merge.palc.name=prompts by field"])
            .args(["-c", &setting("merge.palc.driver", driving.driver)])
            .args(["-c", &setting("core.attributesFile", &driving.attributes.to_string_lossy())])
            .set(MERGE_KEEP, driving.keep)
    }
}

fn unmerged(line: &str) -> Option<Unmerged> {
    let (code, path) = line.split_at_checked(3)?;
    let why = match code.trim_end() {
        "UU" => Why::BothChanged,
        "AA" => Why::BothAdded,
        "DD" => Why::BothDeleted,
        "DU" => Why::WeDeleted,
        "UD" => Why::TheyDeleted,
        "AU" => Why::WeAdded,
        "UA" => Why::TheyAdded,
        _ => return None,
    };
    Some(Unmerged { path: path.to_owned(), why })
}

fn refused(what: &str, ended: &Ended) -> Error {
    let complaint = ended.complaint();
    let why = if complaint.is_empty() { ended.text() } else { complaint };
    Error::storage(what).because(why)
}
