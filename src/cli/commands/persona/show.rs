use crate::app::{App, persona};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show a persona: what it adds to a prompt's making, and how it lays prompts out
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Its name
    #[arg(value_name = "PERSONA")]
    name: String,
    /// Only the layout for this family of models, or for the family of this model
    #[arg(long, value_name = "FAMILY")]
    target_model: Option<String>,
    /// Print the file's bytes and nothing else
    #[arg(long, conflicts_with = "format")]
    raw: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let shown = persona::show(app, &args.name, args.target_model.as_deref())?;
    if args.raw {
        ui.data(&shown.persona.source.text)?;
    } else if args.output.is_json() {
        ui.data(&view::envelope("persona.show", view::persona::object(&shown), &shown.findings))?;
    } else {
        ui.data(&view::persona::text(&shown, ui.paint()))?;
        ui.findings(&shown.findings);
    }
    Ok(0)
}
