use crate::app::App;
use crate::app::link::{self, Question};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show what a prompt has to do with others
///
/// Relations that were stated with `palc link`, and those that follow from what files use: includes, bases, personas and
/// parents; in both directions. What is merely alike is worked out on the spot and kept nowhere.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The prompt: a name, id or path
    #[arg(value_name = "NAME")]
    name: String,
    /// Show prompts that are alike, too
    #[arg(long, value_name = "COUNT", num_args = 0..=1, default_missing_value = "5", default_value_t = 0, hide_default_value = true)]
    similar: usize,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let outcome = link::links(app, &Question { what: args.name.clone(), similar: args.similar })?;
    if args.output.is_json() {
        ui.data(&view::envelope("links", view::links::object(&outcome), &[]))?;
    } else {
        ui.data(&view::links::text(&outcome, ui.paint(), ui.width()))?;
        if outcome.out.is_empty() && outcome.into.is_empty() && outcome.similar.is_empty() {
            ui.status("no relations");
        }
    }
    Ok(0)
}
