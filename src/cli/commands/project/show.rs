use crate::app::{App, project};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show the settings that hold in a folder, and which project says so
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder as names of prompts say it, such as support/mail
    #[arg(value_name = "FOLDER")]
    within: String,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let shown = project::show(app, &args.within)?;
    if args.output.is_json() {
        ui.data(&view::envelope("project.show", view::project::object(&shown), &[]))?;
    } else {
        ui.data(&view::project::card(&shown, ui.paint()))?;
    }
    Ok(0)
}
