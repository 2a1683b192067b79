use clap::ValueEnum;

use crate::app::App;
use crate::app::report::{self, Request};
use crate::base::Error;
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::view;
use crate::view::evaluation::heat::{self, Value};

/// Show prompts against models, one number each
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A run, a suite, `suite@revision` or a folder; the newest run if nothing is named
    #[arg(value_name = "RESULTS")]
    which: Option<String>,
    /// pass, score, or the name of a metric
    #[arg(long, value_name = "VALUE", default_value = "pass")]
    value: String,
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
    let outcome = report::report(app, &Request { which: args.which.clone(), ..Request::default() })?;
    let value = Value::of(&args.value);
    if let Value::Metric(name) = &value
        && !outcome.tally.total.metrics.contains_key(name)
    {
        let known: Vec<&str> = outcome.tally.total.metrics.keys().map(String::as_str).collect();
        let all = ["pass", "score"].into_iter().chain(known).collect::<Vec<_>>().join(", ");
        return Err(Error::usage(format!("no check of these results has the metric `{name}`"))
            .hint(format!("what there is: {all}")));
    }
    let grid = heat::grid(&outcome.found.manifest.suite, &outcome.tally, &value);
    let text = match if args.json { Format::Json } else { args.format } {
        Format::Text => heat::text(&grid, ui.paint(), ui.width()),
        Format::Json => view::envelope("report.heatmap", grid, &[]),
        Format::Html => heat::page(&grid),
    };
    ui.data(&text)?;
    Ok(0)
}
