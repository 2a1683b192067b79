use crate::app::App;
use crate::app::label;
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// List labels and versions that are switched off
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names, ids, folders or globs; all if there is none
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Only this label
    #[arg(long, value_name = "LABEL")]
    label: Option<String>,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let outcome = label::list(app, &args.names, args.label.as_deref())?;
    if args.output.is_json() {
        ui.data(&view::envelope("label.list", view::labels::objects(&outcome.listed), &outcome.findings))?;
        return Ok(0);
    }
    ui.data(&view::labels::table(&outcome.listed, ui.paint(), ui.width()))?;
    ui.findings(&outcome.findings);
    if outcome.listed.is_empty() && outcome.findings.is_empty() {
        ui.status("no labels");
    }
    Ok(0)
}
