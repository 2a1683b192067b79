use crate::app::App;
use crate::app::list;
use crate::app::similar;
use crate::cli::Exit;
use crate::cli::filter::Filter;
use crate::cli::output::{Listing, Shape};
use crate::cli::ui::Ui;
use crate::view;

/// Find the prompts that resemble one
///
/// They are compared by what they mean and by the rare words that they share. The percentage is for comparing with each
/// other: half of it is a different subject already.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The prompt: a name, id or path; NAME@7 for a version of it
    #[arg(value_name = "NAME")]
    name: String,
    /// How many at most
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 10)]
    limit: usize,
    /// Only those with these names, folders or globs; repeat for several
    #[arg(long = "among", value_name = "NAME")]
    among: Vec<String>,
    /// Compare with the prompts of a revision
    #[arg(long, value_name = "REVISION")]
    rev: Option<String>,
    #[command(flatten)]
    listing: Listing,
    #[command(flatten)]
    filter: Filter,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let conditions = args.filter.conditions()?;
    let among = list::Request { names: args.among.clone(), conditions, revision: args.rev.clone() };
    let outcome = similar::similar(app, &similar::Request { what: args.name.clone(), among, limit: args.limit })?;
    let found = outcome.similar.iter().map(|(file, _)| file);
    match args.listing.shape() {
        Shape::Json => ui.data(&view::envelope("similar", view::similar::object(&outcome), &outcome.findings))?,
        Shape::Names => ui.data(&found.map(|file| format!("{}\n", file.name)).collect::<String>())?,
        Shape::Paths => ui.data(&found.map(|file| format!("{}\n", file.path)).collect::<String>())?,
        Shape::Text => ui.data(&view::similar::text(&outcome, ui.paint(), ui.width()))?,
    }
    ui.findings(&outcome.findings);
    if outcome.similar.is_empty() {
        ui.status("no similar prompts");
    }
    Ok(u8::from(outcome.similar.is_empty()))
}
