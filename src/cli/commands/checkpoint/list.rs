use crate::app::{App, checkpoint};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// List the checkpoints, oldest first
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let all = checkpoint::list(app)?;
    if args.output.is_json() {
        ui.data(&view::envelope("checkpoint.list", view::checkpoint::objects(&all), &[]))?;
        return Ok(0);
    }
    ui.data(&view::checkpoint::text(&all, ui.paint()))?;
    if all.is_empty() {
        ui.status("there are no checkpoints");
    }
    Ok(0)
}
