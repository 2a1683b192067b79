use clap::Subcommand;

use crate::app::App;
use crate::cli::Exit;
use crate::cli::ui::Ui;

mod install;
mod run;
mod uninstall;

/// Check prompts before every commit, as a hook of git
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Install(install::Args),
    Run(run::Args),
    Uninstall(uninstall::Args),
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.verb {
        Verb::Install(args) => install::run(app, ui, args),
        Verb::Run(args) => run::run(app, ui, args),
        Verb::Uninstall(args) => uninstall::run(app, ui, args),
    }
}
