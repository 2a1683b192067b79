use clap::Subcommand;

use crate::app::App;
use crate::app::config::{Edited, Target};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

mod get;
mod init;
mod path;
mod schema;
mod set;
mod show;
mod unset;
mod upgrade;

/// Show and change settings
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Get(get::Args),
    Init(init::Args),
    Path(path::Args),
    Schema(schema::Args),
    Set(set::Args),
    Show(show::Args),
    Unset(unset::Args),
    Upgrade(upgrade::Args),
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.verb {
        Verb::Get(args) => get::run(app, ui, args),
        Verb::Init(args) => init::run(app, ui, args),
        Verb::Path(args) => path::run(app, ui, args),
        Verb::Schema(args) => schema::run(ui, args),
        Verb::Set(args) => set::run(app, ui, args),
        Verb::Show(args) => show::run(app, ui, args),
        Verb::Unset(args) => unset::run(app, ui, args),
        Verb::Upgrade(args) => upgrade::run(app, ui, args),
    }
}

/// Which file is changed.
#[derive(Debug, clap::Args)]
struct Where {
    /// Change your own file
    #[arg(long, conflicts_with = "repo")]
    user: bool,
    /// Change the repository's palc.toml
    #[arg(long)]
    repo: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Where {
    fn target(&self) -> Target {
        match (self.user, self.repo) {
            (true, _) => Target::User,
            (_, true) => Target::Repository,
            _ => Target::Fitting,
        }
    }
}

/// Say what an edit of a configuration file came to.
pub fn report(ui: &mut Ui, command: &str, edited: &Edited, dry_run: bool, output: &Output) -> Exit {
    if output.is_json() {
        ui.data(&view::envelope(command, view::config::edited(edited, dry_run), &[]))?;
    }
    ui.status(&view::config::sentence(edited, dry_run));
    if let Some(entry) = &edited.hidden_by {
        ui.warn(&format!("{} still is {} here", edited.key, crate::config::toml_text(&entry.value)));
        ui.hint(&format!("{} is stronger", entry.origin));
    }
    Ok(0)
}
