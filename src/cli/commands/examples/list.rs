use crate::app::{App, examples};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// List the sets of examples, or the examples of one
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A data file, or the name of a set
    #[arg(value_name = "SET")]
    set: Option<String>,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let outcome = examples::list(app, args.set.as_deref())?;
    if args.output.is_json() {
        let sets = view::examples::objects(&outcome.sets, args.set.is_some());
        ui.data(&view::envelope("examples.list", sets, &outcome.findings))?;
        return Ok(0);
    }
    let entries = outcome.sets.iter().flat_map(|set| &set.entries);
    ui.data(&match args.set {
        Some(_) => view::examples::entries(entries, ui.paint(), ui.width()),
        None => view::examples::sets(&outcome.sets, ui.paint()),
    })?;
    ui.findings(&outcome.findings);
    if outcome.sets.is_empty() && outcome.findings.is_empty() {
        ui.status("no sets of examples");
        ui.hint("make one: palc examples add NAME --input … --output …");
    }
    Ok(0)
}
