use clap::ValueEnum;

use crate::app::App;
use crate::app::list::{self, Outcome};
use crate::base::Result;
use crate::cli::Exit;
use crate::cli::filter::Filter;
use crate::cli::ui::Ui;
use crate::view;

/// List prompts
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names, folders or globs; all prompts if none is given
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// The prompts of a revision
    #[arg(long, value_name = "REVISION")]
    rev: Option<String>,
    /// How to print the result; names and paths are one a line, for scripts
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "text|json|names|paths",
        hide_possible_values = true,
        hide_default_value = true
    )]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    #[command(flatten)]
    filter: Filter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    Names,
    Paths,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let conditions = args.filter.conditions()?;
    let request = list::Request { names: args.names.clone(), conditions, revision: args.rev.clone() };
    let outcome = list::list(app, &request)?;
    print(ui, &outcome, if args.json { Format::Json } else { args.format })?;
    if outcome.prompts.is_empty() && args.format == Format::Text && !args.json {
        ui.status("no prompts");
        ui.hint("`palc new NAME` makes one");
    }
    // The program ends here; giving back the memory of a hundred thousand cards piece by piece would take longer than
    // listing them.
    std::mem::forget(outcome);
    Ok(0)
}

fn print(ui: &mut Ui, outcome: &Outcome, format: Format) -> Result<()> {
    let prompts = &outcome.prompts;
    match format {
        Format::Json => ui.data(&view::envelope("list", view::list::objects(prompts), &outcome.findings)),
        Format::Names => prompts.iter().try_for_each(|listed| ui.data(&format!("{}\n", listed.file.name))),
        Format::Paths => prompts.iter().try_for_each(|listed| ui.data(&format!("{}\n", listed.file.path))),
        Format::Text => {
            let table = view::list::table(prompts, ui.paint(), ui.width());
            table.iter().try_for_each(|piece| ui.data(piece))?;
            ui.findings(&outcome.findings);
            Ok(())
        }
    }
}
