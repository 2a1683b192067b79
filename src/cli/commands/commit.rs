use crate::app::App;
use crate::app::commit::{self, Options};
use crate::base::Result;
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Commit prompts
///
/// Only what is named is committed, as it is in the work tree; without names it is every prompt that changed, the files
/// beside prompts, and labels.yaml. What you or others have staged stays staged and is not part of it. Prompts with errors are
/// refused, new ones get an id, and git's hooks, filters and signatures work as with `git commit`. Without -m the message is
/// drafted from what changed; on a terminal your editor shows it first.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names, ids, folders or globs; paths of other files work as well
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// The message; repeat for paragraphs
    #[arg(short, long, value_name = "TEXT")]
    message: Vec<String>,
    /// Take the drafted message as it is
    #[arg(long)]
    no_edit: bool,
    #[command(flatten)]
    options: Choices,
    /// Show what would be committed, and commit nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

/// What of the usual is left out.
#[derive(Debug, Clone, clap::Args)]
pub struct Choices {
    /// Commit prompts with errors, too
    #[arg(long)]
    no_check: bool,
    /// Do not run the pre-commit and commit-msg hooks
    #[arg(short = 'n', long)]
    no_verify: bool,
    /// Do not name the prompts' ids below the message
    #[arg(long)]
    no_trailers: bool,
}

impl Choices {
    pub fn options(&self) -> Options {
        Options { check: !self.no_check, hooks: !self.no_verify, trailers: !self.no_trailers }
    }
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let message = (!args.message.is_empty()).then(|| args.message.join("\n\n"));
    let request = commit::Request {
        names: args.names.clone(),
        message,
        options: args.options.options(),
        ask: ui.can_ask() && !args.no_edit && !args.output.is_json(),
        dry_run: args.dry_run,
    };
    let outcome = commit::commit(app, &request)?;
    print(ui, &args.output, "commit", &outcome)
}

/// Say what was committed.
pub fn print(ui: &mut Ui, output: &Output, command: &str, outcome: &commit::Outcome) -> Result<u8> {
    if output.is_json() {
        ui.data(&view::envelope(command, view::commit::object(outcome), &outcome.findings))?;
        return Ok(0);
    }
    ui.data(&view::commit::text(outcome, ui.paint()))?;
    ui.findings(&outcome.findings);
    if outcome.files.is_empty() {
        ui.status("nothing to commit");
    }
    if outcome.commit.as_ref().is_some_and(|commit| commit.hook_failed) {
        ui.warn("the post-commit hook failed; the commit stands");
    }
    Ok(0)
}
