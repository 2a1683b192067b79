use super::{Change, report};
use crate::app::App;
use crate::app::label::{self, Request};
use crate::cli::Exit;
use crate::cli::ui::Ui;

/// Take a label away from prompts
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The label
    #[arg(value_name = "LABEL")]
    label: String,
    /// A name; or an id, of a prompt that is gone
    #[arg(value_name = "NAME", required = true)]
    prompts: Vec<String>,
    #[command(flatten)]
    change: Change,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request =
        Request { label: args.label.clone(), prompts: args.prompts.clone(), dry_run: args.change.writing.dry_run };
    report(app, ui, "label.remove", &label::remove(app, &request)?, &args.change)
}
