use crate::app::{App, phase};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// List the phases that generation can use
///
/// A file in the folder `phases` adds one, or replaces the one of its name that comes with palc.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let (phases, findings) = phase::list(app)?;
    if args.output.is_json() {
        ui.data(&view::envelope("phase.list", view::phase::objects(&phases), &findings))?;
    } else {
        ui.data(&view::phase::table(&phases, ui.paint(), ui.width()))?;
        ui.findings(&findings);
    }
    Ok(0)
}
