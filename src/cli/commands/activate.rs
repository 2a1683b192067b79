use crate::app::App;
use crate::app::activate::{self, Outcome, Request};
use crate::app::label;
use crate::cli::Exit;
use crate::cli::keeping::Keeping;
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
    #[command(flatten)]
    keeping: Keeping,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = Request { versions: args.versions.clone(), dry_run: args.writing.dry_run };
    report(app, ui, "activate", &activate::activate(app, &request)?, (&args.writing, &args.keeping))
}

pub fn report(
    app: &App,
    ui: &mut Ui,
    command: &str,
    outcome: &Outcome,
    (writing, keeping): (&Writing, &Keeping),
) -> Exit {
    if writing.output.is_json() {
        ui.data(&view::envelope(command, view::activate::object(outcome), &outcome.written.findings))?;
    } else {
        ui.data(&view::activate::text(&outcome.switched))?;
        writing.close(ui, &outcome.written)?;
    }
    let moved: Vec<_> = outcome.switched.iter().map(|switched| switched.moved.clone()).collect();
    keeping.keep(app, ui, &outcome.written, &label::message(&moved))?;
    Ok(0)
}
