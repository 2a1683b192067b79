//! The commands, one file each, named as typed.

mod check;
mod completions;
mod config;
mod init;
mod list;
mod man;
mod show;
mod tree;
mod version;

use clap::Subcommand;

use super::Exit;
use super::ui::Ui;
use crate::app::App;

#[derive(Debug, Subcommand)]
pub enum Command {
    Check(check::Args),
    Completions(completions::Args),
    Config(config::Args),
    Init(init::Args),
    List(list::Args),
    Man(man::Args),
    Show(show::Args),
    Tree(tree::Args),
    Version(version::Args),
}

impl Command {
    pub fn run(&self, app: &App, ui: &mut Ui) -> Exit {
        match self {
            Command::Check(args) => check::run(app, ui, args),
            Command::Completions(args) => completions::run(ui, args),
            Command::Config(args) => config::run(app, ui, args),
            Command::Init(args) => init::run(app, ui, args),
            Command::List(args) => list::run(app, ui, args),
            Command::Man(args) => man::run(app, ui, args),
            Command::Show(args) => show::run(app, ui, args),
            Command::Tree(args) => tree::run(app, ui, args),
            Command::Version(args) => version::run(ui, args),
        }
    }
}
