use crate::app::{App, new};
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;

/// Copy a prompt under another name
///
/// The copy gets an id of its own and remembers its parent, as with `palc new --from`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The prompt to copy
    #[arg(value_name = "FROM")]
    from: String,
    /// The name of the copy
    #[arg(value_name = "TO")]
    to: String,
    #[command(flatten)]
    writing: Writing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = new::Request {
        name: args.to.clone(),
        from: Some(args.from.clone()),
        dry_run: args.writing.dry_run,
        ..new::Request::default()
    };
    let outcome = new::new(app, &request)?;
    args.writing.print(ui, "cp", &outcome.written)
}
