use crate::app::App;
use crate::app::hook::{self, Way};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Let git run palc before every commit
///
/// A hook that is there already goes on running, first. Where a program manages the hooks (pre-commit, lefthook, husky, or any other by
/// core.hooksPath), nothing is written: you are told what to add to its configuration.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let installed = hook::install(app)?;
    if args.output.is_json() {
        ui.data(&view::envelope("hook.install", view::hook::installed(&installed), &[]))?;
        return Ok(0);
    }
    match &installed.way {
        Way::Manager { name, file, lines } => {
            ui.status(&format!("{name} manages the hooks here, so nothing was written; add this to {file}:"));
            ui.data(lines)?;
        }
        _ if !installed.changed => ui.status("the hook is there already"),
        Way::Config => ui.status("git runs palc before every commit now (hook.palc in the repository's configuration)"),
        Way::Script { path, before } => {
            let also = if *before { ", after the hook that was there" } else { "" };
            ui.status(&format!("git runs palc before every commit now{also}: {}", path.display()));
        }
    }
    Ok(0)
}
