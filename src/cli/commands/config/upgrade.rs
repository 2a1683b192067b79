use crate::app::{App, config};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Bring palc.toml up to date: rename and remove the keys of earlier versions
///
/// Only those change; comments, order and everything else stay. Exits 1 if something is left that you have to look at, such as a
/// key that no version of palc knows.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Your own file and not the repository's palc.toml
    #[arg(long)]
    user: bool,
    /// Show what would change, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = config::UpgradeRequest { user: args.user, dry_run: args.dry_run };
    let upgraded = config::upgrade(app, &request)?;
    if args.output.is_json() {
        ui.data(&view::envelope("config.upgrade", view::config::upgraded(&upgraded), &upgraded.findings))?;
        return Ok(u8::from(upgraded.is_wrong()));
    }
    ui.data(&view::config::changes(&upgraded, ui.paint()))?;
    ui.findings(&upgraded.findings);
    if upgraded.changes.is_empty() {
        ui.status(&format!("{} has no keys of earlier versions", upgraded.path.display()));
    }
    Ok(u8::from(upgraded.is_wrong()))
}
