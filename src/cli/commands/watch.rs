use std::time::Duration;

use crate::app::App;
use crate::app::watch::{self, Changed, Event, Request};
use crate::base::{Finding, Result};
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::view;

/// Check prompts as they are saved, until Ctrl-C
#[derive(Debug, clap::Args)]
#[command(after_help = "Findings in files that changed are printed, and those elsewhere that a change brought about.")]
pub struct Args {
    /// Names, folders or globs; all prompts if none is given
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// How often to look, in milliseconds
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(10..))]
    interval: u64,
    /// Print one JSON object a line: the first at once, then one for each change
    #[arg(long)]
    json: bool,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = Request { names: args.names.clone(), interval: Duration::from_millis(args.interval) };
    watch::watch(app, &request, &mut |event| {
        match event {
            Event::Failed(error) if args.json => ui.data(&view::json::error_line(&error))?,
            Event::Failed(error) => ui.report(&error),
            Event::Started(outcome) => {
                let findings = &outcome.report.findings;
                if args.json {
                    ui.data(&line(&[], 0, outcome.checked, findings, findings))?;
                } else {
                    print(ui, findings)?;
                    ui.status(&format!("{}; watching", view::check::summary(&outcome)));
                }
            }
            Event::Changed(changed) if args.json => {
                let Changed { files, news, gone, outcome } = changed;
                ui.data(&line(&files, gone, outcome.checked, &outcome.report.findings, &news))?;
            }
            Event::Changed(changed) => {
                ui.status(&view::watch::heading(&changed.files, ui.status_paint()));
                print(ui, &changed.news)?;
                ui.status(&view::watch::summary(&changed));
            }
        }
        ui.finish()?;
        Ok(!ui.is_closed())
    })?;
    Ok(0)
}

fn line(files: &[watch::File], gone: usize, checked: usize, all: &[Finding], news: &[Finding]) -> String {
    view::json::line("watch", view::watch::object(files, gone, checked, all), news)
}

/// Each finding reaches its reader at once, before the line about it.
fn print(ui: &mut Ui, findings: &[Finding]) -> Result<()> {
    for finding in findings {
        ui.data(&view::finding::text(finding, ui.paint()))?;
    }
    ui.finish()
}
