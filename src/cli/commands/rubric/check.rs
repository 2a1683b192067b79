use crate::app::{App, rubric};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Check rubrics: every key known, every criterion described, weights that add up
///
/// Weights add up to 1, unless the file says `weights: relative`. Without files, all rubrics of the repository are checked.
/// The exit code is 1 if something is wrong.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, from where the command is started
    #[arg(value_name = "FILE")]
    files: Vec<String>,
    /// Print the JSON Schema of rubrics
    #[arg(long, conflicts_with = "files")]
    schema: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    if args.schema {
        ui.data(&format!("{:#}\n", crate::format::rubric::schema()))?;
        return Ok(0);
    }
    let checked = rubric::check(app, &args.files)?;
    if args.output.is_json() {
        ui.data(&view::envelope("rubric.check", view::rubric::checked(&checked), &checked.findings))?;
    } else {
        ui.findings(&checked.findings);
        ui.status(&view::rubric::sentence(&checked));
    }
    Ok(u8::from(!checked.findings.is_empty()))
}
