use clap::Subcommand;

use crate::app::App;
use crate::app::label::{self, Outcome};
use crate::cli::Exit;
use crate::cli::keeping::Keeping;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;
use crate::view;

mod history;
mod list;
mod put;
mod remove;

/// Say which version of a prompt serves where: production, staging, …
///
/// Labels stand in labels.yaml, by the prompt's id, with the version and its content. Moving one is a difference of one
/// line, reviewed and merged like code. `NAME@LABEL` is understood wherever a version is: palc show support/triage@production.
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Put a label on a version of a prompt
    ///
    /// A name alone means its newest version. `NAME@7`, `NAME@OTHER-LABEL` and `NAME@REVISION` are understood, too.
    Set(put::Args),
    /// Put a label that a prompt has on another version of it
    ///
    /// As `set`, but the label must be there already, so that a slip in its name makes no new one.
    Move(put::Args),
    Remove(remove::Args),
    List(list::Args),
    History(history::Args),
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.verb {
        Verb::Set(args) => put::run(app, ui, args, false),
        Verb::Move(args) => put::run(app, ui, args, true),
        Verb::Remove(args) => remove::run(app, ui, args),
        Verb::List(args) => list::run(app, ui, args),
        Verb::History(args) => history::run(app, ui, args),
    }
}

/// What every change of labels can be told.
#[derive(Debug, clap::Args)]
struct Change {
    #[command(flatten)]
    writing: Writing,
    #[command(flatten)]
    keeping: Keeping,
}

fn report(app: &App, ui: &mut Ui, command: &str, outcome: &Outcome, change: &Change) -> Exit {
    let writing = &change.writing;
    if writing.output.is_json() {
        let object = view::labels::moved(&outcome.moved, &outcome.written);
        ui.data(&view::envelope(command, object, &outcome.written.findings))?;
    } else {
        ui.data(&view::labels::moves(&outcome.moved, ui.paint()))?;
        writing.close(ui, &outcome.written)?;
    }
    change.keeping.keep(app, ui, &outcome.written, &label::message(&outcome.moved))?;
    Ok(0)
}
