use crate::app::{App, lineage};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show where a prompt comes from, and what came of it
///
/// Prompts know their parents by id, so renaming one breaks nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, id, start of an id or path
    #[arg(value_name = "PROMPT")]
    what: String,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let outcome = lineage::lineage(app, &args.what)?;
    if args.output.is_json() {
        ui.data(&view::envelope("lineage", view::lineage::object(&outcome), &outcome.findings))?;
    } else {
        ui.data(&view::lineage::text(&outcome, ui.paint()))?;
        ui.findings(&outcome.findings);
    }
    Ok(0)
}
