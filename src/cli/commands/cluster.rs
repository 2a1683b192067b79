use crate::app::App;
use crate::app::cluster;
use crate::app::list;
use crate::cli::Exit;
use crate::cli::filter::Filter;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Divide prompts into clusters by what they are about
///
/// Each cluster is named by words that are frequent in it and rare elsewhere, and begins with its most typical prompts.
/// The same prompts always give the same clusters.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names, folders or globs; all prompts if none is given
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// How many clusters at most; as many as suit the number of prompts if not given
    #[arg(long, value_name = "COUNT")]
    count: Option<usize>,
    /// Print all prompts of each cluster
    #[arg(long)]
    all: bool,
    /// The prompts of a revision
    #[arg(long, value_name = "REVISION")]
    rev: Option<String>,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    output: Output,
}

/// So many prompts show what a cluster is about.
const SHOWN: usize = 5;

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let conditions = args.filter.conditions()?;
    let prompts = list::Request { names: args.names.clone(), conditions, revision: args.rev.clone() };
    let outcome = cluster::cluster(app, &cluster::Request { prompts, count: args.count })?;
    if args.output.is_json() {
        ui.data(&view::envelope("cluster", view::cluster::objects(&outcome), &outcome.findings))?;
        return Ok(0);
    }
    let shown = if args.all { usize::MAX } else { SHOWN };
    ui.data(&view::cluster::text(&outcome, shown, ui.paint()))?;
    ui.findings(&outcome.findings);
    if outcome.clusters.is_empty() {
        ui.status("no prompts");
    } else if !args.all && outcome.clusters.iter().any(|cluster| cluster.members.len() > SHOWN) {
        ui.hint("--all prints all prompts of each cluster");
    }
    Ok(0)
}
