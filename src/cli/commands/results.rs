use clap::Subcommand;

use crate::app::eval::keep;
use crate::app::{App, results};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Look after the results of suites: those of runs, and those that are kept in the repository
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show which runs there are, the latest first, and of which suites results are kept
    List(Plain),
    /// Show one case: its answers, and what every check says of them
    Show(Show),
    /// Keep the results of a run beside its suite, to be committed
    Keep(Keep),
    /// Put the shares of a run together; refused if they overlap, leave something out or are not of the same
    Merge(Merge),
    /// Remove the records of old runs. What was paid for stays known, and what was kept stays kept
    Prune(Prune),
}

#[derive(Debug, clap::Args)]
struct Plain {
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct Show {
    /// The id of the case
    #[arg(value_name = "CASE")]
    case: String,
    /// A run, a suite, `suite@revision` or a folder; the newest run if nothing is named
    #[arg(long, value_name = "RESULTS")]
    of: Option<String>,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct Keep {
    /// The run, or the beginning of its id
    #[arg(value_name = "RUN", default_value = "latest")]
    run: String,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct Merge {
    /// Runs, or folders that hold the results of one
    #[arg(value_name = "RESULTS", required = true)]
    shares: Vec<String>,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct Prune {
    /// How many of the latest runs stay
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    keep: usize,
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.verb {
        Verb::List(Plain { output }) => {
            let listing = results::list(app)?;
            match output.is_json() {
                true => ui.data(&view::envelope("results.list", view::results::listing(&listing), &[]))?,
                false => ui.data(&view::results::listing_text(&listing, ui.paint(), ui.width()))?,
            }
        }
        Verb::Show(show) => {
            let (name, lines) = results::case(app, show.of.as_deref(), &show.case)?;
            match show.output.is_json() {
                true => ui.data(&view::envelope("results.show", view::results::case(&lines), &[]))?,
                false => ui.data(&view::results::case_text(&name, &lines, ui.paint()))?,
            }
        }
        Verb::Keep(args) => {
            let kept = keep::keep(app, &args.run, args.dry_run)?;
            match args.output.is_json() {
                true => ui.data(&view::envelope("results.keep", view::results::kept(&kept), &[]))?,
                false => ui.data(&format!("{}\n", view::results::kept_text(&kept, args.dry_run)))?,
            }
        }
        Verb::Merge(args) => {
            let merged = results::merge(app, &args.shares)?;
            match args.output.is_json() {
                true => ui.data(&view::envelope("results.merge", view::results::merged(&merged), &[]))?,
                false => ui.data(&view::results::merged_text(&merged))?,
            }
        }
        Verb::Prune(args) => {
            let pruned = results::prune(app, args.keep, args.dry_run)?;
            match args.output.is_json() {
                true => ui.data(&view::envelope("results.prune", view::results::pruned(&pruned), &[]))?,
                false => ui.data(&view::results::pruned_text(&pruned, args.dry_run))?,
            }
        }
    }
    Ok(0)
}
