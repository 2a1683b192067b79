use crate::app::{App, checkpoint};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show what a checkpoint holds
///
/// Its commit works wherever a revision does: `palc diff COMMIT`, `palc show NAME@COMMIT`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Its number; the last one if none is given
    #[arg(value_name = "NUMBER")]
    number: Option<u32>,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let found = checkpoint::find(app, args.number)?;
    if args.output.is_json() {
        ui.data(&view::envelope("checkpoint.show", view::checkpoint::object(&found), &[]))?;
    } else {
        ui.data(&view::checkpoint::whole(&found, ui.paint()))?;
    }
    Ok(0)
}
