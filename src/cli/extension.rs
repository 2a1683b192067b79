//! Commands of other people: a program `palc-NAME` on the PATH is the command `palc NAME`.
//!
//! Only what the user has put on the PATH by a full path counts, and never what lies in the repository itself: a clone
//! that could bring a program would be a clone that runs it.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _};

use super::Cli;
use super::Global;
use super::groups;
use crate::base::env::{self, Env};
use crate::base::process::{self, Program};
use crate::base::{Error, Result};
use crate::repo::Workspace;

const PREFIX: &str = "palc-";

/// What became of a command that palc does not know.
pub enum Known {
    /// No such program either.
    No,
    /// There is one, where none is taken from.
    Untrusted(PathBuf),
    Ran(Result<u8>),
}

/// Run the program that these arguments ask for, if there is one.
pub fn run(env: &Env, arguments: &[OsString]) -> Known {
    let command = groups::grouped(Cli::command(), &[]).allow_external_subcommands(true);
    let Ok(matches) = command.try_get_matches_from(arguments) else { return Known::No };
    let Some((name, inner)) = matches.subcommand() else { return Known::No };
    let rest = inner.try_get_many::<OsString>("").ok().flatten();
    let (name, rest): (String, Vec<OsString>) = match rest {
        Some(rest) => (name.to_owned(), rest.cloned().collect()),
        None => return Known::No,
    };
    let mut env = env.clone();
    match Global::from_arg_matches(&matches) {
        Ok(Global { folder: Some(folder), .. }) => env.enter(&folder),
        Ok(_) => {}
        Err(_) => return Known::No,
    }
    match find(&env, &name) {
        Some(Found { path, is_trusted: true }) => Known::Ran(start(&env, &path, &rest, &matches)),
        Some(Found { path, .. }) => Known::Untrusted(path),
        None => Known::No,
    }
}

/// `palc help NAME`: a program says itself how it is used.
pub fn help(env: &Env, name: &OsString) -> Known {
    match name.to_str().and_then(|name| find(env, name)) {
        Some(Found { path, is_trusted: true }) => Known::Ran(hand_over(env, &path, &["--help".into()], None)),
        _ => Known::No,
    }
}

/// The names of all such programs.
pub fn all(env: &Env) -> Vec<String> {
    let home = root(env);
    let mut names = BTreeSet::new();
    for folder in folders(env).filter(|folder| is_trusted(folder, home.as_deref())) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let file = entry.file_name();
            let name = file.to_str().and_then(|file| file.strip_prefix(PREFIX));
            let name = name.map(|name| name.strip_suffix(std::env::consts::EXE_SUFFIX).unwrap_or(name));
            let own = |name: &&str| is_name(name) && Cli::command().find_subcommand(name).is_none();
            if process::is_program(&entry.path()) && is_trusted(&entry.path(), home.as_deref()) {
                names.extend(name.filter(own).map(str::to_owned));
            }
        }
    }
    names.into_iter().collect()
}

struct Found {
    path: PathBuf,
    is_trusted: bool,
}

/// The first one that may be run, or else the first one.
fn find(env: &Env, name: &str) -> Option<Found> {
    if !is_name(name) {
        return None;
    }
    let home = root(env);
    let file = format!("{PREFIX}{name}{}", std::env::consts::EXE_SUFFIX);
    let mut refused = None;
    for folder in folders(env) {
        let path = env.folder().join(&folder).join(&file);
        if !process::is_program(&path) {
            continue;
        }
        if is_trusted(&folder, home.as_deref()) && is_trusted(&path, home.as_deref()) {
            return Some(Found { path, is_trusted: true });
        }
        refused.get_or_insert(Found { path, is_trusted: false });
    }
    refused
}

/// The folders of the PATH as they are written.
fn folders(env: &Env) -> impl Iterator<Item = PathBuf> {
    let path = env.get(env::PATH).unwrap_or_default().to_owned();
    std::env::split_paths(&path).collect::<Vec<_>>().into_iter()
}

/// Whether a path is a full one that leads, through all links, to outside of the repository.
fn is_trusted(path: &Path, home: Option<&Path>) -> bool {
    let inside = |path: &Path| home.is_some_and(|home| path.starts_with(home));
    path.is_absolute() && !inside(path) && path.canonicalize().is_ok_and(|real| !inside(&real))
}

/// The repository around us, if there is one.
fn root(env: &Env) -> Option<PathBuf> {
    let workspace = Workspace::discover(env.folder()).ok()?;
    let marked = || workspace.path("palc.toml").is_file() || workspace.path("prompts").is_dir();
    let root = (workspace.git().is_some() || marked()).then(|| workspace.root().to_owned())?;
    Some(root.canonicalize().unwrap_or(root))
}

/// What could be a command at all.
fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(fits)
}

fn start(env: &Env, path: &Path, rest: &[OsString], matches: &ArgMatches) -> Result<u8> {
    let global =
        Global::from_arg_matches(matches).map_err(|error| Error::bug("arguments that were read").because(error))?;
    if !global.config.is_empty() {
        return Err(Error::usage(format!("--config cannot be handed to {}", path.display()))
            .hint("variables can: PALC_RENDER__ON_MISSING=warn sets render.on_missing"));
    }
    hand_over(env, path, rest, global.profile.as_deref())
}

fn hand_over(env: &Env, path: &Path, rest: &[OsString], profile: Option<&str>) -> Result<u8> {
    let palc = process::own_path().map_err(|error| Error::storage("palc does not find itself").because(error))?;
    let mut program = Program::new(path, env.folder()).args(rest).set(env::PALC, palc).with_keys();
    if let Some(profile) = profile {
        program = program.set(env::PROFILE, profile);
    }
    program.hand_over()
}
