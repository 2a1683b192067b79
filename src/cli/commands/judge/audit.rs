use clap::builder::PossibleValuesParser;

use crate::app::App;
use crate::app::judge::audit::{self, Found};
use crate::app::models::Progress;
use crate::cli::Exit;
use crate::cli::models::Calling;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::eval::judge::audit::Test;
use crate::view;

/// Find out whether a judge is fair
///
/// The judge compares pairs of answers of which it is known which one is better: in both orders (does the place decide?), with
/// one padded (does length decide?), signed with its own name and another (does the name decide?), and once more (does it say the
/// same again?). A bias is called one if chance would hardly do it. Kept answers are not used.
///
/// The exit code is 1 if the judge is biased or imprecise. Whether a judge likes its own style better, without its name on it, is
/// not found out.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The model that judges, PROVIDER/MODEL; that of the settings if nothing is said
    #[arg(value_name = "JUDGE")]
    judge: Option<String>,
    /// Pairs of your own: JSON lines with `task`, `better` and `worse`
    #[arg(long, value_name = "FILE")]
    pairs: Option<String>,
    /// Only these tests, separated by commas: order, length, name, precision, repeats
    #[arg(long, value_name = "TEST", value_delimiter = ',', value_parser = PossibleValuesParser::new(Test::ALL.map(Test::word)))]
    tests: Vec<String>,
    /// Show what would be asked, and ask nobody
    #[arg(long)]
    dry_run: bool,
    /// Go on with a run that was broken off; nothing that was paid for is asked again
    #[arg(long, value_name = "RUN", conflicts_with_all = ["judge", "pairs", "tests", "dry_run"])]
    resume: Option<String>,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    calling: Calling,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = audit::Request {
        judge: args.judge.clone(),
        pairs: args.pairs.clone(),
        tests: args.tests.clone(),
        dry_run: args.dry_run,
    };
    let how = args.calling.how();
    let mut progress = |now: &Progress| ui.progress(&format!("judging: {} of {} answers", now.answered, now.asked));
    let outcome = match &args.resume {
        Some(run) => audit::resume(app, run, &how, &mut progress),
        None => audit::audit(app, &request, &how, &mut progress),
    };
    ui.progress_ends();
    let outcome = outcome?;
    if args.output.is_json() {
        ui.data(&view::envelope("judge.audit", view::judge::audit::object(&outcome), &[]))?;
    } else {
        ui.data(&view::judge::audit::text(&outcome, ui.paint(), ui.width()))?;
        for sentence in view::judge::audit::sentences(&outcome) {
            ui.status(&sentence);
        }
    }
    if !outcome.doubtful.is_empty() {
        ui.warn(&format!("sent and never heard of, so perhaps paid for: {}", outcome.doubtful.join(", ")));
    }
    Ok(match &outcome.found {
        Found::Report(report) => u8::from(!report.is_fair()),
        Found::Plan(_) => 0,
    })
}
