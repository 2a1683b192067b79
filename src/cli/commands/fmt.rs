use crate::app::write::Selection;
use crate::app::{App, fmt};
use crate::cli::Exit;
use crate::cli::filter::Filter;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Bring prompt files into their canonical form
///
/// In the front matter blanks at the ends of lines go, and blank lines at its edges or in a row; with fmt.sort_keys the
/// keys come in the order of the reference. Bodies, comments and values stay as they are, and other formats are left
/// alone.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names, ids, folders or globs; all prompts if none is given
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Show what would change, change nothing, and exit with 1 if anything would
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let prompts = Selection { names: args.names.clone(), conditions: args.filter.conditions()? };
    let outcome = fmt::fmt(app, &fmt::Request { prompts, check: args.check })?;
    if args.output.is_json() {
        ui.data(&view::envelope("fmt", view::written::object(&outcome.written), &outcome.refused))?;
    } else {
        ui.data(&view::written::text(&outcome.written, ui.paint()))?;
        ui.findings(&outcome.refused);
        if !outcome.written.changed() && outcome.refused.is_empty() {
            ui.status("every prompt is formatted");
        }
    }
    let unformatted = args.check && outcome.written.changed();
    Ok(u8::from(unformatted || !outcome.refused.is_empty()))
}
