use super::Where;
use crate::app::{App, config};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

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
    report(ui, "config.set", &edited, &args.at, &args.output)
}

pub(super) fn report(ui: &mut Ui, command: &str, edited: &config::Edited, at: &Where, output: &Output) -> Exit {
    if output.is_json() {
        ui.data(&view::envelope(command, view::config::edited(edited, at.dry_run), &[]))?;
    }
    ui.status(&view::config::sentence(edited, at.dry_run));
    if let Some(entry) = &edited.hidden_by {
        ui.warn(&format!("{} still is {} here", edited.key, crate::config::toml_text(&entry.value)));
        ui.hint(&format!("{} is stronger", entry.origin));
    }
    Ok(0)
}
