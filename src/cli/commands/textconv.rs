use std::path::PathBuf;

use crate::app::{App, textconv};
use crate::cli::Exit;
use crate::cli::ui::Ui;

/// Print a prompt file in its canonical form, for git
///
/// Git calls it, once `palc init --textconv` has put it into the repository's settings.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    ui.bytes(&textconv::textconv(app, &args.file)?)?;
    Ok(0)
}
