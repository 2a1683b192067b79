use crate::app::App;
use crate::app::restore;
use crate::base::{Error, Result};
use crate::cli::Exit;
use crate::cli::commands::restore::{Committing, print};
use crate::cli::ui::Ui;

/// Make an older version of prompts the newest, in a commit
///
/// Body and front matter are what they were, in a new version on top; no other file is touched. It is `palc restore --commit` for those
/// in a hurry.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, id or path, with the version after `@`
    #[arg(value_name = "NAME@VERSION", required = true)]
    names: Vec<String>,
    /// Overwrite changes that were never committed
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    committing: Committing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    must_say_where(&args.names)?;
    let request = restore::Request {
        names: args.names.clone(),
        force: args.force,
        commit: Some(args.committing.commit(true)),
        dry_run: args.committing.dry_run,
    };
    let outcome = restore::restore(app, &request)?;
    print(ui, &args.committing.output, "rollback", &outcome)
}

fn must_say_where(names: &[String]) -> Result<()> {
    match names.iter().find(|name| !name.contains('@')) {
        Some(name) => Err(Error::usage(format!("to which version of {name}?"))
            .hint(format!("palc rollback {name}@2; `palc log {name}` shows its versions"))),
        None => Ok(()),
    }
}
