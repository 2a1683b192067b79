use crate::app::{App, phase};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show a phase: what it is for, and its templates
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Its name, or an older word for it
    #[arg(value_name = "PHASE")]
    name: String,
    /// Print the file's bytes and nothing else
    #[arg(long, conflicts_with = "format")]
    raw: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let (phase, findings) = phase::find(app, &args.name)?;
    if args.raw {
        ui.data(&phase.source.text)?;
    } else if args.output.is_json() {
        ui.data(&view::envelope("phase.show", view::phase::object(&phase), &findings))?;
    } else {
        ui.data(&view::phase::text(&phase, ui.paint()))?;
        ui.findings(&findings);
    }
    Ok(0)
}
