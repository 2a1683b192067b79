use crate::app::{App, persona};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// List the personas
///
/// A file in the folder `personas` adds one, or replaces the one of its name that comes with palc.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let (personas, findings) = persona::list(app)?;
    if args.output.is_json() {
        ui.data(&view::envelope("persona.list", view::persona::objects(&personas), &findings))?;
    } else {
        ui.data(&view::persona::table(&personas, ui.paint(), ui.width()))?;
        ui.findings(&findings);
    }
    Ok(0)
}
