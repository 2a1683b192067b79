//! What is going on in a repository, for people who wonder.

use gix::state::InProgress;

use super::Git;
use crate::base::{Error, Result};

impl Git {
    /// The branch, without `refs/heads/`; none where HEAD is detached.
    pub fn branch(&self) -> Option<String> {
        let name = self.repo().head_name().ok().flatten()?;
        Some(name.shorten().to_string())
    }

    /// What was begun and not finished: `a merge`.
    pub fn in_progress(&self) -> Option<&'static str> {
        Some(match self.repo().state()? {
            InProgress::ApplyMailbox | InProgress::ApplyMailboxRebase => "the application of a mailbox",
            InProgress::Bisect => "a bisection",
            InProgress::CherryPick | InProgress::CherryPickSequence => "a cherry-pick",
            InProgress::Merge => "a merge",
            InProgress::Rebase | InProgress::RebaseInteractive => "a rebase",
            InProgress::Revert | InProgress::RevertSequence => "a revert",
        })
    }

    /// A setting of git, from whatever file or variable.
    pub fn setting(&self, key: &str) -> Option<String> {
        self.repo().config_snapshot().string(key).map(|value| value.to_string())
    }

    /// Set a value in the repository's own configuration, or remove a whole section.
    pub fn configure(&self, key: &str, value: Option<&str>) -> Result<()> {
        let program = self.program().args(["config", "--local"]);
        let program = match value {
            Some(value) => program.args([key, value]),
            None => program.args(["--remove-section", key]),
        };
        let ended = program.run()?;
        match ended.is_success() {
            true => Ok(()),
            false => Err(Error::storage(format!("git cannot change its setting {key}")).because(ended.complaint())),
        }
    }

    /// Whether older history was left out when the repository was cloned.
    pub fn is_shallow(&self) -> bool {
        self.repo().is_shallow().unwrap_or(false)
    }

    /// Whether the work tree shares its repository with another one.
    pub fn is_linked_worktree(&self) -> bool {
        self.own_folder() != self.common_folder()
    }

    /// Whether git knows who commits here.
    pub fn knows_committer(&self) -> bool {
        self.repo().committer().is_some_and(|committer| committer.is_ok())
    }
}
