use crate::app::{App, vocab};
use crate::cli::Exit;
use crate::cli::commands::config::report;
use crate::cli::output::Output;
use crate::cli::ui::Ui;

/// Remove a word from a vocabulary
#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(value_name = "VOCABULARY")]
    vocabulary: String,
    #[arg(value_name = "WORD")]
    word: String,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let edited = vocab::remove(app, &args.vocabulary, &args.word, args.dry_run)?;
    let exit = report(ui, "vocab.remove", &edited, args.dry_run, &args.output)?;
    ui.hint("palc check lists the prompts that still use the word");
    Ok(exit)
}
