use clap::Subcommand;

use crate::app::{App, providers};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

mod test;

/// List the services that run models, and test them
///
/// palc knows some by name. Any other that speaks one of their languages needs an address:
/// `palc config set --user providers.acme.base_url https://acme.example/v1`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Test(test::Args),
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    if let Some(Verb::Test(args)) = &args.verb {
        return test::run(app, ui, args);
    }
    let rows = providers::list(app)?;
    match args.output.is_json() {
        true => ui.data(&view::envelope("providers", view::providers::objects(&rows), &[]))?,
        false => ui.data(&view::providers::table(&rows, ui.paint()))?,
    }
    Ok(0)
}
