use crate::app::{App, list};
use crate::cli::Exit;
use crate::cli::filter::Filter;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show prompts as the tree of their folders
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names, folders or globs; all prompts if none is given
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// The prompts of a revision
    #[arg(long, value_name = "REVISION")]
    rev: Option<String>,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    filter: Filter,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let conditions = args.filter.conditions()?;
    let request = list::Request { names: args.names.clone(), conditions, revision: args.rev.clone() };
    let outcome = list::list(app, &request)?;
    if args.output.is_json() {
        ui.data(&view::envelope("tree", view::list::objects(&outcome.prompts), &outcome.findings))?;
    } else {
        ui.data(&view::list::tree(&list::tree(outcome.prompts), ui.paint()))?;
        ui.findings(&outcome.findings);
    }
    Ok(0)
}
