use std::path::PathBuf;

use crate::app::{App, demo};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Write a sample repository to look around in
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder that does not exist yet, or an empty one
    #[arg(value_name = "FOLDER", default_value = demo::FOLDER)]
    dir: PathBuf,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let outcome = demo::demo(app, &demo::Request { folder: args.dir.clone() })?;
    if args.output.is_json() {
        ui.data(&view::envelope("demo", view::demo::object(&outcome), &[]))?;
        return Ok(0);
    }
    ui.data(&format!("{}\n", outcome.folder.display()))?;
    ui.finish()?;
    let guide = view::demo::guide(&outcome, ui.status_paint(), ui.width());
    ui.status(&guide);
    Ok(0)
}
