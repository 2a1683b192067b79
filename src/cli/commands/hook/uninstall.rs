use crate::app::App;
use crate::app::hook::{self, Way};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Take the hook out; what was there before is put back
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let gone = hook::uninstall(app)?;
    if args.output.is_json() {
        ui.data(&view::envelope("hook.uninstall", view::hook::installed(&gone), &[]))?;
        return Ok(0);
    }
    match &gone.way {
        Way::Manager { name, file, .. } => {
            ui.status(&format!("{name} manages the hooks here: take `palc hook run` out of {file} yourself"));
        }
        _ if !gone.changed => ui.status("there is no hook of palc's"),
        Way::Script { before: true, .. } => ui.status("the hook is gone, and the one before it is back"),
        _ => ui.status("the hook is gone"),
    }
    Ok(0)
}
