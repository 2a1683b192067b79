use crate::app::{App, update};
use crate::cli::Exit;
use crate::cli::input;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;

/// Put another body into a prompt, byte for byte
///
/// The front matter stays as it is. Line endings and a missing final newline are kept as given.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, id or path
    #[arg(value_name = "NAME")]
    what: String,
    /// The new body; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    body_file: String,
    #[command(flatten)]
    writing: Writing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let body = input::read(app, &args.body_file)?;
    let request = update::Request { what: args.what.clone(), body, dry_run: args.writing.dry_run };
    let written = update::update(app, &request)?;
    args.writing.print(ui, "update", &written)
}
