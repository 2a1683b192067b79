use crate::app::{App, config};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// List the configuration files, weakest first
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let files = config::files(app)?;
    if args.output.is_json() {
        ui.data(&view::envelope("config.path", view::config::file_objects(&files), &app.config()?.findings))?;
    } else {
        ui.data(&view::config::files(&files, ui.paint()))?;
    }
    Ok(0)
}
