use super::{Where, report};
use crate::app::{App, config};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;

/// Remove a key from a configuration file
#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(value_name = "KEY")]
    key: String,
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let edited = config::unset(app, &args.key, args.at.target(), args.at.dry_run)?;
    report(ui, "config.unset", &edited, args.at.dry_run, &args.output)
}
