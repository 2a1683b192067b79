use crate::app::App;
use crate::app::trace::{self, Outcome};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Render again from what a trace holds, and compare the requests
///
/// Exits 1 if the request is not the same byte for byte, and shows what differs. Nothing is read but the trace, so it tells
/// whether this palc renders as the one that wrote it; with --now, whether the prompt does.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What `palc render --trace` wrote; - reads standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// Only the rendering for this row of the data
    #[arg(long, value_name = "NUMBER")]
    row: Option<u64>,
    /// Take the prompt and what it includes as they are now in this repository
    #[arg(long)]
    now: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = trace::Request { file: args.file.clone(), row: args.row, now: args.now };
    let outcomes = trace::replay(app, &request)?;
    if args.output.is_json() {
        let objects: Vec<_> = outcomes.iter().map(view::trace::replayed).collect();
        ui.data(&view::envelope("trace.replay", objects, &[]))?;
    } else {
        outcomes.iter().try_for_each(|outcome| print(ui, outcome))?;
    }
    // One that cannot be replayed at all is worse than one that differs.
    match outcomes.iter().find_map(|outcome| outcome.replayed.as_ref().err()) {
        Some(error) => Ok(error.kind().exit_code()),
        None => Ok(u8::from(!outcomes.iter().all(Outcome::is_same))),
    }
}

fn print(ui: &mut Ui, outcome: &Outcome) -> Result<(), crate::base::Error> {
    ui.data(&format!("{}\n", view::trace::verdict(outcome)))?;
    ui.data(&view::trace::difference(outcome, ui.paint()))?;
    match &outcome.replayed {
        Ok(replayed) if !replayed.intact => ui.warn("the trace's request was changed after it was written"),
        Err(error) => ui.report(error),
        Ok(_) => {}
    }
    Ok(())
}
