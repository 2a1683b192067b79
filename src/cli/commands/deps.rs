use crate::app::{App, deps};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show what a prompt includes, or what includes it
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, id, start of an id or path; after `@` a version, label or revision
    #[arg(value_name = "PROMPT")]
    what: String,
    /// Show who needs it, directly or through others
    #[arg(long)]
    reverse: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let outcome = deps::deps(app, &deps::Request { what: args.what.clone(), reverse: args.reverse })?;
    if args.output.is_json() {
        ui.data(&view::envelope("deps", view::deps::object(&outcome), &outcome.findings))?;
    } else {
        ui.data(&view::deps::table(&outcome, args.reverse, ui.paint(), ui.width()))?;
        ui.findings(&outcome.findings);
    }
    Ok(0)
}
