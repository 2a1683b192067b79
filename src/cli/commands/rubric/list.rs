use crate::app::{App, rubric};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// List the rubrics that come with palc and those of the repository
///
/// A YAML file in a folder called `rubrics`, wherever that is, is a rubric.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let (rubrics, findings) = rubric::list(app)?;
    if args.output.is_json() {
        ui.data(&view::envelope("rubric.list", view::rubric::objects(&rubrics), &findings))?;
    } else {
        ui.data(&view::rubric::table(&rubrics, ui.paint(), ui.width()))?;
        ui.findings(&findings);
    }
    Ok(0)
}
