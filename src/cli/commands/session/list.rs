use crate::app::{App, session};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// List the sessions
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let listed = session::list(app)?;
    if args.output.is_json() {
        ui.data(&view::envelope("session.list", view::session::objects(&listed.sessions), &listed.findings))?;
    } else {
        ui.data(&view::session::table(&listed.sessions, ui.paint(), ui.width()))?;
        ui.findings(&listed.findings);
    }
    Ok(0)
}
