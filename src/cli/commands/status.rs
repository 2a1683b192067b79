use crate::app::App;
use crate::app::status::{self, Request};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show which prompts are not as in the last commit, and what kind of change it is
#[derive(Debug, clap::Args)]
#[command(after_help = "Findings are those that a file shows by itself; `palc check` looks at all files together.")]
pub struct Args {
    /// Names, folders or globs; all prompts if none is given
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let outcome = status::status(app, &Request { names: args.names.clone() })?;
    if args.output.is_json() {
        ui.data(&view::envelope("status", view::status::object(&outcome), &outcome.findings))?;
        return Ok(0);
    }
    ui.data(&view::status::text(&outcome, ui.paint(), ui.width()))?;
    ui.finish()?;
    view::status::notes(&outcome).iter().for_each(|note| ui.status(note));
    Ok(0)
}
