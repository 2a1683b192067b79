//! Moving a ref: compared with what it was, locked so that git sees it, and noted in the reflog.

use std::path::PathBuf;

use super::Git;
use super::hooks::Hooks;
use super::session::{Dates, Session, unwritten};
use super::sign;
use crate::base::disk::{self, Durability};
use crate::base::{Error, Result};

/// A ref on its way from one commit to another.
#[derive(Debug)]
pub struct Move<'a> {
    /// `refs/heads/main`, or `HEAD` where it is detached.
    pub name: &'a str,
    /// What it must be now; None if it must not exist.
    pub from: Option<&'a str>,
    pub to: &'a str,
    /// What the reflog says of it.
    pub log: &'a str,
    pub dates: Dates,
}

impl Session {
    /// Move a ref. False if it is not where it was believed to be: somebody else was faster.
    pub fn move_ref(&self, step: &Move<'_>) -> Result<bool> {
        if self.needs_git() {
            return self.move_by_git(step);
        }
        let path = self.path_of(step.name);
        let mut claim = self.claim(&path)?;
        if self.value(step.name)?.as_deref() != step.from {
            return Ok(false);
        }
        if step.from.is_none() {
            self.must_fit(step.name)?;
        }
        claim.write(format!("{}\n", step.to).as_bytes(), Durability::Synced)?;
        self.note(step)?;
        claim.publish()?;
        Ok(true)
    }

    /// What a ref names at this moment.
    pub fn value(&self, name: &str) -> Result<Option<String>> {
        let found = self.repo.try_find_reference(name).map_err(unwritten)?;
        Ok(found.and_then(|found| found.try_id().map(|id| id.to_string())))
    }

    /// Delete a ref, if it is what it is believed to be.
    pub fn delete_ref(&self, name: &str, value: &str) -> Result<()> {
        let ended = self.git.program().args(["update-ref", "-d", name, value]).run()?;
        if ended.is_success() { Ok(()) } else { Err(refused(name, &ended.complaint())) }
    }

    /// A hook that watches refs, or a store of refs that is not made of files, is git's own business.
    fn needs_git(&self) -> bool {
        let stored = self.repo.config_snapshot().string("extensions.refStorage");
        stored.is_some_and(|kind| kind.as_slice() != b"files") || Hooks::of(&self.git).exists("reference-transaction")
    }

    fn move_by_git(&self, step: &Move<'_>) -> Result<bool> {
        let zero = "0".repeat(step.to.len());
        let from = step.from.unwrap_or(&zero);
        let name = if self.head()?.name.as_deref() == Some(step.name) { "HEAD" } else { step.name };
        let ended = self.git.program().args(["update-ref", "-m", step.log, name, step.to, from]).run()?;
        match ended.is_success() {
            true => Ok(true),
            false if self.value(step.name)?.as_deref() != step.from => Ok(false),
            false => Err(refused(step.name, &ended.complaint())),
        }
    }

    /// Refs of one worktree live in its own folder, all others in the common one.
    fn path_of(&self, name: &str) -> PathBuf {
        let own = !name.starts_with("refs/")
            || ["refs/bisect/", "refs/worktree/", "refs/rewritten/"].iter().any(|prefix| name.starts_with(prefix));
        if own { self.git.own_folder().join(name) } else { self.git.common_folder().join(name) }
    }

    /// `a` and `a/b` cannot both be refs.
    fn must_fit(&self, name: &str) -> Result<()> {
        let taken = |other: &str| Error::no(format!("there is a ref {other}, so there cannot be {name}"));
        for (at, _) in name.match_indices('/').skip(2) {
            if self.value(&name[..at])?.is_some() {
                return Err(taken(&name[..at]));
            }
        }
        let refs = self.repo.references().map_err(unwritten)?;
        let below = refs.prefixed(format!("{name}/").as_str()).map_err(unwritten)?.flatten().next();
        below.map_or(Ok(()), |other| Err(taken(&other.name().as_bstr().to_string())))
    }

    /// One line in the log of the ref, and in that of HEAD if it is on it.
    fn note(&self, step: &Move<'_>) -> Result<()> {
        let zero = "0".repeat(step.to.len());
        let who = sign::line(&self.repo, step.dates)?;
        let subject = step.log.lines().next().unwrap_or_default();
        let line = format!("{} {} {who}\t{subject}", step.from.unwrap_or(&zero), step.to);
        let logs = self.git.common_folder().join("logs");
        let head = self.git.own_folder().join("logs/HEAD");
        let mut files = vec![];
        if step.name == "HEAD" || self.head()?.name.as_deref() == Some(step.name) {
            files.push((head, true));
        }
        if step.name != "HEAD" {
            let usual = ["refs/heads/", "refs/remotes/", "refs/notes/"].iter().any(|it| step.name.starts_with(it));
            files.push((logs.join(step.name), usual));
        }
        for (file, usual) in files {
            if file.exists() || self.logs_begin(usual) {
                disk::append(&file, line.as_bytes(), Durability::Eventual)?;
            }
        }
        Ok(())
    }

    /// Whether a log is begun where there is none yet.
    fn logs_begin(&self, usual: bool) -> bool {
        let config = self.repo.config_snapshot();
        let all = config.string("core.logAllRefUpdates").is_some_and(|value| value.eq_ignore_ascii_case(b"always"));
        all || usual && config.boolean("core.logAllRefUpdates").unwrap_or(!self.git.is_bare())
    }
}

impl Git {
    /// The git program, in this repository.
    pub fn program(&self) -> crate::base::process::Program {
        let folder = self.worktree().unwrap_or_else(|| self.own_folder());
        crate::base::process::Program::new("git", folder)
    }
}

fn refused(name: &str, complaint: &str) -> Error {
    Error::storage(format!("git did not change {name}")).because(complaint.to_owned())
}
