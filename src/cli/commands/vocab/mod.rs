use clap::Subcommand;

use crate::app::App;
use crate::cli::Exit;
use crate::cli::ui::Ui;

mod add;
mod list;
mod remove;

/// The words that fields may hold: types, phases, tags, actions, …
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Add(add::Args),
    List(list::Args),
    Remove(remove::Args),
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.verb {
        Verb::Add(args) => add::run(app, ui, args),
        Verb::List(args) => list::run(app, ui, args),
        Verb::Remove(args) => remove::run(app, ui, args),
    }
}
