use clap::ValueEnum;

use crate::app::App;
use crate::app::get::{self, Got};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Print a prompt's exact bytes, for programs
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, id, start of an id or path; after `@` a version, label or revision
    #[arg(value_name = "PROMPT")]
    what: String,
    /// Only a part: body, front-matter or messages
    #[arg(long, value_enum, value_name = "PART", hide_possible_values = true)]
    part: Option<Part>,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Body,
    FrontMatter,
    Messages,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let part = match args.part {
        None => get::Part::Whole,
        Some(Part::Body) => get::Part::Body,
        Some(Part::FrontMatter) => get::Part::FrontMatter,
        Some(Part::Messages) => get::Part::Messages,
    };
    let outcome = get::get(app, &get::Request { what: args.what.clone(), part })?;
    match &outcome.got {
        _ if args.output.is_json() => ui.data(&view::envelope("get", view::get::object(&outcome), &[]))?,
        Got::Bytes(bytes) => ui.bytes(bytes)?,
        Got::Messages(messages) => ui.data(&view::get::messages(messages))?,
    }
    Ok(0)
}
