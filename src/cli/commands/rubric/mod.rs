use clap::Subcommand;

use crate::app::App;
use crate::cli::Exit;
use crate::cli::ui::Ui;

mod check;
mod list;
mod prompt;
mod show;

/// Rubrics: by what answers are scored, and how much each part counts
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Check(check::Args),
    List(list::Args),
    Prompt(prompt::Args),
    Show(show::Args),
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.verb {
        Verb::Check(args) => check::run(app, ui, args),
        Verb::List(args) => list::run(app, ui, args),
        Verb::Prompt(args) => prompt::run(ui, args),
        Verb::Show(args) => show::run(app, ui, args),
    }
}
