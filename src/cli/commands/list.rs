use crate::app::App;
use crate::app::list::{self, Outcome};
use crate::base::Result;
use crate::cli::Exit;
use crate::cli::filter::Filter;
use crate::cli::output::{Listing, Shape};
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
    #[command(flatten)]
    listing: Listing,
    #[command(flatten)]
    filter: Filter,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let conditions = args.filter.conditions()?;
    let request = list::Request { names: args.names.clone(), conditions, revision: args.rev.clone() };
    let paint = ui.paint();
    match args.listing.shape() {
        Shape::Json => {
            let Outcome { prompts, findings } = list::list(app, &request)?;
            ui.data(&view::envelope("list", view::list::objects(&prompts), &findings))?;
        }
        Shape::Names => lines(ui, &list::list_as(app, &request, |listed| format!("{}\n", listed.file.name))?)?,
        Shape::Paths => lines(ui, &list::list_as(app, &request, |listed| format!("{}\n", listed.file.path))?)?,
        Shape::Text => text(ui, &list::list_as(app, &request, |listed| view::list::row(&listed, paint))?)?,
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
