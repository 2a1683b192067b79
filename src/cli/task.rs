//! What a prompt is for, and what else is wished for: the arguments of commands that compare prompts.

use crate::app::{App, given};
use crate::base::{Error, Result};

#[derive(Debug, clap::Args)]
pub struct Task {
    /// What the prompts are for; @FILE reads it from a file, - from standard input
    #[arg(long, value_name = "TEXT")]
    task: Option<String>,
}

impl Task {
    /// What was given, which must be something.
    pub fn text(&self, app: &App) -> Result<String> {
        let missing = || Error::usage("what are the prompts for?").hint("say it: --task \"…\"");
        self.given(app)?.ok_or_else(missing)
    }

    pub fn given(&self, app: &App) -> Result<Option<String>> {
        let Some(task) = &self.task else { return Ok(None) };
        match given::meant(app, task)?.trim() {
            "" => Err(Error::usage("the task is empty").hint("say what the prompts are for: --task \"…\"")),
            text => Ok(Some(text.to_owned())),
        }
    }
}

/// What is wished for beside the task.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Wishes")]
pub struct Wishes {
    /// Who reads what comes of the prompt
    #[arg(long, value_name = "TEXT")]
    audience: Option<String>,
    /// How it is to sound
    #[arg(long, value_name = "TEXT")]
    tone: Option<String>,
    /// How long it is to be
    #[arg(long, value_name = "TEXT")]
    length: Option<String>,
    /// What the prompt must hold or do; repeat for several
    #[arg(long = "require", value_name = "TEXT")]
    requirements: Vec<String>,
}

impl Wishes {
    pub fn list(&self) -> Vec<(String, String)> {
        let one = |name: &str, text: &Option<String>| text.as_ref().map(|text| (name.to_owned(), text.clone()));
        let single =
            [one("audience", &self.audience), one("tone", &self.tone), one("length", &self.length)].into_iter();
        let several = self.requirements.iter().map(|text| ("requirement".to_owned(), text.clone()));
        single.flatten().chain(several).collect()
    }
}
