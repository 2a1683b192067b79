use std::path::PathBuf;

use clap::ValueEnum;

use crate::app::App;
use crate::app::report::{self, Outcome, Request, trend};
use crate::base::disk::{self, Expect};
use crate::base::{Error, Result};
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::view;
use crate::view::evaluation::{csv, findings, json, junit, markdown, page, text};

/// Show what came of a run, or of what was kept of a suite
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Nothing is run for this and no model is asked. The exit code is 0 whatever the results say: `palc eval` and `palc compare` \
are there for gates.")]
pub struct Args {
    /// A run, a suite, `suite@revision` or a folder; the newest run if nothing is named
    #[arg(value_name = "RESULTS")]
    which: Option<String>,
    /// Beside which results: a revision, or anything that RESULTS may be; with --html
    #[arg(long, value_name = "RESULTS")]
    against: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Write one page with nothing outside of it into this file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "json"])]
    html: Option<PathBuf>,
    /// How many answers that did not pass are shown
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,
    /// With markdown: the most characters; what does not fit is left out, and the report says so
    #[arg(long, value_name = "NUMBER", default_value_t = view::review::markdown::ROOM)]
    max_chars: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    /// The sums and what did not pass
    Json,
    /// A line for every answer
    Jsonl,
    /// For the comment of a bot
    Markdown,
    /// A row for every answer
    Csv,
    /// One page with nothing outside of it
    Html,
    /// For code scanning services
    Sarif,
    /// Annotations for a GitHub workflow
    Github,
    /// Test results
    Junit,
}

impl Args {
    fn format(&self) -> Format {
        match (&self.html, self.json) {
            (Some(_), _) => Format::Html,
            (None, true) => Format::Json,
            (None, false) => self.format,
        }
    }

    /// Formats for people show a few, formats for programs all.
    fn limit(&self) -> usize {
        self.limit.unwrap_or(match self.format() {
            Format::Text => text::FAULTS,
            Format::Csv | Format::Html | Format::Jsonl | Format::Junit => 0,
            Format::Json | Format::Markdown | Format::Sarif | Format::Github => 1000,
        })
    }
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    if args.against.is_some() && args.format() != Format::Html {
        return Err(Error::usage("only a page shows results side by side")
            .hint("write one with --html FILE; `palc compare` says how two sets of results differ"));
    }
    let request = Request { which: args.which.clone(), against: args.against.clone(), faults: args.limit() };
    let outcome = report::report(app, &request)?;
    let (manifest, tally) = (&outcome.found.manifest, &outcome.tally);
    let suite = &manifest.suite;
    let places = report::places(app, suite)?;
    let findings = || findings::of(&tally.faults, &|case| places.of(case));
    let text = match args.format() {
        Format::Csv | Format::Jsonl | Format::Junit => return lines(ui, &outcome, args.format()),
        Format::Html => return write(app, ui, &outcome, args),
        Format::Text => text::report(suite, tally, ui.paint(), ui.width()),
        Format::Json => view::envelope("report.run", json::object(manifest, tally), &[]),
        Format::Markdown => markdown::report(suite, tally, args.max_chars),
        Format::Sarif => findings::sarif(findings()),
        Format::Github => findings::github(suite, tally, &findings()),
    };
    ui.data(&text)?;
    Ok(0)
}

/// Formats that say something of every answer are printed as the lines are read.
fn lines(ui: &mut Ui, outcome: &Outcome, format: Format) -> Exit {
    let suite = &outcome.found.manifest.suite;
    match format {
        Format::Csv => ui.data(&csv::head())?,
        Format::Junit => ui.data(&junit::head(suite, &outcome.tally.total.counts))?,
        _ => {}
    }
    outcome.each(|line, moment| {
        ui.data(&match format {
            Format::Csv => csv::row(line, moment),
            Format::Junit => junit::case(suite, line, moment),
            _ => view::json::line("report.line", json::line(line, moment), &[]),
        })
    })?;
    if format == Format::Junit {
        ui.data(junit::FOOT)?;
    }
    Ok(0)
}

fn write(app: &App, ui: &mut Ui, outcome: &Outcome, args: &Args) -> Exit {
    // What was kept may never have been committed, or there is no git: then there is nothing to show over commits.
    let request =
        trend::Request { suite: Some(outcome.found.manifest.suite.clone()), limit: 50, ..trend::Request::default() };
    let trend = trend::trend(app, &request).map(|trend| view::evaluation::trend::section(&trend));
    let sections: Vec<String> = trend.into_iter().collect();
    let Some(file) = &args.html else {
        page::write(outcome, &sections, |text| ui.data(text))?;
        return Ok(0);
    };
    let path = app.env.folder().join(file);
    let mut bytes = Vec::new();
    page::write(outcome, &sections, |text| -> Result<()> {
        bytes.extend_from_slice(text.as_bytes());
        Ok(())
    })?;
    disk::write(&path, &bytes, Expect::Whatever)?;
    ui.status(&format!("wrote {}", file.display()));
    Ok(0)
}
