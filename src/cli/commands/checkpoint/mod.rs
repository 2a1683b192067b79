use clap::Subcommand;

use crate::app::App;
use crate::cli::Exit;
use crate::cli::ui::Ui;

mod create;
mod drop;
mod list;
mod restore;
mod show;

/// Keep the prompts of the work tree as they are, without a commit on a branch
///
/// A checkpoint holds every prompt as it is in the work tree. It belongs to no branch, is not pushed, and stays until it is dropped.
/// Without a subcommand one is made.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[group(id = "checkpoint")]
pub struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    create: create::Args,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Create(create::Args),
    Drop(drop::Args),
    List(list::Args),
    Restore(restore::Args),
    Show(show::Args),
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.verb {
        None => create::run(app, ui, &args.create),
        Some(Verb::Create(args)) => create::run(app, ui, args),
        Some(Verb::Drop(args)) => drop::run(app, ui, args),
        Some(Verb::List(args)) => list::run(app, ui, args),
        Some(Verb::Restore(args)) => restore::run(app, ui, args),
        Some(Verb::Show(args)) => show::run(app, ui, args),
    }
}
