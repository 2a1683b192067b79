use crate::app::App;
use crate::cli::Exit;
use crate::cli::editor;
use crate::cli::output::Output;
use crate::cli::ui::Ui;

/// Open a prompt in your editor, and check it when you return
///
/// The editor is ui.editor of the configuration, else VISUAL, else EDITOR.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, id or path
    #[arg(value_name = "NAME")]
    what: String,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    editor::edit(app, ui, &args.what, args.output.is_json())
}
