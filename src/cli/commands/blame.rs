use crate::app::{App, blame};
use crate::base::{Error, Result};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Show who gave each key its value and wrote each line, and in which version
///
/// Follows the prompt through renames and merges. What is not committed yet has no version.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, id, start of an id or path; after `@` a version, label or revision
    #[arg(value_name = "PROMPT")]
    what: String,
    /// Only this key of the front matter, and those below it; repeat for several
    #[arg(long = "key", value_name = "PATH")]
    keys: Vec<String>,
    /// Only these lines of the file
    #[arg(long, value_name = "FROM[-TO]")]
    lines: Option<String>,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let lines = args.lines.as_deref().map(range).transpose()?;
    let outcome = blame::blame(app, &blame::Request { what: args.what.clone(), keys: args.keys.clone(), lines })?;
    if args.output.is_json() {
        ui.data(&view::envelope("blame", view::blame::object(&outcome), &[]))?;
    } else {
        ui.data(&view::blame::table(&outcome, ui.paint(), ui.width()))?;
    }
    Ok(0)
}

fn range(text: &str) -> Result<(usize, usize)> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    match (from.trim().parse(), to.trim().parse()) {
        (Ok(from), Ok(to)) if from >= 1 && from <= to => Ok((from, to)),
        _ => Err(Error::usage(format!("`{text}` is no range of lines")).hint("write it as 12 or 12-20")),
    }
}
