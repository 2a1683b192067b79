use crate::app::{App, regenerate};
use crate::cli::Exit;
use crate::cli::ui::Ui;

use super::generate::Doing;

/// Make the calls of a session again
///
/// The request is the one that was kept, to the last byte: the idea, the context as it was then, the phases, the persona
/// and the earlier prompts that were shown. What is made is a session of its own.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A session, or a prompt that came of one
    #[arg(value_name = "SESSION")]
    what: String,
    #[command(flatten)]
    doing: Doing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let manner = args.doing.manner();
    args.doing.report(ui, "regenerate", |tell| regenerate::regenerate(app, &args.what, &manner, tell))
}
