use clap::Subcommand;

use crate::app::App;
use crate::app::search::index;
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Look after the search index, which looks after itself
///
/// Every search brings the index up to date before it answers, so nobody has to do anything here. The index lies beside
/// git's data and may be deleted at any time.
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Say how large the index is and what it holds
    Status(Plain),
    /// Bring the index up to date now, so that the next search need not
    ///
    /// This also makes the vectors of an embedder that was set newly. It can be interrupted and goes on where it was;
    /// searches use the vectors that there were meanwhile.
    Update(Making),
    /// Throw the index away and make it anew
    Rebuild(Making),
    /// Read all of the index and say what is damaged
    Verify(Plain),
}

#[derive(Debug, clap::Args)]
struct Plain {
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct Making {
    /// Everything that was ever committed, too
    #[arg(long)]
    all_history: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.verb {
        Verb::Status(plain) => told(ui, &index::status(app)?, "index.status", &plain.output),
        Verb::Update(making) => {
            let status = index::update(app, making.all_history, progress(ui))?;
            told(ui, &status, "index.update", &making.output)
        }
        Verb::Rebuild(making) => {
            let status = index::rebuild(app, making.all_history, progress(ui))?;
            told(ui, &status, "index.rebuild", &making.output)
        }
        Verb::Verify(plain) => verify(app, ui, &plain.output),
    }
}

/// Vectors of a large encoder take minutes.
fn progress(ui: &mut Ui) -> impl FnMut(u32, u32) {
    move |done, all| ui.progress(&format!("vectors of {done} of {all} prompts"))
}

fn told(ui: &mut Ui, status: &index::Status, command: &str, output: &Output) -> Exit {
    ui.progress_ends();
    if output.is_json() {
        ui.data(&view::envelope(command, view::index::object(status), &[]))?;
    } else {
        ui.data(&view::index::text(status, ui.paint()))?;
        status.note.iter().for_each(|note| ui.hint(note));
    }
    Ok(0)
}

fn verify(app: &App, ui: &mut Ui, output: &Output) -> Exit {
    let damage = index::verify(app)?;
    if output.is_json() {
        ui.data(&view::envelope("index.verify", view::index::verified(&damage), &[]))?;
    } else if damage.is_empty() {
        ui.data("the search index is whole\n")?;
    } else {
        damage.iter().try_for_each(|what| ui.data(&format!("{what}\n")))?;
        ui.hint("`palc index rebuild` makes it anew; nothing but time is lost");
    }
    Ok(u8::from(!damage.is_empty()))
}
