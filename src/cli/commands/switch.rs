use crate::app::App;
use crate::app::switch;
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Go to another branch
///
/// It is `git switch`: your files become those of the branch, and nothing happens where changes would be lost.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(value_name = "BRANCH")]
    branch: String,
    /// Make the branch first
    #[arg(short, long)]
    create: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let outcome = switch::switch(app, &switch::Request { branch: args.branch.clone(), create: args.create })?;
    if args.output.is_json() {
        ui.data(&view::envelope("switch", view::branch::switched(&outcome), &[]))?;
    } else if outcome.before.as_deref() == Some(outcome.branch.as_str()) {
        ui.status(&format!("already on {}", outcome.branch));
    } else {
        ui.status(&format!("on {}", outcome.branch));
    }
    Ok(0)
}
