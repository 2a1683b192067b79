use clap::Subcommand;

use crate::app::App;
use crate::cli::Exit;
use crate::cli::ui::Ui;

mod audit;
mod calibrate;

/// Judges looked at themselves: whether they are fair, and how they compare with people
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Audit(audit::Args),
    Calibrate(calibrate::Args),
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.verb {
        Verb::Audit(args) => audit::run(app, ui, args),
        Verb::Calibrate(args) => calibrate::run(app, ui, args),
    }
}
