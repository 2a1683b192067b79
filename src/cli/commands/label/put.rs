use super::{Change, report};
use crate::app::App;
use crate::app::label::{self, Request};
use crate::cli::Exit;
use crate::cli::ui::Ui;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The label, such as production
    #[arg(value_name = "LABEL")]
    label: String,
    /// A prompt, and the version after `@`
    #[arg(value_name = "NAME@VERSION", required = true)]
    prompts: Vec<String>,
    #[command(flatten)]
    change: Change,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args, only_known: bool) -> Exit {
    let request =
        Request { label: args.label.clone(), prompts: args.prompts.clone(), dry_run: args.change.writing.dry_run };
    if only_known {
        return report(app, ui, "label.move", &label::move_(app, &request)?, &args.change);
    }
    report(app, ui, "label.set", &label::set(app, &request)?, &args.change)
}
