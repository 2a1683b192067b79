use crate::app::{App, trace};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show what a trace tells: variables, files, messages, each with its place
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What `palc render --trace` wrote; - reads standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// Only the rendering for this row of the data
    #[arg(long, value_name = "NUMBER")]
    row: Option<u64>,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = trace::Request { file: args.file.clone(), row: args.row, now: false };
    let traces = trace::read(app, &request)?;
    if args.output.is_json() {
        let shown: Vec<_> = traces.iter().map(view::trace::shown).collect();
        ui.data(&view::envelope("trace.show", shown, &[]))?;
        return Ok(0);
    }
    for trace in &traces {
        ui.data(&view::trace::tree(trace, ui.paint()))?;
    }
    Ok(0)
}
