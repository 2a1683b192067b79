use crate::app::{App, tokens};
use crate::cli::Exit;
use crate::cli::given::Variables;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Count the tokens of prompts; `~` marks an estimate
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names, ids, starts of an id or paths; after `@` a version, label or revision
    #[arg(value_name = "PROMPT", required = true)]
    what: Vec<String>,
    /// Count as this model does, whatever the prompt names
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Ask the model's service, which counts everything it would read; that costs nothing
    #[arg(long)]
    exact: bool,
    /// Connect to nobody
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    variables: Variables,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let (what, model) = (args.what.clone(), args.model.clone());
    let Args { exact, offline, .. } = *args;
    let counted = tokens::tokens(app, &tokens::Request { what, model, given: args.variables.given(), exact, offline })?;
    if args.output.is_json() {
        ui.data(&view::envelope("tokens", view::tokens::objects(&counted), &[]))?;
    } else {
        ui.data(&view::tokens::table(&counted, ui.paint()))?;
    }
    Ok(0)
}
