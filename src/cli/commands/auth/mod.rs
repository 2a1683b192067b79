use clap::Subcommand;

use crate::app::App;
use crate::cli::Exit;
use crate::cli::ui::Ui;

mod list;
mod remove;
mod set;

/// Keep the keys of providers
#[derive(Debug, clap::Args)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
A key is looked for in the provider's environment variable, then in the keyring of the system (through `secret-tool` or
`security`), then in ~/.config/palc/keys.toml, which only you may be able to read. It never comes from a repository, is
never printed, and is kept out of logs, journals and recorded answers."
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    List(list::Args),
    Remove(remove::Args),
    Set(set::Args),
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.verb {
        Verb::List(args) => list::run(app, ui, args),
        Verb::Remove(args) => remove::run(app, ui, args),
        Verb::Set(args) => set::run(app, ui, args),
    }
}
