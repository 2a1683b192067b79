use super::{Where, report};
use crate::app::{App, config};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;

/// Set a key in a configuration file
///
/// Writes to the repository's palc.toml, or to your own file for keys that a repository may not set. Comments and order
/// are kept. Lists are separated by commas or written as in TOML.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The key, such as render.on_missing or profile.prod.model
    #[arg(value_name = "KEY")]
    key: String,
    #[arg(value_name = "VALUE", allow_hyphen_values = true)]
    value: String,
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = config::SetRequest {
        key: args.key.clone(),
        value: args.value.clone(),
        target: args.at.target(),
        dry_run: args.at.dry_run,
    };
    let edited = config::set(app, &request)?;
    report(ui, "config.set", &edited, args.at.dry_run, &args.output)
}
