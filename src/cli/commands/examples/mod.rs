use clap::Subcommand;

use crate::app::App;
use crate::cli::Exit;
use crate::cli::ui::Ui;

mod add;
mod list;
mod pick;

/// Keep sets of examples, and pick those that a case is shown
///
/// A set is a data file (.yaml, .json, .jsonl, .csv, .tsv) that lists `input` and `output`. Sets in the folder examples/
/// (files.examples) go by their names. `palc render PROMPT --examples SET` shows some of them to the model.
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
    Pick(pick::Args),
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.verb {
        Verb::Add(args) => add::run(app, ui, args),
        Verb::List(args) => list::run(app, ui, args),
        Verb::Pick(args) => pick::run(app, ui, args),
    }
}
