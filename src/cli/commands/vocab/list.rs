use crate::app::{App, vocab};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// List the vocabularies and their words
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only this one, such as phase or tags
    #[arg(value_name = "VOCABULARY")]
    vocabulary: Option<String>,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let listed = vocab::list(app, args.vocabulary.as_deref())?;
    if args.output.is_json() {
        ui.data(&view::envelope("vocab.list", view::vocab::objects(&listed), &[]))?;
    } else {
        ui.data(&view::vocab::text(&listed, ui.paint(), ui.width()))?;
    }
    Ok(0)
}
