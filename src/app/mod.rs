//! Use cases: one a file, a request in and an outcome out, nothing printed. Here and nowhere else files, git, time and
//! the engines meet.

pub mod ab;
pub mod activate;
pub mod alike;
pub mod assembly;
pub mod assets;
pub mod auth;
pub mod batch;
pub mod bisect;
pub mod blame;
pub mod bodies;
pub mod branch;
pub mod cache;
pub mod calls;
pub mod candidates;
pub mod check;
pub mod checkpoint;
pub mod cluster;
pub mod commit;
pub mod compare;
pub mod complete;
pub mod config;
pub mod demo;
pub mod deps;
pub mod diff;
pub mod doctor;
pub mod drivers;
pub mod dup;
pub mod edit;
pub mod eval;
pub mod evidence;
pub mod examples;
mod features;
pub mod files;
pub mod filter;
pub mod fingerprint;
pub mod fmt;
pub mod generate;
pub mod get;
pub mod given;
pub mod hook;
pub mod import;
pub mod init;
pub mod judge;
pub mod judging;
mod keyring;
pub mod keys;
pub mod label;
pub mod lineage;
pub mod link;
pub mod links;
pub mod list;
pub mod load;
pub mod log;
pub mod media;
pub mod merge;
pub mod merge_driver;
pub mod models;
pub mod mv;
pub mod new;
pub mod perf;
pub mod persona;
pub mod phase;
pub mod port;
pub mod pricing;
pub mod project;
pub mod promote;
pub mod providers;
pub mod purge;
pub mod quality;
pub mod rank;
pub mod rate;
pub mod ratings;
pub mod refine;
pub mod regenerate;
pub mod render;
pub mod report;
pub mod restore;
pub mod results;
pub mod review;
pub mod rm;
pub mod rubric;
pub mod run;
pub mod scores;
pub mod search;
pub mod select;
pub mod select_best;
pub mod services;
pub mod session;
pub mod set;
pub mod show;
pub mod similar;
pub mod simulate;
pub mod status;
pub mod successes;
pub mod suggest;
pub mod suite;
pub mod switch;
pub mod tag;
pub mod textconv;
pub mod tokens;
pub mod trace;
pub mod trust;
pub mod update;
pub mod validate_response;
pub mod vars;
pub mod vocab;
pub mod watch;
pub mod weights;
pub mod whole;
pub mod write;

use std::cell::OnceCell;
use std::path::PathBuf;

use crate::base::clock::Clock;
use crate::base::env::Env;
use crate::base::hash::sha256;
use crate::base::{Error, Finding, Result, Severity, disk};
use crate::config::{Config, FILE, Repository, Settings, Source as File, Sources, Trust, open};
use crate::model::Query;
use crate::repo::{Layout, PromptFile, Source, Workspace, resolve, selector};

/// What every use case needs. The repository is looked for when the first use case asks for it.
#[derive(Debug)]
pub struct App {
    pub env: Env,
    pub clock: Clock,
    overrides: Overrides,
    ground: OnceCell<Ground>,
}

/// Settings from the command line: they win over every file and variable.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    pub profile: Option<String>,
    /// Each `key=value`.
    pub settings: Vec<String>,
}

/// Where we are, and the settings that hold here.
#[derive(Debug)]
struct Ground {
    workspace: Workspace,
    config: Config,
}

impl App {
    pub fn new(env: Env) -> Result<App> {
        let clock = Clock::new(&env)?;
        Ok(App { env, clock, overrides: Overrides::default(), ground: OnceCell::new() })
    }

    #[must_use]
    pub fn overridden(self, overrides: Overrides) -> App {
        App { overrides, ..self }
    }

    /// The same program started again: everything is looked for and read anew.
    pub fn again(&self) -> Result<App> {
        Ok(App::new(self.env.clone())?.overridden(self.overrides.clone()))
    }

    /// The repository, for use cases that need its prompts: its settings must be right.
    pub fn workspace(&self) -> Result<&Workspace> {
        self.settings()?;
        self.place()
    }

    /// The repository, whatever is wrong with its settings.
    pub fn place(&self) -> Result<&Workspace> {
        Ok(&self.ground()?.workspace)
    }

    pub fn settings(&self) -> Result<&Settings> {
        let config = self.config()?;
        let errors: Vec<_> = config.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        if errors.is_empty() {
            return Ok(&config.settings);
        }
        let findings = errors.into_iter().cloned().collect();
        Err(Error::findings("the configuration is not valid", findings))
    }

    /// The configuration with what is wrong in it: wrong values set nothing.
    pub fn config(&self) -> Result<&Config> {
        Ok(&self.ground()?.config)
    }

    /// The settings that no repository has a say in: those of the user's machine. They need no repository to be found.
    pub fn own_settings(&self) -> Settings {
        Config::load(Repository::None, &self.config_sources(None)).settings
    }

    /// What is odd but not wrong in the configuration, if anything needed it.
    pub fn warnings(&self) -> Vec<Finding> {
        let findings = self.ground.get().map_or(&[][..], |ground| &ground.config.findings);
        findings.iter().filter(|finding| finding.severity != Severity::Error).cloned().collect()
    }

    fn ground(&self) -> Result<&Ground> {
        if let Some(ground) = self.ground.get() {
            return Ok(ground);
        }
        let workspace = Workspace::discover(self.env.folder())?;
        self.recover(&workspace);
        let (files, findings) = self.config_files(&workspace)?;
        let trust = Trust::new(&self.env, workspace.root());
        let mut config = Config::merge(&files, &self.config_sources(Some(&trust)), findings);
        for file in &files {
            tracing::debug!(layer = file.layer.word(), path = file.name, "read a configuration file");
        }
        tracing::debug!(root = %workspace.root().display(), git = workspace.git().is_some(), "found the repository");
        keys::guard_set(&self.env, &config.settings);
        let prompts = &config.settings.prompts;
        let layout = Layout::new(&prompts.roots, &prompts.include, &prompts.exclude)?;
        assets::learn(&workspace, &mut config.settings);
        let workspace = workspace.laid_out(layout.labelled(&config.settings.files.labels));
        Ok(self.ground.get_or_init(|| Ground { workspace, config }))
    }

    /// Where an interrupted change to several files is noted: in the derived folder, or without git in the user's own.
    pub fn journal_folder(&self, workspace: &Workspace) -> Result<PathBuf> {
        match workspace.derived() {
            Some(derived) => Ok(derived),
            None => self.own_folder(workspace, "changes"),
        }
    }

    /// A folder for what is kept about a repository and not committed: in the derived folder, or without git in the
    /// user's own.
    pub fn kept_folder(&self, workspace: &Workspace, name: &str) -> Result<PathBuf> {
        match workspace.derived() {
            Some(derived) => Ok(derived.join(name)),
            None => self.own_folder(workspace, name),
        }
    }

    fn own_folder(&self, workspace: &Workspace, name: &str) -> Result<PathBuf> {
        let root = sha256(workspace.root().to_string_lossy().as_bytes());
        let state = self.env.state_folder().ok_or_else(|| {
            Error::storage("there is no folder for palc's own files").hint("set HOME, or run `git init` here")
        })?;
        Ok(state.join(name).join(&root[..16]))
    }

    /// Finish what a killed palc had begun. A reader on a read-only disk can do without.
    fn recover(&self, workspace: &Workspace) {
        let recovered = self.journal_folder(workspace).and_then(|folder| disk::recover(&folder));
        if let Err(error) = recovered {
            tracing::warn!(%error, "an interrupted change was not finished");
        }
        if let Some(git) = workspace.git() {
            git.recover();
        }
    }

    fn config_files(&self, workspace: &Workspace) -> Result<(Vec<File>, Vec<Finding>)> {
        let Some(git) = workspace.git().filter(|git| git.is_bare()) else {
            return Ok(open(&self.env, Repository::Folder(workspace.root())));
        };
        // A bare repository has no files, so what was committed last counts.
        let committed = if git.has_head() { git.reader().read("HEAD", FILE)? } else { None };
        let text = String::from_utf8_lossy(&committed.unwrap_or_default()).into_owned();
        Ok(open(&self.env, Repository::Text(&text)))
    }

    fn config_sources<'a>(&'a self, trust: Option<&'a Trust>) -> Sources<'a> {
        let Overrides { profile, settings } = &self.overrides;
        Sources { env: &self.env, profile: profile.as_deref(), flags: settings, trust }
    }

    /// Find a prompt by what was typed; `name@SPEC` looks into a version, what a label names, or a revision.
    pub fn resolve(&self, typed: &str) -> Result<(Source<'_>, PromptFile)> {
        let query = Query::parse(typed);
        let workspace = self.workspace()?;
        let Some(spec) = &query.version else {
            let source = Source::at(workspace, None)?;
            let file = resolve::resolve(&source, self.env.folder(), &query.what);
            let file = file.map_err(|error| selector::gone(workspace, &query.what).unwrap_or(error))?;
            return Ok((source, file));
        };
        let selected = selector::select(workspace, self.env.folder(), &query.what, spec)?;
        Ok((Source::Revision(workspace, selected.commit), selected.file))
    }

    /// Read a file that is known to exist.
    pub fn read(&self, source: &Source<'_>, path: &str) -> Result<Vec<u8>> {
        source.read(path)?.ok_or_else(|| Error::storage(format!("{path} has just disappeared")))
    }
}
