use crate::app::{App, checkpoint};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Make the work tree's prompts what they were
///
/// What they are now is kept as a checkpoint first, so this can be undone.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Its number; the last one if none is given
    #[arg(value_name = "NUMBER")]
    number: Option<u32>,
    /// Only these prompts: names, folders, globs or paths
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let restored = checkpoint::restore(app, args.number, &args.names, args.dry_run)?;
    if args.output.is_json() {
        ui.data(&view::envelope("checkpoint.restore", view::checkpoint::restored(&restored), &[]))?;
        return Ok(0);
    }
    ui.data(&view::written::text(&restored.written, ui.paint()))?;
    if !restored.written.changed() {
        ui.status("nothing to change");
    }
    if let Some(before) = &restored.before {
        ui.hint(&format!("palc checkpoint restore {} undoes this", before.number));
    }
    Ok(0)
}
