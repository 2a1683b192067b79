use crate::app::{App, mv};
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;

/// Move a prompt or a folder of prompts
///
/// Variants and the file beside a prompt move along. Whatever includes or names a moved prompt names it still; ids stay.
/// All of it happens, or nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A prompt or a folder
    #[arg(value_name = "FROM")]
    from: String,
    /// Its new name; one that ends with a slash, or is a folder already, takes it in
    #[arg(value_name = "TO")]
    to: String,
    #[command(flatten)]
    writing: Writing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = mv::Request { from: args.from.clone(), to: args.to.clone(), dry_run: args.writing.dry_run };
    let written = mv::mv(app, &request)?;
    args.writing.print(ui, "mv", &written)
}
