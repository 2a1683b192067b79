use crate::app::App;
use crate::app::hook;
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Do what the hook does: check the prompts that are staged
///
/// It reads what git is about to commit, not the work tree, and refuses errors. Git calls it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The event: pre-commit
    #[arg(value_name = "EVENT")]
    event: String,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let outcome = hook::run(app, &args.event)?;
    if args.output.is_json() {
        ui.data(&view::envelope("hook.run", view::hook::ran(&outcome), &outcome.findings))?;
    }
    ui.findings(&outcome.findings);
    if outcome.is_refusal() {
        ui.hint("`palc check --fix` mends what it can, then stage it again; `git commit --no-verify` goes around palc");
    }
    Ok(u8::from(outcome.is_refusal()))
}
