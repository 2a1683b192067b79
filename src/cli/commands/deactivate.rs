use super::activate::report;
use crate::app::App;
use crate::app::activate::{self, Request};
use crate::cli::Exit;
use crate::cli::keeping::Keeping;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;

/// Switch versions off: the newest version that is on serves
///
/// The file stays as it is. `palc select` passes over the version, and no label may stand on it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A prompt and the version after `@`; a name alone means its newest version
    #[arg(value_name = "NAME@VERSION", required = true)]
    versions: Vec<String>,
    #[command(flatten)]
    writing: Writing,
    #[command(flatten)]
    keeping: Keeping,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = Request { versions: args.versions.clone(), dry_run: args.writing.dry_run };
    report(app, ui, "deactivate", &activate::deactivate(app, &request)?, (&args.writing, &args.keeping))
}
