use crate::app::{App, project};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// List the projects: folder, prompts, owners, title
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let projects = project::list(app)?;
    if args.output.is_json() {
        ui.data(&view::envelope("project.list", view::project::list_objects(&projects), &[]))?;
        return Ok(0);
    }
    ui.data(&view::project::list(&projects, ui.paint(), ui.width()))?;
    if projects.is_empty() {
        ui.status("there is no project");
        ui.hint("make one: palc project new FOLDER --title TITLE");
    }
    Ok(0)
}
