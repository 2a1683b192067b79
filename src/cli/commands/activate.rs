use crate::app::App;
use crate::app::activate::{self, Outcome, Request};
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;
use crate::view;

/// Switch versions on again that were switched off
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A prompt and the version after `@`; a name alone means the only version that is off
    #[arg(value_name = "NAME@VERSION", required = true)]
    versions: Vec<String>,
    #[command(flatten)]
    writing: Writing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = Request { versions: args.versions.clone(), dry_run: args.writing.dry_run };
    report(ui, "activate", &activate::activate(app, &request)?, &args.writing)
}

pub fn report(ui: &mut Ui, command: &str, outcome: &Outcome, writing: &Writing) -> Exit {
    if writing.output.is_json() {
        ui.data(&view::envelope(command, view::activate::object(outcome), &outcome.written.findings))?;
        return Ok(0);
    }
    ui.data(&view::activate::text(&outcome.switched))?;
    writing.close(ui, &outcome.written)
}
