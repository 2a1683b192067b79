use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;

use crate::app::App;
use crate::app::judge::audit::{self, Found};
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
    #[arg(long, value_name = "TEST", value_delimiter = ',', value_parser = PossibleValuesParser::new(Test::ALL.map(Test::word)).map(|word| Test::from_word(&word).expect("one of them")))]
    tests: Vec<Test>,
    /// Show what would be asked, and ask nobody
    #[arg(long)]
    dry_run: bool,
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
    let outcome = audit::audit(app, &request, &args.calling.how(), &mut |now| {
        ui.progress(&format!("judging: {} of {} answers", now.answered, now.asked));
    });
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
    Ok(match &outcome.found {
        Found::Report(report) => u8::from(!report.is_fair()),
        Found::Plan(_) => 0,
    })
}
