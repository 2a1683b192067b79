use crate::app::App;
use crate::app::restore::{self, Commit};
use crate::cli::Exit;
use crate::cli::commands::commit::Choices;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Bring prompts back as they were
///
/// NAME@3 is the third version, NAME@main~2 the content at a revision; a bare NAME is what was committed last, also of a prompt
/// that was deleted. The file is written where the prompt is now, with the id it has, so its history goes on. Changes that were never
/// committed are not overwritten without --force.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, id or path, with a version after `@`
    #[arg(value_name = "NAME[@VERSION]", required = true)]
    names: Vec<String>,
    /// Overwrite changes that were never committed
    #[arg(long)]
    force: bool,
    /// Commit it, too
    #[arg(long)]
    commit: bool,
    #[command(flatten)]
    committing: Committing,
}

/// How a command that commits does it.
#[derive(Debug, Clone, clap::Args)]
pub struct Committing {
    /// The message of the commit; repeat for paragraphs
    #[arg(short, long, value_name = "TEXT")]
    message: Vec<String>,
    #[command(flatten)]
    choices: Choices,
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub output: Output,
}

impl Committing {
    pub fn commit(&self, rollback: bool) -> Commit {
        Commit { message: self.message(), options: self.choices.options(), rollback }
    }

    pub fn message(&self) -> Option<String> {
        (!self.message.is_empty()).then(|| self.message.join("\n\n"))
    }

    pub fn options(&self) -> crate::app::commit::Options {
        self.choices.options()
    }
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = restore::Request {
        names: args.names.clone(),
        force: args.force,
        commit: args.commit.then(|| args.committing.commit(false)),
        dry_run: args.committing.dry_run,
    };
    let outcome = restore::restore(app, &request)?;
    print(ui, &args.committing.output, "restore", &outcome)
}

pub fn print(ui: &mut Ui, output: &Output, command: &str, outcome: &restore::Outcome) -> Exit {
    if output.is_json() {
        ui.data(&view::envelope(command, view::restore::object(outcome), &outcome.written.findings))?;
        return Ok(0);
    }
    ui.data(&view::restore::text(outcome, ui.paint()))?;
    ui.findings(&outcome.written.findings);
    let committed = outcome.commit.as_ref().is_some_and(|commit| commit.commit.is_some());
    if !outcome.written.changed() && !committed && !outcome.written.dry_run {
        ui.status("nothing to change");
    }
    Ok(0)
}
