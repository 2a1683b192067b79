use crate::app::{App, checkpoint};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Make a checkpoint
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What it is for
    #[arg(short, long, value_name = "TEXT")]
    message: Option<String>,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let made = checkpoint::create(app, args.message.as_deref())?;
    if args.output.is_json() {
        ui.data(&view::envelope("checkpoint.create", view::checkpoint::made(made.as_ref()), &[]))?;
        return Ok(0);
    }
    match made {
        Some(made) => ui.data(&view::checkpoint::text(&[made], ui.paint()))?,
        None => ui.status("nothing to keep: the prompts are as committed, or as in the last checkpoint"),
    }
    Ok(0)
}
