use crate::app::{App, list};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// List prompts
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names or globs; all prompts if none is given
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Only prompts with this tag; repeat for several
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// List the prompts of a revision
    #[arg(long, value_name = "REVISION")]
    rev: Option<String>,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = list::Request { names: args.names.clone(), tags: args.tags.clone(), revision: args.rev.clone() };
    let outcome = list::list(app, &request)?;
    if args.output.is_json() {
        let prompts: Vec<_> = outcome.prompts.iter().map(view::prompt::object).collect();
        ui.data(&view::envelope("list", prompts, &outcome.findings))?;
        return Ok(0);
    }
    let row = |loaded: &crate::app::load::Loaded| {
        let text = loaded.prompt.description.clone().unwrap_or_default();
        vec![loaded.file.name.to_string(), view::paint::printable(&text)]
    };
    let rows: Vec<_> = outcome.prompts.iter().map(row).collect();
    ui.data(&view::table::columns(&rows, ui.width()))?;
    ui.findings(&outcome.findings);
    Ok(0)
}
