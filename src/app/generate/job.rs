//! One generation among many: its questions and its files are seen to by others, at a time of their choosing.

use crate::base::Result;
use crate::format::session::{self, Settled};
use crate::generate::run::Run;

use super::plan::{self, Ready};
use super::{Contents, Outcome, Request, Seed, conclude, is_fixed, salted, settle};
use crate::app::App;
use crate::app::models::How;

/// A generation with everything settled. Settled again from what it was then, it asks the same.
pub struct Job {
    ready: Ready,
    seed: Seed,
}

/// Check a request and complete it from the settings. Context files are read into the contents.
pub fn settled(app: &App, request: &Request, contents: &mut Contents) -> Result<session::Request> {
    settle::settle(app, request, contents)
}

impl Job {
    /// Its number and the salt of its run make its session another one than those of the same request. As elsewhere,
    /// what is recorded makes the same session every time.
    pub fn new(app: &App, request: session::Request, contents: Contents, how: &How, run: (usize, &str)) -> Result<Job> {
        let ready = plan::ready(app, request, None, contents, how)?;
        let (number, salt) = run;
        let salt = if is_fixed(&ready, how) { format!("job {number}") } else { format!("{salt} {number}") };
        let id = salted(&ready, &salt)?;
        Ok(Job { ready, seed: Seed { id, repeats: None } })
    }

    /// The job as it was begun.
    pub fn again(app: &App, request: session::Request, then: &Settled, session: &str, how: &How) -> Result<Job> {
        let ready = plan::ready(app, request, Some(then), Contents::new(), how)?;
        Ok(Job { ready, seed: Seed { id: session.to_owned(), repeats: None } })
    }

    pub fn session(&self) -> &str {
        &self.seed.id
    }

    pub fn settled(&self) -> &Settled {
        &self.ready.settled
    }

    /// Its engine.
    pub fn run(&self) -> Result<Run<'_>> {
        Run::new(&self.ready.plan)
    }

    /// Write what came of it. What was written before stays as it is.
    pub fn end(&self, app: &App, run: &Run<'_>) -> Result<Outcome> {
        conclude(app, &self.ready, &self.seed, run, true)
    }
}
