use crate::app::App;
use crate::app::port;
use crate::cli::Exit;
use crate::cli::commands::commit::print;
use crate::cli::commands::restore::Committing;
use crate::cli::ui::Ui;

/// Commit a version of prompts on another branch
///
/// Only these prompts go over, each to where the branch has it; your work tree, your index and your branch stay as they are.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, id or path, with a version after `@`; without one it is what was committed last
    #[arg(value_name = "NAME[@VERSION]", required = true)]
    names: Vec<String>,
    /// The branch that is to have it
    #[arg(long, value_name = "BRANCH")]
    to: String,
    #[command(flatten)]
    committing: Committing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = port::Request {
        names: args.names.clone(),
        to: args.to.clone(),
        message: args.committing.message(),
        options: args.committing.options(),
        dry_run: args.committing.dry_run,
    };
    let outcome = port::port(app, &request)?;
    print(ui, &args.committing.output, "port", &outcome.commit)
}
