use clap::ValueEnum;

use crate::app::App;
use crate::app::review::{self, Outcome, Request};
use crate::base::Result;
use crate::check::Report;
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::view;

/// Review what a range of commits does to the prompts: what is newly wrong, what changed, who is affected
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The range is compared from where both sides parted. The answer is no (exit code 1) if a new finding is as serious as \
the settings' `checks.fail_on` says.")]
pub struct Args {
    /// `A..B`; `A` alone goes on to HEAD
    #[arg(value_name = "A[..B]")]
    range: String,
    /// How to print the report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// With markdown: the most characters; what does not fit is left out, and the report says so
    #[arg(long, value_name = "NUMBER", default_value_t = view::review::markdown::ROOM)]
    max_chars: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    /// For the comment of a bot
    Markdown,
    /// One page with nothing outside of it
    Html,
    /// For code scanning services
    Sarif,
    /// Annotations for a GitHub workflow
    Github,
    /// Issues of code quality for GitLab
    Gitlab,
    /// Test results
    Junit,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let outcome =
        review::review(app, &Request { range: args.range.clone(), exact: args.json || args.format == Format::Json })?;
    print(ui, args, &outcome)?;
    Ok(u8::from(outcome.is_blocked()))
}

fn print(ui: &mut Ui, args: &Args, outcome: &Outcome) -> Result<()> {
    let text = match if args.json { Format::Json } else { args.format } {
        Format::Text => view::review::text::report(outcome, ui.paint()),
        Format::Json => view::envelope("review", view::review::json::object(outcome), &outcome.findings),
        Format::Markdown => view::review::markdown::report(outcome, args.max_chars),
        Format::Html => view::review::html::report(outcome),
        Format::Sarif => {
            let report = Report { findings: outcome.findings.clone(), allowed: Vec::new() };
            view::sarif::report(&report, env!("CARGO_PKG_VERSION"))
        }
        Format::Github => view::review::github(outcome),
        Format::Gitlab => view::review::gitlab::report(outcome),
        Format::Junit => view::review::junit::report(outcome),
    };
    ui.data(&text)
}
