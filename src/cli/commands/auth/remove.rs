use crate::app::{App, auth};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Remove a provider's key from the keyring and from the file of keys
#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(value_name = "PROVIDER")]
    name: String,
    /// Say where the key would be removed from, and remove nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let removed = auth::remove(app, &args.name, args.dry_run)?;
    if args.output.is_json() {
        ui.data(&view::envelope("auth.remove", view::auth::removed(&removed), &[]))?;
    }
    for origin in &removed.from {
        let did = if args.dry_run { "would remove" } else { "removed" };
        ui.status(&format!("{did} the key of {} from {}", removed.name, view::auth::place(origin)));
    }
    if let Some(origin) = &removed.left {
        ui.warn(&format!("{} still has a key from {}", removed.name, view::auth::place(origin)));
    }
    Ok(u8::from(removed.from.is_empty()))
}
