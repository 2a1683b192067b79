use crate::app::{App, config};
use crate::base::Severity;
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show the settings that hold here
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only settings at or below this key
    #[arg(value_name = "KEY")]
    prefix: Option<String>,
    /// Say where each value comes from
    #[arg(long)]
    origin: bool,
    /// Explain every key, also those that nobody set
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let shown = config::show(app, args.prefix.as_deref(), args.all)?;
    if args.output.is_json() {
        let settings: Vec<_> = shown.settings.iter().map(view::config::object).collect();
        ui.data(&view::envelope("config.show", settings, &shown.findings))?;
    } else if args.all {
        ui.data(&view::config::explained(&shown.settings, ui.paint()))?;
    } else {
        ui.data(&view::config::lines(&shown.settings, args.origin, ui.paint()))?;
    }
    let errors: Vec<_> = shown.findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect();
    ui.findings(&errors);
    Ok(0)
}
