use super::report;
use crate::app::App;
use crate::app::label::{self, Request};
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The label, such as production
    #[arg(value_name = "LABEL")]
    label: String,
    /// A prompt, and the version after `@`
    #[arg(value_name = "NAME@VERSION", required = true)]
    prompts: Vec<String>,
    #[command(flatten)]
    writing: Writing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args, only_known: bool) -> Exit {
    let request = Request { label: args.label.clone(), prompts: args.prompts.clone(), dry_run: args.writing.dry_run };
    if only_known {
        return report(ui, "label.move", &label::move_(app, &request)?, &args.writing);
    }
    report(ui, "label.set", &label::set(app, &request)?, &args.writing)
}
