use crate::app::{App, vars};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// List the variables of a prompt: declared, used, required
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, id, start of an id or path; after `@` a version, label or revision
    #[arg(value_name = "PROMPT")]
    what: String,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let outcome = vars::vars(app, &vars::Request { what: args.what.clone() })?;
    if args.output.is_json() {
        ui.data(&view::envelope("vars", view::vars::object(&outcome), &outcome.findings))?;
    } else {
        ui.data(&view::vars::table(&outcome, ui.paint(), ui.width()))?;
        ui.findings(&outcome.findings);
    }
    Ok(0)
}
