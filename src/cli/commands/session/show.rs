use crate::app::{App, session};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show what was asked, and what it made
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A session, or a prompt that came of one
    #[arg(value_name = "SESSION")]
    what: String,
    /// Print the context files as they were then
    #[arg(long)]
    context: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    if args.context {
        return context(app, ui, &args.what, args.output.is_json());
    }
    let shown = session::show(app, &args.what)?;
    if args.output.is_json() {
        ui.data(&view::envelope("session.show", view::session::object(&shown), &[]))?;
    } else {
        ui.data(&view::session::text(&shown, ui.paint()))?;
    }
    Ok(0)
}

/// The files that were given with the idea, whatever they hold now.
pub fn context(app: &App, ui: &mut Ui, what: &str, json: bool) -> Exit {
    let files = session::context(app, what)?;
    if json {
        ui.data(&view::envelope("session.context", view::session::contexts(&files), &[]))?;
    } else {
        ui.data(&view::session::context(&files, ui.paint()))?;
        if files.is_empty() {
            ui.status("no context was given");
        }
    }
    Ok(u8::from(files.iter().any(|file| file.text.is_none())))
}
