use crate::app::{App, vocab};
use crate::cli::Exit;
use crate::cli::commands::config::report;
use crate::cli::output::Output;
use crate::cli::ui::Ui;

/// Add a word to a vocabulary
///
/// A vocabulary without words allows any; with the first word it allows only its own. A file's vocabulary replaces the
/// default one, so the default words are written along with the first new one.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Such as phase, type, tags or actions
    #[arg(value_name = "VOCABULARY")]
    vocabulary: String,
    #[arg(value_name = "WORD")]
    word: String,
    /// What the word means
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The colour it is shown in: a name, or #rrggbb
    #[arg(long = "word-color", value_name = "COLOR")]
    word_color: Option<String>,
    /// Another name for it; repeat for several
    #[arg(long = "alias", value_name = "WORD")]
    aliases: Vec<String>,
    /// An action that the model is not told of
    #[arg(long)]
    hidden: bool,
    /// A phase that no user can be in
    #[arg(long)]
    system: bool,
    /// Write to your own file and not to the repository's
    #[arg(long)]
    user: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = vocab::AddRequest {
        vocabulary: args.vocabulary.clone(),
        word: args.word.clone(),
        description: args.description.clone(),
        color: args.word_color.clone(),
        aliases: args.aliases.clone(),
        hidden: args.hidden,
        system: args.system,
        user: args.user,
        dry_run: args.dry_run,
    };
    let edited = vocab::add(app, &request)?;
    report(ui, "vocab.add", &edited, args.dry_run, &args.output)
}
