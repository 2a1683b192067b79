//! Use cases: one a file, a request in and an outcome out, nothing printed. Here and nowhere else files, git, time and
//! the engines meet.

pub mod demo;
pub mod filter;
pub mod list;
pub mod load;
pub mod show;

use std::cell::OnceCell;

use crate::base::clock::Clock;
use crate::base::env::Env;
use crate::base::{Error, Result};
use crate::model::Query;
use crate::repo::{PromptFile, Source, Workspace, resolve};

/// What every use case needs. The repository is looked for when the first use case asks for it.
#[derive(Debug)]
pub struct App {
    pub env: Env,
    pub clock: Clock,
    workspace: OnceCell<Workspace>,
}

impl App {
    pub fn new(env: Env) -> Result<App> {
        let clock = Clock::new(&env)?;
        Ok(App { env, clock, workspace: OnceCell::new() })
    }

    pub fn workspace(&self) -> Result<&Workspace> {
        if let Some(workspace) = self.workspace.get() {
            return Ok(workspace);
        }
        let workspace = Workspace::discover(self.env.folder())?;
        Ok(self.workspace.get_or_init(|| workspace))
    }

    /// Find a prompt by what was typed; `name@revision` looks into that revision.
    pub fn resolve(&self, typed: &str) -> Result<(Source<'_>, PromptFile)> {
        let query = Query::parse(typed);
        let source = Source::at(self.workspace()?, query.version.as_deref())?;
        let file = resolve::resolve(&source, self.env.folder(), &query.what)?;
        Ok((source, file))
    }

    /// Read a file that is known to exist.
    pub fn read(&self, source: &Source<'_>, path: &str) -> Result<Vec<u8>> {
        source.read(path)?.ok_or_else(|| Error::storage(format!("{path} has just disappeared")))
    }
}
