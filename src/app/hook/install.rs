//! Where the hook goes. A manager's configuration is its own: palc says what to write there and touches nothing.

use std::path::{Path, PathBuf};

use super::super::App;
use super::EVENT;
use crate::base::{Error, Result, disk, process};
use crate::git::{Git, Hooks};
use crate::repo::Workspace;

const COMMAND: &str = "palc hook run pre-commit";
/// What the user's own hook is called while palc's stands in its place.
const ASIDE: &str = "pre-commit.before-palc";
const SCRIPT: &str = "\
#!/bin/sh
# Written by `palc hook install`. `palc hook uninstall` puts back what was here before.
before=\"$(dirname \"$0\")/pre-commit.before-palc\"
if [ -x \"$before\" ]; then
    \"$before\" \"$@\" || exit $?
fi
if ! command -v palc >/dev/null 2>&1; then
    echo \"palc is not on the PATH, so prompts were not checked\" >&2
    exit 0
fi
exec palc hook run pre-commit
";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    pub way: Way,
    /// False where it was so already.
    pub changed: bool,
}

/// How git comes to run palc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// By `hook.palc` in the repository's own configuration, beside every other hook.
    Config,
    /// By a script in this place, which runs first what was there.
    Script { path: PathBuf, before: bool },
    /// By a program that manages hooks; these lines are for its configuration.
    Manager { name: &'static str, file: String, lines: &'static str },
}

pub fn install(app: &App) -> Result<Installed> {
    let (workspace, git) = place(app)?;
    if let Some(way) = manager(workspace, git) {
        return Ok(Installed { way, changed: false });
    }
    if knows_config_hooks() {
        let known = git.setting("hook.palc.command").is_some_and(|command| command == COMMAND);
        if !known {
            git.configure("hook.palc.command", Some(COMMAND))?;
            git.configure("hook.palc.event", Some(EVENT))?;
        }
        return Ok(Installed { way: Way::Config, changed: !known });
    }
    let path = git.common_folder().join("hooks").join(EVENT);
    let aside = path.with_file_name(ASIDE);
    let stands = path.symlink_metadata().is_ok();
    let before = aside.symlink_metadata().is_ok();
    if stands && is_ours(&path) {
        return Ok(Installed { way: Way::Script { path, before }, changed: false });
    }
    if stands && before && !is_same(&path, &aside) {
        return Err(Error::no(format!("{} is there already, and so is another hook", aside.display()))
            .hint("look at both, and remove or rename the one that you do not need"));
    }
    // Both names for one hook are what a killed palc left: the next step is the one that it did not reach.
    let aside_now = if stands && !before { Some(aside.as_path()) } else { None };
    disk::program::install(&path, SCRIPT.as_bytes(), aside_now)?;
    Ok(Installed { way: Way::Script { path, before: stands || before }, changed: true })
}

/// Everything is as it was before, byte for byte.
pub fn uninstall(app: &App) -> Result<Installed> {
    let (workspace, git) = place(app)?;
    let mut changed = false;
    if git.setting("hook.palc.command").is_some() {
        git.configure("hook.palc", None)?;
        changed = true;
    }
    let path = git.common_folder().join("hooks").join(EVENT);
    let aside = path.with_file_name(ASIDE);
    let before = aside.symlink_metadata().is_ok();
    if path.symlink_metadata().is_ok() && is_ours(&path) {
        match before {
            true => disk::program::put_back(&path, &aside)?,
            false => disk::remove(&path, disk::Expect::Whatever)?,
        }
        return Ok(Installed { way: Way::Script { path, before }, changed: true });
    }
    if before && path.symlink_metadata().is_err() {
        disk::program::put_back(&path, &aside)?;
        return Ok(Installed { way: Way::Script { path, before }, changed: true });
    }
    if !changed && let Some(way) = manager(workspace, git) {
        return Ok(Installed { way, changed });
    }
    Ok(Installed { way: Way::Config, changed })
}

fn place(app: &App) -> Result<(&Workspace, &Git)> {
    let workspace = app.place()?;
    let git = workspace
        .git()
        .ok_or_else(|| Error::no("there is no git repository here to hook into").hint("run `palc init`"))?;
    if git.is_bare() {
        return Err(Error::invalid("nobody commits in a bare repository, so it has no use for this hook"));
    }
    Ok((workspace, git))
}

/// Who else looks after hooks here.
fn manager(workspace: &Workspace, git: &Git) -> Option<Way> {
    let root = workspace.root();
    let first = |names: &[&str]| names.iter().find(|name| root.join(name).exists()).map(|name| (*name).to_owned());
    if let Some(file) = first(&[".pre-commit-config.yaml"]) {
        let lines = "- repo: local\n  hooks:\n    - id: palc\n      name: palc\n      entry: palc hook run pre-commit\n      \
                     language: system\n      pass_filenames: false\n";
        return Some(Way::Manager { name: "pre-commit", file, lines });
    }
    if let Some(file) = first(&["lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml", "lefthook.toml"]) {
        let lines = "pre-commit:\n  commands:\n    palc:\n      run: palc hook run pre-commit\n";
        return Some(Way::Manager { name: "lefthook", file, lines });
    }
    let lines = "palc hook run pre-commit\n";
    if let Some(folder) = first(&[".husky"]) {
        return Some(Way::Manager { name: "husky", file: format!("{folder}/{EVENT}"), lines });
    }
    let hooks = Hooks::of(git);
    let folder = hooks.is_moved().then(|| hooks.folder())?;
    let file = folder.strip_prefix(root).unwrap_or(&folder).join(EVENT);
    Some(Way::Manager { name: "core.hooksPath", file: file.display().to_string(), lines })
}

/// Since git 2.54 hooks can stand in the configuration.
fn knows_config_hooks() -> bool {
    let version = process::version("git").ok().flatten().unwrap_or_default();
    let numbers = version.trim_start_matches("git version ").split('.').map(str::parse::<u32>);
    let mut numbers = numbers.map_while(std::result::Result::ok);
    (numbers.next(), numbers.next()) >= (Some(2), Some(54))
}

fn is_ours(path: &Path) -> bool {
    !path.is_symlink() && std::fs::read(path).is_ok_and(|bytes| bytes == SCRIPT.as_bytes())
}

#[cfg(unix)]
fn is_same(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let inode = |path: &Path| path.symlink_metadata().map(|it| (it.dev(), it.ino())).ok();
    inode(one).is_some() && inode(one) == inode(other)
}

#[cfg(not(unix))]
fn is_same(_: &Path, _: &Path) -> bool {
    false
}
