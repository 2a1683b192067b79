use crate::app::rubric;
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Print the prompt that judges are asked
///
/// A check or a rubric may name a prompt file of your own as its `prompt`; this is where to begin. What it includes, `_material.md`
/// and `_case.md`, may be included by yours, too.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The kind of check that asks: judge, classify, closed-qa, factuality, g-eval, g-eval-steps, pairwise
    #[arg(value_name = "KIND", default_value = "judge")]
    kind: String,
    #[command(flatten)]
    output: Output,
}

pub fn run(ui: &mut Ui, args: &Args) -> Exit {
    let sheet = rubric::prompt(&args.kind)?;
    if args.output.is_json() {
        ui.data(&view::envelope("rubric.prompt", view::rubric::prompt(&args.kind, sheet), &[]))?;
    } else {
        ui.data(sheet.text())?;
    }
    Ok(0)
}
