use crate::app::App;
use crate::app::label;
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show who moved which label when
///
/// Told by the commits of labels.yaml that lead to HEAD, newest first. What a merge took over counts for whoever did it.
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
    let events = label::history(app, &args.names, args.label.as_deref())?;
    if args.output.is_json() {
        ui.data(&view::envelope("label.history", view::labels::events(&events), &[]))?;
        return Ok(0);
    }
    ui.data(&view::labels::timeline(&events, ui.paint(), ui.width()))?;
    if events.is_empty() {
        ui.status("no label was ever moved here");
    }
    Ok(0)
}
