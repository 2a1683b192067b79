use clap::Subcommand;

use crate::app::{App, cache};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Look after the answers of models that are kept and given again
///
/// Answers are kept with `--cache`, or with the setting `models.cache` where the temperature is 0. They lie beside git's
/// data and may be deleted at any time: the same question then costs again.
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Say how many answers are kept, and how many of them are too old to be given again
    Status(Plain),
    /// Forget the kept answers
    Clear(Clearing),
}

#[derive(Debug, clap::Args)]
struct Plain {
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct Clearing {
    /// Only those that are too old to be given again (`models.cache_ttl`), or damaged
    #[arg(long)]
    stale: bool,
    /// Say what would be forgotten, and forget nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.verb {
        Verb::Status(Plain { output }) => {
            let status = cache::status(app)?;
            if output.is_json() {
                ui.data(&view::envelope("cache.status", view::cache::status(&status), &[]))?;
            } else {
                ui.data(&view::cache::text(&status, ui.paint()))?;
            }
        }
        Verb::Clear(Clearing { stale, dry_run, output }) => {
            let cleared = cache::clear(app, cache::Clear { stale: *stale, dry_run: *dry_run })?;
            if output.is_json() {
                ui.data(&view::envelope("cache.clear", view::cache::cleared(&cleared), &[]))?;
            } else {
                ui.status(&view::cache::sentence(&cleared));
            }
        }
    }
    Ok(0)
}
