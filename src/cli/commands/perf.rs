use clap::ValueEnum;

use crate::app::App;
use crate::app::perf::{self, Request};
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::view;

/// Show how a prompt did in each of its versions: passes, score, time, tokens, cost
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Takes every answer that is known: what was kept, runs of this machine, and what was kept in earlier commits. Each answer \
counts once. Results belong to what the prompt said to the model: a new description keeps them, a rebase too, a new body \
does not. Times and costs are known of runs only.")]
pub struct Args {
    /// The prompt; with a version, that one stands first
    #[arg(value_name = "NAME")]
    name: String,
    /// Only this suite; may be given more than once
    #[arg(long = "suite", value_name = "SUITE")]
    suites: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    Markdown,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let outcome = perf::perf(app, &Request { name: args.name.clone(), suites: args.suites.clone() })?;
    ui.data(&match if args.json { Format::Json } else { args.format } {
        Format::Text => view::perf::text(&outcome, ui.paint()),
        Format::Json => view::envelope("perf", view::perf::object(&outcome), &[]),
        Format::Markdown => view::perf::markdown(&outcome),
    })?;
    Ok(0)
}
