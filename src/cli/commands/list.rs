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
    let format = if args.json { Format::Json } else { args.format };
    let paint = ui.paint();
    match format {
        Format::Json => {
            let Outcome { prompts, findings } = list::list(app, &request)?;
            ui.data(&view::envelope("list", view::list::objects(&prompts), &findings))?;
        }
        Format::Names => lines(ui, &list::list_as(app, &request, |listed| format!("{}\n", listed.file.name))?)?,
        Format::Paths => lines(ui, &list::list_as(app, &request, |listed| format!("{}\n", listed.file.path))?)?,
        Format::Text => text(ui, &list::list_as(app, &request, |listed| view::list::row(&listed, paint))?)?,
    }
    Ok(0)
}

fn lines(ui: &mut Ui, outcome: &Outcome<String>) -> Result<()> {
    ui.data(&outcome.prompts.concat())
}

fn text(ui: &mut Ui, outcome: &Outcome<view::table::Row>) -> Result<()> {
    for piece in view::table::long(&outcome.prompts, ui.width()) {
        ui.data(&piece)?;
    }
    ui.findings(&outcome.findings);
    if outcome.prompts.is_empty() {
        ui.status("no prompts");
        ui.hint("`palc new NAME` makes one");
    }
    Ok(())
}
