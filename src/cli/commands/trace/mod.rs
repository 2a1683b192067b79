use clap::Subcommand;

use crate::app::App;
use crate::cli::Exit;
use crate::cli::ui::Ui;

mod replay;
mod show;

/// Show the steps of a rendering, and do them again
///
/// `palc render PROMPT --trace > trace.json` writes a trace: every step with its place, the final request, and everything it was
/// made from.
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Replay(replay::Args),
    Show(show::Args),
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.verb {
        Verb::Replay(args) => replay::run(app, ui, args),
        Verb::Show(args) => show::run(app, ui, args),
    }
}
