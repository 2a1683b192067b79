//! Files of the work tree as git would store them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::Path;

use gix::bstr::BStr;
use gix::filter::Pipeline;
use gix::index::entry::{Flags, Mode as IndexMode, Stat};
use gix::worktree::stack::state::attributes::Source;

use super::Git;
use super::index::Staged;
use super::session::{Entry, Mode, Step, entry_in, unwritten};
use crate::base::{Error, Result};

impl Git {
    /// Store files of the work tree, through the user's filters (line ends, LFS). A file that is not there is a step
    /// that removes it.
    pub fn take_files<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> Result<Vec<Step>> {
        let repo = self.filtering();
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

    /// Files of the work tree as git would store them: line endings and filters as the attributes want them. Those
    /// that are not there are left out.
    pub fn as_stored<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> Result<BTreeMap<String, Vec<u8>>> {
        let repo = self.filtering();
        let root = repo.workdir().ok_or_else(|| Error::bug("a bare repository has no files"))?.to_owned();
        let paths: Vec<&str> = paths.into_iter().collect();
        let (mut pipeline, index) = filters(&repo, &paths).map_err(unreadable)?;
        let mut stored = BTreeMap::new();
        for path in paths {
            let Ok(file) = std::fs::File::open(root.join(path)) else { continue };
            let mut bytes = Vec::new();
            let mut read = pipeline.convert_to_git(file, Path::new(path), &index).map_err(unreadable)?;
            let failed = |error| Error::storage(format!("cannot read {path}")).because(error);
            read.read_to_end(&mut bytes).map_err(failed)?;
            stored.insert(path.to_owned(), bytes);
        }
        Ok(stored)
    }

    /// What stands at a path of a commit.
    pub fn entry(&self, commit: Option<&str>, path: &str) -> Result<Option<Entry>> {
        entry_in(&self.repo(), commit, path)
    }

    /// A blob as a file of the work tree: through the same filters, backwards.
    pub fn to_worktree(&self, path: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        let repo = self.filtering();
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

/// Filters for looking at a few files. Besides the work tree they ask an index for attributes that are not on disk, and
/// whether a file had its line endings before. To read that of a large repository takes longer than all the rest, so
/// they are given one of the entries that concern these files, as they are in the last commit.
fn filters<'r>(
    repo: &'r gix::Repository,
    paths: &[&str],
) -> std::result::Result<(Pipeline<'r>, gix::index::State), gix::Error> {
    let mut index = gix::index::State::new(repo.object_hash());
    let head = repo.find_tree(repo.head_tree_id_or_empty()?)?;
    for path in paths.iter().flat_map(|path| concerning(path)).collect::<BTreeSet<String>>() {
        if let Some(entry) = head.lookup_entry_by_path(&path)?.filter(|entry| entry.mode().is_blob()) {
            let (id, mode) = (entry.object_id(), IndexMode::from(entry.mode()));
            index.dangerously_push_entry(Stat::default(), id, Flags::empty(), mode, path.as_str().into());
        }
    }
    index.sort_entries();
    let attributes = repo.attributes_only(&index, Source::WorktreeThenIdMapping)?.detach();
    Ok((Pipeline::new(repo, attributes)?, index))
}

/// A file, and the files that may say something of it.
fn concerning(path: &str) -> impl Iterator<Item = String> {
    let above = path.match_indices('/').map(|(at, _)| &path[..=at]);
    let attributes = std::iter::once("").chain(above).map(|folder| format!("{folder}.gitattributes"));
    attributes.chain(std::iter::once(path.to_owned()))
}

fn unreadable(error: gix::Error) -> Error {
    Error::storage("git cannot tell how it would store a file").because(error)
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
