use clap::Subcommand;

use crate::app::App;
use crate::cli::Exit;
use crate::cli::ui::Ui;

mod heatmap;
mod run;
mod trend;

/// Look at results: in the terminal, as one page, or as a file for another program
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Heatmap(heatmap::Args),
    Run(run::Args),
    Trend(trend::Args),
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.verb {
        Verb::Heatmap(args) => heatmap::run(app, ui, args),
        Verb::Run(args) => run::run(app, ui, args),
        Verb::Trend(args) => trend::run(app, ui, args),
    }
}
