use crate::app::App;
use crate::app::ab::{self, Request};
use crate::cli::Exit;
use crate::cli::commands::compare::{Deciding, Shape, print};
use crate::cli::ui::Ui;

/// Compare two prompts on the same cases
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Takes every answer that is known: what was kept, runs, and what was kept in earlier commits, as long as the prompt said the \
same then. Nothing is run; a suite that names both prompts makes the answers: `prompts: [triage, triage.short]`.

--sequential is for looking while results come in: after any number of cases, an e-value at its bar means that one is \
better, with no more false alarms than a single test has. A p value that is looked at ten times has almost three times as many.")]
pub struct Args {
    /// The prompt that is used now; `triage@7` is a version
    #[arg(value_name = "A")]
    base: String,
    /// The prompt that may be better
    #[arg(value_name = "B")]
    head: String,
    /// Only this suite; may be given more than once
    #[arg(long = "suite", value_name = "SUITE")]
    suites: Vec<String>,
    /// Say whether the cases so far are enough, however often this is asked
    #[arg(long)]
    sequential: bool,
    #[command(flatten)]
    deciding: Deciding,
    #[command(flatten)]
    shape: Shape,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = Request {
        names: [args.base.clone(), args.head.clone()],
        suites: args.suites.clone(),
        how: args.deciding.how(),
    };
    let outcome = ab::ab(app, &request)?;
    print(ui, "ab", &outcome, args.sequential, &args.shape)?;
    Ok(if args.sequential { args.deciding.exit_early(&outcome) } else { args.deciding.exit(&outcome) })
}
