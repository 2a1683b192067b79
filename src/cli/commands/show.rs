use crate::app::{App, show};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show a prompt: what it is, and its text
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, id, start of an id or path; after `@` a version, label or revision
    #[arg(value_name = "PROMPT")]
    what: String,
    /// Print the file's bytes and nothing else
    #[arg(long, conflicts_with = "format")]
    raw: bool,
    /// Write the text of includes in their place
    #[arg(long, conflicts_with = "raw")]
    resolved: bool,
    /// Print the context files it was generated with, as they were then
    #[arg(long, conflicts_with_all = ["raw", "resolved"])]
    context: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    if args.context {
        return super::session::context(app, ui, &args.what, args.output.is_json());
    }
    let outcome = show::show(app, &show::Request { what: args.what.clone(), resolved: args.resolved })?;
    let loaded = &outcome.loaded;
    if args.raw {
        ui.data(&loaded.text)?;
    } else if args.output.is_json() {
        ui.data(&view::envelope("show", view::prompt::object(&outcome), &loaded.findings))?;
    } else {
        ui.data(&view::prompt::card(&outcome, ui.paint()))?;
        ui.data("\n")?;
        ui.data(&view::paint::printable(&loaded.prompt.body))?;
        ui.findings(&loaded.findings);
    }
    Ok(0)
}
