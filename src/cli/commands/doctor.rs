use crate::app::App;
use crate::app::doctor::{self, State};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Look for what is missing, wrong or odd here
///
/// Says what is installed, which settings and folders are used, and how to mend what is wrong. It changes nothing and
/// holds no secrets, so its report can be shown to others. Exits 1 if something is wrong.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let report = doctor::doctor(app, &doctor::Request { terminal: ui.terminal() });
    if args.output.is_json() {
        ui.data(&view::envelope("doctor", view::doctor::object(&report), &[]))?;
    } else {
        ui.data(&view::doctor::text(&report, ui.paint()))?;
    }
    Ok(u8::from(report.worst() == State::Wrong))
}
