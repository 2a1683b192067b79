use crate::app::{App, rubric};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show a rubric: its criteria, what each counts, and what answers of a score are like
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Its name, or its file
    #[arg(value_name = "RUBRIC")]
    name: String,
    /// Print the file's bytes and nothing else
    #[arg(long, conflicts_with = "format")]
    raw: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let found = rubric::find(app, &args.name)?;
    if args.raw {
        ui.data(&found.text)?;
    } else if args.output.is_json() {
        ui.data(&view::envelope("rubric.show", view::rubric::object(&found), &[]))?;
    } else {
        ui.data(&view::rubric::text(&found, ui.paint()))?;
    }
    Ok(0)
}
