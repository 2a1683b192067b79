//! The user's hooks, run as `git commit` runs them: by the git program, which knows about hooks in the configuration,
//! about core.hooksPath, and about what comes next.

use std::path::{Path, PathBuf};

use super::Git;
use crate::base::{Error, Result};

/// The hooks of a repository.
pub struct Hooks<'g> {
    git: &'g Git,
    repo: gix::Repository,
}

impl<'g> Hooks<'g> {
    pub fn of(git: &'g Git) -> Hooks<'g> {
        Hooks { git, repo: git.repo() }
    }

    /// The folder of hook files: core.hooksPath if it is set.
    pub fn folder(&self) -> PathBuf {
        let set = self.repo.config_snapshot().trusted_path("core.hooksPath").ok().flatten();
        match set {
            // A relative one counts from where hooks run.
            Some(path) => self.git.worktree().unwrap_or_else(|| self.git.own_folder()).join(&*path),
            None => self.git.common_folder().join("hooks"),
        }
    }

    /// Whether core.hooksPath moves the hooks elsewhere.
    pub fn is_moved(&self) -> bool {
        self.repo.config_snapshot().string("core.hooksPath").is_some()
    }

    /// Whether there is anything to run for an event. Cheap: the usual answer is no.
    pub fn exists(&self, event: &str) -> bool {
        is_program(&self.folder().join(event)) || self.is_configured(event)
    }

    /// Run the hooks of an event with the index they are to see. False if one of them says no.
    pub fn run(&self, event: &str, arguments: &[&str], index: &Path, variables: &[(&str, String)]) -> Result<bool> {
        if !self.exists(event) {
            return Ok(true);
        }
        let mut program = self.git.program().args(["hook", "run", "--ignore-missing", event, "--"]).args(arguments);
        program = program.set("GIT_INDEX_FILE", index);
        for (name, value) in variables {
            program = program.set(name, value);
        }
        let ended = program.show()?;
        match ended.code {
            Some(0) => Ok(true),
            Some(_) => Ok(false),
            None => Err(Error::storage(format!("the {event} hook was killed"))),
        }
    }

    /// Hooks in the configuration: `hook.<name>.event`, since git 2.54.
    fn is_configured(&self, event: &str) -> bool {
        let config = self.repo.config_snapshot();
        let sections = config.plumbing().sections_by_name("hook").into_iter().flatten();
        sections
            .into_iter()
            .any(|section| section.values("event").iter().any(|value| value.as_slice() == event.as_bytes()))
    }
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

impl std::fmt::Debug for Hooks<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hooks").field("git", self.git).finish_non_exhaustive()
    }
}
