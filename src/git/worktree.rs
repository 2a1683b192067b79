//! Files of the work tree as git would store them.

use std::path::Path;

use gix::bstr::BStr;

use super::Git;
use super::index::Staged;
use super::session::{Entry, Mode, Step, entry_in, unwritten};
use crate::base::{Error, Result};

impl Git {
    /// Store files of the work tree, through the user's filters (line ends, LFS). A file that is not there is a step
    /// that removes it.
    pub fn take_files<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> Result<Vec<Step>> {
        let repo = self.repo();
        let root = self.worktree().ok_or_else(|| Error::bug("a bare repository has no files to store"))?;
        let staged = self.staged(None)?;
        let (mut pipeline, index) = repo.filter_pipeline(None).map_err(unwritten)?;
        let mut steps = Vec::new();
        for path in paths {
            must_be_ours(root, path, &staged)?;
            let taken = pipeline.worktree_file_to_object(BStr::new(path), &index);
            let taken = taken.map_err(|error| Error::storage(format!("git cannot store {path}")).because(error))?;
            let entry = match taken {
                Some((id, kind, _)) => Mode::of(kind).map(|mode| Entry { id: id.to_string(), mode }),
                None if root.join(path).symlink_metadata().is_ok() => {
                    return Err(Error::invalid(format!("{path} is no file that git can store")));
                }
                None if staged.is_left_out(path) => {
                    let why = format!("{path} is left out of this work tree (sparse checkout)");
                    return Err(Error::invalid(why).hint(format!("git sparse-checkout add {path}")));
                }
                None => None,
            };
            steps.push(Step { path: path.to_owned(), entry });
        }
        self.keep_modes(&repo, &mut steps)?;
        Ok(steps)
    }

    /// What stands at a path of a commit.
    pub fn entry(&self, commit: Option<&str>, path: &str) -> Result<Option<Entry>> {
        entry_in(&self.repo(), commit, path)
    }

    /// A blob as a file of the work tree: through the same filters, backwards.
    pub fn to_worktree(&self, path: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        use std::io::Read as _;
        let repo = self.repo();
        let (mut pipeline, _) = repo.filter_pipeline(None).map_err(unwritten)?;
        let options = Default::default();
        let mut converted = pipeline.convert_to_worktree(bytes, BStr::new(path), options).map_err(unwritten)?;
        let mut out = Vec::new();
        converted.read_to_end(&mut out).map_err(unwritten)?;
        Ok(out)
    }

    /// Where the file system knows no executable files or no links, what was committed before tells.
    fn keep_modes(&self, repo: &gix::Repository, steps: &mut [Step]) -> Result<()> {
        let config = repo.config_snapshot();
        let (modes, links) = (config.boolean("core.fileMode"), config.boolean("core.symlinks"));
        if modes != Some(false) && links != Some(false) {
            return Ok(());
        }
        let head = self.head()?.commit;
        for step in steps {
            let Some(entry) = &mut step.entry else { continue };
            let before = entry_in(repo, head.as_deref(), &step.path)?.map(|entry| entry.mode);
            entry.mode = match (entry.mode, before) {
                (Mode::File | Mode::Executable, Some(Mode::Link)) if links == Some(false) => Mode::Link,
                (Mode::File | Mode::Executable, Some(Mode::Executable)) if modes == Some(false) => Mode::Executable,
                (Mode::Executable, _) if modes == Some(false) => Mode::File,
                (mode, _) => mode,
            };
        }
        Ok(())
    }
}

/// Git stores no file that lies in a submodule or beyond a link.
fn must_be_ours(root: &Path, path: &str, staged: &Staged) -> Result<()> {
    if let Some(submodule) = staged.submodule_of(path) {
        return Err(Error::invalid(format!("{path} is in the submodule {submodule}"))
            .hint(format!("commit it there: palc -C {submodule} commit")));
    }
    for (at, _) in path.match_indices('/') {
        let folder = root.join(&path[..at]);
        if folder.is_symlink() {
            return Err(Error::invalid(format!(
                "{path} is beyond the link {}, which git does not follow",
                &path[..at]
            )));
        }
        if folder.join(".git").exists() {
            return Err(Error::invalid(format!("{path} is in another repository, {}", &path[..at])));
        }
    }
    Ok(())
}
