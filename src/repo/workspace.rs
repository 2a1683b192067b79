//! Where the repository is: its root, its prompt roots, its derived data.

use std::path::{Component, Path, PathBuf};

use crate::base::{Error, Result};
use crate::git::Git;

use super::Layout;

/// The repository that a command works in.
#[derive(Debug)]
pub struct Workspace {
    /// The work tree's root, or the folder itself where there is no git.
    root: PathBuf,
    git: Option<Git>,
    layout: Layout,
}

impl Workspace {
    /// Find the repository around a folder. Without git, the nearest folder upwards with a `palc.toml` or one of the
    /// prompt roots counts, and failing that the folder itself.
    pub fn discover(folder: &Path) -> Result<Workspace> {
        let git = Git::discover(folder)?;
        let root = match &git {
            Some(git) => git.worktree().map_or_else(|| git.common_folder(), Path::to_owned),
            None => marked_root(folder).unwrap_or_else(|| folder.to_owned()),
        };
        Ok(Workspace { root, git, layout: Layout::default() })
    }

    /// The settings decide which files are prompts.
    #[must_use]
    pub fn laid_out(self, layout: Layout) -> Self {
        Workspace { layout, ..self }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn git(&self) -> Option<&Git> {
        self.git.as_ref()
    }

    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The folder of everything that can be derived again. Without git there is none, and nothing is kept.
    pub fn derived(&self) -> Option<PathBuf> {
        self.git.as_ref().map(|git| git.common_folder().join("palc"))
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A path as typed in some folder, relative to the root. Paths outside the repository are refused.
    pub fn relative(&self, folder: &Path, typed: &str) -> Result<String> {
        let absolute = normal(&folder.join(typed));
        let inside = absolute.strip_prefix(&self.root).ok().and_then(Path::to_str);
        inside
            .map(|path| path.replace('\\', "/"))
            .ok_or_else(|| Error::usage(format!("{typed} is outside the repository at {}", self.root.display())))
    }
}

fn marked_root(folder: &Path) -> Option<PathBuf> {
    let marked = |folder: &&Path| folder.join("palc.toml").is_file() || folder.join("prompts").is_dir();
    folder.ancestors().find(marked).map(Path::to_owned)
}

/// Resolve `.` and `..` by the text of the path alone.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}
