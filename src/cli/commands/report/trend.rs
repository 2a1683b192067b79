use clap::ValueEnum;

use crate::app::App;
use crate::app::report::trend::{self, Request};
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::view;

/// Show how a suite's kept results went, commit by commit
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The suite; not needed if results of only one were kept
    #[arg(value_name = "SUITE")]
    suite: Option<String>,
    /// Where the history ends
    #[arg(long, value_name = "REVISION")]
    revision: Option<String>,
    /// At most so many commits, the newest
    #[arg(short = 'n', long, value_name = "NUMBER", default_value_t = 50)]
    limit: usize,
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
    /// One page with nothing outside of it
    Html,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = Request { suite: args.suite.clone(), revision: args.revision.clone(), limit: args.limit };
    let outcome = trend::trend(app, &request)?;
    let text = match if args.json { Format::Json } else { args.format } {
        Format::Text => view::evaluation::trend::text(&outcome, ui.paint(), ui.width()),
        Format::Json => view::envelope("report.trend", view::evaluation::trend::object(&outcome), &[]),
        Format::Html => view::evaluation::trend::html(&outcome),
    };
    ui.data(&text)?;
    Ok(0)
}
