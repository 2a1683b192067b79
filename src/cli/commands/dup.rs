use crate::app::App;
use crate::app::dup;
use crate::app::list;
use crate::cli::Exit;
use crate::cli::filter::Filter;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Find prompts that say the same, or nearly
///
/// Prompts with the same body stand in one group; where their front matter differs, too, it says in which fields. With
/// --near, bodies that have most of their runs of three words in common are found as well. Case, spaces and punctuation
/// do not count there.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names, folders or globs; all prompts if none is given
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Also find bodies that are nearly the same
    #[arg(long)]
    near: bool,
    /// How alike they must be, from 0.5 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.8, requires = "near")]
    threshold: f64,
    /// The prompts of a revision
    #[arg(long, value_name = "REVISION")]
    rev: Option<String>,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let conditions = args.filter.conditions()?;
    let prompts = list::Request { names: args.names.clone(), conditions, revision: args.rev.clone() };
    let outcome = dup::dup(app, &dup::Request { prompts, near: args.near.then_some(args.threshold) })?;
    if args.output.is_json() {
        ui.data(&view::envelope("dup", view::dup::object(&outcome), &outcome.findings))?;
        return Ok(0);
    }
    ui.data(&view::dup::text(&outcome, ui.paint()))?;
    ui.findings(&outcome.findings);
    ui.status(&view::dup::summary(&outcome));
    if !args.near && outcome.groups.is_empty() && outcome.prompts > 1 {
        ui.hint("--near finds those that are nearly the same");
    }
    Ok(0)
}
