use crate::app::App;
use crate::app::merge::{self, End, Outcome, Request, What};
use crate::base::{Error, Result};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::git::Choices;
use crate::view;

/// Merge another branch, prompts by field
///
/// Works as `git merge`, and where both sides changed a prompt, its fields are merged one by one: tags as sets, records by
/// their names, texts by message, paragraph and line. What both changed differently stands between git's markers inside its
/// field, and the command exits with 1; `palc merge --continue` goes on once they are settled, `--abort` takes it all back,
/// and git's own commands work as ever. With --onto nothing needs to be checked out.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The branch or revision to merge
    #[arg(value_name = "BRANCH", required_unless_present_any = ["proceed", "abort"])]
    branch: Option<String>,
    /// Merge into this branch, without a work tree
    #[arg(long, value_name = "BRANCH")]
    onto: Option<String>,
    /// Commit an unfinished merge whose conflicts are settled
    #[arg(long = "continue", conflicts_with_all = ["branch", "onto", "abort"])]
    proceed: bool,
    /// Take an unfinished merge back
    #[arg(long, conflicts_with_all = ["branch", "onto"])]
    abort: bool,
    /// The message of the merge
    #[arg(short, long, value_name = "TEXT")]
    message: Vec<String>,
    /// Make a merge commit even where the branch could just move on
    #[arg(long, conflicts_with = "ff_only")]
    no_ff: bool,
    /// Merge only where the branch can just move on
    #[arg(long)]
    ff_only: bool,
    /// Do not run the pre-merge-commit and commit-msg hooks
    #[arg(short = 'n', long)]
    no_verify: bool,
    /// Show what would be merged, and change nothing
    #[arg(long, conflicts_with_all = ["proceed", "abort"])]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let choices = Choices {
        message: (!args.message.is_empty()).then(|| args.message.join("\n\n")),
        no_ff: args.no_ff,
        ff_only: args.ff_only,
        no_verify: args.no_verify,
    };
    let outcome = merge::merge(app, &Request { what: what(args)?, choices, dry_run: args.dry_run })?;
    if args.output.is_json() {
        ui.data(&view::envelope("merge", view::merge::object(&outcome), &[]))?;
    } else {
        ui.data(&view::merge::text(&outcome, ui.paint()))?;
        if !outcome.said.is_empty() {
            ui.status(&outcome.said);
        }
        advise(ui, &outcome);
    }
    Ok(u8::from(outcome.end == End::Conflicts))
}

fn what(args: &Args) -> Result<What> {
    match &args.branch {
        Some(revision) => Ok(What::Merge { revision: revision.clone(), onto: args.onto.clone() }),
        None if args.proceed => Ok(What::Continue),
        None if args.abort => Ok(What::Abort),
        None => Err(Error::usage("which branch?")),
    }
}

fn advise(ui: &mut Ui, outcome: &Outcome) {
    if outcome.end == End::Conflicts && !outcome.dry_run && !outcome.onto {
        ui.hint("settle the conflicts, then `palc merge --continue`; `palc merge --abort` takes it all back");
    }
}
