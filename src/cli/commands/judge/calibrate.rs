use crate::app::App;
use crate::app::judge::calibrate;
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Compare a judge with people
///
/// Takes the verdicts of judging checks in results and what people said of the same answers (`palc rate --blind`): how often they
/// agree, and beyond what chance would do (kappa, alpha); whether the judge gives more or less than people; how often it passes what
/// people fail, and the other way round; and the pass rate that people would give, after Rogan and Gladen. Nobody is asked.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A run, a suite, SUITE@REVISION or a folder with results; the newest run if nothing is said
    #[arg(value_name = "RUN")]
    which: Option<String>,
    /// Only this check, as results name it
    #[arg(long, value_name = "NAME")]
    check: Option<String>,
    /// Count people, too, who knew whose answers they rated
    #[arg(long)]
    seen: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = calibrate::Request { which: args.which.clone(), check: args.check.clone(), seen: args.seen };
    let outcome = calibrate::calibrate(app, &request)?;
    if args.output.is_json() {
        ui.data(&view::envelope("judge.calibrate", view::judge::calibrate::object(&outcome), &outcome.findings))?;
    } else {
        ui.data(&view::judge::calibrate::text(&outcome, ui.paint()))?;
        ui.findings(&outcome.findings);
    }
    Ok(0)
}
