use crate::app::{App, checkpoint};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Forget checkpoints
#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(value_name = "NUMBER", required_unless_present = "all")]
    numbers: Vec<u32>,
    /// All of them
    #[arg(long, conflicts_with = "numbers")]
    all: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let dropped = checkpoint::drop(app, &args.numbers, args.all)?;
    if args.output.is_json() {
        ui.data(&view::envelope("checkpoint.drop", view::checkpoint::objects(&dropped), &[]))?;
        return Ok(0);
    }
    for checkpoint in &dropped {
        let commit = &checkpoint.commit.id[..checkpoint.commit.id.len().min(10)];
        ui.data(&format!("dropped checkpoint {} (was {commit})\n", checkpoint.number))?;
    }
    Ok(0)
}
